//! What stands beside the pixels is found, with its bytes, and what somebody hostile wrote there does no harm.

use seektell::buffer::Buffer;
use seektell::formats::Format;
use seektell::formats::picture::{self, Metadata};

/// Zeros packed as zlib would.
fn packed(len: usize) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 64 * 1024];
    for _ in 0..len / zeros.len() {
        encoder.write_all(&zeros).expect("memory");
    }
    encoder.finish().expect("memory")
}

pub(super) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut bytes = (data.len() as u32).to_be_bytes().to_vec();
    let body = [kind.as_slice(), data].concat();
    bytes.extend(&body);
    bytes.extend(crc32fast::hash(&body).to_be_bytes());
    bytes
}

/// A PNG of one pixel with these chunks.
pub(super) fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]));
    bytes.extend(chunks.concat());
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&[0, 200, 100, 50]).expect("memory");
    bytes.extend(chunk(b"IDAT", &encoder.finish().expect("memory")));
    bytes.extend(chunk(b"IEND", &[]));
    bytes
}

/// A block of EXIF, low byte first: each directory's tags as number, type, count and value.
pub(super) struct Exif(pub(super) Vec<u8>);

impl Exif {
    /// Make, orientation 6, a link to the camera's part with serial number and size, and to a position.
    pub(super) fn camera() -> Self {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
            let mut entry = tag.to_le_bytes().to_vec();
            entry.extend(kind.to_le_bytes());
            entry.extend(count.to_le_bytes());
            entry.extend(value);
            entry
        };
        let at = |place: u32| place.to_le_bytes();
        // 8: four tags, link to the small copy; 62.
        bytes.extend(4_u16.to_le_bytes());
        bytes.extend(entry(0x10F, 2, 6, at(300)));
        bytes.extend(entry(0x112, 3, 1, [6, 0, 0, 0]));
        bytes.extend(entry(0x8769, 4, 1, at(70)));
        bytes.extend(entry(0x8825, 4, 1, at(150)));
        bytes.extend(at(240));
        bytes.resize(70, 0);
        bytes.extend(4_u16.to_le_bytes());
        bytes.extend(entry(0x9000, 7, 4, *b"0232"));
        bytes.extend(entry(0xA002, 4, 1, at(4_000)));
        bytes.extend(entry(0xA003, 4, 1, at(3_000)));
        bytes.extend(entry(0xA431, 2, 8, at(310)));
        bytes.extend([0; 4]);
        bytes.resize(150, 0);
        bytes.extend(4_u16.to_le_bytes());
        bytes.extend(entry(1, 2, 2, *b"N\0\0\0"));
        bytes.extend(entry(2, 5, 3, at(320)));
        bytes.extend(entry(3, 2, 2, *b"W\0\0\0"));
        bytes.extend(entry(4, 5, 3, at(344)));
        bytes.extend([0; 4]);
        bytes.resize(240, 0);
        bytes.extend(2_u16.to_le_bytes());
        bytes.extend(entry(0x201, 4, 1, at(380)));
        bytes.extend(entry(0x202, 4, 1, at(20)));
        bytes.extend([0; 4]);
        bytes.resize(300, 0);
        bytes.extend(b"Acme!\0");
        bytes.resize(310, 0);
        bytes.extend(b"SN12345\0");
        bytes.resize(320, 0);
        for fraction in [48_u32, 1, 30, 1, 0, 1, 2, 1, 0, 1, 3_600, 100] {
            bytes.extend(fraction.to_le_bytes());
        }
        bytes.resize(380, 0);
        bytes.extend(*b"\xFF\xD8 a small copy \xFF\xD9..");
        bytes.truncate(400);
        Self(bytes)
    }
}

pub(super) fn found(bytes: &[u8], format: Format) -> Metadata {
    picture::metadata(&Buffer::from(bytes), format).expect("readable")
}

#[test]
fn exif_is_told_with_its_bytes_and_what_is_personal() {
    let exif = Exif::camera().0;
    let file = png(&[chunk(b"eXIf", &exif)]);
    let told = found(&file, Format::Png);
    assert_eq!(told.notices, [""; 0]);
    assert_eq!(told.value("EXIF", "Manufacturer of image input equipment"), Some("Acme!"));
    let make = &told.group("EXIF").expect("there").entries[0];
    let range = make.range.expect("a place");
    assert_eq!(&file[range.start.get() as usize..range.end().get() as usize], b"Acme!\0");
    let (north, east) = told.position.expect("a place");
    assert!((north - 48.5).abs() < 1e-9 && (east + 2.01).abs() < 1e-9, "{north} {east}");
    assert_eq!(told.value("GPS", "Position"), Some("48.500000° north, 2.010000° west"));
    assert_eq!(told.personal, ["a serial number", "a small copy of the picture", "the place where it was taken"]);
}

