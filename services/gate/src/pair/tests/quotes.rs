//! What stands in quotation marks as the policy's, with its duty or its unit changed; and what is another document's.

use super::*;

const DUTY: &str = "经营者应当明码标价，公开收费项目。";

#[test]
fn a_duty_changed_in_a_quotation_of_the_policy_blocks() {
    check_all(&[
        (DUTY, "《通知》规定“可以明码标价”。", &["TS145!"]),
        (DUTY, "《通知》规定：“经营者可以明码标价”。", &["TS145!"]),
        (DUTY, "通知明确，经营者“可以明码标价”。", &["TS145!"]),
        (DUTY, "《通知》规定“应当明码标价”。", &[]),
        ("街道可以设立服务点。", "《通知》规定“街道应当设立服务点”。", &["TS145!"]),
        (
            "街道应当在收到材料后进行现场核查。",
            "《通知》规定“街道可以在收到材料后进行现场核查”。",
            &["TS145!"],
        ),
        ("企业不参加培训的不予补贴。", "《通知》规定“企业参加培训的不予补贴”。", &["TS145!"]),
    ]);
    let both = "经营者应当明码标价，公开收费项目。摊贩可以明码标价。";
    check_all(&[(both, "《通知》规定“可以明码标价”。", &[]), (DUTY, "企业“可以明码标价”。", &[])]);
}

#[test]
fn a_unit_changed_in_a_quotation_of_the_policy_blocks() {
    for (policy, said, expected) in [
        ("30日", "30个工作日", true),
        ("30个工作日", "30日", true),
        ("3个月", "3个工作日", true),
        ("3年", "3个月", true),
        ("30日", "30天", false),
        ("1年", "12个月", false),
        ("三十日", "30日", false),
    ] {
        let policy = format!("申请人应当在收到通知之日起{policy}内向街道提出申请。");
        let said = format!("《通知》规定“应当在收到通知之日起{said}内向街道提出申请”。");
        let found = said_of(&policy, &said);
        assert_eq!(found.contains(&"TS145!".to_owned()), expected, "{said} {found:?}");
    }
    for (policy, said) in [
        ("补贴不超过50万元，由街道发放。", "补贴不超过50元，由街道发放"),
        ("面积不超过30平方米的予以登记。", "面积不超过30亩的予以登记"),
    ] {
        let found = said_of(policy, &format!("《通知》规定“{said}”。"));
        assert!(found.contains(&"TS145!".to_owned()), "{said} {found:?}");
    }
    // Things may be counted by another word.
    let counted = "第一批支持10家企业，每家50万元。";
    check_all(&[(counted, "《通知》规定“第一批支持10个企业，每家50万元”。", &["TS145"])]);
}

#[test]
fn what_is_quoted_of_another_document_is_not_held_against_the_policy() {
    let forbidden = "申请人不得重复申领补贴。";
    check_all(&[
        (forbidden, "《国家条例》规定“申请人可以重复申领补贴”。", &[]),
        (forbidden, "原办法规定“申请人可以重复申领补贴”。", &[]),
        (forbidden, "条例规定“申请人可以重复申领补贴”。", &["TS139"]),
        (DUTY, "《价格法》规定“经营者可以明码标价”，《通知》作了细化。", &[]),
        (DUTY, "《通知》规定“经营者可以明码标价”（引自《价格法》）。", &[]),
        (DUTY, "条例规定“经营者可以明码标价”。", &[]),
        // Beside another document it is the policy that is quoted.
        (DUTY, "根据《价格法》，《通知》规定“经营者可以明码标价”。", &["TS145!"]),
        (DUTY, "根据《价格法》，本通知规定“经营者可以明码标价”。", &["TS145!"]),
        (DUTY, "根据《价格条例》，通知规定“经营者不得明码标价”。", &["TS145!"]),
    ]);
}
