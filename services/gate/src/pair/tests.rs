//! Sentences of a policy beside sentences of its interpretation, and what is said of them.

use lockstep_proto::{
    finding::Severity,
    manifest::{Disclosure, ExternalFigure, Metadata, Plan, Stated},
};

use super::*;

mod background;
mod begins;
mod beyond;
mod bodies;
mod bounds;
mod contacts;
mod context;
mod counts;
mod derived;
mod documents;
mod elsewhere;
mod frames;
mod holds;
mod increments;
mod near;
mod numbers;
mod outset;
mod parts;
mod places;
mod quotes;
mod rates;
mod said;
mod same_words;
mod scores;
mod shares;
mod swapped;
mod times;
mod turned;
mod whose;

/// What is found in two sentences, each in a document of its own.
fn found_of(policy: &str, interpretation: &str) -> Vec<Finding> {
    found_beside(policy, interpretation, &Stated::default())
}

fn found_beside(policy: &str, interpretation: &str, stated: &Stated) -> Vec<Finding> {
    let policy = format!(
        "关于做好示例工作的通知\n\n各区教育局：\n\n现将有关事项通知如下。\n\n一、{policy}\n\n某局\n\n2026年11月1日\n"
    );
    let interpretation = format!(
        "《关于做好示例工作的通知》解读\n\n一、背景\n\n为做好工作制定本通知。\n\n二、主要内容\n\n{interpretation}\n"
    );
    check_texts(&policy, &interpretation, stated)
}

/// What is found in two whole texts.
fn found_between(policy: &str, interpretation: &str) -> Vec<Finding> {
    check_texts(policy, interpretation, &Stated::default())
}

fn check_texts(policy: &str, interpretation: &str, stated: &Stated) -> Vec<Finding> {
    check_beside(policy, interpretation, stated, &|| vec![])
}

fn check_beside(
    policy: &str,
    interpretation: &str,
    stated: &Stated,
    annexes: &(dyn Fn() -> Vec<String> + Sync),
) -> Vec<Finding> {
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
    check(&Pair {
        policy: &Document::read(policy),
        policy_path: "policy.md",
        interpretation: &Document::read(interpretation),
        interpretation_path: "interpretation.md",
        stated,
        places: &BTreeMap::new(),
        metadata: &metadata,
        released_on: None,
        is_brief: false,
        elements: &[],
        excerpt_per_mille: 1000,
        charts: &[],
        annexes: &Annexes::new(annexes),
        data: &[],
    })
}

/// What is said of two sentences: codes, with ! where they block.
fn said_of(policy: &str, interpretation: &str) -> Vec<String> {
    codes_of(found_of(policy, interpretation))
}

