//! 进度安排: tasks from their start to their end, and milestones.

use plotters::style::{RGBColor, WHITE};

use super::Undrawable;
use super::calendar::{Calendar, Date};
use super::content::{Content, Item};
use super::sheet::{Anchor, Mark, Point, Sheet, Style};
use super::theme::{INK, MUTED, PALETTE, STRONG, TINT, Theme, on};
use crate::font::Fonts;

/// Share of the inner width that labels left of the bars may take.
const LABELS_PERCENT: i32 = 30;

pub(super) fn draw<'a>(
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    let (tasks, phases) = tasks(content)?;
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    if !phases.is_empty() {
        sheet.legend(&phases.iter().copied().zip(PALETTE).collect::<Vec<_>>())?;
    }
    sheet.y += theme.above;
    let label = Style::regular(theme.label, INK);
    let percent = if theme.stacked { 100 } else { LABELS_PERCENT };
    let labels = tasks
        .iter()
        .map(|task| sheet.broken(task.label, label, sheet.inner() * percent / 100))
        .collect::<Result<Vec<_>, _>>()?;
    let widths = labels.iter().flatten().map(|line| sheet.width_of(line, label));
    let column = theme.padding + theme.gap / 2 + widths.max().unwrap_or(0);
    let left = if theme.stacked { theme.padding } else { column + theme.gap * 2 };
    let spans = tasks.iter().map(|task| (task.start.begins(), task.ends()));
    let calendar = Calendar::over(&sheet, spans, (left, sheet.right()));
    calendar.head(&mut sheet);
    for (index, (task, lines)) in tasks.iter().zip(&labels).enumerate() {
        sheet.begin_row();
        let ground = if index % 2 == 0 { TINT } else { WHITE };
        let row = Row { task, lines, ground, label };
        if theme.stacked {
            row.draw_below_label(&mut sheet, &calendar);
        } else {
            row.draw_beside_label(&mut sheet, &calendar, column);
        }
    }
    let said = [
        (tasks.iter().any(Task::is_milestone), "菱形为时间节点"),
        (tasks.iter().any(|task| task.end.is_none()), "箭头表示此后继续"),
    ];
    let said: Vec<&str> = said.iter().filter(|(is_so, _)| *is_so).map(|(_, note)| *note).collect();
    if !said.is_empty() {
        sheet.y += theme.below;
        let note = Style::regular(theme.source, MUTED);
        sheet.paragraph(&said.join("，"), note, theme.source * 3 / 2)?;
        sheet.y -= theme.below;
    }
    sheet.end(&content.head)?;
    Ok(sheet)
}

struct Task<'c> {
    label: &'c str,
    start: Date,
    /// None where it goes on.
    end: Option<Date>,
    /// As the data write it.
    dates: String,
    colour: RGBColor,
}

impl Task<'_> {
    fn is_milestone(&self) -> bool {
        self.end == Some(self.start) && self.start.is_short()
    }

    /// When it is over, or surely still goes on.
    fn ends(&self) -> f64 {
        self.end.as_ref().unwrap_or(&self.start).ends()
    }
}

/// With the phases, in the order in which they come.
fn tasks(content: &Content) -> Result<(Vec<Task<'_>>, Vec<&str>), Undrawable> {
    if !matches!(content.series.len(), 2 | 3) {
        return Err(Undrawable::Unfit([
            "进度安排须有开始、结束两列，可以加一列阶段",
            "a schedule has two columns, start and end, and may have a third of phases",
        ]));
    }
    let phase = |item: &Item| item.cells.get(2).map(|cell| cell.text.clone());
    let mut phases: Vec<&str> = vec![];
    for cell in content.rows.iter().filter_map(|item| item.cells.get(2)) {
        if cell.text != "—" && !phases.contains(&cell.text.as_str()) {
            phases.push(&cell.text);
        }
    }
    if phases.len() > PALETTE.len() {
        return Err(Undrawable::Unfit([
            "阶段最多六个，请合并",
            "there are six phases at most; put some together",
        ]));
    }
    let task = |(row, item)| {
        let (start, end, dates) = dates(row, item)?;
        let index = phase(item).and_then(|phase| phases.iter().position(|p| *p == phase));
        let colour = match index {
            Some(index) => PALETTE.get(index).copied().unwrap_or(STRONG),
            None if phases.is_empty() => STRONG,
            None => MUTED,
        };
        Ok(Task { label: &item.label, start, end, dates, colour })
    };
    let tasks = (1..).zip(&content.rows).map(task).collect::<Result<_, Undrawable>>()?;
    Ok((tasks, phases))
}

/// What stands for the end of what goes on.
const OPEN: [&str; 6] = ["长期", "长期坚持", "长期推进", "持续", "持续推进", "长期有效"];

