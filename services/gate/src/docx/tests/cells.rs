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
