//! What is said of figures: which contradict the policy, which it lacks, which exceptions are left out.

mod beside;
mod lacking;

use std::cell::LazyCell;

use foldhash::HashSet;
use lockstep_proto::finding::Finding;

use super::{
    Pair,
    beyond::Beyond,
    cap, certainty,
    certainty::is_of_next_step,
    context::Context,
    contradictions::{self, Known},
    declared::Declared,
    doubts, examples, exceptions,
    figures::{self, Bound, Figure},
    follows::{Rules, is_of_other_span, is_of_so_many},
    months::Months,
    others,
    rated::{self, Rated},
    repeated::{Changed, Repeated, reverses},
    scores,
    swapped::Swapped,
    texts::Texts,
    validity,
};
use crate::{
    codes::{self, At as _},
    document::{Document, first_chars, last_chars},
    titles,
};
use beside::Beside;
use lacking::{Lacking, tell_lacking};

/// What a contradiction says that only warns.
pub(super) const DOUBT: &str = "，可能是另一事项 perhaps another matter";

/// TS120, TS121, TS122
pub(super) fn check_figures(
    pair: &Pair<'_>,
    texts: &Texts<'_>,
    repeated: &Repeated,
    swapped: &[Swapped],
    rungs: &HashSet<usize>,
) -> Vec<Finding> {
    let metadata = pair.policy.metadata();
    let [policy, interpretation] = [&texts.policy, &texts.interpretation].map(|said| &said.figures);
    let (declared, scores) = (Declared::of(pair), scores::find(texts));
    let derived = Derived::of(pair);
    let is_declared = |figure: &Figure| declared.source(figure).is_some();
    let is_sourced = |figure: &Figure| {
        is_declared(figure) || derived.has(figure) || scores.same.contains(&figure.range.start)
    };
    let known = Known::of(policy);
    let compared = contradictions::compare(&known, interpretation, is_sourced);
    let claimed = claimed(&known, interpretation, &declared);
    let pairs = LazyCell::new(|| exceptions::pairs(pair.policy.text()));
    let title = metadata.title.as_ref().unwrap_or(&pair.metadata.title);
    let doubtful = Doubtful { pair, title };
    let [ours, theirs] = [pair.interpretation, pair.policy].map(Document::text);
    let is_sure = |(figure, rival): &(&Figure, &Figure)| {
        certainty::is_sure(ours, figure, theirs, rival, &pairs) && !doubtful.names_other(figure)
    };
    // Of members of one enumeration the names leave no doubt.
    let is_plain = |(figure, rival): &(&Figure, &Figure)| {
        certainty::is_of_now_and_here(ours, figure, theirs, rival) && !doubtful.names_other(figure)
    };
    let rivals_of = |found: &[(usize, usize)]| rivals(found, interpretation, policy);
    let is_own = |figure: &Figure| !is_sourced(figure) && !names_other(&figure.lead, title);
    let is_told = |one: &usize| rungs.contains(one);
    let rules = Rules::of(pair.policy.text());
    let beyond = Beyond::of(pair, title);
    let both = |one: &usize, other: &usize| interpretation.get(*one).zip(policy.get(*other));
    let beside = Beside::of(texts);
    let follows = |one: &usize, other: &usize| {
        both(one, other).is_some_and(|(figure, rival)| {
            rules.explain(figure, rival) || beside.is_reached(figure, rival)
        })
    };
    let is_own_at = |one: usize| interpretation.get(one).is_some_and(is_own);
    let rated = rated::find(texts, &repeated.turned);
    let Found { contradicted, named, changes, plainly, whole } =
        Found::of(compared.contradicted, (&repeated.values, swapped, &rated), is_told, is_own_at);
    let plain: HashSet<usize> = plainly.iter().map(|(one, _)| *one).collect();
    let claimed_named: HashSet<usize> = claimed.iter().map(|(one, _)| *one).collect();
    let context = LazyCell::new(|| Context::of(pair));
    let blocks = |one: &usize, other: &usize| {
        both(one, other).is_some_and(|figures| {
            let is_year = is_year(figures.0);
            // 2023年我市… may tell of that year.
            let holds = (is_sure(&figures)
                && (named.contains(one) || claimed_named.contains(one) || !is_year)
                && !may_complete(ours, figures))
                || (plain.contains(one) && is_plain(&figures))
                || (whole.contains(one) && !is_year && doubtful.repeats(figures));
            holds && !context.takes_away(figures.0, figures.1)
        })
    };
    let (blocking, unsure): (Vec<_>, Vec<_>) = contradicted
        .iter()
        .copied()
        .partition(|(one, other)| blocks(one, other) && !follows(one, other));
    let blocked: HashSet<usize> = blocking.iter().map(|(one, _)| *one).collect();
    let (sure, mut unsure) = (rivals_of(&blocking), rivals_of(&unsure));
    let is_apart = |(figure, rival): (&Figure, &Figure)| {
        beyond.covers(figure, rival) || beside.is_apart(figure, rival)
    };
    unsure.retain(|(figure, rival)| !is_same(pair, figure, rival) && !is_apart((figure, rival)));
    let declared_at = |one: &usize| interpretation.get(*one).is_some_and(is_declared);
    let more = changes.iter().chain(&plainly).copied().filter(|(one, _)| declared_at(one));
    let mut claims = vec![];
    extend(&mut claims, claimed.iter().copied().chain(more), |one| !is_told(&one));
    claims.retain(|(one, other)| blocks(one, other));
    let claims = tell_claims(rivals_of(&claims), &declared);
    let said: HashSet<usize> =
        contradicted.iter().map(|(one, _)| *one).chain(rungs.iter().copied()).collect();
    let doubts = doubts::find(pair, texts, &said, (swapped, &rated, &scores.held), || &*pairs);
    let doubted: HashSet<usize> = doubts.iter().map(|(one, _)| *one).collect();
    let named: Vec<(usize, usize)> = contradicted.iter().chain(&doubts).copied().collect();
    let is_doubt = |figure: &Figure| is_own(figure) && !is_name(figure);
    let doubts = rivals_of(&doubts).into_iter().filter(|(figure, rival)| {
        is_doubt(figure) && !rules.explain(figure, rival) && !is_apart((figure, rival))
    });
    let mut findings = tell_contradictions(pair, sure.into_iter().map(|found| (found, "")));
    let claimed = claims.iter().map(|(found, claim)| (*found, claim.as_str()));
    let unsure = unsure.into_iter().chain(doubts).map(|found| (found, DOUBT));
    findings.extend(tell_contradictions(pair, claimed.chain(unsure)));
    // 五份材料 of which the policy wants three asks for no source besides.
    let missing = compared.missing.iter().copied();
    let missing = missing.filter(|one| !doubted.contains(one) && !said.contains(one));
    let missing = without_months(pair.policy, interpretation, missing);
    // What is beyond the policy contradicts nothing, and asks for its source.
    let lacks = |figure: &Figure| is_beyond(&known, &beyond, figure) && !is_sourced(figure);
    let is_beyond =
        |one: &usize| !blocked.contains(one) && interpretation.get(*one).is_some_and(lacks);
    let told_beyond = said.iter().chain(&doubted).copied().filter(is_beyond);
    let missing: HashSet<usize> = missing.into_iter().chain(told_beyond).collect();
    let lacking = Lacking {
        known: &known,
        beside: &beside,
        named: &named,
        rungs,
        rules: &rules,
        beyond: &beyond,
        missing,
    };
    findings.extend(tell_lacking(pair, texts, &lacking, is_own));
    findings.extend(tell_left_out(pair, policy, interpretation));
    findings
}