fn dates(row: usize, item: &Item) -> Result<(Date, Option<Date>, String), Undrawable> {
    let [from, to] =
        [0, 1].map(|column| item.cells.get(column).map_or("", |cell| cell.text.trim()));
    let unread = |text: &str| Undrawable::NoDate {
        row,
        label: item.label.clone(),
        text: text.to_owned(),
        why: undated(text),
    };
    let (said_from, said_to) = (from, to);
    let from = bare(from, &["自", "从"], &["起", "开始"]);
    let to = bare(to, &["截至", "截止", "至", "到"], &["止"]);
    let start = Date::read(from).ok_or_else(|| unread(said_from))?;
    if OPEN.contains(&to.trim()) {
        let from = start
            .name()
            .filter(|_| !from.contains(['年', '月']))
            .unwrap_or_else(|| from.to_owned());
        return Ok((start, None, format!("{from}起，{to}")));
    }
    let end = Date::read_beside(to, &start).ok_or_else(|| unread(said_to))?;
    if end.ends() <= start.begins() {
        return Err(Undrawable::Row {
            row,
            label: item.label.clone(),
            why: [
                "结束早于开始，请核对两列日期；只有一天的，开始和结束写同一天",
                "its end lies before its start; check both dates, and write one twice where it is a single day",
            ],
        });
    }
    // 2026-03-10, as spreadsheets have it, is no date to be read.
    let said = |date: &Date, text: &str| {
        let named = date.name().filter(|_| !text.contains(['年', '月']));
        named.unwrap_or_else(|| text.to_owned())
    };
    let (from, to) = (said(&start, from), said(&end, to));
    if start == end {
        return Ok((start, Some(end), from));
    }
    // The year need not be said twice.
    let year = from.split_inclusive('年').next().filter(|year| year.ends_with('年'));
    let rest = year.and_then(|year| to.strip_prefix(year)).filter(|rest| !rest.is_empty());
    // 2027年5月—年底
    let to = match rest {
        Some(rest) if rest.starts_with(['底', '末']) => format!("年{rest}"),
        rest => rest.unwrap_or(&to).to_owned(),
    };
    Ok((start, Some(end), format!("{from}—{to}")))
}

/// A date without the words around it: 自2026年3月5日起, 至2026年6月底.
fn bare<'t>(text: &'t str, before: &[&str], behind: &[&str]) -> &'t str {
    let text = before.iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    behind.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text)
}

/// Why a text is no date, and what to write.
fn undated(text: &str) -> [&'static str; 2] {
    /// What says a day without saying which.
    const UNSAID: [&str; 13] = [
        "即日", "之日", "当日", "今日", "印发", "发布", "公布", "施行", "实施", "批准", "本月",
        "今年", "年内",
    ];
    if UNSAID.iter().any(|word| text.contains(word)) {
        [
            "没有说是哪一天，图上定不了位置；请写文件印发或施行的日期，如 2026年3月5日，原来的说法可写进标题",
            "does not say which day, so that it has no place in the picture; write the date of issue or entry into force, as \
             2026年3月5日, and the words in the headline",
        ]
    } else {
        [
            "读不出日期，请写上年份：2026年、2026年第一季度、2026年3月上旬、2026年6月底前 或 2026年3月5日；没有结束时间的，结束写“长期”",
            "is no date; write its year too: 2026年, 2026年第一季度, 2026年3月上旬, 2026年6月底前, 2026年3月5日 or 2026-03-05; \
             what has no end ends 长期",
        ]
    }
}

struct Row<'r> {
    task: &'r Task<'r>,
    lines: &'r [String],
    ground: RGBColor,
    label: Style,
}

