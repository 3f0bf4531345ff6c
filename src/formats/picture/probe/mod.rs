//! What the header says, told by walking it: a few small reads, no decoding, every walk bounded.
//!
//! The codecs could answer most of this too, but some read the whole file or inflate side chunks to do so;
//! a header must cost the same for a thumbnail and for a file of ten gigabytes.

mod deep;
mod exif;
mod gif;
mod ico;
mod jpeg;
mod png;
mod pnm;
mod simple;
mod tiff;
mod webp;

use super::{ColorModel, PictureInfo};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::{Format, FormatError, Kind, guarded};

pub(super) use ico::best_entry as best_icon_entry;
pub(super) use jpeg::{CmykKind, cmyk_kind, ends_early as jpeg_ends_early, in_parts as jpeg_in_parts};
pub(super) use tiff::Order;

/// Reads the header of `input`, which is a `format`.
///
/// Frames are counted only as far as that is cheap: [`PictureInfo::frames`] is `None` where it is not.
///
/// # Errors
/// [`FormatError::Malformed`] with the offset where the header is wrong or ends, [`FormatError::Unsupported`] where
/// `format` is no picture, [`FormatError::Read`] where the bytes cannot be read.
///
/// ```
/// use seektell::{buffer::Buffer, formats::{Format, picture}};
/// let info = picture::probe(&Buffer::from(b"P6 3 2 255\n..."), Format::Pnm)?;
/// assert_eq!((info.width, info.height, info.color.as_str()), (3, 2, "RGB, 8 bits a channel"));
/// # Ok::<(), seektell::formats::FormatError>(())
/// ```
pub fn probe(input: &Buffer, format: Format) -> Result<PictureInfo, FormatError> {
    guarded(format, || look(input, format))
}

fn look(input: &Buffer, format: Format) -> Result<PictureInfo, FormatError> {
    let header = Header { input, format };
    let stored = match format {
        Format::Png => png::probe(&header),
        Format::Jpeg => jpeg::probe(&header),
        Format::Gif => gif::probe(&header),
        Format::Bmp => simple::bmp(&header, 14),
        Format::WebP => webp::probe(&header),
        Format::Tiff => tiff::probe(&header),
        Format::Ico => ico::probe(&header),
        Format::Pnm => pnm::probe(&header),
        Format::Tga => simple::tga(&header),
        Format::Qoi => simple::qoi(&header),
        Format::Hdr => deep::hdr(&header),
        Format::Farbfeld => deep::farbfeld(&header),
        Format::Dds => deep::dds(&header),
        #[cfg(feature = "jxl")]
        Format::Jxl => super::jxl::header(input).map(JxlHeader::stored),
        #[cfg(feature = "svg")]
        Format::Svg => return super::svg::header(input),
        _ => {
            debug_assert!(format.info().kind != Kind::Picture || !format.info().reads);
            return Err(FormatError::Unsupported { format, what: "reading as a picture".into() });
        }
    }?;
    if stored.width == 0 || stored.height == 0 {
        return Err(header.malformed(format!("it is {} x {} pixels", stored.width, stored.height), None));
    }
    Ok(stored.into_info(format))
}

/// The header as stored, before the orientation is applied.
struct Stored {
    width: u32,
    height: u32,
    model: ColorModel,
    alpha: bool,
    bits: u8,
    float: bool,
    frames: Option<u32>,
    orientation: u8,
    metadata: Vec<&'static str>,
}

impl Stored {
    fn new(width: u32, height: u32, model: ColorModel, alpha: bool, bits: u8) -> Self {
        Self { width, height, model, alpha, bits, float: false, frames: None, orientation: 1, metadata: Vec::new() }
    }

    /// Notes metadata once, however often it is stored.
    fn note(&mut self, what: &'static str) {
        if !self.metadata.contains(&what) {
            self.metadata.push(what);
        }
    }

