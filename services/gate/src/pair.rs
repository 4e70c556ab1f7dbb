//! The two texts held against each other: whether the interpretation explains the policy, in what
//! measure, and without contradicting it (TS117 to TS145). Quality warns; what the policy
//! contradicts blocks.

mod acts;
mod around;
mod beyond;
mod bodies;
mod certainty;
mod changes;
pub(crate) mod charts;
mod cited;
mod contacts;
mod content;
mod context;
mod contradictions;
mod counts;
mod coverage;
mod declared;
mod doubts;
mod duties;
mod effective;
mod elements;
mod elsewhere;
mod examples;
mod exceptions;
mod excerpt;
pub(crate) mod figures;
mod filler;
mod follows;
mod former;
mod frames;
mod held;
mod increments;
mod likeness;
mod linked;
mod located;
mod months;
mod moved;
mod near;
mod numbers;
mod offices;
mod origins;
mod others;
mod own;
mod parts;
mod quoted;
mod ranges;
mod rare;
mod rated;
mod relative;
mod repeated;
mod rungs;
mod scores;
mod sentences;
mod sources;
mod statuses;
mod subject;
mod swapped;
mod texts;
mod titled;
mod told;
mod totals;
mod turned;
mod turns;
mod validity;
mod whose;
mod within;
mod yearly;

use std::{collections::BTreeMap, fmt, sync::OnceLock};

use foldhash::HashSet;
use lockstep_proto::{
    finding::{Finding, Severity},
    manifest::{ChartSpec, Element, Metadata, Stated},
};

pub use coverage::{Clause, Coverage, Likely, State};
use declared::Declared;
pub(crate) use elements::is_bare_name;
pub(crate) use filler::is_filler;
pub use subject::is_interpretation;
use texts::Texts;
pub(crate) use turns::has_turn;

use crate::{
    both::both,
    bundle::SETTINGS,
    codes::{self, At as _},
    document::{Document, first_chars},
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

/// The texts of the policy's annexes, opened when they are first asked for.
pub struct Annexes<'a> {
    open: &'a (dyn Fn() -> Vec<String> + Sync),
    texts: OnceLock<Vec<String>>,
}

impl<'a> Annexes<'a> {
    /// Those that `open` opens.
    pub fn new(open: &'a (dyn Fn() -> Vec<String> + Sync)) -> Self {
        Self { open, texts: OnceLock::new() }
    }

    fn texts(&self) -> &[String] {
        self.texts.get_or_init(self.open)
    }
}

impl fmt::Debug for Annexes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Annexes").field(&self.texts).finish()
    }
}

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
    pub annexes: &'a Annexes<'a>,
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
    let (texts, (mut findings, subject)) = both(|| Texts::of(pair), || check_documents(pair));
    let mut rungs = rungs::find(&texts);
    rungs.extend(yearly::find(pair, &texts));
    let repeated = repeated::find(&texts.policy, &texts.interpretation);
    let (figures, (rest, turned)) = both(
        || {
            let swapped = swapped::find(&texts);
            told::check_figures(pair, &texts, &repeated, &swapped, &rungs)
        },
        || {
            let mut findings = check_exceptions(pair, &texts);
            let opposed = repeated.duties.iter().copied().chain(statuses::find_opposed(&texts));
            findings.extend(check_duties(pair, opposed.collect()));
            findings.extend(check_bodies(pair, &texts));
            findings.extend(elsewhere::check(pair, &texts));
            let title = pair.policy.metadata().title.as_ref().unwrap_or(&pair.metadata.title);
            let near = turned::find(&texts, title, &rungs);
            let sure = check_turned(pair, &repeated.turned, Some(&Declared::of(pair)));
            (findings, [sure, check_turned(pair, &near, None), check_located(pair, title)])
        },
    );
    findings.extend(rest);
    // What is said of the subject need not be said of its figure.
    let is_said = |finding: &Finding| {
        subject.iter().any(|said| {
            let is_place = (said.line, said.column) == (finding.line, finding.column);
            let is_quoted = said.code == codes::MISQUOTED.id
                && finding.code == codes::CONTRADICTION.id
                && said.line == finding.line;
            said.line.is_some() && (is_place || is_quoted)
        })
    };
    findings.extend(figures.into_iter().filter(|finding| !is_said(finding)));
    findings.extend(subject);
    // Where as much is said of a line already, its words say no more.
    let all = &[Severity::Block, Severity::Warning][..];
    for (turned, severities) in turned.into_iter().zip([&[Severity::Block][..], all, all]) {
        let lines: HashSet<Option<u32>> = findings
            .iter()
            .filter(|said| said.member.as_deref() == Some(pair.interpretation_path))
            .filter(|said| SAID_OF_WORDS.contains(&said.code.as_str()))
            .filter(|said| severities.contains(&said.severity))
            .map(|said| said.line)
            .collect();
        findings.extend(turned.into_iter().filter(|turned| !lines.contains(&turned.line)));
    }
    findings
}

