//! The two texts held against each other: whether the interpretation explains the policy, in what
//! measure, and without contradicting it (TS117 to TS145). Quality warns; what the policy
//! contradicts blocks.

mod certainty;
pub(crate) mod charts;
mod cited;
mod contacts;
mod content;
mod contradictions;
mod counts;
mod coverage;
mod doubts;
mod duties;
mod effective;
mod elements;
mod exceptions;
mod excerpt;
mod exchanged;
pub(crate) mod figures;
mod filler;
mod former;
mod held;
mod likeness;
mod linked;
mod moved;
mod others;
mod quoted;
mod relative;
mod sources;
mod subject;
mod totals;
mod validity;

use std::{
    cell::LazyCell,
    collections::{BTreeMap, HashSet},
};

use lockstep_proto::{
    finding::Finding,
    manifest::{ChartSpec, Element, Metadata, Stated},
};

pub use coverage::{Clause, Coverage, Likely, State};
pub(crate) use filler::is_filler;
use held::Held;
use sources::Sources;

use crate::{
    bundle::SETTINGS,
    codes::{self, At as _},
    document::Document,
};

/// Findings of one kind at most: a page of them helps nobody, and each costs time.
const FINDINGS_MAX: usize = 20;

/// The first of them; the last says how many more there are. No more are made than are said.
fn cap(findings: impl Iterator<Item = impl FnOnce() -> Finding>) -> Vec<Finding> {
    let mut findings = findings.into_iter();
    let mut said: Vec<Finding> = findings.by_ref().take(FINDINGS_MAX).map(|make| make()).collect();
    let more = findings.count();
    if let Some(last) = said.pop() {
        said.push(last.and_more(more));
    }
    said
}

/// Where an excerpt begins to be one, per mille of the interpretation's characters. Ours to choose
/// (DOMAIN I2): honest interpretations repeat single clauses word for word.
pub const EXCERPT_PER_MILLE: usize = 600;

/// Both texts with their paths in the bundle, and what is declared about them.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// The policy.
    pub policy: &'a Document<'a>,
    /// Its path.
    pub policy_path: &'a str,
    /// The interpretation.
    pub interpretation: &'a Document<'a>,
    /// Its path.
    pub interpretation_path: &'a str,
    /// What the drafters state.
    pub stated: &'a Stated,
    /// Line and column in `bundle.toml` of each statement, by its path: `waiver.0.reason`.
    pub places: &'a BTreeMap<String, (usize, usize)>,
    /// What the bundle declares about the policy.
    pub metadata: &'a Metadata,
    /// The first day on which it may be released, where that is planned.
    pub released_on: Option<jiff::civil::Date>,
    /// Whether the interpretation is only a brief one.
    pub is_brief: bool,
    /// Elements that must be answered.
    pub elements: &'a [Element],
    /// See [`EXCERPT_PER_MILLE`].
    pub excerpt_per_mille: usize,
    /// The charts, whose sources are stated too.
    pub charts: &'a [ChartSpec],
    /// The texts of the policy's annexes: what stands there has its source.
    pub annexes: &'a [String],
    /// The figures that charts are drawn from, each with its unit: texts may give them too.
    pub data: &'a [String],
}

/// How far a pair's policy is explained, with proposals for what is open.
pub fn cover(policy: &Document<'_>, interpretation: &Document<'_>, stated: &Stated) -> Coverage {
    let (coverage, _) = coverage::cover(policy, interpretation, stated, true);
    Coverage { elements: elements::answers(interpretation, stated), ..coverage }
}

/// What the gate says about a pair.
pub fn check(pair: &Pair<'_>) -> Vec<Finding> {
    let mut findings = check_coverage(pair);
    findings.extend(check_elements(pair));
    findings.extend(check_excerpt(pair));
    findings.extend(check_exceptions(pair));
    findings.extend(check_duties(pair));
    findings.extend(cited::check(pair));
    let mut subject = subject::check(pair);
    subject.extend(quoted::check(pair));
    // What is said of the subject need not be said of its figure.
    let is_said = |finding: &Finding| {
        subject.iter().any(|said| {
            said.line.is_some() && (said.line, said.column) == (finding.line, finding.column)
        })
    };
    findings.extend(check_figures(pair).into_iter().filter(|finding| !is_said(finding)));
    findings.extend(check_contacts(pair));
    findings.extend(subject);
    findings
}

