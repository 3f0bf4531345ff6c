//! Packed bytes and archives: what honest ones give, and what broken and hostile ones are refused for.

#![allow(clippy::unwrap_used, reason = "what is broken here fails the test")]

use std::process::Command;

use crate::oracle::oracle;
use seektell::buffer::Buffer;
use seektell::formats::archive::{Archive, ArchiveError, Kind, Member, Risk, pack as pack_documents};
use seektell::formats::literal::Style;
use seektell::formats::{Conversion, DumpOptions, Format, FormatError, Options, convert, detect};
use seektell::tasks::Progress;

fn go(input: &[u8], from: Format, to: Format, dump: DumpOptions) -> Result<(Vec<u8>, Conversion), FormatError> {
    let mut out = Vec::new();
    let options = Options { dump, ..Options::default() };
    let done = convert(&input.into(), from, to, &options, &mut out, &Progress::new())?;
    Ok((out, done))
}

fn pack(input: &[u8], to: Format) -> Vec<u8> {
    go(input, Format::Bytes, to, DumpOptions::default()).unwrap().0
}

fn unpack(input: &[u8], from: Format) -> Result<(Vec<u8>, Conversion), FormatError> {
    go(input, from, Format::Bytes, DumpOptions::default())
}

fn told(done: &Conversion) -> Vec<&str> {
    done.losses.iter().map(|loss| loss.what.as_str()).collect()
}

fn noise(len: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(len as u64);
    (0..len).map(|at| if at % 7 < 3 { random.u8(..) } else { b'x' }).collect()
}

#[test]
fn packed_bytes_come_back_and_other_programs_agree() {
    for len in [0, 1, 65_535, 65_536, 300_000] {
        let bytes = noise(len);
        for format in [Format::Gzip, Format::Zlib] {
            let packed = pack(&bytes, format);
            let (back, done) = unpack(&packed, format).unwrap();
            assert!(back == bytes && done.losses.is_empty(), "{format} of {len}: {done:?}");
            assert_eq!(pack(&bytes, format), packed, "the same bytes give the same file");
        }
        assert_eq!(detect(&pack(&bytes, Format::Gzip).into(), None).unwrap().format, Format::Gzip);
        if let Some(expected) = oracle("gzip", &["-dc"], &pack(&bytes, Format::Gzip)) {
            assert!(expected == bytes, "gzip reads {len}");
        }
        if let Some(packed) = oracle("gzip", &["-c9"], &bytes) {
            assert!(unpack(&packed, Format::Gzip).unwrap().0 == bytes, "gzip wrote {len}");
        }
        if let Some(packed) = oracle("zstd", &["-c", "-3"], &bytes) {
            assert!(unpack(&packed, Format::Zstd).unwrap().0 == bytes, "zstd wrote {len}");
            assert_eq!(detect(&packed.into(), None).unwrap().format, Format::Zstd);
        }
        let script = "import sys,zlib; sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))";
        if let Some(expected) = oracle("python3", &["-c", script], &pack(&bytes, Format::Zlib)) {
            assert!(expected == bytes, "Python reads {len}");
        }
    }
    assert_eq!(detect(&pack(&noise(5000), Format::Zlib).into(), None).unwrap().format, Format::Zlib);
    let level =
        |level| go(&noise(100_000), Format::Bytes, Format::Gzip, DumpOptions { level: Some(level), ..Default::default() });
    assert!(level(0).unwrap().0.len() > level(9).unwrap().0.len());
    assert_eq!(level(10).unwrap_err().to_string(), "the level must be 0 to 9, not 10");
}

