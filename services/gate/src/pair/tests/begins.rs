//! From when the policy holds, in words that only interpretations have.

use super::*;

/// A policy that holds from 1 February 2027, written some weeks before.
const POLICY: &str = "# 示例区护理补贴发放办法\n\n各街道：\n\n第一条 补贴按月发放，自申请次月起计算。\n\n\
                      第二条 各街道应当在2027年5月1日前完成培训。\n\n\
                      第三条 本办法自2027年2月1日起施行。\n\n示例区民政局\n\n2026年12月20日\n";

/// What is said of the day of effect, ! where it blocks.
fn said(policy: &str, interpretation: &str) -> Vec<String> {
    let interpretation = format!("# 政策解读\n\n## 一、主要内容\n\n{interpretation}\n");
    let found = codes_of(found_between(policy, &interpretation)).into_iter();
    found.filter(|code| code.starts_with("TS126")).collect()
}

#[test]
fn another_day_of_effect_blocks_however_it_is_said() {
    for wrong in [
        "从2027年3月起，新标准开始执行。",
        "新办法2027年3月1日正式实施。",
        "办法2027年3月1日施行。",
        "办法从2027年3月起实施。",
        "自2027年3月起施行。",
        "2027年3月1日起，新办法正式施行。",
        "新政策从2027年3月1日起施行。",
        "问：办法从什么时候起施行？答：2027年3月1日起。",
        "### 办法从什么时候起施行？\n\n2027年3月1日。",
        "本办法自公布之日起施行。",
        "办法自印发之日起施行。",
        "自印发之日起30日后施行。",
    ] {
        assert_eq!(said(POLICY, wrong), ["TS126!"], "{wrong}");
    }
}

#[test]
fn an_answer_is_held_to_the_day_whoever_gives_it_and_whatever_asks() {
    for wrong in [
        "【答】自2027年3月1日起施行。",
        "A2：自2027年3月1日起施行。",
        "**A2：**自2027年3月1日起施行。",
        "**答：** 自2027年3月1日起施行。",
        "负责人：自2027年3月1日起施行。",
        "问：办法什么时候施行？A：自2027年3月1日起施行。",
        "记者：办法什么时候施行？\n\n区民政局负责人：2027年3月1日起施行。",
        "Q3：什么时候施行？\n\nA3：2027年3月1日。",
        "### 实施时间和有效期\n\n2027年3月1日至2032年1月31日。",
        "### （三）施行\n\n2027年3月1日起。",
        "### 办法从什么时候开始？\n\n2027年3月1日起。",
        "### 办法从什么时候开始（实施）？\n\n2027年3月1日起。",
        "### 从什么时候开始（实施）？\n\n从2027年3月1日开始。",
        "| 项目 | 内容 |\n|---|---|\n| 施行日期 | 2027年3月1日 |",
    ] {
        assert_eq!(said(POLICY, wrong), ["TS126!"], "{wrong}");
        assert_eq!(said(POLICY, &wrong.replace("3月1日", "2月1日")), [""; 0], "{wrong}");
    }
}

#[test]
fn what_a_heading_or_a_question_may_mean_otherwise_warns() {
    for doubtful in [
        "### （三）施行\n\n2027年3月1日起，网上系统同步开放。",
        "### （三）实施\n\n自2027年3月1日起。",
        "### 从什么时候开始？\n\n2027年3月1日起。",
        "| 项目 | 征求意见稿 | 正式稿 |\n|---|---|---|\n| 施行日期 | 2027年3月1日 | 2027年2月1日 |",
        "网友：听说本办法自2027年3月1日起施行？\n\n答：不是，自2027年2月1日起施行。",
        "记者：本办法自2027年3月1日起施行吗？\n\n负责人：自2027年2月1日起施行。",
        "国家办法：自2027年3月1日起施行。",
        "3.系统什么时候上线？\n\nA3：自2027年3月1日起施行。",
    ] {
        assert_eq!(said(POLICY, doubtful), ["TS126"], "{doubtful}");
    }
    for other in [
        "负责人：第二条自2027年3月1日起施行。",
        "负责人：国家条例自2027年3月1日起施行。",
        "| 配套细则 | 施行日期 | 2027年3月1日 |",
        "3.什么时候开始申请？\n\n答：2027年3月1日开始。",
    ] {
        assert_eq!(said(POLICY, other), [""; 0], "{other}");
    }
    let asked = "记者：办法自2027年3月1日起施行，我可以申请吗？\n\n负责人：可以。";
    assert_eq!(said(POLICY, asked), ["TS126!"]);
}

