//! Titles and numbers that an interpretation quotes of the policy it explains.

use std::ops::Range;

use foldhash::HashSet;
use strsim::levenshtein;

use lockstep_proto::finding::Severity;

use super::{Hit, Number};
use crate::{
    codes,
    document::{first_chars, sentence_before},
    titles::{bare, from_about, is_own},
};

/// What the policy itself is called, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Own<'t> {
    /// Its title.
    pub title: Option<&'t str>,
    /// Its number.
    pub number: Option<&'t str>,
}

/// A longer title is none; it also bounds the work of comparing.
const TITLE_CHARS_MAX: usize = 120;
/// Shorter titles (《通知》, 《教育法》) are near too much.
const TITLE_CHARS_MIN: usize = 8;

/// TS504, TS505 in an interpretation.
pub fn check_quotes(text: &str, own: Own<'_>) -> Vec<Hit> {
    let forms = own.title.map(title_forms).unwrap_or_default();
    let titles = quoted_titles(text).filter_map(|range| check_title(text, range, &forms, own));
    let number = own.number.and_then(Number::read);
    let numbers = Number::find_all(text).filter_map(|quoted| {
        let own = number.as_ref()?;
        let is_other = (quoted.year, quoted.serial) != (own.year, own.serial);
        (is_other && quoted.agency.ends_with(&own.agency)).then_some(())?;
        let start = quoted.range.start + quoted.agency.len() - own.agency.len();
        let before = text.get(..start)?;
        let is_meant = is_called_own(before, &forms)
            || (quoted.year == own.year && is_untitled(before, text.get(quoted.range.end..)?));
        let show =
            |number: &Number| format!("{}〔{}〕{}号", own.agency, number.year, number.serial);
        is_meant.then(|| {
            let detail =
                format!("{} ≠ {}，与本政策文号不同 not the policy's", show(&quoted), show(own));
            let hit = Hit::new(&codes::QUOTED_NUMBER, start..quoted.range.end, detail);
            // Of another year it may be the former version's.
            let is_sure = quoted.year == own.year
                && is_titled(before, &forms)
                && !tells_of_former(text, start, quoted.range.end);
            if is_sure { Hit { severity: Severity::Block, ..hit } } else { hit }
        })
    });
    let mut hits: Vec<Hit> = titles.chain(numbers).collect();
    hits.sort_by_key(|hit| hit.range.start);
    hits
}

/// Whether a hit is the former version's number, said to be that: 原《办法》（示规〔2022〕3号）, 《办法》（示规〔2022〕3号）将于5月届满,
/// 2022年出台的《办法》（示规〔2022〕3号）. The policy gives it too: `held` has the years and serials of its office's numbers there.
pub(crate) fn is_former(hit: &Hit, text: &str, held: &HashSet<(u32, u32)>) -> bool {
    const AROUND_MAX: usize = 120;
    const STOPS: [char; 4] = ['，', ',', '；', '。'];
    const BEFORE: [&str; 4] = ["原", "旧", "此前", "原来的"];
    const OVER: [&str; 6] = ["废止", "失效", "届满", "到期", "期满", "停止执行"];
    let number = text.get(hit.range.clone()).and_then(Number::read);
    let Some(number) = number.filter(|number| held.contains(&(number.year, number.serial))) else {
        return false;
    };
    let before = sentence_before(text, hit.range.start, AROUND_MAX);
    let (lead, _) = before.rsplit_once('《').unwrap_or((before, ""));
    let clause = lead.rsplit(STOPS).next().unwrap_or_default();
    let behind = first_chars(text.get(hit.range.end..).unwrap_or_default(), AROUND_MAX);
    let behind = behind.split(STOPS).next().unwrap_or_default();
    BEFORE.iter().any(|word| lead.ends_with(word))
        || clause.contains(&format!("{}年", number.year))
        || OVER.iter().any(|word| behind.contains(word))
}

/// The insides of the outermost 《》, each within a line.
pub(super) fn quoted_titles(text: &str) -> impl Iterator<Item = Range<usize>> {
    let (mut depth, mut start) = (0_usize, 0);
    text.char_indices().filter_map(move |(at, c)| {
        match c {
            '《' => {
                if depth == 0 {
                    start = at + c.len_utf8();
                }
                depth += 1;
            }
            '》' if depth == 1 => {
                depth = 0;
                return Some(start..at);
            }
            '》' => depth = depth.saturating_sub(1),
            '\n' => depth = 0,
            _ => {}
        }
        None
    })
}

/// The ways in which a title is rightly quoted: whole, from 关于 on, and what it is about (关于印发
/// 《…》的通知, 关于…的通知).
fn title_forms(title: &str) -> Vec<(String, String)> {
    let mut forms = vec![title];
    if let Some(about) = from_about(title).strip_prefix("关于") {
        // 关于《做好…工作的通知》的解读
        forms.extend([from_about(title), about]);
        if let Some((about, _)) = about.rsplit_once('的') {
            forms.push(about);
            let verbs = ["印发", "发布", "公布", "转发"];
            forms.extend(verbs.iter().find_map(|verb| about.strip_prefix(verb)));
        }
    }
    // What is published in part has the title of the whole.
    let parts = ["摘要", "节选", "摘编", "摘录"].iter();
    forms.extend(parts.filter_map(|part| {
        let title = title.strip_suffix(['）', ')'])?.strip_suffix(part)?;
        title.strip_suffix(['（', '('])
    }));
    let inner = quoted_titles(title).next().and_then(|range| title.get(range));
    forms.extend(inner);
    forms.into_iter().map(|form| (bare(form), form.to_owned())).collect()
}

