//! GIF: the screen, the first frame's transparency, and how many frames there are.

use std::io::{self, BufRead, Read};

use super::{Header, Stored, u16_le};
use crate::formats::FormatError;
use crate::formats::picture::ColorModel;

/// Bytes walked to count frames; beyond that the count stays unknown.
const MAX_WALK: u64 = 16 << 20;

pub(super) fn probe(header: &Header<'_>) -> Result<Stored, FormatError> {
    let head = header.need::<13>(0)?;
    if !matches!(&head[..6], b"GIF87a" | b"GIF89a") {
        return Err(header.malformed("it does not start with GIF87a or GIF89a", Some(0)));
    }
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let (width, height) = (u16_le(&head[6..]), u16_le(&head[8..]));
    let bits = (head[10] & 7) + 1;
    let mut stored = Stored::new(width.into(), height.into(), ColorModel::Palette, false, bits);
    let mut walk = Walk { reader: header.input.reader().take(MAX_WALK), table };
    stored.frames = walk.frames(13 + table(head[10]), &mut stored).unwrap_or(None);
    Ok(stored)
}

struct Walk<R, T> {
    reader: R,
    table: T,
}

impl<R: BufRead, T: Fn(u8) -> u64> Walk<io::Take<R>, T> {
    /// Counts frames up to the trailer or the end of the file; `None` where the bound came first.
    fn frames(&mut self, skip: u64, stored: &mut Stored) -> io::Result<Option<u32>> {
        let mut frames = 0;
        let mut counted = || -> io::Result<()> {
            self.skip(skip)?;
            loop {
                match self.bytes::<1>()? {
                    [b'!'] => {
                        let [label] = self.bytes::<1>()?;
                        self.extension(label, frames, stored)?;
                    }
                    [b','] => {
                        let place = self.bytes::<9>()?;
                        if frames == 0 {
                            let covers = u16_le(&place) == 0
                                && u16_le(&place[2..]) == 0
                                && u32::from(u16_le(&place[4..])) >= stored.width
                                && u32::from(u16_le(&place[6..])) >= stored.height;
                            stored.alpha |= !covers;
                            if place[8] & 0x80 != 0 {
                                stored.bits = (place[8] & 7) + 1;
                            }
                        }
                        self.skip((self.table)(place[8]) + 1)?;
                        self.sub_blocks()?;
                        frames += 1;
                    }
                    _ => return Ok(()),
                }
            }
        };
        // The end of the file is an answer too: as many frames as are whole.
        let ended = counted();
        let bound_reached = self.reader.limit() == 0;
        Ok((ended.is_ok() || !bound_reached).then_some(frames.max(1)))
    }

    fn extension(&mut self, label: u8, frames: u32, stored: &mut Stored) -> io::Result<()> {
        let [len] = self.bytes::<1>()?;
        let mut block = [0; 255];
        let block = &mut block[..usize::from(len)];
        self.reader.read_exact(block)?;
        match label {
            0xF9 if frames == 0 => stored.alpha |= block.first().is_some_and(|flags| flags & 1 != 0),
            0xFE => stored.note("comment"),
            0xFF if block.starts_with(b"XMP DataXMP") => stored.note("XMP"),
            0xFF if block.starts_with(b"ICCRGBG1012") => stored.note("ICC profile"),
            _ => {}
        }
        if len > 0 { self.sub_blocks() } else { Ok(()) }
    }

    fn sub_blocks(&mut self) -> io::Result<()> {
        loop {
            match self.bytes::<1>()? {
                [0] => return Ok(()),
                [len] => self.skip(len.into())?,
            }
        }
    }

    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn skip(&mut self, mut count: u64) -> io::Result<()> {
        while count > 0 {
            let there = self.reader.fill_buf()?.len();
            if there == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let step = (there as u64).min(count);
            self.reader.consume(step as usize);
            count -= step;
        }
        Ok(())
    }
}