#[test]
fn a_title_within_the_policys_own_is_no_other_document() {
    let policy = format!("# 关于印发《示例区护理补贴发放办法》的通知\n\n{POLICY}");
    let interpretation =
        "《关于印发《示例区护理补贴发放办法》的通知》已经公布。办法什么时候施行？2027年3月1日。";
    assert_eq!(said(&policy, interpretation), ["TS126!"]);
}

#[test]
fn the_day_of_what_belongs_to_the_policy_or_of_its_draft_warns() {
    for beside in [
        "《示例区护理补贴发放办法》配套的收费标准自2027年3月1日起施行。",
        "《示例区护理补贴发放办法》的细则自2027年3月1日起施行。",
        "施行日期由征求意见稿的自2027年3月1日起施行改为自2027年2月1日起施行。",
    ] {
        assert_ne!(said(POLICY, beside), ["TS126!"], "{beside}");
    }
}

#[test]
fn a_doubtful_day_hides_no_sure_one() {
    for wrong in [
        "有人以为，办法2027年3月1日施行。\n\n新办法2027年4月1日正式施行。",
        "新的要求2027年3月1日起施行。\n\n本办法自2027年4月1日起施行。",
        "根据《国家养老条例》，办法自印发之日起施行。\n\n本办法自印发之日起施行。",
    ] {
        assert_eq!(said(POLICY, wrong), ["TS126!"], "{wrong}");
    }
}

#[test]
fn a_document_of_another_kind_has_a_day_of_its_own() {
    let policy = POLICY.replace("本办法", "本细则").replace("办法", "实施细则");
    let of_other = "办法自2027年1月1日起施行，细则与它衔接。";
    assert_eq!(said(&policy, of_other), [""; 0]);
    assert_eq!(said(&policy, "细则自2027年3月1日起施行。"), ["TS126!"]);
}

#[test]
fn what_may_be_meant_otherwise_warns() {
    for doubtful in [
        "原《办法》自2027年3月1日起施行。",
        "国家发布了《老年人标准》。\n\n2027年3月起，新标准开始执行。",
        // The policy names that day for something else.
        "新办法2027年5月1日正式实施。",
        "有人以为，办法2027年3月1日施行。",
        "根据《国家养老条例》，新办法2027年3月1日正式实施。",
        "《国家养老条例》已经公布。2027年3月起，新标准开始执行。",
        "本办法即日起施行。",
        // Issue may be some weeks after writing.
        "本办法自公布之日起30日后施行。",
    ] {
        assert_eq!(said(POLICY, doubtful), ["TS126"], "{doubtful}");
    }
}

