//! Times of day and days of the week at the beginning of a text: 上午9时, 17:00, 九点半, 周一至周五, 工作日.

use std::ops::Range;

use super::{
    numbers::{Number, is_digit, read_number},
    read::{RANGE, Read},
};

/// The unit of times of day, whose values are written 17:00.
pub(crate) const CLOCK: &str = "时刻";
/// The unit of days of the week, whose values are written 周1-5.
pub(crate) const WEEKDAY: &str = "星期";

/// Parts of the day, and which of their hours are counted from noon.
const PARTS: [(&str, Range<u32>); 9] = [
    ("上午", NONE),
    ("早上", NONE),
    ("凌晨", NONE),
    ("早", NONE),
    ("中午", 1..3),
    ("下午", 0..12),
    ("傍晚", 0..12),
    // 晚上12点 is the day's end.
    ("晚上", 5..13),
    ("晚", 5..13),
];
const NONE: Range<u32> = 0..0;

/// Whether a time or a day of the week can begin with this character.
pub(super) fn can_begin(c: char) -> bool {
    matches!(c, '上' | '早' | '凌' | '中' | '下' | '傍' | '晚' | '周' | '星' | '礼' | '工' | '每')
}

/// 上午9时, 下午5:30, 17:00, 九点半; `before` is the text up to it. A bare 5点 is one only behind another time:
/// 上午9点至11点, not 以下5点.
pub(super) fn read_time(before: &str, rest: &str, is_behind_time: bool) -> Option<Read> {
    let part = PARTS.iter().find(|(word, _)| rest.starts_with(word));
    let from = part.map_or(0, |(word, _)| word.len());
    let text = rest.get(from..)?;
    let text = text.trim_start_matches(' ');
    let part = part.map(|(_, later)| later);
    read_hour(before, text, &read_number(text)?, (part, is_behind_time))
        .map(|read| Read { len: rest.len() - text.len() + read.len, ..read })
}

/// The same without the part of the day, which is given, and with its first number.
pub(super) fn read_hour(
    before: &str,
    text: &str,
    (hour, len, is_spelled): &Number,
    (part, is_behind_time): (Option<&Range<u32>>, bool),
) -> Option<Read> {
    let hour: u32 = hour.parse().ok().filter(|hour| *hour <= 24)?;
    let after = text.get(*len..)?;
    let is_said = part.is_some() || is_behind_time;
    let (minute, tail) = if let Some(after) = after.strip_prefix([':', '：']) {
        let is_inside = before.ends_with(|c: char| is_digit(c) || matches!(c, ':' | '：' | '.'));
        let digits = after.find(|c: char| !is_digit(c)).unwrap_or(after.len());
        let minute =
            after.get(..digits).filter(|_| !is_spelled && !is_inside && part_len(after) == 2)?;
        let tail = after.get(digits..)?;
        // 10:30:00
        let seconds = tail.strip_prefix(':').filter(|tail| part_len(tail) == 2);
        (
            read_number(minute)?.0.parse().ok()?,
            seconds.and_then(|tail| tail.get(2..)).unwrap_or(tail),
        )
    } else {
        let sign = after.chars().next().filter(|sign| matches!(sign, '时' | '点'))?;
        let after = after.get(sign.len_utf8()..)?;
        minutes(after).or_else(|| {
            // 9时 in digits is one; 三点要求 and 一时 are none.
            let is_word = after.starts_with(['候', '代', '节', '期', '段', '间', '效', '多', '余']);
            let is_alone = sign == '时' && !is_spelled && !is_word;
            let is_day = before.ends_with('日') && !is_word;
            let is_span = !before.ends_with('第') && spans_hours(after);
            (is_said || is_alone || is_day || is_span).then_some((0, after))
        })?
    };
    let is_later = part.is_some_and(|later| later.contains(&hour));
    let hour = if is_later { hour + 12 } else { hour };
    let value = format!("{hour}:{minute:02}");
    // 1月1日零时起 is the day itself.
    let is_whole_day = (hour, minute) == (0, 0)
        && after.starts_with(['时', '点'])
        && before.ends_with('日')
        && tail.starts_with('起');
    (minute < 60 && !is_whole_day).then(|| Read::exact(value, CLOCK, text.len() - tail.len()))
}

