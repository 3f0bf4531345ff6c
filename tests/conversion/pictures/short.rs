//! Pictures cut short are shown as far as they go, JPEGs are decoded smaller, plain surfaces of games are read.

use image::{DynamicImage, Rgb, RgbImage};
use seektell::buffer::Buffer;
use seektell::explore::pixels::{self, Unique};
use seektell::formats::picture::{self, Limits};
use seektell::formats::{Format, Options, convert};
use seektell::tasks::Progress;

use super::carry::pillow;
use super::{decode, encode, picture_of};

fn bright(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([200 + (x % 50) as u8, 100 + (y % 100) as u8, 90]))
}

#[test]
fn rows_that_came_stay_in_every_format_that_has_rows() {
    let whole = picture_of(bright(40, 60));
    for format in [Format::Png, Format::Bmp, Format::Pnm, Format::Tga, Format::Farbfeld, Format::Qoi, Format::Tiff] {
        let file = encode(&whole, format);
        let cut = &file[..file.len() * 2 / 3];
        let seen = decode(cut, format).unwrap_or_else(|error| panic!("{format:?}: {error}"));
        let why = seen.truncated.as_deref().unwrap_or_else(|| panic!("{format:?} does not say that it is short"));
        assert!(why.contains("early") || why.contains("damaged"), "{format:?}: {why}");
        // Bitmaps begin below.
        let there = if format == Format::Bmp { 55 } else { 5 };
        let missing = 60 - there;
        assert_eq!(seen.pixel(7, there).expect("inside").rgba8, whole.pixel(7, there).expect("inside").rgba8, "{format:?}");
        assert_ne!(seen.pixel(7, missing).expect("inside").rgba8, whole.pixel(7, missing).expect("inside").rgba8, "{format:?}");
    }
}

fn dds(bits: u32, flags: u32, masks: [u32; 4], size: (u32, u32), pixels: &[u8]) -> Vec<u8> {
    let mut file = b"DDS ".to_vec();
    for number in [124, 0x1007, size.1, size.0, 0, 0, 0] {
        file.extend(u32::to_le_bytes(number));
    }
    file.extend([0; 44]);
    for number in [32, flags, 0, bits, masks[0], masks[1], masks[2], masks[3], 0x1000, 0, 0, 0, 0] {
        file.extend(number.to_le_bytes());
    }
    file.extend(pixels);
    file
}

#[test]
fn surfaces_that_are_not_compressed_are_read() {
    let masks = [0xFF_0000, 0xFF00, 0xFF, 0xFF00_0000];
    let file = dds(32, 0x41, masks, (2, 1), &[3, 2, 1, 255, 30, 20, 10, 128]);
    assert_eq!(file.len(), 128 + 8);
    let picture = decode(&file, Format::Dds).expect("whole");
    assert_eq!(picture.pixel(0, 0).expect("inside").rgba8, [1, 2, 3, 255]);
    assert_eq!(picture.pixel(1, 0).expect("inside").rgba8, [10, 20, 30, 128]);
    let layout = picture::layout(&Buffer::from(file.as_slice()), Format::Dds).expect("readable").expect("rows");
    assert_eq!(layout.pixel_at(133), Some((1, 0)));
    // Five, six and five bits.
    let file = dds(16, 0x40, [0xF800, 0x7E0, 0x1F, 0], (2, 1), &[0x00, 0xF8, 0xE0, 0x07]);
    let picture = decode(&file, Format::Dds).expect("whole");
    assert_eq!(picture.pixel(0, 0).expect("inside").rgba8, [255, 0, 0, 255]);
    assert_eq!(picture.pixel(1, 0).expect("inside").rgba8, [0, 255, 0, 255]);
    assert!(!picture.info.alpha);
    // Grey, and rows that are missing.
    let file = dds(8, 0x2_0000, [0xFF, 0, 0, 0], (2, 3), &[9, 8, 7]);
    let picture = decode(&file, Format::Dds).expect("a part is there");
    assert_eq!(picture.pixel(0, 1).expect("inside").rgba8, [7, 7, 7, 255]);
    assert!(picture.truncated.expect("short").contains("rows 2 to 3 of 3"));
    // Sizes are claims.
    let file = dds(32, 0x41, masks, (60_000, 60_000), &[0; 8]);
    assert!(super::decode_within(&file, Format::Dds, super::TIGHT).is_err());
}

