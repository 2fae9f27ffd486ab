//! `leadtrail figures`: an index as a table, or exactly as HTTP answers it.

use super::error::Code;
use super::output::{print, print_json, say};
use super::table::{Table, grouped};
use super::{CliError, Place, Verdict};
use crate::figures::{FigureAnswer, FigureError, FigureQuery, FigureRow, FigureTotal, WindowAnswer, answer};
use clap::{Args, ValueEnum};
use domain::figure::Figure;

/// Print a figure: net sold per lead added (nsla), per lead set (nsls) or per lead issued (nsli)
#[derive(Debug, Args)]
pub struct Figures {
    /// Which: by lead source, by scheduler, or by sales rep
    figure: Which3,
    /// Only what had happened by this instant exists [default: now]
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// IANA zone of the local days [default: the company's]
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// First day of the week, monday to sunday [default: the company's]
    #[arg(long, value_name = "DAY")]
    week_starts_on: Option<String>,
    /// Rows by key, product, or key,product [default: key]
    #[arg(long)]
    by: Option<String>,
    /// Only these windows, such as last_30_days,this_year [default: all]
    #[arg(long, value_name = "WINDOWS")]
    window: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which3 {
    /// Net sold per lead added, by lead source
    Nsla,
    /// Net sold per lead set, by scheduler
    Nsls,
    /// Net sold per lead issued, by sales rep
    Nsli,
}

impl Figures {
    /// Prints it.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let figure = match self.figure {
            Which3::Nsla => Figure::Nsla,
            Which3::Nsls => Figure::Nsls,
            Which3::Nsli => Figure::Nsli,
        };
        let query =
            FigureQuery { as_of: self.as_of, zone: self.zone, week_starts_on: self.week_starts_on, by: self.by, window: self.window, min_position: None };
        let app = place.open().await?;
        let company = place.one_served(&app).await?;
        let answer = answer(&app, company.id, figure, &query).await.map_err(|error| match error {
            FigureError::Parameter { name, detail } => CliError::usage(format!("--{}: {detail}", name.replace('_', "-"))),
            FigureError::Unconfigured => no_settings(&company.name),
            FigureError::Store(error) => error.into(),
        })?;
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
        Figure::Nsli => ("Net sold per lead issued (NSLI)", "sales rep"),
    };
    let mut text =
        format!("{title} of {company}, as of {} ({}), in {}, up to position {}\n", answer.as_of, answer.zone, answer.currency, grouped(answer.position));
    for window in &answer.windows {
        text.push_str(&format!("\n{} (from {})\n{}", window.window.name().replace('_', " "), window.from, table(key, window, &answer.currency)));
    }
    text
}

fn table(key: &'static str, window: &WindowAnswer, currency: &str) -> Table {
    let (keys, products) = (window.rows.iter().any(|row| row.key.is_some()), window.rows.iter().any(|row| row.product.is_some()));
    let money = |minor: i64| money(minor, currency);
    let index = |minor: Option<i64>| minor.map_or_else(|| "–".into(), money);
    let FigureTotal { leads, net_sold_minor, index_minor, .. } = &window.total;
    let total = [grouped(*leads), money(*net_sold_minor), index(*index_minor)];
    let cells = |row: &FigureRow| [grouped(row.leads), money(row.net_sold_minor), index(row.index_minor)];
    let name = |name: &Option<String>| name.clone().unwrap_or_default();
    if keys && products {
        let mut table = Table::new(&[key, "product", ">leads", ">net sold", ">index"]);
        window.rows.iter().for_each(|row| {
            let [leads, net, index] = cells(row);
            table.row([name(&row.key), name(&row.product), leads, net, index]);
        });
        let [leads, net, index] = total;
        table.row(["total".into(), String::new(), leads, net, index]);
        return table;
    }
    let mut table = Table::new(&[if products { "product" } else { key }, ">leads", ">net sold", ">index"]);
    window.rows.iter().for_each(|row| {
        let [leads, net, index] = cells(row);
        table.row([name(if products { &row.product } else { &row.key }), leads, net, index]);
    });
    let [leads, net, index] = total;
    table.row(["total".into(), leads, net, index]);
    table
}

/// An amount with its decimals, by the number of minor units that the currency has.
fn money(minor: i64, currency: &str) -> String {
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
