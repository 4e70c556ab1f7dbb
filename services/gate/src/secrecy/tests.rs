//! Marks of every form, and words that are none.

use super::*;

#[test]
fn marks_are_found_however_they_are_dressed() {
    let marks = [
        "绝密",
        "机密★1年",
        "秘密★６个月",
        "  机 密 ★ 长期",
        "**机密★20年**",
        "# 秘密",
        "000001 机密★1年 特急",
        "密级：秘密",
        "绝密★启用前",
        "机密☆十年",
        "【机密】",
        "\u{feff}机密",
        "★秘密",
        "★ 秘密 ★",
        "秘密（1年）",
        "（秘密）",
        "秘密 1年",
        "【机密】★3年",
        "秘密：1年",
        "秘密★1年6个月",
        "机密★至2030年12月31日",
        "密级：机密　保密期限：3年",
        "特急 秘密★1年",
        "秘密★1年（特急）",
        "000001（机密）",
        "机密级",
        "密级：机密级",
        "機密",
        "机\u{200b}密★1\u{2064}年",
        "\\机密",
        "“机密”",
        "份号 000001 机密★1年 特急",
        "机密★1年　　特急　　000001",
        "| 某局文件 | 机密★1年 |",
        "某局文件　　　　　机密",
        "某局文件（机密）",
        "密 级：机密★1年 紧急程度：特急",
        "机密★两年",
        "秘密 ★ 壹年",
        "机密★2029.12.31",
        "机密★截至2030年",
        "- 机密★1年",
        "1. 机密★1年",
        "特提 机密",
        "示教发〔2026〕5号　　机密",
        "机密 示教发〔2026〕5号",
        "示教发〔2026〕5号机密★1年",
        "机密★1年示教发〔2026〕5号",
        "第12号 秘密",
        "No.000012 机密★1年 示教发〔2026〕5号",
        "密级：秘密 编号：12",
        "关于开展某项检查的通知（机密）",
        "# 关于某事项的通知（秘密★1年）",
        "示例市教育局工作方案〔机密〕",
        "| 密级 | 秘密 | 份号 | 000001 |",
        "| 份号 | 000001 | 密级 | 机密 | 紧急程度 | 特急 |",
        "| 密级：| 秘密 | 保密期限 | 3年 |",
        "密级　秘密　份号　000001",
        "保密等级：秘密",
        "保密等级：机密级",
        "秘密等级：机密★1年",
    ];
    for mark in marks {
        let text = format!("\n{mark}\n关于某事项的通知\n");
        assert_eq!(find_mark(&text), Some(2), "{mark:?} was let through");
    }
}

#[test]
fn a_level_beside_an_agency_is_a_mark_at_the_head_alone() {
    for (head, line) in [
        ("| 示例市教育局 | 文件 |\n|---|---|\n| 示例市财政局 | 秘密 |\n", 3),
        ("| 示例市教育局文件 | |\n|---|---|\n| 示例市财政局 | 机密 | 000001 |\n", 3),
        ("示例市教育局文件\n示例市财政局　　秘密\n", 2),
        ("示例市教育局\n\n文　件\n**示例市财政局**　秘密\n", 4),
        ("| 示例市财政局 | 秘密 |\n", 1),
    ] {
        assert_eq!(find_mark(&format!("{head}\n关于某事项的通知\n")), Some(line), "{head}");
    }
    for text in [
        "| 单位 | 密级 |\n|---|---|\n| 示例市财政局 | 秘密 |\n",
        "关于某事项的通知\n\n示例市财政局　秘密\n",
        "密级、份号、紧急程度和保密期限在版头标注，示例市财政局 秘密\n",
        "| 密级 | 份号 | 紧急程度 | 保密期限 |\n",
        "| 密级 | 绝密 | 机密 | 秘密 |\n",
        "保密等级：秘密的确定由示例市财政局负责\n",
        "紧急程度：特急\n份号：000001\n关于保密等级的通知\n",
    ] {
        assert_eq!(find_mark(text), None, "{text}");
    }
}

#[test]
fn titles_of_every_kind_bear_marks() {
    for kind in DOCUMENT_KINDS {
        for mark in ["（机密）", "（秘密★1年）", "〔绝密〕"] {
            let title = format!("某市防汛{kind}{mark}");
            assert_eq!(find_mark(&title), Some(1), "{title}");
        }
    }
}

#[test]
fn markdown_hides_no_mark() {
    for mark in [
        "机&#23494;",
        "<b>机密</b>",
        "**机**密",
        "机<!-- x -->密★1年",
        "| 甲 |\n|---|\n| 机&#23494;★1年 |",
    ] {
        let source = format!("\n{mark}\n\n关于某事项的通知\n");
        let line = if mark.starts_with('|') { 4 } else { 2 };
        assert_eq!(find_mark_on_page(&source), Some(line), "{mark:?} was let through");
    }
    let list = "| 文 | 密级 |\n|---|---|\n| 某规定 | 秘密 |\n\n商业**秘密**\n";
    assert_eq!(find_mark_on_page(list), None);
}

#[test]
fn words_in_running_text_are_no_mark() {
    let lines = [
        "中华人民共和国保守国家秘密法",
        "秘密是关系国家安全的事项。",
        "机密级国家秘密不超过二十年",
        "绝密、机密、秘密三级",
        "商业秘密",
        "（1）秘密",
        "〔2〕机密",
        "1.秘密",
        "机密（以下简称涉密）",
        "秘密一二三",
        "秘密（见附件）",
        "绝密 机密 秘密",
        "标注“机密★1年”字样，方可印发",
        "1 | 某类文件 | 秘密",
        "| 机密 | 二十年 | 说明 |",
        "涉及国家秘密的文件（机密）",
        "- 机密",
        "（一）关于某事项的通知（机密）",
        "1.关于某事项的通知（秘密）",
        "《关于某事项的通知》（机密）",
        "示保〔2026〕5号规定的秘密",
        "示教发〔2026〕5号 秘密事项目录",
        "保守商业秘密管理办法（商业秘密）",
    ];
    for line in lines {
        assert_eq!(find_mark(line), None, "{line:?} was taken for a mark");
    }
}

#[test]
fn names_of_files_hold_marks() {
    for name in
        ["机密.docx", "机密-附表.pdf", "附表（机密）.xlsx", "名单(秘密★1年).docx", "秘密_名单.xlsx"]
    {
        assert!(is_name_marked(name), "{name}");
    }
    for name in
        ["商业秘密保护办法.pdf", "保守国家秘密法.docx", "绝密、机密、秘密标志.png", "密级说明.pdf"]
    {
        assert!(!is_name_marked(name), "{name}");
    }
}

#[test]
fn only_the_head_counts() {
    let text = format!("{}机密\n", "正文。\n".repeat(HEAD_LINES));
    assert_eq!(find_mark(&text), None);
}