#[test]
fn a_jpeg_made_much_smaller_is_decoded_smaller() {
    let smooth = RgbImage::from_fn(803, 601, |x, y| Rgb([(x / 4) as u8, (y / 3) as u8, ((x + y) / 8) as u8]));
    let file = encode(&picture_of(smooth), Format::Jpeg);
    let input = Buffer::from(file.as_slice());
    let progress = Progress::new();
    let whole = decode(&file, Format::Jpeg).expect("whole");
    for (least, wanted) in [((100, 70), (101, 76)), ((102, 70), (201, 151)), ((402, 300), (402, 301)), ((403, 10), (803, 601))] {
        let small = picture::decode_at_least(&input, Format::Jpeg, least, Limits::default(), &progress).expect("whole");
        assert_eq!((small.image.width(), small.image.height()), wanted, "{least:?}");
        assert_eq!((small.info.width, small.info.height), (803, 601));
        let (x, y) = (wanted.0 / 3, wanted.1 / 2);
        let one = small.pixel(x, y).expect("inside").rgba8;
        let other = whole.pixel(x * 803 / wanted.0, y * 601 / wanted.1).expect("inside").rgba8;
        assert!(one.iter().zip(other).all(|(one, other)| one.abs_diff(other) < 6), "{least:?}: {one:?} {other:?}");
    }
    // The size is the same that the whole picture would get, and so are the colours.
    let mut options = Options::default();
    options.picture.operations.resize = Some(picture::ops::Resize::Thumbnail { width: 97, height: 97 });
    let mut out = Vec::new();
    convert(&input, Format::Jpeg, Format::Png, &options, &mut out, &progress).expect("it converts");
    let quick = decode(&out, Format::Png).expect("whole");
    let slow = options.picture.operations.apply(whole, [255; 3], Limits::default(), &progress).expect("it fits");
    assert_eq!((quick.image.width(), quick.image.height()), (slow.image.width(), slow.image.height()));
    let (quick, slow) = (quick.image.to_rgb8(), slow.image.to_rgb8());
    let far = quick.as_raw().iter().zip(slow.as_raw()).map(|(one, other)| one.abs_diff(*other)).max();
    assert!(far < Some(6), "{far:?}");
    // What is damaged or has four colours goes the whole way.
    let cut = Buffer::from(&file[..file.len() / 2]);
    let short = picture::decode_at_least(&cut, Format::Jpeg, (50, 50), Limits::default(), &progress).expect("a part is there");
    assert!(short.truncated.is_some());
    assert_eq!(short.image.width(), 803);
}

#[test]
fn pixels_are_counted_as_pillow_counts_them() {
    let image = RgbImage::from_fn(317, 203, |x, y| Rgb([(x * y) as u8, (x + 3 * y) as u8, (x ^ y) as u8]));
    let progress = Progress::new();
    let found = pixels::measure(&DynamicImage::ImageRgb8(image.clone()), &progress).expect("nobody cancels");
    assert_eq!((found.pixels, found.channels.len(), progress.done()), (317 * 203, 3, 317 * 203));
    for (index, channel) in found.channels.iter().enumerate() {
        let mut bins = vec![0_u64; 256];
        image.pixels().for_each(|pixel| bins[usize::from(pixel.0[index])] += 1);
        assert_eq!(channel.bins, bins);
        let sum: u64 = image.pixels().map(|pixel| u64::from(pixel.0[index])).sum();
        assert!((channel.mean - sum as f64 / (317.0 * 203.0)).abs() < 1e-9);
    }
    let unique = pixels::unique_colors(&DynamicImage::ImageRgb8(image.clone()), &progress).expect("nobody cancels");
    let deep = DynamicImage::ImageRgb8(image.clone()).to_rgba16();
    let found = pixels::measure(&DynamicImage::ImageRgba16(deep.clone()), &progress).expect("nobody cancels");
    assert_eq!(found.channels[3].min, 65_535.0);
    assert_eq!(found.channels[0].exact.as_ref().expect("16 bits")[257 * 4], found.channels[0].bins[4]);
    assert_eq!(pixels::unique_colors(&DynamicImage::ImageRgba16(deep), &progress), Ok(unique));
    let floats = DynamicImage::ImageRgb32F(image::Rgb32FImage::from_raw(2, 1, vec![-1.0, 0.5, f32::NAN, 3.0, 0.5, 2.0]).unwrap());
    let found = pixels::measure(&floats, &progress).expect("nobody cancels");
    let ends: Vec<_> = found.channels.iter().map(|channel| (channel.min, channel.max, channel.nan)).collect();
    assert_eq!(ends, [(-1.0, 3.0, 0), (0.5, 0.5, 0), (2.0, 2.0, 1)]);
    assert_eq!((found.channels[0].bins[0], found.channels[0].bins[255]), (1, 1));
    let noise = RgbImage::from_fn(2_000, 1_000, |x, y| Rgb([x as u8, (x >> 8) as u8 | (y << 4) as u8, (y >> 4) as u8]));
    let noise = DynamicImage::ImageRgb8(noise);
    assert_eq!(pixels::unique_colors(&noise, &progress), Ok(Unique::Exactly(2_000_000)));
    assert_eq!(pixels::unique_colors(&noise.to_rgba8().into(), &progress), Ok(Unique::MoreThan(pixels::MOST_COLORS)));
    let stopped = Progress::new();
    stopped.cancel();
    assert!(pixels::measure(&noise, &stopped).is_err() && pixels::unique_colors(&noise, &stopped).is_err());
    let file = encode(&picture_of(image), Format::Png);
    let Some(told) = pillow("im=Image.open(files[0])\nprint(len(im.getcolors(1<<24)))", &[&file]) else { return };
    assert_eq!(told, unique.to_string());
}
