//! What makes a command safe to send twice: its key, remembered with the answer.

use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use crate::db::Conn;
use crate::error::StoreError;
use crate::keys::hmac;
use crate::log::CompanyId;
use crate::select_in;
use crate::statement::{Row, Value};
use crate::writes::Writes;

/// The key under which an accepted command is remembered. A refused one leaves nothing behind and may be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptKey {
    /// Who asked: keys of two callers never meet.
    pub scope: String,
    /// The caller's own key.
    pub key: String,
    /// A hash of what was asked. The same key with another request is an error.
    pub request_hash: [u8; 32],
    /// Until when it is remembered; for ever, when absent.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A company's key for making receipts unreadable: a request is easily guessed, and a plain hash of it would confirm the guess.
#[derive(Clone)]
pub(crate) struct ReceiptMac(Hmac<Sha256>);

impl ReceiptMac {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(hmac(key))
    }

    /// Scope and key as they are stored: HMAC-SHA256(key, "id" ‖ length of scope ‖ scope ‖ key).
    pub(crate) fn id(&self, key: &ReceiptKey) -> [u8; 32] {
        self.over([b"id", &(key.scope.len() as u64).to_be_bytes(), key.scope.as_bytes(), key.key.as_bytes()])
    }

    /// The request as it is stored: HMAC-SHA256(key, "request" ‖ id ‖ hash of the request), so that equal requests do not look alike.
    pub(crate) fn request(&self, key: &ReceiptKey) -> [u8; 32] {
        self.over([b"request", &self.id(key), &key.request_hash, &[]])
    }

    fn over(&self, parts: [&[u8]; 4]) -> [u8; 32] {
        let mut mac = self.0.clone();
        parts.into_iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }
}

/// A remembered answer: the positions of the command's events; `first = last + 1` when it had none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) id: [u8; 32],
    pub(crate) request_mac: [u8; 32],
    pub(crate) command_id: Uuid,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

impl Receipt {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { id: row.get(0)?, request_mac: row.get(1)?, command_id: row.get(2)?, first: row.get(3)?, last: row.get(4)?, expires_at: row.get(5)? })
    }
}

/// The receipts that are there and not expired.
pub(crate) async fn read(conn: &mut Conn<'_>, company: CompanyId, now: DateTime<Utc>, ids: &[Value]) -> Result<Vec<Receipt>, StoreError> {
    let rows = select_in(conn, include_str!("sql/read_receipts.sql"), &[company.into(), now.into()], ids).await?;
    rows.iter().map(Receipt::from_row).collect()
}

/// Adds the receipts of a batch to what is written.
pub(crate) fn insert(writes: Writes, company: CompanyId, receipts: &[Receipt]) -> Writes {
    let mut values = Vec::with_capacity(receipts.len() * 7);
    for receipt in receipts {
        values.extend([
            company.into(),
            receipt.id.into(),
            receipt.request_mac.into(),
            receipt.command_id.into(),
            receipt.first.into(),
            receipt.last.into(),
            receipt.expires_at.into(),
        ]);
    }
    writes.insert(include_str!("sql/insert_receipt.sql"), values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_callers_keys_and_requests_are_kept_apart() {
        let key = |scope: &str, key: &str, request: u8| ReceiptKey { scope: scope.into(), key: key.into(), request_hash: [request; 32], expires_at: None };
        let (here, there) = (ReceiptMac::new(&[1; 32]), ReceiptMac::new(&[2; 32]));
        assert_eq!(here.id(&key("a", "b", 1)), here.id(&key("a", "b", 2)));
        assert_ne!(here.id(&key("a", "bc", 1)), here.id(&key("ab", "c", 1)));
        assert_ne!(here.id(&key("a", "b", 1)), there.id(&key("a", "b", 1)));
        assert_eq!(here.request(&key("a", "b", 1)), here.request(&key("a", "b", 1)));
        assert_ne!(here.request(&key("a", "b", 1)), here.request(&key("a", "b", 2)));
        assert_ne!(here.request(&key("a", "b", 1)), here.request(&key("a", "c", 1)));
        assert_ne!(here.request(&key("a", "b", 1)), there.request(&key("a", "b", 1)));
    }
}
