//! Sentences of a policy beside sentences of its interpretation, and what is said of them.

use lockstep_proto::{
    finding::Severity,
    manifest::{Disclosure, Metadata, Plan, Stated},
};

use super::*;

/// What is said of two sentences: codes, with ! where they block.
fn said_of(policy: &str, interpretation: &str) -> Vec<String> {
    let policy = format!(
        "关于做好示例工作的通知\n\n各区教育局：\n\n现将有关事项通知如下。\n\n一、{policy}\n\n某局\n\n2026年11月1日\n"
    );
    let interpretation = format!(
        "《关于做好示例工作的通知》解读\n\n一、背景\n\n为做好工作制定本通知。\n\n二、主要内容\n\n{interpretation}\n"
    );
    let metadata = Metadata {
        title: "关于做好示例工作的通知".to_owned(),
        number: None,
        written_on: None,
        printed_on: None,
        index_number: None,
        slots: vec![],
        disclosure: Disclosure {
            attribute: lockstep_proto::manifest::Attribute::Proactive,
            ground: "某条".to_owned(),
        },
        plan: Plan {
            purpose: String::new(),
            scope: String::new(),
            procedure: String::new(),
            form: String::new(),
        },
    };
    let found = check(&Pair {
        policy: &Document::read(&policy),
        policy_path: "policy.md",
        interpretation: &Document::read(&interpretation),
        interpretation_path: "interpretation.md",
        stated: &Stated::default(),
        places: &BTreeMap::new(),
        metadata: &metadata,
        released_on: None,
        elements: &[],
        excerpt_per_mille: 1000,
        data: &[],
    });
    found
        .into_iter()
        .filter(|finding| finding.code != "TS117")
        .map(|finding| match finding.severity {
            Severity::Block => format!("{}!", finding.code),
            Severity::Warning => finding.code,
        })
        .collect()
}

