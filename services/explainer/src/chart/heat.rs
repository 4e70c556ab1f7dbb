//! 热力表: a table of figures, each cell the darker the greater its figure is.

use plotters::style::RGBColor;

use super::Undrawable;
use super::axis::share;
use super::content::{Content, Figure, Item};
use super::expected::Expected;
use super::sheet::{Anchor, Mark, Sheet, Style};
use super::theme::{INK, MUTED, SHADES, TINT, Theme, on};
use crate::font::Fonts;

/// Share of the inner width that labels may take.
const LABELS_PERCENT: i32 = 28;
/// Lines that the name of a column may take.
const NAME_LINES_MAX: usize = 3;

pub(super) fn draw<'a>(
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    if content.series.len() < 2 {
        return Err(Undrawable::Unfit([
            "热力表至少要有两列数字；一列请用条形图",
            "a heat table has two columns of figures at least; draw bars for one",
        ]));
    }
    let error = match lay_out(content, theme, fonts) {
        Err(error @ (Undrawable::NoRoom | Undrawable::TooWide { .. })) => error,
        drawn => return drawn,
    };
    // Twelve months of five districts stand below each other where they have no room side by side.
    match (lay_out(&turned(content), theme, fonts), error) {
        (Err(_), Undrawable::NoRoom) => Err(Undrawable::Unfit([
            "热力表放不下：手机宽度约容六列四位数，行列互换后仍放不下；请减少列，缩短类别名称（约六个字以内），或用较大的单位",
            "a heat table has no room: a phone shows six columns of four digits, and turned it has \
             none either; give fewer columns, shorten the names (six characters or so), or take a larger unit",
        ])),
        (Err(_), error) => Err(error),
        (drawn, _) => drawn,
    }
}

/// Rows as columns.
fn turned(content: &Content) -> Content {
    let rows = content.series.iter().enumerate().map(|(column, name)| Item {
        label: name.clone(),
        cells: content.rows.iter().filter_map(|row| row.cells.get(column).cloned()).collect(),
    });
    let series = content.rows.iter().map(|row| row.label.clone()).collect::<Vec<_>>();
    let rows: Vec<Item> = rows.collect();
    Content {
        head: content.head.clone(),
        unit: content.unit.clone(),
        expected: Expected::of(&series, &rows),
        series,
        rows,
    }
}

fn lay_out<'a>(
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    sheet.y += theme.above;
    let shades = Shades::of(content);
    shades.legend(&mut sheet, content);
    let label = Style::regular(theme.label, INK);
    let measure = sheet.inner() * LABELS_PERCENT / 100;
    let labels = content
        .rows
        .iter()
        .map(|row| sheet.broken(&row.label, label, measure))
        .collect::<Result<Vec<_>, _>>()?;
    let widths = labels.iter().flatten().map(|line| sheet.width_of(line, label));
    let left = theme.padding + widths.max().unwrap_or(0) + theme.gap;
    let columns = Columns::of(&sheet, content, left)?;
    columns.names(&mut sheet, content)?;
    for (row, lines) in content.rows.iter().zip(&labels) {
        sheet.begin_row();
        let count = i32::try_from(lines.len()).unwrap_or(i32::MAX);
        let height = (count * theme.label_line() + theme.row_padding).max(theme.label * 2);
        let mut y = sheet.y + height / 2 - (count - 1) * theme.label_line() / 2;
        for line in lines {
            sheet.write(line, label, (left - theme.gap, y), Anchor::Right);
            y += theme.label_line();
        }
        columns.cells(&mut sheet, row, &shades, height);
        sheet.y += height;
    }
    sheet.end(&content.head)?;
    Ok(sheet)
}

/// Which shade a figure has: between the least and the greatest are as many equal steps as shades.
struct Shades {
    extent: (f64, f64),
}

impl Shades {
    fn of(content: &Content) -> Self {
        let low = content.values().fold(f64::INFINITY, f64::min);
        Self { extent: (low, content.values().fold(f64::NEG_INFINITY, f64::max)) }
    }

    fn shade(&self, value: f64) -> RGBColor {
        let steps = [0.2, 0.4, 0.6, 0.8, f64::INFINITY];
        let share = share(value, self.extent);
        let reached = SHADES.into_iter().zip(steps).find(|(_, end)| share < *end);
        reached.map_or(TINT, |(shade, _)| shade)
    }

