//! Bookmarks: made, changed, gone to, and kept in a file when that is asked for.

use std::path::{Path, PathBuf};

use super::save::stem;
use crate::app::bookmark::BookmarkCommand;
use crate::app::numbers::{count, place};
use crate::app::state::{Asking, SavePurpose};
use crate::app::{AppState, Effect, Job, PaneKind, parse_place};
use crate::document::{Bookmark, BookmarkColor, BookmarkError, BookmarkId, Document, DocumentId, Operation};

impl AppState {
    pub(in crate::app) fn bookmark(&mut self, command: BookmarkCommand) {
        let Some(open) = self.active_mut() else { return };
        let document = &mut open.document;
        let done = match command {
            BookmarkCommand::Rename(id, name) => document.rename_bookmark(id, &name),
            BookmarkCommand::Comment(id, comment) => document.comment_bookmark(id, &comment),
            BookmarkCommand::Color(id, color) => document.color_bookmark(id, color),
            BookmarkCommand::Place(id, text) => return self.place_bookmark(id, &text),
            BookmarkCommand::Go(id) => return self.go_to_bookmark(id),
            BookmarkCommand::Select(id) => return self.select_bookmark(id),
            BookmarkCommand::Remove(id) => {
                document.remove_bookmark(id);
                Ok(())
            }
            BookmarkCommand::RemoveAll => {
                document.remove_bookmarks();
                Ok(())
            }
        };
        if let Err(error) = done {
            self.warn(format!("The bookmark is as it was: {error}"));
        }
    }

    /// Makes a bookmark of the selection, or of the unit at the cursor.
    pub(in crate::app) fn add_bookmark(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active_mut() else { return };
        let document = &mut open.document;
        let (cursor, size) = (document.position().min(document.size()), document.size());
        let selected = document.selection().map(|selection| (selection.start(), selection.end()));
        let range = selected.unwrap_or((cursor, (cursor + 1).min(size)));
        let (name, color) = (document.bookmarks().free_name(), next_color(document));
        if let Err(error) = document.add_bookmark(&name, range, color, "") {
            return self.warn(format!("No bookmark was made: {error}"));
        }
        if self.comparison_in_front().is_some() {
            // The list is not in sight there.
            self.info(format!("{name} was made"));
        }
        if !self.settings.panes.contains(&PaneKind::Bookmarks) {
            self.settings.panes.push(PaneKind::Bookmarks);
            self.keep_settings(effects);
        }
        self.bookmarks_front += 1;
    }

    /// Goes to the next bookmark behind the cursor, or to the last one before it; around at the ends.
    pub(in crate::app) fn step_bookmark(&mut self, forth: bool) {
        let Some(open) = self.active() else { return };
        let marks = open.document.bookmarks();
        let walking = open.document.is_walking();
        // A walk leaves the cursor: the view goes from bookmark to bookmark.
        let at = if walking {
            open.view.linked.map_or(open.document.position(), |(start, _)| start)
        } else {
            open.document.position()
        };
        let next = match forth {
            true => marks.after(at).or_else(|| marks.iter().next()),
            false => marks.before(at).or_else(|| marks.iter().last()),
        };
        if let Some(id) = next.map(Bookmark::id) {
            self.go_to_bookmark(id);
        }
    }

    fn go_to_bookmark(&mut self, id: BookmarkId) {
        let Some(open) = self.active_mut() else { return };
        let Some((start, end)) = open.document.bookmarks().get(id).map(|mark| (mark.start(), mark.end())) else { return };
        if open.document.is_walking() {
            open.view.linked = Some((start, end.max(start + 1)));
            open.view.shown = (start, open.view.shown.1 + 1);
            return;
        }
        self.perform(Operation::seek(start));
        if let Some(open) = self.active_mut() {
            open.view.reveal += 1;
        }
    }

