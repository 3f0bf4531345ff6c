//! What of a snapshot differs from an earlier one, asked of a few bytes at a time.
//!
//! Bytes that both share are in the same place of the same block or file, wherever in the buffer they stand: the pieces
//! around the range in question are matched by that, in the order they have in both, and only what lies between them is
//! compared byte by byte. So an insertion is a change of what was inserted, and not of everything behind it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::piece::{Data, Piece};
use super::{Buffer, Offset};

/// Pieces on either side of a range that are looked at for something that both snapshots share.
const AROUND: usize = 64;

/// Matches that are weighed against each other.
const MATCHES: usize = 512;

/// Matches of one piece.
const OF_ONE: usize = 8;

/// Bytes that are looked at from each end of what lies between two matches.
const LOOKED_AT: u64 = 16 << 10;

/// What lies between two matches and differs is aligned byte by byte where neither side is longer.
const ALIGNED: u64 = 64 << 10;

/// Bytes that an alignment may take out and put in.
const DIFFERENCES: isize = 1024;

/// Where the pieces of a snapshot came from, to find them again in a later one; see [`Buffer::changed`].
#[derive(Clone, Debug)]
pub struct Origins {
    content: Buffer,
    /// By the address of a block or file, which `content` keeps alive: places in it, and where in `content` they stand.
    blocks: HashMap<usize, Vec<Origin>>,
}

#[derive(Clone, Copy, Debug)]
struct Origin {
    /// The place in the block or file.
    start: u64,
    len: u64,
    /// The place in the snapshot.
    at: u64,
}

/// Bytes that both snapshots share.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Match {
    now: u64,
    then: u64,
    len: u64,
}

/// The block or file of a piece, and where in it the piece begins.
fn place(piece: &Piece) -> Option<(usize, u64)> {
    match &piece.data {
        Data::Mem { block, start } => Some((Arc::as_ptr(block) as usize, *start as u64)),
        Data::File { source, start } => Some((Arc::as_ptr(&source.0).cast::<()>() as usize, *start)),
        Data::Inline(_) | Data::Own(_) | Data::Fill(_) => None,
    }
}

impl Origins {
    /// Looks at every piece of a snapshot once.
    pub fn of(content: &Buffer) -> Self {
        let mut blocks: HashMap<usize, Vec<Origin>> = HashMap::new();
        let mut at = 0;
        while let Some((piece, _)) = content.find(at) {
            if let Some((block, start)) = place(piece) {
                blocks.entry(block).or_default().push(Origin { start, len: piece.len, at });
            }
            at += piece.len;
        }
        for origins in blocks.values_mut() {
            origins.sort_by_key(|origin| origin.start);
        }
        Self { content: content.clone(), blocks }
    }

    /// Where parts of a piece, which stands at `now` in the later snapshot, are in this one.
    fn matches(&self, piece: &Piece, now: u64, out: &mut Vec<Match>) {
        let Some((block, start)) = place(piece) else { return };
        let Some(origins) = self.blocks.get(&block) else { return };
        let end = start + piece.len;
        // Pieces of one block rarely overlap: a few before the place are looked at too.
        let first = origins.partition_point(|origin| origin.start + origin.len <= start).saturating_sub(OF_ONE);
        let touching = origins[first..].iter().filter(|origin| origin.start < end && origin.start + origin.len > start);
        out.extend(touching.take(OF_ONE).map(|origin| {
            let (from, to) = (start.max(origin.start), end.min(origin.start + origin.len));
            Match { now: now + (from - start), then: origin.at + (from - origin.start), len: to - from }
        }));
    }
}

impl Buffer {
    /// The parts of `range`, in order, that differ from an earlier snapshot. What can be told only by reading a file that
    /// cannot be read counts as different.
    pub fn changed(&self, earlier: &Origins, range: Range<u64>) -> Vec<Range<u64>> {
        let range = range.start..range.end.min(self.len().0);
        let mut changed = Vec::new();
        if range.is_empty() || self.is_same(&earlier.content) {
            return changed;
        }
        let (shared, begins, ends) = self.matches(earlier, &range);
        // What lies before, between and behind the matches.
        let mut from = begins.then_some((0, 0));
        let mut now = if begins { 0 } else { shared.first().map_or(range.start, |first| first.now.min(range.start)) };
        for next in &shared {
            self.gap(earlier, now..next.now, from.map(|(_, then)| then..next.then), &range, &mut changed);
            now = next.now + next.len;
            from = Some((now, next.then + next.len));
        }
        let end = if ends { self.len().0 } else { range.end.max(now) };
        let then = from.filter(|_| ends).map(|(_, then)| then..earlier.content.len().0);
        self.gap(earlier, now..end, then, &range, &mut changed);
        changed
    }