    /// The shades between the least and the greatest figure; every figure is printed, so nothing is lost
    /// where it has no room.
    fn legend(&self, sheet: &mut Sheet<'_>, content: &Content) {
        let (theme, style) = (sheet.theme, Style::regular(sheet.theme.tick, MUTED));
        let text = |end: f64| {
            let mut cells = content.rows.iter().flat_map(|row| &row.cells);
            cells.find(|cell| cell.value == Some(end)).map_or("", |cell| cell.text.as_str())
        };
        let ends = [text(self.extent.0), text(self.extent.1)];
        let [low, high] = ends.map(|text| sheet.width_of(text, style) + theme.gap);
        let (width, height) = (theme.label * 3 / 2, theme.label * 4 / 5);
        let shades = i32::try_from(SHADES.len()).unwrap_or(i32::MAX) * width;
        if low + shades + high > sheet.inner() {
            return;
        }
        let (y, left) = (sheet.y + theme.label / 2, theme.padding + low);
        sheet.write(ends[0], style, (theme.padding, y), Anchor::Left);
        for (x, shade) in (left..).step_by(usize::try_from(width).unwrap_or(1)).zip(SHADES) {
            let (top, bottom) = (y - height / 2, y + height / 2);
            sheet.marks.push(Mark::Box((x, top), (x + width, bottom), shade));
        }
        sheet.write(ends[1], style, (left + shades + theme.gap, y), Anchor::Left);
        sheet.y += theme.label + theme.above;
    }
}

/// Where the columns are.
struct Columns {
    left: i32,
    width: i32,
    /// Type of the figures: as large as the widest has room.
    size: i32,
}

impl Columns {
    fn of(sheet: &Sheet<'_>, content: &Content, left: i32) -> Result<Self, Undrawable> {
        let theme = sheet.theme;
        let count = i32::try_from(content.series.len()).unwrap_or(i32::MAX);
        let width = (sheet.right() - left) / count;
        let cells = || content.rows.iter().flat_map(|row| &row.cells);
        let fits = |size: &i32| {
            let style = Style::regular(*size, INK);
            cells().all(|cell| sheet.width_of(&cell.text, style) + theme.gap <= width)
        };
        let size = [theme.label, theme.tick].into_iter().find(fits).ok_or(Undrawable::NoRoom)?;
        Ok(Self { left, width, size })
    }

    fn middle(&self, index: i32) -> i32 {
        self.left + index * self.width + self.width / 2
    }

    /// The names stand on the cells.
    fn names(&self, sheet: &mut Sheet<'_>, content: &Content) -> Result<(), Undrawable> {
        let (theme, style) = (sheet.theme, Style::bold(sheet.theme.tick, MUTED));
        let pitch = theme.tick * 13 / 10;
        let names = content
            .series
            .iter()
            .map(|name| sheet.broken(name, style, self.width - theme.gap / 2))
            .collect::<Result<Vec<_>, _>>()?;
        let most = names.iter().map(Vec::len).max().unwrap_or(0);
        if most > NAME_LINES_MAX {
            return Err(Undrawable::NoRoom);
        }
        let height = |lines: usize| i32::try_from(lines).unwrap_or(i32::MAX) * pitch;
        for (index, lines) in (0..).zip(names) {
            let mut y = sheet.y + height(most) - height(lines.len()) + pitch / 2;
            for line in lines {
                sheet.write(&line, style, (self.middle(index), y), Anchor::Middle);
                y += pitch;
            }
        }
        sheet.y += height(most) + theme.gap / 2;
        Ok(())
    }

    fn cells(&self, sheet: &mut Sheet<'_>, row: &Item, shades: &Shades, height: i32) {
        let (top, border) = (sheet.y, sheet.theme.rule);
        for (index, Figure { text, value }) in (0..).zip(&row.cells) {
            let (fill, ink) = match value {
                Some(value) => {
                    let shade = shades.shade(*value);
                    (shade, on(shade))
                }
                None => (TINT, MUTED),
            };
            let left = self.left + index * self.width;
            let corners = (
                (left + border, top + border),
                (left + self.width - border, top + height - border),
            );
            sheet.marks.push(Mark::Box(corners.0, corners.1, fill));
            let style = Style::regular(self.size, ink);
            sheet.write(text, style, (self.middle(index), top + height / 2), Anchor::Middle);
        }
    }
}
