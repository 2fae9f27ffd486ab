//! How far chance may carry a figure of few journeys: bands of 95 % confidence, shown beside it (`J`).

/// A band around a figure: minor units around an index, shares from 0 to 1 around a rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Student's factor that leaves out one case in twenty, for 1 to 30 degrees of freedom; beyond that the normal one.
const STUDENT: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074,
    2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL: f64 = 1.96;

/// The band of a mean, of how many, their sum and the sum of their squares. `None` below two.
pub(super) fn of_mean(count: i64, sum: i64, squares: i128) -> Option<Band> {
    let freedom = usize::try_from(count - 1).ok().filter(|freedom| *freedom > 0)?;
    let factor = STUDENT.get(freedom - 1).copied().unwrap_or(NORMAL);
    let (count, sum) = (count as f64, sum as f64);
    let mean = sum / count;
    let variance = ((squares as f64 - sum * mean) / (count - 1.0)).max(0.0);
    let half = factor * (variance / count).sqrt();
    Some(Band { low: (mean - half).round(), high: (mean + half).round() })
}

/// Wilson's band of a share, in ten-thousandths. `None` of nothing, and where the part is larger than the whole.
pub(super) fn of_share(part: i64, whole: i64) -> Option<Band> {
    if whole <= 0 || !(0..=whole).contains(&part) {
        return None;
    }
    let (count, share) = (whole as f64, part as f64 / whole as f64);
    let square = NORMAL * NORMAL / count;
    let middle = share + square / 2.0;
    let half = NORMAL * (share * (1.0 - share) / count + square / (4.0 * count)).sqrt();
    let rounded = |share: f64| (share.clamp(0.0, 1.0) * 10_000.0).round() / 10_000.0;
    Some(Band { low: rounded((middle - half) / (1.0 + square)), high: rounded((middle + half) / (1.0 + square)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_of_few_has_a_wide_band() {
        // 0, 0, 300: mean 100, standard error 100, two degrees of freedom.
        assert_eq!(of_mean(3, 300, 90_000), Some(Band { low: -330.0, high: 530.0 }));
        assert_eq!(of_mean(1, 300, 90_000), None);
        assert_eq!(of_mean(4, 400, 40_000), Some(Band { low: 100.0, high: 100.0 }), "all alike");
        let many = of_mean(300, 30_000, 9_000_000).unwrap();
        assert_eq!((many.low, many.high), (84.0, 116.0));
    }

    #[test]
    fn a_share_of_few_has_a_wide_band() {
        // The textbook's eight of ten.
        assert_eq!(of_share(8, 10), Some(Band { low: 0.4902, high: 0.9433 }));
        assert_eq!(of_share(0, 5), Some(Band { low: 0.0, high: 0.4345 }));
        assert_eq!((of_share(0, 0), of_share(3, 2)), (None, None));
    }
}
