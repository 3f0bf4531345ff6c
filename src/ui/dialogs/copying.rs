//! Copy as and Paste as: a style, its choices, and what comes of it.

use egui::{ComboBox, Frame, Grid, Label, RichText, ScrollArea, TextEdit, Ui};

use super::form::{Fields, verdict};
use super::{buttons_of, cancel, title};
use crate::app::numbers::count;
use crate::app::{Command, CopyAsDialog, DialogCommand, Form, PASTE_SHOWN, PasteAsDialog};
use crate::buffer::Offset;
use crate::formats::dump::row_text;
use crate::formats::literal::{Choices, Style};
use crate::ui::ViewCx;
use crate::ui::number_field::NumberField;
use crate::ui::theme::{ROW, UNIT};

/// Rows of bytes that a paste shows.
const ROWS: usize = 6;

/// Text as it is, in a box that does not change its size.
fn preview(ui: &mut Ui, name: &str, text: &str, rows: f32, cx: &ViewCx<'_>) {
    Frame::new().fill(cx.theme.ground).stroke(egui::Stroke::new(1.0, cx.theme.line)).inner_margin(2.0 * UNIT).show(ui, |ui| {
        ScrollArea::both().id_salt(name).auto_shrink([false, false]).max_height(rows * ROW).show(ui, |ui| {
            ui.add(Label::new(RichText::new(text).monospace()).extend());
        });
    });
}

pub(super) fn copy_as(ui: &mut Ui, copy: &CopyAsDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(720.0);
    title(ui, "Copy as");
    let (mut style, mut choices, mut wrong) = (copy.style, (*copy.choices).clone(), None);
    Grid::new("copy as").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
        let label = ui.label("Format");
        ComboBox::from_id_salt("style")
            .selected_text(style.name())
            .width(240.0)
            .height(460.0)
            .show_ui(ui, |ui| {
                for each in Style::ALL {
                    ui.selectable_value(&mut style, each, each.name()).on_hover_text(each.help());
                }
            })
            .response
            .labelled_by(label.id);
        ui.end_row();
        wrong = choice_rows(ui, style, &mut choices);
    });
    if style != copy.style || choices != *copy.choices {
        commands.push(Command::Dialog(DialogCommand::Form(Form::CopyAs(style, Box::new(choices)))));
    }
    ui.add_space(2.0 * UNIT);
    let more = if copy.more { "\n…" } else { "" };
    let text = match copy.error {
        Some(_) => "Nothing can be made of these choices".to_owned(),
        None => format!("{}{more}", copy.preview),
    };
    preview(ui, "text to copy", &text, 11.0, cx);
    let error = copy.error.as_deref().or(copy.too_long.as_deref());
    verdict(ui, error, &format!("{} selected", count(copy.input.len().get(), "byte")), cx);
    let save = ("Save to file…", DialogCommand::SaveAsInstead);
    let good = copy.error.is_none() && wrong.is_none();
    let fits = good && copy.too_long.is_none();
    let can = |button| [true, good, fits][button];
    buttons_of(ui, &[cancel(), save, ("Copy", DialogCommand::Accept)], &can, (fresh && fits).then_some(2), commands);
}

/// What is chosen about a style; what is wrong with a number of it.
fn choice_rows(ui: &mut Ui, style: Style, choices: &mut Choices) -> Option<String> {
    let mut wrong = None;
    if style.has_name() {
        let label = ui.label("Name");
        ui.add(TextEdit::singleline(&mut choices.name).desired_width(240.0)).labelled_by(label.id);
        ui.end_row();
    }
    if style.has_lines() {
        let label = ui.label("Bytes a line");
        let own = match Choices::default().line(style) {
            n if n > Choices::MOST_A_LINE.into() => "one line".to_owned(),
            n => n.to_string(),
        };
        ui.horizontal(|ui| {
            let field = NumberField::new("Bytes a line", 0..=Choices::MOST_A_LINE.into()).empty(&own);
            let line = field.show(ui, choices.per_line.unwrap_or(0).into());
            line.say(ui);
            if let Some(line) = line.changed {
                choices.per_line = u32::try_from(line).ok().filter(|&line| line > 0);
            }
            line.response.labelled_by(label.id).on_hover_text(format!("0 or nothing is {own}"));
            wrong = line.error;
        });
        ui.end_row();
    }
    if style.has_case() {
        ui.label("");
        ui.checkbox(&mut choices.upper_case, "Upper case digits");
        ui.end_row();
    }
    wrong
}

pub(super) fn paste_as(ui: &mut Ui, paste: &PasteAsDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(640.0);
    title(ui, "Paste as");
    let mut style = paste.style;
    let guessed = paste.recognised.styles.first().copied();
    let named = |style: Style| {
        let name = style.reader_name();
        if Some(style) == guessed && style != Style::Text { format!("{name} (recognised)") } else { name.to_owned() }
    };
    ui.horizontal(|ui| {
        let label = ui.label("Read as");
        ComboBox::from_id_salt("reader")
            .selected_text(named(style))
            .width(280.0)
            .height(460.0)
            .show_ui(ui, |ui| {
                for each in Style::READERS {
                    ui.selectable_value(&mut style, each, named(each)).on_hover_text(each.help());
                }
            })
            .response
            .labelled_by(label.id);
    });
    ui.add_space(2.0 * UNIT);
    let mut text = None;
    if paste.text.len() <= PASTE_SHOWN {
        let mut edited = paste.text.clone();
        ScrollArea::vertical().id_salt("pasted text").max_height(8.0 * ROW).show(ui, |ui| {
            let edit =
                TextEdit::multiline(&mut edited).code_editor().lock_focus(false).desired_rows(6).desired_width(f32::INFINITY);
            let response = ui.add(edit.hint_text("Text that stands for bytes"));
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Text to read as bytes"));
            if fresh && paste.result.is_err() {
                response.request_focus();
            }
            text = response.changed().then_some(edited);
        });
    } else {
        ui.label(format!("{} of text; too much to be shown here", count(paste.text.len() as u64, "byte")));
    }
    if text.is_some() || style != paste.style {
        let text = text.unwrap_or_else(|| paste.text.clone());
        commands.push(Command::Dialog(DialogCommand::Form(Form::PasteAs(text, style))));
    }
    ui.add_space(2.0 * UNIT);
    let (rows, said) = match &paste.result {
        Ok(understood) => {
            let shown = understood.head.chunks(16).take(ROWS).enumerate();
            let rows: Vec<String> = shown.map(|(i, row)| row_text(Offset(i as u64 * 16), row, true)).collect();
            let said = match understood.len {
                Some(len) if paste.copied().is_some() => {
                    format!("{} will be put in, as they were copied in Seektell", count(len, "byte"))
                }
                Some(len) => format!("{} will be put in", count(len, "byte")),
                None => "The start is shown; all of it is read when it is pasted".into(),
            };
            (rows.join("\n"), said)
        }
        Err(_) => (String::new(), String::new()),
    };
    preview(ui, "bytes to paste", &rows, ROWS as f32, cx);
    verdict(ui, paste.result.as_ref().err().map(String::as_str), &said, cx);
    let good = paste.result.is_ok();
    Fields::default().buttons(ui, "Paste", good, fresh && good, commands);
}