/// Whether 至20点 follows: 8点至20点 are hours, 3点至5点意见 are none.
fn spans_hours(after: &str) -> bool {
    const COUNTED: [&str; 8] = ["意见", "建议", "要求", "措施", "体会", "内容", "经验", "问题"];
    let upper = || {
        let upper = after.strip_prefix(RANGE)?;
        let upper = PARTS.iter().find_map(|(part, _)| upper.strip_prefix(part)).unwrap_or(upper);
        let (hour, len, _) = read_number(upper)?;
        hour.parse::<u32>().ok().filter(|hour| *hour <= 24)?;
        upper.get(len..)?.strip_prefix(['点', '时'])
    };
    upper().is_some_and(|tail| !COUNTED.iter().any(|word| tail.starts_with(word)))
}

/// Digits that a text begins with.
fn part_len(text: &str) -> usize {
    text.chars().take_while(|c| is_digit(*c)).count()
}

/// 30分, 半, 整, 钟 behind an hour.
fn minutes(after: &str) -> Option<(u32, &str)> {
    if let Some(tail) = after.strip_prefix('半') {
        return Some((30, tail));
    }
    if let Some(tail) = after.strip_prefix(['整', '钟']) {
        return Some((0, tail));
    }
    let (minute, len, _) = read_number(after)?;
    let tail = after.get(len..)?;
    // 9时30 in a table.
    let tail = tail.strip_prefix('分').or_else(|| (len == 2).then_some(tail))?;
    Some((minute.parse().ok()?, tail))
}

/// The afternoon's hour for the upper end of 下午1时至5时, 中午12时至2时.
pub(super) fn later(lower: &str, upper: &str) -> Option<String> {
    let hour = |value: &str| value.split_once(':')?.0.parse::<u32>().ok();
    let (minute, hours) = (upper.split_once(':')?.1, (hour(lower)?, hour(upper)?));
    let hour = hours.1 + 12;
    // 22时至6时 ends in the morning.
    (hours.0 >= 12 && hours.1 < 12 && hours.0 <= hour).then(|| format!("{hour}:{minute}"))
}

/// By what a service's days are told from others: 工作日办理, not 5个工作日.
const SERVICES: [&str; 12] = [
    "办理", "受理", "开放", "接待", "营业", "对外", "值班", "上班", "办公", "均可", "都可", "可办",
];

/// 周一至周五, 星期六, 工作日 and 每天 where something is open then.
pub(super) fn read_weekday(before: &str, rest: &str) -> Option<Read> {
    const DAYS: [(&str, &str); 4] =
        [("工作日", "周1-5"), ("每天", "周1-7"), ("每日", "周1-7"), ("周末", "周6-7")];
    if let Some((word, value)) = DAYS.iter().find(|(word, _)| rest.starts_with(word)) {
        let behind = rest.get(word.len()..)?.trim_start_matches(['的', '（', '(', ' ']);
        let is_open = SERVICES.iter().any(|service| behind.starts_with(service))
            || read_time("", behind, false).is_some();
        let is_other = before.ends_with(|c: char| is_digit(c) || "个非数十".contains(c));
        // Said of much: only a policy that says when it is open is contradicted.
        return (is_open && !is_other).then(|| Read {
            is_weak: true,
            ..Read::exact((*value).to_owned(), WEEKDAY, word.len())
        });
    }
    let (first, tail) = weekday(rest)?;
    // 一周一次, 下周一
    let is_other = before.ends_with(|c: char| "一二三四五六七八九十两几数上下本".contains(c));
    if is_other || tail.starts_with(COUNTED) {
        return None;
    }
    let second = tail.trim_start_matches(RANGE);
    let range = (second.len() < tail.len())
        .then(|| weekday(second).or_else(|| day_of_week(second)))
        .flatten()
        .filter(|(second, _)| *second > first);
    let (value, tail) = match range {
        Some((second, tail)) => (format!("周{first}-{second}"), tail),
        None => (format!("周{first}"), tail),
    };
    Some(Read::exact(value, WEEKDAY, rest.len() - tail.len()))
}

