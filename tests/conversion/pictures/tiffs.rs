//! TIFF in its many kinds: files are made here by the rules of TIFF 6.0, and every pixel is compared.

use std::io::Write;

use super::*;

/// What a file is like. The values of pixels are the bits that are stored.
#[derive(Clone)]
struct Kind {
    name: &'static str,
    big_endian: bool,
    bits: u32,
    /// 1 whole numbers, 3 floats.
    number: u16,
    photometric: u16,
    samples: usize,
    extra: Vec<u16>,
    planar: bool,
    /// Width and height of tiles; strips of five rows where there are none.
    tile: Option<(usize, usize)>,
    predictor: u16,
    /// 1 none, 8 deflate, 32773 packed bits (in literal runs).
    compression: u16,
    map: Vec<u16>,
}

fn plain(name: &'static str, photometric: u16, samples: usize, bits: u32) -> Kind {
    Kind {
        name,
        big_endian: false,
        bits,
        number: 1,
        photometric,
        samples,
        extra: Vec::new(),
        planar: false,
        tile: None,
        predictor: 1,
        compression: 1,
        map: Vec::new(),
    }
}

const WIDTH: usize = 37;
const HEIGHT: usize = 23;

/// The values of a picture, pixel by pixel.
fn values(kind: &Kind) -> Vec<u64> {
    let mut random = fastrand::Rng::with_seed(kind.bits.into());
    let count = WIDTH * HEIGHT * kind.samples;
    let value = |index: usize| match (kind.number, kind.bits) {
        (3, 16) => half::f16::from_f32((index % 100) as f32 / 100.0).to_bits().into(),
        (3, 32) => ((index % 1_000) as f32 / 1_000.0).to_bits().into(),
        (3, _) => ((index % 1_000) as f64 / 1_000.0).to_bits(),
        (_, bits) => random.u64(..) & ((1 << bits) - 1),
    };
    (0..count).map(value).collect()
}

/// A row of numbers as bytes, before the predictor.
fn packed(kind: &Kind, row: &[u64]) -> Vec<u8> {
    let size = kind.bits as usize / 8;
    if kind.bits.is_multiple_of(8) {
        return row
            .iter()
            .flat_map(|value| {
                let mut bytes = value.to_le_bytes()[..size].to_vec();
                if kind.big_endian {
                    bytes.reverse();
                }
                bytes
            })
            .collect();
    }
    let (mut bytes, mut held, mut count) = (Vec::new(), 0_u64, 0);
    for value in row {
        held = held << kind.bits | value;
        count += kind.bits;
        while count >= 8 {
            count -= 8;
            bytes.push((held >> count) as u8);
        }
    }
    if count > 0 {
        bytes.push((held << (8 - count)) as u8);
    }
    bytes
}

fn predicted(kind: &Kind, row: &[u64], channels: usize) -> Vec<u8> {
    match kind.predictor {
        2 => {
            let mask = if kind.bits == 64 { u64::MAX } else { (1 << kind.bits) - 1 };
            let before = |index: usize| if index < channels { 0 } else { row[index - channels] };
            let differences: Vec<u64> =
                row.iter().enumerate().map(|(index, value)| value.wrapping_sub(before(index)) & mask).collect();
            packed(kind, &differences)
        }
        3 => {
            let size = kind.bits as usize / 8;
            let apart: Vec<u8> =
                (0..size).flat_map(|byte| row.iter().map(move |value| (value >> (8 * (size - 1 - byte))) as u8)).collect();
            let before = |index: usize| if index < channels { 0 } else { apart[index - channels] };
            apart.iter().enumerate().map(|(index, byte)| byte.wrapping_sub(before(index))).collect()
        }
        _ => packed(kind, row),
    }
}

