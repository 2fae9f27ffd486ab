//! Text that people type: bounded, trimmed, visible, free of control characters.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use unicode_normalization::UnicodeNormalization;
use unicode_width::UnicodeWidthChar;

/// One line of text of 1 to `MAX` characters, trimmed, without control characters, of which at least one can be seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

/// A short name or label: a source, a product, a reason.
pub type Label = Text<120>;
/// A sentence or two.
pub type Line = Text<400>;

impl<const MAX: usize> Text<MAX> {
    /// Takes the text when it keeps the rules, else says which one it breaks.
    pub fn try_new(text: &str) -> Result<Text<MAX>, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("must not be empty".into());
        }
        if text.chars().count() > MAX {
            return Err(format!("must have at most {MAX} characters"));
        }
        if text.chars().any(is_control) {
            return Err("must not contain control characters, such as line breaks or marks that turn the direction of writing".into());
        }
        if !text.chars().any(is_visible) {
            return Err("must hold at least one character that can be seen".into());
        }
        Ok(Text(text.into()))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character steers how text is laid out instead of being part of it: the control characters, the separators of
/// lines and paragraphs, and the marks of Unicode's Bidi_Control, with which a name can be made to read as another one.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text as it is compared with others: letters that look alike are alike (Unicode NFKC), and what cannot be seen is not there.
pub(crate) fn comparable(text: &str) -> String {
    text.nfkc().filter(|c| !is_ignorable(*c)).collect()
}

/// Characters without a look of their own: soft hyphen, joiners, the byte order mark, tags.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a character leaves a mark on the screen: joiners and other characters without width do not.
fn is_visible(c: char) -> bool {
    !c.is_whitespace() && c.width().is_some_and(|width| width > 0)
}

impl<const MAX: usize> std::fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Text::try_new(&text).map_err(de::Error::custom)
    }
}

impl<const MAX: usize> JsonSchema for Text<MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Text{MAX}").into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "maxLength": MAX })
    }
}

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $format:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text as it was typed, trimmed.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Text::<254>::deserialize(deserializer)?;
                let check: fn(&str) -> Result<(), &'static str> = $check;
                check(text.as_str()).map_err(de::Error::custom)?;
                Ok($name(text.0))
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format, "maxLength": 254 })
            }
        }
    };
}

checked_text! {
    /// A telephone number as it was typed, with 5 to 20 digits.
    Phone, "phone", |text| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let clean = text.chars().all(|c| c.is_ascii_digit() || " +-().x#/".contains(c));
        if clean && (5..=20).contains(&digits) { Ok(()) } else { Err("must be a telephone number of 5 to 20 digits") }
    }
}

checked_text! {
    /// An e-mail address as it was typed.
    Email, "email", |text| match text.split_once('@') {
        Some((user, host)) if !user.is_empty() && host.contains('.') && !host.contains('@') && !text.contains(char::is_whitespace) => Ok(()),
        _ => Err("must be an e-mail address such as ana@example.com"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_bounded_and_clean() {
        assert_eq!(Label::try_new("  Home show ").unwrap().as_str(), "Home show");
        assert_eq!(Label::try_new(" "), Err("must not be empty".into()));
        assert_eq!(Label::try_new(&"x".repeat(121)), Err("must have at most 120 characters".into()));
    }

    #[test]
    fn text_steers_nothing_and_can_be_seen() {
        for steers in ["a\0b", "a\nb", "a\u{2028}b", "a\u{202e}b", "\u{2066}a\u{2069}", "a\u{200f}b"] {
            assert!(Label::try_new(steers).unwrap_err().starts_with("must not contain control characters"), "{steers:?}");
        }
        for unseen in ["\u{200b}", "\u{200b}\u{2060}\u{feff}", "\u{200c} \u{200d}", "\u{ad}", "\u{3164}"] {
            assert_eq!(Label::try_new(unseen), Err("must hold at least one character that can be seen".into()), "{unseen:?}");
        }
        for seen in ["-", "李", "مریم\u{200c}ها", "👩\u{200d}🔧", "Ño\u{301}"] {
            assert!(Label::try_new(seen).is_ok(), "{seen:?}");
        }
    }

    #[test]
    fn phones_and_emails_are_checked_for_shape_only() {
        for good in ["+1 (716) 555-0100", "716.555.0100 x12"] {
            assert!(serde_json::from_value::<Phone>(good.into()).is_ok(), "{good}");
        }
        for bad in ["call me", "12", "1;DROP TABLE"] {
            assert!(serde_json::from_value::<Phone>(bad.into()).is_err(), "{bad}");
        }
        assert!(serde_json::from_value::<Email>("ana@example.com".into()).is_ok());
        for bad in ["ana", "@example.com", "a b@example.com", "a@b@c.d"] {
            assert!(serde_json::from_value::<Email>(bad.into()).is_err(), "{bad}");
        }
    }
}
