//! What is stored stays readable: a sample of every format of every name, kept for good.

use super::examples::examples;
use crate::id::*;
use crate::testing::golden::{in_repository, updating};
use crate::wire::*;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;

const SAMPLES: &str = "tests/golden/wire";
/// What each sample held when its format was released, for `sha256sum --check`.
const SUMS: &str = "SHA256SUMS";

/// Data as it was stored in a format.
fn sample(name: &str, format: i32) -> PathBuf {
    in_repository(SAMPLES).join(name).join(format!("{format}.json"))
}

/// The same data, of an older format, as it is read today.
fn as_read_now(name: &str, format: i32) -> PathBuf {
    in_repository(SAMPLES).join(name).join(format!("{format}.now.json"))
}

fn stored(path: PathBuf) -> String {
    let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing; UPDATE_GOLDEN=1 writes what is new", path.display()));
    text.trim_end().to_owned()
}

fn written(fact: &Fact) -> (&'static str, String) {
    let (name, data) = encode(fact);
    (name, String::from_utf8(data).unwrap())
}

#[test]
fn every_format_of_every_name_has_a_sample_that_is_read_as_the_newest() {
    if updating() {
        for (name, data) in examples() {
            let newest = FORMATS.newest(name);
            let (_, written) = written(&decode(name, newest, data.to_string().as_bytes()).unwrap());
            fs::create_dir_all(in_repository(SAMPLES).join(name)).unwrap();
            if !sample(name, newest).exists() {
                fs::write(sample(name, newest), written + "\n").unwrap();
            }
        }
    }
    for name in EVENTS.keys() {
        let newest = FORMATS.newest(name);
        for format in 1..newest {
            let fact = decode(name, format, stored(sample(name, format)).as_bytes()).unwrap();
            assert_eq!(written(&fact), (name.as_str(), stored(as_read_now(name, format))), "format {format}");
        }
        let data = stored(sample(name, newest));
        assert_eq!(written(&decode(name, newest, data.as_bytes()).unwrap()), (name.as_str(), data));
    }
}

/// A sample that is gone, or holds something else, is a promise broken: there may be logs with such an event.
#[test]
fn samples_are_only_ever_added() {
    let sums = in_repository(SAMPLES).join(SUMS);
    let listed = fs::read_to_string(&sums).unwrap_or_default();
    let mut listed: BTreeMap<String, String> = listed.lines().filter_map(|line| line.split_once("  ")).map(|(sum, path)| (path.into(), sum.into())).collect();
    let mut there = BTreeMap::new();
    for folder in fs::read_dir(in_repository(SAMPLES)).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir()) {
        let name = folder.file_name().into_string().unwrap();
        for file in fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap()) {
            let format: Option<i32> = file.file_name().to_str().and_then(|file| file.strip_suffix(".json")?.trim_end_matches(".now").parse().ok());
            assert!(format.is_some_and(|format| knows(&name, format)), "{} is no sample of an event that is known", file.path().display());
            let sum: String = Sha256::digest(fs::read(file.path()).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
            there.insert(format!("{name}/{}", file.file_name().into_string().unwrap()), sum);
        }
    }
    if updating() {
        for (path, sum) in &there {
            listed.entry(path.clone()).or_insert_with(|| sum.clone());
        }
        fs::write(&sums, listed.iter().map(|(path, sum)| format!("{sum}  {path}\n")).collect::<String>()).unwrap();
    }
    assert_eq!(there, listed, "a sample of a released format was changed or removed; a changed shape is a new format, a changed meaning a new name");
}

#[test]
fn steps_lead_from_each_format_to_the_next_and_to_no_other_name() {
    for step in FORMATS.steps() {
        assert!(EVENTS.contains_key(step.name), "{step:?}");
        let of_name: Vec<i32> = FORMATS.steps().iter().filter(|other| other.name == step.name).map(|other| other.from).collect();
        assert!(of_name.iter().copied().eq(1..=of_name.len() as i32), "{step:?}");
    }
}

#[test]
fn the_examples_fill_in_every_field_of_every_event() {
    let examples: BTreeMap<_, _> = examples().into_iter().collect();
    assert!(examples.keys().copied().eq(EVENTS.keys().map(String::as_str)));
    for (name, schema) in EVENTS.iter() {
        let fields: Vec<_> = schema.as_value()["properties"].as_object().unwrap().keys().cloned().collect();
        let mut filled: Vec<_> = examples[name.as_str()].as_object().unwrap().keys().cloned().collect();
        filled.sort();
        let mut expected = fields;
        expected.sort();
        assert_eq!(filled, expected, "{name}");
    }
}

#[test]
fn what_is_absent_is_not_written() {
    let journey = JourneyId(uuid::Uuid::from_u128(1));
    let fact = Fact::from(JourneyEvent::Closed { journey, outcome: crate::journey::Outcome::Sold, reason: None, reason_id: None });
    let (name, data) = encode(&fact);
    assert_eq!((name, data.as_slice()), ("journey.closed", br#"{"journey":"00000000-0000-0000-0000-000000000001","outcome":"sold"}"#.as_slice()));
}
