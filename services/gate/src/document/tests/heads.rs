//! What stands around a text: titles, numbers, addressees, signatures, attachments.

use super::*;

fn levels(text: &str) -> Vec<Level> {
    Document::read(text).units().iter().map(|unit| unit.level).collect()
}

#[test]
fn a_title_stands_below_letterhead_and_copy_number() {
    let text = "000012\n特急\n示例市人民政府办公室文件\n示政办发〔2025〕40号　　签发人：陈某\n示例市人民政府办公室\n\
                关于印发示例预案的通知\n各区人民政府：\n现印发给你们。\n";
    let found = metadata(text);
    assert_eq!(found.title.as_deref(), Some("示例市人民政府办公室关于印发示例预案的通知"));
    assert_eq!(found.number.as_deref(), Some("示政办发〔2025〕40号"));
    assert_eq!(found.addressees, ["各区人民政府"]);
}

#[test]
fn a_title_stands_below_what_a_message_adds() {
    let text = "示例发布 2025-06-01 18:00 示例\n↑点击上方蓝字关注我们\n关于示例区入学工作的意见\n一、对象\n甲。\n";
    assert_eq!(metadata(text).title.as_deref(), Some("关于示例区入学工作的意见"));
    for title in ["示例市关于促进全民阅读工作的意见", "示例市全民阅读条例"]
    {
        assert_eq!(metadata(&format!("{title}\n第一条 甲。\n")).title.as_deref(), Some(title));
    }
    let labelled =
        "示例市关于经费情况的通告\n【法规类别】教育 【发文字号】示教[2018]8号\n一、情况\n甲。\n";
    assert_eq!(metadata(labelled).title.as_deref(), Some("示例市关于经费情况的通告"));
}

#[test]
fn an_announcement_has_the_title_of_its_matter_and_the_number_of_its_series() {
    let text = "示例市市场监督管理局公告\n2025年第8号\n示例市市场监督管理局关于注销许可证的公告\n现公告如下：\n一、甲。\n";
    let found = metadata(text);
    assert_eq!(found.title.as_deref(), Some("示例市市场监督管理局关于注销许可证的公告"));
    assert_eq!(found.number.as_deref(), Some("示例市市场监督管理局公告2025年第8号"));
    let minutes =
        metadata("示例区人民政府常务会议纪要\n〔2025〕第14期\n会议议定：\n一、甲。\n出席：赵某\n");
    assert_eq!(minutes.number.as_deref(), Some("〔2025〕第14期"));
    assert_eq!(
        metadata("關於名單的通告\n示教〔2025〕第5號\n各有關單位：\n一、甲。").number.as_deref(),
        Some("示教〔2025〕5号")
    );
}

#[test]
fn a_head_in_one_line_is_taken_apart() {
    let text = "示例省关于治理目标的批复 示函〔1999〕134号 示例市人民政府、示例局：你们的《请示》(示文〔1999〕56号)收悉。现批复如下：一、同意。二、照办。";
    assert_eq!(paths(text), ["标题", "文号", "主送", "前言", "一", "二"]);
    assert_eq!(metadata(text).number.as_deref(), Some("示函〔1999〕134号"));
}

#[test]
fn the_title_is_not_that_of_an_attachment() {
    let text = "各区人民政府：\n现将情况通告如下：\n一、甲。\n示例市教育局\n2024年12月1日\n附件1\n经费安排计划\n乙。\n";
    assert_eq!(metadata(text).title, None);
    // What is issued is the text itself.
    let issued = "各区人民政府：\n现将《示例方案》印发给你们。\n示例市教育局\n2024年12月1日\n示例方案\n一、甲。\n";
    assert_eq!(metadata(issued).title.as_deref(), Some("示例方案"));
}

#[test]
fn attachments_by_file_name_are_listed() {
    let text = "关于申报的通知\n一、甲。\n示例局\n2025年9月9日\n附件：\n附件1.docx\n\n附件2.pdf\n附件：1.示例表.xlsx\n";
    assert_eq!(metadata(text).attachments, ["附件1.docx", "附件2.pdf", "示例表.xlsx"]);
    assert!(!paths(text).iter().any(|path| path.starts_with("附文")));
}