#[test]
fn what_is_right_or_of_something_else_is_no_day_of_effect() {
    for right in [
        "办法2027年2月1日施行。",
        "从2027年2月起，新标准开始执行。",
        "问：办法从什么时候起施行？答：2027年2月1日起。",
        "问：评估从什么时候起？答：2027年3月1日起。",
        "《国家养老条例》2027年3月1日正式实施。",
        "国家条例2027年3月1日正式实施。",
        "网上申请系统2027年3月1日正式实施。",
        "第三条自2027年3月1日起施行。",
        "2027年3月起，街道开始执行核查任务。",
        "已经享受补贴的，从2027年3月起执行新标准。",
        "护理补贴新标准从2027年3月起执行。",
        "原办法2021年3月1日施行。",
        "原办法自公布之日起施行。",
        "办法自公布之日起30日后施行，即2027年2月1日。",
        "《国家养老办法》（以下简称《办法》）已经公布，《办法》2027年3月起施行。",
        "过渡期内按原办法执行，2027年3月1日起全部按新办法执行。",
    ] {
        assert_eq!(said(POLICY, right), [""; 0], "{right}");
    }
    let staged = POLICY.replace("第二条", "第二条 护理补贴新标准自2027年3月1日起执行。");
    assert_eq!(said(&staged, "从2027年3月起，新标准开始执行。"), [""; 0]);
}

/// The policy while it is drafted, signed on no day yet.
fn draft() -> String {
    POLICY.replace("2026年12月20日", "{{成文日期}}")
}

#[test]
fn a_draft_without_its_day_of_writing_is_held_to_as_much() {
    let unsigned = POLICY.replace("示例区民政局\n\n2026年12月20日\n", "");
    let order = format!(
        "# 示例区护理补贴发放办法\n\n（2026年12月20日示例区人民政府令第6号公布　自2027年2月1日起施行）\n\n{}",
        unsigned.replace("# 示例区护理补贴发放办法\n\n各街道：\n\n", "")
    );
    let without_article = order.replace("第三条 本办法自2027年2月1日起施行。", "第三条 补贴免税。");
    for policy in [&draft(), &unsigned, &order, &without_article] {
        for wrong in [
            "《办法》自2027年3月1日起施行。",
            "《办法》什么时候开始执行？2027年3月1日开始执行。",
            "新办法将从2027年3月1日起实施，至2032年1月31日止。",
            "新政策从2027年3月1日开始施行，有效期五年。",
            "《办法》以示例区人民政府令第6号公布，自2027年3月1日起施行。",
            "新办法2027年3月1日正式实施。",
        ] {
            assert_eq!(said(policy, wrong), ["TS126!"], "{wrong} {policy}");
        }
        for right in [
            "《办法》自2027年2月1日起施行。",
            "原《办法》自2021年3月1日起施行。",
            "《国家养老条例》自2026年12月1日起施行。",
        ] {
            assert_eq!(said(policy, right), [""; 0], "{right} {policy}");
        }
    }
    // Long before, it may be that of an earlier one.
    assert_eq!(said(&draft(), "《办法》自2025年3月1日起施行。"), ["TS126"]);
    assert_eq!(said(&draft(), "新办法2025年3月1日正式实施。"), [""; 0]);
}

#[test]
fn a_day_without_a_year_is_a_day_too() {
    for policy in [POLICY, &draft()] {
        for wrong in [
            "《办法》3月1日起施行。",
            "12月20日，区政府印发《办法》，3月1日起施行。",
            "2026年12月20日，区政府印发《办法》，2027年3月1日起施行。",
            "新规3月1日起实施！",
            "《办法》将于3月1日起正式施行。",
            "《办法》从今年3月1日起执行。",
            "本办法3月1日起施行。",
            "问：办法从什么时候起施行？\n\n答：3月1日起施行。",
        ] {
            assert_eq!(said(policy, wrong), ["TS126!"], "{wrong}");
        }
        for doubtful in [
            "护理补贴新价格从3月1日起执行。",
            "会议要求，3月1日起执行。",
            "问：新的护理标准从什么时候起执行？\n\n答：3月1日起执行。",
            "2025年的经验是逐年安排。《办法》3月1日起施行。",
        ] {
            assert_eq!(said(policy, doubtful), ["TS126"], "{doubtful}");
        }
        for right in [
            "《办法》2月1日起施行。",
            "1月15日，区政府常务会议审议通过《办法》，2月1日起施行。",
            "《国家养老条例》3月1日起施行。",
            "国家条例3月1日起施行，《办法》与它衔接。",
            "2021年5月，《办法》印发，6月1日起施行。",
            "原《办法》3月1日起施行。",
            "各街道每年3月1日起执行。",
            "网上申请系统3月1日起执行新标准。",
            "第三条自3月1日起施行。",
        ] {
            assert_eq!(said(policy, right), [""; 0], "{right}");
        }
    }
}

