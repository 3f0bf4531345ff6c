//! Where results go and what they are called.

use std::path::PathBuf;

use egui::{ComboBox, TextEdit, Ui};

use super::put;
use crate::app::{Command, ConvertCommand, ConvertPanel};
use crate::convert::{Destination, OnExisting, Recipe, check_pattern, result_name};
use crate::ui::number_field::say;

/// Width of the fields.
const WIDTH: f32 = 200.0;
/// What the button beside a path takes of it.
const CHOOSE: f32 = 48.0;

pub(super) fn show(ui: &mut Ui, panel: &ConvertPanel, recipe: &mut Recipe, commands: &mut Vec<Command>) {
    crate::ui::convert_form::grid(ui, "place", |ui| {
        destination(ui, panel, recipe, commands);
        names(ui, panel, recipe);
        let label = ui.label("If the name is taken");
        let choices = [
            (OnExisting::Rename, "Add a number"),
            (OnExisting::Skip, "Skip the file"),
            (OnExisting::Overwrite, "Overwrite, never a source"),
            (OnExisting::Refuse, "Refuse"),
        ];
        let name = choices.iter().find(|(choice, _)| *choice == recipe.existing).map_or("", |(_, name)| *name);
        let combo = ComboBox::from_id_salt("existing").selected_text(name).width(WIDTH).show_ui(ui, |ui| {
            for (choice, name) in choices {
                ui.selectable_value(&mut recipe.existing, choice, name);
            }
        });
        combo.response.labelled_by(label.id);
        ui.end_row();
    });
}

/// Why results cannot be where they are to be, or have the names that they are to have.
pub(super) fn hindrance(panel: &ConvertPanel) -> Option<String> {
    let names = check_pattern(&panel.recipe.names).err().map(|why| why.to_string());
    names.or_else(|| wrong_place(panel, &panel.recipe))
}

fn wrong_place(panel: &ConvertPanel, recipe: &Recipe) -> Option<String> {
    let empty = |path: &PathBuf| path.as_os_str().is_empty();
    match &recipe.into {
        Destination::Beside if panel.sources.iter().all(|source| source.path.is_none()) && !panel.sources.is_empty() => {
            Some("Documents without a file need a folder".into())
        }
        Destination::Folder(folder) if empty(folder) => Some("Type the path of a folder".into()),
        Destination::Zip(path) if empty(path) || path.file_name().is_none() => Some("Type the path of the ZIP".into()),
        Destination::Zip(path) if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) => {
            Some("The name of the ZIP ends in .zip".into())
        }
        _ => None,
    }
}

fn destination(ui: &mut Ui, panel: &ConvertPanel, recipe: &mut Recipe, commands: &mut Vec<Command>) {
    let label = ui.label("Results");
    // The folder to begin with: where the first source is, or where results went last.
    let begin = || match &recipe.into {
        Destination::Folder(folder) => folder.clone(),
        Destination::Zip(path) | Destination::File(path) => path.parent().map(PathBuf::from).unwrap_or_default(),
        Destination::Beside => {
            let beside = panel.sources.iter().find_map(|source| source.path.as_ref()?.parent());
            beside.map(PathBuf::from).unwrap_or_default()
        }
    };
    let (folder, zip) = (Destination::Folder(begin()), Destination::Zip(begin().join("converted.zip")));
    let name = match recipe.into {
        Destination::Beside | Destination::File(_) => "Beside each source",
        Destination::Folder(_) => "Into a folder",
        Destination::Zip(_) => "Into one ZIP",
    };
    let mut chosen = None;
    let combo = ComboBox::from_id_salt("destination").selected_text(name).width(WIDTH).show_ui(ui, |ui| {
        let is = |place: &Destination| std::mem::discriminant(place) == std::mem::discriminant(&recipe.into);
        for (place, name) in [(Destination::Beside, "Beside each source"), (folder, "Into a folder"), (zip, "Into one ZIP")] {
            if ui.selectable_label(is(&place), name).clicked() && !is(&place) {
                chosen = Some(place);
            }
        }
    });
    combo.response.labelled_by(label.id);
    ui.end_row();
    if let Some(place) = chosen {
        recipe.into = place;
    }
    let wrong = wrong_place(panel, recipe);
    if let Destination::Folder(path) | Destination::Zip(path) = &mut recipe.into {
        let what =
            if path.extension().is_some_and(|extension| extension == "zip") { "Path of the ZIP" } else { "Path of the folder" };
        let label = ui.label("");
        let mut text = path.display().to_string();
        let response = ui
            .horizontal(|ui| {
                let field = TextEdit::singleline(&mut text).hint_text(what).desired_width(WIDTH - CHOOSE);
                let response = ui.add(field).labelled_by(label.id);
                if ui.button("Choose…").on_hover_text("In the system's dialog").clicked() {
                    put(commands, ConvertCommand::AskPlace);
                }
                response
            })
            .inner;
        // A name that is no text is not changed by being shown.
        if response.changed() {
            *path = text.into();
        }
        response.on_hover_text(path.display().to_string());
        ui.end_row();
    }
    if wrong.is_some() {
        ui.label("");
        say(ui, wrong.as_deref());
        ui.end_row();
    }
}

fn names(ui: &mut Ui, panel: &ConvertPanel, recipe: &mut Recipe) {
    let label = ui.label("Names");
    let help = "{name} is the source's name, {number} its place on the list; the extension is added";
    let edit = TextEdit::singleline(&mut recipe.names).hint_text(Recipe::NAMES).desired_width(WIDTH);
    ui.add(edit).labelled_by(label.id).on_hover_text(help);
    ui.end_row();
    ui.label("");
    match check_pattern(&recipe.names) {
        Err(error) => say(ui, Some(&error.to_string())),
        Ok(()) => {
            let example = panel.sources.get(panel.chosen).map(|source| result_name(source, panel.chosen + 1, recipe));
            let example = example.map(|name| crate::ui::shortened(&name.to_string_lossy(), 36)).unwrap_or_default();
            ui.weak(example);
        }
    }
    ui.end_row();
}
