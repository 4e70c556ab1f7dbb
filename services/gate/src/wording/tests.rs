//! Wording right and wrong.

use proptest::prelude::*;

use super::*;

fn starter() -> &'static Lexicons {
    Lexicons::starter()
}

/// Code and what stands there.
fn found(text: &str) -> Vec<String> {
    let hits = check(text, starter(), Paragraphs::Lines, None).into_iter();
    hits.map(|hit| format!("{} {}", hit.code.id, &text[hit.range])).collect()
}

fn quoted(text: &str, own: Own<'_>) -> Vec<String> {
    check_quotes(text, own)
        .into_iter()
        .map(|hit| format!("{} {}", hit.code.id, &text[hit.range]))
        .collect()
}

#[test]
fn the_starter_lexicon_is_read_and_says_where_each_entry_is_from() {
    let lexicon = Lexicon::starter().unwrap();
    assert_eq!((lexicon.name.as_str(), lexicon.licence.as_str()), ("starter", "Apache-2.0"));
    assert!(lexicon.entries.iter().all(|entry| !entry.note.is_empty() && !entry.right.is_empty()));
}

#[test]
fn known_mistakes_are_found_and_longer_right_expressions_are_not() {
    for (text, said) in [
        ("开立帐户", "TS501 帐户"),
        ("截止2024年底", "TS501 截止20"),
        ("农业部、财政部", "TS502 农业部"),
        ("县人大主任", "TS502 县人大主任"),
        ("政务信息公开条例", "TS506 政务信息公开条例"),
        ("《开立帐户办法》", "TS501 帐户"),
    ] {
        assert_eq!(found(text), [said], "{text:?}");
    }
    for text in [
        "农业部门、文化部门、监察部门",
        "报名截止2024年5月1日",
        "报名截止后",
        "县人大主任会议",
        "原农业部",
        "（机构改革前由农业部审批）",
        "《农业部关于示例的通知》",
        "重复盖章",
        "既便利群众",
    ] {
        assert_eq!(found(text), [""; 0], "{text:?}");
    }
}

#[test]
fn a_name_was_right_before_it_changed() {
    let said = |on| check("银保监会", starter(), Paragraphs::Lines, on).len();
    assert_eq!((said(Some("2023-05-17")), said(Some("2023-05-18")), said(None)), (0, 1, 1));
}

const HEAD: &str = "schema = \"lockstep.lexicon/1\"\nname = \"a\"\nversion = \"1\"\nsource = \"b\"\nlicence = \"c\"\n";

fn lexicon(entry: &str) -> Result<Lexicon, String> {
    let entry = format!("[[entry]]\nright = \"甲乙\"\nkind = \"error\"\nnote = \"丙\"\n{entry}");
    Lexicon::read(&format!("{HEAD}{entry}")).map_err(|error| error.to_string())
}

#[test]
fn a_bad_lexicon_names_line_and_key() {
    for (entry, line, key) in [
        ("wrong = \"甲\"", 10, "wrong"),
        ("wrong = \"甲乙\"", 10, "wrong"),
        ("wrong = \" 甲丙\"", 10, "wrong"),
        ("wrong = \"甲丙\"\nunless = [\"乙丙\"]", 11, "unless"),
        ("wrong = \"甲丙\"\nunless = [\"甲丙\"]", 11, "unless"),
        ("wrong = \"甲丙\"\nsince = \"2018年\"", 11, "since"),
        ("wrong = \"甲丙\"\nwhen = 1", 11, "when"),
        ("wrong = 1", 10, "string"),
        (
            "wrong = \"甲丙\"\n[[entry]]\nwrong = \"甲丙\"\nright = \"丁丁\"\nkind = \"name\"\nnote = \"\"",
            12,
            "twice",
        ),
        ("", 6, "wrong"),
    ] {
        let error = lexicon(entry).unwrap_err();
        assert!(
            error.starts_with(&format!("第 {line} 行 / line {line}: ")) && error.contains(key),
            "{error}"
        );
    }
    assert!(Lexicon::read("schema = \"lockstep.lexicon/2\"").is_err());
}

