//! Numbers with their units at the beginning of a text: each in one form.

use super::{
    numbers::{Number, is_unseen, read_number, shift, spelled_fraction, unshift},
    periods::period,
    tenths::tenths,
    units::{COUNTS, SPELLED, WORDS, is_weak, scale, unit_at},
};
use crate::document::is_letter;

/// Signs before an amount, and its unit.
const CURRENCIES: [(&str, &str); 9] = [
    ("人民币", "元"),
    ("HK$", "港元"),
    ("US$", "美元"),
    ("RMB", "元"),
    ("CNY", "元"),
    ("￥", "元"),
    ("¥", "元"),
    ("＄", "美元"),
    ("$", "美元"),
];

/// What stands at a place.
pub(super) struct Read {
    pub value: String,
    pub unit: &'static str,
    pub len: usize,
    /// Behind it, bytes that it is shown with: the rest of its range.
    pub more: usize,
    pub is_weak: bool,
    pub is_about: bool,
}

impl Read {
    /// A figure that is neither weak nor about.
    pub(super) fn exact(value: String, unit: &'static str, len: usize) -> Self {
        Self { value, unit, len, more: 0, is_weak: false, is_about: false }
    }
}

/// 2,420.5元, ¥500, 十五个工作日, 百分之五十, 50%, 三成
pub(super) fn read_quantity(rest: &str) -> Option<Read> {
    read_quantity_of(rest, read_number(rest).as_ref())
}

/// The same, where the number that it begins with is read already.
pub(super) fn read_quantity_of(rest: &str, number: Option<&Number>) -> Option<Read> {
    let share = SHARES.iter().find_map(|(word, digits)| Some((rest.strip_prefix(word)?, *digits)));
    if let Some((after, digits)) = share {
        return read_share(rest, after, digits);
    }
    let currency = || CURRENCIES.iter().find(|(sign, _)| rest.starts_with(sign));
    if rest.starts_with(begins_amount)
        && let Some((sign, unit)) = currency()
    {
        return read_amount(rest, sign.len(), unit);
    }
    let (value, len, is_spelled) = number?;
    let (len, is_spelled) = (*len, *is_spelled);
    let after = rest.get(len..)?;
    if let Some((value, tail)) = tenths(value, after) {
        return Some(Read::exact(value, "%", rest.len() - tail.len()));
    }
    // Word puts blanks of its own between a number and its unit.
    let is_gap = |c: char| c.is_whitespace() && c != '\n';
    let is_blank = |c: char| matches!(c, '余' | '多' | '*') || is_gap(c) || is_unseen(c);
    let blank = after.len() - after.trim_start_matches("&nbsp;").trim_start_matches(is_blank).len();
    // 1200余万元 is no figure to compare.
    let is_about = after.starts_with(['余', '多']);
    let after = after.get(blank..)?;
    let Some((written, unit)) = unit_at(after) else {
        return read_low_end(value.clone(), len, after);
    };
    // 一块地, 三块牌子
    let is_thing = *written == "块";
    if is_spelled && (is_thing || !SPELLED.contains(unit) && !COUNTS.contains(unit)) {
        return None;
    }
    let is_word = |(unit, next): &(&str, &str)| {
        written == unit
            && after.get(unit.len()..).is_some_and(|rest| rest.starts_with(|c| next.contains(c)))
    };
    if WORDS.iter().any(is_word) {
        return None;
    }
    // 二元结构, 多元化
    if after.strip_prefix('元').is_some_and(|behind| behind.starts_with(['结', '化'])) {
        return None;
    }
    let (value, unit) = scale(value.clone(), unit);
    let len = len + blank + written.len();
    // 2027学年 is called by its year.
    if unit == "学年" && !is_spelled && value.len() == 4 {
        let value = format!("{value}年");
        return Some(Read { value, unit: "", len, more: 0, is_weak: true, is_about });
    }
    // 5天（工作日）
    let is_working =
        |mark: &&&str| after.get(written.len()..).is_some_and(|rest| rest.starts_with(**mark));
    if unit == "日"
        && let Some(mark) = ["（工作日）", "(工作日)"].iter().find(is_working)
    {
        return Some(Read::exact(format!("{value}工作日"), "工作日", len + mark.len()));
    }
    // 一个月内 is a period, also where 一个月 says little.
    let behind = after.get(written.len()..).unwrap_or_default();
    let is_within = ["内", "以内", "之内"].iter().any(|word| behind.starts_with(word));
    let is_weak = is_weak(&value, unit, is_spelled)
        && !(is_within && period(&format!("{value}{unit}")).is_some());
    Some(Read { value: format!("{value}{unit}"), unit, len, more: 0, is_weak, is_about })
}

