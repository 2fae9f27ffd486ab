//! Lists say how many rows they have as far as they are asked to count.

use serde_json::{Value, json};

use crate::world::{World, id, new_contact};

#[tokio::test]
async fn a_list_counts_as_far_as_it_is_asked_to() {
    for world in World::both().await {
        for n in 1..=3 {
            world.post("/api/v1/contacts", new_contact(n)).await.ok();
        }
        world.post(&format!("/api/v1/contacts/{}/lose", id(3)), json!({ "reason": "price" })).await.ok();
        let counted = async |address: &str| {
            let page = world.get(&format!("/api/v1/{address}")).await.ok();
            (page["total"].clone(), page["total_is_capped"].clone(), page["states"].clone())
        };
        let states = json!({ "new_incoming": 2, "lost": 1 });
        for count in ["", "&count=capped", "&count=exact"] {
            assert_eq!(counted(&format!("contacts?limit=1{count}")).await, (json!(3), json!(false), states.clone()), "{count}");
            assert_eq!(counted(&format!("contacts?state=lost{count}")).await, (json!(1), json!(false), states.clone()), "the state is left aside {count}");
            assert_eq!(counted(&format!("contacts?q=Contact%201{count}")).await, (json!(1), json!(false), json!({ "new_incoming": 1 })), "{count}");
            assert_eq!(counted(&format!("sales?limit=1{count}")).await, (json!(0), json!(false), json!({})), "{count}");
        }
        let nothing = (Value::Null, Value::Null, Value::Null);
        for list in ["contacts", "meetings", "quotes", "sales", "journeys", "canceled-demos"] {
            assert_eq!(counted(&format!("{list}?count=none")).await, nothing, "{list}");
            let refused = world.get(&format!("/api/v1/{list}?count=some")).await;
            assert_eq!((refused.status.as_u16(), refused.pointers()), (422, vec!["?count"]), "{list}");
        }
        for list in ["journeys", "canceled-demos"] {
            assert_eq!(counted(list).await, nothing, "{list} is counted only when that is asked for");
        }
        for count in ["capped", "exact"] {
            assert_eq!(counted(&format!("journeys?limit=1&count={count}")).await, (json!(3), json!(false), Value::Null));
            assert_eq!(counted(&format!("journeys?open=true&basis=set&count={count}")).await, (json!(0), json!(false), Value::Null));
            assert_eq!(counted(&format!("canceled-demos?count={count}")).await, (json!(0), json!(false), Value::Null));
        }
    }
}
