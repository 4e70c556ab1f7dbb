//! Texts in other encodings than UTF-8, and texts that were read in a wrong one before they came here.

use std::borrow::Cow;

use encoding_rs::{
    EncoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252,
    X_MAC_CYRILLIC,
};

use crate::document::first_chars;

/// A text as UTF-8 and the name of the encoding it was in; `None` if it is UTF-8 already, or no encoding
/// that we know. UTF-16 tells itself by its byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, &'static str)> {
    for encoding in [UTF_16LE, UTF_16BE] {
        if Encoding::for_bom(bytes).is_some_and(|(found, _)| found == encoding) {
            let (text, had_errors) = encoding.decode_with_bom_removal(bytes);
            return (!had_errors).then(|| (text.into_owned(), encoding.name()));
        }
    }
    if simdutf8::basic::from_utf8(bytes).is_ok() || !is_gb2312(bytes) {
        return None;
    }
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some((text.into_owned(), "GB18030"))
}

/// Whether nearly all pairs of bytes are characters of GB 2312, the common part of GBK: bytes of another
/// encoding rarely are.
fn is_gb2312(bytes: &[u8]) -> bool {
    let (mut common, mut all) = (0_usize, 0_usize);
    let mut rest = bytes.iter();
    while let Some(first) = rest.next() {
        if first.is_ascii() {
            continue;
        }
        all += 1;
        let pair = rest.next().filter(|second| **second >= 0xa1);
        common += usize::from(pair.is_some() && matches!(first, 0xa1..=0xa9 | 0xb0..=0xf7));
    }
    all > 0 && common * 10 >= all * 9
}

/// The line, from 1, at which a text stops being what somebody wrote: characters that were lost, or the
/// bytes of one encoding read in another.
pub(super) fn find_mojibake(text: &str) -> Option<usize> {
    text.lines().position(is_mojibake).map(|index| index + 1)
}

/// Encodings in which UTF-8 was read by mistake. What comes out, written in the same encoding, is UTF-8.
const MISTAKEN: [&Encoding; 4] = [GBK, WINDOWS_1252, X_MAC_CYRILLIC, WINDOWS_1251];

/// Characters of a run at least. The bytes of shorter words are those of another word sometimes (联通).
const RUN_MIN: usize = 4;

fn is_mojibake(line: &str) -> bool {
    if ["\u{fffd}", "\u{e5e5}", "锟斤拷"].iter().any(|lost| line.contains(lost)) {
        return true;
    }
    let runs =
        || line.split(|c: char| c.is_ascii()).filter(|run| run.chars().nth(RUN_MIN - 1).is_some());
    // Encodings of one byte have no Chinese characters to show.
    let is_chinese = |run: &str| run.contains(|c| matches!(c, '\u{2e80}'..='\u{ffef}'));
    runs().any(|run| {
        if is_chinese(run) {
            return is_utf8_in(run, GBK);
        }
        MISTAKEN.iter().any(|encoding| is_utf8_in(run, encoding)) || is_gb2312_in_latin(run)
    })
}

/// UTF-8 of Chinese, read as `encoding`. Where not even half of its first characters are, none of it is.
fn is_utf8_in(run: &str, encoding: &'static Encoding) -> bool {
    const FIRST: usize = 16;
    let first = first_chars(run, FIRST);
    (first.len() == run.len() || is_utf8_by(first, encoding, 5, 2))
        && is_utf8_by(run, encoding, 5, 4)
}

/// Whether `least` of `of` parts of a run's bytes are UTF-8 of Chinese.
fn is_utf8_by(run: &str, encoding: &'static Encoding, of: usize, least: usize) -> bool {
    let bytes = encode(run, encoding);
    let (mut characters, mut at) = (0_usize, 0_usize);
    while at < bytes.len() {
        // U+3000 to U+9FFF, and the full-width forms.
        let is_chinese = matches!(
            bytes.get(at..at + 3),
            Some([0xe3..=0xe9, 0x80..=0xbf, 0x80..=0xbf] | [0xef, 0xbc..=0xbf, 0x80..=0xbf])
        );
        characters += usize::from(is_chinese);
        at += if is_chinese { 3 } else { 1 };
    }
    // A character may have been lost where a byte had no sign. Of what people write, less than half
    // comes out so (（五）不予处理).
    characters * 3 * of >= bytes.len() * least
}

