//! The changes that a headline names: 增长65%, 减半, 翻一番, 是乙街道的3倍.

use std::ops::Range;

use super::{
    amount::{self, Bound, is_negated, multiple},
    clause_of,
};

/// A change that a headline names.
pub(super) struct Change {
    /// Where in the headline.
    pub(super) range: Range<usize>,
    pub(super) course: Course,
    /// As a share of what it was: 0.65, 1.5.
    pub(super) share: f64,
    /// Half of what the last digit written stands for.
    pub(super) within: f64,
    /// 超过65%, 近65%
    pub(super) bound: Bound,
    /// 年均增长14.5%
    pub(super) is_yearly: bool,
    /// Of some of the years, and who knows which: “十四五”以来, 近三年.
    pub(super) is_of_some: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    Rises,
    Falls,
    /// 是乙街道的3倍: of two, whichever stands first.
    Either,
    /// 提高31个百分点: the difference itself.
    Points(bool),
}

pub(super) const RISES: [&str; 6] = ["增长", "增加", "上升", "提高", "上涨", "提升"];

pub(super) const FALLS: [&str; 6] = ["下降", "减少", "降低", "缩短", "下跌", "压减"];

/// The same before an amount only: 降四成, 减半, 增至4.1倍.
pub(super) const SHORT: [(&str, bool); 9] = [
    ("压缩", true),
    ("缩减", true),
    ("下调", true),
    ("上调", false),
    ("降", true),
    ("减", true),
    ("缩", true),
    ("升", false),
    ("增", false),
];

/// Words of changes that say how much right behind them only: 增幅达90%, 降幅为三成.
pub(super) const RATES: [(&str, bool); 6] = [
    ("增幅", false),
    ("涨幅", false),
    ("增速", false),
    ("升幅", false),
    ("降幅", true),
    ("跌幅", true),
];

pub(super) const PLANNED: [&str; 7] = ["目标", "力争", "预计", "计划到", "规划", "拟", "有望"];

/// 翻一番 is twice, 翻两番 four times as much.
pub(super) const DOUBLED: [(&str, f64); 8] = [
    ("翻一番", 1.0),
    ("翻了一番", 1.0),
    ("翻番", 1.0),
    ("翻倍", 1.0),
    ("翻两番", 3.0),
    ("翻了两番", 3.0),
    ("翻三番", 7.0),
    ("翻了三番", 7.0),
];

/// What speaks of some of the years alone.
pub(super) const OF_SOME: [&str; 9] =
    ["以来", "期间", "时期", "五”", "近", "前", "后", "起", "五五"];

/// Words of rising and of falling, and whether they say the latter.
pub(super) fn directions() -> impl Iterator<Item = (&'static str, bool)> {
    let rises = RISES.into_iter().map(|word| (word, false));
    rises.chain(FALLS.into_iter().map(|word| (word, true)))
}

