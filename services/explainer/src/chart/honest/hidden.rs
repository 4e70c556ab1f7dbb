//! Sums among their parts, whatever they are called: 义务教育 beside 小学 and 初中, 共收到 beside what became of it.

use lockstep_proto::manifest::ChartKind;

use super::super::{
    Undrawable,
    content::{Content, Figure},
};
use super::parts::SUM_OF_OTHERS;
use super::{are_per_cents, of_series, sum};

/// Of less it may come about by chance.
const FIGURE_MIN: f64 = 10.0;
/// What is no total, and who bears the cost: one may well bear as much as all others.
const PARTS: [&str; 18] = [
    "级", "中央", "省", "市", "县", "区", "镇", "乡", "村", "财政", "自筹", "配套", "补", "个人",
    "单位", "企业", "其他", "其余",
];

pub(super) fn check_hidden(kind: ChartKind, content: &Content) -> Result<(), Undrawable> {
    use ChartKind::{Donut, FullBar, FullColumn, StackedBar, StackedColumn};
    let has_series = matches!(kind, StackedBar | StackedColumn | FullBar | FullColumn);
    if are_per_cents(content) || !(has_series || kind == Donut) {
        return Ok(());
    }
    let labels: Vec<&String> = content.rows.iter().map(|row| &row.label).collect();
    let columns = |count: usize| -> Vec<Vec<&Figure>> {
        let column = |at: usize| content.rows.iter().filter_map(|row| row.cells.get(at)).collect();
        (0..count).map(column).collect()
    };
    if kind == Donut {
        let half = ["一半", "半数", "50%", "五成", "对半"];
        let is_said = [&content.head.headline, &content.head.subtitle]
            .iter()
            .any(|text| half.iter().any(|word| text.contains(word)));
        let found = if is_said { None } else { find_sum(&labels, &columns(1)) };
        let found = found.filter(|at| !are_alike(&labels, *at));
        return of_row(content, found, WHOLE);
    }
    let names: Vec<&String> = content.series.iter().collect();
    let rows: Vec<Vec<&Figure>> =
        content.rows.iter().map(|row| row.cells.iter().collect()).collect();
    if let Some(at) = find_often(&names, &rows) {
        return Err(of_series(content, at, SUM_OF_OTHERS));
    }
    // A row of all has shares of its own that others may be held against.
    if matches!(kind, StackedBar | StackedColumn) {
        let found = find_often(&labels, &columns(content.series.len()));
        return of_row(content, found, SUM_OF_ROWS);
    }
    Ok(())
}

/// Of two cases or more, the part that is the sum of the others in all, where it is not half by fixed shares (5:3:2).
fn find_often(names: &[&String], cases: &[Vec<&Figure>]) -> Option<usize> {
    const CASES_MIN: usize = 2;
    /// 60 of 100 and 65 of 110 are no fixed share.
    const SAME: f64 = 0.002;
    let at = find_sum(names, cases).filter(|_| cases.len() >= CASES_MIN)?;
    let share =
        |case: &Vec<&Figure>, part: usize| Some(case.get(part)?.value? / case.get(at)?.value?);
    let varies = (0..names.len()).any(|part| {
        let mut shares = cases.iter().filter_map(|case| share(case, part));
        let first = shares.next().unwrap_or(0.0);
        shares.any(|share| (share - first).abs() > SAME)
    });
    varies.then_some(at)
}

/// The part that is the sum of the others in every case.
fn find_sum(names: &[&String], cases: &[Vec<&Figure>]) -> Option<usize> {
    let is_part = |name: &&String| PARTS.iter().any(|word| name.contains(word));
    if names.len() < 3 || names.iter().any(is_part) {
        return None;
    }
    let is_sum = |at: usize| {
        cases.iter().all(|case| {
            let (all, rounding) = sum(case.iter().copied());
            let are_many =
                case.iter().filter(|cell| cell.value.is_some_and(|v| v > 0.0)).count() > 2;
            let own = case.get(at).and_then(|cell| cell.value).unwrap_or(0.0);
            // As exact as the figures are written: 1.5 is 0.8 and 0.7, not 0.9 and 0.7.
            let nearly = if rounding < 0.5 { rounding / 10.0 } else { 1e-6 };
            are_many && own >= FIGURE_MIN && (all - own - own).abs() <= nearly
        })
    };
    // The greatest alone can be it; one case tells which that is.
    let first = cases.first()?;
    let values = first.iter().map(|cell| cell.value.unwrap_or(0.0)).enumerate();
    let (at, _) = values.reduce(|most, part| if part.1 > most.1 { part } else { most })?;
    is_sum(at).then_some(at)
}

/// Whether names are formed alike, as those of parts beside each other are: 0—14岁, 15—59岁 and 60岁以上; 青年, 中年 and
/// 老年. 学生 beside 男学生 and 女学生 is their whole, and so is 全区学生 beside 男生 and 女生.
fn are_alike(names: &[&String], at: usize) -> bool {
    const WHOLES: [&str; 6] = ["全", "总", "共", "各", "所有", "合计"];
    let last = |name: &&String| name.chars().next_back();
    let own = names.get(at).map_or("", |name| name.as_str());
    let holds = |(other, name): (usize, &&String)| other != at && name.contains(own);
    let is_whole =
        WHOLES.iter().any(|word| own.starts_with(word)) || names.iter().enumerate().any(holds);
    let are_numbered = names.iter().all(|name| name.contains(|c: char| c.is_ascii_digit()));
    let end = names.first().and_then(last);
    !is_whole && (are_numbered || names.iter().all(|name| last(name) == end))
}

fn of_row(content: &Content, row: Option<usize>, why: [&'static str; 2]) -> Result<(), Undrawable> {
    let Some((row, item)) = row.and_then(|at| Some((at, content.rows.get(at)?))) else {
        return Ok(());
    };
    Err(Undrawable::Row { row: row + 1, label: item.label.clone(), why })
}

const WHOLE: [&str; 2] = [
    "正好是其他各行之和，应是总数，不是其中一个部分；请删去该行。若确占一半，请在标题或副题写明“占一半”",
    "is the sum of the other rows, a total and none of the parts; leave it out. Where it is one half indeed, say so in the \
     headline or subtitle (占一半)",
];
const SUM_OF_ROWS: [&str; 2] = [
    "每一列都正好是其他各行之和，是总数，不能与各部分并列；请删去该行",
    "is the sum of the other rows in every column and stands beside none of its parts; leave it out",
];