/// TS117, TS130, TS131
fn check_coverage(pair: &Pair<'_>) -> Vec<Finding> {
    let (coverage, unknown) = coverage::cover(pair.policy, pair.interpretation, pair.stated, false);
    let mut findings: Vec<Finding> = unknown
        .iter()
        .map(|unknown| {
            let of = if unknown.in_policy { pair.policy_path } else { pair.interpretation_path };
            let finding = codes::UNKNOWN_CLAUSE.about(format_args!("{} ({of})", unknown.path));
            at_statement(finding, pair, &unknown.at)
        })
        .collect();
    findings.extend(check_reasons(pair));
    let open: Vec<&str> = coverage
        .clauses
        .iter()
        .filter(|clause| clause.state == State::Open)
        .map(|clause| clause.path.as_str())
        .collect();
    // Waiving all of it is not explaining it.
    if open.is_empty() && coverage.covered_count == 0 && coverage.clause_count > 0 {
        let detail = "全部条款免予解读 every clause is waived";
        findings.push(codes::OPEN_CLAUSES.about(detail).in_member(pair.policy_path));
    }
    if !open.is_empty() {
        let named: Vec<&str> = open.iter().copied().take(5).collect();
        let more = if open.len() > named.len() { " …" } else { "" };
        let (count, total) = (open.len(), coverage.clause_count);
        let detail =
            format!("共{total}条，{count}条未说明 {count} of {total}：{}{more}", named.join("、"));
        findings.push(codes::OPEN_CLAUSES.about(detail).in_member(pair.policy_path));
    }
    findings
}

/// TS131: a letter, a stroke or 见附件 is no reason, and no source.
fn check_reasons(pair: &Pair<'_>) -> Vec<Finding> {
    let Stated { waivers, elements, external, repealed, .. } = pair.stated;
    let blank = |about: String, at: String| at_statement(codes::NO_REASON.about(about), pair, &at);
    let waivers = waivers.iter().enumerate().filter(|(_, waiver)| is_filler(&waiver.reason));
    let waivers = waivers
        .map(|(index, waiver)| blank(waiver.clauses.join("、"), format!("waiver.{index}.reason")));
    let elements = elements.iter().enumerate().filter(|(_, answer)| {
        answer.unit.is_none() && answer.not_applicable.as_deref().is_none_or(is_filler)
    });
    let elements = elements.map(|(index, answer)| {
        blank(elements::name(answer.element).to_owned(), format!("element.{index}.not_applicable"))
    });
    let external = external.iter().enumerate().filter(|(_, external)| is_filler(&external.source));
    let external = external.map(|(index, external)| {
        blank(external.figure.clone(), format!("external.{index}.source"))
    });
    let repealed =
        repealed.iter().enumerate().filter(|(_, repealed)| repealed.by.trim().is_empty());
    let repealed = repealed
        .map(|(index, repealed)| blank(repealed.title.clone(), format!("repealed.{index}.by")));
    let charts = pair.charts.iter().enumerate().filter(|(_, chart)| chart.source.trim().is_empty());
    let charts = charts
        .map(|(index, chart)| blank(chart.id.as_str().to_owned(), format!("chart.{index}.source")));
    waivers.chain(elements).chain(external).chain(repealed).chain(charts).collect()
}

/// Points at a statement in `bundle.toml`, or at what holds it.
fn at_statement(finding: Finding, pair: &Pair<'_>, path: &str) -> Finding {
    let finding = finding.in_member(SETTINGS);
    let mut holders = std::iter::successors(Some(path), |path| Some(path.rsplit_once('.')?.0));
    match holders.find_map(|path| pair.places.get(path)) {
        Some((line, column)) => finding.at_place(*line, *column),
        None => finding,
    }
}

/// TS118; a brief interpretation owes the nine elements in the full one.
fn check_elements(pair: &Pair<'_>) -> Option<Finding> {
    let names: Vec<&str> = if pair.is_brief {
        elements::unanswered_in_brief(pair.interpretation, pair.stated)
    } else {
        let open = elements::unanswered(pair.interpretation, pair.stated, pair.elements);
        open.into_iter().map(elements::name).collect()
    };
    (!names.is_empty())
        .then(|| codes::ELEMENTS.about(names.join("、")).in_member(pair.interpretation_path))
}

/// TS119
fn check_excerpt(pair: &Pair<'_>) -> Option<Finding> {
    let share = excerpt::share_per_mille(pair.policy.text(), pair.interpretation.text());
    (share > pair.excerpt_per_mille).then(|| {
        codes::EXCERPT.about(format_args!("{}%", share / 10)).in_member(pair.interpretation_path)
    })
}

