//! The business as the company writer needs it: contact files and settings, kept folded, and the rules over them.

use chrono::{DateTime, Utc};
use domain::company::{Company, CompanyCommand};
use domain::contact_file::Caused;
use domain::id::ContactId;
use domain::reference::PersonRef;
use domain::timer::{self, Change};
use domain::{Actor, Code, Command, ContactFile, Context, Fact, Instant, Refusal, Role, wire};
use domain::{claim, message};
use eventstore::{Claim, Decider, Draft, Effect, Recorded, Stream, Unreadable};
use lru::LruCache;
use uuid::Uuid;

/// How many contact files stay folded in memory.
const WARM_FILES: usize = 20_000;

/// The stream of a contact.
pub fn contact_stream(contact: ContactId) -> Stream {
    Stream::new("contact", contact.0)
}

/// The stream of the company's own settings: the same in every log, so that a log may move to another company.
pub fn company_stream() -> Stream {
    Stream::new("company", Uuid::nil())
}

/// A command with its circumstances.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is asked, of whom.
    pub wish: Wish,
    /// When it happened; without it, now.
    pub at: Option<Instant>,
    /// Who asks.
    pub asker: Asker,
    /// The version of the contact's stream that the caller has seen, where it must not have moved on.
    pub expected_version: Option<i64>,
}

/// Who asks: on behalf of which person, and with which roles.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The person behind it, by id or name, where one is named.
    pub by: Option<PersonRef>,
    /// What they may do.
    pub roles: Vec<Role>,
}

impl Asker {
    /// Somebody who may do all that people may do.
    pub fn with_every_role(by: Option<PersonRef>) -> Asker {
        Asker { by, roles: Role::PEOPLE.to_vec() }
    }

    /// The importer, on behalf of a person where the history names one.
    pub fn importer(by: Option<PersonRef>) -> Asker {
        Asker { by, roles: vec![Role::Importer] }
    }

    /// The product itself, when the time for something has come.
    pub fn system() -> Asker {
        Asker { by: None, roles: vec![Role::System] }
    }

    fn actor(&self, company: &Company) -> Result<Actor, Refusal> {
        let person = self.by.as_ref().map(|by| company.person("by", by)).transpose()?;
        Ok(Actor { person, roles: self.roles.clone() })
    }
}

/// What may be asked.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "wishes about the company are rare, so nothing is gained by a box")]
pub enum Wish {
    /// Something of a contact.
    Contact(ContactId, Command),
    /// Something of the company's settings.
    Company(CompanyCommand),
}

/// One company's files and settings, in memory.
pub struct Desk {
    company: Option<Company>,
    files: LruCache<ContactId, ContactFile>,
}

impl Default for Desk {
    fn default() -> Self {
        Desk { company: None, files: LruCache::unbounded() }
    }
}

impl Decider for Desk {
    type Request = Request;
    type Refusal = Refusal;

    fn needs(&self, request: &Request) -> Vec<Stream> {
        match &request.wish {
            Wish::Contact(contact, command) => {
                let other = command.counterpart(*contact).map(|(other, _)| contact_stream(other));
                [company_stream(), contact_stream(*contact)].into_iter().chain(other).collect()
            }
            Wish::Company(_) => vec![company_stream()],
        }
    }

    fn holds(&self, stream: &Stream) -> bool {
        match of(stream) {
            Some(contact) => self.files.contains(&contact),
            None => self.company.is_some(),
        }
    }

    fn load(&mut self, stream: &Stream, events: &[Recorded]) -> Result<(), Unreadable> {
        match of(stream) {
            Some(contact) => {
                let mut file = ContactFile::default();
                for event in events {
                    file.evolve(&read(event)?, event.occurred_at.into());
                }
                self.files.put(contact, file);
            }
            None => {
                let mut company = Company::default();
                for event in events {
                    evolve_company(&mut company, &read(event)?);
                }
                self.company = Some(company);
            }
        }
        Ok(())
    }

    fn apply(&mut self, event: &Recorded) -> Result<(), Unreadable> {
        match of(&event.stream) {
            Some(contact) => {
                if let Some(file) = self.files.get_mut(&contact) {
                    file.evolve(&read(event)?, event.occurred_at.into());
                }
            }
            None => {
                if let Some(company) = &mut self.company {
                    evolve_company(company, &read(event)?);
                }
            }
        }
        Ok(())
    }

    fn decide(&self, request: &Request, now: DateTime<Utc>) -> Result<Vec<Draft>, Refusal> {
        let now = Instant::new(now);
        let nothing = Company::default();
        let company = self.company.as_ref().unwrap_or(&nothing);
        let at = request.at.unwrap_or(now);
        if at > now {
            return Err(Refusal::of_field(Code::InTheFuture, "occurred_at", format!("{at} lies in the future")));
        }
        let actor = request.asker.actor(company)?;
        match &request.wish {
            Wish::Company(command) => {
                let facts = company.decide(command, &actor, at)?.into_iter().map(Fact::Company);
                Ok(facts.map(|fact| draft(company_stream(), &fact, at, &actor, None)).collect())
            }
            Wish::Contact(contact, command) => {
                let new = ContactFile::default();
                let file = self.files.peek(contact).unwrap_or(&new);
                let waits = request.at.is_none() || matches!(command, Command::Due(_));
                let at = if waits { file.last_at.map_or(at, |last| last.max(at)) } else { at };
                expected(request.expected_version, file.version)?;
                let context = Context { at, actor, company };
                let draft = |contact: ContactId, caused: &Caused| {
                    // What was overdue happened by itself.
                    let actor = if caused.at < at { &Actor::system() } else { &context.actor };
                    draft(contact_stream(contact), &caused.fact, caused.at, actor, caused.by)
                };
                let mut drafts: Vec<Draft> = file.decide(command, &context)?.iter().map(|caused| draft(*contact, caused)).collect();
                if let Some((other, asked)) = command.counterpart(*contact).filter(|_| !drafts.is_empty()) {
                    let its_file = self.files.peek(&other).unwrap_or(&new);
                    let decided = self.counterpart(*contact, other, its_file, &asked, &context)?;
                    drafts.extend(decided.iter().map(|caused| draft(other, caused)));
                }
                Ok(drafts)
            }
        }
    }

