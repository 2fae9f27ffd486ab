//! By what two contacts may be the same person, household or house: a key for each telephone number, e-mail address and property (S0:7).
//!
//! Keys are for finding only. Nobody is refused because of one; what may not be shared is claimed ([`crate::claim`]).

use crate::address;
use crate::text::{Email, Phone};
use phonenumber::country;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why somebody may be the same as somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Likeness {
    /// Their property has the same address.
    SameAddress,
    /// They have the same telephone number, without regard to extensions.
    SamePhone,
    /// They have the same e-mail address.
    SameEmail,
    /// Their properties differ in the unit only.
    SameBuilding,
    /// Their properties have the same number and street: in another town, or one of them in none that was typed.
    SameStreet,
}

impl Likeness {
    /// All of them, the strongest first.
    pub const ALL: &'static [Likeness] = &[Likeness::SameAddress, Likeness::SamePhone, Likeness::SameEmail, Likeness::SameBuilding, Likeness::SameStreet];

    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Likeness::SameAddress => "same_address",
            Likeness::SamePhone => "same_phone",
            Likeness::SameEmail => "same_email",
            Likeness::SameBuilding => "same_building",
            Likeness::SameStreet => "same_street",
        }
    }
}

/// A telephone number in E.164, as dialled from the USA or Canada; one that is none, its digits.
pub fn phone(typed: &str) -> String {
    let digits = || typed.chars().filter(char::is_ascii_digit).collect();
    phonenumber::parse(Some(country::US), typed).map_or_else(|_| digits(), |number| number.format().mode(phonenumber::Mode::E164).to_string())
}

/// The keys of somebody who can be reached so; the property in one line.
pub fn keys<'a>(phones: impl IntoIterator<Item = &'a str>, emails: impl IntoIterator<Item = &'a str>, property: Option<&str>) -> Vec<(Likeness, String)> {
    let phones = phones.into_iter().map(|typed| (Likeness::SamePhone, phone(typed)));
    let emails = emails.into_iter().map(|typed| (Likeness::SameEmail, typed.trim().to_lowercase()));
    let property = property.into_iter().flat_map(|line| {
        let (address, building, street) = (address::key_of(line), address::building_of(line), address::street_of(line));
        [(Likeness::SameAddress, address), (Likeness::SameBuilding, building), (Likeness::SameStreet, street)]
    });
    let mut keys: Vec<_> = phones.chain(emails).chain(property).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The keys of what was typed.
pub fn keys_of(phones: &[Phone], emails: &[Email], property: Option<&address::Address>) -> Vec<(Likeness, String)> {
    let line = property.map(address::Address::one_line);
    keys(phones.iter().map(Phone::as_str), emails.iter().map(Email::as_str), line.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_telephone_number_is_the_same_however_it_is_written() {
        let ways = [
            "716 555 0100",
            "(716) 555-0100",
            "716.555.0100",
            "+1 716 555 0100",
            "1-716-555-0100",
            "011 1 716 555 0100",
            "716-555-0100 x12",
            "716/555-0100 # 7",
        ];
        for way in ways {
            assert_eq!(phone(way), "+17165550100", "{way}");
        }
        for (typed, key) in [("+1 416 555 0100", "+14165550100"), ("+380 67 123-45-67", "+380671234567"), ("011 380 67 123 45 67", "+380671234567")] {
            assert_eq!(phone(typed), key);
        }
        assert_ne!(phone("716 555 0101"), phone("716 555 0100"));
        assert_eq!(phone("12345678901234567890"), "12345678901234567890");
    }

    #[test]
    fn everybody_has_a_key_for_each_number_address_and_building() {
        let found = keys(["716 555 0100", "+1 716 555 0100"], [" Ana@Example.com "], Some("12 N. Main Street Apt 4, Buffalo"));
        let expected = [
            (Likeness::SameAddress, "12 N MAIN ST # 4 BUFFALO"),
            (Likeness::SamePhone, "+17165550100"),
            (Likeness::SameEmail, "ana@example.com"),
            (Likeness::SameBuilding, "12 N MAIN ST BUFFALO"),
            (Likeness::SameStreet, "12 N MAIN ST"),
        ];
        assert_eq!(found, expected.map(|(likeness, key)| (likeness, key.to_owned())));
        assert_eq!(keys([], [], None), []);
    }

    proptest! {
        /// Whatever passes as a telephone number has a key, and blanks in it make no other.
        #[test]
        fn every_number_has_a_key(typed in "[0-9]{5,20}", blank: prop::sample::Index) {
            let mut spaced = typed.clone();
            spaced.insert(1 + blank.index(typed.len() - 1), ' ');
            prop_assert!(!phone(&typed).is_empty());
            prop_assert_eq!(phone(&spaced), phone(&typed));
        }

        /// Nothing that is typed stops the one who lists it.
        #[test]
        fn nothing_that_is_typed_is_without_an_answer(typed in "[0-9 +().x#/-]{0,40}") {
            phone(&typed);
        }
    }
}
