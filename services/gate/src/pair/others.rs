//! Whether a sentence names what the policy does not grant: a benefit of another office, whose figures
//! are its own.

use foldhash::HashSet;

/// Words that benefits and schemes are called by; what stands before them says which: 高龄津贴.
const HEADS: [&str; 14] = [
    "补贴", "津贴", "补助", "医保", "保险", "救助", "低保", "奖励", "奖金", "待遇", "福利", "项目",
    "基金", "旧证",
];

/// Characters that end what stands before such a word and is no part of its name: 享受, 领取, 发放, 的.
const BEFORE_NAME: &[char] = &[
    '受', '取', '领', '放', '的', '和', '与', '及', '或', '对', '给', '予', '由', '按', '是', '有',
    '请', '到', '得', '供', '后',
];

/// Characters of a name that are looked at.
const NAME_MAX: usize = 6;

/// Whether a sentence's text names such a thing by characters that nowhere stand side by side in the
/// policy, whose pairs of characters are `theirs`.
pub(super) fn are_named(text: &str, theirs: &HashSet<(char, char)>) -> bool {
    HEADS.iter().flat_map(|head| text.match_indices(head)).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().chars().rev();
        let name: Vec<char> = before
            .take_while(|c| c.is_alphanumeric() && !BEFORE_NAME.contains(c))
            .take(NAME_MAX)
            .collect();
        name.windows(2)
            .any(|pair| matches!(pair, [next, first] if !theirs.contains(&(*first, *next))))
    })
}

/// Kinds of documents, and what is said of one right behind its name.
const DOCUMENTS: [&str; 7] = ["办法", "条例", "细则", "意见", "通知", "公告", "通告"];
const SAID: [&str; 7] = ["自", "从", "有效期", "的有效期", "规定", "施行", "执行"];
/// What stands before the name of this very document: 本通知, 新办法, 这份意见.
const OWN: [char; 12] = ['本', '该', '此', '这', '新', '份', '项', '个', '一', '次', '“', '、'];

/// Whether a sentence speaks of another document without 《》: 2026年的通知自…起施行, 国家办法有效期5年. 本通知, 新通知, the name
/// in the policy's `title` and 通知 alone are this one.
pub(super) fn names_document(sentence: &str, title: &str) -> bool {
    sentence.split(['，', ',', '：', ':', '《', '》']).any(|clause| {
        let names = DOCUMENTS.iter().flat_map(|name| clause.match_indices(name));
        names.into_iter().any(|(at, name)| {
            let behind = clause.get(at + name.len()..).unwrap_or_default();
            let before = clause.get(..at).unwrap_or_default();
            let called = clause.get(..at + name.len()).unwrap_or_default();
            let called = called.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let is_bare = before.trim_end().is_empty()
                || before.ends_with(|c: char| !c.is_alphanumeric() || OWN.contains(&c));
            SAID.iter().any(|said| behind.starts_with(said)) && !is_bare && !title.contains(called)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{super::exceptions::pairs, *};

    #[test]
    fn a_document_without_marks_is_told_from_this_one() {
        let title = "示例市补贴办法";
        for (text, is_other) in [
            ("2026年的通知自2026年1月1日起施行，", true),
            ("国家办法有效期", true),
            ("补贴办法自2026年1月1日起施行，", false),
            ("本办法自2026年1月1日起施行，", false),
            ("新办法自2026年1月1日起施行，", false),
            ("办法自2026年1月1日起施行，", false),
            ("补贴标准为", false),
        ] {
            assert_eq!(names_document(text, title), is_other, "{text}");
        }
    }

    #[test]
    fn what_the_policy_grants_is_none() {
        let theirs = pairs("关于发放生活补贴的通知 居民门诊");
        for (text, is_other) in [
            ("残疾人生活补贴由残联发放，", true),
            ("享受高龄津贴（", true),
            ("职工医保门诊起付标准为500元，", true),
            ("领取生活补贴的，", false),
            ("享受补贴，", false),
            ("", false),
        ] {
            assert_eq!(are_named(text, &theirs), is_other, "{text}");
        }
    }
}
