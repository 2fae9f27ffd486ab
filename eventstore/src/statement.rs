//! A statement, what is bound to it, and the rows it answers, the same for both databases.
//!
//! Texts are `.sql` files with `$n` markers. Their first line names the file, and errors repeat that name.

use chrono::{DateTime, Utc};
use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Executor, Row as _, SqlSafeStr, SqlStr};
use std::sync::Arc;
use uuid::Uuid;

use crate::db::{Conn, Engine};
use crate::error::StoreError;
use crate::log::{CompanyId, Hash};

/// Begins a statement from the text of a `.sql` file.
pub fn sql(text: &'static str) -> Statement {
    Statement { doing: file_name(text), text: text.into_sql_str(), values: Vec::new() }
}

/// The text of a statement: of one file, or of one for each database where the dialects truly differ.
#[derive(Clone, Copy, Debug)]
pub enum Text {
    /// Both databases read it.
    Same(&'static str),
    /// Each reads its own.
    Each {
        /// What SQLite reads.
        sqlite: &'static str,
        /// What PostgreSQL reads.
        postgres: &'static str,
    },
}

impl Text {
    /// What this database reads.
    pub fn of(self, engine: Engine) -> &'static str {
        match (self, engine) {
            (Text::Same(text), _) | (Text::Each { sqlite: text, .. }, Engine::Sqlite) | (Text::Each { postgres: text, .. }, Engine::Postgres) => text,
        }
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Text {
        Text::Same(text)
    }
}

/// A value to bind, of a type both databases know. A missing one still says of what type it would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `BIGINT` / `INTEGER`; also truth (0, 1) and instants (microseconds since 1970).
    Int(Option<i64>),
    /// `TEXT`.
    Text(Option<String>),
    /// `BYTEA` / `BLOB`.
    Bytes(Option<Vec<u8>>),
    /// `UUID` / `BLOB` of 16 bytes.
    Id(Option<Uuid>),
}

/// What a marker takes: a value, or, on PostgreSQL, an array of values of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    One(Value),
    Many(Vec<Value>),
}

/// A statement with its values, ready to run.
#[derive(Debug)]
pub struct Statement {
    doing: &'static str,
    text: SqlStr,
    values: Vec<Bound>,
}

impl Statement {
    /// A text that was put together from files by [`crate::bulk`] or [`crate::writes`].
    pub(crate) fn expanded(doing: &'static str, text: Arc<str>, values: Vec<Bound>) -> Self {
        Self { doing, text: AssertSqlSafe(text).into_sql_str(), values }
    }

    /// What the database is told.
    pub(crate) fn text(&self) -> &str {
        self.text.as_str()
    }

    /// What its markers take.
    pub(crate) fn values(&self) -> &[Bound] {
        &self.values
    }

    /// The same, to bind it elsewhere.
    pub(crate) fn into_values(self) -> Vec<Bound> {
        self.values
    }

