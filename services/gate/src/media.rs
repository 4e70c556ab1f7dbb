//! What pictures and PDF files tell beside what they show: who made them, when, where, with what. Pictures are
//! published without; of a PDF it is said.

use aho_corasick::AhoCorasick;
use lockstep_proto::finding::Finding;

use crate::codes::{self, At as _};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xFF\xD8";

/// A picture without what it tells, and what that was.
struct Bare {
    bytes: Vec<u8>,
    told: Vec<&'static str>,
    /// What was taken out, as far as it holds text.
    removed: Vec<u8>,
}

/// TS615: what a picture or PDF file tells. What it says is not repeated.
pub(crate) fn check(bytes: &[u8]) -> Option<Finding> {
    if bytes.starts_with(b"%PDF") {
        return check_pdf(bytes);
    }
    let told = told(bytes);
    (!told.is_empty()).then(|| codes::METADATA.about(told.join("、")))
}

/// What a picture tells, each kind once.
pub(crate) fn told(bytes: &[u8]) -> Vec<&'static str> {
    let mut told = bare(bytes).map(|bare| bare.told).unwrap_or_default();
    told.sort_unstable();
    told.dedup();
    told
}

/// The text of what a picture tells; what is no text parts lines.
pub(crate) fn told_text(bytes: &[u8]) -> String {
    let removed = bare(bytes).map(|bare| bare.removed).unwrap_or_default();
    let text = String::from_utf8_lossy(&removed);
    text.chars().map(|c| if c.is_control() || c == '\u{fffd}' { '\n' } else { c }).collect()
}

/// The same picture without what it tells, its pixels as they were; any other file as it is.
pub(crate) fn strip(bytes: &[u8]) -> Vec<u8> {
    match bare(bytes) {
        Some(bare) if !bare.told.is_empty() => bare.bytes,
        _ => bytes.to_vec(),
    }
}

/// Whether a file is a picture that can be stripped.
pub(crate) fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(PNG) || bytes.starts_with(JPEG)
}

/// None of what is neither PNG nor JPEG, or broken.
fn bare(bytes: &[u8]) -> Option<Bare> {
    if bytes.starts_with(PNG) { bare_png(bytes) } else { bare_jpeg(bytes) }
}

const BEHIND: &str = "文件末尾之后的数据 data behind its end";

