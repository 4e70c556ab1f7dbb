//! What the two texts say: their numbering, each against the other, and the words of charts.

use std::cell::LazyCell;

use lockstep_proto::{
    finding::Finding,
    manifest::{Cells, ChartKind, Element, Member, Role},
    order::Window,
    sign_off::Profile,
};

use super::{
    Files, Parts, Row, SETTINGS, Settings, annexes, blanks,
    claims::{self, Drawn},
    headed_unit, read_table, texts,
};
use crate::{
    both::both,
    codes::{self, At as _},
    document::Document,
    pair::{
        self, Annexes, Coverage, EXCERPT_PER_MILLE, Pair,
        charts::{self, Theirs},
    },
};

/// Words of a headline that tells a sum.
const TOTALS: [&str; 7] = ["共", "合计", "总", "全区", "全市", "全县", "全年"];

/// Elements that are asked for where no profile says which.
const ELEMENTS: [Element; 2] = [Element::Background, Element::Content];

/// How far the policy's clauses are explained, where both texts are there.
pub(super) fn cover(files: &Files, members: &[Member], settings: &Settings) -> Option<Coverage> {
    let (_, policy) = texts::find(files, members, Role::Policy)?;
    let (_, interpretation) = texts::find(files, members, Role::Interpretation)?;
    let (policy, interpretation) = (Document::read(policy), Document::read(interpretation));
    Some(pair::cover(&policy, &interpretation, &settings.stated))
}

/// TS117 to TS145
pub(super) fn check(
    files: &Files,
    members: &[Member],
    settings: &Settings,
    profile: Option<&Profile>,
) -> Vec<Finding> {
    let Some((policy_path, policy)) = texts::find(files, members, Role::Policy) else {
        return vec![];
    };
    let interpretation = texts::find(files, members, Role::Interpretation);
    let read_policy = || {
        let policy = Document::read(policy);
        let mut findings = pair::check_numbering(&policy, policy_path);
        findings.extend(blanks::check(&policy, policy_path));
        findings.extend(check_charts(files, settings, (&policy, policy_path)));
        (policy, findings)
    };
    let read_interpretation = || interpretation.map(|(_, text)| Document::read(text));
    let ((policy, mut findings), document) = both(read_policy, read_interpretation);
    let Some(((interpretation_path, interpretation), document)) = interpretation.zip(document)
    else {
        return findings;
    };
    findings.extend(blanks::check_interpretation(&document, interpretation_path));
    // TS114 says all there is to say.
    if texts::is_same(policy.text(), interpretation) {
        return findings;
    }
    let data: Vec<String> = settings
        .charts
        .iter()
        // Words of rules are no source.
        .filter(|chart| chart.kind.cells() != Cells::Words)
        .filter_map(|chart| Some((chart, read_table(chart, files.get(&chart.data)?).ok()?)))
        .flat_map(|(chart, table)| {
            let cells = table.rows.into_iter().flat_map(|row| row.cells);
            cells.map(|cell| format!("{}{}", cell.text, chart.unit))
        })
        .collect();
    let released_on = match settings.proposal.window {
        Window::Instants { not_before, .. } => Some(not_before.beijing_day()),
        Window::WorkingDays { .. } => None,
    };
    let read_annexes = || annexes::texts(files, members);
    let annexes = Annexes::new(&read_annexes);
    findings.extend(pair::check(&Pair {
        policy: &policy,
        policy_path,
        interpretation: &document,
        interpretation_path,
        stated: &settings.stated,
        places: &settings.places,
        metadata: &settings.metadata,
        released_on,
        is_brief: settings.brief.is_some(),
        elements: profile.map_or(&ELEMENTS[..], |profile| &profile.elements),
        excerpt_per_mille: profile
            .and_then(|profile| profile.excerpt_per_mille)
            .map_or(EXCERPT_PER_MILLE, usize::from),
        charts: &settings.charts,
        annexes: &annexes,
        data: &data,
    }));
    findings
}

/// TS123: what a chart's headline says must come out of its data, or stand in the policy. TS120, TS121:
/// what it says is the rule must be.
fn check_charts(
    files: &Files,
    settings: &Settings,
    (policy, policy_path): (&Document<'_>, &str),
) -> Vec<Finding> {
    let mut findings = vec![];
    let figures = LazyCell::new(|| charts::figures(policy));
    let theirs = LazyCell::new(|| Theirs::of((policy, policy_path), &figures, &settings.stated));
    for (index, chart) in settings.charts.iter().enumerate() {
        let table = files.get(&chart.data).and_then(|bytes| read_table(chart, bytes).ok());
        let Some(table) = table else { continue };
        // A total is no row that others are ranked with; what a headline says of it is held against it.
        let parts = Parts::of(chart.kind, &chart.unit, &table);
        for (field, words) in [("headline", &chart.headline), ("subtitle", &chart.subtitle)] {
            let headed = || headed_unit(&chart.values).filter(|_| chart.kind != ChartKind::Cards);
            let own = Some(chart.unit.as_str()).filter(|unit| !unit.trim().is_empty());
            let (kind, unit) = (chart.kind, own.or_else(headed).unwrap_or_default());
            let names = |rows: &[Row]| rows.iter().any(|row| words.contains(row.label.trim()));
            let is_of_total = names(&parts.totals) && !names(&parts.table.rows);
            let compared = if is_of_total { &table } else { &parts.table };
            let drawn = Drawn { kind, unit, table: compared, policy: policy.text() };
            let claim = claims::find(words, &drawn).filter(|_| {
                // 全区共900件 is no row's figure.
                let is_of_all = TOTALS.iter().any(|word| words.contains(word));
                let known = format!("{}{}", policy.text(), parts.said(unit));
                !is_of_all || claims::find(words, &Drawn { policy: &known, ..drawn }).is_some()
            });
            findings.extend(claim.map(|claim| {
                let detail = format!("{}：{claim}", chart.id.as_str());
                let finding = codes::CHART_FIGURE.about(detail).in_member(SETTINGS);
                let place = settings.places.get(&format!("chart.{index}.{field}"));
                place.map_or(finding.clone(), |(line, column)| finding.at_place(*line, *column))
            }));
        }
        findings.extend(charts::check(chart, &table, &theirs));
    }
    findings
}
