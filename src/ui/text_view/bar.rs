//! The strip above the text: its encoding, its line ends, and where the cursor is.

use egui::{Align, ComboBox, Label, Layout, Rect, RichText, Ui, UiBuilder, vec2};

use super::Scene;
use super::index::{Row, Source};
use crate::app::{Command, ViewCommand};
use crate::formats::text::{Encoding, Guess};
use crate::ui::ViewCx;
use crate::ui::theme::{SMALL, UNIT};

/// Its height in points.
pub(super) const HEIGHT: f32 = 8.0 * UNIT;

#[expect(clippy::too_many_arguments, reason = "everything that a frame knows")]
pub(super) fn show(
    ui: &mut Ui,
    strip: Rect,
    scene: &Scene<'_>,
    encoding: Option<(Encoding, bool)>,
    guess: Option<&Guess>,
    position: &str,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) {
    let theme = cx.theme;
    ui.painter().rect_filled(strip, 0.0, theme.panel);
    ui.painter().hline(strip.x_range(), strip.max.y - 0.5, egui::Stroke::new(1.0, theme.line));
    let inner = strip.shrink2(vec2(2.0 * UNIT, UNIT / 2.0));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)));
    ui.set_clip_rect(strip.intersect(ui.clip_rect()));
    let quiet = |text: &str| RichText::new(text).size(SMALL).color(theme.text_dim);
    ui.add(Label::new(quiet(position)).extend());
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        match encoding {
            Some((encoding, guessed)) => choose(ui, encoding, guessed, guess, commands),
            None => {
                ui.add(Label::new(quiet("Code points")).truncate());
            }
        }
        ui.add(Label::new(quiet(&line_ends(scene))).truncate());
    });
}

fn choose(ui: &mut Ui, encoding: Encoding, guessed: bool, guess: Option<&Guess>, commands: &mut Vec<Command>) {
    let guess = guess.filter(|_| guessed);
    let shown = match guess {
        Some(guess) if guess.binary => format!("{} (binary, no charset guessed)", encoding.name()),
        _ if guessed => format!("{} (guessed)", encoding.name()),
        _ => encoding.name().to_owned(),
    };
    let combo =
        ComboBox::from_id_salt("text encoding").selected_text(RichText::new(shown.as_str()).size(SMALL)).height(80.0 * UNIT);
    let answer = combo.show_ui(ui, |ui| {
        if ui.selectable_label(guessed, "Guess").clicked() {
            commands.push(Command::View(ViewCommand::Encoding(None)));
        }
        ui.separator();
        for each in Encoding::all() {
            if ui.selectable_label(!guessed && each == encoding, each.name()).clicked() {
                commands.push(Command::View(ViewCommand::Encoding(Some(each))));
            }
        }
    });
    let response = answer.response;
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label("Encoding");
        // That it was guessed is said by the text; that it says nothing is more than the name of an encoding.
        node.set_value(if guess.is_some_and(|guess| guess.binary) { shown.as_str() } else { encoding.name() });
    });
    if let Some(guess) = guess {
        let reason = format!("{}: {}", guess.encoding.name(), guess.reason);
        response.on_hover_ui(|ui| {
            ui.label(reason);
        });
    }
}

/// "LF", "CRLF", or how many there are of each.
fn line_ends(scene: &Scene<'_>) -> String {
    let ends = scene.index.ends;
    let kinds = [("LF", ends.lf), ("CRLF", ends.crlf), ("CR", ends.cr)];
    let found: Vec<_> = kinds.into_iter().filter(|(_, count)| *count > 0).collect();
    match found.as_slice() {
        [] => "No line ends".into(),
        [(name, _)] => (*name).into(),
        many => {
            let list: Vec<_> = many.iter().map(|(name, count)| format!("{count} {name}")).collect();
            format!("Mixed: {}", list.join(", "))
        }
    }
}

/// "line 12 of 900, column 5".
pub(super) fn position(scene: &Scene<'_>, row: Option<&Row>) -> String {
    if scene.cursor > scene.size {
        let past = scene.cursor - scene.size;
        return format!("{past} past the end");
    }
    let known = scene.index.from == 0;
    let whole = known && scene.index.is_done() && scene.index.to == scene.source.len();
    let line = row.filter(|_| known).map_or("…".to_owned(), |row| (row.line + 1).to_string());
    let lines = if whole { scene.index.lines.to_string() } else { "…".into() };
    let column = match row.filter(|row| !row.continued) {
        Some(row) => (scene.line(row).column(scene.cursor) + 1).to_string(),
        None => "…".into(),
    };
    let place = match scene.source {
        Source::Bytes(..) if !known => format!(", offset {:X}", scene.cursor),
        _ => String::new(),
    };
    format!("line {line} of {lines}, column {column}{place}")
}
