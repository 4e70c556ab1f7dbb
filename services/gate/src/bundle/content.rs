//! What the two texts say: their numbering, each against the other, and the words of charts.

use std::collections::BTreeSet;

use lockstep_proto::{
    finding::Finding,
    manifest::{ChartSpec, Element, Member, Role},
    order::Window,
    sign_off::Profile,
};

use super::{Files, SETTINGS, Settings, read_table, texts};
use crate::{
    codes::{self, At as _},
    document::Document,
    pair::{self, Coverage, EXCERPT_PER_MILLE, Pair},
};

/// Elements that are asked for where no profile says which.
const ELEMENTS: [Element; 2] = [Element::Background, Element::Content];

/// How far the policy's clauses are explained, where both texts are there.
pub(super) fn cover(files: &Files, members: &[Member], settings: &Settings) -> Option<Coverage> {
    let (_, policy) = texts::find(files, members, Role::Policy)?;
    let (_, interpretation) = texts::find(files, members, Role::Interpretation)?;
    let (policy, interpretation) = (Document::read(policy), Document::read(interpretation));
    Some(pair::cover(&policy, &interpretation, &settings.stated))
}

/// TS117 to TS142
pub(super) fn check(
    files: &Files,
    members: &[Member],
    settings: &Settings,
    profile: Option<&Profile>,
) -> Vec<Finding> {
    let Some((policy_path, policy)) = texts::find(files, members, Role::Policy) else {
        return vec![];
    };
    let policy = Document::read(policy);
    let mut findings = pair::check_numbering(&policy, policy_path);
    findings.extend(check_charts(files, &settings.charts, policy.text()));
    let Some((interpretation_path, interpretation)) =
        texts::find(files, members, Role::Interpretation)
    else {
        return findings;
    };
    // TS114 says all there is to say.
    if texts::is_same(policy.text(), interpretation) {
        return findings;
    }
    let interpretation = Document::read(interpretation);
    let data: Vec<String> = settings
        .charts
        .iter()
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
    findings.extend(pair::check(&Pair {
        policy: &policy,
        policy_path,
        interpretation: &interpretation,
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
        data: &data,
    }));
    findings
}

/// TS123: what a chart's headline says must be in its data, rounded perhaps, or in the policy
/// (DOMAIN hazard 6).
fn check_charts(files: &Files, charts: &[ChartSpec], policy: &str) -> Vec<Finding> {
    if charts.is_empty() {
        return vec![];
    }
    let policy = figures_of(policy);
    charts
        .iter()
        .filter_map(|chart| {
            let table = read_table(chart, files.get(&chart.data)?).ok()?;
            let cells = || table.rows.iter().flat_map(|row| &row.cells);
            let is_in_data = |figure: &String| {
                cells().filter_map(|cell| cell.value).any(|value| rounds_to(value, figure))
            };
            let said = figures_of(&chart.headline);
            let missing =
                said.into_iter().find(|figure| !is_in_data(figure) && !policy.contains(figure))?;
            let detail = format!("{}：{missing}", chart.id.as_str());
            Some(codes::CHART_FIGURE.about(detail).in_member(SETTINGS))
        })
        .collect()
}

/// Whether a headline may say `figure` for `value`: 3.8 for 37,798.58, in 万.
fn rounds_to(value: f64, figure: &str) -> bool {
    let decimals = figure.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    [1.0, 1e4, 1e8].iter().any(|scale| format!("{:.decimals$}", (value / scale).abs()) == figure)
}

/// Figures of three digits at least or with decimals; years and small counts are words.
fn figures_of(text: &str) -> BTreeSet<String> {
    let text: String = text.chars().filter(|c| *c != ',').collect();
    let numbers = text.split_inclusive(|c: char| !c.is_ascii_digit() && c != '.');
    numbers
        .filter(|number| !number.ends_with('年'))
        .map(|number| number.trim_matches(|c: char| !c.is_ascii_digit()).to_owned())
        .filter(|number| number.len() > 2)
        .collect()
}
