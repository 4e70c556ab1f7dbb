//! Whether names tell points in time, or steps of a scale such as ages, and whether these follow each other.

use super::{Undrawable, calendar, content::Content};

/// A number and what it counts: (年, 2026), (月, 3).
type Part = (char, u32);

const YEARS: std::ops::Range<u32> = 1900..2200;
/// What a number counts, as it is written; the longer of two that begin alike first.
const UNITS: [(&str, char); 22] = [
    ("学年", '年'),
    ("年度", '年'),
    ("年", '年'),
    ("月份", '月'),
    ("月", '月'),
    ("季度", '季'),
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
const WORDS: [(&str, Part); 14] = [
    ("上半年", ('半', 1)),
    ("下半年", ('半', 2)),
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
/// After the last of these comes the first again: 12月, 1月.
const CYCLES: [(char, u32, u32); 4] = [('月', 12, 1), ('季', 4, 1), ('曜', 7, 1), ('时', 23, 0)];

/// Refuses what is drawn as one course and is none: the first row that tells no time, or is not later than
/// the one before.
pub(super) fn check_course(content: &Content) -> Result<(), Undrawable> {
    let labels = content.rows.iter().map(|row| row.label.as_str());
    refuse(&order(labels), content, true)
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
    refuse(&order(labels), content, false)
}

/// Whether two names say that the second was before the first.
pub(super) fn are_reversed(first: &str, second: &str) -> bool {
    const BEFORE: [(&str, &str); 8] = [
        ("前", "后"),
        ("原", "现"),
        ("原", "新"),
        ("旧", "新"),
        ("去年", "今年"),
        ("上年", "本年"),
        ("上期", "本期"),
        ("期初", "期末"),
    ];
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
    let why = if is_time {
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
        *last += 1;
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
                _ => parts.push(*part),
            }
            continue;
        }
        if let Some((plan, behind)) = five_years(rest) {
            parts.push(('五', plan));
            rest = behind;
            continue;
        }
        let (number, behind) = number(rest)?;
        let unit = UNITS.iter().find_map(|(word, unit)| Some((behind.strip_prefix(word)?, *unit)));
        let (behind, unit) = match unit {
            Some((behind, unit)) => (behind, unit),
            None if behind.is_empty() || behind.starts_with('Q') => (behind, '-'),
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
        '日' => 1..=31,
        '时' => 0..=24,
        '分' => 0..=59,
        _ => 0..=u32::MAX,
    };
    range.contains(&number).then_some((unit, number))
}

/// 十四五, 十四五时期
fn five_years(text: &str) -> Option<(u32, &str)> {
    let (plan, behind) = text.trim_start_matches('“').split_once('五')?;
    let plan = number(plan).filter(|(_, rest)| rest.is_empty() && plan.starts_with('十'))?.0;
    let behind = behind.trim_start_matches('”');
    let behind =
        ["时期", "期间"].iter().find_map(|word| behind.strip_prefix(word)).unwrap_or(behind);
    Some((plan, behind))
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
mod tests {
    use super::*;

    fn found(labels: &[&str]) -> Option<(usize, bool)> {
        order(labels.iter().copied()).err().map(|found| (found.row, found.is_time))
    }

    #[test]
    fn names_that_follow_each_other_in_time_are_told() {
        for labels in [
            &["2023年", "2024年", "2026年"][..],
            &["2023", "2024年", "2025年度（预计）"],
            &["1月", "2月", "12月"],
            &["11月", "12月", "1月", "2月"],
            &["2025年11月", "12月", "1月", "2月", "2026年3月"],
            &["一季度", "二季度", "三季度", "四季度"],
            &["2025年第一季度", "2025年第四季度", "2026年第一季度"],
            &["2025Q3", "2025Q4", "2026Q1"],
            &["2025年上半年", "2025年下半年", "2026年上半年"],
            &["2026年1—3月", "2026年1—6月", "2026年1—9月"],
            &["2020-2021学年", "2021-2022学年"],
            &["2026-03-05", "2026-03-12"],
            &["2026.3", "2026.11"],
            &["9:30", "9:45", "10:00"],
            &["周一", "周二", "星期日", "周一"],
            &["“十二五”", "“十三五”时期", "十四五"],
            &["第一批", "第二批", "第十一批"],
            &["6岁", "7岁", "12岁"],
            &["2010年末", "2020年末"],
            &["十月", "十一月", "十二月"],
        ] {
            assert_eq!(found(labels), None, "{labels:?}");
        }
        for (labels, place) in [
            (&["小学", "初中", "高中"][..], (0, false)),
            (&["11月", "12月", "13月"], (2, false)),
            (&["2024年", "合计"], (1, false)),
            (&["2026年", "2025年", "2024年"], (1, true)),
            (&["1月", "3月", "2月"], (2, true)),
            (&["2025年", "2025年"], (1, true)),
            (&["12月", "11月"], (1, true)),
            (&["1号楼", "2号楼"], (0, false)),
            (&["一年级", "二年级"], (0, false)),
            (&["3月", "2026年"], (1, false)),
        ] {
            assert_eq!(found(labels), Some(place), "{labels:?}");
        }
    }

    #[test]
    fn two_points_in_time_are_in_their_order() {
        for (first, second) in
            [("2026年", "2025年"), ("改革后", "改革前"), ("新规定", "原规定"), ("今年", "去年")]
        {
            assert!(are_reversed(first, second) && !are_reversed(second, first), "{first}");
        }
        assert!(!are_reversed("公办", "民办"));
    }
}
