//! `leadtrail serve`: the service, until it is told to stop.

use super::checkpoint::{must_not_speak_of_nothing, outside, signed_elsewhere};
use super::demo;
use super::error::{Code, in_words};
use super::output::{in_a_line, print_json, say};
use super::rebuild::say_what_is_behind;
use super::{CliError, Place, Verdict};
use crate::app::{App, DataFolder, Keeper, Webhook};
use clap::Args;
use eventstore::StoreError;
use serde::Serialize;
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, oneshot};

/// How long requests under way may take to finish once the service is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How often it is looked whether a log should be signed.
const LOOK: Duration = Duration::from_secs(10);

/// Serve HTTP: the interface under /api/v1, its description at /docs
#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port; for now of this machine only. Port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Make the demo company first, when there is no company yet
    #[arg(long)]
    demo: bool,
    /// Post messages to this address, signed with the key in the data folder's webhook.key; without it they are dropped
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// Compare the rows of every read model with a rebuild, with so much time after each round: 30m, 6h, 1d
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    check_every: Option<Duration>,
    /// Add every signed checkpoint to this file too, where whoever can write the database should not be able to write
    #[arg(long, value_name = "FILE")]
    checkpoints: Option<PathBuf>,
}

/// A whole number of seconds, minutes, hours or days.
fn duration(text: &str) -> Result<Duration, String> {
    let seconds = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)].into_iter().find_map(|(unit, seconds)| {
        let count: u64 = text.strip_suffix(unit)?.parse().ok()?;
        count.checked_mul(seconds).filter(|seconds| (1..=366 * 86_400).contains(seconds))
    });
    seconds.map(Duration::from_secs).ok_or_else(|| format!("`{text}` is not a time such as 30m, 6h or 1d, up to 366d"))
}

#[derive(Serialize)]
struct Started {
    address: String,
    token_file: std::path::PathBuf,
    companies: Vec<String>,
    refused: Vec<String>,
}

impl Serve {
    /// Serves.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let address = self.address()?;
        if let Some(path) = self.checkpoints.as_deref() {
            must_not_speak_of_nothing(place, path)?;
        }
        if let Some(url) = &self.webhook {
            Webhook::check(url).map_err(|wrong| CliError::usage(format!("--webhook {url}: {wrong}")))?;
        }
        let app = place.open_or_make().await?.with_signer(place.signer_of_service()?);
        let outside = self.checkpoints.as_deref().map(|path| outside(place, "--checkpoints", path)).transpose()?;
        let listener = TcpListener::bind(address).await.map_err(|error| cannot_listen(address, &error))?;
        let address = listener.local_addr().map_err(|error| cannot_listen(address, &error))?;
        // Only now: a start that fails leaves nothing in the way of `restore`.
        let folder = place.folder()?;
        let (token, is_new) = folder.token().map_err(|error| CliError::new(Code::File, format!("the token cannot be used: {}", in_words(&error))))?;
        let webhook = self.receiver(&folder)?;
        if self.demo {
            make_demo(&app, place).await?;
        }
        app.hold_to_what_was_signed(outside.as_ref()).await?;
        let companies = app.store.companies().await?;
        if let Some((path, gone)) = self.checkpoints.as_deref().zip(outside.as_ref().and_then(|outside| outside.others_than(&companies).pop())) {
            return Err(signed_elsewhere(path, gone));
        }
        for company in &companies {
            if let Some(diverged @ StoreError::Diverged(_)) = app.refusal(company.id) {
                say(&format!("“{}” is not served: {diverged}", in_a_line(&company.name)));
            }
            if app.refusal(company.id).is_some() {
                continue;
            }
            if !place.json {
                say_what_is_behind(&app, company.id).await?;
            }
            let (app, company) = (app.clone(), company.id);
            tokio::spawn(async move { app.look_after(company).await });
        }
        if let Some(every) = self.check_every {
            tokio::spawn(app.clone().watch_rows(every));
        }
        let (refused, served): (Vec<_>, Vec<_>) = companies.into_iter().partition(|company| app.refusal(company.id).is_some());
        let [refused, names] = [refused, served].map(|companies| companies.into_iter().map(|company| company.name).collect::<Vec<_>>());
        let told = told_to_stop();
        if place.json {
            print_json(&Started { address: format!("http://{address}"), token_file: folder.token_file(), companies: names, refused })?;
        } else {
            let webhook_key = webhook.as_ref().map(|_| folder.webhook_key_file().display().to_string());
            let token_file = folder.token_file().display().to_string();
            say(&greeting(&address, &token_file, is_new.then_some(token.as_str()), &names, &refused, webhook_key.as_deref()));
        }
        let keeper = Arc::new(Mutex::new(Keeper::new(app.clone(), outside)));
        let keeping = tokio::spawn(keep(keeper.clone()));
        let (stopping, stopped) = oneshot::channel();
        let listeners = app.listeners.clone();
        let stop = async move {
            told.await;
            say("stopping: finishing what is under way");
            listeners.end();
            if stopping.send(()).is_err() {}
        };
        let chores = tokio::spawn({
            let app = app.clone();
            async move { app.do_chores(webhook.as_ref()).await }
        });
        // As a make-service it is shared by all connections; by itself, each of them would hold a copy of every route and its description.
        let router = crate::http::router(app.clone(), &token).into_make_service();
        let server = axum::serve(listener, router).with_graceful_shutdown(stop);
        let served = within_grace(server.into_future(), stopped).await;
        // Wherever they are cut, they go on with the next start.
        chores.abort();
        app.stop().await;
        keeping.abort();
        keeper.lock().await.round(true).await;
        app.close().await;
        served.map(|()| Verdict::Well).map_err(|error| CliError::new(Code::Listen, format!("the service stopped: {}", in_words(&error))))
    }

    /// Who messages are posted to. The key is made with the first receiver.
    fn receiver(&self, folder: &DataFolder) -> Result<Option<Webhook>, CliError> {
        let Some(url) = &self.webhook else { return Ok(None) };
        let key = folder.webhook_key().map_err(|error| CliError::new(Code::File, format!("the webhook key cannot be used: {}", in_words(&error))))?;
        Webhook::try_new(url, key).map(Some).map_err(|wrong| CliError::usage(format!("--webhook {url}: {wrong}")))
    }

    fn address(&self) -> Result<SocketAddr, CliError> {
        let text = match self.listen.strip_prefix("localhost:") {
            Some(port) => format!("127.0.0.1:{port}"),
            None => self.listen.clone(),
        };
        let address: SocketAddr =
            text.parse().map_err(|_| CliError::usage(format!("--listen {}: give an address and a port, such as 127.0.0.1:8080", self.listen)))?;
        if address.ip().is_loopback() {
            return Ok(address);
        }
        Err(CliError::usage(format!("--listen {address} would let other machines in, and there is only one token for everybody yet"))
            .hint(format!("listen on 127.0.0.1 and use an SSH tunnel from the other machine: ssh -L {port}:127.0.0.1:{port} HOST", port = address.port())))
    }
}

