//! The policy's words with another value, the opposite bound or the opposite duty; values of another item.

use super::*;

#[test]
fn a_bound_turned_round_is_found() {
    let notice = "公示时间不少于30日。";
    let age = "60周岁以上的本市老年人可以申请。";
    let area = "建筑面积不低于20平方米的房屋可以出租。";
    check_all(&[
        (notice, "公示时间不超过30日。", &["TS121!"]),
        (notice, "公示时间不少于30日。", &[]),
        (notice, "公示时间至少30日。", &[]),
        (notice, "公示时间为30日以上。", &[]),
        (notice, "公示最长30日。", &["TS121"]),
        (notice, "公示最短30日。", &[]),
        (age, "60周岁以下的本市老年人可以申请。", &["TS121!"]),
        (age, "60周岁以下的老年人不能申请。", &[]),
        (age, "60周岁以下的老年人能申请吗？", &[]),
        (area, "建筑面积不高于20平方米的房屋可以出租。", &["TS121!"]),
        (area, "建筑面积低于20平方米的房屋，不得出租。", &[]),
        ("奖励最高50万元。", "奖励最低50万元。", &["TS121"]),
        ("申请期限不超过30日。", "超过30日的申请，不予受理。", &[]),
    ]);
}

#[test]
fn a_value_of_another_item_or_step_is_found() {
    let levels = "补助。\n\n（一）小学。每人每年500元。\n\n（二）初中。每人每年800元。";
    let steps = "窗口应当在5个工作日内决定是否受理。区局应当在20个工作日内完成审查。";
    let lists = "补助标准如下：小学每人每年500元；初中每人每年800元。";
    check_all(&[
        (levels, "小学每人每年800元，初中每人每年500元。", &["TS121!", "TS121!"]),
        (levels, "小学每人每年500元，初中每人每年800元。", &[]),
        (levels, "初中生每年能拿到800元。", &[]),
        (levels, "小学。每人每年800元。", &["TS121"]),
        (lists, "小学每人每年800元；初中每人每年500元。", &["TS121!", "TS121!"]),
        (lists, lists, &[]),
        (steps, "窗口决定是否受理要20个工作日。", &["TS121"]),
        (steps, "窗口决定是否受理要5个工作日，审查要20个工作日。", &[]),
        (steps, "完成审查要5个工作日，决定是否受理要20个工作日。", &["TS121"]),
        (steps, "一共25个工作日。", &["TS120"]),
    ]);
}

#[test]
fn the_policys_own_sentence_with_another_value_blocks() {
    let policy = "对符合条件的困难家庭学生，学校按每人每天6元给予伙食补助。";
    check_all(&[
        (policy, "对符合条件的困难家庭学生，学校按每人每天8元给予伙食补助。", &["TS121!"]),
        (policy, "有人以为，对符合条件的困难家庭学生，学校按每人每天8元给予伙食补助。", &["TS121"]),
        (policy, "对符合条件的困难家庭学生，学校按每人每天6元给予伙食补助。", &[]),
    ]);
}

#[test]
fn words_of_another_time_that_the_policy_says_too_are_no_doubt() {
    for (policy, wrong) in [
        (
            "上年度研发费用2000万元以上的，按照8%给予补助。",
            "上年度研发费用2000万元以上的，按照9%给予补助。",
        ),
        ("企业上年度营业收入不低于500万元。", "企业去年营业收入不低于300万元。"),
        (
            "上一年度纳税额100万元以上的企业，奖励20万元。",
            "上一年度纳税额100万元以上的企业，奖励30万元。",
        ),
        ("产值同比增长10%以上的，奖励30万元。", "产值同比增长10%以上的，奖励50万元。"),
        ("可以累计上浮，但合计不超过35%。", "可以累计上浮，但合计不超过25%。"),
    ] {
        let found = said_of(policy, wrong);
        assert!(found.contains(&"TS121!".to_owned()), "{wrong}: {found:?}");
    }
    for (now, of_then) in [
        (
            "研发费用2000万元以上的，按照8%给予补助。",
            "上年度研发费用2000万元以上的，按照9%给予补助。",
        ),
        ("产值增长10%以上的，奖励30万元。", "产值同比增长10%以上的，奖励50万元。"),
    ] {
        let found = said_of(now, of_then);
        assert!(!found.contains(&"TS121!".to_owned()), "{of_then}: {found:?}");
    }
}

#[test]
fn steps_cases_and_kinds_of_the_policys_own_words_block() {
    for (policy, wrong) in [
        ("夫妇双方年满60周岁的，每人每年960元。", "夫妇双方年满65周岁的，每人每年960元。"),
        ("家庭人均年收入低于3万元的家庭可以申请。", "家庭人均年收入低于5万元的家庭都可以申请。"),
        ("从业工龄每满一年的，发放补贴2000元。", "从业工龄每满一年的，发放补贴3000元。"),
        ("按学段给予补助，小学每人每年500元。", "按学段不同，小学每人每年600元。"),
        ("培训时间至少20日。", "培训时间至多20日。"),
    ] {
        let found = said_of(policy, wrong);
        let is_found = found.iter().any(|code| code.starts_with("TS121"));
        assert!(is_found, "{wrong}: {found:?}");
    }
}

