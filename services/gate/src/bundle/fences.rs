//! Charts that the interpretation declares where they stand: blocks fenced as `chart`, with the keys of a
//! `[[chart]]` table. They are read as if `bundle.toml` declared them, so whatever is checked there is
//! checked here; in the text an image places each, in as many lines, so that every other line keeps its
//! number.

use std::ops::Range;

use lockstep_proto::{finding::Finding, manifest::ChartSpec};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use super::{
    Opened, SETTINGS,
    settings::{in_chinese, of_chart},
};
use crate::{
    codes::{self, At as _},
    markdown::{CHART, OPTIONS},
};

/// The only text that charts belong to, where it can hold a block.
pub(super) const INTERPRETATION: &str = "interpretation.md";
const POLICY: &str = "policy.md";
/// What such a block is marked with.
const MARK: &str = "chart";

/// Where a block stands, and where it was written to `bundle.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Fence {
    /// The line of its opening mark in the interpretation, from 1.
    line: usize,
    /// The line of its `[[chart]]`.
    in_settings: usize,
    /// How many lines it has after that.
    lines: usize,
}

impl Fence {
    /// The line of the interpretation that a line of `bundle.toml` was copied from.
    fn line_of(&self, in_settings: usize) -> Option<usize> {
        let after = in_settings.checked_sub(self.in_settings)?;
        (after <= self.lines).then_some(self.line + after)
    }
}

/// Names the place in the interpretation of what was found in a chart that it declares.
pub(super) fn place(fences: &[Fence], finding: Finding) -> Finding {
    let line = finding.line.filter(|_| finding.member.as_deref() == Some(SETTINGS));
    let line = line.and_then(|line| usize::try_from(line).ok());
    match line.and_then(|line| fences.iter().find_map(|fence| fence.line_of(line))) {
        Some(line) => finding.in_member(INTERPRETATION).at_line(line),
        None => finding,
    }
}

/// A block as it stands in the text.
struct Block {
    range: Range<usize>,
    /// The line of its opening mark, from 1.
    line: usize,
    body: String,
    /// In a list or a quotation.
    is_nested: bool,
    is_closed: bool,
}

/// Moves the blocks to `bundle.toml`. One that cannot be read stays and is told, with its line.
pub(super) fn take(opened: &mut Opened) {
    refuse_in_policy(opened);
    let Some(source) = text(opened, INTERPRETATION) else { return };
    let blocks = find(&source);
    if blocks.is_empty() {
        return;
    }
    let Some(mut settings) = text(opened, SETTINGS) else { return };
    if !settings.is_empty() && !settings.ends_with('\n') {
        settings.push('\n');
    }
    let mut in_settings = settings.matches('\n').count() + 1;
    let mut placed = String::with_capacity(source.len());
    let mut copied_to = 0;
    for block in &blocks {
        let read = match read(block) {
            Ok(id) => id,
            Err((why, after)) => {
                let finding =
                    unreadable(&why).in_member(INTERPRETATION).at_line(block.line + after);
                let finding = opened.place(finding);
                opened.findings.push(finding);
                continue;
            }
        };
        settings.push_str(&format!("[[chart]]\n{}\n", block.body));
        let lines = block.body.matches('\n').count();
        opened.fences.push(Fence { line: block.line, in_settings, lines });
        in_settings += lines + 2;
        placed.push_str(source.get(copied_to..block.range.start).unwrap_or_default());
        placed.push_str(&image(&read, source.get(block.range.clone()).unwrap_or_default()));
        copied_to = block.range.end;
    }
    placed.push_str(source.get(copied_to..).unwrap_or_default());
    opened.files.insert(SETTINGS.to_owned(), settings.into_bytes());
    opened.files.insert(INTERPRETATION.to_owned(), placed.into_bytes());
}

/// TS008: the policy's text is the policy's text.
fn refuse_in_policy(opened: &mut Opened) {
    let Some(policy) = text(opened, POLICY) else { return };
    let found = find(&policy).into_iter().map(|block| {
        let finding = codes::NO_CHART.about("```chart").in_member(POLICY);
        finding.at_line(block.line)
    });
    opened.findings.extend(found);
}

/// `chart`, whatever follows and however it is written.
fn is_chart(info: &str) -> bool {
    info.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case(MARK))
}

fn text(opened: &Opened, path: &str) -> Option<String> {
    String::from_utf8(opened.files.get(path)?.clone()).ok()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "fenced blocks are one of many events")]
fn find(source: &str) -> Vec<Block> {
    // Most texts hold none: reading them as Markdown once more is saved.
    if !source.to_ascii_lowercase().contains(MARK) {
        return vec![];
    }
    let mut blocks: Vec<Block> = vec![];
    let (mut depth, mut is_open) = (0_usize, false);
    let (mut line, mut counted_to) = (1, 0);
    for (event, range) in Parser::new_ext(source, OPTIONS).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_chart(&info) => {
                let block = source.get(range.clone()).unwrap_or_default();
                let last = block.trim_end().lines().last().unwrap_or_default().trim();
                let is_closed = block.trim().contains('\n')
                    && ["```", "~~~"].iter().any(|fence| last.starts_with(fence));
                line +=
                    source.get(counted_to..range.start).unwrap_or_default().matches('\n').count();
                counted_to = range.start;
                blocks.push(Block {
                    range,
                    line,
                    body: String::new(),
                    is_nested: depth > 0,
                    is_closed,
                });
                is_open = true;
            }
            Event::End(TagEnd::CodeBlock) => is_open = false,
            Event::Text(text) if is_open => {
                if let Some(block) = blocks.last_mut() {
                    block.body.push_str(&text);
                }
            }
            Event::Start(Tag::List(_) | Tag::BlockQuote(_)) => depth += 1,
            Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_)) => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    blocks
}

/// TS001 of a block: it is the interpretation that is to be mended.
fn unreadable(why: &str) -> Finding {
    let finding = Finding {
        message: format!("解读中的图表（```chart）无法读取：{why}"),
        message_en: format!("a chart in the interpretation (```chart) cannot be read: {why}"),
        ..codes::BAD_SETTINGS.finding()
    };
    finding.advising(
        "按提示改正解读的该行；未知的键请删除".to_owned(),
        "mend that line of the interpretation; remove keys that are not known".to_owned(),
    )
}

/// The chart's id; or why there is none, and how many lines below the opening mark.
fn read(block: &Block) -> Result<String, (String, usize)> {
    if block.is_nested {
        let why = "不能写在列表或引文内 cannot stand in a list or quotation";
        return Err((why.to_owned(), 0));
    }
    if !block.is_closed {
        return Err(("没有结尾的 ``` the block has no end".to_owned(), 0));
    }
    match toml::from_str::<ChartSpec>(&block.body) {
        Ok(chart) => Ok(chart.id.to_string()),
        Err(error) => {
            // A key that is missing is missing in the whole.
            let span = error.span().filter(|_| !error.message().starts_with("missing field"));
            let before = span.and_then(|span| block.body.get(..span.start));
            let after = before.map_or(0, |before| before.matches('\n').count() + 1);
            let why = of_chart(error.message(), &block.body);
            Err((why.unwrap_or_else(|| in_chinese(error.message())), after))
        }
    }
}

/// What stands instead of a block: an image, a paragraph of its own, in as many lines.
fn image(id: &str, block: &str) -> String {
    let lines = block.matches('\n').count();
    format!("\n![图表]({CHART}{id}){}", "\n".repeat(lines.saturating_sub(1)))
}