pub(super) fn find_changes(headline: &str) -> Vec<Change> {
    let words = directions().chain(RATES).chain(SHORT);
    let mut changes: Vec<Change> = words
        .flat_map(|(word, falls)| {
            headline.match_indices(word).map(move |(at, _)| (at, at + word.len(), falls))
        })
        .filter_map(|(start, end, falls)| read_change(headline, start, end, falls))
        .collect();
    for (word, share) in DOUBLED {
        changes.extend(headline.match_indices(word).map(|(at, _)| {
            let before = headline.get(..at).unwrap_or_default();
            let behind = headline.get(at + word.len()..).unwrap_or_default();
            let is_more = ["多", "有余", "以上"].iter().any(|word| behind.starts_with(word));
            let bound = if before.ends_with('近') {
                Bound::Nearly
            } else if is_more {
                Bound::Above
            } else {
                Bound::Exact
            };
            Change {
                range: at..at + word.len(),
                course: Course::Rises,
                share,
                within: 0.05,
                bound,
                is_yearly: false,
                is_of_some: false,
            }
        }));
    }
    // 是乙街道的3倍, 增长到原来的两倍
    changes.extend(headline.match_indices('的').filter_map(|(at, _)| {
        let from = at + '的'.len_utf8();
        let (amount, len) = multiple(headline.get(from..)?)?;
        Some(Change {
            range: from..from + len,
            course: Course::Either,
            share: amount.share - 1.0,
            within: amount.within,
            bound: amount.bound,
            is_yearly: false,
            is_of_some: false,
        })
    }));
    // 压减 ends with 减.
    changes.sort_by_key(|change| (change.range.end, change.range.start));
    changes.dedup_by(|shorter, longer| shorter.range.start < longer.range.end);
    // 目标：2030年翻番 tells of what the data do not hold yet.
    let is_planned = |at: usize| {
        let before = headline.get(..at).unwrap_or_default();
        PLANNED.iter().any(|word| before.contains(word))
    };
    changes.retain(|change| {
        let at = change.range.start;
        !is_negated(headline, at) && !is_planned(at)
    });
    changes
}

/// `增长65%`, `下降了近3.2%`, `增加1.5倍`, `缩短三成`, `提高31个百分点`, `增长到两倍`
pub(super) fn read_change(headline: &str, start: usize, end: usize, falls: bool) -> Option<Change> {
    let behind = headline.get(end..)?;
    // 新增三成岗位 is a share of them, 减半征收 a rule.
    if ["半征", "半收", "半计", "半缴"].iter().any(|word| behind.starts_with(word)) {
        return None;
    }
    if headline.get(..end)?.ends_with("新增") {
        return None;
    }
    let behind =
        ["了", "为", "达到", "达"].iter().find_map(|w| behind.strip_prefix(w)).unwrap_or(behind);
    // 增长两倍 is to thrice as much, 增长到两倍 to twice.
    let reached = behind.strip_prefix(['到', '至']);
    let behind = reached.unwrap_or(behind);
    let (amount, len) = match reached {
        Some(reached) => {
            let (amount, len) = multiple(reached)?;
            (amount::Amount { share: amount.share - 1.0, ..amount }, len)
        }
        None => amount::read(behind)?,
    };
    let course = match (amount.is_points, falls) {
        (true, _) => Course::Points(falls),
        (_, true) => Course::Falls,
        (_, false) => Course::Rises,
    };
    Some(Change {
        range: start..headline.len() - behind.len() + len,
        course,
        share: amount.share,
        within: amount.within,
        bound: amount.bound,
        is_yearly: headline.get(..start).is_some_and(|before| before.ends_with("年均")),
        is_of_some: OF_SOME.iter().any(|word| headline.contains(word)),
    })
}

/// The clause of a change with what it is said of: with the one before where it goes on from that (线上最多，是窗口的近三倍), and
/// without those it is not said of (除注销外).
pub(super) fn said_of(headline: &str, change: &Change) -> String {
    const GOES_ON: [&str; 10] =
        ["是", "为", "约为", "约是", "相当于", "达", "近", "增至", "升至", "降至"];
    let at = change.range.start;
    let clause = clause_of(headline, at);
    let said = clause.trim_start_matches(['，', ',']);
    let before = headline.get(..at).unwrap_or_default().rfind(['，', ',']);
    // 为企业减税 is said of nothing before.
    let is_multiple = headline.get(change.range.clone()).is_some_and(|said| said.contains('倍'));
    let goes_on = is_multiple && GOES_ON.iter().any(|word| said.starts_with(word));
    let before = before.filter(|_| goes_on);
    let before = before.map_or("", |comma| clause_of(headline, comma));
    let whole = format!("{}{clause}", before.trim_start_matches(['，', ',']));
    match whole.split_once('除').map(|(before, rest)| (before, rest.split_once('外'))) {
        Some((before, Some((_, behind)))) => format!("{before}{behind}"),
        _ => whole,
    }
}
