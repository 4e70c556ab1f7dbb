//! Texts become what they should; charts are drawn, or it is said why not.

use base64::Engine as _;
use lockstep_gate::bundle::{Cell, Row, Table};
use lockstep_proto::manifest::{Agencies, ChartKind, ChartSpec};
use serde_json::json;

use super::{
    chart::{Drawn, draw_one},
    refusal::undrawable,
    *,
};
use crate::chart::{Undrawable, Width};

fn agencies() -> Agencies {
    Agencies {
        drafting: vec!["示例局办公室".to_owned()],
        issuing: vec!["示例局".to_owned()],
        lead: None,
        joint: vec![],
        publishing: "示例局".to_owned(),
    }
}

#[test]
fn a_policy_looks_like_a_document() {
    let source = "# 关于甲的通知\n\n{{文号}}\n\n各科室：\n\n## 一、乙\n\n丙。\n\n\
        示例局\n\n{{成文日期}}\n\n（此件公开发布）\n";
    let plain = source.replace(['#', ' '], "");
    let make = |path: &str, source: &str| {
        fragment(("policy", path), source.as_bytes(), &BTreeMap::new(), &agencies()).unwrap()
    };
    let expected = "<section class=\"text policy\">\n<h2>关于甲的通知</h2>\n\
        <p class=\"number\">{{文号}}</p>\n<p>各科室：</p>\n<h3>一、乙</h3>\n<p>丙。</p>\n\
        <p class=\"signed\">示例局</p>\n<p class=\"signed\">{{成文日期}}</p>\n\
        <p>（此件公开发布）</p>\n</section>\n";
    assert_eq!(make("policy.md", source), expected);
    assert_eq!(make("policy.txt", &plain), expected.replace("h3>", "p>"));
}

#[test]
fn a_text_that_renders_to_nothing_is_refused() {
    const EMPTY: [&str; 12] = [
        "[解读]: https://example.org",
        "![](http://example.org/x)",
        "[&#8203;](https://example.org)",
        "---\n\n&shy;",
        "&",
        "\"<",
        "\u{200b}\u{fe0f}\u{200d}",
        "\u{2800}",
        "\u{3164}",
        "\u{115f}\u{1160}\u{ffa0}",
        "\u{17b4}\u{17b5}",
        "\u{e0041}\u{1d173}",
    ];
    let make = |path: &str, source: &str| {
        let of = ("interpretation", path);
        fragment(of, source.as_bytes(), &BTreeMap::new(), &agencies())
    };
    for source in EMPTY {
        assert_eq!(make("i.md", source).unwrap_err().code, "TS006", "{source:?}");
    }
    for source in ["&", "\u{3164}"] {
        assert_eq!(make("i.txt", source).unwrap_err().code, "TS006", "{source:?}");
    }
    for source in ["&#20013;", "解", "1"] {
        make("i.md", source).unwrap();
    }
}

#[test]
fn a_sum_that_is_drawn_is_told_in_the_description_and_in_the_table() {
    let make = |kind: &str, values: &[&str], (unit, data): (&str, &str)| {
        let spec: ChartSpec = serde_json::from_value(json!({
            "id": "a", "kind": kind, "headline": "题", "subtitle": "", "unit": unit, "source": "",
            "data": "a.csv", "category": "项", "value": values,
        }))
        .unwrap();
        let files = BTreeMap::from([("a.csv".to_owned(), data.as_bytes().to_vec())]);
        super::chart::draw(&spec, &files).unwrap()
    };
    let table = ("所", "项,公办,民办\n甲,1040,80\n乙,112,0\n");
    let stacked = make("stacked_column", &["公办", "民办"], table);
    assert!(stacked.svg.contains("民办80所，合计1,120所；"), "{}", stacked.svg);
    assert!(
        stacked.figure.contains("<th scope=\"col\" class=\"short\">合计"),
        "{}",
        stacked.figure
    );
    assert!(stacked.figure.contains("<td>80</td><td>1,120</td>"), "{}", stacked.figure);
    assert!(stacked.figure.contains("<td>0</td><td>112</td>"), "{}", stacked.figure);
    let ring = make("donut", &["公办"], table);
    assert!(ring.svg.contains("；合计1,152所。"), "{}", ring.svg);
    assert!(
        ring.figure.contains("<th scope=\"row\" class=\"unbroken\">合计</th><td>1,152</td>"),
        "{}",
        ring.figure
    );
    // What the picture does not write is not added.
    let grouped = make("grouped_column", &["公办", "民办"], table);
    assert!(!grouped.figure.contains("合计"), "{}", grouped.figure);
    let per_cents = make("donut", &["公办"], ("%", "项,公办\n甲,40\n乙,60\n"));
    assert!(!per_cents.figure.contains("合计"), "{}", per_cents.figure);
}

