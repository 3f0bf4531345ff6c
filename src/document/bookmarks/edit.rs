//! What is done to bookmarks: steps of undo, and lines of the timeline, that leave the content alone.
//!
//! A step keeps what tells the two sides apart and nothing more: which ranges come or go, or the name, comment or colour that is not
//! there at the moment. Both an undo and a redo exchange that for what is there, so one rule serves both.

use std::collections::HashSet;

use super::{Bookmark, BookmarkColor, BookmarkError, BookmarkId, Bookmarks, MOST, NAME_MAX, Range, Track};
use crate::document::history::{History, Step};
use crate::document::{Document, Operation};

/// The most bytes of a comment.
const COMMENT_MAX: usize = 16 * NAME_MAX;

/// Bookmarks that are kept for undo; past twice as many the older ones go for good, with the steps that are about them.
const GONE: usize = MOST;

/// Up to so many ranges are looked for one by one.
const FEW: usize = 8;

/// Characters of a name that a line of the timeline shows.
const SHOWN: usize = 40;

/// What a step exchanges.
#[derive(Clone, Debug)]
pub(in crate::document) enum Change {
    /// Those that are there go, the others come.
    Toggle(Box<[Track]>),
    /// The name on the other side of the step.
    Name(BookmarkId, String),
    /// The comment on the other side.
    Comment(BookmarkId, String),
    /// The colour on the other side.
    Color(BookmarkId, BookmarkColor),
}

impl Bookmarks {
    /// Goes over a step, in either direction: afterwards the change leads back.
    pub(in crate::document) fn exchange(&mut self, change: &mut Change) {
        match change {
            Change::Toggle(tracks) => self.toggle(tracks),
            Change::Name(id, name) => self.with(*id, |mark| std::mem::swap(&mut mark.name, name)),
            Change::Comment(id, comment) => self.with(*id, |mark| std::mem::swap(&mut mark.comment, comment)),
            Change::Color(id, color) => self.with(*id, |mark| std::mem::swap(&mut mark.color, color)),
        }
        self.changed();
    }

    fn with(&mut self, id: BookmarkId, change: impl FnOnce(&mut Bookmark)) {
        if let Some(mark) = self.list.iter_mut().find(|mark| mark.id == id) {
            change(mark);
        }
    }

    fn toggle(&mut self, tracks: &[Track]) {
        let many: HashSet<Track> = if tracks.len() > FEW { tracks.iter().copied().collect() } else { HashSet::new() };
        let goes = |mark: &mut Bookmark| match tracks {
            [] => false,
            few if many.is_empty() => few.contains(&mark.track),
            _ => many.contains(&mark.track),
        };
        let went: Vec<Bookmark> = self.list.extract_if(.., goes).collect();
        let came: Vec<Bookmark> = self.gone.extract_if(.., goes).collect();
        self.list.extend(came);
        self.gone.extend(went);
    }

    fn next_number(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    /// Puts one among those that are there.
    fn put(&mut self, mark: Bookmark) -> Track {
        let track = mark.track;
        // What is known of other moments does not tell where this one was.
        self.known.clear();
        self.list.push(mark);
        self.changed();
        track
    }

    /// Lets those go that no step can bring back, and the oldest where there are too many; returns whether steps lost theirs.
    fn clear_gone(&mut self, history: &History) -> bool {
        if self.gone.is_empty() {
            return false;
        }
        let wanted: HashSet<Track> = history.changes().flat_map(Change::tracks).copied().collect();
        self.gone.retain(|mark| wanted.contains(&mark.track));
        let too_many = self.gone.len() > 2 * GONE;
        if too_many {
            self.gone.sort_by_key(|mark| mark.track);
            self.gone.drain(..self.gone.len() - GONE);
        }
        let kept: HashSet<Track> = self.list.iter().chain(&self.gone).map(|mark| mark.track).collect();
        self.lost.retain(|(_, track), _| kept.contains(track));
        self.known.values_mut().for_each(|ranges| ranges.retain(|(track, _)| kept.contains(track)));
        self.before.retain(|(track, _)| kept.contains(track));
        too_many
    }
}

impl Change {
    fn tracks(&self) -> &[Track] {
        match self {
            Self::Toggle(tracks) => tracks,
            _ => &[],
        }
    }
}

/// A name without what would hide or break lines.
pub(super) fn checked_name(name: &str) -> Result<String, BookmarkError> {
    let name: String = name.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if name.is_empty() {
        return Err(BookmarkError::NoName);
    }
    if name.len() > NAME_MAX {
        return Err(BookmarkError::TooLong(NAME_MAX));
    }
    Ok(name)
}

fn checked_comment(comment: &str) -> Result<(), BookmarkError> {
    if comment.len() > COMMENT_MAX { Err(BookmarkError::TooLong(COMMENT_MAX)) } else { Ok(()) }
}

/// A name in a line of the timeline.
fn quoted(name: &str) -> String {
    let more = if name.chars().nth(SHOWN).is_some() { "..." } else { "" };
    format!("'{}{more}'", name.chars().take(SHOWN).collect::<String>())
}

/// Changes of bookmarks. None of them changes the content; each that changes anything is a step of undo.
impl Document {
    /// The bookmarks, at the moment that is shown.
    pub fn bookmarks(&self) -> &Bookmarks {
        &self.bookmarks
    }

