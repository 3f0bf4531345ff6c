//! What records say: runs of bytes with their addresses.

use super::super::{Decoded, DumpOptions, FormatError, malformed, sink::Sink};
use crate::buffer::Len;
use crate::formats::{Format, Limits, MAX_DECODED};
use crate::tasks::Progress;

/// What a gap holds: flash memory that was never written.
const ERASED: u8 = 0xFF;

/// Zeros or other bytes that gaps may become, all together.
const MAX_GAPS: u64 = 64 << 20;

/// Bytes that follow each other.
pub(super) struct Segment {
    pub(super) address: u64,
    pub(super) bytes: Vec<u8>,
    line: u64,
    at: u64,
}

impl Segment {
    fn end(&self) -> u64 {
        self.address + self.bytes.len() as u64
    }
}

/// Everything that a file of records says.
#[derive(Default)]
pub(in crate::formats::dump) struct Image {
    pub(super) segments: Vec<Segment>,
    len: u64,
    fill: u8,
    partial: bool,
    /// Bytes that all runs may have.
    limit: u64,
    /// The address where a program begins, with what kind of record says so.
    pub(super) start: Option<Start>,
    pub(super) notes: Vec<String>,
}

/// Where a program begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats::dump) enum Start {
    /// Of 32 bits.
    Linear(u32),
    /// CS and IP of an 8086.
    Segmented(u16, u16),
}

impl Image {
    pub(super) fn new(options: &DumpOptions) -> Self {
        Self {
            fill: options.fill.unwrap_or(ERASED),
            partial: options.partial,
            limit: options.limit.unwrap_or(MAX_DECODED),
            ..Self::default()
        }
    }

    /// Adds a run of bytes that a line says.
    pub(super) fn push(&mut self, address: u64, bytes: &[u8], line: u64, at: u64) -> Result<(), FormatError> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.len += bytes.len() as u64;
        if self.len > self.limit {
            let what = "the records stand for more bytes than can be put in order at once";
            return Err(Limits::refuse(what, self.limit));
        }
        match self.segments.last_mut().filter(|last| last.end() == address) {
            Some(last) => last.bytes.extend_from_slice(bytes),
            None => self.segments.push(Segment { address, bytes: bytes.to_vec(), line, at }),
        }
        Ok(())
    }

    /// The input ended before its last record: an error, or a note where a part is better than nothing.
    pub(super) fn cut_off(&mut self, format: Format, what: &str, at: u64) -> Result<(), FormatError> {
        if !self.partial {
            return Err(malformed(format, what, at));
        }
        self.notes.push(format!("The input is cut off ({what}); the result holds what came before"));
        Ok(())
    }

    /// Puts the runs in order.
    ///
    /// # Errors
    /// Where two lines say the same address.
    pub(super) fn settle(&mut self, format: Format) -> Result<(), FormatError> {
        self.segments.sort_by_key(|segment| segment.address);
        for pair in self.segments.windows(2) {
            let (first, second) = (&pair[0], &pair[1]);
            if second.address < first.end() {
                let (early, late) = if first.line < second.line { (first, second) } else { (second, first) };
                let what = format!(
                    "the records from line {} on write address {:08X} again, which those from line {} on wrote",
                    late.line, second.address, early.line
                );
                return Err(malformed(format, what, late.at));
            }
        }
        Ok(())
    }

    /// Writes the bytes from the lowest address on.
    pub(super) fn write(mut self, format: Format, sink: &mut Sink<'_>, decoded: &mut Decoded) -> Result<(), FormatError> {
        self.settle(format)?;
        decoded.base = self.segments.first().map_or(0, |segment| segment.address);
        decoded.fill = self.fill;
        let mut next = decoded.base;
        for segment in &self.segments {
            let gap = segment.address - next;
            let most = if self.limit == MAX_DECODED { MAX_GAPS } else { self.limit };
            if gap > most.saturating_sub(decoded.filled) {
                let what = format!("the records jump {} ahead to {:08X}", Len(gap).in_words(), segment.address);
                return Err(FormatError::Limit { what, limit: format!("{} of gaps", Limits::words(most)) });
            }
            if gap > 0 {
                sink.push_cycle(&[self.fill], gap)?;
                decoded.filled += gap;
            }
            segment.bytes.chunks(32 * 1024).try_for_each(|run| sink.push(run))?;
            next = segment.end();
        }
        decoded.notes.append(&mut self.notes);
        if let Some(start) = self.start {
            decoded.notes.push(start_note(start));
        }
        Ok(())
    }
}

fn start_note(start: Start) -> String {
    let at = match start {
        Start::Linear(address) => format!("{address:08X}"),
        Start::Segmented(segment, offset) => format!("{segment:04X}:{offset:04X}"),
    };
    format!("The start address {at} is no part of the bytes")
}

/// What becomes of a start address in the other format.
pub(super) fn start_as(start: Start, to: Format) -> (u32, Option<String>) {
    match (start, to) {
        (Start::Segmented(segment, offset), Format::SRecord) => {
            let linear = (u32::from(segment) << 4).wrapping_add(offset.into());
            let what = format!("The start address {segment:04X}:{offset:04X} is written as {linear:08X}");
            (linear, Some(what))
        }
        (Start::Segmented(segment, offset), _) => (u32::from(segment) << 16 | u32::from(offset), None),
        (Start::Linear(address), _) => (address, None),
    }
}

/// Asked between runs of an image.
pub(super) fn check(progress: &Progress) -> Result<(), FormatError> {
    Ok(progress.check()?)
}
