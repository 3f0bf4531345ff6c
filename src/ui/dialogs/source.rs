//! Questions about archives and other sources.

use egui::{RichText, Ui};

use super::{buttons, buttons_of, cancel, title};
use crate::app::numbers::{binary_size, count, group};
use crate::app::{Command, DialogCommand, ExtractDialog, Present, SourceCommand, SourceDialog};
use crate::ui::theme::UNIT;
use crate::ui::{ViewCx, shortened, shown_path};

pub(super) fn show(ui: &mut Ui, dialog: &SourceDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    match dialog {
        SourceDialog::Anyway { what, needs, limit, .. } => anyway(ui, what, *needs, *limit, fresh, commands),
        SourceDialog::Extract(extract) => extraction(ui, extract, cx, fresh, commands),
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
    ui.label(format!("It makes more than {}, the limit for what nobody was asked about. {claim}", size(limit)));
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
