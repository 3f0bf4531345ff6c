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
/// Operators, attributes and calls that may hang on each other: with a tree this deep the parser, CPython too, is at its end.
const CHAIN: usize = 2900;
/// Words that bind weaker than `and` and `or`, and so may nest across them.
const WEAK: usize = 900;
/// The longest source.
const SOURCE: usize = 64 << 20;
/// The most tokens: a tree takes about two hundred bytes for each.
const TOKENS: usize = 2_000_000;

/// Tokens that may nest: those that bind stronger than `and` and `or`, and those that do not.
#[derive(Clone, Copy, Debug, Default)]
struct Nesting {
    strong: usize,
    weak: usize,
}

impl Nesting {
    fn remove(&mut self, other: Self) {
        self.strong = self.strong.saturating_sub(other.strong);
        self.weak = self.weak.saturating_sub(other.weak);
    }
}

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
    let mut levels = vec![Nesting::default()];
    let mut total = Nesting::default();
    let mut indents = 0;
    for tokens in 0.. {
        if tokens > TOKENS {
            return Err(Problem::of("MemoryError", "the source is too long", TextRange::default()));
        }
        let kind = lexer.next_token();
        let depth = levels.len() - 1;
        let level = &mut levels[depth];
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
                level.strong += 1;
                total.strong += 1;
                levels.push(Nesting::default());
                if levels.len() > BRACKETS + 1 {
                    return Err(Problem::new("too many nested parentheses", TextRange::default()));
                }
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                total.remove(*level);
                if depth > 0 {
                    levels.pop();
                } else {
                    *level = Nesting::default();
                }
            }
            TokenKind::Newline | TokenKind::Semi if depth == 0 => {
                total = Nesting::default();
                *level = Nesting::default();
            }
            TokenKind::Comma => total.remove(std::mem::take(level)),
            TokenKind::And | TokenKind::Or => total.remove(Nesting { strong: std::mem::take(&mut level.strong), weak: 0 }),
            TokenKind::Lambda | TokenKind::If | TokenKind::Else | TokenKind::ColonEqual | TokenKind::Not => {
                level.weak += 1;
                total.weak += 1;
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
            | TokenKind::Equal => {}
            _ => {
                level.strong += 1;
                total.strong += 1;
            }
        }
        if total.strong > CHAIN || total.weak > WEAK {
            return Err(too_deep());
        }
    }
    Ok(())
}
