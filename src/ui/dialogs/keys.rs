//! Every command with its keys, and giving them others.

use egui::{
    Align, Button, Event, EventFilter, Id, Key, Layout, Response, RichText, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo,
    vec2,
};

use super::{buttons, title};
use crate::app::{Action, Command, DialogCommand, KeysCommand, KeysDialog, Menu, Offer, Press, Recording, Said, Shortcut};
use crate::ui::ViewCx;
use crate::ui::shortcuts::{press, shortcut_text};
use crate::ui::theme::UNIT;

/// Width of the dialog where the window has it.
const WIDTH: f32 = 860.0;

/// Below this width there is one column: keys stand below the command, and the default ones with the button that brings
/// them back.
const NARROW: f32 = 720.0;

/// Height of a row of the list.
const ROW: f32 = 26.0;

/// Height of what is said below the list, so that nothing moves when something is said.
const SAID: f32 = 34.0;

/// While keys are recorded, none of them goes anywhere else.
const FILTER: EventFilter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };

/// What the keyboard is handed from frame to frame.
#[derive(Default)]
pub(super) struct Keys {
    /// What was recorded in the last frame.
    recorded: Option<Recording>,
    /// The command whose button gets the keyboard back.
    back: Option<Action>,
    /// Whether something was offered in the last frame.
    offered: bool,
}

/// Where the columns of the list are.
#[derive(Clone, Copy)]
struct Columns {
    name: f32,
    keys: f32,
    default: f32,
}

impl Columns {
    fn of(width: f32) -> Self {
        let rest = (width - 200.0).max(120.0);
        if width < NARROW {
            return Self { name: rest, keys: 0.0, default: 0.0 };
        }
        Self { name: rest * 0.38, keys: rest * 0.38, default: rest * 0.24 }
    }
}

impl Keys {
    pub(super) fn show(&mut self, ui: &mut Ui, dialog: &KeysDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
        if fresh {
            *self = Self::default();
        }
        let room = ui.ctx().content_rect().size() - vec2(80.0, 60.0);
        ui.set_width(room.x.min(WIDTH));
        title(ui, "Keyboard shortcuts");
        if dialog.recording.is_some() {
            record(ui, self.recorded == dialog.recording, commands);
        } else if let Some(recorded) = self.recorded {
            self.back = Some(recorded.action);
        }
        let started = dialog.recording.is_some() && self.recorded != dialog.recording;
        self.recorded = dialog.recording;
        let offered = std::mem::replace(&mut self.offered, dialog.offer.is_some());
        let began = dialog.offer.is_some() && !offered;
        search(ui, dialog, cx, fresh, commands);
        ui.add_space(UNIT);
        let columns = Columns::of(ui.available_width() - 16.0);
        let mut around = 230.0;
        if columns.keys > 0.0 {
            head(ui, columns, cx);
        } else {
            around -= 32.0;
        }
        let height = (room.y - around).clamp(80.0, 520.0);
        ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, false]).show(ui, |ui| {
            let mut found = false;
            for menu in Menu::ALL {
                let mut rows = Action::all().filter(|&action| action.menu() == menu && wanted(action, dialog, cx)).peekable();
                if rows.peek().is_some() {
                    found = true;
                    ui.add_space(UNIT);
                    ui.label(RichText::new(menu.label()).strong());
                }
                for action in rows {
                    let recording = dialog.recording.filter(|recording| recording.action == action);
                    let row = Row {
                        action,
                        name: name_of(action),
                        shortcuts: cx.settings.keys.shortcuts(action),
                        changed: cx.settings.keys.is_changed(action),
                        recording,
                        started,
                        cx,
                    };
                    self.row(ui, &row, columns, commands);
                }
            }
            if !found {
                let none =
                    if dialog.changed_only { "No command has other keys" } else { "No command has this in its name or its keys" };
                ui.label(RichText::new(none).color(cx.theme.text_dim));
            }
            if dialog.query.trim().is_empty() && !dialog.changed_only {
                of_the_views(ui, columns, cx);
            }
        });
        Self::said(ui, dialog, began, cx, commands);
        buttons(ui, &[("Close", DialogCommand::Cancel)], true, false, commands);
    }

    /// One command: its name, its keys, what they are by default, and what can be done about them. Where the keys have too
    /// little room beside the name, they stand below it.
    fn row(&mut self, ui: &mut Ui, row: &Row<'_>, columns: Columns, commands: &mut Vec<Command>) {
        let mut width = row.recording.map_or(0.0, |_| 100.0);
        width += row.shortcuts.iter().map(|&keys| 36.0 + 8.0 * shortcut_text(ui.ctx(), keys).chars().count() as f32).sum::<f32>();
        let below = columns.keys == 0.0 || width > columns.keys;
        ui.horizontal(|ui| {
            ui.set_min_height(ROW);
            cell(ui, columns.name, |ui| row.name(ui));
            if columns.keys > 0.0 {
                cell(ui, columns.keys, |ui| {
                    if !below {
                        row.chips(ui, commands);
                    }
                });
                cell(ui, columns.default, |ui| {
                    let text = RichText::new(list(ui, row.action.default_shortcuts())).monospace().color(row.cx.theme.text_dim);
                    ui.add(egui::Label::new(text).truncate());
                });
            }
            let change = row.buttons(ui, commands);
            if self.back == Some(row.action) && !self.offered {
                self.back = None;
                change.request_focus();
            }
        });
        if below && width > 0.0 {
            ui.horizontal_wrapped(|ui| {
                ui.add_space(4.0 * UNIT);
                row.chips(ui, commands);
            });
        }
    }

    /// What happened, what is asked, and the answers to it.
    fn said(ui: &mut Ui, dialog: &KeysDialog, began: bool, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        ui.add_space(UNIT);
        let size = vec2(ui.available_width(), SAID);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_height(SAID);
            let (text, color) = match (&dialog.offer, &dialog.said, dialog.recording) {
                (Some(offer), ..) => (question(ui, offer, cx), cx.theme.text),
                (None, Said::Refused(why), _) => (why.clone(), cx.theme.warning),
                (None, _, Some(recording)) => {
                    let name = name_of(recording.action);
                    (format!("Press the keys for {name}. Escape leaves them as they are"), cx.theme.text)
                }
                (None, Said::Done(what), None) => (what.clone(), cx.theme.text_dim),
                (None, Said::Nothing, None) => return,
            };
            let answers: &[(&str, KeysCommand)] = match (&dialog.offer, dialog.recording) {
                (Some(Offer::TakeOver { .. }), _) => &[("Leave it", KeysCommand::Decline), ("Take it over", KeysCommand::Accept)],
                (Some(Offer::ResetAll), _) => &[("Keep them", KeysCommand::Decline), ("Reset all keys", KeysCommand::Accept)],
                (None, Some(_)) => &[("Stop", KeysCommand::StopRecording)],
                (None, None) => &[],
            };
            let room = answers.len() as f32 * 116.0;
            let label = egui::Label::new(RichText::new(text).color(color)).wrap();
            let width = (ui.available_width() - room).max(120.0);
            ui.allocate_ui_with_layout(vec2(width, SAID), Layout::left_to_right(Align::Center), |ui| {
                ui.set_min_width(width);
                ui.add(label);
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                for (i, (label, command)) in answers.iter().enumerate().rev() {
                    let response = ui.add(Button::new(*label).min_size(vec2(96.0, 26.0)));
                    // What is offered is answered with one more key.
                    if began && i + 1 == answers.len() {
                        response.request_focus();
                    }
                    if response.clicked() {
                        commands.push(Command::Keys(command.clone()));
                    }
                }
            });
        });
    }
}