/// Words for of how many parts a share is, and how many digits a percent has more.
pub(super) const SHARES: [(&str, usize); 3] = [("百分之", 0), ("千分之", 1), ("万分之", 2)];

/// 百分之五十, 百分之三点五, 万分之五; `after` is what follows the word for the parts.
fn read_share(rest: &str, after: &str, digits: usize) -> Option<Read> {
    let (value, len, _) = read_number(after)?;
    let tail = after.get(len..)?;
    let (value, tail) = match spelled_fraction(tail) {
        Some((fraction, tail)) => (format!("{value}.{fraction}"), tail),
        None => (value, tail),
    };
    let value = unshift(&value, digits);
    Some(Read::exact(format!("{value}%"), "%", rest.len() - tail.len()))
}

/// 奖励15万, 最高可拿1.5亿奖励: an amount without its unit, where the sentence speaks of money.
pub(super) fn read_bare_amount(before: &str, rest: &str, number: &Number) -> Option<Read> {
    const MONEY: [&str; 16] = [
        "奖", "补贴", "补助", "资金", "投入", "安排", "经费", "拿", "给予", "罚", "贷款", "额",
        "价", "费", "支持", "发放",
    ];
    const BEHIND: [&str; 16] = [
        "奖", "补贴", "补助", "资金", "的奖", "的补", "罚", "贷款", "左右", "以上", "以下", "以内",
        "经费", "封顶", "不等", "至",
    ];
    const CLAUSE: usize = 20;
    let (value, len, is_spelled) = number;
    let (number, tail) = rest.split_at_checked(*len)?;
    // 1.5亿 is read up to its point and digits.
    let scaled = [('万', 4), ('亿', 8)]
        .into_iter()
        .find_map(|(scale, digits)| Some((tail.strip_prefix(scale)?, digits)));
    let has_scale = scaled.is_some() || number.ends_with(['万', '亿']);
    if !has_scale || *is_spelled {
        return None;
    }
    let (tail, digits) = scaled.unwrap_or((tail, 0));
    let sentence = crate::document::sentence_before(before, before.len(), CLAUSE);
    let clause = sentence.rsplit(['，', ',', '、']).next().unwrap_or_default();
    let is_ended = tail.is_empty()
        || tail.starts_with(|c: char| !is_letter(c))
        || BEHIND.iter().any(|word| tail.starts_with(word));
    let is_amount = is_ended && MONEY.iter().any(|word| clause.contains(word));
    is_amount.then(|| {
        let value = if digits > 0 { shift(value, digits) } else { value.clone() };
        Read::exact(format!("{value}元"), "元", rest.len() - tail.len())
    })
}

/// 普及率（%）：95: a number whose unit stands in brackets behind its name.
pub(super) fn read_headed(before: &str, rest: &str, number: &Number) -> Option<Read> {
    const UNIT_MAX: usize = 6;
    let named = before.trim_end().strip_suffix(['：', ':'])?.strip_suffix(['）', ')'])?;
    let (_, unit) = named.rsplit_once(['（', '('])?;
    let (_, len, _) = number;
    let (written, tail) = rest.split_at_checked(*len)?;
    let is_bare = !tail.starts_with(|c: char| is_letter(c) || c.is_ascii_digit() || c == '%');
    let said = format!("{written}{unit}");
    let read = read_quantity(&said).filter(|read| read.len == said.len());
    let is_unit = is_bare && unit.chars().nth(UNIT_MAX).is_none();
    read.filter(|_| is_unit).map(|read| Read { len: *len, ..read })
}

