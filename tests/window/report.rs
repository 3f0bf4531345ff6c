//! Putting a report together in the whole window, without a display.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::path::Path;

use crate::tester::App;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::{
    Action, Answer, Command, Dialog, DialogCommand, NewSection, ReportCommand, ReportForm, Settings, ThemeChoice,
};
use seektell::formats::Format;
use seektell::formats::report::{Recipe, SectionRecipe};

const ORDERS: &[u8] = include_bytes!("../../assets/reports/orders.csv");

fn bytes(name: &str, bytes: &[u8]) -> Command {
    Command::OpenBytes { name: name.into(), bytes: bytes.to_vec() }
}

fn report(command: ReportCommand) -> Command {
    Command::Report(command)
}

/// A window with orders, a picture and a note, and the report of the orders.
fn window(answers: impl IntoIterator<Item = Answer>) -> App {
    let mut app = App::asking(Settings { theme: ThemeChoice::Dark, ..Settings::default() }, answers);
    let mut png = Vec::new();
    let picture = image::RgbImage::from_fn(240, 80, |x, y| image::Rgb([(x % 256) as u8, 120, (y * 3) as u8]));
    picture.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    app.send(bytes("logo.png", &png));
    app.send(bytes("orders.csv", ORDERS));
    app.send(Command::Do(Action::NewReport));
    app
}

fn form(app: &App) -> &ReportForm {
    app.state().report().unwrap()
}

fn change(app: &mut App, with: impl FnOnce(&mut Recipe)) {
    let mut recipe = form(app).recipe.clone();
    with(&mut recipe);
    app.send(report(ReportCommand::Change(Box::new(recipe))));
}

fn document(app: &App, name: &str) -> seektell::document::DocumentId {
    app.state().documents().iter().find(|open| open.document.name() == name).unwrap().document.id()
}

fn kinds(app: &App) -> Vec<&'static str> {
    let kind = |section: &SectionRecipe| match section {
        SectionRecipe::Title(_) => "title",
        SectionRecipe::Text(_) => "text",
        SectionRecipe::Blank(_) => "blank",
        SectionRecipe::Summary(_) => "summary",
        SectionRecipe::Table(_) => "table",
        SectionRecipe::Picture(_) => "picture",
    };
    form(app).recipe.sections.iter().map(kind).collect()
}

#[test]
fn a_report_of_open_documents_is_seen_and_exported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales");
    let mut app = window([Answer::Cancelled, Answer::Save(path.clone()), Answer::Save(path)]);
    assert_eq!(app.state().dialog(), Some(&Dialog::Report));
    assert_eq!(kinds(&app), ["title", "table"], "it begins with the document in front");
    let logo = document(&app, "logo.png");
    app.send(report(ReportCommand::Add(NewSection::Document(logo))));
    app.send(report(ReportCommand::Add(NewSection::Summary)));
    assert_eq!(kinds(&app), ["title", "picture", "summary", "table"], "new sections come behind the selected one");
    change(&mut app, |recipe| {
        recipe.sections[0] = SectionRecipe::Title("Sales of {count(orders)} orders".into());
        if let SectionRecipe::Summary(summary) = &mut recipe.sections[2] {
            summary.rows.insert("Total".into(), "${sum(orders.amount):,.2f}".into());
        }
        if let SectionRecipe::Table(table) = &mut recipe.sections[3] {
            table.only = Some("status = 'completed'".into());
            table.totals = vec![vec!["Sum".into(), String::new(), "{sum(amount):.2f}".into()]];
        }
    });
    let page = app.0.get_by_role(egui::accesskit::Role::Image).accesskit_node().label().unwrap();
    for part in ["Page 1 of 1: Sales of 3 orders", "$450.49", "239.99", "(a picture)", "ORD-002"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("ORD-003"), "the pending order is not among the rows");
    app.0.snapshot("report_dialog");

    app.send(report(ReportCommand::Select(3)));
    app.0.get_by_label("Page width").click();
    app.settle();
    app.0.snapshot("report_table");

    // A native dialog that is cancelled leads back to the report.
    app.0.get_by_label("Export…").click();
    app.settle();
    assert_eq!(app.state().dialog(), Some(&Dialog::Report));
    app.0.get_by_label("Export…").click();
    app.settle();
    assert_eq!(app.state().dialog(), None);
    let written = std::fs::read(folder.path().join("sales.pdf")).unwrap();
    assert!(written.starts_with(b"%PDF-1.7"), "the extension is added");
    // The same name again: the dialog asked about another name, so the window asks.
    app.send(Command::Do(Action::NewReport));
    app.send(report(ReportCommand::Export));
    assert!(matches!(app.state().dialog(), Some(Dialog::Overwrite { .. })), "{:?}", app.state().dialog());
    app.send(Command::Dialog(DialogCommand::Accept));
    assert_eq!(std::fs::read(folder.path().join("sales.pdf")).unwrap(), written);
}

