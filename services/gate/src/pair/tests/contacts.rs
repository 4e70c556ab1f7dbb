//! Telephone numbers, web addresses and postal codes.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// What is said beside one annex, and whether that was opened.
fn beside(annex: &str, policy: &str, interpretation: &str) -> (Vec<String>, bool) {
    let is_opened = AtomicBool::new(false);
    let open = || {
        is_opened.store(true, Ordering::Relaxed);
        vec![annex.to_owned()]
    };
    let found = check_beside(policy, interpretation, &Stated::default(), &open);
    let figures = found.into_iter().filter(|finding| finding.code == "TS120").collect();
    (codes_of(figures), is_opened.load(Ordering::Relaxed))
}

#[test]
fn annexes_are_opened_where_something_is_missing() {
    let policy = "一、咨询电话：12345678。补贴500元。";
    let annex = "| 区 | 电话 | 网址 | 标准 |\n| 东区 | 87654321 | www.example.com | 800元 |\n";
    for (interpretation, expected) in [
        ("咨询电话：12345678。补贴500元。", (vec![], false)),
        ("东区发放800元。", (vec![], true)),
        ("咨询电话：021-87654321。", (vec![], true)),
        ("咨询电话：021-87654322。", (vec!["TS120".to_owned()], true)),
    ] {
        assert_eq!(beside(annex, policy, interpretation), expected, "{interpretation}");
    }
}

#[test]
fn other_contacts_than_the_policys_warn() {
    let desk = "咨询电话：021-12345678、021-12345679。";
    let site = "申请人登录网站（https://www.example.gov.cn/apply?id=1）提交。";
    let letter = "材料寄示例路1号，邮政编码：200000。";
    check_all(&[
        (desk, "有疑问请打咨询电话12345678。", &[]),
        (desk, "有疑问请打电话（021）12345679。", &[]),
        (desk, "有疑问可以咨询。\n\n九、咨询电话\n\n021-12345687。", &["TS120"]),
        (desk, "有疑问可以咨询。\n\n九、咨询电话\n\n021-12345679。", &[]),
        (desk, "有疑问请打咨询电话021-87654321。", &["TS120"]),
        (desk, "各区咨询电话：东区87654321，西区87654322。", &["TS120"]),
        // Seven and eight digits are no number of the other.
        ("咨询电话：61234567。", "咨询电话：71234567。", &["TS120"]),
        ("咨询电话：61234567。", "咨询电话：1234567。", &["TS120"]),
        ("咨询电话：0571-61234567。", "咨询电话：61234567。", &[]),
        ("咨询电话：0312-1234567。", "咨询电话：1234567。", &[]),
        ("咨询电话：0571-61234567。", "咨询电话：1234567。", &["TS120"]),
        (desk, "也可以拨打12345热线，编号20261101。", &[]),
        ("咨询热线：12366。", "咨询热线：12333。", &["TS120"]),
        ("咨询热线：12366。", "咨询热线：12366，或者12345。", &[]),
        ("按要求办理。", "咨询电话：021-87654321，网址www.example.cn，邮编200001。", &[]),
        (site, "上网办理：zwfw.example.gov.cn。", &[]),
        (site, "上网办理：www.example.com。", &["TS120"]),
        (site, "版本2.0，见file.txt和a.b。", &[]),
        (letter, "邮编200000。", &[]),
        (letter, "邮编：200001。", &["TS120"]),
    ]);
}

#[test]
fn a_number_of_another_service_warns() {
    let desks = "咨询电话：021-55001234，投诉电话：021-55005678。";
    let behind = "电话：021-55001234（咨询），021-55005678（投诉）。";
    let spaced = "咨询电话021-5500 1234，监督电话021-5500 5678。";
    let hotline = "停车场公布监督电话12315。";
    let mut cases: Vec<(&str, &str, &[&str])> = vec![];
    for policy in [desks, behind] {
        cases.extend([
            (policy, "咨询电话021-55005678，投诉电话021-55001234。", &["TS120"][..]),
            (policy, "投诉电话：55001234。", &["TS120"]),
            (policy, "投诉电话：55005678。", &[]),
            (policy, "咨询、投诉电话：021-55001234、021-55005678。", &[]),
            (policy, "如有疑问，可拨打021-55005678。", &[]),
            (policy, "咨询可打55001243。", &["TS120"]),
            (policy, "电话：55001234（咨询），55005678（投诉）。", &[]),
        ]);
    }
    cases.extend([
        (spaced, "咨询电话021-5500 1243。", &["TS120"][..]),
        (spaced, "咨询电话：021-55001234。", &[]),
        (spaced, "电话 021-5500-1234 021-5500-5678。", &[]),
        (hotline, "停车场公布监督电话12345。", &["TS120"]),
        (hotline, "监督电话12315、12345。", &[]),
        (hotline, "咨询请打12345热线。", &[]),
    ]);
    check_all(&cases);
}

#[test]
fn of_an_annex_as_much_is_read_as_of_a_text() {
    let rows = "x".repeat(crate::bundle::TEXT_BYTES_MAX);
    for (annex, expected) in [
        (format!("标准为800元。\n{rows}"), &[][..]),
        (format!("{rows}\n标准为800元。"), &["TS120"]),
        (format!("{}甲", rows.get(1..).unwrap()), &["TS120"]),
    ] {
        let (said, _) = beside(&annex, "一、补贴500元。", "东区发放800元。");
        assert_eq!(said, expected);
    }
}
