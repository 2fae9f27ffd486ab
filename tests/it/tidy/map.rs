//! The documents say what is there: no folder, crate or module goes unmentioned, no link leads nowhere.

use std::path::Path;

use super::files::{File, files, names_in, read, root};

const MAP: &str = "docs/ARCHITECTURE.md";

/// The crates of the product. `tests` has no `src`; it is mentioned as a folder.
const CRATES: &[&str] = &["domain", "eventstore", "projections", "api"];

#[test]
fn every_top_level_folder_is_on_the_map() {
    let map = read(MAP);
    for name in names_in("") {
        assert!(!name.ends_with('/') || map.contains(&format!("`{name}`")), "{MAP} does not mention `{name}`");
    }
}

/// The section of a crate begins with a heading that holds its folder, such as "### `domain/` …".
#[test]
fn every_module_is_on_the_map() {
    let map = read(MAP);
    let mut missing = Vec::new();
    for crate_name in CRATES {
        let section = section(&map, crate_name);
        for name in names_in(&format!("{crate_name}/src")) {
            let module = name.trim_end_matches('/').trim_end_matches(".rs");
            if !["lib", "main"].contains(&module) && !names_word(section, module) {
                missing.push(format!("{crate_name}/src/{name}"));
            }
        }
    }
    assert!(missing.is_empty(), "{MAP} does not mention, in the section of their crate: {missing:#?}");
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    for File { path, text } in files("", ".md") {
        let folder = Path::new(&path).parent().expect("a file lies in a folder");
        for target in links(&text) {
            let target = target.split('#').next().unwrap_or_default();
            let elsewhere = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            assert!(elsewhere || root().join(folder).join(target).exists(), "{path} links to {target}, which is not there");
        }
    }
}

/// From the crate's heading to the next heading.
fn section<'m>(map: &'m str, crate_name: &str) -> &'m str {
    let heading = format!("### `{crate_name}/`");
    let start = map.find(&heading).unwrap_or_else(|| panic!("{MAP} has no heading \"{heading}\"")) + heading.len();
    let rest = &map[start..];
    &rest[..rest.find("\n#").unwrap_or(rest.len())]
}

/// Whether `text` names `word` as code: inside backticks.
fn names_word(text: &str, word: &str) -> bool {
    let code = text.split('`').skip(1).step_by(2);
    code.flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')).any(|part| part == word)
}

/// The targets of `[words](target)`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}
