//! Numbers as a workbook shows them, by their number format (ISO/IEC 29500-1, 18.8.30 and 18.8.31). Words and signs of
//! per cent are told apart from the digits; what cannot be copied digit by digit is refused.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil};

use super::xml::Element;

/// Why a number cannot be written as it is seen.
pub(super) struct Unshowable(pub(super) &'static str);

const UNKNOWN: Unshowable = Unshowable(
    "数字格式无法照抄；改为常规、数值、百分比或日期 its number format cannot be copied; make it General, Number, Percentage or Date",
);
const TIMED: Unshowable = Unshowable("有时刻；只写日期 it has a time of day; write a date");
const NO_DATE: Unshowable = Unshowable("不是日期 it is no date");
const NO_NUMBER: Unshowable = Unshowable("不是数字 it is no figure");

/// The number formats of a workbook's styles.
pub(super) struct Formats {
    /// By the number of the style.
    codes: Vec<String>,
    starts_1904: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    General,
    Number {
        decimals: usize,
        is_grouped: bool,
        /// By how many digits the point moves to the right: two for per cent, less three for thousands.
        shift: i32,
    },
    Day {
        is_timed: bool,
    },
    Month,
    Year,
}

impl Formats {
    pub(super) fn of(styles: Option<&Element>, starts_1904: bool) -> Self {
        let list = |name: &str| {
            styles.and_then(|styles| styles.child(name)).into_iter().flat_map(Element::elements)
        };
        let own: BTreeMap<&str, &str> = list("s:numFmts")
            .filter_map(|format| {
                Some((format.attribute("numFmtId")?, format.attribute("formatCode")?))
            })
            .collect();
        let code = |xf: &Element| {
            let id = xf.attribute("numFmtId").unwrap_or("0");
            own.get(id).copied().unwrap_or_else(|| built_in(id)).to_owned()
        };
        Self { codes: list("s:cellXfs").map(code).collect(), starts_1904 }
    }

    /// A number as it is seen in a cell of this style.
    pub(super) fn show(&self, style: Option<&str>, number: &str) -> Result<String, Unshowable> {
        let style = style.and_then(|style| style.parse::<usize>().ok());
        let code = style.and_then(|style| self.codes.get(style)).map_or("General", String::as_str);
        let value: f64 = number.parse().map_err(|_| NO_NUMBER)?;
        if !value.is_finite() {
            return Err(NO_NUMBER);
        }
        match read(code).ok_or(UNKNOWN)? {
            Format::General => Ok(general(value)),
            Format::Number { decimals, is_grouped, shift } => {
                Ok(write(value, shift, decimals, is_grouped))
            }
            Format::Day { is_timed } if is_timed && value.fract() != 0.0 => Err(TIMED),
            Format::Day { .. } => Ok(self.day(value)?.to_string()),
            Format::Month => {
                let day = self.day(value)?;
                Ok(format!("{}年{}月", day.year(), day.month()))
            }
            Format::Year => Ok(format!("{}年", self.day(value)?.year())),
        }
    }

    /// What a style writes before and behind a number besides digits, signs of per cent and of money: 约, 万元.
    /// Nothing where it writes days.
    pub(super) fn words(&self, style: Option<&str>) -> Option<[String; 2]> {
        let style = style.and_then(|style| style.parse::<usize>().ok());
        let code = style.and_then(|style| self.codes.get(style))?;
        let is_number = matches!(read(code)?, Format::General | Format::Number { .. });
        let words = words(code);
        (is_number && words.iter().any(|words| !words.is_empty())).then_some(words)
    }

    /// Whether a style writes the sign of per cent behind a number that it multiplies by a hundred.
    pub(super) fn is_share(&self, style: Option<&str>) -> bool {
        let style = style.and_then(|style| style.parse::<usize>().ok());
        let code = style.and_then(|style| self.codes.get(style));
        // Thousands shift by threes, per cent by two.
        code.and_then(|code| read(code)).is_some_and(
            |format| matches!(format, Format::Number { shift, .. } if shift.rem_euclid(3) == 2),
        )
    }

    /// Days are counted from 1900, which the format takes for a leap year, or from 1904 (18.17.4.1).
    fn day(&self, value: f64) -> Result<civil::Date, Unshowable> {
        let whole = format!("{:.0}", value.floor()).parse::<i32>().map_err(|_| NO_DATE)?;
        let first = if self.starts_1904 {
            civil::date(1904, 1, 1)
        } else if whole > 60 {
            civil::date(1899, 12, 30)
        } else {
            civil::date(1899, 12, 31)
        };
        let span = 0.days().try_days(whole).map_err(|_| NO_DATE)?;
        let day = first.checked_add(span).map_err(|_| NO_DATE)?;
        Some(day).filter(|day| whole >= 0 && (1900..2200).contains(&day.year())).ok_or(NO_DATE)
    }
}

/// Formats that have a number and no code; 27 to 36 and 50 to 58 as in Chinese.
fn built_in(id: &str) -> &'static str {
    match id.parse::<u32>().unwrap_or(0) {
        1 => "0",
        2 => "0.00",
        3 | 5 | 6 | 37 | 38 | 41 | 42 => "#,##0",
        4 | 7 | 8 | 39 | 40 | 43 | 44 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 | 48 => "0.00E+00",
        12 | 13 => "# ?/?",
        14 | 15 | 16 | 28..=31 | 51 | 53 | 54 | 58 => "yyyy-m-d",
        17 | 27 | 36 | 50 | 52 | 57 => "yyyy-m",
        18..=21 | 32..=35 | 45..=47 | 55 | 56 => "h:mm",
        22 => "yyyy-m-d h:mm",
        _ => "General",
    }
}

