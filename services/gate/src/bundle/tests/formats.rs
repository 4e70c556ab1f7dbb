//! Word files, other encodings, archives.

use encoding_rs::GBK;

use super::*;
use crate::office::{Docx, p, pack, pp, rr, xlsx};

/// The bundle with the interpretation as this file.
fn instead(path: &str, bytes: &[u8]) -> Files {
    let mut files = with(path, bytes);
    files.remove("interpretation.md");
    files
}

#[test]
fn a_word_file_becomes_the_member_and_what_is_pinned() {
    let mut files = with("policy.docx", &Docx::of(&["通知", "{{文号}}"]).bytes());
    files.remove("policy.md");
    let content = read(&files).unwrap();
    let paths: Vec<_> = content.files().keys().map(String::as_str).collect();
    assert!(paths.contains(&"policy.md") && !paths.contains(&"policy.docx"), "{paths:?}");
    let text = "通知\n\n{{文号}}\n".as_bytes();
    assert_eq!(content.files()["policy.md"], text);
    assert_eq!(content.pairing.policy, Digest::of(text));
    assert_eq!(content.held()["policy.md"], Digest::of(text));
}

#[test]
fn what_is_found_in_a_text_names_the_place_in_the_word_file() {
    let docx = Docx::of(&["解读", "有错的 {{文号"]).bytes();
    let found = read(&instead("interpretation.docx", &docx)).unwrap_err();
    let finding = found.iter().find(|finding| finding.code == "TS110").unwrap();
    assert_eq!((finding.member.as_deref(), finding.line), (Some("interpretation.md"), Some(3)));
    assert!(finding.message.ends_with("（interpretation.docx 第 2 段）"), "{}", finding.message);
    let leak = Docx::new(&[p("解读"), pp("", &rr("<w:vanish/>", "藏"))].concat()).bytes();
    assert_eq!(said(&instead("interpretation.docx", &leak)), ["TS613 interpretation.md:1"]);
}

#[test]
fn what_is_found_in_a_row_names_its_own_cell() {
    let cell = |body: &str| format!("<w:tc>{body}</w:tc>");
    let row = |cells: [String; 3]| format!("<w:tr>{}</w:tr>", cells.map(|c| cell(&c)).concat());
    let told = |last: &str| {
        let table =
            [row([p("序号"), p("单位"), p("联系")]), row([p("1"), p("甲"), last.to_owned()])];
        let body = format!("{}<w:tbl>{}</w:tbl>", p("解读"), table.concat());
        let files = instead("interpretation.docx", &Docx::new(&body).bytes());
        let found = read(&files).map_or_else(|found| found, |content| content.warnings);
        found.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
    };
    let said = told(&p("手机13812345678"));
    let places = |said: &[String], place: &str| said.iter().filter(|s| s.contains(place)).count();
    assert_eq!(places(&said, "表 1 第 2 行第 3 列"), 1, "{said:?}");
    assert_eq!(places(&said, "第 2 行第 1 列"), 0, "{said:?}");
    let revised = pp("", &format!("<w:ins w:author=\"a\">{}</w:ins>", rr("", "加")));
    let said = told(&revised);
    assert_eq!(places(&said, "表 1 第 2 行第 3 列"), 1, "{said:?}");
    assert_eq!(places(&said, "第 2 行第 1 列"), 0, "{said:?}");
}

