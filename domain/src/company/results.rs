//! What the results of demos count as: data of the company, with a version (BLUEPRINTS B.2; P23, P24).

use crate::meeting::MeetingResult;
use crate::refusal::{Code, Refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a result counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct ResultMeaning {
    /// The result.
    pub result: MeetingResult,
    /// Whether a demo with it counts as issued.
    pub issued: bool,
    /// Whether a demo with it counts as demoed. What is demoed is issued. Who approves its sale does not depend on it.
    pub demoed: bool,
}

/// What every result counts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultMeanings {
    /// The number of this version.
    pub version: u32,
    meanings: Vec<ResultMeaning>,
}

/// As improveit 360 has it: everything counts as issued, what was presented to the end as demoed (P24).
impl Default for ResultMeanings {
    fn default() -> Self {
        let usual = |result: MeetingResult| ResultMeaning { result, issued: true, demoed: result.is_demoed() };
        ResultMeanings { version: 1, meanings: MeetingResult::ALL.iter().copied().map(usual).collect() }
    }
}

impl ResultMeanings {
    pub(super) fn new(version: u32, meanings: Vec<ResultMeaning>) -> Self {
        ResultMeanings { version, meanings }
    }

    /// What a result counts as.
    pub fn of(&self, result: MeetingResult) -> ResultMeaning {
        let usual = ResultMeaning { result, issued: true, demoed: result.is_demoed() };
        self.meanings.iter().find(|meaning| meaning.result == result).copied().unwrap_or(usual)
    }

    /// All of them.
    pub fn all(&self) -> &[ResultMeaning] {
        &self.meanings
    }
}

/// Refuses meanings that leave a result out, name one twice, or count as demoed what is not issued.
pub(super) fn sound(meanings: &[ResultMeaning]) -> Result<(), Refusal> {
    for result in MeetingResult::ALL {
        let count = meanings.iter().filter(|meaning| meaning.result == *result).count();
        if count != 1 {
            let detail = format!("each result has one meaning, and {} has {count}", result.name());
            return Err(Refusal::of_field(Code::FieldInvalid, "results", detail));
        }
    }
    match meanings.iter().find(|meaning| meaning.demoed && !meaning.issued) {
        Some(odd) => {
            let detail = format!("a demo that was held was issued; {} cannot count as demoed and not as issued", odd.result.name());
            Err(Refusal::of_field(Code::FieldInvalid, "results", detail))
        }
        None => Ok(()),
    }
}
