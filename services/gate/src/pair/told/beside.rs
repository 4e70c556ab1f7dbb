//! Values that stand in the policy beside words that are the sentence's own: 家庭养老床位增加到8000张 of a table's row, whatever it
//! says of other beds, or of those that there are so far.

use std::cell::OnceCell;

use foldhash::{HashMap, HashSet};

use super::{
    super::{context, exceptions::pairs, texts::Texts},
    Figure,
};
use crate::pair::{figures::BREAKS, held::form, repeated::reverses};

/// Places of one value that are looked at. Keeps the work linear.
const ALIKE_MAX: usize = 40;

/// The policy's figures by their values, put together when they are first asked for.
pub(super) struct Beside<'t> {
    texts: &'t Texts<'t>,
    by_form: OnceCell<HashMap<&'t str, Vec<&'t Figure>>>,
}

impl<'t> Beside<'t> {
    pub(super) fn of(texts: &'t Texts<'t>) -> Self {
        Self { texts, by_form: OnceCell::new() }
    }

    fn alike(&self, value: &str) -> &[&'t Figure] {
        let by_form = self.by_form.get_or_init(|| {
            let mut by_form: HashMap<&str, Vec<&Figure>> = HashMap::default();
            for (figure, form) in self.texts.policy.figures.iter().zip(&self.texts.policy.forms) {
                let alike = by_form.entry(form.as_str()).or_default();
                if alike.len() < ALIKE_MAX {
                    alike.push(figure);
                }
            }
            by_form
        });
        by_form.get(value).map_or(&[], Vec::as_slice)
    }

    /// What the clause of one of the policy's figures says.
    fn words(&self, figure: &Figure) -> HashSet<(char, char)> {
        pairs(&clause(self.texts.policy.document.text(), figure))
    }

    /// The same, with what leads to it, where its clause names nothing itself: 新建助餐点280个，总数不少于700个; 普及率（%）：95.
    fn named(&self, figure: &Figure) -> HashSet<(char, char)> {
        let mut words = self.words(figure);
        let before = figure.clause();
        if figure.row == 0 && (before.is_empty() || before.starts_with('总')) {
            words.extend(pairs(&figure.lead));
        }
        words
    }

    /// What the clause of one of the interpretation's figures says, but for numbers.
    fn own_words(&self, figure: &Figure) -> HashSet<(char, char)> {
        plain(pairs(&clause(self.texts.interpretation.document.text(), figure)))
    }

    /// Whether what the policy says of the value of a `figure` lets it stand beside its `rival`.
    pub(super) fn is_apart(&self, figure: &Figure, rival: &Figure) -> bool {
        self.is_reached(figure, rival) || self.is_said(figure, rival)
    }

    /// Whether the policy says the value of a `figure` in a clause that shares with the figure's what the one of the `rival`,
    /// with another value, does, and more. Of an item of a list, 绿色食品2万元, the head is in the first.
    fn is_said(&self, figure: &Figure, rival: &Figure) -> bool {
        let value = form(figure);
        if value == form(rival) {
            return false;
        }
        let alike = self.alike(&value);
        if alike.is_empty() {
            return false;
        }
        let (own, other) = (self.own_words(figure), self.words(rival));
        let whole: HashSet<_> = pairs(&rival.lead).union(&other).copied().collect();
        let led: HashSet<_> = plain(pairs(&figure.lead)).union(&own).copied().collect();
        alike.iter().filter(|held| !reverses(held, figure)).any(|held| {
            let words = self.words(held);
            let head = held.lead.split(BREAKS).find(|clause| !clause.is_empty());
            let mut with_head = pairs(head.unwrap_or_default());
            with_head.extend(&words);
            own.iter().any(|pair| words.contains(pair) && !other.contains(pair))
                && !led.iter().any(|pair| whole.contains(pair) && !with_head.contains(pair))
        })
    }

    /// Whether the policy aims at the value of a `figure` for what its `rival` is the outset of: 75% of a plan's table beside
    /// 2025年末，占比62%.
    pub(super) fn is_reached(&self, figure: &Figure, rival: &Figure) -> bool {
        is_of_outset(&rival.lead, &figure.lead) && sets_out_from(figure, rival) && {
            let own = self.own_words(figure);
            let shared =
                |words: &HashSet<_>| own.iter().filter(|pair| words.contains(*pair)).count();
            let least = shared(&self.words(rival)).max(1);
            let mut aims = self.alike(&form(figure)).iter().filter(|held| aims(held, rival));
            aims.any(|held| shared(&self.named(held)) >= least)
        }
    }
}

/// Pairs of letters without those of numbers.
fn plain(mut pairs: HashSet<(char, char)>) -> HashSet<(char, char)> {
    pairs.retain(|(one, next)| !one.is_numeric() && !next.is_numeric());
    pairs
}

/// What a figure's clause says around it, and its row.
fn clause(text: &str, figure: &Figure) -> String {
    let row = if figure.row > 0 { &figure.label } else { "" };
    format!("{}，{}，{row}", figure.clause(), figure.behind(text))
}

/// Words of what is so far.
const NOW: [&str; 5] = ["截至", "目前", "现有", "现状", "“十四五”末"];
/// Words of what is to be.
const AIMS: [&str; 9] =
    ["达到", "不低于", "不少于", "以上", "力争", "提高到", "增加到", "目标", "指标"];

/// Whether a sentence of the policy tells from where a plan sets out, and `ours` does not: 2025年末，占比62%. 2027年底前 is by
/// when something is to be done.
fn is_of_outset(theirs: &str, ours: &str) -> bool {
    let is_year_end = || {
        let mut years = context::years(theirs);
        years.any(|(year, behind)| {
            let at = theirs.len() - behind.len() - year.len() - '年'.len_utf8();
            let before = theirs.get(..at).unwrap_or_default();
            behind.strip_prefix(['末', '底']).is_some_and(|behind| !behind.starts_with('前'))
                && !before.ends_with(['到', '至'])
                && !ours.contains(year)
        })
    };
    !AIMS.iter().any(|word| theirs.contains(word))
        && !NOW.iter().chain(&["已有", "现在"]).any(|word| ours.contains(word))
        && (is_year_end() || NOW.iter().any(|word| theirs.contains(word)))
}

/// Whether a figure that is said to be reached from another is reached from the `rival`: 75% of 由62%提高到75%.
fn sets_out_from(figure: &Figure, rival: &Figure) -> bool {
    let clause = figure.clause();
    let is_change = clause.contains(['由', '从']) && clause.contains(|c: char| c.is_ascii_digit());
    let number = rival.value.strip_suffix(rival.unit).unwrap_or(&rival.value);
    !is_change || clause.contains(number)
}

/// Whether a figure of the policy is what it aims at, by a word or a year later than the outset's, or in a list of aims.
fn aims(held: &Figure, outset: &Figure) -> bool {
    let last = context::years(&outset.lead).map(|(year, _)| year).max();
    let said = [&held.lead, &held.label];
    said.iter().any(|said| {
        AIMS.iter().any(|word| said.contains(word))
            || context::years(said).any(|(year, _)| Some(year) > last)
    }) || held.lead.trim_end().ends_with(['：', ':'])
}
