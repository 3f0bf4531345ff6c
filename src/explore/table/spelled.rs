//! Orders and conditions as people write them, for the terminal and for a line in the window.

use super::condition::{Comparison, Filter, Operand, Test};
use super::number::Number;
use super::sort::{By, SortKey};

/// What somebody wrote is no column, no order or no condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpellingError {
    /// No column has this name or number.
    #[error("no column {0:?}; columns are named as in the header, or #1, #2, …")]
    Column(String),
    /// A condition has none of the signs that compare.
    #[error("{0:?} is no condition; write COLUMN=TEXT, COLUMN>NUMBER, COLUMN~REGEX, COLUMN*=PART, COLUMN:empty, or :ragged")]
    Condition(String),
}

/// The column that `text` names: its name in the header (exactly, else the only one that is the same but for capital letters),
/// or its number from 1 on, with or without `#` before it.
///
/// ```
/// use seektell::explore::table::column_named;
/// let header = ["id".to_owned(), "Price".to_owned()];
/// assert_eq!(column_named("price", Some(&header), 2), Some(1));
/// assert_eq!(column_named("#1", Some(&header), 2), Some(0));
/// assert_eq!(column_named("#3", Some(&header), 2), None);
/// ```
pub fn column_named(text: &str, header: Option<&[String]>, width: usize) -> Option<usize> {
    let header = header.unwrap_or_default();
    if let Some(column) = header.iter().position(|name| name == text) {
        return Some(column);
    }
    let lower = text.to_lowercase();
    let mut same = header.iter().enumerate().filter(|(_, name)| name.to_lowercase() == lower);
    if let (Some((column, _)), None) = (same.next(), same.next()) {
        return Some(column);
    }
    let number: usize = text.strip_prefix('#').unwrap_or(text).parse().ok()?;
    (1..=width).contains(&number).then(|| number - 1)
}

fn column(text: &str, header: Option<&[String]>, width: usize) -> Result<usize, SpellingError> {
    column_named(text, header, width).ok_or_else(|| SpellingError::Column(text.to_owned()))
}

impl SortKey {
    /// Reads `COLUMN`, `COLUMN:number`, `COLUMN:natural:desc` and so on: the name of a [`By`], and `asc` or `desc`, in any order.
    ///
    /// # Errors
    /// Where there is no such column.
    pub fn parse(text: &str, header: Option<&[String]>, width: usize) -> Result<Self, SpellingError> {
        let (mut by, mut descending, mut name) = (By::Text, false, text);
        // A name may have colons itself: only known words are taken off its end, and none if the whole is a column.
        while column_named(name, header, width).is_none()
            && let Some((before, word)) = name.rsplit_once(':')
        {
            match word.to_ascii_lowercase().as_str() {
                "asc" => descending = false,
                "desc" => descending = true,
                word => match By::ALL.into_iter().find(|by| by.name() == word) {
                    Some(found) => by = found,
                    None => break,
                },
            }
            name = before;
        }
        Ok(Self { column: column(name, header, width)?, by, descending })
    }
}

/// The signs of conditions, longer ones before those that they start with.
const SIGNS: [&str; 14] = ["!*=", "!~", "!=", "==", "*=", "^=", "$=", ">=", "<=", "≥", "≤", "=", ">", "<"];