#[test]
fn what_is_inside_converts_in_one_step() {
    let csv = b"id,name\n1,Ann\n2,Bob\n";
    let (json, _) = go(&pack(csv, Format::Gzip), Format::Gzip, Format::Json, DumpOptions::default()).unwrap();
    assert_eq!(String::from_utf8(json).unwrap(), r#"[{"id":"1","name":"Ann"},{"id":"2","name":"Bob"}]"#);
    let (base64, _) = go(&pack(b"Hello", Format::Zlib), Format::Zlib, Format::Base64, DumpOptions::default()).unwrap();
    assert_eq!(base64, b"SGVsbG8=");
}

#[test]
fn members_names_and_what_stands_behind_are_told() {
    let named = DumpOptions { name: Some("päper.txt".into()), time: Some(1_600_000_000), ..Default::default() };
    let first = go(b"Hello, ", Format::Bytes, Format::Gzip, named).unwrap().0;
    let both = [&first[..], &pack(b"World!", Format::Gzip)].concat();
    let (bytes, done) = unpack(&both, Format::Gzip).unwrap();
    assert_eq!(bytes, b"Hello, World!");
    assert_eq!(
        told(&done),
        [
            "The name \"päper.txt\" in the gzip header is no part of the bytes",
            "The time 2020-09-13T12:26:40Z in the gzip header is no part of the bytes",
        ]
    );
    for (behind, what) in [(&[0; 512][..], "512 zeros"), (b"PK\x03\x04", "4 bytes")] {
        for format in [Format::Gzip, Format::Zlib] {
            let packed = pack(b"Hello", format);
            let (bytes, done) = unpack(&[&packed[..], behind].concat(), format).unwrap();
            let id = format.info().id;
            assert_eq!(bytes, b"Hello");
            let sentence = format!("{what} behind the end are no {id} data and are left out, from offset {} on", packed.len());
            assert_eq!(told(&done), [sentence]);
        }
    }
}

#[test]
fn what_is_cut_off_or_damaged_is_named_and_its_start_can_be_kept() {
    let bytes = noise(200_000);
    for format in [Format::Gzip, Format::Zlib] {
        let packed = pack(&bytes, format);
        for cut in [1, 9, packed.len() / 2, packed.len() - 1] {
            let error = unpack(&packed[..cut], format).unwrap_err().to_string();
            assert!(error.contains("cut off") && error.contains("bytes can be unpacked before that"), "{format} {cut}: {error}");
        }
        let keep = DumpOptions { partial: true, ..Default::default() };
        let (part, done) = go(&packed[..packed.len() / 2], format, Format::Bytes, keep).unwrap();
        assert!(part.len() > 1000 && bytes.starts_with(&part));
        assert!(told(&done)[0].contains(&format!("the result holds the {} bytes that came before", part.len())));
    }
    let mut wrong = pack(&bytes, Format::Gzip);
    let at = wrong.len() - 8;
    wrong[at] ^= 1;
    let error = unpack(&wrong, Format::Gzip).unwrap_err().to_string();
    assert!(error.contains("the CRC-32 is"), "{error}");
    // Whatever a file says, nothing panics or hangs.
    let mut random = fastrand::Rng::with_seed(3);
    let zstd = oracle("zstd", &["-c"], &bytes).unwrap_or_default();
    let originals =
        [(Format::Gzip, pack(&bytes, Format::Gzip)), (Format::Zlib, pack(&bytes, Format::Zlib)), (Format::Zstd, zstd)];
    for (format, packed) in originals.iter().filter(|(_, packed)| !packed.is_empty()) {
        for _ in 0..100 {
            let mut broken = packed.clone();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..broken.len().min(200));
                broken[at] = random.u8(..);
            }
            if let Err(error) = unpack(&broken, *format) {
                assert!(!matches!(error, FormatError::Panicked { .. }), "{format}: {error}");
            }
        }
    }
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let packed = pack(&vec![0; 20 << 20], Format::Gzip);
    let limit = DumpOptions { limit: Some(1 << 20), ..Default::default() };
    let error = go(&packed, Format::Gzip, Format::Bytes, limit).unwrap_err().to_string();
    assert!(error.contains("more than the limit of 1048576 bytes"), "{error}");
    assert_eq!(unpack(&packed, Format::Gzip).unwrap().0.len(), 20 << 20);
}

#[test]
fn literals_are_written_in_every_style_and_read_back() {
    let bytes: Vec<u8> = (0..=255).collect();
    for style in Style::ALL.into_iter().filter(|style| *style != Style::Text) {
        let chosen = DumpOptions { style: Some(style), name: Some("logo".into()), ..Default::default() };
        let (text, _) = go(&bytes, Format::Bytes, Format::Literal, chosen.clone()).unwrap();
        assert!(go(&text, Format::Literal, Format::Bytes, chosen.clone()).unwrap().0 == bytes, "{}", style.id());
        if style.has_name() {
            let text = String::from_utf8(text).unwrap();
            assert!(text.to_lowercase().contains("logo"), "{text}");
            assert!(unpack(text.as_bytes(), Format::Literal).unwrap().0 == bytes, "{} is recognised", style.id());
        }
        assert_eq!(Style::from_id(style.id()), Some(style));
        let base64 = pack(&bytes, Format::Base64);
        let (from_text, _) = go(&base64, Format::Base64, Format::Literal, chosen.clone()).unwrap();
        assert_eq!(from_text, go(&bytes, Format::Bytes, Format::Literal, chosen).unwrap().0, "from base64 to {}", style.id());
    }
    let rust = DumpOptions { style: Some(Style::Rust), name: Some("1x".into()), ..Default::default() };
    assert!(go(b"a", Format::Bytes, Format::Literal, rust).unwrap_err().to_string().contains("the name must be"));
    let error = unpack(b"no bytes here", Format::Literal).unwrap_err().to_string();
    assert!(error.contains("say which style it is"), "{error}");
    let style = DumpOptions { style: Some(Style::C), ..Default::default() };
    let error = go(b"int a[] = {1,\n 2, oops};", Format::Literal, Format::Bytes, style).unwrap_err().to_string();
    assert!(error.contains("line 2"), "{error}");
}

