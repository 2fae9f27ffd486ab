//! What an error looks like: RFC 9457 problem details with a stable `code`, and a page that explains it.

use crate::app::{CompanyError, ExecuteError};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::refusal::{Code, Kind, OpenTransition, Refusal};
use domain::wire::{Fault, Wrong, fields};
use eventstore::{StoreError, WriteError};
use serde::Serialize;
use utoipa::ToSchema;

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $name:ident $status:ident $code:literal $title:literal)*) => {
        /// Why the edge itself could not do what was asked. Refusals of the business have codes of their own ([`domain::Code`]).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ProblemCode { $($(#[$doc])* $name),* }

        impl ProblemCode {
            /// All of them.
            pub const ALL: &'static [ProblemCode] = &[$(ProblemCode::$name),*];

            /// The code as published: it never changes.
            pub const fn as_str(self) -> &'static str {
                match self { $(ProblemCode::$name => $code),* }
            }

            fn status(self) -> StatusCode {
                match self { $(ProblemCode::$name => StatusCode::$status),* }
            }

            fn title(self) -> &'static str {
                match self { $(ProblemCode::$name => $title),* }
            }
        }
    };
}

problem_codes! {
    /// The request carries no valid token.
    Unauthorized UNAUTHORIZED "unauthorized" "A valid token is needed"
    /// The request was sent to another name than this machine's own, or by a page from elsewhere.
    NotLocal FORBIDDEN "not_local" "This service is for this machine only"
    /// There is nothing at this address.
    NotFound NOT_FOUND "not_found" "There is nothing here"
    /// The caller took too long to send the request.
    RequestTimeout REQUEST_TIMEOUT "request_timeout" "The request came too slowly"
    /// The address takes other methods.
    MethodNotAllowed METHOD_NOT_ALLOWED "method_not_allowed" "This method is not for this address"
    /// The body is not JSON that can be taken.
    BadJson BAD_REQUEST "bad_json" "The body cannot be read"
    /// The body is not declared as JSON.
    UnsupportedMediaType UNSUPPORTED_MEDIA_TYPE "unsupported_media_type" "The body must be JSON"
    /// The body is too large.
    BodyTooLarge PAYLOAD_TOO_LARGE "body_too_large" "The body is too large"
    /// A query parameter is unknown or breaks a rule.
    QueryInvalid UNPROCESSABLE_ENTITY "query_invalid" "A query parameter cannot be taken"
    /// A header breaks a rule.
    HeaderInvalid BAD_REQUEST "header_invalid" "A header cannot be taken"
    /// The idempotency key was used for another request.
    IdempotencyKeyReused UNPROCESSABLE_ENTITY "idempotency_key_reused" "The key was used for another request"
    /// A token was given for another log than this one.
    LogDiverged CONFLICT "log_diverged" "The log is another one"
    /// No company, or not the one meant, can be told.
    CompanyUnclear UNPROCESSABLE_ENTITY "company_unclear" "It is not clear which company is meant"
    /// Too many commands are waiting.
    Busy SERVICE_UNAVAILABLE "busy" "Too many commands are waiting"
    /// As many listen to live updates as can.
    TooManyListeners SERVICE_UNAVAILABLE "too_many_listeners" "Too many are listening"
    /// The disk is full.
    StorageFull SERVICE_UNAVAILABLE "storage_full" "The storage is full"
    /// The database cannot be reached, or failed.
    Unavailable SERVICE_UNAVAILABLE "unavailable" "The store is not available"
    /// The log holds an event this version cannot read.
    UnreadableLog SERVICE_UNAVAILABLE "unreadable_log" "This version cannot read the log"
    /// The end of the log does not hold.
    DamagedLog SERVICE_UNAVAILABLE "damaged_log" "The log is damaged"
    /// A fault of the product.
    Internal INTERNAL_SERVER_ERROR "internal" "A fault of the product"
}

/// The title of problems with records that are not there.
const MISSING: &str = "There is no such record";

/// An error answer.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    details: Box<Details>,
}

