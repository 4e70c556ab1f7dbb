//! What is drawn is signed as it is.

use std::error::Error;

use lockstep_explainer::{gallery, render::render, theme::Theme};
use lockstep_proto::manifest::ChartSpec;

use crate::samples;

#[test]
fn a_slot_is_drawn_into_no_picture() -> Result<(), Box<dyn Error>> {
    let draft = samples::draft()?;
    let (mut agency, mut number, mut chart) = (draft.clone(), draft.clone(), draft);
    agency.agencies.publishing = "{{文号}}".to_owned();
    number.metadata.number = Some("{{文号}}".to_owned());
    chart.charts.first_mut().ok_or("no chart")?.source = "示例局{{文号}}".to_owned();
    for draft in [agency, number, chart] {
        let found = render(&draft, &gallery::files(), &Theme::plain()).err().unwrap_or_default();
        let codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["TS110"]);
    }
    Ok(())
}

#[test]
fn no_more_charts_are_named_than_helps() -> Result<(), Box<dyn Error>> {
    let (mut draft, mut files) = (samples::draft()?, gallery::files());
    let chart = draft.charts.first().ok_or("no chart")?.clone();
    files.insert(chart.data.clone(), b"\n".to_vec());
    draft.charts = (0..30)
        .map(|n| Ok(ChartSpec { id: format!("chart-{n}").parse()?, ..chart.clone() }))
        .collect::<Result<_, Box<dyn Error>>>()?;
    let found = render(&draft, &files, &Theme::plain()).err().unwrap_or_default();
    assert_eq!(found.len(), 20);
    let last = found.last().ok_or("nothing is found")?;
    assert!(last.message.contains("10"), "{}", last.message);
    Ok(())
}