fn archive_of(members: &[(&str, &[u8])], kind: Kind) -> Vec<u8> {
    let documents: Vec<_> = members.iter().map(|(name, bytes)| ((*name).to_owned(), Buffer::from(*bytes))).collect();
    let mut out = Vec::new();
    pack_documents(&documents, kind, 6, &mut out, &Progress::new()).unwrap();
    out
}

fn contents(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let archive = Archive::open(&archive.into(), &Progress::new()).unwrap();
    let read = |member: &Member| archive.read(member, 1 << 30, &Progress::new()).unwrap().to_vec_all().unwrap();
    archive.members().iter().map(|member| (member.name.clone(), read(member))).collect()
}

#[test]
fn documents_packed_in_memory_come_back_and_python_agrees() {
    let members: [(&str, &[u8]); 2] = [("report.csv", b"id,total\r\n1,2.50\r\n"), ("summary.json", br#"{"total": 2.50}"#)];
    let wanted: Vec<_> = members.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    for kind in [Kind::Zip, Kind::Tar] {
        let packed = archive_of(&members, kind);
        assert_eq!(contents(&packed), wanted, "{}", kind.name());
        assert_eq!(archive_of(&members, kind), packed, "the same documents give the same archive");
        let script = match kind {
            Kind::Zip => {
                "import sys,io,zipfile\nz=zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))\nassert z.testzip() is None\n\
                 print([(i.filename, z.read(i), i.compress_type) for i in z.infolist()])"
            }
            Kind::Tar => {
                "import sys,io,tarfile\nt=tarfile.open(fileobj=io.BytesIO(sys.stdin.buffer.read()))\n\
                 print([(m.name, t.extractfile(m).read(), 8) for m in t.getmembers()])"
            }
        };
        if let Some(printed) = oracle("python3", &["-c", script], &packed) {
            let expected = "[('report.csv', b'id,total\\r\\n1,2.50\\r\\n', 8), ('summary.json', b'{\"total\": 2.50}', 8)]\n";
            assert_eq!(String::from_utf8(printed).unwrap(), expected, "{}", kind.name());
        }
    }
}

#[test]
fn our_own_names_are_made_safe_and_different() {
    let names = ["a.txt", "A.txt", "../x", "C:\\y", "nul.txt", "", "b. ", "\u{202e}gnp.exe"];
    let packed = archive_of(&names.map(|name| (name, &b"x"[..])), Kind::Zip);
    let archive = Archive::open(&packed.into(), &Progress::new()).unwrap();
    assert!(archive.members().iter().all(|member| member.risk.is_none() && member.problems.is_empty()));
    let found: Vec<_> = archive.members().iter().map(|member| member.name.as_str()).collect();
    assert_eq!(found, ["a.txt", "A 2.txt", ".._x", "C__y", "_nul.txt", "untitled", "b", "_gnp.exe"]);
}

#[test]
fn hostile_members_are_listed_and_named() {
    let mut builder = tar::Builder::new(Vec::new());
    let names = ["../up", "/etc/passwd", "C:/x", "a\\b", "con.txt", "x\x1b[31m", "dot.", "fine/ok.txt"];
    for name in names {
        let mut header = tar::Header::new_gnu();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(2);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, &b"hi"[..]).unwrap();
    }
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    builder.append_link(&mut link, "link", "/etc").unwrap();
    let bytes = builder.into_inner().unwrap();
    let archive = Archive::open(&bytes.clone().into(), &Progress::new()).unwrap();
    let risks: Vec<_> = archive.members().iter().map(|member| member.risk).collect();
    let wanted = [Risk::Parent, Risk::Absolute, Risk::Drive, Risk::Backslash, Risk::Device, Risk::Control, Risk::Ending];
    assert_eq!(risks[..7], wanted.map(Some));
    assert_eq!(risks[7..], [None, Some(Risk::Link)]);
    assert_eq!(archive.members()[0].name, "../up", "names are shown as they are");
    let refused = archive.write(&archive.members()[8], 9, &mut Vec::new(), &Progress::new()).unwrap_err().to_string();
    assert_eq!(refused, "it is a link, which is never followed: \"link\"");
    // In the terminal: the safe one is written, the others are told, nothing is outside of the folder.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("evil.tar"), &bytes).unwrap();
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_seektell")).args(arguments).current_dir(folder.path()).output().unwrap()
    };
    let ran = run(&["archive", "extract", "evil.tar", "--out-dir", "out"]);
    assert_eq!(ran.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&ran.stderr).lines().count(), 8);
    assert_eq!(std::fs::read(folder.path().join("out/fine/ok.txt")).unwrap(), b"hi");
    assert_eq!(std::fs::read_dir(folder.path().join("out")).unwrap().count(), 1);
    assert!(!folder.path().join("up").exists());
    let listed = String::from_utf8(run(&["archive", "list", "evil.tar"]).stdout).unwrap();
    assert!(listed.contains("2  ../up  [unsafe: its name leads out of the folder (..)]") && !listed.contains('\x1b'), "{listed}");
}

