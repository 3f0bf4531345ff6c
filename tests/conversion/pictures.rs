//! Pictures as a person meets them: every sample opens, every pair converts, hostile bytes are errors.

use std::io::{self, Write};

use image::{DynamicImage, ImageBuffer, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use seektell::buffer::Buffer;
use seektell::formats::picture::{self, ColorModel, Limits, Picture, Sample};
use seektell::formats::{Format, FormatError, Loss, PictureOptions};
use seektell::tasks::Progress;

pub(crate) mod animations;
mod bands;
pub(crate) mod carry;
pub(crate) mod deep;
mod frames;
mod gif;
mod headers;
mod hostile;
mod jpegs;
mod layout;
#[allow(dead_code, unreachable_pub, missing_docs)]
#[path = "../../examples/make_samples.rs"]
mod make_samples;
mod metadata;
mod ops;
mod short;
#[cfg(feature = "svg")]
mod svg;
mod tiffs;
mod writers;

use Format::{Bmp, Gif, Ico, Jpeg, Png, Pnm, Qoi, Tga, Tiff, WebP};

const PICTURES: [Format; 10] = [Png, Jpeg, Gif, Bmp, WebP, Tiff, Ico, Pnm, Tga, Qoi];
const LOSSLESS: [Format; 8] = [Png, Bmp, WebP, Tiff, Ico, Pnm, Tga, Qoi];
/// As for the bytes of somebody hostile.
const TIGHT: Limits = Limits { max_bytes: 4 << 20, max_side: 4_096 };

fn sample(name: &str) -> Vec<u8> {
    let path = format!("{}/assets/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn decode_within(bytes: &[u8], format: Format, limits: Limits) -> Result<Picture, FormatError> {
    picture::decode(&Buffer::from(bytes), format, limits, &Progress::new())
}

fn decode(bytes: &[u8], format: Format) -> Result<Picture, FormatError> {
    decode_within(bytes, format, Limits::default())
}

fn encode_with(picture: &Picture, to: Format, options: &PictureOptions) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture::encode(picture, to, options, &mut bytes, &Progress::new()).unwrap_or_else(|error| panic!("{to:?}: {error}"));
    bytes
}

fn encode(picture: &Picture, to: Format) -> Vec<u8> {
    encode_with(picture, to, &PictureOptions::default())
}

/// A picture made of pixels, as a decoder would give it.
fn picture_of(image: impl Into<DynamicImage>) -> Picture {
    let image = image.into();
    let mut bytes = io::Cursor::new(Vec::new());
    let float = matches!(image, DynamicImage::ImageRgb32F(_) | DynamicImage::ImageRgba32F(_));
    let (format, kind) = if float { (Tiff, image::ImageFormat::Tiff) } else { (Png, image::ImageFormat::Png) };
    image.write_to(&mut bytes, kind).expect("memory takes any picture");
    let info = picture::probe(&Buffer::from(bytes.into_inner()), format).expect("what was just written has a header");
    Picture { info, image, truncated: None }
}

fn rgb(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x * 5) as u8, (y * 7) as u8, (x * y) as u8]))
}

/// One pixel in four is nothing, one is whole, two are partly there.
fn rgba(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| match (x + y) % 4 {
        0 => Rgba([0; 4]),
        step => Rgba([(x * 5) as u8, (y * 7) as u8, 90, (step * 85) as u8]),
    })
}

fn said(losses: &[Loss]) -> Vec<&str> {
    losses.iter().map(|loss| loss.what.as_str()).collect()
}

/// The mean distance of two pictures' channels.
fn distance(a: &DynamicImage, b: &DynamicImage) -> u64 {
    let (a, b) = (a.to_rgb8(), b.to_rgb8());
    assert_eq!(a.dimensions(), b.dimensions());
    a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>() / a.len() as u64
}

#[test]
fn the_committed_samples_are_what_the_program_makes() {
    let root = format!("{}/assets", env!("CARGO_MANIFEST_DIR"));
    let made = make_samples::all();
    let mut total = 0;
    for (name, bytes) in &made {
        let stored = std::fs::read(format!("{root}/{name}")).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(stored == *bytes, "{name} differs: run `cargo run --example make_samples`");
        if name.starts_with("samples/") {
            total += stored.len();
        }
    }
    assert!(total < 300_000, "the samples have {total} bytes");
    for entry in std::fs::read_dir(format!("{root}/samples")).unwrap() {
        let name = format!("samples/{}", entry.unwrap().file_name().to_string_lossy());
        assert!(made.iter().any(|(known, _)| *known == name), "{name} is made by nobody");
    }
}

