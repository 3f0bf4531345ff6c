//! The table in the window: its rows in another order, its filters, its cells that are typed into, its link with the bytes.
#![allow(clippy::unwrap_used, reason = "tests")]

use crate::tester::App;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use seektell::app::table::{EditCommand, Span, TableAction as T, TableCommand};
use seektell::app::{Action, Answer, Command, Dialog, DialogCommand, PaneKind, Settings, ThemeChoice, ViewCommand};
use seektell::explore::table::{Comparison, Filter, Operand, SortKey, Test};
use seektell::formats::Format;

const PEOPLE: &str = "name,age,town\nAda,36,London\nGrace,85,New York\nLinus,54,Portland\nEve,,\"two\nlines\"\nBob,9,London\n";

fn window() -> App {
    let mut settings = Settings { theme: ThemeChoice::Dark, ..Settings::default() };
    settings.panes.retain(|pane| matches!(pane, PaneKind::Hex | PaneKind::Preview));
    settings.panes.push(PaneKind::Column);
    let mut app = App::with(settings);
    open(&mut app, "people.csv", PEOPLE);
    app
}

fn open(app: &mut App, name: &str, text: &str) {
    app.send(Command::OpenBytes { name: name.into(), bytes: text.as_bytes().to_vec() });
}

fn content(app: &App) -> String {
    String::from_utf8(app.open().document.snapshot().to_vec_all().unwrap()).unwrap()
}

/// The names that are shown, from top to bottom.
fn names(app: &App) -> Vec<String> {
    let rows = app.open().table_rows().unwrap();
    rows.read(0..rows.len()).unwrap().into_iter().map(|(_, row)| row.cells[0].clone()).collect()
}

fn table(app: &mut App, command: TableCommand) {
    app.send(Command::Table(command));
}

fn act(app: &mut App, action: T) {
    app.send(Command::Do(Action::Table(action)));
}

fn choose(app: &mut App, place: u64, column: usize) {
    app.send(Command::View(ViewCommand::TableCell(place, column)));
}

fn says(app: &App, text: &str) -> bool {
    app.0.query_all_by_label_contains(text).next().is_some()
}

