//! The engine of conversions: many sources, one recipe; what is written is what was to be written, or nothing is.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use seektell::buffer::Buffer;
use seektell::convert::{
    Check, ConvertError, Destination, DialectChoice, Disk, Input, OnExisting, Outcome, Produce, Recipe, Source, Store, Written,
    run, run_in, survey,
};
use seektell::files::{Existing, FileError, Saved};
use seektell::formats::archive::Archive;
use seektell::formats::literal::Style;
use seektell::formats::picture::ops::Resize;
use seektell::formats::text::Encoding;
use seektell::formats::{Format, Kind, targets};
use seektell::tasks::Progress;

const PEOPLE: &str = "id,name,city\r\n007,Zoë,Paris\r\n2,\"Bob, jr\",\"New\r\nYork\"\r\n\r\n3,Eve\r\n";

fn picture(width: u32, height: u32) -> Vec<u8> {
    let pixels = image::RgbaImage::from_fn(width, height, |x, y| image::Rgba([(x * 7) as u8, (y * 5) as u8, 40, 255]));
    let mut png = io::Cursor::new(Vec::new());
    pixels.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> Source {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), content).unwrap();
        Source::file(self.path(name))
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).into_iter().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn recipe(&self, to: Format, existing: OnExisting) -> Recipe {
        Recipe { into: Destination::Folder(self.path("out")), existing, ..Recipe::new(to) }
    }
}

fn all(sources: &[Source], recipe: &Recipe) -> Vec<Arc<Outcome>> {
    run(sources, recipe, &Progress::new(), &mut |_, _| {}).unwrap()
}

fn written(outcome: &Outcome) -> &Written {
    match outcome {
        Outcome::Written(written) => written,
        other => panic!("{other:?}"),
    }
}

