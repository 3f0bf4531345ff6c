//! What rows are sorted by: eight bytes that decide most comparisons, and the rest for those that they leave open.

use std::cmp::Ordering;

use super::decimal::Decimal;
use super::number::Number;
use super::sort::{By, SortKey};
use crate::formats::FormatError;
use crate::formats::table::Record;

/// Words of cells that come last whichever way is sorted. No number and no text has one of them but for the last, which text
/// that starts with eight NULs has when it is sorted downwards; that has a tail, and cells that come last have none.
const NAN: u64 = u64::MAX - 2;
const NO_NUMBER: u64 = u64::MAX - 1;
const BLANK: u64 = u64::MAX;

/// One key of many rows.
#[derive(Debug, Default)]
pub(super) struct Column {
    pub(super) words: Vec<u64>,
    /// For text: where each row's tail ends. For numbers: empty, and `sparse` says which rows have one.
    ends: Vec<u64>,
    sparse: Vec<(u32, u64)>,
    tails: Vec<u8>,
}

impl Column {
    /// Adds the key of a row.
    pub(super) fn push(&mut self, key: &SortKey, record: &Record<'_>, folded: &mut Vec<u8>) -> Result<(), FormatError> {
        let cell = if key.column < record.len() { record.utf8(key.column) } else { (&[][..]).into() };
        let at = self.words.len();
        self.words.try_reserve(1).map_err(|_| no_memory())?;
        if cell.is_empty() {
            self.words.push(BLANK);
        } else {
            let turned = |word: u64| if key.descending { !word } else { word };
            match key.by {
                By::Number => match Number::parse(&cell) {
                    None => self.words.push(NO_NUMBER),
                    Some(number) if number.value.is_nan() => self.words.push(NAN),
                    Some(number) => {
                        self.words.push(turned(ordered(number.value)));
                        if number.long {
                            self.tail(number.text)?;
                            self.sparse.push((at as u32, self.tails.len() as u64));
                        }
                    }
                },
                By::Length => self.words.push(turned(characters(&cell))),
                By::Text => {
                    self.words.push(turned(start(&cell)));
                    if has_tail(&cell) {
                        self.tail(&cell)?;
                    }
                }
                By::Natural => {
                    folded.clear();
                    natural(&cell, folded);
                    self.words.push(turned(start(folded)));
                    if has_tail(folded) {
                        let text = std::mem::take(folded);
                        self.tail(&text)?;
                        *folded = text;
                    }
                }
            }
        }
        if matches!(key.by, By::Text | By::Natural) {
            self.ends.push(self.tails.len() as u64);
        }
        Ok(())
    }

    fn tail(&mut self, bytes: &[u8]) -> Result<(), FormatError> {
        self.tails.try_reserve(bytes.len()).map_err(|_| no_memory())?;
        self.tails.extend_from_slice(bytes);
        Ok(())
    }

    /// Takes over the keys of the rows that follow.
    pub(super) fn append(&mut self, other: &Self) -> Result<(), FormatError> {
        let (rows, bytes) = (self.words.len() as u32, self.tails.len() as u64);
        self.words.try_reserve(other.words.len()).map_err(|_| no_memory())?;
        self.words.extend_from_slice(&other.words);
        self.ends.extend(other.ends.iter().map(|end| end + bytes));
        self.sparse.extend(other.sparse.iter().map(|(row, end)| (row + rows, end + bytes)));
        self.tail(&other.tails)
    }

    /// The bytes it takes.
    pub(super) fn memory(&self) -> u64 {
        8 * (self.words.len() + self.ends.len() + 2 * self.sparse.len()) as u64 + self.tails.len() as u64
    }

    fn tail_of(&self, row: u32) -> Option<&[u8]> {
        let (start, end) = if self.ends.is_empty() {
            let place = self.sparse.binary_search_by_key(&row, |(row, _)| *row).ok()?;
            (place.checked_sub(1).map_or(0, |before| self.sparse[before].1), self.sparse[place].1)
        } else {
            (row.checked_sub(1).map_or(0, |before| self.ends[before as usize]), self.ends[row as usize])
        };
        (start < end).then(|| &self.tails[start as usize..end as usize])
    }

