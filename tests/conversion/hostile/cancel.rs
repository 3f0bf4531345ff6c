//! Work that is cancelled ends, and says that it was cancelled.
//!
//! How soon it ends depends on the machine and the build, so that is measured by a test that runs only when it is asked for
//! (`cargo test --release --test conversion work_ends_soon -- --ignored --nocapture`); `SEEKTELL_CANCEL` says how many milliseconds
//! are allowed (50).

use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use seektell::app::Present;
use seektell::buffer::{Buffer, Len};
use seektell::convert::{Destination, Outcome, Recipe, Source, run};
use seektell::explore::table::{By, Conditions, SortKey, statistics, view};
use seektell::files::{self, Existing, FileErrorKind};
use seektell::formats::archive::{self, ArchiveError};
use seektell::formats::options::TiffCompression;
use seektell::formats::picture::ops::Resize;
use seektell::formats::{Format, FormatError, Limits, Options, convert, picture, table};
use seektell::tasks::Progress;

/// Whether it ended because it was cancelled.
type Work = Box<dyn Fn(&Progress) -> bool + Send + Sync>;

fn stopped<T>(result: Result<T, FormatError>) -> bool {
    matches!(result, Err(FormatError::Cancelled(_)))
}

fn way(input: &Buffer, from: Format, to: Format, options: Options) -> Work {
    let input = input.clone();
    Box::new(move |progress| stopped(convert(&input, from, to, &options, &mut Nowhere, progress)))
}

struct Nowhere;

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn photo(width: u32, height: u32) -> Buffer {
    let mut file = format!("P6 {width} {height} 255\n").into_bytes();
    let mut random = fastrand::Rng::with_seed(1);
    file.extend((0..width * height * 3).map(|at| (at / 3 % width) as u8 ^ random.u8(..16)));
    Buffer::from(file)
}

fn rows(count: u32) -> Buffer {
    let mut csv = String::from("id,name,amount\n");
    (0..count).for_each(|row| csv += &format!("{row},name {},{}.{}\n", row * 7919 % 1000, row % 977, row % 100));
    Buffer::from(csv.into_bytes())
}

