//! What is personal in a fact: known, or erased for ever (DESIGN 7, SECURITY 4.5).

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A name, telephone number, e-mail address, property address or free text.
///
/// Written as `{"personal":VALUE}`, by which the event store knows what to seal under the contact's own key; read back
/// when that key was destroyed, it is `{"erased":true}`. Whoever folds facts must do with both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Personal<T> {
    /// It is there.
    Known(T),
    /// The person was forgotten.
    Erased,
}

impl<T> Personal<T> {
    /// The value, unless it was erased.
    pub fn known(&self) -> Option<&T> {
        match self {
            Personal::Known(value) => Some(value),
            Personal::Erased => None,
        }
    }
}

impl<T> From<T> for Personal<T> {
    fn from(value: T) -> Personal<T> {
        Personal::Known(value)
    }
}

/// Marks what is there as personal.
pub(crate) fn personal<T: Clone>(value: &Option<T>) -> Option<Personal<T>> {
    value.clone().map(Personal::Known)
}

/// Marks each value as personal.
pub(crate) fn all_personal<T: Clone>(values: &[T]) -> Vec<Personal<T>> {
    values.iter().cloned().map(Personal::Known).collect()
}

impl<T: Serialize> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut mark = serializer.serialize_struct("Personal", 1)?;
        match self {
            Personal::Known(value) => mark.serialize_field("personal", value)?,
            Personal::Erased => mark.serialize_field("erased", &true)?,
        }
        mark.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Personal<T>, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Mark<T> {
            Personal(T),
            Erased(bool),
        }
        match Mark::deserialize(deserializer)? {
            Mark::Personal(value) => Ok(Personal::Known(value)),
            Mark::Erased(true) => Ok(Personal::Erased),
            Mark::Erased(false) => Err(de::Error::custom("a value is personal or erased")),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Personal<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Personal_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({ "x-personal": true, "anyOf": [value, { "type": "object", "properties": { "erased": { "const": true } }, "required": ["erased"] }] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Label;

    #[test]
    fn a_value_is_marked_when_written_and_known_or_erased_when_read() {
        let name: Personal<Label> = Label::try_new("Dana").unwrap().into();
        assert_eq!(serde_json::to_string(&name).unwrap(), r#"{"personal":"Dana"}"#);
        assert_eq!(serde_json::to_string(&Personal::<Label>::Erased).unwrap(), r#"{"erased":true}"#);
        for value in [name, Personal::Erased] {
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<Personal<Label>>(&text).unwrap(), value);
        }
        for bad in [r#""Dana""#, r#"{"erased":false}"#, r#"{"personal":""}"#, "{}"] {
            assert!(serde_json::from_str::<Personal<Label>>(bad).is_err(), "{bad}");
        }
    }
}
