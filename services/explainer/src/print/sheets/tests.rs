//! Pages of plain blocks, cut.

use plotters::style::RGBColor;
use proptest::prelude::*;

use super::*;

/// Things below each other, with gaps.
fn page(blocks: &[(Part, u32, u32, u32)]) -> Page {
    let (mut things, mut y) = (vec![], 0);
    for (block, (part, lines, height, gap)) in blocks.iter().enumerate() {
        for _ in 0..*lines {
            let colour = RGBColor(0, 0, 0);
            let what = What::Ground { left: 0, width: 10, colour };
            let block = u32::try_from(block).unwrap_or(0);
            things.push(Thing { top: y, height: *height, part: *part, block, what });
            y += height;
        }
        y += gap;
    }
    Page { width: 1080, height: y, foot: y, things }
}

fn starts(page: &Page) -> Vec<u32> {
    cut(page).iter().skip(1).map(|sheet| sheet.rows.start).collect()
}

#[test]
fn a_heading_stays_with_what_it_heads() {
    let page =
        page(&[(Part::Figure, 1, 1380, 10), (Part::Heading(2), 1, 40, 4), (Part::Text, 9, 50, 0)]);
    assert_eq!(starts(&page), [1390]);
}

#[test]
fn a_heading_and_a_few_lines_stay_with_the_figure_they_lead_to() {
    let of = |lines: u32, figure: u32| {
        page(&[
            (Part::Text, 9, 100, 10),
            (Part::Heading(2), 1, 40, 4),
            (Part::Text, lines, 50, 6),
            (Part::Figure, 1, figure, 10),
            (Part::Heading(2), 1, 40, 4),
            (Part::Text, 1, 50, 6),
            (Part::Figure, 1, figure, 10),
        ])
    };
    let led = |lines: u32, figure: u32| -> Vec<u32> {
        starts(&of(lines, figure)).into_iter().take(1).collect()
    };
    assert_eq!(led(2, 900), [910]);
    // Each figure in a frame, each heading beside an ornament.
    let mut framed = of(2, 900);
    let ornaments: Vec<Thing> = framed
        .things
        .iter()
        .filter(|thing| matches!(thing.part, Part::Figure | Part::Heading(_)))
        .map(|thing| {
            let colour = RGBColor(0, 0, 0);
            let what = What::Ground { left: 0, width: 10, colour };
            let (top, height, block) = (thing.top - 2, thing.height + 4, thing.block);
            Thing { top, height, part: Part::Ornament, block, what }
        })
        .collect();
    framed.things.extend(ornaments);
    let second = 910 + 44 + 106 + 910;
    assert_eq!(starts(&framed), [908, second - 2]);
    // A longer text may be left before its figure, and so may any where both would be too small.
    assert_eq!(led(6, 900), [910 + 44 + 306]);
    assert_eq!(led(2, 1300), [910], "made a little smaller");
    assert_eq!(led(2, 3000), [910 + 44 + 106]);
}

#[test]
fn a_lead_parts_from_its_figure_rather_than_leave_a_sheet_bare() {
    let of = |above: u32| {
        starts(&page(&[
            (Part::Figure, 1, 1430, 6),
            (Part::Text, above, 100, 10),
            (Part::Heading(2), 1, 60, 4),
            (Part::Text, 3, 56, 6),
            (Part::Figure, 1, 1100, 10),
        ]))
    };
    // With four lines above it would fill a third.
    assert_eq!(of(4), [1436, 1436 + 400 + 10 + 64 + 168 + 6]);
    assert_eq!(of(8), [1436, 1436 + 800 + 10]);
}

#[test]
fn a_heading_with_its_lead_is_not_alone_on_a_sheet_where_its_chart_can_be_read_beside_it() {
    let of = |figure: u32| {
        let blocks = [
            (Part::Figure, 1, 1400, 10),
            (Part::Heading(2), 1, 60, 4),
            (Part::Text, 2, 60, 6),
            (Part::Figure, 1, figure, 10),
            (Part::Text, 2, 60, 0),
        ];
        let mut page = page(&blocks);
        page.foot = page.height - 120;
        page
    };
    let sheets = cut(&of(1500));
    assert_eq!(sheets.iter().map(|sheet| sheet.rows.start).collect::<Vec<_>>(), [0, 1410]);
    assert!(sheets.iter().all(|sheet| sheet.scale() >= LEGIBLE_SCALE));
    // What could not be read beside them has a sheet of its own.
    assert_eq!(starts(&of(1700)), [1410, 1600]);
}

