//! One row's cells in one piece of memory that is used again for the next row.

use std::borrow::Cow;

use crate::formats::text::{Decoder, Encoding};

/// The cells of a row: their bytes one behind the other, and where each ends.
///
/// One vector per cell would cost more than the cells; one record per stored row would keep the widest row's index for
/// each. So a row lives here only until the next one is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    pub(super) bytes: Vec<u8>,
    pub(super) ends: Vec<usize>,
    pub(super) encoding: Encoding,
}

impl Cells {
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self { encoding, ..Self::default() }
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Appends a cell of text; for cells in UTF-8 only.
    pub(crate) fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len());
    }

    /// Whether the bytes of cells are UTF-8, if they are anything.
    pub(crate) fn is_utf8(&self) -> bool {
        self.encoding == Encoding::Utf8
    }

    /// The bytes of a cell as they stand in the input.
    pub(crate) fn raw(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start..self.ends[index]]
    }

    /// The text of a cell.
    pub(crate) fn text(&self, index: usize) -> Cow<'_, str> {
        self.decode(self.raw(index)).0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Cow<'_, str>> {
        (0..self.len()).map(|index| self.text(index))
    }

    /// How many byte sequences of a cell mean nothing in its encoding.
    pub(crate) fn malformed(&self, index: usize) -> u64 {
        self.decode(self.raw(index)).1
    }

    fn decode<'a>(&self, raw: &'a [u8]) -> (Cow<'a, str>, u64) {
        // Most cells are ASCII or UTF-8; these are borrowed.
        let same = match self.encoding {
            Encoding::Utf8 => std::str::from_utf8(raw).ok(),
            Encoding::Whatwg(encoding) if encoding == encoding_rs::ISO_2022_JP => None,
            _ => raw.is_ascii().then(|| std::str::from_utf8(raw).ok()).flatten(),
        };
        if let Some(text) = same {
            return (Cow::Borrowed(text), 0);
        }
        let mut decoder = Decoder::new(self.encoding);
        let mut text = String::with_capacity(raw.len());
        decoder.decode(raw, true, &mut text);
        (Cow::Owned(text), decoder.malformed())
    }
}

/// For readers that find a cell in pieces.
impl Cells {
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A cell of the bytes that `append` appends to those that are there.
    pub(crate) fn push_with<E>(&mut self, append: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        append(&mut self.bytes)?;
        self.end_cell();
        Ok(())
    }

    pub(crate) fn end_cell(&mut self) {
        self.ends.push(self.bytes.len());
    }

    pub(crate) fn byte_len(&self) -> usize {
        self.bytes.len()
    }

    /// Bytes that the cells take, with the places where each ends: many empty ones are no small row.
    pub(crate) fn memory(&self) -> u64 {
        (self.bytes.len() + self.ends.len() * size_of::<usize>()) as u64
    }
}
