//! ZIP: files with their local headers, the central directory that names them, and the records at the end (APPNOTE 6.3).

use super::draft::{Draft, bytes, shown};
use super::fields::Fields;
use super::list::{Cursor, list, trailing};
use super::scan::{Order, Scan};
use crate::buffer::{ByteRange, Len, Offset};
use crate::formats::FormatError;

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const END_64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR: [u8; 4] = *b"PK\x06\x07";
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";

/// What stands in a field of 16 or 32 bits whose value is elsewhere.
const ELSEWHERE_32: u64 = 0xFFFF_FFFF;

/// The end of the central directory, and what it says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct End {
    at: u64,
    /// Where the central directory is.
    directory: u64,
    size: u64,
    files: u64,
    /// What must be added to the places that records name: an archive may have something in front of it.
    shift: u64,
    /// The record of 64 bits, and its locator.
    large: Option<(u64, u64)>,
}

/// Whether a file that begins like this may be a ZIP archive behind something else: its own format says where it ends otherwise.
pub(super) fn can_stand_behind(head: &[u8]) -> bool {
    let own: [&[u8]; 6] = [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"RIFF", b"\x1F\x8B", b"qoif"];
    !own.iter().any(|start| head.starts_with(start))
}

/// Looks for the end of a central directory in the last bytes of the file.
pub(super) fn find_end(scan: &Scan<'_>) -> Result<Option<End>, FormatError> {
    const RECORD: u64 = 22;
    let len = scan.len.min(RECORD + 65_535);
    let start = scan.len - len;
    let tail = scan.buffer.to_vec(ByteRange::new(Offset(start), Len(len)))?;
    let mut found = memchr::memmem::rfind_iter(&tail, &END).map(|n| start + n as u64);
    let fits = |at: &u64| {
        let comment = tail.get((at - start) as usize + 20..).and_then(|rest| rest.first_chunk::<2>());
        comment.is_some_and(|comment| at + RECORD + u64::from(u16::from_le_bytes(*comment)) <= scan.len)
    };
    let Some(at) = found.find(fits) else { return Ok(None) };
    let number = |at, width: usize| -> Result<u64, FormatError> {
        let read = scan.bytes(at, width as u64)?;
        Ok(Order::Little.number(&read))
    };
    let (mut files, mut size, mut offset) = (number(at + 10, 2)?, number(at + 12, 4)?, number(at + 16, 4)?);
    let mut large = None;
    let mut end = at;
    if let Some(locator) = at.checked_sub(20)
        && scan.array::<4>(locator)? == Some(LOCATOR)
    {
        // With something in front the record is not where the locator says; it is right before it then.
        let named = number(locator + 8, 8)?;
        for record in [named, locator.saturating_sub(56)] {
            if record < locator && scan.array::<4>(record)? == Some(END_64) {
                (files, size, offset) = (number(record + 32, 8)?, number(record + 40, 8)?, number(record + 48, 8)?);
                large = Some((record, locator));
                end = record;
                break;
            }
        }
    }
    let directory = end.saturating_sub(size);
    // The directory is right before the record, unless what stands there is none and the named place is right.
    let directory_is = |at| scan.array::<4>(at).map(|head| head == Some(CENTRAL));
    let (directory, shift) = match directory.checked_sub(offset) {
        Some(shift) if size == 0 || directory_is(directory)? => (directory, shift),
        _ => (offset, 0),
    };
    Ok(Some(End { at, directory, size, files, shift, large }))
}

