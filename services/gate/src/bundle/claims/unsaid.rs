//! What a headline says a figure has passed, its last word left out: 突破40万 of 人, 超百亿 of 元, where all is less.

use super::{
    PLANNED,
    amount::is_negated,
    scene::{Axis, Scene, clauses},
    times, units,
};
use crate::document::parse_numeral;

const PASSED: [&str; 9] = ["突破", "超过", "超", "逾", "破", "过", "迈上", "跨过", "跨越"];
/// What makes another figure of it than those that are drawn.
const RECKONED: [&str; 18] = [
    "增", "减", "多", "少", "升", "降", "差", "距", "比", "较", "占", "均", "每", "将", "望", "拟",
    "净", "近",
];
/// What speaks of all together.
const TOGETHER: [&str; 6] = ["累计", "合计", "总", "共", "以来", "全年"];
/// What names nothing that could be measured.
const COMMON: [&str; 20] = [
    "全区", "全市", "全县", "全省", "全镇", "累计", "合计", "总计", "首次", "成功", "已", "共",
    "再", "个", "街道", "年", "月", "季度", "第", "达",
];

/// The first such claim, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    if scene.drawn.unit.trim().is_empty() || scene.units.scales().next().is_none() {
        return None;
    }
    clauses(headline).into_iter().find(|clause| is_beyond(clause, scene)).map(str::to_owned)
}

fn is_beyond(clause: &str, scene: &Scene<'_>) -> bool {
    let said = PASSED.iter().flat_map(|word| clause.match_indices(word)).find_map(|(at, word)| {
        let amount = amount(clause.get(at + word.len()..)?)?;
        Some((clause.get(..at)?, amount))
    });
    let Some((before, amount)) = said else { return false };
    let others = PLANNED.iter().chain(&RECKONED);
    let mut others = others.filter(|word| before.contains(**word));
    if is_negated(clause, before.len())
        || others.next().is_some()
        || speaks_of_others(before, scene)
    {
        return false;
    }
    let (rows, series) = (&scene.rows, &scene.series);
    let (own, columns) = (rows.said_or_all(before), series.said_or_all(before));
    let mut values = scene.values(&own, &columns);
    values.extend(own.iter().map(|row| scene.values(&[*row], &columns).iter().sum::<f64>()));
    // What was and what is are not added up, unless that is said.
    // 总投资 may be what is drawn.
    let plain = series.names.iter().fold(before.to_owned(), |text, name| text.replace(name, ""));
    let speaks_of_sum =
        TOGETHER.iter().any(|word| plain.contains(word)) || times::says_length(before);
    let is_summed = |axis: &Axis<'_>| speaks_of_sum || !axis.are_in_order();
    let is_of_one = rows.said(before).len() == 1;
    if is_summed(rows) && is_summed(series) && !is_of_one {
        values.push(scene.values(&own, &columns).iter().sum());
    }
    if is_summed(rows) && !is_of_one {
        values.extend(columns.iter().map(|one| scene.values(&own, &[*one]).iter().sum::<f64>()));
    }
    let is_less =
        |value: &f64| scene.units.scales().all(|unit| value * unit < amount * (1.0 - 1e-9));
    !values.is_empty() && values.iter().all(is_less)
}

/// 40万, 1.2亿, 四十万, 百亿, as long as nothing but 大关 follows: with a unit it is read as any figure.
fn amount(text: &str) -> Option<f64> {
    let text = text.strip_prefix('了').unwrap_or(text);
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let words = text.trim_start_matches(|c| "一二两三四五六七八九十百千".contains(c));
    let length = text.len() - digits.len().min(words.len());
    let (number, rest) = text.split_at_checked(length)?;
    let (scale, len) = units::scale(rest);
    let behind = rest.get(len..)?;
    let ends = ["", "大关", "关口", "台阶"].contains(&behind.trim());
    let plain = number.replace('两', "二");
    let value = if plain.starts_with(['百', '千']) {
        f64::from(parse_numeral(&format!("一{plain}"))?)
    } else if plain.starts_with(|c: char| c.is_ascii_digit()) {
        plain.parse().ok()?
    } else {
        f64::from(parse_numeral(&plain)?)
    };
    (ends && scale >= 1e4).then_some(value * scale)
}

/// Whether it tells of what the chart does not measure: 发放补贴超40万 beside 参保人数.
fn speaks_of_others(before: &str, scene: &Scene<'_>) -> bool {
    let names = scene.rows.names.iter().chain(&scene.series.names);
    let known: String = names.copied().collect();
    let plain = COMMON.iter().fold(before.to_owned(), |text, word| text.replace(word, ""));
    let is_counted = |c: char| c.is_ascii_digit() || "一二两三四五六七八九十、和".contains(c);
    plain.chars().any(|c| !known.contains(c) && !is_counted(c) && !scene.drawn.unit.contains(c))
}
