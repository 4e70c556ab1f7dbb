//! Whether a page that was filled may be shown. Whatever template made it, a page that carries a text carries
//! the other one too, or the way to it, where readers see it: looked at for every page before it leaves, because a
//! template may ask about what it is filled with.

use super::PageError;

/// Elements whose content nobody sees, or that would run or fetch.
const UNSEEN: [&str; 16] = [
    "script", "style", "template", "noscript", "textarea", "title", "iframe", "object", "embed",
    "select", "svg", "math", "dialog", "audio", "video", "canvas",
];
/// Elements without an end.
const VOID: [&str; 7] = ["meta", "link", "br", "hr", "img", "input", "wbr"];

/// Refuses a page unless each of these texts stands in it once, whole and seen, and each of these words
/// outside of them.
pub(super) fn check(
    template: &str,
    page: &str,
    texts: &[&str],
    words: &[&str],
) -> Result<(), PageError> {
    let lacks = |what: String| Err(PageError::Lacks { template: template.to_owned(), what });
    let mut frame = page.to_owned();
    for (number, text) in texts.iter().enumerate() {
        if text.is_empty() || frame.matches(text).count() != 1 {
            return lacks(format!(
                "正文（第 {} 个）须原样出现一次 / each text whole and once",
                number + 1
            ));
        }
        frame = frame.replace(text, &mark(number));
    }
    let seen = seen(&frame);
    for (number, text) in texts.iter().enumerate() {
        if !seen.contains(&mark(number)) {
            return lacks(format!("正文（第 {} 个）须可见 / each text seen", number + 1));
        }
        if text.contains(MARK) {
            return lacks("U+FFFF".to_owned());
        }
    }
    match words.iter().find(|word| !seen.contains(&***word)) {
        Some(word) => lacks((*word).to_owned()),
        None => Ok(()),
    }
}

/// No character: XML and HTML refuse it, and so do uploads.
const MARK: char = '\u{ffff}';

/// Stands for a text while its frame is looked at.
fn mark(number: usize) -> String {
    format!("{MARK}{number}{MARK}")
}

/// What of a page readers see: its words and what its links lead to.
fn seen(page: &str) -> String {
    let mut seen = String::new();
    // The elements that we are in which are not seen, by name.
    let mut unseen: Vec<String> = vec![];
    let mut rest = page;
    while let Some((text, after)) = rest.split_once('<') {
        if unseen.is_empty() {
            seen.push_str(text);
        }
        if let Some(comment) = after.strip_prefix("!--") {
            let Some((_, after)) = comment.split_once("-->") else { return seen };
            rest = after;
            continue;
        }
        let Some((tag, after)) = after.split_once('>') else { return seen };
        rest = after;
        let lower = tag.to_ascii_lowercase();
        let name: String =
            lower.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if lower.starts_with('/') {
            if let Some(at) = unseen.iter().rposition(|open| *open == name) {
                unseen.truncate(at);
            }
        } else if VOID.contains(&name.as_str()) || lower.starts_with('!') {
            // Nothing is in it.
        } else if !unseen.is_empty() || UNSEEN.contains(&name.as_str()) || is_hidden(&lower) {
            unseen.push(name);
        } else if let Some(href) = lower.contains("href=").then(|| attribute(tag)).flatten() {
            seen.push('\n');
            seen.push_str(href);
            seen.push('\n');
        }
    }
    seen + rest
}

/// Whether a tag hides what is in it.
fn is_hidden(tag: &str) -> bool {
    let plain: String = tag.split_whitespace().collect();
    tag.split_whitespace().skip(1).any(|word| word == "hidden" || word.starts_with("hidden="))
        || ["display:none", "visibility:hidden", "aria-hidden=\"true\""]
            .iter()
            .any(|hiding| plain.contains(hiding))
}

/// Where a link leads.
fn attribute(tag: &str) -> Option<&str> {
    tag.split_once("href=\"")?.1.split_once('"').map(|(href, _)| href)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_whole(page: &str) -> bool {
        check("pair", page, &["<p>甲</p>", "<p>乙</p>"], &["sha256:1", "/p/b"]).is_ok()
    }

    #[test]
    fn a_page_holds_both_texts_where_they_are_seen() {
        let page = "<!DOCTYPE html><body><!-- a --><a href=\"/p/b\">b</a><style>c</style><img src=x>\
            <div><p>甲</p></div><p>乙</p><code>sha256:1</code>";
        assert!(is_whole(page));
        for (part, other) in [
            ("<p>乙</p>", ""),
            ("<p>乙</p>", "<p>丙</p>"),
            ("<p>乙</p>", "<p>乙</p><p>乙</p>"),
            ("<p>乙</p>", "&lt;p&gt;乙&lt;/p&gt;"),
            ("<p>乙</p>", "<!--<p>乙</p>-->"),
            ("<p>乙</p>", "<template><p>乙</p></template>"),
            ("<p>乙</p>", "<script><p>乙</p></script>"),
            ("<p>乙</p>", "<div hidden><p>乙</p></div>"),
            ("<p>乙</p>", "<div style=\"display: none\"><b><p>乙</p></b></div>"),
            ("<p>乙</p>", "<DIV HIDDEN=''><p>乙</p></DIV>"),
            ("<p>乙</p>", "<div title=\"<p>乙</p>\"></div>"),
            ("<p>乙</p>", "<!-- <p>乙</p>"),
            ("<p>乙</p>", "<textarea><p>乙</p>"),
            ("<p>甲</p>", ""),
            ("sha256:1", ""),
            ("<code>sha256:1</code>", "<!--sha256:1-->"),
            ("<a href=\"/p/b\">", "<a>"),
            ("<a href=\"/p/b\">", "<a hidden href=\"/p/b\">"),
        ] {
            assert!(!is_whole(&page.replace(part, other)), "{other}");
        }
    }
}
