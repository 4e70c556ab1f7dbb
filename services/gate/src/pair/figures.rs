//! Figures of a text: amounts, shares, periods, ages, counts, dates; each in one form, so that
//! 15个工作日 is 十五个工作日 and 百分之五十 is 50%.

use std::ops::Range;

use crate::document::{Document, Level, find_numbers};

/// A figure and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figure {
    /// Value and unit in one form: `2420元`, `15工作日`, `50%`, `2025-09-01`.
    pub value: String,
    /// The unit alone; empty for dates.
    pub unit: &'static str,
    /// What the sentence calls the quantity, right before it.
    pub label: String,
    /// What it is counted by: 每月, 每学期; empty where the sentence does not say.
    pub rate: String,
    /// As written.
    pub range: Range<usize>,
    /// The text from the last full stop to the figure.
    pub lead: String,
    /// A word like 一年 or 两次, which texts use also where they count nothing.
    pub is_weak: bool,
}

/// Units, longer ones first; those that mean the same share a name.
const UNITS: [(&str, &str); 62] = [
    ("个工作日", "工作日"),
    ("工作日", "工作日"),
    ("个自然日", "日"),
    ("个学年", "学年"),
    ("学年", "学年"),
    ("个月", "月数"),
    ("周岁", "岁"),
    ("岁", "岁"),
    ("平方米", "平方米"),
    ("平方公里", "平方公里"),
    ("公里", "公里"),
    ("公顷", "公顷"),
    ("千米", "公里"),
    ("厘米", "厘米"),
    ("米", "米"),
    ("亩", "亩"),
    ("万元", "万元"),
    ("亿元", "亿元"),
    ("元", "元"),
    ("万人次", "万人次"),
    ("万人", "万人"),
    ("人次", "人次"),
    ("人民币", ""),
    ("人", "人"),
    ("万户", "万户"),
    ("户", "户"),
    ("万吨", "万吨"),
    ("吨", "吨"),
    ("公斤", "公斤"),
    ("千克", "公斤"),
    ("小时", "小时"),
    ("分钟", "分钟"),
    ("个百分点", "百分点"),
    ("百分点", "百分点"),
    ("倍", "倍"),
    ("折", "折"),
    ("日", "日"),
    ("天", "日"),
    ("周", "周"),
    ("年", "年"),
    ("分", "分"),
    ("所", "所"),
    ("家", "家"),
    ("名", "名"),
    ("件", "件"),
    ("套", "套"),
    ("辆", "辆"),
    ("张", "张"),
    ("台", "台"),
    ("处", "处"),
    ("班", "班"),
    ("课时", "课时"),
    ("学分", "学分"),
    ("级", "级"),
    ("次", "次"),
    ("％", "%"),
    ("%", "%"),
    ("‰", "‰"),
    ("度", "度"),
    ("千瓦时", "千瓦时"),
    ("立方米", "立方米"),
    ("升", "升"),
];

/// Units that count also when their number is written in Chinese: 二十日, 三倍.
const SPELLED: [&str; 10] = ["工作日", "日", "月数", "岁", "年", "倍", "元", "万元", "小时", "%"];

/// Where a quantity's name begins: behind these.
const BREAKS: [char; 16] =
    ['，', ',', '；', ';', '）', ')', '。', '：', ':', '、', '（', '(', '|', '\n', '？', '！'];

/// Words between a quantity's name and its figure.
const VERBS: [&str; 44] = [
    "调整到",
    "调整为",
    "提高到",
    "提高至",
    "降低到",
    "降低至",
    "确定为",
    "增加到",
    "增加至",
    "缩短为",
    "缩短至",
    "延长至",
    "延长到",
    "规定为",
    "统一为",
    "控制在",
    "不低于",
    "不高于",
    "不超过",
    "不少于",
    "不得超过",
    "不得低于",
    "不得少于",
    "最高不超过",
    "达到",
    "超过",
    "低于",
    "高于",
    "至少",
    "最高",
    "最低",
    "应为",
    "设为",
    "改为",
    "约为",
    "每人",
    "为",
    "是",
    "在",
    "达",
    "约",
    "满",
    "共",
    "按",
];

