//! By how much a quantity changes: 提高100元 is no value of it, as far as it is small beside the value.

use super::figures::{Figure, Rate};

/// Verbs right behind which a value is a change; 提高到 and the like say what is reached.
const VERBS: [&str; 14] = [
    "提高", "提升", "上升", "增长", "增加", "上浮", "上调", "递增", "降低", "下降", "减少", "下浮",
    "下调", "递减",
];

/// Other words of a text that tells a change.
const OTHERS: [&str; 16] = [
    "增速",
    "增幅",
    "降幅",
    "涨幅",
    "上涨",
    "每吨涨",
    "优惠",
    "减征",
    "缩短",
    "压缩",
    "压减",
    "加发",
    "增发",
    "降价",
    "涨价",
    "米涨",
];

/// What may stand between such a verb and its figure; 提高 600元 and 提高每人每月600元 tell what is reached.
const BETWEEN: [&str; 3] = ["了", "约", "近"];

/// Whether a figure says by how much something changes.
fn is_increment(figure: &Figure) -> bool {
    let mut before = figure.lead.as_str();
    while let Some(shorter) = BETWEEN.iter().find_map(|word| before.strip_suffix(word)) {
        before = shorter;
    }
    VERBS.iter().any(|verb| before.ends_with(verb)) && !before.ends_with("改造提升")
}

/// 水价上调0.35元 says nothing against 水价2.1元. What is more than half of it is hardly a change of it: who writes 提高600元
/// for 500元 means what is reached.
pub(super) fn is_by_how_much(figure: &Figure, theirs: &Figure) -> bool {
    let number = |figure: &Figure| -> Option<f64> {
        let value = figure.value.trim_end_matches(|c: char| !c.is_ascii_digit());
        value.parse().ok()
    };
    is_increment(figure)
        && !speaks_of_change(&theirs.lead)
        && number(figure).zip(number(theirs)).is_some_and(|(by, of)| by * 2.0 <= of)
}

/// Whether what stands behind an increment says that another value is reached: 提高100元，达到600元 for 500元.
pub(super) fn reaches_other(figure: &Figure, next: Option<&Figure>, theirs: &Figure) -> bool {
    const REACHES: [&str; 4] = ["达到", "为", "到", "至"];
    /// Bytes between both at most.
    const BETWEEN_MAX: usize = 60;
    next.is_some_and(|next| {
        let (lead, _) = Rate::before(&next.lead);
        next.unit == theirs.unit
            && next.value != theirs.value
            && next.range.start.saturating_sub(figure.range.end) <= BETWEEN_MAX
            && REACHES.iter().any(|word| lead.ends_with(word))
    })
}

/// Whether a text has such a verb.
pub(super) fn speaks_of_change(text: &str) -> bool {
    VERBS.iter().chain(&OTHERS).any(|verb| text.contains(verb))
}
