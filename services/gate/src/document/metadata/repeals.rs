//! What a document ends: 《…》（文号）同时废止, 废止《…》.

use std::ops::Range;

use super::{
    super::{
        Document, mark,
        numerals::is_numeral,
        signs,
        words::{first_chars, last_chars, places_of, sentence_start, title_at},
    },
    Repeal,
};

impl Document<'_> {
    /// 《…》（文号）同时废止, 不再执行: the titles right before it, not others of the sentence.
    pub(super) fn find_repeals(&self) -> Vec<Repeal> {
        let ends = [
            "同时废止",
            "停止执行",
            "不再执行",
            "予以废止",
            "自行废止",
            "即行废止",
            "停止施行",
            "不再施行",
            "宣布失效",
            "自行失效",
            "自动失效",
            "同时失效",
        ];
        let mut found = vec![];
        for end in ends {
            let mut done = 0;
            for at in places_of(self.text, end).map(|place| place.start) {
                // What an earlier one of the sentence ends is taken already.
                let from = sentence_start(self.text, at).max(done);
                done = at;
                let sentence = self.text.get(from..at).unwrap_or_default();
                // 不同时废止
                if !sentence.ends_with('不') {
                    let titles = titles_at_end(sentence);
                    let number = number_at_end(sentence).filter(|_| titles.is_empty());
                    found.extend(titles.into_iter().chain(number).map(|repeal| (at, repeal)));
                }
            }
        }
        // 废止《甲》、《乙》
        for Range { start: at, end } in places_of(self.text, "废止《") {
            // Not 已于2019年废止《甲》, which tells of another document's doing.
            let before = self.text.get(..at).unwrap_or_default().trim_end_matches([' ', '　']);
            let orders = ["、", "：", "。", "；", "，", "\n", "决定", "现", "同时", "一并"];
            if !before.is_empty() && !orders.iter().any(|word| before.ends_with(word)) {
                continue;
            }
            let titles = self.text.get(end - '《'.len_utf8()..).unwrap_or_default();
            let titles = titles_at_start(titles, next_joined);
            found.extend(titles.into_iter().map(|repeal| (at, repeal)));
        }
        for Range { end, .. } in places_of(self.text, "：").chain(places_of(self.text, ":")) {
            let from = sentence_start(self.text, end);
            let lead = last_chars(self.text.get(from..end).unwrap_or_default(), LEAD_MAX);
            if is_lead(lead) {
                let titles = titles_at_start(
                    next_listed(self.text.get(end..).unwrap_or_default()),
                    next_listed,
                );
                found.extend(titles.into_iter().map(|repeal| (end, repeal)));
            }
        }
        found.sort_by_key(|(at, _)| *at);
        found.into_iter().map(|(_, repeal)| repeal).collect()
    }
}

/// Titles that a text lists at most: a decision that ends more names them in its attachment.
const TITLES_MAX: usize = 200;

/// Characters of a line that may announce titles.
const LEAD_MAX: usize = 60;

/// 废止下列文件：, 以下文件同时废止：
fn is_lead(lead: &str) -> bool {
    let names = |words: &[&str]| words.iter().any(|word| lead.contains(word));
    names(&["下列", "以下"])
        && names(&["废止", "失效", "停止执行", "不再执行"])
        && !names(&["修改", "修订", "条款", "不"])
}

/// What follows the marks of items, stops and blanks between the titles of a list.
fn next_listed(text: &str) -> &str {
    let next = text.trim_start_matches(|c: char| {
        c.is_whitespace() || is_numeral(c) || "（）().．、；;，。-*".contains(c)
    });
    // A sentence of its own is no item.
    let between = text.strip_suffix(next).unwrap_or_default();
    if between.ends_with('。') { "" } else { next }
}

/// What follows 、, 和 between titles.
fn next_joined(text: &str) -> &str {
    let words = ["、", "和", "以及", "及", "与"];
    words.iter().find_map(|word| text.strip_prefix(word)).unwrap_or_default()
}

