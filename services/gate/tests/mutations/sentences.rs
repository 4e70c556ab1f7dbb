//! One sentence of the policy and one that explains it: what the gate says of the two.

use lockstep_gate::bundle::Files;
use lockstep_proto::finding::Severity;

use super::{edit_policy, files, findings, interpretation};

type Sentences = (&'static str, &'static str, &'static [&'static str]);

const SENTENCES: &[Sentences] = &[
    ("罚款金额为5000元以上10000元以下。", "罚款金额为1万元以下。", &[]),
    ("罚款金额为5000元以上、10000元以下。", "罚款金额为5000元以上。", &[]),
    ("补贴金额为500元至1000元。", "补贴金额为1000元封顶。", &[]),
    ("申请时间为3月1日至3月31日。", "申请时间为3月31日前。", &[]),
    ("申请时间为3月1日至31日。", "申请时间为3月31日前。", &[]),
    ("申请时间为2026年3月1日至31日。", "申请时间为2026年3月31日前。", &[]),
    ("申请时间为2026年3月1日至3月31日。", "申请时间为3月31日前。", &[]),
    ("报名截止日期为2026年12月20日。", "报名截止日期为12月20日。", &[]),
    ("报名截止日期为12月20日。", "报名截止日期为2026年12月20日。", &[]),
    ("报名截止日期为2026年12月20日。", "报名截止日期为12月21日。", &["TS121"]),
    ("报名截止日期为2026年12月20日。", "报名截止日期为2027年12月20日。", &["TS121"]),
    ("申请时间为3月1日至3月31日。", "申请时间为4月1日至4月30日。", &["TS121"]),
    ("罚款金额为5000元以上10000元以下。", "罚款金额为5000元以上20000元以下。", &["TS121"]),
    ("罚款金额为5000元以上10000元以下。", "罚款金额为2万元以下。", &["TS121?"]),
    ("家庭年收入低于5万元的，可以申请。", "家庭年收入4万元能申请吗？可以。", &["TS121?"]),
    ("家庭年收入低于5万元的，可以申请。", "家庭年收入4万元，低于5万元，可以申请。", &["TS121?"]),
    ("建筑面积不低于1000平方米。", "建筑面积900平方米的不符合要求。", &["TS121?"]),
    ("建筑面积不低于1000平方米。", "建筑面积不低于900平方米。", &["TS121"]),
    ("学费标准由每学期260元调整为300元。", "学费标准为每学期260元。", &["TS121"]),
    ("学费标准由每学期260元调整为300元。", "学费标准由每学期260元提高到300元。", &[]),
    ("学费标准由每学期260元调整为300元。", "学费标准为每学期300元。", &[]),
    ("学费标准由每学期260元调整为300元。", "学费标准现行为每学期260元。", &[]),
    ("年满60周岁的老年人可以申请。", "年满65周岁的老年人都能申请。", &["TS121"]),
    ("年满60周岁的老年人可以申请。", "年满60周岁的老年人都能申请。", &[]),
    ("申请人应当年满60周岁。", "申请人要年满65周岁。", &["TS121"]),
    ("申请人应当年满60周岁。", "申请人年龄须在60周岁以上。", &[]),
    ("女职工年满55周岁。", "男职工年满60周岁。", &["TS120?"]),
    ("公示期限为15个工作日。", "公示期限为15日。", &["TS121"]),
    ("救助比例为百分之七十。", "救助比例为八成。", &["TS121"]),
];

/// Each code that is said; one that only warns has a question mark.
fn said(files: &Files) -> Vec<String> {
    let mut said: Vec<_> = findings(files)
        .into_iter()
        .map(|finding| match finding.severity {
            Severity::Block => finding.code,
            Severity::Warning => format!("{}?", finding.code),
        })
        .collect();
    said.sort();
    said.dedup();
    said
}

#[test]
fn sentences_say_what_they_should() {
    let mut wrong = vec![];
    for (policy, ours, expected) in SENTENCES {
        let mut files = files();
        edit_policy(
            &mut files,
            "家庭经济困难学生免收。",
            &format!("家庭经济困难学生免收。{policy}"),
        );
        interpretation(&mut files, "困难家庭不交钱。", &format!("困难家庭不交钱。{ours}"));
        if said(&files) != *expected {
            let said: Vec<_> = findings(&files).iter().map(ToString::to_string).collect();
            wrong.push(format!("{policy} / {ours}: expected {expected:?}, said {said:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), SENTENCES.len(), wrong.join("\n"));
}
