//! Results go to the standard output, everything said to people about them to the standard error.

use super::CliError;
use super::error::Code;
use serde::Serialize;
use std::io::{self, Write};

/// Writes a result for people.
pub fn print(text: &str) -> Result<(), CliError> {
    print_exactly(&visible(text))
}

/// Writes a result for programs, to the byte.
pub fn print_exactly(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| CliError::output(&error))
}

/// Writes a piece of a result for programs. Nobody reading it is no reason to stop what is under way.
pub fn print_in_passing(text: &str) {
    if print_exactly(text).is_err() {}
}

/// Writes a result for programs: JSON in one line.
pub fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    let text = serde_json::to_string(value).map_err(|error| CliError::new(Code::Internal, format!("the result cannot be written as JSON: {error}")))?;
    print_exactly(&format!("{text}\n"))
}

/// Says something to people. When nobody can hear it, that is no reason to stop.
pub fn say(text: &str) {
    say_exactly(&visible(text));
}

/// Says something to programs.
pub fn say_exactly(text: &str) {
    if writeln!(io::stderr().lock(), "{text}").is_err() {}
}

/// Text from anywhere as it may stand on a terminal: what would steer the terminal, or turn the direction of writing, is spelled
/// out. Only line breaks are left, since messages have lines.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if steers(c) && c != '\n' { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// The same in one line.
pub fn in_a_line(text: &str) -> String {
    visible(text).replace('\n', "\\u{a}")
}

/// Control characters, separators of lines and paragraphs, and the marks of Unicode's Bidi_Control.
fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(visible("Åsa “Ö”\nsecond line"), "Åsa “Ö”\nsecond line");
        assert_eq!(visible("\u{1b}]0;x\u{7}\r\t\u{9b}2J"), "\\u{1b}]0;x\\u{7}\\u{d}\\u{9}\\u{9b}2J");
        assert_eq!(visible("a\u{202e}b\u{2028}c"), "a\\u{202e}b\\u{2028}c");
        assert_eq!(in_a_line("a\nb"), "a\\u{a}b");
    }
}
