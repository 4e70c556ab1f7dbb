//! What a headline says a measure has become: 时限更长, 办理更快, 等候缩短. Held only where it speaks of what is drawn, and
//! let pass where it may compare one with others.

use super::{
    amount::is_negated,
    scene::{Scene, clauses},
};

/// What becomes less, or more; by time, in how much of it.
const WORDS: [(&str, Goes); 14] = [
    ("更长", Goes::Up),
    ("变长", Goes::Up),
    ("延长", Goes::Up),
    ("拉长", Goes::Up),
    ("更短", Goes::Down),
    ("变短", Goes::Down),
    ("缩短", Goes::Down),
    ("更高", Goes::Up),
    ("更低", Goes::Down),
    ("更多", Goes::Up),
    ("更少", Goes::Down),
    ("更快", Goes::Quicker),
    ("变快", Goes::Quicker),
    ("更慢", Goes::Slower),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Goes {
    Up,
    Down,
    /// Of what takes time.
    Quicker,
    Slower,
}

/// How what takes time is called.
const OF_TIME: [&str; 24] = [
    "时限",
    "办理时限",
    "办结时限",
    "审批时限",
    "承诺时限",
    "办结时间",
    "审批时间",
    "等候时间",
    "等待时间",
    "排队时间",
    "平均等候时间",
    "等候",
    "等待",
    "排队",
    "用时",
    "办理用时",
    "平均用时",
    "耗时",
    "办理周期",
    "办理",
    "办结",
    "审批",
    "办事",
    "办件",
];

/// The first such claim that the data tell otherwise, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    clauses(headline).into_iter().find(|clause| goes_otherwise(clause, scene)).map(str::to_owned)
}

fn goes_otherwise(clause: &str, scene: &Scene<'_>) -> bool {
    let Some((before, goes)) =
        WORDS.iter().find_map(|(word, goes)| Some((clause.strip_suffix(word)?, *goes)))
    else {
        return false;
    };
    let Some((members, times, courses)) = scene.courses() else { return false };
    let is_of_time = is_time(scene.drawn.unit);
    let is_up = match goes {
        Goes::Up => true,
        Goes::Down => false,
        Goes::Quicker if is_of_time => false,
        Goes::Slower if is_of_time => true,
        Goes::Quicker | Goes::Slower => return false,
    };
    let said = members.said(clause);
    if is_negated(clause, before.len())
        || before.contains('比')
        || !times.said(clause).is_empty()
        || !is_drawn(before, scene, is_of_time)
    {
        return false;
    }
    let own = if said.is_empty() { members.all() } else { said.clone() };
    let more = |from: f64, to: f64| if is_up { to > from } else { to < from };
    let is_so = |at: &usize| match courses.get(*at).map(Vec::as_slice) {
        Some([first, .., before, last]) => more(*first, *last) || more(*before, *last),
        Some([first, last]) => more(*first, *last),
        _ => true,
    };
    // 注销时限更长 may be said of it beside the others.
    let is_beyond = |at: &usize| {
        let own = courses.get(*at).map(Vec::as_slice).unwrap_or_default();
        courses.iter().any(|other| other.iter().zip(own).any(|(other, own)| more(*other, *own)))
    };
    let are_compared = !said.is_empty() && said.len() < members.len() && said.iter().any(is_beyond);
    !own.iter().any(is_so) && !are_compared
}

/// Whether what is said to have changed is what the chart draws: 时限 of days, 报销比例 where its columns are called so.
fn is_drawn(subject: &str, scene: &Scene<'_>, is_of_time: bool) -> bool {
    let mut rest = subject.trim_end_matches(['都', '均', '也', '却', '仍', '更']).to_owned();
    let Some((members, times, _)) = scene.courses() else { return false };
    let said = members.said(subject);
    for name in said.iter().filter_map(|at| members.names.get(*at)) {
        rest = rest.replace(name, "");
    }
    for word in ["三项", "两项", "各项", "的", "、", "和", "平均"] {
        rest = rest.replace(word, "");
    }
    let is_of_columns =
        || rest.chars().count() > 1 && times.names.iter().all(|name| name.contains(rest.as_str()));
    if rest.is_empty() {
        return !said.is_empty();
    }
    (is_of_time && OF_TIME.contains(&rest.as_str())) || is_of_columns()
}

/// 天, 个工作日, 分钟
fn is_time(unit: &str) -> bool {
    /// Hours and months are also what places are open and grants last.
    const UNITS: [&str; 6] = ["天", "日", "工作日", "分钟", "分", "秒"];
    UNITS.contains(&unit.strip_prefix('个').unwrap_or(unit))
}
