//! Sizes and colours of a chart at each width. All lengths are in units of 0.1 px.

use plotters::style::RGBColor;

use super::Width;

/// Units in a px: plotters' coordinates are whole numbers, and a px is too coarse for text.
pub(super) const UNITS_PER_PX: i32 = 10;

// Told apart with any colour vision; contrast with white is 15.6, 5.8, 6.9 and 2.0 to 1. The
// last is an edge or a ground only, with something darker on it that says the same.
pub(crate) const INK: RGBColor = RGBColor(0x1c, 0x24, 0x30);
pub(crate) const MUTED: RGBColor = RGBColor(0x5b, 0x66, 0x75);
pub(crate) const STRONG: RGBColor = RGBColor(0x1f, 0x5a, 0xa0);
pub(crate) const PALE: RGBColor = RGBColor(0x8f, 0xbc, 0xe6);
pub(crate) const GRID: RGBColor = RGBColor(0xe3, 0xe7, 0xec);
pub(crate) const AXIS: RGBColor = RGBColor(0x9a, 0xa5, 0xb1);

/// Those beside the one that the headline names: 3.3 to 1 on white, half of what it has itself.
pub(super) const QUIET: RGBColor = RGBColor(0x5a, 0x91, 0xca);

/// The colours of series, in this order: the smallest distance of two (CIE 1976) is 21, also for those who
/// see no red, green or blue. All have 3 to 1 and more on white and on the tint (WCAG 2.2, 1.4.11).
pub(super) const PALETTE: [RGBColor; 6] = [
    STRONG,
    RGBColor(0xe0, 0x6a, 0x10),
    RGBColor(0x2a, 0x9d, 0x8f),
    RGBColor(0x84, 0x89, 0xc4),
    RGBColor(0x9c, 0x45, 0x30),
    RGBColor(0x4e, 0x4c, 0x5a),
];

/// Behind what belongs together.
pub(crate) const TINT: RGBColor = RGBColor(0xf3, 0xf6, 0xf9);

/// Behind what is new, and what is said of it.
pub(super) const CHANGED: RGBColor = RGBColor(0xfd, 0xf3, 0xe2);
pub(super) const NOTED: RGBColor = RGBColor(0x9a, 0x58, 0x00);

/// From little to much, each far enough from the middle for ink or white to be read on it.
pub(super) const SHADES: [RGBColor; 5] = [
    RGBColor(0xe4, 0xef, 0xfa),
    RGBColor(0xb9, 0xd5, 0xf0),
    RGBColor(0x82, 0xb3, 0xe3),
    RGBColor(0x31, 0x72, 0xb8),
    RGBColor(0x17, 0x45, 0x7e),
];

/// What can be read on a colour: ink or white, whichever differs more (WCAG 2.2, relative luminance).
pub(super) fn on(fill: RGBColor) -> RGBColor {
    let white = RGBColor(0xff, 0xff, 0xff);
    if contrast(fill, white) > contrast(fill, INK) { white } else { INK }
}

/// A colour with this share of the first, the rest of the second.
pub(crate) fn mix(one: RGBColor, other: RGBColor, share: f64) -> RGBColor {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two of 0 to 255"
    )]
    let part = |one: u8, other: u8| {
        (f64::from(one) * share + f64::from(other) * (1.0 - share)).round().clamp(0.0, 255.0) as u8
    };
    RGBColor(part(one.0, other.0), part(one.1, other.1), part(one.2, other.2))
}

