//! Charts whose figures stand without a word of what they count.

use lockstep_proto::manifest::{Cells, ChartKind, ChartSpec};

use crate::bundle::claims;

/// Whether no text around a chart says what its figures count. A heading may say it: 投资（亿元）.
pub(super) fn is_bare(chart: &ChartSpec) -> bool {
    use ChartKind::{Area, Bar, Column, Donut, Line};
    let has_unit = |name: &String| name.trim_end().ends_with(['）', ')']);
    let is_of_bare_figures = matches!(chart.kind, Bar | Column | Line | Donut | Area);
    let subtitle = chart.subtitle.trim();
    let is_said = if is_of_bare_figures { says_unit(subtitle) } else { !subtitle.is_empty() };
    chart.kind.cells() != Cells::Words
        && chart.unit.trim().is_empty()
        && !is_said
        && !chart.values.iter().any(has_unit)
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
}
