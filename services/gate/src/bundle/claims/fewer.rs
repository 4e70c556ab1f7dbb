//! What a headline says of all the steps of a course: 三步办好, where the only way has four.

use super::{Row, Table, scene::clauses, words::numbers};

/// 三步办好, where the only way has four.
pub(super) fn find(headline: &str, table: &Table) -> Option<String> {
    const DONE: [&str; 9] =
        ["办好", "办成", "办结", "办完", "办理", "完成", "走完", "领证", "拿证"];
    const STEPS: [&str; 5] = ["个步骤", "个环节", "步骤", "环节", "步"];
    /// Of some of the steps, by whom they are done or how, or of what was.
    const OTHERS: [&str; 16] = [
        "群众", "企业", "市民", "居民", "家长", "本人", "网上", "线上", "线下", "窗口", "现场",
        "其中", "减", "由", "从", "第",
    ];
    let least = least_steps(table)?;
    clauses(headline).into_iter().find_map(|clause| {
        let [(start, end, count)] = <[_; 1]>::try_from(numbers(clause)).ok()?;
        let (before, behind) = (clause.get(..start)?, clause.get(end..)?);
        let rest = STEPS.iter().find_map(|step| behind.strip_prefix(step))?;
        let is_whole = DONE.contains(&rest)
            || (rest.is_empty() && before.ends_with(['需', '要', '仅', '只', '共']));
        let is_of_others = OTHERS.iter().any(|word| clause.contains(word))
            || before.ends_with(['进', '同', '每', '前', '后', '各', '逐', '再']);
        let by_whom = table.rows.iter().flat_map(|row| row.cells.iter().skip(1));
        let shares =
            by_whom.clone().map(|cell| by_whom.clone().filter(|c| c.text == cell.text).count());
        let is_wrong = is_whole
            && !is_of_others
            && count > 1
            && count < least
            && !shares.clone().any(|n| n == count);
        is_wrong.then(|| clause.to_owned())
    })
}

/// How many steps there are at least where one follows the other; what comes of them may be counted or not.
fn least_steps(table: &Table) -> Option<usize> {
    const OUTCOMES: [&str; 7] = ["开始", "结束", "办结", "完成", "归档", "办好", "办成"];
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let is_one = |row: &Row| {
        let next = row.cells.first().map_or("", |cell| cell.text.trim());
        (next.is_empty() || labels.contains(&next))
            && labels.iter().filter(|label| **label == row.label).count() == 1
    };
    let is_outcome = |label: &&&str| OUTCOMES.iter().any(|word| label.ends_with(word));
    let outcomes = labels.iter().filter(is_outcome).count();
    table.rows.iter().all(is_one).then(|| labels.len() - outcomes)
}
