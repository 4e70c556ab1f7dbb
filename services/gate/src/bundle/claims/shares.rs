//! What a headline says of parts of a whole: 占六成, 过半, 三分之一. Checked of rows and columns that it names;
//! whose part else is meant is not certain.

use lockstep_proto::manifest::ChartKind;

use super::{
    Drawn, FALLS, RISES, Table,
    amount::{self, Bound},
    bounds::THINGS,
    course::{self, Grid},
    figures,
    scene::{Scene, clauses},
    times::{are_times, count},
    words::numbers,
};

/// The first share that no reading of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, drawn: &Drawn<'_>) -> Option<String> {
    let mut clauses = headline.split(['，', ',', '；', '。']);
    clauses.find_map(|clause| find(&spelled_out(clause, drawn.table), drawn))
}

/// 7月、8月 of 7、8月, where months are drawn.
fn spelled_out(clause: &str, table: &Table) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    let ends = |end: &char| table.rows.iter().all(|row| row.label.ends_with(*end));
    let Some(end) = ['月', '年', '日'].iter().find(|end| ends(end)) else {
        return clause.to_owned();
    };
    let parts: Vec<&str> = clause.split('、').collect();
    let mut said = String::new();
    for (at, part) in parts.iter().enumerate() {
        said.push_str(part);
        if let Some(next) = parts.get(at + 1) {
            if part.ends_with(is_digit) && next.starts_with(is_digit) {
                said.push(*end);
            }
            said.push('、');
        }
    }
    said
}

fn find(clause: &str, drawn: &Drawn<'_>) -> Option<String> {
    /// 减六成 is a change.
    const CHANGED: [char; 20] = [
        '少', '多', '低', '高', '短', '长', '快', '慢', '减', '增', '降', '升', '涨', '缩', '压',
        '省', '免', '调', '下', '砍',
    ];
    let table = drawn.table;
    // 增长三成 is a change, and no share.
    if RISES.iter().chain(&FALLS).any(|word| clause.contains(word)) {
        return None;
    }
    // 除南区外均超九成 is of the others.
    let others = clause.split_once('除').and_then(|(_, rest)| Some(rest.split_once('外')?.1));
    let named = Named::of(others.unwrap_or(clause), table);
    // A table's one column is its whole.
    if named.rows.is_empty() && (named.series.is_empty() || table.series.len() == 1) {
        return None;
    }
    let starts = clause.char_indices().filter_map(|(at, _)| Some((at, clause.get(at..)?)));
    let (at, amount, len) = starts.into_iter().find_map(|(at, rest)| {
        let (amount, len) = amount::read(rest)?;
        // 一天半 is no half of anything drawn.
        let is_counted = clause.get(..at)?.ends_with(['年', '天', '月', '时', '个', '倍', '点']);
        if rest.starts_with('半') && is_counted {
            return None;
        }
        // Of shares alone: 65% may be the figure itself, 3倍 is none.
        let said = rest.get(..len)?;
        let is_donut = drawn.kind == ChartKind::Donut && !is_per_cent(drawn.unit);
        let is_share = is_donut || said.contains(['成', '半', '之']) || clause.contains('占');
        (is_share && !said.contains('倍') && !amount.is_points).then_some((at, amount, len))
    })?;
    // 比窗口少一半 is a difference.
    let before = clause.get(..at)?;
    let is_less = before.strip_suffix('了').unwrap_or(before).ends_with(CHANGED);
    // 不足东街街道的六成: what bounds it stands apart.
    let is_bounded = amount.bound == Bound::Exact
        && ["不足", "不到", "超过", "超", "近", "约"].iter().any(|word| before.contains(word));
    if is_less || is_bounded || amount::is_negated(clause, at) {
        return None;
    }
    // 教育和社保占一半: who else is meant is called otherwise there.
    let count = named.rows.len().max(named.series.len());
    if before.matches(['和', '与', '及', '、']).count() >= count {
        return None;
    }
    // 小学占比 is of the whole; 合计占 of what they have together.
    let are_together = ["合计", "共占", "总共", "集中在"].iter().any(|word| clause.contains(word))
        || is_counted(clause, named.rows.len());
    let shares = if are_together && named.rows.len().max(named.series.len()) > 1 {
        named.sums(table)
    } else {
        let is_of_whole = clause.contains("占比") || clause.contains("比重");
        named.shares(table, is_of_whole, is_per_cent(drawn.unit))
    };
    let holds = |share: &f64| amount.bound.holds(*share, amount.share, amount.within);
    (!shares.is_empty() && !shares.iter().any(holds))
        .then(|| clause.get(at..at + len).unwrap_or_default().to_owned())
}

