//! The policy's own number with another office's letters, another serial or year (东政办规〔2027〕9号 for 东政规〔2027〕9号), and
//! its own order with another serial (令第26号 for 令第62号), wherever the words call it the policy's.

use std::ops::Range;

use foldhash::{HashMap, HashSet};
use lockstep_proto::finding::Severity;
use strsim::levenshtein;

use super::{
    ALIKE_MAX, ISSUED, Order, Wrong, is_of_another_time, is_of_issuer, is_slip, key, lacks_a_digit,
};
use super::{orders, parts};
use crate::{
    document::{NumberAt, SELF_NAMES, find_numbers, first_chars, last_chars, sentence_before},
    pair::{Pair, own::Own},
    wording::{Own as Quotes, check_quotes},
};

/// Characters around a number that are looked at.
const AROUND_MAX: usize = 120;
/// Letters of an office that are changed at most where nothing but year and serial says whose number it is.
const LETTERS_MAX: usize = 1;
/// The same where the words call it the policy's.
const LETTERS_MAX_OF_OWN: usize = 2;
/// Words of a sentence that tells of what was before.
const FORMER: [&str; 13] = [
    "原", "旧", "废止", "失效", "修改", "修订", "修正", "代替", "替代", "以来", "最早", "最初",
    "曾",
];
/// Words by which a document is followed that is none of the policy's.
const CITING: [&str; 16] = [
    "根据",
    "按照",
    "依据",
    "依照",
    "落实",
    "贯彻",
    "转发",
    "对照",
    "登记",
    "备案",
    "编号",
    "参见",
    "另见",
    "参照",
    "配套",
    "相关文件",
];

/// Orders that are looked at. Keeps the work linear.
const ORDERS_MAX: usize = 100;
/// What a higher office is called before the short name of its document.
const ABOVE: [&str; 7] = ["省", "国务院", "国家", "自治区", "上级", "部", "厅"];

/// What the words around a number say of whose it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Called {
    Own,
    Another,
    Unsaid,
}

/// The policy's numbers as the interpretation gives them, where they are others.
pub(super) fn find<'d>(pair: &Pair<'d>, names: &Own<'_>) -> Vec<Wrong<'d>> {
    let (policy, text) = (pair.policy.text(), pair.interpretation.text());
    let declared = pair.metadata.number.as_deref();
    let stated = pair.policy.metadata().number.as_deref();
    let Some(shown) = stated.or(declared) else { return vec![] };
    let of_own = |number: &str| find_numbers(number).into_iter().next();
    let owns: Vec<NumberAt> = [stated, declared].into_iter().flatten().filter_map(of_own).collect();
    let Some((code, year, serial)) = owns.first().and_then(|own| parts(&own.number)) else {
        return vec![];
    };
    let policy_numbers = find_numbers(policy);
    let mut held: HashMap<(&str, &str), Vec<&str>> = HashMap::default();
    for (code, year, serial) in
        policy_numbers.iter().chain(&owns).filter_map(|number| parts(&number.number))
    {
        let codes = held.entry((year, serial)).or_default();
        if codes.len() < ALIKE_MAX && !codes.contains(&code) {
            codes.push(code);
        }
    }
    // What is told as wording is not told again.
    let title = Some(pair.metadata.title.as_str());
    let told = declared.map(|_| check_quotes(text, Quotes { title, number: declared }));
    let told: Vec<Range<usize>> = told.into_iter().flatten().map(|hit| hit.range).collect();
    let is_told = |number: &NumberAt| {
        let at = told.partition_point(|range| range.end < number.end);
        told.get(at).is_some_and(|range| range.end == number.end)
    };
    let found = find_numbers(text).into_iter().filter_map(|ours| {
        let (our_code, our_year, our_serial) = parts(&ours.number)?;
        let codes = held.get(&(our_year, our_serial)).into_iter().flatten();
        let is_held = codes.into_iter().any(|other| are_one(other, our_code));
        if is_held || is_told(&ours) {
            return None;
        }
        let (letters, changed) = letters_of(our_code, code);
        let is_near = changed.is_some_and(|changed| changed <= LETTERS_MAX_OF_OWN);
        let is_nearly = changed.is_some_and(|changed| changed <= LETTERS_MAX);
        let start = ours.start + our_code.len() - letters.len();
        let called = called(names, text, start..ours.end);
        let tells_of_former = tells_of_former(text, start, ours.end);
        let is_other_code = !are_one(our_code, code);
        let is_meant = match (is_other_code, our_year == year, our_serial == serial) {
            (true, true, true) if called == Called::Own => true,
            (true, true, true) => called == Called::Unsaid && is_nearly && !is_cited(text, start),
            (false | true, true, false) => called == Called::Own && is_near,
            (false, false, true) => called == Called::Own && !tells_of_former,
            _ => false,
        };
        let is_sure = is_near && called == Called::Own && !tells_of_former && our_year == year;
        let is_sure = is_sure && is_other_code != (our_serial != serial);
        let raw = text.get(start..ours.end)?;
        let severity = if is_sure { Severity::Block } else { Severity::Warning };
        is_meant.then_some(Wrong { raw, start, theirs: shown.to_owned(), at: None, severity })
    });
    found.collect()
}

