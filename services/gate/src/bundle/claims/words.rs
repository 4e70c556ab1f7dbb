//! What a headline says of charts of words: how many steps, tasks or changes there are (八个步骤), what a rule was and
//! became (由五种减为两种, 缩短一半), when all is done (2028年6月前全面推开).

use lockstep_proto::manifest::ChartKind;

use super::{Drawn, Row, SHORT, Table, amount, amount::is_negated, changes::directions, fewer};
use crate::document::{is_numeral, parse_numeral};

const CHANGES: [&str; 7] = ["项调整", "项变化", "项规定", "项修改", "项改动", "处调整", "处修改"];

/// The first claim that the rows do not bear out, as it is written.
pub(super) fn find(headline: &str, drawn: &Drawn<'_>) -> Option<String> {
    let (kind, table) = (drawn.kind, drawn.table);
    let found = if kind == ChartKind::Gantt {
        find_count(headline, table, &["阶段", "步", "项任务", "项工作"])
            .or_else(|| find_end(headline, table))
    } else if kind == ChartKind::Compare {
        find_count(headline, table, &CHANGES).or_else(|| find_change(headline, table))
    } else if kind == ChartKind::Flow {
        find_count(headline, table, &["步骤", "步", "环节", "道程序", "道手续", "个流程"])
            .or_else(|| fewer::find(headline, table))
    } else {
        None
    };
    found.filter(|claim| !drawn.policy.contains(claim.as_str()))
}

/// 八个步骤, 十项任务: more than there are; or 分两个阶段, where it says how many there are in all.
fn find_count(headline: &str, table: &Table, things: &[&str]) -> Option<String> {
    /// What makes of a count the whole.
    const WHOLE: [&str; 8] = ["分", "分为", "分成", "共", "共有", "共分", "经过", "历经"];
    let groups = |column: usize| {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(column));
        let mut texts: Vec<&str> = cells.map(|cell| cell.text.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        texts.len()
    };
    let columns: Vec<usize> = (0..table.series.len()).map(groups).collect();
    let rows = table.rows.len();
    let texts = || {
        let cells = table.rows.iter().flat_map(|row| &row.cells).map(|cell| &cell.text);
        table.rows.iter().map(|row| &row.label).chain(cells)
    };
    numbers(headline).into_iter().find_map(|(start, end, count)| {
        let (before, behind) = (headline.get(..start)?, headline.get(end..)?);
        let counted = behind.strip_prefix('个').unwrap_or(behind);
        let thing = things.iter().find_map(|thing| {
            let whole = if behind.starts_with(thing) { behind } else { counted };
            whole.strip_prefix(thing).map(|rest| headline.len() - rest.len())
        })?;
        let claim = headline.get(start..thing)?;
        // 第三步, 进一步, 由九步减为七步, 每两步
        let is_other =
            before.ends_with(['第', '进', '同', '每', '由', '从', '原', '前', '后', '各', '逐']);
        if count < 2 || is_other || texts().any(|text| text.contains(claim)) {
            return None;
        }
        // Who names no phases or tells of steps may take several as one.
        let is_whole = counted.starts_with("阶段")
            && table.series.len() > 2
            && WHOLE.iter().any(|word| before.ends_with(word));
        let is_one_of = count == rows || columns.contains(&count);
        let is_wrong = !is_one_of && (count > rows || is_whole);
        is_wrong.then(|| claim.to_owned())
    })
}

/// 由六种减为两种 where a rule goes from 五种 to 两种; 缩短三分之二 where it goes from ten days to five.
fn find_change(headline: &str, table: &Table) -> Option<String> {
    headline.split(['，', ',', '；', '。']).find_map(|clause| {
        find_exchanged(clause, table)
            .or_else(|| find_from_to(clause, table))
            .or_else(|| find_part(clause, table))
    })
}