/// TS504: near one of the forms and equal to none. What the policy's own number or short name follows is meant to
/// be its title, and need not be as near.
fn check_title(
    text: &str,
    range: Range<usize>,
    forms: &[(String, String)],
    own: Own<'_>,
) -> Option<Hit> {
    let shown = text.get(range.clone())?;
    let quoted = bare(shown);
    let count = quoted.chars().count();
    if !(TITLE_CHARS_MIN..=TITLE_CHARS_MAX).contains(&count) || forms.iter().any(|f| f.0 == quoted)
    {
        return None;
    }
    let (has_number, has_name) = what_follows(text, range.end, own);
    // Of a province's 办法 the first letters are others.
    let begins_alike = |form: &str| form.chars().take(3).eq(quoted.chars().take(3));
    let found = forms.iter().find(|(form, _)| {
        let length = form.chars().count();
        let near = (length / 10).clamp(1, 4);
        let is_own = has_number || (has_name && begins_alike(form));
        let near = if is_own { near.max(length / 3) } else { near };
        (TITLE_CHARS_MIN..=TITLE_CHARS_MAX).contains(&length)
            && length.abs_diff(count) <= near
            && levenshtein(form, &quoted) <= near
            && !is_another_edition(form, &quoted)
    });
    let (_, form) = found?;
    Some(Hit::new(&codes::QUOTED_TITLE, range, format!("《{shown}》 ≠ 《{form}》")))
}

/// Whether the policy's own number stands right behind a title that ends at byte `end`, and whether the name does by
/// which the policy is called from there on.
fn what_follows(text: &str, end: usize, own: Own<'_>) -> (bool, bool) {
    const BEHIND_MAX: usize = 60;
    let behind = first_chars(text.get(end..).unwrap_or_default(), BEHIND_MAX);
    let behind = behind.strip_prefix('》').unwrap_or_default();
    let inner = behind.strip_prefix(['（', '(']).unwrap_or_default();
    let name = inner.strip_prefix("以下简称《").and_then(|rest| rest.split('》').next());
    let has_number = own.number.is_some_and(|number| bare(inner).starts_with(&bare(number)));
    let has_name = name.zip(own.title).is_some_and(|(name, title)| is_own(title, name));
    (has_number && !inner.is_empty(), has_name)
}

/// Titles that differ by figures or by 试行 and the like name another edition, and mean to.
pub(crate) fn is_another_edition(a: &str, b: &str) -> bool {
    const EDITIONS: [&str; 4] = ["试行", "暂行", "修订", "修正"];
    const FIGURES: &str = "〇○零一二三四五六七八九十";
    let without_edition = |title: &str| -> String {
        let title = EDITIONS.iter().fold(title.to_owned(), |title, word| title.replace(word, ""));
        title.chars().filter(|c| !c.is_numeric() && !FIGURES.contains(*c)).collect()
    };
    without_edition(a) == without_edition(b)
}

/// Whether a number stands without any document's title: one of the policy's own agency and year may well be
/// meant to be the policy's.
fn is_untitled(before: &str, behind: &str) -> bool {
    const TITLED: [&str; 9] = ["》", "号", "公告", "通知", "意见", "办法", "规定", "方案", "通告"];
    let before = before.trim_end_matches(['（', '(', ' ', '：', ':', '，', '、']);
    let behind = behind.trim_start_matches(['）', ')', ' ']);
    !TITLED.iter().any(|end| before.ends_with(end)) && !behind.starts_with(['《', '、', '和'])
}

/// Whether the policy's title, to the letter, stands right before a number.
fn is_titled(before: &str, forms: &[(String, String)]) -> bool {
    let before = before.trim_end_matches(['（', '(', ' ']);
    let title = before.strip_suffix('》').map(title_before);
    title.is_some_and(|title| {
        title.chars().nth(TITLE_CHARS_MIN - 1).is_some() && forms.iter().any(|form| form.0 == title)
    })
}

/// Whether the sentence around a number tells of a former version, or of one that was changed.
fn tells_of_former(text: &str, start: usize, end: usize) -> bool {
    const FORMER: [&str; 8] = ["原", "旧", "废止", "失效", "修改", "修订", "代替", "替代"];
    const AROUND_MAX: usize = 200;
    let behind = first_chars(text.get(end..).unwrap_or_default(), AROUND_MAX);
    let behind = behind.split(['。', '；', '\n']).next().unwrap_or_default();
    let before = sentence_before(text, start, AROUND_MAX);
    // The title itself may hold such a word.
    let before = before.rsplit_once('《').map_or(before, |(before, _)| before);
    FORMER.iter().any(|word| before.contains(word) || behind.contains(word))
}

/// The bare title that a text ends with, its last 》 left out. Bounded as titles are.
fn title_before(titled: &str) -> String {
    let title: Vec<char> =
        titled.chars().rev().take(TITLE_CHARS_MAX).take_while(|c| *c != '《').collect();
    bare(&title.into_iter().rev().collect::<String>())
}

/// Whether what stands before a number says that it is the policy's: its title, or 本通知 and the like.
fn is_called_own(before: &str, forms: &[(String, String)]) -> bool {
    const KINDS: [&str; 8] = ["通知", "办法", "意见", "文件", "规定", "方案", "公告", "细则"];
    let before = before.trim_end_matches(['（', '(', ' ', '：', ':', '，']);
    if let Some(titled) = before.strip_suffix('》') {
        let title = title_before(titled);
        // 《通知》 for short.
        let is_short = KINDS.contains(&title.as_str());
        return forms.iter().any(|form| form.0 == title || (is_short && form.0.ends_with(&title)));
    }
    let near: Vec<char> = before.chars().rev().take(12).take_while(|c| *c != '。').collect();
    let near: String = near.into_iter().rev().collect();
    KINDS.iter().any(|kind| near.contains(&format!("本{kind}")))
}
