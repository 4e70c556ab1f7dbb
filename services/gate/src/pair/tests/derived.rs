//! What is not written but follows, and what is cited but not there.

use super::{check_all, found_between, said_of};

const FIVE: &str = "本通知自2026年2月1日起施行，有效期5年。";
const UNTIL: &str = "本通知自2026年2月1日起施行，有效期至2031年1月31日。";

#[test]
fn a_validity_is_summed_up_from_the_day_it_begins() {
    check_all(&[
        (FIVE, "本通知自2026年2月1日起施行，有效期至2031年1月31日。", &[]),
        (FIVE, "本通知自2026年2月1日起施行，有效期至2031年2月1日。", &[]),
        (FIVE, "《通知》自2026年2月1日起施行，有效期为五年，到2031年1月31日为止。", &[]),
        (FIVE, "《通知》自2026年2月1日起施行，有效期五年。", &[]),
        (UNTIL, "本通知自2026年2月1日起施行，有效期五年。", &[]),
        (FIVE, "本通知自2026年2月1日起施行，有效期三年。", &["TS121!"]),
        (FIVE, "《关于做好示例工作的通知》有效期至2029年1月31日。", &["TS121!"]),
        (FIVE, "本通知有效期至2031年12月31日。", &["TS121!"]),
        (UNTIL, "本通知自2026年2月1日起施行，有效期三年。", &["TS121!"]),
        // Of another document, of a permit, of what was.
        (FIVE, "居住证有效期为三年。", &["TS120"]),
        (FIVE, "《另一办法》自2026年2月1日起施行，有效期至2029年1月31日。", &["TS120"]),
        (FIVE, "《另一办法》自2026年2月1日起施行，有效期三年。", &["TS121"]),
        (FIVE, "原通知届满，本通知原有效期三年。", &["TS121"]),
    ]);
}

#[test]
fn a_policy_that_states_two_validities_is_pointed_at() {
    let two = |more: &str| format!("{FIVE}本通知有效期{more}。");
    assert_eq!(said_of(&two("至2030年12月31日"), "就这些。"), ["TS143"]);
    assert_eq!(said_of(&two("三年"), "就这些。"), ["TS143"]);
    for same in ["至2031年1月31日", "至2031年2月1日", "五年"] {
        assert_eq!(said_of(&two(same), "就这些。"), [""; 0], "{same}");
    }
    let permit = format!("许可证有效期三年。{FIVE}");
    assert_eq!(said_of(&permit, "就这些。"), [""; 0]);
}

const ARTICLES: &str =
    "总则\n\n第一条 甲类事项按时申报。\n\n第二条 乙类事项当面申报。\n\n第三条 丙类事项不用申报。";

#[test]
fn a_clause_that_the_policy_lacks_is_pointed_at() {
    check_all(&[
        (ARTICLES, "本通知第四十五条说了怎么报。", &["TS144"]),
        (ARTICLES, "《通知》第五条说了怎么报。", &["TS144"]),
        (ARTICLES, "甲类怎么报，见第十二条第二款。", &["TS144"]),
        (ARTICLES, "甲类怎么报，见第二条。", &[]),
        (ARTICLES, "《义务教育法》第四十五条说了别的。", &[]),
        (ARTICLES, "根据义务教育法第四十五条办理。", &[]),
        (ARTICLES, "依据《条例》制定，其中第四十五条说了别的。", &[]),
        (ARTICLES, "原通知第四十五条已经不用。", &[]),
        // A policy without articles has nothing to count.
        ("甲类事项按时申报。", "见第四十五条。", &[]),
    ]);
}

