//! The units that a chart's figures have, and how a headline writes them: 万元 also as 亿元, 个工作日 as 工作日.

use super::Table;

/// A chart's own unit, and those that its rows and columns name in brackets: 投入（亿元）.
pub(super) struct Units(Vec<Unit>);

/// 万元: ten thousand times 元.
struct Unit {
    base: String,
    scale: f64,
}

/// A unit as a text writes it.
#[derive(Clone, Copy)]
pub(super) struct Written {
    /// 1e4 of 万元.
    pub(super) scale: f64,
    pub(super) len: usize,
    /// 个, 人, 所: also what other things are counted by.
    pub(super) counts: bool,
    pub(super) is_share: bool,
}

const SCALES: [(char, f64); 5] = [('十', 1e1), ('百', 1e2), ('千', 1e3), ('万', 1e4), ('亿', 1e8)];
/// 千米, 百分点 are units of their own.
const NO_SCALES: [&str; 8] = ["千米", "千瓦", "千克", "千伏", "千卡", "百分", "万分", "千分"];
/// Figures with these are dates, ages and names: 5年, 1号.
const NO_UNITS: [&str; 14] =
    ["年", "月", "日", "时", "岁", "周岁", "号", "级", "届", "期", "分", "成", "倍", "百分点"];
const COUNTS: [&str; 30] = [
    "个", "人", "人次", "名", "位", "件", "所", "户", "家", "项", "次", "种", "条", "处", "套",
    "间", "座", "台", "辆", "批", "张", "份", "门", "班", "起", "宗", "例", "场", "篇", "本",
];

impl Units {
    pub(super) fn of(unit: &str, table: &Table) -> Self {
        let labels = table.rows.iter().map(|row| &row.label).chain(&table.series);
        let bracketed = labels.filter_map(|label| {
            let inner = label.strip_suffix(['）', ')'])?;
            Some(inner.rsplit_once(['（', '('])?.1)
        });
        // A card of per cents carries its sign.
        let mut cells = table.rows.iter().flat_map(|row| &row.cells);
        let share = cells.any(|cell| cell.value.is_some() && cell.text.ends_with(['%', '％']));
        let units = unit.split(['、', '，', '；', ';']).chain(bracketed);
        let units = units.chain(share.then_some("%")).filter_map(|unit| {
            // 元/人 is written 元.
            let unit = unit.split('/').next().unwrap_or(unit).trim();
            let (scale, len) = scale(unit);
            let base = unit.get(len..).map(without_count)?;
            (!base.is_empty() && !NO_UNITS.contains(&base))
                .then(|| Unit { base: base.to_owned(), scale })
        });
        Self(units.collect())
    }

    /// Those that a name has in brackets.
    pub(super) fn of_name(name: &str) -> Self {
        let row = super::Row { label: name.to_owned(), cells: vec![] };
        Self::of("", &Table { series: vec![], rows: vec![row] })
    }

    pub(super) fn none() -> Self {
        Self(vec![])
    }

    /// The unit that a text begins with, if it is one of these.
    pub(super) fn read(&self, text: &str) -> Option<Written> {
        let (scale, len) = scale(text);
        let rest = text.get(len..)?;
        let written = |rest: &str, before: usize| {
            let bases = self.0.iter().map(|unit| unit.base.as_str());
            let base = bases.filter(|base| rest.starts_with(base)).max_by_key(|base| base.len())?;
            Some(Written {
                scale,
                len: before + base.len(),
                counts: COUNTS.contains(&base),
                is_share: base == "%",
            })
        };
        let whole = written(rest, len);
        let behind = rest.strip_prefix('个').and_then(|rest| written(rest, len + '个'.len_utf8()));
        [whole, behind].into_iter().flatten().max_by_key(|written| written.len)
    }

    /// How many times as long as its own is the unit of time that a text begins with: 小时 of 分钟.
    pub(super) fn longer(&self, text: &str) -> Option<f64> {
        const LONGER: [(&str, &str, f64); 4] =
            [("小时", "分钟", 60.0), ("分钟", "秒", 60.0), ("天", "小时", 24.0), ("周", "天", 7.0)];
        let has = |base: &str| self.0.iter().any(|unit| unit.base == base);
        let mut longer = LONGER.iter().filter(|(_, base, _)| has(base));
        longer.find(|(longer, ..)| text.starts_with(longer)).map(|(.., times)| *times)
    }