#[test]
fn every_sample_opens_with_its_size_and_colours() {
    for (name, format, width, height, color) in [
        ("photo.png", Png, 320, 200, "RGB, 8 bits a channel"),
        ("photo.jpg", Jpeg, 320, 200, "RGB, 8 bits a channel"),
        ("alpha.png", Png, 128, 120, "RGBA, 8 bits a channel"),
        ("grey16.png", Png, 128, 64, "grey, 16 bits"),
        ("animation.gif", Gif, 128, 32, "palette, 2 bits a pixel"),
        ("picture.bmp", Bmp, 96, 60, "RGB, 8 bits a channel"),
        ("picture.webp", WebP, 96, 60, "RGB, 8 bits a channel"),
        ("picture.tiff", Tiff, 96, 60, "RGB, 8 bits a channel"),
        ("picture.ico", Ico, 64, 64, "RGBA, 8 bits a channel"),
        ("picture.ppm", Pnm, 96, 60, "RGB, 8 bits a channel"),
        ("picture.pgm", Pnm, 96, 60, "grey, 8 bits"),
        ("picture.tga", Tga, 96, 60, "RGB, 8 bits a channel"),
        ("picture.qoi", Qoi, 96, 60, "RGB, 8 bits a channel"),
    ] {
        let bytes = sample(name);
        let info = picture::probe(&Buffer::from(bytes.as_slice()), format).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((info.width, info.height, info.color.as_str()), (width, height, color), "{name}");
        let picture = decode(&bytes, format).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((picture.image.width(), picture.image.height()), (width, height), "{name}");
        assert_eq!(picture.truncated, None, "{name}");
        assert_eq!(picture.info, info, "{name}");
    }
    assert_eq!(decode(&sample("animation.gif"), Gif).unwrap().info.frames, Some(8));
    let turned = decode(&sample("photo.jpg"), Jpeg).unwrap();
    assert_eq!((turned.info.orientation, turned.info.metadata.as_slice()), (6, &["EXIF"][..]));
    let upright = decode(&sample("photo.png"), Png).unwrap();
    assert!(distance(&upright.image, &turned.image) < 6, "the turned photo shows the same scene");
}

#[test]
fn lossless_pairs_are_exact() {
    for from in LOSSLESS {
        for image in [DynamicImage::from(rgb(33, 21)), DynamicImage::from(rgba(33, 21))] {
            let first =
                decode(&encode(&picture_of(image.clone()), from), from).unwrap_or_else(|error| panic!("{from:?}: {error}"));
            assert_eq!(first.image.to_rgba8(), image.to_rgba8(), "{from:?}");
            assert_eq!(first.info.alpha, image.color().has_alpha() || from == Ico, "{from:?}");
            for to in LOSSLESS {
                let second = decode(&encode(&first, to), to).unwrap_or_else(|error| panic!("{from:?} to {to:?}: {error}"));
                assert_eq!(second.image.to_rgba8(), image.to_rgba8(), "{from:?} to {to:?}");
                let losses = picture::losses_of(&first, to, &PictureOptions::default());
                assert!(losses.is_empty(), "{from:?} to {to:?}: {losses:?}");
            }
        }
    }
}

#[test]
fn every_format_becomes_jpeg_and_gif() {
    for from in PICTURES {
        let first = decode(&encode(&picture_of(rgb(40, 24)), from), from).unwrap();
        for to in [Jpeg, Gif] {
            let second = decode(&encode(&first, to), to).unwrap();
            let off = distance(&first.image, &second.image);
            assert!(off < 14, "{from:?} to {to:?}: {off}");
        }
    }
}

