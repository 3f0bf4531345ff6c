//! Over the bytes: what is compared, how much differs, and what can be done about it.

use egui::{Align, Button, Label, Layout, RichText, Ui};

use super::quiet;
use crate::app::numbers::{count, group};
use crate::app::{Action, Command, CompareCommand, Compared, OpenComparison, Side};
use crate::explore::compare::Method;
use crate::ui::ViewCx;
use crate::ui::theme::{ROW, Theme, UNIT};

pub(super) fn show(ui: &mut Ui, open: &OpenComparison, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let frame = egui::Frame::new().fill(cx.theme.panel).inner_margin(egui::Margin::symmetric(2 * UNIT as i8, UNIT as i8));
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 1.5 * UNIT;
        ui.columns(2, |columns| {
            for (side, ui) in Side::BOTH.into_iter().zip(columns) {
                name(ui, open, side, cx);
            }
        });
        ui.horizontal_wrapped(|ui| {
            for (method, label, help) in [
                (Method::Position, "By position", "Compares the bytes at the same position"),
                (Method::Aligned, "Aligned", "Finds what was put in and taken out"),
            ] {
                if ui.add(Button::selectable(open.method == method, label)).on_hover_text(help).clicked() {
                    commands.push(Command::Compare(CompareCommand::Method(method)));
                }
            }
            ui.separator();
            for (action, label) in [(Action::PreviousDifference, "Previous"), (Action::NextDifference, "Next")] {
                button(ui, action, label, cx, commands);
            }
            if let Some((compared, _)) = &open.found {
                ui.add(Label::new(quiet(which(compared, open.view.cursor), cx)).selectable(false));
            }
            ui.separator();
            for (action, label) in [(Action::CopyToLeft, "← Copy"), (Action::CopyToRight, "Copy →")] {
                button(ui, action, label, cx, commands);
            }
            ui.separator();
            for (action, label) in [(Action::FoldEqual, "Fold equal"), (Action::ScrollTogether, "Together")] {
                let on = action.checked(cx.state) == Some(true);
                if ui.add(Button::selectable(on, label)).on_hover_text(action.help()).clicked() {
                    commands.push(Command::Do(action));
                }
            }
            ui.separator();
            for (action, label) in [(Action::SwapSides, "Swap"), (Action::ExportDifferences, "Export…")] {
                button(ui, action, label, cx, commands);
            }
        });
        ui.horizontal_wrapped(|ui| {
            state(ui, open, cx, commands);
        });
    });
}

fn button(ui: &mut Ui, action: Action, label: &str, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let help = crate::ui::shortcuts::help_of(ui.ctx(), action, cx);
    if ui.add_enabled(action.enabled(cx.state), Button::new(label)).on_hover_text(&help).on_disabled_hover_text(&help).clicked() {
        commands.push(Command::Do(action));
    }
}

/// The name and the size of a side, in its colour.
fn name(ui: &mut Ui, open: &OpenComparison, side: Side, cx: &ViewCx<'_>) {
    let Some(open) = cx.state.document(open.documents[side.index()]) else { return };
    let document = &open.document;
    ui.allocate_ui_with_layout(egui::vec2(ui.available_width(), ROW), Layout::left_to_right(Align::Center), |ui| {
        let mark = if open.is_unsaved() { " •" } else { "" };
        ui.label(RichText::new(format!("{}{mark}", crate::ui::shortened(document.name(), 60))).strong());
        ui.label(quiet(count(document.size(), document.kind().unit()), cx));
    });
}

/// "3 of 56".
fn which(compared: &Compared, cursor: u64) -> String {
    let all = compared.comparison.differences.len() as u64;
    match compared.places.difference_at(&compared.comparison, cursor) {
        Some(index) => format!("{} of {}", group(index as u64 + 1), group(all)),
        None => count(all, "difference"),
    }
}

/// How much differs, and what is to be known about it.
fn state(ui: &mut Ui, open: &OpenComparison, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let Some((compared, _)) = &open.found else {
        ui.label(quiet(if open.job.is_some() { "Comparing…" } else { "Not compared" }, cx));
        return;
    };
    let names = open.documents.map(|id| cx.state.document(id).map_or("", |open| open.document.name()));
    let counts = &compared.comparison.counts;
    let unit = if compared.characters.is_some() { "character" } else { "byte" };
    if counts.is_same() {
        ui.label(RichText::new("Both are the same").color(cx.theme.good));
    }
    let parts = [
        (counts.changed, "changed".to_owned(), 0),
        (counts.only_left, format!("only in {}", crate::ui::shortened(names[0], 32)), 1),
        (counts.only_right, format!("only in {}", crate::ui::shortened(names[1], 32)), 1),
    ];
    for (n, words, color) in parts.into_iter().filter(|part| part.0 > 0) {
        let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(2.0 * UNIT), egui::Sense::hover());
        ui.painter().rect_filled(rect, 2.0, cx.theme.compare_marks[color]);
        ui.label(format!("{} {words}", count(n, unit)));
    }
    if !counts.is_same() {
        ui.label(quiet(format!("in {}", count(counts.places, "place")), cx));
    }
    if compared.comparison.joined > 0 {
        let words = format!("neighbours up to {} apart are one in the list", count(compared.comparison.joined, unit));
        ui.label(quiet(words, cx));
    }
    if counts.unaligned > 0 {
        let words = format!("{} of both could not be tied to anything", count(counts.unaligned, unit));
        ui.label(RichText::new(words).color(cx.theme.warning));
    }
    if let Some(failed) = &open.failed {
        ui.label(RichText::new(failed).color(cx.theme.error));
        again(ui, commands);
    } else if open.job.is_some() {
        ui.label(quiet("Comparing…", cx));
    } else if open.carried {
        ui.label(RichText::new("What was edited since is marked as a whole").color(cx.theme.warning));
        again(ui, commands);
    } else if open.is_stale(cx.state) {
        ui.label(RichText::new("The documents have changed since").color(cx.theme.warning));
        again(ui, commands);
    }
}

fn again(ui: &mut Ui, commands: &mut Vec<Command>) {
    if ui.button("Compare again").clicked() {
        commands.push(Command::Do(Action::CompareAgain));
    }
}

/// What stands where the bytes will be.
pub(super) fn nothing(ui: &mut Ui, open: &OpenComparison, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let theme: &Theme = cx.theme;
    ui.vertical_centered(|ui| {
        ui.add_space(20.0 * UNIT);
        match &open.failed {
            Some(failed) => {
                ui.label(RichText::new(failed).color(theme.error));
                ui.add_space(2.0 * UNIT);
                again(ui, commands);
            }
            None => {
                ui.label(RichText::new("Comparing…").color(theme.text_dim));
            }
        }
    });
}