#[test]
fn things_are_counted_in_all_their_words() {
    for (policy, wrong) in [
        ("全年改造农村公共厕所40座。", "全年改造农村公共厕所50座。"),
        ("免费接种流感疫苗2万剂次。", "免费接种流感疫苗3万剂次。"),
        ("港口吞吐量达到600万标箱。", "港口吞吐量达到650万TEU。"),
        ("城区新植行道树5万株以上。", "城区新植行道树6万株以上。"),
        ("新增养老护理床位1200床。", "新增养老护理床位1500床。"),
    ] {
        check_all(&[(policy, policy, &[]), (policy, wrong, &["TS121!"])]);
    }
    let lines = "新开和调整公共交通线路6条。";
    check_all(&[(lines, "新开和调整公共交通线路8条。", &["TS121!"])]);
}

#[test]
fn another_value_that_a_change_begins_from_warns() {
    let policy = "贷款最高额度由65万元提高到75万元。";
    check_all(&[
        (policy, "首套房的最高额度由60万元提高到75万元。", &["TS121"]),
        (policy, "首套房的最高额度由65万元提高到75万元。", &[]),
    ]);
}

#[test]
fn the_category_may_stand_in_the_heading_or_the_sentence_before() {
    let limits =
        "统筹基金年度最高支付限额为25万元。普通门诊不设起付标准，年度最高支付限额为400元。";
    let times =
        "新建项目审核时限为30个工作日。改造项目补贴标准为每平方米60元，审核时限为20个工作日。";
    for (policy, right) in [
        (limits, "三是住院报销。年内第二次住院，另有规定。年度最高支付限额为25万元。"),
        (limits, "**住院待遇**\n\n年度最高支付限额25万元。"),
        (times, "### 新建项目\n\n审核时限为30个工作日。"),
        (times, "新建项目需要提交材料。审核时限为30个工作日。"),
    ] {
        let found = said_of(policy, right);
        assert!(!found.contains(&"TS121!".to_owned()), "{right}: {found:?}");
    }
    let found = said_of(limits, "年度最高支付限额为20万元。");
    assert!(found.contains(&"TS121!".to_owned()), "{found:?}");
}

#[test]
fn a_case_that_is_told_as_an_example_contradicts_no_limit() {
    let policy = "贷款额度按账户余额的40倍计算；连续缴存满五年的，按50倍计算。账户余额不足1万元的，按1万元计算。";
    for example in [
        "例2：李女士单身，账户余额1.5万元，连续缴存三年，购买首套住房。",
        "**案例一** 连续缴存满六年，账户余额2万元。",
        "小陈今年28岁，连续缴存满3年，账户余额2.2万元。",
    ] {
        let found = said_of(policy, example);
        assert!(!found.iter().any(|code| code.starts_with("TS121")), "{example}: {found:?}");
    }
    let found = said_of(policy, "连续缴存满六年的，按50倍计算。");
    assert!(found.contains(&"TS121!".to_owned()), "{found:?}");
}

#[test]
fn the_policys_own_sentence_with_the_opposite_duty_warns() {
    let policy = "学生家长可以自愿选择是否参加课后服务。";
    check_all(&[
        (policy, "学生家长不可以自愿选择是否参加课后服务。", &["TS139"]),
        (policy, "学生家长可以自愿选择是否参加课后服务。", &[]),
        ("租赁房屋应当向街道备案登记。", "租赁房屋可以向街道备案登记。", &["TS139"]),
        ("租赁房屋应当向街道备案登记。", "租赁房屋无须向街道备案登记。", &["TS139"]),
        ("材料齐全的，应当予以受理申请。", "材料不齐全的，不予受理申请。", &[]),
    ]);
}

#[test]
fn a_documents_number_is_held_against_the_policys() {
    let policy = "根据《示例信息公开条例》（国务院令第711号）和《示例公告》（财政部公告2024年第5号）、《示例暂行办法》（示规〔2021〕3号）制定。";
    check_all(&[
        (policy, "《示例信息公开条例》（国务院令第711号）是依据。", &[]),
        (policy, "《示例信息公开条例》（国务院令第721号）是依据。", &["TS505"]),
        (policy, "《示例信息公开条例》是依据。", &[]),
        (policy, "《示例暂行办法》（示规〔2021〕5号）是依据。", &["TS505"]),
        (policy, "《另一信息公开条例》（国务院令第721号）是依据。", &[]),
        (policy, "原办法（示规〔2020〕3号）已经到期。", &["TS505"]),
        (policy, "原办法（示规〔2021〕3号）已经到期。", &[]),
        (policy, "《示例暂行办法》（示规〔2021〕3号）接着《更早的办法》（示规〔2018〕3号）。", &[]),
        (policy, "另见示规〔2020〕7号。", &[]),
    ]);
}

