use super::*;
use crate::buffer::Len;

macro_rules! samples {
    ($($name:literal),*) => {
        const SAMPLES: &[(&str, &[u8])] =
            &[$(($name, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/samples/", $name)))),*];
    };
}

samples![
    "alpha.png",
    "animation.gif",
    "grey16.png",
    "photo.jpg",
    "photo.png",
    "picture.bmp",
    "picture.ico",
    "picture.pgm",
    "picture.ppm",
    "picture.qoi",
    "picture.tiff",
    "picture.webp",
    "truncated.png"
];

fn sample(name: &str) -> Vec<u8> {
    SAMPLES.iter().find(|(known, _)| *known == name).unwrap().1.to_vec()
}

fn tree(bytes: &[u8]) -> Structure {
    let tree = read(&Buffer::from(bytes), &Progress::new()).unwrap().expect("it is a container");
    check(&tree, bytes.len() as u64);
    tree
}

/// What is true of every tree.
fn check(tree: &Structure, len: u64) {
    assert!(tree.nodes().len() <= MOST);
    for (id, node) in tree.nodes().iter().enumerate() {
        assert!(node.end() <= len, "{} at {} of {} bytes, in {len}", node.name, node.start, node.len);
        assert!(node.depth <= 64, "{}", node.name);
        for &child in &node.children {
            let child = tree.node(child).unwrap();
            assert_eq!((child.parent as usize, child.depth), (id, node.depth + 1));
        }
    }
    for pair in tree.regions().windows(2) {
        assert!(pair[0].start < pair[0].end && pair[0].end <= pair[1].start, "{pair:?}");
    }
    assert!(tree.regions().iter().all(|region| region.color < Region::COLORS));
}

fn find<'a>(tree: &'a Structure, name: &str) -> &'a Node {
    tree.nodes().iter().find(|node| node.name == name).unwrap_or_else(|| panic!("no {name}: {}", told(tree)))
}

fn told(tree: &Structure) -> String {
    let line = |node: &Node| {
        let indent = " ".repeat(usize::from(node.depth));
        format!("{indent}{}: {} [{}+{}] {:?}\n", node.name, node.value, node.start, node.len, node.problems)
    };
    tree.nodes().iter().map(line).collect()
}

fn problems(tree: &Structure) -> Vec<&str> {
    tree.nodes().iter().flat_map(|node| node.problems.iter().map(String::as_str)).collect()
}

fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = crc32fast::Hasher::new();
    crc.update(kind);
    crc.update(data);
    [&(data.len() as u32).to_be_bytes()[..], kind, data, &crc.finalize().to_be_bytes()].concat()
}

#[test]
fn every_byte_of_the_samples_has_its_place_and_nothing_is_wrong_with_them() {
    for &(name, bytes) in SAMPLES.iter().filter(|(name, _)| *name != "truncated.png") {
        let tree = tree(bytes);
        assert_eq!(problems(&tree), [""; 0], "{name}: {}", told(&tree));
        let covered: u64 = tree.regions().iter().map(|region| region.end - region.start).sum();
        let pnm = name.ends_with("pgm") || name.ends_with("ppm");
        assert!(
            covered + if pnm { 16 } else { 0 } >= bytes.len() as u64,
            "{name}: {covered} of {}: {}",
            bytes.len(),
            told(&tree)
        );
    }
    let cut = tree(&sample("truncated.png"));
    assert!(problems(&cut).iter().any(|problem| problem.starts_with("cut off")), "{}", told(&cut));
}

