//! The brochure: what another program reads in it. The writer itself refuses a file that breaks a rule of
//! PDF/UA-1 which a program can check.

use std::error::Error;

use lockstep_explainer::gallery;
use lockstep_explainer::render::{Output, examine, render};
use lockstep_explainer::theme::Theme;
use lockstep_proto::manifest::{Manifest, Role};
use lopdf::{Dictionary, Document, Object, decode_text_string};

use super::samples;

const TEXT: &str = include_str!("every-block.md");

fn brochure(text: Option<&str>) -> (Manifest, Output) {
    let (mut files, draft) = (gallery::files(), samples::draft().unwrap());
    if let Some(text) = text {
        files.insert("interpretation.md".to_owned(), text.as_bytes().to_vec());
    }
    let outputs = render(&draft, &files, &Theme::plain()).unwrap().outputs;
    let brochure = outputs.into_iter().find(|output| output.role == Role::Brochure).unwrap();
    (draft, brochure)
}

/// A text value of every dictionary of this kind of structure, in the order of the file.
fn said(pdf: &Document, kind: &[u8], key: &[u8]) -> Vec<String> {
    let of_kind = |element: &&Dictionary| {
        element.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == kind)
    };
    let elements = pdf.objects.values().filter_map(|object| object.as_dict().ok());
    let texts = elements.filter(of_kind).filter_map(|element| element.get(key).ok());
    texts.map(|text| decode_text_string(text).unwrap()).collect()
}

fn count(pdf: &Document, kind: &[u8]) -> usize {
    let elements = pdf.objects.values().filter_map(|object| object.as_dict().ok());
    elements
        .filter(|e| e.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == kind))
        .count()
}

fn text_of(pdf: &Document) -> String {
    let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
    let text = pdf.extract_text(&pages).unwrap();
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// How many heads and other cells each row of each table has.
fn tables(pdf: &Document) -> Vec<Vec<(usize, usize)>> {
    let is = |element: &Dictionary, kind: &[u8]| {
        element.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == kind)
    };
    let children = |element: &Dictionary| -> Vec<Dictionary> {
        let kids = match element.get(b"K").map(|kids| pdf.dereference(kids).unwrap().1) {
            Ok(Object::Array(kids)) => kids.clone(),
            Ok(kid) => vec![kid.clone()],
            Err(_) => vec![],
        };
        let kids = kids.iter().filter_map(|kid| pdf.dereference(kid).ok()?.1.as_dict().ok());
        kids.cloned().collect()
    };
    let cells = |row: Dictionary| {
        let of = |kind| children(&row).iter().filter(|cell| is(cell, kind)).count();
        (of(b"TH"), of(b"TD"))
    };
    let elements = pdf.objects.values().filter_map(|object| object.as_dict().ok());
    let tables = elements.filter(|element| is(element, b"Table"));
    tables.map(|table| children(table).into_iter().map(cells).collect()).collect()
}

