//! From where a plan sets out and what it aims at; values that stand in the policy beside the sentence's own words.

use super::check_all;

const TABLE: &str = "2025年末，护理型床位占比62%，社区助餐点420个，床位2.8万张。\n\n\
    | 指标 | 2025年 | 2030年 |\n|---|---|---|\n| 护理型床位占比（%） | 62 | 75 |\n\
    | 社区助餐点（个） | 420 | 700 |\n| 家庭养老床位（张） | 3000 | 8000 |\n";

#[test]
fn what_a_plan_aims_at_is_none_of_what_it_sets_out_from() {
    let total = "2025年末，社区助餐点420个。\n\n二、新建社区助餐点280个，总数不少于700个。";
    let listed = "2025年末，自来水普及率92%。\n\n二、主要指标：\n\n（一）自来水普及率（%）：95。";
    check_all(&[
        (TABLE, "护理型床位占比达到75%。", &[]),
        (TABLE, "社区助餐点达到700个。", &[]),
        (TABLE, "护理型床位占比由62%提高到75%。", &[]),
        (TABLE, "家庭养老床位由3000张增加到8000张。", &[]),
        (TABLE, "护理型床位占比达到80%。", &["TS121!"]),
        (TABLE, "2025年末，护理型床位占比达到75%。", &["TS121!"]),
        (total, "社区助餐点达到700个。", &[]),
        (total, "社区助餐点达到800个。", &["TS121!"]),
        (listed, "自来水普及率达到95%。", &[]),
        (listed, "自来水普及率达到96%。", &["TS121!"]),
    ]);
}

#[test]
fn a_value_beside_the_sentence_s_own_words_is_no_other() {
    let loans = "单户企业每年贴息金额最高10万元，科技型企业每年最高20万元。";
    let riders = "可以搭载一名12周岁以下的未成年人；搭载6周岁以下儿童的，应当使用安全座椅。";
    check_all(&[
        (loans, "单户企业每年贴息金额最高20万元。", &["TS121!"]),
        (loans, "科技型企业每年最高10万元。", &["TS121!"]),
        (riders, "只能搭载12周岁以下的未成年人。", &[]),
        (riders, "搭载12周岁以下儿童的，应当使用安全座椅。", &["TS121!"]),
    ]);
}

#[test]
fn an_exception_told_by_the_sum_is_told() {
    let days = "自受理之日起10个工作日内作出决定，需要补充核查的，可以延长5个工作日。";
    check_all(&[
        (days, "一般10个工作日作出决定，特殊情况最长15个工作日。", &["TS120"]),
        (days, "一般10个工作日作出决定，特殊情况最长20个工作日。", &["TS120", "TS122"]),
        (days, "10个工作日作出决定。", &["TS122"]),
    ]);
}
