//! Opening: files, bytes, standard input.

use std::path::PathBuf;

use crate::app::apply::edit::unknown;
use crate::app::{AppState, DiskState, Effect, Job, OpenDocument, OpenFile, OpenedDocument};
use crate::document::{Document, DocumentId, Operation, Origin};
use crate::files::FileError;

impl AppState {
    /// Files that are open already come to the front; the others are opened by one job, in order.
    pub(in crate::app) fn open_paths(&mut self, paths: Vec<PathBuf>, effects: &mut Vec<Effect>) {
        let mut new = Vec::with_capacity(paths.len());
        let mut shown = None;
        for path in paths {
            let open = self.documents.iter().find(|open| open.file.as_ref().is_some_and(|file| file.path == path));
            match open {
                Some(open) => shown = Some(open.document.id()),
                None if !new.contains(&path) => new.push(path),
                None => {}
            }
        }
        if let Some(id) = shown {
            self.active = Some(id);
        }
        if !new.is_empty() {
            self.start(Job::Open(new), effects);
        }
    }

    pub(in crate::app) fn open_bytes(&mut self, name: String, bytes: Vec<u8>) {
        self.add(Document::bytes(name, Origin::Clipboard, bytes), None, unknown());
    }

    /// The file of a document is read again; its content becomes an edit, so that undo brings the old one back.
    pub(in crate::app) fn read_again(&mut self, id: DocumentId, effects: &mut Vec<Effect>) {
        if let Some(path) = self.document(id).and_then(|open| open.file.as_ref()).map(|file| file.path.clone()) {
            self.reloading.retain(|&(other, _)| other != id);
            let revision = self.document(id).map_or(0, |open| open.document.latest_revision());
            self.reloading.push((id, revision));
            self.start(Job::Open(vec![path]), effects);
        }
    }

    pub(in crate::app) fn opened(&mut self, results: Vec<Result<OpenedDocument, FileError>>, effects: &mut Vec<Effect>) {
        let mut first = None;
        for result in results {
            match result {
                Ok(opened) => {
                    let id = self.take_in(opened);
                    first = first.or(Some(id));
                }
                Err(error) => {
                    let of_it = |open: &OpenDocument| open.file.as_ref().is_some_and(|file| file.path == error.path);
                    let ids: Vec<_> = self.documents.iter().filter(|open| of_it(open)).map(|open| open.document.id()).collect();
                    self.reloading.retain(|(id, _)| !ids.contains(id));
                    self.error(format!("Not opened: {error}"));
                }
            }
        }
        if let Some(first) = first {
            self.active = Some(first);
        }
        self.compare_opened(effects);
    }

    pub(in crate::app) fn take_in(&mut self, opened: OpenedDocument) -> DocumentId {
        let OpenedDocument { file, detection } = opened;
        let open_file = OpenFile { path: file.path.clone(), identity: file.identity, writable: file.writable };
        if let Some(mismatch) = &detection.mismatch {
            self.warn(mismatch.clone());
        }
        self.settings.remember(&file.path);
        let same = self.documents.iter_mut().find(|open| open.file.as_ref().is_some_and(|file| file.path == open_file.path));
        if let Some(open) = same {
            let id = open.document.id();
            let asked = self.reloading.iter().position(|&(reloading, _)| reloading == id);
            match asked.map(|at| self.reloading.swap_remove(at).1) {
                // It was asked for twice before it was open: what was done to it since is nobody's to replace.
                None => return id,
                Some(revision) if revision != open.document.latest_revision() => {
                    let name = open.document.name().to_owned();
                    self.warn(format!("{name} was edited while its file was read again: it stays as it is"));
                    return id;
                }
                Some(_) => {}
            }
            let document = &mut open.document;
            let (end, cursor) = (document.size(), document.position());
            // The file itself is not protected from what others do; what became of its permissions counts anew.
            let was = open.file.as_ref().is_none_or(|file| file.writable);
            let protected = if was == open_file.writable { document.is_protected() } else { !open_file.writable };
            document.set_protected(false);
            let reload = Operation::Replace { start: 0, end, data: file.buffer.into() };
            if document.perform(reload).is_ok() {
                document.perform(Operation::seek(cursor)).ok();
                document.mark_saved(document.revision());
                if let Some(content) = document.as_bytes().cloned() {
                    document.set_saved_content(content);
                }
            }
            document.set_protected(protected);
            open.file = Some(open_file);
            open.disk = DiskState::Same;
            open.detection = detection;
            return document.id();
        }
        let name = file.path.file_name().unwrap_or(file.path.as_os_str()).to_string_lossy().into_owned();
        let mut document = Document::bytes(name, Origin::File(file.path), file.buffer);
        document.set_protected(!file.writable);
        let id = document.id();
        self.add(document, Some(open_file), detection);
        id
    }
}
