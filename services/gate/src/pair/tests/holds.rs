//! How long the policy holds, in whatever words it is called.

use super::*;

const POLICY: &str = "# 示例市医疗保险办法\n\n各区：\n\n第一条 评估结果有效期为2年。\n\n\
                      第二条 依照本办法核发的许可证有效期3年。\n\n\
                      第三条 本办法自2027年1月1日起施行，有效期5年。\n\n示例局\n\n2026年11月30日\n";

fn said(interpretation: &str) -> Vec<String> {
    let interpretation = format!("# 政策解读\n\n## 一、主要内容\n\n{interpretation}\n");
    let found = codes_of(found_between(POLICY, &interpretation)).into_iter();
    found.filter(|code| code.ends_with('!') || code.starts_with("TS143")).collect()
}

#[test]
fn another_validity_blocks_by_whatever_name_the_policy_is_called() {
    for wrong in [
        "有效期至2032年12月31日。",
        "办法有效期至2032年12月31日。",
        "办法有效期到2032年12月31日。",
        "办法有效期10年。",
        "新办法的有效期为10年。",
        "这个办法有效期10年。",
        "本办法替代示政规〔2022〕5号，有效期3年。",
        "办法自2027年1月1日起施行。有效期至2032年12月31日。",
    ] {
        assert_eq!(said(wrong), ["TS121!"], "{wrong}");
    }
}

#[test]
fn the_validity_of_a_thing_or_of_another_document_is_none_of_the_policy() {
    for right in [
        "办法有效期5年。",
        "办法有效期至2031年12月31日。",
        "有效期至2031年12月31日。",
        "资格有效期至2032年12月31日。",
        "居住证的有效期至2032年12月31日。",
        "依照本办法核发的批文有效期10年。",
        "许可证由区局核发。有效期至2032年12月31日。",
        "### （一）许可证\n\n有效期至2032年12月31日。",
        "国家条例什么时候到期？有效期至2032年12月31日。",
        "暂行办法有效期2年。",
        "原办法有效期至2026年12月31日。",
        "示政规〔2022〕3号文件自2022年5月1日起施行，有效期至2027年4月30日。",
        "2022年文件自2022年5月1日起施行，有效期3年。",
        "《国家医疗保险条例》有效期至2032年12月31日。",
        "国家办法有效期10年。",
    ] {
        assert_eq!(said(right), [""; 0], "{right}");
    }
}

#[test]
fn years_in_a_title_hide_no_validity() {
    let policy = "# 示例市培训行动方案（2027—2029年）\n\n各区：\n\n一、开展培训。\n\n\
                  二、本方案自印发之日起施行，有效期至2029年12月31日。\n\n示例局\n\n2027年3月1日\n";
    for (text, expected) in [
        ("《方案》有效期至2030年12月31日。", "TS121!"),
        ("方案有效期至2030年12月31日。", "TS121!"),
        ("《方案》3月1日印发并施行，有效期至2030年12月31日。", "TS121!"),
        ("《方案》有效期至2029年12月31日。", ""),
        ("《示例市培训行动方案（2024—2026年）》有效期至2026年12月31日。", ""),
    ] {
        let text = format!("# 解读\n\n## 一、主要内容\n\n{text}\n");
        let found = codes_of(found_between(policy, &text)).into_iter();
        let found: Vec<_> = found.filter(|code| code.starts_with("TS121")).collect();
        assert_eq!(found.concat(), expected, "{text}");
    }
}

#[test]
fn the_validity_of_what_was_is_another_though_its_title_is_the_same() {
    for former in [
        "原《示例市医疗保险办法》自2021年1月1日起施行，有效期至2025年12月31日。",
        "《示例市医疗保险办法》（示府规〔2020〕6号）有效期至2025年12月31日。",
    ] {
        let interpretation = format!("# 政策解读\n\n## 一、主要内容\n\n{former}\n");
        let found = codes_of(found_between(POLICY, &interpretation));
        assert!(!found.iter().any(|code| code.starts_with("TS121")), "{found:?}");
    }
}

#[test]
fn a_validity_is_counted_from_the_day_on_which_it_begins_to_hold() {
    for (clause, interpretation, expected) in [
        ("自印发之日起30日后施行，有效期5年", "有效期5年，至2031年6月18日", ""),
        ("自发布之日起满30日后施行，有效期5年", "有效期5年，至2031年6月18日", ""),
        ("自公布之日起一个月后施行，有效期5年", "有效期5年，至2031年6月19日", ""),
        ("自公布之日起施行，有效期5年", "有效期5年，至2031年5月31日", ""),
        ("自印发之日起30日后施行，有效期5年", "有效期5年，至2032年6月18日", "TS121!"),
        ("自公布之日起施行，有效期5年", "有效期至2030年5月31日", "TS121!"),
        ("自公布之日起施行，有效期5年", "有效期至2031年5月1日", "TS121!"),
        ("自公布之日起施行，有效期至2031年12月31日", "有效期至2031年12月1日", "TS121!"),
        ("自公布之日起施行，有效期至2031年12月31日", "有效期至2032年1月30日", "TS121!"),
        ("自2026年7月1日起施行，有效期5年", "有效期至2031年7月31日", "TS121!"),
        ("自2026年7月1日至2031年6月30日施行", "有效期至2032年6月30日", "TS121!"),
        ("自2026年7月1日至2031年6月30日施行", "有效期5年", ""),
        ("自2026年7月1日起试行两年", "《办法》试行三年", "TS121!"),
        ("自2026年7月1日起施行，有效期五年", "本办法自2026年7月1日起施行，试行一年", "TS121!"),
    ] {
        let policy = format!(
            "# 示例市医疗保险办法\n\n各区：\n\n第一条 居民可以申领。\n\n第二条 本办法{clause}。\n\n示例局\n\n\
             2026年5月20日\n"
        );
        let interpretation = format!("# 政策解读\n\n## 一、主要内容\n\n{interpretation}。\n");
        let found = codes_of(found_between(&policy, &interpretation)).into_iter();
        let found: Vec<_> = found.filter(|code| code.starts_with("TS121")).collect();
        assert_eq!(found.concat(), expected, "{clause} {interpretation}");
    }
}
