//! What a headline says of two that it names: 甲街道高于乙街道, 甲街道比乙街道少.

use super::{
    Table,
    amount::{Amount, is_negated, multiple, read as read_amount},
    course::{Grid, named},
    scene::{Scene, clauses},
    times::{are_times, is_said},
};

const MORE: [&str; 5] = ["高于", "多于", "大于", "超过", "长于"];
/// What says so of every line.
const ALWAYS: [&str; 4] = ["始终", "一直", "历年", "每年"];
const LESS: [&str; 6] = ["低于", "少于", "小于", "不及", "短于", "不如"];

/// The first comparison that no reading of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, table: &Table) -> Option<String> {
    headline.split(['，', ',', '；', '。']).find_map(|clause| find(clause, table))
}

/// A part or a multiple of another's, and how the own one stands to it.
#[derive(Clone, Copy)]
enum Part {
    /// 超过东街街道的一半, or 不到
    Beyond(Amount, bool),
    /// 比东街街道多五成, or 少
    Differs(Amount, bool),
}

impl Part {
    /// What follows the other's name: 的一半, 多五成.
    fn read(rest: &str, is_than: bool, is_more: bool) -> Option<Self> {
        const MORE: [char; 4] = ['多', '高', '长', '大'];
        const LESS: [char; 4] = ['少', '低', '短', '小'];
        let (amount, behind) = if is_than {
            let (_, behind) = rest.split_once(|c| MORE.contains(&c) || LESS.contains(&c))?;
            let behind = behind.strip_prefix(['了', '出']).unwrap_or(behind);
            let (amount, len) = read_amount(behind)?;
            (amount, behind.get(len..)?)
        } else {
            let behind = rest.strip_prefix('的').unwrap_or(rest);
            let (amount, len) = read_amount(behind)?;
            (amount, behind.get(len..)?)
        };
        // 的一半以上街道 is of something else.
        if amount.is_points || !behind.is_empty() {
            return None;
        }
        Some(if is_than { Self::Differs(amount, is_more) } else { Self::Beyond(amount, is_more) })
    }

    fn holds(self, own: f64, other: f64) -> bool {
        if other <= 0.0 {
            return true;
        }
        match self {
            Self::Beyond(amount, true) => own / other >= amount.share,
            Self::Beyond(amount, false) => own / other <= amount.share,
            Self::Differs(amount, is_more) => {
                let by = if is_more { own - other } else { other - own };
                // 少一半 is said of 56% too.
                amount.bound.holds(by / other, amount.share, amount.within * 1.2)
            }
        }
    }
}

fn find(clause: &str, table: &Table) -> Option<String> {
    let (at, end, is_more, is_plain) = word(clause)?;
    if is_negated(clause, at) {
        return None;
    }
    let (before, behind) = (clause.get(..at)?, clause.get(end..)?);
    let rows: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let series: Vec<&str> = table.series.iter().map(String::as_str).collect();
    let grid = Grid::of(table);
    let turned = grid.turned();
    let axes = [(&rows, &series, &grid), (&series, &rows, &turned)];
    axes.into_iter().find_map(|(names, across, grid)| {
        // More than two of a kind in one clause, and nobody knows which are compared.
        let [one] = <[usize; 1]>::try_from(named(before, names)).ok()?;
        let [other] = <[usize; 1]>::try_from(named(behind, names)).ok()?;
        let rest = names.get(other).and_then(|name| Some(behind.split_once(name)?.1));
        let is_than = clause.get(at..end) == Some("比");
        let part = rest.and_then(|rest| Part::read(rest, is_than, is_more));
        if part.is_none() && !is_plain {
            return None;
        }
        let both = |reading: &Vec<Option<f64>>| {
            let of = |at: usize| reading.get(at).copied().flatten();
            of(one).zip(of(other))
        };
        let holds = |reading: &Vec<Option<f64>>| {
            both(reading).is_some_and(|(own, other)| match part {
                Some(part) => part.holds(own, other),
                None if is_more => own > other,
                None => own < other,
            })
        };
        let readings = grid.comparisons();
        let lines = readings.get(..across.len()).unwrap_or_default();
        // 2025年线下多于线上 is of that year alone; 西河街道线上不到东街街道的一半 of that column.
        let mut said = lines_said(clause, across);
        if part.is_some() && said.is_empty() {
            said = named(clause, across);
        }
        let is_so = if clause.contains("首次") {
            match said.as_slice() {
                [at] => {
                    lines.get(*at).is_none_or(holds)
                        && !lines.get(..*at).unwrap_or_default().iter().any(holds)
                }
                _ => true,
            }
        } else if ALWAYS.iter().any(|word| clause.contains(word)) {
            // Where one of them has no figure, nothing is compared.
            let mut known = lines.iter().filter(|line| both(line).is_some()).peekable();
            known.peek().is_some() && known.all(holds)
        } else if clause.contains(['增', '减', '升', '降', '幅', '占', '快', '慢', '重', '率'])
        {
            readings.iter().any(holds)
        } else if said.is_empty() {
            // What they have, in any line or together; how they changed is not said.
            readings.iter().take(across.len() + 1).any(holds)
        } else {
            said.iter().filter_map(|at| lines.get(*at)).any(holds)
        };
        (one != other && !is_so).then(|| clause.to_owned())
    })
}

