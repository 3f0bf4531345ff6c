//! The choices of the section that is selected.

use egui::{Button, RichText, TextEdit, Ui, vec2};

use crate::app::ReportForm;
use crate::formats::report::{
    ColumnRecipe, MadeColumn, PictureRecipe, Recipe, SectionRecipe, SummaryRecipe, TableRecipe, TextRecipe,
};
use crate::ui::ViewCx;
use crate::ui::number_field::NumberField;
use crate::ui::theme::UNIT;

/// Columns that are offered by a tick; a table with more has them in its recipe.
const OFFERED: usize = 200;

const TEMPLATE: &str = "Braces are filled in: {today}, {count(orders)}, ${sum(orders.amount):,.2f}. Write {{ for a brace";

pub(super) fn choices(ui: &mut Ui, form: &ReportForm, recipe: &mut Recipe, index: usize, cx: &ViewCx<'_>) {
    let columns = |source: &str| form.look.columns.iter().find(|(name, _)| name == source).map(|(_, columns)| columns.as_slice());
    let section = &mut recipe.sections[index];
    let name = super::name_of(section).0;
    ui.label(RichText::new(name).strong());
    if let Some(source) = ReportForm::source_of(section) {
        let open = form.document(source).and_then(|id| cx.state.document(id));
        let from = open.map_or_else(|| "a document that is not open".to_owned(), |open| open.document.name().to_owned());
        ui.label(RichText::new(format!("From {from}, called {source} in formulas")).color(cx.theme.text_dim));
    }
    match section {
        SectionRecipe::Title(text) => _ = field(ui, "Heading", "", text).on_hover_text(TEMPLATE),
        SectionRecipe::Text(TextRecipe::Here(text)) => {
            let edit = TextEdit::multiline(text).desired_rows(4).desired_width(f32::INFINITY);
            ui.add(edit).accessible_name("Paragraph").on_hover_text(TEMPLATE);
        }
        SectionRecipe::Text(TextRecipe::Source(_)) => {}
        SectionRecipe::Blank(lines) => {
            ui.horizontal(|ui| {
                let label = ui.label("Lines");
                let number = NumberField::new("Lines", 1..=1000).show(ui, u64::from(*lines));
                number.say(ui);
                if let Some(to) = number.changed {
                    *lines = to as u32;
                }
                number.response.labelled_by(label.id);
            });
        }
        SectionRecipe::Summary(summary) => of_summary(ui, summary),
        SectionRecipe::Table(table) => {
            let known = columns(&table.source).unwrap_or_default();
            of_table(ui, table, known, cx);
        }
        SectionRecipe::Picture(picture) => of_picture(ui, picture),
    }
}

/// A line of text with its name above it.
fn field(ui: &mut Ui, name: &str, hint: &str, text: &mut String) -> egui::Response {
    let label = ui.label(name);
    let edit = TextEdit::singleline(text).hint_text(hint).desired_width(f32::INFINITY);
    ui.add(edit).labelled_by(label.id)
}

/// The same for a text that may not be there.
fn optional(ui: &mut Ui, name: &str, hint: &str, text: &mut Option<String>) -> egui::Response {
    let mut typed = text.clone().unwrap_or_default();
    let response = field(ui, name, hint, &mut typed);
    if response.changed() {
        *text = (!typed.is_empty()).then_some(typed);
    }
    response
}

fn of_summary(ui: &mut Ui, summary: &mut SummaryRecipe) {
    optional(ui, "Heading", "none", &mut summary.title).on_hover_text(TEMPLATE);
    let mut rows: Vec<(String, String)> = summary.rows.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut changed = pairs(ui, &mut rows, "value", "{sum(orders.amount):,.2f}");
    if ui.button("Add a value").clicked() {
        let name = free("Value", |name| rows.iter().any(|(known, _)| known == name));
        rows.push((name, String::new()));
        changed = true;
    }
    // A name that stands twice would take the place of the other one: it is not taken while it is typed.
    let mut names: Vec<&String> = rows.iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    if changed && names.windows(2).all(|pair| pair[0] != pair[1]) {
        summary.rows = rows.into_iter().collect();
    }
}

/// A name with a number behind it that no other has.
fn free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let names = std::iter::once(name.to_owned()).chain((2..).map(|number| format!("{name} {number}")));
    names.into_iter().find(|name| !taken(name)).expect("the numbers do not end")
}

/// Names and templates beside each other, each with a button that takes it out; whether something changed.
fn pairs(ui: &mut Ui, rows: &mut Vec<(String, String)>, what: &str, hint: &str) -> bool {
    let (mut changed, mut removed) = (false, None);
    for (index, (name, value)) in rows.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            let half = (ui.available_width() - 26.0 - 6.0 * UNIT) / 2.0;
            let edit = TextEdit::singleline(name).hint_text("name").desired_width(half);
            changed |= ui.add(edit).accessible_name(format!("Name of {what} {}", index + 1)).changed();
            let edit = TextEdit::singleline(value).hint_text(hint).desired_width(half);
            changed |=
                ui.add(edit).accessible_name(format!("Template of {what} {}", index + 1)).on_hover_text(TEMPLATE).changed();
            let button = ui.add(Button::new("×").min_size(vec2(26.0, 0.0)));
            if button.accessible_name(format!("Remove {what} {}", index + 1)).clicked() {
                removed = Some(index);
            }
        });
    }
    if let Some(index) = removed {
        rows.remove(index);
    }
    changed || removed.is_some()
}