pub(super) fn read(scan: &Scan<'_>, end: Option<End>) -> Result<Vec<Draft>, FormatError> {
    let Some(end) = end else {
        let files = Files { source: Source::Sequence, at: 0, end: scan.len, left: None, shift: 0, before: 0 };
        let mut parts = list(scan, Cursor::Files(files))?;
        parts.push(Draft::new("Missing end of central directory", scan.len, 0).problem("the file is cut off, or no ZIP archive"));
        return Ok(parts);
    };
    let directory_end = end.directory.saturating_add(end.size);
    let central = Central { at: end.directory, end: directory_end.min(scan.len), left: end.files };
    let mut parts = Vec::new();
    if let Some(first) = central.clone().record(scan)? {
        let first = first.offset.saturating_add(end.shift);
        if first > 0 && first <= scan.len {
            parts.push(Draft::new("Data before the files", 0, first).value(bytes(first)));
        }
        let source = Source::Directory;
        let files = Files { source, at: end.directory, end: central.end, left: Some(end.files), shift: end.shift, before: 0 };
        let start = first.min(end.directory);
        let part = Draft::new("Files", start, end.directory - start).value(format!("{} files", end.files));
        parts.push(part.parts(list(scan, Cursor::Files(files))?));
    }
    let directory = Draft::sized(scan, "Central directory", end.directory, end.size, end.at);
    if directory.len > 0 || !directory.problems.is_empty() {
        let records = list(scan, Cursor::Central(central))?;
        parts.push(directory.value(format!("{} records", end.files)).parts(records));
    }
    if let Some((record, locator)) = end.large {
        parts.push(end_64(scan, record, locator)?);
        let mut fields = Fields::new(scan, Order::Little, locator, locator + 20);
        fields.text("Signature", 4)?;
        fields.uint("Disk", 4)?;
        fields.uint("Offset of the record", 8)?;
        fields.uint("Disks", 4)?;
        parts.push(fields.into(Draft::new("Zip64 end locator", locator, 20)));
    }
    let last = end_record(scan, end.at)?;
    let behind = last.end();
    parts.push(last);
    parts.extend(trailing(scan, behind, "Data behind the end"));
    Ok(parts)
}

fn end_64(scan: &Scan<'_>, record: u64, locator: u64) -> Result<Draft, FormatError> {
    let mut fields = Fields::new(scan, Order::Little, record, locator);
    fields.text("Signature", 4)?;
    fields.uint("Size", 8)?;
    fields.uint("Version made by", 2)?;
    fields.uint("Version needed", 2)?;
    fields.uint("Disk", 4)?;
    fields.uint("Disk of the directory", 4)?;
    fields.uint("Records on this disk", 8)?;
    fields.uint("Records", 8)?;
    fields.uint("Directory size", 8)?;
    fields.uint("Directory offset", 8)?;
    fields.rest("Extensible data")?;
    Ok(fields.into(Draft::new("Zip64 end of central directory", record, locator - record)))
}

fn end_record(scan: &Scan<'_>, at: u64) -> Result<Draft, FormatError> {
    let mut fields = Fields::new(scan, Order::Little, at, scan.len);
    fields.text("Signature", 4)?;
    fields.uint("Disk", 2)?;
    fields.uint("Disk of the directory", 2)?;
    fields.uint("Records on this disk", 2)?;
    fields.uint("Records", 2)?;
    fields.uint("Directory size", 4)?;
    fields.uint("Directory offset", 4)?;
    let comment = fields.uint("Comment length", 2)?;
    if comment > 0 {
        fields.text("Comment", comment)?;
    }
    let len = fields.at() - at;
    Ok(fields.into(Draft::new("End of central directory", at, len)))
}

/// The records of the central directory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Central {
    at: u64,
    end: u64,
    left: u64,
}

/// What a record says about its file.
struct Record {
    flags: u64,
    method: u64,
    crc: u64,
    packed: u64,
    unpacked: u64,
    name: Vec<u8>,
    /// Where the local header is.
    offset: u64,
    end: u64,
}

impl Central {
    pub(super) fn left(&self) -> Option<u64> {
        // The record at the end may name more than there are.
        Some(self.left.min((self.end.saturating_sub(self.at)) / 46))
    }

