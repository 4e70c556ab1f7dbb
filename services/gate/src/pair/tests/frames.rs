//! What frames a rule as another document's, day's or case's, and how often something is done.

use super::{check_all, found_between, said_of};

#[test]
fn a_number_or_an_edition_of_another_document_in_front_does_not_block() {
    let policy = "待遇认定有效期为6个月，补助标准为每人每月350元。";
    for begin in [
        "老文件规定，",
        "已废止的文件中，",
        "送审稿中，",
        "有网民提出，",
        "部里规定，",
        "国家层面，",
        "从国家层面看，",
        "省厅规定，",
        "部门规章规定，",
        "提标前，",
        "制度建立之初，",
        "老标准，",
        "调价前，",
    ] {
        let said = said_of(policy, &format!("{begin}补助标准为每人每月300元。"));
        assert!(said.contains(&"TS121".to_owned()), "{begin} {said:?}");
    }
    for begin in [
        "根据某政发〔2022〕27号，",
        "按照某政发〔2022〕27号文要求，",
        "27号文规定，",
        "本通知规定，",
        "申请前，",
        "4月1日前，",
        "《通知》规定，",
        "经认定，",
        "手续齐备的，",
        "回应网民关切，",
        "送审稿审议通过后，",
        "老政策到期后，",
        "提标前后，",
        "省厅已下达资金，",
        "上位法授权，",
        "已建成投产的项目，",
        "剔除临时人员工资后，",
        "试用期满后，",
    ] {
        let said = said_of(policy, &format!("{begin}补助标准为每人每月300元。"));
        assert!(said.contains(&"TS121!".to_owned()), "{begin} {said:?}");
    }
}

#[test]
fn what_the_policy_s_own_number_says_is_its_own() {
    let policy = "关于做好示例工作的通知\n\n兰医保发〔2027〕9号\n\n各区医保局：\n\n一、补助标准为每人每月350元。\n\n\
                  二、2026年底前，新建站点20个。\n\n某局\n\n2027年11月1日\n";
    for (said, blocks) in [
        ("兰医保发〔2027〕9号文规定，补助标准为每人每月300元。", true),
        ("9号文规定，补助标准为每人每月300元。", true),
        ("兰医保发〔2022〕9号文规定，补助标准为每人每月300元。", false),
        ("8号文规定，补助标准为每人每月300元。", false),
        ("为落实某政发〔2026〕3号文要求，补助标准为每人每月300元。", true),
    ] {
        let interpretation = format!("《关于做好示例工作的通知》解读\n\n一、主要内容\n\n{said}\n");
        let found = found_between(policy, &interpretation);
        let found = super::codes_of(found);
        assert_eq!(found.contains(&"TS121!".to_owned()), blocks, "{said} {found:?}");
    }
}

#[test]
fn a_day_that_the_policy_asks_for_is_no_time_before() {
    check_all(&[
        ("6月30日前，新建泊位800个。", "6月30日前，新建泊位500个。", &["TS121!"]),
        ("新建泊位800个。本通知自6月30日起施行。", "6月30日前，新建泊位500个。", &["TS121"]),
        ("6月1日至6月30日新建泊位800个。", "6月30日前，新建泊位500个。", &["TS121!"]),
        ("新建泊位800个。", "每年6月30日前，新建泊位500个。", &["TS121!", "TS120"]),
    ]);
}

#[test]
fn what_is_done_so_far_does_not_block_in_later_items_either() {
    let plan = "新建老年食堂60个、助餐点150个。";
    check_all(&[
        (plan, "已建成老年食堂48个、助餐点114个。", &["TS121"]),
        (plan, "累计新建老年食堂48个、助餐点114个。", &["TS121"]),
        (plan, "一季度计划新建老年食堂48个、助餐点114个。", &["TS121"]),
        (plan, "三年共新建老年食堂48个、助餐点114个。", &["TS121", "TS120"]),
        (plan, "新建老年食堂48个、助餐点114个。", &["TS121!", "TS121!"]),
    ]);
}

#[test]
fn so_many_times_the_price_of_one_is_no_other_price() {
    let prices = "服务费每次0.3元，停车费每次5元。\n\n二、救助金每人每月500元。";
    let days = "陪护费每日150元，申请后10日内发放。";
    check_all(&[
        (prices, "充10次，服务费3元。", &["TS120"]),
        (prices, "停车10次，停车费50元。", &["TS120"]),
        (prices, "停车10次，停车费60元。", &["TS121!", "TS120"]),
        (prices, "停2次，停车费每次10元。", &["TS121!", "TS120"]),
        (prices, "一家3人，救助金每月1500元。", &["TS120"]),
        (prices, "一家3人，救助金每月2000元。", &["TS121!", "TS120"]),
        (days, "申请后10日内发放，陪护费为1500元。", &["TS121!"]),
        (prices, "由2人以上上门，救助金为每月1000元。", &["TS121!"]),
        (prices, "每天停车2次，停车费10元。", &["TS121!", "TS120"]),
    ]);
}

#[test]
fn how_often_something_is_done_is_held_against_the_policy() {
    let often = "消防设施每半年检测一次。\n\n二、档案每两年评估一次。\n\n三、河道每月巡查一次。";
    check_all(&[
        (often, "消防设施每半年检测一次。", &[]),
        (often, "消防设施每季度检测一次。", &["TS121!"]),
        (often, "消防设施每年检测两次。", &[]),
        (often, "消防设施每年检测1次。", &["TS121!"]),
        (often, "每年评估一次档案。", &["TS121"]),
        (often, "档案每2年评估一次。", &[]),
        (often, "每季度巡查3次。", &[]),
        (often, "每周巡查一次。", &["TS121!"]),
        (often, "消防设施两年检测一次。", &["TS121"]),
        (often, "消防设施检测一年一次。", &["TS121"]),
        (often, "档案两年评估一次。", &[]),
        ("每人每年最多申请2次。", "每半年最多申请1次。", &["TS120"]),
    ]);
}
