//! Matches of expressions that end where an expression may see no further.

use regex_automata::{Anchored, Input};

use super::{Content, Hit, LOOK, MAX_MATCH, Needle, Pattern, Query};
use crate::buffer::{ByteRange, Offset};

/// A match this much shorter than [`MAX_MATCH`] did not end for that: repeated parts are hardly ever longer.
const NEAR: u64 = 64;

impl Query {
    /// Whether a match was cut at [`MAX_MATCH`]: with twice as many bytes in sight it would be longer. Costs nothing but for the
    /// few matches that are nearly as long.
    pub fn is_cut(&self, content: &Content, hit: Hit) -> bool {
        const MOST: u64 = MAX_MATCH as u64;
        let Some(needle @ Needle::Regex { .. }) = self.needles.get(usize::from(hit.needle)) else { return false };
        // A code point has up to four bytes.
        let least = if let Content::Bytes(_) = content { MOST - NEAR } else { (MOST - NEAR) / 4 };
        if u64::from(hit.len) < least {
            return false;
        }
        let first = hit.offset.saturating_sub(LOOK as u64);
        let last = hit.offset.saturating_add(2 * MOST).min(content.len());
        let (window, from, len) = match content {
            Content::Bytes(bytes) => {
                let Ok(window) = bytes.to_vec(ByteRange::between(Offset(first), Offset(last))) else { return false };
                (window, hit.offset - first, u64::from(hit.len))
            }
            Content::Text(text) => {
                let Ok(window) = text.slice(first, last).to_utf8().to_vec_all() else { return false };
                (window, text.slice(first, hit.offset).utf8_len(), text.slice(hit.offset, hit.end()).utf8_len())
            }
        };
        if len + NEAR < MOST {
            return false;
        }
        let Ok(pattern) = Pattern::new(&Self::of(needle.clone()), content) else { return false };
        let Some(regex) = pattern.matcher.regex_of(0) else { return false };
        let (from, end) = (from as usize, (from + len) as usize);
        let more = regex.search(&Input::new(&window).span(from..window.len()).anchored(Anchored::Yes));
        more.is_some_and(|found| found.end() > end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::search::{Case, Feed};
    use crate::stream::Text;
    use crate::tasks::Progress;

    #[test]
    fn only_what_goes_on_behind_the_limit_is_cut() {
        let cut = |content: &Content, pattern: &str| {
            let query = Query::of(Needle::Regex { pattern: pattern.into(), case: Case::Exact, unicode: false });
            let feed = Feed::new();
            Pattern::new(&query, content).unwrap().search(content, None, &feed, &Progress::new()).unwrap();
            let hit = feed.get(0).unwrap();
            (u64::from(hit.len), query.is_cut(content, hit))
        };
        let most = MAX_MATCH as u64;
        let long = Content::Bytes(b"abc".repeat(MAX_MATCH).into());
        assert_eq!(cut(&long, "(?:abc)+"), (most - 1, true));
        assert_eq!(cut(&long, "[abc]+"), (most, true));
        assert_eq!(cut(&long, "(?:abc)+?"), (3, false));
        let exact = Content::Bytes(b"a".repeat(MAX_MATCH).into());
        assert_eq!(cut(&exact, "a+"), (most, false), "as long as may be, and no longer");
        let text = Content::Text(Text::from("ß".repeat(MAX_MATCH)));
        assert_eq!(cut(&text, "ß+"), (most / 2, true));
        assert_eq!(cut(&Content::Text(Text::from("ß".repeat(MAX_MATCH / 2))), "ß+"), (most / 2, false));
    }
}
