//! When the frames of an animation are seen: told by walking the file, with nothing decoded.

use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::time::Duration;

use super::guard;
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

/// Frames that are listed; what comes behind them is played, but not listed.
const MOST: usize = 1 << 20;

/// What a delay of nothing means, as browsers have it.
pub const NO_DELAY: Duration = Duration::from_millis(100);

/// How long the frames of an animation are seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// Milliseconds of each frame, in order; 0, which no screen can show, counts as [`NO_DELAY`].
    delays: Vec<u32>,
    /// How often all of it is shown; `None` is without end.
    pub plays: Option<u32>,
}

impl Timing {
    /// Frames that are listed: all of them, but of an animation of more than a million.
    pub fn len(&self) -> usize {
        self.delays.len()
    }

    /// Whether it is no animation.
    pub fn is_empty(&self) -> bool {
        self.delays.is_empty()
    }

    /// How long a frame is seen, counted from 0; one that is not listed is seen for [`NO_DELAY`].
    pub fn delay(&self, frame: usize) -> Duration {
        self.delays.get(frame).map_or(NO_DELAY, |&delay| Duration::from_millis(delay.into()))
    }

    /// When a frame comes, from the start of the first one.
    pub fn start(&self, frame: usize) -> Duration {
        Duration::from_millis(self.delays.iter().take(frame).map(|&delay| u64::from(delay)).sum())
    }

    /// How long all of it takes once.
    pub fn total(&self) -> Duration {
        self.start(self.delays.len())
    }

    fn push(&mut self, millis: u32) {
        if self.delays.len() < MOST {
            self.delays.push(if millis == 0 { NO_DELAY.as_millis() as u32 } else { millis });
        }
    }
}

/// Walks `input`, which is a `format`, from frame to frame. What is no animation has none; of a file that ends early those
/// count that have begun.
///
/// # Errors
/// [`FormatError::Read`], [`FormatError::Cancelled`].
pub fn timing(input: &Buffer, format: Format, progress: &Progress) -> Result<Timing, FormatError> {
    let mut timing = Timing::default();
    let mut reader = guard::reader(input, progress);
    let walked = match format {
        Format::Gif => gif(&mut reader, &mut timing),
        Format::Png => png(&mut reader, &mut timing),
        Format::WebP => webp(&mut reader, &mut timing),
        _ => Ok(()),
    };
    if let Err(error) = walked {
        let error = guard::reading(error, input, format);
        if matches!(error, FormatError::Read(_) | FormatError::Cancelled(_)) {
            return Err(error);
        }
    }
    Ok(timing)
}

fn bytes<const N: usize>(reader: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(reader: &mut impl BufRead, mut count: u64) -> io::Result<()> {
    while count > 0 {
        let there = reader.fill_buf()?.len();
        if there == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let step = (there as u64).min(count);
        reader.consume(step as usize);
        count -= step;
    }
    Ok(())
}

/// Blocks of at most 255 bytes, up to an empty one.
fn gif_blocks(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        match bytes::<1>(reader)? {
            [0] => return Ok(()),
            [len] => skip(reader, len.into())?,
        }
    }
}

fn gif(reader: &mut impl BufRead, timing: &mut Timing) -> io::Result<()> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let head = bytes::<13>(reader)?;
    skip(reader, table(head[10]))?;
    // Without a word about repeating, an animation is shown once.
    timing.plays = Some(1);
    let mut hundredths = 0;
    loop {
        match bytes::<1>(reader)? {
            [b'!'] => {
                let [label, len] = bytes::<2>(reader)?;
                let mut block = [0; 255];
                let block = &mut block[..usize::from(len)];
                reader.read_exact(block)?;
                match label {
                    0xF9 if len >= 4 => hundredths = u32::from(u16::from_le_bytes([block[1], block[2]])),
                    0xFF if block.starts_with(b"NETSCAPE2.0") || block.starts_with(b"ANIMEXTS1.0") => {
                        if let [3] = bytes::<1>(reader)? {
                            let [kind, low, high] = bytes::<3>(reader)?;
                            let times = u32::from(u16::from_le_bytes([low, high]));
                            // Said is how often it is shown again.
                            if kind & 7 == 1 {
                                timing.plays = (times > 0).then_some(times + 1);
                            }
                        } else {
                            return Ok(());
                        }
                    }
                    _ => {}
                }
                if len > 0 {
                    gif_blocks(reader)?;
                }
            }
            [b','] => {
                timing.push(hundredths * 10);
                hundredths = 0;
                let place = bytes::<9>(reader)?;
                skip(reader, table(place[8]) + 1)?;
                gif_blocks(reader)?;
            }
            _ => return Ok(()),
        }
    }
}

fn png(reader: &mut (impl BufRead + Seek), timing: &mut Timing) -> io::Result<()> {
    skip(reader, 8)?;
    let mut animated = false;
    loop {
        let head = bytes::<8>(reader)?;
        let len = u64::from(u32::from_be_bytes([head[0], head[1], head[2], head[3]]));
        let mut read = 0;
        match &head[4..] {
            b"acTL" if len >= 8 => {
                let control = bytes::<8>(reader)?;
                read = 8;
                animated = true;
                timing.plays =
                    Some(u32::from_be_bytes([control[4], control[5], control[6], control[7]])).filter(|&plays| plays > 0);
            }
            // Without the other the pixels are one picture, whatever stands behind them.
            b"IDAT" if !animated => return Ok(()),
            b"fcTL" if len >= 26 && animated => {
                let control = bytes::<26>(reader)?;
                read = 26;
                let part = u32::from(u16::from_be_bytes([control[20], control[21]]));
                let of = u32::from(u16::from_be_bytes([control[22], control[23]]));
                timing.push(part * 1000 / if of == 0 { 100 } else { of });
            }
            b"IEND" => return Ok(()),
            _ => {}
        }
        go_on(reader, len - read + 4)?;
    }
}

