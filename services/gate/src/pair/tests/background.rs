//! What was, what is elsewhere, what others say, and what is told beside the new value.

use super::check_all;

#[test]
fn another_year_part_level_or_group_at_the_head_of_a_sentence_does_not_block() {
    let plan = "到2028年，全区森林覆盖率达到45%，污水处理率达到98%。\n\n二、全区新建停车泊位5000个，新建充电桩800个，改造路灯1200盏。";
    let stays = "住院起付线：一级医院300元，二级医院600元，三级医院1000元。";
    check_all(&[
        (plan, "2025年全区森林覆盖率为42.3%，污水处理率为96.1%。", &["TS121", "TS120"]),
        (plan, "其中城东片区新建停车泊位2000个，新建充电桩300个。", &["TS121", "TS121"]),
        (stays, "职工医保的起付线为一级医院300元、二级医院600元、三级医院800元。", &["TS121"]),
        (stays, "2025年一级医院300元，二级医院600元，三级医院800元。", &["TS121"]),
        (stays, "一级医院300元，二级医院600元，三级医院800元。", &["TS121!"]),
    ]);
}

#[test]
fn a_sentence_that_compares_is_held_against_the_policy_by_its_new_value() {
    let monthly = "补贴标准为每人每月300元。";
    check_all(&[
        (monthly, "与原政策相比，补贴标准提高到每人每月350元。", &["TS121!"]),
        (monthly, "与原政策相比，补贴标准提高到每人每月300元。", &[]),
        (monthly, "原来补贴200元，现在补贴350元。", &["TS120"]),
        (monthly, "较以前，补贴标准提高到每人每月350元。", &["TS121!"]),
        (monthly, "对原政策作了完善，补贴标准为每人每月350元。", &["TS121!"]),
        (monthly, "在原单位工作的，补贴标准为每人每月350元。", &["TS121!"]),
        (monthly, "与原政策相比，补贴标准由每人每月200元提高到每人每月300元。", &[]),
        (monthly, "原政策的补贴标准为每人每月200元。", &[]),
        (monthly, "与其他区相比，补贴标准为每人每月350元，并不低。", &["TS121"]),
    ]);
    let days = "申请期限为90日。";
    check_all(&[
        (days, "与原办法相比，申请期限由60日放宽到120日。", &["TS121!"]),
        (days, "与原办法相比，申请期限由60日放宽到90日。", &[]),
    ]);
    let times = "大型车按收费标准的2倍收取。";
    check_all(&[(times, "大型车按原收费标准的3倍收取。", &["TS121"])]);
}

#[test]
fn what_a_background_tells_does_not_block() {
    let monthly = "补贴标准为每人每月300元。";
    for begin in [
        "2026年，",
        "截至2026年底，",
        "2022年至2026年，",
        "2025年底，",
        "近年来，",
        "长期以来，",
        "当前，",
        "“十四五”期间，",
        "2026年预算中，",
        "以2026年为例，",
        "有群众反映，",
        "调研发现，",
        "听证会上，",
        "起草时，",
        "国家标准中，",
        "北京市",
    ] {
        let said = format!("{begin}补贴标准为每人每月200元。");
        let found = super::said_of(monthly, &said);
        assert!(found.iter().all(|code| !code.ends_with('!')), "{said} {found:?}");
        assert!(!found.is_empty(), "{said}");
    }
    let target = "到2027年底，报废旧车3.5万辆，回收率达到85%。";
    check_all(&[
        (target, "到2027年底，报废旧车5.3万辆。", &["TS121!"]),
        (target, "2027年，报废旧车5.3万辆，回收率达到58%。", &["TS121!", "TS121!"]),
        (target, "2026年，报废旧车2.1万辆。", &["TS121"]),
    ]);
    // The policy's own place is none of others.
    let own = "北京市补贴标准为每人每月300元。";
    check_all(&[
        (own, "北京市补贴标准为每人每月200元。", &["TS121!"]),
        (monthly, "2027年1月1日起，补贴标准为每人每月200元。", &["TS121!", "TS120"]),
    ]);
}

#[test]
fn a_true_rounding_and_a_stage_do_not_block() {
    for (policy, interpretation) in [
        ("资金总额为1234.56万元。", "资金总额超过1200万元。"),
        ("带动消费120亿元。", "带动消费超过100亿元。"),
        ("电池质量为95元。", "电池质量超过90元。"),
        ("报废旧车3.5万辆。", "第一阶段报废旧车1.5万辆，第二阶段报废旧车2万辆。"),
    ] {
        let found = super::said_of(policy, interpretation);
        assert!(found.iter().all(|code| !code.ends_with('!')), "{interpretation} {found:?}");
    }
    check_all(&[("资金总额为1234.56万元。", "资金总额超过1500万元。", &["TS121!"])]);
}

#[test]
fn a_short_period_within_which_something_is_done_is_one() {
    let days = "企业应当在15日内申报。";
    check_all(&[
        (days, "企业要在一个月内申报。", &["TS121!"]),
        (days, "企业要在两周内申报。", &["TS121!"]),
        ("企业应当在30日内申报。", "企业要在一个月内申报。", &["TS120"]),
        ("企业应当在5个工作日内申报。", "企业要在5日内申报。", &["TS121!"]),
        (days, "企业要在十五天内申报。", &[]),
        (days, "企业一年申报一次。", &[]),
        ("应当在一年内办结。", "要在两年内办结。", &["TS120"]),
    ]);
}

#[test]
fn another_day_of_effect_is_found_in_whatever_words() {
    let policy = "关于示例工作的通知\n\n示发〔2027〕9号\n\n各区：\n\n一、本通知自2027年2月1日起施行。\n\n\
                  示例局\n2027年1月15日\n";
    for (interpretation, expected) in [
        ("将于2027年5月1日正式施行。", "TS126!"),
        ("2027年5月1日正式生效。", "TS126!"),
        ("本通知自2027-05-01起施行。", "TS126!"),
        ("本通知自2027年5月起施行。", "TS126!"),
        ("本通知自印发之日起施行。", "TS126"),
        ("自公布之日起施行。", "TS126"),
        ("自2026年2月1日起施行。", "TS126"),
        ("施行日期为2026年3月1日。", "TS126"),
    ] {
        let found = super::said_of(policy, interpretation);
        assert!(found.iter().any(|code| code == expected), "{interpretation} {found:?}");
    }
    for right in [
        "将于2027年2月1日正式施行。",
        "自2027年2月1日起施行。",
        "国家条例自2026年1月1日起施行。",
        "《条例》2026年1月1日正式施行。",
    ] {
        let found = super::said_of(policy, right);
        assert!(!found.iter().any(|code| code.starts_with("TS126")), "{right} {found:?}");
    }
}

#[test]
fn the_bound_of_a_share_of_something_is_one() {
    check_all(&[
        ("抽查比例不低于总数的百分之二十。", "抽查比例不高于总数的百分之二十。", &["TS121!"]),
        ("抽查比例不低于总数的百分之二十。", "抽查比例不少于总数的20%。", &[]),
        ("补贴不得超过租金的百分之七十。", "补贴不得低于租金的百分之七十。", &["TS121!"]),
    ]);
}
