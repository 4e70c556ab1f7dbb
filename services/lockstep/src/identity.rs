//! A person's identity file: where the server is, who the person is, the token, and beside it the
//! private key. It stays with its person.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail};
use lockstep_kit::{files, keys};
use lockstep_proto::{
    ids::{DeploymentId, PersonId},
    signed::PrivateKey,
};
use serde::{Deserialize, Serialize};

use crate::print;

/// An identity file's content.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The staff door's address, without a slash at the end.
    pub server: String,
    /// The deployment.
    pub deployment: DeploymentId,
    /// Who.
    pub person: PersonId,
    /// For which agency the person acts.
    pub agency: String,
    /// Opens the staff door. A secret.
    pub token: String,
    #[serde(skip)]
    path: PathBuf,
}

impl Identity {
    /// A new identity, not yet on disk.
    pub fn new(
        server: String,
        deployment: DeploymentId,
        (person, agency): (PersonId, String),
        token: String,
        path: PathBuf,
    ) -> Self {
        Self { server, deployment, person, agency, token, path }
    }

    /// Reads an identity file.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| {
            format!("身份文件 {} 无法读取 / identity file cannot be read", path.display())
        })?;
        let shown = path.display();
        if PrivateKey::from_secret_text(&text).is_ok() {
            bail!(
                "{shown} 是私钥文件，不能外传；--as 后写旁边的 .toml 身份文件 / is a private key, which is for nobody \
                 else: --as takes the .toml beside it"
            );
        }
        // Its lines are secrets: only where one is wrong is told.
        let identity: Self = toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            anyhow!(
                "身份文件 {shown} 第 {line} 行有误：{}；内容丢失时请管理员重新签发（lockstep person add --replace） / \
                 identity file, line {line} is not right; where it is lost, the administrator makes \
                 another",
                error.message()
            )
        })?;
        Ok(Self { path: path.to_owned(), ..identity })
    }

    /// Writes it, readable by its owner alone. An earlier file gives way.
    pub fn save(&self) -> anyhow::Result<()> {
        let text =
            toml::to_string(self).context("身份文件无法写入 / identity file cannot be written")?;
        if self.path.exists() {
            fs::remove_file(&self.path)
                .context("原身份文件无法替换 / the earlier identity file stays")?;
        }
        files::write_secret(&self.path, &text)
            .with_context(|| format!("{} 无法写入 / cannot be written", self.path.display()))
    }

    /// Where the private key lies.
    pub fn key_path(&self) -> PathBuf {
        self.path.with_extension("key")
    }

    /// The private key.
    pub fn key(&self) -> anyhow::Result<PrivateKey> {
        keys::load(&self.key_path()).with_context(|| {
            let make = print::command(&["key", "new", "--as", &self.path.to_string_lossy()]);
            format!("没有密钥；先运行 {make} / no key; run it first")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_secret_file_is_told_without_its_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let told = |text: &str| {
            let path = folder.path().join("gu.toml");
            fs::write(&path, text).unwrap();
            format!("{:?} {0:#}", Identity::load(&path).unwrap_err())
        };
        let key = PrivateKey::from_seed([7; 32]).to_secret_text();
        let said = told(&key);
        assert!(said.contains("私钥") && !said.contains(key[20..].trim()), "{said}");
        let said = told("server = \"http://127.0.0.1\"\ntoken = b8b5c0ffee\n");
        assert!(said.contains("第 2 行") && !said.contains("b8b5"), "{said}");
        let said = told(&format!("{}x", &key[..40]));
        assert!(!said.contains(&key[20..40]), "{said}");
    }
}
