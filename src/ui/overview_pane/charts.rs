//! The two charts: entropy over offsets, and how often each byte occurs.

use egui::{Color32, Key, PointerButton, Rect, Ui, pos2};

use super::{CHART, Page, SAVED, set};
use crate::app::numbers::{group, hex, percent, place};
use crate::app::{Command, FindForm, FindKind, OverviewOptions, SearchCommand};
use crate::buffer::Offset;
use crate::explore::overview::{Bucket, Class, Overview};
use crate::ui::chart::{Axis, Chart, Plot};
use crate::ui::chart_keys::{Asked, ChartPoint};
use crate::ui::theme::Theme;
use crate::ui::{minimap, screenshot};

/// Holds where a drag over the entropy began.
#[derive(Default)]
pub(super) struct Charts {
    drag: Option<f64>,
    /// The points that the keyboard is on.
    entropy: ChartPoint,
    histogram: ChartPoint,
}

impl Charts {
    pub(super) fn show(&mut self, ui: &mut Ui, page: &Page<'_>, commands: &mut Vec<Command>) {
        let overview = page.overview;
        page.heading(ui, "Entropy", "bits a byte, by offset; drag to look closer", |ui| {
            page.save_button(ui, "entropy", commands, || {
                saved(page.cx.theme, |ui, theme| drop(entropy(ui, overview, theme, SAVED.0.y)))
            });
            page.copy_button(ui, "entropy", || overview.buckets_csv());
            if page.options.range.is_some() && ui.small_button("Whole document").clicked() {
                set(commands, OverviewOptions { range: None, ..page.options });
            }
        });
        let plot = entropy(ui, overview, page.cx.theme, CHART);
        self.use_entropy(ui, &plot, page, commands);
        self.entropy_keys(ui, &plot, page, commands);
        page.heading(ui, "Histogram", "how often each byte occurs", |ui| {
            let log = page.options.log;
            page.save_button(ui, "histogram", commands, || {
                saved(page.cx.theme, |ui, theme| drop(histogram(ui, overview, log, theme, SAVED.0.y)))
            });
            page.copy_button(ui, "histogram", || overview.histogram_csv());
            let mut log = log;
            if ui.checkbox(&mut log, "Logarithmic").changed() {
                set(commands, OverviewOptions { log, ..page.options });
            }
        });
        let plot = histogram(ui, overview, page.options.log, page.cx.theme, CHART);
        self.histogram_keys(ui, &plot, overview, page.cx.theme, commands);
        if let Some(at) = plot.response.hover_pos() {
            let byte = (plot.value(at) as usize).min(255);
            let left = plot.x(byte as f64);
            let width = plot.rect.width() / 256.0;
            let column = Rect::from_min_max(pos2(left, plot.rect.top()), pos2(left + width.max(1.0), plot.rect.bottom()));
            plot.painter().rect_stroke(column, 0.0, egui::Stroke::new(1.0, page.cx.theme.accent), egui::StrokeKind::Outside);
            plot.response.on_hover_ui_at_pointer(|ui| {
                let (name, times) = about_byte(overview, byte);
                ui.label(name);
                ui.label(times);
            });
        }
    }

