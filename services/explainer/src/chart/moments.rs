//! Whether names tell points in time, or steps of a scale such as ages, and whether these follow each other.

use super::{Undrawable, calendar, content::Content, honest::check_years};

/// A number and what it counts: (年, 2026), (月, 3).
type Part = (char, u32);

const YEARS: std::ops::Range<u32> = 1900..2200;
/// What a number counts, as it is written; the longer of two that begin alike first.
const UNITS: [(&str, char); 26] = [
    ("学年度", '年'),
    ("学年", '年'),
    ("财年", '年'),
    ("财政年度", '年'),
    ("年度", '年'),
    ("年", '年'),
    ("月份", '月'),
    ("月", '月'),
    ("季度", '季'),
    ("学期", '学'),
    ("日", '日'),
    ("号", '日'),
    ("周", '周'),
    ("时", '时'),
    ("点", '时'),
    ("分", '分'),
    ("岁", '岁'),
    ("天", '天'),
    ("批", '批'),
    ("期", '期'),
    ("轮", '轮'),
    ("次", '次'),
    ("届", '届'),
    ("：", ':'),
    (":", ':'),
    ("/", '-'),
];
/// What tells a point in time without a number in figures.
const WORDS: [(&str, Part); 22] = [
    ("上半年", ('半', 1)),
    ("下半年", ('半', 2)),
    ("上学期", ('学', 1)),
    ("下学期", ('学', 2)),
    ("春季学期", SPRING),
    ("秋季学期", AUTUMN),
    ("春季", SPRING),
    ("夏季", ('春', 2)),
    ("秋季", AUTUMN),
    ("冬季", ('春', 4)),
    ("上旬", ('旬', 1)),
    ("中旬", ('旬', 2)),
    ("下旬", ('旬', 3)),
    ("周一", ('曜', 1)),
    ("周二", ('曜', 2)),
    ("周三", ('曜', 3)),
    ("周四", ('曜', 4)),
    ("周五", ('曜', 5)),
    ("周六", ('曜', 6)),
    ("周日", ('曜', 7)),
    ("Q", ('Q', 0)),
    ("第", ('第', 0)),
];
const SPRING: Part = ('春', 1);
const AUTUMN: Part = ('春', 3);
/// After the last of these comes the first again: 12月, 1月; and after autumn the spring term.
const CYCLES: [(char, u32, u32); 9] = [
    ('月', 12, 1),
    ('季', 4, 1),
    ('曜', 7, 1),
    ('时', 23, 0),
    ('半', 2, 1),
    ('学', 2, 1),
    ('春', 3, 1),
    ('春', 4, 1),
    ('旬', 3, 1),
];

/// Refuses what is drawn as one course and is none: the first row that tells no time, or is not later than
/// the one before.
pub(super) fn check_course(content: &Content) -> Result<(), Undrawable> {
    let labels = content.rows.iter().map(|row| calendar::without_note(&row.label));
    refuse(&order(labels), content, true)?;
    check_whole(content)?;
    let spans: Vec<Option<char>> = content.rows.iter().map(|row| span(&row.label)).collect();
    let mut rows = content.rows.iter().zip(spans.windows(2)).enumerate();
    let uneven = rows.find(|(_, (_, pair))| matches!(pair, [Some(a), Some(b)] if a != b));
    let Some((row, _)) = uneven else { return Ok(()) };
    let label = content.rows.get(row + 1).map(|row| row.label.clone()).unwrap_or_default();
    let why = [
        "与前一行不一样长（一年与一个月等），连成线会显出并没有的涨跌；请用同样长的时段",
        "is not as long as the row before (a year beside a month), and a line would show a rise or fall that was none; \
         use periods of one length",
    ];
    Err(Undrawable::Row { row: row + 2, label, why })
}

/// How long a period is that a name tells: a year, a month. 2026年6月底 is a moment.
fn span(label: &str) -> Option<char> {
    const SPANS: [char; 8] = ['年', '半', '季', '学', '春', '月', '旬', '日'];
    let (unit, _) = *read(label)?.last()?;
    (SPANS.contains(&unit) && !label.contains(['底', '末', '初'])).then_some(unit)
}

