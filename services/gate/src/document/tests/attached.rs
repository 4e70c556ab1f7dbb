//! What stands behind a text: attachments, their lists, notes under tables, and who signs below them.

use super::*;

#[test]
fn an_attachment_that_has_but_a_title_ends_where_the_next_begins() {
    let head = "关于申报的通知\n各单位：\n一、甲。\n示例局\n2027年3月1日\n";
    let text = format!(
        "{head}附件1\n申报表\n附件2\n汇总表\n附件3　流程图\n附件4\n承诺书\n本单位承诺如下：\n1.乙。\n"
    );
    assert_eq!(
        paths(&text)[5..],
        [
            "附件1/标题",
            "附件1/标题#2",
            "附件2/标题",
            "附件2/标题#2",
            "附件3/标题",
            "附件4/标题",
            "附件4/标题#2",
            "附件4/前言",
            "附件4/1"
        ]
    );
    // Behind a page whose last line ends within a sentence, too.
    let filler = "依照有关规定，开展工作并按期报送".repeat(3);
    let paged = format!("{head}附件1\n办法\n第一条　{filler}\n\n— 2 —\n\n附件2\n汇总表\n");
    assert_eq!(paths(&paged)[7..], ["附件1/第一条", "附件1/噪声", "附件2/标题", "附件2/标题#2"]);
}

#[test]
fn a_list_of_tables_within_an_attachment_is_one() {
    let text = "关于要点的通知\n一、甲。\n示例局\n2027年3月1日\n附件\n工作要点\n一、乙\n（一）丙。\n附表：1.任务分解表\n\n2.时间安排表\n附表1\n任务分解表\n";
    assert_eq!(
        paths(text)[6..],
        ["附件/一", "附件/一/（一）", "附件/附件说明", "附表1/标题", "附表1/标题#2"]
    );
    assert_eq!(metadata(text).attachments, ["任务分解表", "时间安排表"]);
    assert_eq!(Document::read(text).findings(), []);
    assert_eq!(paths("一、甲。\n附表：收费标准\n| 甲 | 乙 |\n")[1], "一/第2段", "a caption");
}

#[test]
fn the_items_of_a_note_under_a_table_are_the_notes() {
    let table = "一、标准如下：\n| 区域 | 白天 |\n|---|---|\n| 一类 | 5 |\n";
    for note in [
        "注：1.白天为8时至20时。\n2.不足1小时按1小时计。\n3.丙。\n",
        "注：1.甲；2.乙。\n\n3.丙。\n",
        "注：\n1.甲。\n2.乙。\n",
        "**注：（1）甲。**\n（2）乙。\n",
    ] {
        let text = format!("{table}{note}二、丁。\n");
        assert_eq!(paths(&text), ["一", "一/表", "二"], "{note}");
        assert_eq!(Document::read(&text).findings(), [], "{note}");
    }
    // What counts on from a clause is a clause.
    let clauses = "一、甲\n1.标准：\n| 区域 | 白天 |\n注：含税。\n2.乙。\n";
    assert_eq!(paths(clauses), ["一", "一/1", "一/1/表", "一/2"]);
}

#[test]
fn who_issues_a_text_signs_it_below_its_attachment_too() {
    let signed = |attachment: &str, signer: &str| {
        format!(
            "示例市教育局关于申报的通知\n\n各单位：\n\n一、甲。\n\n{attachment}\n{signer}\n\n2027年3月1日\n\n（此件公开发布）\n"
        )
    };
    for attachment in ["附件\n\n申报表\n", "附件1\n\n申报表\n\n填写如下：\n\n1.乙。\n"]
    {
        let text = signed(attachment, "示例市教育局");
        let found = paths(&text);
        assert_eq!(found[found.len() - 3..], ["署名", "成文日期", "附注"], "{attachment}");
        assert!(found.iter().any(|path| path.ends_with("/标题#2")), "{found:?}");
        assert_eq!(metadata(&text).signers, ["示例市教育局"]);
        assert_eq!(metadata(&text).disclosure, Some(DisclosureMark::Proactive));
        assert_eq!(paths(&text.replace("2027年3月1日", "{{成文日期}}")), found);
    }
    // Who else signs an attachment, signs that; so does the issuer whose text has a date of its own.
    let other = signed("附件\n\n申报表\n\n填写如下：\n", "示例市财政局");
    assert!(paths(&other).contains(&"附件/署名".to_owned()), "{:?}", paths(&other));
    let dated = signed("示例市教育局\n2027年2月1日\n附件\n申报表\n填写如下：\n", "示例市教育局");
    assert!(paths(&dated).contains(&"附件/署名".to_owned()), "{:?}", paths(&dated));
}