#[test]
fn what_ends_and_goes_on_is_told_apart() {
    let ended = "《示例补贴暂行办法》（示规〔2021〕3号）同时废止。";
    let late = "申请人应当在3月1日前申报，逾期不予受理。";
    let fee = "办理居住登记不再收取工本费用。";
    let but = "登记失业的青年可以申请补贴，正在服刑的除外。";
    check_all(&[
        (ended, "《示例补贴暂行办法》继续有效。", &["TS139"]),
        (ended, "《示例补贴暂行办法》同时废止。", &[]),
        (ended, "有人问《示例补贴暂行办法》是否继续有效？不再有效。", &[]),
        (late, "逾期可以补办。", &["TS139"]),
        (late, "逾期不再受理。", &[]),
        (late, "请按时申报，不要逾期。", &[]),
        (late, "逾期未申报的，可以补报。", &["TS139"]),
        (late, "逾期未申报的，不能补报。", &[]),
        (but, "正在服刑的人员也可以申请。", &["TS139"]),
        (but, "外地毕业的青年也可以申请。", &[]),
        (but, "登记失业的青年可以申请补贴，正在服刑的不能。", &[]),
        (fee, "办理居住登记仍需交工本费用。", &["TS139"]),
        (fee, "办理居住登记不再收取工本费用。", &[]),
    ]);
}

#[test]
fn an_exception_left_out_of_a_repeated_rule_is_found() {
    let rule = "本市户籍的适龄儿童应当就近入学，但经批准的随迁子女除外。";
    check_all(&[
        (rule, "本市户籍的适龄儿童应当就近入学。", &["TS122"]),
        (rule, "本市户籍的适龄儿童应当就近入学，随迁子女例外。", &[]),
        (rule, "孩子们就近上学。", &[]),
    ]);
    // The rule stands before the colon, the exception behind it.
    let listed = "农户可以申请补贴，但下列人员除外：在职国家工作人员和退休人员。";
    check_all(&[
        (listed, "农户可以申请补贴。", &["TS122"]),
        (listed, "农户可以申请补贴，在职国家工作人员和退休人员除外。", &[]),
    ]);
}

#[test]
fn a_day_of_the_last_notice_is_found() {
    let policy = "网上报名时间为2027年3月1日至3月31日。";
    check_all(&[
        (policy, "家长请在2026年3月1日至3月31日登录平台填报。", &["TS120"]),
        (policy, "报名截止2026年3月31日。", &["TS120"]),
        (policy, "家长请在2027年3月1日至3月31日登录平台填报。", &[]),
        (policy, "2026年3月1日起，我们受理了来信，征求了意见。", &[]),
        (policy, "2019年3月1日起申请的人数上升。", &[]),
    ]);
}

#[test]
fn a_validity_is_told_in_other_words_and_of_others() {
    let policy = "本通知自2027年1月1日起施行，有效期2年。";
    let other = "2026年的通知自2026年1月1日起施行，有效期1年；本通知有效期2年。";
    check_all(&[
        (policy, other, &["TS121"]),
        (policy, "国家办法自2026年1月1日起施行，有效期5年。", &["TS121"]),
        (policy, "新通知自2027年1月1日起施行，有效期5年。", &["TS121!"]),
        (policy, "本通知长期有效。", &["TS121!"]),
        (policy, "申领后证件长期有效。", &[]),
        (
            "本通知自2027年1月1日起施行，有效期至2029年12月31日。自施行之日起两年内有效。",
            "甲。",
            &[],
        ),
        (
            "本通知自2027年1月1日起施行，有效期至2029年12月31日。\n\n本通知自施行之日起两年有效。",
            "甲。",
            &["TS143"],
        ),
        (
            "本通知自2027年1月1日起施行，至2028年12月31日止。\n\n本通知有效期3年。",
            "甲。",
            &["TS143"],
        ),
        ("本通知自2027年1月1日起施行，至2028年12月31日止。\n\n本通知有效期2年。", "甲。", &[]),
    ]);
}

#[test]
fn another_order_than_that_which_issued_the_policy_warns() {
    let policy = "# 示例市停车管理办法\n\n（2027年3月1日示例市人民政府令第86号公布　自2027年4月1日起施行）\n\n\
                  第一条 停车场应当公示标准。\n\n第二条 本办法自2027年4月1日起施行。\n";
    for (text, expected) in [
        ("《示例市停车管理办法》以示例市人民政府令第68号公布。", "TS505"),
        ("《办法》以市政府令第68号发布，自2027年4月1日起施行。", "TS505"),
        ("《示例市停车管理办法》以示例市人民政府令第86号公布。", ""),
        ("原《示例市停车管理办法》以示例市人民政府令第12号公布。", ""),
        ("《国家停车条例》以国务院令第700号公布。", ""),
    ] {
        let text = format!("# 政策解读\n\n## 一、主要内容\n\n{text}\n");
        let found = codes_of(found_between(policy, &text)).into_iter();
        let found: Vec<_> = found.filter(|code| code.starts_with("TS505")).collect();
        assert_eq!(found.concat(), expected, "{text}");
    }
}
