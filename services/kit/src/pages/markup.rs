//! Reads the frame of a page. Takes only markup that every browser reads alike: tags one within the other, elements
//! and attributes that hide, run and fetch nothing, and no style but ours. Then what readers see is certain.

use std::collections::BTreeSet;

/// What may stand around something that must be seen.
const SEEN: [&str; 30] = [
    "html", "body", "main", "div", "section", "article", "header", "footer", "aside", "nav", "h1",
    "h2", "h3", "h4", "p", "a", "span", "strong", "em", "b", "i", "small", "code", "ul", "ol",
    "li", "dl", "dt", "dd", "address",
];
/// What else a frame may hold.
const OTHERS: [&str; 16] = [
    "head",
    "title",
    "style",
    "h5",
    "h6",
    "time",
    "abbr",
    "sub",
    "sup",
    "figure",
    "figcaption",
    "table",
    "thead",
    "tbody",
    "tr",
    "td",
];
/// Elements without an end.
const VOID: [&str; 6] = ["meta", "link", "br", "hr", "img", "wbr"];
/// None of them hides, runs or fetches; `class`, `role`, `href` and `src` are looked at.
const ATTRIBUTES: [&str; 21] = [
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
    "target",
    "title",
    "name",
    "content",
    "charset",
    "width",
    "height",
    "datetime",
    "colspan",
    "rowspan",
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
    /// Where links lead that have words, as they are written.
    pub(super) hrefs: BTreeSet<String>,
}

/// An element that has begun.
struct Open {
    name: String,
    is_seen: bool,
    is_printed: bool,
    href: Option<String>,
}

struct Tag<'a> {
    name: String,
    attributes: Vec<(String, &'a str)>,
    /// Behind the tag.
    rest: &'a str,
}

/// What readers see, or what of it a frame may not hold.
pub(super) fn read(page: &str, css: &str) -> Result<Seen, String> {
    let mut seen = Seen::default();
    let mut open: Vec<Open> = vec![];
    let mut rest = page;
    loop {
        let (text, after) = rest.split_once('<').unwrap_or((rest, ""));
        take_text(text, &open, &mut seen);
        let is_end = text.len() == rest.len();
        let inner = open.last().map(|open| open.name.clone()).unwrap_or_default();
        if inner == "style" && text != css {
            return Err("<style>：样式由 [theme] 决定 / the look comes from [theme]".to_owned());
        }
        if is_end {
            break;
        }
        if ["style", "title"].contains(&inner.as_str()) && !after.starts_with('/') {
            return Err(format!("<{inner}> 中的标记 / tags within it"));
        }
        rest = match after.strip_prefix("!--") {
            Some(comment) => behind_comment(comment)?,
            None => take_tag(after, &mut open)?,
        };
    }
    match open.iter().find(|open| !["html", "body"].contains(&open.name.as_str())) {
        Some(open) => Err(format!("<{}> 没有结束标签 / is not closed", open.name)),
        None => Ok(seen),
    }
}

fn take_text(text: &str, open: &[Open], seen: &mut Seen) {
    if open.iter().any(|open| !open.is_seen) {
        return;
    }
    seen.words.push_str(text);
    if open.iter().all(|open| open.is_printed) {
        seen.printed.push_str(text);
    }
    if !text.trim().is_empty() {
        seen.hrefs.extend(open.iter().filter_map(|open| open.href.clone()));
    }
}

/// Browsers end a comment in other places too: those are not written.
fn behind_comment(comment: &str) -> Result<&str, String> {
    let wrong = || "没有正常结束的注释 / a comment that does not end as it should".to_owned();
    let (said, rest) = comment.split_once("-->").ok_or_else(wrong)?;
    let is_odd = said.starts_with(['>', '-']) || said.contains("--");
    if is_odd { Err(wrong()) } else { Ok(rest) }
}

