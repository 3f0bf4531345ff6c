//! What headers say beside the size: orientation, frames, metadata, palettes, interlacing, several pictures in one.

use super::*;

/// Four colours in the corners, stored as they are, with a note on how to turn them.
pub(super) fn oriented(orientation: u8) -> Vec<u8> {
    let image = RgbImage::from_fn(48, 32, |x, y| match (x < 16, y < 16) {
        (true, true) => Rgb([250, 250, 0]),
        (false, true) => Rgb([250, 0, 0]),
        (true, false) => Rgb([0, 250, 0]),
        (false, false) => Rgb([0, 0, 250]),
    });
    let best = PictureOptions { quality: 100, ..PictureOptions::default() };
    make_samples::with_orientation(&encode_with(&picture_of(image), Jpeg, &best), orientation)
}

#[test]
fn all_eight_orientations_are_applied() {
    // Top left, top right, bottom left, bottom right: yellow, red, green, blue.
    let corners = ["YRGB", "RYBG", "BGRY", "GBYR", "YGRB", "GYBR", "BRGY", "RBYG"];
    for (orientation, expected) in (1..).zip(corners) {
        let picture = decode(&oriented(orientation), Jpeg).unwrap();
        let size = if orientation >= 5 { (32, 48) } else { (48, 32) };
        assert_eq!((picture.info.width, picture.info.height, picture.info.orientation), (size.0, size.1, orientation));
        assert_eq!((picture.image.width(), picture.image.height()), size);
        let image = picture.image.to_rgb8();
        let (right, bottom) = (size.0 - 3, size.1 - 3);
        let seen: String = [(2, 2), (right, 2), (2, bottom), (right, bottom)]
            .into_iter()
            .map(|(x, y)| match image.get_pixel(x, y).0.map(|value| value > 125) {
                [true, true, false] => 'Y',
                [true, false, false] => 'R',
                [false, true, false] => 'G',
                [false, false, true] => 'B',
                _ => '?',
            })
            .collect();
        assert_eq!(seen, expected, "orientation {orientation}");
    }
    assert_eq!(decode(&oriented(77), Jpeg).unwrap().info.orientation, 1, "nonsense is upright");
}

#[test]
fn icons_of_both_kinds_open() {
    let picture = decode(&bitmap_icon(), Ico).unwrap();
    assert_eq!((picture.info.width, picture.info.height), (4, 4));
    assert_eq!(picture.pixel(0, 3).unwrap().rgba8[3], 0);
    assert_eq!(picture.pixel(3, 0).unwrap().rgba8, [200, 30, 30, 255]);
    // A PNG without alpha, which some writers put in.
    let bytes = icon_around(&encode(&picture_of(rgb(16, 16)), Png), 16);
    assert_eq!(decode(&bytes, Ico).unwrap().image.to_rgb8(), rgb(16, 16));
}

/// A TIFF of two pages, both turned: the first directory is written anew with one tag more, and again behind it.
fn turned_pages(tiff: &[u8]) -> Vec<u8> {
    let u16_at = |at: usize| u16::from_le_bytes([tiff[at], tiff[at + 1]]);
    let directory = u32::from_le_bytes(tiff[4..8].try_into().expect("that many bytes were taken")) as usize;
    let count = usize::from(u16_at(directory));
    let mut entries: Vec<[u8; 12]> = (0..count)
        .map(|index| tiff[directory + 2 + index * 12..][..12].try_into().expect("that many bytes were taken"))
        .collect();
    entries.push([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]);
    entries.sort_by_key(|entry| u16::from_le_bytes([entry[0], entry[1]]));
    let mut bytes = tiff.to_vec();
    let first = bytes.len() as u32;
    let size = 2 + 12 * entries.len() as u32 + 4;
    for next in [first + size, 0] {
        bytes.extend((entries.len() as u16).to_le_bytes());
        bytes.extend(entries.as_flattened());
        bytes.extend(next.to_le_bytes());
    }
    bytes[4..8].copy_from_slice(&first.to_le_bytes());
    bytes
}

#[test]
fn orientation_is_found_in_png_webp_and_tiff() {
    use image::ImageEncoder as _;
    let upright = rgb(30, 20);
    let stored = picture_of(DynamicImage::from(upright.clone()).rotate270());
    // The EXIF block of the sample photo, which says 6.
    let exif = sample("photo.jpg")[12..38].to_vec();
    assert_eq!(exif[..4], *b"MM\0*");

    let mut png = encode(&stored, Png);
    png.splice(png.len() - 12..png.len() - 12, chunk(b"eXIf", &exif));
    let mut webp = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut webp);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.write_image(stored.image.as_bytes(), 20, 30, image::ExtendedColorType::Rgb8).unwrap();
    let tiff = turned_pages(&encode(&stored, Tiff));

    for (bytes, format, frames) in [(png, Png, 1), (webp, WebP, 1), (tiff, Tiff, 2)] {
        let picture = decode(&bytes, format).unwrap_or_else(|error| panic!("{format:?}: {error}"));
        assert_eq!((picture.info.orientation, picture.info.frames), (6, Some(frames)), "{format:?}");
        assert_eq!((picture.info.width, picture.info.height), (30, 20), "{format:?}");
        assert_eq!(picture.image.to_rgb8(), upright, "{format:?}");
        let losses = picture::losses_of(&picture, Bmp, &PictureOptions::default());
        let expected = if format == Tiff { "1 of 2 pages is left out" } else { "Metadata (EXIF) is left out" };
        assert_eq!(said(&losses), [expected], "{format:?}");
    }
}

