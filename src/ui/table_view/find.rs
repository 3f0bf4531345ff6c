//! The search in the cells.

use egui::{Button, Id, Key, Modifiers, RichText, TextEdit, Ui};
use regex::RegexBuilder;

use super::grid::column_name;
use crate::app::numbers::{count, group, shorten};
use crate::app::table::{SearchLook, TableAction, TableCommand, TableRows, Wish};
use crate::app::{Action, Command, OpenDocument, ViewCommand};
use crate::formats::table::Table;
use crate::ui::ViewCx;
use crate::ui::theme::{ROW, UNIT};

/// Headers that are found which are shown as buttons.
const HEADERS: usize = 4;

/// The bar of the search. Holds what was found in the header.
#[derive(Default)]
pub(super) struct FindBar {
    header: Option<(SearchLook, Vec<usize>)>,
    focused: u64,
}

impl FindBar {
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        open: &OpenDocument,
        rows: &TableRows,
        cx: &ViewCx<'_>,
        commands: &mut Vec<Command>,
    ) {
        let look = &open.view.table;
        if !look.search.open {
            return;
        }
        let mut search = look.search.clone();
        let field = Id::unique("seektell table search");
        ui.horizontal_wrapped(|ui| {
            ui.set_min_height(ROW + 2.0 * UNIT);
            let edit = TextEdit::singleline(&mut search.text).id(field).desired_width(50.0 * UNIT).hint_text("Find in the table");
            let (enter, back, escape) = ui.input(|input| {
                let enter = input.key_pressed(Key::Enter);
                (enter, enter && input.modifiers.contains(Modifiers::SHIFT), input.key_pressed(Key::Escape))
            });
            let edit = ui.add(edit).accessible_name("Find in the table");
            if look.wish.1 == Wish::Search && std::mem::replace(&mut self.focused, look.wish.0) != look.wish.0 {
                edit.request_focus();
            }
            if edit.lost_focus() && enter {
                commands.push(Command::Table(TableCommand::SearchStep { forward: !back }));
                edit.request_focus();
            }
            search.open &= !(edit.lost_focus() && escape);
            ui.toggle_value(&mut search.case, "Aa").on_hover_text("Capital and small letters differ");
            ui.toggle_value(&mut search.regex, ".*").on_hover_text("A regular expression");
            ui.toggle_value(&mut search.whole, "Whole").on_hover_text("The cell is this and nothing else");
            for (label, action) in [("Previous", TableAction::FindPrevious), ("Next", TableAction::FindNext)] {
                let enabled = Action::Table(action).enabled(cx.state);
                let button = ui.add_enabled(enabled, Button::new(label)).on_hover_text(Action::Table(action).help());
                if button.accessible_name(Action::Table(action).label()).clicked() {
                    commands.push(Command::Do(Action::Table(action)));
                }
            }
            self.tell(ui, open, rows, &search, cx, commands);
            let close = ui.small_button("×").on_hover_text("Close the search");
            search.open &= !close.accessible_name("Close the search of the table").clicked();
        });
        if search != look.search {
            commands.push(Command::Table(TableCommand::Search(search)));
        }
    }

    /// How many cells were found, and which columns are called so.
    fn tell(
        &mut self,
        ui: &mut Ui,
        open: &OpenDocument,
        rows: &TableRows,
        search: &SearchLook,
        cx: &ViewCx<'_>,
        commands: &mut Vec<Command>,
    ) {
        if search.text.is_empty() {
            return;
        }
        if search.regex
            && let Err(error) = expression(search)
        {
            ui.label(RichText::new(error).color(cx.theme.error));
            return;
        }
        let found = open.table.found.done().filter(|(key, _)| key.search == *search && key.rows == *rows);
        let text = match found {
            Some((_, found)) if found.cells == 0 => "No cell".to_owned(),
            Some((_, found)) => {
                let cell = open.view.table_cell.and_then(|(place, column)| Some((rows.number(place)?, column)));
                let at = cell.and_then(|cell| found.places.binary_search_by_key(&cell, |place| (place.row, place.column)).ok());
                let in_rows = count(found.rows, "row");
                match at {
                    Some(at) if rows.order().is_none_or(|order| order.is_ascending()) => {
                        format!("{} of {} in {in_rows}", group(at as u64 + 1), count(found.cells, "cell"))
                    }
                    _ => format!("{} in {in_rows}", count(found.cells, "cell")),
                }
            }
            None if open.table.found.running().is_some() => "Searching…".to_owned(),
            None => String::new(),
        };
        ui.label(text);
        let look = SearchLook { open: true, ..search.clone() };
        if self.header.as_ref().is_none_or(|(known, _)| *known != look) {
            self.header = Some((look, in_header(rows.table(), search)));
        }
        let columns = self.header.as_ref().map(|(_, columns)| columns.as_slice()).unwrap_or_default();
        if !columns.is_empty() {
            ui.label(RichText::new("In the header:").color(cx.theme.text_dim));
        }
        for &column in columns.iter().take(HEADERS).filter(|&&column| column < rows.table().width()) {
            let name = shorten(&column_name(rows.table(), column), 24);
            if ui.small_button(&name).on_hover_text("Go to this column").clicked() {
                commands.push(Command::Table(TableCommand::ShowColumn(column, true)));
                let place = open.view.table_cell.map_or(0, |(place, _)| place);
                commands.push(Command::View(ViewCommand::TableCell(place, column)));
            }
        }
        if columns.len() > HEADERS {
            ui.label(RichText::new(format!("and {} more", columns.len() - HEADERS)).color(cx.theme.text_dim));
        }
    }
}

/// The expression that finds what is searched for, or what is wrong with it.
fn expression(search: &SearchLook) -> Result<regex::Regex, String> {
    let text = if search.regex { search.text.clone() } else { regex::escape(&search.text) };
    let text = if search.whole { format!("^(?:{text})$") } else { text };
    let built = RegexBuilder::new(&text).case_insensitive(!search.case).size_limit(1 << 20).build();
    built.map_err(|error| error.to_string().lines().last().unwrap_or_default().to_owned())
}

fn in_header(table: &Table, search: &SearchLook) -> Vec<usize> {
    let (Some(header), Ok(expression)) = (table.header(), expression(search)) else { return Vec::new() };
    header.iter().enumerate().filter(|(_, name)| expression.is_match(name)).map(|(column, _)| column).collect()
}
