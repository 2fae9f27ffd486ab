//! Checks a company's whole log: no event twice, no gaps, the hash chain, whole commits, and what is derived from it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::chain::{Fault, Walk};
use crate::claim::{ClaimKey, Mac};
use crate::db::Conn;
use crate::effect::{Effect, EffectsOf};
use crate::error::StoreError;
use crate::event::Recorded;
use crate::follow::page;
use crate::kinds::{self, Kind, Met};
use crate::later::Later;
use crate::log::{CompanyId, Hash, Mark, Stream};
use crate::outbox::{Message, stored_messages};
use crate::statement::sql;
use crate::store::{Store, read_head};
use crate::timer::{Armed, TimerId, stored_timers};

/// Events read at a time.
const PAGE: usize = 2_000;
/// Claims read at a time.
const CLAIM_PAGE: i64 = 5_000;
/// More findings than this say nothing new.
const MOST_FINDINGS: usize = 20;

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
    /// What is wrong, by position; the first twenty. Empty when all is well.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The first thing that is wrong.
    pub fn first(&self) -> Option<&Finding> {
        self.findings.first()
    }
}

/// Checks a company's log up to its present head, page by page, beside any writer.
///
/// `effects_of` derives what an event does, as [`crate::Decider::effects`] does. `progress` is told position and head.
pub async fn verify(store: &Store, company: CompanyId, effects_of: EffectsOf<'_>, progress: &mut (dyn FnMut(i64, i64) + Send)) -> Result<Report, StoreError> {
    let mut checks = Checks { company, found: Vec::new() };

    // The head and what goes with it are read at one moment; events never change, so they can be read after it.
    let mut reader = store.db.read().await?;
    let head = read_head(&mut reader.conn(), company).await?;
    let key = store.keyring.company(&mut reader.conn(), company).await?;
    let stored = stored_claims(&mut reader.conn(), company).await?;
    let stored_kinds = kinds::read(&mut reader.conn(), company).await?;
    let timers = stored_timers(&mut reader.conn(), company).await?;
    let mut messages = stored_messages(&mut reader.conn(), company).await?;
    checks.events_once(&mut reader.conn(), head.position).await?;
    checks.receipts(&mut reader.conn(), head.position).await?;
    drop(reader);

    let mut walk = Walk::of_log(head.log_id);
    let mut claims = HashMap::new();
    let mut kinds = Met::default();
    let mut later = Later::default();
    let mut events = 0;
    while walk.position() < head.position {
        let mut reader = store.db.read().await?;
        let mut page = page(&mut reader.conn(), company, walk.position(), PAGE).await?;
        let keys = store.keyring.needed_for(&mut reader.conn(), company, &page).await?;
        drop(reader);
        for event in page.iter_mut().filter(|event| event.position <= head.position) {
            let mut faults = Vec::new();
            walk.step(event, &mut faults);
            if let Err(altered) = event.open(keys.get(&event.stream)) {
                faults.push(("seal", altered.to_string()));
            }
            let effects = effects_of(event);
            effects.iter().for_each(|effect| later.note(head.log_id, event, effect));
            sent(&mut messages, &std::mem::take(&mut later.messages));
            fold_claims(&mut claims, &key.claims, event, effects, &mut faults);
            checks.note(event.position, faults);
            kinds.meet(event);
            events += 1;
        }
        later.timers.retain(|_, timer| timer.is_some());
        progress(walk.position().min(head.position), head.position);
        if page.last().is_none_or(|last| last.position >= head.position) {
            break;
        }
    }
    checks.end(&walk, head.position, head.hash);
    checks.claims(&claims, &stored);
    checks.kinds(kinds.kinds(), stored_kinds.into_iter().collect());
    checks.timers(&later.timers, &timers);
    checks.messages(&messages);
    Ok(Report { company, head: head.mark(company), events, findings: checks.sorted() })
}

/// Who holds a claim, and since where.
type Claims = HashMap<Mac, (Stream, i64)>;

struct Checks {
    company: CompanyId,
    found: Vec<Finding>,
}

impl Checks {
    fn note(&mut self, position: i64, faults: Vec<Fault>) {
        for (rule, text) in faults {
            if self.found.len() < MOST_FINDINGS {
                self.found.push(Finding { company: self.company, position, rule, text });
            }
        }
    }