/// Refuses columns over time that go backwards or to and fro; other columns stand as they like.
pub(super) fn check_columns(content: &Content) -> Result<(), Undrawable> {
    let is_dated = |label: &str| {
        matches!(read(label).as_deref(), Some([('年', year), ..]) if YEARS.contains(year))
            || matches!(
                read(label).as_deref(),
                Some([('月' | '季' | '半' | '旬' | '曜' | '五', _), ..])
            )
    };
    if !content.rows.iter().all(|row| is_dated(&row.label)) {
        return Ok(());
    }
    let labels = content.rows.iter().map(|row| row.label.as_str());
    refuse(&order(labels), content, false)?;
    check_whole(content)
}

pub(super) const PART_OF_PERIOD: [&str; 2] = [
    "只是一部分时间，与整年并列会显出并没有的涨跌；请各年都用同样的月份（如 2025年1—10月），或删去它，或改用 cards",
    "is only a part of its period, and beside whole ones it would show a rise or fall that was none; give the same months \
     of each year (2025年1—10月), leave it out, or use cards",
];

/// Refuses a part of a year among whole ones: 2026年（1—9月） beside 2025年 would show a fall that was none.
fn check_whole(content: &Content) -> Result<(), Undrawable> {
    const PARTS: [&str; 7] = ["月", "季", "半年", "截至", "截止", "前三", "旬"];
    // 月均 is of a whole year, and so is what holds 10月起 or was counted at its end.
    const WHOLE: [&str; 5] = ["月均", "季均", "起", "12月31日", "12月底"];
    let is_part = |label: &str| {
        let noted = label.split_once(['（', '(']).map_or("", |(_, noted)| noted);
        PARTS.iter().any(|part| noted.contains(part))
            && !WHOLE.iter().any(|whole| noted.contains(whole))
    };
    let count = content.rows.iter().filter(|row| is_part(&row.label)).count();
    let mut rows = content.rows.iter().enumerate();
    match rows.find(|(_, row)| is_part(&row.label)) {
        Some((row, item)) if count < content.rows.len() => {
            Err(Undrawable::Row { row: row + 1, label: item.label.clone(), why: PART_OF_PERIOD })
        }
        Some(_) | None => Ok(()),
    }
}

/// What tells the earlier and the later of two without a date.
const BEFORE: [(&str, &str); 14] = [
    ("前", "后"),
    ("原", "现"),
    ("原", "新"),
    ("旧", "新"),
    ("现行", "新"),
    ("现状", "目标"),
    ("目前", "目标"),
    ("去年", "今年"),
    ("上年", "本年"),
    ("上期", "本期"),
    ("上月", "本月"),
    ("上季度", "本季度"),
    ("期初", "期末"),
    ("基期", "报告期"),
];

/// Whether two names tell one point in time and a later one: 2025年, 2030年目标; 改革前, 改革后.
pub(super) fn tell_times(first: &str, second: &str) -> bool {
    let is_said = |(before, after): &(&str, &str)| match *before {
        // 前门, 后海
        "前" => first.ends_with(before) || first.replacen(before, after, 1) == second,
        _ => first.contains(before),
    };
    let is_said = |pair: &(&str, &str)| second.contains(pair.1) && is_said(pair);
    let [first_time, second_time] = [first, second].map(|name| {
        let name = name.trim();
        calendar::KNOWN_BY.iter().find_map(|kind| name.strip_suffix(kind)).unwrap_or(name)
    });
    BEFORE.iter().any(is_said) || order([first_time, second_time].into_iter()).is_ok()
}

/// Whether two names say that the second was before the first.
pub(super) fn are_reversed(first: &str, second: &str) -> bool {
    let is_said = |(before, after): &(&str, &str)| {
        first.contains(after) && second.contains(before) && !first.contains(before)
    };
    let told = [first, second].map(|name| read(name).is_some());
    BEFORE.iter().any(is_said)
        || (told == [true; 2]
            && matches!(order([first, second].into_iter()), Err(Disorder { is_time: true, .. })))
}