/// Whether one of [`CURRENCIES`] begins with this character: asked of every character there is.
pub(super) fn begins_amount(c: char) -> bool {
    matches!(c, '人' | 'H' | 'U' | 'R' | 'C' | '￥' | '¥' | '＄' | '$')
}

/// The amount behind a currency's sign of this length: ¥500, ¥500元, US$3万
fn read_amount(rest: &str, sign: usize, unit: &'static str) -> Option<Read> {
    let after = rest.get(sign..)?;
    let blank = after.len() - after.trim_start_matches([' ', '*']).len();
    let after = after.get(blank..)?;
    let with_unit = read_quantity(after).filter(|read| read.unit.ends_with('元'));
    let read = with_unit.or_else(|| {
        let (value, len, _) = read_number(after)?;
        let (value, len) = match after.get(len..)?.strip_prefix('万') {
            Some(_) => (shift(&value, 4), len + '万'.len_utf8()),
            None => (value, len),
        };
        Some(Read::exact(format!("{value}{unit}"), unit, len))
    })?;
    Some(Read { len: sign + blank + read.len, ..read })
}

/// Characters before a ratio in which a sentence says that it is one.
const RATIO_MAX: usize = 20;

/// 1:20, 1∶4 and 4比1, where a sentence speaks of a ratio; other 1:20 are times.
pub(super) fn read_ratio(before: &str, rest: &str, number: &Number) -> Option<Read> {
    /// 3：7分担 is no time of day and no 7分.
    const BEHIND: [&str; 8] = ["的比例", "比例", "配", "分担", "承担", "分摊", "共担", "负担"];
    let (one, len, is_spelled) = number;
    let after = rest.get(*len..)?;
    let behind = after.strip_prefix([':', '：', '∶', '比'])?;
    let (other, other_len, is_other_spelled) = read_number(behind)?;
    let tail = behind.get(other_len..)?;
    let clause = crate::document::sentence_before(before, before.len(), RATIO_MAX);
    let is_said = || {
        clause.contains('比')
            || clause.ends_with(['按', '配'])
            || BEHIND.iter().any(|word| tail.starts_with(word))
    };
    let is_ratio = match after.chars().next()? {
        '∶' => true,
        // 3比2多 compares two numbers.
        '比' => *is_spelled == is_other_spelled && is_said(),
        _ => !is_spelled && !is_other_spelled && is_said(),
    };
    let value = format!("{one}:{other}");
    let len = rest.len() - tail.len();
    is_ratio.then(|| Read::exact(value, RATIO, len))
}

/// The unit of ratios.
const RATIO: &str = "比";

/// The lower end of a range, whose unit stands behind the upper one: 3至5万元, 10—20个工作日.
fn read_low_end(value: String, len: usize, after: &str) -> Option<Read> {
    let from = after.len();
    let after = after.strip_prefix(RANGE)?;
    let after = after.strip_prefix(RANGE).unwrap_or(after);
    let (upper, upper_len, _) = read_number(after)?;
    let after = after.get(upper_len..)?;
    let (written, unit) = unit_at(after)?;
    let more = from - after.len() + written.len();
    // 3000至5万元 begins at 3000 of another unit; 2024-2025年 are years.
    let (low, high): (f64, f64) = (value.parse().ok()?, upper.parse().ok()?);
    if low >= high || *unit == "年" {
        return None;
    }
    let (value, unit) = scale(value, unit);
    Some(Read {
        value: format!("{value}{unit}"),
        unit,
        len,
        more,
        is_weak: unit == "个" && high < 100.0,
        is_about: false,
    })
}

/// Signs between the ends of a range.
pub(super) const RANGE: [char; 8] = ['至', '到', '—', '-', '－', '–', '~', '～'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_currency_begins_an_amount() {
        for (sign, _) in CURRENCIES {
            assert!(sign.starts_with(begins_amount), "{sign}");
        }
    }
}
