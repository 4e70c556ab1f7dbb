//! An office's look in pictures and print.

use std::error::Error;

use lockstep_explainer::gallery;
use lockstep_explainer::render::{Output, render};
use lockstep_explainer::theme::{EMBLEM, Given, Theme, Words};
use lockstep_proto::manifest::Role;

use crate::samples;

/// A green disc on nothing.
const DISC: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#00ff00"/></svg>"##;

fn made(agency: &str) -> Result<Vec<Output>, Box<dyn Error>> {
    let words = Words {
        agency: Some(agency.to_owned()),
        head: Some("#a3181f".to_owned()),
        accent: Some("#14635a".to_owned()),
        ..Words::default()
    };
    let files = [(EMBLEM.to_owned(), DISC.into())].into();
    let theme = Theme::read(Given { words, files })?;
    Ok(render(&samples::draft()?, &gallery::files(), &theme).map_err(|f| format!("{f:?}"))?.outputs)
}

fn bytes(outputs: &[Output], role: Role) -> &[u8] {
    &outputs.iter().find(|output| output.role == role).unwrap().bytes
}

#[test]
fn the_head_of_a_long_picture_is_the_office_s() -> Result<(), Box<dyn Error>> {
    let outputs = made("示例市人民政府")?;
    let (width, _, pixels) = samples::decoded(bytes(&outputs, Role::LongPicture))?;
    let row = usize::try_from(width)? * 3;
    let count = |rows: std::ops::Range<usize>, colour: [u8; 3]| {
        let rows = &pixels[rows.start * row..rows.end * row];
        rows.chunks_exact(3).filter(|pixel| **pixel == colour).count()
    };
    // Emblem on white on the head's colour; below the head, the accent.
    let disc = 88.0_f64.powi(2) * std::f64::consts::FRAC_PI_4;
    let green = u32::try_from(count(0..200, [0, 0xff, 0]))?;
    assert!((f64::from(green) - disc).abs() < disc / 10.0, "{green} px of {disc}");
    assert!(count(0..200, [0xa3, 0x18, 0x1f]) > 100_000);
    assert!(count(0..200, [0xff; 3]) > 1_500, "the panel's corners and the name");
    assert!(count(600..3000, [0x14, 0x63, 0x5a]) > 1_000);
    assert_eq!(count(600..3000, [0xa3, 0x18, 0x1f]), 0);
    Ok(())
}

#[test]
fn the_brochure_begins_with_it_and_the_same_theme_makes_the_same_bytes()
-> Result<(), Box<dyn Error>> {
    let (outputs, again) = (made("示例市人民政府")?, made("示例市人民政府")?);
    assert!(outputs == again);
    let pdf = lopdf::Document::load_mem(bytes(&outputs, Role::Brochure))?;
    let images = |sheet: u32| pdf.get_page_images(pdf.get_pages()[&sheet]);
    assert_eq!((images(1)?.len(), images(2)?.len()), (1, 0));
    let other = made("示例市")?;
    for role in [Role::LongPicture, Role::Brochure] {
        assert!(bytes(&outputs, role) != bytes(&other, role), "{role:?}");
    }
    // Charts keep their colours.
    let plain = render(&samples::draft()?, &gallery::files(), &Theme::plain());
    let plain = plain.map_err(|f| format!("{f:?}"))?.outputs;
    let charts = |outputs: &[Output]| -> Vec<Vec<u8>> {
        let charts = outputs.iter().filter(|output| output.role == Role::ChartPicture);
        charts.map(|output| output.bytes.clone()).collect()
    };
    assert!(charts(&plain) == charts(&outputs));
    Ok(())
}
