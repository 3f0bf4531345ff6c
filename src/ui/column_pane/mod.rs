//! What the cells of the chosen column are like: counts, kinds, numbers, the values that come most often, and a plot.

mod plot;

use std::time::Duration;

use egui::{Button, Grid, Label, RichText, ScrollArea, Ui, vec2};

use super::table_view::column_name;
use super::theme::{ROW, SMALL, UNIT};
use super::{View, ViewCx};
use crate::app::numbers::{count, group, percent, shorten};
use crate::app::table::{ColumnFacts, TableCommand};
use crate::app::{Command, Notice, OpenDocument};
use crate::explore::table::{CellType, Distinct, Filter, Test, TopValue};

/// Characters of a value that are shown.
const VALUE: usize = 60;

/// The pane. Holds nothing.
#[derive(Default)]
pub struct ColumnPane;

impl View for ColumnPane {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let dim = |text: &str| RichText::new(text).color(cx.theme.text_dim);
        let Some(rows) = open.table_rows() else {
            ui.label(dim("There is no table"));
            return;
        };
        let Some((_, column)) = open.view.table_cell.filter(|&(_, column)| column < rows.table().width()) else {
            ui.add(Label::new(dim("Click a cell of the table: this pane says what its column is like")).wrap());
            return;
        };
        let work = &open.table.statistics;
        let name = column_name(rows.table(), column);
        ui.horizontal(|ui| {
            ui.set_min_height(ROW);
            ui.add(Label::new(RichText::new(shorten(&name, 60)).strong()).truncate());
            if let Some((job, _)) = work.running() {
                ui.label(dim("Looking…"));
                if ui.small_button("Stop").accessible_name("Stop looking at the column").clicked() {
                    commands.push(Command::CancelJob(job));
                }
                // What comes in while the job runs is shown as it comes.
                ui.ctx().request_repaint_after(Duration::from_millis(200));
            } else if work.is_given_up() {
                ui.label(RichText::new("Stopped").color(cx.theme.warning));
                if ui.small_button("Go on").accessible_name("Look at the column again").clicked() {
                    commands.push(Command::Table(TableCommand::Again));
                }
            }
        });
        let facts = work.shown().filter(|facts| facts.statistics.column == column);
        let Some(facts) = facts else { return };
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            numbers(ui, &facts, cx);
            if facts.statistics.histogram.is_some() {
                plot::show(ui, open, &facts, &name, cx, commands);
            }
            values(ui, &facts, column, cx, commands);
        });
    }
}

/// The table of what was counted.
fn numbers(ui: &mut Ui, facts: &ColumnFacts, cx: &ViewCx<'_>) {
    let lines = lines(facts);
    Grid::new("column facts").num_columns(2).spacing(vec2(4.0 * UNIT, UNIT)).show(ui, |ui| {
        for (label, value) in &lines {
            ui.label(RichText::new(*label).color(cx.theme.text_dim));
            let text = ui.add(Label::new(shorten(value, 2 * VALUE)).wrap().selectable(true));
            if value.chars().count() > 2 * VALUE {
                text.on_hover_text(value);
            }
            ui.end_row();
        }
    });
    ui.horizontal(|ui| {
        let copy = ui.small_button("Copy").on_hover_text("Copy these lines, with tabs between the two columns");
        if copy.accessible_name("Copy the column's facts").clicked() {
            let text: Vec<_> = lines.iter().map(|(label, value)| format!("{label}\t{value}")).collect();
            ui.ctx().copy_text(text.join("\n"));
        }
    });
}

