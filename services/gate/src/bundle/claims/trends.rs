//! What a headline says of a whole course: 持续增加, 从未下降, 六连增, 创历史新高. Only where points in time stand in order; of several readings, one is enough.

use super::{
    PLANNED, Table,
    all::{find_all, find_total},
    amount::is_negated,
    changes::directions,
    course::{Grid, named},
    times::{are_times, count, is_said, lengths, stretch},
};
use crate::document::is_numeral;

/// Words of directions that say how things went on, and not how much.
const COURSES: [(&str, bool); 10] = [
    ("递增", false),
    ("递减", true),
    ("攀升", false),
    ("走高", false),
    ("增多", false),
    ("扩大", false),
    ("走低", true),
    ("下滑", true),
    ("回落", true),
    ("缩小", true),
];

/// The word of a direction that a text begins with, and whether it is one of falling.
pub(super) fn direction(text: &str) -> Option<(&'static str, bool)> {
    directions().chain(COURSES).find(|(word, _)| text.starts_with(word))
}

const STEADILY: [&str; 9] =
    ["稳步", "持续", "不断", "连续", "连年", "年年", "逐年", "逐月", "逐季"];
/// What is asked for, or is no figure of the data itself: 推动持续增加, 增速持续提高.
const OTHER: [&str; 12] =
    ["推动", "促进", "确保", "争取", "推进", "增速", "增幅", "降幅", "涨幅", "差距", "曾", "一度"];

const GROWTHS: [&str; 4] = ["增速", "增幅", "降幅", "涨幅"];

/// 服务持续提升 is said of other things too, unless the clause says what is measured.
pub(super) fn is_measured(clause: &str, what: &str, names: &[&str]) -> bool {
    const OF_OTHERS: [&str; 5] = ["提升", "提高", "扩大", "缩小", "降低"];
    !OF_OTHERS.contains(&what)
        || !named(clause, names).is_empty()
        || GROWTHS.iter().any(|word| clause.contains(word))
        || clause.replace("质量", "").contains(['率', '占', '比', '数', '量', '额', '费'])
}

/// The first claim that no reading of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, table: &Table) -> Option<String> {
    let trend = Trend::of(headline, table);
    headline.split(['，', ',', '；', '。', '：']).find_map(|clause| {
        // 增速 may be what is drawn.
        let is_drawn = |word: &str| {
            GROWTHS.contains(&word) && table.series.iter().all(|name| name.contains(word))
        };
        let mut others = OTHER.iter().chain(&PLANNED).filter(|word| !is_drawn(word));
        if others.any(|word| clause.contains(word)) {
            return None;
        }
        // 除北岭镇外 may stand in another clause.
        let all = || if headline.contains('除') { None } else { find_all(clause, table) };
        find_total(clause, table).or_else(all).or_else(|| {
            let trend = trend.as_ref()?;
            trend.find_steady(clause).or_else(|| trend.find_record(clause))
        })
    })
}

/// A table whose rows or columns go on in time.
struct Trend<'a> {
    headline: &'a str,
    /// The points in time.
    times: Vec<&'a str>,
    /// What goes on: none, where it stands in rows, and is not told by name.
    names: Vec<&'a str>,
    grid: Grid,
}

impl<'a> Trend<'a> {
    fn of(headline: &'a str, table: &'a Table) -> Option<Self> {
        let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
        let series: Vec<&str> = table.series.iter().map(String::as_str).collect();
        let grid = Grid::of(table);
        if are_times(&labels) {
            return Some(Self { headline, times: labels, names: series, grid });
        }
        let turned = grid.turned();
        are_times(&series).then_some(Self { headline, times: series, names: vec![], grid: turned })
    }

    /// The courses that a clause can mean: of the series that it names, or of any, or of their sum.
    fn courses(&self, clause: &str) -> Vec<Vec<Option<f64>>> {
        let columns = self.grid.turned();
        let count = columns.len();
        let sums: Vec<Option<f64>> = self.grid.sums().into_iter().map(Some).collect();
        if count > 1 && (clause.contains('总') || clause.contains("合计")) {
            return vec![sums];
        }
        let mut of = named(clause, &self.names);
        let is_named = !of.is_empty();
        if !is_named {
            of = (0..count).collect();
        }
        let of_share = count > 1 && (clause.contains('占') || clause.contains("比重"));
        let mut courses = vec![];
        for at in of {
            let course = columns.line(at).unwrap_or_default();
            if !of_share {
                courses.push(course.to_vec());
            }
            if count > 1 {
                let share = |(value, sum): (&Option<f64>, &Option<f64>)| {
                    let sum = sum.filter(|sum| *sum > 0.0)?;
                    value.map(|value| value / sum)
                };
                courses.push(course.iter().zip(&sums).map(share).collect());
            }
        }
        if !is_named {
            courses.push(sums);
        }
        courses
    }

