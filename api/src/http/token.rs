//! Tokens: a place in the log, with the hash that stands there. With it, a log that was put back or goes on otherwise is noticed at once.

use super::problem::{Problem, ProblemCode};
use super::query::whole;
use eventstore::{CompanyId, Hash, Mark, Store};

/// How many digits of a hash are enough to tell two logs apart.
const DIGITS: usize = 16;

/// A place that a caller has seen: `123`, or `123-HASH` with the first 16 digits of the hash there, or all 64.
#[derive(Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// The position.
    pub position: i64,
    /// Digits of the hash, where they were given.
    digits: Option<&'t str>,
}

impl<'t> Token<'t> {
    /// Reads the query parameter of this name.
    pub fn read(name: &str, text: &'t Option<String>) -> Result<Option<Token<'t>>, Problem> {
        let Some((number, digits)) = text.as_deref().and_then(|text| text.split_once('-')).filter(|(number, _)| !number.is_empty()) else {
            return Ok(whole(name, text, 0..=i64::MAX)?.map(|position| Token { position, digits: None }));
        };
        let is_hash = [DIGITS, 64].contains(&digits.len()) && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        match whole(name, &Some(number.to_owned()), 0..=i64::MAX)? {
            Some(position) if is_hash => Ok(Some(Token { position, digits: Some(digits) })),
            _ => Err(Problem::query(
                name,
                format!("`{name}` must be a position, or POSITION-HASH with {DIGITS} or 64 digits of the hash there in small letters"),
            )),
        }
    }

    /// A place whose hash is not the one of this log was never given out by it: there is nothing to wait for.
    pub async fn check(&self, store: &Store, company: CompanyId) -> Result<(), Problem> {
        // An empty log may take over another one, so its hash says nothing yet.
        let Some(digits) = self.digits.filter(|_| self.position > 0) else { return Ok(()) };
        match store.mark(company, self.position).await? {
            Some(mark) if mark.hash.to_string().starts_with(digits) => Ok(()),
            Some(mark) => Err(diverged(format!("position {} has another hash here: {}", self.position, mark.hash))),
            None => Err(self.beyond(store, company).await?),
        }
    }

    /// The place itself, to which the log must have come.
    pub async fn mark(&self, store: &Store, company: CompanyId) -> Result<Mark, Problem> {
        self.check(store, company).await?;
        match store.mark(company, self.position).await? {
            Some(mark) => Ok(mark),
            None => Err(self.beyond(store, company).await?),
        }
    }

    async fn beyond(&self, store: &Store, company: CompanyId) -> Result<Problem, Problem> {
        Ok(diverged(format!("the log ends at {}, before position {}", store.head(company).await?.position.number, self.position)))
    }
}

/// The token of a place, with as many digits as are enough.
pub fn token(position: i64, hash: &Hash) -> String {
    let hash = hash.to_string();
    format!("{position}-{}", hash.get(..DIGITS).unwrap_or(&hash))
}

fn diverged(text: String) -> Problem {
    Problem::new(ProblemCode::LogDiverged, format!("this is not the log that the token was given for: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_position_with_or_without_its_hash() {
        let read =
            |text: &str| Token::read("min_position", &Some(text.to_owned())).map(|token| token.map(|token| (token.position, token.digits.is_some()))).ok();
        let whole = "0123456789abcdef".repeat(4);
        assert_eq!(Token::read("min_position", &None).ok(), Some(None));
        assert_eq!(
            (read("17"), read("17-0123456789abcdef"), read(&format!("0-{whole}"))),
            (Some(Some((17, false))), Some(Some((17, true))), Some(Some((0, true))))
        );
        for bad in
            ["", "-", "-1", "17-", "17-0123456789abcde", "17-0123456789ABCDEF", "17-0123456789abcdefg", "x-0123456789abcdef", "+1-0123456789abcdef", "1-2-3"]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