#[test]
fn a_share_that_is_drawn_is_told_to_those_who_read_the_table() {
    let spec: ChartSpec = serde_json::from_value(json!({
        "id": "a", "kind": "donut", "headline": "甲", "subtitle": "", "unit": "所", "source": "",
        "data": "a.csv", "category": "项", "value": ["数"],
    }))
    .unwrap();
    let data = "项,数,民办\n甲,42,84\n乙,112,70\n".as_bytes().to_vec();
    let files = |spec: &ChartSpec| BTreeMap::from([(spec.data.clone(), data.clone())]);
    let Drawn { svg, figure, .. } = draw(&spec, &files(&spec)).unwrap();
    assert!(svg.contains("甲为42所（27.3%）；乙为112所（72.7%）"), "{svg}");
    assert!(figure.contains("<td>42（27.3%）</td>"), "{figure}");
    let values = vec!["数".to_owned(), "民办".to_owned()];
    let full = ChartSpec { kind: ChartKind::FullBar, values, ..spec };
    let Drawn { svg, figure, .. } = draw(&full, &files(&full)).unwrap();
    assert!(svg.contains("甲：数42所（33.3%），民办84所（66.7%）"), "{svg}");
    assert!(figure.contains("<td>84（66.7%）</td>"), "{figure}");
    // The file is the data.
    let file = figure.split_once("base64,").and_then(|(_, rest)| rest.split('"').next());
    let file = base64::engine::general_purpose::STANDARD.decode(file.unwrap()).unwrap();
    assert!(String::from_utf8(file).unwrap().contains("甲,42,84"));
}

/// One chart of these data, its values all columns but the first.
fn drawn(kind: &str, unit: &str, data: &str) -> Drawn {
    let head: Vec<&str> = data.lines().next().unwrap().split(',').collect();
    let spec: ChartSpec = serde_json::from_value(json!({
        "id": "a", "kind": kind, "headline": "甲", "subtitle": "", "unit": unit, "source": "",
        "data": "a.csv", "category": head[0], "value": &head[1..],
    }))
    .unwrap();
    draw(&spec, &BTreeMap::from([(spec.data.clone(), data.as_bytes().to_vec())])).unwrap()
}

#[test]
fn paper_is_told_every_row_that_no_table_has() {
    let rows: Vec<String> = (1..=20).map(|n| format!("第{n}街道,{}", 500 - n * 13)).collect();
    let bars = drawn("bar", "件", &format!("街道,件数\n{}\n", rows.join("\n")));
    // On the page a table stands below.
    assert!(bars.svg.contains("共20行，其余见数据表"), "{}", bars.svg);
    assert!(bars.data.is_none());
    let said = &bars.large.said;
    assert!(said.contains("第7街道为409件") && !said.contains("见数据表"), "{said}");
    // A line does not say its figures: it has a table on paper too.
    let rows: Vec<String> = (2000..2020).map(|year| format!("{year}年,{}", year % 7)).collect();
    let line = drawn("line", "件", &format!("年,件数\n{}\n", rows.join("\n")));
    assert!(line.data.is_some() && line.large.said.contains("其余见数据表"));
}

#[test]
fn the_unit_that_every_column_has_in_its_head_is_the_charts() {
    for head in ["数量(个)", "数量（个）", "（个）", "(个)"] {
        let Drawn { svg, figure, .. } = drawn("bar", "", &format!("区,{head}\n东区,30\n西区,40\n"));
        assert!(svg.contains("单位：个") && svg.contains("东区为30个"), "{head}: {svg}");
        assert_eq!(
            figure.matches("（个）").count() + figure.matches("(个)").count(),
            2,
            "{figure}"
        );
    }
    let Drawn { svg, .. } =
        drawn("grouped_bar", "", "区,城区（户）,农村（户）\n东区,30,2\n西区,40,3\n");
    assert!(svg.contains("单位：户"), "{svg}");
    // A note is no unit.
    let Drawn { svg, .. } = drawn("bar", "", "区,数量（含分校）\n东区,30\n西区,40\n");
    assert!(!svg.contains("单位："), "{svg}");
}

