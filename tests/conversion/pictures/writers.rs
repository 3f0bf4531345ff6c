//! What the writers can be told: subsampling, progressive, tables, one bit, packing.

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use seektell::buffer::Buffer;
use seektell::formats::options::{Subsampling, TiffCompression};
use seektell::formats::picture::ops::Mode;
use seektell::formats::picture::{self, ColorModel, Limits, Operations, Picture};
use seektell::formats::{Format, FormatError, PictureOptions};
use seektell::tasks::Progress;

use super::{decode, encode_with, picture_of};

fn noise(width: u32, height: u32) -> RgbImage {
    let mut random = fastrand::Rng::with_seed(7);
    RgbImage::from_fn(width, height, |x, y| Rgb([(x * 3) as u8, (random.u8(..) / 8).wrapping_add((y * 2) as u8), random.u8(..)]))
}

fn with_mode(image: impl Into<DynamicImage>, mode: Mode) -> (Picture, PictureOptions) {
    let operations = Operations { mode: Some(mode), ..Operations::default() };
    let made = operations
        .apply(picture_of(image), [255; 3], Limits::default(), &Progress::new())
        .expect("what the test made itself is whole");
    (made, PictureOptions { operations, ..PictureOptions::default() })
}

/// The sampling factors of a JPEG's first channel, and its kind of frame: SOF0 or SOF2.
fn frame_of(jpeg: &[u8]) -> (u8, u8) {
    let at = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0] || pair == [0xFF, 0xC2]).expect("a frame");
    (jpeg[at + 11], jpeg[at + 1])
}

#[test]
fn a_jpeg_has_the_subsampling_and_the_scans_that_were_asked_for() {
    let photo = picture_of(noise(67, 45));
    let plain = PictureOptions::default();
    let mut sizes = Vec::new();
    for (subsampling, factors) in [(Subsampling::S444, 0x11), (Subsampling::S422, 0x21), (Subsampling::S420, 0x22)] {
        for progressive in [false, true] {
            let options = PictureOptions { subsampling: Some(subsampling), progressive, ..plain.clone() };
            let bytes = encode_with(&photo, Format::Jpeg, &options);
            assert_eq!(frame_of(&bytes), (factors, if progressive { 0xC2 } else { 0xC0 }));
            let back = decode(&bytes, Format::Jpeg).unwrap();
            assert_eq!((back.image.width(), back.image.height()), (67, 45));
            if !progressive {
                sizes.push(bytes.len());
            }
        }
    }
    assert!(sizes[0] > sizes[1] && sizes[1] > sizes[2], "{sizes:?}");
    let full = PictureOptions { subsampling: Some(Subsampling::S444), ..plain };
    let optimized = encode_with(&photo, Format::Jpeg, &PictureOptions { optimize: true, ..full });
    assert!(optimized.len() < sizes[0]);
}

#[test]
fn tiff_comes_back_the_same_however_it_is_packed() {
    let rgb = noise(301, 217);
    let alpha = RgbaImage::from_fn(90, 33, |x, y| Rgba([x as u8, y as u8, 3, (x * y) as u8]));
    let deep = DynamicImage::ImageRgb8(rgb.clone()).to_rgb16();
    let flat = GrayImage::from_fn(1_000, 700, |x, y| Luma([if (x / 40 + y / 50) % 2 == 0 { 0 } else { 200 }]));
    let pictures: [DynamicImage; 8] = [
        rgb.clone().into(),
        alpha.clone().into(),
        DynamicImage::ImageRgb16(deep.clone()),
        DynamicImage::ImageRgba16(DynamicImage::ImageRgb16(deep).to_rgba16()),
        flat.into(),
        DynamicImage::ImageLuma16(DynamicImage::ImageRgb8(rgb.clone()).to_luma16()),
        DynamicImage::ImageRgb32F(DynamicImage::ImageRgb8(rgb).to_rgb32f()),
        GrayImage::from_pixel(1, 1, Luma([9])).into(),
    ];
    for image in pictures {
        let picture = picture_of(image.clone());
        let mut plain = 0;
        for tiff_compression in [TiffCompression::None, TiffCompression::Lzw, TiffCompression::Deflate, TiffCompression::PackBits]
        {
            let options = PictureOptions { tiff_compression, ..PictureOptions::default() };
            let bytes = encode_with(&picture, Format::Tiff, &options);
            let back = decode(&bytes, Format::Tiff).unwrap_or_else(|error| panic!("{tiff_compression:?}: {error}"));
            assert!(back.image == image, "{tiff_compression:?} {:?}", image.color());
            if tiff_compression == TiffCompression::None {
                plain = bytes.len();
            } else if image.width() == 1_000 {
                assert!(bytes.len() < plain / 10, "{tiff_compression:?}: {} of {plain}", bytes.len());
            }
        }
    }
}

