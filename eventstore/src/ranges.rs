//! Walking a log in several ranges at once, with the result of one walk.
//!
//! Each range begins behind a stored event, as a walk goes on that came to it; the range before ends with that event and checks it.
//! Only what a stream's version follows can lie further back: it is checked when the ranges are joined.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::chain::{Fault, Walk};
use crate::claim::{ClaimKey, Mac};
use crate::effect::{Effect, EffectsOf};
use crate::error::StoreError;
use crate::event::Recorded;
use crate::keyring::StreamSeal;
use crate::kinds::Met;
use crate::log::{CompanyId, Stream};
use crate::seal::has_sealed;
use crate::select_in;
use crate::statement::{Value, sql};
use crate::store::{Head, Store};

/// Events read at a time.
const PAGE: i64 = 2_000;
/// More findings than this say nothing new.
pub(crate) const MOST_FINDINGS: usize = 20;

/// What is walked, and how.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) company: CompanyId,
    /// Opens what is sealed and makes claims unreadable; without it neither is looked at.
    pub(crate) key: Option<ClaimKey>,
    pub(crate) effects_of: EffectsOf<'static>,
    /// Ranges walked at once take turns.
    pub(crate) turns: Arc<Semaphore>,
}

/// What was seen on the way.
pub(crate) struct Walked {
    pub(crate) walk: Walk,
    /// What is wrong, each with its position, in order.
    pub(crate) faults: Vec<(i64, Fault)>,
    /// What became of claims, in order.
    pub(crate) changes: Vec<Change>,
    /// Events that do something later, without their bodies, and what; in order.
    pub(crate) doings: Vec<(Recorded, Vec<Effect>)>,
    /// A short print of each event's id.
    pub(crate) prints: Vec<u64>,
    /// The kinds of events.
    pub(crate) kinds: Met,
    /// Streams with something sealed and without a key, each with where that was met first, and whether the key was destroyed.
    pub(crate) keyless: BTreeMap<Stream, (i64, bool)>,
    pub(crate) events: i64,
    /// It stopped where the database could not read on.
    pub(crate) is_cut: bool,
}

/// What an event did to claims.
pub(crate) struct Change {
    pub(crate) position: i64,
    pub(crate) stream: Stream,
    pub(crate) what: What,
}

/// What happened to a claim.
pub(crate) enum What {
    /// It was taken.
    Taken(Mac),
    /// It was taken beside whoever held it.
    Shared(Mac),
    /// It was let go.
    Released(Mac),
    /// All claims of the stream were, and its key was destroyed.
    Erased,
}

/// Walks from behind a position to the head, in at most so many ranges of at least this length. `progress` is told how many events
/// were walked.
pub(crate) async fn walk(
    store: &Store,
    way: &Way,
    head: &Head,
    from: i64,
    (most, shortest): (usize, i64),
    progress: &mut (dyn FnMut(i64) + Send),
) -> Result<Walked, StoreError> {
    let starts = starts(store, way.company, head, from, (most, shortest)).await?;
    let Some(mut joined) = begin(head, from, &starts) else {
        return Ok(Walked { is_cut: true, faults: vec![(from, ("I3 positions", "the event before the last ones is missing".into()))], ..empty(head) });
    };
    let (sender, mut steps) = mpsc::unbounded_channel();
    let mut tasks = JoinSet::new();
    let count = starts.len();
    let ends = starts.iter().skip(1).map(Walk::position).chain([head.position]).collect::<Vec<_>>();
    for (number, (start, end)) in starts.into_iter().zip(ends).enumerate() {
        let (store, way, sender) = (store.clone(), way.clone(), sender.clone());
        tasks.spawn(async move { (number, range(&store, &way, start, end, &sender).await) });
    }
    drop(sender);
    let mut done = 0;
    while let Some(events) = steps.recv().await {
        done += events;
        progress(done);
    }
    let mut ranges: Vec<Option<Walked>> = (0..count).map(|_| None).collect();
    while let Some(ended) = tasks.join_next().await {
        let (number, walked) = ended.map_err(|error| StoreError::Panicked(error.to_string()))?;
        ranges[number] = Some(walked?);
    }
    let ranges: Vec<Walked> = ranges.into_iter().flatten().collect();
    if from > 0 {
        know_versions(store, way.company, from, &ranges, &mut joined.walk).await?;
    }
    for range in ranges {
        joined.faults.extend(joined.walk.go_on(range.walk));
        joined.faults.extend(range.faults);
        joined.changes.extend(range.changes);
        joined.doings.extend(range.doings);
        joined.prints.extend(range.prints);
        joined.kinds.go_on(range.kinds);
        for (stream, met) in range.keyless {
            joined.keyless.entry(stream).or_insert(met);
        }
        joined.events += range.events;
        if range.is_cut {
            joined.is_cut = true;
            break;
        }
    }
    Ok(joined)
}

fn empty(head: &Head) -> Walked {
    walked(Walk::of_log(head.log_id))
}

/// A walk that has seen nothing yet.
fn walked(walk: Walk) -> Walked {
    let (kinds, keyless) = (Met::default(), BTreeMap::new());
    Walked { walk, faults: vec![], changes: vec![], doings: vec![], prints: vec![], kinds, keyless, events: 0, is_cut: false }
}

/// What the ranges are joined to; none, when the event is missing behind which the first should begin.
fn begin(head: &Head, from: i64, starts: &[Walk]) -> Option<Walked> {
    let first = starts.first()?;
    let walk = if from == 0 { Walk::of_log(head.log_id) } else { Walk::from(from, first.hash(), first.last_recorded_at()) };
    Some(Walked { walk, ..empty(head) })
}

