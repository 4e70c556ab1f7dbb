//! The answer card 答问卡: what most readers come for, in five lines at the top of an interpretation: 对象, 时间, 材料,
//! 怎么办, 咨询电话. The drafter writes it as a table of two columns, so that it is a part of the text like any
//! other: its figures are checked against the policy, and it reads well where nothing is drawn.

use crate::notes;

/// What its lines are called, by the question that they answer.
const LABELS: &[&str] = &[
    "对象",
    "适用对象",
    "服务对象",
    "办理对象",
    "申请对象",
    "申报对象",
    "补贴对象",
    "申请条件",
    "申报条件",
    "办理条件",
    "受理条件",
    "谁能办",
    "谁可以办",
    "谁可以申请",
    "谁能申请", //
    "时间",
    "办理时间",
    "办理时限",
    "申请时间",
    "申报时间",
    "受理时间",
    "施行时间",
    "何时办",
    "什么时候办", //
    "材料",
    "办理材料",
    "申请材料",
    "申报材料",
    "所需材料",
    "带什么",
    "带什么材料",
    "要带什么",
    "需要什么材料", //
    "怎么办",
    "怎么申请",
    "办理方式",
    "办理流程",
    "申请方式",
    "申报方式",
    "申报流程",
    "申请流程",
    "怎么办理",
    "如何办理",
    "如何申请", //
    "地点",
    "办理地点",
    "受理地点",
    "在哪办",
    "在哪儿办",
    "在哪里办",
    "去哪办", //
    "标准",
    "补贴标准",
    "补助标准",
    "奖励标准",
    "支持标准",
    "费用",
    "收费",
    "收费标准", //
    "咨询电话",
    "咨询方式",
    "咨询",
    "电话",
    "联系电话",
    "联系方式",
    "问谁",
    "找谁问",
];

/// Fewer lines are no card.
const LINES_MIN: usize = 3;

/// A longer cell of a head says something that would be lost.
const HEAD_CHARS_MAX: usize = 6;

/// How many rows head a table of two columns that its left one makes an answer card: none, or one that says no more
/// than 项目 and 内容. None: it is no card.
pub(crate) fn head(rows: &[[&str; 2]]) -> Option<usize> {
    let says_nothing = |cell: &str| {
        cell.trim().chars().count() <= HEAD_CHARS_MAX && !cell.contains(char::is_numeric)
    };
    let labels = |rows: &[[&str; 2]]| is_card(rows.iter().map(|[label, _]| *label));
    match rows {
        rows if labels(rows) => Some(0),
        [head, rest @ ..] if head.iter().copied().all(says_nothing) && labels(rest) => Some(1),
        _ => None,
    }
}

/// Whether the left column of a table of two makes it an answer card.
fn is_card<'t>(left: impl IntoIterator<Item = &'t str>) -> bool {
    let mut count = 0;
    left.into_iter().all(|label| {
        count += 1;
        // Word users part 对　象 by blanks.
        let label: String =
            notes::without_marks(label).chars().filter(|c| !c.is_whitespace()).collect();
        LABELS.contains(&label.trim_end_matches(['：', ':', '？', '?']))
    }) && count >= LINES_MIN
}

#[cfg(test)]
mod tests {
    use super::{head, is_card};

    #[test]
    fn a_card_is_known_by_its_left_column() {
        assert!(is_card(["对象", "时间", "材料", "怎么办", "咨询电话"]));
        assert!(is_card(["办理对象：", "办理时间", " 怎么办？ "]));
        for words in [
            "对　象/时　间/材 料：",
            "适用对象/申请条件/申报时间/申报材料/申报方式/联系方式",
            "谁能办/什么时候办/带什么/在哪办/问谁？",
            "对象/补贴标准/时间/材料/怎么办/办理地点/咨询电话",
            "对象[1]/时间 [2][3]/材料",
        ] {
            assert!(is_card(words.split('/')), "{words}");
        }
        assert!(!is_card(["对象", "时间"]), "too short");
        let rows = [["项", "内容"], ["对象", "甲"], ["时间", "3月"], ["材料", "无"]];
        let [_, card @ ..] = &rows;
        assert_eq!([head(&rows), head(card)], [Some(1), Some(0)]);
        assert_eq!(head(&[["项", "自2027年起"], ["对象", ""], ["时间", ""], ["材料", ""]]), None);
        assert_eq!(head(&rows[..3]), None);
        assert!(!is_card(["对象", "时间", "违约责任"]));
    }
}
