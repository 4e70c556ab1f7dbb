//! Sizes and colours of a chart at each width. All lengths are in units of 0.1 px.

use plotters::style::RGBColor;

use super::Width;

/// Units in a px: plotters' coordinates are whole numbers, and a px is too coarse for text.
pub(super) const UNITS_PER_PX: i32 = 10;

// Told apart with any colour vision; contrast with white is 15.6, 5.8, 6.9 and 2.0 to 1. The
// last is a fill only, and its figure is always printed.
pub(super) const INK: RGBColor = RGBColor(0x1c, 0x24, 0x30);
pub(super) const MUTED: RGBColor = RGBColor(0x5b, 0x66, 0x75);
pub(super) const STRONG: RGBColor = RGBColor(0x1f, 0x5a, 0xa0);
pub(super) const PALE: RGBColor = RGBColor(0x8f, 0xbc, 0xe6);
pub(super) const AXIS: RGBColor = RGBColor(0x9a, 0xa5, 0xb1);

/// How large things are.
pub(super) struct Theme {
    /// Of the whole chart.
    pub(super) width: i32,
    /// Empty border on every side.
    pub(super) padding: i32,
    /// Font sizes.
    pub(super) headline: i32,
    pub(super) subtitle: i32,
    pub(super) label: i32,
    pub(super) source: i32,
    /// Empty height above and below the bars.
    pub(super) above: i32,
    pub(super) below: i32,
    /// Thickness of a bar.
    pub(super) bar: i32,
    /// Between the end of a bar and its figure.
    pub(super) gap: i32,
    /// Height of a row whose label takes one line, and what a row adds to the lines of its label.
    pub(super) row: i32,
    pub(super) row_padding: i32,
    /// Thickness of the zero line.
    pub(super) rule: i32,
    /// Whether labels stand above their bars instead of left of them.
    pub(super) stacked: bool,
}

impl Theme {
    pub(super) fn of(width: Width) -> Self {
        match width {
            // Phones show this at about 375 px: nothing under 24 px stays legible.
            Width::Long1080 => Self {
                width: 10_800,
                padding: 400,
                headline: 400,
                subtitle: 280,
                label: 290,
                source: 240,
                above: 220,
                below: 200,
                bar: 370,
                gap: 120,
                row: 560,
                row_padding: 120,
                rule: 15,
                stacked: false,
            },
            Width::Desk720 => Self {
                width: 7_200,
                padding: 240,
                headline: 220,
                subtitle: 150,
                label: 160,
                source: 130,
                above: 130,
                below: 110,
                bar: 210,
                gap: 70,
                row: 320,
                row_padding: 70,
                rule: 10,
                stacked: false,
            },
            Width::Phone360 => Self {
                width: 3_600,
                padding: 160,
                headline: 190,
                subtitle: 130,
                label: 140,
                source: 120,
                above: 150,
                below: 160,
                bar: 140,
                gap: 60,
                row: 0,
                row_padding: 140,
                rule: 10,
                stacked: true,
            },
        }
    }

    /// Distance between the lines of a label.
    pub(super) fn label_line(&self) -> i32 {
        self.label * 6 / 5
    }
}
