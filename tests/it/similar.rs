//! Contacts that may be the same: told with reasons, never refused for them (S0:7).

use crate::world::{World, id};
use serde_json::{Value, json};

fn contact(n: u128, name: &str, phone: &str, email: &str, address: &str) -> Value {
    json!({
        "contact": id(n), "journey": id(n), "source": "Radio", "product": "Windows", "name": name, "phones": [phone], "emails": [email], "address": address,
    })
}

/// Who is told as similar, by number, and why.
fn told(list: &Value) -> Vec<(u128, String)> {
    let number = |row: &Value| row["contact"].as_str().unwrap().parse::<uuid::Uuid>().unwrap().as_u128();
    let reasons = |row: &Value| row["reasons"].as_array().unwrap().iter().map(|reason| reason.as_str().unwrap()).collect::<Vec<_>>().join(" ");
    list.as_array().unwrap().iter().map(|row| (number(row), reasons(row))).collect()
}

fn likes<const N: usize>(expected: [(u128, &str); N]) -> Vec<(u128, String)> {
    expected.map(|(number, reasons)| (number, reasons.to_owned())).to_vec()
}

#[tokio::test]
async fn s0_03_three_contacts_with_one_name_number_and_mail_exist_and_are_found_by_the_number() {
    for world in World::both().await {
        for (n, address) in [(1, "12 Main St"), (2, "14 Main St"), (3, "7 Elm St")] {
            let added = world.post("/api/v1/contacts", contact(n, "Lopez", "716 555 0100", "lopez@example.com", address)).await.ok();
            let similar: Vec<_> = told(&added["similar"]);
            let mut numbers: Vec<u128> = similar.iter().map(|(other, _)| *other).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, (1..n).collect::<Vec<_>>());
            assert!(similar.iter().all(|(_, reasons)| reasons == "same_phone same_email"), "{similar:?}");
        }
        for written in ["716-555-0100", "(716)%20555.0100", "%2B1%20716%20555%200100", "1-716-555-0100", "555-01", "716%20555%200100%20x9"] {
            let list = world.get(&format!("/api/v1/contacts?q={written}")).await.ok();
            let addresses: std::collections::BTreeSet<&str> = list["data"].as_array().unwrap().iter().map(|row| row["address"].as_str().unwrap()).collect();
            assert_eq!(addresses, ["12 Main St", "14 Main St", "7 Elm St"].into(), "{written}");
        }
    }
}

#[tokio::test]
async fn s0_03_similar_contacts_come_with_their_reasons_the_likest_first() {
    for world in World::both().await {
        let people = [
            (1, "Lopez", "716 555 0100", "Lopez@Example.com", "12 N. Main Street Apt 4, Buffalo"),
            (2, "Diaz", "(716) 555-0100 x3", "diaz@example.com", "9 Oak St, Buffalo"),
            (3, "Kim", "716 555 0199", "kim@example.com", "12 North Main St #7, Buffalo"),
            (4, "Novak", "716 555 0198", "novak@example.com", "3 Pine St, Buffalo"),
        ];
        for (n, name, phone, email, address) in people {
            world.post("/api/v1/contacts", contact(n, name, phone, email, address)).await.ok();
        }
        let similar = async |query: &str| world.get(&format!("/api/v1/contacts/similar?{query}")).await.ok();
        let all = similar("phone=%2B17165550100&email=LOPEZ@example.com&street=12%20N%20Main%20St%20Unit%204&city=Buffalo").await;
        assert_eq!(told(&all["data"]), likes([(1, "same_address same_phone same_email"), (2, "same_phone"), (3, "same_building")]));
        let first = &all["data"][0];
        assert_eq!((&first["name"], &first["address"], &first["state"]), (&json!("Lopez"), &json!("12 N. Main Street Apt 4, Buffalo"), &json!("new_incoming")));
        assert_eq!(told(&similar("phone=716-555-0155").await["data"]), likes([]));
        let somewhere = similar("street=12%20north%20main%20st").await;
        let mut found = told(&somewhere["data"]);
        found.sort();
        assert_eq!(found, likes([(1, "same_street"), (3, "same_street")]), "no town was typed");

        // They follow what is corrected, and are gone with the person.
        let at = |n: u128| format!("/api/v1/contacts/{}", id(n));
        world.post(&format!("{}/change-details", at(4)), json!({ "phones": ["1 716 555 0100"] })).await.ok();
        world.post(&format!("{}/change-details", at(2)), json!({ "phones": ["716 555 0111"] })).await.ok();
        assert_eq!(told(&similar("phone=716-555-0100&street=x").await["data"]), likes([(1, "same_phone"), (4, "same_phone")]));
        world.post(&format!("{}/erase", at(1)), json!({ "basis": "person_asked" })).await.ok();
        world.post(&format!("{}/merge", at(2)), json!({ "other": id(4), "reason": "one firm" })).await.ok();
        assert_eq!(told(&similar("phone=716-555-0100").await["data"]), likes([]));
        assert_eq!(projections::check(&world.app.store, world.company, "contact_list", &mut |_| ()).await.unwrap(), None);

        for (query, name) in [("", "?phone"), ("phone=call", "?phone"), ("email=ana", "?email"), ("city=Buffalo", "?street"), ("zip=14201", "?zip")] {
            let refused = world.get(&format!("/api/v1/contacts/similar?{query}")).await;
            assert_eq!((refused.code(), refused.pointers()), ("query_invalid", vec![name]), "{query}");
        }
        let twin = world.post("/api/v1/contacts", contact(5, "Kim", "716 555 0199", "kim@example.com", "12 North Main Street, Unit 7, Buffalo")).await;
        assert_eq!((twin.status.as_u16(), twin.code(), &twin.body["other"]), (409, "address_taken", &json!(id(3))), "only an equal address blocks");
    }
}
