//! Operations in which bytes or bits change their places.

use super::{ByteOpError, run_at};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::tasks::Progress;

/// All bits towards the first byte; zeros come in at the end.
pub(super) fn shift_left(input: &Buffer, bits: u64, progress: &Progress) -> Result<Buffer, ByteOpError> {
    let (bytes, bits) = (bits / 8, (bits % 8) as u32);
    let len = input.len();
    let mut moved = slice(input, bytes, len.get());
    moved.append_buffer(&Buffer::filled(0, Len(bytes.min(len.get()))));
    if bits == 0 {
        return Ok(moved);
    }
    moved.append(&[0]);
    joined(&moved, bits, progress)
}

/// All bits towards the last byte; zeros come in at the start.
pub(super) fn shift_right(input: &Buffer, bits: u64, progress: &Progress) -> Result<Buffer, ByteOpError> {
    let (bytes, bits) = (bits / 8, (bits % 8) as u32);
    let len = input.len().get();
    let mut moved = Buffer::filled(0, Len(bytes.min(len)));
    moved.append_buffer(&slice(input, 0, len.saturating_sub(bytes)));
    if bits == 0 {
        return Ok(moved);
    }
    moved.insert(Offset::ZERO, &Buffer::filled(0, Len(1)));
    joined(&moved, 8 - bits, progress)
}

/// All bits towards the first byte; those that leave it come in at the end.
pub(super) fn rotate_left(input: &Buffer, bits: u64, progress: &Progress) -> Result<Buffer, ByteOpError> {
    let len = input.len().get();
    if len == 0 {
        return Ok(Buffer::new());
    }
    // A length of 2^61 bytes and more has too many bits to be counted in 64.
    let bits = (u128::from(bits) % (u128::from(len) * 8)) as u64;
    let (bytes, bits) = (bits / 8, (bits % 8) as u32);
    let mut moved = slice(input, bytes, len);
    moved.append_buffer(&slice(input, 0, bytes));
    if bits == 0 {
        return Ok(moved);
    }
    let first = slice(&moved, 0, 1);
    moved.append_buffer(&first);
    joined(&moved, bits, progress)
}

/// All bits towards the last byte; those that leave it come in at the start.
pub(super) fn rotate_right(input: &Buffer, bits: u64, progress: &Progress) -> Result<Buffer, ByteOpError> {
    let all = u128::from(input.len().get()) * 8;
    if all == 0 {
        return Ok(Buffer::new());
    }
    let bits = u128::from(bits) % all;
    let left = (all - bits) % all;
    match u64::try_from(left) {
        Ok(left) => rotate_left(input, left, progress),
        // So long a buffer is turned by whole bytes first.
        Err(_) => {
            let turned = rotate_left(input, u64::MAX / 8 * 8, progress)?;
            rotate_left(&turned, (left - u128::from(u64::MAX / 8 * 8)) as u64, progress)
        }
    }
}

fn slice(input: &Buffer, from: u64, to: u64) -> Buffer {
    input.slice(ByteRange::between(Offset(from.min(to)), Offset(to)))
}

/// One byte fewer than `input`: of each byte the low `8 - bits` bits, and of the one behind it the high `bits`.
fn joined(input: &Buffer, bits: u32, progress: &Progress) -> Result<Buffer, ByteOpError> {
    let len = input.len().get() - 1;
    let (mut out, mut at) = (Buffer::new(), 0);
    let mut block = vec![0; Buffer::CHUNK_LEN + 1];
    while at < len {
        progress.check()?;
        let (byte, run) = run_at(input, at);
        let run = run.min(len - at);
        let done = match byte {
            // The last byte of a run has another neighbour.
            Some(byte) if run > 1 => {
                out.append_buffer(&Buffer::filled(byte.rotate_left(bits), Len(run - 1)));
                run - 1
            }
            _ => {
                let bytes = &mut block[..run as usize + 1];
                input.read_at(Offset(at), bytes)?;
                for i in 0..run as usize {
                    bytes[i] = bytes[i] << bits | bytes[i + 1] >> (8 - bits);
                }
                out.append(&bytes[..run as usize]);
                run
            }
        };
        at += done;
        progress.set_done(at);
    }
    Ok(out)
}

/// The last byte first.
pub(super) fn reverse(input: &Buffer, progress: &Progress) -> Result<Buffer, ByteOpError> {
    let (mut runs, mut at) = (Vec::new(), 0);
    while at < input.len().get() {
        progress.check()?;
        let (byte, run) = run_at(input, at);
        runs.push((at, byte, run));
        at += run;
    }
    let mut out = Buffer::new();
    let mut block = vec![0; Buffer::CHUNK_LEN];
    for (at, byte, run) in runs.into_iter().rev() {
        progress.check()?;
        if let Some(byte) = byte {
            out.append_buffer(&Buffer::filled(byte, Len(run)));
        } else {
            let bytes = &mut block[..run as usize];
            input.read_at(Offset(at), bytes)?;
            bytes.reverse();
            out.append(bytes);
        }
        progress.set_done(out.len().get());
    }
    Ok(out)
}

/// Groups of bytes, each turned round in its place.
pub(super) fn swap(input: &Buffer, group: usize, progress: &Progress) -> Result<Buffer, ByteOpError> {
    let (mut out, mut at, len) = (Buffer::new(), 0, input.len().get());
    let mut block = vec![0; Buffer::CHUNK_LEN / group * group];
    while at < len {
        progress.check()?;
        let (byte, run) = run_at(input, at);
        let whole = run / group as u64 * group as u64;
        let done = match byte {
            Some(byte) if whole > 0 => {
                out.append_buffer(&Buffer::filled(byte, Len(whole)));
                whole
            }
            // A run that ends inside a group takes the group's other bytes in.
            _ => {
                let part = (whole + if run > whole { group as u64 } else { 0 }).min(len - at).min(block.len() as u64);
                let bytes = &mut block[..part as usize];
                input.read_at(Offset(at), bytes)?;
                bytes.chunks_exact_mut(group).for_each(<[u8]>::reverse);
                out.append(bytes);
                part
            }
        };
        at += done;
        progress.set_done(at);
    }
    Ok(out)
}
