//! What the bytes are like as a whole, on one page: entropy over offsets, histogram, pairs, bytes as pixels.

mod charts;
mod digram;
mod pixels;

use std::sync::Arc;
use std::time::Duration;

use egui::{Label, RichText, ScrollArea, Sense, Ui, vec2};

use super::theme::{ROW, SMALL, UNIT, words};
use super::{View, ViewCx};
use crate::app::numbers::{count, percent, place};
use crate::app::{Command, MinimapMode, OpenDocument, OverviewOptions, ViewCommand};
use crate::buffer::Buffer;
use crate::document::DocumentId;
use crate::explore::overview::{Class, Overview};

/// Height of a chart in points.
const CHART: f32 = 116.0;

/// Width from which on the two pictures stand side by side.
const WIDE: f32 = 600.0;

/// Side of the square that shows a class's colour, in points.
const SWATCH: f32 = 10.0;

/// Size of a chart that is saved, in points, and pixels a point.
const SAVED: (egui::Vec2, f32) = (vec2(960.0, 320.0), 2.0);

/// The pane. Holds textures, and the UTF-8 of a text document.
#[derive(Default)]
pub struct OverviewPane {
    content: Option<(DocumentId, u64, Buffer)>,
    digram: digram::Digram,
    pixels: pixels::PixelView,
    charts: charts::Charts,
}

/// What a part of the page needs to know.
struct Page<'a> {
    open: &'a OpenDocument,
    cx: &'a ViewCx<'a>,
    overview: &'a Arc<Overview>,
    options: OverviewOptions,
}

impl View for OverviewPane {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let explored = &open.explored;
        let options = open.view.overview.checked(size(open));
        let work = if options.range.is_some() { &explored.part } else { &explored.whole };
        ScrollArea::vertical().id_salt("overview").auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = UNIT;
            toolbar(ui, open, options, cx, commands);
            let Some(overview) = work.shown() else {
                let stopped = work.is_given_up();
                let note = match (open.document.is_closed(), stopped, work.running().is_some()) {
                    (true, ..) => "The stream is closed",
                    (_, true, _) => "Stopped before there was anything to show",
                    (.., true) => "Being made…",
                    _ => "The bytes of a text stream are looked over up to a million characters",
                };
                ui.label(RichText::new(note).color(cx.theme.text_dim));
                if stopped && ui.button("Go on").clicked() {
                    commands.push(Command::ExploreAgain);
                }
                return;
            };
            let page = Page { open, cx, overview: &overview, options };
            page.state(ui, work.running().map(|(job, _)| job), work.is_given_up(), commands);
            if overview.range.is_empty() {
                ui.label(RichText::new("There are no bytes").color(cx.theme.text_dim));
                return;
            }
            page.facts(ui);
            self.charts.show(ui, &page, commands);
            let content = self.content(open);
            let width = ui.available_width();
            if width >= WIDE {
                ui.horizontal_top(|ui| {
                    let half = (width - ui.spacing().item_spacing.x) / 2.0;
                    ui.allocate_ui(vec2(half, 0.0), |ui| self.digram.show(ui, &page, commands));
                    ui.allocate_ui(vec2(half, 0.0), |ui| self.pixels.show(ui, &page, &content, commands));
                });
            } else {
                self.digram.show(ui, &page, commands);
                self.pixels.show(ui, &page, &content, commands);
            }
        });
    }
}

impl OverviewPane {
    /// The document's bytes; of a text document its UTF-8, made once for each content.
    fn content(&mut self, open: &OpenDocument) -> Buffer {
        let document = &open.document;
        let key = (document.id(), document.revision());
        match &self.content {
            Some((id, revision, content)) if (*id, *revision) == key => content.clone(),
            _ => {
                let content = document.snapshot();
                self.content = Some((key.0, key.1, content.clone()));
                content
            }
        }
    }
}

/// How many bytes a document's overview is of.
fn size(open: &OpenDocument) -> u64 {
    match open.document.as_bytes() {
        Some(bytes) => bytes.len().get(),
        None => open.explored.whole.shown().map_or(0, |whole| whole.range.len.get()),
    }
}

fn set(commands: &mut Vec<Command>, options: OverviewOptions) {
    commands.push(Command::View(ViewCommand::Overview(options)));
}

/// Which part is looked at.
fn toolbar(ui: &mut Ui, open: &OpenDocument, options: OverviewOptions, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW);
        let whole = ui.selectable_label(options.range.is_none(), "Document").on_hover_text("Look at all bytes");
        if whole.clicked() {
            set(commands, OverviewOptions { range: None, ..options });
        }
        let selection = open.document.selection().filter(|_| open.document.as_bytes().is_some());
        let selected = selection.map(|selection| (selection.start(), selection.end().min(size(open))));
        let chosen = options.range.is_some() && options.range == selected;
        let button = egui::Button::selectable(chosen, "Selection");
        let button = ui.add_enabled(selected.is_some_and(|(from, to)| from < to), button);
        let button = button.on_hover_text("Look at the selected bytes").on_disabled_hover_text("Nothing is selected");
        if button.clicked() {
            let from = selected.map_or(options.pixels_from, |(from, _)| from);
            set(commands, OverviewOptions { range: selected, pixels_from: from, ..options });
        }
        if let Some((from, to)) = options.range {
            let text = format!("{} to {}, {}", place(from), place(to - 1), count(to - from, "byte"));
            ui.add(Label::new(RichText::new(text).color(cx.theme.text_dim)).truncate());
        }
        ui.menu_button("Minimap", |ui| {
            for (mode, action) in MinimapMode::ALL.into_iter().zip([
                crate::app::Action::MinimapClass,
                crate::app::Action::MinimapEntropy,
                crate::app::Action::MinimapChange,
            ]) {
                if ui.radio(cx.settings.minimap == Some(mode), mode.name()).clicked() {
                    commands.push(Command::Do(action));
                }
            }
            if ui.radio(cx.settings.minimap.is_none(), "None").clicked() && cx.settings.minimap.is_some() {
                commands.push(Command::Do(crate::app::Action::ToggleMinimap));
            }
        })
        .response
        .on_hover_text("The strip of the whole document beside the bytes");
    });
}

