//! Radiance HDR, farbfeld, DDS and JPEG XL.

use image::{DynamicImage, Rgb, Rgb32FImage, RgbImage, Rgba, RgbaImage};
use seektell::buffer::Buffer;
use seektell::formats::picture::{self, ColorModel, Limits};
use seektell::formats::{Format, FormatError, PictureOptions, detect};
use seektell::tasks::Progress;

use super::{decode, decode_within, encode, picture_of};

fn colours(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x * 9) as u8, (y * 7) as u8, 128]))
}

fn told(bytes: &[u8]) -> Format {
    detect(&Buffer::from(bytes), None).expect("what the test made itself is whole").format
}

#[test]
fn farbfeld_comes_back_the_same_and_short_ones_as_far_as_they_go() {
    let image = DynamicImage::ImageRgba16(
        DynamicImage::from(RgbaImage::from_fn(20, 11, |x, y| Rgba([x as u8, y as u8, 200, 255 - x as u8]))).to_rgba16(),
    );
    let bytes = encode(&picture_of(image.clone()), Format::Farbfeld);
    assert_eq!((bytes.len(), told(&bytes)), (16 + 20 * 11 * 8, Format::Farbfeld));
    assert_eq!(&bytes[..18], b"farbfeld\0\0\0\x14\0\0\0\x0b\0\0");
    let back = decode(&bytes, Format::Farbfeld).unwrap();
    assert!(back.image == image && back.info.color == "RGBA, 16 bits a channel");
    let short = decode(&bytes[..16 + 20 * 5 * 8], Format::Farbfeld).unwrap();
    assert!(short.truncated.unwrap().contains("ends early"));
    assert_eq!(short.image.to_rgba16().get_pixel(3, 4), image.to_rgba16().get_pixel(3, 4));
    let lost = picture::losses_of(&picture_of(image), Format::Farbfeld, &PictureOptions::default());
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn hdr_holds_light_and_is_shown_as_a_screen_wants_it() {
    let image = colours(24, 18);
    let bytes = encode(&picture_of(image.clone()), Format::Hdr);
    assert!(bytes.starts_with(b"#?RADIANCE\n") && told(&bytes) == Format::Hdr);
    let back = decode(&bytes, Format::Hdr).unwrap();
    assert_eq!((back.info.width, back.info.height, back.info.color.as_str()), (24, 18, "RGB, 32-bit floats a channel"));
    for (was, is) in image.pixels().zip(back.image.to_rgb8().pixels()) {
        // The largest channel keeps eight bits of light; the smaller ones what is left of them.
        assert!((0..3).all(|c| was.0[c].abs_diff(is.0[c]) <= 8), "{was:?} {is:?}");
    }
    // Half of the light is far more than half of the number: 188 of 255.
    let half = [b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n".as_slice(), &[128, 128, 128, 128]].concat();
    let half = decode(&half, Format::Hdr).unwrap().pixel(0, 0).unwrap();
    assert_eq!(half.rgba8, [188, 188, 188, 255]);
    let lost =
        picture::losses_of(&picture_of(RgbaImage::from_pixel(2, 1, Rgba([9, 9, 9, 3]))), Format::Hdr, &PictureOptions::default());
    let lost: Vec<_> = lost.iter().map(|loss| loss.what.as_str()).collect();
    assert_eq!(
        lost,
        ["2 transparent pixels are put onto white", "Radiance HDR is lossy: the channels of a pixel share one exponent"]
    );
    let bright = Rgb32FImage::from_pixel(3, 3, Rgb([4.0, 0.5, 0.25]));
    let back = decode(&encode(&picture_of(bright), Format::Hdr), Format::Hdr).unwrap();
    assert!(matches!(back.image, DynamicImage::ImageRgb32F(ref image) if (image.get_pixel(0, 0).0[0] - 4.0).abs() < 0.05));
}

/// A surface of one block for each four by four pixels: all of one colour.
pub(crate) fn dds(width: u32, height: u32, kind: &[u8; 4], block: &[u8]) -> Vec<u8> {
    let mut words = vec![124, 0x1007, height, width, 0, 0, 0];
    words.extend([0; 11]);
    words.extend([32, 4, u32::from_le_bytes(*kind), 0, 0, 0, 0, 0, 0x1000, 0, 0, 0, 0]);
    let head = words.into_iter().flat_map(u32::to_le_bytes);
    let blocks = (width / 4 * (height / 4)) as usize;
    b"DDS ".iter().copied().chain(head).chain(block.repeat(blocks)).collect()
}

#[test]
fn dds_is_read_and_what_is_not_known_is_named() {
    let red = dds(8, 4, b"DXT1", &[0, 0xF8, 0, 0, 0, 0, 0, 0]);
    assert_eq!(told(&red), Format::Dds);
    let picture = decode(&red, Format::Dds).unwrap();
    assert_eq!((picture.info.width, picture.info.height, picture.info.alpha), (8, 4, false));
    assert_eq!(picture.pixel(7, 3).unwrap().rgba8, [255, 0, 0, 255]);
    let clear = dds(4, 4, b"DXT3", &[[0x88; 8], [0xE0, 0x07, 0, 0, 0, 0, 0, 0]].concat());
    assert_eq!(decode(&clear, Format::Dds).unwrap().pixel(1, 1).unwrap().rgba8, [0, 255, 0, 136]);
    let other = dds(4, 4, b"ATI2", &[0; 16]);
    assert!(matches!(decode(&other, Format::Dds), Err(FormatError::Unsupported { .. })));
    assert!(!Format::Dds.info().writes);
}

#[test]
fn hostile_headers_of_the_new_formats_are_errors() {
    let huge = [b"farbfeld".as_slice(), &[0xFF; 8], &[0; 64]].concat();
    assert!(matches!(decode(&huge, Format::Farbfeld), Err(FormatError::Limit { .. })));
    let huge = b"#?RADIANCE\n\n-Y 60000 +X 60000\n".to_vec();
    assert!(matches!(decode(&huge, Format::Hdr), Err(FormatError::Limit { .. })));
    let huge = dds(60_000, 60_000, b"DXT5", &[]);
    assert!(matches!(decode(&huge, Format::Dds), Err(FormatError::Limit { .. })));
    // A header that never ends is not read to its end.
    let endless = [b"#?RADIANCE\n".as_slice(), &b"A=1\n".repeat(100_000)].concat();
    assert!(matches!(decode(&endless, Format::Hdr), Err(FormatError::Malformed { .. })));
    let mut random = fastrand::Rng::with_seed(3);
    let samples = [
        (Format::Farbfeld, encode(&picture_of(colours(9, 9)), Format::Farbfeld)),
        (Format::Hdr, encode(&picture_of(colours(9, 9)), Format::Hdr)),
        (Format::Dds, dds(8, 8, b"DXT5", &[7; 16])),
        #[cfg(feature = "jxl")]
        (Format::Jxl, jxl::sample(jxl::RGBA)),
    ];
    for (format, bytes) in samples {
        for _ in 0..150 {
            let mut broken = bytes.clone();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..broken.len());
                broken[at] = random.u8(..);
            }
            broken.truncate(random.usize(..=broken.len()));
            match decode_within(&broken, format, super::TIGHT) {
                Ok(_)
                | Err(
                    FormatError::Malformed { .. }
                    | FormatError::Limit { .. }
                    | FormatError::Unsupported { .. }
                    | FormatError::Panicked { .. },
                ) => {}
                Err(other) => panic!("{format:?}: {other}"),
            }
        }
    }
}

