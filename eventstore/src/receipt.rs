//! What makes a command safe to send twice: its key, remembered with the answer.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::Conn;
use crate::error::StoreError;
use crate::log::CompanyId;
use crate::statement::{Row, Value};
use crate::{insert_values, select_in};

/// The key under which an accepted command is remembered. A refused one leaves nothing behind and may be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptKey {
    /// Who asked: keys of two callers never meet.
    pub scope: String,
    /// The caller's own key.
    pub key: String,
    /// What was asked. The same key with another request is an error.
    pub request_hash: [u8; 32],
    /// Until when it is remembered; for ever, when absent.
    pub expires_at: Option<DateTime<Utc>>,
}

impl ReceiptKey {
    /// Scope and key as they are stored: of one length, whatever the caller sent.
    pub(crate) fn id(&self) -> [u8; 32] {
        let mut sum = Sha256::new();
        sum.update(b"leadtrail.receipt.v1");
        sum.update((self.scope.len() as u64).to_be_bytes());
        sum.update(self.scope.as_bytes());
        sum.update(self.key.as_bytes());
        sum.finalize().into()
    }
}

/// A remembered answer: the positions of the command's events; `first = last + 1` when it had none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) id: [u8; 32],
    pub(crate) request_hash: [u8; 32],
    pub(crate) command_id: Uuid,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

impl Receipt {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { id: row.get(0)?, request_hash: row.get(1)?, command_id: row.get(2)?, first: row.get(3)?, last: row.get(4)?, expires_at: row.get(5)? })
    }
}

/// The receipts that are there and not expired.
pub(crate) async fn read(conn: &mut Conn<'_>, company: CompanyId, now: DateTime<Utc>, ids: &[Value]) -> Result<Vec<Receipt>, StoreError> {
    let rows = select_in(conn, include_str!("sql/read_receipts.sql"), &[company.into(), now.into()], ids).await?;
    rows.iter().map(Receipt::from_row).collect()
}

/// Writes the receipts of a batch.
pub(crate) async fn insert(conn: &mut Conn<'_>, company: CompanyId, receipts: &[Receipt]) -> Result<(), StoreError> {
    let mut values = Vec::with_capacity(receipts.len() * 7);
    for receipt in receipts {
        values.extend([
            company.into(),
            receipt.id.into(),
            receipt.request_hash.into(),
            receipt.command_id.into(),
            receipt.first.into(),
            receipt.last.into(),
            receipt.expires_at.into(),
        ]);
    }
    insert_values(conn, include_str!("sql/insert_receipt.sql"), values).await.map(drop)
}
