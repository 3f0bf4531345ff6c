//! The parser's complaints in CPython's words.

use rustpython_ruff_python_ast::token::{TokenKind, Tokens};
use rustpython_ruff_python_ast::visitor::{self, Visitor};
use rustpython_ruff_python_ast::{Expr, ExprContext, ModModule, Stmt};
use rustpython_ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, ParseError, ParseErrorType, Parsed, UnsupportedSyntaxErrorKind,
};
use rustpython_ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Problem, literal};

/// The first thing that is wrong.
pub(super) fn first(source: &str, parsed: &Parsed<ModModule>) -> Option<Problem> {
    let Some(error) = parsed.errors().first() else {
        return newer(parsed);
    };
    let context = Context { source, tokens: parsed.tokens(), body: &parsed.syntax().body };
    Some(context.explain(error))
}

/// What only later versions of the language have.
fn newer(parsed: &Parsed<ModModule>) -> Option<Problem> {
    let error = parsed.unsupported_syntax_errors().first()?;
    let message = match error.kind {
        UnsupportedSyntaxErrorKind::Pep701FString(kind) => match format!("{kind:?}").as_str() {
            "Backslash" => "f-string expression part cannot include a backslash",
            "Comment" => "f-string expression part cannot include '#'",
            _ => "f-string: expecting '}'",
        },
        UnsupportedSyntaxErrorKind::ParenthesizedKeywordArgumentName => {
            "expression cannot contain assignment, perhaps you meant \"==\"?"
        }
        UnsupportedSyntaxErrorKind::UnparenthesizedExceptionTypes => "multiple exception types must be parenthesized",
        _ => "invalid syntax",
    };
    Some(Problem::new(message, error.range))
}

struct Context<'a> {
    source: &'a str,
    tokens: &'a Tokens,
    body: &'a [Stmt],
}

fn closes(kind: TokenKind) -> Option<(TokenKind, char)> {
    Some(match kind {
        TokenKind::Rpar => (TokenKind::Lpar, ')'),
        TokenKind::Rsqb => (TokenKind::Lsqb, ']'),
        TokenKind::Rbrace => (TokenKind::Lbrace, '}'),
        _ => return None,
    })
}