#[test]
fn of_two_lexicons_the_later_one_counts() {
    let mine = lexicon("wrong = \"帐户\"\nunless = [\"旧帐户\"]").unwrap();
    let both = Lexicons::new(vec![Lexicon::starter().unwrap(), mine]).unwrap();
    let hits = check("帐户、旧帐户、帐号", &both, Paragraphs::Lines, None);
    let said: Vec<_> = hits.iter().map(|hit| hit.detail.as_str()).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("甲乙") && said[1].contains("账号"), "{said:?}");
}

#[test]
fn pairs_are_pairs_within_a_paragraph() {
    for text in [
        "《关于〈示例〉的通知》（试行）",
        "（一)混用全半角",
        "1）首先；2）其次\n一）再次",
        "正文。\n“第一段。\n\n“第二段。”",
        "关于印发《示例\n\n办法》的通知\n（2027年通过\n根据决定修正）\n正文。",
        "甲“乙‘丙’丁”",
        "《关于印发《示例》的通知》",
    ] {
        assert_eq!(found(text), [""; 0], "{text:?}");
    }
    for (text, said) in [
        ("（甲。\n乙）", "TS503 （"),
        ("《示例", "TS503 《"),
        ("示例》", "TS503 》"),
        ("《关于〈示例的通知》", "TS503 〈"),
        ("（见“附件）", "TS503 “"),
        ("如下：“甲。\n\n乙。”", "TS503 “"),
        ("（首先）；其次）", "TS503 ）"),
        ("（网址：示例);路径：甲）", "TS503 )"),
    ] {
        assert_eq!(found(text).first().unwrap(), said, "{text:?}");
    }
    let across = "正文（甲。\n乙）";
    assert_eq!(found(across), ["TS503 （", "TS503 ）"]);
    assert_eq!(check(across, starter(), Paragraphs::Blocks, None).len(), 0, "one block");
    assert_eq!(check("正文（甲。\n\n乙）", starter(), Paragraphs::Blocks, None).len(), 2);
    // Decisions to amend open each paragraph of what they quote, and close the last.
    let quoted = "一、修改为：\n\n“第五条　甲。\n\n“有下列情形的：\n\n“（一）乙；\n\n“（二）丙。”\n\n二、丁。";
    let open = quoted.replace('”', "");
    for paragraphs in [Paragraphs::Lines, Paragraphs::Blocks] {
        assert_eq!(check(quoted, starter(), paragraphs, None).len(), 0);
        assert_eq!(check(&open, starter(), paragraphs, None).len(), 1);
    }
}

#[test]
fn numbers_are_read_whatever_their_brackets() {
    for text in [
        "沪教委规〔2024〕5号",
        "沪教委规﹝２０２４﹞５号",
        "沪教委规[2024]第5号",
        "沪教委规（2024）5号",
    ] {
        let number = Number::read(text).unwrap();
        let read = (number.agency.as_str(), number.year, number.serial);
        assert_eq!(read, ("沪教委规", 2024, 5), "{text:?}");
        assert_eq!(number.range, 0..text.len());
    }
    for text in ["2024年5号", "（2023）5号", "公告2016年第65号", "〔24〕5号", "（2023）京01民初5号"]
    {
        assert_eq!(Number::read(text), None, "{text:?}");
    }
    let wrong = check("沪教委规[2024]5号", starter(), Paragraphs::Lines, None).remove(0).detail;
    assert!(wrong.starts_with("[2024]5号，年份未用六角括号"), "as it is written: {wrong}");
    assert_eq!(found("沪教委规[2024]5号"), ["TS505 [2024]5号"]);
    assert_eq!(found("由市卫计委牵头，封项线20万元。"), ["TS502 卫计委", "TS501 封项线"]);
    assert_eq!(found("沪教委规（2024）5号"), ["TS505 （2024）5号"]);
    assert_eq!(found("沪教委规〔2024〕5号、津教﹝2019﹞7号"), [""; 0]);
}

const OWN: Own<'static> = Own {
    title: Some("某市教育局关于印发《某市中小学校外实践管理办法》的通知"),
    number: Some("某教规〔2024〕5号"),
};

