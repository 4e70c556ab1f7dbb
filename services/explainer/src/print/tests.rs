//! What a file of sheets holds.

use std::error::Error;

use lockstep_gate::bundle::{Cell, Row, Table};
use lockstep_proto::manifest::ChartKind;
use lopdf::Document;

use super::pdf;
use crate::{
    chart::{Chart, Width, draw},
    page::Drawing,
};

/// Bars of 50 rows, of six series each.
fn high() -> Result<Drawing, Box<dyn Error>> {
    let row = |row: u32| {
        let cell = |series: u32| {
            let value = 10_000 + (row * 7919 + series * 104_729) % 89_999;
            Cell { text: value.to_string(), value: Some(f64::from(value)) }
        };
        Row { label: format!("街道{row}（含园区）"), cells: (0..6).map(cell).collect() }
    };
    let series = (1..=6).map(|series| format!("系列{series}")).collect();
    let table = Table { series, rows: (1..=50).map(row).collect() };
    let chart = Chart {
        id: "high",
        kind: ChartKind::GroupedBar,
        headline: "各街镇登记情况",
        subtitle: "情况",
        unit: "个",
        source: "示例区统计局",
        table: &table,
    };
    Ok(Drawing::read(&draw(&chart, Width::Long1080)?)?)
}

#[test]
fn a_chart_over_many_sheets_is_not_all_of_it_on_each() -> Result<(), Box<dyn Error>> {
    let chart = high()?;
    // Where it may not be cut it has one sheet, and is made smaller.
    let whole = Drawing { rows: vec![], ..chart.clone() };
    let bytes = |chart: Drawing| pdf(&chart.into_page(), "示例区教育局");
    let (cut, whole) = (bytes(chart)?, bytes(whole)?);
    let sheets = |file: &[u8]| Ok::<_, lopdf::Error>(Document::load_mem(file)?.get_pages().len());
    assert_eq!(sheets(&whole)?, 1);
    assert!(sheets(&cut)? > 9, "{} sheets", sheets(&cut)?);
    assert!(cut.len() < 2 * whole.len(), "{} bytes cut, {} whole", cut.len(), whole.len());
    Ok(())
}

#[test]
fn a_chart_that_goes_on_is_named_on_each_of_its_sheets() -> Result<(), Box<dyn Error>> {
    let file = Document::load_mem(&pdf(&high()?.into_page(), "示例区教育局")?)?;
    for (index, page) in file.get_pages().into_keys().enumerate() {
        let text: String = file.extract_text(&[page])?.split_whitespace().collect();
        assert_eq!(text.contains("各街镇登记情况（续）"), index > 0, "sheet {page}: {text}");
    }
    Ok(())
}
