//! What a chart will say, checked: a `Content` can be laid out. Spaces are tidied the way every
//! SVG viewer does it, so that what is measured is what is shown.

use std::collections::BTreeSet;

use lockstep_gate::bundle::{Cell, Row, Table};
use lockstep_proto::manifest::{Cells, ChartKind};

use super::expected::Expected;
use super::figure::{Sums, shares_of, without_unit};
use super::honest::check_subtitle;
use super::{
    Chart, PANELS_MAX, POINTS_MAX, Part, ROWS_MAX, SERIES_MAX, TEXT_CHARS_MAX, Undrawable,
};
use crate::font::Fonts;

/// What stands around every kind of chart.
#[derive(Clone)]
pub(super) struct Head {
    pub(super) id: String,
    pub(super) headline: String,
    /// Measure and unit; may be empty.
    pub(super) subtitle: String,
    /// May be empty.
    pub(super) source: String,
    /// The figures as one sentence, for those who can't see the chart.
    pub(super) description: String,
}

impl Head {
    /// With what has to be known of columns that stand evenly and are of uneven times.
    pub(super) fn noting_gaps(&mut self, are_uneven: bool) {
        if are_uneven {
            self.noting("各时点间隔不等");
        }
    }

    /// With what else has to be known.
    pub(super) fn noting(&mut self, note: &str) {
        let mark = if self.subtitle.is_empty() { "" } else { "；" };
        self.subtitle = format!("{}{mark}{note}", self.subtitle);
    }

    /// With what has to be known of a scale that does not begin at zero.
    pub(super) fn noting_cut(&self, is_cut: bool) -> Self {
        const NOTE: &str = "纵轴不从零开始";
        let subtitle = match (is_cut, self.subtitle.is_empty()) {
            (false, _) => self.subtitle.clone(),
            (true, true) => NOTE.to_owned(),
            (true, false) => format!("{}；{NOTE}", self.subtitle),
        };
        Self { subtitle, ..self.clone() }
    }
}

pub(super) struct Content {
    pub(super) head: Head,
    pub(super) unit: String,
    pub(super) series: Vec<String>,
    /// One at least, each with a cell for each series.
    pub(super) rows: Vec<Item>,
    pub(super) expected: Expected,
}

/// How many rows are told in words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// Those that matter, where a table beside the chart has all.
    Few,
    /// Every one: there is no table.
    All,
}

/// A category.
pub(super) struct Item {
    pub(super) label: String,
    pub(super) cells: Vec<Figure>,
}

#[derive(Clone)]
pub(super) struct Figure {
    /// “—” where there is nothing.
    pub(super) text: String,
    /// Finite; none is a gap, or words.
    pub(super) value: Option<f64>,
}

impl Content {
    pub(super) fn check(chart: &Chart<'_>, fonts: &Fonts) -> Result<Self, Undrawable> {
        Self::check_telling(Telling::Few, chart, fonts)
    }

    /// The same, with so much told in words.
    pub(super) fn check_telling(
        telling: Telling,
        chart: &Chart<'_>,
        fonts: &Fonts,
    ) -> Result<Self, Undrawable> {
        let mut letters = chart.id.chars();
        if !letters.next().is_some_and(|first| first.is_ascii_alphabetic())
            || !letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        {
            return Err(Undrawable::BadId { id: chart.id.to_owned() });
        }
        let tidy = |text, part| tidy(text, part, fonts);
        let headline = required(tidy(chart.headline, Part::Headline)?, Part::Headline)?;
        let unit = tidy(chart.unit, Part::Unit)?;
        let measure = tidy(chart.subtitle, Part::Subtitle)?;
        let measure = without_unit(&measure, &unit).to_owned();
        if chart.kind != ChartKind::Cards {
            check_subtitle(&measure, &unit)?;
        }
        let source = tidy(chart.source, Part::Source)?;
        let (series, rows) = table(chart, fonts)?;
        // What stands in the bars are shares, whatever they are of.
        let is_full = matches!(chart.kind, ChartKind::FullBar | ChartKind::FullColumn);
        let printed = if is_full { "%" } else { unit.as_str() };
        let name = if measure.is_empty() { &headline } else { &measure };
        Ok(Self {
            head: Head {
                id: chart.id.to_owned(),
                description: describe((name, &unit), &series, &rows, (chart, telling)),
                headline,
                subtitle: match (measure.is_empty(), unit.is_empty()) {
                    (_, true) => measure,
                    (true, false) => format!("单位：{printed}"),
                    (false, false) => format!("{measure}（单位：{printed}）"),
                },
                source: if source.is_empty() || source.contains("来源") {
                    source
                } else {
                    format!("资料来源：{source}")
                },
            },
            unit,
            expected: Expected::of(&series, &rows),
            series,
            rows,
        })
    }

