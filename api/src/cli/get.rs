//! `leadtrail get`: any question that the service answers over HTTP, without the service.

use super::output::{print, print_json};
use super::request::request;
use super::{CliError, Place, Verdict};
use axum::http::Method;
use clap::Args;

/// Ask what the HTTP interface answers, such as `leadtrail get worklists/overdue`
#[derive(Debug, Args)]
pub struct Get {
    /// An address of docs/API.md, with or without /api/v1: contacts?state=rest, contacts/ID/transitions, figures/nsla
    address: String,
}

impl Get {
    /// Prints the answer.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let app = place.open().await?;
        app.look_over().await?;
        let below = self.address.trim_start_matches('/').trim_start_matches("api/v1/");
        let answer = request(&app, place, Method::GET, &format!("/api/v1/{below}"), None).await?;
        if place.json {
            print_json(&answer)?;
        } else {
            print(&format!("{answer:#}\n"))?;
        }
        Ok(Verdict::Well)
    }
}
