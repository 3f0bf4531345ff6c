//! A part while it is put together.

use super::list::Resume;
use super::scan::Scan;
use crate::buffer::Len;

/// A part with its own parts.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) start: u64,
    pub(super) len: u64,
    pub(super) parts: Vec<Draft>,
    pub(super) problems: Vec<String>,
    /// It stands for parts that are not read yet.
    pub(super) more: Option<Resume>,
}

impl Draft {
    pub(super) fn new(name: impl Into<String>, start: u64, len: u64) -> Self {
        Self { name: name.into(), start, len, ..Self::default() }
    }

    /// A part whose size the file itself says: what lies outside the file, or outside of what it is in, is named and cut.
    pub(super) fn sized(scan: &Scan<'_>, name: impl Into<String>, start: u64, len: u64, end: u64) -> Self {
        let end = end.min(scan.len).max(start.min(scan.len));
        let there = end.saturating_sub(start);
        let part = Self::new(name, start.min(end), len.min(there));
        if len > there { part.problem(format!("cut off: {there} of its {} are there", Len(len).in_words())) } else { part }
    }

    pub(super) fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    pub(super) fn parts(mut self, parts: Vec<Self>) -> Self {
        self.parts.extend(parts);
        self
    }

    pub(super) fn problem(mut self, what: impl Into<String>) -> Self {
        self.problems.push(what.into());
        self
    }

    pub(super) fn problem_if(self, wrong: bool, what: impl Into<String>) -> Self {
        if wrong { self.problem(what) } else { self }
    }

    /// The place behind its last byte.
    pub(super) fn end(&self) -> u64 {
        self.start.saturating_add(self.len)
    }
}

/// "3 bytes".
pub(super) fn bytes(len: u64) -> String {
    format!("{len} byte{}", if len == 1 { "" } else { "s" })
}

/// Text from a file for one line: what cannot be seen is written as escapes, and what is long is cut.
pub(super) fn shown(bytes: &[u8]) -> String {
    const LIMIT: usize = 200;
    let text =
        String::from_utf8(bytes.to_vec()).unwrap_or_else(|error| error.into_bytes().iter().map(|&b| char::from(b)).collect());
    let mut line = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == LIMIT {
            line.push('…');
            break;
        }
        match c {
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            '\0' => line.push_str("\\0"),
            c if c.is_control()
                || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}') =>
            {
                line.extend(c.escape_unicode());
            }
            c => line.push(c),
        }
    }
    line
}

/// The first bytes in hexadecimal digits.
pub(super) fn digits(bytes: &[u8]) -> String {
    const LIMIT: usize = 16;
    let shown: Vec<String> = bytes.iter().take(LIMIT).map(|byte| format!("{byte:02X}")).collect();
    format!("{}{}", shown.join(" "), if bytes.len() > LIMIT { " …" } else { "" })
}
