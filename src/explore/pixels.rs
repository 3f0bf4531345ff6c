//! What a picture's pixels are in numbers: a histogram, the least, the greatest and the mean of each channel, and how many
//! colours there are. Counted on all cores, in parts, so that a cancel is answered between two parts.

use std::collections::HashSet;

use image::DynamicImage;
use rayon::iter::{IndexedParallelIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSlice as _;

use crate::tasks::{Cancelled, Progress};

/// Pixels that are counted between two questions whether to stop.
const PART: usize = 64 * 1024;

/// The most colours that are told apart; beyond, [`Unique::MoreThan`] is the answer.
pub const MOST_COLORS: u64 = 1 << 20;

/// Bars of a histogram.
pub const BINS: usize = 256;

/// One channel in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// `L` for grey, `R`, `G`, `B`, `A`.
    pub letter: char,
    /// The value that the left edge of the first bin stands for.
    pub low: f64,
    /// The value that the right edge of the last bin stands for: 256, 65536, or the greatest value of floats.
    pub high: f64,
    /// How many pixels fall into each of the [`BINS`] equal parts from `low` to `high`.
    pub bins: Vec<u64>,
    /// The least value; 0 where there is no pixel.
    pub min: f64,
    /// The greatest value.
    pub max: f64,
    /// The mean value.
    pub mean: f64,
    /// How many values are no numbers; they are in no bin and count nowhere else. Only floats can have such.
    pub nan: u64,
    /// Each of the 65,536 values of a 16-bit channel counted by itself; `None` for others.
    pub exact: Option<Vec<u64>>,
}

/// What [`measure`] finds.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// The channels in stored order.
    pub channels: Vec<Channel>,
    /// Pixels counted.
    pub pixels: u64,
}

/// How many different colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    /// So many.
    Exactly(u64),
    /// More than so many; nobody counted on.
    MoreThan(u64),
}

impl std::fmt::Display for Unique {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(count) => count.fmt(f),
            Self::MoreThan(count) => write!(f, "more than {count}"),
        }
    }
}

/// Counts the values of each channel. The progress counts pixels.
///
/// # Errors
/// Only [`Cancelled`].
///
/// ```
/// use seektell::{explore::pixels, tasks::Progress};
/// let picture = image::GrayImage::from_raw(2, 2, vec![0, 10, 10, 20]).unwrap();
/// let found = pixels::measure(&picture.into(), &Progress::new())?;
/// let grey = &found.channels[0];
/// assert_eq!((grey.letter, grey.min, grey.max, grey.mean, grey.bins[10]), ('L', 0.0, 20.0, 10.0, 2));
/// # Ok::<(), seektell::tasks::Cancelled>(())
/// ```
pub fn measure(image: &DynamicImage, progress: &Progress) -> Result<Statistics, Cancelled> {
    let pixels = u64::from(image.width()) * u64::from(image.height());
    progress.set_total(pixels);
    progress.set_done(0);
    let channels = match image {
        DynamicImage::ImageLuma8(image) => bytes::<1>(image.as_raw(), progress)?,
        DynamicImage::ImageLumaA8(image) => bytes::<2>(image.as_raw(), progress)?,
        DynamicImage::ImageRgb8(image) => bytes::<3>(image.as_raw(), progress)?,
        DynamicImage::ImageRgba8(image) => bytes::<4>(image.as_raw(), progress)?,
        DynamicImage::ImageLuma16(image) => words::<1>(image.as_raw(), progress)?,
        DynamicImage::ImageLumaA16(image) => words::<2>(image.as_raw(), progress)?,
        DynamicImage::ImageRgb16(image) => words::<3>(image.as_raw(), progress)?,
        DynamicImage::ImageRgba16(image) => words::<4>(image.as_raw(), progress)?,
        DynamicImage::ImageRgb32F(image) => floats::<3>(image.as_raw(), progress)?,
        DynamicImage::ImageRgba32F(image) => floats::<4>(image.as_raw(), progress)?,
        other => bytes::<4>(other.to_rgba8().as_raw(), progress)?,
    };
    let letters = if image.color().has_color() { ['R', 'G', 'B', 'A'] } else { ['L', 'A', ' ', ' '] };
    let channels = channels.into_iter().zip(letters).map(|(channel, letter)| Channel { letter, ..channel }).collect();
    Ok(Statistics { channels, pixels })
}