/// Who reads paper cannot unfold the page's tables.
#[test]
fn a_chart_that_does_not_say_its_figures_has_them_below() -> Result<(), Box<dyn Error>> {
    let (_, brochure) = brochure(None);
    let pdf = Document::load_mem(&brochure.bytes)?;
    let text = text_of(&pdf);
    for told in
        ["数据表：每月登记人次（千人次）", "数据表：每月线上登记人次（千人次）", "2025年11月1.93.1"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    // Its bars have them.
    assert!(!text.contains("数据表：2026年各登记方式平均等候时间"));
    // On the sheet of its chart.
    for page in pdf.get_pages().into_keys() {
        let text: String = pdf.extract_text(&[page])?.split_whitespace().collect();
        assert_eq!(text.contains("折线图line"), text.contains("2025年11月1.93.1"), "{text}");
    }
    let tables = tables(&pdf);
    assert!(tables.iter().all(|rows| rows.iter().all(|(th, td)| th + td == rows[0].0)));
    assert!(tables.len() > 3);
    Ok(())
}

/// More columns than a sheet holds are several tables.
#[test]
fn many_panels_have_their_figures_below_too() -> Result<(), Box<dyn Error>> {
    let (mut files, mut draft) = (gallery::files(), samples::draft()?);
    let names: Vec<String> = (1..=11).map(|n| format!("第{n}街道")).collect();
    let rows: Vec<String> = (2017..2026)
        .map(|year| {
            let cells: Vec<_> = (1..=11).map(|n| format!(",{}", n * 1000 + year % 100)).collect();
            format!("{year}年{}", cells.concat())
        })
        .collect();
    let data = format!("年份,{}\n{}\n", names.join(","), rows.join("\n"));
    draft.charts.retain(|chart| chart.id.as_str() == "multiples");
    let chart = draft.charts.first_mut().ok_or("no such chart")?;
    (chart.values, chart.data) = (names, "data/many.csv".to_owned());
    files.insert("data/many.csv".to_owned(), data.into_bytes());
    let text = "# 解读\n\n![各街道](chart:multiples)\n";
    files.insert("interpretation.md".to_owned(), text.as_bytes().to_vec());
    let outputs = render(&draft, &files, &Theme::plain()).map_err(|found| format!("{found:?}"))?;
    let brochure = outputs.outputs.into_iter().find(|output| output.role == Role::Brochure);
    let pdf = Document::load_mem(&brochure.ok_or("no brochure")?.bytes)?;
    let mut columns: Vec<usize> =
        tables(&pdf).iter().filter_map(|rows| Some(rows.first()?.0)).collect();
    columns.sort_unstable();
    assert_eq!(columns, [6, 7]);
    let said = text_of(&pdf);
    assert!(said.contains("数据表：") && said.contains("11,025"), "{said}");
    Ok(())
}

#[test]
fn every_chart_is_described_and_the_pages_are_a5() -> Result<(), Box<dyn Error>> {
    let (draft, brochure) = brochure(None);
    assert_eq!(
        (&*brochure.path, brochure.media_type),
        ("rendered/brochure.pdf", "application/pdf")
    );
    let pdf = Document::load_mem(&brochure.bytes)?;
    let described = said(&pdf, b"Figure", b"Alt");
    assert_eq!(described.len(), draft.charts.len());
    for chart in &draft.charts {
        let says = |text: &&String| text.starts_with(&format!("{}。", chart.headline));
        let text = described.iter().find(says).ok_or_else(|| chart.headline.clone())?;
        assert!(text.chars().count() > chart.headline.chars().count() + 10, "{text}");
    }
    let pages = pdf.get_pages();
    assert!(pages.len() > 5);
    for page in pages.values() {
        let size = pdf.get_dictionary(*page)?.get(b"MediaBox")?.as_array()?;
        let size: Vec<f32> = size.iter().map(|n| n.as_float().unwrap()).collect();
        // 148 by 210 mm, within a tenth.
        assert!((size[2] / 72.0 * 25.4 - 148.0).abs() < 0.1, "{size:?}");
        assert!((size[3] / 72.0 * 25.4 - 210.0).abs() < 0.1, "{size:?}");
    }
    let numbers = format!("{0}/{0}", pages.len());
    assert!(text_of(&pdf).ends_with(&numbers));
    Ok(())
}

#[test]
fn a_brochure_says_every_word_in_its_structure() -> Result<(), Box<dyn Error>> {
    let (_, brochure) = brochure(Some(TEXT));
    let pdf = Document::load_mem(&brochure.bytes)?;
    let catalog = pdf.catalog()?;
    assert_eq!(decode_text_string(catalog.get(b"Lang")?)?, "zh-CN");
    let text = text_of(&pdf);
    // Words of every block; slots and addresses are not for paper.
    let mut words = 0;
    for line in TEXT.lines().filter(|line| !line.contains("chart:") && !line.contains("{{")) {
        for word in line.split(|c: char| !('\u{4e00}'..='\u{9fff}').contains(&c)) {
            if word.chars().count() > 2 {
                assert!(text.contains(word), "{word} is not in {text}");
                words += 1;
            }
        }
    }
    assert!(words > 20, "{words} words");
    for (kind, least) in [
        (&b"H1"[..], 1),
        (b"H2", 1),
        (b"P", 3),
        (b"L", 1),
        (b"LI", 2),
        (b"Table", 1),
        (b"TH", 2),
        (b"TD", 2),
    ] {
        assert!(count(&pdf, kind) >= least, "{}", String::from_utf8_lossy(kind));
    }
    let tables = tables(&pdf);
    assert_eq!(tables.iter().map(Vec::len).sum::<usize>(), count(&pdf, b"TR"));
    for rows in tables {
        let (heads, _) = rows[0];
        assert!(heads > 0 && rows.iter().all(|(th, td)| th + td == heads), "whole rows: {rows:?}");
        assert!(rows[1..].iter().all(|(th, _)| *th == 0), "{rows:?}");
    }
    assert!(said(&pdf, b"H1", b"T")[0].chars().count() > 3);
    Ok(())
}

/// Words that lead somewhere do so in the PDF as well; the picture prints no address.
#[test]
fn links_lead_where_they_do_on_the_page() -> Result<(), Box<dyn Error>> {
    let text = format!(
        "{TEXT}\n\n见[办事网站](https://example.org/办事?a=1)，[回到上面](#一)，<a@example.org>。\n"
    );
    let (_, brochure) = brochure(Some(&text));
    let pdf = Document::load_mem(&brochure.bytes)?;
    let actions = pdf.objects.values().filter_map(|object| object.as_dict().ok());
    let actions = actions.filter_map(|dict| dict.get(b"A").ok()?.as_dict().ok()?.get(b"URI").ok());
    let mut leads: Vec<String> = actions
        .map(|uri| String::from_utf8_lossy(uri.as_str().unwrap_or_default()).into_owned())
        .collect();
    leads.sort();
    assert!(leads.contains(&"https://example.org/%E5%8A%9E%E4%BA%8B?a=1".to_owned()), "{leads:?}");
    assert!(leads.contains(&"mailto:a@example.org".to_owned()), "{leads:?}");
    assert!(leads.iter().all(|lead| !lead.starts_with('#')), "{leads:?}");
    assert!(count(&pdf, b"Link") >= 2);
    assert!(!text_of(&pdf).contains("https://example.org"));
    Ok(())
}

#[test]
fn a_high_comparison_goes_on_on_other_sheets_and_what_cannot_is_named() -> Result<(), Box<dyn Error>>
{
    let (mut files, draft) = (gallery::files(), samples::draft().unwrap());
    let (old, new) = ("原来的规定写在这里。".repeat(4), "新的规定写在这里。".repeat(5));
    let rows: Vec<_> = (1..=20).map(|n| format!("第{n}项,{old},{new}")).collect();
    let rows = rows.join("\n");
    files.insert("data/rules.csv".to_owned(), format!("事项,原规定,新规定\n{rows}").into_bytes());
    let found = examine(&draft, &files, &Theme::plain());
    assert!(found.is_empty(), "{found:?}");
    // Steps below each other have no rows to be cut at.
    let step = |n: usize| format!("第{n}步办理手续并且等候通知");
    let steps: Vec<_> = (1..20).map(|n| format!("{},{},", step(n), step(n + 1))).collect();
    let steps = steps.join("\n");
    let steps = format!("步骤,下一步,条件\n{steps}\n{},,\n", step(20));
    files.insert("data/steps.csv".to_owned(), steps.into_bytes());
    let found = examine(&draft, &files, &Theme::plain());
    let [found] = &found[..] else { return Err(format!("{found:?}").into()) };
    assert_eq!(found.code, "TS017");
    assert!(found.message.contains("（flow）"), "{found:?}");
    Ok(())
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    assert_eq!(brochure(Some(TEXT)).1, brochure(Some(TEXT)).1);
}
