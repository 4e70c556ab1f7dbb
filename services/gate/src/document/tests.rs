//! The tricky real snippets of DOMAIN §3.5, by their number in that table, and what holds for any text.

use super::*;

mod attached;
mod frames;
mod heads;
mod kinds;
mod lists;
mod references;
mod units;

/// Path and mark of each unit; the units must cover the text.
fn outline(text: &str) -> Vec<(String, String)> {
    let document = Document::read(text);
    let joined: String = document.units().iter().map(|unit| document.text_of(unit)).collect();
    assert_eq!(joined, text);
    document.units().iter().map(|unit| (unit.path.clone(), unit.mark.clone())).collect()
}

fn paths(text: &str) -> Vec<String> {
    outline(text).into_iter().map(|(path, _)| path).collect()
}

fn references(text: &str) -> Vec<(Target, Vec<String>, bool)> {
    let found = Document::read(text).references().to_vec();
    for reference in &found {
        assert_eq!(text.get(reference.start..reference.end), Some(reference.raw.as_str()));
    }
    found.into_iter().map(|found| (found.document, found.paths, found.is_range)).collect()
}

fn metadata(text: &str) -> Metadata {
    Document::read(text).metadata().clone()
}

fn dates_of(found: &Metadata, role: DateRole) -> Vec<String> {
    let of_role = found.dates.iter().filter(|dated| dated.role == role);
    of_role.map(|dated| dated.date.map_or(dated.raw.clone(), |date| date.to_string())).collect()
}

#[test]
fn snippet_1_signature_behind_the_last_clause() {
    let text = "四、其他。\n五、本公告自 2016 年 11 月 1 日起施行。国家税务总局 财政部 海关总署2016 年 10 月 14 日";
    assert_eq!(paths(text), ["四", "五", "署名", "成文日期"]);
    let found = metadata(text);
    assert_eq!(found.signers, ["国家税务总局", "财政部", "海关总署"]);
    assert_eq!(dates_of(&found, DateRole::Effective), ["2016-11-01"]);
    assert_eq!(dates_of(&found, DateRole::Written), ["2016-10-14"]);
}

#[test]
fn snippet_2_a_running_head_is_no_item() {
    let text = "（二）下列货物：\n1.甲。\n2.乙。\n3 3财务与税务法规\n3.丙。\n4.丁。\n5 5\n";
    assert_eq!(
        paths(text),
        ["（二）", "（二）/1", "（二）/2", "噪声", "（二）/3", "（二）/4", "噪声#2"]
    );
}

#[test]
fn snippet_3_pages_torn_out_of_sentences() {
    let filler = "依照有关规定开展工作，".repeat(20);
    let text = format!(
        "1、第一章总则第一条为了规范{filler}制定本办法。第二条{filler}从事法\n2、定的服务，适用本办法。第三条{filler}管理。\n"
    );
    let document = Document::read(&text);
    assert_eq!(
        paths(&text),
        ["噪声", "第一章", "第一条", "第二条", "噪声#2", "第二条/续", "第三条"]
    );
    assert_eq!(document.findings()[0].code, "TS128");
    assert_eq!(document.findings()[0].line, Some(2));
}

#[test]
fn snippet_4_an_article_without_a_blank_and_articles_of_another_document() {
    let text = "第四十九条 甲。\n第五十条经查实，申请家庭按照《广东省城镇住房保障办法》第四十五条、第四十六条等规定处理。";
    assert_eq!(paths(text), ["第四十九条", "第五十条"]);
    let other = || Target::Other("广东省城镇住房保障办法".to_owned());
    assert_eq!(
        references(text),
        [
            (other(), vec![], false),
            (other(), vec!["第四十五条".to_owned()], false),
            (other(), vec!["第四十六条".to_owned()], false),
        ]
    );
}

#[test]
fn snippet_5_full_width_digits_keep_their_form() {
    assert_eq!(
        outline("１．承租人家庭确有住房困难，\n２．其他"),
        [("1".to_owned(), "１．".to_owned()), ("2".to_owned(), "２．".to_owned())]
    );
}

#[test]
fn snippet_6_a_contents_list_opens_nothing() {
    let text = "目　录\n1.1　编制目的及依据\n1.2　适用范围\n1.2.1　分级\n\n1.1　编制目的及依据\n为了甲，制定。\n1.2　适用范围\n\
                适用于乙。\n1.2.1　分级\n国家级（Ⅰ级）：丙。\n";
    assert_eq!(
        paths(text),
        [
            "目录",
            "目录#2",
            "目录#3",
            "目录#4",
            "1.1",
            "1.1/第1段",
            "1.2",
            "1.2/第1段",
            "1.2/1.2.1",
            "1.2/1.2.1/第1段"
        ]
    );
}

