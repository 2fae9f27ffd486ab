//! Exports: a whole list as a file, in the cells of which stands what its rows show.
//!
//! The list is read page by page, in constant memory; each page is a read of its own. CSV leaves while it is read: when that fails in the middle,
//! the connection is cut, so that nobody takes a part for the whole. A spreadsheet is written to a temporary file first.

use super::caller::Caller;
use super::list::{List, Served, With};
use super::problem::{Problem, ProblemCode};
use super::query::{wait_for, word};
use super::{Service, page};
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::Instant;
use eventstore::StoreError;
use futures::stream::{self, StreamExt};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use tokio::io::AsyncReadExt;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, PartialSchema};

/// Rows of a page.
const PAGE: u32 = 200;
/// The most rows of a spreadsheet, below the one with the names of its columns.
const MOST_ROWS: usize = 1_048_575;
/// The largest whole number that a spreadsheet keeps to the last digit.
const EXACT_NUMBER: u64 = 1 << 53;
/// What a text must not begin with in CSV, since a spreadsheet would take it for a formula.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];
/// Bytes of a file that are sent at once.
const CHUNK: usize = 64 * 1024;

/// In which form a list is exported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `csv` (default) or `xlsx`.
    format: Option<String>,
    /// Wait, for at most two seconds, until the first rows reflect this position; with the hash there (`POSITION-HASH`), another log is refused.
    min_position: Option<String>,
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Xlsx,
}

impl Format {
    const ALL: &'static [Format] = &[Format::Csv, Format::Xlsx];

    fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }

    fn media(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Answers a whole list as a file.
pub(super) async fn export<L: List>(service: Service, caller: Caller, query: With<L::Query, ExportQuery>) -> Result<Response, Problem> {
    let With { filters, more } = query;
    let format = word("format", &more.format, Format::ALL, Format::name)?.unwrap_or(Format::Csv);
    wait_for(&service, caller.company, &more.min_position).await?;
    let of = Served::new(service, &caller).await?;
    let list = L::asked(&filters, &of).await?;
    let now = Instant::new(of.service.app.ports.now());
    let name = format!("attachment; filename=\"{}-{}.{}\"", L::NAME, now.local_day(of.settings.zone()), format.name());
    let rows = Rows { columns: columns::<L>(), list, of, after: None, is_over: false };
    let body = match format {
        Format::Csv => csv(rows).await?,
        Format::Xlsx => xlsx(rows, now).await?,
    };
    Ok(([(header::CONTENT_TYPE, format.media().to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response())
}

/// The names of the fields that a list's rows show, in their order; behind amounts, the currency they are in.
fn columns<L: List>() -> Vec<String> {
    let mut columns: Vec<String> = match L::View::schema() {
        RefOr::T(Schema::Object(object)) => object.properties.into_keys().collect(),
        _ => Vec::new(),
    };
    if columns.iter().any(|name| name.ends_with("_minor")) {
        columns.push("currency".into());
    }
    columns
}

/// A list, read on page by page.
struct Rows<L: List> {
    columns: Vec<String>,
    list: L,
    of: Served,
    after: Option<L::Cursor>,
    is_over: bool,
}

impl<L: List> Rows<L> {
    /// The cells of the next page; none, when the list is over.
    async fn next(&mut self) -> Result<Option<Vec<Vec<Value>>>, StoreError> {
        if self.is_over {
            return Ok(None);
        }
        let found = self.list.read(&self.of, self.after.take(), PAGE + 1, None).await?.found.rows;
        let (rows, has_more) = page::cut(found, PAGE);
        self.is_over = !has_more;
        self.after = rows.last().map(|last| self.list.place(last));
        let currency = self.of.settings.settings.as_ref().map_or("", |settings| settings.currency.code());
        let mut cells = Vec::with_capacity(rows.len());
        for view in L::views(&rows, &self.of).await? {
            let mut view: Map<String, Value> = serde_json::from_value(serde_json::to_value(view).map_err(unwritable)?).map_err(unwritable)?;
            view.insert("currency".into(), currency.into());
            cells.push(self.columns.iter().map(|name| view.remove(name).unwrap_or_default()).collect());
        }
        Ok(Some(cells))
    }
}

fn unwritable(error: impl std::fmt::Display) -> StoreError {
    StoreError::malformed("a row that is exported", error.to_string())
}

/// A cell's text: several texts with semicolons between them, and what has an order of its own as JSON.
fn text(cell: &Value) -> Cow<'_, str> {
    match cell {
        Value::Null => "".into(),
        Value::String(text) => text.into(),
        Value::Array(all) if all.iter().all(Value::is_string) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; ").into(),
        other => other.to_string().into(),
    }
}

/// A cell of CSV. A text that a spreadsheet would take for a formula stands behind an apostrophe (OWASP, CSV injection).
fn guarded(cell: &Value) -> Cow<'_, str> {
    let text = text(cell);
    if text.starts_with(FORMULA) && !cell.is_number() { format!("'{text}").into() } else { text }
}

/// Lines of CSV (RFC 4180).
fn lines<Line: IntoIterator<Item = Cell>, Cell: AsRef<[u8]>>(lines: impl IntoIterator<Item = Line>) -> Result<Bytes, StoreError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        writer.write_record(line).map_err(unwritable)?;
    }
    Ok(writer.into_inner().map_err(unwritable)?.into())
}

