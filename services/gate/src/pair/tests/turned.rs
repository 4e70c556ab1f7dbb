//! The policy's words with one put in the place of its opposite: 后 for 前, 每户 for 每人.

use super::*;

#[test]
fn the_policys_own_sentence_turned_round_blocks() {
    for (policy, interpretation) in [
        ("录取通知书于7月10日前发放给学生。", "录取通知书于7月10日后发放给学生。"),
        ("医疗费用应当在出院后12个月内申请报销。", "医疗费用要在出院后12个月后申请报销。"),
        ("年满60周岁的老年人可以优先配租。", "未满60周岁的老年人可以优先配租。"),
        ("应当自死亡次月起停发高龄津贴。", "应当自死亡当月起停发高龄津贴。"),
        ("食品冷冻时的温度应当低于-18℃。", "食品冷冻时的温度应当高于-18℃。"),
        ("统筹基金最高支付限额为25万元。", "统筹基金最低支付限额为25万元。"),
        ("小学困难学生每人每年补助1000元。", "小学困难学生每户每年补助1000元。"),
        ("从业人员每年培训不少于40学时。", "从业人员每月培训不少于40学时。"),
        ("退耕还林的农户每亩补助1600元。", "退耕还林的农户每公顷补助1600元。"),
        ("二级以上残疾人可以优先配租住房。", "二级以下残疾人可以优先配租住房。"),
        ("房租在10万元以下（含本数）的可以减免。", "房租在10万元以下（不含本数）的可以减免。"),
        ("企业单位产品能耗下降10%的可以申报。", "企业单位产品能耗上升10%的可以申报。"),
    ] {
        check_all(&[(policy, policy, &[]), (policy, interpretation, &["TS121!"])]);
        // Whatever leads to it.
        for lead in ["一是", "同时，", "《通知》明确，", "具体规定如下："] {
            let said = format!("{lead}{interpretation}");
            assert!(said_of(policy, &said).contains(&"TS121!".to_owned()), "{said}");
        }
        for other in ["邻市规定：", "以前，", "网传"] {
            let said = format!("{other}{interpretation}");
            assert!(!said_of(policy, &said).contains(&"TS121!".to_owned()), "{said}");
        }
    }
}

#[test]
fn another_unit_in_the_policys_own_sentence_blocks() {
    check_all(&[
        (
            "企业研发投入的补助比例为实际支出的5%。",
            "企业研发投入的补助比例为实际支出的5‰。",
            &["TS121!"],
        ),
        (
            "申请人应当在受理后5个工作日内补正材料。",
            "申请人应当在受理后5日内补正材料。",
            &["TS121!"],
        ),
        (
            "企业应当在受理后30日内补正全部材料。",
            "企业要在受理后一个月内补正全部材料。",
            &["TS120"],
        ),
    ]);
}

#[test]
fn words_near_the_policys_turned_round_warn() {
    let dead = "老年人死亡的，其亲属应当自死亡之日起30日内报告，自死亡次月起停发津贴。";
    let area = "申请家庭人均住房建筑面积应当低于15平方米。";
    let each = "小学学生补助标准为每人每年1000元。";
    check_all(&[
        (dead, "老人去世的，从死亡当月起停发津贴。", &["TS121"]),
        (dead, "老人去世的，从死亡次月起停发津贴。", &[]),
        (area, "人均住房建筑面积要在15平方米以上。", &["TS121"]),
        (area, "人均住房建筑面积在15平方米以上的家庭，不能申请。", &[]),
        (area, "人均住房建筑面积要在15平方米以下。", &[]),
        (area, "以前，人均住房建筑面积要在15平方米以上。", &[]),
        (each, "小学学生补助按每户每年1000元发。", &["TS121"]),
        (each, "小学学生补助按每人每年1000元发。", &[]),
        (
            "食品冷冻温度应当低于-18℃，热食中心温度应当高于70℃。",
            "冷冻温度应当高于-18℃。",
            &["TS121"],
        ),
        (
            "从业人员每年体检1次，每年培训不少于40学时。",
            "从业人员每月培训不少于40学时。",
            &["TS121!"],
        ),
        (
            "餐饮单位夜间营业噪声不得超过50分贝，22时后不得使用高音喇叭。",
            "夜间营业噪声不得低于50分贝。",
            &["TS121"],
        ),
        (
            "餐饮单位夜间营业噪声不得超过50分贝，22时后不得使用高音喇叭。",
            "夜间营业噪声不得高于50分贝。",
            &[],
        ),
    ]);
}

