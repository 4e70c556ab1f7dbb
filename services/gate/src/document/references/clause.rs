//! The words that name clauses: 第三章第三节, 第六条第一款（一）、（三）至（五）项, 第十条之二.

use super::super::{
    mark::prefix_len,
    numerals::{chinese, is_numeral, parse},
};

/// Numbers that one reference lists at most, and parts below its clause: what is longer is none, and
/// is not read to its end from each of its places.
const LIST_MAX: usize = 64;
const DEPTH_MAX: usize = 5;

/// What kind of clause is named, from the widest to the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Part,
    Chapter,
    Section,
    Article,
    Paragraph,
    Item,
    /// 目, 点
    Point,
}

impl Kind {
    /// By the word behind a number.
    pub(super) fn of(unit: char) -> Option<Self> {
        Some(match unit {
            '编' => Self::Part,
            '章' => Self::Chapter,
            '节' | '節' => Self::Section,
            '条' | '條' => Self::Article,
            '款' => Self::Paragraph,
            '项' => Self::Item,
            '目' | '点' => Self::Point,
            _ => return None,
        })
    }

    /// The kind of one part of a path.
    fn of_part(part: &str) -> Self {
        let bare = part.split('#').next().unwrap_or(part);
        let unit = bare.chars().rev().find_map(Self::of);
        match unit {
            Some(kind) => kind,
            None if bare.starts_with('（') => Self::Item,
            None => Self::Point,
        }
    }

    fn name(self, number: Number) -> String {
        let Number { value, inserted, is_digits } = number;
        let unit = match self {
            Self::Part => '编',
            Self::Chapter => '章',
            Self::Section => '节',
            Self::Article => '条',
            Self::Paragraph => '款',
            Self::Item if is_digits => return format!("（{value}）"),
            Self::Item => return format!("（{}）", chinese(value)),
            Self::Point => return value.to_string(),
        };
        let inserted = inserted.map(|number| format!("之{}", chinese(number)));
        format!("第{}{unit}{}", chinese(value), inserted.unwrap_or_default())
    }
}

/// One clause, or the first and the last of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    first: String,
    last: Option<String>,
}

/// Clauses as they are named together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    /// The widest kind that is named.
    pub kind: Kind,
    pub spans: Vec<Span>,
}

#[derive(Debug, Clone, Copy)]
struct Number {
    value: u32,
    /// 第十条之二
    inserted: Option<u32>,
    is_digits: bool,
}

/// The clauses that a text begins with, and what follows them.
pub(super) fn read(rest: &str) -> Option<(Clause, &str)> {
    let (kind, spans, mut rest) = read_step(rest)?;
    let mut clause = Clause { kind, spans };
    clause.read_below(&mut rest);
    Some((clause, rest))
}

impl Clause {
    /// These clauses, each by itself.
    pub(super) fn of(kind: Kind, paths: Vec<String>) -> Self {
        let spans = paths.into_iter().map(|first| Span { first, last: None }).collect();
        Self { kind, spans }
    }

    /// Reads on where one clause is named: what is named within it. Whether there is anything.
    pub(super) fn read_below(&mut self, rest: &mut &str) -> bool {
        let mut kind = self.kind;
        let mut has_any = false;
        for _ in 0..DEPTH_MAX {
            let [Span { first, last: None }] = self.spans.as_slice() else { break };
            let after = ["规定的", "规定", "的"].iter().find_map(|word| rest.strip_prefix(word));
            let after = after.unwrap_or(rest).trim_start();
            let Some((narrower, spans, next)) = read_step(after) else { break };
            if narrower <= kind {
                break;
            }
            // Articles are cited without their chapters.
            let wider = if narrower == Kind::Article { String::new() } else { first.clone() };
            self.spans = spans.into_iter().map(|span| span.below(&wider)).collect();
            (kind, *rest, has_any) = (narrower, next, true);
        }
        has_any
    }

    /// The same within a wider clause.
    pub(super) fn below(self, wider: &str) -> Self {
        let spans = self.spans.into_iter().map(|span| span.below(wider)).collect();
        Self { spans, ..self }
    }

    /// The paths of what is named singly, then of each range.
    pub(super) fn groups(self) -> Vec<(Vec<String>, bool)> {
        let (single, ranges): (Vec<_>, Vec<_>) =
            self.spans.into_iter().partition(|span| span.last.is_none());
        let single: Vec<String> = single.into_iter().map(|span| span.first).collect();
        let ranges: Vec<_> = ranges
            .into_iter()
            .map(|span| (std::iter::once(span.first).chain(span.last).collect(), true))
            .collect();
        let has_single = !single.is_empty() || ranges.is_empty();
        has_single.then_some((single, false)).into_iter().chain(ranges).collect()
    }
}

