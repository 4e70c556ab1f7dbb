//! Whether a page that was filled may be shown. Whatever template made it, a page that carries a text carries
//! the other one too, or the way to it, where readers see it: looked at for every page before it leaves, because a
//! template may ask about what it is filled with.

use super::{PageError, markup};

/// What a page must hold.
#[derive(Debug, Default)]
pub(super) struct Needs<'a> {
    /// Each once, whole and seen.
    pub(super) texts: &'a [&'a str],
    /// Seen outside of the texts.
    pub(super) word: Option<&'a str>,
    /// Where links lead that readers see.
    pub(super) hrefs: &'a [&'a str],
}

/// Refuses a page that lacks something, or holds what might hide it.
pub(super) fn check(
    template: &str,
    page: &str,
    css: &str,
    needs: &Needs<'_>,
) -> Result<(), PageError> {
    let lacks = |what: String| Err(PageError::Lacks { template: template.to_owned(), what });
    let mut frame = page.to_owned();
    for (number, text) in needs.texts.iter().enumerate() {
        if text.is_empty() || frame.matches(text).count() != 1 {
            return lacks(format!(
                "正文（第 {} 个）须原样出现一次 / each text whole and once",
                number + 1
            ));
        }
        if text.contains(MARK) {
            return lacks("U+FFFF".to_owned());
        }
        frame = frame.replace(text, &mark(number));
    }
    let seen = markup::read(&frame, css)
        .map_err(|what| PageError::Markup { template: template.to_owned(), what })?;
    for number in 0..needs.texts.len() {
        if !seen.printed.contains(&mark(number)) {
            return lacks(format!("正文（第 {} 个）须可见 / each text seen", number + 1));
        }
    }
    if let Some(word) = needs.word.filter(|word| !seen.words.contains(word)) {
        return lacks(word.to_owned());
    }
    let is_linked = |href: &str| seen.hrefs.contains(href);
    match needs.hrefs.iter().find(|href| !is_linked(href)) {
        Some(href) => lacks(format!("链接 / a link: {href}")),
        None => Ok(()),
    }
}

/// No character: XML and HTML refuse it, and so do uploads.
const MARK: char = '\u{ffff}';

/// Stands for a text while its frame is looked at.
fn mark(number: usize) -> String {
    format!("{MARK}{number}{MARK}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_whole(page: &str) -> bool {
        let needs =
            Needs {
                texts: &["<p>甲</p>", "<p>乙</p>"], word: Some("sha256:1"), hrefs: &["/p/b"]
            };
        check("pair", page, "c", &needs).is_ok()
    }

    #[test]
    fn a_page_holds_both_texts_where_they_are_seen() {
        let page = "<!DOCTYPE html><head><style>c</style></head><body><!-- a --><a href=\"/p/b\">b</a>\
            <img alt='>' src=data:image/png;base64,AA==>\
            <div class=half title=\"a > b\"><p>甲</p></div><p>乙</p><code>sha256:1</code>";
        assert!(is_whole(page));
        for (part, other) in [
            ("<p>乙</p>", ""),
            ("<p>乙</p>", "<p>丙</p>"),
            ("<p>乙</p>", "<p>乙</p><p>乙</p>"),
            ("<p>乙</p>", "&lt;p&gt;乙&lt;/p&gt;"),
            ("<p>甲</p>", ""),
            ("sha256:1", ""),
            ("<code>sha256:1</code>", "<!--sha256:1-->"),
            ("<a href=\"/p/b\">", "<a>"),
            ("<a href=\"/p/b\">", "<a hidden href=\"/p/b\">"),
            ("<a href=\"/p/b\">", "<a href=\"/p/b2\">"),
            ("<a href=\"/p/b\">", "<a title=/p/b href=\"/p/\">"),
            ("<a href=\"/p/b\">b</a>", "<p>/p/b</p>"),
            ("<a href=\"/p/b\">b</a>", "<a href=\"/p/b\"> </a>"),
            ("<a href=\"/p/b\">b</a>", "<link href=\"/p/b\">b"),
            ("<style>c</style>", "<style>p{display:none}</style>"),
            ("<style>c</style>", "<style>c</style><style>p{color:#fff}</style>"),
            ("<img ", "<img onload=a() "),
            ("<img ", "<img src=//elsewhere "),
            ("<body>", "<body hidden>"),
        ] {
            assert!(page.contains(part), "{part}");
            assert!(!is_whole(&page.replace(part, other)), "{other}");
        }
    }

    #[test]
    fn nothing_around_a_text_may_hide_it() {
        let page = |around: &str| {
            let (before, after) = around.split_once('…').unwrap();
            format!(
                "<!DOCTYPE html><body><a href=\"/p/b\">b</a><p>甲</p>{before}<p>乙</p>{after}<code>sha256:1</code>"
            )
        };
        for around in ["…", "<div class=\"half explains\" id='a'>…</div>", "<p><em>a</em></p>…"]
        {
            assert!(is_whole(&page(around)), "{around}");
        }
        for around in [
            "<!--…-->",
            "<!-- …",
            "<!--><div hidden>-->…",
            "<!-- a --!><div hidden> -->…",
            "<?x ><div hidden>…",
            "<template>…</template>",
            "<script>…</script>",
            "<textarea>…",
            "<title>…</title>",
            "<title><!--</title>…",
            "<details>…</details>",
            "<datalist>…</datalist>",
            "<noframes>…</noframes>",
            "<noembed>…</noembed>",
            "<xmp>…</xmp>",
            "<plaintext>…",
            "<progress>…</progress>",
            "<meter>…</meter>",
            "<svg>…</svg>",
            "<table>…</table>",
            "<div hidden>…</div>",
            "<DIV HIDDEN=''>…</DIV>",
            "<div/hidden>…</div>",
            "<div\nhidden>…</div>",
            "<div title=\">\" hidden>…</div>",
            "<div title='>' hidden>…</div>",
            "<div title=\"…\"></div>",
            "<div popover>…</div>",
            "<div inert>…</div>",
            "<div aria-hidden=\"true\">…</div>",
            "<div role=\"img\">…</div>",
            "<div style=\"display: none\"><b>…</b></div>",
            "<div style=\"display&#58;none\">…</div>",
            "<div class=\"skip\">…</div>",
            "<div class='half SKIP'>…</div>",
            "<div class=\"s&#107;ip\">…</div>",
            "<div class=narrow-only>…</div>",
            "<figure class=\"chart\"><div class=\"narrow-only\">…</div></figure>",
            "<div class=\"files\">…</div>",
            // A browser carries `b` on behind the end of `div`.
            "<div><b class=skip></div>…",
        ] {
            assert!(!is_whole(&page(around)), "{around}");
        }
    }
}
