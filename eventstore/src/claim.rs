//! What is unique inside a company: claims, stored unreadable. A claim is held by one stream, or shared on purpose.

use std::collections::BTreeMap;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::keys::hmac;
use crate::log::Stream;

/// Something only one stream of a company may take for itself, such as a normalised address.
///
/// The way a value is normalised is part of `kind`: a new way is a new kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// What sort of thing, and normalised how.
    pub kind: String,
    /// The normalised value. It is stored only as an HMAC.
    pub value: String,
}

/// A claim as it is stored: one-way, different for every company.
pub(crate) type Mac = [u8; 32];

/// Who holds a claim, and since which position: nobody, one stream, or several that share it.
pub(crate) type Holders = BTreeMap<Stream, i64>;

/// The holder that keeps a stream from taking a claim for itself.
pub(crate) fn other_than<'a>(holders: &'a Holders, stream: &Stream) -> Option<&'a Stream> {
    holders.keys().find(|holder| *holder != stream)
}

/// A company's key for making claims unreadable.
#[derive(Clone)]
pub(crate) struct ClaimKey(Hmac<Sha256>);

impl ClaimKey {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(hmac(key))
    }

    /// HMAC-SHA256(key, kind ‖ 0 ‖ value).
    pub(crate) fn mac(&self, claim: &Claim) -> Mac {
        let mut mac = self.0.clone();
        mac.update(claim.kind.as_bytes());
        mac.update(&[0]);
        mac.update(claim.value.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_and_kinds_keep_the_same_value_apart() {
        let claim = |kind: &str, value: &str| Claim { kind: kind.into(), value: value.into() };
        let one = ClaimKey::new(&[1; 32]);
        let two = ClaimKey::new(&[2; 32]);
        assert_eq!(one.mac(&claim("a", "b")), one.mac(&claim("a", "b")));
        assert_ne!(one.mac(&claim("a", "b")), two.mac(&claim("a", "b")));
        assert_ne!(one.mac(&claim("a", "bc")), one.mac(&claim("ab", "c")));
    }
}
