//! Charts as pages get them: compared with accepted drawings, and measured for overlaps.

mod beside;
mod expected;
mod flow;
mod gallery;
mod honest;
mod lines;
mod months;
mod readable;
mod reading;
mod refusals;
mod svg;

use std::error::Error;
use std::path::Path;

use lockstep_explainer::chart::{Chart, Part, Undrawable, Width, draw};
use lockstep_gate::bundle::{self, Cell, Table};
use lockstep_proto::manifest::ChartKind;

use svg::{bars, texts};

/// A row of a chart of one series.
#[derive(Clone, Copy)]
struct Row<'a> {
    label: &'a str,
    text: &'a str,
    value: f64,
}

/// A chart of one series.
#[derive(Clone, Copy)]
struct Bar<'a> {
    id: &'a str,
    headline: &'a str,
    subtitle: &'a str,
    unit: &'a str,
    source: &'a str,
    rows: &'a [Row<'a>],
}

/// A table as files give it: names of columns, and rows of a label and what stands in their cells.
fn table(series: &[&str], rows: &[(&str, &[&str])]) -> Table {
    let cell = |text: &&str| Cell { text: (*text).to_owned(), value: text.parse().ok() };
    let row = |(label, cells): &(&str, &[&str])| bundle::Row {
        label: (*label).to_owned(),
        cells: cells.iter().map(cell).collect(),
    };
    let series = series.iter().map(|name| (*name).to_owned()).collect();
    Table { series, rows: rows.iter().map(row).collect() }
}

fn draw_bar(bar: &Bar<'_>, width: Width) -> Result<String, Undrawable> {
    let row = |row: &Row<'_>| bundle::Row {
        label: row.label.to_owned(),
        cells: vec![Cell { text: row.text.to_owned(), value: Some(row.value) }],
    };
    let rows = bar.rows.iter().map(row).collect();
    let table = Table { series: vec!["值".to_owned()], rows };
    let &Bar { id, headline, subtitle, unit, source, .. } = bar;
    let chart = Chart { id, kind: ChartKind::Bar, headline, subtitle, unit, source, table: &table };
    draw(&chart, width)
}

const WIDTHS: [(&str, Width); 3] =
    [("1080", Width::Long1080), ("720", Width::Desk720), ("360", Width::Phone360)];

const ROWS: [Row<'_>; 5] = [
    row("高中", "63,897.16", 63_897.16),
    row("中等职业学校", "61,613.14", 61_613.14),
    row("初中", "52,031.38", 52_031.38),
    row("幼儿园", "46,033.96", 46_033.96),
    row("小学", "37,798.58", 37_798.58),
];

const LONG_NAME: &str = "高新技术产业开发区教育事务受理服务中心";

const fn row<'a>(label: &'a str, text: &'a str, value: f64) -> Row<'a> {
    Row { label, text, value }
}

fn a_bar<'a>(rows: &'a [Row<'a>]) -> Bar<'a> {
    Bar {
        id: "spending",
        headline: "高中生均支出6.39万元，为五个学段中最高",
        subtitle: "2023年上海各区在校学生人均实际支出",
        unit: "元",
        source: "上海市教育委员会、市统计局、市财政局《2023年各区教育经费执行统计情况通告》",
        rows,
    }
}

/// Data sets that strain the layout, each for its own reason.
fn data_sets() -> Vec<(&'static str, Vec<Row<'static>>)> {
    let four = [
        row("浦东新区", "1,204.5", 1204.5),
        row(LONG_NAME, "87", 87.0),
        row("崇明区", "0", 0.0),
        row("Pudong New Area Education Bureau", "0.25", 0.25),
    ];
    let many = four.into_iter().cycle().zip(1..=30).map(|(row, number)| {
        // Names live as long as the tests.
        Row { label: format!("{}{number}", row.label).leak(), ..row }
    });
    let many = many.collect();
    vec![
        ("five", ROWS.to_vec()),
        (
            "long",
            vec![row(LONG_NAME, "128", 128.0), row("东山区", "96", 96.0), row("市辖区", "3", 3.0)],
        ),
        ("one", vec![row("全市", "99.8%", 99.8)]),
        ("many", many),
        (
            "negative",
            vec![
                row("高等教育", "12.4", 12.4),
                row("学前教育", "-8.75", -8.75),
                row(LONG_NAME, "-0.1", -0.1),
                row("特殊教育", "0", 0.0),
            ],
        ),
        ("all negative", vec![row("甲", "-1,234", -1234.0), row("乙", "-1,235", -1235.0)]),
        ("extreme", vec![row("甲", "极大", f64::MAX), row("乙", "极小", -f64::MAX)]),
        ("minute", vec![row("甲", "微", f64::from_bits(1)), row("乙", "无", 0.0)]),
    ]
}

/// Pseudo-random numbers, the same on every run.
struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(1).max(1);
        usize::try_from(self.next() % limit).unwrap_or(0)
    }

    fn text(&mut self, alphabet: &[char], chars: usize) -> String {
        let length = self.below(chars + 1);
        (0..length).filter_map(|_| alphabet.get(self.below(alphabet.len()))).collect()
    }
}

