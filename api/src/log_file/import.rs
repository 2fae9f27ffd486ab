//! Takes an exported log into an empty company, or the rest of it into the company that has its beginning, hash by hash.

use super::format::{End, EventLine, FORMAT, Header};
use crate::app::App;
use crate::app::desk;
use chrono::{DateTime, TimeDelta, Utc};
use domain::text::Label;
use domain::{Instant, wire};
use eventstore::{CompanyId, Hash, Mark, Recorded, StoreError};
use serde::Serialize;
use std::io::{self, BufRead};

/// How far the clocks of two machines may be apart.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);
/// Events taken over in one commit.
const PART: usize = 2_000;
/// The longest line: a body of the largest size as hexadecimal digits, with what is around it.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// What was taken over.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Imported {
    /// Events added now.
    pub added: usize,
    /// Events that stood here already, the same.
    pub already_there: usize,
    /// Where the log ends now.
    pub head: Mark,
}

/// A log could not be taken over, or not to its end. A part with a fault is not taken; the parts before it stay and are right.
#[derive(Debug, thiserror::Error)]
pub enum TakeOverError {
    /// The input broke off.
    #[error("line {line} cannot be read: {source}")]
    Input {
        /// The line.
        line: u64,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// There is nothing in it.
    #[error("the file is empty; an exported log has at least two lines")]
    Empty,
    /// It is not an exported log.
    #[error("this is not an exported log: {0}")]
    NotALog(String),
    /// It is not a line of an exported log, or not the next one.
    #[error("line {line}: {text}")]
    Malformed {
        /// The line.
        line: u64,
        /// What is wrong with it.
        text: String,
    },
    /// An event cannot stand in a log of this version, or not yet.
    #[error("{place}: {text}")]
    Unfit {
        /// Its line, where that is still known, and its position.
        place: String,
        /// Why.
        text: String,
    },
    /// The file ends too early.
    #[error("the file ends at line {line} without its last line: it was cut off")]
    CutOff {
        /// The last line there is.
        line: u64,
    },
    /// The store refused it or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A log file that is being read, a part at a time.
#[derive(Debug)]
pub struct Source<R> {
    input: R,
    line: u64,
    pub(super) bytes: u64,
    text: Vec<u8>,
    /// Nothing in it may be later.
    latest: DateTime<Utc>,
    /// How many events were read, and what their hashes came to.
    pub(super) events: i64,
    pub(super) hash: Hash,
    /// What was read last.
    part: Part,
    /// Its first line.
    pub header: Header,
}

/// Whole commits, each event continuing the one before it.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) events: Vec<Recorded>,
    /// The log ends here.
    pub(super) is_last: bool,
}

impl<R: BufRead> Source<R> {
    /// Reads the first line and the first part, and checks them: a file that begins wrongly is refused before anything is made.
    pub fn open(input: R, now: DateTime<Utc>) -> Result<Source<R>, TakeOverError> {
        let mut source = Source::begin(input, now)?;
        source.part = source.part()?;
        Ok(source)
    }

    /// Reads the first line alone.
    pub(super) fn begin(input: R, now: DateTime<Utc>) -> Result<Source<R>, TakeOverError> {
        let nobody = uuid::Uuid::nil();
        let header = Header { leadtrail: String::new(), format: 0, company: CompanyId(nobody), name: String::new(), log_id: nobody };
        let (hash, part) = (Hash::before_first(nobody), Part::default());
        let mut source = Source { input, line: 0, bytes: 0, text: Vec::new(), latest: now + CLOCKS_DIFFER, events: 0, hash, part, header };
        if !source.next_line()? {
            return Err(TakeOverError::Empty);
        }
        source.header = header_of(&source.text)?;
        source.hash = Hash::before_first(source.header.log_id);
        Ok(source)
    }

    /// Takes the log into a company. `progress` is told how many bytes were read and how many events taken.
    pub async fn take(mut self, app: &App, company: CompanyId, mut progress: impl FnMut(u64, usize)) -> Result<Imported, TakeOverError> {
        let effects_of = |event: &Recorded| desk::effects_of(event);
        let (mut added, mut already_there) = (0, 0);
        loop {
            let Part { mut events, is_last } = std::mem::take(&mut self.part);
            events.iter_mut().for_each(|event| event.company = company);
            app.store.open(company, &mut events).await?;
            for event in events.iter().filter(|event| event.opened.is_some()) {
                readable(event).map_err(|text| TakeOverError::Unfit { place: format!("position {}", event.position), text })?;
            }
            let adopted = app.store.adopt(company, self.header.log_id, &events, &effects_of).await?;
            added += adopted.added;
            already_there += adopted.already;
            progress(self.bytes, added + already_there);
            if is_last {
                return Ok(Imported { added, already_there, head: adopted.head });
            }
            self.part = self.part()?;
        }
    }