/// Whether a figure is none of the policy's, and of what that leaves open.
fn is_beyond(known: &Known<'_>, beyond: &Beyond<'_>, figure: &Figure) -> bool {
    !known.has(figure) && !figure.is_weak && (beyond.holds(figure) || beyond.is_case(figure))
}

/// Values that the bundle has elsewhere: in its charts' data, or by what the policy says of how long it holds.
struct Derived {
    charted: HashSet<String>,
    computed: validity::Computed,
}

impl Derived {
    fn of(pair: &Pair<'_>) -> Self {
        let charted = values(pair.data.iter());
        Self { charted, computed: validity::Computed::of(pair.policy) }
    }

    fn has(&self, figure: &Figure) -> bool {
        self.charted.contains(&figure.value) || self.computed.has(figure)
    }
}

/// Whether the words around a figure say that it is another's.
struct Doubtful<'a> {
    pair: &'a Pair<'a>,
    title: &'a str,
}

impl Doubtful<'_> {
    /// 原办法规定，…；急诊的，…
    fn is_of_other(&self, figure: &Figure) -> bool {
        let text = self.pair.interpretation.text();
        certainty::begins_in_doubt(text, figure)
            || examples::tells(text, figure.range.start)
            || names_other(certainty::beginning(text, figure), self.title)
    }

    /// Whether the policy's own sentence with another value tells of nothing else.
    fn repeats(&self, (figure, rival): (&Figure, &Figure)) -> bool {
        !figure.is_weak
            && !self.is_of_other(figure)
            && !certainty::is_of_past(&figure.lead, &rival.lead)
            && !is_of_next_step(self.pair.policy.text(), figure, rival)
    }

    fn names_other(&self, figure: &Figure) -> bool {
        names_other(&figure.lead, self.title) || self.is_of_other(figure)
    }
}

