//! The offices that texts name, by whatever name: 区人社局 and 区人力资源和社会保障局 are one, 公安机关 is one of any level.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

/// Offices, each with the names by which it is called before what ends it.
const NAMES: [&[&str]; 39] = [
    &["公安机关交通管理", "公安交通管理", "公安交管", "公安", "交通管理", "交管", "交警"],
    &["城市管理", "城管"],
    &["农业农村", "农业"],
    &["卫生健康", "卫健"],
    &["民政"],
    &["财政"],
    &["人力资源和社会保障", "人力资源社会保障", "人社"],
    &["教育"],
    &["税务"],
    &["应急管理", "应急"],
    &["生态环境", "环境保护", "环保"],
    &["自然资源和规划", "规划和自然资源", "规划自然资源", "自然资源"],
    &["住房和城乡建设", "住房城乡建设", "住建"],
    &["住房保障"],
    &["交通运输", "交通"],
    &["文化和旅游", "文化旅游", "文旅"],
    &["文物"],
    &["医疗保障", "医保"],
    &["发展和改革", "发展改革", "发改"],
    &["商务"],
    &["水务", "水利"],
    &["司法"],
    &["科学技术", "科技"],
    &["工业和信息化", "经济和信息化", "工信", "经信"],
    &["市场监督管理", "市场监管", "市监"],
    &["退役军人事务", "退役军人"],
    &["审计"],
    &["统计"],
    &["消防救援", "消防"],
    &["园林绿化", "园林", "绿化"],
    &["林业和草原", "林业"],
    &["体育"],
    &["气象"],
    &["药品监督管理", "药监"],
    &["知识产权"],
    &["粮食和物资储备", "粮食"],
    &["行政审批"],
    &["信访"],
    &["海关"],
];

/// What stands between a name and what ends it.
const BETWEEN: [&str; 6] = ["", "行政主管", "行政管理", "行政", "主管", "综合执法"];
/// What ends it, longer ones first.
const ENDS: [&str; 10] =
    ["委员会", "部门", "机关", "分局", "局", "委", "厅", "总队", "支队", "大队"];
const LEVELS: [(char, u8); 5] = [('省', 3), ('市', 2), ('县', 1), ('区', 1), ('旗', 1)];

/// An office that a text names.
#[derive(Debug, Clone)]
pub(super) struct Office {
    kind: usize,
    /// None where it may be of any.
    level: Option<u8>,
    /// With its level's sign.
    pub range: Range<usize>,
}

impl Office {
    /// As it stands in a text in which this one begins at `base`.
    pub(super) fn moved(self, base: usize) -> Self {
        Self { range: base + self.range.start..base + self.range.end, ..self }
    }

    /// Whether both are of one kind, of whatever level.
    pub(super) fn is_kin(&self, other: &Self) -> bool {
        self.kind == other.kind
    }

    /// Whether both may be one.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.level.zip(other.level).is_none_or(|(one, other)| one == other)
    }
}

static FINDER: LazyLock<Option<(AhoCorasick, Vec<usize>)>> = LazyLock::new(|| {
    let names = || {
        let of = |(kind, names): (usize, &'static &[&'static str])| {
            names.iter().map(move |name| (kind, *name))
        };
        NAMES.iter().enumerate().flat_map(of)
    };
    let mut finder = AhoCorasick::builder();
    let finder = finder.match_kind(MatchKind::LeftmostLongest);
    let finder = finder.build(names().map(|(_, name)| name)).ok()?;
    Some((finder, names().map(|(kind, _)| kind).collect()))
});

/// The offices of a text, in order; `base` is where it begins.
pub(super) fn find(text: &str, base: usize) -> impl Iterator<Item = Office> {
    let finder = FINDER.as_ref();
    let found = finder.into_iter().flat_map(move |(finder, kinds)| {
        finder
            .find_iter(text)
            .filter_map(|found| Some((found, kinds.get(found.pattern().as_usize())?)))
    });
    found.filter_map(move |(found, kind)| {
        let rest = text.get(found.end()..)?;
        let end = BETWEEN.iter().find_map(|between| {
            let rest = rest.strip_prefix(between)?;
            ENDS.iter().find_map(|end| rest.strip_prefix(end).filter(|rest| !goes_on(end, rest)))
        });
        let before = text.get(..found.start())?;
        let name = text.get(found.range())?;
        let end = end.or_else(|| ends_itself(name, before, rest))?;
        let bare = before.strip_suffix('级').unwrap_or(before);
        let level = LEVELS.iter().find(|(sign, _)| bare.ends_with(*sign));
        let start = level.map_or(before.len(), |(sign, _)| bare.len() - sign.len_utf8());
        Some(Office {
            kind: *kind,
            level: level.map(|(_, level)| *level),
            range: base + start..base + text.len() - end.len(),
        })
    })
}

/// What stands behind an office that is called without an end of its own: 由交警处罚, 消防救援机构.
fn ends_itself<'t>(name: &str, before: &str, rest: &'t str) -> Option<&'t str> {
    match name {
        "交警" | "城管" => before.ends_with('由').then_some(rest),
        "消防救援" => rest.strip_prefix("机构"),
        _ => None,
    }
}

/// Whether what ends a name goes on in another word: 委 of 委托.
fn goes_on(end: &str, rest: &str) -> bool {
    match end {
        "委" => rest.starts_with(['托', '派']),
        "局" => rest.starts_with(['面', '限', '部']),
        _ => false,
    }
}
