//! An amount of the policy by another rate: 120元/年 of one that the policy gives 每人每月, whatever it is called, and
//! 每户每月补贴500元 for 每人每月补贴500元.

use std::{borrow::Cow, collections::BTreeSet};

use foldhash::HashMap;

use super::{
    duties::Said,
    exceptions,
    figures::{BREAKS, Figure, Rate},
    former::speaks_of_former,
    texts::Texts,
};

/// An amount whose value the policy has by other rates alone.
pub(super) struct Rated {
    pub ours: usize,
    /// The first that the policy has.
    pub theirs: usize,
    /// Whether all else of the sentence is the policy's.
    pub is_same: bool,
}

/// Those of the interpretation; none of whose words it is said already that they are `turned`.
pub(super) fn find(texts: &Texts<'_>, turned: &[(Said, Said)]) -> Vec<Rated> {
    let (policy, interpretation) = (texts.policy.document, texts.interpretation.document);
    let [theirs, ours] = [&texts.policy, &texts.interpretation].map(|said| said.figures.as_slice());
    let turned: BTreeSet<usize> = turned.iter().map(|(ours, _)| ours.offset).collect();
    let is_turned = |figure: &Figure| {
        let start = figure.range.start.saturating_sub(figure.clause().len());
        turned.range(start..figure.range.end).next().is_some()
    };
    let mut values: HashMap<&str, Vec<(usize, Cow<'_, Rate>)>> = HashMap::default();
    for (index, figure) in amounts(theirs) {
        values.entry(figure.value.as_str()).or_default().push((index, rate(figure)));
    }
    let ours = amounts(ours).filter(|(_, figure)| !is_turned(figure));
    let wrong = ours.filter_map(|(index, figure)| {
        let rivals = values.get(figure.value.as_str())?;
        let rate = rate(figure);
        if rivals.len() > RIVALS_MAX {
            return None;
        }
        let is_of = |(rival, _): &&(usize, Cow<'_, Rate>)| {
            theirs.get(*rival).is_some_and(|rival| {
                are_of_one_thing((policy.text(), rival), (interpretation.text(), figure))
            })
        };
        // 2次 and 3小时 are said of much.
        let rivals: Vec<_> =
            rivals.iter().filter(|rival| figure.unit == "元" || is_of(rival)).collect();
        let (first, _) = rivals.first()?;
        let is_other = rivals.iter().all(|(_, rival)| rival.conflicts(&rate));
        let is_same = |(rival, _): &&(usize, Cow<'_, Rate>)| {
            theirs.get(*rival).is_some_and(|rival| {
                are_of_one_sentence((policy.text(), rival), (interpretation.text(), figure))
            })
        };
        is_other.then(|| {
            let same = rivals.iter().copied().find(is_same);
            let theirs = same.map_or(*first, |(rival, _)| *rival);
            Rated { ours: index, theirs, is_same: same.is_some() }
        })
    });
    wrong.collect()
}

/// A value that stands more often says nothing. Keeps the work linear.
const RIVALS_MAX: usize = 16;

/// What is paid, done or used by the year or the month.
const TIMED: [&str; 13] = [
    "元",
    "次",
    "人次",
    "小时",
    "分钟",
    "课时",
    "学时",
    "吨",
    "公斤",
    "立方米",
    "千瓦时",
    "度",
    "升",
];

fn amounts(figures: &[Figure]) -> impl Iterator<Item = (usize, &Figure)> {
    figures.iter().enumerate().filter(|(_, figure)| TIMED.contains(&figure.unit))
}

/// What an amount is counted by, also where the verb stands between: 每人每月补贴500元, 一年最多申请2次.
pub(super) fn rate(figure: &Figure) -> Cow<'_, Rate> {
    let led = || {
        let within = || Rate::within(figure.clause()).map(|(_, rate, _)| rate);
        let times = || Rate::of_times(figure.clause()).filter(|_| figure.unit == "次");
        Rate::in_one(figure.clause()).or_else(within).or_else(times).map(Cow::Owned)
    };
    let is_said = figure.rate != Rate::default();
    if is_said { None } else { led() }.unwrap_or(Cow::Borrowed(&figure.rate))
}

/// Whether two amounts are of one sentence but for their rates: the clause is the policy's, and so is what leads to it.
fn are_of_one_sentence((policy, theirs): (&str, &Figure), (text, ours): (&str, &Figure)) -> bool {
    let parts = Rate::within(theirs.clause()).zip(Rate::within(ours.clause()));
    let Some(((_, _, their_verb), (subject, _, verb))) = parts else { return false };
    let thing = ours.behind(text);
    let mut leads = ours.lead.split(BREAKS).rev().skip(1).chain([subject]);
    // 每学年 may be 每年.
    let told = |of: &Figure| rate(of).told().replace("学年", "年");
    told(theirs) != told(ours)
        && (verb, thing) == (their_verb, theirs.behind(policy))
        && verb.len() + thing.len() > "补".len()
        && leads.all(|lead| theirs.lead.contains(lead.trim_start_matches('对').trim()))
}

/// Whether a clause that says what is done, and not what is not or was, has a word of the other: 每年申请2次, 每月最多申请2次.
fn are_of_one_thing((policy, theirs): (&str, &Figure), (text, ours): (&str, &Figure)) -> bool {
    /// What is said of every act.
    const PLAIN: [&str; 9] =
        ["应当", "至少", "不少于", "进行", "开展", "组织", "定期", "最多", "不超过"];
    const DENIED: [&str; 5] = ["不要求", "无需", "不用", "不必", "不是"];
    let words = |text: &str, of: &Figure| {
        let words = format!("{}，{}", of.clause(), of.behind(text));
        PLAIN.iter().fold(words, |words, plain| words.replace(plain, "，"))
    };
    let lead = ours.clause();
    let own = exceptions::pairs(&words(text, ours));
    let held = exceptions::pairs(&words(policy, theirs));
    let is_word = |(one, next): &&(char, char)| *one != '每' && !"年月日周天次人度".contains(*next);
    !speaks_of_former(&ours.lead)
        && !DENIED.iter().any(|word| lead.contains(word))
        && !ours.behind(text).ends_with('吗')
        && own.iter().filter(is_word).any(|pair| held.contains(pair))
}
