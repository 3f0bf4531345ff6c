//! Reading a range run by run, for counting: fills and holes as what they are, unreadable places by their length.

use crate::buffer::{Buffer, Offset};
use crate::tasks::{Cancelled, Progress};

/// Bytes that are read at once. Above the size that files keep in their cache, which one pass would only sweep clean, and
/// small enough that somebody who wants it to stop never waits long.
pub(super) const STEP: usize = (1 << 20) + (1 << 18);

/// Where a file cannot be read, this much is left out and the rest is tried.
pub(in crate::explore) const SKIPPED: u64 = 64 * 1024;

/// A run of a range.
pub(super) enum Run<'a> {
    Bytes(&'a [u8]),
    Fill(u8, u64),
    /// So many bytes cannot be read; why.
    Unreadable(u64, String),
}

/// Gives `visit` the runs of `start..end` in order. `block` is memory for what is not in memory yet.
pub(super) fn runs(
    buffer: &Buffer,
    start: u64,
    end: u64,
    block: &mut Vec<u8>,
    progress: &Progress,
    visit: &mut dyn FnMut(Run<'_>),
) -> Result<(), Cancelled> {
    let mut at = start;
    // Asking for a hole costs two calls of the system: once at the start, and where zeros were read.
    let mut ask = true;
    while at < end {
        progress.check()?;
        if let Some(run) = buffer.contiguous(Offset(at)) {
            let run = &run[..run.len().min(STEP).min(usize::try_from(end - at).unwrap_or(usize::MAX))];
            visit(Run::Bytes(run));
            at += run.len() as u64;
            ask = true;
            continue;
        }
        if ask && let Some((byte, len)) = buffer.repeated_at(Offset(at)) {
            let len = len.0.min(end - at);
            visit(Run::Fill(byte, len));
            at += len;
            continue;
        }
        let len = usize::try_from(end - at).unwrap_or(STEP).min(STEP);
        block.resize(len, 0);
        match buffer.read_at(Offset(at), block) {
            Ok(0) => break,
            Ok(got) => {
                let run = &block[..got];
                ask = run.last() == Some(&0);
                visit(Run::Bytes(run));
                at += got as u64;
            }
            Err(_) => {
                at = around(buffer, at, at + len as u64, block, progress, visit)?;
                ask = true;
            }
        }
    }
    Ok(())
}

/// Reads a run that could not be read at once in small parts.
fn around(
    buffer: &Buffer,
    mut at: u64,
    end: u64,
    block: &mut Vec<u8>,
    progress: &Progress,
    visit: &mut dyn FnMut(Run<'_>),
) -> Result<u64, Cancelled> {
    while at < end {
        progress.check()?;
        let len = SKIPPED.min(end - at);
        block.resize(len as usize, 0);
        match buffer.read_at(Offset(at), block) {
            Ok(got) => visit(Run::Bytes(&block[..got])),
            Err(error) => visit(Run::Unreadable(len, error.to_string())),
        }
        at += len;
    }
    Ok(at)
}
