//! Few colours: black and white, and palettes by median cut (Heckbert 1982), with the error spread over the neighbours
//! (Floyd and Steinberg 1976) where that is asked for.

use std::collections::HashMap;

use image::{DynamicImage, GrayImage, RgbaImage};

use crate::formats::FormatError;
use crate::formats::picture::guard::zeroed;
use crate::formats::picture::nearest::Nearest;
use crate::formats::picture::pixels::rgba8_row;
use crate::tasks::Progress;

/// Black below the half, white from there on.
pub(super) fn bilevel(pixels: &mut GrayImage, dither: bool, progress: &Progress) -> Result<(), FormatError> {
    let width = pixels.width() as usize;
    let mut spread = Spread::<1>::new(width);
    for line in pixels.chunks_mut(width.max(1)) {
        progress.check()?;
        for (x, value) in line.iter_mut().enumerate() {
            let wanted = if dither { spread.at(x, [*value])[0] } else { i32::from(*value) };
            *value = if wanted >= 128 { 255 } else { 0 };
            if dither {
                spread.add(x, [wanted - i32::from(*value)]);
            }
        }
        spread.next_row();
    }
    Ok(())
}

/// At most `most` colours, one of them transparent where a pixel is. A picture of few enough colours stays as it is.
///
/// The result is RGB, or RGBA where something is transparent: the writers count the colours and make the table.
pub(super) fn palette(image: &DynamicImage, most: u16, dither: bool, progress: &Progress) -> Result<DynamicImage, FormatError> {
    let (counts, transparent) = histogram(image, progress)?;
    let most = usize::from(most) - usize::from(transparent);
    let nearest = (counts.len() > most).then(|| Nearest::new(median_cut(counts, most.max(1))));
    let (width, height) = (image.width() as usize, image.height() as usize);
    let mut pixels = zeroed::<u8>(width * height * 4)?;
    let mut spread = Spread::<3>::new(width);
    let mut row = Vec::new();
    for (y, line) in (0..).zip(pixels.chunks_mut(width.max(1) * 4)) {
        progress.check()?;
        rgba8_row(image, y, &mut row);
        for (x, (pixel, [r, g, b, a])) in line.as_chunks_mut::<4>().0.iter_mut().zip(row.iter().copied()).enumerate() {
            if a < 128 {
                continue;
            }
            let found = |nearest: &Nearest, color| nearest.table()[usize::from(nearest.of(color))];
            let [r, g, b] = match &nearest {
                None => [r, g, b],
                Some(nearest) if dither => {
                    let wanted = spread.at(x, [r, g, b]);
                    let found = found(nearest, wanted.map(|value| value.clamp(0, 255) as u8));
                    spread.add(x, [0, 1, 2].map(|channel| wanted[channel] - i32::from(found[channel])));
                    found
                }
                Some(nearest) => found(nearest, [r, g, b]),
            };
            *pixel = [r, g, b, 255];
        }
        spread.next_row();
    }
    let pixels = RgbaImage::from_raw(image.width(), image.height(), pixels).expect("four bytes were made for each pixel");
    let image = DynamicImage::ImageRgba8(pixels);
    Ok(if transparent { image } else { DynamicImage::ImageRgb8(image.to_rgb8()) })
}

/// A colour and how many pixels have it.
type Counted = ([u8; 3], u64);

