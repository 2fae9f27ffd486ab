//! Checks a company's log: no event twice, no gaps, the hash chain, whole commits, who did it, and what is derived from it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::chain::{Fault, Walk};
use crate::claim::{Holders, Mac, other_than};
use crate::db::Conn;
use crate::effect::{Effect, EffectsOf};
use crate::error::StoreError;
use crate::kinds::{self, Kind};
use crate::later::Later;
use crate::log::{CompanyId, Mark, Stream};
use crate::outbox::{Message, stored_messages};
use crate::ranges::{Change, MOST_FINDINGS, Walked, Way, What, walk};
use crate::statement::sql;
use crate::store::{Head, Store, read_head};
use crate::timer::{Armed, TimerId, stored_timers};

/// A range of a log is not shorter than this.
const SHORTEST_RANGE: i64 = 20_000;
/// Ranges for each core: the more, the less one waits for the last.
const RANGES: usize = 2;
/// Claims read at a time.
const CLAIM_PAGE: i64 = 5_000;

/// Something in a log that cannot have come about by appending to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In whose log.
    pub company: CompanyId,
    /// Where.
    pub position: i64,
    /// Which rule it breaks.
    pub rule: &'static str,
    /// What was found.
    pub text: String,
}

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whose log.
    pub company: CompanyId,
    /// The head up to which it was checked.
    pub head: Mark,
    /// How many events were read.
    pub events: i64,
    /// How many streams have no key here, although something in them is sealed: nobody here can read it. So it is with a log that was
    /// taken over without its keys.
    pub without_keys: usize,
    /// What is wrong, by position; the first twenty. Empty when all is well.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The first thing that is wrong.
    pub fn first(&self) -> Option<&Finding> {
        self.findings.first()
    }
}

/// How much of a log is checked, and how much of it at once.
#[derive(Clone, Debug)]
pub struct Checks {
    tail: Option<i64>,
    has_keys: bool,
    ranges: usize,
    shortest_range: i64,
    turns: Arc<Semaphore>,
}

impl Checks {
    /// Everything, on all cores. Clones share them, so that several companies may be checked at once.
    pub fn whole() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self { tail: None, has_keys: true, ranges: cores * RANGES, shortest_range: SHORTEST_RANGE, turns: Arc::new(Semaphore::new(cores)) }
    }

    /// Only the last so many events, from the stored event before them; without what is derived from events and without receipts.
    #[must_use]
    pub fn of_tail(self, events: i64) -> Self {
        Self { tail: Some(events.max(1)), ..self }
    }

    /// Without opening what is sealed, and so without claims, timers and messages: for a backup, which has no keys.
    #[must_use]
    pub fn without_keys(self) -> Self {
        Self { has_keys: false, ..self }
    }

    /// In at most so many ranges, none of them shorter than this.
    #[must_use]
    pub fn in_ranges(self, ranges: usize, shortest: i64) -> Self {
        Self { ranges, shortest_range: shortest, ..self }
    }
}

/// Checks a company's whole log up to its present head, beside any writer.
///
/// `effects_of` derives what an event does, as [`crate::Decider::effects`] does. `progress` is told how many events were
/// checked, and of how many.
pub async fn verify(
    store: &Store,
    company: CompanyId,
    effects_of: EffectsOf<'static>,
    progress: &mut (dyn FnMut(i64, i64) + Send),
) -> Result<Report, StoreError> {
    verify_at(store, company, &Checks::whole(), effects_of, progress).await
}

