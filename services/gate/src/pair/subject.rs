//! Whether the interpretation speaks of this very policy: title, number, effective date, and that
//! what it explains is in force (DOMAIN I6, I7, hazards 2, 7, 8).

use foldhash::HashSet;
use jiff::{ToSpan as _, civil::Date};
use lockstep_proto::{finding::Finding, manifest::Attribute};

use super::{
    Pair, effective,
    exceptions::pairs,
    former::speaks_of_other,
    offices::{self, Office},
    validity,
};
use crate::{
    codes::{self, At as _},
    document::{
        DateRole, DisclosureMark, Document, Level, Metadata, SELF_NAMES, Target, Validity,
        first_chars, last_chars, read_date,
    },
    titles,
};

/// TS121 of its validity, TS125, TS126, TS132 to TS134, TS137, TS138, TS140 to TS143
pub(super) fn check(pair: &Pair<'_>) -> Vec<Finding> {
    let policy = pair.policy.metadata();
    let mut findings = vec![];
    findings.extend(check_subject(pair, policy));
    findings.extend(check_repealed(pair, policy));
    findings.extend(check_still_applied(pair, policy));
    findings.extend(effective::check(pair, policy));
    findings.extend(check_disclosure(pair));
    findings.extend(check_declared(pair, policy));
    findings.extend(check_expired(pair, policy));
    findings.extend(validity::check(pair, policy));
    findings
}

/// TS137: its title names another document than this policy. TS138: the policy is no policy.
fn check_subject(pair: &Pair<'_>, policy: &Metadata) -> Vec<Finding> {
    let own: Vec<String> = own_titles(pair, policy).collect();
    let mut findings = vec![];
    // An annex may be an interpretation; the policy itself may not.
    let first = policy.title.as_ref().or(own.first());
    if first.is_some_and(|title| is_interpretation(title)) {
        findings.push(codes::NO_POLICY.finding().in_member(pair.policy_path));
    }
    let named = subjects(pair.interpretation);
    // A text that quotes the policy's title speaks of it, whatever its first sentences name.
    let has_title = pair.interpretation.units().iter().any(|unit| unit.level == Level::Title);
    let quotes_own = || {
        let bare = |title: &str| titles::bare(titles::from_about(title));
        let own: HashSet<String> = own.iter().map(|own| bare(own)).collect();
        pair.interpretation.references().iter().any(|reference| match &reference.document {
            Target::Other(name) => own.contains(&bare(name)),
            Target::Own | Target::Previous => false,
        })
    };
    let is_own = |subject: &Subject| {
        own.iter()
            .any(|own| titles::is_named(own, &subject.title) || is_of_issuers(own, &subject.title))
            || (!subject.is_quoted
                && own.iter().any(|own| is_like(own, &subject.title))
                && !own.iter().any(|own| names_another(own, &subject.title)))
    };
    if !named.is_empty()
        && !own.is_empty()
        && !named.iter().any(is_own)
        && (has_title || !quotes_own())
    {
        let titles: Vec<&str> = named.iter().map(|subject| subject.title.as_str()).collect();
        let detail = format!("《{}》", titles.join("》《"));
        let text = pair.interpretation.text();
        let at = named.first().and_then(|subject| text.find(&subject.title)).unwrap_or(0);
        let (line, column) = pair.interpretation.place(at);
        let finding = codes::OTHER_SUBJECT.about(detail).in_member(pair.interpretation_path);
        findings.push(finding.at_place(line, column));
    } else {
        findings.extend(check_year(pair, &own));
    }
    findings
}

/// Whether a title is this one with its issuers named otherwise: 某区关于…, 某区发改局等三部门关于…, or each by its short name.
fn is_of_issuers(own: &str, title: &str) -> bool {
    const PLACE: usize = 2;
    let issuers = |title: &str| title.split_once("关于").map(|(by, _)| titles::bare(by));
    let Some((own_issuers, issuers)) = issuers(own).zip(issuers(title)) else { return false };
    let begins_alike = first_chars(&own_issuers, PLACE) == first_chars(&issuers, PLACE)
        // 市发改委等三部门
        || issuers.starts_with(['省', '市', '区', '县']);
    let [theirs, ours] =
        [&own_issuers, &issuers].map(|text| offices::find(text, 0).collect::<Vec<Office>>());
    let is_place = issuers.ends_with(['省', '市', '区', '县', '州', '旗', '镇'])
        && own_issuers.starts_with(&issuers);
    // 某区发改局 alone is another issuer of three.
    let is_all = issuers.contains('等') || ours.len() == theirs.len();
    let are_theirs = ours.iter().all(|ours| theirs.iter().any(|theirs| theirs.is(ours)));
    titles::is_same(own, title)
        && begins_alike
        && (is_place || !ours.is_empty() && is_all && are_theirs)
}