    /// The file it was taken from.
    pub(crate) fn doing(&self) -> &'static str {
        self.doing
    }

    /// Binds the next marker: `$1`, then `$2` …
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(Bound::One(value.into()));
        self
    }

    /// All rows.
    pub async fn all(self, conn: &mut Conn<'_>) -> Result<Vec<Row>, StoreError> {
        let doing = self.doing;
        match conn {
            Conn::Sqlite(conn) => {
                let rows = sqlx::query_with(self.text, sqlite_arguments(self.values, doing)?).fetch_all(&mut **conn);
                Ok(rows.await.map_err(|e| StoreError::database(doing, e))?.into_iter().map(|row| Row::sqlite(doing, row)).collect())
            }
            Conn::Postgres(conn) => {
                let rows = sqlx::query_with(self.text, postgres_arguments(self.values, doing)?).fetch_all(&mut **conn);
                Ok(rows.await.map_err(|e| StoreError::database(doing, e))?.into_iter().map(|row| Row::postgres(doing, row)).collect())
            }
        }
    }

    /// The only row, when there is one.
    pub async fn one(self, conn: &mut Conn<'_>) -> Result<Option<Row>, StoreError> {
        let doing = self.doing;
        match conn {
            Conn::Sqlite(conn) => {
                let row = sqlx::query_with(self.text, sqlite_arguments(self.values, doing)?).fetch_optional(&mut **conn);
                Ok(row.await.map_err(|e| StoreError::database(doing, e))?.map(|row| Row::sqlite(doing, row)))
            }
            Conn::Postgres(conn) => {
                let row = sqlx::query_with(self.text, postgres_arguments(self.values, doing)?).fetch_optional(&mut **conn);
                Ok(row.await.map_err(|e| StoreError::database(doing, e))?.map(|row| Row::postgres(doing, row)))
            }
        }
    }

    /// Runs it for its effect and says how many rows it touched; of several together, the last one.
    pub async fn run(self, conn: &mut Conn<'_>) -> Result<u64, StoreError> {
        let doing = self.doing;
        match conn {
            Conn::Sqlite(conn) => {
                let mut results = (&mut **conn).fetch_many(sqlx::query_with(self.text, sqlite_arguments(self.values, doing)?));
                let mut touched = 0;
                while let Some(done) = results.try_next().await.map_err(|e| StoreError::database(doing, e))? {
                    touched = done.left().map_or(touched, |done| done.rows_affected());
                }
                Ok(touched)
            }
            Conn::Postgres(conn) => {
                let done = sqlx::query_with(self.text, postgres_arguments(self.values, doing)?).execute(&mut **conn);
                Ok(done.await.map_err(|e| StoreError::database(doing, e))?.rows_affected())
            }
        }
    }

    /// Rows one by one, for answers that should not be held whole.
    pub fn stream<'c>(self, conn: &'c mut Conn<'_>) -> BoxStream<'c, Result<Row, StoreError>> {
        let doing = self.doing;
        match conn {
            Conn::Sqlite(conn) => match sqlite_arguments(self.values, doing) {
                Ok(arguments) => sqlx::query_with(self.text, arguments)
                    .fetch(&mut **conn)
                    .map(move |row| row.map(|row| Row::sqlite(doing, row)).map_err(|e| StoreError::database(doing, e)))
                    .boxed(),
                Err(error) => futures::stream::iter([Err(error)]).boxed(),
            },
            Conn::Postgres(conn) => match postgres_arguments(self.values, doing) {
                Ok(arguments) => sqlx::query_with(self.text, arguments)
                    .fetch(&mut **conn)
                    .map(move |row| row.map(|row| Row::postgres(doing, row)).map_err(|e| StoreError::database(doing, e)))
                    .boxed(),
                Err(error) => futures::stream::iter([Err(error)]).boxed(),
            },
        }
    }
}

/// A row of an answer.
pub struct Row {
    doing: &'static str,
    inner: Inner,
}

enum Inner {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    fn sqlite(doing: &'static str, row: SqliteRow) -> Self {
        Self { doing, inner: Inner::Sqlite(row) }
    }

    fn postgres(doing: &'static str, row: PgRow) -> Self {
        Self { doing, inner: Inner::Postgres(row) }
    }

    /// The value of a column, given by its number (from 0) or its name.
    pub fn get<'i, T: Cell>(&self, column: impl Into<Column<'i>>) -> Result<T, StoreError> {
        T::read(self, column.into())
    }
}

/// Which column: its number from 0, or its name.
#[derive(Clone, Copy, Debug)]
pub enum Column<'i> {
    /// By place.
    Number(usize),
    /// By name.
    Name(&'i str),
}

impl From<usize> for Column<'_> {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

impl<'i> From<&'i str> for Column<'i> {
    fn from(name: &'i str) -> Self {
        Self::Name(name)
    }
}

