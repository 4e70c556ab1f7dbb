//! Figures in tables: a bare number has the unit that its column's head or the table's caption names,
//! and is called by its row and its column.

use std::ops::Range;

use super::{
    Figure, Part, Rate, find_in,
    numbers::{is_digit, is_spelled},
    read::{RANGE, read_quantity},
};
use crate::document::{first_chars, last_chars};

/// Characters before a table in which its caption stands: 单位：万元.
const CAPTION_MAX: usize = 60;
/// Characters of a name of a column or a row, and of its unit: each of their figures bears it.
const NAME_MAX: usize = 60;

/// Heads of columns in which stands the unit of each row's numbers.
const COUNTED: [&str; 5] = ["单位", "计量单位", "数量单位", "计费单位", "计价单位"];
/// Heads of columns that only name the rows: their unit is that of all numbers beside: 指标（%）.
const LISTED: [&str; 6] = ["指标", "项目", "类别", "名称", "内容", "事项"];

/// Heads of columns in which stands what was.
const FORMER: [&str; 5] = ["调整前", "修订前", "原标准", "原规定", "旧标准"];

/// A column or a row: what its head calls it, and the unit of its numbers.
#[derive(Clone, Copy, Default)]
struct Head<'t> {
    name: &'t str,
    unit: &'t str,
}

/// The figures of a table of lines with strokes; `before` is the text up to it. `None` where it is
/// written otherwise.
pub(super) fn find(text: &str, before: &str, skipped: &[Range<usize>]) -> Option<Vec<Figure>> {
    let mut rows = rows(text).filter(|row| !is_rule(text, row)).peekable();
    let (caption, above) = (caption(before), above(before));
    let first = rows.next()?;
    let second = rows.next_if(|second| is_second_head(text, &first, second)).unwrap_or_default();
    // | 一类 | 100元 | is a row, though it stands where a head does.
    let is_headless = first.len() > 1 && first.iter().skip(1).all(|cell| is_amount(of(text, cell)));
    let heads = if is_headless { vec![] } else { heads(text, &first, &second) };
    let heads = heads.iter().map(|(name, unit)| Head { name, unit });
    let columns: Vec<_> =
        heads.chain(std::iter::repeat(Head::default())).take(first.len()).collect();
    let counted = columns.iter().position(|column| COUNTED.contains(&column.name));
    let of_all = columns.iter().find(|column| LISTED.contains(&column.name));
    let of_all = of_all.map_or("", |column| column.unit);
    let mut found = vec![];
    let mut names: Vec<Head<'_>> = vec![];
    for row in is_headless.then_some(first).into_iter().chain(rows) {
        let is_count = |index: usize| {
            let cell = row.get(index).map(|cell| of(text, cell)).unwrap_or_default();
            columns.get(index).is_some_and(|column| is_numbering(column.name, cell))
        };
        let (mut first, mut has_name) = (0, false);
        while first < row.len()
            && !(has_name && row.get(first).is_some_and(|cell| is_figure(of(text, cell))))
        {
            has_name |= !is_count(first);
            first += 1;
        }
        names.resize(first, Head::default());
        for ((name, cell), column) in names.iter_mut().zip(&row).zip(&columns) {
            // A cell that goes on over several rows is written once.
            let said = of(text, cell);
            if is_numbering(column.name, said) {
                *name = Head::default();
            } else if !said.is_empty() {
                *name = head(said);
            }
        }
        let of_row = |column: usize| row.get(column).map(|cell| unit_of(of(text, cell)));
        let of_row = counted.and_then(of_row).unwrap_or_default();
        // 单位 may be whose the row is.
        let counted = counted.filter(|_| !of_row.is_empty());
        if let Some(unit) = counted.and_then(|column| names.get_mut(column)) {
            *unit = Head::default();
        }
        let name: String = names
            .iter()
            .flat_map(|head| head.name.chars())
            .filter(|c| *c != '*')
            .take(NAME_MAX)
            .collect();
        let units = [of_row, names.last().map_or("", |head| head.unit), caption, of_all];
        for (cell, column) in row.iter().zip(&columns) {
            let unit = [column.unit].into_iter().chain(units).find(|unit| !unit.is_empty());
            let column = Head { unit: unit.unwrap_or_default(), ..*column };
            found.extend(in_cell(text, cell, column, skipped).into_iter().map(|mut figure| {
                if !name.is_empty() && figure.label.is_empty() {
                    figure.row = name.len();
                    above.clone_into(&mut figure.table);
                    figure.label = format!("{name}{}", column.name);
                }
                figure
            }));
        }
    }
    Some(found)
}

