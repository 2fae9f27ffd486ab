//! What nobody can alter unseen: checkpoints and proofs over HTTP, the auditor pack, and logs that were put back.

use crate::world::{ACME, Answer, OTHER, World, id};
use api::app::{Keeper, Outside};
use api::pack::{PackError, check};
use chrono::{DateTime, TimeDelta, Utc};
use eventstore::{Conn, Hash, Signer, Verifier, check_checkpoints, note, tree};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;

fn key() -> Verifier {
    Signer::new([9; 32]).verifier()
}

fn hash(value: &Value) -> Hash {
    value.as_str().unwrap().parse().unwrap()
}

fn path(proof: &Value) -> Vec<Hash> {
    proof["path"].as_array().unwrap().iter().map(hash).collect()
}

/// What no part of the product does.
async fn run(world: &World, text: &str) {
    let mut tx = world.app.store.db.begin().await.unwrap();
    match tx.conn() {
        Conn::Sqlite(conn) => drop(sqlx::raw_sql(AssertSqlSafe(text)).execute(conn).await.unwrap()),
        Conn::Postgres(conn) => drop(sqlx::raw_sql(AssertSqlSafe(text)).execute(conn).await.unwrap()),
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn events_and_growth_are_proven_against_signed_checkpoints() {
    for world in World::both().await {
        world.quoted(1).await;
        let unsigned = world.get("/api/v1/events/3/proof").await.ok();
        assert_eq!((&unsigned["size"], &unsigned["checkpoint"]), (&json!(world.position().await), &Value::Null));
        let first = world.app.sign(ACME).await.unwrap().unwrap();
        world.quoted(2).await;
        let second = world.app.sign(ACME).await.unwrap().unwrap();
        world.quoted(3).await;

        let list = world.get("/api/v1/checkpoints").await.ok();
        let row = |signed: &eventstore::Signed| {
            let checkpoint = &signed.checkpoint;
            json!({ "size": checkpoint.size, "root": checkpoint.root, "hash": checkpoint.hash, "signed_at": "2026-07-01T16:00:00Z", "note": signed.note })
        };
        assert_eq!(list, json!({ "data": [row(&second), row(&first)], "has_more": false, "next_cursor": null, "key": key().to_string() }));
        let page = world.get("/api/v1/checkpoints?limit=1").await.ok();
        let next = world.get(&format!("/api/v1/checkpoints?limit=1&cursor={}", page["next_cursor"].as_str().unwrap())).await.ok();
        assert_eq!((&page["data"][0], &next["data"][0], &next["has_more"]), (&row(&second), &row(&first), &json!(false)));
        assert_eq!(world.send_as("Other Windows", "GET", "/api/v1/checkpoints", &[], None).await.ok()["data"], json!([]));

        let (old, new) = (&first.checkpoint, &second.checkpoint);
        for (position, size, note) in [(3, None, Some(&second)), (3, Some(old.size), Some(&first)), (new.size + 1, None, None), (3, Some(new.size + 1), None)] {
            let size = size.map(|size| format!("?size={size}")).unwrap_or_default();
            let proof = world.get(&format!("/api/v1/events/{position}/proof{size}")).await.ok();
            let event = world.app.store.event(ACME, position).await.unwrap().unwrap();
            let leaf = tree::leaf(&event.hash);
            assert_eq!((hash(&proof["hash"]), hash(&proof["leaf"]), &proof["position"]), (event.hash, leaf, &json!(position)));
            assert_eq!(proof["checkpoint"].as_str(), note.map(|signed| signed.note.as_str()), "{proof}");
            let size = proof["size"].as_u64().unwrap();
            assert!(tree::includes(&hash(&proof["root"]), size, (position - 1) as u64, &leaf, &path(&proof)), "{proof}");
        }
        let proof = world.get(&format!("/api/v1/checkpoints/consistency?from={}", old.size)).await.ok();
        assert_eq!((hash(&proof["from_root"]), hash(&proof["to_root"]), &proof["to"]), (old.root, new.root, &json!(new.size)));
        assert!(tree::continues((old.size as u64, &old.root), (new.size as u64, &new.root), &path(&proof)));
    }
}

#[tokio::test]
async fn what_cannot_be_proven_is_refused_by_name() {
    for world in World::both().await {
        world.quoted(1).await;
        let head = world.position().await;
        let refused = async |path: String, status: u16, code: &str, pointers: &[&str]| {
            let answer: Answer = world.get(&path).await;
            assert_eq!((answer.status.as_u16(), answer.code(), answer.pointers().as_slice()), (status, code, pointers), "{path}: {answer:?}");
        };
        for position in ["0", "-1", "x", "1.5", "99999999999999999999", &(head + 1).to_string()] {
            refused(format!("/api/v1/events/{position}/proof"), 404, "not_found", &[]).await;
        }
        for size in ["0", "-1", "x", "2", &(head + 1).to_string()] {
            refused(format!("/api/v1/events/3/proof?size={size}"), 422, "query_invalid", &["?size"]).await;
        }
        for (query, name) in [("", "?from"), ("?from=0", "?from"), ("?from=x", "?from"), ("?from=5&to=4", "?from"), ("?from=1&to=0", "?to"), ("?to=1", "?from")]
        {
            refused(format!("/api/v1/checkpoints/consistency{query}"), 422, "query_invalid", &[name]).await;
        }
        refused(format!("/api/v1/checkpoints/consistency?from=1&to={}", head + 1), 422, "query_invalid", &["?to"]).await;
        refused("/api/v1/checkpoints?cursor=x".into(), 422, "query_invalid", &["?cursor"]).await;
        refused(format!("/api/v1/contacts/{}/pack", id(9)), 404, "unknown_contact", &[]).await;
        refused(format!("/api/v1/contacts/{}/pack?sealed=yes", id(1)), 422, "query_invalid", &["?sealed"]).await;
        assert_eq!(world.send_as("Other Windows", "GET", &format!("/api/v1/contacts/{}/pack", id(1)), &[], None).await.code(), "unknown_contact");
    }
}

/// Makes the pack of contact 1, as text.
async fn pack(world: &World, sealed: bool) -> String {
    let company = world.app.company(Some("Acme Windows")).await.unwrap();
    api::pack::make(&world.app, &company, domain::id::ContactId(id(1)), sealed).await.unwrap()
}

/// A contact whose events lie apart from each other, with a checkpoint between them.
async fn spread(world: &World) {
    world.quoted(1).await;
    world.app.sign(ACME).await.unwrap();
    world.quoted(2).await;
    world.clock.set("2026-07-02T16:00:00Z");
    world.app.sign(ACME).await.unwrap();
    world
        .post(&format!("/api/v1/contacts/{}/quotes/{}/mark-sold", id(1), id(1)), json!({ "sale": id(1), "sign_date": "2026-07-01", "paper": "folder 17" }))
        .await
        .ok();
    world.quoted(3).await;
    world.clock.set("2026-07-03T16:00:00Z");
}

#[tokio::test]
async fn a_pack_proves_a_timeline_without_the_database() {
    for world in World::both().await {
        spread(&world).await;
        let answer = world.get(&format!("/api/v1/contacts/{}/pack", id(1))).await;
        assert_eq!(answer.header("content-disposition"), Some(format!("attachment; filename=\"pack-{}.json\"", id(1)).as_str()));
        let head = world.app.store.newest_checkpoint(ACME).await.unwrap().unwrap().checkpoint;
        assert_eq!(head.size, world.position().await, "the end of the log was signed for it");

        let opened = check(&pack(&world, false).await, &[key()]).unwrap();
        let recorded = world.app.store.stream(ACME, &api::app::desk::contact_stream(domain::id::ContactId(id(1)))).await.unwrap();
        assert_eq!(opened.events.iter().map(|event| &event.event).collect::<Vec<_>>(), recorded.iter().collect::<Vec<_>>());
        assert_eq!((opened.contact, opened.company_name.as_str(), opened.checkpoints.last()), (id(1), "Acme Windows", Some(&head)));
        assert_eq!(opened.checkpoints.len(), 2, "the checkpoint in the middle says nothing more of these events than the newest: {:?}", opened.checkpoints);
        let days: Vec<String> = opened.events.iter().map(|event| event.signed_by.format("%d").to_string()).collect();
        assert_eq!((days.iter().filter(|day| *day == "01").count(), days.last().map(String::as_str)), (8, Some("03")));

        let sealed = check(&pack(&world, true).await, &[]).unwrap();
        assert!(opened.has_key && !sealed.has_key);
        let told = |audit: &api::pack::Audit| String::from_utf8_lossy(audit.events[0].event.data()).contains("Contact 1");
        assert!(told(&opened) && !told(&sealed));

        let refused = json!({ "reason": "credit declined", "note": "nothing to be done" });
        world.post(&format!("/api/v1/contacts/{}/sales/{}/not-approve", id(1), id(1)), refused).await.ok();
        world.post(&format!("/api/v1/contacts/{}/erase", id(1)), json!({ "basis": "person_asked" })).await.ok();
        let recorded = world.app.store.stream(ACME, &api::app::desk::contact_stream(domain::id::ContactId(id(1)))).await.unwrap();
        let erased = check(&pack(&world, false).await, &[key()]).unwrap();
        assert!(!erased.has_key && !told(&erased) && erased.events.len() == recorded.len());
    }
}

/// Every byte of the file, each as another one.
#[tokio::test]
async fn a_pack_of_which_one_byte_is_another_is_refused() {
    let world = World::both().await.remove(0);
    spread(&world).await;
    let whole = pack(&world, false).await;
    assert!(check(&whole, &[key()]).is_ok());
    for at in 0..whole.len() {
        let mut altered = whole.clone().into_bytes();
        altered[at] ^= 1 << (at % 6);
        let Ok(altered) = String::from_utf8(altered) else { continue };
        // Every other time under the key that the file itself names.
        let keys = if at.is_multiple_of(2) { vec![key()] } else { vec![] };
        assert!(check(&altered, &keys).is_err(), "byte {at}");
    }
    for cut in [0, 1, 100, whole.len() / 2, whole.len() - 1] {
        assert!(check(&whole[..cut], &[key()]).is_err());
    }
    assert!(check(&format!("{whole}\n"), &[key()]).is_err());
}

/// A pack in pieces of text, so that what is not changed stays as it was, to the byte.
#[derive(Clone, Serialize, Deserialize)]
struct Pieces {
    leadtrail: Value,
    format: Value,
    company_name: Value,
    contact: Value,
    key: Value,
    checkpoints: Vec<Box<RawValue>>,
    stream_key: Value,
    events: Vec<Box<RawValue>>,
    signature: String,
}

fn replaced(piece: &mut Box<RawValue>, from: &str, to: &str) {
    let text = piece.get().replacen(from, to, 1);
    assert_ne!(text, piece.get(), "{from} is there");
    *piece = RawValue::from_string(text).unwrap();
}

/// Whoever has the signing key can sign a pack that says something else, and each part of it is still held against the others.
#[tokio::test]
async fn a_forged_pack_is_refused_for_what_is_wrong_with_it() {
    let world = World::both().await.remove(0);
    spread(&world).await;
    let whole = pack(&world, false).await;
    let forged = |change: fn(&mut Pieces)| {
        let mut pack: Pieces = serde_json::from_str(&whole).unwrap();
        change(&mut pack);
        pack.signature = String::new();
        let unsigned = serde_json::to_string_pretty(&pack).unwrap() + "\n";
        pack.signature = Signer::new([9; 32]).sign(&format!("leadtrail/pack\n{}\n", hex::encode(Sha256::digest(&unsigned))));
        check(&(serde_json::to_string_pretty(&pack).unwrap() + "\n"), &[key()])
    };
    assert!(forged(|_| ()).is_ok());
    let says = |change: fn(&mut Pieces), text: &str| match forged(change) {
        Err(PackError::Wrong(wrong)) => assert!(wrong.contains(text), "{wrong} instead of {text}"),
        other => panic!("{other:?}"),
    };
    says(|pack| replaced(&mut pack.events[2], "\"actor\": \"", "\"actor\": \"eve"), "is not what was recorded");
    says(|pack| pack.events[3] = pack.events[2].clone(), "has version 3, and version 4 is missing");
    says(|pack| drop(pack.events.remove(3)), "has version 5, and version 4 is missing");
    says(|pack| drop(pack.events.remove(0)), "has version 2, and version 1 is missing");
    says(|pack| pack.events.clear(), "the pack has no event");
    says(|pack| pack.contact = id(2).to_string().into(), "is not one of contact");
    says(|pack| pack.stream_key = "00".repeat(32).into(), "does not open under the key");
    says(|pack| pack.stream_key = "00".into(), "has not 64 hexadecimal digits");
    says(|pack| pack.checkpoints.clear(), "the pack has no checkpoint");
    says(|pack| drop(pack.checkpoints.pop()), "is not in the log of");
    says(|pack| drop(pack.checkpoints.remove(0)), "continues none, and says it does");
    says(|pack| pack.checkpoints.reverse(), "continues none, and says it does");
    says(|pack| pack.checkpoints[1] = pack.checkpoints[0].clone(), "does not continue the one before it");
    says(|pack| replaced(&mut pack.checkpoints[0], "time 2026-07-01", "time 2026-06-01"), "is not signed by the key");
    says(|pack| pack.key = Signer::new([8; 32]).verifier().to_string().into(), "was made under another key");
    says(|pack| pack.key = "x".into(), "cannot be read");
    assert!(matches!(check(&whole, &[Signer::new([8; 32]).verifier()]), Err(PackError::Wrong(_))));
    assert!(check(&whole, &[Signer::new([8; 32]).verifier(), key()]).is_ok(), "one of several keys is enough");
    assert!(matches!(check("{}", &[key()]), Err(PackError::NotAPack(_))));
}

#[tokio::test]
async fn a_token_of_another_log_is_refused_at_once() {
    for world in World::both().await {
        world.quoted(1).await;
        let done = world.add_contact(2).await.ok();
        let (position, hash) = (done["position"].as_i64().unwrap(), done["hash"].as_str().unwrap().to_owned());
        let paths =
            ["/api/v1/contacts", "/api/v1/journeys", "/api/v1/canceled-demos", "/api/v1/meetings", "/api/v1/quotes", "/api/v1/sales", "/api/v1/figures/nsla"];
        for path in paths {
            for digits in [&hash[..16], &hash] {
                let answer = world.get(&format!("{path}?min_position={position}-{digits}")).await.ok();
                assert_eq!((&answer["position"], &answer["hash"]), (&json!(position), &json!(hash)), "{path}");
            }
            let other = "0123456789abcdef";
            for token in [format!("{position}-{other}"), format!("{}-{}", position - 1, &hash[..16]), format!("{}-{}", position + 1, &hash[..16])] {
                let answer = world.get(&format!("{path}?min_position={token}")).await;
                assert_eq!((answer.status.as_u16(), answer.code()), (409, "log_diverged"), "{path} {token}");
            }
            for bad in [
                format!("{position}-"),
                format!("{position}-{}", &hash[..15]),
                format!("{position}-{}", &hash[..16].to_uppercase().replace(char::is_numeric, "A")),
            ] {
                assert_eq!(world.get(&format!("{path}?min_position={bad}")).await.pointers(), ["?min_position"], "{bad}");
            }
        }
        assert_eq!(world.get("/api/v1/company").await.ok()["hash"], json!(hash));
        // Another company's log is another log.
        let elsewhere = world.send_as("Other Windows", "GET", &format!("/api/v1/contacts?min_position=1-{}", &hash[..16]), &[], None).await;
        assert_eq!(elsewhere.code(), "log_diverged");
    }
}

/// The log is put back to where it was, as a restored backup would be, and goes on otherwise.
#[tokio::test]
async fn a_log_that_was_put_back_is_noticed_on_first_use() {
    for world in World::both().await {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoints.txt");
        let mut keeper = Keeper::new(world.app.clone(), Some(Outside::open(&path, &key()).unwrap()));
        world.add_contact(1).await.ok();
        keeper.round(true).await;
        let early = world.app.store.event(ACME, world.position().await).await.unwrap().unwrap();
        let later = world.add_contact(2).await.ok();
        let token = format!("{}-{}", later["position"], &later["hash"].as_str().unwrap()[..16]);
        keeper.round(true).await;
        world.app.stop().await;

        let (position, at) = (early.position, early.recorded_at.timestamp_micros());
        let digits = hex::encode(early.hash.0);
        let hash = if matches!(world.app.store.db.engine(), eventstore::Engine::Sqlite) { format!("x'{digits}'") } else { format!("'\\x{digits}'::bytea") };
        let ours = match world.app.store.db.engine() {
            eventstore::Engine::Sqlite => format!("company_id = x'{}'", hex::encode(ACME.0.as_bytes())),
            eventstore::Engine::Postgres => format!("company_id = '{ACME}'"),
        };
        for (table, column) in [("events", "position"), ("claims", "position"), ("checkpoints", "size")] {
            run(&world, &format!("DELETE FROM {table} WHERE {ours} AND {column} > {position}")).await;
        }
        run(&world, &format!("UPDATE heads SET position = {position}, hash = {hash}, last_recorded_at = {at} WHERE {ours}")).await;
        let report = eventstore::verify(&world.app.store, ACME, &api::app::desk::effects_of, &mut |_, _| ()).await.unwrap();
        assert_eq!(report.findings, [], "nothing in the database tells");

        let answer = world.get(&format!("/api/v1/contacts?min_position={token}")).await;
        assert_eq!((answer.code(), answer.status.as_u16()), ("log_diverged", 409));
        let outside = Outside::open(&path, &key()).unwrap();
        assert!(world.app.continues_what_was_signed(ACME, Some(&outside)).await.is_err());
        world.app.continues_what_was_signed(ACME, None).await.unwrap();
        world.app.continues_what_was_signed(OTHER, Some(&outside)).await.unwrap();
        let notes: Vec<String> = note::notes(&std::fs::read_to_string(&path).unwrap()).into_iter().map(Result::unwrap).collect();
        let found = check_checkpoints(&world.app.store, ACME, &notes, &[key()], &mut |_, _| ()).await.unwrap();
        assert_eq!(found.iter().map(|finding| (finding.position, finding.rule)).collect::<Vec<_>>(), [(position, "I4 checkpoints")]);
    }
}

#[tokio::test]
async fn checkpoints_are_made_in_time_and_brought_outside() {
    for world in World::both().await {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoints.txt");
        let keeper = || Keeper::new(world.app.clone(), Some(Outside::open(&path, &key()).unwrap()));
        let sizes = || {
            let notes = note::notes(&std::fs::read_to_string(&path).unwrap());
            let signed = notes.iter().flatten().map(|note| eventstore::Signed::read(note).unwrap());
            signed.filter(|signed| signed.checkpoint.company == ACME).map(|signed| signed.checkpoint.size).collect::<Vec<_>>()
        };
        let start: DateTime<Utc> = "2026-07-01T16:00:00Z".parse().unwrap();
        let later = |minutes| world.clock.set(&(start + TimeDelta::minutes(minutes)).to_rfc3339());
        let first = world.position().await;
        keeper().round(false).await;
        assert_eq!(sizes(), [first]);
        later(9);
        world.add_contact(1).await.ok();
        keeper().round(false).await;
        assert_eq!(sizes(), [first]);
        later(10);
        keeper().round(false).await;
        let second = world.position().await;
        assert_eq!(sizes(), [first, second]);
        later(60);
        keeper().round(true).await;
        assert_eq!(sizes(), [first, second], "nothing happened");
        // What was made while the file was away is made up for, also behind a note that was cut off.
        world.add_contact(2).await.ok();
        world.app.sign(ACME).await.unwrap();
        world.add_contact(3).await.ok();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}leadtrail/cut")).unwrap();
        keeper().round(true).await;
        let third = world.position().await;
        assert_eq!(sizes(), [first, second, third - 2, third]);
        assert_eq!(note::notes(&std::fs::read_to_string(&path).unwrap()).iter().filter(|piece| piece.is_err()).count(), 1);
    }
}
