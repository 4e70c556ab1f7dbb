use proptest::prelude::*;

use super::*;
use crate::page::Glyph;

const EM: i32 = 100;

fn run(text: &str) -> Run {
    Run { text: text.to_owned(), weight: Weight::Regular, is_struck: false, link: None }
}

fn lines(text: &str, width: i32, fill: Fill) -> Vec<Line> {
    set(&[run(text)], Measure { size: 100, width, fill }, Fonts::embedded().unwrap())
}

fn texts(text: &str, ems: i32) -> Vec<String> {
    lines(text, ems * EM, Fill::Justified).iter().map(Line::text).collect()
}

fn xs(line: &Line) -> Vec<i32> {
    line.glyphs.iter().map(|glyph| glyph.x).collect()
}

/// Where the ink of a glyph begins: marks that open have a blank left half.
fn ink(glyph: &Glyph) -> i32 {
    glyph.x + if OPENERS.contains(glyph.character) { EM / 2 } else { 0 }
}

#[test]
fn hanzi_stand_em_by_em() {
    let [line] = &lines("深入推进", 8 * EM, Fill::Justified)[..] else { unreachable!() };
    assert_eq!((xs(line), line.width), (vec![0, 100, 200, 300], 400));
}

#[test]
fn a_quarter_of_an_em_stands_between_hanzi_and_figures_spaced_or_not() {
    let digit = Fonts::embedded().unwrap().metrics(Weight::Regular).advance('1', EM);
    for text in ["共1所", "共 1 所"] {
        let line = lines(text, 8 * EM, Fill::Justified).remove(0);
        let last = line.glyphs.last().unwrap();
        assert_eq!((last.character, last.x), ('所', 100 + 25 + digit + 25), "{text}");
    }
}

#[test]
fn marks_give_up_their_blank_half_beside_marks_and_at_edges() {
    let line = lines("“甲”，《乙》。", 20 * EM, Fill::Justified).remove(0);
    // “甲”，《乙》。: half an em each before “, between ”，and ，《 and 》。and after 。
    assert_eq!(line.width, 8 * EM - 5 * EM / 2, "{:?}", xs(&line));
    assert_eq!(line.glyphs.first().map(ink), Some(0));
}

#[test]
fn lines_are_as_wide_as_the_measure_but_for_the_last() {
    let text =
        "各区教育行政部门要按照国务院办公厅的部署，结合本地实际，抓紧制定实施细则，明确任务分工。";
    let set = lines(text, 12 * EM, Fill::Justified);
    let (last, full) = set.split_last().unwrap();
    assert!(full.len() > 2 && last.width < 12 * EM);
    for line in full {
        let end = line.glyphs.last().unwrap();
        let blank = if CLOSERS.contains(end.character) { EM / 2 } else { 0 };
        assert_eq!((line.width, end.x + EM - blank), (12 * EM, 12 * EM), "{}", line.text());
    }
}

#[test]
fn a_last_line_has_more_than_one_sign() {
    // Filled line by line, 定。 would be left over.
    let text = "本办法所称学校是指经批准设立的普通中小学校以及其他学校的规定。";
    for ems in 8..16 {
        let last = texts(text, ems).pop().unwrap();
        assert!(last.chars().filter(|c| c.is_alphanumeric()).count() > 1, "{ems}: {last}");
    }
}

#[test]
fn a_number_keeps_its_unit_and_its_digits() {
    for ems in 5..12 {
        let lines = texts("到2027年全市新增学位12.5万个，补助每人1200元", ems);
        for whole in ["2027年", "12.5万个", "1200元"] {
            assert!(lines.iter().any(|line| line.contains(whole)), "{ems}: {lines:?}");
        }
    }
}

#[test]
fn breaks_that_are_asked_for_are_made() {
    assert_eq!(texts("甲\n乙\n\n丙", 9), ["甲", "乙", "丙"]);
}

#[test]
fn even_lines_break_at_the_clause() {
    let lines = lines("高中生均支出6.39万元，为五个学段中最高", 18 * EM, Fill::Even);
    let texts: Vec<_> = lines.iter().map(Line::text).collect();
    assert_eq!(texts, ["高中生均支出6.39万元，", "为五个学段中最高"]);
}

