//! Fuzz targets: what comes from outside is read without a panic, whatever it holds. Each runs a second
//! among the tests; `scripts/test` runs them for a minute in all, `just fuzz SECONDS` for longer
//! (`BOLERO_RANDOM_TEST_TIME_MS`). Inputs are documents put together from pieces and then damaged:
//! random bytes alone never come past the first line.

use std::io::{Cursor, Write as _};

use bolero::{TypeGenerator, check};
use lockstep_gate::{
    bundle::{self, Files, unpack},
    document::Document,
    docx,
    wording::Lexicon,
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// What texts, settings and Word files are put together from.
const TEXT: [&str; 46] = [
    "第一章 总则\n",
    "第二条 ",
    "第六条规定第一款（一）至（五）项",
    "一、总体要求\n",
    "（一）",
    "1.",
    "1.2.1　",
    "问：",
    "附件：",
    "附件1\n",
    "| a | b |\n",
    "《办法》",
    "示府发〔2020〕1号",
    "二○二○年一月二日",
    "自2026年1月1日起施行。",
    "有效期5年",
    "15个工作日",
    "百分之五十",
    "3",
    "千",
    "万",
    "2万5千元",
    "分之",
    "三分之一",
    "1/3",
    "9:00",
    "周一",
    "至",
    "、",
    "2025年12月1日至1月31日",
    "8月25日、26日",
    "补贴标准分别为500元、600元",
    "由200元调整为300元",
    "每人每月",
    "不少于30日",
    "单位：万元\n| 类别 | 金额（元/月） |\n|---|---|\n",
    "| 一类 | 100 |\n",
    "“",
    "”",
    "，但另有困难的除外",
    "。\n",
    "11010519491231002X",
    "13812345678",
    "机密★1年\n",
    "![](chart:a)",
    "\u{200b}",
];
const SETTINGS: [&str; 14] = [
    "title = \"t\"\n",
    "slots = [\"文号\"]\n",
    "drafters = [\"lin\"]\n",
    "[agencies]\npublishing = \"p\"\n",
    "[disclosure]\nattribute = \"proactive\"\n",
    "[companion]\ntype = \"own\"\n",
    "[plan]\npurpose = \"p\"\n",
    "[[link]]\nunit = \"一\"\nclauses = [\"二\"]\n",
    "[[waiver]]\nclauses = []\nreason = \"\"\n",
    "[[external]]\nfigure = \"1元\"\nsource = \"s\"\n",
    "[[chart]]\nid = \"a\"\n",
    "[order]\nworking_days = 3\nrequired = [\"portal\"]\n",
    "[brief]\n",
    "not_before = \"2027-01-01T00:00:00+08:00\"\n",
];
const WORD: [&str; 20] = [
    "<w:p>",
    "</w:p>",
    "<w:r><w:t>",
    "</w:t></w:r>",
    "<w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr>",
    "<w:tbl><w:tr><w:tc>",
    "</w:tc></w:tr></w:tbl>",
    "<w:ins w:author=\"a\">",
    "</w:ins>",
    "<w:rPr><w:vanish/></w:rPr>",
    "<w:footnoteReference w:id=\"1\"/>",
    "<mc:AlternateContent><mc:Choice Requires=\"wps\">",
    "</mc:Choice><mc:Fallback/></mc:AlternateContent>",
    "<w:fldChar w:fldCharType=\"begin\"/>",
    "<w:instrText>PAGE</w:instrText>",
    "<w:br/>",
    "<w:tab/>",
    "&amp;",
    "第一条",
    "政策",
];

/// A text made of pieces, with bytes put over it.
#[derive(Debug, TypeGenerator)]
struct Made {
    pieces: Vec<u8>,
    damage: Vec<(u16, u8)>,
}

impl Made {
    fn bytes(&self, from: &[&str]) -> Vec<u8> {
        let pieces =
            self.pieces.iter().filter_map(|piece| from.get(usize::from(*piece) % from.len()));
        let mut bytes: Vec<u8> = pieces.flat_map(|piece| piece.bytes()).collect();
        for (at, byte) in self.damage.iter().take(8) {
            let length = bytes.len().max(1);
            if let Some(place) = bytes.get_mut(usize::from(*at) % length) {
                *place = *byte;
            }
        }
        bytes
    }
}

#[test]
fn documents() {
    check!().with_type::<Made>().for_each(|made| {
        let bytes = made.bytes(&TEXT);
        let text = String::from_utf8_lossy(&bytes);
        let document = Document::read(&text);
        let joined: String = document.units().iter().map(|unit| document.text_of(unit)).collect();
        assert_eq!(joined, text);
        drop((document.metadata(), document.references(), document.findings()));
    });
}

#[test]
fn bundles() {
    check!().with_type::<(Made, Made, Made, Made)>().for_each(
        |(policy, interpretation, settings, data)| {
            let files: Files = [
                ("policy.md", policy.bytes(&TEXT)),
                ("interpretation.md", interpretation.bytes(&TEXT)),
                ("bundle.toml", settings.bytes(&SETTINGS)),
                ("data/a.csv", data.bytes(&["a,b\n", "1,2\n", "\"", "身份证号", ",", "甲"])),
            ]
            .map(|(path, bytes)| (path.to_owned(), bytes))
            .into();
            drop((
                bundle::read(&files),
                bundle::coverage(&files),
                bundle::mask(&files),
                bundle::mend(&files),
            ));
        },
    );
}

#[test]
fn word_files() {
    check!().with_type::<(Made, Made, Vec<(u16, u8)>)>().for_each(|(body, numbering, damage)| {
        let mut packed = pack(&[
            ("[Content_Types].xml", b"<Types/>".to_vec()),
            ("word/document.xml", body.bytes(&WORD)),
            ("word/numbering.xml", numbering.bytes(&WORD)),
        ]);
        for (at, byte) in damage.iter().take(4) {
            let length = packed.len().max(1);
            if let Some(place) = packed.get_mut(usize::from(*at) % length) {
                *place = *byte;
            }
        }
        drop((docx::read(&packed), docx::check_attachment(&packed), docx::strip_metadata(&packed)));
        drop(unpack(&packed));
    });
}

#[test]
fn lexicons() {
    check!().with_type::<Made>().for_each(|made| {
        let bytes = made.bytes(&[
            "schema = \"lockstep.lexicon/1\"\n",
            "name = \"a\"\n",
            "version = \"1\"\n",
            "source = \"b\"\n",
            "licence = \"c\"\n",
            "[[entry]]\n",
            "wrong = \"甲\"\n",
            "right = \"乙\"\n",
            "kind = \"name\"\n",
            "note = \"d\"\n",
            "unless = [\"甲乙\"]\n",
            "since = \"2018-03-01\"\n",
        ]);
        drop(Lexicon::read(&String::from_utf8_lossy(&bytes)));
    });
}

/// An archive of these files; an empty one where that fails.
fn pack(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(vec![]));
    for (name, bytes) in files {
        if archive.start_file(*name, SimpleFileOptions::default()).is_ok() {
            drop(archive.write_all(bytes));
        }
    }
    archive.finish().map(Cursor::into_inner).unwrap_or_default()
}
