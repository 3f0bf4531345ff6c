//! What stands beside the pixels goes along into another file, in its form, put right; and only what was asked for.

use std::io::Write as _;
use std::process::{Command, Stdio};

use image::{Rgb, RgbImage};
use moxcms::ColorProfile;
use seektell::buffer::Buffer;
use seektell::formats::options::{ColorPolicy, MetadataPolicy};
use seektell::formats::picture::{self, Profile};
use seektell::formats::{Format, Options, convert, losses};
use seektell::tasks::Progress;

use super::metadata::{Exif, chunk, found, png};
use super::{decode, encode, picture_of, said};

const KEPT: [Format; 4] = [Format::Png, Format::Jpeg, Format::WebP, Format::Tiff];

fn go(input: &[u8], from: Format, to: Format, options: &Options) -> (Vec<u8>, Vec<String>) {
    let mut out = Vec::new();
    let input = Buffer::from(input);
    let done = convert(&input, from, to, options, &mut out, &Progress::new()).expect("it converts");
    let before = losses(&input, from, to, options, &Progress::new()).expect("it is judged");
    let words = said(&done.losses);
    // What the headers tell is told of the pixels too, or less.
    for what in words.iter().filter(|what| what.contains("etadata") || what.contains("profile") || what.contains("sRGB")) {
        assert!(said(&before).contains(what), "{what} was not told before: {before:?}");
    }
    (out, words.into_iter().map(str::to_owned).collect())
}

fn with(metadata: MetadataPolicy) -> Options {
    let mut options = Options::default();
    options.picture.metadata = metadata;
    options
}

/// A PNG of 3 x 2 pixels that lies on its side, with EXIF, XMP, a text and a density.
pub(crate) fn source() -> Vec<u8> {
    let plain = encode(&picture_of(RgbImage::from_fn(3, 2, |x, y| Rgb([(x * 80) as u8, (y * 90) as u8, 40]))), Format::Png);
    let xmp = b"<x:xmpmeta><rdf:Description tiff:Orientation=\"6\" dc:title=\"T\"/></x:xmpmeta>";
    let more = [
        chunk(b"eXIf", &Exif::camera().0),
        chunk(b"iTXt", &[&b"XML:com.adobe.xmp\0\0\0\0\0"[..], xmp].concat()),
        chunk(b"tEXt", b"Author\0J\xFCrgen"),
        chunk(b"tEXt", b"Mood\0good"),
        chunk(b"pHYs", &[0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1]),
    ];
    [&plain[..33], &more.concat(), &plain[33..]].concat()
}

#[test]
fn exif_goes_along_upright_and_of_the_right_size() {
    let source = source();
    assert_eq!(decode(&source, Format::Png).expect("whole").info.orientation, 6);
    for to in KEPT {
        let (file, lost) = go(&source, Format::Png, to, &Options::default());
        let picture = decode(&file, to).expect("whole");
        assert_eq!((picture.info.width, picture.info.height, picture.info.orientation), (2, 3, 1), "{to:?}");
        let told = found(&file, to);
        assert_eq!(told.notices, [""; 0], "{to:?}");
        assert_eq!(told.value("EXIF", "Manufacturer of image input equipment"), Some("Acme!"), "{to:?}");
        assert_eq!(told.value("EXIF", "Valid image width"), Some("2 pixels"), "{to:?}: {told:?}");
        assert_eq!(told.value("EXIF", "Valid image height"), Some("3 pixels"), "{to:?}");
        assert_eq!(told.value("GPS", "Position"), Some("48.500000° north, 2.010000° west"), "{to:?}");
        assert!(!told.personal.contains(&"a small copy of the picture"), "{to:?}: it was of other pixels");
        let xmp = told.value("XMP", "Packet").expect("XMP goes along");
        assert!(xmp.contains("tiff:Orientation=\"1\""), "{to:?}: {xmp}");
        if to != Format::WebP {
            assert_eq!(told.value("Picture", "Density"), Some("300 pixels an inch"), "{to:?}");
        }
        let texts = match to {
            Format::Png => {
                assert_eq!(told.value("Text", "Author"), Some("Jürgen"));
                assert_eq!(lost, [""; 0]);
                continue;
            }
            Format::Jpeg => {
                assert_eq!(told.group("Text").expect("comments").entries[0].value, "Author: Jürgen");
                "Texts become comments"
            }
            _ => {
                assert!(told.value("EXIF", "Person who created the image").is_some_and(|name| name.starts_with("J")), "{told:?}");
                "Metadata (1 text) is left out"
            }
        };
        assert!(lost.iter().any(|what| what == texts), "{to:?}: {lost:?}");
    }
    let (_, lost) = go(&source, Format::Png, Format::Bmp, &Options::default());
    assert_eq!(lost, ["Metadata (EXIF, XMP and 2 texts) are left out"]);
}

