//! The counted B+tree: every child carries the number of bytes below it.
//!
//! Nodes are shared between snapshots; `Arc::make_mut` copies those that another snapshot still sees and
//! changes the others in place. All leaves are equally deep, and every node but the root has between
//! [`MIN`] and [`MAX`] entries, so the depth is at most 8 for any number of pieces that fits into memory.

use std::sync::Arc;

use super::piece::Piece;

/// The most entries of a node.
pub(super) const MAX: usize = 32;
/// The fewest entries of a node that is not the root. Less than half of [`MAX`], so that a node on the
/// edge is not split and merged by turns.
pub(super) const MIN: usize = 10;

/// A node, and the number of bytes below it.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) len: u64,
    pub(super) node: Arc<Node>,
}

/// Pieces in order, or trees in order that are all equally high.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Leaf(Vec<Piece>),
    Branch { height: u8, children: Vec<Tree> },
}

impl Node {
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Leaf(pieces) => pieces.len(),
            Self::Branch { children, .. } => children.len(),
        }
    }

    /// Moves what is too much for one node into a new one to its right.
    fn split_overflow(&mut self) -> Option<Tree> {
        let count = self.count();
        if count <= MAX {
            return None;
        }
        match self {
            Self::Leaf(pieces) => Tree::leaf(pieces.split_off(count / 2)),
            Self::Branch { height, children } => Tree::branch(*height, children.split_off(count / 2)),
        }
    }
}

impl Tree {
    /// A leaf, or nothing for no pieces.
    pub(super) fn leaf(pieces: Vec<Piece>) -> Option<Self> {
        let len = pieces.iter().map(|piece| piece.len).sum();
        (!pieces.is_empty()).then(|| Self { len, node: Arc::new(Node::Leaf(pieces)) })
    }

    /// A tree of pieces that are in order and merged already, its nodes with about `entries` each; nothing for no pieces.
    pub(super) fn of_pieces(pieces: Vec<Piece>, entries: usize) -> Option<Self> {
        let mut level = Vec::with_capacity(pieces.len() / entries + 1);
        let mut pieces = pieces.into_iter();
        for count in parts(pieces.len(), entries) {
            level.extend(Self::leaf(pieces.by_ref().take(count).collect()));
        }
        let mut height = 1;
        while level.len() > 1 {
            let mut next = Vec::with_capacity(level.len() / entries + 1);
            let count = level.len();
            let mut children = level.into_iter();
            for count in parts(count, entries) {
                next.extend(Self::branch(height, children.by_ref().take(count).collect()));
            }
            level = next;
            height += 1;
        }
        level.pop()
    }

    /// A branch; its only child where there is but one, nothing for none.
    fn branch(height: u8, mut children: Vec<Self>) -> Option<Self> {
        if children.len() <= 1 {
            return children.pop();
        }
        let len = children.iter().map(|child| child.len).sum();
        Some(Self { len, node: Arc::new(Node::Branch { height, children }) })
    }

    /// Leaves are 0 high.
    pub(super) fn height(&self) -> u8 {
        match &*self.node {
            Node::Leaf(_) => 0,
            Node::Branch { height, .. } => *height,
        }
    }

    /// The piece that holds byte `at` (which must be inside), and the place of that byte in the piece.
    #[inline]
    pub(super) fn find(&self, mut at: u64) -> Option<(&Piece, u64)> {
        let mut node = &*self.node;
        loop {
            match node {
                Node::Branch { children, .. } => {
                    node = &*children
                        .iter()
                        .find(|child| {
                            let here = at < child.len;
                            if !here {
                                at -= child.len;
                            }
                            here
                        })?
                        .node;
                }
                Node::Leaf(pieces) => {
                    for piece in pieces {
                        if at < piece.len {
                            return Some((piece, at));
                        }
                        at -= piece.len;
                    }
                    return None;
                }
            }
        }
    }

    /// The bytes from `at` to the end of their piece, where no other snapshot sees them.
    pub(super) fn bytes_mut(&mut self, mut at: u64) -> Option<&mut [u8]> {
        let mut node = &mut self.node;
        loop {
            match Arc::get_mut(node)? {
                Node::Branch { children, .. } => {
                    let child = children.iter_mut().find(|child| {
                        let here = at < child.len;
                        if !here {
                            at -= child.len;
                        }
                        here
                    })?;
                    node = &mut child.node;
                }
                Node::Leaf(pieces) => {
                    for piece in pieces {
                        if at < piece.len {
                            return piece.bytes_mut()?.get_mut(at as usize..);
                        }
                        at -= piece.len;
                    }
                    return None;
                }
            }
        }
    }

    /// Puts `bytes` behind those of the last piece, where no other snapshot sees it and it has room or may grow.
    pub(super) fn extend_last(&mut self, bytes: &[u8]) -> bool {
        let done = match Arc::get_mut(&mut self.node) {
            Some(Node::Leaf(pieces)) => pieces.last_mut().is_some_and(|piece| piece.try_extend(bytes)),
            Some(Node::Branch { children, .. }) => children.last_mut().is_some_and(|child| child.extend_last(bytes)),
            None => false,
        };
        if done {
            self.len += bytes.len() as u64;
        }
        done
    }

