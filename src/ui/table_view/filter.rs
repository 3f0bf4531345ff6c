//! The line in which a filter is made.

use egui::{Button, Checkbox, ComboBox, Id, Key, RichText, TextEdit, Ui};

use super::grid::column_name;
use crate::app::numbers::shorten;
use crate::app::table::TableCommand;
use crate::app::{Command, OpenDocument};
use crate::explore::table::{Comparison, Conditions, Filter, Operand, Test};
use crate::formats::table::Table;
use crate::ui::ViewCx;
use crate::ui::theme::{ROW, UNIT};

/// Columns that the list shows.
const LISTED: usize = 500;

/// What a filter asks, without what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Contains,
    Equals,
    StartsWith,
    EndsWith,
    Regex,
    Compare(Comparison),
    Empty,
    Ragged,
}

impl Kind {
    const ALL: [Self; 13] = [
        Self::Contains,
        Self::Equals,
        Self::StartsWith,
        Self::EndsWith,
        Self::Regex,
        Self::Compare(Comparison::Less),
        Self::Compare(Comparison::LessOrEqual),
        Self::Compare(Comparison::Equal),
        Self::Compare(Comparison::NotEqual),
        Self::Compare(Comparison::GreaterOrEqual),
        Self::Compare(Comparison::Greater),
        Self::Empty,
        Self::Ragged,
    ];

    fn label(self, negate: bool) -> &'static str {
        match (self, negate) {
            (Self::Contains, false) => "contains",
            (Self::Contains, true) => "does not contain",
            (Self::Equals, false) => "is",
            (Self::Equals, true) => "is not",
            (Self::StartsWith, false) => "starts with",
            (Self::StartsWith, true) => "does not start with",
            (Self::EndsWith, false) => "ends with",
            (Self::EndsWith, true) => "does not end with",
            (Self::Regex, false) => "matches the expression",
            (Self::Regex, true) => "does not match the expression",
            (Self::Compare(comparison), _) => comparison.sign(),
            (Self::Empty, false) => "is empty",
            (Self::Empty, true) => "is not empty",
            (Self::Ragged, false) => "has another number of cells",
            (Self::Ragged, true) => "has the usual number of cells",
        }
    }

    fn has_text(self) -> bool {
        !matches!(self, Self::Empty | Self::Ragged)
    }
}

/// A filter that is being made. A cache of the view: nothing is filtered before it is used.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    /// The filter whose place it takes.
    at: Option<usize>,
    column: Option<usize>,
    kind: Kind,
    text: String,
    case: bool,
    negate: bool,
    /// Its field takes the keyboard.
    fresh: bool,
}

impl Draft {
    pub(super) fn new(column: Option<usize>) -> Self {
        Self { at: None, column, kind: Kind::Contains, text: String::new(), case: false, negate: false, fresh: true }
    }

    pub(super) fn of(filter: &Filter, at: Option<usize>) -> Self {
        let (kind, text) = match &filter.test {
            Test::Contains(text) => (Kind::Contains, text.clone()),
            Test::Equals(text) => (Kind::Equals, text.clone()),
            Test::StartsWith(text) => (Kind::StartsWith, text.clone()),
            Test::EndsWith(text) => (Kind::EndsWith, text.clone()),
            Test::Regex(text) => (Kind::Regex, text.clone()),
            Test::Compare(comparison, Operand::Number(text) | Operand::Text(text)) => (Kind::Compare(*comparison), text.clone()),
            Test::Empty => (Kind::Empty, String::new()),
            Test::NotEmpty => (Kind::Empty, String::new()),
            Test::Ragged => (Kind::Ragged, String::new()),
        };
        let negate = filter.negate != (filter.test == Test::NotEmpty);
        Self { at, column: filter.column, kind, text, case: filter.case, negate, fresh: true }
    }

