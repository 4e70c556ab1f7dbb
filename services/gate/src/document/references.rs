//! References to clauses and documents: 第六条第一款（一）至（五）项, 前款, 《…办法》第四十五条,
//! 第三章第三节, 附件2 (DOMAIN §3.2). Derived from the words alone; whether the target exists, its
//! reader checks.

use serde::Serialize;

use super::{
    Document, Level,
    mark::prefix_len,
    metadata::SELF_NAMES,
    numerals::{chinese, is_numeral, parse},
    words::{number_behind, title_at},
};

/// Numbers that one reference lists at most, and parts below its clause: what is longer is none, and
/// is not read to its end from each of its places.
const LIST_MAX: usize = 64;
const DEPTH_MAX: usize = 4;

/// One reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Whose clause it is.
    pub document: Target,
    /// The clauses, as paths without the part of a document inside another. Empty: the document
    /// as a whole. 前款 and 前条 are resolved by the place they stand at.
    pub paths: Vec<String>,
    /// Whether the two paths are the ends of a range.
    pub is_range: bool,
    /// As written.
    pub raw: String,
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
}

/// Whose clause a reference names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// This document.
    Own,
    /// 前款, 前条, 前项: what stands just before.
    Previous,
    /// Another, by its title or number.
    Other(String),
}

impl Document<'_> {
    /// All references, in order.
    pub fn references(&self) -> Vec<Reference> {
        let mut found = vec![];
        for unit in &self.units {
            let skipped = match unit.level {
                Level::Noise | Level::Contents => continue,
                // Its own mark refers to nothing.
                level if level.is_structural() => own_mark_len(self.text_of(unit), &unit.mark),
                _ => 0,
            };
            let text = self.text_of(unit).get(skipped..).unwrap_or_default();
            found.extend(scan(text, unit.start + skipped, &unit.path));
        }
        found
    }
}

fn own_mark_len(text: &str, mark: &str) -> usize {
    text.find(mark).map_or(0, |at| at + mark.len())
}

