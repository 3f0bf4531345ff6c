//! What nests too deeply is refused before anything recurses over it.

use rustpython_ruff_python_ast::token::TokenKind;
use rustpython_ruff_python_parser::Mode;
use rustpython_ruff_python_parser::lexer::lex;
use rustpython_ruff_text_size::TextRange;

use super::Problem;

/// Brackets in brackets, as CPython has it.
const BRACKETS: usize = 200;
/// Blocks in blocks, as CPython has it.
const INDENTS: usize = 100;
/// Operators, attributes and calls that may hang on each other.
const CHAIN: usize = 1000;
/// Operators of one strength that may follow each other, which recurse nowhere but in the parser's own tree.
const SOURCE: usize = 64 << 20;
/// A tree takes about two hundred bytes a token.
const TOKENS: usize = 2_000_000;

fn too_deep() -> Problem {
    Problem::of("RecursionError", "maximum recursion depth exceeded during compilation", TextRange::default())
}

/// Refuses what would recurse too deeply, or take too much memory.
pub(super) fn check(source: &str) -> Result<(), Problem> {
    if source.contains('\0') {
        return Err(Problem::new("source code string cannot contain null bytes", TextRange::default()));
    }
    if source.len() > SOURCE {
        return Err(Problem::of("MemoryError", "the source is too long", TextRange::default()));
    }
    let mut lexer = lex(source, Mode::Module);
    // Of each open bracket, how many tokens since its last comma may nest.
    let mut chains: Vec<usize> = vec![0];
    let mut total = 0;
    let mut indents = 0;
    for tokens in 0.. {
        if tokens > TOKENS {
            return Err(Problem::of("MemoryError", "the source is too long", TextRange::default()));
        }
        let kind = lexer.next_token();
        let level = chains.len() - 1;
        match kind {
            TokenKind::EndOfFile => break,
            TokenKind::Indent => {
                indents += 1;
                if indents >= INDENTS {
                    return Err(Problem::of("IndentationError", "too many levels of indentation", TextRange::default()));
                }
            }
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::FStringStart | TokenKind::TStringStart => {
                chains[level] += 1;
                total += 1;
                chains.push(0);
                if chains.len() > BRACKETS + 1 {
                    return Err(Problem::new("too many nested parentheses", TextRange::default()));
                }
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                if level > 0 {
                    total -= chains.pop().unwrap_or(0);
                }
            }
            TokenKind::Newline | TokenKind::Semi if level == 0 => {
                total = 0;
                chains[0] = 0;
            }
            TokenKind::Comma => {
                total -= chains[level];
                chains[level] = 0;
            }
            TokenKind::NonLogicalNewline
            | TokenKind::Comment
            | TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::And
            | TokenKind::Or
            | TokenKind::Equal => {}
            _ => {
                chains[level] += 1;
                total += 1;
            }
        }
        if total > CHAIN + 2 * BRACKETS {
            return Err(too_deep());
        }
    }
    Ok(())
}