    /// The stretches of time that a clause can mean: 2023年以来, 近三年, else all.
    fn stretches(&self, clause: &str) -> Vec<(usize, usize)> {
        let count = self.times.len();
        let said = |text: &str| -> Vec<usize> {
            let said = self.times.iter().enumerate().filter(|(_, label)| is_said(text, label));
            said.map(|(at, _)| at).collect()
        };
        if let Some((first, last)) = stretch(clause, &self.times) {
            return vec![(first, last + 1)];
        }
        let here = said(clause);
        let around = if here.is_empty() { self.headline } else { clause };
        let named = if here.is_empty() { said(self.headline) } else { here };
        let mut stretches = vec![];
        if let [first, .., last] = named.as_slice() {
            stretches.push((*first, *last + 1));
        }
        if let [one] = named.as_slice() {
            stretches.extend([(*one, count), (one.saturating_sub(1), count)]);
            if !["以来", "起", "后"].iter().any(|word| around.contains(word)) {
                stretches.push((0, *one + 1));
            }
        }
        let around = [clause, self.headline].into_iter().flat_map(lengths);
        for length in around.flat_map(|length| [length, length + 1]).filter(|n| *n < count) {
            stretches.extend([(count - length, count), (0, length)]);
        }
        if stretches.is_empty() || named.len() != 1 {
            stretches.push((0, count));
        }
        stretches.retain(|(from, to)| to - from > 1);
        stretches
    }

    /// 持续增加, 从未下降, 六连增
    fn find_steady(&self, clause: &str) -> Option<String> {
        let steadily =
            STEADILY.iter().flat_map(|word| clause.match_indices(word)).find_map(|(at, word)| {
                let behind = clause.get(at + word.len()..)?;
                let behind = behind.strip_prefix("大幅").unwrap_or(behind);
                let (what, falls) = direction(behind)?;
                if !is_measured(clause, what, &self.names) {
                    return None;
                }
                Some((at, clause.len() - behind.len() + what.len(), falls, 0))
            });
        let never = clause.match_indices("从未").find_map(|(at, word)| {
            let (what, falls) = direction(clause.get(at + word.len()..)?)?;
            Some((at, at + word.len() + what.len(), !falls, 0))
        });
        let running = ["连增", "连升", "连涨", "连降"].iter().find_map(|word| {
            let at = clause.find(word)?;
            let (before, end) = (clause.get(..at)?, at + word.len());
            let numeral = before.trim_end_matches(|c| is_numeral(c) || c == '两');
            Some((numeral.len(), end, *word == "连降", count(before)?))
        });
        let (at, end, falls, times) = steadily.or(never).or(running)?;
        if is_negated(clause, at) {
            return None;
        }
        let is_never = clause.get(at..end).is_some_and(|claim| claim.starts_with("从未"));
        let stretches = match times {
            0 => self.stretches(clause),
            // The first of six rises is that of the first year.
            times if times > self.times.len() => vec![],
            times => {
                let from = self.times.len().saturating_sub(times + 1);
                vec![(from, self.times.len())]
            }
        };
        let goes = |course: &[Option<f64>]| {
            let known: Vec<f64> = course.iter().flatten().copied().collect();
            let against = |pair: &[f64]| match pair {
                [a, b] => {
                    if falls {
                        b > a
                    } else {
                        b < a
                    }
                }
                _ => false,
            };
            let ([first, .., last], false) = (known.as_slice(), known.windows(2).any(against))
            else {
                return false;
            };
            is_never || (if falls { last < first } else { last > first })
        };
        let is_so = self.courses(clause).iter().any(|course| {
            stretches.iter().any(|(from, to)| course.get(*from..*to).is_some_and(goes))
        });
        (!is_so).then(|| clause.get(at..end).unwrap_or(clause).to_owned())
    }

