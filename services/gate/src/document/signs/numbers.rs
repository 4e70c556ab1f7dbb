//! Document numbers 发文字号: 国办发〔2019〕3号, 第179号, 2025年第8号.

use super::super::{mark::prefix_len, numerals::digit};

/// A document number 发文字号 and where it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberAt {
    /// In one form: 国办发〔2019〕3号.
    pub number: String,
    /// Byte offsets.
    pub start: usize,
    /// Not included.
    pub end: usize,
}

/// Numbers such as 国办发〔2019〕3号, 沪教委财[2018]80号, with any brackets; in one form.
pub fn find_numbers(text: &str) -> Vec<NumberAt> {
    // Asked of every line; most have none.
    let ends = ['号', '號'].into_iter().flat_map(|end| text.match_indices(end));
    let mut found: Vec<NumberAt> = ends.filter_map(|(at, _)| number_before(text, at)).collect();
    found.sort_by_key(|number| number.start);
    found
}

/// The number that ends with the 号 at byte `end`.
fn number_before(text: &str, end: usize) -> Option<NumberAt> {
    let is_digit = |c: char| digit(c).is_some();
    let rest = text.get(..end)?.trim_end().trim_end_matches(is_digit);
    let rest = rest.strip_suffix('第').unwrap_or(rest).trim_end();
    let rest = rest.strip_suffix(CLOSING)?;
    let rest = rest.strip_suffix('\\').unwrap_or(rest);
    let rest = rest.trim_end_matches(|c: char| is_digit(c) || c == ' ');
    let bracket = rest.chars().next_back().filter(|c| OPENING.contains(c))?;
    number_at(text, rest.len() - bracket.len_utf8(), bracket)
}

/// Brackets around a year.
const OPENING: [char; 7] = ['〔', '[', '［', '﹝', '【', '（', '('];
const CLOSING: [char; 7] = ['〕', ']', '］', '﹞', '】', '）', ')'];

/// The number around the bracket at byte `at`.
fn number_at(text: &str, at: usize, bracket: char) -> Option<NumberAt> {
    let inner = text.get(at + bracket.len_utf8()..)?;
    let year_len = prefix_len(inner, |c| digit(c).is_some() || c == ' ');
    let year: String =
        inner.get(..year_len)?.chars().filter_map(digit).map(|d| d.to_string()).collect();
    if year.len() != 4 || !(year.starts_with("19") || year.starts_with("20")) {
        return None;
    }
    let rest = inner.get(year_len..)?;
    // Markdown may escape brackets: \\[2018\\].
    let rest = rest.strip_prefix('\\').unwrap_or(rest);
    let rest = rest.strip_prefix(CLOSING)?.trim_start();
    let rest = rest.strip_prefix('第').unwrap_or(rest);
    let serial_len = prefix_len(rest, |c| digit(c).is_some());
    let serial: String =
        rest.get(..serial_len)?.chars().filter_map(digit).map(|d| d.to_string()).collect();
    let rest = rest.get(serial_len..)?.trim_start().strip_prefix(['号', '號'])?;
    if serial.is_empty() || serial.len() > 5 {
        return None;
    }
    let before = text.get(..at)?;
    let before = before.strip_suffix('\\').unwrap_or(before);
    let code_start = before
        .char_indices()
        .rev()
        .take(16)
        .take_while(|(_, c)| is_code(*c))
        .last()
        .map_or(before.len(), |(start, _)| start);
    let written = before.get(code_start..)?;
    let code = former(written).unwrap_or(written);
    let code_start = code_start + written.len() - code.len();
    if code.is_empty() {
        return None;
    }
    let serial = serial.trim_start_matches('0');
    let number = format!("{code}〔{year}〕{serial}号");
    Some(NumberAt { number, start: code_start, end: text.len() - rest.len() })
}

/// 丰湖价费 of 原丰湖价费〔2011〕9号, the former number; 原政发 is what 原平市 or 原阳县 counts by, whose own letters
/// name an office next and are few.
fn former(code: &str) -> Option<&str> {
    const OFFICES: &str = "政府委办党人发财教民卫农林水交住建公司文体审统环";
    const CHARS_MAX: usize = 4;
    let rest = code.strip_prefix('原')?;
    let is_place = rest.starts_with(|c| OFFICES.contains(c)) && code.chars().count() <= CHARS_MAX;
    (!is_place && rest.chars().count() > 1).then_some(rest)
}