fn jobs(large: bool) -> Vec<(String, Work)> {
    let size = |small: u32, many: u32| if large { many } else { small };
    let mut jobs: Vec<(String, Work)> = Vec::new();
    let picture = photo(size(60, 3_000), size(40, 2_000));
    for to in [
        Format::Png,
        Format::Jpeg,
        Format::Gif,
        Format::WebP,
        Format::Bmp,
        Format::Qoi,
        Format::Tga,
        Format::Hdr,
        Format::Farbfeld,
    ] {
        jobs.push((format!("write {to}"), way(&picture, Format::Pnm, to, Options::default())));
    }
    for compression in [TiffCompression::Lzw, TiffCompression::Deflate, TiffCompression::PackBits] {
        let mut options = Options::default();
        options.picture.tiff_compression = compression;
        jobs.push((format!("write TIFF {compression:?}"), way(&picture, Format::Pnm, Format::Tiff, options)));
    }
    let mut options = Options::default();
    (options.picture.progressive, options.picture.optimize) = (true, true);
    jobs.push(("write progressive JPEG".into(), way(&picture, Format::Pnm, Format::Jpeg, options)));
    let mut options = Options::default();
    options.picture.operations.resize = Some(Resize::Exact { width: size(80, 4_000), height: size(60, 3_000) });
    jobs.push(("resize".into(), way(&picture, Format::Pnm, Format::Bmp, options)));
    for to in [Format::Png, Format::Jpeg, Format::WebP, Format::Gif, Format::Tiff, Format::Qoi] {
        let mut file = Vec::new();
        convert(&picture, Format::Pnm, to, &Options::default(), &mut file, &Progress::new()).unwrap();
        let file = Buffer::from(file);
        jobs.push((
            format!("read {to}"),
            Box::new(move |progress| stopped(picture::decode(&file, to, Limits::default(), progress))),
        ));
    }
    let csv = rows(size(300, 400_000));
    let mut to = vec![Format::Json, Format::Xlsx, Format::Pdf, Format::Html, Format::Tsv, Format::Sql];
    if Format::Parquet.info().writes {
        to.extend([Format::Parquet, Format::Arrow]);
    }
    for to in to {
        jobs.push((format!("write {to}"), way(&csv, Format::Csv, to, Options::default())));
    }
    let few = rows(size(100, 60_000));
    for from in [Format::Xlsx, Format::Json, Format::JsonLines, Format::Parquet, Format::Arrow] {
        if from.info().writes {
            let mut file = Vec::new();
            convert(&few, Format::Csv, from, &Options::default(), &mut file, &Progress::new()).unwrap();
            jobs.push((format!("read {from}"), way(&Buffer::from(file), from, Format::Csv, Options::default())));
        }
    }
    let opened = table::read(&csv, Format::Csv, &seektell::formats::TableOptions::default(), &Progress::new()).unwrap().table;
    let sorted = opened.clone();
    jobs.push(("statistics".into(), Box::new(move |progress| stopped(statistics(&opened, &[0, 1, 2], None, progress, &|_| {})))));
    for by in By::ALL {
        let sorted = sorted.clone();
        jobs.push((
            format!("sort by {}", by.name()),
            Box::new(move |progress| {
                stopped(view(&sorted, &Conditions::default(), &[SortKey { column: 1, by, descending: false }], progress, &|_| {}))
            }),
        ));
    }
    let mut json = Vec::new();
    convert(&few, Format::Csv, Format::Json, &Options::default(), &mut json, &Progress::new()).unwrap();
    let mut options = Options::default();
    options.json.sort_keys = true;
    jobs.push(("sort keys of JSON".into(), way(&Buffer::from(json), Format::Json, Format::Json, options)));
    let hole = Buffer::filled(b'a', Len(if large { 4 << 30 } else { 1 << 20 }));
    for to in [Format::Base64, Format::HexText, Format::HexDump, Format::IntelHex, Format::Gzip, Format::Zlib, Format::Literal] {
        jobs.push((format!("write {to}"), way(&hole, Format::Bytes, to, Options::default())));
    }
    for from in [Format::Base64, Format::HexText] {
        jobs.push((format!("read {from}"), way(&hole, from, Format::Bytes, Options::default())));
    }
    let mut packed = Vec::new();
    convert(
        &Buffer::filled(0, Len(if large { 256 << 20 } else { 1 << 20 })),
        Format::Bytes,
        Format::Gzip,
        &Options::default(),
        &mut packed,
        &Progress::new(),
    )
    .unwrap();
    let packed = Buffer::from(packed);
    jobs.push(("gunzip".into(), way(&packed, Format::Gzip, Format::Bytes, Options::default())));
    jobs.push((
        "unpack before a list of members".into(),
        Box::new(move |progress| {
            matches!(archive::unpacked(&packed, 1 << 30, progress), Err(ArchiveError::Format(FormatError::Cancelled(_))))
        }),
    ));
    // One string of one record, from JSON and to it, as a value and as text of a cell.
    let long = size(1 << 20, 256 << 20) as usize;
    let record = Buffer::from([&b"[{\"a\":\""[..], &vec![b'x'; long], b"\\n\"}]"].concat());
    for to in [Format::Csv, Format::JsonLines, Format::Html, Format::Json] {
        jobs.push((format!("a long record of JSON to {to}"), way(&record, Format::Json, to, Options::default())));
    }
    let cell = Buffer::from([&b"a,b\n1,\""[..], &vec![b'x'; long], b"\"\"\"\n"].concat());
    let all =
        [Format::Json, Format::JsonLines, Format::Tsv, Format::Html, Format::Markdown, Format::Sql, Format::Xlsx, Format::Pdf];
    for to in all {
        jobs.push((format!("a long cell to {to}"), way(&cell, Format::Csv, to, Options::default())));
    }
    // Codecs that ask nobody.
    let drawing = svg(size(20, 4_000), size(50, 400));
    jobs.push(("draw an SVG".into(), way(&drawing, Format::Svg, Format::Png, Options::default())));
    jobs.extend(of_archives(large));
    jobs.extend(of_many(large));
    let text = Buffer::filled(b'a', Len(if large { 1 << 30 } else { 1 << 20 }));
    jobs.push(("write text".into(), way(&text, Format::Text, Format::Text, Options::default())));
    jobs
}

/// Circles that are blurred one by one.
fn svg(side: u32, count: u32) -> Buffer {
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{side}' height='{side}'><filter id='f'><feGaussianBlur stdDeviation='9'/></filter>"
    );
    for number in 0..count {
        let place = number * 7 % side;
        svg += &format!("<circle cx='{place}' cy='{}' r='{}' filter='url(#f)'/>", side - place, side / 4);
    }
    Buffer::from((svg + "</svg>").into_bytes())
}