    /// 创历史新高 of the last, or of the one that is named; 2025年达到峰值.
    fn find_record(&self, clause: &str) -> Option<String> {
        const WORDS: [(&str, bool); 5] =
            [("新高", true), ("新低", false), ("峰值", true), ("顶峰", true), ("谷底", false)];
        /// One of other points than those that are drawn.
        const SINGLE: [&str; 5] = ["单月", "单日", "单周", "当月", "当日"];
        let (at, word, is_greatest) = WORDS
            .iter()
            .find_map(|(word, greatest)| Some((clause.find(word)?, *word, *greatest)))?;
        let before = clause.get(..at)?;
        let begin = if word.starts_with('新') {
            before.rfind('创')
        } else {
            before.rfind(['达', '到', '见', '现'])
        }?;
        if is_negated(clause, begin) || SINGLE.iter().any(|word| clause.contains(word)) {
            return None;
        }
        let said: Vec<usize> = {
            let said = self.times.iter().enumerate().filter(|(_, label)| is_said(clause, label));
            said.map(|(at, _)| at).collect()
        };
        let at = match said.as_slice() {
            [one] => *one,
            [] if word.starts_with('新')
                && !self.times.iter().any(|t| is_said(self.headline, t)) =>
            {
                self.times.len().checked_sub(1)?
            }
            _ => return None,
        };
        // What comes later makes no record undone.
        let is_of_all = ["全年", "年内"].iter().any(|word| clause.contains(word));
        let until = if word.starts_with('新') && !is_of_all { at + 1 } else { self.times.len() };
        let is_so = self.courses(clause).iter().any(|course| {
            let own = course.get(at).copied().flatten();
            let others = course.get(..until).unwrap_or_default();
            own.is_none_or(|own| {
                others.iter().flatten().all(|o| if is_greatest { *o <= own } else { *o >= own })
            })
        });
        (!is_so).then(|| clause.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{find_unfounded, said::table};

    fn is_said(series: &[&str], rows: &[(&str, &[f64])], cases: &[(&str, Option<&str>)]) {
        let table = table(series, rows);
        for (headline, unfounded) in cases {
            assert_eq!(find_unfounded(headline, &table, "").as_deref(), *unfounded, "{headline}");
        }
    }

    #[test]
    fn what_goes_on_does_so_throughout() {
        is_said(
            &["学位数"],
            &[
                ("2021年", &[100.0]),
                ("2022年", &[120.0]),
                ("2023年", &[150.0]),
                ("2024年", &[140.0]),
                ("2025年", &[155.0]),
                ("2026年", &[165.0]),
            ],
            &[
                ("学位数稳步增长", Some("稳步增长")),
                ("学位数持续增加", Some("持续增加")),
                ("学位数连续增长", Some("连续增长")),
                ("六年来学位数从未下降", Some("从未下降")),
                ("学位数六连增", Some("六连增")),
                ("学位数两连增", None),
                ("近两年学位数持续增加", None),
                ("2024年以来，学位数持续增加", None),
                ("2022年以来，学位数持续增加", Some("持续增加")),
                ("学位数并未持续增加，推动学位数持续增加", None),
                ("学位数创历史新高", None),
                ("2023年学位数创新高", None),
                ("2024年学位数创新高", Some("2024年学位数创新高")),
                ("2025年达到峰值", Some("2025年达到峰值")),
                ("2026年达到峰值", None),
                ("单月办理量创新高", None),
            ],
        );
        is_said(
            &["学位数"],
            &[("2024年", &[100.0]), ("2025年", &[95.0]), ("2026年", &[90.0])],
            &[
                ("学位数创历史新高", Some("学位数创历史新高")),
                ("学位数创新低", None),
                ("学位数持续下降", None),
                ("持续提升服务质量", None),
                ("学位数持续提升到高位", Some("持续提升")),
            ],
        );
    }

    #[test]
    fn a_series_goes_on_by_its_name_and_all_by_their_sum() {
        is_said(
            &["设备", "校舍"],
            &[("2024年", &[50.0, 50.0]), ("2025年", &[55.0, 60.0]), ("2026年", &[60.0, 75.0])],
            &[
                ("设备经费持续增加", None),
                ("设备占比持续提高", Some("持续提高")),
                ("校舍占比持续提高", None),
                ("经费总额逐年减少", Some("逐年减少")),
                ("经费总额逐年增加", None),
                ("各项经费均有增加", None),
                ("各项经费均减少", Some("各项经费均减少")),
            ],
        );
    }

    #[test]
    fn what_is_said_of_all_is_so_of_each() {
        is_said(
            &["2025年", "2026年"],
            &[("东街", &[50.0, 60.0]), ("西河", &[60.0, 55.0])],
            &[
                ("所有街道办理率都提高", Some("所有街道办理率都提高")),
                ("除西河外，各街道办理率均有提高", None),
                ("多数街道办理率都提高，各街道平均提高2.5个百分点", None),
            ],
        );
        is_said(
            &["学位数"],
            &[("东区", &[600.0]), ("西区", &[1200.0]), ("示例区", &[900.0])],
            &[
                ("示例区学位数位居全市首位", Some("示例区学位数位居全市首位")),
                ("西区学位数位居全市首位", None),
                ("示例区学位数位居全市第三", None),
                ("三项合计2700个", None),
                ("四项合计2700个", Some("四项合计")),
            ],
        );
    }
}
