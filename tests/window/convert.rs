//! The convert panel in the window: sources, choices, preview, results.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::tester::App;
use egui_kittest::kittest::Queryable as _;
use seektell::app::{Action, Answer, Command, ConvertCommand, Dialog, DialogCommand, Previewed, Sample, Settings, ThemeChoice};
use seektell::convert::{Destination, OnExisting, Outcome};
use seektell::formats::Format;

fn picture(path: &Path, width: u32, height: u32) {
    let pixels = image::RgbaImage::from_fn(width, height, |x, y| {
        let (u, v) = (x * 255 / width, y * 255 / height);
        image::Rgba([u as u8, v as u8, ((x / 20 + y / 20) % 2 * 120) as u8, 255])
    });
    pixels.save(path).unwrap();
}

fn outcomes(app: &App) -> Vec<String> {
    let word = |outcome: &Option<std::sync::Arc<Outcome>>| match outcome.as_deref() {
        None => "nothing".to_owned(),
        Some(Outcome::Written(written)) => written.path.file_name().unwrap().to_string_lossy().into_owned(),
        Some(Outcome::Skipped(_)) => "skipped".into(),
        Some(Outcome::Failed(_)) => "failed".into(),
        Some(Outcome::Cancelled) => "cancelled".into(),
    };
    app.state().converting().unwrap().outcomes().iter().map(word).collect()
}

/// A file that is dropped on the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the path is enough".into())
    }
}

fn drop_files(app: &mut App, paths: &[PathBuf]) {
    for path in paths {
        app.0.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path.clone())));
    }
    app.settle();
}

fn change(app: &mut App, change: impl FnOnce(&mut seektell::convert::Recipe)) {
    let mut recipe = app.state().converting().unwrap().recipe.clone();
    change(&mut recipe);
    app.send(Command::Convert(ConvertCommand::Recipe(Box::new(recipe))));
}

fn shown(app: &App) -> (u64, Option<u64>) {
    let preview = app.state().converting().unwrap().preview.shown().unwrap();
    (preview.read, preview.written)
}

#[test]
fn many_files_are_converted_with_a_preview_of_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    picture(&path("one.png"), 320, 200);
    picture(&path("two.png"), 100, 100);
    fs::write(path("bad.png"), b"\x89PNG\r\n\x1a\nrubbish").unwrap();
    let files = vec![path("one.png"), path("two.png")];
    let mut app = App::answering(ThemeChoice::Dark, [Answer::Open(vec![path("bad.png")])]);
    app.send(Command::Convert(ConvertCommand::Files(files, Some(Format::Jpeg))));
    assert!(matches!(app.state().dialog(), Some(Dialog::Convert)));
    assert!(app.0.query_by_label("Quality").is_some() && app.0.query_by_label("Delimiter").is_none());
    let (read, before) = shown(&app);
    assert_eq!(read, fs::metadata(path("one.png")).unwrap().len());
    change(&mut app, |recipe| recipe.options.picture.quality = 10);
    assert!(shown(&app).1 < before, "a lower quality is a smaller file");
    let Sample::Pictures { after, sizes, .. } = &app.state().converting().unwrap().preview.shown().unwrap().sample else {
        panic!("pictures")
    };
    assert_eq!((after.dimensions(), sizes[1]), ((320, 200), (320, 200)));

    app.send(Command::Convert(ConvertCommand::AskFiles));
    change(&mut app, |recipe| recipe.into = Destination::Folder(path("out")));
    assert_eq!(app.state().converting().unwrap().sources.len(), 3);
    app.0.get_by_label("Convert 3").click();
    app.settle();
    assert_eq!(outcomes(&app), ["one.jpg", "two.jpg", "failed"]);
    assert_eq!(image::image_dimensions(path("out/one.jpg")).unwrap(), (320, 200));
    assert_eq!(fs::read_dir(path("out")).unwrap().count(), 2);

    // What failed is mended and tried again; what went well is not touched.
    picture(&path("bad.png"), 10, 10);
    app.0.get_by_label("Retry failed").click();
    app.settle();
    assert_eq!(outcomes(&app), ["one.jpg", "two.jpg", "bad.jpg"], "{:?}", app.state().converting().unwrap().outcomes()[2]);
    // And all of it once more: names are taken now.
    app.send(Command::Convert(ConvertCommand::Start));
    assert_eq!(outcomes(&app), ["one (2).jpg", "two (2).jpg", "bad (2).jpg"]);
    change(&mut app, |recipe| recipe.existing = OnExisting::Skip);
    app.send(Command::Convert(ConvertCommand::Start));
    assert_eq!(outcomes(&app), ["skipped", "skipped", "skipped"]);

    // The next time it begins with what was chosen.
    app.send(Command::Dialog(DialogCommand::Cancel));
    assert!(app.state().converting().is_none() && app.state().dialog().is_none());
    app.send(Command::Convert(ConvertCommand::Files(vec![path("two.png")], None)));
    let recipe = &app.state().converting().unwrap().recipe;
    assert_eq!((recipe.to, recipe.options.picture.quality, recipe.existing), (Format::Jpeg, 10, OnExisting::Skip));
    assert_eq!(recipe.into, Destination::Folder(path("out")));
    let kept = Settings::from_json(&app.state().settings().to_json());
    assert_eq!(kept.convert, app.state().settings().convert);
    app.send(Command::Convert(ConvertCommand::Start));
    app.send(Command::Convert(ConvertCommand::OpenResult(0)));
}

