//! Masking in the files themselves. All numbers are made up.

use super::*;
use crate::{archive::Archive, docx, office::Book};

const ID: &str = "11010519491231002X";
const MOBILE: &str = "13812345678";

/// What is found of persons in a file.
fn found(bytes: &[u8]) -> Vec<String> {
    let findings = check_attachment(bytes).into_iter();
    let of_persons =
        |f: &Finding| ("TS602"..="TS607").contains(&f.code.as_str()) && f.code != "TS606";
    findings.filter(of_persons).map(|f| format!("{} {}", f.code, f.message)).collect()
}

/// The parts of a file, by name.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = Archive::open(bytes, 1 << 20).unwrap();
    let names = archive.names().to_vec();
    let read = |(at, name)| (name, String::from_utf8(archive.read(at, 1 << 20).unwrap()).unwrap());
    names.into_iter().enumerate().map(read).collect()
}

/// The one part that is another than before, before and after; masked again, nothing changes.
fn changed(before: &[u8]) -> (String, String) {
    let after = docx::mask(before).unwrap();
    assert_eq!(docx::mask(&after), None);
    assert_eq!(docx::mask(before).as_ref(), Some(&after));
    assert_eq!(found(&after), [""; 0]);
    let parts = parts(before).into_iter().zip(parts(&after));
    let changed: Vec<_> = parts.filter(|(one, other)| one != other).collect();
    let [((name, one), (same, other))] = <[_; 1]>::try_from(changed).unwrap();
    assert_eq!(name, same);
    (one, other)
}

#[test]
fn numbers_in_the_texts_of_a_word_file_are_masked_in_place() {
    for body in [
        p(&format!("张三，{ID}，住某地&某路")),
        // By its runs, with a reference for a digit.
        pp("", &format!("{}{}{}", r("身份证11010519"), rr("<w:b/>", "491231"), r("002X"))),
        p("张三").replace("张三", "11010519491231&#48;02X"),
        p("").replace("></w:t>", &format!("><![CDATA[{ID}]]></w:t>")),
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>学号</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>20231234</w:t></w:r></w:p></w:tc></w:tr></w:tbl>".replace(
            "</w:tc>",
            "</w:tc><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>",
        ),
    ] {
        let before = Docx::new(&body).bytes();
        assert_eq!(found(&before).len(), 1, "{body}");
        let (one, other) = changed(&before);
        let rest = |text: &str| text.replace(|c: char| c.is_ascii_digit() || "＊X".contains(c), "");
        assert_eq!(rest(&one.replace("&#48;", "0")), rest(&other), "{body}");
    }
}

#[test]
fn what_stands_beside_the_text_is_masked_and_the_rest_is_left() {
    let foot = pp("", &r(&format!("联系人张三{MOBILE}")));
    let before = Docx::of(&["一"]).part("footer", &foot).bytes();
    assert!(changed(&before).1.contains("联系人张三138＊＊＊＊＊＊78"));
    // An office's own line stays, and so does a file without anything.
    assert_eq!(docx::mask(&Docx::of(&["咨询电话13812345678"]).bytes()), None);
    assert_eq!(docx::mask(b"no file"), None);
    // What a picture is called is named still.
    let picture = format!(r#"<w:r><w:drawing><wps:docPr id="1" descr="{ID}"/></w:drawing></w:r>"#);
    let both = Docx::new(&(p(&format!("张三{MOBILE}")) + &pp("", &picture))).bytes();
    let after = docx::mask(&both).unwrap();
    let left = found(&after);
    assert!(left.len() == 1 && left[0].starts_with("TS602"), "{left:?}");
}

fn sheet(rows: &str) -> String {
    format!(
        r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>{rows}</sheetData>"#
    )
}

fn book(strings: &[&str], rows: &str) -> Vec<u8> {
    Book { strings, ..Book::default() }.bytes(&[("表", "visible", &sheet(rows))])
}

#[test]
fn numbers_in_cells_are_masked_in_place() {
    let inline = format!(r#"<c r="B2" t="inlineStr"><is><r><t>张三{MOBILE}</t></r></is></c>"#);
    for (cell, masked) in [
        (inline, "张三138＊＊＊＊＊＊78</t></r></is>"),
        (
            format!(r#"<c r="B2" s="0"><v>{MOBILE}</v></c>"#),
            r#"<c r="B2" s="0" t="inlineStr"><is><t>138＊＊＊＊＊＊78</t></is></c>"#,
        ),
        (
            r#"<c t="n" r="B2"><v>1.3812345678E10</v></c>"#.to_owned(),
            r#"<c r="B2" t="inlineStr"><is><t>138＊＊＊＊＊＊78</t></is></c>"#,
        ),
        (format!(r#"<c r="B2" t="str"><v>{ID}</v></c>"#), r#"t="str"><v>110＊"#),
    ] {
        let before = book(&["甲", "手机"], &format!(r#"<row r="2">{cell}</row>"#));
        assert!(!found(&before).is_empty(), "{cell}");
        assert!(changed(&before).1.contains(masked), "{cell}");
    }
    // By its heading, and one digit a cell.
    let before = book(&["姓名", "学号"], r#"<row r="2"><c r="B2"><v>20231234</v></c></row>"#);
    assert!(docx::mask(&before).is_some());
    let cell = |(c, column): (char, char)| {
        format!(r#"<c r="{column}2" t="inlineStr"><is><t>{c}</t></is></c>"#)
    };
    let boxes = ID.chars().zip('A'..).map(cell).collect::<Vec<_>>().concat();
    let (_, other) = changed(&book(&["甲", "乙"], &format!(r#"<row r="2">{boxes}</row>"#)));
    assert_eq!(other.matches('＊').count(), 13);
}

#[test]
fn numbers_in_shared_texts_are_masked_whether_a_cell_holds_them_or_none() {
    let strings = [
        "甲",
        "内容",
        &format!("张三&amp;{MOBILE}"),
        &format!("</t><r><t>110105</t></r><r><t>{}</t></r><t>", &ID[6..]),
    ];
    let before = book(&strings, r#"<row r="2"><c r="B2" t="s"><v>2</v></c></row>"#);
    assert_eq!(found(&before).len(), 2);
    let (_, other) = changed(&before);
    assert!(other.contains("<t>张三&amp;138＊＊＊＊＊＊78</t>"), "{other}");
    assert!(
        other.contains("<r><t>110＊＊＊</t></r><r><t>＊＊＊＊＊＊＊＊＊＊2X</t></r>"),
        "{other}"
    );
}

#[test]
fn what_a_formula_computes_is_left_and_named() {
    let cell =
        format!(r#"<row r="2"><c r="B2" t="str"><f>"138"&amp;A9</f><v>张三{MOBILE}</v></c></row>"#);
    let before = book(&["甲", "乙"], &cell);
    assert_eq!(docx::mask(&before), None);
    assert!(found(&before)[0].contains("B2 单元格"));
}
