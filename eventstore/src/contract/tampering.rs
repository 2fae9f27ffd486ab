//! Whoever can write the database can alter a log: a thousand ways, each of them found (FAULTS 43).

use futures::future::join_all;

use super::logs::run;
use super::notebook::Ask;
use super::proofs::bytes;
use super::world::{HERE, THERE, World, id};
use crate::db::Engine;
use crate::event::Recorded;
use crate::log::{CompanyId, Hash};
use crate::store::Store;

/// How many events each log has.
const EVENTS: i64 = 24;
/// What is altered, and put back again.
const TABLES: [&str; 4] = ["events", "heads", "checkpoints", "tree_nodes"];

/// Of many random alterations each is found: by the log alone where the chain does not hold any more, and else by checkpoints that were
/// kept outside, and by nothing else.
pub async fn no_alteration_goes_unseen(store: &Store, alterations: usize) {
    let world = World::of(store).await;
    let mut outside = Vec::new();
    for company in [HERE, THERE] {
        let writer = world.writer(company);
        for number in 0..EVENTS {
            // The two logs have the same streams, and events of the same stream and version at the same positions.
            let actor = format!("{} {number}", if company == HERE { "ana" } else { "ben" });
            world.tell(&writer, Ask::Sign { book: id(number as u128 % 3), actor }).await.unwrap();
            if [5, 11, EVENTS - 1].contains(&number) {
                outside.push(world.sign(company).await.note);
            }
        }
    }
    for table in TABLES {
        run(&world, format!("CREATE TABLE saved_{table} AS SELECT * FROM {table}")).await;
    }
    let mut chance = Chance(43);
    for number in 0..alterations {
        let careless = !number.is_multiple_of(4);
        let alteration = if careless { careless_alteration(&world, &mut chance) } else { careful_alteration(&world, &mut chance).await };
        run(&world, alteration.clone()).await;
        let reports = join_all([HERE, THERE].map(|company| world.verify(company))).await;
        let by_the_log = reports.iter().any(|report| !report.findings.is_empty());
        assert_eq!(by_the_log, careless, "{number}: {alteration}: {reports:#?}");
        if !careless {
            let beside = join_all([HERE, THERE].map(|company| world.checked(company, &[]))).await;
            assert_eq!(beside.concat(), [], "{number}: whoever writes the log writes what is beside it: {alteration}");
        }
        let by_checkpoints = join_all([HERE, THERE].map(|company| world.checked(company, &outside))).await;
        assert!(careless || !by_checkpoints.concat().is_empty(), "{number}: {alteration}");
        let back = TABLES.map(|table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM saved_{table};"));
        run(&world, back.concat()).await;
    }
    assert_eq!(join_all([HERE, THERE].map(|company| world.checked(company, &outside))).await.concat(), []);
    for table in TABLES {
        run(&world, format!("DROP TABLE saved_{table}")).await;
    }
    world.end(EVENTS, EVENTS).await;
}

/// An alteration by somebody who does not mind the chain.
fn careless_alteration(world: &World, chance: &mut Chance) -> String {
    let company = if chance.below(2) == 0 { HERE } else { THERE };
    let (one, other) = (1 + chance.below(EVENTS), chance.below(EVENTS - 1));
    let other = if other < one - 1 { other + 1 } else { other + 2 };
    let more = 1 + chance.below(1_000_000);
    let (us, nobody) = (named(world, company), named(world, CompanyId(id(999))));
    let them = named(world, if company == HERE { THERE } else { HERE });
    let random = [chance.next().to_be_bytes(), chance.next().to_be_bytes()].concat();
    let uuid = match world.store.db.engine() {
        Engine::Sqlite => bytes(world, &random),
        Engine::Postgres => format!("'{}'::uuid", hex::encode(&random)),
    };
    let at = |position: i64| format!("WHERE company_id = {us} AND position = {position}");
    let set = |change: String| format!("UPDATE events SET {change} {}", at(one));
    // What is left behind the end of a log, and what its head says of its time, are told as well.
    let behind = |head: &str| {
        format!(
            "INSERT INTO events SELECT company_id, {0}, {0}, stream_kind, stream_id, version + {more}, {uuid}, {uuid}, kind, format, occurred_at, \
             recorded_at + {more}, actor, cause, body, hash FROM events {1}; {head}",
            EVENTS + 1,
            at(EVENTS)
        )
    };
    match chance.below(22) {
        0 => set(format!("body = {}", bytes(world, &random))),
        1 => set(format!("hash = {}", bytes(world, &[random.clone(), random].concat()))),
        2 => set(format!("actor = actor || '{more}'")),
        3 => set(format!("cause = '{more}'")),
        4 => set(format!("kind = kind || '{more}'")),
        5 => set(format!("format = format + {more}")),
        6 => set(format!("occurred_at = occurred_at + {more}")),
        7 => set(format!("recorded_at = recorded_at - {more}")),
        8 => set(format!("event_id = {uuid}")),
        9 => set(format!("command_id = {uuid}")),
        10 => set(format!("stream_id = {uuid}")),
        11 => set(format!("stream_kind = stream_kind || '{more}'")),
        12 => set(format!("version = version + {more}")),
        13 => set(format!("commit_end = commit_end + {more}")),
        14 => format!("DELETE FROM events {}", at(one)),
        15 => format!("DELETE FROM events WHERE company_id = {us} AND position > {}", one - 1),
        16 => {
            let step = |from: i64, to: i64| format!("UPDATE events SET position = {to}, commit_end = {} {};", to.max(1), at(from));
            [step(one, 0), step(other, one), step(0, other)].concat()
        }
        17 => set(format!("actor = (SELECT actor FROM events {}), body = (SELECT body FROM events {})", at(other), at(other))),
        18 => {
            let step = |from: &str, to: &str| format!("UPDATE events SET company_id = {to} WHERE company_id = {from} AND position = {one};");
            [step(&us, &nobody), step(&them, &us), step(&nobody, &them)].concat()
        }
        19 => format!("UPDATE heads SET last_recorded_at = last_recorded_at + {more} WHERE company_id = {us}"),
        20 => behind(""),
        _ => behind(&format!("UPDATE heads SET position = {} WHERE company_id = {us}", EVENTS + 1)),
    }
}

/// An alteration by somebody who sets everything right that lies in the database.
async fn careful_alteration(world: &World, chance: &mut Chance) -> String {
    let company = if chance.below(2) == 0 { HERE } else { THERE };
    let us = named(world, company);
    let first = 1 + chance.below(EVENTS - 1);
    // What is beside the log goes with it.
    let beside = "DELETE FROM tree_nodes; DELETE FROM checkpoints;";
    let log = world.log(company).await;
    let head = |last: &Recorded| {
        let (position, hash, at) = (last.position, bytes(world, &last.hash.0), last.recorded_at.timestamp_micros());
        format!("UPDATE heads SET position = {position}, hash = {hash}, last_recorded_at = {at} WHERE company_id = {us};")
    };
    match chance.below(3) {
        0 => format!("{beside} DELETE FROM events WHERE company_id = {us} AND position > {first}; {}", head(&log[first as usize - 1])),
        1 => {
            let (log_id, from) = (world.store.log_id(company).await.unwrap(), first as usize - 1);
            let mut previous = if from == 0 { Hash::before_first(log_id) } else { log[from - 1].hash };
            let mut text = format!("{beside} UPDATE events SET actor = 'eve' WHERE company_id = {us} AND position = {first};");
            let mut last = log[from].clone();
            for event in &log[from..] {
                last = event.clone();
                last.actor = if event.position == first { "eve".into() } else { last.actor };
                last.hash = last.chain(&previous);
                previous = last.hash;
                text += &format!("UPDATE events SET hash = {} WHERE company_id = {us} AND position = {};", bytes(world, &last.hash.0), last.position);
            }
            text + &head(&last)
        }
        _ => {
            let (them, nobody) = (named(world, if company == HERE { THERE } else { HERE }), named(world, CompanyId(id(999))));
            let step =
                |from: &str, to: &str| ["events", "heads"].map(|table| format!("UPDATE {table} SET company_id = {to} WHERE company_id = {from};")).concat();
            [beside.to_owned(), step(&us, &nobody), step(&them, &us), step(&nobody, &them)].concat()
        }
    }
}

/// A company as this database's SQL writes it.
fn named(world: &World, company: CompanyId) -> String {
    match world.store.db.engine() {
        Engine::Sqlite => bytes(world, company.0.as_bytes()),
        Engine::Postgres => format!("'{company}'::uuid"),
    }
}

/// Numbers that look random and come out the same in every run (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: i64) -> i64 {
        (self.next() % end.unsigned_abs()).cast_signed()
    }
}
