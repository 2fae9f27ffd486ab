//! Types of meetings beside the three that every company has.

use super::Names;
use crate::id::MeetingTypeId;
use crate::meeting::MeetingKind;
use std::collections::HashMap;

/// How meetings of a type go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeetingType {
    /// What they are for. Those of the kind demo count as demos.
    pub kind: MeetingKind,
    /// Whether they are confirmed and issued to a rep (S0:30).
    pub confirm_and_issue: bool,
}

/// A company's own types of meetings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeetingTypes {
    /// Their names.
    pub names: Names<MeetingTypeId>,
    types: HashMap<MeetingTypeId, MeetingType>,
}

impl MeetingTypes {
    /// How meetings of a type go.
    pub fn get(&self, id: MeetingTypeId) -> Option<MeetingType> {
        self.types.get(&id).copied()
    }

    pub(super) fn insert(&mut self, id: MeetingTypeId, about: MeetingType) {
        self.types.insert(id, about);
    }
}