#[test]
fn frames_are_counted_by_header_and_a_ring_of_pages_ends() {
    let mut apng = Vec::new();
    let mut encoder = png::Encoder::new(&mut apng, 2, 2);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_animated(3, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for shade in 0..3 {
        writer.write_image_data(&[shade; 4]).unwrap();
    }
    writer.finish().unwrap();
    assert_eq!(decode(&apng, Png).unwrap().info.frames, Some(3));

    let mut ring = turned_pages(&encode(&picture_of(rgb(3, 3)), Tiff));
    let (first, end) = (ring[4..8].to_vec(), ring.len());
    ring[end - 4..].copy_from_slice(&first);
    let picture = decode(&ring, Tiff).unwrap();
    assert_eq!(picture.info.frames, None, "the last page points back to the first");
}

#[test]
fn metadata_is_named_once_each() {
    let png = encode(&picture_of(rgb(4, 4)), Png);
    let mut bytes = png[..33].to_vec();
    bytes.extend(chunk(b"tEXt", b"Title\0one"));
    bytes.extend(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"));
    bytes.extend(chunk(b"tEXt", b"Author\0two"));
    bytes.extend(&png[33..]);
    let picture = decode(&bytes, Png).unwrap();
    assert_eq!(picture.info.metadata, ["text", "XMP"]);
    let losses = picture::losses_of(&picture, Png, &PictureOptions::default());
    assert_eq!(said(&losses), ["Metadata (text and XMP) are left out"]);
}

#[test]
fn interlaced_and_palette_pngs_open_at_any_depth() {
    for (depth, deep) in [(png::BitDepth::Eight, false), (png::BitDepth::Sixteen, true)] {
        let image = if deep {
            DynamicImage::ImageLuma16(ImageBuffer::from_fn(11, 9, |x, y| Luma([(x * 5000 + y * 7) as u16])))
        } else {
            DynamicImage::from(rgb(11, 9)).grayscale()
        };
        let bytes = interlaced(&image, depth);
        let picture = decode(&bytes, Png).unwrap();
        assert_eq!(picture.image, image, "{depth:?}");
        let cut = decode(&bytes[..bytes.len() - 60], Png).unwrap();
        assert!(cut.truncated.unwrap().contains("coarse"), "{depth:?}");
    }
    let mut palette = Vec::new();
    let mut encoder = png::Encoder::new(&mut palette, 5, 1);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Two);
    encoder.set_palette(vec![255, 0, 0, 0, 255, 0, 0, 0, 255]);
    encoder.set_trns(vec![255, 128]);
    encoder.write_header().unwrap().write_image_data(&[0b0001_1000, 0b0100_0000]).unwrap();
    let picture = decode(&palette, Png).unwrap();
    assert_eq!(picture.info.color, "palette with transparency, 2 bits a pixel");
    assert_eq!(picture.pixel(1, 0).unwrap().to_string(), "R 0 G 255 B 0 A 128");
    assert_eq!(picture.pixel(2, 0).unwrap().rgba8, [0, 0, 255, 255]);
}

/// Adam7, which no encoder at hand writes: the passes one after the other, each row unfiltered, stored uncompressed.
fn interlaced(image: &DynamicImage, depth: png::BitDepth) -> Vec<u8> {
    let (width, height, size) = (image.width() as usize, image.height() as usize, usize::from(image.color().bytes_per_pixel()));
    let mut raw = Vec::new();
    for (x0, y0, dx, dy) in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] {
        for y in (y0..height).step_by(dy) {
            if x0 < width {
                raw.push(0);
            }
            for x in (x0..width).step_by(dx) {
                let mut sample = image.as_bytes()[(y * width + x) * size..][..size].to_vec();
                if size == 2 {
                    sample.reverse();
                }
                raw.extend(sample);
            }
        }
    }
    let mut zlib = vec![0x78, 1, 1];
    zlib.extend((raw.len() as u16).to_le_bytes());
    zlib.extend((!(raw.len() as u16)).to_le_bytes());
    zlib.extend(&raw);
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in &raw {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    zlib.extend((b << 16 | a).to_be_bytes());
    let mut header = [image.width().to_be_bytes(), image.height().to_be_bytes()].concat();
    header.extend([depth as u8, 0, 0, 0, 1]);
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(chunk(b"IHDR", &header));
    bytes.extend(chunk(b"IDAT", &zlib));
    bytes.extend(chunk(b"IEND", b""));
    bytes
}