/// What was counted, in words and numbers.
fn lines(facts: &ColumnFacts) -> Vec<(&'static str, String)> {
    let known = &facts.statistics;
    let share = |n: u64| {
        let all = facts.rows.max(1);
        if n == 0 { group(n) } else { format!("{} ({})", group(n), percent(n as f32 / all as f32)) }
    };
    let mut lines = vec![("Rows", group(facts.rows)), ("With text", share(known.count)), ("Empty", share(known.empty))];
    if known.missing > 0 {
        lines.push(("of them missing", group(known.missing)));
    }
    lines.push(match known.distinct {
        Distinct::Exact(n) => ("Different", group(n)),
        Distinct::About(n) => ("Different, about", group(n)),
    });
    let kinds = CellType::ALL.iter().zip(known.types).filter(|(kind, n)| *n > 0 && **kind != CellType::Empty);
    let kinds: Vec<_> = kinds.map(|(kind, n)| format!("{} {}", group(n), kind.name())).collect();
    if !kinds.is_empty() {
        lines.push(("Kinds", kinds.join(", ")));
    }
    if let Some((shortest, longest)) = known.lengths {
        let mean = known.characters as f64 / known.count.max(1) as f64;
        lines.push(("Characters", format!("{} to {}, {mean:.1} on average", group(shortest), group(longest))));
    }
    match &known.numbers {
        Some(total) => {
            if let Some((least, greatest)) = &total.range {
                lines.push(("Least", least.clone()));
                lines.push(("Greatest", greatest.clone()));
            }
            lines.push(("Mean", number(total.mean)));
            if let Some([first, median, third]) = total.quartiles {
                let about = if total.sampled.is_some() { ", about" } else { "" };
                lines.push(("Median", format!("{}{about}", number(median))));
                lines.push(("Quartiles", format!("{} and {}{about}", number(first), number(third))));
            }
            if let Some(deviation) = total.deviation {
                lines.push(("Deviation", number(deviation)));
            }
            lines.push(("Sum", total.sum.to_string()));
            if total.not_finite > 0 {
                lines.push(("Infinite or NaN", group(total.not_finite)));
            }
        }
        None => {
            if let Some((first, last)) = &known.text_range {
                lines.push(("First", first.clone()));
                lines.push(("Last", last.clone()));
            }
        }
    }
    lines
}

/// A number with as many digits as say something.
fn number(value: f64) -> String {
    let size = value.abs();
    if value == value.trunc() && size < 1e15 {
        return format!("{value:.0}");
    }
    match size {
        _ if !value.is_finite() => value.to_string(),
        s if (1e-3..1e15).contains(&s) => {
            let digits = (5 - size.log10().floor() as i32).clamp(0, 9) as usize;
            let text = format!("{value:.digits$}");
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
        }
        _ => format!("{value:.5e}"),
    }
}

/// The values that come most often; a click shows only their rows.
fn values(ui: &mut Ui, facts: &ColumnFacts, column: usize, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let top = &facts.statistics.top;
    let Some(most) = top.first().map(|value| value.count) else { return };
    ui.add_space(UNIT);
    ui.label(RichText::new("Values that come most often").strong());
    for value in top {
        value_line(ui, value, most, column, facts.rows, cx, commands);
    }
}

fn value_line(ui: &mut Ui, value: &TopValue, most: u64, column: usize, rows: u64, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let times = if value.exact { group(value.count) } else { format!("at least {}", group(value.count)) };
    ui.horizontal(|ui| {
        ui.set_min_height(ROW);
        let width = ui.available_width();
        let text = shorten(&value.text, VALUE);
        let label = if text.trim().is_empty() { format!("“{text}”") } else { text };
        let button = Button::new(RichText::new(&label)).frame(false).truncate();
        let response = ui.add_sized(vec2((width * 0.5).max(60.0), ROW), button);
        let help = format!("{times} of {}. Click to show only these rows", count(rows, "row"));
        let response = response.on_hover_text(help).accessible_name(format!("Only rows with {label}, {times}"));
        if response.clicked() {
            let test = Test::Equals(value.text.clone());
            let filter = Filter { column: Some(column), test, case: true, negate: false };
            commands.push(Command::Table(TableCommand::AddFilter(filter)));
        }
        let room = (ui.available_width() - 18.0 * UNIT).max(10.0);
        let (rect, _) = ui.allocate_exact_size(vec2(room, ROW / 2.0), egui::Sense::hover());
        let bar = rect.with_max_x(rect.left() + (room * (value.count as f32 / most.max(1) as f32)).max(1.0));
        ui.painter().rect_filled(bar, 1.0, cx.theme.ramp_at(0.6));
        ui.label(RichText::new(times).size(SMALL).color(cx.theme.text_dim));
    });
}

/// A picture that was made, or what went wrong.
fn picture_command(name: String, png: Result<Vec<u8>, String>) -> Command {
    match png {
        Ok(png) => Command::SavePicture { name, png },
        Err(text) => Command::Notice(Notice { level: crate::app::Level::Error, text }),
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_the_digits_that_say_something() {
        for (value, text) in [
            (0.0, "0"),
            (12.0, "12"),
            (-3.5, "-3.5"),
            (1.0 / 3.0, "0.333333"),
            (12_345.678_91, "12345.7"),
            (1e-7, "1.00000e-7"),
            (2.5e20, "2.50000e20"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
