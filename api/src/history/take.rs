//! Hands a history to the company's writer: in order, many lines on their way at once, bounded in memory.

use super::line::{self, Line};
use super::lines::{Cut, Lines, MOST_BYTES};
use super::names;
use super::report::{BadLine, Summary};
use crate::app::desk::{Desk, read};
use crate::app::{App, Asker, ExecuteError, Request, SettleError, Wish};
use domain::company::{Company, CompanyCommand};
use domain::{Code, Fact, Instant};
use eventstore::{Accepted, CompanyId, Pending, ReceiptKey, StoreError, Submission, WriteError, Writer};
use std::collections::VecDeque;
use std::io::{self, BufRead};

/// How many lines may be on their way. More would only wait in the writer's queue.
const ON_THE_WAY: usize = 1024;
/// How much of a history is held in memory until its first line that makes sense has come.
pub const MOST_AHEAD: u64 = 64 * 1024 * 1024;
/// After how many lines progress is told.
const TOLD_EVERY: u64 = 64;
/// Whose idempotency keys the ids of lines are. They are remembered for ever.
const SCOPE: &str = "import";

/// What is told while an import goes on.
pub trait Watch {
    /// So many bytes and lines were read.
    fn read(&mut self, bytes: u64, lines: u64);
    /// A line was not taken.
    fn bad(&mut self, bad: &BadLine) -> io::Result<()>;
}

/// The import had to stop. What was taken stays; the same file again continues it.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The input broke off.
    #[error("the input cannot be read after line {line}: {source}")]
    Input {
        /// The last line that was read.
        line: u64,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// The report cannot be written.
    #[error("the report cannot be written: {0}")]
    Report(#[source] io::Error),
    /// The history was taken, and who was forgotten in it could not be noted.
    #[error("{0}; mend that and import the same file once more")]
    Erasures(#[source] SettleError),
    /// The store failed.
    #[error("the store failed at line {line}: {source}; when it works again, import the same file once more: it continues where it stopped")]
    Store {
        /// The line that was not taken.
        line: u64,
        /// What happened.
        #[source]
        source: StoreError,
    },
}

/// Takes a history into a company, line after line.
pub async fn take(app: &App, company: CompanyId, create_missing: bool, input: impl BufRead, watch: &mut impl Watch) -> Result<Summary, ImportError> {
    let failed = |source| ImportError::Store { line: 0, source };
    let known = app.settings(company).await.map_err(failed)?;
    let head = app.store.head(company).await.map_err(failed)?;
    let writer = app.writer(company).await;
    let mut taking = Taking { app, company, writer, known, create_missing, on_the_way: VecDeque::new(), summary: Summary::new(Some(head)), watch };
    let mut lines = Lines::new(input);
    loop {
        let line = match next(&mut lines) {
            Ok(None) => break,
            Ok(Some(line)) => line,
            Err(source) => {
                taking.settle(0).await?;
                return Err(ImportError::Input { line: lines.number, source });
            }
        };
        taking.line(lines.number, line).await?;
        if lines.number.is_multiple_of(TOLD_EVERY) {
            taking.watch.read(lines.bytes, lines.number);
        }
    }
    taking.settle(0).await?;
    // Lines are not answered one by one to where erasures are noted.
    app.settle_erasures().await.map_err(ImportError::Erasures)?;
    taking.watch.read(lines.bytes, lines.number);
    taking.summary.head = Some(app.store.head(company).await.map_err(|source| ImportError::Store { line: lines.number, source })?);
    Ok(taking.summary)
}

/// The next line that is not blank.
fn next(lines: &mut Lines<impl BufRead>) -> io::Result<Option<Result<Line, Box<BadLine>>>> {
    loop {
        match lines.next_line()? {
            None => return Ok(None),
            Some(Cut::TooLong) => return Ok(Some(Err(Box::new(BadLine::too_long(lines.number, MOST_BYTES))))),
            Some(Cut::Line(text)) if text.iter().all(u8::is_ascii_whitespace) => {}
            Some(Cut::Line(text)) => {
                let text = text.to_vec();
                return Ok(Some(line::read(lines.number, &text)));
            }
        }
    }
}

/// Whether a history has a line that makes sense by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// It has.
    ALine,
    /// It has none.
    Nothing,
    /// None came in the first [`MOST_AHEAD`] bytes.
    NothingSoFar,
}

/// Reads a history up to its first line that makes sense, and gives it back whole.
pub fn look_ahead<R: BufRead>(mut input: R) -> io::Result<(Ahead, impl BufRead + use<R>)> {
    let mut read = Vec::new();
    let found = loop {
        let from = read.len();
        let left = MOST_AHEAD.saturating_sub(from as u64);
        if io::Read::take(&mut input, left).read_until(b'\n', &mut read)? == 0 {
            break if left == 0 { Ahead::NothingSoFar } else { Ahead::Nothing };
        }
        if let Some(Ok(_)) = next(&mut Lines::new(&read[from..]))? {
            break Ahead::ALine;
        }
    };
    Ok((found, io::Read::chain(io::Cursor::new(read), input)))
}

/// Tells what is wrong with the lines of a history that has none to take.
pub fn refuse(input: impl BufRead, watch: &mut impl Watch) -> Result<Summary, ImportError> {
    let (mut lines, mut summary) = (Lines::new(input), Summary::new(None));
    while let Some(line) = next(&mut lines).map_err(|source| ImportError::Input { line: lines.number, source })? {
        summary.lines += 1;
        if let Err(bad) = line {
            summary.refuse(*bad, watch)?;
        }
    }
    Ok(summary)
}

struct Taking<'a, W> {
    app: &'a App,
    company: CompanyId,
    writer: Writer<Desk>,
    /// The company's settings as far as this import has seen them.
    known: Company,
    create_missing: bool,
    on_the_way: VecDeque<OnTheWay>,
    summary: Summary,
    watch: &'a mut W,
}

