//! Units: how lines become clauses.

use super::*;

/// These paragraphs in lines of thirty characters, as copying from a page leaves them.
fn wrap(paragraphs: &[&str]) -> String {
    let lines = paragraphs.iter().flat_map(|paragraph| {
        let chars: Vec<char> = paragraph.chars().collect();
        let lines = chars.chunks(30).map(|line| line.iter().chain(&['\n']).collect::<String>());
        lines.collect::<Vec<_>>()
    });
    lines.collect()
}

#[test]
fn lines_broken_for_their_width_are_one_paragraph() {
    let text = wrap(&[
        "第六条 申请人应当通过区政务服务平台提交下列材料，由所在街道受理，符合第五条第一款第（一）项、第（三）项或者\
         第八条规定情形的，还应当提交相关证明材料，材料不齐全的应当当场一次告知，逾期不告知的自收到之日起即为受理，\
         受理后二十日内作出决定并说明理由和救济途径，书面送达申请人和利害关系人。",
        "第七条 其他。",
    ]);
    assert_eq!(paths(&text), ["第六条", "第七条"]);
    // Short lines are what they are.
    let list = "一、单位\n牵头单位：区教育局\n配合单位：区财政局\n完成时限：2025年\n";
    assert_eq!(paths(list), ["一", "一/第1段", "一/第2段", "一/第3段"]);
    let heading = wrap(&[
        "一、关于进一步做好全区各级各类学校校园安全工作的若干要求和具体安排",
        "（一）各学校应当在每学期开学之前组织开展一次全面的校园安全自查，发现问题的应当立即整改并将情况报区教育局备\
         案，区教育局应当在十日内组织复查，复查不合格的应当责令限期整改并在全区范围内通报，同时抄送区市场监督管理局\
         和有关部门。",
    ]);
    let document = Document::read(&heading);
    let found: Vec<_> =
        document.units().iter().map(|unit| (unit.path.as_str(), unit.is_heading)).collect();
    assert_eq!(found, [("一", true), ("一/（一）", false)]);
}

#[test]
fn items_in_one_line_are_units() {
    let text = "第五条 申请应当提交下列材料：（一）申请书；（二）身份证明；（三）其他材料。逾期的，视为放弃。\n\
                第六条 有前条第（一）项、第（二）项情形的，不予受理。\n";
    assert_eq!(
        paths(text),
        ["第五条", "第五条/（一）", "第五条/（二）", "第五条/（三）", "第六条"]
    );
    assert_eq!(
        paths("（一）范围：1.甲；2.乙。①子；②丑。\n（二）步骤；（三）期限。\n"),
        ["（一）", "（一）/1", "（一）/2", "（一）/2/①", "（一）/2/②", "（二）", "（三）"]
    );
    // One alone is no list; neither is what stands in quotation marks.
    assert_eq!(paths("一、另见：（一）甲。\n二、修改为：“（一）甲；（二）乙。”\n"), ["一", "二"]);
}

#[test]
fn lists_of_every_carrier_are_units() {
    let text = "## 一、范围\n- （一）甲。\n- （二）乙：\n  1) 子；\n  2) 丑。\n> * （三）丙：\n⑴子；\n⑵丑：\n❶寅；\n❷卯：\nA.辰；\nB.巳。\n";
    assert_eq!(
        outline(text),
        [
            ("一", "一、"),
            ("一/（一）", "（一）"),
            ("一/（二）", "（二）"),
            ("一/（二）/1）", "1)"),
            ("一/（二）/2）", "2)"),
            ("一/（三）", "（三）"),
            ("一/（三）/（1）", "⑴"),
            ("一/（三）/（2）", "⑵"),
            ("一/（三）/（2）/①", "❶"),
            ("一/（三）/（2）/②", "❷"),
            ("一/（三）/（2）/②/A", "A."),
            ("一/（三）/（2）/②/B", "B."),
        ]
        .map(|(path, mark)| (path.to_owned(), mark.to_owned()))
    );
    assert!(Document::read(text).findings().is_empty());
}