/// What says that words or figures of a line are others than the policy's.
const SAID_OF_WORDS: [&str; 4] =
    [codes::CONTRADICTION.id, codes::OPPOSED.id, codes::MISQUOTED.id, codes::EFFECTIVE_DATE.id];

/// What needs no figures: how the policy is explained; and apart from it what is said of it as a whole.
fn check_documents(pair: &Pair<'_>) -> (Vec<Finding>, Vec<Finding>) {
    let mut findings = check_coverage(pair);
    findings.extend(check_elements(pair));
    findings.extend(check_excerpt(pair));
    findings.extend(cited::check(pair));
    findings.extend(numbers::check(pair));
    findings.extend(origins::check(pair));
    findings.extend(titled::check(pair));
    let mut subject = subject::check(pair);
    subject.extend(quoted::check(pair));
    subject.extend(parts::check(pair));
    (findings, subject)
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
    let blank = |about: &str, given: &str, at: String| at_statement(scant(about, given), pair, &at);
    let waivers = waivers.iter().enumerate().filter(|(_, waiver)| is_filler(&waiver.reason));
    let waivers = waivers.map(|(index, waiver)| {
        blank(&waiver.clauses.join("、"), &waiver.reason, format!("waiver.{index}.reason"))
    });
    let elements = elements.iter().enumerate().filter(|(_, answer)| {
        answer.unit.is_none() && answer.not_applicable.as_deref().is_none_or(is_filler)
    });
    let elements = elements.map(|(index, answer)| {
        let given = answer.not_applicable.as_deref().unwrap_or_default();
        let at = format!("element.{index}.not_applicable");
        blank(elements::name(answer.element), given, at)
    });
    let external = external.iter().enumerate().filter(|(_, external)| is_filler(&external.source));
    let external = external.map(|(index, external)| {
        blank(&external.figure, &external.source, format!("external.{index}.source"))
    });
    let repealed = repealed.iter().enumerate().filter(|(_, repealed)| is_filler(&repealed.by));
    let repealed = repealed.map(|(index, repealed)| {
        blank(&repealed.title, &repealed.by, format!("repealed.{index}.by"))
    });
    let charts = pair.charts.iter().enumerate().filter(|(_, chart)| is_filler(&chart.source));
    let charts = charts.map(|(index, chart)| {
        blank(chart.id.as_str(), &chart.source, format!("chart.{index}.source"))
    });
    waivers.chain(elements).chain(external).chain(repealed).chain(charts).collect()
}

