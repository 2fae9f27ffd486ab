//! C.6: what moved official sales, each movement on its own date.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Question, RawEvent, instant, known_by_then, minor, named, names, text, windows_from, written};

/// What moved one sale.
struct Movement {
    rep: String,
    official: bool,
    kind: &'static str,
    amount_minor: i64,
    at: DateTime<Utc>,
}

/// The table of each window, in the shape in which the product gives it.
pub fn sales(events: &[RawEvent], question: &Question) -> Vec<Value> {
    let all: Vec<&RawEvent> = events.iter().collect();
    let names = names(&all);
    let movements = movements(events, question);
    let mut tables = Vec::new();
    for (window, from) in windows_from(question) {
        let inside: Vec<&Movement> = movements.iter().filter(|movement| movement.at >= from && movement.at <= question.as_of).collect();
        let mut by_rep: BTreeMap<String, Vec<&Movement>> = BTreeMap::new();
        for movement in &inside {
            by_rep.entry(named(&names, &movement.rep)).or_default().push(movement);
        }
        let mut rows = Vec::new();
        for (rep, movements) in by_rep {
            let mut row = sums(&movements);
            row["key"] = json!(rep);
            rows.push(row);
        }
        tables.push(json!({ "window": window, "from": written(from), "to": written(question.as_of), "rows": rows, "total": sums(&inside) }));
    }
    tables
}

fn sums(movements: &[&Movement]) -> Value {
    let of =
        |kind: &str| movements.iter().filter(|movement| movement.official && movement.kind == kind).map(|movement| movement.amount_minor).collect::<Vec<_>>();
    let sum = |kind: &str| of(kind).iter().sum::<i64>();
    let pending: i64 = movements.iter().filter(|movement| !movement.official).map(|movement| movement.amount_minor).sum();
    json!({
        "sales": of("sold").len(), "gross_sold_minor": sum("sold"), "change_orders_minor": sum("change_order"), "cancels": of("canceled").len(),
        "net_canceled_minor": -sum("canceled"), "reactivated_minor": sum("reactivated"), "pending_minor": pending,
        "net_sold_minor": sum("sold") + sum("change_order") + sum("canceled") + sum("reactivated"),
    })
}

fn movements(events: &[RawEvent], question: &Question) -> Vec<Movement> {
    let known: Vec<&RawEvent> = events.iter().filter(|event| event.stream_kind == "contact" && known_by_then(event, question)).collect();
    let sales: BTreeSet<_> = known.iter().filter(|event| event.kind == "sale.created").map(|event| (event.stream_id, text(&event.body["sale"]))).collect();
    let mut found = Vec::new();
    for (contact, sale) in sales {
        let (mut rep, mut official, mut waits) = (String::new(), false, false);
        let mut moved: Vec<(&'static str, i64, DateTime<Utc>)> = Vec::new();
        for event in known.iter().filter(|event| event.stream_id == contact && event.body["sale"] == sale.as_str()) {
            let body = &event.body;
            match event.kind.as_str() {
                "sale.created" => {
                    (rep, waits) = (text(&body["rep"]), body["needs_approval"] == true);
                    official = !waits;
                    moved.push(("sold", minor(&body["amount_minor"]), instant(&body["signed_at"])));
                }
                "sale.approved" => {
                    (official, waits) = (true, false);
                    if body["signed_at"].is_string() {
                        moved[0].2 = instant(&body["signed_at"]);
                    }
                }
                "sale.not_approved" => waits = false,
                "sale.moved_back_to_sold" => {
                    waits = true;
                    moved[0].2 = instant(&body["signed_at"]);
                }
                "sale.rep_changed" => rep = text(&body["rep"]),
                "sale.canceled" => {
                    waits = false;
                    moved.push(("canceled", -minor(&body["contract_minor"]), instant(&body["canceled_at"])));
                }
                "sale.reactivated" => moved.push(("reactivated", minor(&body["contract_minor"]), event.occurred_at)),
                "change_order.approved" | "change_order.reversed" => {
                    moved.push(("change_order", minor(&body["amount_minor"]), instant(&body["report_signed_at"])));
                }
                _ => {}
            }
        }
        if official || waits {
            let rep = |_: &(&'static str, i64, DateTime<Utc>)| rep.clone();
            found.extend(moved.into_iter().map(|moved| Movement { rep: rep(&moved), official, kind: moved.0, amount_minor: moved.1, at: moved.2 }));
        }
    }
    found
}
