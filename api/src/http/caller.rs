//! Who is asking: for now one bearer token, whose holder may do all that people may do.

use super::Service;
use super::problem::{Problem, ProblemCode};
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use eventstore::CompanyId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The header that names the company, where there are several.
pub const COMPANY_HEADER: &str = "leadtrail-company";

/// A caller who showed the token, and the company they work on.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The company.
    pub company: CompanyId,
}

/// The SHA-256 of the bearer token: what comes in is compared by hash, so that the time it takes tells nothing.
#[derive(Clone, Copy)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a token.
    pub fn of(token: &str) -> TokenHash {
        TokenHash(Sha256::digest(token.as_bytes()).into())
    }
}

impl FromRequestParts<Service> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Caller, Problem> {
        let shown = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.split_once(' '));
        let token = shown.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        if token.is_none_or(|token| TokenHash::of(token).0 != service.token.0) {
            return Err(Problem::new(ProblemCode::Unauthorized, "send `Authorization: Bearer TOKEN`; the token lies in the file `token` of the data folder"));
        }
        let wanted = match parts.headers.get(COMPANY_HEADER) {
            Some(value) => Some(value.to_str().map_err(|_| Problem::new(ProblemCode::HeaderInvalid, "Leadtrail-Company must be a company's id or name"))?),
            None => None,
        };
        let company = service.app.company(wanted).await?;
        if parts.method == Method::POST {
            // The writer looks again before it decides.
            service.app.refusal(company.id).map_or(Ok(()), Err)?;
        } else {
            service.app.check_served(company.id).await?;
        }
        Ok(Caller { company: company.id })
    }
}

/// The id of this request: it is answered in `X-Request-Id` and becomes the command's id.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(pub Uuid);
