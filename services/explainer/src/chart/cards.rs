//! 数字卡片: two to six figures, large, each with what it says.

use std::collections::BTreeSet;

use super::Undrawable;
use super::content::{Content, Item};
use super::honest::{own_unit, unit_of};
use super::sheet::{Anchor, Mark, Sheet, Style};
use super::theme::{INK, STRONG, TINT, Theme};
use crate::font::Fonts;

/// Lines that a label may take below its figure.
const LABEL_LINES_MAX: usize = 3;

pub(super) fn draw<'a>(
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    if content.series.len() != 1 {
        return Err(Undrawable::OneSeries { series: content.series.len() });
    }
    let ways: &[usize] = match content.rows.len() {
        2 => &[2, 1],
        3 => &[3, 1],
        4 => &[4, 2, 1],
        5 | 6 => &[3, 2, 1],
        _ => {
            return Err(Undrawable::Unfit([
                "数字卡片须有两个至六个数字；更多的请用条形图",
                "there are two to six cards; draw bars for more",
            ]));
        }
    };
    let faces = faces(content)?;
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    sheet.y += theme.above;
    let sizes = [2 * theme.headline, theme.headline * 3 / 2, theme.headline * 6 / 5];
    let cards = ways
        .iter()
        .flat_map(|columns| sizes.iter().map(|size| (*columns, *size)))
        .find_map(|(columns, size)| Cards::of(&sheet, &faces, columns, size))
        .ok_or(Undrawable::NoRoom)?;
    cards.draw(&mut sheet, &faces);
    sheet.end(&content.head)?;
    Ok(sheet)
}

/// What one card says.
struct Face<'c> {
    label: &'c str,
    figure: &'c str,
    unit: &'c str,
}

/// A unit in brackets behind a name stands behind its figure, where the chart has none for all; then each has one.
fn faces(content: &Content) -> Result<Vec<Face<'_>>, Undrawable> {
    let known = content.rows.iter().any(|row| unit_of(&row.label).is_some());
    let units: Vec<_> = content.rows.iter().map(|row| own_unit(&row.label)).collect();
    // 小学（公办） and 小学（民办） are told apart by their brackets.
    let labels: Option<BTreeSet<&str>> =
        units.iter().map(|own| own.map(|(label, _)| label)).collect();
    let are_units = labels.is_some_and(|labels| labels.len() == units.len());
    let are_own = content.unit.is_empty() && (known || are_units);
    let rows = (1..).zip(content.rows.iter().zip(units));
    rows.map(|(row, (item, unit))| face(row, item, unit, are_own, content)).collect()
}

fn face<'c>(
    row: usize,
    item: &'c Item,
    own: Option<(&'c str, &'c str)>,
    are_own: bool,
    content: &'c Content,
) -> Result<Face<'c>, Undrawable> {
    let figure = item.cells.first().map_or("", |cell| cell.text.as_str());
    let is_share = figure.ends_with(['%', '％']);
    match own {
        Some(_) if are_own && is_share => Err(Undrawable::Row {
            row,
            label: item.label.clone(),
            why: [
                "数字带百分号，名称后的括号里写的却是别的单位；请核对，改成一个",
                "has a figure in per cent and another unit in brackets behind its name; make them one",
            ],
        }),
        Some((label, unit)) if are_own => Ok(Face { label, figure, unit }),
        None if are_own && !is_share => Err(Undrawable::Row {
            row,
            label: item.label.clone(),
            why: [
                "没有写明单位，而别的卡片写了；请在名称后用括号补上",
                "has no unit where others have one; write it in brackets behind the name",
            ],
        }),
        Some(_) | None => Ok(Face { label: &item.label, figure, unit: &content.unit }),
    }
}

/// Cards of one size, so many in a row; those of the last row are as wide as the row is.
struct Cards {
    columns: usize,
    /// Type of the figures.
    size: i32,
    /// Broken for the narrowest card.
    labels: Vec<Vec<String>>,
}

impl Cards {
    /// None where figures or labels have no room.
    fn of(sheet: &Sheet<'_>, faces: &[Face<'_>], columns: usize, size: i32) -> Option<Self> {
        let theme = sheet.theme;
        let room = width(sheet, columns) - 2 * theme.label;
        let (figure, unit) = styles(theme, size);
        let behind = |face: &Face<'_>| sheet.width_of(face.unit, unit) + theme.gap / 2;
        if !faces.iter().all(|face| sheet.width_of(face.figure, figure) + behind(face) <= room) {
            return None;
        }
        let label = Style::regular(theme.label, INK);
        let broken = faces.iter().map(|face| sheet.broken(face.label, label, room).ok());
        let labels = broken.collect::<Option<Vec<_>>>()?;
        let have_room = labels.iter().all(|lines| lines.len() <= LABEL_LINES_MAX);
        have_room.then_some(Self { columns, size, labels })
    }

    fn draw(&self, sheet: &mut Sheet<'_>, faces: &[Face<'_>]) {
        let (theme, (figure, unit)) = (sheet.theme, styles(sheet.theme, self.size));
        let cards: Vec<_> = faces.iter().zip(&self.labels).collect();
        for row in cards.chunks(self.columns) {
            let width = width(sheet, row.len());
            let lines = row.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
            let lines = i32::try_from(lines).unwrap_or(i32::MAX) * theme.label_line();
            let height = lines + self.size * 6 / 5 + 2 * theme.label;
            let mut left = theme.padding;
            for (face, lines) in row {
                let (top, bottom) = (sheet.y, sheet.y + height);
                sheet.marks.push(Mark::Box((left, top), (left + width, bottom), TINT));
                sheet.marks.push(Mark::Box((left, top), (left + theme.stroke, bottom), STRONG));
                let x = left + theme.label;
                let text = face.figure;
                let middle = top + theme.label * 4 / 5 + self.size * 3 / 5;
                sheet.write(text, figure, (x, middle), Anchor::Left);
                // On the same line: the em box of Chinese type has .88 of its size above it.
                let base = middle + (self.size - unit.size) * 38 / 100;
                let behind = x + sheet.width_of(text, figure) + theme.gap / 2;
                sheet.write(face.unit, unit, (behind, base), Anchor::Left);
                let mut y = top + theme.label + self.size * 6 / 5 + theme.label_line() / 2;
                for line in *lines {
                    let label = Style::regular(theme.label, INK);
                    sheet.write(line, label, (x, y), Anchor::Left);
                    y += theme.label_line();
                }
                left += width + theme.gap * 2;
            }
            sheet.y += height + theme.gap * 2;
        }
        sheet.y -= theme.gap * 2;
    }
}

/// Of one of so many cards beside each other.
fn width(sheet: &Sheet<'_>, cards: usize) -> i32 {
    let cards = i32::try_from(cards).unwrap_or(i32::MAX).max(1);
    (sheet.inner() - (cards - 1) * 2 * sheet.theme.gap) / cards
}

/// Of figures and their unit.
fn styles(theme: &Theme, size: i32) -> (Style, Style) {
    (Style::bold(size, STRONG), Style::regular(theme.label, INK))
}
