//! TIFF of the kinds that the codec behind `image` refuses or reads otherwise than its specification says: tables of colours, 2, 4
//! and odd numbers of bits, grey with alpha, floats, channels in planes, colours that their alpha was multiplied into, and YCbCr in JPEG.
//!
//! The codec unpacks the strips or tiles: it is shown the same file as one of grey bytes ([`Chunks::plane`]). What those bytes mean
//! is told here, by TIFF 6.0, with Adobe's technical notes 1 to 3 for the predictor of floats.

use image::codecs::tiff::TiffDecoder;
use image::{DynamicImage, ImageBuffer};

use super::guard::{self, zeroed};
use super::metadata::{Part, Tree};
use super::tiff_samples::{Samples, Values};
use super::{Limits, in_units};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const BITS: u16 = 258;
const COMPRESSION: u16 = 259;
const PHOTOMETRIC: u16 = 262;
const STRIP_OFFSETS: u16 = 273;
const SAMPLES: u16 = 277;
const ROWS_PER_STRIP: u16 = 278;
const STRIP_BYTES: u16 = 279;
const PLANAR: u16 = 284;
const PREDICTOR: u16 = 317;
const COLOR_MAP: u16 = 320;
const TILE_WIDTH: u16 = 322;
const TILE_HEIGHT: u16 = 323;
const TILE_OFFSETS: u16 = 324;
const TILE_BYTES: u16 = 325;
const EXTRA_SAMPLES: u16 = 338;
const SAMPLE_FORMAT: u16 = 339;

/// How the first page is stored.
struct Stored {
    tree: Tree,
    width: u32,
    height: u32,
    bits: u8,
    compression: u64,
    photometric: u64,
    samples: u16,
    planar: bool,
    predictor: u64,
    /// What the channels beside those of the colour are: 1 alpha that the colours are multiplied by, 2 alpha.
    extra: Vec<u64>,
    /// 1 whole numbers, 2 such with a sign, 3 floats.
    kind: u64,
}

/// What is to be done with a file.
enum Way {
    /// The codec reads it as it should.
    Codec,
    /// The codec reads it as RGB, but it is YCbCr.
    Ycc(Buffer),
    /// It is read here.
    Own,
}

/// The picture, where it is of the kinds that are read here; `None` where the codec reads it well.
///
/// # Errors
/// [`FormatError::Unsupported`] with what is not read, and those of [`super::decode()`].
pub(super) fn decode(input: &Buffer, limits: Limits, progress: &Progress) -> Result<Option<DynamicImage>, FormatError> {
    let Some(stored) = Stored::of(input)? else { return Ok(None) };
    match stored.way(input)? {
        Way::Codec => Ok(None),
        Way::Ycc(file) => {
            limits.check(stored.width, stored.height, 3)?;
            let image = unpack(&file, input, limits, progress)?;
            let DynamicImage::ImageRgb8(mut image) = image else { return Err(malformed("its JPEGs have other channels")) };
            for pixel in image.pixels_mut() {
                let [y, cb, cr] = pixel.0;
                pixel.0 = super::jpeg_cmyk::ycc(y, cb, cr);
            }
            Ok(Some(DynamicImage::ImageRgb8(image)))
        }
        Way::Own => stored.own(input, limits, progress).map(Some),
    }
}

fn malformed(what: &str) -> FormatError {
    FormatError::Malformed { format: Format::Tiff, what: what.to_owned(), at: None }
}

fn unsupported(what: impl Into<String>) -> FormatError {
    FormatError::Unsupported { format: Format::Tiff, what: what.into() }
}

/// Decodes `file`, which is made of `input`: that is the one which ends early where one does.
fn unpack(file: &Buffer, input: &Buffer, limits: Limits, progress: &Progress) -> Result<DynamicImage, FormatError> {
    use image::ImageDecoder as _;
    let failed = |error| {
        let error = guard::decoding(error, file, Format::Tiff);
        if guard::is_short(&error, file) {
            return FormatError::Malformed {
                format: Format::Tiff,
                what: "the file ends early".into(),
                at: Some(input.len().end()),
            };
        }
        error
    };
    let mut decoder = TiffDecoder::new(guard::reader(file, progress)).map_err(failed)?;
    let mut codec = image::Limits::no_limits();
    codec.max_alloc = Some(limits.max_bytes.saturating_mul(2).saturating_add(16 << 20));
    decoder.set_limits(codec).map_err(failed)?;
    DynamicImage::from_decoder(decoder).map_err(failed)
}

