//! The choices of pictures.

use super::within;
use crate::formats::picture::Operations;
use crate::formats::{Format, FormatError};

/// How many of a JPEG's pixels share their colour; brightness is always kept for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subsampling {
    /// Every pixel has its own: 4:4:4.
    S444,
    /// Two beside each other share one: 4:2:2.
    S422,
    /// Four share one: 4:2:0.
    S420,
}

impl std::str::FromStr for Subsampling {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        match text.trim() {
            "4:4:4" | "444" => Ok(Self::S444),
            "4:2:2" | "422" => Ok(Self::S422),
            "4:2:0" | "420" => Ok(Self::S420),
            _ => Err(FormatError::Option(format!("the subsampling is one of 4:4:4, 4:2:2, 4:2:0, not {text:?}"))),
        }
    }
}

/// How a TIFF's pixels are packed; all of these give the same pixels back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TiffCompression {
    /// Not at all: every reader takes it.
    #[default]
    None,
    /// LZW with differences: small, and old readers take it.
    Lzw,
    /// Deflate with differences: the smallest.
    Deflate,
    /// Runs: quick, for drawings and black and white.
    PackBits,
}

impl std::str::FromStr for TiffCompression {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "none" => Ok(Self::None),
            "lzw" => Ok(Self::Lzw),
            "deflate" | "zip" => Ok(Self::Deflate),
            "packbits" => Ok(Self::PackBits),
            _ => Err(FormatError::Option(format!("the TIFF compression is one of none, lzw, deflate, packbits, not {text:?}"))),
        }
    }
}

/// What becomes of what stands beside the pixels: EXIF, XMP, IPTC, texts, comments, density. Colour profiles follow
/// [`ColorPolicy`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MetadataPolicy {
    /// Taken along where the target has a place for it.
    #[default]
    Keep,
    /// Left out.
    Strip,
    /// Taken along but for the place where it was taken, serial numbers, and small copies of the picture.
    Safe,
}

impl std::str::FromStr for MetadataPolicy {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "keep" => Ok(Self::Keep),
            "strip" => Ok(Self::Strip),
            "safe" => Ok(Self::Safe),
            _ => Err(FormatError::Option(format!("metadata is one of keep, strip, safe, not {text:?}"))),
        }
    }
}

/// What becomes of colours that a profile describes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorPolicy {
    /// The profile is taken along and the numbers stay; they become sRGB where the target has no place for a profile.
    #[default]
    Keep,
    /// The numbers become those of sRGB, and no profile is written.
    Srgb,
}

impl std::str::FromStr for ColorPolicy {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "keep" => Ok(Self::Keep),
            "srgb" => Ok(Self::Srgb),
            _ => Err(FormatError::Option(format!("the colours are one of keep, srgb, not {text:?}"))),
        }
    }
}

/// How a picture is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureOptions {
    /// JPEG quality, 1 to 100; 85 by default.
    pub quality: u8,
    /// PNG effort, 0 (fast) to 9 (small); 6 by default.
    pub png_level: u8,
    /// Red, green, blue behind transparent pixels where the target has no alpha; white by default.
    pub background: [u8; 3],
    /// Puts transparent pixels onto the background in Netpbm too, where only PAM knows transparency and many programs read
    /// PPM and PGM only.
    pub flatten: bool,
    /// How much of a JPEG's colour is kept; `None` is 4:2:0 below quality 90 and 4:4:4 from there on.
    pub subsampling: Option<Subsampling>,
    /// A JPEG that appears coarse first and sharpens while it is loaded.
    pub progressive: bool,
    /// A JPEG with tables of its own for its codes: some percent smaller, slower to write.
    pub optimize: bool,
    /// How a TIFF's strips are packed.
    pub tiff_compression: TiffCompression,
    /// The frame of an animation, or the page of a TIFF, that is written, counted from 1. `None` is all frames where both formats
    /// have animations, else the picture that a viewer shows first.
    pub frame: Option<u32>,
    /// How often an animation is played; 0 is forever. `None` is as often as the source says.
    pub loops: Option<u32>,
    /// How long each frame of an animation is seen, in milliseconds; `None` is as long as the source says.
    pub delay: Option<u32>,
    /// Pixels on the width of a drawing (SVG); `None` follows from the height, or from [`drawing_dpi`](Self::drawing_dpi).
    pub drawing_width: Option<u32>,
    /// Pixels on the height of a drawing; `None` follows from the width, or from [`drawing_dpi`](Self::drawing_dpi).
    pub drawing_height: Option<u32>,
    /// Dots an inch of a drawing whose width and height are not said; 96 by default, which is one pixel for one of CSS.
    pub drawing_dpi: u32,
    /// What becomes of EXIF, XMP, IPTC, texts and comments.
    pub metadata: MetadataPolicy,
    /// What becomes of colours that a profile describes.
    pub color: ColorPolicy,
    /// What is done to the picture before it is written.
    pub operations: Operations,
}

impl Default for PictureOptions {
    fn default() -> Self {
        Self {
            quality: 85,
            png_level: 6,
            background: [255, 255, 255],
            flatten: false,
            subsampling: None,
            progressive: false,
            optimize: false,
            tiff_compression: TiffCompression::default(),
            frame: None,
            loops: None,
            delay: None,
            drawing_width: None,
            drawing_height: None,
            drawing_dpi: 96,
            metadata: MetadataPolicy::default(),
            color: ColorPolicy::default(),
            operations: Operations::default(),
        }
    }
}

impl PictureOptions {
    /// Whether a picture written as `to` into a file called `name` has to do without transparency because of its name: of
    /// the Netpbm names only `.pam` promises PAM.
    pub fn name_flattens(to: Format, name: &std::path::Path) -> bool {
        to == Format::Pnm && name.extension().is_some_and(|extension| !extension.eq_ignore_ascii_case("pam"))
    }

    /// Names a quality or level outside its range.
    pub fn validate(&self) -> Result<(), FormatError> {
        within("the JPEG quality", self.quality.into(), 1..=100)?;
        within("the PNG level", self.png_level.into(), 0..=9)?;
        within("the dots an inch of a drawing", self.drawing_dpi, 1..=9_600)?;
        for (name, side) in [("the width of a drawing", self.drawing_width), ("the height of a drawing", self.drawing_height)] {
            side.map_or(Ok(()), |side| within(name, side, 1..=65_535))?;
        }
        Ok(())
    }
}
