//! The look of an office's pages, from settings and files: of a home, or handed to drafters.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use lockstep_explainer::theme::{EMBLEM, Given, Theme, Words};
use serde::{Deserialize, Serialize};

/// `[theme]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThemeSettings {
    /// Whose pages they are, as people name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Behind the head of pictures and print, and above pages: `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Of links, labels and headings: `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// What numbers 文号 are made of besides 〔2026〕1号: the office's 代字.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_words: Option<String>,
    /// An SVG or PNG; relative to the settings' folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emblem: Option<PathBuf>,
}

impl ThemeSettings {
    /// Nothing is said: ours.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Reads the files, relative to `folder`, and refuses what nobody could read.
    pub(crate) fn read(&self, folder: &Path) -> anyhow::Result<Theme> {
        let Self { agency, head, accent, number_words, emblem } = self.clone();
        let mut given =
            Given { words: Words { agency, head, accent, number_words }, ..Given::default() };
        if let Some(emblem) = emblem {
            given.files.insert(EMBLEM.to_owned(), bytes(&folder.join(emblem), "theme.emblem")?);
        }
        Ok(Theme::read(given)?)
    }
}

/// The `[theme]` of a file: an office's `lockstep.toml`, or one with that table alone.
pub(crate) fn of_file(file: &Path) -> anyhow::Result<Theme> {
    #[derive(Deserialize)]
    struct Themed {
        theme: ThemeSettings,
    }
    let text = fs::read_to_string(file)
        .with_context(|| format!("{} 无法读取 / cannot be read", file.display()))?;
    let read = || {
        let Themed { theme } = toml::from_str(&text)?;
        theme.read(file.parent().unwrap_or(Path::new("")))
    };
    read().with_context(|| {
        format!("{} 的 [theme] 无法使用 / its [theme] cannot be used", file.display())
    })
}

/// The theme that a command was told of; none: the plain one, and people are told so.
pub(crate) fn asked(file: Option<&PathBuf>) -> anyhow::Result<Theme> {
    file.map_or_else(|| Ok(Theme::plain()), |file| of_file(file))
}

fn bytes(path: &Path, setting: &str) -> anyhow::Result<Vec<u8>> {
    fs::read(path)
        .with_context(|| format!("{setting}：{} 无法读取 / cannot be read", path.display()))
}
