//! Columns picked from the list of those that there are, and put in order.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use egui::{Button, Checkbox, CursorIcon, Id, Label, RichText, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use crate::app::numbers::{count, group};
use crate::convert::{ColumnName, Survey};
use crate::formats::{Extras, TableOptions};
use crate::ui::shortened;
use crate::ui::theme::{ROW, SMALL, UNIT};

/// The list is no higher than this, in points.
const HEIGHT: f32 = 168.0;
/// Width of the place that a row is dragged at.
const HANDLE: f32 = 14.0;

/// The columns that the sources have.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::ui) struct Columns<'a> {
    names: &'a [ColumnName],
    /// How many tables they are of.
    tables: usize,
    /// Names that there are beyond these.
    more: usize,
}

impl<'a> Columns<'a> {
    /// Those of one table.
    pub(in crate::ui) const fn of_one(names: &'a [ColumnName]) -> Self {
        Self { names, tables: 1, more: 0 }
    }
}

impl<'a> From<&'a Survey> for Columns<'a> {
    fn from(survey: &'a Survey) -> Self {
        Self { names: &survey.columns, tables: survey.tables, more: survey.more_columns }
    }
}

/// A row of the list.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    name: String,
    chosen: bool,
    /// How many tables have it.
    tables: usize,
}

/// What is chosen, in its order, and behind it what is not.
fn rows(columns: Columns<'_>, fields: Option<&[String]>) -> Vec<Row> {
    let row = |column: &ColumnName, chosen| Row { name: column.name.clone(), chosen, tables: column.tables };
    let Some(fields) = fields else {
        return columns.names.iter().map(|column| row(column, true)).collect();
    };
    let known: HashMap<&str, usize> = columns.names.iter().map(|column| (column.name.as_str(), column.tables)).collect();
    let chosen: HashSet<&str> = fields.iter().map(String::as_str).collect();
    let tables = |name: &str| known.get(name).copied().unwrap_or(0);
    let first = fields.iter().map(|name| Row { name: name.clone(), chosen: true, tables: tables(name) });
    let rest = columns.names.iter().filter(|column| !chosen.contains(column.name.as_str()));
    first.chain(rest.map(|column| row(column, false))).collect()
}

/// The rows, and what they were made of: thousands of names are put in order when one of them changed, and not in every frame.
struct List {
    names: Vec<ColumnName>,
    fields: Option<Vec<String>>,
    rows: Vec<Row>,
    chosen: usize,
}

impl List {
    fn of(columns: Columns<'_>, fields: Option<&[String]>) -> Self {
        let rows = rows(columns, fields);
        let chosen = rows.iter().filter(|row| row.chosen).count();
        Self { names: columns.names.to_vec(), fields: fields.map(<[String]>::to_vec), rows, chosen }
    }

    fn is_of(&self, columns: Columns<'_>, fields: Option<&[String]>) -> bool {
        self.names == columns.names && self.fields.as_deref() == fields
    }
}

/// The list of the last frame if nothing changed, else a new one.
fn list(ui: &Ui, columns: Columns<'_>, fields: Option<&[String]>) -> Arc<List> {
    let id = Id::unique("columns of a conversion");
    let kept = ui.data(|data| data.get_temp::<Arc<List>>(id)).filter(|list| list.is_of(columns, fields));
    kept.unwrap_or_else(|| {
        let list = Arc::new(List::of(columns, fields));
        ui.data_mut(|data| data.insert_temp(id, list.clone()));
        list
    })
}

/// What the user did to the list.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// A row is chosen, or not any more.
    Choose(usize, bool),
    /// A row goes to the place of another one.
    Move(usize, usize),
}

