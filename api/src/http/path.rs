//! What stands in addresses: an id that is none is like the id of nobody.

use super::problem::{Problem, ProblemCode};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::{Code, Refusal};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The parts of an address that vary. One that is not text is a problem.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|path| Path(path.0)).map_err(|_| Problem::new(ProblemCode::NotFound, "this address is not text in UTF-8; /docs lists what there is"))
    }
}

/// The id of a contact, journey, meeting, quote or sale.
pub fn id(of: &str, text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| unknown(of))
}

/// There is none of this id.
pub fn unknown(of: &str) -> Problem {
    let of_contact = |code| Refusal::of_field(code, of, format!("the contact has no {of} with this id"));
    let refusal = match of {
        "meeting" => of_contact(Code::UnknownMeeting),
        "quote" => of_contact(Code::UnknownQuote),
        "sale" => of_contact(Code::UnknownSale),
        "change_order" => Refusal::of_field(Code::UnknownChangeOrder, of, "the contact has no change order with this id"),
        "journey" => Refusal::new(Code::UnknownJourney, "there is no journey with this id"),
        "source" | "product" | "person" | "category" | "reason" | "meeting_type" | "campaign" => {
            return Problem::new(ProblemCode::NotFound, "the id in this address is none");
        }
        _ => Refusal::new(Code::UnknownContact, "there is no contact with this id"),
    };
    refusal.into()
}
