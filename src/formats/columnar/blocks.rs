//! What an Arrow file says of its batches, looked at before the reader believes it: of packed buffers what they unpack to, since the
//! reader takes that much memory before it unpacks the first byte, and where there is not so much, the process ends; and the rows.
//!
//! A buffer that is packed begins with eight bytes, the length of what becomes of it (`RecordBatch` and `BodyCompression` in the format's
//! `Message.fbs`).

use arrow_ipc::{Block, MessageHeader, RecordBatch, root_as_footer, root_as_message};

use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::{Format, FormatError, Limits};
use crate::tasks::Progress;

/// What the buffers of a batch may take in memory together, where nobody chose another limit.
const BATCH: u64 = 512 << 20;
/// Rows of a batch, which the format recommends not to exceed: a column of nulls has no bytes that would bound them.
const ROWS: i64 = i32::MAX as i64;
/// A buffer that says this has not been packed.
const PLAIN: i64 = -1;

/// Goes through the buffers of every batch. A footer that cannot be read here cannot be read by the reader, which says so.
///
/// # Errors
/// `Limit` where a batch unpacks to more than the limit, or has too many rows, `Malformed` where one cannot be read, or lies behind the end.
pub(super) fn check(input: &Buffer, limits: Limits, progress: &Progress) -> Result<(), FormatError> {
    // Behind the footer stand its length and `ARROW1`.
    let Some(tail) = input.len().0.checked_sub(10) else { return Ok(()) };
    let end = input.to_vec(ByteRange::new(Offset(tail), Len(10)))?;
    let Some(size) = end.first_chunk::<4>() else { return Ok(()) };
    let Some(start) = tail.checked_sub(u64::from(u32::from_le_bytes(*size))) else { return Ok(()) };
    let footer = input.to_vec(ByteRange::between(Offset(start), Offset(tail)))?;
    let Ok(footer) = root_as_footer(&footer) else { return Ok(()) };
    for block in footer.dictionaries().into_iter().chain(footer.recordBatches()).flatten() {
        progress.check()?;
        block_is_right(input, block, limits.or(BATCH))?;
    }
    Ok(())
}

fn block_is_right(input: &Buffer, block: &Block, limit: u64) -> Result<(), FormatError> {
    let place = (u64::try_from(block.offset()), u64::try_from(block.metaDataLength()), u64::try_from(block.bodyLength()));
    let (Ok(start), Ok(about), Ok(body)) = place else { return Err(wrong("a batch has a negative place", 0)) };
    let body_start = start.saturating_add(about);
    if body_start.saturating_add(body) > input.len().0 {
        return Err(wrong("a batch lies behind the end", start));
    }
    let bytes = input.to_vec(ByteRange::between(Offset(start), Offset(body_start)))?;
    // Older files have no mark before the length.
    let head = if bytes.starts_with(&[0xFF; 4]) { 8 } else { 4 };
    // The reader would look for it in the body too.
    let Some(Ok(message)) = bytes.get(head..).map(root_as_message) else {
        return Err(wrong("what a batch is cannot be read", start));
    };
    let batch = match message.header_type() {
        MessageHeader::RecordBatch => message.header_as_record_batch(),
        MessageHeader::DictionaryBatch => message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data()),
        _ => None,
    };
    match batch {
        Some(batch) => batch_is_right(input, batch, body_start, limit),
        None => Ok(()),
    }
}

fn batch_is_right(input: &Buffer, batch: RecordBatch<'_>, body: u64, limit: u64) -> Result<(), FormatError> {
    if batch.length() > ROWS {
        return Err(FormatError::Limit {
            what: format!("a batch of {} rows", batch.length()),
            limit: format!("{ROWS} rows a batch"),
        });
    }
    if batch.compression().is_none() {
        return Ok(());
    }
    let mut total = 0_u64;
    for buffer in batch.buffers().into_iter().flatten() {
        let Ok(offset) = u64::try_from(buffer.offset()) else { return Err(wrong("a buffer has a negative place", body)) };
        if buffer.length() == 0 {
            continue;
        }
        let at = body.saturating_add(offset);
        let mut claim = [0; 8];
        if input.read_at(Offset(at), &mut claim)? < claim.len() {
            return Err(wrong("a buffer lies behind the end", at));
        }
        let claim = i64::from_le_bytes(claim);
        if claim == PLAIN {
            continue;
        }
        let Ok(claim) = u64::try_from(claim) else { return Err(wrong("a buffer has a negative length", at)) };
        total = total.saturating_add(claim);
        if total > limit {
            return Err(Limits::refuse(format!("a batch unpacks to {} or more", Limits::words(total)), limit));
        }
    }
    Ok(())
}

fn wrong(what: &str, at: u64) -> FormatError {
    FormatError::Malformed { format: Format::Arrow, what: what.into(), at: Some(Offset(at)) }
}
