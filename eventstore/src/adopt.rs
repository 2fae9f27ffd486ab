//! Taking over an exported log: the same events at the same positions with the same hashes, or none.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::chain::Walk;
use crate::claim::{Holders, Mac, other_than};
use crate::db::Tx;
use crate::effect::{Effect, EffectsOf};
use crate::error::StoreError;
use crate::event::Recorded;
use crate::follow::range;
use crate::keyring::erase;
use crate::kinds::{self, Noted};
use crate::later::Later;
use crate::log::{CompanyId, Hash, Mark, Stream};
use crate::statement::{Value, sql};
use crate::store::{Head, Store, lock_head, move_head};
use crate::writes::Writes;
use crate::{insert_values, run_in, select_in};

/// What became of a part of an exported log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adopted {
    /// How many events were added.
    pub added: usize,
    /// How many stood here already, the same.
    pub already: usize,
    /// The head now.
    pub head: Mark,
}

impl Store {
    /// Takes over a part of an exported log, whole commits in order, exactly as they are.
    ///
    /// An empty company adopts the log's id; after that only the same log continues, at the head. Events that stand
    /// here already are compared. Anything that does not fit adds nothing and names the position. `effects_of` derives
    /// what an event does, as [`crate::Decider::effects`] does.
    pub async fn adopt(&self, company: CompanyId, log_id: Uuid, events: &[Recorded], effects_of: EffectsOf<'_>) -> Result<Adopted, StoreError> {
        let mut tx = self.db.begin().await?;
        let mut head = lock_head(&mut tx, company).await?;
        if head.log_id != log_id {
            if head.position > 0 {
                return Err(broken(head.position, "there is another log here"));
            }
            head = Head { log_id, hash: Hash::before_first(log_id), ..head };
            let begin = sql(include_str!("sql/begin_log.sql")).bind(company).bind(log_id).bind(head.hash);
            begin.run(&mut tx.conn()).await?;
        }
        let (old, new) = events.split_at(events.partition_point(|event| event.position <= head.position));
        compare(&mut tx, company, old).await?;
        let walk = walk(&mut tx, company, &head, new).await?;

        let mut values = Vec::with_capacity(new.len() * 16);
        for event in new {
            event.push_values(company, &mut values);
        }
        insert_values(&mut tx.conn(), include_str!("sql/insert_event.sql"), values).await?;
        let kinds = Noted::these(kinds::read(&mut tx.conn(), company).await?).missing(company, new);
        insert_values(&mut tx.conn(), include_str!("sql/insert_event_kind.sql"), kinds).await?;
        let mut opened = new.to_vec();
        self.keyring.open(&mut tx.conn(), company, &mut opened).await?;
        self.apply_effects(&mut tx, company, log_id, &opened, effects_of).await?;
        let moved = Head { position: walk.position(), hash: walk.hash(), last_recorded_at: walk.last_recorded_at(), log_id };
        if !new.is_empty() {
            move_head(&mut tx.conn(), Writes::default(), company, head.position, &moved).await?;
        }
        tx.commit().await?;
        self.db.appended(events.len());
        Ok(Adopted { added: new.len(), already: old.len(), head: moved.mark(company) })
    }
}

/// Events at or before the head must be the ones that stand there.
async fn compare(tx: &mut Tx, company: CompanyId, events: &[Recorded]) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Ok(());
    };
    let mut standing = range(&mut tx.conn(), company, first.position, last.position).await?.into_iter();
    for event in events {
        let same = Recorded { company, opened: None, ..event.clone() };
        if standing.next() != Some(same) {
            return Err(broken(event.position, "another event stands here already"));
        }
    }
    Ok(())
}

