//! Archives: their members become documents or files, and documents become archives.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::apply::edit::unknown;
use crate::app::numbers::{binary_size, count};
use crate::app::source::{OpenedMember, SourceOutcome, archive_name, shown_command};
use crate::app::state::{Asking, SavePurpose};
use crate::app::{
    AppState, Dialog, Effect, ExtractDialog, ExtractReport, Job, Preview, PreviewState, SourceCommand, SourceDialog, SourceJob,
};
use crate::buffer::Buffer;
use crate::document::{Document, Origin};
use crate::files::{Existing, FileError, FileErrorKind};
use crate::formats::archive::{Archive, ArchiveError, BUDGET, Kind};
use crate::formats::literal::{Choices, Style, decode_text};
use crate::formats::{self, Detection, FormatError};
use crate::net::{self, Address, Fetched, NetError};
use crate::process::{CaptureError, Captured, CommandLine};

/// Characters of the clipboard that are looked at for what they stand for.
const MOST_OFFERED: usize = 32 << 20;

/// Members that are opened at once.
const MANY: usize = 32;

impl AppState {
    /// The archive in front.
    pub fn archive(&self) -> Option<&Arc<Archive>> {
        match &self.active()?.preview {
            PreviewState::Ready { preview, .. } => match preview.as_ref() {
                Preview::Archive(archive) => Some(archive),
                Preview::Picture(_) | Preview::Table { .. } => None,
            },
            _ => None,
        }
    }

    pub(in crate::app) fn source_command(&mut self, command: SourceCommand, effects: &mut Vec<Effect>) {
        match command {
            SourceCommand::OpenMembers(members) => self.open_members(&members, effects),
            SourceCommand::ExtractMembers(members) => self.ask_extract_folder(members, effects),
            SourceCommand::OpenAnyway(limit) => {
                if let Some(open) = self.active_mut() {
                    open.limit = Some(limit);
                    open.preview = PreviewState::Nothing;
                }
            }
            SourceCommand::Address(typed) => self.change_source(SourceDialog::Address(typed)),
            SourceCommand::Run(typed) => self.change_source(SourceDialog::Run(typed)),
            SourceCommand::Fetch(text) => match Address::parse(&text) {
                Ok(address) => {
                    let limits = net::Limits::default();
                    self.start(Job::Source(Box::new(SourceJob::Fetch { address, limits })), effects);
                }
                Err(error) => self.error(format!("Not opened: {error}")),
            },
            SourceCommand::Capture(command, limits) => {
                self.start(Job::Source(Box::new(SourceJob::Capture { command, limits })), effects);
            }
            SourceCommand::Present(present) => {
                if let Some(Dialog::Source(dialog)) = &mut self.dialog
                    && let SourceDialog::Extract(extract) = dialog.as_mut()
                {
                    extract.present = present;
                }
            }
        }
    }

    /// What is typed in the dialog that is open.
    fn change_source(&mut self, typed: SourceDialog) {
        if let Some(Dialog::Source(dialog)) = &mut self.dialog
            && std::mem::discriminant(dialog.as_ref()) == std::mem::discriminant(&typed)
        {
            **dialog = typed;
        }
    }

    fn open_members(&mut self, members: &[usize], effects: &mut Vec<Effect>) {
        let (Some(archive), Some(open)) = (self.archive().cloned(), self.active()) else { return };
        let origin = open.document.name().to_owned();
        if members.len() > MANY {
            self.info(format!("The first {MANY} of {} are opened", count(members.len() as u64, "member")));
        }
        for &index in members.iter().take(MANY) {
            let Some(member) = archive.members().get(index) else { continue };
            if !member.can_open() {
                // Why not is what reading it would say.
                let why = member.remarks().into_iter().next().unwrap_or_else(|| format!("it is a {}", member.what.name()));
                self.warn(format!("{:?} cannot be opened: {why}", member.name));
                continue;
            }
            let job = SourceJob::Member { archive: Arc::clone(&archive), origin: origin.clone(), index, budget: None };
            self.start(Job::Source(Box::new(job)), effects);
        }
    }

