//! Whether the interpretation speaks of this very policy: title, number, effective date, and that
//! what it explains is in force (DOMAIN I6, I7, hazards 2, 7, 8).

use lockstep_proto::{finding::Finding, manifest::Attribute};

use super::Pair;
use crate::{
    codes::{self, At as _},
    document::{DateRole, DisclosureMark, Document, Level, Metadata, Target},
};

/// TS125, TS126, TS132 to TS134
pub(super) fn check(pair: &Pair<'_>) -> Vec<Finding> {
    let policy = pair.policy.metadata();
    let mut findings = vec![];
    findings.extend(check_repealed(pair, &policy));
    findings.extend(check_effective(pair, &policy));
    findings.extend(check_disclosure(pair, &policy));
    findings.extend(check_declared(pair, &policy));
    findings
}

/// TS125: its subject was ended, by this policy or by one that the bundle declares.
fn check_repealed(pair: &Pair<'_>, policy: &Metadata) -> Option<Finding> {
    let subject = subject(pair.interpretation);
    let ended =
        pair.stated.repealed.iter().map(|repealed| {
            (repealed.title.as_str(), repealed.number.as_deref(), repealed.by.clone())
        });
    let own = policy.title.clone().unwrap_or_else(|| pair.metadata.title.clone());
    let by_policy = policy
        .repeals
        .iter()
        .map(|repeal| (repeal.title.as_str(), repeal.number.as_deref(), own.clone()));
    ended.chain(by_policy).find_map(|(title, number, by)| {
        // An interpretation of the new document names the old one too, not as its subject.
        let is_subject = subject.as_ref().is_some_and(|subject| {
            (!title.is_empty() && same_title(subject, title))
                || number.is_some_and(|number| subject.contains(number))
        });
        let is_policy = policy.title.as_ref().is_some_and(|own| same_title(own, title));
        (is_subject || is_policy).then(|| {
            codes::REPEALED
                .about(format_args!("《{title}》 ← {by}"))
                .in_member(pair.interpretation_path)
        })
    })
}

/// What an interpretation says it explains: 《…》 in its title, or the title itself.
fn subject(interpretation: &Document<'_>) -> Option<String> {
    let title = interpretation.units().iter().find(|unit| unit.level == Level::Title)?;
    let quoted =
        interpretation.references().into_iter().find_map(|reference| match reference.document {
            Target::Other(name) if (title.start..title.end).contains(&reference.start) => {
                Some(name)
            }
            Target::Other(_) | Target::Own | Target::Previous => None,
        });
    Some(quoted.unwrap_or_else(|| interpretation.text_of(title).trim().to_owned()))
}

/// Titles are the same without the issuer before 关于 and blanks.
fn same_title(one: &str, other: &str) -> bool {
    let core = |title: &str| {
        let bare: String = title
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '《' | '》' | '〈' | '〉'))
            .collect();
        match bare.find("关于") {
            Some(at) => bare.get(at..).unwrap_or_default().to_owned(),
            None => bare,
        }
    };
    core(one) == core(other)
}

/// TS126: the day from which it holds, where both texts say one.
fn check_effective(pair: &Pair<'_>, policy: &Metadata) -> Option<Finding> {
    let of = |found: &Metadata| -> Vec<_> {
        let effective = found.dates.iter().filter(|dated| dated.role == DateRole::Effective);
        effective.filter_map(|dated| Some((dated.date?, dated.start))).collect()
    };
    let theirs = of(policy);
    let (first, _) = theirs.first()?;
    let written = policy.dates.iter().find(|dated| dated.role == DateRole::Written)?.date?;
    let text = pair.interpretation.text();
    let ours = of(&pair.interpretation.metadata());
    let wrong = ours.into_iter().find(|(date, start)| {
        // Before the policy was written, something else took effect.
        *date >= written
            && !theirs.iter().any(|(their, _)| their == date)
            && speaks_of_policy(text, *start, policy)
    })?;
    let (line, column) = pair.interpretation.place(wrong.1);
    let finding = codes::EFFECTIVE_DATE
        .about(format_args!("{} ≠ {first}", wrong.0))
        .in_member(pair.interpretation_path);
    Some(finding.at_place(line, column))
}

/// Whether the sentence that leads to byte `at` is about the policy: names it, or no other document.
fn speaks_of_policy(text: &str, at: usize, policy: &Metadata) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let floor = before.char_indices().rev().take(80).last().map_or(at, |(at, _)| at);
    let window = before.get(floor..).unwrap_or_default();
    let sentence = window.rsplit(['。', '；', '\n']).next().unwrap_or_default();
    let Some((_, named)) = sentence.rsplit_once('《') else { return true };
    let named = named.split('》').next().unwrap_or_default();
    // 《办法》: the short form of a title ends it.
    policy.title.as_ref().is_some_and(|title| {
        same_title(title, named)
            || title.trim_end_matches("的通知").trim_end_matches('》').ends_with(named)
    })
}

/// TS132: the text's own mark and the declared attribute (政府信息公开条例, Art. 13 to 16).
fn check_disclosure(pair: &Pair<'_>, policy: &Metadata) -> Option<Finding> {
    let declared = pair.metadata.disclosure.attribute;
    let marked = policy.disclosure?;
    let agrees = matches!(
        (declared, marked),
        (Attribute::Proactive, DisclosureMark::Proactive)
            | (Attribute::OnRequest, DisclosureMark::OnRequest)
            | (Attribute::Withheld, DisclosureMark::Withheld)
    );
    (!agrees).then(|| codes::DISCLOSURE_MARK.finding().in_member(pair.policy_path))
}

/// TS133, TS134: what `bundle.toml` says of the policy and what its text says.
fn check_declared(pair: &Pair<'_>, policy: &Metadata) -> Vec<Finding> {
    let mut findings = vec![];
    if let Some(title) = &policy.title
        && !title.contains("{{")
        && !same_title(title, &pair.metadata.title)
    {
        let detail = format!("{} ≠ {title}", pair.metadata.title);
        findings.push(codes::OTHER_TITLE.about(detail).in_member(pair.policy_path));
    }
    if let (Some(declared), Some(number)) = (&pair.metadata.number, &policy.number) {
        let normal = crate::document::find_numbers(declared).into_iter().next();
        let normal =
            normal.map_or_else(|| declared.split_whitespace().collect(), |found| found.number);
        if normal != *number {
            let detail = format!("{declared} ≠ {number}");
            findings.push(codes::OTHER_NUMBER.about(detail).in_member(pair.policy_path));
        }
    }
    findings
}