/// 《甲》（某发〔2020〕1号）、《乙》: the documents that a text begins with; `next` passes over what stands between them.
fn titles_at_start(text: &str, next: fn(&str) -> &str) -> Vec<Repeal> {
    let mut found = vec![];
    let mut rest = text;
    while let Some((title, mut after)) = title_at(rest).filter(|_| found.len() < TITLES_MAX) {
        let mut number = None;
        if after.starts_with(['（', '(']) {
            let bracket = first_chars(after, 60);
            if let Some(end) = bracket.find(['）', ')']) {
                number = number_in(bracket.get(..end).unwrap_or_default());
                let close = bracket.get(end..).and_then(|rest| rest.chars().next());
                after = after.get(end + close.map_or(0, char::len_utf8)..).unwrap_or_default();
            }
        }
        found.push(Repeal { title: title.to_owned(), number });
        rest = next(after);
    }
    found
}

/// The number in a bracket behind a title: 某发〔2020〕1号, 2001年1月1日省政府令第77号.
fn number_in(bracket: &str) -> Option<String> {
    if let Some(number) = signs::find_numbers(bracket).into_iter().next() {
        return Some(number.number);
    }
    let (head, tail) = bracket.rsplit_once("令第")?;
    let len = mark::prefix_len(tail, is_numeral);
    let serial =
        tail.get(..len).filter(|_| tail.get(len..).is_some_and(|r| r.starts_with('号')))?;
    let from = head.rfind(['（', '(', '日', '，', '《', ' ']);
    let issuer = from.map_or(Some(head), |at| {
        let first = head.get(at..)?.chars().next()?;
        head.get(at + first.len_utf8()..)
    })?;
    Some(format!("{issuer}令第{serial}号"))
}

/// 《甲》（某发〔2020〕1号）、《乙》, perhaps with 自本办法施行之日起 behind: the documents that a clause
/// ends with, in order.
fn titles_at_end(clause: &str) -> Vec<Repeal> {
    let mut rest = clause.trim_end();
    // What may stand between the titles and 废止.
    if let Some(at) = rest.rfind(['》', '）', ')']) {
        let end =
            at + rest.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let between = rest.get(end..).unwrap_or_default();
        // 《甲》第三条同时废止 leaves the rest.
        let is_part = between.trim_start().starts_with('第');
        if between.chars().count() > 14 || between.contains(['不', '与']) || is_part {
            return vec![];
        }
        rest = rest.get(..end).unwrap_or_default();
    }
    let mut found = vec![];
    loop {
        let (before, number) = match rest.strip_suffix(['）', ')']) {
            Some(inner) => match inner.rfind(['（', '(']) {
                Some(open) => {
                    let within = rest.get(open..).unwrap_or_default();
                    (rest.get(..open).unwrap_or_default(), number_in(within))
                }
                None => break,
            },
            None => (rest, None),
        };
        let Some(inner) = before.trim_end().strip_suffix('》') else { break };
        let Some(open) = outer_open(inner) else { break };
        let title = inner.get(open + '《'.len_utf8()..).unwrap_or_default().to_owned();
        found.push(Repeal { title, number });
        let joined = inner.get(..open).unwrap_or_default().trim_end();
        let more =
            ["、", "和", "以及", "及", "与"].iter().find_map(|word| joined.strip_suffix(word));
        match more {
            Some(more) => rest = more.trim_end(),
            None => break,
        }
    }
    found.reverse();
    found
}

/// 某发〔2020〕1号文件, which a clause ends with and gives no title for.
fn number_at_end(clause: &str) -> Option<Repeal> {
    let found = signs::find_numbers(clause).pop()?;
    let between = clause.get(found.end..)?;
    let is_named =
        between.chars().count() <= 14 && !between.contains(['不', '与', '）', ')', '《']);
    is_named.then(|| Repeal { title: String::new(), number: Some(found.number) })
}

/// Where the 《 stands that the 》 behind a text closes.
fn outer_open(inner: &str) -> Option<usize> {
    let mut depth = 1_u32;
    inner.char_indices().rev().take(120).find_map(|(at, c)| {
        match c {
            '》' => depth += 1,
            '《' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}
