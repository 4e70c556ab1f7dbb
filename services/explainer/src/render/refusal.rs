//! What keeps something from being drawn, as findings in both languages.

use std::sync::Arc;

use lockstep_gate::{
    bundle::line_of_row,
    codes::{self, At as _},
};
use lockstep_kit::error::Chain;
use lockstep_proto::{finding::Finding, ids::ChartId, manifest::ChartSpec};

use crate::{
    chart::{NAMED_MAX, Part, Undrawable},
    long::{CHARACTERS_MAX, COLUMNS_MAX, HEIGHT_MAX, PAGE_MAX, Refusal, named},
    page::{Drawing, Page},
    print,
};

/// TS007 in both languages: which chart, and what it cannot carry. A row is named by its line in the data.
pub(super) fn undrawable(spec: &ChartSpec, mut error: Undrawable, data: &[u8]) -> Finding {
    let line = error.row_mut().and_then(|row| {
        *row = line_of_row(data, *row)?;
        Some(*row)
    });
    let chinese = match &error {
        Undrawable::NoRows => "没有数据行".to_owned(),
        Undrawable::TooManyRows { rows, most } => {
            format!("{rows} 行过多，最多 {most} 行，请改用表格")
        }
        Undrawable::TooManySeries { series, .. } => {
            format!("{series} 个系列过多，请减少，或改用表格")
        }
        Undrawable::OneSeries { series } => format!("这种图只画一个系列，这里有 {series} 个"),
        Undrawable::Unfit([chinese, _]) => (*chinese).to_owned(),
        Undrawable::NotFinite { row, .. } => format!("第 {row} 行不是有限的数"),
        Undrawable::Row { row, label, why: [chinese, _] } => {
            format!("第 {row} 行（{label}）{chinese}")
        }
        Undrawable::Series { name, why: [chinese, _] } => format!("“{name}”列{chinese}"),
        Undrawable::NoDate { row, label, text, why: [chinese, _] } => {
            format!("第 {row} 行（{label}）的“{text}”{chinese}")
        }
        Undrawable::AllZero { .. } => "各行均为零，请用文字说明".to_owned(),
        Undrawable::Empty { part } => format!("{}为空", chinese_name(*part)),
        Undrawable::TooLong { part, chars } => {
            format!("{}有 {chars} 字，过长", chinese_name(*part))
        }
        Undrawable::NoGlyph { characters, part } => {
            let named = |c: &char| format!("“{c}”（U+{:04X}）", u32::from(*c));
            let named: Vec<String> = characters.iter().take(NAMED_MAX).map(named).collect();
            let more = if characters.len() > NAMED_MAX { "等" } else { "" };
            format!("{}中的{}{more}没有字形", chinese_name(*part), named.join("、"))
        }
        Undrawable::TooWide { text } => format!("“{text}”过宽且无法折行"),
        Undrawable::NoRoom => "标签与数字过长，没有绘图的余地；请缩短或减少".to_owned(),
        Undrawable::BadId { id } => format!("图表编号 {id} 不可用"),
        Undrawable::Font(_) | Undrawable::Drawing(_) => "无法绘制".to_owned(),
    };
    let mut finding = codes::BAD_DATA.finding().in_member(&spec.data).advising(
        "按所说的原因改数据，或换一种图（docs/bundle.md），或写成表格".to_owned(),
        "mend the data for the reason given, or take another kind (docs/bundle.md), or a table"
            .to_owned(),
    );
    finding.message = format!("{}：{}：{chinese}", finding.message, spec.id);
    finding.message_en = format!("{}: {}: {error}", finding.message_en, spec.id);
    match line {
        Some(line) => finding.at_line(line),
        None => finding,
    }
}

/// How Chinese messages call a part of a chart.
fn chinese_name(part: Part) -> String {
    match part {
        Part::Headline => "标题".to_owned(),
        Part::Subtitle => "副标题".to_owned(),
        Part::Unit => "单位".to_owned(),
        Part::Source => "资料来源".to_owned(),
        Part::Series { column } => format!("第 {column} 个系列的名称"),
        Part::Label { row } => format!("第 {row} 行的类别"),
        Part::Figure { row } => format!("第 {row} 行的数字"),
    }
}

/// What only a broken program can say: the drawing is its own.
pub(super) fn unpaintable(what: &str, error: &dyn std::error::Error) -> Finding {
    codes::BAD_DATA.about(format!("{what} 无法制作 cannot be made: {}", Chain(error)))
}