#[test]
fn every_length_of_lzw_codes_is_read_back() {
    // Random bytes fill the table again and again; lengths around the places where codes grow or the table is full.
    for width in
        [1, 2, 250, 254, 255, 256, 257, 510, 766, 767, 768, 1_790, 1_791, 1_792, 3_836, 3_837, 3_838, 3_839, 3_840, 9_001]
    {
        let mut random = fastrand::Rng::with_seed(width.into());
        let image = GrayImage::from_fn(width, 1, |_, _| Luma([random.u8(..)]));
        let options = PictureOptions { tiff_compression: TiffCompression::Lzw, ..PictureOptions::default() };
        let bytes = encode_with(&picture_of(image.clone()), Format::Tiff, &options);
        let back = decode(&bytes, Format::Tiff).unwrap_or_else(|error| panic!("{width}: {error}"));
        assert!(back.image == DynamicImage::ImageLuma8(image), "{width}");
    }
}

#[test]
fn few_colours_are_stored_as_few_where_the_format_can() {
    let photo = noise(61, 40);
    for (colors, bits) in [(2, 1), (4, 2), (16, 4), (200, 8)] {
        let (picture, options) = with_mode(photo.clone(), Mode::Palette { colors });
        let png = encode_with(&picture, Format::Png, &options);
        let info = picture::probe(&Buffer::from(png.clone()), Format::Png).unwrap();
        assert_eq!((info.model, info.bits), (ColorModel::Palette, bits), "{colors}");
        for format in [Format::Png, Format::Tiff, Format::Bmp, Format::Gif, Format::WebP] {
            let back = decode(&encode_with(&picture, format, &options), format).unwrap();
            assert!(back.image.to_rgb8() == picture.image.to_rgb8(), "{format:?}, {colors} colours");
        }
    }
    let (picture, options) = with_mode(photo, Mode::Bilevel);
    for format in [Format::Png, Format::Tiff, Format::Pnm] {
        for tiff_compression in [TiffCompression::None, TiffCompression::PackBits, TiffCompression::Lzw, TiffCompression::Deflate]
        {
            let options = PictureOptions { tiff_compression, ..options.clone() };
            let bytes = encode_with(&picture, format, &options);
            let info = picture::probe(&Buffer::from(bytes.clone()), format).unwrap();
            assert_eq!((info.model, info.bits), (ColorModel::Grey, 1), "{format:?}");
            let back = decode(&bytes, format).unwrap();
            assert!(back.image.to_rgb8() == picture.image.to_rgb8(), "{format:?}");
        }
    }
    // What is transparent is an entry too; where a table has no room for that, the picture is RGBA.
    let clear = RgbaImage::from_fn(20, 20, |x, _| if x < 9 { Rgba([0; 4]) } else { Rgba([200, 10, (x * 9) as u8, 255]) });
    let (picture, options) = with_mode(clear, Mode::Palette { colors: 256 });
    for format in [Format::Png, Format::Tiff, Format::Bmp] {
        let back = decode(&encode_with(&picture, format, &options), format).unwrap();
        assert!(back.image.to_rgba8() == picture.image.to_rgba8(), "{format:?}");
    }
}

#[test]
fn a_jpeg_too_large_is_refused_in_words() {
    let long = picture_of(GrayImage::new(65_536, 1));
    let mut out = Vec::new();
    let refused = picture::encode(&long, Format::Jpeg, &PictureOptions::default(), &mut out, &Progress::new());
    assert!(matches!(&refused, Err(FormatError::Option(_))), "{refused:?}");
    assert!(refused.unwrap_err().to_string().contains("at most 65535 on a side") && out.is_empty());
}
