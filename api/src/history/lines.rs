//! Cuts the input into numbered lines, none of which is ever held whole beyond its limit.

use std::io::{self, BufRead};

/// The longest line taken, in bytes.
pub const MOST_BYTES: usize = 1024 * 1024;

/// A line of the input.
#[derive(Debug, PartialEq, Eq)]
pub enum Cut<'a> {
    /// Its bytes, without what ends it.
    Line(&'a [u8]),
    /// It was longer than [`MOST_BYTES`] and was passed over.
    TooLong,
}

/// Reads line after line.
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    /// How many lines were read.
    pub number: u64,
    /// How many bytes they had.
    pub bytes: u64,
}

impl<R: BufRead> Lines<R> {
    /// The lines of an input.
    pub fn new(input: R) -> Lines<R> {
        Lines { input, buffer: Vec::new(), number: 0, bytes: 0 }
    }

    /// The next line; `None` at the end of the input.
    pub fn next_line(&mut self) -> io::Result<Option<Cut<'_>>> {
        self.buffer.clear();
        let (mut read, mut too_long) = (0, false);
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let (part, used) = match end {
                Some(end) => (&chunk[..end], end + 1),
                None => (chunk, chunk.len()),
            };
            too_long |= self.buffer.len() + part.len() > MOST_BYTES;
            if !too_long {
                self.buffer.extend_from_slice(part);
            }
            self.input.consume(used);
            read += used;
            if end.is_some() || used == 0 {
                break;
            }
        }
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.bytes += read as u64;
        Ok(Some(if too_long { Cut::TooLong } else { Cut::Line(self.plain()) }))
    }

    /// The line without a byte order mark at the start of the input and without the carriage return of another system.
    fn plain(&self) -> &[u8] {
        let line = self.buffer.strip_suffix(b"\r").unwrap_or(&self.buffer);
        if self.number == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn all(input: &[u8], buffer: usize) -> Vec<String> {
        let mut lines = Lines::new(BufReader::with_capacity(buffer, input));
        let mut found = Vec::new();
        while let Some(cut) = lines.next_line().unwrap() {
            found.push(match cut {
                Cut::Line(line) => String::from_utf8_lossy(line).into_owned(),
                Cut::TooLong => "too long".into(),
            });
        }
        assert_eq!((lines.number, lines.bytes), (found.len() as u64, input.len() as u64));
        found
    }

    #[test]
    fn lines_are_the_same_however_they_arrive() {
        for buffer in [1, 2, 3, 7, 4096] {
            assert_eq!(all(b"\xEF\xBB\xBFone\r\n\ntwo\nlast", buffer), ["one", "", "two", "last"], "{buffer}");
        }
        assert!(all(b"", 8).is_empty());
    }

    #[test]
    fn a_line_beyond_the_limit_is_passed_over_and_the_next_one_is_read() {
        let mut input = vec![b'x'; MOST_BYTES];
        input.extend_from_slice(b"\nb\n");
        assert_eq!(all(&input, 4096)[0].len(), MOST_BYTES);
        input.insert(0, b'x');
        assert_eq!(all(&input, 4096), ["too long", "b"]);
    }
}