/// TS137: 2025年…政策解读 of a policy whose title says 2026年.
fn check_year(pair: &Pair<'_>, own: &[String]) -> Option<Finding> {
    const WITHIN: usize = 5;
    let title = pair.interpretation.units().iter().find(|unit| unit.level == Level::Title)?;
    let text = pair.interpretation.plain(title);
    let is_plain =
        !text.contains('《') && SUBJECT_ENDS.iter().any(|end| text.trim().ends_with(end));
    let year = first_chars(text.trim(), WITHIN);
    // 2026—2028年 names 2026 too.
    let is_own = |year: &str| own.iter().any(|own| own.contains(year));
    let has_year = own.iter().any(|own| years(own).next().is_some());
    let is_other = has_year && !years(&text).any(is_own);
    let is_year = is_plain && years(year).next().is_some() && is_other;
    let (line, column) = pair.interpretation.place(title.start);
    is_year.then(|| {
        let finding = codes::OTHER_SUBJECT.about(year).in_member(pair.interpretation_path);
        finding.at_place(line, column)
    })
}

/// The years that a title names: 2026 of 2026年.
fn years(title: &str) -> impl Iterator<Item = &str> {
    title.match_indices('年').filter_map(|(at, _)| {
        let year = last_chars(title.get(..at)?, 4);
        (year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit())).then_some(year)
    })
}

/// Characters of a policy's head in which its title stands.
const HEAD_MAX: usize = 100;

/// The policy's titles: its own, and those of documents inside it.
fn own_titles(pair: &Pair<'_>, policy: &Metadata) -> impl Iterator<Item = String> {
    let units = pair.policy.units().iter().filter(|unit| unit.level == Level::Title);
    let mut texts: Vec<String> = units.map(|unit| pair.policy.plain(unit)).collect();
    // Where no title could be told apart, it stands at the head.
    if texts.is_empty() {
        texts.push(
            pair.policy.text().chars().filter(|c| c.is_alphanumeric()).take(HEAD_MAX).collect(),
        );
    }
    texts.into_iter().chain(policy.title.clone()).chain([pair.metadata.title.clone()])
}

/// Whether a title is an interpretation's: …解读, …答记者问.
pub fn is_interpretation(title: &str) -> bool {
    let title = title.trim_end_matches(['》', ' ']);
    ["政策解读", "的解读", "》解读", "答记者问", "政策问答"].iter().any(|end| title.ends_with(end))
}

/// TS125: its subject was ended, by this policy or by one that the bundle declares.
fn check_repealed(pair: &Pair<'_>, policy: &Metadata) -> Option<Finding> {
    let subjects = subjects(pair.interpretation);
    let own: Vec<String> = own_titles(pair, policy).collect();
    let title = pair.interpretation.units().iter().find(|unit| unit.level == Level::Title);
    let title_text = title.map(|unit| pair.interpretation.plain(unit)).unwrap_or_default();
    let ended = pair.stated.repealed.iter().map(|repealed| {
        (repealed.title.as_str(), repealed.number.as_deref(), repealed.by.clone(), true)
    });
    let by = policy.title.clone().unwrap_or_else(|| pair.metadata.title.clone());
    let by_policy = policy
        .repeals
        .iter()
        .map(|repeal| (repeal.title.as_str(), repeal.number.as_deref(), by.clone(), false));
    ended.chain(by_policy).find_map(|(title, number, by, is_declared)| {
        let is_number = number.is_some_and(|number| {
            title_text.contains(number) || policy.number.as_deref() == Some(number)
        });
        // A document that is issued anew keeps its name: then only the number tells which is meant. And
        // who names the new one too explains what changed.
        let is_renewed = own.iter().any(|own| titles::is_named(own, title));
        let explains_own = subjects
            .iter()
            .any(|subject| own.iter().any(|own| titles::is_named(own, &subject.title)));
        let is_named = subjects.iter().any(|subject| titles::is_same(&subject.title, title));
        let is_subject = !title.is_empty() && is_named && !is_renewed && !explains_own;
        // What the drafters themselves declare as ended is.
        let is_ended =
            is_declared && (is_named || own.iter().any(|own| titles::is_same(own, title)));
        (is_subject || is_ended || is_number).then(|| {
            let ended = match number {
                Some(number) if title.is_empty() => number.to_owned(),
                _ => format!("《{title}》"),
            };
            codes::REPEALED
                .about(format_args!("{ended} ← {by}"))
                .in_member(pair.interpretation_path)
        })
    })
}