/// The first section of a format; `None` where its digits are not the number's.
fn read(code: &str) -> Option<Format> {
    let (mut letters, mut digits, mut is_percent) = (String::new(), String::new(), false);
    // Whether words stand after digits: no digit may follow them.
    let mut is_over = false;
    let mut rest = code.chars();
    while let Some(c) = rest.next() {
        match c {
            ';' => break,
            '_' | '*' => drop(rest.next()),
            '[' => {
                let within = rest.by_ref().take_while(|c| *c != ']').collect::<String>();
                let within = within.to_ascii_lowercase();
                if within.starts_with(['<', '>', '=']) || within.starts_with("dbnum") {
                    return None;
                }
                if matches!(within.as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                    return None;
                }
            }
            '"' => {
                rest.by_ref().take_while(|c| *c != '"').for_each(drop);
                is_over = !digits.is_empty();
            }
            '\\' | '!' => {
                rest.next();
                is_over = !digits.is_empty();
            }
            '0' | '#' | '?' | '.' | ',' if is_over => return None,
            '0' | '#' | '?' | '.' | ',' => digits.push(c),
            '%' => is_percent = true,
            '@' => letters.push_str("general"),
            c if c.is_ascii_alphabetic() => letters.push(c.to_ascii_lowercase()),
            '/' | ':' if !digits.is_empty() => return None,
            _ => {}
        }
    }
    // A section may be conditioned further on.
    if code.contains("[<") || code.contains("[>") || code.contains("[=") {
        return None;
    }
    match letters.as_str() {
        "" => number(&digits, is_percent),
        "general" => Some(Format::General),
        _ if digits.chars().any(|c| matches!(c, '0' | '#' | '?')) => None,
        letters => date(letters),
    }
}

/// The words of a format's first section, before the digits and behind them.
fn words(code: &str) -> [String; 2] {
    /// What says nothing of how much a figure counts.
    const SIGNS: [char; 6] = ['¥', '￥', '$', '(', ')', '+'];
    let [mut before, mut behind] = [String::new(), String::new()];
    let mut has_digits = false;
    let mut rest = code.chars();
    while let Some(c) = rest.next() {
        let said: String = match c {
            ';' => break,
            '_' | '*' => {
                rest.next();
                continue;
            }
            '[' => {
                rest.by_ref().take_while(|c| *c != ']').for_each(drop);
                continue;
            }
            '"' => rest.by_ref().take_while(|c| *c != '"').collect(),
            '\\' | '!' => rest.next().into_iter().collect(),
            '0' | '#' | '?' | '.' | ',' | '@' => {
                has_digits = true;
                continue;
            }
            c if c.is_ascii_alphabetic() => {
                has_digits = true;
                continue;
            }
            c => c.to_string(),
        };
        let is_said = |c: &char| !c.is_whitespace() && !SIGNS.contains(c);
        // A sign of per cent in quotes multiplies nothing; outside of them it does.
        let said = if c == '%' { String::new() } else { said };
        (if has_digits { &mut behind } else { &mut before }).extend(said.chars().filter(is_said));
    }
    [before, behind]
}

