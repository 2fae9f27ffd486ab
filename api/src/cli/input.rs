//! The file an import reads: opened and looked at, so that what can never be taken is refused before anything is made.

use super::CliError;
use super::error::{Code, in_words};
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// How a file begins that is no UTF-8 text, and what to do about it.
const OTHER_KINDS: [(&[u8], &str, &str); 4] = [
    (b"\xFF\xFE", "is UTF-16 text, and UTF-8 is needed", "`iconv -f UTF-16 -t UTF-8 FILE > NEW` converts it"),
    (b"\xFE\xFF", "is UTF-16 text, and UTF-8 is needed", "`iconv -f UTF-16 -t UTF-8 FILE > NEW` converts it"),
    (b"\x1F\x8B", "is compressed", "`gunzip -c FILE | leadtrail import … -` reads it"),
    (b"PK\x03\x04", "is a zip archive", "unpack it first, and import the file in it"),
];

/// What is read, and how many bytes it has where that is known.
pub struct Input {
    /// Its bytes.
    pub bytes: Box<dyn BufRead>,
    /// How many there are.
    pub size: Option<u64>,
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Input {
    /// Opens a file, or the standard input for `-`.
    pub fn open(path: &Path) -> Result<Input, CliError> {
        let mut input = if path == Path::new("-") { Input { bytes: Box::new(BufReader::new(io::stdin())), size: None } } else { file(path)? };
        let begins = input.bytes.fill_buf().map_err(|error| CliError::file("read", path, &error))?;
        match OTHER_KINDS.iter().find(|(begin, _, _)| begins.starts_with(begin)) {
            None => Ok(input),
            Some((_, what, remedy)) => Err(CliError::new(Code::BadFile, format!("{} {what}", name(path))).hint(*remedy)),
        }
    }
}

fn file(path: &Path) -> Result<Input, CliError> {
    let cannot = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => CliError::new(Code::File, format!("there is no file {}", path.display())),
        _ => CliError::new(Code::File, format!("cannot read {}: {}", path.display(), in_words(&error))),
    };
    let file = File::open(path).map_err(cannot)?;
    let about = file.metadata().map_err(cannot)?;
    if about.is_dir() {
        return Err(CliError::new(Code::File, format!("{} is a folder, not a file", path.display())));
    }
    let size = about.is_file().then_some(about.len());
    Ok(Input { bytes: Box::new(BufReader::with_capacity(1 << 16, file)), size })
}

/// A file as messages call it.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") { "the standard input".into() } else { path.display().to_string() }
}
