//! GIF: comments, XMP, a colour profile and the loop count among the blocks.

use super::blocks::{Block, Blocks, MAX_BLOCK, guessed};
use super::collect::loops_in_words;
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::FormatError;
use crate::formats::picture::probe::u16_le;

/// Bytes gone through; beyond that nothing is looked for.
const MAX_WALK: u64 = 64 << 20;
/// XMP is followed by bytes that lead any reader of blocks to its end; they are no part of it.
const XMP_TRAILER: usize = 257;

pub(super) fn collect(input: &Buffer) -> Result<Blocks, FormatError> {
    let mut walk = Walk { input, at: 0 };
    let mut blocks = Blocks::default();
    let Some(head) = walk.take::<13>()? else { return Ok(blocks) };
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    walk.at += table(head[10]);
    while walk.at < MAX_WALK {
        match walk.take::<1>()? {
            Some([b'!']) => {
                let Some([label]) = walk.take::<1>()? else { break };
                extension(&mut walk, label, &mut blocks)?;
            }
            Some([b',']) => {
                let Some(place) = walk.take::<9>()? else { break };
                walk.at += table(place[8]) + 1;
                walk.sub_blocks(0)?;
            }
            _ => break,
        }
    }
    Ok(blocks)
}

fn extension(walk: &mut Walk<'_>, label: u8, blocks: &mut Blocks) -> Result<(), FormatError> {
    let start = walk.at;
    match label {
        0xFE => {
            let bytes = walk.sub_blocks(1 << 20)?;
            blocks.text("", guessed(&bytes), ByteRange::between(Offset(start), Offset(walk.at)));
        }
        0xFF => {
            let Some([len]) = walk.take::<1>()? else { return Ok(()) };
            let name = walk.input.to_vec(ByteRange::new(Offset(walk.at), Len(len.into())).clamp_to(walk.input.len()))?;
            walk.at += u64::from(len);
            let data = walk.at;
            match name.as_slice() {
                b"XMP DataXMP" => {
                    walk.sub_blocks(0)?;
                    // It is not cut into blocks, but only seems to be.
                    let range = ByteRange::between(Offset(data), Offset(walk.at));
                    if range.len.get() <= MAX_BLOCK {
                        let mut bytes = walk.input.to_vec(range.clamp_to(walk.input.len()))?;
                        bytes.truncate(bytes.len().saturating_sub(XMP_TRAILER + 1));
                        blocks.xmp = Some(Block { bytes, range: Some(range) });
                    }
                }
                b"ICCRGBG1012" => {
                    let bytes = walk.sub_blocks(MAX_BLOCK)?;
                    blocks.icc = Some(Block { bytes, range: Some(ByteRange::between(Offset(data), Offset(walk.at))) });
                }
                b"NETSCAPE2.0" | b"ANIMEXTS1.0" => {
                    let bytes = walk.sub_blocks(16)?;
                    if let [1, low, high] = bytes[..] {
                        let again = u32::from(u16_le(&[low, high]));
                        // The number says how often it starts again.
                        let loops = if again == 0 { 0 } else { again + 1 };
                        blocks.loops = Some(loops);
                        let loops = loops_in_words(loops);
                        blocks.facts.push(("Loops", loops, Some(ByteRange::new(Offset(data + 2), Len(2)))));
                    }
                }
                _ => {
                    walk.sub_blocks(0)?;
                }
            }
        }
        _ => {
            walk.sub_blocks(0)?;
        }
    }
    Ok(())
}

struct Walk<'a> {
    input: &'a Buffer,
    at: u64,
}

impl Walk<'_> {
    fn take<const N: usize>(&mut self) -> Result<Option<[u8; N]>, FormatError> {
        let mut bytes = [0; N];
        let read = self.input.read_at(Offset(self.at), &mut bytes)?;
        self.at += N as u64;
        Ok((read == N).then_some(bytes))
    }

    /// Goes behind the blocks that follow; gives as much of what is in them as `keep` bytes.
    fn sub_blocks(&mut self, keep: u64) -> Result<Vec<u8>, FormatError> {
        let mut kept = Vec::new();
        while self.at < MAX_WALK {
            let Some([len]) = self.take::<1>()? else { break };
            if len == 0 {
                break;
            }
            if (kept.len() as u64) < keep {
                let range = ByteRange::new(Offset(self.at), Len(len.into()));
                kept.extend(self.input.to_vec(range.clamp_to(self.input.len()))?);
            }
            self.at += u64::from(len);
        }
        kept.truncate(usize::try_from(keep).unwrap_or(usize::MAX));
        Ok(kept)
    }
}
