//! Which units of an interpretation may explain a clause: those that share rare sequences of characters
//! with it and with what it stands under, and those that cite it. Equal numbers say nothing.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use super::coverage::Likely;
use crate::{
    document::{Document, Target, Unit, is_letter},
    titles::simplify,
};

/// Proposals for one clause.
const PROPOSALS: usize = 3;
/// A likeness below this is chance, per mille.
const LIKENESS_MIN: f64 = 60.0;
/// Units a sequence may stand in before it says nothing about which. Keeps the work linear.
const COMMON: usize = 12;
/// What an interpretation's opening counts: it says what will be explained.
const OPENING: f64 = 0.25;
/// What it counts that a unit names the clause: 第十三条规定.
const CITED: f64 = 400.0;
/// What the text above a unit counts beside its own.
const ABOVE: f64 = 0.5;

/// The clauses of the policy that the interpretation cites, each with the number of the citing clause. 第六条
/// behind the name of a law is that law's.
fn find_cited<'d>(
    policy: &Context<'d>,
    interpretation: &Document<'_>,
) -> HashSet<(&'d str, usize)> {
    let title = policy.document.metadata().title.as_deref().unwrap_or_default();
    let clauses: Vec<usize> = interpretation.clauses().map(|unit| unit.start).collect();
    let references = interpretation.references().iter();
    references
        .filter(|reference| match &reference.document {
            Target::Own => {
                let before = interpretation.text().get(..reference.start).unwrap_or_default();
                !before.ends_with(['法', '例', '定', '释'])
            }
            Target::Other(name) => title.contains(name.as_str()),
            Target::Previous => false,
        })
        .flat_map(|reference| {
            let unit = clauses.partition_point(|start| *start <= reference.start).checked_sub(1);
            reference.paths.iter().filter_map(move |path| Some((path, unit?)))
        })
        .filter_map(|(path, unit)| Some((policy.find(path)?.path.as_str(), unit)))
        .collect()
}

/// A document's units by their paths: what stands above a unit tells what it is about.
struct Context<'d> {
    document: &'d Document<'d>,
    by_path: HashMap<&'d str, &'d Unit>,
}

impl<'d> Context<'d> {
    fn of(document: &'d Document<'d>) -> Self {
        let by_path = document.units().iter().map(|unit| (unit.path.as_str(), unit)).collect();
        Self { document, by_path }
    }

    /// The unit of this path, also in the document inside that a 通知 issues.
    fn find(&self, path: &str) -> Option<&'d Unit> {
        let inside = || self.by_path.get(format!("附文1/{path}").as_str());
        self.by_path.get(path).or_else(inside).copied()
    }

    /// The sequences of a unit and of what it stands under, each with its weight; sorted.
    fn weigh(&self, unit: &Unit) -> Vec<(u64, f64)> {
        let own = grams(self.document.text_of(unit)).into_iter().map(|gram| (gram, 1.0));
        let above = unit.path.rsplit_once('/').and_then(|(above, _)| self.by_path.get(above));
        let above = above.map(|above| grams(self.document.text_of(above))).unwrap_or_default();
        let mut weighed: Vec<(u64, f64)> =
            own.chain(above.into_iter().map(|gram| (gram, ABOVE))).collect();
        weighed.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        weighed.dedup_by_key(|(gram, _)| *gram);
        weighed
    }
}

/// Finds units of the interpretation by rare sequences of two and three characters.
pub(super) struct Likeness<'d> {
    policy: Context<'d>,
    /// Path, length of the vector.
    units: Vec<(String, f64)>,
    /// The policy's clauses that a unit cites.
    cited: HashSet<(&'d str, usize)>,
    /// Each sequence with a unit it stands in and its weight there; sorted.
    index: Vec<(u64, usize, f64)>,
}

impl<'d> Likeness<'d> {
    pub(super) fn of(policy: &'d Document<'d>, interpretation: &Document<'_>) -> Self {
        let context = Context::of(interpretation);
        let (mut units, mut index) = (vec![], vec![]);
        for unit in interpretation.clauses() {
            index.extend(context.weigh(unit).into_iter().map(|(gram, w)| (gram, units.len(), w)));
            units.push((unit.path.clone(), 0.0));
        }
        index.sort_by_key(|(gram, unit, _)| (*gram, *unit));
        let policy = Context::of(policy);
        let cited = find_cited(&policy, interpretation);
        let mut likeness = Self { policy, units, cited, index };
        let mut norms = vec![0.0; likeness.units.len()];
        for alike in likeness.index.chunk_by(|a, b| a.0 == b.0) {
            let rare = likeness.rarity(alike.len());
            for (_, unit, weight) in alike {
                if let Some(norm) = norms.get_mut(*unit) {
                    *norm += (rare * weight).powi(2);
                }
            }
        }
        for (unit, norm) in likeness.units.iter_mut().zip(norms) {
            unit.1 = norm.sqrt();
        }
        likeness
    }

