//! References to clauses and documents: 第六条第一款（一）至（五）项, 前款, 《…办法》第四十五条,
//! 第三章第三节, 附件2 (DOMAIN §3.2). Derived from the words alone; whether the target exists, its
//! reader checks.

mod clause;
mod names;

use std::collections::HashMap;

use serde::Serialize;

use self::{
    clause::{Clause, Kind, Span},
    names::{bare_law, find_amended, short_name},
};
use super::{
    Document, Level,
    mark::prefix_len,
    metadata::SELF_NAMES,
    numerals::{chinese, is_numeral, parse},
    words::{number_behind, title_at},
};

/// One reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Whose clause it is.
    pub document: Target,
    /// The clauses, as paths without the part of a document inside another. Empty: the document
    /// as a whole. What lists ranges too (第一、三至五条) gives one reference for each of them.
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
    /// 前款, 前条, 该法: what stands just before; as written where nothing does.
    Previous,
    /// Another, by its title or number.
    Other(String),
}

impl Document<'_> {
    pub(super) fn find_references(&self) -> Vec<Reference> {
        let mut scanner = Scanner::default();
        let mut part = None;
        for unit in &self.units {
            if matches!(unit.level, Level::Noise | Level::Contents | Level::Attachment) {
                continue;
            }
            if part != Some(&unit.part) {
                scanner.articles.clear();
                scanner.amended = None;
                part = Some(&unit.part);
            }
            let path = match &unit.part {
                Some(part) => unit.path.strip_prefix(part.as_str()).unwrap_or(&unit.path),
                None => &unit.path,
            };
            let path = path.trim_start_matches('/');
            if unit.level == Level::Article {
                scanner.articles.push(path.to_owned());
            }
            let text = self.text_of(unit);
            // Its own mark refers to nothing.
            let skipped = text.find(&unit.mark).map_or(0, |at| at + unit.mark.len());
            let text = text.get(skipped..).unwrap_or_default();
            scanner.scan(text, unit.start + skipped, path);
        }
        scanner.found
    }
}

/// Reads one unit after the other.
#[derive(Debug, Default)]
struct Scanner {
    found: Vec<Reference>,
    /// The articles so far, that of the unit being read the last.
    articles: Vec<String>,
    /// The document named last, by which 该法 goes.
    named: Option<String>,
    /// What a text calls others for short: 以下简称《办法》.
    shorts: HashMap<String, String>,
    /// The document that a decision to amend speaks of: 对《甲》作如下修改.
    amended: Option<String>,
}

/// What was read at a place.
struct Hit {
    document: Option<Target>,
    clause: Clause,
    len: usize,
}

/// Whether a reference can begin with this character: asked of every character there is.
fn can_begin(c: char) -> bool {
    matches!(c, '第' | '原' | '（' | '(' | '本' | '前' | '该' | '附' | '《')
}

impl Scanner {
    /// The references of a text that stands at `base`, in the unit `path`.
    fn scan(&mut self, text: &str, base: usize, path: &str) {
        let (joined, breaks) = join(text);
        if let Some(title) = find_amended(&joined) {
            self.amended = Some(title.to_owned());
        }
        let written = |at: usize| {
            let count = breaks.partition_point(|(joined, _)| *joined <= at);
            at + count.checked_sub(1).and_then(|last| breaks.get(last)).map_or(0, |(_, cut)| *cut)
        };
        let mut done = 0;
        // Where the last reference of this unit ends.
        let mut last_end = None;
        for (at, c) in joined.char_indices() {
            if !can_begin(c) {
                continue;
            }
            let Some(rest) = joined.get(at..).filter(|_| at >= done) else { continue };
            let gap = last_end.and_then(|end| joined.get(end..at));
            let Some(hit) = self.hit(rest, c, path, gap) else { continue };
            let last = self.found.last().filter(|_| gap.is_some_and(goes_on));
            let document = match (hit.document, last) {
                (Some(Target::Other(name)), _) => {
                    let behind = rest.get(hit.len..).unwrap_or_default();
                    if let Some(short) = short_name(behind) {
                        self.shorts.insert(short.to_owned(), name.clone());
                    }
                    Target::Other(self.whole_name(name))
                }
                (Some(document), _) => document,
                (None, Some(last)) => last.document.clone(),
                (None, None) => match bare_law(joined.get(..at).unwrap_or_default()) {
                    Some(law) => Target::Other(self.whole_name(law.to_owned())),
                    None => self.amended.clone().map_or(Target::Own, Target::Other),
                },
            };
            if let Target::Other(name) = &document {
                self.named = Some(name.clone());
            }
            done = at + hit.len;
            last_end = Some(done);
            // A break right behind it is not its own.
            let (start, end) = (written(at), written(done - 1) + 1);
            let raw = text.get(start..end).unwrap_or_default();
            self.found.extend(hit.clause.groups().into_iter().map(|(paths, is_range)| Reference {
                document: document.clone(),
                paths,
                is_range,
                raw: raw.to_owned(),
                start: base + start,
                end: base + end,
            }));
        }
    }

