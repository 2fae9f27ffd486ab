//! What a read model is: a fold that names its rows first, and the statements that keep them.

use std::fmt::Debug;
use std::hash::Hash;

use async_trait::async_trait;
use eventstore::{CompanyId, Conn, StoreError, Writes};

use crate::error::ProjectionError;
use crate::happened::Happened;
use crate::rows::{self, Fold, FoldError, Folding};
use crate::table::Table;
use crate::{campaign_members::CampaignMembers, canceled_demos::CanceledDemos, contact_list::ContactList, journey_table::JourneyTable};
use crate::{meeting_list::MeetingList, quote_list::QuoteList, sale_list::SaleList};

/// A read model: it answers one question, and groups its rows by a key.
///
/// `keys` and `evolve` are pure: no query, no clock, no chance. The same facts in the same order give the same rows,
/// in batches of any size, on any database.
#[async_trait]
pub trait Projection: Send + Sync + 'static {
    /// Its name: of its folder, its tables and its checkpoint.
    const NAME: &'static str;
    /// Raise it when the fold changes, and the rows are rebuilt from the first fact.
    const REVISION: i32;
    /// Its tables, for digests and for clearing.
    const TABLES: &'static [Table];
    /// What its rows are grouped by.
    type Key: Ord + Hash + Clone + Debug + Send + Sync + 'static;
    /// All that is needed of one key's rows to fold the next fact; the default is a key without rows.
    type Rows: Default + Clone + PartialEq + Debug + Send + Sync + 'static;

    /// The keys whose rows a fact concerns; none for most facts. A fact of one contact never concerns the rows of another.
    fn keys(happened: &Happened) -> impl IntoIterator<Item = Self::Key>;

    /// The rows of one of those keys after the fact. Never refuses.
    fn evolve(key: &Self::Key, rows: Self::Rows, happened: &Happened) -> Self::Rows;

    /// What needs to be remembered of rows once they are written: rows that are only ever added are let go.
    fn settled(rows: Self::Rows) -> Self::Rows {
        rows
    }

    /// Reads the rows of these keys; keys without rows are left out.
    async fn load(conn: &mut Conn<'_>, company: CompanyId, generation: i64, keys: &[Self::Key]) -> Result<Vec<(Self::Key, Self::Rows)>, StoreError>;

    /// Adds the rows of keys that changed, in the order of the keys, to what is written.
    fn save(writes: Writes, company: CompanyId, generation: i64, changed: &[(&Self::Key, &Self::Rows)]) -> Result<Writes, StoreError>;
}

/// The rows of one key that follow from the whole history of its contact, without a database.
pub fn rows_of<P: Projection>(key: &P::Key, history: &[Happened]) -> P::Rows {
    let about = |happened: &&Happened| P::keys(happened).into_iter().any(|concerned| concerned == *key);
    history.iter().filter(about).fold(P::Rows::default(), |rows, happened| P::evolve(key, rows, happened))
}

/// Any read model, so that they can be listed.
pub trait AnyProjection: Send + Sync {
    /// Its name.
    fn name(&self) -> &'static str;
    /// The revision of its fold.
    fn revision(&self) -> i32;
    /// Its tables.
    fn tables(&self) -> &'static [Table];
    /// Begins to fold it, remembering at most so many keys between batches.
    fn fold(&self, remember: usize) -> Box<dyn Fold>;
    /// The rows that follow from whole histories, as writes into a generation that has none of them.
    fn make(&self, company: CompanyId, generation: i64, histories: &[Happened]) -> Result<Writes, FoldError>;
}

impl<P: Projection> AnyProjection for P {
    fn name(&self) -> &'static str {
        P::NAME
    }
    fn revision(&self) -> i32 {
        P::REVISION
    }
    fn tables(&self) -> &'static [Table] {
        P::TABLES
    }
    fn fold(&self, remember: usize) -> Box<dyn Fold> {
        Box::new(Folding::<P>::new(remember))
    }
    fn make(&self, company: CompanyId, generation: i64, histories: &[Happened]) -> Result<Writes, FoldError> {
        rows::make::<P>(company, generation, histories)
    }
}

/// Every read model.
pub const PROJECTIONS: &[&dyn AnyProjection] = &[&JourneyTable, &CanceledDemos, &ContactList, &MeetingList, &QuoteList, &SaleList, &CampaignMembers];

/// The read model of a name.
pub fn find(name: &str) -> Result<&'static dyn AnyProjection, ProjectionError> {
    PROJECTIONS.iter().find(|projection| projection.name() == name).copied().ok_or_else(|| ProjectionError::Unknown(name.to_owned()))
}