/// Whether a row goes on with the head above it, whose cells stretch over several columns: 补贴标准 over 调整前 and 调整后.
fn is_second_head(text: &str, first: &[Range<usize>], second: &[Range<usize>]) -> bool {
    let [one, next] = [first, second].map(|row| row.first().map_or("", |cell| of(text, cell)));
    let is_stretched = |pair: &[Range<usize>]| match pair {
        [name, behind] => of(text, behind).is_empty() || of(text, behind) == of(text, name),
        _ => false,
    };
    let holds = |is: fn(&str) -> bool| second.iter().any(|cell| is(of(text, cell)));
    first.len() == second.len()
        && (next.is_empty() || next == one)
        && first.windows(2).any(is_stretched)
        && holds(|cell| !cell.is_empty())
        && !holds(is_figure)
}

/// What each column is called, by both rows of the head, and the unit of its numbers.
fn heads<'t>(
    text: &'t str,
    first: &[Range<usize>],
    second: &[Range<usize>],
) -> Vec<(String, &'t str)> {
    let mut over = Head::default();
    let mut found = vec![];
    for (index, cell) in first.iter().enumerate() {
        let above = head(of(text, cell));
        let below = second.get(index).map(|cell| head(of(text, cell))).unwrap_or_default();
        let goes_on = above.name.is_empty() && !below.name.is_empty();
        over = if goes_on { over } else { above };
        let is_one = below.name.is_empty() || below.name == over.name;
        let name = format!("{}{}", over.name, if is_one { "" } else { below.name });
        let unit = [below.unit, over.unit].into_iter().find(|unit| !unit.is_empty());
        found.push((first_chars(&name, NAME_MAX).to_owned(), unit.unwrap_or_default()));
    }
    found
}

/// The figures of one cell; those that are named by nothing in it have an empty label.
fn in_cell(
    text: &str,
    cell: &Range<usize>,
    column: Head<'_>,
    skipped: &[Range<usize>],
) -> Vec<Figure> {
    let said = of(text, cell);
    if is_numbering(column.name, said) {
        return vec![];
    }
    let mut figures = if is_bare(said) {
        // 500 under 标准（元/月）
        find_in(&format!("{said}{}", column.unit), 0, &[])
            .into_iter()
            .map(|figure| Figure { range: cell.clone(), ..figure })
            .collect()
    } else {
        let begin = skipped.partition_point(|range| range.end <= cell.start);
        let skipped = skipped.get(begin..).unwrap_or_default();
        find_in(text.get(..cell.end).unwrap_or_default(), cell.start, skipped)
    };
    let is_former = FORMER.iter().any(|word| column.name.contains(word));
    for figure in &mut figures {
        if is_former {
            figure.part = Part::Former;
        }
        figure.lead = format!("{}：{}", column.name, figure.lead);
        if figure.rate.is_empty() {
            figure.rate = rate_of(column.unit);
        }
    }
    figures
}

/// 元/月 counts by the month.
fn rate_of(unit: &str) -> Rate {
    unit.find(['/', '／']).and_then(|at| unit.get(at..)).map(Rate::behind).unwrap_or_default()
}

/// A column's head, or a row's: 标准（元）, 金额(万元/年), 占比（%）.
fn head(text: &str) -> Head<'_> {
    let text = text.trim_matches('*').trim();
    let name = first_chars(text, NAME_MAX).trim_end();
    let whole = Head { name, unit: "" };
    let Some(open) = text.rfind(['（', '(']) else { return whole };
    let (before, rest) = text.split_at(open);
    let unit = rest.trim_start_matches(['（', '(']).trim_end_matches(['）', ')']).trim();
    let unit = unit.trim_start_matches("单位：").trim_start_matches("单位:");
    let unit = first_chars(unit, NAME_MAX);
    match read_quantity(&format!("1{unit}")) {
        Some(_) => Head { name: first_chars(before.trim(), NAME_MAX), unit },
        None => whole,
    }
}

