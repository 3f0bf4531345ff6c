//! How large the grids of an ODS document would be.
//!
//! Rows and cells say how often they are repeated, so a few bytes can stand for a billion cells. Their reader makes all of
//! them; here they are only counted, up to the last filled row and column, as the reader cuts them.

use std::io::Read as _;

use crate::buffer::Buffer;
use crate::formats::{Format, FormatError, Limits};
use crate::tasks::Progress;

/// Bytes that the reader takes for a cell and its formula, their text not counted.
pub(super) const CELL: u64 = 56;

/// Refuses a document whose sheets, read, would take more than `limit` bytes.
pub(super) fn check(input: &Buffer, limit: u64, progress: &Progress) -> Result<(), FormatError> {
    let bad = |what: String| FormatError::Malformed { format: Format::Ods, what, at: None };
    let mut archive = zip::ZipArchive::new(input.reader()).map_err(|error| bad(error.to_string()))?;
    let mut part = archive.by_name("content.xml").map_err(|error| bad(error.to_string()))?;
    let mut xml = Vec::new();
    part.by_ref().take(limit.saturating_add(1)).read_to_end(&mut xml).map_err(|error| bad(error.to_string()))?;
    if xml.len() as u64 > limit {
        return Err(too_large(limit));
    }
    if grid_memory(&xml, progress)? > limit { Err(too_large(limit)) } else { Ok(()) }
}

pub(super) fn too_large(limit: u64) -> FormatError {
    let what = "the workbook's sheets, with all rows and columns between their filled cells, are too large to be read";
    Limits::refuse(what, limit)
}

/// What a sheet has so far.
#[derive(Default)]
struct Sheet {
    rows: u64,
    rows_filled: u64,
    columns_filled: u64,
    text: u64,
    row_repeats: u64,
    row_filled: bool,
    row_text: u64,
    column: u64,
    /// How often the open cell stands there, and where its content begins.
    cell: Option<(u64, usize)>,
}

impl Sheet {
    fn end_row(&mut self) {
        self.rows = self.rows.saturating_add(self.row_repeats);
        if self.row_filled {
            self.rows_filled = self.rows;
            self.text = self.text.saturating_add(self.row_text.saturating_mul(self.row_repeats));
        }
        (self.row_repeats, self.row_filled, self.row_text, self.column) = (0, false, 0, 0);
    }

    fn memory(&self) -> u64 {
        self.rows_filled.saturating_mul(self.columns_filled).saturating_mul(CELL).saturating_add(self.text)
    }
}

fn grid_memory(xml: &[u8], progress: &Progress) -> Result<u64, FormatError> {
    let (mut total, mut sheet, mut at, mut tags) = (0_u64, Sheet::default(), 0, 0_u64);
    while let Some(found) = memchr::memchr(b'<', &xml[at..]) {
        let start = at + found;
        let end = end_of_tag(xml, start);
        let tag = &xml[start..end];
        at = end;
        tags += 1;
        if tags.is_multiple_of(4096) {
            progress.check()?;
        }
        let name = tag[1..].split(|byte| byte.is_ascii_whitespace() || *byte == b'>').next().unwrap_or_default();
        let alone = tag.ends_with(b"/>");
        match name.strip_suffix(b"/").unwrap_or(name) {
            b"table:table-row" => {
                sheet.end_row();
                sheet.row_repeats = repeats(tag, b"table:number-rows-repeated");
            }
            b"table:table-cell" | b"table:covered-table-cell" => {
                let columns = repeats(tag, b"table:number-columns-repeated");
                sheet.column = sheet.column.saturating_add(columns);
                let valued = |what: &[u8]| memchr::memmem::find(tag, what).is_some();
                if !alone || valued(b"office:") || valued(b"formula") {
                    sheet.row_filled = true;
                    sheet.columns_filled = sheet.columns_filled.max(sheet.column);
                    sheet.row_text = sheet.row_text.saturating_add(columns.saturating_mul(tag.len() as u64));
                    sheet.cell = (!alone).then_some((columns, end));
                }
            }
            b"/table:table-cell" | b"/table:covered-table-cell" => {
                if let Some((columns, content)) = sheet.cell.take() {
                    sheet.row_text = sheet.row_text.saturating_add(columns.saturating_mul((start - content) as u64));
                }
            }
            b"/table:table" => {
                sheet.end_row();
                total = total.saturating_add(sheet.memory());
                sheet = Sheet::default();
            }
            _ => {}
        }
    }
    sheet.end_row();
    Ok(total.saturating_add(sheet.memory()))
}

/// Behind the `>` of the tag, comment or such that begins at `start`.
fn end_of_tag(xml: &[u8], start: usize) -> usize {
    let rest = &xml[start..];
    let behind = |end: &[u8]| memchr::memmem::find(rest, end).map_or(xml.len(), |at| start + at + end.len());
    if rest.starts_with(b"<!--") {
        return behind(b"-->");
    }
    if rest.starts_with(b"<![CDATA[") {
        return behind(b"]]>");
    }
    if rest.starts_with(b"<?") {
        return behind(b"?>");
    }
    let mut at = start;
    while let Some(found) = memchr::memchr3(b'>', b'"', b'\'', &xml[at..]) {
        at += found;
        let byte = xml[at];
        at += 1;
        if byte == b'>' {
            return at;
        }
        match memchr::memchr(byte, &xml[at..]) {
            Some(close) => at += close + 1,
            None => break,
        }
    }
    xml.len()
}

/// The largest number that an attribute of this name has; one that is no plain number counts as too large.
fn repeats(tag: &[u8], name: &[u8]) -> u64 {
    let mut most = 1;
    for at in memchr::memmem::find_iter(tag, name) {
        let rest = tag[at + name.len()..].trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start().get(1..).unwrap_or_default();
        let value = value.split(|byte| matches!(byte, b'"' | b'\'')).next().unwrap_or_default().trim_ascii();
        let number = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()).unwrap_or(u64::MAX);
        most = most.max(number);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(xml: &str) -> u64 {
        grid_memory(xml.as_bytes(), &Progress::new()).unwrap()
    }

    #[test]
    fn only_what_lies_before_the_last_filled_cell_counts() {
        let sheet = "<table:table><table:table-row><table:table-cell office:value='1'/><table:table-cell \
                     table:number-columns-repeated=\"16383\"/></table:table-row><table:table-row \
                     table:number-rows-repeated='1048575'><table:table-cell table:number-columns-repeated='16384'/>\
                     </table:table-row></table:table>";
        assert!(memory(sheet) < 200, "{}", memory(sheet));
    }

    #[test]
    fn repeated_cells_count_as_often_as_they_stand_there() {
        for cell in [
            "<table:table-cell table:number-columns-repeated='16384' office:value='1'/>",
            "<table:table-cell x='>' table:number-columns-repeated='&#49;6384'><text:p>1</text:p></table:table-cell>",
            "<!-- ' --><table:table-cell table:number-columns-repeated='16384'><text:p>1</text:p></table:table-cell><!-- ' -->",
        ] {
            let sheet = format!(
                "<table:table><table:table-row table:number-rows-repeated='1000000'>{cell}</table:table-row></table:table>"
            );
            assert!(memory(&sheet) > crate::formats::workbook::MAX_MEMORY, "{cell}");
        }
    }
}
