//! What the product can do, row by row of docs/FEATURES.md, driven over HTTP on both databases. The name of a test begins with its row.

mod contact_rows;
mod dashboard_rows;
mod edge_cases;
mod meeting_rows;
mod quote_rows;
mod sale_rows;
mod team_rows;

use crate::world::{Answer, World, id};
use serde_json::{Value, json};

/// The address of contact `n`.
fn at(n: u128) -> String {
    format!("/api/v1/contacts/{}", id(n))
}

/// Contact `n` as it stands.
async fn contact(world: &World, n: u128) -> Value {
    world.get(&at(n)).await.ok()
}

/// Journey `n` as it stands.
async fn journey(world: &World, n: u128) -> Value {
    world.get(&format!("/api/v1/journeys/{}", id(n))).await.ok()
}

/// The transitions of contact `n` that may be pressed now, by record and command.
async fn open(world: &World, n: u128, of: &str) -> Vec<String> {
    let transitions = world.get(&format!("{}/transitions", at(n))).await.ok();
    let open = transitions["data"].as_array().unwrap().iter().filter(|action| action["of"] == of && action["allowed"] == true);
    open.map(|action| action["command"].as_str().unwrap().to_owned()).collect()
}

/// The stored names of everything that happened to contact `n`.
async fn told(world: &World, n: u128) -> Vec<String> {
    let timeline = world.get(&format!("{}/timeline", at(n))).await.ok();
    timeline["data"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

/// A command that is refused with this status, code and fields, and that stored nothing.
async fn refused(world: &World, path: &str, body: Value, status: u16, code: &str, pointers: &[&str]) -> Answer {
    let before = world.position().await;
    let answer = world.post(path, body).await;
    assert_eq!((answer.status.as_u16(), answer.code(), answer.pointers()), (status, code, pointers.to_vec()), "{path}: {answer:?}");
    assert_eq!(world.position().await, before, "{path} stored something");
    answer
}

/// A demo of contact and journey `n`.
fn demo(n: u128, start: &str) -> Value {
    json!({ "meeting": id(n), "journey": id(n), "kind": "demo", "start": start, "length_minutes": 90, "decision_makers": true, "address_checked": true, "by": "Ana" })
}

/// Adds contact `n` and sets a demo for it.
async fn with_demo(world: &World, n: u128, start: &str) {
    world.add_contact(n).await.ok();
    world.post(&format!("{}/meetings", at(n)), demo(n, start)).await.ok();
}

/// The press of a button of meeting `n` of contact `n`.
async fn meeting(world: &World, n: u128, verb: &str, fields: Value) -> Answer {
    world.post(&format!("{}/meetings/{}/{verb}", at(n), id(n)), fields).await
}

/// Adds contact `n` and an offer of 1,000.00 for it, without a demo.
async fn with_offer(world: &World, n: u128) {
    world.add_contact(n).await.ok();
    world.post(&format!("{}/quotes", at(n)), quote(n)).await.ok();
}

/// An offer of contact and journey `n`.
fn quote(n: u128) -> Value {
    let items = json!([{ "description": "Window", "quantity": 2, "unit_price_minor": 50_000 }]);
    json!({ "quote": id(n), "journey": id(n), "product": "Windows", "rep": "Ben", "items": items, "by": "Ben" })
}

/// What finalizing an offer asks for.
fn final_terms() -> Value {
    json!({ "valid_until": "2026-08-01", "terms": "half on signing" })
}

/// What marking an offer as sold asks for.
fn signed(n: u128) -> Value {
    json!({ "sale": id(n), "sign_date": "2026-07-01", "paper": "folder 17" })
}

/// Sells contact `n` directly, without a demo, for 1,000.00.
async fn sold_directly(world: &World, n: u128) {
    with_offer(world, n).await;
    world.post(&format!("{}/quotes/{}/finalize", at(n), id(n)), final_terms()).await.ok();
    world.post(&format!("{}/quotes/{}/mark-sold", at(n), id(n)), signed(n)).await.ok();
}

/// The press of a button of sale `n` of contact `n`.
async fn sale(world: &World, n: u128, verb: &str, fields: Value) -> Answer {
    world.post(&format!("{}/sales/{}/{verb}", at(n), id(n)), fields).await
}

/// Brings the job of sale `n`, which was sold directly, to its end.
async fn install(world: &World, n: u128) {
    let visit = json!({ "visited_on": "2026-07-01", "job_owner": "Ana", "visitor": "Ben", "documents": "folder", "hoa": false, "overview": "as sold", "property_type": "single_family" });
    let done = json!({ "revenue_recognized_on": "2026-07-01", "note": "done" });
    let steps = [
        ("complete-site-visit", visit),
        ("approve-to-proceed", json!({ "note": "go" })),
        ("schedule", json!({ "install_on": "2026-07-09" })),
        ("start-install", json!({ "note": "begun" })),
        ("complete-final", done),
    ];
    for (verb, fields) in steps {
        sale(world, n, &format!("job/{verb}"), fields).await.ok();
    }
}