#[test]
fn a_quotation_with_a_word_changed_is_found() {
    const POLICY: &str = "公示时间不少于30日，期满后由学校办理入学手续。";
    check_all(&[
        (POLICY, "通知说“公示时间不少于30日”，请留意。", &[]),
        (POLICY, "通知说“公示时间不少于30日期满后由学校办理”。", &[]),
        (POLICY, "通知说“公示时间不超过30日，期满后由学校办理”。", &["TS145!"]),
        (POLICY, "通知说「公示时间不少于30日，期满前由学校办理」。", &["TS145!"]),
        (POLICY, "《通知》说“期满后由学校不办理入学手续”。", &["TS145!"]),
        (POLICY, "通知说“公示时间不少于20日，期满后由学校办理”。", &["TS145!"]),
        (POLICY, "通知说“期满后由单位办理入学手续”。", &["TS145"]),
        // A higher document, or a meeting, may have said so.
        (POLICY, "省实施意见提出“公示时间不少于20日，期满后由学校办理”。", &["TS145"]),
        (POLICY, "常务会议要求“公示时间不少于20日，期满后由学校办理”。", &["TS145"]),
        // No quotation, another document's, what was and what is spoken of otherwise.
        (POLICY, "公示时间不超过30日，期满后由学校办理。", &["TS121!"]),
        (POLICY, "《另一办法》说“公示时间不超过30日，期满后由学校办理”。", &[]),
        (POLICY, "由原来的“公示时间不超过30日，期满后由学校办理”改过来。", &["TS145"]),
        (POLICY, "学校开展“阳光公示进校园”活动。", &[]),
        (POLICY, "通知说“公示时间要留足，办理手续要方便”。", &[]),
    ]);
    // The name of another year's may be meant: TS121 leaves years alone.
    let yearly = "各校按照“教育部2025年工作要点”安排课后服务。";
    check_all(&[
        (yearly, "各校按照“教育部2026年工作要点”安排。", &["TS145"]),
        (yearly, "各校按照“教育部2025年工作要点”安排。", &[]),
        ("学校保存“2025份课后服务记录”备查。", "学校保存“2026份课后服务记录”备查。", &["TS145!"]),
    ]);
    let two = "小学每周安排课后服务不少于5天。初中每周安排课后服务不少于6天。";
    check_all(&[(two, "通知说“每周安排课后服务不少于6天”。", &[])]);
    // A list's number left out is no figure changed; a digit of one is.
    let listed = "申请时提交以下材料：1. 身份证明原件及复印件。";
    let hundred = "申请人提交材料后100日内由学校办结。";
    check_all(&[
        (listed, "通知说“申请时提交以下材料：身份证明原件及复印件”。", &["TS145"]),
        (hundred, "通知说“申请人提交材料后10日内由学校办结”。", &["TS120", "TS145!"]),
        (hundred, "通知说“申请人提交材料后1000日内由学校办结”。", &["TS120", "TS145!"]),
    ]);
}

#[test]
fn words_with_numbers_in_them_are_no_figures() {
    let policy = "城乡学校按标准配备教师。";
    check_all(&[
        (policy, "做法并非一成不变。", &[]),
        (policy, "推动一成经费用于设备。", &["TS120"]),
        (policy, "破解城乡二元结构。", &[]),
        (policy, "推动二元化管理。", &[]),
        (policy, "每次收二元费用。", &["TS120"]),
    ]);
}

#[test]
fn a_quotation_with_words_left_out_or_begun_otherwise_is_found() {
    const POLICY: &str =
        "承租人不得转让公共租赁住房。承租人经区住房部门书面同意并且未欠缴租金的可以续租一次。";
    check_all(&[
        (POLICY, "通知说“承租人可以续租一次，期限另定”。", &[]),
        (POLICY, "通知说“可以转让公共租赁住房”。", &["TS145!"]),
        (POLICY, "通知说“不得转让公共租赁住房”。", &[]),
        (POLICY, "通知说“承租人经区住房部门书面同意可以续租一次”。", &["TS145"]),
        (POLICY, "通知说“承租人经区住房部门书面同意……可以续租一次”。", &[]),
    ]);
}

