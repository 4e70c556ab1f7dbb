//! Workbooks that hold more than they show.

use super::*;
use crate::office::Book;

/// What is said of a workbook with this sheet, `~` before what only warns.
fn said(book: Book<'_>, sheet: &str) -> Vec<String> {
    let findings = check_attachment(&book.bytes(&[("表", "visible", sheet)]));
    let mark = |f: &Finding| if f.severity == Severity::Block { "" } else { "~" };
    findings.iter().map(|f| format!("{}{} {}", mark(f), f.code, f.message)).collect()
}

fn is_hidden(book: Book<'_>, sheet: &str, place: &str) -> bool {
    said(book, sheet).iter().any(|said| said.starts_with("TS614") && said.contains(place))
}

const CELLS: &str =
    r#"<sheetData><row r="3"><c r="A3"><v>1</v></c><c r="B3"><v>2</v></c></row></sheetData>"#;

#[test]
fn columns_and_rows_next_to_nothing_wide_are_hidden() {
    let column = |attributes: &str| format!("<cols><col {attributes}/></cols>{CELLS}");
    for attributes in [
        r#"min="2" max="2" width="0.01" customWidth="1""#,
        r#"min="2" max="16384" width="0.0" customWidth="1""#,
        r#"min="1" max="2" hidden="true" width="9""#,
        r#"min="2" max="4294967295" hidden="1""#,
    ] {
        assert!(is_hidden(Book::default(), &column(attributes), "B 列"), "{attributes}");
    }
    let row = |attributes: &str| CELLS.replace(r#"r="3">"#, &format!(r#"r="3" {attributes}>"#));
    for attributes in [
        r#"ht="0" customHeight="1""#,
        r#"ht="0.01""#,
        r#"hidden="1" outlineLevel="1""#, // grouped and collapsed, or filtered away
    ] {
        assert!(is_hidden(Book::default(), &row(attributes), "第 3 行"), "{attributes}");
    }
    let default = |format: &str, more: &str| format!("<sheetFormatPr {format}/>{more}{CELLS}");
    let some = r#"<cols><col min="1" max="1" width="9"/></cols>"#;
    assert!(is_hidden(Book::default(), &default(r#"defaultColWidth="0""#, some), "B 列"));
    assert!(is_hidden(Book::default(), &default(r#"defaultRowHeight="0""#, ""), "第 3 行"));
    for shown in [
        column(r#"min="2" max="2" width="0.9" customWidth="1""#),
        column(r#"min="3" max="9" width="0" hidden="1""#),
        row(r#"ht="5.5" customHeight="1""#),
        // All that holds nothing is hidden: what is filled was shown again.
        default(
            r#"defaultColWidth="0" defaultRowHeight="15" zeroHeight="1""#,
            r#"<cols><col min="1" max="2" width="9"/></cols>"#,
        ),
        default(r#"defaultRowHeight="0""#, "").replace(r#"r="3">"#, r#"r="3" ht="15">"#),
    ] {
        assert_eq!(said(Book::default(), &shown), [""; 0], "{shown}");
    }
}

/// Styles: 1 shows nothing, 2 is white on nothing, 3 white on blue, 4 hides noughts, 5 white by the theme,
/// 6 grey on grey.
const STYLES: &str = r#"<numFmts><numFmt numFmtId="176" formatCode=";;;"/><numFmt numFmtId="177" formatCode="0;-0;;@"/></numFmts>
    <fonts><font><sz val="11"/><color theme="1"/></font><font><color rgb="FFFFFFFF"/></font><font><color theme="0"/></font><font><color rgb="FFD9D9D9"/></font></fonts>
    <fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF4472C4"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDDDDDD"/></patternFill></fill></fills>
    <cellXfs><xf numFmtId="0" fontId="0" fillId="0"/><xf numFmtId="176" fontId="0" fillId="0"/><xf numFmtId="0" fontId="1" fillId="0"/><xf numFmtId="0" fontId="1" fillId="1"/><xf numFmtId="177" fontId="0" fillId="0"/><xf numFmtId="0" fontId="2" fillId="0"/><xf numFmtId="0" fontId="3" fillId="2"/></cellXfs>"#;

fn styled(cell: &str) -> String {
    format!(
        r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="12"><c r="B12" {cell}</c></row></sheetData>"#
    )
}

#[test]
fn cells_that_their_format_does_not_show_are_hidden() {
    let book = Book { strings: &["甲"], styles: STYLES, ..Book::default() };
    for cell in [
        r#"s="1"><v>7</v>"#,
        r#"s="1"><v>-7</v>"#,
        r#"s="1" t="s"><v>0</v>"#,
        r#"s="1" t="inlineStr"><is><t>甲</t></is>"#,
    ] {
        assert!(is_hidden(book, &styled(cell), "\"表\" B12 单元格"), "{cell}");
    }
    for cell in [r#"s="4"><v>7</v>"#, r#"s="4"><v>0</v>"#, r#"s="4" t="s"><v>0</v>"#, r#"s="1">"#] {
        assert_eq!(said(book, &styled(cell)), [""; 0], "{cell}");
    }
}

#[test]
fn cells_in_the_colour_of_their_ground_warn() {
    let book = Book { styles: STYLES, ..Book::default() };
    for style in [2, 5, 6] {
        let said = said(book, &styled(&format!(r#"s="{style}"><v>7</v>"#)));
        assert_eq!(said.len(), 1, "{style}: {said:?}");
        assert!(said[0].starts_with("~TS614") && said[0].contains("B12 单元格"), "{said:?}");
    }
    for style in [0, 3] {
        assert_eq!(said(book, &styled(&format!(r#"s="{style}"><v>7</v>"#))), [""; 0], "{style}");
    }
    // The headings of a table that Excel styles: what fills them is not in the cells.
    let table = styled(r#"s="2"><v>7</v>"#) + "<tableParts><tablePart/></tableParts>";
    assert_eq!(said(book, &table), [""; 0]);
}

#[test]
fn a_number_is_read_however_the_file_has_it() {
    let found = |value: &str| said(Book::default(), &styled(&format!("s=\"0\"><v>{value}</v>")));
    assert!(found("1.3800138E10").iter().any(|said| said.starts_with("TS603")));
    for value in ["1.3800138E99999", "1.38E-10", "E10", "1.3800138001E9", "é1E1"] {
        assert_eq!(found(value), [""; 0], "{value}");
    }
}

#[test]
fn what_lies_beneath_merged_cells_is_hidden() {
    let merged = |cells: &str, areas: &[&str]| {
        let areas: Vec<_> =
            areas.iter().map(|area| format!(r#"<mergeCell ref="{area}"/>"#)).collect();
        let areas = areas.concat();
        format!("<sheetData>{cells}</sheetData><mergeCells>{areas}</mergeCells>")
    };
    let cells = r#"<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>9</v></c></row>"#;
    assert!(is_hidden(Book::default(), &merged(cells, &["A1:B1"]), "B1 单元格"));
    assert!(is_hidden(Book::default(), &merged(cells, &["C1:C3", "D1:D9"]), "C2 单元格"));
    // The same over again, and cells beside and below.
    for areas in [&["A1:A3"][..], &["C2:D2"], &["D1:E9", "A3:C4"], &["A", "1:2", "B9:A1"]] {
        assert_eq!(said(Book::default(), &merged(cells, areas)), [""; 0], "{areas:?}");
    }
}

#[test]
fn a_number_format_hides_what_its_condition_leaves_out() {
    let styles = STYLES.replace("0;-0;;@", "[&lt;10]&quot;*&quot;;0");
    let book = Book { styles: &styles, ..Book::default() };
    assert!(is_hidden(book, &styled(r#"s="4"><v>7</v>"#), "B12 单元格"));
    for cell in [r#"s="4"><v>10</v>"#, r#"s="4"><v>0</v>"#] {
        assert_eq!(said(book, &styled(cell)), [""; 0], "{cell}");
    }
}

/// Changes: 0 shows nothing, 1 is white, 2 light on yellow, 3 red on pink, 4 fills with blue.
const CHANGES: &str = r#"<dxfs><dxf><numFmt numFmtId="180" formatCode=";;;"/></dxf><dxf><font><color theme="0"/></font></dxf>
    <dxf><font><color rgb="FFFFFF99"/></font><fill><patternFill><bgColor rgb="FFFFFF99"/></patternFill></fill></dxf>
    <dxf><font><color rgb="FF9C0006"/></font><fill><patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill></dxf>
    <dxf><fill><patternFill patternType="solid"><bgColor rgb="FF4472C4"/></patternFill></fill></dxf></dxfs>"#;

fn on_condition(cell: &str, area: &str, rule: &str) -> String {
    styled(cell)
        + &format!(
            r#"<conditionalFormatting sqref="{area}"><cfRule {rule}</cfRule></conditionalFormatting>"#
        )
}

#[test]
fn what_a_condition_keeps_from_view_is_hidden_or_warned_of() {
    let styles = format!("{STYLES}{CHANGES}");
    let book = Book { strings: &["甲"], styles: &styles, ..Book::default() };
    let seven = r#"s="0"><v>7</v>"#;
    let more = r#"type="cellIs" dxfId="0" operator="greaterThan"><formula>5</formula>"#;
    let always = r#"type="expression" dxfId="0"><formula>TRUE</formula>"#;
    for (cell, area, rule) in [
        (seven, "B1:B20", more),
        (seven, "C1 A1:XFD1048576", always),
        (
            seven,
            "B12",
            r#"type="notContainsBlanks" dxfId="0"><formula>LEN(TRIM(B12))&gt;0</formula>"#,
        ),
        (seven, "B12", r#"type="iconSet"><iconSet showValue="0"/>"#),
        (r#"t="s"><v>0</v>"#, "B12", always),
    ] {
        let said = said(book, &on_condition(cell, area, rule));
        assert!(said.len() == 1 && said[0].starts_with("TS614 "), "{rule}: {said:?}");
        assert!(said[0].contains("B12 单元格 cell B12（条件格式不显示"), "{said:?}");
    }
    let asked = r#"type="expression" dxfId="0"><formula>$A12=1</formula>"#;
    for (cell, rule) in [
        (seven, asked.to_owned()),
        (seven, asked.replace("dxfId=\"0\"", "dxfId=\"1\"")),
        // Of another cell: what it holds says nothing about this one.
        (seven, asked.replace("$A12=1", "$A12=0")),
        (seven, asked.replace("$A12=1", "ISBLANK(A1)")),
        (seven, asked.replace("$A12=1", "B13=0")),
        (seven, asked.replace("$A12=1", "MOD(ROW(),1)=0")),
        (seven, asked.replace("$A12=1", "LEN(A12)*0=0")),
        (seven, asked.replace("$A12=1", "\"\"=\"\"")),
        (seven, asked.replace("$A12=1", "ISERROR(1/0)")),
        (seven, more.replace("dxfId=\"0\"", "dxfId=\"2\"")),
        // Its own colour, white, is seen on blue; on the ground of the sheet it is not.
        (r#"s="2"><v>7</v>"#, more.replace("greaterThan", "lessThan").replace("=\"0\"", "=\"4\"")),
    ] {
        let said = said(book, &on_condition(cell, "B12", &rule));
        assert!(said.len() == 1 && said[0].starts_with("~TS614 "), "{rule}: {said:?}");
    }
    let newer = format!(
        r#"{}<extLst><ext><x:conditionalFormattings xmlns:x="x14" xmlns:m="xm"><x:conditionalFormatting><x:cfRule type="expression"><m:f>1=1</m:f><x:dxf><numFmt numFmtId="180" formatCode=";;;"/></x:dxf></x:cfRule><m:sqref>B12</m:sqref></x:conditionalFormatting></x:conditionalFormattings></ext></extLst>"#,
        styled(seven)
    );
    assert!(is_hidden(book, &newer, "B12 单元格"));
}

#[test]
fn what_conditions_mark_and_tidy_is_let_through() {
    let styles = format!("{STYLES}{CHANGES}");
    let book = Book { strings: &["甲"], styles: &styles, ..Book::default() };
    let seven = r#"s="0"><v>7</v>"#;
    for (cell, area, rule) in [
        (seven, "B12", r#"type="cellIs" dxfId="0" operator="equal"><formula>0</formula>"#),
        (seven, "B13:B99 A2:A99", r#"type="expression" dxfId="0"><formula>TRUE</formula>"#),
        (seven, "B12", r#"type="containsErrors" dxfId="1"><formula>ISERROR(B12)</formula>"#),
        (seven, "B12", r#"type="expression" dxfId="1"><formula>B12=0</formula>"#),
        (seven, "B12", r#"type="expression" dxfId="1"><formula>$B$12 = ""</formula>"#),
        (seven, "B12", r#"type="expression" dxfId="1"><formula>ISERROR(B12)</formula>"#),
        (seven, "B2:B20", r#"type="expression" dxfId="1"><formula>$B2=0</formula>"#),
        (seven, "A2:C20", r#"type="expression" dxfId="1"><formula>A2=0</formula>"#),
        (
            seven,
            "B12",
            r#"type="cellIs" dxfId="3" operator="between"><formula>1</formula><formula>9</formula>"#,
        ),
        (seven, "B12", r#"type="duplicateValues" dxfId="3">"#),
        (seven, "B12", r#"type="iconSet"><iconSet><cfvo type="percent" val="0"/></iconSet>"#),
        (seven, "B12", r#"type="top10" dxfId="99">"#),
        (r#"s="0"><v>0</v>"#, "B12", r#"type="expression" dxfId="0"><formula>TRUE</formula>"#),
        // White, on the blue that the condition fills with.
        (
            r#"s="2"><v>7</v>"#,
            "B12",
            r#"type="cellIs" dxfId="4" operator="greaterThan"><formula>5</formula>"#,
        ),
    ] {
        assert_eq!(said(book, &on_condition(cell, area, rule)), [""; 0], "{rule}");
    }
}

#[test]
fn work_on_conditions_is_bounded_and_what_is_left_is_told() {
    let rule = r#"<conditionalFormatting sqref="A1:B9000"><cfRule type="cellIs" dxfId="0" operator="lessThan"><formula>0</formula></cfRule></conditionalFormatting>"#;
    let row = |row| format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c></row>"#);
    let rows = (1..=5000).map(row).collect::<Vec<_>>().concat();
    let styles = format!("{STYLES}{CHANGES}");
    let book = Book { styles: &styles, ..Book::default() };
    let sheet = format!("<sheetData>{rows}</sheetData>{}", rule.repeat(2000));
    let said = said(book, &sheet);
    assert!(said.len() == 1 && said[0].contains("条件格式过多"), "{said:?}");
}

#[test]
fn areas_are_bounded_for_each_rule() {
    let styles = format!("{STYLES}{CHANGES}");
    let book = Book { styles: &styles, ..Book::default() };
    let rule =
        r#"<cfRule type="cellIs" dxfId="0" operator="lessThan"><formula>0</formula></cfRule>"#;
    // None of them reaches the cell: only their number tells.
    let sheet = |areas: usize, rules: usize| {
        let (areas, rules) = ("C99 ".repeat(areas), rule.repeat(rules));
        let formats =
            format!(r#"<conditionalFormatting sqref="{areas}">{rules}</conditionalFormatting>"#);
        styled(r#"s="0"><v>7</v>"#) + &formats
    };
    assert_eq!(said(book, &sheet(1000, 100)), [""; 0]);
    for (areas, rules) in [(1000, 101), (100_001, 1)] {
        let said = said(book, &sheet(areas, rules));
        assert!(said.len() == 1 && said[0].contains("条件格式过多"), "{said:?}");
    }
}

#[test]
fn a_number_in_a_text_that_no_cell_holds_is_found() {
    let split = "乙</t></si><si><r><t>1101051949</t></r><r><t>1231002X</t></r></si><si><t>丙";
    let book = Book { strings: &["甲", "张三13812345678", split], ..Book::default() };
    let found = said(book, &styled(r#"t="s"><v>0</v>"#));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("TS603 ") && found[1].starts_with("TS602 "), "{found:?}");
    assert!(found.iter().all(|said| said.contains("没有单元格使用的文字")), "{found:?}");
    // Used, it is found in its cell alone; an office's line and a text without a number are nobody's.
    let used = said(
        book,
        &styled(r#"t="s"><v>1</v>"#).replace(
            "<v>1</v></c></row><row",
            r#"<v>1</v></c><c r="C1" t="s"><v>3</v></c></row><row"#,
        ),
    );
    assert_eq!(used.len(), 2, "{used:?}");
    assert!(used.iter().all(|said| said.contains("单元格 cell")), "{used:?}");
    let open = Book { strings: &["咨询电话13812345678", "甲"], ..Book::default() };
    assert_eq!(said(open, &styled(r#"s="0"><v>7</v>"#)), [""; 0]);
}
