//! The binary `leadtrail`: everything is in the library, so that tests can reach it.

use std::process::ExitCode;

/// Commands make and drop many small values; with the system's allocator a tenth of a batch's time went there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    api::cli::main().await
}