/// The colours of what is not transparent, and whether something is. Where there are very many, the last bits do not count.
fn histogram(image: &DynamicImage, progress: &Progress) -> Result<(Vec<Counted>, bool), FormatError> {
    const EXACT: usize = 1 << 16;
    let mut counts: HashMap<[u8; 3], u64> = HashMap::new();
    let (mut mask, mut transparent) = (0xFF, false);
    let mut row = Vec::new();
    for y in 0..image.height() {
        progress.check()?;
        rgba8_row(image, y, &mut row);
        for [r, g, b, a] in row.iter().copied() {
            if a < 128 {
                transparent = true;
            } else {
                *counts.entry([r & mask, g & mask, b & mask]).or_default() += 1;
            }
        }
        if counts.len() > EXACT {
            // Five bits a channel: at most 32,768 colours from here on.
            mask = 0xF8;
            let mut coarse = HashMap::new();
            for (color, count) in counts {
                *coarse.entry(color.map(|value| value & mask)).or_default() += count;
            }
            counts = coarse;
        }
    }
    // The order of a map is not the same twice; the result must be.
    let mut counts: Vec<Counted> = counts.into_iter().collect();
    counts.sort_unstable();
    Ok((counts, transparent))
}

/// The colours in boxes, the one with most pixels times width cut in the middle of its pixels again and again.
fn median_cut(counts: Vec<Counted>, most: usize) -> Vec<[u8; 3]> {
    let mut boxes = vec![counts];
    while boxes.len() < most {
        let weight = |colors: &Vec<Counted>| {
            let (_, width) = widest(colors);
            colors.iter().map(|(_, count)| count).sum::<u64>() * u64::from(width)
        };
        let Some((at, heaviest)) = boxes.iter().map(weight).enumerate().max_by_key(|(at, weight)| (*weight, usize::MAX - at))
        else {
            break;
        };
        if heaviest == 0 {
            break;
        }
        let mut colors = boxes.swap_remove(at);
        let (channel, _) = widest(&colors);
        colors.sort_unstable_by_key(|(color, _)| (color[channel], *color));
        let half = colors.iter().map(|(_, count)| count).sum::<u64>() / 2;
        let mut passed = 0;
        let cut = colors.iter().position(|(_, count)| {
            passed += count;
            passed > half
        });
        let upper = colors.split_off(cut.unwrap_or(1).clamp(1, colors.len() - 1));
        boxes.push(colors);
        boxes.push(upper);
    }
    boxes.iter().map(|colors| mean(colors)).collect()
}

/// The channel in which the colours differ most, and by how much.
fn widest(colors: &[Counted]) -> (usize, u8) {
    let width = |channel: usize| {
        let values = || colors.iter().map(|(color, _)| color[channel]);
        values().max().unwrap_or(0) - values().min().unwrap_or(0)
    };
    // Green first where they are alike: the eye sees it best.
    [1, 0, 2].into_iter().map(|channel| (channel, width(channel))).rev().max_by_key(|(_, width)| *width).unwrap_or((1, 0))
}

fn mean(colors: &[Counted]) -> [u8; 3] {
    let all: u64 = colors.iter().map(|(_, count)| count).sum::<u64>().max(1);
    [0, 1, 2].map(|channel| {
        let sum: u64 = colors.iter().map(|(color, count)| u64::from(color[channel]) * count).sum();
        ((sum + all / 2) / all) as u8
    })
}

/// Errors on their way to the neighbours, in sixteenths: those of this row and of the next.
struct Spread<const N: usize> {
    here: Vec<[i32; N]>,
    below: Vec<[i32; N]>,
}

impl<const N: usize> Spread<N> {
    fn new(width: usize) -> Self {
        // One place on each side, so that the edges need no questions.
        Self { here: vec![[0; N]; width + 2], below: vec![[0; N]; width + 2] }
    }

    fn at(&self, x: usize, value: [u8; N]) -> [i32; N] {
        std::array::from_fn(|channel| i32::from(value[channel]) + self.here[x + 1][channel] / 16)
    }

    fn add(&mut self, x: usize, error: [i32; N]) {
        for (channel, error) in error.into_iter().enumerate() {
            self.here[x + 2][channel] += error * 7;
            self.below[x][channel] += error * 3;
            self.below[x + 1][channel] += error * 5;
            self.below[x + 2][channel] += error;
        }
    }

    fn next_row(&mut self) {
        std::mem::swap(&mut self.here, &mut self.below);
        self.below.fill([0; N]);
    }
}