/// TS131 of what is not given, or says too little.
fn scant(about: &str, given: &str) -> Finding {
    /// What is shown of it; more of nothing helps nobody.
    const CHARS: usize = 20;
    let given = first_chars(given.trim(), CHARS);
    if given.is_empty() {
        return codes::NO_REASON.about(about);
    }
    let finding = codes::NO_REASON.finding().advising(
        "写明是哪个单位、哪份文件或哪年的数据，如“示例区统计局《2026年统计公报》”；理由写成一句话".to_owned(),
        "name the office, the document or the year of the data in full; give a reason as a sentence"
            .to_owned(),
    );
    Finding {
        message: format!("理由或来源太简略：{about}：“{given}”"),
        message_en: format!("the reason or source says too little: {about}: {given}"),
        ..finding
    }
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
fn check_duties(pair: &Pair<'_>, repeated: Vec<(duties::Said, duties::Said)>) -> Vec<Finding> {
    let title = pair.policy.metadata().title.as_ref().unwrap_or(&pair.metadata.title);
    let mut opposed = duties::find_opposed(pair.policy, pair.interpretation, title);
    let known: HashSet<usize> = opposed.iter().map(|(ours, _)| ours.offset).collect();
    opposed.extend(repeated.into_iter().filter(|(ours, _)| !known.contains(&ours.offset)));
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

/// TS139, where another body does it.
fn check_bodies(pair: &Pair<'_>, texts: &Texts<'_>) -> Vec<Finding> {
    let mut found = bodies::find(texts);
    found.extend(acts::find(pair, texts));
    cap(bodies::once(found).into_iter().map(|other| {
        move || {
            let name = |document: &Document<'_>, range: std::ops::Range<usize>| {
                document.text().get(range).unwrap_or_default().to_owned()
            };
            let (line, _) = pair.policy.place(other.theirs.start);
            let (line_ours, column) = pair.interpretation.place(other.ours.start);
            let ours = name(pair.interpretation, other.ours);
            let theirs = name(pair.policy, other.theirs);
            let detail = format!("{ours} ≠ {theirs}（{}:{line}）", pair.policy_path);
            let finding = codes::OPPOSED.about(detail).in_member(pair.interpretation_path);
            finding.at_place(line_ours, column)
        }
    }))
}

/// TS121, where a word says another bound, rate or direction: 每户 for 每人. It only warns where it is not
/// `sure`, and where the words are declared as another's.
fn check_turned(
    pair: &Pair<'_>,
    turned: &[(duties::Said, duties::Said)],
    sure: Option<&Declared<'_>>,
) -> Vec<Finding> {
    cap(turned.iter().map(|(ours, theirs)| {
        move || {
            let (line, _) = pair.policy.place(theirs.offset);
            let doubt = if sure.is_some() { "" } else { told::DOUBT };
            let place = format!("{}:{line}{doubt}", pair.policy_path);
            let detail = format!("{} ≠ {}（{place}）", ours.word, theirs.word);
            let (line, column) = pair.interpretation.place(ours.offset);
            let finding = codes::CONTRADICTION.about(detail).in_member(pair.interpretation_path);
            let finding = finding.at_place(line, column).advising(
                "改正其一；两处本不矛盾的，换一种说法；确属另一事项的，在 [[external]] 中照抄这几个字连同数字作 figure，并写 source"
                    .to_owned(),
                "mend one of them; if both are right, word it otherwise; if it is another matter, name these words with \
                 their figure, and the source, under [[external]]"
                    .to_owned(),
            );
            let Some(declared) = sure else { return finding.into_warning() };
            declared.excuse(finding, &(ours.offset..ours.offset + ours.word.len()))
        }
    }))
}

/// TS121, where a place is another: 南三环 for 南二环.
fn check_located(pair: &Pair<'_>, title: &str) -> Vec<Finding> {
    let found = located::find(pair.policy, pair.interpretation, title);
    cap(found.into_iter().map(|[ours, theirs]| {
        move || {
            let shown = |document: &Document<'_>, range: &std::ops::Range<usize>| {
                document.text().get(range.clone()).unwrap_or_default().to_owned()
            };
            let (line, _) = pair.policy.place(theirs.start);
            let place = format!("{}:{line}{}", pair.policy_path, told::DOUBT);
            let (one, other) = (shown(pair.interpretation, &ours), shown(pair.policy, &theirs));
            let detail = format!("{one} ≠ {other}（{place}）");
            let (line, column) = pair.interpretation.place(ours.start);
            let finding = codes::CONTRADICTION.about(detail).in_member(pair.interpretation_path);
            finding.at_place(line, column).into_warning()
        }
    }))
}

/// TS122, where the exception has no figure.
fn check_exceptions(pair: &Pair<'_>, texts: &Texts<'_>) -> Vec<Finding> {
    let left_out = exceptions::find_left_out(texts, pair.stated);
    cap(left_out.into_iter().map(|exception| {
        move || {
            let (line, column) = pair.policy.place(exception.offset);
            let detail = format!("{}（{}）", exception.clause, exception.word);
            codes::EXCEPTION.about(detail).in_member(pair.policy_path).at_place(line, column)
        }
    }))
}

/// TS127 to TS129 in the policy; an interpretation counts as it likes.
pub fn check_numbering(policy: &Document<'_>, path: &str) -> Vec<Finding> {
    policy.findings().into_iter().map(|finding| finding.in_member(path)).collect()
}

#[cfg(test)]
mod tests;
