//! Tables that are no text: workbooks in ZIP archives and compound files, Parquet, Arrow.

use super::{Detection, Edges};
use crate::buffer::{Buffer, ByteRange, Len, Offset, ReadError};
use crate::formats::Format;
use crate::formats::workbook::compound::{Compound, SIGNATURE};

/// How much of the end is looked at: there a ZIP archive lists its members.
const DIRECTORY: u64 = 128 * 1024;

pub(super) fn find(edges: &Edges<'_>, bytes: &Buffer) -> Result<Option<Detection>, ReadError> {
    let found = |format, reason: &str| Ok(Some(Detection::new(format, reason)));
    if edges.head.starts_with(b"PK\x03\x04") {
        let mimetype = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
        if edges.head.get(30..).is_some_and(|name| name.starts_with(mimetype)) {
            return found(Format::Ods, "a ZIP archive whose first member names an OpenDocument spreadsheet");
        }
        let start = edges.len.saturating_sub(DIRECTORY);
        let tail = bytes.to_vec(ByteRange::new(Offset(start), Len(DIRECTORY)))?;
        for (format, name) in [(Format::Xlsx, "xl/workbook.xml"), (Format::Xlsb, "xl/workbook.bin")] {
            if is_member(edges.head, name) || is_member(&tail, name) {
                return found(format, &format!("a ZIP archive with the member {name}"));
            }
        }
    }
    if cfg!(feature = "columnar") {
        if edges.head.starts_with(b"PAR1") && edges.tail.ends_with(b"PAR1") {
            return found(Format::Parquet, "begins and ends with PAR1");
        }
        if edges.head.starts_with(b"ARROW1") && edges.tail.ends_with(b"ARROW1") {
            return found(Format::Arrow, "begins and ends with ARROW1");
        }
    }
    if edges.head.starts_with(&SIGNATURE)
        && let Some(file) = Compound::open(bytes)?
        && (file.has("Workbook") || file.has("Book"))
    {
        return found(Format::Xls, "a compound file with a stream of a workbook");
    }
    Ok(None)
}

/// Whether a local header, or a record of the central directory, has this name.
fn is_member(bytes: &[u8], name: &str) -> bool {
    let record =
        |at: usize, len: usize, signature: &[u8]| at.checked_sub(len).is_some_and(|at| bytes[at..].starts_with(signature));
    memchr::memmem::find_iter(bytes, name).any(|at| record(at, 30, b"PK\x03\x04") || record(at, 46, b"PK\x01\x02"))
}
