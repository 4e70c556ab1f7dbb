//! What a headline says of parts of a whole: 占六成, 过半, 三分之一. Checked of rows and columns that it names;
//! whose part else is meant is not certain.

use super::{FALLS, RISES, Table, amount};

/// The first share that no reading of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, table: &Table) -> Option<String> {
    headline.split(['，', ',', '；', '。']).find_map(|clause| find(clause, table))
}

fn find(clause: &str, table: &Table) -> Option<String> {
    // 增长三成 is a change, and no share.
    if RISES.iter().chain(&FALLS).any(|word| clause.contains(word)) {
        return None;
    }
    let named = Named::of(clause, table);
    if named.rows.is_empty() && named.series.is_empty() {
        return None;
    }
    let starts = clause.char_indices().filter_map(|(at, _)| Some((at, clause.get(at..)?)));
    let (at, amount, len) = starts.into_iter().find_map(|(at, rest)| {
        let (amount, len) = amount::read(rest)?;
        // Of shares alone: 65% may be the figure itself, 3倍 is none.
        let said = rest.get(..len)?;
        let is_share = said.contains(['成', '半', '之']) || clause.contains('占');
        (is_share && !said.contains('倍') && !amount.is_points).then_some((at, amount, len))
    })?;
    // 比窗口少一半 is a difference.
    const CHANGED: [char; 20] = [
        '少', '多', '低', '高', '短', '长', '快', '慢', '减', '增', '降', '升', '涨', '缩', '压',
        '省', '免', '调', '下', '砍',
    ];
    let before = clause.get(..at)?;
    let is_less = before.strip_suffix('了').unwrap_or(before).ends_with(CHANGED);
    if is_less || amount::is_negated(clause, at) {
        return None;
    }
    let shares = named.shares(table);
    let holds = |share: &f64| amount.bound.holds(*share, amount.share, amount.within);
    (!shares.is_empty() && !shares.iter().any(holds))
        .then(|| clause.get(at..at + len).unwrap_or_default().to_owned())
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
        Self { rows: rows.map(|(at, _)| at).collect(), series: series.map(|(at, _)| at).collect() }
    }

    /// Every share that they may be said to have: of a column, of a row, of everything; of another figure
    /// of their row; or the figure itself, where it is one in per cent.
    fn shares(&self, table: &Table) -> Vec<f64> {
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
        for one in &series {
            pairs.push((sum(&rows, &[*one]), sum(&all_rows, &[*one])));
        }
        for row in &rows {
            pairs.push((sum(&[*row], &series), sum(&[*row], &all_series)));
            for one in &series {
                pairs.push((value(*row, *one), 100.0));
                pairs.extend(
                    all_series.iter().map(|other| (value(*row, *one), value(*row, *other))),
                );
                // Of another row only where both are named: 甲街道是乙街道的三分之一.
                let others = self.rows.iter().filter(|_| self.rows.len() == 2);
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
