//! What a batch leaves to be done after its commit, gathered in memory and written with its events: timers and messages.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::effect::Effect;
use crate::event::Recorded;
use crate::log::{CompanyId, Stream};
use crate::outbox::{Message, message_id, put};
use crate::timer::{Armed, TimerId, timer_id};
use crate::writes::Writes;

/// How long a timer waits that was due when it was armed: its event is part of a history that is being entered, and what
/// comes next in it, which may call the timer off, is on its way.
const HISTORY_COMES_IN: TimeDelta = TimeDelta::days(1);

/// What became of timers, the last word of each; and messages.
#[derive(Default)]
pub(crate) struct Later {
    pub(crate) timers: BTreeMap<TimerId, Option<Armed>>,
    pub(crate) messages: Vec<Message>,
}

impl Later {
    /// Takes in what an event does; claims and keys are others' business.
    pub(crate) fn note(&mut self, log_id: Uuid, event: &Recorded, effect: &Effect) {
        match effect {
            Effect::Arm { name, due_at, patient } => {
                // What more of its commit follows came to pass on the way to what that tells: the same history may call it off.
                let is_history = *patient || event.position < event.commit_end;
                let wake_at = if *due_at > event.recorded_at || !is_history { *due_at } else { event.recorded_at + HISTORY_COMES_IN };
                let armed = Armed { stream: event.stream.clone(), name: name.clone(), due_at: *due_at, wake_at, position: event.position };
                self.timers.insert(timer_id(&event.stream, name), Some(armed));
            }
            Effect::Disarm { name } => {
                self.timers.insert(timer_id(&event.stream, name), None);
            }
            Effect::Send { topic, body } => {
                let number = self.messages.iter().rev().take_while(|message| message.position == event.position).count() as i64;
                let id = message_id(log_id, event.position, number);
                let (topic, body) = (topic.clone(), body.clone());
                self.messages.push(Message { id, position: event.position, of_event: true, topic, body, occurred_at: event.recorded_at });
            }
            Effect::Erase => self.disarm_all(&event.stream),
            Effect::Take(_) | Effect::Share(_) | Effect::Release(_) => {}
        }
    }

    /// Those of a stream that lie in the database are deleted with the stream's key.
    fn disarm_all(&mut self, stream: &Stream) {
        for timer in self.timers.values_mut().filter(|timer| timer.as_ref().is_some_and(|armed| armed.stream == *stream)) {
            *timer = None;
        }
    }

    /// Adds it to what is written.
    pub(crate) fn write(&self, writes: Writes, company: CompanyId) -> Writes {
        let gone = self.timers.iter().filter(|(_, timer)| timer.is_none()).map(|(id, _)| (*id).into()).collect();
        let mut armed = Vec::new();
        for (id, timer) in self.timers.iter().filter_map(|(id, timer)| Some((id, timer.as_ref()?))) {
            armed.extend([
                company.into(),
                (*id).into(),
                timer.stream.kind.as_ref().into(),
                timer.stream.id.into(),
                timer.name.as_str().into(),
                timer.due_at.into(),
                timer.wake_at.into(),
                timer.position.into(),
            ]);
        }
        let writes = writes.run_in(include_str!("sql/delete_timers.sql"), &[company.into()], gone).insert(include_str!("sql/insert_timer.sql"), armed);
        put(writes, company, &self.messages)
    }
}
