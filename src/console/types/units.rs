//! Searching and splitting, for the code points of a `str` and for the bytes of a `bytes` alike.

/// What a sequence is made of.
pub(super) trait Unit: Copy + Eq + Into<u32> {
    /// Where `needle`, which is not empty, begins first in `hay`.
    fn find(hay: &[Self], needle: &[Self]) -> Option<usize>;
    /// Where it begins last.
    fn find_last(hay: &[Self], needle: &[Self]) -> Option<usize>;
}

impl Unit for u8 {
    fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
        memchr::memmem::find(hay, needle)
    }

    fn find_last(hay: &[u8], needle: &[u8]) -> Option<usize> {
        memchr::memmem::rfind(hay, needle)
    }
}

impl Unit for u32 {
    fn find(hay: &[u32], needle: &[u32]) -> Option<usize> {
        search(hay.iter().copied(), needle.len(), |n| needle[n]).map(|end| end - needle.len())
    }

    fn find_last(hay: &[u32], needle: &[u32]) -> Option<usize> {
        let last = needle.len().checked_sub(1)?;
        search(hay.iter().rev().copied(), needle.len(), |n| needle[last - n]).map(|end| hay.len() - end)
    }
}

/// Knuth, Morris and Pratt: linear whatever the two are. Returns where the first match ends.
fn search(hay: impl Iterator<Item = u32>, len: usize, needle: impl Fn(usize) -> u32) -> Option<usize> {
    let mut fallback = vec![0; len];
    let mut matched = 0;
    for at in 1..len {
        while matched > 0 && needle(at) != needle(matched) {
            matched = fallback[matched - 1];
        }
        if needle(at) == needle(matched) {
            matched += 1;
        }
        fallback[at] = matched;
    }
    matched = 0;
    for (at, unit) in hay.enumerate() {
        while matched > 0 && unit != needle(matched) {
            matched = fallback[matched - 1];
        }
        if unit == needle(matched) {
            matched += 1;
        }
        if matched == len {
            return Some(at + 1);
        }
    }
    None
}

/// From where to where.
pub(super) type Span = (usize, usize);

/// Where `needle` begins within `bounds`; the empty one is everywhere.
pub(super) fn find<T: Unit>(hay: &[T], needle: &[T], (start, end): Span, last: bool) -> Option<usize> {
    let hay = hay.get(start..end)?;
    let place = match (needle.is_empty(), last) {
        (true, false) => Some(0),
        (true, true) => Some(hay.len()),
        (false, false) => T::find(hay, needle),
        (false, true) => T::find_last(hay, needle),
    };
    place.map(|place| place + start)
}

/// How often `needle` is there, without overlap.
pub(super) fn count<T: Unit>(hay: &[T], needle: &[T], (start, end): Span) -> usize {
    let Some(hay) = hay.get(start..end) else { return 0 };
    if needle.is_empty() { hay.len() + 1 } else { matches(hay, needle, usize::MAX).count() }
}

/// Where `needle`, which is not empty, begins, at most `max` times, without overlap.
fn matches<'a, T: Unit>(hay: &'a [T], needle: &'a [T], max: usize) -> impl Iterator<Item = usize> + use<'a, T> {
    let mut at = 0;
    let next = move || {
        let place = at + T::find(&hay[at..], needle)?;
        at = place + needle.len();
        Some(place)
    };
    std::iter::from_fn(next).take(max)
}

/// `hay` with up to `max` places of `old` replaced; `None` where there is none. The length is told before anything is made.
pub(super) fn replace<T: Unit, E>(
    hay: &[T],
    old: &[T],
    new: &[T],
    max: usize,
    announce: impl FnOnce(usize) -> Result<(), E>,
) -> Result<Option<Vec<T>>, E> {
    if old.is_empty() {
        let count = max.min(hay.len() + 1);
        if count == 0 {
            return Ok(None);
        }
        announce(hay.len().saturating_add(new.len().saturating_mul(count)))?;
        let mut out = Vec::with_capacity(hay.len() + new.len() * count);
        for n in 0..=hay.len() {
            if n < count {
                out.extend_from_slice(new);
            }
            out.extend(hay.get(n));
        }
        return Ok(Some(out));
    }
    let places = places(hay, old, max);
    if places.is_empty() {
        return Ok(None);
    }
    announce(replaced_len(hay.len(), places.len(), old.len(), new.len()))?;
    Ok(Some(replace_at(hay, &places, old.len(), new)))
}

