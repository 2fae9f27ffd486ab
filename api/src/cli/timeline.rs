//! `leadtrail timeline`: everything that happened to a contact, in order: what an auditor asks for.

use super::error::Code;
use super::output::{in_a_line, print, print_json};
use super::{CliError, Place, Verdict};
use crate::app::desk::contact_stream;
use crate::views::Event;
use chrono::SecondsFormat;
use clap::Args;
use domain::id::ContactId;
use uuid::Uuid;

/// Print every event of a contact: position, type, business and recording time, who did it, what caused it, its data
#[derive(Debug, Args)]
pub struct Timeline {
    /// The contact's id, a UUID: the `stream` of its events in `leadtrail export`
    #[arg(value_parser = contact_id)]
    contact: Uuid,
}

impl Timeline {
    /// Prints it.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let app = place.open().await?;
        let company = place.one_served(&app).await?;
        let settings = app.settings(company.id).await?;
        let recorded = app.store.stream(company.id, &contact_stream(ContactId(self.contact))).await?;
        if recorded.is_empty() {
            return Err(unknown_contact(&company.name, self.contact));
        }
        let events = recorded.iter().map(|event| Event::new(event, Some(&settings))).collect::<Result<Vec<_>, _>>()?;
        if place.json {
            print_json(&events)?;
            return Ok(Verdict::Well);
        }
        let mut text = String::new();
        for event in &events {
            text.push_str(&lines(event));
        }
        print(&text)?;
        Ok(Verdict::Well)
    }
}

/// The company has no such contact.
pub fn unknown_contact(company: &str, contact: Uuid) -> CliError {
    let unknown = CliError::new(Code::UnknownContact, format!("“{company}” has no contact {contact}"));
    unknown.hint("check the id; `leadtrail export` has it as the id of `stream` in every event of the contact")
}

/// Reads the id of a contact.
pub fn contact_id(text: &str) -> Result<Uuid, String> {
    Uuid::try_parse(text).map_err(|_| "an id is a UUID, such as 0197a3c1-6c1e-7d1a-9f3e-2b4c5d6e7f80".into())
}

/// An event in three lines: what and when, by whom, and the data.
pub fn lines(event: &Event) -> String {
    let time = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    let who = in_a_line(event.actor_name.as_deref().unwrap_or(&event.actor));
    let cause = event.cause.as_ref().map(|cause| format!(", because {}", in_a_line(cause))).unwrap_or_default();
    format!(
        "{:>9}  {}  {}\n           by {who}{cause}; recorded {}, version {}, hash {}…\n           {}\n",
        event.position,
        time(event.occurred_at),
        in_a_line(&event.kind),
        time(event.recorded_at),
        event.version,
        event.hash.get(..16).unwrap_or(&event.hash),
        event.data.get()
    )
}