#[test]
fn sample_is_drawn_as_accepted() -> Result<(), Box<dyn Error>> {
    let bless = std::env::var_os("LOCKSTEP_BLESS").is_some_and(|value| value == "1");
    for (name, width) in WIDTHS {
        let drawn = draw_bar(&a_bar(&ROWS), width)?;
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/bar-{name}.svg"));
        if bless {
            std::fs::write(&path, &drawn)?;
        }
        let accepted = std::fs::read_to_string(&path)?;
        assert!(drawn == accepted, "bar-{name}.svg differs; look at it, then LOCKSTEP_BLESS=1");
    }
    Ok(())
}

#[test]
fn no_text_overlaps_a_text_or_a_bar_or_leaves_the_canvas() -> Result<(), Box<dyn Error>> {
    for (set, rows) in data_sets() {
        for (name, width) in WIDTHS {
            let svg = draw_bar(&a_bar(&rows), width)?;
            let (texts, (ground, bars)) = (texts(&svg)?, bars(&svg)?);
            for (index, text) in texts.iter().enumerate() {
                let inside = text.left >= 0.0
                    && text.top >= 0.0
                    && text.right <= ground.right
                    && text.bottom <= ground.bottom;
                assert!(inside, "{set} at {name}: {text:?} in {ground:?}");
                for other in texts.iter().skip(index + 1).chain(&bars) {
                    assert!(!text.overlaps(other), "{set} at {name}: {text:?} and {other:?}");
                }
            }
        }
    }
    Ok(())
}

#[test]
fn bars_start_at_zero_and_keep_proportion() -> Result<(), Box<dyn Error>> {
    for (_, width) in WIDTHS {
        let (_, bars) = bars(&draw_bar(&a_bar(&ROWS), width)?)?;
        let Some(longest) = bars.first() else { return Err("no bars".into()) };
        for (bar, row) in bars.iter().zip(&ROWS) {
            assert!((bar.left - longest.left).abs() < 1e-9, "{bar:?}");
            let wanted = (longest.right - longest.left) * row.value / 63_897.16;
            assert!((bar.right - bar.left - wanted).abs() <= 0.1 + 1e-9, "{bar:?}");
        }
    }
    Ok(())
}

#[test]
fn negative_bars_end_where_positive_ones_begin() -> Result<(), Box<dyn Error>> {
    let rows = [row("增", "3", 3.0), row("减", "-1", -1.0), row("平", "0", 0.0)];
    for (_, width) in WIDTHS {
        let (_, bars) = bars(&draw_bar(&a_bar(&rows), width)?)?;
        let [up, down] = bars.as_slice() else { return Err("not two bars".into()) };
        assert!((up.left - down.right).abs() < 1e-9, "{up:?} {down:?}");
    }
    Ok(())
}

#[test]
fn figures_are_printed_as_the_data_file_writes_them() -> Result<(), Undrawable> {
    for (_, width) in WIDTHS {
        let svg = draw_bar(&a_bar(&ROWS), width)?;
        for row in ROWS {
            assert!(svg.contains(&format!(">{}</text>", row.text)), "{}", row.text);
        }
    }
    Ok(())
}

