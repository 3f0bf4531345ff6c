//! From bytes to pixels.

use image::codecs::bmp::BmpDecoder;
use image::codecs::dds::DdsDecoder;
use image::codecs::farbfeld::FarbfeldDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::hdr::HdrDecoder;
use image::codecs::ico::IcoDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::pnm::PnmDecoder;
use image::codecs::qoi::QoiDecoder;
use image::codecs::tga::TgaDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ColorType, DynamicImage, ImageBuffer, ImageDecoder, ImageError};

use super::guard::{self, Watched, zeroed};
use super::ops::upright;
use super::probe::{best_icon_entry, cmyk_kind, jpeg_ends_early, jpeg_in_parts};
use super::{
    ColorModel, Limits, Picture, PictureInfo, color, dds, decode_png, decode_tiff, in_units, jpeg_cmyk, jpeg_scaled, linear,
    probe,
};
use crate::buffer::{Buffer, ByteRange, Len, Offset, Reader};
#[cfg(feature = "svg")]
use crate::formats::PictureOptions;
use crate::formats::{Format, FormatError, guarded};
use crate::tasks::Progress;

/// Pixels, and why some are missing.
pub(super) type Decoded = (DynamicImage, Option<String>);

/// Decodes the (first) picture of `input`, which is a `format`, upright and as deep as it is stored.
///
/// Width, height and bytes are checked against `limits` before memory is taken. While it works it holds the pixels, up
/// to the same again for turning them upright, and what the codec needs beside them (a progressive JPEG about
/// twice its pixels). A file that is cut short or damaged in the middle gives what came before, with
/// [`Picture::truncated`] saying so; WebP and compressed TIFF give an error instead.
///
/// Cancelling is answered within milliseconds while the codec reads its input (PNG, GIF, BMP, WebP, TIFF, PNM, TGA,
/// QOI). A JPEG is decoded in one go once it is read: there it is answered when that is done.
///
/// # Errors
/// [`FormatError::Limit`], [`FormatError::Malformed`] with the offset where it is known, [`FormatError::Unsupported`],
/// [`FormatError::Panicked`] where the decoder broke, [`FormatError::Read`], [`FormatError::Cancelled`].
pub fn decode(input: &Buffer, format: Format, limits: Limits, progress: &Progress) -> Result<Picture, FormatError> {
    progress.check()?;
    #[cfg(feature = "svg")]
    if format == Format::Svg {
        return Ok(super::draw(input, &PictureOptions::default(), limits, progress)?.0);
    }
    let info = probe(input, format)?;
    limits.check(info.width, info.height, bytes_a_pixel(&info))?;
    progress.set_total(input.len().get());
    progress.set_done(0);
    let job = Job { input, format, limits, progress };
    let decoded = guarded(format, || job.run());
    // A codec may wrap the reader's word in an error of its own.
    progress.check()?;
    let (image, truncated) = decoded?;
    let image = upright(image, info.orientation, progress)?;
    progress.set_done(input.len().get());
    progress.check()?;
    Ok(Picture { info, image, truncated })
}

/// What a pixel will take in memory, by the header.
fn bytes_a_pixel(info: &PictureInfo) -> u64 {
    let channels = match info.model {
        ColorModel::Grey => 1,
        _ => 3,
    } + u64::from(info.alpha || info.format == Format::Gif);
    match info.bits {
        0..=8 => channels,
        9..=16 => channels * 2,
        _ => channels * 4,
    }
}

/// One decoding.
struct Job<'a> {
    input: &'a Buffer,
    format: Format,
    limits: Limits,
    progress: &'a Progress,
}

impl<'a> Job<'a> {
    fn run(&self) -> Result<Decoded, FormatError> {
        match self.format {
            Format::Png => decode_png::decode(self.input, self.format, self.limits, self.progress),
            Format::Jpeg => self.jpeg(),
            Format::Gif => self.rows(GifDecoder::new(self.reader())),
            Format::Bmp => self.rows(BmpDecoder::new(self.reader())),
            Format::Qoi => self.rows(QoiDecoder::new(self.reader())),
            Format::WebP => self.whole(WebPDecoder::new(self.reader())),
            Format::Ico => self.icon(),
            Format::Dds => self.surface(),
            Format::Hdr => {
                let (light, truncated) = self.padded()?;
                Ok((linear::to_screen(light, self.progress)?, truncated))
            }
            #[cfg(feature = "jxl")]
            Format::Jxl => super::jxl::decode(self.input, self.limits, self.progress),
            _ => self.padded(),
        }
    }

