//! The overview, the strings and the minimap, driven as a person drives them; and the two terminal commands.
#![allow(clippy::unwrap_used, reason = "a test that finds nothing there fails")]

use std::path::Path;
use std::process::{Command as Process, Output};

use crate::support::SoftwareRenderer;
use egui::accesskit::Role;
use egui::{Key, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotResults};
use seektell::app::{
    Action, AppState, Command, Effect, Job, JobOutcome, ListFormat, MinimapMode, PaneKind, Settings, StringsOptions, ViewCommand,
};
use seektell::buffer::{Buffer, Len};
use seektell::document::{Data, Document, Operation};
use seektell::explore::overview::PixelFormat;
use seektell::explore::strings::Sort;
use seektell::stream::Text;
use seektell::tasks::Progress;
use seektell::ui::hex_view::HexView;
use seektell::ui::overview_pane::OverviewPane;
use seektell::ui::strings_pane::StringsPane;
use seektell::ui::theme::{self, Theme};
use seektell::ui::{View, ViewCx};

struct Bench {
    state: AppState,
    view: Box<dyn View>,
    effects: Vec<Effect>,
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
            let effects = apply(&mut bench.state, command);
            bench.effects.extend(effects);
        }
    }
}

/// Applies a command and runs the jobs that come of it, on this thread; the other effects are returned.
fn apply(state: &mut AppState, command: Command) -> Vec<Effect> {
    let mut effects = state.apply(command);
    let mut others = Vec::new();
    while let Some(effect) = effects.pop() {
        match effect {
            Effect::Run(id, job) => {
                let outcome = job.run(&Progress::new());
                effects.extend(state.apply(Command::Finished(id, Box::new(outcome))));
            }
            other => others.push(other),
        }
    }
    others
}

fn settings(panes: &[PaneKind], minimap: Option<MinimapMode>) -> Settings {
    let panes = [&[PaneKind::Hex], panes].concat();
    Settings { panes, minimap, ..Settings::default() }
}

fn state(content: &[u8], panes: &[PaneKind]) -> AppState {
    let mut state = AppState::new(settings(panes, None));
    apply(&mut state, Command::OpenBytes { name: "mixed.bin".into(), bytes: content.to_vec() });
    state
}

/// A header, zeros, text, noise, a picture, text in UTF-16.
fn mixed() -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(4);
    let mut bytes = b"\x7FELF\x02\x01\x01".to_vec();
    bytes.resize(4096, 0);
    bytes.extend(b"The quick brown fox jumps over the lazy dog.\n".repeat(700));
    bytes.extend((0..40_000).map(|_| rng.u8(..)));
    bytes.extend((0..160u32 * 128).map(|i| if i % 128 < i / 128 { (i % 128) as u8 * 2 } else { 0xF0 }));
    bytes.extend([0xFF; 9000]);
    bytes.extend("A wide string, größer".encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(bytes.len() + 5000, 0);
    bytes
}