#[test]
fn persons_sign_orders_and_decisions_are_dated_below_their_title() {
    let text = "示例省人民政府令\n第312号\n《示例办法》已经通过，现予公布。\n省长　张某某\n2025年3月12日\n示例办法\n第一条　甲。\n";
    assert_eq!(
        levels(text)[..5],
        [Level::Title, Level::Number, Level::Paragraph, Level::Signer, Level::Date]
    );
    let decision = metadata("示例区关于改革的意见\n（2025年3月8日）\n一、甲。\n");
    assert_eq!(dates_of(&decision, DateRole::Written), ["2025-03-08"]);
    let law = "示例市养犬条例\n（2018年6月1日示例市第十五届人民代表大会常务委员会第三次会议通过　2018年9月30日示例省第十三届人民代表大会\
               常务委员会第五次会议批准　根据2024年3月29日示例市人民代表大会常务委员会《关于修改〈示例市养犬条例〉的决定》修正）\n第一条　甲。\n";
    assert_eq!(levels(law), [Level::Title, Level::Note, Level::Article]);
}

#[test]
fn a_disclosure_mark_is_read_however_it_is_written() {
    use DisclosureMark::{OnRequest, Proactive, Withheld};
    let marked = |line: &str| {
        metadata(&format!("关于申报的通知\n各单位：\n一、甲。\n示例局\n2025年9月9日\n{line}\n"))
            .disclosure
    };
    for (line, mark) in [
        ("信息公开选项：不予公开", Withheld),
        ("信息公开选项：依申请公开", OnRequest),
        ("公开形式：依申请公开", OnRequest),
        ("公开属性：不公开", Withheld),
        ("公开方式 主动公开", Proactive),
        ("此件不予公开", Withheld),
        ("（此件依　申请公开）", OnRequest),
        ("（此件暂不公开）", Withheld),
        ("依申请公开", OnRequest),
        ("（此件公开发布）", Proactive),
    ] {
        assert_eq!(marked(line), Some(mark), "{line}");
    }
    for line in [
        "公开方式：□主动公开 ☑依申请公开 □不予公开",
        "（此件公开发布，附件依申请公开）",
        "附件\n\n政府信息公开目录\n\n依申请公开",
        "二、依申请公开的，自收到之日起二十日内答复。",
    ] {
        assert_eq!(marked(line), None, "{line}");
    }
    let above = "关于信息公开的通知\n各单位：\n依申请公开\n一、甲。\n示例局\n2025年9月9日\n";
    assert_eq!(metadata(above).disclosure, None, "a heading");
}

#[test]
fn what_is_ended_is_read_before_and_behind_the_word() {
    let ended = |text: &str| {
        let found = metadata(text).repeals.into_iter();
        found.map(|repeal| (repeal.title, repeal.number.unwrap_or_default())).collect::<Vec<_>>()
    };
    let pair = |title: &str, number: &str| (title.to_owned(), number.to_owned());
    assert_eq!(
        ended(
            "二、废止《甲办法》（2001年1月1日示例省政府令第77号）、《乙办法》和《丙办法》(示发〔2010〕2号)。"
        ),
        [
            pair("甲办法", "示例省政府令第77号"),
            pair("乙办法", ""),
            pair("丙办法", "示发〔2010〕2号")
        ]
    );
    assert_eq!(
        ended("对《甲通知》（示发〔2012〕3号）等15件规范性文件宣布失效。"),
        [pair("甲通知", "示发〔2012〕3号")]
    );
    assert_eq!(ended("某市已于2019年废止《甲办法》。"), []);
    assert_eq!(ended("二、示民规〔2020〕3号文件同时废止。"), [pair("", "示民规〔2020〕3号")]);
    assert_eq!(ended("二、原示民规〔2020〕3号文件同时废止。"), [pair("", "示民规〔2020〕3号")]);
    assert_eq!(ended("二、原政办发〔2020〕3号文件同时废止。"), [pair("", "原政办发〔2020〕3号")]);
    assert_eq!(ended("二、示民规〔2020〕3号文件与本通知不一致的，同时废止。"), []);
    assert_eq!(ended("二、《甲》（示民规〔2020〕3号）与本通知不一致的内容同时废止。"), []);
    assert_eq!(
        ended(
            "一、废止下列文件：\n\n1.《甲办法》（示发〔2010〕2号）；\n\n2．《乙〈丙〉办法》\n\n二、其他。"
        ),
        [pair("甲办法", "示发〔2010〕2号"), pair("乙〈丙〉办法", "")]
    );
    assert_eq!(
        ended("以下文件同时废止：（一）《甲办法》；（二）《乙办法》。《丙办法》继续执行。"),
        [pair("甲办法", ""), pair("乙办法", "")]
    );
    assert_eq!(ended("修改和废止下列文件：\n1.《甲办法》"), []);
    assert_eq!(
        ended("《甲办法》（示发〔2019〕1号）自行失效。"),
        [pair("甲办法", "示发〔2019〕1号")]
    );
    assert_eq!(ended("《甲办法》第三条同时废止。"), [], "a part of it");
    let trial = metadata("第四条 本规定自2025年2月1日起试行，试行期两年。");
    assert_eq!(dates_of(&trial, DateRole::Effective), ["2025-02-01"]);
    assert_eq!(trial.validity, Some(Validity::Years(2)));
}

