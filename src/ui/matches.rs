//! The matches that are in sight in a view: from the list where it has them, else found on the spot.

use std::ops::Range;

use crate::app::{AppState, OpenDocument, content_of};
use crate::document::DocumentId;
use crate::explore::search::{Content, Hit, Needle, Pattern, Query};

/// Matches in sight, for one view. A cache.
#[derive(Default)]
pub(super) struct Matches {
    of: Option<Key>,
    hits: Vec<(u64, u64, u16)>,
    /// The needle for the UTF-8 of a text document, made of the query in front of it.
    utf8: Option<(Query, Option<Pattern>)>,
}

/// What the matches are of: document, content, range, and whether the list has them; and the query.
type Key = ((DocumentId, u64, Range<u64>, bool), Query);

impl Matches {
    /// First unit, the one behind the last, and the needle of each match that is partly in `range`, and of the one that was gone to last.
    pub(super) fn in_sight(&mut self, state: &AppState, open: &OpenDocument, range: Range<u64>) -> Sight<'_> {
        let document = &open.document;
        let search = state.search();
        let Some(pattern) = search.pattern(document.id()) else { return Sight::default() };
        let known = search.results_of(document.id()).filter(|results| {
            results.query == *pattern.query()
                && results.target.revision == document.revision()
                && results.target.feed.0.is_whole_before(range.end)
        });
        let key = ((document.id(), document.revision(), range.clone(), known.is_some()), pattern.query().clone());
        if self.of.as_ref() != Some(&key) {
            self.of = Some(key);
            let hits = match known {
                Some(results) => {
                    let feed = &results.target.feed.0;
                    let first = feed.at_or_after(range.start.saturating_sub(pattern.longest()));
                    feed.hits(first..feed.at_or_after(range.end))
                }
                None => pattern.in_sight(&content_of(document), range.clone()).unwrap_or_default(),
            };
            self.hits = places(&hits, &range);
        }
        let current = search.current(document).map(|hit| (hit.offset, hit.end()));
        Sight { hits: &self.hits, current }
    }

    /// The same in the UTF-8 form of a text document.
    pub(super) fn in_utf8(
        &mut self,
        state: &AppState,
        open: &OpenDocument,
        utf8: &crate::buffer::Buffer,
        range: Range<u64>,
    ) -> Sight<'_> {
        let document = &open.document;
        let Some(pattern) = state.search().pattern(document.id()) else { return Sight::default() };
        let content = Content::Bytes(utf8.clone());
        if self.utf8.as_ref().is_none_or(|(query, _)| query != pattern.query()) {
            let mut query = pattern.query().clone();
            for needle in &mut query.needles {
                match needle {
                    Needle::Text { encoding, .. } => *encoding = "utf-8".into(),
                    Needle::Regex { unicode, .. } => *unicode = true,
                    _ => {}
                }
            }
            query.align = 1;
            self.utf8 = Some((pattern.query().clone(), Pattern::new(&query, &content).ok()));
        }
        let key = ((document.id(), document.revision(), range.clone(), false), pattern.query().clone());
        if self.of.as_ref() != Some(&key) {
            let hits = match &self.utf8 {
                Some((_, Some(pattern))) => pattern.in_sight(&content, range.clone()).unwrap_or_default(),
                _ => Vec::new(),
            };
            self.of = Some(key);
            self.hits = places(&hits, &range);
        }
        // The one that was gone to is selected, which shows it.
        Sight { hits: &self.hits, current: None }
    }
}

fn places(hits: &[Hit], range: &Range<u64>) -> Vec<(u64, u64, u16)> {
    hits.iter().map(|hit| (hit.offset, hit.end(), hit.needle)).filter(|&(_, end, _)| end > range.start).collect()
}

/// What is in sight.
#[derive(Clone, Copy, Default)]
pub(super) struct Sight<'a> {
    /// All matches, in order, each with its needle's number.
    pub(super) hits: &'a [(u64, u64, u16)],
    /// The one that was gone to last; may be out of sight.
    pub(super) current: Option<(u64, u64)>,
}
