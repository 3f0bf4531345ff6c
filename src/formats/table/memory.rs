//! Rows that are in memory as they are.

use super::{Cells, RowSource, RowView, Visitor};
use crate::buffer::ByteRange;
use crate::formats::FormatError;
use crate::formats::text::Encoding;

#[derive(Debug)]
pub(super) struct MemoryRows {
    pub(super) rows: Vec<Vec<String>>,
}

impl RowSource for MemoryRows {
    fn visit(&self, first: u64, _shown: bool, visitor: Visitor<'_>) -> Result<(), FormatError> {
        let mut cells = Cells::new(Encoding::Utf8);
        for row in self.rows.iter().skip(usize::try_from(first).unwrap_or(usize::MAX)) {
            cells.clear();
            for cell in row {
                cells.push(cell);
            }
            if !visitor(RowView { cells: &cells, range: ByteRange::default() })? {
                break;
            }
        }
        Ok(())
    }
}