#[test]
fn from_when_and_how_long_it_holds_is_read_in_every_order() {
    let until = |text: &str| Some(Validity::Until(text.parse().unwrap()));
    for (text, expected) in [
        ("第九条 本办法自2026年7月1日至2031年6月30日施行。", until("2031-06-30")),
        ("第九条 本办法自2026年7月1日起至2031年6月30日止执行。", until("2031-06-30")),
        ("第九条 本办法自2026年7月1日起试行两年。", Some(Validity::Years(2))),
        ("第九条 本办法自2026年7月1日起施行，试行一年。", Some(Validity::Years(1))),
        ("第九条 本规定于2026年7月1日起施行。", None),
        ("第九条 本规定施行日期为2026年7月1日。", None),
    ] {
        let found = metadata(text);
        assert_eq!(dates_of(&found, DateRole::Effective), ["2026-07-01"], "{text}");
        assert_eq!(found.validity, expected, "{text}");
    }
    for other in [
        "第九条 自2026年7月1日至2026年9月30日受理申请。",
        "第九条 夏季收费标准自2026年7月1日至2026年9月30日执行。",
    ] {
        let found = metadata(other);
        assert_eq!((dates_of(&found, DateRole::Effective).len(), found.validity), (0, None));
    }
}

#[test]
fn attachments_may_bear_their_title_beside_their_number() {
    let text = "关于申报的通知\n一、甲（见附件1）。\n附件1：申报表\n示例市教育局　　2025年9月9日\n附件1：申报表\n一、名称\n乙。\n附件2　汇总表\n丙。\n附表\n丁。\n";
    assert_eq!(
        paths(text),
        [
            "标题",
            "一",
            "附件说明",
            "署名",
            "成文日期",
            "附件1/标题",
            "附件1/一",
            "附件1/一/第1段",
            "附件2/标题",
            "附件2/前言",
            "附表/标题",
            "附表/前言"
        ]
    );
    let found = metadata(text);
    assert_eq!((found.signers.len(), dates_of(&found, DateRole::Written).len()), (1, 1));
}

#[test]
fn dates_and_persons_of_every_form_sign() {
    let text = "示例令\n第一条 甲。\n省长　张某某\n2025-08-20\n";
    let found = metadata(text);
    assert_eq!(found.signers, ["省长 张某某"]);
    assert_eq!(dates_of(&found, DateRole::Written), ["2025-08-20"]);
    let later = metadata("第九条 本规定自公布之日起三十日后施行。");
    assert_eq!(dates_of(&later, DateRole::Effective), ["自公布之日起三十日后"]);
}

#[test]
fn lists_and_seals_in_one_line() {
    let text = "关于整治的通知\n第一条 甲。\n特此通知。\n附件：1.整治台账 2.责任分工表　3. 2025年计划\n示例区安全委员会办公室（代章）\n2025年4月30日\n";
    let found = metadata(text);
    assert_eq!(found.attachments, ["整治台账", "责任分工表", "2025年计划"]);
    assert_eq!(found.signers, ["示例区安全委员会办公室"]);
    assert_eq!(paths(text), ["标题", "第一条", "结尾", "附件说明", "署名", "成文日期"]);
    assert_eq!(
        levels("示例方案\n示例市财政局　示例市发展改革委\n（2025年1月2日）\n一、甲。\n"),
        [Level::Title, Level::Signer, Level::Date, Level::First]
    );
}

