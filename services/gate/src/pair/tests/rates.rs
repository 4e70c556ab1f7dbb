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