/// The figures that contradict the policy's, by whatever way they were found.
struct Found {
    contradicted: Vec<(usize, usize)>,
    /// Those whose quantity has the policy's name.
    named: HashSet<usize>,
    /// Those in the policy's own words, and of members of its enumerations or by another rate.
    changes: Vec<(usize, usize)>,
    plainly: Vec<(usize, usize)>,
    /// The policy's own sentence with another value needs no other name.
    whole: HashSet<usize>,
}

impl Found {
    fn of(
        mut contradicted: Vec<(usize, usize)>,
        (repeated, swapped, rated): (&[Changed], &[Swapped], &[Rated]),
        is_told: impl Fn(&usize) -> bool,
        is_own: impl Fn(usize) -> bool,
    ) -> Self {
        contradicted.retain(|(one, _)| !is_told(one));
        let named = contradicted.iter().map(|(one, _)| *one).collect();
        let whole = repeated.iter().filter(|changed| changed.is_whole);
        let whole = whole.map(|changed| changed.ours).collect();
        let changes: Vec<(usize, usize)> =
            repeated.iter().map(|changed| (changed.ours, changed.theirs)).collect();
        let plainly = swapped.iter().filter(|swapped| swapped.is_plain);
        let plainly = plainly.map(|swapped| (swapped.ours, swapped.theirs));
        let rated = rated.iter().filter(|rated| rated.is_same);
        let plainly: Vec<(usize, usize)> =
            plainly.chain(rated.map(|rated| (rated.ours, rated.theirs))).collect();
        let more = changes.iter().copied().filter(|(one, _)| !is_told(one));
        extend(&mut contradicted, more, &is_own);
        extend(&mut contradicted, plainly.iter().copied(), &is_own);
        Self { contradicted, named, changes, plainly, whole }
    }
}

/// The figures of these places, the policy's behind ours.
fn rivals<'f>(
    found: &[(usize, usize)],
    ours: &'f [Figure],
    theirs: &'f [Figure],
) -> Vec<(&'f Figure, &'f Figure)> {
    let pairs =
        found.iter().filter_map(|(one, other)| Some((ours.get(*one)?, theirs.get(*other)?)));
    pairs.collect()
}

/// What is declared as another's may be the policy's own quantity all the same.
fn claimed(
    known: &Known<'_>,
    interpretation: &[Figure],
    declared: &Declared<'_>,
) -> Vec<(usize, usize)> {
    if declared.is_empty() {
        return vec![];
    }
    let is_other = |figure: &Figure| declared.source(figure).is_none();
    contradictions::compare(known, interpretation, is_other).contradicted
}

