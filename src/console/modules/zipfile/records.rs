//! The records of an archive, byte for byte; nothing here knows the interpreter.

/// One member.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The name up to its first null character.
    pub(super) filename: String,
    /// The name as it was.
    pub(super) orig_filename: String,
    /// Year, month, day, hour, minute, second.
    pub(super) date_time: [i64; 6],
    pub(super) compress_type: u16,
    /// 0 to 9; `None` is what the method takes by itself.
    pub(super) level: Option<i64>,
    pub(super) comment: Vec<u8>,
    pub(super) extra: Vec<u8>,
    pub(super) create_system: u8,
    pub(super) create_version: u8,
    pub(super) extract_version: u8,
    pub(super) reserved: u8,
    pub(super) flag_bits: u16,
    pub(super) volume: u16,
    pub(super) internal_attr: u16,
    pub(super) external_attr: u32,
    pub(super) header_offset: u64,
    /// Unknown until something was written or read.
    pub(super) crc: Option<u32>,
    pub(super) compress_size: u64,
    pub(super) file_size: u64,
    /// Before which its data must end, in an archive that is read.
    pub(super) end: Option<u64>,
}

/// Sizes and offsets from here on take 64 bits.
const LIMIT_64: u64 = (1 << 31) - 1;
const FLAG_UTF8: u16 = 1 << 11;
/// Sizes follow the data.
pub(super) const FLAG_DESCRIPTOR: u16 = 1 << 3;
/// Bytes of a member's header before its name.
pub(super) const HEADER: usize = 30;
const CENTRAL: usize = 46;
/// Bytes of the last record before its comment.
pub(super) const END: usize = 22;
const END_64: usize = 56;
const LOCATOR_64: usize = 20;

/// Appends integers in little-endian order.
struct Writer(Vec<u8>);

impl Writer {
    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn u16(self, n: u64) -> Self {
        self.bytes(&(n as u16).to_le_bytes())
    }

    fn u32(self, n: u64) -> Self {
        self.bytes(&(n as u32).to_le_bytes())
    }

    fn u64(self, n: u64) -> Self {
        self.bytes(&n.to_le_bytes())
    }
}

/// Reads them; zeros behind the end.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl Reader<'_> {
    fn n(&self, at: usize, len: usize) -> u64 {
        (0..len).rev().fold(0, |n, k| n << 8 | u64::from(self.0.get(at + k).copied().unwrap_or(0)))
    }

    pub(super) fn u16(&self, at: usize) -> u64 {
        self.n(at, 2)
    }

    pub(super) fn u32(&self, at: usize) -> u64 {
        self.n(at, 4)
    }

    fn u64(&self, at: usize) -> u64 {
        self.n(at, 8)
    }
}

impl Entry {
    /// A member that is not written yet.
    pub(super) fn new(name: &str, date_time: [i64; 6]) -> Self {
        Self {
            filename: name.split('\0').next().unwrap_or_default().to_owned(),
            orig_filename: name.to_owned(),
            date_time,
            compress_type: 0,
            level: None,
            comment: Vec::new(),
            extra: Vec::new(),
            create_system: 3,
            create_version: 20,
            extract_version: 20,
            reserved: 0,
            flag_bits: 0,
            volume: 0,
            internal_attr: 0,
            external_attr: 0,
            header_offset: 0,
            crc: None,
            compress_size: 0,
            file_size: 0,
            end: None,
        }
    }

    pub(super) fn is_dir(&self) -> bool {
        self.filename.ends_with('/')
    }

    fn name_and_flags(&self) -> (&[u8], u64) {
        let flags = if self.filename.is_ascii() { self.flag_bits } else { self.flag_bits | FLAG_UTF8 };
        (self.filename.as_bytes(), flags.into())
    }

    /// Time and date as DOS keeps them.
    fn dos(&self) -> (u64, u64) {
        let [year, month, day, hour, minute, second] = self.date_time;
        ((hour << 11 | minute << 5 | second / 2) as u64, ((year - 1980) << 9 | month << 5 | day) as u64)
    }