#[test]
fn a_later_part_is_of_whom_its_sentence_is() {
    let policy = "转外就医的，应当在7个工作日内备案；急诊的，可以在入院后3日内补办备案手续。";
    let wrong = "转外就医的，应当在7个工作日内备案；急诊的，可以在入院后4日内补办备案手续。";
    assert!(said_of(policy, wrong).contains(&"TS121!".to_owned()));
    for begin in ["原办法规定，", "去年的做法是：", "《另一办法》规定，", "2024年试行时，"]
    {
        let said = format!("{begin}{wrong}");
        assert!(!said_of(policy, &said).contains(&"TS121!".to_owned()), "{said}");
    }
}

#[test]
fn a_name_is_one_whatever_leads_to_it_or_binds_it() {
    let insured = "大病保险起付标准为1万元。";
    let often = "评估机构每次评估收费不超过150元。";
    check_all(&[
        (insured, "大病保险的起付标准是2万元。", &["TS121!"]),
        (insured, "一是大病保险的起付标准是2万元。", &["TS121!"]),
        (insured, "大病保险的起付标准是1万元。", &[]),
        (often, "评估机构每次评估收费最多200元。", &["TS121!"]),
        (often, "与以前相比，评估机构每次评估收费不超过200元。", &["TS121!"]),
        (often, "以前没有规定，新办法明确：评估机构每次评估收费不超过200元。", &["TS121!"]),
        (often, "以前，评估机构每次评估收费不超过200元。", &[]),
        (often, "（评估机构每次评估收费不超过200元）", &["TS121!"]),
    ]);
}

#[test]
fn a_permits_validity_is_not_the_policys() {
    let policy = "本通知自2027年1月1日起施行，有效期至2031年12月31日。";
    for other in
        ["许可证由区局核发，有效期至2032年12月31日。", "- 身份证：有效期至2029年12月31日。"]
    {
        assert!(said_of(policy, other).iter().all(|code| code != "TS121!"), "{other}");
    }
    let wrong = said_of(policy, "本通知有效期至2032年12月31日。");
    assert!(wrong.contains(&"TS121!".to_owned()), "{wrong:?}");
}

#[test]
fn another_time_in_the_policys_own_sentence_blocks() {
    let policy = "服务时间为工作日上午9时至11时30分，下午1时30分至5时。";
    let week = "周六上午9:00至12:00开放，周日上午8:00至11:00开放。";
    check_all(&[
        (policy, "服务时间为工作日上午9时至11时30分，下午2时30分至5时。", &["TS121!"]),
        (policy, "服务时间为工作日上午9:00至11:30，下午1:30至5:00。", &[]),
        (week, "周日上午8:00至11:00开放，周六上午9:00至12:00开放。", &[]),
    ]);
}

#[test]
fn what_only_looks_turned_does_not_block() {
    for (policy, interpretation) in [
        (
            "符合以下条件之一的家庭可以申请公共租赁住房。",
            "符合以上条件之一的家庭可以申请公共租赁住房。",
        ),
        ("高龄老年人津贴标准为每人每月40元。", "高龄老年人津贴标准为每人每年480元。"),
        ("从事种植的农户每户补助1600元。", "从事种植的农户每家补助1600元。"),
        ("小学困难学生每人每学年补助1000元。", "小学困难学生每人每年补助1000元。"),
        ("超过年度支付限额的部分由个人自行承担。", "超过年度支付限额的全部由个人自行承担。"),
        ("经评估未达到90分的机构不予奖励资金。", "经评估没有达到90分的机构不予奖励资金。"),
        ("未满60周岁的老年人不能优先配租住房。", "年满60周岁的老年人可以优先配租住房。"),
    ] {
        let found = said_of(policy, interpretation);
        assert!(found.iter().all(|code| !code.ends_with('!')), "{interpretation} {found:?}");
    }
    let age = "年满60周岁的老年人可以优先配租。";
    for other in ["邻市规定如下：", "原规定如下：", "《条例》规定，", "全省情况如下："]
    {
        let said = format!("{other}未满60周岁的老年人可以优先配租。");
        let found = said_of(age, &said);
        assert!(found.iter().all(|code| !code.ends_with('!')), "{said} {found:?}");
    }
    check_all(&[
        ("应当自死亡次月起停发高龄津贴。", "应当自死亡次年起停发高龄津贴。", &["TS121!"]),
        ("许可届满30日前提出延续申请。", "许可届满30日内提出延续申请。", &["TS121!"]),
    ]);
}

