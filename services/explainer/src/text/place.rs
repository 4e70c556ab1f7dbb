//! Where an official document has its 文号 and its 落款: classes for the lines that are these beyond
//! doubt. Not a character of the text changes; a line that only might be one stays as it is.

use lockstep_proto::{edition::Slot, manifest::Agencies};

/// Agencies one below the other at a text's end; more are no signature but a list.
const AGENCY_LINES_MAX: usize = 8;
/// Characters of a line with a number or agencies; a longer one is a sentence.
const LINE_CHARS_MAX: usize = 40;
/// How names of agencies end that a manifest need not list.
const ENDINGS: [&str; 9] = ["局", "委员会", "政府", "办公室", "厅", "部", "署", "院", "总工会"];

/// The HTML of a text, its 文号 and 落款 marked by class.
pub(super) fn place(html: &str, agencies: &Agencies) -> String {
    let mut lines: Vec<String> = html.lines().map(str::to_owned).collect();
    let headings = lines.iter().take_while(|line| line.starts_with("<h")).count();
    if headings > 0
        && let Some(line) = lines.get_mut(headings)
        && paragraph(line).is_some_and(is_number)
    {
        mark(line, "number");
    }
    let known: Vec<String> = [&agencies.issuing, &agencies.joint, &agencies.drafting]
        .into_iter()
        .flatten()
        .chain([&agencies.publishing])
        .chain(&agencies.lead)
        .map(|name| without_spaces(name))
        .collect();
    let notes = lines.len() - notes_at(&lines);
    let mut from_end =
        lines.iter_mut().rev().skip(notes).skip_while(|line| paragraph(line).is_some_and(is_note));
    if let Some(date) = from_end.next().filter(|line| paragraph(line).is_some_and(is_date)) {
        let names: Vec<_> = from_end
            .take_while(|line| paragraph(line).is_some_and(|text| are_agencies(text, &known)))
            .collect();
        if (1..=AGENCY_LINES_MAX).contains(&names.len()) {
            names.into_iter().chain([date]).for_each(|line| mark(line, "signed"));
        }
    }
    lines.join("\n")
}

/// Where the notes begin, below a line, which stand under what is signed; the end where there are none.
fn notes_at(lines: &[String]) -> usize {
    let is_note = |line: &str| {
        let mark = line.strip_prefix("<p>[").and_then(|rest| rest.split_once(']'));
        mark.is_some_and(|(number, _)| number.bytes().all(|b| b.is_ascii_digit()))
    };
    let at = lines
        .windows(2)
        .position(|pair| matches!(pair, [rule, note] if rule == "<hr />" && is_note(note)));
    at.unwrap_or(lines.len())
}

/// The text of a line that is one paragraph of plain text.
fn paragraph(line: &str) -> Option<&str> {
    let text = line.strip_prefix("<p>")?.strip_suffix("</p>")?;
    (!text.contains('<') && text.chars().count() <= LINE_CHARS_MAX).then_some(text)
}

