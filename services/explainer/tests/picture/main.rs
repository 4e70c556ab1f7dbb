//! Pictures: pixels compared with accepted ones, and looked at for what must be there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod fixed;
mod long;
mod print;
mod samples;
mod theme;

use std::error::Error;

use lockstep_explainer::gallery;
use lockstep_explainer::page::{Drawing, Page, Part, Thing, What};
use lockstep_explainer::picture::{pixels, png};
use lockstep_explainer::render::render;
use lockstep_explainer::theme::Theme;
use lockstep_proto::manifest::Role;
use plotters::style::RGBColor;

/// Higher than any page: all of it is one band.
const WHOLE: u32 = 1 << 20;

#[test]
fn charts_have_the_pixels_that_were_accepted() -> Result<(), Box<dyn Error>> {
    let mut drawn = String::new();
    for (name, svg) in samples::charts()? {
        let page = Drawing::read(&svg)?.into_page();
        drawn += &samples::line(&name, (page.width, page.height), &pixels(&page, WHOLE)?);
    }
    samples::accept("charts", &drawn)
}

#[test]
fn no_chart_is_blank_and_all_have_type_and_colour() -> Result<(), Box<dyn Error>> {
    for (name, svg) in samples::charts()? {
        let page = Drawing::read(&svg)?.into_page();
        let pixels = pixels(&page, WHOLE)?;
        let is = |test: fn(&[u8]) -> bool| pixels.chunks_exact(3).filter(|p| test(p)).count();
        let (dark, coloured) = (
            is(|p| p.iter().all(|part| *part < 0x60)),
            is(|p| p.iter().max().zip(p.iter().min()).is_some_and(|(a, b)| a - b > 40)),
        );
        let all = pixels.len() / 3;
        assert!(page.width == 1080 && dark > all / 500, "{name}: {dark} dark of {all}");
        assert!(coloured > all / 200, "{name}: {coloured} coloured of {all}");
    }
    Ok(())
}

/// Three charts under each other, on a ground that goes through all of them.
fn stacked() -> Result<Page, Box<dyn Error>> {
    let (mut things, mut top) = (vec![], 0);
    for (_, svg) in samples::charts()?.into_iter().take(3) {
        let drawing = Drawing::read(&svg)?;
        let (_, height) = drawing.size();
        things.push(Thing {
            top,
            height,
            part: Part::Figure,
            block: 0,
            what: What::Drawing(drawing),
        });
        top += height + 7;
    }
    let colour = RGBColor(0x1f, 0x5a, 0xa0);
    let ground = What::Ground { left: 500, width: 9, colour };
    things.push(Thing { top: 3, height: top - 3, part: Part::Ornament, block: 0, what: ground });
    Ok(Page { width: 1080, height: top, foot: top, things })
}

#[test]
fn bands_of_any_height_have_the_same_pixels() -> Result<(), Box<dyn Error>> {
    let page = stacked()?;
    let whole = pixels(&page, WHOLE)?;
    for band in [1, 2, 100, 997, page.height] {
        assert!(pixels(&page, band)? == whole, "bands of {band}");
    }
    Ok(())
}

#[test]
fn a_png_holds_the_pixels() -> Result<(), Box<dyn Error>> {
    let page = stacked()?;
    let bytes = png(&page)?;
    let (width, height, read) = samples::decoded(&bytes)?;
    assert_eq!((width, height), (page.width, page.height));
    assert!(read == pixels(&page, WHOLE)?);
    assert_eq!(png(&page)?, bytes, "the same program writes the same bytes");
    Ok(())
}

#[test]
fn a_page_without_size_is_refused() {
    let page = |width, height| Page { width, height, foot: height, things: vec![] };
    assert!(png(&page(0, 10)).is_err() && png(&page(10, 0)).is_err());
    assert!(pixels(&page(1, 1), 1).is_ok());
    assert!(Drawing::read("<svg").is_err());
}

#[test]
fn every_chart_is_a_picture_too() -> Result<(), Box<dyn Error>> {
    let outputs = render(&samples::draft()?, &gallery::files(), &Theme::plain())
        .map_err(|f| format!("{f:?}"))?
        .outputs;
    for (name, svg) in samples::charts()? {
        let path = format!("rendered/charts/{name}.png");
        let picture = outputs.iter().find(|output| output.path == path).ok_or("no picture")?;
        assert_eq!((picture.role, picture.media_type), (Role::ChartPicture, "image/png"));
        assert!(picture.bytes == png(&Drawing::read(&svg)?.into_page())?, "{name}");
    }
    let pictures = outputs.iter().filter(|output| output.role == Role::ChartPicture);
    assert_eq!(pictures.count(), samples::charts()?.len());
    Ok(())
}
