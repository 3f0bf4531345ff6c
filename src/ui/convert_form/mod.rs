//! The one form of the choices of a conversion, for the export dialog and for the panel: a file for each kind.
//!
//! What does not apply to the target, or to what the sources are, is not shown; what is seldom wanted stands under "More". The labels
//! are those of [`CHOICES`], and a test looks whether each of them is shown somewhere.

mod columns;
mod encoded;
mod picture;
mod rows;
mod table;
mod text;

pub(super) use columns::Columns;
use egui::{CollapsingHeader, Grid, Ui};
pub(super) use rows::Rows;

use super::theme::UNIT;
use crate::convert::Recipe;
use crate::formats::{Format, Kind};

/// What the form is for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Subject<'a> {
    /// What the sources are; `None` where they differ, or it is not known.
    pub(super) from: Option<Format>,
    /// How large the picture is that is looked at, in pixels: what keeps its shape is calculated from it.
    pub(super) size: Option<(u32, u32)>,
    /// How the sources are read can be chosen too: it is not where a document is shown, which says it itself.
    pub(super) reading: bool,
    /// The columns that the sources have, as far as that is known.
    pub(super) columns: Columns<'a>,
}

impl Subject<'_> {
    fn is(self, kind: Kind) -> bool {
        self.from.is_none_or(|from| from.kind() == kind)
    }
}

/// Paints the choices for `recipe.to` and changes them; whether what is typed somewhere is no value.
pub(super) fn show(ui: &mut Ui, subject: Subject<'_>, recipe: &mut Recipe) -> bool {
    show_in(ui, subject, recipe, false).0
}

fn show_in(ui: &mut Ui, subject: Subject<'_>, recipe: &mut Recipe, unfolded: bool) -> (bool, Vec<&'static str>) {
    let mut rows = Rows::default();
    grid(ui, "choices", |ui| usual(ui, &mut rows, subject, recipe));
    if has_more(subject, recipe.to) {
        ui.add_space(UNIT);
        let header = CollapsingHeader::new("More").id_salt("more choices").default_open(unfolded);
        header.show(ui, |ui| grid(ui, "more", |ui| more(ui, &mut rows, subject, recipe)));
    }
    (rows.wrong, rows.shown)
}

/// Labels and what belongs to them, in the columns that all choices of a conversion have.
pub(in crate::ui) fn grid(ui: &mut Ui, salt: &str, add: impl FnOnce(&mut Ui)) {
    Grid::new(salt).num_columns(2).min_col_width(140.0).spacing([4.0 * UNIT, 2.0 * UNIT]).show(ui, add);
}

fn usual(ui: &mut Ui, rows: &mut Rows, subject: Subject<'_>, recipe: &mut Recipe) {
    match recipe.to.kind() {
        Kind::Picture => picture::usual(ui, rows, subject, recipe),
        Kind::Table => table::usual(ui, rows, recipe),
        Kind::Json => text::layout(ui, rows, recipe),
        Kind::Text => text::usual(ui, rows, recipe),
        Kind::Encoded => encoded::usual(ui, rows, recipe),
        Kind::Bytes => {}
    }
}

/// Whether there is anything to fold: not from JSON to JSON, and not for bytes as they are.
fn has_more(subject: Subject<'_>, to: Format) -> bool {
    let from = subject.from.map(Format::kind);
    match to.kind() {
        Kind::Json => from != Some(Kind::Json),
        Kind::Bytes => from.is_none_or(|from| from == Kind::Encoded),
        _ => true,
    }
}

fn more(ui: &mut Ui, rows: &mut Rows, subject: Subject<'_>, recipe: &mut Recipe) {
    let to = recipe.to.kind();
    match to {
        Kind::Picture => picture::more(ui, rows, recipe),
        Kind::Encoded => encoded::more(ui, rows, recipe),
        _ => {}
    }
    // Columns can be chosen on the way to rows only.
    let from_rows = subject.is(Kind::Table) || subject.is(Kind::Json) || subject.is(Kind::Encoded);
    if matches!(to, Kind::Table) && from_rows || to == Kind::Json && (subject.is(Kind::Table) || subject.is(Kind::Encoded)) {
        table::columns(ui, rows, subject, recipe);
    }
    if matches!(to, Kind::Table | Kind::Json | Kind::Text) && subject.reading {
        text::reading(ui, rows, recipe);
        if subject.is(Kind::Table) {
            table::reading(ui, rows, subject, recipe);
        }
    }
    if subject.is(Kind::Encoded) {
        encoded::reading(ui, rows, subject, recipe);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::convert::words::CHOICES;

    #[test]
    fn every_choice_of_the_terminal_is_shown_and_no_other() {
        let mut shown = BTreeSet::new();
        let ctx = egui::Context::default();
        for to in Format::all().filter(|to| to.info().writes) {
            for from in [None].into_iter().chain(Format::all().map(Some)) {
                let mut recipe = Recipe::new(to);
                // What stands behind another choice is seen where that was made.
                recipe.options.table.fields = Some(vec!["a".into()]);
                recipe.options.picture.operations.mode = Some(crate::formats::picture::ops::Mode::Bilevel);
                let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
                    let subject = Subject { from, reading: true, ..Subject::default() };
                    shown.extend(show_in(ui, subject, &mut recipe, true).1);
                });
                output.textures_delta.clear();
            }
        }
        // Where results go and what they are called is a part of the panel, not of the choices of a format.
        let all: BTreeSet<_> =
            CHOICES.iter().map(|choice| choice.flag).filter(|flag| !["names", "existing"].contains(flag)).collect();
        assert_eq!(shown, all);
    }
}