/// The members of an `application/problem+json` answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Details {
    /// Address of a page that explains the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem, for people.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time and what to do about it.
    pub detail: String,
    /// The code, for programs: it never changes.
    pub code: &'static str,
    /// The fields concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The transitions that are open where one was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub open_transitions: Vec<OpenTransition>,
    /// The id of the record that is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<uuid::Uuid>,
}

/// A field that breaks a rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// A JSON pointer into what was sent.
    pub pointer: String,
    /// The rule's code.
    pub code: &'static str,
    /// What is wrong with it.
    pub detail: String,
}

impl Problem {
    /// A problem of the edge.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Problem {
        Problem::build(code.status(), code.as_str(), code.title().into(), detail.into())
    }

    /// A field that cannot be read as what it should be.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Problem {
        let pointer = pointer.into();
        Refusal { pointers: vec![pointer], ..Refusal::new(Code::FieldInvalid, detail) }.into()
    }

    /// Fields that cannot be taken, all of them at once.
    pub fn fields(faults: Vec<Fault>) -> Problem {
        let code = if faults.iter().all(|fault| fault.wrong == Wrong::Missing) { Code::FieldRequired } else { Code::FieldInvalid };
        let mut problem = Problem::from(Refusal::new(code, fields::sentence(&faults)));
        let error = |fault: Fault| FieldError { pointer: fault.pointer, code: fault.wrong.code().as_str(), detail: fault.detail };
        problem.details.errors = faults.into_iter().map(error).collect();
        problem
    }

    /// The same problem, of this one field or parameter.
    pub fn at(mut self, pointer: &str) -> Problem {
        let (code, detail) = (self.details.code, self.details.detail.clone());
        self.details.errors = vec![FieldError { pointer: pointer.into(), code, detail }];
        self
    }

    /// The same problem; where the address itself names what there is not, there is nothing at that address.
    pub fn of_address(mut self, names: impl Fn(&str) -> bool) -> Problem {
        let in_address = |error: &FieldError| error.code.starts_with("unknown_") && error.pointer.strip_prefix('/').is_some_and(&names);
        if self.details.errors.iter().any(in_address) {
            self.status = StatusCode::NOT_FOUND;
            (self.details.status, self.details.title) = (self.status.as_u16(), MISSING.into());
        }
        self
    }

    /// A query parameter that cannot be taken.
    pub fn query(name: &str, detail: impl Into<String>) -> Problem {
        Problem::new(ProblemCode::QueryInvalid, detail).at(&format!("?{name}"))
    }

    /// What is told of it, as a part of another answer.
    pub fn into_details(self) -> Details {
        *self.details
    }

    /// Its code.
    pub fn code(&self) -> &'static str {
        self.details.code
    }

    fn build(status: StatusCode, code: &'static str, title: String, detail: String) -> Problem {
        let details =
            Details { kind: format!("/problems/{code}"), title, status: status.as_u16(), detail, code, errors: vec![], open_transitions: vec![], other: None };
        Problem { status, details: Box::new(details) }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let (status, title) = match (refusal.code, refusal.code.kind()) {
            (Code::VersionMismatch, _) => (StatusCode::PRECONDITION_FAILED, "Somebody changed it in the meantime"),
            (_, Kind::Missing) => (StatusCode::NOT_FOUND, MISSING),
            (_, Kind::Forbidden) => (StatusCode::FORBIDDEN, "This is for other roles"),
            (_, Kind::Conflict) => (StatusCode::CONFLICT, "Not possible now"),
            (_, Kind::Invalid) => (StatusCode::UNPROCESSABLE_ENTITY, "A field breaks a rule"),
        };
        let detail = match refusal.code {
            Code::UnknownPerson => refusal.detail + " (GET /api/v1/people lists them, POST there defines one)",
            Code::UnknownSource => refusal.detail + " (GET /api/v1/sources lists them, POST there defines one)",
            Code::UnknownProduct => refusal.detail + " (GET /api/v1/products lists them, POST there defines one)",
            Code::UnknownCategory => refusal.detail + " (GET /api/v1/categories lists them, POST there defines one)",
            Code::UnknownReason => refusal.detail + " (GET /api/v1/reasons lists them, POST there defines one)",
            Code::UnknownMeetingType => refusal.detail + " (GET /api/v1/meeting-types lists them, POST there defines one)",
            _ => refusal.detail,
        };
        let code = refusal.code.as_str();
        let mut problem = Problem::build(status, code, title.into(), detail.clone());
        problem.details.errors = refusal.pointers.into_iter().map(|pointer| FieldError { pointer, code, detail: detail.clone() }).collect();
        problem.details.open_transitions = refusal.open;
        problem.details.other = refusal.other;
        problem
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match error {
            StoreError::StorageFull { .. } => {
                Problem::new(ProblemCode::StorageFull, "nothing more can be stored until the operator frees room; reading goes on")
            }
            StoreError::Unreadable(event) => unreadable(&event),
            StoreError::Damaged { .. } => {
                tracing::error!(%error, "a company is not served");
                Problem::new(ProblemCode::DamagedLog, error.to_string())
            }
            StoreError::Diverged(_) => {
                tracing::error!(%error, "a company is not served");
                Problem::new(ProblemCode::LogDiverged, error.to_string())
            }
            StoreError::Panicked(text) => {
                tracing::error!(%text, "a fault of the product");
                Problem::new(ProblemCode::Internal, "the command was given up and nothing was stored; please report this")
            }
            StoreError::WrongMasterKey(_) => {
                tracing::error!(%error, "a company is not served");
                Problem::new(ProblemCode::DamagedLog, "the key of this company was altered; nothing of it can be read until it is brought back from a backup")
            }
            StoreError::UnknownCompany(_) => Problem::new(ProblemCode::CompanyUnclear, "there is no such company"),
            error => {
                tracing::error!(%error, "the store failed");
                Problem::new(ProblemCode::Unavailable, "the store could not do it now; send the same request with the same Idempotency-Key again")
            }
        }
    }
}

