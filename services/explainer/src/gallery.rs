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
