//! Settings in layers: `lockstep.toml`, over it the environment, over that flags. Every error names
//! the place where a person wrote what is not right.
//!
//! ```text
//! [cluster]                                    lockstep.toml
//! postgres = "db:5432/lockstep"
//! LOCKSTEP_SET_CLUSTER__POSTGRES=db:5432/…     the environment: `__` stands between the parts
//! --setting cluster.postgres=db:5432/…         flags
//! ```
//!
//! A value is read as TOML (`7`, `["a", "b"]`, `"7"`), and as text where it is none.

use std::{ffi::OsString, fs, ops::Range, path::Path};

use anyhow::{Context as _, bail};
use serde::{Serialize, de::DeserializeOwned};
use toml::{Table, Value};
use toml_edit::{Document, DocumentMut, Item};

/// Begins the names of settings in the environment.
const PREFIX: &str = "LOCKSTEP_SET_";

/// What else begins with `LOCKSTEP_`: the program's own, then those of scripts and tests.
const OTHERS: [&str; 10] = [
    "LOCKSTEP_HOME",
    "LOCKSTEP_AS",
    "LOCKSTEP_LOG",
    "LOCKSTEP_LOG_FORMAT",
    "LOCKSTEP_POSTGRES_ADMIN",
    "LOCKSTEP_BIN",
    "LOCKSTEP_BLESS",
    "LOCKSTEP_CHAOS",
    "LOCKSTEP_CLOCK_FILE",
    "LOCKSTEP_MODEL",
];
const TESTS: &str = "LOCKSTEP_TEST_";

/// Who a deployment is: nothing but its file says that.
const FIXED: [&str; 7] = [
    "deployment",
    "root",
    "epoch",
    "portal.channel",
    "folder.channel",
    "cluster.console_key",
    "cluster.release_keys",
];

/// Keys whose values are never printed.
const SECRET: [&str; 4] = ["password", "secret", "secret_key", "token"];

/// Everything that was said about settings, and where.
#[derive(Debug, Clone)]
pub(super) struct Layers {
    /// The file's name, for people.
    file: String,
    text: String,
    /// In order: later ones win.
    over: Vec<Over>,
}

/// One setting from above the file.
#[derive(Debug, Clone)]
struct Over {
    path: Vec<String>,
    value: Value,
    place: String,
}

impl Layers {
    /// Reads the file and takes in this process's environment and flags such as `staff=…`.
    pub(super) fn read(file: &Path, flags: &[String]) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file).with_context(|| {
            format!(
                "{} 无法读取；先运行 lockstep init / cannot be read; run lockstep init first",
                file.display()
            )
        })?;
        Self::of(file.display().to_string(), text, std::env::vars_os(), flags)
    }

    fn of(
        file: String,
        text: String,
        environment: impl Iterator<Item = (OsString, OsString)>,
        flags: &[String],
    ) -> anyhow::Result<Self> {
        let mut over = vec![];
        for (name, value) in environment {
            let name = name.to_string_lossy();
            if let Some(path) = name.strip_prefix(PREFIX) {
                let path = path.split("__").map(str::to_lowercase).collect();
                let value = value.into_string().ok().with_context(|| {
                    format!("环境变量 {name} 不是 UTF-8 / the environment's {name} is not UTF-8")
                })?;
                over.push(Over { path, value: read_value(&value), place: name.into_owned() });
            } else if name.starts_with("LOCKSTEP_")
                && !name.starts_with(TESTS)
                && !OTHERS.contains(&&*name)
            {
                let near = nearest(&name, OTHERS.into_iter().chain([PREFIX]));
                bail!(
                    "没有环境变量 {name}{near_zh} / the environment's {name} is none of ours{near_en}; \
                     settings begin with {PREFIX}",
                    near_zh = near.map_or(String::new(), |near| format!("，是否指 {near}？")),
                    near_en = near.map_or(String::new(), |near| format!(": {near}?")),
                );
            }
        }
        // The environment comes in no order; two of it never say the same.
        over.sort_by(|a, b| a.path.cmp(&b.path));
        for flag in flags {
            let (path, value) = flag
                .split_once('=')
                .with_context(|| format!("--setting {flag} 缺少 = / --setting takes KEY=VALUE"))?;
            let place = format!("--setting {path}");
            let path = path.split('.').map(str::to_owned).collect();
            over.push(Over { path, value: read_value(value), place });
        }
        for Over { path, place, .. } in &over {
            let said: Vec<&str> = path.iter().map(String::as_str).collect();
            let is_fixed = FIXED.iter().any(|fixed| {
                let fixed: Vec<&str> = fixed.split('.').collect();
                fixed.starts_with(&said) || said.starts_with(&fixed)
            });
            if is_fixed {
                bail!("{place}：此项只由 {file} 规定 / only that file says who the deployment is");
            }
        }
        Ok(Self { file, text, over })
    }

    /// What they come to.
    pub(super) fn settle<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        // What the library prints is the whole line, with whatever secret it holds.
        let mut table: Table = toml::from_str(&self.text).map_err(|error| {
            let before = error.span().and_then(|span| self.text.get(..span.start));
            let line = before.unwrap_or_default().matches('\n').count() + 1;
            let said = without_passwords(error.message());
            anyhow::anyhow!("{}:{line}：不是 TOML / is not TOML: {said}", self.file)
        })?;
        for over in &self.over {
            put(&mut table, &over.path, over.value.clone()).with_context(|| {
                format!("{}：此处没有下级设置 / there are no settings below this", over.place)
            })?;
        }
        serde_path_to_error::deserialize(Value::Table(table)).map_err(|error| {
            let path = error.path().to_string();
            // Of a list's element, the list's place is known: `servers[1]`.
            let keys = path.split('.').filter_map(|key| key.split('[').next());
            let keys: Vec<String> = keys.map(str::to_owned).collect();
            let place = self.place_of(&keys).unwrap_or_else(|| self.file.clone());
            anyhow::anyhow!("{place}：{}", explain(&path, error.inner().message()))
        })
    }

    /// Where a setting was said; none: nowhere, it is the default.
    fn place_of(&self, path: &[String]) -> Option<String> {
        let said = |over: &&Over| over.path.starts_with(path) || path.starts_with(&over.path);
        if let Some(over) = self.over.iter().rev().find(said) {
            return Some(over.place.clone());
        }
        let document = Document::parse(self.text.as_str()).ok()?;
        let mut span: Option<Range<usize>> = None;
        let mut item = document.as_item();
        for key in path {
            let Some((found, below)) =
                item.as_table_like().and_then(|table| table.get_key_value(key))
            else {
                // The file says no such thing, or it says what is around it.
                span.as_ref()?;
                break;
            };
            (span, item) = (found.span().or_else(|| below.span()), below);
        }
        let line = self.text.get(..span?.start)?.matches('\n').count() + 1;
        Some(format!("{}:{line}", self.file))
    }

    /// The outcome as TOML, without secrets; what is not the default says where it comes from.
    pub(super) fn show(&self, settings: &impl Serialize) -> anyhow::Result<String> {
        let mut document: DocumentMut = toml::to_string(settings)?.parse()?;
        self.annotate(document.as_item_mut(), &mut vec![]);
        Ok(document.to_string())
    }

    fn annotate(&self, item: &mut Item, path: &mut Vec<String>) {
        if let Some(table) = item.as_table_like_mut() {
            for (key, item) in table.iter_mut() {
                path.push(key.get().to_owned());
                self.annotate(item, path);
                path.pop();
            }
        } else if let Some(value) = item.as_value_mut() {
            let is_secret = path.last().is_some_and(|key| SECRET.iter().any(|s| key.ends_with(s)));
            if is_secret {
                *value = "***".into();
            }
            hide(value);
            if let Some(place) = self.place_of(path) {
                value.decor_mut().set_suffix(format!("  # {place}"));
            }
        }
    }
}