/// Parts of `samples`, each counted by `count` into what `start` makes, and put together by `join`.
fn fold<T: Sync, A: Send, const N: usize>(
    samples: &[T],
    progress: &Progress,
    start: impl Fn() -> A + Sync + Send,
    count: impl Fn(&mut A, &[[T; N]]) + Sync + Send,
    join: impl Fn(A, A) -> A + Sync + Send,
) -> Result<A, Cancelled> {
    let (pixels, _) = samples.as_chunks::<N>();
    pixels
        .par_chunks(PART)
        .with_min_len(4)
        .try_fold(&start, |mut sum, part| {
            progress.check()?;
            count(&mut sum, part);
            progress.advance(part.len() as u64);
            Ok(sum)
        })
        .try_reduce(&start, |one, other| Ok(join(one, other)))
}

/// Counts of byte values. Two tables take turns: neighbours are often alike, and the processor need not wait for the count that it
/// has just written.
fn bytes<const N: usize>(samples: &[u8], progress: &Progress) -> Result<Vec<Channel>, Cancelled> {
    type Counts<const N: usize> = Vec<[u64; BINS]>;
    let counts: Counts<N> = fold::<u8, Counts<N>, N>(
        samples,
        progress,
        || vec![[0; BINS]; N],
        |sum, part| {
            let mut tables = [[[0_u32; BINS]; N]; 2];
            let (pairs, last) = part.as_chunks::<2>();
            for [one, other] in pairs {
                for channel in 0..N {
                    tables[0][channel][usize::from(one[channel])] += 1;
                    tables[1][channel][usize::from(other[channel])] += 1;
                }
            }
            for pixel in last {
                for channel in 0..N {
                    tables[0][channel][usize::from(pixel[channel])] += 1;
                }
            }
            for (channel, sums) in sum.iter_mut().enumerate() {
                for (value, sum) in sums.iter_mut().enumerate() {
                    *sum += u64::from(tables[0][channel][value]) + u64::from(tables[1][channel][value]);
                }
            }
        },
        |mut one, other| {
            add(one.as_flattened_mut(), other.as_flattened());
            one
        },
    )?;
    Ok(counts.iter().map(|counts| of_counts(counts, 256.0, false)).collect())
}

fn words<const N: usize>(samples: &[u16], progress: &Progress) -> Result<Vec<Channel>, Cancelled> {
    const VALUES: usize = 1 << 16;
    let counts = fold::<u16, Vec<u64>, N>(
        samples,
        progress,
        || vec![0; VALUES * N],
        |sum, part| {
            for pixel in part {
                for (channel, value) in pixel.iter().enumerate() {
                    sum[channel * VALUES + usize::from(*value)] += 1;
                }
            }
        },
        |mut one, other| {
            add(&mut one, &other);
            one
        },
    )?;
    Ok(counts.chunks(VALUES).map(|counts| of_counts(counts, 65_536.0, true)).collect())
}

fn add(to: &mut [u64], from: &[u64]) {
    for (sum, more) in to.iter_mut().zip(from) {
        *sum += more;
    }
}

/// A channel of whole numbers by how often each occurs.
fn of_counts(counts: &[u64], high: f64, exact: bool) -> Channel {
    let all: u64 = counts.iter().sum();
    let sum: u128 = counts.iter().enumerate().map(|(value, count)| value as u128 * u128::from(*count)).sum();
    let each = counts.len() / BINS;
    Channel {
        letter: ' ',
        low: 0.0,
        high,
        bins: counts.chunks(each.max(1)).map(|part| part.iter().sum()).collect(),
        min: counts.iter().position(|count| *count > 0).unwrap_or(0) as f64,
        max: counts.iter().rposition(|count| *count > 0).unwrap_or(0) as f64,
        mean: if all == 0 { 0.0 } else { sum as f64 / all as f64 },
        nan: 0,
        exact: exact.then(|| counts.to_vec()),
    }
}

