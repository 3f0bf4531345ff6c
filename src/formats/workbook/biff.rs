//! How large the grids of an XLS workbook would be (MS-XLS).
//!
//! Its reader reserves what a sheet claims to have and makes a grid between its outermost cells. Here the same records are
//! walked, sheet by sheet from where the workbook says that each begins, and only counted.

use super::compound::Compound;
use super::ods::{CELL, too_large};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const MUL_RK: u16 = 0x00BD;
/// Records of one cell each: numbers, texts, truth values, formulas.
const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006];

/// Records that are walked; several sheets may claim to begin at the same place.
const MAX_RECORDS: u64 = 50_000_000;

/// Refuses a workbook whose sheets, read, would take more than `limit` bytes.
pub(super) fn check(input: &Buffer, limit: u64, progress: &Progress) -> Result<(), FormatError> {
    let bad = |what: &str| FormatError::Malformed { format: Format::Xls, what: what.into(), at: None };
    let Some(file) = Compound::open(input)? else { return Err(bad("it is no compound file")) };
    let mut streams = file.streams("Workbook")?;
    streams.extend(file.streams("Book")?);
    if streams.is_empty() {
        return Err(bad("the compound file holds no workbook"));
    }
    for stream in &streams {
        let (mut memory, mut walked) = (0_u64, 0_u64);
        for start in sheets(stream) {
            let sheet = stream.get(start..).unwrap_or_default();
            memory = memory.saturating_add(grid_memory(sheet, limit, &mut walked, progress)?);
            if memory > limit || walked > MAX_RECORDS {
                return Err(too_large(limit));
            }
        }
    }
    Ok(())
}

/// The records of a stream: their type and their bytes.
fn records(mut rest: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (head, behind) = rest.split_first_chunk::<4>()?;
        let len = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let data = behind.get(..len)?;
        rest = &behind[len..];
        Some((u16::from_le_bytes([head[0], head[1]]), data))
    })
}

fn sheets(stream: &[u8]) -> Vec<usize> {
    let places = records(stream).filter(|(kind, _)| *kind == BOUND_SHEET);
    places.filter_map(|(_, data)| data.first_chunk::<4>().map(|place| u32::from_le_bytes(*place) as usize)).collect()
}

fn grid_memory(sheet: &[u8], limit: u64, walked: &mut u64, progress: &Progress) -> Result<u64, FormatError> {
    let (mut first, mut last) = ((u64::MAX, u64::MAX), (0_u64, 0_u64));
    let (mut begun, mut depth) = (false, 0_u64);
    let mut text = 0_u64;
    for (kind, data) in records(sheet) {
        *walked += 1;
        if walked.is_multiple_of(4096) {
            progress.check()?;
        }
        if *walked > MAX_RECORDS {
            break;
        }
        let field = |at: usize| data.get(at..at + 2).map_or(0, |raw| u64::from(u16::from_le_bytes([raw[0], raw[1]])));
        let wide = |at: usize| field(at) | field(at + 2) << 16;
        match kind {
            BOF if begun => depth += 1,
            BOF => begun = true,
            EOF if depth > 0 => depth -= 1,
            EOF => break,
            _ if depth > 0 => {}
            DIMENSIONS => {
                let (top, bottom, left, right) = match data.len() {
                    0..14 => (field(0), field(2), field(4), field(6)),
                    _ => (wide(0), wide(4), field(8), field(10)),
                };
                if bottom > 65_536 || right > 256 || top > bottom || left > right {
                    return Err(too_large(limit));
                }
            }
            _ if kind == MUL_RK || CELLS.contains(&kind) => {
                let more = if kind == MUL_RK { (data.len() as u64).saturating_sub(6) / 6 } else { 0 };
                let (row, column) = (field(0), field(2));
                first = (first.0.min(row), first.1.min(column));
                last = (last.0.max(row), last.1.max(column + more));
                text = text.saturating_add(data.len() as u64 * 8);
            }
            _ => {}
        }
    }
    if first.0 == u64::MAX {
        return Ok(text);
    }
    Ok(((last.0 - first.0 + 1) * (last.1 - first.1 + 1)).saturating_mul(CELL).saturating_add(text))
}