    fn ask_extract_folder(&mut self, members: Vec<usize>, effects: &mut Vec<Effect>) {
        let Some(archive) = self.archive().cloned() else { return };
        if self.dialog.is_some() || self.asking.is_some() {
            return;
        }
        let members = if members.is_empty() { (0..archive.members().len()).collect() } else { members };
        self.keep_copies(effects);
        self.asking = Some(Asking::Extract(archive, members));
        effects.push(Effect::AskFolder { title: "Extract into a folder".into(), folder: self.settings.folder.clone() });
    }

    pub(in crate::app) fn ask_extract(&mut self, archive: Arc<Archive>, members: Vec<usize>, folder: PathBuf) {
        let extract = ExtractDialog { archive, members, folder, present: Default::default() };
        self.dialog = Some(Dialog::Source(Box::new(SourceDialog::Extract(extract))));
    }

    pub(in crate::app) fn accept_source(&mut self, dialog: SourceDialog, effects: &mut Vec<Effect>) {
        match dialog {
            SourceDialog::Anyway { job, .. } => {
                self.start(Job::Source(job), effects);
            }
            SourceDialog::Address(typed) => match typed.read() {
                Ok((address, limits)) => {
                    self.start(Job::Source(Box::new(SourceJob::Fetch { address, limits })), effects);
                }
                Err(_) => self.dialog = Some(Dialog::Source(Box::new(SourceDialog::Address(typed)))),
            },
            SourceDialog::Run(typed) => match typed.read() {
                Ok((command, limits)) => {
                    self.start(Job::Source(Box::new(SourceJob::Capture { command, limits })), effects);
                }
                Err(_) => self.dialog = Some(Dialog::Source(Box::new(SourceDialog::Run(typed)))),
            },
            SourceDialog::DataUrl { bytes, .. } => {
                let name = self.untitled_name();
                self.add(Document::bytes(name, Origin::Clipboard, bytes), None, unknown());
            }
            SourceDialog::Files { paths, .. } => self.open_paths(paths, effects),
            SourceDialog::Extract(ExtractDialog { archive, members, folder, present }) => {
                let job = SourceJob::Extract { archive, members, folder, present, budget: BUDGET };
                self.start(Job::Source(Box::new(job)), effects);
            }
        }
    }

    /// The documents that are open, in the order of their tabs, are to be one archive.
    pub(in crate::app) fn ask_pack(&mut self, kind: Kind, effects: &mut Vec<Effect>) {
        let open = self.documents.iter().filter(|open| !open.document.is_closed());
        let documents: Vec<_> = open.map(|open| (open.document.name().to_owned(), open.document.latest_snapshot())).collect();
        if documents.is_empty() {
            return;
        }
        let title = format!("Pack {} into a {}", count(documents.len() as u64, "document"), kind.name());
        let purpose = SavePurpose::Pack { kind, documents };
        self.ask(purpose, title, archive_name(kind).into(), Vec::new(), effects);
    }

    pub(in crate::app) fn pack_to(
        &mut self,
        kind: Kind,
        documents: Vec<(String, Buffer)>,
        path: PathBuf,
        existing: Existing,
        effects: &mut Vec<Effect>,
    ) {
        self.start(Job::Source(Box::new(SourceJob::Pack { documents, kind, path, existing })), effects);
    }

