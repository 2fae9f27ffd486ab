//! Signed notes: a text that people can read, and below it who signed it (C2SP signed-note, with Ed25519).
//!
//! The same form is used for the heads of Go's module log and of Certificate Transparency logs, so that others' tools read ours.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// The name of every key of ours; the id that goes with it tells them apart.
const NAME: &str = "leadtrail";
/// What stands before the bytes of an Ed25519 key, so that its id covers what kind of key it is.
const ED25519: u8 = 1;

/// The private key that signs notes. It lies outside the database.
#[derive(Clone)]
pub struct Signer(SigningKey);

impl Signer {
    /// The key of these random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&bytes))
    }

    /// The public key that goes with it.
    pub fn verifier(&self) -> Verifier {
        Verifier { name: NAME.to_owned(), key: self.0.verifying_key() }
    }

    /// The note of a text, whose lines are not empty and each end with a line break.
    pub fn sign(&self, text: &str) -> String {
        let signature = self.0.sign(text.as_bytes());
        let signed = [self.verifier().id().as_slice(), &signature.to_bytes()].concat();
        format!("{text}\n— {NAME} {}\n", STANDARD.encode(signed))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

/// A public key with its name; written as `NAME+ID+KEY`, the id as 8 hexadecimal digits, the key as Base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: VerifyingKey,
}

impl Verifier {
    /// The first bytes of the hash of name and key.
    fn id(&self) -> [u8; 4] {
        let mut sum = Sha256::new();
        sum.update(self.name.as_bytes());
        sum.update([b'\n', ED25519]);
        sum.update(self.key.as_bytes());
        let sum = sum.finalize();
        [sum[0], sum[1], sum[2], sum[3]]
    }

    /// Whether this key signed the note.
    pub fn signed(&self, note: &Note<'_>) -> bool {
        note.signatures.iter().any(|(name, signed)| {
            let signature = signed.strip_prefix(self.id().as_slice()).and_then(|bytes| Signature::from_slice(bytes).ok());
            *name == self.name && signature.is_some_and(|signature| self.key.verify_strict(note.text.as_bytes(), &signature).is_ok())
        })
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id()), STANDARD.encode(key))
    }
}

impl FromStr for Verifier {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.splitn(3, '+').collect();
        let [name, id, key] = parts[..] else { return Err("a public key is written NAME+ID+KEY, as `leadtrail checkpoint key` prints it") };
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err("the name of the key is empty or has a blank in it");
        }
        let key = STANDARD.decode(key).ok().filter(|key| key.first() == Some(&ED25519)).and_then(|key| key[1..].try_into().ok());
        let key = key.and_then(|key| VerifyingKey::from_bytes(&key).ok()).ok_or("its last part is not the Base64 of an Ed25519 key")?;
        let verifier = Self { name: name.to_owned(), key };
        if verifier.to_string() == text {
            Ok(verifier)
        } else {
            Err(if hex::encode(verifier.id()) == id { "it is not written as it should be" } else { "its id is not the one of its name and key" })
        }
    }
}

/// A note as it was found: its text, and its signatures unchecked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note<'n> {
    /// What was signed, with its last line break.
    pub text: &'n str,
    signatures: Vec<(&'n str, Vec<u8>)>,
}

impl<'n> Note<'n> {
    /// Reads a note; none, when it is not exactly of this form.
    pub fn read(note: &'n str) -> Option<Self> {
        let (text, signed) = note.split_at(note.find("\n\n")? + 1);
        let lines = signed.strip_prefix('\n')?.strip_suffix('\n')?.split('\n');
        let signature = |line: &'n str| {
            let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
            Some((name, STANDARD.decode(signature).ok()?))
        };
        Some(Self { text, signatures: lines.map(signature).collect::<Option<_>>()? })
    }
}

/// The notes in a file to which they were added one after the other, and what stands between them that is none.
pub fn notes(file: &str) -> Vec<Result<String, String>> {
    let mut found = Vec::new();
    // Some editors and mail programs change the ends of lines.
    let file = file.replace("\r\n", "\n");
    let mut pieces = file.split("\n\n").filter(|piece| !piece.trim().is_empty()).peekable();
    while let Some(piece) = pieces.next() {
        let note = pieces.peek().map(|signed| format!("{}\n\n{}\n", piece.trim_start_matches('\n'), signed.trim_end_matches('\n')));
        match note.filter(|note| Note::read(note).is_some()) {
            Some(note) => {
                pieces.next();
                found.push(Ok(note));
            }
            None => found.push(Err(piece.to_owned())),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification (C2SP signed-note).
    const KNOWN_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const KNOWN_NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn the_known_note_is_signed_by_the_known_key() {
        let key: Verifier = KNOWN_KEY.parse().unwrap();
        assert_eq!(key.to_string(), KNOWN_KEY);
        assert!(key.signed(&Note::read(KNOWN_NOTE).unwrap()));
        assert!(!Signer::new([9; 32]).verifier().signed(&Note::read(KNOWN_NOTE).unwrap()));
    }

    #[test]
    fn a_note_is_signed_as_it_stands_or_not_at_all() {
        let signer = Signer::new([9; 32]);
        let note = signer.sign("one\ntwo\n");
        let read = Note::read(&note).unwrap();
        assert_eq!(read.text, "one\ntwo\n");
        assert!(signer.verifier().signed(&read));
        assert!(!Signer::new([8; 32]).verifier().signed(&read));
        for at in 0..note.len() {
            for other in [b' ', b'\n', b'A', b'~'] {
                let mut altered = note.clone().into_bytes();
                if std::mem::replace(&mut altered[at], other) == other {
                    continue;
                }
                let signed = |text: &str| Note::read(text).is_some_and(|note| signer.verifier().signed(&note));
                assert!(!String::from_utf8(altered).is_ok_and(|text| signed(&text)), "byte {at}");
            }
        }
        for other in ["", "\n\n", "one\n", "one\n\n", "one\n\n— leadtrail\n", "one\n\n— leadtrail !\n", "one\n\nleadtrail AAAA\n"] {
            assert_eq!(Note::read(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_key_reads_back_from_its_text_and_no_other() {
        let key = Signer::new([9; 32]).verifier();
        let text = key.to_string();
        assert_eq!(text.parse::<Verifier>().unwrap(), key);
        for at in 0..text.len() {
            let mut altered = text.clone().into_bytes();
            altered[at] = if altered[at] == b'b' { b'c' } else { b'b' };
            assert!(String::from_utf8(altered).unwrap().parse::<Verifier>().is_err(), "byte {at}");
        }
    }

    #[test]
    fn notes_are_found_one_after_the_other_and_what_was_cut_off_between_them() {
        let signer = Signer::new([9; 32]);
        let [one, two] = ["one\n", "two\nlines\n"].map(|text| signer.sign(text));
        assert_eq!(notes(&format!("{one}\n{two}\n")), [Ok(one.clone()), Ok(two.clone())]);
        assert_eq!(notes(&one), [Ok(one.clone())]);
        assert_eq!(notes(""), []);
        assert_eq!(notes(&format!("{one}\ncut\n\n{two}")), [Ok(one.clone()), Err("cut".to_owned()), Ok(two.clone())]);
        assert_eq!(notes(&format!("{one}\ncut\n\n— cut\n\n{two}")), [Ok(one), Err("cut".into()), Err("— cut".into()), Ok(two)]);
    }
}