/// Adds those that fit, each figure of the interpretation once.
fn extend(
    found: &mut Vec<(usize, usize)>,
    more: impl Iterator<Item = (usize, usize)>,
    fits: impl Fn(usize) -> bool,
) {
    let known: HashSet<usize> = found.iter().map(|(one, _)| *one).collect();
    found.extend(more.filter(|(one, _)| !known.contains(one) && fits(*one)));
}

/// What is declared as another's and would block, with what is said of that.
fn tell_claims<'f>(
    claims: Vec<(&'f Figure, &'f Figure)>,
    declared: &Declared<'_>,
) -> Vec<((&'f Figure, &'f Figure), String)> {
    let mut said = HashSet::default();
    let claims = claims.into_iter().filter(|(figure, _)| said.insert(figure.range.start));
    let claims = claims.map(|found| {
        let source = declared.source(found.0).unwrap_or_default();
        let claim = "，虽在 [[external]] 中声明 though declared external，来源 source";
        (found, format!("{claim}：{source}"))
    });
    claims.collect()
}

/// Those of the missing figures that are no first or last day of a month which the policy names.
fn without_months(
    policy: &Document<'_>,
    figures: &[Figure],
    missing: impl Iterator<Item = usize>,
) -> Vec<usize> {
    let months = LazyCell::new(|| Months::of(policy.text()));
    let is_held = |figure: &Figure| figure.unit.is_empty() && months.hold(&figure.value);
    missing.filter(|one| !figures.get(*one).is_some_and(is_held)).collect()
}

/// Whether both say the same: as a case of a limit, so many times, or by another span of time.
fn is_same(pair: &Pair<'_>, figure: &Figure, rival: &Figure) -> bool {
    is_case(pair, figure, rival)
        || is_of_so_many(figure, rival)
        || is_of_other_span(pair.policy.text(), figure, rival)
}

/// 连续缴存三年 of an example lies on one side or the other of 满五年的.
fn is_case(pair: &Pair<'_>, figure: &Figure, rival: &Figure) -> bool {
    let behind = pair.policy.text().get(rival.range.end..).unwrap_or_default();
    let is_limit = rival.bound.is_some() || behind.starts_with('的');
    is_limit && examples::tells(pair.interpretation.text(), figure.range.start)
}

/// 10万元以上的，要提供反担保 may complete 10万元以下的，免除反担保.
fn may_complete(text: &str, (figure, rival): (&Figure, &Figure)) -> bool {
    let behind = text.get(figure.range.end..).unwrap_or_default();
    let case = first_chars(behind, 20).split(['，', ',', '。', '；', '\n']).next();
    figure.value == rival.value
        && reverses(figure, rival)
        && case.is_some_and(|case| case.ends_with('的'))
}

/// 6月8日, of a schedule; 2000年底.
fn is_day(figure: &Figure) -> bool {
    figure.unit.is_empty() && figure.value.ends_with(['日', '月'])
}

/// 二类区域 has its number for a name, 每千人口 is what is counted by.
fn is_name(figure: &Figure) -> bool {
    figure.unit == "类" || figure.lead.ends_with('每')
}

fn is_year(figure: &Figure) -> bool {
    figure.value.strip_suffix('年').is_some_and(|year| year.len() == 4)
}

/// Whether a sentence speaks of another document than the policy: 《另一办法》自…起施行，有效期三年. What it is only
/// grounded on (根据《条例》，…) is not spoken of.
pub(super) fn names_other(sentence: &str, title: &str) -> bool {
    const GROUNDS: [&str; 8] = ["根据", "依据", "按照", "依照", "落实", "贯彻", "执行", "对照"];
    let is_marked = sentence.match_indices('《').any(|(at, sign)| {
        let (before, rest) = sentence.split_at(at);
        let named = rest.trim_start_matches(sign).split('》').next().unwrap_or_default();
        !GROUNDS.iter().any(|ground| before.ends_with(ground)) && !titles::is_own(title, named)
    });
    is_marked || others::names_document(sentence, title)
}

