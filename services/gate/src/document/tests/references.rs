//! References, as the words around them have it.

use super::*;

fn own(paths: &[&str], is_range: bool) -> (Target, Vec<String>, bool) {
    (Target::Own, paths.iter().map(|path| (*path).to_owned()).collect(), is_range)
}

fn previous(paths: &[&str]) -> (Target, Vec<String>, bool) {
    (Target::Previous, paths.iter().map(|path| (*path).to_owned()).collect(), false)
}

fn other(name: &str, paths: &[&str]) -> (Target, Vec<String>, bool) {
    let paths = paths.iter().map(|path| (*path).to_owned()).collect();
    (Target::Other(name.to_owned()), paths, false)
}

#[test]
fn a_list_of_items_keeps_the_clause_it_began_with() {
    let list = "依照第六条第一款第（一）项、第（三）至（五）项办理。";
    assert_eq!(
        references(list),
        [
            own(&["第六条/第一款/（一）"], false),
            own(&["第六条/第一款/（三）", "第六条/第一款/（五）"], true)
        ]
    );
    assert_eq!(
        references(
            "第九条 符合第四条第二款、第三款和第五条第（二）、（四）至（六）项的，适用第二款。"
        ),
        [
            own(&["第四条/第二款"], false),
            own(&["第四条/第三款"], false),
            own(&["第五条/（二）"], false),
            own(&["第五条/（四）", "第五条/（六）"], true),
            own(&["第九条/第二款"], false),
        ]
    );
}

#[test]
fn ranges_are_read_however_their_ends_are_named() {
    for (text, first, last) in [
        ("第五条至第八条", "第五条", "第八条"),
        ("第五至八条", "第五条", "第八条"),
        ("第五至第八条", "第五条", "第八条"),
        ("第三章到第五章", "第三章", "第五章"),
        ("第三条第二款至第四款", "第三条/第二款", "第三条/第四款"),
        ("第3条第1款第（1）至（3）项", "第三条/第一款/（1）", "第三条/第一款/（3）"),
        ("第一百二十条之一至第一百二十条之六", "第一百二十条之一", "第一百二十条之六"),
    ] {
        assert_eq!(references(&format!("见{text}")), [own(&[first, last], true)], "{text}");
    }
    assert_eq!(
        references("见第二、五至七条"),
        [own(&["第二条"], false), own(&["第五条", "第七条"], true)]
    );
    assert_eq!(references("第三条第一款第（二）项"), [own(&["第三条/第一款/（二）"], false)]);
    assert_eq!(references("第十条之二第三款"), [own(&["第十条之二/第三款"], false)]);
    assert_eq!(references("见第二章第七条"), [own(&["第七条"], false)]);
}

#[test]
fn what_stands_before_is_named_by_its_path() {
    let text = "第七条 申请应当书面提出。\n口头提出的，依照前款办理：\n（一）当场记录；\n（二）前项记录由本人签字。\n\
                前两款的期限自收到之日起算。\n第八条 违反前条第一款的，依照本条第二款处理。\n不服的，依照前条办理。\n";
    assert_eq!(
        references(text),
        [
            previous(&["第七条/第一款"]),
            previous(&["第七条/第二款/（一）"]),
            previous(&["第七条/第一款", "第七条/第二款"]),
            previous(&["第七条/第一款"]),
            own(&["第八条/第二款"], false),
            previous(&["第七条"]),
        ]
    );
    // Where nothing stands before, as written.
    assert_eq!(
        references("第一条 前两款、前条、前项"),
        [previous(&["前两款"]), previous(&["前条"]), previous(&["前项"])]
    );
}

#[test]
fn that_document_is_the_one_named_last() {
    let text = "第三条 依照《示例法》第八条执行。\n第四条 该法第九条、第十条和该条第二款另有规定的，从其规定。";
    assert_eq!(
        references(text),
        [
            other("示例法", &[]),
            other("示例法", &["第八条"]),
            other("示例法", &["第九条"]),
            other("示例法", &["第十条"]),
            other("示例法", &["第十条/第二款"]),
        ]
    );
    assert_eq!(references("该办法第三条"), [previous(&["第三条"])]);
    // Not 本条, then 例.
    assert_eq!(references("第五条 依照本条例第三章"), [own(&["第三章"], false)]);
}

