//! Charts whose one column is of changes themselves (比上年增减, in 人 or 户): a figure below zero is a fall, and 增加 or
//! 减少 is said of the figure, not of a course from one to another.

use super::{
    FALLS, PLANNED, RISES,
    amount::{Bound, is_negated},
    beside::counted,
    changes::directions,
    figures,
    scene::{Scene, clauses},
};

/// How such columns are called.
const NAMES: [&str; 12] = [
    "增减",
    "变化",
    "变动",
    "净增",
    "净变",
    "增量",
    "比上年",
    "较上年",
    "比去年",
    "较去年",
    "同比",
    "比上月",
];
/// What is counted is never less than nothing.
pub(super) const COUNTS: [&str; 14] = [
    "人",
    "万人",
    "人次",
    "万人次",
    "户",
    "万户",
    "个",
    "万个",
    "件",
    "万件",
    "家",
    "所",
    "项",
    "名",
];
/// Not of all, or reckoned who knows how; what is asked for, or is no longer so.
const OTHER: [&str; 21] = [
    "除", "外", "大多", "多数", "其余", "其他", "其它", "部分", "半数", "过半", "平均", "人均",
    "均衡", "推动", "确保", "争取", "曾", "并非", "不是", "一度", "占",
];

/// The first claim of a rise or a fall that these figures tell otherwise, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let changes = changes(scene)?;
    let names = &scene.rows.names;
    let is_wrong = |clause: &&str| {
        let is_other = OTHER.iter().chain(&PLANNED).any(|word| clause.contains(word));
        !is_other
            && (is_not_of_all(headline, clause, scene, &changes)
                || is_of_other_count(clause, names, &changes)
                || is_other_sign(clause, scene, &changes)
                || is_other_sum(clause, scene, &changes))
    };
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

/// The figures, if they are changes: the column's name says so, or some of what is counted are less than nothing.
fn changes(scene: &Scene<'_>) -> Option<Vec<f64>> {
    let [name] = scene.series.names.as_slice() else { return None };
    if scene.rows.are_times {
        return None;
    }
    let values = scene.values(&scene.rows.all(), &[0]);
    let is_count = COUNTS.contains(&scene.drawn.unit.trim());
    let are_changes = NAMES.iter().any(|word| name.contains(word))
        && !scene.drawn.unit.contains('%')
        || is_count && values.iter().any(|value| *value < 0.0);
    (are_changes && values.len() == scene.rows.len()).then_some(values)
}

fn goes(value: f64, falls: bool) -> bool {
    if falls { value < 0.0 } else { value > 0.0 }
}

/// Whether a text begins with a word of a direction, and which way it goes.
fn direction(text: &str) -> Option<bool> {
    directions().find(|(word, _)| text.starts_with(word)).map(|(_, falls)| falls)
}

/// 各街道均增加, 学生均有增长, where one falls.
fn is_not_of_all(headline: &str, clause: &str, scene: &Scene<'_>, changes: &[f64]) -> bool {
    let found = ["均", "都", "全部"].iter().find_map(|word| clause.split_once(word));
    let Some((before, behind)) = found else { return false };
    let behind = ["实现", "有所", "有"].iter().find_map(|word| behind.strip_prefix(word));
    let behind = behind.or_else(|| found.map(|(_, behind)| behind)).unwrap_or_default();
    let Some(falls) = direction(behind) else { return false };
    let count = numbers_of(before);
    // 除北岭镇外 may stand in another clause.
    scene.rows.said(clause).is_empty()
        && !headline.contains('除')
        && count.is_none_or(|count| count == changes.len())
        && !is_negated(before, before.len())
        && !changes.iter().all(|value| goes(*value, falls))
}

/// How many a text counts, if it does.
fn numbers_of(text: &str) -> Option<usize> {
    super::words::numbers(text).into_iter().map(|(.., count)| count).next()
}

