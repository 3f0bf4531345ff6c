//! Colours: what the numbers of a picture mean by its ICC profile, and the same colours as numbers of sRGB, which is what screens and
//! other programs take pictures without a profile for.

use std::sync::Arc;

use image::DynamicImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformExecutor, TransformOptions};

use super::guard::zeroed;
use super::metadata::{self, ProfileFacts, profile_facts};
use super::{ColorModel, Limits, Picture, decode};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError, guarded};
use crate::tasks::Progress;

/// Samples that are converted between two questions whether to stop.
const PART: usize = 64 * 1024;

/// The profile of a picture.
#[derive(Clone)]
pub struct Profile {
    bytes: Arc<[u8]>,
    facts: ProfileFacts,
    parsed: Arc<ColorProfile>,
    srgb: bool,
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Profile").field("facts", &self.facts).field("srgb", &self.srgb).finish_non_exhaustive()
    }
}

impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Profile {
    /// A profile of its bytes; in words why they are none that can be used.
    pub fn of(bytes: &[u8]) -> Result<Self, String> {
        let broken = || "the colour profile is broken and counts as not there".to_owned();
        let facts = profile_facts(bytes).ok_or_else(broken)?;
        let parsed = ColorProfile::new_from_slice(bytes).map_err(|_| broken())?;
        if !matches!(parsed.color_space, DataColorSpace::Rgb | DataColorSpace::Gray | DataColorSpace::Cmyk) {
            return Err(format!("the colour profile is for {} and counts as not there", facts.space));
        }
        let mut profile = Self { bytes: bytes.into(), facts, parsed: Arc::new(parsed), srgb: false };
        // The attempt tells more than the header: some have no tables that lead anywhere.
        profile.srgb = profile.looks_like_srgb().map_err(|_| broken())?;
        Ok(profile)
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its name ("Display P3"), or that it has none.
    pub fn description(&self) -> &str {
        if self.facts.description.is_empty() { "without a name" } else { &self.facts.description }
    }

    /// What its numbers are.
    pub fn model(&self) -> ColorModel {
        match self.parsed.color_space {
            DataColorSpace::Gray => ColorModel::Grey,
            DataColorSpace::Cmyk => ColorModel::Cmyk,
            _ => ColorModel::Rgb,
        }
    }

    /// Whether its numbers are those of sRGB, so that nothing need be converted. A step of one in 255 does not count.
    pub fn is_srgb(&self) -> bool {
        self.srgb
    }

    fn layouts(&self, channels: u8) -> (Layout, Layout) {
        match (self.model(), channels) {
            (ColorModel::Grey, 1) => (Layout::Gray, Layout::Rgb),
            (ColorModel::Grey, _) => (Layout::GrayAlpha, Layout::Rgba),
            (ColorModel::Cmyk, _) => (Layout::Rgba, Layout::Rgb),
            (_, 4) => (Layout::Rgba, Layout::Rgba),
            _ => (Layout::Rgb, Layout::Rgb),
        }
    }

    fn options(&self) -> TransformOptions {
        TransformOptions { rendering_intent: self.parsed.rendering_intent, ..TransformOptions::default() }
    }

    pub(super) fn eight(&self, channels: u8) -> Result<Arc<moxcms::Transform8BitExecutor>, String> {
        let (from, to) = self.layouts(channels);
        self.parsed.create_transform_8bit(from, &ColorProfile::new_srgb(), to, self.options()).map_err(|error| error.to_string())
    }

    fn looks_like_srgb(&self) -> Result<bool, String> {
        let steps = (0..=255_u8).step_by(15);
        let (from, channels): (Vec<u8>, usize) = match self.model() {
            ColorModel::Grey => ((0..=255).collect(), 1),
            ColorModel::Cmyk => {
                let mut out = [0; 3];
                self.eight(4)?.transform(&[10, 20, 30, 40], &mut out).map_err(|error| error.to_string())?;
                return Ok(false);
            }
            _ => {
                let colors =
                    steps.clone().flat_map(|r| steps.clone().flat_map(move |g| (0..=255_u8).step_by(15).map(move |b| [r, g, b])));
                (colors.flatten().collect(), 3)
            }
        };
        let mut to = vec![0; from.len() / channels * 3];
        self.eight(channels as u8)?.transform(&from, &mut to).map_err(|error| error.to_string())?;
        let near = |one: &u8, other: &u8| one.abs_diff(*other) <= 1;
        Ok(if channels == 1 {
            from.iter().zip(to.chunks(3)).all(|(grey, rgb)| rgb.iter().all(|value| near(grey, value)))
        } else {
            from.iter().zip(&to).all(|(one, other)| near(one, other))
        })
    }

    /// The inks of `pixels`, four bytes each with 255 for full ink, as three bytes of sRGB each, at the front of the same memory.
    pub(super) fn inks_to_srgb(&self, pixels: &mut [u8], progress: &Progress) -> Result<(), FormatError> {
        let transform = self.eight(4).map_err(failed)?;
        let (mut from, mut to) = (zeroed::<u8>(PART)?, zeroed::<u8>(PART / 4 * 3)?);
        let (mut read, mut written) = (0, 0);
        while read < pixels.len() {
            progress.check()?;
            let count = (pixels.len() - read).min(PART) / 4;
            if count == 0 {
                break;
            }
            from[..count * 4].copy_from_slice(&pixels[read..read + count * 4]);
            transform.transform(&from[..count * 4], &mut to[..count * 3]).map_err(failed)?;
            pixels[written..written + count * 3].copy_from_slice(&to[..count * 3]);
            read += count * 4;
            written += count * 3;
        }
        Ok(())
    }

    /// The same colours as numbers of sRGB, in the depth that they have. Grey stays grey, alpha stays as it is; a picture that is not
    /// of the profile's kind comes back unchanged.
    ///
    /// # Errors
    /// [`FormatError::Unsupported`] where the profile leads nowhere after all, [`FormatError::Cancelled`].
    pub fn to_srgb(&self, mut image: DynamicImage, progress: &Progress) -> Result<DynamicImage, FormatError> {
        if self.srgb || !self.suits(&image) {
            return Ok(image);
        }
        let target = ColorProfile::new_srgb();
        match &mut image {
            DynamicImage::ImageLuma8(image) => self.greys8(image, 1, progress)?,
            DynamicImage::ImageLumaA8(image) => self.greys8(image, 2, progress)?,
            DynamicImage::ImageLuma16(image) => self.greys16(image, 1, progress)?,
            DynamicImage::ImageLumaA16(image) => self.greys16(image, 2, progress)?,
            DynamicImage::ImageRgb8(image) => in_place(image, 3, &*self.eight(3).map_err(failed)?, progress)?,
            DynamicImage::ImageRgba8(image) => in_place(image, 4, &*self.eight(4).map_err(failed)?, progress)?,
            DynamicImage::ImageRgb16(image) => {
                let way =
                    self.parsed.create_transform_16bit(Layout::Rgb, &target, Layout::Rgb, self.options()).map_err(failed)?;
                in_place(image, 3, &*way, progress)?;
            }
            DynamicImage::ImageRgba16(image) => {
                let way =
                    self.parsed.create_transform_16bit(Layout::Rgba, &target, Layout::Rgba, self.options()).map_err(failed)?;
                in_place(image, 4, &*way, progress)?;
            }
            DynamicImage::ImageRgb32F(image) => {
                let way = self.parsed.create_transform_f32(Layout::Rgb, &target, Layout::Rgb, self.options()).map_err(failed)?;
                in_place(image, 3, &*way, progress)?;
            }
            DynamicImage::ImageRgba32F(image) => {
                let way =
                    self.parsed.create_transform_f32(Layout::Rgba, &target, Layout::Rgba, self.options()).map_err(failed)?;
                in_place(image, 4, &*way, progress)?;
            }
            _ => {}
        }
        Ok(image)
    }

    /// Whether the numbers of `image` are of the kind that the profile is about.
    pub fn suits(&self, image: &DynamicImage) -> bool {
        match self.model() {
            ColorModel::Grey => !image.color().has_color(),
            ColorModel::Rgb => image.color().has_color(),
            _ => false,
        }
    }

    /// Each grey is looked up: there are few of them.
    fn greys8(&self, samples: &mut [u8], channels: usize, progress: &Progress) -> Result<(), FormatError> {
        let from: Vec<u8> = (0..=255).collect();
        let mut to = vec![0; from.len() * 3];
        self.eight(1).map_err(failed)?.transform(&from, &mut to).map_err(failed)?;
        for part in samples.chunks_mut(PART * channels) {
            progress.check()?;
            part.iter_mut().step_by(channels).for_each(|grey| *grey = to[usize::from(*grey) * 3 + 1]);
        }
        Ok(())
    }

    fn greys16(&self, samples: &mut [u16], channels: usize, progress: &Progress) -> Result<(), FormatError> {
        let from: Vec<u16> = (0..=u16::MAX).collect();
        let mut to = vec![0; from.len() * 3];
        let target = ColorProfile::new_srgb();
        let way = self.parsed.create_transform_16bit(Layout::Gray, &target, Layout::Rgb, self.options()).map_err(failed)?;
        way.transform(&from, &mut to).map_err(failed)?;
        for part in samples.chunks_mut(PART * channels) {
            progress.check()?;
            part.iter_mut().step_by(channels).for_each(|grey| *grey = to[usize::from(*grey) * 3 + 1]);
        }
        Ok(())
    }
}

fn failed(what: impl ToString) -> FormatError {
    FormatError::Unsupported { format: Format::Bytes, what: format!("this colour profile ({})", what.to_string()) }
}

fn in_place<T: Copy + Default>(
    samples: &mut [T],
    channels: usize,
    way: &(dyn TransformExecutor<T> + Send + Sync),
    progress: &Progress,
) -> Result<(), FormatError> {
    let mut from = vec![T::default(); PART / 4 * channels];
    for part in samples.chunks_mut(PART / 4 * channels) {
        progress.check()?;
        let from = &mut from[..part.len()];
        from.copy_from_slice(part);
        way.transform(from, part).map_err(failed)?;
    }
    Ok(())
}

/// The profile of `input`, a picture of `format`, or why there is none that counts; `Ok(None)` where there is none at all.
///
/// # Errors
/// [`FormatError::Read`], [`FormatError::Panicked`].
pub fn profile(input: &Buffer, format: Format) -> Result<Option<Result<Profile, String>>, FormatError> {
    guarded(format, || {
        #[cfg(feature = "jxl")]
        if format == Format::Jxl {
            return Ok(super::jxl::profile(input)?.map(|bytes| Profile::of(&bytes)));
        }
        let blocks = metadata::collect(input, format)?;
        Ok(blocks.icc.map(|block| Profile::of(&block.bytes)))
    })
}

/// How the numbers of a picture became those of sRGB.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumed {
    /// What was assumed and done, in words ("Display P3, converted to sRGB", "no colour profile: taken for sRGB").
    pub words: String,
    /// Whether numbers were changed.
    pub converted: bool,
    /// The profile that counts.
    pub profile: Option<Profile>,
    /// Whether there is a profile that cannot be used.
    pub broken: bool,
}

