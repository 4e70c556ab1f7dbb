//! The two texts: encoding, emptiness, slots, charts and links.

use std::collections::BTreeSet;

use lockstep_proto::{
    edition::Slot,
    finding::Finding,
    manifest::{Agencies, ChartSpec, Member, Metadata, Role},
};

use super::{Files, PLACES_MAX, SETTINGS, Settings, blanks, data};
use crate::{
    codes::{self, At as _},
    document::{first_chars, is_letter},
    fill,
    markdown::{self, NoteFault, Reference},
    pair,
};

/// TS003, TS006, TS008, TS009, TS018, TS021, TS110, TS114 in the policy and the interpretation.
pub(super) fn check(
    files: &Files,
    members: &[Member],
    settings: Option<&Settings>,
) -> Vec<Finding> {
    let mut findings = vec![];
    let mut standing = BTreeSet::new();
    let mut read: Vec<(&Member, &str)> = vec![];
    for member in members.iter().filter(|m| matches!(m.role, Role::Policy | Role::Interpretation)) {
        let Some(bytes) = files.get(&member.path) else { continue };
        match readable(bytes).map(|text| text.trim_start_matches('\u{feff}')) {
            Err(line) => {
                findings.push(codes::BAD_ENCODING.finding().in_member(&member.path).at_line(line));
            }
            Ok(text) => {
                if let Some(said) = says_nothing(member, text) {
                    let empty = &codes::EMPTY_TEXT;
                    let finding = if said.is_empty() { empty.finding() } else { empty.about(said) };
                    findings.push(finding.in_member(&member.path));
                    continue;
                }
                let found = check_marks(text, settings);
                // The registrar's number is the policy's, and nobody reads it in an address.
                if member.role == Role::Policy {
                    standing.extend(find_standing(member, text));
                }
                let found = found.into_iter().chain(check_references(member, text, settings));
                let found = found.chain(check_notes(member, text));
                findings.extend(
                    found.map(|(line, finding)| finding.in_member(&member.path).at_line(line)),
                );
                read.push((member, text));
            }
        }
    }
    findings.extend(find_same(&read));
    if let Some(settings) = settings {
        findings.extend(check_fixed(&settings.metadata, &settings.agencies, &settings.charts));
    }
    // Nor does data: what is drawn of it would be filled on the page, and not where it was signed.
    for member in members.iter().filter(|member| member.role == Role::Data) {
        let Some(bytes) = files.get(&member.path) else { continue };
        let found = data::texts(bytes).into_iter().flat_map(|(line, text)| {
            fixed_marks(&text).into_iter().map(move |finding| finding.at_line(line))
        });
        findings.extend(found.map(|finding| finding.in_member(&member.path)));
    }
    // A slot that stands nowhere would leave the registrar's number out of the document.
    let declared = settings.map(|s| s.metadata.slots.as_slice()).unwrap_or_default();
    let unused = declared
        .iter()
        .filter(|slot| !standing.contains(*slot) && matches!(slot, Slot::Number | Slot::WrittenOn));
    let policy = members.iter().find(|member| member.role == Role::Policy);
    let path = policy.map_or(SETTINGS, |policy| policy.path.as_str());
    findings.extend(unused.map(|slot| {
        let why = format!("政策文件中没有 {0} the policy has no {0}", slot.mark());
        codes::SLOT.about(why).in_member(path)
    }));
    findings
}

