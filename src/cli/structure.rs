//! The parts of a container in the terminal: an indented list, or JSON.

use std::fmt::Write as _;
use std::path::Path;

use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::output::{Stop, escape};
use crate::buffer::Buffer;
use crate::formats::structure::{self, NodeId, Structure};
use crate::tasks::Progress;

/// The parts of a file; none where it is no container that is known.
#[derive(Debug)]
pub(super) struct Parts(Option<Structure>);

/// Takes a file apart.
pub(super) fn gather(buffer: &Buffer, path: &Path) -> Result<Parts, Stop> {
    structure::read(buffer, &Progress::new()).map(Parts).map_err(|error| Stop::about(error, path))
}

impl Parts {
    /// A line for each part: where it is, what it is, and what is wrong with it.
    pub(super) fn text(&self) -> String {
        let Some(tree) = &self.0 else { return "  structure none that is known\n".into() };
        let digits = (64 - tree.nodes()[0].len.leading_zeros() as usize).div_ceil(4).max(4);
        let mut text = String::from("  structure\n");
        let mut open: Vec<NodeId> = vec![0];
        while let Some(id) = open.pop() {
            let Some(node) = tree.node(id) else { continue };
            let indent = "  ".repeat(usize::from(node.depth) + 2);
            let value = if node.value.is_empty() { String::new() } else { format!(": {}", escape(&node.value)) };
            let place = format!("{:0digits$X} +{}", node.start, node.len);
            writeln!(text, "{indent}{}{value}  [{place}]", escape(&node.name)).unwrap_or_default();
            for problem in &node.problems {
                writeln!(text, "{indent}  problem: {}", escape(problem)).unwrap_or_default();
            }
            open.extend(node.children.iter().rev());
        }
        text
    }
}

impl Serialize for Parts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(tree) => Part { tree, id: 0 }.serialize(serializer),
            None => serializer.serialize_none(),
        }
    }
}

/// A part; its own parts are inside of it, as deep as the tree is, which is bounded.
struct Part<'a> {
    tree: &'a Structure,
    id: NodeId,
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(node) = self.tree.node(self.id) else { return serializer.serialize_none() };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &node.name)?;
        map.serialize_entry("value", &node.value)?;
        map.serialize_entry("start", &node.start)?;
        map.serialize_entry("len", &node.len)?;
        if !node.problems.is_empty() {
            map.serialize_entry("problems", &node.problems)?;
        }
        if let Some(more) = &node.more {
            map.serialize_entry("more", &more.count)?;
        }
        if !node.children.is_empty() {
            let parts: Vec<Part<'_>> = node.children.iter().map(|&id| Part { tree: self.tree, id }).collect();
            map.serialize_entry("children", &parts)?;
        }
        map.end()
    }
}
