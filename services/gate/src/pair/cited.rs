//! Clauses of the policy that the interpretation cites, and that are not there: 第四十五条 of one of twenty articles.

use lockstep_proto::finding::Finding;

use super::{Pair, cap};
use crate::{
    codes::{self, At as _},
    document::{Document, Level, Reference, SELF_NAMES, Target, parse_numeral, sentence_before},
    titles,
};

/// A policy of fewer articles is cited by other things.
const ARTICLES_MIN: usize = 3;
/// Words of another version or another document.
const OTHERS: [&str; 12] = [
    "原",
    "旧",
    "修订前",
    "修改前",
    "此前",
    "法第",
    "条例第",
    "规定第",
    "办法第",
    "决定第",
    "解释第",
    "细则第",
];

/// Characters before a reference that are looked at.
const BEFORE_MAX: usize = 400;

/// TS144
pub(super) fn check(pair: &Pair<'_>) -> Vec<Finding> {
    let Some(last) = last_article(pair.policy) else { return vec![] };
    let own = pair.policy.metadata().title.unwrap_or_else(|| pair.metadata.title.clone());
    let cited = pair.interpretation.references().into_iter();
    let missing = cited.filter(|reference| {
        let beyond = reference.paths.iter().filter_map(|path| article(path)).max();
        beyond.is_some_and(|number| number > last) && is_of_policy(pair, reference, &own)
    });
    cap(missing.map(|reference| {
        move || {
            let (line, column) = pair.interpretation.place(reference.start);
            let detail = format!("{}（政策文件共{last}条 it has {last}）", reference.raw);
            let finding = codes::NO_SUCH_CLAUSE.about(detail);
            finding.in_member(pair.interpretation_path).at_place(line, column)
        }
    }))
}

/// The number of the last article of a policy that counts them from one on, without documents inside it.
fn last_article(policy: &Document<'_>) -> Option<u32> {
    let articles = policy.units().iter().filter(|unit| unit.level == Level::Article);
    let numbers: Vec<u32> = articles.filter_map(|unit| article(&unit.path)).collect();
    let is_whole = (1..).zip(&numbers).all(|(expected, number)| expected == *number);
    numbers.last().copied().filter(|_| is_whole && numbers.len() >= ARTICLES_MIN)
}

/// 第四十五条, also below chapters and a document's part.
fn article(path: &str) -> Option<u32> {
    let part = path.split('/').find(|part| part.starts_with('第') && part.ends_with('条'))?;
    parse_numeral(part.strip_prefix('第')?.strip_suffix('条')?)
}

/// Whether a reference is clearly to the policy: by its title, by 本办法, or where the paragraph names nothing else.
fn is_of_policy(pair: &Pair<'_>, reference: &Reference, own: &str) -> bool {
    let is_own = |title: &str| titles::is_own(own, title);
    let interpretation = pair.interpretation;
    let before = interpretation.text().get(..reference.start).unwrap_or_default();
    let floor = before.char_indices().rev().take(BEFORE_MAX).last().map_or(0, |(at, _)| at);
    let before = before.get(floor..).unwrap_or_default();
    let paragraph = before.rsplit("\n\n").next().unwrap_or_default();
    let sentence = sentence_before(interpretation.text(), reference.start, BEFORE_MAX);
    let says_other =
        OTHERS.iter().any(|word| sentence.contains(word) || reference.raw.contains(word));
    match &reference.document {
        Target::Other(title) => is_own(title) && !says_other,
        Target::Previous => false,
        Target::Own if reference.raw.starts_with('本') => true,
        Target::Own => {
            let mut named = paragraph.split('《').skip(1);
            let mut named = named.by_ref().map(|rest| rest.split('》').next().unwrap_or_default());
            let bare = sentence.trim_end();
            let follows_name = SELF_NAMES.iter().any(|name| bare.ends_with(name));
            named.all(is_own) && !says_other && !follows_name
        }
    }
}