/// From 1 to 21.
pub(crate) fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(RGBColor(red, green, blue): RGBColor) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

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
    /// Font size of what stands along an axis or within a bar.
    pub(super) tick: i32,
    /// Height of a plot with an axis.
    pub(super) plot: i32,
    /// Radius of a ring.
    pub(super) ring: i32,
    /// Greatest width of a column.
    pub(super) column: i32,
    /// Thickness of a line, and radius of a point.
    pub(super) stroke: i32,
    pub(super) dot: i32,
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
    /// Whether the brochure shows it.
    pub(super) is_printed: bool,
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
                tick: 250,
                plot: 5600,
                ring: 1900,
                column: 1150,
                stroke: 50,
                dot: 90,
                above: 220,
                below: 200,
                bar: 370,
                gap: 120,
                row: 560,
                row_padding: 120,
                rule: 15,
                stacked: false,
                is_printed: true,
            },
            Width::Desk720 => Self {
                width: 7_200,
                padding: 240,
                headline: 220,
                subtitle: 150,
                label: 160,
                source: 130,
                tick: 140,
                plot: 3000,
                ring: 1150,
                column: 640,
                stroke: 28,
                dot: 50,
                above: 130,
                below: 110,
                bar: 210,
                gap: 70,
                row: 320,
                row_padding: 70,
                rule: 10,
                stacked: false,
                is_printed: false,
            },
            Width::Phone360 => Self {
                width: 3_600,
                padding: 160,
                headline: 190,
                subtitle: 130,
                label: 140,
                source: 120,
                tick: 120,
                plot: 2100,
                ring: 900,
                column: 440,
                stroke: 25,
                dot: 45,
                above: 150,
                below: 160,
                bar: 140,
                gap: 60,
                row: 0,
                row_padding: 140,
                rule: 10,
                stacked: true,
                is_printed: false,
            },
        }
    }

    /// Height of a row with a label of so many lines left of it.
    pub(super) fn row_of(&self, lines: usize) -> i32 {
        let apart = if lines > 1 { self.label * 3 / 5 } else { 0 };
        let lines = i32::try_from(lines).unwrap_or(i32::MAX);
        (lines.saturating_mul(self.label_line()) + self.row_padding + apart).max(self.row)
    }

    /// Distance between the lines of a label.
    pub(super) fn label_line(&self) -> i32 {
        self.label * 6 / 5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: RGBColor = RGBColor(0xff, 0xff, 0xff);

    #[test]
    fn texts_have_the_contrast_that_wcag_asks_for() {
        assert!(contrast(INK, CHANGED) >= 4.5 && contrast(MUTED, CHANGED) >= 4.5);
        for ink in [INK, MUTED, STRONG, NOTED] {
            assert!(contrast(ink, WHITE) >= 4.5, "{ink:?}: {}", contrast(ink, WHITE));
        }
        for ink in [INK, MUTED, STRONG] {
            assert!(contrast(ink, TINT) >= 4.5, "{ink:?}: {}", contrast(ink, TINT));
        }
        for fill in PALETTE.into_iter().chain(SHADES) {
            assert!(contrast(on(fill), fill) >= 4.5, "{fill:?}: {}", contrast(on(fill), fill));
        }
    }

    #[test]
    fn marks_have_the_contrast_that_wcag_asks_for() {
        for mark in PALETTE.into_iter().chain([QUIET]) {
            for ground in [WHITE, TINT] {
                assert!(contrast(mark, ground) >= 3.0, "{mark:?}: {}", contrast(mark, ground));
            }
        }
        // What is strong among them stands out by its lightness too.
        assert!(contrast(STRONG, QUIET) >= 2.0, "{}", contrast(STRONG, QUIET));
    }

    #[test]
    fn shades_go_from_light_to_dark() {
        for pair in SHADES.windows(2) {
            let [light, dark] = pair else { continue };
            assert!(contrast(*light, *dark) >= 1.25, "{light:?} {dark:?}");
        }
    }

    /// How colours look to those who lack one kind of cone (Machado, Oliveira, Fernandes 2009, severity 1),
    /// in linear light.
    const SEEN: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];

    /// CIE 1976 L*a*b* (D65) of a colour as one of them sees it.
    fn lab(RGBColor(red, green, blue): RGBColor, seen: &[[f64; 3]; 3]) -> [f64; 3] {
        let linear = [red, green, blue].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        let times = |rows: &[[f64; 3]; 3], v: [f64; 3]| {
            rows.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.2))
        };
        let to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
        let [x, y, z] = times(&to_xyz, times(seen, linear));
        let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let [x, y, z] = [f(x / 0.9505), f(y), f(z / 1.089)];
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn colours_of_series_differ_for_everybody() {
        for seen in &SEEN {
            for (index, a) in PALETTE.iter().enumerate() {
                for b in PALETTE.iter().skip(index + 1) {
                    let (one, other) = (lab(*a, seen), lab(*b, seen));
                    let distance =
                        one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                    assert!(distance >= 20.0, "{a:?} {b:?}: {distance}");
                }
            }
        }
    }
}