#[cfg(feature = "jxl")]
pub(crate) mod jxl {
    use super::*;

    /// 24 x 16 pixels, lossless: red is 10 times the column, green 15 times the row, blue their product.
    pub(crate) const RGB: &str = "/woDQSQIAAEAzAJLKKK6Rfo5WAxug18GKSFxfQoKEhKOaKIoKESgwAjEQCwKxUAMROIeY6OiI6JjMIqJeDEmNkQyIoaRsZGRkYzBIxcCgAGEAAJYeZ8R8DeU//////9JkiSZnkiSJEmSJD3YyhjMx6G3PqYuT9d4EBEY3pGDvoVyd4WpvyWMenWs5tOd2Is70ockKYVFct+7mTbQQAgSKcS7Rvlb70u90DV8AN3Xu3pkLe6Nk7XZzFACnwMQcQ==";
    /// Its brightness.
    const GREY: &str = "/woDQVDcCAgAAQC8AUsoJMaXCgomKBiRFIMRxkBEDFZHpDg2xhjGYOEYxk4izAIEfTzAAM4AuAHzk5jKbtkYouylmEz9iHlxyZoyv8OMxRQjaYVuqmA2wr6czL7UqU0R23s8hePZdcM2/9c08f5x8gZLz4Nimu71rqD+CQ==";
    /// The same with an alpha that grows downwards.
    pub(crate) const RGBA: &str = "/woDwUoIABAALANLKKK6Rfo5WAxug18GKSFxfQoKEhKOaKIoKESgwAjEQCwKxUAMROIeY6OiYxjDGIxiIl6MiQ2RjIhhZGxkZCRj8MiNAGAAIYAAogABGIUMAPzbwwMAox8AAABglA3g/v9HX/z//z/pe1ySJEmSJEmS9IcmBj8svMAKdZBwA68liM0C/hOFJRL6OzylPP0SwYyQ8gjiP/FKL9jpfPdTs+MOgKEzfeMCouyLMIWTGsvGnwSoLqF/AX+tSSEC3nGyQTMMHOBz4RUuSAxKHw==";

