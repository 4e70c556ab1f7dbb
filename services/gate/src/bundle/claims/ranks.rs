//! What a headline says of ranks: 最高, 最少, 居首, 倒数第二, 仅次于. A claim that any reading of the data bears out is
//! let pass.

use super::{
    FALLS, Table, clause_of,
    course::{CHANGED, Grid, named},
    gains,
    times::{are_times, said_at},
};

/// The first claim that no reading of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, table: &Table) -> Option<String> {
    find_rank(headline, table).or_else(|| find_place(headline, table))
}

pub(super) const GREATEST: [&str; 4] = ["最高", "最多", "最大", "最长"];

/// What compares with other times.
const OF_YEARS: [&str; 5] = ["近年", "历年", "历史", "年来", "同期"];
pub(super) const LEAST: [&str; 4] = ["最低", "最少", "最小", "最短"];

/// Places in a row of all, from the greatest; a place is said with a word before it.
const PLACES: [(&str, usize); 15] = [
    ("首", 1),
    ("榜首", 1),
    ("首位", 1),
    ("第一", 1),
    ("第1", 1),
    ("第二", 2),
    ("第2", 2),
    ("第三", 3),
    ("第3", 3),
    ("第四", 4),
    ("第4", 4),
    ("第五", 5),
    ("第5", 5),
    ("第六", 6),
    ("第6", 6),
];

const LAST_OF_ALL: usize = usize::MAX;

const LAST: [&str; 3] = ["居末", "垫底", "末位"];

const BEFORE_PLACES: [&str; 6] = ["位居", "排名", "居", "列", "排在", "排"];

/// What makes no place of it: 排在第一季度.
const NO_PLACES: [char; 8] = ['季', '批', '阶', '期', '年', '次', '轮', '个'];

/// Where the least come first, as in 等候时间最短.
const LEAST_FIRST: [char; 6] = ['短', '低', '少', '快', '降', '减'];

/// What follows where no rank is meant: 最低生活保障, 最多跑一次, 最高人民法院, 最高不超过.
const NO_RANKS: [&str; 11] =
    ["生活", "工资", "保障", "限", "人民", "跑", "不", "可", "标准", "程度", "化"];

fn find_rank(headline: &str, table: &Table) -> Option<String> {
    let words = GREATEST.iter().map(|word| (*word, true));
    let words = words.chain(LEAST.iter().map(|word| (*word, false)));
    let mut claims: Vec<(usize, &str, bool)> = words
        .flat_map(|(word, is_greatest)| {
            headline.match_indices(word).map(move |(at, word)| (at, word, is_greatest))
        })
        .collect();
    claims.sort_unstable();
    let (rows, series) = (Grid::of(table), Grid::of(table).turned());
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let names: Vec<&str> = table.series.iter().map(String::as_str).collect();
    // 其他 has no rank.
    let (rows, series) = (rows.without_rest(&labels), series.without_rest(&names));
    claims.into_iter().find_map(|(at, word, is_greatest)| {
        let (before, behind) = (headline.get(..at)?, headline.get(at + word.len()..)?);
        // 最低与最高 are columns here.
        let is_name = |name: &&&str| {
            name.starts_with(word)
                && headline.get(at..).is_some_and(|rest| rest.starts_with(**name))
        };
        if labels.iter().chain(&names).any(|name| is_name(&name)) {
            return None;
        }
        if NO_RANKS.iter().any(|other| behind.starts_with(other))
            || behind.starts_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        // 增长最多 is of how far each came.
        if gains::is_ranked(before, table) {
            return None;
        }
        // 最低的南苑街道 behind 是 is of what follows.
        let is_other = before.ends_with(['是', '为', '比', '较']) && behind.starts_with('的');
        if is_other {
            return None;
        }
        let candidates: Vec<(usize, usize, &Grid)> = [(&labels, &rows), (&names, &series)]
            .into_iter()
            .filter_map(|(names, grid)| {
                let (end, index) =
                    last_named(before, names).or_else(|| last_time(before, names))?;
                (names.len() > 1).then_some((end, index, grid))
            })
            .collect();
        let place = candidates.iter().map(|(end, ..)| *end).max()?;
        // 2022年户籍人口最多: of the years, or of what stands beside each other in that one.
        let start = before.get(..place)?.rfind(['，', ',', '；', '。', '、']).unwrap_or(0);
        // 减少最多 is the least of changes.
        let clause = before.get(place..)?;
        // 9月以来最高 is of another month, 近年最多 of other years than none that are drawn.
        let is_of_times = are_times(&labels) || are_times(&names);
        let is_of_others = OF_YEARS.iter().any(|word| clause.contains(word)) && !is_of_times;
        if is_of_others || clause.contains("以来") {
            return None;
        }
        let falls = FALLS.iter().any(|word| clause.contains(word));
        // 初中最多 is of the figures, 增加最多 of what they grew by.
        let is_so = |(_, named, grid): &(usize, usize, &Grid)| {
            let others = readings(headline, clause_of(headline, at), (grid, table));
            others.iter().any(|reading| {
                let is_first = |greatest: bool| is_first(reading, *named, greatest);
                is_first(is_greatest) || (falls && is_first(!is_greatest))
            })
        };
        let here = || candidates.iter().filter(|(end, ..)| *end > start);
        let is_borne_out = match here().collect::<Vec<_>>().as_slice() {
            // 2024年丙区最高: of the districts in that year, or of the years in that district.
            [(_, row, rows), (_, one, columns)]
                if is_of_times && !clause_of(headline, at).contains(CHANGED) =>
            {
                let of = |grid: &Grid, line: usize, own: usize| {
                    grid.line(line).is_none_or(|line| is_first(line, own, is_greatest))
                };
                of(columns, *one, *row) || of(rows, *row, *one)
            }
            _ => here().any(is_so),
        };
        let from = before.get(..place).map_or(0, |named| {
            let names = labels.iter().chain(&names);
            named.len() - names.filter(|n| named.ends_with(**n)).map(|n| n.len()).max().unwrap_or(0)
        });
        let end = at + word.len();
        (!is_borne_out).then(|| headline.get(from..end).unwrap_or(word).to_owned())
    })
}

