//! The limit to compare with: one loop that writes the rows of a log again, and does nothing else.

use std::time::Instant;

use eventstore::{CompanyId, Store, Value, insert_values, select_in, sql};
use uuid::Uuid;

use crate::Run;

/// What one command left behind: the values of its rows, table by table.
#[derive(Default)]
struct Rows {
    events: Vec<Value>,
    receipts: Vec<Value>,
    keys: Vec<Value>,
}

/// Writes what the log of one company holds into another's, as many commands in a commit as there would be callers.
pub async fn replay(store: &Store, from: CompanyId, into: CompanyId, callers: usize) -> Run {
    let head = store.head(into).await.unwrap();
    let commands = read(store, from, into, head.position.number).await;
    let mut took = Vec::new();
    let mut position = head.position.number;
    let count = commands.len();
    let begin = Instant::now();
    let mut left = commands.into_iter();
    while left.len() > 0 {
        let commit = Instant::now();
        let mut all = Rows::default();
        for command in left.by_ref().take(callers) {
            all.events.extend(command.events);
            all.receipts.extend(command.receipts);
            all.keys.extend(command.keys);
        }
        let events = all.events.len() as i64 / 16;
        let mut tx = store.db.begin().await.unwrap();
        tx.lock_head(into).await.unwrap();
        insert_values(&mut tx.conn(), include_str!("../../../eventstore/src/sql/insert_event.sql"), all.events).await.unwrap();
        insert_values(&mut tx.conn(), include_str!("../../../eventstore/src/sql/insert_stream_key.sql"), all.keys).await.unwrap();
        insert_values(&mut tx.conn(), include_str!("../../../eventstore/src/sql/insert_receipt.sql"), all.receipts).await.unwrap();
        let moved =
            sql(include_str!("../../../eventstore/src/sql/move_head.sql")).bind(into).bind(position).bind(position + events).bind([7_u8; 32]).bind(1_i64);
        assert_eq!(moved.run(&mut tx.conn()).await.unwrap(), 1);
        tx.commit().await.unwrap();
        position += events;
        took.push(commit.elapsed());
    }
    Run { rate: count as f64 / begin.elapsed().as_secs_f64(), took }
}

/// The rows of every command after the first events of a log, under another company.
async fn read(store: &Store, from: CompanyId, into: CompanyId, after: i64) -> Vec<Rows> {
    let mut reader = store.db.read().await.unwrap();
    let mut commands: Vec<Rows> = Vec::new();
    let events = sql(EVENTS).bind(from).bind(after).all(&mut reader.conn()).await.unwrap();
    let receipts = sql(RECEIPTS).bind(from).bind(after).all(&mut reader.conn()).await.unwrap();
    let mut receipts = receipts.iter();
    let mut ends = 0;
    let mut streams = std::collections::HashSet::new();
    for row in &events {
        let (position, end): (i64, i64) = (row.get(0).unwrap(), row.get(1).unwrap());
        let (stream_kind, stream): (String, Uuid) = (row.get(2).unwrap(), row.get(3).unwrap());
        if end != ends {
            ends = end;
            commands.push(Rows::default());
            let receipt = receipts.next().unwrap();
            let (id, hash): ([u8; 32], [u8; 32]) = (receipt.get(0).unwrap(), receipt.get(1).unwrap());
            let command: Uuid = receipt.get(2).unwrap();
            let expires: i64 = receipt.get(3).unwrap();
            commands.last_mut().unwrap().receipts = vec![into.into(), id.into(), hash.into(), command.into(), position.into(), end.into(), expires.into()];
            if streams.insert(stream) {
                let fixed = [from.into(), stream_kind.as_str().into()];
                for key in &select_in(&mut reader.conn(), KEY, &fixed, &[stream.into()]).await.unwrap() {
                    let wrapped: Vec<u8> = key.get(1).unwrap();
                    commands.last_mut().unwrap().keys = vec![into.into(), stream_kind.as_str().into(), stream.into(), wrapped.into()];
                }
            }
        }
        let (event_id, command_id): (Uuid, Uuid) = (row.get(5).unwrap(), row.get(6).unwrap());
        let (kind, actor, cause): (String, String, Option<String>) = (row.get(7).unwrap(), row.get(11).unwrap(), row.get(12).unwrap());
        let numbers = [4, 8, 9, 10].map(|at| row.get::<i64>(at).unwrap());
        let (body, hash): (Vec<u8>, [u8; 32]) = (row.get(13).unwrap(), row.get(14).unwrap());
        commands.last_mut().unwrap().events.extend([
            into.into(),
            position.into(),
            end.into(),
            stream_kind.into(),
            stream.into(),
            numbers[0].into(),
            event_id.into(),
            command_id.into(),
            kind.into(),
            numbers[1].into(),
            numbers[2].into(),
            numbers[3].into(),
            actor.into(),
            cause.into(),
            body.into(),
            hash.into(),
        ]);
    }
    commands
}

const EVENTS: &str = "-- bare.rs    $1 company   $2 after
SELECT position, commit_end, stream_kind, stream_id, version, event_id, command_id, kind, format, occurred_at, recorded_at, actor, cause, body, hash
FROM events WHERE company_id = $1 AND position > $2 ORDER BY position";
const RECEIPTS: &str = "-- bare.rs    $1 company   $2 after
SELECT receipt_id, request_mac, command_id, expires_at FROM receipts WHERE company_id = $1 AND first_position > $2 ORDER BY first_position";
const KEY: &str = include_str!("../../../eventstore/src/sql/read_stream_keys.sql");