/// 新增公证, where it is what falls away; 取消预约, where that is new.
fn find_exchanged(clause: &str, table: &Table) -> Option<String> {
    let says = |words: &[&str], label: &str| {
        words.iter().any(|word| clause.starts_with(&format!("{word}{label}")))
    };
    let is_empty = |text: &str| ["", "无", "—", "——", "-", "/"].contains(&text.trim());
    let is_wrong = |row: &&Row| {
        let [first, .., last] = row.cells.as_slice() else { return false };
        let (is_new, is_gone) = (is_empty(&first.text), is_empty(&last.text));
        (says(&["新增", "增加"], &row.label) && is_gone && !is_new)
            || (says(&["取消", "减去"], &row.label) && is_new && !is_gone)
    };
    table.rows.iter().find(is_wrong).map(|_| clause.to_owned())
}

fn find_from_to(clause: &str, table: &Table) -> Option<String> {
    let (at, _) = clause.match_indices(['由', '从']).next()?;
    let said = clause.get(at..)?;
    let quantities = quantities(said);
    let [(from, unit), (to, other)] = quantities.as_slice() else { return None };
    // 二十个工作日缩短为三个: the second says no unit.
    if unit != other && !other.is_empty() {
        return None;
    }
    let mut named = table.rows.iter().filter(|row| clause.contains(&row.label));
    let (one, another) = (named.next(), named.next());
    // 时限由5份减为2份, where these are 材料.
    let own = one.filter(|row| another.is_none() && !changes(row, None).is_empty());
    let pairs: Vec<(usize, usize)> = match own {
        Some(row) => changes(row, Some(unit)),
        None => table.rows.iter().flat_map(|row| changes(row, Some(unit))).collect(),
    };
    if own.is_some() && pairs.is_empty() {
        return Some(said.to_owned());
    }
    (!pairs.is_empty() && !pairs.contains(&(*from, *to))).then(|| said.to_owned())
}

fn find_part(clause: &str, table: &Table) -> Option<String> {
    let (at, behind, falls, (amount, len)) = directions()
        .chain(SHORT)
        .filter_map(|(word, falls)| {
            let at = clause.find(word)?;
            let behind = clause.get(at + word.len()..)?;
            let behind = behind.strip_prefix('了').unwrap_or(behind);
            Some((at, behind, falls, amount::read(behind)?))
        })
        .min_by_key(|(at, ..)| *at)?;
    if is_negated(clause, at) || amount.is_points {
        return None;
    }
    // 时限 of 办理时限
    let before: Vec<char> = clause.get(..at)?.chars().collect();
    let names: Vec<String> = before.windows(2).map(|pair| pair.iter().collect()).collect();
    let is_named = |row: &&Row| names.iter().any(|name| row.label.contains(name));
    let mut named = table.rows.iter().filter(is_named);
    let (Some(row), None) = (named.next(), named.next()) else { return None };
    let changes = changes(row, None);
    let share = |(from, to): &(usize, usize)| -> Option<f64> {
        let [from, to] = [from, to].map(|count| u32::try_from(*count).ok().map(f64::from));
        let (from, to) = (from?, to?);
        (from > 0.0).then(|| if falls { (from - to) / from } else { (to - from) / from })
    };
    let holds = |share: f64| amount.bound.holds(share, amount.share, amount.within);
    let is_wrong = !changes.is_empty() && !changes.iter().filter_map(share).any(holds);
    let end = clause.len() - behind.len() + len;
    is_wrong.then(|| clause.get(at..end).unwrap_or(clause).to_owned())
}

/// What a row's first cell counts and its last one counts by the same unit.
fn changes(row: &Row, unit: Option<&str>) -> Vec<(usize, usize)> {
    let ([first, .., last], unit) = (row.cells.as_slice(), unit) else { return vec![] };
    let (old, new) = (quantities(&first.text), quantities(&last.text));
    let is_of = |of: &str| unit.is_none_or(|unit| unit == of);
    let old = old.into_iter().filter(|(_, unit)| is_of(unit) && !unit.is_empty());
    old.flat_map(|(from, of)| {
        new.iter().filter(move |(_, unit)| *unit == of).map(move |(to, _)| (from, *to))
    })
    .collect()
}