    fn words(&self) -> String {
        let bits = self.bits;
        let depth =
            if self.float { format!("{bits}-bit floats") } else { format!("{bits} bit{}", if bits == 1 { "" } else { "s" }) };
        match (self.model, self.alpha) {
            (ColorModel::Grey, false) => format!("grey, {depth}"),
            (ColorModel::Grey, true) => format!("grey with alpha, {depth} a channel"),
            (ColorModel::Rgb, false) => format!("RGB, {depth} a channel"),
            (ColorModel::Rgb, true) => format!("RGBA, {depth} a channel"),
            (ColorModel::Palette, false) => format!("palette, {depth} a pixel"),
            (ColorModel::Palette, true) => format!("palette with transparency, {depth} a pixel"),
            (ColorModel::Cmyk, _) => format!("CMYK, {depth} a channel"),
        }
    }

    fn into_info(self, format: Format) -> PictureInfo {
        let color = self.words();
        let (width, height) = if self.orientation >= 5 { (self.height, self.width) } else { (self.width, self.height) };
        PictureInfo {
            format,
            width,
            height,
            color,
            model: self.model,
            alpha: self.alpha,
            bits: self.bits,
            frames: self.frames,
            orientation: self.orientation,
            metadata: self.metadata,
        }
    }
}

/// What a JPEG XL's header says.
#[cfg(feature = "jxl")]
pub(super) struct JxlHeader {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) model: ColorModel,
    pub(super) alpha: bool,
    pub(super) bits: u8,
    pub(super) float: bool,
    pub(super) animated: bool,
    pub(super) profile: bool,
}

#[cfg(feature = "jxl")]
impl JxlHeader {
    fn stored(self) -> Stored {
        let mut stored = Stored::new(self.width, self.height, self.model, self.alpha, self.bits);
        stored.float = self.float;
        // How many frames an animation has only its end tells.
        stored.frames = (!self.animated).then_some(1);
        if self.profile {
            stored.note("ICC profile");
        }
        stored
    }
}

/// Small reads at an offset, with errors that say which format and where.
struct Header<'a> {
    input: &'a Buffer,
    format: Format,
}

impl Header<'_> {
    fn len(&self) -> u64 {
        self.input.len().get()
    }

    /// The `N` bytes at `at`, or `None` where the file ends before.
    fn get<const N: usize>(&self, at: u64) -> Result<Option<[u8; N]>, FormatError> {
        let mut bytes = [0; N];
        let read = self.input.read_at(Offset(at), &mut bytes)?;
        Ok((read == N).then_some(bytes))
    }

    /// The `N` bytes at `at`, which must be there.
    fn need<const N: usize>(&self, at: u64) -> Result<[u8; N], FormatError> {
        self.get(at)?.ok_or_else(|| self.malformed("the file ends inside the header", Some(self.len())))
    }

    /// At most `len` bytes from `at`, as a range.
    fn range(&self, at: u64, len: u64) -> ByteRange {
        ByteRange::new(Offset(at), Len(len.min(self.len().saturating_sub(at))))
    }

    /// At most `len` bytes from `at`.
    fn slice(&self, at: u64, len: u64) -> Buffer {
        self.input.slice(ByteRange::new(Offset(at), Len(len)))
    }

    fn malformed(&self, what: impl Into<String>, at: Option<u64>) -> FormatError {
        FormatError::Malformed { format: self.format, what: what.into(), at: at.map(Offset) }
    }
}

pub(super) fn u16_be(bytes: &[u8]) -> u16 {
    bytes.iter().take(2).fold(0, |n, byte| n << 8 | u16::from(*byte))
}

pub(super) fn u32_be(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |n, byte| n << 8 | u32::from(*byte))
}

pub(super) fn u16_le(bytes: &[u8]) -> u16 {
    bytes.iter().take(2).rev().fold(0, |n, byte| n << 8 | u16::from(*byte))
}

pub(super) fn u32_le(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).rev().fold(0, |n, byte| n << 8 | u32::from(*byte))
}