impl Filter {
    /// Reads one condition:
    ///
    /// | | |
    /// |---|---|
    /// | `price>50`, `>=`, `<`, `<=`, `=`, `!=` | compared with a number, or with a text where it is none |
    /// | `code==007` | the cell is this text |
    /// | `city*=ville`, `!*=` | contains it, does not |
    /// | `city^=New`, `city$=ton` | starts, ends with it |
    /// | `city~^S.*o$`, `!~` | the regular expression is found in it, is not |
    /// | `city:empty`, `city:filled` | has no text, has some |
    /// | `:ragged` | of the row: another number of cells than the header |
    ///
    /// `*` as the column is any column.
    ///
    /// # Errors
    /// Where there is no such column, or no sign.
    pub fn parse(text: &str, header: Option<&[String]>, width: usize, case: bool) -> Result<Self, SpellingError> {
        if text == ":ragged" {
            return Ok(Self { column: None, test: Test::Ragged, case, negate: false });
        }
        let place = |name: &str| {
            let name = name.trim();
            if name == "*" { Some(None) } else { column_named(name, header, width).map(Some) }
        };
        for (words, test) in [(":empty", Test::Empty), (":filled", Test::NotEmpty)] {
            if let Some(column) = text.strip_suffix(words).and_then(place) {
                return Ok(Self { column, test, case, negate: false });
            }
        }
        // The first sign before which there is a column: a name may have signs in it.
        let mut unknown = None;
        for (at, _) in text.char_indices() {
            let rest = &text[at..];
            let sign = SIGNS.iter().copied().chain(["~"]).find(|sign| rest.starts_with(sign));
            let Some(sign) = sign else { continue };
            match place(&text[..at]) {
                Some(column) => return Ok(condition(column, sign, &rest[sign.len()..], case)),
                None => {
                    unknown.get_or_insert(text[..at].trim());
                }
            }
        }
        Err(match unknown {
            Some(name) => SpellingError::Column(name.to_owned()),
            None => SpellingError::Condition(text.to_owned()),
        })
    }
}

fn condition(column: Option<usize>, sign: &str, value: &str, case: bool) -> Filter {
    let negate = sign.starts_with('!');
    let number = Number::parse(value.as_bytes()).is_some();
    let compare = |comparison| {
        let operand = if number { Operand::Number(value.trim().to_owned()) } else { Operand::Text(value.to_owned()) };
        Test::Compare(comparison, operand)
    };
    let equals = || if number { compare(Comparison::Equal) } else { Test::Equals(value.to_owned()) };
    let test = match sign {
        "!*=" | "*=" => Test::Contains(value.to_owned()),
        "!~" | "~" => Test::Regex(value.to_owned()),
        "==" => Test::Equals(value.to_owned()),
        "^=" => Test::StartsWith(value.to_owned()),
        "$=" => Test::EndsWith(value.to_owned()),
        ">=" | "≥" => compare(Comparison::GreaterOrEqual),
        "<=" | "≤" => compare(Comparison::LessOrEqual),
        ">" => compare(Comparison::Greater),
        "<" => compare(Comparison::Less),
        _ => equals(),
    };
    Filter { column, test, case, negate }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_and_conditions_are_read() {
        let header: Vec<String> = ["id", "a:b", "x>y", "Price", "number"].map(str::to_owned).into();
        let header = Some(&header[..]);
        let key = |text| SortKey::parse(text, header, 5);
        assert_eq!(key("price:number:desc"), Ok(SortKey { column: 3, by: By::Number, descending: true }));
        assert_eq!(key("a:b:natural"), Ok(SortKey { column: 1, by: By::Natural, descending: false }));
        assert_eq!(key("#2"), Ok(SortKey { column: 1, by: By::Text, descending: false }));
        assert_eq!(key("number"), Ok(SortKey { column: 4, by: By::Text, descending: false }));
        assert_eq!(key("nobody:desc"), Err(SpellingError::Column("nobody".into())));

        let filter = |text| Filter::parse(text, header, 5, false).unwrap();
        let number = |text: &str| Operand::Number(text.into());
        assert_eq!(filter("price>50"), Filter::new(Some(3), Test::Compare(Comparison::Greater, number("50"))));
        assert_eq!(filter("x>y>=1"), Filter::new(Some(2), Test::Compare(Comparison::GreaterOrEqual, number("1"))));
        assert_eq!(filter("id=abc"), Filter::new(Some(0), Test::Equals("abc".into())));
        assert_eq!(filter("*~^a"), Filter::new(None, Test::Regex("^a".into())));
        assert_eq!(filter("a:b:empty"), Filter::new(Some(1), Test::Empty));
        assert_eq!(filter("id!*=x"), Filter { negate: true, ..Filter::new(Some(0), Test::Contains("x".into())) });
        assert_eq!(filter(":ragged"), Filter::new(None, Test::Ragged));
        assert_eq!(Filter::parse("what", header, 5, false), Err(SpellingError::Condition("what".into())));
        assert_eq!(Filter::parse("nobody=1", header, 5, false), Err(SpellingError::Column("nobody".into())));
    }
}