fn unreadable(event: &eventstore::Unreadable) -> Problem {
    tracing::error!(%event, "the log holds an event this version cannot read");
    Problem::new(ProblemCode::UnreadableLog, event.to_string())
}

impl From<ExecuteError> for Problem {
    fn from(error: ExecuteError) -> Problem {
        match error {
            WriteError::Refused(refusal) => refusal.into(),
            WriteError::KeyReused => {
                Problem::new(ProblemCode::IdempotencyKeyReused, "this Idempotency-Key was used for another request; use a new key for a new request")
            }
            WriteError::Busy => Problem::new(ProblemCode::Busy, "too many commands are waiting; try again in a second"),
            WriteError::Unavailable(error) => error.into(),
            WriteError::Unreadable(event) => unreadable(&event),
        }
    }
}

impl From<CompanyError> for Problem {
    fn from(error: CompanyError) -> Problem {
        match error {
            CompanyError::Store(error) => error.into(),
            unclear => Problem::new(ProblemCode::CompanyUnclear, format!("{unclear} (header Leadtrail-Company)")),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.details).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            // What only the operator can mend takes longer than a crowd.
            let seconds = if ["unreadable_log", "damaged_log"].contains(&self.details.code) { "60" } else { "1" };
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Turns every refusal that a library answers by itself, as plain text or as nothing, into a problem like all others.
pub async fn in_one_shape(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let shaped = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    if shaped || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem = match status {
        StatusCode::METHOD_NOT_ALLOWED => Problem::new(ProblemCode::MethodNotAllowed, "this address takes other methods; /docs lists them"),
        StatusCode::SERVICE_UNAVAILABLE => Problem::new(
            ProblemCode::Unavailable,
            "the answer took too long, and it is not known what was done; send the same request with the same Idempotency-Key again",
        ),
        _ if status.is_client_error() => Problem::new(ProblemCode::NotFound, "there is nothing at this address; /docs lists what there is"),
        _ => Problem::new(ProblemCode::Internal, "the request met a fault of the product; please report it with the X-Request-Id"),
    };
    problem.into_response()
}
