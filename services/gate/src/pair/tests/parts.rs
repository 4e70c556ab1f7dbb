//! How many articles, chapters and parts the policy has.

use super::*;

const ARTICLES: &str = "# 示例市就业补贴办法\n\n各区：\n\n## 第一章 总则\n\n第一条 本办法适用于本市企业。\n\n\
    第二条 资金由市级财政承担。\n\n## 第二章 标准\n\n第三条 按月发放。\n\n第四条 依照《国家条例》第七条审核。\n\n\
    ## 第三章 附则\n\n第五条 本办法自印发之日起施行。\n\n示例局\n\n2026年11月2日\n\n附件1\n\n就业补贴申请指南\n\n\
    第一条 登录系统。\n\n第二条 提交材料。\n";
const PARTS: &str = "# 关于招生工作的意见\n\n各区：\n\n提出如下意见。\n\n## 一、对象\n\n（一）小学招收儿童。\n\n\
    （二）初中招收毕业生。\n\n## 二、班额\n\n（三）班额适当。\n\n## 三、纪律\n\n（四）严守纪律。\n\n\
    本意见自印发之日起施行。\n\n示例局\n\n2026年11月2日\n";

fn said(policy: &str, interpretation: &str) -> Vec<String> {
    let interpretation = format!("# 政策解读\n\n## 一、主要内容\n\n{interpretation}\n");
    let found = codes_of(found_between(policy, &interpretation)).into_iter();
    found.filter(|code| code.starts_with("TS121")).collect()
}

#[test]
fn another_number_of_articles_chapters_or_parts_blocks() {
    for (policy, wrong) in [
        (ARTICLES, "《办法》共六条。"),
        (ARTICLES, "办法一共4条，主要规定了标准和程序。"),
        (ARTICLES, "本办法由6条组成。"),
        (ARTICLES, "共6条，主要内容如下。"),
        (ARTICLES, "《办法》全文共六条。"),
        (ARTICLES, "《办法》分为四章、5条。"),
        (ARTICLES, "《办法》共三章六条。"),
        (PARTS, "《意见》共四个部分、四项。"),
        (PARTS, "意见由两个部分组成，共四条。"),
    ] {
        assert_eq!(said(policy, wrong), ["TS121!"], "{wrong}");
    }
    // Who breaks off has more; and headings may be grouped.
    let broken = ARTICLES.replace("第五条 本办法自印发之日起施行。", "第五条 按年核查。");
    assert_eq!(said(&broken, "《办法》共六条。"), ["TS121"]);
    assert_eq!(said(PARTS, "《意见》共四个部分。"), ["TS121"]);
    assert_eq!(said(PARTS, "《意见》共三个部分、五项。"), ["TS121"]);
}

#[test]
fn honest_counts_and_counts_of_other_things_are_let_through() {
    for (policy, right) in [
        (ARTICLES, "《办法》共三章五条。"),
        (ARTICLES, "办法一共五条。"),
        (ARTICLES, "《国家条例》共三十条。"),
        (ARTICLES, "《条例》共三十条。"),
        (ARTICLES, "《国家就业办法》（以下简称《办法》）很重要。《办法》共三十条。"),
        (ARTICLES, "原办法共八条。"),
        (ARTICLES, "与原办法相比，新增2条，共修改6条。"),
        (ARTICLES, "修订后的办法由4条扩充为5条。"),
        (ARTICLES, "《办法》共提出16条措施。"),
        (ARTICLES, "《办法》共3个方面16条具体举措。"),
        (ARTICLES, "征求意见期间，共收到意见23条。"),
        (ARTICLES, "附件1共2条。"),
        (ARTICLES, "《办法》第三条共3项。"),
        (ARTICLES, "《办法》共五个部分。"),
        (PARTS, "《意见》共三个部分、四项。"),
        (PARTS, "意见共三部分四条。"),
        (PARTS, "《意见》共两部分内容。"),
        (PARTS, "《意见》从六个方面提出要求。"),
    ] {
        assert_eq!(said(policy, right), [""; 0], "{right}");
    }
    let amending = ARTICLES.replace("# 示例市就业补贴办法", "# 关于修改示例市就业补贴办法的决定");
    assert_eq!(said(&amending, "《决定》共八条。"), [""; 0]);
}

#[test]
fn the_clauses_of_a_notice_are_counted_and_cited_as_articles_are() {
    let notice = "# 关于规范停车的通知\n\n各区：\n\n现就有关事项通知如下：\n\n一、停车场应当公示标准。\n\n\
                  二、停车费按月缴纳。\n\n三、本通知自2027年4月1日起施行。\n\n示例局\n\n2027年3月1日\n";
    let open = notice.replace("三、本通知自2027年4月1日起施行。", "三、停车场应当安装监控。");
    let issuing = notice.replace("关于规范停车的通知", "关于印发《示例市停车办法》的通知");
    let listed =
        notice.replace("停车费按月缴纳。", "停车费：\n\n（一）按月缴纳。\n\n（二）不得预收。");
    for (policy, text, expected) in [
        (notice, "《通知》共四条。", "TS121!"),
        (notice, "《通知》共分五条。", "TS121!"),
        (notice, "《通知》共三条。", ""),
        (notice, "《通知》提出四条措施。", ""),
        (&open, "《通知》共四条。", "TS121"),
        (&listed, "《通知》共四条。", ""),
        (notice, "《通知》第五条明确，停车场应当公示标准。", "TS144"),
        (notice, "《通知》第三条明确了施行日期。", ""),
        (notice, "《国家条例》第五条明确，停车场应当公示标准。", ""),
        (&listed, "《通知》第五条明确，停车场应当公示标准。", ""),
        // The 办法 that a notice issues has articles of its own.
        (&issuing, "《办法》共二十条。", ""),
        (&issuing, "《办法》第二十条明确，停车场应当公示标准。", ""),
    ] {
        let text = format!("# 政策解读\n\n## 一、主要内容\n\n{text}\n");
        let found = codes_of(found_between(policy, &text)).into_iter();
        let found: Vec<_> =
            found.filter(|code| code.starts_with("TS121") || code.starts_with("TS144")).collect();
        assert_eq!(found.concat(), expected, "{text}");
    }
}
