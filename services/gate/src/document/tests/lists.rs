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
