//! Telephone numbers, web addresses and postal codes that are others than the policy's: whoever asks there
//! asks the wrong office. Only what the policy gives too is compared, and it warns.

use std::ops::Range;

use foldhash::HashSet;
use lockstep_proto::manifest::Stated;

use super::Annexes;
use crate::document::{first_chars, places_of, sentence_before};

/// What a contact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Telephone,
    /// 12345, 12333: numbers of five digits.
    Hotline,
    Web,
    Post,
}

/// One contact and where it stands.
struct Contact {
    kind: Kind,
    /// In one form.
    value: String,
    range: Range<usize>,
    /// What one asks for there: 咨询, 投诉.
    services: Vec<&'static str>,
}

/// Words before a telephone number, and before a postal code.
const TELEPHONE: [&str; 10] =
    ["电话", "热线", "拨打", "致电", "传真", "联系方式", "可打", "请打", "可拨", "请拨"];
const POST: [&str; 2] = ["邮编", "邮政编码"];
/// The hotline that all offices name (国办发〔2020〕53号).
const COMMON: &str = "12345";
/// What numbers are given for.
const SERVICES: [&str; 9] =
    ["咨询", "投诉", "举报", "监督", "报名", "预约", "报修", "受理", "传真"];
/// Characters before a number that say what it is given for.
const LABEL_MAX: usize = 24;
/// Contacts of a text that are compared by what they are given for; more are a directory.
const COMPARED_MAX: usize = 200;
/// Characters behind such a word in which its numbers stand.
const BEHIND_MAX: usize = 60;

/// Where the interpretation gives contacts of a kind that the policy gives, but others than it and its annexes.
pub(super) fn find(
    policy: &str,
    interpretation: &str,
    annexes: &Annexes<'_>,
    stated: &Stated,
) -> Vec<Range<usize>> {
    let theirs = contacts(policy);
    let kinds: HashSet<Kind> = theirs.iter().map(|contact| contact.kind).collect();
    let held: HashSet<(Kind, &str)> =
        theirs.iter().map(|contact| (contact.kind, contact.value.as_str())).collect();
    let ours = contacts(interpretation);
    let mut exchanged: Vec<Range<usize>> = if theirs.len().max(ours.len()) > COMPARED_MAX {
        vec![]
    } else {
        let given: HashSet<&str> = ours.iter().map(|contact| contact.value.as_str()).collect();
        let moved = ours.iter().filter(|contact| is_exchanged(contact, &theirs, &given));
        moved.map(|contact| contact.range.clone()).collect()
    };
    let is_sourced = |range: &Range<usize>| {
        let raw = interpretation.get(range.clone()).unwrap_or_default();
        stated.external.iter().any(|external| external.figure.contains(raw))
    };
    exchanged.retain(|range| !is_sourced(range));
    let mut other = ours;
    other.retain(|contact| {
        kinds.contains(&contact.kind)
            && contact.value != COMMON
            && !held.contains(&(contact.kind, contact.value.as_str()))
            && !is_sourced(&contact.range)
    });
    if !other.is_empty() {
        let annexed: HashSet<(Kind, String)> =
            annexes.texts().iter().flat_map(|text| annexed(text)).collect();
        other.retain(|contact| !annexed.contains(&(contact.kind, contact.value.clone())));
    }
    let mut found: Vec<_> = other.into_iter().map(|contact| contact.range).collect();
    found.extend(exchanged);
    found.sort_by_key(|range| range.start);
    found
}

/// Whether a number is one that the policy gives for another service, or the common hotline in the place of the
/// policy's own for this one. `given` are the interpretation's.
fn is_exchanged(ours: &Contact, theirs: &[Contact], given: &HashSet<&str>) -> bool {
    let is_for = |their: &&Contact| their.services.iter().any(|one| ours.services.contains(one));
    let mut same = theirs.iter().filter(|their| their.value == ours.value).peekable();
    let is_common = ours.value == COMMON && same.peek().is_none();
    let is_of_other =
        same.peek().is_some() && same.all(|their| !their.services.is_empty() && !is_for(&their));
    let mut rivals = theirs.iter().filter(|their| their.value != ours.value).filter(is_for);
    // Both may be given side by side.
    is_of_other && rivals.next().is_some()
        || is_common && rivals.next().is_some_and(|rival| !given.contains(rival.value.as_str()))
}

/// What a number is given for: the words between the one before and it, or in a bracket behind it.
fn services(text: &str, number: &Range<usize>) -> Vec<&'static str> {
    let before = sentence_before(text, number.start, LABEL_MAX);
    let before = before.rsplit(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    // That bracket is of the number before.
    let of_last = before.strip_prefix(['（', '(']).and_then(|rest| rest.split_once(['）', ')']));
    let before = of_last.map_or(before, |(_, rest)| rest);
    let behind = text.get(number.end..).unwrap_or_default().strip_prefix(['（', '(']);
    let behind = behind.map(|rest| first_chars(rest, LABEL_MAX)).unwrap_or_default();
    let behind = behind.split(['）', ')']).next().unwrap_or_default();
    let is_said = |service: &&str| before.contains(*service) || behind.contains(*service);
    SERVICES.into_iter().filter(is_said).collect()
}

/// What an annex holds that may be a contact: in its tables the word for it stands far from it.
fn annexed(text: &str) -> impl Iterator<Item = (Kind, String)> {
    let runs = text.split(|c: char| !is_part(c)).filter(|run| !run.is_empty());
    // （021）12345678 is a number without its area code.
    let numbers = runs.flat_map(|run| {
        let digits = digits(run);
        let kinds = match digits.len() {
            5 => &[Kind::Hotline][..],
            6 => &[Kind::Post],
            7..=12 => &[Kind::Telephone],
            _ => &[],
        };
        let value = without_area(digits);
        kinds.iter().map(move |kind| (*kind, value.clone()))
    });
    numbers.chain(sites(text).into_iter().map(|site| (site.kind, site.value)))
}