    /// The header in front of its data.
    pub(super) fn header(&self) -> Vec<u8> {
        let (name, flags) = self.name_and_flags();
        let (time, date) = self.dos();
        let later = self.flag_bits & FLAG_DESCRIPTOR != 0;
        let size = |size: u64| if later { 0 } else { size };
        Writer(Vec::with_capacity(HEADER + name.len()))
            .bytes(b"PK\x03\x04")
            .bytes(&[self.extract_version, self.reserved])
            .u16(flags)
            .u16(self.compress_type.into())
            .u16(time)
            .u16(date)
            .u32(size(self.crc.unwrap_or(0).into()))
            .u32(size(self.compress_size))
            .u32(size(self.file_size))
            .u16(name.len() as u64)
            .u16(self.extra.len() as u64)
            .bytes(name)
            .bytes(&self.extra)
            .0
    }

    /// What follows its data where the archive cannot be gone back in.
    pub(super) fn descriptor(&self) -> Vec<u8> {
        Writer(Vec::new()).bytes(b"PK\x07\x08").u32(self.crc.unwrap_or(0).into()).u32(self.compress_size).u32(self.file_size).0
    }

    /// Its record in the directory.
    pub(super) fn central(&self) -> Vec<u8> {
        let (name, flags) = self.name_and_flags();
        let (time, date) = self.dos();
        let far = self.header_offset > LIMIT_64;
        let mut extra = Vec::new();
        let mut versions = [self.create_version, self.extract_version];
        if far {
            extra = Writer(extra).u16(1).u16(8).u64(self.header_offset).0;
            versions = versions.map(|version| version.max(45));
        }
        extra.extend_from_slice(&self.extra);
        Writer(Vec::with_capacity(CENTRAL + name.len()))
            .bytes(b"PK\x01\x02")
            .bytes(&[versions[0], self.create_system, versions[1], self.reserved])
            .u16(flags)
            .u16(self.compress_type.into())
            .u16(time)
            .u16(date)
            .u32(self.crc.unwrap_or(0).into())
            .u32(self.compress_size)
            .u32(self.file_size)
            .u16(name.len() as u64)
            .u16(extra.len() as u64)
            .u16(self.comment.len() as u64)
            .u16(0)
            .u16(self.internal_attr.into())
            .u32(self.external_attr.into())
            .u32(if far { 0xFFFF_FFFF } else { self.header_offset })
            .bytes(name)
            .bytes(&extra)
            .bytes(&self.comment)
            .0
    }
}

/// The last record, with those of 64 bits where they are needed.
pub(super) fn end_record(count: u64, size: u64, offset: u64, comment: &[u8]) -> Vec<u8> {
    let mut out = Writer(Vec::new());
    if needs_64(count, size, offset).is_some() {
        out = out
            .bytes(b"PK\x06\x06")
            .u64(44)
            .u16(45)
            .u16(45)
            .u32(0)
            .u32(0)
            .u64(count)
            .u64(count)
            .u64(size)
            .u64(offset)
            .bytes(b"PK\x06\x07")
            .u32(0)
            .u64(offset + size)
            .u32(1);
    }
    let (count, size, offset) = (count.min(0xFFFF), size.min(0xFFFF_FFFF), offset.min(0xFFFF_FFFF));
    out.bytes(b"PK\x05\x06").u32(0).u16(count).u16(count).u32(size).u32(offset).u16(comment.len() as u64).bytes(comment).0
}

/// What takes 64 bits, in the words of the complaint where that is not allowed.
pub(super) fn needs_64(count: u64, size: u64, offset: u64) -> Option<&'static str> {
    match () {
        () if count > 0xFFFF => Some("Files count"),
        () if offset > LIMIT_64 => Some("Central directory offset"),
        () if size > LIMIT_64 => Some("Central directory size"),
        () => None,
    }
}

/// Where the directory is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Directory {
    /// Its first byte.
    pub(super) start: u64,
    /// Its bytes.
    pub(super) size: u64,
    /// What is to be added to offsets: bytes that stand in front of the archive.
    pub(super) shift: i128,
    /// The archive's comment.
    pub(super) comment: Vec<u8>,
}

