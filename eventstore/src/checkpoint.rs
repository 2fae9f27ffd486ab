//! Signed checkpoints: where a log ended at some time, so that nobody can alter it later without contradicting himself.
//!
//! The chain of hashes beside the events finds accidents and careless hands. Whoever can write the database can also write a new
//! chain; only a checkpoint that was kept where they cannot reach it tells. A checkpoint is a signed note ([`crate::note`], in the
//! form of C2SP tlog-checkpoint):
//!
//! ```text
//! leadtrail/LOG-ID
//! number of events
//! root of the tree over them, in Base64
//! company ID
//! time when it was signed
//! chain hash of the last event
//! previous hash of the text of the checkpoint before, where there is one
//! ```

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::db::Conn;
use crate::error::StoreError;
use crate::log::{CompanyId, Hash, Mark, Position};
use crate::note::{Note, Signer, Verifier};
use crate::outbox::Message;
use crate::roots::{STEP, count, kept_nodes};
use crate::statement::{Row, sql};
use crate::store::{Store, read_head};
use crate::tree::{Tree, leaf};
use crate::verify::Finding;

/// What a message about a new checkpoint is about.
const SIGNED: &str = "checkpoint.signed";
/// Checkpoints read at a time.
const PAGE: i64 = 500;
/// Hashes read at a time.
const HASHES: i64 = 16_384;

/// What a log had come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose log it was.
    pub company: CompanyId,
    /// The log's own id.
    pub log_id: Uuid,
    /// How many events it held.
    pub size: i64,
    /// The root of the tree over them.
    pub root: Hash,
    /// The chain hash of the last of them.
    pub hash: Hash,
    /// When it was signed.
    pub at: DateTime<Utc>,
    /// The hash of the text of the checkpoint before.
    pub previous: Option<Hash>,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        let Self { company, log_id, size, hash, .. } = self;
        let (root, at) = (STANDARD.encode(self.root.0), self.at.to_rfc3339_opts(SecondsFormat::Micros, true));
        let previous = self.previous.map(|hash| format!("previous {hash}\n")).unwrap_or_default();
        format!("leadtrail/{log_id}\n{size}\n{root}\ncompany {company}\ntime {at}\nchain {hash}\n{previous}")
    }

    /// Reads such a text; none, when it is not exactly one.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let log_id = lines.next()?.strip_prefix("leadtrail/")?.parse().ok()?;
        let size = lines.next()?.parse().ok().filter(|size| *size > 0)?;
        let root = Hash(STANDARD.decode(lines.next()?).ok()?.try_into().ok()?);
        let company = lines.next()?.strip_prefix("company ")?.parse().ok()?;
        let at = DateTime::parse_from_rfc3339(lines.next()?.strip_prefix("time ")?).ok()?.to_utc();
        let hash = lines.next()?.strip_prefix("chain ")?.parse().ok()?;
        let previous = lines.next().map(|line| line.strip_prefix("previous ")?.parse().ok()).map_or(Some(None), |read| read.map(Some))?;
        Some(Self { company, log_id, size, root, hash, at, previous }).filter(|read| read.text() == text)
    }

    /// What the checkpoint after it names it by.
    pub fn text_hash(&self) -> Hash {
        Hash(Sha256::digest(self.text().as_bytes()).into())
    }

    /// Where the log ended.
    pub fn mark(&self) -> Mark {
        Mark { position: Position { company: self.company, number: self.size }, hash: self.hash }
    }

    /// What the world is told of it: the note, so that whoever receives messages keeps a second copy (SECURITY 4.4).
    fn message(&self, note: &str) -> Message {
        let mut id = [0; 16];
        id.copy_from_slice(&self.text_hash().0[..16]);
        Message {
            id: Builder::from_custom_bytes(id).into_uuid(),
            position: self.size,
            of_event: false,
            topic: SIGNED.to_owned(),
            body: json!({ "note": note }).to_string().into_bytes(),
            occurred_at: self.at,
        }
    }
}

/// A checkpoint, and the note it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The note, with its signatures.
    pub note: String,
}

impl Signed {
    /// Reads a note, without looking at who signed it; none, when it is no checkpoint.
    pub fn read(note: &str) -> Option<Self> {
        Some(Self { checkpoint: Checkpoint::read(Note::read(note)?.text)?, note: note.to_owned() })
    }

    /// Whether one of these keys signed it.
    pub fn is_by(&self, keys: &[Verifier]) -> bool {
        Note::read(&self.note).is_some_and(|note| keys.iter().any(|key| key.signed(&note)))
    }

    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let note: String = row.get(1)?;
        Self::read(&note)
            .ok_or_else(|| StoreError::malformed("checkpoints", format!("the row of size {} holds no checkpoint", row.get::<i64>(0).unwrap_or_default())))
    }
}

