//! The parser's complaints in CPython's words.

use rustpython_ruff_python_ast::ModModule;
use rustpython_ruff_python_parser::Parsed;

use super::Problem;

/// The first thing that is wrong.
pub(super) fn first(_source: &str, parsed: &Parsed<ModModule>) -> Option<Problem> {
    let error = parsed.errors().first()?;
    Some(Problem::new("invalid syntax", error.location))
}