/// Members as documents and as files.
fn of_archives(large: bool) -> Vec<(String, Work)> {
    let member = Buffer::filled(b'a', Len(if large { 512 << 20 } else { 1 << 20 }));
    let mut zip = Vec::new();
    archive::pack(&[("a".to_owned(), member)], archive::Kind::Zip, 1, &mut zip, &Progress::new()).unwrap();
    let opened = Arc::new(archive::Archive::open(&Buffer::from(zip), &Progress::new()).unwrap());
    let read = Arc::clone(&opened);
    let open = move |progress: &Progress| {
        let content = read.read(&read.members()[0], u64::MAX, progress);
        matches!(content, Err(ArchiveError::Format(FormatError::Cancelled(_))))
    };
    let extract = move |progress: &Progress| {
        let folder = tempfile::tempdir().unwrap();
        let members: Vec<_> = opened.members().iter().collect();
        let done =
            seektell::app::extract(&opened, &members, folder.path(), Present::Refuse, u64::MAX, progress, &mut |_| {}).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count() as u64, done.written, "what is not whole is gone");
        done.cancelled
    };
    // What takes long is the disk.
    let content = Buffer::filled(b'a', Len(if large { 4 << 30 } else { 8 << 20 }));
    // Its folder stays: removing that waits for the file system, which is still busy with gigabytes that nobody wants any more.
    let folder = tempfile::tempdir().unwrap();
    let save = move |progress: &Progress| {
        let saved = files::save(&folder.path().join("a"), &Existing::Refuse, progress, &mut |out| {
            convert(&content, Format::Bytes, Format::Bytes, &Options::default(), out, progress)
                .map(drop)
                .map_err(io::Error::other)
        });
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, usize::from(saved.is_ok()), "what is not whole is gone");
        std::fs::remove_file(folder.path().join("a")).ok();
        saved.is_err_and(|error| matches!(error.kind, FileErrorKind::Cancelled))
    };
    vec![
        ("open a member".into(), Box::new(open)),
        ("extract an archive".into(), Box::new(extract)),
        ("save".into(), Box::new(save)),
    ]
}

/// Many sources, and many frames.
fn of_many(large: bool) -> Vec<(String, Work)> {
    let csv = rows(if large { 100_000 } else { 300 });
    let sources: Vec<_> = (0..20).map(|number| Source::document(format!("{number}.csv"), csv.clone(), None)).collect();
    let mut works: Vec<(String, Work)> = Vec::new();
    for into_zip in [false, true] {
        let sources = sources.clone();
        let convert = move |progress: &Progress| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(if into_zip { "all.zip" } else { "out" });
            let into = if into_zip { Destination::Zip(path.clone()) } else { Destination::Folder(path.clone()) };
            let recipe = Recipe { into, ..Recipe::new(Format::Xlsx) };
            let outcomes = run(&sources, &recipe, progress, &mut |_, _| {}).unwrap();
            assert!(!into_zip || !path.exists() || !progress.is_cancelled());
            outcomes.iter().any(|outcome| matches!(**outcome, Outcome::Cancelled))
        };
        works.push((format!("convert many files {}", if into_zip { "into a ZIP" } else { "into a folder" }), Box::new(convert)));
    }
    for to in [Format::Gif, Format::Png, Format::WebP] {
        let (width, height, frames) = if large { (1_500, 1_000, 12) } else { (30, 20, 3) };
        let build = move |progress: &Progress| {
            let frame = |number: u32| {
                let image = image::RgbaImage::from_fn(width, height, |x, y| {
                    image::Rgba([x as u8 ^ number as u8, y as u8, (x * y) as u8, 255])
                });
                Ok(picture::Frame { image: image.into(), delay: Duration::from_millis(100) })
            };
            let animation = picture::Animation { frames, loops: 0 };
            let options = Options::default().picture;
            stopped(picture::animate(
                (0..frames).map(frame),
                animation,
                to,
                &options,
                &picture::Carried::default(),
                &mut Nowhere,
                progress,
            ))
        };
        works.push((format!("build an animated {to}"), Box::new(build)));
    }
    works
}

#[test]
fn every_kind_of_work_says_that_it_was_cancelled() {
    for (name, work) in jobs(false) {
        let progress = Progress::new();
        progress.cancel();
        assert!(work(&progress), "{name} went on to its end");
    }
}

#[test]
#[ignore = "measures by the clock, with large inputs: for a release build on a quiet machine"]
fn work_ends_soon_after_a_cancel() {
    let promised = std::env::var("SEEKTELL_CANCEL").map_or(50, |allowed| allowed.parse().unwrap());
    let promised = Duration::from_millis(promised);
    let mut late = Vec::new();
    for (name, work) in jobs(true) {
        let work = Arc::new(work);
        let mut worst = Duration::ZERO;
        // Early, while it is read, and later, while it is written.
        for wait in [5_u64, 40, 120, 300, 700, 1_500] {
            let progress = Progress::new();
            let (doing, asked) = (Arc::clone(&work), progress.clone());
            let thread = std::thread::Builder::new().name("work".into()).spawn(move || {
                doing(&asked);
                Instant::now()
            });
            let thread = thread.unwrap();
            let started = Instant::now();
            while started.elapsed() < Duration::from_millis(wait) && !thread.is_finished() {
                std::thread::sleep(Duration::from_millis(2));
            }
            let over = thread.is_finished();
            let begun = Instant::now();
            progress.cancel();
            worst = worst.max(thread.join().unwrap().saturating_duration_since(begun));
            if over {
                break;
            }
        }
        println!("{:>6} ms  {name}", worst.as_millis());
        if worst > promised {
            late.push(format!("{name}: {} ms", worst.as_millis()));
        }
    }
    assert!(late.is_empty(), "{late:#?}");
}