fn number(digits: &str, is_percent: bool) -> Option<Format> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let last = if fraction.is_empty() { whole } else { fraction };
    let thousands = last.len() - last.trim_end_matches(',').len();
    let is_grouped = whole.trim_end_matches(',').contains(',');
    let shift = i32::try_from(thousands).ok()?.checked_mul(-3)? + if is_percent { 2 } else { 0 };
    let decimals = fraction.chars().filter(|c| *c != ',').count();
    (decimals <= 15).then_some(Format::Number { decimals, is_grouped, shift })
}

fn date(letters: &str) -> Option<Format> {
    let letters = letters.replace("am", "").replace("pm", "");
    if letters.chars().any(|c| !matches!(c, 'y' | 'm' | 'd' | 'h' | 's' | 'a')) {
        return None;
    }
    let has = |c: char| letters.contains(c);
    let is_timed = has('h') || has('s');
    match (has('y'), has('m'), has('d')) {
        (_, true, true) => Some(Format::Day { is_timed }),
        _ if is_timed => None,
        (true, true, false) => Some(Format::Month),
        (true, false, false) => Some(Format::Year),
        _ => None,
    }
}

/// A number without a format: as many digits as a cell shows, ten.
fn general(value: f64) -> String {
    let whole = write(value, 0, 0, false).trim_start_matches('-').len();
    let text = write(value, 0, 10_usize.saturating_sub(whole), false);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text }
        .to_owned()
}