#[test]
fn what_is_made_too_small_is_counted() {
    let illegible = |height| list_illegible(&page(&[(Part::Figure, 1, height, 0)])).len();
    assert_eq!([1000, 2200, 2500, 3000].map(illegible), [0, 0, 1, 1]);
}

#[test]
fn no_line_of_a_paragraph_stands_alone() {
    // Room for one line, then for all but one.
    let first = page(&[(Part::Figure, 1, 1370, 10), (Part::Text, 5, 50, 0)]);
    assert_eq!(starts(&first), [1380]);
    let last = page(&[(Part::Figure, 1, 1170, 10), (Part::Text, 6, 50, 0)]);
    assert_eq!(starts(&last), [1180 + 4 * 50]);
}

#[test]
fn what_is_higher_than_a_sheet_has_one_of_its_own_and_is_made_smaller() {
    let page =
        page(&[(Part::Text, 2, 50, 10), (Part::Figure, 1, 3000, 10), (Part::Text, 2, 50, 0)]);
    assert_eq!(starts(&page), [110, 3120]);
    let sheets = cut(&page);
    assert!(sheets.iter().map(Sheet::scale).collect::<Vec<_>>()[1] < 0.5);
}

#[test]
fn only_the_chart_is_made_smaller() {
    let of = |figure| {
        page(&[
            (Part::Heading(1), 4, 80, 30),
            (Part::Heading(2), 1, 40, 10),
            (Part::Figure, 1, figure, 10),
            (Part::Text, 2, 50, 0),
        ])
    };
    let sheets = cut(&of(1250));
    let sizes = |sheet: &Sheet| -> Vec<(u32, f32)> {
        sheet.bands().iter().map(|band| (band.rows.start, band.scale)).collect()
    };
    let [(0, 1.0), (400, smaller), (1650, 1.0)] = sizes(&sheets[0])[..] else {
        unreachable!("{:?}", sizes(&sheets[0]));
    };
    assert!(smaller < 0.9, "{smaller}");
    let last = sheets[0].point(1660, 1.0).y;
    assert!((last - length(FIRST_ROOM)).abs() < 0.1, "{last}");
    // Too small to be read below the title: on the next sheet.
    assert_eq!(starts(&of(1700)), [350, 350 + 50 + 1710]);
}

/// A table of so many rows, its head 80 high, each row 100, below something of this height.
fn tabled(above: u32, rows: u16) -> Page {
    let mut page = page(&[(Part::Figure, 1, above, 0)]);
    for row in 0..=rows {
        let (top, height) = (page.height, if row == 0 { 80 } else { 100 });
        let what = || What::Ground { left: 0, width: 10, colour: RGBColor(0, 0, 0) };
        let cell = Part::Cell { row, column: 0, is_head: row == 0 };
        for (top, height, part) in [(top, height, Part::Ornament), (top + 14, height - 28, cell)] {
            page.things.push(Thing { top, height, part, block: 1, what: what() });
        }
        page.height += height;
    }
    page.foot = page.height;
    page
}

#[test]
fn the_head_of_a_table_stays_with_its_first_row_and_stands_above_those_that_go_on() {
    // Room for the head, not for the first row.
    let page = tabled(1300, 3);
    assert_eq!(starts(&page), [1300]);
    assert!(cut(&page).iter().all(|sheet| sheet.head.is_empty()));
    let page = tabled(1200, 20);
    let sheets = cut(&page);
    let heads: Vec<_> = sheets.iter().map(|sheet| sheet.head.clone()).collect();
    assert_eq!(heads, [0..0, 1200..1280, 1200..1280]);
    assert!(sheets.iter().all(|sheet| high(&sheet.rows) + high(&sheet.head) <= FIRST_ROOM));
    assert_eq!(starts(&page), [1380, 1380 + 1200]);
}

#[test]
fn a_table_is_whole_where_a_sheet_holds_it_and_no_row_stands_alone() {
    // Room for the head and one row; for all but the last.
    assert_eq!(starts(&tabled(1250, 3)), [1250]);
    assert_eq!(starts(&tabled(1000, 4)), [1000]);
    // Too much would be left empty: it is cut, and two rows go over.
    assert_eq!(starts(&tabled(500, 9)), [500 + 80 + 700]);
    assert_eq!(starts(&tabled(540, 10)), [540 + 80 + 800]);
}

