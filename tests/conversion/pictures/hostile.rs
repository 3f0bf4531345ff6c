//! Bytes cut short, damaged, or made to cost much.

use super::headers::oriented;
use super::*;

#[test]
fn a_file_cut_short_gives_what_came() {
    let whole = decode(&sample("photo.png"), Png).unwrap().image.to_rgb8();
    let cut = decode(&sample("truncated.png"), Png).unwrap();
    let why = cut.truncated.unwrap();
    assert!(why.starts_with("the file ends early") && why.ends_with("of 200 are missing"), "{why}");
    assert_eq!((cut.image.width(), cut.image.height()), (320, 200));
    let top = 320 * 60 * 3;
    assert_eq!(cut.image.to_rgb8().as_raw()[..top], whole.as_raw()[..top]);
    for (name, format) in [
        ("picture.bmp", Bmp),
        ("photo.jpg", Jpeg),
        ("animation.gif", Gif),
        ("picture.ppm", Pnm),
        ("picture.pgm", Pnm),
        ("picture.tga", Tga),
        ("picture.qoi", Qoi),
    ] {
        let mut bytes = sample(name);
        bytes.truncate(if format == Gif { 120 } else { bytes.len() * 6 / 10 });
        let picture = decode(&bytes, format).unwrap_or_else(|error| panic!("{name}: {error}"));
        let why = picture.truncated.unwrap_or_else(|| panic!("{name} is not told to be cut"));
        assert!(why.contains("the file ends early"), "{name}: {why}");
    }
}

fn small_files() -> Vec<(Vec<u8>, Format)> {
    let mut files: Vec<_> = PICTURES.into_iter().map(|format| (encode(&picture_of(rgb(24, 17)), format), format)).collect();
    files.extend(PICTURES.into_iter().map(|format| (encode(&picture_of(rgba(16, 12)), format), format)));
    files.push((sample("animation.gif"), Gif));
    files.push((oriented(6), Jpeg));
    files.push((b"P3 2 2 255 1 2 3 4 5 6 7 8 9 10 11 12\n".to_vec(), Pnm));
    files.push((bitmap_icon(), Ico));
    files
}

/// Cut anywhere, a file is an error, a part, or (behind its last pixel) whole; never a panic.
#[test]
fn every_prefix_is_an_error_or_a_part() {
    for (bytes, format) in small_files() {
        for step in 0..60 {
            let cut = &bytes[..bytes.len() * step / 60];
            match decode_within(cut, format, TIGHT) {
                Ok(picture) => assert!(step > 0 && picture.image.width() > 0, "{format:?} at {}", cut.len()),
                Err(FormatError::Malformed { .. } | FormatError::Unsupported { .. } | FormatError::Limit { .. }) => {}
                Err(other) => panic!("{format:?} at {}: {other}", cut.len()),
            }
        }
    }
}

/// A panic inside a decoder would be contained and be an error here. What must not be: an abort, a hang, or a
/// picture larger than was allowed.
#[test]
fn single_wrong_bytes_are_survived() {
    let mut random = fastrand::Rng::with_seed(29);
    for (bytes, format) in small_files() {
        for _ in 0..150 {
            let mut bytes = bytes.clone();
            let reach = if random.bool() { bytes.len().min(64) } else { bytes.len() };
            let at = random.usize(..reach);
            bytes[at] = random.u8(..);
            let info = picture::probe(&Buffer::from(bytes.as_slice()), format);
            if let Ok(picture) = decode_within(&bytes, format, TIGHT) {
                assert!(picture.image.as_bytes().len() <= 4 << 20, "{format:?} at {at}");
                assert_eq!(picture.info, info.unwrap(), "{format:?} at {at}");
            }
        }
    }
}

/// 43 bytes that once cost a viewer three gigabytes.
fn gif_bomb() -> Vec<u8> {
    let mut bytes = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    bytes.extend(b"!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;");
    bytes.truncate(43);
    bytes
}

