//! Clauses in words near the policy's of which one is turned round: 从去世当月起停发津贴 where the policy says
//! 自死亡次月起停发津贴. Their words are chosen freely, so it warns.

use foldhash::{HashMap, HashSet};

use super::{
    duties::Said,
    exceptions::pairs,
    former::{speaks_in_doubt, speaks_of_other},
    rare::Rare,
    sentences::{Sentence, Turned},
    texts::{Said as Text, Texts},
    told::names_other,
    turns::Turn,
};

/// Pairs of letters that two clauses about one thing share at least, besides half of the shorter's.
const SHARED_MIN: usize = 3;

/// Clauses of the policy with one figure that a short one is compared with.
const ALIKE_MAX: usize = 16;

/// Words with an opposite, and figures, in a clause that is compared: one with more of them is a list.
const TURNS_MAX: usize = 12;

/// A clause that has a word with an opposite.
struct Clause<'t> {
    sentence: &'t Sentence,
    pairs: HashSet<(char, char)>,
    forms: Vec<&'t str>,
    /// Where its figures end, each with its form.
    ends: Vec<(usize, &'t str)>,
    /// Of the whole sentence where the clause is of a case: 低于20平方米的房屋，….
    is_negative: bool,
}

impl<'t> Clause<'t> {
    fn of(text: &'t Text<'_>, sentence: &'t Sentence) -> Self {
        let figures = text.figures.get(sentence.figures.clone()).unwrap_or_default();
        let forms = text.forms.get(sentence.figures.clone()).unwrap_or_default();
        let figures = figures.iter().zip(forms).filter(|(figure, _)| !figure.is_about);
        let ends: Vec<(usize, &str)> =
            figures.map(|(figure, form)| (figure.range.end, form.as_str())).collect();
        let forms = ends.iter().map(|(_, form)| *form).collect();
        let is_end = sentence.words.ends_with('#');
        let whole = text.sentence_at(sentence.range.start).filter(|_| !is_end).unwrap_or(sentence);
        let pairs = pairs(&sentence.words);
        Self { sentence, pairs, forms, ends, is_negative: whole.is_negative() }
    }

    /// The word of this one's line, if there is no other of the line that says something else.
    fn only(&self, of: &Turned) -> Option<&Turned> {
        let mut held = self.sentence.turns.iter().filter(|held| held.turn.is_beside(of.turn));
        let first = held.next()?;
        held.all(|other| other.turn == first.turn).then_some(first)
    }

    /// Whether the figures that two words stand right behind are one, where both stand behind one: of
    /// 5个工作日内审定 and 每月15日前发放 neither is the other turned round.
    fn are_behind_one(&self, turn: &Turned, other: &Self, theirs: &Turned) -> bool {
        let behind = |clause: &Self, turn: &Turned| {
            clause.ends.iter().find(|(end, _)| *end == turn.offset).map(|(_, form)| *form)
        };
        behind(self, turn).zip(behind(other, theirs)).is_none_or(|(one, other)| one == other)
    }

    /// Its only bound.
    fn bound(&self) -> Option<Turn> {
        let mut bounds = self.sentence.turns.iter().filter(|held| held.turn.is_bound());
        let first = bounds.next()?;
        bounds.next().is_none().then_some(first.turn)
    }

    /// Those of all with the one figure of a short clause, if none is bounded as it is, and with one of its words: of
    /// 每人每年最多申请2次 至少申请2次 is the other turned round.
    fn short<'p>(&self, alike: &[&'p Clause<'p>]) -> Vec<(usize, &'p Clause<'p>)> {
        let Some(own) = self.bound() else { return vec![] };
        let is_same = |held: &Turned| held.turn == own;
        if alike.len() > ALIKE_MAX
            || alike.iter().any(|other| other.sentence.turns.iter().any(is_same))
        {
            return vec![];
        }
        let shares = |other: &&'p Clause<'p>| {
            let is_rate = |held: &Turned| {
                let mut turns = self.sentence.turns.iter().map(|held| held.turn);
                held.turn.is_rate() && turns.any(|turn| turn == held.turn)
            };
            let is_near =
                !self.pairs.is_disjoint(&other.pairs) || other.sentence.turns.iter().any(is_rate);
            let is_against = other.bound().is_some_and(|bound| bound.is_beside(own));
            (other.forms.len() == 1 && is_against && is_near).then_some((1, *other))
        };
        alike.iter().filter_map(shares).collect()
    }

    /// Of what is said without a figure only an order is compared: 次月, 当月.
    fn shares_figure(&self, other: &Self) -> bool {
        self.forms.iter().any(|form| other.forms.contains(form))
    }
}

