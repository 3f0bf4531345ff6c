//! The controls of an animation or of pages: buttons, speed, a slider over all frames, and the list of them.

use egui::{ComboBox, Label, RichText, ScrollArea, Slider, Ui};

use crate::app::numbers::group;
use crate::app::{Action, Command, FILM_SPEEDS, Film, PictureChoice, PictureCommand};
use crate::ui::ViewCx;
use crate::ui::player::{Icon, button};
use crate::ui::theme::{ROW, UNIT};

/// Height of the controls in points.
pub(super) const HEIGHT: f32 = 2.0 * ROW + 5.0 * UNIT;

/// Rows of the list that are in sight.
const LISTED: usize = 12;

pub(super) fn show(ui: &mut Ui, film: &Film, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = UNIT;
        let play = if film.is_playing() { (Icon::Pause, "Pause") } else { (Icon::Play, "Play") };
        let buttons = [
            (Action::FrameFirst, Icon::First, "First frame"),
            (Action::FramePrevious, Icon::Back, "Previous frame"),
            (Action::FramePlay, play.0, play.1),
            (Action::FrameNext, Icon::On, "Next frame"),
            (Action::FrameLast, Icon::Last, "Last frame"),
        ];
        for (action, icon, name) in buttons {
            if film.is_pages() && action == Action::FramePlay {
                continue;
            }
            let help = crate::ui::shortcuts::help_of(ui.ctx(), action, cx);
            if button(ui, icon, name, action.enabled(cx.state), cx).on_hover_text(help).clicked() {
                commands.push(Command::Do(action));
            }
        }
        if !film.is_pages() {
            speed(ui, film, commands);
            let mut repeat = film.repeats();
            let repeats = ui.checkbox(&mut repeat, "Repeat").on_hover_text("Goes on with the first frame after the last one");
            if repeats.changed() {
                commands.push(Command::Picture(PictureCommand::Choose(PictureChoice::ToggleRepeat)));
            }
        }
        let list = if film.is_pages() { "Pages" } else { "Frames" };
        ui.menu_button(list, |ui| self::list(ui, film, commands)).response.on_hover_text("All of them, with their delays");
    });
    let mut at = film.at() + 1;
    ui.spacing_mut().slider_width = (ui.available_width() - 2.0 * UNIT).max(10.0 * UNIT);
    let slider = ui.add(Slider::new(&mut at, 1..=film.count()).show_value(false));
    if slider.accessible_name(if film.is_pages() { "Page" } else { "Frame" }).changed() {
        commands.push(Command::Picture(PictureCommand::Frame(at - 1)));
    }
}

/// "Frame 3 of 12   100 ms   at 0.2 s of 1.2 s".
pub(super) fn words(film: &Film) -> String {
    let (number, count) = (group(u64::from(film.at()) + 1), group(film.count().into()));
    let mut words = if film.is_pages() {
        format!("Page {number} of {count}")
    } else {
        let at = film.at() as usize;
        let (start, total) = (film.timing().start(at).as_secs_f64(), film.timing().total().as_secs_f64());
        let delay = film.timing().delay(at).as_millis();
        format!("Frame {number} of {count}   {} ms   at {start:.2} s of {total:.2} s", group(delay as u64))
    };
    if film.shown().is_some_and(|(shown, _)| *shown != film.at()) || (film.is_waiting() && film.shown().is_none()) {
        words += "   being decoded";
    }
    words
}

/// Times as fast.
fn speed(ui: &mut Ui, film: &Film, commands: &mut Vec<Command>) {
    let now = film.speed();
    let combo = ComboBox::from_id_salt("film speed").selected_text(said(now)).width(14.0 * UNIT);
    let answer = combo.show_ui(ui, |ui| {
        for speed in FILM_SPEEDS {
            if ui.selectable_label(speed == now, said(speed)).clicked() {
                commands.push(Command::Picture(PictureCommand::Speed(speed)));
            }
        }
    });
    ui.ctx().accesskit_node_builder(answer.response.id, |node| {
        node.set_label("Speed of the animation");
        node.set_value(said(now));
    });
    answer.response.on_hover_text("How fast it plays");
}

fn said(speed: f32) -> String {
    format!("{speed}×")
}

fn list(ui: &mut Ui, film: &Film, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.set_min_width(56.0 * UNIT);
    let timing = film.timing();
    let area = ScrollArea::vertical().max_height(LISTED as f32 * ROW).auto_shrink([false, true]);
    let mut start = None;
    area.show_rows(ui, ROW, film.count() as usize, |ui, range| {
        for number in range {
            let text = if film.is_pages() {
                format!("Page {}", group(number as u64 + 1))
            } else {
                let start = *start.get_or_insert_with(|| timing.start(number));
                format!(
                    "{}   {} ms   at {:.2} s",
                    group(number as u64 + 1),
                    timing.delay(number).as_millis(),
                    start.as_secs_f64()
                )
            };
            start = start.map(|start| start + timing.delay(number));
            let row = ui.selectable_label(number as u32 == film.at(), RichText::new(text).monospace());
            if row.clicked() {
                commands.push(Command::Picture(PictureCommand::Frame(number as u32)));
            }
        }
    });
    if let Some(problem) = film.problem() {
        ui.add(Label::new(problem).wrap());
    }
}
