//! ZIP archives in memory, within limits: a bundle that comes as one file, and DOCX and XLSX, which are
//! archives of XML.

use std::io::{Cursor, Read as _};

use unicode_normalization::UnicodeNormalization as _;
use zip::ZipArchive;

/// Entries at most. A long Word file with pictures has some hundred.
const ENTRIES_MAX: usize = 2000;

/// Why an archive is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadArchive {
    /// Not a ZIP archive, or cut off.
    #[error("不是完整的 ZIP 文件 no whole ZIP archive")]
    Broken,
    /// Asks for a password.
    #[error("{0}：已加密 is encrypted")]
    Encrypted(String),
    /// Beyond the limits.
    #[error("解压后过大或文件过多 too large or too many entries when unpacked")]
    TooLarge,
    /// One name twice.
    #[error("{0}：文件名重复 the name is there twice")]
    Twice(String),
    /// A link.
    #[error("{0}：是链接 is a link")]
    Link(String),
    /// The entry cannot be unpacked.
    #[error("{0}：内容损坏 is damaged")]
    Damaged(String),
}

/// An archive's directory.
pub(crate) struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    names: Vec<String>,
    /// Bytes that may still be unpacked.
    left: usize,
}

impl<'b> Archive<'b> {
    /// Opens an archive of which at most `bytes_max` will be unpacked.
    pub(crate) fn open(bytes: &'b [u8], bytes_max: usize) -> Result<Self, BadArchive> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BadArchive::Broken)?;
        if zip.len() > ENTRIES_MAX {
            return Err(BadArchive::TooLarge);
        }
        let mut names = vec![];
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|_| BadArchive::Broken)?;
            let name = decode_name(entry.name_raw());
            if entry.encrypted() {
                return Err(BadArchive::Encrypted(name));
            }
            if entry.is_symlink() {
                return Err(BadArchive::Link(name));
            }
            names.push(name);
        }
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort();
        if let Some([twice, _]) = sorted.windows(2).find(|pair| pair.first() == pair.last()) {
            return Err(BadArchive::Twice((*twice).clone()));
        }
        // The directory keeps the last of two entries of one name.
        if zip.has_duplicate_names() {
            return Err(BadArchive::Twice("ZIP".to_owned()));
        }
        Ok(Self { zip, names, left: bytes_max })
    }

    /// The entries' names, in the archive's order.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Unpacks the entry at `index`, at most `bytes_max` of it and one more byte.
    pub(crate) fn read(&mut self, index: usize, bytes_max: usize) -> Result<Vec<u8>, BadArchive> {
        let name = self.names.get(index).cloned().unwrap_or_default();
        let damaged = || BadArchive::Damaged(name.clone());
        let entry = self.zip.by_index(index).map_err(|_| damaged())?;
        let most = bytes_max.min(self.left).saturating_add(1);
        let mut bytes = vec![];
        // What the directory says of an entry's size is not believed.
        entry
            .take(u64::try_from(most).unwrap_or(u64::MAX))
            .read_to_end(&mut bytes)
            .map_err(|_| damaged())?;
        if bytes.len() > self.left {
            return Err(BadArchive::TooLarge);
        }
        self.left -= bytes.len();
        Ok(bytes)
    }
}

/// A name as people know it. Windows packs Chinese names in GBK and sets no mark; the same file may come
/// decomposed from a Mac.
fn decode_name(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    name.nfc().collect()
}
