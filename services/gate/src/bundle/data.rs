//! The data that charts are drawn from: CSV with a header line, UTF-8.

mod bare;
mod figures;
mod lines;
mod worded;

use lockstep_proto::{
    finding::Finding,
    manifest::{Cells, ChartKind, ChartSpec},
};

use bare::is_bare;
use figures::{GAPS, parse_figure, refused, without_tail};

use super::{Opened, SETTINGS, Settings, claims, totals};
use crate::{
    codes::{self, At as _},
    document::first_chars,
    docx::is_note,
};

/// The part of a data file that a chart is drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The series: headers of the columns that hold the figures.
    pub series: Vec<String>,
    /// In the file's order.
    pub rows: Vec<Row>,
}

/// One category and its cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The category.
    pub label: String,
    /// One for each series.
    pub cells: Vec<Cell>,
}

/// One figure, or words.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// As the file writes it.
    pub text: String,
    /// None: a gap, or words.
    pub value: Option<f64>,
}

/// What is shown of a column's name.
const NAME_CHARS: usize = 20;

/// Longer than any text in or around a chart should be; a slip of the pasting hand, most likely.
pub const TEXT_CHARS_MAX: usize = 300;

/// More charts than anybody looks at, and than are drawn and painted within the limits of one bundle.
pub const CHARTS_MAX: usize = 100;

/// Places in a text where charts stand: each holds the whole chart again.
pub const PLACES_MAX: usize = 200;

/// Why a text cannot stand in or around a chart, if it is too long for that.
pub(super) fn too_long(text: &str) -> Option<String> {
    let chars = text.chars().count();
    (chars > TEXT_CHARS_MAX).then(|| {
        format!("图表文字有{chars}字，最多{TEXT_CHARS_MAX}字，请缩短 {chars} characters, at most {TEXT_CHARS_MAX}; shorten it")
    })
}

/// TS002, TS007, TS023, TS123 for every chart; TS018 where there are more than are drawn.
pub(super) fn check(opened: &Opened, settings: &Settings) -> Vec<Finding> {
    let charts = &settings.charts;
    let found = charts.iter().take(CHARTS_MAX).filter_map(|chart| {
        match opened.files.get(&chart.data) {
            // Why is told already.
            None if opened.is_unread(&chart.data) => None,
            None => Some(codes::NO_FILE.about(&chart.data).in_member(&chart.data)),
            Some(bytes) => {
                let worded = opened.sources.get(&chart.data);
                let worded = worded.and_then(|source| worded::check(chart, source));
                worded.or_else(|| match read_table(chart, bytes) {
                    Ok(table) => totals::check(chart, &table, bytes)
                        .or_else(|| bare::check_shares(chart, &table, bytes)),
                    Err(finding) => Some(finding),
                })
            }
        }
    });
    let count = charts.len();
    let many = (count > CHARTS_MAX).then(|| {
        let why =
            format!("{count} 幅图，最多 {CHARTS_MAX} 幅 {count} charts, at most {CHARTS_MAX}");
        let finding = codes::RENDER_LIMITS.about(why).in_member(SETTINGS);
        match settings.places.get(&format!("chart.{CHARTS_MAX}.id")) {
            Some((line, column)) => finding.at_place(*line, *column),
            None => finding,
        }
    });
    let bare = charts.iter().take(CHARTS_MAX).enumerate().filter(|(_, chart)| is_bare(chart));
    let bare = bare.map(|(index, chart)| {
        let finding = codes::NO_UNIT.about(&chart.id).in_member(SETTINGS);
        match settings.places.get(&format!("chart.{index}.unit")) {
            Some((line, column)) => finding.at_place(*line, *column),
            None => finding,
        }
    });
    found.chain(many).chain(bare).collect()
}

