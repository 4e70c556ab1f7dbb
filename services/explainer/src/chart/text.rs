//! Breaks a text into lines that fit, the way Chinese typesetting wants it: no line starts with a
//! closing mark or ends with an opening one, numbers keep their units, lines come out even, and end where a word does
//! as far as that can be told without a dictionary (`words`): 词意完整, as GB/T 9704 asks of titles.
//!
//! UAX #14 finds where a text may break at all; alone it does not do. It knows “ and ” only as
//! "some quotation mark", and in a trial of 20,000 random texts left 692 lines starting with a mark
//! that may not.

mod words;

use std::mem::replace;

use unicode_linebreak::linebreaks;

use crate::font::Metrics;

/// Marks that belong to what stands before them (GB/T 15834, CLREQ 3.1.4).
pub(crate) const NEVER_STARTS: &str = "，。、；：？！）》〉」』】〕﹞〗’”…·‧•％‰℃℉°～／,.;:?!)]}%/";
/// Marks that belong to what follows them.
pub(crate) const NEVER_ENDS: &str = "（《〈「『【〔﹝〖‘“([{￥¥＄$€￡№＃#";
/// Counted things stay with their number: 6.39万 and 12月 are read as one, and so are 〔2026〕2号 and 9—17.
const UNITS: &str =
    "年月日时分秒条个项家户亿万千百元人次类章件倍所名岁级届度吨米平公步天周期批张份位号层款";
/// What is counted by 个 is no word without it: 5个工作日, 3个百分点.
const COUNTED: [&str; 4] = ["工作日", "自然日", "百分点", "月"];

/// Where a reader pauses: the best places to end a line.
const ENDS_CLAUSE: &str = "，。、；：？！）》」』】〕”’,;:?!)]";
const OPENS_CLAUSE: &str = "（《「『【〔“‘(";

/// What a break not after a punctuation mark costs, in the unit of `Cost::ragged`. It is what a
/// line loses by ending over a third early, so a clause moves over whole where there is room.
pub(crate) const MID_CLAUSE: i64 = 125_000;

/// How a text is broken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A line more is better than a word that may be torn.
    Headline,
    /// As few lines as can be.
    Text,
}

/// Breaks `text` into as few lines as `measure` and `purpose` allow, and these as even as they come.
///
/// A line wider than `measure` comes back only where breaking it would break a rule: a run of
/// closing marks, say. The caller decides what to do about it.
pub(super) fn wrap(
    text: &str,
    measure: i32,
    (size, metrics): (i32, &Metrics),
    purpose: Purpose,
) -> Vec<String> {
    // Most labels fit as they are.
    if !text.is_empty() && metrics.width(text, size) <= measure {
        return vec![text.to_owned()];
    }
    let stops = stops(text);
    let mut ways: Vec<Way> = vec![Way::default()];
    for (reached, stop) in stops.iter().enumerate().skip(1) {
        let mut best: Option<Way> = None;
        for (from, (start, way)) in stops.iter().zip(&ways).enumerate().take(reached).rev() {
            let line = text.get(start.at..stop.at).unwrap_or_default().trim();
            let width = metrics.width(line, size);
            let shortest = from + 1 == reached;
            if width > measure && !shortest {
                break;
            }
            let cost = way.cost.plus(stop, measure, (line, width), purpose);
            if best.as_ref().is_none_or(|best| cost < best.cost) {
                best = Some(Way { cost, from });
            }
        }
        ways.push(best.unwrap_or_default());
    }
    lines(text, &stops, &ways)
}

/// How far left of its margin a line may begin so that it looks flush: an opening bracket fills
/// only the right half of its square.
pub(super) fn overhang(line: &str, size: i32) -> i32 {
    if line.starts_with(['（', '《', '〈', '「', '『', '【', '〔', '“', '‘']) {
        size * 9 / 20
    } else {
        0
    }
}

/// Follows the best way back from the end of the text.
fn lines(text: &str, stops: &[Stop], ways: &[Way]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut reached = stops.len().saturating_sub(1);
    while reached > 0 {
        let (Some(stop), Some(way)) = (stops.get(reached), ways.get(reached)) else { break };
        let start = stops.get(way.from).map_or(0, |start| start.at);
        lines.push(text.get(start..stop.at).unwrap_or_default().trim().to_owned());
        // A way leads back to an earlier stop by how it was built; `min` keeps that plain.
        reached = way.from.min(reached - 1);
    }
    lines.reverse();
    lines
}

