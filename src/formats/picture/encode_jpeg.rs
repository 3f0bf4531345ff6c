//! JPEG: rows become brightness and two colours, which the encoder makes blocks of; a large picture in bands on all cores.
//!
//! A JPEG may be divided by restart marks: after one, nothing is known of what came before. So each band between two of them is
//! encoded for itself, as a picture that is as high as the band, and what stands behind its header is the part of the file. Where bands
//! end follows from the picture alone, so the bytes are the same on every machine.

use std::cell::RefCell;
use std::io::{BufWriter, Write};

use image::DynamicImage;
use jpeg_encoder::{Encoder, EncodingError, ImageBuffer, JpegColorType, PixelDensity, PixelDensityUnit, SamplingFactor};

use super::encode::writing;
use super::guard::Watched;
use super::metadata::Prepared;
use super::pixels::{over, rgba8_row};
use crate::formats::options::Subsampling;
use crate::formats::{Format, FormatError, PictureOptions, in_order, stages};
use crate::tasks::Progress;

/// Pixels from which on a picture is divided, and of each band, about.
const DIVIDED: u64 = 1 << 20;
const BAND: u32 = 1 << 18;

/// Writes `image`, whose sides are at least 1, without metadata but the density; alpha goes onto the background as rows are asked for.
///
/// A progressive picture, and one whose tables are made for it, is encoded in one go and takes its coefficients in memory.
pub(super) fn encode(
    image: &DynamicImage,
    options: &PictureOptions,
    prepared: &Prepared,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let (width, height) = (image.width(), image.height());
    progress.set_total(u64::from(height));
    progress.set_done(0);
    let job = Job::new(width, height, is_grey(image, options.background), options, prepared, progress)?;
    // The encoder writes a few bytes at a time.
    let mut out = BufWriter::with_capacity(64 * 1024, Watched::new(out, progress));
    if is_divided(width, height, options) {
        let bands = job.bands();
        let make = |number: usize, jpeg: &mut Vec<u8>| {
            let first = number as u32 * bands.rows;
            jpeg.clear();
            job.rows(image, first, bands.rows.min(height - first), Some(bands.restart), jpeg)
        };
        let mut joined = Joined::new(&job, &bands, &mut out);
        in_order(bands.count, make, |jpeg| joined.put(jpeg))?;
    } else {
        job.rows(image, 0, height, None, &mut out)?;
    }
    out.flush().map_err(writing)
}

/// Whether a picture is encoded in bands.
pub(super) fn is_divided(width: u32, height: u32, options: &PictureOptions) -> bool {
    u64::from(width) * u64::from(height) >= DIVIDED && !options.progressive && !options.optimize
}

/// A part of a picture that is read while it is written.
#[derive(Default)]
struct Part {
    image: DynamicImage,
    jpeg: Vec<u8>,
}

/// Writes a picture of this size, which [`is_divided`], of which `next` gives so many rows at a time, as a picture of its own; it may
/// take the memory of the one that it gets. Nothing else of the picture is in memory than some bands.
pub(super) fn encode_rows(
    (width, height): (u32, u32),
    grey: bool,
    options: &PictureOptions,
    prepared: &Prepared,
    next: &mut dyn FnMut(u32, DynamicImage) -> Result<DynamicImage, FormatError>,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let job = Job::new(width, height, grey, options, prepared, progress)?;
    let bands = job.bands();
    let mut out = BufWriter::with_capacity(64 * 1024, Watched::new(out, progress));
    let mut left = height;
    let read = |part: &mut Part| {
        let rows = left.min(bands.rows);
        left -= rows;
        if rows > 0 {
            part.image = next(rows, std::mem::take(&mut part.image))?;
        }
        Ok(rows > 0)
    };
    let make = |part: &mut Part| {
        part.jpeg.clear();
        job.rows(&part.image, 0, part.image.height(), Some(bands.restart), &mut part.jpeg)
    };
    let mut joined = Joined::new(&job, &bands, &mut out);
    stages(bands.count, read, make, |part| joined.put(&mut part.jpeg))?;
    out.flush().map_err(writing)
}

