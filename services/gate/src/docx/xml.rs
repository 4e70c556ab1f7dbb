//! XML as a tree, within limits. Names carry one prefix for each namespace whatever the file calls it, the
//! same for transitional and strict OOXML (ISO/IEC 29500).

use quick_xml::{
    NsReader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
    name::ResolveResult,
};

/// Elements within elements at most. Word's own limit for tables in tables makes about a hundred.
const DEPTH_MAX: usize = 150;
/// Elements at most in one part, which then takes some 150 MB: a book of 500 pages has less than half as
/// many.
const ELEMENTS_MAX: usize = 1_000_000;

/// One element.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Element {
    /// Such as `w:p`; `?:x` in a namespace we do not know.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

/// What an element holds.
#[derive(Debug, PartialEq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

const NAMESPACES: [(&str, &str); 12] = [
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "w"),
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", "w"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "r"),
    ("http://purl.oclc.org/ooxml/officeDocument/relationships", "r"),
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "s"),
    ("http://purl.oclc.org/ooxml/spreadsheetml/main", "s"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/math", "m"),
    ("http://purl.oclc.org/ooxml/officeDocument/math", "m"),
    ("http://schemas.openxmlformats.org/markup-compatibility/2006", "mc"),
    ("http://schemas.openxmlformats.org/package/2006/relationships", "rel"),
    ("http://schemas.openxmlformats.org/drawingml/2006/picture", "pic"),
    ("urn:schemas-microsoft-com:vml", "v"),
];

impl Element {
    /// Reads a part; `None` if it is no XML or beyond the limits.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = encoding_rs::UTF_8.decode(bytes).0; // by its byte order mark also UTF-16
        let mut reader = NsReader::from_str(&text);
        let mut open: Vec<Self> = vec![Self::default()];
        let mut count = 0_usize;
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) => {
                    open.push(named(&start, &reader)?);
                    count += 1;
                }
                Event::Empty(start) => {
                    let element = named(&start, &reader)?;
                    open.last_mut()?.children.push(Node::Element(element));
                    count += 1;
                }
                Event::End(_) => {
                    let closed = open.pop()?;
                    open.last_mut()?.children.push(Node::Element(closed));
                }
                Event::Text(text) => open.last_mut()?.push_text(&text.xml10_content().ok()?),
                Event::CData(text) => open.last_mut()?.push_text(&text.decode().ok()?),
                Event::GeneralRef(reference) => {
                    let text = resolve(&reference)?;
                    open.last_mut()?.push_text(&text);
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
                Event::Eof => break,
            }
            if open.len() > DEPTH_MAX || count > ELEMENTS_MAX {
                return None;
            }
        }
        let [root] = <[Self; 1]>::try_from(open).ok()?;
        root.children.into_iter().find_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    fn push_text(&mut self, text: &str) {
        match self.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => self.children.push(Node::Text(text.to_owned())),
        }
    }

    /// The elements in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first of this name in it.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    /// The first of this name in it, taken out.
    pub(super) fn take(&mut self, name: &str) -> Option<Self> {
        let is_named = |node: &Node| matches!(node, Node::Element(element) if element.name == name);
        match self.children.remove(self.children.iter().position(is_named)?) {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        }
    }

    /// Its name without what stands for its namespace.
    pub(super) fn local_name(&self) -> &str {
        self.name.split_once(':').map_or(self.name.as_str(), |(_, local)| local)
    }

    /// An attribute, by its name without prefix (`r:id` excepted).
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// `w:val` of the first child of this name.
    pub(super) fn value_of(&self, child: &str) -> Option<&str> {
        self.child(child)?.attribute("val")
    }

    /// Whether a property that is on or off is on; `None` where nothing is said.
    pub(super) fn flag(&self, child: &str) -> Option<bool> {
        let value = self.child(child)?.attribute("val").unwrap_or("true");
        Some(!matches!(value, "0" | "false" | "off" | "none"))
    }

    /// The text in it, of all depths.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.visit(&mut |node| {
            if let Node::Text(part) = node {
                text.push_str(part);
            }
            true
        });
        text
    }

    /// Whether an element of one of these names is in it, at any depth.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.elements().any(|e| names.contains(&e.name.as_str()) || e.has(names))
    }

    /// Shows every node in it, in order, depth first; what is below an element only where `see` says so.
    pub(super) fn visit<'e>(&'e self, see: &mut impl FnMut(&'e Node) -> bool) {
        for node in &self.children {
            if see(node)
                && let Node::Element(element) = node
            {
                element.visit(see);
            }
        }
    }
}

fn named(start: &BytesStart<'_>, reader: &NsReader<&[u8]>) -> Option<Element> {
    let (namespace, local) = reader.resolver().resolve_element(start.name());
    let prefix = match namespace {
        ResolveResult::Bound(bound) => {
            let uri = std::str::from_utf8(bound.as_ref()).ok()?;
            NAMESPACES.iter().find(|(known, _)| *known == uri).map_or("?", |(_, prefix)| *prefix)
        }
        ResolveResult::Unbound => "",
        ResolveResult::Unknown(_) => "?",
    };
    let local = std::str::from_utf8(local.as_ref()).ok()?;
    let name = if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };
    let mut attributes = vec![];
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.ok()?;
        let key = std::str::from_utf8(attribute.key.local_name().as_ref()).ok()?.to_owned();
        let (namespace, _) = reader.resolver().resolve_attribute(attribute.key);
        // `r:id` stands beside `w:id`; no other two attributes of one name matter here.
        let is_relation = matches!(namespace, ResolveResult::Bound(bound)
            if bound.as_ref().ends_with(b"/relationships"));
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
        attributes.push((if is_relation { format!("r:{key}") } else { key }, value));
    }
    Some(Element { name, attributes, children: vec![] })
}

/// A reference to a character; entities that a file declares itself are not expanded.
pub(super) fn resolve(reference: &BytesRef<'_>) -> Option<String> {
    if reference.is_char_ref() {
        return Some(reference.resolve_char_ref().ok()??.to_string());
    }
    let name = reference.decode().ok()?;
    Some(quick_xml::escape::resolve_predefined_entity(&name).unwrap_or_default().to_owned())
}