/// The interpretation's words, each with the policy's that it is put in the place of; none in `rungs`.
pub(super) fn find(texts: &Texts<'_>, title: &str, rungs: &HashSet<usize>) -> Vec<(Said, Said)> {
    let mut ours = clauses(&texts.interpretation);
    ours.retain(|ours| {
        is_plain(&texts.interpretation, ours, title)
            && !ours.sentence.figures.clone().any(|one| rungs.contains(&one))
    });
    // Of the policy, which is longer, only what is asked for.
    let theirs = if ours.is_empty() { vec![] } else { clauses(&texts.policy) };
    let mut by_pair = Rare::default();
    let mut by_form: HashMap<&str, Vec<&Clause<'_>>> = HashMap::default();
    for (index, clause) in theirs.iter().enumerate() {
        for pair in &clause.pairs {
            by_pair.add(*pair, index);
        }
        for form in &clause.forms {
            by_form.entry(form).or_default().push(clause);
        }
    }
    let mut said = HashSet::default();
    let mut found = vec![];
    for ours in &ours {
        let mut shared: HashMap<usize, usize> = HashMap::default();
        let held = ours.pairs.iter().filter_map(|pair| by_pair.get(pair));
        for index in held.filter(|held| !held.are_common()).flatten() {
            *shared.entry(index).or_default() += 1;
        }
        let is_near = |(index, count): (usize, usize)| {
            let clause = theirs.get(index)?;
            let least = ours.pairs.len().min(clause.pairs.len());
            (count >= SHARED_MIN.min(least.max(2)) && count * 2 >= least).then_some((count, clause))
        };
        let mut near: Vec<_> = shared.into_iter().filter_map(is_near).collect();
        if let ([form], []) = (ours.forms.as_slice(), near.as_slice()) {
            near = ours.short(by_form.get(form).map_or(&[], Vec::as_slice));
        }
        let turned = ours.sentence.turns.iter().filter(|turn| ours.only(turn).is_some());
        let turned = turned.filter_map(|turn| Some((turn, other(ours, turn, &near)?)));
        for (turn, other) in turned {
            if said.insert(turn.offset) {
                let [one, other] =
                    [turn, other].map(|at| Said { word: at.word, offset: at.offset });
                found.push((one, other));
            }
        }
    }
    found
}

fn clauses<'t>(text: &'t Text<'_>) -> Vec<Clause<'t>> {
    let is_clause = |sentence: &&Sentence| {
        (1..=TURNS_MAX).contains(&sentence.turns.len()) && sentence.figures.len() <= TURNS_MAX
    };
    let with_turns = text.sentences.iter().filter(is_clause);
    with_turns.map(|sentence| Clause::of(text, sentence)).collect()
}

/// The policy's word against this one, in the nearest of its clauses; none if one of them says the same.
fn other<'t>(
    ours: &Clause<'_>,
    turn: &Turned,
    near: &[(usize, &'t Clause<'t>)],
) -> Option<&'t Turned> {
    let compared =
        near.iter().filter(|(_, theirs)| turn.turn.is_order() || ours.shares_figure(theirs));
    let mut held = compared.clone().filter_map(|(_, theirs)| theirs.only(turn));
    if held.any(|held| held.turn == turn.turn) {
        return None;
    }
    let against = compared.filter_map(|(count, theirs)| {
        let other = theirs.only(turn).filter(|other| other.turn != turn.turn)?;
        (theirs.is_negative == ours.is_negative && ours.are_behind_one(turn, theirs, other))
            .then_some((count, other))
    });
    against
        .max_by_key(|(count, other)| (**count, std::cmp::Reverse(other.offset)))
        .map(|(_, other)| other)
}

/// Whether it says how things are, and not how they were, or are elsewhere.
fn is_plain(text: &Text<'_>, clause: &Clause<'_>, title: &str) -> bool {
    // 高于5.5%的，不能申请 says the same as 不高于5.5%的，可以申请.
    const DENIALS: [&str; 11] =
        ["责令", "违规", "违法", "罚", "不予", "不能", "不可", "不用", "重新", "取消", "不发"];
    let start = clause.sentence.range.start;
    let whole = text.around(text.sentence_at(start).unwrap_or(clause.sentence), start);
    !clause.sentence.is_question
        && !DENIALS.iter().any(|word| whole.contains(word))
        && !speaks_of_other(whole)
        && !speaks_in_doubt(whole)
        && !names_other(whole, title)
}