#[test]
fn what_the_samples_say() {
    let png = tree(&sample("photo.png"));
    assert_eq!(png.kind(), "PNG");
    let [width, crc] = ["Width", "CRC"].map(|name| find(&png, name));
    assert_eq!((width.start, width.len), (16, 4));
    assert!(crc.value.ends_with("(correct)"), "{}", crc.value);
    assert_eq!(png.deepest(17), png.nodes().iter().position(|node| node.name == "Width").map(|id| id as u32));
    let jpeg = tree(&sample("photo.jpg"));
    assert!(["SOI", "DQT", "DHT", "SOS", "Scan data", "EOI"].iter().all(|name| find(&jpeg, name).len > 0), "{}", told(&jpeg));
    let gif = tree(&sample("animation.gif"));
    assert_eq!(find(&gif, "Image 2").children.len(), find(&gif, "Image 1").children.len());
    let tiff = tree(&sample("picture.tiff"));
    assert!(find(&tiff, "ImageWidth").value.parse::<u32>().is_ok(), "{}", told(&tiff));
    let webp = tree(&sample("picture.webp"));
    assert_eq!(webp.kind(), "WebP");
    let ico = tree(&sample("picture.ico"));
    assert!(find(&ico, "Picture 0").len > 0);
    let bmp = tree(&sample("picture.bmp"));
    assert!(find(&bmp, "Pixels").len > 0);
    assert_eq!(read(&Buffer::from(&b"plain text"[..]), &Progress::new()).unwrap(), None);
    assert_eq!(read(&Buffer::new(), &Progress::new()).unwrap(), None);
}

#[test]
fn a_wrong_check_sum_and_wrong_sizes_are_told() {
    let mut bytes = sample("photo.png");
    bytes[20] ^= 1;
    let wrong = tree(&bytes);
    assert!(problems(&wrong).iter().any(|problem| problem.starts_with("wrong: the CRC")), "{}", told(&wrong));
    let mut bytes = b"\x89PNG\r\n\x1A\n".to_vec();
    bytes.extend(png_chunk(b"IHDR", &[0, 0, 0, 0, 0, 0, 0, 1, 3, 2, 0, 0, 0]));
    bytes.extend(b"\x7F\xFF\xFF\xF0IDATabc");
    let wrong = tree(&bytes);
    let all = problems(&wrong).join("; ");
    assert!(all.contains("a width is at least 1") && all.contains("no colour type 2 with 3 bits"), "{all}");
    assert!(all.contains("cut off: 11 of its 2147483644 bytes"), "{all}");
}

#[test]
fn any_beginning_of_a_sample_is_taken_apart() {
    for (_, bytes) in SAMPLES {
        let step = (bytes.len() / 300).max(1);
        for len in (0..bytes.len().min(600)).chain((0..bytes.len()).step_by(step)) {
            if let Some(tree) = read(&Buffer::from(&bytes[..len]), &Progress::new()).unwrap() {
                check(&tree, len as u64);
            }
        }
    }
}

#[test]
fn bytes_changed_at_random_do_no_harm() {
    let mut random = fastrand::Rng::with_seed(77);
    let mut samples: Vec<Vec<u8>> = SAMPLES.iter().map(|(_, bytes)| bytes.to_vec()).collect();
    samples.extend([archive(), gzipped(), wav(), nested_tiff()]);
    for sample in samples {
        for _ in 0..150 {
            let mut bytes = sample.clone();
            for _ in 0..random.usize(1..12) {
                // Headers are where it hurts.
                let reach = if random.bool() { bytes.len().min(256) } else { bytes.len() };
                let at = random.usize(..reach);
                match random.u8(..4) {
                    0 => bytes[at] = 0xFF,
                    1 => bytes[at] = random.u8(..),
                    2 => bytes[at] ^= 1 << random.u8(..8),
                    _ => bytes.truncate(at.max(12)),
                }
            }
            if let Some(tree) = read(&Buffer::from(&bytes[..]), &Progress::new()).unwrap() {
                check(&tree, bytes.len() as u64);
            }
        }
    }
}

#[test]
fn long_lists_are_cut_and_go_on_when_asked() {
    let mut bytes = b"\x89PNG\r\n\x1A\n".to_vec();
    bytes.extend(png_chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]));
    (0..2000).for_each(|_| bytes.extend(png_chunk(b"teSt", b"x")));
    bytes.extend(png_chunk(b"IEND", b""));
    let input = Buffer::from(bytes);
    let mut tree = read(&input, &Progress::new()).unwrap().unwrap();
    let mut rounds = 0;
    loop {
        check(&tree, input.len().get());
        let root = &tree.nodes()[0];
        let Some(&last) = root.children.last() else { panic!("no parts") };
        let Some(more) = &tree.node(last).unwrap().more else { break };
        assert!(more.exact);
        assert_eq!(root.children.len() as u64 - 1 + more.count, 2003);
        assert_eq!(tree.deepest(input.len().get() - 1), Some(last));
        tree = tree.expand(last, &input, &Progress::new()).unwrap().unwrap();
        rounds += 1;
    }
    assert_eq!((tree.nodes()[0].children.len(), rounds), (2003, 3));
    assert_eq!(tree.problems(), 0);
    assert_eq!(tree.expand(1, &input, &Progress::new()).unwrap(), None);
}