/// A command in the list.
struct Row<'a> {
    action: Action,
    /// Its name in a sentence.
    name: &'static str,
    shortcuts: &'a [Shortcut],
    /// It has other keys than by default.
    changed: bool,
    /// It waits for keys.
    recording: Option<Recording>,
    /// It does so since this frame.
    started: bool,
    cx: &'a ViewCx<'a>,
}

impl Row<'_> {
    fn name(&self, ui: &mut Ui) {
        let text = RichText::new(self.action.label());
        let text = if self.changed { text.color(self.cx.theme.accent) } else { text };
        let menu = self.action.menu();
        let place = Action::submenu(menu, self.action.group()).map_or(String::new(), |group| format!(", {group}"));
        let help = format!("{}\n{}{place}", self.action.help(), menu.label());
        ui.add(egui::Label::new(text).truncate()).on_hover_text(help);
    }

    /// The keys that it has, each to be changed and removed.
    fn chips(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let (action, name) = (self.action, self.name);
        ui.spacing_mut().item_spacing.x = UNIT;
        for &shortcut in self.shortcuts {
            let here = Recording { action, instead: Some(shortcut) };
            if self.recording == Some(here) {
                waiting(ui, name, self.started, self.cx);
                continue;
            }
            let text = shortcut_text(ui.ctx(), shortcut);
            let button = Button::new(RichText::new(&text).monospace()).small();
            let response = ui.add(button).on_hover_text("Press other keys instead");
            say(&response, format!("Change {text} of {name}"));
            if response.clicked() {
                commands.push(Command::Keys(KeysCommand::Record(here)));
            }
            // What the system makes copying and pasting of cannot be taken away.
            if shortcut.check().is_ok() {
                let cross = RichText::new("×").color(self.cx.theme.text_dim);
                let response = ui.add(Button::new(cross).small().frame(false)).on_hover_text(format!("Take {text} away"));
                say(&response, format!("Remove {text} from {name}"));
                if response.clicked() {
                    commands.push(Command::Keys(KeysCommand::Remove(action, shortcut)));
                }
            }
        }
        if self.recording.is_some_and(|recording| recording.instead.is_none()) {
            waiting(ui, name, self.started, self.cx);
        }
    }

    /// What can be done about its keys. Returns the first button.
    fn buttons(&self, ui: &mut Ui, commands: &mut Vec<Command>) -> Response {
        let (action, name) = (self.action, self.name);
        let mut button = |ui: &mut Ui, text: &str, help: &str, label: String, command: KeysCommand| {
            let response = ui.add(Button::new(text).small()).on_hover_text(help);
            say(&response, label);
            if response.clicked() {
                commands.push(Command::Keys(command));
            }
            response
        };
        let change = KeysCommand::Record(Recording { action, instead: self.shortcuts.first().copied() });
        let help = "Press the keys that it shall have";
        let change = button(ui, "Change", help, format!("Change the keys of {name}"), change);
        if !self.shortcuts.is_empty() {
            let add = KeysCommand::Record(Recording { action, instead: None });
            button(ui, "Add", "Press keys that it shall have, too", format!("Add keys to {name}"), add);
        }
        if self.changed {
            let default = list(ui, action.default_shortcuts());
            let help = if default.is_empty() { "Back to no keys".to_owned() } else { format!("Back to {default}") };
            button(ui, "Reset", &help, format!("Reset the keys of {name}"), KeysCommand::Reset(action));
        }
        change
    }
}

