//! Who marks bytes: everything that is known of a document and shown among its bytes is pushed here.

use std::ops::Range;

use super::content::Content;
use super::marks::{MarkKind, Marks};
use crate::app::OpenDocument;
use crate::document::{Document, DocumentId, SpanKind};
use crate::stream::Link;
use crate::ui::ViewCx;
use crate::ui::matches::Sight;
use crate::ui::theme::Theme;

/// What differs from the file among the bytes that were in sight last.
#[derive(Default)]
pub(super) struct Changed {
    of: Option<(DocumentId, u64, Option<u64>, Range<u64>)>,
    ranges: Vec<Range<u64>>,
}

impl Changed {
    fn of(&mut self, document: &Document, range: Range<u64>) -> &[Range<u64>] {
        let of = Some((document.id(), document.revision(), document.saved_revision(), range.clone()));
        if self.of != of {
            self.ranges = document.changed(range);
            self.of = of;
        }
        &self.ranges
    }
}

/// Collects the marks of a frame. Places are in bytes, also where the document is text.
pub(super) fn collect(
    open: &OpenDocument,
    cx: &ViewCx<'_>,
    content: &Content,
    links: &[Link],
    changed: &mut Changed,
    marks: &mut Marks,
) {
    let end = marks.seen().end;
    for &(start, behind, color) in content.bookmarks.iter().take_while(|mark| mark.0 < end) {
        marks.push(MarkKind::Bookmark(Theme::bookmark_ground(color)), start..behind.min(content.size));
    }
    if let Some((kind, start, end)) = content.touched {
        let kind = if kind == SpanKind::Read { MarkKind::Read } else { MarkKind::Written };
        marks.push(kind, start..end.min(content.size));
    }
    if let Some((start, end)) = content.selection {
        marks.push(MarkKind::Selection, start..end.min(content.size));
    }
    // What follows counts in bytes of the stream itself.
    if content.text.is_some() {
        return;
    }
    if cx.settings.hex.mark_changed {
        let seen = marks.seen();
        let ranges = changed.of(&open.document, seen.start..seen.end.min(content.size));
        marks.extend(MarkKind::Changed, ranges.iter().cloned());
    }
    if let Some(tree) = cx.state.structure_colors(open) {
        let seen = marks.seen();
        for region in tree.regions_in(seen.start, seen.end) {
            marks.push(MarkKind::Structure(region.color), region.start..region.end);
        }
    }
    wrappers(links, marks);
    if let Some((start, end)) = open.view.linked {
        marks.push(MarkKind::Linked, start..end);
    }
}

/// What a search found, and the match that it stands at.
pub(super) fn matches(sight: Sight<'_>, marks: &mut Marks) {
    for &(start, end, needle) in sight.hits {
        marks.push(MarkKind::Match(needle), start..end);
    }
    marks.extend(MarkKind::CurrentMatch, sight.current.map(|(start, end)| start..end));
}

/// What wrappers have read ahead and what they will write.
fn wrappers(links: &[Link], marks: &mut Marks) {
    for link in links {
        if let Some(text) = &link.text {
            let used = usize::try_from(text.used).unwrap_or(usize::MAX);
            if let (Some(&from), Some((_, end))) = (text.starts.get(used), text.chunk) {
                marks.push(MarkKind::Ahead, from..end);
            }
            marks.push(MarkKind::Written, text.pending_at..text.pending_at + text.pending.len() as u64);
        }
        if let Some(window) = &link.window {
            let end = window.start + window.bytes.len() as u64;
            match window.dirty {
                Some((from, to)) => marks.push(MarkKind::Written, from..to),
                None => marks.push(MarkKind::Ahead, window.position..end),
            }
        }
    }
}
