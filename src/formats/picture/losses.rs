//! What a conversion of pictures loses, in sentences, before it is done.

use std::collections::HashSet;

use image::DynamicImage;

use super::encode::{ICON_SIDE, icon_size};
use super::pixels::rgba8_row;
use super::{ColorModel, Picture, PictureInfo};
use crate::formats::{Format, Loss, PictureOptions};

/// How much of the alpha channel is in use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alpha {
    /// No pixel is transparent.
    None,
    /// The header allows it; nobody looked.
    Possible,
    /// So many pixels are transparent at all, and so many of them only partly.
    Used { pixels: u64, partly: u64 },
}

/// Bits that matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Eight,
    Sixteen,
    Float,
}

/// What is said where a table is too short.
pub(super) const REDUCED: &str = "The colours are reduced to 256";

struct Facts {
    alpha: Alpha,
    depth: Depth,
    /// More than a palette can hold.
    many_colors: bool,
}

/// What writing such a picture as `to` loses, judged by its header alone. Where only the pixels can tell
/// (an alpha channel that may be opaque throughout) the loss is named; [`losses_of`] knows better. Metadata and profiles, which the
/// file holds beside them, are named as left out, since [`encode`](super::encode()) writes none; for what goes along with them ask
/// [`transcode_losses`](super::transcode_losses()).
///
/// ```
/// use seektell::{buffer::Buffer, formats::{Format, PictureOptions, picture}};
/// let info = picture::probe(&Buffer::from(b"P6 3 2 255\n..."), Format::Pnm)?;
/// assert!(picture::losses(&info, Format::Png, &PictureOptions::default()).is_empty());
/// let losses = picture::losses(&info, Format::Jpeg, &PictureOptions::default());
/// assert_eq!(losses[0].what, "JPEG is lossy: quality 85");
/// # Ok::<(), seektell::formats::FormatError>(())
/// ```
pub fn losses(info: &PictureInfo, to: Format, options: &PictureOptions) -> Vec<Loss> {
    let mut losses = pixel_losses(info, to, options);
    losses.extend(metadata(info));
    losses
}

/// What is lost of the pixels, by the header.
pub(super) fn pixel_losses(info: &PictureInfo, to: Format, options: &PictureOptions) -> Vec<Loss> {
    let depth = match info.bits {
        0..=8 => Depth::Eight,
        9..=16 => Depth::Sixteen,
        _ => Depth::Float,
    };
    let few = info.model == ColorModel::Palette || (info.model == ColorModel::Grey && info.bits <= 8);
    // A palette entry is either there or not, except in PNG, where each may be half transparent.
    let alpha = if info.alpha { Alpha::Possible } else { Alpha::None };
    let alpha = if info.format == Format::Gif && to == Format::Gif { Alpha::None } else { alpha };
    list(info, &Facts { alpha, depth, many_colors: !few }, to, options)
}

/// What writing this picture as `to` loses, judged by its pixels: nothing is named that is not lost.
///
/// Reads every pixel once where `to` makes that necessary.
pub fn losses_of(picture: &Picture, to: Format, options: &PictureOptions) -> Vec<Loss> {
    let mut losses = pixel_losses_of(picture, to, options);
    losses.extend(metadata(&picture.info));
    losses
}

/// What is lost of the pixels, by looking at them.
pub(super) fn pixel_losses_of(picture: &Picture, to: Format, options: &PictureOptions) -> Vec<Loss> {
    let facts = facts(&picture.image, to, options);
    let mut losses = list(&picture.info, &facts, to, options);
    if let Some(reason) = &picture.truncated {
        losses.insert(0, Loss::new(format!("The picture is not complete: {reason}")));
    }
    losses
}

fn facts(image: &DynamicImage, to: Format, options: &PictureOptions) -> Facts {
    let depth = depth(image);
    let flattens = matches!(to, Format::Jpeg | Format::Gif | Format::Hdr) || (to == Format::Pnm && options.flatten);
    let transparency_matters = flattens && image.color().has_alpha();
    if !transparency_matters && to != Format::Gif {
        return Facts { alpha: Alpha::None, depth, many_colors: false };
    }
    let (mut pixels, mut partly) = (0, 0);
    let mut colors = HashSet::new();
    let mut row = Vec::new();
    for y in 0..image.height() {
        rgba8_row(image, y, &mut row);
        for [r, g, b, a] in row.iter().copied() {
            pixels += u64::from(a < 255);
            partly += u64::from(a < 255 && a > 0);
            if to == Format::Gif && colors.len() <= 256 {
                // All that is transparent is one entry.
                colors.insert(if a == 0 { [0; 4] } else { [r, g, b, a] });
            }
        }
    }
    let alpha = if pixels > 0 { Alpha::Used { pixels, partly } } else { Alpha::None };
    Facts { alpha, depth, many_colors: colors.len() > 256 }
}