impl Stored {
    /// `None` where the directory makes no sense, which the codec has words for.
    fn of(input: &Buffer) -> Result<Option<Self>, FormatError> {
        let Some(tree) = Tree::read(input, false)? else { return Ok(None) };
        let number = |tag: u16, default: u64| tree.image_number(tag).map(|value| value.unwrap_or(default));
        let list = |tag: u16| tree.field(Part::Image, tag).map_or(Ok(Vec::new()), |field| tree.numbers(field, 64));
        let side = |tag: u16| number(tag, 0).map(|value| u32::try_from(value).unwrap_or(0));
        let (width, height) = (side(WIDTH)?, side(HEIGHT)?);
        let (depths, kinds) = (list(BITS)?, list(SAMPLE_FORMAT)?);
        let bits = depths.first().copied().unwrap_or(1);
        if depths.iter().any(|other| *other != bits) {
            return Err(unsupported("channels of different depths"));
        }
        let kind = kinds.first().copied().unwrap_or(1);
        if kinds.iter().any(|other| *other != kind) {
            return Err(unsupported("channels of different kinds of numbers"));
        }
        let samples = number(SAMPLES, 1)?;
        let (Ok(bits @ 1..), Ok(samples @ 1..)) = (u8::try_from(bits), u16::try_from(samples)) else { return Ok(None) };
        let Some(photometric) = tree.image_number(PHOTOMETRIC)? else { return Ok(None) };
        if width == 0 || height == 0 {
            return Ok(None);
        }
        let compression = number(COMPRESSION, 1)?;
        // Only these two know of predictors.
        let predictor = if matches!(compression, 5 | 8 | 32_946) { number(PREDICTOR, 1)? } else { 1 };
        let planar = number(PLANAR, 1)? == 2 && samples > 1;
        let extra = list(EXTRA_SAMPLES)?;
        Ok(Some(Self { width, height, bits, compression, photometric, samples, planar, predictor, extra, kind, tree }))
    }

    /// Channels of the colour.
    fn colors(&self) -> u16 {
        match self.photometric {
            2 => 3,
            5 => 4,
            _ => 1,
        }
    }

    /// Which channel is the alpha, and whether the colours are multiplied by it.
    fn alpha(&self) -> Option<(u16, bool)> {
        let colors = self.colors();
        if self.photometric == 5 || self.samples <= colors {
            return None;
        }
        // Writers often leave out what the further channel is; readers take it for alpha.
        if self.extra.is_empty() {
            return Some((colors, false));
        }
        let first = self.samples.saturating_sub(self.extra.len() as u16).max(colors);
        let found = self.extra.iter().position(|kind| matches!(kind, 1 | 2))?;
        let channel = first.checked_add(found as u16).filter(|channel| *channel < self.samples)?;
        Some((channel, self.extra.get(found) == Some(&1)))
    }

