//! The menus of the right mouse button, made from the actions: what stands in the menu bar stands here, for one place.

use egui::{Key, Modifiers, Popup, Pos2, Response, SetOpenCommand, TextWrapMode, Ui, vec2};

use super::theme::UNIT;
use super::{ViewCx, menu};
use crate::app::table::TableAction as T;
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
    Do(Action::SaveSelection),
    Do(Action::AddBookmark),
    Line,
    Do(Action::GoTo),
    Do(Action::JumpBack),
    Do(Action::JumpForward),
    Group(Menu::View, 9),
    Do(Action::CopyOffset),
    Do(Action::CopyAddress),
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
    Do(Action::SaveSelection),
    Do(Action::AddBookmark),
    Line,
    Do(Action::GoTo),
    Do(Action::JumpBack),
    Do(Action::JumpForward),
    Do(Action::CopyOffset),
];

/// Bytes of a side of a comparison.
const COMPARISON: &[Entry] = &[
    Do(Action::Copy),
    CopyAs,
    Do(Action::CopyOffset),
    Line,
    Do(Action::SelectAll),
    Do(Action::AddBookmark),
    Line,
    Do(Action::NextDifference),
    Do(Action::PreviousDifference),
    Do(Action::CopyToRight),
    Do(Action::CopyToLeft),
    Line,
    Do(Action::FoldEqual),
    Do(Action::ScrollTogether),
];

/// A tab.
const TAB: &[Entry] = &[
    Do(Action::Save),
    Do(Action::SaveAs),
    Do(Action::Reload),
    Do(Action::Export),
    Do(Action::Protect),
    Line,
    Do(Action::CloseDocument),
    Do(Action::Reopen),
    Line,
    Do(Action::NextDocument),
    Do(Action::PreviousDocument),
];

/// Cells of a table; what a cell itself offers stands above.
const TABLE: &[Entry] = &[
    Do(Action::Table(T::Copy)),
    Do(Action::Table(T::CopyWithHeader)),
    Group(Menu::Table, 1),
    Do(Action::Table(T::Paste)),
    Do(Action::Table(T::Clear)),
    Line,
    Group(Menu::Table, 2),
    Line,
    Do(Action::Table(T::FilterByCell)),
    Do(Action::Table(T::FilterOutCell)),
    Do(Action::Table(T::ClearFilters)),
    Line,
    Do(Action::GoToRow),
    Do(Action::Table(T::GoToCursor)),
    Do(Action::Export),
];

/// The name of a column.
const COLUMN: &[Entry] = &[
    Do(Action::Table(T::SortAscending)),
    Do(Action::Table(T::SortDescending)),
    Do(Action::Table(T::SortAsInFile)),
    Do(Action::Table(T::Filter)),
    Line,
    Do(Action::Table(T::HideColumns)),
    Do(Action::Table(T::ShowAllColumns)),
    Do(Action::Table(T::FreezeColumns)),
    Do(Action::Table(T::UnfreezeColumns)),
    Do(Action::Table(T::FitColumns)),
    Line,
    Do(Action::ToggleColumn),
    Do(Action::Table(T::CopyWithHeader)),
    Do(Action::Table(T::RenameColumn)),
    Do(Action::Table(T::InsertColumnLeft)),
    Do(Action::Table(T::InsertColumnRight)),
    Do(Action::Table(T::DeleteColumns)),
];

/// Where a menu opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The hex view.
    Bytes,
    /// The text view.
    Text,
    /// A side of a comparison.
    Comparison,
    /// A table.
    Table,
    /// The name of a column of a table.
    Column,
    /// A tab.
    Tab,
}

impl Place {
    fn entries(self) -> &'static [Entry] {
        match self {
            Self::Bytes => BYTES,
            Self::Text => TEXT,
            Self::Comparison => COMPARISON,
            Self::Table => TABLE,
            Self::Column => COLUMN,
            Self::Tab => TAB,
        }
    }
}

/// The menu of `response`, which a click of the right button opens, and Shift+F10 while the widget has the keyboard: at `at`
/// then, or in its corner.
pub(super) fn show(response: &Response, place: Place, at: Option<Pos2>, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    show_with(response, place, at, cx, commands, |_, _| ());
}

/// The same, with lines of its own above.
pub(super) fn show_with(
    response: &Response,
    place: Place,
    at: Option<Pos2>,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
    own: impl FnOnce(&mut Ui, &mut Vec<Command>),
) {
    let ctx = &response.ctx;
    let id = response.id.with("menu of the keyboard");
    let pressed = response.has_focus() && ctx.input_mut(|input| input.consume_key(Modifiers::SHIFT, Key::F10));
    let was_open = response.context_menu_opened();
    let mut popup = Popup::context_menu(response);
    let by_key = pressed || Popup::is_id_open(ctx, id);
    if by_key {
        let corner = response.rect.left_top() + vec2(4.0 * UNIT, 4.0 * UNIT);
        popup = popup.id(id).at_position(at.unwrap_or(corner)).open_memory(pressed.then_some(SetOpenCommand::Bool(true)));
    }
    // The first frame of a menu only measures it: its first line takes the keyboard in the next one.
    let mut focus = !pressed && ctx.data_mut(|data| data.remove_temp::<bool>(id)).is_some();
    if pressed {
        ctx.data_mut(|data| data.insert_temp(id, true));
        ctx.request_repaint();
    }
    popup.show(|ui| {
        ui.set_min_width(220.0);
        ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
        own(ui, commands);
        for entry in place.entries() {
            match *entry {
                Do(action) => {
                    let item = menu::item(ui, action, cx, commands);
                    if focus && item.enabled() {
                        item.request_focus();
                        focus = false;
                    }
                }
                CopyAs => menu::copy_as(ui, cx, commands),
                Group(of, group) => menu::submenu(ui, of, group, cx, commands),
                Line => {
                    ui.separator();
                }
            }
        }
    });
    // Escape takes the keyboard away from everything; and whoever opened the menu with a key goes on where the keyboard was.
    let left = was_open && !response.context_menu_opened() && ctx.input(|input| input.key_pressed(Key::Escape));
    if left || (by_key && !Popup::is_id_open(ctx, id)) {
        response.request_focus();
    }
}
