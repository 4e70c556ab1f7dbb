//! Paragraphs with an address or another long word: where a browser takes that to the next line, a justified line
//! before it would be torn apart. The style sheet leaves them ragged.

use crate::chart::text::is_chinese;

/// Longer words are none.
const CHARACTERS_MAX: usize = 20;

/// HTML whose paragraphs with longer words are of the class `ragged`.
pub(super) fn mark(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut parts = html.split("<p>");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let text = part.split("</p>").next().unwrap_or_default();
        out.push_str(if has_long_word(text) { "<p class=\"ragged\">" } else { "<p>" });
        out.push_str(part);
    }
    out
}

/// Outside of tags.
fn has_long_word(text: &str) -> bool {
    let (mut length, mut is_in_tag) = (0, false);
    text.chars().any(|c| {
        match c {
            '<' => is_in_tag = true,
            '>' => is_in_tag = false,
            _ if is_in_tag => {}
            _ if c.is_whitespace() || is_chinese(c) => length = 0,
            _ => length += 1,
        }
        length > CHARACTERS_MAX
    })
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn a_paragraph_with_an_address_is_ragged() {
        let address = "https://www.example.gov.cn/a";
        let html =
            format!("<p>见{address}。</p>\n<p>甲</p>\n<p><a href=\"{address}\">网站</a></p>");
        assert_eq!(mark(&html), html.replacen("<p>", "<p class=\"ragged\">", 1));
        for same in ["", "<h2>题</h2>", "<p>a b c</p>"] {
            assert_eq!(mark(same), same);
        }
    }
}