#[test]
fn a_title_quoted_almost_right_is_shown_beside_the_right_one() {
    for text in [
        "《某市中小学校外实践管理办法》",
        "《关于印发〈某市中小学校外实践管理办法〉的通知》",
        "《某市中小学校外实践管理办法（试行）》", // an earlier edition
        "《某市高等学校招生管理办法》",
        "《通知》",
    ] {
        assert_eq!(quoted(text, OWN), [""; 0], "{text:?}");
    }
    for text in [
        "《某市中小学校外实践管理方法》",
        "《某市中小学校外实践管理办》",
        "《关于印发〈某市中小学校外实习管理办法〉的通知》",
    ] {
        let hits = check_quotes(text, OWN);
        assert_eq!(hits.len(), 1, "{text:?}");
        assert_eq!(hits[0].code.id, "TS504");
        assert!(hits[0].detail.contains(text), "{}", hits[0].detail);
    }
    // Behind it stands that the policy is meant.
    for (text, count) in [
        ("《某市中小学校外活动管理规定》（某教规〔2024〕5号，以下简称《办法》）", 1),
        ("《某市中小学校外活动管理规定》（某教规〔2021〕5号）", 0),
        ("《某市中小学实践管理办法》（以下简称《办法》）", 1),
        ("《某省中小学实践管理办法》（以下简称《办法》）", 0),
        ("《某市中小学实践管理办法》", 0),
        ("《办法》（某教规〔2024〕5号）", 0),
    ] {
        let hits = check_quotes(text, OWN);
        assert_eq!(hits.iter().filter(|hit| hit.code.id == "TS504").count(), count, "{text}");
    }
    assert_eq!(quoted("《某市中小学校外实践管理方法》", Own::default()), [""; 0]);
    let own = Own {
        title: Some("某市教育局关于做好全市中小学校外实践活动安全管理工作的通知"),
        number: None,
    };
    assert_eq!(
        quoted("关于《做好全市中小学校外实践活动安全管理工作的通知》的政策解读", own),
        [""; 0]
    );
    let part = Own {
        title: Some("某市国民经济和社会发展第十六个五年规划和二〇四〇年远景目标纲要（摘要）"),
        number: None,
    };
    assert_eq!(
        quoted("《某市国民经济和社会发展第十六个五年规划和二〇四〇年远景目标纲要》", part),
        [""; 0]
    );
    let wrong = "《某市国民经济与社会发展第十六个五年规划和二〇四〇年远景目标纲要》";
    assert_eq!(quoted(wrong, part).len(), 1);
    let title = Some("某区2024年义务教育阶段学校招生入学工作实施意见");
    let own = Own { title, number: None };
    assert_eq!(
        quoted("《某区2023年义务教育阶段学校招生入学工作实施意见》", own),
        [""; 0],
        "last year's"
    );
    assert_eq!(quoted("《某区2024年义务教育阶段学校招生入学工作实施意见（试行）》", own), [""; 0]);
}

#[test]
fn the_policys_number_is_quoted_as_it_is() {
    for text in [
        "《某市中小学校外实践管理办法》（某教规〔2023〕5号）",
        "《通知》（某教规〔2024〕6号）",
        "本办法（某教规〔2024〕15号）",
        "本通知文号为某教规﹝2023﹞5号",
    ] {
        assert_eq!(quoted(text, OWN).len(), 1, "{text:?}");
        assert!(
            check_quotes(text, OWN)[0].detail.contains("≠ 某教规〔2024〕5号，与本政策文号不同")
        );
    }
    for text in [
        "《通知》（某教规〔2024〕5号）",
        "根据某教规〔2023〕5号",
        "《某市旧办法》（某教规〔2020〕5号）同时废止",
        "本办法依据某政发〔2023〕5号",
    ] {
        assert_eq!(quoted(text, OWN), [""; 0], "{text:?}");
    }
}

