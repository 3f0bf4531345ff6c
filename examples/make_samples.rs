//! Makes every file in `assets/samples` and the icons in `assets/icons`: `cargo run --example make_samples`.
//!
//! Nothing here asks the clock, a random source or a mathematical library whose last digit differs between
//! machines, so a test can make the files again and compare them byte for byte.

use std::path::Path;
use std::{fs, io};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::gif::{GifEncoder, Repeat};
use image::{Delay, DynamicImage, Frame, GrayImage, ImageBuffer, Luma, Rgb, RgbImage, Rgba, RgbaImage, imageops};
use seektell::buffer::Buffer;
use seektell::formats::{Format, PictureOptions, picture};
use seektell::tasks::Progress;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, bytes) in all() {
        let path = root.join("assets").join(&name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, &bytes)?;
        println!("{:>7} {name}", bytes.len());
    }
    Ok(())
}

/// Every made file: its path below `assets`, and its bytes.
pub fn all() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| files.push((name.to_owned(), bytes));

    let photo = DynamicImage::ImageRgb8(landscape(320, 200));
    let small = DynamicImage::ImageRgb8(landscape(96, 60));
    let photo_png = written(&photo, Format::Png);
    add("samples/truncated.png", photo_png[..photo_png.len() * 3 / 5].to_vec());
    add("samples/photo.png", photo_png);
    // Stored lying on its side, with the note that says so: cameras do that.
    add("samples/photo.jpg", with_orientation(&written(&photo.rotate270(), Format::Jpeg), 6));
    add("samples/alpha.png", written(&DynamicImage::ImageRgba8(discs()), Format::Png));
    add("samples/grey16.png", written(&DynamicImage::ImageLuma16(ramp16()), Format::Png));
    add("samples/animation.gif", animation());
    add("samples/picture.bmp", written(&small, Format::Bmp));
    add("samples/picture.webp", written(&small, Format::WebP));
    add("samples/picture.tiff", written(&small, Format::Tiff));
    add("samples/picture.ico", written(&DynamicImage::ImageRgba8(icon(64)), Format::Ico));
    add("samples/picture.ppm", written(&small, Format::Pnm));
    add("samples/picture.pgm", written(&DynamicImage::ImageLuma8(grey(&small)), Format::Pnm));
    add("samples/picture.tga", written(&small, Format::Tga));
    add("samples/picture.qoi", written(&small, Format::Qoi));
    for (name, bytes) in texts() {
        add(&format!("samples/{name}"), bytes);
    }
    add("icons/seektell.png", written(&DynamicImage::ImageRgba8(icon(256)), Format::Png));
    add("icons/seektell-128.png", written(&DynamicImage::ImageRgba8(icon(128)), Format::Png));
    add("icons/seektell-64.png", written(&DynamicImage::ImageRgba8(icon(64)), Format::Png));
    files
}

/// The picture as Seektell itself writes it.
fn written(image: &DynamicImage, format: Format) -> Vec<u8> {
    let mut header = Vec::new();
    image.write_to(&mut io::Cursor::new(&mut header), image::ImageFormat::Png).expect("memory takes a PNG");
    let info = picture::probe(&Buffer::from(header), Format::Png).expect("a PNG just written has a header");
    let picture = picture::Picture { info, image: image.clone(), truncated: None };
    let mut bytes = Vec::new();
    picture::encode(
        &picture,
        format,
        &PictureOptions { png_level: 9, ..PictureOptions::default() },
        &mut bytes,
        &Progress::new(),
    )
    .expect("a sample fits its format");
    bytes
}

