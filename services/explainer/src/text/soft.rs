//! Lines of one paragraph, as somebody broke them by hand: what stands between them on the page, in pictures and in
//! print alike.

use std::ops::Range;

use crate::chart::text::is_chinese;

/// What a single line break in Markdown stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    /// Chinese goes on without a blank.
    Close,
    /// Words have one between them.
    Blank,
    /// Labels and what they say, a line for each: 解读机关：示例区局.
    Line,
}

/// By the lines before and after the break that stands here.
pub(crate) fn join(source: &str, place: &Range<usize>) -> Join {
    let before = source.get(..place.start).unwrap_or_default();
    let before = before.rsplit('\n').next().unwrap_or_default();
    let after = source.get(place.end..).unwrap_or_default();
    let after = after.split('\n').next().unwrap_or_default();
    if is_labelled(before) && is_labelled(after) {
        return Join::Line;
    }
    let ends = plain(before).chars().next_back();
    let begins = plain(after).chars().next();
    if ends.is_none_or(is_chinese) || begins.is_none_or(is_chinese) {
        Join::Close
    } else {
        Join::Blank
    }
}

/// Without blanks, and the signs of stress and quotation around it.
fn plain(line: &str) -> &str {
    let line =
        line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '*' | '_' | '~'));
    line.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '~'))
}

/// A short line that begins with a name and a colon, and is no sentence.
fn is_labelled(line: &str) -> bool {
    const LABEL_CHARS: std::ops::RangeInclusive<usize> = 2..=10;
    const LINE_CHARS_MAX: usize = 40;
    let line = plain(line);
    let Some((label, value)) = line.split_once(['：', ':']) else { return false };
    let label = label.trim_end_matches('*');
    let is_name = LABEL_CHARS.contains(&label.chars().count())
        && label.chars().all(|c| is_chinese(c) && !"，。；、！？“”".contains(c));
    is_name
        && !value.trim_matches('*').trim().is_empty()
        && !line.ends_with(['，', '、', '；', '。'])
        && line.chars().count() <= LINE_CHARS_MAX
}