    fn knows(&self, kind: &str, format: i32) -> bool {
        wire::knows(kind, format)
    }

    fn effects(&self, stream: &Stream, kind: &str, format: i32, data: &[u8]) -> Vec<Effect> {
        effects(stream, kind, format, data)
    }

    fn taken(&self, claim: &Claim, by: &Stream, event: &Draft) -> Refusal {
        if claim.kind == claim::REP_TIME {
            let fact = wire::decode(event.kind, event.format, &event.body);
            let field = fact.map_or("rep", |fact| claim::field_of_rep(&fact, &claim.value));
            let detail =
                "the rep is issued a meeting of another contact that touches one of the same half hours; choose another rep or time, or overbook on purpose";
            return Refusal { other: Some(by.id), ..Refusal::of_field(Code::RepBusy, field, detail) };
        }
        let detail = "another contact has this property address; open that one, or correct the address";
        Refusal { other: Some(by.id), ..Refusal::of_field(Code::AddressTaken, "address", detail) }
    }

    fn forget(&mut self) {
        *self = Desk::default();
    }

    fn trim(&mut self) {
        while self.files.len() > WARM_FILES {
            self.files.pop_lru();
        }
    }
}

impl Desk {
    /// What a command asks of another contact's file. A refusal speaks of that contact.
    fn counterpart(&self, contact: ContactId, other: ContactId, file: &ContactFile, asked: &Command, context: &Context) -> Result<Vec<Caused>, Refusal> {
        if contact == other {
            return Err(Refusal::of_field(Code::FieldInvalid, "other", "this is the contact itself"));
        }
        file.decide(asked, context).map_err(|refusal| match refusal.code {
            Code::UnknownContact => Refusal::of_field(Code::UnknownContact, "other", refusal.detail),
            Code::BeforeLastEvent => Refusal { detail: format!("of the other contact: {}", refusal.detail), ..refusal },
            _ => Refusal { open: vec![], ..refusal },
        })
    }
}

/// The stored names of the events that do something beside being recorded.
#[rustfmt::skip]
const DOING: &[&str] = &[
    "contact.added", "contact.address_corrected", "contact.erased", "journey.limit_started",
    "meeting.issued", "meeting.reissued", "meeting.rescheduled", "meeting.canceled", "meeting.resulted",
    "quote.finalized", "quote.sold", "quote.lost", "quote.expired", "quote.reopened", "quote.superseded",
];

/// What an event does beside being recorded, as the store wants it.
fn effects(stream: &Stream, kind: &str, format: i32, data: &[u8]) -> Vec<Effect> {
    // Only these do anything; reading every other event here would be work for nothing.
    if !DOING.contains(&kind) {
        return vec![];
    }
    let Ok(fact) = wire::decode(kind, format, data) else { return vec![] };
    let stored = |claim: claim::Claim| Claim { kind: claim.kind, value: claim.value };
    let freed = claim::freed_by(&fact).into_iter().map(|claim| Effect::Release(stored(claim)));
    let claims = freed.chain(claim::taken_by(&fact).into_iter().map(|claim| Effect::Take(stored(claim))));
    let claims = claims.chain(claim::shared_by(&fact).into_iter().map(|claim| Effect::Share(stored(claim))));
    let timer = timer::changed_by(&fact).map(|change| match change {
        Change::Arm(timer, due_at) => Effect::Arm { name: timer.to_string(), due_at: due_at.utc(), patient: timer.is_patient() },
        Change::Disarm(timer) => Effect::Disarm { name: timer.to_string() },
    });
    let message = message::told_by(&fact, ContactId(stream.id));
    let message = message.map(|message| Effect::Send { topic: message.topic.into(), body: message.data.to_string().into_bytes() });
    claims.chain(claim::erases(&fact).then_some(Effect::Erase)).chain(timer).chain(message).collect()
}

/// What a recorded event does beside being recorded: for checking and for taking over a log.
pub fn effects_of(event: &Recorded) -> Vec<Effect> {
    effects(&event.stream, &event.kind, event.format, event.data())
}

/// Reads a recorded event.
pub fn read(event: &Recorded) -> Result<Fact, Unreadable> {
    wire::decode(&event.kind, event.format, event.data()).map_err(|error| Unreadable::new(event, error.to_string()))
}

fn of(stream: &Stream) -> Option<ContactId> {
    (stream.kind == "contact").then_some(ContactId(stream.id))
}

fn evolve_company(company: &mut Company, fact: &Fact) {
    if let Fact::Company(event) = fact {
        company.evolve(event);
    }
}

fn expected(wanted: Option<i64>, actual: i64) -> Result<(), Refusal> {
    match wanted {
        Some(wanted) if wanted != actual => Err(Refusal::new(
            Code::VersionMismatch,
            format!("the contact is at version {actual}, not {wanted}: somebody changed it in the meantime; read it again"),
        )),
        _ => Ok(()),
    }
}

fn draft(stream: Stream, fact: &Fact, at: Instant, actor: &Actor, by: Option<&str>) -> Draft {
    let (kind, body) = wire::encode(fact);
    Draft { stream, kind, format: wire::FORMATS.newest(kind), body, occurred_at: at.utc(), actor: actor.stored(), cause: by.map(str::to_owned) }
}
