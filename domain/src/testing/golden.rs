//! Files that are committed beside the code and compared by tests; `UPDATE_GOLDEN=1` writes them.

use std::path::{Path, PathBuf};

/// A path in the repository.
pub fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path)
}

/// Whether files are to be written.
pub fn updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// A generated document equals the one in `docs/`.
#[track_caller]
pub fn document_is_as_committed(name: &str, text: &str) {
    let path = in_repository("docs").join(name);
    if updating() {
        std::fs::write(&path, text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "docs/{name} is not what the code says; UPDATE_GOLDEN=1 cargo test -p domain writes it, and the diff is the review");
}
