//! The page behind each problem's `type`: what the code means and what to do, from docs/problems.

use super::path::Path;
use super::problem::{Problem, ProblemCode};
use axum::http::header;
use axum::response::{IntoResponse, Response};

macro_rules! pages {
    ($($code:literal)*) => {
        /// The page of a code, where there is one.
        pub fn page(code: &str) -> Option<&'static str> {
            match code {
                $($code => Some(include_str!(concat!("../../../docs/problems/", $code, ".md"))),)*
                _ => None,
            }
        }
    };
}

pages! {
    "unauthorized" "not_local" "not_found" "method_not_allowed" "request_timeout" "bad_json" "unsupported_media_type" "body_too_large" "query_invalid" "header_invalid"
    "idempotency_key_reused" "log_diverged" "company_unclear" "busy" "too_many_listeners" "storage_full" "unavailable" "unreadable_log" "damaged_log" "internal"
    "unknown_contact" "unknown_journey" "unknown_meeting" "unknown_quote" "unknown_sale" "unknown_change_order" "wrong_role" "wrong_state" "guard_failed" "contact_erased" "id_taken"
    "address_taken" "rep_busy" "name_taken" "version_mismatch" "field_required" "field_invalid" "unknown_person" "unknown_source" "unknown_product"
    "unknown_category" "unknown_reason" "unknown_meeting_type" "unknown_campaign" "retired"
    "in_the_future" "before_last_event"
}

/// `GET /problems/{code}`
pub async fn show(Path(code): Path<String>) -> Response {
    match page(&code) {
        Some(text) => ([(header::CONTENT_TYPE, "text/markdown; charset=utf-8")], text).into_response(),
        None => Problem::new(ProblemCode::NotFound, "there is no problem of this code").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page() {
        let codes = domain::Code::ALL.iter().map(|code| code.as_str()).chain(ProblemCode::ALL.iter().map(|code| code.as_str()));
        for code in codes {
            assert!(page(code).is_some_and(|text| text.starts_with(&format!("# {code}\n"))), "docs/problems/{code}.md");
        }
    }
}
