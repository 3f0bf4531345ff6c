//! Keys to actions.

use egui::{Context, Event, KeyboardShortcut, Modifiers};

use super::console_pane::ConsolePane;
use crate::app::{Action, AppState, Key, Shortcut};

/// A shortcut as people read it: brackets are signs, not names.
pub(super) fn shortcut_text(ctx: &Context, shortcut: Shortcut) -> String {
    ctx.format_shortcut(&keyboard_shortcut(shortcut)).replace("OpenBracket", "[").replace("CloseBracket", "]")
}

/// A shortcut in egui's words.
pub fn keyboard_shortcut(shortcut: Shortcut) -> KeyboardShortcut {
    let mut modifiers = Modifiers::NONE;
    if shortcut.command {
        modifiers |= Modifiers::COMMAND;
    }
    if shortcut.shift {
        modifiers |= Modifiers::SHIFT;
    }
    if shortcut.alt {
        modifiers |= Modifiers::ALT;
    }
    KeyboardShortcut::new(modifiers, key(shortcut.key))
}

fn key(key: Key) -> egui::Key {
    match key {
        Key::A => egui::Key::A,
        Key::B => egui::Key::B,
        Key::C => egui::Key::C,
        Key::D => egui::Key::D,
        Key::E => egui::Key::E,
        Key::F => egui::Key::F,
        Key::G => egui::Key::G,
        Key::H => egui::Key::H,
        Key::I => egui::Key::I,
        Key::L => egui::Key::L,
        Key::N => egui::Key::N,
        Key::O => egui::Key::O,
        Key::P => egui::Key::P,
        Key::Q => egui::Key::Q,
        Key::R => egui::Key::R,
        Key::S => egui::Key::S,
        Key::T => egui::Key::T,
        Key::V => egui::Key::V,
        Key::W => egui::Key::W,
        Key::X => egui::Key::X,
        Key::Y => egui::Key::Y,
        Key::Z => egui::Key::Z,
        Key::Num0 => egui::Key::Num0,
        Key::Num1 => egui::Key::Num1,
        Key::Num2 => egui::Key::Num2,
        Key::Num3 => egui::Key::Num3,
        Key::Num4 => egui::Key::Num4,
        Key::Num5 => egui::Key::Num5,
        Key::Num6 => egui::Key::Num6,
        Key::Num7 => egui::Key::Num7,
        Key::Num8 => egui::Key::Num8,
        Key::Num9 => egui::Key::Num9,
        Key::Plus => egui::Key::Plus,
        Key::Minus => egui::Key::Minus,
        Key::Delete => egui::Key::Delete,
        Key::Insert => egui::Key::Insert,
        Key::Home => egui::Key::Home,
        Key::End => egui::Key::End,
        Key::Left => egui::Key::ArrowLeft,
        Key::Right => egui::Key::ArrowRight,
        Key::PageUp => egui::Key::PageUp,
        Key::PageDown => egui::Key::PageDown,
        Key::Tab => egui::Key::Tab,
        Key::F1 => egui::Key::F1,
        Key::F3 => egui::Key::F3,
        Key::OpenBracket => egui::Key::OpenBracket,
        Key::CloseBracket => egui::Key::CloseBracket,
        Key::F5 => egui::Key::F5,
        Key::F7 => egui::Key::F7,
        Key::F8 => egui::Key::F8,
        Key::F11 => egui::Key::F11,
    }
}

/// Whether a text field wants these keys for itself while it has the focus.
fn belongs_to_text(shortcut: Shortcut) -> bool {
    let editing =
        matches!(shortcut.key, Key::A | Key::C | Key::V | Key::X | Key::Y | Key::Z | Key::Home | Key::End | Key::Delete);
    // Alt with a letter types nothing, but on a Mac.
    let moving =
        matches!(shortcut.key, Key::Left | Key::Right | Key::PageUp | Key::PageDown | Key::Home | Key::End | Key::Delete);
    if shortcut.alt && !shortcut.command && !moving && cfg!(not(target_os = "macos")) {
        return false;
    }
    (shortcut.command && editing)
        || (!shortcut.command && !matches!(shortcut.key, Key::F1 | Key::F3 | Key::F5 | Key::F7 | Key::F8 | Key::F11))
}

/// What egui turns into events of their own: the clipboard's keys never arrive as keys.
fn is_clipboard(shortcut: Shortcut) -> bool {
    shortcut.command && !shortcut.shift && !shortcut.alt && matches!(shortcut.key, Key::C | Key::X | Key::V)
}

/// What the keys and clipboard events of this frame ask for; they are taken out of the input. Shortcuts with more
/// modifiers are looked at first, so that Ctrl+Shift+S is no Ctrl+S.
pub(super) fn pressed(ctx: &Context, state: &AppState) -> Vec<Action> {
    if state.dialog().is_some() || state.is_asking() {
        return Vec::new();
    }
    // The console's transcript is no field, but keys there mean nothing for documents.
    let in_text = ctx.text_edit_focused() || ConsolePane::has_focus(ctx);
    let mut candidates: Vec<(Shortcut, Action)> =
        Action::all().flat_map(|action| action.shortcuts().iter().map(move |&shortcut| (shortcut, action))).collect();
    candidates.sort_by_key(|(shortcut, _)| {
        std::cmp::Reverse(u8::from(shortcut.command) + u8::from(shortcut.shift) + u8::from(shortcut.alt))
    });
    let mut actions = Vec::new();
    // Some systems hand the letter over as text, too. With Ctrl beside it, it is AltGr, which types.
    if cfg!(not(target_os = "macos")) {
        ctx.input_mut(|input| {
            if input.modifiers.alt && !input.modifiers.ctrl {
                input.events.retain(|event| !matches!(event, Event::Text(_)));
            }
        });
    }
    for (shortcut, action) in candidates {
        if (in_text && belongs_to_text(shortcut)) || is_clipboard(shortcut) || !action.enabled(state) {
            continue;
        }
        if ctx.input_mut(|input| input.consume_shortcut(&keyboard_shortcut(shortcut))) {
            actions.push(action);
        }
    }
    // Where plus shares its key with the equals sign, that key alone is meant.
    if ctx.input_mut(|input| input.consume_key(Modifiers::COMMAND, egui::Key::Equals)) {
        actions.push(Action::ZoomIn);
    }
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
                if action.enabled(state) {
                    actions.push(action);
                }
                false
            });
        });
    }
    actions
}
