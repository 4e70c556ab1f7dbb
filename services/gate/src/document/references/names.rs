//! Documents by the words around their names.

use super::super::words::{first_chars, title_at};

/// Titles of one unit that are looked at for what it amends.
const TITLES_MAX: usize = 16;

/// 对《甲》作出修改, 将《甲》第八条修改为, 关于修改《甲》的决定: what a decision amends, where it is one.
pub(super) fn find_amended(text: &str) -> Option<&str> {
    text.match_indices('《').take(TITLES_MAX).find_map(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let (title, after) = title_at(text.get(at..)?)?;
        let order = first_chars(after, 40);
        let is_order = before.ends_with('对') && order.contains('作') && order.contains("修改")
            || before.ends_with('将') && order.contains('第') && order.contains("改为")
            || before.ends_with("关于修改") && after.starts_with("的决定");
        is_order.then_some(title)
    })
}

/// What a document is called from here on: （以下简称《办法》）, （以下简称规划法）, （简称《办法》）. `behind` follows its
/// title and number.
pub(super) fn short_name(behind: &str) -> Option<&str> {
    let near = first_chars(behind, 40);
    let inner = near.strip_prefix(['（', '(', '，']).unwrap_or(near);
    let is_bracketed = near.starts_with(['（', '(']);
    let inner = ["以下简称", "下称", "简称"]
        .iter()
        .find_map(|word| inner.strip_prefix(word).filter(|_| is_bracketed || *word != "简称"))?;
    let end = inner.find(['）', ')', '。', '，', '；'])?;
    let short = inner.get(..end)?.trim_matches(['《', '》', '“', '”', '：']);
    (!short.is_empty()).then_some(short)
}

/// A law named without 《》 right before its clause: 民法典第五百七十七条, 行政处罚法第三条.
pub(super) fn bare_law(before: &str) -> Option<&str> {
    const BEFORE: [&str; 31] = [
        "，", "。", "；", "：", "、", "（", "）", "《", "》", "“", "”", " ", "　", "依照", "按照",
        "依据", "根据", "违反", "符合", "适用", "和", "与", "及", "或", "了", "属于", "构成",
        "参照", "触犯", "遵守", "关于",
    ];
    let is_law = ["法典", "法", "条例"].iter().any(|end| before.ends_with(end));
    let is_word = [
        "办法",
        "方法",
        "本法",
        "该法",
        "本条例",
        "该条例",
        "违法",
        "执法",
        "司法",
        "依法",
        "立法",
        "无法",
    ];
    if !is_law || is_word.iter().any(|word| before.ends_with(word)) {
        return None;
    }
    let from = before.char_indices().rev().take(20).last()?.0;
    let near = before.get(from..)?;
    let begin = BEFORE.iter().filter_map(|word| Some(near.rfind(word)? + word.len())).max();
    let law = near.get(begin.unwrap_or(0)..)?;
    (law.chars().count() > 1).then_some(law)
}
