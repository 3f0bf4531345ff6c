//! Which rows are shown.

use std::cmp::Ordering;

use memchr::memmem;
use regex::bytes::{Regex, RegexBuilder};

use super::number::Number;
use crate::explore::RegexError;
use crate::formats::FormatError;
use crate::formats::table::{Record, Table};

/// A compiled expression may take this much.
const COMPILED: usize = 10 << 20;

/// What a cell is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// The text stands somewhere in it.
    Contains(String),
    /// It is this text.
    Equals(String),
    /// It starts with this text.
    StartsWith(String),
    /// It ends with this text.
    EndsWith(String),
    /// This regular expression (the syntax of the crate `regex`) is found in it; `^` and `$` are the cell's ends.
    Regex(String),
    /// How it compares with a number or a text.
    Compare(Comparison, Operand),
    /// It has no text, or the row does not have it.
    Empty,
    /// It has text.
    NotEmpty,
    /// Asked of rows, whatever the column: it has another number of cells than the header, and is not blank.
    Ragged,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `=`
    Equal,
    /// `!=`: whatever is not equal, what cannot be compared too.
    NotEqual,
}

impl Comparison {
    /// All of them, in the order in which a menu shows them.
    pub const ALL: [Self; 6] = [Self::Less, Self::LessOrEqual, Self::Equal, Self::NotEqual, Self::GreaterOrEqual, Self::Greater];

    /// How it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "=",
            Self::NotEqual => "!=",
        }
    }

    fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Self::Less => order == Some(Ordering::Less),
            Self::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Self::Greater => order == Some(Ordering::Greater),
            Self::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            Self::Equal => order == Some(Ordering::Equal),
            Self::NotEqual => order != Some(Ordering::Equal),
        }
    }
}

/// What a cell is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// A number, as it is written. Exactly; a cell that is no number is neither less nor equal nor greater.
    Number(String),
    /// A text, character by character in the order of Unicode's code points; capital and small letters always differ.
    Text(String),
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    /// The column from 0 on, or `None` for any one.
    pub column: Option<usize>,
    /// What is asked.
    pub test: Test,
    /// Whether capital and small letters differ.
    pub case: bool,
    /// Whether the answer must be no. Without a column: whether all cells say no.
    pub negate: bool,
}

impl Filter {
    /// A condition that must hold, capital and small letters being the same.
    pub fn new(column: Option<usize>, test: Test) -> Self {
        Self { column, test, case: false, negate: false }
    }
}

/// Several conditions. Without any, every row is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Conditions {
    /// The conditions.
    pub filters: Vec<Filter>,
    /// Whether one of them is enough; else all must hold.
    pub any: bool,
}

impl Conditions {
    /// Whether they can be used: expressions and numbers are what they must be.
    ///
    /// # Errors
    /// `FormatError::Option` with what is wrong and where.
    pub fn check(&self) -> Result<(), FormatError> {
        self.filters.iter().try_for_each(|filter| Matcher::new(filter).map(drop))
    }
}

/// Conditions in the form in which rows are asked quickly.
pub(super) struct Rules {
    matchers: Vec<Matcher>,
    any: bool,
    /// Cells of a row that is not ragged.
    usual: usize,
}

impl Rules {
    pub(super) fn new(conditions: &Conditions, table: &Table) -> Result<Self, FormatError> {
        let matchers = conditions.filters.iter().map(Matcher::new).collect::<Result<_, _>>()?;
        Ok(Self { matchers, any: conditions.any, usual: table.usual_width() })
    }

    /// Whether a row is shown.
    pub(super) fn hold(&self, record: &Record<'_>) -> bool {
        let mut answers = self.matchers.iter().map(|matcher| matcher.row(record, self.usual));
        if self.any { self.matchers.is_empty() || answers.any(|answer| answer) } else { answers.all(|answer| answer) }
    }
}

/// One test of cells.
pub(super) struct Matcher {
    column: Option<usize>,
    negate: bool,
    ask: Ask,
}