#[test]
fn another_number_behind_the_policys_very_title_blocks() {
    let severity = |text: &str| check_quotes(text, OWN).first().map(|hit| hit.severity);
    for (text, expected) in [
        ("《某市中小学校外实践管理办法》（某教规〔2024〕15号）近日印发。", Severity::Block),
        ("《关于印发〈某市中小学校外实践管理办法〉的通知》(某教规〔2024〕6号)", Severity::Block),
        // Perhaps the former version's, or meant of another.
        ("《某市中小学校外实践管理办法》（某教规〔2023〕5号）", Severity::Warning),
        ("《某市中小学校外实践管理办法》（某教规〔2024〕1号）同时废止。", Severity::Warning),
        ("原《某市中小学校外实践管理办法》（某教规〔2024〕1号）", Severity::Warning),
        ("《通知》（某教规〔2024〕6号）", Severity::Warning),
        ("本办法（某教规〔2024〕15号）", Severity::Warning),
    ] {
        assert_eq!(severity(text), Some(expected), "{text}");
    }
    assert_eq!(severity("《某市中小学校外实践管理办法》（某教规〔2024〕5号）"), None);
}

#[test]
fn the_former_versions_number_is_none_of_the_policys() {
    let held = [(2021, 3)].into_iter().collect();
    let told = |text: &str| {
        check_quotes(text, OWN).iter().filter(|hit| !is_former(hit, text, &held)).count()
    };
    for text in [
        "原《办法》（某教规〔2021〕3号）有效期将于5月31日届满。",
        "《办法》（某教规〔2021〕3号）有效期将于5月31日届满。",
        "《某市中小学校外实践管理办法》（某教规〔2021〕3号）同时废止。",
        "2021年出台的《某市中小学校外实践管理办法》（某教规〔2021〕3号）实施效果良好。",
        "此前《办法》（某教规〔2021〕3号）效果良好。",
    ] {
        assert_eq!(told(text), 0, "{text}");
    }
    for text in [
        "原《办法》（某教规〔2021〕2号）有效期将于5月31日届满。",
        "原《办法》（某教规〔2022〕3号）有效期将于5月31日届满。",
        "《办法》（某教规〔2021〕5号）同时废止。",
        "《办法》（某教规〔2021〕3号）自6月1日起施行。",
        "近日，我局印发《某市中小学校外实践管理办法》（某教规〔2021〕3号）。",
        "近日，我局印发《某市中小学校外实践管理办法》（某教规〔2021〕3号），原办法同时废止。",
        "本办法（某教规〔2021〕3号）自6月1日起施行。",
        "《通知》（某教规〔2021〕3号）规定了标准。",
        "新《办法》（某教规〔2021〕3号）降低了门槛。",
        "2024年出台的《办法》（某教规〔2021〕3号）降低了门槛。",
    ] {
        assert_eq!(told(text), 1, "{text}");
    }
}

/// Each of these would take hours if work grew with the square of the length.
#[test]
fn work_grows_with_the_length_alone() {
    const COUNT: usize = 100_000;
    for part in [
        "（",
        "）",
        "《",
        "》",
        "（》",
        "1",
        "号",
        "〔2024〕5号",
        "某教规〔2023〕5号",
        "帐户",
        "《甲\n",
    ] {
        let text = part.repeat(COUNT);
        let hits = check(&text, starter(), Paragraphs::Blocks, None).len();
        assert!(hits + check_quotes(&text, OWN).len() <= 3 * COUNT, "{part:?}");
    }
}

proptest! {
    #[test]
    fn what_is_paired_is_never_said_to_be_unpaired(depth in 0_usize..40, kind in 0_usize..4) {
        let (open, close) = [("《", "》"), ("〈", "〉"), ("“", "”"), ("（", "）")][kind];
        let text = format!("{}甲{}", open.repeat(depth), close.repeat(depth));
        prop_assert_eq!(found(&text), [""; 0]);
        prop_assert_eq!(found(&format!("{text}{open}")).len(), 1);
        prop_assert_eq!(found(&format!("。{close}{text}")).len(), 1);
    }

    #[test]
    fn no_text_makes_it_panic(
        text in any::<String>(), marks in "[《》〈〉“”（）()〔〕0-9号第甲原本通知帐户\n]{0,80}",
    ) {
        for text in [text.clone(), marks.clone(), format!("{text}{marks}")] {
            let hits = check(&text, starter(), Paragraphs::Blocks, None);
            let own = Own { title: Some(&text), number: Some(&marks) };
            for hit in hits.into_iter().chain(check_quotes(&marks, own)) {
                prop_assert!(hit.severity == Severity::Warning);
                prop_assert!(text.get(hit.range.clone()).or(marks.get(hit.range)).is_some());
            }
        }
    }
}