#[test]
fn what_holds_from_its_issue_holds_from_no_day_long_after() {
    let policy = POLICY.replace("自2027年2月1日起", "自印发之日起");
    for (text, expected) in [
        ("《办法》自2027年2月1日起施行。", "TS126!"),
        ("新办法2027年3月1日正式实施。", "TS126!"),
        ("《办法》3月1日起施行。", "TS126!"),
        // It may have been issued that day.
        ("《办法》自2026年12月28日起施行。", "TS126"),
        ("《办法》自2026年10月1日起施行。", "TS126"),
        ("《办法》自2026年12月20日起施行。", ""),
        ("《办法》12月20日起施行。", ""),
        ("新办法2026年12月起实施。", ""),
        ("《办法》自印发之日起施行。", ""),
        ("国家条例自2027年3月1日起施行。", ""),
    ] {
        assert_eq!(said(&policy, text).concat(), expected, "{text}");
    }
    let counted = policy.replace("印发之日起", "公布之日起30日后");
    assert_eq!(said(&counted, "《办法》自2027年2月1日起施行。"), [""; 0]);
    assert_eq!(said(&counted, "《办法》自2026年12月20日起施行。"), ["TS126!"]);
    // Some of it from a day of its own on.
    let partly = policy.replace("起施行。", "起施行，第一条自2027年7月1日起施行。");
    assert_eq!(said(&partly, "《办法》自2026年12月20日起施行。"), [""; 0]);
    assert_eq!(said(&partly, "《办法》自2027年7月1日起施行。"), [""; 0]);
    assert_eq!(said(&partly, "《办法》自2027年9月1日起施行。"), ["TS126!"]);
    // Nobody knows the day yet.
    let draft = draft().replace("自2027年2月1日起", "自印发之日起");
    assert_eq!(said(&draft, "《办法》自2027年2月1日起施行。"), [""; 0]);
}

#[test]
fn what_comes_in_stages_only_warns() {
    let policy = POLICY.replace("前完成培训。", "前完成培训。原有机构应当于2027年9月30日前整改。");
    for staged in [
        "过渡期从2027年2月1日到2027年9月30日，2027年10月1日起正式执行新标准。",
        "过渡期为八个月。2027年12月1日起正式执行。",
        // The day after one on which the policy lets something end.
        "2027年10月1日起正式执行。",
        "其中，试点自2027年3月1日起施行。",
    ] {
        assert_eq!(said(&policy, staged), ["TS126"], "{staged}");
    }
}

#[test]
fn a_month_alone_is_compared_and_only_warns() {
    for (text, expected) in [
        ("《办法》2月起实施。", &[][..]),
        ("《办法》3月起实施。", &["TS126"]),
        ("《办法》从明年3月起实施。", &["TS126"]),
        ("每年3月起实施。", &[]),
        ("其他措施3月起实施。", &[]),
    ] {
        assert_eq!(said(POLICY, text), expected, "{text}");
    }
}

#[test]
fn the_day_of_a_stage_is_none_of_the_policys() {
    let policy = POLICY.replace("前完成培训。", "前完成培训，2027年4月至10月全面推进。");
    assert_eq!(said(&policy, "第二阶段自2027年4月1日开始实施。"), [""; 0]);
    assert_eq!(said(&policy, "全面推进阶段从2027年4月1日起开始实施。"), [""; 0]);
    assert_eq!(said(&policy, "《办法》自2027年4月1日起实施。"), ["TS126!"]);
}
