//! Pictures from bytes and to bytes, over our own formats.

use image::DynamicImage;
use image::metadata::Orientation;

use super::raster::{Mode, Raster};
use crate::buffer::Buffer;
use crate::formats::picture::{self, ColorModel, Limits, Picture};
use crate::formats::{Format, FormatError, PictureOptions, detect};
use crate::tasks::Progress;

/// A format as Pillow knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plugin {
    pub(super) format: Format,
    /// `format`
    pub(super) name: &'static str,
    /// `format_description`
    pub(super) description: &'static str,
    /// Modes that can be written.
    writes: &'static [Mode],
}

use Mode::{L, La, One, P, Rgb, Rgba};
const ALL: &[Mode] = &[One, L, La, P, Rgb, Rgba];

/// All of them.
pub(super) const PLUGINS: [Plugin; 10] = [
    Plugin { format: Format::Bmp, name: "BMP", description: "Windows Bitmap", writes: &[One, L, P, Rgb, Rgba] },
    Plugin { format: Format::Gif, name: "GIF", description: "Compuserve GIF", writes: ALL },
    Plugin { format: Format::Ico, name: "ICO", description: "Windows Icon", writes: ALL },
    Plugin { format: Format::Jpeg, name: "JPEG", description: "JPEG (ISO 10918)", writes: &[One, L, Rgb] },
    Plugin { format: Format::Png, name: "PNG", description: "Portable network graphics", writes: ALL },
    Plugin { format: Format::Pnm, name: "PPM", description: "Pbmplus image", writes: &[One, L, Rgb, Rgba] },
    Plugin { format: Format::Qoi, name: "QOI", description: "Quite OK Image", writes: &[Rgb, Rgba] },
    Plugin { format: Format::Tga, name: "TGA", description: "Targa", writes: ALL },
    Plugin { format: Format::Tiff, name: "TIFF", description: "Adobe TIFF", writes: ALL },
    Plugin { format: Format::WebP, name: "WEBP", description: "WebP image", writes: ALL },
];

impl Plugin {
    /// The one whose pictures say `name` of themselves.
    pub(super) fn named(name: &str) -> Option<Self> {
        PLUGINS.into_iter().find(|plugin| plugin.name == name)
    }

    /// Whether a picture of this mode can be written.
    pub(super) fn writes(self, mode: Mode) -> bool {
        self.writes.contains(&mode)
    }
}

/// A picture that was opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) plugin: Plugin,
    pub(super) raster: Raster,
    /// Why a part of it is missing.
    pub(super) broken: Option<String>,
}

/// Looks what the bytes are, and decodes them. `None` where they are no picture.
pub(super) fn open(bytes: &Buffer, max_bytes: u64) -> Result<Option<Opened>, FormatError> {
    let format = detect(bytes, None)?.format;
    let Some(plugin) = PLUGINS.into_iter().find(|plugin| plugin.format == format) else { return Ok(None) };
    // Pixels are held twice for a moment: as they are decoded, and as they are kept.
    let limits = Limits { max_bytes: (max_bytes / 3).min(512 << 20), ..Limits::default() };
    let picture = match picture::decode(bytes, format, limits, &Progress::new()) {
        Ok(picture) => picture,
        Err(error @ (FormatError::Limit { .. } | FormatError::Read(_))) => return Err(error),
        Err(_) => return Ok(None),
    };
    let Picture { info, mut image, truncated } = picture;
    // Pillow shows a picture as it is stored; ours is upright already and is turned back.
    let back = match info.orientation {
        6 => 8,
        8 => 6,
        same => same,
    };
    if let Some(orientation) = Orientation::from_exif(back) {
        image.apply_orientation(orientation);
    }
    let (width, height) = (image.width(), image.height());
    let (mode, data) = match (image.color().has_color(), image.color().has_alpha()) {
        (false, false) => (L, image.into_luma8().into_raw()),
        (false, true) => (La, image.into_luma_alpha8().into_raw()),
        (true, false) => (Rgb, image.into_rgb8().into_raw()),
        (true, true) => (Rgba, image.into_rgba8().into_raw()),
    };
    let mut raster = Raster { mode, width, height, data, palette: Vec::new() };
    if format == Format::Gif || info.model == ColorModel::Palette {
        raster = raster.converted(P);
    } else if mode == L && info.bits == 1 {
        raster.mode = One;
    }
    Ok(Some(Opened { plugin, raster, broken: truncated }))
}

/// The picture as a file of the format.
pub(super) fn save(raster: &Raster, plugin: Plugin, quality: u8) -> Result<Vec<u8>, FormatError> {
    let Raster { width, height, .. } = *raster;
    let flattened = match (raster.mode, plugin.format) {
        (P, _) if raster.palette.iter().all(|color| color[3] == 255) => raster.converted(Rgb),
        (P, _) => raster.converted(Rgba),
        // Without an alpha channel its colours are all that is kept.
        (Rgba, Format::Bmp | Format::Pnm) => raster.converted(Rgb),
        _ => raster.clone(),
    };
    let info = picture::PictureInfo {
        format: plugin.format,
        width,
        height,
        color: flattened.mode.name().to_owned(),
        model: if matches!(flattened.mode, One | L | La) { ColorModel::Grey } else { ColorModel::Rgb },
        alpha: matches!(flattened.mode, La | Rgba),
        bits: 8,
        frames: None,
        orientation: 1,
        metadata: Vec::new(),
    };
    let image = dynamic(flattened).ok_or_else(|| FormatError::Option("the picture is not whole".into()))?;
    let options = PictureOptions { quality, ..PictureOptions::default() };
    let mut out = Vec::new();
    let picture = Picture { info, image, truncated: None };
    picture::encode(&picture, plugin.format, &options, &mut out, &Progress::new())?;
    Ok(out)
}

fn dynamic(raster: Raster) -> Option<DynamicImage> {
    let Raster { mode, width, height, data, .. } = raster;
    match mode {
        One | L | P => image::GrayImage::from_raw(width, height, data).map(DynamicImage::ImageLuma8),
        La => image::GrayAlphaImage::from_raw(width, height, data).map(DynamicImage::ImageLumaA8),
        Rgb => image::RgbImage::from_raw(width, height, data).map(DynamicImage::ImageRgb8),
        Rgba => image::RgbaImage::from_raw(width, height, data).map(DynamicImage::ImageRgba8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_that_is_written_can_be_opened_again() {
        for plugin in PLUGINS {
            for mode in ALL.iter().filter(|mode| plugin.writes(**mode)) {
                let raster = Raster::filled(*mode, 16, 16, &[200, 100, 50, 255][..mode.len()]);
                let bytes = save(&raster, plugin, 75).unwrap();
                if plugin.format == Format::Tga {
                    continue; // Its content has no signature: only a name tells it.
                }
                let opened = open(&bytes.into(), 1 << 30).unwrap().unwrap();
                assert_eq!(opened.plugin, plugin);
                assert_eq!((opened.raster.width, opened.raster.height, opened.broken), (16, 16, None), "{}", plugin.name);
            }
        }
        assert!(open(&b"not an image".into(), 1 << 30).unwrap().is_none());
    }

    #[test]
    fn modes_survive_a_png() {
        let png = Plugin::named("PNG").unwrap();
        for mode in [L, La, Rgb, Rgba] {
            let raster = Raster::filled(mode, 3, 2, &[1, 2, 3, 4][..mode.len()]);
            assert_eq!(open(&save(&raster, png, 75).unwrap().into(), 1 << 30).unwrap().unwrap().raster, raster);
        }
    }
}
