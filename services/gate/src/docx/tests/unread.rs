//! Personal data where neither the page nor the cells show it. All numbers are made up.

use super::*;
use crate::office::Book;

const ID: &str = "11010519491231002X";
const MOBILE: &str = "13812345678";

fn told(bytes: &[u8]) -> Vec<String> {
    let findings = check_attachment(bytes).into_iter().filter(|f| f.code != "TS615");
    findings.map(|f| format!("{} {}", f.code, f.message)).collect()
}

/// A book with one part more.
fn beside(name: &str, content: &str) -> Vec<u8> {
    Book { parts: &[(name, content)], ..Book::default() }.bytes(&[("表", "visible", "")])
}

#[test]
fn numbers_are_found_in_every_part_of_a_workbook() {
    let runs = |number: &str| {
        let (one, other) = number.split_at(6);
        format!("<r><rPr><b/></rPr><t>{one}</t></r><r><t>{other}</t></r>")
    };
    for (name, content) in [
        (
            "xl/comments1.xml",
            format!(
                "<comments><commentList><comment><text>{}</text></comment></commentList></comments>",
                runs(MOBILE)
            ),
        ),
        (
            "xl/threadedComments/t1.xml",
            format!(
                "<ThreadedComments><threadedComment><text>手机{MOBILE}</text></threadedComment></ThreadedComments>"
            ),
        ),
        (
            "xl/drawings/drawing1.xml",
            format!(
                "<xdr:wsDr xmlns:xdr=\"x\" xmlns:a=\"a\"><xdr:txBody><a:p>{}</a:p></xdr:txBody></xdr:wsDr>",
                runs(MOBILE)
                    .replace("<r>", "<a:r>")
                    .replace("</r>", "</a:r>")
                    .replace("<rPr><b/></rPr>", "")
                    .replace("<t>", "<a:t>")
                    .replace("</t>", "</a:t>")
            ),
        ),
        (
            "xl/drawings/drawing2.xml",
            format!(r#"<wsDr><cNvPr id="2" name="图片 1" descr="张三{MOBILE}"/></wsDr>"#),
        ),
        (
            "xl/charts/chart1.xml",
            format!(
                "<c:chart xmlns:c=\"c\"><c:strCache><c:pt><c:v>张三{MOBILE}</c:v></c:pt></c:strCache></c:chart>"
            ),
        ),
        (
            "xl/pivotCache/pivotCacheRecords1.xml",
            format!(r#"<pivotCacheRecords><r><s v="{MOBILE}"/></r></pivotCacheRecords>"#),
        ),
        (
            "xl/externalLinks/externalLink1.xml",
            format!("<externalLink><cell><v>{MOBILE}</v></cell></externalLink>"),
        ),
    ] {
        let told = told(&beside(name, &content));
        assert_eq!(told.len(), 1, "{content}: {told:?}");
        assert!(told[0].starts_with("TS603") && told[0].contains(name), "{told:?}");
        assert!(!told[0].contains("1234567"), "{told:?}");
    }
    let escaped = format!("<definedName>&#49;{}</definedName>", &MOBILE[1..]);
    assert!(told(&beside("xl/x.xml", &escaped))[0].starts_with("TS603"));
    let properties = format!("<property><lpwstr>{ID}</lpwstr></property>");
    assert!(told(&beside("docProps/custom.xml", &properties))[0].starts_with("TS602"));
    let split = format!("<comments><comment><text>{}</text></comment></comments>", runs(ID));
    assert!(told(&beside("xl/comments1.xml", &split))[0].starts_with("TS602"));
    let labelled = "<comments><comment><text><t>学号：20231234</t></text></comment></comments>";
    assert!(told(&beside("xl/comments1.xml", labelled))[0].starts_with("TS605"));
}

#[test]
fn numbers_are_found_in_what_surrounds_the_cells() {
    let sheet = |more: &str| told(&Book::default().bytes(&[("表", "visible", more)]));
    let margin = sheet(&format!(
        "<headerFooter><oddFooter>&amp;L联系{MOBILE}&amp;R第&amp;P页</oddFooter></headerFooter>"
    ));
    assert_eq!(margin.len(), 1, "{margin:?}");
    assert!(margin[0].contains("页眉页脚"), "{margin:?}");
    for more in [
        format!(
            "<dataValidations><dataValidation><formula1>\"张三{MOBILE},李四\"</formula1></dataValidation></dataValidations>"
        ),
        format!(r#"<dataValidations><dataValidation prompt="张三{MOBILE}"/></dataValidations>"#),
        format!(r#"<hyperlinks><hyperlink ref="A1" tooltip="{MOBILE}"/></hyperlinks>"#),
    ] {
        let told = sheet(&more);
        assert_eq!(told.len(), 1, "{more} {told:?}");
        assert!(told[0].starts_with("TS603"), "{told:?}");
    }
    let names =
        format!("<definedNames><definedName name=\"甲\">\"{MOBILE}\"</definedName></definedNames>");
    let book = Book { after_sheets: &names, ..Book::default() };
    assert!(told(&book.bytes(&[("表", "visible", "")]))[0].starts_with("TS603"));
    let named = told(&Book::default().bytes(&[(&format!("张三{MOBILE}"), "visible", "")]));
    assert!(named[0].starts_with("TS603") && !named[0].contains(MOBILE), "{named:?}");
}

#[test]
fn a_number_in_a_cell_is_named_by_its_cell_and_once() {
    let cells = r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>姓名,"别名"</t></is></c><c r="C1" t="inlineStr"><is><t>学号</t></is></c></row><row r="12"><c r="C12"><v>20231234</v></c><c r="E12" t="s"><v>0</v></c></row></sheetData>"#;
    let book = Book { strings: &[MOBILE], ..Book::default() };
    let told = told(&book.bytes(&[("表", "visible", cells)]));
    let told: Vec<&String> = told.iter().filter(|said| !said.starts_with("TS606")).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("TS605") && told[0].contains("\"表\" 第 12 行 row 12 C12 单元格"),
        "{told:?}"
    );
    assert!(told[1].starts_with("TS603") && told[1].contains("E12 单元格"), "{told:?}");
}

#[test]
fn what_markup_is_full_of_is_no_personal_data() {
    for (name, content) in [
        // An author's telephone is taken out with the other properties.
        ("docProps/core.xml", "<coreProperties><creator>13812345678</creator></coreProperties>"),
        ("xl/charts/chart1.xml", "<chart><numCache><pt><v>13812345678</v></pt></numCache></chart>"),
        (
            "xl/pivotCache/r.xml",
            r#"<pivotCacheRecords><r><n v="13812345678"/></r></pivotCacheRecords>"#,
        ),
        (
            "xl/drawings/v.vml",
            r#"<xml><formulas><f eqn="prod 138 0013 8000"/></formulas><shape path="m13800,138000l0,0xe"/></xml>"#,
        ),
        (
            "xl/x.xml",
            r#"<x id="{13812345-6781-4234-8234-138123456789}" when="1381234567890" more="138.12345678"/>"#,
        ),
        (
            "xl/_rels/x.rels",
            r#"<Relationships><Relationship Target="https://example.org/13812345678.html"/></Relationships>"#,
        ),
    ] {
        assert_eq!(told(&beside(name, content)), [""; 0], "{content}");
    }
    // Beside its label it is a code; alone in its paragraph it would not be.
    let table =
        format!("<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>", p("编号"), p(MOBILE));
    assert_eq!(told(&Docx::new(&table).bytes()), [""; 0]);
}

#[test]
fn numbers_in_the_instructions_of_fields_and_the_names_of_things_are_found() {
    for run in [
        format!(r#"<w:r><w:instrText>HYPERLINK "tel:{MOBILE}"</w:instrText></w:r>"#),
        format!(r#"<w:bookmarkStart w:id="1" w:name="张三{MOBILE}"/>"#),
        format!(r#"<w:sdt><w:sdtPr><w:alias w:val="张三{MOBILE}"/></w:sdtPr></w:sdt>"#),
    ] {
        let told = told(&Docx::new(&pp("", &(r("一") + &run))).bytes());
        assert_eq!(told.len(), 1, "{run} {told:?}");
        assert!(told[0].starts_with("TS603") && told[0].contains("document.xml"), "{told:?}");
    }
}

#[test]
fn files_within_a_file_are_looked_through() {
    let within = |name: &str, bytes: &[u8]| {
        let docx = Docx::of(&["见图"]).bytes();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
        let mut files = vec![(name.to_owned(), bytes.to_vec())];
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut content = vec![];
            std::io::Read::read_to_end(&mut file, &mut content).unwrap();
            files.push((file.name().unwrap().into_owned(), content));
        }
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
        told(&crate::office::pack(&files))
    };
    let name = "word/embeddings/Microsoft_Excel_Sheet1.xlsx";
    let rows = format!(
        r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{ID}</t></is></c></row></sheetData>"#
    );
    let told = within(name, &xlsx(&[("甲", "hidden", &rows)]));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("TS614") && told[1].starts_with("TS602"), "{told:?}");
    assert!(told.iter().all(|said| said.contains(name)), "{told:?}");
    let plain = xlsx(&[(
        "甲",
        "visible",
        r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>"#,
    )]);
    assert_eq!(within(name, &plain), [""; 0]);
    assert_eq!(within("word/embeddings/a.docx", b"no archive"), [""; 0]);
}