impl Store {
    /// The newest checkpoint of a log, made now where the log has grown since the last one; none while it is empty.
    ///
    /// A log that does not continue what was signed before is not signed again ([`StoreError::Diverged`]).
    pub async fn sign(&self, company: CompanyId, signer: &Signer, at: DateTime<Utc>) -> Result<Option<Signed>, StoreError> {
        let head = read_head(&mut self.db.read().await?.conn(), company).await?;
        let newest = self.newest_checkpoint(company).await?;
        if let Some(newest) = &newest {
            self.continues(company, &head.mark(company), &newest.checkpoint).await?;
        }
        if newest.as_ref().map_or(0, |newest| newest.checkpoint.size) == head.position {
            return Ok(newest);
        }
        let root = self.tree_root(company, head.position).await?;
        let mut tx = self.db.begin().await?;
        // Whoever signs waits here, so that each checkpoint names the one before it.
        tx.lock_head(company).await?;
        let newest = newest_on(&mut tx.conn(), company).await?;
        if let Some(newest) = newest.as_ref().filter(|newest| newest.checkpoint.size >= head.position) {
            return Ok(Some(newest.clone()));
        }
        let previous = newest.map(|newest| newest.checkpoint.text_hash());
        let checkpoint = Checkpoint { company, log_id: head.log_id, size: head.position, root, hash: head.hash, at, previous };
        let note = signer.sign(&checkpoint.text());
        sql(include_str!("sql/insert_checkpoint.sql")).bind(company).bind(checkpoint.size).bind(&note).run(&mut tx.conn()).await?;
        tx.send(company, checkpoint.message(&note)).await?;
        tx.commit().await?;
        Ok(Some(Signed { checkpoint, note }))
    }

    /// Whether a log continues what a checkpoint says, by its chain hash and by its root; costs little however long the log is.
    pub async fn continues(&self, company: CompanyId, head: &Mark, earlier: &Checkpoint) -> Result<(), StoreError> {
        let size = earlier.size;
        let diverged = |text: String| Err(StoreError::Diverged(text));
        if size > head.position.number {
            return diverged(format!("{size} events were signed at {}, and the log ends at {}", earlier.at, head.position.number));
        }
        if self.mark(company, size).await?.is_none_or(|mark| mark.hash != earlier.hash) {
            return diverged(format!("at position {size} stands another hash than the one signed at {}", earlier.at));
        }
        if self.tree_root(company, size).await? != earlier.root {
            // The rows kept for the tree may be at fault; the events themselves tell.
            self.drop_roots(company).await?;
            if self.tree_root(company, size).await? != earlier.root {
                return diverged(format!("the first {size} events are others than those signed at {}", earlier.at));
            }
        }
        Ok(())
    }

    /// The newest checkpoint of a log.
    pub async fn newest_checkpoint(&self, company: CompanyId) -> Result<Option<Signed>, StoreError> {
        newest_on(&mut self.db.read().await?.conn(), company).await
    }

    /// Checkpoints of less than so many events, the newest first.
    pub async fn checkpoints_below(&self, company: CompanyId, size: i64, limit: i64) -> Result<Vec<Signed>, StoreError> {
        let query = sql(include_str!("sql/list_checkpoints.sql")).bind(company).bind(size).bind(limit);
        query.all(&mut self.db.read().await?.conn()).await?.iter().map(Signed::from_row).collect()
    }

    /// Checkpoints of so many events or more, the oldest first.
    pub async fn checkpoints_from(&self, company: CompanyId, size: i64, limit: i64) -> Result<Vec<Signed>, StoreError> {
        let query = sql(include_str!("sql/checkpoints_from.sql")).bind(company).bind(size).bind(limit);
        query.all(&mut self.db.read().await?.conn()).await?.iter().map(Signed::from_row).collect()
    }
}

async fn newest_on(conn: &mut Conn<'_>, company: CompanyId) -> Result<Option<Signed>, StoreError> {
    let query = sql(include_str!("sql/list_checkpoints.sql")).bind(company).bind(i64::MAX).bind(1_i64);
    query.one(conn).await?.as_ref().map(Signed::from_row).transpose()
}

