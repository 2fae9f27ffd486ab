//! Which crate may use which, and what the crate of facts and rules must not be able to do.

use std::process::Command;

use serde_json::Value;

use super::files::root;

/// The whole table: whoever is missing on the right may not be used.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("eventstore", &[]),
    ("projections", &["domain", "eventstore"]),
    ("api", &["domain", "eventstore", "projections"]),
    ("tests", &["api", "domain", "eventstore", "projections"]),
];

/// Features that read a clock or make ids by chance.
const IMPURE_FEATURES: &[(&str, &[&str])] =
    &[("chrono", &["clock", "default", "now", "wasmbind"]), ("uuid", &["fast-rng", "rng", "rng-getrandom", "rng-rand", "v1", "v4", "v6", "v7"])];

/// Crates for IO and chance.
const IMPURE_CRATES: &[&str] = &["axum", "getrandom", "hyper", "iana-time-zone", "rand", "rand_core", "reqwest", "sqlx", "tokio"];

#[test]
fn arrows_between_crates_point_one_way() {
    let packages = packages();
    for package in &packages {
        let name = text(&package["name"]);
        let row = ALLOWED.iter().find(|(crate_name, _)| *crate_name == name);
        let (_, allowed) = row.unwrap_or_else(|| panic!("the crate {name} is not in the table of allowed arrows"));
        for dependency in package["dependencies"].as_array().expect("dependencies are listed") {
            let used = text(&dependency["name"]);
            let ours = ALLOWED.iter().any(|(crate_name, _)| *crate_name == used);
            assert!(!ours || allowed.contains(&used), "{name} must not use {used}");
        }
    }
    assert_eq!(packages.len(), ALLOWED.len(), "the table names a crate that is gone");
}

/// What the compiler would resolve for `domain` alone, not what its Cargo.toml says: a feature may come in through another crate.
#[test]
fn domain_has_no_clock_no_chance_and_no_io() {
    let tree = cargo(&["tree", "--package", "domain", "--edges", "normal", "--prefix", "none", "--format", "{p}|{f}"]);
    assert!(tree.contains("chrono ") && tree.contains("uuid "), "the list of crates is not read rightly:\n{tree}");
    for line in tree.lines() {
        let (package, features) = line.split_once('|').unwrap_or((line, ""));
        let name = package.split(' ').next().unwrap_or_default();
        assert!(!IMPURE_CRATES.contains(&name), "domain must not use {name}");
        let Some((_, impure)) = IMPURE_FEATURES.iter().find(|(crate_name, _)| *crate_name == name) else { continue };
        for feature in features.trim_end_matches(" (*)").split(',') {
            assert!(!impure.contains(&feature), "domain must not have the feature {feature} of {name}");
        }
    }
}

/// Lints are set once, for everyone.
#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for (name, _) in ALLOWED {
        let manifest = super::files::read(&format!("{name}/Cargo.toml"));
        assert!(manifest.contains("[lints]\nworkspace = true\n"), "{name}/Cargo.toml must take the workspace's lints");
    }
}

fn packages() -> Vec<Value> {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo metadata answers JSON");
    metadata["packages"].as_array().expect("packages are listed").clone()
}

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let answer = Command::new(cargo).args(arguments).arg("--offline").current_dir(root()).output().expect("cargo runs");
    assert!(answer.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).expect("cargo answers text")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a name is text")
}
