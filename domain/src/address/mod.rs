//! The property address: what makes a contact one of a kind (S0:7).

mod normal;
mod usps;

use crate::text::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

/// The version of [`Address::key`]. Another way to normalise is another version, and so another kind of claim. What an event claimed
/// stays so for ever: with a second version, events would have to say which one they were written under.
pub const KEY_VERSION: u32 = 1;

/// A property address. Read from one line of text or from its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Address {
    /// Number, street and unit, or the whole address in one line.
    pub street: Text<200>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<Text<120>>,
    /// State or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Text<120>>,
    /// ZIP or postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Text<20>>,
}

/// The comparable form of an address in one line.
pub fn key_of(line: &str) -> String {
    normal::words(line).join(" ")
}

/// The same without the unit: of all who live in one house.
pub fn building_of(line: &str) -> String {
    let words = normal::words(line);
    let is_unit = |at: usize| words[at] == "#" || at > 0 && words[at - 1] == "#";
    (0..words.len()).filter(|at| !is_unit(*at)).map(|at| words[at].as_str()).collect::<Vec<_>>().join(" ")
}

/// Number and street alone, up to the first comma and without the unit: of all who have them in whichever town, typed or not.
pub fn street_of(line: &str) -> String {
    building_of(line.split(',').next().unwrap_or(line))
}

impl Address {
    /// The comparable form: upper case, each word in the one spelling of the postal service, separated by one blank.
    /// Two contacts of a company may not share it.
    pub fn key(&self) -> String {
        key_of(&self.one_line())
    }

    /// The address in one line, for lists.
    pub fn one_line(&self) -> String {
        let parts = [
            Some(self.street.as_str()),
            self.city.as_ref().map(Text::as_str),
            self.region.as_ref().map(Text::as_str),
            self.postal_code.as_ref().map(Text::as_str),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Address, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Parts {
            street: Text<200>,
            city: Option<Text<120>>,
            region: Option<Text<120>>,
            postal_code: Option<Text<20>>,
        }
        // Without a letter or digit every such address would be the same one.
        fn named<E: serde::de::Error>(address: Address) -> Result<Address, E> {
            if !address.one_line().contains(char::is_alphanumeric) { Err(E::custom("an address has a letter or a digit")) } else { Ok(address) }
        }
        struct LineOrParts;
        impl<'de> serde::de::Visitor<'de> for LineOrParts {
            type Value = Address;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an address in one line, or an object with street, city, region, postal_code")
            }
            fn visit_str<E: serde::de::Error>(self, line: &str) -> Result<Address, E> {
                named(Address { street: Text::try_new(line).map_err(E::custom)?, city: None, region: None, postal_code: None })
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Address, A::Error> {
                let parts = Parts::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                named(Address { street: parts.street, city: parts.city, region: parts.region, postal_code: parts.postal_code })
            }
        }
        deserializer.deserialize_any(LineOrParts)
    }
}

impl JsonSchema for Address {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Address".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A property address in one line, or its parts",
            "oneOf": [
                { "type": "string", "minLength": 1, "maxLength": 200 },
                {
                    "type": "object",
                    "properties": {
                        "street": { "description": "Number, street and unit, or the whole address in one line.", "type": "string", "minLength": 1, "maxLength": 200 },
                        "city": { "description": "Town.", "type": ["string", "null"], "maxLength": 120 },
                        "region": { "description": "State or province.", "type": ["string", "null"], "maxLength": 120 },
                        "postal_code": { "description": "ZIP or postal code.", "type": ["string", "null"], "maxLength": 20 }
                    },
                    "required": ["street"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: serde_json::Value) -> Address {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn letters_that_look_alike_are_alike() {
        let key = |line: &str| serde_json::from_value::<Address>(line.into()).unwrap().key();
        assert_eq!(key("Größe 1"), key("Gro\u{308}ße\u{200b} １"));
    }

    #[test]
    fn case_blanks_and_punctuation_do_not_make_another_address() {
        let line = read("12 Main  St., #4, Buffalo NY".into());
        let parts = read(serde_json::json!({ "street": "12 MAIN ST #4", "city": "Buffalo", "region": "NY" }));
        assert_eq!(line.key(), "12 MAIN ST # 4 BUFFALO NY");
        assert_eq!(line.key(), parts.key());
    }

    #[test]
    fn the_same_property_is_the_same_however_it_is_abbreviated() {
        let same: &[&[&str]] = &[
            &["12 N. Main Street Apt 4", "12 North Main St #4", "12 north main str. unit 4", "12 N Main St Apt. #4"],
            &["7 O'Brien Av, Saint Paul, Minnesota", "7 OBrien Avenue, St. Paul MN"],
            &["1600 NE Forest Hill Pkwy", "1600 N.E. Forest Hill Parkway", "1600 North East Forest Hl Pkwy"],
            &["P.O. Box 12, New York, New York 10001-1234", "PO Box 12, New York NY 10001"],
            &["3 West Virginia Avenue, Wheeling, West Virginia", "3 W Virginia Ave, Wheeling WV"],
        ];
        for ways in same {
            let keys: Vec<String> = ways.iter().map(|way| read((*way).into()).key()).collect();
            assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
        }
        let others = ["12 N Main St #4", "12 N Main St #5", "12 S Main St #4", "12 N Main Ave #4", "12 Main St #4", "12 N Main St", "14 N Main St #4"];
        let keys: std::collections::HashSet<String> = others.iter().map(|other| read((*other).into()).key()).collect();
        assert_eq!(keys.len(), others.len());
    }

    #[test]
    fn an_address_has_a_letter_or_a_digit() {
        assert!(serde_json::from_value::<Address>(" #-- ".into()).is_err());
        assert!(serde_json::from_value::<Address>(serde_json::json!({ "street": "..." })).is_err());
    }

    #[test]
    fn an_unknown_part_is_refused() {
        assert!(serde_json::from_value::<Address>(serde_json::json!({ "street": "1 A St", "zip": "14201" })).is_err());
    }
}