    /// Makes a bookmark of a range, in units of the stream; an empty one stands between two units.
    ///
    /// # Errors
    /// Where the name is taken or none, where the range is not inside of the document, where there are too many.
    pub fn add_bookmark(
        &mut self,
        name: &str,
        range: Range,
        color: BookmarkColor,
        comment: &str,
    ) -> Result<BookmarkId, BookmarkError> {
        let (id, track) = self.put_bookmark(name, range, color, comment)?;
        let name = self.bookmarks.get(id).map(|mark| quoted(mark.name())).unwrap_or_default();
        self.bookmark_step("Add bookmark", format!("Bookmark {name} added"), Change::Toggle([track].into()));
        Ok(id)
    }

    /// [`Document::add_bookmark`] without the step.
    pub(super) fn put_bookmark(
        &mut self,
        name: &str,
        (start, end): Range,
        color: BookmarkColor,
        comment: &str,
    ) -> Result<(BookmarkId, Track), BookmarkError> {
        let name = checked_name(name)?;
        self.check_range(start, end)?;
        checked_comment(comment)?;
        let marks = &mut self.bookmarks;
        if marks.named(&name).is_some() {
            return Err(BookmarkError::NameTaken(name));
        }
        if marks.len() >= MOST {
            return Err(BookmarkError::TooMany);
        }
        let number = marks.next_number();
        let (id, track) = (BookmarkId(number), Track(number));
        marks.put(Bookmark { id, track, name, comment: comment.to_owned(), color, range: (start, end) });
        Ok((id, track))
    }

    /// The step of bookmarks that were put one by one.
    pub(super) fn bookmarks_added(&mut self, tracks: Vec<Track>) {
        let many = if tracks.len() == 1 { "1 bookmark added".into() } else { format!("{} bookmarks added", tracks.len()) };
        if !tracks.is_empty() {
            self.bookmark_step("Add bookmarks", many, Change::Toggle(tracks.into()));
        }
    }

    fn check_range(&self, start: u64, end: u64) -> Result<(), BookmarkError> {
        let size = self.size();
        if start <= end && end <= size { Ok(()) } else { Err(BookmarkError::Outside(size)) }
    }

    fn bookmark(&self, id: BookmarkId) -> Result<&Bookmark, BookmarkError> {
        self.bookmarks.get(id).ok_or(BookmarkError::Gone)
    }

    /// Gives a bookmark another name.
    ///
    /// # Errors
    /// Where it is taken by another one, is none or too long, or where the bookmark is gone.
    pub fn rename_bookmark(&mut self, id: BookmarkId, name: &str) -> Result<(), BookmarkError> {
        let name = checked_name(name)?;
        if self.bookmarks.named(&name).is_some_and(|other| other.id != id) {
            return Err(BookmarkError::NameTaken(name));
        }
        let mark = self.bookmark(id)?;
        if mark.name != name {
            let said = format!("Bookmark {} renamed to {}", quoted(&mark.name), quoted(&name));
            self.change_bookmark("Rename bookmark", said, Change::Name(id, name));
        }
        Ok(())
    }

