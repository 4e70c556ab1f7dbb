//! What a chart will say, checked: a `Content` can be laid out. Spaces are tidied the way every
//! SVG viewer does it, so that what is measured is what is shown.

use super::{Bar, Part, ROWS_MAX, Row, TEXT_CHARS_MAX, Undrawable};
use crate::font::Fonts;

pub(super) struct Content<'a> {
    pub(super) id: &'a str,
    pub(super) headline: String,
    /// Measure and unit; may be empty.
    pub(super) subtitle: String,
    /// May be empty.
    pub(super) source: String,
    /// The figures as one sentence, for those who can't see the bars.
    pub(super) description: String,
    pub(super) items: Vec<Item>,
    /// Whether one item stands out, so that the others step back.
    pub(super) emphatic: bool,
}

pub(super) struct Item {
    pub(super) label: String,
    pub(super) figure: String,
    /// The value as a share of the greatest magnitude in the chart, so -1 to 1: no figure is so
    /// great or small that plotters could not scale it.
    pub(super) share: f64,
    pub(super) emphasised: bool,
}

impl<'a> Content<'a> {
    pub(super) fn check(bar: &Bar<'a>, fonts: &Fonts) -> Result<Self, Undrawable> {
        let mut letters = bar.id.chars();
        if !letters.next().is_some_and(|first| first.is_ascii_alphabetic())
            || !letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        {
            return Err(Undrawable::BadId { id: bar.id.to_owned() });
        }
        let tidy = |text, part| tidy(text, part, fonts);
        let headline = required(tidy(bar.headline, Part::Headline)?, Part::Headline)?;
        let measure = tidy(bar.subtitle, Part::Subtitle)?;
        let unit = tidy(bar.unit, Part::Unit)?;
        let source = tidy(bar.source, Part::Source)?;
        let mut items = items(bar.rows, fonts)?;
        let emphatic = emphasise(&mut items, &headline);
        Ok(Self {
            id: bar.id,
            description: describe(
                if measure.is_empty() { &headline } else { &measure },
                &unit,
                &items,
            ),
            headline,
            subtitle: match (measure.is_empty(), unit.is_empty()) {
                (_, true) => measure,
                (true, false) => format!("单位：{unit}"),
                (false, false) => format!("{measure}（单位：{unit}）"),
            },
            source: if source.is_empty() || source.contains("来源") {
                source
            } else {
                format!("资料来源：{source}")
            },
            items,
            emphatic,
        })
    }
}

fn items(rows: &[Row<'_>], fonts: &Fonts) -> Result<Vec<Item>, Undrawable> {
    if rows.is_empty() {
        return Err(Undrawable::NoRows);
    }
    if rows.len() > ROWS_MAX {
        return Err(Undrawable::TooManyRows { rows: rows.len() });
    }
    for (row, &Row { label, value, .. }) in (1..).zip(rows) {
        if !value.is_finite() {
            return Err(Undrawable::NotFinite { row, label: label.to_owned(), value });
        }
    }
    let greatest = rows.iter().map(|row| row.value.abs()).fold(0.0, f64::max);
    if greatest == 0.0 {
        return Err(Undrawable::AllZero { rows: rows.len() });
    }
    let item = |(row, given): (usize, &Row<'_>)| {
        let (label, figure) = (Part::Label { row }, Part::Figure { row });
        Ok(Item {
            label: required(tidy(given.label, label, fonts)?, label)?,
            figure: required(tidy(given.text, figure, fonts)?, figure)?,
            share: given.value / greatest,
            emphasised: false,
        })
    };
    (1..).zip(rows).map(item).collect()
}

/// Marks the one item that the headline names. Of two such labels where one holds the other, as
/// 中学 and 高级中学 do, the longer is meant; of two others, neither alone is the finding.
fn emphasise(items: &mut [Item], headline: &str) -> bool {
    let mut named: Vec<&mut Item> =
        items.iter_mut().filter(|item| headline.contains(&item.label)).collect();
    named.sort_by_key(|item| std::cmp::Reverse(item.label.len()));
    let Some((longest, others)) = named.split_first_mut() else { return false };
    longest.emphasised = others
        .iter()
        .all(|other| other.label != longest.label && longest.label.contains(&other.label));
    longest.emphasised
}

fn describe(measure: &str, unit: &str, items: &[Item]) -> String {
    let clause = |item: &Item| {
        let unit = if item.figure.ends_with(unit) { "" } else { unit };
        format!("{}为{}{unit}", item.label, item.figure)
    };
    let clauses: Vec<String> = items.iter().map(clause).collect();
    format!("{}：{}。", measure.trim_end_matches(['。', '：']), clauses.join("；"))
}

/// `text` as a viewer shows it, if it can be shown.
fn tidy(text: &str, part: Part, fonts: &Fonts) -> Result<String, Undrawable> {
    let chars = text.chars().count();
    if chars > TEXT_CHARS_MAX {
        return Err(Undrawable::TooLong { part, chars });
    }
    let words: Vec<&str> = text.trim().split_ascii_whitespace().collect();
    let text = words.join(" ");
    match fonts.find_missing(&text) {
        Some(character) => Err(Undrawable::NoGlyph { character, part }),
        None => Ok(text),
    }
}

fn required(text: String, part: Part) -> Result<String, Undrawable> {
    if text.is_empty() { Err(Undrawable::Empty { part }) } else { Ok(text) }
}
