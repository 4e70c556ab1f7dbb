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
    /// What the directory says of their sizes.
    sizes: Vec<u64>,
    beside: Vec<&'static str>,
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
        let (mut names, mut sizes, mut spans, mut has_comments) = (vec![], vec![], vec![], false);
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
            sizes.push(entry.size());
            has_comments |= !entry.comment_raw().is_empty();
            let end = entry.data_start().map(|start| start.saturating_add(entry.compressed_size()));
            spans.push((entry.header_start(), end.ok_or(BadArchive::Broken)?));
        }
        spans.sort_unstable();
        let pairs = || spans.windows(2).filter_map(|pair| Some((pair.first()?.1, pair.last()?.0)));
        // One stretch of bytes for many entries is how a small archive unpacks to a huge one.
        if pairs().any(|(end, next)| next < end) {
            return Err(BadArchive::Broken);
        }
        let directory = spans.last().map(|(_, end)| (*end, zip.central_directory_start()));
        let beside = [
            ("注释 a comment", !zip.comment().is_empty() || has_comments),
            (
                "开头之前的数据 data before its beginning",
                spans.first().is_some_and(|(start, _)| *start > 0),
            ),
            (
                "文件之间的数据 data between its files",
                pairs().chain(directory).any(|(end, next)| next > end + DESCRIPTOR_MAX),
            ),
            ("末尾之后的数据 data behind its end", ends_before(bytes)),
        ];
        let beside =
            beside.into_iter().filter(|(_, is_there)| *is_there).map(|(what, _)| what).collect();
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort();
        if let Some([twice, _]) = sorted.windows(2).find(|pair| pair.first() == pair.last()) {
            return Err(BadArchive::Twice((*twice).clone()));
        }
        // The directory keeps the last of two entries of one name.
        if zip.has_duplicate_names() {
            return Err(BadArchive::Twice("ZIP".to_owned()));
        }
        Ok(Self { zip, names, sizes, beside, left: bytes_max })
    }

    /// What the archive holds that is none of its entries: whoever has the file can read it.
    pub(crate) fn beside(&self) -> &[&'static str] {
        &self.beside
    }

    /// The bytes that its entries of these names have unpacked, as the directory says. No more are read.
    pub(crate) fn unpacked(&self, is_meant: impl Fn(&str) -> bool) -> u64 {
        let meant = self.names.iter().zip(&self.sizes).filter(|(name, _)| is_meant(name));
        meant.fold(0, |sum, (_, size)| sum.saturating_add(*size))
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
        let declared = self.sizes.get(index).copied().unwrap_or_default();
        let declared = usize::try_from(declared).unwrap_or(usize::MAX);
        let most = bytes_max.min(self.left).min(declared).saturating_add(1);
        let mut bytes = vec![];
        // What the directory says of an entry's size is not believed, nor is more read than it says.
        entry
            .take(u64::try_from(most).unwrap_or(u64::MAX))
            .read_to_end(&mut bytes)
            .map_err(|_| damaged())?;
        if bytes.len() > declared {
            return Err(damaged());
        }
        if bytes.len() > self.left {
            return Err(BadArchive::TooLarge);
        }
        self.left -= bytes.len();
        Ok(bytes)
    }
}

/// What may follow an entry's bytes: signature, checksum and two sizes of eight bytes (APPNOTE 4.3.9).
const DESCRIPTOR_MAX: u64 = 24;

/// Whether bytes follow the end of an archive's directory and its comment (APPNOTE 4.3.16).
fn ends_before(bytes: &[u8]) -> bool {
    const RECORD: usize = 22;
    const COMMENT_MAX: usize = 65_535;
    let Some(last) = bytes.len().checked_sub(RECORD) else { return false };
    let is_record = |at: &usize| bytes.get(*at..*at + 4) == Some(b"PK\x05\x06");
    let record = (last.saturating_sub(COMMENT_MAX)..=last).rev().find(is_record);
    let length = record.and_then(|at| Some((at, *bytes.get(at + 20..)?.first_chunk()?)));
    length.is_none_or(|(at, length)| {
        at + RECORD + usize::from(u16::from_le_bytes(length)) < bytes.len()
    })
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
