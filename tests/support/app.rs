//! A whole window without a display, for tests that say what is done in it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use seektell::app::{Answer, AppState, Command, OpenDocument, Settings, ThemeChoice};
use seektell::ui::native::ScriptedDialogs;
use seektell::ui::{Runner, Window};

use crate::support::SoftwareRenderer;

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

    fn build(settings: Settings, dialogs: ScriptedDialogs) -> Self {
        let builder = Harness::builder().with_size([1280.0, 800.0]).allow_missing_glyphs().with_max_steps(40);
        let harness = builder.with_render_cursor(false).renderer(SoftwareRenderer::default()).build_eframe(move |cc| {
            let wake = cc.egui_ctx.clone();
            let runner = Runner::new(Arc::new(move || wake.request_repaint()), Box::new(dialogs), None);
            Tester { window: Window::new(&cc.egui_ctx, settings, runner) }
        });
        let mut app = Self(harness);
        app.settle();
        app
    }

    pub(crate) fn state(&self) -> &AppState {
        self.0.state().window.state()
    }

    pub(crate) fn open(&self) -> &OpenDocument {
        self.state().active().unwrap()
    }

    pub(crate) fn settle(&mut self) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            self.0.run_steps(2);
            if self.0.state().window.runner().is_idle() && self.state().jobs().is_empty() {
                break;
            }
            assert!(Instant::now() < end, "nothing ends: {:?}", self.state().jobs());
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
}