/// 东街、西河两街道占六成: so many as are named, together.
fn is_counted(clause: &str, named: usize) -> bool {
    let Some((before, _)) = clause.split_once('占') else { return false };
    let mut counts = numbers(before).into_iter();
    let is_thing = |rest: &str| {
        let rest = rest.strip_prefix('个').unwrap_or(rest);
        THINGS.contains(&rest) || ["项", "者", "地", "家", "所", "种"].contains(&rest)
    };
    named > 1
        && counts.any(|(_, end, count)| count == named && before.get(end..).is_some_and(is_thing))
}

/// Whether figures of this unit, or of one that each names itself, may be shares.
fn is_per_cent(unit: &str) -> bool {
    unit.is_empty() || unit.contains(['%', '％'])
}

/// 前两名合计占全市七成, 东城区、西城区合计超过110万人, where they do not.
pub(super) fn find_total(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let is_wrong = |clause: &&str| {
        is_other_top(clause, scene) || is_other_share(clause, scene) || is_other_sum(clause, scene)
    };
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

/// 前两名合计占七成, where the greatest two have another share in every column.
fn is_other_top(clause: &str, scene: &Scene<'_>) -> bool {
    let Some((before, behind)) = clause.split_once('前') else { return false };
    let end = ["名", "位", "大", "项", "类"].iter().filter_map(|word| behind.find(word)).min();
    let Some(count) = end.and_then(|end| behind.get(..end)).and_then(count) else { return false };
    let Some((_, share)) = behind.split_once('占') else { return false };
    let share = ["全市的", "全市", "全区", "全省", "总量的", "全部的", "比达", "比"]
        .iter()
        .find_map(|word| share.strip_prefix(word))
        .unwrap_or(share);
    let Some((amount, len)) = amount::read(share) else { return false };
    if !before.is_empty() || len < share.len() || scene.rows.are_times || count >= scene.rows.len()
    {
        return false;
    }
    // 其他 is none of those that are ranked.
    let is_rest =
        |row: &usize| scene.rows.names.get(*row).is_some_and(|name| course::is_rest(name));
    let ranked: Vec<usize> = (0..scene.rows.len()).filter(|row| !is_rest(row)).collect();
    let columns = scene.series.all().into_iter().map(|one| vec![one]).chain([scene.series.all()]);
    let columns: Vec<Vec<usize>> = columns.collect();
    let of = |column: &Vec<usize>| {
        let of = |row: &usize| scene.values(&[*row], column).iter().sum::<f64>();
        let whole: f64 = scene.rows.all().iter().map(of).sum();
        let mut sorted: Vec<f64> = ranked.iter().map(of).collect();
        sorted.sort_by(|a, b| b.total_cmp(a));
        (sorted.iter().take(count).sum::<f64>(), whole)
    };
    let holds = |share: f64| amount.bound.holds(share, amount.share, amount.within);
    // Of a whole that is not all drawn it would be less.
    let is_wrong = |(top, whole): (f64, f64)| {
        let is_itself = is_per_cent(scene.drawn.unit) && holds(top / 100.0);
        whole > 0.0 && !holds(top / whole) && !is_itself && amount.share > top / whole
    };
    columns.iter().map(of).all(is_wrong)
}

/// 设备与校舍合计占八成 of 设备购置 and 校舍维修, where they have another share in every column.
fn is_other_share(clause: &str, scene: &Scene<'_>) -> bool {
    let Some((listed, share)) = clause.split_once("合计占") else { return false };
    let share = ["比达", "比", "总额的", "全部的", "总量的", "全市的", "全区的"]
        .iter()
        .find_map(|word| share.strip_prefix(word))
        .unwrap_or(share);
    let Some((amount, len)) = amount::read(share) else { return false };
    let one = |name: &str| {
        let begins = |label: &&str| name.chars().count() > 1 && label.starts_with(name);
        let mut rows = scene.rows.names.iter().enumerate().filter(|(_, label)| begins(label));
        let (Some((row, _)), None) = (rows.next(), rows.next()) else { return None };
        Some(row)
    };
    let rows: Option<Vec<usize>> = listed.split(['与', '和', '及', '、']).map(one).collect();
    let Some(rows) = rows.filter(|rows| rows.len() > 1 && len == share.len()) else { return false };
    let columns = scene.series.all().into_iter().map(|one| vec![one]).chain([scene.series.all()]);
    let holds = |share: f64| amount.bound.holds(share, amount.share, amount.within);
    let is_so = |column: Vec<usize>| {
        let of = |rows: &[usize]| scene.values(rows, &column).iter().sum::<f64>();
        let (own, whole) = (of(&rows), of(&scene.rows.all()));
        // Per cents may be the figures themselves.
        whole <= 0.0 || holds(own / whole) || (is_per_cent(scene.drawn.unit) && holds(own / 100.0))
    };
    !columns.into_iter().any(is_so)
}

/// 东城区、西城区合计超过110万人, where they have less together.
fn is_other_sum(clause: &str, scene: &Scene<'_>) -> bool {
    const TOTAL: [&str; 4] = ["合计", "共计", "总计", "之和"];
    let figures = figures::read(clause, scene.units);
    let mut figures =
        figures.iter().filter(|figure| figure.unit.is_some_and(|unit| !unit.is_share));
    let (Some(figure), None) = (figures.next(), figures.next()) else { return false };
    let before = clause.get(..figure.range.start).unwrap_or_default();
    let (rows, series) = (scene.rows.said(before), scene.series.said(before));
    let is_one =
        (rows.len() > 1 && !scene.rows.are_times) || (series.len() > 1 && !scene.series.are_times);
    // 老年人口合计1万人 is of all streets.
    let is_column = rows.is_empty() && series.len() == 1 && !scene.rows.are_in_order();
    let is_one = is_one || (is_column && scene.rows.len() > 1 && scene.series.len() > 1);
    let is_total = TOTAL.iter().any(|word| before.contains(word));
    if !(is_total || (is_column && before.ends_with('共')))
        || !is_one
        || before.contains(['等', '增', '减', '占', '比', '升', '降'])
        || matches!(figure.bound, Bound::Near | Bound::Nearly)
    {
        return false;
    }
    let (all_rows, all_series) = (scene.rows.all(), scene.series.all());
    let or_all =
        |said: &[usize], all: &[usize]| if said.is_empty() { all.to_vec() } else { said.to_vec() };
    let (own_rows, own_series) = (or_all(&rows, &all_rows), or_all(&series, &all_series));
    let sum = |rows: &[usize], series: &[usize]| scene.values(rows, series).iter().sum::<f64>();
    // What was and what is are not added up.
    let are_parts = !scene.rows.are_in_order() && !scene.series.are_in_order();
    let mut sums = if are_parts { vec![sum(&own_rows, &own_series)] } else { vec![] };
    sums.extend(own_series.iter().map(|one| sum(&own_rows, &[*one])));
    sums.extend(own_rows.iter().map(|row| sum(&[*row], &own_series)));
    let holds = |sum: &f64| match figure.bound {
        Bound::Exact | Bound::Near | Bound::Nearly => figure.is(*sum, scene.units),
        Bound::Above | Bound::Below | Bound::AtMost => figure.is_met_by(*sum, scene.units),
    };
    !sums.iter().any(holds)
}

/// Rows and columns whose names a clause says.
struct Named {
    rows: Vec<usize>,
    series: Vec<usize>,
}

impl Named {
    fn of(clause: &str, table: &Table) -> Self {
        let said = |name: &str| name.chars().count() > 1 && clause.contains(name);
        let rows = table.rows.iter().enumerate().filter(|(_, row)| said(&row.label));
        let series = table.series.iter().enumerate().filter(|(_, name)| said(name));
        let mut rows: Vec<usize> = rows.map(|(at, _)| at).collect();
        if rows.is_empty() {
            // 东街、西河 of 东街街道 and 西河街道: one alone may be part of another name.
            let short = table.rows.iter().map(|row| {
                let ends = ["街道", "镇", "乡", "区", "县", "市"];
                ends.iter().find_map(|end| row.label.strip_suffix(end)).unwrap_or(&row.label)
            });
            rows.extend(short.enumerate().filter(|(_, name)| said(name)).map(|(at, _)| at));
            if rows.len() < 2 || !is_counted(clause, rows.len()) {
                rows.clear();
            }
        }
        Self { rows, series: series.map(|(at, _)| at).collect() }
    }

    /// The share of all of them together: of a column, of a row, of everything; in per cent also the sum itself.
    fn sums(&self, table: &Table) -> Vec<f64> {
        let grid = Grid::of(table);
        let part = |line: &[Option<f64>], named: &[usize]| -> f64 {
            let is_named = |at: &usize| named.is_empty() || named.contains(at);
            let own = line.iter().enumerate().filter(|(at, _)| is_named(at));
            own.filter_map(|(_, value)| *value).sum()
        };
        let mut shares = vec![];
        let mut add = |own: f64, whole: f64| {
            // Per cents of which some are left out.
            if whole <= 101.0 {
                shares.push(own / 100.0);
            }
            if whole > 0.0 {
                shares.push(own / whole);
            }
        };
        for (grid, named) in [(grid.turned(), &self.rows), (grid, &self.series)] {
            if named.len() < 2 {
                continue;
            }
            let lines: Vec<Vec<Option<f64>>> =
                (0..grid.len()).filter_map(|at| Some(grid.line(at)?.to_vec())).collect();
            let (mut own, mut whole) = (0.0, 0.0);
            for line in &lines {
                let (a, b) = (part(line, named), part(line, &[]));
                add(a, b);
                own += a;
                whole += b;
            }
            add(own, whole);
        }
        shares
    }

    /// Every share that they may be said to have: of a column, of a row, of everything; of another figure
    /// of their row; or the figure itself, where it is one in per cent.
    fn shares(&self, table: &Table, is_of_whole: bool, is_per_cent: bool) -> Vec<f64> {
        let value = |row: usize, series: usize| {
            let cell = table.rows.get(row).and_then(|row| row.cells.get(series));
            cell.and_then(|cell| cell.value).unwrap_or(0.0)
        };
        let (all_rows, all_series): (Vec<_>, Vec<_>) =
            ((0..table.rows.len()).collect(), (0..table.series.len()).collect());
        let sum = |rows: &[usize], series: &[usize]| {
            let cells = rows.iter().flat_map(|row| series.iter().map(|one| value(*row, *one)));
            cells.sum::<f64>()
        };
        let or_all = |named: &Vec<usize>, all: &Vec<usize>| {
            if named.is_empty() { all.clone() } else { named.clone() }
        };
        let (rows, series) = (or_all(&self.rows, &all_rows), or_all(&self.series, &all_series));
        let mut pairs = vec![(sum(&rows, &series), sum(&all_rows, &all_series))];
        // 2025年初中 is of that year's, not of all years'; and a whole is no part of itself.
        let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
        let is_of_column = !self.rows.is_empty() && (self.series.is_empty() || !are_times(&labels));
        for one in series.iter().filter(|_| is_of_column) {
            pairs.push((sum(&rows, &[*one]), sum(&all_rows, &[*one])));
        }
        for row in &rows {
            if !self.series.is_empty() {
                pairs.push((sum(&[*row], &series), sum(&[*row], &all_series)));
            }
            for one in &series {
                if is_per_cent {
                    pairs.push((value(*row, *one), 100.0));
                }
                let others = all_series.iter().filter(|other| !is_of_whole && *other != one);
                pairs.extend(others.map(|other| (value(*row, *one), value(*row, *other))));
                // Of another row only where both are named: 甲街道是乙街道的三分之一.
                let others = self.rows.iter().filter(|other| self.rows.len() == 2 && *other != row);
                pairs.extend(others.map(|other| (value(*row, *one), value(*other, *one))));
            }
        }
        pairs
            .into_iter()
            .filter(|(_, whole)| *whole > 0.0)
            .map(|(part, whole)| part / whole)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{super::Cell, Row, Table, find_unfounded};

    #[test]
    fn a_share_is_that_of_what_is_named() {
        let row = |(label, value): (&str, f64)| Row {
            label: label.to_owned(),
            cells: vec![Cell { text: value.to_string(), value: Some(value) }],
        };
        let rows = [("教学设备", 45.0), ("校舍维修", 20.0), ("教师培训", 35.0)].map(row).into();
        let table = Table { series: vec!["金额".to_owned()], rows };
        for (headline, unfounded) in [
            ("教学设备占四成五", None),
            ("教学设备和校舍维修占六成以上", None),
            ("教学设备过半", Some("过半")),
            ("教学设备占近一半", None),
            ("教师培训占三分之一", None),
            ("校舍维修占三分之一", Some("三分之一")),
            ("校舍维修占比不到三成", None),
            ("校舍维修超过三成", Some("超过三成")),
            ("校舍维修未过半", None),
            ("教师培训占35%", None),
            ("教师培训占25%", Some("25%")),
            ("六成资金用于设备", None),
            ("上半年教师培训", None),
            ("校舍维修一成不变", None),
            ("校舍维修比教学设备少一半", None),
        ] {
            assert_eq!(find_unfounded(headline, &table, "").as_deref(), unfounded, "{headline}");
        }
    }
}
