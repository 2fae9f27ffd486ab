//! A durable, ordered log of opaque events, one per company, on SQLite and PostgreSQL.
//!
//! The crate knows positions, streams, hashes and commits; it knows nothing of what the events say. Business is
//! lent to it as a [`Decider`], read models follow as a [`Follower`], time and chance come in as [`Ports`].
//!
//! In reading order: the words ([`log`], [`event`], [`error`]), the two databases behind one way to ask ([`db`],
//! [`statement`], [`bulk`], [`writes`], [`migrate`]), the log itself ([`store`], [`follow`], [`histories`], [`adopt`], [`backup`], [`kinds`]), what commits with the
//! events ([`effect`], [`claim`], [`receipt`], [`timer`], [`outbox`]) and who works beside the writer ([`lease`]), the decision
//! lent to the writer and the writer ([`turn`], [`writer`]), what can be proven of a log ([`tree`],
//! [`note`], [`checkpoint`]), and the checks ([`verify`](mod@verify), [`journal`], [`contract`]).

pub mod error;
pub mod event;
pub mod log;

pub mod bulk;
pub mod db;
pub mod migrate;
mod postgres;
mod shared_commit;
mod sqlite;
pub mod statement;
mod write_ahead_log;
pub mod writes;

pub mod adopt;
pub mod backup;
pub mod follow;
pub mod histories;
pub mod kinds;
pub mod store;
mod tail;

mod batch;
mod chain;
pub mod claim;
pub mod effect;
mod held;
mod keyring;
pub mod keys;
mod later;
pub mod lease;
pub mod outbox;
mod plan;
pub mod receipt;
pub mod seal;
pub mod timer;
pub mod turn;
pub mod writer;

pub mod checkpoint;
pub mod note;
mod roots;
pub mod tree;

pub mod contract;
pub mod journal;
mod ranges;
pub mod verify;

pub use adopt::Adopted;
pub use backup::Kept;
pub use bulk::{insert_rows, insert_values, run_in, select_in};
pub use chain::{Fault, Walk};
pub use checkpoint::{Checkpoint, Signed, check_checkpoints};
pub use claim::Claim;
pub use db::{Conn, Db, Engine, Reader, Tx};
pub use effect::Effect;
pub use error::{Closed, StoreError};
pub use event::{Draft, Recorded};
pub use follow::Follower;
pub use histories::Histories;
pub use journal::{Ack, Lost, Recall};
pub use keys::{MasterKey, StreamKey};
pub use kinds::{Kind, Knows};
pub use lease::Lease;
pub use log::{CompanyId, Hash, Mark, Position, Stream};
pub use note::{Note, Signer, Verifier};
pub use outbox::{Message, Tried, Waiting};
pub use receipt::ReceiptKey;
pub use statement::{Row, Statement, Text, Value, sql};
pub use store::{CompanyEntry, Store};
pub use timer::Timer;
pub use turn::{Decider, Unreadable};
pub use verify::{Checks, Finding, Report, verify, verify_at};
pub use writer::{Accepted, Pending, Ports, Submission, WriteError, Writer};
pub use writes::Writes;
