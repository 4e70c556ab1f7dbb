//! Workbooks of data: read as CSV, or refused by the cell's name. All numbers are made up.

use super::{Files, files};
use crate::{
    bundle::{read, read_table, tests::TOML},
    office::{Book, pack},
};

/// Styles: 1 is 0.0, 2 per cent, 3 a day, 4 scientific.
const STYLES: &str = r##"<numFmts><numFmt numFmtId="176" formatCode="#,##0.0_ "/></numFmts>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="9"/><xf numFmtId="31"/><xf numFmtId="11"/></cellXfs>"##;

const STRINGS: [&str; 3] = ["类", "值", "甲"];

fn book(sheets: &[(&str, &str, &str)]) -> Files {
    let bytes = Book { strings: &STRINGS, styles: STYLES, ..Book::default() }.bytes(sheets);
    with_workbook(&bytes)
}

/// The good folder, its data in this workbook.
fn with_workbook(bytes: &[u8]) -> Files {
    let mut files = files();
    files.remove("data/a.csv");
    files.insert("data/a.xlsx".to_owned(), bytes.to_vec());
    files
}

fn sheet(rows: &str) -> String {
    format!(
        r#"<sheetData><row r="1"><c r="B1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>{rows}</sheetData>"#
    )
}

fn one(rows: &str) -> Files {
    book(&[("甲", "visible", &sheet(rows)), ("Sheet2", "visible", "<sheetData/>")])
}