    /// The next record, without parts for a view.
    fn record(&mut self, scan: &Scan<'_>) -> Result<Option<Record>, FormatError> {
        let at = self.at;
        if at.saturating_add(46) > self.end || scan.array::<4>(at)? != Some(CENTRAL) {
            return Ok(None);
        }
        let head = scan.bytes(at, 46)?;
        let number = |from: usize, width: usize| head.get(from..from + width).map_or(0, |part| Order::Little.number(part));
        let (name, extra, comment) = (number(28, 2), number(30, 2), number(32, 2));
        let mut record = Record {
            flags: number(8, 2),
            method: number(10, 2),
            crc: number(16, 4),
            packed: number(20, 4),
            unpacked: number(24, 4),
            name: scan.bytes(at + 46, name)?,
            offset: number(42, 4),
            end: at + 46 + name + extra + comment,
        };
        // The values that do not fit are in the extra field, in this order.
        let extra = scan.bytes(at + 46 + name, extra)?;
        if let Some(large) = extra_field(&extra, 1) {
            let (words, _) = large.as_chunks::<8>();
            let mut words = words.iter().map(|word| u64::from_le_bytes(*word));
            for value in [&mut record.unpacked, &mut record.packed, &mut record.offset] {
                if *value == ELSEWHERE_32 {
                    *value = words.next().unwrap_or(*value);
                }
            }
        }
        self.at = record.end;
        Ok(Some(record))
    }

    pub(super) fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        let at = self.at;
        let Some(record) = self.record(scan)? else {
            let rest = self.end.saturating_sub(at);
            let missing = std::mem::take(&mut self.left);
            if rest == 0 && missing == 0 {
                return Ok(None);
            }
            self.at = self.end;
            let part = Draft::new("No record", at.min(scan.len), rest);
            return Ok(Some(part.problem(format!("{missing} records are missing here"))));
        };
        self.left = self.left.saturating_sub(1);
        let mut fields = Fields::new(scan, Order::Little, at, record.end.min(self.end));
        fields.text("Signature", 4)?;
        fields.uint("Version made by", 2)?;
        common(&mut fields)?;
        let name = fields.uint("Name length", 2)?;
        let extra = fields.uint("Extra length", 2)?;
        let comment = fields.uint("Comment length", 2)?;
        fields.uint("Disk", 2)?;
        fields.hex("Internal attributes", 2)?;
        fields.hex("External attributes", 4)?;
        fields.uint("Local header offset", 4)?;
        fields.text("Name", name)?;
        extra_fields(scan, &mut fields, extra)?;
        if comment > 0 {
            fields.text("Comment", comment)?;
        }
        let part = Draft::sized(scan, shown(&record.name), at, record.end - at, self.end);
        Ok(Some(fields.into(part.value(format!("file at 0x{:X}", record.offset)))))
    }
}

/// The data of one kind in an extra field.
fn extra_field(extra: &[u8], wanted: u16) -> Option<&[u8]> {
    let mut rest = extra;
    while let Some((head, data)) = rest.split_first_chunk::<4>() {
        let len = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let field = data.get(..len)?;
        if u16::from_le_bytes([head[0], head[1]]) == wanted {
            return Some(field);
        }
        rest = &data[len..];
    }
    None
}

/// The fields that local headers and records share; flags, method, sizes.
fn common(fields: &mut Fields<'_, '_>) -> Result<[u64; 2], FormatError> {
    fields.uint("Version needed", 2)?;
    let flags = fields.shown("Flags", 2, |flags| {
        let names = [(1, "encrypted"), (8, "sizes behind the data"), (0x800, "UTF-8 name"), (0x40, "strong encryption")];
        let set: Vec<&str> = names.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, name)| *name).collect();
        format!("0x{flags:04X}{}{}", if set.is_empty() { "" } else { ": " }, set.join(", "))
    })?;
    let method = fields.named("Method", 2, method_name)?;
    fields.shown("Time", 2, |time| format!("{:02}:{:02}:{:02}", time >> 11, time >> 5 & 63, (time & 31) * 2))?;
    fields.shown("Date", 2, |date| format!("{}-{:02}-{:02}", 1980 + (date >> 9), date >> 5 & 15, date & 31))?;
    fields.hex("CRC-32", 4)?;
    fields.uint("Packed size", 4)?;
    fields.uint("Unpacked size", 4)?;
    Ok([flags, method])
}

