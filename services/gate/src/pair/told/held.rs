//! Values that stand in the policy beside words that are the sentence's own: 家庭养老床位增加到8000张 of a table's row, whatever it
//! says of other beds.

use foldhash::HashMap;

use super::{
    super::{exceptions::pairs, texts::Texts},
    Figure,
};
use crate::{
    document::first_chars,
    pair::{figures::BREAKS, held::form, repeated::reverses},
};

/// Places of one value that are looked at. Keeps the work linear.
const ALIKE_MAX: usize = 40;
/// Characters behind a figure that are of its clause.
const BEHIND_MAX: usize = 12;

/// The policy's figures by their values.
pub(super) struct Held<'t> {
    texts: &'t Texts<'t>,
    by_form: HashMap<&'t str, Vec<&'t Figure>>,
}

impl<'t> Held<'t> {
    pub(super) fn of(texts: &'t Texts<'t>) -> Self {
        let mut by_form: HashMap<&str, Vec<&Figure>> = HashMap::default();
        for (figure, form) in texts.policy.figures.iter().zip(&texts.policy.forms) {
            let alike = by_form.entry(form.as_str()).or_default();
            if alike.len() < ALIKE_MAX {
                alike.push(figure);
            }
        }
        Self { texts, by_form }
    }

    /// Whether the policy says the value of a `figure` in a clause that shares more letters with the figure's than the one of
    /// the `rival`, with another value, does.
    pub(super) fn is_said(&self, figure: &Figure, rival: &Figure) -> bool {
        let value = form(figure);
        if value == form(rival) {
            return false;
        }
        let [theirs, ours] =
            [&self.texts.policy, &self.texts.interpretation].map(|said| said.document.text());
        let Some(alike) = self.by_form.get(value.as_str()) else { return false };
        let (own, other) = (pairs(&clause(ours, figure)), pairs(&clause(theirs, rival)));
        alike.iter().filter(|held| !reverses(held, figure)).any(|held| {
            let words = pairs(&clause(theirs, held));
            let is_word = |pair: &&(char, char)| !pair.0.is_numeric() && !pair.1.is_numeric();
            let shared = own.iter().filter(is_word);
            let [held, told] = [(&words, &other), (&other, &words)].map(|(one, two)| {
                shared.clone().filter(|pair| one.contains(*pair) && !two.contains(*pair)).count()
            });
            held > told
        })
    }
}

/// What a figure's clause says around it, and its row.
fn clause(text: &str, figure: &Figure) -> String {
    let before = figure.lead.rsplit(BREAKS).next().unwrap_or_default();
    let behind = first_chars(text.get(figure.range.end..).unwrap_or_default(), BEHIND_MAX);
    let behind = behind.split(BREAKS).next().unwrap_or_default();
    format!("{before}，{behind}，{}", figure.label)
}
