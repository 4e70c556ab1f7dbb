//! Whether a page that was filled may be shown. Whatever template made it, a page that carries a text carries
//! the other one too, or the way to it, where readers see it. Looked at for every page before it leaves, because a
//! template may ask about what it is filled with; and read as browsers read it, because what hides, runs or fetches
//! can be written in more ways than a list of them holds: what is not known to do none of that is refused.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Node, node::Element};

use super::PageError;

/// What a page must hold.
#[derive(Default)]
pub(super) struct Wanted<'p> {
    /// Each once, whole, and seen.
    pub texts: &'p [&'p str],
    /// Links that lead there, with words on them.
    pub links: &'p [&'p str],
    /// Words that are read.
    pub words: &'p [&'p str],
}

/// Elements of a page's body, around the texts.
const ELEMENTS: [&str; 49] = [
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
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "time",
    "tr",
    "ul",
];
/// Elements of its head.
const OF_HEAD: [&str; 5] = ["head", "meta", "title", "link", "style"];
/// Attributes that neither hide, run nor fetch.
const ATTRIBUTES: [&str; 19] = [
    "alt",
    "aria-describedby",
    "aria-label",
    "aria-labelledby",
    "charset",
    "class",
    "colspan",
    "content",
    "datetime",
    "download",
    "height",
    "href",
    "id",
    "lang",
    "name",
    "role",
    "rowspan",
    "tabindex",
    "width",
];
/// Classes of our style sheet that take what bears them off the screen, always or on some.
const HIDING: [&str; 5] = ["skip", "jump", "tagline", "narrow-only", "wide-only"];
/// And those that it does not print.
const UNPRINTED: [&str; 2] = ["files", "links"];

/// Refuses a page that does not hold what it must, or holds what could hide it. `css` is the only style there is.
pub(super) fn check(
    template: &str,
    page: &str,
    css: &str,
    wanted: &Wanted<'_>,
) -> Result<(), PageError> {
    let lacks = |what: String| Err(PageError::Lacks { template: template.to_owned(), what });
    let mut frame = page.to_owned();
    for (number, text) in wanted.texts.iter().enumerate() {
        if text.is_empty() || text.contains(MARK) || frame.matches(text).count() != 1 {
            return lacks(format!(
                "正文（{}）须原样出现一次 / each text whole and once",
                number + 1
            ));
        }
        frame = frame.replace(text, &mark(number));
    }
    let html = Html::parse_document(&frame);
    let seen = match look(&html, css) {
        Ok(seen) => seen,
        Err(strange) => {
            return lacks(format!(
                "只用页面允许的元素和属性 / only the elements and attributes that pages may have: {strange}"
            ));
        }
    };
    for number in 0..wanted.texts.len() {
        if !seen.printed.contains(&mark(number)) {
            return lacks(format!("正文（{}）须可见 / each text seen", number + 1));
        }
    }
    let missing = wanted.words.iter().find(|word| !seen.words.contains(&***word));
    let unlinked = wanted.links.iter().find(|link| !seen.links.contains(&***link));
    match missing.or(unlinked) {
        Some(what) => lacks((*what).to_owned()),
        None => Ok(()),
    }
}

/// No character: XML and HTML refuse it, and so do uploads.
const MARK: char = '\u{ffff}';

/// Stands for a text while its frame is looked at.
fn mark(number: usize) -> String {
    format!("{MARK}{number}{MARK}")
}

/// What of a page readers see.
#[derive(Default)]
struct Seen<'p> {
    /// Its words.
    words: String,
    /// Those that are on paper too.
    printed: String,
    /// Where its links lead that have words on them.
    links: HashSet<&'p str>,
}

fn look<'p>(html: &'p Html, css: &str) -> Result<Seen<'p>, String> {
    let mut seen = Seen::default();
    for node in html.tree.root().descendants() {
        let is_within = |classes: &[&str]| {
            let above = node.ancestors().filter_map(|above| above.value().as_element());
            above.flat_map(Element::classes).any(|class| classes.contains(&class))
        };
        let is_in_head = || {
            node.ancestors()
                .filter_map(|above| above.value().as_element())
                .any(|above| above.name() == "head")
        };
        match node.value() {
            Node::Element(element) => {
                check_element(element, is_in_head() || element.name() == "head")?;
                let is_style = element.name() == "style";
                let of_it = ElementRef::wrap(node);
                if is_style && of_it.is_none_or(|style| style.text().collect::<String>() != css) {
                    return Err("<style>".to_owned());
                }
                let says =
                    of_it.is_some_and(|link| link.text().any(|text| !text.trim().is_empty()));
                let href = element.attr("href").filter(|_| element.name() == "a" && says);
                let is_hidden = element.classes().any(|class| HIDING.contains(&class));
                seen.links.extend(href.filter(|_| !is_hidden && !is_within(&HIDING)));
            }
            Node::Text(text) if !is_in_head() && !is_within(&HIDING) => {
                seen.words.push_str(text);
                if !is_within(&UNPRINTED) {
                    seen.printed.push_str(text);
                }
            }
            Node::Text(_)
            | Node::Document
            | Node::Fragment
            | Node::Doctype(_)
            | Node::Comment(_) => {}
            Node::ProcessingInstruction(_) => return Err("<?".to_owned()),
        }
    }
    Ok(seen)
}