/// 16-bit values that are 8-bit ones spread out lose nothing by being cut.
fn depth(image: &DynamicImage) -> Depth {
    let spread = |words: &[u16]| words.iter().all(|word| word >> 8 == word & 0xFF);
    let eight = match image {
        DynamicImage::ImageLuma16(image) => spread(image.as_raw()),
        DynamicImage::ImageLumaA16(image) => spread(image.as_raw()),
        DynamicImage::ImageRgb16(image) => spread(image.as_raw()),
        DynamicImage::ImageRgba16(image) => spread(image.as_raw()),
        DynamicImage::ImageRgb32F(_) | DynamicImage::ImageRgba32F(_) => return Depth::Float,
        _ => true,
    };
    if eight { Depth::Eight } else { Depth::Sixteen }
}

fn list(info: &PictureInfo, facts: &Facts, to: Format, options: &PictureOptions) -> Vec<Loss> {
    let mut losses = Vec::new();
    let mut say = |what: String| losses.push(Loss::new(what));
    if let Some(frames) = info.frames.filter(|frames| *frames > 1) {
        let what = match info.format {
            Format::Tiff => "pages",
            Format::Ico => "sizes",
            Format::Dds => "copies",
            _ => "frames",
        };
        let left = frames - 1;
        let verb = if left == 1 { "is" } else { "are" };
        say(format!("{} of {} {what} {verb} left out", grouped(left.into()), grouped(frames.into())));
    }
    if info.model == ColorModel::Cmyk {
        say("CMYK colours become RGB".into());
    }
    alpha(facts.alpha, to, options, &mut say);
    match (facts.depth, to) {
        (Depth::Eight, _) | (_, Format::Tiff | Format::Hdr) | (Depth::Sixteen, Format::Png | Format::Pnm | Format::Farbfeld) => {}
        (Depth::Float, Format::Png | Format::Pnm | Format::Farbfeld) => {
            say("Floating-point channels are cut to 16 bits, 0 to 1".into());
        }
        (Depth::Float, _) => say("Floating-point channels are cut to 8 bits, 0 to 1".into()),
        (Depth::Sixteen, _) => say(format!("{}-bit channels are cut to 8 bits", info.bits.clamp(9, 16))),
    }
    match to {
        Format::Gif if facts.many_colors => say(REDUCED.into()),
        Format::Hdr => say("Radiance HDR is lossy: the channels of a pixel share one exponent".into()),
        Format::Jpeg => say(format!("JPEG is lossy: quality {}", options.quality)),
        Format::Ico if info.width.max(info.height) > ICON_SIDE => {
            let (width, height) = icon_size(info.width, info.height);
            say(format!(
                "The picture is made smaller, from {} x {} to {width} x {height} pixels: an icon has at most {ICON_SIDE} a side",
                info.width, info.height
            ));
        }
        _ => {}
    }
    losses
}

/// All of it, since pixels are written without.
fn metadata(info: &PictureInfo) -> Option<Loss> {
    let (last, rest) = info.metadata.split_last()?;
    let verb = if rest.is_empty() && *last != "text" { "is" } else { "are" };
    let shift = if info.metadata.contains(&"ICC profile") { "; without the profile colours may look different" } else { "" };
    let names = if rest.is_empty() { (*last).to_owned() } else { format!("{} and {last}", rest.join(", ")) };
    Some(Loss::new(format!("Metadata ({names}) {verb} left out{shift}")))
}

fn alpha(alpha: Alpha, to: Format, options: &PictureOptions, say: &mut impl FnMut(String)) {
    let [r, g, b] = options.background;
    let color = match options.background {
        [255, 255, 255] => "white".to_owned(),
        [0, 0, 0] => "black".to_owned(),
        _ => format!("#{r:02X}{g:02X}{b:02X}"),
    };
    let to = if to == Format::Hdr || (to == Format::Pnm && options.flatten) { Format::Jpeg } else { to };
    match (to, alpha) {
        (Format::Jpeg, Alpha::Possible) => say(format!("Transparency is lost: the picture is put onto {color}")),
        (Format::Jpeg, Alpha::Used { pixels, .. }) => {
            say(format!("{} transparent pixel{} put onto {color}", grouped(pixels), plural(pixels)));
        }
        (Format::Gif, Alpha::Possible) => {
            say(format!("Partly transparent pixels become fully transparent, or are put onto {color}"));
        }
        (Format::Gif, Alpha::Used { partly, .. }) if partly > 0 => say(format!(
            "{} partly transparent pixel{} either fully transparent or put onto {color}",
            grouped(partly),
            if partly == 1 { " becomes" } else { "s become" }
        )),
        _ => {}
    }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { " is" } else { "s are" }
}

/// Digits in threes: "12,345".
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
