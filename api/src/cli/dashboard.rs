//! `leadtrail dashboard`: a whole dashboard as tables, or exactly as HTTP answers it.

use super::figures::{money, refused, table as of_journeys};
use super::output::{print, print_json};
use super::table::{Table, grouped};
use super::{CliError, Place, Verdict};
use crate::figures::cancels::{CancelSums, CancelTable};
use crate::figures::dashboards::{Dashboard, DashboardAnswer, DashboardQuery, answer};
use crate::figures::sales::{SalesSums, SalesTable};
use crate::figures::tiles::Tile;
use clap::Args;

/// Print a dashboard: what a team looks at in the morning
#[derive(Debug, Args)]
pub struct Show {
    /// lead-performance, nsla, nsls, nsli, sales-team, schedulers, canceled-demos or rehash
    #[arg(value_parser = parse, value_name = "DASHBOARD")]
    dashboard: Dashboard,
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
    /// Only journeys, demos and sales of this product, by id or name
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,
    /// Each tile beside that of the period before
    #[arg(long)]
    compare: bool,
}

fn parse(name: &str) -> Result<Dashboard, String> {
    let names = || Dashboard::ALL.iter().map(|dashboard| dashboard.name()).collect::<Vec<_>>().join(", ");
    Dashboard::parse(name).ok_or_else(|| format!("there are {}", names()))
}

impl Show {
    /// Prints it.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let query = DashboardQuery {
            as_of: self.as_of,
            known_at: self.known_at,
            zone: self.zone,
            week_starts_on: self.week_starts_on,
            product: self.product,
            compare: self.compare.then(|| "previous".to_owned()),
            min_position: None,
        };
        let app = place.open().await?;
        let company = place.one_served(&app).await?;
        let shown = answer(&app, company.id, self.dashboard, &query).await.map_err(|error| refused(error, &company.name))?;
        if place.json {
            print_json(&shown)?
        } else {
            print(&text(&company.name, &shown))?
        }
        Ok(Verdict::Well)
    }
}

fn text(company: &str, shown: &DashboardAnswer) -> String {
    let DashboardAnswer { dashboard, as_of, zone, currency, position, .. } = shown;
    let mut text = format!("{dashboard} of {company}, as of {as_of} ({zone}), in {currency}, up to position {}\n", grouped(*position));
    if !shown.tiles.is_empty() {
        text.push_str(&format!("\n{}", tiles(&shown.tiles, currency)));
    }
    let titled = |name: &str, window: &str, table: Table| format!("\n{}, {}\n{table}", name.replace('_', " "), window.replace('_', " "));
    for table in &shown.tables {
        text.push_str(&titled(table.table, table.answer.window.name(), of_journeys(table.key, &table.answer, currency)));
    }
    for table in &shown.sales {
        text.push_str(&titled("sales", table.window.name(), sales(table, currency)));
    }
    for table in &shown.cancel_rates {
        text.push_str(&titled(&format!("canceled demos by {}", table.key), table.window.name(), cancels(table)));
    }
    text
}

/// A row for each tile, a column for each period.
fn tiles(tiles: &[Tile], currency: &str) -> Table {
    let shown = |unit: &str, value: i64| if unit == "minor" { money(value, currency) } else { grouped(value) };
    let cell = |tile: &Tile| {
        let before = tile.previous.as_ref().map(|before| format!(" ({} before)", shown(tile.unit, before.value)));
        format!("{}{}", shown(tile.unit, tile.value), before.unwrap_or_default())
    };
    let mut table = Table::new(&["", ">this week", ">this month", ">this quarter", ">this year"]);
    for row in tiles.chunk_by(|one, next| one.tile == next.tile) {
        table.row(std::iter::once(row[0].tile.replace('_', " ")).chain(row.iter().map(cell)));
        if row.iter().any(|tile| tile.pending.is_some()) {
            let pending = |tile: &Tile| tile.pending.as_ref().map_or_else(String::new, |pending| money(pending.value, currency));
            table.row(std::iter::once("  waiting for approval".to_owned()).chain(row.iter().map(pending)));
        }
    }
    table
}

fn sales(sales: &SalesTable, currency: &str) -> Table {
    let mut table =
        Table::new(&["sales rep", ">sales", ">gross sold", ">change orders", ">net canceled", ">reactivated", ">net sold", ">waiting for approval"]);
    let mut line = |key: &str, sums: &SalesSums| {
        let amounts =
            [sums.gross_sold_minor, sums.change_orders_minor, sums.net_canceled_minor, sums.reactivated_minor, sums.net_sold_minor, sums.pending_minor];
        table.row([key.to_owned(), grouped(sums.sales)].into_iter().chain(amounts.map(|minor| money(minor, currency))));
    };
    sales.rows.iter().for_each(|row| line(&row.key, &row.sums));
    line("total", &sales.total);
    table
}

fn cancels(cancels: &CancelTable) -> Table {
    let mut table = Table::new(&[cancels.key, ">demos", ">canceled", ">rate", ">of all canceled", ""]);
    let percent = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", share * 100.0));
    let mut line = |key: &str, sums: &CancelSums, mark: &str| {
        let rate = sums.rate.as_ref().map_or_else(String::new, |rate| percent(rate.rate));
        table.row([key.to_owned(), grouped(sums.demos), grouped(sums.canceled), rate, percent(sums.share), mark.to_owned()]);
    };
    for row in &cancels.rows {
        let mark = match (row.above_average, row.sums.few) {
            (Some(true), false) => "above the average",
            (Some(true), true) => "above the average, of few",
            _ => "",
        };
        line(row.key.as_deref().unwrap_or("(none)"), &row.sums, mark);
    }
    line("total", &cancels.total, "");
    table
}
