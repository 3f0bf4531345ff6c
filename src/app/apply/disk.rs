//! Files that changed under their documents: looked at, asked about once, read again or opened beside.

use std::path::Path;

use crate::app::disk::{DiskAnswer, DiskChange, DiskCommand, DiskState};
use crate::app::{AfterUnsaved, AppState, Dialog, Effect, Job, OpenedDocument};
use crate::document::{Document, DocumentId, Origin};
use crate::files::{FileError, Stamp, WatchedFile};

impl AppState {
    pub(in crate::app) fn disk(&mut self, command: DiskCommand, effects: &mut Vec<Effect>) {
        match command {
            DiskCommand::Happened(path) => self.disk_happened(&path, effects),
            DiskCommand::Answer(id, answer) => self.disk_answer(id, answer, effects),
        }
    }

    /// Something happened to a file: what it is now is looked at by a job.
    fn disk_happened(&mut self, path: &Path, effects: &mut Vec<Effect>) {
        let mut jobs = Vec::new();
        for open in &mut self.documents {
            if let Some(file) = open.file.as_ref().filter(|file| file.path == path) {
                open.disk = DiskState::Looking;
                let (document, identity) = (open.document.id(), file.identity.clone());
                jobs.push(Job::LookAtFile { document, path: path.to_path_buf(), identity });
            }
        }
        for job in jobs {
            self.start(job, effects);
        }
    }

    /// What a file is now; `None` where it is what it was.
    pub(in crate::app) fn disk_known(&mut self, id: DocumentId, path: &Path, found: Option<DiskChange>) {
        let Some(open) = self.document_mut(id) else { return };
        // A save that ended meanwhile knows better.
        if open.disk != DiskState::Looking || open.file.as_ref().is_none_or(|file| file.path != path) {
            return;
        }
        open.disk = found.map_or(DiskState::Same, DiskState::Changed);
    }

    fn disk_answer(&mut self, id: DocumentId, answer: DiskAnswer, effects: &mut Vec<Effect>) {
        let Some(open) = self.document_mut(id) else { return };
        let DiskState::Changed(change) = open.disk.clone() else { return };
        let Some(path) = open.file.as_ref().map(|file| file.path.clone()) else { return };
        match answer {
            DiskAnswer::Keep => open.disk = DiskState::Kept(change.stamp),
            DiskAnswer::Reload if open.document.is_modified() => {
                self.dialog = Some(Dialog::Unsaved { documents: vec![id], then: AfterUnsaved::Reload(id) });
            }
            DiskAnswer::Reload => self.read_again(id, effects),
            DiskAnswer::Compare => {
                self.start(Job::OpenBeside { document: id, path }, effects);
            }
        }
    }

    /// What is on the disk was opened beside the document that was read from there before.
    pub(in crate::app) fn opened_beside(
        &mut self,
        id: DocumentId,
        result: Result<Box<OpenedDocument>, FileError>,
        effects: &mut Vec<Effect>,
    ) {
        let opened = match result {
            Ok(opened) => *opened,
            Err(error) => return self.error(format!("Not opened: {error}")),
        };
        let OpenedDocument { file, detection } = opened;
        let name = file.path.file_name().unwrap_or(file.path.as_os_str()).to_string_lossy().into_owned();
        // Without a file of its own: to save it asks for a name, and nobody overwrites the one with the other by mistake.
        let document = Document::bytes(format!("{name} (on disk)"), Origin::File(file.path), file.buffer);
        let theirs = document.id();
        self.add(document, None, detection);
        if let Some(open) = self.document_mut(id)
            && let DiskState::Changed(change) = &open.disk
        {
            open.disk = DiskState::Kept(change.stamp);
        }
        self.start_comparison(id, theirs, effects);
    }

    /// Tells which files are to be watched, where that is another list than before.
    pub(in crate::app) fn watch_files(&mut self, effects: &mut Vec<Effect>) {
        let mut files = Vec::new();
        for open in &self.documents {
            let Some(file) = &open.file else { continue };
            // While this program writes into it, changes are its own.
            let saving = self.jobs.iter().any(|running| matches!(&running.job, Job::Save { path, .. } if *path == file.path));
            let stamp = match &open.disk {
                DiskState::Same if !saving => Stamp::from(&file.identity),
                DiskState::Kept(stamp) if !saving => *stamp,
                _ => continue,
            };
            files.push(WatchedFile { path: file.path.clone(), stamp });
        }
        if files != self.watched_files {
            self.watched_files.clone_from(&files);
            effects.push(Effect::Watch(files));
        }
    }
}