/// Characters of the letters before a year: 沪府办规, 穗天科工信规字.
fn is_code(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}') && !matches!(c, '见' | '和' | '与' | '及' | '据' | '的')
}

/// The number that a whole line is, if it is one: also 第179号, 公告2016年第65号, 令第746号, 2025年第8号,
/// 〔2025〕第14期; 签发人 may stand beside it.
pub(in super::super) fn whole_number(text: &str) -> Option<String> {
    let text = text.split("签发人").next().unwrap_or(text);
    let text = text.trim().trim_matches(['*', '（', '）', '(', ')']);
    if let [only] = find_numbers(text).as_slice()
        && let Some(before @ ("" | "原")) = text.get(..only.start)
        && only.end == text.len()
    {
        // A document's own number is no former one.
        return Some(format!("{before}{}", only.number));
    }
    if is_standard_number(text) {
        return Some(text.to_owned());
    }
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (head, tail) = bare.rsplit_once('第')?;
    let serial = tail.strip_suffix(['号', '號', '期'])?;
    let is_serial = !serial.is_empty() && serial.chars().all(|c| digit(c).is_some() || c == '十');
    let is_year = |text: &str| {
        let year = text.trim_matches(['〔', '〕', '[', ']', '年']);
        year.chars().count() == 4 && year.chars().all(|c| digit(c).is_some())
    };
    let is_head = head.is_empty()
        || head.ends_with('令')
        || head.ends_with("公告")
        || (head.ends_with('年') && head.contains("公告"))
        || is_year(head);
    (is_serial && is_head && bare.chars().count() <= 50).then_some(bare)
}

/// DB3204/T 1098—2026, GB/T 1.1—2020
fn is_standard_number(text: &str) -> bool {
    const BYTES_MAX: usize = 40;
    let Some((code, year)) = text.rsplit_once(['—', '-', '–']) else { return false };
    let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | ' ' | '.');
    text.len() <= BYTES_MAX
        && ["DB", "GB", "T/"].iter().any(|kind| code.starts_with(kind))
        && code.chars().all(is_code)
        && code.ends_with(|c: char| c.is_ascii_digit())
        && year.len() == 4
        && year.bytes().all(|byte| byte.is_ascii_digit())
}

/// The orders 令 that a note names: 中华人民共和国国务院令第711号.
pub(in super::super) fn order_numbers(text: &str) -> impl Iterator<Item = String> {
    const AGENCY_MAX: usize = 30;
    text.match_indices("令第").filter_map(move |(at, sign)| {
        let (before, behind) = (text.get(..at)?, text.get(at + sign.len()..)?);
        let serial = behind.get(..prefix_len(behind, |c| digit(c).is_some() || c == '十'))?;
        let is_number = behind.get(serial.len()..)?.starts_with('号') && !serial.is_empty();
        // 2007年4月5日国务院令: the day ends where the agency begins.
        let is_name = |c: &char| matches!(c, '\u{4e00}'..='\u{9fff}') && !"日据过由".contains(*c);
        let agency: usize =
            before.chars().rev().take(AGENCY_MAX).take_while(is_name).map(char::len_utf8).sum();
        let agency = before.get(at - agency..).filter(|agency| !agency.is_empty())?;
        is_number.then(|| format!("{agency}令第{serial}号"))
    })
}

/// A title without the number that sites put before it: 示政发〔2027〕20号《示例市人民政府关于…的意见》.
pub(in super::super) fn without_number(title: &str) -> &str {
    let first = find_numbers(title).into_iter().next().filter(|number| number.start == 0);
    let rest = first.and_then(|number| title.get(number.end..)).map(str::trim);
    let quoted = rest.and_then(|rest| rest.strip_prefix('《')?.strip_suffix('》'));
    quoted.filter(|title| !title.contains(['《', '》'])).unwrap_or(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_ends_in_their_order() {
        let text = "示府發〔2026〕１號与示办发\\[2025\\] 第3号、示规〔2023〕第 4号、（示规【2024】\n12 号）、\
                    示规〔202〕3号、示规〔2026〕号、示规2026〕3号、第5号、示教 〔二○二六〕〇7号";
        let found: Vec<_> = find_numbers(text).into_iter().map(|found| found.number).collect();
        assert_eq!(found, ["示府發〔2026〕1号", "示办发〔2025〕3号", "示规〔2024〕12号"]);
    }
}