fn method_name(method: u64) -> Option<&'static str> {
    Some(match method {
        0 => "stored",
        8 => "deflate",
        9 => "deflate64",
        12 => "bzip2",
        14 => "LZMA",
        93 => "Zstandard",
        95 => "XZ",
        99 => "AES",
        _ => return None,
    })
}

fn extra_fields(scan: &Scan<'_>, fields: &mut Fields<'_, '_>, len: u64) -> Result<(), FormatError> {
    let end = fields.at().saturating_add(len);
    if len == 0 || len > fields.left() {
        return fields.raw("Extra field", len);
    }
    let start = fields.at();
    let mut inner = Fields::new(scan, Order::Little, start, end);
    while inner.left() >= 4 {
        inner.shown("Kind", 2, |kind| match kind {
            1 => "0x0001 (Zip64)".into(),
            0x5455 => "0x5455 (times)".into(),
            0x7875 => "0x7875 (Unix owner)".into(),
            0x000A => "0x000A (NTFS)".into(),
            0x7075 => "0x7075 (UTF-8 name)".into(),
            0x9901 => "0x9901 (AES)".into(),
            _ => format!("0x{kind:04X}"),
        })?;
        let len = inner.uint("Size", 2)?;
        inner.raw("Data", len)?;
        if inner.is_short() {
            break;
        }
    }
    inner.rest("Rest")?;
    let part = inner.into(Draft::new("Extra field", start, len));
    fields.push(part);
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    /// The central directory says where the files are.
    Directory,
    /// One file follows the other: there is no central directory.
    Sequence,
}

/// The files with their local headers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Files {
    source: Source,
    /// The next record, or the next file.
    at: u64,
    end: u64,
    left: Option<u64>,
    shift: u64,
    /// The place behind the file before.
    before: u64,
}

impl Files {
    pub(super) fn left(&self) -> Option<u64> {
        Some(self.left?.min(self.end.saturating_sub(self.at) / 46))
    }

    pub(super) fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        match self.source {
            Source::Directory => {
                let mut central = Central { at: self.at, end: self.end, left: 1 };
                let Some(record) = central.record(scan)? else { return Ok(None) };
                self.at = central.at;
                self.left = self.left.map(|left| left.saturating_sub(1));
                let at = record.offset.saturating_add(self.shift);
                let mut part = file(scan, at, Some(&record), self.end)?;
                if at < self.before && part.len > 0 {
                    part = part.problem("it overlaps the file before it");
                }
                self.before = self.before.max(part.end());
                Ok(Some(part))
            }
            Source::Sequence => {
                let at = self.at;
                match scan.array::<4>(at)? {
                    Some(LOCAL) => {
                        let part = file(scan, at, None, self.end)?;
                        self.at = part.end().max(at + 4);
                        Ok(Some(part))
                    }
                    _ if at >= scan.len => Ok(None),
                    _ => {
                        self.at = scan.len;
                        Ok(Some(Draft::new("Data", at, scan.len - at).value(bytes(scan.len - at))))
                    }
                }
            }
        }
    }
}