/// The ends of a channel of floats.
#[derive(Clone, Copy)]
struct Ends {
    min: f32,
    max: f32,
    sum: f64,
    finite: u64,
    nan: u64,
}

/// Floats are gone through twice: the bins lie between the least and the greatest finite value, which the first pass finds.
fn floats<const N: usize>(samples: &[f32], progress: &Progress) -> Result<Vec<Channel>, Cancelled> {
    progress.set_total(progress.total() * 2);
    let none = Ends { min: f32::INFINITY, max: f32::NEG_INFINITY, sum: 0.0, finite: 0, nan: 0 };
    let ends = fold::<f32, [Ends; N], N>(
        samples,
        progress,
        || [none; N],
        |sum, part| {
            for pixel in part {
                for (ends, value) in sum.iter_mut().zip(pixel) {
                    if value.is_finite() {
                        ends.min = ends.min.min(*value);
                        ends.max = ends.max.max(*value);
                        ends.sum += f64::from(*value);
                        ends.finite += 1;
                    } else {
                        ends.nan += u64::from(value.is_nan());
                    }
                }
            }
        },
        |one, other| {
            std::array::from_fn(|channel| {
                let (one, other) = (one[channel], other[channel]);
                Ends {
                    min: one.min.min(other.min),
                    max: one.max.max(other.max),
                    sum: one.sum + other.sum,
                    finite: one.finite + other.finite,
                    nan: one.nan + other.nan,
                }
            })
        },
    )?;
    // Infinities go into the outermost bins.
    let place = |ends: &Ends, value: f32| {
        let width = f64::from(ends.max) - f64::from(ends.min);
        let at = if width > 0.0 { (f64::from(value) - f64::from(ends.min)) / width * BINS as f64 } else { 0.0 };
        (at.max(0.0) as usize).min(BINS - 1)
    };
    let counts = fold::<f32, Vec<u64>, N>(
        samples,
        progress,
        || vec![0; BINS * N],
        |sum, part| {
            for pixel in part {
                for (channel, (ends, value)) in ends.iter().zip(pixel).enumerate() {
                    if !value.is_nan() {
                        sum[channel * BINS + place(ends, *value)] += 1;
                    }
                }
            }
        },
        |mut one, other| {
            add(&mut one, &other);
            one
        },
    )?;
    let channel = |(ends, counts): (&Ends, &[u64])| {
        let some = ends.finite > 0;
        let end = |value: f32| if some { f64::from(value) } else { 0.0 };
        Channel {
            letter: ' ',
            low: end(ends.min),
            high: end(ends.max),
            bins: counts.to_vec(),
            min: end(ends.min),
            max: end(ends.max),
            mean: if some { ends.sum / ends.finite as f64 } else { 0.0 },
            nan: ends.nan,
            exact: None,
        }
    };
    Ok(ends.iter().zip(counts.chunks(BINS)).map(channel).collect())
}

