//! The policy's own number, and its order, as the interpretation gives them; and others that are near them.

use super::*;

const TITLE: &str = "东湖市人民政府关于加强停车管理工作的通知";
const REPEALS: &str = "《东湖市人民政府关于加强停车管理工作的通知》（东政规〔2022〕3号）同时废止。";

/// What is said of numbers in a sentence about the policy 东政规〔2027〕9号.
fn said(sentence: &str) -> String {
    let policy = format!(
        "# {TITLE}\n\n东政规〔2027〕9号\n\n各区人民政府：\n\n现就有关事项通知如下。\n\n一、停车费每小时5元。\n\n\
         二、本通知自2027年4月1日起施行。{REPEALS}\n\n东湖市人民政府\n\n2027年3月1日\n"
    );
    let text = format!("# 政策解读\n\n## 一、背景\n\n{sentence}\n");
    let found = codes_of(found_between(&policy, &text)).into_iter();
    found.filter(|said| said.starts_with("TS505")).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_policys_number_with_another_offices_letters_blocks_where_it_is_called_the_policys() {
    for number in
        ["东政办规〔2027〕9号", "东府规〔2027〕9号", "东政发〔2027〕9号", "东政规〔2027〕19号"]
    {
        for sentence in [
            format!("近日，市政府印发了《{TITLE}》（{number}）。"),
            format!(
                "近日，市政府印发了《东湖市关于加强停车管理工作的通知》（{number}，以下简称《通知》）。"
            ),
            format!("近日，市政府印发了通知（{number}，以下简称《通知》）。"),
            format!("文号：{number}"),
            format!("本通知（{number}）已经印发。"),
            format!("《通知》（{number}）已经印发。"),
            format!("{number}《{TITLE}》"),
        ] {
            assert_eq!(said(&sentence), "TS505!", "{sentence}");
        }
    }
}

#[test]
fn the_policys_number_that_may_be_anothers_is_told_and_does_not_block() {
    for sentence in [
        "东政办规〔2027〕9号文件自2027年4月1日起施行。",
        "《东湖市关于加强停车管理工作的通知》（东政规〔2026〕9号）已经印发。",
        "本通知（东政规〔2026〕9号）已经印发。",
        "《通知》（西政规〔2027〕9号）已经印发。",
        "文号：东政发〔2027〕19号",
        "《通知》（东政发〔2027〕9号）施行，原通知同时废止。",
        "原《通知》（东政发〔2027〕9号）已经到期。",
    ] {
        assert_eq!(said(sentence), "TS505", "{sentence}");
    }
}

#[test]
fn numbers_of_other_documents_are_not_held_against_the_policys() {
    for sentence in [
        "近日，市政府印发了《东湖市人民政府关于加强停车管理工作的通知》（东政规〔2027〕9号）。",
        "原《通知》（东政规〔2022〕3号）已到期。",
        "2022年印发的《东湖市人民政府关于加强停车管理工作的通知》（东政规〔2022〕3号）到期。",
        "省《通知》（示政规〔2027〕9号）要求加强管理。",
        "根据《国务院关于停车的意见》（国发〔2027〕9号），制定本通知。",
        "根据东民发〔2027〕9号，低保户免费。",
        "依据东政发〔2027〕9号。",
        "《东湖市低保办法》（东民规〔2027〕9号）规定低保户免费。",
        "《东湖市低保通知》（东民规〔2027〕9号，以下简称《低保通知》）规定低保户免费。",
        "本通知是东政规〔2027〕9号。",
        "配套文件：《停车收费细则》（东发改规〔2027〕9号）。",
        "本通知与《停车收费办法》（东政办规〔2027〕10号）配套。",
        "上位文件文号：国办发〔2027〕9号《关于停车的意见》",
        "东政办规〔2027〕10号文件已经废止。",
        "政规〔2027〕9号文件印发。",
        "《通知》（东政规﹝2027﹞9号）已经印发。",
        "《通知》（东政规〔2027〕09号）已经印发。",
        "市政府办公室《关于做好停车工作的函》（东政办函〔2027〕9号）提出要求。",
        "2022年的通知（东政规〔2022〕3号）废止。",
        "《东湖市停车管理办法》（东政规〔2027〕8号）。",
        "登记编号：东府规登〔2027〕9号",
        "相关文件：东政发〔2027〕9号",
        "参见东政发〔2027〕9号。",
        "低保户按东民发〔2027〕9号免费。",
        "本通知（东政规〔2027〕9号）替代原通知（东政发〔2024〕9号）。",
        "《东湖市停车管理办法》（东政发〔2027〕9号）继续有效。",
    ] {
        assert_eq!(said(sentence), "", "{sentence}");
    }
}

/// What is said of orders in a sentence about a policy issued by 示例市人民政府令第62号.
fn said_of_order(sentence: &str) -> String {
    let policy = "# 示例市停车管理办法\n\n（2027年3月1日示例市人民政府令第62号公布　自2027年4月1日起施行）\n\n\
                  第一条 停车场应当公示标准。\n\n第二条 本办法自2027年4月1日起施行。示例市人民政府令第11号公布的《示例市占道停车办法》同时废止。\n";
    let text = format!("# 政策解读\n\n## 一、背景\n\n{sentence}\n");
    let found = codes_of(found_between(policy, &text)).into_iter();
    found.filter(|said| said.starts_with("TS505")).collect::<Vec<_>>().join(" ")
}

#[test]
fn another_serial_of_the_order_that_issued_the_policy_is_told() {
    for sentence in [
        "2027年3月1日，示例市人民政府令第26号公布《示例市停车管理办法》。",
        "市政府以令第26号公布《示例市停车管理办法》。",
        "《办法》已经市政府第3次常务会议审议通过，以示例市人民政府令第26号公布。",
        "示例市人民政府令第26号《示例市停车管理办法》",
        "文号：示例市人民政府令第26号",
        "本办法（市政府令第26号）自2027年4月1日起施行。",
        "市长签署第26号市政府令，公布了《示例市停车管理办法》。",
        "以示例市人民政府令第26号公布的《办法》共两条。",
        "《办法》于2027年3月1日示例市人民政府令第26号公布。",
        "2027年3月1日，示例市人民政府公布了《示例市停车管理办法》（示例市人民政府令第26号）。",
    ] {
        assert_eq!(said_of_order(sentence), "TS505", "{sentence}");
    }
}

#[test]
fn other_orders_are_not_held_against_the_policys() {
    for sentence in [
        "2027年3月1日，示例市人民政府令第62号公布《示例市停车管理办法》。",
        "文号：示例市人民政府令第62号",
        "示例市人民政府令第11号公布的《示例市占道停车办法》同时废止。",
        "《示例市占道停车办法》（市政府令第11号）同时废止。",
        "原《办法》以市政府令第26号公布。",
        "2012年3月1日，市政府令第26号公布《示例市停车管理办法》。",
        "《办法》最早以市政府令第26号公布。",
        "国务院令第26号公布了《停车条例》。",
        "根据国务院令第26号，制定《办法》。",
        "《办法》依据《停车条例》（国务院令第26号）制定。",
        "《停车场建设办法》以市政府令第26号公布。",
        "《示例省停车办法》（省政府令第26号）已经施行。",
        "省政府令第26号公布后，市里开始起草《办法》。",
        "省人民政府令第26号公布《示例省停车办法》。",
        "商务部令第26号公布的规定也适用。",
        "《办法》修订前以市政府令第26号公布。",
        "《办法》曾以市政府令第26号公布。",
        "市政府令第31号已经废止。",
        "根据市政府令第26号修改的条款，停车场应当公示标准。",
        "《办法》第26条规定了罚款。",
    ] {
        assert_eq!(said_of_order(sentence), "", "{sentence}");
    }
}