    /// Changes the comment of a bookmark.
    ///
    /// # Errors
    /// Where it is too long, or where the bookmark is gone.
    pub fn comment_bookmark(&mut self, id: BookmarkId, comment: &str) -> Result<(), BookmarkError> {
        checked_comment(comment)?;
        let mark = self.bookmark(id)?;
        if mark.comment != comment {
            let did = match (mark.comment.is_empty(), comment.is_empty()) {
                (true, _) => "added",
                (_, true) => "removed",
                _ => "changed",
            };
            let said = format!("Bookmark {}: comment {did}", quoted(&mark.name));
            self.change_bookmark("Comment bookmark", said, Change::Comment(id, comment.to_owned()));
        }
        Ok(())
    }

    /// Gives a bookmark another colour.
    ///
    /// # Errors
    /// Where it is gone.
    pub fn color_bookmark(&mut self, id: BookmarkId, color: BookmarkColor) -> Result<(), BookmarkError> {
        let mark = self.bookmark(id)?;
        if mark.color != color {
            let said = format!("Bookmark {} made {}", quoted(&mark.name), color.name().to_lowercase());
            self.change_bookmark("Recolour bookmark", said, Change::Color(id, color));
        }
        Ok(())
    }

    /// Puts a bookmark on another range.
    ///
    /// # Errors
    /// Where the range is not inside of the document, or where the bookmark is gone.
    pub fn place_bookmark(&mut self, id: BookmarkId, (start, end): Range) -> Result<(), BookmarkError> {
        self.check_range(start, end)?;
        let mark = self.bookmark(id)?.clone();
        if mark.range == (start, end) {
            return Ok(());
        }
        // What is known of the old range at other moments stays with it, and says nothing about the new one.
        let old = mark.track;
        let said = format!("Bookmark {} moved to 0x{start:X}..0x{end:X}", quoted(&mark.name));
        self.bookmarks.toggle(&[old]);
        let track = Track(self.bookmarks.next_number());
        self.bookmarks.put(Bookmark { track, range: (start, end), ..mark });
        self.bookmark_step("Move bookmark", said, Change::Toggle([old, track].into()));
        Ok(())
    }

    /// Removes a bookmark; `false` where it is gone already.
    pub fn remove_bookmark(&mut self, id: BookmarkId) -> bool {
        let Ok(mark) = self.bookmark(id) else { return false };
        let (said, track) = (format!("Bookmark {} removed", quoted(&mark.name)), mark.track);
        self.change_bookmark("Remove bookmark", said, Change::Toggle([track].into()));
        true
    }

    /// Removes all bookmarks; returns how many there were.
    pub fn remove_bookmarks(&mut self) -> usize {
        let tracks: Box<[Track]> = self.bookmarks.iter().map(|mark| mark.track).collect();
        let count = tracks.len();
        match self.bookmarks.list.as_slice() {
            [] => {}
            [only] => _ = self.remove_bookmark(only.id),
            _ => self.change_bookmark("Remove all bookmarks", format!("All {count} bookmarks removed"), Change::Toggle(tracks)),
        }
        count
    }

    fn change_bookmark(&mut self, label: &'static str, said: String, mut change: Change) {
        self.bookmarks.exchange(&mut change);
        self.bookmark_step(label, said, change);
    }

    /// Enters a change that was made as the last step, wherever the walk is: it is made to all moments alike.
    fn bookmark_step(&mut self, label: &'static str, said: String, change: Change) {
        let before = self.timeline.latest_number();
        self.timeline.note(self.kind(), Operation::Note(said.into()));
        let after = self.timeline.latest_number();
        let selection_before = if self.is_walking() { self.selection_kept } else { self.selection };
        let forgets = self.history.redo_len() > 0 || self.bookmarks.gone.len() > 2 * GONE;
        self.history.push(Step { label, before, selection_before, after, run: None, bookmarks: Some(change) }, false);
        self.history.end_run();
        if forgets {
            self.forget_bookmarks();
        }
        self.forget_old();
    }

    /// Steps may have been forgotten: so are the bookmarks that only they could bring back.
    pub(in crate::document) fn forget_bookmarks(&mut self) {
        if !self.bookmarks.clear_gone(&self.history) {
            return;
        }
        let all = || self.bookmarks.list.iter().chain(&self.bookmarks.gone);
        let (tracks, ids): (HashSet<Track>, HashSet<BookmarkId>) = all().map(|mark| (mark.track, mark.id)).unzip();
        self.history.forget_changes(|change| match change {
            Change::Toggle(toggled) => toggled.iter().all(|track| tracks.contains(track)),
            Change::Name(id, _) | Change::Comment(id, _) | Change::Color(id, _) => ids.contains(id),
        });
    }
}
