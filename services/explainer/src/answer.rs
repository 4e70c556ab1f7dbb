//! The answer card 答问卡: what most readers come for, in five lines at the top of an interpretation: 对象, 时间, 材料,
//! 怎么办, 咨询电话. The drafter writes it as a table of two columns, so that it is a part of the text like any
//! other: its figures are checked against the policy, and it reads well where nothing is drawn.

/// What its lines are called, by the question that they answer.
const LABELS: &[&str] = &[
    "对象",
    "适用对象",
    "服务对象",
    "办理对象",
    "申请对象",
    "谁能办",
    "谁可以申请", //
    "时间",
    "办理时间",
    "办理时限",
    "申请时间",
    "施行时间",
    "何时办",
    "什么时候办", //
    "材料",
    "办理材料",
    "申请材料",
    "所需材料",
    "要带什么", //
    "怎么办",
    "怎么申请",
    "办理方式",
    "办理流程",
    "申请方式",
    "如何办理", //
    "地点",
    "办理地点",
    "在哪办",
    "费用",
    "收费", //
    "咨询电话",
    "咨询方式",
    "咨询",
    "电话",
    "联系电话",
];

/// Fewer lines are no card.
const LINES_MIN: usize = 3;

/// Whether the left column of a table of two makes it an answer card.
pub(crate) fn is_card<'t>(left: impl IntoIterator<Item = &'t str>) -> bool {
    let mut count = 0;
    left.into_iter().all(|label| {
        count += 1;
        LABELS.contains(&label.trim().trim_end_matches(['：', ':', '？', '?']))
    }) && count >= LINES_MIN
}

#[cfg(test)]
mod tests {
    use super::is_card;

    #[test]
    fn a_card_is_known_by_its_left_column() {
        assert!(is_card(["对象", "时间", "材料", "怎么办", "咨询电话"]));
        assert!(is_card(["办理对象：", "办理时间", " 怎么办？ "]));
        assert!(!is_card(["对象", "时间"]), "too short");
        assert!(!is_card(["对象", "时间", "违约责任"]));
    }
}