#[test]
fn a_gif_of_few_colours_is_exact_and_keeps_holes() {
    let image = RgbaImage::from_fn(20, 20, |x, y| if x < 4 { Rgba([0; 4]) } else { Rgba([x as u8 * 9, y as u8 / 4, 7, 255]) });
    let picture = picture_of(image.clone());
    assert!(picture::losses_of(&picture, Gif, &PictureOptions::default()).is_empty());
    let back = decode(&encode(&picture, Gif), Gif).unwrap();
    assert!(back.info.alpha);
    assert_eq!(back.image.to_rgba8(), image);
    // From the half on a pixel is seen, over the background; below it is gone.
    let half = RgbaImage::from_fn(2, 1, |x, _| Rgba([0, 0, 0, if x == 0 { 127 } else { 128 }]));
    let back = decode(&encode(&picture_of(half), Gif), Gif).unwrap().image.to_rgba8();
    assert_eq!((back.get_pixel(0, 0)[3], *back.get_pixel(1, 0)), (0, Rgba([127, 127, 127, 255])));
}

#[test]
fn sixteen_bits_and_grey_stay() {
    let deep = ImageBuffer::<Luma<u16>, _>::from_fn(64, 9, |x, y| Luma([(x * 1000 + y * 3) as u16]));
    let color = ImageBuffer::<Rgba<u16>, _>::from_fn(9, 7, |x, y| Rgba([(x * 7001) as u16, (y * 9001) as u16, 12, 40_000]));
    for to in [Png, Tiff, Pnm] {
        let back = decode(&encode(&picture_of(deep.clone()), to), to).unwrap();
        assert_eq!(back.image, DynamicImage::ImageLuma16(deep.clone()), "{to:?}");
        assert_eq!((back.info.model, back.info.bits), (ColorModel::Grey, 16), "{to:?}");
        let back = decode(&encode(&picture_of(color.clone()), to), to).unwrap();
        assert_eq!(back.image, DynamicImage::ImageRgba16(color.clone()), "{to:?}");
    }
    for to in [Jpeg, Png, Tiff, Pnm, Tga] {
        let grey = DynamicImage::from(rgb(30, 20)).to_luma8();
        let back = decode(&encode(&picture_of(grey), to), to).unwrap();
        assert!(matches!(back.image, DynamicImage::ImageLuma8(_)), "{to:?}: {:?}", back.image.color());
        assert_eq!(back.info.model, ColorModel::Grey, "{to:?}");
    }
    let float = image::Rgb32FImage::from_fn(3, 2, |x, y| Rgb([x as f32 / 2.0, y as f32, 0.25]));
    let picture = picture_of(float.clone());
    let tiff = decode(&encode(&picture, Tiff), Tiff).unwrap();
    assert_eq!(tiff.image, DynamicImage::ImageRgb32F(float));
    assert_eq!(tiff.info.color, "RGB, 32-bit floats a channel");
    assert_eq!(tiff.pixel(1, 0).unwrap().to_string(), "R 0.5 G 0 B 0.25");
    let png = decode(&encode(&picture, Png), Png).unwrap();
    assert_eq!(png.pixel(1, 1).unwrap().to_string(), "R 32768 G 65535 B 16384");
}

#[test]
fn transparency_is_put_onto_the_chosen_colour() {
    let image = RgbaImage::from_fn(32, 16, |x, _| Rgba([255, 0, 0, if x < 16 { 0 } else { 128 }]));
    for (background, left, right) in
        [([255, 255, 255], [255, 255, 255], [255, 127, 127]), ([0, 0, 200], [0, 0, 200], [128, 0, 100])]
    {
        let options = PictureOptions { background, quality: 100, ..PictureOptions::default() };
        let back = decode(&encode_with(&picture_of(image.clone()), Jpeg, &options), Jpeg).unwrap().image.to_rgb8();
        for (x, expected) in [(4, left), (27, right)] {
            let found = back.get_pixel(x, 8).0;
            assert!(found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 3), "{found:?} is not {expected:?}");
        }
    }
}