    fn filter(&self) -> Filter {
        let text = self.text.clone();
        let test = match self.kind {
            Kind::Contains => Test::Contains(text),
            Kind::Equals => Test::Equals(text),
            Kind::StartsWith => Test::StartsWith(text),
            Kind::EndsWith => Test::EndsWith(text),
            Kind::Regex => Test::Regex(text),
            // What is no number is compared as text.
            Kind::Compare(comparison) => {
                let number = !text.trim().is_empty() && text.trim().parse::<f64>().is_ok();
                Test::Compare(comparison, if number { Operand::Number(text.trim().to_owned()) } else { Operand::Text(text) })
            }
            Kind::Empty => Test::Empty,
            Kind::Ragged => Test::Ragged,
        };
        let column = self.column.filter(|_| self.kind != Kind::Ragged);
        let negate = self.negate && !matches!(self.kind, Kind::Compare(_));
        Filter { column, test, case: self.case, negate }
    }
}

/// A filter in words.
pub(super) fn spoken(filter: &Filter, table: &Table) -> String {
    let draft = Draft::of(filter, None);
    let subject = match (filter.column, draft.kind) {
        (_, Kind::Ragged) => "The row".to_owned(),
        (Some(column), _) => shorten(&column_name(table, column), 40),
        (None, _) => "Any cell".to_owned(),
    };
    let text = if draft.kind.has_text() { format!(" “{}”", shorten(&draft.text, 60)) } else { String::new() };
    format!("{subject} {}{text}", draft.kind.label(draft.negate))
}

/// The line. `draft` is there while a filter is being made.
pub(super) fn form(
    ui: &mut Ui,
    open: &OpenDocument,
    table: &Table,
    draft: &mut Option<Draft>,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) {
    let Some(new) = draft else { return };
    let field = Id::unique("seektell filter field");
    let (mut done, mut cancelled) = (false, false);
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW + 2.0 * UNIT);
        ui.label("Show rows where");
        let name =
            |column: Option<usize>| column.map_or("any cell".to_owned(), |column| shorten(&column_name(table, column), 32));
        ui.add_enabled_ui(new.kind != Kind::Ragged, |ui| {
            let combo = ComboBox::from_id_salt("filter column").width(24.0 * UNIT).selected_text(name(new.column));
            let combo = combo.show_ui(ui, |ui| {
                ui.selectable_value(&mut new.column, None, "any cell");
                for column in open.view.table.columns.shown(table.width()).into_iter().take(LISTED) {
                    ui.selectable_value(&mut new.column, Some(column), name(Some(column)));
                }
            });
            combo.response.accessible_name("Column of the filter");
        });
        let combo = ComboBox::from_id_salt("filter kind").width(32.0 * UNIT).selected_text(new.kind.label(new.negate));
        let combo = combo.show_ui(ui, |ui| {
            for kind in Kind::ALL {
                let ways: &[bool] = if matches!(kind, Kind::Compare(_)) { &[false] } else { &[false, true] };
                for &negate in ways {
                    let chosen = (new.kind, new.negate) == (kind, negate);
                    if ui.selectable_label(chosen, kind.label(negate)).clicked() {
                        (new.kind, new.negate) = (kind, negate);
                    }
                }
            }
        });
        combo.response.accessible_name("Kind of the filter");
        if new.kind.has_text() {
            let edit = TextEdit::singleline(&mut new.text).id(field).desired_width(40.0 * UNIT);
            let edit = ui.add(edit).accessible_name("What the filter looks for");
            if std::mem::take(&mut new.fresh) {
                edit.request_focus();
            }
            done |= edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            cancelled |= edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape));
            if !matches!(new.kind, Kind::Compare(_)) {
                ui.add(Checkbox::new(&mut new.case, "Case")).on_hover_text("Capital and small letters differ");
            }
        }
        let conditions = Conditions { filters: vec![new.filter()], any: false };
        let wrong = conditions.check().err().map(|error| error.to_string());
        let label = if new.at.is_some() { "Change" } else { "Filter" };
        let button = ui.add_enabled(wrong.is_none(), Button::new(label)).accessible_name("Use the filter");
        done = wrong.is_none() && (done || button.clicked());
        cancelled |= ui.button("Cancel").accessible_name("Cancel the filter").clicked();
        if let Some(wrong) = wrong {
            ui.label(RichText::new(wrong).color(cx.theme.error));
        }
    });
    if done {
        commands.push(Command::Table(match new.at {
            Some(at) => TableCommand::ChangeFilter(at, new.filter()),
            None => TableCommand::AddFilter(new.filter()),
        }));
    }
    if done || cancelled {
        *draft = None;
        ui.memory_mut(|memory| memory.request_focus(super::grid::id()));
    }
}