/// Characters before a figure by which one of the same name and value is told from it.
const LEAD_MAX: usize = 8;

/// TS121: figures of the interpretation, each with the policy's; they warn where there is a doubt.
fn tell_contradictions<'f>(
    pair: &Pair<'_>,
    found: impl Iterator<Item = ((&'f Figure, &'f Figure), &'f str)>,
) -> Vec<Finding> {
    let (theirs, ours) = (pair.policy, pair.interpretation);
    let tell = |figure: &Figure, rival: &Figure, doubt: &str| {
        let (line, _) = theirs.place(rival.range.start);
        // 每月500元 ≠ 每年500元, 户籍人口的30% ≠ 常住人口的30%
        let rate = |of: &Figure| match figure.value == rival.value {
            true if reverses(figure, rival) => {
                of.bound.map(Bound::told).unwrap_or_default().to_owned()
            }
            // 至90分 ≠ 不足90分
            true if (&figure.rate, &figure.label) == (&rival.rate, &rival.label) => {
                last_chars(&of.lead, LEAD_MAX).to_owned()
            }
            true if figure.rate == rival.rate => of.label.clone(),
            true => of.rate.told(),
            false => String::new(),
        };
        let detail = format!(
            "{}{} ≠ {}（{}:{line}{doubt}）",
            if figure.label.is_empty() { String::new() } else { format!("{}：", figure.label) },
            rate(figure) + &raw(ours, figure),
            rate(rival) + &raw(theirs, rival),
            pair.policy_path
        );
        let finding = place(codes::CONTRADICTION.about(detail), ours, figure, pair);
        if doubt.is_empty() { finding } else { finding.into_warning() }
    };
    let tell = &tell;
    cap(found.map(|((figure, rival), doubt)| move || tell(figure, rival, doubt)))
}

/// TS122: exceptions' figures that are left out, each with that of its rule.
fn tell_left_out(pair: &Pair<'_>, policy: &[Figure], interpretation: &[Figure]) -> Vec<Finding> {
    let left_out = contradictions::find_left_out(policy, interpretation);
    let theirs = pair.policy;
    cap(left_out.iter().filter_map(|(exception, rule)| {
        let (exception, rule) = (policy.get(*exception)?, policy.get(*rule)?);
        Some(move || {
            let detail = format!("{} → {}", raw(theirs, rule), raw(theirs, exception));
            let (line, column) = theirs.place(exception.range.start);
            let finding = codes::EXCEPTION.about(detail).in_member(pair.policy_path);
            finding.at_place(line, column)
        })
    }))
}

/// A figure as its document writes it.
fn raw(document: &Document<'_>, figure: &Figure) -> String {
    let text = document.text().get(figure.range.clone()).unwrap_or_default();
    let text: String = text.split_whitespace().collect();
    // 3月1日至31日: a day alone says nothing where it stands alone.
    let is_bare_day = text.ends_with(['日', '号']) && !text.contains('月');
    if is_bare_day && figure.value.contains('月') { figure.value.clone() } else { text }
}

/// The values of these figures, with their units: 120所 in a chart's data is no source for 120元. One entry is a
/// source for one figure, or a range of them.
pub(super) fn values<'t>(texts: impl Iterator<Item = &'t String>) -> HashSet<String> {
    texts
        .flat_map(|text| {
            let found = figures::find_in(text, 0, &[]).into_iter().enumerate();
            found.take_while(|(index, figure)| *index == 0 || figure.part == figures::Part::End)
        })
        .map(|(_, figure)| figure.value)
        .collect()
}

fn place(finding: Finding, document: &Document<'_>, figure: &Figure, pair: &Pair<'_>) -> Finding {
    let (line, column) = document.place(figure.range.start);
    finding.in_member(pair.interpretation_path).at_place(line, column)
}