/// The figures of a document, in order; numbers of clauses and documents left out.
pub(crate) fn find(document: &Document<'_>) -> Vec<Figure> {
    let mut found = vec![];
    let references = document.references();
    for unit in document.units() {
        if matches!(unit.level, Level::Noise | Level::Contents | Level::Number | Level::Note) {
            continue;
        }
        let text = document.text_of(unit);
        let numbers = find_numbers(text).into_iter().map(|number| number.start..number.end);
        let begin = references.partition_point(|reference| reference.start < unit.start);
        let clauses = references.get(begin..).unwrap_or_default().iter();
        let clauses = clauses
            .take_while(|reference| reference.start < unit.end)
            .filter(|reference| !reference.paths.is_empty())
            .map(|reference| reference.start - unit.start..reference.end - unit.start);
        let mut skipped: Vec<Range<usize>> = numbers.chain(clauses).collect();
        skipped.sort_by_key(|range| range.start);
        let own_mark = text.find(&unit.mark).map_or(0, |at| at + unit.mark.len());
        found.extend(find_in(text, own_mark, &skipped).into_iter().map(|figure| Figure {
            range: unit.start + figure.range.start..unit.start + figure.range.end,
            ..figure
        }));
    }
    found
}

/// The figures of a text from byte `begin` on; what lies in `skipped` is none.
pub(crate) fn find_in(text: &str, begin: usize, skipped: &[Range<usize>]) -> Vec<Figure> {
    let mut found = vec![];
    let mut at = begin;
    let mut skipped = skipped.iter().peekable();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        while skipped.next_if(|range| range.end <= at).is_some() {}
        if let Some(range) = skipped.peek().filter(|range| range.contains(&at)) {
            at = range.end;
            continue;
        }
        let Some(first) = rest.chars().next() else { break };
        let can_begin = is_digit(first) || first == '两' || crate::document::is_numeral(first);
        let read = if can_begin { read_date(rest).or_else(|| read_quantity(rest)) } else { None };
        match read {
            Some(read) => {
                let Before { label, rate, lead } = before(text, at);
                // 5月7日至11日: the second day is said by the first.
                let ends_range = read.unit == "日"
                    && lead.ends_with(['至', '到', '—', '-', '－'])
                    && found.last().is_some_and(|last: &Figure| last.unit.is_empty());
                found.push(Figure {
                    value: read.value,
                    unit: read.unit,
                    label,
                    rate,
                    lead,
                    range: at..at + read.len,
                    is_weak: read.is_weak || ends_range,
                });
                at += read.len;
            }
            None if is_digit(first) => {
                // A number without a unit, read to its end.
                at += rest.find(|c: char| !is_digit(c) && c != '.').unwrap_or(rest.len());
            }
            None => at += first.len_utf8(),
        }
    }
    found
}

