//! The rows of the journey table: each journey as it stands, as it stood before, and what the fold remembers.

use std::collections::BTreeMap;

use domain::Instant;
use domain::id::{ContactId, JourneyId, MeetingId, PersonId, ProductId, SaleId, SourceId};
use domain::journey::{Origin, Outcome};
use domain::meeting::{CountsAs, MeetingResult};
use eventstore::{CompanyId, Row, StoreError, Value};
use serde::{Deserialize, Serialize};

use super::demos::Demo;
use super::movements::Movement;
use super::pairs;
use crate::table::{instant, json, named};

/// One journey, as lists and figures see it (METRICS C.3 to C.5).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JourneyRow {
    /// The journey.
    pub journey: JourneyId,
    /// Whose it is.
    pub contact: ContactId,
    /// What opened it.
    pub origin: Origin,
    /// Its lead source.
    pub source: SourceId,
    /// Its product.
    pub product: ProductId,
    /// Its lead category.
    pub category: Option<String>,
    /// The campaign that brought it.
    pub campaign: Option<String>,
    /// When it opened.
    pub opened_at: Instant,
    /// When its governing set was made.
    pub set_at: Option<Instant>,
    /// Who made the governing set.
    pub scheduler: Option<PersonId>,
    /// When its governing issue was made.
    pub issued_at: Option<Instant>,
    /// Who the governing issue went to.
    pub rep: Option<PersonId>,
    /// When the demo of the governing issue begins.
    pub meeting_at: Option<Instant>,
    /// What came of that demo.
    pub result: Option<MeetingResult>,
    /// Whether that result counts as demoed (P24).
    pub demoed: bool,
    /// Who works it after a demo that did not sell.
    pub rehash_rep: Option<PersonId>,
    /// The contracts of its sales that are official and not canceled.
    pub net_sold_minor: i64,
    /// The contracts of its sales that wait for approval.
    pub pending_minor: i64,
    /// How it ended.
    pub end: Option<End>,
    /// When it ended.
    pub closed_at: Option<Instant>,
}

/// How a journey ended, or that it should never have begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum End {
    /// With this outcome.
    With(Outcome),
    /// It was opened by mistake: no figure counts it (METRICS C.2).
    #[serde(serialize_with = "voided")]
    Voided,
}

fn voided<S: serde::Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(VOIDED)
}

/// How a voided journey is stored and shown.
const VOIDED: &str = "voided";

impl End {
    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            End::With(outcome) => outcome.name(),
            End::Voided => VOIDED,
        }
    }

    /// All of them.
    pub fn all() -> Vec<End> {
        Outcome::ALL.iter().copied().map(End::With).chain([End::Voided]).collect()
    }
}

impl JourneyRow {
    /// Whether it has not ended.
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// Whether it should never have begun.
    pub fn is_voided(&self) -> bool {
        self.end == Some(End::Voided)
    }
}

/// Since when a row is true, since when that is known, and which event brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The business time from which the row is true.
    pub valid_from: Instant,
    /// The recording time from which that is known.
    pub known_from: Instant,
    /// The event that brought it.
    pub position: i64,
}

/// A journey as it stood at some time, and since when it stood so.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// The journey.
    #[serde(flatten)]
    pub row: JourneyRow,
    /// Since when.
    #[serde(flatten)]
    pub since: Since,
}

/// A row that was replaced. It was true until just before `valid_until`.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The journey as it stood, and since when.
    pub standing: Standing,
    /// The business time at which it was replaced.
    pub valid_until: Instant,
    /// The recording time from which that is known.
    pub known_until: Instant,
}

/// A journey as it stands, with what the fold remembers of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    /// The journey, and since when it stands so.
    pub standing: Standing,
    /// What the fold remembers.
    pub workings: Workings,
}

/// What the fold remembers and no reader needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Workings {
    /// The demos that stand issued, the last issued last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issued: Vec<Issue>,
    /// The sales.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sales: BTreeMap<SaleId, Sale>,
    /// The demos that were ever set.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub demos: BTreeMap<MeetingId, Demo>,
    /// Since when each demo stands as it does.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub demos_since: BTreeMap<MeetingId, Since>,
    /// Since when each movement of a sale stands as it does.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", with = "pairs")]
    pub movements_since: BTreeMap<(SaleId, i64), Since>,
}

/// A demo that stands issued: neither canceled nor rescheduled since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// The demo.
    pub meeting: MeetingId,
    /// When it was issued.
    pub at: Instant,
    /// To whom.
    pub rep: PersonId,
    /// When it begins.
    pub start: Instant,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<MeetingResult>,
    /// What that counts as, where the company had meanings of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts_as: Option<CountsAs>,
}

