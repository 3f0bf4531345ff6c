//! Operations on each byte by itself, with a key that repeats.

use super::{ByteOpError, repeated, run_at};
use crate::buffer::{Buffer, Len, Offset};
use crate::tasks::Progress;

/// Each byte by a rule of its own.
pub(super) fn each(input: &Buffer, rule: impl Fn(u8) -> u8, progress: &Progress) -> Result<Buffer, ByteOpError> {
    keyed(input, &[0], |byte, _| rule(byte), progress)
}

/// Each byte with the byte of the key at its place. What is repeated stays so: as one byte where the key is one, as a pattern
/// of the key's length elsewhere.
pub(super) fn keyed(input: &Buffer, key: &[u8], rule: impl Fn(u8, u8) -> u8, progress: &Progress) -> Result<Buffer, ByteOpError> {
    if key.is_empty() {
        return Ok(input.clone());
    }
    // A key of one byte makes a table, which keeps every rule as fast as the next.
    let table: Option<Vec<u8>> = match key {
        [one] => Some((0..=255).map(|byte| rule(byte, *one)).collect()),
        _ => None,
    };
    let (mut out, mut at, period) = (Buffer::new(), 0, key.len() as u64);
    let mut block = vec![0; Buffer::CHUNK_LEN];
    while at < input.len().get() {
        progress.check()?;
        let phase = (at % period) as usize;
        let (byte, run) = run_at(input, at);
        if let Some(byte) = byte {
            let pattern: Vec<u8> = key[phase..].iter().chain(&key[..phase]).map(|&key| rule(byte, key)).collect();
            out.append_buffer(&repeated(&pattern, Len(run)));
        } else {
            let bytes = &mut block[..run as usize];
            let read = input.read_at(Offset(at), bytes)?;
            debug_assert_eq!(read as u64, run, "the run is inside the buffer");
            match &table {
                Some(table) => bytes.iter_mut().for_each(|byte| *byte = table[usize::from(*byte)]),
                None => {
                    let keys = key[phase..].iter().chain(key.iter().cycle());
                    bytes.iter_mut().zip(keys).for_each(|(byte, &key)| *byte = rule(*byte, key));
                }
            }
            out.append(bytes);
        }
        at += run;
        progress.set_done(at);
    }
    Ok(out)
}
