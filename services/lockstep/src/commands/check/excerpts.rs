//! Findings as a compiler prints them: the line in question, and a mark under the place.

use std::{collections::BTreeMap, io::IsTerminal as _};

use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, sources};
use lockstep_gate::bundle::{self, Files};
use lockstep_proto::finding::{Finding, Severity};

use crate::print;

/// Longer lines are shown around the place alone: a text can stand in one line.
const LINE_CHARS: usize = 60;

/// Prints all findings to standard error, those that name a place with the line they are about.
pub(super) fn print(files: &Files, findings: &[Finding]) {
    let opened = bundle::open(files);
    let texts: BTreeMap<&str, &str> = opened
        .files
        .iter()
        .filter_map(|(path, bytes)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?)))
        .collect();
    for finding in findings {
        let place = finding.member.as_deref().zip(finding.line);
        let line = place.and_then(|(member, line)| {
            let index = usize::try_from(line).ok()?.checked_sub(1)?;
            texts.get(member)?.lines().nth(index)
        });
        match (place, line) {
            (Some((member, number)), Some(line)) => print_at(finding, member, number, line),
            _ => print::findings(std::slice::from_ref(finding)),
        }
    }
}

fn print_at(finding: &Finding, member: &str, number: u32, line: &str) {
    let column = finding.column.and_then(|column| usize::try_from(column).ok()).unwrap_or(1);
    let (shown, start) = around(line, column.saturating_sub(1));
    let end = span_end(&shown, start);
    let (kind, color) = match finding.severity {
        Severity::Block => (ReportKind::Custom("不通过 blocked", Color::Red), Color::Red),
        Severity::Warning => (ReportKind::Custom("提醒 warning", Color::Yellow), Color::Yellow),
    };
    let place = match finding.column {
        Some(column) => format!("{member}:{number}:{column}"),
        None => format!("{member}:{number}"),
    };
    let is_colored = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let config = Config::default().with_color(is_colored).with_index_type(IndexType::Char);
    let report = Report::build(kind, (place.clone(), start..end))
        .with_config(config)
        .with_code(&finding.code)
        .with_message(format!("{}\n  {}", finding.message, finding.message_en))
        .with_label(Label::new((place.clone(), start..end)).with_color(color))
        .with_help(format!("{}\n{}", finding.help, finding.help_en))
        .finish();
    let written = report.eprint(sources([(place, shown)]));
    // A terminal that is gone has nobody to tell.
    drop(written);
}

/// The part of a long line around a character, and where the character is in it.
fn around(line: &str, at: usize) -> (String, usize) {
    let length = line.chars().count();
    let at = at.min(length.saturating_sub(1));
    if length <= LINE_CHARS {
        return (line.to_owned(), at);
    }
    let from = at.saturating_sub(LINE_CHARS / 3);
    let part: String = line.chars().skip(from).take(LINE_CHARS).collect();
    let before = if from > 0 { "…" } else { "" };
    let after = if from + LINE_CHARS < length { "…" } else { "" };
    (format!("{before}{part}{after}"), at - from + before.chars().count())
}

/// To the end of the word or number, at most twelve characters.
fn span_end(line: &str, start: usize) -> usize {
    let stops = |c: &char| !c.is_whitespace() && !"，。；：、！？“”（）《》".contains(*c);
    let length = line.chars().skip(start).take(12).take_while(stops).count();
    start + length.max(1).min(line.chars().count().saturating_sub(start).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_shown_around_its_place() {
        let line: String = "政".repeat(40) + "错" + &"策".repeat(80);
        let (shown, at) = around(&line, 40);
        assert_eq!(shown.chars().nth(at), Some('错'));
        assert_eq!(shown.chars().count(), LINE_CHARS + 2);
        assert_eq!(around("短", 9), ("短".to_owned(), 0));
        assert_eq!(around("", 3), (String::new(), 0));
    }
}
