//! What a buffer holds in memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::piece::{Data, Piece};
use super::tree::{Node, Tree};
use super::{Buffer, Len};

/// Chunks by address, each once however many pieces refer to it; and the bytes inside of pieces.
#[derive(Default)]
struct Held {
    chunks: HashMap<*const Vec<u8>, u64>,
    inline: u64,
}

impl Held {
    fn add(&mut self, piece: &Piece) {
        match &piece.data {
            Data::Inline(_) | Data::Own(_) => self.inline += piece.len,
            Data::Mem { block, .. } => {
                self.chunks.insert(Arc::as_ptr(block), block.len() as u64);
            }
            Data::File { .. } | Data::Fill(_) => {}
        }
    }

    fn add_node(&mut self, node: &Node) {
        match node {
            Node::Leaf(pieces) => pieces.iter().for_each(|piece| self.add(piece)),
            Node::Branch { children, .. } => children.iter().for_each(|child| self.add_node(&child.node)),
        }
    }
}

impl Buffer {
    /// The bytes that this buffer holds in memory (not files, not fills), for the undo and cache budgets.
    ///
    /// A chunk counts whole and once, also where only a part of it is used; the nodes of the tree do not count.
    /// Takes time in the order of the number of pieces.
    pub fn memory(&self) -> Len {
        let mut held = Held::default();
        if let Some(tree) = &self.head {
            held.add_node(&tree.node);
        }
        held.add(&self.tail);
        Len(held.inline + held.chunks.values().sum::<u64>())
    }

    /// The bytes in memory that this snapshot keeps alive and `other`, an earlier or later one, does not: what
    /// would be free if this one were dropped. Takes time in the order of what differs.
    ///
    /// Exact where the two differ in few places, else an estimate that errs upwards: a chunk that edits moved
    /// into another node may count though `other` has it too.
    pub fn unique_memory_since(&self, other: &Self) -> Len {
        let (mine, theirs) = differing(self.head.as_ref(), other.head.as_ref());
        let (mut held, mut others) = (Held::default(), Held::default());
        for tree in mine {
            held.add_node(&tree.node);
        }
        for tree in theirs {
            others.add_node(&tree.node);
        }
        held.add(&self.tail);
        others.add(&other.tail);
        let chunks = held.chunks.iter().filter(|(chunk, _)| !others.chunks.contains_key(*chunk)).map(|(_, len)| len);
        Len(chunks.sum::<u64>() + held.inline.saturating_sub(others.inline))
    }
}

/// The leaves of each tree that are not nodes of the other; goes down only where nodes differ.
fn differing<'a>(mine: Option<&'a Tree>, theirs: Option<&'a Tree>) -> (Vec<&'a Tree>, Vec<&'a Tree>) {
    let (mut mine, mut theirs): (Vec<_>, Vec<_>) = (mine.into_iter().collect(), theirs.into_iter().collect());
    loop {
        let height = |level: &[&Tree]| level.first().map(|tree| tree.height());
        let (high, other) = (height(&mine), height(&theirs));
        if high == other {
            let common: HashSet<_> = mine.iter().map(|tree| Arc::as_ptr(&tree.node)).collect();
            let common: HashSet<_> =
                theirs.iter().map(|tree| Arc::as_ptr(&tree.node)).filter(|node| common.contains(node)).collect();
            mine.retain(|tree| !common.contains(&Arc::as_ptr(&tree.node)));
            theirs.retain(|tree| !common.contains(&Arc::as_ptr(&tree.node)));
        }
        let top = height(&mine).max(height(&theirs));
        match top {
            None | Some(0) => return (mine, theirs),
            Some(_) => {
                mine = below(mine, top);
                theirs = below(theirs, top);
            }
        }
    }
}

/// The children of a level that is `top` high; a lower level stays as it is.
fn below(level: Vec<&Tree>, top: Option<u8>) -> Vec<&Tree> {
    if level.first().map(|tree| tree.height()) != top {
        return level;
    }
    let mut next = Vec::new();
    for tree in level {
        if let Node::Branch { children, .. } = &*tree.node {
            next.extend(children);
        }
    }
    next
}
