//! Rows as CSV and TSV where no byte changes its encoding: quotes where they are needed, everything else as it stands.

use memchr::{memchr, memchr_iter, memchr3};

use super::Record;
use super::record::unquoted;

/// How rows are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plain {
    pub(super) delimiter: u8,
    pub(super) newline: &'static [u8],
}

impl Plain {
    /// Appends a row as Python's `csv.writer` writes it: quotes around cells with a delimiter, a quote or a line end in them, and
    /// around an empty cell that is alone in its row.
    pub(super) fn row(self, record: &Record<'_>, out: &mut Vec<u8>) {
        let bare =
            record.bare(b'"').filter(|line| record.delimiter == Some(self.delimiter) || memchr(self.delimiter, line).is_none());
        if let Some(line) = bare {
            self.bare(record, line, out);
        } else {
            for cell in 0..record.len() {
                if cell > 0 {
                    out.push(self.delimiter);
                }
                self.cell(&unquoted(record.raw(cell), record.quote), record.len() == 1, out);
            }
        }
        out.extend_from_slice(self.newline);
    }

    /// A row of cells that stand as they will: with another delimiter.
    fn bare(self, record: &Record<'_>, line: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(line);
        if record.delimiter != Some(self.delimiter) {
            for place in record.delimiters() {
                out[start + place] = self.delimiter;
            }
        }
    }

    pub(super) fn cell(self, cell: &[u8], alone: bool, out: &mut Vec<u8>) {
        let special = memchr3(self.delimiter, b'"', b'\n', cell).is_some() || memchr(b'\r', cell).is_some();
        let quoted = special || alone && cell.is_empty();
        if !quoted {
            out.extend_from_slice(cell);
            return;
        }
        out.push(b'"');
        let mut from = 0;
        for place in memchr_iter(b'"', cell) {
            out.extend_from_slice(&cell[from..=place]);
            out.push(b'"');
            from = place + 1;
        }
        out.extend_from_slice(&cell[from..]);
        out.push(b'"');
    }
}
