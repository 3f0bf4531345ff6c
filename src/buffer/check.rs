//! The invariants of the structure, for tests.

use super::Buffer;
use super::piece::{Data, Piece, SMALL};
use super::tree::{MAX, MIN, Node, Tree};

impl Buffer {
    /// Panics where an invariant that the module describes does not hold. For tests: takes time in the order of
    /// the number of pieces.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        if let Some(tree) = &self.head {
            assert!(self.tail.len > 0, "a tree without a last piece");
            check_tree(tree, true);
        }
        if self.tail.len > 0 {
            check_piece(&self.tail);
        }
        assert!(self.len() <= Self::MAX_LEN);
    }

    /// How many pieces there are, for tests.
    #[doc(hidden)]
    pub fn piece_count(&self) -> usize {
        fn count(node: &Node) -> usize {
            match node {
                Node::Leaf(pieces) => pieces.len(),
                Node::Branch { children, .. } => children.iter().map(|child| count(&child.node)).sum(),
            }
        }
        self.head.as_ref().map_or(0, |tree| count(&tree.node)) + usize::from(self.tail.len > 0)
    }
}

fn check_tree(tree: &Tree, root: bool) {
    let count = tree.node.count();
    assert!(count <= MAX, "{count} entries");
    assert!(root || count >= MIN, "only {count} entries");
    let len: u64 = match &*tree.node {
        Node::Leaf(pieces) => {
            assert!(count > 0, "an empty leaf");
            pieces.iter().for_each(check_piece);
            assert!(!pieces.iter().any(|piece| matches!(piece.data, Data::Own(_))), "a place of its own in the tree");
            for pair in pieces.windows(2) {
                let both = pair[0].is_memory() && pair[1].is_memory();
                assert!(!both || pair[0].len + pair[1].len > SMALL, "two small neighbours: {} and {}", pair[0].len, pair[1].len);
            }
            pieces.iter().map(|piece| piece.len).sum()
        }
        Node::Branch { height, children } => {
            assert!(count > 1, "a branch with one child");
            for child in children {
                assert_eq!(child.height() + 1, *height, "leaves at different depths");
                check_tree(child, false);
            }
            children.iter().map(|child| child.len).sum()
        }
    };
    assert_eq!(len, tree.len, "a wrong count");
}

fn check_piece(piece: &Piece) {
    assert!(piece.len > 0, "an empty piece");
    match &piece.data {
        Data::Inline(bytes) => assert!(piece.len <= bytes.len() as u64),
        Data::Own(bytes) => assert!(piece.len <= bytes.len() as u64),
        Data::Mem { block, start } => assert!(*start as u64 + piece.len <= block.len() as u64),
        Data::File { source, start } => assert!(start + piece.len <= source.0.len().0),
        Data::Fill(_) => {}
    }
}