#[test]
fn losses_are_named_and_only_those() {
    let options = PictureOptions::default();
    let losses = |picture: &Picture, to| picture::losses_of(picture, to, &options);
    let opaque = picture_of(RgbaImage::from_pixel(4, 4, Rgba([1, 2, 3, 255])));
    assert_eq!(said(&losses(&opaque, Jpeg)), ["JPEG is lossy: quality 85"]);
    assert_eq!(
        said(&picture::losses(&opaque.info, Jpeg, &options)),
        ["Transparency is lost: the picture is put onto white", "JPEG is lossy: quality 85"]
    );
    assert!(losses(&opaque, Gif).is_empty());
    let see_through = picture_of(rgba(33, 40));
    assert_eq!(said(&losses(&see_through, Jpeg))[0], "990 transparent pixels are put onto white");
    let blue = PictureOptions { background: [16, 32, 255], ..options.clone() };
    assert_eq!(said(&picture::losses_of(&see_through, Jpeg, &blue))[0], "990 transparent pixels are put onto #1020FF");
    assert_eq!(
        said(&losses(&see_through, Gif)),
        ["660 partly transparent pixels become either fully transparent or put onto white", "The colours are reduced to 256"]
    );
    let deep = picture_of(ImageBuffer::<Luma<u16>, _>::from_fn(8, 8, |x, _| Luma([x as u16 * 300])));
    assert_eq!(said(&losses(&deep, Bmp)), ["16-bit channels are cut to 8 bits"]);
    assert!(losses(&deep, Tiff).is_empty());
    let spread = picture_of(ImageBuffer::<Luma<u16>, _>::from_fn(8, 8, |x, _| Luma([x as u16 * 257])));
    assert!(losses(&spread, Bmp).is_empty());
    let animation = decode(&sample("animation.gif"), Gif).unwrap();
    assert_eq!(said(&losses(&animation, Png)), ["7 of 8 frames are left out"]);
    let photo = decode(&sample("photo.jpg"), Jpeg).unwrap();
    assert_eq!(said(&losses(&photo, Png)), ["Metadata (EXIF) is left out"]);
    assert_eq!(said(&losses(&photo, Gif)), ["The colours are reduced to 256", "Metadata (EXIF) is left out"]);
    assert_eq!(
        said(&losses(&photo, Ico))[0],
        "The picture is made smaller, from 320 x 200 to 256 x 160 pixels: an icon has at most 256 a side"
    );
    let icon = decode(&encode(&photo, Ico), Ico).unwrap();
    assert_eq!((icon.info.width, icon.info.height, icon.info.frames), (256, 160, Some(1)));
    let cut = decode(&sample("truncated.png"), Png).unwrap();
    assert!(said(&losses(&cut, Bmp))[0].starts_with("The picture is not complete: the file ends early"));
}

#[test]
fn options_out_of_range_and_sizes_beyond_a_format_are_refused() {
    let picture = picture_of(rgb(4, 4));
    let refused = |picture: &Picture, to, options: PictureOptions| match picture::encode(
        picture,
        to,
        &options,
        &mut io::sink(),
        &Progress::new(),
    ) {
        Err(FormatError::Option(what)) => what,
        other => panic!("{other:?}"),
    };
    let defaults = PictureOptions::default();
    assert!(refused(&picture, Jpeg, PictureOptions { quality: 0, ..defaults.clone() }).contains("1 to 100"));
    assert!(refused(&picture, Jpeg, PictureOptions { quality: 101, ..defaults.clone() }).contains("101"));
    assert!(refused(&picture, Png, PictureOptions { png_level: 10, ..defaults.clone() }).contains("0 to 9"));
    let long = Picture { image: DynamicImage::new_luma8(65_536, 1), ..picture.clone() };
    for to in [Jpeg, Gif, Tga, WebP] {
        assert!(refused(&long, to, defaults.clone()).contains("65536 x 1"), "{to:?}");
    }
    let none = Picture { image: DynamicImage::new_rgb8(0, 7), ..picture.clone() };
    assert!(refused(&none, Png, defaults.clone()).contains("nothing to write"));
    let to_table = picture::encode(&picture, Format::Csv, &defaults, &mut io::sink(), &Progress::new());
    assert!(matches!(to_table, Err(FormatError::Unsupported { .. })));
    assert!(matches!(decode(b"id,name\n", Format::Csv), Err(FormatError::Unsupported { .. })));
}

#[test]
fn higher_png_levels_are_not_larger_and_all_are_exact() {
    let photo = decode(&sample("picture.ppm"), Pnm).unwrap();
    let mut last = usize::MAX;
    for png_level in 0..=9 {
        let bytes = encode_with(&photo, Png, &PictureOptions { png_level, ..PictureOptions::default() });
        assert_eq!(decode(&bytes, Png).unwrap().image, photo.image, "level {png_level}");
        assert!(bytes.len() <= last, "level {png_level}: {} after {last}", bytes.len());
        last = bytes.len();
    }
}

