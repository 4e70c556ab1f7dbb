//! The look of an office's pages, from settings and files: of a home, or handed to drafters.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use lockstep_explainer::theme::{EMBLEM, FACES, Given, Theme, Words};
use lockstep_gate::bundle::in_chinese;
use lockstep_kit::pages::{Look, Pages};
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
    /// A full typeface in the place of the embedded one, for characters that it lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub font: Option<FontSettings>,
    /// A folder of templates in the place of ours; relative to the settings' folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub templates: Option<PathBuf>,
}

/// `[theme.font]`: both weights; relative to the settings' folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FontSettings {
    /// A .ttf of weight 400.
    pub regular: PathBuf,
    /// A .ttf of weight 700, holding the same characters.
    pub bold: PathBuf,
}

impl ThemeSettings {
    /// Nothing is said: ours.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Reads the files, relative to `folder`, and refuses what nobody could read.
    pub(crate) fn read(&self, folder: &Path) -> anyhow::Result<Theme> {
        let Self { agency, head, accent, number_words, emblem, .. } = self.clone();
        let mut given =
            Given { words: Words { agency, head, accent, number_words }, ..Given::default() };
        if let Some(emblem) = emblem {
            given.files.insert(EMBLEM.to_owned(), bytes(&folder.join(emblem), "theme.emblem")?);
        }
        if let Some(FontSettings { regular, bold }) = &self.font {
            for (name, path) in FACES.into_iter().zip([regular, bold]) {
                given.files.insert(name.to_owned(), bytes(&folder.join(path), "theme.font")?);
            }
        }
        Ok(Theme::read(given)?)
    }

    /// The office's templates, by name.
    pub(crate) fn templates(&self, folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
        let Some(templates) = &self.templates else { return Ok(BTreeMap::new()) };
        let templates = folder.join(templates);
        let unread =
            || format!("theme.templates：{} 无法读取 / cannot be read", templates.display());
        let mut own = BTreeMap::new();
        for entry in fs::read_dir(&templates).with_context(unread)? {
            let path = entry.with_context(unread)?.path();
            if path.extension().is_some_and(|extension| extension == "hbs") {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let text = String::from_utf8(bytes(&path, "theme.templates")?);
                let text = text.with_context(|| {
                    format!("theme.templates：{} 不是 UTF-8 / is not UTF-8", path.display())
                })?;
                own.insert(name, text);
            }
        }
        Ok(own)
    }

    /// What makes pages, refused where one of them could not be shown.
    pub(crate) fn pages(&self, folder: &Path) -> anyhow::Result<Pages> {
        let templates = self.templates(folder)?;
        Ok(Pages::new(Look { templates, ..self.read(folder)?.look() })?)
    }
}

/// The `[theme]` of a file: an office's `lockstep.toml`, or one with that table alone.
fn of_file(file: &Path) -> anyhow::Result<(Theme, Pages)> {
    #[derive(Deserialize)]
    struct Themed {
        theme: ThemeSettings,
    }
    let text = fs::read_to_string(file)
        .with_context(|| format!("{} 无法读取 / cannot be read", file.display()))?;
    let read = || {
        let Themed { theme } = toml::from_str(&text)
            .map_err(|error| anyhow::anyhow!("{}\n{error}", in_chinese(error.message())))?;
        let folder = file.parent().unwrap_or(Path::new(""));
        anyhow::Ok((theme.read(folder)?, theme.pages(folder)?))
    };
    read().with_context(|| {
        format!("{} 的 [theme] 无法使用 / its [theme] cannot be used", file.display())
    })
}

/// The theme that a command was told of, for all that it renders; none: the plain one, and people are told so.
pub(crate) fn asked(file: Option<&PathBuf>) -> anyhow::Result<(Theme, Pages)> {
    match file {
        Some(file) => {
            let (theme, pages) = of_file(file)?;
            theme.install()?;
            Ok((theme, pages))
        }
        None => Ok((Theme::plain(), Pages::new(Look::default())?)),
    }
}

fn bytes(path: &Path, setting: &str) -> anyhow::Result<Vec<u8>> {
    fs::read(path)
        .with_context(|| format!("{setting}：{} 无法读取 / cannot be read", path.display()))
}