/// New events must continue the log in every respect.
async fn walk(tx: &mut Tx, company: CompanyId, head: &Head, events: &[Recorded]) -> Result<Walk, StoreError> {
    let mut walk = Walk::from(head.position, head.hash, head.last_recorded_at);
    let mut streams: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for event in events {
        streams.entry(&event.stream.kind).or_default().push(event.stream.id.into());
    }
    for (kind, ids) in streams {
        let fixed = [company.into(), kind.into()];
        for row in select_in(&mut tx.conn(), include_str!("sql/stream_versions.sql"), &fixed, &ids).await? {
            let stream = Stream { kind: kind.to_owned().into(), id: row.get(0)? };
            walk.know_version(&stream, row.get(1)?);
        }
    }
    let mut faults = Vec::new();
    for event in events {
        walk.step(event, &mut faults);
        if let Some((rule, text)) = faults.pop() {
            return Err(broken(event.position, &format!("{rule}: {text}")));
        }
    }
    if walk.is_inside_commit() {
        return Err(broken(walk.position(), "the part ends inside a commit"));
    }
    Ok(walk)
}

impl Store {
    /// Does what the new events do beside being recorded: claims are taken and let go, keys are destroyed, timers are armed,
    /// messages wait. Their ids are those they had where the log comes from, so a receiver hears nothing twice.
    pub(crate) async fn apply_effects(
        &self,
        tx: &mut Tx,
        company: CompanyId,
        log_id: Uuid,
        events: &[Recorded],
        effects_of: EffectsOf<'_>,
    ) -> Result<(), StoreError> {
        let key = self.keyring.company(&mut tx.conn(), company).await?;
        let key = &key.claims;
        let changes: Vec<(&Recorded, Effect)> = events.iter().flat_map(|event| effects_of(event).into_iter().map(move |effect| (event, effect))).collect();
        let macs: Vec<Value> = changes.iter().filter_map(|(_, effect)| effect.claim()).map(|claim| key.mac(claim).into()).collect();
        let mut claims: BTreeMap<Mac, (&str, Holders)> = BTreeMap::new();
        for claim in changes.iter().filter_map(|(_, effect)| effect.claim()) {
            claims.entry(key.mac(claim)).or_insert_with(|| (claim.kind.as_str(), Holders::new()));
        }
        for row in select_in(&mut tx.conn(), include_str!("sql/read_claims.sql"), &[company.into()], &macs).await? {
            if let Some((_, holders)) = claims.get_mut(&row.get::<Mac>(0)?) {
                holders.insert(Stream { kind: row.get::<String>(1)?.into(), id: row.get(2)? }, row.get(3)?);
            }
        }
        let mut erased: BTreeSet<Stream> = BTreeSet::new();
        let mut later = Later::default();
        for (event, effect) in &changes {
            later.note(log_id, event, effect);
            match effect {
                Effect::Take(claim) | Effect::Share(claim) => {
                    let Some((_, holders)) = claims.get_mut(&key.mac(claim)) else { continue };
                    if matches!(effect, Effect::Take(_)) && other_than(holders, &event.stream).is_some() {
                        return Err(broken(event.position, "it takes a claim that another stream holds"));
                    }
                    holders.insert(event.stream.clone(), event.position);
                }
                Effect::Release(claim) => {
                    if let Some((_, holders)) = claims.get_mut(&key.mac(claim)) {
                        holders.remove(&event.stream);
                    }
                }
                Effect::Erase => {
                    erased.insert(event.stream.clone());
                    for (_, holders) in claims.values_mut() {
                        holders.remove(&event.stream);
                    }
                }
                Effect::Arm { .. } | Effect::Disarm { .. } | Effect::Send { .. } => {}
            }
        }
        let mut conn = tx.conn();
        erase(&mut conn, company, &erased).await?;
        let gone: Vec<Value> = claims.keys().map(|mac| (*mac).into()).collect();
        run_in(&mut conn, include_str!("sql/delete_claims.sql"), &[company.into()], &gone).await?;
        let mut taken: Vec<Value> = Vec::new();
        for (mac, (kind, holders)) in claims {
            for (stream, position) in holders {
                taken.extend([company.into(), mac.into(), kind.into(), stream.kind.as_ref().into(), stream.id.into(), position.into()]);
            }
        }
        let writes = Writes::default().insert(include_str!("sql/insert_claim.sql"), taken);
        later.write(writes, company).run(&mut conn).await.map(drop)
    }
}

fn broken(position: i64, text: &str) -> StoreError {
    StoreError::BrokenLog { position, text: text.to_owned() }
}
