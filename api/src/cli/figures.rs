//! `leadtrail figures`: an index as a table, or exactly as HTTP answers it.

use super::error::Code;
use super::output::{print, print_json, say};
use super::table::{Table, grouped};
use super::{CliError, Place, Verdict};
use crate::figures::{Counts, FigureAnswer, FigureError, FigureQuery, WindowAnswer, answer};
use clap::Args;
use domain::figure::Figure;

/// Print a figure: net sold per lead added (nsla), set (nsls), issued (nsli) or rehashed (rehash)
#[derive(Debug, Args)]
pub struct Figures {
    /// nsla by lead source, nsls by scheduler and set time, nsls_by_issue by scheduler and issue time, nsli by sales rep, rehash by rehash rep
    #[arg(value_parser = parse, value_name = "FIGURE")]
    figure: Figure,
    /// Only what had happened by this instant exists [default: now]
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// Only what had been recorded by this instant exists [default: all that is known]
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
    /// IANA zone of the local days [default: the company's]
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// First day of the week, monday to sunday [default: the company's]
    #[arg(long, value_name = "DAY")]
    week_starts_on: Option<String>,
    /// Only journeys about this product, by id or name
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,
    /// Rows by key, product, or key,product [default: key]
    #[arg(long)]
    by: Option<String>,
    /// Only these windows, such as last_30_days,this_year [default: all]
    #[arg(long, value_name = "WINDOWS")]
    window: Option<String>,
}

fn parse(name: &str) -> Result<Figure, String> {
    let names = || Figure::ALL.iter().map(|figure| figure.name()).collect::<Vec<_>>().join(", ");
    Figure::parse(name).ok_or_else(|| format!("there are {}", names()))
}

impl Figures {
    /// Prints it.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let figure = self.figure;
        let query = FigureQuery {
            as_of: self.as_of,
            known_at: self.known_at,
            zone: self.zone,
            week_starts_on: self.week_starts_on,
            product: self.product,
            by: self.by,
            window: self.window,
            compare: None,
            min_position: None,
        };
        let app = place.open().await?;
        let company = place.one_served(&app).await?;
        let answer = answer(&app, company.id, figure, &query).await.map_err(|error| refused(error, &company.name))?;
        if place.json {
            print_json(&answer)?;
            return Ok(Verdict::Well);
        }
        let head = app.store.head(company.id).await?.position.number;
        if answer.position < head {
            say(&format!("this reflects the log up to {} of {}; run `leadtrail rebuild`", grouped(answer.position), grouped(head)));
        }
        print(&text(&company.name, figure, &answer))?;
        Ok(Verdict::Well)
    }
}

/// Why a figure or a dashboard was not answered.
pub(super) fn refused(error: FigureError, company: &str) -> CliError {
    match error {
        FigureError::Parameter { name, detail } => CliError::usage(format!("--{}: {detail}", name.replace('_', "-"))),
        FigureError::Unconfigured => no_settings(company),
        FigureError::Store(error) => error.into(),
    }
}

/// A company without a zone and a currency has no local days and no amounts.
pub fn no_settings(company: &str) -> CliError {
    CliError::new(Code::NoSettings, format!("“{company}” has no zone and currency yet")).hint(format!(
        "`leadtrail import history FILE --company \"{company}\" --zone America/New_York` gives it both; --currency is USD unless you say another"
    ))
}

fn text(company: &str, figure: Figure, answer: &FigureAnswer) -> String {
    let (title, key) = match figure {
        Figure::Nsla => ("Net sold per lead added (NSLA)", "lead source"),
        Figure::Nsls => ("Net sold per lead set (NSLS)", "scheduler"),
        Figure::NslsByIssue => ("Net sold per lead issued, by who set it", "scheduler"),
        Figure::Nsli => ("Net sold per lead issued (NSLI)", "sales rep"),
        Figure::Rehash => ("Net sold per lead rehashed", "rehash rep"),
    };
    let mut text =
        format!("{title} of {company}, as of {} ({}), in {}, up to position {}\n", answer.as_of, answer.zone, answer.currency, grouped(answer.position));
    for window in &answer.windows {
        text.push_str(&format!("\n{} (from {})\n{}", window.window.name().replace('_', " "), window.from, table(key, window, &answer.currency)));
    }
    text
}

/// The journeys of a window, by the figure's key, by product, or by both.
pub(super) fn table(key: &'static str, window: &WindowAnswer, currency: &str) -> Table {
    let products = window.rows.iter().any(|row| row.product.is_some());
    let keys = !products || window.rows.iter().any(|row| row.key.is_some());
    let headings = [keys.then_some(key), products.then_some("product")].into_iter().flatten();
    let mut table = Table::new(&headings.chain([">leads", ">open", ">net sold", ">index"]).collect::<Vec<_>>());
    let mut line = |key: &str, product: &str, counts: &Counts| {
        let names = [keys.then(|| key.to_owned()), products.then(|| product.to_owned())].into_iter().flatten();
        let index = counts.index_minor.map_or_else(|| "–".into(), |minor| money(minor, currency));
        table.row(names.chain([grouped(counts.leads), grouped(counts.open), money(counts.net_sold_minor, currency), index]));
    };
    for row in &window.rows {
        line(row.key.as_deref().unwrap_or_default(), row.product.as_deref().unwrap_or_default(), &row.counts);
    }
    let (total_key, total_product) = if keys { ("total", "") } else { ("", "total") };
    line(total_key, total_product, &window.total.counts);
    table
}

/// An amount with its decimals, by the number of minor units that the currency has.
pub(super) fn money(minor: i64, currency: &str) -> String {
    let digits = match currency {
        "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "PYG" | "UGX" | "XAF" | "XOF" | "XPF" | "RWF" | "KMF" | "GNF" | "DJF" | "BIF" | "VUV" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    };
    let unit = 10_u64.pow(digits);
    let (whole, rest) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    let sign = if minor < 0 { "-" } else { "" };
    let whole = grouped(whole as i64);
    if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:0width$}", width = digits as usize) }
}

#[cfg(test)]
mod tests {
    use super::money;

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        assert_eq!(money(123_456_05, "USD"), "123,456.05");
        assert_eq!(money(-5, "EUR"), "-0.05");
        assert_eq!(money(1500, "JPY"), "1,500");
        assert_eq!(money(1500, "KWD"), "1.500");
    }
}
