//! The binary `leadtrail`: everything is in the library, so that tests can reach it.

use std::process::ExitCode;

/// A command makes and drops many small values, and batches make large ones; this takes a good tenth of the time that the system's
/// allocator takes of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    api::cli::main().await
}
