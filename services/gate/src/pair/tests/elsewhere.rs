//! What is said of one article and stands in another.

use super::*;

const POLICY: &str = "# 示例市护理补贴发放办法\n\n各区：\n\n第一条 本办法适用于本市老年人。\n\n\
    第二条 申请人应当在年满80周岁前30日内提出申请，并提交3种材料。\n\n\
    第三条 护理补贴标准为：轻度失能每人每月200元，中度失能每人每月400元。\n\n\
    第四条 区民政局应当自受理之日起5个工作日内完成初审。\n\n第五条 本办法自印发之日起施行。\n\n\
    示例局\n\n2026年11月2日\n";

fn said(interpretation: &str) -> Vec<String> {
    let interpretation = format!("# 政策解读\n\n## 一、主要内容\n\n{interpretation}\n");
    let found = found_between(POLICY, &interpretation).into_iter();
    let found = found.filter(|finding| finding.code == "TS144");
    found.map(|finding| finding.message).collect()
}

#[test]
fn an_article_that_says_something_else_is_named_with_the_right_one() {
    for wrong in [
        "《办法》第二条规定，护理补贴标准为轻度失能每人每月200元，中度失能每人每月400元。",
        "办法第四条规定了护理补贴标准：轻度失能每人每月200元。",
        "本办法第五条明确，护理补贴标准为中度失能每人每月400元。",
    ] {
        let said = said(wrong);
        assert!(
            matches!(&*said, [one] if one.contains("第三条 it stands in 第三条")),
            "{wrong} {said:?}"
        );
    }
}

#[test]
fn an_article_that_says_it_or_another_document_is_right() {
    for right in [
        "《办法》第三条规定，护理补贴标准为轻度失能每人每月200元。",
        "《办法》第二条规定，申请时要带3种材料。",
        "《办法》第二条规定的材料齐全的，区民政局5个工作日内完成初审。",
        "《国家办法》第二条规定，护理补贴标准为轻度失能每人每月200元。",
        "原办法第二条规定，护理补贴标准为轻度失能每人每月200元。",
        "第二条规定，护理补贴标准为轻度失能每人每月200元。",
    ] {
        assert_eq!(said(right), [""; 0], "{right}");
    }
}

#[test]
fn words_that_stand_in_another_article_warn_without_a_figure() {
    let policy = "# 示例市城市管理规定\n\n各区：\n\n第一条 为加强管理，制定本规定。\n\n\
                  第二条 个人不得在公共门厅、疏散通道停放电动自行车。\n\n\
                  第三条 外墙饰面脱落的，业主应当及时修复外墙。\n\n\
                  第四条 骗取补贴资金的，由区财政局责令退回。\n\n第五条 本规定自印发之日起施行。\n\n\
                  示例局\n\n2027年3月1日\n";
    for (text, expected) in [
        ("《规定》第三条明确，公共门厅、疏散通道不得停放电动自行车。", "TS144"),
        ("根据第三条，骗取补贴资金的，由区财政局责令退回。", "TS144"),
        ("骗取补贴资金的，由区财政局责令退回（第三条）。", "TS144"),
        ("骗取补贴资金的，由区财政局责令退回（《规定》第二条）。", "TS144"),
        ("《规定》第二条明确，公共门厅、疏散通道不得停放电动自行车。", ""),
        ("骗取补贴资金的，由区财政局责令退回（第四条）。", ""),
        ("电动自行车停放（第二条）、外墙修复（第三条）都有规定。", ""),
        ("违反第二条规定的，依法处罚。", ""),
        ("根据《国家条例》第三条，骗取补贴资金的，由区财政局责令退回。", ""),
        ("《规定》第三条明确了业主在群众安全方面应当做的事情。", ""),
    ] {
        let text = format!("# 政策解读\n\n## 一、主要内容\n\n{text}\n");
        let found = codes_of(found_between(policy, &text)).into_iter();
        let found: Vec<_> = found.filter(|code| code.starts_with("TS144")).collect();
        assert_eq!(found.concat(), expected, "{text}");
    }
}
