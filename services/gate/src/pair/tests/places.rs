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
    let two = ["TS121!", "TS121!"];
    check_all(&[
        (KINDS, &exchanged(KINDS), &["TS121!", "TS121!"]),
        (KINDS, &exchanged(&head("标准（元）")), &two),
        (KINDS, &with_unit(exchanged(&head("发多少钱"))), &two),
        (KINDS, &with_unit(head("发多少钱")), &[]),
        (KINDS, &KINDS.replace("金额（元）", "发多少（元）").replace("300", "200"), &["TS121!"]),
        (turned, &exchanged(KINDS), &two),
        (turned, KINDS, &[]),
        (turned, "一类金额为100元，二类金额为200元。", &[]),
        (headless, &headless.replace("100元", "200元"), &["TS121"]),
        (headless, headless, &[]),
        (KINDS, "一类100元，二类300元，三类200元。", &two),
        (KINDS, "一类100元，二类200元，三类300元。", &[]),
        ("一类补助100元，二类补助200元，三类补助300元。", &exchanged(KINDS), &two),
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
            &["TS121!", "TS121!"],
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

#[test]
fn a_part_linked_to_very_many_figures_is_not_looked_at() {
    let policy = |count: usize| {
        let day = |at| format!("第{}组{}个工作日；", at % 7 + 1, at % 300 + 100);
        let days = (0..count).map(day).collect::<Vec<_>>().concat();
        format!("受理。{days}。\n\n二、办结。受理后应当在10个工作日内办结。")
    };
    let part = "窗口最晚10个工作日告诉您收不收。";
    assert_eq!(said_of_part(&policy(300), part, &["一"]), ["TS121"]);
    assert_eq!(said_of_part(&policy(600), part, &["一"]), [""; 0]);
}

#[test]
fn another_form_of_a_paper_is_another_duty() {
    let paper = "申请人应当提交身份证。";
    assert_eq!(said_of(paper, "申请人无需提交身份证原件。"), [""; 0]);
    assert_eq!(said_of(paper, "申请人无需提交身份证。"), ["TS139"]);
}

#[test]
fn what_leads_to_the_clauses_asks_for_no_explanation() {
    let open = |policy: &str| {
        let found = found_of(policy, "甲说明乙。");
        let open = found.into_iter().find(|finding| finding.code == "TS117");
        open.map(|finding| finding.message).unwrap_or_default()
    };
    let said = open(
        "工作要求如下：\n\n（一）指导思想。\n\n坚持公平。\n\n（二）开放。学校开放。\n\n二、本通知自2027年1月1日起施行。",
    );
    assert!(said.contains("共2条，2条未说明"), "{said}");
    assert!(said.contains("一/（一）/第2段、一/（二）"), "{said}");
    // What it holds for how long is another matter.
    assert!(open("甲。\n\n二、本通知自2027年1月1日起施行，有效期5年。").contains("共2条"));
}

#[test]
fn a_preamble_makes_no_exception_and_a_clause_tells_of_one_once() {
    let link = |clause: &str| lockstep_proto::manifest::Link {
        unit: "二".to_owned(),
        clauses: vec![clause.to_owned()],
    };
    let said = |policy: &str, clause: &str| {
        let stated = Stated { links: vec![link(clause)], ..Stated::default() };
        let found = found_beside(policy, "学校开放。", &stated);
        found.into_iter().filter(|finding| finding.code == "TS122").count()
    };
    assert_eq!(said("甲（试点区域除外）或乙（保税区除外）可以申请。", "一"), 1);
    assert_eq!(said("学校开放，但考试期间可以停止。", "一"), 1);
    let stated = Stated { links: vec![link("前言")], ..Stated::default() };
    let policy = "现将有关事项通知如下。\n\n一、甲。";
    let text = format!("执法水平有了提高，但执法不严的现象仍然较为突出。\n{policy}");
    let found = check_texts(&text, "二、学校开放。", &stated);
    assert!(!found.iter().any(|finding| finding.code == "TS122"), "{found:?}");
}

#[test]
fn a_day_is_said_with_its_month() {
    let found = found_of("甲。", "5月7日至11日报名。");
    let said = found.into_iter().find(|finding| finding.code == "TS120").unwrap();
    assert!(said.message.ends_with("：5月11日"), "{}", said.message);
}

#[test]
fn an_interpretation_without_a_title_says_what_it_explains() {
    let said = |interpretation: &str| {
        let policy = "关于做好示例工作的通知\n\n一、甲。\n";
        let titles = found_between(policy, interpretation);
        titles
            .into_iter()
            .filter(|finding| finding.code == "TS137")
            .map(|finding| finding.line)
            .collect::<Vec<_>>()
    };
    let other = "近日，示例部发布了《关于加快补齐处理设施短板的通知》（以下简称《通知》）。示例部有关负责人回答了提问。";
    assert_eq!(said(other), [Some(1)]);
    let run_in = "示例部负责同志就《污染治理实施方案（试行）》答记者问日前，示例部联合印发该方案。";
    assert_eq!(said(run_in), [Some(1)]);
    assert_eq!(said(&format!("{other}《关于做好示例工作的通知》与它有关。")), [None; 0]);
    assert_eq!(said("近日，示例部发布了《关于做好示例工作的通知》。"), [None; 0]);
    assert_eq!(said("国务院印发《推动大规模示例更新行动方案》，本市据此办理。"), [None; 0]);
    let traditional = "《關於做好示例工作的通知》答記者問\n\n問：為什麼？\n\n答：甲。\n";
    assert_eq!(said(traditional), [None; 0]);
}

#[test]
fn a_clause_that_very_many_units_explain_is_not_looked_at() {
    let policy = "申请。\n\n（一）本市居民可以申请，但在外地参保的人员除外。";
    let found = |count: usize| {
        let units = (1..=count).map(|unit| format!("{unit}. 本市居民可以申请。\n\n"));
        let link =
            |unit: usize| Link { unit: format!("二/{unit}"), clauses: vec!["一".to_owned()] };
        let stated = Stated { links: (1..=count).map(link).collect(), ..Stated::default() };
        let found = found_beside(policy, &units.collect::<Vec<_>>().concat(), &stated);
        assert!(found.iter().all(|finding| finding.code != "TS130"), "{count}");
        found.into_iter().filter(|finding| finding.code == "TS122").count()
    };
    assert_eq!([found(1), found(20), found(21), found(200)], [1, 1, 0, 0]);
}

#[test]
fn a_head_of_two_rows_names_its_columns_by_both() {
    let rows = "| 困难残疾人生活补贴 | 100 | 130 |\n| 重度残疾人护理补贴 | 80 | 120 |\n";
    let rule = "| --- | --- | --- |\n";
    let table = |head: &str| format!("补贴标准如下：\n\n{head}{rows}");
    let stretched = format!("| 类别 | 补贴标准（元/人·月） |  |\n{rule}|  | 调整前 | 调整后 |\n");
    let repeated = format!(
        "| 类别 | 补贴标准（元/人·月） | 补贴标准（元/人·月） |\n{rule}| 类别 | 调整前 | 调整后 |\n"
    );
    let plain = format!("| 类别 | 调整前（元/人·月） | 调整后（元/人·月） |\n{rule}");
    for policy in [table(&stretched), table(&repeated), table(&plain)] {
        for (said, expected) in [
            ("困难残疾人生活补贴每人每月130元，重度残疾人护理补贴每人每月120元。", &[][..]),
            ("重度残疾人护理补贴由80元提高到120元。", &[]),
            ("困难残疾人生活补贴调整前100元，调整后130元。", &[]),
            ("困难残疾人生活补贴每人每月100元。", &["TS121"]),
            (
                "困难残疾人生活补贴每人每月120元，重度残疾人护理补贴每人每月130元。",
                &["TS121!", "TS121!"],
            ),
        ] {
            assert_eq!(said_of(&policy, said), expected, "{policy} {said}");
        }
        assert_eq!(said_of(&policy, &policy), [""; 0], "{policy}");
    }
}

#[test]
fn another_place_in_the_policys_own_words_warns() {
    for (policy, interpretation) in [
        ("南二环以内禁止货车通行。", "南三环以内禁止货车通行。"),
        ("东城区居民可以申请补贴，由街道审核。", "西城区居民可以申请补贴，由街道审核。"),
        ("在东城、西城开展试点，其他区另行通知。", "在东城、南城开展试点，其他区另行通知。"),
        ("人民路以东、解放路以西为限行区域。", "人民路以东、建设路以西为限行区域。"),
        ("人民路以东、解放路以西为限行区域。", "人民路以西、解放路以东为限行区域。"),
        ("地铁1号线沿线禁止施工作业。", "地铁2号线沿线禁止施工作业。"),
        ("办事地点为政务服务中心三楼A区。", "办事地点为政务服务中心二楼A区。"),
        ("在浦东新区开展改革试点。", "在黄浦区开展改革试点。"),
        ("长江以北的养殖场限期搬迁。", "长江以南的养殖场限期搬迁。"),
        ("长江以北的养殖场限期搬迁。", "黄河以北的养殖场限期搬迁。"),
    ] {
        assert_eq!(said_of(policy, interpretation), ["TS121"], "{interpretation}");
        assert_eq!(said_of(policy, policy), [""; 0], "{policy}");
    }
}

#[test]
fn what_is_no_place_or_no_other_one_is_not_said_to_be() {
    let ring = "南二环以内禁止货车通行。";
    let both = "东城区设置三个服务窗口。西城区设置三个服务窗口。";
    check_all(&[
        (ring, "南二环以内的道路上，货车不得通行。", &[]),
        (ring, "此前，南三环以内禁止货车通行。", &[]),
        (ring, "《交通条例》规定，南三环以内禁止货车通行。", &[]),
        (ring, "南三环以内禁止货车通行吗？", &[]),
        (both, "西城区设置三个服务窗口。", &[]),
        ("下列区域禁止燃放烟花爆竹。", "上述区域禁止燃放烟花爆竹。", &[]),
        ("区民政局负责审核申请材料。", "县民政局负责审核申请材料。", &[]),
        ("第二批名单由区政府公布。", "第三批名单由区政府公布。", &[]),
    ]);
}

#[test]
fn a_bound_that_is_lifted_is_told_in_other_words() {
    let policy = "在乡镇连续工作满10年的教师申报副高级职称的，不受学历限制。";
    let mut stated = Stated::default();
    stated.links.push(lockstep_proto::manifest::Link {
        unit: "二".to_owned(),
        clauses: vec!["一".to_owned()],
    });
    let said = |text: &str| {
        let found = codes_of(found_beside(policy, text, &stated)).into_iter();
        found.filter(|code| code.starts_with("TS122")).count()
    };
    for text in [
        "干满10年，报副高不看学历。",
        "干满10年，报副高学历不限。",
        "干满10年，报副高无论学历高低。",
        "干满10年，报副高不受学历限制。",
    ] {
        assert_eq!(said(text), 0, "{text}");
    }
    for text in [
        "干满10年，可以报副高。",
        "干满10年，报副高须有本科学历。",
        "干满10年，报副高不看论文。",
        "名额不限，干满10年可报副高。",
        "干满10年，报副高要看学历。",
        "报副高对学历有要求。",
        "报副高必须符合学历条件。",
        "干满10年，报副高不限名额，学历为本科。",
        "年龄不限，学历不低于本科。",
        "无论城乡，报副高都看学历。",
        "报副高，学历不能放松。",
    ] {
        assert_eq!(said(text), 1, "{text}");
    }
}