/// TS125, as a warning: 仍按示规〔2020〕3号执行, which this policy ends. Words alone cannot tell for which time.
fn check_still_applied(pair: &Pair<'_>, policy: &Metadata) -> Option<Finding> {
    const APPLIES: [&str; 4] = ["按", "依照", "依据", "根据"];
    const UNSURE: [&str; 3] = ["不", "停止", "废止"];
    let text = pair.interpretation.text();
    let says = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    let ended: Vec<&str> =
        policy.repeals.iter().filter_map(|repeal| repeal.number.as_deref()).collect();
    let (number, at) = crate::document::find_numbers(text).into_iter().find_map(|found| {
        // Words before it may stick to it.
        let number = ended.iter().find(|number| found.number.ends_with(**number))?;
        let before = text.get(..found.end).unwrap_or_default();
        let before =
            last_chars(before, 60).rsplit(['。', '；', '，', '\n']).next().unwrap_or_default();
        let behind = first_chars(text.get(found.end..).unwrap_or_default(), 12);
        let behind = behind.split(['。', '；', '，', '\n']).next().unwrap_or_default();
        let applies = says(before, &APPLIES)
            && says(behind, &["执行", "办理"])
            && !says(before, &UNSURE)
            && !speaks_of_other(before)
            && !speaks_of_other(behind)
            && !says(behind, &UNSURE);
        applies.then_some((*number, found.start))
    })?;
    let (line, column) = pair.interpretation.place(at);
    let finding = codes::REPEALED.about(number).in_member(pair.interpretation_path);
    Some(finding.at_place(line, column).into_warning())
}

/// What an interpretation's title says it explains.
struct Subject {
    title: String,
    is_quoted: bool,
}

/// Every 《…》 in the title; where it quotes none, what it says before 的政策解读.
fn subjects(interpretation: &Document<'_>) -> Vec<Subject> {
    let Some(title) = interpretation.units().iter().find(|unit| unit.level == Level::Title) else {
        return run_in_subjects(interpretation.text());
    };
    let references = interpretation.references().iter();
    let quoted: Vec<_> = references
        .filter(|reference| (title.start..title.end).contains(&reference.start))
        .filter_map(|reference| match &reference.document {
            Target::Other(title) => Some(Subject { title: title.clone(), is_quoted: true }),
            Target::Own | Target::Previous => None,
        })
        .collect();
    if quoted.is_empty() {
        let bare = bare_subject(&interpretation.plain(title));
        return bare.map(|title| Subject { title, is_quoted: false }).into_iter().collect();
    }
    quoted
}

/// Characters at a text's head in which it says what it explains.
const OPENING_MAX: usize = 200;
/// Characters of a title by which a document is known.
const TITLE_MIN: usize = 8;

/// What a text says it explains whose title runs into it or that has none: 关于《…》的解读根据…,
/// 就《…》答记者问日前…, 近日，某部发布《…》.
fn run_in_subjects(text: &str) -> Vec<Subject> {
    const ISSUED: [&str; 6] = ["发布", "印发", "出台", "公布", "修订", "修訂"];
    const ABOVE: [&str; 5] = ["国务院", "国务院办公厅", "中共中央", "党中央", "全国人大常委会"];
    const EXPLAINED: [&str; 4] = ["解读", "政策解读", "答记者问", "发布答记者问"];
    let begin = first_chars(text.trim_start(), OPENING_MAX);
    let titles = begin.match_indices('《').filter_map(|(at, open)| {
        let before = begin.get(..at)?.trim_end_matches('了');
        let (title, behind) = begin.get(at + open.len()..)?.split_once('》')?;
        let behind = behind.trim_start_matches('的');
        // 国务院印发《…行动方案》 is what the policy carries out.
        let issued = ISSUED.iter().find_map(|word| before.strip_suffix(word));
        let is_subject = issued.is_some_and(|by| !ABOVE.iter().any(|body| by.ends_with(body)))
            || EXPLAINED.iter().any(|word| behind.starts_with(word));
        let is_known = title.chars().count() >= TITLE_MIN || at == 0 || before == "关于";
        (is_subject && is_known).then(|| Subject { title: title.to_owned(), is_quoted: true })
    });
    titles.collect()
}

/// What ends an interpretation's title.
const SUBJECT_ENDS: [&str; 6] = ["政策解读", "文字解读", "解读材料", "解读", "政策问答", "问答"];

