//! Rows that sum up the others, and figures as spreadsheets keep them.

use lockstep_proto::manifest::ChartSpec;

use super::*;

/// Findings of a chart, as code and message.
fn found(kind: &str, headline: &str, unit: &str, data: &str) -> Vec<String> {
    let mut files = files();
    let value = data.lines().next().unwrap().split(',').nth(1).unwrap();
    let category = data.split(',').next().unwrap();
    let settings = TOML
        .replace("kind = \"bar\"", &format!("kind = \"{kind}\""))
        .replace("headline = \"甲\"", &format!("headline = \"{headline}\""))
        .replace("subtitle = \"乙\"", "subtitle = \"各街道情况\"")
        .replace("unit = \"元\"", &format!("unit = \"{unit}\""))
        .replace("category = \"类\"", &format!("category = \"{category}\""))
        .replace("value = \"值\"", &format!("value = \"{value}\""));
    files.insert("bundle.toml".to_owned(), settings.into_bytes());
    files.insert("data/a.csv".to_owned(), data.as_bytes().to_vec());
    let found = read(&files).map_or_else(|found| found, |content| content.warnings);
    let of_charts = ["TS001", "TS007", "TS023", "TS123"];
    let found = found.into_iter().filter(|f| of_charts.contains(&f.code.as_str()));
    found.map(|f| format!("{} {:?} {}", f.code, f.line, f.message)).collect()
}

#[test]
fn headlines_are_held_against_the_parts_and_may_tell_the_total() {
    let data = "街道,件数\n光明,500\n红旗,320\n东风,80\n合计,900\n";
    for (headline, is_so) in [
        ("光明办件量居首", true),
        ("光明500件，占55.6%", true),
        ("三个街道共办理900件", true),
        ("合计办理900件，光明最多", true),
        ("红旗办件量居首", false),
        ("光明500件，占27.8%", false),
    ] {
        let said = found("bar", headline, "件", data);
        assert_eq!(said.is_empty(), is_so, "{headline}: {said:?}");
    }
}

#[test]
fn the_total_is_no_figure_of_a_row() {
    let data = "街道,件数\n光明,5\n红旗,3\n东风,1\n合计,9\n";
    for (headline, is_so) in [
        ("三个街道共办理9件", true),
        ("红旗办理3件", true),
        ("红旗办理9件", false),
        ("红旗办理9件，光明居首", false),
    ] {
        let said = found("bar", headline, "件", data);
        assert_eq!(said.is_empty(), is_so, "{headline}: {said:?}");
    }
}

#[test]
fn a_total_that_is_none_is_told() {
    for (unit, data, sum) in [
        ("件", "街道,件数\n光明,500\n红旗,320\n合计,900\n", Some("820")),
        ("件", "街道,件数\n合计,900\n光明,500\n红旗,320\n", Some("820")),
        ("亿元", "街道,产值\n光明,5.04\n红旗,3.20\n合计,8.50\n", Some("8.24")),
        ("件", "街道,件数\n光明,500\n红旗,320\n合计,820\n", None),
        // Each is rounded.
        ("亿元", "街道,产值\n光明,5.4\n红旗,3.4\n合计,8.9\n", None),
        ("%", "街道,办结率\n光明,95.5\n红旗,93.4\n合计,94.9\n", None),
        ("元", "街道,人均收入\n光明,955\n红旗,934\n合计,949\n", None),
        ("件", "街道,件数\n光明,500\n红旗,320\n合计（含其他）,900\n", None),
        ("人", "街道,人数\n光明,500\n其中：女,220\n红旗,320\n合计,820\n", None),
        ("件", "街道,件数\n光明,500\n红旗,320\n小计,820\n东风,10\n合计,830\n", None),
    ] {
        let said = found("bar", "各街道情况", unit, data);
        let Some(sum) = sum else {
            assert!(said.is_empty(), "{data}: {said:?}");
            continue;
        };
        let is_told =
            |said: &String| said.starts_with("TS123") && said.contains(&format!("相加是 {sum}"));
        assert!(said.len() == 1 && said.iter().all(is_told), "{data}: {said:?}");
    }
    let said = found("bar", "各街道情况", "件", "街道,件数\n合计,900\n光明,500\n红旗,320\n");
    assert!(said[0].starts_with("TS123 Some(2)"), "{said:?}");
}

#[test]
fn per_cents_written_as_parts_of_one_are_told() {
    for (unit, data, is_told) in [
        ("%", "街道,参保率\n光明,0.153\n红旗,0.792\n", true),
        ("%", "街道,占比\n光明,0.15\n红旗,0.79\n", true),
        ("%", "街道,参保率\n光明,15.3\n红旗,79.2\n", false),
        ("%", "街道,参保率\n光明,0.153\n红旗,79.2\n", false),
        ("%", "街道,差错率\n光明,0.153\n红旗,0.12\n", false),
        ("%", "街道,参保率\n光明,0.5\n红旗,0.8\n", false),
        ("", "街道,人员比例\n光明,0.15\n红旗,0.79\n", false),
    ] {
        let said = found("bar", "情况", unit, data);
        let told = said.iter().filter(|said| said.starts_with("TS023 Some(2)")).count();
        assert_eq!(told == 1, is_told, "{data}: {said:?}");
    }
}

#[test]
fn a_reckoned_figure_has_no_tail() {
    let spec: ChartSpec = toml::from_str(
        "id = \"a\"\nkind = \"bar\"\nheadline = \"甲\"\nsubtitle = \"\"\nunit = \"\"\nsource = \"\"\ndata = \"a.csv\"\ncategory = \"项\"\nvalue = \"数\"",
    )
    .unwrap();
    let table = read_table(&spec, "项,数\n甲,31.950000000000003\n乙,31.95\n".as_bytes()).unwrap();
    assert!(table.rows.iter().all(|row| row.cells[0].text == "31.95"), "{table:?}");
}