/// What is ranked: figures, how far they came, how far they lie apart.
fn readings(headline: &str, clause: &str, (grid, table): (&Grid, &Table)) -> Vec<Vec<Option<f64>>> {
    /// Of nothing but what lies between two.
    const APART: [&str; 7] = ["温差", "价差", "差额", "相差", "落差", "差距", "跨度"];
    /// Of that too.
    const WIDE: [&str; 4] = ["波动", "悬殊", "差异", "极差"];
    let mut names = table.rows.iter().map(|row| &row.label).chain(&table.series);
    let mut is_drawn = |word: &str| names.any(|name| name.contains(word));
    let says = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    let is_apart = says(clause, &APART);
    let of_changes = headline.contains(CHANGED);
    if !(is_apart || says(headline, &APART) || says(headline, &WIDE))
        || APART.iter().any(|word| clause.contains(word) && is_drawn(word))
    {
        return grid.readings(of_changes);
    }
    if is_apart && table.series.len() == 2 {
        return grid.spreads();
    }
    [grid.readings(of_changes), grid.spreads()].concat()
}

/// 居首, 排名第二, 居末位, of the one that its clause names.
fn find_place(headline: &str, table: &Table) -> Option<String> {
    let rows: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let series: Vec<&str> = table.series.iter().map(String::as_str).collect();
    let grid = Grid::of(table);
    headline.split(['，', ',', '；', '。']).find_map(|clause| {
        if let Some((one, other)) = clause.split_once("仅次于") {
            return is_not_next((one, other), &rows, &grid).then(|| clause.to_owned());
        }
        let place = from_last(clause).or_else(|| place_said(clause))?;
        let [index] = named(clause, &rows).try_into().ok()?;
        let mut readings = readings(headline, clause, (&grid, table));
        // 2025年乙区居第二 is of that year.
        if let ([one], false) = (times_said(clause, &series).as_slice(), clause.contains(CHANGED)) {
            let column = grid.turned().line(*one).map(<[_]>::to_vec);
            readings = column.into_iter().collect();
        }
        let is_so = readings.iter().any(|reading| {
            let Some(own) = reading.get(index).copied().flatten() else { return false };
            let others: Vec<f64> = reading.iter().flatten().copied().collect();
            let more = others.iter().filter(|other| **other > own).count();
            let less = others.iter().filter(|other| **other < own).count();
            // Of two alike, each has the place of both.
            let is_at = |place: usize, before: usize, after: usize| {
                before < place && place <= others.len() - after
            };
            match place {
                // 倒数第二 of six, by what they have or lack.
                place if clause.contains("倒数") => {
                    is_at(place, less, more)
                        || (clause.contains(LEAST_FIRST) && is_at(place, more, less))
                }
                LAST_OF_ALL => less == 0 || (clause.contains(LEAST_FIRST) && more == 0),
                1 => more == 0 || (clause.contains(LEAST_FIRST) && less == 0),
                // From below only where that is said, here or of another: 新港镇最少，北岭镇位居第二.
                place => {
                    is_at(place, more, less)
                        || (headline.contains(LEAST_FIRST) && is_at(place, less, more))
                }
            }
        });
        (rows.len() > 1 && !is_so).then(|| clause.to_owned())
    })
}

