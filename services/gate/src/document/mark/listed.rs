//! The marks of lists: 一、 （一） 1. （1） 1） ① A. 1.2.1, in whatever characters they are set.

use super::{
    super::numerals::{chinese, is_numeral, parse},
    Level, Mark, prefix_len,
};

/// The mark of a list that a text begins with.
pub(super) fn find(rest: &str) -> Option<Mark> {
    let first = rest.chars().next()?;
    if let Some((level, number)) = enclosed(first) {
        let name = name(level, number);
        return Some(Mark::new(level, number, name, first.len_utf8()));
    }
    if let Some(mark) = of_annex(rest).or_else(|| lettered(rest)) {
        return Some(mark);
    }
    if let Some(inner) = rest.strip_prefix(['（', '(']) {
        let (numeral, after) = inner.split_once(['）', ')'])?;
        let numeral = numeral.trim();
        let number = parse(numeral)?;
        let is_digits = numeral.chars().all(|c| matches!(c, '0'..='9' | '０'..='９'));
        // （2024）… is a year; marks do not count that far.
        if number == 0 || number > 200 {
            return None;
        }
        let level = if is_digits { Level::Fourth } else { Level::Second };
        return Some(Mark::new(level, number, name(level, number), rest.len() - after.len()));
    }
    let numeral_len = prefix_len(rest, is_numeral);
    let numeral = rest.get(..numeral_len)?;
    let after = rest.get(numeral_len..)?;
    let is_digits = numeral.chars().all(|c| matches!(c, '0'..='9' | '０'..='９'));
    if is_digits { digits(rest, numeral, after) } else { first_level(rest, numeral, after) }
}

fn first_level(rest: &str, numeral: &str, after: &str) -> Option<Mark> {
    let number = parse(numeral).filter(|number| (1..=200).contains(number))?;
    // 一.总体要求 beside 一、总体要求
    let after = after.strip_prefix(['、', '．', '.'])?;
    Some(Mark::new(Level::First, number, chinese(number), rest.len() - after.len()))
}

fn digits(rest: &str, numeral: &str, after: &str) -> Option<Mark> {
    if let Some(mark) = decimal(rest) {
        return Some(mark);
    }
    let number = parse(numeral).filter(|number| (1..=200).contains(number))?;
    if let Some(after) = after.strip_prefix(['）', ')']) {
        return Some(Mark::new(
            Level::Fifth,
            number,
            format!("{number}）"),
            rest.len() - after.len(),
        ));
    }
    // `1\.`: a point that Markdown shall not take for its own list.
    let after = after.strip_prefix('\\').unwrap_or(after);
    let after = after.strip_prefix(['.', '．', '、'])?;
    // 1.5倍 is a figure; 2.2023年教育财政拨款情况 is item 2.
    let glued = prefix_len(after, |c| c.is_ascii_digit());
    let is_year = glued == 4 && after.get(4..).is_some_and(|rest| rest.starts_with('年'));
    if glued > 0 && !is_year {
        return None;
    }
    let len = rest.len() - after.len();
    Some(Mark::new(Level::Third, number, name(Level::Third, number), len))
}

/// What figures count, and numbers do not stand before.
const MEASURES: &str = "倍万亿元米公个吨人度小天年月日亩平立级版分折千百克升至到";
/// The same before sentences, which a text that goes on may begin with.
const MORE_MEASURES: &str = "尺寸里斤厘毫微瓦伏兆秒时周次件条类种页台套张部辆名位户家所处间层株棵头只批份本册篇届期马英海美港欧前后起左多余以的、，。和与或及比％";

/// `1.2.1　…`: at least two numbers, then a blank or a title, so that 1.5倍 and dates stay text.
fn decimal(rest: &str) -> Option<Mark> {
    let len = prefix_len(rest, |c| matches!(c, '0'..='9' | '０'..='９' | '.' | '．'));
    let (numeral, after) = rest.split_at_checked(len)?;
    let numbers: Option<Vec<u32>> = numeral
        .trim_end_matches(['.', '．'])
        .split(['.', '．'])
        .map(|part| parse(part).filter(|number| (1..100).contains(number)))
        .collect();
    let numbers = numbers.filter(|numbers| (2..=6).contains(&numbers.len()))?;
    let name: Vec<String> = numbers.iter().map(u32::to_string).collect();
    let number = *numbers.last()?;
    // 1.1目的, but not 1.5倍.
    let is_title = || {
        after.starts_with(|c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) && !MEASURES.contains(c))
            && after.chars().take(26).count() <= 25
            && !after.contains(['，', '。', '；', '、'])
    };
    let is_set_off = after.starts_with(char::is_whitespace) || is_title() || is_glued(after);
    is_set_off.then(|| Mark::new(Level::Decimal, number, name.join("."), len))
}

