//! What a headline says has stayed as it was: 水价不变, where one of them rose.

use lockstep_proto::manifest::ChartKind;

use super::{
    Drawn, PLANNED, Row, Table,
    changes::{SHORT, directions},
    scene::{are_in_order, clauses},
    times::says_length,
};

const KEPT: [&str; 6] = ["保持不变", "维持不变", "不变", "不作调整", "不做调整", "没有变化"];
/// What makes no other subject of it.
const EACH: [&str; 16] = [
    "各阶梯",
    "各档次",
    "各类",
    "各档",
    "各级",
    "各项",
    "所有",
    "全部",
    "三类",
    "三档",
    "现行",
    "各",
    "两类",
    "三项",
    "两项",
    "总体",
];

/// The first such claim that the cells tell otherwise, as it is written.
pub(super) fn find(headline: &str, drawn: &Drawn<'_>) -> Option<String> {
    let clauses = clauses(headline);
    let is_wrong = |clause: &&str| {
        // 水价不变，仅特种用水上调 says itself what is not so.
        let mut others = clauses.iter().filter(|other| *other != clause);
        let is_told = others.any(|other| speaks_of_change(other));
        changed(clause, drawn, is_told)
    };
    let found = *clauses.iter().find(|clause| is_wrong(clause))?;
    (!drawn.policy.contains(found)).then(|| found.to_owned())
}

fn speaks_of_change(clause: &str) -> bool {
    let mut words = directions().chain(SHORT).map(|(word, _)| word);
    words.any(|word| clause.contains(word)) || clause.contains(['除', '调', '其'])
}

/// Whether what a clause says is as it was has changed.
fn changed(clause: &str, drawn: &Drawn<'_>, is_told: bool) -> bool {
    /// Of some, of other times, or asked for.
    const OTHER: [&str; 12] =
        ["部分", "多数", "一些", "有的", "除", "其他", "其余", "以来", "年", "月", "确保", "争取"];
    let Some(subject) = KEPT.iter().find_map(|word| clause.strip_suffix(word)) else {
        return false;
    };
    let subject = subject.trim_end_matches(['均', '都', '仍', '也', '则', '继']);
    let subject = EACH.iter().find_map(|word| subject.strip_prefix(word)).unwrap_or(subject);
    if subject.chars().count() < 2
        || says_length(clause)
        || OTHER.iter().chain(&PLANNED).any(|word| clause.contains(word))
    {
        return false;
    }
    let members = members(drawn);
    let named: Vec<&Member> = members.iter().filter(|member| member.name == subject).collect();
    if let [one] = named.as_slice() {
        return one.is_changed;
    }
    let mut of = members.iter().filter(|member| member.name.contains(subject));
    !is_told && of.any(|member| member.is_changed)
}

/// What was and is, by its name.
struct Member<'a> {
    name: &'a str,
    is_changed: bool,
}

fn members<'a>(drawn: &Drawn<'a>) -> Vec<Member<'a>> {
    let Table { series, rows } = drawn.table;
    let heads: Vec<&str> = series.iter().map(String::as_str).collect();
    let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
    if drawn.kind == ChartKind::Compare || are_in_order(&heads) {
        let differs = |row: &Row| match row.cells.as_slice() {
            [first, .., last] => match (first.value, last.value) {
                (Some(from), Some(to)) => from.total_cmp(&to).is_ne(),
                _ => first.text.trim() != last.text.trim(),
            },
            _ => false,
        };
        let member = |row: &'a Row| Member { name: &row.label, is_changed: differs(row) };
        return rows.iter().map(member).collect();
    }
    if !are_in_order(&labels) {
        return vec![];
    }
    let member = |(at, name): (usize, &'a String)| {
        let values = rows.iter().filter_map(|row| row.cells.get(at)?.value);
        let values: Vec<f64> = values.collect();
        let is_changed =
            values.windows(2).any(|pair| matches!(pair, [a, b] if a.total_cmp(b).is_ne()));
        Member { name, is_changed }
    };
    series.iter().enumerate().map(member).collect()
}