/// Chunks that pixels need beside the critical ones, which begin with a capital (PNG, third edition, 5.4 and 11).
const CHUNKS: [&[u8]; 16] = [
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"pHYs",
    b"bKGD", b"hIST", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

fn bare_png(bytes: &[u8]) -> Option<Bare> {
    let mut bare = Bare { bytes: PNG.to_vec(), told: vec![], removed: vec![] };
    let mut rest = bytes.get(PNG.len()..)?;
    loop {
        let length = u32::from_be_bytes(*rest.first_chunk()?);
        let kind = rest.get(4..8)?;
        // Length, kind and checksum are four bytes each.
        let (chunk, after) =
            rest.split_at_checked(usize::try_from(length).ok()?.checked_add(12)?)?;
        let is_needed = kind.first().is_some_and(u8::is_ascii_uppercase) || CHUNKS.contains(&kind);
        if is_needed {
            bare.bytes.extend_from_slice(chunk);
        } else {
            bare.remove(chunk.get(8..).unwrap_or_default());
            bare.told.push(match kind {
                b"eXIf" => EXIF_TOLD,
                _ => "文字说明、时间等 texts, times",
            });
        }
        rest = after;
        if kind == b"IEND" {
            break;
        }
    }
    if !rest.is_empty() {
        bare.remove(rest);
        bare.told.push(BEHIND);
    }
    Some(bare)
}

const EXIF_TOLD: &str = "拍摄时间、地点、设备等 EXIF";

/// Segments from marker to marker (ITU-T T.81, B.1), the coded picture as it is, up to the end of image.
fn bare_jpeg(bytes: &[u8]) -> Option<Bare> {
    let mut bare = Bare { bytes: JPEG.to_vec(), told: vec![], removed: vec![] };
    let mut rest = bytes.strip_prefix(JPEG)?;
    loop {
        let [0xFF, marker] = *rest.first_chunk()? else { return None };
        match marker {
            // Bytes that fill.
            0xFF => rest = rest.get(1..)?,
            0xD9 => {
                bare.bytes.extend_from_slice(&[0xFF, 0xD9]);
                rest = rest.get(2..)?;
                break;
            }
            0x01 | 0xD0..=0xD7 => {
                bare.bytes.extend_from_slice(&[0xFF, marker]);
                rest = rest.get(2..)?;
            }
            _ => {
                let length = usize::from(u16::from_be_bytes(*rest.get(2..)?.first_chunk()?));
                let (segment, after) = rest.split_at_checked(length.checked_add(2)?)?;
                bare.add_segment(marker, segment);
                rest = after;
                if marker == 0xDA {
                    let coded = coded_length(rest);
                    bare.bytes.extend_from_slice(rest.get(..coded)?);
                    rest = rest.get(coded..)?;
                }
            }
        }
    }
    if !rest.is_empty() {
        bare.remove(rest);
        bare.told.push(BEHIND);
    }
    Some(bare)
}

/// The bytes of the coded picture before the next marker: within it FF is followed by 00 or a restart.
fn coded_length(bytes: &[u8]) -> usize {
    let is_marker =
        |pair: &[u8]| matches!(pair, [0xFF, next] if !matches!(next, 0 | 0xD0..=0xD7 | 0xFF));
    bytes.windows(2).position(is_marker).unwrap_or(bytes.len())
}

impl Bare {
    fn remove(&mut self, told: &[u8]) {
        self.removed.extend_from_slice(told);
        self.removed.push(b'\n');
    }

    fn add_segment(&mut self, marker: u8, segment: &[u8]) {
        let content = segment.get(4..).unwrap_or_default();
        let is_needed = match marker {
            0xE0 => content.starts_with(b"JFIF\0"),
            0xE2 => content.starts_with(b"ICC_PROFILE\0"),
            // How Adobe's colours are coded.
            0xEE => content.starts_with(b"Adobe"),
            0xE1 | 0xE3..=0xEF | 0xFE => false,
            _ => true,
        };
        if is_needed {
            self.bytes.extend_from_slice(segment);
            return;
        }
        let turned = content.strip_prefix(EXIF).and_then(orientation).map(exif_of);
        if turned.as_deref() == Some(segment) {
            self.bytes.extend_from_slice(segment);
            return;
        }
        self.remove(content);
        // Without it a photograph taken upright would lie on its side.
        self.bytes.extend(turned.unwrap_or_default());
        self.told.push(match marker {
            0xE1 if content.starts_with(EXIF) => EXIF_TOLD,
            0xE1 => "XMP",
            0xFE => "文字说明、时间等 texts, times",
            _ => "编辑软件的信息 an editor's data",
        });
    }
}

const EXIF: &[u8] = b"Exif\0\0";

/// How a photograph is to be turned (Exif 2.32, 4.6.4, tag 274), where it is.
fn orientation(tiff: &[u8]) -> Option<u8> {
    let is_big = tiff.starts_with(b"MM");
    let two = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk()?;
        Some(if is_big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let four = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk()?;
        usize::try_from(if is_big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
            .ok()
    };
    let first = four(4)?;
    let entries = (0..usize::from(two(first)?)).map(|index| first.saturating_add(2 + 12 * index));
    let tagged = entries.map_while(|at| Some((at, two(at)?))).find(|(_, tag)| *tag == 274);
    let turned = two(tagged?.0.checked_add(8)?)?;
    u8::try_from(turned).ok().filter(|turned| (2..=8).contains(turned))
}

/// A segment that says this and nothing else.
fn exif_of(orientation: u8) -> Vec<u8> {
    let mut segment = vec![0xFF, 0xE1, 0, 34];
    segment.extend_from_slice(EXIF);
    segment.extend_from_slice(b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    segment
}

/// TS615 of a PDF whose properties name its author, as far as they are not packed (ISO 32000-1, 14.3.3 and 14.3.2).
fn check_pdf(bytes: &[u8]) -> Option<Finding> {
    let names = AhoCorasick::new(["/Author", "<dc:creator>"]).ok()?;
    let is_told = names.find_iter(bytes).any(|found| {
        let behind = bytes.get(found.end()..).unwrap_or_default();
        if found.pattern().as_usize() == 0 { has_value(behind) } else { has_text(behind) }
    });
    is_told.then(|| {
        codes::METADATA.about("PDF 的作者 a PDF's author").advising(
            "系统不改动 PDF：在“文件 → 属性”中清除作者，或另存时去掉文档属性，再放入附件".to_owned(),
            "a PDF is published as it is: clear the author in its properties, or save it without them".to_owned(),
        )
    })
}

/// Whether a string that is not empty follows, or a reference to one: `(…)`, `<FEFF…>`, `12 0 R`.
fn has_value(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii_start();
    let says = |c: &u8| !c.is_ascii_whitespace() && !matches!(c, 0xFE | 0xFF | 0);
    match bytes.split_first() {
        Some((b'(', text)) => text.iter().take_while(|c| **c != b')').any(says),
        Some((b'<', text)) => {
            text.iter().take_while(|c| **c != b'>').filter(|c| says(c)).count() > 4
        }
        Some((first, _)) => first.is_ascii_digit(),
        None => false,
    }
}

/// Whether text stands between the tags of an element, before it ends.
fn has_text(bytes: &[u8]) -> bool {
    const CHARS_MAX: usize = 2000;
    let element = bytes.get(..CHARS_MAX.min(bytes.len())).unwrap_or_default();
    let end = element.windows(12).position(|part| part == b"</dc:creator").unwrap_or(element.len());
    let mut is_tag = false;
    element.iter().take(end).any(|c| {
        is_tag = *c == b'<' || (is_tag && *c != b'>');
        !is_tag && *c != b'>' && !c.is_ascii_whitespace()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&length[..], kind, content, b"sum."].concat()
    }

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker][..], &length, content].concat()
    }

    /// A photograph's Exif in the order of Intel's bytes, turned, with a place behind.
    fn exif() -> Vec<u8> {
        [EXIF, b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x01\0\0\0x\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0GPS"]
            .concat()
    }

    #[test]
    fn a_png_keeps_its_pixels_alone() {
        let parts = [
            chunk(b"IHDR", b"1"),
            chunk(b"gAMA", b"2"),
            chunk(b"IDAT", b"34"),
            chunk(b"IEND", b""),
        ];
        let plain = [PNG, &parts.concat()].concat();
        assert!(check(&plain).is_none());
        assert_eq!(strip(&plain), plain);
        for more in [b"tEXt", b"iTXt", b"eXIf", b"tIME", b"caBX"] {
            let mut told = parts.to_vec();
            told.insert(1, chunk(more, b"zhang"));
            let told = [PNG, &told.concat()].concat();
            assert_eq!(check(&told).unwrap().code, "TS615");
            assert_eq!(strip(&told), plain);
        }
        let behind = [&plain[..], b"zhang"].concat();
        assert!(check(&behind).unwrap().message.contains("末尾"));
        assert_eq!(strip(&behind), plain);
        // Cut off, it is left to who opens it.
        assert!(check(&plain[..plain.len() - 3]).is_none());
    }

    #[test]
    fn a_photograph_keeps_how_it_is_turned() {
        let (start, scan) = (segment(0xE0, b"JFIF\0x"), segment(0xDA, b"s"));
        let coded = b"ab\xFF\x00c\xFF\xD0d\xFF\xD9";
        let icc = segment(0xE2, b"ICC_PROFILE\0p");
        let plain = [JPEG, &start, &icc, &scan, coded].concat();
        assert!(check(&plain).is_none());
        let told = [
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0zhang"),
            segment(0xFE, b"zhang"),
            segment(0xED, b"Photoshop 3.0\0zhang"),
        ];
        let told = [JPEG, &start, &told.concat(), &icc, &scan, coded, b"zhang"].concat();
        assert_eq!(strip(&told), plain);
        let photograph = [JPEG, &start, &segment(0xE1, &exif()), &icc, &scan, coded].concat();
        assert!(check(&photograph).unwrap().message.contains("EXIF"));
        let bare = strip(&photograph);
        assert_eq!(bare, [JPEG, &start, &exif_of(6), &icc, &scan, coded].concat());
        assert_eq!(orientation(&exif_of(6)[10..]), Some(6));
        assert!(check(&bare).is_none());
    }

    #[test]
    fn an_author_of_a_pdf_is_told() {
        for told in [
            "/Author (Zhang)",
            "/Author(\u{fe}x)",
            "/Author <FEFF5F204E09>",
            "/Author 12 0 R",
            "<dc:creator><rdf:Seq><rdf:li>Zhang</rdf:li></rdf:Seq></dc:creator>",
        ] {
            assert!(check(format!("%PDF-1.7\n{told}\n").as_bytes()).is_some(), "{told}");
        }
        for silent in [
            "/Author ()",
            "/Author <FEFF>",
            "/Author",
            "<dc:creator><rdf:Seq/></dc:creator>",
            "/Title (x)",
        ] {
            assert!(check(format!("%PDF-1.7\n{silent}\n").as_bytes()).is_none(), "{silent}");
        }
    }
}
