//! What a headline says of rules before and after, and of when a plan begins and ends: 门诊报销比例下调, 新增两项, 3月启动.

use lockstep_proto::manifest::ChartKind;

use super::{
    Drawn, Row, Table,
    amount::is_negated,
    changes::{SHORT, directions},
    scene::clauses,
    words::numbers,
};

/// The first such claim that the cells tell otherwise, as it is written.
pub(super) fn find(headline: &str, drawn: &Drawn<'_>) -> Option<String> {
    let table = drawn.table;
    let is_wrong = |clause: &&str| {
        if drawn.kind == ChartKind::Compare {
            goes_otherwise(clause, table) || counts_otherwise(clause, table)
        } else {
            drawn.kind == ChartKind::Gantt && is_at_other_month(clause, table)
        }
    };
    let found = clauses(headline).into_iter().find(is_wrong)?;
    (!drawn.policy.contains(found)).then(|| found.to_owned())
}

/// 门诊报销比例下调, where it goes from 60% to 70%.
fn goes_otherwise(clause: &str, table: &Table) -> bool {
    let words =
        directions().chain(SHORT.into_iter().filter(|(word, _)| word.len() > '降'.len_utf8()));
    let mut found = words.filter_map(|(word, falls)| Some((clause.strip_suffix(word)?, falls)));
    let Some((subject, falls)) = found.next() else { return false };
    let subject = subject.trim_end_matches(['均', '都', '已']);
    let subject = ["有所", "大幅", "进一步", "适当"]
        .iter()
        .find_map(|word| subject.strip_suffix(word))
        .unwrap_or(subject);
    if subject.chars().count() < 2 || is_negated(clause, subject.len()) {
        return false;
    }
    // 报销比例 of 门诊报销比例, where no other row is called so.
    let mut rows = table.rows.iter().filter(|row| row.label.ends_with(subject));
    let (Some(row), None) = (rows.next(), rows.next()) else { return false };
    ends(row).is_some_and(|(from, to)| if falls { to > from } else { to < from })
}

/// What a row was and what it is, where both are one figure with the same words around it.
fn ends(row: &Row) -> Option<(f64, f64)> {
    let [first, .., last] = row.cells.as_slice() else { return None };
    let (from, around) = quantity(&first.text)?;
    let (to, other) = quantity(&last.text)?;
    (around == other).then_some((from, to))
}

/// The one figure of a text, and the words without it.
fn quantity(text: &str) -> Option<(f64, String)> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = text.get(start..)?;
    let end = start + rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let (before, behind) = (text.get(..start)?, text.get(end..)?);
    let has_more = behind.contains(|c: char| c.is_ascii_digit()) || !numbers(behind).is_empty();
    let value = text.get(start..end)?.parse().ok()?;
    (!has_more && numbers(before).is_empty()).then(|| (value, format!("{before}_{behind}")))
}

/// 新增两项, where one is new.
fn counts_otherwise(clause: &str, table: &Table) -> bool {
    const RULES: [&str; 5] = ["", "规定", "政策", "措施", "待遇"];
    let words = [("新增", 0), ("调整", 1)];
    let found = words.iter().find_map(|(word, what)| Some((clause.strip_prefix(word)?, *what)));
    let Some((rest, what)) = found else { return false };
    let found = numbers(rest);
    let [(0, end, count)] = found.as_slice() else { return false };
    let behind = rest.get(*end..).and_then(|behind| behind.strip_prefix('项'));
    if !behind.is_some_and(|behind| RULES.contains(&behind)) {
        return false;
    }
    let is_empty = |text: &str| ["", "无", "—", "——", "-", "/"].contains(&text.trim());
    let (mut new, mut gone, mut changed) = (0, 0, 0);
    for row in &table.rows {
        let [first, .., last] = row.cells.as_slice() else { return false };
        let (was, is) = (first.text.trim(), last.text.trim());
        // 两项 may stand in one cell.
        if is.contains(['、', '；', ';']) {
            return false;
        }
        match (is_empty(was), is_empty(is)) {
            (true, false) => new += 1,
            (false, true) => gone += 1,
            _ if was != is => changed += 1,
            _ => {}
        }
    }
    let all = new + gone + changed;
    let can_be = if what == 0 { vec![new] } else { vec![changed, all, table.rows.len()] };
    all > 0 && !can_be.contains(count)
}

/// 3月启动, where the first task begins in April; 8月完成, where the last one ends in July.
fn is_at_other_month(clause: &str, table: &Table) -> bool {
    let months = |column: usize| -> Option<Vec<(u32, u32)>> {
        table.rows.iter().map(|row| month(&row.cells.get(column)?.text)).collect()
    };
    let (Some(begins), Some(ends)) = (months(0), months(1)) else { return false };
    let (Some(first), Some(last)) = (begins.iter().min(), ends.iter().max()) else { return false };
    // 3月 of two years, and nobody knows which is meant.
    if first.0 != last.0 || table.rows.iter().any(|row| clause.contains(&row.label)) {
        return false;
    }
    let Some((said, rest)) = clause.split_once('月') else { return false };
    let Some(said) = said.parse::<u32>().ok().filter(|month| (1..=12).contains(month)) else {
        return false;
    };
    let rest = rest.strip_prefix(['底', '末', '初', '份']).unwrap_or(rest);
    match rest {
        "启动" | "正式启动" | "全面启动" => said != first.1,
        "完成" | "全部完成" | "全面完成" => said != last.1,
        "前完成" | "前全部完成" | "前全面完成" => said < last.1,
        _ => false,
    }
}

/// The year and the month of 2027-04-08 or 2027年4月8日.
fn month(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().split(['-', '/', '.', '年', '月', '日']);
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    ((1900..2200).contains(&year) && (1..=12).contains(&month)).then_some((year, month))
}