    /// The last piece.
    pub(super) fn last(&self) -> Option<&Piece> {
        match &*self.node {
            Node::Leaf(pieces) => pieces.last(),
            Node::Branch { children, .. } => children.last()?.last(),
        }
    }

    /// Replaces the bytes from `start` up to `end` by one piece (or by nothing), where they lie in one leaf;
    /// gives the piece back where they do not. The tree may be gone afterwards.
    pub(super) fn edit(tree: &mut Option<Self>, start: u64, end: u64, new: Piece) -> Result<(), Piece> {
        let Some(root) = tree else {
            *tree = Self::leaf((new.len > 0).then_some(new).into_iter().collect());
            return Ok(());
        };
        let sibling = root.edit_below(start, end, new)?;
        if let Some(root) = tree.take() {
            *tree = root.grown(sibling).collapsed();
        }
        Ok(())
    }

    fn edit_below(&mut self, start: u64, end: u64, new: Piece) -> Result<Option<Self>, Piece> {
        let added = new.len;
        // Looked at before anything is copied: an edit that does not fit costs nothing.
        let place = match &*self.node {
            Node::Leaf(_) => None,
            Node::Branch { children, .. } => {
                let (mut index, mut before) = (0, 0);
                while index + 1 < children.len() && before + children[index].len < end {
                    before += children[index].len;
                    index += 1;
                }
                if start < before {
                    return Err(new);
                }
                Some((index, before))
            }
        };
        let node = Arc::make_mut(&mut self.node);
        match (&mut *node, place) {
            (Node::Branch { children, .. }, Some((index, before))) => {
                let sibling = children[index].edit_below(start - before, end - before, new)?;
                if let Some(sibling) = sibling {
                    children.insert(index + 1, sibling);
                } else if children[index].node.count() < MIN {
                    rebalance(children, index);
                }
            }
            (Node::Leaf(pieces), _) => splice(pieces, start, end, new),
            (Node::Branch { .. }, None) => return Err(new), // cannot be: the place was found above
        }
        let sibling = node.split_overflow();
        self.len = self.len - (end - start) + added - sibling.as_ref().map_or(0, |sibling| sibling.len);
        Ok(sibling)
    }

    /// Under a new root with its right sibling, where it has one.
    fn grown(self, sibling: Option<Self>) -> Self {
        let Some(sibling) = sibling else { return self };
        let (height, len) = (self.height() + 1, self.len + sibling.len);
        Self { len, node: Arc::new(Node::Branch { height, children: vec![self, sibling] }) }
    }

    /// Without roots that have one child; nothing where no piece is left.
    fn collapsed(mut self) -> Option<Self> {
        loop {
            match &*self.node {
                Node::Leaf(pieces) if pieces.is_empty() => return None,
                Node::Branch { children, .. } if children.len() == 1 => {
                    let only = children[0].clone();
                    self = only;
                }
                _ => return Some(self),
            }
        }
    }

    /// `left` and then `right`.
    pub(super) fn concat(left: Option<Self>, right: Option<Self>) -> Option<Self> {
        let (mut left, mut right) = match (left, right) {
            (Some(left), Some(right)) => (left, right),
            (one, None) | (None, one) => return one,
        };
        let root = match left.height().cmp(&right.height()) {
            std::cmp::Ordering::Equal => {
                let (left, right) = balance(left, right);
                left.grown(right)
            }
            std::cmp::Ordering::Greater => {
                let sibling = left.push_back(right);
                left.grown(sibling)
            }
            std::cmp::Ordering::Less => {
                let sibling = right.push_front(left);
                right.grown(sibling)
            }
        };
        root.collapsed()
    }

    /// Adds a lower tree at the right edge, at its own height; returns what became too much.
    fn push_back(&mut self, other: Self) -> Option<Self> {
        self.len += other.len;
        let node = Arc::make_mut(&mut self.node);
        if let Node::Branch { height, children } = node
            && let Some(mut last) = children.pop()
        {
            let sibling = if *height == other.height() + 1 {
                let (one, two) = balance(last, other);
                last = one;
                two
            } else {
                last.push_back(other)
            };
            children.push(last);
            children.extend(sibling);
        }
        let sibling = node.split_overflow();
        self.len -= sibling.as_ref().map_or(0, |sibling| sibling.len);
        sibling
    }

    /// Adds a lower tree at the left edge, at its own height; returns what became too much (at the right).
    fn push_front(&mut self, other: Self) -> Option<Self> {
        self.len += other.len;
        let node = Arc::make_mut(&mut self.node);
        if let Node::Branch { height, children } = node {
            let mut first = children.remove(0);
            let sibling = if *height == other.height() + 1 {
                let (one, two) = balance(other, first);
                first = one;
                two
            } else {
                first.push_front(other)
            };
            children.splice(0..0, std::iter::once(first).chain(sibling));
        }
        let sibling = node.split_overflow();
        self.len -= sibling.as_ref().map_or(0, |sibling| sibling.len);
        sibling
    }

