//! Animated PNG: of each frame the part that changed, packed as a PNG of its own whose pixels are taken over.
//!
//! The first frame's pixels stand where those of a still picture do, so that who knows no animations sees that one.

use std::io::Write;
use std::time::Duration;

use image::{DynamicImage, RgbaImage};

use super::animate::{Animation, Part, changed, cut};
use super::metadata::{Inserting, Prepared, png_chunk};
use super::{Frame, encode_png};
use crate::formats::{Format, FormatError, PictureOptions};
use crate::tasks::Progress;

/// Where the chunks begin, and where they go on behind the first one, which says the size and the kind of pixels.
const SIGNATURE: usize = 8;
const HEAD: usize = 33;

/// Writes `frames` with 8 bits of red, green, blue and alpha; the delays become thousandths of a second.
pub(super) fn write(
    frames: impl Iterator<Item = Result<Frame, FormatError>>,
    animation: Animation,
    options: &PictureOptions,
    prepared: &Prepared,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let mut out = Inserting::new(prepared, Format::Png, out);
    let mut before: Option<RgbaImage> = None;
    let mut number = 0_u32;
    let mut written = 0;
    for frame in frames {
        progress.check()?;
        let Frame { image, delay } = frame?;
        let now = image.into_rgba8();
        let part = changed(before.as_ref(), &now, 1, progress)?;
        let mut png = Vec::new();
        // The units of a part would be other ones than those of the whole.
        encode_png::encode(&DynamicImage::ImageRgba8(cut(&now, part)), options.png_level, &mut png, &progress.part(0))?;
        let mut bytes = Vec::with_capacity(png.len() + 128);
        if before.is_none() {
            bytes.extend_from_slice(&png[..HEAD]);
            let [frames, loops] = [animation.frames, animation.loops].map(u32::to_be_bytes);
            png_chunk(b"acTL", &[frames, loops].concat(), &mut bytes);
        }
        let mut next = || {
            number += 1;
            (number - 1).to_be_bytes()
        };
        png_chunk(b"fcTL", &control(next(), part, delay), &mut bytes);
        for data in pixels(&png) {
            if before.is_none() {
                png_chunk(b"IDAT", data, &mut bytes);
            } else {
                png_chunk(b"fdAT", &[&next(), data].concat(), &mut bytes);
            }
        }
        out.write_all(&bytes).map_err(FormatError::Write)?;
        before = Some(now);
        written += 1;
    }
    if written != animation.frames {
        return Err(FormatError::Option(format!("{} frames were announced and {written} came", animation.frames)));
    }
    let mut end = Vec::new();
    png_chunk(b"IEND", &[], &mut end);
    out.write_all(&end).map_err(FormatError::Write)?;
    out.flush().map_err(FormatError::Write)
}

/// Where a frame is, how long it is seen, and that it is put over what was there and stays.
fn control(number: [u8; 4], part: Part, delay: Duration) -> Vec<u8> {
    let mut control = number.to_vec();
    for side in [part.width, part.height, part.x, part.y] {
        control.extend(side.to_be_bytes());
    }
    let (above, below) = fraction(delay);
    control.extend(above.to_be_bytes());
    control.extend(below.to_be_bytes());
    control.extend([0, 0]);
    control
}

/// The contents of the chunks of pixels of a PNG that was just made.
fn pixels(png: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = png.get(SIGNATURE..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (len, behind) = rest.split_first_chunk::<4>()?;
        let (kind, behind) = behind.split_first_chunk::<4>()?;
        let (data, behind) = behind.split_at_checked(u32::from_be_bytes(*len) as usize)?;
        rest = behind.get(4..)?;
        Some((kind, data))
    })
    .filter_map(|(kind, data)| (kind == b"IDAT").then_some(data))
}

/// A delay as a fraction of two short numbers.
fn fraction(delay: Duration) -> (u16, u16) {
    let thousandths = delay.as_millis();
    match (u16::try_from(thousandths), u16::try_from(thousandths / 10)) {
        (Ok(thousandths), _) => (thousandths, 1_000),
        (_, Ok(hundredths)) => (hundredths, 100),
        _ => (u16::try_from(delay.as_secs()).unwrap_or(u16::MAX), 1),
    }
}
