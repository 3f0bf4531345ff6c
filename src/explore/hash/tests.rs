use super::*;
use crate::buffer::Len;

fn all(snapshot: &Buffer) -> ByteRange {
    ByteRange::new(Offset::ZERO, snapshot.len())
}

fn of(bytes: &[u8], algorithm: Algorithm) -> String {
    let snapshot = Buffer::from(bytes);
    digests(&snapshot, all(&snapshot), &[algorithm], &Progress::new()).unwrap().remove(0).hex
}

#[test]
fn every_crc_of_the_catalogue_makes_its_check_value() {
    assert_eq!(PRESETS.len(), 112);
    for preset in PRESETS {
        let hex = of(b"123456789", Algorithm::Crc(preset.crc));
        assert_eq!(u64::from_str_radix(&hex, 16), Ok(preset.check), "{}", preset.name);
        assert_eq!(hex.len(), preset.crc.digits());
        assert_eq!(Algorithm::named(&Algorithm::Crc(preset.crc).id()), Ok(Algorithm::Crc(preset.crc)), "{}", preset.name);
    }
}

#[test]
fn crcs_of_long_input_are_those_of_the_crate() {
    let mut random = fastrand::Rng::with_seed(5);
    for len in [0, 1, 7, 8, 9, 63, 64, 65, 1000] {
        let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(len).collect();
        let ours = |name: &str| of(&bytes, Algorithm::named(name).unwrap());
        assert_eq!(ours("crc-5/usb"), format!("{:02x}", crc::Crc::<u8>::new(&crc::CRC_5_USB).checksum(&bytes)));
        assert_eq!(ours("crc-8/smbus"), format!("{:02x}", crc::Crc::<u8>::new(&crc::CRC_8_SMBUS).checksum(&bytes)));
        assert_eq!(ours("crc-12/umts"), format!("{:03x}", crc::Crc::<u16>::new(&crc::CRC_12_UMTS).checksum(&bytes)));
        assert_eq!(ours("crc-16/xmodem"), format!("{:04x}", crc::Crc::<u16>::new(&crc::CRC_16_XMODEM).checksum(&bytes)));
        assert_eq!(ours("crc-32/bzip2"), format!("{:08x}", crc::Crc::<u32>::new(&crc::CRC_32_BZIP2).checksum(&bytes)));
        assert_eq!(ours("crc32c"), format!("{:08x}", crc::Crc::<u32>::new(&crc::CRC_32_ISCSI).checksum(&bytes)));
        assert_eq!(ours("crc-64/we"), format!("{:016x}", crc::Crc::<u64>::new(&crc::CRC_64_WE).checksum(&bytes)));
        assert_eq!(ours("crc-64/xz"), format!("{:016x}", crc::Crc::<u64>::new(&crc::CRC_64_XZ).checksum(&bytes)));
        let typed = "crc:width=32,poly=0x04C11DB7,init=0xFFFFFFFF,refin=true,refout=true,xorout=0xFFFFFFFF";
        assert_eq!(ours(typed), format!("{:08x}", crc32fast::hash(&bytes)));
    }
}