/// TS110 wherever a slot stands in what is declared of a bundle: what is drawn or listed is fixed when it
/// is signed. The explainer asks again before it draws.
pub fn check_fixed(metadata: &Metadata, agencies: &Agencies, charts: &[ChartSpec]) -> Vec<Finding> {
    let Metadata { title, number, written_on, printed_on, index_number, .. } = metadata;
    let known = [number, written_on, printed_on, index_number].into_iter().flatten();
    let Agencies { drafting, issuing, lead, joint, publishing } = agencies;
    let agencies = drafting.iter().chain(issuing).chain(lead).chain(joint).chain([publishing]);
    let of_charts = charts.iter().flat_map(|chart| {
        let texts = [&chart.headline, &chart.subtitle, &chart.unit, &chart.source, &chart.category];
        texts.into_iter().chain(&chart.values)
    });
    let fixed = std::iter::once(title).chain(known).chain(agencies).chain(of_charts);
    let found = fixed.flat_map(|text| fixed_marks(text));
    found.map(|finding| finding.in_member(SETTINGS)).collect()
}

/// TS110 for marks and broken ones where there must be none.
fn fixed_marks(text: &str) -> Vec<Finding> {
    let marks = fill::find_marks(text).map(|(_, name)| codes::SLOT.about(mark(name)));
    marks.chain(fill::find_broken_marks(text).map(|(_, slot)| broken_mark(slot))).collect()
}

/// The slots that readers see in the text.
fn find_standing(member: &Member, text: &str) -> BTreeSet<Slot> {
    let is_markdown = member.media_type.starts_with("text/markdown");
    let words = if is_markdown { markdown::words(text) } else { text.to_owned() };
    Slot::ALL.into_iter().filter(|slot| words.contains(&slot.mark())).collect()
}

/// TS110 by line: marks of slots that are not declared, and braces that make none.
fn check_marks(text: &str, settings: Option<&Settings>) -> Vec<(usize, Finding)> {
    let declared = settings.map(|settings| settings.metadata.slots.as_slice());
    let mut findings = vec![];
    for (line, name) in fill::find_marks(text) {
        let slot = Slot::ALL.into_iter().find(|slot| slot.name() == name);
        let is_declared =
            declared.is_none_or(|declared| slot.is_some_and(|slot| declared.contains(&slot)));
        if !is_declared {
            let why = match slot {
                Some(slot) => format!("{} 未列入 slots is not in slots", slot.mark()),
                None => format!("{} 不是可用的留空项 is none there is", mark(name)),
            };
            findings.push((line, codes::SLOT.about(why)));
        }
    }
    for (index, line) in text.lines().enumerate().filter(|(_, line)| line.contains("{{")) {
        let within = Slot::ALL.into_iter().find(|slot| {
            let mark = slot.mark();
            line.match_indices(&mark).any(|(at, _)| {
                let behind = line.get(at + mark.len()..).unwrap_or_default();
                blanks::is_within(*slot, line.get(..at).unwrap_or_default(), behind)
            })
        });
        findings.extend(within.map(|slot| {
            let why = format!(
                "{0} 登记时整个填入，前后不要再写其中的字 the whole of it comes to stand there: write \
                 nothing of it around {0}",
                slot.mark()
            );
            (index + 1, codes::SLOT.about(why))
        }));
    }
    let broken = fill::find_broken_marks(text);
    findings.extend(broken.map(|(line, slot)| (line, broken_mark(slot))));
    findings
}

fn mark(name: &str) -> String {
    format!("{{{{{name}}}}}")
}

fn broken_mark(slot: Option<Slot>) -> Finding {
    match slot {
        Some(slot) => codes::SLOT.about(format_args!("{} 的括号有误 broken braces", slot.mark())),
        None => codes::SLOT.about("{{ }} 不成对 unpaired braces"),
    }
}

