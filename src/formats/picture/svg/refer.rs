//! What elements of a drawing refer to: copies, and what they are cut out, masked, filtered or filled with.
//!
//! The drawing library follows such references one inside the other, with no bound of its own. So whoever counts depth must follow
//! them too. Selectors of style sheets are taken for what their last part may match: rather too much is found than too little.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

const XLINK: &str = "http://www.w3.org/1999/xlink";

/// An element that another one refers to.
#[derive(Clone, Copy)]
pub(super) struct Reference {
    pub(super) to: NodeId,
    /// Whether it is built anew for each that refers to it; a surface's filling is built once.
    pub(super) copied: bool,
}

/// Where names and style sheets lead.
pub(super) struct References<'a> {
    by_id: HashMap<&'a str, NodeId>,
    /// What a selector's last part (`.class`, `#id`, a tag or `*`) makes its elements refer to.
    styles: HashMap<String, Vec<Reference>>,
}

impl<'a> References<'a> {
    pub(super) fn of(document: &'a Document<'_>) -> Self {
        let mut found = Self { by_id: HashMap::new(), styles: HashMap::new() };
        for node in document.descendants().filter(Node::is_element) {
            if let Some(id) = node.attribute("id") {
                found.by_id.entry(id).or_insert(node.id());
            }
        }
        for node in document.descendants().filter(|node| node.tag_name().name() == "style") {
            let text: String = node.children().filter_map(|part| part.text()).collect();
            found.style_sheet(&text);
        }
        found
    }

    /// All that `node` refers to.
    pub(super) fn from(&self, node: Node<'_, '_>) -> Vec<Reference> {
        let mut found = Vec::new();
        let tag = node.tag_name().name();
        if matches!(tag, "use" | "feImage") {
            let link = node.attribute("href").or_else(|| node.attribute((XLINK, "href")));
            let to = link.and_then(|link| link.trim().strip_prefix('#')).and_then(|id| self.by_id.get(id));
            found.extend(to.map(|to| Reference { to: *to, copied: true }));
        }
        for attribute in node.attributes() {
            match attribute.name() {
                "style" => self.declared(attribute.value(), &mut found),
                name => self.linked(name, attribute.value(), &mut found),
            }
        }
        if !self.styles.is_empty() {
            let classes = node.attribute("class").unwrap_or_default().split_ascii_whitespace().map(|class| format!(".{class}"));
            let id = node.attribute("id").map(|id| format!("#{id}"));
            for key in classes.chain(id).chain([tag.to_owned(), "*".to_owned()]) {
                found.extend(self.styles.get(&key).into_iter().flatten());
            }
        }
        found
    }

    /// The links in a property's value: `url(#name)`, with or without quotes.
    fn linked(&self, property: &str, value: &str, found: &mut Vec<Reference>) {
        let copied = matches!(property, "mask" | "clip-path" | "filter");
        for link in value.split("url(").skip(1) {
            let name = link.trim_start().trim_start_matches(['"', '\'']).trim_start();
            let name = name.strip_prefix('#').and_then(|name| name.split(['"', '\'', ')']).next()).map(str::trim);
            found.extend(name.and_then(|name| self.by_id.get(name)).map(|to| Reference { to: *to, copied }));
        }
    }

    /// The links in declarations: `mask: url(#name); fill: red`.
    fn declared(&self, declarations: &str, found: &mut Vec<Reference>) {
        for declaration in declarations.split(';') {
            if let Some((property, value)) = declaration.split_once(':') {
                self.linked(property.trim(), value, found);
            }
        }
    }

    fn style_sheet(&mut self, text: &str) {
        if !text.contains("url(") {
            return;
        }
        // Comments may stand anywhere.
        let mut parts = text.split("/*");
        let mut plain = parts.next().unwrap_or_default().to_owned();
        parts.for_each(|part| plain.push_str(part.split_once("*/").map_or("", |(_, rest)| rest)));
        for rule in plain.split('}') {
            let mut inwards = rule.rsplit('{');
            let (Some(declarations), Some(selectors)) = (inwards.next(), inwards.next()) else { continue };
            let mut found = Vec::new();
            self.declared(declarations, &mut found);
            if found.is_empty() {
                continue;
            }
            for selector in selectors.split(',') {
                self.styles.entry(last_part(selector)).or_default().extend(&found);
            }
        }
    }
}

/// What an element must have to be meant by `selector`, as far as one word says it.
fn last_part(selector: &str) -> String {
    let last = selector.trim().rsplit(|mark: char| mark.is_ascii_whitespace() || matches!(mark, '>' | '+' | '~')).next();
    let last = last.unwrap_or_default();
    let named = |text: &str| -> String { text.split(['.', '#', '[', ':']).next().unwrap_or_default().to_owned() };
    if last.contains(['\\', '[', ']']) {
        return "*".to_owned();
    }
    let last = last.split(':').next().unwrap_or_default();
    for mark in ['.', '#'] {
        if let Some((_, name)) = last.split_once(mark) {
            return format!("{mark}{}", named(name));
        }
    }
    match last {
        "" => "*".to_owned(),
        tag => tag.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_by_their_last_part() {
        for (selector, wanted) in [
            ("g .a:hover", ".a"),
            ("svg>rect.b", ".b"),
            (" #c ", "#c"),
            ("rect", "rect"),
            ("g *", "*"),
            ("[id=x]", "*"),
            (":first-child", "*"),
            (".a\\.b", "*"),
        ] {
            assert_eq!(last_part(selector), wanted, "{selector}");
        }
    }

    #[test]
    fn links_in_attributes_and_styles() {
        let text = "<svg><style>/* x{} */ .k , g>b { mask : url( '#m' ) ; fill:red } @media all{ #n{fill:url(#p)} }</style>\
<m id=\"m\"/><p id=\"p\"/><a clip-path=\"url(#m)\"/><a style=\"fill:url(&quot;#p&quot;);mask:url(#m)\"/><a class=\"j k\"/><b/><a id=\"n\"/>\
<use href=\"#p\"/><a href=\"#p\"/></svg>";
        let document = Document::parse(text).expect("well formed");
        let references = References::of(&document);
        let found: Vec<Vec<(&str, bool)>> = document
            .root_element()
            .children()
            .skip(3)
            .map(|node| {
                let found = references.from(node);
                let named = |found: &Reference| document.get_node(found.to).expect("there").tag_name().name();
                found.iter().map(|found| (named(found), found.copied)).collect()
            })
            .collect();
        let wanted: Vec<Vec<(&str, bool)>> = vec![
            vec![("m", true)],
            vec![("p", false), ("m", true)],
            vec![("m", true)],
            vec![("m", true)],
            vec![("p", false)],
            vec![("p", true)],
            vec![],
        ];
        assert_eq!(found, wanted);
    }
}