impl Span {
    fn below(self, wider: &str) -> Self {
        let join = |path: String| if wider.is_empty() { path } else { format!("{wider}/{path}") };
        Self { first: join(self.first), last: self.last.map(join) }
    }
}

/// The parts of a path that are wider than `kind`.
pub(super) fn above(path: &str, kind: Kind) -> String {
    let parts = path.split('/').take_while(|part| Kind::of_part(part) < kind);
    parts.collect::<Vec<_>>().join("/")
}

/// Numbers of one kind: 第三条, 第八、九、十三条, 第三至五条, 第三条至第五条, （一）、（三）至（五）项.
fn read_step(text: &str) -> Option<(Kind, Vec<Span>, &str)> {
    let mut rest = text.strip_prefix('第').map_or(text, str::trim_start);
    if rest.len() == text.len() && !rest.starts_with(['（', '(']) {
        return None;
    }
    let mut numbers: Vec<(Number, Option<Number>)> = vec![];
    while numbers.len() < LIST_MAX {
        let (first, after) = number(rest)?;
        if let Some((kind, inserted, after)) = unit(after) {
            let first = Number { inserted, ..first };
            let (last, after) = match range_of(kind, after) {
                Some((last, after)) => (Some(last), after),
                None => (None, after),
            };
            numbers.push((first, last));
            return Some((kind, spans(kind, &numbers), after));
        }
        let (last, after) = match to(after).and_then(number) {
            Some((last, after)) => (Some(last), after),
            None => (None, after),
        };
        numbers.push((first, last));
        if let Some((kind, inserted, after)) = unit(after) {
            if let Some((_, Some(last))) = numbers.last_mut() {
                last.inserted = inserted;
            }
            return Some((kind, spans(kind, &numbers), after));
        }
        let next = after.strip_prefix(['、', '，', '和', '及', '或'])?;
        rest = next.strip_prefix('第').unwrap_or(next);
    }
    None
}

fn spans(kind: Kind, numbers: &[(Number, Option<Number>)]) -> Vec<Span> {
    let named = numbers.iter().map(|(first, last)| Span {
        first: kind.name(*first),
        last: last.map(|last| kind.name(last)),
    });
    named.collect()
}

/// The end of a range whose ends both bear their word: 至第五条.
fn range_of(kind: Kind, after: &str) -> Option<(Number, &str)> {
    let (last, after) = number(to(after)?)?;
    let (unit, inserted, after) = unit(after)?;
    (unit == kind).then_some((Number { inserted, ..last }, after))
}

/// What stands behind 至第.
fn to(after: &str) -> Option<&str> {
    let next = after.strip_prefix(['至', '到', '－', '-', '—', '～'])?;
    Some(next.strip_prefix('第').unwrap_or(next))
}

/// 第三项目部, 第一节课, （一）目标: words, no clauses.
const WORDS: [(char, &str); 3] = [('项', "目"), ('节', "课能约"), ('目', "标的录前")];

/// 条, 条之二
fn unit(after: &str) -> Option<(Kind, Option<u32>, &str)> {
    let unit = after.chars().next()?;
    let kind = Kind::of(unit)?;
    let after = after.get(unit.len_utf8()..)?;
    if WORDS.iter().any(|(of, next)| *of == unit && after.starts_with(|c| next.contains(c))) {
        return None;
    }
    let inserted = after.strip_prefix('之').filter(|_| kind == Kind::Article).and_then(|after| {
        let len = prefix_len(after, is_numeral);
        Some((after.get(..len).and_then(parse)?, after.get(len..)?))
    });
    Some(match inserted {
        Some((number, after)) => (kind, Some(number), after),
        None => (kind, None, after),
    })
}

/// `（一）` or `一`, with what follows.
fn number(text: &str) -> Option<(Number, &str)> {
    let inner = text.strip_prefix(['（', '(']);
    let body = inner.unwrap_or(text).trim_start();
    let len = prefix_len(body, is_numeral);
    let numeral = body.get(..len)?;
    let mut rest = body.get(len..)?.trim_start();
    if inner.is_some() {
        rest = rest.strip_prefix(['）', ')'])?;
    }
    let is_digits = numeral.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    Some((Number { value: parse(numeral)?, inserted: None, is_digits }, rest))
}