    fn select_bookmark(&mut self, id: BookmarkId) {
        let Some(open) = self.active() else { return };
        let Some((start, end)) = open.document.bookmarks().get(id).map(|mark| (mark.start(), mark.end())) else { return };
        if open.document.is_walking() {
            return self.go_to_bookmark(id);
        }
        self.select(start, end);
        if let Some(open) = self.active_mut() {
            open.view.reveal += 1;
        }
    }

    fn place_bookmark(&mut self, id: BookmarkId, text: &str) {
        let range = self.bookmark_range(text);
        let Some(open) = self.active_mut() else { return };
        let placed =
            range.and_then(|range| open.document.place_bookmark(id, range).map_err(|error: BookmarkError| error.to_string()));
        if let Err(error) = placed {
            self.warn(format!("The bookmark is where it was: {error}"));
        }
    }

    /// A bookmark's range as it is typed, for the document in front: two positions with `..` between them, each an expression.
    ///
    /// # Errors
    /// What is wrong with it, while it is typed.
    pub fn bookmark_range(&self, text: &str) -> Result<(u64, u64), String> {
        let (from, to) = text.split_once("..").ok_or("Type two positions, for example 0x10..0x20")?;
        let read = |text: &str| self.places(|places| parse_place(text, places)).ok_or("There is no document")?;
        let from = read(from)?;
        let to = if to.trim().is_empty() { self.active().map_or(from, |open| open.document.size()) } else { read(to)? };
        if from > to {
            return Err("The second position is before the first".into());
        }
        match self.active().map(|open| open.document.size()) {
            Some(size) if to > size => Err(format!("{} is past the end, which is at {}", place(to), place(size))),
            _ => Ok((from, to)),
        }
    }

    /// Asks where the bookmarks of the document in front are written.
    pub(in crate::app) fn ask_export_bookmarks(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let name = format!("{}.bookmarks.json", open.document.name());
        let title = format!("Export the bookmarks of {}", stem(open.document.name()));
        let purpose = SavePurpose::Bookmarks(open.document.id());
        // They stand beside their document where that is a file.
        let beside = open.file.as_ref().and_then(|file| file.path.parent()).filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = beside.map(Path::to_path_buf) {
            self.settings.folder = Some(folder);
        }
        self.ask(purpose, title, name, Vec::new(), effects);
    }

    /// Asks which file's bookmarks are added to the document in front.
    pub(in crate::app) fn ask_import_bookmarks(&mut self, effects: &mut Vec<Effect>) {
        let Some(id) = self.active().map(|open| open.document.id()) else { return };
        if self.asking.is_some() {
            return;
        }
        self.keep_copies(effects);
        self.asking = Some(Asking::Bookmarks(id));
        effects.push(Effect::AskOpen { folder: self.settings.folder.clone() });
    }

    pub(in crate::app) fn read_bookmarks(&mut self, document: DocumentId, path: Option<PathBuf>, effects: &mut Vec<Effect>) {
        if let Some(path) = path {
            self.settings.remember_folder(&path);
            self.start(Job::ReadBookmarks { document, path }, effects);
        }
    }

    /// The text of a file with bookmarks arrived: all of them are added, or none.
    pub(in crate::app) fn bookmarks_read(&mut self, document: DocumentId, text: Result<(String, String), String>) {
        let (name, text) = match text {
            Ok(read) => read,
            Err(error) => return self.error(format!("No bookmarks were added: {error}")),
        };
        let Some(open) = self.document_mut(document) else { return };
        let added = open.document.import_bookmarks(&text);
        match added {
            Ok(0) => self.info(format!("Every bookmark of {name} is there already")),
            Ok(added) => self.info(format!("{} added from {name}", count(added as u64, "bookmark"))),
            Err(error) => self.error(format!("No bookmarks were added: {name}: {error}")),
        }
        self.bookmarks_front += 1;
    }
}

/// The colour that was used least, the first of those in the order of the palette.
fn next_color(document: &Document) -> BookmarkColor {
    let used = |color| document.bookmarks().iter().filter(|mark| mark.color == color).count();
    BookmarkColor::ALL.into_iter().min_by_key(|color| used(*color)).unwrap_or_default()
}