/// What begins behind a number of times or things a week: 每周一次, 每周五天, 周一般.
const COUNTED: [char; 14] =
    ['次', '天', '节', '课', '个', '小', '回', '般', '名', '场', '期', '份', '篇', '项'];

/// 周一, 星期日, 礼拜天
fn weekday(text: &str) -> Option<(u32, &str)> {
    let after = ["周", "星期", "礼拜"].iter().find_map(|word| text.strip_prefix(word))?;
    day_of_week(after)
}

fn day_of_week(text: &str) -> Option<(u32, &str)> {
    let day = text.chars().next()?;
    let number = match day {
        '日' | '天' => 7,
        '一' | '二' | '三' | '四' | '五' | '六' => {
            crate::document::parse_numeral(day.encode_utf8(&mut [0; 4]))?
        }
        _ => return None,
    };
    Some((number, text.get(day.len_utf8()..)?))
}

#[cfg(test)]
mod tests {
    use super::{super::find_in, *};

    fn values(text: &str) -> Vec<String> {
        let found = find_in(text, 0, &[]).into_iter();
        found.filter(|f| [CLOCK, WEEKDAY].contains(&f.unit)).map(|figure| figure.value).collect()
    }

    #[test]
    fn times_and_weekdays_have_one_form() {
        for (text, expected) in [
            ("上午9时", &["9:00"][..]),
            ("上午九点半", &["9:30"]),
            ("下午5点30分", &["17:30"]),
            ("下午2:30", &["14:30"]),
            ("09:00—17:00", &["9:00", "17:00"]),
            ("9：00至１７：００", &["9:00", "17:00"]),
            ("下午1时至5时", &["13:00", "17:00"]),
            ("上午9点到11点", &["9:00", "11:00"]),
            ("晚上8点前", &["20:00"]),
            ("限行时间8点至20点", &["8:00", "20:00"]),
            ("六点到二十二点", &["6:00", "22:00"]),
            ("8点到晚上8点", &["8:00", "20:00"]),
            ("每天6点到22点", &["周1-7", "6:00", "22:00"]),
            ("中午1时至2时", &["13:00", "14:00"]),
            ("中午12时至2时", &["12:00", "14:00"]),
            ("晚上10时至6时", &["22:00", "6:00"]),
            ("下午1:30至1:50", &["13:30", "13:50"]),
            ("中午11点半", &["11:30"]),
            ("晚上12点", &["24:00"]),
            ("晚12时前", &["24:00"]),
            ("下午12时30分", &["12:30"]),
            ("3月1日9时30分", &["9:30"]),
            ("3月1日24时", &["24:00"]),
            ("2026-11-02 10:30:00", &["10:30"]),
            ("周一至周五", &["周1-5"]),
            ("星期一到星期六", &["周1-6"]),
            ("周一至五", &["周1-5"]),
            ("星期一－星期日", &["周1-7"]),
            ("每周一、周三开放", &["周1", "周3"]),
            ("工作日办理", &["周1-5"]),
            ("每天开放", &["周1-7"]),
            ("每日9:00开门", &["周1-7", "9:00"]),
        ] {
            assert_eq!(values(text), expected, "{text}");
        }
    }

    #[test]
    fn what_sounds_like_them_is_none() {
        for text in [
            "以下3点要求",
            "三点意见，五点建议",
            "一时难以办到，届时公布，随时受理",
            "5个工作日办理，非工作日办理",
            "每天2小时，每日3次",
            "每周一次，一周三次，每周五天，每周三节课",
            "下周一开会，上周五",
            "师生比为1:20，比例为10:20",
            "周一般不开",
            "24小时，2时段，3时期",
            "第3点至第5点",
            "第三点至五点，3点至5点意见，两点到三点建议",
            "1:5000的图",
            "90:10",
        ] {
            assert_eq!(values(text), [""; 0], "{text}");
        }
    }
}