/// Signs the logs in time, for as long as it is let.
async fn keep(keeper: Arc<Mutex<Keeper>>) {
    loop {
        keeper.lock().await.round(false).await;
        tokio::time::sleep(LOOK).await;
    }
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> CliError {
    CliError::new(Code::Listen, format!("cannot listen on {address}: {}", in_words(error)))
        .hint("stop what listens there, or choose another port with --listen")
}

async fn make_demo(app: &App, place: &Place) -> Result<(), CliError> {
    let usual = demo::usual(app)?;
    let companies = app.store.companies().await?;
    let unfinished = companies.len() == 1 && companies.iter().any(|company| company.id.0 == usual.company() && app.refusal(company.id).is_none());
    if companies.is_empty() || unfinished {
        match demo::tell(app, &usual, place.json).await {
            // It was told to its end before, perhaps on another day.
            Err(CliError { code: Code::CompanyExists, .. }) if unfinished => {}
            told => told.map(drop)?,
        }
    }
    Ok(())
}

fn greeting(address: &SocketAddr, token_file: &str, new_token: Option<&str>, companies: &[String], refused: &[String], webhook_key: Option<&str>) -> String {
    let companies =
        if companies.is_empty() && refused.is_empty() { "none yet; `leadtrail demo` makes one".to_owned() } else { in_a_line(&companies.join(", ")) };
    let refused = if refused.is_empty() { String::new() } else { format!("not served {}; the reason stands above\n", in_a_line(&refused.join(", "))) };
    let token = match new_token {
        Some(token) => format!("token      {token}\n           (shown this once; it lies in {token_file})"),
        None => format!("token      in {token_file}"),
    };
    let webhook = webhook_key.map(|file| format!("webhook    signed with the key in {file}\n")).unwrap_or_default();
    format!("\nLeadtrail is at http://{address}\ndocs       http://{address}/docs\n{token}\ncompanies  {companies}\n{refused}{webhook}")
}

/// Waits for the server to end; once it was told to stop, not longer than [`GRACE`].
async fn within_grace(server: impl Future<Output = std::io::Result<()>>, stopped: oneshot::Receiver<()>) -> std::io::Result<()> {
    let grace = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(GRACE).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        served = server => served,
        () = grace => {
            tracing::warn!("some requests did not finish in time and were given up; what they asked for is committed or not begun");
            Ok(())
        }
    }
}

/// Ctrl-C, the signal by which a supervisor ends a service, or the end of its terminal. From the call on, none of them ends the
/// process before it is ready.
#[cfg(unix)]
fn told_to_stop() -> impl Future<Output = ()> + Send {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let signals: Vec<_> = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
    async move {
        let signals: Vec<_> = signals.into_iter().map(|mut signal| Box::pin(async move { signal.recv().await.is_some() })).collect();
        if signals.is_empty() {
            std::future::pending::<()>().await;
        }
        futures::future::select_all(signals).await;
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
fn told_to_stop() -> impl Future<Output = ()> + Send {
    async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_with_its_unit() {
        let seconds = |text| duration(text).map(|duration| duration.as_secs()).ok();
        assert_eq!(["45s", "30m", "6h", "366d"].map(seconds), [Some(45), Some(1_800), Some(21_600), Some(31_622_400)]);
        assert_eq!(["", "s", "0m", "1", "1.5h", "-1h", "367d", "1w", "99999999999999999999s", "9999999999999999999d"].map(seconds), [None; 10]);
    }
}