/// A big-endian TIFF with an EXIF directory and a second page.
fn nested_tiff() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let mut bytes = b"MM\0\x2A\0\0\0\x08".to_vec();
    // At 8: three entries and the next directory.
    bytes.extend(3u16.to_be_bytes());
    bytes.extend(entry(256, 3, 1, [0, 7, 0, 0]));
    bytes.extend(entry(270, 2, 6, 80u32.to_be_bytes()));
    bytes.extend(entry(34665, 4, 1, 50u32.to_be_bytes()));
    bytes.extend(90u32.to_be_bytes());
    assert_eq!(bytes.len(), 50);
    bytes.extend(1u16.to_be_bytes());
    bytes.extend(entry(33434, 5, 1, 68u32.to_be_bytes()));
    bytes.extend(0u32.to_be_bytes());
    bytes.extend([0, 0, 0, 1, 0, 0, 0, 250]);
    bytes.resize(80, 0);
    bytes.extend(b"hello\0");
    bytes.resize(90, 0);
    bytes.extend(0u16.to_be_bytes());
    bytes.extend(8u32.to_be_bytes());
    bytes
}

#[test]
fn directories_are_followed_and_a_loop_of_them_is_told() {
    let bytes = nested_tiff();
    let tree = tree(&bytes);
    assert_eq!(find(&tree, "ImageWidth").value, "7");
    assert_eq!(find(&tree, "ImageDescription").value, "hello");
    assert_eq!(find(&tree, "ExposureTime").value, "1/250");
    let deepest = tree.node(tree.deepest(70).unwrap()).unwrap();
    assert_eq!((deepest.name.as_str(), deepest.start), ("Value", 68));
    assert_eq!(problems(&tree), ["it was there before: the directories form a loop"]);
    let mut far = bytes.clone();
    far[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
    assert!(problems(&read(&Buffer::from(far), &Progress::new()).unwrap().unwrap())[0].starts_with("it lies outside"));
}

#[test]
fn a_tiff_of_64_bits() {
    let mut bytes = b"II\x2B\0\x08\0\0\0\x10\0\0\0\0\0\0\0".to_vec();
    bytes.extend(1u64.to_le_bytes());
    bytes.extend([&257u16.to_le_bytes()[..], &16u16.to_le_bytes(), &1u64.to_le_bytes(), &99u64.to_le_bytes()].concat());
    bytes.extend(0u64.to_le_bytes());
    let tree = tree(&bytes);
    assert_eq!((tree.kind(), find(&tree, "ImageLength").value.as_str(), tree.problems()), ("BigTIFF", "99", 0));
}

fn archive() -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default();
    zip.start_file("stored.txt", options.compression_method(::zip::CompressionMethod::Stored)).unwrap();
    zip.write_all(b"stored content").unwrap();
    zip.start_file("folder/deflated.txt", options.compression_method(::zip::CompressionMethod::Deflated)).unwrap();
    zip.write_all(&b"again and again and ".repeat(50)).unwrap();
    zip.set_comment("a comment").unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn archives() {
    let bytes = archive();
    let whole = tree(&bytes);
    assert_eq!((whole.kind(), problems(&whole)), ("ZIP", vec![]), "{}", told(&whole));
    assert_eq!(find(&whole, "stored.txt").value, "stored, 14 of 14 bytes");
    assert_eq!(find(&whole, "Central directory").children.len(), 2);
    assert_eq!(find(&whole, "Comment").value, "a comment");
    let covered: u64 = whole.regions().iter().map(|region| region.end - region.start).sum();
    assert_eq!(covered, bytes.len() as u64, "{}", told(&whole));
    // Something in front, which the places in the records do not count.
    let behind = [&b"#!/bin/sh\nexit\n"[..], &bytes].concat();
    let moved = tree(&behind);
    assert_eq!((moved.kind(), problems(&moved)), ("ZIP", vec![]), "{}", told(&moved));
    assert_eq!(find(&moved, "Data before the files").len, 15);
    // A byte of a stored file.
    let mut wrong = bytes.clone();
    let at = memchr::memmem::find(&bytes, b"stored content").unwrap();
    wrong[at] = b'S';
    assert!(problems(&tree(&wrong))[0].starts_with("the CRC-32 of the data is"));
    // Without its end.
    let cut = tree(&bytes[..bytes.len() - 40]);
    assert!(find(&cut, "stored.txt").len > 0);
    assert!(find(&cut, "Missing end of central directory").problems[0].starts_with("the file is cut off"));
}

fn gzipped() -> Vec<u8> {
    [hex::decode(FIXED).unwrap(), hex::decode(DYNAMIC).unwrap()].concat()
}

/// "hello" four times, and 120 words, as zlib packs them.
const FIXED: &str = "1f8b0800000000000203cb48cdc9c957c8402701e3513d8d17000000";
const DYNAMIC: &str = "1f8b08000000000002037d52590a84300cbd4aaf96609811ea02e3574f2f36565f16e62786f46d4d6539a8c8fe9bebb616aafb97ca879685ee7e927ad8dae469f96a1117395619b86ad207fc3f02d616a1908ac5a654c080c3a9cdd60fd4b1b75e2bee6330c1e56536711c18bc80219108421ead39365b30bc4b93ece140db78e6c981687d385e417961fbf863c00e06d77f7d5463c46edd9e7c0d4f1f6c9b14d0020000";

#[test]
fn members_of_gzip() {
    let bytes = gzipped();
    let two = tree(&bytes);
    assert_eq!(problems(&two), [""; 0], "{}", told(&two));
    assert_eq!(find(&two, "Member 0").len, FIXED.len() as u64 / 2);
    assert_eq!(find(&two, "Member 1").end(), bytes.len() as u64);
    assert!(find(&two, "Block with fixed codes").value.starts_with("23 bytes unpacked"), "{}", told(&two));
    assert_eq!(find(&two, "Block with codes of its own").value, "720 bytes unpacked, the last one");
    // A stored block.
    let mut stored = hex::decode("1f8b0800000000000003").unwrap();
    stored.extend(b"\x01\x03\0\xFC\xFFabc");
    stored.extend(crc32fast::hash(b"abc").to_le_bytes());
    stored.extend(3u32.to_le_bytes());
    assert_eq!(tree(&stored).problems(), 0);
    let last = stored.len() - 1;
    stored[last] = 9;
    assert!(problems(&tree(&stored))[0].starts_with("wrong: the data unpack to 3 bytes"));
    let cut = tree(&bytes[..bytes.len() - 30]);
    assert!(problems(&cut)[0].starts_with("cut off"), "{}", told(&cut));
}

fn wav() -> Vec<u8> {
    let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x44\xAC\0\0\x10\xB1\x02\0\x04\0\x10\0".to_vec();
    bytes.extend(b"LIST\x0E\0\0\0INFOINAM\x02\0\0\0hi");
    bytes.extend(b"odd \x01\0\0\0x\0data\x08\0\0\0abcdefgh");
    let size = bytes.len() as u32 - 8;
    bytes[4..8].copy_from_slice(&size.to_le_bytes());
    bytes
}

#[test]
fn sound() {
    let tree = tree(&wav());
    assert_eq!(problems(&tree), [""; 0], "{}", told(&tree));
    assert_eq!(find(&tree, "fmt ").value, "PCM, 2 channels, 44100 Hz, 16 bits");
    assert_eq!(find(&tree, "INAM").value, "hi");
    assert_eq!(find(&tree, "Padding").len, 1);
    assert!(find(&tree, "data").value.starts_with("8 bytes, 0.000 seconds"));
}

#[test]
fn huge_files_cost_what_small_ones_do() {
    let mut bytes =
        Buffer::from(&b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\0\0\0\0\x7F\xFF\xFF\xFFIDAT"[..]);
    bytes.append_buffer(&Buffer::filled(0, Len(100 << 30)));
    let tree = read(&bytes, &Progress::new()).unwrap().unwrap();
    check(&tree, bytes.len().get());
    assert!(tree.nodes().iter().any(|node| node.value.ends_with("(not checked: the file is large)")));
    let progress = Progress::new();
    progress.cancel();
    assert!(matches!(read(&bytes, &progress), Err(FormatError::Cancelled(_))));
}
