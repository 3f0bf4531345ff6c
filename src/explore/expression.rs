//! What is wrong with a regular expression, and where in it.

use std::fmt::{self, Display, Formatter};

/// Characters of an expression that are shown around the place that is wrong.
const SHOWN: usize = 60;

/// Why an expression is none: the words of its parser, and the place in the expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegexError {
    what: String,
    place: Option<usize>,
}

impl std::error::Error for RegexError {}

impl Display for RegexError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(place) => write!(f, "{}, at character {}", self.what, place + 1),
            None => f.write_str(&self.what),
        }
    }
}

impl RegexError {
    /// Of the parser's report: a line for each line of the expression, under it carets at what is wrong, and last what it is.
    pub(super) fn new(pattern: &str, report: &str) -> Self {
        let what = report.lines().last().unwrap_or_default();
        let what = what.strip_prefix("error: ").unwrap_or(what).to_owned();
        Self { what, place: place(pattern, report) }
    }

    /// The character that is wrong, from 0 on, where the parser knows it; the number of characters where something is missing at
    /// the end.
    pub fn place(&self) -> Option<usize> {
        self.place
    }

    /// Two lines: the expression (a long one's part around the place; what does not print as `·`), and a caret under the place.
    pub fn shown(&self, pattern: &str) -> Option<[String; 2]> {
        let place = self.place?;
        let start = place.saturating_sub(SHOWN / 2);
        let (cut, behind) = (start > 0, pattern.chars().count() > start + SHOWN);
        let sign = |c: char| if c.is_control() { '·' } else { c };
        let part: String = pattern.chars().skip(start).take(SHOWN).map(sign).collect();
        let line = format!("{}{part}{}", if cut { "…" } else { "" }, if behind { "…" } else { "" });
        Some([line, format!("{}^", " ".repeat(place - start + usize::from(cut)))])
    }
}

/// The character of the expression above the last run of carets; the first run is what a second one repeats.
fn place(pattern: &str, report: &str) -> Option<usize> {
    let lines: Vec<&str> = report.lines().collect();
    let several = pattern.contains('\n');
    // The first line is a title; then lines of the expression and of carets by turns.
    let under = (2..lines.len()).rev().find(|&at| {
        let line = lines[at];
        line.contains('^') && line.bytes().all(|byte| matches!(byte, b'^' | b' '))
    })?;
    let above = lines[under - 1];
    // Several lines have their numbers in front.
    let front = if several { above.find(": ")? + 2 } else { 4 };
    let run = lines[under].trim_end_matches('^').len();
    let column = run.checked_sub(front)?;
    let row: usize = if several { above[..front - 2].trim().parse::<usize>().ok()?.checked_sub(1)? } else { 0 };
    let before: usize = pattern.split('\n').take(row).map(|line| line.chars().count() + 1).sum();
    Some(before + column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(pattern: &str) -> RegexError {
        RegexError::new(pattern, &regex::Regex::new(pattern).unwrap_err().to_string())
    }

    #[test]
    fn the_place_is_the_character_that_is_wrong() {
        for (pattern, what, place) in [
            ("a(b", "unclosed group", 1),
            ("été)", "unopened group", 3),
            ("^ ^[z-a]", "invalid character class range, the start must be <= the end", 4),
            ("*", "repetition operator missing expression", 0),
            (r"ok\q", "unrecognized escape sequence", 2),
            ("(?<n>a)(?<n>b)", "duplicate capture group name", 10),
            ("one\ntwo(", "unclosed group", 7),
            ("1: ^\nt[z-a]\n^", "invalid character class range, the start must be <= the end", 7),
        ] {
            let found = error(pattern);
            assert_eq!((found.what.as_str(), found.place()), (what, Some(place)), "{pattern:?}");
        }
        assert_eq!(error("a(b").to_string(), "unclosed group, at character 2");
        assert_eq!(RegexError::new("a", "no place").to_string(), "no place");
    }

    #[test]
    fn the_caret_stands_under_the_place() {
        assert_eq!(error("a(b").shown("a(b").unwrap(), ["a(b", " ^"]);
        let long = format!("{}({}", "é".repeat(100), "b".repeat(100));
        let [line, caret] = error(&long).shown(&long).unwrap();
        assert_eq!(line.chars().nth(caret.chars().count() - 1), Some('('));
        assert!(line.starts_with('…') && line.ends_with('…') && line.chars().count() == SHOWN + 2);
    }
}
