//! What was, what holds elsewhere, cases and the day of issue: it is not the policy's matter, and contradicts nothing.

use super::{found_between, said_of};

#[test]
fn what_is_plainly_not_the_policys_matter_only_asks_for_a_source() {
    let kindergartens = "到2030年，公办园在园幼儿占比达到60%以上，新增学位5000个。";
    let parking = "小型汽车停车每小时10元，封顶每天60元。";
    for (policy, said) in [
        (kindergartens, "近年来，全区新增学位8000个，公办园在园幼儿占比提高到55%。"),
        (kindergartens, "“十四五”时期，公办园在园幼儿占比达到52%。"),
        (kindergartens, "截至2025年底，公办园在园幼儿占比为52.3%。"),
        (parking, "杭州市小型汽车停车每小时12元，封顶每天80元。"),
        (parking, "江苏省规定小型汽车停车每小时8元。"),
        (parking, "《示例工作暂行办法》规定，小型汽车停车每小时12元。"),
        (parking, "参考苏州、无锡等地做法，小型汽车停车每小时12元。"),
    ] {
        assert_eq!(said_of(policy, said), ["TS120"], "{said}");
    }
    for (policy, said) in [
        (kindergartens, "到2030年，公办园在园幼儿占比达到55%以上。"),
        (parking, "小型汽车停车每小时12元。"),
        (parking, "全市小型汽车停车每小时12元。"),
    ] {
        let found = said_of(policy, said);
        assert!(found.iter().any(|said| said.starts_with("TS121")), "{said} {found:?}");
    }
}

#[test]
fn an_amount_for_many_follows_from_that_for_a_hundred() {
    let policy = "每百户居民拥有综合服务设施面积不低于30平方米。";
    let blocks = |said: &str| said_of(policy, said).contains(&"TS121!".to_owned());
    assert!(!blocks("一个1000户的小区，综合服务设施面积不低于300平方米。"));
    assert!(blocks("一个1000户的小区，综合服务设施面积不低于200平方米。"));
    assert!(blocks("综合服务设施面积不低于300平方米。"));
}

/// A policy that names the day on which it was adopted, and a notice of the office above that is called alike.
const ISSUED: &str = "# 示例区教育局关于做好课后服务工作的通知\n\n示教〔2026〕12号\n\n各学校：\n\n\
    为落实《江南省教育厅关于做好课后服务工作的通知》（江教〔2026〕5号），经2026年12月8日局务会议审议通过，制定本通知。\n\n\
    一、课后服务费每生每学期不超过300元。\n\n本通知自2027年2月1日起施行。\n\n示例区教育局\n\n2026年12月20日\n";

#[test]
fn the_day_of_issue_the_issuer_and_the_own_number_are_right_beside_those_of_others() {
    let said = |text: &str| -> Vec<String> {
        let text = format!("# 《关于做好课后服务工作的通知》解读\n\n一、主要内容\n\n{text}\n");
        let found = found_between(ISSUED, &text).into_iter();
        let of_form = ["TS117", "TS118", "TS119", "TS133", "TS137"];
        let found = found.filter(|found| !of_form.contains(&found.code.as_str()));
        found.map(|found| format!("{} {}", found.code, found.message)).collect()
    };
    for right in [
        "《通知》于2026年12月20日印发。",
        "《通知》12月22日向社会公布。",
        "区教育局印发了《关于做好课后服务工作的通知》（示教〔2026〕12号）。",
        "《通知》自2012年9月1日施行以来，规范了收费。",
    ] {
        assert_eq!(said(right), [""; 0], "{right}");
    }
    for wrong in [
        "《通知》自2027年3月1日起施行。",
        "区教育局印发了《关于做好课后服务工作的通知》（示教〔2026〕13号）。",
    ] {
        assert!(!said(wrong).is_empty(), "{wrong}");
    }
}

#[test]
fn those_who_are_late_may_come_again_in_the_next_turn() {
    let policy = "申请人逾期未提交材料的，视为放弃。";
    assert_eq!(said_of(policy, "申请人逾期未提交材料的，视为放弃，可以下一年再申请。"), [""; 0]);
    assert_eq!(said_of(policy, "申请人逾期可以补交材料。"), ["TS139"]);
}