impl Context<'_> {
    fn explain(&self, error: &ParseError) -> Problem {
        let range = error.location;
        if let ParseErrorType::Lexical(kind) = &error.error
            && let Some(problem) = self.lexical(kind, range)
        {
            return problem;
        }
        if let Some(problem) = self.brackets(range) {
            return problem;
        }
        match self.grammar(&error.error, range) {
            Some(problem) => problem,
            None => self.invalid(range),
        }
    }

    fn line(&self, at: TextSize) -> usize {
        self.source[..at.to_usize().min(self.source.len())].matches('\n').count() + 1
    }

    fn text(&self, range: TextRange) -> &str {
        self.source.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default()
    }

    /// An f-string that ends inside of its braces.
    fn open_format(&self) -> bool {
        let mut open = Vec::new();
        for token in self.tokens {
            match token.kind() {
                TokenKind::FStringStart | TokenKind::Lbrace => open.push(token.kind()),
                TokenKind::FStringEnd | TokenKind::Rbrace => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.ends_with(&[TokenKind::FStringStart, TokenKind::Lbrace])
    }

    /// Brackets that close nothing, close another kind, or are open at the end of what could be read.
    fn brackets(&self, error: TextRange) -> Option<Problem> {
        let mut open: Vec<(TokenKind, TextRange)> = Vec::new();
        for token in self.tokens {
            let (kind, range) = (token.kind(), token.range());
            match kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open.push((kind, range)),
                _ => {
                    let Some((opener, sign)) = closes(kind) else { continue };
                    match open.pop() {
                        Some((found, _)) if found == opener => {}
                        Some((_, at)) => {
                            let (first, here) = (self.line(at.start()), self.line(range.start()));
                            let line = if first == here { String::new() } else { format!(" on line {first}") };
                            let opening = self.text(at);
                            let message =
                                format!("closing parenthesis '{sign}' does not match opening parenthesis '{opening}'{line}");
                            return Some(Problem::new(message, range));
                        }
                        None => return Some(Problem::new(format!("unmatched '{sign}'"), range)),
                    }
                }
            }
        }
        let at_brace = |(_, at): &(TokenKind, TextRange)| self.text(*at) == "{";
        if open.last().is_some_and(at_brace) && self.open_format() {
            let outer = open.len().checked_sub(2).map(|at| open[at]);
            return Some(match outer {
                Some((_, at)) => Problem::new(format!("'{}' was never closed", self.text(at)), at),
                None => Problem::new("f-string: expecting '}'", error),
            });
        }
        let (_, at) = open.last()?;
        let at_end = error.end().to_usize() >= self.source.trim_end().len();
        (at_end || self.line(error.start()) > self.line(at.start()))
            .then(|| Problem::new(format!("'{}' was never closed", self.text(*at)), *at))
    }

    fn lexical(&self, kind: &LexicalErrorType, range: TextRange) -> Option<Problem> {
        let message = match kind {
            LexicalErrorType::UnclosedStringError => self.unclosed_string(range),
            LexicalErrorType::IndentationError => {
                let message = "unindent does not match any outer indentation level";
                return Some(Problem::of("IndentationError", message, range));
            }
            LexicalErrorType::InvalidByteLiteral => "bytes can only contain ASCII literal characters".to_owned(),
            LexicalErrorType::LineContinuationError => "unexpected character after line continuation character".to_owned(),
            LexicalErrorType::FStringError(kind) => return Some(self.format_string(kind, range)),
            LexicalErrorType::UnrecognizedToken { tok } if !tok.is_ascii() => {
                format!("invalid character '{tok}' (U+{:04X})", u32::from(*tok))
            }
            LexicalErrorType::Eof | LexicalErrorType::UnrecognizedToken { .. } => return None,
            _ => match self.bad_escape(range) {
                Some(message) => message,
                None => return self.bad_number(range),
            },
        };
        Some(Problem::new(message, range))
    }

    fn unclosed_string(&self, range: TextRange) -> String {
        let rest = self.source[range.start().to_usize()..].trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let line = self.line(range.start());
        if rest.starts_with("\"\"\"") || rest.starts_with("'''") {
            let last = self.source.trim_end_matches('\n').matches('\n').count() + 1;
            return format!("unterminated triple-quoted string literal (detected at line {last})");
        }
        format!("unterminated string literal (detected at line {line})")
    }

    /// A string token around `range` that cannot be decoded says why.
    fn bad_escape(&self, range: TextRange) -> Option<String> {
        let around = self.tokens.iter().find(|token| {
            matches!(token.kind(), TokenKind::String | TokenKind::FStringMiddle) && token.range().contains_range(range)
        });
        let token = around?;
        let text = self.text(token.range());
        if token.kind() == TokenKind::FStringMiddle {
            return literal::text(text, false, true).err();
        }
        let prefix = text.split(['"', '\'']).next().unwrap_or_default().to_ascii_lowercase();
        let (inner, raw) = literal::inner(text);
        if prefix.contains('b') { literal::bytes(inner, raw).err() } else { literal::text(inner, raw, false).err() }
    }

    fn bad_number(&self, range: TextRange) -> Option<Problem> {
        let start = range.start().to_usize();
        let before = self.source[..start].rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
        let from = before.map_or(0, |at| at + self.source[at..].chars().next().map_or(1, char::len_utf8));
        let word = self.source[from..].split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).next()?;
        number(word).map(|message| Problem::new(message, range))
    }

    fn format_string(&self, kind: &InterpolatedStringErrorType, range: TextRange) -> Problem {
        let message = match kind {
            InterpolatedStringErrorType::UnclosedLbrace
                if self.text(range).starts_with(|c: char| c.is_alphanumeric() || c == '_') =>
            {
                "f-string: invalid syntax. Perhaps you forgot a comma?".to_owned()
            }
            InterpolatedStringErrorType::UnclosedLbrace => "f-string: expecting '}'".to_owned(),
            InterpolatedStringErrorType::InvalidConversionFlag
            | InterpolatedStringErrorType::ConversionFlagNotImmediatelyAfterExclamation => {
                "f-string: invalid conversion character: expected 's', 'r', or 'a'".to_owned()
            }
            InterpolatedStringErrorType::SingleRbrace => "f-string: single '}' is not allowed".to_owned(),
            InterpolatedStringErrorType::UnterminatedString => {
                let before = &self.source[..range.start().to_usize()];
                let inside = before.rfind(['\'', '"']).is_some_and(|quote| before[quote..].contains('{'));
                if inside {
                    "f-string: expecting '}'".to_owned()
                } else {
                    format!("unterminated string literal (detected at line {})", self.line(range.start()))
                }
            }
            InterpolatedStringErrorType::UnterminatedTripleQuotedString => {
                let last = self.source.trim_end_matches('\n').matches('\n').count() + 1;
                format!("unterminated triple-quoted string literal (detected at line {last})")
            }
            InterpolatedStringErrorType::LambdaWithoutParentheses => "f-string: invalid syntax".to_owned(),
            InterpolatedStringErrorType::NewlineInFormatSpec => {
                format!("unterminated string literal (detected at line {})", self.line(range.start()))
            }
        };
        Problem::new(message, range)
    }

    /// Where nothing better can be said: `invalid syntax`, or what kind of it.
    fn invalid(&self, range: TextRange) -> Problem {
        let text = self.text(range);
        if let Some(word) = text.split_whitespace().next()
            && let Some(message) = number(word)
        {
            return Problem::new(message, range);
        }
        if let Some(problem) = self.bad_number(range) {
            return problem;
        }
        Problem::new("invalid syntax", range)
    }

    /// Whether the error is inside of brackets.
    fn in_brackets(&self, at: TextSize) -> bool {
        let mut open = 0_i32;
        for token in self.tokens.iter().take_while(|token| token.range().start() < at) {
            match token.kind() {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => open -= 1,
                _ => {}
            }
        }
        open > 0
    }

    fn grammar(&self, kind: &ParseErrorType, range: TextRange) -> Option<Problem> {
        let message = match kind {
            ParseErrorType::InvalidAssignmentTarget | ParseErrorType::InvalidAugmentedAssignmentTarget => {
                return Some(self.target(kind, range));
            }
            ParseErrorType::InvalidAnnotatedAssignmentTarget => match self.find(range) {
                Some(Expr::Tuple(_)) => "only single target (not tuple) can be annotated".to_owned(),
                Some(Expr::List(_)) => "only single target (not list) can be annotated".to_owned(),
                _ => "illegal target for annotation".to_owned(),
            },
            ParseErrorType::InvalidNamedAssignmentTarget => {
                format!("cannot use assignment expressions with {}", self.find(range).map_or("expression", name_of))
            }
            ParseErrorType::InvalidDeleteTarget => {
                format!("cannot delete {}", self.find(range).map_or("expression", name_of))
            }
            ParseErrorType::DuplicateKeywordArgumentError(name) => format!("keyword argument repeated: {name}"),
            ParseErrorType::PositionalAfterKeywordArgument => "positional argument follows keyword argument".to_owned(),
            ParseErrorType::PositionalAfterKeywordUnpacking => {
                "positional argument follows keyword argument unpacking".to_owned()
            }
            ParseErrorType::InvalidArgumentUnpackingOrder => {
                "iterable argument unpacking follows keyword argument unpacking".to_owned()
            }
            ParseErrorType::IterableUnpackingInComprehension => {
                let what = if self.text(range).starts_with("**") {
                    "dict unpacking cannot be used in dict comprehension"
                } else {
                    "iterable unpacking cannot be used in comprehension"
                };
                what.to_owned()
            }
            ParseErrorType::UnparenthesizedGeneratorExpression => "Generator expression must be parenthesized".to_owned(),
            ParseErrorType::NonDefaultParamAfterDefaultParam => "non-default argument follows default argument".to_owned(),
            ParseErrorType::ParamAfterVarKeywordParam => "arguments cannot follow var-keyword argument".to_owned(),
            ParseErrorType::ExpectedKeywordParam => "named arguments must follow bare *".to_owned(),
            ParseErrorType::VarParameterWithDefault => "var-positional argument cannot have default value".to_owned(),
            ParseErrorType::InvalidStarredExpressionUsage => "can't use starred expression here".to_owned(),
            ParseErrorType::UnexpectedIndentation => {
                return Some(Problem::of("IndentationError", "unexpected indent", range));
            }
            ParseErrorType::FStringError(kind) => return Some(self.format_string(kind, range)),
            ParseErrorType::OtherError(words) => return self.other(words, range),
            ParseErrorType::SimpleStatementsOnSameLine => {
                let line = self.source[..range.start().to_usize()].rsplit(['\n', ';']).next().unwrap_or_default().trim();
                match line {
                    "print" | "exec" => {
                        format!("Missing parentheses in call to '{line}'. Did you mean {line}(...)?")
                    }
                    _ => return None,
                }
            }
            ParseErrorType::ExpectedExpression if self.in_format(range) && self.text(range).starts_with('}') => {
                "f-string: empty expression not allowed".to_owned()
            }
            ParseErrorType::ExpectedToken { expected, found } => return self.expected(*expected, *found, range),
            _ => return None,
        };
        Some(Problem::new(message, range))
    }

    fn expected(&self, expected: TokenKind, found: TokenKind, range: TextRange) -> Option<Problem> {
        let message = match (expected, found) {
            (TokenKind::Rbrace, TokenKind::For) => "dict unpacking cannot be used in dict comprehension",
            (TokenKind::Comma, found) if found.as_augmented_assign_operator().is_some() => {
                "'tuple' is an illegal expression for augmented assignment"
            }
            (TokenKind::Colon, TokenKind::Equal) => "invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
            (TokenKind::Colon, TokenKind::Newline | TokenKind::EndOfFile) => "expected ':'",
            (TokenKind::Colon, _) if self.line_word(range) == "def" => "expected ':'",
            (TokenKind::Colon, _) if self.in_brackets(range.start()) => "':' expected after dictionary key",
            (TokenKind::Else, _) => "expected 'else' after 'if' expression",
            (TokenKind::Comma, _) if self.in_brackets(range.start()) => "invalid syntax. Perhaps you forgot a comma?",
            (TokenKind::Rbrace | TokenKind::FStringEnd, _) if self.in_format(range) => {
                "f-string: invalid syntax. Perhaps you forgot a comma?"
            }
            _ => return None,
        };
        Some(Problem::new(message, range))
    }

    /// The first word of the line of an error.
    fn line_word(&self, range: TextRange) -> &str {
        let before = &self.source[..range.start().to_usize().min(self.source.len())];
        before.rsplit('\n').next().unwrap_or_default().split_whitespace().next().unwrap_or_default()
    }

    fn in_format(&self, range: TextRange) -> bool {
        let mut open = 0_i32;
        for token in self.tokens.iter().take_while(|token| token.range().start() < range.start()) {
            match token.kind() {
                TokenKind::FStringStart => open += 1,
                TokenKind::FStringEnd => open -= 1,
                _ => {}
            }
        }
        open > 0
    }

    fn other(&self, words: &str, range: TextRange) -> Option<Problem> {
        if let Some(parent) = words.strip_prefix("Expected an indented block after ") {
            let what = parent.replace('`', "'");
            let what = what.trim_end_matches(" clause").trim_end_matches(" statement");
            let what = if what.starts_with('\'') { format!("{what} statement") } else { what.to_owned() };
            // The header is the last line before the error that is not empty.
            let before = self.source[..range.start().to_usize().min(self.source.len())].trim_end();
            let header = before.matches('\n').count() + 1;
            let message = format!("expected an indented block after {what} on line {header}");
            return Some(Problem::of("IndentationError", message, range));
        }
        let message = match words {
            "Expected a parameter name" => match self.text(range) {
                word @ ("True" | "False" | "None") => return Some(Problem::new(format!("cannot assign to {word}"), range)),
                _ => "expression cannot contain assignment, perhaps you meant \"==\"?",
            },
            _ if words.contains("`except` or `finally`") => "expected 'except' or 'finally' block",
            _ if words.contains("expression cannot contain assignment") || words.contains("keyword argument") => {
                "expression cannot contain assignment, perhaps you meant \"==\"?"
            }
            _ if words.contains("`*` parameter") || words.contains("Only one '*'") => "* argument may appear only once",
            "Expected an expression or a ']'" | "Expected an expression or a '}'" | "Expected an expression or a ')'" => {
                "invalid syntax. Perhaps you forgot a comma?"
            }
            _ => return None,
        };
        Some(Problem::new(message, range))
    }

    fn find(&self, range: TextRange) -> Option<&Expr> {
        let mut finder = Finder { range, found: None };
        finder.visit_body(self.body);
        finder.found
    }

    fn target(&self, kind: &ParseErrorType, range: TextRange) -> Problem {
        let Some(expr) = self.find(range) else { return Problem::new("cannot assign to expression", range) };
        let name = name_of(expr);
        if matches!(kind, ParseErrorType::InvalidAugmentedAssignmentTarget) {
            return Problem::new(format!("'{name}' is an illegal expression for augmented assignment"), range);
        }
        // Only the first target of a plain assignment may have been meant as a comparison.
        let before = self.source[..range.start().to_usize()].rsplit(['\n', ';']).next().unwrap_or_default();
        let first = before.trim().is_empty() || before.trim() == "(";
        let comparable = !matches!(
            expr,
            Expr::Generator(_) | Expr::If(_) | Expr::BooleanLiteral(_) | Expr::NoneLiteral(_) | Expr::EllipsisLiteral(_)
        );
        let in_tuple = self.in_brackets(range.start()) && self.source[range.end().to_usize()..].trim_start().starts_with(',');
        let hint = if first && comparable && !in_tuple && !before.trim_start().starts_with("for") {
            " here. Maybe you meant '==' instead of '='?"
        } else {
            ""
        };
        Problem::new(format!("cannot assign to {name}{hint}"), range)
    }
}