fn harness(state: AppState, view: impl View + 'static, size: Vec2, theme: egui::Theme) -> Harness<'static, Bench> {
    let bench = Bench { state, view: Box::new(view), effects: Vec::new() };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_max_steps(20)
        .with_context_setup(theme::install)
        .allow_missing_glyphs()
        .renderer(SoftwareRenderer::default())
        .build_ui_state(Bench::ui, bench);
    harness.run();
    harness
}

fn document<'a>(harness: &'a Harness<'_, Bench>) -> &'a Document {
    &harness.state().state.active().unwrap().document
}

fn says(harness: &Harness<'_, Bench>, part: &str) -> bool {
    harness.root().children_recursive().any(|node| {
        let node = node.accesskit_node();
        node.label().is_some_and(|label| label.contains(part)) || node.value().is_some_and(|value| value.contains(part))
    })
}

const PANE: Vec2 = vec2(440.0, 1120.0);

#[test]
fn the_overview_says_its_numbers_and_looks_right() {
    let mut results = SnapshotResults::new();
    for (theme, name) in [(egui::Theme::Dark, "dark"), (egui::Theme::Light, "light")] {
        let mut harness = harness(state(&mixed(), &[PaneKind::Overview]), OverviewPane::default(), PANE, theme);
        assert!(says(&harness, "bits of entropy a byte, 256 of 256 values"));
        assert!(says(&harness, "Entropy: ") && says(&harness, "lowest 0.00 at"));
        assert!(says(&harness, "Histogram: most frequent 0x0 ") || says(&harness, "Histogram: most frequent 0xFF "));
        assert!(says(&harness, "Pairs of bytes: 65,") || says(&harness, "Pairs of bytes: 3"));
        assert!(says(&harness, "Bytes as pixels from 0"));
        harness.snapshot(format!("overview_{name}"));
        results.extend_harness(&mut harness);
    }
    let mut wide =
        harness(state(&mixed(), &[PaneKind::Overview]), OverviewPane::default(), vec2(900.0, 760.0), egui::Theme::Dark);
    wide.snapshot("overview_wide");
    results.extend_harness(&mut wide);
}

#[test]
fn the_entropy_is_clicked_and_dragged() {
    let content = mixed();
    let len = content.len() as u64;
    let mut harness = harness(state(&content, &[PaneKind::Overview]), OverviewPane::default(), PANE, egui::Theme::Dark);
    let chart =
        harness.get_by(|node| node.role() == Role::Image && node.label().is_some_and(|label| label.starts_with("Entropy")));
    let rect = chart.rect();
    harness.hover_at(rect.center());
    harness.run();
    harness.drag_at(rect.center());
    harness.drop_at(rect.center());
    harness.run();
    let position = document(&harness).position();
    assert!(position.abs_diff(len / 2) < len / 100, "{position}");
    // A drag looks at a part, which is told and can be left.
    harness.drag_at(rect.left_center() + vec2(rect.width() * 0.25, 0.0));
    harness.run_steps(2);
    harness.hover_at(rect.left_center() + vec2(rect.width() * 0.5, 0.0));
    harness.run_steps(2);
    harness.drop_at(rect.left_center() + vec2(rect.width() * 0.5, 0.0));
    harness.run();
    let range = harness.state().state.active().unwrap().view.overview.range.unwrap();
    assert!(range.0.abs_diff(len / 4) < len / 50 && range.1.abs_diff(len / 2) < len / 50, "{range:?}");
    let part = harness.state().state.active().unwrap().explored.part.shown().unwrap();
    assert_eq!((part.range.start.get(), part.range.end().get()), range);
    harness.get_by_label("Whole document").click();
    harness.run();
    assert_eq!(harness.state().state.active().unwrap().view.overview.range, None);
}

#[test]
fn pictures_are_saved_and_numbers_copied() {
    let mut harness = harness(state(&mixed(), &[PaneKind::Overview]), OverviewPane::default(), PANE, egui::Theme::Dark);
    for of in ["entropy", "histogram", "pairs", "pixels"] {
        harness.get_by_label(&format!("Save the {of} as PNG")).click();
        harness.run();
        let effects = std::mem::take(&mut harness.state_mut().effects);
        let asked =
            effects.iter().any(|effect| matches!(effect, Effect::AskSave { name, .. } if *name == format!("mixed {of}.png")));
        assert!(asked, "{of}: {effects:?}");
        apply(&mut harness.state_mut().state, Command::Answered(seektell::app::Answer::Cancelled));
    }
    harness.get_by_label("Copy the histogram as CSV").click();
    harness.run_steps(1);
    let copied = harness
        .output()
        .platform_output
        .commands
        .iter()
        .any(|command| matches!(command, egui::OutputCommand::CopyText(text) if text.starts_with("byte,count,share\n0x00,")));
    assert!(copied);
}

#[test]
fn bytes_as_pixels_go_where_keys_say() {
    let mut harness = harness(state(&mixed(), &[PaneKind::Overview]), OverviewPane::default(), PANE, egui::Theme::Dark);
    let options = |harness: &Harness<'_, Bench>| harness.state().state.active().unwrap().view.overview;
    let picture =
        harness.get_by(|node| node.role() == Role::Image && node.label().is_some_and(|label| label.starts_with("Bytes as")));
    let at = picture.rect().min + vec2(11.0, 7.0);
    harness.hover_at(at);
    harness.run();
    harness.drag_at(at);
    harness.drop_at(at);
    harness.run();
    // The pixel in the third row and the sixth column, two points each.
    assert_eq!(document(&harness).selection().map(|s| (s.start(), s.end())), Some((3 * 128 + 5, 3 * 128 + 6)));
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowRight, Key::Plus] {
        harness.key_press(key);
        harness.run();
    }
    assert_eq!((options(&harness).pixels_from, options(&harness).pixels.width), (257, 129));
    let mut next = options(&harness);
    next.pixels.format = PixelFormat::Rgb;
    next.pixels_from = u64::MAX;
    apply(&mut harness.state_mut().state, Command::View(ViewCommand::Overview(next)));
    harness.run();
    assert_eq!(options(&harness).pixels_from, mixed().len() as u64 - 1);
}

