//! Contents lists, headings without a number, and lists whose marks lie within one another.

use super::*;

#[test]
fn a_contents_list_ends_with_a_heading_that_has_no_number() {
    let clauses =
        "第一章　总则\n\n第一条　甲。\n\n第二章　服务\n\n第二条　乙。\n\n附　则\n\n第三条　丙。\n";
    let expected = ["第一章", "第一条", "第二章", "第二条", "附则", "第三条"];
    for list in [
        "目　录\n\n第一章　总则\n\n第二章　服务\n\n附　则\n\n",
        "目　录\n\n第一章　总则……………1\n\n第二章　服务……………3\n\n附　则………………12\n\n",
        "## 目录\n\n第一章　总则\n第二章　服务\n附则\n\n",
    ] {
        let found = paths(&format!("示例条例\n\n{list}{clauses}"));
        assert_eq!(found[..5], ["标题", "目录", "目录#2", "目录#3", "目录#4"], "{list}");
        assert_eq!(found[5..], expected, "{list}");
    }
}

#[test]
fn a_last_heading_without_a_number_is_as_wide_as_chapters() {
    for (chapter, last) in [("第二章　服务", "附　则"), ("## 第二章　服务", "## 附则")]
    {
        let text = format!(
            "示例条例\n第一章　总则\n第一条　甲。\n{chapter}\n第一节　丁\n第二条　乙。\n{last}\n第三条　丙。\n"
        );
        let document = Document::read(&text);
        let [.., section, _, heading, article] = document.units() else { panic!("{last}") };
        assert_eq!(section.path, "第二章/第一节");
        assert_eq!((heading.path.as_str(), heading.level), ("附则", Level::Heading), "{last}");
        assert!(heading.is_heading);
        assert_eq!(article.path, "第三条", "{last}");
    }
    assert_eq!(
        paths("示例方案\n一、甲\n（一）乙。\n附则\n本方案自印发之日起施行。\n"),
        ["标题", "一", "一/（一）", "附则", "附则/第1段"]
    );
    // Where Markdown alone divides a text, it says how wide a heading is.
    let headings = "# 示例办法\n## 细则\n### 总则\n甲。\n### 附则\n乙。\n";
    assert_eq!(paths(headings)[4..], ["细则/附则", "细则/附则/第1段"]);
}

#[test]
fn decimals_lie_below_what_they_count_on_from() {
    assert_eq!(
        paths("一、甲\n1.1 乙。\n1.2 丙。\n二、丁\n2.1 戊。\n2.1.1 己。\n三、庚\n（一）辛。\n"),
        ["一", "一/1.1", "一/1.2", "二", "二/2.1", "二/2.1/2.1.1", "三", "三/（一）"]
    );
    assert_eq!(
        paths("二、甲\n（一）乙\n1.1 丙。\n（二）丁\n2.1 戊。\n三、己。\n"),
        ["二", "二/（一）", "二/（一）/1.1", "二/（二）", "二/（二）/2.1", "三"]
    );
    assert_eq!(
        paths("一、甲\n1. 乙\n1.1 丙。\n2. 丁\n2.1 戊。\n二、己\n1. 庚\n1.1 辛。\n"),
        ["一", "一/1", "一/1/1.1", "一/2", "一/2/2.1", "二", "二/1", "二/1/1.1"]
    );
    assert_eq!(
        paths("二、甲\n（一）乙\n2.1 丙。\n（二）丁\n2.2 戊。\n三、己\n（四）庚\n1.1 辛。\n"),
        [
            "二",
            "二/（一）",
            "二/（一）/2.1",
            "二/（二）",
            "二/（二）/2.2",
            "三",
            "三/（四）",
            "1.1"
        ]
    );
    // What counts on from a mark above decimals is beside it, whatever they count.
    assert_eq!(paths("一、甲\n3.1 乙。\n3.2 丙。\n二、丁。\n"), ["一", "3.1", "3.2", "二"]);
    // By themselves they are the widest.
    assert_eq!(
        paths("1 总则\n1.1 甲\n一、乙。\n二、丙。\n1.2 丁\n一、戊。\n二、己。\n"),
        ["1", "1/1.1", "1/1.1/一", "1/1.1/二", "1/1.2", "1/1.2/一", "1/1.2/二"]
    );
}