/// A JPEG with an EXIF segment behind its first mark that holds one tag: the orientation.
pub fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xFF, 0xE1]);
    bytes.extend((exif.len() as u16 + 2).to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

/// A number from 0 to 1 for a whole number: the same everywhere.
fn hash(n: i64, seed: u32) -> f64 {
    let mut x = (n as u32).wrapping_mul(0x9E37_79B1) ^ seed.wrapping_mul(0x85EB_CA77);
    x = (x ^ x >> 15).wrapping_mul(0x2C1B_3C6D);
    x = (x ^ x >> 12).wrapping_mul(0x297A_2D39);
    f64::from(x ^ x >> 15) / f64::from(u32::MAX)
}

/// A smooth line through hashed heights.
fn ridge(x: f64, seed: u32) -> f64 {
    let octave = |x: f64, seed| {
        let (whole, part) = (x.floor(), x - x.floor());
        let ease = part * part * (3.0 - 2.0 * part);
        hash(whole as i64, seed) * (1.0 - ease) + hash(whole as i64 + 1, seed) * ease
    };
    octave(x, seed) * 0.6 + octave(x * 2.3, seed + 1) * 0.27 + octave(x * 5.1, seed + 2) * 0.13
}

fn mix(a: [f64; 3], b: [f64; 3], share: f64) -> [f64; 3] {
    let share = share.clamp(0.0, 1.0);
    std::array::from_fn(|channel| a[channel] * (1.0 - share) + b[channel] * share)
}

/// Mountains and a low sun over a lake.
fn landscape(width: u32, height: u32) -> RgbImage {
    const SHORE: f64 = 0.68;
    let scene = |u: f64, v: f64| -> [f64; 3] {
        let mut color = mix([44.0, 62.0, 118.0], [250.0, 186.0, 126.0], v / SHORE);
        let (dx, dy) = ((u - 0.68) * 1.6, v - 0.40);
        let distance = (dx * dx + dy * dy).sqrt();
        color = mix(color, [255.0, 226.0, 170.0], 0.05 / (0.05 + distance * distance * 6.0));
        color = mix(color, [255.0, 246.0, 222.0], (0.075 - distance) * 90.0);
        let ridges = [
            (0.50, 0.22, 3.0, 7, [120.0, 104.0, 142.0]),
            (0.58, 0.20, 4.5, 21, [76.0, 72.0, 112.0]),
            (0.65, 0.14, 7.0, 40, [38.0, 44.0, 74.0]),
        ];
        for (base, lift, pace, seed, rock) in ridges {
            let top = base - lift * (ridge(u * pace, seed) - 0.25);
            color = mix(color, mix(rock, [196.0, 140.0, 128.0], (SHORE - v) * 0.8), (v - top) * f64::from(height) * 0.9 + 0.5);
        }
        color
    };
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = ((f64::from(x) + 0.5) / f64::from(width), (f64::from(y) + 0.5) / f64::from(height));
        let color = if v < SHORE {
            scene(u, v)
        } else {
            let depth = v - SHORE;
            let band = (depth * 46.0).floor() as i64;
            let wave = (hash(band, 77) - 0.5) * depth * 0.10;
            let mirrored = scene((u + wave).clamp(0.0, 1.0), SHORE - depth * 1.9 - 0.002);
            mix(mix(mirrored, [26.0, 40.0, 78.0], 0.25 + depth * 1.1), [255.0, 232.0, 190.0], (0.004 - depth) * 60.0)
        };
        Rgb(color.map(|value| value.clamp(0.0, 255.0).round() as u8))
    })
}

fn grey(image: &DynamicImage) -> GrayImage {
    let image = image.to_rgb8();
    GrayImage::from_fn(image.width(), image.height(), |x, y| {
        let Rgb([r, g, b]) = *image.get_pixel(x, y);
        Luma([((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114 + 500) / 1000) as u8])
    })
}

/// Three see-through discs on nothing.
fn discs() -> RgbaImage {
    let discs = [(50.0, 48.0, [235.0, 87.0, 87.0]), (78.0, 48.0, [72.0, 149.0, 239.0]), (64.0, 74.0, [245.0, 190.0, 65.0])];
    RgbaImage::from_fn(128, 120, |x, y| {
        let (mut color, mut alpha) = ([0.0; 3], 0.0);
        for (cx, cy, disc) in discs {
            let (dx, dy) = (f64::from(x) + 0.5 - cx, f64::from(y) + 0.5 - cy);
            let cover = (34.5 - (dx * dx + dy * dy).sqrt()).clamp(0.0, 1.0) * 0.72;
            let total = alpha + cover * (1.0 - alpha);
            if total > 0.0 {
                color = mix(color, disc, cover / total);
                alpha = total;
            }
        }
        let [r, g, b] = color.map(|value| value.round() as u8);
        if alpha > 0.0 { Rgba([r, g, b, (alpha * 255.0).round() as u8]) } else { Rgba([0; 4]) }
    })
}

/// More steps between black and white than 8 bits can hold.
fn ramp16() -> ImageBuffer<Luma<u16>, Vec<u16>> {
    ImageBuffer::from_fn(128, 64, |x, y| Luma([(x * 512 + y * 8).min(65_535) as u16]))
}

/// A cursor that steps over eight bytes.
fn animation() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 1);
    encoder.set_repeat(Repeat::Infinite).expect("memory takes a GIF");
    for step in 0..8 {
        let frame = RgbaImage::from_fn(128, 32, |x, y| {
            let (cell, inside) = (x / 16, x % 16 >= 3 && x % 16 < 13 && (9..23).contains(&y));
            match (inside, cell == step) {
                (true, true) => Rgba([255, 180, 84, 255]),
                (true, false) if cell < step => Rgba([96, 125, 160, 255]),
                (true, false) => Rgba([58, 76, 98, 255]),
                (false, _) => Rgba([22, 30, 42, 255]),
            }
        });
        encoder.encode_frame(Frame::from_parts(frame, 0, 0, Delay::from_numer_denom_ms(240, 1))).expect("memory takes a GIF");
    }
    drop(encoder);
    bytes
}

