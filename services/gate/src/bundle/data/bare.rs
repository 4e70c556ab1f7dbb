//! Charts whose figures stand without a word of what they count, or with one that they are most likely not.

use lockstep_proto::{
    finding::Finding,
    manifest::{Cells, ChartKind, ChartSpec},
};

use super::{Table, line_of_row};
use crate::{
    bundle::claims,
    codes::{self, At as _},
};

/// Whether no text around a chart says what its figures count. A heading may say it: 投资（亿元）.
pub(super) fn is_bare(chart: &ChartSpec) -> bool {
    use ChartKind::{Area, Bar, Column, Donut, GroupedBar, GroupedColumn, Line};
    let has_unit = |name: &String| name.trim_end().ends_with(['）', ')']);
    let is_of_one = matches!(chart.kind, Bar | Column | Line | Donut | Area);
    let is_of_bare_figures = is_of_one || matches!(chart.kind, GroupedBar | GroupedColumn);
    // 户数, 人数: each column says what it counts.
    let is_count = |name: &String| name.trim_end().ends_with('数') || says_unit(name);
    let are_counts = chart.values.len() > 1 && chart.values.iter().all(is_count);
    let subtitle = chart.subtitle.trim();
    let is_said = if is_of_bare_figures { says_unit(subtitle) } else { !subtitle.is_empty() };
    chart.kind.cells() != Cells::Words
        && chart.unit.trim().is_empty()
        && !is_said
        && !chart.values.iter().any(has_unit)
        && !are_counts
}

/// TS023: per cents none of which is more than one, of what is called a rate: most likely parts of one, as Excel keeps them.
pub(super) fn check_shares(chart: &ChartSpec, table: &Table, bytes: &[u8]) -> Option<Finding> {
    const RATES: [&str; 4] = ["率", "比例", "占比", "比重"];
    /// Rates that may well be below one per cent.
    const SMALL: [&str; 24] = [
        "增长", "增速", "死亡", "差错", "错误", "误", "投诉", "逾期", "不", "未", "发病", "发生",
        "检出", "事故", "违", "流失", "辍学", "退", "坏", "费率", "税率", "利率", "出生", "残疾",
    ];
    /// 15.3% of a part of one has three decimals.
    const DECIMALS_MIN: usize = 2;
    let names = [&chart.headline, &chart.subtitle].into_iter().chain(&chart.values);
    let names: Vec<&String> = names.chain(table.rows.iter().map(|row| &row.label)).collect();
    let says =
        |words: &[&str]| names.iter().any(|name| words.iter().any(|word| name.contains(word)));
    let cells = || table.rows.iter().flat_map(|row| &row.cells);
    let decimals = cells().filter_map(|cell| Some(cell.text.split_once('.')?.1.len())).max();
    let are_small = cells().filter_map(|cell| cell.value).all(|value| value.abs() <= 1.0);
    let is_sure = chart.unit.trim().starts_with(['%', '％'])
        && are_small
        && decimals.is_some_and(|most| most >= DECIMALS_MIN)
        && says(&RATES)
        && !says(&SMALL);
    if !is_sure {
        return None;
    }
    let cell = cells().find(|cell| cell.value.is_some_and(|value| value != 0.0))?;
    let (text, id) = (&cell.text, &chart.id);
    let meant = format!("{:.4}", cell.value? * 100.0);
    let meant = meant.trim_end_matches('0').trim_end_matches('.');
    let mut finding = codes::NO_UNIT.finding().in_member(&chart.data).advising(
        format!("{text} 若是 {meant}%，在 Excel 中把这些单元格设成百分比格式，CSV 中写 {meant}；确是百分之 {text} 的，不用改"),
        format!("where {text} is {meant}%, make the cells' format Percentage in Excel, and write {meant} in a CSV; where it is \
                 {text}% indeed leave it"),
    );
    finding.message = format!("unit 是 %，而各数都不超过 1，图上会写成 {text}%：{id}");
    finding.message_en =
        format!("`unit` is % and no figure is more than 1, so that the chart says {text}%: {id}");
    Some(finding.at_line(line_of_row(bytes, 1).unwrap_or(1)))
}

