//! What expressions come to, and how a value is written.

use super::decimal::Decimal;
use super::expression::{Expression, Function, Operator, Value};
use crate::formats::table::Cells;

/// Counts of what could not be calculated, told as losses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Cells that should have been numbers.
    pub(super) no_numbers: u64,
    pub(super) divisions_by_zero: u64,
}

/// Where values come from.
pub(super) struct Scope<'a> {
    pub(super) row: Option<&'a Cells>,
    pub(super) totals: &'a [Value],
    pub(super) tally: &'a mut Tally,
}

impl Value {
    /// As it is written where nothing else is said.
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
            Self::Truth(true) => "yes".into(),
            Self::Truth(false) => "no".into(),
            Self::Missing => String::new(),
        }
    }

    pub(super) fn holds(&self) -> bool {
        match self {
            Self::Truth(truth) => *truth,
            Self::Text(text) => !text.is_empty(),
            Self::Number(number) => *number != Decimal::default(),
            Self::Missing => false,
        }
    }

    /// The number that it is. Text that is none is counted; nothing and an empty text are not.
    pub(super) fn number(&self, tally: &mut Tally) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(number.clone()),
            Self::Text(text) => {
                let number = Decimal::parse(text);
                tally.no_numbers += u64::from(number.is_none() && !text.trim().is_empty());
                number
            }
            Self::Truth(truth) => Some(Decimal::from_count(u64::from(*truth))),
            Self::Missing => None,
        }
    }
}

impl Expression {
    /// Its value. Names must be bound before; one that is not counts as missing.
    pub(super) fn value(&self, scope: &mut Scope<'_>) -> Value {
        match self {
            Self::Constant(value) => value.clone(),
            Self::Cell(column) => match scope.row.filter(|row| *column < row.len()) {
                Some(row) => Value::Text(row.text(*column).into_owned()),
                None => Value::Missing,
            },
            Self::Total(index) => scope.totals.get(*index).cloned().unwrap_or(Value::Missing),
            Self::Not(inner) => Value::Truth(!inner.value(scope).holds()),
            Self::Negative(inner) => {
                inner.value(scope).number(scope.tally).map_or(Value::Missing, |number| Value::Number(number.negated()))
            }
            Self::Binary(operator, sides) => {
                let left = sides.0.value(scope);
                match operator {
                    Operator::Or => return Value::Truth(left.holds() || sides.1.value(scope).holds()),
                    Operator::And => return Value::Truth(left.holds() && sides.1.value(scope).holds()),
                    _ => {}
                }
                let right = sides.1.value(scope);
                binary(*operator, left, right, scope.tally)
            }
            Self::Call(function, arguments) => call(*function, arguments, scope),
            Self::Name(_) | Self::Fold(..) => Value::Missing,
        }
    }
}

fn binary(operator: Operator, left: Value, right: Value, tally: &mut Tally) -> Value {
    use std::cmp::Ordering;
    match operator {
        Operator::Plus | Operator::Minus | Operator::Times | Operator::Over => {
            let (Some(left), Some(right)) = (left.number(tally), right.number(tally)) else { return Value::Missing };
            let result = match operator {
                Operator::Plus => Some(left.plus(&right)),
                Operator::Minus => Some(left.minus(&right)),
                Operator::Times => Some(left.times(&right)),
                _ => left.over(&right),
            };
            tally.divisions_by_zero += u64::from(result.is_none());
            result.map_or(Value::Missing, Value::Number)
        }
        Operator::Contains => Value::Truth(left.into_text().contains(&right.into_text())),
        _ => {
            let order = order(left, right);
            Value::Truth(match operator {
                Operator::Equal => order == Ordering::Equal,
                Operator::Unequal => order != Ordering::Equal,
                Operator::Less => order == Ordering::Less,
                Operator::AtMost => order != Ordering::Greater,
                Operator::Greater => order == Ordering::Greater,
                _ => order != Ordering::Less,
            })
        }
    }
}

/// Two numbers by their size, also where they are written differently (`7` and `7.0`); anything else by its characters.
fn order(left: Value, right: Value) -> std::cmp::Ordering {
    let mut aside = Tally::default();
    // Two texts are numbers only if both are.
    match (left.number(&mut aside), right.number(&mut aside)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => left.into_text().cmp(&right.into_text()),
    }
}

/// Digits behind the point that may be asked for.
pub(super) const MAX_DIGITS: u32 = 40;

fn call(function: Function, arguments: &[Expression], scope: &mut Scope<'_>) -> Value {
    let first = arguments.first().map_or(Value::Missing, |argument| argument.value(scope));
    match function {
        Function::If => {
            let chosen = if first.holds() { arguments.get(1) } else { arguments.get(2) };
            chosen.map_or(Value::Missing, |argument| argument.value(scope))
        }
        Function::Abs => first.number(scope.tally).map_or(Value::Missing, |number| Value::Number(number.magnitude())),
        Function::Round => {
            let digits = arguments.get(1).map_or(Some(0), |argument| {
                argument.value(scope).number(scope.tally).and_then(|digits| digits.small(MAX_DIGITS))
            });
            match (first.number(scope.tally), digits) {
                (Some(number), Some(digits)) => Value::Number(number.rounded(digits)),
                _ => Value::Missing,
            }
        }
        Function::Upper => Value::Text(first.into_text().to_uppercase()),
        Function::Lower => Value::Text(first.into_text().to_lowercase()),
        Function::Trim => Value::Text(first.into_text().trim().to_owned()),
        Function::Length => Value::Number(Decimal::from_count(first.into_text().chars().count() as u64)),
    }
}
