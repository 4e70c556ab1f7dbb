//! `docs/bundle.md` and the pages of codes against the parser: neither can drift from it.

use std::collections::BTreeSet;

use super::*;
use crate::pages;

const REFERENCE: &str = include_str!("../../../../../docs/bundle.md");

/// The complete example.
fn example() -> &'static str {
    let (_, rest) = REFERENCE.split_once("```toml\n").unwrap();
    rest.split_once("```").unwrap().0
}

/// Tables as `[order]` and `[[chart]]`, and all keys, of a TOML text.
fn names(text: &str) -> BTreeSet<String> {
    let table: toml::Table = toml::from_str(text).unwrap();
    let mut names = BTreeSet::new();
    for (key, value) in &table {
        let listed = value.as_array().into_iter().flatten().filter_map(toml::Value::as_table);
        let rows: Vec<&toml::Table> = value.as_table().into_iter().chain(listed).collect();
        names.insert(match (value.is_table(), rows.is_empty()) {
            (true, _) => format!("[{key}]"),
            (false, false) => format!("[[{key}]]"),
            (false, true) => key.clone(),
        });
        names.extend(rows.iter().flat_map(|row| row.keys().cloned()));
    }
    names
}

/// The example, and what stands in place of some of its keys.
fn variants() -> [String; 4] {
    let instants =
        "not_before = \"2027-01-05T09:00:00+08:00\"\nnot_after = \"2027-01-08T00:00:00+08:00\"";
    let digest = format!("archived = \"sha256:{}\"", "0".repeat(64));
    [
        example().to_owned(),
        example().replace("working_days = 3", instants).replace(
            r#"slots = ["文号", "成文日期"]"#,
            "number = \"示教〔2027〕1号\"\nwritten_on = \"2027年1月5日\"",
        ),
        example().replace(
            "type = \"own\"",
            &format!("type = \"upstream\"\nsource = \"某网\"\n{digest}"),
        ),
        example().replace(
            "type = \"own\"",
            "type = \"exempt\"\nground = \"g\"\nreason = \"r\"\ndecider = \"d\"",
        ),
    ]
}

fn known() -> BTreeSet<String> {
    variants().iter().flat_map(|text| names(text)).collect()
}

#[test]
fn the_documented_example_is_read_as_it_stands() {
    for text in variants() {
        let settings = read(text.as_bytes()).unwrap();
        assert_eq!(settings.stated.links.len(), 1);
        assert_eq!(settings.charts.len(), 1);
        assert!(settings.brief.is_some());
    }
}

