//! The window: one frame is input to commands, commands to state, state to paint.

use std::time::Duration;

use egui::{CentralPanel, Context, Event, Frame, Panel, Ui, ViewportCommand};

use super::compare_view::{CompareGeometry, CompareView};
use super::console_pane::ConsolePane;
use super::dialogs::Dialogs;
use super::effects::Runner;
use super::find_bar::FindBar;
use super::hex_view::HexGeometry;
use super::layout::{Layout, focus_id};
use super::notices::Messages;
use super::status_bar::{JobLine, StatusBar};
use super::theme::{Theme, UNIT};
use super::{ViewCx, Views, drop, menu, shortcuts, start, tabs};
use crate::app::table::TableCommand;
use crate::app::{AppState, Command, CompareId, Film, Level, Notice, PaneKind, PasteInto, PictureCommand, Settings, ThemeChoice};
use crate::document::{DocumentId, StreamKind};

/// The state, the views of it, and the runner of its effects.
pub struct Window {
    state: AppState,
    runner: Runner,
    scene: Scene,
    messages: Messages,
    title: String,
    theme: Option<ThemeChoice>,
    /// The pane that F6 went to last.
    pane: PaneKind,
    /// Whether a dialog was open in the last frame.
    asks: bool,
    /// Whether the find bar was shown in the last frame.
    finds: bool,
    /// Frames that the pane is still to be given the focus in.
    refocus: u8,
    /// The document that was in front in the last frame.
    front: Option<(DocumentId, Option<CompareId>)>,
    /// Size and zoom that were reported last.
    geometry: Option<([f32; 2], f32)>,
    /// Rows that a notch of the wheel scrolls, as egui was told.
    wheel_rows: u8,
}