#[test]
fn files_are_known_by_what_they_hold() {
    let docx = Docx::of(&["解读", "为什么"]).bytes();
    let ole = |more: &str| {
        let more = more.encode_utf16().flat_map(u16::to_le_bytes);
        [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &more.collect::<Vec<_>>()].concat()
    };
    for (path, bytes, told) in [
        ("interpretation.doc", docx.clone(), &[][..]),
        ("interpretation.md", docx.clone(), &[]),
        ("interpretation.doc", ole("WordDocument"), &["TS011 interpretation.doc"]),
        ("interpretation.docx", ole("WordDocument"), &["TS011 interpretation.docx"]),
        ("interpretation.docx", ole("EncryptedPackage"), &["TS012 interpretation.docx"]),
        ("interpretation.wps", ole(""), &["TS011 interpretation.wps"]),
        ("interpretation.ofd", pack(&[("OFD.xml", b"<x/>")]), &["TS011 interpretation.ofd"]),
        ("interpretation.pdf", b"%PDF-1.7".to_vec(), &["TS011 interpretation.pdf"]),
        ("interpretation.rtf", b"{\\rtf1}".to_vec(), &["TS011 interpretation.rtf"]),
        ("interpretation.html", b"<html>".to_vec(), &["TS011 interpretation.html"]),
        ("interpretation.docx", b"text".to_vec(), &["TS012 interpretation.docx"]),
        ("interpretation.docx", pack(&[("a", b"b")]), &["TS012 interpretation.docx"]),
        ("interpretation.docx", xlsx(&[]), &["TS012 interpretation.docx"]),
        ("interpretation.docx", docx[..docx.len() / 2].to_vec(), &["TS012 interpretation.docx"]),
        (
            "interpretation.docx",
            Docx::new(&pp("", "<w:r><w:drawing><pic:pic/></w:drawing></w:r>")).bytes(),
            &["TS014 interpretation.docx"],
        ),
        ("interpretation.docx", vec![b'x'; FILE_BYTES_MAX + 1], &["TS005 interpretation.docx"]),
    ] {
        let mut files = with("interpretation.md", b"");
        files.remove("interpretation.md");
        files.insert(path.to_owned(), bytes);
        assert_eq!(said(&files), told, "{path}");
    }
    assert_eq!(said(&with("policy.docx", &docx)), ["TS004 policy.docx"], "beside policy.md");
    let both = Docx::of(&["机密★1年", "解读"]).bytes();
    assert_eq!(said(&instead("interpretation.docx", &both)), ["TS601 interpretation.md:1"]);
    let header = Docx::of(&["解读"]).part("header", &p("秘密")).bytes();
    assert_eq!(said(&with("attachments/a.docx", &header)), ["TS601 attachments/a.docx"]);
}

#[test]
fn other_encodings_are_read_and_said_and_mojibake_is_refused() {
    let text = "# 解读\n\n这份通知说了什么？怎么办理？\n";
    let gbk = GBK.encode(text).0.into_owned();
    let content = read(&with("interpretation.md", &gbk)).unwrap();
    assert_eq!(content.files()["interpretation.md"], text.as_bytes());
    assert_eq!(said(&with("interpretation.md", &gbk)), ["TS010 interpretation.md"]);
    let data = GBK.encode("类,值\n高中,1\n").0.into_owned();
    assert_eq!(said(&with("data/a.csv", &data)), ["TS010 data/a.csv"]);
    let misread = GBK.decode_without_bom_handling(text.as_bytes()).0.into_owned();
    let misread = with("interpretation.md", format!("解读\n{misread}").as_bytes());
    assert_eq!(said(&misread), ["TS013 interpretation.md:4"]);
    let marked = GBK.encode("机密★1年\n").0.into_owned();
    assert_eq!(said(&with("attachments/a.txt", &marked)), ["TS601 attachments/a.txt:1"]);
}

#[test]
fn attachments_that_leak_are_refused_by_name() {
    let hidden = r#"<sheetData><row r="2" hidden="1"><c r="A2"><v>1</v></c></row></sheetData>"#;
    let book = xlsx(&[("表", "visible", hidden)]);
    assert_eq!(said(&with("attachments/a.xlsx", &book)), ["TS614 attachments/a.xlsx"]);
    let tracked = Docx::new("<w:p><w:ins/></w:p>").by("某人").part("comments", "<w:comment/>");
    assert_eq!(
        said(&with("attachments/a.docx", &tracked.bytes())),
        ["TS611 attachments/a.docx", "TS612 attachments/a.docx", "TS615 attachments/a.docx"]
    );
}

#[test]
fn a_row_that_word_hides_is_hidden_text() {
    let row = |properties: &str, text: &str| {
        format!("<w:tr>{properties}<w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>", p("项"), p(text))
    };
    let hidden = "<w:trPr><w:hidden/></w:trPr>";
    let table = |of_second| format!("<w:tbl>{}{}</w:tbl>", row("", "公开"), row(of_second, "内部"));
    let policy = |of_second| Docx::new(&(p("通知") + &p("{{文号}}") + &table(of_second))).bytes();
    let with_policy = |of_second| {
        let mut files = with("policy.docx", &policy(of_second));
        files.remove("policy.md");
        files
    };
    assert!(said(&with_policy(hidden)).iter().any(|said| said.starts_with("TS613 policy.")));
    assert!(!said(&with_policy("")).iter().any(|said| said.starts_with("TS613")));
    let attached = with("attachments/a.docx", &policy(hidden));
    assert!(said(&attached).contains(&"TS613 attachments/a.docx".to_owned()));
}