/// The field to search in, and what is about all commands.
fn search(ui: &mut Ui, dialog: &KeysDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let mut query = dialog.query.clone();
        let width = (ui.available_width() - 210.0).max(120.0);
        let field = TextEdit::singleline(&mut query).hint_text("A part of a name, or keys such as ctrl+f").desired_width(width);
        let response = ui.add(field);
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Find commands"));
        if fresh {
            response.request_focus();
        }
        if response.changed() {
            commands.push(Command::Keys(KeysCommand::Query(query)));
        }
        let mut only = dialog.changed_only;
        if ui.checkbox(&mut only, "Changed only").changed() {
            commands.push(Command::Keys(KeysCommand::ChangedOnly(only)));
        }
        let some = cx.settings.keys.changed().next().is_some();
        if ui.add_enabled(some, Button::new("Reset all…")).on_hover_text("Gives every command its default keys").clicked() {
            commands.push(Command::Keys(KeysCommand::ResetAll));
        }
    });
}

fn head(ui: &mut Ui, columns: Columns, cx: &ViewCx<'_>) {
    ui.horizontal(|ui| {
        for (width, text) in [(columns.name, "Command"), (columns.keys, "Keys"), (columns.default, "By default")] {
            if width > 0.0 {
                cell(ui, width, |ui| {
                    ui.label(RichText::new(text).color(cx.theme.text_dim));
                });
            }
        }
    });
    ui.separator();
}

/// Whether a command is listed.
fn wanted(action: Action, dialog: &KeysDialog, cx: &ViewCx<'_>) -> bool {
    // Who waits for keys does not vanish.
    if dialog.recording.is_some_and(|recording| recording.action == action) {
        return true;
    }
    let map = &cx.settings.keys;
    if dialog.changed_only && !map.is_changed(action) {
        return false;
    }
    let mut text = format!("{} {}", action.label(), action.menu().label());
    text.extend(Action::submenu(action.menu(), action.group()).map(|group| format!(" {group}")));
    text.extend(map.shortcuts(action).iter().map(|shortcut| format!(" {shortcut}")));
    let text = text.to_lowercase();
    dialog.query.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// A part of a row with a width of its own; what is too long is cut off there.
fn cell(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, ROW), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(vec2(width, ROW));
        ui.set_max_width(width);
        add(ui);
    });
}

fn list(ui: &Ui, shortcuts: &[Shortcut]) -> String {
    shortcuts.iter().map(|&shortcut| shortcut_text(ui.ctx(), shortcut)).collect::<Vec<_>>().join(", ")
}

/// What a screen reader says of a button.
fn say(response: &Response, label: String) {
    response.widget_info(|| WidgetInfo::labeled(Role::Button, response.enabled(), label.as_str()));
}

/// What has the keyboard while keys are recorded.
fn recorder() -> Id {
    Id::unique("recorder of keys")
}