#[test]
fn texts_of_a_png_are_told_and_bombs_are_not_unpacked() {
    let bomb = [b"Comment\0\0".to_vec(), packed(64 << 20)].concat();
    let profile = [b"x\0\0".to_vec(), packed(64 << 20)].concat();
    let file = png(&[
        chunk(b"tEXt", b"Title\0Caf\xE9"),
        chunk(b"iTXt", "Author\0\0\0de\0Verfasser\0Jürgen".as_bytes()),
        chunk(b"zTXt", &bomb),
        chunk(b"iCCP", &profile),
        chunk(b"pHYs", &[0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1]),
        chunk(b"gAMA", &45_455_u32.to_be_bytes()),
    ]);
    assert!(file.len() < 300_000);
    let told = found(&file, Format::Png);
    assert_eq!(told.value("Text", "Title"), Some("Café"));
    assert_eq!(told.value("Text", "Author"), Some("Jürgen"));
    assert_eq!(told.value("Picture", "Density"), Some("300 pixels an inch"));
    assert_eq!(told.value("Picture", "Gamma"), Some("0.45455"));
    assert_eq!(told.notices.len(), 2, "{:?}", told.notices);
    assert!(told.notices[0].contains("more than 1 MiB"), "{:?}", told.notices);
}

#[test]
fn many_texts_are_counted_not_kept() {
    let texts: Vec<_> = (0..3_000).map(|number| chunk(b"tEXt", format!("k{number}\0v").as_bytes())).collect();
    let told = found(&png(&texts), Format::Png);
    assert_eq!(told.group("Text").expect("there").entries.len(), 1_024);
    assert_eq!(told.notices, ["1976 more texts are not read: there are too many, or they are too long"]);
}

#[test]
fn broken_blocks_are_notices() {
    // Directories that name each other, counts that are too large, values outside: none of it is followed for long.
    let mut exif = Exif::camera().0;
    exif[46..50].copy_from_slice(&8_u32.to_le_bytes());
    found(&png(&[chunk(b"eXIf", &exif)]), Format::Png);
    for cut in 0..exif.len() {
        found(&png(&[chunk(b"eXIf", &exif[..cut])]), Format::Png);
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..2_000 {
        let mut bytes = Exif::camera().0;
        for _ in 0..random.usize(1..12) {
            let at = random.usize(8..bytes.len());
            bytes[at] = random.u8(..);
        }
        found(&png(&[chunk(b"eXIf", &bytes)]), Format::Png);
    }
    let told = found(&png(&[chunk(b"eXIf", b"no exif at all"), chunk(b"tEXt", b"no zero")]), Format::Png);
    assert_eq!(told.notices.len(), 2, "{:?}", told.notices);
}

#[test]
fn iptc_and_comments_of_a_jpeg() {
    let mut data = b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x1E".to_vec();
    data.extend(b"\x1C\x02\x05\0\x04Name\x1C\x02\x19\0\x03one\x1C\x02\x50\0\x08J\xC3\xBCrgen!\x00\x00\x00");
    let segment = |marker: u8, data: &[u8]| [&[0xFF, marker], &((data.len() as u16) + 2).to_be_bytes()[..], data].concat();
    let file = [
        vec![0xFF, 0xD8],
        segment(0xED, &data),
        segment(0xFE, b"a comment"),
        segment(0xE0, b"JFIF\0\x01\x02\x02\0\x1C\0\x1C\0\0"),
        vec![0xFF, 0xD9],
    ]
    .concat();
    let told = found(&file, Format::Jpeg);
    assert_eq!(told.value("IPTC", "Object name"), Some("Name"));
    assert_eq!(told.value("IPTC", "Keyword"), Some("one"));
    assert_eq!(told.value("IPTC", "By-line"), Some("Jürgen!"));
    assert_eq!(told.value("Text", "Comment"), Some("a comment"));
    assert_eq!(told.value("Picture", "Density"), Some("71.12 pixels an inch"));
    let entry = &told.group("IPTC").expect("there").entries[1];
    let range = entry.range.expect("a place");
    assert_eq!(&file[range.start.get() as usize..range.end().get() as usize], b"one");
}

#[test]
fn comments_and_loops_of_a_gif() {
    let file =
        b"GIF89a\x01\0\x01\0\0\0\0!\xFF\x0BNETSCAPE2.0\x03\x01\x02\0\0!\xFE\x05hello\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let told = found(file, Format::Gif);
    assert_eq!(told.value("Text", "Comment"), Some("hello"));
    assert_eq!(told.value("Picture", "Loops"), Some("3 times"));
}