/// A line and what will become of it. Bad lines wait their turn too, so that they are reported in order.
struct OnTheWay {
    line: BadLine,
    answer: Option<Pending<Desk>>,
}

impl<W: Watch> Taking<'_, W> {
    async fn line(&mut self, number: u64, line: Result<Line, Box<BadLine>>) -> Result<(), ImportError> {
        self.summary.lines += 1;
        let next = match line {
            Ok(line) => {
                if self.create_missing {
                    self.name_what_is_missing(number, &line).await?;
                }
                let told = BadLine { id: Some(line.id.clone()), command: Some(line.name), ..BadLine::new(number, "", "") };
                let receipt = ReceiptKey { scope: SCOPE.into(), key: line.id, request_hash: line.hash, expires_at: None };
                let request =
                    Request { wish: Wish::Contact(line.contact, line.command), at: Some(line.at), asker: Asker::importer(line.by), expected_version: None };
                OnTheWay { line: told, answer: Some(self.enqueue(request, Some(receipt)).await) }
            }
            Err(bad) => OnTheWay { line: *bad, answer: None },
        };
        self.on_the_way.push_back(next);
        self.settle(ON_THE_WAY).await
    }

    async fn enqueue(&self, request: Request, receipt: Option<ReceiptKey>) -> Pending<Desk> {
        self.writer.enqueue(Submission { request, command_id: self.app.ports.new_id(), receipt }).await
    }

    /// Names what a line names, each once, before the line that needs it.
    async fn name_what_is_missing(&mut self, number: u64, line: &Line) -> Result<(), ImportError> {
        for named in &line.names {
            let Some(command) = names::definition(self.company, &self.known, named) else { continue };
            match self.define(command, line.at).await {
                Ok(accepted) => {
                    self.summary.events += accepted.events.len() as u64;
                    self.summary.names += 1;
                    self.learn(&accepted).map_err(|source| ImportError::Store { line: number, source })?;
                }
                // Somebody else named it meanwhile.
                Err(WriteError::Refused(refusal)) if refusal.code == Code::NameTaken => {
                    self.known = self.app.settings(self.company).await.map_err(|source| ImportError::Store { line: number, source })?;
                }
                // The line will say what is wrong.
                Err(WriteError::Refused(_)) => {}
                Err(error) => return Err(ImportError::Store { line: number, source: fault(error) }),
            }
        }
        Ok(())
    }

    async fn define(&self, command: CompanyCommand, at: Instant) -> Result<Accepted, ExecuteError> {
        let request = Request { wish: Wish::Company(command), at: Some(at), asker: Asker::importer(None), expected_version: None };
        self.enqueue(request, None).await.await
    }

    fn learn(&mut self, accepted: &Accepted) -> Result<(), StoreError> {
        for event in accepted.events.iter() {
            if let Fact::Company(fact) = read(event)? {
                self.known.evolve(&fact);
            }
        }
        Ok(())
    }

    /// Takes in answers, in order, until no more than `left` lines are on their way.
    async fn settle(&mut self, left: usize) -> Result<(), ImportError> {
        while self.on_the_way.len() > left
            && let Some(OnTheWay { line, answer }) = self.on_the_way.pop_front()
        {
            match answer {
                None => self.refuse(line)?,
                Some(answer) => self.answered(line, answer.await)?,
            }
        }
        Ok(())
    }

    fn answered(&mut self, line: BadLine, answer: Result<Accepted, ExecuteError>) -> Result<(), ImportError> {
        match answer {
            Ok(accepted) if accepted.replayed => self.summary.already_there += 1,
            Ok(accepted) => {
                self.summary.taken += 1;
                self.summary.events += accepted.events.len() as u64;
                self.summary.contacts += accepted.events.iter().filter(|event| event.kind == "contact.added").count() as u64;
            }
            Err(WriteError::Refused(refusal)) => self.refuse(line.refused(refusal))?,
            Err(WriteError::KeyReused) => {
                let detail = "another line with this id was taken, and it says something else";
                self.refuse(BadLine { code: "idempotency_key_reused", pointers: vec!["/id".into()], detail: detail.into(), ..line })?;
            }
            // Faults of one contact or one decision: the other lines go on.
            Err(WriteError::Unreadable(event)) => self.refuse(BadLine { code: "unreadable_log", detail: event.to_string(), ..line })?,
            Err(WriteError::Unavailable(StoreError::Panicked(text))) => {
                self.refuse(BadLine { code: "internal", detail: format!("a fault of the product: {text}"), ..line })?
            }
            Err(error) => return Err(ImportError::Store { line: line.line, source: fault(error) }),
        }
        Ok(())
    }

    fn refuse(&mut self, bad: BadLine) -> Result<(), ImportError> {
        self.summary.refuse(bad, self.watch)
    }
}

impl Summary {
    /// Counts a line that is not taken, and tells of it.
    fn refuse(&mut self, bad: BadLine, watch: &mut impl Watch) -> Result<(), ImportError> {
        self.refused += 1;
        *self.refused_by_code.entry(bad.code).or_default() += 1;
        watch.bad(&bad).map_err(ImportError::Report)
    }
}

fn fault(error: ExecuteError) -> StoreError {
    match error {
        WriteError::Unavailable(error) => error,
        WriteError::Unreadable(event) => event.into(),
        error => StoreError::malformed("an import", error.to_string()),
    }
}
