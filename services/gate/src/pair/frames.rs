//! Words in front of a rule that frame it as another's: by the number of another document, by a day before which it was.

use crate::document::{find_numbers, last_chars};

/// What is said of a document whose number stands before: 某医保发〔2022〕27号文规定.
const SAID: [&str; 7] = ["规定", "明确", "要求", "提出", "执行", "中", "当时"];

/// Whether words say what a document has whose number is none of the policy's `own`: 某医保发〔2022〕27号文规定, 27号文规定. One
/// on which a rule is only grounded (根据某医保发〔2022〕27号) says nothing of it.
pub(super) fn is_of_other_number(words: &str, own: &[&str]) -> bool {
    let words = words.trim_end();
    // Of a policy whose number is not known every one may be its own.
    if own.is_empty() || !SAID.iter().any(|said| words.ends_with(said)) {
        return false;
    }
    let is_own = |serial: &str| own.iter().any(|own| own.contains(serial));
    if let Some(number) = find_numbers(words).last() {
        let dated = number.number.find('〔').and_then(|at| number.number.get(at..));
        return dated.is_some_and(|dated| !is_own(dated));
    }
    // 27号文
    let Some((before, _)) = words.rsplit_once("号文") else { return false };
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let serial = last_chars(before, digits);
    !serial.is_empty() && !is_own(&format!("〕{serial}号"))
}

/// Whether words name a day before which something was: 4月1日前, where the policy has that day only as the one it holds from,
/// or that it was signed on.
pub(super) fn is_before_day(words: &str, policy: &str) -> bool {
    const BEFORE: [&str; 3] = ["之前", "以前", "前"];
    let words = words.trim();
    let day = BEFORE.iter().find_map(|before| words.strip_suffix(before));
    let Some(day) = day.filter(|day| day.ends_with('日') && !day.starts_with('每')) else {
        return false;
    };
    let year_end = day.rfind('年').map_or(0, |at| at + '年'.len_utf8());
    let day = day.get(year_end..).unwrap_or_default();
    let is_day =
        day.contains('月') && day.chars().all(|c| c.is_ascii_digit() || "月日".contains(c));
    let is_begin = |(at, day): (usize, &str)| {
        let before = policy.get(..at).unwrap_or_default();
        let behind = policy.get(at + day.len()..).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let signs = line.chars().all(|c| c.is_ascii_digit() || c == '年' || c == ' ');
        let is_whole = !before.ends_with(|c: char| c.is_ascii_digit());
        !is_whole
            || behind.starts_with('起')
            || (signs && behind.trim_start_matches(' ').starts_with(['\n']))
    };
    let mut held = policy.match_indices(day).peekable();
    is_day && held.peek().is_some() && held.all(is_begin)
}