fn compressed(kind: &Kind, bytes: &[u8]) -> Vec<u8> {
    match kind.compression {
        8 => {
            let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
            out.write_all(bytes).expect("into memory");
            out.finish().expect("into memory")
        }
        32_773 => bytes.chunks(128).flat_map(|run| [&[run.len() as u8 - 1], run].concat()).collect(),
        _ => bytes.to_vec(),
    }
}

/// The file with these values.
fn file(kind: &Kind, values: &[u64]) -> Vec<u8> {
    let (planes, channels) = if kind.planar { (kind.samples, 1) } else { (1, kind.samples) };
    let (tile_width, tile_height) = kind.tile.unwrap_or((WIDTH, 5));
    let mut chunks = Vec::new();
    for plane in 0..planes {
        for top in (0..HEIGHT).step_by(tile_height) {
            for left in (0..WIDTH).step_by(tile_width) {
                let mut bytes = Vec::new();
                let rows = if kind.tile.is_some() { tile_height } else { tile_height.min(HEIGHT - top) };
                for y in top..top + rows {
                    let mut row = Vec::new();
                    for x in left..left + tile_width {
                        for channel in 0..channels {
                            let at = (y.min(HEIGHT - 1) * WIDTH + x.min(WIDTH - 1)) * kind.samples;
                            row.push(values[at + if kind.planar { plane } else { channel }]);
                        }
                    }
                    bytes.extend(predicted(kind, &row, channels));
                }
                chunks.push(compressed(kind, &bytes));
            }
        }
    }
    let short = |value: u16| if kind.big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let long = |value: u32| if kind.big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let mut out = if kind.big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
    out.extend([0; 4]);
    let mut places = Vec::new();
    for chunk in &chunks {
        places.push(out.len() as u32);
        out.extend(chunk);
    }
    let lens: Vec<u32> = chunks.iter().map(|chunk| chunk.len() as u32).collect();
    let shorts = |list: &[u16]| (3_u16, list.len(), list.iter().flat_map(|value| short(*value)).collect::<Vec<u8>>());
    let longs = |list: &[u32]| (4_u16, list.len(), list.iter().flat_map(|value| long(*value)).collect::<Vec<u8>>());
    let mut tags = vec![
        (256_u16, longs(&[WIDTH as u32])),
        (257, shorts(&[HEIGHT as u16])),
        (258, shorts(&vec![kind.bits as u16; kind.samples])),
        (259, shorts(&[kind.compression])),
        (262, shorts(&[kind.photometric])),
        (277, shorts(&[kind.samples as u16])),
        (284, shorts(&[if kind.planar { 2 } else { 1 }])),
        (317, shorts(&[kind.predictor])),
    ];
    match kind.tile {
        Some((width, height)) => tags.extend([
            (322, shorts(&[width as u16])),
            (323, shorts(&[height as u16])),
            (324, longs(&places)),
            (325, longs(&lens)),
        ]),
        None => tags.extend([(273, longs(&places)), (278, shorts(&[5])), (279, longs(&lens))]),
    }
    if !kind.map.is_empty() {
        tags.push((320, shorts(&kind.map)));
    }
    if !kind.extra.is_empty() {
        tags.push((338, shorts(&kind.extra)));
    }
    tags.push((339, shorts(&vec![kind.number; kind.samples])));
    tags.sort_by_key(|(tag, _)| *tag);
    let directory = out.len() + out.len() % 2;
    out.resize(directory, 0);
    out[4..8].copy_from_slice(&long(directory as u32));
    out.extend(short(tags.len() as u16));
    let mut outside = directory + 2 + tags.len() * 12 + 4;
    let mut behind = Vec::new();
    for (tag, (field, count, mut value)) in tags {
        out.extend(short(tag));
        out.extend(short(field));
        out.extend(long(count as u32));
        if value.len() <= 4 {
            value.resize(4, 0);
            out.extend(value);
        } else {
            out.extend(long(outside as u32));
            outside += value.len();
            behind.extend(value);
        }
    }
    out.extend([0; 4]);
    out.extend(behind);
    out
}

