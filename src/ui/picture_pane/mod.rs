//! What is known of a picture beside its pixels: its colours, its histogram, its metadata with the bytes that they stand in.

mod histogram;
mod metadata;

use egui::{Label, RichText, ScrollArea, Ui};

use super::theme::UNIT;
use super::{View, ViewCx, capital};
use crate::app::numbers::{binary_size, count, group};
use crate::app::{Action, Command, OpenDocument, PictureChoice, PictureCommand, PictureDetails};
use crate::formats::picture::{ColorModel, Picture};

/// The pane of a picture.
#[derive(Default)]
pub struct PicturePane;

impl View for PicturePane {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let Some(picture) = open.shown_picture() else {
            ui.add_space(UNIT);
            let text = "This document is shown as no picture";
            ui.add(Label::new(RichText::new(text).color(cx.theme.text_dim)).wrap());
            return;
        };
        ScrollArea::vertical().id_salt(("picture", open.document.id().get())).auto_shrink([false, false]).show(ui, |ui| {
            colors(ui, open, picture, cx, commands);
            histogram::show(ui, open, cx, commands);
            match open.picture_details().map(|details| &details.metadata) {
                Some(Ok(found)) => metadata::show(ui, found, cx, commands),
                Some(Err(why)) => {
                    heading(ui, "Metadata", cx);
                    ui.add(Label::new(RichText::new(format!("It cannot be read: {why}")).color(cx.theme.warning)).wrap());
                }
                None => {}
            }
        });
    }
}

fn heading(ui: &mut Ui, text: &str, cx: &ViewCx<'_>) {
    ui.add_space(2.0 * UNIT);
    ui.label(RichText::new(text).strong().color(cx.theme.text));
}

/// What was assumed of the colours, and whether that is applied; what of it is in memory.
fn colors(ui: &mut Ui, open: &OpenDocument, picture: &Picture, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let theme = cx.theme;
    heading(ui, "Colours", cx);
    let quiet = |ui: &mut Ui, text: String| {
        ui.add(Label::new(RichText::new(text).color(theme.text_dim)).wrap());
    };
    let alpha = if picture.image.color().has_alpha() { "with alpha" } else { "no alpha" };
    quiet(ui, format!("{}, {alpha}", picture.info.color));
    let Some(details) = open.picture_details() else { return };
    if let Some(assumed) = &details.assumed {
        let color = if assumed.broken { theme.warning } else { theme.text };
        ui.add(Label::new(RichText::new(capital(&assumed.words)).color(color)).wrap());
    }
    if picture.info.model == ColorModel::Cmyk {
        let text = "This is CMYK, which is made for print: what the screen shows is an approximation";
        ui.add(Label::new(RichText::new(text).color(theme.warning)).wrap());
    }
    if details.to_screen.is_some() {
        let mut applied = !open.view.picture.raw;
        let action = Action::Picture(PictureChoice::ToggleProfile);
        if ui.checkbox(&mut applied, action.label()).on_hover_text(action.help()).changed() {
            commands.push(Command::Picture(PictureCommand::Choose(PictureChoice::ToggleProfile)));
        }
    }
    quiet(ui, memory(open, picture, details));
}

/// What the picture takes in memory.
fn memory(open: &OpenDocument, picture: &Picture, details: &PictureDetails) -> String {
    let size = |bytes: u64| binary_size(bytes).unwrap_or_else(|| count(bytes, "byte"));
    let pixels = picture.image.as_bytes().len() as u64;
    let mut words = format!("In memory: {} of pixels", size(pixels));
    if let Some(levels) = &details.levels {
        words += &format!(", {} of smaller copies", size(levels.bytes()));
    }
    if let Some(film) = open.film().filter(|film| film.kept() > 0) {
        words += &format!(", {} frames of at most {}", group(film.kept() as u64), group(film.window().into()));
    }
    words
}
