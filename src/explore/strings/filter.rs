//! Strings that contain something.

use regex::{Regex, RegexBuilder};

use crate::explore::RegexError;

/// A condition on the text of strings.
#[derive(Clone, Debug)]
pub struct Filter {
    pattern: String,
    is_regex: bool,
    regex: Regex,
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        (&self.pattern, self.is_regex) == (&other.pattern, other.is_regex)
    }
}

/// Why a pattern is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// The regular expression is not written as one; why, and where.
    #[error(transparent)]
    Syntax(RegexError),
    /// The regular expression needs more memory than it may have.
    #[error("the expression is too large; repeat less")]
    TooLarge,
}

impl Filter {
    /// Characters of a string that the filter looks at; longer strings are judged by their start.
    pub const LOOKED_AT: usize = 16 * 1024;

    /// Strings that contain `text`, whatever the case of its letters. `None` for no text.
    pub fn text(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let regex = RegexBuilder::new(&regex::escape(text)).case_insensitive(true).build().ok()?;
        Some(Self { pattern: text.to_owned(), is_regex: false, regex })
    }

    /// Strings that a regular expression is found in. `None` for an empty one.
    ///
    /// # Errors
    /// Where it is none, in the words of its language, or where it would grow too large.
    pub fn regex(pattern: &str) -> Result<Option<Self>, FilterError> {
        if pattern.is_empty() {
            return Ok(None);
        }
        let regex = RegexBuilder::new(pattern).size_limit(4 << 20).build().map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => FilterError::TooLarge,
            error => FilterError::Syntax(RegexError::new(pattern, &error.to_string())),
        })?;
        Ok(Some(Self { pattern: pattern.to_owned(), is_regex: true, regex }))
    }

    /// Whether it lets a text through.
    pub fn accepts(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}
