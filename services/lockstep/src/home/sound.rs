//! What settings must not say together, whoever wrote which part of them.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, bail};
use lockstep_explainer::theme::Theme;
use lockstep_gate::{profile, wording::Lexicons};
use lockstep_kit::pages::Pages;

use super::Home;
use crate::lexicons;

/// Longer than this, a bound is none.
const DARK_AFTER_SECONDS_MAX: u64 = 3600;

impl Home {
    /// Refuses settings under which something would be shown, or moved, that must not be.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let settings = &self.settings;
        let (portal, folder) = (&settings.portal, &settings.folder);
        if portal.channel == folder.channel {
            bail!(
                "portal.channel 与 folder.channel 同为 {} / are the same: each channel needs a name of its \
                 own",
                portal.channel
            );
        }
        if !(1..=DARK_AFTER_SECONDS_MAX).contains(&portal.dark_after_seconds) {
            bail!(
                "portal.dark_after_seconds 须在 1 至 {DARK_AFTER_SECONDS_MAX} 之间 / is to be between these: \
                 {}",
                portal.dark_after_seconds
            );
        }
        profile::find(&settings.gate.profile).context("gate.profile")?;
        self.lexicons().context("gate.lexicons")?;
        self.pages()?;
        let mut places = vec![
            ("folder.root", self.real(&folder.root)),
            ("folder.staging", self.real(&folder.staging)),
            ("safe.folder", self.real(&settings.safe.folder)),
            ("keys", self.real(Path::new("keys"))),
            ("people", self.real(Path::new("people"))),
            ("data", self.real(Path::new("data"))),
        ];
        if let Some(blobs) = settings.blobs.folder() {
            places.push(("blobs.folder", self.real(blobs)));
        }
        for (index, (name, place)) in places.iter().enumerate() {
            for (other, around) in places.iter().skip(index + 1) {
                // Where blobs lie unless told otherwise.
                let is_usual = (*name, *other) == ("data", "blobs.folder");
                if !is_usual && (place.starts_with(around) || around.starts_with(place)) {
                    bail!(
                        "{name}（{}）与 {other}（{}）不能互相包含：其一的内容会被公开或移走 / must not lie within \
                         one another: what is in one would be published or moved with the other",
                        place.display(),
                        around.display()
                    );
                }
            }
        }
        Ok(())
    }

    /// What texts are looked through by at intake.
    pub fn lexicons(&self) -> anyhow::Result<Lexicons> {
        let files: Vec<_> =
            self.settings.gate.lexicons.iter().map(|file| self.join(file)).collect();
        lexicons::read(&files)
    }

    /// How pages, pictures and print look.
    pub fn theme(&self) -> anyhow::Result<Theme> {
        self.settings.theme.read(&self.path)
    }

    /// What makes public pages.
    pub fn pages(&self) -> anyhow::Result<Pages> {
        self.settings.theme.pages(&self.path)
    }

    /// A path without links and dots, as far as it is there.
    fn real(&self, path: &Path) -> PathBuf {
        let path = std::path::absolute(self.join(path)).unwrap_or_else(|_| self.join(path));
        let mut plain = PathBuf::new();
        for part in path.components() {
            match part {
                Component::ParentDir => drop(plain.pop()),
                Component::Prefix(_)
                | Component::RootDir
                | Component::CurDir
                | Component::Normal(_) => {
                    plain.push(part);
                }
            }
            plain = plain.canonicalize().unwrap_or(plain);
        }
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut Home)) -> String {
        let folder = tempfile::tempdir().unwrap();
        let mut home = Home::init(&folder.path().join("home"), "测试").unwrap();
        home.check().unwrap();
        change(&mut home);
        home.check().unwrap_err().to_string()
    }

    #[test]
    fn channels_have_names_of_their_own() {
        let why = refused(|home| {
            home.settings.folder.channel = home.settings.portal.channel.clone();
        });
        assert!(why.contains("folder.channel"), "{why}");
    }

    #[test]
    fn a_profile_is_one_that_there_is() {
        let why = refused(|home| home.settings.gate.profile = "lax".to_owned());
        assert!(why.contains("gate.profile"), "{why}");
        let folder = tempfile::tempdir().unwrap();
        let mut home = Home::init(&folder.path().join("home"), "测试").unwrap();
        for name in profile::names() {
            home.settings.gate.profile = name.to_owned();
            home.check().unwrap();
        }
    }

    #[test]
    fn a_look_is_one_that_everybody_can_read() {
        let why = refused(|home| home.settings.theme.accent = Some("#ff6600".to_owned()));
        assert!(why.contains("theme.accent") && why.contains("2.69:1"), "{why}");
        let why = refused(|home| home.settings.theme.emblem = Some(PathBuf::from("emblem.svg")));
        assert!(why.contains("theme.emblem") && why.contains("emblem.svg"), "{why}");
        let folder = tempfile::tempdir().unwrap();
        let mut home = Home::init(&folder.path().join("home"), "测试").unwrap();
        home.settings.theme.templates = Some(PathBuf::from("templates"));
        let why = format!("{:#}", home.check().unwrap_err());
        assert!(why.contains("theme.templates"), "{why}");
        std::fs::create_dir(home.join("templates")).unwrap();
        home.check().unwrap();
        std::fs::write(home.join("templates/pair.hbs"), "{{{policy_html}}}").unwrap();
        let why = format!("{:#}", home.check().unwrap_err());
        assert!(why.contains("pair.hbs"), "{why}");
    }

    #[test]
    fn the_sample_of_the_docs_is_a_look() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/theme/theme.toml");
        let (theme, _) = crate::theme::asked(Some(&file)).unwrap();
        assert!(theme.emblem.is_some());
    }

    #[test]
    fn a_lexicon_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut home = Home::init(&folder.path().join("home"), "测试").unwrap();
        home.settings.gate.lexicons = vec![PathBuf::from("terms.toml")];
        let why = format!("{:#}", home.check().unwrap_err());
        assert!(why.contains("gate.lexicons") && why.contains("terms.toml"), "{why}");
        let text = r#"