/// What CPython calls an expression that is no target.
fn name_of(expr: &Expr) -> &'static str {
    match expr {
        Expr::Call(_) => "function call",
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::BytesLiteral(_) => "literal",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::BooleanLiteral(node) => {
            if node.value {
                "True"
            } else {
                "False"
            }
        }
        Expr::NoneLiteral(_) => "None",
        Expr::FString(_) => "f-string expression",
        Expr::Generator(_) => "generator expression",
        Expr::ListComp(_) => "list comprehension",
        Expr::SetComp(_) => "set comprehension",
        Expr::DictComp(_) => "dict comprehension",
        Expr::Dict(_) => "dict literal",
        Expr::Set(_) => "set display",
        Expr::Compare(_) => "comparison",
        Expr::If(_) => "conditional expression",
        Expr::Named(_) => "named expression",
        Expr::Lambda(_) => "lambda",
        Expr::Yield(_) | Expr::YieldFrom(_) => "yield expression",
        Expr::Await(_) => "await expression",
        Expr::Attribute(_) => "attribute",
        Expr::Subscript(_) => "subscript",
        Expr::Starred(_) => "starred",
        Expr::Tuple(_) => "tuple",
        Expr::List(_) => "list",
        Expr::Name(_) => "name",
        _ => "expression",
    }
}

