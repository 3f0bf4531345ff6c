//! The controls above a picture: its size, its channels, what is behind it.

use egui::{Color32, ComboBox, RichText, Ui};

use super::geometry::Placement;
use super::{Shown, shown};
use crate::app::numbers::scale as scale_text;
use crate::app::{Action, Board, Channel, Command, OpenDocument, PictureChoice, PictureCommand, Zoom};
use crate::formats::picture::Picture;
use crate::ui::ViewCx;
use crate::ui::theme::UNIT;

pub(super) fn show(
    ui: &mut Ui,
    open: &OpenDocument,
    picture: &Picture,
    placed: &Placement,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) -> Option<Shown> {
    let next = sizes(ui, open.view.zoom, placed, cx);
    channels(ui, open, picture, commands);
    if picture.image.color().has_alpha() {
        board(ui, open, commands);
    }
    let look = &open.view.picture;
    let mut choose = |choice: PictureChoice| commands.push(Command::Picture(PictureCommand::Choose(choice)));
    let select =
        ui.selectable_label(look.selecting, "Select").on_hover_text(Action::Picture(PictureChoice::ToggleSelecting).help());
    if select.accessible_name("Select areas").clicked() {
        choose(PictureChoice::ToggleSelecting);
    }
    if look.area.is_some() {
        for action in [Action::CopyPicture, Action::CropPicture] {
            let name = if action == Action::CopyPicture { "Copy" } else { "Crop…" };
            if ui.button(name).on_hover_text(crate::ui::shortcuts::help_of(ui.ctx(), action, cx)).clicked() {
                commands.push(Command::Do(action));
            }
        }
    }
    next
}

fn sizes(ui: &mut Ui, zoom: Zoom, placed: &Placement, cx: &ViewCx<'_>) -> Option<Shown> {
    let mut next = None;
    let middle = placed.pane.center();
    let fit = ui.selectable_label(zoom == Zoom::Fit, "Fit").on_hover_text("As large as the pane allows (0)");
    if fit.accessible_name("Fit the picture").clicked() {
        next = Some((Zoom::Fit, None));
    }
    let actual = ui.selectable_label(zoom == Zoom::Scale(1.0), "1:1").on_hover_text("One pixel is one point (1)");
    if actual.accessible_name("Actual size").clicked() {
        next = Some(shown(&placed.zoomed(1.0, middle)));
    }
    if ui.button("−").on_hover_text("Zoom out (-)").accessible_name("Zoom out").clicked() {
        next = Some(shown(&placed.zoomed(placed.step(false), middle)));
    }
    if ui.button("+").on_hover_text("Zoom in (+)").accessible_name("Zoom in").clicked() {
        next = Some(shown(&placed.zoomed(placed.step(true), middle)));
    }
    ui.label(RichText::new(scale_text(placed.scale)).monospace().color(cx.theme.text_dim));
    next
}

fn channels(ui: &mut Ui, open: &OpenDocument, picture: &Picture, commands: &mut Vec<Command>) {
    let color = picture.image.color();
    let now = open.view.picture.channel;
    let said = if now == Channel::All { "All" } else { now.name() };
    let combo = ComboBox::from_id_salt("channel").selected_text(said).width(15.0 * UNIT);
    let answer = combo.show_ui(ui, |ui| {
        for channel in Channel::ALL {
            let there = match channel {
                Channel::Alpha | Channel::Opaque => color.has_alpha(),
                Channel::Red | Channel::Green | Channel::Blue => color.has_color(),
                _ => true,
            };
            let row = egui::Button::selectable(channel == now, channel.name());
            let missing = if color.has_color() { "The picture has no alpha" } else { "The picture is grey" };
            if ui.add_enabled(there, row).on_disabled_hover_text(missing).clicked() {
                commands.push(Command::Picture(PictureCommand::Choose(PictureChoice::Channel(channel))));
            }
        }
    });
    ui.ctx().accesskit_node_builder(answer.response.id, |node| {
        node.set_label("Channels");
        node.set_value(now.name());
    });
    answer.response.on_hover_text("The channels that are shown");
}

/// What is behind transparent pixels.
fn board(ui: &mut Ui, open: &OpenDocument, commands: &mut Vec<Command>) {
    let now = open.view.picture.board;
    let mut choose = |board| commands.push(Command::Picture(PictureCommand::Choose(PictureChoice::Board(board))));
    let answer = ui.menu_button("Behind", |ui| {
        for board in Board::NAMED {
            if ui.selectable_label(board == now, board.name()).clicked() {
                choose(board);
                ui.close();
            }
        }
        ui.horizontal(|ui| {
            let mut color = match now {
                Board::Color(color) => color,
                _ => [255, 0, 255],
            };
            if ui.color_edit_button_srgb(&mut color).accessible_name("Colour behind the picture").changed() {
                choose(Board::Color(color));
            }
            if ui.selectable_label(matches!(now, Board::Color(_)), Board::Color(color).name()).clicked() {
                choose(Board::Color(color));
            }
        });
    });
    answer.response.on_hover_text("What is seen behind transparent pixels");
}

/// The two squares of the board.
pub(super) fn board_colors(board: Board, cx: &ViewCx<'_>) -> [Color32; 2] {
    use crate::ui::theme::Theme;
    match board {
        Board::Theme => cx.theme.checker,
        Board::Light => Theme::light().checker,
        Board::Dark => Theme::dark().checker,
        Board::Color(color) => Theme::plain_board(color),
    }
}
