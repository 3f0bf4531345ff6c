//! What the tests of tables and of JSON share. Helpers of tests may unwrap as the tests themselves may.
#![allow(clippy::unwrap_used, dead_code, reason = "each test file uses its part")]

use seektell::buffer::Buffer;
use seektell::formats::table::{Dialect, Table, losses_of_table};
use seektell::formats::text::{Encoder, Encoding};
use seektell::formats::{Format, Options, json};
use seektell::tasks::Progress;

pub(crate) fn buffer(bytes: impl AsRef<[u8]>) -> Buffer {
    Buffer::from(bytes.as_ref())
}

pub(crate) fn dialect(delimiter: u8, header: bool) -> Dialect {
    Dialect { delimiter, header, ..Dialect::default() }
}

pub(crate) fn open(bytes: impl AsRef<[u8]>, dialect: Dialect) -> Table {
    Table::open(&buffer(bytes), dialect, &Progress::new()).unwrap()
}

/// Without a header.
pub(crate) fn plain(bytes: impl AsRef<[u8]>) -> Table {
    open(bytes, dialect(b',', false))
}

pub(crate) fn cells(table: &Table) -> Vec<Vec<String>> {
    table.rows(0, usize::MAX).unwrap().into_iter().map(|row| row.cells).collect()
}

pub(crate) fn written(table: &Table, format: Format, options: &Options) -> Vec<u8> {
    let mut out = Vec::new();
    match format {
        Format::Json | Format::JsonLines => json::write_table(table, format, options, &mut out, &Progress::new()).unwrap(),
        _ => table.write(format, options, &mut out, &Progress::new()).unwrap(),
    }
    out
}

pub(crate) fn text(table: &Table, format: Format) -> String {
    String::from_utf8(written(table, format, &Options::default())).unwrap()
}

pub(crate) fn losses(table: &Table, to: Format, options: &Options) -> Vec<String> {
    losses_of_table(table, to, options, &Progress::new()).unwrap().into_iter().map(|loss| loss.what).collect()
}

pub(crate) fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    let mut out = Vec::new();
    Encoder::new(encoding).encode(text, true, &mut out);
    out
}