    /// Reads the next part and checks that it continues what was read.
    pub(super) fn part(&mut self) -> Result<Part, TakeOverError> {
        let mut events: Vec<Recorded> = Vec::with_capacity(PART);
        while events.len() < PART || !events.last().is_some_and(Recorded::ends_commit) {
            if !self.next_line()? {
                return Err(TakeOverError::CutOff { line: self.line });
            }
            match self.event() {
                Ok(event) => {
                    let event = self.continued_by(event)?;
                    let place = || format!("line {}, position {}", self.line, event.position);
                    self.fits(&event).map_err(|text| TakeOverError::Unfit { place: place(), text })?;
                    events.push(event);
                }
                // The last line is not an event either; a line that does not end is part of one.
                Err(error) => {
                    return match serde_json::from_slice::<End>(&self.text) {
                        Ok(end) => self.check_end(&end, &events).map(|()| Part { events, is_last: true }),
                        Err(_) if !self.text.ends_with(b"\n") => Err(TakeOverError::CutOff { line: self.line }),
                        Err(_) => Err(error),
                    };
                }
            }
        }
        Ok(Part { events, is_last: false })
    }

    /// The next event must stand at the next position, with a hash that follows from the one before it.
    fn continued_by(&mut self, event: Recorded) -> Result<Recorded, TakeOverError> {
        let next = self.events + 1;
        if event.position != next {
            return Err(self.malformed(format!("position {} stands where {next} should: a line is missing, or one is too many", event.position)));
        }
        if event.hash != event.chain(&self.hash) {
            return Err(self.malformed(format!("the hash at position {next} does not follow: this line, or one before it, was changed")));
        }
        (self.events, self.hash) = (next, event.hash);
        Ok(event)
    }

    /// An event must have happened, and this version must be able to read it: the read models would stand still before it.
    fn fits(&self, event: &Recorded) -> Result<(), String> {
        for (what, at) in [("occurred_at", event.occurred_at), ("recorded_at", event.recorded_at)] {
            if at > self.latest {
                return Err(format!("the event `{}` lies in the future: {what} is {}", event.kind, Instant::from(at)));
            }
        }
        readable(&event.without_keys().map_err(|error| error.to_string())?)
    }

    /// The events must lead to the end that the last line names.
    fn check_end(&mut self, end: &End, events: &[Recorded]) -> Result<(), TakeOverError> {
        if end.leadtrail != "end" {
            return Err(self.malformed(format!("`{}` is not expected here", end.leadtrail)));
        }
        if (end.position, end.hash) != (self.events, self.hash) {
            let (said, found) = (format!("{} with hash {}", end.position, end.hash), format!("{} with {}", self.events, self.hash));
            return Err(self.malformed(format!("this says that the log ends at {said}, and the events before it lead to {found}")));
        }
        if events.last().is_some_and(|last| !last.ends_commit()) {
            return Err(self.malformed("the log ends inside a commit"));
        }
        if self.next_line()? { Err(self.malformed("there is more after the last line of the log")) } else { Ok(()) }
    }

    fn event(&self) -> Result<Recorded, TakeOverError> {
        let line: EventLine = serde_json::from_slice(&self.text).map_err(|error| self.malformed(without_line(&error)))?;
        line.event(self.header.company).map_err(|text| self.malformed(text))
    }

    /// Reads the next line that is not blank; false at the end of the file.
    fn next_line(&mut self) -> Result<bool, TakeOverError> {
        loop {
            self.text.clear();
            let mut bounded = io::Read::take(&mut self.input, MOST_BYTES);
            let read = bounded.read_until(b'\n', &mut self.text).map_err(|source| TakeOverError::Input { line: self.line + 1, source })?;
            if read == 0 {
                return Ok(false);
            }
            self.line += 1;
            self.bytes += read as u64;
            if read as u64 == MOST_BYTES {
                return Err(self.malformed(format!("the line has more than {MOST_BYTES} bytes")));
            }
            // Some editors begin a file with a byte order mark.
            if self.line == 1 && self.text.starts_with(b"\xEF\xBB\xBF") {
                self.text.drain(..3);
            }
            if !self.text.iter().all(u8::is_ascii_whitespace) {
                return Ok(true);
            }
        }
    }

    fn malformed(&self, text: impl Into<String>) -> TakeOverError {
        TakeOverError::Malformed { line: self.line, text: text.into() }
    }
}

fn readable(event: &Recorded) -> Result<(), String> {
    wire::decode(&event.kind, event.format, event.data()).map(drop).map_err(|error| error.to_string())
}

fn header_of(text: &[u8]) -> Result<Header, TakeOverError> {
    let header: Header =
        serde_json::from_slice(text).map_err(|error| TakeOverError::NotALog(format!("its first line is no header ({})", without_line(&error))))?;
    match (&*header.leadtrail, header.format) {
        ("log", FORMAT) => match Label::try_new(&header.name) {
            Ok(name) => Ok(Header { name: name.as_str().to_owned(), ..header }),
            Err(rule) => Err(TakeOverError::NotALog(format!("the company's name in its first line {rule}"))),
        },
        ("log", newer) => Err(TakeOverError::NotALog(format!("it has format {newer}, and this version of Leadtrail reads format {FORMAT}"))),
        (other, _) => Err(TakeOverError::NotALog(format!("its first line says `{other}`"))),
    }
}

/// What is wrong with JSON. Its own count of lines is always 1 here, and would be taken for the file's.
fn without_line(error: &serde_json::Error) -> String {
    error.to_string().replace("at line 1 column", "at column")
}