    pub(in crate::app) fn source_done(&mut self, outcome: SourceOutcome, job: SourceJob) {
        match (outcome, job) {
            (SourceOutcome::Member(Ok(member)), SourceJob::Member { origin, .. }) => self.add_member(member, origin),
            (SourceOutcome::Member(Err(error)), job) => self.member_failed(error, job),
            (SourceOutcome::Extracted(result), SourceJob::Extract { folder, .. }) => match result {
                Ok(report) => self.tell_extracted(&report, &folder),
                Err(error) => self.error(format!("Nothing was extracted: {error}")),
            },
            (SourceOutcome::Packed(Ok((saved, members))), _) => {
                self.tell_saved(&saved, &format!("{} packed into", count(members as u64, "document")));
            }
            (SourceOutcome::Packed(Err(error)), job) => self.not_packed(error, job),
            (SourceOutcome::Fetched(result), job) => self.fetched(result, job),
            (SourceOutcome::Captured(result), SourceJob::Capture { command, .. }) => self.captured(result, &command),
            (SourceOutcome::Captured(_), _) => {}
            (SourceOutcome::Member(_) | SourceOutcome::Extracted(_), _) => {}
        }
    }

    fn add_member(&mut self, member: OpenedMember, origin: String) {
        if let Some(mismatch) = &member.detection.mismatch {
            self.warn(mismatch.clone());
        }
        self.add(Document::bytes(member.name, Origin::Derived(origin), member.content), None, member.detection);
    }

    fn member_failed(&mut self, error: ArchiveError, job: SourceJob) {
        match (error, job) {
            (ArchiveError::Format(FormatError::Cancelled(_)), _) => self.info("Unpacking was stopped; nothing was opened"),
            (ArchiveError::Budget { name, limit, says }, SourceJob::Member { archive, origin, index, .. })
                if self.dialog.is_none() && self.asking.is_none() =>
            {
                // A size that is no larger than what came already is wrong: then the next step is four times as much.
                let needs = (says > limit).then_some(says);
                let budget = Some(needs.unwrap_or_else(|| limit.saturating_mul(4)));
                let job = Box::new(SourceJob::Member { archive, origin, index, budget });
                self.dialog = Some(Dialog::Source(Box::new(SourceDialog::Anyway { what: name, needs, limit, job })));
            }
            (error, _) => self.error(format!("Not opened: {error}")),
        }
    }

    fn fetched(&mut self, result: Result<(Fetched, String, Detection), NetError>, job: SourceJob) {
        match (result, job) {
            (Ok((fetched, name, detection)), _) => {
                for note in fetched.notes {
                    self.info(note);
                }
                if let Some(mismatch) = &detection.mismatch {
                    self.warn(mismatch.clone());
                }
                self.add(Document::bytes(name, Origin::Address(fetched.address), fetched.body), None, detection);
            }
            (Err(NetError::Cancelled(_)), _) => self.info("The transfer was stopped; nothing was opened"),
            (Err(NetError::TooLarge { says, limit }), SourceJob::Fetch { address, limits })
                if self.dialog.is_none() && self.asking.is_none() =>
            {
                let needs = says.filter(|&says| says > limit);
                let bytes = needs.unwrap_or_else(|| limit.saturating_mul(4));
                let what = address.to_string();
                let job = Box::new(SourceJob::Fetch { address, limits: net::Limits { bytes, ..limits } });
                self.dialog = Some(Dialog::Source(Box::new(SourceDialog::Anyway { what, needs, limit, job })));
            }
            (Err(error), _) => self.error(format!("Not opened: {error}")),
        }
    }

    /// Standard output and standard error become a document each; how the program ended is a notice.
    fn captured(&mut self, result: Result<Captured, CaptureError>, command: &CommandLine) {
        let name = command.name();
        match result {
            Ok(captured) => {
                let line = shown_command(command);
                let sizes = [captured.output.len().get(), captured.errors.len().get()];
                let [output, errors] = [(captured.output, "output"), (captured.errors, "errors")].map(|(bytes, what)| {
                    let document = Document::bytes(format!("{name} {what}"), Origin::Command(line.clone()), bytes);
                    let id = document.id();
                    self.add(document, None, unknown());
                    id
                });
                // What went wrong is read first where nothing came out.
                self.active = Some(if sizes[0] == 0 && sizes[1] > 0 { errors } else { output });
                let [out, err] = sizes.map(|len| count(len, "byte"));
                let sentence = format!("{name}: {}; {out} of output, {err} of errors", captured.ended);
                if captured.ended.is_success() {
                    self.info(sentence);
                } else {
                    self.warn(sentence);
                }
                if captured.left_behind {
                    self.warn(format!("{name} started something that kept its output open; it was not waited for"));
                }
            }
            Err(CaptureError::Cancelled(_)) => self.info(format!("{name} was ended; nothing was captured")),
            Err(error) => self.error(format!("Not run: {error}")),
        }
    }

