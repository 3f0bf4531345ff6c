//! What the columns of a table are: numbers, days, truth values or text, and whether their values come again.
//!
//! To know it, all cells must be looked at. To guess it, a sample is enough: a guess is right where every cell fits it ([`super::write`]),
//! since what the sample rules out stays ruled out.

use std::collections::HashSet;

use arrow_schema::DataType;
use twox_hash::XxHash3_64;

use super::exact;
use crate::formats::FormatError;
use crate::formats::in_order;
use crate::formats::options::ColumnTypes;
use crate::formats::shortest;
use crate::formats::table::{Record, Table};
use crate::tasks::Progress;

/// Bytes of rows that one core looks at before it takes others.
const PART: u64 = 1 << 20;

/// Rows of the sample that tells whether values come again, the places in the table that they are from, and their cells.
const SAMPLE: (u64, usize, u64) = (8192, 8, 1 << 22);

/// What was found out.
pub(super) struct Kinds {
    /// The type of each column.
    pub(super) types: Vec<DataType>,
    /// Whether a column's values come so often that each is written once and referred to.
    pub(super) repeats: Vec<bool>,
    /// Whether a column is text only because nothing was seen in it.
    pub(super) open: Vec<bool>,
    /// Byte sequences that mean nothing.
    pub(super) malformed: u64,
}

/// What a column may still be, and whether there is anything in it.
#[derive(Clone, Copy, Debug)]
struct Seen {
    whole: bool,
    float: bool,
    boolean: bool,
    date: bool,
    /// All cells have as many digits behind the point as this, and at most so many in all.
    decimal: Option<Decimal>,
    any: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Decimal {
    digits: usize,
    /// 0 where nothing was seen yet.
    behind: usize,
}

impl Decimal {
    /// What holds both; `None` where their points are at different places.
    fn and(self, other: Self) -> Option<Self> {
        let (behind, digits) = (self.behind.max(other.behind), self.digits.max(other.digits));
        let same = self.behind == other.behind || self.behind == 0 || other.behind == 0;
        same.then_some(Self { digits, behind })
    }

    /// With room for as many digits as four, eight or sixteen bytes hold.
    fn kind(self) -> DataType {
        let room = [9, 18].into_iter().find(|room| self.digits <= *room).unwrap_or(exact::DIGITS);
        // At most 38 of either.
        DataType::Decimal128(room as u8, self.behind as i8)
    }
}

impl Seen {
    fn new(exact: bool) -> Self {
        Self { whole: exact, float: exact, boolean: exact, date: exact, decimal: exact.then(Decimal::default), any: false }
    }

    fn is_text(self) -> bool {
        !(self.whole || self.float || self.boolean || self.date || self.decimal.is_some())
    }

    fn add(&mut self, cell: &[u8]) {
        if cell.is_empty() {
            return;
        }
        self.any = true;
        self.boolean = self.boolean && exact::boolean(cell).is_some();
        self.date = self.date && exact::date(cell).is_some();
        self.decimal = self.decimal.and_then(|known| {
            let (_, digits, behind) = exact::decimal(cell)?;
            known.and(Decimal { digits, behind })
        });
        self.whole = self.whole && exact::whole(cell).is_some();
        // Whole numbers of so few digits are fractions too.
        self.float = self.float && ((self.whole && cell.len() <= 15) || shortest::float(cell).is_some());
    }

    fn merge(&mut self, other: Self) {
        self.whole &= other.whole;
        self.float &= other.float;
        self.boolean &= other.boolean;
        self.date &= other.date;
        self.decimal = self.decimal.zip(other.decimal).and_then(|(one, other)| one.and(other));
        self.any |= other.any;
    }

    fn kind(self) -> DataType {
        match self {
            Self { any: false, .. } => DataType::Utf8,
            Self { whole: true, .. } => DataType::Int64,
            Self { float: true, .. } => DataType::Float64,
            Self { boolean: true, .. } => DataType::Boolean,
            Self { date: true, .. } => DataType::Date32,
            Self { decimal: Some(decimal), .. } => decimal.kind(),
            _ => DataType::Utf8,
        }
    }
}

/// Looks at every cell of `table` on all cores.
pub(super) fn look(table: &Table, types: ColumnTypes, progress: &Progress) -> Result<Kinds, FormatError> {
    let exact = types == ColumnTypes::Exact;
    let parts = table.parts(PART);
    let (mut seen, mut malformed) = (vec![Seen::new(exact); table.width()], 0_u64);
    progress.set_done(0);
    progress.set_total(table.row_count());
    let make = |number: usize, (seen, malformed): &mut (Vec<Seen>, u64)| {
        *malformed = 0;
        seen.clear();
        seen.resize(table.width(), Seen::new(exact));
        let mut open: Vec<usize> = if exact { (0..seen.len()).collect() } else { Vec::new() };
        let mut next = 0;
        table.scan_whole(parts[number].clone(), &mut |record| {
            if record.row >= next {
                next = record.row + 256;
                progress.check()?;
                open.retain(|&column| !seen[column].is_text());
            }
            *malformed += record.malformed();
            for &column in open.iter().take_while(|&&column| column < record.len()) {
                seen[column].add(&record.utf8(column));
            }
            Ok(true)
        })
    };
    in_order(parts.len(), make, |(more, count)| {
        seen.iter_mut().zip(more).for_each(|(all, more)| all.merge(*more));
        malformed += *count;
        Ok(())
    })?;
    let (_, repeats) = sample(table, exact, progress)?;
    Ok(Kinds { open: vec![false; seen.len()], types: seen.into_iter().map(Seen::kind).collect(), repeats, malformed })
}

/// The same from a sample of rows.
pub(super) fn guess(table: &Table, types: ColumnTypes, progress: &Progress) -> Result<Kinds, FormatError> {
    let exact = types == ColumnTypes::Exact;
    let (seen, repeats) = sample(table, exact, progress)?;
    let open = seen.iter().map(|seen| exact && !seen.any).collect();
    Ok(Kinds { open, types: seen.into_iter().map(Seen::kind).collect(), repeats, malformed: 0 })
}

/// What a sample of rows of the whole table says, or of its start where others are far to reach: what the columns may be, and whether
/// their values come again.
fn sample(table: &Table, exact: bool, progress: &Progress) -> Result<(Vec<Seen>, Vec<bool>), FormatError> {
    let rows = SAMPLE.0.min(SAMPLE.2 / (table.width() as u64).max(1)).max(1);
    let places = if table.parts(PART).len() > 1 { SAMPLE.1 as u64 } else { 1 };
    let mut seen = vec![Seen::new(exact); table.width()];
    let mut columns = vec![(HashSet::new(), 0_usize); table.width()];
    for place in 0..places {
        let first = table.row_count() / places * place;
        table.scan(first..first + rows.div_ceil(places), &mut |record: &Record<'_>| {
            progress.check()?;
            let cells = (0..record.len()).map(|column| record.utf8(column));
            for ((cell, seen), (values, count)) in cells.zip(&mut seen).zip(&mut columns) {
                seen.add(&cell);
                values.insert(XxHash3_64::oneshot(&cell));
                *count += 1;
            }
            Ok(true)
        })?;
    }
    // Twenty thousand values that come equally often are a fifth fewer in such a sample.
    let repeats = columns.into_iter().map(|(values, count)| count < 64 || values.len() * 20 <= count * 17).collect();
    Ok((seen, repeats))
}