#[test]
fn strings_are_listed_filtered_ordered_and_clicked() {
    let size = vec2(560.0, 420.0);
    let mut harness = harness(state(&mixed(), &[PaneKind::Strings]), StringsPane::default(), size, egui::Theme::Dark);
    assert!(says(&harness, "ASCII, 44 characters: The quick brown fox"));
    harness.snapshot("strings_dark");
    let options = |harness: &Harness<'_, Bench>| harness.state().state.active().unwrap().view.strings.clone();
    let set = |harness: &mut Harness<'_, Bench>, options: StringsOptions| {
        apply(&mut harness.state_mut().state, Command::View(ViewCommand::Strings(Box::new(options))));
        harness.run();
    };
    harness.get_by_role_and_label(Role::TextInput, "Filter strings").focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Filter strings").type_text("GRÖSS");
    harness.run();
    assert_eq!(options(&harness).filter, "GRÖSS");
    let now = options(&harness);
    set(&mut harness, StringsOptions { filter: "größer$".into(), regex: true, ..now.clone() });
    assert!(says(&harness, "1 string that the filter lets through"));
    assert!(says(&harness, "UTF-16LE, 21 characters: A wide string, größer"));
    harness.get_by(|node| node.role() == Role::Grid).click();
    harness.run();
    harness.key_press(Key::Home);
    harness.run();
    let selection = document(&harness).selection().unwrap();
    assert_eq!(selection.len(), 42);
    set(&mut harness, StringsOptions { filter: "a(".into(), regex: true, ..now });
    assert!(says(&harness, "unclosed group"));
    assert!(says(&harness, "A wide string"), "what there is stays while the field holds no condition");
    set(&mut harness, StringsOptions { sort: Sort::Length, ..StringsOptions::default() });
    let strings = harness.state().state.active().unwrap().explored.strings.shown().unwrap();
    assert!(strings.strings.windows(2).all(|pair| pair[0].chars >= pair[1].chars));
    harness.get_by_label("Order by length").click();
    harness.run();
    assert!(options(&harness).descending);
    let effects = apply(&mut harness.state_mut().state, Command::SaveStrings(ListFormat::Csv));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::AskSave { name, .. } if name == "mixed strings.csv")));
}

#[test]
fn the_minimap_scrolls_the_bytes() {
    let mut results = SnapshotResults::new();
    for (mode, name) in [(MinimapMode::Class, "class"), (MinimapMode::Entropy, "entropy"), (MinimapMode::Change, "change")] {
        let mut state = AppState::new(settings(&[], Some(mode)));
        apply(&mut state, Command::OpenBytes { name: "mixed.bin".into(), bytes: mixed() });
        apply(&mut state, Command::Do(Action::SeekEnd));
        let mut harness = harness(state, HexView::new(), vec2(720.0, 400.0), egui::Theme::Light);
        harness.run();
        harness.snapshot(format!("minimap_{name}"));
        results.extend_harness(&mut harness);
        let strip = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with("Minimap, "))).rect();
        harness.hover_at(strip.center());
        harness.run();
        harness.drag_at(strip.center());
        harness.run_steps(2);
        harness.drop_at(strip.center());
        harness.run();
        let top = harness.state().state.active().unwrap().view.hex_scroll.top_row;
        let middle = mixed().len() as u64 / 32;
        assert!(top.abs_diff(middle) < 40, "{top} of {middle}");
    }
}