/// The first name that does not follow.
struct Disorder {
    row: usize,
    /// It tells a time, but no later one.
    is_time: bool,
}

fn refuse(
    order: &Result<(), Disorder>,
    content: &Content,
    is_course: bool,
) -> Result<(), Undrawable> {
    let Err(Disorder { row, is_time }) = *order else { return Ok(()) };
    if !is_time && !is_course {
        return Ok(());
    }
    if !is_time {
        check_years(content)?;
    }
    let is_summed = |at: Option<usize>| {
        at.and_then(|at| content.rows.get(at)).is_some_and(|row| sums_months(&row.label))
    };
    let why = if !is_time && (is_summed(Some(row)) || is_summed(row.checked_sub(1))) {
        [
            "是几个月的累计，与前一行不一样长，连成线会显出并没有的涨跌；请改用 column 或 bar，或每行都写当月数，或每行都从1月起累计（1—2月、1—3月）",
            "or the row before is of several months together, and a line would show a rise that was none; use column or bar, \
             or give each month's own figure, or let each row run from January (1—2月, 1—3月)",
        ]
    } else if is_time {
        [
            "不晚于前一行：时间须按先后排列，各不相同；请给数据行排序",
            "is not later than the row before: times stand in their order, each once; sort the rows",
        ]
    } else {
        [
            "与前一行不在同一条时间轴上（年、月、季度等），折线会把并列的类别说成变化；请改用 bar",
            "is no point on one axis of time, and a line would make a course of it; use bar",
        ]
    };
    let label = content.rows.get(row).map(|row| row.label.clone()).unwrap_or_default();
    Err(Undrawable::Row { row: row + 1, label, why })
}

/// Whether a name tells several months together: 1—3月, 2025年1-6月累计.
fn sums_months(label: &str) -> bool {
    let plain: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    let months = plain.split_once('年').map_or(plain.as_str(), |(_, months)| months);
    let first = months.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = first.strip_prefix('月').unwrap_or(first);
    let is_range = first.len() < months.len()
        && rest.starts_with(['—', '–', '-', '－', '~', '～', '至'])
        && rest.contains('月');
    is_range || plain.contains("累计")
}

fn order<'l>(labels: impl Iterator<Item = &'l str>) -> Result<(), Disorder> {
    let mut last: Option<(&str, Vec<Part>)> = None;
    for (row, label) in labels.enumerate() {
        let no_time = Disorder { row, is_time: false };
        let Some(mut parts) = read(label) else { return Err(no_time) };
        if let Some((before, earlier)) = last {
            inherit(&mut parts, &earlier);
            let units = |parts: &[Part]| parts.iter().map(|(unit, _)| *unit).collect::<Vec<_>>();
            let is_later = if units(&parts) == units(&earlier) {
                parts > earlier || goes_round(&earlier, &parts)
            } else {
                let moments = calendar::moment(before).zip(calendar::moment(label));
                let Some((from, to)) = moments else { return Err(no_time) };
                from < to
            };
            if !is_later {
                return Err(Disorder { row, is_time: true });
            }
        }
        last = Some((label, parts));
    }
    Ok(())
}

/// 2025年12月, 1月: a part that is left out is that of the name before, or the next after 12月.
fn inherit(parts: &mut Vec<Part>, earlier: &[Part]) {
    let Some((unit, number)) = parts.first().copied() else { return };
    let at = earlier.iter().position(|(of, _)| *of == unit).unwrap_or(0);
    let Some(((_, before), prefix)) = earlier.get(at).zip(earlier.get(..at)) else { return };
    let mut prefix = prefix.to_vec();
    if let Some((_, last)) = prefix.last_mut()
        && CYCLES.contains(&(unit, *before, number))
    {
        *last = last.saturating_add(1);
    }
    parts.splice(..0, prefix);
}

fn goes_round(earlier: &[Part], later: &[Part]) -> bool {
    matches!((earlier, later), ([(unit, from)], [(_, to)]) if CYCLES.contains(&(*unit, *from, *to)))
}