/// Like [`verify`], of less than everything.
pub async fn verify_at(
    store: &Store,
    company: CompanyId,
    checks: &Checks,
    effects_of: EffectsOf<'static>,
    progress: &mut (dyn FnMut(i64, i64) + Send),
) -> Result<Report, StoreError> {
    // The head and what goes with it are read at one moment; events never change, so they can be read after it.
    let mut reader = store.db.read().await?;
    let head = read_head(&mut reader.conn(), company).await?;
    let is_whole = checks.tail.is_none();
    let from = checks.tail.map_or(0, |tail| (head.position - tail).max(0));
    let key = match checks.has_keys {
        true => Some(store.keyring.company(&mut reader.conn(), company).await?.claims.clone()),
        false => None,
    };
    let stored = if is_whole && checks.has_keys { stored_claims(&mut reader.conn(), company).await? } else { HashMap::new() };
    let stored_kinds = kinds::read(&mut reader.conn(), company).await?;
    let timers = stored_timers(&mut reader.conn(), company).await?;
    let mut waiting = stored_messages(&mut reader.conn(), company).await?;
    let behind = sql(include_str!("sql/read_page.sql")).bind(company).bind(head.position).bind(1_i64).one(&mut reader.conn()).await?;
    let receipts = async move {
        match is_whole {
            true => stray_receipt(&mut reader.conn(), company, head.position).await,
            false => Ok(None),
        }
    };
    let way = Way { company, key, effects_of, turns: Arc::clone(&checks.turns) };
    let mut walked_so_far = |events| progress(events, head.position - from);
    let walking = walk(store, &way, &head, from, (checks.ranges, checks.shortest_range), &mut walked_so_far);
    let (receipts, walked) = futures::join!(receipts, walking);
    let Walked { walk, mut faults, changes, doings, mut prints, kinds, keyless, events, is_cut } = walked?;
    match receipts {
        Err(error) if error.is_damage() => faults.push((head.position, ("storage", format!("the receipts cannot be read: {error}")))),
        found => faults.extend(found?),
    }
    prints.sort_unstable();
    // Where no two prints are the same, no two ids are.
    if prints.windows(2).any(|pair| pair[0] == pair[1]) {
        faults.extend(repeated_event(&mut store.db.read().await?.conn(), company, head.position).await?);
    }
    if let Some(row) = behind {
        let position: i64 = row.get(0)?;
        faults.push((position, ("I3 head", format!("an event stands here, and the head says {}", head.position))));
    }
    let mut without_keys = 0;
    if !is_cut {
        faults.extend(end(&walk, &head));
        if is_whole {
            compare_kinds(kinds.kinds(), stored_kinds.into_iter().collect(), &mut faults);
        }
        if is_whole && checks.has_keys {
            let erased: HashSet<Stream> = changes.iter().filter(|change| matches!(change.what, What::Erased)).map(|change| change.stream.clone()).collect();
            for (stream, (position, is_destroyed)) in keyless.into_iter().filter(|(stream, _)| !erased.contains(stream)) {
                if !is_destroyed {
                    without_keys += 1;
                } else if !is_erased_since(store, &head, company, effects_of, &stream).await? {
                    faults.push((position, ("keys", format!("the key of {stream} was destroyed, and no event erased it"))));
                }
            }
            let derived = holders(changes, &mut faults);
            let stored = without_erased_since(store, &head, company, effects_of, &derived, stored).await?;
            compare(&derived, &stored, &mut faults);
            let mut later = Later::default();
            for (event, effects) in &doings {
                effects.iter().for_each(|effect| later.note(head.log_id, event, effect));
                sent(&mut waiting, &std::mem::take(&mut later.messages));
            }
            compare_timers(&later.timers, &timers, &mut faults);
            stray_messages(&waiting, &mut faults);
        }
    }
    let mut findings: Vec<Finding> = faults.into_iter().map(|(position, (rule, text))| Finding { company, position, rule, text }).collect();
    findings.sort_by(|a, b| a.position.cmp(&b.position).then_with(|| a.rule.cmp(b.rule)));
    findings.truncate(MOST_FINDINGS);
    Ok(Report { company, head: head.mark(company), events, without_keys, findings })
}

/// A fault and its position.
type Found = (i64, Fault);

async fn repeated_event(conn: &mut Conn<'_>, company: CompanyId, head: i64) -> Result<Option<Found>, StoreError> {
    let query = sql(include_str!("sql/repeated_event.sql")).bind(company).bind(head);
    let Some(row) = query.one(conn).await? else { return Ok(None) };
    let (event, first, last): (Uuid, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Some((last, ("I2 events once", format!("event {event} stands at position {first} too")))))
}

async fn stray_receipt(conn: &mut Conn<'_>, company: CompanyId, head: i64) -> Result<Option<Found>, StoreError> {
    let query = sql(include_str!("sql/stray_receipt.sql")).bind(company).bind(head);
    let Some(row) = query.one(conn).await? else { return Ok(None) };
    let (first, last, command): (i64, i64, Uuid) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let text = format!("the receipt of command {command} points at positions {first} to {last}, which are not its own");
    Ok(Some((last, ("I2 receipts", text))))
}

/// The walk must end where the head says.
fn end(walk: &Walk, head: &Head) -> Vec<Found> {
    let mut faults = Vec::new();
    if walk.position() != head.position {
        let text = format!("the head says {}, and the last event stands at {}", head.position, walk.position());
        faults.push((walk.position(), ("I3 head", text)));
    } else if walk.hash() != head.hash {
        faults.push((head.position, ("I4 head", format!("the head's hash is {}, the last event's {}", head.hash, walk.hash()))));
    }
    if head.position > 0 && walk.last_recorded_at() != head.last_recorded_at {
        let text = format!("the head says that the last event was recorded at {}, and it was at {}", head.last_recorded_at, walk.last_recorded_at());
        faults.push((head.position, ("I3 head", text)));
    }
    if walk.is_inside_commit() {
        faults.push((walk.position(), ("commit", "the log ends inside a commit".to_owned())));
    }
    faults
}

/// Who holds which claim, and since where.
type Claims = HashMap<(Mac, Stream), i64>;

/// Who holds which claim after all that became of them, by the writer's rules.
fn holders(changes: Vec<Change>, faults: &mut Vec<Found>) -> Claims {
    let mut claims: HashMap<Mac, Holders> = HashMap::new();
    let mut of_stream: HashMap<Stream, Vec<Mac>> = HashMap::new();
    for Change { position, stream, what } in changes {
        match what {
            What::Taken(mac) | What::Shared(mac) => {
                let holders = claims.entry(mac).or_default();
                if let (What::Taken(_), Some(other)) = (&what, other_than(holders, &stream)) {
                    faults.push((position, ("claims", format!("it takes a claim that {other} holds"))));
                }
                of_stream.entry(stream.clone()).or_default().push(mac);
                holders.insert(stream, position);
            }
            What::Released(mac) => {
                claims.entry(mac).or_default().remove(&stream);
            }
            What::Erased => {
                for mac in of_stream.remove(&stream).unwrap_or_default() {
                    claims.entry(mac).or_default().remove(&stream);
                }
            }
        }
    }
    claims.into_iter().flat_map(|(mac, holders)| holders.into_iter().map(move |(stream, position)| ((mac, stream), position))).collect()
}