#[test]
fn inserted_articles_stand_beside_the_one_they_follow() {
    let text = "第一条 甲。\n第一条之一 乙。\n第一条之二　丙：\n（一）子。\n第二条 丁。\n";
    assert_eq!(paths(text), ["第一条", "第一条之一", "第一条之二", "第一条之二/（一）", "第二条"]);
    assert!(Document::read(text).findings().is_empty());
    assert_eq!(
        paths("第十条 甲。第十条之一 乙。第十一条 丙。"),
        ["第十条", "第十条之一", "第十一条"]
    );
}

#[test]
fn what_a_decision_quotes_opens_nothing() {
    let text = "关于修改《示例办法》的决定\n一、将第三条修改为：“第三条　市公安机关负责。\n\n“区政府负责下列工作：\n“（一）甲；\n“（二）乙。”\n\
                二、增加一条，作为第十条：“第十条　公示：\n（一）丙；\n（二）丁。”\n三、删去第十二条。\n本决定自2025年6月1日起施行。\n\
                示例办法\n第一条　甲。\n第三条　乙。\n";
    assert_eq!(
        paths(text),
        ["标题", "一", "二", "三", "结尾", "附文1/标题", "附文1/第一条", "附文1/第三条"]
    );
    // What stands behind the end belongs to it.
    assert_eq!(
        paths("一、甲。\n本决定自2025年6月1日起施行。\n《甲》重新公布。\n"),
        ["一", "结尾", "结尾#2"]
    );
    // One that is never closed swallows nothing.
    let open = "一、将第三条修改为：“第三条　甲。\n二、删去第四条。\n三、删去“第五条。\n";
    assert_eq!(paths(open), ["一", "二", "三"]);
    // In one line.
    let line = "第一条 甲。第二条 改为“乙。第三条 丙。”第三条 丁。";
    assert_eq!(paths(line), ["第一条", "第二条", "第三条"]);
    assert_eq!(Document::read(line).units()[2].start, line.rfind("第三条").unwrap());
}

#[test]
fn headings_above_decimals_are_of_their_numbering() {
    assert_eq!(
        paths("1 总则\n1.1 目的\n甲。\n2 体系\n2.1 指挥部\n乙。\n3 附则\n丙。\n"),
        ["1", "1/1.1", "1/1.1/第1段", "2", "2/2.1", "2/2.1/第1段", "3", "3/第1段"]
    );
    assert_eq!(
        paths("1. 范围\n1.1 学校30所；\n1.2 高校5所。\n2. 标准\nA. 甲；\nB. 乙。\n"),
        ["1", "1/1.1", "1/1.2", "2", "2/A", "2/B"]
    );
}

#[test]
fn decimals_may_stand_right_before_their_title() {
    assert_eq!(
        paths("1.1目的\n甲。\n1.2范围\n1.5万元以下的，不予受理\n"),
        ["1.1", "1.1/第1段", "1.2", "1.2/第1段"]
    );
}

#[test]
fn the_number_of_a_page_parts_no_sentence() {
    let text = "第一章 总则\n第一条 本办法所称专项资金，是指市级财政安排的、用于支持特\n\n— 2 —\n\n定事项的资金。\n— 3 —\n第二条 甲。\n";
    assert_eq!(paths(text), ["第一章", "第一条", "噪声", "第一条/续", "噪声#2", "第二条"]);
    assert_eq!(Document::read(text).findings()[0].code, "TS128");
}

#[test]
fn rows_set_apart_by_tabs_are_a_table() {
    let text = "示例收费公示\n序号\t名称\t收费\n1\t一幼\t500\n2\t二幼\t600\n一、依据：甲。\n";
    assert_eq!(paths(text), ["标题", "表", "一"]);
    let signed = "一、甲。\n示例市教育局\t示例市财政局\t示例市卫生局\n2025年1月1日\n";
    assert_eq!(paths(signed), ["一", "署名", "成文日期"]);
}

#[test]
fn items_count_on_behind_a_paragraph_of_the_one_before() {
    let text = "第一条　条件如下：\n（一）甲类人员\n甲一。\n1.甲二。\n甲三。\n（二）乙类人员\n乙一。\n第二条　丙。\n";
    let items = ["第一条/（一）/第1段", "第一条/（一）/1", "第一条/（一）/第2段", "第一条/（二）"];
    assert_eq!(paths(text)[2..6], items);
    // Behind the last item, what is not marked is the article's again.
    let text = "第一条　条件如下：\n（一）甲。\n（二）乙。\n丙。\n";
    assert_eq!(paths(text), ["第一条", "第一条/（一）", "第一条/（二）", "第一条/第二款"]);
}

