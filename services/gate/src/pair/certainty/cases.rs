//! Figures that tell of cases of the policy's figure, or of what comes of it: 满6年的小李, 5个工作日内办结的占95%, 最高700元 of 600元
//! and 100元.

use super::{
    super::{
        figures::{Figure, find_in, without_rate},
        follows::amount,
    },
    line,
};
use crate::document::last_chars;

/// 满4年的，每多1年，限额提高3000元: what follows from it is told for any number of years.
/// The step itself is the policy's.
pub(super) fn is_counted_up(lead: &str, text: &str, rival: &Figure) -> bool {
    const STEPS: [&str; 6] = ["每多", "每增", "每超", "每满", "每降", "每断"];
    let line = line(text, rival);
    STEPS.iter().any(|step| line.contains(step) && !lead.contains(step))
}

/// 超过55分贝的投诉 are cases beyond 不得超过50分贝.
pub(super) fn is_case_beyond(figure: &Figure, behind: &str, rival: &Figure) -> bool {
    const BEYOND: [&str; 5] = ["超过", "超出", "高于", "低于", "少于"];
    let is_beyond = |of: &Figure, is_denied: bool| {
        let before = BEYOND.iter().find_map(|word| of.lead.trim_end().strip_suffix(word));
        before.is_some_and(|before| before.ends_with(['不', '未', '得']) == is_denied)
    };
    let of_case = behind.strip_prefix('的').is_some_and(|rest| !rest.starts_with(['，', ',']));
    of_case && is_beyond(figure, false) && is_beyond(rival, true)
}

/// 5个工作日内办结的占95% tells how many are done so, and 不低于18℃是国家标准 whose rule it is, where the policy does not.
pub(super) fn is_of_cases_or_norm(behind: &str, rival_behind: &str) -> bool {
    const WORDS: [&str; 6] = ["的占", "的比例", "的比重", "是国家标准", "是行业标准", "的规定已不"];
    let clause = behind.split(['，', ',']).next().unwrap_or_default();
    WORDS.iter().any(|word| clause.contains(word) && !rival_behind.contains(word))
}

/// 正高级最高700元 of 正高级600元 and 答辩费100元: the most that comes of two amounts of the policy's line.
pub(super) fn adds_up(theirs: &str, figure: &Figure, behind: &str, rival: &Figure) -> bool {
    let is_sum = behind.starts_with("封顶")
        || ["最高", "最多", "合计", "总共", "共"].iter().any(|word| {
            figure.lead.trim_end().trim_end_matches(['可', '收', '为', '达']).ends_with(word)
        });
    let is_money = figure.unit == "元" && rival.unit == "元";
    let Some((ours, first)) = amount(figure).zip(amount(rival)).filter(|_| is_sum && is_money)
    else {
        return false;
    };
    // What is paid to others by the same name comes instead of it: 低保家庭补助300元，特困家庭补助500元.
    let end = |of: &Figure| last_chars(without_rate(&of.label), 2).to_owned();
    let beside = find_in(line(theirs, rival), 0, &[]);
    let mut beside = beside.iter().filter(|other| other.unit == "元" && end(other) != end(rival));
    beside.any(|other| amount(other).and_then(|other| other.checked_add(first)) == Some(ours))
}

/// Whether a case has what the `rival` asks for: 满6年 of 满5年.
pub(super) fn meets(figure: &Figure, rival: &Figure) -> bool {
    let amounts = amount(figure).zip(amount(rival)).filter(|_| figure.unit == rival.unit);
    let is_after = |words: &[&str]| words.iter().any(|word| figure.lead.trim_end().ends_with(word));
    amounts.is_some_and(|(ours, theirs)| {
        (ours > theirs && is_after(&["满", "达到", "达", "超过"]))
            || (ours < theirs && is_after(&["低于", "不足", "未满"]))
    })
}