#[test]
fn what_is_struck_is_struck_from_its_first_sign_to_its_last() {
    let struck = Run { is_struck: true, ..run("五种") };
    let runs = [run("材料由"), struck, run("减为两种")];
    let measure = Measure { size: 100, width: 50 * EM, fill: Fill::Justified };
    let line = set(&runs, measure, Fonts::embedded().unwrap()).remove(0);
    assert_eq!(line.struck, [(3 * EM, 5 * EM)]);
}

/// The parts of texts: whatever may meet.
fn any_text() -> impl Strategy<Value = String> {
    let plain = "为抢抓发展机遇教育经费年月条亿元第—…·/～￥Ab xyz12345 67.8%，。、；：？！）》」”’（《「“‘(c)";
    let plain: Vec<char> = plain.chars().collect();
    let piece = prop_oneof![
        8 => prop::sample::select(plain).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
        1 => "[，。）》”]{1,40}",
        1 => "[（《“]{1,40}",
        1 => "[a-z0-9]{1,60}",
        1 => "[ \t\n　]{1,3}",
    ];
    prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_keeps_the_rules_and_comes_back(
        text in any_text(),
        ems in 2..31_i32,
        fill in prop::sample::select(vec![Fill::Justified, Fill::Ragged, Fill::Even]),
    ) {
        let (measure, fonts) = (ems * EM, Fonts::embedded().unwrap());
        let set = lines(&text, measure, fill);
        let joined: String = set.iter().map(Line::text).collect();
        prop_assert_eq!(without_spaces(&joined), without_spaces(&text));
        for line in &set {
            let metrics = fonts.metrics(Weight::Regular);
            let mut reached = i32::MIN;
            for glyph in &line.glyphs {
                prop_assert!(glyph.x > reached || glyph.character.is_whitespace(), "{}", line.text());
                reached = glyph.x;
            }
            // One sign that is wider than the measure has a line of its own.
            prop_assert!(line.width <= measure || line.glyphs.len() == 1, "{}", line.text());
            let end = line.glyphs.last().unwrap();
            let blank = if CLOSERS.contains(end.character) { EM / 2 } else { 0 };
            let end = end.x + metrics.advance(end.character, EM) - blank;
            prop_assert!(end <= measure.max(line.width), "{}: {end}", line.text());
            let text = line.text();
            prop_assert!(!text.starts_with(' ') && !text.ends_with(' '));
        }
        // Lines end where the rules let them, unless what lies between two such places is wider than the
        // measure.
        for text in text.split('\n') {
            let whole = paragraph(text, measure, fill);
            let stops: Vec<usize> = whole.legal().collect();
            let mut end = 0;
            for line in whole.lines() {
                end += line.glyphs.len();
                end += usize::from(whole.signs.get(end).is_some_and(|s| s.character == ' '));
                let next = stops.partition_point(|stop| *stop < end);
                let is_legal = stops.get(next) == Some(&end);
                let before = stops.get(next.wrapping_sub(1)).copied().unwrap_or(0);
                let after = stops.get(next).copied().unwrap_or(end);
                let piece = whole.tightest(before, after);
                prop_assert!(is_legal || piece > measure, "{}: {piece}", line.text());
                let next = whole.signs.get(end).map(|sign| sign.character);
                if is_legal && next.is_some() {
                    let last = line.glyphs.last().map(|glyph| glyph.character);
                    prop_assert!(!next.is_some_and(|c| NEVER_STARTS.contains(c)), "{}", line.text());
                    prop_assert!(!last.is_some_and(|c| NEVER_ENDS.contains(c)), "{}", line.text());
                }
            }
        }
    }
}

fn paragraph(text: &str, width: i32, fill: Fill) -> Paragraph {
    let mut signs = vec![];
    push(&mut signs, text, &run(text));
    Paragraph::new(signs, Measure { size: 100, width, fill }, Fonts::embedded().unwrap())
}

impl Paragraph {
    /// Where lines may end by the rules.
    fn legal(&self) -> impl Iterator<Item = usize> {
        let text: String = self.signs.iter().map(|sign| sign.character).collect();
        let at = |byte| text.get(..byte).map_or(0, |before| before.chars().count());
        stops(&text).into_iter().map(|stop| at(stop.at)).collect::<Vec<_>>().into_iter()
    }
}
