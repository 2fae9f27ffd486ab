//! How facts of older formats are read: step by step, each from one format to the next, until they are of the newest (EVENT-STORE 4.7).
//!
//! Steps change what is read, never what is stored. Deciders and read models see the newest format only.

use super::ReadError;
use serde_json::Value;
use std::borrow::Cow;

/// What becomes of the data of one stored name on its way from a format to the next.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The stored name.
    pub name: &'static str,
    /// The format it takes; what it makes is of the one after that.
    pub from: i32,
    /// The change. A personal value stands in the data as `{"personal":VALUE}` or `{"erased":true}`, and must stay what it is.
    pub change: fn(Value) -> Value,
}

/// The formats of a family of events. Every name begins with format 1, and each step of it adds one.
#[derive(Clone, Copy, Debug)]
pub struct Formats {
    steps: &'static [Step],
}

impl Formats {
    /// The formats that these steps lead to.
    pub const fn new(steps: &'static [Step]) -> Formats {
        Formats { steps }
    }

    /// The format in which events of this name are written.
    pub fn newest(&self, name: &str) -> i32 {
        self.steps.iter().filter(|step| step.name == name).fold(1, |newest, step| newest.max(step.from + 1))
    }

    /// Whether data of this format can be read; the name is taken to be one of the family.
    pub fn knows(&self, name: &str, format: i32) -> bool {
        (1..=self.newest(name)).contains(&format)
    }

    /// The steps, by name and format.
    pub fn steps(&self) -> &'static [Step] {
        self.steps
    }

    /// Data as it would be written today.
    pub fn upcast<'d>(&self, name: &str, format: i32, data: &'d [u8]) -> Result<Cow<'d, [u8]>, ReadError> {
        let newest = self.newest(name);
        if !self.knows(name, format) {
            return Err(ReadError::Unknown { name: name.into(), format });
        }
        if format == newest {
            return Ok(Cow::Borrowed(data));
        }
        let malformed = |source| ReadError::Malformed { name: name.into(), source };
        let mut value: Value = serde_json::from_slice(data).map_err(malformed)?;
        for at in format..newest {
            if let Some(step) = self.steps.iter().find(|step| step.name == name && step.from == at) {
                value = (step.change)(value);
            }
        }
        serde_json::to_vec(&value).map(Cow::Owned).map_err(malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A book had a number of pages and a title; then its title became several, and then it said in which language.
    const BOOKS: Formats = Formats::new(&[
        Step { name: "book.printed", from: 1, change: |old| json!({ "pages": old["pages"], "titles": [old["title"]] }) },
        Step {
            name: "book.printed",
            from: 2,
            change: |mut old| {
                old["language"] = "unrecorded".into();
                old
            },
        },
    ]);

    fn read(format: i32, data: &str) -> String {
        String::from_utf8(BOOKS.upcast("book.printed", format, data.as_bytes()).unwrap().into_owned()).unwrap()
    }

    #[test]
    fn every_format_is_read_as_the_newest() {
        let newest = r#"{"language":"unrecorded","pages":7,"titles":["Elm"]}"#;
        assert_eq!(read(1, r#"{"title":"Elm","pages":7}"#), newest);
        assert_eq!(read(2, r#"{"titles":["Elm"],"pages":7}"#), newest);
        assert_eq!(read(3, r#"{ "as": "it is" }"#), r#"{ "as": "it is" }"#);
        assert_eq!(read(1, r#"{"title":{"erased":true},"pages":7}"#), r#"{"language":"unrecorded","pages":7,"titles":[{"erased":true}]}"#);
        assert_eq!((BOOKS.newest("book.printed"), BOOKS.newest("book.lent")), (3, 1));
    }

    #[test]
    fn a_newer_format_and_none_are_unknown() {
        for format in [0, 4, -1, i32::MAX] {
            assert!(matches!(BOOKS.upcast("book.printed", format, b"{}"), Err(ReadError::Unknown { format: at, .. }) if at == format));
            assert!(!BOOKS.knows("book.printed", format));
        }
        assert!(matches!(BOOKS.upcast("book.printed", 1, b"{"), Err(ReadError::Malformed { .. })));
    }
}