    fn way(&self, input: &Buffer) -> Result<Way, FormatError> {
        let plain = matches!(self.compression, 1 | 5 | 8 | 32_773 | 32_946);
        match (self.compression, self.photometric) {
            (_, 4) => return Err(unsupported("a mask of transparency as a picture")),
            (7, 6) if self.bits == 8 && self.samples == 3 && !self.planar => return self.as_rgb(input),
            (_, 6) => return Err(unsupported("YCbCr colours without JPEG compression")),
            (_, 8) => return Err(unsupported("CIE L*a*b* colours")),
            (_, 9) => return Err(unsupported("ICC L*a*b* colours")),
            (_, 10) => return Err(unsupported("ITU L*a*b* colours")),
            (_, 32_803 | 34_892) => return Err(unsupported("raw data of a camera's sensor")),
            (_, 32_844 | 32_845) => return Err(unsupported("LogLuv colours")),
            (_, 0..=3 | 5) => {}
            (_, other) => return Err(unsupported(format!("the kind of colours number {other}"))),
        }
        if !plain {
            let what = match self.compression {
                4 | 7 if self.planar || self.photometric == 3 => "this compression with planes or a table of colours".to_owned(),
                4 | 7 => return Ok(Way::Codec),
                2 => "CCITT run-length compression".to_owned(),
                3 => "CCITT group 3 (fax) compression".to_owned(),
                6 => "JPEG compression of the first kind".to_owned(),
                32_809 => "ThunderScan compression".to_owned(),
                34_712 => "JPEG 2000 compression".to_owned(),
                34_887 => "LERC compression".to_owned(),
                34_925 => "LZMA compression".to_owned(),
                50_000 => "Zstandard compression".to_owned(),
                50_001 => "WebP compression".to_owned(),
                other => format!("the compression number {other}"),
            };
            return Err(unsupported(what));
        }
        let floats = self.kind == 3;
        match (self.kind, self.bits) {
            (1 | 4, 1..=16) | (3, 16 | 32 | 64) => {}
            (1 | 4, bits) => return Err(unsupported(format!("whole numbers of {bits} bits"))),
            (2, _) => return Err(unsupported("whole numbers with a sign")),
            (3, bits) => return Err(unsupported(format!("floats of {bits} bits"))),
            (5 | 6, _) => return Err(unsupported("complex numbers")),
            (other, _) => return Err(unsupported(format!("the kind of numbers {other}"))),
        }
        if self.photometric == 3 && (floats || self.bits > 8) {
            return Err(unsupported(format!("a table of colours for {} bits", self.bits)));
        }
        if self.samples < self.colors() {
            return Err(malformed(&format!("it has {} channels, its colours {}", self.samples, self.colors())));
        }
        match (self.predictor, self.bits) {
            (1, _) | (2, 8 | 16 | 32 | 64) => {}
            (3, _) if floats => {}
            (other, bits) => return Err(unsupported(format!("the predictor {other} for channels of {bits} bits"))),
        }
        let codec = match self.photometric {
            1 => self.samples == 1 && !floats && matches!(self.bits, 1 | 8 | 16),
            2 => {
                let alpha = self.samples == 3 || (self.samples == 4 && matches!(self.alpha(), Some((3, false))));
                alpha && matches!((floats, self.bits), (false, 8 | 16) | (true, 32)) && !(floats && self.predictor == 2)
            }
            5 => self.samples == 4 && !floats && matches!(self.bits, 8 | 16),
            _ => false,
        };
        Ok(if codec && !self.planar { Way::Codec } else { Way::Own })
    }

    /// The file as it would be if its colours were RGB.
    fn as_rgb(&self, input: &Buffer) -> Result<Way, FormatError> {
        let field = self.tree.field(Part::Image, PHOTOMETRIC).filter(|field| field.kind == 3);
        let Some(field) = field else { return Err(malformed("what its colours are is no short number")) };
        let mut file = input.clone();
        let two = if self.tree.order.big_endian { [0, 2] } else { [2, 0] };
        file.overwrite(Offset(field.at), &two);
        Ok(Way::Ycc(file))
    }

    fn own(&self, input: &Buffer, limits: Limits, progress: &Progress) -> Result<DynamicImage, FormatError> {
        let alpha = self.alpha();
        let floats = self.kind == 3;
        let mut take: Vec<u16> = (0..self.colors()).collect();
        take.extend(alpha.map(|(channel, _)| channel));
        let channels = take.len();
        // What is held in the end: grey floats become RGB, entries of a table colours.
        let shown = match self.photometric {
            0 | 1 if !floats => channels,
            5 => 4,
            _ => 3 + usize::from(alpha.is_some()),
        };
        let size = if floats { 4 } else { usize::from(self.bits.div_ceil(8)) };
        limits.check(self.width, self.height, (shown * size) as u64)?;
        let chunks = Chunks::of(self)?;
        // Of planes one is unpacked at a time.
        let stride = chunks.across.saturating_mul(chunks.row_bytes());
        let bytes = stride.saturating_mul(chunks.rows_in_all());
        if bytes > limits.max_bytes || stride > u64::from(u32::MAX) || chunks.rows_in_all() > u64::from(u32::MAX) {
            let what = format!("the strips or tiles of the picture take {} in memory", in_units(bytes));
            return Err(Limits::refuse(what, limits.max_bytes));
        }
        let pixels = self.width as usize * self.height as usize;
        let mut out = match (floats, self.bits) {
            (true, _) => Values::Floats(zeroed(pixels * channels)?),
            (false, ..=8) => Values::Bytes(zeroed(pixels * channels)?),
            (false, _) => Values::Words(zeroed(pixels * channels)?),
        };
        let each = if self.planar { 1 } else { self.samples };
        let samples = Samples {
            bits: self.bits,
            big_endian: self.tree.order.big_endian,
            predictor: self.predictor as u8,
            channels: each.into(),
            scaled: self.photometric != 3,
        };
        for plane in 0..if self.planar { self.samples } else { 1 } {
            // Where in a stored pixel a channel is, and where in ours.
            let places: Vec<(usize, usize)> = take
                .iter()
                .enumerate()
                .filter(|(_, channel)| !self.planar || **channel == plane)
                .map(|(to, channel)| (if self.planar { 0 } else { usize::from(*channel) }, to))
                .collect();
            if places.is_empty() {
                continue;
            }
            let DynamicImage::ImageLuma8(raw) = unpack(&chunks.plane(self, input, plane)?, input, limits, progress)? else {
                return Err(malformed("its strips or tiles cannot be unpacked"));
            };
            let mut raw = raw.into_raw();
            let per_row = (chunks.width as usize, chunks.row_bytes() as usize);
            for (y, row) in raw.chunks_exact_mut(stride.max(1) as usize).take(self.height as usize).enumerate() {
                progress.check()?;
                let mut x = 0;
                for part in row.chunks_exact_mut(per_row.1.max(1)) {
                    let count = per_row.0.min(self.width as usize - x);
                    let at = (y * self.width as usize + x) * channels;
                    samples.read(part, per_row.0, count, &places, &mut out, at, channels);
                    x += count;
                }
            }
        }
        if self.photometric == 0 {
            out.invert_first(channels);
        }
        let premultiplied = alpha.is_some_and(|(_, multiplied)| multiplied);
        if premultiplied && self.photometric != 3 {
            out.divide_by_last(channels);
        }
        progress.check()?;
        let shown = match self.photometric {
            3 => out.through(&self.table()?, channels)?,
            5 => out.inks(channels)?,
            _ => out,
        };
        image(shown, self.width, self.height).ok_or_else(|| malformed("it has other channels than its colours need"))
    }

