//! A contact's way from the first enquiry to the official sale, as the people of a company would enter it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Instant;
use serde_json::{Value, json};
use uuid::Uuid;

/// Who does everything, where the lead came from, what is sold.
pub const PERSON: Uuid = Uuid::from_u128(1);
pub const SOURCE: Uuid = Uuid::from_u128(2);
pub const PRODUCT: Uuid = Uuid::from_u128(3);

/// One command of a life.
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// Its fields.
    pub fields: Value,
    /// When it happened.
    pub at: Instant,
}

/// All commands of a life that ended `now`.
pub fn life(now: DateTime<Utc>) -> Vec<Step> {
    let [journey, meeting, quote, sale] = [(); 4].map(|()| Uuid::now_v7());
    let at = |hours: i64| Instant::new(now - TimeDelta::days(5) + TimeDelta::hours(hours));
    let items = json!([{ "description": "Double-hung window", "quantity": 12, "unit_price_minor": 85_000 }]);
    let contact = json!({ "journey": journey, "source": SOURCE, "product": PRODUCT, "name": "Dana Whitfield", "phones": ["716-555-0100"],
        "emails": ["dana.whitfield@example.com"] });
    let steps = [
        (0, "contact.add", contact),
        (1, "contact.log_attempt", json!({ "channel": "phone", "outcome": "no_answer" })),
        (
            2,
            "meeting.set",
            json!({ "meeting": meeting, "journey": journey, "kind": "demo", "decision_makers": true, "address_checked": true, "start": at(24), "length_minutes": 90 }),
        ),
        (20, "meeting.confirm", json!({ "meeting": meeting, "with_whom": "Dana Whitfield", "decision_makers": true })),
        (22, "meeting.issue", json!({ "meeting": meeting, "rep": PERSON, "overbook": true, "reason": "everybody is Ana's" })),
        (26, "meeting.result", json!({ "meeting": meeting, "result": "sold" })),
        (26, "quote.add", json!({ "quote": quote, "journey": journey, "product": PRODUCT, "items": items })),
        (27, "quote.finalize", json!({ "quote": quote, "valid_until": at(24 * 30), "terms": "half on signing" })),
        (28, "quote.mark_sold", json!({ "quote": quote, "sale": sale, "sign_date": at(28), "paper": "folder 17" })),
        (
            48,
            "sale.approve",
            json!({ "sale": sale, "finance_owner": PERSON, "customer_service_owner": PERSON, "sign_date": at(28), "notice_to_proceed": "deposit_taken",
                "job_standing": "active" }),
        ),
    ];
    steps.into_iter().map(|(hours, name, fields)| Step { name, fields, at: at(hours) }).collect()
}

impl Step {
    /// Where it is sent; takes the ids that the address names out of the fields.
    pub fn path(&mut self, contact: Uuid) -> String {
        let (noun, verb) = self.name.split_once('.').unwrap();
        let fields = self.fields.as_object_mut().unwrap();
        match (noun, verb) {
            ("contact", "add") => {
                fields.insert("contact".into(), json!(contact));
                "/contacts".into()
            }
            ("contact", verb) => format!("/contacts/{contact}/{}", verb.replace('_', "-")),
            ("meeting", "set") | ("quote", "add") => format!("/contacts/{contact}/{noun}s"),
            (noun, verb) => {
                let id = fields.remove(noun).unwrap();
                format!("/contacts/{contact}/{noun}s/{}/{}", id.as_str().unwrap(), verb.replace('_', "-"))
            }
        }
    }
}
