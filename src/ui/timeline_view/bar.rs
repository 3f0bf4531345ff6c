//! The controls of the walk: buttons, a speed, and a slider over all steps.

use egui::{ComboBox, Label, RichText, Slider, Ui};

use crate::app::numbers::{count, group};
use crate::app::{Action, Command, OpenDocument, SPEEDS, WalkCommand};
use crate::ui::ViewCx;
use crate::ui::player::{Icon, button};
use crate::ui::theme::UNIT;

pub(super) fn show(ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let timeline = open.document.timeline();
    let (step, steps) = timeline.step();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = UNIT;
        let playing = open.view.playing.is_some();
        let buttons = [
            (Action::WalkFirst, Icon::First, "Go to the first step"),
            (Action::WalkBack, Icon::Back, "Step back"),
            (Action::WalkPlay, if playing { Icon::Pause } else { Icon::Play }, if playing { "Pause" } else { "Play" }),
            (Action::WalkOn, Icon::On, "Step forward"),
            (Action::WalkLatest, Icon::Last, "Return to the latest step"),
        ];
        for (action, icon, name) in buttons {
            let enabled = action.enabled(cx.state);
            let help = crate::ui::shortcuts::help_of(ui.ctx(), action, cx);
            if button(ui, icon, name, enabled, cx).on_hover_text(help).clicked() {
                commands.push(Command::Do(action));
            }
        }
        speed(ui, open, commands);
        let text = format!("{} of {}", group(step as u64), count(steps as u64, "step"));
        let quiet = |text: String| Label::new(RichText::new(text).color(cx.theme.text_dim)).extend();
        let mut others = vec![text];
        if timeline.branches() > 1 {
            others.push(format!("{} calls on {} branches", group(timeline.len() as u64), timeline.branches()));
        }
        match timeline.forgotten() {
            0 => {}
            1 => others.push("1 earlier call is no longer kept".into()),
            n => others.push(format!("{} earlier calls are no longer kept", group(n))),
        }
        // Each stays whole where the line is short.
        ui.spacing_mut().item_spacing.x = 4.0 * UNIT;
        for other in others {
            ui.add(quiet(other));
        }
    });
    let mut to = step;
    ui.spacing_mut().slider_width = (ui.available_width() - 2.0 * UNIT).max(10.0 * UNIT);
    let slider = ui.add(Slider::new(&mut to, 0..=steps.max(1)).show_value(false));
    let slider = slider.accessible_name("Step of the timeline");
    if slider.changed() && to != step {
        commands.push(Command::Walk(WalkCommand::ToStep(to.min(steps))));
    }
}

/// Calls a second.
fn speed(ui: &mut Ui, open: &OpenDocument, commands: &mut Vec<Command>) {
    let now = open.view.walk_speed();
    let combo = ComboBox::from_id_salt("walk speed").selected_text(said(now)).width(16.0 * UNIT);
    let answer = combo.show_ui(ui, |ui| {
        for speed in SPEEDS {
            if ui.selectable_label(speed == now, said(speed)).clicked() {
                commands.push(Command::Walk(WalkCommand::Speed(speed)));
            }
        }
    });
    ui.ctx().accesskit_node_builder(answer.response.id, |node| {
        node.set_label("Speed");
        node.set_value(said(now));
    });
    answer.response.on_hover_text("Steps a second while it plays");
}

fn said(speed: f32) -> String {
    format!("{speed} / s")
}