/// 西城区仅次于南湖区, where others lie between, or it is the other way round.
fn is_not_next((one, other): (&str, &str), rows: &[&str], grid: &Grid) -> bool {
    let is_changed = one.contains(CHANGED);
    let (Ok([one]), Ok([other])) =
        (<[usize; 1]>::try_from(named(one, rows)), <[usize; 1]>::try_from(named(other, rows)))
    else {
        return false;
    };
    let is_next = |reading: &Vec<Option<f64>>| {
        let of = |at: usize| reading.get(at).copied().flatten();
        let (Some(own), Some(first)) = (of(one), of(other)) else { return false };
        let lies_between =
            |value: &f64| (own < *value && *value < first) || (own > *value && *value > first);
        !reading.iter().flatten().any(lies_between)
    };
    one != other && !grid.readings(is_changed).iter().any(is_next)
}

/// The points in time that a clause names.
fn times_said(clause: &str, names: &[&str]) -> Vec<usize> {
    let is_said = |at: &usize| names.get(*at).is_some_and(|name| said_at(clause, name).is_some());
    if are_times(names) { (0..names.len()).filter(is_said).collect() } else { vec![] }
}

/// Two of 倒数第二.
fn from_last(clause: &str) -> Option<usize> {
    let (_, place) = clause.split_once("倒数")?;
    let places = PLACES.iter().filter(|(word, _)| word.starts_with('第'));
    places.clone().find(|(word, _)| place == *word).map(|(_, place)| *place)
}

/// The place that a clause names.
fn place_said(clause: &str) -> Option<usize> {
    if LAST.iter().any(|word| clause.contains(word)) {
        return Some(LAST_OF_ALL);
    }
    let places = PLACES.iter().flat_map(|(word, place)| {
        BEFORE_PLACES.iter().map(move |before| (format!("{before}{word}"), *word, *place))
    });
    let mut said = places.filter_map(|(word, name, place)| {
        // To be the first of all is to be the first of those that are drawn.
        let of_all = place == 1;
        let behind = ["", "全市", "全省", "全区", "全县", "全国"]
            .iter()
            .find_map(|scope| {
                let (before, place) = word.split_at_checked(word.len() - name.len())?;
                let said = format!("{before}{scope}{place}");
                (of_all || scope.is_empty()).then(|| clause.split_once(&said)).flatten()
            })?
            .1;
        let goes_on =
            behind.starts_with(NO_PLACES) || behind.starts_with(|c: char| c.is_ascii_digit());
        (!goes_on).then_some(place)
    });
    said.next()
}

/// Where the last name in a text ends, and which it is: of two that end there, the longer.
fn last_named(text: &str, names: &[&str]) -> Option<(usize, usize)> {
    let ends = names.iter().enumerate().filter(|(_, name)| !name.is_empty());
    let ends = ends.filter_map(|(index, name)| Some((text.rfind(name)? + name.len(), index)));
    ends.max_by_key(|(end, index)| (*end, names.get(*index).map_or(0, |name| name.len())))
}

/// The same of points in time, which may be named in short: 8月 of 2025年8月.
fn last_time(text: &str, names: &[&str]) -> Option<(usize, usize)> {
    if !are_times(names) {
        return None;
    }
    let said =
        names.iter().enumerate().filter_map(|(index, name)| Some((said_at(text, name)?, index)));
    let mut said: Vec<(usize, usize)> = said.collect();
    said.sort_unstable();
    // 一季度 of two years is of neither.
    let [.., (before, _), (at, index)] = said.as_slice() else {
        let (at, index) = said.pop()?;
        return Some((end_of_time(text, at), index));
    };
    (before != at).then(|| (end_of_time(text, *at), *index))
}

/// Where a name of a time ends that begins there.
fn end_of_time(text: &str, at: usize) -> usize {
    const ENDS: [&str; 5] = ["季度", "半年", "年", "月", "周"];
    let rest = text.get(at..).unwrap_or_default();
    let ends = ENDS.iter().filter_map(|end| Some(rest.find(end)? + end.len()));
    ends.min().map_or(text.len(), |length| at + length)
}

/// Whether none is beyond it.
fn is_first(reading: &[Option<f64>], named: usize, is_greatest: bool) -> bool {
    let Some(own) = reading.get(named).copied().flatten() else { return false };
    reading.iter().flatten().all(|other| if is_greatest { *other <= own } else { *other >= own })
}
