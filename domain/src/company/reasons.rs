//! Reasons people choose from, list by list.

use super::Names;
use super::names::Naming;
use crate::id::ReasonId;
use crate::personal::Personal;
use crate::reference::Ref;
use crate::refusal::{Code, Refusal};
use crate::text::{Label, Line};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// For what something is a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ReasonList {
    /// Why a meeting was canceled (S0:16, 18).
    MeetingCanceled,
    /// Why a meeting was moved.
    MeetingRescheduled,
    /// Why a demo did not sell (P26).
    NotSold,
    /// Why a contact or a journey was lost (S0:28).
    Lost,
    /// Why a quote was lost (S0:32).
    QuoteLost,
    /// Why management refused a sale (P5).
    SaleNotApproved,
    /// Why a sale was canceled (P7, P8).
    SaleCanceled,
}

impl ReasonList {
    /// All of them.
    pub const ALL: &'static [ReasonList] = &[
        ReasonList::MeetingCanceled,
        ReasonList::MeetingRescheduled,
        ReasonList::NotSold,
        ReasonList::Lost,
        ReasonList::QuoteLost,
        ReasonList::SaleNotApproved,
        ReasonList::SaleCanceled,
    ];

    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            ReasonList::MeetingCanceled => "meeting_canceled",
            ReasonList::MeetingRescheduled => "meeting_rescheduled",
            ReasonList::NotSold => "not_sold",
            ReasonList::Lost => "lost",
            ReasonList::QuoteLost => "quote_lost",
            ReasonList::SaleNotApproved => "sale_not_approved",
            ReasonList::SaleCanceled => "sale_canceled",
        }
    }
}

/// A reason as it is recorded: in words, and which of the list's it is. By the id it is counted, whatever it is called later.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The words, as they stood at the time.
    pub words: Personal<Line>,
    /// Which one of its list; none where the words are free.
    pub id: Option<ReasonId>,
}

/// A company's reasons.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reasons {
    lists: BTreeMap<ReasonList, Names<ReasonId>>,
}

impl Reasons {
    /// The reasons of a list.
    pub fn of(&self, list: ReasonList) -> Option<&Names<ReasonId>> {
        self.lists.get(&list)
    }

    /// The list that a reason is in.
    pub fn list_of(&self, reason: ReasonId) -> Option<ReasonList> {
        self.lists.iter().find(|(_, names)| names.name(reason).is_some()).map(|(list, _)| *list)
    }

    /// The name of a reason, whatever list it is in.
    pub fn name(&self, reason: ReasonId) -> Option<&Label> {
        self.lists.values().find_map(|names| names.name(reason))
    }

    /// What was given as a reason. Where the list ever had reasons it must be one of them, by id or name; only the importer may have other
    /// words. A list that never had any takes any words.
    pub fn choose(&self, list: ReasonList, field: &str, said: &Line, free: bool) -> Result<Reason, Refusal> {
        let names = self.lists.get(&list);
        let known = names.and_then(|names| Some((names, names.find(&Ref::<ReasonId>::of(said)?)?)));
        match known {
            Some((names, id)) if names.is_retired(id) && !free => Err(retired(field, &names.shown(id))),
            Some((names, id)) => {
                let words = names.name(id).and_then(|name| Line::try_new(name.as_str()).ok()).unwrap_or_else(|| said.clone());
                Ok(Reason { words: words.into(), id: Some(id) })
            }
            None => match names.map(Names::chosen_from).filter(|_| !free) {
                Some(known) if known.is_empty() => {
                    let detail = format!("every reason of the company's list {} was retired; define one, or restore one", list.name());
                    Err(Refusal::of_field(Code::UnknownReason, field, detail))
                }
                Some(known) => {
                    let known = known.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
                    Err(Refusal::of_field(Code::UnknownReason, field, format!("“{said}” is none of the reasons of the company's list: {known}")))
                }
                None => Ok(Reason { words: said.clone().into(), id: None }),
            },
        }
    }

    pub(super) fn may_name(&self, list: ReasonList, reason: ReasonId, name: &Label) -> Result<Naming, Refusal> {
        match self.list_of(reason) {
            Some(other) if other != list => {
                Err(Refusal::of_field(Code::FieldInvalid, "list", format!("this reason belongs to the list {}, for ever", other.name())))
            }
            _ => self.lists.get(&list).cloned().unwrap_or_default().may_name(reason, name),
        }
    }

    pub(super) fn insert(&mut self, list: ReasonList, reason: ReasonId, name: Label) {
        self.lists.entry(list).or_default().insert(reason, name);
    }

    pub(super) fn with(&mut self, reason: ReasonId, change: impl FnOnce(&mut Names<ReasonId>)) {
        if let Some(names) = self.list_of(reason).and_then(|list| self.lists.get_mut(&list)) {
            change(names);
        }
    }

    /// Whether retiring or restoring a reason changes anything; refused for one that is on no list.
    pub(super) fn turn(&self, reason: ReasonId, retire: bool) -> Result<bool, Refusal> {
        match self.list_of(reason).and_then(|list| self.lists.get(&list)) {
            Some(names) => Ok(names.is_retired(reason) != retire),
            None => Err(Refusal::of_field(Code::UnknownReason, "reason", format!("the company has no reason with the id {reason}"))),
        }
    }
}

/// Refuses what is chosen no more.
pub(super) fn retired(field: &str, name: &str) -> Refusal {
    Refusal::of_field(Code::Retired, field, format!("“{name}” was retired and is chosen no more; choose another, or restore it"))
}
