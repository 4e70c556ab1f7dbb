//! Scores up to a bound.

use super::*;

#[test]
fn whole_points_may_be_told_by_the_last_that_holds() {
    let open = "考核得分75分以上不足90分的为良好等次。";
    let bracket = "考核得分75分以上90分以下（不含90分）的为良好等次。";
    let less = "考核得分不足60分的为不合格等次。";
    let four = "考核得分90分以上为优秀，75分（含）至90分（不含）为良好，60分至75分（不含）为合格，不足60分为不合格。";
    check_all(&[
        (open, "考核得分75分至89分的为良好等次。", &[]),
        (open, "考核得分75—89分的为良好等次。", &[]),
        (bracket, "考核得分75分至89分的为良好等次。", &[]),
        (less, "考核得分59分及以下的为不合格等次。", &[]),
        (four, "90分以上为优秀，75分至89分为良好，60分至74分为合格，60分以下为不合格。", &[]),
    ]);
}

#[test]
fn another_point_or_one_that_is_left_out_is_found() {
    let open = "考核得分75分以上不足90分的为良好等次。";
    check_all(&[
        (open, "考核得分75分至90分的为良好等次。", &["TS121"]),
        (open, "考核得分75分至88分的为良好等次。", &["TS121!"]),
        // As many points as a number holds.
        (open, "考核得分75分至4294967295分的为良好等次。", &["TS121!"]),
        (open, "考核得分74分至89分的为良好等次。", &["TS121!", "TS121!"]),
        // What is bound to hold is another, and what is measured is not counted whole.
        (
            "考核得分75分以上、90分以下的为良好等次。",
            "考核得分75分至89分的为良好等次。",
            &["TS121"],
        ),
        (
            "面积60平方米以上不足90平方米的可以申请。",
            "面积60平方米至89平方米的可以申请。",
            &["TS121"],
        ),
        ("成绩75.5分以上不足90.5分的为良好。", "成绩75.5分至89分的为良好。", &["TS121"]),
    ]);
}
