//! The policy's annexes as texts, as far as they can be read: what they say is the policy's too.

use lockstep_proto::manifest::{Member, Role};

use super::{Files, encoding, open::has_extension};
use crate::docx;

/// The text of each attachment that reads as one; tables as lines with strokes, workbooks with all their sheets.
pub(super) fn texts(files: &Files, members: &[Member]) -> Vec<String> {
    let attached = members.iter().filter(|member| member.role == Role::Attachment);
    attached.filter_map(|member| read(&member.path, files.get(&member.path)?)).collect()
}

fn read(path: &str, bytes: &[u8]) -> Option<String> {
    if has_extension(path, &["txt"]) {
        Some(encoding::decode_roughly(bytes).into_owned())
    } else if has_extension(path, &["csv"]) {
        table(&encoding::decode_roughly(bytes))
    } else if has_extension(path, &["docx"]) {
        docx::read(bytes).ok().map(|document| document.text)
    } else if has_extension(path, &["xlsx"]) {
        table(&docx::read_sheets(bytes).ok()?)
    } else {
        None
    }
}

/// | 学段 | 标准（元） | of 学段,标准（元）
fn table(csv: &str) -> Option<String> {
    let csv = csv.trim_start_matches('\u{feff}');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
    let mut lines = String::new();
    for record in reader.records() {
        let record = record.ok()?;
        let cells: Vec<String> =
            record.iter().map(|cell| cell.split_whitespace().collect()).collect();
        lines.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::{Docx, p, xlsx_sharing};

    #[test]
    fn what_can_be_read_is_read() {
        let rows = r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
            <row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>500</v></c></row></sheetData>"#;
        let sheet = xlsx_sharing(&["学段", "标准（元）", "小学"], &[("表", "visible", rows)]);
        let merged = r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c>
            <c r="B2" t="s"><v>2</v></c></row><row r="3"><c r="A3" t="s"><v>3</v></c><c r="B3"><v>500</v></c></row></sheetData>
            <mergeCells><mergeCell ref="A1:B1"/></mergeCells>"#;
        let two = xlsx_sharing(
            &["补助标准表", "学段", "标准（元）", "小学"],
            &[("一", "visible", merged), ("二", "hidden", merged), ("三", "visible", merged)],
        );
        let both = "| 学段 | 标准（元） |\n| 小学 | 500 |\n| 补助标准表 |\n".repeat(2);
        let word = Docx::new(&p("小学标准为500元。")).bytes();
        let table = "| 学段 | 标准（元） |\n| 小学 | 500 |\n";
        for (path, bytes, expected) in [
            ("attachments/1.txt", "标准为500元".as_bytes(), Some("标准为500元")),
            ("attachments/1.csv", "学段,标准（元）\n小学,500\n".as_bytes(), Some(table)),
            ("attachments/1.xlsx", &sheet, Some(table)),
            ("attachments/1.xlsx", &two, Some(&both)),
            ("attachments/1.docx", &word, Some("小学标准为500元。")),
            ("attachments/1.docx", b"PK", None),
            ("attachments/1.pdf", b"%PDF", None),
        ] {
            assert_eq!(
                read(path, bytes).as_deref().map(str::trim),
                expected.map(str::trim),
                "{path}"
            );
        }
    }
}
