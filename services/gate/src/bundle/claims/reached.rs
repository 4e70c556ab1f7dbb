//! What a headline says something has come to: 施工许可压缩到15天, where it is 18.

use super::{
    FALLS, PLANNED, RISES,
    amount::Bound,
    figures,
    scene::{Scene, clauses},
};

/// The first such claim that the data tell otherwise, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    clauses(headline).into_iter().find(|clause| is_other(clause, scene)).map(str::to_owned)
}

fn is_other(clause: &str, scene: &Scene<'_>) -> bool {
    const SHORT: [&str; 10] =
        ["压缩", "缩减", "压减", "下调", "上调", "降", "减", "缩", "升", "增"];
    /// Of several, or reckoned.
    const OTHER: [&str; 12] =
        ["平均", "年均", "月均", "人均", "合计", "总", "共", "比", "占", "最", "和", "、"];
    let Some((members, times, courses)) = scene.courses() else { return false };
    let figures = figures::read(clause, scene.units);
    let Some(figure) = figures.last().filter(|figure| figure.unit.is_some()) else { return false };
    let before = clause.get(..figure.range.start).unwrap_or_default();
    let Some(before) = before.strip_suffix(['到', '至']) else { return false };
    // What the rule says need not be what is drawn.
    let written = clause.get(figure.range.clone()).unwrap_or_default();
    if scene.drawn.policy.contains(written) {
        return false;
    }
    let is_word = |word: &&&str| before.ends_with(**word);
    let Some(word) = RISES.iter().chain(&FALLS).chain(&SHORT).find(is_word) else { return false };
    let subject = before.strip_suffix(word).unwrap_or(before);
    let names = members.names.iter().filter(|name| name.chars().count() > 1);
    let plain = names.fold(clause.to_owned(), |text, name| text.replace(name, ""));
    let said = members.said(subject);
    let own = match said.as_slice() {
        [one] => courses.get(*one),
        [] if members.len() == 1 => courses.first(),
        _ => None,
    };
    let Some([_, later @ ..]) = own.map(Vec::as_slice) else { return false };
    let is_so = |value: &f64| match figure.bound {
        Bound::Exact | Bound::Near | Bound::Nearly => figure.is_borne_out_by(*value, scene.units),
        Bound::Above | Bound::Below | Bound::AtMost => figure.is_met_by(*value, scene.units),
    };
    let at = match times.said(clause).as_slice() {
        [one] if *one > 0 => later.get(one - 1..*one).unwrap_or(later),
        _ => later,
    };
    !OTHER.iter().chain(&PLANNED).any(|other| plain.contains(other)) && !at.iter().any(is_so)
}
