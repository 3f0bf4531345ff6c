//! Everything that looks at bytes from outside, called with small limits.

use std::io::{self, Write};
use std::sync::Arc;

use fastrand::Rng;
use seektell::buffer::{Buffer, Offset};
use seektell::convert::{Destination, Outcome, Recipe, Source, run};
use seektell::document::{Document, Origin};
use seektell::explore::table::{By, Conditions, SortKey, statistics, view};
use seektell::formats::archive::{self, Archive, Kind as ArchiveKind};
use seektell::formats::literal;
use seektell::formats::report;
use seektell::formats::table::{self, Table};
use seektell::formats::{
    Format, FormatError, Kind, Limits, Options, convert, detect, dump, losses, picture, raised, sheet_names, structure, targets,
    text,
};
use seektell::tasks::Progress;

use super::seeds::{Family, Seed};

/// What a case may take by its own limits.
const LIMIT: u64 = 8 << 20;

fn limits() -> Limits {
    Limits { max_bytes: LIMIT, max_side: 20_000 }
}

fn options() -> Options {
    let mut options = Options::default();
    options.dump.limit = Some(LIMIT);
    options
}

/// A disk with little room.
struct Small(u64);

impl Write for Small {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.0.checked_sub(bytes.len() as u64).ok_or(io::ErrorKind::StorageFull)?;
        self.0 = left;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Errors are said in words, whatever they are.
fn said<T>(result: Result<T, impl std::fmt::Display>) -> Option<T> {
    result.map_err(|error| assert!(!error.to_string().is_empty())).ok()
}

pub(super) fn everything(bytes: &[u8], seed: &Seed, random: &mut Rng, case: u64) {
    let input = Buffer::from(bytes);
    if seed.family() == Family::Kept {
        return kept(bytes);
    }
    let found = detect(&input, Some(&seed.name)).unwrap();
    detect(&input, None).unwrap();
    let mut formats = vec![found.format];
    formats.extend(seed.format.filter(|format| *format != found.format));
    structures(&input);
    archives(&input);
    as_text(&input, bytes);
    for format in formats {
        raised(&input, format, limits());
        match format.kind() {
            Kind::Picture => pictures(&input, format),
            Kind::Table | Kind::Json => tables(&input, format),
            Kind::Encoded => {
                said(dump::decode_head(&input, format, 4_096, &Progress::new()));
            }
            Kind::Text | Kind::Bytes => {}
        }
        conversions(&input, format, random);
    }
    if case.is_multiple_of(8) {
        to_files(&input, seed, random);
    }
}

fn pictures(input: &Buffer, format: Format) {
    let progress = Progress::new();
    said(picture::probe(input, format));
    let decoded = said(picture::decode(input, format, limits(), &progress));
    if let Some(picture) = &decoded {
        let needs = u64::from(picture.image.width()) * u64::from(picture.image.height());
        assert!(needs <= LIMIT, "{needs} pixels within a limit of {LIMIT} bytes");
        picture.pixel(0, 0);
        said(picture::assume(picture, input));
    }
    if let Some(metadata) = said(picture::metadata(input, format)) {
        let text: usize = metadata.groups.iter().flat_map(|group| &group.entries).map(|entry| entry.value.len()).sum();
        assert!(text < 64 << 20, "{text} bytes of metadata");
    }
    said(picture::profile(input, format));
    said(picture::timing(input, format, &progress));
    said(picture::play(input, format));
    said(picture::page(input, 2));
    said(picture::decode_for_display(input, format, limits(), &progress));
    said(picture::decode_at_least(input, format, (3, 3), limits(), &progress));
    if let Some(Some(layout)) = said(picture::layout(input, format)) {
        let mut at = 0;
        while at < input.len().get() {
            if let Some((x, y)) = layout.pixel_at(at) {
                said(layout.read(input, x, y));
                layout.place_of(x, y);
            }
            at += 1 + input.len().get() / 50;
        }
    }
    if let Some(frames) = said(picture::frames(input, format, limits(), &progress)) {
        for frame in frames.take(40) {
            if said(frame).is_none() {
                break;
            }
        }
    }
}

fn tables(input: &Buffer, format: Format) {
    let progress = Progress::new();
    if format.is_workbook() {
        said(sheet_names(input, format, &progress));
    }
    let options = options().table_within();
    let Some(opened) = said(table::read(input, format, &options, &progress)) else { return };
    let table: &Table = &opened.table;
    said(table.rows(0, 50));
    said(table.rows(table.row_count().saturating_sub(3), 10));
    said(table.rows(u64::MAX, usize::MAX));
    for at in [0, input.len().get() / 2, input.len().get(), u64::MAX] {
        said(table.row_at(Offset(at)));
        said(table.cell_at(Offset(at)));
    }
    said(table.cell_range(1, 1));
    said(statistics(table, &[0, 1], None, &progress, &|_| {}));
    let key = SortKey { column: 0, by: By::Natural, descending: true };
    said(view(table, &Conditions::default(), &[key], &progress, &|_| {}));
}

fn as_text(input: &Buffer, bytes: &[u8]) {
    let guess = text::guess(input).unwrap();
    said(text::decode_within(input, guess.encoding, limits(), &Progress::new()));
    if let Some(lines) = said(text::LineIndex::build(input, guess.encoding, &Progress::new())) {
        for row in lines.rows(0, 20).unwrap() {
            lines.text(&row).unwrap();
        }
        lines.row_at(Offset(input.len().get() / 2)).unwrap();
    }
    let head: String = String::from_utf8_lossy(bytes).chars().take(20_000).collect();
    literal::recognise(&head);
    dump::parse_hex_loose(&head);
}

fn structures(input: &Buffer) {
    let progress = Progress::new();
    let Some(Some(mut tree)) = said(structure::read(input, &progress)) else { return };
    for _ in 0..3 {
        let Some(more) = tree.nodes().iter().position(|node| node.more.is_some()) else { break };
        match said(tree.expand(more as u32, input, &progress)) {
            Some(Some(next)) => tree = next,
            _ => break,
        }
    }
    for node in tree.nodes() {
        assert!(node.depth < 300 && node.value.len() < 1 << 20, "{node:?}");
    }
}

fn archives(input: &Buffer) {
    let progress = Progress::new();
    for kind in [ArchiveKind::Zip, ArchiveKind::Tar] {
        Archive::begins(input, kind).unwrap();
    }
    let unpacked = said(archive::unpacked(input, LIMIT, &progress));
    for bytes in std::iter::once(input.clone()).chain(unpacked) {
        assert!(bytes.len().get() <= LIMIT.max(input.len().get()));
        let Some(archive) = said(Archive::open(&bytes, &progress)) else { continue };
        for member in archive.members().iter().take(20) {
            member.remarks();
            if let Some(content) = said(archive.read(member, LIMIT, &progress)) {
                assert!(content.len().get() <= LIMIT, "{} bytes", content.len());
            }
            if let Some(path) = archive::safe_path(&member.name) {
                assert!(path.components().all(|part| matches!(part, std::path::Component::Normal(_))), "{}", path.display());
            }
        }
    }
}

fn conversions(input: &Buffer, from: Format, random: &mut Rng) {
    let mut to = targets(from);
    if std::env::var_os("SEEKTELL_ALL").is_none() {
        random.shuffle(&mut to);
        to.truncate(4);
    }
    for to in to {
        said(losses(input, from, to, &options(), &Progress::new()));
        if let Err(FormatError::Write(error)) = convert(input, from, to, &options(), &mut Small(64 << 20), &Progress::new()) {
            assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{from} to {to}: {error}");
        }
    }
}

/// What fails leaves nothing, what is written is what was said.
fn to_files(input: &Buffer, seed: &Seed, random: &mut Rng) {
    let folder = tempfile::tempdir().unwrap();
    let ways = seed.format.map(targets).unwrap_or_default();
    let Some(&to) = ways.get(random.usize(..ways.len().max(1))) else { return };
    let mut source = Source::document(seed.name.clone(), input.clone(), None);
    source.from = seed.format;
    let recipe = Recipe { into: Destination::Folder(folder.path().to_owned()), options: options(), ..Recipe::new(to) };
    let outcomes = run(&[source], &recipe, &Progress::new(), &mut |_, _| {}).unwrap();
    let there = std::fs::read_dir(folder.path()).unwrap().count();
    match outcomes.first().map(Arc::as_ref) {
        Some(Outcome::Written(_)) => assert_eq!(there, 1, "{} to {to}", seed.name),
        Some(Outcome::Failed(error)) => {
            assert!(there == 0 && !error.to_string().is_empty(), "{} to {to}: {error}; {there} files are left", seed.name);
        }
        other => panic!("{} to {to}: {other:?}", seed.name),
    }
}

/// Files that the program keeps for itself or is told what to do by.
fn kept(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(recipe) = said(report::Recipe::parse(&text)) {
        let people = Buffer::from(&b"name,age\nAda,36\nBob,x\n"[..]);
        let sources: Option<report::Sources> = recipe
            .sources
            .iter()
            .map(|(name, source)| Some((name.clone(), said(report::Source::new(people.clone(), "people.csv", source))?)))
            .collect();
        if let Some(built) = sources.and_then(|sources| said(recipe.build(&sources, &recipe.values, &Progress::new()))) {
            for format in [Format::Csv, Format::Html, Format::Pdf, Format::Xlsx] {
                said(report::write(&built, format, &options(), &mut Small(32 << 20), &Progress::new()));
            }
        }
    }
    seektell::app::Settings::from_json(&text);
    let mut document = Document::bytes("a", Origin::New, Buffer::from(&b"0123456789"[..]));
    said(document.import_bookmarks(&text));
    said(seektell::lesson::parse("x.txt", &text));
}