    /// Hover says what is there, a click goes there, a drag looks at a part, a double click at everything.
    fn use_entropy(&mut self, ui: &Ui, plot: &Plot, page: &Page<'_>, commands: &mut Vec<Command>) {
        let (overview, theme) = (page.overview, page.cx.theme);
        let response = &plot.response;
        if let Some(bytes) = page.open.document.as_bytes() {
            let cursor = page.open.document.position();
            if overview.range.contains(Offset(cursor)) && bytes.len().get() > 0 {
                plot.marker(cursor as f64, theme.accent);
            }
        }
        let at = response.interact_pointer_pos().or(response.hover_pos()).map(|at| plot.value(at));
        if response.drag_started_by(PointerButton::Primary) {
            let origin = ui.input(|input| input.pointer.press_origin());
            self.drag = origin.map(|origin| plot.value(origin));
        }
        if let (Some(from), Some(to)) = (self.drag, at)
            && response.dragged()
        {
            let part = Rect::from_x_y_ranges(plot.x(from.min(to))..=plot.x(from.max(to)), plot.rect.y_range());
            plot.painter().rect_filled(part, 0.0, theme.selection.gamma_multiply(0.5));
        }
        if response.drag_stopped()
            && let (Some(from), Some(to)) = (self.drag.take(), at)
        {
            let (from, to) = (from.min(to) as u64, from.max(to).ceil() as u64);
            if to > from + 1 {
                set(commands, OverviewOptions { range: Some((from, to)), pixels_from: from, ..page.options });
            }
        } else if response.double_clicked() {
            set(commands, OverviewOptions { range: None, ..page.options });
        } else if response.clicked()
            && !by_key(ui)
            && let Some(at) = at
        {
            let last = overview.range.end().get().saturating_sub(1);
            let to = (at as u64).min(last);
            commands.push(Command::SelectBytes { from: to, to });
        }
        if let Some(at) = response.hover_pos() {
            let offset = (plot.value(at) as u64).min(overview.range.end().get().saturating_sub(1));
            if let Some(bucket) = overview.bucket_at(Offset(offset)) {
                plot.marker(plot.value(at), theme.text_dim);
                response.clone().on_hover_ui_at_pointer(|ui| minimap::about(ui, bucket, overview.compared));
            }
        }
    }
}

impl Charts {
    /// Arrows go over the curve, Enter goes to the bytes or looks closer at a range, Backspace at everything.
    fn entropy_keys(&mut self, ui: &Ui, plot: &Plot, page: &Page<'_>, commands: &mut Vec<Command>) {
        let overview = page.overview;
        // As many points as the curve has.
        let columns = (plot.rect.width() as usize).clamp(1, 4096);
        let per = overview.buckets.len().div_ceil(columns).max(1);
        let count = overview.buckets.len().div_ceil(per);
        let point_of = |offset: u64| overview.buckets.partition_point(|b| b.range.end().get() <= offset) / per;
        if plot.response.clicked() && !by_key(ui) {
            plot.response.request_focus();
            if let Some(at) = plot.response.interact_pointer_pos() {
                self.entropy.put(point_of(plot.value(at) as u64), count);
            }
        }
        let asked = self.entropy.keys(ui, &plot.response, count, point_of(page.open.document.position()));
        let Some(at) = self.entropy.at.filter(|&at| at < count) else { return };
        let (first, last) = self.entropy.range().unwrap_or((at, at));
        let parts = &overview.buckets[first * per..((last + 1) * per).min(overview.buckets.len())];
        let (Some(start), Some(end)) = (parts.first().map(|b| b.range.start.get()), parts.last().map(|b| b.range.end().get()))
        else {
            return;
        };
        plot.point(ui, (start as f64, end as f64), &about_parts(parts, start, end), page.cx.theme);
        match asked {
            Some(Asked::Go { .. }) if self.entropy.anchor.is_some() && end > start + 1 => {
                self.entropy = ChartPoint::default();
                set(commands, OverviewOptions { range: Some((start, end)), pixels_from: start, ..page.options });
            }
            Some(Asked::Go { .. }) => commands.push(Command::SelectBytes { from: start, to: start }),
            Some(Asked::Whole) if page.options.range.is_some() => {
                self.entropy = ChartPoint::default();
                set(commands, OverviewOptions { range: None, ..page.options });
            }
            Some(Asked::Whole) | None => {}
        }
    }

    /// Arrows go from byte to byte, Enter to the next place where it occurs, with Shift to the one before.
    fn histogram_keys(&mut self, ui: &Ui, plot: &Plot, overview: &Overview, theme: &Theme, commands: &mut Vec<Command>) {
        if plot.response.clicked() && !by_key(ui) {
            plot.response.request_focus();
            if let Some(at) = plot.response.interact_pointer_pos() {
                self.histogram.put(plot.value(at) as usize, 256);
            }
        }
        let mut asked = self.histogram.keys(ui, &plot.response, 256, 0);
        // No range of values is anything.
        self.histogram.anchor = None;
        let Some(byte) = self.histogram.at else { return };
        let (name, times) = about_byte(overview, byte);
        plot.point(ui, (byte as f64, (byte + 1) as f64), &format!("{name}: {times}"), theme);
        if plot.response.double_clicked() {
            asked = Some(Asked::Go { back: false });
        }
        if let Some(Asked::Go { back }) = asked
            && overview.histogram[byte] > 0
        {
            let form = FindForm { kind: FindKind::Hex, text: format!("{byte:02X}"), ..FindForm::default() };
            commands.push(Command::Search(SearchCommand::Form(Box::new(form))));
            commands.push(Command::Search(SearchCommand::Step { forward: !back }));
        }
    }
}

