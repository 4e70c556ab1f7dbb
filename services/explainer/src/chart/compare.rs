//! 新旧对照: rules before and after, row by row, with what changed marked.

use super::Undrawable;
use super::content::Content;
use super::sheet::{Anchor, Mark, Sheet, Style};
use super::theme::{AXIS, CHANGED, GRID, INK, MUTED, NOTED, PALETTE, Theme};
use crate::font::Fonts;

/// Share of the inner width that the names of the rows have.
const LABELS_PERCENT: i32 = 18;

pub(super) fn draw<'a>(
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    let rows = rows(content)?;
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    sheet.y += theme.above;
    if theme.stacked {
        for row in &rows {
            sheet.begin_row();
            row.draw_stacked(&mut sheet, content)?;
        }
        sheet.y -= theme.gap * 2;
    } else {
        let columns = Columns::of(&sheet);
        columns.head(&mut sheet, content)?;
        for row in &rows {
            sheet.begin_row();
            row.draw_beside(&mut sheet, &columns)?;
        }
    }
    sheet.end(&content.head)?;
    Ok(sheet)
}

struct Row<'c> {
    label: &'c str,
    before: &'c str,
    after: &'c str,
}

fn rows(content: &Content) -> Result<Vec<Row<'_>>, Undrawable> {
    if content.series.len() != 2 {
        return Err(Undrawable::Unfit([
            "新旧对照须有两列，原规定、新规定各一列",
            "a comparison has two columns, before and after",
        ]));
    }
    let mut rows = vec![];
    for (row, item) in (1..).zip(&content.rows) {
        let [before, after] = item.cells.as_slice() else { continue };
        if before.text == "—" && after.text == "—" {
            let why = ["新旧两栏都是空的", "it says nothing, neither before nor after"];
            return Err(Undrawable::Row { row, label: item.label.clone(), why });
        }
        rows.push(Row { label: &item.label, before: &before.text, after: &after.text });
    }
    if rows.iter().all(|row| row.before == row.after) {
        return Err(Undrawable::Unfit([
            "新旧两栏完全相同，没有可以对照的变化",
            "nothing differs before and after, so there is nothing to compare",
        ]));
    }
    Ok(rows)
}

impl Row<'_> {
    fn is_changed(&self) -> bool {
        self.before != self.after
    }

    /// What became of it, in a word: colour alone says nothing to some.
    fn mark(&self) -> &'static str {
        match (self.before, self.after) {
            ("—", _) => "新增",
            (_, "—") => "取消",
            (before, after) if before == after => "不变",
            _ => "调整",
        }
    }

    fn mark_style(&self, theme: &Theme) -> Style {
        if self.is_changed() {
            Style::bold(theme.tick, NOTED)
        } else {
            Style::regular(theme.tick, MUTED)
        }
    }

    fn after_style(&self, theme: &Theme) -> Style {
        Style::regular(theme.label, if self.is_changed() { INK } else { MUTED })
    }

    /// Name, before and after in three columns.
    fn draw_beside(&self, sheet: &mut Sheet<'_>, columns: &Columns) -> Result<(), Undrawable> {
        let theme = sheet.theme;
        let bold = Style::bold(theme.label, INK);
        let before = Style::regular(theme.label, MUTED);
        let label = sheet.broken(self.label, bold, columns.label)?;
        let old = sheet.broken(self.before, before, columns.text(theme))?;
        let new = sheet.broken(self.after, self.after_style(theme), columns.text(theme))?;
        let needed = (lines(&label) * theme.label_line() + theme.tick * 3 / 2)
            .max(lines(&old) * leading(theme))
            .max(lines(&new) * leading(theme));
        let (top, inset) = (sheet.y, theme.label * 3 / 5);
        let bottom = top + needed + 2 * inset;
        if self.is_changed() {
            changed(sheet, (columns.after, top), (sheet.right(), bottom));
        }
        let text_top = top + inset;
        let end = write(sheet, &label, bold, (theme.padding, text_top), theme.label_line());
        let at = (theme.padding, end + theme.tick * 3 / 4);
        sheet.write(self.mark(), self.mark_style(theme), at, Anchor::Left);
        write(sheet, &old, before, (columns.before + inset, text_top), leading(theme));
        let style = self.after_style(theme);
        write(sheet, &new, style, (columns.after + inset, text_top), leading(theme));
        let rule = vec![(theme.padding, bottom), (sheet.right(), bottom)];
        sheet.marks.push(Mark::Stroke(rule, GRID, theme.rule));
        sheet.y = bottom;
        Ok(())
    }

    /// Before above after, each under its name.
    fn draw_stacked(&self, sheet: &mut Sheet<'_>, content: &Content) -> Result<(), Undrawable> {
        let theme = sheet.theme;
        let (bold, inset) = (Style::bold(theme.label, INK), theme.label * 3 / 5);
        let mark = self.mark_style(theme);
        let room = sheet.width_of(self.mark(), mark) + theme.gap * 2;
        let label = sheet.broken(self.label, bold, sheet.inner() - room)?;
        let at = (sheet.right(), sheet.y + theme.label_line() / 2);
        sheet.write(self.mark(), mark, at, Anchor::Right);
        sheet.y = write(sheet, &label, bold, (theme.padding, sheet.y), theme.label_line());
        sheet.y += theme.gap;
        let name = Style::bold(theme.tick, MUTED);
        let sides = [
            (self.before, Style::regular(theme.label, MUTED), false),
            (self.after, self.after_style(theme), self.is_changed()),
        ];
        for (series, (text, style, is_changed)) in content.series.iter().zip(sides) {
            let measure = sheet.inner() - 2 * inset;
            let names = sheet.broken(series, name, measure)?;
            let texts = sheet.broken(text, style, measure)?;
            let pitch = theme.tick * 3 / 2;
            let height = lines(&names) * pitch + lines(&texts) * leading(theme) + theme.gap * 2;
            if is_changed {
                changed(sheet, (theme.padding, sheet.y), (sheet.right(), sheet.y + height));
            }
            let left = theme.padding + inset;
            let end = write(sheet, &names, name, (left, sheet.y + theme.gap), pitch);
            write(sheet, &texts, style, (left, end), leading(theme));
            sheet.y += height;
        }
        sheet.y += theme.gap;
        let rule = vec![(theme.padding, sheet.y), (sheet.right(), sheet.y)];
        sheet.marks.push(Mark::Stroke(rule, GRID, theme.rule));
        sheet.y += theme.gap * 2;
        Ok(())
    }
}