/// 三个街道学生减少, where two do.
fn is_of_other_count(clause: &str, names: &[&str], changes: &[f64]) -> bool {
    /// What else may stand before the number.
    const BEFORE: [&str; 12] =
        ["", "有", "共", "共有", "仅", "仅有", "只有", "全区", "全市", "全县", "全区有", "全市有"];
    const NOUN_CHARS: usize = 4;
    let clause = clause.trim_end_matches('了');
    let Some((rest, falls)) =
        directions().find_map(|(word, falls)| Some((clause.strip_suffix(word)?, falls)))
    else {
        return false;
    };
    let Some((count, thing, noun)) = counted(rest, &BEFORE) else { return false };
    let is_said = noun.chars().count() <= NOUN_CHARS
        && !noun.contains(['比', '增', '减', '均', '都', '未', '不', '没', '无', '的', '幅', '速']);
    let number = |is_counted: &dyn Fn(&str) -> bool| {
        let members = names.iter().zip(changes).filter(|(name, _)| is_counted(name));
        members.filter(|(_, value)| goes(**value, falls)).count()
    };
    // 街道 beside 镇, or all of them.
    let counts = [number(&|_| true), number(&|name| name.contains(thing))];
    is_said && count <= names.len() && !counts.contains(&count)
}

/// 北岭镇学生增加120人, where it is −120; 新港开发区增加超过150人, where it is 140.
fn is_other_sign(clause: &str, scene: &Scene<'_>, changes: &[f64]) -> bool {
    let Ok([at]) = <[usize; 1]>::try_from(scene.rows.said(clause)) else { return false };
    let (Some(value), Some(name)) = (changes.get(at), scene.rows.names.get(at)) else {
        return false;
    };
    let rest = clause.replace(name, "");
    let Some((falls, behind)) = only_direction(&rest) else { return false };
    if rest.contains(['、', '和', '与', '幅', '速', '多', '少', '第']) && !behind.is_empty()
        || rest.replace("比上年", "").replace("较上年", "").contains(['比', '较'])
    {
        return false;
    }
    let figures = figures::read(behind, scene.units);
    let is_plain = behind.is_empty() || behind.starts_with('了') || !figures.is_empty();
    if is_plain && *value != 0.0 && !goes(*value, falls) {
        return true;
    }
    // How much is held elsewhere, but for what bounds it.
    let [figure] = figures.as_slice() else { return false };
    figure.unit.is_some()
        && figure.bound == Bound::Above
        && !figure.is_met_by(value.abs(), scene.units)
}

/// The one direction that a text says, and what stands behind it.
fn only_direction(text: &str) -> Option<(bool, &str)> {
    let words =
        RISES.iter().map(|word| (*word, false)).chain(FALLS.iter().map(|word| (*word, true)));
    let mut found = words.filter_map(|(word, falls)| {
        let (before, behind) = text.split_once(word)?;
        (!is_negated(text, before.len())).then_some((falls, behind))
    });
    let one = found.next()?;
    found.next().is_none().then_some(one)
}

/// 全区净减85人, where they come to more.
fn is_other_sum(clause: &str, scene: &Scene<'_>, changes: &[f64]) -> bool {
    const WHOLE: [&str; 6] = ["全区", "全市", "全县", "总量", "总数", "合计"];
    let net = ["净增", "净减"].iter().find(|word| clause.contains(**word));
    let is_whole = net.is_some() || WHOLE.iter().any(|word| clause.contains(word));
    if !is_whole || !scene.rows.said(clause).is_empty() {
        return false;
    }
    let falls = match (net, only_direction(clause)) {
        (Some(net), _) => *net == "净减",
        (None, Some((falls, behind)))
            if behind.is_empty() || behind.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            falls
        }
        (None, _) => return false,
    };
    let counts = numbers_of(clause.split(['增', '减', '升', '降']).next().unwrap_or_default());
    let sum: f64 = changes.iter().sum();
    counts.is_none() && sum != 0.0 && !goes(sum, falls)
}