#[test]
fn a_quotation_of_what_is_changed_is_only_doubted() {
    const POLICY: &str = "自受理之日起20个工作日内办结并答复。";
    let whole = |of: &str| format!("“自受理之日起{of}个工作日内办结并答复”");
    for (before, behind) in [
        ("", "压缩为20个工作日"),
        ("", "缩短到20个工作日"),
        ("由", "到20个工作日"),
        ("目前是", ""),
        ("曾要求", ""),
        ("修订前是", ""),
        ("取消", "的规定"),
        // Reported, denied, or no longer so.
        ("网传", "，不属实"),
        ("今后不再执行", "的规定"),
        ("误区一：", "。正解：20个工作日"),
        ("常见误解：", ""),
        ("关于", "的传言不实"),
        ("", "这种理解不准确"),
        ("不是", "，而是20个工作日"),
        ("有人问：", "对不对"),
        ("### 误区一\n\n", ""),
    ] {
        let said = said_of(POLICY, &format!("{before}{}{behind}。", whole("30")));
        assert!(said.contains(&"TS145".to_owned()), "{before} {behind}: {said:?}");
        assert!(!said.contains(&"TS145!".to_owned()), "{before} {behind}: {said:?}");
    }
    let denied = "不是所有单位都一样，通知要求";
    for said in ["通知原文是", "原则上", denied, "网上办理的，", "传染病防治中，"]
    {
        let said = said_of(POLICY, &format!("{said}{}。", whole("30")));
        assert!(said.contains(&"TS145!".to_owned()), "{said:?}");
    }
}

#[test]
fn a_quotation_is_looked_for_among_all_that_begin_alike() {
    let said = |name: &str| format!("每月安排公开课，由学校{name}室记录");
    let names: Vec<String> = ('子'..).take(60).map(String::from).collect();
    let policy: String = names.iter().map(|name| said(name) + "。").collect();
    let opposed = said(&names[0]).replace("，由", "，不由");
    check_all(&[
        (&policy, &format!("通知说“{}”。", said(&names[50])), &[]),
        (&policy, &format!("通知说“{}”。", said("公办")), &["TS145"]),
        (&policy, &format!("通知说“{opposed}”。"), &["TS145"]),
        (&said(&names[0]), &format!("通知说“{opposed}”。"), &["TS145!"]),
    ]);
}

#[test]
fn parts_of_the_policy_that_are_not_there_are_found() {
    let policy = "第一章 总则\n\n第一条 甲类事项按月申报。\n\n乙类事项按季申报。\n\n第二条 申报材料包括：\n\n（一）申请表；\n\n（二）证明。\n\n第二章 附则\n\n第三条 见附件1。\n\n第四条 办理。\n\n附件：1.表一\n　　　2.表二\n";
    let said = |interpretation: &str| {
        let found = found_between(
            &format!("关于做好示例工作的通知\n\n{policy}"),
            &format!("《关于做好示例工作的通知》解读\n\n一、背景\n\n{interpretation}\n"),
        );
        found.into_iter().filter(|f| f.code == "TS144").map(|f| f.message).collect::<Vec<_>>()
    };
    for missing in [
        "《通知》第9条说了。",
        "《通知》第三条至第五条说了。",
        "《通知》第七章说了。",
        "《通知》第一条第三款说了。",
        "《通知》第二条第（三）项说了。",
        "《通知》第二条第三项说了。",
        "《通知》附件3说了。",
    ] {
        assert_eq!(said(missing).len(), 1, "{missing} {:?}", said(missing));
    }
    for there in [
        "《通知》第4条说了。",
        "《通知》第三条至第四条说了。",
        "《通知》第二章说了。",
        "《通知》第一条第二款说了。",
        "《通知》第二条第（二）项说了。",
        "《通知》附件2说了。",
        "原通知第9条说了。",
        "《另一办法》第九条说了。",
    ] {
        assert_eq!(said(there), [""; 0], "{there}");
    }
    // 原则 is none of what was.
    assert_eq!(said("原则上，《通知》第9条要先办。").len(), 1);
}

#[test]
fn a_number_is_placed_where_it_is_shown_and_nowhere_else() {
    let policy = "《关于示例工作的办法》（示规〔2020〕1号）".repeat(10_000);
    let found =
        super::found_of(&format!("{policy}。"), "见《关于示例工作的办法》（示规〔2020〕2号）。");
    let found: Vec<_> = found.iter().filter(|finding| finding.code == "TS505").collect();
    assert_eq!(found.len(), 1);
    assert!(
        found[0].message.contains("示规〔2020〕2号 ≠ 示规〔2020〕1号（policy.md:7）"),
        "{found:?}"
    );
}

