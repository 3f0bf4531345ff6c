//! What is lost, what came of it, and the buttons.

use egui::{Align, Button, Color32, Label, Layout, ProgressBar, RichText, ScrollArea, Ui, vec2};

use super::{place, put, size_words};
use crate::app::numbers::{count, group};
use crate::app::{Command, ConvertCommand, ConvertPanel, DialogCommand, Outcomes, Previewed, Surveyed};
use crate::convert::{Outcome, Survey, Written};
use crate::formats::Loss;
use crate::ui::theme::UNIT;
use crate::ui::{ViewCx, shortened};

/// Height of what is said, in points, and as a share of the window; more scrolls.
const HEIGHT: std::ops::RangeInclusive<f32> = 48.0..=76.0;
const SHARE: f32 = 0.09;
/// Sources that are named of those that cannot be converted.
const NAMED: usize = 3;

pub(super) fn show(ui: &mut Ui, panel: &ConvertPanel, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.separator();
    ui.add_space(UNIT);
    let outcomes = panel.outcomes();
    let height = (ui.ctx().content_rect().height() * SHARE).clamp(*HEIGHT.start(), *HEIGHT.end());
    ui.allocate_ui_with_layout(vec2(ui.available_width(), height), Layout::right_to_left(Align::TOP), |ui| {
        buttons(ui, panel, &outcomes, commands);
        ui.add_space(2.0 * UNIT);
        let rest = vec2(ui.available_width(), height);
        ui.allocate_ui_with_layout(rest, Layout::top_down(Align::Min), |ui| {
            ScrollArea::vertical().id_salt("losses").max_height(height).auto_shrink([false, false]).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = UNIT / 2.0;
                said(ui, panel, &outcomes, cx, commands);
            });
        });
    });
}

fn buttons(ui: &mut Ui, panel: &ConvertPanel, outcomes: &Outcomes, commands: &mut Vec<Command>) {
    let button = |text: RichText| Button::new(text).min_size(vec2(88.0, 28.0));
    if panel.is_running() {
        if ui.add(button(RichText::new("Stop").strong())).on_hover_text("What is converted already is kept").clicked() {
            put(commands, ConvertCommand::Stop);
        }
        let done = outcomes.iter().flatten().count();
        let share = done as f32 / outcomes.len().max(1) as f32;
        let words = format!("{} of {}", group(done as u64), group(outcomes.len() as u64));
        ui.add(ProgressBar::new(share).desired_width(160.0).text(words));
        return;
    }
    let hindrance = match panel.sources.is_empty() {
        true => Some("There is nothing to convert: drop files on the panel, or add some".to_owned()),
        false => panel.impossible().or_else(|| place::hindrance(panel)),
    };
    let label = match panel.sources.len() {
        0 | 1 => "Convert".to_owned(),
        n => format!("Convert {}", group(n as u64)),
    };
    let convert = ui.add_enabled(hindrance.is_none(), button(RichText::new(label).strong()));
    if convert.clicked() {
        put(commands, ConvertCommand::Start);
    }
    if let Some(why) = hindrance {
        convert.on_disabled_hover_text(why);
    }
    if ui.add(button("Close".into())).clicked() {
        commands.push(Command::Dialog(DialogCommand::Cancel));
    }
    let is = |test: fn(&Outcome) -> bool| outcomes.iter().flatten().any(|outcome| test(outcome));
    // A ZIP is made as a whole, by the button for all of them.
    if !panel.failed().is_empty() && !panel.into_zip() {
        let label = if is(|outcome| matches!(outcome, Outcome::Failed(_))) { "Retry failed" } else { "Convert the rest" };
        if ui.add(button(label.into())).on_hover_text("What is converted already is left as it is").clicked() {
            put(commands, ConvertCommand::Retry);
        }
    }
    if is(|outcome| matches!(outcome, Outcome::Written(_))) {
        let show = ui.add(button("Show folder".into())).on_hover_text("Opens the folder of the results in the file manager");
        if show.clicked() {
            put(commands, ConvertCommand::ShowFolder);
        }
    }
}

fn line(ui: &mut Ui, text: impl Into<String>, color: Color32) {
    ui.add(Label::new(RichText::new(text).color(color)).wrap());
}

fn said(ui: &mut Ui, panel: &ConvertPanel, outcomes: &Outcomes, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    if let Some(wrong) = &panel.wrong {
        line(ui, wrong, cx.theme.error);
    }
    if panel.is_running() || panel.told && outcomes.iter().any(Option::is_some) {
        results(ui, panel, outcomes, cx, commands);
        return;
    }
    let several = panel.sources.len() > 1;
    if several && let Some(survey) = panel.survey.shown() {
        return all(ui, panel, &survey, cx, commands);
    }
    let theme = cx.theme;
    match &panel.preview {
        Previewed::Impossible(why) if several => line(ui, format!("This one cannot be converted: {why}"), theme.error),
        Previewed::Impossible(_) => {
            none(ui, panel, cx, commands);
        }
        preview => match preview.shown() {
            Some(shown) if shown.losses.is_empty() => line(ui, "Nothing is lost of this one", theme.good),
            Some(shown) => shown.losses.iter().for_each(|loss| line(ui, format!("• {}", loss.what), theme.warning)),
            None => {}
        },
    }
}