#[test]
fn charts_of_one_id_are_refused() {
    let spec = |id: &str| -> ChartSpec {
        serde_json::from_value(json!({
            "id": id, "kind": "bar", "headline": "甲", "subtitle": "", "unit": "所", "source": "",
            "data": "a.csv", "category": "项", "value": ["数"],
        }))
        .unwrap()
    };
    let said = |ids: &[&str]| {
        let charts: Vec<ChartSpec> = ids.iter().map(|id| spec(id)).collect();
        let found = super::repeated_ids(&charts).into_iter();
        found.map(|finding| format!("{} {}", finding.code, finding.message)).collect::<Vec<_>>()
    };
    assert!(said(&["a", "b", "c"]).is_empty());
    let found = said(&["a", "b", "a"]);
    assert!(
        matches!(found.as_slice(), [one] if one.starts_with("TS113") && one.contains("chart a：编号重复")),
        "{found:?}"
    );
}

#[test]
fn a_unit_is_said_once() {
    let data = "年度,参保人数（万人）,缴费人数\n2024年,10,8\n2025年,12,9\n";
    let Drawn { svg, figure, .. } = drawn("grouped_bar", "万人", data);
    assert!(figure.contains(">参保人数（万人）</th>"), "{figure}");
    assert!(figure.contains(">缴费人数<span class=\"unbroken\">（万人）</span></th>"), "{figure}");
    assert!(!svg.contains("参保人数（万人）") && svg.contains("参保人数10万人"), "{svg}");
}

#[test]
fn rounded_shares_are_a_whole() {
    let data = "行业,占比\n甲,35.2\n乙,21.4\n丙,16.8\n丁,12.1\n戊,8.3\n己,6.3\n";
    let Drawn { svg, .. } = drawn("donut", "%", data);
    assert!(svg.contains(">100%<") && !svg.contains("100.1"), "{svg}");
}

#[test]
fn dates_of_a_spreadsheet_are_written_as_people_do() {
    let data =
        "任务,开始,结束\n甲,2026-03-10,2026-05-20\n乙,2026/1,2026-12-31\n丙,2026-3-1,2026-3-1\n";
    let Drawn { svg, .. } = drawn("gantt", "", data);
    for said in ["2026年3月10日—5月20日", "2026年1月—12月31日", ">2026年3月1日<"] {
        assert!(svg.contains(said), "{said}: {svg}");
    }
    assert!(!svg.contains("fill=\"#5b6676\">2026-"), "{svg}");
}

#[test]
fn a_chart_that_cannot_be_drawn_is_told_of_in_each_language_alone() {
    let spec = ChartSpec {
        id: "spending".parse().unwrap(),
        kind: ChartKind::Bar,
        headline: " ".to_owned(),
        subtitle: String::new(),
        unit: String::new(),
        source: String::new(),
        data: "data/spending.csv".to_owned(),
        category: "学段".to_owned(),
        values: vec!["元".to_owned()],
    };
    let cells = vec![Cell { text: "1".to_owned(), value: Some(1.0) }];
    let rows = vec![Row { label: "小学".to_owned(), cells }];
    let table = Table { series: spec.values.clone(), rows };
    let error = draw_one(&spec, &table, "wide", Width::Desk720).unwrap_err();
    let data = "学段,元\n\n小学,1\n".as_bytes();
    let finding = undrawable(&spec, error, data);
    assert_eq!(finding.message, "图表数据无法使用：spending：标题为空");
    assert_eq!(finding.message_en, "chart data cannot be used: spending: the headline is empty");
    // A row is the line that a person sees in the file.
    let why = ["过小", "is too small"];
    let row = undrawable(&spec, Undrawable::Row { row: 1, label: "小学".to_owned(), why }, data);
    assert_eq!(row.line, Some(3));
    assert!(row.message.ends_with("第 3 行（小学）过小"), "{}", row.message);
    assert!(row.message_en.ends_with("row 3 (小学): is too small"), "{}", row.message_en);
}