#[test]
fn sections_are_moved_removed_and_wrong_ones_are_told() {
    let mut app = window([]);
    for kind in [NewSection::Text, NewSection::Blank] {
        app.send(report(ReportCommand::Add(kind)));
    }
    assert_eq!(kinds(&app), ["title", "text", "blank", "table"]);
    app.0.get_by_label("Move up 4  Table: orders").click();
    app.settle();
    assert_eq!(kinds(&app), ["title", "text", "table", "blank"]);
    assert_eq!(form(&app).selected, Some(2));
    app.send(report(ReportCommand::Move(0, 3)));
    assert_eq!(kinds(&app), ["text", "table", "blank", "title"]);
    app.0.get_by_label("Remove 2  Table: orders").click();
    app.settle();
    assert_eq!(kinds(&app), ["text", "blank", "title"]);
    assert!(form(&app).recipe.sources.is_empty(), "what no section needs is no source");
    change(&mut app, |recipe| recipe.sections[2] = SectionRecipe::Title("{sum(orders.amount)}".into()));
    app.0.get_by_label_contains("section 3: no source is called \"orders\"");
    // Commands that come too late are no harm.
    for late in [ReportCommand::Remove(9), ReportCommand::Move(9, 0), ReportCommand::Select(9), ReportCommand::Page(99)] {
        app.send(report(late));
    }
    assert_eq!(kinds(&app).len(), 3);
    app.send(Command::Dialog(DialogCommand::Cancel));
    assert_eq!(app.state().dialog(), None);
    app.send(Command::Do(Action::NewReport));
    assert_eq!(kinds(&app), ["text", "blank", "title"], "a closed report is there again");
    app.send(report(ReportCommand::Clear));
    assert_eq!(kinds(&app), ["title", "table"]);
}

#[test]
fn the_pages_follow_the_document_and_the_paper() {
    let mut app = window([]);
    let rows: String = (0..400).map(|row| format!("ORD-{row:03},x,1.00,s\n")).collect();
    app.send(Command::Dialog(DialogCommand::Cancel));
    app.send(Command::Perform(seektell::document::Operation::Replace {
        start: 26,
        end: ORDERS.len() as u64,
        data: seektell::buffer::Buffer::from(rows.into_bytes()).into(),
    }));
    app.send(Command::Do(Action::NewReport));
    let total = |app: &App| match form(app).look.pages.as_deref() {
        Some(Ok(preview)) => preview.total,
        other => panic!("{other:?}"),
    };
    let portrait = total(&app);
    assert!(portrait > 5, "{portrait}");
    app.0.get_by_label("Next page").click();
    app.settle();
    assert_eq!(form(&app).page, 2);
    app.send(report(ReportCommand::Page(portrait)));
    assert!(app.0.get_by_role(egui::accesskit::Role::Image).accesskit_node().label().unwrap().contains("ORD-399"));
    change(&mut app, |recipe| recipe.page.landscape = true);
    assert!(total(&app) > portrait);
    change(&mut app, |recipe| recipe.page.text = 5);
    assert!(form(&app).page <= total(&app), "there is no page behind the last one");
}

#[test]
fn a_recipe_is_saved_and_opened_with_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("orders.csv"), ORDERS).unwrap();
    let answers = [Answer::Save(at("r.json")), Answer::Open(vec![at("r.json")]), Answer::Open(vec![at("evil.json")])];
    let mut app = App::asking(Settings::default(), answers);
    app.send(Command::OpenPaths(vec![at("orders.csv")]));
    app.send(Command::Do(Action::NewReport));
    app.send(report(ReportCommand::Format(Format::Csv)));
    app.send(report(ReportCommand::SaveRecipe));
    let text = std::fs::read_to_string(at("r.json")).unwrap();
    assert_eq!(Recipe::parse(&text).unwrap().sources["orders"].file, "orders.csv", "seen from the recipe's folder");

    app.send(Command::Do(Action::CloseDocument));
    app.send(Command::Do(Action::NewReport));
    app.0.get_by_label_contains("is not open: open it");
    app.send(report(ReportCommand::OpenRecipe));
    assert_eq!(app.state().dialog(), Some(&Dialog::Report));
    assert_eq!(kinds(&app), ["title", "table"]);
    assert!(matches!(form(&app).look.pages.as_deref(), Some(Ok(_))), "{:?}", form(&app).look.pages);

    let outside = Path::new("/etc/hostname");
    std::fs::write(
        at("evil.json"),
        format!(r#"{{"sources": {{"s": {outside:?}}}, "sections": [{{"text": {{"source": "s"}}}}]}}"#),
    )
    .unwrap();
    app.send(report(ReportCommand::OpenRecipe));
    assert!(app.state().documents().iter().all(|open| !open.document.name().contains("hostname")), "nothing outside is read");
    app.0.get_by_label_contains("hostname is not open");
}
