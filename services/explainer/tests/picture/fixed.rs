//! What is drawn is signed as it is.

use std::error::Error;

use lockstep_explainer::{gallery, render::render, theme::Theme};

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
