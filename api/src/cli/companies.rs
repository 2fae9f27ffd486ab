//! `leadtrail companies`: which companies there are, and how far their logs go.

use super::output::{in_a_line, print, print_json, say};
use super::table::{Table, grouped};
use super::{CliError, Place, Verdict};
use clap::Args;
use eventstore::StoreError;
use serde::Serialize;

/// What is said where all companies are looked at and there is none.
pub const NONE_YET: &str = "there is no company yet; `leadtrail demo` makes one, and `leadtrail import` brings one in";

/// List the companies and how far their logs go
#[derive(Debug, Args)]
pub struct Companies {}

#[derive(Serialize)]
struct Entry {
    company: eventstore::CompanyId,
    name: String,
    zone: Option<String>,
    currency: Option<String>,
    /// Where its log ends; none, where nothing says so any more.
    position: Option<i64>,
    hash: Option<eventstore::Hash>,
    created_at: chrono::DateTime<chrono::Utc>,
    /// Why it is not served, where it is not.
    refused: Option<String>,
}

impl Companies {
    /// Lists them.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let app = place.open().await?;
        app.look_over().await?;
        let mut entries = Vec::new();
        for company in app.store.companies().await? {
            let refusal = app.refusal(company.id);
            let head = match app.store.head(company.id).await {
                Err(StoreError::UnknownCompany(_)) if refusal.is_some() => None,
                head => Some(head?),
            };
            let settings = if refusal.is_none() { app.settings(company.id).await?.settings } else { None };
            entries.push(Entry {
                company: company.id,
                name: company.name,
                zone: settings.as_ref().map(|settings| settings.zone.0.name().to_owned()),
                currency: settings.map(|settings| settings.currency.code().to_owned()),
                position: head.map(|head| head.position.number),
                hash: head.map(|head| head.hash),
                created_at: company.created_at,
                refused: refusal.map(|refusal| refusal.to_string()),
            });
        }
        if place.json {
            print_json(&entries)?;
            return Ok(Verdict::Well);
        }
        if entries.is_empty() {
            say(NONE_YET);
            return Ok(Verdict::Well);
        }
        let mut table = Table::new(&["name", "id", "zone", "currency", ">events"]);
        for entry in &entries {
            if let Some(refusal) = &entry.refused {
                say(&format!("“{}” is not served: {refusal}", in_a_line(&entry.name)));
            }
        }
        for entry in entries {
            let [zone, currency] = [entry.zone, entry.currency].map(Option::unwrap_or_default);
            table.row([entry.name, entry.company.to_string(), zone, currency, entry.position.map(grouped).unwrap_or_default()]);
        }
        print(&table.to_string())?;
        Ok(Verdict::Well)
    }
}
