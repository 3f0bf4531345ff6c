//! From bytes to rows: a window over the snapshot, the `csv` crate's parser over the window.

use csv_core::ReadRecordResult;

use super::{Cells, Dialect, Table};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::FormatError;
use crate::formats::text::{Decoder, Encoding};

/// Bytes read from the buffer at once.
pub(super) const BLOCK: usize = 64 * 1024;

/// The most bytes of one row's cells that are held at once, when rows are wanted whole.
const ROW_LIMIT: usize = 512 << 20;

/// How much of a row is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Only where it ends and how many cells it has.
    Count,
    /// What the first [`Table::SHOWN_ROW_BYTES`] hold; the reader then stands inside the row.
    Shown,
    /// All.
    Whole,
}

/// What was read of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanned {
    /// Its bytes in the input, as far as they were read.
    pub(super) range: ByteRange,
    /// How many cells were read.
    pub(super) cells: u64,
    /// Whether the row goes on behind what was read.
    pub(super) cut: bool,
}

/// Reads rows one after the other, from any row's start.
pub(super) struct RowReader<'a> {
    window: Window<'a>,
    parser: csv_core::Reader,
    scratch: Vec<u8>,
    ends: Vec<usize>,
}

impl<'a> RowReader<'a> {
    /// A reader at `offset`, which must be the start of a row.
    pub(super) fn new(input: &'a Buffer, dialect: &Dialect, offset: u64) -> Self {
        let mut builder = csv_core::ReaderBuilder::new();
        builder.delimiter(dialect.delimiter);
        match dialect.quote {
            Some(quote) => builder.quote(quote),
            None => builder.quoting(false),
        };
        let mut parser = builder.build();
        // At its first read the parser leaves out a byte order mark; a row may start with one and keeps it.
        let _ = parser.read_record(b"\n", &mut [0], &mut [0]);
        Self { window: Window::new(input, dialect.encoding, offset), parser, scratch: vec![0; BLOCK], ends: vec![0; 1024] }
    }

    /// Where the next row starts.
    pub(super) fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// Reads the next row into `cells`; `None` at the end. `Count` leaves `cells` alone.
    pub(super) fn next(&mut self, want: Want, cells: &mut Cells) -> Result<Option<Scanned>, FormatError> {
        if want != Want::Count {
            cells.clear();
        }
        let start = self.window.offset();
        let Some(first) = self.window.peek()? else { return Ok(None) };
        let mut scanned = Scanned { range: ByteRange::default(), cells: 0, cut: false };
        if first == b'\n' || first == b'\r' {
            self.line_end()?;
            scanned.range = ByteRange::between(Offset(start), Offset(self.window.offset()));
            return Ok(Some(scanned));
        }
        let mut last = 0;
        loop {
            self.window.fill()?;
            let input = self.window.bytes();
            let (result, read, written, found) = self.parser.read_record(input, &mut self.scratch, &mut self.ends);
            if read > 0 {
                last = input[read - 1];
            }
            scanned.cells += found as u64;
            if want != Want::Count {
                if want == Want::Whole && cells.bytes.len() + written > ROW_LIMIT {
                    return Err(FormatError::Limit {
                        what: format!("a row of more than {} bytes at offset {}", cells.bytes.len(), Offset(start)),
                        limit: "512 MiB for one row (a quote that is not closed makes one)".into(),
                    });
                }
                let room = cells.bytes.try_reserve(written).and(cells.ends.try_reserve(found));
                room.map_err(|_| FormatError::Limit {
                    what: format!("a row of more than {} bytes", cells.bytes.len()),
                    limit: "the memory that is free".into(),
                })?;
                cells.bytes.extend_from_slice(&self.scratch[..written]);
                cells.ends.extend_from_slice(&self.ends[..found]);
            }
            self.window.consume(read);
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::InputEmpty | ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
            }
            if want == Want::Shown && self.window.offset() - start > Table::SHOWN_ROW_BYTES {
                // The cell that was being read gets its end where reading stopped.
                cells.ends.push(cells.bytes.len());
                scanned.cells += 1;
                scanned.cut = true;
                break;
            }
        }
        if !scanned.cut && last == b'\r' && self.window.peek()? == Some(b'\n') {
            self.window.consume(1);
        }
        scanned.range = ByteRange::between(Offset(start), Offset(self.window.offset()));
        Ok(Some(scanned))
    }

    /// Reads one `\n`, `\r\n` or `\r`.
    fn line_end(&mut self) -> Result<(), FormatError> {
        let first = self.window.peek()?;
        self.window.consume(1);
        if first == Some(b'\r') && self.window.peek()? == Some(b'\n') {
            self.window.consume(1);
        }
        Ok(())
    }
}