fn mark(line: &mut String, class: &str) {
    line.replace_range(..2, &format!("<p class=\"{class}\""));
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// 附注, as in （此件公开发布）.
fn is_note(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('（') && text.ends_with('）')
}

/// Such as 示教〔2026〕2号, 财政部公告 2026 年第 65 号, or the slot for it.
fn is_number(text: &str) -> bool {
    let text = without_spaces(text);
    let is_of_year = text.contains('〔') && text.contains('〕') || text.contains("年第");
    let is_sentence = text.contains(['，', '。', '；', '：', '《']);
    text == Slot::Number.mark()
        || (is_of_year && !is_sentence && text.ends_with('号') && text.contains(is_digit))
}

/// Such as 2026年12月1日, 二〇二六年十二月一日, or the slot for it.
fn is_date(text: &str) -> bool {
    let text = without_spaces(text);
    let parts = || {
        let (year, rest) = text.split_once('年')?;
        let (month, day) = rest.split_once('月')?;
        Some([year, month, day.strip_suffix('日')?])
    };
    let are_digits = |part: &str| !part.is_empty() && part.chars().all(is_digit);
    text == Slot::WrittenOn.mark() || parts().is_some_and(|parts| parts.into_iter().all(are_digits))
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || "〇○零一二三四五六七八九十".contains(c)
}

/// Whether a line names agencies and nothing else.
fn are_agencies(text: &str, known: &[String]) -> bool {
    let is_known = |name: &str| known.iter().any(|known| known == name);
    let is_agency = |name: &str| {
        let is_name = name.chars().count() > 2 && name.chars().all(char::is_alphabetic);
        is_known(name) || (is_name && ENDINGS.iter().any(|ending| name.ends_with(ending)))
    };
    let mut names = text.split(['、', '/']).flat_map(str::split_whitespace).peekable();
    is_known(&without_spaces(text)) || (names.peek().is_some() && names.all(is_agency))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agencies() -> Agencies {
        Agencies {
            drafting: vec!["示例区教育局办公室".to_owned()],
            issuing: vec!["示例区教育局".to_owned(), "示例协会".to_owned()],
            lead: None,
            joint: vec![],
            publishing: "示例区教育局".to_owned(),
        }
    }

    fn html(lines: &[&str]) -> String {
        lines.iter().map(|line| format!("<p>{line}</p>")).collect::<Vec<_>>().join("\n")
    }

    fn count(lines: &[&str]) -> usize {
        place(&html(lines), &agencies()).matches("<p class=\"signed\">").count()
    }

    #[test]
    fn agency_and_date_at_the_end_are_signed() {
        for (lines, expected) in [
            (&["甲。", "示例区教育局", "{{成文日期}}", "（此件公开发布）"][..], 2),
            (&["甲。", "示例 协会", "2026年12月1日"], 2),
            (&["北京市财政局     北京市总工会", "甲市人民政府/乙省民政厅", "2025 年 7 月 4 日"], 3),
            (&["国务院办公厅", "二〇一九年一月九日"], 2),
        ] {
            assert_eq!(count(lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn what_is_signed_is_so_above_notes_too() {
        let signed = html(&["甲[1]。", "示例区教育局", "2026年12月1日"]);
        let notes = "\n<hr />\n<p>[1] 乙。</p>\n<p>丙</p>";
        let placed = place(&format!("{signed}{notes}"), &agencies());
        assert_eq!(placed.matches("class=\"signed\"").count(), 2, "{placed}");
        assert!(placed.ends_with(notes), "{placed}");
    }

    #[test]
    fn what_might_be_no_signature_stays_as_it_is() {
        for lines in [
            &["示例区教育局"][..],
            &["2026年12月1日"],
            &["2026年12月1日", "示例区教育局"],
            &["某公司", "2026年12月1日"],
            &["请送至示例区教育局，电话021", "2026年12月1日"],
            &["附件：示例区教育局", "2026年12月1日"],
            &["示例区教育局", "自2026年12月1日"],
            &["示例区教育局", "2026年12月1日", "以上。"],
            &["示例区<em>教育局</em>", "2026年12月1日"],
        ] {
            assert_eq!(place(&html(lines), &agencies()), html(lines), "{lines:?}");
        }
    }

    #[test]
    fn a_number_is_one_only_right_below_the_title() {
        for number in ["{{文号}}", "示教〔2026〕2号", "国家税务总局公告 2016 年第 65 号"]
        {
            let under = |title: &str| place(&format!("{title}\n<p>{number}</p>"), &agencies());
            assert_eq!(
                under("<h2>题</h2>"),
                format!("<h2>题</h2>\n<p class=\"number\">{number}</p>")
            );
            assert_eq!(under("<p>题</p>"), format!("<p>题</p>\n<p>{number}</p>"));
        }
        for other in ["各科室：", "依据示教〔2026〕2号，", "第2号"] {
            let html = format!("<h2>题</h2>\n<p>{other}</p>");
            assert_eq!(place(&html, &agencies()), html);
        }
    }
}