    async fn events_once(&mut self, conn: &mut Conn<'_>, head: i64) -> Result<(), StoreError> {
        let query = sql(include_str!("sql/repeated_event.sql")).bind(self.company).bind(head);
        if let Some(row) = query.one(conn).await? {
            let (event, first, last): (Uuid, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            self.note(last, vec![("I2 events once", format!("event {event} stands at position {first} too"))]);
        }
        Ok(())
    }

    async fn receipts(&mut self, conn: &mut Conn<'_>, head: i64) -> Result<(), StoreError> {
        let query = sql(include_str!("sql/stray_receipt.sql")).bind(self.company).bind(head);
        if let Some(row) = query.one(conn).await? {
            let (first, last, command): (i64, i64, Uuid) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let text = format!("the receipt of command {command} points at positions {first} to {last}, which are not its own");
            self.note(last, vec![("I2 receipts", text)]);
        }
        Ok(())
    }

    fn end(&mut self, walk: &Walk, position: i64, hash: Hash) {
        if walk.position() != position {
            let text = format!("the head says {position}, and the last event stands at {}", walk.position());
            self.note(walk.position(), vec![("I3 head", text)]);
        } else if walk.hash() != hash {
            self.note(position, vec![("I4 head", format!("the head's hash is {hash}, the last event's {}", walk.hash()))]);
        }
        if walk.is_inside_commit() {
            self.note(walk.position(), vec![("commit", "the log ends inside a commit".to_owned())]);
        }
    }

    fn claims(&mut self, derived: &Claims, stored: &Claims) {
        for (mac, (stream, position)) in derived {
            match stored.get(mac) {
                Some(row) if *row == (stream.clone(), *position) => {}
                Some((other, since)) => {
                    let text = format!("a claim of {stream} is stored as of {other} since position {since}");
                    self.note(*position, vec![("claims", text)]);
                }
                None => self.note(*position, vec![("claims", format!("a claim of {stream} is not stored"))]),
            }
        }
        for (mac, (stream, position)) in stored {
            if !derived.contains_key(mac) {
                self.note(*position, vec![("claims", format!("a claim is stored for {stream}, and no event takes it"))]);
            }
        }
    }

    fn kinds(&mut self, derived: BTreeSet<Kind>, stored: BTreeSet<Kind>) {
        for Kind { position, name, format } in derived.symmetric_difference(&stored) {
            let text = format!("the list of what the log holds is wrong about `{name}` of format {format}");
            self.note(*position, vec![("kinds", text)]);
        }
    }

    fn timers(&mut self, derived: &BTreeMap<TimerId, Option<Armed>>, stored: &[(TimerId, Armed, bool)]) {
        let mut missing: HashMap<&TimerId, &Armed> = derived.iter().filter_map(|(id, timer)| Some((id, timer.as_ref()?))).collect();
        for (id, timer, fired) in stored {
            let Some(armed) = missing.remove(id) else {
                let text = format!("a timer is stored for {}, and no event arms it", timer.stream);
                self.note(timer.position, vec![("timers", text)]);
                continue;
            };
            let as_armed = if *fired { Armed { wake_at: timer.wake_at, ..armed.clone() } } else { armed.clone() };
            if *timer != as_armed {
                self.note(armed.position, vec![("timers", format!("a timer of {} is not stored as it was armed", armed.stream))]);
            }
        }
        for armed in missing.into_values() {
            self.note(armed.position, vec![("timers", format!("a timer of {} is not stored", armed.stream))]);
        }
    }

    /// What is left here is sent by no event.
    fn messages(&mut self, strays: &[Message]) {
        for stray in strays.iter().filter(|stray| stray.of_event) {
            self.note(stray.position, vec![("outbox", format!("the message {} waits, and no event sends it", stray.id))]);
        }
    }

    fn sorted(mut self) -> Vec<Finding> {
        self.found.sort_by(|a, b| a.position.cmp(&b.position).then_with(|| a.rule.cmp(b.rule)));
        self.found
    }
}

/// Takes out of the messages that wait those that an event sends; the others were delivered already.
fn sent(waiting: &mut Vec<Message>, messages: &[Message]) {
    if !messages.is_empty() {
        waiting.retain(|waiting| !messages.contains(waiting));
    }
}

/// What an event does to claims, by the writer's rules.
fn fold_claims(claims: &mut Claims, key: &ClaimKey, event: &Recorded, effects: Vec<Effect>, faults: &mut Vec<Fault>) {
    for change in effects {
        if change == Effect::Erase {
            claims.retain(|_, (stream, _)| *stream != event.stream);
        }
        let Some(mac) = change.claim().map(|claim| key.mac(claim)) else { continue };
        let holder = claims.get(&mac).map(|(stream, _)| stream);
        match change {
            Effect::Take(_) => {
                if let Some(other) = holder.filter(|holder| **holder != event.stream) {
                    faults.push(("claims", format!("it takes a claim that {other} holds")));
                }
                claims.insert(mac, (event.stream.clone(), event.position));
            }
            _ if holder == Some(&event.stream) => {
                claims.remove(&mac);
            }
            _ => {}
        }
    }
}

/// All claims as they are stored.
async fn stored_claims(conn: &mut Conn<'_>, company: CompanyId) -> Result<Claims, StoreError> {
    let mut claims = HashMap::new();
    let mut after: Vec<u8> = Vec::new();
    loop {
        let page = sql(include_str!("sql/page_claims.sql")).bind(company).bind(after.clone()).bind(CLAIM_PAGE);
        let rows = page.all(conn).await?;
        for row in &rows {
            let mac: Mac = row.get(0)?;
            after = mac.to_vec();
            claims.insert(mac, (Stream { kind: row.get::<String>(1)?.into(), id: row.get(2)? }, row.get(3)?));
        }
        if rows.len() < CLAIM_PAGE as usize {
            return Ok(claims);
        }
    }
}
