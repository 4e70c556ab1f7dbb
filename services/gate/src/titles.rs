//! When two titles are one: texts leave out the issuer before 关于, marks and blanks, or quote only what
//! a document is about. Sites also publish interpretations in traditional characters.

mod traditional;

use crate::document::is_letter;
pub(crate) use traditional::simplify;

/// What makes a title: its words, without marks and blanks.
pub(crate) fn bare(title: &str) -> String {
    let mut bare = String::with_capacity(title.len());
    bare.extend(letters(title));
    bare
}

fn letters(title: &str) -> impl Iterator<Item = char> {
    title.chars().filter(|c| is_letter(*c)).map(traditional::simplify)
}

/// Whether two titles are the same, an issuer before 关于 aside.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    letters(from_about(one)).eq(letters(from_about(other)))
}

/// Whether a quoted title is this one: whole, what it is about, or a part that says which.
pub(crate) fn is_named(own: &str, quoted: &str) -> bool {
    let (own, quoted) = (bare(own), bare(quoted));
    !quoted.is_empty() && (own.contains(&quoted) || quoted.contains(&own))
}

/// A title from 关于 on; whole where it has none.
pub(crate) fn from_about(title: &str) -> &str {
    title.find("关于").and_then(|at| title.get(at..)).unwrap_or(title)
}

/// Whether a title is this one, or its short form, which ends it: 《办法》 of 示例办法, of 示例办法（试行） and of
/// 关于印发《示例办法》的通知, 《通知》 of the latter.
pub(crate) fn is_own(own: &str, named: &str) -> bool {
    let inner = own.trim_end_matches("的通知").trim_end_matches('》');
    let names = [own, inner, without_edition(own), without_edition(inner)];
    is_same(own, named) || (!named.is_empty() && names.iter().any(|name| name.ends_with(named)))
}

/// A title without what it ends with in brackets: （试行）, （2027—2029年）.
fn without_edition(title: &str) -> &str {
    let inner = title.strip_suffix(['）', ')']).and_then(|rest| rest.rfind(['（', '(']));
    let (bare, edition) =
        inner.and_then(|open| title.split_at_checked(open)).unwrap_or((title, ""));
    // The one before the revision is another.
    if ["修订", "修正"].iter().any(|word| edition.contains(word)) { title } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_form_ends_a_title() {
        let edition = "示例市行动方案（2027—2029年）";
        let issue = "关于印发《示例市停车办法（试行）》的通知";
        for (own, named, expected) in [
            (edition, "方案", true),
            (edition, "示例市行动方案", true),
            (edition, edition, true),
            (edition, "示例市行动方案（2024—2026年）", false),
            (edition, "办法", false),
            (edition, "", false),
            (issue, "办法", true),
            (issue, "停车办法（试行）", true),
            (issue, "通知", true),
            (issue, "意见", false),
        ] {
            assert_eq!(is_own(own, named), expected, "{own} {named}");
        }
    }
}
