//! The view of pictures as a person uses it: animations, channels, areas, pixels and their bytes, what is known beside them.
#![allow(clippy::unwrap_used, reason = "a test that finds nothing there fails")]

use std::io::Cursor;
use std::time::Duration;

use crate::support::SoftwareRenderer;
use crate::tester::App;
use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotResults};
use image::codecs::gif::{GifEncoder, Repeat};
use image::{Delay, DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use seektell::app::{
    Action, Answer, AppState, Channel, Command, Dialog, DialogCommand, Effect, PaneKind, PictureChoice, PictureCommand,
    PreviewState, Settings, ThemeChoice, ViewCommand, Zoom,
};
use seektell::formats::picture::ops::Crop;
use seektell::tasks::Progress;
use seektell::ui::picture_pane::PicturePane;
use seektell::ui::preview::PreviewView;
use seektell::ui::theme::{self, Theme};
use seektell::ui::{View, ViewCx};

/// Frames of one colour each: their number times ten in red.
fn gif(delays: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder.set_repeat(Repeat::Infinite).unwrap();
    for (number, &delay) in delays.iter().enumerate() {
        let image = RgbaImage::from_fn(60, 40, |x, _| Rgba([number as u8 * 10, if x < 30 { 200 } else { 0 }, 90, 255]));
        encoder.encode_frame(Frame::from_parts(image, 0, 0, Delay::from_numer_denom_ms(delay, 1))).unwrap();
    }
    drop(encoder);
    bytes
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn squares() -> DynamicImage {
    DynamicImage::from(RgbImage::from_fn(40, 30, |x, y| Rgb([x as u8 * 6, y as u8 * 8, 77])))
}

fn opened(name: &str, bytes: Vec<u8>) -> App {
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::OpenBytes { name: name.into(), bytes });
    app
}

fn act(app: &mut App, action: Action) {
    app.send(Command::Do(action));
}

fn shown(app: &App) -> Option<u32> {
    app.open().film().unwrap().shown().map(|(number, _)| *number)
}

fn says(app: &App, part: &str) -> bool {
    app.0.root().children_recursive().any(|node| {
        let node = node.accesskit_node();
        node.label().is_some_and(|label| label.contains(part)) || node.value().is_some_and(|value| value.contains(part))
    })
}

#[test]
fn an_animation_is_stepped_through() {
    let mut app = opened("film.gif", gif(&[120, 0, 80, 500]));
    let film = app.open().film().unwrap();
    assert_eq!((film.count(), film.shown().is_none(), film.kept()), (4, true, 0), "nothing is decoded before it is asked for");
    assert!(says(&app, "Frame 1 of 4   120 ms   at 0.00 s of 0.80 s") && says(&app, "4 frames"));
    app.0.get_by_role_and_label(Role::Button, "Next frame").click();
    app.settle();
    assert_eq!(shown(&app), Some(1));
    assert!(says(&app, "Frame 2 of 4   100 ms   at 0.12 s"), "no delay is a tenth of a second");
    assert_eq!(app.open().shown_picture().unwrap().pixel(0, 0).unwrap().rgba8, [10, 200, 90, 255]);
    act(&mut app, Action::FrameLast);
    assert_eq!(shown(&app), Some(3));
    act(&mut app, Action::FrameNext);
    assert_eq!(shown(&app), Some(0), "around the end");
    act(&mut app, Action::FramePrevious);
    assert_eq!(shown(&app), Some(3));
    act(&mut app, Action::FrameFirst);
    app.send(Command::Picture(PictureCommand::Frame(2)));
    assert_eq!(shown(&app), Some(2));
    let image = app.0.get_by_role_and_label(Role::Image, "Picture, GIF image, 60 by 40, frame 3 of 4");
    image.click();
    app.settle();
    app.press(Modifiers::NONE, Key::Period);
    assert_eq!(shown(&app), Some(3), "keys of the picture");
    act(&mut app, Action::ExportFrame);
    let Some(Dialog::Export(export)) = app.state().dialog() else { panic!("no export dialog") };
    assert_eq!(export.options.picture.frame, Some(4));
}

#[test]
fn all_frames_are_exported_into_a_zip() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.zip");
    let mut app = App::answering(ThemeChoice::Dark, [Answer::Save(path.clone())]);
    app.send(Command::OpenBytes { name: "film.gif".into(), bytes: gif(&[50, 50, 50]) });
    act(&mut app, Action::ExportFrames);
    let bytes = std::fs::read(&path).unwrap_or_else(|_| panic!("{:?}", app.state().notices().all()));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut names: Vec<_> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["film-001.png", "film-002.png", "film-003.png"]);
    let mut last = Vec::new();
    std::io::copy(&mut archive.by_name("film-003.png").unwrap(), &mut last).unwrap();
    assert_eq!(image::load_from_memory(&last).unwrap().to_rgb8().get_pixel(0, 0).0, [20, 200, 90]);
}

