//! What stands around a text in lines or tables of its own.

use super::*;

const BODY: &str = "关于调整示例补贴的通知\n各区财政局：\n现通知如下：\n一、标准为100元。\n";
const END: &str = "示例市财政局　　示例市民政局\n2026年6月12日\n";

#[test]
fn several_bodies_share_a_red_head() {
    for head in [
        "示例市财政局\n示例市民政局　文件\n示例市残疾人联合会\n",
        "特急\n示例市财政局\n示例市民政局\n文　件\n",
        "示例市财政局\n文件\n",
        "| 示例市财政局 | 文件 |\n| --- | --- |\n| 示例市民政局 |  |\n",
        "| 示例市财政局 示例市民政局 | 文件 |\n| --- | --- |\n",
    ] {
        let text = format!("{head}\n示财〔2026〕14号\n{BODY}{END}");
        let found = metadata(&text);
        assert_eq!(found.title.as_deref(), Some("关于调整示例补贴的通知"), "{head}");
        assert_eq!(found.number.as_deref(), Some("示财〔2026〕14号"), "{head}");
        assert_eq!(found.addressees, ["各区财政局"], "{head}");
        assert_eq!(found.signers, ["示例市财政局", "示例市民政局"], "{head}");
        let behind: Vec<_> =
            paths(&text).into_iter().filter(|path| !path.starts_with("附注")).collect();
        assert_eq!(behind, ["文号", "标题", "主送", "前言", "一", "署名", "成文日期"], "{head}");
    }
    // The title's own names are no part of the head.
    let text = format!("示例市财政局\n示例市民政局文件\n示例市财政局\n{BODY}{END}");
    assert_eq!(metadata(&text).title.as_deref(), Some("示例市财政局关于调整示例补贴的通知"));
    // A table of bodies is no head where it says nothing of 文件.
    let text = format!("{BODY}| 示例市财政局 | 示例市民政局 |\n| --- | --- |\n二、乙。\n{END}");
    assert!(paths(&text).contains(&"一/表".to_owned()));
}

#[test]
fn signatures_and_imprint_stand_in_tables() {
    let signed = |table: &str| {
        let text = format!("{BODY}{table}\n（此件公开发布）\n");
        let found = metadata(&text);
        assert_eq!(dates_of(&found, DateRole::Written), ["2026-06-12"], "{table}");
        assert!(!paths(&text).iter().any(|path| path.contains('表')), "{table}");
        found.signers
    };
    for table in [
        "| 示例市财政局 | 示例市民政局 |\n| --- | --- |\n| 2026年6月12日 |  |",
        "| 示例市财政局 |  |\n| --- | --- |\n| 示例市民政局 | 2026年6月12日 |",
    ] {
        assert_eq!(signed(table), ["示例市财政局", "示例市民政局"], "{table}");
    }
    let imprint =
        "| 抄送：市委办公室。 |  |\n| --- | --- |\n| 示例市财政局办公室 | 2026年6月13日印发 |\n";
    let text = format!("{BODY}{END}{imprint}");
    assert_eq!(paths(&text).last().unwrap(), "附注");
    assert_eq!(dates_of(&metadata(&text), DateRole::Printed), ["2026-06-13"]);
    let table = "| 单位 | 日期 |\n| --- | --- |\n| 示例市财政局 | 2026年6月12日 |\n";
    assert!(paths(&format!("{BODY}{table}二、乙。\n")).contains(&"一/表".to_owned()));
}

#[test]
fn several_bodies_give_an_order() {
    let text = "国家发展和改革委员会\n财　　政　　部\n令\n第 38 号\n\n《示例规定》已经审议通过，现予公布。\n\n\
                国家发展改革委主任：张某某\n财政部部长　李某某\n2026年2月6日\n\n示例规定\n第一条　甲。\n";
    let found = metadata(text);
    assert_eq!(found.title.as_deref(), Some("示例规定"));
    assert_eq!(found.number.as_deref(), Some("国家发展和改革委员会财政部令第38号"));
    assert_eq!(found.signers, ["国家发展改革委主任：张某某", "财政部部长 李某某"]);
    assert_eq!(
        paths(text),
        ["标题", "文号", "前言", "署名", "署名#2", "成文日期", "附文1/标题", "附文1/第一条"]
    );
}

#[test]
fn a_table_among_the_clauses_is_no_signature() {
    let table = "| 示例市教育局 | 2027年6月30日 |\n|---|---|\n| 示例市财政局 |  |\n";
    for (body, clause) in [
        (format!("第一条　各单位按下表完成。\n{table}第二条　乙。\n"), "第一条/表"),
        (format!("一、各单位按下表完成。\n{table}（一）乙。\n"), "一/表"),
        (format!("一、甲。\n（一）各单位按下表完成。\n{table}二、乙。\n"), "一/（一）/表"),
    ] {
        let text = format!("关于某事项的通知\n各区财政局：\n{body}{END}");
        let found = metadata(&text);
        assert_eq!(dates_of(&found, DateRole::Written), ["2026-06-12"], "{text}");
        assert_eq!(found.signers, ["示例市财政局", "示例市民政局"], "{text}");
        assert!(paths(&text).contains(&clause.to_owned()), "{:?}", paths(&text));
    }
    // Behind the last clause of the text that it ends, whatever comes with it.
    let signed = "| 示例市财政局 |  |\n| --- | --- |\n| 示例市民政局 | 2026年6月12日 |\n";
    for behind in ["附件1\n示例办法\n一、甲。\n二、乙。\n", "示例办法\n一、甲。\n二、乙。\n"]
    {
        let text = format!("{BODY}{signed}\n{behind}");
        let found = metadata(&text);
        assert_eq!(dates_of(&found, DateRole::Written), ["2026-06-12"], "{text}");
        assert_eq!(found.signers, ["示例市财政局", "示例市民政局"], "{text}");
    }
}