/// Looks for the last record in `tail`, the end of a file of `len` bytes. `None` where there is none.
pub(super) fn find_directory(tail: &[u8], len: u64) -> Option<Result<Directory, &'static str>> {
    let plain = tail.len().checked_sub(END).filter(|at| tail[*at..].starts_with(b"PK\x05\x06") && tail.ends_with(&[0, 0]));
    let at = plain.or_else(|| tail.windows(4).rposition(|four| four == b"PK\x05\x06"))?;
    let record = tail.get(at..at + END)?;
    let record = Reader(record);
    let comment_end = (at + END).saturating_add(record.u16(20) as usize).min(tail.len());
    let comment = tail[at + END..comment_end].to_vec();
    let (mut size, mut offset) = (record.u32(12), record.u32(16));
    let mut shift = i128::from(len - tail.len() as u64) + at as i128;
    let locator = at.checked_sub(LOCATOR_64).map(|at| Reader(&tail[at..])).filter(|record| record.0.starts_with(b"PK\x06\x07"));
    if let Some(locator) = locator {
        if locator.u32(4) != 0 || locator.u32(16) > 1 {
            return Some(Err("zipfiles that span multiple disks are not supported"));
        }
        let record = at.checked_sub(LOCATOR_64 + END_64).map(|at| Reader(&tail[at..]));
        if let Some(record) = record.filter(|record| record.0.starts_with(b"PK\x06\x06")) {
            (size, offset) = (record.u64(40), record.u64(48));
            shift -= (END_64 + LOCATOR_64) as i128;
        }
    }
    shift -= i128::from(size) + i128::from(offset);
    let start = i128::from(offset) + shift;
    Some(match u64::try_from(start) {
        Ok(start) => Ok(Directory { start, size, shift, comment }),
        Err(_) => Err("Bad offset for central directory"),
    })
}

/// Why a directory cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// `BadZipFile`
    Bad(String),
    /// `NotImplementedError`
    Version(String),
}

/// The next record of the directory, and its length.
pub(super) fn read_central(bytes: &[u8], shift: i128) -> Result<(Entry, usize), Broken> {
    let bad = |message: &str| Broken::Bad(message.to_owned());
    if bytes.len() < CENTRAL {
        return Err(bad("Truncated central directory"));
    }
    let record = Reader(bytes);
    if !bytes.starts_with(b"PK\x01\x02") {
        return Err(bad("Bad magic number for central directory"));
    }
    let (name, extra, comment) = (record.u16(28) as usize, record.u16(30) as usize, record.u16(32) as usize);
    let part = |from: usize, len: usize| bytes.get(from.min(bytes.len())..(from + len).min(bytes.len())).unwrap_or_default();
    let (raw_name, flags) = (part(CENTRAL, name), record.u16(8) as u16);
    let filename = decode_name(raw_name, flags);
    let (time, date) = (record.u16(12) as i64, record.u16(14) as i64);
    let date_time = [(date >> 9) + 1980, date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, (time & 31) * 2];
    let mut entry = Entry {
        compress_type: record.u16(10) as u16,
        comment: part(CENTRAL + name + extra, comment).to_vec(),
        extra: part(CENTRAL + name, extra).to_vec(),
        create_version: bytes[4],
        create_system: bytes[5],
        extract_version: bytes[6],
        reserved: bytes[7],
        flag_bits: flags,
        volume: record.u16(34) as u16,
        internal_attr: record.u16(36) as u16,
        external_attr: record.u32(38) as u32,
        crc: Some(record.u32(16) as u32),
        compress_size: record.u32(20),
        file_size: record.u32(24),
        header_offset: record.u32(42),
        ..Entry::new(&filename, date_time)
    };
    if entry.extract_version > 63 {
        return Err(Broken::Version(format!("zip file version {:.1}", f64::from(entry.extract_version) / 10.0)));
    }
    decode_extra(&mut entry)?;
    entry.header_offset =
        u64::try_from(i128::from(entry.header_offset) + shift).map_err(|_| bad("Bad offset for central directory"))?;
    Ok((entry, CENTRAL + name + extra + comment))
}

