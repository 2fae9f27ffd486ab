//! Takes an exported log into an empty company, or the rest of it into the company that has its beginning, hash by hash.

use super::format::{End, EventLine, FORMAT, Header};
use crate::app::App;
use crate::app::desk;
use eventstore::{CompanyId, Mark, Recorded, StoreError};
use serde::Serialize;
use std::io::{self, BufRead};

/// Events taken over in one commit.
const PAGE: usize = 2_000;
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

/// A log could not be taken over, or not to its end. What was added stays and is right.
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
    /// It is not a line of an exported log.
    #[error("line {line}: {text}")]
    Malformed {
        /// The line.
        line: u64,
        /// What is wrong with it.
        text: String,
    },
    /// The file ends too early.
    #[error("the file ends at line {line} without its last line: it was cut off; get the whole file and import it again")]
    CutOff {
        /// The last line there is.
        line: u64,
    },
    /// The events do not lead to the end that the last line names.
    #[error("the file says that the log ends at {said}, and its events lead to {found}")]
    OtherEnd {
        /// What the last line says.
        said: String,
        /// What the events came to.
        found: String,
    },
    /// The store refused it or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A log file that is being read.
#[derive(Debug)]
pub struct Source<R> {
    input: R,
    line: u64,
    bytes: u64,
    text: Vec<u8>,
    /// Its first line.
    pub header: Header,
}

impl<R: BufRead> Source<R> {
    /// Reads the first line.
    pub fn open(input: R) -> Result<Source<R>, TakeOverError> {
        let header = Header { leadtrail: String::new(), format: 0, company: CompanyId(uuid::Uuid::nil()), name: String::new(), log_id: uuid::Uuid::nil() };
        let mut source = Source { input, line: 0, bytes: 0, text: Vec::new(), header };
        if !source.next_line()? {
            return Err(source.malformed("the file is empty"));
        }
        let not_a_log = |error: serde_json::Error| format!("this is not the first line of an exported log: {error}");
        source.header = serde_json::from_slice(&source.text).map_err(|error| source.malformed(not_a_log(error)))?;
        match (&*source.header.leadtrail, source.header.format) {
            ("log", FORMAT) => Ok(source),
            ("log", newer) => Err(source.malformed(format!("the file has format {newer}; this version of Leadtrail reads format {FORMAT}"))),
            (other, _) => Err(source.malformed(format!("this is `{other}`, not an exported log"))),
        }
    }

    /// Takes the log into a company. `progress` is told how many bytes were read and how many events taken.
    pub async fn take(mut self, app: &App, company: CompanyId, mut progress: impl FnMut(u64, usize)) -> Result<Imported, TakeOverError> {
        let mut imported = Imported { added: 0, already_there: 0, head: app.store.head(company).await? };
        let mut page: Vec<Recorded> = Vec::with_capacity(PAGE);
        loop {
            if !self.next_line()? {
                self.adopt(app, company, &mut page, &mut imported).await?;
                return Err(TakeOverError::CutOff { line: self.line });
            }
            match self.event(company) {
                Ok(event) => page.push(event),
                Err(error) => {
                    // The last line is not an event either; a line that does not end is part of one.
                    let end = serde_json::from_slice::<End>(&self.text);
                    let cut = end.is_err() && !self.text.ends_with(b"\n");
                    if cut || end.is_ok() {
                        self.adopt(app, company, &mut page, &mut imported).await?;
                    }
                    if cut {
                        return Err(TakeOverError::CutOff { line: self.line });
                    }
                    self.check_end(app, company, &end.map_err(|_| error)?, &imported).await?;
                    progress(self.bytes, imported.added + imported.already_there);
                    return Ok(imported);
                }
            }
            if page.len() >= PAGE && page.last().is_some_and(Recorded::ends_commit) {
                self.adopt(app, company, &mut page, &mut imported).await?;
                progress(self.bytes, imported.added + imported.already_there);
            }
        }
    }

    /// Takes over the whole commits of a page; a part of a commit can only be left at the end of a file that was cut off.
    async fn adopt(&self, app: &App, company: CompanyId, page: &mut Vec<Recorded>, imported: &mut Imported) -> Result<(), StoreError> {
        let whole = page.iter().rposition(Recorded::ends_commit).map_or(0, |last| last + 1);
        let claims_of = |event: &Recorded| desk::claims_of(event);
        let adopted = app.store.adopt(company, self.header.log_id, &page[..whole], &claims_of).await?;
        imported.added += adopted.added;
        imported.already_there += adopted.already;
        imported.head = adopted.head;
        page.clear();
        Ok(())
    }

    /// The file must lead to the end it names: when more stands here already, its end must stand here too.
    async fn check_end(&mut self, app: &App, company: CompanyId, end: &End, imported: &Imported) -> Result<(), TakeOverError> {
        let told = imported.added + imported.already_there;
        let stands = app.store.mark(company, end.position).await?;
        if end.leadtrail != "end" {
            return Err(self.malformed(format!("`{}` is not expected here", end.leadtrail)));
        }
        if i64::try_from(told) == Ok(end.position) && stands.is_some_and(|mark| mark.hash == end.hash) {
            return if self.next_line()? { Err(self.malformed("there is more after the last line of the log")) } else { Ok(()) };
        }
        Err(TakeOverError::OtherEnd { said: format!("{} with {}", end.position, end.hash), found: format!("{told} with {}", imported.head.hash) })
    }

    fn event(&self, company: CompanyId) -> Result<Recorded, TakeOverError> {
        let line: EventLine = serde_json::from_slice(&self.text).map_err(|error| self.malformed(error.to_string()))?;
        line.event(company).map_err(|text| self.malformed(text))
    }

    /// Reads the next line; false at the end of the file.
    fn next_line(&mut self) -> Result<bool, TakeOverError> {
        self.text.clear();
        self.line += 1;
        let mut bounded = io::Read::take(&mut self.input, MOST_BYTES);
        let read = bounded.read_until(b'\n', &mut self.text).map_err(|source| TakeOverError::Input { line: self.line, source })?;
        self.bytes += read as u64;
        if read as u64 == MOST_BYTES {
            return Err(self.malformed(format!("the line has more than {MOST_BYTES} bytes")));
        }
        if read == 0 {
            self.line -= 1;
        }
        Ok(read > 0)
    }

    fn malformed(&self, text: impl Into<String>) -> TakeOverError {
        TakeOverError::Malformed { line: self.line, text: text.into() }
    }
}
