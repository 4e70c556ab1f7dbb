//! By what names an interpretation calls the policy that it explains: 本办法, 新办法, 《办法》, the title, or 办法 alone
//! where nothing else is called so.

use foldhash::HashSet;

use super::{Pair, others};
use crate::{
    document::{SELF_NAMES, first_chars, last_chars},
    titles,
};

/// What stands before a kind of document to mean this one.
const THIS: [&str; 11] = [
    "修订后的",
    "修改后的",
    "新修订的",
    "新出台的",
    "新版",
    "新的",
    "这个",
    "这份",
    "这部",
    "此次",
    "新",
];
/// What stands before the short name that a document is given.
const SHORT: &str = "简称";
/// Characters before 简称 in which the title stands.
const SHORT_BEFORE: usize = 120;
/// Characters of a name at least: 法 ends many.
const NAME_MIN: usize = 2;

/// Characters of a clause that are looked at.
const CLAUSE_MAX: usize = 80;

/// What ends what is said before.
const STOPS: [char; 15] =
    ['，', ',', '：', ':', '；', ';', '。', '？', '?', '！', '!', '、', '（', '）', '\n'];

/// The policy's names.
pub(super) struct Own<'d> {
    title: &'d str,
    /// Short names that the interpretation gives to other documents: 《国家办法》（以下简称《办法》）.
    others: HashSet<&'d str>,
}

impl<'d> Own<'d> {
    pub(super) fn of(pair: &Pair<'d>) -> Self {
        let title = pair.policy.metadata().title.as_ref().unwrap_or(&pair.metadata.title);
        let text = pair.interpretation.text();
        let short = text.match_indices(SHORT).filter_map(|(at, word)| {
            let before = last_chars(text.get(..at)?, SHORT_BEFORE);
            let (_, named) = before.rsplit_once('《')?;
            let (named, _) = named.split_once('》')?;
            let behind = text.get(at + word.len()..)?.trim_start_matches(['为', ' ']);
            let name = behind.strip_prefix(['《', '“'])?.split(['》', '”']).next()?;
            (!titles::is_own(title, named)).then_some(name)
        });
        Self { title, others: short.collect() }
    }

    /// Whether these words, all of them, are a name of the policy.
    pub(super) fn is_name(&self, words: &str) -> bool {
        let words = words.trim().trim_matches(['*', '_', ' ', '“', '”']);
        if let Some(quoted) = words.strip_prefix('《').and_then(|rest| rest.strip_suffix('》')) {
            return self.is_own(quoted);
        }
        if let Some(kind) = words.strip_prefix('本') {
            return SELF_NAMES.contains(&kind);
        }
        let kind = THIS.iter().find_map(|this| words.strip_prefix(this));
        match kind {
            Some(kind) => self.is_own(kind.trim_matches(['《', '》'])),
            None => self.is_own(words),
        }
    }

    /// Whether a text calls the policy by a title, its kind or as what is new: 《…》, 办法, 新规, 政策.
    pub(super) fn is_called_in(&self, text: &str) -> bool {
        text.contains(['《', '》'])
            || ["政策", "新规", "新政"].iter().any(|name| text.contains(name))
            || SELF_NAMES.iter().any(|name| text.contains(name) && self.is_own(name))
    }

    /// Whether a text quotes the policy's title, or its end: 《办法》.
    pub(super) fn is_quoted_in(&self, text: &str) -> bool {
        let mut named = text.split('《').skip(1).filter_map(|rest| rest.split_once('》'));
        named.any(|(named, _)| self.is_own(named))
    }

    /// Whether the policy issues another document, whose parts are not its own: 关于印发《办法》的通知.
    pub(super) fn issues(&self) -> bool {
        self.title.contains('《') && self.title.ends_with("通知")
    }

    /// Whether a title names an issuer before 关于 that the policy's does not: 某省教育厅关于….
    pub(super) fn is_of_other_issuer(&self, title: &str) -> bool {
        let issuer = title.split_once("关于").map_or("", |(issuer, _)| issuer);
        let own = self.title.split_once("关于").map_or("", |(own, _)| own);
        !own.is_empty() && issuer.chars().next().is_some_and(|first| !own.contains(first))
    }

    fn is_own(&self, name: &str) -> bool {
        name.chars().nth(NAME_MIN - 1).is_some()
            && titles::is_own(self.title, name)
            && !self.others.contains(name)
    }

    /// Whether words begin with a level that the policy's title names too: 省里 of 某省…办法.
    pub(super) fn is_called_by(&self, words: &str) -> bool {
        words.chars().next().is_some_and(|level| self.title.contains(level))
    }

    /// Whether a text speaks of another document besides.
    pub(super) fn has_others_in(&self, text: &str) -> bool {
        // 《关于印发《办法》的通知》 names the inner one.
        let named = text.split('《').skip(1).filter_map(|rest| rest.split_once('》'));
        let mut named = named.map(|(named, _)| named);
        named.any(|named| !titles::is_own(self.title, named))
            || others::names_document(text, self.title)
    }
}

/// Whether words between another document's title and what is said call the policy: 根据《条例》，本办法规定…. 规定 is said of both.
pub(super) fn calls_own(words: &str, title: &str) -> bool {
    SELF_NAMES.iter().any(|name| {
        words.contains(&format!("本{name}"))
            || (*name != "规定" && title.ends_with(name) && words.contains(name))
    })
}

/// Whether these words mean what is new, whatever it is called: 新政策, 新规.
pub(super) fn is_new(words: &str) -> bool {
    ["新政策", "新规", "新政", "新规定", "新标准", "新政策标准"].contains(&words.trim())
}

/// The clause that a text ends with, without the marks of a list or heading before it.
pub(super) fn last_clause(text: &str) -> &str {
    let clause = text.rsplit(STOPS).next().unwrap_or_default();
    clause.trim_start_matches(|c: char| c.is_ascii_digit() || " .．#-*>|　".contains(c)).trim_end()
}

/// What a text begins with up to its first stop.
pub(super) fn first_clause(text: &str) -> &str {
    first_chars(text, CLAUSE_MAX).split(STOPS).next().unwrap_or_default().trim()
}
/// A text without these words at its end, however many.
pub(in crate::pair) fn strip_ends<'t>(text: &'t str, words: &[&[&str]]) -> &'t str {
    let mut text = text.trim_end();
    while let Some(rest) = words.iter().copied().flatten().find_map(|word| text.strip_suffix(word))
    {
        text = rest.trim_end();
    }
    text
}
