//! `leadtrail send`: any command that the service takes over HTTP, without the service.

use super::output::{print, print_json};
use super::request::request;
use super::{CliError, Place, Verdict};
use crate::http::ROUTES;
use axum::http::Method;
use clap::Args;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Send one command, such as `leadtrail send contact.lose '{"contact": "ID", "reason": "moved"}'`
#[derive(Debug, Args)]
pub struct Send {
    /// The command, as docs/COMMANDS.md names it
    command: String,
    /// Its fields and those of its address, as a JSON object
    #[arg(value_parser = fields, default_value = "{}")]
    fields: Map<String, Value>,
}

impl Send {
    /// Sends it and prints what it did.
    pub async fn run(mut self, place: &Place) -> Result<Verdict, CliError> {
        let Some(route) = ROUTES.iter().find(|route| route.command == self.command) else {
            return Err(CliError::usage(format!("there is no command {}", self.command)).hint("docs/COMMANDS.md lists them all"));
        };
        let mut address = format!("/api/v1{}", route.path);
        for name in route.path_fields() {
            let Some(Value::String(id)) = self.fields.remove(name) else {
                return Err(CliError::usage(format!("{} needs the field `{name}`, an id", self.command)));
            };
            if Uuid::try_parse(&id).is_err() {
                return Err(CliError::usage(format!("`{name}` must be an id (UUID), not `{id}`")));
            }
            address = address.replace(&format!("{{{name}}}"), &id);
        }
        let app = place.open_to_write().await?;
        let done = request(&app, place, Method::POST, &address, Some(&Value::Object(self.fields))).await;
        app.stop().await;
        let done = done?;
        if place.json {
            print_json(&done)?;
            return Ok(Verdict::Well);
        }
        let events: Vec<&str> = done["events"].as_array().into_iter().flatten().filter_map(|event| event["type"].as_str()).collect();
        print(&if events.is_empty() { "it was so already; nothing was added\n".to_owned() } else { format!("{}\n", events.join("\n")) })?;
        Ok(Verdict::Well)
    }
}

/// Reads the fields.
fn fields(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|error| format!("the fields are a JSON object, such as {{\"reason\": \"moved\"}}: {error}"))
}