fn copied(app: &mut App, action: T) -> String {
    app.decide(Command::Do(Action::Table(action)));
    for _ in 0..500 {
        app.0.run_steps(1);
        let commands = &app.0.output().platform_output.commands;
        let text = commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        if let Some(text) = text {
            app.settle();
            return text;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    panic!("nothing was copied");
}

#[test]
fn a_click_on_a_name_sorts_and_nothing_of_the_bytes_changes() {
    let mut app = window();
    choose(&mut app, 1, 0);
    for wanted in [
        vec!["Bob", "Ada", "Linus", "Grace", "Eve"],
        vec!["Grace", "Linus", "Ada", "Bob", "Eve"],
        vec!["Ada", "Grace", "Linus", "Eve", "Bob"],
    ] {
        app.0.get_by_role_and_label(Role::ColumnHeader, header(&app, "age")).click();
        app.settle();
        assert_eq!(names(&app), wanted, "numbers are compared as numbers, empty cells come last");
        let (place, column) = app.open().view.table_cell.unwrap();
        assert_eq!((names(&app)[place as usize].as_str(), column), ("Grace", 0), "the chosen cell stays the same one");
    }
    assert_eq!(content(&app), PEOPLE);
    assert_eq!(app.open().document.history().undo_len(), 0);
}

/// The whole label of the header of a column.
fn header(app: &App, name: &str) -> &'static str {
    let sort = &app.open().view.table.sort;
    let label = match sort.first() {
        None => name.to_owned(),
        Some(key) if key.descending => format!("{name}, sorted descending by number"),
        Some(_) => format!("{name}, sorted ascending by number"),
    };
    label.leak()
}

#[test]
fn a_filter_is_always_told_and_cleared() {
    let mut app = window();
    let filter = Filter::new(Some(2), Test::Contains("lon".into()));
    table(&mut app, TableCommand::AddFilter(filter));
    assert_eq!(names(&app), ["Ada", "Bob"]);
    assert!(says(&app, "Showing 2 of 5 rows") && says(&app, "Filter: town contains “lon”"));
    let older = Test::Compare(Comparison::Greater, Operand::Number("10".into()));
    table(&mut app, TableCommand::AddFilter(Filter::new(Some(1), older)));
    assert_eq!(names(&app), ["Ada"], "both have to hold");
    app.0.get_by_label("Remove the filter: town contains “lon”").click();
    app.settle();
    assert_eq!(names(&app), ["Ada", "Grace", "Linus"]);
    app.0.get_by_label("Clear the filters").click();
    app.settle();
    assert_eq!(names(&app).len(), 5);
    assert!(!says(&app, "Showing"));
    // One is made with the keyboard alone.
    choose(&mut app, 0, 2);
    act(&mut app, T::Filter);
    app.0.get_by_label("What the filter looks for").type_text("port");
    app.settle();
    app.press(Modifiers::NONE, Key::Enter);
    assert_eq!(names(&app), ["Linus"]);
    assert_eq!(content(&app), PEOPLE);
}

#[test]
fn a_cell_is_typed_and_one_undo_takes_it_back() {
    let mut app = window();
    app.0.get_by_role_and_label(Role::Cell, "row 2 of 5, town, New York").click();
    app.settle();
    app.press(Modifiers::NONE, Key::F2);
    let field = app.0.get_by_label("Cell of town");
    field.type_text(", \"NY\"");
    app.settle();
    app.press(Modifiers::NONE, Key::Enter);
    assert_eq!(content(&app), PEOPLE.replace("New York", "\"New York, \"\"NY\"\"\""));
    assert_eq!(app.open().view.table_cell, Some((2, 2)), "Enter goes on below");
    app.send(Command::Do(Action::Undo));
    assert_eq!(content(&app), PEOPLE);
    assert_eq!(app.open().document.history().undo_len(), 0, "it was one step");
    // Typing begins with what is typed; Escape forgets it.
    table(&mut app, TableCommand::Edit(EditCommand::Begin(Some(0), 0, Some("X".into()))));
    app.press(Modifiers::NONE, Key::Escape);
    assert_eq!((content(&app).as_str(), &app.open().view.table.edit), (PEOPLE, &None));
}

#[test]
fn cells_are_linked_with_their_bytes_both_ways() {
    let mut app = window();
    choose(&mut app, 2, 2);
    let start = PEOPLE.find("Portland").unwrap() as u64;
    let selection = app.open().document.selection().unwrap();
    assert_eq!((selection.start(), selection.end()), (start, start + 8));
    // In the order of the view it is another place, and the same bytes.
    let at = PEOPLE.find("lines").unwrap() as u64;
    table(&mut app, TableCommand::CycleSort { column: 0, add: false });
    app.send(Command::MoveCursor { to: at, extend: false });
    assert_eq!(app.state().cursor_cell(), Some((3, 2)));
    assert!(says(&app, "row 4 of 5, 3 cells, the cursor is in it"));
    app.send(Command::Do(Action::Table(T::GoToCursor)));
    assert_eq!(app.open().view.table_cell, Some((2, 2)), "Eve is the third name");
}

#[test]
fn cells_are_copied_in_every_way_and_pasted() {
    let mut app = window();
    choose(&mut app, 0, 0);
    assert_eq!(copied(&mut app, T::Copy), "Ada");
    table(&mut app, TableCommand::Extend(1, 1));
    assert_eq!(app.open().selected_cells().unwrap().cells(), 4);
    assert_eq!(copied(&mut app, T::Copy), "Ada\t36\nGrace\t85");
    assert_eq!(copied(&mut app, T::CopyWithHeader), "name\tage\nAda\t36\nGrace\t85");
    assert_eq!(copied(&mut app, T::CopyCsv), "name,age\nAda,36\nGrace,85\n");
    assert!(copied(&mut app, T::CopyMarkdown).starts_with("| name"));
    assert!(copied(&mut app, T::CopyHtml).contains("<td>Grace</td>"));
    assert!(copied(&mut app, T::CopyJson).contains("\"name\":"));
    choose(&mut app, 4, 0);
    table(&mut app, TableCommand::Paste("Zed\t7\nYan\t\"a,b\"\n".into()));
    let wanted = PEOPLE.replace("Bob,9,", "Zed,7,") + "Yan,\"a,b\",\n";
    assert_eq!(content(&app), wanted, "what goes past the last row makes a new one");
    app.send(Command::Do(Action::Undo));
    assert_eq!(content(&app), PEOPLE);
    // One text goes into all cells that are chosen.
    choose(&mut app, 0, 1);
    table(&mut app, TableCommand::Extend(1, 1));
    table(&mut app, TableCommand::Paste("?".into()));
    assert_eq!(content(&app), PEOPLE.replace("36", "?").replace("85", "?"));
}

#[test]
fn rows_and_columns_come_and_go_in_one_step() {
    let mut app = window();
    choose(&mut app, 0, 1);
    act(&mut app, T::InsertColumnLeft);
    assert!(content(&app).starts_with("name,new,age,town\nAda,,36,London\n"));
    assert_eq!(app.open().view.table_cell, Some((0, 2)), "the cell stays the same one");
    act(&mut app, T::DeleteColumns);
    assert!(content(&app).starts_with("name,new,town\nAda,,London\n"));
    app.send(Command::Do(Action::Undo));
    app.send(Command::Do(Action::Undo));
    assert_eq!(content(&app), PEOPLE);
    table(&mut app, TableCommand::Rows(0, false));
    table(&mut app, TableCommand::Rows(1, true));
    assert_eq!(app.open().view.table.span, Span::Rows);
    act(&mut app, T::DeleteRows);
    assert!(content(&app).starts_with("name,age,town\nLinus,"));
    app.send(Command::Do(Action::Undo));
    choose(&mut app, 4, 0);
    act(&mut app, T::InsertRowBelow);
    assert_eq!(content(&app), format!("{PEOPLE},,\n"));
    app.send(Command::Do(Action::Undo));
    // Rows that stand apart in the file, because the view is sorted.
    table(&mut app, TableCommand::CycleSort { column: 0, add: false });
    table(&mut app, TableCommand::Rows(0, false));
    table(&mut app, TableCommand::Rows(1, true));
    act(&mut app, T::DeleteRows);
    assert_eq!(content(&app), PEOPLE.replace("Ada,36,London\n", "").replace("Bob,9,London\n", ""));
}

#[test]
fn columns_are_hidden_frozen_and_moved_in_the_view_only() {
    let mut app = window();
    table(&mut app, TableCommand::MoveColumn { column: 2, to: 0 });
    choose(&mut app, 0, 1);
    act(&mut app, T::HideColumns);
    assert!(says(&app, "1 column hidden"));
    assert!(app.0.query_by_role_and_label(Role::ColumnHeader, "age").is_none());
    table(&mut app, TableCommand::Freeze(1));
    choose(&mut app, 0, 2);
    table(&mut app, TableCommand::Extend(0, 0));
    assert_eq!(copied(&mut app, T::Copy), "London\tAda", "in the order of the view");
    act(&mut app, T::ResetColumns);
    assert!(app.0.query_by_role_and_label(Role::ColumnHeader, "age").is_some());
    assert_eq!(content(&app), PEOPLE);
}

#[test]
fn the_search_counts_goes_on_and_looks_at_the_header() {
    let mut app = window();
    choose(&mut app, 0, 0);
    app.0.get_by_role_and_label(Role::Cell, "row 1 of 5, name, Ada").click();
    app.settle();
    app.press(Modifiers::COMMAND, Key::F);
    assert!(app.open().view.table.search.open, "Ctrl+F in the cells searches the cells");
    app.0.get_by_label("Find in the table").type_text("o");
    app.settle();
    assert!(says(&app, "6 cells in 5 rows") || says(&app, "cells in"), "counted");
    assert!(says(&app, "In the header:"));
    app.press(Modifiers::NONE, Key::Enter);
    assert_eq!(app.open().view.table_cell, Some((0, 2)));
    act(&mut app, T::FindPrevious);
    assert_eq!(app.open().view.table_cell, Some((4, 2)), "from the first one on from the last");
}

#[test]
fn what_cannot_be_written_is_refused_in_words() {
    let mut app = window();
    app.send(Command::OpenBytes { name: "latin.csv".into(), bytes: b"name;town\nAda;K\xF6ln\nJos\xE9;Z\xFCrich\n".to_vec() });
    let encoding = app.open().table().unwrap().1.unwrap().encoding.name();
    let edit = |app: &mut App, text: &str| {
        table(app, TableCommand::Edit(EditCommand::Begin(Some(0), 1, Some(text.into()))));
        table(app, TableCommand::Edit(EditCommand::Commit { down: 0, right: 0 }));
    };
    let before = app.open().document.snapshot();
    edit(&mut app, "東京");
    let said = app.state().notices().all().last().unwrap().text.clone();
    assert!(said.to_lowercase().contains(&encoding.to_lowercase()) && said.contains('東'), "{said}");
    assert_eq!(app.open().document.snapshot(), before);
    edit(&mut app, "Zürich");
    assert_eq!(app.open().document.snapshot().to_vec_all().unwrap()[10..21], *b"Ada;Z\xFCrich\n"[..11].to_vec());
    // A table that has no bytes of its own says so.
    open(&mut app, "list.json", "[{\"a\": 1, \"b\": \"x\"}, {\"a\": 2}]");
    edit(&mut app, "y \"z\"");
    assert_eq!(content(&app), "[{\"a\": 1, \"b\": \"y \\\"z\\\"\"}, {\"a\": 2}]");
    table(&mut app, TableCommand::Edit(EditCommand::Begin(Some(1), 1, Some("7".into()))));
    table(&mut app, TableCommand::Edit(EditCommand::Commit { down: 0, right: 0 }));
    assert_eq!(content(&app), "[{\"a\": 1, \"b\": \"y \\\"z\\\"\"}, {\"a\": 2, \"b\": 7}]");
}

#[test]
fn a_column_tells_what_it_is_like_and_filters_by_its_values() {
    let mut app = window();
    choose(&mut app, 0, 1);
    let facts = app.open().table.statistics.done().unwrap().1.clone();
    assert_eq!((facts.statistics.count, facts.statistics.empty, facts.rows), (4, 1, 5));
    assert!(says(&app, "Median") && says(&app, "Histogram of the column"));
    choose(&mut app, 0, 2);
    app.0.get_by_label("Only rows with London, 2").click_accesskit();
    app.settle();
    assert_eq!(names(&app), ["Ada", "Bob"]);
}

#[test]
fn the_table_looks_as_it_should() {
    let mut app = window();
    let mut text = String::from("id,name,town,price\n");
    let towns = ["London", "Paris", "Berlin", "Oslo", "São Paulo"];
    for n in 0..400_u64 {
        text += &format!("{n},Name {},{},{}.{:02}\n", n * 37 % 400, towns[(n * n % 5) as usize], 20 + n * n % 83, n % 100);
    }
    open(&mut app, "sales.csv", &text);
    table(
        &mut app,
        TableCommand::AddFilter(Filter::new(Some(3), Test::Compare(Comparison::Greater, Operand::Number("60".into())))),
    );
    table(&mut app, TableCommand::CycleSort { column: 3, add: false });
    table(&mut app, TableCommand::Freeze(1));
    choose(&mut app, 2, 2);
    table(&mut app, TableCommand::Extend(5, 3));
    app.0.snapshot("table_arranged_dark");
}

#[test]
fn an_export_takes_all_rows_or_those_that_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shown.csv");
    let mut app = App::answering(ThemeChoice::Dark, [Answer::Save(path.clone())]);
    open(&mut app, "people.csv", PEOPLE);
    let view = |app: &App| match app.state().dialog() {
        Some(Dialog::Export(export)) => (export.offered_view().is_some(), export.options.table.view.is_some()),
        _ => panic!("no export dialog"),
    };
    // Where the view shows the table as it stands, there is nothing to choose.
    app.send(Command::Do(Action::Export));
    assert_eq!(view(&app), (false, false));
    assert!(!says(&app, "All, as in the document"));
    app.send(Command::Dialog(DialogCommand::Cancel));

    let older = Test::Compare(Comparison::Greater, Operand::Number("10".into()));
    table(&mut app, TableCommand::AddFilter(Filter::new(Some(1), older)));
    table(&mut app, TableCommand::Sort(vec![by_age()]));
    table(&mut app, TableCommand::ShowColumn(2, false));
    assert_eq!(names(&app), ["Grace", "Linus", "Ada"]);
    app.send(Command::Do(Action::Export));
    app.send(Command::Dialog(DialogCommand::ExportFormat(Format::Csv)));
    assert_eq!(view(&app), (true, false), "all of it unless the other is chosen");
    app.0.get_by_role_and_label(Role::ComboBox, "Rows").click();
    app.settle();
    app.0.get_by_label("As shown: 3 rows, 2 columns").click();
    app.settle();
    assert_eq!(view(&app), (true, true));
    assert!(says(&app, "2 rows are not shown and left out") && says(&app, "1 column is hidden and left out"));
    // Plain text takes no rows; a workbook does again, but is asked anew.
    app.send(Command::Dialog(DialogCommand::ExportFormat(Format::Text)));
    assert_eq!(view(&app), (false, false));
    app.send(Command::Dialog(DialogCommand::ExportFormat(Format::Csv)));
    app.send(Command::Dialog(DialogCommand::ExportView(true)));
    app.send(Command::Dialog(DialogCommand::Accept));
    app.settle();
    let written = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{:?}", app.state().notices().all()));
    assert_eq!(written, "name,age\r\nGrace,85\r\nLinus,54\r\nAda,36\r\n");
}

fn by_age() -> SortKey {
    let header = ["name".to_owned(), "age".into(), "town".into()];
    SortKey::parse("age:number:desc", Some(&header), 3).unwrap()
}
