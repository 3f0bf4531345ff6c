//! A remembered place, for reads that follow one another.

use std::sync::Arc;

use super::compare::same_data;
use super::piece::Piece;
use super::tree::Node;
use super::{Buffer, ByteRange, Offset, ReadError};

/// Remembers the run that the last read was in, so that reading on does not go down the tree again.
///
/// It may be used with any buffer at any time: it knows by itself whether what it remembers is still so. But
/// it holds on to what it remembers, as a snapshot would; [`Finger::clear`] it before an edit, or the edit
/// copies what it could have changed in place.
///
/// ```
/// use seektell::buffer::{Buffer, Finger, Offset};
///
/// let buffer = Buffer::from(b"one two");
/// let mut finger = Finger::new();
/// assert_eq!(buffer.run_at(&mut finger, Offset(4))?, b"two");
/// assert_eq!(buffer.run_at(&mut finger, Offset(7))?, b"");
/// # Ok::<(), seektell::buffer::ReadError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Finger {
    place: Option<Place>,
}

#[derive(Clone, Debug)]
struct Place {
    origin: Origin,
    /// Where in the buffer the run starts.
    start: u64,
    /// The run: the whole piece where it is in memory, else a part of it.
    run: Piece,
    /// Whether the run is a piece of the buffer, and not made of one for reading.
    lasting: bool,
}

/// What the place belongs to. Held, so that it cannot change: the same origin means the same content.
#[derive(Clone, Debug)]
enum Origin {
    Tree(Arc<Node>),
    /// The last piece, behind so many bytes; only where it is not in memory, or appends would have to copy it.
    Tail(u64, Piece),
}

impl Finger {
    /// Remembers nothing yet.
    pub const fn new() -> Self {
        Self { place: None }
    }

    /// Forgets the place and lets go of its memory.
    #[inline]
    pub fn clear(&mut self) {
        if self.place.is_some() {
            self.place = None;
        }
    }

    /// The remembered run and the place of byte `at` in it, where it is a run of this buffer that holds it.
    #[inline]
    fn get(&self, buffer: &Buffer, at: u64) -> Option<(&Piece, u64)> {
        let place = self.place.as_ref()?;
        let at = at.checked_sub(place.start).filter(|at| *at < place.run.len)?;
        let same = match &place.origin {
            Origin::Tree(root) => buffer.head.as_ref().is_some_and(|tree| Arc::ptr_eq(root, &tree.node)),
            Origin::Tail(head, tail) => {
                *head == buffer.head_len() && tail.len == buffer.tail.len && same_data(tail, 0, &buffer.tail, 0, tail.len)
            }
        };
        same.then_some((&place.run, at))
    }
}

impl Buffer {
    /// The bytes from `offset` to the end of the run that holds it: a piece in memory, or what was read of a
    /// file or made of a fill, at most [`Buffer::CHUNK_LEN`]. Empty only at and past the end.
    ///
    /// # Errors
    /// Where a file cannot be read.
    #[inline]
    pub fn run_at<'a>(&'a self, finger: &'a mut Finger, offset: Offset) -> Result<&'a [u8], ReadError> {
        let at = offset.0;
        // The last piece is at hand without a finger.
        if let Some(at) = at.checked_sub(self.head_len())
            && let Some(run) = self.tail.bytes()
        {
            return Ok(usize::try_from(at).ok().and_then(|at| run.get(at..)).unwrap_or_default());
        }
        if finger.get(self, at).is_none() {
            self.remember(finger, at)?;
        }
        let run = finger.get(self, at).and_then(|(piece, at)| piece.bytes()?.get(at as usize..));
        Ok(run.unwrap_or_default())
    }

    /// [`Buffer::slice`], faster where the range is in the run that `finger` remembers, which it is for reads
    /// that follow one another. Reads no file.
    #[inline]
    pub fn slice_near(&self, finger: &mut Finger, range: ByteRange) -> Self {
        let (start, len) = (range.start.0, range.len.0);
        if start >= self.head_len() {
            return self.slice(range);
        }
        if finger.get(self, start).is_none() && self.find(start).is_some_and(|(piece, _)| piece.bytes().is_some()) {
            // In memory, so it cannot fail.
            let _: Result<(), ReadError> = self.remember(finger, start);
        }
        let lasting = finger.place.as_ref().is_some_and(|place| place.lasting);
        match finger.get(self, start) {
            Some((run, at)) if lasting && len > 0 && len <= run.len - at => Self::of(run.slice(at, at + len)),
            _ => self.slice(range),
        }
    }

    #[cold]
    fn remember(&self, finger: &mut Finger, at: u64) -> Result<(), ReadError> {
        finger.place = None;
        let Some((piece, inside)) = self.find(at) else { return Ok(()) };
        let origin = match &self.head {
            Some(tree) if at < tree.len => Origin::Tree(Arc::clone(&tree.node)),
            head => Origin::Tail(head.as_ref().map_or(0, |tree| tree.len), self.tail.clone()),
        };
        finger.place = if piece.bytes().is_some() {
            Some(Place { origin, start: at - inside, run: piece.clone(), lasting: true })
        } else {
            self.chunk_at(Offset(at))?.map(|chunk| Place { origin, start: at, run: chunk.into_piece(), lasting: false })
        };
        Ok(())
    }
}