/// A grey picture stays grey unless something coloured shines through it.
fn is_grey(image: &DynamicImage, [r, g, b]: [u8; 3]) -> bool {
    let color = image.color();
    !color.has_color() && (!color.has_alpha() || (r == g && g == b))
}

struct Job<'a> {
    options: &'a PictureOptions,
    prepared: &'a Prepared,
    progress: &'a Progress,
    grey: bool,
    sampling: SamplingFactor,
    /// How many pixels share a colour across and down.
    across: usize,
    down: usize,
    /// Width and height.
    size: (u16, u16),
}

impl<'a> Job<'a> {
    fn new(
        width: u32,
        height: u32,
        grey: bool,
        options: &'a PictureOptions,
        prepared: &'a Prepared,
        progress: &'a Progress,
    ) -> Result<Self, FormatError> {
        let (Ok(wide), Ok(high)) = (u16::try_from(width), u16::try_from(height)) else {
            return Err(FormatError::Option("the picture is too large for a JPEG".into()));
        };
        let sampling = match options.subsampling {
            // What the encoder takes by itself depends on the quality.
            None => Encoder::new(std::io::sink(), options.quality).sampling_factor(),
            Some(Subsampling::S444) => SamplingFactor::R_4_4_4,
            Some(Subsampling::S422) => SamplingFactor::R_4_2_2,
            Some(Subsampling::S420) => SamplingFactor::R_4_2_0,
        };
        let (across, down) = match sampling {
            _ if grey => (1, 1),
            SamplingFactor::R_4_2_2 | SamplingFactor::F_2_1 => (2, 1),
            SamplingFactor::R_4_2_0 | SamplingFactor::F_2_2 => (2, 2),
            _ => (1, 1),
        };
        Ok(Self { options, prepared, progress, grey, sampling, across, down, size: (wide, high) })
    }

    /// Encodes rows of `image` from `first` on as a whole JPEG. `restart` is said in its header: how many blocks stand between
    /// restart marks.
    fn rows(
        &self,
        image: &DynamicImage,
        first: u32,
        height: u32,
        restart: Option<u16>,
        out: &mut dyn Write,
    ) -> Result<(), FormatError> {
        self.progress.check()?;
        let mut encoder = Encoder::new(out, self.options.quality);
        encoder.set_sampling_factor(self.sampling);
        if let Some(density) = self.prepared.density {
            let dots = |inch: f64| inch.round().clamp(1.0, 65_535.0) as u16;
            encoder.set_density(PixelDensity { density: (dots(density.x), dots(density.y)), unit: PixelDensityUnit::Inches });
        }
        encoder.set_progressive(self.options.progressive);
        encoder.set_optimized_huffman_tables(self.options.optimize);
        if let Some(blocks) = restart {
            encoder.set_restart_interval(blocks);
        }
        // No more than the picture has.
        let height = height as u16;
        let rows = Rows { job: self, image, first, height, lines: RefCell::default() };
        encoder.encode_image(rows).map_err(|error| match error {
            EncodingError::IoError(error) => writing(error),
            other => FormatError::Unsupported { format: Format::Jpeg, what: other.to_string() },
        })
    }

    fn bands(&self) -> Bands {
        let (unit_width, unit_height) = (8 * self.across as u32, 8 * self.down as u32);
        let (width, height) = (u32::from(self.size.0), u32::from(self.size.1));
        let blocks = width.div_ceil(unit_width);
        // The number of blocks between two marks has 16 bits; a row of them has 8,192 at most.
        let lines = (BAND / (width * unit_height)).clamp(1, u32::from(u16::MAX) / blocks);
        let rows = lines * unit_height;
        Bands { rows, restart: (lines * blocks) as u16, count: height.div_ceil(rows) as usize }
    }
}

/// How a picture is divided.
struct Bands {
    /// Rows of each but the last one.
    rows: u32,
    /// Blocks of each.
    restart: u16,
    count: usize,
}

/// The file, while bands are put into it.
struct Joined<'a> {
    job: &'a Job<'a>,
    count: usize,
    number: usize,
    out: &'a mut dyn Write,
}