#[test]
fn an_animation_plays_while_it_is_seen_and_rests_between_two_frames() {
    let mut app = opened("film.gif", gif(&[600, 600, 600, 600, 600]));
    act(&mut app, Action::FramePlay);
    assert!(app.open().film().unwrap().is_playing());
    let mut seen = Vec::new();
    for _ in 0..40 {
        app.0.step();
        let at = shown(&app).unwrap();
        if seen.last() != Some(&at) {
            seen.push(at);
        }
        // A step is a quarter of a second.
        let delay = app.0.output().viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap();
        assert!(delay <= Duration::from_millis(900), "the next frame wakes the window: {delay:?}");
    }
    let first = seen[0];
    let expected: Vec<u32> = (0..seen.len() as u32).map(|step| (first + step) % 5).collect();
    assert_eq!(seen, expected, "one after the other, and again from the start");
    assert!((14..=20).contains(&seen.len()), "10 seconds of 600 ms: {}", seen.len());
    let rests = (0..12).filter(|_| {
        app.0.step();
        app.0.output().viewport_output.values().all(|viewport| viewport.repaint_delay > Duration::from_millis(100))
    });
    assert!(rests.count() >= 3, "nothing is painted before the next frame is due");

    // Behind another pane it stands still.
    act(&mut app, Action::ToggleStructure);
    let at = shown(&app);
    app.0.run_steps(12);
    assert_eq!(shown(&app), at);
    assert!(app.open().film().unwrap().is_playing(), "and goes on when it is seen again");
    act(&mut app, Action::ToggleStructure);
    app.0.run_steps(6);
    assert_ne!(shown(&app), at);
    act(&mut app, Action::FramePlay);
    let at = shown(&app);
    app.0.run_steps(12);
    assert_eq!(shown(&app), at);
    let delay = app.0.output().viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap();
    assert!(delay > Duration::from_secs(60), "what stands still wakes nobody: {delay:?}");
}

#[test]
fn an_animation_goes_on_after_an_edit_and_ends_where_its_file_does() {
    let mut bytes = gif(&[50, 50, 50]);
    let len = bytes.len();
    bytes.truncate(len - 30);
    let mut app = opened("cut.gif", bytes);
    act(&mut app, Action::FrameLast);
    let film = app.open().film().unwrap();
    assert!(film.count() < 3 || film.problem().is_some(), "{film:?}");
    act(&mut app, Action::FrameNext);
    assert_eq!(shown(&app), Some(0));
    act(&mut app, Action::FrameNext);
    // The screen's colour table comes behind the first 13 bytes; the revision is another one.
    app.send(Command::Select { anchor: 11, head: 12 });
    app.send(Command::TypeNibble { digit: 0, now: 0.0 });
    app.send(Command::TypeNibble { digit: 0, now: 0.0 });
    assert_eq!(app.open().film().unwrap().key().revision, app.open().document.revision());
    assert_eq!(shown(&app), Some(1), "the same frame of the new content");
}