    /// The same, the chart's unit left out where a name says it again; who checks units does so before.
    pub(super) fn naming_unit_once(mut self) -> Self {
        let unit = &self.unit;
        for name in self.series.iter_mut().chain(self.rows.iter_mut().map(|row| &mut row.label)) {
            *name = without_unit(name, unit).to_owned();
        }
        self
    }

    /// The one category that the headline names. Of two such labels where one holds the other, as
    /// 中学 and 高级中学 do, the longer is meant; of two others, neither alone is the finding.
    pub(super) fn named(&self) -> Option<usize> {
        let labels = self.rows.iter().map(|row| row.label.as_str()).enumerate();
        let mut named: Vec<_> =
            labels.filter(|(_, label)| self.head.headline.contains(label)).collect();
        named.sort_by_key(|(_, label)| std::cmp::Reverse(label.len()));
        let ((index, longest), others) = named.split_first()?;
        let are_within =
            others.iter().all(|(_, other)| other != longest && longest.contains(other));
        are_within.then_some(*index)
    }

    /// All figures that are known.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> {
        self.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.value)
    }
}

fn table(chart: &Chart<'_>, fonts: &Fonts) -> Result<(Vec<String>, Vec<Item>), Undrawable> {
    let (Table { series, rows }, are_words) = (chart.table, chart.kind.cells() == Cells::Words);
    if rows.is_empty() {
        return Err(Undrawable::NoRows);
    }
    let is_line = matches!(chart.kind, ChartKind::Line | ChartKind::Area);
    let most = if is_line { POINTS_MAX } else { ROWS_MAX };
    if rows.len() > most {
        return Err(Undrawable::TooManyRows { rows: rows.len(), most });
    }
    // Neither tells its series by colour.
    let is_many = matches!(chart.kind, ChartKind::SmallMultiples | ChartKind::Heat);
    let most = if is_many { PANELS_MAX } else { SERIES_MAX };
    if series.len() > most {
        return Err(Undrawable::TooManySeries { series: series.len(), most });
    }
    for (row, given) in (1..).zip(rows) {
        for value in given.cells.iter().filter_map(|cell| cell.value) {
            if !value.is_finite() {
                return Err(Undrawable::NotFinite { row, label: given.label.clone(), value });
            }
        }
    }
    let mut cells = rows.iter().flat_map(|row| &row.cells);
    if !are_words && cells.clone().all(|cell| cell.value.is_none()) {
        return Err(Undrawable::Unfit(["没有一个数字，全是空缺", "there is no figure, only gaps"]));
    }
    if !are_words && cells.all(|cell| cell.value.is_none_or(|v| v == 0.0)) {
        return Err(Undrawable::AllZero { rows: rows.len() });
    }
    let series = (1..)
        .zip(series)
        .map(|(column, name)| {
            let part = Part::Series { column };
            required(tidy(name, part, fonts)?, part)
        })
        .collect::<Result<_, _>>()?;
    let rows = (1..).zip(rows).map(|row| item(row, are_words, fonts)).collect::<Result<_, _>>()?;
    Ok((series, rows))
}

fn item((row, given): (usize, &Row), are_words: bool, fonts: &Fonts) -> Result<Item, Undrawable> {
    let (label, figure) = (Part::Label { row }, Part::Figure { row });
    let cell = |cell: &Cell| {
        let text = tidy(&cell.text, figure, fonts)?;
        let text = match cell.value {
            Some(_) => required(text, figure)?,
            None if are_words && !text.is_empty() => text,
            None => "—".to_owned(),
        };
        Ok(Figure { text, value: cell.value })
    };
    Ok(Item {
        label: required(tidy(&given.label, label, fonts)?, label)?,
        cells: given.cells.iter().map(cell).collect::<Result<_, Undrawable>>()?,
    })
}