impl std::fmt::Display for Column<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// A type that can be read from a column of either database.
pub trait Cell: Sized {
    /// Reads a column that may be empty.
    fn read_optional(row: &Row, column: Column<'_>) -> Result<Option<Self>, StoreError>;

    /// Reads a column that must not be empty.
    fn read(row: &Row, column: Column<'_>) -> Result<Self, StoreError> {
        Self::read_optional(row, column)?.ok_or_else(|| StoreError::malformed(row.doing, format!("column {column} is empty")))
    }
}

impl<T: Cell> Cell for Option<T> {
    fn read_optional(row: &Row, column: Column<'_>) -> Result<Option<Self>, StoreError> {
        T::read_optional(row, column).map(Some)
    }
}

/// Cells that both drivers read by themselves.
macro_rules! native_cells {
    ($($type:ty),*) => { $(
        impl Cell for $type {
            fn read_optional(row: &Row, column: Column<'_>) -> Result<Option<Self>, StoreError> {
                match (&row.inner, column) {
                    (Inner::Sqlite(row), Column::Number(at)) => row.try_get(at),
                    (Inner::Sqlite(row), Column::Name(at)) => row.try_get(at),
                    (Inner::Postgres(row), Column::Number(at)) => row.try_get(at),
                    (Inner::Postgres(row), Column::Name(at)) => row.try_get(at),
                }
                .map_err(|error| StoreError::database(row.doing, error))
            }
        }
    )* };
}

native_cells!(i64, String, Vec<u8>, Uuid);

/// Cells that are stored as another one.
macro_rules! converted_cells {
    ($($type:ty as $stored:ty, $what:literal: $convert:expr;)*) => { $(
        impl Cell for $type {
            fn read_optional(row: &Row, column: Column<'_>) -> Result<Option<Self>, StoreError> {
                let convert: fn($stored) -> Option<$type> = $convert;
                match <$stored>::read_optional(row, column)? {
                    None => Ok(None),
                    Some(stored) => convert(stored).map(Some).ok_or_else(|| {
                        StoreError::malformed(row.doing, format!(concat!("column {} is not ", $what), column))
                    }),
                }
            }
        }
    )* };
}

converted_cells! {
    i32 as i64, "a small number": |stored| stored.try_into().ok();
    u32 as i64, "a small number": |stored| stored.try_into().ok();
    bool as i64, "0 or 1": |stored| match stored { 0 => Some(false), 1 => Some(true), _ => None };
    DateTime<Utc> as i64, "an instant": DateTime::from_timestamp_micros;
    [u8; 32] as Vec<u8>, "32 bytes": |stored| stored.try_into().ok();
    Hash as [u8; 32], "a hash": |stored| Some(Hash(stored));
    CompanyId as Uuid, "a company": |stored| Some(CompanyId(stored));
}

/// Types that may be bound, and absent ones of them.
macro_rules! values {
    ($($type:ty => $variant:ident $convert:expr;)*) => { $(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::from(Some(value))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map($convert))
            }
        }
    )* };
}

values! {
    i64 => Int |value| value;
    i32 => Int i64::from;
    u32 => Int i64::from;
    bool => Int i64::from;
    DateTime<Utc> => Int |value| value.timestamp_micros();
    String => Text |value| value;
    &str => Text str::to_owned;
    &String => Text String::clone;
    Vec<u8> => Bytes |value| value;
    &[u8] => Bytes <[u8]>::to_vec;
    [u8; 32] => Bytes |value| value.to_vec();
    Hash => Bytes |value| value.0.to_vec();
    Uuid => Id |value| value;
    CompanyId => Id |value| value.0;
}

/// The file a text was taken from: the first word of its first line.
pub(crate) fn file_name(text: &'static str) -> &'static str {
    text.strip_prefix("-- ").and_then(|rest| rest.split_whitespace().next()).unwrap_or("a statement without a name")
}

fn sqlite_arguments(values: Vec<Bound>, doing: &'static str) -> Result<SqliteArguments, StoreError> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        match value {
            Bound::One(Value::Int(value)) => arguments.add(value),
            Bound::One(Value::Text(value)) => arguments.add(value),
            Bound::One(Value::Bytes(value)) => arguments.add(value),
            Bound::One(Value::Id(value)) => arguments.add(value),
            Bound::Many(_) => return Err(StoreError::malformed(doing, "SQLite has no arrays")),
        }
        .map_err(|error| StoreError::database(doing, sqlx::Error::Encode(error)))?;
    }
    Ok(arguments)
}

fn postgres_arguments(values: Vec<Bound>, doing: &'static str) -> Result<PgArguments, StoreError> {
    let mut arguments = PgArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        match value {
            Bound::One(Value::Int(value)) => arguments.add(value),
            Bound::One(Value::Text(value)) => arguments.add(value),
            Bound::One(Value::Bytes(value)) => arguments.add(value),
            Bound::One(Value::Id(value)) => arguments.add(value),
            Bound::Many(values) => add_array(&mut arguments, values, doing)?,
        }
        .map_err(|error| StoreError::database(doing, sqlx::Error::Encode(error)))?;
    }
    Ok(arguments)
}

/// Binds values as one array of the first one's type.
fn add_array(arguments: &mut PgArguments, values: Vec<Value>, doing: &'static str) -> Result<Result<(), sqlx::error::BoxDynError>, StoreError> {
    macro_rules! array {
        ($variant:ident) => {{
            let of_type = |value| match value {
                Value::$variant(value) => Ok(value),
                other => Err(StoreError::malformed(doing, format!("{other:?} stands in a column of another type"))),
            };
            arguments.add(values.into_iter().map(of_type).collect::<Result<Vec<_>, _>>()?)
        }};
    }
    Ok(match values.first() {
        Some(Value::Text(_)) => array!(Text),
        Some(Value::Bytes(_)) => array!(Bytes),
        Some(Value::Id(_)) => array!(Id),
        Some(Value::Int(_)) | None => array!(Int),
    })
}
