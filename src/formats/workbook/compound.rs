//! The streams in an OLE compound file (MS-CFB), as far as an XLS workbook needs them.

use std::collections::HashMap;

use crate::buffer::{Buffer, ByteRange, Len, Offset, ReadError};

/// What every compound file begins with.
pub(in crate::formats) const SIGNATURE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Sector numbers from here on stand for something else.
const LAST_SECTOR: u32 = 0xFFFF_FFFA;

/// Entries of the directory that are looked at.
const MAX_ENTRIES: usize = 16_384;

/// A compound file whose chains of sectors are followed on demand.
pub(in crate::formats) struct Compound<'a> {
    input: &'a Buffer,
    sector: u64,
    mini_sector: u64,
    mini_cutoff: u64,
    /// The sectors that hold the table of sectors.
    table: Vec<u32>,
    mini_table: u32,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    root: bool,
    first: u32,
    len: u64,
}

impl<'a> Compound<'a> {
    /// `None` where this is no compound file, or a broken one.
    pub(in crate::formats) fn open(input: &'a Buffer) -> Result<Option<Self>, ReadError> {
        let head = input.to_vec(ByteRange::new(Offset::ZERO, Len(512)))?;
        if head.len() < 512 || !head.starts_with(&SIGNATURE) {
            return Ok(None);
        }
        let (shift, mini_shift) = (u16_at(&head, 30), u16_at(&head, 32));
        if !(7..=16).contains(&shift) || mini_shift >= shift {
            return Ok(None);
        }
        let mut found = Self {
            input,
            sector: 1 << shift,
            mini_sector: 1 << mini_shift,
            mini_cutoff: u32_at(&head, 56).into(),
            table: head[76..512].chunks_exact(4).map(|entry| u32_at(entry, 0)).take_while(|&n| n < LAST_SECTOR).collect(),
            mini_table: u32_at(&head, 60),
            entries: Vec::new(),
        };
        // More places of the table, in a chain of their own.
        let (mut next, mut left) = (u32_at(&head, 68), input.len().0 / found.sector + 1);
        while next < LAST_SECTOR && left > 0 {
            let sector = found.sector_bytes(next)?;
            let Some((places, link)) = sector.split_last_chunk::<4>() else { break };
            found.table.extend(places.chunks_exact(4).map(|entry| u32_at(entry, 0)).take_while(|&n| n < LAST_SECTOR));
            next = u32::from_le_bytes(*link);
            left -= 1;
        }
        let directory = found.chain(u32_at(&head, 48), (MAX_ENTRIES * 128) as u64)?;
        for raw in directory.chunks_exact(128) {
            let units = usize::from(u16_at(raw, 64) / 2).min(32).saturating_sub(1);
            let name: Vec<u16> = raw[..units * 2].chunks_exact(2).map(|unit| u16_at(unit, 0)).collect();
            found.entries.push(Entry {
                name: String::from_utf16_lossy(&name),
                root: raw[66] == 5,
                first: u32_at(raw, 116),
                len: u32_at(raw, 120).into(),
            });
        }
        Ok(Some(found))
    }

    /// Whether there is a stream or folder of that name, in any case of letters.
    pub(in crate::formats) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of every stream of that name.
    pub(super) fn streams(&self, name: &str) -> Result<Vec<Vec<u8>>, ReadError> {
        let named = self.entries.iter().filter(|entry| entry.name.eq_ignore_ascii_case(name));
        named.map(|entry| self.stream(entry)).collect()
    }

    fn stream(&self, entry: &Entry) -> Result<Vec<u8>, ReadError> {
        if entry.len >= self.mini_cutoff {
            return self.chain(entry.first, entry.len);
        }
        // Short streams share the root's sectors.
        let Some(root) = self.entries.iter().find(|entry| entry.root) else { return Ok(Vec::new()) };
        let shared = self.chain(root.first, root.len)?;
        let links = self.chain(self.mini_table, self.input.len().0)?;
        let mut bytes = Vec::new();
        let mut next = entry.first;
        while next < LAST_SECTOR && (bytes.len() as u64) < entry.len {
            let start = u64::from(next) * self.mini_sector;
            let Some(sector) = shared.get(start as usize..).map(|rest| &rest[..rest.len().min(self.mini_sector as usize)]) else {
                break;
            };
            if sector.is_empty() {
                break;
            }
            bytes.extend_from_slice(sector);
            next = links.get(next as usize * 4..next as usize * 4 + 4).map_or(u32::MAX, |link| u32_at(link, 0));
        }
        bytes.truncate(entry.len as usize);
        Ok(bytes)
    }

    /// The sectors from `first` on, up to `len` bytes and never more than the file has.
    fn chain(&self, first: u32, len: u64) -> Result<Vec<u8>, ReadError> {
        let len = len.min(self.input.len().0);
        let mut bytes = Vec::new();
        let mut tables: HashMap<usize, Vec<u8>> = HashMap::new();
        let mut next = first;
        while next < LAST_SECTOR && (bytes.len() as u64) < len {
            let sector = self.sector_bytes(next)?;
            if sector.is_empty() {
                break;
            }
            bytes.extend_from_slice(&sector);
            let per = (self.sector / 4) as usize;
            let index = next as usize / per;
            let Some(&place) = self.table.get(index) else { break };
            let links = match tables.entry(index) {
                std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::hash_map::Entry::Vacant(new) => new.insert(self.sector_bytes(place)?),
            };
            let at = next as usize % per * 4;
            next = links.get(at..at + 4).map_or(u32::MAX, |link| u32_at(link, 0));
        }
        bytes.truncate(len as usize);
        Ok(bytes)
    }

    fn sector_bytes(&self, number: u32) -> Result<Vec<u8>, ReadError> {
        let start = (u64::from(number) + 1) * self.sector;
        let end = (start + self.sector).min(self.input.len().0);
        if start >= end {
            return Ok(Vec::new());
        }
        self.input.to_vec(ByteRange::between(Offset(start), Offset(end)))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |raw| u16::from_le_bytes([raw[0], raw[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |raw| u32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]))
}
