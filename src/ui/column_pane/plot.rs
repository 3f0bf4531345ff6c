//! The plot of a column of numbers: how often which values come, or the values by row.

use egui::{Color32, RichText, Stroke, Ui, Vec2, pos2};

use crate::app::numbers::{group, shorten};
use crate::app::table::{ColumnFacts, StatisticsLook, TableCommand};
use crate::app::{Command, OpenDocument};
use crate::ui::chart::{Axis, Chart};
use crate::ui::theme::{ROW, Theme, UNIT};
use crate::ui::{ViewCx, screenshot};

/// Height of the plot in points.
const HEIGHT: f32 = 160.0;

/// Size in points of a plot that is saved, and pixels a point.
const SAVED: (Vec2, f32) = (Vec2::new(800.0, 420.0), 2.0);

/// The plot with its heading.
pub(super) fn show(
    ui: &mut Ui,
    open: &OpenDocument,
    facts: &ColumnFacts,
    name: &str,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) {
    let look = open.view.table.statistics;
    let mut next = look;
    ui.add_space(UNIT);
    ui.horizontal(|ui| {
        ui.set_min_height(ROW);
        ui.selectable_value(&mut next.by_row, false, "Histogram");
        ui.selectable_value(&mut next.by_row, true, "By row");
        if next.by_row {
            ui.checkbox(&mut next.points, "Points");
        }
        let save = ui.small_button("PNG…").on_hover_text("Save the plot as a PNG image");
        if save.accessible_name("Save the plot as PNG").clicked() {
            commands.push(super::picture_command(title(name, look), saved(facts, name, look, cx.theme)));
        }
        let image = ui.small_button("Copy").on_hover_text("Copy the plot as a picture");
        if image.accessible_name("Copy the plot").clicked() {
            let image = picture(facts, name, look, cx.theme);
            let size = [image.width() as usize, image.height() as usize];
            ui.ctx().copy_image(egui::ColorImage::from_rgba_unmultiplied(size, image.as_raw()));
        }
        let numbers = ui.small_button("CSV").on_hover_text("Copy the numbers of the plot, separated by commas");
        if numbers.accessible_name("Copy the plot as CSV").clicked() {
            ui.ctx().copy_text(csv(facts, look));
        }
    });
    paint(ui, facts, name, look, cx.theme, HEIGHT);
    if let Some(histogram) = &facts.statistics.histogram
        && !histogram.exact
        && !look.by_row
    {
        ui.label(RichText::new("Scaled up from a sample of the rows").color(cx.theme.text_dim));
    }
    if next != look {
        commands.push(Command::Table(TableCommand::Statistics(next)));
    }
}

fn title(name: &str, look: StatisticsLook) -> String {
    format!("{} {}", shorten(name, 40), if look.by_row { "by row" } else { "histogram" })
}

fn paint(ui: &mut Ui, facts: &ColumnFacts, name: &str, look: StatisticsLook, theme: &Theme, height: f32) {
    match look.by_row {
        true => by_row(ui, facts, name, look.points, theme, height),
        false => histogram(ui, facts, name, theme, height),
    }
}

fn short(value: f64) -> String {
    super::number(if value.abs() < 1e-12 { 0.0 } else { value })
}

/// Bars of how many numbers lie between two.
fn histogram(ui: &mut Ui, facts: &ColumnFacts, name: &str, theme: &Theme, height: f32) {
    let Some(histogram) = &facts.statistics.histogram else { return };
    let most = histogram.bins.iter().copied().max().unwrap_or(0);
    let at = histogram.bins.iter().position(|&bin| bin == most).unwrap_or(0);
    let (from, to) = histogram.edges(at);
    let spoken = format!(
        "{} from {} to {}; most numbers, {}, lie between {} and {}",
        shorten(name, 40),
        short(histogram.first),
        short(histogram.last),
        group(most),
        short(from),
        short(to)
    );
    let last = if histogram.last > histogram.first { histogram.last } else { histogram.first + 1.0 };
    let times = |value: f64| if value < 1.0 && value > 0.0 { String::new() } else { short(value) };
    let chart = Chart {
        name: "Histogram of the column",
        spoken,
        height,
        x: Axis { from: histogram.first, to: last, binary: false, log: false, text: &short },
        y: Axis { from: 0.0, to: (most as f64).max(1.0), binary: false, log: false, text: &times },
    };
    let plot = chart.show(ui, theme);
    let color: Color32 = theme.ramp_at(0.6);
    plot.bars(histogram.bins.iter().map(|&bin| (bin as f64, color)).collect::<Vec<_>>().into_iter());
    let pointed = plot.response.hover_pos().filter(|_| !histogram.bins.is_empty());
    if let Some(pointer) = pointed {
        let share = ((pointer.x - plot.rect.left()) / plot.rect.width()).clamp(0.0, 0.9999);
        let bin = ((share * histogram.bins.len() as f32) as usize).min(histogram.bins.len() - 1);
        let (from, to) = histogram.edges(bin);
        let text = format!("{} between {} and {}", group(histogram.bins[bin]), short(from), short(to));
        plot.response.on_hover_text_at_pointer(text);
    }
}

