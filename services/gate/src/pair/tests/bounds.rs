//! Bounds behind more than a figure: the rest of its unit, a noun, a bracket.

use super::*;

#[test]
fn a_value_within_a_bound_does_not_contradict_it() {
    let power = "变压器容量315千伏安及以上的工业用户执行两部制电价。";
    let dust = "PM2.5年均浓度控制在35微克/立方米以下。";
    let energy = "综合能耗5000吨标准煤以上的用能单位应当开展能源审计。";
    let land = "亩均税收20万元/亩以上且单位能耗0.4吨标准煤/万元以下的企业为A类。";
    let paid = "缴存时间6个月（含6个月）以上的，可以申请。";
    let water = "日处理能力500吨/日以下的污水处理厂执行二级标准。";
    let loans = "不良率5%以内分担30%；5%（不含）至8%（含）分担20%；超过8%不予分担。";
    check_all(&[
        (power, "变压器容量200千伏安以下的工业用户仍执行单一制电价。", &["TS121"]),
        (dust, "PM2.5年均浓度32微克/立方米，已达标。", &["TS121"]),
        (energy, "综合能耗1万吨标准煤以上的用能单位有86家。", &["TS121", "TS120"]),
        (land, "亩均税收25万元、单位能耗0.3吨标准煤/万元的企业为A类。", &["TS121", "TS121"]),
        (paid, "缴存时间10个月的，可以申请。", &["TS121"]),
        (water, "日处理能力300吨/日的，执行二级标准。", &["TS121"]),
        (loans, "不良率7%的部分，分担20%；不良率9%的部分，不予分担。", &["TS121", "TS121"]),
    ]);
}

#[test]
fn another_limit_blocks_whatever_stands_before_its_bound() {
    for (one, other) in [
        ("变压器容量315千伏安及以上的用户", "变压器容量200千伏安及以上的用户"),
        ("日处理能力500吨/日以下的单位", "日处理能力600吨/日以下的单位"),
        ("营业收入10万元（含本数）以下的企业", "营业收入20万元（含本数）以下的企业"),
        ("营业收入10万元（不含）以下的企业", "营业收入20万元（不含）以下的企业"),
        ("综合能耗5000吨标准煤以上的单位", "综合能耗6000吨标准煤以上的单位"),
        ("30名员工以下的企业", "50名员工以下的企业"),
        ("综合能耗5000吨标准煤以上的单位", "综合能耗1万吨标准煤以上的单位"),
        ("变压器容量315千伏安及以上的用户", "变压器容量200千伏安及以下的用户"),
    ] {
        let [policy, ours] = [one, other].map(|said| format!("{said}可以向区局提出申请。"));
        assert_eq!(said_of(&policy, &ours), ["TS121!"], "{one} {other}");
    }
}

#[test]
fn an_exchanged_bound_blocks_whatever_stands_before_it() {
    for limit in [
        "日处理能力500吨/日",
        "综合能耗5000吨标准煤",
        "变压器容量315千伏安及",
        "储能容量10兆瓦时",
        "粉尘浓度75微克/立方米",
        "行驶速度25公里/小时",
        "月租金3000元/月",
        "物业费2元/月·平方米",
        "用工30名员工",
        "存栏500头生猪",
        "经营面积100亩土地",
        "注册资本500万元人民币",
        "营业收入500万元（含500万元）",
        "营业收入10万元（含本数）",
        "营业收入10万元（不含）",
    ] {
        for (one, other) in [("以下", "以上"), ("以上", "以下")] {
            let of = |bound: &str| format!("{limit}{bound}的单位可以向区局提出申请。");
            assert_eq!(said_of(&of(one), &of(other)), ["TS121!"], "{limit}{one}");
            assert!(said_of(&of(one), &of(one)).is_empty(), "{limit}{one}");
        }
    }
}

#[test]
fn whether_the_limit_itself_is_within_is_part_of_the_bound() {
    let of = |mark: &str| format!("营业收入500万元{mark}以下的企业可以申请补助。");
    for (one, other, expected) in [
        ("（含）", "（不含）", vec!["TS121!"]),
        ("（不含）", "（含）", vec!["TS121!"]),
        ("（含500万元）", "（不含500万元）", vec!["TS139", "TS121!"]),
        ("（含本数）", "（不含）", vec!["TS121!"]),
        ("", "（含）", vec![]),
        ("及", "（含）", vec![]),
        ("（含本数）", "（含）", vec![]),
        ("（含500万元）", "（含）", vec![]),
    ] {
        assert_eq!(said_of(&of(one), &of(other)), expected, "{one} {other}");
    }
}

#[test]
fn a_sign_turned_round_in_the_policy_s_own_sentence_blocks() {
    for [one, other] in [["≥", "≤"], ["≤", "≥"]] {
        let of = |sign: &str| format!("冬季室内温度应达到{sign}18℃。");
        assert_eq!(said_of(&of(one), &of(other)), ["TS121!"], "{one}");
        assert!(said_of(&of(one), &of(one)).is_empty(), "{one}");
    }
}

#[test]
fn a_ratio_by_which_costs_are_shared_is_no_number_of_points() {
    let shared = "省与市县按7：3分担，市与区按3：7分担。";
    assert!(said_of(shared, "市与区3：7分担。").is_empty());
    assert_eq!(said_of(shared, "市与区4：6分担。"), ["TS121!"]);
}
