//! What a drawing asks for, counted before anything is built: elements with all their copies, depth, markers.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId, ParsingOptions};

use crate::formats::{Format, FormatError};

/// The longest drawing that is read.
pub(super) const MAX_TEXT: u64 = 64 << 20;
/// Elements and texts in the file.
const MAX_NODES: u32 = 1_000_000;
/// Elements that are drawn, with every copy that `use` and markers make.
const MAX_DRAWN: u64 = 500_000;
/// Elements inside of each other, with those that `use` brings along.
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

/// Refuses what copies itself without end, or nests too deeply.
pub(super) fn check(document: &Document<'_>) -> Result<(), FormatError> {
    let mut by_id: HashMap<&str, NodeId> = HashMap::new();
    let (mut markers, mut points) = (Vec::new(), 0_u64);
    for node in document.descendants().filter(Node::is_element) {
        if let Some(id) = node.attribute("id") {
            by_id.entry(id).or_insert(node.id());
        }
        if node.tag_name().name() == "marker" {
            markers.push(node.id());
        }
        // A point takes two characters at least.
        let outline = node.attribute("d").or_else(|| node.attribute("points")).map_or(0, str::len);
        points = points.saturating_add(outline as u64 / 2);
    }
    let sizes = measure(document, &by_id);
    let size = |id: NodeId| sizes.get(&id).copied().unwrap_or_default();
    let whole = size(document.root_element().id());
    let limit = |what: String, limit: String| Err(FormatError::Limit { what, limit });
    if whole.depth > MAX_DEPTH {
        return limit(format!("elements of the drawing stand {} deep in each other", whole.depth), format!("{MAX_DEPTH}"));
    }
    let largest = markers.into_iter().map(|id| size(id).drawn).max().unwrap_or(0);
    let drawn = whole.drawn.saturating_add(largest.saturating_mul(points));
    if drawn > MAX_DRAWN {
        return limit(format!("the drawing asks for {drawn} elements, with their copies"), format!("{MAX_DRAWN}"));
    }
    Ok(())
}

/// Every element's size, from the innermost outwards. What refers to itself is left out where it does: it is not drawn either.
fn measure(document: &Document<'_>, by_id: &HashMap<&str, NodeId>) -> HashMap<NodeId, Size> {
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
            let unknown = |id: &NodeId| !begun.contains_key(id);
            waiting.extend(parts(node, by_id).filter(unknown));
            continue;
        }
        waiting.pop();
        if sizes.contains_key(&id) {
            continue;
        }
        let mut size = Size { drawn: 1, depth: 0 };
        for part in parts(node, by_id).filter_map(|part| sizes.get(&part)) {
            size.drawn = size.drawn.saturating_add(part.drawn);
            size.depth = size.depth.max(part.depth);
        }
        size.depth += 1;
        sizes.insert(id, size);
    }
    sizes
}

/// The elements in an element, and the one that it copies.
fn parts<'a>(node: Node<'a, '_>, by_id: &'a HashMap<&str, NodeId>) -> impl Iterator<Item = NodeId> + use<'a> {
    const XLINK: &str = "http://www.w3.org/1999/xlink";
    let link = node.attribute("href").or_else(|| node.attribute((XLINK, "href"))).filter(|_| node.tag_name().name() == "use");
    let copied = link.and_then(|link| link.trim().strip_prefix('#')).and_then(|id| by_id.get(id).copied());
    let inner: Vec<NodeId> = node.children().filter(Node::is_element).map(|child| child.id()).collect();
    inner.into_iter().chain(copied)
}