/// What a pixel is by the rule: 0 to 1 a channel, with the alpha where there is one.
fn wanted(kind: &Kind, pixel: &[u64]) -> Vec<f64> {
    let number = |value: u64| match (kind.number, kind.bits) {
        (3, 16) => half::f16::from_bits(value as u16).to_f64(),
        (3, 32) => f32::from_bits(value as u32).into(),
        (3, _) => f64::from_bits(value),
        (_, bits) => value as f64 / ((1_u64 << bits) - 1) as f64,
    };
    let colors = match kind.photometric {
        2 => 3,
        5 => 4,
        _ => 1,
    };
    let mut found: Vec<f64> = pixel[..colors].iter().map(|value| number(*value)).collect();
    let alpha = kind.extra.iter().position(|kind| *kind > 0).map(|at| (number(pixel[colors + at]), kind.extra[at]));
    match kind.photometric {
        0 => found[0] = 1.0 - found[0],
        3 => {
            let len = 1 << kind.bits;
            let color = |part: usize| f64::from(kind.map[part * len + pixel[0] as usize] >> 8) / 255.0;
            found = vec![color(0), color(1), color(2)];
        }
        5 => found = (0..3).map(|part| (1.0 - found[part]) * (1.0 - found[3])).collect(),
        _ => {}
    }
    if let Some((alpha, how)) = alpha.filter(|_| kind.photometric != 5) {
        if how == 1 {
            for color in &mut found {
                *color = if alpha > 0.0 { (*color / alpha).min(1.0) } else { 0.0 };
            }
        }
        found.push(alpha);
    }
    found
}

fn check(kind: &Kind) {
    let name = format!("{} {:?} {:?}", kind.name, kind.tile, (kind.big_endian, kind.planar, kind.predictor, kind.compression));
    let values = values(kind);
    let bytes = file(kind, &values);
    let picture = decode(&bytes, Tiff).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!((picture.image.width() as usize, picture.image.height() as usize), (WIDTH, HEIGHT), "{name}");
    assert!(picture.truncated.is_none(), "{name}");
    let alpha = kind.extra.iter().any(|kind| *kind > 0) && kind.photometric != 5;
    assert_eq!((picture.image.color().has_alpha(), picture.info.alpha), (alpha, alpha), "{name}");
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let wanted = wanted(kind, &values[(y * WIDTH + x) * kind.samples..][..kind.samples]);
            let found = picture.pixel(x as u32, y as u32).expect("inside");
            let mut found: Vec<(f64, f64)> = found
                .channels
                .iter()
                .map(|(_, sample)| match sample {
                    Sample::U8(value) => (f64::from(*value) / 255.0, 0.5 / 255.0),
                    Sample::U16(value) => (f64::from(*value) / 65_535.0, 0.5 / 65_535.0),
                    Sample::F32(value) => (f64::from(*value), 1e-6),
                })
                .collect();
            // Grey floats are shown as three that are the same.
            if found.len() > wanted.len() {
                assert!(found[0] == found[1] && found[1] == found[2], "{name}");
                found.drain(..2);
            }
            assert_eq!(found.len(), wanted.len(), "{name}");
            for ((found, off), wanted) in found.iter().zip(&wanted) {
                assert!((found - wanted).abs() <= off * 1.001 + 1e-9, "{name} at {x}, {y}: {found} for {wanted}");
            }
        }
    }
    // Cut short, it is an error or a part, and never a panic.
    for end in [bytes.len() / 3, bytes.len() - 1] {
        let _ = decode_within(&bytes[..end], Tiff, TIGHT);
    }
}

