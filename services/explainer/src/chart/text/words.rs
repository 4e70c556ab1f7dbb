//! Where words end in titles and headlines, without a dictionary: only what official titles have in common.
//!
//! A break is good behind 和, 与, 及, 的 and a slash, where these are words of their own; before 关于; before 的 that leads
//! to the kind of document (的通知, 的实施意见); behind the end of an agency's name; and between Chinese and a number or
//! a Latin word. It is bad inside 关于, the end of an agency's name, a kind of document or another word that charts are full
//! of, before 性 and the like, which end a word, and between 一 and 次. Of all other places nothing is known.

use super::{Kind, UNITS, is_chinese};

/// How names of agencies end.
const AGENCIES: [&str; 6] = ["委员会", "办公室", "人民政府", "中心", "管理局", "监督局"];
/// What documents are called.
const DOCUMENTS: [&str; 16] = [
    "通知", "意见", "办法", "决定", "公告", "通告", "方案", "规定", "细则", "措施", "批复", "规划",
    "计划", "条例", "解读", "政策",
];
/// Others that names of offices and of what they do and pay are full of.
const COMMON: [&str; 42] = [
    "关于",
    "社区",
    "事务",
    "受理",
    "服务",
    "企业",
    "居民",
    "职工",
    "人员",
    "单位",
    "机构",
    "学校",
    "家庭",
    "项目",
    "资金",
    "标准",
    "待遇",
    "补贴",
    "补助",
    "返还",
    "稳岗",
    "奖励",
    "救助",
    "保险",
    "保障",
    "医疗",
    "养老",
    "失业",
    "工伤",
    "生育",
    "就业",
    "创业",
    "教育",
    "住房",
    "公积金",
    "参保",
    "缴费",
    "申请",
    "办理",
    "审核",
    "发放",
    "一次性",
];
/// What ends a word, and before what it begins one: 一次性, 性别.
const ENDING: [(char, &str); 4] =
    [('性', "别质能格命情"), ('化', "学工解验肥纤妆"), ('率', "先领"), ('者', "")];
/// What counts, before what it counts: 一次, 三年.
const NUMERALS: &str = "一二三四五六七八九十百千两几";
/// A document's kind with what may stand before it: 的若干政策措施.
const DOCUMENT_CHARS_MAX: usize = 6;
/// What joins two words, what it is no word of its own behind, and before.
const JOINING: [(char, &str, &str); 3] = [
    ('和', "共饱温缓总呼祥随暖调", "平谐解田睦气"),
    ('与', "参给赋授", "会否"),
    ('及', "普涉波顾提触危", "时格其早"),
];

/// What is known of a break that the rules allow, and that no mark is at.
pub(super) fn kind(text: &str, at: usize) -> Kind {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let is_torn = |word: &str| {
        word.char_indices().skip(1).any(|(cut, _)| {
            word.split_at_checked(cut)
                .is_some_and(|(a, b)| before.ends_with(a) && after.starts_with(b))
        })
    };
    if AGENCIES.into_iter().chain(DOCUMENTS).chain(COMMON).any(is_torn) {
        return Kind::Torn;
    }
    let (last, next) = (before.chars().next_back(), after.chars().next());
    let (Some(last), Some(next)) = (last, next) else { return Kind::Word };
    if ends_word(last, after) || NUMERALS.contains(last) && UNITS.contains(next) {
        return Kind::Torn;
    }
    let is_latin = |c: char| c.is_ascii_alphanumeric();
    let is_good = after.starts_with("关于")
        || leads_to_document(after)
        || AGENCIES.iter().any(|name| before.ends_with(name))
        || joins(before, next)
        || qualifies(before, next) && !leads_to_document(&format!("的{after}"))
        || last == '/'
        || is_chinese(last) && is_latin(next)
        || is_latin(last) && last.is_ascii_alphabetic() && is_chinese(next);
    if is_good { Kind::Phrase } else { Kind::Word }
}

/// Whether 的 begins here, and the title ends with a document's kind a few characters on.
fn leads_to_document(after: &str) -> bool {
    let Some(rest) = after.strip_prefix('的') else { return false };
    let ends = |c: char| matches!(c, '》' | '〉' | '（' | '(' | '，' | '。' | ' ');
    let end = rest.char_indices().nth(DOCUMENT_CHARS_MAX + 1).map_or(rest.len(), |(end, _)| end);
    let near = rest.get(..end).unwrap_or(rest);
    let name = near.split(ends).next().unwrap_or_default();
    name.char_indices().nth(DOCUMENT_CHARS_MAX).is_none()
        && DOCUMENTS.iter().any(|kind| name.ends_with(kind))
}

/// Whether what begins here is the end of the word before.
fn ends_word(last: char, after: &str) -> bool {
    let mut from = after.chars();
    let (next, behind) = (from.next(), from.next());
    let is_it = |(ending, begins): &(char, &str)| {
        next == Some(*ending) && behind.is_none_or(|behind| !begins.contains(behind))
    };
    is_chinese(last) && ENDING.iter().any(is_it)
}

/// Whether 的 stands behind what it makes an attribute of: 目的 and 的确 are words, and a document's kind has it beside it.
fn qualifies(before: &str, next: char) -> bool {
    let rest = before.strip_suffix('的').filter(|rest| !rest.is_empty() && !rest.ends_with('目'));
    rest.is_some() && !matches!(next, '确' | '士')
}

fn joins(before: &str, next: char) -> bool {
    let mut from_end = before.chars().rev();
    let (Some(word), Some(last)) = (from_end.next(), from_end.next()) else { return false };
    JOINING.iter().any(|(joining, not_behind, not_before)| {
        *joining == word && !not_behind.contains(last) && !not_before.contains(next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_and_bad_places_are_told() {
        let told = |text: &str| {
            let at = text.find('|').unwrap_or(0);
            kind(&text.replace('|', ""), at)
        };
        for text in [
            "示例市住房公积金管理委员会|关于优化",
            "使用政策|的通知》政策解读",
            "一件事|的实施意见",
            "人力资源和|社会保障局",
            "报销比例提高|10个百分点",
            "市发展改革委/|财政局",
            "推进PM2.5和VOCs|治理",
            "老百姓家门口的|好学校",
        ] {
            assert!(told(text) == Kind::Phrase, "{text}");
        }
        for text in [
            "管理委|员会",
            "局关|于调整",
            "的通|知",
            "服务中|心",
            "社区事|务受理",
            "推进企|业",
            "一次|性稳岗返还",
            "连续三|年增长",
            "数字|化转型",
            "参与|者",
        ] {
            assert!(told(text) == Kind::Torn, "{text}");
        }
        for text in [
            "共和|国",
            "和|平区",
            "及|时办理",
            "不分|性别",
            "危险|化学品",
            "目的|地",
            "使用政策的|通知",
            "统|一规划",
        ] {
            assert!(told(text) == Kind::Word, "{text}");
        }
    }
}