    /// What is before `at`, and what is from there on.
    pub(super) fn split(self, mut at: u64) -> (Option<Self>, Option<Self>) {
        if at == 0 {
            return (None, Some(self));
        }
        if at >= self.len {
            return (Some(self), None);
        }
        match Arc::unwrap_or_clone(self.node) {
            Node::Leaf(pieces) => {
                let (mut left, mut right) = (Vec::new(), Vec::new());
                for piece in pieces {
                    if at >= piece.len {
                        at -= piece.len;
                        left.push(piece);
                    } else if at > 0 {
                        push_merged(&mut left, piece.slice(0, at));
                        right.push(piece.slice(at, piece.len));
                        at = 0;
                    } else {
                        push_merged(&mut right, piece);
                    }
                }
                (Self::leaf(left), Self::leaf(right))
            }
            Node::Branch { height, children: mut left } => {
                let mut index = 0;
                while at >= left[index].len {
                    at -= left[index].len;
                    index += 1;
                }
                let right = left.split_off(index + 1);
                let (before, after) = left.pop().map_or((None, None), |middle| middle.split(at));
                let left = Self::branch(height, left);
                let right = Self::branch(height, right);
                (Self::concat(left, before), Self::concat(after, right))
            }
        }
    }
}

/// How many entries each of the nodes gets that hold `total` together: nearly the same for all, about `each`.
fn parts(total: usize, each: usize) -> impl Iterator<Item = usize> {
    let nodes = total.div_ceil(each);
    (0..nodes).map(move |n| total * (n + 1) / nodes - total * n / nodes)
}

/// Two neighbours of one height, each with enough entries or else as one.
fn balance(left: Tree, right: Tree) -> (Tree, Option<Tree>) {
    if left.node.count() >= MIN && right.node.count() >= MIN {
        return (left, Some(right));
    }
    let len = left.len + right.len;
    let mut node = Arc::unwrap_or_clone(left.node);
    match (&mut node, Arc::unwrap_or_clone(right.node)) {
        (Node::Leaf(pieces), Node::Leaf(more)) => {
            let mut more = more.into_iter();
            if let Some(first) = more.next() {
                push_merged(pieces, first);
            }
            pieces.extend(more);
        }
        (Node::Branch { children, .. }, Node::Branch { children: more, .. }) => children.extend(more),
        (Node::Leaf(_), Node::Branch { .. }) | (Node::Branch { .. }, Node::Leaf(_)) => {
            debug_assert!(false, "neighbours are equally high");
        }
    }
    let sibling = node.split_overflow();
    let len = len - sibling.as_ref().map_or(0, |sibling| sibling.len);
    (Tree { len, node: Arc::new(node) }, sibling)
}

/// Gives a child that has too few entries some of its neighbour's, or all.
fn rebalance(children: &mut Vec<Tree>, index: usize) {
    if children.len() < 2 {
        return;
    }
    let at = index.min(children.len() - 2);
    let right = children.remove(at + 1);
    let left = children.remove(at);
    let (left, right) = balance(left, right);
    children.splice(at..at, std::iter::once(left).chain(right));
}

/// Adds a piece behind the others, or to the last of them.
fn push_merged(pieces: &mut Vec<Piece>, piece: Piece) {
    if !pieces.last_mut().is_some_and(|last| last.try_merge(&piece)) && piece.len > 0 {
        pieces.push(piece);
    }
}

/// Replaces the bytes from `start` up to `end` of a leaf by one piece, and merges what became small.
fn splice(pieces: &mut Vec<Piece>, start: u64, end: u64, new: Piece) {
    // `low` is the piece that holds byte `start`, `high` the one that holds byte `end`.
    let (mut low, mut before_low) = (0, 0);
    while low < pieces.len() && before_low + pieces[low].len <= start {
        before_low += pieces[low].len;
        low += 1;
    }
    let (mut high, mut before_high) = (low, before_low);
    while high < pieces.len() && before_high + pieces[high].len <= end {
        before_high += pieces[high].len;
        high += 1;
    }
    if start == end {
        // Typing: behind the piece to the left, or into a small piece.
        if start == before_low && low > 0 && pieces[low - 1].try_merge(&new) {
            return;
        }
        if low < pieces.len() && pieces[low].try_insert(start - before_low, &new) {
            return;
        }
    }
    let left = (start > before_low).then(|| pieces[low].slice(0, start - before_low));
    let right = (end > before_high).then(|| {
        let piece = &pieces[high];
        piece.slice(end - before_high, piece.len)
    });
    // The neighbours take part, since what is left between them may be small now.
    let first = low.saturating_sub(1);
    let behind = if right.is_some() { high + 1 } else { high };
    let last = (behind + 1).min(pieces.len());
    let mut list = Vec::with_capacity(5);
    let mut old = pieces.drain(first..last);
    if low > first {
        list.extend(old.next());
    }
    for piece in left.into_iter().chain(Some(new)).chain(right) {
        push_merged(&mut list, piece);
    }
    if last > behind
        && let Some(next) = old.nth(behind - low)
    {
        push_merged(&mut list, next);
    }
    drop(old);
    pieces.splice(first..first, list);
}