#[test]
fn oversized_headers_are_refused_before_memory_is_taken() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0\0".to_vec();
    png.extend(crc32fast::hash(&png[12..]).to_be_bytes());
    let mut bmp = vec![0; 54];
    bmp[..2].copy_from_slice(b"BM");
    bmp[14] = 40;
    bmp[18..20].fill(0xFF);
    bmp[22..24].fill(0xFF);
    bmp[28] = 24;
    let mut tga = vec![0; 18];
    tga[2] = 2;
    tga[12..16].fill(0xFF);
    tga[16] = 32;
    let mut jpeg = encode(&picture_of(rgb(8, 8)), Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xFF);
    let mut tiff = b"II*\0\x08\0\0\0\x03\0".to_vec();
    for (tag, value) in [(256_u16, 0xFFFF_u32), (257, 0xFFFF), (262, 2)] {
        tiff.extend(tag.to_le_bytes());
        tiff.extend(4_u16.to_le_bytes());
        tiff.extend(1_u32.to_le_bytes());
        tiff.extend(value.to_le_bytes());
    }
    tiff.extend([0; 4]);
    let mut icon = bitmap_icon();
    icon[22 + 4..22 + 6].fill(0xFF);
    icon[22 + 8..22 + 11].copy_from_slice(&[0xFE, 0xFF, 0x01]);
    for (bytes, format) in [
        (png, Png),
        (jpeg, Jpeg),
        (gif_bomb(), Gif),
        (bmp, Bmp),
        (b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xfe\xff\0\xfe\xff\0".to_vec(), WebP),
        (tiff, Tiff),
        (icon, Ico),
        (b"P6 65535 65535 255\n".to_vec(), Pnm),
        (tga, Tga),
        (b"qoif\0\0\xff\xff\0\0\xff\xff\x04\0".to_vec(), Qoi),
    ] {
        match decode(&bytes, format) {
            Err(FormatError::Limit { what, limit }) => {
                assert!(what.contains("65535 x 65535") && limit.starts_with("512 MiB"), "{format:?}: {what}, {limit}");
            }
            other => panic!("{format:?}: {:?}", other.map(|picture| picture.info)),
        }
        let info = picture::probe(&Buffer::from(bytes), format).unwrap();
        assert_eq!((info.width, info.height), (65_535, 65_535), "{format:?}: the header alone may be looked at");
    }
    let error = decode(b"P5 70000 1 255\n", Pnm).unwrap_err().to_string();
    assert_eq!(error, "the picture is 70000 x 1 pixels, more than the limit of 65535 pixels on one side");
}

#[test]
fn a_gif_frame_beyond_its_screen_is_bounded() {
    let mut bytes = gif_bomb();
    bytes[6..10].copy_from_slice(&[1, 0, 1, 0]);
    bytes[32..36].fill(0xFF);
    let error = decode(&bytes, Gif).unwrap_err();
    assert!(matches!(error, FormatError::Limit { .. } | FormatError::Malformed { .. }), "{error}");
}

#[test]
fn bombs_beside_the_pixels_cost_nothing() {
    let png = encode(&picture_of(rgb(6, 5)), Png);
    // Zeros as a PNG packs them: a few bytes that inflate to eight million.
    let zeros = encode(&picture_of(DynamicImage::new_luma8(4_000, 2_000)), Png);
    let start = zeros.windows(4).position(|name| name == b"IDAT").unwrap();
    let zeros = &zeros[start + 4..];
    for (name, head) in [(b"iCCP", &b"bomb\0\0"[..]), (b"zTXt", b"bomb\0\0"), (b"iTXt", b"bomb\0\x01\0\0\0")] {
        let mut bytes = png[..33].to_vec();
        for _ in 0..20 {
            bytes.extend(chunk(name, &[head, zeros].concat()));
        }
        bytes.extend(&png[33..]);
        let picture = decode_within(&bytes, Png, TIGHT).unwrap();
        assert_eq!(picture.image.to_rgb8(), rgb(6, 5));
        assert_eq!(picture.info.metadata.len(), 1);
    }
}
