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
