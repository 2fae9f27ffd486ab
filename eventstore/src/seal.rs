//! Personal values inside a body: marked by the business, sealed in the log, opened for who may read.
//!
//! A body is compact JSON in which the business marks a personal value as `{"personal":VALUE}`. Before it is hashed and
//! stored, each becomes `{"sealed":"…"}` under the key of its stream; read back, it is marked again, or it is
//! `{"erased":true}` when that key was destroyed. A quotation mark inside a JSON string is always escaped, so that a marker's
//! bytes cannot come from what somebody typed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use memchr::memmem;

const PERSONAL: &[u8] = br#"{"personal":"#;
const SEALED: &[u8] = br#"{"sealed":"#;
const ERASED: &[u8] = br#"{"erased":true}"#;

/// Whether a body has marked values.
pub(crate) fn has_personal(body: &[u8]) -> bool {
    memmem::find(body, PERSONAL).is_some()
}

/// Whether a body has sealed values.
pub(crate) fn has_sealed(body: &[u8]) -> bool {
    memmem::find(body, SEALED).is_some()
}

/// Seals each marked value: `seal` is given its number within the body, from 0, and the value as JSON.
pub(crate) fn seal(body: &[u8], mut seal: impl FnMut(usize, &[u8]) -> Vec<u8>) -> Vec<u8> {
    replace(body, PERSONAL, |number, value, whole| {
        whole.extend_from_slice(SEALED);
        whole.push(b'"');
        whole.extend_from_slice(URL_SAFE_NO_PAD.encode(seal(number, value)).as_bytes());
        whole.extend_from_slice(b"\"}");
    })
}

/// Opens each sealed value: `open` is given its number and the box, and answers the value as JSON. What it cannot open
/// is erased.
pub(crate) fn open(body: &[u8], mut open: impl FnMut(usize, &[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
    replace(body, SEALED, |number, text, whole| {
        let sealed = text.get(1..text.len().saturating_sub(1)).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        match sealed.and_then(|sealed| open(number, &sealed)) {
            Some(value) => {
                whole.extend_from_slice(PERSONAL);
                whole.extend_from_slice(&value);
                whole.push(b'}');
            }
            None => whole.extend_from_slice(ERASED),
        }
    })
}

/// Takes the marks off, for people: the values stand where they were marked; erased ones stay as they are.
pub fn unmarked(body: &[u8]) -> Vec<u8> {
    replace(body, PERSONAL, |_, value, whole| whole.extend_from_slice(value))
}

/// Writes something else in the place of each `MARKER VALUE }`.
fn replace(body: &[u8], marker: &[u8], mut with: impl FnMut(usize, &[u8], &mut Vec<u8>)) -> Vec<u8> {
    let mut whole = Vec::with_capacity(body.len() * 2);
    let mut rest = body;
    let mut number = 0;
    while let Some(at) = memmem::find(rest, marker) {
        let value = &rest[at + marker.len()..];
        let end = value_end(value);
        whole.extend_from_slice(&rest[..at]);
        with(number, &value[..end], &mut whole);
        rest = value.get(end + 1..).unwrap_or_default();
        number += 1;
    }
    whole.extend_from_slice(rest);
    whole
}

/// Where the JSON value ends that a compact text begins with: at the bracket that closes what is around it.
fn value_end(text: &[u8]) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] =
        br#"{"a":1,"name":{"personal":"D\"}{\"personal\":1"},"phones":[{"personal":"1"},{"personal":"2"}],"place":{"personal":{"road":"5 \\","at":[{}]}}}"#;

    /// Turns a value around, so that one sees that it was touched.
    fn turned(value: &[u8]) -> Vec<u8> {
        value.iter().rev().copied().collect()
    }

    #[test]
    fn values_are_sealed_one_by_one_and_come_back_in_their_places() {
        let mut seen = Vec::new();
        let sealed = seal(BODY, |number, value| {
            seen.push((number, String::from_utf8(value.to_vec()).unwrap()));
            turned(value)
        });
        let values = [r#""D\"}{\"personal\":1""#, r#""1""#, r#""2""#, r#"{"road":"5 \\","at":[{}]}"#];
        assert_eq!(seen, values.into_iter().map(String::from).enumerate().collect::<Vec<_>>());
        assert!(has_sealed(&sealed) && !has_personal(&sealed) && has_personal(BODY) && !has_sealed(BODY));
        assert_eq!(open(&sealed, |_, value| Some(turned(value))), BODY);
    }

    #[test]
    fn what_cannot_be_opened_is_erased_and_the_rest_stays() {
        let sealed = seal(br#"{"a":{"personal":"x"},"b":{"personal":"y"},"c":0}"#, |_, value| value.to_vec());
        let opened = open(&sealed, |number, value| (number == 1).then(|| value.to_vec()));
        assert_eq!(opened, br#"{"a":{"erased":true},"b":{"personal":"y"},"c":0}"#);
        assert_eq!(unmarked(&opened), br#"{"a":{"erased":true},"b":"y","c":0}"#);
        assert_eq!(open(br#"{"a":{"sealed":"not base64 !"}}"#, |_, value| Some(value.to_vec())), br#"{"a":{"erased":true}}"#);
        assert_eq!(open(br#"{"a":{"sealed":""#, |_, _| None), br#"{"a":{"erased":true}"#, "a cut text is no panic");
    }
}
