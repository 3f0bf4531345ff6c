//! What a drawing asks for, counted before anything is built: elements with all their copies, depth, markers.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId, ParsingOptions};

use super::refer::References;
use crate::formats::{Format, FormatError};

/// The longest drawing that is read.
pub(super) const MAX_TEXT: u64 = 64 << 20;
/// Elements and texts in the file.
const MAX_NODES: u32 = 1_000_000;
/// Elements that are drawn, with every copy that `use` and markers make.
const MAX_DRAWN: u64 = 500_000;
/// Elements inside of each other, with those that they refer to: copies, masks, fillings.
const MAX_DEPTH: u64 = 192;

/// The document, if it asks for nothing unreasonable.
pub(super) fn parse(text: &str) -> Result<Document<'_>, FormatError> {
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let what = error.to_string();
        let place = error.pos();
        // The parser names a line; a byte is what everybody else here names.
        let lines = text.split_inclusive('\n').take(place.row.saturating_sub(1) as usize);
        let at = lines.map(str::len).sum::<usize>() as u64 + u64::from(place.col.saturating_sub(1));
        FormatError::Malformed { format: Format::Svg, what, at: Some(crate::buffer::Offset(at)) }
    })
}

/// How much is drawn for an element, and how deep it goes.
#[derive(Clone, Copy, Default)]
struct Size {
    drawn: u64,
    depth: u64,
}

/// Refuses what copies itself without end, or nests too deeply. Gives how many elements are drawn, with their copies.
pub(super) fn check(document: &Document<'_>) -> Result<u64, FormatError> {
    let references = References::of(document);
    let (mut markers, mut points) = (Vec::new(), 0_u64);
    for node in document.descendants().filter(Node::is_element) {
        if node.tag_name().name() == "marker" {
            markers.push(node.id());
        }
        // A point takes two characters at least.
        let outline = node.attribute("d").or_else(|| node.attribute("points")).map_or(0, str::len);
        points = points.saturating_add(outline as u64 / 2);
    }
    let sizes = measure(document, &references);
    let size = |id: NodeId| sizes.get(&id).copied().unwrap_or_default();
    let whole = size(document.root_element().id());
    if whole.depth > MAX_DEPTH {
        let what = format!("elements of the drawing stand {} deep in each other", whole.depth);
        return Err(FormatError::Limit { what, limit: MAX_DEPTH.to_string() });
    }
    let largest = markers.into_iter().map(|id| size(id).drawn).max().unwrap_or(0);
    let drawn = whole.drawn.saturating_add(largest.saturating_mul(points));
    admit(drawn)?;
    Ok(drawn)
}

/// Refuses so many elements, with all their copies.
pub(super) fn admit(drawn: u64) -> Result<(), FormatError> {
    if drawn > MAX_DRAWN {
        let what = format!("the drawing asks for {drawn} elements, with their copies");
        return Err(FormatError::Limit { what, limit: MAX_DRAWN.to_string() });
    }
    Ok(())
}

/// Every element's size, from the innermost outwards. What refers to itself is left out where it does: it is not drawn either.
fn measure(document: &Document<'_>, references: &References<'_>) -> HashMap<NodeId, Size> {
    let mut sizes: HashMap<NodeId, Size> = HashMap::new();
    // `None` marks those whose parts are being measured.
    let mut begun: HashMap<NodeId, bool> = HashMap::new();
    let mut waiting = vec![document.root_element().id()];
    while let Some(id) = waiting.last().copied() {
        let Some(node) = document.get_node(id) else {
            waiting.pop();
            continue;
        };
        if begun.insert(id, true).is_none() {
            waiting.extend(parts(node, references).map(|(id, _)| id).filter(|id| !begun.contains_key(id)));
            continue;
        }
        waiting.pop();
        if sizes.contains_key(&id) {
            continue;
        }
        let mut size = Size { drawn: 1, depth: 0 };
        for (part, copied) in parts(node, references).filter_map(|(id, copied)| Some((sizes.get(&id)?, copied))) {
            if copied {
                size.drawn = size.drawn.saturating_add(part.drawn);
            }
            size.depth = size.depth.max(part.depth);
        }
        size.depth += 1;
        sizes.insert(id, size);
    }
    sizes
}

/// The elements in an element and those that it refers to, and whether they are drawn for it.
fn parts<'a>(node: Node<'a, '_>, references: &References<'_>) -> impl Iterator<Item = (NodeId, bool)> + use<'a> {
    let inner: Vec<(NodeId, bool)> = node.children().filter(Node::is_element).map(|child| (child.id(), true)).collect();
    inner.into_iter().chain(references.from(node).into_iter().map(|found| (found.to, found.copied)))
}