/// 关于旧补贴的通知 of 关于旧补贴的通知政策解读. A headline, or 政策解读 alone, names no document.
fn bare_subject(title: &str) -> Option<String> {
    const SUBJECT_MIN: usize = 6;
    let title = title.trim();
    let subject = SUBJECT_ENDS.iter().find_map(|end| title.strip_suffix(end))?;
    let subject = subject.trim_end_matches(['的', ' ']);
    let names_document =
        subject.contains("关于") || SELF_NAMES.iter().any(|name| subject.ends_with(name));
    let is_whole = !subject.contains('《') && subject.chars().count() >= SUBJECT_MIN;
    (names_document && is_whole).then(|| subject.to_owned())
}

/// Whether a title may be a free wording of this one: a quarter of its pairs of characters, those of every
/// title left out, stand in it.
fn is_like(own: &str, subject: &str) -> bool {
    let bare = |title: &str| title.replace("关于", "").replace("通知", "").replace("印发", "");
    let (own, subject) = (pairs(&bare(own)), pairs(&bare(subject)));
    own.intersection(&subject).count() * 4 >= subject.len().min(own.len())
}

/// Whether a title has another thing in the place of one in this: 租房补贴实施办法 for 安家补贴实施办法. What is left out
/// or put in is a free wording, and so is another verb: 提高 for 调整.
fn names_another(own: &str, subject: &str) -> bool {
    const BEGIN_MIN: usize = 3;
    const CHANGE: std::ops::RangeInclusive<usize> = 2..=4;
    const VERBS: [&str; 12] = [
        "调整", "提高", "做好", "加强", "开展", "印发", "完善", "规范", "推进", "关于", "发布",
        "实施",
    ];
    // 关于印发《…》的通知
    let own = own.split_once('《').and_then(|(_, inner)| inner.split('》').next()).unwrap_or(own);
    let [own, subject] =
        [own, subject].map(|title| titles::bare(titles::from_about(title)).replacen("关于", "", 1));
    let [own, subject] = [own, subject].map(|title| title.chars().collect::<Vec<char>>());
    let begin = own.iter().zip(&subject).take_while(|(one, other)| one == other).count();
    let rest = own.len().min(subject.len()) - begin;
    let ends = own.iter().rev().zip(subject.iter().rev()).take(rest);
    let end = ends.take_while(|(one, other)| one == other).count();
    let change = |of: &[char]| -> String {
        of.get(begin..of.len() - end).unwrap_or_default().iter().collect()
    };
    let changes = [change(&own), change(&subject)];
    begin >= BEGIN_MIN
        && end > 0
        && changes.iter().all(|change| CHANGE.contains(&change.chars().count()))
        && !changes.iter().any(|change| VERBS.iter().any(|verb| change.contains(verb)))
        && SELF_NAMES.iter().any(|name| subject.ends_with(&name.chars().collect::<Vec<_>>()))
}

/// TS140: its validity, by its own text, is over on the planned day. TS142: it never began. A later notice may have prolonged it
/// (DOMAIN §3.5, 15), so it never blocks by default.
fn check_expired(pair: &Pair<'_>, policy: &Metadata) -> Option<Finding> {
    let day = |wanted| policy.dates.iter().find(|dated| dated.role == wanted)?.date;
    let begins = day(DateRole::Effective).or_else(|| day(DateRole::Written));
    let ends = match policy.validity.as_ref()? {
        Validity::Until(date) => *date,
        Validity::Years(years) => {
            begins?.checked_add(i64::from(*years).years()).ok()?.yesterday().ok()?
        }
    };
    let is_before = |day: &Date| ends < *day;
    let (code, day) = match begins.filter(is_before) {
        Some(begins) => (&codes::NEVER_IN_FORCE, begins),
        None => (&codes::EXPIRED, pair.released_on.filter(is_before)?),
    };
    let finding = code.about(format_args!("{ends} < {day}")).in_member(pair.policy_path);
    let stated = policy.dates.iter().find(|dated| dated.role == DateRole::Expires);
    Some(match stated.map(|dated| pair.policy.place(dated.start)) {
        Some((line, column)) => finding.at_place(line, column),
        None => finding,
    })
}

/// TS132: the text's own mark and the declared attribute (政府信息公开条例, Art. 13 to 16).
fn check_disclosure(pair: &Pair<'_>) -> Option<Finding> {
    let declared = pair.metadata.disclosure.attribute;
    let (marked, at) = pair.policy.find_disclosure()?;
    let agrees = matches!(
        (declared, marked),
        (Attribute::Proactive, DisclosureMark::Proactive)
            | (Attribute::OnRequest, DisclosureMark::OnRequest)
            | (Attribute::Withheld, DisclosureMark::Withheld)
    );
    let (line, column) = pair.policy.place(at);
    let finding = codes::DISCLOSURE_MARK.finding().in_member(pair.policy_path);
    (!agrees).then(|| finding.at_place(line, column))
}

