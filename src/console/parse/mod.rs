//! Source text to our own tree. Nothing outside this folder names the parser.
//!
//! The parser and its tree recurse, and so does everything that walks a tree; so what nests too deeply is refused by looking at
//! the tokens alone, before anything recurses.

mod complete;
mod depth;
mod errors;
mod literal;
mod lower;
mod lower_stmt;
mod scope;

use rustpython_ruff_python_ast::PythonVersion;
use rustpython_ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use rustpython_ruff_text_size::TextRange;

use super::syntax::{Names, Span, Stmt};

pub(super) use complete::completeness;

/// Why a source does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// `SyntaxError: invalid syntax`
    pub(super) message: String,
    pub(super) span: Span,
}

impl Problem {
    fn new(message: impl Into<String>, range: TextRange) -> Self {
        Self::of("SyntaxError", message, range)
    }

    fn of(class: &str, message: impl Into<String>, range: TextRange) -> Self {
        Self { message: format!("{class}: {}", message.into()), span: (range.start().to_u32(), range.end().to_u32()) }
    }
}

/// Parses a script. `number` tells this source from others.
pub(super) fn parse(source: &str, names: &Names, number: u32) -> Result<Vec<Stmt>, Problem> {
    depth::check(source)?;
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY311);
    let Some(parsed) = parse_unchecked(source, options).try_into_module() else {
        return Err(Problem::new("invalid syntax", TextRange::default()));
    };
    if let Some(problem) = errors::first(source, &parsed) {
        return Err(problem);
    }
    let body = &parsed.syntax().body;
    let scopes = scope::Scopes::of(body)?;
    let mut lower = lower::Lower::new(source, names, scopes, number);
    let statements = lower.body(body);
    lower.problem.map_or(Ok(statements), Err)
}
