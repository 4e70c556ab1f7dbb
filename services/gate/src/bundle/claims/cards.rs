//! A figure beside a card's name in its unit, which is not the card's: 投入近5亿元 of 3.2, 三天办结 of 5天.

use lockstep_proto::manifest::ChartKind;

use super::{
    figures::{self, Figure},
    scene::{Scene, clauses},
    units::Units,
};

/// What speaks of other figures, or of what comes out of several.
const RECKONED: [&str; 26] = [
    "合", "共", "总", "累计", "均", "占", "比", "较", "增", "提高", "减少", "降低", "下降", "每",
    "其中", "由", "从", "前", "后", "其他", "差", "净", "倍", "成", "计划", "预计",
];
/// Changes that say by how much, and to how much only with a word behind.
const SHORTENED: [&str; 3] = ["缩短", "压缩", "压减"];

/// The first such claim, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    if scene.drawn.kind != ChartKind::Cards {
        return None;
    }
    clauses(headline).into_iter().find(|clause| is_other(clause, scene)).map(str::to_owned)
}

fn is_other(clause: &str, scene: &Scene<'_>) -> bool {
    let is_by = |word: &&str| {
        clause.split_once(*word).is_some_and(|(_, rest)| !rest.starts_with(['到', '至', '为']))
    };
    if RECKONED.iter().any(|word| clause.contains(word)) || SHORTENED.iter().any(is_by) {
        return false;
    }
    let cards = scene.rows.names.iter().enumerate();
    let cards = cards.filter_map(|(at, name)| {
        let (base, behind) = name.rsplit_once(['（', '('])?;
        Some((at, base.trim(), behind.trim_end_matches(['）', ')']).trim()))
    });
    let cards: Vec<(usize, &str, &str)> = cards.collect();
    cards.iter().any(|(at, base, unit)| {
        // Of two cards with one unit, and nobody knows which is meant.
        let is_one = cards.iter().filter(|(.., other)| other == unit).count() == 1;
        let units = Units::of(unit, &super::Table { series: vec![], rows: vec![] });
        let figures = figures::read(clause, &units).into_iter();
        let figures: Vec<Figure> = figures.filter(|figure| figure.unit.is_some()).collect();
        let ([figure], Some(value)) = (figures.as_slice(), scene.value(*at, 0)) else {
            return false;
        };
        let said = clause.get(figure.range.clone()).unwrap_or_default();
        is_one
            && is_named(clause, base, unit)
            && !scene.drawn.policy.contains(said)
            && !figure.is_borne_out_by(value, &units)
            && !figure.is_met_by(value, &units)
    })
}

/// Whether a clause speaks of a card: it says two signs of its name in a row; or it is 三天办结 of days.
fn is_named(clause: &str, base: &str, unit: &str) -> bool {
    let signs: Vec<char> = base.chars().collect();
    let mut pairs = signs.windows(2).map(|pair| pair.iter().collect::<String>());
    let is_done = ["办结", "办好", "办成", "办完"].iter().any(|word| clause.ends_with(word));
    let are_days = ["天", "日", "工作日", "个工作日", "小时"].contains(&unit)
        && ["时限", "用时", "时间", "办理", "办结"].iter().any(|word| base.contains(word));
    pairs.any(|pair| clause.contains(&pair)) || (is_done && are_days)
}
