//! Makes backups, beside a service that writes.

use super::folder::Part;
use super::{BackupError, DATABASE, ERASURES, KEYS, Kind, Manifest, at, keys};
use crate::app::{App, Ledger, private};
use std::path::Path;

/// Copies the logs of a SQLite database, which lies in the file `database`, into a new folder. `progress` is told how many events
/// were copied, and of how many.
pub async fn back_up(app: &App, database: &Path, out: &Path, progress: &mut (dyn FnMut(i64, i64) + Send)) -> Result<Manifest, BackupError> {
    let made_at = app.ports.now();
    let part = Part::begin(out).map_err(at("write", out))?;
    let copy = part.path().join(DATABASE);
    // Made here, so that SQLite need not choose its mode.
    drop(private(&copy).map_err(at("write", &copy))?);
    let kept = app.store.copy_logs(database, &copy, progress).await?;
    let manifest = Manifest::write(Kind::Backup, part.path(), &[DATABASE], kept, made_at)?;
    part.finish().map_err(at("write", out))?;
    Ok(manifest)
}

/// Writes the keys, as they are wrapped in the database, into a new folder, and says how many keys of streams there are. They open
/// every log up to where it ends now, and so every earlier backup, but for what was erased since.
pub async fn back_up_keys(app: &App, out: &Path) -> Result<(Manifest, u64), BackupError> {
    let made_at = app.ports.now();
    let part = Part::begin(out).map_err(at("write", out))?;
    // In this order: a log's keys are there before its head, and whoever was erased meanwhile stands in the ledger.
    let kept = app.store.kept().await?;
    let written = keys::write(&app.store, kept.iter().map(|company| company.entry.id), part.path()).await?;
    let ledger = part.path().join(ERASURES);
    Ledger::at(&ledger).add(&app.erasures().await?).map_err(at("write", &ledger))?;
    let manifest = Manifest::write(Kind::Keys, part.path(), &[KEYS, ERASURES], kept, made_at)?;
    part.finish().map_err(at("write", out))?;
    Ok((manifest, written))
}