#[test]
fn a_reference_goes_on_over_the_end_of_a_line() {
    let text = "关于试点的通知\n各区应当依照《示例区试点办法》第十二\n条第一款第（二）项办理。";
    let found = Document::read(text).references().to_vec();
    let paths: Vec<_> = found.iter().flat_map(|reference| &reference.paths).collect();
    assert_eq!(paths, ["第十二条/第一款/（二）"]);
    assert_eq!(found[1].raw, "第十二\n条第一款第（二）项");
    assert_eq!(text.get(found[1].start..found[1].end), Some(found[1].raw.as_str()));
}

#[test]
fn a_law_may_stand_without_signs_of_a_title() {
    assert_eq!(
        references(
            "第一条 当事人依据民法典第五百七十七条、第五百八十四条和行政处罚法第三条主张的，依照本法第二条和第三条办理。"
        ),
        [
            other("民法典", &["第五百七十七条"]),
            other("民法典", &["第五百八十四条"]),
            other("行政处罚法", &["第三条"]),
            own(&["第二条"], false),
            own(&["第三条"], false),
        ]
    );
    assert_eq!(
        references("违反反垄断法第二条、数据安全法第三条"),
        [other("反垄断法", &["第二条"]), other("数据安全法", &["第三条"])]
    );
    assert_eq!(
        references("不得以违法第三条的方法第四条办理"),
        [own(&["第三条"], false), own(&["第四条"], false)]
    );
}

#[test]
fn a_decision_to_amend_refers_to_what_it_amends() {
    let text = "关于修改《示例办法》的决定\n一、将第三条修改为：“第三条　依照本办法第九条办理。”\n二、本决定第一条自公布之日起施行。\n\
                示例办法\n第一条　依照第二条办理。\n";
    assert_eq!(
        references(text),
        [
            other("示例办法", &[]),
            other("示例办法", &["第三条"]),
            other("示例办法", &["第三条"]),
            other("示例办法", &["第九条"]),
            own(&["第一条"], false),
            own(&["第二条"], false),
        ]
    );
    let several =
        "一、对《甲办法》作出修改\n将第五条删去。\n二、对《乙办法》作如下修改\n将第六条删去。\n";
    let found = references(several);
    assert_eq!(found[1], other("甲办法", &["第五条"]));
    assert_eq!(found[3], other("乙办法", &["第六条"]));
    let added = "一、对《甲办法》作出修改\n（一）第九条第一款增加一项，作为第四项：“（四）乙；”\n（二）第二条增加一款，作为第三款：“丙。”\n";
    let found = references(added);
    assert_eq!(found[2], other("甲办法", &["第九条/第一款/（四）"]));
    assert_eq!(found[4], other("甲办法", &["第二条/第三款"]));
}

#[test]
fn the_heading_of_an_attachment_refers_to_nothing() {
    assert_eq!(
        references("一、见附件1。\n示例局\n2025年1月1日\n附件1\n目录\n"),
        [own(&["附件1"], false)]
    );
}

#[test]
fn words_that_begin_like_clauses_are_none() {
    assert_eq!(references("（一）编制规划；第三项目部、第一节课和（二）目标。"), []);
    assert_eq!(references("见（一）至（三）项。"), [own(&["（一）", "（三）"], true)]);
}

#[test]
fn a_short_name_is_the_document_that_it_was_given_to() {
    assert_eq!(
        references(
            "依照《示例市养犬管理办法》（示府规〔2025〕1号，以下简称《办法》）。《办法》第三条、《中华人民共和国规划法》（以下简称规划法）第九条和规划法第十条。"
        ),
        [
            other("示例市养犬管理办法", &[]),
            other("示例市养犬管理办法", &[]),
            other("示例市养犬管理办法", &[]),
            other("示例市养犬管理办法", &["第三条"]),
            other("中华人民共和国规划法", &[]),
            other("中华人民共和国规划法", &["第九条"]),
            other("中华人民共和国规划法", &["第十条"]),
        ]
    );
    let decision = "一、将《甲条例》第八条修改为：“乙。”\n删去第十二条。\n";
    assert_eq!(references(decision)[2], other("甲条例", &["第十二条"]));
}

#[test]
fn laws_are_named_without_the_words_before_them() {
    let named = |text: &str| {
        let found = Document::read(text).references().to_vec().into_iter().next_back();
        found.map(|reference| reference.document)
    };
    let law = Some(Target::Other("刑法".to_owned()));
    assert_eq!(named("冒领待遇的，属于刑法第二百六十六条规定的行为。"), law);
    assert_eq!(named("会议讨论了刑法第二百六十六条的含义。"), law);
    let short =
        "2018年《中华人民共和国核安全法》（简称《核安全法》）施行，《核安全法》第一条规定甲。";
    assert_eq!(named(short), Some(Target::Other("中华人民共和国核安全法".to_owned())));
}
