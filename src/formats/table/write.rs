//! Tables as CSV and TSV.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use super::plain::Plain;
use super::{Cells, Record, Table, parallel};
use crate::formats::text::{Encoder, Encoding, NewlineStyle};
use crate::formats::{Format, FormatError, Loss, Options, Quoting};
use crate::tasks::Progress;

/// Bytes gathered before they are encoded and written.
const BATCH: usize = 64 * 1024;

/// Room of the `csv` writer. Each time it is full, the writer looks through all that is left of a quoted cell: with the usual
/// 8 KiB a cell of 100 MB (a quote that is not closed makes one) would take minutes. What is not used is never touched.
const ROOM: usize = 4 * 1024 * 1024;

/// Writes `table` and tells what could not be written.
pub(super) fn write(
    table: &Table,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let usual = match format {
        Format::Csv => b',',
        Format::Tsv => b'\t',
        _ => return Err(FormatError::Unsupported { format, what: "a delimited table".into() }),
    };
    let delimiter = options.table.delimiter.unwrap_or(usual);
    super::Dialect { delimiter, ..super::Dialect::default() }.check()?;
    let newline = options.table.newline.unwrap_or(NewlineStyle::CrLf);
    let encoding = options.text.encoding.canonical();
    if options.text.bom {
        out.write_all(encoding.mark()).map_err(FormatError::Write)?;
    }
    progress.set_done(0);
    progress.set_total(table.row_count());

    let mut sink = Sink::new(delimiter, newline, encoding, options.table.quoting, out);
    if let Some(cells) = &table.shape.header_cells {
        sink.row(cells)?;
    } else if let Some(header) = table.header() {
        let mut cells = Cells::new(Encoding::Utf8);
        for name in header {
            cells.push(name);
        }
        sink.row(&cells)?;
    }
    if options.table.quoting == Quoting::Minimal && stays(table, encoding, delimiter)? {
        let losses = sink.finish()?;
        let plain = Plain { delimiter, newline: newline.as_str().as_bytes() };
        let encode = |record: &Record<'_>, text: &mut Vec<u8>| {
            plain.row(record, text);
            Ok(())
        };
        parallel::write_rows(table, b"", &encode, out, progress)?;
        return Ok(losses);
    }
    let mut done = 0_u64;
    table.source.visit(0, false, &mut |row| {
        sink.row(row.cells)?;
        done += 1;
        if done.is_multiple_of(1000) {
            progress.set_done(done);
            progress.check()?;
        }
        Ok(true)
    })?;
    progress.set_done(done);
    sink.finish()
}

/// Whether rows can go through as bytes: their encoding stays, and no byte of a character could be taken for a delimiter or a quote.
fn stays(table: &Table, encoding: Encoding, delimiter: u8) -> Result<bool, FormatError> {
    let mut same = false;
    table.scan(0..1, &mut |record| {
        same = record.encoding == encoding && encoding.unit() == 1;
        Ok(false)
    })?;
    Ok(same && encoding.keeps_ascii(delimiter) && encoding.keeps_ascii(b'"'))
}

/// Memory that the `csv` writer writes to and that is emptied beside it.
#[derive(Clone, Default)]
struct Batch(Rc<RefCell<Vec<u8>>>);

impl Write for Batch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Takes rows and writes them as delimited text.
pub(in crate::formats) struct Sink<'a> {
    rows: csv::Writer<Batch>,
    batch: Batch,
    newline: &'static [u8],
    delimiter: u8,
    quoting: Quoting,
    encoding: Encoding,
    encoder: Encoder,
    encoded: Vec<u8>,
    /// Bytes of the batch are already in the output's encoding.
    raw: bool,
    pending: usize,
    malformed: u64,
    out: &'a mut dyn Write,
}

