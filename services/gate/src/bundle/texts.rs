//! The two texts: encoding, emptiness, slots.

use std::collections::BTreeSet;

use lockstep_proto::{
    edition::Slot,
    finding::Finding,
    manifest::{Member, Role},
};

use super::{Files, SETTINGS, Settings};
use crate::{
    codes::{self, At as _},
    fill,
};

/// TS003, TS006, TS110 in the policy and the interpretation.
pub(super) fn check(
    files: &Files,
    members: &[Member],
    settings: Option<&Settings>,
) -> Vec<Finding> {
    let mut findings = vec![];
    let mut standing = BTreeSet::new();
    for member in members.iter().filter(|m| matches!(m.role, Role::Policy | Role::Interpretation)) {
        let Some(bytes) = files.get(&member.path) else { continue };
        match readable(bytes) {
            Err(line) => {
                findings.push(codes::BAD_ENCODING.finding().in_member(&member.path).at_line(line));
            }
            Ok(text) if text.trim_start_matches('\u{feff}').trim().is_empty() => {
                findings.push(codes::EMPTY_TEXT.finding().in_member(&member.path));
            }
            Ok(text) => {
                let declared = settings.map(|settings| settings.metadata.slots.as_slice());
                for (line, name) in fill::find_marks(text) {
                    let slot = Slot::ALL.into_iter().find(|slot| slot.name() == name);
                    standing.extend(slot);
                    let is_declared = declared
                        .is_none_or(|declared| slot.is_some_and(|slot| declared.contains(&slot)));
                    if !is_declared {
                        let mark = format!("{{{{{name}}}}}");
                        let finding = codes::SLOT.about(mark);
                        findings.push(finding.in_member(&member.path).at_line(line));
                    }
                }
            }
        }
    }
    // Pictures and titles hold no slots: what is drawn or listed is fixed when it is signed.
    if let Some(settings) = settings {
        let charts = settings.charts.iter().flat_map(|chart| {
            [&chart.headline, &chart.subtitle, &chart.unit, &chart.source, &chart.value]
        });
        let named = std::iter::once(&settings.metadata.title).chain(charts);
        for (_, name) in named.flat_map(|text| fill::find_marks(text)) {
            findings.push(codes::SLOT.about(format!("{{{{{name}}}}}")).in_member(SETTINGS));
        }
    }
    // A slot that stands nowhere would leave the registrar's number out of the document.
    let declared = settings.map(|s| s.metadata.slots.as_slice()).unwrap_or_default();
    let unused = declared
        .iter()
        .filter(|slot| !standing.contains(*slot) && matches!(slot, Slot::Number | Slot::WrittenOn));
    findings.extend(unused.map(|slot| codes::SLOT.about(slot.mark()).in_member("policy")));
    findings
}

/// The text, or the line where it stops being one.
fn readable(bytes: &[u8]) -> Result<&str, usize> {
    let line_at =
        |offset: usize| bytes.iter().take(offset).filter(|byte| **byte == b'\n').count() + 1;
    let text = std::str::from_utf8(bytes).map_err(|error| line_at(error.valid_up_to()))?;
    match text.find(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        Some(offset) => Err(line_at(offset)),
        None => Ok(text),
    }
}
