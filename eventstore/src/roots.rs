//! The roots of complete subtrees of a company's [`crate::tree`], kept so that a proof costs little, however long the log is.
//!
//! There is one row for each 256 events, one for each 65,536, and so on; below that, hashes come from the events themselves. Rows
//! are derived after the append, when somebody asks, and can be dropped at any time. Nothing trusts them against the log.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::db::Conn;
use crate::error::StoreError;
use crate::log::{CompanyId, Hash};
use crate::statement::{Value, sql};
use crate::store::Store;
use crate::tree::{self, Subtree, Tree};
use crate::{bulk::insert_values, tree::subtrees};

/// Every how many levels roots are kept: one row stands for 2^8 of the kept level below it.
pub(crate) const STEP: u32 = 8;
/// How many rows are derived at a time.
const ROWS: u64 = 64;

/// Proofs, for a tree that is not longer than the log.
impl Store {
    /// The root of the tree over the first `size` events.
    pub async fn tree_root(&self, company: CompanyId, size: i64) -> Result<Hash, StoreError> {
        let roots = self.roots(company, size, std::slice::from_ref(&(0..size.unsigned_abs()))).await?;
        Ok(tree::joined(&roots))
    }

    /// The path that shows, by [`tree::includes`], that the event at a position is in the tree over the first `size` events.
    pub async fn inclusion(&self, company: CompanyId, position: i64, size: i64) -> Result<Vec<Hash>, StoreError> {
        self.roots(company, size, &tree::inclusion((position - 1).unsigned_abs(), size.unsigned_abs())).await
    }

    /// The path that shows, by [`tree::continues`], that the tree over the first `new` events begins with that over the first `old`.
    pub async fn consistency(&self, company: CompanyId, old: i64, new: i64) -> Result<Vec<Hash>, StoreError> {
        self.roots(company, new, &tree::consistency(old.unsigned_abs(), new.unsigned_abs())).await
    }

    /// Drops the rows; they are derived again when they are needed.
    pub async fn drop_roots(&self, company: CompanyId) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        sql(include_str!("sql/delete_tree_nodes.sql")).bind(company).run(&mut tx.conn()).await?;
        tx.commit().await
    }

    /// The root of each range of leaves of the tree over the first `size` events.
    async fn roots(&self, company: CompanyId, size: i64, ranges: &[Range<u64>]) -> Result<Vec<Hash>, StoreError> {
        self.derive(company, size.unsigned_abs()).await?;
        match self.read_roots(company, ranges).await {
            // Somebody took rows out; the log still has what they are made of.
            Err(StoreError::Malformed { .. }) => {
                self.drop_roots(company).await?;
                self.derive(company, size.unsigned_abs()).await?;
                self.read_roots(company, ranges).await
            }
            read => read,
        }
    }

    /// Adds the rows that the first `size` events allow.
    async fn derive(&self, company: CompanyId, size: u64) -> Result<(), StoreError> {
        let mut height = STEP;
        while size >> height > 0 {
            let mut reader = self.db.read().await?;
            let mut next = count(&mut reader.conn(), company, height).await?;
            drop(reader);
            while next < size >> height {
                let end = (size >> height).min(next + ROWS);
                let mut reader = self.db.read().await?;
                let below = nodes(&mut reader.conn(), company, height - STEP, next << STEP..end << STEP).await?;
                drop(reader);
                let mut values: Vec<Value> = Vec::new();
                for (number, children) in (next..).zip(below.chunks(1 << STEP)) {
                    let root = children.iter().copied().collect::<Tree>().root();
                    values.extend([company.into(), height.into(), number.cast_signed().into(), root.into()]);
                }
                let mut tx = self.db.begin().await?;
                insert_values(&mut tx.conn(), include_str!("sql/insert_tree_node.sql"), values).await?;
                tx.commit().await?;
                next = end;
            }
            height += STEP;
        }
        Ok(())
    }

    /// Reads what ranges of leaves consist of, a few rows at each kept height, and puts it together.
    async fn read_roots(&self, company: CompanyId, ranges: &[Range<u64>]) -> Result<Vec<Hash>, StoreError> {
        let mut wanted: BTreeMap<(u32, u64), Range<u64>> = BTreeMap::new();
        for part in ranges.iter().flat_map(subtrees) {
            let rows = rows(part);
            let together = wanted.entry((kept(part.height), rows.start >> STEP)).or_insert(rows.clone());
            *together = together.start.min(rows.start)..together.end.max(rows.end);
        }
        let mut reader = self.db.read().await?;
        let mut found: BTreeMap<(u32, u64), Hash> = BTreeMap::new();
        for ((height, _), rows) in wanted {
            let hashes = nodes(&mut reader.conn(), company, height, rows.clone()).await?;
            found.extend(rows.map(|number| (height, number)).zip(hashes));
        }
        let root = |part: Subtree| rows(part).filter_map(|number| found.get(&(kept(part.height), number)).copied()).collect::<Tree>().root();
        Ok(ranges.iter().map(|range| tree::joined(&subtrees(range).into_iter().map(root).collect::<Vec<_>>())).collect())
    }
}

/// The kept height at or below one.
fn kept(height: u32) -> u32 {
    height / STEP * STEP
}

/// The rows of the kept height of which a subtree consists.
fn rows(part: Subtree) -> Range<u64> {
    let below = part.height - kept(part.height);
    part.number << below..(part.number + 1) << below
}

/// How many nodes of a height are kept.
pub(crate) async fn count(conn: &mut Conn<'_>, company: CompanyId, height: u32) -> Result<u64, StoreError> {
    let row = sql(include_str!("sql/count_tree_nodes.sql")).bind(company).bind(height).one(conn).await?;
    row.map_or(Ok(0), |row| row.get::<i64>(0)).map(i64::unsigned_abs)
}

/// The kept nodes of a height, as far as they are there.
pub(crate) async fn kept_nodes(conn: &mut Conn<'_>, company: CompanyId, height: u32, numbers: Range<u64>) -> Result<Vec<(u64, Hash)>, StoreError> {
    let (first, last) = (numbers.start.cast_signed(), numbers.end.cast_signed() - 1);
    let rows = sql(include_str!("sql/read_tree_nodes.sql")).bind(company).bind(height).bind(first).bind(last).all(conn).await?;
    rows.iter().map(|row| Ok((row.get::<i64>(0)?.unsigned_abs(), row.get(1)?))).collect()
}

/// The nodes of a height: kept ones, or the leaves. All of them must be there.
async fn nodes(conn: &mut Conn<'_>, company: CompanyId, height: u32, numbers: Range<u64>) -> Result<Vec<Hash>, StoreError> {
    let found = if height == 0 {
        let (first, last) = (numbers.start.cast_signed() + 1, numbers.end.cast_signed());
        let rows = sql(include_str!("sql/read_hashes.sql")).bind(company).bind(first).bind(last).all(conn).await?;
        let leaf = |row: &crate::Row| Ok(((row.get::<i64>(0)? - 1).unsigned_abs(), tree::leaf(&row.get(1)?)));
        rows.iter().map(leaf).collect::<Result<Vec<_>, StoreError>>()?
    } else {
        kept_nodes(conn, company, height, numbers.clone()).await?
    };
    if !found.iter().map(|(number, _)| *number).eq(numbers.clone()) {
        return Err(StoreError::malformed("the tree over the log", format!("of the nodes {numbers:?} of height {height}, {} are there", found.len())));
    }
    Ok(found.into_iter().map(|(_, hash)| hash).collect())
}