/// 政规 of another text's 东政规, and 另见东政规 with what sticks to it, are one.
fn are_one(one: &str, other: &str) -> bool {
    one.ends_with(other) || other.ends_with(one)
}

/// An office's letters without what sticks to them before, where they begin as the policy's do, and how many are changed.
fn letters_of<'t>(ours: &'t str, own: &str) -> (&'t str, Option<usize>) {
    let begin = own.chars().next().and_then(|first| ours.rfind(first));
    let Some(letters) = begin.and_then(|at| ours.get(at..)) else { return (ours, None) };
    (letters, Some(levenshtein(letters, own)))
}

/// Whose number the words around say that it is.
fn called(names: &Own<'_>, text: &str, range: Range<usize>) -> Called {
    let before = text.get(..range.start).unwrap_or_default();
    let before = last_chars(before, AROUND_MAX).rsplit('\n').next().unwrap_or_default();
    let before = before.trim_end_matches(['（', '(', ' ', '\u{3000}', '：', ':', '|', '*']);
    let behind = first_chars(text.get(range.end..).unwrap_or_default(), AROUND_MAX);
    let of_title = |title: &str| {
        let is_own = names.is_name(&format!("《{title}》")) && !names.is_of_other_issuer(title);
        if is_own { Called::Own } else { Called::Another }
    };
    if let Some(titled) = before.strip_suffix('》') {
        let (lead, title) = split_title(titled);
        // 省《通知》（…）, 原《办法》（…）
        let is_above = ABOVE.iter().any(|above| lead.ends_with(above));
        let is_former = lead.ends_with(['原', '旧', '老']);
        let called = if is_former { Called::Unsaid } else { of_title(title) };
        return if is_above { Called::Another } else { called };
    }
    let rest = behind.trim_start_matches(['）', ')', ' ', '\u{3000}']);
    if let Some(rest) = rest.strip_prefix('《') {
        return rest.split('》').next().map_or(Called::Another, of_title);
    }
    let short = behind.trim_start_matches(['，', ',', '；']).trim_start_matches("以下");
    let short = ["简称", "下称"].iter().find_map(|word| short.strip_prefix(word));
    if let Some(name) = short.and_then(|short| short.strip_prefix(['《', '“'])) {
        return name.split(['》', '”']).next().map_or(Called::Another, of_title);
    }
    let is_labelled = before.trim_end_matches(['为', '是']).ends_with("文号");
    if is_labelled && !names.has_others_in(before) {
        return Called::Own;
    }
    let is_self = SELF_NAMES.iter().any(|name| {
        before.strip_suffix(name).is_some_and(|lead| lead.ends_with('本')) && *name != "规定"
    });
    if is_self { Called::Own } else { Called::Unsaid }
}

/// What stands before the title that a text ends with, and the title: the last 《 that is not closed before its end.
fn split_title(titled: &str) -> (&str, &str) {
    let mut depth = 1_usize;
    let open = titled.char_indices().rev().find(|(_, c)| {
        match c {
            '《' => depth -= 1,
            '》' => depth += 1,
            _ => {}
        }
        depth == 0
    });
    let at = open.map_or(0, |(at, _)| at);
    let (lead, title) = titled.split_at_checked(at).unwrap_or(("", titled));
    (lead, title.strip_prefix('《').unwrap_or(title))
}

