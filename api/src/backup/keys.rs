//! Keys as they are stored, wrapped, as JSON lines: a company's, then those of its streams.

use super::{BackupError, KEYS, at};
use crate::app::private;
use eventstore::{CompanyId, Store, Stream};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use uuid::Uuid;

/// Keys read and written at a time.
const PAGE: i64 = 2_000;

/// One key in hexadecimal digits: a company's, or that of one of its streams; none, when it was destroyed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    company: CompanyId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stream: Option<StreamName>,
    key: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamName {
    kind: String,
    id: Uuid,
}

/// Writes the keys of these companies into a folder, and says how many.
pub async fn write(store: &Store, companies: impl IntoIterator<Item = CompanyId>, folder: &Path) -> Result<u64, BackupError> {
    let path = folder.join(KEYS);
    let cannot = at("write", &path);
    let mut out = BufWriter::new(private(&path).map_err(&cannot)?);
    let mut written = 0;
    for company in companies {
        let key = Some(hex::encode(store.wrapped_company_key(company).await?));
        line(&mut out, &Line { company, stream: None, key }).map_err(&cannot)?;
        let mut after: Option<Stream> = None;
        loop {
            let page = store.wrapped_keys(company, after.as_ref(), PAGE).await?;
            for (stream, wrapped) in &page {
                let stream = Some(StreamName { kind: stream.kind.to_string(), id: stream.id });
                line(&mut out, &Line { company, stream, key: wrapped.as_ref().map(hex::encode) }).map_err(&cannot)?;
            }
            written += page.len() as u64;
            match page.into_iter().last() {
                Some((stream, _)) => after = Some(stream),
                None => break,
            }
        }
    }
    out.flush().and_then(|()| out.get_ref().sync_all()).map_err(&cannot)?;
    Ok(written)
}

fn line(out: &mut impl Write, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

/// Puts the keys of a folder back for these companies. Destroyed ones are left out: the log says who was erased, or the erasure
/// ledger does.
pub async fn put_back(store: &Store, companies: &[CompanyId], folder: &Path) -> Result<(), BackupError> {
    let path = folder.join(KEYS);
    let input = BufReader::new(File::open(&path).map_err(at("read", &path))?);
    let mut keys: Vec<(Stream, Vec<u8>)> = Vec::new();
    let mut of = None;
    for (number, text) in (1..).zip(input.lines()) {
        let damaged = |text: String| BackupError::Damaged { path: folder.to_owned(), text: format!("{KEYS}, line {number}: {text}") };
        let Line { company, stream, key } = serde_json::from_str(&text.map_err(at("read", &path))?).map_err(|_| damaged("this is no key".into()))?;
        let key = key.map(hex::decode).transpose().map_err(|_| damaged("a key has hexadecimal digits".into()))?;
        if of != Some(company) || keys.len() as i64 >= PAGE {
            put(store, of, &mut keys).await?;
            of = companies.contains(&company).then_some(company);
        }
        let (Some(company), Some(key)) = (of, key) else { continue };
        match stream {
            Some(StreamName { kind, id }) => keys.push((Stream { kind: kind.into(), id }, key)),
            None => store.put_company_key(company, key).await?,
        }
    }
    put(store, of, &mut keys).await
}

async fn put(store: &Store, company: Option<CompanyId>, keys: &mut Vec<(Stream, Vec<u8>)>) -> Result<(), BackupError> {
    if let Some(company) = company {
        store.put_keys(company, std::mem::take(keys)).await?;
    }
    Ok(())
}
