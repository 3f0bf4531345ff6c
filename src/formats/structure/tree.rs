//! The tree as views hold it: nodes by number, and which bytes are whose.

use super::draft::Draft;
use super::list::Resume;
use super::scan::Scan;
use super::{FormatError, MOST};
use crate::buffer::Buffer;
use crate::tasks::Progress;

/// Names a node of one tree.
pub type NodeId = u32;

/// A part of a container.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// What it is, as the format's specification calls it.
    pub name: String,
    /// Its value in words; empty where its parts are its value.
    pub value: String,
    /// Its first byte.
    pub start: u64,
    /// How many bytes it has.
    pub len: u64,
    /// What it is a part of; the root is its own.
    pub parent: NodeId,
    /// How many nodes are above it.
    pub depth: u16,
    /// Its parts, in order.
    pub children: Vec<NodeId>,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// It stands for parts that are not read yet.
    pub more: Option<Resume>,
}

impl Node {
    /// The place behind its last byte.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.len)
    }
}

/// Bytes that belong to a node without parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The first byte.
    pub start: u64,
    /// The place behind the last one.
    pub end: u64,
    /// The node.
    pub node: NodeId,
    /// Its place in a palette of [`Region::COLORS`]: never that of the part before it.
    pub color: u8,
}

impl Region {
    /// Colours that regions are told apart by.
    pub const COLORS: u8 = 8;
}

/// What a container is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Structure {
    kind: String,
    nodes: Vec<Node>,
    regions: Vec<Region>,
    problems: usize,
}

impl Structure {
    pub(super) fn new(kind: &str, parts: Vec<Draft>, len: u64) -> Self {
        let root = Node { name: kind.to_owned(), len, value: super::draft::bytes(len), ..Node::default() };
        let mut tree = Self { kind: kind.to_owned(), nodes: vec![root], ..Self::default() };
        let children = tree.adopt(parts, 0);
        tree.nodes[0].children = children;
        tree.finish();
        tree
    }

    /// What it is: "PNG".
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// All nodes; the first one is the root.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// A node by its number.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// The bytes of nodes without parts, in order, none of them twice.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// How many problems all nodes have.
    pub fn problems(&self) -> usize {
        self.problems
    }

    /// The region that a byte is in.
    pub fn region_at(&self, offset: u64) -> Option<&Region> {
        let after = self.regions.partition_point(|region| region.start <= offset);
        self.regions[..after].last().filter(|region| offset < region.end)
    }

    /// The innermost node that a byte belongs to.
    pub fn deepest(&self, offset: u64) -> Option<NodeId> {
        self.region_at(offset).map(|region| region.node)
    }

    /// The regions that have a byte between `start` and `end`.
    pub fn regions_in(&self, start: u64, end: u64) -> &[Region] {
        let from = self.regions.partition_point(|region| region.end <= start);
        let to = self.regions.partition_point(|region| region.start < end);
        self.regions.get(from..to).unwrap_or_default()
    }

    /// The tree with the next parts in the place of a node that stands for them; `None` where it stands for none, or the tree
    /// holds as many nodes as it may.
    ///
    /// # Errors
    /// [`FormatError::Cancelled`].
    pub fn expand(&self, node: NodeId, input: &Buffer, progress: &Progress) -> Result<Option<Self>, FormatError> {
        let Some((resume, parent)) = self.node(node).and_then(|node| Some((node.more.as_ref()?, node.parent))) else {
            return Ok(None);
        };
        if self.nodes.len() >= MOST {
            return Ok(None);
        }
        let parts = resume.go_on(&Scan::new(input, progress))?;
        let mut tree = self.clone();
        let added = tree.adopt(parts, parent);
        let siblings = &mut tree.nodes[parent as usize].children;
        let at = siblings.iter().position(|&child| child == node).unwrap_or(siblings.len());
        let end = (at + 1).min(siblings.len());
        siblings.splice(at..end, added);
        let replaced = &mut tree.nodes[node as usize];
        *replaced = Node { parent, depth: replaced.depth, ..Node::default() };
        tree.finish();
        Ok(Some(tree))
    }

    /// Makes nodes of parts, as far as there is room; their numbers.
    fn adopt(&mut self, parts: Vec<Draft>, parent: NodeId) -> Vec<NodeId> {
        let depth = self.nodes[parent as usize].depth + 1;
        let mut ids = Vec::with_capacity(parts.len());
        for part in parts {
            if self.nodes.len() >= MOST {
                break;
            }
            let id = self.nodes.len() as NodeId;
            let Draft { name, value, start, len, parts, problems, more } = part;
            self.nodes.push(Node { name, value, start, len, parent, depth, children: Vec::new(), problems, more });
            let children = self.adopt(parts, id);
            self.nodes[id as usize].children = children;
            ids.push(id);
        }
        ids
    }

    /// Finds the regions. A byte that two nodes claim belongs to the one that begins later, which is the more particular one.
    fn finish(&mut self) {
        let mut claims = Vec::new();
        self.claim(0, &mut claims);
        claims.sort_by_key(|claim: &Region| (claim.start, std::cmp::Reverse(claim.end)));
        self.regions.clear();
        // Claims that are open, the one that began last at the end.
        let mut open: Vec<Region> = Vec::new();
        let mut at = 0;
        let put = |regions: &mut Vec<Region>, from: u64, to: u64, claim: Region| {
            if from < to {
                regions.push(Region { start: from, end: to, ..claim });
            }
        };
        for claim in claims {
            while let Some(&top) = open.last() {
                if top.end > claim.start {
                    break;
                }
                put(&mut self.regions, at.max(top.start), top.end, top);
                at = at.max(top.end);
                open.pop();
            }
            if let Some(&top) = open.last() {
                put(&mut self.regions, at.max(top.start), claim.start, top);
            }
            at = at.max(claim.start);
            open.push(claim);
        }
        while let Some(top) = open.pop() {
            put(&mut self.regions, at.max(top.start), top.end, top);
            at = at.max(top.end);
        }
        self.problems = self.nodes.iter().map(|node| node.problems.len()).sum();
    }

    fn claim(&self, id: NodeId, claims: &mut Vec<Region>) {
        for &child in &self.nodes[id as usize].children {
            let part = &self.nodes[child as usize];
            if !part.children.is_empty() {
                self.claim(child, claims);
            } else if part.len > 0 {
                let color = (claims.len() % usize::from(Region::COLORS)) as u8;
                claims.push(Region { start: part.start, end: part.end(), node: child, color });
            }
        }
    }
}