#[test]
fn a_step_of_a_scale_with_its_subject_does_not_block() {
    for (policy, step, wrong) in [
        (
            "项目投资额达到1000万元的，奖励20万元；达到5000万元的，奖励50万元。",
            "项目投资额达到5000万元的，奖励50万元。",
            "项目投资额达到5000万元的，奖励70万元。",
        ),
        (
            "研发投入占营业收入比例达到5%的，按照研发费用的10%给予补助；达到8%的，按照15%给予补助。",
            "研发投入占营业收入比例达到8%的，按照研发费用的15%给予补助。",
            "研发投入占营业收入比例达到9%的，按照研发费用的10%给予补助。",
        ),
        (
            "新增贷款500万元以下的，给予2%的贴息；500万元以上的，给予1.5%的贴息。",
            "新增贷款500万元以上的，给予1.5%的贴息。",
            "新增贷款500万元以上的，给予2.5%的贴息。",
        ),
        (
            "快递骑手违法3次的，停岗培训1天；违法5次的，停岗培训3天。",
            "快递骑手违法5次的，停岗培训3天。",
            "快递骑手违法3次的，停岗培训2天。",
        ),
    ] {
        let found = said_of(policy, step);
        assert!(found.iter().all(|code| !code.starts_with("TS121")), "{step} {found:?}");
        let found = said_of(policy, wrong);
        assert!(found.iter().any(|code| code.starts_with("TS12")), "{wrong} {found:?}");
    }
    let credit = "贷款额度10万元以下的，免除反担保要求；10万元以上的，可以采用抵押等方式担保。";
    let years = "累计缴费满5年不足10年的，最长领取18个月；10年以上的，最长领取24个月。";
    for (policy, said) in [
        (credit, "贷款额度10万元以上的，要提供反担保。"),
        (years, "累计缴费9年11个月的，最长领取18个月。"),
        (
            "2026年12月31日前申请的，每户补贴2000元；2027年1月1日以后申请的，每户补贴1000元。",
            "2027年1月1日前申请的，每户补贴2000元。",
        ),
    ] {
        let found = said_of(policy, said);
        assert!(found.iter().all(|code| !code.ends_with('!')), "{said} {found:?}");
    }
}

#[test]
fn of_figures_that_stand_side_by_side_none_is_turned_into_the_other() {
    check_all(&[(
        "区民政局5个工作日内审定。\n\n二、补贴资金每月15日前社会化发放到账。",
        "区民政局5个工作日审定，每月15日前发放。",
        &[],
    )]);
}

#[test]
fn an_amount_by_another_rate_is_another() {
    let living = "困难残疾人生活补贴标准为每人每月120元。\n\n二、护理补贴标准为每人每月80元。";
    let school = "公办高中按照每生每学期750元的标准补助。";
    check_all(&[
        (living, "生活补贴：120元/年。", &["TS121"]),
        (living, "生活补贴：120元/月。", &[]),
        (living, "生活补贴每人120元。", &[]),
        (school, "按每生每学年750元补助。", &["TS121"]),
    ]);
}

#[test]
fn half_an_hour_is_thirty_minutes() {
    let parking = "停放时间不超过30分钟的免费。\n\n二、新能源汽车停放2小时以内免费。";
    check_all(&[
        (parking, "停放不超过半小时的免费。", &[]),
        (parking, "停放不超过半个小时的免费。", &[]),
        (parking, "新能源汽车停放半小时内免费。", &["TS121!"]),
    ]);
}

