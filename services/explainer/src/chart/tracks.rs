//! Bars of several series: what stands where between zero and a category's end, whichever way the bars
//! lie.

use lockstep_proto::manifest::ChartKind;

use super::content::{Content, Item};
use super::figure::{share_of, shares, sum};
use super::{Undrawable, honest};

/// One bar.
pub(super) struct Track {
    pub(super) segments: Vec<Segment>,
    /// What stands at its end, and where that is.
    pub(super) end: Option<(f64, String)>,
}

/// The part of a bar that one series has.
pub(super) struct Segment {
    pub(super) series: usize,
    pub(super) from: f64,
    pub(super) to: f64,
    /// What stands inside, if it fits; bars beside each other have theirs at the end.
    pub(super) inside: Option<String>,
}

/// The bars of each category.
pub(super) fn of(kind: ChartKind, content: &Content) -> Result<Vec<Vec<Track>>, Undrawable> {
    if kind == ChartKind::Column && content.series.len() != 1 {
        return Err(Undrawable::OneSeries { series: content.series.len() });
    }
    let is_full = matches!(kind, ChartKind::FullColumn | ChartKind::FullBar);
    let is_stacked = is_full || matches!(kind, ChartKind::StackedColumn | ChartKind::StackedBar);
    if is_full && content.series.len() == 1 {
        return Err(Undrawable::Unfit([
            "只有一个系列，占比总是100%；请用柱形图或条形图",
            "one series is always 100 per cent of itself; draw columns or bars",
        ]));
    }
    let are_given = honest::are_per_cents(content);
    let row = |row: &Item| match (is_full, is_stacked) {
        (true, _) if are_given => given(row).map(|track| vec![track]),
        (true, _) => full(row).map(|track| vec![track]),
        (_, true) => stacked(row).map(|track| vec![track]),
        _ => Ok(beside(row)),
    };
    content.rows.iter().map(row).collect()
}

fn beside(row: &Item) -> Vec<Track> {
    let track = |(series, cell): (usize, &super::content::Figure)| {
        let to = cell.value.unwrap_or(0.0);
        Track {
            segments: vec![Segment { series, from: 0.0, to, inside: None }],
            end: Some((to, cell.text.clone())),
        }
    };
    row.cells.iter().enumerate().map(track).collect()
}

/// Upon each other, with the sum at the end.
fn stacked(row: &Item) -> Result<Track, Undrawable> {
    let mut reached = 0.0;
    let mut segments = vec![];
    for (series, cell) in row.cells.iter().enumerate() {
        let value = cell.value.unwrap_or(0.0);
        if value < 0.0 {
            return Err(Undrawable::Unfit([
                "堆积图不能有负数：合计会短于所堆的柱；请用分组的图",
                "what is stacked is not negative: the sum would be less than the bar; draw a grouped chart",
            ]));
        }
        let (from, to) = (reached, reached + value);
        reached = to;
        segments.push(Segment { series, from, to, inside: Some(cell.text.clone()) });
    }
    let values = row.cells.iter().filter_map(|cell| cell.value);
    let texts = row.cells.iter().map(|cell| cell.text.as_str());
    Ok(Track { segments, end: Some((reached, sum(values, texts))) })
}

/// Per cents that are given stand as they are, rounded as who published them did, and fill the bar.
fn given(row: &Item) -> Result<Track, Undrawable> {
    let track = full(row)?;
    let sum: f64 = row.cells.iter().filter_map(|cell| cell.value).sum();
    let mut reached = 0.0;
    let segments = track.segments.into_iter().zip(&row.cells).map(|(segment, cell)| {
        let from = reached;
        reached = (from + cell.value.unwrap_or(0.0) / sum * 100.0).min(100.0);
        let text = cell.text.trim_end_matches(['%', '％']);
        let inside = cell.value.map(|_| format!("{text}%"));
        Segment { from, to: reached, inside, ..segment }
    });
    Ok(Track { segments: segments.collect(), ..track })
}

fn full(row: &Item) -> Result<Track, Undrawable> {
    let values: Vec<f64> = row.cells.iter().map(|cell| cell.value.unwrap_or(0.0)).collect();
    let shares = shares(&values).ok_or(Undrawable::Unfit([
        "占比图的每一类须有正的合计，且没有负数",
        "shares need a positive sum of each category, and no negative figures",
    ]))?;
    let sum = values.iter().sum();
    let mut reached = 0;
    let segments = shares.into_iter().zip(values).enumerate().map(|(series, (share, value))| {
        let from = reached;
        reached += share;
        let tenths = |tenths: u32| f64::from(tenths) / 10.0;
        Segment {
            series,
            from: tenths(from),
            to: tenths(reached),
            inside: Some(share_of(share, value, sum)),
        }
    });
    Ok(Track { segments: segments.collect(), end: None })
}

/// From the least to the greatest end, with zero.
pub(super) fn range(tracks: &[Vec<Track>]) -> (f64, f64) {
    let segments = tracks.iter().flatten().flat_map(|track| &track.segments);
    segments.fold((0.0, 0.0), |(low, high): (f64, f64), segment| {
        (low.min(segment.from).min(segment.to), high.max(segment.from).max(segment.to))
    })
}
