//! What a headline says of how many people something reaches, in words that are no unit of the chart: 惠及百万群众,
//! 惠及20万群众, where all together are 12万人.

use super::{
    held,
    scene::{Scene, clauses},
    spans::Spans,
    units,
};

/// How people are called beside a number.
const PEOPLE: [&str; 10] =
    ["群众", "居民", "市民", "老人", "学生", "职工", "百姓", "村民", "农民", "人"];

/// The first such claim that the data tell otherwise, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    scene.units.read("人次")?;
    let is_wrong = |clause: &&str| is_beyond_all(clause, scene) || is_of_others(clause, scene);
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

/// 惠及百万群众, where nothing that can be added up comes near it.
fn is_beyond_all(clause: &str, scene: &Scene<'_>) -> bool {
    const REACHES: [&str; 6] = ["惠及", "服务", "覆盖", "受惠", "受益", "帮助"];
    const BOUNDS: [&str; 10] = ["超过", "突破", "上", "近", "超", "逾", "约", "数", "过", "了"];
    /// 近百万 of 82万 is said; of 75万 it is not.
    const NEAR: f64 = 0.8;
    let Some(said) = REACHES.iter().find_map(|word| Some(clause.split_once(word)?.1)) else {
        return false;
    };
    let said = said.strip_prefix("群众").unwrap_or(said);
    let bounds = |text: &str| BOUNDS.iter().find_map(|word| text.strip_prefix(word)).map(str::len);
    let said = bounds(said).and_then(|len| said.get(said.len() - len..)).unwrap_or(said);
    let (value, len) = units::scale(said);
    let behind = said.get(len..).unwrap_or_default();
    let behind = behind.trim_start_matches(['余', '多', '名', '位']);
    // 服务百万人口大市 is of a place.
    let are_people =
        !behind.starts_with("人口") && PEOPLE.iter().any(|word| behind.starts_with(word));
    let most = Spans::of(scene.drawn.table).sums().into_iter().fold(0.0, f64::max);
    let scale = scene.units.scales().fold(1.0, f64::max);
    value >= 1e4 && are_people && most * scale < value * NEAR
}

/// 惠及20万群众, which is said of no figure where 20万人 is not.
fn is_of_others(clause: &str, scene: &Scene<'_>) -> bool {
    let names = PEOPLE.iter().filter(|name| **name != "人");
    let plain = names.fold(clause.to_owned(), |text, name| {
        ["万", "万余", "万多", "千"].iter().fold(text, |text, scale| {
            let text = text.replace(&format!("{scale}名{name}"), &format!("{scale}人"));
            text.replace(&format!("{scale}{name}"), &format!("{scale}人"))
        })
    });
    plain != clause && held::find(&plain, scene.drawn, scene.units).is_some()
}