    /// A text of the clipboard that stands for something else, and is not what was copied here: what it is to become is asked.
    /// `false` where it is nothing but text.
    pub(in crate::app) fn offer_pasted(&mut self, text: &str) -> bool {
        if self.dialog.is_some() || self.asking.is_some() || text.len() > MOST_OFFERED {
            return false;
        }
        let paths = file_addresses(text);
        let dialog = if !paths.is_empty() {
            SourceDialog::Files { text: text.to_owned(), paths }
        } else if let Some((bytes, label)) = data_url(text) {
            SourceDialog::DataUrl { text: text.to_owned(), bytes, label }
        } else {
            return false;
        };
        self.dialog = Some(Dialog::Source(Box::new(dialog)));
        true
    }

    /// The other answer of a question about a source: the text itself.
    pub(in crate::app) fn discard_source(&mut self) {
        let Some(Dialog::Source(dialog)) = self.dialog.take() else { return };
        if let SourceDialog::DataUrl { text, .. } | SourceDialog::Files { text, .. } = *dialog {
            let name = self.untitled_name();
            self.add(Document::bytes(name, Origin::Clipboard, text.into_bytes()), None, unknown());
        }
    }

    fn tell_extracted(&mut self, report: &ExtractReport, folder: &std::path::Path) {
        let done = report.done;
        let size = binary_size(done.bytes).map(|size| format!(" ({size})")).unwrap_or_default();
        let mut sentence = format!("{}{size} written to {}", count(done.written, "file"), crate::files::display_path(folder));
        if done.skipped > 0 {
            sentence.push_str(&format!("; {} there already and skipped", count(done.skipped, "file")));
        }
        if done.cancelled {
            sentence.push_str("; stopped before the rest");
        }
        self.info(sentence);
        for told in &report.told {
            self.warn(told.clone());
        }
        let more = (done.left_out + done.failed).saturating_sub(report.told.len() as u64);
        if more > 0 {
            self.warn(format!("{} more were not written", crate::app::numbers::group(more)));
        }
    }

    fn not_packed(&mut self, error: FileError, job: SourceJob) {
        match error.kind {
            FileErrorKind::Cancelled => self.info("Packing was stopped; no file was written"),
            _ => self.not_saved(error, Job::Source(Box::new(job)), None),
        }
    }
}

/// The content of a data URL, and what it is.
fn data_url(text: &str) -> Option<(Vec<u8>, String)> {
    let text = text.trim();
    text.get(..5).filter(|start| start.eq_ignore_ascii_case("data:"))?;
    let bytes = decode_text(text, Style::DataUrl, &Choices::default()).ok()?;
    let found = formats::detect(&bytes.clone().into(), None).ok()?;
    Some((bytes, found.label))
}

/// The files that a list of `file:` addresses names, as file managers put it on the clipboard; nothing where any line is
/// something else.
fn file_addresses(text: &str) -> Vec<PathBuf> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    // Some begin with what is to happen to the files.
    let lines = lines.skip_while(|line| matches!(*line, "copy" | "cut" | "x-special/nautilus-clipboard"));
    let paths: Option<Vec<_>> = lines.map(crate::files::path_of_address).collect();
    paths.unwrap_or_default()
}

/// The path with the archive's extension, and whether it is the one that was given.
pub(in crate::app) fn archive_extension(path: PathBuf, kind: Kind) -> (PathBuf, bool) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if Kind::from_name(&name) == Some(kind) {
        return (path, true);
    }
    let extension = if kind == Kind::Zip { "zip" } else { "tar" };
    (path.with_file_name(format!("{name}.{extension}")), false)
}
