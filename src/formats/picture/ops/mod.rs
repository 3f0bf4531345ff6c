//! What can be done to a picture between reading and writing it: one pure pipeline, in one fixed order.
//!
//! The order is: the EXIF orientation (while decoding), crop, rotate, flip, resize or thumbnail, mode. So the numbers of a crop
//! are those of the picture as it is shown, and a size is the size of the result.

mod mode;
mod parse;
mod quantise;
mod resize;
mod turn;

pub use mode::Mode;
pub use parse::{parse_crop, parse_size};
pub use resize::{Filter, Resize, thumbnail_size};
pub(in crate::formats) use turn::{turned, upright};

use super::{ColorModel, Limits, Picture, PictureInfo};
use crate::formats::{FormatError, Loss};
use crate::tasks::Progress;

/// A part of a picture, in pixels from the top left corner of the upright picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crop {
    /// Columns to the left of the part.
    pub x: u32,
    /// Rows above the part.
    pub y: u32,
    /// Width of the part, at least 1.
    pub width: u32,
    /// Height of the part, at least 1.
    pub height: u32,
}

/// A quarter turn or several, clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rotation {
    /// As it is.
    #[default]
    None,
    /// A quarter clockwise.
    Clockwise90,
    /// Upside down.
    Half,
    /// Three quarters clockwise, which is one counterclockwise.
    Clockwise270,
}

/// A mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flip {
    /// Left and right change places.
    Horizontal,
    /// Top and bottom change places.
    Vertical,
}

/// Everything that is to be done to a picture. The default leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operations {
    /// The part that is kept.
    pub crop: Option<Crop>,
    /// How it is turned.
    pub rotate: Rotation,
    /// How it is mirrored, after turning.
    pub flip: Option<Flip>,
    /// What size it gets.
    pub resize: Option<Resize>,
    /// How pixels are made when the size changes.
    pub filter: Filter,
    /// What its pixels become.
    pub mode: Option<Mode>,
    /// Spreads the error of each pixel to its neighbours where the mode has few colours (Floyd and Steinberg's way);
    /// without it each pixel becomes the nearest colour.
    pub dither: bool,
}

impl Operations {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.crop.is_none()
            && self.rotate == Rotation::None
            && self.flip.is_none()
            && self.resize.is_none()
            && self.mode.is_none()
    }

    /// What a picture of this header will be afterwards, with nothing decoded.
    ///
    /// # Errors
    /// [`FormatError::Option`] where the crop does not lie in the picture or a size is 0, [`FormatError::Limit`] where the result
    /// would be larger than `limits`.
    pub fn planned(&self, info: &PictureInfo, limits: Limits) -> Result<PictureInfo, FormatError> {
        let mut planned = info.clone();
        if let Some(crop) = self.crop {
            crop.check(info.width, info.height)?;
            (planned.width, planned.height) = (crop.width, crop.height);
        }
        if matches!(self.rotate, Rotation::Clockwise90 | Rotation::Clockwise270) {
            (planned.width, planned.height) = (planned.height, planned.width);
        }
        if let Some(resize) = self.resize {
            (planned.width, planned.height) = resize.size(planned.width, planned.height)?;
            let pixel = if info.bits > 16 { 16 } else { 4 * u64::from(info.bits).div_ceil(8) };
            limits.check(planned.width, planned.height, pixel)?;
        }
        if let Some(mode) = self.mode {
            mode.describe(&mut planned);
        }
        Ok(planned)
    }

    /// What the mode takes away from a picture of this header; what somebody asked for by its own name, such as a smaller size,
    /// is no loss.
    pub fn losses(&self, info: &PictureInfo) -> Vec<Loss> {
        let Some(mode) = self.mode else { return Vec::new() };
        let mut losses = Vec::new();
        let coloured = info.model != ColorModel::Grey;
        match mode {
            Mode::Grey | Mode::GreyAlpha if coloured => losses.push(Loss::new("Colours become shades of grey")),
            Mode::Bilevel if coloured || info.bits > 1 => losses.push(Loss::new("Every pixel becomes black or white")),
            Mode::Palette { colors } if coloured && info.model != ColorModel::Palette => {
                losses.push(Loss::new(format!("The colours are reduced to at most {colors}")));
            }
            _ => {}
        }
        if info.alpha {
            match mode {
                Mode::Rgb | Mode::Grey | Mode::Bilevel => {
                    losses.push(Loss::new("Transparency is lost: the picture is put onto the background"));
                }
                Mode::Palette { .. } => losses.push(Loss::new("Partly transparent pixels become fully transparent or opaque")),
                Mode::Rgba | Mode::GreyAlpha => {}
            }
        }
        losses
    }

    /// Does it. Beside the picture and the result this takes at most one more copy at a time.
    ///
    /// `background` is behind what was transparent where the mode has no alpha. A cancel is answered between the steps, and
    /// between rows while colours change.
    ///
    /// # Errors
    /// Those of [`planned`](Self::planned), and [`FormatError::Cancelled`].
    pub fn apply(
        &self,
        picture: Picture,
        background: [u8; 3],
        limits: Limits,
        progress: &Progress,
    ) -> Result<Picture, FormatError> {
        if self.is_empty() {
            return Ok(picture);
        }
        let Picture { info, image: mut pixels, truncated } = picture;
        let planned = self.planned(&info, limits)?;
        progress.check()?;
        if let Some(crop) = self.crop {
            crop.check(pixels.width(), pixels.height())?;
            pixels = pixels.crop_imm(crop.x, crop.y, crop.width, crop.height);
            progress.check()?;
        }
        pixels = turned(pixels, self.rotate, self.flip, progress)?;
        progress.check()?;
        if let Some(resize) = self.resize {
            pixels = resize.apply(pixels, self.filter, limits)?;
            progress.check()?;
        }
        if let Some(mode) = self.mode {
            pixels = mode.apply(pixels, background, self.dither, progress)?;
        }
        Ok(Picture { info: planned, image: pixels, truncated })
    }
}

impl Crop {
    fn check(self, width: u32, height: u32) -> Result<(), FormatError> {
        let inside = |at: u32, len: u32, all: u32| len > 0 && at.checked_add(len).is_some_and(|end| end <= all);
        if inside(self.x, self.width, width) && inside(self.y, self.height, height) {
            return Ok(());
        }
        Err(FormatError::Option(format!(
            "the part of {} x {} pixels at {},{} does not lie in the picture of {width} x {height} pixels",
            self.width, self.height, self.x, self.y
        )))
    }
}