/// A place where a line may end; the first is the start of the text, the last its end.
pub(crate) struct Stop {
    /// Byte offset into the text.
    pub(crate) at: usize,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// After a punctuation mark, or the end of the text.
    Clause,
    /// Where a word surely ends.
    Phrase,
    /// Between two words or two Chinese characters.
    Word,
    /// Inside a word that is known: 委员会, 通知.
    Torn,
    /// Inside a date, between its parts: 2026年, 3月, 5日.
    Date,
    /// Between a number and what it counts: before a number is broken.
    Unit,
    /// Inside a word or number: only when it does not fit on a line of its own.
    Forced,
}

impl Kind {
    /// How much worse it is than a break that the rules allow.
    pub(crate) fn force(self) -> i64 {
        match self {
            Self::Clause | Self::Phrase | Self::Word | Self::Torn | Self::Date => 0,
            Self::Unit => 1,
            Self::Forced => 1000,
        }
    }

    /// How likely a word is torn. A line more is better than that.
    pub(crate) fn tears(self) -> i64 {
        match self {
            Self::Clause | Self::Phrase | Self::Unit | Self::Forced => 0,
            Self::Word => 1,
            Self::Torn | Self::Date => 2,
        }
    }

    /// What it adds to how ragged the lines are.
    pub(crate) fn unevenness(self) -> i64 {
        match self {
            Self::Clause | Self::Unit | Self::Forced => 0,
            Self::Phrase => MID_CLAUSE / 4,
            Self::Word => MID_CLAUSE,
            Self::Torn | Self::Date => 2 * MID_CLAUSE,
        }
    }
}

/// How bad it is that a line of a text in several holds no more than two 汉字: one is worse than two lines of two.
pub(crate) fn loneliness(line: impl Iterator<Item = char>) -> i64 {
    let mut said = line.filter(|c| c.is_alphanumeric());
    match (said.next(), said.next(), said.next()) {
        (Some(one), None, _) if is_chinese(one) => 3,
        (Some(one), Some(other), None) if is_chinese(one) && is_chinese(other) => 1,
        _ => 0,
    }
}

/// Whether a number goes on on the next line.
pub(super) fn breaks_number(lines: &[String]) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    lines.windows(2).any(|pair| {
        let [line, next] = pair else { return false };
        line.ends_with(is_part) && next.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// The best way found to set the text up to one stop.
#[derive(Default)]
struct Way {
    cost: Cost,
    /// Index of the stop where its last line begins.
    from: usize,
}

/// Compared field by field, in this order.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    overfull: i64,
    forced: i64,
    /// Of headlines: lines of one or two characters, and words that may be torn.
    lonely: i64,
    torn: i64,
    lines: i64,
    /// Of other texts: the same, where there are as few lines without.
    alone: i64,
    ragged: i64,
}

impl Cost {
    fn plus(
        &self,
        stop: &Stop,
        measure: i32,
        (line, width): (&str, i32),
        purpose: Purpose,
    ) -> Self {
        let measure = i64::from(measure.max(1));
        let slack = (measure - i64::from(width)).max(0) * 1000 / measure;
        let is_headline = i64::from(purpose == Purpose::Headline);
        Self {
            overfull: self.overfull + i64::from(i64::from(width) > measure),
            forced: self.forced + stop.kind.force(),
            lonely: self.lonely + is_headline * loneliness(line.chars()),
            torn: self.torn + is_headline * stop.kind.tears(),
            lines: self.lines + 1,
            alone: self.alone + loneliness(line.chars()),
            ragged: self.ragged + slack * slack + stop.kind.unevenness(),
        }
    }
}

/// Where a line may end. No mark that may not start or end a line does so at any of them.
pub(crate) fn stops(text: &str) -> Vec<Stop> {
    let mut usual = linebreaks(text).map(|(at, _)| at).peekable();
    let mut stops = vec![Stop { at: 0, kind: Kind::Clause }];
    // The last character that is not a space: a line is trimmed, so a mark is at its edge even if
    // a space stands between.
    let mut before = ' ';
    for (at, after) in text.char_indices() {
        while usual.next_if(|&break_at| break_at < at).is_some() {}
        let usual = usual.peek() == Some(&at);
        let before = if after.is_whitespace() { continue } else { replace(&mut before, after) };
        // ① belongs to what it counts.
        let is_opening = NEVER_ENDS.contains(before) || matches!(before, '①'..='⑳');
        if at == 0 || NEVER_STARTS.contains(after) || is_opening {
            continue;
        }
        // 连接号 stands between what it joins (GB/T 15834): only a dash of two may begin a line.
        if after == '—'
            && !text.get(at + after.len_utf8()..).is_some_and(|rest| rest.starts_with('—'))
        {
            continue;
        }
        // A dash or an ellipsis of two characters is one mark.
        if before == after && matches!(before, '—' | '…') {
            continue;
        }
        let kind = if is_within_counted(text, at) {
            Kind::Forced
        } else if before.is_ascii_digit() && UNITS.contains(after)
            || is_numbered(text, at)
            || before == '个' && counted_from(text, at).is_some()
            || matches!(before, '第' | '〕' | '—' | '～' | '-') && after.is_ascii_digit()
            || matches!(before, '万' | '亿') && UNITS.contains(after)
        {
            if matches!(before, '—' | '～' | '-') { Kind::Forced } else { Kind::Unit }
        } else if usual || opens(before, after) || closes(before, after) {
            if ENDS_CLAUSE.contains(before) || OPENS_CLAUSE.contains(after) {
                Kind::Clause
            } else if is_within_date(text, at) {
                Kind::Date
            } else {
                words::kind(text, at)
            }
        } else {
            Kind::Forced
        };
        stops.push(Stop { at, kind });
    }
    if !text.is_empty() {
        stops.push(Stop { at: text.len(), kind: Kind::Clause });
    }
    stops
}

/// Whether it is inside 第三步, of a numeral or before what it counts.
fn is_numbered(text: &str, at: usize) -> bool {
    const NUMERALS: &str = "一二三四五六七八九十";
    const CHARS_MAX: usize = 4;
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    let is_numeral = |c: char| NUMERALS.contains(c);
    let count = before.chars().rev().take(CHARS_MAX).take_while(|c| is_numeral(*c)).count();
    let rest = before.get(..before.len() - count * '一'.len_utf8()).unwrap_or_default();
    let goes_on = |c: char| is_numeral(c) || count > 0 && UNITS.contains(c);
    rest.ends_with('第') && after.starts_with(goes_on)
}

/// What a number with 个 counts, which begins here.
fn counted_from(text: &str, at: usize) -> Option<&'static str> {
    let (before, after) = text.split_at_checked(at)?;
    let number = before.strip_suffix('个')?;
    number.ends_with(|c: char| c.is_ascii_digit()).then_some(())?;
    COUNTED.into_iter().find(|word| after.starts_with(word))
}