/// Checks a company's log against everything that was ever signed of it: each checkpoint stored beside the log, and each of those
/// kept `outside`, must be what the log had come to, signed by one of these keys. Without keys, nobody looks at signatures. The kept
/// roots are checked with them.
///
/// Only the checkpoints kept outside say anything against somebody who can write the database. Notes of other companies are passed
/// over. Leaves are the hashes stored with the events; that they are the right ones is for [`crate::verify()`] to say.
/// `progress` is told position and head.
pub async fn check_checkpoints(
    store: &Store,
    company: CompanyId,
    outside: &[String],
    keys: &[Verifier],
    progress: &mut (dyn FnMut(i64, i64) + Send),
) -> Result<Vec<Finding>, StoreError> {
    let mut reader = store.db.read().await?;
    let head = read_head(&mut reader.conn(), company).await?;
    drop(reader);
    let mut check = Check { company, keys, log_id: head.log_id, head: head.position, due: BTreeMap::new(), found: Vec::new() };
    let mut before: Option<Checkpoint> = None;
    loop {
        let from = before.as_ref().map_or(0, |before| before.size + 1);
        let query = sql(include_str!("sql/checkpoints_from.sql")).bind(company).bind(from).bind(PAGE);
        let page = query.all(&mut store.db.read().await?.conn()).await?;
        for row in &page {
            let (size, note): (i64, String) = (row.get(0)?, row.get(1)?);
            match Signed::read(&note).filter(|signed| signed.checkpoint.size == size && signed.checkpoint.company == company) {
                Some(signed) => {
                    if signed.checkpoint.previous != before.as_ref().map(Checkpoint::text_hash) {
                        check.note(size, "the stored checkpoint names another one before it than the one that is stored".to_owned());
                    }
                    before = Some(signed.checkpoint.clone());
                    check.expect("stored", signed);
                }
                None => {
                    check.note(size, "what is stored as a checkpoint is none of this company and size".to_owned());
                    before = Some(Checkpoint { size, ..before.unwrap_or_else(|| nothing(company)) });
                }
            }
        }
        if (page.len() as i64) < PAGE {
            break;
        }
    }
    for note in outside {
        match Signed::read(note) {
            Some(signed) if signed.checkpoint.company == company => check.expect("outside", signed),
            Some(_) => {}
            None => check.note(0, format!("“{}” is no checkpoint", note.lines().next().unwrap_or_default())),
        }
    }
    check.walk(store, progress).await?;
    check.found.sort_by_key(|finding| finding.position);
    Ok(check.found)
}

/// Stands for a checkpoint that cannot be read.
fn nothing(company: CompanyId) -> Checkpoint {
    Checkpoint { company, log_id: Uuid::nil(), size: 0, root: Hash([0; 32]), hash: Hash([0; 32]), at: DateTime::UNIX_EPOCH, previous: None }
}

struct Check<'c> {
    company: CompanyId,
    keys: &'c [Verifier],
    log_id: Uuid,
    head: i64,
    /// What must hold where, and where it is written.
    due: BTreeMap<i64, Vec<(&'static str, Checkpoint)>>,
    found: Vec<Finding>,
}