/// That nothing can be converted, why, and a way to look once more after files were mended.
fn none(ui: &mut Ui, panel: &ConvertPanel, cx: &ViewCx<'_>, commands: &mut Vec<Command>) -> bool {
    let Some(why) = panel.impossible() else { return false };
    line(ui, why, cx.theme.error);
    if ui.link("Look again").on_hover_text("Reads the sources once more").clicked() {
        put(commands, ConvertCommand::LookAgain);
    }
    true
}

/// What all of them will lose.
fn all(ui: &mut Ui, panel: &ConvertPanel, survey: &Survey, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    if none(ui, panel, cx, commands) {
        return;
    }
    let theme = cx.theme;
    let of = count(survey.of as u64, "source");
    if !matches!(panel.survey, Surveyed::Known(_)) {
        line(ui, format!("Looked at {} of {of} for what is lost…", group(survey.looked as u64)), theme.text_dim);
    } else if survey.losses.is_empty() && survey.impossible.is_empty() {
        line(ui, format!("Nothing is lost of any of {of}"), theme.good);
    }
    if !survey.impossible.is_empty() {
        let name = |index: usize| panel.sources.get(index).map_or("", |source| source.name.as_str());
        let named = survey.impossible.iter().take(NAMED).map(|(index, _)| shortened(name(*index), 30));
        let mut names = named.collect::<Vec<_>>().join(", ");
        if survey.impossible.len() > NAMED {
            names += &format!(" and {} more", survey.impossible.len() - NAMED);
        }
        let words = format!("{} of {of} cannot be converted: {names}", group(survey.impossible.len() as u64));
        line(ui, words, theme.error);
    }
    for loss in &survey.losses {
        let places = group(loss.sources as u64);
        let words = match (loss.differs, loss.what.split(';').next()) {
            (true, Some(general)) => format!("• in {places} of {of}: {general}, with other numbers in others"),
            _ => format!("• in {places} of {of}: {}", loss.what),
        };
        line(ui, words, theme.warning);
    }
    if survey.more > 0 {
        line(ui, format!("and {} more", count(survey.more as u64, "loss")), theme.warning);
    }
}

/// What came of it so far.
fn results(ui: &mut Ui, panel: &ConvertPanel, outcomes: &Outcomes, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let theme = cx.theme;
    let written = || {
        outcomes.iter().flatten().filter_map(|outcome| match &**outcome {
            Outcome::Written(written) => Some(written),
            _ => None,
        })
    };
    let number = |test: fn(&Outcome) -> bool| outcomes.iter().flatten().filter(|outcome| test(outcome)).count() as u64;
    let of = group(outcomes.len() as u64);
    if written().next().is_some() {
        let (read, bytes) = written().fold((0, 0), |(read, bytes), written| (read + written.read, bytes + written.bytes));
        ui.horizontal_wrapped(|ui| {
            let words = format!(
                "{} of {of} converted, read back and found right: {} → {}",
                group(written().count() as u64),
                size_words(read),
                size_words(bytes)
            );
            line(ui, words, theme.good);
            if !panel.is_running() && ui.link("Copy the path").on_hover_text("The path of the folder of the results").clicked() {
                put(commands, ConvertCommand::CopyFolder);
            }
        });
    }
    let failed = number(|outcome| matches!(outcome, Outcome::Failed(_)));
    if failed > 0 {
        line(ui, format!("{} of {of} failed: choose one above to read why", group(failed)), theme.error);
    }
    let skipped = number(|outcome| matches!(outcome, Outcome::Skipped(_)));
    if skipped > 0 {
        line(ui, format!("{} of {of} skipped: there was a file of that name, which is as it was", group(skipped)), theme.warning);
    }
    let stopped = number(|outcome| matches!(outcome, Outcome::Cancelled));
    if stopped > 0 {
        let kept = match () {
            () if panel.into_zip() => "no ZIP was written",
            () if written().next().is_some() => "what was converted before is kept",
            () => "nothing was written",
        };
        line(ui, format!("{} of {of} stopped: {kept}", group(stopped)), theme.warning);
    }
    for (loss, files) in summed(written()) {
        line(ui, if files > 1 { format!("• {loss} (in {files} files)") } else { format!("• {loss}") }, theme.warning);
    }
}

/// The same loss of several files is one line.
fn summed<'a>(written: impl Iterator<Item = &'a Written>) -> Vec<(&'a str, usize)> {
    let mut all: Vec<(&str, usize)> = Vec::new();
    for Loss { what } in written.flat_map(|written| &written.losses) {
        match all.iter_mut().find(|(known, _)| known == what) {
            Some((_, files)) => *files += 1,
            None => all.push((what, 1)),
        }
    }
    all
}