/// Finds the expression with exactly this range.
struct Finder<'a> {
    range: TextRange,
    found: Option<&'a Expr>,
}

impl<'a> Visitor<'a> for Finder<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.found.is_none() && expr.range() == self.range {
            self.found = Some(expr);
        }
        if self.found.is_none() {
            visitor::walk_expr(self, expr);
        }
    }

    fn visit_expr_context(&mut self, _context: &'a ExprContext) {}
}

/// What is wrong with a word that begins with a digit.
fn number(word: &str) -> Option<String> {
    let mut chars = word.chars();
    let first = chars.next().filter(char::is_ascii_digit)?;
    let second = chars.next().map(|c| c.to_ascii_lowercase());
    let (radix, name) = match (first, second) {
        ('0', Some('x')) => (16, "hexadecimal"),
        ('0', Some('o')) => (8, "octal"),
        ('0', Some('b')) => (2, "binary"),
        ('0', Some(c)) if c.is_ascii_digit() && word.chars().all(|c| c.is_ascii_digit() || c == '_') => {
            let message = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers";
            return Some(message.to_owned());
        }
        _ => (10, "decimal"),
    };
    if radix != 10
        && let Some(digit) = word[2..].chars().find(|c| c.is_ascii_digit() && c.to_digit(radix).is_none())
    {
        return Some(format!("invalid digit '{digit}' in {name} literal"));
    }
    let plain = word.chars().all(|c| c.is_digit(radix.max(10)) || c == '.');
    (!plain || word.len() <= 2 && radix != 10).then(|| format!("invalid {name} literal"))
}
