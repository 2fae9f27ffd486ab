//! Answers go to this machine only: a page of another site must not reach the service through somebody's browser.
//!
//! The service listens on a loopback address. By DNS rebinding a site can make its own name lead there; the browser then sends
//! that name as `Host`, and its pages are named by `Origin`.

use super::problem::{Problem, ProblemCode};
use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::{Authority, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;

/// Refuses a request that was sent to another name than this machine's own, or by a page from elsewhere.
pub async fn only_local(request: Request, next: Next) -> Response {
    if is_meant_for_here(&request) {
        return next.run(request).await;
    }
    let detail = "this service answers only under a name of this machine, such as localhost or 127.0.0.1 (headers Host and Origin)";
    Problem::new(ProblemCode::NotLocal, detail).into_response()
}

fn is_meant_for_here(request: &Request) -> bool {
    let told = |name| request.headers().get_all(name).iter().map(|value| value.to_str().unwrap_or_default());
    let hosts = told(HOST).map(|host| host.parse::<Authority>().is_ok_and(|name| is_local(name.host()) && !host.contains('@')));
    let origins = told(ORIGIN).map(|origin| origin.parse::<Uri>().is_ok_and(|origin| origin.host().is_some_and(is_local)));
    let address = request.uri().host().map(is_local);
    hosts.chain(origins).chain(address).all(|local| local)
}

/// Whether a host is this machine: `localhost`, or an address of the loopback.
fn is_local(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_few_names() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]"] {
            assert!(is_local(host), "{host}");
        }
        for host in ["", "example.com", "localhost.example.com", "127.0.0.1.example.com", "10.0.0.1", "0.0.0.0", "null", "[::]"] {
            assert!(!is_local(host), "{host}");
        }
    }
}
