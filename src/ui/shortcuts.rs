//! Keys to actions.

use std::collections::HashMap;
use std::sync::LazyLock;

use egui::{Context, Event, Modifiers};

use super::ViewCx;
use super::console_pane::ConsolePane;
use crate::app::table::TableAction;
use crate::app::{Action, AppState, Key, Press, Reserved, Shortcut};

/// Whose keyboard it is.
const MAC: bool = cfg!(target_os = "macos");

/// Our keys by egui's. Both spell them alike.
static KEYS: LazyLock<HashMap<egui::Key, Key>> =
    LazyLock::new(|| Key::ALL.iter().filter_map(|&key| Some((egui::Key::from_name(key.name())?, key))).collect());

/// A shortcut as people of this system read it: "Ctrl+Shift+F", and on a Mac with its signs.
pub(super) fn shortcut_text(ctx: &Context, shortcut: Shortcut) -> String {
    if !ctx.os().is_mac() {
        return shortcut.spelled(false);
    }
    let Shortcut { command, shift, alt, control, key } = shortcut;
    let held = Modifiers { alt, ctrl: control, shift, mac_cmd: command, command };
    ctx.format_modifiers(held) + key.name()
}

/// The keys that a menu or a button shows for an action, where it has any.
pub(super) fn keys_of(ctx: &Context, action: Action, cx: &ViewCx<'_>) -> Option<String> {
    cx.settings.keys.shortcuts(action).first().map(|&shortcut| shortcut_text(ctx, shortcut))
}

/// What a button says about its action: what it does, and its keys.
pub(super) fn help_of(ctx: &Context, action: Action, cx: &ViewCx<'_>) -> String {
    match keys_of(ctx, action, cx) {
        Some(keys) => format!("{} ({keys})", action.help()),
        None => action.help().to_owned(),
    }
}

/// A press in our words; `None` for a key that has no name here.
pub(super) fn press(key: egui::Key, place: Option<egui::Key>, modifiers: Modifiers) -> Option<Press> {
    let named = |key| KEYS.get(&key).copied();
    let shortcut = Shortcut {
        command: modifiers.command || (!MAC && modifiers.ctrl),
        shift: modifiers.shift,
        alt: modifiers.alt,
        control: MAC && modifiers.ctrl,
        key: named(key)?,
    };
    Some(Press { shortcut, place: place.and_then(named) })
}

/// What the keys and clipboard events of this frame ask for; they are taken out of the input.
pub(super) fn pressed(ctx: &Context, state: &AppState) -> Vec<Action> {
    if state.dialog().is_some() || state.is_asking() {
        return Vec::new();
    }
    // The console's transcript is no field, but keys there mean nothing for documents.
    let in_text = ctx.text_edit_focused() || ConsolePane::has_focus(ctx);
    let in_table = super::table_view::has_focus(ctx);
    let keys = &state.settings().keys;
    let mut actions = Vec::new();
    let mut typed = false;
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, physical_key, pressed: true, modifiers, .. } = event else { return true };
            let Some(press) = press(*key, *physical_key, *modifiers) else { return true };
            let Some((shortcut, action)) = keys.pressed(press) else { return true };
            let action = if in_table { in_cells(action) } else { action };
            let in_field = in_text && (shortcut.belongs_to_text(MAC) || press.shortcut.belongs_to_text(MAC));
            // The clipboard's keys arrive as events of their own.
            // What a comparison does not have, it says.
            let silent = !action.enabled(state) && state.comparison_in_front().is_none();
            if in_field || shortcut.check() == Err(Reserved::Clipboard) || silent {
                return true;
            }
            actions.push(action);
            typed |= shortcut.alt;
            false
        });
        // Some systems hand the letter over as text, too. With Ctrl beside it, it is AltGr, which types.
        if typed || (!MAC && input.modifiers.alt && !input.modifiers.ctrl) {
            input.events.retain(|event| !matches!(event, Event::Text(_)));
        }
    });
    // The side buttons of a mouse, as in a browser.
    for (button, action) in [(egui::PointerButton::Extra1, Action::JumpBack), (egui::PointerButton::Extra2, Action::JumpForward)]
    {
        if ctx.input(|input| input.pointer.button_pressed(button)) && action.enabled(state) {
            actions.push(action);
        }
    }
    if !in_text {
        ctx.input_mut(|input| {
            input.events.retain(|event| {
                let action = match event {
                    Event::Copy => Action::Copy,
                    Event::Cut => Action::Cut,
                    _ => return true,
                };
                let action = if in_table { in_cells(action) } else { action };
                if action.enabled(state) {
                    actions.push(action);
                }
                false
            });
        });
    }
    actions
}

/// What an action means where the cells of a table have the keyboard: what is chosen there are cells.
fn in_cells(action: Action) -> Action {
    match action {
        Action::Copy => Action::Table(TableAction::Copy),
        Action::Cut => Action::Table(TableAction::Cut),
        Action::Delete => Action::Table(TableAction::Clear),
        Action::SelectAll => Action::Table(TableAction::SelectAll),
        Action::Find => Action::Table(TableAction::Find),
        Action::FindNext => Action::Table(TableAction::FindNext),
        Action::FindPrevious => Action::Table(TableAction::FindPrevious),
        Action::GoTo => Action::GoToRow,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_one_of_the_toolkits() {
        for key in Key::ALL {
            assert!(egui::Key::from_name(key.name()).is_some(), "{key:?}");
        }
        assert_eq!(KEYS.len(), Key::ALL.len());
        let held = Modifiers::COMMAND | Modifiers::SHIFT;
        let find = press(egui::Key::F, Some(egui::Key::F), held).unwrap();
        assert_eq!(find.shortcut, Shortcut::command(Key::F).and_shift());
        assert_eq!(press(egui::Key::BrowserBack, None, held), None);
    }
}
