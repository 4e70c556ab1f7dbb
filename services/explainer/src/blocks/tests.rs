use super::*;
use crate::font::Weight;

fn run(text: &str, weight: Weight, is_struck: bool) -> Run {
    Run { text: text.to_owned(), weight, is_struck, link: None }
}

fn regular(text: &str) -> Vec<Run> {
    vec![run(text, Weight::Regular, false)]
}

fn whats(source: &str) -> Vec<What> {
    from_markdown(source).into_iter().map(|block| block.what).collect()
}

#[test]
fn every_kind_of_block_is_read() {
    let source = "# 题\n\n首**粗**~~旧~~\n\n- 甲\n  1. 乙\n  2. 丙\n\n> 引\n\n|a|b|\n|-|-:|\n|1|**2**|\n\n\
        ![图](chart:x)\n\n---\n";
    let blocks = from_markdown(source);
    let table = Table {
        sides: vec![Side::Left, Side::Right],
        rows: vec![
            vec![regular("a"), regular("b")],
            vec![regular("1"), vec![run("2", Weight::Bold, false)]],
        ],
    };
    let expected = [
        (1, 0, false, What::Heading(1, regular("题"))),
        (
            3,
            0,
            false,
            What::Paragraph(vec![
                run("首", Weight::Regular, false),
                run("粗", Weight::Bold, false),
                run("旧", Weight::Regular, true),
            ]),
        ),
        (5, 1, false, What::Item("•".to_owned(), regular("甲"))),
        (6, 2, false, What::Item("1.".to_owned(), regular("乙"))),
        (7, 2, false, What::Item("2.".to_owned(), regular("丙"))),
        (9, 0, true, What::Paragraph(regular("引"))),
        (13, 0, false, What::Table(table)),
        (15, 0, false, What::Chart("x".parse().unwrap())),
        (17, 0, false, What::Rule),
    ];
    for (block, (line, depth, is_quoted, what)) in blocks.iter().zip(expected.clone()) {
        assert_eq!(*block, Block { line, depth, is_quoted, what });
    }
    assert_eq!(blocks.len(), expected.len());
}

#[test]
fn raw_html_is_text_and_a_picture_from_elsewhere_its_description() {
    assert_eq!(whats("a<b onclick=x>c"), [What::Paragraph(regular("a<b onclick=x>c"))]);
    assert_eq!(whats("![远处](https://example.org/x.png)"), [What::Paragraph(regular("远处"))]);
    assert_eq!(whats("[去](javascript:x)看"), [What::Paragraph(regular("去看"))]);
}

#[test]
fn a_chart_ends_the_paragraph_it_stands_in() {
    let chart = What::Chart("x".parse().unwrap());
    let expected = [What::Paragraph(regular("甲")), chart, What::Paragraph(regular("乙"))];
    assert_eq!(whats("甲![图](chart:x)乙"), expected);
}

#[test]
fn lines_of_the_source_are_joined_as_words_are() {
    assert_eq!(whats("甲\n乙 one\ntwo"), [What::Paragraph(regular("甲乙 one two"))]);
}

#[test]
fn marks_make_headings_in_texts_of_either_kind() {
    let text = "题\n一、制定背景\n近年来，报名人数增加。\n（一）总体考虑\n坚持便民。\n";
    let levels = |blocks: Vec<Block>| -> Vec<Option<u8>> {
        let level = |block: Block| match block.what {
            What::Heading(level, _) => Some(level),
            What::Paragraph(_)
            | What::Item(..)
            | What::Table(_)
            | What::Answer(_)
            | What::Chart(_)
            | What::Rule => None,
        };
        blocks.into_iter().map(level).collect()
    };
    let expected = [Some(1), Some(2), None, Some(3), None];
    assert_eq!(levels(from_plain(text)), expected);
    let markdown = text.replace('\n', "\n\n").replace("一、制定背景", "**一、制定背景**");
    assert_eq!(levels(from_markdown(&format!("# {markdown}"))), expected);
}

#[test]
fn a_sentence_or_a_whole_text_on_one_line_is_no_title() {
    let long = "近年来报名人数增加".repeat(20);
    for (line, is_title) in
        [("关于甲的解读", true), ("4月28日，区教育局公布细则。", false), (&long, false)]
    {
        let first = from_plain(&format!("\n{line}\n乙")).remove(0);
        assert_eq!(matches!(first.what, What::Heading(1, _)), is_title, "{line}");
        assert_eq!(first.line, 2);
    }
}

#[test]
fn slots_are_worded_and_what_nobody_sees_is_left_out() {
    assert_eq!(
        whats("《甲》（{{文号}}）\u{200b}\u{feff}"),
        [What::Paragraph(regular("《甲》（文号见正式文本）"))]
    );
    let table = whats("|a|\n|-|\n|{{索引号}}|");
    assert!(format!("{table:?}").contains("索引号见正式文本"), "{table:?}");
}

#[test]
fn a_line_is_broken_in_cells_and_nowhere_else() {
    let blocks = from_markdown("|甲|乙|\n|-|-|\n|一<br/>二|三|\n\n四<br>五\n");
    let [Block { what: What::Table(table), .. }, Block { what: What::Paragraph(runs), .. }] =
        &blocks[..]
    else {
        unreachable!("{blocks:?}")
    };
    assert_eq!(text_of(&table.rows[1][0]), "一\n二");
    assert_eq!(text_of(runs), "四<br>五");
}

#[test]
fn items_keep_their_numbers_and_an_empty_one_its_own() {
    let item = |mark: &str, text: &str| {
        What::Item(mark.to_owned(), if text.is_empty() { vec![] } else { regular(text) })
    };
    let after = |items: Vec<What>| {
        items.into_iter().chain([What::Paragraph(regular("后"))]).collect::<Vec<_>>()
    };
    assert_eq!(
        whats("1. 甲\n3. 乙\n7.\n\n后"),
        after(vec![item("1.", "甲"), item("3.", "乙"), item("7.", "")])
    );
    assert_eq!(whats("- \n  - 甲\n\n后"), after(vec![item("•", ""), item("•", "甲")]));
    let headed = whats("1. ## 题\n\n后");
    assert_eq!(headed, after(vec![item("1.", ""), What::Heading(2, regular("题"))]));
}
