//! The project's own files, without what is built, downloaded or stored.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of ours.
const NOT_OURS: &[&str] = &[".git/", "data/", "target/", "web/dist/", "web/node_modules/"];

/// A file of the project.
#[derive(Clone)]
pub struct File {
    /// Its path from the top folder, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// The top folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A file by its path from the top folder.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every text file below `folder` (`""` is everything) whose name ends with `ending`, in order.
pub fn files(folder: &str, ending: &str) -> Vec<File> {
    let mut found = Vec::new();
    walk(folder, ending, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The names of what lies directly in `folder`; folders end with `/`.
pub fn names_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a folder can be listed"))
        .map(|entry| entry.file_name().to_string_lossy().into_owned() + if entry.path().is_dir() { "/" } else { "" })
        .filter(|name| !NOT_OURS.contains(&join(folder, name).as_str()))
        .collect();
    names.sort();
    names
}

fn walk(folder: &str, ending: &str, found: &mut Vec<File>) {
    for name in names_in(folder) {
        let path = join(folder, &name);
        if path.ends_with('/') {
            walk(&path, ending, found);
        } else if path.ends_with(ending)
            && let Ok(text) = fs::read_to_string(root().join(&path))
        {
            found.push(File { path, text });
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{}/{name}", folder.trim_end_matches('/')) }
}