/// Whether the sentence around a number tells of a former version, or of one that was changed; titles may hold such words.
fn tells_of_former(text: &str, start: usize, end: usize) -> bool {
    let behind = first_chars(text.get(end..).unwrap_or_default(), AROUND_MAX);
    let behind = behind.split(['。', '；', '\n']).next().unwrap_or_default();
    let before = sentence_before(text, start, AROUND_MAX);
    [before, behind]
        .into_iter()
        .flat_map(without_titles)
        .any(|part| FORMER.iter().any(|word| part.contains(word)))
}

/// The words of a text that stand in no title.
fn without_titles(text: &str) -> impl Iterator<Item = &str> {
    text.split('《').enumerate().map(|(index, part)| {
        let is_first = index == 0 && !part.contains('》');
        if is_first { part } else { part.rsplit('》').next().unwrap_or_default() }
    })
}

/// Whether a number is said to be followed: 根据东政办规〔2027〕9号.
fn is_cited(text: &str, start: usize) -> bool {
    let before = sentence_before(text, start, AROUND_MAX);
    CITING.iter().any(|word| before.contains(word))
}

/// The policy's order as the interpretation gives it, with another serial.
pub(super) fn find_order<'d>(pair: &Pair<'d>, names: &Own<'_>) -> Vec<Wrong<'d>> {
    let stated = pair.policy.metadata().number.as_deref().or(pair.metadata.number.as_deref());
    let Some(shown) = stated.filter(|number| number.contains('令')) else { return vec![] };
    let Some((None, serial)) = key(shown) else { return vec![] };
    let text = pair.interpretation.text();
    let held: HashSet<u32> = orders(pair.policy.text()).map(|order| order.serial).collect();
    let others = orders(text).filter(|order| order.serial != serial);
    let wrong = others.filter(|order| !held.contains(&order.serial)).take(ORDERS_MAX);
    let wrong = wrong.filter(|order| is_meant_order(pair, names, order, serial));
    let wrong = wrong.filter_map(|order| {
        let start = order.range.start;
        let raw = text.get(order.range)?;
        let theirs = shown.to_owned();
        Some(Wrong { raw, start, theirs, at: None, severity: Severity::Warning })
    });
    wrong.collect()
}

/// Whether an order is said to be the one by which the policy was issued.
fn is_meant_order(pair: &Pair<'_>, names: &Own<'_>, order: &Order, serial: u32) -> bool {
    const ISSUER_MAX: usize = 20;
    let text = pair.interpretation.text();
    let before = sentence_before(text, order.range.start, AROUND_MAX);
    let before = before.rsplit('\n').next().unwrap_or_default();
    let behind = first_chars(text.get(order.range.end..).unwrap_or_default(), AROUND_MAX);
    let behind = behind.split(['。', '\n']).next().unwrap_or_default();
    let sentence = [before, behind];
    let issuer = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let issuer = last_chars(issuer, ISSUER_MAX);
    let issuer = issuer.rsplit(['以', '由', '经', '日', '为', '署']).next().unwrap_or_default();
    // 第26号市政府令 names its office behind the serial.
    let is_of_issuer = issuer.is_empty() || is_of_issuer(pair, issuer);
    let is_issued = ISSUED.iter().chain(&["签署"]).any(|word| sentence.concat().contains(word));
    let is_own = sentence.iter().any(|part| names.is_quoted_in(part));
    let has_others = sentence.iter().any(|part| names.has_others_in(part));
    let is_other_time = is_of_another_time(pair, &sentence.concat());
    let is_like = {
        let [one, other] = [order.serial, serial].map(|serial| serial.to_string());
        is_slip(&one, &other) || lacks_a_digit(&one, &other)
    };
    let is_called = called(names, text, order.range.start - issuer.len()..order.range.end);
    is_of_issuer
        && !has_others
        && !is_other_time
        && !tells_of_former(text, order.range.start, order.range.end)
        && !CITING.iter().any(|word| before.contains(word))
        && (is_called == Called::Own || is_issued && (is_own || is_like && !issuer.is_empty()))
}
