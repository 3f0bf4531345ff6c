//! The convert panel in the window: sources, choices, preview, results.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::tester::App;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::{Action, Answer, Command, ConvertCommand, Dialog, DialogCommand, Previewed, Sample, Settings, ThemeChoice};
use seektell::convert::{Destination, OnExisting, Outcome};
use seektell::formats::Format;
use seektell::formats::text::Encoding;

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
fn what_all_sources_lose_is_told_before_and_which_cannot_be_converted() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.csv"), "id,name\n1,plain\n2,text\n").unwrap();
    fs::write(path("b.csv"), "id,name\n1,Zo\u{eb}\n2,x\n").unwrap();
    fs::write(path("c.csv"), "id,price\n1,\u{bd}\u{be}\n2,y\n").unwrap();
    picture(&path("d.png"), 4, 4);
    let files = ["a.csv", "b.csv", "c.csv", "d.png"].map(path).to_vec();
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::Convert(ConvertCommand::Files(files, Some(Format::Tsv))));
    change(&mut app, |recipe| recipe.options.text.encoding = Encoding::from_name("ascii").unwrap());
    let survey = app.state().converting().unwrap().survey.shown().unwrap();
    assert_eq!((survey.looked, survey.of, survey.impossible.len()), (4, 4, 1), "{survey:?}");
    assert!(app.shows("in 2 of 4 sources"), "{:?}", survey.losses);
    assert!(app.shows("1 of 4 sources cannot be converted: d.png"));
    // Another choice, another answer; and nothing of it hinders the conversion.
    change(&mut app, |recipe| recipe.options.text.encoding = Default::default());
    assert!(!app.shows("in 2 of 4 sources"));
    app.send(Command::Convert(ConvertCommand::Remove(3)));
    assert!(app.shows("Nothing is lost of any of 3 sources"));
    change(&mut app, |recipe| recipe.into = Destination::Folder(path("out")));
    app.send(Command::Convert(ConvertCommand::Start));
    assert!(app.shows("3 of 3 converted, read back and found right"));
    // What was said of the results is about the choices that they came of.
    change(&mut app, |recipe| recipe.options.text.encoding = Encoding::from_name("ascii").unwrap());
    assert!(app.shows("in 2 of 3 sources") && !app.shows("read back and found right"));
}

#[test]
fn nothing_is_begun_where_no_source_can_be_converted() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.png"), b"\x89PNG\r\n\x1a\nrubbish").unwrap();
    fs::write(path("b.png"), b"\x89PNG\r\n\x1a\nother rubbish").unwrap();
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::Do(Action::ConvertFiles));
    // A menu has the same name.
    let disabled = |app: &App| app.0.query_all_by_label("Convert").any(|node| node.accesskit_node().is_disabled());
    assert!(disabled(&app), "there is nothing to convert");
    app.send(Command::Convert(ConvertCommand::Add(vec![path("a.png")])));
    change(&mut app, |recipe| recipe.to = Format::Bmp);
    assert!(disabled(&app) && app.shows("This one cannot be converted: "));
    app.0.query_all_by_label("Convert").find(|node| node.accesskit_node().is_disabled()).unwrap().hover();
    app.0.run_steps(4);
    assert_eq!(
        app.0.query_all_by_label_contains("This one cannot be converted: ").count(),
        2,
        "in the pane and beside the pointer"
    );

    app.send(Command::Convert(ConvertCommand::Add(vec![path("b.png")])));
    let why = app.state().converting().unwrap().impossible();
    assert!(why.as_deref().is_some_and(|why| why.starts_with("None of the 2 sources can be converted: ")), "{why:?}");
    assert!(app.is_disabled("Convert 2") && app.shows("None of the 2 sources can be converted: "));

    // One of them is mended on the disk: it is enough to look again.
    picture(&path("a.png"), 8, 8);
    app.0.get_by_label("Look again").click();
    app.settle();
    assert!(!app.is_disabled("Convert 2") && app.shows("1 of 2 sources cannot be converted: b.png"));
    app.0.get_by_label("Convert 2").click();
    app.settle();
    assert_eq!(outcomes(&app), ["a.bmp", "failed"]);
}