impl Window {
    /// A window with nothing open. `ctx` gets the fonts and both themes.
    pub fn new(ctx: &Context, settings: Settings, runner: Runner) -> Self {
        super::theme::install(ctx);
        // Zooming keeps egui's keys, too: they are what is left of it while a dialog is open.
        ctx.options_mut(|options| options.quit_shortcuts.clear());
        ctx.set_zoom_factor(settings.zoom);
        // Its keys are those of actions here, and may be given to others.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        Self {
            state: AppState::new(settings),
            runner,
            scene: Scene::default(),
            messages: Messages::default(),
            title: String::new(),
            theme: None,
            pane: PaneKind::Hex,
            asks: false,
            finds: false,
            refocus: 0,
            front: None,
            geometry: None,
            wheel_rows: 0,
        }
    }

    /// The state, to read.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// The runner, for tests that wait for jobs.
    pub fn runner(&self) -> &Runner {
        &self.runner
    }

    /// Applies commands and carries their effects out; tests and the start send commands this way too.
    pub fn send(&mut self, ctx: &Context, commands: impl IntoIterator<Item = Command>) {
        for command in commands {
            for effect in self.state.apply(command) {
                self.runner.carry_out(effect, ctx);
            }
            ctx.request_repaint();
        }
    }

    /// What happens before a frame, and also while the window is hidden: results of jobs, answers of dialogs.
    pub fn logic(&mut self, ctx: &Context) {
        let commands = self.runner.collect();
        self.send(ctx, commands);
        self.follow_theme(ctx);
        self.follow_wheel(ctx);
        if ctx.input(|input| input.viewport().close_requested()) && !self.runner.closing {
            if self.state.modified().is_empty() && !self.state.console().is_running() {
                crate::files::end_copies();
                self.runner.closing = true;
            } else {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                self.send(ctx, [Command::CloseRequested]);
            }
        }
    }

    /// Writes down what is kept between sessions; called when the window rests or closes.
    pub fn keep_settings(&mut self) {
        self.runner.keep_settings();
    }

    /// One frame.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let now = ctx.input(|input| input.time);
        let mut commands = drop::dropped(&ctx);
        commands.extend(self.pasted(&ctx));
        commands.extend(shortcuts::pressed(&ctx, &self.state).into_iter().map(Command::Do));
        self.cycle_panes(&ctx);
        // What the keys did is on screen in the same frame.
        self.send(&ctx, std::mem::take(&mut commands));
        self.play(&ctx, now);
        let rows = self.runner.jobs();
        self.scene.views.preview.film_seen = false;
        self.scene.paint(ui, &self.state, &rows, now, &mut commands);
        self.wake_for_film(&ctx, now);
        self.note_geometry(&ctx, &mut commands);
        self.send(&ctx, commands);
        self.hand_focus_on(&ctx);
        if std::mem::take(&mut self.runner.reset_layout) {
            self.scene.layout.reset();
        }
        if std::mem::take(&mut self.runner.capture) {
            self.capture(&ctx);
        }
        let taken = self.state.dialog().is_some() || self.state.is_asking() || egui::Popup::is_any_open(&ctx);
        if !taken && !ctx.text_edit_focused() {
            self.messages.close_by_key(&ctx);
        }
        self.messages.take(self.state.notices(), now);
        self.messages.show(&ctx, &Theme::of(&ctx), now);
        self.name_window(&ctx);
        self.runner.keep_settings();
        if !self.state.is_asking() {
            self.runner.dialogs.give_up();
        }
    }

    /// A walk that plays goes on when its time has come. What that shows is painted in this very frame.
    fn play(&mut self, ctx: &Context, now: f64) {
        if let Some(tick) = super::walk::tick(ctx, &self.state, now) {
            for effect in self.state.apply(tick) {
                self.runner.carry_out(effect, ctx);
            }
            super::walk::tick(ctx, &self.state, now);
        }
        self.play_film(ctx, now);
    }

    /// An animation that was in sight in the last frame goes on when its time has come.
    fn play_film(&mut self, ctx: &Context, now: f64) {
        if !self.scene.views.preview.film_seen {
            return;
        }
        // A frame that is due before the screen can show another one is shown in this one.
        let soon = now + f64::from(ctx.input(|input| input.predicted_dt)) / 2.0;
        let film = self.state.active().and_then(|open| open.film());
        if film.and_then(Film::next_tick).is_some_and(|due| due <= soon) {
            for effect in self.state.apply(Command::Picture(PictureCommand::Tick { now: soon })) {
                self.runner.carry_out_quietly(effect, ctx);
            }
        }
    }

    /// The window is woken when the next frame of an animation in sight is due, and not before.
    fn wake_for_film(&self, ctx: &Context, now: f64) {
        if self.scene.views.preview.film_seen
            && let Some(due) = self.state.active().and_then(|open| open.film()).and_then(Film::next_tick)
        {
            ctx.request_repaint_after(Duration::from_secs_f64((due - now).max(0.0)));
        }
    }

    /// Pastes that no text field took.
    fn pasted(&mut self, ctx: &Context) -> Vec<Command> {
        if ctx.text_edit_focused() || ConsolePane::has_focus(ctx) || self.state.dialog().is_some() || self.state.is_asking() {
            return Vec::new();
        }
        let mut commands = Vec::new();
        let mut pasted = Vec::new();
        ctx.input_mut(|input| {
            input.events.retain(|event| match event {
                Event::Paste(_) | Event::PasteImage(_) => {
                    pasted.push(event.clone());
                    false
                }
                _ => true,
            });
        });
        if pasted.is_empty() {
            match self.runner.missed_paste(ctx) {
                Some(PasteInto::Dialog) => commands.push(Command::PasteAs(String::new())),
                Some(PasteInto::Cursor | PasteInto::Document | PasteInto::Cells) => {
                    let text = "Nothing was pasted: the clipboard is empty".to_owned();
                    commands.push(Command::Notice(Notice { level: Level::Info, text }));
                }
                None => {}
            }
        }
        for event in pasted {
            let into = match self.runner.take_paste_into() {
                PasteInto::Cursor if super::table_view::has_focus(ctx) => PasteInto::Cells,
                into => into,
            };
            commands.push(match event {
                Event::Paste(text) => match into {
                    PasteInto::Cursor => Command::Paste(text),
                    PasteInto::Document => Command::PasteAsNew(text),
                    PasteInto::Dialog => Command::PasteAs(text),
                    PasteInto::Cells => Command::Table(TableCommand::Paste(text)),
                },
                Event::PasteImage(image) => Command::PastePicture {
                    width: image.width() as u32,
                    height: image.height() as u32,
                    rgba: image.pixels.iter().flat_map(egui::Color32::to_srgba_unmultiplied).collect(),
                },
                _ => continue,
            });
        }
        commands
    }

    /// F6 goes to the next pane, Shift+F6 to the one before.
    fn cycle_panes(&mut self, ctx: &Context) {
        let pressed = |modifiers| ctx.input_mut(|input| input.consume_key(modifiers, egui::Key::F6));
        let step = if pressed(egui::Modifiers::SHIFT) {
            -1
        } else if pressed(egui::Modifiers::NONE) {
            1
        } else {
            return;
        };
        if let Some(open) = self.state.comparison_in_front() {
            let side = open.view.side;
            let side = if ctx.memory(|memory| memory.has_focus(CompareView::id(side))) { side.other() } else { side };
            ctx.memory_mut(|memory| memory.request_focus(CompareView::id(side)));
            return;
        }
        let shown = &self.state.settings().panes;
        let panes: Vec<PaneKind> = PaneKind::ALL.into_iter().filter(|pane| shown.contains(pane)).collect();
        if self.state.active().is_none() && self.state.is_console_wanted() {
            ctx.memory_mut(|memory| memory.request_focus(ConsolePane::id()));
        }
        if self.state.active().is_none() || panes.is_empty() {
            return;
        }
        let at = panes.iter().position(|&pane| pane == self.pane).unwrap_or(0) as isize;
        self.pane = panes[(at + step).rem_euclid(panes.len() as isize) as usize];
        // A pane behind another one comes before it.
        self.scene.layout.bring_to_front(self.pane);
        ctx.memory_mut(|memory| memory.request_focus(focus_id(self.pane)));
    }

    /// A document that came to the front gets the keyboard, and a pane gets it back when a dialog closes.
    fn hand_focus_on(&mut self, ctx: &Context) {
        let compare = self.state.comparison_in_front();
        let front = self.state.active().map(|open| (open.document.id(), compare.map(|open| open.id)));
        let compare = compare.map(|open| CompareView::id(open.view.side));
        let asked = std::mem::replace(&mut self.asks, self.state.dialog().is_some() || self.state.is_asking());
        let found = std::mem::replace(&mut self.finds, self.state.search().is_open());
        if found && !self.finds {
            self.refocus = 1;
        }
        if front != self.front {
            let text = self.state.active().is_some_and(|open| open.document.kind() == StreamKind::Text);
            let shown = self.state.settings().panes.contains(&PaneKind::Text);
            self.pane = if text && shown { PaneKind::Text } else { PaneKind::Hex };
        } else if asked && !self.asks {
            // egui keeps the focus inside a modal for one more frame after it has gone.
            self.refocus = 2;
        }
        // Matches of several documents are looked through with the keyboard where it is.
        let in_list = ctx.memory(|memory| memory.has_focus(focus_id(PaneKind::Search)));
        if front != self.front && !in_list {
            self.refocus = 1;
        }
        self.front = front;
        if front.is_some() && !self.asks && self.refocus > 0 {
            self.refocus -= 1;
            ctx.memory_mut(|memory| memory.request_focus(compare.unwrap_or_else(|| focus_id(self.pane))));
            ctx.request_repaint();
        }
    }

    /// Where each byte was in the last frame, for tests.
    pub fn hex_geometry(&self) -> Option<&HexGeometry> {
        self.scene.views.hex.geometry()
    }

    /// Where a comparison was in the last frame, for tests.
    pub fn compare_geometry(&self) -> Option<&CompareGeometry> {
        self.scene.views.compare.geometry()
    }

    /// Paints the state once more, in software, without the menu that asked for it.
    fn capture(&mut self, ctx: &Context) {
        let size = ctx.content_rect().size();
        let scene = Scene { layout: self.scene.layout.clone(), ..Scene::default() };
        let image = super::screenshot::paint_state(&self.state, scene, size, ctx.pixels_per_point(), ctx.theme());
        match super::screenshot::to_png(&image) {
            Ok(png) => self.send(ctx, [Command::Captured(png)]),
            Err(text) => self.send(ctx, [Command::Notice(Notice { level: Level::Error, text })]),
        }
    }

    /// A notch of the wheel scrolls as many rows of the usual height as the user likes, in every view.
    fn follow_wheel(&mut self, ctx: &Context) {
        let rows = self.state.settings().hex.wheel_rows;
        if std::mem::replace(&mut self.wheel_rows, rows) != rows {
            ctx.options_mut(|options| options.input_options.line_scroll_speed = f32::from(rows) * super::theme::ROW);
        }
    }

    fn follow_theme(&mut self, ctx: &Context) {
        let choice = self.state.settings().theme;
        if self.theme != Some(choice) {
            self.theme = Some(choice);
            super::theme::choose(ctx, choice);
        }
    }

    fn name_window(&mut self, ctx: &Context) {
        let title = match self.state.active() {
            Some(open) => {
                let mark = if open.is_unsaved() { "• " } else { "" };
                format!("{mark}{} - Seektell", super::shortened(open.document.name(), 80))
            }
            None => "Seektell".to_owned(),
        };
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// The size and the zoom are kept when they have changed and the pointer is up.
    fn note_geometry(&mut self, ctx: &Context, commands: &mut Vec<Command>) {
        let zoom = ctx.zoom_factor();
        let Some(rect) = ctx.input(|input| input.viewport().inner_rect) else { return };
        let size = [rect.width().round(), rect.height().round()];
        if self.geometry == Some((size, zoom)) || ctx.input(|input| input.pointer.any_down()) {
            return;
        }
        let first = self.geometry.replace((size, zoom)).is_none();
        if !first {
            commands.push(Command::Window { size, zoom });
        }
    }
}

