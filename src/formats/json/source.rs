//! The bytes of a JSON text one after the other, with the place for errors.

use super::machine::{Fault, Machine, Part};
use super::plain::{self, Lead, Not, Sink};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::text::{self, Encoding};
use crate::formats::{Format, FormatError, Limits};
use crate::tasks::Progress;

/// Text in UTF-16 is decoded as a whole, if it is not longer than this.
const DECODED_LIMIT: u64 = 256 << 20;

/// Bytes read from the buffer at once.
pub(super) const BLOCK: usize = 64 * 1024;

/// A JSON text as UTF-8.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) buffer: Buffer,
    /// Where it begins behind a byte order mark.
    pub(super) start: u64,
    /// Whether offsets in `buffer` are offsets in what was opened.
    pub(super) has_ranges: bool,
}

/// JSON is UTF-8 by its standard; UTF-16 is taken too, because Windows programs write it.
pub(super) fn open(input: &Buffer, format: Format, limits: Limits, progress: &Progress) -> Result<Text, FormatError> {
    if !matches!(format, Format::Json | Format::JsonLines) {
        return Err(FormatError::Unsupported { format, what: "reading as JSON".into() });
    }
    let guess = text::guess(input)?;
    if !matches!(guess.encoding, Encoding::Utf16Le | Encoding::Utf16Be) {
        return Ok(Text { buffer: input.clone(), start: text::mark_len(input, Encoding::Utf8)?, has_ranges: true });
    }
    let limit = limits.or(DECODED_LIMIT);
    if input.len().0 > limit {
        return Err(Limits::refuse(format!("{} bytes of JSON in {}", input.len(), guess.encoding), limit));
    }
    let (text, _) = text::decode_within(input, guess.encoding, limits, progress)?;
    Ok(Text { buffer: Buffer::from(text.into_bytes()), start: 0, has_ranges: false })
}

/// Reads byte after byte and steps a [`Machine`].
pub(super) struct Bytes<'a> {
    input: &'a Buffer,
    format: Format,
    pub(super) machine: Machine,
    block: Vec<u8>,
    at: usize,
    /// Where in `block` the bytes that were taken last begin.
    taken: usize,
    /// Where in the input `block[0]` stands.
    block_start: u64,
    /// Where reading began.
    begin: u64,
    progress: Option<&'a Progress>,
}

impl<'a> Bytes<'a> {
    pub(super) fn new(input: &'a Buffer, format: Format, machine: Machine, offset: u64) -> Self {
        Self { input, format, machine, block: Vec::new(), at: 0, taken: 0, block_start: offset, begin: offset, progress: None }
    }

    /// Stops where `progress` is cancelled.
    pub(super) fn ask(&mut self, progress: &'a Progress) {
        self.progress = Some(progress);
    }

    /// Where the first line of those that errors tell begins, if that is not where reading does.
    pub(super) fn count_lines_from(&mut self, offset: u64) {
        self.begin = offset;
    }

    /// Where the next byte stands.
    pub(super) fn offset(&self) -> u64 {
        self.block_start + self.at as u64
    }

    pub(super) fn peek(&mut self) -> Result<Option<u8>, FormatError> {
        if self.at >= self.block.len() {
            self.fill()?;
        }
        Ok(self.block.get(self.at).copied())
    }

    /// Reads on from the next byte.
    fn fill(&mut self) -> Result<(), FormatError> {
        self.progress.map_or(Ok(()), Progress::check)?;
        self.block_start = self.offset();
        self.at = 0;
        self.block.resize(BLOCK.min(usize::try_from(self.input.len().0).unwrap_or(BLOCK)), 0);
        let read = self.input.read_at(Offset(self.block_start), &mut self.block)?;
        self.block.truncate(read);
        Ok(())
    }

    /// A record that is read in one step, from `lead` on; where it begins and ends. The machine stands behind it then, or, where there is
    /// none, where it stood.
    pub(super) fn plain(&mut self, lead: Lead, sink: &mut impl Sink) -> Result<Option<ByteRange>, FormatError> {
        if self.peek()?.is_none() {
            return Ok(None);
        }
        loop {
            match plain::record(&self.block[self.at..], lead, sink) {
                Ok((start, end, taken)) => {
                    let place = |at: usize| Offset(self.offset() + at as u64);
                    let range = ByteRange::between(place(start), place(end));
                    self.at += taken;
                    if lead != Lead::Line {
                        self.machine.passed_value();
                    }
                    return Ok(Some(range));
                }
                // There may be more of it than what is left of the block.
                Err(Not::Whole) if self.at > 0 && self.block.len() == BLOCK => self.fill()?,
                Err(_) => return Ok(None),
            }
        }
    }

    /// The next byte and what it is; of a string, a number and of blanks as many as go on with it. [`Bytes::taken`] has them.
    pub(super) fn next(&mut self) -> Result<Option<(u8, Part)>, FormatError> {
        let Some(byte) = self.peek()? else { return Ok(None) };
        self.taken = self.at;
        let (run, part) = self.machine.run(&self.block[self.at..]);
        if run > 0 {
            self.at += run;
            return Ok(Some((byte, part)));
        }
        let part = self.machine.step(byte).map_err(|fault| self.error(fault))?;
        self.at += 1;
        Ok(Some((byte, part)))
    }

    /// The bytes that [`Bytes::next`] took.
    pub(super) fn taken(&self) -> &[u8] {
        &self.block[self.taken..self.at]
    }

    /// Nothing follows.
    pub(super) fn finish(&mut self) -> Result<(), FormatError> {
        self.machine.finish().map_err(|fault| self.error(fault))
    }

    /// At the end of a line of JSON Lines, which `next` has just taken: `true` where a value ended on it. The machine is
    /// ready for the next line.
    pub(super) fn end_line(&mut self) -> Result<bool, FormatError> {
        if self.machine.is_before_value() {
            return Ok(false);
        }
        if self.machine.depth() == 0 && self.machine.is_after_value() {
            self.machine = Machine::new();
            return Ok(true);
        }
        Err(FormatError::Malformed {
            format: self.format,
            what: format!("the record in line {} does not end in its line", self.place()?.0 - 1),
            at: Some(Offset(self.offset().saturating_sub(1))),
        })
    }

    /// The line and the column of the next byte, counted from where reading began: nobody asks before something is wrong.
    fn place(&self) -> Result<(u64, u64), FormatError> {
        let (mut line, mut column) = (1, 1);
        for chunk in self.input.chunks(ByteRange::between(Offset(self.begin), Offset(self.offset()))) {
            self.progress.map_or(Ok(()), Progress::check)?;
            for byte in chunk?.iter() {
                if *byte == b'\n' {
                    (line, column) = (line + 1, 1);
                } else if byte & 0xC0 != 0x80 {
                    column += 1;
                }
            }
        }
        Ok((line, column))
    }

    fn error(&self, fault: Fault) -> FormatError {
        let what = match fault {
            // The line is over, or the machine would not be where it is.
            Fault::TooMuch if self.format == Format::JsonLines => "there is more behind the end of the record".into(),
            fault => fault.to_string(),
        };
        match self.place() {
            Ok((line, column)) => FormatError::Malformed {
                format: self.format,
                what: format!("{what} (line {line}, column {column})"),
                at: Some(Offset(self.offset())),
            },
            Err(error) => error,
        }
    }
}