/// The app's icon: bytes in rows, and the cursor before one of them.
fn icon(size: u32) -> RgbaImage {
    const FINE: u32 = 4;
    let unit = f64::from(size * FINE) / 64.0;
    // How far a point is outside a rounded rectangle, at most 0 inside.
    let outside = |x: f64, y: f64, [left, top, right, bottom, radius]: [f64; 5]| {
        let dx = (left + radius - x).max(x - right + radius).max(0.0);
        let dy = (top + radius - y).max(y - bottom + radius).max(0.0);
        (dx * dx + dy * dy).sqrt() - radius
    };
    let fine = RgbaImage::from_fn(size * FINE, size * FINE, |px, py| {
        let (x, y) = ((f64::from(px) + 0.5) / unit, (f64::from(py) + 0.5) / unit);
        if outside(x, y, [2.0, 2.0, 62.0, 62.0, 14.0]) > 0.0 {
            return Rgba([0; 4]);
        }
        if outside(x, y, [29.5, 10.0, 33.5, 54.0, 2.0]) <= 0.0 {
            return Rgba([255, 180, 84, 255]);
        }
        for row in 0..4_i64 {
            for (column, left) in [10.0, 19.5, 36.5, 46.0].into_iter().enumerate() {
                let top = 13.5 + 10.0 * row as f64;
                if outside(x, y, [left, top, left + 7.5, top + 7.0, 1.8]) <= 0.0 {
                    let read = column < 2;
                    let glow = hash(row * 4 + column as i64, 5);
                    let tone = if read {
                        mix([92.0, 132.0, 176.0], [142.0, 184.0, 222.0], glow)
                    } else {
                        mix([52.0, 68.0, 90.0], [78.0, 98.0, 124.0], glow)
                    };
                    let [r, g, b] = tone.map(|value| value.round() as u8);
                    return Rgba([r, g, b, 255]);
                }
            }
        }
        let [r, g, b] = mix([34.0, 46.0, 64.0], [18.0, 25.0, 36.0], y / 64.0).map(|value| value.round() as u8);
        Rgba([r, g, b, 255])
    });
    let mut small = imageops::thumbnail(&fine, size, size);
    // What is half outside must not carry the darkness of what is not there.
    for (x, y, pixel) in small.enumerate_pixels_mut() {
        let a = u32::from(pixel[3]);
        if a > 0 && a < 255 {
            let [r, g, b] =
                mix([34.0, 46.0, 64.0], [18.0, 25.0, 36.0], f64::from(y) / f64::from(size)).map(|value| value.round() as u8);
            *pixel = Rgba([r, g, b, pixel[3]]);
        }
        let _ = x;
    }
    small
}

/// `hexdump -C`.
fn hexdump(bytes: &[u8]) -> String {
    let mut out = String::new();
    for (index, row) in bytes.chunks(16).enumerate() {
        let hex = |part: &[u8]| part.iter().map(|byte| format!("{byte:02x} ")).collect::<String>();
        let (left, right) = row.split_at(row.len().min(8));
        let text: String = row.iter().map(|byte| if (32..127).contains(byte) { char::from(*byte) } else { '.' }).collect();
        out += &format!("{:08x}  {:<24} {:<24} |{text}|\n", index * 16, hex(left), hex(right));
    }
    out + &format!("{:08x}\n", bytes.len())
}