impl Check<'_> {
    fn note(&mut self, position: i64, text: String) {
        self.found.push(Finding { company: self.company, position, rule: "I4 checkpoints", text });
    }

    /// Takes a checkpoint up; what is wrong with it without looking at an event is noted at once.
    fn expect(&mut self, place: &'static str, signed: Signed) {
        let Checkpoint { size, log_id, at, .. } = signed.checkpoint;
        if !self.keys.is_empty() && !signed.is_by(self.keys) {
            self.note(size, format!("the {place} checkpoint of {at} is not signed by a known key"));
        } else if log_id != self.log_id {
            self.note(size, format!("log {log_id} was signed at {at} ({place}), and this is log {}", self.log_id));
        } else if size > self.head {
            self.note(self.head, format!("{size} events were signed at {at} ({place}), and the log ends at {}", self.head));
        } else {
            self.due.entry(size).or_default().push((place, signed.checkpoint));
        }
    }

    /// Builds the whole tree once, and compares on the way.
    async fn walk(&mut self, store: &Store, progress: &mut (dyn FnMut(i64, i64) + Send)) -> Result<(), StoreError> {
        let mut tree = Tree::default();
        // Of each kept height: the tree over the nodes below since its last node, and how many nodes there were.
        let mut levels: Vec<(Tree, u64)> = Vec::new();
        let mut position = 0;
        while position < self.head {
            let last = (position + HASHES).min(self.head);
            let mut reader = store.db.read().await?;
            let query = sql(include_str!("sql/read_hashes.sql")).bind(self.company).bind(position + 1).bind(last);
            let mut derived: BTreeMap<u32, Vec<(u64, Hash)>> = BTreeMap::new();
            for row in query.all(&mut reader.conn()).await? {
                let (at, hash): (i64, Hash) = (row.get(0)?, row.get(1)?);
                if at != position + 1 {
                    break;
                }
                position = at;
                tree.push(leaf(&hash));
                grow(&mut levels, leaf(&hash), &mut derived);
                for (place, due) in self.due.remove(&at).unwrap_or_default() {
                    if due.hash != hash || due.root != tree.root() {
                        self.note(at, format!("the first {at} events are others than those signed at {} ({place})", due.at));
                    }
                }
            }
            for (height, nodes) in derived {
                self.compare(&mut reader.conn(), height, &nodes).await?;
            }
            if position < last {
                self.note(position, format!("there is no event at {}", position + 1));
                break;
            }
            progress(position, self.head);
        }
        for (size, due) in std::mem::take(&mut self.due) {
            for (place, due) in due {
                self.note(position, format!("{size} events were signed at {} ({place}), and there is no way to them", due.at));
            }
        }
        if count(&mut store.db.read().await?.conn(), self.company, STEP).await? > self.head.unsigned_abs() >> STEP {
            self.note(self.head, "the kept roots go further than the log".to_owned());
        }
        Ok(())
    }

    /// The kept nodes of a height must be the derived ones, as far as they go.
    async fn compare(&mut self, conn: &mut Conn<'_>, height: u32, nodes: &[(u64, Hash)]) -> Result<(), StoreError> {
        let (Some((first, _)), Some((last, _))) = (nodes.first(), nodes.last()) else { return Ok(()) };
        let kept = kept_nodes(conn, self.company, height, *first..last + 1).await?;
        for node in kept.iter().filter(|node| !nodes.contains(node)) {
            let last = (node.0 + 1) << height;
            self.note(last.cast_signed(), format!("the kept root over the {} events up to {last} is not theirs", 1_u64 << height));
        }
        Ok(())
    }
}

/// Adds a leaf to the lowest level, and what it completes to the levels above and to `derived`, by height.
fn grow(levels: &mut Vec<(Tree, u64)>, leaf: Hash, derived: &mut BTreeMap<u32, Vec<(u64, Hash)>>) {
    let mut node = leaf;
    for level in 0.. {
        if levels.len() == level {
            levels.push((Tree::default(), 0));
        }
        let Some((below, done)) = levels.get_mut(level) else { return };
        below.push(node);
        if below.size() < 1 << STEP {
            return;
        }
        node = std::mem::take(below).root();
        derived.entry((level as u32 + 1) * STEP).or_default().push((*done, node));
        *done += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint(previous: Option<Hash>) -> Checkpoint {
        Checkpoint {
            company: CompanyId(Uuid::from_u128(1)),
            log_id: Uuid::from_u128(2),
            size: 17,
            root: Hash([3; 32]),
            hash: Hash([4; 32]),
            at: DateTime::from_timestamp_micros(1_750_000_000_000_001).unwrap(),
            previous,
        }
    }

    #[test]
    fn a_checkpoint_is_text_that_people_can_read() {
        let text = "leadtrail/00000000-0000-0000-0000-000000000002\n17\nAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=\n\
            company 00000000-0000-0000-0000-000000000001\ntime 2025-06-15T15:06:40.000001Z\n\
            chain 0404040404040404040404040404040404040404040404040404040404040404\n";
        assert_eq!(checkpoint(None).text(), text);
        let next = checkpoint(Some(checkpoint(None).text_hash()));
        for checkpoint in [checkpoint(None), next] {
            assert_eq!(Checkpoint::read(&checkpoint.text()), Some(checkpoint.clone()));
            assert_eq!(Checkpoint::read(&checkpoint.text().replace("\n17\n", "\n017\n")), None);
            assert_eq!(Checkpoint::read(&checkpoint.text().replace("04", "0A")), None);
            assert_eq!(Checkpoint::read(&(checkpoint.text() + "more\n")), None);
            assert_eq!(Checkpoint::read(checkpoint.text().trim_end()), None);
        }
    }

    #[test]
    fn a_checkpoint_is_known_by_its_signature() {
        let signer = Signer::new([9; 32]);
        let signed = Signed::read(&signer.sign(&checkpoint(None).text())).unwrap();
        assert_eq!(signed.checkpoint, checkpoint(None));
        assert!(signed.is_by(&[Signer::new([8; 32]).verifier(), signer.verifier()]));
        assert!(!signed.is_by(&[Signer::new([8; 32]).verifier()]) && !signed.is_by(&[]));
        assert_eq!(Signed::read(&signer.sign("something else\n")), None);
    }
}