/// TS133, TS134, TS141: what `bundle.toml` says of the policy and what its text says.
fn check_declared(pair: &Pair<'_>, policy: &Metadata) -> Vec<Finding> {
    let mut findings = vec![];
    if let Some(title) = &policy.title
        && !title.contains("{{")
        && !titles::is_same(title, &pair.metadata.title)
    {
        let detail = format!("{} ≠ {title}", pair.metadata.title);
        findings.push(codes::OTHER_TITLE.about(detail).in_member(pair.policy_path));
    }
    if let (Some(declared), Some(number)) = (&pair.metadata.number, &policy.number) {
        let found = check_number(declared, number);
        findings.extend(found.map(|finding| finding.in_member(pair.policy_path)));
    }
    findings.extend(check_date(pair, policy));
    findings
}

/// TS134 of the declared number and the text's own.
fn check_number(declared: &str, number: &str) -> Option<Finding> {
    let normal = crate::document::find_numbers(declared).into_iter().next();
    let normal = normal.map_or_else(|| declared.split_whitespace().collect(), |found| found.number);
    // 国务院令第711号 is 中华人民共和国国务院令第711号, 公告2026年第3号 that of the offices above it.
    let is_in = |short: &str, long: &str| short.contains('第') && long.ends_with(short);
    if normal == number || is_in(&normal, number) || is_in(number, &normal) {
        return None;
    }
    let finding = codes::OTHER_NUMBER.about(format_args!("{declared} ≠ {number}"));
    let is_one =
        serial(&normal).zip(serial(number)).is_some_and(|((ours, own), (theirs, serial))| {
            own == serial && (is_short_of(ours, theirs) || is_short_of(theirs, ours))
        });
    Some(if is_one { finding.into_warning() } else { finding })
}

/// Whose order or announcement it is, and 令第312号.
fn serial(number: &str) -> Option<(&str, &str)> {
    let at = ["令", "公告", "通告"].iter().filter_map(|kind| number.rfind(kind)).max()?;
    number.split_at_checked(at).filter(|(_, serial)| serial.contains('第'))
}

/// Whether a name leaves out letters of another: 省政府 of 示例省人民政府.
fn is_short_of(short: &str, long: &str) -> bool {
    let mut long = long.chars();
    short.chars().all(|c| long.any(|other| other == c))
}

/// TS141. A document within the policy has a date of its own.
fn check_date(pair: &Pair<'_>, policy: &Metadata) -> Option<Finding> {
    let declared = read_date(pair.metadata.written_on.as_deref()?)?;
    let written = policy.dates.iter().filter(|dated| dated.role == DateRole::Written);
    let written: Vec<_> = written.filter_map(|dated| Some((dated.date?, dated.start))).collect();
    let (date, start) =
        written.first().filter(|_| written.iter().all(|(date, _)| *date != declared))?;
    let (line, column) = pair.policy.place(*start);
    let finding = codes::OTHER_DATE.about(format_args!("{declared} ≠ {date}"));
    Some(finding.in_member(pair.policy_path).at_place(line, column))
}

#[cfg(test)]
mod tests {
    use lockstep_proto::finding::Severity;

    use super::check_number;

    #[test]
    fn a_number_is_the_same_in_a_shorter_form() {
        let of = |declared: &str, number: &str| {
            check_number(declared, number).map(|finding| finding.severity)
        };
        for (declared, number) in [
            ("示教规[2026]8号", "示教规〔2026〕8号"),
            ("国务院令第711号", "中华人民共和国国务院令第711号"),
            ("公告2026年第3号", "示例市税务局示例市规划局公告2026年第3号"),
            ("通告2026年第8号", "2026年第8号"),
            ("示例市公告第45号", "第45号"),
        ] {
            assert_eq!(of(declared, number), None, "{declared}");
        }
        let order = of("省政府令第312号", "示例省人民政府令第312号");
        assert_eq!(order, Some(Severity::Warning));
        for (declared, number) in [
            ("示教规〔2026〕9号", "示教规〔2026〕8号"),
            ("5号", "示教规〔2026〕15号"),
            ("公告2026年第3号", "示例市税务局公告2026年第13号"),
            ("省政府令第12号", "示例省人民政府令第312号"),
            ("示教规〔2026〕8号", "示教发〔2026〕8号"),
            ("示例市税务局公告2026年第3号", "示例市规划局公告2026年第3号"),
        ] {
            assert_eq!(of(declared, number), Some(Severity::Block), "{declared}");
        }
    }
}
