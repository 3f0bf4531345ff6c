//! The menus of the right mouse button, made from the actions: what stands in the menu bar stands here, for one place.

use egui::{Response, TextWrapMode, Ui};

use super::{ViewCx, menu};
use crate::app::{Action, Command, Menu};

/// One line of a menu.
#[derive(Clone, Copy)]
enum Entry {
    Do(Action),
    /// The menu of ways to copy.
    CopyAs,
    /// A group of actions that has a menu of its own.
    Group(Menu, u8),
    Line,
}

use Entry::{CopyAs, Do, Group, Line};

/// Bytes in the hex view.
const BYTES: &[Entry] = &[
    Do(Action::Cut),
    Do(Action::Copy),
    CopyAs,
    Do(Action::Paste),
    Do(Action::PasteAs),
    Do(Action::Delete),
    Line,
    Do(Action::FillBytes),
    Do(Action::InsertBytes),
    Do(Action::InsertFile),
    Group(Menu::Edit, 5),
    Line,
    Do(Action::SelectAll),
    Do(Action::SelectRange),
    Do(Action::ExtendSelection),
    Line,
    Do(Action::GoTo),
    Do(Action::JumpBack),
    Do(Action::JumpForward),
    Group(Menu::View, 9),
    Do(Action::CopyOffset),
];

/// Characters in the text view.
const TEXT: &[Entry] = &[
    Do(Action::Cut),
    Do(Action::Copy),
    CopyAs,
    Do(Action::Paste),
    Do(Action::PasteAs),
    Do(Action::Delete),
    Line,
    Do(Action::SelectAll),
    Do(Action::SelectRange),
    Do(Action::ExtendSelection),
    Line,
    Do(Action::GoTo),
    Do(Action::JumpBack),
    Do(Action::JumpForward),
    Do(Action::CopyOffset),
];

/// A tab.
const TAB: &[Entry] = &[
    Do(Action::Save),
    Do(Action::SaveAs),
    Do(Action::Reload),
    Do(Action::Export),
    Line,
    Do(Action::CloseDocument),
    Do(Action::Reopen),
    Line,
    Do(Action::NextDocument),
    Do(Action::PreviousDocument),
];

/// Cells of a table; what a cell itself offers stands above.
const TABLE: &[Entry] = &[Do(Action::GoToRow), Do(Action::Export), CopyAs];

/// Where a menu opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The hex view.
    Bytes,
    /// The text view.
    Text,
    /// A table.
    Table,
    /// A tab.
    Tab,
}

impl Place {
    fn entries(self) -> &'static [Entry] {
        match self {
            Self::Bytes => BYTES,
            Self::Text => TEXT,
            Self::Table => TABLE,
            Self::Tab => TAB,
        }
    }
}

/// The menu of `response`, which a click of the right button opens.
pub(super) fn show(response: &Response, place: Place, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    show_with(response, place, cx, commands, |_, _| ());
}

/// The same, with lines of its own above.
pub(super) fn show_with(
    response: &Response,
    place: Place,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
    own: impl FnOnce(&mut Ui, &mut Vec<Command>),
) {
    response.context_menu(|ui| {
        ui.set_min_width(220.0);
        ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
        own(ui, commands);
        for entry in place.entries() {
            match *entry {
                Do(action) => menu::item(ui, action, cx, commands),
                CopyAs => menu::copy_as(ui, cx, commands),
                Group(of, group) => menu::submenu(ui, of, group, cx, commands),
                Line => {
                    ui.separator();
                }
            }
        }
    });
}