    fn whole_name(&self, name: String) -> String {
        self.shorts.get(&name).cloned().unwrap_or(name)
    }

    /// What `rest` begins with; `gap` is what stands between it and the reference before.
    fn hit(&self, rest: &str, c: char, path: &str, gap: Option<&str>) -> Option<Hit> {
        match c {
            '第' | '原' | '（' | '(' => self.clause(rest, path, gap),
            '本' => self.own(rest, path),
            '前' => self.previous(rest, path),
            '该' => self.that(rest),
            '附' => attachment(rest),
            '《' => document(rest),
            _ => None,
        }
    }

    /// 第六条规定第一款（一）至（五）项, 第三章第三节, 原第八、九、十三、十四条, 第三条至第五条. A 款 or
    /// 项 that is named alone is one of the clause that a list began with, or of this one.
    fn clause(&self, rest: &str, path: &str, gap: Option<&str>) -> Option<Hit> {
        let (clause, after) = clause::read(rest.strip_prefix('原').unwrap_or(rest))?;
        // （一）编制规划 is an item, not a reference to one.
        if rest.starts_with(['（', '(']) && clause.kind != Kind::Item {
            return None;
        }
        let begun =
            self.found.last().filter(|_| gap.is_some_and(|gap| is_list(gap) || is_added(gap)));
        let begun = begun.and_then(|last| last.paths.last());
        let wider = match begun {
            Some(begun) => clause::above(begun, clause.kind),
            None if clause.kind >= Kind::Paragraph => {
                article(path).map(|_| clause::above(path, clause.kind)).unwrap_or_default()
            }
            None => String::new(),
        };
        let len = rest.len() - after.len();
        Some(Hit { document: None, clause: clause.below(&wider), len })
    }

    /// 本办法第六条, 本条第一款, 本款第（二）项
    fn own(&self, rest: &str, path: &str) -> Option<Hit> {
        let after = rest.strip_prefix('本')?;
        let name = SELF_NAMES.iter().find(|name| after.starts_with(**name));
        let (clause, after) = match name {
            Some(name) => clause::read(after.get(name.len()..)?)?,
            None => this(after, path)?,
        };
        // 本办法 in what a decision puts into it is not the decision.
        let amended = self.amended.clone().filter(|_| name.is_some_and(|name| *name != "决定"));
        let document = amended.map_or(Target::Own, Target::Other);
        Some(Hit { document: Some(document), clause, len: rest.len() - after.len() })
    }

    /// 前款, 前两款, 前条第二款, 前项: what comes before in this unit's order.
    fn previous(&self, rest: &str, path: &str) -> Option<Hit> {
        let after = rest.strip_prefix('前')?;
        let len = prefix_len(after, |c| is_numeral(c) || c == '两');
        let (count, after) = after.split_at_checked(len)?;
        let unit = after.chars().next().filter(|c| matches!(c, '款' | '条' | '项' | '目'))?;
        let after = after.get(unit.len_utf8()..)?;
        let number = match count {
            "" => 1,
            "两" => 2,
            count => parse(count).filter(|count| (1..=20).contains(count))?,
        };
        let before = match unit {
            '款' => paragraphs_before(path, number),
            '条' => self.articles_before(number),
            '项' => items_before(path, number),
            _ => None,
        };
        let before = before.unwrap_or_else(|| vec![format!("前{count}{unit}")]);
        let kind = Kind::of(unit)?;
        let mut clause = Clause::of(kind, before);
        let mut after = after;
        if number == 1 {
            clause.read_below(&mut after);
        }
        let len = rest.len() - after.len();
        Some(Hit { document: Some(Target::Previous), clause, len })
    }

    fn articles_before(&self, count: u32) -> Option<Vec<String>> {
        let end = self.articles.len().checked_sub(1)?;
        let begin = end.checked_sub(usize::try_from(count).ok()?)?;
        self.articles.get(begin..end).map(<[String]>::to_vec)
    }