/// TS139
fn check_duties(pair: &Pair<'_>) -> Vec<Finding> {
    let opposed = duties::find_opposed(pair.policy, pair.interpretation);
    cap(opposed.into_iter().map(|(ours, theirs)| {
        move || {
            let (line, _) = pair.policy.place(theirs.offset);
            let detail = format!("{} ≠ {}（{}:{line}）", ours.word, theirs.word, pair.policy_path);
            let (line, column) = pair.interpretation.place(ours.offset);
            let finding = codes::OPPOSED.about(detail).in_member(pair.interpretation_path);
            finding.at_place(line, column)
        }
    }))
}

/// TS122, where the exception has no figure.
fn check_exceptions(pair: &Pair<'_>) -> Vec<Finding> {
    let left_out = exceptions::find_left_out(pair.policy, pair.interpretation, pair.stated);
    cap(left_out.into_iter().map(|exception| {
        move || {
            let (line, column) = pair.policy.place(exception.offset);
            let detail = format!("{}（{}）", exception.clause, exception.word);
            codes::EXCEPTION.about(detail).in_member(pair.policy_path).at_place(line, column)
        }
    }))
}

/// TS120, TS121, TS122
fn check_figures(pair: &Pair<'_>) -> Vec<Finding> {
    let (metadata, written_on) = (pair.policy.metadata(), pair.metadata.written_on.as_deref());
    let written = sources::written(&metadata, written_on);
    let policy = relative::resolve(figures::find(pair.policy), written);
    let interpretation = relative::resolve(figures::find(pair.interpretation), written);
    let external = pair.stated.external.iter().map(|external| &external.figure);
    let (declared, charted) = (values(external), values(pair.data.iter()));
    let computed = validity::Computed::of(pair.policy);
    let is_declared = |figure: &figures::Figure| declared.contains(&figure.value);
    let is_sourced = |figure: &figures::Figure| {
        is_declared(figure) || charted.contains(&figure.value) || computed.has(figure)
    };
    let compared = contradictions::compare(&policy, &interpretation, is_sourced);
    // What is declared as another's may be the policy's own quantity all the same.
    let claimed = if declared.is_empty() {
        vec![]
    } else {
        contradictions::compare(&policy, &interpretation, |f| !is_declared(f)).contradicted
    };
    let raw = |document: &Document<'_>, figure: &figures::Figure| {
        let text = document.text().get(figure.range.clone()).unwrap_or_default();
        let text: String = text.split_whitespace().collect();
        // 3月1日至31日: a day alone says nothing where it stands alone.
        let is_bare_day = text.ends_with(['日', '号']) && !text.contains('月');
        if is_bare_day && figure.value.contains('月') { figure.value.clone() } else { text }
    };
    let (theirs, ours) = (pair.policy, pair.interpretation);
    let rivals = compared.contradicted.iter();
    let rivals =
        rivals.filter_map(|(one, other)| Some((interpretation.get(*one)?, policy.get(*other)?)));
    let pairs = LazyCell::new(|| exceptions::pairs(theirs.text()));
    let (sure, unsure): (Vec<_>, Vec<_>) = rivals.partition(|(figure, rival)| {
        certainty::is_sure(ours.text(), figure, theirs.text(), rival, &pairs)
    });
    let contradiction = |figure: &figures::Figure, rival: &figures::Figure, doubt: &str| {
        let (line, _) = theirs.place(rival.range.start);
        // 每月500元 ≠ 每年500元, 户籍人口的30% ≠ 常住人口的30%
        let rate = |of: &figures::Figure| match figure.value == rival.value {
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
        place(codes::CONTRADICTION.about(detail), ours, figure, pair)
    };
    let mut findings =
        cap(sure.into_iter().map(|(figure, rival)| || contradiction(figure, rival, "")));
    let claimed = claimed.iter();
    let claimed =
        claimed.filter_map(|(one, other)| Some((interpretation.get(*one)?, policy.get(*other)?)));
    let claimed = claimed.filter(|(figure, rival)| {
        certainty::is_sure(ours.text(), figure, theirs.text(), rival, &pairs)
    });
    let doubt = "，虽在 [[external]] 中声明 though declared external";
    findings
        .extend(cap(claimed
            .map(|(figure, rival)| move || contradiction(figure, rival, doubt).into_warning())));
    let doubt = "，可能是另一事项 perhaps another matter";
    let said: HashSet<usize> = compared.contradicted.iter().map(|(one, _)| *one).collect();
    let doubts = doubts::find(pair, (&policy, &interpretation), &said, || &*pairs);
    let doubted: HashSet<usize> = doubts.iter().map(|(one, _)| *one).collect();
    let doubts = doubts
        .into_iter()
        .filter_map(|(one, other)| Some((interpretation.get(one)?, policy.get(other)?)))
        .filter(|(figure, _)| !is_sourced(figure));
    findings.extend(cap(unsure
        .into_iter()
        .chain(doubts)
        .map(|(figure, rival)| move || contradiction(figure, rival, doubt).into_warning())));
    // 五份材料 of which the policy wants three asks for no source besides.
    let missing = compared.missing.iter().filter(|one| !doubted.contains(one));
    let missing = missing.filter_map(|one| interpretation.get(*one)).collect();
    let missing = outside_of_annexes(pair, written, missing);
    let missing = Sources::of(ours, &metadata, written_on).asked_for(missing);
    // One finding for a unit of the interpretation, at the first of its figures.
    let by_unit = missing
        .chunk_by(|one, next| ours.unit_at(one.range.start) == ours.unit_at(next.range.start))
        .filter_map(|alike| {
            let first = alike.first()?;
            Some(|| {
                let named: Vec<_> =
                    alike.iter().take(FINDINGS_MAX).map(|figure| raw(ours, figure)).collect();
                let rest = if alike.len() > named.len() { "…" } else { "" };
                let finding =
                    codes::EXTERNAL_FIGURE.about(format_args!("{}{rest}", named.join("、")));
                place(finding, ours, first, pair)
            })
        });
    findings.extend(cap(by_unit));
    let left_out = compared.left_out.iter().filter_map(|(exception, rule)| {
        let (exception, rule) = (policy.get(*exception)?, policy.get(*rule)?);
        Some(|| {
            let detail = format!("{} → {}", raw(theirs, rule), raw(theirs, exception));
            let (line, column) = theirs.place(exception.range.start);
            let finding = codes::EXCEPTION.about(detail).in_member(pair.policy_path);
            finding.at_place(line, column)
        })
    });
    findings.extend(cap(left_out));
    findings
}