/// GBK read as Latin-1: `ÕþÎñ` for 政务.
fn is_gb2312_in_latin(run: &str) -> bool {
    let is_latin = run.chars().all(|c| matches!(c, '\u{a1}'..='\u{ff}'));
    let bytes = encode(run, WINDOWS_1252);
    is_latin && is_gb2312(&bytes)
}

/// A run's bytes; what the encoding does not have is one byte that is nothing.
fn encode(run: &str, encoding: &'static Encoding) -> Vec<u8> {
    let mut encoder = encoding.new_encoder();
    // None of these encodings needs more bytes than UTF-8.
    let mut bytes = vec![0; run.len() + 16];
    let (mut read, mut written) = (0, 0);
    loop {
        let from = run.get(read..).unwrap_or_default();
        let to = bytes.get_mut(written..).unwrap_or_default();
        let (result, taken, put) = encoder.encode_from_utf8_without_replacement(from, to, true);
        (read, written) = (read + taken, written + put);
        match result {
            EncoderResult::Unmappable(_) => {
                bytes.iter_mut().skip(written).take(1).for_each(|byte| *byte = 0xff);
                written += 1;
            }
            EncoderResult::InputEmpty | EncoderResult::OutputFull => break,
        }
    }
    bytes.truncate(written);
    bytes
}

/// A text to look for marks in, whatever it is.
pub(super) fn decode_roughly(bytes: &[u8]) -> Cow<'_, str> {
    // Nearly all are this; looked at twice, they cost twice.
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return text.strip_prefix('\u{feff}').unwrap_or(text).into();
    }
    decode(bytes).map_or_else(|| UTF_8.decode(bytes).0, |(text, _)| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "各单位：政务公开工作要点，见附件。\n";

    #[test]
    fn what_windows_writes_is_read() {
        let gbk = GBK.encode(TEXT).0.into_owned();
        assert_eq!(decode(&gbk), Some((TEXT.to_owned(), "GB18030")));
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(TEXT.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(decode(&utf16), Some((TEXT.to_owned(), "UTF-16LE")));
        assert_eq!(decode(TEXT.as_bytes()), None);
        let big5 = encoding_rs::BIG5.encode("各單位：政務公開工作要點，見附件。").0;
        assert_eq!(decode(&big5), None);
        for bytes in [&b"\xff\xfe\x00"[..], b"caf\xe9 au lait", b"\x80\x81\x82"] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn texts_read_in_a_wrong_encoding_are_known_by_their_line() {
        let misread = |encoding: &'static Encoding| {
            encoding.decode_without_bom_handling(TEXT.as_bytes()).0.into_owned()
        };
        for encoding in MISTAKEN {
            let text = format!("好\n{}", misread(encoding));
            assert_eq!(find_mojibake(&text), Some(2), "{text}");
        }
        let gbk = GBK.encode(TEXT).0;
        let latin = WINDOWS_1252.decode_without_bom_handling(&gbk).0.into_owned();
        for text in [&latin, "锟斤拷", "政\u{fffd}策", "æ”¿ç\u{ad}–", "鏀跨瓥瑙ｈ"]
        {
            assert_eq!(find_mojibake(text), Some(1), "{text}");
        }
        for text in [
            TEXT,
            "（五）不予处理",
            "联通、café, naïve, Škoda, çà; Приказ Министерства",
            "𠮷〔2027〕①㎡…——“”",
        ] {
            assert_eq!(find_mojibake(text), None, "{text}");
        }
    }
}
