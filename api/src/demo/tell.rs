//! Hands a plan to a company's writer, under a clock and with ids of its own, so that the log is the same every time.
//!
//! What is recorded is recorded at the moment at which it happens in the story, and every id follows from the place of its
//! command in the plan. So it does not matter how many commands a commit takes, nor whether the telling was interrupted.

use super::chance::Chance;
use super::plan::{Circumstances, Told, plan};
use crate::app::desk::Desk;
use crate::app::{App, Asker, ExecuteError, Request, ports};
use chrono::{DateTime, Utc};
use domain::reference::Ref;
use domain::{Instant, Refusal};
use eventstore::{Claim, CompanyId, Decider, Draft, Effect, Pending, Ports, Recorded, StoreError, Stream, Submission, Unreadable, WriteError, Writer};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// How many commands may be on their way.
const ON_THE_WAY: usize = 1024;
/// How many instants of the plan are kept at hand: those on their way, and those a batch may have to be tried again from.
const AT_HAND: usize = 4 * ON_THE_WAY;

/// What was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The company.
    pub company: CompanyId,
    /// How many commands were carried out now.
    pub commands: u64,
    /// How many had been told when this began.
    pub told_before: u64,
    /// How many events they led to.
    pub events: u64,
}

/// The demo company could not be told.
#[derive(Debug, thiserror::Error)]
pub enum TellError {
    /// There is one of this name, and it is not this story.
    #[error("there is a company “{0}” already; give the demo another --name, or another --data folder")]
    NameTaken(String),
    /// The rules refuse what was planned: a fault of the generator.
    #[error("the demo's own command {number} was refused: {refusal}; please report this")]
    Refused {
        /// Its place in the plan.
        number: u64,
        /// Why.
        refusal: Refusal,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Tells a demo company, or the rest of one whose telling was interrupted. `progress` is told the instant the story has reached.
pub async fn tell(app: &App, circumstances: &Circumstances, mut progress: impl FnMut(Instant, u64)) -> Result<Telling, TellError> {
    let company = CompanyId(circumstances.company());
    let key = circumstances.key();
    let told_before = found(app, circumstances, company, &key).await?;
    let script = Arc::new(Mutex::new(Script::new(key, told_before)));
    let ports = Arc::new(StoryPorts(Arc::clone(&script)));
    let narrator = Narrator { desk: Desk::default(), script: Arc::clone(&script) };
    let writer = Writer::start(app.store.clone(), company, narrator, projections::Inline::new(company), ports);
    let mut telling = Telling { company, commands: 0, told_before, events: 0 };
    let mut on_the_way: VecDeque<Pending<Narrator>> = VecDeque::new();
    for (number, told) in (0..).zip(plan(circumstances)).skip(told_before as usize) {
        let at = told.at;
        at_hand(&script).times.push_back(at);
        let submission = Submission { request: Line { number, request: request(told) }, command_id: command_id(&key, number, at), receipt: None };
        on_the_way.push_back(writer.enqueue(submission).await);
        if on_the_way.len() >= ON_THE_WAY {
            telling.settle(&mut on_the_way, ON_THE_WAY / 2).await?;
            progress(at, telling.commands);
        }
    }
    telling.settle(&mut on_the_way, 0).await?;
    progress(circumstances.until(), telling.commands);
    writer.stop().await;
    Ok(telling)
}

impl Telling {
    async fn settle(&mut self, on_the_way: &mut VecDeque<Pending<Narrator>>, left: usize) -> Result<(), TellError> {
        while on_the_way.len() > left
            && let Some(pending) = on_the_way.pop_front()
        {
            let accepted = pending.await.map_err(|error| self.fault(error))?;
            self.commands += 1;
            self.events += accepted.events.len() as u64;
        }
        Ok(())
    }

    fn fault(&self, error: ExecuteError) -> TellError {
        match error {
            WriteError::Refused(refusal) => TellError::Refused { number: self.told_before + self.commands, refusal },
            WriteError::Unavailable(error) => error.into(),
            error => StoreError::malformed("a demo", error.to_string()).into(),
        }
    }
}

/// Makes the company, or finds how much of the plan it has been told: the last command of its log is the last one told.
async fn found(app: &App, circumstances: &Circumstances, company: CompanyId, key: &[u8; 32]) -> Result<u64, TellError> {
    let name = circumstances.name.as_str();
    let taken = || TellError::NameTaken(name.to_owned());
    let companies = app.store.companies().await?;
    if companies.iter().any(|other| other.name.to_lowercase() == name.to_lowercase() && other.id != company) {
        return Err(taken());
    }
    if !companies.iter().any(|other| other.id == company) {
        let log_id = Chance::new(key, "log", 0).id(super::calendar::millis(circumstances.from()));
        app.store.create_company(company, name, log_id, ports::random_bytes(), circumstances.from().utc()).await?;
        return Ok(0);
    }
    let head = app.store.head(company).await?.position.number;
    let Some(last) = app.store.event(company, head).await? else { return Ok(0) };
    let told = (0..).zip(plan(circumstances)).find(|(number, told)| command_id(key, *number, told.at) == last.command_id);
    match told {
        // The last command of the plan was told as well: there is nothing to go on with.
        Some((number, _)) if plan(circumstances).nth(number as usize + 1).is_none() => Err(taken()),
        Some((number, _)) => Ok(number + 1),
        None => Err(taken()),
    }
}

fn request(told: Told) -> Request {
    let asker = Asker { by: told.by.map(Ref::Id), roles: told.roles.to_vec() };
    Request { wish: told.wish, at: Some(told.at), asker, expected_version: None }
}

fn command_id(key: &[u8; 32], number: u64, at: Instant) -> Uuid {
    Chance::new(key, "command", number).id(super::calendar::millis(at))
}

/// Where in the plan the writer is.
#[derive(Debug)]
struct Script {
    key: [u8; 32],
    /// The instants of the plan that are at hand, and the number of the first.
    times: VecDeque<Instant>,
    first: u64,
    /// The command that is decided next.
    next: u64,
    /// The instant of the command that was decided last, and the ids it draws from.
    at: Instant,
    ids: Chance,
    /// The writer begins anew with the next command it looks at.
    again: bool,
}

impl Script {
    fn new(key: [u8; 32], next: u64) -> Script {
        Script { key, times: VecDeque::new(), first: next, next, at: Instant::new(DateTime::UNIX_EPOCH), ids: Chance::new(&key, "nothing", 0), again: true }
    }

    /// The instant of a command at hand.
    fn time(&self, number: u64) -> Instant {
        let place = number.checked_sub(self.first).and_then(|place| usize::try_from(place).ok());
        place.and_then(|place| self.times.get(place)).copied().unwrap_or(self.at)
    }

    fn decided(&mut self, number: u64) {
        self.at = self.time(number);
        self.ids = Chance::new(&self.key, "events", number);
        self.next = number + 1;
        while self.times.len() > AT_HAND {
            self.times.pop_front();
            self.first += 1;
        }
    }
}

fn at_hand(script: &Mutex<Script>) -> std::sync::MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The clock and the ids of the story.
struct StoryPorts(Arc<Mutex<Script>>);

impl Ports for StoryPorts {
    fn now(&self) -> DateTime<Utc> {
        let script = at_hand(&self.0);
        script.time(script.next).utc()
    }

    fn new_id(&self) -> Uuid {
        let mut script = at_hand(&self.0);
        let millis = super::calendar::millis(script.at);
        script.ids.id(millis)
    }

    /// Not for secrets: the same story seals the same, so that it makes the same log.
    fn random(&self) -> [u8; 32] {
        at_hand(&self.0).ids.bytes()
    }
}

/// A command and its place in the plan.
struct Line {
    number: u64,
    request: Request,
}

/// The business itself, telling the clock which command it decides.
struct Narrator {
    desk: Desk,
    script: Arc<Mutex<Script>>,
}

impl Decider for Narrator {
    type Request = Line;
    type Refusal = Refusal;

    fn needs(&self, line: &Line) -> Vec<Stream> {
        let mut script = at_hand(&self.script);
        if std::mem::take(&mut script.again) {
            script.next = line.number;
        }
        self.desk.needs(&line.request)
    }

    fn holds(&self, stream: &Stream) -> bool {
        self.desk.holds(stream)
    }

    fn load(&mut self, stream: &Stream, events: &[Recorded]) -> Result<(), Unreadable> {
        self.desk.load(stream, events)
    }

    fn apply(&mut self, event: &Recorded) -> Result<(), Unreadable> {
        self.desk.apply(event)
    }

    fn decide(&self, line: &Line, now: DateTime<Utc>) -> Result<Vec<Draft>, Refusal> {
        at_hand(&self.script).decided(line.number);
        self.desk.decide(&line.request, now)
    }

    fn knows(&self, kind: &str, format: i32) -> bool {
        self.desk.knows(kind, format)
    }

    fn effects(&self, stream: &Stream, kind: &str, format: i32, data: &[u8]) -> Vec<Effect> {
        self.desk.effects(stream, kind, format, data)
    }

    fn taken(&self, claim: &Claim, by: &Stream, event: &Draft) -> Refusal {
        self.desk.taken(claim, by, event)
    }

    fn forget(&mut self) {
        at_hand(&self.script).again = true;
        self.desk.forget();
    }

    fn trim(&mut self) {
        self.desk.trim();
    }
}