#[test]
fn edits_are_looked_at_one_after_the_other() {
    let mut state = state(b"some bytes", &[PaneKind::Overview, PaneKind::Strings]);
    // Two edits while the jobs of the first one run: one more look each, at what there is then.
    let running = |effects: &[Effect]| -> Vec<Effect> {
        let is_look = |effect: &&Effect| matches!(effect, Effect::Run(_, Job::Overview { .. } | Job::Strings { .. }));
        effects.iter().filter(is_look).cloned().collect()
    };
    let first = running(&state.apply(Command::Perform(Operation::Write(Data::from("S")))));
    assert_eq!(first.len(), 2);
    assert!(running(&state.apply(Command::Perform(Operation::Write(Data::from("OME!"))))).is_empty());
    assert!(running(&state.apply(Command::Perform(Operation::Write(Data::from("?"))))).is_empty());
    for effect in first {
        let Effect::Run(id, job) = effect else { continue };
        let outcome = job.run(&Progress::new());
        let again = running(&state.apply(Command::Finished(id, Box::new(outcome))));
        assert_eq!(again.len(), 1);
    }
    // A pane that is hidden stops its job, and begins it again when it is shown.
    let hidden = state.apply(Command::Do(Action::ToggleStrings));
    assert!(hidden.iter().any(|effect| matches!(effect, Effect::CancelJob(_))));
    assert_eq!(running(&state.apply(Command::Do(Action::ToggleStrings))).len(), 1);
}

#[test]
fn a_stopped_look_stays_stopped_until_it_is_wanted() {
    let mut state = AppState::new(settings(&[PaneKind::Overview], None));
    let effects = state.apply(Command::OpenBytes { name: "a".into(), bytes: b"abc".to_vec() });
    let look = effects.iter().find_map(|effect| match effect {
        Effect::Run(id, Job::Overview { .. }) => Some(*id),
        _ => None,
    });
    state.apply(Command::CancelJob(look.unwrap()));
    let effects = state.apply(Command::Finished(look.unwrap(), Box::new(JobOutcome::Overview(None))));
    assert!(effects.is_empty() && state.active().unwrap().explored.whole.is_given_up());
    assert!(state.apply(Command::ExploreAgain).iter().any(|effect| matches!(effect, Effect::Run(_, Job::Overview { .. }))));
}

#[test]
fn nothing_one_byte_text_and_an_exbibyte() {
    for content in [&b""[..], b"\0"] {
        for view in
            [Box::new(OverviewPane::default()) as Box<dyn View>, Box::new(StringsPane::default()), Box::new(HexView::new())]
        {
            let mut state = AppState::new(settings(&[PaneKind::Overview, PaneKind::Strings], Some(MinimapMode::Class)));
            apply(&mut state, Command::OpenBytes { name: "tiny".into(), bytes: content.to_vec() });
            let bench = Bench { state, view, effects: Vec::new() };
            let mut harness =
                Harness::builder().with_size(PANE).with_context_setup(theme::install).build_ui_state(Bench::ui, bench);
            harness.run();
        }
    }
    // Of a text stream its UTF-8 is looked at; a click finds the character.
    let mut text = AppState::new(settings(&[PaneKind::Overview, PaneKind::Strings], None));
    apply(&mut text, Command::Do(Action::NewText));
    apply(&mut text, Command::Perform(Operation::Write(Data::Text(Text::from("größer als €\n\nund mehr")))));
    assert_eq!(text.active().unwrap().explored.whole.shown().unwrap().range.len, Len(26));
    apply(&mut text, Command::SelectBytes { from: 18, to: 26 });
    let selection = text.active().unwrap().document.selection().unwrap();
    assert_eq!((selection.start(), selection.end()), (14, 22));
    // Large and empty: at once.
    let mut huge = AppState::new(settings(&[PaneKind::Overview], Some(MinimapMode::Entropy)));
    apply(&mut huge, Command::Do(Action::NewBytes));
    apply(&mut huge, Command::Perform(Operation::Insert { at: 0, data: Data::Bytes(Buffer::filled(0, Len(1 << 59))) }));
    let seen = huge.active().unwrap().explored.whole.shown().unwrap();
    assert!(seen.is_exact() && seen.histogram[0] == 1 << 59);
    let mut harness = harness(huge, OverviewPane::default(), PANE, egui::Theme::Light);
    harness.run();
    assert!(says(&harness, "1 of 256 values"));
}

