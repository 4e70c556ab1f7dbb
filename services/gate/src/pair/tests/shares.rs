//! Ages of men and women, and shares of totals.

use super::*;

#[test]
fn ages_of_men_and_women_are_told_apart() {
    let retired = "退休年龄：男60周岁、女55周岁。";
    let asked = "男性年满60周岁、女性年满55周岁的可以申请。";
    check_all(&[
        (retired, "女满55周岁、男满60周岁的，可以办理。", &[]),
        (retired, "退休年龄：男55周岁、女60周岁。", &["TS121!", "TS121!"]),
        (retired, "退休年龄：男60周岁、女50周岁。", &["TS121!"]),
        (retired, "男18周岁以上可以报名。", &["TS121"]),
        (asked, "男60岁、女55岁可以申请。", &[]),
        (asked, "男性年满60周岁、女性年满50周岁的可以申请。", &["TS121!"]),
        ("男60周岁、女55周岁可以申请；男18周岁以上可以报名。", "男18周岁以上可以报名。", &[]),
    ]);
}

#[test]
fn a_share_of_another_total_warns() {
    let share = "人数占常住人口的30%。";
    let grant = "补助比例为项目总投资的30%，自有资金另计。";
    check_all(&[
        (share, "人数占本市常住人口的30%。", &[]),
        (share, "人数占户籍人口的30%。", &["TS121"]),
        (share, "人数占住在这里的人的30%。", &[]),
        (grant, "补助比例为项目总投资额的百分之三十。", &[]),
        (grant, "补助比例为自有资金的30%。", &["TS121"]),
        (grant, "补助比例为您花的钱的30%。", &[]),
        ("补助比例为30%，自有资金另计。", "补助比例为自有资金的30%。", &[]),
    ]);
}

#[test]
fn what_is_converted_is_no_discount() {
    let policy = "租金按8折收取。";
    check_all(&[
        (policy, "租金按8折收取，外币按汇率7.2折算。", &[]),
        (policy, "租金按8折收取，美元按7折合人民币。", &[]),
        (policy, "租金按8折收取，设备1折叠式摆放。", &[]),
        (policy, "租金按8折算，即80%。", &[]),
        (policy, "租金按7折收取。", &["TS121"]),
        (policy, "租金按7折算。", &["TS121"]),
    ]);
}
