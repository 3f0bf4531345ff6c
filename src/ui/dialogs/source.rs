//! Questions about archives and other sources.

use std::path::{Path, PathBuf};

use egui::{Grid, RichText, Ui};

use super::form::{Fields, verdict};
use super::{buttons, buttons_of, cancel, title};
use crate::app::numbers::{binary_size, count, group};
use crate::app::{
    AddressDialog, Command, DialogCommand, ExtractDialog, LimitFields, Present, RunDialog, SourceCommand, SourceDialog,
};
use crate::ui::theme::UNIT;
use crate::ui::{ViewCx, shortened, shown_path};

pub(super) fn show(ui: &mut Ui, dialog: &SourceDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    match dialog {
        SourceDialog::Anyway { what, needs, limit, .. } => anyway(ui, what, *needs, *limit, fresh, commands),
        SourceDialog::Address(typed) => address(ui, typed, cx, fresh, commands),
        SourceDialog::Run(typed) => run(ui, typed, cx, fresh, commands),
        SourceDialog::DataUrl { text, bytes, label } => {
            let what = format!("a data URL of {label}, {}", count(bytes.len() as u64, "byte"));
            pasted(ui, &what, &[], "Open its content", text.len(), fresh, commands);
        }
        SourceDialog::Files { text, paths } => {
            pasted(ui, &count(paths.len() as u64, "file"), paths, "Open them", text.len(), fresh, commands);
        }
        SourceDialog::Extract(extract) => extraction(ui, extract, cx, fresh, commands),
    }
}

/// Files that a question lists.
const LISTED: usize = 6;

fn pasted(ui: &mut Ui, what: &str, paths: &[PathBuf], accept: &str, bytes: usize, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(440.0);
    title(ui, "What shall be opened?");
    ui.label(format!("The clipboard holds {what}, as text of {}.", count(bytes as u64, "byte")));
    for path in paths.iter().take(LISTED) {
        ui.label(RichText::new(shown_path(path)).weak());
    }
    if let Some(more @ 1..) = paths.len().checked_sub(LISTED) {
        ui.label(RichText::new(format!("and {more} more")).weak());
    }
    let choices = [cancel(), ("Open the text", DialogCommand::Discard), (accept, DialogCommand::Accept)];
    buttons(ui, &choices, true, fresh, commands);
}

/// The two lines for limits; whether one changed.
fn limits(ui: &mut Ui, fields: &mut Fields, limits: &mut LimitFields) -> bool {
    let size = fields.line(ui, "Most bytes", &limits.size, "64 MiB", false);
    let seconds = fields.line(ui, "Longest time in seconds", &limits.seconds, "30", false);
    let changed = size.is_some() || seconds.is_some();
    limits.size = size.unwrap_or_else(|| std::mem::take(&mut limits.size));
    limits.seconds = seconds.unwrap_or_else(|| std::mem::take(&mut limits.seconds));
    changed
}

fn address(ui: &mut Ui, typed: &AddressDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(520.0);
    title(ui, "Open address");
    let (mut fields, mut next, mut changed) = (Fields::default(), typed.clone(), false);
    Grid::new("address").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
        if let Some(text) = fields.line(ui, "Address", &typed.text, "https://example.org/data.csv", fresh) {
            next.text = text;
            changed = true;
        }
        changed |= limits(ui, &mut fields, &mut next.limits);
    });
    let read = typed.read();
    let asked = read.as_ref().map(|(address, _)| {
        let safe = if address.is_secure() { "" } else { ", not encrypted" };
        let proxy =
            crate::net::proxy().map(|proxy| format!(", through the proxy {proxy} of the environment")).unwrap_or_default();
        format!(
            "Asks {} on port {}{safe}{proxy}. Follows at most 5 steps to other addresses, none into a private network.",
            address.host(),
            address.port()
        )
    });
    let hush = typed.text.trim().is_empty();
    let error = read.as_ref().err().filter(|_| !hush).map(String::as_str);
    let otherwise = asked.unwrap_or_else(|_| "Only http and https are opened".to_owned());
    verdict(ui, error, &otherwise, cx);
    fields.buttons(ui, "Open", read.is_ok(), false, commands);
    if changed {
        commands.push(Command::Source(SourceCommand::Address(next)));
    }
}

fn run(ui: &mut Ui, typed: &RunDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(560.0);
    title(ui, "Run a command and capture");
    let (mut fields, mut next, mut changed) = (Fields::default(), typed.clone(), false);
    Grid::new("run").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
        if let Some(line) = fields.line(ui, "Command", &typed.line, "git log -5", fresh) {
            next.line = line;
            changed = true;
        }
        ui.label("");
        let shell = ui.checkbox(&mut next.shell, "Through the shell");
        changed |=
            shell.on_hover_text("The shell reads the line: its wildcards, variables and pipes have a meaning then").changed();
        ui.end_row();
        changed |= limits(ui, &mut fields, &mut next.limits);
    });
    let read = typed.read();
    let hush = typed.line.trim().is_empty();
    if let (Ok(command), false) = (typed.command(), hush) {
        ui.add_space(2.0 * UNIT);
        ui.label("This is what runs, a word a line:");
        egui::ScrollArea::vertical().max_height(160.0).min_scrolled_height(160.0).show(ui, |ui| {
            for word in &command.words {
                let shown = crate::files::display_path(Path::new(word));
                ui.add(egui::Label::new(RichText::new(shortened(&shown, 400)).monospace()).wrap());
            }
        });
    }
    let error = read.as_ref().err().filter(|_| !hush).map(String::as_str);
    verdict(ui, error, "It runs with your rights, with nothing to read. Stop ends it and what it started.", cx);
    fields.buttons(ui, "Run", read.is_ok(), false, commands);
    if changed {
        commands.push(Command::Source(SourceCommand::Run(next)));
    }
}

fn size(bytes: u64) -> String {
    binary_size(bytes).unwrap_or_else(|| count(bytes, "byte"))
}

fn anyway(ui: &mut Ui, what: &str, needs: Option<u64>, limit: u64, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(440.0);
    title(ui, &format!("Open {} anyway?", shortened(what, 40)));
    let claim = match needs {
        Some(needs) => format!("It says that it has {}, which will be held in memory.", size(needs)),
        None => "It makes more than it says it has, which honest data do not.".to_owned(),
    };
    ui.label(format!("It has more than {}, from where on you are asked first. {claim}", size(limit)));
    let next = needs.unwrap_or_else(|| limit.saturating_mul(4));
    let accept = format!("Open anyway (up to {})", size(next));
    buttons_of(ui, &[cancel(), (&accept, DialogCommand::Accept)], &|_| true, fresh.then_some(0), commands);
}

fn extraction(ui: &mut Ui, extract: &ExtractDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(460.0);
    let (files, bytes, out) = extract.sums();
    title(ui, &format!("Extract {}?", count(files, "file")));
    ui.label(format!("{} as the archive says it, into", size(bytes)));
    ui.label(RichText::new(shown_path(&extract.folder)).weak());
    if out > 0 {
        let sentence = format!("{} without a safe name, or no files, are left out", group(out));
        ui.label(RichText::new(sentence).color(cx.theme.warning));
    }
    ui.add_space(2.0 * UNIT);
    ui.horizontal(|ui| {
        ui.label("Files that are there already:");
        for present in Present::ALL {
            if ui.radio(extract.present == present, present.words()).clicked() {
                commands.push(Command::Source(SourceCommand::Present(present)));
            }
        }
    });
    buttons(ui, &[cancel(), ("Extract", DialogCommand::Accept)], files > 0, fresh, commands);
}