/// The choice after a change; all columns as they are need no names.
fn changed(rows: &[Row], change: Change, columns: Columns<'_>) -> Option<Vec<String>> {
    let chosen = rows.iter().take_while(|row| row.chosen).count();
    let mut names: Vec<&str> = rows[..chosen].iter().map(|row| row.name.as_str()).collect();
    match change {
        Change::Choose(at, true) => names.push(&rows[at].name),
        Change::Choose(at, false) => drop(names.remove(at)),
        Change::Move(from, to) if from < chosen => {
            let name = names.remove(from);
            names.insert(to.min(names.len()), name);
        }
        // What is dragged up from below is chosen by that.
        Change::Move(from, to) => names.insert(to.min(names.len()), &rows[from].name),
    }
    let as_they_are = columns.more == 0 && names.iter().copied().eq(columns.names.iter().map(|column| column.name.as_str()));
    (!as_they_are).then(|| names.into_iter().map(str::to_owned).collect())
}

/// The list. Nothing is painted where no names are known.
pub(super) fn show(ui: &mut Ui, columns: Columns<'_>, table: &mut TableOptions) {
    if columns.names.is_empty() {
        return;
    }
    let list = list(ui, columns, table.fields.as_deref());
    let (rows, chosen) = (list.rows.as_slice(), list.chosen);
    ui.label("");
    let mut change = None;
    let mut reset = false;
    ui.vertical(|ui| {
        ui.horizontal(|ui| {
            let words = format!("{} of {}", group(chosen as u64), count(rows.len() as u64, "column"));
            ui.label(RichText::new(words).size(SMALL).weak());
            if table.fields.is_some() && ui.small_button("All, as they are").clicked() {
                reset = true;
            }
        });
        let area =
            ScrollArea::vertical().id_salt("columns").max_height(HEIGHT).min_scrolled_height(HEIGHT).auto_shrink([false, true]);
        area.show_rows(ui, ROW, rows.len(), |ui, range| {
            for index in range {
                if let Some(now) = row(ui, rows, index, chosen, columns) {
                    change = Some(now);
                }
            }
        });
        if columns.more > 0 {
            ui.weak(format!("and {} more that can be typed", count(columns.more as u64, "name")));
        }
    });
    ui.end_row();
    if let Some(change) = change {
        let fields = changed(rows, change, columns);
        // Who unticks a column means to leave it out.
        if table.fields.is_none() && table.extras == Extras::Raise {
            table.extras = Extras::Ignore;
        }
        table.fields = fields;
    } else if reset {
        table.fields = None;
    }
}

fn row(ui: &mut Ui, rows: &[Row], index: usize, chosen: usize, columns: Columns<'_>) -> Option<Change> {
    let row = &rows[index];
    let mut change = None;
    let name = if row.name.is_empty() { "(no name)".to_owned() } else { shortened(&row.name, 22) };
    let line = ui.horizontal(|ui| {
        ui.set_height(ROW);
        ui.spacing_mut().item_spacing.x = UNIT;
        handle(ui, index, &row.name);
        let mut ticked = row.chosen;
        // At least one is left.
        let last = row.chosen && chosen == 1;
        let tick = ui.add_enabled(!last, Checkbox::new(&mut ticked, name)).on_hover_text(crate::ui::visible(&row.name));
        if tick.changed() {
            change = Some(Change::Choose(index, ticked));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let mut arrow = |ui: &mut Ui, sign: &str, way: &str, possible: bool, to: usize| {
                let button = ui.add_enabled(possible, Button::new(sign).frame(false).min_size(vec2(ROW, ROW)));
                button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, possible, format!("Move {} {way}", row.name)));
                if button.clicked() {
                    change = Some(Change::Move(index, to));
                }
            };
            arrow(ui, "↓", "down", row.chosen && index + 1 < chosen, index + 1);
            arrow(ui, "↑", "up", row.chosen && index > 0, index.saturating_sub(1));
            let words = match row.tables {
                0 => "in none".to_owned(),
                n if n < columns.tables => format!("in {} of {}", group(n as u64), group(columns.tables as u64)),
                _ => return,
            };
            let color = if row.tables == 0 { ui.visuals().error_fg_color } else { ui.visuals().warn_fg_color };
            ui.add(Label::new(RichText::new(words).size(SMALL).color(color)).selectable(false));
        });
    });
    let place = line.response.interact(Sense::hover());
    if place.dnd_hover_payload::<usize>().is_some() {
        let color = ui.visuals().selection.stroke.color;
        ui.painter().hline(place.rect.x_range(), place.rect.top(), egui::Stroke::new(2.0, color));
    }
    if let Some(from) = place.dnd_release_payload::<usize>()
        && *from != index
        && *from < rows.len()
    {
        change = Some(Change::Move(*from, index));
    }
    change
}