#[test]
fn pages_of_a_tiff_are_turned() {
    // Two pages, each one grey pixel, put together by hand.
    let page = |value: u8, next: u32, at: u32| {
        let entries: [(u16, u16, u32); 9] = [
            (256, 3, 1),
            (257, 3, 1),
            (258, 3, 8),
            (259, 3, 1),
            (262, 3, 1),
            (273, 4, at + 2 + 9 * 12 + 4),
            (277, 3, 1),
            (278, 3, 1),
            (279, 4, 1),
        ];
        let mut bytes = 9_u16.to_le_bytes().to_vec();
        for (tag, kind, value) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(1_u32.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        bytes.extend(next.to_le_bytes());
        bytes.extend([value, 0]);
        bytes
    };
    let second = 8 + page(0, 0, 0).len() as u32;
    let tiff = [b"II\x2A\0\x08\0\0\0".to_vec(), page(40, second, 8), page(200, 0, second)].concat();
    let mut app = opened("two.tif", tiff);
    assert!(says(&app, "Page 1 of 2") && says(&app, "2 pages"));
    assert!(!Action::FramePlay.enabled(app.state()), "pages have no delays");
    app.0.get_by_role_and_label(Role::Button, "Next frame").click();
    app.settle();
    assert_eq!(app.open().shown_picture().unwrap().pixel(0, 0).unwrap().rgba8[0], 200);
    assert!(says(&app, "Page 2 of 2"));
}

#[test]
fn a_pixel_leads_to_its_bytes_and_a_byte_to_its_pixel() {
    let mut app = opened("a.bmp", encoded(&squares(), ImageFormat::Bmp));
    app.send(Command::Picture(PictureCommand::Pixel(3, 2)));
    let selection = app.open().document.selection().unwrap();
    // Rows go from the bottom up, 40 pixels of 3 bytes each.
    let start = 54 + (29 - 2) * 120 + 3 * 3;
    assert_eq!((selection.start(), selection.end()), (start, start + 3));
    assert!(says(&app, "x 3  y 2   R 18 G 16 B 77   #12104D   bytes"));
    app.send(Command::MoveCursor { to: 54 + 120 + 7, extend: false });
    assert_eq!(app.open().pixel_at_cursor(), Some((2, 28)));
    app.send(Command::MoveCursor { to: 4, extend: false });
    assert_eq!(app.open().pixel_at_cursor(), None, "the header is no pixel");
    // What is written there is seen.
    app.send(Command::MoveCursor { to: start, extend: false });
    app.send(Command::WriteHere(vec![1, 2, 3]));
    assert_eq!(app.open().shown_picture().unwrap().pixel(3, 2).unwrap().rgba8, [3, 2, 1, 255]);
    // A click in the picture does the same.
    app.send(Command::View(ViewCommand::Picture(Zoom::Scale(4.0), None)));
    let image = app.0.get_by_role_and_label(Role::Image, "Picture, BMP image, 40 by 30").rect();
    app.0.get_by_role_and_label(Role::Image, "Picture, BMP image, 40 by 30").click();
    app.settle();
    let (x, y) = app.open().view.picture.pixel.unwrap();
    assert!(x.abs_diff(20) <= 1 && y.abs_diff(15) <= 1, "{x}, {y} of {image:?}");
    assert_eq!(app.open().pixel_at_cursor(), Some((x, y)));
}

#[test]
fn an_area_is_dragged_copied_and_cropped() {
    let mut app = opened("a.png", encoded(&squares(), ImageFormat::Png));
    app.send(Command::View(ViewCommand::Picture(Zoom::Scale(4.0), None)));
    assert!(!Action::CropPicture.enabled(app.state()));
    let middle = app.0.get_by_role_and_label(Role::Image, "Picture, PNG image, 40 by 30").rect().center();
    app.send(Command::Picture(PictureCommand::Choose(PictureChoice::ToggleSelecting)));
    let drag = |app: &mut App, from: Pos2, to: Pos2| {
        app.0.drag_at(from);
        app.0.run_steps(2);
        app.0.hover_at(to);
        app.0.run_steps(2);
        app.0.drop_at(to);
        app.settle();
    };
    drag(&mut app, middle - vec2(38.0, 18.0), middle + vec2(21.0, 22.0));
    let area = app.open().view.picture.area.unwrap();
    assert!(area.width.abs_diff(16) <= 1 && area.height.abs_diff(11) <= 1, "{area:?}");
    assert!(says(&app, "Selected "));
    act(&mut app, Action::CopyPicture);
    let words = format!("{} × {} pixels are on the clipboard", area.width, area.height);
    assert!(app.state().notices().all().iter().any(|notice| notice.text == words), "{:?}", app.state().notices().all());
    act(&mut app, Action::CropPicture);
    let Some(Dialog::Export(export)) = app.state().dialog() else { panic!("no export dialog") };
    assert_eq!(export.options.picture.operations.crop, Some(area));
    app.send(Command::Dialog(DialogCommand::Cancel));
    let far = Crop { x: 35, y: 29, width: 100, height: 100 };
    app.send(Command::Picture(PictureCommand::Area(Some(far))));
    assert_eq!(app.open().view.picture.area, Some(Crop { x: 35, y: 29, width: 5, height: 1 }), "brought into the picture");
    // A click lets it go.
    app.0.get_by_role_and_label(Role::Image, "Picture, PNG image, 40 by 30").click();
    app.settle();
    assert_eq!(app.open().view.picture.area, None);
}

#[test]
fn channels_are_seen_alone() {
    let mut app = opened("a.png", encoded(&squares(), ImageFormat::Png));
    app.send(Command::View(ViewCommand::Picture(Zoom::Scale(4.0), None)));
    let at = app.0.get_by_role_and_label(Role::Image, "Picture, PNG image, 40 by 30").rect().center() + vec2(6.0, 6.0);
    let pixel = |app: &mut App| app.0.render().unwrap().get_pixel(at.x as u32, at.y as u32).0;
    let all = pixel(&mut app);
    assert!(all[2] == 77 && all[0] > 100, "{all:?}");
    for (channel, index) in [(Channel::Red, 0), (Channel::Green, 1), (Channel::Blue, 2)] {
        act(&mut app, Action::Picture(PictureChoice::Channel(channel)));
        assert_eq!(pixel(&mut app)[..3], [all[index]; 3], "{channel:?}");
    }
    assert!(!Action::Picture(PictureChoice::Channel(Channel::Alpha)).enabled(app.state()), "there is no alpha");
    assert!(says(&app, "no alpha"));
}

#[test]
fn a_large_picture_is_painted_from_its_copies() {
    let image = RgbImage::from_fn(2600, 2100, |x, y| if (x / 8 + y / 8) % 2 == 0 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) });
    let mut app = opened("large.bmp", encoded(&image.into(), ImageFormat::Bmp));
    let details = app.open().picture_details().unwrap();
    let levels = details.levels.as_ref().unwrap();
    assert!(levels.bytes() < 2600 * 2100 / 2, "{} bytes of copies", levels.bytes());
    let middle = app.0.get_by_role_and_label(Role::Image, "Picture, BMP image, 2600 by 2100").rect().center();
    let mixed = app.0.render().unwrap().get_pixel(middle.x as u32, middle.y as u32).0;
    assert!(mixed[0].abs_diff(125) < 60 && mixed[2].abs_diff(125) < 60, "the mean of both colours: {mixed:?}");
    app.send(Command::View(ViewCommand::Picture(Zoom::Scale(1.0), Some([1300.0, 1050.0]))));
    app.0.run_steps(6);
    let picture = app.0.render().unwrap();
    let colors: std::collections::BTreeSet<[u8; 4]> =
        (0..40).map(|x| picture.get_pixel(middle.x as u32 - 20 + x, middle.y as u32).0).collect();
    assert_eq!(colors.into_iter().collect::<Vec<_>>(), [[0, 0, 250, 255], [250, 0, 0, 255]], "every pixel as it is");
}