fn cell(attributes: &str, content: &str) -> String {
    format!(r#"<row r="2"><c r="B2" t="s"><v>2</v></c><c r="C2" {attributes}>{content}</c></row>"#)
}

fn csv(files: &Files) -> String {
    let content = read(files).unwrap_or_else(|found| panic!("{found:?}"));
    assert!(!content.files().contains_key("data/a.xlsx"));
    assert!(content.held().contains_key("data/a.csv"));
    String::from_utf8(content.files()["data/a.csv"].clone()).unwrap()
}

fn messages(files: &Files) -> Vec<String> {
    let found = read(files).map_or_else(|found| found, |content| content.warnings);
    found
        .into_iter()
        .filter(|f| f.member.as_deref().is_some_and(|member| member.starts_with("data/")))
        .map(|f| format!("{} {} {}", f.code, f.member.unwrap_or_default(), f.message))
        .collect()
}

fn is_told(files: &Files, code: &str, words: &str) {
    let said = messages(files);
    let is_it = |said: &String| said.starts_with(code) && said.contains(words);
    assert!(said.len() == 1 && said.iter().all(is_it), "{code} {words}: {said:?}");
}

#[test]
fn a_workbook_is_data_by_either_name() {
    let rows = r#"<row r="3"><c r="B3" t="inlineStr"><is><r><t>乙，</t></r><r><t>丙</t></r><rPh sb="0" eb="1"><t>yi</t></rPh></is></c><c r="C3" s="1"><f>1+1</f><v>1234.56</v></c></row>
        <row r="5"><c r="B5" s="3"><v>46086</v></c><c r="C5" s="2"><v>0.65</v></c></row>"#;
    let mut files = one(&(cell("", "<v>1.5</v>") + rows));
    let expected = "类,值\n甲,1.5\n乙，丙,\"1,234.6\"\n2026-03-05,65%\n";
    let toml = TOML.replace("unit = \"元\"", "unit = \"%\"");
    files.insert("bundle.toml".to_owned(), toml.clone().into_bytes());
    assert_eq!(csv(&files), expected);
    files.insert("bundle.toml".to_owned(), toml.replace("a.csv", "a.xlsx").into_bytes());
    assert_eq!(csv(&files), expected);
}

#[test]
fn a_cell_that_is_no_figure_or_word_is_named() {
    for (attributes, content, words) in [
        (r#"t="e""#, "<v>#N/A</v>", "C2 单元格 cell C2：公式出错 the formula has an error: #N/A"),
        (r#"t="b""#, "<v>1</v>", "C2 单元格 cell C2：是 TRUE 或 FALSE"),
        ("", "<f>SUM(A1)</f>", "C2 单元格 cell C2：是公式而没有算出的值"),
        ("", "<f>B2*2</f><v></v>", "C2 单元格 cell C2：是公式而没有算出的值"),
        ("", "<f>B2*2</f><v/>", "C2 单元格 cell C2：是公式而没有算出的值"),
        (r#"s="4""#, "<v>12345</v>", "C2 单元格 cell C2：数字格式无法照抄"),
    ] {
        is_told(&one(&cell(attributes, content)), "TS007 data/a.xlsx", words);
    }
    // What the chart then makes of it is told by the row.
    let words = one(&cell(r#"t="inlineStr""#, "<is><t>约三</t></is>"));
    is_told(&words, "TS007 data/a.csv", "（data/a.xlsx 工作表 sheet \"甲\" 第 2 行 row 2）");
}

#[test]
fn a_number_format_says_the_unit_of_the_chart_or_nothing() {
    let styled = |format: &str| {
        let styles = STYLES.replace("#,##0.0_ ", &format.replace('"', "&quot;"));
        let book = Book { strings: &STRINGS, styles: &styles, ..Book::default() };
        with_workbook(&book.bytes(&[("甲", "visible", &sheet(&cell("s=\"1\"", "<v>0.5</v>")))]))
    };
    for format in [
        "0.0,,\"百万\"",
        "#,##0,\"千人\"",
        "0\"万元\"",
        "0.00\"亿\"",
        "\"约\"0",
        "\"＞\"0",
        "\"-\"0",
        "0\"‰\"",
    ] {
        is_told(&styled(format), "TS007 data/a.csv", "C2 单元格 cell C2：数字格式带有");
    }
    for format in ["\"¥\"0.0", "0.0"] {
        assert_eq!(messages(&styled(format)), Vec::<String>::new(), "{format}");
    }
    // 50.0% drawn as 50.0元 would be another thing.
    is_told(&styled("0.0%"), "TS007 data/a.csv", "带百分号，而 unit 是“元”");
    let in_unit = |format: &str, unit: &str| {
        let mut files = styled(format);
        let toml = TOML.replace("unit = \"元\"", &format!("unit = \"{unit}\""));
        files.insert("bundle.toml".to_owned(), toml.into_bytes());
        messages(&files)
    };
    for (format, unit) in [
        ("0.0\"万元\"", "万元"),
        ("0.0\"亿\"", "亿元"),
        ("0.0\"‰\"", "‰"),
        ("0.0%", "%"),
        ("0.0\"%\"", "%"),
    ] {
        assert_eq!(in_unit(format, unit), Vec::<String>::new(), "{format}");
    }
    assert_eq!(in_unit("0.0\"百\"", "百万元").len(), 1);
}

#[test]
fn a_name_is_read_as_its_number_format_shows_it() {
    let named = |format: &str| {
        let styles = STYLES.replace("#,##0.0_ ", &format.replace('"', "&quot;"));
        let book = Book { strings: &STRINGS, styles: &styles, ..Book::default() };
        let row = r#"<row r="2"><c r="B2" s="1"><v>2024</v></c><c r="C2"><v>5</v></c></row>"#;
        csv(&with_workbook(&book.bytes(&[("甲", "visible", &sheet(row))])))
    };
    assert_eq!(named("0\"年\""), "类,值\n2024年,5\n");
    assert_eq!(named("\"第\"0\"期\""), "类,值\n第2024期,5\n");
    assert_eq!(named("0"), "类,值\n2024,5\n");
}

#[test]
fn where_words_stand_figures_keep_what_is_seen_around_them() {
    let seen = |kind: &str, unit: &str, rows: &str| {
        let styles = STYLES.replace("#,##0.0_ ", "0&quot;万元&quot;");
        let book = Book { strings: &STRINGS, styles: &styles, ..Book::default() };
        let mut files = with_workbook(&book.bytes(&[("甲", "visible", &sheet(rows))]));
        let toml = TOML.replace("unit = \"元\"", &format!("unit = \"{unit}\""));
        let toml = toml.replace("kind = \"bar\"", &format!("kind = \"{kind}\""));
        assert!(toml.contains(kind), "{toml}");
        files.insert("bundle.toml".to_owned(), toml.into_bytes());
        let content = read(&files).unwrap_or_else(|found| panic!("{found:?}"));
        let chart = content.settings.charts.first().unwrap();
        let table = read_table(chart, &content.files()["data/a.csv"]).unwrap();
        let cells = table.rows.iter().flat_map(|row| &row.cells);
        cells.map(|cell| (cell.text.clone(), cell.value)).collect::<Vec<_>>()
    };
    let rows = cell("s=\"1\"", "<v>300</v>")
        + r#"<row r="3"><c r="B3" t="inlineStr"><is><t>乙</t></is></c><c r="C3" s="2"><v>0.6</v></c></row>"#;
    let words = [("300万元".to_owned(), None), ("60%".to_owned(), None)];
    assert_eq!(seen("compare", "", &rows), words);
    let share = cell("s=\"2\"", "<v>0.6</v>");
    assert_eq!(seen("cards", "", &share), [("60%".to_owned(), Some(60.0))]);
    assert_eq!(seen("cards", "%", &share), [("60".to_owned(), Some(60.0))]);
}

#[test]
fn a_sheet_that_is_no_plain_table_says_what_to_do() {
    let row = cell("", "<v>1</v>");
    let two = [("甲", "visible", &*sheet(&row)), ("乙", "visible", &sheet(&row))];
    is_told(&book(&two), "TS007 data/a.xlsx", "几张工作表都有内容");
    is_told(&book(&[("甲", "visible", "")]), "TS007 data/a.xlsx", "没有内容");
    let merged = sheet(&row).replace(r#"<c r="C1" t="s"><v>1</v></c>"#, r#"<c r="C1"/>"#)
        + r#"<mergeCells><mergeCell ref="B1:C1"/></mergeCells>"#;
    is_told(&book(&[("甲", "visible", &merged)]), "TS007 data/a.xlsx", "B1:C1 是合并单元格");
    let title = sheet(&row).replace(r#"<c r="C1" t="s"><v>1</v></c>"#, "");
    is_told(&book(&[("甲", "visible", &title)]), "TS007 data/a.xlsx", "第 1 行像是标题");
    let unnamed = row.replace("</row>", r#"<c r="D2"><v>7</v></c></row>"#);
    is_told(&one(&unnamed), "TS007 data/a.xlsx", "D2 单元格 cell D2：该列没有表头");
    let twice = sheet(&row).replace("<v>1</v></c></row><row", "<v>0</v></c></row><row");
    is_told(&book(&[("甲", "visible", &twice)]), "TS007 data/a.xlsx", "表头重复");
    let note =
        row + r#"<row r="3"><c r="B3" t="inlineStr"><is><t>注：甲为初步数</t></is></c></row>"#;
    is_told(&one(&note), "TS007 data/a.xlsx", "第 3 行是表注");
}

#[test]
fn what_is_no_workbook_is_told_once() {
    is_told(&with_workbook(b"x"), "TS007 data/a.xlsx", "不是 Excel 文件");
    is_told(&with_workbook(&pack(&[("a.txt", b"x")])), "TS007 data/a.xlsx", "不是 Excel 文件");
    is_told(&with_workbook(b"PK\x03\x04"), "TS012 data/a.xlsx", "ZIP");
    let old = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    is_told(&with_workbook(old), "TS011 data/a.xlsx", "旧版");
    let mut named = files();
    named.remove("data/a.csv");
    named.insert("data/a.xls".to_owned(), old.to_vec());
    named.insert("bundle.toml".to_owned(), TOML.replace("a.csv", "a.xls").into_bytes());
    is_told(&named, "TS011 data/a.xls", "旧版");
    let mut both = one(&cell("", "<v>1</v>"));
    both.insert("data/a.csv".to_owned(), "类,值\n甲,1\n".into());
    is_told(&both, "TS004 data/a.xlsx", "data/a.xlsx + data/a.csv");
}

#[test]
fn a_workbook_hides_and_names_nobody() {
    let row = cell("", "<v>1</v>");
    let hidden =
        format!(r#"<cols><col min="3" max="3" hidden="1" width="9"/></cols>{}"#, sheet(&row));
    is_told(&book(&[("甲", "visible", &hidden)]), "TS614 data/a.xlsx", "C 列");
    let helper = [("甲", "visible", &*sheet(&row)), ("底稿", "hidden", &sheet(&row))];
    is_told(&book(&helper), "TS614 data/a.xlsx", "底稿");
    // Once, though the workbook and what it is read as both say it.
    let named = row
        + r#"<row r="3"><c r="B3" t="inlineStr"><is><t>张三13812345678</t></is></c><c r="C3"><v>1</v></c></row>"#;
    is_told(&one(&named), "TS603 data/a.csv", "第 3 行");
}

#[test]
fn a_headline_is_held_against_the_workbook() {
    let files = |headline: &str| {
        let mut files = one(&cell("", "<v>1500</v>"));
        let toml = TOML.replace("headline = \"甲\"", &format!("headline = \"{headline}\""));
        files.insert("bundle.toml".to_owned(), toml.into_bytes());
        files
    };
    let is_unfounded = |headline: &str| {
        let found = read(&files(headline)).map_or_else(|found| found, |content| content.warnings);
        found.iter().any(|finding| finding.code == "TS123")
    };
    assert!(!is_unfounded("甲1500元"));
    assert!(is_unfounded("甲1600元"));
}