impl Row<'_> {
    fn ground(&self, sheet: &mut Sheet<'_>, height: i32) {
        let corners = ((sheet.theme.padding, sheet.y), (sheet.right(), sheet.y + height));
        sheet.marks.push(Mark::Box(corners.0, corners.1, self.ground));
    }

    fn draw_beside_label(&self, sheet: &mut Sheet<'_>, calendar: &Calendar, right: i32) {
        let (theme, line) = (sheet.theme, sheet.theme.label_line());
        let count = i32::try_from(self.lines.len()).unwrap_or(i32::MAX);
        let style = Style::regular(theme.tick, MUTED);
        let width = sheet.width_of(&self.task.dates, style) + 2 * theme.gap;
        let (from, to) = self.edges(theme, calendar);
        let (left, end) = calendar.plot();
        let beside =
            if to + width <= end { Some(to) } else { Some(from - width).filter(|x| *x >= left) };
        let is_inside = !self.task.is_milestone() && to - from >= width && theme.tick <= theme.bar;
        // Dates that have no room at all stand above their bar.
        let above = if beside.is_some() || is_inside { 0 } else { theme.tick * 3 / 2 };
        let height = theme.row_of(self.lines.len()).max(theme.row * 5 / 4) + above;
        self.ground(sheet, height);
        let middle = sheet.y + i32::midpoint(height, above);
        calendar.lines(sheet, (sheet.y, sheet.y + height));
        let mut y = middle - (count - 1) * line / 2;
        for text in self.lines {
            sheet.write(text, self.label, (right, y), Anchor::Right);
            y += line;
        }
        self.bar(sheet, calendar, middle);
        let over = middle - theme.bar / 2 - theme.tick;
        let free = beside.map(|x| (x, middle));
        let free = free.or((!is_inside).then_some((from.min(end - width).max(left), over)));
        if let Some((x, y)) = free {
            // No line of the calendar runs through the dates.
            let (inset, reach) = (theme.gap / 2, theme.tick * 2 / 3);
            let (first, last) = ((x + inset, y - reach), (x + width - inset, y + reach));
            sheet.marks.push(Mark::Box(first, last, self.ground));
            sheet.write(&self.task.dates, style, (x + width / 2, y), Anchor::Middle);
        } else {
            let inside = Style { colour: on(self.task.colour), ..style };
            let at = (i32::midpoint(from, to), middle);
            sheet.write(&self.task.dates, inside, at, Anchor::Middle);
        }
        sheet.y += height;
    }

    fn draw_below_label(&self, sheet: &mut Sheet<'_>, calendar: &Calendar) {
        let (theme, line) = (sheet.theme, sheet.theme.label_line());
        let inset = theme.gap / 2;
        let style = Style::regular(theme.tick, MUTED);
        let dates = sheet.width_of(&self.task.dates, style);
        let last = self.lines.last().map_or(0, |last| sheet.width_of(last, self.label));
        let is_beside = last + dates + theme.gap * 2 + 2 * inset <= sheet.inner();
        let count = i32::try_from(self.lines.len()).unwrap_or(i32::MAX) + i32::from(!is_beside);
        let height = count * line + theme.bar + theme.gap * 2;
        self.ground(sheet, height);
        let mut y = sheet.y + theme.gap / 2 + line / 2;
        for text in self.lines {
            sheet.write(text, self.label, (theme.padding + inset, y), Anchor::Left);
            y += line;
        }
        if is_beside {
            let at = (sheet.right() - inset, y - line);
            sheet.write(&self.task.dates, style, at, Anchor::Right);
        } else if dates + 2 * inset <= sheet.inner() {
            sheet.write(&self.task.dates, style, (theme.padding + inset, y), Anchor::Left);
        }
        let top = sheet.y + count * line + theme.gap;
        calendar.lines(sheet, (top - theme.gap / 3, sheet.y + height));
        self.bar(sheet, calendar, top + theme.bar / 2);
        sheet.y += height;
    }

    /// The bar or diamond.
    fn bar(&self, sheet: &mut Sheet<'_>, calendar: &Calendar, middle: i32) {
        let (theme, task) = (sheet.theme, self.task);
        let (from, to) = self.edges(theme, calendar);
        if task.is_milestone() {
            let (x, reach) = (i32::midpoint(from, to), (to - from) / 2);
            sheet.marks.push(Mark::Shape(diamond((x, middle), reach), task.colour));
            return;
        }
        let (top, bottom) = (middle - theme.bar / 2, middle + theme.bar / 2);
        let point = if task.end.is_none() { theme.bar / 2 } else { 0 };
        sheet.marks.push(Mark::Box((from, top), (to - point, bottom), task.colour));
        if point > 0 {
            let head = vec![(to - point, top), (to, middle), (to - point, bottom)];
            sheet.marks.push(Mark::Shape(head, task.colour));
        }
    }

    /// Between which edges the bar or diamond lies.
    fn edges(&self, theme: &Theme, calendar: &Calendar) -> (i32, i32) {
        let from = calendar.place(self.task.start.begins());
        let to = match self.task.end {
            Some(end) => calendar.place(end.ends()),
            None => calendar.plot().1.max(from + theme.bar),
        };
        if self.task.is_milestone() {
            let reach = theme.bar * 3 / 5;
            // One of the first or the last day lies within the calendar's frame, as bars do.
            let (left, right) = calendar.plot();
            let x = i32::midpoint(from, to).min(right - reach).max(left + reach);
            return (x - reach, x + reach);
        }
        // A day among years would not be seen.
        (from, to.max(from + theme.rule * 4))
    }
}

fn diamond((x, y): Point, reach: i32) -> Vec<Point> {
    vec![(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
}