impl Page<'_> {
    /// Whether the numbers are exact, and what can be done about it.
    fn state(&self, ui: &mut Ui, job: Option<crate::app::JobId>, stopped: bool, commands: &mut Vec<Command>) {
        let (overview, theme) = (self.overview, self.cx.theme);
        let mut line = |text: String, color| ui.label(RichText::new(text).color(color));
        if overview.unreadable().get() > 0 {
            let why = overview.problem.as_deref().unwrap_or("the file cannot be read");
            line(format!("{} cannot be read: {why}", count(overview.unreadable().get(), "byte")), theme.error);
        }
        if !overview.is_exact() {
            let read = percent(overview.read().get() as f32 / overview.range.len.get().max(1) as f32);
            let what = format!("A sample of {}, {read} of the bytes so far", count(overview.read().get(), "byte"));
            line(what, theme.warning);
        }
        let exact = overview.is_exact();
        if let Some(job) = job.filter(|_| !exact)
            && ui.small_button("Stop reading").clicked()
        {
            commands.push(Command::CancelJob(job));
        }
        if job.is_none() && stopped && !exact && ui.small_button("Go on reading").clicked() {
            commands.push(Command::ExploreAgain);
        }
        if job.is_some() {
            // What comes in while the job runs is shown as it comes.
            ui.ctx().request_repaint_after(Duration::from_millis(200));
        }
    }

    /// The numbers that need no picture, and what the colours mean.
    fn facts(&self, ui: &mut Ui) {
        let overview = self.overview;
        let kind = if self.open.document.as_bytes().is_none() { " of UTF-8" } else { "" };
        let facts = format!(
            "{}{kind}, {:.3} bits of entropy a byte, {} of 256 values",
            count(overview.range.len.get(), "byte"),
            overview.entropy(),
            overview.distinct()
        );
        ui.add(Label::new(facts).wrap());
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(UNIT, 0.0);
            let read = overview.read().get().max(1) as f32;
            for class in Class::ALL {
                let bytes = overview.class_count(class);
                let text = format!("{} {}", class.name(), percent(bytes as f32 / read));
                let width = ui.painter().layout_no_wrap(text.clone(), words(SMALL), self.cx.theme.text).size().x;
                // A colour stays with its words.
                if ui.available_size_before_wrap().x < width + SWATCH + 2.0 * UNIT {
                    ui.end_row();
                }
                let (rect, _) = ui.allocate_exact_size(vec2(SWATCH, SWATCH), Sense::hover());
                ui.painter().rect_filled(rect, 2.0, self.cx.theme.classes[class as usize]);
                let of = if overview.is_exact() { "" } else { " of the sample" };
                let label = Label::new(RichText::new(text).size(SMALL)).extend();
                ui.add(label).on_hover_text(format!("{}{of}", count(bytes, "byte")));
                ui.add_space(UNIT);
            }
        });
    }

    /// A heading with its buttons to the right.
    fn heading(&self, ui: &mut Ui, text: &str, note: &str, buttons: impl FnOnce(&mut Ui)) {
        ui.add_space(UNIT);
        ui.horizontal(|ui| {
            ui.set_min_height(ROW);
            ui.label(RichText::new(text).strong());
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = UNIT;
                buttons(ui);
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add(Label::new(RichText::new(note).size(SMALL).color(self.cx.theme.text_dim)).truncate());
                });
            });
        });
    }

    /// A button that copies numbers.
    fn copy_button(&self, ui: &mut Ui, of: &str, text: impl FnOnce() -> String) {
        let button = ui.small_button("CSV").on_hover_text("Copy the numbers, separated by commas");
        if button.accessible_name(format!("Copy the {of} as CSV")).clicked() {
            ui.ctx().copy_text(text());
        }
    }

    /// A button that saves a picture.
    fn save_button(&self, ui: &mut Ui, of: &str, commands: &mut Vec<Command>, picture: impl FnOnce() -> Result<Vec<u8>, String>) {
        let button = ui.small_button("PNG…").on_hover_text("Save as a PNG image");
        if button.accessible_name(format!("Save the {of} as PNG")).clicked() {
            commands.push(match picture() {
                Ok(png) => Command::SavePicture { name: of.to_owned(), png },
                Err(text) => Command::Notice(crate::app::Notice { level: crate::app::Level::Error, text }),
            });
        }
    }
}
