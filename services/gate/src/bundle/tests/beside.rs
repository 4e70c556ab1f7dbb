//! What a bundle's files hold beside their content: names that mislead, comments, properties, far too much.

use super::*;
use crate::{
    bundle::{FILE_BYTES_MAX, unpack},
    office::{Docx, pack},
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\0IDATsum.\0\0\0\0IENDsum.";

fn findings(files: &Files) -> Vec<Finding> {
    read(files).map_or_else(|found| found, |content| content.warnings)
}

/// An archive with a comment.
fn commented(archive: &[u8], comment: &str) -> Vec<u8> {
    let length = u16::try_from(comment.len()).unwrap().to_le_bytes();
    let bare = archive.len() - 2;
    [&archive[..bare], &length, comment.as_bytes()].concat()
}

/// The same with another size for the first entry in its directory.
fn declaring(archive: &[u8], size: u32) -> Vec<u8> {
    let mut bytes = archive.to_vec();
    let at = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap() + 24;
    bytes[at..at + 4].copy_from_slice(&size.to_le_bytes());
    bytes
}

#[test]
fn a_name_that_misleads_is_refused() {
    for (name, sign) in [
        ("attachments/\u{202e}gnp.附件.png", "U+202E"),
        ("attachments/附\u{202d}件.png", "U+202D"),
        ("attachments/附\u{2066}件.png", "U+2066"),
        ("attachments/附\u{200b}件.png", "U+200B"),
        ("attachments/\u{feff}附件.png", "U+FEFF"),
        ("attachments/附\u{ad}件.png", "U+00AD"),
    ] {
        let found = findings(&with(name, PNG));
        let refused = found.iter().find(|finding| finding.code == "TS004").unwrap();
        assert_eq!(refused.member.as_deref(), Some(name));
        assert!(refused.message.contains(sign) && refused.help.contains("重新键入"), "{refused:?}");
        let packed = pack(&[(name, PNG)]);
        let found = findings(&with("attachments/a.zip", &packed));
        assert!(found.iter().any(|f| f.code == "TS004" && f.message.contains(sign)), "{name:?}");
    }
    for (one, other) in [("a", "A"), ("1", "１"), ("表（1）", "表(1)")] {
        let mut files = with(&format!("attachments/{one}.png"), PNG);
        files.insert(format!("attachments/{other}.png"), PNG.to_vec());
        let found = findings(&files);
        assert!(found.iter().any(|f| f.code == "TS004" && f.help.contains("改名")), "{found:?}");
    }
    assert!(!said(&with("attachments/附件1（表）.png", PNG)).iter().any(|f| f.contains("TS004")));
}

#[test]
fn what_stands_around_an_archive_is_told_and_not_published() {
    let plain = Docx::of(&["表"]).bytes();
    let path = "attachments/a.docx";
    assert!(said(&with(path, &plain)).is_empty());
    for dressed in [commented(&plain, "张某"), [&plain[..], b"more"].concat()] {
        assert_eq!(said(&with(path, &dressed)), ["TS615 attachments/a.docx"]);
        let content = read(&with(path, &dressed)).unwrap();
        let stored = &content.files()[path];
        assert!(!stored.windows(4).any(|four| four == b"more" || four == "张".as_bytes()));
        assert!(said(&with(path, stored)).is_empty());
    }
    let path = "attachments/a.zip";
    let plain = pack(&[("a.txt", "正文".as_bytes()), ("b.txt", "正文".as_bytes())]);
    assert!(said(&with(path, &plain)).is_empty());
    for dressed in
        [commented(&plain, "张某"), [&plain[..], b"more"].concat(), [b"more", &plain[..]].concat()]
    {
        assert_eq!(said(&with(path, &dressed)), ["TS016 attachments/a.zip"]);
    }
}

#[test]
fn a_picture_is_stored_without_what_it_tells() {
    let path = "attachments/a.png";
    let told = [&PNG[..8], b"\0\0\0\x05tEXtzhangsum.", &PNG[8..]].concat();
    assert_eq!(said(&with(path, PNG)), ["TS016 attachments/a.png"]);
    assert_eq!(said(&with(path, &told)), ["TS016 attachments/a.png", "TS615 attachments/a.png"]);
    let content = read(&with(path, &told)).unwrap();
    assert_eq!(content.files()[path], PNG);
    assert_eq!(mend(&with(path, &told))[path], PNG);
}

#[test]
fn pictures_within_an_attachment_are_told_and_stored_bare() {
    let path = "attachments/a.docx";
    let with_picture = |picture: &[u8]| {
        let plain = std::io::Cursor::new(Docx::of(&["名单如下"]).bytes());
        let mut archive = zip::ZipWriter::new_append(plain).unwrap();
        let stored = zip::write::SimpleFileOptions::default();
        archive.start_file("word/media/image1.png", stored).unwrap();
        std::io::Write::write_all(&mut archive, picture).unwrap();
        archive.finish().unwrap().into_inner()
    };
    let bare = with(path, &with_picture(PNG));
    assert_eq!(said(&bare), ["TS016 attachments/a.docx"]);
    let found = findings(&bare);
    assert!(found[0].message.contains("1 张图片"), "{found:?}");
    let telling = |text: &str| {
        let length = u32::try_from(text.len()).unwrap().to_be_bytes();
        let chunk = [&length[..], b"tEXt", text.as_bytes(), b"sum."].concat();
        with(path, &with_picture(&[&PNG[..8], &chunk, &PNG[8..]].concat()))
    };
    let told = telling("Author\0zhang");
    assert_eq!(said(&told), ["TS016 attachments/a.docx", "TS615 attachments/a.docx"]);
    let content = read(&told).unwrap();
    let stored = &content.files()[path];
    assert!(!stored.windows(5).any(|five| five == b"zhang"));
    assert_eq!(said(&with(path, stored)), ["TS016 attachments/a.docx"]);
    assert!(!mend(&told)[path].windows(5).any(|five| five == b"zhang"));
    let personal = said(&telling("Comment\0张三，身份证11010519491231002X"));
    assert!(personal.contains(&"TS602 attachments/a.docx".to_owned()), "{personal:?}");
}

#[test]
fn what_is_too_large_is_refused_at_sight() {
    let large = vec![b'1'; FILE_BYTES_MAX + 1];
    assert_eq!(said(&with("policy.md", &large)), ["TS005 policy.md"]);
    let long = vec![b'1'; 3 << 20];
    assert_eq!(said(&with("policy.md", &long)), ["TS005 policy.md"]);
    let bomb = declaring(&pack(&[("a.txt", b"a")]), 300 << 20);
    assert_eq!(said(&with("attachments/a.zip", &bomb)), ["TS005 attachments/a.zip"]);
    let bomb = declaring(&Docx::of(&["表"]).bytes(), 300 << 20);
    let mut files = with("attachments/a.docx", &bomb);
    assert_eq!(said(&files), ["TS005 attachments/a.docx"]);
    // Each within its limit, and all together over it; and one within another.
    let large = declaring(&Docx::of(&["表"]).bytes(), 30 << 20);
    for name in ["a", "b", "c"] {
        files.insert(format!("attachments/{name}.docx"), large.clone());
    }
    assert!(said(&files).contains(&"TS005 attachments/c.docx".to_owned()));
    let nested = pack(&[("a.docx", &large), ("b.docx", &large)]);
    let found = findings(&with("attachments/a.zip", &nested));
    assert!(found.iter().any(|f| f.code == "TS016" && f.message.ends_with("b.docx")), "{found:?}");
    let refused = |archive: &[u8]| unpack(archive).unwrap_err().remove(0);
    let bundle = pack(&[("bundle.toml", TOML.as_bytes())]);
    assert!(unpack(&bundle).is_ok());
    assert!(refused(&declaring(&bundle, 300 << 20)).message.contains("过大"));
    // An entry that unpacks to more than its directory says.
    assert!(refused(&declaring(&bundle, 10)).message.contains("损坏"));
}

#[test]
fn objects_and_custom_xml_in_an_attachment_are_told() {
    let path = "attachments/a.docx";
    let plain = Docx::of(&["表"]).bytes();
    let beside = |name: &str, content: &str| {
        let mut archive = zip::ZipWriter::new_append(std::io::Cursor::new(plain.clone())).unwrap();
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, content.as_bytes()).unwrap();
        archive.finish().unwrap().into_inner()
    };
    assert_eq!(
        said(&with(path, &beside("word/embeddings/o.bin", "x"))),
        ["TS016 attachments/a.docx"]
    );
    let custom = beside("customXml/item1.xml", "<x>内部意见：不同意</x>");
    assert_eq!(said(&with(path, &custom)), ["TS613 attachments/a.docx"]);
    assert!(said(&with(path, &beside("customXml/item1.xml", "<x>en</x>"))).is_empty());
}

#[test]
fn a_wrong_telephone_is_told_before_figures_without_a_source() {
    let lines: Vec<String> = (1..=21).map(|n| format!("第{n}年发{n}0元。\n\n")).collect();
    let text = format!("# 解读\n\n{}咨询电话：87654321。\n", lines.concat());
    let mut files = with("interpretation.md", text.as_bytes());
    let policy = "关于示例工作的通知\n\n一、咨询电话：12345678。\n";
    files.insert("policy.md".to_owned(), policy.as_bytes().to_vec());
    let found = read(&files).map_or_else(|found| found, |content| content.warnings);
    let said = found.iter().filter(|finding| finding.code == "TS120");
    let said: Vec<&str> = said.map(|finding| finding.message.as_str()).collect();
    assert!(said[0].ends_with("：87654321"), "{said:?}");
    assert!(said[19].ends_with("：19年、190元（另有 2 处）"), "{said:?}");
    assert_eq!(said.len(), 20);
}