/// What is assumed of the numbers of `picture`, which came from `input`, and whether they have yet to be converted by
/// [`Assumed::profile`] to be those of sRGB.
///
/// CMYK was turned into sRGB while it was decoded, by its profile where that works; this says so.
///
/// # Errors
/// [`FormatError::Read`], [`FormatError::Panicked`]. A profile that is broken is none.
pub fn assume(picture: &Picture, input: &Buffer) -> Result<(Assumed, bool), FormatError> {
    let format = picture.info.format;
    let assumed = |words: String| Assumed { words, converted: false, profile: None, broken: false };
    let cmyk = picture.info.model == ColorModel::Cmyk;
    let profile = match profile(input, format)? {
        None if cmyk => return Ok((assumed("CMYK without a colour profile, converted by a simple rule".into()), false)),
        None => return Ok((assumed("no colour profile: taken for sRGB".into()), false)),
        Some(Err(why)) => {
            let words = if cmyk { format!("{why}; CMYK converted by a simple rule") } else { format!("{why}: taken for sRGB") };
            return Ok((Assumed { broken: true, ..assumed(words) }, false));
        }
        Some(Ok(profile)) => profile,
    };
    let name = profile.description().to_owned();
    let (words, converted, apply) = if cmyk {
        if format == Format::Jpeg && profile.model() == ColorModel::Cmyk {
            (format!("CMYK by {name}, converted to sRGB"), true, false)
        } else {
            (format!("CMYK converted by a simple rule; {name} is not applied"), false, false)
        }
    } else if profile.is_srgb() {
        (format!("{name}, which is sRGB"), false, false)
    } else if !profile.suits(&picture.image) {
        (format!("{name} is for other colours than these and is not applied"), false, false)
    } else {
        (format!("{name}, converted to sRGB"), true, true)
    };
    Ok((Assumed { words, converted, profile: Some(profile), broken: false }, apply))
}

/// Makes the numbers of `picture`, which came from `input`, those of sRGB, and says what was assumed.
///
/// # Errors
/// Those of [`assume`], and [`FormatError::Cancelled`].
pub fn for_display(mut picture: Picture, input: &Buffer, progress: &Progress) -> Result<(Picture, Assumed), FormatError> {
    let (assumed, apply) = assume(&picture, input)?;
    if apply && let Some(profile) = &assumed.profile {
        picture.image = guarded(picture.info.format, || profile.to_srgb(picture.image, progress))?;
    }
    Ok((picture, assumed))
}

/// As [`decode`](super::decode()), with the colours as a screen needs them.
///
/// # Errors
/// Those of [`decode`](super::decode()).
pub fn decode_for_display(
    input: &Buffer,
    format: Format,
    limits: Limits,
    progress: &Progress,
) -> Result<(Picture, Assumed), FormatError> {
    for_display(decode(input, format, limits, progress)?, input, progress)
}
