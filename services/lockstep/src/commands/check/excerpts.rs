//! Findings as a compiler prints them: the line in question, and a mark under the place.

use std::{
    collections::BTreeMap,
    io::{self, IsTerminal as _},
};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use lockstep_gate::{
    bundle::{self, Files},
    codes, persons,
};
use lockstep_proto::finding::{Finding, Severity};

use crate::print;

/// What numbers are written with, and what follows them as their unit: a mark under a figure ends there.
const NUMERALS: &str = "０１２３４５６７８９.．〇○零一二三四五六七八九十百千万亿两半";
const UNITS: &str = "%％‰年个月日号周岁天时分小工作元角";

/// Characters of a value in quotation marks that are marked as a whole.
const QUOTED_MAX: usize = 40;

/// Columns of a terminal that does not say how many it has; long lines are shown around the place.
const COLUMNS: usize = 100;

/// Prints all findings, those that name a place with the line they are about. They are what `check` answers,
/// so they go to standard output: `check … > 结果.txt` holds them.
pub(super) fn print(files: &Files, findings: &[Finding]) -> anyhow::Result<()> {
    let opened = bundle::open(files);
    // Terminals are recorded and shown to others: a person's number is in no excerpt, nor is a classified
    // text. What masks a number keeps its length.
    let texts: BTreeMap<&str, String> = opened
        .files
        .iter()
        // As the file has it, where that is text: a chart that the interpretation declares is moved.
        .map(|(path, read)| (path.as_str(), files.get(path).unwrap_or(read), read))
        .filter_map(|(path, bytes, read)| {
            let text = std::str::from_utf8(bytes).or_else(|_| std::str::from_utf8(read)).ok()?;
            Some((path, text))
        })
        .map(|(path, text)| {
            let is_table = path.starts_with("data/");
            (path, if is_table { persons::mask_table(text).0 } else { persons::mask(text).0 })
        })
        .collect();
    for finding in findings {
        let member = finding.member.as_deref().filter(|_| finding.code != codes::CLASSIFIED.id);
        let text = member.and_then(|member| Some((member, texts.get(member)?.as_str())));
        let place = text.and_then(|(member, text)| Some((member, text, span(text, finding)?)));
        match place {
            Some((member, text, span)) => {
                // There is no such file where the text was read from Word.
                let source = opened.sources.get(member);
                let shown = source.map(|source| format!("{} 读出的文字 as read", source.file));
                let member = shown.as_deref().unwrap_or(member);
                print::out(&(excerpt(finding, member, text, span) + "\n"))?;
            }
            None => print::out(&print::finding_in_words(finding))?,
        }
    }
    Ok(())
}

fn excerpt(finding: &Finding, member: &str, text: &str, span: std::ops::Range<usize>) -> String {
    let level = match finding.severity {
        Severity::Block => Level::ERROR.with_name("不通过 blocked"),
        Severity::Warning => Level::WARNING.with_name("提醒 warning"),
    };
    let excerpt = Snippet::source(text)
        .path(member)
        .annotation(AnnotationKind::Primary.span(span).label(&finding.message_en));
    let help = format!("{}\n{}", finding.help, finding.help_en);
    let group = Group::with_title(level.primary_title(&finding.message).id(&finding.code))
        .element(excerpt)
        .element(Level::HELP.with_name("怎么办 help").message(&help));
    let is_colored = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let renderer = if is_colored { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(COLUMNS).render(&[group])
}

/// The bytes a finding is about: from its column, or its line's first character, to the end of the
/// word or number there.
fn span(text: &str, finding: &Finding) -> Option<std::ops::Range<usize>> {
    let index = usize::try_from(finding.line?).ok()?.checked_sub(1)?;
    let begin = text.split_inclusive('\n').take(index).map(str::len).sum::<usize>();
    let line = text.get(begin..)?.lines().next().unwrap_or_default();
    let skipped = match finding.column {
        Some(column) => usize::try_from(column).ok()?.checked_sub(1)?,
        None => line.chars().take_while(|c| c.is_whitespace()).count(),
    };
    let start = begin + line.chars().take(skipped).map(char::len_utf8).sum::<usize>();
    let rest = text.get(start..)?;
    // A statement's value, quotation marks and all.
    let quoted = rest.strip_prefix('"').and_then(|rest| rest.split(['"', '\n']).next());
    if let Some(quoted) = quoted.filter(|quoted| quoted.chars().count() <= QUOTED_MAX) {
        return Some(start..(start + quoted.len() + 2).min(begin + line.len()));
    }
    let stops = |c: &char| c.is_whitespace() || "，。；：、！？“”（）《》".contains(*c);
    let word = rest.chars().take(16);
    let is_figure = word.clone().next().is_some_and(|c| c.is_ascii_digit() || NUMERALS.contains(c));
    let goes_on = |c: &char| {
        !stops(c)
            // 0755-28881234, 2027-02-01
            && (!is_figure || c.is_ascii_digit() || *c == '-' || NUMERALS.contains(*c) || UNITS.contains(*c))
    };
    let length: usize = word.take_while(goes_on).map(char::len_utf8).sum();
    let first = rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    Some(start..start + length.max(first))
}

#[cfg(test)]
mod tests {
    use lockstep_gate::codes::{self, At as _};

    use super::*;

    #[test]
    fn the_word_at_the_place_is_marked() {
        let text = "一行\n收费标准为300元，困难家庭不交钱。\n\n七个工作日内书面告知。\n电话0755-28881234咨询\nunit = \"三/（九）\" # 核对\n";
        let at = |line, column| {
            let finding = Finding { column, ..codes::EXTERNAL_FIGURE.finding().at_line(line) };
            span(text, &finding).and_then(|span| text.get(span))
        };
        assert_eq!(at(2, Some(6)), Some("300元"));
        assert_eq!(at(2, None), Some("收费标准为300元"));
        assert_eq!(at(3, None), Some(""));
        assert_eq!(at(4, Some(1)), Some("七个工作日"));
        assert_eq!(at(5, Some(3)), Some("0755-28881234"));
        assert_eq!(at(6, Some(8)), Some("\"三/（九）\""));
        assert_eq!(at(9, Some(9)), Some(""));
    }
}
