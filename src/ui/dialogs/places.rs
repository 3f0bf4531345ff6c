//! Dialogs about places and sizes: a range to select, a new size.

use egui::{Grid, Ui};

use super::form::{Fields, verdict};
use super::title;
use crate::app::{Command, DialogCommand, Form, RangeDialog, ResizeDialog};
use crate::ui::ViewCx;

/// What positions may be written as.
const HINT: &str = "0x1F0, cursor+16, end-8, 50%, row 3";

pub(super) fn select_range(ui: &mut Ui, range: &RangeDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(460.0);
    title(ui, "Select range");
    let mut fields = Fields::default();
    let (mut from, mut to) = (None, None);
    Grid::new("range").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
        from = fields.line(ui, "From", &range.from, "the cursor", fresh);
        to = fields.line(ui, "Up to, or + length", &range.to, "the end", false);
    });
    if from.is_some() || to.is_some() {
        let from = from.unwrap_or_else(|| range.from.clone());
        let to = to.unwrap_or_else(|| range.to.clone());
        commands.push(Command::Dialog(DialogCommand::Form(Form::Range(from, to))));
    }
    let help = format!("The position behind \"up to\" is not selected. Positions: {HINT}");
    verdict(ui, range.error.as_deref(), if range.preview.is_empty() { &help } else { &range.preview }, cx);
    let typed = !range.preview.is_empty();
    fields.buttons(ui, "Select", range.error.is_none() && typed, false, commands);
}

pub(super) fn resize(ui: &mut Ui, resize: &ResizeDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(460.0);
    title(ui, "Resize");
    let mut fields = Fields::default();
    let (mut size, mut fill) = (None, None);
    Grid::new("resize").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
        size = fields.line(ui, "New size", &resize.size, "4 KiB, +16, end*2", fresh);
        fill = fields.line(ui, "Byte that comes in", &resize.fill, "00", false);
    });
    if size.is_some() || fill.is_some() {
        let size = size.unwrap_or_else(|| resize.size.clone());
        let fill = fill.unwrap_or_else(|| resize.fill.clone());
        commands.push(Command::Dialog(DialogCommand::Form(Form::Resize(size, fill))));
    }
    verdict(ui, resize.error.as_deref(), &resize.preview, cx);
    fields.buttons(ui, "Resize", resize.error.is_none(), false, commands);
}
