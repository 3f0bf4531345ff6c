//! What is known of a buffer's bytes without reading them: runs of one byte, and runs that two buffers share.

use std::collections::HashMap;
use std::sync::Arc;

use super::piece::{Data, Piece};
use super::{Buffer, ByteRange, Len, Offset};

/// Which memory or file a piece lies in; equal for pieces that may overlap.
type Origin = (u8, usize);

/// Where the bytes of a piece come from and where in it they begin; `None` for what has no identity.
fn origin(piece: &Piece) -> Option<(Origin, u64)> {
    match &piece.data {
        Data::Mem { block, start } => Some(((0, Arc::as_ptr(block) as usize), *start as u64)),
        Data::File { source, start } => Some(((1, Arc::as_ptr(&source.0).cast::<()>() as usize), *start)),
        Data::Fill(byte) => Some(((2, usize::from(*byte)), 0)),
        Data::Inline(_) | Data::Own(_) => None,
    }
}

impl Buffer {
    /// The byte that stands from `offset` on, and for how long, where that is known without reading: in a fill, and in a
    /// hole of a sparse file, which nothing was ever written to. `None` elsewhere, and at and past the end.
    ///
    /// ```
    /// use seektell::buffer::{Buffer, Len, Offset};
    /// let buffer = Buffer::filled(7, Len(1 << 40));
    /// assert_eq!(buffer.repeated_at(Offset(24)), Some((7, Len((1 << 40) - 24))));
    /// assert_eq!(Buffer::from(b"abc").repeated_at(Offset(0)), None);
    /// ```
    pub fn repeated_at(&self, offset: Offset) -> Option<(u8, Len)> {
        let (piece, at) = self.find(offset.0)?;
        let left = piece.len - at;
        match &piece.data {
            Data::Fill(byte) => Some((*byte, Len(left))),
            Data::File { source, start } => {
                let zeros = source.0.zeros_at(Offset(start + at)).0.min(left);
                (zeros > 0).then_some((0, Len(zeros)))
            }
            _ => None,
        }
    }

    /// How many bytes from `offset` on come before the next place of which [`Buffer::repeated_at`] may know something: at least
    /// one before the end, zero at and past it.
    pub fn unknown_at(&self, offset: Offset) -> Len {
        let Some((piece, at)) = self.find(offset.0) else { return Len::ZERO };
        let left = piece.len - at;
        match &piece.data {
            Data::File { source, start } => Len(source.0.data_at(Offset(start + at)).0.clamp(1, left)),
            _ => Len(left),
        }
    }

    /// The zeros that stand from `offset` on as far as they are known without reading, whatever they come from.
    pub fn zeros_at(&self, offset: Offset) -> Len {
        let mut end = offset;
        while let Some((0, len)) = self.repeated_at(end) {
            end += len;
        }
        Len(end.0 - offset.0)
    }

    /// The ranges of this buffer that are not in `base`: what was put in or written over since `base` was a snapshot of
    /// it, in order, none of them empty and none touching the next. Bytes that were only moved by an insertion or a
    /// deletion before them do not count; a deletion leaves no range. Takes time by the number of pieces; only what lies
    /// between two pieces that both share, up to a megabyte each, is compared byte by byte.
    ///
    /// ```
    /// use seektell::buffer::{Buffer, ByteRange, Len, Offset};
    /// let base = Buffer::from(vec![7; 10_000]);
    /// let mut buffer = base.clone();
    /// buffer.insert(Offset(5000), &Buffer::from(b"new"));
    /// assert_eq!(buffer.changes_from(&base), [ByteRange::new(Offset(5000), Len(3))]);
    /// ```
    pub fn changes_from(&self, base: &Self) -> Vec<ByteRange> {
        let mut known: HashMap<Origin, Vec<(u64, u64, u64)>> = HashMap::new();
        base.each_piece(|at, piece| {
            if let Some((origin, start)) = origin(piece) {
                known.entry(origin).or_default().push((start, start + piece.len, at));
            }
        });
        for runs in known.values_mut() {
            runs.sort_unstable();
        }
        // What is shared: here, how long, and where in the base.
        let mut shared: Vec<(u64, u64, u64)> = Vec::new();
        let (prefix, suffix) = self.common_ends(base);
        let (len, base_len) = (self.len().0, base.len().0);
        self.each_piece(|at, piece| {
            let Some((origin, start)) = origin(piece) else { return };
            let Some(runs) = known.get(&origin) else { return };
            if origin.0 == 2 {
                // Fills have no places: one counts where the base has the same byte at the place the last run led to.
                let to = shared.last().map_or(at, |&(here, len, there)| there + (at - here - len) + len);
                if let Some((byte, more)) = base.repeated_at(Offset(to))
                    && usize::from(byte) == origin.1
                {
                    shared.push((at, piece.len.min(more.0), to));
                }
                return;
            }
            let first = runs.partition_point(|&(_, end, _)| end <= start);
            let mut done = start;
            for &(run, run_end, place) in &runs[first..] {
                if run >= start + piece.len {
                    break;
                }
                let (from, to) = (run.max(done), run_end.min(start + piece.len));
                if from < to {
                    shared.push((at + (from - start), to - from, place + (from - run)));
                    done = to;
                }
            }
        });
        let mut changes: Vec<ByteRange> = Vec::new();
        let mut add = |from: u64, to: u64| {
            let (from, to) = (from.max(prefix.0), to.min(len - suffix.0));
            if from >= to {
                return;
            }
            match changes.last_mut() {
                Some(last) if last.end().0 >= from => last.len = Len(to - last.start.0),
                _ => changes.push(ByteRange::between(Offset(from), Offset(to))),
            }
        };
        // What lies between two shared runs is compared with what lay between them.
        let (mut here, mut there) = (0, 0);
        let end = (len, 0, base_len);
        for &(at, run, place) in shared.iter().chain([&end]) {
            if at > here {
                let old = place.saturating_sub(there);
                self.changed_between((here, at - here), base, (there, old), &mut add);
            }
            (here, there) = (at + run, place + run);
        }
        changes
    }