#[test]
fn snippet_7_a_gap_is_said_and_brackets_break_nothing() {
    let text = "应当解读:\n(一)甲》;\n(三)乙;\n(四)丙;\n(五)丁。\n";
    assert_eq!(paths(text), ["前言", "（一）", "（三）", "（四）", "（五）"]);
    let findings = Document::read(text).findings();
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].code.as_str(), findings[0].line), ("TS127", Some(3)));
    assert!(findings[0].message.ends_with("（二）"), "{}", findings[0]);
}

#[test]
fn snippet_8_a_caption_stands_alone() {
    let text = "    第一条(目的依据)\n\n    为进一步规范,制定本办法。\n\n    第二条(组织)\n\n    由办公厅负责。";
    assert_eq!(paths(text), ["第一条", "第一条/第一款", "第二条", "第二条/第一款"]);
}

#[test]
fn snippet_9_and_10_numbers_run_on_across_sections() {
    let text = "一、甲\n1.规范专栏。在频道。\n2.目录。\n3.申请。\n二、乙\n4.同步。\n5.热点。\n";
    assert_eq!(paths(text), ["一", "一/1", "一/2", "一/3", "二", "二/4", "二/5"]);
    let text = "一、甲\n（一）子。\n二、乙\n（二）丑。\n（三）寅。\n";
    assert_eq!(paths(text), ["一", "一/（一）", "二", "二/（二）", "二/（三）"]);
    assert!(Document::read(text).findings().is_empty());
}

#[test]
fn snippet_11_two_documents_in_one_notice() {
    let text = "关于印发两个规定的通知\n国办发〔2018〕124号\n各省人民政府：\n现印发给你们。\n国务院办公厅\n2018年12月18日\n\
                （此件公开发布）\n甲的规定\n为了改革，特制定：\n一、公司\n（一）子。\n二、资产\n（二）丑。\n\
                乙的规定\n为了发展，特制定：\n一、财政\n（一）寅。\n";
    assert_eq!(
        paths(text),
        [
            "标题",
            "文号",
            "主送",
            "前言",
            "署名",
            "成文日期",
            "附注",
            "附文1/标题",
            "附文1/前言",
            "附文1/一",
            "附文1/一/（一）",
            "附文1/二",
            "附文1/二/（二）",
            "附文2/标题",
            "附文2/前言",
            "附文2/一",
            "附文2/一/（一）",
        ]
    );
}

#[test]
fn snippet_12_a_forwarded_report_has_its_own_date_and_signer() {
    let text = "国务院办公厅转发国家地震局\n\n关于加强防震减灾工作意见报告的通知\n\n国办发〔1996〕2号\n\n各省、自治区、直辖市人民政府：\n\n\
                现转发给你们。\n\n国务院办公厅\n\n一九九六年二月五日\n\n（本文有删减）\n\n关于加强防震减灾工作意见的报告\n\n\
                国务院：\n\n一、甲\n\n乙。\n\n国家地震局\n\n一九九六年一月二十五日\n";
    let found = metadata(text);
    assert_eq!(
        found.title.as_deref(),
        Some("国务院办公厅转发国家地震局关于加强防震减灾工作意见报告的通知")
    );
    assert_eq!(found.number.as_deref(), Some("国办发〔1996〕2号"));
    assert_eq!(found.signers, ["国务院办公厅", "国家地震局"]);
    assert_eq!(dates_of(&found, DateRole::Written), ["1996-02-05", "1996-01-25"]);
    assert!(found.is_abridged);
}

#[test]
fn snippet_13_and_14_parts_of_clauses() {
    let own = |paths: &[&str], is_range| {
        (Target::Own, paths.iter().map(|path| (*path).to_owned()).collect(), is_range)
    };
    assert_eq!(
        references("按本实施办法第一条第（一）项第2点规定的对象。"),
        [own(&["第一条/（一）/2"], false)]
    );
    let text =
        "第七条 符合本条第一款规定的人员，不受本办法第六条规定第一款（一）至（五）项条件的限制。";
    assert_eq!(
        references(text),
        [
            own(&["第七条/第一款"], false),
            own(&["第六条/第一款/（一）", "第六条/第一款/（五）"], true),
        ]
    );
    assert_eq!(
        references("第三条至第五条、第八条"),
        [own(&["第三条", "第五条"], true), own(&["第八条"], false)]
    );
    assert_eq!(references("见第三条至第五条。"), [own(&["第三条", "第五条"], true)]);
    assert_eq!(references("前款规定"), [(Target::Previous, vec!["前款".to_owned()], false)]);
}

#[test]
fn snippet_15_expiry_is_a_date_and_the_old_one_ends() {
    let text = "第十三条 本办法自2024年1月1日起施行，有效期至2026年12月31日。《某市积分办法》（穗府办规〔2023〕1号）同时废止。";
    let found = metadata(text);
    assert_eq!(dates_of(&found, DateRole::Effective), ["2024-01-01"]);
    assert_eq!(dates_of(&found, DateRole::Expires), ["2026-12-31"]);
    assert_eq!(
        found.repeals,
        [Repeal {
            title: "某市积分办法".to_owned(),
            number: Some("穗府办规〔2023〕1号".to_owned())
        }]
    );
}