    /// Compares two rows whose words are equal.
    pub(super) fn compare_rest(&self, key: &SortKey, a: u32, b: u32) -> Ordering {
        if self.tails.is_empty() {
            return Ordering::Equal;
        }
        let (one, other) = (self.tail_of(a), self.tail_of(b));
        let order = match key.by {
            By::Number if one.is_none() && other.is_none() => return Ordering::Equal,
            By::Number => {
                // A number that is told by its f64 alone is the shortest one that stands for it.
                let word = self.words[a as usize];
                let short = value(if key.descending { !word } else { word }).to_string();
                let decimal = |tail: Option<&[u8]>| tail.map_or_else(|| short.clone().into_bytes(), <[u8]>::to_vec);
                Decimal::parse(&decimal(one)).cmp(&Decimal::parse(&decimal(other)))
            }
            // Of two texts with the same start the one without a tail is the shorter one, or none at all.
            _ => one.cmp(&other),
        };
        if key.descending { order.reverse() } else { order }
    }
}

fn no_memory() -> FormatError {
    FormatError::Limit { what: "the cells to sort by take more than can be held".into(), limit: "the memory that is free".into() }
}

/// Bits that are ordered as the numbers are; -0 is 0.
fn ordered(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn value(ordered: u64) -> f64 {
    f64::from_bits(if ordered >> 63 == 1 { ordered & !(1 << 63) } else { !ordered })
}

/// The first eight bytes, filled up with zeros.
fn start(text: &[u8]) -> u64 {
    match text.first_chunk::<8>() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let mut bytes = [0; 8];
            bytes[..text.len()].copy_from_slice(text);
            u64::from_be_bytes(bytes)
        }
    }
}

/// Whether the first eight bytes do not tell all of it: a NUL among them may be one that was filled in.
fn has_tail(text: &[u8]) -> bool {
    text.len() > 8 || text.contains(&0)
}

/// Characters of UTF-8; a byte of a broken sequence may count as one.
fn characters(text: &[u8]) -> u64 {
    text.iter().filter(|byte| *byte & 0xC0 != 0x80).count() as u64
}

/// Text whose order by bytes is the natural one: small letters, and before each run of digits how many there are.
fn natural(text: &[u8], out: &mut Vec<u8>) {
    let lower;
    let text = if text.is_ascii() {
        text
    } else {
        lower = String::from_utf8_lossy(text).to_lowercase();
        lower.as_bytes()
    };
    let mut rest = text;
    while let Some(&first) = rest.first() {
        if !first.is_ascii_digit() {
            out.push(first.to_ascii_lowercase());
            rest = &rest[1..];
            continue;
        }
        let run = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let zeros = rest[..run].iter().take_while(|byte| **byte == b'0').count().min(run - 1);
        let digits = &rest[zeros..run];
        // A digit before, so that numbers stand where digits stand among other characters; then the length, longer is greater.
        out.push(b'0');
        let mut length = digits.len();
        while length >= 255 {
            out.push(255);
            length -= 255;
        }
        out.push(length as u8);
        out.extend_from_slice(digits);
        rest = &rest[run..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_ordered_as_numbers_are() {
        let values = [f64::NEG_INFINITY, -1e300, -1.5, -1e-300, 0.0, 1e-300, 1.0, 1.5, 1e300, f64::INFINITY];
        let words: Vec<u64> = values.iter().map(|value| ordered(*value)).collect();
        assert!(words.is_sorted());
        assert_eq!(ordered(-0.0), ordered(0.0));
        assert!(words.iter().all(|word| *word < NAN && !*word < NAN));
        for number in values {
            assert_eq!(value(ordered(number)), number);
        }
    }

    #[test]
    fn natural_order_counts_digits() {
        let key = |text: &str| {
            let mut out = Vec::new();
            natural(text.as_bytes(), &mut out);
            out
        };
        let names = ["1", "a", "a1", "a2", "A10", "a10b", "a11", "b", "É1", "é2"];
        for pair in names.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{pair:?}");
        }
        assert_eq!(key("a007"), key("A7"));
        assert!(key(&"9".repeat(255)) < key(&format!("1{}", "0".repeat(255))));
        assert!(key(&"9".repeat(254)) < key(&"1".repeat(255)));
    }
}
