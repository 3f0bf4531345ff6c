//! A long table, and a writer that keeps nothing of it.

use std::io::{self, Write};

/// Rows with a number, a text beyond ASCII, and an amount.
pub(crate) fn table(rows: u32) -> Vec<u8> {
    let mut text = String::from("id,name,amount\r\n");
    for row in 0..rows {
        text.push_str(&format!("{row},name of {row} Ångström,{}.{:02}\r\n", row % 977, row % 100));
    }
    text.into_bytes()
}

/// Counts what is written and keeps nothing.
#[derive(Default)]
pub(crate) struct Counted(pub(crate) u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