#[test]
fn chart_is_named_and_described_for_those_who_cannot_see_it() -> Result<(), Undrawable> {
    let svg = draw_bar(&a_bar(&ROWS), Width::Phone360)?;
    let title = "<title id=\"spending-title\">高中生均支出6.39万元，为五个学段中最高</title>";
    let described = "<desc id=\"spending-desc\">2023年上海各区在校学生人均实际支出：高中为63,897.16元；\
                     中等职业学校为61,613.14元；初中为52,031.38元；幼儿园为46,033.96元；\
                     小学为37,798.58元。</desc>";
    let root = " role=\"img\" lang=\"zh-Hans\" aria-labelledby=\"spending-title\" \
                aria-describedby=\"spending-desc\"";
    for wanted in [title, described, root] {
        assert!(svg.contains(wanted), "{svg}");
    }
    let opening = svg.lines().next().unwrap_or_default();
    assert!(opening.contains("viewBox=\"0 0 360 "), "{opening}");
    assert!(!opening.contains(" width=") && !opening.contains(" height="), "{opening}");
    Ok(())
}

#[test]
fn only_the_row_the_headline_names_is_strong() -> Result<(), Undrawable> {
    let strong = |headline: &str| {
        let svg = draw_bar(&Bar { headline, ..a_bar(&ROWS) }, Width::Desk720)?;
        Ok::<_, Undrawable>(svg.matches("fill=\"#1f5aa0\"/>").count())
    };
    assert_eq!(strong("高中生均支出最高")?, 1);
    assert_eq!(strong("中等职业学校次之")?, 1);
    assert_eq!(strong("高中高于初中")?, 5);
    assert_eq!(strong("各学段差距不大")?, 5);
    Ok(())
}

#[test]
fn text_from_people_cannot_become_markup() -> Result<(), Undrawable> {
    let evil = "</title><script>'a' & \"b\"</script>";
    let rows = [row(evil, "<1>", 1.0)];
    let bar = Bar { headline: evil, subtitle: evil, unit: evil, source: evil, ..a_bar(&rows) };
    let svg = draw_bar(&bar, Width::Long1080)?;
    assert!(!svg.contains("<script") && !svg.contains("& "), "{svg}");
    assert_eq!(svg.matches("</title>").count(), 1);
    Ok(())
}

#[test]
fn character_without_glyph_is_named_with_its_place() {
    let missing = |bar: &Bar<'_>| match draw_bar(bar, Width::Desk720) {
        Err(error @ Undrawable::NoGlyph { .. }) => error.to_string(),
        other => format!("{other:?}"),
    };
    let headline = Bar { headline: "教育👍", ..a_bar(&ROWS) };
    assert_eq!(missing(&headline), "the font has no glyph for ‘👍’ (U+1F44D) in the headline");
    let rows = [row("甲", "1", 1.0), row("乙\u{202e}", "2", 2.0)];
    let hidden = missing(&a_bar(&rows));
    assert!(hidden.ends_with("(U+202E) in the label of row 2"), "{hidden}");
    let several = Bar { headline: "𠀀教𠀁育𠀀", ..a_bar(&ROWS) };
    assert_eq!(
        missing(&several),
        "the font has no glyph for ‘𠀀’ (U+20000), ‘𠀁’ (U+20001) in the headline"
    );
    let other: String = ('\u{20000}'..='\u{2000f}').collect();
    let other = missing(&Bar { headline: &other, ..a_bar(&ROWS) });
    assert!(other.contains("(U+2000B) and others in the headline"), "{other}");
    let control = Bar { source: "市\0局", ..a_bar(&ROWS) };
    assert_eq!(missing(&control), "the font has no glyph for U+0000 in the source");
}