#[test]
fn what_follows_from_the_policys_own_rule_does_not_block() {
    let parking = "停车收费标准：一类区域每小时80元，二类区域每小时60元，三类区域每小时40元；新能源汽车减半收取。";
    let pupils = "补贴标准：小学生每人每年1000元，初中生每人每年1200元，高中生每人每年1500元。\
                  低保家庭的学生在上述标准基础上上浮10%。";
    let blocks = |policy: &str, said: &str| said_of(policy, said).contains(&"TS121!".to_owned());
    for (policy, right, wrong, plain) in [
        (
            parking,
            "新能源汽车一类区域每小时40元、二类区域每小时30元、三类区域每小时20元。",
            "新能源汽车一类区域每小时40元、二类区域每小时40元、三类区域每小时20元。",
            "一类区域每小时40元、二类区域每小时30元、三类区域每小时20元。",
        ),
        (
            pupils,
            "低保家庭的小学生每人每年1100元，初中生每人每年1320元，高中生每人每年1650元。",
            "低保家庭的小学生每人每年1100元，初中生每人每年1300元，高中生每人每年1650元。",
            "小学生每人每年1100元，初中生每人每年1200元，高中生每人每年1500元。",
        ),
    ] {
        assert!(!blocks(policy, right), "{right}");
        assert!(blocks(policy, wrong), "{wrong}");
        assert!(blocks(policy, plain), "{plain}");
    }
    // A rule for others, of another matter, or of what was.
    for (policy, wrong) in [
        ("机动车停车费每小时收取10元。非机动车停车费减半收取。", "机动车停车费每小时收取5元。"),
        (
            "困难家庭应当在15日内提出申请。困难家庭的补贴加倍发放。",
            "困难家庭应当在30日内提出申请。",
        ),
        (
            "失业人员补贴标准为每人每月1000元。失业人员补贴标准比上年提高10%。",
            "失业人员补贴标准为每人每月1100元。",
        ),
        (
            "70周岁以上老年人补贴每人每月200元。80周岁以上老年人加倍发放。",
            "70周岁以上老年人补贴每人每月400元。",
        ),
        ("低保家庭补贴每人每月1000元。低保家庭按50%缴纳物业费。", "低保家庭补贴每人每月500元。"),
        ("第二条　停车费每小时10元。第三条　新能源汽车减半收取停车费。", "停车费每小时5元。"),
    ] {
        assert!(blocks(policy, wrong), "{wrong}");
    }
    let marked = "停车费每小时10元。\n\n第三条　新能源汽车减半收取停车费。";
    assert!(!blocks(marked, "新能源汽车停车费每小时5元。"));
}

#[test]
fn what_follows_from_the_policys_amounts_is_no_other_value() {
    let month = "一级残疾每人每月180元。";
    let fees = "学费基准价：民办小学4800元，民办初中6200元，上浮幅度不超过20%。";
    let reviews = "评审费正高级600元/人，副高级450元/人，答辩费100元/人。";
    let grants = "一次性补贴：三孩及以上15000元。\n\n育儿补贴：对三孩及以上每月另外发放500元。";
    check_all(&[
        (month, "一级残疾每年2160元。", &[]),
        (month, "一级残疾每季度540元。", &[]),
        (month, "一级残疾每年2260元。", &["TS121!"]),
        (month, "一级残疾每季度180元。", &["TS121!"]),
        (fees, "民办小学最高5760元，民办初中7440元封顶。", &["TS121", "TS121"]),
        (fees, "民办小学最高5800元。", &["TS121!"]),
        (fees, "民办小学5760元。", &["TS121!"]),
        (reviews, "副高级最高550元。", &["TS121"]),
        (reviews, "副高级最高650元。", &["TS121!"]),
        (grants, "三孩及以上每月500元。", &[]),
        (grants, "三孩及以上每月600元。", &["TS121!"]),
        ("监管额度不低于工程造价的1.2倍。", "监管额度不低于工程造价的120%。", &[]),
        ("监管额度不低于工程造价的1.2倍。", "监管额度不低于工程造价的130%。", &["TS121!"]),
        ("同意票数达到出席人数的三分之二。", "同意票数达到出席人数的66.7%。", &["TS120"]),
        ("同意票数达到出席人数的三分之二。", "同意票数达到出席人数的60%。", &["TS121!"]),
        ("室内温度不低于20℃。", "室内温度不低于20度。", &[]),
        ("面积不少于3公顷。", "面积不少于45亩。", &[]),
        ("滞纳金按日加收万分之五。", "滞纳金每天0.05%。", &[]),
        ("滞纳金按日加收万分之五。", "滞纳金按日加收万分之三。", &["TS121!"]),
        ("首付款比例统一为15%。", "首付款比例统一15%。", &[]),
    ]);
}

