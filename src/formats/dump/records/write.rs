//! Writing records.

use super::super::{DumpOptions, Encode, FormatError, sink::Sink};
use super::image::{Image, Start, check, start_as};
use crate::formats::{DumpOptions as Options, Format};
use crate::tasks::Progress;

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// The end of the addresses that both formats have.
const END: u64 = 1 << 32;

/// Writes bytes that follow each other from an address on; jumps where it is told to.
pub(in crate::formats::dump) struct Encoder {
    format: Format,
    /// Bytes a full record.
    record: usize,
    /// The address of the first byte that waits.
    address: u64,
    waiting: Vec<u8>,
    /// The upper half of the address that was told last.
    upper: u64,
    /// S1, S2 or S3.
    kind: u8,
    records: u64,
    begun: bool,
    header: Vec<u8>,
    start: Option<Start>,
}

impl Encoder {
    /// For `len` bytes in all where that is known; it decides how wide an S-record's addresses are.
    pub(in crate::formats::dump) fn new(format: Format, options: &Options, len: Option<u64>) -> Self {
        let last = len.map_or(u64::MAX, |len| options.address.saturating_add(len.saturating_sub(1)));
        let last = last.max(options.start.unwrap_or(0).into());
        let kind = match last {
            0..=0xFFFF => 1,
            0x1_0000..=0xFF_FFFF => 2,
            _ => 3,
        };
        Self {
            format,
            record: options.record.unwrap_or(DumpOptions::RECORD) as usize,
            address: options.address,
            waiting: Vec::new(),
            upper: 0,
            kind,
            records: 0,
            begun: false,
            header: options.name.clone().unwrap_or_default().into_bytes(),
            start: options.start.map(Start::Linear),
        }
    }

    /// Where the record that begins at `address` has to end: full records stand at multiples of their length, and none of
    /// Intel's passes the upper half of its address.
    fn room(&self) -> usize {
        let record = self.record as u64;
        let aligned = record - self.address % record;
        let room = if self.format == Format::IntelHex { aligned.min(0x1_0000 - self.address % 0x1_0000) } else { aligned };
        room as usize
    }

    fn put(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.address + bytes.len() as u64 > END {
            let what = format!("the bytes reach to address {:X}", self.address + bytes.len() as u64 - 1);
            return Err(FormatError::Limit { what, limit: "FFFFFFFF".into() });
        }
        if self.format == Format::IntelHex {
            let upper = self.address >> 16;
            if upper != self.upper {
                intel(sink, 0, 4, &(upper as u16).to_be_bytes());
                self.upper = upper;
            }
            intel(sink, self.address as u16, 0, bytes);
        } else {
            motorola(sink, self.kind, self.address as u32, bytes);
        }
        self.address += bytes.len() as u64;
        self.records += 1;
        sink.settle()
    }

    fn begin(&mut self, sink: &mut Sink<'_>) {
        if !std::mem::replace(&mut self.begun, true) && self.format == Format::SRecord {
            let header = std::mem::take(&mut self.header);
            motorola(sink, 0, 0, &header[..header.len().min(DumpOptions::MAX_HEADER)]);
        }
    }

    /// The next byte stands at `address`.
    fn jump(&mut self, address: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.rest(sink)?;
        self.address = address;
        Ok(())
    }

    fn rest(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() { Ok(()) } else { self.put(&waiting, sink) }
    }
}

impl Encode for Encoder {
    fn feed(&mut self, mut bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.begin(sink);
        if !self.waiting.is_empty() {
            let missing = (self.room() - self.waiting.len()).min(bytes.len());
            self.waiting.extend_from_slice(&bytes[..missing]);
            bytes = &bytes[missing..];
            if self.waiting.len() == self.room() {
                self.rest(sink)?;
            }
        }
        while !bytes.is_empty() && bytes.len() >= self.room() {
            let (record, rest) = bytes.split_at(self.room());
            self.put(record, sink)?;
            bytes = rest;
        }
        self.waiting.extend_from_slice(bytes);
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.begin(sink);
        self.rest(sink)?;
        if self.format == Format::IntelHex {
            match self.start {
                Some(Start::Linear(start)) => intel(sink, 0, 5, &start.to_be_bytes()),
                Some(Start::Segmented(segment, offset)) => {
                    intel(sink, 0, 3, &(u32::from(segment) << 16 | u32::from(offset)).to_be_bytes());
                }
                None => {}
            }
            intel(sink, 0, 1, &[]);
        } else {
            match self.records {
                0 => {}
                1..=0xFFFF => motorola(sink, 5, self.records as u32, &[]),
                0x1_0000..=0xFF_FFFF => motorola(sink, 6, self.records as u32, &[]),
                _ => {}
            }
            let start = self.start.map_or(0, |start| start_as(start, self.format).0);
            motorola(sink, 10 - self.kind, start, &[]);
        }
        sink.settle()
    }
}

/// Writes an image as it is: its addresses, or all moved so that the lowest is the one that was chosen. What it returns is a
/// sentence for the user.
pub(super) fn image(
    image: &Image,
    to: Format,
    options: &Options,
    sink: &mut Sink<'_>,
    progress: &Progress,
) -> Result<Option<String>, FormatError> {
    let lowest = image.segments.first().map_or(0, |segment| segment.address);
    let base = if options.address > 0 { options.address } else { lowest };
    let end = image.segments.last().map_or(0, |segment| segment.address - lowest + base + segment.bytes.len() as u64);
    let start = options.start.map(Start::Linear).or(image.start);
    let (address, note) = start.map(|start| start_as(start, to)).unzip();
    let told = Options { address: base, start: address, ..options.clone() };
    let mut encoder = Encoder::new(to, &told, Some(end - base));
    encoder.start = start;
    for segment in &image.segments {
        encoder.jump(segment.address - lowest + base, sink)?;
        for run in segment.bytes.chunks(64 * 1024) {
            check(progress)?;
            encoder.feed(run, sink)?;
        }
    }
    encoder.finish(sink)?;
    Ok(note.flatten())
}

fn push_hex(line: &mut Vec<u8>, bytes: &[u8]) -> u8 {
    let mut sum = 0_u8;
    for &byte in bytes {
        line.extend_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        sum = sum.wrapping_add(byte);
    }
    sum
}

fn intel(sink: &mut Sink<'_>, offset: u16, kind: u8, data: &[u8]) {
    let line = sink.block();
    let [high, low] = offset.to_be_bytes();
    line.push(b':');
    let head = push_hex(line, &[data.len() as u8, high, low, kind]);
    let sum = head.wrapping_add(push_hex(line, data)).wrapping_neg();
    push_hex(line, &[sum]);
    line.push(b'\n');
}

fn motorola(sink: &mut Sink<'_>, kind: u8, address: u32, data: &[u8]) {
    let line = sink.block();
    let width = super::motorola::address_len(kind).unwrap_or(4);
    line.extend_from_slice(&[b'S', b'0' + kind]);
    let head = push_hex(line, &[(width + data.len() + 1) as u8]);
    let head = head.wrapping_add(push_hex(line, &address.to_be_bytes()[4 - width..]));
    let sum = !head.wrapping_add(push_hex(line, data));
    push_hex(line, &[sum]);
    line.push(b'\n');
}
