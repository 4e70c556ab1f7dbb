//! Numbers with their units, and dates, at the beginning of a text: each in one form.

use crate::document::{first_chars, is_numeral, parse_numeral};

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
const SPELLED: [&str; 13] =
    ["工作日", "日", "月数", "岁", "年", "倍", "元", "万元", "小时", "%", "人", "户", "折"];

/// What stands at a place.
pub(super) struct Read {
    pub value: String,
    pub unit: &'static str,
    pub len: usize,
    pub is_weak: bool,
    pub is_about: bool,
}

pub(super) fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// 2025年9月1日, 2025年9月, 9月1日; 2025年 alone is no date to compare.
pub(super) fn read_date(rest: &str) -> Option<Read> {
    let (first, len, _) = read_number(rest)?;
    let after = rest.get(len..)?.trim_start();
    let date = |value: String, tail: &str| Read {
        value,
        unit: "",
        len: rest.len() - tail.len(),
        is_weak: false,
        is_about: false,
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
pub(super) fn read_quantity(rest: &str) -> Option<Read> {
    if let Some(after) = rest.strip_prefix("百分之") {
        let (value, len, _) = read_number(after)?;
        let len = rest.len() - after.len() + len;
        return Some(Read {
            value: format!("{value}%"),
            unit: "%",
            len,
            is_weak: false,
            is_about: false,
        });
    }
    let (value, len, is_spelled) = read_number(rest)?;
    let after = rest.get(len..)?;
    let blank = after.len() - after.trim_start_matches([' ', '余', '多', '*']).len();
    // 1200余万元 is no figure to compare.
    let is_about = after.starts_with(['余', '多']);
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
    Some(Read { value: format!("{value}{unit}"), unit, len, is_weak, is_about })
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

/// Characters of a number at most. A longer run of digits and commas is a list, and is not read to
/// its end from each of its numbers.
const NUMBER_MAX: usize = 24;

/// A number in one form, its length, and whether it is spelled in Chinese.
fn read_number(text: &str) -> Option<(String, usize, bool)> {
    let first = text.chars().next()?;
    let begin = first_chars(text, NUMBER_MAX);
    if is_digit(first) {
        let len = begin
            .find(|c: char| !is_digit(c) && !matches!(c, '.' | ',' | '，'))
            .unwrap_or(begin.len());
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
        // 5万元 is read by its unit; 3千万元, 5百人 are not.
        for _ in 0..2 {
            let Some((scale, digits)) = text.get(len..).and_then(scale_at) else { break };
            value = shift(&value, digits);
            len += scale.len_utf8();
        }
        return Some((value, len, false));
    }
    let is_spelled = |c: char| is_numeral(c) || matches!(c, '两' | '万' | '亿');
    let len = begin.find(|c| !is_spelled(c)).unwrap_or(begin.len());
    let raw = text.get(..len)?.replace('两', "二");
    Some((parse_spelled(&raw)?.to_string(), len, true))
}

/// 千, 百, 万 behind digits, with their zeros, where they begin no unit.
fn scale_at(text: &str) -> Option<(char, usize)> {
    let scale = text.chars().next()?;
    let digits = match scale {
        '百' => 2,
        '千' => 3,
        '万' => 4,
        _ => return None,
    };
    let is_unit = UNITS.iter().any(|(unit, _)| unit.starts_with(scale) && text.starts_with(unit));
    (!is_unit).then_some((scale, digits))
}

/// 三万五千, 一亿二千万, 二〇二六
fn parse_spelled(raw: &str) -> Option<u64> {
    let section = |text: &str| {
        if text.is_empty() { Some(0) } else { parse_numeral(text).map(u64::from) }
    };
    let (high, low) = raw.split_once('亿').unwrap_or(("", raw));
    let (middle, low) = low.split_once('万').unwrap_or(("", low));
    if raw.starts_with(['亿', '万']) || low.contains(['亿', '万']) || middle.contains('亿') {
        return None;
    }
    Some(section(high)? * 100_000_000 + section(middle)? * 10_000 + section(low)?)
}

fn narrow(c: char) -> char {
    match c {
        '０'..='９' => {
            char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
        }
        c => c,
    }
}
