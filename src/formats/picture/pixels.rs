//! Pixels looked at one by one, row by row, and as a texture that fits.

use std::fmt;

use image::{DynamicImage, RgbaImage};

use super::{ColorModel, Picture, PictureInfo};
use crate::formats::Format;

/// One channel's stored value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample {
    /// 0 to 255.
    U8(u8),
    /// 0 to 65535.
    U16(u16),
    /// Usually 0 to 1, but any number may be stored.
    F32(f32),
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::U8(value) => value.fmt(f),
            Self::U16(value) => value.fmt(f),
            Self::F32(value) => value.fmt(f),
        }
    }
}

/// A pixel's stored channels, before anything is cut to 8 bits. Displays as "R 65535 G 0 B 12 A 65535".
#[derive(Clone, Debug, PartialEq)]
pub struct PixelValue {
    /// Letter (`L` for grey, `R`, `G`, `B`, `A`) and value of each channel, in stored order.
    pub channels: Vec<(char, Sample)>,
    /// The same pixel as it is shown: red, green, blue, alpha.
    pub rgba8: [u8; 4],
}

impl fmt::Display for PixelValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (letter, sample)) in self.channels.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{letter} {sample}")?;
        }
        Ok(())
    }
}

impl Picture {
    /// A picture of 8-bit RGBA pixels that was made here and not read, such as one from the clipboard.
    pub fn from_rgba8(format: Format, image: RgbaImage) -> Self {
        let info = PictureInfo {
            format,
            width: image.width(),
            height: image.height(),
            color: "RGBA, 8 bits a channel".into(),
            model: ColorModel::Rgb,
            alpha: true,
            bits: 8,
            frames: None,
            orientation: 1,
            metadata: Vec::new(),
        };
        Self { info, image: image.into(), truncated: None }
    }

    /// The pixel at column `x` and row `y` from the top left, or `None` outside.
    pub fn pixel(&self, x: u32, y: u32) -> Option<PixelValue> {
        let (width, height) = (self.image.width(), self.image.height());
        if x >= width || y >= height {
            return None;
        }
        let at = y as usize * width as usize + x as usize;
        let color = self.image.color();
        let count = usize::from(color.channel_count());
        let letters = if color.has_color() { ['R', 'G', 'B', 'A'] } else { ['L', 'A', ' ', ' '] };
        let range = at * count..(at + 1) * count;
        let bytes = |raw: &[u8]| raw[range.clone()].iter().copied().map(Sample::U8).collect();
        let words = |raw: &[u16]| raw[range.clone()].iter().copied().map(Sample::U16).collect();
        let floats = |raw: &[f32]| raw[range.clone()].iter().copied().map(Sample::F32).collect();
        let samples: Vec<Sample> = match &self.image {
            DynamicImage::ImageLuma8(image) => bytes(image.as_raw()),
            DynamicImage::ImageLumaA8(image) => bytes(image.as_raw()),
            DynamicImage::ImageRgb8(image) => bytes(image.as_raw()),
            DynamicImage::ImageRgba8(image) => bytes(image.as_raw()),
            DynamicImage::ImageLuma16(image) => words(image.as_raw()),
            DynamicImage::ImageLumaA16(image) => words(image.as_raw()),
            DynamicImage::ImageRgb16(image) => words(image.as_raw()),
            DynamicImage::ImageRgba16(image) => words(image.as_raw()),
            DynamicImage::ImageRgb32F(image) => floats(image.as_raw()),
            DynamicImage::ImageRgba32F(image) => floats(image.as_raw()),
            _ => Vec::new(),
        };
        let value = |index: usize| samples.get(index).map_or(255, |sample| narrow(*sample));
        let rgba8 = match count {
            1 => [value(0), value(0), value(0), 255],
            2 => [value(0), value(0), value(0), value(1)],
            3 => [value(0), value(1), value(2), 255],
            _ => [value(0), value(1), value(2), value(3)],
        };
        Some(PixelValue { channels: letters.into_iter().zip(samples).collect(), rgba8 })
    }

    /// The picture as 8-bit RGBA whose longer side is at most `max_side` (at least 1), and its size in relation
    /// to the stored one: 1 where it fits as it is, 0.5 where it was halved.
    ///
    /// Made smaller by averaging areas, with colours weighed by their alpha, so that no dark rim appears at
    /// transparent edges. Takes no memory beside the result and a few rows.
    pub fn to_rgba8_scaled(&self, max_side: u32) -> (RgbaImage, f32) {
        let (width, height) = (self.image.width(), self.image.height());
        let longer = width.max(height).max(1);
        if longer <= max_side.max(1) {
            let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
            let mut row = Vec::new();
            for y in 0..height {
                rgba8_row(&self.image, y, &mut row);
                pixels.extend_from_slice(row.as_flattened());
            }
            return (from_raw(width, height, pixels), 1.0);
        }
        let ratio = f64::from(max_side.max(1)) / f64::from(longer);
        let side = |stored: u32| ((f64::from(stored) * ratio).round() as u32).clamp(1, max_side.max(1));
        (shrink(&self.image, side(width), side(height)), ratio as f32)
    }
}

fn from_raw(width: u32, height: u32, pixels: Vec<u8>) -> RgbaImage {
    RgbaImage::from_raw(width, height, pixels).expect("four bytes were made for each pixel")
}

/// Where one source line falls: the target line it starts in, its share there, and its share in the next.
#[derive(Clone, Copy)]
struct Share {
    target: usize,
    first: f32,
    second: f32,
}

