//! Whom or what a figure is for, where a comma or a label sets that off: 非居民用户，基本水价为3.2元; 橙色预警：….

use super::figures::BREAKS;
use crate::document::is_letter;

/// Nouns for whom or what something holds, by which two such names end.
const HEADS: [&str; 45] = [
    "用户",
    "住户",
    "农户",
    "商户",
    "客户",
    "学校",
    "学生",
    "企业",
    "公司",
    "机构",
    "单位",
    "医院",
    "家庭",
    "人员",
    "职工",
    "员工",
    "居民",
    "村民",
    "农民",
    "老人",
    "老年人",
    "儿童",
    "残疾人",
    "患者",
    "教师",
    "教职工",
    "人才",
    "毕业生",
    "对象",
    "纳税人",
    "经营者",
    "幼儿园",
    "小区",
    "住房",
    "房屋",
    "车辆",
    "项目",
    "工程",
    "农田",
    "耕地",
    "林地",
    "土地",
    "道路",
    "建筑",
    "设备",
];

/// Words before a name that say nothing of which is meant.
const PLAIN: [&str; 41] = [
    "对于", "对", "凡是", "凡", "其中", "我市", "我区", "我县", "我省", "本市", "本区", "本县",
    "本省", "全市", "全区", "全县", "全省", "广大", "各类", "各级", "各个", "各", "所有", "全体",
    "每个", "每位", "每名", "这些", "这类", "此类", "该类", "上述", "有关", "相关", "符合", "申请",
    "全部", "一切", "每家", "每所", "多数",
];

/// What differs in words alone.
const ALIKE: [[&str; 2]; 5] =
    [["居民", "家庭"], ["居民", "住宅"], ["农村", "乡镇"], ["高龄", "老年"], ["困难", "低保"]];

/// Letters in which two names differ, and those of one that denies the other.
const APART: std::ops::RangeInclusive<usize> = 2..=4;
const DENIALS: [&str; 3] = ["非", "未", "无"];

/// Whether the figure is for another than the policy's: both sides name theirs, and the policy (`text`) nowhere names ours.
pub(super) fn is_of_another(lead: &str, theirs: &str, text: &str) -> bool {
    is_of_another_name(lead, theirs, text) || is_of_another_label(lead, theirs, text)
}

fn is_of_another_name(lead: &str, theirs: &str, text: &str) -> bool {
    let Some((ours, rival)) = set_off(lead).zip(set_off(theirs)) else { return false };
    are_apart(ours, rival) && !text.contains(ours)
}

/// The name right before the quantity's clause: 居民用户 of 居民用户，基本水价为.
fn set_off(lead: &str) -> Option<&str> {
    let mut clauses = lead.rsplit(['，', ',']).skip(1);
    let clause = clauses.next()?.rsplit(BREAKS).next()?.trim();
    let mut name = clause.trim_matches('*');
    while let Some(rest) = PLAIN.iter().find_map(|word| name.strip_prefix(word)) {
        name = rest;
    }
    let is_name = name.chars().all(is_letter) && HEADS.iter().any(|head| name.ends_with(head));
    is_name.then_some(name)
}

/// Whether two names of one kind are of two: 新建高标准农田, 改造提升高标准农田; 居民用户, 非居民用户. A longer one may only say more.
fn are_apart(one: &str, other: &str) -> bool {
    let denies = |one: &str, other: &str| {
        one.strip_suffix(other).is_some_and(|before| DENIALS.contains(&before))
    };
    if denies(one, other) || denies(other, one) {
        return true;
    }
    let [ours, theirs] = [one, other].map(|name| name.chars().collect::<Vec<char>>());
    let pairs = || ours.iter().rev().zip(theirs.iter().rev());
    let end = pairs().take_while(|(one, other)| one == other).count();
    let [ours, theirs] =
        [&ours, &theirs].map(|name| name.get(..name.len() - end).unwrap_or_default());
    let shared: String =
        one.chars().rev().take(end).collect::<Vec<_>>().into_iter().rev().collect();
    let are_alike = || {
        let [ours, theirs] = [ours, theirs].map(|name| name.iter().collect::<String>());
        ALIKE.iter().any(|pair| pair.contains(&ours.as_str()) && pair.contains(&theirs.as_str()))
    };
    // 乡村学校 may be 农村学校, and 获得认定的企业 every one.
    [ours, theirs].iter().all(|name| APART.contains(&name.len()) && !name.contains(&'的'))
        && !ours.iter().any(|letter| theirs.contains(letter))
        && HEADS.iter().any(|head| shared.ends_with(head))
        && !are_alike()
}

/// Labels of which one holds at a time, each with its forms.
const LABELS: [&[&[&str]]; 3] = [
    &[
        &["红色预警", "红色警报"],
        &["橙色预警", "橙色警报"],
        &["黄色预警", "黄色警报"],
        &["蓝色预警", "蓝色警报"],
    ],
    &[&["半失能"], &["失能"]],
    &[&["周末", "周六", "周日", "双休日", "节假日"], &["周一", "周二", "周三", "周四", "周五"]],
];

/// Whether the last label of ours is another than the last of theirs, and the policy has none of its forms.
pub(super) fn is_of_another_label(lead: &str, theirs: &str, text: &str) -> bool {
    let is_other = |labels: &[&[&str]]| {
        let Some((ours, rival)) = last(lead, labels).zip(last(theirs, labels)) else {
            return false;
        };
        let is_held =
            || labels.get(ours).is_some_and(|forms| forms.iter().any(|form| has(text, form)));
        ours != rival && !is_held()
    };
    LABELS.iter().any(|labels| is_other(labels)) || is_of_another_term(lead, theirs, text)
}

/// Which of these labels a text names last.
fn last(text: &str, labels: &[&[&str]]) -> Option<usize> {
    let places = labels.iter().enumerate().flat_map(|(index, forms)| {
        forms.iter().filter_map(move |form| Some((places(text, form).last()?, index)))
    });
    places.max().map(|(_, index)| index)
}

fn has(text: &str, form: &str) -> bool {
    places(text, form).next().is_some()
}

/// Where a label stands; 失能 of 半失能 is none, nor 周一 of 每周一次.
fn places<'t>(text: &'t str, form: &'t str) -> impl Iterator<Item = usize> + 't {
    const OTHER: [char; 3] = ['半', '每', '一'];
    let places = text.match_indices(form).map(|(at, _)| at);
    places.filter(move |at| !text.get(..*at).is_some_and(|before| before.ends_with(OTHER)))
}

/// 五年期 beside 三年期
fn is_of_another_term(lead: &str, theirs: &str, text: &str) -> bool {
    let Some((ours, rival)) = term(lead).zip(term(theirs)) else { return false };
    ours != rival && !terms(text).any(|term| term == ours)
}

fn term(text: &str) -> Option<usize> {
    terms(text).last()
}

/// The terms that a text names, in years.
fn terms(text: &str) -> impl Iterator<Item = usize> {
    const NUMERALS: [char; 10] = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    text.match_indices("年期").filter_map(|(at, _)| {
        let before = text.get(..at)?;
        let last = before.chars().next_back()?;
        let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        match NUMERALS.iter().position(|numeral| *numeral == last) {
            Some(numeral) => Some(numeral + 1),
            None => before.get(before.len() - digits..)?.parse().ok(),
        }
    })
}