/// Those of these figures that no annex of the policy gives.
fn outside_of_annexes<'f>(
    pair: &Pair<'_>,
    written: Option<jiff::civil::Date>,
    missing: Vec<&'f figures::Figure>,
) -> Vec<&'f figures::Figure> {
    if missing.is_empty() || pair.annexes.is_empty() {
        return missing;
    }
    let annexes: Vec<Document<'_>> = pair.annexes.iter().map(|text| Document::read(text)).collect();
    let annexed = relative::resolve(annexes.iter().flat_map(figures::find).collect(), written);
    let annexed = Held::of(&annexed);
    missing.into_iter().filter(|figure| !annexed.has_quantity(figure)).collect()
}

/// TS120 for contacts, one finding for each unit.
fn check_contacts(pair: &Pair<'_>) -> Vec<Finding> {
    let ours = pair.interpretation;
    let is_annexed = |range: &std::ops::Range<usize>| {
        let raw = ours.text().get(range.clone()).unwrap_or_default();
        pair.annexes.iter().any(|annex| annex.contains(raw))
    };
    let mut other = contacts::find(pair.policy.text(), ours.text(), pair.stated);
    other.retain(|range| !is_annexed(range));
    let by_unit = other.chunk_by(|one, next| ours.unit_at(one.start) == ours.unit_at(next.start));
    let findings = by_unit.filter_map(|alike| {
        let first = alike.first()?;
        Some(move || {
            let named: Vec<_> = alike
                .iter()
                .take(FINDINGS_MAX)
                .filter_map(|range| ours.text().get(range.clone()))
                .collect();
            let rest = if alike.len() > named.len() { "…" } else { "" };
            let finding = codes::EXTERNAL_FIGURE.about(format_args!("{}{rest}", named.join("、")));
            let (line, column) = ours.place(first.start);
            finding.in_member(pair.interpretation_path).at_place(line, column)
        })
    });
    cap(findings)
}

/// The values of these figures, with their units: 120所 in a chart's data is no source for 120元. One entry is a
/// source for one figure, or a range of them.
fn values<'t>(texts: impl Iterator<Item = &'t String>) -> HashSet<String> {
    texts
        .flat_map(|text| {
            let found = figures::find_in(text, 0, &[]).into_iter().enumerate();
            found.take_while(|(index, figure)| *index == 0 || figure.part == figures::Part::End)
        })
        .map(|(_, figure)| figure.value)
        .collect()
}

fn place(
    finding: Finding,
    document: &Document<'_>,
    figure: &figures::Figure,
    pair: &Pair<'_>,
) -> Finding {
    let (line, column) = document.place(figure.range.start);
    finding.in_member(pair.interpretation_path).at_place(line, column)
}

/// TS127 to TS129 in the policy; an interpretation counts as it likes.
pub fn check_numbering(policy: &Document<'_>, path: &str) -> Vec<Finding> {
    policy.findings().into_iter().map(|finding| finding.in_member(path)).collect()
}

#[cfg(test)]
mod tests;