/// What a chart is drawn from. The finding names file and line.
pub fn read_table(chart: &ChartSpec, bytes: &[u8]) -> Result<Table, Finding> {
    let bad =
        |why: String, line: usize| codes::BAD_DATA.about(why).in_member(&chart.data).at_line(line);
    check_text(bytes).map_err(|finding| finding.in_member(&chart.data))?;
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let mut reader = reader(bytes);
    let headers = reader
        .headers()
        .map_err(|error| bad(format!("表头无法读取 no header: {error}"), 1))?
        .clone();
    let column = |name: &String| {
        let mut found = headers.iter().enumerate().filter(|(_, header)| *header == name);
        match (found.next(), found.next()) {
            (Some((index, _)), None) => Ok(index),
            (None, _) => Err(bad(no_column(name, &headers), 1)),
            // Nobody knows which of them is meant.
            (Some(_), Some(_)) => Err(bad(
                format!("表头中此列出现两次，请改名 twice in the header, rename one: {name}"),
                1,
            )),
        }
    };
    let category = column(&chart.category)?;
    let columns = chart.values.iter().map(column).collect::<Result<Vec<_>, _>>()?;
    let mut distinct = columns.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if columns.is_empty() || distinct.len() < columns.len() {
        return Err(bad("value 须写各不相同的列 names columns, each once".to_owned(), 1));
    }
    if columns.contains(&category) {
        let why = "category 的列不能又是 value the column of names cannot hold the figures";
        return Err(bad(format!("{why}: {}", chart.category), 1));
    }
    let mut rows = vec![];
    let mut empty = None;
    for record in reader.records() {
        let record = record.map_err(|error| lines::unreadable(&error, bytes, &chart.data))?;
        let line = line_at(bytes, &record);
        // As Excel saves what once was filled in below a table.
        if record.iter().all(str::is_empty) {
            empty = empty.or(Some(line));
            continue;
        }
        if let Some(line) = empty {
            return Err(bad("表中有空行，请删去 an empty row, delete it".to_owned(), line));
        }
        let cell = |index: usize| record.get(index).unwrap_or_default().to_owned();
        let label = cell(category);
        let are_others_empty = || record.iter().filter(|cell| !cell.is_empty()).count() == 1;
        if is_note(&label) && are_others_empty() {
            return Err(lines::note().in_member(&chart.data).at_line(line));
        }
        let mut texts = std::iter::once(category).chain(columns.iter().copied());
        if let Some(why) = texts.find_map(|index| too_long(record.get(index)?)) {
            return Err(bad(why, line));
        }
        if label.is_empty() {
            return Err(bad(format!("该列为空 empty: {}", chart.category), line));
        }
        let cell_of = |(name, text): (&String, String)| {
            if chart.kind.cells() == Cells::Words {
                return Ok(Cell { text, value: None });
            }
            let text = worded::without_unit(&text, chart, [name, &label]).unwrap_or(text);
            if let Some(value) = worded::share_on_card(&text, chart) {
                return Ok(Cell { text, value: Some(value) });
            }
            let text = without_tail(&text).unwrap_or(text);
            let value = parse_figure(&text);
            let is_gap =
                chart.kind.cells() == Cells::FiguresOrGaps && GAPS.contains(&text.as_str());
            if value.is_none() && !is_gap {
                let unit = chart.unit.trim();
                let are_cards = chart.kind == ChartKind::Cards;
                let finding = refused(&text, name, unit, are_cards);
                return Err(finding.in_member(&chart.data).at_line(line));
            }
            Ok(Cell { text, value })
        };
        let cells = chart.values.iter().zip(&columns);
        let cells = cells.map(|(name, column)| cell_of((name, cell(*column))));
        let cells = cells.collect::<Result<_, _>>()?;
        rows.push(Row { label, cells });
    }
    if rows.is_empty() {
        return Err(bad("没有数据行 no rows".to_owned(), 1));
    }
    if let Some((row, finding)) = lines::serial(&chart.category, &rows) {
        let line = line_of_row(bytes, row + 1).unwrap_or(1);
        return Err(finding.in_member(&chart.data).at_line(line));
    }
    Ok(Table { series: chart.values.clone(), rows })
}

