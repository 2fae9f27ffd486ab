//! A small business to try the store with: notebooks that are written into, and titles only one of them may have.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::claim::Claim;
use crate::effect::Effect;
use crate::event::{Draft, Recorded};
use crate::log::Stream;
use crate::turn::{Decider, Unreadable};

/// What can be asked of a notebook.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    /// Write this many lines, which may be none.
    Write { book: Uuid, lines: usize },
    /// Write one line of this many bytes.
    WriteLong { book: Uuid, bytes: usize },
    /// Write a line, if there are this many so far.
    WriteAfter { book: Uuid, lines: i64 },
    /// Write a line into each of two notebooks, of which only the first is said to be needed.
    WriteBoth { book: Uuid, other: Uuid },
    /// Write a line in this name.
    Sign { book: Uuid, actor: String },
    /// Take a title.
    Name { book: Uuid, title: String },
    /// Take a title beside whoever has it.
    Share { book: Uuid, title: String },
    /// Give a title back.
    Rename { book: Uuid, from: String },
    /// Write a line of which this word is personal.
    Confide { book: Uuid, word: String },
    /// Forget what is personal.
    Erase { book: Uuid },
    /// Be reminded of this at an instant, which may be its second or may have passed.
    Remind { book: Uuid, of: String, at: DateTime<Utc> },
    /// Be reminded of this no more.
    Forget { book: Uuid, of: String },
    /// Tell the world these words, one message each.
    Tell { book: Uuid, words: Vec<String> },
    /// Write a line nobody can read.
    Scrawl { book: Uuid },
    /// Fail by a fault of our own.
    Stumble { book: Uuid },
}

/// Why it is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum No {
    /// There are another number of lines.
    Lines(i64),
    /// Another notebook has the title.
    Taken(Stream),
}

/// Notebooks as they are held: how many lines each has.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    lines: HashMap<Stream, i64>,
    is_old: bool,
}

impl Shelf {
    /// A shelf of a time before lines were confided.
    pub(crate) fn of_old() -> Self {
        Self { is_old: true, ..Self::default() }
    }
}

/// The stream of a notebook.
pub(crate) fn book(id: Uuid) -> Stream {
    Stream::new("book", id)
}

/// What an event does, for those who have no shelf.
pub(crate) fn effects_of(event: &Recorded) -> Vec<Effect> {
    effects(&event.kind, event.data())
}

impl Decider for Shelf {
    type Request = Ask;
    type Refusal = No;

    fn needs(&self, ask: &Ask) -> Vec<Stream> {
        vec![book(subject(ask))]
    }

    fn holds(&self, stream: &Stream) -> bool {
        self.lines.contains_key(stream)
    }

    fn load(&mut self, stream: &Stream, events: &[Recorded]) -> Result<(), Unreadable> {
        for event in events {
            read(event)?;
        }
        self.lines.insert(stream.clone(), events.last().map_or(0, |event| event.version));
        Ok(())
    }

    fn apply(&mut self, event: &Recorded) -> Result<(), Unreadable> {
        read(event)?;
        if let Some(lines) = self.lines.get_mut(&event.stream) {
            assert_eq!(event.version, *lines + 1, "events of a stream arrive one after another");
            *lines = event.version;
        }
        Ok(())
    }