/// Everything that paints, and what it remembers between frames. A second one paints a picture of the view.
#[derive(Default)]
pub(super) struct Scene {
    pub(super) views: Views,
    pub(super) layout: Layout,
    dialogs: Dialogs,
    find: FindBar,
}

impl Scene {
    /// Paints the state, and adds what the user did.
    pub(super) fn paint(&mut self, ui: &mut Ui, state: &AppState, jobs: &[JobLine], now: f64, commands: &mut Vec<Command>) {
        let ctx = ui.ctx().clone();
        let theme = &Theme::of(&ctx);
        let cx = ViewCx { theme, settings: state.settings(), state, now };
        let bar = Frame::new().fill(theme.panel).inner_margin(egui::Margin::symmetric(2 * UNIT as i8, UNIT as i8));
        Panel::top("menu").frame(bar).show(ui, |ui| menu::show(ui, &cx, commands));
        if !state.documents().is_empty() {
            let bar = Frame::new().fill(theme.panel).inner_margin(egui::Margin::symmetric(UNIT as i8, 0));
            Panel::top("tabs").frame(bar).show(ui, |ui| tabs::show(ui, &cx, commands));
        }
        if state.search().is_open() && state.active().is_some() {
            let running = state.search().job().map(|id| jobs.iter().find(|line| line.0 == id).and_then(|line| line.2));
            Panel::top("find").frame(bar).show(ui, |ui| self.find.show(ui, running, &cx, commands));
        }
        Panel::bottom("status").frame(bar).show(ui, |ui| StatusBar.show(ui, state.active(), jobs, &cx, commands));
        let Self { views, layout, dialogs, .. } = self;
        if state.active().is_none() && state.settings().panes.contains(&PaneKind::Lesson) {
            let bar = Frame::new().fill(theme.panel).inner_margin(2.0 * UNIT);
            let panel = Panel::right("lessons alone").resizable(true).default_size(380.0).size_range(240.0..=700.0);
            panel.frame(bar).show(ui, |ui| {
                ui.set_min_size(ui.available_size());
                views.lesson.show_lessons(ui, &cx, commands);
            });
        }
        CentralPanel::default().frame(Frame::new().fill(theme.ground)).show(ui, |ui| match state.active() {
            Some(_) if let Some(open) = state.comparison_in_front() => views.compare.show(ui, open, &cx, commands),
            Some(open) => layout.show(ui, views, open, &cx, commands),
            None if state.is_console_wanted() => {
                let bar = Frame::new().fill(theme.panel).inner_margin(2.0 * UNIT);
                let panel = Panel::bottom("console alone").resizable(true).default_size(320.0).size_range(160.0..=600.0);
                panel.frame(bar).show(ui, |ui| {
                    ui.set_min_size(ui.available_size());
                    views.console.show_console(ui, &cx, commands);
                });
                start::show(ui, &cx, !jobs.is_empty(), commands);
            }
            None => start::show(ui, &cx, !jobs.is_empty(), commands),
        });
        dialogs.show(&ctx, &cx, commands);
        if state.dialog().is_some() || state.is_asking() {
            hush(&ctx);
        }
        if state.is_asking() {
            waiting_for_dialog(&ctx, theme, commands);
        }
        drop::overlay(&ctx, theme);
    }
}