/// Every cell of a file with the line that its record begins in, as charts get it: quotes are taken off. A file that is
/// no CSV is one text for each line.
pub(super) fn texts(bytes: &[u8]) -> Vec<(usize, String)> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut texts = vec![];
    for record in reader.records() {
        let Ok(record) = record else {
            let text = String::from_utf8_lossy(bytes);
            return (1..).zip(text.lines().map(str::to_owned)).collect();
        };
        let line = line_at(bytes, &record);
        texts.extend(
            record.iter().filter(|cell| !cell.is_empty()).map(|cell| (line, cell.to_owned())),
        );
    }
    texts
}

/// Why a column is not there: another sign parts the columns, or they have other names.
fn no_column(name: &str, headers: &csv::StringRecord) -> String {
    const SIGNS: [(char, &str, &str); 5] = [
        ('，', "全角逗号", "full-width commas"),
        ('\t', "制表符", "tabs"),
        (';', "分号", "semicolons"),
        ('；', "全角分号", "full-width semicolons"),
        ('|', "竖线", "bars"),
    ];
    /// More than a chart draws; the header may hold anything.
    const NAMES_MAX: usize = 20;
    let only = if headers.len() == 1 { headers.get(0).unwrap_or_default() } else { "" };
    let sign = SIGNS.iter().find(|(sign, ..)| only.contains(*sign));
    let names = |names: &mut dyn Iterator<Item = &str>| {
        let shown = names.take(NAMES_MAX).map(|name| first_chars(name.trim(), NAME_CHARS));
        shown.collect::<Vec<_>>().join("、")
    };
    if let Some((sign, chinese, english)) = sign {
        let found = names(&mut only.split(*sign));
        return format!(
            "各列用{chinese}隔开，须用半角逗号 columns parted by {english}, not by commas: {found}"
        );
    }
    let found = names(&mut headers.iter());
    format!("没有此列 no such column: {name}；表头有 the header has: {found}")
}

/// The line of the file that holds a row, both counted from one.
pub fn line_of_row(bytes: &[u8], row: usize) -> Option<usize> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let record = reader(bytes).into_records().nth(row.checked_sub(1)?)?.ok()?;
    Some(line_at(bytes, &record))
}

/// What some programs put before UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

fn reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes)
}

fn line_at(bytes: &[u8], record: &csv::StringRecord) -> usize {
    let Some(position) = record.position() else { return 1 };
    let whole = |at: u64| usize::try_from(at).unwrap_or(0);
    // The reader names the place before the empty lines that it skips.
    let before = bytes.get(whole(position.byte())..).unwrap_or_default();
    let skipped = before.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
    whole(position.line()) + skipped.filter(|byte| **byte == b'\n').count()
}

/// The unit that the heads of all columns have in brackets: 个 of 数量（个）, and of （个） alone.
pub fn headed_unit(heads: &[String]) -> Option<&str> {
    let mut units = heads.iter().map(|head| {
        let (_, behind) = head.trim().rsplit_once(['（', '('])?;
        behind.strip_suffix(['）', ')']).map(str::trim)
    });
    let first = units.next()?.filter(|unit| claims::is_unit(unit))?;
    units.all(|unit| unit == Some(first)).then_some(first)
}