/// Six dots that a row is dragged at.
fn handle(ui: &mut Ui, index: usize, name: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(HANDLE, ROW), Sense::drag());
    let response = response.on_hover_cursor(CursorIcon::Grab).on_hover_text("Drag it to another place");
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Unknown, true, format!("Drag {name}")));
    response.dnd_set_drag_payload(index);
    let color = if response.hovered() { ui.visuals().text_color() } else { ui.visuals().weak_text_color() };
    for row in -1..=1 {
        for column in [-2.0, 2.0] {
            ui.painter().circle_filled(rect.center() + vec2(column, row as f32 * 4.0), 1.0, color);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[(&str, usize)]) -> Vec<ColumnName> {
        list.iter().map(|(name, tables)| ColumnName { name: (*name).into(), tables: *tables }).collect()
    }

    #[test]
    fn choosing_and_moving_make_the_names_in_their_order() {
        let all = names(&[("id", 2), ("name", 2), ("price", 1)]);
        let columns = Columns { names: &all, tables: 2, more: 0 };
        let after = |fields: Option<&[String]>, change| changed(&rows(columns, fields), change, columns);
        let listed = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let without = after(None, Change::Choose(1, false));
        assert_eq!(without, Some(listed(&["id", "price"])));
        assert_eq!(after(without.as_deref(), Change::Choose(2, true)), Some(listed(&["id", "price", "name"])));
        assert_eq!(after(None, Change::Move(0, 2)), Some(listed(&["name", "price", "id"])));
        // Back in their places they need no names.
        assert_eq!(after(Some(&listed(&["name", "id", "price"])), Change::Move(1, 0)), None);
        // What is dragged up from below is chosen by that.
        assert_eq!(after(Some(&listed(&["price"])), Change::Move(1, 0)), Some(listed(&["id", "price"])));
    }

    #[test]
    fn names_that_no_table_has_are_listed_as_that() {
        let all = names(&[("id", 1)]);
        let typed = ["nmae".to_owned(), "id".to_owned()];
        let rows = rows(Columns::of_one(&all), Some(&typed));
        assert_eq!(rows[0], Row { name: "nmae".into(), chosen: true, tables: 0 });
        assert_eq!(rows[1], Row { name: "id".into(), chosen: true, tables: 1 });
    }

    #[test]
    fn the_list_is_made_again_where_names_or_the_choice_changed_and_not_otherwise() {
        let all = names(&[("id", 1), ("name", 1)]);
        let fewer = names(&[("id", 1)]);
        let chosen = ["name".to_owned()];
        let list = List::of(Columns::of_one(&all), None);
        assert_eq!((list.rows.len(), list.chosen), (2, 2));
        assert!(list.is_of(Columns::of_one(&all.clone()), None));
        assert!(!list.is_of(Columns::of_one(&fewer), None) && !list.is_of(Columns::of_one(&all), Some(&chosen)));
        let list = List::of(Columns::of_one(&all), Some(&chosen));
        assert_eq!((list.rows[0].name.as_str(), list.chosen), ("name", 1));
        assert!(list.is_of(Columns::of_one(&all), Some(&chosen)) && !list.is_of(Columns::of_one(&all), Some(&[])));
    }
}