impl Issue {
    /// Whether it counts as issued, whatever came of it.
    pub(super) fn is_issued(&self) -> bool {
        self.counts_as.is_none_or(|counts| counts.issued)
    }

    /// Whether it counts as demoed.
    pub(super) fn is_demoed(&self) -> bool {
        self.counts_as.map_or(self.result.is_some_and(MeetingResult::is_demoed), |counts| counts.demoed)
    }
}

/// A sale, as far as money is concerned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sale {
    /// Its amount with the approved change orders.
    pub contract_minor: i64,
    /// Whether it counts.
    pub state: SaleState,
    /// Whether it was official at any time: approved, or made without a demo.
    pub official: bool,
    /// What was sold.
    pub product: ProductId,
    /// Whose sale it is.
    pub rep: PersonId,
    /// What moved it.
    pub movements: Vec<Movement>,
}

/// Whether a sale counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleState {
    /// It waits for approval.
    Pending,
    /// It is official.
    Official,
    /// Management refused it.
    NotApproved,
    /// It was canceled.
    Canceled,
}

impl Standing {
    /// Reads the columns that all statements of the journey table begin with.
    pub(crate) fn from_row(row: &Row) -> Result<Standing, StoreError> {
        let journey = JourneyRow {
            journey: JourneyId(row.get(0)?),
            contact: ContactId(row.get(1)?),
            origin: named(row.get(2)?)?,
            source: SourceId(row.get(3)?),
            product: ProductId(row.get(4)?),
            category: row.get(5)?,
            campaign: row.get(6)?,
            opened_at: instant(row, 7)?,
            set_at: row.get::<Option<_>>(8)?.map(Instant::new),
            scheduler: row.get::<Option<_>>(9)?.map(PersonId),
            issued_at: row.get::<Option<_>>(10)?.map(Instant::new),
            rep: row.get::<Option<_>>(11)?.map(PersonId),
            meeting_at: row.get::<Option<_>>(12)?.map(Instant::new),
            result: row.get::<Option<String>>(13)?.map(named).transpose()?,
            demoed: row.get::<Option<i64>>(14)? == Some(1),
            rehash_rep: row.get::<Option<_>>(15)?.map(PersonId),
            net_sold_minor: row.get(16)?,
            pending_minor: row.get(17)?,
            end: row.get::<Option<String>>(18)?.map(|name| if name == VOIDED { Ok(End::Voided) } else { named(name).map(End::With) }).transpose()?,
            closed_at: row.get::<Option<_>>(19)?.map(Instant::new),
        };
        let since = Since { valid_from: instant(row, 20)?, known_from: instant(row, 21)?, position: row.get(22)? };
        Ok(Standing { row: journey, since })
    }

    /// Adds the values of those columns.
    fn push_values(&self, company: CompanyId, generation: i64, values: &mut Vec<Value>) {
        let Standing { row, since } = self;
        values.extend([
            company.into(),
            generation.into(),
            row.journey.0.into(),
            row.contact.0.into(),
            row.origin.name().into(),
            row.source.0.into(),
            row.product.0.into(),
            row.category.as_deref().into(),
            row.campaign.as_deref().into(),
            row.opened_at.micros().into(),
            row.set_at.map(Instant::micros).into(),
            row.scheduler.map(|person| person.0).into(),
            row.issued_at.map(Instant::micros).into(),
            row.rep.map(|person| person.0).into(),
            row.meeting_at.map(Instant::micros).into(),
            row.result.map(MeetingResult::name).into(),
            i64::from(row.demoed).into(),
            row.rehash_rep.map(|person| person.0).into(),
            row.net_sold_minor.into(),
            row.pending_minor.into(),
            row.end.map(End::name).into(),
            row.closed_at.map(Instant::micros).into(),
            since.valid_from.micros().into(),
            since.known_from.micros().into(),
            since.position.into(),
        ]);
    }
}

impl Current {
    /// Reads a row of `sql/load.sql`.
    pub(crate) fn from_row(row: &Row) -> Result<Current, StoreError> {
        Ok(Current { standing: Standing::from_row(row)?, workings: json(&row.get::<String>(23)?)? })
    }

    /// Adds its values in the order of `sql/save.sql`.
    pub(crate) fn push_values(&self, company: CompanyId, generation: i64, values: &mut Vec<Value>) -> Result<(), StoreError> {
        self.standing.push_values(company, generation, values);
        values.push(crate::table::to_json(&self.workings)?.into());
        Ok(())
    }
}

impl Version {
    /// Adds its values in the order of `sql/save_version.sql`.
    pub(crate) fn push_values(&self, company: CompanyId, generation: i64, values: &mut Vec<Value>) {
        self.standing.push_values(company, generation, values);
        values.extend([self.valid_until.micros().into(), self.known_until.micros().into()]);
    }
}
