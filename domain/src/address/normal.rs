//! The words of an address as they are compared: each in one spelling, wherever it stands.
//!
//! No word is taken apart from the others by its place, so nothing depends on guessing which of them is the street: "12 St Paul St"
//! and "12 Saint Paul Street" are one, and so are town and state however they are written.

use super::usps::{DIRECTIONALS, PAIRS, STATES, SUFFIXES, UNITS};
use crate::text::comparable;
use std::collections::HashMap;
use std::sync::LazyLock;

static SPELLINGS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let tables = [SUFFIXES, DIRECTIONALS, UNITS, STATES];
    tables.into_iter().flatten().flat_map(|(one, others)| others.iter().map(move |other| (*other, *one))).collect()
});

/// The words of an address in one line.
pub(super) fn words(line: &str) -> Vec<String> {
    let whole = comparable(line).to_uppercase().replace(['\'', '’'], "").replace('#', " # ");
    let typed = whole.split(|c: char| !c.is_alphanumeric() && c != '#').filter(|word| !word.is_empty());
    let mut words: Vec<String> = Vec::new();
    for word in typed {
        words.push(SPELLINGS.get(word).copied().unwrap_or(word).to_owned());
        while let [.., before, last] = &words[..]
            && let Some((.., both)) = PAIRS.iter().find(|(first, second, _)| before == first && last == second)
        {
            words.truncate(words.len() - 2);
            words.push((*both).to_owned());
        }
    }
    // The four digits after a ZIP code tell the side of a street, not another property.
    if let [_, .., zip, more] = &words[..]
        && is_number(zip, 5)
        && is_number(more, 4)
    {
        words.pop();
    }
    words
}

fn is_number(word: &str, digits: usize) -> bool {
    word.len() == digits && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A word of an address: of the tables, or any other.
    fn word() -> impl Strategy<Value = String> {
        let known: Vec<&str> = SPELLINGS.iter().flat_map(|(other, one)| [*other, *one]).chain(PAIRS.iter().flat_map(|(a, b, c)| [*a, *b, *c])).collect();
        prop_oneof![3 => prop::sample::select(known).prop_map(str::to_owned), 1 => "[0-9]{1,5}", 1 => "\\PC{0,6}"]
    }

    #[test]
    fn every_word_has_one_spelling_and_that_is_its_own() {
        let tables = [SUFFIXES, DIRECTIONALS, UNITS, STATES];
        let listed: usize = tables.into_iter().flatten().map(|(_, others)| others.len()).sum();
        assert_eq!(SPELLINGS.len(), listed, "a word is listed twice");
        for one in SPELLINGS.values() {
            assert_eq!(SPELLINGS.get(one), None, "{one} is another spelling of something else");
        }
    }

    proptest! {
        #[test]
        fn what_is_normal_stays_as_it_is(words in prop::collection::vec(word(), 0..8)) {
            let once = super::words(&words.join(" "));
            prop_assert_eq!(super::words(&once.join(" ")), once);
        }

        #[test]
        fn another_spelling_is_the_same(words in prop::collection::vec(word(), 1..8), choice: prop::sample::Index) {
            let at = choice.index(words.len());
            let mut other = words.clone();
            if let Some((spelled, _)) = SPELLINGS.iter().find(|(_, one)| **one == words[at]) {
                other[at] = format!("{}.", spelled.to_lowercase());
            }
            prop_assert_eq!(super::words(&words.join(" ")), super::words(&other.join(", ")));
        }
    }
}