/// The bytes of the input from an offset on, block by block; of UTF-16 its text in UTF-8, still counted in bytes of the
/// input.
struct Window<'a> {
    input: &'a Buffer,
    wide: Option<Wide>,
    block: Vec<u8>,
    at: usize,
    /// Where in the input `block[at]` stands.
    offset: u64,
    /// Where in the input the next block begins.
    next: u64,
}

struct Wide {
    decoder: Decoder,
    raw: Vec<u8>,
    text: String,
    finished: bool,
}

impl<'a> Window<'a> {
    fn new(input: &'a Buffer, encoding: Encoding, offset: u64) -> Self {
        let wide = (encoding.unit() == 2).then(|| Wide {
            decoder: Decoder::new(encoding),
            raw: Vec::new(),
            text: String::new(),
            finished: false,
        });
        Self { input, wide, block: Vec::new(), at: 0, offset, next: offset }
    }

    fn offset(&self) -> u64 {
        self.offset
    }

    fn bytes(&self) -> &[u8] {
        &self.block[self.at..]
    }

    fn peek(&mut self) -> Result<Option<u8>, FormatError> {
        self.fill()?;
        Ok(self.bytes().first().copied())
    }

    /// Sees to it that there are bytes, where there are any left.
    fn fill(&mut self) -> Result<(), FormatError> {
        while self.at >= self.block.len() {
            self.at = 0;
            let block = match &mut self.wide {
                None => &mut self.block,
                Some(wide) => &mut wide.raw,
            };
            block.resize(BLOCK.min(usize::try_from(self.input.len().0).unwrap_or(BLOCK)), 0);
            let read = self.input.read_at(Offset(self.next), block)?;
            block.truncate(read);
            self.next += read as u64;
            let Some(wide) = &mut self.wide else { return Ok(()) };
            if wide.finished {
                self.block.clear();
                // Broken text may end in a character that stood for more bytes than was thought.
                self.offset = self.offset.max(self.input.len().0);
                return Ok(());
            }
            wide.finished = read == 0;
            wide.text.clear();
            wide.decoder.decode(&wide.raw, wide.finished, &mut wide.text);
            self.block.clear();
            self.block.extend_from_slice(wide.text.as_bytes());
        }
        Ok(())
    }

    fn consume(&mut self, count: usize) {
        let end = (self.at + count).min(self.block.len());
        self.offset += match self.wide {
            None => (end - self.at) as u64,
            // Each character is one unit of two bytes, or two of them where UTF-8 takes four bytes.
            Some(_) => self.block[self.at..end]
                .iter()
                .map(|byte| if *byte >= 0xF0 { 4 } else { u64::from(byte & 0xC0 != 0x80) * 2 })
                .sum(),
        };
        // A lone byte at the end of UTF-16 is one replacement character for one byte.
        self.offset = self.offset.min(self.input.len().0);
        self.at = end;
        if end == self.block.len() && self.wide.as_ref().is_some_and(|wide| wide.finished) {
            self.offset = self.input.len().0;
        }
    }
}
