//! A bundle with one chart of each kind, for people who choose: its `[[chart]]` tables are there to be
//! copied. All figures are made up.

use std::collections::BTreeMap;

/// Path and bytes of every file.
pub fn files() -> BTreeMap<String, Vec<u8>> {
    macro_rules! files {
        ($($path:literal),+ $(,)?) => {
            [$(($path, &include_bytes!(concat!("../gallery/", $path))[..])),+]
        };
    }
    let files = files![
        "bundle.toml",
        "data/capacity.csv",
        "data/change.csv",
        "data/funds.csv",
        "data/online.csv",
        "data/opinions.csv",
        "data/places.csv",
        "data/pupils.csv",
        "data/roles.csv",
        "data/rules.csv",
        "data/schedule.csv",
        "data/schools.csv",
        "data/spending.csv",
        "data/steps.csv",
        "data/visits.csv",
        "data/waiting.csv",
        "data/windows.csv",
        "interpretation.md",
        "policy.md",
    ];
    files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).into()
}

/// The rendered interpretation, with the lines of `bundle.toml` and the data of each chart below it.
pub fn with_lines(html: &str) -> String {
    let files = files();
    let text = |path: &str| files.get(path).map(|bytes| String::from_utf8_lossy(bytes));
    let settings = text("bundle.toml").unwrap_or_default();
    // Each ends where another table begins.
    let tables = settings.split("[[chart]]").skip(1);
    let tables = tables.filter_map(|table| table.split("\n[").next()).map(str::trim);
    let mut shown = String::with_capacity(html.len() * 2);
    for part in html.split_inclusive("</figure>") {
        let figure = part.strip_suffix("</figure>");
        let id = part.split_once("id=\"chart-").and_then(|(_, rest)| rest.split('"').next());
        let table = id.and_then(|id| {
            let line = format!("id = \"{id}\"");
            tables.clone().find(|table| table.lines().any(|own| own == line))
        });
        let Some((figure, table)) = figure.zip(table) else {
            shown.push_str(part);
            continue;
        };
        let data = table.lines().find_map(|line| line.strip_prefix("data = ")).unwrap_or_default();
        let data = data.trim_matches('"');
        let rows = text(data).unwrap_or_default();
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        shown.push_str(&format!(
            "{figure}<details class=\"lines\"><summary>照抄这一段 <span class=\"en\" lang=\"en\">Lines to \
             copy</span></summary>\n<p>bundle.toml</p>\n<pre>[[chart]]\n{}</pre>\n<p>{data}</p>\n\
             <pre>{}</pre>\n</details>\n</figure>",
            escaped(table),
            escaped(rows.trim_end())
        ));
    }
    shown
}