fn codes_of(found: Vec<Finding>) -> Vec<String> {
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
fn another_benefit_or_case_in_the_same_sentence_is_no_contradiction() {
    let standard = "补贴标准为每人每月300元。";
    let begins = "本通知自2027年1月1日起施行，有效期至2031年12月31日。";
    let outpatient = "居民门诊起付标准为300元，支付比例为50%。";
    check_all(&[
        (outpatient, "居民门诊起付标准为300元，支付比例为60%。", &["TS121!"]),
        (outpatient, "职工医保门诊起付标准为300元，支付比例为75%，与居民医保不同。", &["TS121"]),
        (standard, "残疾人生活补贴由残联发放，补贴标准为每人每月450元。", &["TS121"]),
        (standard, "同时享受临时价格补贴，补贴标准为每人每月60元。", &["TS121"]),
        (standard, "享受高龄津贴（补贴标准为每人每月100元）的，可以申请。", &["TS121"]),
        (standard, "每月领取补贴，补贴标准为每人每月450元。", &["TS121!"]),
        ("申请人应当具有本市户籍满5年。", "具有本市户籍满3年的，可以申请临时救助。", &["TS121"]),
        ("申请人应当具有本市户籍满5年。", "具有本市户籍满3年的，可以申请。", &["TS121!"]),
        (begins, "有效期至2026年12月31日的旧证继续使用到期满。", &["TS121"]),
        (begins, "有效期至2030年12月31日。", &["TS121!"]),
        (begins, "网上办理系统自2027年3月1日起执行新标准。", &["TS120"]),
        (begins, "其中第七条自2027年3月1日起施行。", &["TS120"]),
        (begins, "本通知自2027年3月1日起施行。", &["TS126!"]),
    ]);
}

#[test]
fn values_that_changed_places_are_found_where_names_are_shortened() {
    let shares = "资金由市级财政承担60%，区级财政承担40%。";
    let rewards = "对博士给予安家补贴30万元，对硕士给予安家补贴10万元。";
    check_all(&[
        (shares, "市级承担40%，区级承担60%。", &["TS121!", "TS121!"]),
        (shares, "区级承担60%，市级承担40%。", &["TS121!", "TS121!"]),
        (shares, "市级承担60%，区级承担40%。", &[]),
        (shares, "区级承担40%，市级承担60%。", &[]),
        (rewards, "硕士30万元，博士10万元。", &["TS121!", "TS121!"]),
        (rewards, "硕士10万元，博士30万元。", &[]),
        (
            "街道自受理之日起10个工作日内初审，区民政局自收到材料之日起15个工作日内决定。",
            "街道15个工作日内初审，区民政局10个工作日内决定。",
            &["TS121"],
        ),
        (
            "补贴标准由每人每月260元提高至每人每月300元。",
            "补贴标准从每人每月300元提高到260元。",
            &["TS121!"],
        ),
        ("补贴标准为每平方米300元。", "补贴标准为每亩300元。", &["TS121!"]),
        ("补贴标准为每人每月300元。", "补贴标准（每人每月）：350元。", &["TS121!"]),
        ("补贴标准为每人每月300元。", "补贴标准（每人每月）：300元。", &[]),
    ]);
}

#[test]
fn the_day_it_takes_effect_is_read_in_other_words() {
    let begins = "本通知自2027年1月1日起施行。";
    check_all(&[
        (begins, "本通知从2027年2月1日开始实施。", &["TS126!"]),
        (begins, "本通知2027年2月1日起正式施行。", &["TS126!"]),
        (begins, "本通知2027年1月1日起正式施行。", &[]),
        (begins, "新的要求2027年2月1日起正式施行。", &["TS126"]),
        (begins, "施行日期：2027年2月1日。", &["TS126!"]),
        (begins, "2027.2.1起施行。", &["TS126!"]),
        (begins, "本通知2027-02-01起施行。", &["TS126!"]),
        (begins, "2027.1.1起施行。", &[]),
        (begins, "本通知自2027年1月1日00:00起施行。", &[]),
        (begins, "新规定2月1日零时起执行。", &["TS126!"]),
        (begins, "新规定1月1日零时起执行。", &[]),
        (begins, "施行日期：2027年1月1日。", &[]),
        (begins, "本通知自印发之日起施行。", &["TS126!"]),
        (begins, "本通知即日起施行。", &["TS126"]),
        ("本通知自2026年11月1日起施行。", "本通知自印发之日起施行。", &[]),
        ("本通知自印发之日起施行。", "本通知自印发之日起施行。", &[]),
    ]);
    let said = found_of(begins, "本通知自印发之日起施行。");
    assert!(
        said.iter().any(|finding| finding.message.ends_with("：自印发之日起 ≠ 2027-01-01")),
        "{said:?}"
    );
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
        ("距离不超过1公里。", "距离不超过1000米。", &[]),
        ("距离不超过1公里。", "距离不超过1500米。", &["TS120"]),
        ("高度不超过1.2米。", "高度不超过120厘米。", &[]),
        ("压力不低于0.28兆帕。", "压力不低于280千帕。", &[]),
        ("每次不超过500千克。", "每次不超过0.5吨。", &[]),
        ("面积不少于2公顷。", "面积不少于2万平方米。", &[]),
        ("奖励金额为3至5万元。", "奖励金额为3—6万元。", &["TS121!"]),
        ("奖励金额为3至5万元。", "奖励金额为4万元。", &["TS121"]),
    ]);
}

