//! A pixel is known by its bytes, and its bytes by the pixel: in every format that stores rows as they are.

use image::{DynamicImage, Rgb, RgbImage, Rgba, RgbaImage};
use seektell::buffer::Buffer;
use seektell::formats::picture::{self, Sample};
use seektell::formats::{Format, FormatError, PictureOptions};

use super::{decode, encode, encode_with, picture_of};

fn colours(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x * 37 + y) as u8, (y * 53 + 7) as u8, (x * y + 90) as u8]))
}

/// Each pixel that the layout reads is the one that is decoded, each of its bytes leads back, and a written pixel is seen.
fn check(file: &[u8], format: Format) {
    let input = Buffer::from(file);
    let layout = picture::layout(&input, format).expect("readable").unwrap_or_else(|| panic!("{format:?} has a layout"));
    let seen = decode(file, format).expect("whole");
    assert_eq!((layout.width, layout.height), (seen.image.width(), seen.image.height()), "{format:?}");
    for (x, y) in (0..layout.width).flat_map(|x| (0..layout.height).map(move |y| (x, y))) {
        let (range, bit) = layout.place_of(x, y).expect("inside");
        if bit == 0 {
            assert_eq!(layout.pixel_at(range.start.get()), Some((x, y)), "{format:?} {x},{y}");
            assert_eq!(layout.pixel_at(range.end().get() - 1).map(|(_, row)| row), Some(y), "{format:?}");
        }
        let values = layout.read(&input, x, y).expect("readable").expect("inside");
        let shown = seen.pixel(x, y).expect("inside");
        for (channel, value) in layout.channels.iter().zip(&values) {
            let found = shown.channels.iter().find(|(letter, _)| *letter == channel.letter);
            if let Some((_, sample)) = found {
                let most = f64::from(layout.most_of(channel));
                let (stored, most_shown) = match sample {
                    Sample::U8(value) => (f64::from(*value), 255.0),
                    Sample::U16(value) => (f64::from(*value), 65_535.0),
                    Sample::F32(value) => (f64::from(*value), 1.0),
                };
                let value = if layout.inverted { most - f64::from(*value) } else { f64::from(*value) };
                assert!((value / most - stored / most_shown).abs() < 0.004, "{format:?} {x},{y} {values:?} {shown}");
            }
        }
        // Written back it is the same file, and a changed one shows the change.
        let same = layout.write(&input, x, y, &values).expect("in range").expect("inside");
        assert_eq!(input.to_vec(same.range).expect("readable"), same.bytes, "{format:?}");
    }
    if let Some(values) = layout.values_of([255, 255, 255, 255]) {
        let patch = layout.write(&input, 1, 1, &values).expect("in range").expect("inside");
        let mut changed = input.clone();
        changed.overwrite(patch.range.start, &patch.bytes);
        let shown = decode(&changed.to_vec_all().expect("readable"), format).expect("still whole");
        assert_eq!(shown.pixel(1, 1).expect("inside").rgba8, [255; 4], "{format:?}");
        assert_eq!(shown.pixel(0, 1), seen.pixel(0, 1), "{format:?}");
    }
    assert_eq!(layout.place_of(layout.width, 0), None);
    assert_eq!(layout.pixel_at(0), None, "{format:?}: the header is no pixel");
    let few = vec![0; layout.channels.len() + 1];
    assert!(matches!(layout.write(&input, 0, 0, &few), Err(FormatError::Option(_))));
}