    /// 该法第九条, 该办法第三条: of the document named last; 该条第二款: of the clause named last.
    fn that(&self, rest: &str) -> Option<Hit> {
        let after = rest.strip_prefix('该')?;
        if let Some(name) = SELF_NAMES.iter().find(|name| after.starts_with(**name)) {
            let (clause, after) = clause::read(after.get(name.len()..)?)?;
            let document = self.named.clone().map_or(Target::Previous, Target::Other);
            return Some(Hit { document: Some(document), clause, len: rest.len() - after.len() });
        }
        let mut after = after.strip_prefix('条')?;
        let last = self.found.last()?;
        let wider = clause::above(last.paths.last()?, Kind::Paragraph);
        let mut clause = Clause::of(Kind::Article, vec![wider]);
        // 该条 alone says nothing new.
        clause.read_below(&mut after).then(|| Hit {
            document: Some(last.document.clone()),
            clause,
            len: rest.len() - after.len(),
        })
    }
}

/// A text without its line breaks and the blanks around them, and where they were: the offset in
/// what is left, and how many bytes are cut out up to there.
fn join(text: &str) -> (String, Vec<(usize, usize)>) {
    let mut joined = String::with_capacity(text.len());
    let mut breaks = vec![];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        // A table's rows stay apart.
        breaks.push((joined.len(), start - joined.len()));
        joined.push_str(bare);
        at += line.len();
    }
    (joined, breaks)
}

/// Whether a clause behind `gap` is one of the document that was named before it.
fn goes_on(gap: &str) -> bool {
    const JOINTS: &str = "、和与及或至到 ，以者的规定中“”）)";
    let is_numbered = gap.starts_with(['（', '(']) && gap.ends_with(['）', ')']);
    gap.chars().all(|c| JOINTS.contains(c)) || is_numbered
}

/// Whether `gap` joins the parts of a list.
fn is_list(gap: &str) -> bool {
    matches!(gap, "、" | "和" | "与" | "及" | "或" | "以及" | "或者" | "，" | "、或者" | "，或者")
}

/// Whether `gap` puts a part into the clause before it: 第九条第一款增加一项，作为第四项.
fn is_added(gap: &str) -> bool {
    let added = gap.strip_prefix("增加").and_then(|rest| rest.strip_suffix("，作为"));
    added.is_some_and(|added| added.ends_with(['款', '项', '目']) && added.chars().count() <= 6)
}

/// The article that a path lies in.
fn article(path: &str) -> Option<&str> {
    path.split('/').find(|part| part.starts_with('第') && part.contains('条'))
}

/// The paragraphs 款 of the same article before that of `path`; none where there are not so many.
fn paragraphs_before(path: &str, count: u32) -> Option<Vec<String>> {
    let article = article(path)?;
    let own = path.split('/').skip_while(|part| *part != article).nth(1);
    let own = own.and_then(|part| part.strip_prefix('第')?.strip_suffix('款')).and_then(parse)?;
    let first = own.checked_sub(count).filter(|first| *first >= 1)?;
    Some((first..own).map(|number| format!("{article}/第{}款", chinese(number))).collect())
}

/// The items （一） before that of `path`.
fn items_before(path: &str, count: u32) -> Option<Vec<String>> {
    let (wider, own) = path.rsplit_once('/')?;
    let own = own.strip_prefix('（')?.strip_suffix('）').and_then(parse)?;
    let first = own.checked_sub(count).filter(|first| *first >= 1)?;
    Some((first..own).map(|number| format!("{wider}/（{}）", chinese(number))).collect())
}

/// What stands behind 本 in 本条第一款, 本款第（二）项.
fn this<'t>(after: &'t str, path: &str) -> Option<(Clause, &'t str)> {
    let unit = after.chars().next().filter(|unit| matches!(unit, '条' | '款'))?;
    let mut after = after.get(unit.len_utf8()..)?;
    let kind = Kind::of(unit)?;
    let article = article(path)?;
    let wider =
        if kind == Kind::Article { article.to_owned() } else { clause::above(path, Kind::Item) };
    let mut clause = Clause::of(kind, vec![wider]);
    clause.read_below(&mut after);
    Some((clause, after))
}

/// 附件2
fn attachment(rest: &str) -> Option<Hit> {
    let after = rest.strip_prefix("附件")?;
    let len = prefix_len(after, is_numeral);
    let number = after.get(..len).and_then(parse).filter(|number| (1..100).contains(number))?;
    let is_listed = after.get(len..)?.starts_with(['：', ':', '.']);
    (!is_listed).then(|| Hit {
        document: Some(Target::Own),
        clause: Clause::of(Kind::Chapter, vec![format!("附件{number}")]),
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
        clause: Clause { kind: Kind::Part, spans: Vec::<Span>::new() },
        len,
    })
}
