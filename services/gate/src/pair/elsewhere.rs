//! What the interpretation says of one article of the policy and another one holds: 《办法》第五条规定，补贴标准为200元, which
//! 第三条 says. Articles are told by figures and words together, or by nearly all the words, so it warns.

use foldhash::{HashMap, HashSet};
use lockstep_proto::finding::Finding;

use super::{
    Pair, cap, cited,
    exceptions::pairs,
    figures::Figure,
    former::{speaks_in_doubt, speaks_of_other},
    own::{Own, last_clause},
    texts::Texts,
};
use crate::{
    codes::{self, At as _},
    document::{Document, Reference, first_chars, sentence_before},
};

/// Words by which an article is said to say something.
const SAYS: [&str; 8] = ["规定了", "规定", "明确了", "明确", "要求", "提出", "指出", "对"];
/// Characters of a sentence that are compared.
const SENTENCE_MAX: usize = 200;
/// Pairs of letters that are enough to tell an article by.
const PAIRS_MIN: usize = 6;
/// Those that are enough without a figure.
const PAIRS_ALONE_MIN: usize = 8;
/// Words before an article by which the rest follows from it.
const GROUNDS: [&str; 5] = ["根据", "按照", "依据", "依照", "按"];
/// Articles with one value, or one pair of letters, that are compared.
const ALIKE_MAX: usize = 8;

/// An article of the policy.
struct Article<'d> {
    name: &'d str,
    pairs: HashSet<(char, char)>,
    values: HashSet<&'d str>,
}

/// TS144
pub(super) fn check(pair: &Pair<'_>, texts: &Texts<'_>) -> Vec<Finding> {
    let own = Own::of(pair);
    let cited: Vec<_> = cited(pair, &own).collect();
    if cited.is_empty() {
        return vec![];
    }
    let articles = articles(pair.policy, &texts.policy.figures);
    let by_name: HashMap<&str, usize> =
        articles.iter().enumerate().map(|(index, article)| (article.name, index)).collect();
    // A name that stands twice is that of two.
    if by_name.len() != articles.len() {
        return vec![];
    }
    let mut by_value: HashMap<&str, Vec<usize>> = HashMap::default();
    for (index, article) in articles.iter().enumerate() {
        for value in &article.values {
            by_value.entry(value).or_default().push(index);
        }
    }
    let words = Words::of(&articles);
    let figures = &texts.interpretation.figures;
    let wrong = cited.into_iter().filter_map(|(reference, said, start)| {
        let article = articles.get(*by_name.get(reference.paths.first()?.as_str())?)?;
        let from = figures.partition_point(|figure| figure.range.start < start);
        let figures = figures.get(from..)?.iter();
        let figures = figures.take_while(|figure| figure.range.end <= start + said.len());
        let values: Vec<&str> =
            figures.filter(|one| !one.is_weak).map(|one| one.value.as_str()).collect();
        let ours = pairs(said);
        let shared = |article: &Article<'_>| ours.intersection(&article.pairs).count();
        if values.iter().any(|value| article.values.contains(value))
            || ours.len() < PAIRS_MIN
            || shared(article) * 5 > ours.len()
        {
            return None;
        }
        let Some(first) = values.first() else {
            let other = words.find(&ours).filter(|_| shared(article) * 10 <= ours.len())?;
            return Some((reference, articles.get(other)?.name));
        };
        let alike = by_value.get(first)?;
        let mut alike = alike.iter().take(ALIKE_MAX).filter_map(|index| articles.get(*index));
        let other = alike.find(|other| {
            shared(other) * 2 >= ours.len()
                && values.iter().all(|value| other.values.contains(value))
        })?;
        Some((reference, other.name))
    });
    cap(wrong.map(|(reference, other)| {
        move || {
            let detail = format!("{}（所说内容在{other} it stands in {other}）", reference.raw);
            let (line, column) = pair.interpretation.place(reference.start);
            let finding = codes::NO_SUCH_CLAUSE.about(detail);
            finding.in_member(pair.interpretation_path).at_place(line, column)
        }
    }))
}

/// In which articles each pair of letters stands; none of those that stand in many.
struct Words {
    by_pair: HashMap<(char, char), Vec<usize>>,
}