    /// The matches of the pieces around a range that keep their order, and whether the pieces looked at reach the start and
    /// the end.
    fn matches(&self, earlier: &Origins, range: &Range<u64>) -> (Vec<Match>, bool, bool) {
        let mut found = Vec::new();
        let mut at = range.start;
        for _ in 0..AROUND {
            let Some((_, within)) = self.find(at) else { break };
            at -= within;
            if at == 0 {
                break;
            }
            at -= 1;
        }
        at -= self.find(at).map_or(0, |(_, within)| within);
        let begins = at == 0;
        let mut behind = 0;
        while behind < AROUND
            && let Some((piece, _)) = self.find(at)
        {
            earlier.matches(piece, at, &mut found);
            at += piece.len;
            behind += usize::from(at >= range.end);
        }
        let ends = at >= self.len().0;
        if found.len() > MATCHES {
            // Those nearest to the range.
            let first = found.partition_point(|found| found.now + found.len <= range.start).saturating_sub(MATCHES / 2);
            found.drain(..first);
            found.truncate(MATCHES);
        }
        (in_order(&found), begins, ends)
    }

    /// Bytes between two matches, `then` where it is known what stood there. Puts down what differs in `range`.
    fn gap(&self, earlier: &Origins, now: Range<u64>, then: Option<Range<u64>>, range: &Range<u64>, out: &mut Vec<Range<u64>>) {
        if now.start >= range.end || now.end <= range.start || now.is_empty() {
            return;
        }
        let mut put = |from: u64, to: u64| {
            let (from, to) = (from.max(range.start), to.min(range.end));
            match out.last_mut() {
                _ if from >= to => {}
                Some(last) if last.end == from => last.end = to,
                _ => out.push(from..to),
            }
        };
        let Some(then) = then.filter(|then| then.start <= then.end) else { return put(now.start, now.end) };
        if now.end - now.start == then.end - then.start {
            let (from, to) = (now.start.max(range.start), now.end.min(range.end));
            let shift = from - now.start;
            let bytes = self.some(from, to).zip(earlier.content.some(then.start + shift, then.start + shift + (to - from)));
            let Some((ours, theirs)) = bytes else { return put(from, to) };
            for (i, (a, b)) in ours.iter().zip(&theirs).enumerate() {
                if a != b {
                    put(from + i as u64, from + i as u64 + 1);
                }
            }
            return;
        }
        let shorter = (now.end - now.start).min(then.end - then.start);
        let look = shorter.min(LOOKED_AT);
        let common = |ours: Option<Vec<u8>>, theirs: Option<Vec<u8>>, from_end: bool| -> u64 {
            let (Some(ours), Some(theirs)) = (ours, theirs) else { return 0 };
            let pairs = ours.iter().zip(&theirs);
            let equal = |(a, b): &(&u8, &u8)| a == b;
            (if from_end { pairs.rev().take_while(equal).count() } else { pairs.take_while(equal).count() }) as u64
        };
        let front = common(self.some(now.start, now.start + look), earlier.content.some(then.start, then.start + look), false);
        let look = (shorter - front).min(LOOKED_AT);
        let back = common(self.some(now.end - look, now.end), earlier.content.some(then.end - look, then.end), true);
        let (now, then) = (now.start + front..now.end - back, then.start + front..then.end - back);
        let small = (now.end - now.start).max(then.end - then.start) <= ALIGNED;
        let both = small.then(|| self.some(now.start, now.end).zip(earlier.content.some(then.start, then.end))).flatten();
        match both.and_then(|(ours, theirs)| kept(&ours, &theirs)) {
            Some(kept) => {
                for (i, _) in kept.iter().enumerate().filter(|(_, kept)| !**kept) {
                    put(now.start + i as u64, now.start + i as u64 + 1);
                }
            }
            None => put(now.start, now.end),
        }
    }

