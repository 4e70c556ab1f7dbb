//! Words that a workbook's number formats write around figures: a 3 that people see as 3百万.

use lockstep_proto::{finding::Finding, manifest::ChartSpec};

use super::super::open::Source;
use crate::{
    codes::{self, At as _},
    docx::Worded,
};

/// Refuses the first figure of a chart that is seen with words that are not the chart's unit.
pub(super) fn check(chart: &ChartSpec, source: &Source) -> Option<Finding> {
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

/// Whether the words are the unit, or the number word that it begins with: 亿 of 亿元; or stand in the heading.
fn is_unit(worded: &Worded, unit: &str) -> bool {
    const MANY: [&str; 7] = ["百", "千", "万", "十万", "百万", "千万", "亿"];
    let behind = worded.behind.as_str();
    let rest = unit.strip_prefix(behind);
    let is_begun = MANY.contains(&behind)
        && rest.is_some_and(|rest| !rest.starts_with(['百', '千', '万', '亿']));
    let is_headed = ["（", "("].iter().any(|open| {
        worded
            .heading
            .rsplit_once(open)
            .is_some_and(|(_, unit)| unit.trim_end_matches(['）', ')']).trim() == behind)
    });
    worded.before.is_empty() && (behind == unit || is_begun || is_headed)
}