fn describe(
    (measure, unit): (&str, &str),
    series: &[String],
    rows: &[Item],
    (chart, telling): (&Chart<'_>, Telling),
) -> String {
    let cells = chart.kind.cells();
    let shares = shares_of(chart.kind, unit, chart.table);
    let sums = Sums::of(chart.kind, unit, chart.table);
    let said = |(figure, share): (&Figure, &Option<String>)| {
        let unit = if figure.text.ends_with(unit) { "" } else { unit };
        let share = share.as_ref().map(|share| format!("（{share}）")).unwrap_or_default();
        match figure.value {
            Some(_) => format!("{}{unit}{share}", figure.text),
            None if cells != Cells::Words => "无数据".to_owned(),
            None if figure.text == "—" => "：无".to_owned(),
            None => format!("：{}", figure.text),
        }
    };
    let clause = |(at, (row, shares)): (usize, (&Item, &Vec<Option<String>>))| {
        let mut cells = row.cells.iter().zip(shares);
        let cells: Vec<String> = match series {
            [_] => cells.next().map(|only| format!("为{}", said(only))).into_iter().collect(),
            _ => series
                .iter()
                .zip(cells)
                .map(|(name, cell)| {
                    let (name, said) = (without_unit(name, unit), said(cell));
                    format!("{name}{}{said}", between(name, &said))
                })
                .chain(sums.rows.get(at).map(|sum| format!("合计{sum}{unit}")))
                .collect(),
        };
        // What stands side by side in the table is not run together: 城中区：第一批5,600户, 门诊，原规定：每次.
        let mark = match (series, cells.is_empty()) {
            ([_], _) | (_, true) => "",
            _ if chart.kind.cells() == Cells::Words => "，",
            _ => "：",
        };
        format!("{}{mark}{}", without_unit(&row.label, unit), cells.join("，"))
    };
    let told = told(rows, telling);
    let all = rows.iter().zip(&shares).enumerate();
    let shown = all.filter(|(at, _)| told.contains(at)).map(clause);
    let mut clauses: Vec<String> = shown.collect();
    if told.len() < rows.len() {
        clauses.push(format!("共{}行，其余见数据表", rows.len()));
    }
    clauses.extend(sums.whole.map(|sum| format!("合计{sum}{unit}")));
    format!("{}：{}。", measure.trim_end_matches(['。', '：']), clauses.join("；"))
}

/// What keeps a figure from being taken for the end of a name: PM2.5为28.
fn between(name: &str, said: &str) -> &'static str {
    let last = name.chars().next_back();
    // ⁰, ₂ and their like, and ², ³, ¹.
    let is_small = |c: char| matches!(c, '\u{2070}'..='\u{209c}' | '²' | '³' | '¹');
    let is_run_on =
        last.is_some_and(|c| c.is_ascii_alphanumeric() || is_small(c) || "%％‰℃".contains(c));
    let is_figure = said.starts_with(|c: char| c.is_ascii_digit() || "−<>".contains(c));
    if is_run_on && is_figure { "为" } else { "" }
}

/// Which rows are told in a sentence: all of a few. Of many nobody listens to all, and the table has them: the first and
/// the last, and those of the greatest and the least figure.
fn told(rows: &[Item], telling: Telling) -> BTreeSet<usize> {
    const TOLD_MAX: usize = 12;
    if telling == Telling::All || rows.len() <= TOLD_MAX {
        return (0..rows.len()).collect();
    }
    let figures = rows
        .iter()
        .enumerate()
        .flat_map(|(at, row)| row.cells.iter().filter_map(move |cell| Some((at, cell.value?))));
    let greatest = figures.clone().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let least = figures.reduce(|a, b| if b.1 < a.1 { b } else { a });
    let ends = [greatest, least].into_iter().flatten().map(|(at, _)| at);
    ends.chain([0, rows.len() - 1]).collect()
}

/// `text` as a viewer shows it, if it can be shown.
fn tidy(text: &str, part: Part, fonts: &Fonts) -> Result<String, Undrawable> {
    let chars = text.chars().count();
    if chars > TEXT_CHARS_MAX {
        return Err(Undrawable::TooLong { part, chars });
    }
    let words: Vec<&str> = text.trim().split_ascii_whitespace().collect();
    let text = words.join(" ");
    let mut characters: Vec<char> = vec![];
    for character in text.chars() {
        let is_missing = fonts.find_missing(character.encode_utf8(&mut [0; 4])).is_some();
        if is_missing && !characters.contains(&character) {
            characters.push(character);
        }
    }
    if characters.is_empty() { Ok(text) } else { Err(Undrawable::NoGlyph { characters, part }) }
}

fn required(text: String, part: Part) -> Result<String, Undrawable> {
    if text.is_empty() { Err(Undrawable::Empty { part }) } else { Ok(text) }
}
