//! Texts with values in them, as Python's f-strings: `Generated {date}`, `${sum(orders.amount):,.2f}`, `{{` for a brace.

use super::decimal::Decimal;
use super::expression::{self, Expression, Value};
use super::value::{MAX_DIGITS, Scope};

/// A text whose braces were read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Template {
    pub(super) pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Plain(String),
    Value(Expression, Option<Spec>),
}

/// How a number is written: `[+][,][.digits][f|%]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spec {
    plus: bool,
    commas: bool,
    digits: Option<u32>,
    percent: bool,
}

impl Template {
    /// Reads the braces of a text.
    ///
    /// # Errors
    /// In words.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            let behind = &rest[at + 1..];
            if let Some(after) = behind.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
                continue;
            }
            if brace == "}" {
                return Err(format!("a lone }} stands in {text:?}; write }}}} for the character"));
            }
            let end = closing(behind).ok_or_else(|| format!("the {{ is not closed in {text:?}; write {{{{ for the character"))?;
            if !plain.is_empty() {
                pieces.push(Piece::Plain(std::mem::take(&mut plain)));
            }
            pieces.push(value(&behind[..end])?);
            rest = &behind[end + 1..];
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Plain(plain));
        }
        Ok(Self { pieces })
    }

    /// The template that gives a column's cells as they are.
    pub(super) fn cell(column: usize) -> Self {
        Self { pieces: vec![Piece::Value(Expression::Cell(column), None)] }
    }

    /// The column whose cells it gives as they are.
    pub(super) fn as_cell(&self) -> Option<usize> {
        match self.pieces[..] {
            [Piece::Value(Expression::Cell(column), None)] => Some(column),
            _ => None,
        }
    }

    pub(super) fn bind(&self, resolve: &mut dyn FnMut(&Expression) -> Result<Expression, String>) -> Result<Self, String> {
        let bound: Result<_, String> = self
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Plain(_) => Ok(piece.clone()),
                Piece::Value(expression, spec) => Ok(Piece::Value(expression.bind(resolve)?, *spec)),
            })
            .collect();
        Ok(Self { pieces: bound? })
    }

    /// Appends the text to `out`.
    pub(super) fn write(&self, scope: &mut Scope<'_>, out: &mut String) {
        for piece in &self.pieces {
            match piece {
                Piece::Plain(text) => out.push_str(text),
                Piece::Value(expression, spec) => {
                    let value = expression.value(scope);
                    match spec {
                        None => out.push_str(&value.into_text()),
                        Some(spec) => match value.number(scope.tally) {
                            Some(number) => out.push_str(&spec.text(&number)),
                            // What is no number stays what it is, and is counted.
                            None => out.push_str(&value.into_text()),
                        },
                    }
                }
            }
        }
    }

    /// The text, where no row is needed.
    pub(super) fn text(&self, scope: &mut Scope<'_>) -> String {
        let mut text = String::new();
        self.write(scope, &mut text);
        text
    }
}

/// Where the brace ends: braces in quotes do not count.
fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(character),
            (None, '}') => return Some(at),
            (None, _) => {}
        }
    }
    None
}

fn value(inner: &str) -> Result<Piece, String> {
    // No expression has a colon outside of quotes.
    let mut quote = None;
    let colon = inner.char_indices().find(|&(_, character)| {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(character),
            _ => {}
        }
        quote.is_none() && character == ':'
    });
    let (text, spec) = match colon {
        Some((at, _)) => (&inner[..at], Some(Spec::parse(&inner[at + 1..])?)),
        None => (inner, None),
    };
    Ok(Piece::Value(expression::parse(text)?, spec))
}

impl Spec {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no format of a number; write as in {{x:.2f}}, {{x:,.0f}}, {{x:+.1%}}");
        let mut spec = Self::default();
        let mut rest = text;
        if let Some(after) = rest.strip_prefix('+') {
            (spec.plus, rest) = (true, after);
        }
        if let Some(after) = rest.strip_prefix(',') {
            (spec.commas, rest) = (true, after);
        }
        if let Some(after) = rest.strip_prefix('.') {
            let len = after.find(|character: char| !character.is_ascii_digit()).unwrap_or(after.len());
            let digits = after[..len].parse().ok().filter(|digits| *digits <= MAX_DIGITS).ok_or_else(wrong)?;
            (spec.digits, rest) = (Some(digits), &after[len..]);
        }
        match rest {
            "" if !text.is_empty() => {}
            // Python's default.
            "f" => spec.digits = Some(spec.digits.unwrap_or(6)),
            "%" => (spec.percent, spec.digits) = (true, Some(spec.digits.unwrap_or(6))),
            _ => return Err(wrong()),
        }
        Ok(spec)
    }

    fn text(self, number: &Decimal) -> String {
        let number = if self.percent { number.times(&Decimal::from_count(100)) } else { number.clone() };
        let number = self.digits.map_or_else(|| number.clone(), |digits| number.rounded(digits));
        let plus = if self.plus && number >= Decimal::default() { "+" } else { "" };
        format!("{plus}{}{}", number.text(self.commas), if self.percent { "%" } else { "" })
    }
}

/// A value that a person gave by name.
pub(super) fn given(text: &str) -> Expression {
    Expression::Constant(Value::Text(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::value::Tally;
    use super::*;

    fn shown(text: &str) -> Result<String, String> {
        let mut tally = Tally::default();
        Ok(Template::parse(text)?.text(&mut Scope { row: None, totals: &[], tally: &mut tally }))
    }

    #[test]
    fn as_f_strings() {
        for (text, expected) in [
            ("plain", "plain"),
            ("{{{1 + 2}}}", "{3}"),
            ("${150:.2f}", "$150.00"),
            ("{1234567.891:,.1f}", "1,234,567.9"),
            ("{0.125:.1%}", "12.5%"),
            ("{5:+.0f}", "+5"),
            ("{1/3:.4}", "0.3333"),
            ("{'a:}b'}", "a:}b"),
            ("{'n/a':.2f}", "n/a"),
            ("{if(2 > 10, 'more', 'less')}", "less"),
            ("{if('2' > '10', 'more', 'less')}", "less"),
            ("{round(2.5)} {abs(0 - 3)} {length('é')}{upper('x')}", "2 3 1X"),
            ("{1 / 0}", ""),
        ] {
            assert_eq!(shown(text).as_deref(), Ok(expected), "{text}");
        }
        for wrong in ["{", "}", "{1", "{1:.99f}", "{1:x}", "{1:}"] {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
    }
}
