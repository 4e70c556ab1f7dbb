//! Values that stand in another row, column, table or clause than in the policy.

use lockstep_proto::manifest::Link;

use super::*;

const KINDS: &str = "补助如下：\n\n| 类别 | 金额（元） |\n|---|---|\n| 一类 | 100 |\n| 二类 | 200 |\n| 三类 | 300 |\n";

#[test]
fn values_in_another_row_of_a_table_are_found() {
    let head = |head: &str| KINDS.replace("金额（元）", head);
    let exchanged = |text: &str| {
        text.replace("| 100 |", "| 甲 |").replace("| 200 |", "| 100 |").replace("甲", "200")
    };
    let with_unit = |text: String| text.replace("00 |", "00元 |");
    let turned = "补助如下：\n\n| | 一类 | 二类 | 三类 |\n|---|---|---|---|\n| 金额（元） | 100 | 200 | 300 |\n";
    let headless = "补助如下：\n\n| 一类 | 100元 |\n|---|---|\n| 二类 | 200元 |\n";
    let two = ["TS121", "TS121"];
    check_all(&[
        (KINDS, &exchanged(KINDS), &["TS121!", "TS121!"]),
        (KINDS, &exchanged(&head("标准（元）")), &two),
        (KINDS, &with_unit(exchanged(&head("发多少钱"))), &two),
        (KINDS, &with_unit(head("发多少钱")), &[]),
        (KINDS, &KINDS.replace("金额（元）", "发多少（元）").replace("300", "200"), &["TS121"]),
        (turned, &exchanged(KINDS), &two),
        (turned, KINDS, &[]),
        (turned, "一类金额为100元，二类金额为200元。", &[]),
        (headless, &headless.replace("100元", "200元"), &["TS121"]),
        (headless, headless, &[]),
        (KINDS, "一类100元，二类300元，三类200元。", &two),
        (KINDS, "一类100元，二类200元，三类300元。", &[]),
        ("一类补助100元，二类补助200元，三类补助300元。", &exchanged(KINDS), &["TS121"]),
        ("一类补助100元，二类补助200元，三类补助300元。", KINDS, &[]),
    ]);
}

#[test]
fn values_in_another_column_or_table_are_found() {
    let columns = "标准如下：\n\n| 类别 | 收费（元） | 补助（元） |\n|---|---|---|\n| 小学 | 500 | 50 |\n| 初中 | 600 | 60 |\n";
    let turned = "标准如下：\n\n| 类别 | 补助（元） | 收费（元） |\n|---|---|---|\n| 小学 | 50 | 500 |\n| 初中 | 60 | 600 |\n";
    let wrong = "标准如下：\n\n| 类别 | 收费（元） | 补助（元） |\n|---|---|---|\n| 小学 | 50 | 500 |\n| 初中 | 600 | 60 |\n";
    let tables = "一、收费：\n\n| 类别 | 标准（元） |\n|---|---|\n| 小学 | 500 |\n| 初中 | 600 |\n\n二、补助：\n\n| 类别 | 标准（元） |\n|---|---|\n| 小学 | 50 |\n| 初中 | 60 |\n";
    let ours = "收费：\n\n| 类别 | 标准 |\n|---|---|\n| 小学 | 500元 |\n| 初中 | 600元 |\n\n补助：\n\n| 类别 | 标准 |\n|---|---|\n| 小学 | 50元 |\n| 初中 | 60元 |\n";
    let between = ours.replace("小学 | 50元", "小学 | 甲").replace("小学 | 500元", "小学 | 50元");
    check_all(&[
        (columns, turned, &[]),
        (columns, wrong, &["TS121!", "TS121!"]),
        (tables, ours, &[]),
        (tables, &between.replace("甲", "500元"), &["TS121", "TS121"]),
        (
            tables,
            &ours.replace("500元", "甲").replace("600元", "500元").replace("甲", "600元"),
            &["TS121", "TS121"],
        ),
    ]);
}

#[test]
fn what_a_table_gives_besides_is_no_moved_value() {
    let years = "补助如下：\n\n| 类别 | 2025年 | 2026年 |\n|---|---|---|\n| 一类 | 100元 | 100元 |\n| 二类 | 100元 | 200元 |\n| 三类 | 200元 | 300元 |\n";
    let part = "标准如下：\n\n| 类别 | 收费（元） | 门票（元） |\n|---|---|---|\n| 一类 | 100 | 20 |\n| 二类 | 200 | 100 |\n";
    check_all(&[
        (KINDS, years, &[]),
        (KINDS, "二类比一类多100元。", &[]),
        (KINDS, "王某属于二类，原来领100元，现在领200元。", &[]),
        (
            part,
            "门票如下：\n\n| 类别 | 门票 |\n|---|---|\n| 一类 | 20元 |\n| 二类 | 100元 |\n",
            &[],
        ),
    ]);
}

/// What is said of an interpretation whose part of these words explains the policy's two clauses.
fn said_of_part(policy: &str, part: &str, clauses: &[&str]) -> Vec<String> {
    let link = Link {
        unit: "三".to_owned(),
        clauses: clauses.iter().map(|clause| (*clause).to_owned()).collect(),
    };
    let stated = Stated { links: vec![link], ..Stated::default() };
    let interpretation = format!("见下。\n\n三、办理\n\n{part}");
    codes_of(found_beside(policy, &interpretation, &stated))
}

#[test]
fn a_figure_of_another_clause_than_the_linked_one_warns() {
    let policy =
        "受理。窗口应当在5个工作日内决定是否受理。\n\n二、办结。受理后应当在10个工作日内办结。";
    for (part, clauses, expected) in [
        ("窗口最晚10个工作日告诉您收不收。", &["一"][..], &["TS121"][..]),
        ("窗口最晚5个工作日告诉您收不收。", &["一"], &[]),
        ("窗口最晚10个工作日告诉您收不收。", &["一", "二"], &[]),
        ("窗口5个工作日告诉您收不收，加上办结的10个工作日，一共不长。", &["一"], &[]),
        ("收了以后5个工作日就能办好。", &["二"], &["TS121"]),
    ] {
        assert_eq!(said_of_part(policy, part, clauses), expected, "{part} {clauses:?}");
    }
}