impl<'a> Joined<'a> {
    fn new(job: &'a Job<'a>, bands: &Bands, out: &'a mut dyn Write) -> Self {
        Self { job, count: bands.count, number: 0, out }
    }

    fn put(&mut self, jpeg: &mut [u8]) -> Result<(), FormatError> {
        let Parts { height, scan } = Parts::of(jpeg).ok_or_else(|| FormatError::Unsupported {
            format: Format::Jpeg,
            what: "what the encoder made of a part of the rows".into(),
        })?;
        if self.number == 0 {
            jpeg[height..height + 2].copy_from_slice(&self.job.size.1.to_be_bytes());
            self.out.write_all(&jpeg[..scan]).map_err(writing)?;
        }
        // Without the mark of the end.
        self.out.write_all(&jpeg[scan..jpeg.len() - 2]).map_err(writing)?;
        let mark = if self.number + 1 == self.count { 0xD9 } else { 0xD0 + (self.number % 8) as u8 };
        self.number += 1;
        self.out.write_all(&[0xFF, mark]).map_err(writing)
    }
}

/// Where things stand in a JPEG that the encoder made.
struct Parts {
    /// The two bytes of the height.
    height: usize,
    /// What the blocks became.
    scan: usize,
}

impl Parts {
    /// `None` where it is none: it ends with its mark, and its header has a size and one scan.
    fn of(jpeg: &[u8]) -> Option<Self> {
        let mut height = None;
        let mut at = 2;
        jpeg.strip_suffix(&[0xFF, 0xD9])?;
        loop {
            let &[0xFF, kind, high, low] = jpeg.get(at..)?.first_chunk()? else { return None };
            let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
            match kind {
                0xC0..=0xC2 => height = Some(at + 5),
                0xDA => return (end + 2 <= jpeg.len()).then_some(Self { height: height?, scan: end }),
                _ => {}
            }
            at = end;
        }
    }
}

/// Rows for the encoder: no copy of the picture is made.
struct Rows<'a> {
    job: &'a Job<'a>,
    image: &'a DynamicImage,
    /// The first of the rows, and how many there are.
    first: u32,
    height: u16,
    lines: RefCell<Lines>,
}

/// A row without alpha, and the one below it where they share their colours.
#[derive(Default)]
struct Lines {
    now: Vec<[u8; 4]>,
    below: Vec<[u8; 4]>,
}

impl Rows<'_> {
    fn load(&self, y: u32, line: &mut Vec<[u8; 4]>) {
        rgba8_row(self.image, y, line);
        if self.image.color().has_alpha() {
            for pixel in line.iter_mut().filter(|pixel| pixel[3] < 255) {
                let [r, g, b, a] = *pixel;
                let [r, g, b] = over([r, g, b], a, self.job.options.background);
                *pixel = [r, g, b, 255];
            }
        }
    }
}

