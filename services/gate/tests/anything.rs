//! Whatever a text holds: it is taken apart without a panic, its units cover it byte for byte and
//! have paths of their own, and a bundle of it gets an answer.

use std::collections::BTreeSet;

use lockstep_gate::{
    bundle::{self, Files},
    document::Document,
};
use proptest::prelude::*;

/// Pieces that documents are made of, and such as break readers.
const PIECES: [&str; 62] = [
    "第一章 总则",
    "第二条",
    "第 3 条",
    "第六条规定第一款（一）至（五）项",
    "一、",
    "（一）",
    "(二)",
    "1.",
    "１．",
    "（1）",
    "①",
    "1.2.1　",
    "问：",
    "答：",
    "附件：",
    "附件1",
    "目录",
    "| a | b |",
    "《",
    "》",
    "〔2020〕1号",
    "示府发〔2020〕1号",
    "2020年1月1日",
    "二○二○年一月二日",
    "自",
    "起施行。",
    "有效期5年",
    "同时废止",
    "各区人民政府：",
    "某市人民政府",
    "15个工作日",
    "百分之五十",
    "1,000.5元",
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
    "。",
    "\n",
    "\n\n",
    "　　",
    "\u{feff}",
    "3 3某某",
    "本条第一款",
];

const SETTINGS: &[u8] = b"title = \"t\"\nslots = []\ndrafters = [\"lin\"]\n[agencies]\npublishing = \"p\"\n\
    [disclosure]\nattribute = \"proactive\"\n[companion]\ntype = \"own\"\n[order]\nworking_days = 3\n\
    required = [\"portal\"]\n";

fn made_of_pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[\\p{Han}，。；：0-9（）]{0,12}",
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn units_cover_any_text(text in made_of_pieces()) {
        let document = Document::read(&text);
        let joined: String = document.units().iter().map(|unit| document.text_of(unit)).collect();
        prop_assert_eq!(&joined, &text);
        let paths: BTreeSet<_> = document.units().iter().map(|unit| &unit.path).collect();
        prop_assert_eq!(paths.len(), document.units().len());
        for unit in document.units() {
            prop_assert_eq!(document.find_unit(&unit.path), Some(unit));
        }
        for reference in document.references() {
            prop_assert_eq!(text.get(reference.start..reference.end), Some(reference.raw.as_str()));
        }
        for dated in &document.metadata().dates {
            prop_assert_eq!(text.get(dated.start..dated.end), Some(dated.raw.as_str()));
        }
    }

    #[test]
    fn any_bundle_gets_an_answer(policy in made_of_pieces(), interpretation in made_of_pieces(), settings in any::<Vec<u8>>()) {
        for settings in [settings, SETTINGS.to_vec()] {
            let files: Files = [
                ("policy.md", policy.clone().into_bytes()),
                ("interpretation.txt", interpretation.clone().into_bytes()),
                ("bundle.toml", settings),
            ]
            .map(|(path, bytes)| (path.to_owned(), bytes))
            .into();
            let findings = bundle::read(&files).map_or_else(|found| found, |content| content.warnings);
            let _ = bundle::coverage(&files);
            for finding in findings {
                prop_assert!(finding.line != Some(0) && finding.column != Some(0), "{}", finding);
            }
        }
    }
}

/// Pieces that, one behind the other, once took time beyond their length, or could.
const HOSTILE: [&str; 62] = [
    "《甲》",
    "《甲",
    "《甲》（〔2020〕",
    "《同时废止",
    "《甲》〔2020〕1号同时废止",
    "13812345678，",
    "1,",
    "1,234,",
    "１",
    "1",
    "一",
    "两",
    "十",
    "1.1.",
    "1 ",
    "第",
    "第一",
    "第一、",
    "第一、第",
    "第1、",
    "第一条至",
    "第一条（一）、",
    "第一款",
    "第一条第一款第",
    "第一条\n",
    "第一条 甲\n乙丙。\n",
    "乙丙。\n",
    "（",
    "（1",
    "）",
    "〔",
    "〔2020",
    "问",
    "问1",
    "记者问：",
    "本办法有效期",
    "本办法自起施行",
    "年",
    "2020年",
    "2020年1月",
    "每人为1元",
    "# 甲\n",
    "附件1\n某某\n",
    "[a](b)\n",
    "：（一）",
    "；（二）",
    "（一）、",
    "：①甲；②",
    "将第一条修改为：“甲",
    "作为第一条：“甲\n",
    "将《甲》第一条改为",
    "《甲》（以下简称《乙》）",
    "民法典第一条、",
    "前两款第",
    "附件1.docx\n",
    "1 总则\n1.1 甲\n",
    "1千",
    "分别为1元、",
    "至1月1日至2月1日",
    "2027年1月1日 ",
    "|甲|1元|",
    "《关于示例工作的办法》（示规〔2020〕1号）",
];

/// A text whose work grew faster than its length would not be through by tomorrow.
#[test]
fn work_grows_with_the_length_alone() {
    for piece in PIECES.into_iter().chain(HOSTILE) {
        for piece in [piece.to_owned(), format!("{piece}\n")] {
            let text = piece.repeat(20_000 / piece.len());
            let document = Document::read(&text);
            assert_eq!(document.units().last().unwrap().end, text.len(), "{piece}");
            let _ = (document.metadata(), document.references(), document.findings());
            let files: Files = [
                ("policy.md", text.clone().into_bytes()),
                ("interpretation.md", format!("解读\n{text}").into_bytes()),
                ("bundle.toml", SETTINGS.to_vec()),
            ]
            .map(|(path, bytes)| (path.to_owned(), bytes))
            .into();
            let findings =
                bundle::read(&files).map_or_else(|found| found, |content| content.warnings);
            assert!(!findings.is_empty(), "{piece}");
        }
    }
}
