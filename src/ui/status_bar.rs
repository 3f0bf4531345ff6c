//! The line at the bottom: what the document is, where its cursor stands, and the work that goes on.

use egui::{Align, Button, Label, Layout, ProgressBar, RichText, Ui};

use super::ViewCx;
use super::theme::{ROW, UNIT};
use crate::app::bytes_view::Radix;
use crate::app::numbers::{binary_size, count, group, percent, place, shorten};
use crate::app::{Command, JobId, OpenDocument, Preview, PreviewState};
use crate::buffer::Offset;
use crate::document::{Document, StreamKind};

/// A job that runs: its name, what it does, how far it is where that is known, and whether it was asked to stop.
pub type JobLine = (JobId, String, Option<f32>, bool);

/// The status bar.
#[derive(Default)]
pub struct StatusBar;

/// One part of the left side. A narrow window drops those of the highest rank first.
struct Part {
    rank: u8,
    text: String,
    hover: String,
    mono: bool,
    warning: bool,
}

impl Part {
    fn new(rank: u8, text: impl Into<String>, hover: impl Into<String>) -> Self {
        Self { rank, text: text.into(), hover: hover.into(), mono: false, warning: false }
    }
}

impl StatusBar {
    /// Paints the bar for the document in front, if there is one, and the jobs.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        open: Option<&OpenDocument>,
        jobs: &[JobLine],
        cx: &ViewCx<'_>,
        commands: &mut Vec<Command>,
    ) {
        let width = ui.available_width();
        ui.allocate_ui_with_layout(egui::vec2(width, ROW), Layout::right_to_left(Align::Center), |ui| {
            ui.set_min_height(ROW);
            show_jobs(ui, jobs, cx, commands);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| match open {
                Some(open) => show_parts(ui, parts(open, cx), cx),
                None => {
                    ui.add(Label::new(RichText::new("No document is open").color(cx.theme.text_dim)).truncate());
                }
            });
        });
    }
}

fn parts(open: &OpenDocument, cx: &ViewCx<'_>) -> Vec<Part> {
    let document = &open.document;
    let (position, size, kind) = (document.position(), document.size(), document.kind());
    let unit = kind.unit();
    let mut parts = vec![Part { mono: true, ..Part::new(5, kind.class(), "The kind of stream, as Python names it") }];
    let exact = binary_size(size).map_or_else(|| "The size of the content".into(), |size| format!("The size: {size}"));
    parts.push(Part::new(3, count(size, unit), exact));
    let at = match kind {
        StreamKind::Bytes => place(position),
        StreamKind::Text => group(position),
    };
    parts.push(Part { mono: true, ..Part::new(0, format!("tell() {at}"), "The cursor of the stream") });
    let hex = &cx.settings.hex;
    // What the hex view calls a place, where that is not what the parts around say already.
    let address = |n: u64| hex.radix.say(u128::from(n) + u128::from(open.view.base), hex.upper);
    let has_addresses = kind == StreamKind::Bytes && (open.view.base != 0 || hex.radix == Radix::Octal);
    if has_addresses {
        let hover = match open.view.base {
            0 => "The cursor's address in the hex view".to_owned(),
            base => format!("The cursor's address in the hex view, which begins at {}", hex.radix.say(base.into(), hex.upper)),
        };
        parts.push(Part { mono: true, ..Part::new(2, format!("address {}", address(position)), hover) });
    }
    if document.is_closed() {
        let hover = "Every call raises ValueError now; Undo opens the stream again";
        parts.push(Part { warning: true, ..Part::new(1, "closed", hover) });
    } else if position > size {
        let hover = "A write here fills the gap with zeros";
        parts.push(Part { warning: true, ..Part::new(2, format!("{} past the end", count(position - size, unit)), hover) });
    }
    if document.is_walking() {
        let (step, steps) = document.timeline().step();
        let hover = "An earlier step of the timeline is shown; a save writes the latest";
        parts.push(Part {
            warning: true,
            ..Part::new(1, format!("step {} of {}", group(step as u64), group(steps as u64)), hover)
        });
    }
    if let Some(selection) = document.selection() {
        let (start, end) = (selection.start(), selection.end());
        let mut hover = format!("From {} up to {}", place(start), place(end));
        if has_addresses {
            hover.push_str(&format!("\nAddresses {} up to {}", address(start), address(end)));
        }
        let len = selection.len();
        let hex = if len > 9 { format!(" (0x{len:X})") } else { String::new() };
        parts.push(Part::new(1, format!("selection {}{hex}", count(len, unit)), hover));
        if let Some((little, big)) = selected_value(document) {
            let hover = format!("The selection as a number\nlittle-endian {}\nbig-endian {}", place(little), place(big));
            let text = if len == 1 { format!("= {}", place(little)) } else { format!("= {} LE", place(little)) };
            parts.push(Part { mono: true, ..Part::new(8, text, hover) });
        }
    }
    let (mode, hover) = if document.is_protected() {
        ("protected", "Changes are refused: “Protect against changes” in the Edit menu is on")
    } else if open.view.insert {
        ("insert", "Typing moves what follows; the Insert key changes it")
    } else {
        ("overwrite", "Typing replaces, as write() does; the Insert key changes it")
    };
    parts.push(Part { warning: document.is_protected(), ..Part::new(if document.is_protected() { 1 } else { 4 }, mode, hover) });
    if kind == StreamKind::Bytes {
        let detection = &open.detection;
        let mut hover = detection.reason.clone();
        if let Some(mismatch) = &detection.mismatch {
            hover = format!("{hover}\n{mismatch}");
        }
        let label = shorten(&detection.label, 40);
        parts.push(Part { warning: detection.mismatch.is_some(), ..Part::new(6, label, hover) });
        if let Some((encoding, hover)) = encoding(open) {
            parts.push(Part::new(7, encoding, hover));
        }
    }
    parts
}

