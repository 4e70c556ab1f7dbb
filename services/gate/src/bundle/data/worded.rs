//! What stands behind a figure in its cell: 60%, and words that a workbook's number formats write around it, a 3 that
//! people see as 3百万.

use lockstep_proto::{
    finding::Finding,
    manifest::{Cells, ChartKind, ChartSpec},
};

use super::{super::open::Source, figures::parse_figure};
use crate::{
    codes::{self, At as _},
    docx::Worded,
};

/// 85 of 85% or of 85万元, where the chart counts in these or one of the names says so: of the column, or of a card.
pub(super) fn without_unit(
    text: &str,
    chart: &ChartSpec,
    [column, label]: [&str; 2],
) -> Option<String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let behind = text.get(digits.len()..).unwrap_or_default().trim();
    if behind.is_empty() || parse_figure(digits).is_none() {
        return None;
    }
    let is_sign = |text: &str| !text.is_empty() && text.chars().all(|c| matches!(c, '%' | '％'));
    let label = if chart.kind == ChartKind::Cards { label } else { "" };
    let is_own = if is_sign(behind) {
        let ends = |name: &str| name.trim_end_matches(['）', ')']).ends_with(['%', '％']);
        is_sign(chart.unit.trim()) || ends(column) || ends(label)
    } else {
        is_unit_of(behind, chart.unit.trim(), column)
    };
    is_own.then(|| digits.to_owned())
}

/// Per cents on a card that says no other unit: they carry their own.
pub(super) fn share_on_card(text: &str, chart: &ChartSpec) -> Option<f64> {
    let is_bare = chart.kind == ChartKind::Cards && chart.unit.trim().is_empty();
    let digits = text.strip_suffix(['%', '％']).filter(|_| is_bare)?;
    parse_figure(digits.trim_end())
}

/// Refuses the first figure of a chart that is seen with words that are not the chart's unit. Where words stand in the
/// cells, they are kept as they are seen.
pub(super) fn check(chart: &ChartSpec, source: &Source) -> Option<Finding> {
    if chart.kind.cells() == Cells::Words {
        return None;
    }
    let is_unfit = |worded: &&Worded| {
        chart.values.contains(&worded.heading) && !is_unit(worded, chart.unit.trim())
    };
    let worded = source.document.worded.iter().find(is_unfit)?;
    let Worded { cell, before, behind, .. } = worded;
    let said = if before.is_empty() { behind } else { before };
    let unit = chart.unit.trim();
    let finding = codes::BAD_DATA.about(format_args!(
        "{cell} 单元格 cell {cell}：数字格式带有“{said}”，图中会丢失（unit 是“{unit}”） its number format writes \
         “{said}”, which the chart would lose (its unit is “{unit}”)"
    ));
    let finding = finding.advising(
        "把格式改为常规或数值，数字按图的单位换算；或把 unit 写成格式中的单位".to_owned(),
        "make the format General or Number with figures in the chart's unit, or let unit be what the format says"
            .to_owned(),
    );
    Some(finding.in_member(&chart.data).at_line(worded.line))
}

/// Whether the words are the unit of the chart or of the column, and nothing stands before the figure.
fn is_unit(worded: &Worded, unit: &str) -> bool {
    worded.before.is_empty() && is_unit_of(&worded.behind, unit, &worded.heading)
}

/// Whether words are the unit, or the number word that it begins with: 亿 of 亿元; or stand in the heading.
fn is_unit_of(behind: &str, unit: &str, heading: &str) -> bool {
    const MANY: [&str; 7] = ["百", "千", "万", "十万", "百万", "千万", "亿"];
    let rest = unit.strip_prefix(behind);
    let is_begun = MANY.contains(&behind)
        && rest.is_some_and(|rest| !rest.starts_with(['百', '千', '万', '亿']));
    let is_headed = ["（", "("].iter().any(|open| {
        heading
            .rsplit_once(open)
            .is_some_and(|(_, unit)| unit.trim_end_matches(['）', ')']).trim() == behind)
    });
    behind == unit || is_begun || is_headed
}