#[test]
fn digests_of_known_input() {
    for (name, nothing, abc) in [
        ("md5", "d41d8cd98f00b204e9800998ecf8427e", "900150983cd24fb0d6963f7d28e17f72"),
        ("sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "sha224",
            "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
        ),
        (
            "sha256",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            "sha3-256",
            "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        ),
        (
            "blake3",
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
            "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
        ),
        (
            "sha512-224",
            "6ed0dd02806fa89e25de060c19d3ac86cabb87d6a0ddd05c333b84f4",
            "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa",
        ),
        (
            "SHA-512/256",
            "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a",
            "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
        ),
        (
            "sha3-224",
            "6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7",
            "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
        ),
        (
            "sha3_384",
            "0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2ac3713831264adb47fb6bd1e058d5f004",
            "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
        ),
        (
            "blake2b",
            "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce",
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
        ),
        (
            "blake2s",
            "69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9",
            "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
        ),
        ("xxh32", "02cc5d05", "32d153ff"),
        ("XXH64", "ef46db3751d8e999", "44bc2cf5ad770999"),
        ("xxh3", "2d06800538d394c2", "78af5f94892f3950"),
        ("crc-8", "00", "5f"),
        ("crc16", "0000", "9738"),
        ("adler32", "00000001", "024d0127"),
        ("crc32", "00000000", "352441c2"),
    ] {
        let algorithm = Algorithm::named(name).unwrap();
        assert_eq!((of(b"", algorithm), of(b"abc", algorithm)), (nothing.into(), abc.into()), "{name}");
        assert_eq!(algorithm.digits(), abc.len());
    }
    for algorithm in Algorithm::COMMON.into_iter().chain(Algorithm::MORE) {
        assert_eq!(of(b"abc", algorithm).len(), algorithm.digits(), "{}", algorithm.label());
        assert_eq!(Algorithm::named(&algorithm.id()), Ok(algorithm));
        assert_eq!(Algorithm::named(&algorithm.label()), Ok(algorithm));
    }
}

#[test]
fn one_pass_makes_what_separate_passes_make() {
    let mut random = fastrand::Rng::with_seed(9);
    let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(BLOCK as usize * 2 + 4321).collect();
    // In pieces of many kinds: a vector, a fill, small appends.
    let mut snapshot = Buffer::from(bytes);
    snapshot.append_buffer(&Buffer::filled(7, Len(100_000)));
    (0..1000u32).for_each(|n| snapshot.append(&n.to_le_bytes()));
    let flat = snapshot.to_vec_all().unwrap();
    let mut algorithms: Vec<Algorithm> = Algorithm::COMMON.into_iter().chain(Algorithm::MORE).collect();
    algorithms.push(Algorithm::named("crc-16/xmodem").unwrap());
    let range = ByteRange::between(Offset(3), Offset(flat.len() as u64 - 5));
    let together = digests(&snapshot, range, &algorithms, &Progress::new()).unwrap();
    for digest in together {
        assert_eq!(digest.hex, of(&flat[3..flat.len() - 5], digest.algorithm), "{}", digest.algorithm.label());
    }
}

#[test]
fn a_cancel_ends_it_and_progress_counts_bytes() {
    let snapshot = Buffer::filled(1, Len(BLOCK * 3 + 1));
    let progress = Progress::new();
    digests(&snapshot, all(&snapshot), &[Algorithm::CRC32], &progress).unwrap();
    assert_eq!((progress.done(), progress.total()), (BLOCK * 3 + 1, BLOCK * 3 + 1));
    progress.cancel();
    let endless = Buffer::filled(0, Buffer::MAX_LEN);
    let cancelled = digests(&endless, all(&endless), &Algorithm::COMMON, &progress);
    assert_eq!(cancelled, Err(HashError::Cancelled(Cancelled)));
}

#[test]
fn parameters_as_they_are_typed() {
    let crc = Crc::parse("width=16 poly=0x1021 init=0xffff refin=false refout=false xorout=0x0000 check=0x29b1").unwrap();
    assert_eq!(Algorithm::Crc(crc).id(), "crc-16/ibm-3740");
    assert_eq!(Crc::parse(&crc.to_string()), Ok(crc));
    for (text, part) in [
        ("", "width is missing"),
        ("width=65,poly=1", "from 1 to 64"),
        ("width=8", "poly is missing"),
        ("width=8,poly=0x107", "more than 8 bits"),
        ("width=8,poly=0x06", "even"),
        ("width=8,poly=0x07,refin=maybe", "true or false"),
        ("width=8,poly=0x07,speed=3", "no parameter"),
        ("width=8,poly=+7", "no number"),
        ("7", "no parameter"),
    ] {
        let error = Crc::parse(text).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn digests_from_elsewhere() {
    let digest = |name: &str| {
        let algorithm = Algorithm::named(name).unwrap();
        Digest { algorithm, hex: of(b"abc", algorithm) }
    };
    let known = [digest("sha256"), digest("md5"), digest("crc32")];
    let sha = &known[0].hex;
    let spaced: String = sha.as_bytes().chunks(2).map(|pair| format!("{}:", String::from_utf8_lossy(pair))).collect();
    for text in [
        sha.to_uppercase(),
        format!("  {sha} *some name.bin\n"),
        format!("\\{sha}  some\\nname"),
        format!("SHA256 (a (b) = c) = {sha}"),
        spaced,
        "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=".into(),
    ] {
        assert_eq!(compare(&text, &known), Verdict::Matches(Algorithm::Sha256), "{text}");
    }
    assert_eq!(compare("35 24 41 c2", &known), Verdict::Matches(Algorithm::CRC32));
    assert_eq!(compare(" ", &known), Verdict::Nothing);
    assert_eq!(compare(&"0".repeat(32), &known), Verdict::Differs(vec![Algorithm::Md5]));
    assert_eq!(compare(&"0".repeat(40), &known), Verdict::NotCalculated(vec![Algorithm::Sha1]));
    assert!(matches!(compare("abc", &known), Verdict::NoDigest(_)));
    assert!(matches!(compare("hello there", &known), Verdict::NoDigest(_)));
}