#[test]
fn another_years_value_or_one_of_cases_leaves_a_doubt() {
    let area = "2027年全省核定补贴面积9860万亩。";
    let days = "申请后10个工作日内办结。";
    let title = "取得中级职称满5年的，可以申报副高级。";
    let warm = "室内温度不低于20℃。";
    let spring = "2027年春季学期招收1200名。";
    check_all(&[
        (area, "2026年全省核定补贴面积9912万亩。", &["TS121", "TS121"]),
        (area, "2027年全省核定补贴面积9912万亩。", &["TS121!"]),
        (area, "全省核定补贴面积9912万亩。", &["TS121!"]),
        (spring, "2027年春季学期招收1500名。", &["TS121!"]),
        (days, "申请后5个工作日内办结的占95%。", &["TS121", "TS120"]),
        (days, "申请后5个工作日内办结。", &["TS121!"]),
        (title, "取得中级职称满6年的小李可以申报副高级。", &["TS121"]),
        (title, "取得中级职称满6年的，可以申报副高级。", &["TS121!"]),
        (warm, "室内温度不低于18℃是国家标准。", &["TS121"]),
        (warm, "室内温度不低于18℃。", &["TS121!"]),
    ]);
}

#[test]
fn what_only_looks_as_if_it_followed_is_another_value() {
    let month = "一级残疾每人每月180元。";
    let year = "每人每年报销不超过1200元。";
    let days = "申请后10个工作日内办结。";
    let share = "财政承担的补助比例为60%。";
    let paid = "连续缴费满24个月的，可以申领失业保险金。";
    let teachers = "课后服务教师的补助比例为60%。处违法所得1倍罚款。";
    let families = "低保家庭每户补助300元，特困家庭每户补助500元。";
    let widths = "消防通道宽度不小于4米，广告牌宽度不大于40厘米。";
    check_all(&[
        (month, "一级残疾每学期1080元。", &["TS121!"]),
        (year, "每人每月报销不超过100元。", &["TS121"]),
        ("寄宿生每月补助200元，每年发放10个月。", "寄宿生每年补助2400元。", &["TS121"]),
        (days, "申请后15个工作日内办结，占用道路的另计。", &["TS121!"]),
        (days, "申请后15个工作日内办结，这一时限是国家标准。", &["TS121!"]),
        (share, "财政承担的补助比例为80%，个人承担的比例为20%。", &["TS121!", "TS121"]),
        (paid, "连续缴费满36个月的小张，可以申领失业保险金。", &["TS121"]),
        (paid, "连续缴费满36个月的小王庄村民，可以申领失业保险金。", &["TS121!"]),
        ("罚款额度最高为2万元。", "罚款额度最高为4万元。", &["TS121!"]),
        (families, "低保家庭每户补助最高800元。", &["TS121!"]),
        ("补贴标准为1000元。\n\n利率上浮不超过20%。", "补贴标准不超过1200元。", &["TS121!"]),
        (teachers, "教师的补助比例为100%。", &["TS121!"]),
        (widths, "通道宽度不小于0.4米。", &["TS121!"]),
        ("同意票数达到出席人数的三分之二。", "同意票数达到出席人数的66.2%。", &["TS121!"]),
        ("室内温度不低于20℃。", "室内温度不低于零下20度。", &["TS120"]),
        ("每升含量不超过0.004克。", "每升含量不超过4毫克。", &[]),
        ("每升含量不超过0.004克。", "每升含量不超过0.001克。", &["TS121"]),
        ("滞纳金按日加收千分之2.3。", "滞纳金按日加收0.23%。", &[]),
        ("滞纳金按日加收千分之七点五。", "滞纳金按日加收千分之七。", &["TS121!"]),
    ]);
}