    fn decide(&self, ask: &Ask, now: DateTime<Utc>) -> Result<Vec<Draft>, No> {
        let lines = self.lines[&book(subject(ask))];
        let line = |book, number| draft(book, "line.written", number, now);
        match ask {
            Ask::Write { book, lines: more } => Ok((1..=*more as i64).map(|more| line(*book, lines + more)).collect()),
            Ask::WriteLong { book, bytes } => Ok(vec![Draft { body: vec![b'1'; *bytes], ..line(*book, 0) }]),
            Ask::WriteAfter { lines: expected, .. } if *expected != lines => Err(No::Lines(lines)),
            Ask::WriteAfter { book, .. } => Ok(vec![line(*book, lines + 1)]),
            Ask::WriteBoth { book, other } => Ok(vec![line(*book, lines + 1), line(*other, 0)]),
            Ask::Sign { book, actor } => Ok(vec![Draft { actor: actor.clone(), ..line(*book, lines + 1) }]),
            Ask::Name { book, title } => Ok(vec![draft(*book, "title.taken", title, now)]),
            Ask::Share { book, title } => Ok(vec![draft(*book, "title.shared", title, now)]),
            Ask::Rename { book, from } => Ok(vec![draft(*book, "title.left", from, now)]),
            Ask::Confide { book, word } => Ok(vec![draft(*book, "line.confided", serde_json::json!({ "word": { "personal": word } }), now)]),
            Ask::Remind { book, of, at } => Ok(vec![draft(*book, "reminder.set", (of, at.timestamp_micros()), now)]),
            Ask::Forget { book, of } => Ok(vec![draft(*book, "reminder.left", of, now)]),
            Ask::Tell { book, words } => Ok(vec![draft(*book, "words.told", words, now)]),
            Ask::Erase { book } => Ok(vec![draft(*book, "book.erased", 0, now)]),
            Ask::Scrawl { book } => Ok(vec![draft(*book, "scrawled", 0, now)]),
            Ask::Stumble { .. } => panic!("stumbled"),
        }
    }

    fn knows(&self, kind: &str, format: i32) -> bool {
        format == 1 && !(self.is_old && kind == "line.confided")
    }

    fn effects(&self, _: &Stream, kind: &str, _: i32, data: &[u8]) -> Vec<Effect> {
        effects(kind, data)
    }

    fn taken(&self, _: &Claim, by: &Stream, _: &Draft) -> No {
        No::Taken(by.clone())
    }

    fn forget(&mut self) {
        self.lines.clear();
    }

    fn trim(&mut self) {
        if self.lines.len() > 100 {
            self.lines.clear();
        }
    }
}

fn effects(kind: &str, body: &[u8]) -> Vec<Effect> {
    match kind {
        "reminder.set" => {
            let (name, at): (String, i64) = serde_json::from_slice(body).unwrap();
            return vec![Effect::Arm { name, due_at: DateTime::from_timestamp_micros(at).unwrap(), patient: true }];
        }
        "reminder.left" => return vec![Effect::Disarm { name: serde_json::from_slice(body).unwrap() }],
        "words.told" => {
            let words: Vec<String> = serde_json::from_slice(body).unwrap();
            return words.iter().map(|word| Effect::Send { topic: "word".into(), body: serde_json::to_vec(word).unwrap() }).collect();
        }
        _ => {}
    }
    let claim = serde_json::from_slice(body).map(|value| Claim { kind: "title.v1".into(), value });
    match (kind, claim) {
        ("book.erased", _) => vec![Effect::Erase],
        ("title.taken", Ok(claim)) => vec![Effect::Take(claim)],
        ("title.shared", Ok(claim)) => vec![Effect::Share(claim)],
        ("title.left", Ok(claim)) => vec![Effect::Release(claim)],
        _ => vec![],
    }
}

fn subject(ask: &Ask) -> Uuid {
    match ask {
        Ask::Write { book, .. }
        | Ask::WriteLong { book, .. }
        | Ask::WriteAfter { book, .. }
        | Ask::WriteBoth { book, .. }
        | Ask::Sign { book, .. }
        | Ask::Name { book, .. }
        | Ask::Share { book, .. }
        | Ask::Rename { book, .. }
        | Ask::Confide { book, .. }
        | Ask::Remind { book, .. }
        | Ask::Forget { book, .. }
        | Ask::Tell { book, .. }
        | Ask::Erase { book }
        | Ask::Scrawl { book }
        | Ask::Stumble { book } => *book,
    }
}

fn draft(id: Uuid, kind: &'static str, data: impl serde::Serialize, at: DateTime<Utc>) -> Draft {
    Draft { stream: book(id), kind, format: 1, body: serde_json::to_vec(&data).unwrap(), occurred_at: at, actor: "ana".into(), cause: None }
}

fn read(event: &Recorded) -> Result<(), Unreadable> {
    if event.kind == "scrawled" { Err(Unreadable::new(event, "it is a scrawl")) } else { Ok(()) }
}
