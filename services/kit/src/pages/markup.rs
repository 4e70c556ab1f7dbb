//! Reads the frame of a page as browsers do (the HTML standard's parser). It may hold only elements and attributes
//! that hide, run and fetch nothing, and no style but ours: then what readers see is certain.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Node, node::Element};

/// What may stand around something that must be seen.
const ELEMENTS: [&str; 47] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "blockquote",
    "body",
    "br",
    "cite",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "i",
    "img",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "ul",
    "wbr",
    "q",
    "s",
    "u",
];
/// What a head may hold.
const OF_HEAD: [&str; 5] = ["head", "meta", "title", "link", "style"];
/// None of them hides, runs or fetches; `class`, `role`, `href`, `src` and `rel` are looked at.
const ATTRIBUTES: [&str; 16] = [
    "id",
    "class",
    "lang",
    "role",
    "tabindex",
    "aria-label",
    "aria-labelledby",
    "href",
    "src",
    "alt",
    "rel",
    "title",
    "name",
    "content",
    "charset",
    "datetime",
];
/// Of our style sheet: what is in them is off the screen, on some screens at least (a test compares).
const HIDING: [&str; 5] = ["skip", "jump", "tagline", "narrow-only", "wide-only"];
/// The same on paper. Links are no use there; texts are.
const HIDING_ON_PAPER: [&str; 2] = ["files", "links"];
/// Of other roles some make browsers leave out what is within (`img`, `button`).
const ROLES: [&str; 6] = ["note", "region", "main", "banner", "navigation", "contentinfo"];
/// Where links may lead, if they name a scheme.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// What readers see of a frame.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Its words.
    pub(super) words: String,
    /// The same without what is left out on paper.
    pub(super) printed: String,
    /// Where links lead that have words.
    pub(super) hrefs: BTreeSet<String>,
}

/// What readers see, or what of it a frame may not hold.
pub(super) fn read(page: &str, css: &str) -> Result<Seen, String> {
    let html = Html::parse_document(page);
    let mut seen = Seen::default();
    for node in html.tree.root().descendants() {
        let above = || node.ancestors().filter_map(|above| above.value().as_element());
        let is_in_head = || above().any(|above| above.name() == "head");
        let is_within = |hiding: &[&str]| above().any(|above| bears(above, hiding));
        match node.value() {
            Node::Element(element) => {
                check(element, element.name() == "head" || is_in_head())?;
                let Some(whole) = ElementRef::wrap(node) else { continue };
                if element.name() == "style" && whole.text().collect::<String>() != css {
                    return Err(
                        "<style>：样式由 [theme] 决定 / the look comes from [theme]".to_owned()
                    );
                }
                let is_hidden = is_within(&HIDING) || bears(element, &HIDING);
                let says = whole.text().any(|text| !text.trim().is_empty());
                let href = element.attr("href").filter(|_| element.name() == "a");
                seen.hrefs.extend(href.filter(|_| says && !is_hidden).map(str::to_owned));
            }
            Node::Text(text) if !is_in_head() && !is_within(&HIDING) => {
                seen.words.push_str(text);
                if !is_within(&HIDING_ON_PAPER) {
                    seen.printed.push_str(text);
                }
            }
            Node::Text(_)
            | Node::Document
            | Node::Fragment
            | Node::Doctype(_)
            | Node::Comment(_)
            | Node::ProcessingInstruction(_) => {}
        }
    }
    Ok(seen)
}

/// Whether an element has one of these classes. Without a doctype browsers do not tell `SKIP` from `skip`.
fn bears(element: &Element, classes: &[&str]) -> bool {
    element.classes().any(|class| classes.iter().any(|other| class.eq_ignore_ascii_case(other)))
}

/// Refuses an element or an attribute that is not known to be harmless.
fn check(element: &Element, is_in_head: bool) -> Result<(), String> {
    let name = element.name();
    let known: &[&str] = if is_in_head { &OF_HEAD } else { &ELEMENTS };
    if !known.contains(&name) {
        return Err(format!("<{name}>"));
    }
    let strange = element.attrs().find(|(attribute, value)| {
        let is_allowed = match (name, *attribute) {
            ("img", "src") => value.starts_with("data:image/"),
            ("link", "rel") => *value == "icon",
            ("link", "href") => *value == "data:,",
            ("a", "href") => leads_openly(value),
            (_, "src" | "href" | "rel") => false,
            (_, "role") => ROLES.contains(value),
            _ => ATTRIBUTES.contains(attribute),
        };
        !is_allowed
    });
    strange.map_or(Ok(()), |(attribute, value)| {
        let value: String = value.chars().take(40).collect();
        Err(format!("<{name} {attribute}=\"{value}\">"))
    })
}

/// Whether a link is an address that is followed: no script, no data.
fn leads_openly(href: &str) -> bool {
    let scheme = href.split(['/', '?', '#']).next().and_then(|begin| begin.split_once(':'));
    scheme.is_none_or(|(scheme, _)| SCHEMES.contains(&scheme))
        && !href.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_classes_that_hide_are_known() {
        let style = super::super::STYLE;
        let rules = style.split('}').filter_map(|rule| rule.rsplit_once('{'));
        let hiding = rules.filter(|(_, body)| {
            ["display: none", "left: -", "visibility: hidden"].iter().any(|way| body.contains(way))
        });
        let mut count = 0;
        for (selectors, _) in hiding {
            for selector in selectors.rsplit("*/").next().unwrap().split(',') {
                let class = selector.split_whitespace().last().unwrap().rsplit('.').next().unwrap();
                let is_known = HIDING.contains(&class) || HIDING_ON_PAPER.contains(&class);
                // No frame bears it: the links in charts' fragments do.
                let is_fragments =
                    selector.trim().ends_with("[download]") && !ATTRIBUTES.contains(&"download");
                // .tagline .en: of a line that carries nothing.
                let is_empty = selector.contains(".tagline");
                assert!(is_known || is_fragments || is_empty, "{selector}");
                count += 1;
            }
        }
        assert!(count > 5, "{count}");
    }

    #[test]
    fn what_runs_or_fetches_is_refused_wherever_it_stands() {
        let page = "<!DOCTYPE html><html><head><title>t</title><style>c</style></head><body><p>a</p></body></html>";
        assert!(read(page, "c").is_ok());
        for more in [
            "<img src=x onerror=\"a()\">",
            "<img src=\"https://example.org/a.png\" alt=\"\">",
            "<svg onload=\"a()\"></svg>",
            "<a href=\"javascript:a()\">a</a>",
            "<a href=\"java\nscript:a()\">a</a>",
            "<a href=\"data:text/html,a\">a</a>",
            "<link rel=\"stylesheet\" href=\"https://example.org/a.css\">",
            "<style>#b{display:none}</style>",
            "<form action=\"https://example.org\"></form>",
            "<iframe></iframe>",
            "<base href=\"https://example.org\">",
            "<meta http-equiv=\"refresh\" content=\"0\">",
            "<p onclick=\"a()\">a</p>",
            "<div><template shadowrootmode=\"open\"></template></div>",
            "<div hidden><textarea></div></textarea></div>",
        ] {
            for place in ["<p>a</p>", "</head>"] {
                assert!(
                    read(&page.replace(place, &format!("{more}{place}")), "c").is_err(),
                    "{more}"
                );
            }
        }
    }
}
