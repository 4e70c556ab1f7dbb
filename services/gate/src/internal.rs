//! Marks that a text was not meant for the public, or is not final: 内部资料，不得外传; 此件发至县团级; （讨论稿）.
//! None is a classification mark ([`crate::secrecy`]). Texts that are public keep some of them, so all of them
//! warn. The words in running text are no mark.

use std::ops::RangeInclusive;

use lockstep_proto::finding::Finding;
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    codes::{self, At as _},
    document::is_letter,
    markdown,
    persons::{fold, is_hidden},
    secrecy::{HEAD_LINES, parts_of_name},
};

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// For some readers only.
    Internal,
    /// Before it was settled.
    Draft,
    /// A note of the author's to himself.
    Unfinished,
}

/// What makes a line a mark of texts for some readers only.
const INTERNAL: [&str; 19] = [
    "内部资料",
    "内部文件",
    "内部工作资料",
    "内部学习资料",
    "内部参阅",
    "内部材料",
    "内部使用",
    "内部参考",
    "内部传阅",
    "内部掌握",
    "内部发放",
    "仅供内部",
    "仅限内部",
    "不得外传",
    "严禁外传",
    "请勿外传",
    "禁止外传",
    "会后收回",
    "阅后收回",
];
/// What may stand beside it in such a line, the longer first.
const BESIDE: [&str; 20] = [
    "本资料",
    "本材料",
    "妥善保管",
    "注意保存",
    "注意保管",
    "不得翻印",
    "不得复制",
    "不得转发",
    "此件",
    "本件",
    "工作",
    "会议",
    "仅供",
    "仅限",
    "使用",
    "参考",
    "属",
    "系",
    "为",
    "请",
];
/// To whom a document is handed down, as its note 附注 says: 此件发至县团级.
const HANDED_DOWN: [&str; 4] = ["此件发", "本件发", "此文发", "发至县"];
const DRAFTS: [&str; 9] =
    ["征求意见稿", "讨论稿", "送审稿", "审议稿", "报批稿", "会签稿", "草稿", "初稿", "草案"];
/// Characters of a line or of what stands in brackets that is a mark.
const MARK_CHARS: RangeInclusive<usize> = 2..=24;

/// Bytes of a line below the head that may be a mark, with what dresses it up.
const LINE_BYTES_MAX: usize = 160;

/// The marks of a text as a page shows it, each with its line.
pub(crate) fn find_on_page(source: &str) -> Vec<Finding> {
    let mut line = 1;
    let mut counted_to = 0;
    let mut lines = vec![];
    for block in markdown::shown(source).into_iter().filter(|block| !block.is_cell) {
        let before = source.get(counted_to..block.place.start).unwrap_or_default();
        line += before.matches('\n').count();
        counted_to = counted_to.max(block.place.start);
        let block_lines = block.text.lines().enumerate();
        lines.extend(block_lines.map(|(index, text)| (line + index, text.to_owned())));
    }
    find_in(lines.iter().map(|(line, text)| (*line, text.as_str())))
}

/// The same of plain text, or of a table's lines.
pub(crate) fn find(text: &str) -> Vec<Finding> {
    find_in((1..).zip(text.lines()))
}

/// The same in a file's name, without its folder.
pub(crate) fn find_in_name(name: &str) -> Option<Finding> {
    let mark = parts_of_name(name).iter().find_map(|part| mark_of(part))?;
    Some(mark.finding(name))
}

/// Whether a title says that the text is a draft.
pub(crate) fn find_in_title(title: &str) -> Option<Finding> {
    mark_at_end(&folded(title)).map(|(mark, shown)| mark.finding(shown))
}

/// The first mark of each kind.
fn find_in<'t>(lines: impl Iterator<Item = (usize, &'t str)>) -> Vec<Finding> {
    let mut found: Vec<(Mark, Finding)> = vec![];
    let lines = lines.filter(|(_, text)| !text.trim().is_empty());
    for (index, (line, text)) in lines.enumerate() {
        let may_be_mark = index < HEAD_LINES || text.len() <= LINE_BYTES_MAX;
        if let Some(note) = find_note(text)
            && found.iter().all(|(known, _)| *known != Mark::Unfinished)
        {
            found.push((Mark::Unfinished, Mark::Unfinished.finding(note).at_line(line)));
        }
        if !may_be_mark || !text.contains(['内', '传', '发', '稿', '案', '收']) {
            continue;
        }
        let text = folded(text);
        let whole = mark_of(&text).map(|mark| (mark, text.as_str()));
        let in_head = || mark_at_end(&text).or_else(|| mark_beside(&text));
        let mark = whole.or_else(|| if index < HEAD_LINES { in_head() } else { None });
        let Some((mark, shown)) = mark else { continue };
        if found.iter().all(|(known, _)| *known != mark) {
            found.push((mark, mark.finding(shown.trim()).at_line(line)));
        }
    }
    found.into_iter().map(|(_, finding)| finding).collect()
}

