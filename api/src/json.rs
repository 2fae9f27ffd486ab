//! JSON as it should be sent: no key twice in one object, not too deep, nothing behind it.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Value};

/// Why something is not JSON that can be taken, and where reading stopped; for people.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotJson(String);

/// Reads JSON in which no object has a key twice. Depth is bounded by serde_json (128).
pub fn parse(bytes: &[u8]) -> Result<Value, NotJson> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    Strict.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value)).map_err(|error| not_json(&error))
}

/// The reader's own words are about tokens; these are about what was sent.
fn not_json(error: &serde_json::Error) -> NotJson {
    let told = error.to_string();
    let why = match told.split(" at line ").next().unwrap_or_default() {
        twice if error.classify() == Category::Data => twice,
        _ if error.classify() == Category::Eof => "it ends too soon",
        "recursion limit exceeded" => "it nests deeper than 128 levels",
        "number out of range" => "a number is too large",
        "trailing characters" => "something stands behind its end",
        "trailing comma" => "a comma has nothing behind it",
        "invalid unicode code point" | "lone leading surrogate in hex escape" | "unexpected end of hex escape" => "a text is not Unicode (UTF-8)",
        "control character (\\u0000-\\u001F) found while parsing a string" => "a text holds a line break or another control character that is not escaped",
        _ => "what stands there is not JSON",
    };
    NotJson(format!("{why}, at line {}, column {}", error.line(), error.column()))
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("the key “{key}” stands twice in one object")));
            }
            let value = entries.next_value_seed(Strict)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn what_is_sent_is_read_as_it_is() {
        let text = r#"{"a":[1,-2,2.5,null,true,"x\n"],"b":{"c":{}}}"#;
        assert_eq!(parse(text.as_bytes()).unwrap().to_string(), text);
    }

    #[test]
    fn a_key_twice_a_number_without_end_and_bottomless_depth_are_refused() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for bad in [r#"{"a":1,"a":2}"#, r#"{"a":{"b":1,"b":1}}"#, "1e999", r#""\ud800""#, "{} {}", "{", "", &deep] {
            assert!(parse(bad.as_bytes()).is_err(), "{}", &bad[..bad.len().min(20)]);
        }
        assert!(parse(b"\"\xff\"").is_err());
    }

    #[test]
    fn what_is_wrong_is_told_in_plain_words_with_its_place() {
        let deep = "[".repeat(200);
        for (text, told) in [
            (&b"nothing"[..], "what stands there is not JSON, at line 1, column 2"),
            (b"{\n\"a\":", "it ends too soon, at line 2, column 4"),
            (b"{\"a\":1,}", "a comma has nothing behind it, at line 1, column 8"),
            (b"{} x", "something stands behind its end, at line 1, column 4"),
            (b"1e999", "a number is too large, at line 1, column 5"),
            (b"{\"a\":1,\"a\":2}", "the key \u{201c}a\u{201d} stands twice in one object, at line 1, column 10"),
            (b"\"a\nb\"", "a text holds a line break or another control character that is not escaped, at line 2, column 0"),
            (b"\"\xff\"", "a text is not Unicode (UTF-8), at line 1, column 2"),
            (deep.as_bytes(), "it nests deeper than 128 levels, at line 1, column 128"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), told, "{}", String::from_utf8_lossy(text));
        }
    }
}