struct Person(&'static str, &'static str, &'static str, u8, &'static str, &'static str);

const PEOPLE: [Person; 12] = [
    Person("0001", "Ada Lindqvist", "Malmö", 34, "2019-03-04", "likes \"quoted\" notes"),
    Person("0002", "Björn Ødegård", "Tromsø", 51, "2011-11-30", "two lines:\nthis is the second"),
    Person("0007", "Chloé Dubois", "Orléans", 28, "2022-06-15", "commas, everywhere, really"),
    Person("0010", "Dmitri Volkov", "Tbilisi", 45, "2015-01-09", ""),
    Person("0011", "Esther Okafor", "Lagos", 39, "2018-08-21", "room 007"),
    Person("0042", "Fátima Nuñez", "Cádiz", 31, "2020-02-29", "leap day"),
    Person("0099", "Günter Weiß", "Köln", 62, "2003-05-17", "Straße, not Strasse"),
    Person("0100", "Haruka Satō", "Ōtsu", 26, "2023-09-01", "macrons, too: ā ē ī ō ū"),
    Person("0101", "Ivana Kovač", "Šibenik", 37, "2017-12-12", "=1+1 is text here"),
    Person("0256", "José Araújo", "São Paulo", 48, "2012-07-07", "tab\tinside"),
    Person("0512", "Kwame Mensah", "Kumasi", 55, "2008-10-10", "+49 30 123456"),
    Person("1000", "Łucja Zięba", "Łódź", 29, "2021-04-01", "no joke 🙂"),
];

/// The people with one delimiter; quoted where that is needed.
fn people(delimiter: char, newline: &str) -> String {
    let quoted = |value: &str| {
        let needs = value.contains(['"', '\n', '\r', delimiter]);
        if needs { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_owned() }
    };
    let line = |cells: [&str; 6]| cells.map(quoted).join(&delimiter.to_string()) + newline;
    let mut out = line(["id", "name", "city", "age", "joined", "note"]);
    for Person(id, name, city, age, joined, note) in PEOPLE {
        out += &line([id, name, city, &age.to_string(), joined, note]);
    }
    out
}

fn json_line(Person(id, name, city, age, joined, note): &Person) -> String {
    let text = |value: &str| serde_json::Value::from(value).to_string();
    format!(
        "{{\"id\": {}, \"name\": {}, \"city\": {}, \"age\": {age}, \"joined\": {}, \"note\": {}}}",
        text(id),
        text(name),
        text(city),
        text(joined),
        text(note)
    )
}

fn texts() -> Vec<(&'static str, Vec<u8>)> {
    let rows: Vec<String> = PEOPLE.iter().map(json_line).collect();
    let json = format!("[\n  {}\n]\n", rows.join(",\n  "));
    let report = "Report,Week 17\r\nMade,2026-04-25\r\n\r\nOrders\r\nOrder,Item,Quantity,Price\r\n1001,Lamp,2,39.90\r\n1002,\"Desk, oak\",1,420.00\r\n\
        1003,Chair,6,89.50\r\n\r\nReturns\r\nOrder,Reason\r\n0997,Scratched\r\n0998,\"Too \"\"large\"\"\"\r\n\r\nSUMMARY\r\nOrders,3\r\nReturns,2\r\n\
        Revenue,1036.80,EUR,before returns\r\n";
    let latin = "Name;Straße;Betrag\r\nMüller;Ärztehaus 3;1.234,50 €\r\nGößwein;Käthe-Kollwitz-Weg 12;99,00 €\r\nD’Angelo;Olè – 1;7,25 €\r\n";
    let (latin, _, unmapped) = encoding_rs::WINDOWS_1252.encode(latin);
    assert!(!unmapped, "every letter of the sample is in windows-1252");
    let wide = "\u{FEFF}UTF-16 with its mark first.\r\nGrüße, Привет, 你好, and one pair: 🙂\r\n";
    let crlf =
        "These lines end the way Windows ends them:\r\na carriage return, then a line feed.\r\n\r\nThe last one ends, too.\r\n";
    let notes = "# Notes\n\nA stream is a row of bytes and one number: the position.\n\n- `read(n)` gives n bytes and moves the position behind them.\n\
        - `write(b)` puts bytes over what is there, and grows at the end.\n- `seek(n)` moves; past the end is allowed.\n- `tell()` says where it stands.\n\n\
        Naïve café, Ελληνικά, русский, 日本語, and a family of one: 👩‍🚀.\n";
    let hello = b"Hello, stream!\nSeek to 7 and read 6.\n\0\x01\x02\xFE\xFF";
    let hex: Vec<String> =
        hello.chunks(16).map(|row| row.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")).collect();
    let pixel = RgbaImage::from_fn(2, 2, |x, y| if x == y { Rgba([255, 180, 84, 255]) } else { Rgba([22, 30, 42, 255]) });
    let pixel = written(&DynamicImage::ImageRgba8(pixel), Format::Png);
    vec![
        ("people.csv", people(',', "\r\n").into_bytes()),
        ("people.tsv", people('\t', "\n").into_bytes()),
        ("people.json", json.into_bytes()),
        ("people.jsonl", (rows.join("\n") + "\n").into_bytes()),
        ("report.csv", report.into()),
        ("semicolon-latin1.csv", latin.into_owned()),
        ("utf16.txt", wide.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("crlf.txt", crlf.into()),
        ("notes.txt", notes.into()),
        ("hello.hex", (hex.join("\n") + "\n").into_bytes()),
        ("hello.hexdump", hexdump(hello).into_bytes()),
        ("hello.b64", (STANDARD.encode(hello) + "\n").into_bytes()),
        ("pixel.dataurl", format!("data:image/png;base64,{}", STANDARD.encode(pixel)).into_bytes()),
    ]
}