impl ImageBuffer for Rows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        if self.job.grey { JpegColorType::Luma } else { JpegColorType::Ycbcr }
    }

    fn width(&self) -> u16 {
        self.job.size.0
    }

    fn height(&self) -> u16 {
        self.height
    }

    /// Of pixels that share their colours the encoder takes those of the first one, so that this gets the mean of all of them.
    fn fill_buffers(&self, y: u16, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
        let width = usize::from(self.job.size.0);
        // The last row comes again until the blocks are full: where a row stands among them is told by what is there already.
        let place = luma.len() / (width.next_multiple_of(8 * self.job.across));
        let y = self.first + u32::from(y);
        let lines = &mut *self.lines.borrow_mut();
        self.load(y, &mut lines.now);
        self.job.progress.advance(1);
        if self.job.grey {
            luma.extend(lines.now.iter().map(|[grey, ..]| grey));
            return;
        }
        luma.extend(lines.now.iter().map(|[r, g, b, _]| brightness([*r, *g, *b])));
        let at = blue.len();
        blue.resize(at + width, 0);
        red.resize(at + width, 0);
        if !place.is_multiple_of(self.job.down) {
            return;
        }
        if self.job.down == 2 {
            let last = self.image.height() - 1;
            self.load(last.min(y + 1), &mut lines.below);
        }
        let (blue, red) = (&mut blue[at..], &mut red[at..]);
        let (now, below) = (&lines.now[..], &lines.below[..]);
        let cells = blue.chunks_mut(self.job.across).zip(red.chunks_mut(self.job.across));
        match (self.job.across, self.job.down) {
            (1, _) => {
                for ((blue, red), pixel) in blue.iter_mut().zip(red).zip(now) {
                    (*blue, *red) = colors::<0>(sum([pixel]));
                }
            }
            (_, 1) => {
                for ((blue, red), pair) in cells.zip(now.chunks(2)) {
                    let (b, r) = colors::<1>(sum([&pair[0], &pair[pair.len() - 1]]));
                    blue.fill(b);
                    red.fill(r);
                }
            }
            _ => {
                for ((blue, red), (pair, under)) in cells.zip(now.chunks(2).zip(below.chunks(2))) {
                    let four = [&pair[0], &pair[pair.len() - 1], &under[0], &under[under.len() - 1]];
                    let (b, r) = colors::<2>(sum(four));
                    blue.fill(b);
                    red.fill(r);
                }
            }
        }
    }
}

fn sum<const COUNT: usize>(pixels: [&[u8; 4]; COUNT]) -> [i32; 3] {
    [0, 1, 2].map(|channel| pixels.iter().fold(0_i32, |sum, pixel| sum.wrapping_add(pixel[channel].into())))
}

/// The brightness of a pixel by JFIF, which takes the weights of ITU-R 601, in numbers of 16 bits behind the point.
fn brightness(rgb: [u8; 3]) -> u8 {
    let [r, g, b] = rgb.map(u32::from);
    // At most 255 and a half: nothing wraps, and without questions for that eight are made at once.
    let sum = r.wrapping_mul(19_595).wrapping_add(g.wrapping_mul(38_470)).wrapping_add(b.wrapping_mul(7_471));
    (sum.wrapping_add(0x7FFF) >> 16) as u8
}

/// How blue and how red the mean of 2 to the power of `SHIFT` pixels is, whose sum is given.
fn colors<const SHIFT: u32>([r, g, b]: [i32; 3]) -> (u8, u8) {
    let middle = (128_i32 << 16 << SHIFT).wrapping_add((0x8000 << SHIFT) - 1);
    let blue =
        middle.wrapping_sub(r.wrapping_mul(11_059)).wrapping_sub(g.wrapping_mul(21_709)).wrapping_add(b.wrapping_mul(32_768));
    let red =
        middle.wrapping_add(r.wrapping_mul(32_768)).wrapping_sub(g.wrapping_mul(27_439)).wrapping_sub(b.wrapping_mul(5_329));
    ((blue >> (16 + SHIFT)) as u8, (red >> (16 + SHIFT)) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_encoder_and_means_of_more() {
        for rgb in [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255], [12, 200, 99], [1, 2, 3], [254, 3, 128]] {
            let [r, g, b] = rgb;
            let (luma, blue, red) = jpeg_encoder::rgb_to_ycbcr(r, g, b);
            assert_eq!((brightness(rgb), colors::<0>(rgb.map(i32::from))), (luma, (blue, red)), "{rgb:?}");
            assert_eq!(colors::<1>(rgb.map(|value| i32::from(value) * 2)), (blue, red));
            assert_eq!(colors::<2>(rgb.map(|value| i32::from(value) * 4)), (blue, red));
        }
        // Half red and half blue is neither.
        let (blue, red) = colors::<1>(sum([&[255, 0, 0, 255], &[0, 0, 255, 255]]));
        let (of_red, of_blue) = (colors::<0>([255, 0, 0]), colors::<0>([0, 0, 255]));
        assert!(blue.abs_diff(((u16::from(of_red.0) + u16::from(of_blue.0)) / 2) as u8) <= 1);
        assert!(red.abs_diff(((u16::from(of_red.1) + u16::from(of_blue.1)) / 2) as u8) <= 1);
    }
}
