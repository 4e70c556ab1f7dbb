//! Numbers as automatic numbering writes them (ISO/IEC 29500-1, 17.18.59 `ST_NumberFormat`).

/// A number in a format of `w:numFmt`. Formats that official documents do not use come out in digits.
pub(super) fn write(format: &str, number: u32) -> String {
    match format {
        "none" | "bullet" => String::new(),
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting"
        | "koreanCounting" => chinese(number),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => {
            digits_as(number, "〇一二三四五六七八九")
        }
        "chineseLegalSimplified" | "ideographLegalTraditional" => digits_in(number, LEGAL),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => enclosed(number),
        "decimalEnclosedParen" => nth('⑴', number, 20),
        "decimalEnclosedFullstop" => nth('⒈', number, 20),
        "ideographEnclosedCircle" => nth('㊀', number, 10),
        "decimalFullWidth" | "decimalFullWidth2" => digits_as(number, "０１２３４５６７８９"),
        "decimalZero" => format!("{number:02}"),
        "upperLetter" => letters(number, 'A'),
        "lowerLetter" => letters(number, 'a'),
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).to_lowercase(),
        "ideographTraditional" => one_of(number, "甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" => one_of(number, "子丑寅卯辰巳午未申酉戌亥"),
        _ => number.to_string(),
    }
}

const COUNTING: (&str, &str) = ("零一二三四五六七八九", "十百千");
const LEGAL: (&str, &str) = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟");

/// 十, 十一, 二十, 一百零五.
fn chinese(number: u32) -> String {
    let text = digits_in(number, COUNTING);
    match text.strip_prefix("一十") {
        Some(rest) if number < 20 => format!("十{rest}"),
        _ => text,
    }
}

fn digits_in(number: u32, (digits, units): (&str, &str)) -> String {
    let digit = |n: u32| digits.chars().nth(usize::try_from(n).unwrap_or(0)).unwrap_or('?');
    if number == 0 || number > 9999 {
        return if number == 0 { digit(0).to_string() } else { number.to_string() };
    }
    let mut text = String::new();
    let mut gap = false;
    for place in (0..4_u32).rev() {
        let n = number / 10_u32.pow(place) % 10;
        if n == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push(digit(0));
            gap = false;
        }
        text.push(digit(n));
        let unit = place.checked_sub(1).and_then(|p| units.chars().nth(usize::try_from(p).ok()?));
        text.extend(unit);
    }
    text
}

fn digits_as(number: u32, digits: &str) -> String {
    let own = |c: char| c.to_digit(10).and_then(|n| one_of(n + 1, digits).chars().next());
    number.to_string().chars().map(|c| own(c).unwrap_or(c)).collect()
}

fn one_of(number: u32, from: &str) -> String {
    let index = number.checked_sub(1).and_then(|n| usize::try_from(n).ok());
    index.and_then(|n| from.chars().nth(n)).map_or_else(|| number.to_string(), String::from)
}

fn enclosed(number: u32) -> String {
    match number {
        1..=20 => nth('①', number, 20),
        21..=35 => nth('㉑', number - 20, 15),
        36..=50 => nth('㊱', number - 35, 15),
        _ => number.to_string(),
    }
}

fn nth(first: char, number: u32, most: u32) -> String {
    let nth = (1..=most).contains(&number).then(|| char::from_u32(u32::from(first) + number - 1));
    nth.flatten().map_or_else(|| number.to_string(), String::from)
}

/// a … z, aa, bb: Word repeats the letter.
fn letters(number: u32, first: char) -> String {
    if number == 0 || number > 780 {
        return number.to_string();
    }
    let letter = char::from_u32(u32::from(first) + (number - 1) % 26).unwrap_or(first);
    String::from(letter).repeat(usize::try_from((number - 1) / 26 + 1).unwrap_or(1))
}

fn roman(number: u32) -> String {
    const PARTS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 3999 {
        return number.to_string();
    }
    let mut left = number;
    let mut text = String::new();
    for (value, part) in PARTS {
        while left >= value {
            text.push_str(part);
            left -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_word_writes_them() {
        for (format, number, text) in [
            ("chineseCounting", 10, "十"),
            ("chineseCountingThousand", 11, "十一"),
            ("japaneseCounting", 20, "二十"),
            ("chineseCountingThousand", 105, "一百零五"),
            ("chineseCountingThousand", 110, "一百一十"),
            ("ideographDigital", 10, "一〇"),
            ("decimalEnclosedCircle", 3, "③"),
            ("decimalEnclosedCircle", 21, "㉑"),
            ("decimalFullWidth", 12, "１２"),
            ("upperLetter", 27, "AA"),
            ("lowerRoman", 14, "xiv"),
            ("chineseLegalSimplified", 21, "贰拾壹"),
            ("decimal", 7, "7"),
            ("none", 7, ""),
        ] {
            assert_eq!(write(format, number), text, "{format} {number}");
        }
    }
}