impl Words {
    fn of(articles: &[Article<'_>]) -> Self {
        let mut by_pair: HashMap<_, Vec<usize>> = HashMap::default();
        for (index, article) in articles.iter().enumerate() {
            for pair in &article.pairs {
                let known = by_pair.entry(*pair).or_default();
                if known.len() <= ALIKE_MAX {
                    known.push(index);
                }
            }
        }
        Self { by_pair }
    }

    /// The article that has most of these pairs, if there is one.
    fn find(&self, pairs: &HashSet<(char, char)>) -> Option<usize> {
        let mut shared: HashMap<usize, usize> = HashMap::default();
        let known = pairs.iter().filter_map(|pair| self.by_pair.get(pair));
        for index in known.filter(|known| known.len() <= ALIKE_MAX).flatten() {
            *shared.entry(*index).or_default() += 1;
        }
        let (index, count) = shared.into_iter().max_by_key(|(index, count)| (*count, *index))?;
        (pairs.len() >= PAIRS_ALONE_MIN && count * 5 >= pairs.len() * 3).then_some(index)
    }
}

/// References to one article of the policy, with what the sentence says of it and where that begins: 《办法》第五条规定，…;
/// 根据第五条，…; …（第五条）.
fn cited<'d>(
    pair: &Pair<'d>,
    own: &Own<'d>,
) -> impl Iterator<Item = (&'d Reference, &'d str, usize)> {
    let (interpretation, text) = (pair.interpretation, pair.interpretation.text());
    let title = pair.policy.metadata().title.as_ref().unwrap_or(&pair.metadata.title);
    interpretation.references().iter().filter_map(move |reference| {
        let at = reference.start + reference.raw.find('第')?;
        let sentence = sentence_before(text, at, SENTENCE_MAX);
        let behind = first_chars(text.get(reference.end..)?, SENTENCE_MAX);
        let behind = behind.split(['。', '；', '\n', '？']).next()?;
        let open = sentence.rfind(['（', '(']).filter(|_| behind.starts_with(['）', ')']));
        let (said, start, called, can_be_bare) = if let Some(open) = open {
            let called = sentence.get(open..)?.trim_start_matches(['（', '(']);
            (sentence.get(..open)?, at - sentence.len(), called, true)
        } else {
            let called = last_clause(sentence);
            let ground = GROUNDS.iter().find_map(|ground| called.strip_prefix(ground));
            let said = SAYS.iter().find_map(|word| behind.strip_prefix(word));
            let said = said.or_else(|| ground.and(behind.strip_prefix('，')))?;
            let start = reference.end + (behind.len() - said.len());
            (said, start, ground.unwrap_or(called), ground.is_some())
        };
        let is_one = reference.paths.len() == 1 && !reference.is_range;
        // 第五条规定的材料 is only what is spoken of.
        let is_plain = !said.starts_with('的')
            && !said.contains(['第', '《'])
            && !speaks_of_other(behind)
            && !speaks_in_doubt(behind)
            && !speaks_of_other(sentence);
        let is_own = own.is_name(called)
            || (can_be_bare && called.is_empty() && cited::is_of_policy(pair, reference, title));
        (is_one && is_plain && is_own).then_some((reference, said, start))
    })
}

/// The articles of the policy, annexes aside, with their words and figures.
fn articles<'d>(policy: &'d Document<'d>, figures: &'d [Figure]) -> Vec<Article<'d>> {
    let mut articles: Vec<Article<'d>> = vec![];
    let mut open = false;
    for unit in policy.units() {
        let name = unit.path.split('/').find(|part| part.starts_with('第') && part.ends_with('条'));
        let Some(name) = name.filter(|_| !unit.path.starts_with("附件")) else {
            open = false;
            continue;
        };
        if !open || articles.last().is_none_or(|last| last.name != name) {
            articles.push(Article { name, pairs: HashSet::default(), values: HashSet::default() });
            open = true;
        }
        let Some(article) = articles.last_mut() else { continue };
        article.pairs.extend(pairs(policy.text_of(unit)));
        let from = figures.partition_point(|figure| figure.range.start < unit.start);
        let held = figures.get(from..).unwrap_or_default().iter();
        let held = held.take_while(|figure| figure.range.start < unit.end);
        article.values.extend(held.map(|figure| figure.value.as_str()));
    }
    articles
}