/// Where `old`, which is not empty, begins, at most `max` times.
pub(super) fn places<T: Unit>(hay: &[T], old: &[T], max: usize) -> Vec<usize> {
    matches(hay, old, max).collect()
}

/// How long a sequence is after so many replacements.
pub(super) fn replaced_len(len: usize, places: usize, old: usize, new: usize) -> usize {
    (len - places * old).saturating_add(new.saturating_mul(places))
}

/// `hay` with `new` for the `old` units that begin at each of the places.
pub(super) fn replace_at<T: Unit>(hay: &[T], places: &[usize], old: usize, new: &[T]) -> Vec<T> {
    let mut out = Vec::with_capacity(replaced_len(hay.len(), places.len(), old, new.len()));
    let mut at = 0;
    for &place in places {
        out.extend_from_slice(&hay[at..place]);
        out.extend_from_slice(new);
        at = place + old;
    }
    out.extend_from_slice(&hay[at..]);
    out
}

/// `split(separator, max)`
pub(super) fn split<T: Unit>(hay: &[T], separator: &[T], max: usize) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    for place in matches(hay, separator, max) {
        spans.push((at, place));
        at = place + separator.len();
    }
    spans.push((at, hay.len()));
    spans
}

/// `rsplit(separator, max)`
pub(super) fn split_last<T: Unit>(hay: &[T], separator: &[T], max: usize) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut end = hay.len();
    while spans.len() < max
        && let Some(place) = T::find_last(&hay[..end], separator)
    {
        spans.push((place + separator.len(), end));
        end = place;
    }
    spans.push((0, end));
    spans.reverse();
    spans
}

/// `split(None, max)`: words between spaces; behind the last cut the rest stays as it is.
pub(super) fn words<T: Unit>(hay: &[T], max: usize, is_space: fn(u32) -> bool) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    loop {
        at += hay[at..].iter().take_while(|unit| is_space((**unit).into())).count();
        if at == hay.len() {
            return spans;
        }
        if spans.len() >= max {
            spans.push((at, hay.len()));
            return spans;
        }
        let len = hay[at..].iter().take_while(|unit| !is_space((**unit).into())).count();
        spans.push((at, at + len));
        at += len;
    }
}

/// `rsplit(None, max)`
pub(super) fn words_last<T: Unit>(hay: &[T], max: usize, is_space: fn(u32) -> bool) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut end = hay.len();
    loop {
        end -= hay[..end].iter().rev().take_while(|unit| is_space((**unit).into())).count();
        if end == 0 {
            break;
        }
        if spans.len() >= max {
            spans.push((0, end));
            break;
        }
        let len = hay[..end].iter().rev().take_while(|unit| !is_space((**unit).into())).count();
        spans.push((end - len, end));
        end -= len;
    }
    spans.reverse();
    spans
}

/// `splitlines(keep)`; a carriage return takes a line feed behind it along.
pub(super) fn lines<T: Unit>(hay: &[T], keep: bool, is_break: fn(u32) -> bool) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < hay.len() {
        let unit = hay[at].into();
        if !is_break(unit) {
            at += 1;
            continue;
        }
        let end = at;
        at += 1;
        if unit == 13 && hay.get(at).is_some_and(|next| (*next).into() == 10) {
            at += 1;
        }
        spans.push((start, if keep { at } else { end }));
        start = at;
    }
    if start < hay.len() {
        spans.push((start, hay.len()));
    }
    spans
}

/// What is left when units for which `is_out` holds are taken off the ends.
pub(super) fn strip<T: Unit>(hay: &[T], front: bool, back: bool, is_out: impl Fn(u32) -> bool) -> Span {
    let start = if front { hay.iter().take_while(|unit| is_out((**unit).into())).count() } else { 0 };
    let rest = &hay[start..];
    let cut = if back { rest.iter().rev().take_while(|unit| is_out((**unit).into())).count() } else { 0 };
    (start, hay.len() - cut)
}

/// `expandtabs(size)`: how many spaces stand for each tab; the whole length first.
pub(super) fn expand_tabs<T: Unit>(hay: &[T], size: usize, mut out: impl FnMut(Option<T>, usize)) {
    let mut column = 0;
    for &unit in hay {
        match unit.into() {
            9 => {
                if size > 0 {
                    let spaces = size - column % size;
                    column += spaces;
                    out(None, spaces);
                }
            }
            10 | 13 => {
                column = 0;
                out(Some(unit), 0);
            }
            _ => {
                column += 1;
                out(Some(unit), 0);
            }
        }
    }
}