enum Ask {
    Contains(Box<memmem::Finder<'static>>),
    Equals(Vec<u8>),
    StartsWith(Vec<u8>),
    EndsWith(Vec<u8>),
    Regex(Box<Regex>),
    Number(Comparison, Vec<u8>),
    Text(Comparison, Vec<u8>),
    Empty,
    NotEmpty,
    Ragged,
}

impl Matcher {
    pub(super) fn new(filter: &Filter) -> Result<Self, FormatError> {
        // Letters without a counterpart need no folding.
        let exact = |text: &str| filter.case || text.chars().all(|c| c.is_ascii() && !c.is_ascii_alphabetic());
        let folded = |text: &str, around: fn(&str) -> String| regex(&around(&regex::escape(text)), false).map(Ask::Regex);
        let ask = match &filter.test {
            Test::Contains(text) if exact(text) => Ask::Contains(Box::new(memmem::Finder::new(text).into_owned())),
            Test::Contains(text) => folded(text, str::to_owned)?,
            Test::Equals(text) if exact(text) => Ask::Equals(text.clone().into()),
            Test::Equals(text) => folded(text, |text| format!(r"\A(?:{text})\z"))?,
            Test::StartsWith(text) if exact(text) => Ask::StartsWith(text.clone().into()),
            Test::StartsWith(text) => folded(text, |text| format!(r"\A(?:{text})"))?,
            Test::EndsWith(text) if exact(text) => Ask::EndsWith(text.clone().into()),
            Test::EndsWith(text) => folded(text, |text| format!(r"(?:{text})\z"))?,
            Test::Regex(pattern) => Ask::Regex(regex(pattern, filter.case)?),
            Test::Compare(comparison, Operand::Number(text)) => {
                if Number::parse(text.as_bytes()).is_none() {
                    return Err(FormatError::Option(format!("{text:?} is no number")));
                }
                Ask::Number(*comparison, text.clone().into())
            }
            Test::Compare(comparison, Operand::Text(text)) => Ask::Text(*comparison, text.clone().into()),
            Test::Empty => Ask::Empty,
            Test::NotEmpty => Ask::NotEmpty,
            Test::Ragged => Ask::Ragged,
        };
        Ok(Self { column: filter.column, negate: filter.negate, ask })
    }

    /// Whether a cell answers yes. Of rows, of what is missing and of `negate` it knows nothing.
    pub(super) fn cell(&self, cell: &[u8]) -> bool {
        match &self.ask {
            Ask::Contains(finder) => finder.find(cell).is_some(),
            Ask::Equals(text) => cell == text,
            Ask::StartsWith(text) => cell.starts_with(text),
            Ask::EndsWith(text) => cell.ends_with(text),
            Ask::Regex(regex) => regex.is_match(cell),
            Ask::Number(comparison, text) => {
                let order = Number::parse(text).and_then(|number| Number::parse(cell)?.compare(&number));
                comparison.holds(order)
            }
            Ask::Text(comparison, text) => comparison.holds(Some(cell.cmp(text))),
            Ask::Empty => cell.is_empty(),
            Ask::NotEmpty => !cell.is_empty(),
            Ask::Ragged => false,
        }
    }

    /// Whether a look at the whole row tells that no cell of it answers yes.
    pub(super) fn cannot_match(&self, record: &Record<'_>) -> bool {
        let Ask::Contains(finder) = &self.ask else { return false };
        record.plain().is_some_and(|row| finder.find(row).is_none())
    }

    fn row(&self, record: &Record<'_>, usual: usize) -> bool {
        let answer = match (&self.ask, self.column) {
            (Ask::Ragged, _) => record.len() > 0 && record.len() != usual,
            (_, Some(column)) if column < record.len() => self.cell(&record.utf8(column)),
            (_, Some(_)) => self.cell(b""),
            (Ask::Empty, None) if record.len() < usual => true,
            (_, None) if self.cannot_match(record) => false,
            (_, None) => (0..record.len()).any(|cell| self.cell(&record.utf8(cell))),
        };
        answer != self.negate
    }
}

fn regex(pattern: &str, case: bool) -> Result<Box<Regex>, FormatError> {
    let built = RegexBuilder::new(pattern).case_insensitive(!case).size_limit(COMPILED).build();
    match built {
        Ok(regex) => Ok(Box::new(regex)),
        Err(regex::Error::CompiledTooBig(_)) => {
            Err(FormatError::Limit { what: "the regular expression is too large when compiled".into(), limit: "10 MiB".into() })
        }
        Err(error) => {
            let error = RegexError::new(pattern, &error.to_string());
            Err(FormatError::Option(format!("the regular expression cannot be used: {error}")))
        }
    }
}
