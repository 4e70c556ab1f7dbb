//! What there is to draw.

use std::error::Error;

use lockstep_explainer::chart::{Chart, Width, draw};
use lockstep_explainer::gallery;
use lockstep_gate::bundle::{self, Rules, Submission, read_table};
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