#[test]
fn figures_in_tables_are_named_by_row_and_column() {
    let table = "补助按下表执行。\n\n| 序号 | 类别 | 标准（元/月） | 占比（%） |\n|---|---|---|---|\n| 1 | 小学 | 500 | 30 |\n| 2 | 初中 | 600 | 40 |\n";
    let counted = "目标见下表。\n\n| 序号 | 指标 | 单位 | 2027年 | 属性 |\n|---|---|---|---|---|\n| 1 | 公园面积 | 平方米 | 1200 | 预期性 |\n| 2 | 绿化率 | % | 45 | 约束性 |\n";
    let listed =
        "目标见下表。\n\n| 指标（%） | 目标值 |\n|---|---|\n| 绿化率 | 45 |\n| 处理率 | 98 |\n";
    let members = "补助见下表。\n\n| 序号 | 单位 | 补助金额（万元） |\n|---|---|---|\n| 1 | 东城街道 | 50 |\n| 2 | 人民医院 | 80 |\n";
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
        (members, "东城街道补助金额80万元。", &["TS121!"]),
        (members, "东城街道补助金额50万元。", &[]),
        (counted, "公园面积达到1200平方米，绿化率达到45%。", &[]),
        (counted, "公园面积2027年达到1500平方米。", &["TS120"]),
        (counted, "绿化率达到48%。", &["TS121"]),
        (listed, "绿化率达到45%，处理率达到98%。", &[]),
        (listed, "绿化率目标值为48%。", &["TS121!"]),
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
            &["TS121!", "TS121!"],
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

#[test]
fn ranges_limits_former_values_and_ages_are_read_as_such() {
    check_all(&[
        ("罚款金额为5000元以上10000元以下。", "罚款金额为1万元以下。", &[]),
        ("罚款金额为5000元以上、10000元以下。", "罚款金额为5000元以上。", &[]),
        ("补贴金额为500元至1000元。", "补贴金额为1000元封顶。", &[]),
        ("申请时间为3月1日至3月31日。", "申请时间为3月31日前。", &[]),
        ("申请时间为3月1日至31日。", "申请时间为3月31日前。", &[]),
        ("申请时间为2026年3月1日至31日。", "申请时间为2026年3月31日前。", &[]),
        ("申请时间为2026年3月1日至3月31日。", "申请时间为3月31日前。", &[]),
        ("申请时间为2026年12月1日至1月31日。", "申请时间为2027年1月31日前。", &[]),
        ("申请时间为2026年12月1日至1月31日。", "申请时间为2026年1月31日前。", &["TS121"]),
        ("报名截止日期为2026年12月20日。", "报名截止日期为12月20日。", &[]),
        ("报名截止日期为12月20日。", "报名截止日期为2026年12月20日。", &[]),
        ("报名截止日期为12月20日。", "报名截至12月25日。", &["TS120"]),
        ("报名截止日期为12月20日。", "报名截至12月20日。", &[]),
        ("报名截止日期为2026年12月20日。", "报名截止日期为12月21日。", &["TS121!"]),
        ("报名截止日期为2026年12月20日。", "报名截止日期为2027年12月20日。", &["TS121!"]),
        ("申请时间为3月1日至3月31日。", "申请时间为4月1日至4月30日。", &["TS121!", "TS121!"]),
        ("罚款金额为5000元以上10000元以下。", "罚款金额为5000元以上20000元以下。", &["TS121!"]),
        ("罚款金额为5000元以上10000元以下。", "罚款金额为2万元以下。", &["TS121"]),
        ("家庭年收入低于5万元的，可以申请。", "家庭年收入4万元能申请吗？可以。", &["TS121"]),
        ("家庭年收入低于5万元的，可以申请。", "家庭年收入4万元，低于5万元，可以申请。", &["TS121"]),
        ("建筑面积不低于1000平方米。", "建筑面积900平方米的不符合要求。", &["TS121"]),
        ("建筑面积不低于1000平方米。", "建筑面积不低于900平方米。", &["TS121!"]),
        ("学费标准由每学期260元调整为300元。", "学费标准为每学期260元。", &["TS121!"]),
        ("学费标准由每学期260元调整为300元。", "学费标准由每学期260元提高到300元。", &[]),
        ("学费标准由每学期260元调整为300元。", "学费标准为每学期300元。", &[]),
        ("学费标准由每学期260元调整为300元。", "学费标准现行为每学期260元。", &[]),
        ("年满60周岁的老年人可以申请。", "年满65周岁的老年人都能申请。", &["TS121!"]),
        ("年满60周岁的老年人可以申请。", "年满60周岁的老年人都能申请。", &[]),
        ("申请人应当年满60周岁。", "申请人要年满65周岁。", &["TS121!"]),
        ("申请人应当年满60周岁。", "申请人年龄须在60周岁以上。", &[]),
        ("60周岁以上的老年人可以申请。", "其中，80周岁以上的老年人有5名。", &["TS120"]),
        ("课后服务收费标准由260元调整为300元。", "服务收费标准为260元。", &["TS121!"]),
        ("收费标准为300元。", "收费标准为200元的学校，也按300元收取。", &["TS121"]),
        ("最低缴费年限由15年逐步提高至20年。", "最低缴费年限为15年。", &["TS121!"]),
        ("办理时限由30日压缩到20日。", "办理时限为30日。", &["TS121!"]),
        ("女职工年满55周岁。", "男职工年满60周岁。", &["TS120"]),
        ("公示期限为15个工作日。", "公示期限为15日。", &["TS121!"]),
        ("救助比例为百分之七十。", "救助比例为八成。", &["TS121!"]),
    ]);
}