    /// What figures of the data are to be multiplied with.
    pub(super) fn scales(&self) -> impl Iterator<Item = f64> {
        self.0.iter().map(|unit| unit.scale)
    }
}

/// Whether a text is a unit and nothing else: 亿元, 万人次, 元/人; what is counted may stand behind: 张床位.
pub(in crate::bundle) fn is_unit(text: &str) -> bool {
    /// Besides what things are counted by.
    const MEASURES: [&str; 44] = [
        "元",
        "美元",
        "%",
        "％",
        "‰",
        "平方米",
        "平方公里",
        "平方千米",
        "公顷",
        "亩",
        "米",
        "公里",
        "千米",
        "厘米",
        "毫米",
        "里",
        "㎡",
        "m²",
        "m³",
        "立方米",
        "升",
        "吨",
        "吨标准煤",
        "千克",
        "公斤",
        "克",
        "微克",
        "毫克",
        "千瓦时",
        "千瓦",
        "度",
        "℃",
        "天",
        "日",
        "小时",
        "分钟",
        "秒",
        "年",
        "月",
        "岁",
        "分",
        "倍",
        "工作日",
        "张床位",
    ];
    const OTHERS: [&str; 12] =
        ["株", "棵", "册", "头", "只", "学位", "床位", "百分点", "车次", "班次", "盏", "单"];
    let is_known = |unit: &str| {
        let (_, len) = scale(unit);
        let base = without_count(unit.get(len..).unwrap_or_default());
        [&MEASURES[..], &OTHERS, &COUNTS].iter().any(|known| known.contains(&base))
            || (base.is_empty() && !unit.is_empty())
    };
    let text = text.trim();
    match text.split_once(['/', '／']) {
        Some((of, each)) => is_known(of) && !each.is_empty(),
        None => is_known(text),
    }
}

/// 千万 of 千万元, and how many bytes of it.
pub(super) fn scale(text: &str) -> (f64, usize) {
    let (mut scale, mut len) = (1.0, 0);
    while let Some(rest) = text.get(len..) {
        if NO_SCALES.iter().any(|unit| rest.starts_with(unit)) {
            break;
        }
        let Some((sign, by)) = SCALES.iter().find(|(sign, _)| rest.starts_with(*sign)) else {
            break;
        };
        scale *= by;
        len += sign.len_utf8();
    }
    (scale, len)
}

/// 个工作日 is written 工作日 too.
fn without_count(unit: &str) -> &str {
    unit.strip_prefix('个').filter(|rest| !rest.is_empty()).unwrap_or(unit)
}

#[cfg(test)]
mod tests {
    use super::{super::super::Row, *};

    #[test]
    fn units_are_read_as_they_are_written() {
        let of = |unit: &str, text: &str| {
            let row = Row { label: "投入（亿元）".to_owned(), cells: vec![] };
            let table = Table { series: vec!["学位（个）".to_owned()], rows: vec![row] };
            Units::of(unit, &table).read(text).map(|written| (written.scale, written.len))
        };
        for (unit, text, scale, written) in [
            ("万元", "万元用于培训", 1e4, "万元"),
            ("万元", "亿元", 1e8, "亿元"),
            ("元/人", "万元", 1e4, "万元"),
            ("个工作日", "个工作日内", 1.0, "个工作日"),
            ("个工作日", "工作日内", 1.0, "工作日"),
            ("工作日", "个工作日", 1.0, "个工作日"),
            ("千人次", "千人次", 1e3, "千人次"),
            ("千米", "千米", 1.0, "千米"),
            ("", "个", 1.0, "个"),
            ("", "千万元", 1e7, "千万元"),
        ] {
            assert_eq!(of(unit, text), Some((scale, written.len())), "{unit}: {text}");
        }
        for (unit, text) in [("年", "年"), ("分钟", "小时"), ("", ""), ("万", "万")] {
            assert_eq!(of(unit, text), None, "{unit}: {text}");
        }
    }
}