/// Whether a click is one of the keyboard, which says nothing about where the pointer is.
fn by_key(ui: &Ui) -> bool {
    ui.input(|input| input.key_pressed(Key::Enter) || input.key_pressed(Key::Space))
}

/// A byte, and how often it occurs.
fn about_byte(overview: &Overview, byte: usize) -> (String, String) {
    let character = if (0x20..0x7F).contains(&byte) { format!("  '{}'", byte as u8 as char) } else { String::new() };
    let times = overview.histogram[byte];
    let share = percent(times as f32 / overview.counted().max(1) as f32);
    (format!("{}  {byte}{character}", hex(byte as u64)), format!("{} times, {share}", group(times)))
}

/// Parts that follow each other, in a few words.
fn about_parts(parts: &[Bucket], start: u64, end: u64) -> String {
    let read: u64 = parts.iter().map(|part| part.read).sum();
    let where_ = format!("{} to {}", hex(start), hex(end.saturating_sub(1)));
    if read == 0 {
        let unreadable = parts.iter().any(|part| part.unreadable > 0);
        return format!("{where_}: {}", if unreadable { "cannot be read" } else { "not read yet" });
    }
    let entropy = parts.iter().map(|part| f64::from(part.entropy) * part.read as f64).sum::<f64>() / read as f64;
    let count = |class: Class| parts.iter().map(|part| part.classes[class as usize]).sum::<u64>();
    let most = Class::ALL.into_iter().max_by_key(|&class| count(class)).unwrap_or(Class::ALL[0]);
    format!("{where_}: {entropy:.2} bits a byte, {} {}", percent(count(most) as f32 / read as f32), most.name())
}

/// A chart as a PNG image.
fn saved(theme: &Theme, paint: impl Fn(&mut Ui, &Theme)) -> Result<Vec<u8>, String> {
    let kind = if theme.dark { egui::Theme::Dark } else { egui::Theme::Light };
    let image = screenshot::paint_part(SAVED.0, SAVED.1, kind, |ui| paint(ui, theme));
    screenshot::to_png(&image)
}