/// `to` must not be larger than `from`; then a source line touches at most two target lines.
fn shares(from: u32, to: u32) -> Vec<Share> {
    let scale = f64::from(to) / f64::from(from);
    let last = to as usize - 1;
    (0..from)
        .map(|line| {
            let (start, end) = (f64::from(line) * scale, f64::from(line + 1) * scale);
            let target = (start as usize).min(last);
            let border = (target + 1) as f64;
            if end <= border || target == last {
                Share { target, first: (end - start) as f32, second: 0.0 }
            } else {
                Share { target, first: (border - start) as f32, second: (end - border) as f32 }
            }
        })
        .collect()
}

/// Averages areas down to `width` x `height`, which must not be larger than the picture.
pub(super) fn shrink(image: &DynamicImage, width: u32, height: u32) -> RgbaImage {
    let (columns, lines) = (shares(image.width(), width), shares(image.height(), height));
    let blank = vec![[0_f32; 4]; width as usize];
    let (mut current, mut next, mut line) = (blank.clone(), blank.clone(), blank.clone());
    let mut row = Vec::new();
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
    for (y, share) in lines.iter().enumerate() {
        rgba8_row(image, y as u32, &mut row);
        line.copy_from_slice(&blank);
        for (pixel, column) in row.iter().zip(&columns) {
            let alpha = f32::from(pixel[3]) / 255.0;
            let weighed =
                [f32::from(pixel[0]) * alpha, f32::from(pixel[1]) * alpha, f32::from(pixel[2]) * alpha, f32::from(pixel[3])];
            add(&mut line[column.target], weighed, column.first);
            if column.second > 0.0 {
                add(&mut line[column.target + 1], weighed, column.second);
            }
        }
        for ((now, later), value) in current.iter_mut().zip(&mut next).zip(&line) {
            add(now, *value, share.first);
            add(later, *value, share.second);
        }
        if lines.get(y + 1).is_none_or(|following| following.target != share.target) {
            pixels.extend(current.iter().flat_map(unweighed));
            std::mem::swap(&mut current, &mut next);
            next.copy_from_slice(&blank);
        }
    }
    from_raw(width, height, pixels)
}

fn add(to: &mut [f32; 4], value: [f32; 4], share: f32) {
    for (sum, part) in to.iter_mut().zip(value) {
        *sum += part * share;
    }
}

fn unweighed(sum: &[f32; 4]) -> [u8; 4] {
    let alpha = sum[3];
    let color = |value: f32| if alpha > 0.0 { (value * 255.0 / alpha + 0.5) as u8 } else { 0 };
    [color(sum[0]), color(sum[1]), color(sum[2]), (alpha + 0.5) as u8]
}

/// One row as 8-bit RGBA.
pub(in crate::formats) fn rgba8_row(image: &DynamicImage, y: u32, row: &mut Vec<[u8; 4]>) {
    row.clear();
    let width = image.width();
    match image {
        DynamicImage::ImageLuma8(image) => row.extend(line(image.as_raw(), width, y).iter().map(|[l]| [*l, *l, *l, 255])),
        DynamicImage::ImageLumaA8(image) => row.extend(line(image.as_raw(), width, y).iter().map(|[l, a]| [*l, *l, *l, *a])),
        DynamicImage::ImageRgb8(image) => row.extend(line(image.as_raw(), width, y).iter().map(|[r, g, b]| [*r, *g, *b, 255])),
        DynamicImage::ImageRgba8(image) => row.extend_from_slice(line(image.as_raw(), width, y)),
        DynamicImage::ImageLuma16(image) => {
            row.extend(line(image.as_raw(), width, y).iter().map(|[l]| {
                let l = narrow16(*l);
                [l, l, l, 255]
            }));
        }
        DynamicImage::ImageLumaA16(image) => {
            row.extend(line(image.as_raw(), width, y).iter().map(|[l, a]| {
                let l = narrow16(*l);
                [l, l, l, narrow16(*a)]
            }));
        }
        DynamicImage::ImageRgb16(image) => {
            row.extend(line(image.as_raw(), width, y).iter().map(|rgb: &[u16; 3]| {
                let [r, g, b] = rgb.map(narrow16);
                [r, g, b, 255]
            }));
        }
        DynamicImage::ImageRgba16(image) => {
            row.extend(line(image.as_raw(), width, y).iter().map(|rgba: &[u16; 4]| rgba.map(narrow16)));
        }
        DynamicImage::ImageRgb32F(image) => {
            row.extend(line(image.as_raw(), width, y).iter().map(|rgb: &[f32; 3]| {
                let [r, g, b] = rgb.map(narrow32);
                [r, g, b, 255]
            }));
        }
        DynamicImage::ImageRgba32F(image) => {
            row.extend(line(image.as_raw(), width, y).iter().map(|rgba: &[f32; 4]| rgba.map(narrow32)));
        }
        other => row.extend(other.crop_imm(0, y, width, 1).to_rgba8().pixels().map(|pixel| pixel.0)),
    }
}

fn line<T, const CHANNELS: usize>(raw: &[T], width: u32, y: u32) -> &[[T; CHANNELS]] {
    let width = width as usize;
    &raw.as_chunks().0[y as usize * width..][..width]
}

fn narrow(sample: Sample) -> u8 {
    match sample {
        Sample::U8(value) => value,
        Sample::U16(value) => narrow16(value),
        Sample::F32(value) => narrow32(value),
    }
}

/// The nearest of 256 steps.
pub(super) fn narrow16(value: u16) -> u8 {
    ((u32::from(value) + 128) / 257) as u8
}

fn narrow32(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}

/// One colour over another; `alpha` is how much of the upper one is seen.
pub(super) fn over(color: [u8; 3], alpha: u8, background: [u8; 3]) -> [u8; 3] {
    let (seen, hidden) = (u32::from(alpha), 255 - u32::from(alpha));
    std::array::from_fn(|channel| {
        ((u32::from(color[channel]) * seen + u32::from(background[channel]) * hidden + 127) / 255) as u8
    })
}