/// The references of a piece of text that stands at `base`, in the unit `path`.
fn scan(text: &str, base: usize, path: &str) -> Vec<Reference> {
    let mut found: Vec<Reference> = vec![];
    let mut done = 0;
    for (at, c) in text.char_indices() {
        if at < done {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let hit = match c {
            '第' | '原' => clause(rest),
            '本' => own_clause(rest, path),
            '前' => previous(rest),
            '附' => attachment(rest),
            '《' => document(rest),
            _ => None,
        };
        let Some(hit) = hit else { continue };
        let raw = rest.get(..hit.len).unwrap_or_default();
        let document = match hit.document {
            Some(document) => document,
            None => owner(text.get(..at).unwrap_or_default(), found.last(), base + at),
        };
        found.push(Reference {
            document,
            paths: hit.paths,
            is_range: hit.is_range,
            raw: raw.to_owned(),
            start: base + at,
            end: base + at + hit.len,
        });
        done = at + hit.len;
    }
    found
}

/// What was read at a place.
struct Hit {
    document: Option<Target>,
    paths: Vec<String>,
    is_range: bool,
    len: usize,
}

/// Whose clause a bare 第X条 is: the document named right before it, or the one that a list or a
/// sentence goes on with; else this one.
fn owner(before: &str, last: Option<&Reference>, at: usize) -> Target {
    if let Some(last) = last {
        let between = at.saturating_sub(last.end);
        let gap =
            before.len().checked_sub(between).and_then(|from| before.get(from..)).unwrap_or("");
        let goes_on = gap.is_empty()
            || gap.chars().all(|c| {
                matches!(
                    c,
                    '、' | '和'
                        | '与'
                        | '及'
                        | '或'
                        | '至'
                        | '到'
                        | ' '
                        | '，'
                        | '以'
                        | '者'
                        | '的'
                        | '规'
                        | '定'
                        | '中'
                        | '“'
                        | '”'
                )
            });
        let is_numbered = gap.starts_with(['（', '(']) && gap.ends_with(['）', ')']);
        if goes_on || is_numbered {
            return last.document.clone();
        }
    }
    Target::Own
}

/// 第六条规定第一款（一）至（五）项, 第三章第三节, 原第八、九、十三、十四条, 第三条至第五条
fn clause(rest: &str) -> Option<Hit> {
    let mut hit = one_clause(rest)?;
    // 第三条至第五条
    if hit.paths.len() == 1
        && let Some(other) = rest.get(hit.len..).and_then(|rest| rest.strip_prefix(['至', '到']))
        && let Some(end) = one_clause(other).filter(|hit| hit.paths.len() == 1)
    {
        hit.paths.extend(end.paths);
        hit.is_range = true;
        hit.len = rest.len() - other.len() + end.len;
    }
    Some(hit)
}

/// The same without the end of a range of its own.
fn one_clause(rest: &str) -> Option<Hit> {
    let mut cursor = rest.strip_prefix('原').unwrap_or(rest);
    let numbers = list_numbers(&mut cursor, "条條章节節编款项")?;
    let kind = cursor.chars().next()?;
    cursor = cursor.get(kind.len_utf8()..)?;
    let kind = match kind {
        '條' => '条',
        '節' => '节',
        kind => kind,
    };
    let mut paths: Vec<String> = match kind {
        '款' => numbers.iter().map(|number| format!("第{}款", chinese(*number))).collect(),
        '项' => numbers.iter().map(|number| format!("（{}）", chinese(*number))).collect(),
        _ => numbers.iter().map(|number| format!("第{}{kind}", chinese(*number))).collect(),
    };
    let mut is_range = false;
    if let [only] = paths.as_slice() {
        let (below, range) = below(&mut cursor, kind);
        is_range = range;
        if !below.is_empty() {
            paths = below.into_iter().map(|below| format!("{only}/{below}")).collect();
        }
    }
    // 第一组, 第三方 never come this far; 第三章 of a 条 that has none is the reader's to judge.
    Some(Hit { document: None, paths, is_range, len: rest.len() - cursor.len() })
}

/// 第八、九、十三、十四条: the numbers before one of `kinds`.
fn list_numbers(cursor: &mut &str, kinds: &str) -> Option<Vec<u32>> {
    let mut rest = cursor.strip_prefix('第')?.trim_start();
    let mut numbers = vec![];
    while numbers.len() < LIST_MAX {
        let len = prefix_len(rest, is_numeral);
        numbers.push(rest.get(..len).and_then(parse)?);
        rest = rest.get(len..)?.trim_start();
        if rest.starts_with(|c| kinds.contains(c)) {
            *cursor = rest;
            return Some(numbers);
        }
        rest = rest.strip_prefix(['、', '，', '和', '及'])?;
        rest = rest.strip_prefix('第').unwrap_or(rest);
    }
    None
}

/// What follows the wider part: 款, 项, 点, each perhaps a list or a range.
fn below(cursor: &mut &str, kind: char) -> (Vec<String>, bool) {
    let mut prefix = String::new();
    let mut last: Vec<String> = vec![];
    let mut is_range = false;
    let mut rest = *cursor;
    for _ in 0..DEPTH_MAX {
        let after = rest
            .strip_prefix("规定的")
            .or_else(|| rest.strip_prefix("规定"))
            .unwrap_or(rest)
            .trim_start();
        let Some((parts, range, next)) = below_once(after, kind) else { break };
        if let [only] = last.as_slice() {
            prefix = format!("{prefix}{only}/");
        } else if !last.is_empty() {
            break;
        }
        last = parts;
        is_range = range;
        rest = next;
        if is_range || last.len() > 1 {
            break;
        }
    }
    if !last.is_empty() {
        *cursor = rest;
    }
    (last.into_iter().map(|part| format!("{prefix}{part}")).collect(), is_range)
}

/// 第二款, 第三节, 第（一）项, （一）至（五）项, 第2点
fn below_once(after: &str, kind: char) -> Option<(Vec<String>, bool, &str)> {
    let mut rest = after.strip_prefix('第').map_or(after, str::trim_start);
    let is_bracketed = rest.starts_with(['（', '(']);
    if !is_bracketed && rest.len() == after.len() {
        return None;
    }
    let mut numbers: Vec<(u32, bool)> = vec![];
    let mut is_range = false;
    while numbers.len() < LIST_MAX {
        let (number, is_digits, next) = number_in_brackets(rest)?;
        numbers.push((number, is_digits));
        rest = next;
        if let Some(next) = rest.strip_prefix(['至', '到', '－', '-', '—']) {
            is_range = true;
            rest = next.strip_prefix('第').unwrap_or(next);
        } else if let Some(next) =
            rest.strip_prefix('、').filter(|next| next.starts_with(['（', '(', '第']))
        {
            rest = next.strip_prefix('第').unwrap_or(next);
        } else {
            break;
        }
    }
    let unit = rest.chars().next()?;
    let name = |(number, is_digits): (u32, bool)| match unit {
        '节' | '節' => format!("第{}节", chinese(number)),
        '款' => format!("第{}款", chinese(number)),
        '项' if is_digits => format!("（{number}）"),
        '项' => format!("（{}）", chinese(number)),
        _ => number.to_string(),
    };
    let fits = match unit {
        '节' | '節' => kind == '章',
        '款' | '项' | '点' | '目' => kind != '章',
        _ => false,
    };
    let next = rest.get(unit.len_utf8()..)?;
    fits.then(|| (numbers.into_iter().map(name).collect(), is_range, next))
}

/// `（一）` or `一`, with what follows.
fn number_in_brackets(text: &str) -> Option<(u32, bool, &str)> {
    let inner = text.strip_prefix(['（', '(']);
    let body = inner.unwrap_or(text).trim_start();
    let len = prefix_len(body, is_numeral);
    let numeral = body.get(..len)?;
    let mut rest = body.get(len..)?.trim_start();
    if inner.is_some() {
        rest = rest.strip_prefix(['）', ')'])?;
    }
    Some((parse(numeral)?, numeral.starts_with(|c: char| c.is_ascii_digit()), rest))
}

/// 本办法第六条, 本条第一款, 本章
fn own_clause(rest: &str, path: &str) -> Option<Hit> {
    let after = rest.strip_prefix('本')?;
    if let Some(next) = after.strip_prefix('条') {
        let article = path.split('/').find(|part| part.starts_with('第') && part.contains('条'))?;
        let mut cursor = next;
        let (below, is_range) = below(&mut cursor, '条');
        let paths = if below.is_empty() {
            vec![article.to_owned()]
        } else {
            below.into_iter().map(|below| format!("{article}/{below}")).collect()
        };
        return Some(Hit {
            document: Some(Target::Own),
            paths,
            is_range,
            len: rest.len() - cursor.len(),
        });
    }
    let name = SELF_NAMES.iter().find(|name| after.starts_with(**name))?;
    let next = after.get(name.len()..)?;
    let hit = clause(next)?;
    let len = rest.len() - next.len() + hit.len;
    Some(Hit { document: Some(Target::Own), len, ..hit })
}

/// 前款, 前两款, 前条, 前项
fn previous(rest: &str) -> Option<Hit> {
    let after = rest.strip_prefix('前')?;
    let len = prefix_len(after, |c| is_numeral(c) || c == '两');
    let unit =
        after.get(len..)?.chars().next().filter(|c| matches!(c, '款' | '条' | '项' | '目'))?;
    let len = '前'.len_utf8() + len + unit.len_utf8();
    Some(Hit {
        document: Some(Target::Previous),
        paths: vec![format!("前{unit}")],
        is_range: false,
        len,
    })
}

/// 附件2
fn attachment(rest: &str) -> Option<Hit> {
    let after = rest.strip_prefix("附件")?;
    let len = prefix_len(after, is_numeral);
    let number = after.get(..len).and_then(parse).filter(|number| (1..100).contains(number))?;
    let is_listed = after.get(len..)?.starts_with(['：', ':', '.']);
    (!is_listed).then(|| Hit {
        document: Some(Target::Own),
        paths: vec![format!("附件{number}")],
        is_range: false,
        len: "附件".len() + len,
    })
}

/// 《title》, perhaps with its number behind it in brackets.
fn document(rest: &str) -> Option<Hit> {
    let (title, after) = title_at(rest)?;
    let mut len = rest.len() - after.len();
    if let Some(number) = number_behind(after) {
        let close = after
            .get(number.end..)
            .and_then(|rest| rest.chars().next())
            .filter(|c| matches!(c, '）' | ')'));
        len += number.end + close.map_or(0, char::len_utf8);
    }
    Some(Hit {
        document: Some(Target::Other(title.to_owned())),
        paths: vec![],
        is_range: false,
        len,
    })
}
