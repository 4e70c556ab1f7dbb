//! What attachments say that may not be published. All numbers are made up.

use super::{said, with};
use crate::{
    bundle::{mask, read},
    office::{Docx, p, pack, pp, r, xlsx, xlsx_sharing},
};

const ID: &str = "11010519491231002X";

/// What is said of an attachment, but for who wrote it.
fn said_of(path: &str, bytes: &[u8]) -> Vec<String> {
    let said = said(&with(path, bytes)).into_iter();
    said.filter(|finding| !finding.starts_with("TS615")).collect()
}

fn messages(path: &str, bytes: &[u8]) -> Vec<String> {
    let files = with(path, bytes);
    let found = read(&files).map_or_else(|found| found, |content| content.warnings);
    let attached = found.into_iter().filter(|f| f.member.as_deref() == Some(path));
    attached.map(|finding| finding.message).collect()
}

fn row(cells: &[&str]) -> String {
    let cell = |text: &&str| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#);
    format!("<row>{}</row>", cells.iter().map(cell).collect::<String>())
}

fn sheet(rows: &[&[&str]]) -> String {
    format!("<sheetData>{}</sheetData>", rows.iter().map(|cells| row(cells)).collect::<String>())
}

#[test]
fn a_word_file_is_looked_through_with_its_margins() {
    let path = "attachments/a.docx";
    let body =
        Docx::new(&format!("{}{}", p("名单"), pp("", &(r("张三110105") + &r("19491231002X")))));
    assert_eq!(said_of(path, &body.bytes()), ["TS602 attachments/a.docx"]);
    assert!(messages(path, &body.bytes())[0].contains("（第 2 段“张三110＊＊＊＊＊…”）"));
    let masked = mask(&with(path, &body.bytes())).pop().unwrap();
    assert_eq!(said_of(path, &masked.bytes), [""; 0]);
    let margin = Docx::of(&["正文"]).part("header", &p("张三13812345678"));
    assert_eq!(said_of(path, &margin.bytes()), ["TS603 attachments/a.docx"]);
    assert!(said_of(path, &Docx::of(&["电话62131380"]).bytes()).is_empty());
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
    let row = |cells: [&str; 2]| format!("<w:tr>{}{}</w:tr>", cell(cells[0]), cell(cells[1]));
    let table = [["姓名", "身份证号码"], ["张三", "110105194912310021"]].map(row).concat();
    let table = Docx::new(&format!("{}<w:tbl>{table}</w:tbl>", p("名单"))).bytes();
    // A slip in the number.
    let expected = ["TS602", "TS606", "TS606"].map(|code| format!("{code} {path}"));
    assert_eq!(said_of(path, &table), expected);
}

#[test]
fn a_workbook_is_looked_through_cell_by_cell() {
    let path = "attachments/a.xlsx";
    let named = sheet(&[&["名单"], &["姓名", "身份证号"], &["张三", ID]]);
    let bytes = xlsx(&[("甲", "visible", &named)]);
    assert_eq!(
        said_of(path, &bytes),
        ["TS602 attachments/a.xlsx", "TS606 attachments/a.xlsx", "TS606 attachments/a.xlsx"]
    );
    assert!(messages(path, &bytes).iter().any(|m| m.contains("工作表 sheet \"甲\" 第 3 行")));
    // Shared texts, figures, and cells left out before a column.
    let shared = r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>
        <row r="5"><c r="C5"><v>13812345678</v></c></row></sheetData>"#;
    let bytes = xlsx_sharing(&["学校", "家长手机"], &[("甲", "visible", shared)]);
    assert_eq!(said_of(path, &bytes), ["TS603 attachments/a.xlsx", "TS606 attachments/a.xlsx"]);
    assert!(messages(path, &bytes).iter().any(|m| m.contains("第 5 行")));
    let sums = sheet(&[&["区", "经费（元）"], &["甲", "13812345678"]]);
    let found = read(&with(path, &xlsx(&[("甲", "visible", &sums)]))).map(|c| c.warnings);
    assert!(found.is_ok_and(|warnings| warnings.iter().any(|f| f.code == "TS603")));
    let plain = sheet(&[&["学校", "人数"], &["甲小学", "120"]]);
    assert!(said_of(path, &xlsx(&[("甲", "visible", &plain)])).is_empty());
}

#[test]
fn a_classified_workbook_is_refused() {
    let path = "attachments/a.xlsx";
    for content in [
        sheet(&[&["机密★1年"], &["学校", "人数"]]),
        format!(
            "{}<headerFooter><oddHeader>&amp;L秘密&amp;C第1页</oddHeader></headerFooter>",
            sheet(&[&["甲"]])
        ),
    ] {
        assert_eq!(
            said_of(path, &xlsx(&[("甲", "visible", &content)])),
            ["TS601 attachments/a.xlsx"]
        );
    }
}

#[test]
fn a_text_is_looked_through_in_whatever_encoding() {
    let text = "姓名,住处\n张三,13812345678\n";
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    for bytes in [&utf16, &gbk] {
        assert_eq!(
            said_of("attachments/a.csv", bytes),
            ["TS603 attachments/a.csv:2", "TS606 attachments/a.csv:1"]
        );
        assert!(mask(&with("attachments/a.csv", bytes)).is_empty());
    }
}

