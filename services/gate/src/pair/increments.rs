//! By how much a quantity changes: 提高100元 is no value of it, and contradicts none.

use super::figures::{Figure, Rate, bound_words};
use crate::document::last_chars;

/// Verbs right behind which a value is a change; 提高到 and the like say what is reached.
const VERBS: [&str; 14] = [
    "提高", "提升", "上升", "增长", "增加", "上浮", "上调", "递增", "降低", "下降", "减少", "下浮",
    "下调", "递减",
];

/// What may stand between such a verb and its figure, besides bounds and rates: 提高了约100元.
const BETWEEN: [&str; 4] = ["了", "约", "近", "人民币"];

/// Whether a figure says by how much something changes.
pub(super) fn is_increment(figure: &Figure) -> bool {
    // Asked of many figures: most have none of the verbs' first letters near.
    const NEAR: usize = 20;
    const BEGINS: [char; 7] = ['提', '上', '增', '递', '降', '下', '减'];
    if !last_chars(&figure.lead, NEAR).contains(BEGINS) {
        return false;
    }
    let mut before = figure.lead.as_str();
    loop {
        before = before.trim_end_matches(|c: char| c.is_whitespace() || c == '*');
        (before, _) = Rate::before(before);
        let mut between = BETWEEN.into_iter().chain(bound_words());
        match between.find_map(|word| before.strip_suffix(word)) {
            Some(shorter) => before = shorter,
            None => return VERBS.iter().any(|verb| before.ends_with(verb)),
        }
    }
}

/// 水价上调0.35元 says nothing against 水价2.1元.
pub(super) fn is_by_how_much(figure: &Figure, theirs: &Figure) -> bool {
    is_increment(figure) && !speaks_of_change(&theirs.lead)
}

/// Whether a text has such a verb.
pub(super) fn speaks_of_change(text: &str) -> bool {
    VERBS.iter().any(|verb| text.contains(verb))
}