/// The curve of entropy: its mean in each pixel, between the lowest and the highest there.
fn entropy(ui: &mut Ui, overview: &Overview, theme: &Theme, height: f32) -> Plot {
    let (from, to) = (overview.range.start.get() as f64, overview.range.end().get() as f64);
    let offset = |value: f64| hex(value as u64);
    let bits = |value: f64| format!("{value:.0}");
    let read = || overview.buckets.iter().filter(|bucket| bucket.read > 0);
    let lowest = read().min_by(|a, b| a.entropy.total_cmp(&b.entropy));
    let highest = read().max_by(|a, b| a.entropy.total_cmp(&b.entropy));
    let spoken = match (lowest, highest) {
        (Some(low), Some(high)) => format!(
            "{:.3} bits a byte altogether, lowest {:.2} at {}, highest {:.2} at {}",
            overview.entropy(),
            low.entropy,
            place(low.range.start.get()),
            high.entropy,
            place(high.range.start.get())
        ),
        _ => "nothing was read".to_owned(),
    };
    let chart = Chart {
        name: "Entropy",
        spoken,
        height,
        x: Axis { from, to: to.max(from + 1.0), binary: true, log: false, text: &offset },
        y: Axis { from: 0.0, to: 8.0, binary: true, log: false, text: &bits },
    };
    let plot = chart.show(ui, theme);
    // As many points as there are pixels: the mean of the parts in each.
    let columns = (plot.rect.width() as usize).clamp(1, 4096);
    let per = overview.buckets.len().div_ceil(columns).max(1);
    let point = |parts: &[Bucket]| {
        let (mut sum, mut read) = (0.0, 0.0);
        for part in parts {
            sum += f64::from(part.entropy) * part.read as f64;
            read += part.read as f64;
        }
        let first = parts.first().map_or(from, |part| part.range.start.get() as f64);
        let last = parts.last().map_or(to, |part| part.range.end().get() as f64);
        let unreadable = parts.iter().any(|part| part.unreadable > 0);
        (first, last, (read > 0.0 && !unreadable).then(|| sum / read), unreadable)
    };
    let points: Vec<_> = overview.buckets.chunks(per).map(point).collect();
    for &(first, last, _, _) in points.iter().filter(|point| point.3) {
        let part = Rect::from_x_y_ranges(plot.x(first)..=plot.x(last).max(plot.x(first) + 1.0), plot.rect.y_range());
        plot.painter().rect_filled(part, 0.0, Theme::mix(theme.ground, theme.byte_unreadable, 0.5));
    }
    // Unknown parts between known ones of a sample are bridged; a few wide parts are steps.
    let bridged = points.iter().filter(|point| point.2.is_some() || point.3);
    let steps = points.len() * 4 < columns;
    let curve = bridged.flat_map(|&(first, last, value, _)| {
        let ends = if steps { [first, last] } else { [f64::midpoint(first, last); 2] };
        ends.map(|x| (x, value))
    });
    let color = theme.ramp_at(0.6);
    plot.curve(curve, color, Theme::mix(theme.ground, color, 0.3));
    plot
}

/// A bar for each byte, coloured by its class.
fn histogram(ui: &mut Ui, overview: &Overview, log: bool, theme: &Theme, height: f32) -> Plot {
    let most = overview.histogram.iter().copied().max().unwrap_or(0);
    let byte = |value: f64| format!("{:02X}", (value as u64).min(255));
    let times = |value: f64| short(value);
    let chart = Chart {
        name: "Histogram",
        spoken: spoken_histogram(overview),
        height,
        x: Axis { from: 0.0, to: 256.0, binary: true, log: false, text: &byte },
        y: Axis { from: 0.0, to: (most as f64).max(1.0), binary: false, log, text: &times },
    };
    let plot = chart.show(ui, theme);
    let color = |byte: usize| -> Color32 {
        let class = Class::of(byte as u8);
        let color = theme.classes[class as usize];
        // The fill of zeros is nearly the ground's.
        if byte == 0 { theme.byte_zero } else { color }
    };
    plot.bars(
        overview.histogram.iter().enumerate().map(|(byte, &count)| (count as f64, color(byte))).collect::<Vec<_>>().into_iter(),
    );
    plot
}

/// A count in few characters: 950, 12k, 3.4M.
fn short(value: f64) -> String {
    let (unit, by) = [("", 1.0), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15), ("E", 1e18)]
        .into_iter()
        .rev()
        .find(|(_, by)| value >= *by)
        .unwrap_or(("", 1.0));
    let scaled = value / by;
    if scaled < 10.0 && by > 1.0 && scaled.fract() > 0.05 { format!("{scaled:.1}{unit}") } else { format!("{scaled:.0}{unit}") }
}

fn spoken_histogram(overview: &Overview) -> String {
    let mut order: Vec<usize> = (0..256).collect();
    order.sort_by_key(|&byte| std::cmp::Reverse(overview.histogram[byte]));
    let all = overview.counted().max(1) as f32;
    let share = |&byte: &usize| format!("{} {}", hex(byte as u64), percent(overview.histogram[byte] as f32 / all));
    let occurs = |&byte: &usize| overview.histogram[byte] > 0;
    let first: Vec<_> = order.iter().copied().filter(occurs).take(3).map(|byte| share(&byte)).collect();
    format!("most frequent {}; {} values never occur", first.join(", "), 256 - overview.distinct())
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn counts_are_short() {
        assert_eq!(
            [0.0, 950.0, 1000.0, 1500.0, 12_000.0, 3.4e6, 1e12].map(short),
            ["0", "950", "1k", "1.5k", "12k", "3.4M", "1T"]
        );
    }
}