#[track_caller]
fn check_all(cases: &[(&str, &str, &[&str])]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(policy, interpretation, expected)| {
            (policy, interpretation, expected, said_of(policy, interpretation))
        })
        .filter(|(.., expected, said)| said != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn another_value_of_one_quantity_blocks_and_a_doubt_warns() {
    let standard = "补贴标准为500元。";
    check_all(&[
        (standard, "补贴标准为500元。", &[]),
        (standard, "补贴标准为800元。", &["TS121!"]),
        (standard, "根据本市实际，补贴标准为800元。", &["TS121!"]),
        (standard, "与其他区相比，补贴标准为600元，并不低。", &["TS121"]),
        (standard, "问：补贴标准是600元吗？答：不是，是500元。", &["TS121"]),
        (standard, "补贴标准为600元的旧政策停止执行。", &["TS121"]),
        (standard, "有人以为，补贴标准为600元。", &["TS121"]),
        (standard, "全国的补贴标准为600元。", &["TS120"]),
        (standard, "上年度补贴标准为600元。", &["TS120"]),
        (standard, "补贴标准由400元提高到500元。", &[]),
        (standard, "补贴标准从400元提高到500元。", &[]),
        (standard, "在原标准400元的基础上提高到500元。", &[]),
        ("A类企业奖励金额为10万元。", "B类企业不在此列，奖励金额为5万元。", &["TS121"]),
        ("A类企业奖励金额为10万元。", "A类企业奖励金额为5万元。", &["TS121!"]),
        ("自受理之日起20日内办结。", "材料不齐的，自受理之日起5日内一次告知。", &["TS121"]),
        ("自受理之日起20日内办结。", "自受理之日起25日内办结。", &["TS121!"]),
        ("年满60周岁的，补贴标准为500元。", "未满60周岁的，补贴标准为300元。", &["TS121"]),
        ("年满60周岁的，补贴标准为500元。", "年满60周岁的，补贴标准为300元。", &["TS121!"]),
    ]);
}

#[test]
fn money_dates_and_ranges_are_compared_in_one_form() {
    check_all(&[
        ("补贴标准为500美元。", "补贴标准为800美元。", &["TS121!"]),
        ("补贴标准为500美元。", "补贴标准为500元。", &["TS120"]),
        ("补贴标准为¥500。", "补贴标准为人民币500元。", &[]),
        ("补贴标准为¥500。", "补贴标准为￥800。", &["TS121!"]),
        ("补贴标准为RMB 500元。", "补贴标准为伍佰元整。", &[]),
        ("补贴标准为人民币500元。", "补贴标准为捌佰元整。", &["TS121!"]),
        ("总投资为1.2亿元。", "总投资为12000万元。", &[]),
        ("总投资为1.2亿元。", "总投资为1200万元。", &["TS121!"]),
        ("报名截止日期为2027年3月1日。", "报名截止日期为2027.3.1。", &[]),
        ("报名截止日期为2027/3/1。", "报名截止日期为2027-03-01。", &[]),
        ("报名截止日期为2027-03-01。", "报名截止日期为2027.3.11。", &["TS121!"]),
        ("补助比例为30%。", "补助比例为三成。", &[]),
        ("补助比例为百分之三十。", "补助比例为四成。", &["TS121!"]),
        ("补助比例提高5%。", "补助比例提高5个百分点。", &["TS120"]),
        ("奖励金额为3至5万元。", "奖励金额为3万元至5万元。", &[]),
        ("奖励金额为3至5万元。", "奖励金额为3—6万元。", &["TS121!"]),
        ("奖励金额为3至5万元。", "奖励金额为4万元。", &["TS121"]),
    ]);
}

#[test]
fn figures_in_tables_are_named_by_row_and_column() {
    let table = "补助按下表执行。\n\n| 序号 | 类别 | 标准（元/月） | 占比（%） |\n|---|---|---|---|\n| 1 | 小学 | 500 | 30 |\n| 2 | 初中 | 600 | 40 |\n";
    let plain = "补助按下表执行。（单位：万元）\n\n| 类别 | 金额 |\n|---|---|\n| 示范学校 | 5 |\n| 普通学校 | 3.5 |\n";
    check_all(&[
        (table, "小学的标准为500元，初中的标准为600元。", &[]),
        (table, "小学的标准为800元。", &["TS121!"]),
        (table, "小学的补助标准为800元。", &["TS121!"]),
        (table, "小学为800元。", &["TS121"]),
        (table, "小学为每年800元。", &["TS120"]),
        (table, "小学的门票价格为800元。", &["TS120"]),
        (table, "小学占比为45%。", &["TS121!"]),
        (table, "小学的标准为600元，初中的标准为500元。", &["TS121!", "TS121!"]),
        (table, &table.replace("500", "800"), &["TS121!"]),
        (
            table,
            &table.replace("500", "600").replace("| 600 | 40", "| 500 | 40"),
            &["TS121!", "TS121!"],
        ),
        (table, &table.replace("标准（元/月）", "原标准（元/月）").replace("500", "400"), &[]),
        (plain, "示范学校的金额为5万元，普通学校的金额为35000元。", &[]),
        (plain, "普通学校的金额为3万元。", &["TS121!"]),
        (plain, "普通学校的金额为3.5元。", &["TS121!"]),
    ]);
}

#[test]
fn what_names_several_quantities_blocks_none() {
    let tables = "收费：\n\n| 类别 | 标准（元） |\n|---|---|\n| 小学 | 500 |\n| 初中 | 600 |\n\n补助：\n\n| 类别 | 标准（元） |\n|---|---|\n| 小学 | 50 |\n| 初中 | 60 |\n";
    let programmes = "符合条件的，补贴标准为500元。另设专项：符合条件的，补贴标准为800元。";
    let families = "补贴标准为500元，低保家庭补贴标准为800元。";
    check_all(&[
        (tables, "小学标准为70元。", &["TS120"]),
        (tables, tables, &[]),
        (families, "低保家庭：补贴标准为800元。", &[]),
        (families, "补贴标准为700元。", &["TS121!"]),
        (programmes, "符合条件的，补贴标准为800元。符合条件的，补贴标准为500元。", &[]),
        ("全市建成200个食堂。", "全市建成150个车位。", &["TS121"]),
        ("全市建成200个食堂。", "全市建成150个食堂。", &["TS121!"]),
    ]);
}

#[test]
fn cases_rates_lists_and_ratios_are_told_apart() {
    let by_age = "年满16周岁不满18周岁的，补贴标准为500元；年满18周岁的，补贴标准为800元。";
    check_all(&[
        (by_age, by_age, &[]),
        (
            by_age,
            "年满16周岁不满18周岁的，补贴标准为800元；年满18周岁的，补贴标准为500元。",
            &["TS121!", "TS121!"],
        ),
        ("补贴每人每月500元。", "补贴每人每年500元。", &["TS121"]),
        ("补贴标准为二千元。", "补贴标准为3万2千元。", &["TS121!"]),
        ("补贴标准为3万2千元。", "补贴标准为32000元。", &[]),
        ("给予500元/月的补贴。", "给予500元/年的补贴。", &["TS121"]),
        ("补贴每人每月500元。", "补贴每人每月500元，另给予每人200元。", &["TS120"]),
        ("补贴标准分别为500元、600元、700元。", "补贴标准分别为500元、600元、700元。", &[]),
        (
            "补贴标准分别为500元、600元、700元。",
            "补贴标准分别为500元、700元、600元。",
            &["TS121", "TS121"],
        ),
        ("每班不超过45人。", "每班不超过50人。", &["TS121"]),
        ("师生比1:20。", "师生比1:30。", &["TS121!"]),
        ("师生比1:20。", "会议在1:30开始。", &[]),
        ("招生计划135个。", "招生计划为235个。", &["TS121!"]),
        ("招生计划135个。", "从3个方面落实。", &[]),
        ("补贴标准为5\u{200b}00元。", "补贴标准为8\u{200b}00元。", &["TS121!"]),
        ("补贴标准为500&nbsp;元。", "补贴标准为800&nbsp;元。", &["TS121!"]),
    ]);
}