/// 【请补充数据】, （此处待核实）: in brackets, what its author has still to do; and amounts that nobody filled in.
fn find_note(line: &str) -> Option<&str> {
    const NOTES: [&str; 12] = [
        "待核实",
        "待核对",
        "待补充",
        "待确认",
        "待完善",
        "待定稿",
        "请补充",
        "请核实",
        "请核对",
        "请填写",
        "此处填写",
        "此处补充",
    ];
    const BLANKS: [&str; 6] = ["××元", "XX元", "xx元", "××万元", "XX万元", "XXXXXXXX"];
    const NOTE_BYTES_MAX: usize = 60;
    let has = |signs: [&str; 3]| signs.iter().any(|sign| line.contains(sign));
    let has_blank = has(["×", "X", "x"]);
    if let Some(blank) = BLANKS.iter().find(|blank| has_blank && line.contains(*blank)) {
        return Some(blank);
    }
    // What each note begins with.
    if !has(["待", "请", "此处"]) {
        return None;
    }
    line.match_indices(['【', '（', '(', '[']).find_map(|(at, sign)| {
        let inner = line.get(at + sign.len()..)?;
        let inner = inner.get(..inner.find(['】', '）', ')', ']'])?)?;
        let is_note =
            inner.len() <= NOTE_BYTES_MAX && NOTES.iter().any(|note| inner.contains(note));
        is_note.then_some(inner)
    })
}

/// A line in common forms, without marks of Markdown: no mark is longer.
fn folded(line: &str) -> String {
    const CHARS_MAX: usize = 200;
    let shown = line.chars().filter(|c| !is_hidden(*c)).take(CHARS_MAX);
    // Of most lines there is little to be folded, and the tables for all others are slow.
    let folded: String = if line.chars().all(is_folded_by_width) {
        shown.map(fold).collect()
    } else {
        shown.nfkc().collect()
    };
    folded.trim_matches(|c: char| c.is_whitespace() || "#*_>`|-".contains(c)).to_owned()
}

/// Whether a character's common form is itself, or ASCII of half the width.
fn is_folded_by_width(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}')
        || matches!(c, '、' | '。' | '《' | '》' | '“' | '”' | '—')
}

/// What a line or a part of one is that is nothing but a mark.
fn mark_of(text: &str) -> Option<Mark> {
    let bare: String = text.chars().filter(|c| is_letter(*c)).collect();
    if !MARK_CHARS.contains(&bare.chars().count()) {
        return None;
    }
    if HANDED_DOWN.iter().any(|words| bare.starts_with(words)) {
        return Some(Mark::Internal);
    }
    if INTERNAL.iter().any(|words| bare.contains(words)) {
        let parts = INTERNAL.iter().chain(&BESIDE);
        let rest = parts.fold(bare.clone(), |rest, part| rest.replace(part, ""));
        if rest.is_empty() {
            return Some(Mark::Internal);
        }
    }
    // 征求意见稿（第二稿）, 20260301讨论稿
    let draft = DRAFTS.iter().find(|draft| bare.contains(*draft))?;
    let (before, behind) = bare.split_once(draft)?;
    let is_dated = before.is_ascii() || before.starts_with('第');
    let is_version =
        |c: char| c.is_ascii_alphanumeric() || "第一二三四五六七八九十年月日版稿次".contains(c);
    (is_dated && before.chars().chain(behind.chars()).all(is_version)).then_some(Mark::Draft)
}

/// 关于……的通知（讨论稿）: a mark in brackets at a line's end. What stands within 《》 is another document.
fn mark_at_end(line: &str) -> Option<(Mark, &str)> {
    let line = line.trim_end();
    let inner = line.strip_suffix([')', '〕', '】', ']'])?;
    let (before, inner) = inner.rsplit_once(['(', '〔', '【', '['])?;
    let is_quoted = before.rfind('《') > before.rfind('》');
    let is_sentence = before.contains(['。', ';']);
    (!is_quoted && !is_sentence).then(|| mark_of(inner).map(|mark| (mark, inner)))?
}

/// 某局　　内部资料: a mark beside other elements of a head, or before the title: 【讨论稿】关于…….
fn mark_beside(line: &str) -> Option<(Mark, &str)> {
    if line.contains(['。', ';', ',', '、', '《', '“']) {
        return None; // a sentence
    }
    let parts = line.split(|c: char| c.is_whitespace() || "|[]【】()".contains(c));
    let mut parts = parts.filter(|part| !part.is_empty()).peekable();
    let is_numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    // （二）征求意见稿 is an item of a list.
    if parts.peek().is_none_or(|first| first.chars().all(is_numeral)) {
        return None;
    }
    parts.find_map(|part| mark_of(part).map(|mark| (mark, part)))
}