/// Whether a subtitle says the unit, or that the figures are numbers without one: 2024年价格指数, 各区参保人数.
fn says_unit(subtitle: &str) -> bool {
    /// What is a number by its name, or the count of what the word says.
    const NUMBERS: [&str; 47] = [
        "单位：",
        "单位:",
        "指数",
        "系数",
        "得分",
        "评分",
        "分数",
        "比例",
        "比值",
        "比重",
        "占比",
        "之比",
        "师比",
        "性别比",
        "倍",
        "排名",
        "位次",
        "名次",
        "人数",
        "户数",
        "件数",
        "个数",
        "次数",
        "家数",
        "台数",
        "套数",
        "辆数",
        "所数",
        "项数",
        "天数",
        "张数",
        "份数",
        "例数",
        "起数",
        "宗数",
        "条数",
        "座数",
        "班数",
        "床位数",
        "学位数",
        "月数",
        "人次",
        "户次",
        "场次",
        "班次",
        "批次",
        "车次",
    ];
    // 率先 is no rate.
    let is_rate = || {
        subtitle.match_indices('率').any(|(at, rate)| {
            let behind = subtitle.get(at + rate.len()..).unwrap_or_default();
            !behind.starts_with(['先', '领'])
        })
    };
    let has_unit = || {
        subtitle.split(['（', '(']).skip(1).any(|behind| {
            let inner = behind.split_once(['）', ')']).map(|(inner, _)| inner);
            inner.is_some_and(claims::is_unit)
        })
    };
    NUMBERS.iter().any(|word| subtitle.contains(word)) || is_rate() || has_unit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtitle_says_a_unit_or_only_what_and_when() {
        for said in [
            "2024—2026年（亿元）",
            "单位：亿元",
            "各区经费(万元)，2026年",
            "2025年每户用水量（立方米/户）",
            "2025年居民消费价格指数（上年=100）",
            "参保率，2025年末",
            "各街道参保人数",
            "2025年各区满意度得分",
            "生师比",
            "客运量（万人次）",
            "办理时限（个工作日）",
            "增速（%）",
            "粮食产量（吨标准煤）",
        ] {
            assert!(says_unit(said), "{said}");
        }
        for bare in [
            "",
            "2024—2026年",
            "各街道（按面积排序）",
            "2026年（预计）",
            "各区（含新区）经费",
            "率先推进的三个区",
            "事业单位经费",
            "本年与上年对比",
            "数据截至2026年6月",
            "各区数量",
            "（",
        ] {
            assert!(!says_unit(bare), "{bare}");
        }
    }

    #[test]
    fn groups_need_a_unit_as_single_bars_do() {
        for (kind, subtitle, values, expected) in [
            ("grouped_bar", "", ["惠及人数", "发放金额"], true),
            ("grouped_column", "2026年各区情况", ["项目", "总投资"], true),
            ("grouped_bar", "2026年各区情况", ["户数", "惠及人数"], false),
            ("grouped_bar", "2026年各区经费（万元）", ["城区", "农村"], false),
            ("grouped_bar", "", ["人数（人）", "户数"], false),
            ("stacked_bar", "2026年各区情况", ["城区", "农村"], false),
        ] {
            let [one, other] = values;
            let chart: ChartSpec = toml::from_str(&format!(
                "id = \"a\"\nkind = \"{kind}\"\nheadline = \"甲\"\nsubtitle = \"{subtitle}\"\nunit = \"\"\nsource = \"\"\n\
                 data = \"a.csv\"\ncategory = \"项\"\nvalue = [\"{one}\", \"{other}\"]"
            ))
            .unwrap();
            assert_eq!(is_bare(&chart), expected, "{kind} {subtitle} {values:?}");
        }
    }
}
