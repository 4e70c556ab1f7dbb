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
        let (mut raws, mut sizes, mut spans, mut has_comments) = (vec![], vec![], vec![], false);
        let (mut encrypted, mut linked) = (None, None);
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|_| BadArchive::Broken)?;
            let raw = entry.name_raw().to_vec();
            // Names that are marked as UTF-8 are read as they are, others as bytes of an old code page.
            let is_marked = raw.is_ascii() || entry.flags().as_u16() & UTF_8 != 0;
            raws.push(RawName { raw, is_marked });
            encrypted = encrypted.or(entry.encrypted().then_some(index));
            linked = linked.or(entry.is_symlink().then_some(index));
            sizes.push(entry.size());
            has_comments |= !entry.comment_raw().is_empty();
            let end = entry.data_start().map(|start| start.saturating_add(entry.compressed_size()));
            spans.push((entry.header_start(), end.ok_or(BadArchive::Broken)?));
        }
        let names = decode_names(&raws);
        let name_of = |index: usize| names.get(index).cloned().unwrap_or_default();
        if let Some(index) = encrypted {
            return Err(BadArchive::Encrypted(name_of(index)));
        }
        if let Some(index) = linked {
            return Err(BadArchive::Link(name_of(index)));
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

/// How an entry says that its name is UTF-8 (APPNOTE 4.4.4, bit 11).
const UTF_8: u16 = 1 << 11;

/// A name as it stands in the directory.
struct RawName {
    raw: Vec<u8>,
    /// Whether the archive says that it is UTF-8, or it is ASCII.
    is_marked: bool,
}

/// Names as people know them. Windows packs Chinese names in GBK and sets no mark; the same file may come
/// decomposed from a Mac.
fn decode_names(names: &[RawName]) -> Vec<String> {
    let unmarked = || names.iter().filter(|name| !name.is_marked).map(|name| name.raw.as_slice());
    let is_gbk = is_gbk(&unmarked());
    let decode = |name: &RawName| {
        let utf8 = std::str::from_utf8(&name.raw).ok().filter(|_| name.is_marked || !is_gbk);
        let gbk = || encoding_rs::GB18030.decode_without_bom_handling(&name.raw).0.nfc().collect();
        utf8.map_or_else(gbk, |name| name.nfc().collect())
    };
    names.iter().map(decode).collect()
}

/// Whether an archive's unmarked names are GBK, decided once for all of them: 通知 in GBK is UTF-8 too, of two
/// characters that nobody writes. Chinese has three bytes in UTF-8, as have its signs.
fn is_gbk<'n>(names: &(impl Iterator<Item = &'n [u8]> + Clone)) -> bool {
    let is_chinese = |text: &str| text.contains(|c| c >= '\u{2000}');
    let is_foreign = |raw: &[u8]| {
        !raw.is_ascii()
            && encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(raw).is_some()
    };
    let mut read = names.clone().map(std::str::from_utf8);
    let is_utf8 = read.clone().all(|name| name.is_ok());
    let is_read = read.any(|name| name.is_ok_and(is_chinese));
    !is_utf8 || (!is_read && names.clone().any(is_foreign))
}
