//! The console: what was typed and printed, the names, and below them the statement that is being typed.

mod editor;
mod names;
mod transcript;
mod typing;

use egui::{Button, Rect, RichText, Ui, UiBuilder, pos2, vec2};

use super::theme::{ROW, UNIT};
use super::{View, ViewCx};
use crate::app::{Action, Command, OpenDocument, RunPurpose};
use editor::Editor;
use transcript::TranscriptView;

/// Panes at least so wide, in points, show the names beside the transcript.
const WIDE: f32 = 140.0 * UNIT;

/// The console's pane. Holds what is typed, and where the transcript is scrolled to.
#[derive(Default)]
pub struct ConsolePane {
    transcript: TranscriptView,
    editor: Editor,
    /// In a narrow pane: the names stand in the place of the transcript.
    names: bool,
    /// The count of wishes for the console that was followed.
    followed: u64,
}

impl ConsolePane {
    /// The widget that takes the keyboard, for [`egui::Memory::request_focus`].
    pub fn id() -> egui::Id {
        Editor::id()
    }

    /// Whether the keyboard is in the console: keys mean nothing for documents then.
    pub(super) fn has_focus(ctx: &egui::Context) -> bool {
        ctx.memory(egui::Memory::focused).is_some_and(|id| id == Editor::id() || id == TranscriptView::id())
    }

    /// Paints the pane; it needs no document.
    pub(super) fn show_console(&mut self, ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let wide = ui.available_width() >= WIDE;
        if std::mem::replace(&mut self.followed, cx.state.console_focus()) != cx.state.console_focus() {
            ui.memory_mut(|memory| memory.request_focus(Self::id()));
        }
        self.bar(ui, wide, cx, commands);
        let rect = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(rect);
        let typed_height = self.editor.height().min((rect.height() * 0.6).max(ROW + 2.0 * UNIT));
        let middle = rect.max.y - typed_height;
        let side = if wide { (rect.width() * 0.3).min(80.0 * UNIT) } else { 0.0 };
        let upper = Rect::from_min_max(rect.min, pos2(rect.max.x - side, middle - UNIT));
        if upper.height() >= ROW {
            if self.names && !wide {
                let mut child = ui.new_child(UiBuilder::new().max_rect(upper).id_salt("names"));
                names::show(&mut child, cx, commands);
            } else {
                ui.painter().rect_filled(upper, UNIT, cx.theme.ground);
                if let Some(text) = self.transcript.show(ui, upper, cx.state.console(), cx.theme) {
                    self.editor.take(ui.ctx(), &text);
                }
                if cx.state.console().transcript().lines().is_empty() {
                    let at = upper.min + vec2(2.0 * UNIT, UNIT);
                    let hint = "buf is the document in front. Try buf.read(4), then Enter";
                    ui.painter().text(
                        at,
                        egui::Align2::LEFT_TOP,
                        hint,
                        super::theme::words(super::theme::TEXT),
                        cx.theme.text_dim,
                    );
                }
            }
        }
        if wide && upper.height() >= ROW {
            let beside = Rect::from_min_max(pos2(upper.max.x + 2.0 * UNIT, rect.min.y), pos2(rect.max.x, middle - UNIT));
            let mut child = ui.new_child(UiBuilder::new().max_rect(beside).id_salt("names"));
            names::show(&mut child, cx, commands);
        }
        let lower = Rect::from_min_max(pos2(rect.min.x, middle), rect.max);
        self.editor.show(ui, lower, cx, commands);
    }

    fn bar(&mut self, ui: &mut Ui, wide: bool, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let state = cx.state;
        let console = state.console();
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().button_padding.y = UNIT / 2.0;
            if let Some(running) = console.running() {
                let text = if running.stopping { "Stopping…" } else { "Stop" };
                let stop = Button::new(RichText::new(text).color(cx.theme.error));
                if ui.add_enabled(!running.stopping, stop).on_hover_text(Action::StopConsole.help()).clicked() {
                    commands.push(Command::Do(Action::StopConsole));
                }
                let what = match &running.purpose {
                    RunPurpose::Script(name) => name.as_str(),
                    _ => "statements",
                };
                ui.label(RichText::new(format!("Running {}", super::shortened(what, 32))).color(cx.theme.text_dim));
                let ahead = console.typed_ahead();
                if ahead.len() > 0 {
                    let text = format!("{} to run next", crate::app::numbers::count(ahead.len() as u64, "statement"));
                    let list = ahead.map(|one| super::shortened(one, 80)).collect::<Vec<_>>().join("\n");
                    ui.label(RichText::new(text).color(cx.theme.text_dim)).on_hover_text(list);
                }
            } else if Action::RunDocument.enabled(state)
                && let Some(open) = state.active()
            {
                let text = format!("Run {}", super::shortened(open.document.name(), 24));
                if ui.button(text).on_hover_text(Action::RunDocument.help()).clicked() {
                    commands.push(Command::Do(Action::RunDocument));
                }
            }
            for (action, label) in [
                (Action::RunScript, "Run a script…"),
                (Action::ClearConsole, "Clear"),
                (Action::ResetConsole, "New session"),
                (Action::CopyTranscript, "Copy"),
            ] {
                if ui.add_enabled(action.enabled(state), Button::new(label)).on_hover_text(action.help()).clicked() {
                    commands.push(Command::Do(action));
                }
            }
            if !wide {
                ui.toggle_value(&mut self.names, "Names").on_hover_text("Documents and names, with what they stand for");
            }
            let dropped = console.transcript().dropped();
            if dropped > 0 {
                let text = match dropped {
                    1 => "1 older line is no longer kept".to_owned(),
                    n => format!("{} older lines are no longer kept", crate::app::numbers::group(n)),
                };
                ui.label(RichText::new(text).color(cx.theme.text_dim));
            }
        });
    }
}

impl View for ConsolePane {
    fn show(&mut self, ui: &mut Ui, _open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        self.show_console(ui, cx, commands);
    }
}