    /// How much a sequence says that stands in so many units.
    fn rarity(&self, count: usize) -> f64 {
        let of = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        (1.0 + of(self.units.len()) / of(count.max(1))).ln()
    }

    /// The units that a sequence stands in.
    fn find(&self, gram: u64) -> &[(u64, usize, f64)] {
        let begin = self.index.partition_point(|(held, ..)| *held < gram);
        let rest = self.index.get(begin..).unwrap_or_default();
        let count = rest.iter().take(COMMON + 1).take_while(|(held, ..)| *held == gram).count();
        if count > COMMON { &[] } else { rest.get(..count).unwrap_or_default() }
    }

    /// The cosine of a clause and each unit.
    pub(super) fn propose(&self, clause: &Unit) -> Vec<Likely> {
        let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
        let mut norm = 0.0;
        for (gram, weight) in self.policy.weigh(clause) {
            let held = self.find(gram);
            let rare = self.rarity(held.len());
            norm += (rare * weight).powi(2);
            for (_, unit, there) in held {
                *scores.entry(*unit).or_default() += rare * rare * weight * there;
            }
        }
        let mut proposals: Vec<(f64, &str)> = scores
            .into_iter()
            .filter_map(|(index, score)| {
                let (path, length) = self.units.get(index)?;
                let place = if path == "前言" { OPENING } else { 1.0 };
                let is_cited = self.cited.contains(&(clause.path.as_str(), index));
                let likeness = 1000.0 * place * score / (norm.sqrt() * length).max(1.0)
                    + if is_cited { CITED } else { 0.0 };
                (likeness >= LIKENESS_MIN).then_some((likeness, path.as_str()))
            })
            .collect();
        proposals.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        proposals.truncate(PROPOSALS);
        // No number beyond a thousand: one that is cited may reach it.
        let whole = |likeness: f64| {
            (0..=1000).rev().find(|whole| f64::from(*whole) <= likeness).unwrap_or(0)
        };
        proposals
            .into_iter()
            .map(|(likeness, path)| Likely { unit: path.to_owned(), likeness: whole(likeness) })
            .collect()
    }
}

/// The distinct sequences of two and of three characters, punctuation and blanks left out; sorted. Three
/// characters of 21 bits fit a number.
fn grams(text: &str) -> Vec<u64> {
    let mut last = (0_u64, 0_u64);
    let letters = text.chars().filter(|c| is_letter(*c)).map(|c| u64::from(u32::from(simplify(c))));
    let mut grams: Vec<u64> = letters
        .flat_map(|letter| {
            let pair = (last.1 != 0).then_some(last.1 << 21 | letter);
            let three = (last.0 != 0).then_some(last.0 << 42 | last.1 << 21 | letter);
            last = (last.1, letter);
            pair.into_iter().chain(three)
        })
        .collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "示例办法\n\n第一条 为规范示例服务，制定本办法。\n\n第二条 学校每周开展服务不少于五天。\n\n\
        第三条 家庭经济困难学生免收费用。\n";

    /// The unit that is proposed first for each article.
    fn first(interpretation: &str) -> Vec<Option<String>> {
        let (policy, interpretation) = (Document::read(POLICY), Document::read(interpretation));
        let likeness = Likeness::of(&policy, &interpretation);
        let articles = policy.clauses().filter(|unit| unit.path.starts_with('第'));
        articles
            .map(|unit| likeness.propose(unit).into_iter().next().map(|proposal| proposal.unit))
            .collect()
    }

    #[test]
    fn a_clause_is_explained_where_its_words_or_its_number_are() {
        let by_words = "一、困难学生\n\n家庭经济困难的学生不交费用。\n\n二、时间\n\n学校每周至少开展五天服务。\n";
        let path = |path: &str| Some(path.to_owned());
        assert_eq!(first(by_words)[1..], [path("二/第1段"), path("一/第1段")]);
        // The number alone, in other words.
        let by_number = "一、谁不交钱\n\n按照第三条，照顾有难处的孩子。\n\n二、困难学生\n\n家庭经济困难的学生不交费用。\n";
        assert_eq!(first(by_number)[2], path("一/第1段"));
        let of_a_law = "一、谁不交钱\n\n按照教育法第三条，照顾有难处的孩子。\n\n二、困难学生\n\n家庭经济困难的学生不交费用。\n";
        assert_eq!(first(of_a_law)[2], path("二/第1段"));
    }
}