/// Where the ranges begin. Behind a position without an event none does.
async fn starts(store: &Store, company: CompanyId, head: &Head, from: i64, (most, shortest): (usize, i64)) -> Result<Vec<Walk>, StoreError> {
    let length = head.position - from;
    let count = (length / shortest.max(1)).clamp(1, i64::try_from(most).unwrap_or(1));
    let borders = (0..count).map(|number| from + length / count * number).filter(|border| *border > 0).map(Value::from).collect::<Vec<_>>();
    let mut reader = store.db.read().await?;
    let rows = match select_in(&mut reader.conn(), include_str!("sql/read_positions.sql"), &[company.into()], &borders).await {
        // Whoever walks there finds out where.
        Err(error) if error.is_damage() => vec![],
        rows => rows?,
    };
    let mut starts: Vec<Walk> = rows.iter().filter_map(|row| Recorded::from_row(company, row).ok()).map(|event| Walk::behind(&event)).collect();
    starts.sort_by_key(Walk::position);
    match from {
        0 => starts.insert(0, Walk::of_log(head.log_id)),
        _ if starts.first().is_none_or(|first| first.position() != from) => starts.clear(),
        _ => {}
    }
    Ok(starts)
}

/// Walks one range to its end.
async fn range(store: &Store, way: &Way, walk: Walk, end: i64, steps: &mpsc::UnboundedSender<i64>) -> Result<Walked, StoreError> {
    let _turn = way.turns.acquire().await;
    let mut walked = walked(walk);
    let mut limit = PAGE;
    while walked.walk.position() < end {
        let after = walked.walk.position();
        let (mut page, keys) = match page(store, way, after, limit.min(end - after)).await {
            // Of a page that cannot be read, the events before the fault are.
            Err(error) if error.is_damage() && limit > 1 => {
                limit = 1;
                continue;
            }
            Err(error) if error.is_damage() => {
                walked.faults.push((after + 1, ("storage", format!("it cannot be read: {error}"))));
                walked.is_cut = true;
                break;
            }
            read => read?,
        };
        page.truncate(page.partition_point(|event| event.position <= end));
        if page.is_empty() {
            break;
        }
        for event in &mut page {
            walked.step(event, way, keys.get(&event.stream));
        }
        // Whoever listens has gone when it is all given up.
        if steps.send(page.len() as i64).is_err() {
            break;
        }
    }
    Ok(walked)
}

/// The next events, whether or not they end a commit, and the keys of what is sealed in them.
async fn page(store: &Store, way: &Way, after: i64, limit: i64) -> Result<(Vec<Recorded>, HashMap<Stream, StreamSeal>), StoreError> {
    let mut reader = store.db.read().await?;
    let mut conn = reader.conn();
    let rows = sql(include_str!("sql/read_page.sql")).bind(way.company).bind(after).bind(limit).all(&mut conn).await?;
    let events = rows.iter().map(|row| Recorded::from_row(way.company, row)).collect::<Result<Vec<_>, _>>()?;
    let keys = if way.key.is_some() { store.keyring.needed_for(&mut conn, way.company, &events).await? } else { HashMap::new() };
    Ok((events, keys))
}

impl Walked {
    fn step(&mut self, event: &mut Recorded, way: &Way, seal: Option<&StreamSeal>) {
        let mut faults = Vec::new();
        self.walk.step(event, &mut faults);
        if let Some(key) = &way.key {
            if let Err(altered) = event.open(seal) {
                faults.push(("seal", altered.to_string()));
            }
            if !matches!(seal, Some(StreamSeal::Key(_))) && has_sealed(&event.body) {
                self.keyless.entry(event.stream.clone()).or_insert((event.position, seal.is_some()));
            }
            let mut later = Vec::new();
            for effect in (way.effects_of)(event) {
                let what = match &effect {
                    Effect::Take(claim) => Some(What::Taken(key.mac(claim))),
                    Effect::Share(claim) => Some(What::Shared(key.mac(claim))),
                    Effect::Release(claim) => Some(What::Released(key.mac(claim))),
                    Effect::Erase => Some(What::Erased),
                    Effect::Arm { .. } | Effect::Disarm { .. } | Effect::Send { .. } => None,
                };
                self.changes.extend(what.map(|what| Change { position: event.position, stream: event.stream.clone(), what }));
                if effect.claim().is_none() {
                    later.push(effect);
                }
            }
            if !later.is_empty() {
                self.doings.push((Recorded { body: vec![], opened: None, ..event.clone() }, later));
            }
        }
        if self.faults.len() < MOST_FINDINGS {
            self.faults.extend(faults.into_iter().map(|fault| (event.position, fault)));
        }
        let (high, low) = event.event_id.as_u64_pair();
        self.prints.push(high ^ low);
        self.kinds.meet(event);
        self.events += 1;
    }
}

/// Looks up how far the streams that the ranges met had come before.
async fn know_versions(store: &Store, company: CompanyId, from: i64, ranges: &[Walked], walk: &mut Walk) -> Result<(), StoreError> {
    let mut met: BTreeMap<String, BTreeSet<uuid::Uuid>> = BTreeMap::new();
    for stream in ranges.iter().flat_map(|range| range.walk.met()) {
        met.entry(stream.kind.into_owned()).or_default().insert(stream.id);
    }
    let mut reader = store.db.read().await?;
    for (kind, ids) in met {
        let ids: Vec<Value> = ids.into_iter().map(Value::from).collect();
        let fixed = [company.into(), kind.as_str().into(), from.into()];
        for row in select_in(&mut reader.conn(), include_str!("sql/versions_until.sql"), &fixed, &ids).await? {
            walk.know_version(&Stream { kind: kind.clone().into(), id: row.get(0)? }, row.get(1)?);
        }
    }
    Ok(())
}