fn page_of_lines(page: &[Vec<Value>]) -> Result<Bytes, StoreError> {
    lines(page.iter().map(|row| row.iter().map(|cell| guarded(cell).into_owned())))
}

/// The names of the columns and the first page, which may still become a problem, and then each further page as it is asked for.
async fn csv<L: List>(mut rows: Rows<L>) -> Result<Body, Problem> {
    let names = lines([&rows.columns])?;
    let first = page_of_lines(&rows.next().await?.unwrap_or_default())?;
    let rest = stream::try_unfold(rows, async |mut rows| {
        let next = rows.next().await.and_then(|page| page.as_deref().map(page_of_lines).transpose());
        let next = next.inspect_err(|error| tracing::error!(%error, "an export was cut off"))?;
        Ok::<_, StoreError>(next.map(|lines| (lines, rows)))
    });
    Ok(Body::from_stream(stream::iter([Ok(names), Ok(first)]).chain(rest)))
}

/// The whole list in a temporary file, which then is sent.
async fn xlsx<L: List>(mut rows: Rows<L>, now: Instant) -> Result<Body, Problem> {
    let mut sheet = Spreadsheet::new(L::NAME, &rows.columns, now).map_err(failed)?;
    while let Some(page) = rows.next().await? {
        if sheet.rows + page.len() > MOST_ROWS {
            let detail = format!("a spreadsheet takes {MOST_ROWS} rows at most, and this list has more: ask for format=csv, or for fewer rows by the filters");
            return Err(Problem::query("format", detail));
        }
        page.iter().try_for_each(|row| sheet.add(row)).map_err(failed)?;
    }
    let written = tokio::task::spawn_blocking(|| sheet.written()).await;
    let file = written.unwrap_or_else(|error| Err(XlsxError::ParameterError(error.to_string()))).map_err(failed)?;
    let chunks = stream::try_unfold(tokio::fs::File::from_std(file), async |mut file| {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = (&mut file).take(CHUNK as u64).read_to_end(&mut chunk).await?;
        Ok::<_, std::io::Error>((read > 0).then_some((chunk, file)))
    });
    Ok(Body::from_stream(chunks))
}

/// A spreadsheet that is written row by row; what was written lies in a temporary file.
struct Spreadsheet {
    workbook: Workbook,
    /// Rows below the names of the columns.
    rows: usize,
}

impl Spreadsheet {
    fn new(name: &str, columns: &[String], now: Instant) -> Result<Spreadsheet, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_timestamp(now.utc().timestamp())?));
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (name, at) in columns.iter().zip(0..) {
            sheet.write_string(0, at, name)?;
        }
        Ok(Spreadsheet { workbook, rows: 0 })
    }

    /// Adds a row. Texts are written as texts, never as formulas.
    fn add(&mut self, cells: &[Value]) -> Result<(), XlsxError> {
        self.rows += 1;
        let row = u32::try_from(self.rows).map_err(|_| XlsxError::RowColumnLimitError)?;
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (cell, at) in cells.iter().zip(0..) {
            match cell {
                Value::Null => &mut *sheet,
                Value::Bool(yes) => sheet.write_boolean(row, at, *yes)?,
                Value::Number(number) => match number.as_i64().filter(|whole| whole.unsigned_abs() <= EXACT_NUMBER) {
                    Some(whole) => sheet.write_number(row, at, whole as f64)?,
                    None => sheet.write_string(row, at, number.to_string())?,
                },
                other => sheet.write_string(row, at, text(other))?,
            };
        }
        Ok(())
    }

    /// The whole file, from its beginning.
    fn written(mut self) -> Result<File, XlsxError> {
        let mut file = tempfile::tempfile()?;
        let mut writer = BufWriter::new(&mut file);
        self.workbook.save_to_writer(&mut writer)?;
        writer.flush()?;
        drop(writer);
        file.rewind()?;
        Ok(file)
    }
}

fn failed(error: XlsxError) -> Problem {
    match error {
        XlsxError::MaxStringLengthExceeded => Problem::query("format", "a text of this list is longer than a spreadsheet takes: ask for format=csv"),
        XlsxError::IoError(error) if error.kind() == std::io::ErrorKind::StorageFull => {
            Problem::new(ProblemCode::StorageFull, "there is no room for the spreadsheet's temporary file; format=csv needs none")
        }
        error => {
            tracing::error!(%error, "a spreadsheet could not be written");
            Problem::new(ProblemCode::Unavailable, "the spreadsheet could not be written; format=csv needs no temporary file")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_that_looks_like_a_formula_is_kept_from_being_one() {
        for (cell, expected) in [
            (json!("=1+1"), "'=1+1"),
            (json!("+17165550100"), "'+17165550100"),
            (json!("-1"), "'-1"),
            (json!("@a"), "'@a"),
            (json!("\tx"), "'\tx"),
            (json!("\rx"), "'\rx"),
            (json!(["=a", "b"]), "'=a; b"),
            (json!("a=1"), "a=1"),
            (json!(-5), "-5"),
            (json!(null), ""),
            (json!(true), "true"),
            (json!([]), ""),
            (json!([{ "sale": 1 }]), "[{\"sale\":1}]"),
            (json!({}), "{}"),
        ] {
            assert_eq!(guarded(&cell), expected, "{cell}");
        }
    }
}