/// `2.1设置窗口。`: a sentence right behind the number. It is one only beside others that it counts on with.
pub(in super::super) fn is_glued(after: &str) -> bool {
    // 公开, 小学, 人员 and 分类 begin as units do.
    const WORDS: [(char, &str); 7] = [
        ('公', "里斤顷分"),
        ('小', "时"),
        ('平', "方米"),
        ('立', "方"),
        ('分', "钟贝的以，、"),
        ('年', "的以，、内前后均"),
        ('日', "的以，、内前后均"),
    ];
    let mut chars = after.chars();
    let Some((first, second)) = chars.next().zip(chars.next()) else { return false };
    let is_word = WORDS.iter().any(|(c, units)| *c == first && !units.contains(second))
        || first == '人' && "员才民力".contains(second);
    let is_measure = MEASURES.contains(first) || MORE_MEASURES.contains(first);
    ('\u{4e00}'..='\u{9fff}').contains(&first)
        && (is_word || !is_measure)
        && !is_numeral(first)
        && (after.contains(['，', '。', '；', '、']) || after.chars().nth(25).is_some())
}

/// A.1　…, of 附录A of a standard.
fn of_annex(rest: &str) -> Option<Mark> {
    let letter = rest.chars().next().filter(char::is_ascii_uppercase)?;
    let after = rest.get(1..)?;
    let numbers = after.strip_prefix('.')?;
    let len = prefix_len(numbers, |c| c.is_ascii_digit() || c == '.');
    let (numeral, behind) = numbers.split_at_checked(len)?;
    let number =
        numeral.split('.').map(|part| part.parse::<u32>().ok().filter(|n| (1..100).contains(n)));
    let number = number.collect::<Option<Vec<u32>>>()?.last().copied()?;
    let name = format!("{letter}.{numeral}");
    behind
        .starts_with(char::is_whitespace)
        .then(|| Mark::new(Level::Decimal, number, name, rest.len() - behind.len()))
}

/// Numbers that are one character with what encloses them, from the first of each row of Unicode's:
/// ㈠, ⒈, ⑴, ①, ㉑, ㊱, ❶, ➀, ➊.
fn enclosed(c: char) -> Option<(Level, u32)> {
    let rows = [
        ('㈠'..='㈩', Level::Second, 1),
        ('⒈'..='⒛', Level::Third, 1),
        ('⑴'..='⒇', Level::Fourth, 1),
        ('①'..='⑳', Level::Fifth, 1),
        ('㉑'..='㉟', Level::Fifth, 21),
        ('㊱'..='㊿', Level::Fifth, 36),
        ('❶'..='❿', Level::Fifth, 1),
        ('➀'..='➉', Level::Fifth, 1),
        ('➊'..='➓', Level::Fifth, 1),
    ];
    let (row, level, first) = rows.into_iter().find(|(row, ..)| row.contains(&c))?;
    Some((level, u32::from(c) - u32::from(*row.start()) + first))
}

/// The normalised form of a mark.
fn name(level: Level, number: u32) -> String {
    match level {
        Level::Second => format!("（{}）", chinese(number)),
        Level::Fourth => format!("（{number}）"),
        Level::Fifth => circled(number),
        _ => number.to_string(),
    }
}

fn circled(number: u32) -> String {
    let row = match number {
        ..=20 => u32::from('①') - 1,
        21..=35 => u32::from('㉑') - 21,
        _ => u32::from('㊱') - 36,
    };
    char::from_u32(row + number).map_or_else(|| number.to_string(), String::from)
}

/// `A.`, `b）`, `(c)`; no initials, no A、B两类.
fn lettered(rest: &str) -> Option<Mark> {
    let inner = rest.strip_prefix(['（', '(']);
    let body = inner.unwrap_or(rest);
    let letter = body.chars().next().filter(char::is_ascii_alphabetic)?;
    let after = body.get(1..)?;
    let after = match inner {
        Some(_) => after.strip_prefix(['）', ')'])?,
        None => after.strip_prefix(['.', '．', '、', '）', ')'])?,
    };
    let number = u32::from(letter.to_ascii_lowercase()) - u32::from('a') + 1;
    let goes_on = after.starts_with(|c: char| c.is_ascii_alphanumeric());
    (!goes_on)
        .then(|| Mark::new(Level::Fifth, number, letter.to_string(), rest.len() - after.len()))
}