fn seektell(arguments: &[&str], file: &Path) -> Output {
    Process::new(env!("CARGO_BIN_EXE_seektell")).args(arguments).arg(file).output().unwrap()
}

#[test]
fn the_terminal_prints_strings_and_statistics() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mixed.bin");
    std::fs::write(&path, mixed()).unwrap();
    let output = seektell(&["strings", "--offsets", "--min", "15", "--encoding", "utf-8", "--encoding", "utf-16le"], &path);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.starts_with("00001000 ASCII     The quick brown fox"));
    assert!(text.ends_with("UTF-16LE  A wide string, größer\n"), "{text}");
    let output = seektell(&["strings", "--json", "--filter", "größer"], &path);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((json.as_array().unwrap().len(), json[0]["characters"].as_u64()), (1, Some(21)));
    assert_eq!(seektell(&["strings", "--encoding", "nonsense"], &path).status.code(), Some(2));
    assert_eq!(seektell(&["strings", "--filter", "a("], &path).status.code(), Some(2));
    let output = seektell(&["stats", "--json"], &path);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json[0]["size"], mixed().len());
    assert_eq!(json[0]["histogram"][0xFF].as_u64(), Some(mixed().iter().filter(|&&byte| byte == 0xFF).count() as u64));
    let output = seektell(&["stats"], &path);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("256 of 256") && text.contains("entropy by offset") && text.lines().count() > 40, "{text}");
    assert_eq!(seektell(&["stats"], &folder.path().join("nothing")).status.code(), Some(1));
}

#[test]
fn ascii_is_what_binutils_finds() {
    let Ok(version) = Process::new("strings").arg("--version").output() else {
        eprintln!("skipped: no strings program is installed");
        return;
    };
    if !String::from_utf8_lossy(&version.stdout).contains("GNU") {
        eprintln!("skipped: the strings program is not that of binutils");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("program");
    let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    // Its beginning is tables and code, its end names.
    let (front, back) = (&program[..program.len().min(2 << 20)], &program[program.len().saturating_sub(1 << 20)..]);
    std::fs::write(&path, [front, back].concat()).unwrap();
    for min in ["3", "4", "9"] {
        let theirs = Process::new("strings").args(["-a", "-t", "x", "-n", min]).arg(&path).env("LC_ALL", "C").output().unwrap();
        let theirs = String::from_utf8_lossy(&theirs.stdout).into_owned();
        let ours = seektell(&["strings", "--offsets", "--encoding", "ascii", "--min", min], &path);
        let ours = String::from_utf8(ours.stdout).unwrap();
        let theirs: Vec<(u64, &str)> = theirs
            .lines()
            .filter_map(|line| line.trim_start().split_once(' '))
            .map(|(offset, text)| (u64::from_str_radix(offset, 16).unwrap(), text))
            .collect();
        let ours: Vec<(u64, &str)> =
            ours.lines().map(|line| (u64::from_str_radix(&line[..8], 16).unwrap(), &line[19..])).collect();
        assert!(theirs.len() > 1000);
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs);
        }
    }
}