#[test]
fn snippet_16_marks_in_cells_open_nothing_and_notes_belong_to_the_table() {
    let text = "第六条 分值如下：\n| 指标 | 分值 |\n| 2. 居住年限：（1）甲；（2）乙 | 10 |\n注：根据本办法第六条计算。\n第七条 其他。\n";
    assert_eq!(paths(text), ["第六条", "第六条/表", "第七条"]);
}

#[test]
fn snippet_17_a_closing_paragraph_and_the_attribute_at_the_foot() {
    let text = "关于标准的通知\n一、标准\n（一）甲。\n二、时间\n（二）乙。\n本通知有效期1年。《旧通知》（穗民规字〔2024〕5号）同时废止。\n\
                广州市民政局　　广州市财政局\n2025年5月30日\n公开方式：主动公开\n";
    assert_eq!(
        paths(text),
        ["标题", "一", "一/（一）", "二", "二/（二）", "结尾", "署名", "成文日期", "附注"]
    );
    let found = metadata(text);
    assert_eq!(found.validity, Some(Validity::Years(1)));
    assert_eq!(found.disclosure, Some(DisclosureMark::Proactive));
    assert_eq!(found.repeals[0].number.as_deref(), Some("穗民规字〔2024〕5号"));
}

#[test]
fn snippet_18_and_20_numbers_have_one_form() {
    let text = "《甲》(教基厅﹝2019﹞1号)、(津教政〔2019〕7号)、沪教委财[2018]80号和沪教委财\\[2018\\]80号";
    let numbers: Vec<_> = find_numbers(text).into_iter().map(|found| found.number).collect();
    assert_eq!(
        numbers,
        ["教基厅〔2019〕1号", "津教政〔2019〕7号", "沪教委财〔2018〕80号", "沪教委财〔2018〕80号"]
    );
    let text = "关于经费的通告\n现通告如下: 一、拨款情况\n增长16.76%。 1 / 4\n二、支出\n丙。\n";
    assert_eq!(paths(text), ["标题", "前言", "一", "一/第1段", "噪声", "二", "二/第1段"]);
}

#[test]
fn snippet_19_and_23_sections_and_elliptical_lists() {
    assert_eq!(
        references("有本条例第三章第三节规定情形的"),
        [(Target::Own, vec!["第三章/第三节".to_owned()], false)]
    );
    let found = references("删去原第八、九、十三、十四條。");
    assert_eq!(found[0].1, ["第八条", "第九条", "第十三条", "第十四条"]);
}

#[test]
fn snippet_24_a_list_of_attachments_then_their_signers() {
    let text = "一、情况\n甲。\n附件:1.2023年教育财政拨款情况\n2.教师情况\n3.公用经费\n上海市教育委员会\n上海市财政局\n\
                2024年12月1日\n附件1\n2023年教育财政拨款情况\n乙。\n";
    let found = metadata(text);
    assert_eq!(found.attachments, ["2023年教育财政拨款情况", "教师情况", "公用经费"]);
    assert_eq!(found.signers, ["上海市教育委员会", "上海市财政局"]);
    assert_eq!(paths(text).last().map(String::as_str), Some("附件1/前言"));
}

#[test]
fn snippet_25_one_line_of_addressees() {
    let text = "关于调整标准的通知\n各区人力资源和社会保障局、北京经济技术开发区社会事业局，各人民团体，中央、部队在京有关单位及各类企、事业等用人单位：\n甲。\n";
    assert_eq!(paths(text), ["标题", "主送", "前言"]);
}

#[test]
fn snippet_26_a_permit_has_its_own_validity() {
    assert_eq!(
        metadata("第五条 排污许可证有效期为5年。\n第六条 优待卡有效期限由部门确定。").validity,
        None
    );
}

#[test]
fn snippet_27_a_regulation_in_one_line() {
    let text = "规划环境影响评价条例第一章　总　　则 　　第一条　为了甲，制定本条例。第二条　乙。第二章　评价　　第三条　丙。";
    assert_eq!(paths(text), ["标题", "第一章", "第一条", "第二条", "第二章", "第三条"]);
}

#[test]
fn any_text_is_covered_by_units_with_paths_of_their_own() {
    for text in [
        "",
        "\n",
        "\u{feff}",
        "   \n\t",
        "第",
        "（",
        "一",
        "《",
        "|",
        "附件",
        "年月日",
        "第条",
        "1.",
        "#",
        "\r\n\r\n",
        "一、一、一、",
        "第一条第一条第一条",
        "（一）（二）\n（一）\n（一）",
        "《《《》",
        "问：问：",
        "本本本条",
    ] {
        let mut paths = paths(text);
        let count = paths.len();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), count, "{text:?}");
        let document = Document::read(text);
        let _ = (document.metadata(), document.references(), document.findings());
    }
}
