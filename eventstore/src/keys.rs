//! Keys over keys: the master key opens a company's, which opens those of its streams, which open personal values.
//!
//! The master key lies outside the database. Without it, nothing personal in the database can be read; without a
//! stream's key, nothing personal about that one thing, by anybody, for ever.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::Hmac;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::claim::ClaimKey;
use crate::log::{CompanyId, Stream};
use crate::receipt::ReceiptMac;

/// The length of a nonce, which stands before what it was used for.
const NONCE: usize = 24;

/// 32 bytes that nobody may see.
type Secret = Zeroizing<[u8; 32]>;

/// The key outside the database, under which the keys of companies are wrapped.
#[derive(Clone)]
pub struct MasterKey(Secret);

impl MasterKey {
    /// Takes the bytes of a key.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey")
    }
}

/// A company's key, under which the keys of its streams are wrapped, and from which its other keys are derived.
pub(crate) struct CompanyKey {
    secret: Secret,
    /// The key of the company's claims.
    pub(crate) claims: ClaimKey,
    /// The key of the company's receipts.
    pub(crate) receipts: ReceiptMac,
}

impl CompanyKey {
    /// A new one, of random bytes.
    pub(crate) fn new(random: [u8; 32]) -> Self {
        Self::of(Zeroizing::new(random))
    }

    /// The key with those derived from it.
    fn of(secret: Secret) -> Self {
        let claims = ClaimKey::new(&derived(&secret, b"leadtrail.claims.v1"));
        let receipts = ReceiptMac::new(&derived(&secret, b"leadtrail.receipts.v1"));
        Self { secret, claims, receipts }
    }

    /// As it is stored.
    pub(crate) fn wrapped(&self, master: &MasterKey, company: CompanyId) -> Vec<u8> {
        enclose(&master.0, &self.secret[..], &company_purpose(company), own_nonce(&self.secret))
    }

    /// From what is stored; none, when another master key wrapped it.
    pub(crate) fn unwrap(wrapped: &[u8], master: &MasterKey, company: CompanyId) -> Option<Self> {
        secret(disclose(&master.0, wrapped, &company_purpose(company))?).map(Self::of)
    }
}

/// The key of what is personal in one stream.
#[derive(Clone)]
pub struct StreamKey(Secret);

impl StreamKey {
    /// A new one, of random bytes; or one that was kept outside.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves: for a backup of keys, and for nothing else.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// As it is stored.
    pub(crate) fn wrapped(&self, by: &CompanyKey, company: CompanyId, stream: &Stream) -> Vec<u8> {
        enclose(&by.secret, &self.0[..], &stream_purpose(company, stream), own_nonce(&self.0))
    }

    /// From what is stored; none, when it was altered or belongs elsewhere.
    pub(crate) fn unwrap(wrapped: &[u8], by: &CompanyKey, company: CompanyId, stream: &Stream) -> Option<Self> {
        secret(disclose(&by.secret, wrapped, &stream_purpose(company, stream))?).map(Self)
    }

    /// Seals a value that belongs to `place` and nowhere else.
    pub(crate) fn seal(&self, value: &[u8], place: &[u8], random: [u8; 32]) -> Vec<u8> {
        let mut nonce = XNonce::default();
        nonce.copy_from_slice(&random[..NONCE]);
        enclose(&self.0, value, place, nonce)
    }

    /// Opens a value; none, when it was altered or moved.
    pub(crate) fn open(&self, sealed: &[u8], place: &[u8]) -> Option<Vec<u8>> {
        disclose(&self.0, sealed, place)
    }
}

impl fmt::Debug for StreamKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StreamKey")
    }
}

fn company_purpose(company: CompanyId) -> Vec<u8> {
    [b"leadtrail.company_key.v1".as_slice(), company.0.as_bytes()].concat()
}

fn stream_purpose(company: CompanyId, stream: &Stream) -> Vec<u8> {
    [b"leadtrail.stream_key.v1".as_slice(), company.0.as_bytes(), stream.id.as_bytes(), stream.kind.as_bytes()].concat()
}

/// A key is wrapped by one other only, so a nonce derived from itself is never used for anything else.
fn own_nonce(key: &Secret) -> XNonce {
    let mut nonce = XNonce::default();
    nonce.copy_from_slice(&derived(key, b"leadtrail.nonce.v1")[..NONCE]);
    nonce
}

fn derived(key: &Secret, purpose: &[u8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    // It fails only for more than 255 times the length of the hash.
    let _ = Hkdf::<Sha256>::new(None, &key[..]).expand(purpose, &mut bytes);
    bytes
}

/// XChaCha20-Poly1305: the nonce, and behind it the text, bound to its purpose.
fn enclose(key: &Secret, text: &[u8], purpose: &[u8], nonce: XNonce) -> Vec<u8> {
    // It fails only for texts of 256 GiB.
    let text = cipher(key).encrypt(&nonce, Payload { msg: text, aad: purpose }).unwrap_or_default();
    [nonce.as_slice(), &text].concat()
}

fn disclose(key: &Secret, sealed: &[u8], purpose: &[u8]) -> Option<Vec<u8>> {
    let (nonce, text) = sealed.split_at_checked(NONCE)?;
    let nonce = XNonce::try_from(nonce).ok()?;
    cipher(key).decrypt(&nonce, Payload { msg: text, aad: purpose }).ok()
}

/// HMAC-SHA256 with a key taken in once, to be cloned for each use.
pub(crate) fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    // A key shorter than the hash's block is filled up with zeros: the same as giving it as it is.
    block[..key.len()].copy_from_slice(key);
    <Hmac<Sha256> as hmac::KeyInit>::new(&block.into())
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&**key).into())
}

fn secret(bytes: Vec<u8>) -> Option<Secret> {
    let bytes = Zeroizing::new(bytes);
    bytes.as_slice().try_into().ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_key_opens_only_under_its_own_master_company_and_stream() {
        let (here, there) = (CompanyId(Uuid::from_u128(1)), CompanyId(Uuid::from_u128(2)));
        let (book, other) = (Stream::new("book", Uuid::from_u128(1)), Stream::new("book", Uuid::from_u128(2)));
        let master = MasterKey::new([7; 32]);
        let company = CompanyKey::new([1; 32]);
        let wrapped = company.wrapped(&master, here);
        let again = CompanyKey::unwrap(&wrapped, &master, here).unwrap();
        assert_eq!(company.secret, again.secret);
        assert!(CompanyKey::unwrap(&wrapped, &master, there).is_none());
        assert!(CompanyKey::unwrap(&wrapped, &MasterKey::new([8; 32]), here).is_none());

        let stream = StreamKey::new([2; 32]);
        let wrapped = stream.wrapped(&company, here, &book);
        assert_eq!(StreamKey::unwrap(&wrapped, &again, here, &book).unwrap().0, stream.0);
        assert!(StreamKey::unwrap(&wrapped, &company, here, &other).is_none());
        assert!(StreamKey::unwrap(&wrapped, &company, there, &book).is_none());
    }

    #[test]
    fn a_sealed_value_opens_only_in_its_place_and_unaltered() {
        let key = StreamKey::new([2; 32]);
        let sealed = key.seal(b"Dana", b"here", [3; 32]);
        assert_eq!(key.open(&sealed, b"here").as_deref(), Some(b"Dana".as_slice()));
        assert_eq!(key.open(&sealed, b"there"), None);
        assert_ne!(key.seal(b"Dana", b"here", [4; 32]), sealed, "the same value does not look the same twice");
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(key.open(&altered, b"here"), None, "byte {at}");
        }
        assert_eq!(key.open(b"short", b"here"), None);
    }
}