/// What stands at a place.
struct Read {
    value: String,
    unit: &'static str,
    len: usize,
    is_weak: bool,
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// 2025年9月1日, 2025年9月, 9月1日; 2025年 alone is no date to compare.
fn read_date(rest: &str) -> Option<Read> {
    let (first, len, _) = read_number(rest)?;
    let after = rest.get(len..)?.trim_start();
    let date = |value: String, tail: &str| Read {
        value,
        unit: "",
        len: rest.len() - tail.len(),
        is_weak: false,
    };
    if let Some(tail) = after.strip_prefix('月') {
        let day_text = tail.trim_start();
        let (day, len, _) = read_number(day_text)?;
        let tail = day_text.get(len..)?.trim_start().strip_prefix(['日', '号'])?;
        return Some(date(format!("{first}月{day}日"), tail));
    }
    let tail = after.strip_prefix('年').filter(|_| first.len() == 4)?;
    let month_text = tail.trim_start();
    let Some((month, len, _)) = read_number(month_text) else {
        return Some(Read { is_weak: true, ..date(format!("{first}年"), tail) });
    };
    let Some(after_month) = month_text.get(len..)?.trim_start().strip_prefix('月') else {
        return Some(Read { is_weak: true, ..date(format!("{first}年"), tail) });
    };
    let day_text = after_month.trim_start();
    let day = read_number(day_text).and_then(|(day, len, _)| {
        Some((day, day_text.get(len..)?.trim_start().strip_prefix('日')?))
    });
    Some(match day {
        Some((day, tail)) => date(format!("{first}年{month}月{day}日"), tail),
        None => date(format!("{first}年{month}月"), after_month),
    })
}

/// 2,420.5元, 十五个工作日, 百分之五十, 50%
fn read_quantity(rest: &str) -> Option<Read> {
    if let Some(after) = rest.strip_prefix("百分之") {
        let (value, len, _) = read_number(after)?;
        let len = rest.len() - after.len() + len;
        return Some(Read { value: format!("{value}%"), unit: "%", len, is_weak: false });
    }
    let (value, len, is_spelled) = read_number(rest)?;
    let after = rest.get(len..)?;
    let blank = after.len() - after.trim_start_matches([' ', '余', '多']).len();
    let after = after.get(blank..)?;
    let (written, unit) = UNITS.iter().find(|(written, _)| after.starts_with(written))?;
    if is_spelled && !SPELLED.contains(unit) {
        return None;
    }
    let (value, unit) = scale(value, unit);
    // 2025年 is a year, 一年 often none.
    let is_year = unit == "年" && !is_spelled && value.len() == 4;
    let is_weak = is_year || (is_spelled && matches!(value.as_str(), "1" | "2"));
    let len = len + blank + written.len();
    Some(Read { value: format!("{value}{unit}"), unit, len, is_weak })
}

/// 1.5万元 = 15000元; so that either form is the same amount.
fn scale(value: String, unit: &'static str) -> (String, &'static str) {
    let (digits, base) = match unit {
        "万元" => (4, "元"),
        "亿元" => (8, "元"),
        "万人" => (4, "人"),
        "万户" => (4, "户"),
        "万吨" => (4, "吨"),
        "万人次" => (4, "人次"),
        _ => return (value, unit),
    };
    (shift(&value, digits), base)
}

/// The decimal `value` times ten to the `digits`.
fn shift(value: &str, digits: usize) -> String {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let mut fraction: Vec<char> = fraction.chars().collect();
    let mut whole = whole.to_owned();
    for _ in 0..digits {
        whole.push(if fraction.is_empty() { '0' } else { fraction.remove(0) });
    }
    plain(&whole, &fraction.into_iter().collect::<String>())
}

/// Without leading and trailing zeros that say nothing.
fn plain(whole: &str, fraction: &str) -> String {
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// A number in one form, its length, and whether it is spelled in Chinese.
fn read_number(text: &str) -> Option<(String, usize, bool)> {
    let first = text.chars().next()?;
    if is_digit(first) {
        let len = text
            .find(|c: char| !is_digit(c) && !matches!(c, '.' | ',' | '，'))
            .unwrap_or(text.len());
        let raw = text.get(..len)?.trim_end_matches(['.', ',', '，']);
        // 1，2: a list, no thousands.
        let grouped = raw
            .split([',', '，'])
            .skip(1)
            .all(|group| group.split('.').next().is_some_and(|group| group.chars().count() == 3));
        let raw = if grouped { raw } else { raw.split([',', '，']).next()? };
        let digits: String = raw
            .chars()
            .filter(|c| !matches!(c, ',' | '，'))
            .map(|c| if c == '.' { c } else { narrow(c) })
            .collect();
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        if fraction.contains('.') {
            return None;
        }
        let mut len = raw.len();
        let mut value = plain(whole, fraction);
        // 5万元 is read by its unit; 5千, 5百 rarely stand so.
        if let Some(rest) = text.get(len..)
            && rest.starts_with('万')
            && !UNITS.iter().any(|(unit, _)| unit.starts_with('万') && rest.starts_with(unit))
        {
            value = shift(&value, 4);
            len += '万'.len_utf8();
        }
        return Some((value, len, false));
    }
    let len = text.find(|c| !crate::document::is_numeral(c) && c != '两').unwrap_or(text.len());
    let raw = text.get(..len)?.replace('两', "二");
    let value = crate::document::parse_numeral(&raw)?;
    Some((value.to_string(), len, true))
}

fn narrow(c: char) -> char {
    match c {
        '０'..='９' => {
            char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
        }
        c => c,
    }
}

/// What a sentence says before a figure.
struct Before {
    label: String,
    rate: String,
    lead: String,
}

/// What the text calls the quantity, and the sentence up to it. No sentence that matters is longer
/// than 80 characters.
fn before(text: &str, at: usize) -> Before {
    let before = text.get(..at).unwrap_or_default();
    let floor = before.char_indices().rev().take(80).last().map_or(at, |(at, _)| at);
    let window = before.get(floor..).unwrap_or_default();
    let lead = window.rsplit(['。', '；', ';', '\n', '？', '！']).next().unwrap_or_default();
    let mut label = lead.trim_end();
    let mut rate = String::new();
    loop {
        if let Some(at) =
            label.rfind('每').filter(|at| is_rate(label.get(*at..).unwrap_or_default()))
        {
            rate = label.get(at..).unwrap_or_default().to_owned() + &rate;
            label = label.get(..at).unwrap_or_default().trim_end();
        } else if let Some(shorter) = VERBS.iter().find_map(|verb| label.strip_suffix(verb)) {
            label = shorter.trim_end();
        } else {
            break;
        }
    }
    let label = label.rsplit(BREAKS).next().unwrap_or_default();
    let label = label.rsplit(char::is_whitespace).next().unwrap_or_default();
    let label: String = label.chars().filter(|c| *c != '*').collect();
    Before { label, rate, lead: lead.to_owned() }
}

/// 每月, 每学期, 每人
fn is_rate(text: &str) -> bool {
    ["月", "年", "学期", "学年", "小时", "人", "次", "天", "日", "周", "户", "生", "平方米"]
        .iter()
        .any(|unit| text.strip_prefix('每') == Some(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        let found = find_in(text, 0, &[]);
        for figure in &found {
            assert!(text.get(figure.range.clone()).is_some(), "{figure:?}");
        }
        found.into_iter().map(|figure| figure.value).collect()
    }

    #[test]
    fn figures_have_one_form() {
        for (text, expected) in [
            ("每月不低于2540元", "2540元"),
            ("２５４０元", "2540元"),
            ("2,540.50元", "2540.5元"),
            ("1.5万元", "15000元"),
            ("804.82亿元", "80482000000元"),
            ("15个工作日", "15工作日"),
            ("十五个工作日", "15工作日"),
            ("百分之五十", "50%"),
            ("增长6.43％", "6.43%"),
            ("年满六十周岁", "60岁"),
            ("3个月", "3月数"),
            ("2025 年 9 月 1 日", "2025年9月1日"),
            ("5月7日", "5月7日"),
            ("1.5倍", "1.5倍"),
            ("5万户", "50000户"),
        ] {
            assert_eq!(values(text), [expected], "{text}");
        }
        assert_eq!(values("第一，一是，十分重要，3，4"), [""; 0]);
    }

    #[test]
    fn labels_name_the_quantity() {
        let found = find_in("非全日制从业人员小时最低工资标准调整为26.4元/小时", 0, &[]);
        assert_eq!(found[0].label, "非全日制从业人员小时最低工资标准");
    }
}
