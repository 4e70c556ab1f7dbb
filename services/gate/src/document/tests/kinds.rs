//! Kinds of texts besides notices and regulations: questions and answers, minutes, standards, speeches, gazettes.

use super::*;

#[test]
fn questions_and_answers_are_known_however_they_are_marked() {
    for (asked, answered) in [
        ("【问】", "【答】"),
        ("[提问]", "[回答]"),
        ("记者：", "负责人："),
        ("一问：", "答："),
        ("第一问：", "答："),
        ("问题1 ", "解答："),
        ("Q1", "A1"),
        ("Q2. ", "A. "),
        ("Q\n", "A\n"),
    ] {
        let text =
            format!("《示例办法》问答\n\n{asked}补贴多少钱？\n{answered}每生每学期补贴500元。\n");
        let document = Document::read(&text);
        let [title, question, answer, rest @ ..] = document.units() else { panic!("{asked}") };
        assert_eq!((title.level, question.level), (Level::Title, Level::Question), "{asked}");
        assert!(question.is_heading && document.text_of(question).contains('？'), "{asked}");
        assert_eq!(answer.level, Level::Paragraph, "{asked}");
        assert_eq!(answer.mark, answered.trim(), "{asked}");
        assert!(rest.iter().all(|unit| unit.level == Level::Paragraph), "{asked}");
    }
    let list = "问：有哪些？\n答：如下：\nA. 甲\nB. 乙\n";
    assert_eq!(paths(list), ["问1", "问1/第1段", "问1/A", "问1/B"]);
    assert_eq!(
        paths("**问：有哪些？**\n\n答：甲。\n"),
        ["问1", "问1/第1段"],
        "set in bold it is a heading too"
    );
    assert_eq!(
        paths("### 《示例办法》问答\n### 问题一 | 有哪些？\n甲。\n"),
        ["标题", "问1", "问1/第1段"]
    );
}

#[test]
fn minutes_have_their_issuer_and_day_below_their_number() {
    let text = "示例市人民政府常务会议纪要\n\n第12期\n\n示例市人民政府办公室          2026年6月9日\n\n\
                2026年6月5日上午，市长主持召开常务会议。现纪要如下：\n\n一、关于甲\n会议议定：乙。\n\n出席：某\n";
    assert_eq!(paths(text), ["标题", "文号", "署名", "成文日期", "前言", "一", "一/第1段", "附注"]);
    let found = metadata(text);
    assert_eq!(found.signers, ["示例市人民政府办公室"]);
    assert_eq!(dates_of(&found, DateRole::Written), ["2026-06-09"]);
}

#[test]
fn what_stands_around_a_title_is_no_part_of_it() {
    let title = |text: &str| metadata(text).title;
    let named = "示例省人民政府关于示例工作的决定";
    let decision =
        format!("{named}\n为了维护法制统一，省人民政府决定对下列规章作出修改：\n一、甲。\n");
    assert_eq!(paths(&decision), ["标题", "前言", "一"]);
    for above in
        ["示例市政府第58次常务会议文件之三", "密级：公开", "示例市人民政府公报 2026年第5期"]
    {
        let text = format!("{above}\n\n{named}\n\n一、甲。\n");
        assert_eq!(title(&text).as_deref(), Some(named), "{above}");
    }
    let twice = format!("示例省人民政府\n\n{named}\n\n一、甲。\n");
    assert_eq!(title(&twice).as_deref(), Some(named));
    let two = "示例局关于印发《甲办法》\n《乙办法》的通知\n各区：\n一、甲。\n";
    assert_eq!(title(two).as_deref(), Some("示例局关于印发《甲办法》《乙办法》的通知"));
    let line = format!("{named} 为加强示例管理，现决定如下：一、甲。二、乙。");
    assert_eq!(paths(&line), ["标题", "前言", "一", "二"]);
    let speech = "关于《示例条例（草案）》的说明\n\n——2026年4月28日在示例市人大常委会第三十一次会议上\n\n\
                  示例市公安局局长　郑　强\n\n主任、各位副主任、秘书长、各位委员：\n\n受委托，作如下说明。\n";
    let found = metadata(speech);
    assert_eq!(found.title.as_deref(), Some("关于《示例条例（草案）》的说明"));
    assert_eq!(found.signers, ["示例市公安局局长 郑 强"]);
    assert_eq!(found.addressees, ["主任、各位副主任、秘书长、各位委员"]);
}

#[test]
fn attachments_are_listed_and_begun_by_whatever_number() {
    let text = "关于招生的通知\n各区：\n一、甲。\n附件1：计划表\n附件2：填报表\n示例局\n2026年5月6日\n\
                附件1\n示例办法\n第一条　甲。\n附表1-1\n申请表\n| 甲 | 乙 |\n";
    let found = metadata(text);
    assert_eq!(found.attachments, ["计划表", "填报表"]);
    let paths = paths(text);
    assert!(paths.contains(&"附表1-1/表".to_owned()), "{paths:?}");
    assert!(!paths.contains(&"附件1/第一条/第二款".to_owned()), "{paths:?}");
}

#[test]
fn a_standard_has_its_number_chapters_and_annexes() {
    let text = "ICS 03.160\nDB3204\n示例市地方标准\nDB3204/T 1098—2026\n示例服务规范\n前　　言\n本文件规定甲。\n\
                1　范围\n乙。\n2　规范性引用文件\n丙。\n3　要求\n3.1　甲：\na)　乙：\n1)　丙；\n2)　丁；\nb)　戊。\n4　评价\n己。\n\
                附　录　A\n（规范性）\n用语\nA.1　接待用语\n庚。\n";
    let found = metadata(text);
    assert_eq!(found.title.as_deref(), Some("示例服务规范"));
    assert_eq!(found.number.as_deref(), Some("DB3204/T 1098—2026"));
    let paths = paths(text);
    for path in ["1", "2", "3/3.1/a/1）", "3/3.1/a/2）", "3/3.1/b", "4", "附录A/A.1"] {
        assert!(paths.contains(&path.to_owned()), "{path}: {paths:?}");
    }
    assert_eq!(Document::read(text).findings(), []);
}

#[test]
fn articles_that_a_page_wrapped_are_whole() {
    let text = "第一条  为了规范公共数据授权运营，根据《中华人民\n共和国数据安全法》《示例管理办法》，制定本\n办法。\n\
                第二条  运营单位应当每年1月31日前报送上一年\n度运营报告。\n第三条 甲。\n乙。\n";
    assert_eq!(paths(text), ["第一条", "第二条", "第三条", "第三条/第二款"]);
    assert!(
        references(text).iter().any(|(document, ..)| {
            *document == Target::Other("中华人民共和国数据安全法".to_owned())
        }),
        "a title goes on in the next line"
    );
    let gazette = "第一条  甲。\n12\n示例市人民政府公报 2026年第5期\n第二条  乙。\n";
    assert_eq!(paths(gazette), ["第一条", "噪声", "噪声#2", "第二条"]);
}