/// How many different pixels there are, up to [`MOST_COLORS`] where there are more than 24 bits a pixel.
///
/// Takes 2 MiB a core for pictures without alpha of 8 bits a channel, else up to some ten MiB.
///
/// # Errors
/// Only [`Cancelled`].
///
/// ```
/// use seektell::{explore::pixels::{self, Unique}, tasks::Progress};
/// let picture = image::RgbImage::from_raw(3, 1, vec![1, 2, 3, 4, 5, 6, 1, 2, 3]).unwrap();
/// assert_eq!(pixels::unique_colors(&picture.into(), &Progress::new())?, Unique::Exactly(2));
/// # Ok::<(), seektell::tasks::Cancelled>(())
/// ```
pub fn unique_colors(image: &DynamicImage, progress: &Progress) -> Result<Unique, Cancelled> {
    progress.set_total(u64::from(image.width()) * u64::from(image.height()));
    progress.set_done(0);
    match image {
        DynamicImage::ImageLuma8(image) => marked::<u8, 1>(image.as_raw(), 8, progress, |[l]| (*l).into()),
        DynamicImage::ImageLumaA8(image) => {
            marked::<u8, 2>(image.as_raw(), 16, progress, |[l, a]| u32::from(*l) << 8 | u32::from(*a))
        }
        DynamicImage::ImageRgb8(image) => {
            marked::<u8, 3>(image.as_raw(), 24, progress, |[r, g, b]| u32::from_be_bytes([0, *r, *g, *b]))
        }
        DynamicImage::ImageLuma16(image) => marked::<u16, 1>(image.as_raw(), 16, progress, |[l]| (*l).into()),
        DynamicImage::ImageRgba8(image) => gathered::<u8, 4>(image.as_raw(), progress),
        DynamicImage::ImageLumaA16(image) => gathered::<u16, 2>(image.as_raw(), progress),
        DynamicImage::ImageRgb16(image) => gathered::<u16, 3>(image.as_raw(), progress),
        DynamicImage::ImageRgba16(image) => gathered::<u16, 4>(image.as_raw(), progress),
        DynamicImage::ImageRgb32F(image) => gathered_bits::<3>(image.as_raw(), progress),
        DynamicImage::ImageRgba32F(image) => gathered_bits::<4>(image.as_raw(), progress),
        other => gathered::<u8, 4>(other.to_rgba8().as_raw(), progress),
    }
}

/// One bit for each colour that there can be.
fn marked<T: Sync, const N: usize>(
    samples: &[T],
    bits: u32,
    progress: &Progress,
    number: impl Fn(&[T; N]) -> u32 + Sync + Send,
) -> Result<Unique, Cancelled> {
    let words = 1_usize << (bits - 6).max(2);
    let marks = fold::<T, Vec<u64>, N>(
        samples,
        progress,
        Vec::new,
        |marks, part| {
            // Made when the first pixel comes: a part of a split that gets none takes no memory.
            marks.resize(words, 0);
            for pixel in part {
                let number = number(pixel);
                marks[(number >> 6) as usize] |= 1 << (number & 63);
            }
        },
        |mut one, mut other| {
            if one.is_empty() {
                std::mem::swap(&mut one, &mut other);
            }
            for (marks, more) in one.iter_mut().zip(&other) {
                *marks |= more;
            }
            one
        },
    )?;
    Ok(Unique::Exactly(marks.iter().map(|word| u64::from(word.count_ones())).sum()))
}

fn gathered<T: Copy + Eq + std::hash::Hash + Sync + Send, const N: usize>(
    samples: &[T],
    progress: &Progress,
) -> Result<Unique, Cancelled> {
    let full = |set: &HashSet<[T; N]>| set.len() as u64 > MOST_COLORS;
    let set = fold::<T, HashSet<[T; N]>, N>(
        samples,
        progress,
        HashSet::new,
        |set, part| {
            let mut last = None;
            for pixel in part {
                if last != Some(pixel) && !full(set) {
                    set.insert(*pixel);
                    last = Some(pixel);
                }
            }
        },
        |one, other| {
            let (mut more, fewer) = if one.len() >= other.len() { (one, other) } else { (other, one) };
            for color in fewer {
                if full(&more) {
                    break;
                }
                more.insert(color);
            }
            more
        },
    )?;
    Ok(if full(&set) { Unique::MoreThan(MOST_COLORS) } else { Unique::Exactly(set.len() as u64) })
}

/// Floats are told apart by their bits.
fn gathered_bits<const N: usize>(samples: &[f32], progress: &Progress) -> Result<Unique, Cancelled> {
    let mut set: HashSet<[u32; N]> = HashSet::new();
    for part in samples.as_chunks::<N>().0.chunks(PART) {
        progress.check()?;
        for pixel in part {
            set.insert(pixel.map(f32::to_bits));
            if set.len() as u64 > MOST_COLORS {
                return Ok(Unique::MoreThan(MOST_COLORS));
            }
        }
        progress.advance(part.len() as u64);
    }
    Ok(Unique::Exactly(set.len() as u64))
}
