//! What is counted of some journeys: sums, the index, rates, and how far chance may carry them.

use serde_json::{Value, json};

use super::Counted;

/// What is counted of some journeys (C.4, C.5).
pub fn counts(journeys: &[&Counted]) -> Value {
    let how_many = |is: fn(&Counted) -> bool| journeys.iter().filter(|journey| is(journey)).count() as i64;
    let of_origin = |origin: &str| journeys.iter().filter(|journey| journey.origin == origin).count();
    let leads = journeys.len() as i64;
    let (set, issued, demoed) = (how_many(|journey| journey.set), how_many(|journey| journey.issued), how_many(|journey| journey.demoed));
    let (sold, open) = (how_many(|journey| journey.net_sold_minor > 0), how_many(|journey| journey.open));
    let net: i64 = journeys.iter().map(|journey| journey.net_sold_minor).sum();
    let rehashed: Vec<_> = journeys.iter().filter(|journey| journey.rehash).collect();
    json!({
        "leads": leads, "net_sold_minor": net, "index_minor": index_minor(leads, net), "index_band": index_band(journeys), "few": leads < 5,
        "origins": {
            "new": of_origin("new"), "remarket": of_origin("remarket"), "other_product": of_origin("other_product"), "manual": of_origin("manual"),
        },
        "open": open, "set": set, "issued": issued, "demoed": demoed, "sold": sold,
        "pending_minor": journeys.iter().map(|journey| journey.pending_minor).sum::<i64>(),
        "rehashed": rehashed.len(), "rehashed_net_sold_minor": rehashed.iter().map(|journey| journey.net_sold_minor).sum::<i64>(),
        "rates": {
            "set": rate(set, leads), "issued": rate(issued, set), "demoed": rate(demoed, issued), "closed": rate(sold, demoed), "open": rate(open, leads),
        },
    })
}

/// A part of a whole to four decimals, with Wilson's interval at 95 %.
pub fn rate(part: i64, whole: i64) -> Value {
    let rounded = |share: f64| (share * 10_000.0).round() / 10_000.0;
    if whole == 0 {
        return json!({ "rate": null, "low": null, "high": null });
    }
    let (p, n, z) = (part as f64 / whole as f64, whole as f64, 1.96_f64);
    if part > whole {
        return json!({ "rate": rounded(p), "low": null, "high": null });
    }
    let center = (p + z.powi(2) / (2.0 * n)) / (1.0 + z.powi(2) / n);
    let reach = z / (1.0 + z.powi(2) / n) * (p * (1.0 - p) / n + z.powi(2) / (4.0 * n.powi(2))).sqrt();
    json!({ "rate": rounded(p), "low": rounded((center - reach).max(0.0)), "high": rounded((center + reach).min(1.0)) })
}

/// The mean of the journeys' net sold, give or take so many standard errors that one case in twenty is left out.
fn index_band(journeys: &[&Counted]) -> Value {
    let n = journeys.len();
    if n < 2 {
        return Value::Null;
    }
    let mean = journeys.iter().map(|journey| journey.net_sold_minor as f64).sum::<f64>() / n as f64;
    let variance = journeys.iter().map(|journey| (journey.net_sold_minor as f64 - mean).powi(2)).sum::<f64>() / (n as f64 - 1.0);
    let student = "12.706 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262 2.228 2.201 2.179 2.160 2.145 2.131 2.120 2.110 2.101 2.093 2.086 2.080 \
        2.074 2.069 2.064 2.060 2.056 2.052 2.048 2.045 2.042";
    let factor = student.split_whitespace().nth(n - 2).map_or(1.96, |factor| factor.parse().unwrap());
    let reach = factor * (variance / n as f64).sqrt();
    json!({ "low_minor": (mean - reach).round() as i64, "high_minor": (mean + reach).round() as i64 })
}

/// The index: net sold over leads, half a minor unit rounded away from zero; nothing over nothing is nothing.
pub fn index_minor(leads: i64, net_sold_minor: i64) -> Option<i64> {
    if leads == 0 {
        return None;
    }
    let (whole, rest) = (net_sold_minor / leads, net_sold_minor % leads);
    if rest.abs() * 2 >= leads { Some(whole + net_sold_minor.signum()) } else { Some(whole) }
}