/// No words under the pointer for what is behind a dialog. egui hides those of a layer that a popup is open over, and knows no
/// other way to end one that is shown: so an empty popup stands there. It counts from the next frame on.
fn hush(ctx: &Context) {
    let id = egui::Id::unique("nothing under the pointer");
    let was_open = ctx.read_response(id).is_some();
    egui::Popup::new(id, ctx.clone(), ctx.content_rect().min, egui::LayerId::background())
        .frame(Frame::NONE)
        .interactable(false)
        .show(|_| ());
    if !was_open {
        ctx.request_repaint();
    }
}

/// The window is dimmed while a native dialog is open; whoever cannot find the dialog can go back.
fn waiting_for_dialog(ctx: &Context, theme: &Theme, commands: &mut Vec<Command>) {
    let frame = Frame::new().fill(theme.panel).stroke(egui::Stroke::new(1.0, theme.line)).corner_radius(8.0).inner_margin(20);
    let modal = egui::Modal::new(egui::Id::unique("waiting")).frame(frame).show(ctx, |ui| {
        ui.label("Waiting for the file dialog…");
        ui.add_space(3.0 * UNIT);
        ui.vertical_centered(|ui| ui.button("Cancel").clicked()).inner
    });
    if modal.inner || ctx.input(|input| input.key_pressed(egui::Key::Escape)) {
        commands.push(Command::Answered(crate::app::Answer::Cancelled));
    }
}