/// The mean of the rows that share a point, between the least and the greatest of them.
fn by_row(ui: &mut Ui, facts: &ColumnFacts, name: &str, points: bool, theme: &Theme, height: f32) {
    let series = &facts.series;
    let known = || series.points.iter().flatten();
    let least = known().map(|point| point[0]).fold(f64::INFINITY, f64::min);
    let greatest = known().map(|point| point[1]).fold(f64::NEG_INFINITY, f64::max);
    let (least, greatest) = if least <= greatest { (least, greatest) } else { (0.0, 1.0) };
    let greatest = if greatest > least { greatest } else { least + 1.0 };
    let rows = facts.series.points.len() as f64 * series.rows_each as f64;
    let row = |value: f64| group(value.max(0.0) as u64 + 1);
    let chart = Chart {
        name: "Values by row",
        spoken: format!("{} of {} rows, from {} to {}", shorten(name, 40), group(rows as u64), short(least), short(greatest)),
        height,
        x: Axis { from: 0.0, to: rows.max(1.0), binary: false, log: false, text: &row },
        y: Axis { from: least, to: greatest, binary: false, log: false, text: &short },
    };
    let plot = chart.show(ui, theme);
    if series.points.is_empty() {
        plot.note("Looking at the rows", theme);
        return;
    }
    let color = theme.ramp_at(0.6);
    let middle = |at: usize| (at as f64 + 0.5) * series.rows_each as f64;
    let mut line = Vec::new();
    for (at, point) in series.points.iter().enumerate() {
        let Some([low, high, mean]) = point else {
            flush(&plot, &mut line, color);
            continue;
        };
        let x = plot.x(middle(at));
        if high > low {
            let stroke = Stroke::new(1.0, Theme::mix(theme.ground, color, 0.4));
            plot.painter().vline(x, plot.y(*high)..=plot.y(*low), stroke);
        }
        match points {
            true => {
                plot.painter().circle_filled(pos2(x, plot.y(*mean)), 1.5, color);
            }
            false => line.push(pos2(x, plot.y(*mean))),
        }
    }
    flush(&plot, &mut line, color);
    if let Some(pointer) = plot.response.hover_pos() {
        let at = (plot.value(pointer) / series.rows_each as f64) as usize;
        if let Some(Some([low, high, mean])) = series.points.get(at) {
            let first = at as u64 * series.rows_each + 1;
            let text = if series.rows_each == 1 {
                format!("row {}: {}", group(first), short(*mean))
            } else {
                let last = first + series.rows_each - 1;
                let (low, high) = (short(*low), short(*high));
                format!("rows {} to {}: {} on average, {low} to {high}", group(first), group(last), short(*mean))
            };
            plot.response.on_hover_text_at_pointer(text);
        }
    }
}

/// Paints what was gathered of a line; a single point is a point.
fn flush(plot: &crate::ui::chart::Plot, line: &mut Vec<egui::Pos2>, color: Color32) {
    let points = std::mem::take(line);
    match points.as_slice() {
        [] => {}
        [single] => {
            plot.painter().circle_filled(*single, 1.5, color);
        }
        _ => {
            plot.painter().line(points, Stroke::new(1.5, color));
        }
    }
}

/// The plot by itself.
fn picture(facts: &ColumnFacts, name: &str, look: StatisticsLook, theme: &Theme) -> image::RgbaImage {
    let kind = if theme.dark { egui::Theme::Dark } else { egui::Theme::Light };
    screenshot::paint_part(SAVED.0, SAVED.1, kind, |ui| {
        egui::Frame::new().inner_margin(2.0 * UNIT).show(ui, |ui| {
            ui.label(RichText::new(title(name, look)).strong());
            paint(ui, facts, name, look, theme, ui.available_height() - UNIT);
        });
    })
}

fn saved(facts: &ColumnFacts, name: &str, look: StatisticsLook, theme: &Theme) -> Result<Vec<u8>, String> {
    screenshot::to_png(&picture(facts, name, look, theme))
}

/// The numbers of the plot.
fn csv(facts: &ColumnFacts, look: StatisticsLook) -> String {
    let mut text = String::new();
    if look.by_row {
        text += "first row,last row,least,greatest,mean\n";
        for (at, point) in facts.series.points.iter().enumerate() {
            let first = at as u64 * facts.series.rows_each + 1;
            let last = first + facts.series.rows_each - 1;
            if let Some([low, high, mean]) = point {
                text += &format!("{first},{last},{low},{high},{mean}\n");
            }
        }
    } else if let Some(histogram) = &facts.statistics.histogram {
        text += "from,to,count\n";
        for (at, bin) in histogram.bins.iter().enumerate() {
            let (from, to) = histogram.edges(at);
            text += &format!("{from},{to},{bin}\n");
        }
    }
    text
}