#[test]
fn what_is_personal_stays_behind_when_asked() {
    let source = source();
    for to in KEPT {
        let (file, _) = go(&source, Format::Png, to, &with(MetadataPolicy::Safe));
        let told = found(&file, to);
        assert_eq!(told.personal, [""; 0], "{to:?}");
        assert_eq!(told.position, None);
        assert_eq!(told.value("EXIF", "Manufacturer of image input equipment"), Some("Acme!"), "{to:?}");
        assert!(memchr::memmem::find(&file, b"SN12345").is_none(), "{to:?}");
        let (file, lost) = go(&source, Format::Png, to, &with(MetadataPolicy::Strip));
        let told = found(&file, to);
        assert!(told.group("EXIF").is_none_or(|_| to == Format::Tiff), "{to:?}: {told:?}");
        assert!(told.group("XMP").is_none() && told.group("Text").is_none() && told.group("GPS").is_none(), "{to:?}");
        assert_eq!(lost.iter().filter(|what| what.contains("etadata")).count(), 0, "nobody wants to be told: {lost:?}");
    }
}

#[test]
fn from_one_to_the_next_and_back_nothing_is_lost() {
    let (mut file, _) = go(&source(), Format::Png, Format::Tiff, &Options::default());
    let mut from = Format::Tiff;
    for to in [Format::Jpeg, Format::WebP, Format::Tiff, Format::Png] {
        file = go(&file, from, to, &Options::default()).0;
        from = to;
        let told = found(&file, to);
        assert_eq!(told.value("EXIF", "Manufacturer of image input equipment"), Some("Acme!"), "{to:?}");
        assert!(told.position.is_some() && told.group("XMP").is_some(), "{to:?}: {told:?}");
    }
}

#[test]
fn a_profile_stays_with_its_numbers_or_the_numbers_become_srgb() {
    let profile = ColorProfile::new_display_p3().encode().expect("made by the library itself");
    let mut packed = flate2::write::ZlibEncoder::new(b"P3\0\0".to_vec(), flate2::Compression::default());
    packed.write_all(&profile).expect("memory");
    let file = png(&[chunk(b"iCCP", &packed.finish().expect("memory"))]);
    assert_eq!(decode(&file, Format::Png).expect("whole").pixel(0, 0).expect("inside").rgba8, [200, 100, 50, 255]);
    let known = picture::profile(&Buffer::from(file.as_slice()), Format::Png).expect("readable").expect("there").expect("whole");
    assert_eq!(known.bytes(), profile);
    assert!(!known.is_srgb());
    for to in KEPT {
        let (out, lost) = go(&file, Format::Png, to, &Options::default());
        let kept = picture::profile(&Buffer::from(out.as_slice()), to).expect("readable").expect("there").expect("whole");
        assert_eq!(kept.bytes(), profile, "{to:?}");
        assert!(lost.iter().all(|what| what.starts_with("JPEG")), "{to:?}: {lost:?}");
        if to != Format::Jpeg {
            assert_eq!(decode(&out, to).expect("whole").pixel(0, 0).expect("inside").rgba8, [200, 100, 50, 255], "{to:?}");
        }
        let mut options = Options::default();
        options.picture.color = ColorPolicy::Srgb;
        let (out, lost) = go(&file, Format::Png, to, &options);
        assert_eq!(picture::profile(&Buffer::from(out.as_slice()), to).expect("readable"), None, "{to:?}");
        assert!(lost.iter().any(|what| what.starts_with("The colours are converted from")), "{to:?}: {lost:?}");
    }
    let (out, lost) = go(&file, Format::Png, Format::Bmp, &Options::default());
    assert!(lost[0].starts_with("The colours are converted from"), "{lost:?}");
    let [r, g, b, _] = decode(&out, Format::Bmp).expect("whole").pixel(0, 0).expect("inside").rgba8;
    // By the matrices of both spaces: 215, 93, 31.
    assert!(r.abs_diff(215) <= 1 && g.abs_diff(93) <= 1 && b.abs_diff(31) <= 1, "{r} {g} {b}");
    // For the screen alike.
    let input = Buffer::from(file.as_slice());
    let (shown, assumed) =
        picture::decode_for_display(&input, Format::Png, picture::Limits::default(), &Progress::new()).expect("whole");
    assert_eq!(shown.pixel(0, 0).expect("inside").rgba8, [r, g, b, 255]);
    assert!(assumed.converted && assumed.words.ends_with("converted to sRGB"), "{assumed:?}");
    // To grey the way leads through sRGB, and the profile stays behind.
    let mut options = Options::default();
    options.picture.operations.mode = Some("L".parse().expect("a mode"));
    let (out, lost) = go(&file, Format::Png, Format::Png, &options);
    assert_eq!(picture::profile(&Buffer::from(out.as_slice()), Format::Png).expect("readable"), None);
    assert!(lost.iter().any(|what| what.contains("to sRGB")), "{lost:?}");
}