/// Rounded as spreadsheets do: half up, of the fifteen digits that a number has for them.
fn write(value: f64, shift: i32, decimals: usize, is_grouped: bool) -> String {
    let scientific = format!("{:.14e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    // Nothing stays nothing wherever its point goes: 0.0, not 000.0.
    let shift = if value == 0.0 { 0 } else { shift };
    let exponent = exponent.parse::<i32>().unwrap_or(0).saturating_add(shift);
    let mut digits: Vec<u8> =
        mantissa.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    // Digits before the point, one at least.
    let whole = usize::try_from(exponent + 1).unwrap_or(0).max(1);
    let leading = usize::try_from(-exponent).unwrap_or(0);
    digits.splice(0..0, std::iter::repeat_n(0, leading));
    let rounds_up = digits.get(whole + decimals).is_some_and(|digit| *digit >= 5);
    digits.resize(whole + decimals, 0);
    let mut carry = rounds_up;
    for digit in digits.iter_mut().rev() {
        if !carry {
            break;
        }
        carry = *digit == 9;
        *digit = if carry { 0 } else { *digit + 1 };
    }
    if carry {
        digits.insert(0, 1);
    }
    let mut text = String::new();
    if value < 0.0 && digits.iter().any(|digit| *digit > 0) {
        text.push('-');
    }
    let whole = digits.len() - decimals;
    for (at, digit) in digits.iter().enumerate() {
        if at == whole {
            text.push('.');
        } else if is_grouped && at > 0 && at < whole && (whole - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(char::from(b'0' + digit));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, number: &str) -> String {
        let formats = Formats { codes: vec![code.to_owned()], starts_1904: false };
        formats.show(Some("0"), number).unwrap_or_else(|Unshowable(why)| why.to_owned())
    }

    #[test]
    fn numbers_are_written_as_they_are_seen() {
        for (code, number, expected) in [
            ("General", "0.30000000000000004", "0.3"),
            ("General", "37798.58", "37798.58"),
            ("General", "0.33333333333333331", "0.333333333"),
            ("General", "1E+3", "1000"),
            ("General\"人\"", "-12", "-12"),
            ("@", "2026", "2026"),
            ("0", "2.5", "3"),
            ("0.0", "0.25", "0.3"),
            ("0.00", "1.005", "1.01"),
            ("0.0", "-0.04", "0.0"),
            ("0.0", "99.95", "100.0"),
            ("#,##0", "1234567.4", "1,234,567"),
            ("#,##0.00_);[Red](#,##0.00)", "-37798.576", "-37,798.58"),
            ("_ * #,##0_ ;_ * \\-#,##0_ ;_ * \"-\"??_ ;_ @_ ", "0", "0"),
            ("[$¥-804]#,##0.0", "1500", "1,500.0"),
            ("0%", "0.65", "65"),
            ("0%", "0", "0"),
            ("0.0%", "0", "0.0"),
            ("0.00%", "-0", "0.00"),
            ("0.0,", "0", "0.0"),
            ("0%", "0.001", "0"),
            ("0.0%", "0.12345", "12.3"),
            ("0.0\"万元\"", "3.75", "3.8"),
            ("0.0,", "12345", "12.3"),
            ("yyyy\"年\"m\"月\"d\"日\";@", "46086", "2026-03-05"),
            ("yyyy/m/d", "46086", "2026-03-05"),
            ("m\"月\"d\"日\"", "46086", "2026-03-05"),
            ("yyyy/m/d h:mm", "46086", "2026-03-05"),
            ("[$-804]yyyy\"年\"m\"月\"", "46086.5", "2026年3月"),
            ("yyyy", "46086", "2026年"),
            ("yyyy-mm-dd", "1", "1900-01-01"),
        ] {
            assert_eq!(shown(code, number), expected, "{code} {number}");
        }
    }

    #[test]
    fn what_cannot_be_copied_is_told() {
        for (code, number) in [
            ("0.00E+00", "12345"),
            ("# ?/?", "0.5"),
            ("0!.0,", "12345"),
            ("0\\.0,", "12345"),
            ("[=1]\"男\";[=2]\"女\"", "1"),
            ("0;[>100]0", "1"),
            ("[DBNum1]0", "3"),
            ("[h]:mm", "1.5"),
            ("h:mm", "0.5"),
            ("aaaa", "46086"),
            ("\"已核\"", "1"),
        ] {
            assert_eq!(shown(code, number), UNKNOWN.0, "{code}");
        }
        assert_eq!(shown("yyyy/m/d h:mm", "46086.5"), TIMED.0);
        assert_eq!(shown("yyyy/m/d", "-3"), NO_DATE.0);
        assert_eq!(shown("yyyy/m/d", "1e300"), NO_DATE.0);
        assert_eq!(shown("0", "inf"), NO_NUMBER.0);
        assert_eq!(shown("0", "甲"), NO_NUMBER.0);
    }

    #[test]
    fn words_around_a_number_are_told_apart_from_its_digits() {
        let told = |code: &str| {
            let formats = Formats { codes: vec![code.to_owned()], starts_1904: false };
            formats.words(Some("0")).map(|[before, behind]| format!("{before}_{behind}"))
        };
        for (code, expected) in [
            ("0.0,,\"百万\"", "_百万"),
            ("#,##0,\"千人\"", "_千人"),
            ("\"约\"0", "约_"),
            ("\"-\"0", "-_"),
            ("0\"‰\"", "_‰"),
            ("0\"%\"", "_%"),
            ("0\\万\\元", "_万元"),
            ("0万元", "_万元"),
            ("General\"人\"", "_人"),
            ("#,##0\"人\";\"减\"0", "_人"),
        ] {
            assert_eq!(told(code).as_deref(), Some(expected), "{code}");
        }
        for code in [
            "General",
            "0.0%",
            "#,##0.00_);[Red](#,##0.00)",
            "_ * #,##0_ ;_ * \\-#,##0_ ;_ * \"-\"??_ ;_ @_ ",
            "[$¥-804]#,##0.0",
            "\"¥\"#,##0",
            "#,##0\\ ",
            "yyyy\"年\"m\"月\"",
        ] {
            assert_eq!(told(code), None, "{code}");
        }
    }
}