#[test]
fn what_is_declared_to_be_anothers_warns_with_its_source() {
    let declared = |figure: &str| Stated {
        external: vec![ExternalFigure {
            figure: figure.to_owned(), source: "邻市办法".to_owned()
        }],
        ..Stated::default()
    };
    for (policy, interpretation, figure) in [
        ("年满60周岁的老年人可以优先配租。", "未满60周岁的老年人可以优先配租。", "未满60周岁"),
        ("录取通知书于7月10日前发放给学生。", "录取通知书于7月10日后发放给学生。", "7月10日后"),
        ("应当自死亡次月起停发高龄津贴。", "应当自死亡当月起停发高龄津贴。", "自死亡当月起停发"),
        (
            "小学困难学生每人每年补助1000元。",
            "小学困难学生每户每年补助1000元。",
            "每户每年补助1000元",
        ),
        ("小学困难学生每人每年补助1000元。", "小学困难学生每人每年补助1200元。", "1200元"),
        ("办理的时间一般不少于30日。", "办理的时间一般不超过30日。", "不超过30日"),
        ("补助标准为每人每年1000元。", "补助标准为每人每年1200元。", "每人每年1200元"),
    ] {
        let of = |stated: &Stated| -> Vec<(Severity, String)> {
            let found = found_beside(policy, interpretation, stated).into_iter();
            found.filter(|f| f.code == "TS121").map(|f| (f.severity, f.message)).collect()
        };
        let plain = of(&Stated::default());
        assert!(matches!(plain.as_slice(), [(Severity::Block, _)]), "{interpretation} {plain:?}");
        let found = of(&declared(figure));
        let [(Severity::Warning, message)] = found.as_slice() else {
            panic!("{interpretation} {found:?}");
        };
        assert!(message.contains("邻市办法") && message.contains("[[external]]"), "{message}");
        // Of other words nothing is declared.
        let other = of(&declared("未满18周岁"));
        assert!(matches!(other.as_slice(), [(Severity::Block, _)]), "{interpretation} {other:?}");
    }
    // One word alone is no figure.
    let [policy, said] = ["年满60周岁的老年人可以优先配租。", "未满60周岁的老年人可以优先配租。"];
    let found = found_beside(policy, said, &declared("未满"));
    assert!(found.iter().any(|f| f.code == "TS121" && f.severity == Severity::Block), "{found:?}");
}

#[test]
fn counts_and_validity_of_the_policy_are_nobody_elses() {
    let policy = "# 示例市补贴办法\n\n示规〔2026〕1号\n\n第一条 为了发放补贴，制定本办法。\n\n第二条 补贴发给市民。\n\n\
        第三条 补贴按月发放。\n\n第四条 本办法自2027年1月1日起施行，有效期5年。\n";
    let said =
        "# 《示例市补贴办法》解读\n\n一、主要内容\n\n《示例市补贴办法》共六条。本办法有效期3年。\n";
    let of = |figures: &[&str]| -> Vec<Severity> {
        let external = figures.iter().map(|figure| ExternalFigure {
            figure: (*figure).to_owned(),
            source: "送审稿".to_owned(),
        });
        let stated = Stated { external: external.collect(), ..Stated::default() };
        let found = check_texts(policy, said, &stated).into_iter();
        found.filter(|f| f.code == "TS121").map(|f| f.severity).collect()
    };
    assert_eq!(of(&[]), [Severity::Block, Severity::Block]);
    assert_eq!(of(&["共六条", "本办法有效期3年"]), [Severity::Block, Severity::Block]);
}

#[test]
fn a_short_clause_with_the_bound_turned_round_is_told() {
    let most = "每人每年最多申请2次，每班不超过45人。";
    let least = "施工单位至少配备2名安全员，评审不超过5天。";
    check_all(&[
        (most, "至少申请2次。", &["TS121"]),
        (most, "每人每年最少申请2次。", &["TS121"]),
        (most, "每个班不少于45人。", &["TS121"]),
        (most, "最多申请2次，每班最多45人。", &[]),
        (least, "安全员不超过2名。", &["TS121"]),
        (least, "安全员至少2名。", &[]),
        (least, "至少2名记者参加。", &[]),
    ]);
}