/// Left edges of before and after, and the width that names have.
struct Columns {
    label: i32,
    before: i32,
    after: i32,
}

impl Columns {
    fn of(sheet: &Sheet<'_>) -> Self {
        let label = sheet.inner() * LABELS_PERCENT / 100;
        let before = sheet.theme.padding + label + sheet.theme.gap;
        Self { label, before, after: i32::midpoint(before, sheet.right()) }
    }

    /// Width of a text.
    fn text(&self, theme: &Theme) -> i32 {
        self.after - self.before - 2 * (theme.label * 3 / 5)
    }

    fn head(&self, sheet: &mut Sheet<'_>, content: &Content) -> Result<(), Undrawable> {
        let (theme, style) = (sheet.theme, Style::bold(sheet.theme.label, MUTED));
        let (top, mut bottom) = (sheet.y, sheet.y);
        for (name, left) in content.series.iter().zip([self.before, self.after]) {
            let lines = sheet.broken(name, style, self.text(theme))?;
            let at = (left + theme.label * 3 / 5, top);
            bottom = bottom.max(write(sheet, &lines, style, at, theme.label_line()));
        }
        sheet.y = bottom + theme.gap;
        let rule = vec![(theme.padding, sheet.y), (sheet.right(), sheet.y)];
        sheet.marks.push(Mark::Stroke(rule, AXIS, theme.rule));
        Ok(())
    }
}

/// The ground of a text that is new.
fn changed(sheet: &mut Sheet<'_>, (left, top): (i32, i32), corner: (i32, i32)) {
    sheet.marks.push(Mark::Box((left, top), corner, CHANGED));
    let edge = (left + sheet.theme.stroke, corner.1);
    let [_, strong, ..] = PALETTE;
    sheet.marks.push(Mark::Box((left, top), edge, strong));
}

/// Lines below each other; where they end.
fn write(
    sheet: &mut Sheet<'_>,
    lines: &[String],
    style: Style,
    (left, top): (i32, i32),
    pitch: i32,
) -> i32 {
    let mut y = top;
    for line in lines {
        sheet.write(line, style, (left, y + pitch / 2), Anchor::Left);
        y += pitch;
    }
    y
}

/// Distance between the lines of a text that is read, not glanced at.
fn leading(theme: &Theme) -> i32 {
    theme.label * 3 / 2
}

fn lines(lines: &[String]) -> i32 {
    i32::try_from(lines.len()).unwrap_or(i32::MAX)
}