/// Refuses what is no text that we read, with what to do about it.
fn check_text(bytes: &[u8]) -> Result<(), Finding> {
    let why = if bytes.starts_with(b"PK\x03\x04") {
        "是工作簿，不是 CSV it is a workbook, no CSV"
    } else if bytes.contains(&0) || simdutf8::basic::from_utf8(bytes).is_err() {
        "不是 UTF-8 编码的文本 it is no text in UTF-8"
    } else {
        return Ok(());
    };
    Err(codes::BAD_DATA.about(why).advising(
        "在 Excel 或 WPS 中打开，另存为“CSV UTF-8（逗号分隔）”；工作簿也可以改名为 .xlsx 直接使用"
            .to_owned(),
        "open it in Excel or WPS and save it as CSV UTF-8; a workbook may be used as it is, named .xlsx"
            .to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<usize, String> {
        let chart: ChartSpec = toml::from_str(
            "id = \"a\"\nkind = \"bar\"\nheadline = \"甲\"\nsubtitle = \"\"\nunit = \"\"\nsource = \"\"\ndata = \"a.csv\"\ncategory = \"项\"\nvalue = \"数\"",
        )
        .map_err(|error| error.to_string())?;
        let said = |found: Finding| format!("{:?} {} {}", found.line, found.message, found.help);
        read_table(&chart, bytes).map(|table| table.rows.len()).map_err(said)
    }

    #[test]
    fn what_was_saved_wrongly_is_told_with_what_to_do() {
        let utf16: Vec<u8> = "项,数\n甲,1\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let big5 = encoding_rs::BIG5.encode("項,數\n臺灣,2\n").0;
        for bytes in [&utf16[..], &big5, b"PK\x03\x04\x14\x00\xff"] {
            let said = read(bytes).unwrap_err();
            assert!(said.contains("另存为“CSV UTF-8") && !said.contains("record"), "{said}");
        }
        assert!(read(b"PK\x03\x04").unwrap_err().contains("工作簿"));
        for (figure, instead) in
            [("１２３", "123"), ("\"1\u{a0}000\"", "1000"), ("－１．５", "-1.5")]
        {
            let said = read(format!("项,数\n甲,{figure}\n").as_bytes()).unwrap_err();
            assert!(said.contains("半角") && said.contains(&format!("→ {instead:?}")), "{said}");
            assert!(said.starts_with("Some(2)"), "{said}");
        }
    }

    #[test]
    fn words_where_a_figure_should_stand_are_told_with_where_they_belong() {
        let said = read("项,数\n甲,1\n乙,约300\n".as_bytes()).unwrap_err();
        assert!(said.starts_with("Some(3)") && said.contains("写进标题或副题"), "{said}");
        let chart: ChartSpec = toml::from_str(
            "id = \"a\"\nkind = \"cards\"\nheadline = \"甲\"\nsubtitle = \"\"\nunit = \"\"\nsource = \"\"\n\
             data = \"a.csv\"\ncategory = \"项\"\nvalue = \"数\"",
        )
        .unwrap();
        let found = read_table(&chart, "项,数\n学校,12\n覆盖,全区覆盖\n".as_bytes()).unwrap_err();
        assert_eq!(found.line, Some(3));
        assert!(
            found.help.contains("每张写一个数") && found.help.contains("正文"),
            "{}",
            found.help
        );
    }

    #[test]
    fn the_unit_of_all_heads_is_that_of_the_chart() {
        for (heads, unit) in [
            (&["数量(个)"][..], Some("个")),
            (&["（个）"], Some("个")),
            (&["城区（户）", "农村 （户）"], Some("户")),
            (&["投资（亿元）"], Some("亿元")),
            (&["城区（户）", "农村"], None),
            (&["人数（人）", "投资（万元）"], None),
            (&["数量（含分校）"], None),
            (&["数量"], None),
            (&[], None),
        ] {
            let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
            assert_eq!(headed_unit(&heads), unit, "{heads:?}");
        }
    }

    #[test]
    fn a_column_that_is_not_there_is_told_with_those_that_are() {
        for (file, why) in [
            ("项，数\n甲，1\n", "全角逗号"),
            ("项\t数\n甲\t1\n", "制表符"),
            ("项;数\n甲;1\n", "分号"),
        ] {
            let said = read(file.as_bytes()).unwrap_err();
            assert!(said.contains(why) && said.contains("项、数"), "{said}");
            assert!(said.contains("半角逗号") && !said.contains("没有此列"), "{said}");
        }
        let said = read("类别,数量\n甲,1\n".as_bytes()).unwrap_err();
        assert!(
            said.contains("没有此列 no such column: 项") && said.contains("类别、数量"),
            "{said}"
        );
    }

    #[test]
    fn empty_rows_end_a_table() {
        assert_eq!(read("项,数,注\n甲,1,\n乙,2,\n,,\n,,\n".as_bytes()), Ok(2));
        let between = read("项,数,注\n甲,1,\n,,\n乙,2,\n".as_bytes()).unwrap_err();
        assert!(between.starts_with("Some(3)") && between.contains("空行"), "{between}");
        let gap = read("项,数\n甲,1\n乙,—\n".as_bytes()).unwrap_err();
        assert!(gap.contains("改用可以有空缺的 column"), "{gap}");
    }

    #[test]
    fn a_row_is_found_in_its_file() {
        let file = "\u{feff}项,数\n\n甲,1\n\"乙\n丙\",2\n丁,3\n".as_bytes();
        assert_eq!(
            [1, 2, 3, 4].map(|row| line_of_row(file, row)),
            [Some(3), Some(4), Some(6), None]
        );
    }

    #[test]
    fn a_line_of_another_length_is_told_with_how_many_cells_it_has() {
        let long = read("项,数\n甲,1,234\n".as_bytes()).unwrap_err();
        assert!(long.starts_with("Some(2)") && long.contains("表头有2列，该行有3格"), "{long}");
        assert!(long.contains("引号"), "{long}");
        let short = read("项,数\n甲,1\n乙\n".as_bytes()).unwrap_err();
        assert!(short.starts_with("Some(3)") && short.contains("该行有1格"), "{short}");
    }

    #[test]
    fn a_note_below_the_table_is_no_row() {
        for note in ["注：2024年为快报数", "资料来源：统计局,", "说明：不含高新区,"]
        {
            let said = read(format!("项,数\n甲,1\n{note}\n").as_bytes()).unwrap_err();
            assert!(said.starts_with("Some(3)") && said.contains("表注"), "{said}");
        }
        assert_eq!(read("项,数\n注册,1\n说明会,2\n".as_bytes()), Ok(2));
    }

    #[test]
    fn gaps_per_cents_and_days_are_read_as_they_are_written() {
        let read = |unit: &str, category: &str, file: &str| {
            let chart: ChartSpec = toml::from_str(&format!(
                "id = \"a\"\nkind = \"line\"\nheadline = \"甲\"\nsubtitle = \"\"\nunit = \"{unit}\"\n\
                 source = \"\"\ndata = \"a.csv\"\ncategory = \"{category}\"\nvalue = \"率\""
            ))
            .map_err(|error| error.to_string())?;
            let said =
                |found: Finding| format!("{:?} {} {}", found.line, found.message, found.help);
            read_table(&chart, file.as_bytes()).map_err(said)
        };
        for gap in ["——", "无", "……", "/", "-", ""] {
            let table = read("%", "年", &format!("年,率\n2024年,85%\n2025年,{gap}\n")).unwrap();
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            let read: Vec<(&str, Option<f64>)> =
                cells.map(|cell| (cell.text.as_str(), cell.value)).collect();
            assert_eq!(read, [("85", Some(85.0)), (gap, None)]);
        }
        let said = read("人", "年", "年,率\n2024年,85%\n").unwrap_err();
        assert!(said.contains("百分号"), "{said}");
        let said = read("人", "日期", "日期,率\n45962,6\n45963,7\n").unwrap_err();
        assert!(said.starts_with("Some(2)") && said.contains("2025年11月1日"), "{said}");
        assert!(read("人", "编号", "编号,率\n45962,6\n45963,7\n").is_ok());
    }
}