/// An icon as Windows 95 wrote them: a 32-bit bitmap with its mask.
fn bitmap_icon() -> Vec<u8> {
    let (side, mut bitmap) = (4_u32, Vec::new());
    bitmap.extend(40_u32.to_le_bytes());
    bitmap.extend(side.to_le_bytes());
    bitmap.extend((side * 2).to_le_bytes());
    bitmap.extend([1, 0, 32, 0]);
    bitmap.extend([0; 24]);
    for y in 0..side as u8 {
        for x in 0..side as u8 {
            bitmap.extend([x * 10, y * 10, 200, 255]);
        }
    }
    // The lowest row's first pixel is masked out.
    bitmap.extend([0x80, 0, 0, 0]);
    bitmap.extend([0; 12]);
    icon_around(&bitmap, side as u8)
}

fn icon_around(inner: &[u8], side: u8) -> Vec<u8> {
    let mut bytes = vec![0, 0, 1, 0, 1, 0, side, side, 0, 0, 1, 0, 32, 0];
    bytes.extend((inner.len() as u32).to_le_bytes());
    bytes.extend(22_u32.to_le_bytes());
    bytes.extend(inner);
    bytes
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut bytes = (data.len() as u32).to_be_bytes().to_vec();
    bytes.extend(name);
    bytes.extend(data);
    bytes.extend(crc32fast::hash(&bytes[4..]).to_be_bytes());
    bytes
}

#[test]
fn cmyk_jpegs_are_not_inverted() {
    use jpeg_encoder::{ColorType, Encoder};
    // Ink amounts: much cyan, a little magenta, no yellow, a little black.
    let (inks, expected) = ([200_u8, 40, 0, 30], [55 * 225 / 255, 215 * 225 / 255, 225]);
    let near = |found: [u8; 4]| found.iter().zip(expected).all(|(a, b)| i32::from(*a).abs_diff(b) <= 4);
    let pixels = inks.repeat(16 * 16);
    for kind in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 100).encode(&pixels, 16, 16, kind).unwrap();
        let picture = decode(&bytes, Jpeg).unwrap();
        assert_eq!(picture.info.model, ColorModel::Cmyk);
        let found = picture.pixel(8, 8).unwrap().rgba8;
        assert!(near(found), "{kind:?}: {found:?}, not {expected:?}");
        let losses = picture::losses_of(&picture, Png, &PictureOptions::default());
        assert_eq!(said(&losses), ["CMYK colours become RGB"]);
    }
    // Without Adobe's marker the numbers are ink as it is; the encoder turns them round, so they are turned first.
    let mut bytes = Vec::new();
    let turned: Vec<u8> = pixels.iter().map(|ink| 255 - ink).collect();
    Encoder::new(&mut bytes, 100).encode(&turned, 16, 16, ColorType::Cmyk).unwrap();
    let adobe = bytes.windows(2).position(|pair| pair == [0xFF, 0xEE]).unwrap();
    bytes.drain(adobe..adobe + 16);
    let found = decode(&bytes, Jpeg).unwrap().pixel(8, 8).unwrap().rgba8;
    assert!(near(found), "{found:?}, not {expected:?}");
}

#[test]
fn pixels_are_told_as_stored() {
    let picture = picture_of(ImageBuffer::<Rgba<u16>, _>::from_pixel(2, 1, Rgba([65_535, 0, 12, 65_535])));
    let pixel = picture.pixel(1, 0).unwrap();
    assert_eq!(pixel.to_string(), "R 65535 G 0 B 12 A 65535");
    assert_eq!(pixel.rgba8, [255, 0, 0, 255]);
    assert_eq!((picture.pixel(2, 0), picture.pixel(0, 1)), (None, None));
    let grey = picture_of(image::GrayAlphaImage::from_pixel(1, 1, image::LumaA([9, 8])));
    assert_eq!(grey.pixel(0, 0).unwrap().channels, [('L', Sample::U8(9)), ('A', Sample::U8(8))]);
}