fn check_element(element: &Element, is_in_head: bool) -> Result<(), String> {
    let name = element.name();
    let is_known = if is_in_head { OF_HEAD.contains(&name) } else { ELEMENTS.contains(&name) };
    if !is_known {
        return Err(format!("<{name}>"));
    }
    for (attribute, value) in element.attrs() {
        let is_allowed = match (name, attribute) {
            ("img", "src") => value.starts_with("data:image/"),
            ("link", "rel") => value == "icon",
            ("link", "href") => value == "data:,",
            ("a", "href") => leads_openly(value),
            (_, "href" | "src" | "rel") => false,
            _ => ATTRIBUTES.contains(&attribute),
        };
        if !is_allowed {
            return Err(format!(
                "<{name} {attribute}=\"{}\">",
                value.chars().take(40).collect::<String>()
            ));
        }
    }
    Ok(())
}

/// Whether a link is an address that is followed: no script, no data.
fn leads_openly(href: &str) -> bool {
    let scheme = href.split(['/', '?', '#']).next().and_then(|begin| begin.split_once(':'));
    scheme.is_none_or(|(scheme, _)| ["https", "http", "mailto", "tel"].contains(&scheme))
        && !href.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!DOCTYPE html><html lang=\"zh\"><head><meta charset=\"utf-8\"><title>t</title><link rel=\"icon\" \
        href=\"data:,\"><style>c</style></head><body><!-- a --><a href=\"/p/b\">b</a><img src=\"data:image/png;base64,\" \
        alt=\"\"><div class=\"pair\"><p>甲</p></div><p>乙</p><code>sha256:1</code></body></html>";

    fn is_whole(page: &str) -> bool {
        let wanted =
            Wanted { texts: &["<p>甲</p>", "<p>乙</p>"], links: &["/p/b"], words: &["sha256:1"] };
        check("pair", page, "c", &wanted).is_ok()
    }

    #[test]
    fn a_page_holds_both_texts_where_they_are_seen() {
        assert!(is_whole(PAGE));
        for other in [
            "",
            "<p>丙</p>",
            "<p>乙</p><p>乙</p>",
            "&lt;p&gt;乙&lt;/p&gt;",
            "<!--<p>乙</p>-->",
            "<!-- <p>乙</p>",
            "<template><p>乙</p></template>",
            "<div><template shadowrootmode=\"open\"></template><p>乙</p></div>",
            "<script><p>乙</p></script>",
            "<textarea><p>乙</p>",
            "<div title=\"<p>乙</p>\"></div>",
            "<div hidden><p>乙</p></div>",
            "<DIV HIDDEN=''><p>乙</p></DIV>",
            "<div/hidden><p>乙</p></div>",
            "<div hidden/><p>乙</p></div>",
            "<div a='x'hidden><p>乙</p></div>",
            "<div title=\">\" hidden><p>乙</p></div>",
            "<div hidden><textarea></div></textarea><p>乙</p></div>",
            "<div popover><p>乙</p></div>",
            "<div inert><p>乙</p></div>",
            "<details><p>乙</p></details>",
            "<datalist><p>乙</p></datalist>",
            "<meter><p>乙</p></meter>",
            "<noembed><p>乙</p></noembed>",
            "<noframes><p>乙</p></noframes>",
            "<xmp><p>乙</p></xmp>",
            "<plaintext><p>乙</p>",
            "<ruby><rp><p>乙</p></rp></ruby>",
            "<svg><p>乙</p></svg>",
            "<div style=\"display&#58;none\"><p>乙</p></div>",
            "<div style=\"opacity:0\"><p>乙</p></div>",
            "<div class=\"skip\"><p>乙</p></div>",
            "<div class=\"x narrow-only\"><b><p>乙</p></b></div>",
            "<div class=\"files\"><p>乙</p></div>",
        ] {
            assert!(!is_whole(&PAGE.replace("<p>乙</p>", other)), "{other}");
        }
    }

    #[test]
    fn links_are_links_and_words_are_read() {
        for other in [
            "",
            "<a>b</a>",
            "<a href=\"/p/b\"></a>",
            "<a href=\"/p/bx\">b</a>",
            "<i>/p/b</i>",
            "<a class=\"skip\" href=\"/p/b\">b</a>",
            "<a hidden href=\"/p/b\">b</a>",
        ] {
            assert!(!is_whole(&PAGE.replace("<a href=\"/p/b\">b</a>", other)), "{other}");
        }
        for other in [
            "",
            "<!--sha256:1-->",
            "<code class=\"skip\">sha256:1</code>",
            "<code popover>sha256:1</code>",
        ] {
            assert!(!is_whole(&PAGE.replace("<code>sha256:1</code>", other)), "{other}");
        }
    }

    #[test]
    fn nothing_runs_is_fetched_or_styled_but_by_us() {
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
            "<p onclick=\"a()\">a</p>",
        ] {
            for place in ["<code>", "</head>"] {
                assert!(!is_whole(&PAGE.replace(place, &format!("{more}{place}"))), "{more}");
            }
        }
        assert!(!is_whole(&PAGE.replace("<style>c</style>", "<style>c d</style>")));
        assert!(!is_whole(
            &PAGE.replace("charset=\"utf-8\"", "http-equiv=\"refresh\" content=\"0\"")
        ));
    }

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
                let last = selector.split_whitespace().last().unwrap();
                let class = last.rsplit('.').next().unwrap();
                // .tagline .en: of a line that carries nothing.
                let is_known = HIDING.contains(&class) || UNPRINTED.contains(&class);
                assert!(is_known || selector.contains(".tagline"), "{selector}");
                count += 1;
            }
        }
        assert!(count > 5, "{count}");
    }
}
