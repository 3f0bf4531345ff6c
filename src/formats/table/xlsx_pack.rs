//! A workbook on its way out.

use std::io::{self, Write};

use rust_xlsxwriter::Workbook;

use super::xlsx_failure::Failure;
use crate::formats::draft::Draft;
use crate::tasks::Progress;

/// A packed workbook up to so many bytes is kept in memory; a larger one in an unnamed temporary file.
const IN_MEMORY: usize = 32 << 20;

/// Packs `workbook` and writes it to `out`, which gets nothing unless it was packed as a whole.
///
/// The library wants a writer that can go to another thread, which a result need not be able to: so the workbook is kept in
/// between.
pub(in crate::formats) fn pack(workbook: &mut Workbook, out: &mut dyn Write, progress: &Progress) -> Result<(), Failure> {
    let mut packed = Packed { kept: Draft::new(IN_MEMORY), progress, stopped: false };
    if let Err(error) = workbook.save_to_writer(&mut packed) {
        progress.check()?;
        return Err(error.into());
    }
    progress.check()?;
    Ok(packed.kept.hand_over(out, progress)?)
}

/// Takes the packed bytes until the work is cancelled.
struct Packed<'a> {
    kept: Draft,
    progress: &'a Progress,
    /// The library heard of the cancel. It finishes what is dropped, and complains to the terminal where that fails.
    stopped: bool,
}

impl Write for Packed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stopped {
            return Ok(bytes.len());
        }
        if let Err(cancelled) = self.progress.check() {
            self.stopped = true;
            return Err(io::Error::other(cancelled));
        }
        self.kept.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.kept.flush()
    }
}