#[test]
fn open_documents_are_converted_as_they_are_now() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::OpenBytes { name: "people.csv".into(), bytes: b"id,name\n007,Zo\xC3\xAB\n".to_vec() });
    app.send(Command::OpenBytes { name: "b.bin".into(), bytes: vec![1, 2, 3] });
    let people = app.state().documents()[0].document.id();
    app.send(Command::Activate(people));
    app.send(Command::Do(Action::ConvertFiles));
    let panel = app.state().converting().unwrap();
    assert_eq!((panel.sources.len(), panel.sources[0].name.as_str()), (1, "people.csv"));
    // It has no folder of its own.
    assert!(app.0.query_by_label("Documents without a file need a folder").is_some());
    change(&mut app, |recipe| {
        recipe.to = Format::Json;
        recipe.into = Destination::Zip(folder.path().join("all.zip"));
    });
    let Previewed::Known(preview) = &app.state().converting().unwrap().preview else { panic!("a preview") };
    let Sample::Lines(lines) = &preview.sample else { panic!("{:?}", preview.sample) };
    assert!(lines[0].contains("\"007\""), "{lines:?}");
    app.send(Command::Convert(ConvertCommand::AddDocuments));
    assert_eq!(app.state().converting().unwrap().sources.len(), 2, "the first is not there twice");
    change(&mut app, |recipe| recipe.to = Format::Base64);
    app.send(Command::Convert(ConvertCommand::Start));
    assert_eq!(outcomes(&app), ["all.zip", "all.zip"]);
    let zip = seektell::files::open(&folder.path().join("all.zip")).unwrap().buffer;
    let archive = seektell::formats::archive::Archive::open(&zip, &Default::default()).unwrap();
    assert_eq!(archive.members().iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), ["people.b64", "b.b64"]);
    // The panel moved no cursor.
    assert!(app.state().documents().iter().all(|open| open.document.position() == 0));
}

#[test]
fn what_is_dropped_on_the_panel_joins_its_sources() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| -> PathBuf { folder.path().join(name) };
    picture(&path("a.png"), 8, 8);
    picture(&path("b.png"), 9, 9);
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::Do(Action::ConvertFiles));
    assert!(app.state().converting().unwrap().sources.is_empty());
    assert!(app.0.query_by_label("Drop files here, or add some").is_some());
    drop_files(&mut app, &[path("a.png"), path("b.png"), path("a.png")]);
    let panel = app.state().converting().unwrap();
    assert_eq!((panel.sources.len(), panel.from()), (2, Some(Format::Png)));
    assert!(app.state().documents().is_empty(), "they are not opened");
    app.send(Command::Convert(ConvertCommand::Remove(0)));
    assert_eq!(app.state().converting().unwrap().sources[0].name, "b.png");
}

#[test]
fn what_falls_on_a_target_is_converted_and_what_falls_beside_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    picture(&path, 8, 8);
    for (on_target, told_later) in [(true, false), (true, true), (false, false)] {
        let mut app = App::new(ThemeChoice::Dark);
        let hovered = egui::HoveredFile { path: Some(path.clone()), ..Default::default() };
        app.0.input_mut().hovered_files.push(hovered);
        app.0.run_steps(2);
        if on_target && !told_later {
            app.0.snapshot("drop_targets");
        }
        // JPEG is the first of five targets in a row at the bottom: PNG is what it is already.
        let at = if on_target { egui::pos2(640.0 - 2.0 * 116.0, 800.0 - 112.0 + 20.0) } else { egui::pos2(640.0, 200.0) };
        app.0.input_mut().hovered_files.clear();
        if !told_later {
            app.0.event(egui::Event::PointerMoved(at));
        }
        app.0.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path.clone())));
        app.0.run_steps(1);
        if told_later {
            app.0.event(egui::Event::PointerMoved(at));
        }
        app.settle();
        let panel = app.state().converting().map(|panel| (panel.recipe.to, panel.sources.len()));
        assert_eq!(panel, on_target.then_some((Format::Jpeg, 1)), "told later: {told_later}");
        assert_eq!(app.state().documents().len(), usize::from(!on_target));
    }
}

#[test]
fn the_panel_is_laid_out() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["holiday.png", "logo with a rather long name that is cut in the middle.png", "scan.png", "broken.png"];
    for (n, name) in names.iter().enumerate() {
        picture(&folder.path().join(name), 480 - 40 * n as u32, 320);
    }
    fs::write(folder.path().join("broken.png"), b"\x89PNG\r\n\x1a\nrubbish").unwrap();
    let mut results = egui_kittest::SnapshotResults::new();
    for (theme, word) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut app = App::new(theme);
        let files = names.iter().map(|name| folder.path().join(name)).collect();
        app.send(Command::Convert(ConvertCommand::Files(files, Some(Format::Jpeg))));
        change(&mut app, |recipe| recipe.options.picture.quality = 20);
        if word == "light" {
            change(&mut app, |recipe| {
                recipe.to = Format::Gif;
                recipe.names = "{name}-small".into();
                recipe.into = Destination::Zip(PathBuf::from("/tmp/converted.zip"));
            });
        }
        app.0.snapshot(format!("convert_panel_{word}"));
        results.extend(app.0.take_snapshot_results());
    }
}