impl<'a> Sink<'a> {
    pub(in crate::formats) fn new(
        delimiter: u8,
        newline: NewlineStyle,
        encoding: Encoding,
        quoting: Quoting,
        out: &'a mut dyn Write,
    ) -> Self {
        let batch = Batch::default();
        let rows = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .quote_style(match quoting {
                Quoting::Minimal => csv::QuoteStyle::Necessary,
                Quoting::All => csv::QuoteStyle::Always,
                Quoting::NonNumeric => csv::QuoteStyle::NonNumeric,
                Quoting::None => csv::QuoteStyle::Never,
            })
            .buffer_capacity(ROOM)
            .terminator(match newline {
                NewlineStyle::CrLf => csv::Terminator::CRLF,
                NewlineStyle::Lf => csv::Terminator::Any(b'\n'),
                NewlineStyle::Cr => csv::Terminator::Any(b'\r'),
            })
            .from_writer(batch.clone());
        Self {
            rows,
            batch,
            newline: newline.as_str().as_bytes(),
            delimiter,
            quoting,
            encoding,
            encoder: Encoder::new(encoding),
            encoded: Vec::new(),
            raw: false,
            pending: 0,
            malformed: 0,
            out,
        }
    }

    pub(in crate::formats) fn row(&mut self, cells: &Cells) -> Result<(), FormatError> {
        // Bytes that need no new encoding are not even decoded, so that broken ones come out as they went in.
        let raw = cells.encoding == self.encoding && self.encoding.keeps_ascii(self.delimiter) && self.encoding.keeps_ascii(b'"');
        if raw != self.raw {
            self.empty()?;
            self.raw = raw;
        }
        if cells.len() == 0 {
            // The writer would make one empty cell of it.
            self.rows.flush().map_err(FormatError::Write)?;
            self.batch.0.borrow_mut().extend_from_slice(self.newline);
        } else {
            for index in 0..cells.len() {
                if self.quoting == Quoting::None {
                    self.check_bare(cells, index)?;
                }
                let written = if raw {
                    self.rows.write_field(cells.raw(index))
                } else {
                    self.malformed += cells.malformed(index);
                    self.rows.write_field(cells.text(index).as_bytes())
                };
                written.map_err(write_error)?;
            }
            self.rows.write_record(None::<&[u8]>).map_err(write_error)?;
        }
        self.pending += cells.bytes.len() + 2;
        if self.pending >= BATCH {
            self.empty()?;
        }
        Ok(())
    }

    /// A cell that could not be told from two, or from none, without quotes.
    fn check_bare(&self, cells: &Cells, index: usize) -> Result<(), FormatError> {
        let text = cells.text(index);
        let delimiter = char::from(self.delimiter);
        if text.contains([delimiter, '"', '\n', '\r']) || (text.is_empty() && cells.len() == 1) {
            let start: String = text.chars().take(40).collect();
            return Err(FormatError::Option(format!("the cell {start:?} cannot be written without quotes")));
        }
        Ok(())
    }

    /// Writes what was gathered.
    fn empty(&mut self) -> Result<(), FormatError> {
        self.pending = 0;
        self.rows.flush().map_err(FormatError::Write)?;
        let mut bytes = self.batch.0.borrow_mut();
        if self.raw {
            self.out.write_all(&bytes).map_err(FormatError::Write)?;
        } else {
            self.encoded.clear();
            self.encoder.encode(&String::from_utf8_lossy(&bytes), false, &mut self.encoded);
            self.out.write_all(&self.encoded).map_err(FormatError::Write)?;
        }
        bytes.clear();
        Ok(())
    }

    pub(in crate::formats) fn finish(mut self) -> Result<Vec<Loss>, FormatError> {
        self.empty()?;
        self.encoded.clear();
        self.encoder.encode("", true, &mut self.encoded);
        self.out.write_all(&self.encoded).map_err(FormatError::Write)?;
        let mut losses = Vec::new();
        losses.extend(super::losses::malformed(self.malformed));
        losses.extend(self.encoder.loss().map(Loss::new));
        Ok(losses)
    }
}

fn write_error(error: csv::Error) -> FormatError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => FormatError::Write(error),
        other => FormatError::Write(io::Error::other(format!("{other:?}"))),
    }
}
