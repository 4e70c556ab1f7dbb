//! The clauses of a text, and finding one by what people call it: 第六条第二款, 二、（三）1., 前言.

use std::collections::HashMap;

use super::{
    Document, Level, Unit,
    mark::{self, prefix_len},
    numerals::{chinese, is_numeral, parse},
};

impl Document<'_> {
    /// What can be explained: units of the text itself that say more than a heading; without title,
    /// addressees, signature, notes.
    pub fn clauses(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(|unit| {
            let is_text =
                matches!(unit.level, Level::Paragraph | Level::Table) || unit.level.is_structural();
            is_text && !unit.is_heading
        })
    }

    /// The unit of this path, or of this name as people cite it. What stands in a document inside
    /// another may be named without it, if that leaves one.
    pub fn find_unit(&self, name: &str) -> Option<&Unit> {
        let name = name.trim();
        let names = self.names.get_or_init(|| Names::of(&self.units));
        let index = names.paths.get(name).copied();
        self.units.get(index.or_else(|| names.find(&parts(name).join("/")))?)
    }
}

/// What units can be found by: statements name as many as there are.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    paths: HashMap<String, usize>,
    /// By the path, also without the document that it stands in; `None` where that leaves several.
    whole: HashMap<String, Option<usize>>,
    /// By the last part of the path.
    last: HashMap<String, Option<usize>>,
    has_articles: bool,
}

impl Names {
    fn of(units: &[Unit]) -> Self {
        let mut names = Self::default();
        let put = |held: &mut HashMap<String, Option<usize>>, name: &str, index: usize| {
            held.entry(name.to_owned()).and_modify(|held| *held = None).or_insert(Some(index));
        };
        for (index, unit) in units.iter().enumerate() {
            names.paths.entry(unit.path.clone()).or_insert(index);
            put(&mut names.whole, &unit.path, index);
            let within = |part: &String| unit.path.strip_prefix(part.as_str())?.strip_prefix('/');
            if let Some(own) = unit.part.as_ref().and_then(within) {
                put(&mut names.whole, own, index);
            }
            if unit.level.is_structural() {
                put(&mut names.last, unit.path.rsplit('/').next().unwrap_or_default(), index);
            }
            names.has_articles |= unit.level == Level::Article;
        }
        names
    }

    /// The unit of this name, if it is one's alone.
    fn find(&self, name: &str) -> Option<usize> {
        const FIRST: [&str; 3] = ["/第一款", "/第一段", "/第1段"];
        if let Some(held) = self.whole.get(name) {
            return *held;
        }
        // 第六条第一款 is the article's own unit, where its text begins beside its mark.
        let name = FIRST.iter().find_map(|first| name.strip_suffix(first)).unwrap_or(name);
        self.whole.get(name).copied().unwrap_or_else(|| self.find_counted(name))
    }

    /// Where numbers run on through all sections, one names its unit alone: （二十三）; and a text without
    /// articles is cited as if they were some: 第二十三条.
    fn find_counted(&self, name: &str) -> Option<usize> {
        let article = name.strip_prefix('第').and_then(|name| name.strip_suffix('条'));
        let names = match article {
            Some(_) if self.has_articles => return None,
            Some(number) => vec![number.to_owned(), format!("（{number}）")],
            None if name.starts_with('（') => vec![name.to_owned()],
            None => return None,
        };
        names.iter().find_map(|name| self.last.get(name).copied().flatten())
    }
}

/// The parts of a path, from what people write: marks one after the other.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = vec![];
    let mut rest = name.trim_start();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(['/', '、', '，', ' ', '　']) {
            rest = after;
        } else if let Some((part, after)) = paragraph(rest) {
            parts.push(part);
            rest = after;
        } else if let Some(mark) = mark::find(rest).filter(|mark| mark.level.is_structural()) {
            parts.push(mark.name);
            rest = rest.get(mark.len..).unwrap_or_default();
        } else if let Some((part, after)) = bare(rest) {
            parts.push(part);
            rest = after;
        } else {
            // 三、执行时间: the words of a heading behind its mark.
            let end =
                if parts.is_empty() { rest.find('/').unwrap_or(rest.len()) } else { rest.len() };
            if parts.is_empty() {
                parts.push(rest.get(..end).unwrap_or_default().to_owned());
            }
            rest = rest.get(end..).unwrap_or_default();
        }
    }
    parts
}

/// 第二款, 第2段
fn paragraph(rest: &str) -> Option<(String, &str)> {
    let after = rest.strip_prefix('第')?;
    let len = prefix_len(after, is_numeral);
    let number = after.get(..len).and_then(parse)?;
    let after = after.get(len..)?;
    if let Some(rest) = after.strip_prefix('款') {
        return Some((format!("第{}款", chinese(number)), rest));
    }
    after.strip_prefix('段').map(|rest| (format!("第{number}段"), rest))
}

/// A part of a path as we write it, without the mark's own point: 二, 3, 1.2
fn bare(rest: &str) -> Option<(String, &str)> {
    let len = prefix_len(rest, |c| is_numeral(c) || c == '.');
    let (part, after) = rest.split_at_checked(len).filter(|(part, _)| !part.is_empty())?;
    let ends = after.is_empty() || after.starts_with(['/', '、', '（', '(']);
    ends.then(|| (part.trim_end_matches('.').to_owned(), after))
}
