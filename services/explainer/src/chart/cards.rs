//! 数字卡片: two to six figures, large, each with what it says.

use super::Undrawable;
use super::content::Content;
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
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    sheet.y += theme.above;
    let sizes = [2 * theme.headline, theme.headline * 3 / 2, theme.headline * 6 / 5];
    let cards = ways
        .iter()
        .flat_map(|columns| sizes.iter().map(|size| (*columns, *size)))
        .find_map(|(columns, size)| Cards::of(&sheet, content, columns, size))
        .ok_or(Undrawable::NoRoom)?;
    cards.draw(&mut sheet, content);
    sheet.end(&content.head)?;
    Ok(sheet)
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
    fn of(sheet: &Sheet<'_>, content: &Content, columns: usize, size: i32) -> Option<Self> {
        let theme = sheet.theme;
        let room = width(sheet, columns) - 2 * theme.label;
        let (figure, unit) = styles(theme, size);
        let behind = sheet.width_of(&content.unit, unit) + theme.gap / 2;
        let mut cells = content.rows.iter().flat_map(|row| &row.cells);
        if !cells.all(|cell| sheet.width_of(&cell.text, figure) + behind <= room) {
            return None;
        }
        let label = Style::regular(theme.label, INK);
        let broken = content.rows.iter().map(|row| sheet.broken(&row.label, label, room).ok());
        let labels = broken.collect::<Option<Vec<_>>>()?;
        let have_room = labels.iter().all(|lines| lines.len() <= LABEL_LINES_MAX);
        have_room.then_some(Self { columns, size, labels })
    }

    fn draw(&self, sheet: &mut Sheet<'_>, content: &Content) {
        let (theme, (figure, unit)) = (sheet.theme, styles(sheet.theme, self.size));
        let cards: Vec<_> = content.rows.iter().zip(&self.labels).collect();
        for row in cards.chunks(self.columns) {
            let width = width(sheet, row.len());
            let lines = row.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
            let lines = i32::try_from(lines).unwrap_or(i32::MAX) * theme.label_line();
            let height = lines + self.size * 6 / 5 + 2 * theme.label;
            let mut left = theme.padding;
            for (item, lines) in row {
                let (top, bottom) = (sheet.y, sheet.y + height);
                sheet.marks.push(Mark::Box((left, top), (left + width, bottom), TINT));
                sheet.marks.push(Mark::Box((left, top), (left + theme.stroke, bottom), STRONG));
                let x = left + theme.label;
                let text = item.cells.first().map_or("", |cell| cell.text.as_str());
                let middle = top + theme.label * 4 / 5 + self.size * 3 / 5;
                sheet.write(text, figure, (x, middle), Anchor::Left);
                // On the same line: the em box of Chinese type has .88 of its size above it.
                let base = middle + (self.size - unit.size) * 38 / 100;
                let behind = x + sheet.width_of(text, figure) + theme.gap / 2;
                sheet.write(&content.unit, unit, (behind, base), Anchor::Left);
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