/// 5 and 种 of 五种, 10 and 工 of 十个工作日.
fn quantities(text: &str) -> Vec<(usize, String)> {
    /// A rule says few.
    const MAX: usize = 8;
    let of = |(start, end, count): (usize, usize, usize)| {
        let (before, behind) = (text.get(..start)?, text.get(end..)?);
        let counted = behind.strip_prefix('个').unwrap_or(behind);
        let is_name = before.ends_with(['第', '一', '进']);
        let unit = counted.chars().next().filter(|c| c.is_alphabetic());
        (!is_name).then(|| (count, unit.map(String::from).unwrap_or_default()))
    };
    numbers(text).into_iter().filter_map(of).take(MAX).collect()
}

/// Whole numbers in digits or words: from, to, how many.
pub(super) fn numbers(text: &str) -> Vec<(usize, usize, usize)> {
    let is_part = |c: char| is_numeral(c) || c == '两';
    let mut found = vec![];
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(is_part)) {
        let start = at + start;
        let rest = text.get(start..).unwrap_or_default();
        let end = start + rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let numeral = text.get(start..end).unwrap_or_default().replace('两', "二");
        let count = parse_numeral(&numeral).and_then(|count| usize::try_from(count).ok());
        found.extend(count.map(|count| (start, end, count)));
        at = end;
    }
    found
}

/// 2027年底前全面完成, where the last task ends in 2028.
fn find_end(headline: &str, table: &Table) -> Option<String> {
    const ALL: [&str; 3] = ["全面", "全部", "整体"];
    const DONE: [&str; 4] = ["完成", "建成", "结束", "收官"];
    /// These can begin too: 2028年3月全面推开.
    const DONE_BY: [&str; 5] = ["推开", "到位", "铺开", "覆盖", "落实"];
    let ends: Option<Vec<Month>> = table
        .rows
        .iter()
        .map(|row| Month::read(&row.cells.get(1)?.text).map(|(end, _)| end))
        .collect();
    let last = ends?.into_iter().max()?;
    headline.split(['，', ',', '；', '。', '：']).find_map(|clause| {
        let at = clause.find(|c: char| c.is_ascii_digit())?;
        let (said, rest) = Month::read(clause.get(at..)?)?;
        let is_before = rest.starts_with('前') || rest.starts_with("之前");
        let what = rest.trim_start_matches(['之', '前']);
        let is_all = ALL.iter().any(|word| what.starts_with(word));
        let is_done = DONE.iter().any(|word| what.contains(word))
            || (is_before && DONE_BY.iter().any(|word| what.contains(word)));
        let names_row = table.rows.iter().any(|row| clause.contains(&row.label));
        let is_end = DONE.contains(&what) || (is_all && is_done);
        (is_end && !names_row && last > said).then(|| clause.to_owned())
    })
}

/// The last month of a time that a text names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Month {
    year: u32,
    month: u32,
}

