//! Changing and inserting bytes: the operation, what it needs, and what it does to the first bytes.

use egui::{ComboBox, Grid, RichText, Ui};

use super::form::{Fields, verdict};
use super::title;
use crate::app::{BytesDialog, Command, DialogCommand, Form, OpKind, Written};
use crate::explore::byte_ops::Scope;
use crate::ui::ViewCx;
use crate::ui::theme::UNIT;

pub(super) fn show(ui: &mut Ui, dialog: &BytesDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(520.0);
    let inserts = dialog.form.insert.is_some();
    title(ui, if inserts { "Insert bytes" } else { "Change bytes" });
    let mut form = dialog.form.clone();
    let mut fields = Fields::default();
    ui.label(RichText::new(dialog.about()).color(if dialog.whole && !inserts { cx.theme.warning } else { cx.theme.text_dim }));
    ui.add_space(2.0 * UNIT);
    Grid::new("bytes").num_columns(2).min_col_width(120.0).spacing([16.0, 8.0]).show(ui, |ui| {
        let label = ui.label(if inserts { "What" } else { "Operation" });
        let combo = ComboBox::from_id_salt("operation")
            .selected_text(form.kind.label())
            .width(280.0)
            .height(480.0)
            .show_ui(ui, |ui| {
                for each in OpKind::ALL.into_iter().filter(|each| !inserts || each.makes()) {
                    ui.selectable_value(&mut form.kind, each, each.label());
                }
            })
            .response
            .labelled_by(label.id);
        ui.end_row();
        let kind = form.kind;
        if fresh && kind.is_plain() {
            combo.request_focus();
        }
        let mut change = |ui: &mut Ui, label: &str, text: &mut String, hint: &str, focus: bool| {
            if let Some(new) = fields.line(ui, label, text, hint, focus) {
                *text = new;
            }
        };
        if let Some(insert) = &mut form.insert {
            change(ui, "How many bytes", insert, "16, 4 KiB, end-cursor", fresh);
        }
        let first = fresh && !inserts;
        if kind.has_operand() {
            let (label, hint) = match (kind, form.written) {
                (OpKind::Fill, Written::Hex) => ("Pattern", "DE AD BE EF"),
                (OpKind::Fill, Written::Text) => ("Pattern", "text, \\n for a line end"),
                (OpKind::Fill, Written::Decimal) => ("Pattern", "222, 173"),
                (_, Written::Hex) => ("Key", "20, or DE AD"),
                (_, Written::Text) => ("Key", "text, \\n for a line end"),
                (_, Written::Decimal) => ("Key", "32, or 222, 173"),
            };
            change(ui, label, &mut form.operand, hint, first);
            ui.label("Typed as");
            ui.horizontal(|ui| {
                for each in Written::ALL {
                    ui.radio_value(&mut form.written, each, each.label());
                }
            });
            ui.end_row();
        }
        if kind == OpKind::Random {
            change(ui, "Seed", &mut form.seed, "a number: the same seed gives the same bytes", first);
        }
        if kind == OpKind::Count {
            change(ui, "First byte", &mut form.start, "0", first);
            change(ui, "Each is more by", &mut form.step, "1", false);
        }
        if kind.has_bits() {
            change(ui, "Bits", &mut form.bits, "1", first);
            ui.label("In");
            ui.horizontal(|ui| {
                ui.radio_value(&mut form.scope, Scope::EachByte, "Each byte");
                ui.radio_value(&mut form.scope, Scope::Whole, "All bytes as one number");
            });
            ui.end_row();
        }
        preview_rows(ui, dialog);
    });
    if form != dialog.form {
        commands.push(Command::Dialog(DialogCommand::Form(Form::Bytes(Box::new(form)))));
    }
    let error = dialog.error.as_deref();
    let memory = dialog.memory.as_deref().unwrap_or_default();
    // What is asked for is said in the words of an error, but nothing is wrong before it is typed.
    if dialog.is_waiting() {
        verdict(ui, None, error.unwrap_or(memory), cx);
    } else {
        verdict(ui, error, memory, cx);
    }
    let enabled = dialog.error.is_none();
    fields.buttons(ui, if inserts { "Insert" } else { "Change" }, enabled, false, commands);
}

/// The first bytes before and after, digit under digit.
fn preview_rows(ui: &mut Ui, dialog: &BytesDialog) {
    let shown = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ");
    let (before, after) = &dialog.preview;
    if dialog.form.insert.is_none() {
        ui.label("First bytes now");
        ui.label(RichText::new(if before.is_empty() { " ".into() } else { shown(before) }).monospace());
        ui.end_row();
    }
    ui.label("First bytes then");
    ui.label(RichText::new(if after.is_empty() { " ".into() } else { shown(after) }).monospace());
    ui.end_row();
}