#[test]
fn what_a_register_and_a_catalogue_put_above_a_title_is_none() {
    let text = "SLQD-2025-01003\n\n示政办发〔2025〕9号\n\n示例市人民政府办公室\n\n关于印发《示例市促进托育服务\n\n\
                若干措施》的通知\n\n各区人民政府：\n\n现印发给你们。\n\n示例市人民政府办公室\n\n2025年3月15日\n";
    let found = metadata(text);
    assert_eq!(
        found.title.as_deref(),
        Some("示例市人民政府办公室关于印发《示例市促进托育服务若干措施》的通知")
    );
    assert_eq!(found.number.as_deref(), Some("示政办发〔2025〕9号"));
    let listed = "索 引 号：SL0001/2025-00012\n发文机关：示例市人民政府办公室\n标题：关于养老服务的意见\n发文字号：示政办发〔2025〕3号\n\
                  成文日期：2025年5月8日\n有效性：有效\n\n示例市人民政府办公室\n关于养老服务的意见\n\n各区人民政府：\n一、甲。\n";
    let found = metadata(listed);
    assert_eq!(found.title.as_deref(), Some("示例市人民政府办公室关于养老服务的意见"));
    assert_eq!(found.number.as_deref(), Some("示政办发〔2025〕3号"));
    assert_eq!(found.addressees, ["各区人民政府"]);
    let bulleted = "返回顶部\n\n示例县人民政府工作规则\n\n  • 索引号:\n\n    61/2025-001\n  • 发文机构:\n\n    县政府网站\n  • 发文字号:\n\n    \
                    示政发〔2025〕7号\n  • 有效性:\n\n  • 内容概述:\n\n示例县人民政府工作规则\n\n第一章总则\n\n一、甲。\n\n【打印】 【关闭】\n";
    let found = metadata(bulleted);
    assert_eq!(found.title.as_deref(), Some("示例县人民政府工作规则"));
    assert_eq!(found.number.as_deref(), Some("示政发〔2025〕7号"));
    assert!(!paths(bulleted).iter().any(|path| path.starts_with("前言")), "{:?}", paths(bulleted));
    assert_eq!(levels(bulleted).last(), Some(&Level::Note));
    // A sentence that begins so is one.
    assert_eq!(paths("关于申报的通知\n文号：见附件，另行通知。\n一、甲。\n")[0], "标题");
}

#[test]
fn a_title_that_a_site_says_twice_is_one() {
    let text = "示例市墙体材料管理规定（2025年）\n\n示例省示例市人民政府\n\n示例市墙体材料管理规定\n\n第一条 甲。\n";
    assert_eq!(paths(text), ["标题", "署名", "标题#2", "第一条"]);
    let numbered = "示政发〔2025〕20号《示例市人民政府关于预算改革的意见》\n\n示政发〔2025〕20号\n\n各区人民政府：\n一、甲。\n";
    assert_eq!(metadata(numbered).title.as_deref(), Some("示例市人民政府关于预算改革的意见"));
    // A title that quotes another keeps its signs.
    let quoting = "关于贯彻《示例办法》的通知\n一、甲。\n";
    assert_eq!(metadata(quoting).title.as_deref(), Some("关于贯彻《示例办法》的通知"));
}

#[test]
fn who_signs_is_read_however_a_site_prints_it() {
    let signed = |lines: &str| {
        metadata(&format!("关于示例的通知\n各单位：\n一、甲。\n{lines}\n2025年9月9日\n")).signers
    };
    assert_eq!(
        signed("示例市总工会　示例局\n示例企业联合会/示例企业家协会　示例市工商业联合会"),
        ["示例市总工会", "示例局", "示例企业联合会/示例企业家协会", "示例市工商业联合会"]
    );
    assert_eq!(signed("示例市人民政府办公厅      &sp;"), ["示例市人民政府办公厅"]);
    assert_eq!(signed("市　长：张某某"), ["市长：张某某"]);
    let run_in = metadata(
        "关于示例的批复\n一、甲。作出贡献。 　　　国　务　院　　　一九九九年十月三十一日\n",
    );
    assert_eq!(run_in.signers, ["国务院"]);
    assert_eq!(dates_of(&run_in, DateRole::Written), ["1999-10-31"]);
}

#[test]
fn notes_around_a_text_open_no_clause() {
    let printed =
        "示例办法\n第一条　甲。\n公开方式：主动公开\n示例区科技局办公室\n2023年8月9日印发\n";
    assert_eq!(levels(printed)[2..], [Level::Note, Level::Note, Level::Note]);
    let history =
        "示例规则\n（2004年6月16日示例省人民政府\n第54次常务会议修订通过）\n第一条　甲。\n";
    assert_eq!(levels(history), [Level::Title, Level::Note, Level::Article]);
}