    /// The table of colours.
    fn table(&self) -> Result<Vec<[u8; 3]>, FormatError> {
        let len = 1_usize << self.bits;
        let field = self.tree.field(Part::Image, COLOR_MAP).ok_or_else(|| malformed("its table of colours is missing"))?;
        let numbers = self.tree.numbers(field, 3 * len as u64)?;
        // All reds, all greens, all blues; 16 bits each, but some writers put 8 there.
        let shift = if numbers.iter().all(|number| *number < 256) { 0 } else { 8 };
        let color = |entry: usize, part: usize| numbers.get(part * len + entry).map_or(0, |number| (number >> shift) as u8);
        Ok((0..len).map(|entry| std::array::from_fn(|part| color(entry, part))).collect())
    }
}

/// The strips or tiles of a page; strips are tiles as wide as the picture.
struct Chunks {
    tiles: bool,
    width: u32,
    height: u32,
    across: u64,
    down: u64,
    bits_a_pixel: u64,
    rows: u32,
}

impl Chunks {
    fn of(stored: &Stored) -> Result<Self, FormatError> {
        let tiles = stored.tree.field(Part::Image, TILE_OFFSETS).is_some();
        let side = |tag: u16, default: Option<u32>| -> Result<u32, FormatError> {
            let found = stored.tree.image_number(tag)?.map(|side| u32::try_from(side).unwrap_or(u32::MAX)).or(default);
            found.filter(|side| *side > 0).ok_or_else(|| malformed("its strips or tiles have no size"))
        };
        let (width, height) = if tiles {
            (side(TILE_WIDTH, None)?, side(TILE_HEIGHT, None)?)
        } else {
            (stored.width, side(ROWS_PER_STRIP, Some(u32::MAX))?.min(stored.height))
        };
        let each = if stored.planar { 1 } else { u64::from(stored.samples) };
        Ok(Self {
            tiles,
            width,
            height,
            across: stored.width.div_ceil(width).into(),
            down: stored.height.div_ceil(height).into(),
            bits_a_pixel: u64::from(stored.bits) * each,
            rows: stored.height,
        })
    }

    /// Bytes of one row of a strip or a tile.
    fn row_bytes(&self) -> u64 {
        (u64::from(self.width) * self.bits_a_pixel).div_ceil(8)
    }

    /// Rows of all, with those that fill up the last tiles.
    fn rows_in_all(&self) -> u64 {
        if self.tiles { self.down.saturating_mul(self.height.into()) } else { self.rows.into() }
    }

