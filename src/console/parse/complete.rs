//! Whether typed text is whole.

use rustpython_ruff_python_ast::token::TokenKind;
use rustpython_ruff_python_ast::{PythonVersion, Stmt};
use rustpython_ruff_python_parser::{LexicalErrorType, Mode, ParseErrorType, ParseOptions, parse_unchecked};

use super::super::session::Completeness;
use super::depth;

/// Whether what was typed can run, or more lines must follow: a block that began is ended by an empty line.
pub(in super::super) fn completeness(source: &str) -> Completeness {
    if depth::check(source).is_err() {
        return Completeness::Invalid;
    }
    if ends_with_backslash(source) {
        return Completeness::Incomplete;
    }
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY311);
    let Some(parsed) = parse_unchecked(source, options).try_into_module() else { return Completeness::Invalid };
    let blank = source.rsplit('\n').next().is_some_and(|last| last.trim().is_empty()) && source.contains('\n');
    let Some(error) = parsed.errors().first() else {
        let compound = parsed.syntax().body.last().is_some_and(is_compound);
        return if compound && !blank { Completeness::Incomplete } else { Completeness::Complete };
    };
    let mut open: usize = 0;
    for token in parsed.tokens() {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                if open == 0 {
                    return Completeness::Invalid;
                }
                open -= 1;
            }
            _ => {}
        }
    }
    let at_end = error.location.end().to_usize() >= source.trim_end().len();
    let unterminated = matches!(&error.error, ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError))
        && parsed_text(source, error.location.start().to_usize());
    if unterminated || open > 0 && at_end {
        return Completeness::Incomplete;
    }
    let message = error.error.to_string();
    let wants_block = message.contains("indented block") || message.contains("`except` or `finally`");
    let decorated = source.trim_end().rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('@'));
    if at_end && (wants_block || decorated) { Completeness::Incomplete } else { Completeness::Invalid }
}

/// Whether the string that begins here has three quotes, and so may go on.
fn parsed_text(source: &str, start: usize) -> bool {
    let rest = source.get(start..).unwrap_or_default().trim_start_matches(|c: char| c.is_ascii_alphabetic());
    rest.starts_with("\"\"\"") || rest.starts_with("'''")
}

fn ends_with_backslash(source: &str) -> bool {
    let line = source.strip_suffix('\n').unwrap_or(source);
    line.ends_with('\\') && !line.rsplit('\n').next().unwrap_or_default().contains('#')
}

fn is_compound(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::If(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::With(_)
            | Stmt::Try(_)
            | Stmt::FunctionDef(_)
            | Stmt::ClassDef(_)
            | Stmt::Match(_)
    )
}