    /// Bytes that can be read.
    fn some(&self, from: u64, to: u64) -> Option<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(to.checked_sub(from)?).ok()?];
        let got = self.read_at(Offset(from), &mut bytes).ok()?;
        (got == bytes.len()).then_some(bytes)
    }
}

/// Of matches in the order of the later snapshot those that are in the same order in the earlier one, together as long as
/// can be.
fn in_order(found: &[Match]) -> Vec<Match> {
    let mut best: Vec<(u64, Option<usize>)> = Vec::with_capacity(found.len());
    for (i, next) in found.iter().enumerate() {
        let fits = |before: &Match| before.now + before.len <= next.now && before.then + before.len <= next.then;
        let before = (0..i).filter(|&j| fits(&found[j])).max_by_key(|&j| best[j].0);
        best.push((before.map_or(0, |j| best[j].0) + next.len, before));
    }
    let mut chain = Vec::new();
    let mut at = (0..found.len()).max_by_key(|&i| best[i].0);
    while let Some(i) = at {
        chain.push(found[i]);
        at = best[i].1;
    }
    chain.reverse();
    chain
}

/// Which of `ours` belong to a longest sequence that both have in common: Myers' greedy algorithm (1986). `None` where they
/// differ too much for it.
fn kept(ours: &[u8], theirs: &[u8]) -> Option<Vec<bool>> {
    let (n, m) = (ours.len() as isize, theirs.len() as isize);
    let room = DIFFERENCES.min(n + m);
    // How far each diagonal `x - y` is reached with so many differences, for every number of them.
    let mut reached = vec![0_isize; 2 * room as usize + 3];
    let middle = room + 1;
    let mut before: Vec<Vec<isize>> = Vec::new();
    let mut kept = vec![false; ours.len()];
    for differences in 0..=room {
        before.push(reached[(middle - differences) as usize..=(middle + differences) as usize].to_vec());
        for diagonal in (-differences..=differences).step_by(2) {
            let at = (middle + diagonal) as usize;
            let down = diagonal == -differences || (diagonal != differences && reached[at - 1] < reached[at + 1]);
            let mut x = if down { reached[at + 1] } else { reached[at - 1] + 1 };
            while x < n && x - diagonal < m && x - diagonal >= 0 && ours[x as usize] == theirs[(x - diagonal) as usize] {
                x += 1;
            }
            reached[at] = x;
            if x < n || x - diagonal < m {
                continue;
            }
            // From the end back to the start, difference by difference.
            let (mut x, mut diagonal) = (n, n - m);
            for differences in (0..=differences).rev() {
                let earlier = |diagonal: isize| {
                    let at = diagonal + differences;
                    usize::try_from(at).ok().and_then(|at| before[differences as usize].get(at)).copied().unwrap_or(-1)
                };
                let down = diagonal == -differences || (diagonal != differences && earlier(diagonal - 1) < earlier(diagonal + 1));
                let (from, start) = match differences {
                    0 => (0, 0),
                    _ if down => (diagonal + 1, earlier(diagonal + 1)),
                    _ => (diagonal - 1, earlier(diagonal - 1) + 1),
                };
                for same in start.max(0)..x {
                    kept[same as usize] = true;
                }
                x = if differences > 0 && !down { start - 1 } else { start };
                diagonal = from;
            }
            return Some(kept);
        }
    }
    None
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "a list of ranges may hold one")]
mod tests {
    use super::*;
    use crate::buffer::{ByteRange, Len};