    /// Bytes that stand where others stood: what differs of them, compared from the front, and from the back where the
    /// lengths differ.
    fn changed_between(&self, here: (u64, u64), base: &Self, there: (u64, u64), add: &mut dyn FnMut(u64, u64)) {
        const COMPARED: u64 = 1 << 20;
        let whole = |add: &mut dyn FnMut(u64, u64)| add(here.0, here.0 + here.1);
        if here.1 > COMPARED || there.1 > COMPARED || there.1 == 0 {
            return whole(add);
        }
        let read = |buffer: &Self, (at, len): (u64, u64)| buffer.to_vec(ByteRange::new(Offset(at), Len(len)));
        let (Ok(new), Ok(old)) = (read(self, here), read(base, there)) else { return whole(add) };
        if new.len() == old.len() {
            for (index, _) in new.iter().zip(&old).enumerate().filter(|(_, (a, b))| a != b) {
                add(here.0 + index as u64, here.0 + index as u64 + 1);
            }
            return;
        }
        let front = new.iter().zip(&old).take_while(|(a, b)| a == b).count();
        let most = new.len().min(old.len()) - front;
        let back = new.iter().rev().zip(old.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
        add(here.0 + front as u64, here.0 + (new.len() - back) as u64);
    }

    /// Every piece with its offset, in order.
    fn each_piece(&self, mut visit: impl FnMut(u64, &Piece)) {
        let mut at = 0;
        while let Some((piece, inner)) = self.find(at) {
            visit(at - inner, piece);
            at += piece.len - inner;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(buffer: &Buffer, base: &Buffer) -> Vec<(u64, u64)> {
        buffer.changes_from(base).iter().map(|range| (range.start.0, range.len.0)).collect()
    }

    #[test]
    fn edits_are_found_where_they_are() {
        let base = Buffer::from((0..100_000u32).map(|i| (i % 251) as u8).collect::<Vec<_>>());
        assert_eq!(ranges(&base.clone(), &base), []);
        let mut buffer = base.clone();
        buffer.overwrite(Offset(0), b"\xFF");
        buffer.overwrite(Offset(50_000), b"\xFF\xFE");
        buffer.overwrite(Offset(99_999), b"\xFF");
        assert_eq!(ranges(&buffer, &base), [(0, 1), (50_000, 2), (99_999, 1)]);
        buffer.insert(Offset(20_000), &Buffer::from(vec![0xFD; 3000]));
        assert_eq!(ranges(&buffer, &base), [(0, 1), (20_000, 3000), (53_000, 2), (102_999, 1)]);
        buffer.delete(ByteRange::new(Offset(70_000), Len(5)));
        assert_eq!(ranges(&buffer, &base), [(0, 1), (20_000, 3000), (53_000, 2), (102_994, 1)]);
        assert_eq!(ranges(&Buffer::from(b"x"), &Buffer::new()), [(0, 1)]);
        assert_eq!(ranges(&Buffer::new(), &base), []);
    }

    #[test]
    fn every_byte_outside_of_the_changes_stands_in_the_base() {
        let mut rng = fastrand::Rng::with_seed(5);
        for _ in 0..200 {
            let base = Buffer::from((0..rng.usize(0..20_000)).map(|_| rng.u8(..)).collect::<Vec<_>>());
            let mut buffer = base.clone();
            let mut changed = 0;
            for _ in 0..rng.usize(1..6) {
                let at = Offset(rng.u64(0..=buffer.len().0));
                let piece: Vec<u8> = (0..rng.usize(1..2000)).map(|_| rng.u8(..)).collect();
                changed += piece.len() as u64;
                match rng.u8(0..3) {
                    0 => buffer.insert(at, &Buffer::from(piece)),
                    1 => buffer.overwrite(at, &piece),
                    _ => buffer.delete(ByteRange::new(at, Len(piece.len() as u64))),
                }
            }
            let found = buffer.changes_from(&base);
            let total: u64 = found.iter().map(|range| range.len.0).sum();
            // Pieces that edits made small are copied with their neighbours: those may count once more.
            assert!(total <= changed + 6 * 4096, "{total} of {changed}");
            assert!(found.windows(2).all(|pair| pair[0].end() < pair[1].start));
            assert!(found.iter().all(|range| !range.is_empty() && range.end() <= buffer.len().end()));
            if buffer != base && buffer.len() >= base.len() {
                assert!(!found.is_empty());
            }
        }
    }
}