#[test]
fn columns_are_picked_from_those_of_all_sources() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.csv"), "id,name,city\n1,Ada,London\n2,Bob,Paris\n").unwrap();
    fs::write(path("b.csv"), "id,price\n3,10\n4,20\n").unwrap();
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::Convert(ConvertCommand::Files(vec![path("a.csv"), path("b.csv")], Some(Format::JsonLines))));
    app.0.get_by_label("More").click();
    app.settle();
    let fields = |app: &App| app.state().converting().unwrap().recipe.options.table.fields.clone();
    let listed = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
    assert!(app.shows("in 1 of 2") && app.shows("4 of 4 columns"));
    app.0.get_by_label("city").click();
    app.settle();
    assert_eq!(fields(&app), listed(&["id", "name", "price"]));
    app.0.get_by_label("Move price up").click();
    app.settle();
    assert_eq!(fields(&app), listed(&["id", "price", "name"]));
    change(&mut app, |recipe| {
        recipe.into = Destination::Folder(path("out"));
        recipe.options.table.fields = listed(&["id", "price", "nmae"]);
    });
    assert!(app.shows("in none"), "a name that was mistyped is seen");
    change(&mut app, |recipe| recipe.options.table.fields = listed(&["price", "id"]));
    app.send(Command::Convert(ConvertCommand::Start));
    assert_eq!(fs::read_to_string(path("out/b.jsonl")).unwrap().lines().next(), Some(r#"{"price":"10","id":"3"}"#));
    app.0.get_by_label("All, as they are").click();
    app.settle();
    assert_eq!(fields(&app), None);
}

#[test]
fn the_folder_is_chosen_in_the_systems_dialog_and_shown_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    picture(&path("a.png"), 8, 8);
    fs::create_dir(path("results")).unwrap();
    let mut app = App::answering(ThemeChoice::Dark, [Answer::Save(path("results")), Answer::Save(path("all"))]);
    app.send(Command::Convert(ConvertCommand::Files(vec![path("a.png")], Some(Format::Bmp))));
    change(&mut app, |recipe| recipe.into = Destination::Folder(path("typed")));
    app.0.get_by_label("Choose…").click();
    app.settle();
    let into = |app: &App| app.state().converting().unwrap().recipe.into.clone();
    assert_eq!(into(&app), Destination::Folder(path("results")));
    assert!(matches!(app.state().dialog(), Some(Dialog::Convert)));
    app.send(Command::Convert(ConvertCommand::Start));
    assert_eq!(app.state().converting().unwrap().results_folder(), Some(path("results")));
    assert!(app.0.query_by_label("Show folder").is_some());
    app.send(Command::Answered(Answer::NotShown("there is no file manager".into())));
    assert!(app.shows("The folder was not shown: there is no file manager"));
    // A ZIP gets its extension.
    change(&mut app, |recipe| recipe.into = Destination::Zip(path("x.zip")));
    app.0.get_by_label("Choose…").click();
    app.settle();
    assert_eq!(into(&app), Destination::Zip(path("all.zip")));
    assert_eq!(app.state().settings().folder, Some(folder.path().to_path_buf()), "the next dialog begins there");
}

#[test]
fn what_was_converted_before_a_stop_is_kept_and_the_rest_can_follow() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = (0..40).map(|n| folder.path().join(format!("{n}.png"))).collect();
    for path in &files {
        picture(path, 400, 300);
    }
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::Convert(ConvertCommand::Files(files, Some(Format::Png))));
    change(&mut app, |recipe| {
        recipe.into = Destination::Folder(folder.path().join("out"));
        recipe.names = "{number}".into();
    });
    app.decide(Command::Convert(ConvertCommand::Start));
    while app.state().converting().unwrap().outcomes().iter().flatten().count() < 2 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    app.decide(Command::Convert(ConvertCommand::Stop));
    app.settle();
    let first = outcomes(&app);
    let kept = first.iter().filter(|word| word.ends_with(".png")).count();
    assert!(kept >= 2 && first.iter().filter(|word| *word == "cancelled").count() == 40 - kept, "{first:?}");
    assert_eq!(fs::read_dir(folder.path().join("out")).unwrap().count(), kept);
    if kept < 40 {
        assert!(app.shows("stopped: what was converted before is kept"));
        app.0.get_by_label("Convert the rest").click();
        app.settle();
    }
    let all: Vec<String> = (1..=40).map(|n| format!("{n}.png")).collect();
    assert_eq!(outcomes(&app), all, "the rest has the numbers of the list");
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