/// TS017 in both languages: what the long picture cannot show, and where it stands.
pub(super) fn unset(refusal: &Refusal, path: &str, source: &str) -> Finding {
    let chinese = chinese_why(refusal);
    let mut finding = codes::NO_PICTURE.finding();
    finding.message = format!("{}：{chinese}", finding.message);
    finding.message_en = format!("{}: {refusal}", finding.message_en);
    match refusal {
        Refusal::NoGlyph { characters, line: Some(line) } => {
            let (line, column) = place(characters.first().copied(), *line, source);
            finding.in_member(path).at_place(line, column)
        }
        // The title's, or the agency's.
        Refusal::NoGlyph { line: None, .. } => finding.in_member("bundle.toml"),
        Refusal::TooManyColumns { line, .. } | Refusal::TableTooWide { line, .. } => {
            finding.in_member(path).at_line(*line)
        }
        Refusal::TooHigh | Refusal::TooManyCharacters(_) | Refusal::Font => finding.in_member(path),
    }
}

fn chinese_why(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoGlyph { characters, .. } => format!("没有字形：{}", named(characters)),
        Refusal::TooManyColumns { columns, .. } => {
            format!("表格有 {columns} 列，手机上看不清，最多 {COLUMNS_MAX} 列")
        }
        Refusal::TableTooWide { columns, .. } => {
            format!("表格的 {columns} 列数字并排放不下，缩小后手机上看不清")
        }
        Refusal::TooHigh => format!("排成的页面超过 {PAGE_MAX} 像素高，长图和宣传手册都做不成"),
        Refusal::TooManyCharacters(count) => {
            format!("全文 {count} 字，超过 {CHARACTERS_MAX} 字，长图和宣传手册都做不成")
        }
        Refusal::Font => "字体无法使用".to_owned(),
    }
}

/// TS017 in both languages: nobody scrolls so far, but sheets can be turned.
pub(super) fn too_high(path: &str) -> Finding {
    let mut finding = codes::NO_PICTURE.finding().in_member(path).advising(
        "缩短文字、减少图表，或把解读分成几篇；宣传手册不受影响".to_owned(),
        "shorten the text, leave out charts, or write several interpretations; the brochure is made all the same"
            .to_owned(),
    );
    finding.message = format!(
        "长图无法制作，发布时没有长图，宣传手册照常制作：排成的长图超过 {HEIGHT_MAX} 像素高"
    );
    finding.message_en = format!(
        "the long picture cannot be made, only the brochure is: the text makes a picture higher than {HEIGHT_MAX} px"
    );
    finding
}

/// TS017 in both languages, where a chart is too high for a sheet of the brochure.
pub(super) fn illegible(page: &Page, path: &str, charts: &[(ChartId, Drawing)]) -> Option<Finding> {
    let small = print::list_illegible(page);
    let sheets = small.len();
    let is_it = |drawn: &Drawing, (_, drawing): &&(ChartId, Drawing)| {
        Arc::ptr_eq(&drawn.tree, &drawing.tree)
    };
    let name = |drawn: &Drawing| Some(charts.iter().find(|chart| is_it(drawn, chart))?.0.as_str());
    let mut names: Vec<&str> = small.into_iter().flatten().filter_map(name).collect();
    names.dedup();
    let [chinese, english] = match names.join("、") {
        names if names.is_empty() => [String::new(), String::new()],
        names => [format!("（{names}）"), format!(" ({})", names.replace('、', ", "))],
    };
    let mut finding = codes::NO_PICTURE.finding().in_member(path).advising(
        "减少图表的行，或拆成几张图".to_owned(),
        "give the chart fewer rows, or make several of it".to_owned(),
    );
    finding.message =
        format!("宣传手册有 {sheets} 页的图表{chinese}过高，缩成一页后字太小，印出来看不清");
    finding.message_en = format!(
        "{sheets} page(s) of the brochure hold a chart{english} so high that its type is too small in print"
    );
    (sheets > 0).then_some(finding)
}

/// Where a character first stands from a line on; one that is written as `&#…;` stands nowhere.
fn place(character: Option<char>, from: usize, source: &str) -> (usize, usize) {
    let lines = (1..).zip(source.lines()).skip(from.saturating_sub(1));
    let column = |line: &str| Some(line.chars().position(|c| Some(c) == character)? + 1);
    lines.into_iter().find_map(|(at, line)| Some((at, column(line)?))).unwrap_or((from, 1))
}