fn read_value(text: &str) -> Value {
    text.parse().unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// None: there is a value where a table would have to be.
fn put(table: &mut Table, path: &[String], value: Value) -> Option<()> {
    let (key, rest) = path.split_first()?;
    if rest.is_empty() {
        table.insert(key.clone(), value);
        return Some(());
    }
    let below = table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
    put(below.as_table_mut()?, rest, value)
}

/// What serde says about a setting, in our words where it is a key that nobody knows.
fn explain(path: &str, said: &str) -> String {
    let mut words = said.split('`').skip(1).step_by(2);
    if said.starts_with("missing field")
        && let Some(missing) = words.next()
    {
        let around = if path == "." { String::new() } else { format!("{path}.") };
        return format!("缺少设置项 {around}{missing} / lacks the setting {around}{missing}");
    }
    // unknown field `a`, expected one of `b`, `c`
    if said.starts_with("unknown field")
        && let Some(unknown) = words.next()
    {
        let (zh, en) = match nearest(unknown, words) {
            Some(near) => (format!("，是否指 {near}？"), format!("; did you mean {near}?")),
            None => (String::new(), String::new()),
        };
        return format!("没有设置项 {path}{zh} / there is no setting {path}{en}");
    }
    let said = without_passwords(said);
    format!("设置项 {path} 有误 / the setting {path} is not right: {said}")
}

/// The word that was probably meant.
fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|word| (strsim::damerau_levenshtein(given, word), word))
        .filter(|(distance, word)| *distance <= word.len() / 2)
        .min()
        .map(|(_, word)| word)
}

fn hide(value: &mut toml_edit::Value) {
    if let Some(list) = value.as_array_mut() {
        list.iter_mut().for_each(hide);
    }
    if let Some(text) = value.as_str() {
        *value = without_passwords(text).into();
    }
}

/// Takes passwords out of addresses: `user:password@host`, with `scheme://` before it or without.
pub(crate) fn without_passwords(text: &str) -> String {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '"' | '\'' | '`');
    let pieces = text.split_inclusive(is_end).map(|piece| match piece.rsplit_once('@') {
        Some((user, host)) if user.contains(':') => {
            format!("{}:***@{host}", user.split(':').next().unwrap_or_default())
        }
        _ => piece.to_owned(),
    });
    pieces.collect()
}

#[cfg(test)]
mod tests;
