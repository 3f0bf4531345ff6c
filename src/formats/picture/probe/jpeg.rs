//! JPEG: the segments up to the first scan.

use std::io::BufRead;

use super::{Header, Stored, exif, u16_be};
use crate::buffer::Buffer;
use crate::formats::picture::{ColorModel, guard};
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

/// Segments looked at before the first scan.
const MAX_SEGMENTS: u32 = 4_096;

/// How four channels were stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats::picture) enum CmykKind {
    /// Ink amounts as they are: no Adobe marker, so nobody turned them round.
    Plain,
    /// Adobe's way: 255 is no ink.
    Inverted,
    /// Adobe's way, with the first three channels as YCbCr.
    Ycck,
}

/// The frame header and Adobe's word on the colours.
struct Walk {
    stored: Stored,
    components: u8,
    adobe: Option<u8>,
    /// One pass over the blocks, of which the first scan holds some of the components only.
    parts: bool,
}

pub(super) fn probe(header: &Header<'_>) -> Result<Stored, FormatError> {
    walk(header).map(|walk| walk.stored)
}

/// How the four channels are stored, or `None` where there are not four.
pub(in crate::formats::picture) fn cmyk_kind(input: &Buffer) -> Result<Option<CmykKind>, FormatError> {
    let walk = walk(&Header { input, format: Format::Jpeg })?;
    Ok((walk.components == 4).then_some(match walk.adobe {
        None => CmykKind::Plain,
        Some(2) => CmykKind::Ycck,
        Some(_) => CmykKind::Inverted,
    }))
}

/// Whether brightness and colours stand one after the other, each in a scan of its own. Few programs write such (`cjpeg -scans`, and
/// encoders that count before they write), and the usual decoder makes a green picture of it without a word:
/// <https://github.com/etemesi254/zune-image/issues/422>.
pub(in crate::formats::picture) fn in_parts(input: &Buffer) -> Result<bool, FormatError> {
    Ok(walk(&Header { input, format: Format::Jpeg })?.parts)
}

fn walk(header: &Header<'_>) -> Result<Walk, FormatError> {
    if header.need::<2>(0)? != [0xFF, 0xD8] {
        return Err(header.malformed("it does not start with FF D8", Some(0)));
    }
    let mut at = 2;
    let mut frame = None;
    let (mut orientation, mut metadata, mut adobe) = (1, Vec::new(), None);
    let (mut one_pass, mut parts) = (false, false);
    for _ in 0..MAX_SEGMENTS {
        at = next_marker(header, at)?;
        let [_, marker] = header.need::<2>(at)?;
        // Marks without a length.
        if matches!(marker, 0x01 | 0xD0..=0xD8) {
            at += 2;
            continue;
        }
        if matches!(marker, 0xDA | 0xD9) {
            let components = frame.map_or(0, |frame: [u8; 6]| frame[5]);
            parts = marker == 0xDA && one_pass && header.get::<1>(at + 4)?.is_some_and(|[held]| held < components);
            break;
        }
        let len = u64::from(u16_be(&header.need::<2>(at + 2)?));
        if len < 2 {
            return Err(header.malformed("a segment is shorter than its own length", Some(at)));
        }
        let data = at + 4;
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF if frame.is_none() => {
                frame = Some(header.need::<6>(data)?);
                one_pass = matches!(marker, 0xC0 | 0xC1);
            }
            0xE1 if header.get::<6>(data)? == Some(*b"Exif\0\0") => {
                metadata.push("EXIF");
                orientation = exif::orientation(&header.slice(data + 6, len.saturating_sub(8)))?;
            }
            0xE1 if header.get::<28>(data)? == Some(*b"http://ns.adobe.com/xap/1.0/") => metadata.push("XMP"),
            0xE2 if header.get::<11>(data)? == Some(*b"ICC_PROFILE") => metadata.push("ICC profile"),
            0xED if header.get::<13>(data)? == Some(*b"Photoshop 3.0") => metadata.push("IPTC"),
            0xEE if len >= 14 && header.get::<5>(data)? == Some(*b"Adobe") => {
                adobe = header.get::<1>(data + 11)?.map(|[transform]| transform);
            }
            0xFE => metadata.push("comment"),
            _ => {}
        }
        at += 2 + len;
    }
    let Some([bits, h0, h1, w0, w1, components]) = frame else {
        return Err(header.malformed("there is no frame header before the picture", Some(at)));
    };
    let model = match components {
        1 => ColorModel::Grey,
        4 => ColorModel::Cmyk,
        _ => ColorModel::Rgb,
    };
    let mut stored = Stored::new(u16_be(&[w0, w1]).into(), u16_be(&[h0, h1]).into(), model, false, bits);
    stored.frames = Some(1);
    stored.orientation = orientation;
    for what in metadata {
        stored.note(what);
    }
    Ok(Walk { stored, components, adobe, parts })
}

/// The next FF that is followed by a mark; fill bytes and a little garbage between segments are stepped over.
fn next_marker(header: &Header<'_>, from: u64) -> Result<u64, FormatError> {
    let mut at = from;
    loop {
        let pair = header.need::<2>(at)?;
        if pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF) {
            return Ok(at);
        }
        at += 1;
        if at - from > 65_536 {
            return Err(header.malformed("no segment follows", Some(from)));
        }
    }
}

/// Whether the file stops before its end mark. The decoder fills what is missing with grey and says nothing,
/// so the marks inside the picture's data are walked here.
pub(in crate::formats::picture) fn ends_early(input: &Buffer, progress: &Progress) -> Result<bool, FormatError> {
    let mut reader = input.reader();
    let mut skip: u64 = 0;
    // What came before the byte at hand: nothing of note, an FF, a mark that has a length, its high byte.
    let mut state = State::Data;
    loop {
        progress.check()?;
        let bytes = reader.fill_buf().map_err(|error| guard::reading(error, input, Format::Jpeg))?;
        if bytes.is_empty() {
            return Ok(true);
        }
        let run = &bytes[..bytes.len().min(1 << 20)];
        let mut at = 0;
        while at < run.len() {
            if skip > 0 {
                let step = skip.min((run.len() - at) as u64);
                skip -= step;
                at += step as usize;
                continue;
            }
            let byte = run[at];
            at += 1;
            state = match (state, byte) {
                (State::Data | State::Mark, 0xFF) => State::Mark,
                (State::Data, _) => {
                    // Nothing but an FF matters inside the data.
                    at += memchr::memchr(0xFF, &run[at..]).unwrap_or(run.len() - at);
                    State::Data
                }
                (State::Mark, 0xD9) => return Ok(false),
                (State::Mark, 0x00 | 0x01 | 0xD0..=0xD8) => State::Data,
                (State::Mark, _) => State::LenHigh,
                (State::LenHigh, high) => State::LenLow(high),
                (State::LenLow(high), low) => {
                    skip = u64::from(u16_be(&[high, low])).saturating_sub(2);
                    State::Data
                }
            };
        }
        let used = run.len();
        reader.consume(used);
    }
}

#[derive(Clone, Copy)]
enum State {
    Data,
    Mark,
    LenHigh,
    LenLow(u8),
}