/// Sizes of 64 bits stand in an extra field.
fn decode_extra(entry: &mut Entry) -> Result<(), Broken> {
    let extra = std::mem::take(&mut entry.extra);
    let mut rest = extra.as_slice();
    let outcome = loop {
        if rest.len() < 4 {
            break Ok(());
        }
        let (kind, len) = (Reader(rest).u16(0), Reader(rest).u16(2) as usize);
        if len + 4 > rest.len() {
            break Err(Broken::Bad(format!("Corrupt extra field {kind:04x} (size={len})")));
        }
        if kind == 1 {
            let mut data = &rest[4..len + 4];
            let fields = [
                ("File size", &mut entry.file_size),
                ("Compress size", &mut entry.compress_size),
                ("Header offset", &mut entry.header_offset),
            ];
            for (name, field) in fields {
                if *field != 0xFFFF_FFFF {
                    continue;
                }
                if data.len() < 8 {
                    return Err(Broken::Bad(format!("Corrupt zip64 extra field. {name} not found.")));
                }
                *field = Reader(data).u64(0);
                data = &data[8..];
            }
        }
        rest = &rest[len + 4..];
    };
    entry.extra = extra;
    outcome
}

/// A name in UTF-8 or, in archives without that flag, in code page 437.
pub(super) fn decode_name(name: &[u8], flags: u16) -> String {
    const HIGH: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
    if flags & FLAG_UTF8 != 0 || name.is_ascii() {
        return String::from_utf8_lossy(name).into_owned();
    }
    let high: Vec<char> = HIGH.chars().collect();
    name.iter().map(|byte| byte.checked_sub(128).map_or(char::from(*byte), |at| high[usize::from(at)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_laid_out_as_cpython_lays_it_out() {
        let mut entry = Entry::new("q", [1980, 1, 1, 0, 0, 0]);
        entry.crc = Some(0x3524_41C2);
        (entry.compress_size, entry.file_size, entry.external_attr) = (3, 3, 0o600 << 16);
        let mut bytes = entry.header();
        bytes.extend_from_slice(b"abc");
        let start = bytes.len() as u64;
        bytes.extend(entry.central());
        bytes.extend(end_record(1, bytes.len() as u64 - start, start, b""));
        let expected: &[u8] = b"PK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00!\x00\xc2A$5\x03\x00\x00\x00\x03\x00\x00\x00\x01\x00\x00\x00qabc\
            PK\x01\x02\x14\x03\x14\x00\x00\x00\x00\x00\x00\x00!\x00\xc2A$5\x03\x00\x00\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\
            \x00\x00\x00\x00\x00\x80\x01\x00\x00\x00\x00qPK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00/\x00\x00\x00\"\x00\x00\x00\x00\x00";
        assert_eq!(bytes, expected);
        let directory = find_directory(&bytes, bytes.len() as u64).unwrap().unwrap();
        assert_eq!((directory.start, directory.shift), (start, 0));
        let (again, len) = read_central(&bytes[start as usize..], 0).unwrap();
        assert_eq!((again.filename.as_str(), again.file_size, len), ("q", 3, 47));
    }

    #[test]
    fn many_members_take_records_of_64_bits() {
        let bytes = end_record(70_000, 10, 5, b"");
        assert_eq!(bytes.len(), END_64 + LOCATOR_64 + END);
        let mut file = vec![0; 15];
        file.extend(bytes);
        let directory = find_directory(&file, file.len() as u64).unwrap().unwrap();
        assert_eq!((directory.start, directory.size, directory.shift), (5, 10, 0));
    }

    #[test]
    fn names_without_the_flag_are_of_an_old_code_page() {
        assert_eq!(decode_name(b"a\x81\xe1", 0), "aüß");
        assert_eq!(decode_name("é".as_bytes(), FLAG_UTF8), "é");
    }
}