/// What serde says it expects where a key is unknown: all the keys there are.
fn expected(text: &str) -> BTreeSet<String> {
    let findings = read(text.as_bytes()).unwrap_err();
    let said = findings.first().unwrap().message.clone();
    let (_, list) = said.split_once("expected").unwrap_or_else(|| panic!("{said}"));
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_key_of_the_parser_stands_in_the_documented_examples() {
    // Within each table, and before the first, a key that there is not.
    let headers = example().lines().filter(|line| line.starts_with('['));
    let tables = headers
        .map(|header| (header, example().replacen(header, &format!("{header}\nnone = 1"), 1)));
    let all = std::iter::once(("", format!("none = 1\n{}", example()))).chain(tables);
    let written = known();
    for (table, text) in all {
        for key in expected(&text) {
            let forms = [key.clone(), format!("[{key}]"), format!("[[{key}]]")];
            assert!(forms.iter().any(|form| written.contains(form)), "{table} {key}");
        }
    }
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.starts_with("```"))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The key or table that a quote names, where it has the form of one.
fn named(quote: &str) -> Option<&str> {
    let name = quote.split_once(" = ").map_or(quote, |(key, _)| key);
    let is_key = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    (is_key || name.starts_with('[') && name.ends_with(']')).then_some(name)
}

/// Values and a slip that the texts speak of.
const OTHERS: [&str; 15] = [
    "issue",
    "proactive",
    "on_request",
    "withheld",
    "own",
    "upstream",
    "exempt",
    "bar",
    "background",
    "goals",
    "content",
    "standard",
    "notes",
    "terms",
    "titel",
];

#[test]
fn keys_named_in_the_reference_and_on_pages_are_keys() {
    let (known, mut seen) = (known(), BTreeSet::new());
    let pages = pages::families().iter().flat_map(|family| &family.pages);
    let lines = pages.flat_map(|page| page.lines.iter().map(|[_, text]| *text));
    for quote in std::iter::once(REFERENCE).chain(lines).flat_map(quoted) {
        let Some(name) = named(quote) else { continue };
        let is_value = OTHERS.contains(&name) || ["benefits", "changes"].contains(&name);
        assert!(known.contains(name) || is_value, "{quote}");
        seen.insert(name);
        if quote.contains(" = ") {
            assert!(toml::from_str::<toml::Table>(quote).is_ok(), "{quote}");
        }
    }
    // And the other way round: each is explained.
    let unsaid: Vec<_> = known.iter().filter(|name| !seen.contains(name.as_str())).collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");
}

#[test]
fn what_cannot_be_read_is_said_in_chinese_too() {
    for (line, by, said) in [
        ("title = ", "titel = ", "未知的键 titel，可用的有 kind、title、"),
        ("type = \"own\"", "type = \"mine\"", "值 mine 不可用，可用的有 own、upstream、exempt"),
        ("type = \"own\"", "", "缺少 type / missing field"),
        ("type = \"own\"", "type = 1", "值的类型不对 / "),
        ("id = \"windows\"", "id = \"图1\"", "图表的 id 用小写英文字母、数字和 - 写"),
        ("type = \"own\"", "type = \"own\"\ntype = \"own\"", "键重复 / "),
    ] {
        let text = example().replacen(line, by, 1);
        let found = read(text.as_bytes()).unwrap_err();
        assert!(found[0].message.contains(said), "{}", found[0].message);
    }
}

#[test]
fn a_chart_that_lacks_something_is_named_with_what_to_write() {
    let found = |line: &str, by: &str| {
        let text = example().replacen(line, by, 1);
        read(text.as_bytes()).map_err(|found| found[0].message.clone())
    };
    let unit = "unit = \"分钟\"".to_owned();
    let subtitle =
        example().lines().find(|line| line.starts_with("subtitle = ")).unwrap().to_owned();
    let said = found(&unit, "").unwrap_err();
    assert!(said.contains("图表 windows 缺少 unit：没有单位的写 unit = \"\""), "{said}");
    let said = found(&subtitle, "").unwrap_err();
    assert!(said.contains("图表 windows 缺少 subtitle"), "{said}");
    // Charts of words have none.
    let kind =
        example().lines().find(|line| line.starts_with("kind = \"bar\"")).unwrap().to_owned();
    let words = example().replacen(&unit, "", 1).replacen(&kind, "kind = \"flow\"", 1);
    assert_eq!(read(words.as_bytes()).unwrap().charts[0].unit, "");
    for (written, meant) in
        [("pie", "donut（环形图）"), ("柱状图", "column（柱形图）"), ("折线图", "line（折线图）")]
    {
        let said = found(&kind, &format!("kind = \"{written}\"")).unwrap_err();
        assert!(said.contains(&format!("请写 {meant}")), "{said}");
        assert_eq!(said.matches("small_multiples").count(), 1, "{said}");
    }
    let said = found(&kind, "kind = \"radar\"").unwrap_err();
    assert!(said.contains("值 radar 不可用") && said.contains("donut 环形图"), "{said}");
}

#[test]
fn what_is_too_long_is_named_with_its_key_and_limit() {
    let refused = |text: &str| -> Vec<String> {
        let found = read(text.as_bytes()).map_or_else(|found| found, |_| vec![]);
        found
            .into_iter()
            .map(|found| format!("{}:{:?} {}", found.code, found.line, found.message))
            .collect()
    };
    let key = |text: &str, key: &str, value: &str| -> String {
        let is_it = |line: &str| line.split('=').next().unwrap().trim() == key;
        let line = |line| if is_it(line) { format!("{key} = {value}") } else { String::from(line) };
        text.lines().map(line).collect::<Vec<_>>().join("\n")
    };
    let long = |count: usize| format!("\"{}\"", "长".repeat(count));
    for (name, chars, most) in [
        ("title", 301, "title 有 301 字，最多 300 字"),
        ("publishing", 1_500_000 / 30, "agencies.publishing 有 50000 字，最多 100 字"),
        ("ground", 501, "disclosure.ground 有 501 字，最多 500 字"),
        ("purpose", 2001, "plan.purpose 有 2001 字，最多 2000 字"),
    ] {
        let text = key(example(), name, &long(chars));
        assert_ne!(text, example().trim_end(), "{name}");
        let said = refused(&text);
        assert!(said.len() == 1 && said[0].contains(most), "{name}: {said:?}");
        let line = text.lines().position(|line| line.starts_with(name)).unwrap() + 1;
        assert!(said[0].starts_with(&format!("TS001:Some({line}) ")), "{said:?}");
    }
    let many = format!("[{}]", "\"甲局\", ".repeat(101));
    let said = refused(&key(example(), "issuing", &many));
    assert!(
        said.len() == 1 && said[0].contains("agencies.issuing 有 101 项，最多 100 项"),
        "{said:?}"
    );
    assert!(refused(&key(example(), "title", &long(300))).is_empty());
}

#[test]
fn nothing_that_turns_the_direction_of_writing_is_taken() {
    for turned in ["\u{202e}", "\\u202E", "\u{200f}", "\\u0007"] {
        let text = example().replacen("关于优化", &format!("关于{turned}优化"), 1);
        let found = read(text.as_bytes()).unwrap_err();
        let said: Vec<_> = found.iter().map(|found| (found.code.as_str(), found.line)).collect();
        assert_eq!(said, [("TS003", Some(2))], "{found:?}");
    }
}

#[test]
fn a_file_of_settings_that_the_bus_would_not_carry_is_refused() {
    let text = format!("{}\n#{}", example(), "x".repeat(256 << 10));
    let files = [(SETTINGS.to_owned(), text.into_bytes())].into();
    let found = super::super::read(&files).unwrap_err();
    let said: Vec<_> =
        found.iter().map(|found| (found.code.as_str(), found.help.contains("256"))).collect();
    assert_eq!(said, [("TS005", true)]);
}
