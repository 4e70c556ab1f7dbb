//! Charts against the policy: what one draws as the rule is what the policy says (DOMAIN hazard 6).
//! Statistics have their own source, and are left alone.

use foldhash::HashSet;
use lockstep_proto::{
    finding::Finding,
    manifest::{Cells, ChartKind, ChartSpec, Stated},
};

use super::{
    cap, certainty,
    contradictions::{self, Known},
    exceptions,
    figures::{self, Figure},
    months::Months,
    relative,
};
use crate::{
    bundle::Table,
    codes::{self, At as _},
    document::Document,
};

/// Characters that a chart's words are read to: more are no chart.
const WORDS_MAX: usize = 20_000;

/// The policy, and what is stated of figures, made ready once for all charts.
pub(crate) struct Theirs<'p> {
    pub policy: &'p Document<'p>,
    pub policy_path: &'p str,
    pub known: Known<'p>,
    /// Its pairs of characters.
    pairs: HashSet<(char, char)>,
    /// The values that have a source of their own.
    sourced: HashSet<String>,
}

impl<'p> Theirs<'p> {
    /// Of the policy and its [`figures`].
    pub(crate) fn of(
        (policy, policy_path): (&'p Document<'p>, &'p str),
        figures: &'p [Figure],
        stated: &Stated,
    ) -> Self {
        let external = stated.external.iter().flat_map(|e| figures::find_in(&e.figure, 0, &[]));
        let sourced = external.map(|figure| figure.value).collect();
        let pairs = exceptions::pairs(policy.text());
        Self { policy, policy_path, known: Known::of(figures), pairs, sourced }
    }
}

/// TS120, TS121 for the words of one chart.
pub(crate) fn check(chart: &ChartSpec, table: &Table, theirs: &Theirs<'_>) -> Vec<Finding> {
    let Theirs { policy, policy_path, known, pairs, sourced } = theirs;
    let states_rule = chart.kind.cells() == Cells::Words || chart.kind == ChartKind::Cards;
    let is_of_policy = names_policy(&chart.source, policy);
    let words = words(chart, table, states_rule || is_of_policy);
    let words = crate::document::first_chars(&words, WORDS_MAX);
    let ours = relative::resolve(figures::find_in(words, 0, &[]), None);
    let compared = contradictions::compare(known, &ours, |figure| sourced.contains(&figure.value));
    let raw =
        |text: &str, figure: &Figure| text.get(figure.range.clone()).unwrap_or_default().to_owned();
    let id = chart.id.as_str();
    let rivals = compared.contradicted.iter();
    let rivals =
        rivals.filter_map(|(one, other)| Some((ours.get(*one)?, known.figures.get(*other)?)));
    let contradicted = rivals.map(|(figure, rival)| {
        let is_sure = states_rule && certainty::is_sure(words, figure, policy.text(), rival, pairs);
        move || {
            let (line, _) = policy.place(rival.range.start);
            let detail = format!(
                "{id}：{}：{} ≠ {}（{policy_path}:{line}）",
                figure.label,
                raw(words, figure),
                raw(policy.text(), rival)
            );
            let finding = codes::CONTRADICTION.about(detail).in_member(&chart.data);
            if is_sure { finding } else { finding.into_warning() }
        }
    });
    let mut findings = cap(contradicted);
    // Numbers alone are statistics, unless they are said to be the policy's.
    if chart.kind.cells() == Cells::Words || is_of_policy {
        let months = Months::of(policy.text());
        let missing = compared.missing.iter().filter_map(|one| ours.get(*one));
        let missing = missing.filter(|one| !(one.unit.is_empty() && months.hold(&one.value)));
        findings.extend(cap(missing.map(|figure| {
            move || {
                let detail = format!("{id}：{}", raw(words, figure));
                codes::EXTERNAL_FIGURE.about(detail).in_member(&chart.data)
            }
        })));
    }
    // A headline says what a row says.
    findings.dedup();
    findings
}

/// The policy's figures, for all charts.
pub(crate) fn figures(policy: &Document<'_>) -> Vec<Figure> {
    relative::resolve(figures::find(policy), None)
}

/// What a chart's headline and, where asked for, its rows say, a sentence for each cell: 补贴标准为每人每月350元。
fn words(chart: &ChartSpec, table: &Table, with_rows: bool) -> String {
    let mut words = format!("{}。\n", chart.headline);
    for row in table.rows.iter().filter(|_| with_rows) {
        // The columns before the last are what was.
        let skipped =
            if chart.kind == ChartKind::Compare { row.cells.len().saturating_sub(1) } else { 0 };
        for cell in row.cells.iter().skip(skipped) {
            let sentence = if chart.kind == ChartKind::Flow {
                // Its rows are steps, which say it all.
                format!("{}。\n", row.label)
            } else if chart.kind.cells() == Cells::Words {
                format!("{}：{}。\n", row.label, cell.text)
            } else {
                format!("{}为{}{}。\n", row.label, cell.text, chart.unit)
            };
            words.push_str(&sentence);
        }
    }
    words
}

/// Whether a chart's source is the policy: its title or number, 本通知, 本办法.
fn names_policy(source: &str, policy: &Document<'_>) -> bool {
    let found = policy.metadata();
    let names = |name: Option<&String>| name.is_some_and(|name| source.contains(name.as_str()));
    let is_own = || {
        let title = found.title.as_deref();
        let quoted = source.split('《').nth(1).and_then(|rest| rest.split('》').next());
        title.zip(quoted).is_some_and(|(title, quoted)| title.contains(quoted))
    };
    source.contains("本通知")
        || source.contains("本办法")
        || names(found.title.as_ref())
        || names(found.number.as_ref())
        || is_own()
}
