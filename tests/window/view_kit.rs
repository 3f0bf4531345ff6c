//! A view alone in a window without a display, and the mouse and keys of who uses it.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]
#![allow(dead_code, reason = "each of the tests uses a part of it")]

use egui::{Event, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::Harness;
use seektell::app::{AppState, Command, Settings, ThemeChoice};
use seektell::document::Selection;
use seektell::ui::hex_view::HexView;
use seektell::ui::theme::{self, Theme};
use seektell::ui::{View, ViewCx};

use crate::support::SoftwareRenderer;

pub(crate) struct App<V> {
    pub(crate) view: V,
    pub(crate) state: AppState,
    pub(crate) theme: Theme,
    /// Every command that the view reported, as text.
    pub(crate) log: Vec<String>,
}

impl<V: View> App<V> {
    pub(crate) fn apply(&mut self, command: Command) {
        self.state.apply(command);
    }
}

pub(crate) type Window<V> = Harness<'static, App<V>>;

pub(crate) fn window<V: View + Default + 'static>(state: AppState, choice: ThemeChoice, size: egui::Vec2) -> Window<V> {
    let theme = if choice == ThemeChoice::Light { Theme::light() } else { Theme::dark() };
    let kind = if choice == ThemeChoice::Light { egui::Theme::Light } else { egui::Theme::Dark };
    let app = App { view: V::default(), state, theme, log: Vec::new() };
    Harness::builder()
        .with_size(size)
        .with_theme(kind)
        .with_render_cursor(false)
        .with_step_dt(1.0 / 60.0)
        .with_max_steps(120)
        .renderer(SoftwareRenderer::default())
        .with_context_setup(theme::install)
        .build_ui_state(
            |ui, app: &mut App<V>| {
                let mut commands = Vec::new();
                if let Some(open) = app.state.active() {
                    let settings = app.state.settings();
                    let cx = ViewCx { theme: &app.theme, settings, state: &app.state, now: 1.0 };
                    app.view.show(ui, open, &cx, &mut commands);
                }
                for command in commands {
                    app.log.push(format!("{command:?}"));
                    app.state.apply(command);
                }
            },
            app,
        )
}

pub(crate) fn settings(columns: Option<u16>) -> Settings {
    Settings { columns, panes: Vec::new(), ..Settings::default() }
}

pub(crate) fn bytes(content: impl Into<Vec<u8>>) -> AppState {
    let mut state = AppState::new(settings(Some(16)));
    state.apply(Command::OpenBytes { name: "sample.bin".into(), bytes: content.into() });
    state
}

pub(crate) fn hex(state: AppState) -> Window<HexView> {
    let mut window = window(state, ThemeChoice::Dark, vec2(760.0, 440.0));
    window.run();
    window.state_mut().log.clear();
    window
}

pub(crate) fn cell(window: &Window<HexView>, offset: u64) -> Pos2 {
    window.state().view.geometry().unwrap().cell(offset).unwrap().center()
}

pub(crate) fn press<S>(window: &mut Harness<'_, S>, pos: Pos2, modifiers: Modifiers) {
    window.event(Event::ModifiersChanged(modifiers));
    window.event(Event::PointerMoved(pos));
    window.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed: true, modifiers });
    window.run();
}

pub(crate) fn release<S>(window: &mut Harness<'_, S>, pos: Pos2) {
    let modifiers = Modifiers::NONE;
    window.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed: false, modifiers });
    window.event(Event::ModifiersChanged(modifiers));
    window.run();
}

pub(crate) fn click<S>(window: &mut Harness<'_, S>, pos: Pos2, modifiers: Modifiers) {
    press(window, pos, modifiers);
    release(window, pos);
}

pub(crate) fn drag_to<S>(window: &mut Harness<'_, S>, pos: Pos2) {
    window.event(Event::PointerMoved(pos));
    window.run();
}

pub(crate) fn key<S>(window: &mut Harness<'_, S>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run();
}

pub(crate) fn type_in<S>(window: &mut Harness<'_, S>, text: &str) {
    window.event(Event::Text(text.to_owned()));
    window.run();
}

pub(crate) fn position<V>(window: &Window<V>) -> u64 {
    window.state().state.active().unwrap().document.position()
}

pub(crate) fn selection<V>(window: &Window<V>) -> Option<(u64, u64)> {
    let Selection { anchor, head } = window.state().state.active().unwrap().document.selection()?;
    Some((anchor, head))
}

pub(crate) fn content<V>(window: &Window<V>) -> Vec<u8> {
    window.state().state.active().unwrap().document.snapshot().to_vec_all().unwrap()
}

pub(crate) fn count_up(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i % 251) as u8).collect()
}