fn failed(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Failed(error) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Everything becomes everything it can become, and is found right when it is read back.
#[test]
fn every_way_is_verified() {
    let room = Room::new();
    let json = "{\"a\": 1.10, \"b\": [1, 2, {\"c\": null}], \"é\": \"\\u00e9\"}";
    let sources = [
        (room.file("p.png", picture(40, 30)), Format::Png),
        (room.file("t.csv", PEOPLE), Format::Csv),
        (room.file("t.tsv", "a\tb\n1\t2\n"), Format::Tsv),
        (room.file("j.json", json), Format::Json),
        (room.file("j.jsonl", "{\"a\": 1}\n{\"a\": 2, \"b\": 3}\n"), Format::JsonLines),
        (room.file("x.txt", "naïve\r\nline\rend\n"), Format::Text),
        (room.file("b.bin", (0..=255).cycle().take(100_000).collect::<Vec<u8>>()), Format::Bytes),
        (room.file("empty.bin", ""), Format::Bytes),
        (room.file("p.b64", "iVBORw0KGgo="), Format::Base64),
    ];
    for (source, from) in &sources {
        for to in targets(*from) {
            let recipe = Recipe { from: Some(*from), ..room.recipe(to, OnExisting::Overwrite) };
            let outcome = &all(std::slice::from_ref(source), &recipe)[0];
            match &**outcome {
                Outcome::Written(written) => {
                    assert_eq!(fs::metadata(&written.path).unwrap().len(), written.bytes, "{from} to {to}");
                }
                // What cannot be said in a format is refused before it is written, never found out afterwards.
                Outcome::Failed(ConvertError::NotVerified { .. }) => panic!("{from} to {to}: {}", failed(outcome)),
                Outcome::Failed(ConvertError::Format(_)) if from.kind() == Kind::Encoded || from.kind() == Kind::Json => {}
                other => panic!("{from} to {to}: {other:?}"),
            }
        }
    }
    assert!(room.names("out").iter().all(|name| !name.starts_with('.')), "{:?}", room.names("out"));
}

#[test]
fn choices_are_verified_too() {
    let room = Room::new();
    let table = room.file("t.csv", PEOPLE);
    let bytes = room.file("b.bin", (0..=255).collect::<Vec<u8>>());
    type Said<'a> = (&'a Source, Format, &'a [(&'a str, &'a str)]);
    let words: &[Said<'_>] = &[
        (
            &table,
            Format::Csv,
            &[("delimiter", ";"), ("quoting", "all"), ("newline", "cr"), ("encoding", "utf-16le"), ("bom", "")],
        ),
        (&table, Format::Csv, &[("without-header", ""), ("delimiter", "|")]),
        (&table, Format::Tsv, &[("fields", "name,id"), ("extras", "ignore"), ("missing", "?")]),
        (&table, Format::Json, &[("indent", "2")]),
        (&table, Format::Xlsx, &[("without-header", "")]),
        (&table, Format::Text, &[("encoding", "ascii"), ("newline", "lf")]),
        (&bytes, Format::Base64, &[("wrap", "76"), ("url-safe", ""), ("no-padding", "")]),
        (&bytes, Format::HexText, &[("upper", ""), ("wrap", "32")]),
        (&bytes, Format::IntelHex, &[("address", "0x12345"), ("record", "32"), ("start", "0x10")]),
        (&bytes, Format::SRecord, &[("address", "0xFFFFFF00"), ("name", "head")]),
        (&bytes, Format::Gzip, &[("level", "0"), ("name", "x"), ("time", "9")]),
    ];
    for (source, to, said) in words {
        let mut recipe = room.recipe(*to, OnExisting::Overwrite);
        for (flag, value) in *said {
            seektell::convert::words::say(&mut recipe, flag, value).unwrap();
        }
        written(&all(std::slice::from_ref(*source), &recipe)[0]);
    }
    // Text as it is cannot hold every byte: that it did not is found out.
    for style in Style::READERS.into_iter().filter(|style| *style != Style::Text) {
        let mut recipe = room.recipe(Format::Literal, OnExisting::Overwrite);
        recipe.options.dump.style = Some(style);
        let outcome = &all(std::slice::from_ref(&bytes), &recipe)[0];
        assert!(!matches!(&**outcome, Outcome::Failed(ConvertError::NotVerified { .. })), "{style:?}: {outcome:?}");
    }
}

#[test]
fn a_source_is_never_written_over_whichever_path_leads_to_it() {
    let room = Room::new();
    let a = room.file("out/a.png", picture(9, 9));
    let b = room.file("b.png", picture(8, 8));
    let before = fs::read(room.path("out/a.png")).unwrap();
    // Another source of the run lies where the first one's result would go.
    let same = Source::document("a.bmp", Buffer::from(picture(3, 3)), None);
    for existing in [OnExisting::Refuse, OnExisting::Overwrite, OnExisting::Skip] {
        let outcomes = all(&[same.clone(), a.clone()], &room.recipe(Format::Png, existing));
        assert!(failed(&outcomes[0]).contains("the output is the input"), "{existing:?}");
        assert!(failed(&outcomes[1]).contains("the output is the input"), "{existing:?}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(room.path("b.png"), room.path("out/link.png")).unwrap();
        fs::hard_link(room.path("b.png"), room.path("out/hard.png")).unwrap();
        for name in ["link", "hard"] {
            let recipe = Recipe { names: name.into(), ..room.recipe(Format::Png, OnExisting::Overwrite) };
            assert!(failed(&all(std::slice::from_ref(&b), &recipe)[0]).contains("the output is the input"), "{name}");
        }
    }
    // A document's own file is a source too.
    let document = Source { path: Some(room.path("out/a.png")), ..Source::document("a.png", Buffer::from(picture(2, 2)), None) };
    assert!(
        failed(&all(std::slice::from_ref(&document), &room.recipe(Format::Png, OnExisting::Overwrite))[0])
            .contains("the output is the input")
    );
    let renamed = &all(&[document], &room.recipe(Format::Png, OnExisting::Rename))[0];
    assert!(written(renamed).path.ends_with("a (2).png") && written(renamed).renamed);
    assert_eq!(fs::read(room.path("out/a.png")).unwrap(), before);
    // A ZIP is no exception.
    let zip = room.file("z.zip", "PK");
    let recipe =
        Recipe { into: Destination::Zip(room.path("z.zip")), existing: OnExisting::Overwrite, ..Recipe::new(Format::Gzip) };
    assert!(failed(&all(&[zip], &recipe)[0]).contains("the output is the input"));
    assert_eq!(fs::read(room.path("z.zip")).unwrap(), b"PK");
}

#[test]
fn two_sources_of_one_name_are_told_apart_or_refused() {
    let room = Room::new();
    let sources = [room.file("x/a.png", picture(4, 4)), room.file("y/A.png", picture(5, 5)), room.file("z/a.bmp", picture(6, 6))];
    let outcomes = all(&sources, &room.recipe(Format::Png, OnExisting::Rename));
    let names: Vec<_> = outcomes.iter().map(|outcome| written(outcome).path.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["a.png", "A (2).png", "a (3).png"], "also where case makes no difference");
    for existing in [OnExisting::Refuse, OnExisting::Skip, OnExisting::Overwrite] {
        let recipe = Recipe { into: Destination::Folder(room.path(existing.word())), ..room.recipe(Format::Png, existing) };
        let outcomes = all(&sources, &recipe);
        written(&outcomes[0]);
        assert!(failed(&outcomes[1]).contains("another input of this run"), "{existing:?}");
        assert_eq!(room.names(existing.word()), ["a.png"], "{existing:?}");
    }
}

#[test]
fn a_taken_name_is_skipped_numbered_or_replaced() {
    let room = Room::new();
    let source = room.file("a.csv", PEOPLE);
    room.file("out/a.json", "old");
    let one = |existing| all(std::slice::from_ref(&source), &room.recipe(Format::Json, existing));
    assert!(failed(&one(OnExisting::Refuse)[0]).contains("exists already"));
    assert!(matches!(&*one(OnExisting::Skip)[0], Outcome::Skipped(path) if path.ends_with("out/a.json")));
    assert!(written(&one(OnExisting::Rename)[0]).path.ends_with("a (2).json"));
    assert!(written(&one(OnExisting::Rename)[0]).path.ends_with("a (3).json"));
    assert_eq!(fs::read(room.path("out/a.json")).unwrap(), b"old");
    assert!(!written(&one(OnExisting::Overwrite)[0]).renamed);
    assert!(fs::read(room.path("out/a.json")).unwrap().starts_with(b"[{"));
}

/// A part of a list that is converted again has the numbers of the list.
#[test]
fn a_source_can_have_a_number_of_its_own() {
    let room = Room::new();
    let sources = [room.file("a.png", picture(4, 4)), Source { number: Some(7), ..room.file("b.png", picture(4, 4)) }];
    all(&sources, &Recipe { names: "{number} {name}".into(), ..room.recipe(Format::Bmp, OnExisting::Refuse) });
    assert_eq!(room.names("out"), ["1 a.bmp", "7 b.bmp"]);
}

fn text_document(name: &str, content: &str) -> Source {
    Source::document(name, Buffer::from(content.as_bytes().to_vec()), None)
}

#[test]
fn losses_of_all_sources_are_summed_before_and_their_columns_united() {
    let sources = [
        text_document("a.csv", "id,name\n1,Zo\u{eb}\n"),
        text_document("b.csv", "id,price\n2,\u{be}\n3,\u{f1}\n"),
        text_document("c.csv", "name,id\nx,4\n"),
        Source::document("broken.png", Buffer::from(b"\x89PNG\r\n\x1a\nrubbish".to_vec()), None),
    ];
    let mut recipe = Recipe::new(Format::Tsv);
    recipe.dialect = DialectChoice { delimiter: Some(b','), header: Some(true) };
    recipe.options.text.encoding = Encoding::from_name("ascii").unwrap();
    let mut told = 0;
    let found = survey(&sources, &recipe, &Progress::new(), &mut |_| told += 1).unwrap();
    assert_eq!((found.looked, found.of, told), (4, 4, 4));
    let losses: Vec<_> = found.losses.iter().map(|loss| (loss.sources, loss.differs)).collect();
    assert_eq!(losses, [(2, true)], "one and several are the same loss: {:?}", found.losses);
    assert_eq!(found.impossible.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [3]);
    let columns: Vec<_> = found.columns.iter().map(|column| (column.name.as_str(), column.tables)).collect();
    assert_eq!((columns.as_slice(), found.tables), ([("id", 3), ("name", 2), ("price", 1)].as_slice(), 3));
    // Of one alone only the columns are asked for: its losses are seen with its result.
    let one = survey(&sources[1..2], &recipe, &Progress::new(), &mut |_| {}).unwrap();
    assert!(one.losses.is_empty() && one.columns.len() == 2, "{one:?}");
    let stopped = Progress::new();
    stopped.cancel();
    assert!(survey(&sources, &recipe, &stopped, &mut |_| {}).is_err());
}

#[test]
fn a_zip_holds_what_went_well_under_safe_and_different_names() {
    let room = Room::new();
    let document = |name: &str, size| Source::document(name, Buffer::from(picture(size, 2)), None);
    let sources = [
        document("../../etc/passwd.png", 1),
        document("C:\\a.png", 2),
        document("nul.png", 3),
        document("a\u{202e}gnp.exe", 4),
        document("x.png", 5),
        document("X.png", 6),
        Source::document("bad.png", Buffer::from(b"\x89PNG\r\n\x1a\nrubbish".to_vec()), None),
        Source::file(room.path("missing.png")),
    ];
    let zip = room.path("out/all.zip");
    let recipe = Recipe { into: Destination::Zip(zip.clone()), existing: OnExisting::Rename, ..Recipe::new(Format::Bmp) };
    let mut told = Vec::new();
    let outcomes = run(&sources, &recipe, &Progress::new(), &mut |index, _| told.push(index)).unwrap();
    assert_eq!(told, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert!(failed(&outcomes[6]).contains("PNG") && failed(&outcomes[7]).contains("no such file"));
    let archive = Archive::open(&seektell::files::open(&zip).unwrap().buffer, &Progress::new()).unwrap();
    assert_eq!(archive.members().len(), 6);
    let mut seen = std::collections::HashSet::new();
    for (member, outcome) in archive.members().iter().zip(&outcomes) {
        assert_eq!(Some(&member.name), written(outcome).entry.as_ref());
        assert!(member.risk.is_none() && member.problems.is_empty() && seen.insert(member.name.to_lowercase()), "{member:?}");
        let bytes = archive.read(member, 1 << 20, &Progress::new()).unwrap().to_vec_all().unwrap();
        assert_eq!(&bytes[..2], b"BM");
    }
    assert!(seen.contains("x (2).bmp"), "{seen:?}");
    // The same again: the ZIP's name is taken.
    let again = all(&sources, &recipe);
    assert!(written(&again[0]).path.ends_with("all (2).zip"));
    let skip = Recipe { existing: OnExisting::Skip, ..recipe.clone() };
    assert!(matches!(&*all(&sources, &skip)[0], Outcome::Skipped(_)));
    assert_eq!(room.names("out"), ["all (2).zip", "all.zip"]);
    // Nothing that goes well, no ZIP.
    let none = Recipe { into: Destination::Zip(room.path("out/none.zip")), ..recipe };
    assert!(matches!(&*all(&sources[6..], &none)[0], Outcome::Failed(_)));
    assert_eq!(room.names("out").len(), 2);
}

/// A disk that does what disks do now and then.
enum Faulty {
    /// The byte at this place is another one when it is read again.
    Breaks(u64),
    /// It is full after so many bytes.
    Full(AtomicU64),
}

impl Store for Faulty {
    fn save(
        &self,
        path: &Path,
        existing: &Existing,
        least: u64,
        progress: &Progress,
        write: Produce<'_>,
        check: Check<'_>,
    ) -> Result<Saved, FileError> {
        let mut faulty = |out: &mut dyn Write| write(&mut FaultyWriter { out, at: 0, disk: self });
        Disk.save(path, existing, least, progress, &mut faulty, check)
    }

    fn copy(
        &self,
        path: &Path,
        existing: &Existing,
        progress: &Progress,
        content: &Buffer,
        check: Check<'_>,
    ) -> Result<Saved, FileError> {
        let mut bytes = content.to_vec_all().unwrap();
        if let Self::Breaks(at) = self {
            bytes[*at as usize] ^= 1;
        }
        Disk.copy(path, existing, progress, &bytes.into(), check)
    }
}

struct FaultyWriter<'a> {
    out: &'a mut dyn Write,
    at: u64,
    disk: &'a Faulty,
}

impl Write for FaultyWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut other = bytes.to_vec();
        match self.disk {
            Faulty::Breaks(breaks) => {
                if let Some(at) = breaks.checked_sub(self.at)
                    && let Some(byte) = other.get_mut(at as usize)
                {
                    *byte ^= 1;
                }
            }
            Faulty::Full(left) => {
                let room = left.load(Ordering::Relaxed).min(other.len() as u64);
                if room == 0 {
                    return Err(io::ErrorKind::StorageFull.into());
                }
                other.truncate(room as usize);
                left.fetch_sub(room, Ordering::Relaxed);
            }
        }
        self.out.write_all(&other)?;
        self.at += other.len() as u64;
        Ok(other.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[test]
fn what_the_disk_breaks_is_an_error_with_the_formats_name_and_leaves_nothing() {
    let room = Room::new();
    let table = room.file("t.csv", PEOPLE);
    let pixels = room.file("p.png", picture(40, 30));
    room.file("out/t.json", "old");
    for (source, to) in [
        (&pixels, Format::Jpeg),
        (&pixels, Format::Bmp),
        (&table, Format::Json),
        (&table, Format::Xlsx),
        (&table, Format::Html),
        (&table, Format::Text),
        (&pixels, Format::Base64),
        (&pixels, Format::Gzip),
        (&pixels, Format::Bytes),
    ] {
        let recipe = room.recipe(to, OnExisting::Overwrite);
        let outcomes = run_in(&Faulty::Breaks(60), std::slice::from_ref(source), &recipe, &Progress::new(), &mut |_, _| {});
        let words = failed(&outcomes.unwrap()[0]);
        assert!(words.contains(to.info().name) && words.ends_with("nothing was kept"), "{words}");
        assert_eq!(room.names("out"), ["t.json"], "{to}");
        assert_eq!(fs::read(room.path("out/t.json")).unwrap(), b"old", "{to}");
    }
    let zip = Recipe { into: Destination::Zip(room.path("out/a.zip")), ..Recipe::new(Format::Bmp) };
    let outcomes = run_in(&Faulty::Breaks(60), &[pixels], &zip, &Progress::new(), &mut |_, _| {}).unwrap();
    assert!(failed(&outcomes[0]).contains("does not read back"), "{outcomes:?}");
    assert_eq!(room.names("out"), ["t.json"]);
}

#[test]
fn a_full_disk_leaves_nothing_at_whichever_byte() {
    let room = Room::new();
    let sources = [room.file("a.png", picture(20, 20)), room.file("b.png", picture(21, 20))];
    for left in (0..1400).step_by(97) {
        for into in [Destination::Folder(room.path("out")), Destination::Zip(room.path("out/a.zip"))] {
            let recipe = Recipe { into, ..Recipe::new(Format::Bmp) };
            let store = Faulty::Full(AtomicU64::new(left));
            let outcomes = run_in(&store, &sources, &recipe, &Progress::new(), &mut |_, _| {}).unwrap();
            let well = outcomes.iter().filter(|outcome| matches!(&***outcome, Outcome::Written(_))).count();
            let zip = matches!(recipe.into, Destination::Zip(_));
            assert_eq!(room.names("out").len(), if zip { well.min(1) } else { well }, "{left} bytes: {outcomes:?}");
            fs::remove_dir_all(room.path("out")).ok();
        }
    }
}

#[test]
fn a_cancel_ends_the_run_and_leaves_nothing_half_written() {
    let room = Room::new();
    let sources: Vec<_> = (0..6).map(|n| room.file(&format!("{n}.png"), picture(64, 64))).collect();
    for into in [Destination::Folder(room.path("out")), Destination::Zip(room.path("out/a.zip"))] {
        let recipe = Recipe { into, ..Recipe::new(Format::Jpeg) };
        let progress = Progress::new();
        let mut seen = 0;
        let outcomes = run(&sources, &recipe, &progress, &mut |_, _| {
            seen += 1;
            if seen == 2 {
                progress.cancel();
            }
        })
        .unwrap();
        let cancelled = outcomes.iter().filter(|outcome| matches!(&***outcome, Outcome::Cancelled)).count();
        match recipe.into {
            Destination::Zip(_) => {
                assert_eq!(cancelled, 6, "{outcomes:?}");
                assert!(room.names("out").is_empty());
            }
            _ => {
                assert_eq!(cancelled, 4, "{outcomes:?}");
                assert_eq!(room.names("out"), ["0.jpg", "1.jpg"]);
                fs::remove_dir_all(room.path("out")).unwrap();
            }
        }
    }
}

#[test]
fn losses_and_sizes_are_told_for_each_source() {
    let room = Room::new();
    let mut recipe = room.recipe(Format::Text, OnExisting::Refuse);
    recipe.options.text.encoding = Encoding::Ascii;
    let outcomes = all(&[room.file("a.txt", "naïve"), room.file("b.txt", "plain")], &recipe);
    assert_eq!(written(&outcomes[0]).losses.len(), 1);
    assert!(written(&outcomes[1]).losses.is_empty());
    let mut recipe = room.recipe(Format::Jpeg, OnExisting::Refuse);
    recipe.options.picture.operations.resize = Some(Resize::Thumbnail { width: 20, height: 20 });
    let outcome = &all(&[room.file("p.png", picture(80, 60))], &recipe)[0];
    let (made, path) = (written(outcome), room.path("out/p.jpg"));
    assert_eq!((made.read, made.bytes), (fs::metadata(room.path("p.png")).unwrap().len(), fs::metadata(&path).unwrap().len()));
    assert_eq!(image::image_dimensions(path).unwrap(), (20, 15));
}

#[test]
fn what_no_source_can_be_asked_for_is_said_before_anything_is_touched() {
    let room = Room::new();
    let sources = [room.file("a.png", picture(2, 2)), room.file("b.png", picture(2, 2))];
    let mut wrong = room.recipe(Format::Jpeg, OnExisting::Refuse);
    wrong.options.picture.quality = 0;
    let names = Recipe { names: "../x".into(), ..room.recipe(Format::Jpeg, OnExisting::Refuse) };
    let one = Recipe { into: Destination::File(room.path("out/x.jpg")), ..Recipe::new(Format::Jpeg) };
    for recipe in [wrong, names, one] {
        assert!(run(&sources, &recipe, &Progress::new(), &mut |_, _| {}).is_err());
    }
    assert!(room.names("out").is_empty());
    // A document that was never a file has nothing to stand beside.
    let document = Source::document("d", Buffer::from(picture(2, 2)), None);
    assert!(failed(&all(&[document], &Recipe::new(Format::Jpeg))[0]).contains("no folder"));
}

#[test]
fn what_is_known_by_name_only_is_named() {
    let exr = Source::document("light.exr", Buffer::from(&b"\x76\x2F\x31\x01\x02\0\0\0channels\0"[..]), None);
    let input = Input::open(&exr, &Recipe::new(Format::Png), &Progress::new()).unwrap();
    let error = input.write(Format::Png, &mut Vec::new(), &Progress::new()).unwrap_err();
    assert_eq!(error.to_string(), "OpenEXR (EXR) is not read here, so it cannot become PNG image; only its bytes can be written");
}