#[test]
fn what_a_colon_announces_stays_with_it() {
    let of = |last: char| {
        let mut page =
            page(&[(Part::Text, 9, 100, 10), (Part::Text, 1, 50, 10), (Part::Figure, 1, 900, 10)]);
        for thing in page.things.iter_mut().filter(|thing| thing.top == 910) {
            let glyph =
                crate::page::Glyph { character: last, weight: crate::font::Weight::Regular, x: 0 };
            let (size, colour) = (330, RGBColor(0, 0, 0));
            thing.what =
                What::Line { baseline: 40, size, colour, glyphs: vec![glyph], links: vec![] };
        }
        starts(&page)
    };
    assert_eq!(of('。'), [970]);
    assert_eq!(of('：'), [910]);
}

#[test]
fn a_chart_is_made_a_little_smaller_to_fit_the_rest_of_a_sheet() {
    let of = |figure: u32| {
        starts(&page(&[
            (Part::Text, 9, 70, 10),
            (Part::Figure, 1, figure, 10),
            (Part::Text, 12, 70, 10),
        ]))
    };
    assert_eq!(of(700), [640 + 710], "it fits");
    assert_eq!(of(950), [640 + 960], "made smaller");
    assert_eq!(of(1050).first(), Some(&640), "too small");
}

#[test]
fn the_figures_of_a_chart_stand_below_it_on_its_sheet_and_under_their_caption() {
    let of = |chart: u32, rows: u16| {
        let mut page = page(&[(Part::Text, 3, 60, 10), (Part::Figure, 1, chart, 10)]);
        let caption = page.height;
        page.things.extend(self::page(&[(Part::Caption, 1, 40, 0)]).things.into_iter().map(
            |thing| Thing {
                top: caption,
                block: 2,
                what: What::Line {
                    baseline: 30,
                    size: 240,
                    colour: RGBColor(0, 0, 0),
                    glyphs: vec![],
                    links: vec![],
                },
                ..thing
            },
        ));
        let table = tabled(0, rows);
        page.height += 40;
        for thing in table.things.into_iter().filter(|thing| thing.block == 1) {
            page.things.push(Thing { top: page.height + thing.top, block: 3, ..thing });
        }
        page.height += table.height;
        page.foot = page.height;
        (starts(&page), caption)
    };
    assert_eq!(of(700, 4).0, [0; 0], "it fits");
    assert_eq!(of(880, 4).0, [0; 0], "the chart a little smaller");
    // Too small: head and caption go together, and no row is torn.
    let (cut, caption) = of(900, 9);
    assert_eq!(cut, [caption]);
}

#[test]
fn the_last_sheet_has_more_than_the_foot() {
    let of = |lines: u32| {
        let mut page = page(&[
            (Part::Figure, 1, 700, 10),
            (Part::Text, 6, 50, 10),
            (Part::Text, lines, 50, 48),
            (Part::Text, 2, 50, 0),
        ]);
        page.foot = page.height - 100;
        page
    };
    // The foot does not fit: the last paragraph comes along, and more where it is short.
    assert_eq!(starts(&of(7)), [1020]);
    assert_eq!(starts(&of(6)), [1020]);
    let page = page(&[(Part::Figure, 1, 1400, 10), (Part::Text, 2, 50, 0)]);
    let sheets = cut(&Page { foot: 1410, ..page });
    assert_eq!(sheets.len(), 1, "made a little smaller");
}

fn a_block() -> impl Strategy<Value = (Part, u32, u32, u32)> {
    let part = prop_oneof![
        4 => Just(Part::Text),
        1 => Just(Part::Item),
        1 => Just(Part::Heading(2)),
        1 => Just(Part::Figure),
        1 => Just(Part::Ornament),
    ];
    (part, 1..12_u32, 1..400_u32, 0..40_u32)
}

proptest! {
    #[test]
    fn sheets_hold_the_page_and_cut_nothing(blocks in proptest::collection::vec(a_block(), 1..40)) {
        let page = page(&blocks);
        let sheets = cut(&page);
        let mut reached = 0;
        for sheet in &sheets {
            prop_assert_eq!(sheet.rows.start, reached);
            prop_assert!(sheet.rows.end > reached || page.height == 0);
            reached = sheet.rows.end;
            let cut = |thing: &&Thing| thing.top < reached && thing.top + thing.height > reached;
            prop_assert!(page.things.iter().find(cut).is_none());
        }
        prop_assert_eq!(reached, page.height);
    }
}