/// Whether it is inside of what a number with 个 counts.
fn is_within_counted(text: &str, at: usize) -> bool {
    // None of them has more characters.
    let starts = text.get(..at).unwrap_or_default().char_indices().rev().take(2);
    starts
        .into_iter()
        .any(|(start, _)| counted_from(text, start).is_some_and(|word| at < start + word.len()))
}

/// Whether a date goes on here: 2026年|3月, 3月|5日.
fn is_within_date(text: &str, at: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    let is_after = |unit| {
        before.strip_suffix(unit).is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()))
    };
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_before = |unit| rest.len() < after.len() && rest.starts_with(unit);
    is_after('年') && is_before('月') || is_after('月') && is_before('日')
}

/// A quotation opens after a Chinese character: UAX #14 sees no break there.
fn opens(before: char, after: char) -> bool {
    matches!(after, '“' | '‘') && is_chinese(before)
}

/// A quotation has closed before a Chinese character.
fn closes(before: char, after: char) -> bool {
    matches!(before, '”' | '’') && is_chinese(after)
}

pub(crate) fn is_chinese(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x2_0000..=0x3_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::{Fonts, UnreadableFont, Weight};

    /// Lines of at most `ems` characters of full width.
    fn set(text: &str, ems: i32) -> Result<Vec<String>, UnreadableFont> {
        let face = (100, Fonts::embedded()?.metrics(Weight::Regular));
        Ok(wrap(text, ems * 100, face, Purpose::Text))
    }

    #[test]
    fn short_text_stays_on_one_line() -> Result<(), UnreadableFont> {
        assert_eq!(set("高中生均支出", 6)?, ["高中生均支出"]);
        assert!(set("", 6)?.is_empty());
        Ok(())
    }

    #[test]
    fn two_lines_break_at_the_comma_rather_than_leave_a_widow() -> Result<(), UnreadableFont> {
        let lines = set("高中生均支出6.39万元，为五个学段中最高", 18)?;
        assert_eq!(lines, ["高中生均支出6.39万元，", "为五个学段中最高"]);
        Ok(())
    }

    #[test]
    fn a_headline_has_a_line_more_rather_than_tear_a_word() -> Result<(), UnreadableFont> {
        let face = (100, Fonts::embedded()?.metrics(Weight::Bold));
        let set = |text, ems: i32| wrap(text, ems * 100, face, Purpose::Headline);
        assert_eq!(
            set("示例市市场监督管理局关于推进企业开办一件事的实施意见", 15),
            ["示例市市场监督管理局", "关于推进企业开办一件事", "的实施意见"]
        );
        assert_eq!(set("报销比例提高10个百分点", 8), ["报销比例提高", "10个百分点"]);
        // No line of one or two characters, for a good break or without.
        assert_eq!(set("提高和完善住房公积金贷款额度", 10), ["提高和完善住房", "公积金贷款额度"]);
        Ok(())
    }

    #[test]
    fn long_name_is_halved_evenly() -> Result<(), UnreadableFont> {
        let lines = set("高新技术产业开发区教育事务受理服务中心", 14)?;
        assert_eq!(lines, ["高新技术产业开发区", "教育事务受理服务中心"]);
        Ok(())
    }

    #[test]
    fn a_number_is_split_only_when_it_cannot_fit() -> Result<(), UnreadableFont> {
        assert_eq!(set("支出63,897.16元", 6)?, ["支出", "63,897.16元"]);
        assert!(set("1234567890123456789012345678901234567890", 6)?.len() > 1);
        // The year goes before the number does.
        assert_eq!(set("2021年", 3)?, ["2021", "年"]);
        let broken = ["202".to_owned(), "1年".to_owned()];
        assert!(breaks_number(&broken) && !breaks_number(&set("2021年", 3)?));
        Ok(())
    }

    #[test]
    fn a_number_stays_with_what_it_counts() -> Result<(), UnreadableFont> {
        assert_eq!(set("第1步审核", 3)?, ["第1步", "审核"]);
        assert_eq!(set("第十二步审核", 4)?, ["第十二步", "审核"]);
        assert_eq!(set("办结1个工作日", 5)?, ["办结", "1个工作日"]);
        assert_eq!(set("10个工作日", 4)?, ["10个", "工作日"]);
        assert_eq!(set("提高3个百分点左右", 5)?, ["提高", "3个百分点", "左右"]);
        Ok(())
    }

    #[test]
    fn the_names_of_offices_are_not_torn() -> Result<(), UnreadableFont> {
        let lines = set("街道（镇）社区事务受理服务中心", 9)?;
        assert_eq!(lines, ["街道（镇）社区", "事务受理服务中心"]);
        Ok(())
    }

    #[test]
    fn a_label_is_broken_between_its_words() -> Result<(), UnreadableFont> {
        for ems in 4..=6 {
            assert_eq!(set("一次性稳岗返还", ems)?, ["一次性", "稳岗返还"], "{ems}");
        }
        assert_eq!(set("灵活就业人员社会保险补贴", 7)?, ["灵活就业人员", "社会保险补贴"]);
        assert_eq!(set("群众最关心的教育和医疗", 7)?, ["群众最关心的", "教育和医疗"]);
        Ok(())
    }

    #[test]
    fn what_joins_two_places_stays_with_the_first() -> Result<(), UnreadableFont> {
        assert_eq!(set("机场北—高铁东站", 4)?, ["机场北—", "高铁东站"]);
        assert_eq!(set("甲乙丙——丁戊己", 3)?.first().map(String::as_str), Some("甲乙丙"));
        Ok(())
    }

    #[test]
    fn quotations_break_before_they_open_and_after_they_close() -> Result<(), UnreadableFont> {
        assert_eq!(set("深入贯彻落实“双减”政策", 7)?, ["深入贯彻落实", "“双减”政策"]);
        assert_eq!(set("把“双减”落到实处", 5)?, ["把“双减”", "落到实处"]);
        Ok(())
    }

    #[test]
    fn no_line_starts_with_a_closing_mark_or_ends_with_an_opening_one() -> Result<(), UnreadableFont>
    {
        let alphabet: Vec<char> =
            "为抢抓发展机遇，。、；：？！）》」”’（《「“‘12345 67.8%‰Ab(c)年月条亿元第—…·/～￥"
                .chars()
                .collect();
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut below = |limit: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % u64::try_from(limit).unwrap_or(1)).unwrap_or(0)
        };
        for _ in 0..5_000 {
            let length = 1 + below(80);
            let text: String =
                (0..length).filter_map(|_| alphabet.get(below(alphabet.len()))).collect();
            let lines = set(&text, 10)?;
            let kept: String = lines.concat().split(' ').collect();
            assert_eq!(kept, text.split(' ').collect::<String>(), "{text}");
            for (index, line) in lines.iter().enumerate() {
                let starts = line.starts_with(|c| NEVER_STARTS.contains(c));
                assert!(index == 0 || !starts, "{text}: {line}");
                let ends = line.ends_with(|c| NEVER_ENDS.contains(c));
                assert!(index + 1 == lines.len() || !ends, "{text}: {line}");
            }
        }
        Ok(())
    }
}