#[test]
fn what_cannot_be_drawn_honestly_is_refused() {
    let refusal = |rows: &[Row<'_>]| draw_bar(&a_bar(rows), Width::Phone360).err();
    assert!(matches!(refusal(&[]), Some(Undrawable::NoRows)));
    let many = vec![row("区", "1", 1.0); 51];
    assert!(matches!(refusal(&many), Some(Undrawable::TooManyRows { rows: 51, most: 50 })));
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let rows = [row("甲", "1", 1.0), row("乙", "?", value)];
        assert!(matches!(refusal(&rows), Some(Undrawable::NotFinite { row: 2, .. })));
    }
    let zero = [row("甲", "0", 0.0), row("乙", "0", -0.0)];
    assert!(matches!(refusal(&zero), Some(Undrawable::AllZero { rows: 2 })));
    let unnamed = [row(" ", "1", 1.0)];
    let empty = Some(Undrawable::Empty { part: Part::Label { row: 1 } });
    assert_eq!(refusal(&unnamed).map(|e| e.to_string()), empty.map(|e| e.to_string()));
    let wide = "9".repeat(60);
    let crowded = [row("甲", &wide, 1.0)];
    assert!(matches!(refusal(&crowded), Some(Undrawable::NoRoom)));
    let marks = "）".repeat(60);
    let glued = [row(&marks, "1", 1.0)];
    assert!(matches!(refusal(&glued), Some(Undrawable::TooWide { .. })));
    let long = "长".repeat(301);
    let endless = Bar { subtitle: &long, ..a_bar(&ROWS) };
    let refused = draw_bar(&endless, Width::Desk720).err();
    let part = Part::Subtitle;
    assert!(matches!(refused, Some(Undrawable::TooLong { part: p, chars: 301 }) if p == part));
    for id in ["", "1a", "a b", "a\"", "图"] {
        let refused = draw_bar(&Bar { id, ..a_bar(&ROWS) }, Width::Desk720).err();
        assert!(matches!(refused, Some(Undrawable::BadId { .. })), "{id}");
    }
}

#[test]
fn subtitle_unit_and_source_may_be_missing() -> Result<(), Undrawable> {
    let bare = Bar { subtitle: "", unit: "", source: "", ..a_bar(&ROWS) };
    let svg = draw_bar(&bare, Width::Desk720)?;
    assert!(!svg.contains("单位") && !svg.contains("来源"), "{svg}");
    assert!(
        draw_bar(&Bar { subtitle: "", ..a_bar(&ROWS) }, Width::Desk720)?.contains(">单位：元<")
    );
    Ok(())
}

#[test]
fn random_charts_are_whole_or_refused_and_the_same_twice() -> Result<(), Box<dyn Error>> {
    let alphabet: Vec<char> =
        "教育经费支出区县高新，。、（）《》“”—…12,345.67%-−年元 　AbC<&>\"'/😀𬺓\n\u{200b}"
            .chars()
            .collect();
    let plain: Vec<char> = "教育经费支出高新区，（）12.5年元A<& ".chars().collect();
    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    let mut whole = 0;
    for round in 0..200 {
        let alphabet = if round % 4 == 0 { &alphabet } else { &plain };
        let values: Vec<(String, String, f64)> = (0..random.below(33))
            .map(|_| {
                let value = match random.below(8) {
                    0 => f64::from_bits(random.next()),
                    1 => 0.0,
                    // Up to 100,000 with two decimals, of either sign.
                    _ => f64::from(u32::try_from(random.below(20_000_000))?) / 100.0 - 100_000.0,
                };
                let (label, text) = (random.text(alphabet, 30), random.text(&plain, 10));
                Ok((format!("区{label}"), format!("1{text}"), value))
            })
            .collect::<Result<_, std::num::TryFromIntError>>()?;
        let rows: Vec<Row<'_>> =
            values.iter().map(|(label, text, value)| row(label, text, *value)).collect();
        let (headline, source) = (random.text(alphabet, 60), random.text(&plain, 90));
        let bar = Bar { headline: &headline, source: &source, ..a_bar(&rows) };
        for (name, width) in WIDTHS {
            let Ok(svg) = draw_bar(&bar, width) else { continue };
            whole += 1;
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}: {svg}");
            assert_eq!(svg, draw_bar(&bar, width)?);
            let (texts, (ground, bars)) = (texts(&svg)?, bars(&svg)?);
            for bar in &bars {
                assert!(bar.left >= 0.0 && bar.right <= ground.right, "{name}: {bar:?}");
            }
            for (index, text) in texts.iter().enumerate() {
                assert!(text.left >= 0.0 && text.right <= ground.right, "{name}: {text:?}");
                for other in texts.iter().skip(index + 1).chain(&bars) {
                    assert!(!text.overlaps(other), "{name}: {text:?} and {other:?}");
                }
            }
        }
    }
    assert!(whole > 200, "only {whole} charts were drawn");
    Ok(())
}