fn webp(reader: &mut (impl BufRead + Seek), timing: &mut Timing) -> io::Result<()> {
    skip(reader, 12)?;
    loop {
        let head = bytes::<8>(reader)?;
        let len = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        let mut read = 0;
        match &head[..4] {
            b"ANIM" if len >= 6 => {
                let control = bytes::<6>(reader)?;
                read = 6;
                timing.plays = Some(u32::from(u16::from_le_bytes([control[4], control[5]]))).filter(|&plays| plays > 0);
            }
            b"ANMF" if len >= 16 => {
                let control = bytes::<16>(reader)?;
                read = 16;
                timing.push(u32::from_le_bytes([control[12], control[13], control[14], 0]));
            }
            _ => {}
        }
        go_on(reader, (len - read).next_multiple_of(2))?;
    }
}

/// Past what is not looked at; a seek beyond the end shows itself at the next read.
fn go_on(reader: &mut (impl BufRead + Seek), count: u64) -> io::Result<()> {
    if count < 4096 {
        return skip(reader, count);
    }
    reader.seek(SeekFrom::Current(count as i64)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8], format: Format) -> Timing {
        timing(&Buffer::from(bytes), format, &Progress::new()).unwrap()
    }

    fn gif_of(delays: &[u16], repeat: Option<u16>) -> Vec<u8> {
        let mut gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff".to_vec();
        if let Some(repeat) = repeat {
            gif.extend(b"!\xff\x0bNETSCAPE2.0\x03\x01");
            gif.extend(repeat.to_le_bytes());
            gif.push(0);
        }
        for delay in delays {
            gif.extend(b"!\xf9\x04\0");
            gif.extend(delay.to_le_bytes());
            gif.extend(b"\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
        }
        gif.push(b';');
        gif
    }

    #[test]
    fn delays_of_a_gif() {
        let found = of(&gif_of(&[5, 0, 300], Some(0)), Format::Gif);
        assert_eq!((found.len(), found.plays), (3, None));
        assert_eq!([0, 1, 2].map(|frame| found.delay(frame).as_millis()), [50, 100, 3000]);
        assert_eq!((found.start(2).as_millis(), found.total().as_millis()), (150, 3150));
        assert_eq!(of(&gif_of(&[5], None), Format::Gif).plays, Some(1));
        assert_eq!(of(&gif_of(&[5, 6], Some(2)), Format::Gif).plays, Some(3), "shown, and shown again twice");
        let whole = gif_of(&[5, 6, 7], Some(0));
        for end in 0..whole.len() {
            assert!(of(&whole[..end], Format::Gif).len() <= 3, "cut after {end}");
        }
    }

    #[test]
    fn delays_of_an_animated_png() {
        let chunk = |kind: &[u8; 4], data: &[u8]| {
            let mut chunk = (data.len() as u32).to_be_bytes().to_vec();
            chunk.extend(kind);
            chunk.extend(data);
            chunk.extend([0; 4]);
            chunk
        };
        let control = |part: u16, of: u16| {
            let mut data = [0; 26];
            data[20..22].copy_from_slice(&part.to_be_bytes());
            data[22..24].copy_from_slice(&of.to_be_bytes());
            chunk(b"fcTL", &data)
        };
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.extend(chunk(b"acTL", &[0, 0, 0, 3, 0, 0, 0, 2]));
        png.extend(control(1, 25));
        png.extend(chunk(b"IDAT", &[7; 9000]));
        png.extend(control(3, 0));
        png.extend(chunk(b"fdAT", &[7; 90]));
        png.extend(control(0, 100));
        let found = of(&png, Format::Png);
        assert_eq!((found.len(), found.plays), (3, Some(2)));
        assert_eq!([0, 1, 2].map(|frame| found.delay(frame).as_millis()), [40, 30, 100]);
        let plain = [&png[..8], &chunk(b"IDAT", &[7; 9]), &control(1, 25)].concat();
        assert!(of(&plain, Format::Png).is_empty(), "no animation without its chunk before the pixels");
    }

    #[test]
    fn delays_of_a_webp() {
        let mut webp = b"RIFF\0\0\0\0WEBP".to_vec();
        webp.extend(b"ANIM\x06\0\0\0\0\0\0\0\0\0");
        for delay in [40_u32, 0] {
            webp.extend(b"ANMF\x11\0\0\0");
            webp.extend([0; 12]);
            webp.extend(&delay.to_le_bytes()[..3]);
            webp.extend([0, 9, 0]);
        }
        let found = of(&webp, Format::WebP);
        assert_eq!((found.len(), found.plays), (2, None));
        assert_eq!([0, 1].map(|frame| found.delay(frame).as_millis()), [40, 100]);
    }
}