fn contacts(text: &str) -> Vec<Contact> {
    let mut found = vec![];
    let mut end = 0;
    let words = |words: &'static [&str]| {
        words.iter().flat_map(|word| places_of(text, word)).map(|place| place.end)
    };
    let mut places: Vec<usize> = words(&TELEPHONE).collect();
    places.sort_unstable();
    for place in places {
        for number in numbers(text, place.max(end)) {
            let digits = digits(text.get(number.clone()).unwrap_or_default());
            end = number.end;
            let kind = match digits.len() {
                5 if digits.starts_with('1') => Kind::Hotline,
                7..=12 => Kind::Telephone,
                _ => continue,
            };
            let services = services(text, &number);
            found.push(Contact { kind, value: without_area(digits), range: number, services });
        }
    }
    for place in words(&POST) {
        let codes = numbers(text, place).into_iter().take(1);
        found.extend(codes.filter_map(|range| {
            let value = digits(text.get(range.clone())?);
            (value.len() == 6).then_some(Contact {
                kind: Kind::Post,
                value,
                range,
                services: vec![],
            })
        }));
    }
    found.extend(sites(text));
    found.sort_by_key(|contact| contact.range.start);
    found
}

fn digits(text: &str) -> String {
    text.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect()
}

/// 021-12345678 is 12345678 in Shanghai; mobile numbers have no area code. Those of three digits are 010 and 02x.
fn without_area(digits: String) -> String {
    let is_short = digits.starts_with("010") || digits.starts_with("02");
    match digits.len() {
        10..=12 if digits.starts_with('0') => {
            digits.chars().skip(if is_short { 3 } else { 4 }).collect()
        }
        _ => digits,
    }
}

/// What a number is written with.
fn is_part(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '-' | '—' | '－' | '–')
}

/// The numbers behind byte `at`, up to the end of its sentence; behind a heading those below it.
fn numbers(text: &str, at: usize) -> Vec<Range<usize>> {
    let behind = first_chars(text.get(at..).unwrap_or_default(), BEHIND_MAX);
    let below = behind.trim_start_matches(['：', ':', '？', '?', '*', ' ', '\u{3000}', '\r']);
    let is_heading = below.starts_with('\n');
    let stops: &[char] = if is_heading { &['。', '；'] } else { &['。', '；', '\n'] };
    let behind = behind.split(stops).next().unwrap_or_default();
    let mut found = vec![];
    let mut begin = None;
    for (offset, c) in behind.char_indices().chain([(behind.len(), ' ')]) {
        match begin {
            None if c.is_ascii_digit() => begin = Some(offset),
            // 021-5500 1234 is one.
            Some(from) if c == ' ' && is_parted(behind, from, offset) => {}
            Some(from) if !is_part(c) => {
                // 编号20261101, 12345678元
                let is_other =
                    behind.get(..from).is_some_and(|before| before.ends_with(['号', '第']))
                        || matches!(c, '元' | '万' | '户' | '人' | '.' | '年');
                if !is_other {
                    found.push(at + from..at + offset);
                }
                begin = None;
            }
            _ => {}
        }
    }
    found
}

/// Whether the blank at byte `at` stands within the number that begins at byte `from`.
fn is_parted(text: &str, from: usize, at: usize) -> bool {
    let before = text.get(from..at).unwrap_or_default();
    let behind = text.get(at + 1..).unwrap_or_default();
    let count = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let group = before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().len();
    let next = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
    // Without an area code a landline has eight digits at most.
    let most = match before.chars().next() {
        Some('0' | '（' | '(') => 12,
        Some('1') => 11,
        _ => 8,
    };
    (3..=4).contains(&group) && matches!(next, 3 | 4 | 7 | 8) && count(before) + next <= most
}

/// The web addresses of a text by their office: zwfw.example.gov.cn and www.example.gov.cn are one's.
fn sites(text: &str) -> Vec<Contact> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let mut found: Vec<Contact> = vec![];
    let mut at = 0;
    // What stands around a point, as far as it may be a host.
    while let Some((before, _)) = text.get(at..).and_then(|rest| rest.split_once('.')) {
        let begin = at + before.trim_end_matches(is_part).len();
        let rest = text.get(begin..).unwrap_or_default();
        let len = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        at = begin + len;
        let host = rest.get(..len).unwrap_or_default().trim_matches(['.', '-']);
        // What follows a host is its page.
        let page = text.get(at..).unwrap_or_default();
        if let Some(office) = office(host) {
            let is_page = |c: char| c.is_ascii_graphic();
            if page.starts_with('/') {
                at += page.find(|c: char| !is_page(c)).unwrap_or(page.len());
            }
            let range = begin..begin + len;
            found.push(Contact { kind: Kind::Web, value: office, range, services: vec![] });
        }
    }
    found
}

/// example.gov.cn of www.example.gov.cn; `None` where it is no host.
fn office(host: &str) -> Option<String> {
    const ENDS: [&str; 9] =
        ["gov.cn", "org.cn", "com.cn", "net.cn", "edu.cn", "com", "cn", "org", "net"];
    let host = host.to_ascii_lowercase();
    let end = ENDS.iter().find(|end| {
        host.strip_suffix(**end).is_some_and(|before| before.len() > 1 && before.ends_with('.'))
    })?;
    let name = host.strip_suffix(end)?.trim_end_matches('.').rsplit('.').next()?;
    (!name.is_empty()).then(|| format!("{name}.{end}"))
}