    fn reader(&self) -> Watched<'a, Reader> {
        guard::reader(self.input, self.progress)
    }

    fn error(&self, error: ImageError) -> FormatError {
        guard::decoding(error, self.input, self.format)
    }

    /// The last word on size is the decoder's own; not all of them obey the limits they are given.
    fn admit(&self, decoder: &mut impl ImageDecoder) -> Result<usize, FormatError> {
        let (width, height) = decoder.dimensions();
        let bytes = self.limits.check(width, height, decoder.color_type().bytes_per_pixel().into())?;
        let mut codec = image::Limits::default();
        codec.max_image_width = Some(self.limits.max_side);
        codec.max_image_height = Some(self.limits.max_side);
        // Room for a second copy (planes, CMYK) and for compressed strips beside the pixels.
        codec.max_alloc = Some(bytes.saturating_mul(2).saturating_add(16 << 20));
        decoder.set_limits(codec).map_err(|error| self.error(error))?;
        usize::try_from(bytes).map_err(|_| FormatError::Limit {
            what: format!("the pixels take {}", in_units(bytes)),
            limit: "what this machine can address".into(),
        })
    }

    /// A codec that gives all or nothing.
    fn whole<D: ImageDecoder>(&self, decoder: Result<D, ImageError>) -> Result<Decoded, FormatError> {
        let mut decoder = decoder.map_err(|error| self.error(error))?;
        self.admit(&mut decoder)?;
        let image = DynamicImage::from_decoder(decoder).map_err(|error| self.error(error))?;
        Ok((image, None))
    }

    /// A codec that fills our pixels from one end, so that those stay which came before an error.
    fn rows<D: ImageDecoder>(&self, decoder: Result<D, ImageError>) -> Result<Decoded, FormatError> {
        let mut decoder = decoder.map_err(|error| self.error(error))?;
        let bytes = self.admit(&mut decoder)?;
        let ((width, height), color) = (decoder.dimensions(), decoder.color_type());
        let mut pixels: Vec<u8> = zeroed(bytes)?;
        let truncated = match decoder.read_image(&mut pixels) {
            Ok(()) => None,
            Err(error) => {
                let error = self.error(error);
                let early = guard::is_short(&error, self.input);
                let partial = matches!(error, FormatError::Malformed { .. }) && pixels.iter().any(|byte| *byte != 0);
                if !partial {
                    return Err(error);
                }
                Some(missing(early.then_some(self.input.len()), &error))
            }
        };
        let image = match color {
            ColorType::L8 => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8),
            ColorType::La8 => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageLumaA8),
            ColorType::Rgb8 => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
            ColorType::Rgba8 => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageRgba8),
            _ => None,
        };
        let image =
            image.ok_or_else(|| FormatError::Unsupported { format: self.format, what: format!("the colour type {color:?}") })?;
        Ok((image, truncated))
    }

    /// Codecs that give nothing of a file cut short: they are offered zeros for what is missing. Where the file
    /// was not merely short, that fails as well, and the first error stands.
    fn padded(&self) -> Result<Decoded, FormatError> {
        let first = match self.sequential() {
            Err(error @ FormatError::Malformed { .. }) => error,
            other => return other,
        };
        if !guard::is_short(&first, self.input) {
            return Err(first);
        }
        let info = probe(self.input, self.format)?;
        let pixels = u64::from(info.width) * u64::from(info.height);
        let mut input = self.input.clone();
        input.append_buffer(&Buffer::filled(0, Len(pixels * (bytes_a_pixel(&info) + 1) + 4_096)));
        let padded = Job { input: &input, ..*self };
        match padded.sequential() {
            Ok((image, _)) if image.as_bytes().iter().any(|byte| *byte != 0) => {
                Ok((image, Some(missing(Some(self.input.len()), &first))))
            }
            _ => Err(first),
        }
    }

    fn sequential(&self) -> Result<Decoded, FormatError> {
        match self.format {
            Format::Tiff => match decode_tiff::decode(self.input, self.limits, self.progress)? {
                Some(image) => Ok((image, None)),
                None => self.whole(TiffDecoder::new(self.reader())),
            },
            Format::Pnm => self.whole(PnmDecoder::new(self.reader())),
            Format::Tga => self.whole(TgaDecoder::new(self.reader())),
            Format::Hdr => self.whole(HdrDecoder::new_nonstrict(self.reader())),
            Format::Farbfeld => self.whole(FarbfeldDecoder::new(self.reader())),
            format => Err(FormatError::Unsupported { format, what: "reading as a picture".into() }),
        }
    }

    fn jpeg(&self) -> Result<Decoded, FormatError> {
        let len = self.input.len();
        self.limits.check_file(self.input)?;
        let truncated = jpeg_ends_early(self.input, self.progress)?.then(|| {
            format!("the file ends early, after {} bytes, without its end mark; the lower part may be missing", len.get())
        });
        self.progress.set_done(0);
        let parts = jpeg_in_parts(self.input)?;
        let image = match cmyk_kind(self.input)? {
            Some(_) if parts => {
                return Err(FormatError::Unsupported {
                    format: self.format,
                    what: "four inks that stand in separate scans".into(),
                });
            }
            None if parts => jpeg_scaled::decode_parts(self.input, self.limits, self.progress)?,
            Some(kind) => {
                let profile = color::profile(self.input, self.format)?.and_then(Result::ok);
                let profile = profile.as_ref().filter(|profile| profile.model() == ColorModel::Cmyk);
                jpeg_cmyk::decode(self.input, kind, profile, self.limits, self.progress)?
            }
            None => self.whole(JpegDecoder::new(self.reader()))?.0,
        };
        Ok((image, truncated))
    }

    fn surface(&self) -> Result<Decoded, FormatError> {
        let mut head = [0; 128];
        self.input.read_at(Offset::ZERO, &mut head)?;
        match dds::Uncompressed::of(&head) {
            Some(kind) => dds::decode(self.input, &head, &kind, self.limits, self.progress),
            None => self.whole(DdsDecoder::new(self.reader())),
        }
    }

    /// The picture of an icon that is shown; a PNG in it may be of any colour type.
    fn icon(&self) -> Result<Decoded, FormatError> {
        let (entry, _) = best_icon_entry(self.input)?;
        if entry.png {
            let inner = self.input.slice(ByteRange::new(Offset(entry.offset), Len(entry.len)));
            decode_png::decode(&inner, self.format, self.limits, self.progress)
        } else {
            self.whole(IcoDecoder::new(self.reader()))
        }
    }
}

/// The sentence for [`Picture::truncated`].
fn missing(ends_at: Option<Len>, error: &FormatError) -> String {
    match (ends_at, error) {
        (Some(len), _) => format!("the file ends early, after {} bytes; the missing part is left empty", len.get()),
        (None, FormatError::Malformed { what, .. }) => format!("the file is damaged ({what}); what follows is left empty"),
        (None, error) => error.to_string(),
    }
}
