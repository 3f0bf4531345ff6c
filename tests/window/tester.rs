//! A whole window without a display, for tests that say what is done in it.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::kittest::{NodeT as _, Queryable};
use egui_kittest::{Harness, HarnessBuilder};
use seektell::app::{Action, Answer, AppState, Command, OpenDocument, Settings, ThemeChoice};
use seektell::document::Document;
use seektell::ui::native::ScriptedDialogs;
use seektell::ui::{Runner, Window};

use crate::support::SoftwareRenderer;

/// Width and height of most windows, in points.
const SIZE: [f32; 2] = [1280.0, 800.0];

pub(crate) struct Tester {
    pub(crate) window: Window,
}

impl eframe::App for Tester {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.window.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.window.ui(ui);
    }
}

pub(crate) struct App(pub(crate) Harness<'static, Tester>);

#[allow(dead_code, reason = "no test needs all of it")]
impl App {
    pub(crate) fn new(theme: ThemeChoice) -> Self {
        Self::answering(theme, [])
    }

    /// One whose file dialogs give these answers, one after the other, and "cancelled" after them.
    pub(crate) fn answering(theme: ThemeChoice, answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::asking(Settings { theme, ..Settings::default() }, answers)
    }

    /// The same with settings.
    pub(crate) fn asking(settings: Settings, answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::build(settings, ScriptedDialogs::new(answers))
    }

    pub(crate) fn with(settings: Settings) -> Self {
        Self::build(settings, ScriptedDialogs::default())
    }

    /// One whose own words must all be in the bundled fonts. In the others documents may hold any character.
    pub(crate) fn strict(theme: ThemeChoice) -> Self {
        let settings = Settings { theme, ..Settings::default() };
        Self::framed(settings, ScriptedDialogs::default(), Harness::builder().with_size(SIZE))
    }

    /// One of another size, in points.
    pub(crate) fn sized(theme: ThemeChoice, size: [f32; 2]) -> Self {
        let settings = Settings { theme, ..Settings::default() };
        Self::framed(settings, ScriptedDialogs::default(), Harness::builder().with_size(size).allow_missing_glyphs())
    }

    /// One whose frames follow each other as on a screen of 60 Hz, not a quarter of a second apart: a click and a drag are
    /// told apart by time.
    pub(crate) fn brisk(theme: ThemeChoice, answers: impl IntoIterator<Item = Answer>) -> Self {
        let settings = Settings { theme, ..Settings::default() };
        let frame = Harness::builder().with_size(SIZE).allow_missing_glyphs().with_step_dt(1.0 / 60.0);
        Self::framed(settings, ScriptedDialogs::new(answers), frame)
    }

    fn build(settings: Settings, dialogs: ScriptedDialogs) -> Self {
        Self::framed(settings, dialogs, Harness::builder().with_size(SIZE).allow_missing_glyphs())
    }

    fn framed(settings: Settings, dialogs: ScriptedDialogs, frame: HarnessBuilder<Tester>) -> Self {
        let builder = frame.with_max_steps(40).with_render_cursor(false).renderer(SoftwareRenderer::default());
        let harness = builder.build_eframe(move |cc| {
            let wake = cc.egui_ctx.clone();
            let runner = Runner::new(Arc::new(move || wake.request_repaint()), Box::new(dialogs), None);
            Tester { window: Window::new(&cc.egui_ctx, settings, runner) }
        });
        let mut app = Self(harness);
        app.settle();
        app
    }

    pub(crate) fn window(&self) -> &Window {
        &self.0.state().window
    }

    pub(crate) fn state(&self) -> &AppState {
        self.window().state()
    }

    pub(crate) fn open(&self) -> &OpenDocument {
        self.state().active().unwrap()
    }

    pub(crate) fn document(&self) -> &Document {
        &self.open().document
    }

    /// The bounds of what is selected in the document in front.
    pub(crate) fn selected(&self) -> Option<(u64, u64)> {
        self.document().selection().map(|selection| (selection.start(), selection.end()))
    }

    /// Whether the window says this somewhere.
    pub(crate) fn shows(&self, words: &str) -> bool {
        self.0.query_all_by_label_contains(words).next().is_some()
    }

    pub(crate) fn is_disabled(&self, label: &str) -> bool {
        self.0.query_all_by_label(label).all(|node| node.accesskit_node().is_disabled())
    }

    pub(crate) fn content(&self) -> Vec<u8> {
        self.document().snapshot().to_vec_all().unwrap()
    }

    /// Opens a document of these bytes.
    pub(crate) fn open_bytes(&mut self, name: &str, bytes: &[u8]) {
        self.send(Command::OpenBytes { name: name.into(), bytes: bytes.to_vec() });
    }

    /// Frames until every job has ended, the console has answered, and nothing asks for another frame.
    pub(crate) fn settle(&mut self) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            self.0.run_steps(2);
            let rests = self.state().jobs().is_empty() && !self.state().console().is_running();
            if self.window().runner().is_idle() && rests {
                break;
            }
            assert!(Instant::now() < end, "nothing ends: {:?} {:?}", self.state().jobs(), self.state().console().running());
            std::thread::sleep(Duration::from_millis(2));
        }
        self.0.run_steps(3);
    }

    /// Decides on a command at once; what it asks for goes on behind it.
    pub(crate) fn decide(&mut self, command: Command) {
        let ctx = self.0.ctx.clone();
        self.0.state_mut().window.send(&ctx, [command]);
    }

    pub(crate) fn send(&mut self, command: Command) {
        self.decide(command);
        self.settle();
    }

    pub(crate) fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.0.key_press_modifiers(modifiers, key);
        self.settle();
    }

    pub(crate) fn act(&mut self, action: Action) {
        self.send(Command::Do(action));
    }

    pub(crate) fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            self.0.event(Event::Text(letter.to_string()));
        }
        self.settle();
    }

    /// A click of the left button, after which the pointer leaves the window.
    pub(crate) fn click(&mut self, pos: Pos2) {
        self.0.event(Event::PointerMoved(pos));
        for pressed in [true, false] {
            self.0.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
        }
        self.settle();
        self.0.event(Event::PointerGone);
        self.settle();
    }
}