/// Begins or ends an element; gives what follows the tag.
fn take_tag<'a>(after: &'a str, open: &mut Vec<Open>) -> Result<&'a str, String> {
    if let Some(doctype) =
        after.get(..14).filter(|start| start.eq_ignore_ascii_case("!doctype html>"))
    {
        return Ok(after.get(doctype.len()..).unwrap_or_default());
    }
    if let Some(end) = after.strip_prefix('/') {
        let tag = cut(end)?;
        return match open.pop() {
            Some(open) if open.name == tag.name && tag.attributes.is_empty() => Ok(tag.rest),
            _ => Err(format!("</{}>：标签须逐层嵌套 / tags must be nested", tag.name)),
        };
    }
    let tag = cut(after)?;
    let name = tag.name.as_str();
    if !(SEEN.contains(&name) || OTHERS.contains(&name) || VOID.contains(&name)) {
        return Err(format!("<{name}>"));
    }
    if let Some((attribute, value)) = tag.attributes.iter().find(|pair| !is_allowed(name, pair)) {
        return Err(format!("<{name} {attribute}=\"{value}\">"));
    }
    // What is within it would be read as its attributes' or its neighbours'.
    if name == "link" && !tag.attributes.contains(&("href".to_owned(), "data:,")) {
        return Err("<link>".to_owned());
    }
    if !VOID.contains(&name) {
        let has = |classes: &[&str]| {
            let given = tag.attributes.iter().filter(|(name, _)| name == "class");
            let given = given.flat_map(|(_, value)| value.split_ascii_whitespace());
            // Browsers ignore case where a page has no doctype.
            given.map(str::to_ascii_lowercase).any(|class| classes.contains(&class.as_str()))
        };
        let href = tag.attributes.iter().find(|(attribute, _)| attribute == "href");
        open.push(Open {
            is_seen: SEEN.contains(&name) && !has(&HIDING),
            is_printed: !has(&HIDING_ON_PAPER),
            href: href.filter(|_| name == "a").map(|(_, value)| (*value).to_owned()),
            name: tag.name,
        });
    }
    Ok(tag.rest)
}

fn is_allowed(element: &str, (name, value): &(String, &str)) -> bool {
    let value = value.trim_ascii();
    match name.as_str() {
        // Written with references it would not be what it looks like.
        "class" => !value.contains('&'),
        "role" => ROLES.contains(&value),
        "src" => value.starts_with("data:image/"),
        "href" if element == "link" => value == "data:,",
        "href" => {
            let start = value.split(['/', '?', '#']).next().unwrap_or_default();
            match start.split_once(':') {
                Some((scheme, _)) => SCHEMES.contains(&scheme),
                None => !start.contains('&'),
            }
        }
        name => ATTRIBUTES.contains(&name),
    }
}

/// A tag whose `<` or `</` was taken, with quotes in mind.
fn cut(after: &str) -> Result<Tag<'_>, String> {
    let wrong = || {
        let start: String = after.chars().take(20).collect();
        format!("<{start}…：不是完整的标签 / is no whole tag")
    };
    let is_blank = |c: char| c.is_ascii_whitespace() || c == '/';
    let end = after.find(|c| is_blank(c) || c == '>').ok_or_else(wrong)?;
    let (name, mut rest) = after.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(wrong());
    }
    let mut attributes = vec![];
    loop {
        rest = rest.trim_start_matches(is_blank);
        if let Some(rest) = rest.strip_prefix('>') {
            return Ok(Tag { name: name.to_ascii_lowercase(), attributes, rest });
        }
        let end = rest.find(|c| is_blank(c) || c == '>' || c == '=').ok_or_else(wrong)?;
        let (attribute, behind) = rest.split_at(end);
        if attribute.is_empty() {
            return Err(wrong());
        }
        let behind = behind.trim_ascii_start();
        let (value, behind) = match behind.strip_prefix('=') {
            Some(value) => value_of(value.trim_ascii_start()).ok_or_else(wrong)?,
            None => ("", behind),
        };
        attributes.push((attribute.to_ascii_lowercase(), value));
        rest = behind;
    }
}

fn value_of(rest: &str) -> Option<(&str, &str)> {
    for quote in ['"', '\''] {
        if let Some(quoted) = rest.strip_prefix(quote) {
            return quoted.split_once(quote);
        }
    }
    rest.find(|c: char| c.is_ascii_whitespace() || c == '>').map(|end| rest.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::STYLE;

    /// Whoever hides something new in the style sheet comes by here.
    #[test]
    fn every_class_that_our_style_hides_is_known() {
        let mut style = STYLE.to_owned();
        while let Some((before, after)) = style.clone().split_once("/*") {
            style = format!("{before}{}", after.split_once("*/").unwrap().1);
        }
        let mut count = 0;
        for rule in style.split('}') {
            let Some((selectors, body)) = rule.rsplit_once('{') else { continue };
            let body: String = body.split_whitespace().collect();
            let hides = [
                "display:none",
                "visibility:hidden",
                "opacity",
                "-100rem",
                "clip",
                "font-size:0",
                "height:0",
            ];
            if !hides.iter().any(|hiding| body.contains(hiding)) {
                continue;
            }
            for selector in selectors.rsplit('{').next().unwrap().split(',') {
                count += 1;
                let known = HIDING.iter().chain(&HIDING_ON_PAPER);
                assert!(
                    known.clone().any(|class| selector.contains(&format!(".{class}"))),
                    "{selector}"
                );
            }
        }
        assert!(count >= 8, "{count}");
    }
}
