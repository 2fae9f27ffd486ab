//! docs/FEATURES.md is true: each row names a test that begins with it, or says for which step it waits.

use std::collections::BTreeSet;

use super::files::{files, read};

const FEATURES: &str = "docs/FEATURES.md";

/// The rows of the product's own features that are built by now.
const ROWS: std::ops::RangeInclusive<u32> = 1..=77;

#[test]
fn every_feature_has_a_test_named_after_it() {
    let tests: BTreeSet<String> = files("tests/it", ".rs").iter().flat_map(|file| names_of_tests(&file.text)).collect();
    let text = read(FEATURES);
    let rows: Vec<Vec<&str>> = text.lines().filter(|line| line.starts_with("| S0-")).map(|line| line.split('|').map(str::trim).collect()).collect();
    let ids: Vec<String> = rows.iter().map(|row| row[1].to_owned()).collect();
    assert_eq!(ids, ROWS.map(|row| format!("S0-{row:02}")).collect::<Vec<_>>());
    for row in &rows {
        let prefix = format!("{}_", row[1].to_lowercase().replace('-', "_"));
        let named: Vec<&str> = row[3].split('`').skip(1).step_by(2).collect();
        let waits = row[3].starts_with("waits for step ");
        assert_eq!(named.is_empty(), waits, "{}: {}", row[1], row[3]);
        for test in named {
            assert!(test.starts_with(&prefix) && tests.contains(test), "{}: there is no test {test}", row[1]);
        }
    }
}

/// The names of the tests in a file.
fn names_of_tests(text: &str) -> Vec<String> {
    let name = |line: &str| line.trim_start().trim_start_matches("async ").strip_prefix("fn ")?.split('(').next().map(str::to_owned);
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).filter(|pair| pair[0].contains("#[tokio::test]") || pair[0].contains("#[test]"));
    tests.filter_map(|pair| name(pair[1])).collect()
}