#[test]
fn what_takes_too_much_is_opened_when_somebody_insists() {
    let image = DynamicImage::from(image::GrayImage::from_pixel(70_000, 2, image::Luma([130])));
    let mut app = opened("wide.png", encoded(&image, ImageFormat::Png));
    assert!(matches!(&app.open().preview, PreviewState::Failed { needs: Some(_), .. }), "{:?}", app.open().preview);
    assert!(says(&app, "70000 x 2 pixels") && says(&app, "65535 pixels on one side"));
    app.0.get_all_by_label_contains("Open anyway").next().unwrap().click();
    app.settle();
    assert!(matches!(app.open().preview, PreviewState::Ready { .. }), "{:?}", app.open().preview);
    assert_eq!(app.open().shown_picture().unwrap().pixel(69_999, 1).unwrap().rgba8, [130, 130, 130, 255]);
    app.send(Command::OpenBytes { name: "other.png".into(), bytes: encoded(&image, ImageFormat::Png) });
    assert!(matches!(app.open().preview, PreviewState::Failed { .. }), "others keep their limit");
}

#[test]
fn a_picture_that_is_cut_short_says_how_far_it_goes() {
    let mut jpeg = encoded(
        &DynamicImage::from(RgbImage::from_fn(320, 240, |x, y| Rgb([x as u8, y as u8, (x * y) as u8]))),
        ImageFormat::Jpeg,
    );
    jpeg.truncate(jpeg.len() / 2);
    let app = opened("cut.jpg", jpeg);
    let rows = app.open().picture_details().unwrap().rows.unwrap();
    assert!((40..200).contains(&rows), "{rows}");
    assert!(says(&app, &format!("Incomplete, shown as far as it goes: {rows} of 240 rows.")));
}

