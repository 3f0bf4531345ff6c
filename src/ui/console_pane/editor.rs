//! The statement that is being typed: several lines, history, suggestions.

use egui::text::{CCursor, CCursorRange};
use egui::{
    Area, Context, Event, EventFilter, Frame, Id, Key, Modifiers, Order, Rect, Role, ScrollArea, Sense, TextEdit, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use super::typing::{Typed, matching};
use crate::app::{Action, AppState, Command, Completions, ConsoleCommand, TYPED_AHEAD};
use crate::console::session::{Completion, Console};
use crate::ui::ViewCx;
use crate::ui::theme::{self, ROW, Theme, UNIT};

/// Suggestions in sight at once.
const SUGGESTED: usize = 8;

/// Lines in sight at once; more scroll.
const LINES: usize = 8;

/// What is typed, and where in the history and the suggestions it is.
#[derive(Default)]
pub(super) struct Editor {
    text: String,
    /// The place in the history, and what was typed before it was looked into.
    past: Option<(usize, String)>,
    popup: Option<Popup>,
    /// The cursor goes here in the next frame.
    move_to: Option<usize>,
    /// The run that the text was cleared for, so that a statement that was refused is not lost.
    focus: bool,
    /// What came in the last frame behind an Enter that must wait for what was typed before it.
    held: Vec<Event>,
}

/// Suggestions for the word at the cursor.
struct Popup {
    /// Where the word begins.
    start: usize,
    /// What stood before the word: other text ends the suggestions.
    before: String,
    selected: usize,
    /// Tab was pressed: a single suggestion is taken at once.
    eager: bool,
}

/// What a key asked for.
enum Asked {
    Nothing,
    Run,
    Complete { eager: bool },
}

impl Editor {
    pub(super) fn id() -> Id {
        Id::unique("seektell console input")
    }

    /// Points that the editor takes.
    pub(super) fn height(&self) -> f32 {
        let lines = (self.text.matches('\n').count() + 1).min(LINES);
        lines as f32 * ROW + 2.0 * UNIT
    }

    /// Text that was typed elsewhere in the pane.
    pub(super) fn take(&mut self, ctx: &Context, text: &str) {
        let mut typed = self.typed(ctx);
        typed.insert(text);
        self.set(typed);
        ctx.memory_mut(|memory| memory.request_focus(Self::id()));
    }

    /// The text and the cursor as they were at the end of the last frame.
    fn typed(&self, ctx: &Context) -> Typed {
        let range = TextEdit::load_state(ctx, Self::id()).and_then(|state| state.cursor.char_range());
        let chars = range.map_or(usize::MAX, |range| range.primary.index.0);
        let cursor = self.text.char_indices().nth(chars).map_or(self.text.len(), |(at, _)| at);
        Typed { text: self.text.clone(), cursor: self.move_to.unwrap_or(cursor).min(self.text.len()) }
    }

    fn set(&mut self, typed: Typed) {
        self.text = typed.text;
        self.move_to = Some(typed.cursor);
    }

    pub(super) fn show(&mut self, ui: &mut Ui, rect: Rect, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        if ui.memory(|memory| memory.has_focus(Self::id())) {
            self.keep_order(ui);
            self.follow_completions(ui.ctx(), cx.state, commands);
            match self.keys(ui, cx, commands) {
                Asked::Run => self.run(cx.state, commands),
                Asked::Complete { eager } => self.ask(ui.ctx(), eager, commands),
                Asked::Nothing => {}
            }
        }
        if let Some(cursor) = self.move_to.take() {
            let mut state = TextEdit::load_state(ui.ctx(), Self::id()).unwrap_or_default();
            let at = CCursor::new(self.text[..cursor.min(self.text.len())].chars().count());
            state.cursor.set_char_range(Some(CCursorRange::one(at)));
            state.store(ui.ctx(), Self::id());
        }
        ui.painter().rect_filled(rect, UNIT, cx.theme.ground);
        let prompt = if cx.state.console().is_running() { "..." } else { ">>>" };
        let at = rect.min + vec2(2.0 * UNIT, UNIT);
        let galley = ui.painter().layout_no_wrap(prompt.to_owned(), theme::mono(), cx.theme.text_dim);
        let left = at.x + galley.size().x * 4.0 / 3.0;
        ui.painter().galley(pos2(at.x, at.y + (ROW - galley.size().y) / 2.0), galley, cx.theme.text_dim);
        let inner = Rect::from_min_max(pos2(left, rect.min.y + UNIT), rect.max - vec2(UNIT, UNIT));
        let mut child = ui.new_child(UiBuilder::new().max_rect(inner).id_salt("console input"));
        let output = ScrollArea::vertical()
            .id_salt("console input")
            .auto_shrink([false, false])
            .show(&mut child, |ui| self.field(ui, cx))
            .inner;
        if output.response.has_focus() {
            crate::ui::rows::focus_ring(ui, rect, cx.theme);
        } else {
            self.popup = None;
        }
        if std::mem::take(&mut self.focus) {
            output.response.request_focus();
        }
        if output.response.changed() {
            self.past = None;
            let typed = self.typed(ui.ctx());
            let goes_on =
                self.popup.as_ref().is_some_and(|popup| typed.text.starts_with(&popup.before) && typed.cursor >= popup.start);
            if typed.behind_dot() {
                self.ask(ui.ctx(), false, commands);
            } else if !goes_on || typed.word_start() != self.popup.as_ref().map_or(0, |popup| popup.start) {
                self.close_popup(commands);
            }
        }
        let cursor = output.galley.pos_from_cursor(output.cursor_range.map_or_else(CCursor::default, |range| range.primary));
        let caret = cursor.translate(output.galley_pos.to_vec2());
        self.suggestions(ui, caret, cx, commands);
    }

    fn field(&mut self, ui: &mut Ui, cx: &ViewCx<'_>) -> egui::text_edit::TextEditOutput {
        // With nothing typed Tab leaves the field, so that the keyboard is never caught in it.
        let filter = EventFilter {
            tab: !self.text.is_empty(),
            horizontal_arrows: true,
            vertical_arrows: true,
            escape: self.popup.is_some(),
        };
        let edit = TextEdit::multiline(&mut self.text)
            .id(Self::id())
            .font(egui::TextStyle::Monospace)
            .frame(Frame::NONE)
            .margin(0.0)
            .desired_width(f32::INFINITY)
            .desired_rows(1)
            .text_color(cx.theme.text)
            .background_color(cx.theme.ground)
            .return_key(None)
            .event_filter(filter);
        let output = edit.show(ui);
        output.response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::MultilineTextInput, true, "Statement");
            info.current_text_value = Some(self.text.clone());
            info
        });
        output
    }

    /// The keys of this pane are looked at before the field sees the rest. In a slow frame letters can arrive together with the
    /// Enter behind them: that Enter, and everything after it, waits for the next frame.
    fn keep_order(&mut self, ui: &Ui) {
        let is_typing = |event: &Event| match event {
            Event::Text(_) | Event::Paste(_) | Event::Ime(_) => true,
            Event::Key { key, pressed, .. } => *pressed && matches!(key, Key::Enter | Key::Backspace | Key::Delete),
            _ => false,
        };
        let is_enter = |event: &Event| matches!(event, Event::Key { key: Key::Enter, pressed: true, .. });
        let held = &mut self.held;
        ui.input_mut(|input| {
            input.events.splice(0..0, held.drain(..));
            let first = input.events.iter().position(is_typing);
            let enter = first.and_then(|first| input.events.iter().skip(first + 1).position(is_enter).map(|at| first + 1 + at));
            if let Some(at) = enter {
                *held = input.events.split_off(at);
            }
        });
        if !self.held.is_empty() {
            ui.request_repaint();
        }
    }

    /// Keys that mean something else here than in any field.
    fn keys(&mut self, ui: &Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) -> Asked {
        let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|input| input.consume_key(modifiers, key));
        let mut typed = self.typed(ui.ctx());
        let open = self.popup.is_some() && !self.matching(cx.state, &typed).is_empty();
        if pressed(Modifiers::COMMAND, Key::Enter) {
            return Asked::Run;
        }
        if pressed(Modifiers::SHIFT, Key::Enter) {
            typed.new_line();
            self.set(typed);
            return Asked::Nothing;
        }
        if pressed(Modifiers::NONE, Key::Enter) {
            if open && self.accept(cx.state, &typed, commands) {
                return Asked::Nothing;
            }
            if typed.enter_runs(Console::completeness) {
                return Asked::Run;
            }
            if !typed.text.trim().is_empty() {
                typed.new_line();
                self.set(typed);
            }
            return Asked::Nothing;
        }
        if !typed.text.is_empty() && pressed(Modifiers::NONE, Key::Tab) {
            if open {
                self.accept(cx.state, &typed, commands);
            } else if typed.in_indent() {
                typed.indent();
                self.set(typed);
            } else {
                return Asked::Complete { eager: true };
            }
            return Asked::Nothing;
        }
        if open && pressed(Modifiers::NONE, Key::Escape) {
            self.close_popup(commands);
            return Asked::Nothing;
        }
        let selection = TextEdit::load_state(ui.ctx(), Self::id()).and_then(|state| state.cursor.char_range());
        let selects = selection.is_some_and(|range| !range.is_empty());
        if cx.state.console().is_running() && !selects && ui.input(|input| input.events.contains(&Event::Copy)) {
            // As in a terminal.
            commands.push(Command::Do(Action::StopConsole));
        }
        if !selects && typed.dedents() && pressed(Modifiers::NONE, Key::Backspace) {
            typed.dedent();
            self.set(typed);
            return Asked::Nothing;
        }
        for (key, step) in [(Key::ArrowUp, -1), (Key::ArrowDown, 1)] {
            let at_edge = if step < 0 { typed.at_top() } else { typed.at_bottom() };
            if (open || at_edge) && pressed(Modifiers::NONE, key) {
                if open {
                    self.step_popup(step, cx.state, &typed);
                } else {
                    self.step_history(step, &cx.settings.statements);
                }
                return Asked::Nothing;
            }
        }
        Asked::Nothing
    }

    fn run(&mut self, state: &AppState, commands: &mut Vec<Command>) {
        self.close_popup(commands);
        self.past = None;
        // What is refused stays in the field.
        let refused = state.console().is_running() && state.console().typed_ahead().len() >= TYPED_AHEAD;
        let text = if refused { self.text.clone() } else { std::mem::take(&mut self.text) };
        commands.push(Command::Console(ConsoleCommand::Run(text)));
        if refused {
            return;
        }
        self.move_to = Some(0);
        self.focus = true;
    }

    fn step_history(&mut self, step: isize, statements: &[String]) {
        let at = self.past.as_ref().map_or(statements.len(), |(at, _)| (*at).min(statements.len()));
        let Some(next) = at.checked_add_signed(step).filter(|&next| next <= statements.len()) else { return };
        if next == at {
            return;
        }
        let draft = self.past.take().map_or_else(|| self.text.clone(), |(_, draft)| draft);
        self.text = statements.get(next).cloned().unwrap_or_else(|| draft.clone());
        self.past = (next < statements.len()).then_some((next, draft));
        self.move_to = Some(self.text.len());
    }

    // ---- suggestions ----

    fn ask(&mut self, ctx: &Context, eager: bool, commands: &mut Vec<Command>) {
        let typed = self.typed(ctx);
        let start = typed.word_start();
        self.popup = Some(Popup { start, before: typed.text[..start].to_owned(), selected: 0, eager });
        commands.push(Command::Console(ConsoleCommand::Complete { text: typed.text, cursor: typed.cursor }));
    }

    fn close_popup(&mut self, commands: &mut Vec<Command>) {
        if self.popup.take().is_some() {
            commands.push(Command::Console(ConsoleCommand::EndCompletion));
        }
    }

    /// The suggestions that were made for the word that the popup stands at, as far as they go on with what is typed now.
    fn matching<'a>(&self, state: &'a AppState, typed: &Typed) -> Vec<&'a Completion> {
        let (Some(popup), Some(Completions { text, cursor, items })) = (&self.popup, state.console().completions()) else {
            return Vec::new();
        };
        let same = text.starts_with(&popup.before) && *cursor >= popup.start && typed.cursor >= popup.start;
        if !same || !typed.text.starts_with(&popup.before) {
            return Vec::new();
        }
        let word = &typed.text[popup.start..typed.cursor];
        let found = matching(items, word);
        // What is typed already is no suggestion.
        if let [only] = found.as_slice()
            && only.text == word
        {
            return Vec::new();
        }
        found
    }

    /// After Tab a single suggestion is taken, and none closes the list.
    fn follow_completions(&mut self, ctx: &Context, state: &AppState, commands: &mut Vec<Command>) {
        let Some(popup) = &self.popup else { return };
        let arrived = state.console().completions().is_some_and(|found| found.text.starts_with(&popup.before));
        if !arrived {
            return;
        }
        let typed = self.typed(ctx);
        let count = self.matching(state, &typed).len();
        if popup.eager && count == 1 {
            self.accept(state, &typed, commands);
        } else if count == 0 && popup.eager {
            self.close_popup(commands);
        }
        if let Some(popup) = &mut self.popup {
            popup.eager = false;
        }
    }

    fn step_popup(&mut self, step: isize, state: &AppState, typed: &Typed) {
        let count = self.matching(state, typed).len() as isize;
        if let Some(popup) = &mut self.popup {
            popup.selected = (popup.selected as isize + step).rem_euclid(count.max(1)) as usize;
        }
    }

    /// Puts the selected suggestion in; `false` where it stands there already.
    fn accept(&mut self, state: &AppState, typed: &Typed, commands: &mut Vec<Command>) -> bool {
        let selected = self.popup.as_ref().map_or(0, |popup| popup.selected);
        let Some(text) = self.matching(state, typed).get(selected).map(|item| item.text.clone()) else { return false };
        let same = typed.word() == text;
        let mut typed = typed.clone();
        typed.complete(&text);
        self.set(typed);
        self.close_popup(commands);
        !same
    }

    fn suggestions(&mut self, ui: &Ui, caret: Rect, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let typed = self.typed(ui.ctx());
        let items: Vec<Completion> = self.matching(cx.state, &typed).into_iter().cloned().collect();
        let Some(popup) = self.popup.as_mut().filter(|_| !items.is_empty()) else { return };
        popup.selected = popup.selected.min(items.len() - 1);
        let (selected, start) = (popup.selected, popup.start);
        let shown = items.len().min(SUGGESTED);
        let height = shown as f32 * ROW + 2.0 * UNIT;
        let screen = ui.ctx().content_rect();
        let below = caret.max.y + height + UNIT < screen.max.y;
        let y = if below { caret.max.y + UNIT } else { (caret.min.y - height - UNIT).max(screen.min.y) };
        let word = typed.text[start..typed.cursor].chars().count() as f32;
        let advance = ui.fonts_mut(|fonts| fonts.glyph_width(&theme::mono(), '0'));
        let at = pos2(caret.min.x - word * advance - 2.0 * UNIT, y);
        let area = Area::new(Id::unique("console suggestions")).order(Order::Foreground).fixed_pos(at).constrain(true);
        let clicked = area.show(ui.ctx(), |ui| {
            let frame = Frame::new().fill(cx.theme.panel).stroke(egui::Stroke::new(1.0, cx.theme.line)).inner_margin(UNIT);
            frame.show(ui, |ui| list(ui, &items, selected, shown, cx.theme)).inner
        });
        if let Some(index) = clicked.inner {
            popup.selected = index;
            self.accept(cx.state, &typed, commands);
            self.focus = true;
        }
    }
}

