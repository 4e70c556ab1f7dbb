//! Automatic numbers, as Word and WPS keep them.

use super::*;

/// One level of a list.
fn level(at: u32, format: &str, text: &str, more: &str) -> String {
    format!(
        r#"<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{format}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>"#
    )
}

pub(super) fn list(levels: &str) -> String {
    format!(
        r#"<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>"#
    )
}

/// The four levels of GB/T 9704.
pub(super) fn official() -> String {
    [
        level(0, "chineseCountingThousand", "%1、", r#"<w:suff w:val="nothing"/>"#),
        level(1, "chineseCounting", "（%2）", ""),
        level(2, "decimal", "%3.", ""),
        level(3, "decimalEnclosedCircle", "%4", ""),
    ]
    .concat()
}

#[test]
fn automatic_numbers_are_written_as_official_documents_write_them() {
    let body = [
        np(1, 0, "总体要求"),
        np(1, 1, "指导思想"),
        np(1, 1, "目标"),
        np(1, 2, "甲"),
        np(1, 2, "5月底前完成"),
        np(1, 3, "子"),
        np(1, 0, "措施"),
        np(1, 1, "重新起算"),
        np(0, 0, "没有编号"),
    ]
    .concat();
    let docx = Docx::new(&body).part("numbering", &list(&official()));
    assert_eq!(
        text(&docx),
        "一、总体要求\n\n（一）指导思想\n\n（二）目标\n\n1.甲\n\n2\\. 5月底前完成\n\n①子\n\n二、措施\n\n（一）重新起算\n\n没有编号\n"
    );
}

#[test]
fn a_column_of_automatic_numbers_is_written_and_bullets_are_not() {
    let row = |cells: &[String]| {
        let cells = cells.iter().map(|cell| format!("<w:tc>{cell}</w:tc>"));
        format!("<w:tr>{}</w:tr>", cells.collect::<String>())
    };
    let body = format!(
        "<w:tbl>{}{}{}{}</w:tbl>{}",
        row(&[p("序号"), p("事项")]),
        row(&[np(1, 0, ""), p("甲")]),
        row(&[np(1, 0, ""), p("乙")]),
        row(&[np(2, 0, ""), np(1, 0, "丙") + &np(1, 0, "")]),
        np(1, 0, ""),
    );
    let levels = level(0, "decimal", "%1", "");
    let bullets = level(0, "bullet", "·", "");
    let more = format!(
        r#"<w:abstractNum w:abstractNumId="1">{bullets}</w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>"#
    );
    let docx = Docx::new(&body).part("numbering", &(list(&levels) + &more));
    assert_eq!(
        text(&docx),
        "| 序号 | 事项 |\n| --- | --- |\n| 1 | 甲 |\n| 2 | 乙 |\n|  | 3 丙 |\n"
    );
}

#[test]
fn articles_go_on_over_chapters_and_lists_begin_anew_where_they_say_so() {
    let levels = [
        level(0, "chineseCounting", "第%1章", ""),
        level(1, "chineseCounting", "第%2条", r#"<w:lvlRestart w:val="0"/>"#),
        level(2, "decimal", "%1.%3", "<w:isLgl/>"),
    ]
    .concat();
    let more = r#"<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="8"/></w:lvlOverride></w:num>"#;
    let body = [
        np(1, 0, "总则"),
        np(1, 1, "目的"),
        np(1, 0, "分则"),
        np(1, 1, "条件"),
        np(1, 2, "款"),
        np(2, 1, "另起"),
        np(2, 1, "接着"),
    ]
    .concat();
    let docx = Docx::new(&body).part("numbering", &(list(&levels) + more));
    assert_eq!(
        text(&docx),
        "第一章　总则\n\n第一条　目的\n\n第二章　分则\n\n第二条　条件\n\n2.1 款\n\n第八条　另起\n\n第九条　接着\n"
    );
}

#[test]
fn lists_may_be_another_ones_or_write_a_level_their_own_way() {
    let numbering = format!(
        r#"<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="公文"/></w:abstractNum><w:abstractNum w:abstractNumId="1"><w:styleLink w:val="公文"/>{}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="1">{}</w:lvlOverride></w:num>"#,
        official(),
        level(1, "upperLetter", "%2)", "")
    );
    let body = [np(1, 0, "甲"), np(2, 1, "乙"), np(1, 0, "丙")].concat();
    let docx = Docx::new(&body).part("numbering", &numbering);
    assert_eq!(text(&docx), "一、甲\n\nA)乙\n\n二、丙\n");
}

/// WPS binds levels to styles, and paragraphs name the style alone.
#[test]
fn numbering_comes_through_styles_and_what_they_are_based_on() {
    let levels = [
        level(0, "chineseCounting", "%1、", r#"<w:pStyle w:val="2"/>"#),
        level(1, "chineseCounting", "（%2）", r#"<w:pStyle w:val="3"/>"#),
    ]
    .concat();
    let styles = r#"
        <w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="3"><w:name w:val="heading 2"/><w:basedOn w:val="2"/></w:style>
        <w:style w:type="paragraph" w:styleId="4"><w:name w:val="Title"/></w:style>"#;
    let styled = |style: &str, text: &str| pp(&format!(r#"<w:pStyle w:val="{style}"/>"#), &r(text));
    let body = [
        styled("4", "关于某事项"),
        styled("4", "的通知"),
        styled("2", "总体要求"),
        styled("3", "整条写在标题样式里的，是正文。"),
        styled("3", "目标"),
        styled("3", &"长".repeat(61)),
    ]
    .concat();
    let docx = Docx::new(&body).part("numbering", &list(&levels)).part("styles", styles);
    assert_eq!(
        text(&docx),
        "# 关于某事项的通知\n\n## 一、总体要求\n\n（一）整条写在标题样式里的，是正文。\n\n### （二）目标\n\n（三）"
            .to_owned()
            + &"长".repeat(61)
            + "\n"
    );
}
