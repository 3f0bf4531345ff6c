//! The menu bar, made from the actions and the registry of formats.

use egui::{Align2, Button, Response, Role, ScrollArea, TextStyle, TextWrapMode, Ui, WidgetInfo, vec2};

use super::ViewCx;
use super::shortcuts::keys_of;
use super::theme::UNIT;
use crate::app::{Action, Command, HexChoice, Menu};
use crate::formats::{self, literal::Style};
use crate::stream::codec::Charset;

/// Height of the window that an open menu leaves free: the menu bar, and its own frame.
const ROOM_OUTSIDE: f32 = 56.0;

/// The group that menus within a menu stand before.
const PARTS: u8 = 3;

/// The group of the menu of bytes that lists the encodings.
const CHARSETS: u8 = 4;

/// Stands before the label of a switch; the tick is painted into it, so that labels stand under each other.
const TICK_ROOM: &str = "     ";

/// Paints the menu bar.
pub(super) fn show(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    egui::MenuBar::new().ui(ui, |ui| {
        for menu in Menu::ALL.into_iter().filter(|menu| menu.parent().is_none()) {
            ui.menu_button(menu.label(), |ui| {
                ui.set_min_width(220.0);
                // A long menu scrolls in a low window: its last items must not be out of reach.
                let height = ui.ctx().content_rect().height() - ROOM_OUTSIDE;
                ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
                    ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
                    items(ui, menu, cx, commands);
                });
            });
        }
    });
}

fn items(ui: &mut Ui, menu: Menu, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let mut group = None;
    for action in Action::all().filter(|action| action.menu() == menu) {
        let next = group != Some(action.group());
        if next && group.is_some() && Action::submenu(menu, action.group()).is_none() {
            ui.separator();
        }
        // Menus within this one stand in its middle, where they need no scrolling.
        if next && action.group() == PARTS {
            for part in Menu::ALL.into_iter().filter(|part| part.parent() == Some(menu)) {
                ui.menu_button(part.label(), |ui| items(ui, part, cx, commands));
                ui.separator();
            }
        }
        group = Some(action.group());
        match Action::submenu(menu, action.group()) {
            Some(_) if next => submenu(ui, menu, action.group(), cx, commands),
            Some(_) => {}
            None if action == Action::CopyAs => copy_as(ui, cx, commands),
            None => {
                item(ui, action, cx, commands);
            }
        }
    }
    match menu {
        Menu::Convert => convert_items(ui, cx, commands),
        Menu::File => recent_items(ui, cx, commands),
        _ => {}
    }
}

/// Every encoding that the text column can have.
fn charset_items(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let chosen = cx.state.active().map(|open| open.view.charset);
    let side = cx.state.active().map(|open| open.view.hex_front).unwrap_or_default();
    let height = ui.ctx().content_rect().height() - ROOM_OUTSIDE;
    ScrollArea::vertical().max_height(height).show(ui, |ui| {
        let named = |charset: Charset| Action::all().any(|action| action == Action::Hex(HexChoice::Charset(charset)));
        for &charset in Charset::all().iter().filter(|&&charset| !named(charset)) {
            if ui.selectable_label(chosen == Some(charset), charset.label()).clicked() {
                commands.push(Command::Hex(side, HexChoice::Charset(charset)));
                ui.close();
            }
        }
    });
}

/// A group of actions that stands in a menu of its own.
pub(super) fn submenu(ui: &mut Ui, menu: Menu, group: u8, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let Some(label) = Action::submenu(menu, group) else { return };
    let all = || Action::all().filter(|action| action.menu() == menu && action.group() == group);
    ui.add_enabled_ui(all().any(|action| action.enabled(cx.state)), |ui| {
        ui.menu_button(label, |ui| {
            ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
            all().for_each(|action| {
                item(ui, action, cx, commands);
            });
            if (menu, group) == (Menu::Bytes, CHARSETS) {
                ui.separator();
                charset_items(ui, cx, commands);
            }
        });
    });
}

/// Every way of copying as text, and the dialog with their choices.
pub(super) fn copy_as(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.add_enabled_ui(Action::CopyAs.enabled(cx.state), |ui| {
        ui.menu_button("Copy as", |ui| {
            ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
            item(ui, Action::CopyAs, cx, commands);
            let mut group = None;
            for style in Style::ALL {
                if group.replace(style.group()) != Some(style.group()) {
                    ui.separator();
                }
                if ui.button(style.name()).on_hover_text(style.help()).clicked() {
                    commands.push(Command::CopyAs(style));
                    ui.close();
                }
            }
        });
    });
}

/// One action as a line of a menu.
pub(super) fn item(ui: &mut Ui, action: Action, cx: &ViewCx<'_>, commands: &mut Vec<Command>) -> Response {
    let state = cx.state;
    let undo = state.active().map(|open| open.document.history());
    let label = match (action, undo) {
        (Action::Undo, Some(history)) => history.undo_label().map(|what| format!("Undo {}", what.to_lowercase())),
        (Action::Redo, Some(history)) => history.redo_label().map(|what| format!("Redo {}", what.to_lowercase())),
        _ => None,
    };
    let label = label.unwrap_or_else(|| action.label().to_owned());
    let checked = action.checked(state);
    let mut button = Button::new(if checked.is_some() { format!("{TICK_ROOM}{label}") } else { label.clone() });
    let keys = keys_of(ui.ctx(), action, cx);
    if let Some(keys) = &keys {
        button = button.shortcut_text(keys.as_str());
    }
    let response = ui.add_enabled(action.enabled(state), button).on_hover_text(action.help());
    if let Some(keys) = keys {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_keyboard_shortcut(keys));
    }
    if let Some(checked) = checked {
        let enabled = response.enabled();
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, checked, &label));
    }
    if checked == Some(true) {
        let at = response.rect.left_center() + vec2(UNIT, 0.0);
        ui.painter().text(at, Align2::LEFT_CENTER, "✓", TextStyle::Button.resolve(ui.style()), cx.theme.text);
    }
    if response.clicked() {
        commands.push(Command::Do(action));
        ui.close();
    }
    response
}

/// Every format that the document in front can be written as.
fn convert_items(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let Some(open) = cx.state.active().filter(|open| !open.document.is_closed()) else { return };
    let from = open.detection.format;
    ui.separator();
    for to in formats::targets(from).into_iter().filter(|&to| to != from) {
        if ui.button(format!("{}…", to.info().name)).on_hover_text(to.info().note).clicked() {
            commands.push(Command::ExportAs(to));
            ui.close();
        }
    }
}

fn recent_items(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    if cx.settings.recent.is_empty() {
        return;
    }
    ui.separator();
    ui.menu_button("Open recent", |ui| {
        for path in &cx.settings.recent {
            if ui.button(super::shown_path(path)).clicked() {
                commands.push(Command::OpenPaths(vec![path.clone()]));
                ui.close();
            }
        }
    });
}