/// What a name tells; nothing where anything in it is neither a number nor what that counts.
fn read(label: &str) -> Option<Vec<Part>> {
    let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    let label =
        label.replace("星期", "周").replace("周天", "周日").replace(['—', '–', '.', '至'], "-");
    // 2026年（预计）
    let mut rest =
        label.split(['（', '(']).next().unwrap_or_default().trim_end_matches(['末', '底', '初']);
    let mut parts: Vec<Part> = vec![];
    while !rest.is_empty() {
        if let Some((word, part)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            rest = rest.strip_prefix(word)?;
            match part {
                ('第', _) => {}
                ('Q', _) => {
                    let (number, behind) = number(rest)?;
                    parts.push(checked('季', number)?);
                    rest = behind;
                }
                // A school year begins in autumn.
                &SPRING if label.contains("学年") => parts.push(('春', AUTUMN.1 + 1)),
                _ => parts.push(*part),
            }
            continue;
        }
        if let Some(plan) = five_years(rest) {
            parts.push(('五', plan));
            break;
        }
        let (number, behind) = number(rest)?;
        let unit = UNITS.iter().find_map(|(word, unit)| Some((behind.strip_prefix(word)?, *unit)));
        let (behind, unit) = match unit {
            Some((behind, unit)) => (behind, unit),
            None if behind.is_empty() || behind.starts_with('Q') => (behind, '-'),
            // 2025上半年
            None if YEARS.contains(&number)
                && WORDS.iter().any(|(word, _)| behind.starts_with(word)) =>
            {
                (behind, '年')
            }
            None => (behind.strip_prefix('-')?, '-'),
        };
        let before = parts.last().map(|(unit, _)| *unit);
        // Figures alone: 2026-03-05, 9:30.
        let unit = match (unit, before) {
            (':', _) => '时',
            ('-', Some('年')) if YEARS.contains(&number) => '年',
            ('-', None) if YEARS.contains(&number) => '年',
            ('-', Some('年')) => '月',
            ('-', Some('月')) => '日',
            ('-', Some('时')) => '分',
            ('-', _) => '数',
            (unit, _) => unit,
        };
        parts.push(checked(unit, number)?);
        rest = behind.trim_start_matches('-');
    }
    (!parts.is_empty()).then_some(parts)
}

/// 13月 is none.
fn checked(unit: char, number: u32) -> Option<Part> {
    let range = match unit {
        '月' => 1..=12,
        '季' => 1..=4,
        '学' => 1..=3,
        '日' => 1..=31,
        '时' => 0..=24,
        '分' => 0..=59,
        _ => 0..=u32::MAX,
    };
    range.contains(&number).then_some((unit, number))
}

/// 十四五, “十五五”时期, and nothing else: 十五日 is none.
fn five_years(text: &str) -> Option<u32> {
    let text = ["时期", "期间"].iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text);
    let plan = text.trim_start_matches('“').trim_end_matches('”').strip_suffix('五')?;
    let (number, rest) = number(plan).filter(|_| plan.starts_with('十'))?;
    rest.is_empty().then_some(number)
}

/// A number at the beginning, in figures or as 十二, and what follows it.
fn number(text: &str) -> Option<(u32, &str)> {
    const CHINESE: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if !digits.is_empty() {
        return Some((digits.parse().ok()?, rest));
    }
    let digit =
        |c: Option<char>| CHINESE.iter().zip(1..).find(|(d, _)| c == Some(**d)).map(|(_, n)| n);
    let is_number = |c: char| c == '十' || CHINESE.contains(&c);
    let end = text.find(|c| !is_number(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    let number = match word.split_once('十') {
        None => digit(word.chars().next()).filter(|_| word.chars().count() == 1)?,
        Some((tens, ones)) => {
            let of = |text: &str, none| match text.chars().count() {
                0 => Some(none),
                1 => digit(text.chars().next()),
                _ => None,
            };
            of(tens, 1)? * 10 + of(ones, 0)?
        }
    };
    Some((number, rest))
}

#[cfg(test)]
mod tests;