#[test]
fn sizes_are_counted_and_damage_is_named() {
    let packed = archive_of(&[("zeros", &vec![0; 5 << 20]), ("other", b"abc")], Kind::Zip);
    let archive = Archive::open(&packed.clone().into(), &Progress::new()).unwrap();
    let zeros = archive.find("zeros").unwrap();
    let error = archive.write(zeros, 1 << 20, &mut Vec::new(), &Progress::new()).unwrap_err();
    assert!(matches!(error, ArchiveError::Budget { limit: 1_048_576, .. }), "{error}");
    assert!(archive.find("nothing").is_err());
    // The header before the data calls it something else.
    let mut renamed = packed.clone();
    renamed[30..35].copy_from_slice(b"ZEROS");
    let archive = Archive::open(&renamed.into(), &Progress::new()).unwrap();
    assert_eq!(archive.members()[0].problems, ["its own header calls it \"ZEROS\""]);
    assert!(matches!(Archive::open(&b"neither"[..].into(), &Progress::new()), Err(ArchiveError::Unknown)));
    let mut random = fastrand::Rng::with_seed(8);
    for kind in [Kind::Zip, Kind::Tar] {
        let packed = archive_of(&[("one.txt", b"some text"), ("two.txt", &noise(5000))], kind);
        for _ in 0..200 {
            let mut broken = packed.clone();
            broken.truncate(random.usize(1..=broken.len()));
            let at = random.usize(..broken.len());
            broken[at] = random.u8(..);
            let Ok(archive) = Archive::open(&broken.into(), &Progress::new()) else { continue };
            for member in archive.members() {
                archive.write(member, 1 << 20, &mut Vec::new(), &Progress::new()).ok();
            }
        }
    }
}

#[test]
fn a_member_converts_in_one_step() {
    let folder = tempfile::tempdir().unwrap();
    let table = b"id,name\n1,Ann\n2,Bob\n";
    std::fs::write(folder.path().join("a.zip"), archive_of(&[("table.csv", table), ("x", b"y")], Kind::Zip)).unwrap();
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_seektell")).args(arguments).current_dir(folder.path()).output().unwrap()
    };
    let ran = run(&["convert", "a.zip", "--member", "table.csv", "--to", "json"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let json = std::fs::read_to_string(folder.path().join("table.json")).unwrap();
    assert_eq!(json, r#"[{"id":"1","name":"Ann"},{"id":"2","name":"Bob"}]"#);
    let ran = run(&["convert", "a.zip", "--member", "none", "--to", "bytes", "-o", "-"]);
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(!ran.status.success() && said.contains("there is no member \"none\" in the archive: a.zip"), "{said}");
    std::fs::write(folder.path().join("logo.png"), b"\x89PNG").unwrap();
    let ran = run(&["convert", "logo.png", "--from", "bytes", "-o", "logo.rs", "--name", "logo"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let text = std::fs::read_to_string(folder.path().join("logo.rs")).unwrap();
    assert!(text.starts_with("const LOGO: [u8; 4] = ["), "{text}");
}
