//! Reading stream by stream: whole histories, as they stood at a position.

use uuid::Uuid;

use crate::error::StoreError;
use crate::event::Recorded;
use crate::log::{CompanyId, Stream};
use crate::statement::sql;
use crate::store::Store;

/// Whole histories, one stream after the other, each in the order of its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histories {
    /// Their events.
    pub events: Vec<Recorded>,
    /// Whether there may be streams behind the last one.
    pub more: bool,
}

impl Store {
    /// The histories of the streams after one, in the order of kind and id, as they stood at a position: as many as `limit` events
    /// hold, and one at least.
    ///
    /// What is read does not change: nothing is added to a history below a position that the log has reached.
    pub async fn histories(&self, company: CompanyId, after: Option<&Stream>, until: i64, limit: usize) -> Result<Histories, StoreError> {
        let mut reader = self.db.read().await?;
        let mut conn = reader.conn();
        let (kind, id) = after.map_or(("", Uuid::nil()), |stream| (stream.kind.as_ref(), stream.id));
        let mut limit = i64::try_from(limit.max(1)).unwrap_or(i64::MAX);
        loop {
            let rows = sql(include_str!("sql/read_histories.sql")).bind(company).bind(kind).bind(id).bind(until).bind(limit).all(&mut conn).await?;
            let mut events = rows.iter().map(|row| Recorded::from_row(company, row)).collect::<Result<Vec<_>, _>>()?;
            let more = events.len() as i64 == limit;
            if more && let Some(cut) = events.last().map(|last| last.stream.clone()) {
                events.truncate(events.iter().rposition(|event| event.stream != cut).map_or(0, |whole| whole + 1));
            }
            if more && events.is_empty() {
                limit = limit.saturating_mul(2);
                continue;
            }
            self.keyring.open(&mut conn, company, &mut events).await?;
            return Ok(Histories { events, more });
        }
    }
}