impl Month {
    /// At the beginning: 2027年6月底, 2027年上半年, 2027-06-30, 2027年底; and what follows.
    fn read(text: &str) -> Option<(Self, &str)> {
        const PARTS: [(&str, u32); 12] = [
            ("上半年", 6),
            ("下半年", 12),
            ("第一季度", 3),
            ("第二季度", 6),
            ("第三季度", 9),
            ("第四季度", 12),
            ("一季度", 3),
            ("二季度", 6),
            ("三季度", 9),
            ("四季度", 12),
            ("年初", 3),
            ("初", 3),
        ];
        let number = |text: &str| -> Option<(u32, usize)> {
            let length = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            Some((text.get(..length)?.parse().ok()?, length))
        };
        let (year, length) = number(text)?;
        let rest = text.get(length..)?;
        if !(1900..=2199).contains(&year) {
            return None;
        }
        let rest = rest.strip_prefix(['年', '-', '/', '.']).unwrap_or(rest);
        if let Some((month, rest)) =
            PARTS.iter().find_map(|(part, month)| Some((*month, rest.strip_prefix(part)?)))
        {
            return Some((Self { year, month }, rest));
        }
        let (month, rest) = match number(rest) {
            Some((month, length)) if (1..=12).contains(&month) => {
                let rest = rest.get(length..)?;
                let rest = rest.strip_prefix(['月', '-', '/', '.']).unwrap_or(rest);
                // The day is of no matter.
                let day = number(rest).map_or(0, |(_, length)| length);
                (month, rest.get(day..)?.trim_start_matches(['日', '号']))
            }
            _ => (12, rest),
        };
        let rest = rest.trim_start_matches(['年', '底', '末']);
        Some((Self { year, month }, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::super::Cell, *};

    fn is_said(kind: ChartKind, rows: &[(&str, &[&str])], cases: &[(&str, Option<&str>)]) {
        let row = |(label, cells): &(&str, &[&str])| Row {
            label: (*label).to_owned(),
            cells: cells
                .iter()
                .map(|text| Cell { text: (*text).to_owned(), value: None })
                .collect(),
        };
        let width = rows.first().map_or(0, |(_, cells)| cells.len());
        let series = (0..width).map(|at| format!("第{at}列")).collect();
        let table = Table { series, rows: rows.iter().map(row).collect() };
        for (headline, unfounded) in cases {
            let drawn = Drawn { kind, unit: "", table: &table, policy: "分六个阶段" };
            let found = super::super::find(headline, &drawn);
            assert_eq!(found.as_deref(), *unfounded, "{headline}");
        }
    }

    #[test]
    fn a_schedule_has_as_many_tasks_and_ends_as_it_is_said() {
        is_said(
            ChartKind::Gantt,
            &[
                ("印发细则", &["2026年12月", "2027年1月", "启动"]),
                ("改造系统", &["2027年1月", "2027年6月", "建设"]),
                ("培训人员", &["2027-03-01", "2027-05-20", "建设"]),
                ("东街等三处先行试点", &["2027年上半年", "2027年", "推广"]),
                ("全区推开", &["2028年3月", "2028年6月", "推广"]),
            ],
            &[
                ("分三个阶段，2028年6月前全面推开", None),
                ("分五个阶段推进", None),
                ("分四个阶段推进", Some("四个阶段")),
                ("分六个阶段推进", None),
                ("前两个阶段完成，第三步推开，三处先行试点", None),
                ("五项任务", None),
                ("其中两项任务年内完成", None),
                ("十项任务", Some("十项任务")),
                ("2028年底前全面完成", None),
                ("2027年底前全面完成", Some("2027年底前全面完成")),
                ("2027年6月前全面推开", Some("2027年6月前全面推开")),
                ("分三个阶段，2027年完成", Some("2027年完成")),
                ("2027年6月前完成系统改造", None),
                ("2027年1月起全面启动，2028年3月全面推开", None),
            ],
        );
    }

    #[test]
    fn rules_change_as_it_is_said() {
        is_said(
            ChartKind::Compare,
            &[
                ("申请材料", &["五种", "两种"]),
                ("办理时限", &["十个工作日", "受理之日起五个工作日"]),
                ("罚款", &["200元", "500元"]),
                ("地点", &["行政服务中心", "行政服务中心"]),
            ],
            &[
                ("材料由五种减为两种，时限缩短一半", None),
                ("材料由六种减为两种", Some("由六种减为两种")),
                ("材料从5种减为2种", None),
                ("时限由十个工作日缩短为五个", None),
                ("时限由二十个工作日缩短为三个工作日", Some("由二十个工作日缩短为三个工作日")),
                ("时限缩短三分之二", Some("缩短三分之二")),
                ("罚款由200元提高到500元，提高1.5倍", None),
                ("证明由四份减为一份", None),
                ("共四项调整", None),
                ("共八项调整", Some("八项调整")),
            ],
        );
        let listed: &[(&str, &[&str])] = &[("材料", &["户口簿、房产证明、接种证", "户口簿"])];
        is_said(ChartKind::Compare, listed, &[("材料由三种减为一种", None)]);
    }

    #[test]
    fn a_course_has_as_many_steps_as_it_is_said() {
        is_said(
            ChartKind::Flow,
            &[("申请", &["审核", ""]), ("审核", &["办结", ""]), ("办结", &["", ""])],
            &[
                ("三个步骤", None),
                ("八个步骤", Some("八个步骤")),
                ("九步办结", Some("九步")),
                ("由九步减为三步，进一步方便", None),
                ("最多跑一次，两步办成", None),
                ("分两步办理", None),
            ],
        );
    }
}