/// In strips and tiles, in both orders of bytes, in planes and not, as each can be.
fn everywhere(kind: &Kind) {
    for tile in [None, Some((16, 16)), Some((64, 32))] {
        for big_endian in [false, true] {
            for planar in if kind.samples > 1 { vec![false, true] } else { vec![false] } {
                let kind = Kind { tile, big_endian, planar, ..kind.clone() };
                check(&kind);
                check(&Kind { compression: 32_773, ..kind.clone() });
                let mut predictors = vec![1];
                if kind.bits.is_multiple_of(8) && kind.photometric != 3 {
                    predictors.push(2);
                }
                if kind.number == 3 {
                    predictors.push(3);
                }
                for predictor in predictors {
                    check(&Kind { predictor, compression: 8, ..kind.clone() });
                }
            }
        }
    }
}

#[test]
fn grey_of_every_depth() {
    for bits in [1, 2, 4, 6, 8, 10, 12, 14, 16] {
        everywhere(&plain("grey", 1, 1, bits));
        everywhere(&plain("white is zero", 0, 1, bits));
    }
    for bits in [8, 16] {
        everywhere(&Kind { extra: vec![2], ..plain("grey with alpha", 1, 2, bits) });
    }
}

#[test]
fn colours_with_and_without_alpha() {
    for bits in [4, 8, 12, 16] {
        everywhere(&plain("RGB", 2, 3, bits));
    }
    for bits in [8, 16] {
        everywhere(&Kind { extra: vec![2], ..plain("RGBA", 2, 4, bits) });
        everywhere(&Kind { extra: vec![1], ..plain("RGBA, multiplied", 2, 4, bits) });
        everywhere(&Kind { extra: vec![0], ..plain("RGB and something", 2, 4, bits) });
        everywhere(&Kind { extra: vec![0, 2], ..plain("RGB, something and alpha", 2, 5, bits) });
    }
}

#[test]
fn tables_of_colours() {
    let mut random = fastrand::Rng::with_seed(4);
    for bits in [1, 2, 4, 8] {
        let map: Vec<u16> = (0..3 << bits).map(|_| u16::from(random.u8(..)) * 257).collect();
        everywhere(&Kind { map, ..plain("palette", 3, 1, bits) });
    }
}

#[test]
fn inks() {
    for bits in [8, 16] {
        for planar in [false, true] {
            for tile in [None, Some((16, 16))] {
                check(&Kind { planar, tile, extra: vec![2], ..plain("CMYK and alpha", 5, 5, bits) });
                if planar {
                    check(&Kind { planar, tile, ..plain("CMYK", 5, 4, bits) });
                }
            }
        }
    }
}

#[test]
fn floats() {
    for bits in [16, 32, 64] {
        for (name, photometric, samples, extra) in [("grey", 1, 1, vec![]), ("RGB", 2, 3, vec![]), ("RGBA", 2, 4, vec![2])] {
            everywhere(&Kind { number: 3, extra, ..plain(name, photometric, samples, bits) });
        }
    }
}

#[test]
fn ycbcr_in_jpeg() {
    let image = RgbImage::from_fn(48, 48, |x, y| Rgb([200 - x as u8, 40 + y as u8 * 2, 90]));
    let jpeg = encode_with(&picture_of(image.clone()), Jpeg, &PictureOptions { quality: 95, ..PictureOptions::default() });
    let mut file = b"II*\0\x08\0\0\0\x0A\0".to_vec();
    let at = 8 + 2 + 10 * 12 + 4;
    for (tag, kind, count, value) in [
        (256_u16, 4_u16, 1_u32, 48_u32),
        (257, 4, 1, 48),
        (258, 3, 3, at),
        (259, 3, 1, 7),
        (262, 3, 1, 6),
        (273, 4, 1, at + 6),
        (277, 3, 1, 3),
        (278, 4, 1, 48),
        (279, 4, 1, jpeg.len() as u32),
        (284, 3, 1, 1),
    ] {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0, 0, 0, 0, 8, 0, 8, 0, 8, 0]);
    file.extend(&jpeg);
    let found = decode(&file, Tiff).expect("it is read").image.to_rgb8();
    for (x, y, pixel) in image.enumerate_pixels() {
        let there = found.get_pixel(x, y);
        assert!(pixel.0.iter().zip(there.0).all(|(a, b)| a.abs_diff(b) < 12), "{x}, {y}: {pixel:?} {there:?}");
    }
}

