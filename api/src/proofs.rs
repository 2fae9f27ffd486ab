//! Proofs from the log's Merkle tree, for HTTP and the command line alike.

use crate::app::App;
use chrono::{DateTime, Utc};
use eventstore::{CompanyId, Hash, Signed, StoreError, tree};
use serde::Serialize;
use utoipa::ToSchema;

/// A signed checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckpointView {
    /// How many events the log held.
    pub size: i64,
    /// The root of the tree over them, in hexadecimal digits.
    #[schema(value_type = String)]
    pub root: Hash,
    /// The chain hash of the last of them.
    #[schema(value_type = String)]
    pub hash: Hash,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
    /// The signed note itself: what is kept outside, and what is checked with the public key.
    pub note: String,
}

impl From<Signed> for CheckpointView {
    fn from(signed: Signed) -> CheckpointView {
        let Signed { checkpoint, note } = signed;
        CheckpointView { size: checkpoint.size, root: checkpoint.root, hash: checkpoint.hash, signed_at: checkpoint.at, note }
    }
}

/// Shows that an event is in the log (RFC 9162, 2.1.3).
#[derive(Debug, Serialize, ToSchema)]
pub struct InclusionProof {
    /// Where the event stands. In the tree, leaves are numbered from 0.
    pub position: i64,
    /// The event's chain hash.
    #[schema(value_type = String)]
    pub hash: Hash,
    /// Its leaf: SHA-256 over a zero byte and the chain hash.
    #[schema(value_type = String)]
    pub leaf: Hash,
    /// How many events the tree holds.
    pub size: i64,
    /// Its root.
    #[schema(value_type = String)]
    pub root: Hash,
    /// The hashes that lead from the leaf to the root.
    #[schema(value_type = Vec<String>)]
    pub path: Vec<Hash>,
    /// The signed note of a checkpoint of exactly this size; null where none was signed.
    pub checkpoint: Option<String>,
}

/// Shows that the log only grew (RFC 9162, 2.1.4).
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsistencyProof {
    /// The size of the earlier tree.
    pub from: i64,
    /// The size of the later tree.
    pub to: i64,
    /// The root of the earlier tree.
    #[schema(value_type = String)]
    pub from_root: Hash,
    /// The root of the later tree.
    #[schema(value_type = String)]
    pub to_root: Hash,
    /// The hashes that lead from one to the other.
    #[schema(value_type = Vec<String>)]
    pub path: Vec<Hash>,
}

/// What was asked for cannot be proven.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The log has no such event.
    #[error("there is no event at position {position}: the log ends at {head}")]
    NoEvent {
        /// What was asked for.
        position: i64,
        /// Where the log ends.
        head: i64,
    },
    /// A size lies outside what the log allows.
    #[error("`{name}` must be from {first} to {last} here, not {asked}")]
    Size {
        /// The parameter.
        name: &'static str,
        /// What was asked for.
        asked: i64,
        /// The smallest size.
        first: i64,
        /// The largest size.
        last: i64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn within(name: &'static str, asked: i64, first: i64, last: i64) -> Result<i64, ProofError> {
    if (first..=last).contains(&asked) { Ok(asked) } else { Err(ProofError::Size { name, asked, first, last }) }
}

/// Shows that the event at a position is among the first `size`. Without a size: those of the newest checkpoint that has it, or all.
pub async fn inclusion(app: &App, company: CompanyId, position: i64, size: Option<i64>) -> Result<InclusionProof, ProofError> {
    let store = &app.store;
    let head = store.head(company).await?.position.number;
    let no_event = ProofError::NoEvent { position, head };
    let mark = if position > 0 { store.mark(company, position).await? } else { None };
    let hash = mark.ok_or(no_event)?.hash;
    let size = match size {
        Some(size) => within("size", size, position, head)?,
        None => store.newest_checkpoint(company).await?.map(|newest| newest.checkpoint.size).filter(|size| *size >= position).unwrap_or(head),
    };
    let (root, path) = (store.tree_root(company, size).await?, store.inclusion(company, position, size).await?);
    let checkpoint = store.checkpoints_from(company, size, 1).await?.pop().filter(|signed| signed.checkpoint.size == size);
    Ok(InclusionProof { position, hash, leaf: tree::leaf(&hash), size, root, path, checkpoint: checkpoint.map(|signed| signed.note) })
}

/// Shows that the first `to` events begin with the first `from`. Without `to`: those of the newest checkpoint, or all.
pub async fn consistency(app: &App, company: CompanyId, from: i64, to: Option<i64>) -> Result<ConsistencyProof, ProofError> {
    let store = &app.store;
    let head = store.head(company).await?.position.number;
    let newest = store.newest_checkpoint(company).await?.map(|newest| newest.checkpoint.size);
    let to = within("to", to.or(newest.filter(|newest| *newest >= from)).unwrap_or(head), 1, head)?;
    let from = within("from", from, 1, to)?;
    let (from_root, to_root) = (store.tree_root(company, from).await?, store.tree_root(company, to).await?);
    Ok(ConsistencyProof { from, to, from_root, to_root, path: store.consistency(company, from, to).await? })
}
