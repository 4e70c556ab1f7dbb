//! Lines that list attachments or begin one.

use super::super::{
    mark::{self, Level, prefix_len, strip_signs},
    numerals,
};

/// `附件1` on a line of its own; `附：`, `附1` and `附件1：申请表` only behind the date, before it a list follows.
pub(in super::super) fn attachment_name(text: &str, is_closed: bool) -> Option<String> {
    let text = strip_signs(text).trim_end_matches('*').trim();
    if matches!(text, "附：" | "附:" | "附件：" | "附件:") {
        return is_closed.then(|| "附件".to_owned());
    }
    if let Some(letter) = lettered(text) {
        return Some(format!("附录{letter}"));
    }
    let Some(kind) = ["附件", "附表", "附录"].into_iter().find(|kind| text.starts_with(kind))
    else {
        // 附1：申请表 is 附件1.
        let rest = text.strip_prefix('附').filter(|_| is_closed)?.trim_start();
        let is_numbered = rest.starts_with(numerals::is_numeral);
        return is_numbered.then(|| attachment_name(&format!("附件{rest}"), is_closed)).flatten();
    };
    if let Some(number) = text.strip_prefix(kind).filter(|rest| is_compound(rest)) {
        return Some(format!("{kind}{number}"));
    }
    let rest = text.strip_prefix(kind)?.trim().trim_end_matches(['：', ':']);
    if rest.is_empty() {
        return Some(kind.to_owned());
    }
    let len = prefix_len(rest, numerals::is_numeral);
    let number = rest.get(..len).and_then(numerals::parse).filter(|number| *number < 100)?;
    let title = rest.get(len..)?;
    let is_titled = title.starts_with([' ', '　', '：', ':'])
        && title.chars().count() <= 50
        && !title.contains(['。', '；'])
        && is_closed;
    (title.is_empty() || is_titled).then(|| format!("{kind}{number}"))
}

/// 附　录　A of a standard (GB/T 1.1).
fn lettered(text: &str) -> Option<char> {
    const CHARS_MAX: usize = 12;
    if !text.starts_with('附') || text.chars().nth(CHARS_MAX).is_some() {
        return None;
    }
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut letters = bare.strip_prefix("附录")?.chars();
    letters.next().filter(|letter| letter.is_ascii_uppercase() && letters.next().is_none())
}

/// 附表1-1, 附表2—3
fn is_compound(number: &str) -> bool {
    const BYTES_MAX: usize = 12;
    let mut parts = number.split(['-', '—', '－', '–']);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    number.len() <= BYTES_MAX && parts.clone().count() > 1 && parts.all(is_number)
}

/// 附件2：申请表 in a list of attachments, each of which names its number.
pub(in super::super) fn lists_attachment(text: &str) -> bool {
    const CHARS_MAX: usize = 60;
    let Some(rest) = strip_signs(text).strip_prefix("附件") else { return false };
    let len = prefix_len(rest, numerals::is_numeral);
    let title = rest.get(len..).and_then(|rest| rest.strip_prefix(['：', ':'])).filter(|_| len > 0);
    title.is_some_and(|title| {
        !title.trim().is_empty() && !title.contains('。') && title.chars().nth(CHARS_MAX).is_none()
    })
}

/// `附件1.docx`, `示例项目申报表.xlsx`: a file by its name.
pub(in super::super) fn is_file(text: &str) -> bool {
    const ENDS: [&str; 14] = [
        "doc", "docx", "xls", "xlsx", "pdf", "ofd", "wps", "et", "ppt", "pptx", "zip", "rar",
        "jpg", "png",
    ];
    let name = text.rsplit_once('.').filter(|(name, _)| !name.is_empty());
    text.chars().count() <= 80
        && name.is_some_and(|(_, end)| ENDS.contains(&end.to_ascii_lowercase().as_str()))
}

/// `附件：1.申请表`; `附表：收费标准` without a number may be a caption.
pub(in super::super) fn signs_attachments(text: &str) -> bool {
    let text = strip_signs(text);
    let tables = ["附表：", "附表:"].iter().find_map(|head| text.strip_prefix(head));
    tables.and_then(mark::find).is_some_and(|mark| mark.level == Level::Third && mark.number == 1)
        || ["附件：", "附件:", "附：", "附:", "附件1：", "附件1:"]
            .iter()
            .any(|head| text.starts_with(head))
}