#[test]
fn what_is_not_read_is_named() {
    let small = plain("grey", 1, 1, 8);
    let refused = |kind: Kind| {
        let values = vec![0; WIDTH * HEIGHT * kind.samples];
        match decode(&file(&kind, &values), Tiff) {
            Err(error @ FormatError::Unsupported { .. }) => error.to_string(),
            other => panic!("{:?}", other.map(|picture| picture.info)),
        }
    };
    for (kind, words) in [
        (Kind { compression: 50_000, ..small.clone() }, "Zstandard compression"),
        (Kind { compression: 3, ..small.clone() }, "CCITT group 3 (fax) compression"),
        (Kind { photometric: 8, samples: 3, ..small.clone() }, "CIE L*a*b* colours"),
        (Kind { photometric: 6, samples: 3, ..small.clone() }, "YCbCr colours without JPEG compression"),
        (Kind { number: 2, bits: 16, ..small.clone() }, "whole numbers with a sign"),
        (Kind { bits: 32, ..small.clone() }, "whole numbers of 32 bits"),
        (Kind { number: 6, bits: 64, ..small.clone() }, "complex numbers"),
    ] {
        let error = refused(kind);
        assert!(error.contains(words), "{error}");
    }
    // Sizes of tiles are claims too.
    let kind = Kind { tile: Some((65_535, 65_535)), compression: 8, ..plain("huge tiles", 0, 1, 8) };
    let mut one = file(&Kind { tile: Some((64, 32)), ..kind.clone() }, &vec![0; WIDTH * HEIGHT]);
    for at in 8..one.len() - 12 {
        if one[at..at + 8] == [0x42, 1, 3, 0, 1, 0, 0, 0] || one[at..at + 8] == [0x43, 1, 3, 0, 1, 0, 0, 0] {
            one[at + 8..at + 10].copy_from_slice(&[0xFF, 0xFF]);
        }
    }
    let error = decode_within(&one, Tiff, TIGHT).expect_err("too large").to_string();
    assert!(error.contains("the strips or tiles of the picture take"), "{error}");
}

#[test]
fn wrong_bytes_are_survived() {
    let map = vec![0x1234; 3 << 4];
    let kinds = [
        Kind { map, ..plain("palette", 3, 1, 4) },
        Kind { planar: true, tile: Some((16, 16)), compression: 8, predictor: 2, ..plain("planes", 2, 3, 16) },
        Kind { number: 3, predictor: 3, compression: 8, extra: vec![1], ..plain("floats", 2, 4, 32) },
        Kind { big_endian: true, compression: 32_773, ..plain("odd", 0, 1, 12) },
    ];
    let mut random = fastrand::Rng::with_seed(17);
    for kind in kinds {
        let whole = file(&kind, &values(&kind));
        // Where the directory is, most can go wrong.
        let order = if kind.big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
        let directory = order(whole[4..8].try_into().expect("four bytes")) as usize;
        for _ in 0..400 {
            let mut bytes = whole.clone();
            for _ in 0..random.usize(1..4) {
                let at = if random.bool() { random.usize(..bytes.len()) } else { random.usize(directory..bytes.len()) };
                bytes[at] = random.u8(..);
            }
            match decode_within(&bytes, Tiff, TIGHT) {
                Ok(picture) => assert!(picture.image.as_bytes().len() <= 4 << 20),
                Err(FormatError::Malformed { .. } | FormatError::Unsupported { .. } | FormatError::Limit { .. }) => {}
                Err(other) => panic!("{}: {other}", kind.name),
            }
        }
    }
}
