//! How often each value occurs in the channels of a picture, and the least, the greatest and the mean.

use egui::{Grid, RichText, Ui};

use super::heading;
use crate::app::numbers::group;
use crate::app::{Action, Channel, Command, OpenDocument, PictureChoice, PictureCommand, PictureNumbers};
use crate::explore::pixels;
use crate::ui::ViewCx;
use crate::ui::chart::{Axis, Chart};
use crate::ui::theme::{Theme, UNIT};

/// Height of the chart in points.
const HEIGHT: f32 = 150.0;

pub(super) fn show(ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    heading(ui, "Histogram", cx);
    let look = &open.view.picture;
    let mut choose = |choice| commands.push(Command::Picture(PictureCommand::Choose(choice)));
    ui.horizontal(|ui| {
        let mut log = look.log;
        let help = Action::Picture(PictureChoice::ToggleLog).help();
        if ui.checkbox(&mut log, "Logarithmic").on_hover_text(help).changed() {
            choose(PictureChoice::ToggleLog);
        }
        let mut part = look.part;
        let help = Action::Picture(PictureChoice::TogglePart).help();
        let enabled = look.area.is_some() || look.part;
        let part = ui.add_enabled(enabled, egui::Checkbox::new(&mut part, "Selected area"));
        if part.on_hover_text(help).on_disabled_hover_text("No area of the picture is selected").changed() {
            choose(PictureChoice::TogglePart);
        }
    });
    let Some((key, numbers)) = open.picture.numbers.done() else {
        let note = if open.picture.numbers.is_given_up() { "Not counted" } else { "Being counted…" };
        ui.label(RichText::new(note).color(cx.theme.text_dim));
        return;
    };
    chart(ui, numbers, look.channel, look.log, cx.theme);
    table(ui, numbers, cx.theme);
    let area = key.area.map_or_else(String::new, |area| format!(" of the area of {} × {}", area.width, area.height));
    let colors = match numbers.unique {
        pixels::Unique::Exactly(1) => "one colour".to_owned(),
        pixels::Unique::Exactly(count) => format!("{} different colours", group(count)),
        pixels::Unique::MoreThan(count) => format!("more than {} different colours", group(count)),
    };
    let text = format!("{} pixels{area}, {colors}", group(numbers.statistics.pixels));
    ui.add(egui::Label::new(RichText::new(text).color(cx.theme.text_dim)).wrap());
}

/// The channels that are seen in the picture are seen here.
fn is_seen(letter: char, channel: Channel) -> bool {
    match channel {
        Channel::Red => letter == 'R',
        Channel::Green => letter == 'G',
        Channel::Blue => letter == 'B',
        Channel::Alpha => letter == 'A',
        Channel::All | Channel::Opaque | Channel::Grey => letter != 'A',
    }
}

fn color_of(letter: char, theme: &Theme) -> egui::Color32 {
    theme.channel(match letter {
        'R' => 0,
        'G' => 1,
        'B' => 2,
        _ => 3,
    })
}

fn chart(ui: &mut Ui, numbers: &PictureNumbers, channel: Channel, log: bool, theme: &Theme) {
    let mut seen: Vec<&pixels::Channel> =
        numbers.statistics.channels.iter().filter(|found| is_seen(found.letter, channel)).collect();
    if seen.is_empty() {
        seen = numbers.statistics.channels.iter().collect();
    }
    let Some(first) = seen.first() else { return };
    let most = seen.iter().flat_map(|found| &found.bins).copied().max().unwrap_or(0).max(1);
    let (low, high) = (first.low, first.high.max(first.low + f64::MIN_POSITIVE));
    let whole = high > 2.0;
    let value = move |value: f64| if whole { group(value.max(0.0) as u64) } else { format!("{value:.2}") };
    let count = |count: f64| group(count.max(0.0) as u64);
    let spoken = seen
        .iter()
        .map(|found| format!("{} from {} to {}, mean {:.1}", found.letter, short(found.min), short(found.max), found.mean))
        .collect::<Vec<_>>()
        .join("; ");
    let chart = Chart {
        name: "Histogram of the picture",
        spoken,
        height: HEIGHT,
        x: Axis { from: low, to: high, binary: whole, log: false, text: &value },
        y: Axis { from: 0.0, to: most as f64, binary: false, log, text: &count },
    };
    let plot = chart.show(ui, theme);
    for found in &seen {
        let color = color_of(found.letter, theme);
        let step = (high - low) / found.bins.len().max(1) as f64;
        let points = found.bins.iter().enumerate().map(|(bin, &count)| (low + (bin as f64 + 0.5) * step, Some(count as f64)));
        plot.curve(points, color, color.gamma_multiply(0.25));
    }
    if let Some(at) = plot.response.hover_pos() {
        let place = plot.value(at);
        let bin = ((place - low) / (high - low) * first.bins.len() as f64) as usize;
        plot.marker(place, theme.text);
        let mut text = format!("Value {}", value(place));
        for found in &seen {
            let count = found.bins.get(bin).copied().unwrap_or(0);
            text += &format!("\n{}: {} pixels", found.letter, group(count));
        }
        plot.response.on_hover_text_at_pointer(text);
    }
}

fn table(ui: &mut Ui, numbers: &PictureNumbers, theme: &Theme) {
    Grid::new("picture numbers").num_columns(4).spacing([4.0 * UNIT, UNIT]).show(ui, |ui| {
        for title in ["Channel", "Least", "Greatest", "Mean"] {
            ui.label(RichText::new(title).color(theme.text_dim));
        }
        ui.end_row();
        for channel in &numbers.statistics.channels {
            ui.label(RichText::new(name(channel.letter)).color(color_of(channel.letter, theme)));
            ui.monospace(short(channel.min));
            ui.monospace(short(channel.max));
            ui.monospace(format!("{:.2}", channel.mean));
            if channel.nan > 0 {
                ui.label(RichText::new(format!("{} are no numbers", group(channel.nan))).color(theme.warning));
            }
            ui.end_row();
        }
    });
}

fn name(letter: char) -> &'static str {
    match letter {
        'R' => "Red",
        'G' => "Green",
        'B' => "Blue",
        'A' => "Alpha",
        _ => "Grey",
    }
}

/// A value as short as it can be said.
fn short(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{value}") } else { format!("{value:.4}") }
}