#[test]
fn the_size_that_is_said_is_the_size_that_is_shown() {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for red in [0, 99] {
        let image = RgbaImage::from_pixel(800, 600, Rgba([red, 0, 0, 255]));
        encoder.encode_frame(Frame::from_parts(image, 0, 0, Delay::from_numer_denom_ms(80, 1))).unwrap();
    }
    drop(encoder);
    // The second is narrow: its bar above the picture takes two rows.
    for width in [700.0, 300.0] {
        let harness = harness("film.gif", &bytes, PreviewView::default(), vec2(width, 400.0), egui::Theme::Dark);
        let pane = harness.get_by_role(Role::Image).rect();
        let shown = (pane.width() / 800.0).min(pane.height() / 600.0) * 100.0;
        let text = |node: egui_kittest::Node<'_>| {
            let node = node.accesskit_node();
            node.label().or_else(|| node.value()).and_then(|text| text.strip_suffix(" %").map(str::to_owned))
        };
        let said: Vec<String> = harness.root().children_recursive().filter_map(text).collect();
        let said: f32 = said.first().expect("it is said").parse().unwrap();
        assert!((said - shown).abs() < 0.1, "{said} for {shown}, {width} wide");
    }
}

struct Bench {
    state: AppState,
    view: Box<dyn View>,
}

impl Bench {
    fn ui(ui: &mut egui::Ui, bench: &mut Self) {
        let theme = Theme::of(ui.ctx());
        let mut commands = Vec::new();
        let cx = ViewCx { theme: &theme, settings: bench.state.settings(), state: &bench.state, now: 0.0 };
        egui::Frame::new().fill(theme.panel).inner_margin(8.0).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            if let Some(open) = bench.state.active() {
                bench.view.show(ui, open, &cx, &mut commands);
            }
        });
        for command in commands {
            apply(&mut bench.state, command);
        }
    }
}

fn apply(state: &mut AppState, command: Command) {
    let mut effects = state.apply(command);
    while let Some(effect) = effects.pop() {
        if let Effect::Run(id, job) = effect {
            let outcome = job.run(&Progress::new());
            effects.extend(state.apply(Command::Finished(id, Box::new(outcome))));
        }
    }
}