fn chart_value(harness: &Harness<'_, Bench>, name: &str) -> String {
    let chart = harness.get_by(|node| node.role() == Role::Image && node.label().is_some_and(|label| label.starts_with(name)));
    chart.accesskit_node().value().unwrap_or_default()
}

#[test]
fn charts_are_read_with_the_keyboard() {
    let content = mixed();
    let len = content.len() as u64;
    let mut harness = harness(state(&content, &[PaneKind::Overview]), OverviewPane::default(), PANE, egui::Theme::Dark);
    let press = |harness: &mut Harness<'_, Bench>, modifiers: egui::Modifiers, key: Key| {
        harness.key_press_modifiers(modifiers, key);
        harness.run();
    };
    let focus = |harness: &mut Harness<'_, Bench>, name: &str| {
        harness.get_by(|node| node.role() == Role::Image && node.label().is_some_and(|label| label.starts_with(name))).focus();
        harness.run();
    };
    let none = egui::Modifiers::NONE;
    assert_eq!(chart_value(&harness, "Entropy"), "", "nothing is read out before it has the keyboard");
    focus(&mut harness, "Entropy");
    let first = chart_value(&harness, "Entropy");
    assert!(first.starts_with("0x0 to 0x") && first.contains(" bits a byte, "), "{first}");
    press(&mut harness, none, Key::ArrowRight);
    let second = chart_value(&harness, "Entropy");
    assert_ne!(first, second);
    press(&mut harness, none, Key::ArrowLeft);
    assert_eq!(chart_value(&harness, "Entropy"), first);
    press(&mut harness, none, Key::End);
    let last = chart_value(&harness, "Entropy");
    assert!(last.contains(&format!(" to 0x{:X}:", len - 1)), "{last}");
    // Enter goes to the bytes.
    press(&mut harness, none, Key::Enter);
    let position = document(&harness).position();
    assert!(last.starts_with(&format!("0x{position:X} to ")), "{last} {position:X}");
    press(&mut harness, none, Key::Home);
    for _ in 0..3 {
        press(&mut harness, none, Key::PageDown);
    }
    // Shift and arrows take in a range, and Enter looks closer at it; Backspace at everything again.
    press(&mut harness, egui::Modifiers::SHIFT, Key::ArrowRight);
    press(&mut harness, egui::Modifiers::SHIFT | egui::Modifiers::COMMAND, Key::ArrowRight);
    let range = chart_value(&harness, "Entropy");
    harness.snapshot("overview_keyboard");
    press(&mut harness, none, Key::Enter);
    let (from, to) = harness.state().state.active().unwrap().view.overview.range.unwrap();
    assert!(range.starts_with(&format!("0x{from:X} to 0x{:X}: ", to - 1)), "{range} {from:X} {to:X}");
    focus(&mut harness, "Entropy");
    press(&mut harness, none, Key::Backspace);
    assert_eq!(harness.state().state.active().unwrap().view.overview.range, None);
    // Bytes of the histogram: Enter goes to the next place where one occurs.
    focus(&mut harness, "Histogram");
    press(&mut harness, none, Key::Home);
    assert!(chart_value(&harness, "Histogram").starts_with("0x0  0: "), "{}", chart_value(&harness, "Histogram"));
    for _ in 0..4 {
        press(&mut harness, none, Key::PageDown);
    }
    press(&mut harness, none, Key::ArrowRight);
    press(&mut harness, none, Key::ArrowRight);
    let value = chart_value(&harness, "Histogram");
    assert!(value.starts_with("0x42  66  'B': ") && value.contains(" times, "), "{value}");
    press(&mut harness, none, Key::Enter);
    let found = document(&harness).selection().unwrap();
    assert_eq!((content[found.start() as usize], found.len()), (0x42, 1));
    press(&mut harness, none, Key::End);
    assert!(chart_value(&harness, "Histogram").starts_with("0xFF  255: "));
}