schema = "lockstep.lexicon/1"
name = "用语"
version = "1"
source = "自编"
licence = "CC0-1.0"

[[entry]]
wrong = "示列"
right = "示例"
kind = "error"
note = "错字"
"#;
        std::fs::write(home.join(Path::new("terms.toml")), text).unwrap();
        home.check().unwrap();
    }

    #[test]
    fn a_bound_is_one() {
        for seconds in [0, 999_999_999_999] {
            let why = refused(|home| home.settings.portal.dark_after_seconds = seconds);
            assert!(why.contains("dark_after_seconds"), "{why}");
        }
    }

    #[test]
    fn what_is_served_or_moved_lies_apart_from_everything_else() {
        let root = |path: &str| {
            let path = PathBuf::from(path);
            refused(|home| home.settings.folder.root = path)
        };
        for path in [
            "data",
            "keys",
            "people",
            ".",
            "site-staging/x",
            "safe",
            "x/../data/blobs",
            "keys/../keys",
        ] {
            let why = root(path);
            assert!(why.contains("folder.root"), "{path}: {why}");
        }
        let why = refused(|home| home.settings.folder.staging = "site/aside".into());
        assert!(why.contains("folder.staging"), "{why}");
        let why = refused(|home| {
            home.settings.blobs = crate::home::BlobSettings::Folder("site/blobs".into());
        });
        assert!(why.contains("blobs.folder"), "{why}");
        let why = refused(|home| home.settings.safe.folder = "site/safe".into());
        assert!(why.contains("safe.folder"), "{why}");
        // By a link.
        let why = refused(|home| {
            std::os::unix::fs::symlink(home.join("keys"), home.join("link")).unwrap();
            home.settings.folder.root = "link/site".into();
        });
        assert!(why.contains("folder.root"), "{why}");
    }
}