#[test]
fn srgb_is_known_by_what_it_does_and_broken_profiles_are_none() {
    let srgb = ColorProfile::new_srgb().encode().expect("made by the library itself");
    assert!(Profile::of(&srgb).expect("whole").is_srgb());
    for cut in [0, 10, 131, 200, srgb.len() / 2] {
        assert!(Profile::of(&srgb[..cut]).is_err(), "{cut}");
    }
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..300 {
        let mut bytes = srgb.clone();
        for _ in 0..8 {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        let mut packed = flate2::write::ZlibEncoder::new(b"x\0\0".to_vec(), flate2::Compression::fast());
        packed.write_all(&bytes).expect("memory");
        let file = Buffer::from(png(&[chunk(b"iCCP", &packed.finish().expect("memory"))]));
        // Whatever it is taken for, the picture is there.
        let limits = picture::Limits::default();
        assert!(picture::decode_for_display(&file, Format::Png, limits, &Progress::new()).is_ok());
    }
    let file = png(&[chunk(b"iCCP", b"x\0\0nothing")]);
    let (_, assumed) =
        picture::decode_for_display(&Buffer::from(file), Format::Png, picture::Limits::default(), &Progress::new())
            .expect("the picture is whole");
    assert!(!assumed.converted, "{assumed:?}");
}

/// Runs a script where Pillow is installed, with files as hexadecimal lines; `None` where it is not.
pub(super) fn pillow(script: &str, files: &[&[u8]]) -> Option<String> {
    let head = "import sys,io\ntry:\n from PIL import Image\nexcept ImportError:\n print('no Pillow'); sys.exit()\nfiles=[io.BytesIO(bytes.fromhex(line)) for line in sys.stdin]\n";
    let mut child = Command::new("python3")
        .args(["-c", &format!("{head}{script}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let lines: String = files.iter().map(|file| format!("{}\n", hex::encode(file))).collect();
    child.stdin.take()?.write_all(lines.as_bytes()).ok()?;
    let out = child.wait_with_output().ok()?;
    let text = String::from_utf8_lossy(&out.stdout).trim().to_owned();
    if text == "no Pillow" {
        println!("skipped: python3 has no Pillow");
        return None;
    }
    assert!(out.status.success(), "the script failed");
    Some(text)
}

#[test]
fn pillow_reads_what_was_written() {
    let source = source();
    let files: Vec<Vec<u8>> = KEPT.iter().map(|to| go(&source, Format::Png, *to, &Options::default()).0).collect();
    let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    let script = "for f in files:\n im=Image.open(f); im.load(); e=im.getexif()\n print(im.format, im.size, e.get(271), e.get(274), e.get_ifd(34665).get(40962), e.get_ifd(34853).get(1), 'xmp' in im.info)";
    let Some(told) = pillow(script, &files) else { return };
    let lines: Vec<&str> = told.lines().collect();
    let rest = "(2, 3) Acme! 1 2 N";
    assert_eq!(lines[0], format!("PNG {rest} True"), "{told}");
    assert_eq!(lines[1], format!("JPEG {rest} True"), "{told}");
    assert_eq!(lines[2], format!("WEBP {rest} True"), "{told}");
    assert!(lines[3].starts_with("TIFF (2, 3) Acme! ") && lines[3].contains(" 2 N"), "{told}");
}

/// XMP as a program writes it, of about so many bytes.
fn xmp(len: usize) -> Vec<u8> {
    let text = "words and more words ".repeat(len / 21);
    format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" dc:title=\"T\"><dc:rights>{text}</dc:rights>\
</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    .into_bytes()
}

/// The segments of a JPEG with this marker, without marker and length.
fn segments(jpeg: &[u8], marker: u8) -> Vec<Vec<u8>> {
    let (mut at, mut found) = (2, Vec::new());
    while jpeg[at + 1] != 0xDA {
        let len = usize::from(jpeg[at + 2]) << 8 | usize::from(jpeg[at + 3]);
        if jpeg[at + 1] == marker {
            found.push(jpeg[at + 4..at + 2 + len].to_vec());
        }
        at += 2 + len;
    }
    found
}

#[test]
fn xmp_larger_than_a_segment_goes_in_and_out_of_a_jpeg() {
    let long = xmp(150_000);
    let words = String::from_utf8(long.clone()).expect("text");
    let file = png(&[chunk(b"iTXt", &[&b"XML:com.adobe.xmp\0\0\0\0\0"[..], &long].concat())]);
    let (jpeg, lost) = go(&file, Format::Png, Format::Jpeg, &Options::default());
    assert!(lost.iter().all(|what| !what.contains("XMP")), "{lost:?}");
    // By the rule: a packet that names the MD5 sum, and the parts in order.
    let found_segments = segments(&jpeg, 0xE1);
    assert_eq!(found_segments.len(), 4);
    let sum: String = <md5::Md5 as md5::Digest>::digest(&long).iter().map(|byte| format!("{byte:02X}")).collect();
    let packet = String::from_utf8(found_segments[0][29..].to_vec()).expect("text");
    assert!(
        found_segments[0].starts_with(b"http://ns.adobe.com/xap/1.0/\0") && packet.contains(&format!("HasExtendedXMP=\"{sum}\""))
    );
    let mut whole: Vec<u8> = Vec::new();
    for segment in &found_segments[1..] {
        assert!(segment.starts_with(b"http://ns.adobe.com/xmp/extension/\0") && segment[35..67] == *sum.as_bytes());
        assert_eq!(segment[67..71], (long.len() as u32).to_be_bytes());
        assert_eq!(segment[71..75], (whole.len() as u32).to_be_bytes());
        whole.extend(&segment[75..]);
    }
    assert_eq!(whole, long);
    let told = found(&jpeg, Format::Jpeg);
    assert!(told.notices.is_empty() && told.value("XMP", "Further segments that are not used").is_none());
    assert_eq!(told.value("XMP", "Extended packet").map(|text| &text[..2_000]), Some(&words[..2_000]));
    // From JPEG to JPEG as it is, into others as one packet; nothing is lost.
    let (again, lost) = go(&jpeg, Format::Jpeg, Format::Jpeg, &Options::default());
    assert!(lost.iter().all(|what| !what.contains("XMP")), "{lost:?}");
    assert_eq!(segments(&again, 0xE1), found_segments);
    for to in [Format::Png, Format::WebP, Format::Tiff] {
        let (out, lost) = go(&jpeg, Format::Jpeg, to, &Options::default());
        assert!(lost.iter().all(|what| !what.contains("XMP")), "{to:?}: {lost:?}");
        let inner = &long[words.find("<rdf:Description").expect("there")..words.find("</rdf:RDF>").expect("there")];
        assert!(memchr::memmem::find(&out, inner).is_some(), "{to:?}");
        assert!(memchr::memmem::find(&out, b"HasExtendedXMP").is_none(), "{to:?}");
    }
    // In any order, and twice; but not with a part missing, and not for another packet.
    let rebuilt = |order: &[usize]| {
        let parts = order.iter().flat_map(|index| {
            let segment = &found_segments[*index];
            [&[0xFF, 0xE1][..], &(segment.len() as u16 + 2).to_be_bytes(), segment].concat()
        });
        let plain = encode(&picture_of(RgbImage::new(2, 2)), Format::Jpeg);
        let parts: Vec<u8> = parts.collect();
        [&plain[..20], &parts, &plain[20..]].concat()
    };
    for order in [&[0, 3, 1, 2][..], &[2, 1, 0, 3], &[0, 1, 1, 2, 3, 3]] {
        assert!(found(&rebuilt(order), Format::Jpeg).value("XMP", "Extended packet").is_some(), "{order:?}");
    }
    for order in [&[0, 1, 3][..], &[0, 2, 3], &[1, 2, 3]] {
        let file = rebuilt(order);
        let told = found(&file, Format::Jpeg);
        assert!(told.value("XMP", "Extended packet").is_none(), "{order:?}");
        assert!(told.value("XMP", "Further segments that are not used").is_some(), "{order:?}");
        let (_, lost) = go(&file, Format::Jpeg, Format::Jpeg, &Options::default());
        assert!(lost.iter().any(|what| what == "XMP in segments that belong to nothing is left out"), "{lost:?}");
    }
    // What is personal is so in the extension too.
    let long = String::from_utf8(long).expect("text").replace("dc:title=\"T\"", "exif:GPSLatitude=\"48,30N\"");
    let file = png(&[chunk(b"iTXt", &[&b"XML:com.adobe.xmp\0\0\0\0\0"[..], long.as_bytes()].concat())]);
    let (jpeg, _) = go(&file, Format::Png, Format::Jpeg, &Options::default());
    assert!(found(&jpeg, Format::Jpeg).personal.contains(&"the place where it was taken"));
    let (safe, lost) = go(&jpeg, Format::Jpeg, Format::Jpeg, &with(MetadataPolicy::Safe));
    assert!(lost.iter().any(|what| what.starts_with("XMP is left out")), "{lost:?}");
    assert!(segments(&safe, 0xE1).is_empty());
}

#[test]
fn what_a_png_says_of_its_colours_is_kept_or_told() {
    let number = |values: &[u32]| values.iter().flat_map(|value| value.to_be_bytes()).collect::<Vec<u8>>();
    let gamma = chunk(b"gAMA", &number(&[100_000]));
    let place = chunk(b"cHRM", &number(&[31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000]));
    let told = |chunks: &[Vec<u8>], to: Format| {
        let (_, lost) = go(&png(chunks), Format::Png, to, &Options::default());
        lost.into_iter().find(|what| what.contains("of the PNG"))
    };
    let both = [gamma.clone(), place.clone()];
    for to in [Format::Jpeg, Format::Bmp, Format::WebP, Format::Tiff] {
        let words = "The gamma and the chromaticities of the PNG are left out: colours may look different";
        assert_eq!(told(&both, to).as_deref(), Some(words), "{to:?}");
    }
    let words = "The gamma of the PNG is left out: colours may look different";
    assert_eq!(told(&both[..1], Format::Bmp).as_deref(), Some(words));
    // Kept in a PNG; nothing is lost where it says what sRGB is, or where that word stands beside.
    assert_eq!(told(&both, Format::Png), None);
    let (kept, _) = go(&png(&both), Format::Png, Format::Png, &Options::default());
    let before = found(&png(&both), Format::Png);
    let after = found(&kept, Format::Png);
    for label in ["Gamma", "Chromaticities"] {
        assert!(before.value("Picture", label).is_some());
        assert_eq!(before.value("Picture", label), after.value("Picture", label));
    }
    assert_eq!(told(&[chunk(b"sRGB", &[0]), gamma], Format::Jpeg), None);
    let usual = number(&[31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000]);
    assert_eq!(told(&[chunk(b"gAMA", &number(&[45_455])), chunk(b"cHRM", &usual)], Format::Jpeg), None);
}