fn of_table(ui: &mut Ui, table: &mut TableRecipe, known: &[String], cx: &ViewCx<'_>) {
    optional(ui, "Heading", "none", &mut table.title).on_hover_text(TEMPLATE);
    let only = optional(ui, "Only rows where", "status = \"paid\" and amount > 100", &mut table.only);
    only.on_hover_text("Compares columns with texts and numbers: =, !=, <, >, contains, and, or, not");
    let mut cells = table.totals.first().map(|row| row.join(" | ")).unwrap_or_default();
    let label = "Row of totals";
    let totals = field(ui, label, "Total | | {sum(amount):,.2f}", &mut cells);
    if totals.on_hover_text("A cell for each column, with | between them; sum(amount) is over the rows that are shown").changed()
    {
        let row: Vec<String> = cells.split('|').map(|cell| cell.trim().to_owned()).collect();
        // Rows behind the first one are the recipe's affair.
        match (cells.trim().is_empty(), table.totals.is_empty()) {
            (true, true) => {}
            (true, false) => _ = table.totals.remove(0),
            (false, true) => table.totals.push(row),
            (false, false) => table.totals[0] = row,
        }
    }
    ui.add_space(UNIT);
    ui.horizontal(|ui| {
        ui.label("Columns");
        if table.columns.is_some() && ui.small_button("All").on_hover_text("All columns as they are").clicked() {
            table.columns = None;
        }
    });
    if known.is_empty() {
        ui.label(RichText::new("Not known yet").color(cx.theme.text_dim));
    }
    let all = || known.iter().cloned().map(ColumnRecipe::Named).collect::<Vec<_>>();
    ui.horizontal_wrapped(|ui| {
        for name in known.iter().take(OFFERED) {
            let is_it = |column: &ColumnRecipe| matches!(column, ColumnRecipe::Named(named) if named == name);
            let mut chosen = table.columns.as_ref().is_none_or(|columns| columns.iter().any(is_it));
            if ui.checkbox(&mut chosen, crate::ui::shortened(name, 30)).changed() {
                let columns = table.columns.get_or_insert_with(all);
                match chosen {
                    false => columns.retain(|column| !is_it(column)),
                    true => {
                        let place = |column: &ColumnRecipe| match column {
                            ColumnRecipe::Named(name) => known.iter().position(|known| known == name),
                            ColumnRecipe::Made(_) => None,
                        };
                        let own = known.iter().position(|known| known == name);
                        // Where it stood among the others.
                        let at = columns.iter().position(|column| place(column) > own).unwrap_or(columns.len());
                        columns.insert(at, ColumnRecipe::Named(name.clone()));
                    }
                }
            }
        }
    });
    if known.len() > OFFERED {
        ui.label(RichText::new(format!("and {} more", known.len() - OFFERED)).color(cx.theme.text_dim));
    }
    let made = |column: &ColumnRecipe| match column {
        ColumnRecipe::Made(made) => Some((made.name.clone(), made.value.clone())),
        ColumnRecipe::Named(_) => None,
    };
    let mut rows: Vec<(String, String)> = table.columns.iter().flatten().filter_map(made).collect();
    let mut changed = pairs(ui, &mut rows, "column", "${amount:.2f}");
    if ui.button("Add a calculated column").clicked() {
        let value = known.first().map_or_else(String::new, |name| format!("{{`{name}`}}"));
        rows.push((free("Column", |name| rows.iter().any(|(known, _)| known == name)), value));
        changed = true;
    }
    if changed {
        replace_made(table.columns.get_or_insert_with(all), rows);
    }
}

/// Puts other calculated columns where the calculated ones stand; more of them come last.
fn replace_made(columns: &mut Vec<ColumnRecipe>, rows: Vec<(String, String)>) {
    let count = columns.iter().filter(|column| matches!(column, ColumnRecipe::Made(_))).count();
    let mut rows = rows.into_iter().map(|(name, value)| ColumnRecipe::Made(MadeColumn { name, value }));
    if rows.len() < count {
        columns.retain(|column| matches!(column, ColumnRecipe::Named(_)));
    }
    for column in columns.iter_mut().filter(|column| matches!(column, ColumnRecipe::Made(_))) {
        if let Some(row) = rows.next() {
            *column = row;
        }
    }
    columns.extend(rows);
}

fn of_picture(ui: &mut Ui, picture: &mut PictureRecipe) {
    optional(ui, "Caption", "none", &mut picture.caption).on_hover_text(TEMPLATE);
    ui.horizontal(|ui| {
        let mut chosen = picture.width.is_some();
        if ui.checkbox(&mut chosen, "Width").on_hover_text("By default 96 pixels are an inch").changed() {
            picture.width = chosen.then_some(80);
        }
        if let Some(width) = &mut picture.width {
            let number = NumberField::new("Width of the picture", 1..=1000).show(ui, u64::from(*width));
            number.say(ui);
            if let Some(to) = number.changed {
                *width = to as u16;
            }
            ui.label("mm");
        }
    });
}