    pub(crate) fn sample(text: &str) -> Vec<u8> {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.decode(text).expect("what the test made itself is whole")
    }

    #[test]
    fn every_kind_of_pixel_is_read_as_it_was_written() {
        let rgb = decode(&sample(RGB), Format::Jxl).unwrap();
        assert_eq!((rgb.info.width, rgb.info.height, rgb.info.color.as_str()), (24, 16, "RGB, 8 bits a channel"));
        assert_eq!((rgb.truncated.as_deref(), rgb.info.frames, told(&sample(RGB))), (None, Some(1), Format::Jxl));
        assert!(rgb.image == RgbImage::from_fn(24, 16, |x, y| Rgb([(x * 10) as u8, (y * 15) as u8, (x * y) as u8])).into());
        let grey = decode(&sample(GREY), Format::Jxl).unwrap();
        assert_eq!((grey.info.model, grey.image.color()), (ColorModel::Grey, image::ColorType::L8));
        let rgba = decode(&sample(RGBA), Format::Jxl).unwrap();
        assert!(rgba.info.alpha && rgba.image.to_rgb8() == rgb.image.to_rgb8());
        let alpha = |y| rgba.pixel(0, y).unwrap().rgba8[3];
        assert!(alpha(0) < 20 && alpha(15) > 235, "{} {}", alpha(0), alpha(15));
    }

    #[test]
    fn limits_and_a_cancel_hold_and_a_short_file_is_an_error_or_marked() {
        let bytes = sample(RGB);
        let limits = Limits { max_bytes: 64 << 10, max_side: 16 };
        assert!(matches!(decode_within(&bytes, Format::Jxl, limits), Err(FormatError::Limit { .. })));
        for len in 0..bytes.len() {
            if let Ok(picture) = decode(&bytes[..len], Format::Jxl) {
                assert!(picture.truncated.is_some() || len > bytes.len() - 4, "{len}");
            }
        }
        let progress = Progress::new();
        progress.cancel();
        let stopped = picture::decode(&Buffer::from(bytes), Format::Jxl, Limits::default(), &progress);
        assert!(matches!(stopped, Err(FormatError::Cancelled(_))));
    }
}