/// TS008, TS009, TS018 by line: charts that cannot be placed or are too often, links and pictures that lead
/// nowhere.
fn check_references(
    member: &Member,
    text: &str,
    settings: Option<&Settings>,
) -> Vec<(usize, Finding)> {
    // A plain text places nothing.
    if !member.media_type.starts_with("text/markdown") {
        return vec![];
    }
    // The explainer gives charts to the interpretation alone: the policy's text is the policy's text.
    let ids: Option<BTreeSet<&str>> =
        settings.map(|settings| settings.charts.iter().map(|chart| chart.id.as_str()).collect());
    let is_placed = |id: &str| {
        member.role == Role::Interpretation && ids.as_ref().is_none_or(|ids| ids.contains(id))
    };
    let references = markdown::references(text);
    let places = references.iter().filter(|(_, reference)| match reference {
        Reference::Chart { id, .. } => is_placed(id),
        Reference::Dead(_) => false,
    });
    let many = places.clone().nth(PLACES_MAX).map(|(line, _)| {
        let count = places.count();
        let why = format!(
            "图放了 {count} 处，最多 {PLACES_MAX} 处 charts stand in {count} places, at most {PLACES_MAX}"
        );
        (*line, codes::RENDER_LIMITS.about(why))
    });
    references
        .iter()
        .filter_map(|(line, reference)| match reference {
            Reference::Chart { id, has_place: false, .. } if is_placed(id) => {
                let detail = format!(
                    "chart:{id} 在列表、表格或标题里，须独占一段 in a list, a table or a heading; it needs a paragraph of its own"
                );
                Some((*line, codes::NO_CHART.about(detail)))
            }
            Reference::Chart { id, has_text: true, .. } if is_placed(id) => None,
            Reference::Chart { id, .. } if is_placed(id) => {
                Some((*line, codes::CHART_TEXT.about(format_args!("chart:{id}"))))
            }
            Reference::Chart { id, .. } => {
                Some((*line, codes::NO_CHART.about(format_args!("chart:{id}"))))
            }
            Reference::Dead(address) => {
                Some((*line, codes::DEAD_LINK.about(shortened(address, ADDRESS_CHARS_MAX))))
            }
        })
        .chain(many)
        .collect()
}

/// TS021 by line.
fn check_notes(member: &Member, text: &str) -> Vec<(usize, Finding)> {
    if !member.media_type.starts_with("text/markdown") {
        return vec![];
    }
    let said = |fault: NoteFault| match fault {
        NoteFault::Missing(name) => codes::NOTE.about(format_args!(
            "[^{name}] 没有对应的注，会照原样印出 is written nowhere and stands as it is typed"
        )),
        NoteFault::Twice(name) => codes::NOTE.about(format_args!(
            "[^{name}] 写了两次，两条注同一个号 is written twice: two notes of one number"
        )),
        NoteFault::Empty(name) => {
            codes::NOTE.about(format_args!("[^{name}] 没有内容 says nothing"))
        }
    };
    markdown::note_faults(text).into_iter().map(|(line, fault)| (line, said(fault))).collect()
}

/// Characters of an address that are shown: enough to find it in the text.
const ADDRESS_CHARS_MAX: usize = 80;

/// The beginning of a value, so that a finding stays short.
fn shortened(value: &str, chars: usize) -> String {
    let more = if value.chars().nth(chars).is_some() { "…" } else { "" };
    format!("{}{more}", first_chars(value, chars))
}

/// Letters of a text of fillers that are shown.
const SHOWN_MAX: usize = 40;

/// What would be read on the page, where that is nothing: comments, blanks that look like none, strokes;
/// of an interpretation also 略, 详见政策原文, 解读稍后发布.
fn says_nothing(member: &Member, text: &str) -> Option<String> {
    let shown = if member.media_type.starts_with("text/markdown") {
        markdown::shown(text).into_iter().map(|shown| shown.text + "\n").collect()
    } else {
        text.to_owned()
    };
    let is_nothing = !shown.contains(char::is_alphanumeric)
        || (member.role == Role::Interpretation
            && (pair::is_filler(&shown) || is_filler_below_titles(&shown) || puts_off(&shown)));
    let letters = || shown.chars().filter(|c| c.is_alphanumeric());
    let more = if letters().nth(SHOWN_MAX).is_some() { "…" } else { "" };
    is_nothing.then(|| letters().take(SHOWN_MAX).collect::<String>() + more)
}