/// Leaves out claims of streams that were erased after the head was read: their events tell no more what they took.
async fn without_erased_since(
    store: &Store,
    head: &Head,
    company: CompanyId,
    effects_of: EffectsOf<'_>,
    derived: &Claims,
    mut stored: Claims,
) -> Result<Claims, StoreError> {
    let missing: HashSet<Stream> = stored.keys().filter(|held| !derived.contains_key(*held)).map(|(_, stream)| stream.clone()).collect();
    for stream in missing {
        if is_erased_since(store, head, company, effects_of, &stream).await? {
            stored.retain(|(_, holder), _| *holder != stream);
        }
    }
    Ok(stored)
}

/// Whether a stream was erased after the head was read.
async fn is_erased_since(store: &Store, head: &Head, company: CompanyId, effects_of: EffectsOf<'_>, stream: &Stream) -> Result<bool, StoreError> {
    match store.stream(company, stream).await {
        Ok(events) => Ok(events.iter().any(|event| event.position > head.position && effects_of(event).contains(&Effect::Erase))),
        // It is found where the events are checked.
        Err(error) if error.is_damage() => Ok(false),
        Err(error) => Err(error),
    }
}

fn compare(derived: &Claims, stored: &Claims, faults: &mut Vec<Found>) {
    for (held, position) in derived {
        let stream = &held.1;
        match stored.get(held) {
            Some(since) if since == position => {}
            Some(since) => faults.push((*position, ("claims", format!("a claim of {stream} is stored as held since position {since}")))),
            None => faults.push((*position, ("claims", format!("a claim of {stream} is not stored")))),
        }
    }
    for (held, position) in stored {
        if !derived.contains_key(held) {
            faults.push((*position, ("claims", format!("a claim is stored for {}, and no event takes it", held.1))));
        }
    }
}

fn compare_kinds(derived: BTreeSet<Kind>, stored: BTreeSet<Kind>, faults: &mut Vec<Found>) {
    for Kind { position, name, format } in derived.symmetric_difference(&stored) {
        let text = format!("the list of what the log holds is wrong about `{name}` of format {format}");
        faults.push((*position, ("kinds", text)));
    }
}

fn compare_timers(derived: &BTreeMap<TimerId, Option<Armed>>, stored: &[(TimerId, Armed, bool)], faults: &mut Vec<Found>) {
    let mut missing: HashMap<&TimerId, &Armed> = derived.iter().filter_map(|(id, timer)| Some((id, timer.as_ref()?))).collect();
    for (id, timer, fired) in stored {
        let Some(armed) = missing.remove(id) else {
            faults.push((timer.position, ("timers", format!("a timer is stored for {}, and no event arms it", timer.stream))));
            continue;
        };
        let as_armed = if *fired { Armed { wake_at: timer.wake_at, ..armed.clone() } } else { armed.clone() };
        if *timer != as_armed {
            faults.push((armed.position, ("timers", format!("a timer of {} is not stored as it was armed", armed.stream))));
        }
    }
    for armed in missing.into_values() {
        faults.push((armed.position, ("timers", format!("a timer of {} is not stored", armed.stream))));
    }
}

/// Takes out of the messages that wait those that an event sends; the others were delivered already.
fn sent(waiting: &mut Vec<Message>, messages: &[Message]) {
    if !messages.is_empty() {
        waiting.retain(|waiting| !messages.contains(waiting));
    }
}

/// What is left of the messages that wait is sent by no event.
fn stray_messages(strays: &[Message], faults: &mut Vec<Found>) {
    for stray in strays.iter().filter(|stray| stray.of_event) {
        faults.push((stray.position, ("outbox", format!("the message {} waits, and no event sends it", stray.id))));
    }
}

/// All claims as they are stored.
async fn stored_claims(conn: &mut Conn<'_>, company: CompanyId) -> Result<Claims, StoreError> {
    let mut claims = HashMap::new();
    let mut after = (Vec::new(), String::new(), Uuid::nil());
    loop {
        let (mac, kind, id) = after.clone();
        let rows = sql(include_str!("sql/page_claims.sql")).bind(company).bind(mac).bind(kind).bind(id).bind(CLAIM_PAGE).all(conn).await?;
        for row in &rows {
            let (mac, kind, id): (Mac, String, Uuid) = (row.get(0)?, row.get(1)?, row.get(2)?);
            after = (mac.to_vec(), kind.clone(), id);
            claims.insert((mac, Stream { kind: kind.into(), id }), row.get(3)?);
        }
        if rows.len() < CLAIM_PAGE as usize {
            return Ok(claims);
        }
    }
}