    /// The file of one plane, as grey bytes: a directory of its own before the bytes of `input`.
    fn plane(&self, stored: &Stored, input: &Buffer, plane: u16) -> Result<Buffer, FormatError> {
        let (offsets, lens) = if self.tiles { (TILE_OFFSETS, TILE_BYTES) } else { (STRIP_OFFSETS, STRIP_BYTES) };
        let count = self.across.saturating_mul(self.down);
        let all = |tag: u16| -> Result<Vec<u64>, FormatError> {
            let missing = || malformed("the places of its strips or tiles are missing");
            let field = stored.tree.field(Part::Image, tag).ok_or_else(missing)?;
            let planes = u64::from(plane) + 1;
            let mut numbers = stored.tree.numbers(field, count.saturating_mul(planes))?;
            if numbers.len() as u64 != count.saturating_mul(planes) {
                return Err(missing());
            }
            Ok(numbers.split_off((count * u64::from(plane)) as usize))
        };
        let (places, lens_of) = (all(offsets)?, all(lens)?);
        let mut tags: Vec<(u16, u64)> = vec![
            (WIDTH, self.across * self.row_bytes()),
            (HEIGHT, self.rows_in_all()),
            (BITS, 8),
            (COMPRESSION, stored.compression),
            (PHOTOMETRIC, 1),
            (SAMPLES, 1),
        ];
        if self.tiles {
            tags.extend([(TILE_WIDTH, self.row_bytes()), (TILE_HEIGHT, self.height.into())]);
        } else {
            tags.push((ROWS_PER_STRIP, self.height.into()));
        }
        // BigTIFF: sixteen bytes, the entries, and the two lists.
        let entries = tags.len() as u64 + 2;
        let lists = 16 + 8 + entries * 20 + 8;
        let head = lists + count * 16;
        let shifted: Vec<u64> = places.iter().map(|at| at.saturating_add(head)).collect();
        let mut bytes = b"II+\0\x08\0\0\0".to_vec();
        bytes.extend(16_u64.to_le_bytes());
        bytes.extend(entries.to_le_bytes());
        let mut entry = |tag: u16, kind: u16, count: u64, value: u64| {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(count.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        };
        let inline = |list: &[u64], at: u64| if list.len() == 1 { list[0] } else { at };
        let mut tags: Vec<(u16, u16, u64, u64)> =
            tags.into_iter().map(|(tag, value)| (tag, if value > 0xFFFF { 4 } else { 3 }, 1, value)).collect();
        tags.push((offsets, 16, count, inline(&shifted, lists)));
        tags.push((lens, 16, count, inline(&lens_of, lists + count * 8)));
        tags.sort_unstable();
        for (tag, kind, count, value) in tags {
            entry(tag, kind, count, value);
        }
        bytes.extend([0; 8]);
        shifted.iter().chain(&lens_of).for_each(|number| bytes.extend(number.to_le_bytes()));
        let mut file = Buffer::from(bytes);
        file.append_buffer(&input.slice(ByteRange::new(Offset::ZERO, Len(input.len().get()))));
        Ok(file)
    }
}

/// Values of one to four channels as a picture.
fn image(values: Values, width: u32, height: u32) -> Option<DynamicImage> {
    let pixels = width as usize * height as usize;
    match values {
        Values::Bytes(bytes) => match bytes.len() / pixels {
            1 => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8),
            2 => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA8),
            3 => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
            _ => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8),
        },
        Values::Words(words) => match words.len() / pixels {
            1 => ImageBuffer::from_raw(width, height, words).map(DynamicImage::ImageLuma16),
            2 => ImageBuffer::from_raw(width, height, words).map(DynamicImage::ImageLumaA16),
            3 => ImageBuffer::from_raw(width, height, words).map(DynamicImage::ImageRgb16),
            _ => ImageBuffer::from_raw(width, height, words).map(DynamicImage::ImageRgba16),
        },
        // There is no grey of floats.
        Values::Floats(floats) => match floats.len() / pixels {
            1 => {
                let wide = floats.iter().flat_map(|grey| [*grey; 3]).collect();
                ImageBuffer::from_raw(width, height, wide).map(DynamicImage::ImageRgb32F)
            }
            2 => {
                let wide = floats.as_chunks().0.iter().flat_map(|[grey, alpha]| [*grey, *grey, *grey, *alpha]).collect();
                ImageBuffer::from_raw(width, height, wide).map(DynamicImage::ImageRgba32F)
            }
            3 => ImageBuffer::from_raw(width, height, floats).map(DynamicImage::ImageRgb32F),
            _ => ImageBuffer::from_raw(width, height, floats).map(DynamicImage::ImageRgba32F),
        },
    }
}