#[test]
fn pixels_and_bytes_lead_to_each_other() {
    let picture = picture_of(colours(5, 4));
    for format in [Format::Bmp, Format::Pnm, Format::Tga, Format::Tiff, Format::Farbfeld] {
        check(&encode(&picture, format), format);
    }
    let clear = picture_of(RgbaImage::from_fn(6, 3, |x, y| Rgba([(x * 40) as u8, (y * 80) as u8, 9, (x * 50) as u8])));
    for format in [Format::Bmp, Format::Pnm, Format::Tga, Format::Tiff, Format::Farbfeld] {
        check(&encode(&clear, format), format);
    }
    let deep = picture_of(DynamicImage::ImageRgb8(colours(3, 3)).to_rgb16());
    check(&encode(&deep, Format::Tiff), Format::Tiff);
    check(&encode(&deep, Format::Pnm), Format::Pnm);
    let grey = picture_of(DynamicImage::ImageRgb8(colours(7, 2)).to_luma8());
    for format in [Format::Bmp, Format::Pnm, Format::Tga, Format::Tiff] {
        check(&encode(&grey, format), format);
    }
}

#[test]
fn bits_of_a_byte_are_pixels_of_their_own() {
    let mut options = PictureOptions::default();
    options.operations.mode = Some("1".parse().expect("a mode"));
    let picture = picture_of(colours(11, 3));
    let black_and_white =
        options.operations.apply(picture, [255; 3], picture::Limits::default(), &Default::default()).expect("fits");
    for format in [Format::Pnm, Format::Tiff] {
        let file = encode_with(&black_and_white, format, &options);
        check(&file, format);
        let input = Buffer::from(file.as_slice());
        let layout = picture::layout(&input, format).expect("readable").expect("rows as they are");
        assert_eq!(layout.bits, 1);
        assert_eq!(layout.place_of(9, 0).expect("inside").1, 1, "the second bit of the second byte");
    }
}

#[test]
fn numbers_of_a_table_lead_to_its_entries() {
    // A bitmap of two colours from the bottom up: four bits a pixel, rows of four bytes.
    let mut file = b"BM\0\0\0\0\0\0\0\0\x3E\0\0\0\x28\0\0\0\x03\0\0\0\x02\0\0\0\x01\0\x04\0".to_vec();
    file.extend([0; 16]);
    file.extend([2, 0, 0, 0, 0, 0, 0, 0]);
    file.extend([0, 0, 255, 0, 255, 0, 0, 0]);
    file.extend([0x01, 0x00, 0, 0, 0x10, 0x10, 0, 0]);
    let input = Buffer::from(file.as_slice());
    let layout = picture::layout(&input, Format::Bmp).expect("readable").expect("rows as they are");
    assert_eq!(layout.orientation, 4);
    assert_eq!(layout.read(&input, 2, 0).expect("readable"), Some(vec![1]));
    assert_eq!(layout.read(&input, 1, 1).expect("readable"), Some(vec![1]));
    assert_eq!(layout.entry(1).expect("an entry").start.get(), 58);
    assert_eq!(layout.entry(2), None);
    assert!(layout.write(&input, 0, 0, &[2]).is_err(), "there is no third colour");
    assert_eq!(decode(&file, Format::Bmp).expect("whole").pixel(2, 0).expect("inside").rgba8, [0, 0, 255, 255]);
}

#[test]
fn what_is_packed_has_no_layout() {
    let picture = picture_of(colours(5, 4));
    for format in [Format::Png, Format::Jpeg, Format::Gif, Format::WebP, Format::Qoi] {
        assert_eq!(picture::layout(&Buffer::from(encode(&picture, format)), format).expect("readable"), None);
    }
    let packed = PictureOptions { tiff_compression: "lzw".parse().expect("a way"), ..PictureOptions::default() };
    assert_eq!(
        picture::layout(&Buffer::from(encode_with(&picture, Format::Tiff, &packed)), Format::Tiff).expect("readable"),
        None
    );
    for head in [&b"BM"[..], b"P6 1", b"P7\nWIDTH", b"farbfeld", b"II*\0\xFF\xFF\xFF\xFF", b"DDS ", &[0; 18]] {
        for format in [Format::Bmp, Format::Pnm, Format::Tga, Format::Farbfeld, Format::Tiff, Format::Dds] {
            assert_eq!(picture::layout(&Buffer::from(head), format).expect("readable"), None, "{head:?} as {format:?}");
        }
    }
}