    fn original(len: u32) -> Vec<u8> {
        // No two bytes of a neighbourhood alike in the long run, and none is FF.
        (0..len).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8 % 0xF0).collect()
    }

    fn changed(buffer: &Buffer, origins: &Origins) -> Vec<Range<u64>> {
        buffer.changed(origins, 0..buffer.len().0)
    }

    #[test]
    fn what_is_inserted_or_written_differs_and_what_moved_does_not() {
        let saved = Buffer::from(original(300_000));
        let origins = Origins::of(&saved);
        assert!(changed(&saved, &origins).is_empty());
        let mut now = saved.clone();
        now.insert(Offset(1000), &Buffer::from(&[0xFF; 3]));
        assert_eq!(changed(&now, &origins), [1000..1003]);
        now.replace(ByteRange::between(Offset(5), Offset(7)), &Buffer::from(&[0xFF; 2]));
        now.delete(ByteRange::between(Offset(200_000), Offset(200_100)));
        assert_eq!(changed(&now, &origins), [5..7, 1000..1003]);
        assert_eq!(now.changed(&origins, 1002..250_000), [1002..1003]);
        assert_eq!(now.changed(&origins, 150_000..250_000), []);
        // Written as it was: no difference.
        let back = saved.to_vec(ByteRange::between(Offset(5), Offset(7))).unwrap();
        now.replace(ByteRange::between(Offset(5), Offset(7)), &Buffer::from(back));
        assert_eq!(changed(&now, &origins), [1000..1003]);
    }

    #[test]
    fn a_copy_of_shared_bytes_is_an_insertion() {
        let saved = Buffer::from(original(100_000));
        let origins = Origins::of(&saved);
        let mut now = saved.clone();
        let copy = saved.slice(ByteRange::between(Offset(70_000), Offset(72_000)));
        now.insert(Offset(10_000), &copy);
        assert_eq!(changed(&now, &origins), [10_000..12_000]);
        let copy = saved.slice(ByteRange::between(Offset(1000), Offset(3000)));
        let mut now = saved.clone();
        now.append_buffer(&copy);
        assert_eq!(changed(&now, &origins), [100_000..102_000]);
    }

    #[test]
    fn small_and_empty_contents() {
        let origins = Origins::of(&Buffer::from(&b"hello world"[..]));
        let marks = |now: &[u8]| changed(&Buffer::from(now), &origins);
        assert_eq!(marks(b"hello, world"), [5..6]);
        assert_eq!(marks(b"Hello worlds"), [0..1, 11..12]);
        assert_eq!(marks(b""), []);
        assert_eq!(marks(b"held"), []);
        assert_eq!(changed(&Buffer::from(&b"new"[..]), &Origins::of(&Buffer::new())), [0..3]);
        let vast = Buffer::filled(0, Len(1 << 60));
        let mut now = vast.clone();
        now.replace(ByteRange::between(Offset(1 << 59), Offset((1 << 59) + 2)), &Buffer::from(&[1, 0]));
        assert_eq!(now.changed(&Origins::of(&vast), (1 << 59) - 50..(1 << 59) + 50), [1 << 59..(1 << 59) + 1]);
    }

    #[test]
    fn random_edits_agree_with_a_model() {
        let mut seed = 7_u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for round in 0..16 {
            let saved = Buffer::from(original(20_000));
            let origins = Origins::of(&saved);
            let mut now = saved.clone();
            // Whether each byte is new.
            let mut model = vec![false; 20_000];
            for _ in 0..=round {
                let at = random(model.len() as u64);
                let most = if random(16) == 0 { 300 } else { 9 };
                let len = 1 + random(most);
                let end = (at + len).min(model.len() as u64);
                let range = ByteRange::between(Offset(at), Offset(end));
                let (from, to) = (at as usize, end as usize);
                match random(3) {
                    0 => {
                        now.insert(Offset(at), &Buffer::from(vec![0xFF; len as usize]));
                        model.splice(from..from, vec![true; len as usize]);
                    }
                    1 => {
                        now.replace(range, &Buffer::from(vec![0xFF; to - from]));
                        model[from..to].fill(true);
                    }
                    _ => {
                        now.delete(range);
                        model.drain(from..to);
                    }
                }
            }
            let mut found = vec![false; model.len()];
            for part in changed(&now, &origins) {
                found[part.start as usize..part.end as usize].fill(true);
            }
            let wrong = found.iter().zip(&model).filter(|(found, new)| found != new).count();
            assert_eq!(wrong, 0, "round {round}");
            let middle = model.len() as u64 / 2;
            for part in now.changed(&origins, middle..middle + 500) {
                assert!(model[part.start as usize..part.end as usize].iter().all(|&new| new));
            }
        }
    }
}