/// Whether a few words put the reader off: 本解读正在编写中，敬请期待; 内容清楚，无需解读; 请看下图.
fn puts_off(shown: &str) -> bool {
    const LETTERS_MAX: usize = 40;
    const WORDS: [&str; 16] = [
        "编写中",
        "起草中",
        "制作中",
        "敬请期待",
        "无需解读",
        "无须解读",
        "不需解读",
        "不作解读",
        "不再解读",
        "后续发布",
        "补充发布",
        "待发布",
        "已阅",
        "无意见",
        "看下图",
        "见下图",
    ];
    let lines =
        shown.lines().filter(|line| !line.contains('》') && !line.trim_end().ends_with("解读"));
    let said: String =
        lines.flat_map(str::chars).filter(|c| is_letter(*c)).take(LETTERS_MAX + 1).collect();
    said.chars().count() <= LETTERS_MAX && WORDS.iter().any(|word| said.contains(word))
}

/// Whether nothing but fillers stands below a title (《…》解读): 略, 待补充, 稍后发布; or below the names of the elements
/// as the template has them.
fn is_filler_below_titles(shown: &str) -> bool {
    let is_title = |line: &str| line.contains('》') && line.ends_with("解读");
    let mut lines = shown.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    let has_title = lines.next_if(|line| is_title(line.trim_start_matches(['#', ' ']))).is_some();
    let (mut has_names, mut is_nothing) = (false, true);
    for line in lines {
        let is_name = pair::is_bare_name(line);
        has_names |= is_name;
        is_nothing &= is_name || pair::is_filler(line);
    }
    (has_title || has_names) && is_nothing
}

/// TS114: the same text twice is no pair, however it is set.
fn find_same(read: &[(&Member, &str)]) -> Option<Finding> {
    let of = |role| read.iter().find(move |(member, _)| member.role == role);
    let ((_, policy), (member, interpretation)) = of(Role::Policy).zip(of(Role::Interpretation))?;
    is_same(policy, interpretation)
        .then(|| codes::SAME_TEXT.finding().in_member(&member.path).at_line(1))
}

/// Whether two texts have the same letters.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|text| text.chars().filter(|c| c.is_alphanumeric()));
    one.eq(other)
}

/// A member's text without its byte order mark; none where it is badly encoded or empty.
pub(super) fn find<'f>(
    files: &'f Files,
    members: &'f [Member],
    role: Role,
) -> Option<(&'f str, &'f str)> {
    let member = members.iter().find(|member| member.role == role)?;
    let text = readable(files.get(&member.path)?).ok()?;
    let text = text.trim_start_matches('\u{feff}');
    says_nothing(member, text).is_none().then_some((member.path.as_str(), text))
}

/// The text, or the line where it stops being one.
fn readable(bytes: &[u8]) -> Result<&str, usize> {
    let line_at =
        |offset: usize| bytes.iter().take(offset).filter(|byte| **byte == b'\n').count() + 1;
    let text = simdutf8::compat::from_utf8(bytes).map_err(|error| line_at(error.valid_up_to()))?;
    // An override turns round what stands behind it, and tags say something that nobody sees.
    let is_unseen = |c: char| matches!(c, '\u{202e}' | '\u{e0000}'..='\u{e007f}');
    let is_bad = |c: char| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || is_unseen(c);
    // Bytes with which those begin, but for the override's, are in few texts, and are looked for at once.
    let may_begin_bad = |byte: u8| matches!(byte, 0..=8 | 11 | 12 | 14..=0x1f | 0x7f | 0xc2 | 0xf3);
    let may_be_bad = bytes.iter().fold(false, |any, byte| any | may_begin_bad(*byte))
        || text.contains("\u{202e}");
    match may_be_bad.then(|| text.find(is_bad)).flatten() {
        Some(offset) => Err(line_at(offset)),
        None => Ok(text),
    }
}