/// Up to eight selected bytes as a number, in both byte orders.
fn selected_value(document: &Document) -> Option<(u64, u64)> {
    let selection = document.selection().filter(|selection| selection.len() <= 8)?;
    let len = selection.len() as usize;
    let mut bytes = [0; 8];
    let read = document.as_bytes()?.read_at(Offset(selection.start()), &mut bytes[..len]).ok()?;
    (read == len).then(|| (u64::from_le_bytes(bytes), u64::from_be_bytes(bytes) >> (64 - 8 * len)))
}

fn encoding(open: &OpenDocument) -> Option<(&'static str, &'static str)> {
    if let PreviewState::Ready { preview, .. } = &open.preview
        && let Preview::Table { dialect: Some((dialect, _)), .. } = preview.as_ref()
    {
        return Some((dialect.encoding.name(), "The encoding of the table"));
    }
    open.view.encoding.map(|encoding| (encoding.name(), "The encoding that was chosen for the text"))
}

fn show_parts(ui: &mut Ui, mut parts: Vec<Part>, cx: &ViewCx<'_>) {
    let gap = 4.0 * UNIT;
    ui.spacing_mut().item_spacing.x = gap;
    let room = ui.available_width();
    let measure = |part: &Part| {
        let style = if part.mono { egui::TextStyle::Monospace } else { egui::TextStyle::Body };
        let font = style.resolve(ui.style());
        ui.painter().layout_no_wrap(part.text.clone(), font, cx.theme.text).size().x
    };
    let widths: Vec<f32> = parts.iter().map(measure).collect();
    let mut widths: Vec<(u8, f32)> = parts.iter().map(|part| part.rank).zip(widths).collect();
    while parts.len() > 1 && widths.iter().map(|(_, width)| width + gap).sum::<f32>() > room + gap {
        let Some(least) = (0..parts.len()).max_by_key(|&i| parts[i].rank) else { break };
        parts.remove(least);
        widths.remove(least);
    }
    for part in parts {
        let color = if part.warning { cx.theme.warning } else { cx.theme.text };
        let text = RichText::new(part.text).color(color);
        let text = if part.mono { text.monospace() } else { text };
        ui.add(Label::new(text).truncate()).on_hover_text(part.hover);
    }
}

/// The job that began first, and how many others run. The layout goes from right to left.
fn show_jobs(ui: &mut Ui, jobs: &[JobLine], cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let Some((id, title, fraction, cancelling)) = jobs.first() else { return };
    let wide = ui.available_width() > 900.0;
    if jobs.len() > 1 {
        let others: Vec<&str> = jobs[1..].iter().map(|(_, title, ..)| title.as_str()).collect();
        let more = RichText::new(format!("{} more", group(others.len() as u64))).color(cx.theme.text_dim);
        ui.label(more).on_hover_text(others.join("\n"));
    }
    let cancel = ui.add_enabled(!cancelling, Button::new("Cancel").small()).accessible_name(format!("Cancel {title}"));
    if cancel.on_hover_text("Stop this work").clicked() {
        commands.push(Command::CancelJob(*id));
    }
    if *cancelling {
        ui.label(RichText::new("stopping").color(cx.theme.text_dim));
    } else if let Some(fraction) = fraction {
        let bar = ProgressBar::new(fraction.clamp(0.0, 1.0)).desired_width(if wide { 30.0 } else { 15.0 } * UNIT);
        ui.label(RichText::new(percent(*fraction)).monospace());
        ui.add(bar.desired_height(2.0 * UNIT)).accessible_name(title.clone());
    }
    let name = RichText::new(shorten(title, if wide { 48 } else { 24 }));
    ui.label(name).on_hover_text(title);
}