fn harness(name: &str, bytes: &[u8], view: impl View + 'static, size: Vec2, theme: egui::Theme) -> Harness<'static, Bench> {
    let panes = vec![PaneKind::Hex, PaneKind::Preview, PaneKind::Picture];
    let mut state = AppState::new(Settings { panes, ..Settings::default() });
    apply(&mut state, Command::OpenBytes { name: name.into(), bytes: bytes.to_vec() });
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_max_steps(20)
        .with_context_setup(theme::install)
        .allow_missing_glyphs()
        .renderer(SoftwareRenderer::default())
        .build_ui_state(Bench::ui, Bench { state, view: Box::new(view) });
    harness.run();
    harness
}

fn clear() -> DynamicImage {
    DynamicImage::from(RgbaImage::from_fn(160, 120, |x, y| {
        let alpha = if (x / 20 + y / 20) % 2 == 0 { 255 } else { 90 };
        Rgba([(x * 255 / 159) as u8, (y * 255 / 119) as u8, 120, alpha])
    }))
}

/// A PNG with a text before its pixels.
fn with_text() -> Vec<u8> {
    let png = encoded(&clear(), ImageFormat::Png);
    let data = b"tEXtAuthor\0Ada Lovelace";
    let mut chunk = ((data.len() - 4) as u32).to_be_bytes().to_vec();
    chunk.extend(data);
    chunk.extend(crc32fast::hash(data).to_be_bytes());
    [&png[..33], &chunk, &png[33..]].concat()
}

#[test]
fn the_view_of_an_animation_looks_right() {
    let mut results = SnapshotResults::new();
    for (theme, name) in [(egui::Theme::Dark, "dark"), (egui::Theme::Light, "light")] {
        let bytes = gif(&[120, 0, 80, 500, 80, 80]);
        let mut harness = harness("film.gif", &bytes, PreviewView::default(), vec2(420.0, 360.0), theme);
        harness.snapshot(format!("picture_film_{name}"));
        results.extend_harness(&mut harness);
    }
    let mut harness = harness("a.png", &with_text(), PreviewView::default(), vec2(420.0, 360.0), egui::Theme::Dark);
    let area = Some(Crop { x: 30, y: 20, width: 70, height: 50 });
    apply(&mut harness.state_mut().state, Command::Picture(PictureCommand::Area(area)));
    apply(&mut harness.state_mut().state, Command::View(ViewCommand::Picture(Zoom::Scale(2.0), None)));
    harness.run();
    harness.snapshot("picture_area_dark");
    results.extend_harness(&mut harness);
}

#[test]
fn the_pane_of_a_picture_shows_colours_numbers_and_metadata() {
    let mut results = SnapshotResults::new();
    for (theme, name) in [(egui::Theme::Dark, "dark"), (egui::Theme::Light, "light")] {
        let mut harness = harness("a.png", &with_text(), PicturePane, vec2(420.0, 760.0), theme);
        let said = |part: &str| {
            harness.root().children_recursive().any(|node| {
                let node = node.accesskit_node();
                node.label().is_some_and(|label| label.contains(part)) || node.value().is_some_and(|value| value.contains(part))
            })
        };
        assert!(said("No colour profile: taken for sRGB"));
        assert!(said("19,200 pixels, ") && said("different colours"));
        assert!(said("Histogram of the picture: R from 0 to 255, mean"));
        assert!(said("Author") && said("Ada Lovelace"));
        harness.snapshot(format!("picture_pane_{name}"));
        results.extend_harness(&mut harness);
        harness.get_by_role_and_label(Role::Button, "Ada Lovelace").click();
        harness.run();
        let document = &harness.state().state.active().unwrap().document;
        let selection = document.selection().unwrap();
        let bytes = document.snapshot().to_vec_all().unwrap();
        let selected = &bytes[selection.start() as usize..selection.end() as usize];
        assert!(selected.windows(12).any(|window| window == b"Ada Lovelace"), "{selected:?}");
    }
}
