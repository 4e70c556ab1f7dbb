//! What there is to draw.

use std::error::Error;
use std::io::Cursor;
use std::path::Path;

use lockstep_explainer::chart::{Chart, Width, draw};
use lockstep_explainer::gallery;
use lockstep_explainer::page::Drawing;
use lockstep_explainer::picture::pixels;
use lockstep_gate::bundle::{self, Rules, Submission, read_table};
use lockstep_proto::digest::Digest;
use lockstep_proto::manifest::Manifest;

/// The gallery as a draft.
pub(crate) fn draft() -> Result<Manifest, Box<dyn Error>> {
    let content = match bundle::read_under(Rules::default(), &gallery::files()) {
        Ok(content) => content,
        Err(unfit) => *unfit.content.ok_or_else(|| format!("{:?}", unfit.findings))?,
    };
    Ok(content.draft(Submission {
        bundle: "gallery".parse()?,
        revision: 1,
        submission: "gallery".parse()?,
        revises: None,
        after_dark: None,
        submitters: vec![],
    }))
}

/// The gallery's charts as a long picture has them.
pub(crate) fn charts() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let files = gallery::files();
    let mut drawn = vec![];
    for spec in draft()?.charts {
        let bytes = files.get(&spec.data).ok_or("no data")?;
        let table = read_table(&spec, bytes).map_err(|found| format!("{found:?}"))?;
        let chart = Chart {
            id: spec.id.as_str(),
            kind: spec.kind,
            headline: &spec.headline,
            subtitle: &spec.subtitle,
            unit: &spec.unit,
            source: &spec.source,
            table: &table,
        };
        drawn.push((spec.id.to_string(), draw(&chart, Width::Long1080)?));
    }
    Ok(drawn)
}

/// A chart's pixels.
pub(crate) fn painted(svg: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(pixels(&Drawing::read(svg)?.into_page(), 1 << 20)?)
}

/// Width, height and pixels of a PNG.
pub(crate) fn decoded(png: &[u8]) -> Result<(u32, u32, Vec<u8>), Box<dyn Error>> {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("no size")?];
    let frame = reader.next_frame(&mut pixels)?;
    assert_eq!((frame.color_type, frame.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
    Ok((frame.width, frame.height, pixels))
}

/// Size and pixels, as they are accepted: bytes of a PNG hang on the deflate that was built in.
pub(crate) fn line(name: &str, (width, height): (u32, u32), pixels: &[u8]) -> String {
    format!("{name} {width}x{height} {}\n", Digest::of(pixels))
}

/// Compares what is drawn with what was accepted.
pub(crate) fn accept(name: &str, drawn: &str) -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.pixels"));
    if std::env::var_os("LOCKSTEP_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, drawn)?;
    }
    let accepted = std::fs::read_to_string(&path)?;
    for (drawn, accepted) in drawn.lines().zip(accepted.lines()) {
        assert_eq!(drawn, accepted, "look at it (lockstep render), then LOCKSTEP_BLESS=1");
    }
    assert_eq!(drawn.lines().count(), accepted.lines().count());
    Ok(())
}
