//! A flow whose boxes have no room beside each other: its steps below one another in the order in which they are
//! given, and in words where each goes on.

use super::Undrawable;
use super::flow::arrow;
use super::sheet::{Anchor, Mark, Sheet, Style};
use super::steps::{Next, Step};
use super::theme::{MUTED, PALE, SHADES, STRONG, on};

pub(super) fn draw(sheet: &mut Sheet<'_>, steps: &[Step<'_>]) -> Result<(), Undrawable> {
    let theme = sheet.theme;
    let gap = theme.label * 6 / 5;
    for (index, step) in steps.iter().enumerate() {
        if index > 0 {
            sheet.y += gap;
        }
        sheet.begin_row();
        if index > 0 && steps.get(index - 1).is_some_and(|before| goes_only_to(before, index)) {
            let x = theme.width / 2;
            arrow(sheet, &[(x, sheet.y - gap), (x, sheet.y)], MUTED, false);
        }
        write_step(sheet, steps, index, step)?;
    }
    Ok(())
}

/// Whether a step leads to the one below it in any case, which an arrow says.
fn goes_only_to(step: &Step<'_>, below: usize) -> bool {
    matches!(step.next.as_slice(), [Next { to, condition: None, .. }] if *to == below)
}

/// Its number and name, what is to be known of it, and where it goes on.
fn write_step(
    sheet: &mut Sheet<'_>,
    steps: &[Step<'_>],
    index: usize,
    step: &Step<'_>,
) -> Result<(), Undrawable> {
    let theme = sheet.theme;
    let [light, ..] = SHADES;
    let fill = if index == 0 || step.next.is_empty() { STRONG } else { light };
    let (name, said) = (Style::bold(theme.label, on(fill)), Style::regular(theme.tick, on(fill)));
    let inset = theme.label * 4 / 5;
    let numbers = sheet.width_of("20", name) + theme.gap;
    let measure = sheet.inner() - 2 * inset - numbers;
    let mut lines = vec![];
    let mut add = |text: &str, style: Style| -> Result<(), Undrawable> {
        lines.extend(sheet.broken(text, style, measure)?.into_iter().map(|line| (line, style)));
        Ok(())
    };
    add(step.label, name)?;
    let about: Vec<&str> = step.role.into_iter().chain(step.note).collect();
    if !about.is_empty() {
        add(&about.join("，"), said)?;
    }
    let told = step.next.iter().filter(|_| !goes_only_to(step, index + 1));
    for next in told {
        add(&way(steps, next), said)?;
    }
    let pitch = |style: Style| style.size * 7 / 5;
    let height: i32 = lines.iter().map(|(_, style)| pitch(*style)).sum();
    let (top, bottom) = (sheet.y, sheet.y + height + inset);
    let (left, right, border) = (theme.padding, sheet.right(), theme.rule * 3 / 2);
    let edge = if fill == STRONG { STRONG } else { PALE };
    sheet.marks.push(Mark::Box((left, top), (right, bottom), edge));
    let inner = ((left + border, top + border), (right - border, bottom - border));
    sheet.marks.push(Mark::Box(inner.0, inner.1, fill));
    let mut y = top + inset / 2;
    let number = (left + inset, y + pitch(name) / 2);
    sheet.write(&(index + 1).to_string(), name, number, Anchor::Left);
    for (line, style) in lines {
        let at = (left + inset + numbers, y + pitch(style) / 2);
        sheet.write(&line, style, at, Anchor::Left);
        y += pitch(style);
    }
    sheet.y = bottom;
    Ok(())
}

/// 不属实的，回到 2 提交申请
fn way(steps: &[Step<'_>], next: &Next<'_>) -> String {
    let label = steps.get(next.to).map_or("", |step| step.label);
    let verb = if next.is_back { "回到" } else { "到" };
    let to = format!("{verb}第{}步 {label}", next.to + 1);
    match next.condition {
        Some(condition) => format!("→ {condition}：{to}"),
        None => format!("→ {to}"),
    }
}
