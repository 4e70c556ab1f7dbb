//! The headings of pages: whether a text says its title itself, and where a title must not break.

use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext};

/// Whether the first element of a fragment is a heading that says this title, or says more. The
/// frame then shows its own heading lighter, or readers would see the same heading twice.
pub(super) fn says(fragment: &str, title: &str) -> bool {
    let first = fragment.lines().find(|line| !line.is_empty() && !line.starts_with("<section"));
    let heading = first.filter(|line| line.starts_with("<h")).map(words).unwrap_or_default();
    let title: String = title.chars().filter(|c| !c.is_whitespace()).collect();
    !title.is_empty() && heading.contains(&title)
}

/// What readers see of a line of HTML, without white space.
fn words(html: &str) -> String {
    let mut is_in_tag = false;
    let seen: String = html
        .chars()
        .filter(|c| {
            let is_seen = !is_in_tag && *c != '<' && !c.is_whitespace();
            is_in_tag = *c == '<' || (is_in_tag && *c != '>');
            is_seen
        })
        .collect();
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
        .iter()
        .fold(seen, |seen, (escaped, plain)| seen.replace(escaped, plain))
}

/// `{{unbroken title}}`: the title, escaped, a number and its 年, 月, 日 or 号 held on one line.
/// Line breaking by itself may part digits from the ideograph after them.
pub(super) fn unbroken(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let title = helper.param(0).and_then(|param| param.value().as_str()).unwrap_or_default();
    out.write(&hold(title))?;
    Ok(())
}

fn hold(title: &str) -> String {
    let (mut held, mut rest) = (String::new(), title);
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let (digits, after) = number.split_at(end);
        held += &handlebars::html_escape(before);
        match after.chars().next().filter(|unit| "年月日号".contains(*unit)) {
            Some(unit) => held += &format!("<span class=\"unbroken\">{digits}{unit}</span>"),
            None => held += digits,
        }
        rest = after.strip_prefix(['年', '月', '日', '号']).unwrap_or(after);
    }
    held + &handlebars::html_escape(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_says_a_title_only_in_a_heading_it_begins_with() {
        let title = "关于“甲 & 乙”的通知";
        let said = |html: &str| says(&format!("<section class=\"text policy\">\n{html}\n"), title);
        assert!(said("<h2>关于“甲 &amp; 乙”的通知</h2>\n<p>丙</p>"));
        assert!(said("<h2>《关于“<em>甲</em> &amp;  乙”的通知》政策解读</h2>"));
        assert!(!said("<p>关于“甲 &amp; 乙”的通知</p>"));
        assert!(!said("<p>丙</p>\n<h2>关于“甲 &amp; 乙”的通知</h2>"));
        assert!(!said("<h2>关于甲的通知</h2>"));
        assert!(!says("<h2>丙</h2>", " "));
    }

    #[test]
    fn numbers_stay_with_their_unit_and_all_else_is_escaped() {
        for (title, expected) in [
            ("做好2027年<b>", "做好<span class=\"unbroken\">2027年</span>&lt;b&gt;"),
            ("12月3日", "<span class=\"unbroken\">12月</span><span class=\"unbroken\">3日</span>"),
            ("第3项、4", "第3项、4"),
            ("年", "年"),
        ] {
            assert_eq!(hold(title), expected);
        }
    }
}
