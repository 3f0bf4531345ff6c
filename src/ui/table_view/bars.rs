//! What stands above the cells: how many rows are shown of how many, by what they are sorted and filtered, and the columns.

use egui::{Button, Id, Label, RichText, ScrollArea, TextEdit, Ui};

use super::filter::{Draft, spoken};
use super::grid::column_name;
use crate::app::numbers::{count, group, shorten};
use crate::app::table::{TableAction, TableCommand, TableRows};
use crate::app::{Action, Command, OpenDocument};
use crate::ui::ViewCx;
use crate::ui::theme::{ROW, UNIT};

/// Columns that the list shows at once; of more the search finds them.
const LISTED: usize = 500;

/// The line that says that not all rows are shown, or not in their order. It is there as long as that is so: a filter that
/// somebody forgot looks like lost data.
pub(super) fn arranged(
    ui: &mut Ui,
    open: &OpenDocument,
    rows: &TableRows,
    draft: &mut Option<Draft>,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) {
    let look = &open.view.table;
    if !look.is_arranged() && look.columns.hidden() == 0 {
        return;
    }
    let table = rows.table();
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW + UNIT);
        if !look.conditions.filters.is_empty() {
            let text = format!("Showing {} of {}", group(rows.len()), count(table.row_count(), "row"));
            ui.label(RichText::new(text).strong());
            let clear = ui.button("Clear").on_hover_text(Action::Table(TableAction::ClearFilters).help());
            if clear.accessible_name("Clear the filters").clicked() {
                commands.push(Command::Do(Action::Table(TableAction::ClearFilters)));
            }
        }
        for (at, filter) in look.conditions.filters.iter().enumerate() {
            let said = spoken(filter, table);
            let chip = ui.add(Button::new(shorten(&said, 48))).on_hover_text(format!("{said}. Click to change it"));
            if chip.accessible_name(format!("Filter: {said}")).clicked() {
                *draft = Some(Draft::of(filter, Some(at)));
            }
            let remove = ui.small_button("×").on_hover_text("Remove this filter");
            if remove.accessible_name(format!("Remove the filter: {said}")).clicked() {
                commands.push(Command::Table(TableCommand::RemoveFilter(at)));
            }
        }
        if !look.sort.is_empty() {
            let keys: Vec<_> = look
                .sort
                .iter()
                .map(|key| {
                    let way = if key.descending { ", descending" } else { "" };
                    format!("{}{way} ({})", column_name(table, key.column), key.by.name())
                })
                .collect();
            ui.add(Label::new(format!("Sorted by {}", shorten(&keys.join(", then "), 100))));
            if ui.button("Unsort").on_hover_text(Action::Table(TableAction::SortAsInFile).help()).clicked() {
                commands.push(Command::Do(Action::Table(TableAction::SortAsInFile)));
            }
        }
        if look.columns.hidden() > 0 {
            ui.label(RichText::new(format!("{} hidden", count(look.columns.hidden() as u64, "column"))).strong());
            if ui.button("Show all").on_hover_text(Action::Table(TableAction::ShowAllColumns).help()).clicked() {
                commands.push(Command::Do(Action::Table(TableAction::ShowAllColumns)));
            }
        }
        if let Some((job, key)) = open.table.view.running() {
            let what = if key.sort.is_empty() { "Filtering…" } else { "Sorting…" };
            ui.label(RichText::new(what).color(cx.theme.text_dim));
            if ui.button("Stop").clicked() {
                commands.push(Command::CancelJob(job));
            }
        } else if let Some(failure) = &open.table.failure {
            ui.label(RichText::new(failure).color(cx.theme.error));
            if ui.button("Try again").clicked() {
                commands.push(Command::Table(TableCommand::Again));
            }
        }
    });
}

/// The buttons for the columns, a filter and the search.
pub(super) fn tools(ui: &mut Ui, open: &OpenDocument, rows: &TableRows, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let menu = ui.menu_button("Columns", |ui| columns(ui, open, rows, cx, commands));
    menu.response.on_hover_text("Which columns are shown");
    for (action, label) in [(TableAction::Filter, "Filter…"), (TableAction::Find, "Find…")] {
        let action = Action::Table(action);
        let button = ui.add_enabled(action.enabled(cx.state), Button::new(label)).on_hover_text(action.help());
        if button.clicked() {
            commands.push(Command::Do(action));
        }
    }
}

/// The list of all columns, in their order, with a field to find one.
fn columns(ui: &mut Ui, open: &OpenDocument, rows: &TableRows, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.set_min_width(60.0 * UNIT);
    let id = Id::unique("seektell columns field");
    let mut query = ui.data_mut(|data| data.get_temp::<String>(id)).unwrap_or_default();
    let field =
        ui.add(TextEdit::singleline(&mut query).id(id.with("edit")).hint_text("Find a column").desired_width(f32::INFINITY));
    field.accessible_name("Find a column");
    let wanted = query.to_lowercase();
    ui.data_mut(|data| data.insert_temp(id, query));
    let (table, look) = (rows.table(), &open.view.table);
    let width = table.width();
    let one_left = look.columns.hidden() + 1 >= width;
    let mut found = look
        .columns
        .all(width)
        .filter(|&column| wanted.is_empty() || column_name(table, column).to_lowercase().contains(&wanted));
    ScrollArea::vertical().max_height(80.0 * UNIT).show(ui, |ui| {
        for column in found.by_ref().take(LISTED) {
            let mut shown = !look.columns.is_hidden(column);
            let name = shorten(&column_name(table, column), 60);
            let last = shown && one_left;
            let choice = ui.add_enabled(!last, egui::Checkbox::new(&mut shown, name));
            if choice.changed() {
                commands.push(Command::Table(TableCommand::ShowColumn(column, shown)));
            }
        }
        let more = found.count();
        if more > 0 {
            ui.label(RichText::new(format!("{} more: type a part of the name", group(more as u64))).color(cx.theme.text_dim));
        }
    });
    ui.separator();
    for action in [
        TableAction::ShowAllColumns,
        TableAction::ResetColumns,
        TableAction::FreezeColumns,
        TableAction::UnfreezeColumns,
        TableAction::FitColumns,
    ] {
        crate::ui::menu::item(ui, Action::Table(action), cx, commands);
    }
}