/// A local header, the data behind it, and the descriptor behind those.
fn file(scan: &Scan<'_>, at: u64, record: Option<&Record>, end: u64) -> Result<Draft, FormatError> {
    let named = record.map(|record| shown(&record.name));
    if scan.array::<4>(at)? != Some(LOCAL) {
        let part = Draft::new(named.unwrap_or_else(|| "File".into()), at.min(scan.len), 0);
        return Ok(part.problem(format!("there is no local header at 0x{at:X}")));
    }
    let mut fields = Fields::new(scan, Order::Little, at, scan.len);
    fields.text("Signature", 4)?;
    let [flags, method] = common(&mut fields)?;
    let head = scan.bytes(at + 14, 12)?;
    let number = |from: usize| head.get(from..from + 4).map_or(0, |part| Order::Little.number(part));
    let (mut crc, mut packed, mut unpacked) = (number(0), number(4), number(8));
    let name_len = fields.uint("Name length", 2)?;
    let extra_len = fields.uint("Extra length", 2)?;
    let name = fields.text("Name", name_len)?;
    let extra_at = fields.at();
    extra_fields(scan, &mut fields, extra_len)?;
    if let Some(record) = record {
        if record.name != name && !fields.is_short() {
            fields.problem("the name differs from the one in the central directory");
        }
        if record.method != method {
            fields.problem("the method differs from the one in the central directory");
        }
        (crc, packed, unpacked) = (record.crc, record.packed, record.unpacked);
    } else if packed == ELSEWHERE_32 || unpacked == ELSEWHERE_32 {
        let extra = scan.bytes(extra_at, extra_len)?;
        let large =
            extra_field(&extra, 1).and_then(|large| Some((large.first_chunk::<8>()?, large.get(8..)?.first_chunk::<8>()?)));
        if let Some((first, second)) = large {
            (unpacked, packed) = (u64::from_le_bytes(*first), u64::from_le_bytes(*second));
        }
    }
    let flags = record.map_or(flags, |record| flags | record.flags);
    let behind = flags & 8 != 0;
    let data_at = fields.at();
    // Only what follows it says how long a file is whose sizes come behind its data.
    let unknown = behind && record.is_none() && packed == 0;
    let len = if unknown { find_descriptor(scan, data_at)? } else { packed };
    if len > 0 {
        let limit = if record.is_some() && end > data_at { end } else { scan.len };
        let data = Draft::sized(scan, "Data", data_at, len, limit.min(scan.len));
        let mut data = data.value(bytes(len));
        if method == 0 && flags & 1 == 0 && data.problems.is_empty() && !unknown {
            match scan.crc32(data_at, data_at + len)? {
                Some(sum) if u64::from(sum) != crc => {
                    data = data.problem(format!("the CRC-32 of the data is 0x{sum:08X}, not 0x{crc:08X}"));
                }
                _ => {}
            }
        }
        fields.push(data);
    }
    if behind && !fields.is_short() {
        descriptor(scan, &mut fields, packed, unpacked)?;
    }
    let end = fields.at();
    let method = method_name(method).map_or_else(|| format!("method {method}"), str::to_owned);
    let sizes = if unknown { method } else { format!("{method}, {packed} of {}", bytes(unpacked)) };
    let part = Draft::new(named.unwrap_or_else(|| shown(&name)), at, end - at).value(sizes);
    Ok(fields.into(part))
}

/// Bytes up to the next descriptor, or to the end of the file.
fn find_descriptor(scan: &Scan<'_>, from: u64) -> Result<u64, FormatError> {
    let mut at = from;
    loop {
        scan.at(at)?;
        let block = scan.bytes(at, 1 << 16)?;
        if let Some(n) = memchr::memmem::find(&block, &DESCRIPTOR) {
            return Ok(at + n as u64 - from);
        }
        if block.len() < 1 << 16 {
            return Ok(scan.len - from.min(scan.len));
        }
        at += block.len() as u64 - 3;
    }
}

fn descriptor(scan: &Scan<'_>, fields: &mut Fields<'_, '_>, packed: u64, unpacked: u64) -> Result<(), FormatError> {
    let at = fields.at();
    let signed = scan.array::<4>(at)? == Some(DESCRIPTOR);
    // Sizes have 8 bytes where what follows stands behind those.
    let sizes = at + 4 + u64::from(signed) * 4;
    let follows = |at: u64| scan.array::<2>(at).map(|head| head == Some(*b"PK"));
    let large = packed > ELSEWHERE_32 || unpacked > ELSEWHERE_32 || (!follows(sizes + 8)? && follows(sizes + 16)?);
    let width = if large { 8 } else { 4 };
    let mut inner = Fields::new(scan, Order::Little, at, scan.len);
    if signed {
        inner.text("Signature", 4)?;
    }
    inner.hex("CRC-32", 4)?;
    inner.uint("Packed size", width)?;
    inner.uint("Unpacked size", width)?;
    let len = inner.at() - at;
    let part = inner.into(Draft::new("Data descriptor", at, len));
    fields.push(part);
    Ok(())
}