impl Mark {
    fn finding(self, shown: &str) -> Finding {
        match self {
            // 政府信息公开条例, Art. 16: what is internal need not be disclosed; what is, is not marked so.
            Self::Internal => codes::DISCLOSURE_MARK.about(shown).into_warning().advising(
                "核对能否公开：可以公开的删去该标志，不能公开的不得放入政策包".to_owned(),
                "ask whether it may be public: if so remove the mark, if not take the file out of the bundle"
                    .to_owned(),
            ),
            Self::Unfinished => {
                let finding = codes::KIND.finding().into_warning();
                let finding = Finding {
                    message: format!("文中还有没写完的地方：{shown}"),
                    message_en: format!("something is still to be written: {shown}"),
                    ..finding
                };
                finding.advising(
                    "补上或删去".to_owned(),
                    "write it, or take it out".to_owned(),
                )
            }
            Self::Draft => {
                let finding = codes::KIND.finding().into_warning();
                let finding = Finding {
                    message: format!("文中还标着“{shown}”，不像定稿"),
                    message_en: format!("it still calls itself a draft: {shown}"),
                    ..finding
                };
                finding.advising(
                    "核对是否放错了稿子；是定稿的，删去该字样；征求意见稿目前不能用本系统发布".to_owned(),
                    "check that it is the right version: remove the words from a final text; drafts for comment are not released yet"
                        .to_owned(),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(String, u32)> {
        find_on_page(text).into_iter().map(|f| (f.code, f.line.unwrap_or_default())).collect()
    }

    #[test]
    fn what_is_folded_by_its_width_is_as_the_tables_have_it() {
        let plain: String = (char::MIN..=char::MAX).filter(|c| is_folded_by_width(*c)).collect();
        assert!(!plain.contains(is_hidden));
        assert!(plain.chars().map(fold).eq(plain.chars().nfkc()));
    }

    #[test]
    fn marks_of_internal_texts_are_told() {
        for mark in [
            "内部资料，不得外传",
            "内部资料　注意保存",
            "（内部使用）",
            "【内部文件】",
            "**仅供内部参考**",
            "仅供内部使用，请勿外传！",
            "此件发至县团级",
            "（此件发至县、团级，可在党内传达）",
            "会后收回",
            "内部\u{200b}资料",
            "示例市教育局　　内部资料",
            "关于印发某办法的通知（内部资料）",
        ] {
            let text = format!("# 通知\n\n{mark}\n\n正文。\n");
            assert_eq!(said(&text), [("TS132".to_owned(), 3)], "{mark}");
            assert_eq!(find(&format!("\n{mark}\n")).len(), 1, "{mark}");
        }
        // The note 附注 stands at the end.
        let text = format!("{}（此件发至县团级）\n", "正文。\n\n".repeat(40));
        assert_eq!(said(&text), [("TS132".to_owned(), 81)]);
    }

    #[test]
    fn drafts_are_told() {
        for mark in [
            "# 某某管理办法（征求意见稿）",
            "某某管理办法（讨论稿）",
            "关于印发某某办法的通知（送审稿第二稿）",
            "（草案）",
            "讨论稿（20260301）",
            "【讨论稿】关于某事项的通知",
            "征求意见稿",
        ] {
            let text = format!("\n{mark}\n\n正文。\n");
            assert_eq!(said(&text), [("TS111".to_owned(), 2)], "{mark}");
        }
        assert!(find_in_title("某某管理办法（讨论稿）").is_some());
    }

    #[test]
    fn what_is_still_to_be_written_is_told() {
        for note in [
            "今年安排资金【请补充数据】。",
            "共惠及3000户（此处待核实）。",
            "补贴标准为××元。",
            "咨询电话：XXXXXXXX。",
        ] {
            assert_eq!(said(&format!("\n{note}\n")), [("TS111".to_owned(), 2)], "{note}");
        }
        for said_plainly in ["材料待核实后办理。", "（由受理窗口核实）", "请补充材料后再来。"]
        {
            assert_eq!(said(said_plainly), [], "{said_plainly}");
        }
    }

    #[test]
    fn words_in_running_text_are_no_mark() {
        for line in [
            "# 关于《某某办法（征求意见稿）》公开征求意见的公告",
            "《某某办法（征求意见稿）》",
            "起草单位形成讨论稿后，应当征求意见。",
            "内部资料性出版物管理办法",
            "会议资料属于内部资料，不得外传。有关人员应当妥善处理。",
            "内部使用的表格由各区自行印制。",
            "（此件公开发布）",
            "此件公开发布，发至县级",
            "（二）征求意见稿",
            "| 甲 | 乙 |\n|---|---|\n| 内部使用 | 是 |",
        ] {
            assert_eq!(said(&format!("{line}\n")), [], "{line}");
        }
        assert!(find_in_title("关于《某某办法（征求意见稿）》公开征求意见的公告").is_none());
        assert!(find_in_name("征求意见情况.pdf").is_none());
    }

    #[test]
    fn names_of_files_are_looked_at() {
        for name in ["名单（内部资料）.xlsx", "内部资料-名单.pdf", "办法_讨论稿.docx"]
        {
            assert!(find_in_name(name).is_some(), "{name}");
        }
    }
}
