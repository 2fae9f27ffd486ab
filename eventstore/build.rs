//! Lists the migrations at build time, so that the binary carries them and a new file needs no second mention.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let house = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let migrations = Path::new(&house).join("../migrations");
    let mut list = String::new();
    for (name, database) in [("SQLITE", "sqlite"), ("POSTGRES", "postgres")] {
        let folder = migrations.join(database);
        write_list(&mut list, name, &folder).map_err(io::Error::other)?;
        write_list(&mut list, &format!("{name}_READ"), &folder.join("read")).map_err(io::Error::other)?;
        write_list(&mut list, &format!("{name}_COLUMNS"), &folder.join("columns")).map_err(io::Error::other)?;
    }
    fs::write(Path::new(&out).join("migrations.rs"), list)
}

/// Writes `static NAME: &[(file name, text)]` of the `.sql` files of a folder, in the order of their names.
fn write_list(list: &mut String, name: &str, folder: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<_> = match fs::read_dir(folder) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error.into()),
    }
    .into_iter()
    .map(|entry| entry.path())
    .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
    .collect();
    files.sort();
    writeln!(list, "static {name}: &[(&str, &str)] = &[")?;
    for path in files {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        writeln!(list, "    ({file:?}, include_str!({:?})),", path.canonicalize()?)?;
    }
    writeln!(list, "];")?;
    Ok(())
}
