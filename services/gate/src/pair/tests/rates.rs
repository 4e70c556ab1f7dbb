//! Amounts of the policy by another rate: 每户 for 每人, 每年 for 每月.

use super::*;

#[test]
fn another_rate_before_the_verb_blocks_where_all_else_is_the_policys() {
    let rule = "每人每月补贴500元。";
    check_all(&[
        (rule, "每户每月补贴500元。", &["TS121!"]),
        (rule, "每人每年补贴500元。", &["TS121!"]),
        (rule, "每个家庭每月补贴500元。", &["TS121!"]),
        ("每人每月给予500元补贴。", "每户每月给予500元补贴。", &["TS121!"]),
        ("对低保家庭，每人每月补贴500元。", "低保家庭每户每月补贴500元。", &["TS121!"]),
        ("每户每年最高补贴500元。", "每人每年最高补贴500元。", &["TS121!"]),
        ("每人每月补贴500元，每户最高补贴1000元。", "每户每月补贴500元。", &["TS121!"]),
    ]);
}

#[test]
fn another_rate_of_what_may_be_another_case_warns() {
    let rule = "每人每月补贴500元。";
    check_all(&[
        (rule, "一人户每户每月补贴500元。", &["TS121"]),
        (rule, "对孤儿，每户每月补贴500元。", &["TS121"]),
        (rule, "每户每月发放500元救助金。", &["TS121"]),
        (rule, "有人以为，每户每月补贴500元。", &["TS121"]),
    ]);
}

#[test]
fn a_rate_that_may_be_the_same_is_none_other() {
    let rule = "每人每月补贴500元。";
    check_all(&[
        (rule, "每人每月补贴500元。", &[]),
        (rule, "每月补贴500元。", &[]),
        (rule, "每季度发放一次，每人每月补贴500元。", &[]),
        ("每人每月补贴500元，每户每月最多补贴500元。", "每户每月补贴500元。", &[]),
        ("每年审核后每人每月补贴500元。", "每人每月补贴500元。", &[]),
    ]);
}

#[test]
fn what_is_done_or_used_by_another_span_of_time_is_another_value() {
    let times = "每年组织2次演练。";
    let year = "每人一年最多申请2次。";
    let water = "每人每月用水不超过5吨。";
    let hours = "护理员每周上门服务3小时。每季度抽查1次，每月通报1次。";
    check_all(&[
        (times, "每月组织2次演练。", &["TS121!"]),
        (times, "每年组织两次演练。", &[]),
        (year, "每人每月最多申请2次。", &["TS121"]),
        (year, "一个月申请2次。", &["TS121"]),
        (year, "一年不超过2次。", &[]),
        (year, "每人每年可享受两次。", &[]),
        (water, "每人每年用水不超过5吨。", &["TS121!"]),
        (water, "一个人一个月5吨水。", &[]),
        (hours, "每天上门服务3小时。", &["TS121!"]),
        (hours, "每周服务3小时。", &[]),
        // Of other things, denied, former, asked; 每学年 is 每年.
        (hours, "起草组每周调研1次。", &[]),
        (times, "不要求每月组织2次演练。", &[]),
        (times, "以前每月组织2次演练。", &[]),
        (times, "每月组织2次演练吗？", &[]),
        (times, "每学年组织2次演练。", &[]),
        (hours, "每季抽查一次、每月通报一次。", &[]),
    ]);
}
