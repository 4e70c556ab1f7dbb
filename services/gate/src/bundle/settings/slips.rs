//! What the reader of TOML says of a slip, in Chinese with its own words beside it.

use crate::document::first_chars;

/// The kinds of charts with their Chinese names, and by what other names they go.
const KINDS: [(&str, &str, &[&str]); 19] = [
    ("bar", "条形图", &["横向柱状图", "横条图"]),
    ("column", "柱形图", &["柱状图", "柱图", "直方图"]),
    ("grouped_column", "分组柱形图", &["分组柱状图", "簇状柱形图"]),
    ("stacked_column", "堆积柱形图", &["堆积柱状图", "堆叠柱形图", "堆叠柱状图"]),
    ("full_column", "百分比堆积柱形图", &["百分比柱形图"]),
    ("grouped_bar", "分组条形图", &["簇状条形图"]),
    ("stacked_bar", "堆积条形图", &["堆叠条形图"]),
    ("full_bar", "百分比堆积条形图", &["百分比条形图"]),
    ("line", "折线图", &["线图", "曲线图"]),
    ("area", "面积图", &[]),
    ("small_multiples", "小图组", &["分面图"]),
    ("donut", "环形图", &["饼图", "圆环图", "pie", "doughnut", "ring"]),
    ("slope", "斜率图", &["坡度图"]),
    ("range", "区间图", &["哑铃图", "dumbbell"]),
    ("heat", "热力表", &["热力图", "heatmap"]),
    ("cards", "数字卡片", &["卡片", "指标卡", "card"]),
    ("gantt", "进度安排", &["甘特图", "进度图"]),
    ("compare", "新旧对照", &["对照表", "新旧对照表", "对比"]),
    ("flow", "流程图", &["flowchart"]),
];

/// In Chinese, with its own words beside it.
pub fn in_chinese(said: &str) -> String {
    let mut quoted = said.split('`').skip(1).step_by(2);
    let name = quoted.next().unwrap_or_default();
    let known: Vec<&str> = quoted.collect();
    if said.starts_with("unknown variant") && KINDS.iter().all(|(kind, ..)| known.contains(kind)) {
        return no_kind(name);
    }
    let known = known.join("、");
    let chinese = if said.starts_with("missing field") {
        format!("缺少 {name}")
    } else if said.starts_with("unknown field") {
        format!("未知的键 {name}，可用的有 {known}")
    } else if said.starts_with("unknown variant") {
        format!("值 {name} 不可用，可用的有 {known}")
    } else if said.starts_with("invalid type") || said.starts_with("wanted ") {
        "值的类型不对".to_owned()
    } else if said.starts_with("ChartId ") {
        "图表的 id 用小写英文字母、数字和 - 写，如 chart-1；解读中的 chart: 后面也改成它".to_owned()
    } else if said.starts_with("duplicate key") {
        "键重复".to_owned()
    } else {
        "不合 TOML 的写法：等号和引号用半角，文字加引号，每行一个键".to_owned()
    };
    format!("{chinese} / {said}")
}

/// A kind of chart that is none, with the one that was meant and all there are.
fn no_kind(name: &str) -> String {
    let is_meant = |(kind, chinese, others): &&(&str, &str, &[&str])| {
        let name = name.to_lowercase().replace('-', "_");
        name == *kind || name == *chinese || others.contains(&name.as_str())
    };
    let all: Vec<String> =
        KINDS.iter().map(|(kind, chinese, _)| format!("{kind} {chinese}")).collect();
    let all = all.join("、");
    match KINDS.iter().find(is_meant) {
        Some((kind, chinese, _)) => format!(
            "值 {name} 不可用，请写 {kind}（{chinese}） / no such kind, write {kind}；可用的有 the kinds: {all}"
        ),
        None => format!("值 {name} 不可用 / no such kind；可用的有 the kinds: {all}"),
    }
}

/// The same of what a chart's table lacks, in a file of them or alone, with the chart's id and what to write; nothing
/// of other slips.
pub(in crate::bundle) fn of_chart(said: &str, text: &str) -> Option<String> {
    const REMEDIES: [(&str, &str, &str); 6] = [
        ("unit", "没有单位的写 unit = \"\"", "write unit = \"\" where there is none"),
        (
            "subtitle",
            "写指标和时间；没有的写 subtitle = \"\"",
            "write what was measured and when, or subtitle = \"\"",
        ),
        ("source", "写数据来源", "write where the figures come from"),
        ("headline", "写图要说的一句话", "write what the chart says, in a sentence"),
        ("category", "写类别一列的表头", "write the heading of the categories"),
        ("value", "写数字一列的表头", "write the heading of the figures"),
    ];
    /// An id is short.
    const ID_CHARS: usize = 40;
    let name = said.strip_prefix("missing field `")?.split('`').next()?;
    let (_, chinese, english) = REMEDIES.iter().find(|(key, ..)| *key == name)?;
    let file: toml::Table = toml::from_str(text).ok()?;
    let charts = match file.get("chart").and_then(toml::Value::as_array) {
        Some(charts) => charts.iter().filter_map(toml::Value::as_table).collect(),
        None => vec![&file],
    };
    // Charts of words may lack a unit.
    let of = |chart: &toml::Table, key: &str| {
        chart.get(key).and_then(toml::Value::as_str).map(str::to_owned)
    };
    let may_lack = |chart: &toml::Table| {
        let kind = of(chart, "kind").unwrap_or_default();
        name == "unit" && ["flow", "compare", "gantt"].contains(&kind.as_str())
    };
    let chart = charts.into_iter().find(|chart| !chart.contains_key(name) && !may_lack(chart))?;
    let id = of(chart, "id")?;
    let id = first_chars(&id, ID_CHARS);
    Some(format!("图表 {id} 缺少 {name}：{chinese} / chart {id}: {said}, {english}"))
}
