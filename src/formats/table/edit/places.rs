//! Where the cells of a row stand in the bytes.

use super::{EditError, ROW_LIMIT};
use crate::buffer::{Buffer, ByteRange};
use crate::formats::FormatError;
use crate::formats::table::Dialect;
use crate::formats::text::Encoding;

/// A cell in the bytes of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its first byte, a quote included.
    pub(super) start: usize,
    /// Behind its last one.
    pub(super) end: usize,
    /// It stands between quotes.
    pub(super) quoted: bool,
}

/// The cells of a row, and where its line end begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) cells: Vec<Place>,
    pub(super) end: usize,
}

/// The code units of text in one or two bytes each.
pub(super) fn units(bytes: &[u8], encoding: Encoding) -> impl Iterator<Item = u16> {
    let unit = encoding.unit();
    let big = encoding == Encoding::Utf16Be;
    bytes.chunks(unit).map(move |unit| match *unit {
        [one] => u16::from(one),
        [high, low] if big => u16::from_be_bytes([high, low]),
        [low, high] => u16::from_le_bytes([low, high]),
        _ => 0,
    })
}

/// Finds the cells of one row by the rules of Python's `csv.reader`: quotes count at the start of a cell only, two of them
/// inside are one, and what follows the closing one up to the delimiter belongs to the cell.
pub(super) fn places(row: &[u8], dialect: &Dialect) -> Places {
    let encoding = dialect.encoding.canonical();
    let (delimiter, quote) = (u16::from(dialect.delimiter), dialect.quote.map(u16::from));
    let step = encoding.unit();
    #[derive(PartialEq)]
    enum At {
        Start,
        Bare,
        Quoted,
        Closed,
    }
    let (mut at, mut cells, mut start, mut quoted) = (At::Start, Vec::new(), 0, false);
    let mut end = row.len();
    for (index, unit) in units(row, encoding).enumerate() {
        let offset = index * step;
        if at == At::Quoted {
            if Some(unit) == quote {
                at = At::Closed;
            }
        } else if at == At::Start && Some(unit) == quote {
            (at, quoted) = (At::Quoted, true);
        } else if at == At::Closed && Some(unit) == quote {
            at = At::Quoted;
        } else if unit == delimiter {
            cells.push(Place { start, end: offset, quoted });
            (at, start, quoted) = (At::Start, offset + step, false);
        } else if unit == u16::from(b'\n') || unit == u16::from(b'\r') {
            end = offset;
            break;
        } else {
            at = At::Bare;
        }
    }
    if end > 0 {
        cells.push(Place { start, end, quoted });
    }
    Places { cells, end }
}

/// The bytes of a row of `input`.
pub(super) fn read(input: &Buffer, range: ByteRange) -> Result<Vec<u8>, EditError> {
    if range.len.0 > ROW_LIMIT {
        return Err(EditError::Format(FormatError::Limit {
            what: format!("a row of {} bytes at offset {}", range.len, range.start),
            limit: "256 MiB for a row that is changed (a quote that is not closed makes one)".into(),
        }));
    }
    Ok(input.to_vec(range)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::table::Table;

    fn cells(row: &str, dialect: Dialect) -> Vec<&str> {
        places(row.as_bytes(), &dialect).cells.into_iter().map(|cell| &row[cell.start..cell.end]).collect()
    }

    #[test]
    fn cells_are_found_with_their_quotes() {
        let dialect = Dialect::default();
        for (row, found) in [
            ("a,b,c\r\n", vec!["a", "b", "c"]),
            ("\"a,\"\"b\",c", vec!["\"a,\"\"b\"", "c"]),
            ("\"a\nb\",\r", vec!["\"a\nb\"", ""]),
            ("a\"b,\"c\"d,e\n", vec!["a\"b", "\"c\"d", "e"]),
            ("\n", vec![]),
            ("\"\"\n", vec!["\"\""]),
            (",", vec!["", ""]),
            ("\"open,\n", vec!["\"open,\n"]),
        ] {
            assert_eq!(cells(row, dialect), found, "{row:?}");
        }
        assert_eq!(cells("\"a;b\"", Dialect { delimiter: b';', quote: None, ..dialect }), ["\"a", "b\""]);
    }

    #[test]
    fn places_are_those_that_the_table_reads() {
        let mut random = fastrand::Rng::with_seed(7);
        let dialect = Dialect { header: false, ..Dialect::default() };
        for _ in 0..300 {
            let text: String = (0..random.usize(0..60)).map(|_| char::from(random.choice(*b"ab,,\"\"\n\r").unwrap())).collect();
            let input = Buffer::from(text.as_bytes());
            let table = Table::open(&input, dialect, &crate::tasks::Progress::new()).unwrap();
            for (number, row) in (0..).zip(table.rows(0, usize::MAX).unwrap()) {
                let start = row.range.start.0 as usize;
                let places = places(&text.as_bytes()[start..row.range.end().0 as usize], &dialect).cells;
                assert_eq!(places.len(), row.cells.len(), "{text:?}: {row:?}");
                for (column, place) in places.iter().enumerate() {
                    let range = table.cell_range(number, column).unwrap().unwrap();
                    let known = (range.start.0 as usize - start, range.end().0 as usize - start);
                    assert_eq!((place.start, place.end), known, "{text:?}");
                }
            }
        }
    }
}
