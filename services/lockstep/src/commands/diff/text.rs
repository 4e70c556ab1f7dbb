//! A difference in words, Chinese first: what changed, what that touches, what is to be done again.

use std::collections::HashMap;

use lockstep_gate::diff::{
    Cause, Change, ChangeKind, Diff, Place, Span, SpanKind, StaleFigure, TextDiff, Why,
};

/// Characters that are shown of what both say, on either side of a change.
const AROUND: usize = 16;
/// Renumbered clauses in a row that are told one by one.
const ROW: usize = 3;

pub(super) fn write(diff: &Diff, is_colored: bool) -> String {
    if diff.is_empty() {
        return "内容相同 / the same content\n".to_owned();
    }
    let mut out = Out { text: String::new(), is_colored };
    out.text_diff("政策 policy", &diff.policy);
    out.text_diff("解读 interpretation", &diff.interpretation);
    out.members(diff);
    out.declared(diff);
    out.stale(diff);
    out.touches(diff);
    out.line(if diff.voids.all {
        "签批 sign-offs：内容已变，原版次上的签批全部失效，须从头签批 / void: every step is to be signed again"
    } else {
        "签批 sign-offs：内容未变，签批仍有效；改发布令由末环节另签 / the content is the same, they stand; \
         another order takes a new last sign-off"
    });
    out.text
}

struct Out {
    text: String,
    is_colored: bool,
}

impl Out {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn text_diff(&mut self, name: &str, diff: &TextDiff) {
        if diff.is_layout_only {
            self.line(&format!("{name}：只有版式不同 / layout alone differs"));
        }
        if diff.changes.is_empty() {
            return;
        }
        self.line(name);
        let pairs: HashMap<&str, &str> = diff.changes.iter().filter_map(paths).collect();
        let mut row = vec![];
        for change in &diff.changes {
            if change.kind == ChangeKind::Moved && change.touch.is_none() {
                // What stands below a clause goes with it.
                let goes_along = paths(change).is_some_and(|(before, after)| {
                    let around = before.rsplit_once('/').zip(after.rsplit_once('/'));
                    around.is_some_and(|((was, name), (is, same))| {
                        name == same && pairs.get(was) == Some(&is)
                    })
                });
                if !goes_along {
                    row.push(change);
                }
                continue;
            }
            self.row(&std::mem::take(&mut row));
            self.change(change);
        }
        self.row(&row);
    }

    /// Clauses in a row that say the same elsewhere.
    fn row(&mut self, moved: &[&Change]) {
        if let ([first, .., last], true) = (moved, moved.len() > ROW) {
            let (first, last) = (place(first), place(last));
            let count = moved.len();
            self.line(&format!("  {first} … {last}  移动或改编号 moved or renumbered（{count}）"));
        } else {
            for change in moved {
                self.line(&format!("  {}  移动或改编号 moved or renumbered", place(change)));
            }
        }
    }

    fn change(&mut self, change: &Change) {
        let what = match change.kind {
            ChangeKind::Added => "新增 added",
            ChangeKind::Removed => "删除 removed",
            ChangeKind::Changed => "修改 changed",
            ChangeKind::Moved => "移动或改编号 moved or renumbered",
        };
        self.line(&format!("  {}  {what}", place(change)));
        let spans = self.spans(&change.spans);
        if !spans.is_empty() {
            self.line(&format!("    {spans}"));
        }
        if let Some(cause) = change.touch {
            let (words, english) = cause.words();
            self.line(&format!("    → {words} / {english}"));
        }
    }

    fn spans(&self, spans: &[Span]) -> String {
        let last = spans.len().saturating_sub(1);
        let shown = spans.iter().enumerate().map(|(index, span)| match span.kind {
            SpanKind::Same => shorten(&span.text, index == 0, index == last),
            SpanKind::Removed => self.removed(&span.text),
            SpanKind::Added => self.added(&span.text),
        });
        shown.collect()
    }

    fn removed(&self, text: &str) -> String {
        let text = plain(text);
        if self.is_colored { format!("\x1b[31;9m{text}\x1b[0m") } else { format!("〔-{text}-〕") }
    }

    fn added(&self, text: &str) -> String {
        let text = plain(text);
        if self.is_colored { format!("\x1b[32m{text}\x1b[0m") } else { format!("〔+{text}+〕") }
    }

    fn members(&mut self, diff: &Diff) {
        if !diff.members.is_empty() {
            self.line("文件 files");
        }
        for member in &diff.members {
            let what = match member.kind {
                ChangeKind::Added => "新增 added",
                ChangeKind::Removed => "删除 removed",
                ChangeKind::Changed | ChangeKind::Moved => "修改 changed",
            };
            self.line(&format!("  {}  {what}", plain(&member.path)));
        }
    }

    fn declared(&mut self, diff: &Diff) {
        if !diff.declared.is_empty() {
            self.line("填报 declared");
        }
        for change in &diff.declared {
            let before = change.before.as_ref().map(|value| self.removed(&value.to_string()));
            let after = change.after.as_ref().map(|value| self.added(&value.to_string()));
            let values = [before, after].into_iter().flatten().collect::<String>();
            self.line(&format!("  {}  {values}", change.field));
        }
    }

