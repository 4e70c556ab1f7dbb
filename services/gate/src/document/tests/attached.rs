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