#[test]
fn textures_are_made_smaller_by_areas() {
    let picture = picture_of(rgb(30, 20));
    let (same, scale) = picture.to_rgba8_scaled(30);
    assert_eq!((same, scale), (picture.image.to_rgba8(), 1.0));
    // Columns of black and white: a half of the size is even grey, and other sizes stay near it.
    let stripes = picture_of(RgbImage::from_fn(300, 120, |x, _| Rgb([if x % 2 == 0 { 0 } else { 255 }; 3])));
    for (side, size) in [(150, (150, 60)), (100, (100, 40))] {
        let (small, scale) = stripes.to_rgba8_scaled(side);
        assert_eq!(small.dimensions(), size);
        assert!((scale - side as f32 / 300.0).abs() < 1e-6);
        assert!(small.pixels().all(|pixel| (80..=175).contains(&pixel[0]) && pixel[3] == 255));
    }
    // Red beside nothing stays red; only its alpha is halved.
    let edge = picture_of(RgbaImage::from_fn(8, 8, |x, _| if x % 2 == 0 { Rgba([255, 0, 0, 255]) } else { Rgba([0; 4]) }));
    let (small, _) = edge.to_rgba8_scaled(4);
    assert!(small.pixels().all(|pixel| pixel.0 == [255, 0, 0, 128]), "{:?}", small.get_pixel(0, 0));
    // However thin, a side never vanishes.
    assert_eq!(picture_of(rgb(500, 1)).to_rgba8_scaled(10).0.dimensions(), (10, 1));
}

/// Cancels with the first byte that arrives.
struct Canceller(Progress, usize);

impl Write for Canceller {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.cancel();
        let taken = bytes.len().min(16);
        self.1 += taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_cancel_ends_reading_and_writing() {
    let cancelled = Progress::new();
    cancelled.cancel();
    let read = picture::decode(&Buffer::from(sample("photo.png")), Png, Limits::default(), &cancelled);
    assert!(matches!(read, Err(FormatError::Cancelled(_))));
    let picture = decode(&sample("picture.ppm"), Pnm).unwrap();
    for to in PICTURES {
        let result = picture::encode(&picture, to, &PictureOptions::default(), &mut io::sink(), &cancelled);
        assert!(matches!(result, Err(FormatError::Cancelled(_))), "{to:?}");
        if matches!(to, Png | Jpeg | Pnm) {
            let progress = Progress::new();
            let mut out = Canceller(progress.clone(), 0);
            let result = picture::encode(&picture, to, &PictureOptions::default(), &mut out, &progress);
            assert!(matches!(result, Err(FormatError::Cancelled(_))), "{to:?}: {result:?}");
            assert!(out.1 <= 16, "{to:?}: {} bytes came after the cancel", out.1);
        }
    }
}

struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn tga_has_no_runs_that_cross_rows() {
    // One colour all over: whoever wrote runs would write them here.
    let image = DynamicImage::ImageLuma8(image::GrayImage::from_pixel(37, 23, Luma([255])));
    let tga = encode(&picture_of(image), Tga);
    assert_eq!(tga[2], 3, "grey without runs");
    assert!(tga.len() >= 18 + 37 * 23, "{} bytes", tga.len());
}

#[test]
fn an_output_that_fails_is_a_write_error() {
    let picture = picture_of(rgb(9, 9));
    for to in PICTURES {
        let result = picture::encode(&picture, to, &PictureOptions::default(), &mut Full, &Progress::new());
        let full = matches!(&result, Err(FormatError::Write(error)) if error.kind() == io::ErrorKind::StorageFull);
        assert!(full, "{to:?}: {result:?}");
    }
}

#[test]
fn netpbm_without_transparency_is_for_programs_that_read_no_pam() {
    let alpha = RgbaImage::from_fn(2, 1, |x, _| Rgba([200, 100, 0, if x == 0 { 0 } else { 255 }]));
    let picture = Picture::from_rgba8(Pnm, alpha);
    let options = PictureOptions { flatten: true, background: [10, 20, 30], ..PictureOptions::default() };
    let bytes = encode_with(&picture, Pnm, &options);
    assert_eq!(bytes, b"P6\n2 1\n255\n\x0a\x14\x1e\xc8\x64\x00");
    let losses = picture::losses_of(&picture, Pnm, &options);
    assert_eq!(losses.len(), 1, "{losses:?}");
    assert!(losses[0].what.contains("onto #0A141E"), "{losses:?}");
    assert!(encode_with(&picture, Pnm, &PictureOptions::default()).starts_with(b"P7"), "a PAM keeps it");
    for (name, flattens) in [("a.ppm", true), ("a.PNM", true), ("a.pam", false), ("a", false)] {
        assert_eq!(PictureOptions::name_flattens(Pnm, std::path::Path::new(name)), flattens, "{name}");
    }
    assert!(!PictureOptions::name_flattens(Png, std::path::Path::new("a.png")));
}
