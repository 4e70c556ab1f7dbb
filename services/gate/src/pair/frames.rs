//! Words in front of a rule that frame it as another's: by the number of another document, by a day before which it was,
//! by a case of which the policy says nothing.

use foldhash::HashSet;

use super::exceptions::pairs;
use crate::document::{find_numbers, last_chars};

/// What is said of a document whose number stands before: 某医保发〔2022〕27号文规定.
const SAID: [&str; 7] = ["规定", "明确", "要求", "提出", "执行", "中", "当时"];
/// Whether words say what a document has whose number is none of the policy's `own`: 某医保发〔2022〕27号文规定, 27号文规定. One
/// on which a rule is only grounded (根据某医保发〔2022〕27号) says nothing of it.
pub(super) fn is_of_other_number(words: &str, own: &[&str]) -> bool {
    let words = words.trim_end();
    if !SAID.iter().any(|said| words.ends_with(said)) {
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

/// Whether words name a day before which something was, and the policy asks for nothing before that day: 4月1日前.
pub(super) fn is_before_day(words: &str, policy: &str) -> bool {
    const BEFORE: [&str; 3] = ["之前", "以前", "前"];
    let words = words.trim();
    let day = BEFORE.iter().find_map(|before| words.strip_suffix(before));
    let Some(day) = day.filter(|day| day.ends_with('日')) else { return false };
    let year_end = day.rfind('年').map_or(0, |at| at + '年'.len_utf8());
    let day = day.get(year_end..).unwrap_or_default();
    let is_day =
        day.contains('月') && day.chars().all(|c| c.is_ascii_digit() || "月日".contains(c));
    let mut asked = policy.match_indices(day).filter_map(|(at, day)| policy.get(at + day.len()..));
    is_day
        && !asked.any(|behind| {
            behind.starts_with(['前', '之', '以', '止', '（', '截', '。', '，', '）', '\n'])
        })
}

/// Whether words are a case, set off by a comma, of which the policy has no two letters side by side: 直接排入河道的. `known`
/// are the policy's pairs of letters.
pub(super) fn is_unknown_case(words: &str, known: &HashSet<(char, char)>) -> bool {
    const PAIRS_MIN: usize = 3;
    /// What is said of whoever a rule is for.
    const ANY: [&str; 12] = [
        "符合", "满足", "经", "通过", "申请", "属于", "具备", "具有", "达到", "在本", "享受",
        "其他",
    ];
    let Some(case) = words.trim().strip_suffix('的') else { return false };
    let letters = pairs(case);
    letters.len() >= PAIRS_MIN
        && !ANY.iter().any(|word| case.starts_with(word))
        && !letters.iter().any(|pair| known.contains(pair))
}
