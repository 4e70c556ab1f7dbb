//! Places that a draft leaves blank for a number or a day without a slot: 示建规〔2027〕　号, 2027年　月　日. They
//! would be published as they are.

use lockstep_proto::{edition::Slot, finding::Finding};

use crate::{
    codes::{self, At as _},
    document::{Document, Level},
};

/// Characters of a line that is a number or a day, at most.
const LINE_MAX: usize = 40;

/// TS110 in the policy's own part: the forms among its attachments have blanks for those who fill them in.
pub(super) fn check(policy: &Document<'_>, path: &str) -> Vec<Finding> {
    let is_own = |level: Level| !matches!(level, Level::Attachment | Level::AttachmentList);
    let own = policy.units().iter().take_while(|unit| is_own(unit.level));
    let end = own.last().map_or(0, |unit| unit.end);
    let lines = policy.text().get(..end).unwrap_or_default().lines().enumerate();
    let found = lines.filter_map(|(index, line)| Some((index + 1, line, find(line)?)));
    found
        .map(|(at, line, slot)| {
            let bare = line.trim();
            let what = format!("{bare} 没有填全 is not filled in");
            let help = format!(
                "已定的填全；未定的，整行改写为 {0}，并在 slots 中列出 {1}",
                slot.mark(),
                slot.name()
            );
            let help_en = format!(
                "fill it in; what is not known yet is written {} in the place of the whole line, \
                 and listed in slots",
                slot.mark()
            );
            codes::SLOT.about(what).advising(help, help_en).in_member(path).at_line(at)
        })
        .collect()
}

/// The slot that a line should hold.
fn find(line: &str) -> Option<Slot> {
    // Asked of every line; most end otherwise.
    let line = line.trim_end().trim_end_matches(['*', '）', ')']).trim_end();
    if !line.ends_with(['号', '日']) || line.chars().nth(LINE_MAX * 2).is_some() {
        return None;
    }
    let dress = |c: &char| !c.is_whitespace() && !matches!(c, '*' | '#' | '（' | '(' | '\\');
    let bare: String = line.chars().filter(dress).collect();
    if bare.chars().nth(LINE_MAX).is_some() {
        None
    } else if is_blank_number(&bare) {
        Some(Slot::Number)
    } else {
        is_blank_day(&bare).then_some(Slot::WrittenOn)
    }
}

/// 示建规〔2027〕号, 示建规〔2027〕XX号
fn is_blank_number(line: &str) -> bool {
    let Some((code, rest)) = line.split_once(['〔', '[', '［', '﹝', '【']) else {
        return false;
    };
    let Some((year, serial)) = rest.split_once(['〕', ']', '］', '﹞', '】']) else {
        return false;
    };
    let Some(serial) = serial.strip_suffix('号') else { return false };
    let serial = serial.strip_prefix('第').unwrap_or(serial);
    code.chars().count() >= 2
        && code.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
        && year.chars().all(|c| c.is_ascii_digit() || is_blank(c))
        && serial.chars().all(is_blank)
}

/// 2027年月日, 2027年1月XX日
fn is_blank_day(line: &str) -> bool {
    let Some((year, rest)) = line.split_once('年') else { return false };
    let Some((month, day)) = rest.split_once('月') else { return false };
    let Some(day) = day.strip_suffix('日') else { return false };
    let is_number = |part: &str| part.chars().all(|c| c.is_ascii_digit() || is_blank(c));
    year.starts_with("20")
        && [year, month, day].into_iter().all(is_number)
        && [month, day].into_iter().any(|part| part.chars().all(is_blank))
}

/// What stands for a figure that is not known yet.
fn is_blank(c: char) -> bool {
    matches!(c, 'X' | 'x' | 'Ｘ' | '×' | '_' | '＿' | '*' | '□' | '○' | '…')
}

/// Whether a mark stands within what it stands for: 示建规〔2027〕{{文号}}号.
pub(super) fn is_within(slot: Slot, before: &str, behind: &str) -> bool {
    let (before, behind) = (before.trim_end(), behind.trim_start());
    match slot {
        Slot::Number => before.ends_with(['〕', ']', '］', '﹞', '】']) || behind.starts_with('号'),
        Slot::WrittenOn | Slot::PrintedOn => {
            before.ends_with(['年', '月']) || behind.starts_with(['年', '月', '日'])
        }
        Slot::IndexNumber => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(u32, String)> {
        let found = check(&Document::read(text), "policy.md");
        found.into_iter().map(|finding| (finding.line.unwrap(), finding.help)).collect()
    }

    #[test]
    fn what_a_draft_leaves_blank_is_found() {
        for (line, slot) in [
            ("示建规〔2027〕　号", "{{文号}}"),
            ("示建规〔2027〕XX号", "{{文号}}"),
            ("示政办发［20XX］×号", "{{文号}}"),
            ("**示建规\\[2027\\]__号**", "{{文号}}"),
            ("2027年　月　日", "{{成文日期}}"),
            ("（2027年X月X日）", "{{成文日期}}"),
            ("2027年1月 日", "{{成文日期}}"),
            ("20××年×月×日", "{{成文日期}}"),
        ] {
            let text = format!("# 关于示例的通知\n\n{line}\n\n各街道：\n\n请照此办理。\n");
            let found = said(&text);
            assert!(matches!(&found[..], [(3, help)] if help.contains(slot)), "{line}: {found:?}");
        }
    }

    #[test]
    fn what_is_filled_in_or_is_filled_in_by_others_is_none() {
        for line in [
            "示建规〔2027〕1号",
            "示建规〔2027〕〇号",
            "{{文号}}",
            "2027年1月15日",
            "二〇二七年一月五日",
            "自2027年1月起每月15日",
            "每年　月　日",
            "办理地点为某路〔东〕号",
        ] {
            let text = format!("# 关于示例的通知\n\n{line}\n\n各街道：\n\n请照此办理。\n");
            assert_eq!(said(&text), [], "{line}");
        }
        let form =
            "# 关于示例的通知\n\n各街道：\n\n请照此办理。\n\n附件1\n\n申请表\n\n2027年　月　日\n";
        assert_eq!(said(form), []);
    }
}