/// A cell as the unit of its row's numbers, if it is nothing else: 元/月, but not 人民医院.
fn unit_of(cell: &str) -> &str {
    let counted = format!("1{cell}");
    let is_short = cell.chars().nth(NAME_MAX).is_none();
    let rest = read_quantity(&counted).and_then(|read| counted.get(read.len..));
    let is_unit = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '／']));
    if is_short && is_unit { cell } else { "" }
}

/// 单位：万元, above the table.
fn caption(before: &str) -> &str {
    let window = last_chars(before, CAPTION_MAX);
    let Some((_, unit)) = window.rsplit_once("单位：").or_else(|| window.rsplit_once("单位:"))
    else {
        // 收费标准一览表（元/人·月）
        let line = window.trim_end().rsplit('\n').next().unwrap_or_default();
        return if line.contains('表') { head(line).unit } else { "" };
    };
    unit.trim().trim_end_matches(['）', ')', '*'])
}

/// Signs of the number before a table's name.
const BEFORE: [char; 9] = ['、', '（', '）', '(', ')', '.', '#', '*', ' '];

/// The last line before a table, if it is short enough for a name: 收费标准：
fn above(before: &str) -> &str {
    let line = before.trim_end().rsplit('\n').next().unwrap_or_default();
    // 一、收费：, （二）补助, 表3
    let name =
        line.trim_start_matches(|c: char| is_spelled(c) || is_digit(c) || BEFORE.contains(&c));
    let is_short = name.chars().nth(CAPTION_MAX).is_none();
    if is_short { name } else { "" }
}

/// The cells of each row, without the blanks around them.
fn rows(text: &str) -> impl Iterator<Item = Vec<Range<usize>>> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let indent = line.len() - line.trim_start().len();
        let inner = line.trim().strip_prefix('|')?;
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        let mut from = start + indent + 1;
        Some(
            inner
                .split('|')
                .map(|cell| {
                    let begin = from + (cell.len() - cell.trim_start().len());
                    from += cell.len() + 1;
                    begin..begin + cell.trim().len()
                })
                .collect(),
        )
    })
}

fn of<'t>(text: &'t str, cell: &Range<usize>) -> &'t str {
    text.get(cell.clone()).unwrap_or_default()
}

/// |---|:--:|
fn is_rule(text: &str, row: &[Range<usize>]) -> bool {
    row.iter().all(|cell| of(text, cell).chars().all(|c| matches!(c, '-' | ':')))
}

/// 序号, or numbers under no head.
fn is_numbering(name: &str, cell: &str) -> bool {
    matches!(name, "序号" | "编号") || (name.is_empty() && (cell.is_empty() || is_bare(cell)))
}

/// Whether a cell holds one figure with its unit and nothing else: 100元.
fn is_amount(cell: &str) -> bool {
    let cell = cell.trim_matches('*').trim();
    read_quantity(cell).is_some_and(|read| read.len == cell.len() && !read.is_weak)
}

/// Whether a cell holds a number rather than a name: 500, 3-5, 500元, ¥500.
fn is_figure(cell: &str) -> bool {
    is_bare(cell)
        || read_quantity(cell.trim_start_matches(['*', '约'])).is_some_and(|read| !read.is_weak)
}

/// 1,200.5 and 3-5: no unit, nor anything else.
fn is_bare(cell: &str) -> bool {
    let is_part =
        |c: char| is_digit(c) || RANGE.contains(&c) || matches!(c, ',' | '，' | '.' | '*' | ' ');
    cell.contains(is_digit) && cell.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_figure_bears_a_name_longer_than_names_are() {
        let long = "名".repeat(30_000);
        for (head, row) in [
            (format!("|甲|{long}|"), "|乙|1元|".to_owned()),
            (format!("|甲|乙（元{long}）|"), "|乙|1|".to_owned()),
            ("|甲|乙|丙|".to_owned(), format!("|{long}|1元|2元|")),
            ("|甲".repeat(1_002), format!("{}|1元|2元|", "|乙丙".repeat(1_000))),
        ] {
            let table = format!("{head}\n{}", format!("{row}\n").repeat(10));
            let figures = find(&table, "", &[]).unwrap();
            assert!(figures.len() >= 10, "{}", figures.len());
            for Figure { label, lead, table, .. } in figures {
                assert!(label.len() + lead.len() + table.len() < 1_000, "{label} {lead}");
            }
        }
    }
}