#[test]
fn a_file_name_is_looked_at_and_shown_masked() {
    let said = said(&with("attachments/张三13812345678.txt", b"a"));
    assert_eq!(said, ["TS603 attachments/张三138＊＊＊＊＊＊78.txt"]);
}

#[test]
fn an_archive_is_looked_through_one_level_deep() {
    let path = "attachments/a.zip";
    let text = format!("张三{ID}");
    let word = Docx::of(&[&text]).bytes();
    let book = xlsx(&[("甲", "visible", &sheet(&[&["学校"], &[ID]]))]);
    for (name, bytes) in
        [("名单.txt", text.as_bytes()), ("甲/名单.docx", &word), ("名单.xlsx", &book)]
    {
        let bytes = pack(&[(name, bytes)]);
        assert_eq!(said_of(path, &bytes), ["TS602 attachments/a.zip"], "{name}");
        assert!(messages(path, &bytes)[0].contains(name));
    }
    assert_eq!(
        said_of(path, &pack(&[("a.txt", "机密★1年\n".as_bytes())])),
        ["TS601 attachments/a.zip"]
    );
    assert_eq!(
        said_of(path, &pack(&[("张三13812345678.pdf", b"a")])),
        ["TS603 attachments/a.zip", "TS016 attachments/a.zip"]
    );
    assert!(said_of(path, &pack(&[("a.txt", "说明".as_bytes())])).is_empty());
}

#[test]
fn what_is_not_looked_into_is_said_by_name() {
    for name in ["a.pdf", "a.ofd", "a.PNG", "a.jpeg"] {
        let path = format!("attachments/{name}");
        assert_eq!(said_of(&path, b"a"), [format!("TS016 {path}")], "{name}");
    }
    assert!(said_of("attachments/a.txt", b"a").is_empty());
    let path = "attachments/a.zip";
    let inner = pack(&[("名单.txt", format!("张三{ID}").as_bytes())]);
    let bytes = pack(&[("甲/内.zip", &inner), ("乙.rar", b"a"), ("说明.txt", b"a"), ("空/", b"")]);
    assert_eq!(said_of(path, &bytes), ["TS016 attachments/a.zip"]);
    assert!(
        messages(path, &bytes)[0].ends_with("：甲/内.zip、乙.rar"),
        "{:?}",
        messages(path, &bytes)
    );
    let names: Vec<String> = (0..8).map(|number| format!("{number}.pdf")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"a"[..])).collect();
    assert!(messages(path, &pack(&many))[0].contains("4.pdf（另有 3 个"));
    // Broken or with a password, it may hold anything.
    assert_eq!(said_of(path, b"PK no archive"), ["TS016 attachments/a.zip"]);
}

#[test]
fn what_leaks_from_an_office_file_leaks_from_an_archive_too() {
    let path = "attachments/a.zip";
    let tracked = Docx::new(&pp("", &format!("<w:ins w:author=\"a\">{}</w:ins>", r("加"))));
    let tracked = tracked.by("某人").bytes();
    assert_eq!(said_of(path, &pack(&[("a.docx", &tracked)])), ["TS611 attachments/a.zip"]);
    let book = xlsx(&[("甲", "hidden", &sheet(&[&["学校"]])), ("乙", "visible", "")]);
    assert_eq!(said_of(path, &pack(&[("a.xlsx", &book)])), ["TS614 attachments/a.zip"]);
    assert_eq!(said_of(path, &pack(&[("a.docx", b"a")])), ["TS012 attachments/a.zip"]);
    for name in ["a.docm", "a.xls"] {
        let bytes = pack(&[(name, &tracked)]);
        assert_eq!(said_of(path, &bytes), ["TS016 attachments/a.zip"], "{name}");
    }
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_told() {
    assert!(messages("attachments/a.pdf", b"a")[0].contains("内容不是 PDF"));
    assert!(messages("attachments/a.png", b"a")[0].contains("内容不是 PNG"));
    assert!(!messages("attachments/a.pdf", b"%PDF-1.7")[0].contains("不是"));
}

#[test]
fn an_attachment_in_an_old_format_is_to_be_saved_anew() {
    for path in
        ["attachments/申请表.doc", "attachments/a.WPS", "attachments/a.et", "attachments/a.xls"]
    {
        let found = read(&with(path, b"a")).unwrap_err();
        let found: Vec<_> =
            found.iter().filter(|found| found.member.as_deref() == Some(path)).collect();
        assert_eq!(found.iter().map(|found| found.code.as_str()).collect::<Vec<_>>(), ["TS011"]);
        assert!(found[0].message.contains(path) && found[0].help.contains("另存为"), "{path}");
    }
    assert_eq!(said(&with("attachments/a/b.doc", b"a")), ["TS004 attachments/a/b.doc"]);
}

#[test]
fn an_archive_that_is_not_taken_is_to_be_unpacked() {
    for path in ["attachments/名单.rar", "attachments/a.7z", "材料.zip"] {
        let found = read(&with(path, b"a")).unwrap_err();
        let found = found.iter().find(|finding| finding.member.as_deref() == Some(path)).unwrap();
        assert_eq!(found.code, "TS004", "{path}");
        assert!(found.message.contains(path) && found.help.contains("解压"), "{}", found.help);
    }
}