/// The points in time that a clause names, across those that are compared.
fn lines_said(clause: &str, across: &[&str]) -> Vec<usize> {
    if !are_times(across) {
        return vec![];
    }
    (0..across.len()).filter(|at| across.get(*at).is_some_and(|n| is_said(clause, n))).collect()
}

/// 线上是线下的三倍, where it is not in any line, nor together.
pub(super) fn find_ratio(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let find = |clause: &&str| {
        let (before, behind) = clause.split_once('是')?;
        let (whom, rest) = behind.split_once('的')?;
        let (amount, len) = multiple(rest)?;
        if !rest.get(len..)?.is_empty() || is_negated(before, before.len()) {
            return None;
        }
        let is_wrong = [(&scene.rows, &scene.series, false), (&scene.series, &scene.rows, true)]
            .into_iter()
            .find_map(|(axis, across, is_turned)| {
                // Points in time are compared as changes are.
                if axis.are_times {
                    return None;
                }
                let [one] = <[usize; 1]>::try_from(axis.said(before)).ok()?;
                let [other] = <[usize; 1]>::try_from(axis.said(whom)).ok()?;
                let value = |at: usize, line: usize| {
                    if is_turned { scene.value(line, at) } else { scene.value(at, line) }
                };
                let lines = across.said_or_all(clause);
                let sum = |at: usize| lines.iter().filter_map(|line| value(at, *line)).sum::<f64>();
                let mut ratios: Vec<f64> = lines
                    .iter()
                    .filter_map(|line| value(one, *line).zip(value(other, *line)))
                    .filter(|(_, of)| *of > 0.0)
                    .map(|(own, of)| own / of)
                    .collect();
                if sum(other) > 0.0 {
                    ratios.push(sum(one) / sum(other));
                }
                let holds = |ratio: &f64| amount.bound.holds(*ratio, amount.share, amount.within);
                (one != other && !ratios.is_empty()).then(|| !ratios.iter().any(holds))
            })?;
        is_wrong.then_some(())
    };
    clauses(headline).into_iter().find(|clause| find(clause).is_some()).map(str::to_owned)
}

/// Whether a clause says a multiple of another's with a bound before its name: 超过东街街道的1.5倍.
pub(super) fn is_bounded(clause: &str, table: &Table) -> bool {
    let Some((_, end, is_more, _)) = word(clause) else { return false };
    let behind = clause.get(end..).unwrap_or_default();
    let names = table.rows.iter().map(|row| &row.label).chain(&table.series);
    let mut rests = names.filter_map(|name| behind.strip_prefix(name.as_str()));
    rests.any(|rest| Part::read(rest, false, is_more).is_some())
}

/// What compares, and where: 高于, or 比 with what follows the other's name.
/// The last says whether it compares also what no part follows.
fn word(clause: &str) -> Option<(usize, usize, bool, bool)> {
    const OF_PARTS: [&str; 4] = ["不到", "不足", "未到", "未达"];
    let words = MORE.iter().map(|word| (*word, true, true));
    let words = words.chain(LESS.iter().map(|word| (*word, false, true)));
    let words = words.chain(OF_PARTS.iter().map(|word| (*word, false, false)));
    let found = words.filter_map(|(word, is_more, is_plain)| {
        Some((clause.find(word)?, word.len(), is_more, is_plain))
    });
    if let Some((at, len, is_more, is_plain)) = found.min() {
        return Some((at, at + len, is_more, is_plain));
    }
    let (at, behind) = (clause.find('比')?, clause.split_once('比')?.1);
    let is_more = behind.contains(['多', '高', '长', '大']);
    let is_less = behind.contains(['少', '低', '短', '小', '降']);
    (is_more != is_less).then_some((at, at + '比'.len_utf8(), is_more, true))
}

#[cfg(test)]
mod tests {
    use super::super::{super::Cell, Row, Table, find_unfounded};

    #[test]
    fn who_is_said_to_have_more_has_more() {
        let row = |(label, values): (&str, [f64; 2])| Row {
            label: label.to_owned(),
            cells: values.map(|v| Cell { text: v.to_string(), value: Some(v) }).into(),
        };
        let rows = [("东街街道", [5.0, 9.0]), ("西河街道", [4.0, 6.0]), ("北岭镇", [3.0, 2.0])];
        let series = vec!["线上".to_owned(), "窗口".to_owned()];
        let table = Table { series, rows: rows.map(row).into() };
        for (headline, unfounded) in [
            ("东街街道高于西河街道", None),
            ("西河街道高于东街街道", Some("西河街道高于东街街道")),
            ("办理量：北岭镇低于西河街道", None),
            ("东街街道少于北岭镇", Some("东街街道少于北岭镇")),
            ("北岭镇比西河街道多", Some("北岭镇比西河街道多")),
            ("西河街道比北岭镇多", None),
            ("西河街道未超过东街街道", None),
            ("线上超过窗口", None),
            ("东街街道、西河街道高于北岭镇", None),
            ("西河街道居首", Some("西河街道居首")),
            ("西河街道排名第二", None),
            ("北岭镇位居第二", Some("北岭镇位居第二")),
            ("北岭镇居末位", None),
            ("东街街道第一季度开通", None),
        ] {
            assert_eq!(find_unfounded(headline, &table, "").as_deref(), unfounded, "{headline}");
        }
    }
}