/// The rows of the suggestions; the one that was clicked.
fn list(ui: &mut Ui, items: &[Completion], selected: usize, shown: usize, theme: &Theme) -> Option<usize> {
    let width = 72.0 * UNIT;
    ui.set_width(width);
    ui.spacing_mut().item_spacing.y = 0.0;
    let first = (selected + 1).saturating_sub(shown).min(items.len() - shown);
    let mut clicked = None;
    for (index, item) in items.iter().enumerate().skip(first).take(shown) {
        let (rect, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
        let response = ui.interact(rect, Id::unique(("console suggestion", index)), Sense::click());
        let is_selected = index == selected;
        response.widget_info(|| {
            WidgetInfo::selected(Role::ListBoxOption, true, is_selected, format!("{}, {}", item.text, item.kind))
        });
        if is_selected || response.hovered() {
            ui.painter().rect_filled(rect, 2.0, if is_selected { theme.selection } else { theme.hover });
        }
        let at = rect.left_center() + vec2(UNIT, 0.0);
        ui.painter().text(at, egui::Align2::LEFT_CENTER, &item.text, theme::mono(), theme.text);
        let at = rect.right_center() - vec2(UNIT, 0.0);
        ui.painter().text(at, egui::Align2::RIGHT_CENTER, item.kind, theme::words(theme::SMALL), theme.text_dim);
        if response.clicked() {
            clicked = Some(index);
        }
    }
    clicked
}
