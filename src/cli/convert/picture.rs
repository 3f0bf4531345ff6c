//! The arguments of `convert` that are about pictures.

use super::super::output::Stop;
use crate::formats::options::{ColorPolicy, MetadataPolicy, Subsampling, TiffCompression, parse_color, parse_within};
use crate::formats::picture::Operations;
use crate::formats::picture::ops::{Crop, Filter, Flip, Mode, Resize, Rotation, parse_crop, parse_size};
use crate::formats::{FormatError, PictureOptions};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Pictures")]
pub(super) struct PictureArguments {
    /// JPEG quality, 1 to 100
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| parse_within("the JPEG quality", text, 1..=100), default_value = "85")]
    quality: u32,
    /// PNG effort, 0 (fast) to 9 (small)
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| parse_within("the PNG level", text, 0..=9), default_value = "6")]
    png_level: u32,
    /// The colour behind transparent pixels where the target has none: #RRGGBB or a name
    #[arg(long, value_name = "COLOR", value_parser = Color::parse, default_value = "white")]
    background: Color,
    /// How much colour a JPEG keeps: 4:4:4, 4:2:2 or 4:2:0; by the quality where it is not said
    #[arg(long, value_name = "RATIO")]
    subsampling: Option<Subsampling>,
    /// A JPEG that sharpens while it is loaded
    #[arg(long)]
    progressive: bool,
    /// A JPEG with code tables of its own: some percent smaller, slower
    #[arg(long)]
    optimize: bool,
    /// How a TIFF is packed: none, lzw, deflate or packbits
    #[arg(long, value_name = "HOW", default_value = "none")]
    tiff_compression: TiffCompression,
    /// One frame of an animation (GIF, animated PNG and WebP) or page of a TIFF, counted from 1; all frames by default where
    /// both formats have animations
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    frame: Option<u32>,
    /// How often an animation is played, 0 being forever; as often as the input says by default
    #[arg(long = "loop", value_name = "N", value_parser = clap::value_parser!(u32).range(0..=65_535))]
    loops: Option<u32>,
    /// How long each frame of an animation is seen, in milliseconds; as long as the input says by default
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u32).range(1..=655_350))]
    delay: Option<u32>,
    /// The width of a drawing (SVG) in pixels; the height follows
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_535))]
    width: Option<u32>,
    /// The height of a drawing in pixels; the width follows
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_535))]
    height: Option<u32>,
    /// Dots an inch of a drawing, where neither width nor height is said
    #[arg(long, value_name = "N", default_value = "96", value_parser = clap::value_parser!(u32).range(1..=9_600))]
    dpi: u32,
    /// EXIF, XMP, IPTC, texts and comments: keep, strip, or safe (without place, serial numbers and small copies)
    #[arg(long, value_name = "HOW", default_value = "keep")]
    metadata: MetadataPolicy,
    /// Colours with a profile: keep the profile where the target has a place for one, or srgb
    #[arg(long, value_name = "HOW", default_value = "keep")]
    color: ColorPolicy,
    /// Keep this part only: X,Y,WIDTH,HEIGHT in pixels of the upright picture; done first
    #[arg(long, value_name = "X,Y,W,H", value_parser = parse_crop)]
    crop: Option<Crop>,
    /// Turn it clockwise: 90, 180 or 270 degrees
    #[arg(long, value_name = "DEGREES", allow_hyphen_values = true, default_value = "0", hide_default_value = true)]
    rotate: Rotation,
    /// Mirror it: h (left and right) or v (top and bottom)
    #[arg(long, value_name = "HOW")]
    flip: Option<Flip>,
    /// Make it this size: WIDTHxHEIGHT
    #[arg(long, value_name = "WxH", value_parser = parse_size, conflicts_with = "thumbnail")]
    resize: Option<(u32, u32)>,
    /// With --resize: keep the shape, inside that size
    #[arg(long, requires = "resize", conflicts_with = "fill")]
    fit: bool,
    /// With --resize: keep the shape, cut off what stands out of that size
    #[arg(long, requires = "resize")]
    fill: bool,
    /// Make it small enough for WIDTHxHEIGHT with its shape kept; never larger
    #[arg(long, value_name = "WxH", value_parser = parse_size)]
    thumbnail: Option<(u32, u32)>,
    /// How pixels of another size are made: lanczos, catmull-rom, bilinear, nearest
    #[arg(long, value_name = "NAME", default_value = "lanczos")]
    filter: Filter,
    /// What its pixels become: RGB, RGBA, L (grey), LA, 1 (black and white), P (palette), P:16 (of 16 colours)
    #[arg(long, value_name = "MODE")]
    mode: Option<Mode>,
    /// With --mode 1 or P: each pixel the nearest colour, without dithering
    #[arg(long, requires = "mode")]
    no_dither: bool,
}

#[derive(Clone, Copy, Debug)]
struct Color([u8; 3]);

impl Color {
    fn parse(text: &str) -> Result<Self, FormatError> {
        parse_color(text).map(Self)
    }
}

impl PictureArguments {
    /// What they ask for.
    pub(super) fn options(&self) -> PictureOptions {
        let byte = |number: u32| u8::try_from(number).expect("parsed within a byte's range");
        let resize = match (self.resize, self.thumbnail) {
            (Some((width, height)), _) if self.fit => Some(Resize::Fit { width, height }),
            (Some((width, height)), _) if self.fill => Some(Resize::Fill { width, height }),
            (Some((width, height)), _) => Some(Resize::Exact { width, height }),
            (None, Some((width, height))) => Some(Resize::Thumbnail { width, height }),
            (None, None) => None,
        };
        PictureOptions {
            quality: byte(self.quality),
            png_level: byte(self.png_level),
            background: self.background.0,
            subsampling: self.subsampling,
            progressive: self.progressive,
            optimize: self.optimize,
            tiff_compression: self.tiff_compression,
            frame: self.frame,
            loops: self.loops,
            delay: self.delay,
            drawing_width: self.width,
            drawing_height: self.height,
            drawing_dpi: self.dpi,
            metadata: self.metadata,
            color: self.color,
            operations: Operations {
                crop: self.crop,
                rotate: self.rotate,
                flip: self.flip,
                resize,
                filter: self.filter,
                mode: self.mode,
                dither: !self.no_dither,
            },
            ..PictureOptions::default()
        }
    }

    /// Refuses changes to pixels where the target holds none, so that they are not passed over in silence.
    pub(super) fn check(&self, to: crate::formats::Format) -> Result<(), Stop> {
        let pictures = to.kind() == crate::formats::Kind::Picture;
        if pictures || (self.frame.is_none() && self.options().operations.is_empty()) {
            return Ok(());
        }
        Err(Stop::Usage(format!(
            "--frame, --crop, --rotate, --flip, --resize, --thumbnail and --mode make a picture, and {to} is none; convert to a picture first"
        )))
    }
}