/// Stands where the new keys will be.
fn waiting(ui: &mut Ui, name: &str, started: bool, cx: &ViewCx<'_>) {
    let text = RichText::new("Press keys…").color(cx.theme.on_accent);
    let frame = egui::Frame::new().fill(cx.theme.accent).corner_radius(4.0).inner_margin(egui::Margin::symmetric(6, 0));
    let rect = frame.show(ui, |ui| ui.label(text)).response.rect;
    let response = ui.interact(rect, recorder(), Sense::focusable_noninteractive());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("Press the keys for {name}, or Escape")));
    if started {
        response.request_focus();
        response.scroll_to_me(None);
    }
    ui.memory_mut(|memory| memory.set_focus_lock_filter(recorder(), FILTER));
}

/// Takes every key out of the input; the first one is what was waited for. Whoever goes elsewhere has given it up.
fn record(ui: &Ui, goes_on: bool, commands: &mut Vec<Command>) {
    if goes_on && !ui.memory(|memory| memory.has_focus(recorder())) {
        commands.push(Command::Keys(KeysCommand::StopRecording));
        return;
    }
    let mut pressed = None;
    let clipboard = |key| Some(KeysCommand::Pressed(Press { shortcut: Shortcut::command(key), place: None }));
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let command = match event {
                Event::Key { key: Key::Escape, modifiers, pressed: true, .. } if modifiers.is_none() => {
                    Some(KeysCommand::StopRecording)
                }
                Event::Key { repeat: true, .. } | Event::Key { pressed: false, .. } => None,
                Event::Key { key, .. } if is_held(*key) => None,
                Event::Key { key, physical_key, modifiers, .. } => {
                    Some(press(*key, *physical_key, *modifiers).map_or(KeysCommand::Unnamed, KeysCommand::Pressed))
                }
                Event::Copy => clipboard(crate::app::Key::C),
                Event::Cut => clipboard(crate::app::Key::X),
                Event::Paste(_) | Event::PasteImage(_) => clipboard(crate::app::Key::V),
                Event::Text(_) | Event::Ime(_) => None,
                _ => return true,
            };
            pressed = pressed.take().or(command);
            false
        });
    });
    commands.extend(pressed.map(Command::Keys));
}

/// Whether a key is held with others, or only changes what they do: such a one waits for the key that it is held with.
fn is_held(key: Key) -> bool {
    matches!(
        key,
        Key::ShiftLeft
            | Key::ShiftRight
            | Key::ControlLeft
            | Key::ControlRight
            | Key::AltLeft
            | Key::AltRight
            | Key::SuperLeft
            | Key::SuperRight
            | Key::Fn
            | Key::CapsLock
            | Key::NumLock
            | Key::ScrollLock
    )
}

/// What is offered, as a question.
fn question(ui: &Ui, offer: &Offer, cx: &ViewCx<'_>) -> String {
    match offer {
        Offer::ResetAll => match cx.settings.keys.changed().count() {
            1 => "Give the 1 changed command its default keys again?".to_owned(),
            n => format!("Give all {n} changed commands their default keys again?"),
        },
        Offer::TakeOver { action, from, .. } => {
            let of: Vec<String> = from
                .iter()
                .map(|&(shortcut, owner)| format!("{} is {}", shortcut_text(ui.ctx(), shortcut), quoted(owner)))
                .collect();
            format!("{}. Take it over for {}?", of.join("; "), quoted(*action))
        }
    }
}

/// A command's name in a sentence.
fn name_of(action: Action) -> &'static str {
    action.label().trim_end_matches('…')
}

fn quoted(action: Action) -> String {
    format!("“{}”", name_of(action))
}

/// What the views do with keys of their own, which no command can have.
fn of_the_views(ui: &mut Ui, columns: Columns, cx: &ViewCx<'_>) {
    ui.add_space(2.0 * UNIT);
    ui.label(RichText::new("In the bytes, always").strong());
    for (keys, what) in [
        ("Arrows, Home, End, Page Up, Page Down", "move the cursor; with Shift they select"),
        ("Ctrl+Home, Ctrl+End", "to the start, to the end"),
        ("0-9, A-F", "two digits write a byte, as write() does"),
        ("Enter, Escape", "writes or forgets a value typed into a cell that is not hex"),
        ("Ctrl+wheel", "size of the text of the bytes"),
        ("Tab", "to the other column"),
        ("Backspace", "takes the byte before the cursor out"),
        ("F6, Shift+F6", "to the next pane, to the one before"),
        ("Shift+F10", "the menu of the right mouse button"),
    ] {
        let keys = RichText::new(keys).monospace();
        let what = RichText::new(what).color(cx.theme.text_dim);
        if columns.keys > 0.0 {
            ui.horizontal(|ui| {
                cell(ui, columns.name + 0.5 * columns.keys, |ui| {
                    ui.label(keys);
                });
                ui.label(what);
            });
        } else {
            ui.add(egui::Label::new(keys).wrap());
            ui.add(egui::Label::new(what).wrap());
        }
    }
}