#[test]
fn what_is_named_as_text_is_text_and_turns_nothing_round() {
    let book = xlsx(&[("表", "visible", "<sheetData/>")]);
    assert_eq!(said(&with("attachments/a.txt", &book)), ["TS003 attachments/a.txt"]);
    let text = "# 解读\n\n补贴\u{202e}元005为\n";
    assert_eq!(said(&with("interpretation.md", text.as_bytes())), ["TS003 interpretation.md:3"]);
}

#[test]
fn an_identity_number_that_no_page_shows_is_found_in_an_attachment() {
    let described = |text: &str| {
        let picture =
            format!(r#"<w:drawing><wp:inline><wp:docPr descr="{text}"/></wp:inline></w:drawing>"#);
        with("attachments/a.docx", &Docx::new(&(p("申请表") + &pp("", &picture))).bytes())
    };
    assert_eq!(said(&described("证件11010519491231002X")), ["TS602 attachments/a.docx"]);
    let shown = read(&described("证件11010519491231002X")).unwrap_err();
    assert!(!shown[0].message.contains("19491231"), "{shown:?}");
    assert_eq!(
        said(&described("证件110105194912310021")),
        Vec::<String>::new(),
        "no such check digit"
    );
}

#[test]
fn who_wrote_an_attachment_is_not_in_what_is_stored() {
    let given = Docx::of(&["申请表"]).by("某人").bytes();
    let files = with("attachments/a.docx", &given);
    assert_eq!(said(&files), ["TS615 attachments/a.docx"]);
    let content = read(&files).unwrap();
    let stored = &content.files()["attachments/a.docx"];
    assert_eq!(
        content.held()["attachments/a.docx"],
        Digest::of(stored),
        "the copy is what is signed"
    );
    assert_eq!(read(&files).unwrap().files()["attachments/a.docx"], *stored, "the same each time");
    assert_eq!(said(&with("attachments/a.docx", stored)), Vec::<String>::new());
    assert_eq!(content.held()["policy.md"], read(&super::files()).unwrap().held()["policy.md"]);
}

/// The bundle's files in an archive, below `folder`.
fn packed(folder: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let files = files();
    let named: Vec<_> =
        files.iter().map(|(path, bytes)| (format!("{folder}{path}"), bytes.as_slice())).collect();
    let named = named.iter().map(|(path, bytes)| (path.as_str(), *bytes));
    pack(&named.chain(more.iter().copied()).collect::<Vec<_>>())
}

#[test]
fn an_archive_is_a_bundle_with_its_folder_or_without() {
    let left_behind: &[(&str, &[u8])] =
        &[("__MACOSX/通知/policy.md", b"x"), ("通知/.DS_Store", b"x"), ("通知/Thumbs.db", b"x")];
    for archive in [packed("", &[]), packed("通知/", left_behind)] {
        assert_eq!(unpack(&archive).unwrap(), files());
    }
    // Windows writes names in GBK and does not say so: the name's mark and its bytes, put so by hand.
    let utf8 = packed("", &[("attachments/ab.txt", b"x")]);
    let name: &[u8] = b"attachments/ab.txt";
    let mut gbk = utf8.clone();
    for at in 0..utf8.len() - name.len() {
        if utf8[at..].starts_with(name) {
            gbk[at + 12..at + 14].copy_from_slice(&GBK.encode("附").0);
        }
    }
    assert!(unpack(&gbk).unwrap().contains_key("attachments/附.txt"));
}

/// An archive whose names are written in GBK and not marked, each in place of a name of as many bytes.
fn packed_in_gbk(folder: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let files = files();
    let own = files.iter().map(|(path, bytes)| (format!("{folder}{path}"), bytes.as_slice()));
    let more = more.iter().map(|(path, bytes)| (format!("{folder}{path}"), *bytes));
    let names: Vec<_> = own.chain(more).collect();
    let raws: Vec<_> = names.iter().map(|(name, _)| GBK.encode(name).0.into_owned()).collect();
    let stand_ins: Vec<_> = raws
        .iter()
        .enumerate()
        .map(|(index, raw)| format!("{index:~>width$}", width = raw.len()))
        .collect();
    let standing = stand_ins.iter().zip(&names).map(|(name, (_, bytes))| (name.as_str(), *bytes));
    let mut archive = pack(&standing.collect::<Vec<_>>());
    for (stand_in, raw) in stand_ins.iter().zip(&raws) {
        let places: Vec<_> = (0..archive.len() - raw.len())
            .filter(|at| archive[*at..].starts_with(stand_in.as_bytes()))
            .collect();
        for at in places {
            archive[at..at + raw.len()].copy_from_slice(raw);
        }
    }
    archive
}

#[test]
fn names_in_gbk_that_could_be_utf8_are_read_as_chinese() {
    // 通知 is CD A8 D6 AA in GBK: two characters of two bytes in UTF-8.
    assert_eq!(std::str::from_utf8(&GBK.encode("通知").0).unwrap().chars().count(), 2);
    for (folder, name) in [("", "通知.txt"), ("通知/", "附件1.txt"), ("通知/", "a.txt")] {
        let path = format!("attachments/{name}");
        let archive = packed_in_gbk(folder, &[(&path, b"x")]);
        let read = unpack(&archive).unwrap();
        assert!(read.contains_key(&path), "{:?}", read.keys());
        assert!(read.contains_key("bundle.toml"));
    }
    // A Mac marks nothing either, and writes UTF-8.
    let mut mac = packed("", &[("attachments/丁·戊.txt", b"x")]);
    for at in 0..mac.len() - 4 {
        match &mac[at..at + 4] {
            b"PK\x03\x04" => mac[at + 7] &= !8,
            b"PK\x01\x02" => mac[at + 9] &= !8,
            _ => {}
        }
    }
    assert!(unpack(&mac).unwrap().contains_key("attachments/丁·戊.txt"));
}

#[test]
fn archives_that_lead_astray_are_refused_by_name() {
    let told = |archive: &[u8]| {
        let found = unpack(archive).unwrap_err();
        assert!(found.iter().all(|finding| finding.code == "TS015"), "{found:?}");
        found.first().unwrap().message.clone()
    };
    for name in ["/etc/x", "../x", "attachments/../../x", "C:\\x", "..\\x"] {
        let said = told(&packed("", &[(name, b"x")]));
        assert!(said.contains("指向包外"), "{said}");
    }
    assert!(told(&pack(&[("通知.zip", &packed("", &[]))])).contains("通知.zip"));
    assert!(
        told(&packed("", &[("attachments\\a.txt", b"x"), ("attachments/a.txt", b"y")]))
            .contains("重复")
    );
    assert!(told(b"PK\x03\x04").contains("ZIP"));
    let zeros = vec![0; FILE_BYTES_MAX];
    let bomb: Vec<_> = ["a", "b", "c", "d"].map(|name| (name, zeros.as_slice())).to_vec();
    assert!(told(&pack(&bomb)).contains("过大"));
    let names: Vec<String> = (0..=FILES_MAX).map(|n| n.to_string()).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    assert!(told(&pack(&many)).contains("过多"));
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    let options = zip::write::SimpleFileOptions::default();
    zip.add_symlink("attachments/a.txt", "/etc/passwd", options).unwrap();
    assert!(told(&zip.finish().unwrap().into_inner()).contains("链接"));
    // With a password: the first bit of the flags, in the entry and in the directory (APPNOTE 4.4.4).
    let mut locked = pack(&[("a", b"x")]);
    for at in 0..locked.len() - 4 {
        match &locked[at..at + 4] {
            b"PK\x03\x04" => locked[at + 6] |= 1,
            b"PK\x01\x02" => locked[at + 8] |= 1,
            _ => {}
        }
    }
    assert!(told(&locked).contains("加密"));
    // One name twice: the second, of the same length, renamed by hand.
    let mut twice = pack(&[("aa", b"x"), ("ab", b"y")]);
    for at in 0..twice.len() - 2 {
        if twice[at..].starts_with(b"ab") {
            twice[at + 1] = b'a';
        }
    }
    assert!(told(&twice).contains("重复"));
}