#[test]
fn a_day_without_qi_is_one_of_effect() {
    let found = metadata("第二条　本规定自2021年7月1日施行。");
    assert_eq!(dates_of(&found, DateRole::Effective), ["2021-07-01"]);
    let other = metadata("第二条　自2021年7月1日甲局施行乙办法。");
    assert_eq!(dates_of(&other, DateRole::Effective), [""; 0]);
}

#[test]
fn a_regulation_has_the_number_of_the_order_that_last_made_it() {
    let number = |note: &str| metadata(&format!("# 示例条例\n\n{note}\n\n第一条　甲。\n")).number;
    let amended = "2007年4月5日 中华人民共和国国务院令第492号公布\n\n2019年4月3日 中华人民共和国国务院令第711号修订";
    assert_eq!(number(amended).as_deref(), Some("中华人民共和国国务院令第711号"));
    let bracketed = "（2021年7月27日中华人民共和国国务院令第746号公布）";
    assert_eq!(number(bracketed).as_deref(), Some("中华人民共和国国务院令第746号"));
    assert_eq!(number("（2021年7月27日示例市人民代表大会常务委员会通过）"), None);
}

#[test]
fn a_number_beside_other_elements_of_the_head_is_found() {
    let text = |head: &str| {
        format!(
            "示例市关于规范服务的通知\n\n{head}\n\n各区：\n\n一、见示发〔2025〕1号。\n\n示例局\n2026年12月20日\n"
        )
    };
    for head in [
        "示例市人民政府办公厅\n示发〔2026〕19号",
        "2026年12月20日　示发〔2026〕19号",
        "发文字号：示发〔2026〕19号　发布日期：2026年12月20日",
    ] {
        let text = text(head);
        let document = Document::read(&text);
        assert_eq!(document.metadata().number.as_deref(), Some("示发〔2026〕19号"), "{head}");
    }
    let text = text("根据示发〔2026〕19号文件，现通知如下。");
    assert_eq!(Document::read(&text).metadata().number, None);
}

#[test]
fn a_title_of_two_lines_stands_below_a_red_head_without_its_last_word() {
    let text = "某市人民政府办公室\n某市人民政府办公室关于印发\n《某市办法》的通知\n\n某府办发〔2027〕12号\n\n各区人民政府：\n现印发给你们。\n一、甲。\n";
    let found = metadata(text);
    assert_eq!(found.title.as_deref(), Some("某市人民政府办公室关于印发《某市办法》的通知"));
    assert_eq!(found.number.as_deref(), Some("某府办发〔2027〕12号"));
    assert_eq!(found.addressees, ["各区人民政府"]);
    assert_eq!(paths(text), ["标题", "标题#2", "文号", "主送", "前言", "一"]);
}

#[test]
fn a_title_goes_on_with_what_is_issued_below_the_names_of_those_who_issue_it() {
    let issuers = "中共示例市委办公室　示例市人民政府办公室";
    for title in [
        "印发《示例市乡村治理方案》的通知",
        "印发《示例市\n乡村治理方案》的通知",
        "印发2027年要点的通知",
    ] {
        let text = format!("{issuers}\n{title}\n\n示委办〔2027〕15号\n\n各区：\n\n甲。\n");
        assert_eq!(paths(&text), ["标题", "文号", "主送", "前言"], "{title}");
        let whole = format!("{issuers}{}", title.replace('\n', ""));
        assert_eq!(metadata(&text).title, Some(whole));
    }
    let printed = "示例办法\n第一条　甲。\n示例局\n2027年1月5日\n印发：各区人民政府\n";
    assert_eq!(levels(printed).last(), Some(&Level::Note));
}

#[test]
fn the_own_number_of_a_place_called_yuan_keeps_its_first_character() {
    let text = "关于示例的通知\n\n原阳教字〔2027〕3号\n\n各单位：\n\n一、甲。\n";
    assert_eq!(metadata(text).number.as_deref(), Some("原阳教字〔2027〕3号"));
}

#[test]
fn an_attachment_by_its_first_character_is_one() {
    let text = "关于申报的通知\n一、甲。\n示例市教育局\n2025年9月9日\n附1：申请表\n一、名称\n附2：流程图\n一、受理\n";
    let found = paths(text);
    assert_eq!(
        found,
        ["标题", "一", "署名", "成文日期", "附件1/标题", "附件1/一", "附件2/标题", "附件2/一"]
    );
    assert_eq!(
        paths("关于申报的通知\n一、甲。\n附则：乙。\n附近居民可以申请。\n")[2..],
        ["一/第2段", "一/第3段"]
    );
}