#[test]
fn what_stands_behind_a_long_list_ends_the_text() {
    let list = "一二三四五六七八九"
        .chars()
        .fold(String::new(), |list, number| format!("{list}{number}、甲。\n"));
    let end = "各部门要抓好落实。\n情况及时报告。\n示例局\n2025年9月9日\n";
    assert_eq!(paths(&format!("{list}{end}"))[9..11], ["结尾", "结尾#2"]);
    // Where an item before has a second paragraph, the last may too.
    let text = format!("{}{end}", list.replacen("甲。\n", "甲。\n乙。\n", 1));
    assert_eq!(paths(&text)[10], "九/第2段");
    let text = "一、甲。\n二、其他事宜\n本通知自印发之日起施行。\n示例局\n2025年9月9日\n";
    assert_eq!(paths(text)[2], "二/第1段");
}

#[test]
fn readers_headings_need_no_mark() {
    let said = "老年人持卡在本市公立医院就医，享受挂号、就诊、缴费、取药优先的服务，具体办法以医院公告为准。";
    let text = format!("{said}\n就医优惠\n{said}\n公园优惠\n免票入园\n{said}\n{said}\n");
    assert_eq!(
        paths(&text),
        [
            "前言",
            "就医优惠",
            "就医优惠/第1段",
            "公园优惠",
            "公园优惠/免票入园",
            "公园优惠/免票入园/第1段",
            "公园优惠/免票入园/第2段"
        ]
    );
    // Where marks divide the text, nothing else does.
    assert_eq!(paths(&format!("一、甲。\n{text}"))[2], "一/第3段");
    let groups = "甲如下：\n第一组（第1条）是乙的问题\n第1条，丙。\n第二组（第2条）是丁的问题\n第2条，戊。\n";
    assert_eq!(paths(groups), ["前言", "第一组", "第一条", "第二组", "第二条"]);
}

#[test]
fn a_number_that_runs_on_names_its_unit_alone() {
    let document =
        Document::read("一、甲\n（一）乙。\n（二）丙。\n二、丁\n（三）戊。\n（四）己。\n");
    let found = |name| document.find_unit(name).map(|unit| unit.path.as_str());
    assert_eq!([found("第三条"), found("（三）")], [Some("二/（三）"); 2]);
    assert_eq!([found("第二条"), found("第九条")], [Some("二"), None]);
}

#[test]
fn an_attachment_can_begin_in_its_tables_first_row() {
    let text = "一、甲。\n附件：1.表\n| 附件1示例表 |  |\n| 指标 | 数 |\n| 甲 | 1 |\n\n| 附件2另一表 |  |\n| 乙 | 2 |\n";
    assert_eq!(paths(text)[2..], ["附件1/表", "附件2/表"]);
}

#[test]
fn units_are_found_however_many_there_are_and_however_they_are_called() {
    let articles: Vec<String> = (1..20_000).map(|number| format!("第{number}条 甲。\n")).collect();
    let text = articles.concat();
    let document = Document::read(&text);
    let found =
        (1..20_000).filter(|number| document.find_unit(&format!("第{number}条第一款")).is_some());
    assert_eq!(found.count(), 19_999);
    // More than can be called one within the other.
    assert_eq!(document.find_unit(&"第一款".repeat(100_000)), None);
}

#[test]
fn decimals_right_before_sentences_are_units() {
    let text = "一、设置窗口\n2.1设置窗口。\n2.2公开流程，方便办事。\n2.2.1明细。\n2.3结果。\n";
    assert_eq!(paths(text), ["一", "2.1", "2.2", "2.2/2.2.1", "2.3"]);
    for figure in [
        "2.5米以内不设置。",
        "2.1亿元用于补贴，其余留用。",
        "3.5%用于补贴。",
        "5.1放假期间，窗口照常开放。",
        "12.31前完成。",
        "3.5马力以上的，须登记。",
    ] {
        let text = format!("一、甲\n补贴如下。\n{figure}\n");
        assert_eq!(paths(&text), ["一", "一/第1段", "一/第2段"], "{figure}");
    }
}