    fn stale(&mut self, diff: &Diff) {
        let stale = &diff.stale;
        let mut lines = vec![];
        for link in &stale.links {
            let along =
                if link.is_unit_changed { "；解读已改 its unit was changed" } else { "" };
            let said = why(link.why);
            lines.push(format!("对应关系 link  {} → {}  {said}{along}", link.unit, link.clause));
        }
        for waiver in &stale.waivers {
            let said = why(waiver.why);
            lines.push(format!("无需解读 waiver  {}（{}）  {said}", waiver.clause, waiver.reason));
        }
        let figures = stale.external.iter().map(|figure| ("外部数据 external", figure));
        let figures = figures.chain(stale.figures.iter().map(|figure| ("解读数据 figure", figure)));
        lines.extend(figures.map(|(name, figure)| format!("{name}  {}", figure_line(figure))));
        for chart in &stale.charts {
            let (id, data) = (chart.chart.as_str(), &chart.data);
            lines.push(format!(
                "图表 chart  {id}  数据已改，标题未改 data changed, not its headline: {data}"
            ));
        }
        if !lines.is_empty() {
            self.line("须重新核对 to be looked at again");
        }
        for line in lines {
            self.line(&format!("  {}", plain(&line)));
        }
    }

    fn touches(&mut self, diff: &Diff) {
        if !diff.is_norm_touched {
            self.line("政策规定 norms：未变 / not touched");
            return;
        }
        let clauses: Vec<String> = diff.touches.iter().map(|touch| plain(&touch.clause)).collect();
        let clauses = clauses.join("、");
        self.line(&format!("政策规定 norms：有变或存疑 / touched, or in doubt：{clauses}"));
        // The other causes were told with their clauses.
        let apart = |cause| matches!(cause, Cause::Reference | Cause::Attachment | Cause::Issuer);
        for touch in diff.touches.iter().filter(|touch| apart(touch.cause)) {
            let (words, english) = (touch.message, touch.message_en);
            self.line(&format!("  {}  {words} / {english}", plain(&touch.clause)));
        }
    }
}

fn paths(change: &Change) -> Option<(&str, &str)> {
    let (before, after) = change.before.as_ref().zip(change.after.as_ref())?;
    Some((&before.path, &after.path))
}

fn place(change: &Change) -> String {
    let path = |place: &Option<Place>| place.as_ref().map(|place| plain(&place.path));
    match (path(&change.before), path(&change.after)) {
        (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
        (before, after) => after.or(before).unwrap_or_default(),
    }
}

fn why(why: Why) -> &'static str {
    match why {
        Why::Changed => "条款已变 the clause changed",
        Why::Gone => "已无此条款 there is no such clause",
        Why::Renumbered => "此编号现为另一条款 another clause bears its number",
    }
}

fn figure_line(figure: &StaleFigure) -> String {
    let unit = figure.unit.as_ref().map(|unit| format!("{unit}：")).unwrap_or_default();
    let now = match figure.now.as_slice() {
        [] => String::new(),
        now => format!("，现为 now {}", now.join("、")),
    };
    format!("{unit}{}  （政策 policy {}{now}）", figure.figure, figure.clause)
}

/// On one line; what could command a terminal left out.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// What both say, near the changes alone.
fn shorten(text: &str, is_first: bool, is_last: bool) -> String {
    let text = plain(text);
    let count = text.chars().count();
    let (head, tail) = (if is_first { 0 } else { AROUND }, if is_last { 0 } else { AROUND });
    if count <= head + tail + 4 {
        return text;
    }
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use lockstep_gate::diff::texts;

    use super::*;

    #[test]
    fn a_difference_reads_as_marked_text() {
        let old = "办法\n第一条 为了规范各区教育部门办理政府信息公开申请的行为，应当在15个工作日内答复申请人并记录。\n第二条 甲。\n第三条 乙。\n（一）丙。\n第四条 丁。\n第五条 戊。\n第六条 己。\n";
        let new = "办法\n第一条 为了规范各区教育部门办理政府信息公开申请的行为，应当在20个工作日内答复申请人并记录。\n第二条 新的规定。\n第三条 甲。\n第四条 乙。\n（一）丙。\n第五条 丁。\n第六条 戊。\n第七条 己。\n";
        let said = write(&texts(old, new), false);
        let expected = "政策 policy
  第一条  修改 changed
    …理政府信息公开申请的行为，应当在〔-15个工作日-〕〔+20个工作日+〕内答复申请人并记录。
    → 数额、比例、日期或期限有变 / an amount, share, date or period
  第二条  新增 added
    〔+新的规定。+〕
    → 新增条款 / a clause is new
  第二条 → 第三条 … 第六条 → 第七条  移动或改编号 moved or renumbered（5）
政策规定 norms：有变或存疑 / touched, or in doubt：第一条、第二条
签批 sign-offs：内容已变，原版次上的签批全部失效，须从头签批 / void: every step is to be signed again
";
        assert_eq!(said, expected);
        assert_eq!(write(&texts(old, old), false), "内容相同 / the same content\n");
        assert!(write(&texts(old, new), true).contains("\x1b[32m20个工作日\x1b[0m"));
    }

    #[test]
    fn texts_do_not_command_the_terminal() {
        let said = write(&texts("一、甲\x1b[2J。\n", "一、乙\x1b[2J\x07。\n"), false);
        assert!(!said.contains(['\x1b', '\x07']), "{said:?}");
    }
}
