//! Who signs a text below its attachments, where some offices print them before 署名 and 成文日期.

use std::collections::HashMap;

use super::{
    super::{Unit, mark::Level, signs, words::split_signers},
    Builder, bare, is_day,
};

/// Lines of those who sign one text at most.
const SIGNERS_MAX: usize = 8;

impl Builder<'_, '_> {
    /// Whether the names of those who sign begin with this line of an attachment, right above a day: they are no
    /// part of its title.
    pub(super) fn is_signed_in_attachment(&self, index: usize) -> bool {
        let is_attached = self.part.as_ref().is_some_and(|part| part.starts_with('附'));
        let lines = self.pieces.get(index..).unwrap_or_default();
        let names = lines.iter().take(SIGNERS_MAX).take_while(|line| signs::is_signer(line.text));
        let day = Some(names.count()).filter(|count| is_attached && *count > 0);
        let day = day.and_then(|count| lines.get(count));
        day.is_some_and(|line| is_day(line.text))
    }
}

/// The signature at the end of the whole text is the text's own though it stands in an attachment, where the
/// issuing body signs and the text has no other day.
pub(in super::super) fn settle(text: &str, units: &mut [Unit]) {
    let text_of = |unit: &Unit| text.get(unit.start..unit.end).unwrap_or_default();
    let Some(day) = units.iter().rposition(|unit| unit.level == Level::Date) else { return };
    let (until, behind) = units.split_at(day);
    let part = behind.first().and_then(|unit| unit.part.as_deref());
    let is_last = behind.iter().skip(1).all(|unit| {
        matches!(unit.level, Level::Note | Level::Noise) && unit.part.as_deref() == part
    });
    let has_own = until.iter().any(|unit| unit.level == Level::Date && unit.part.is_none());
    let is_attached =
        part.is_some_and(|part| ["附件", "附表", "附录"].iter().any(|kind| part.starts_with(kind)));
    if !is_last || has_own || !is_attached {
        return;
    }
    let is_signer = |unit: &&Unit| unit.level == Level::Signer && unit.part.as_deref() == part;
    let signers: Vec<String> = until
        .iter()
        .rev()
        .take_while(is_signer)
        .flat_map(|unit| split_signers(text_of(unit)))
        .map(|signer| bare(&signer))
        .filter(|signer| !signer.is_empty())
        .take(SIGNERS_MAX)
        .collect();
    let from = day - until.iter().rev().take_while(is_signer).count();
    let is_issuer = |unit: &Unit| {
        let head = bare(text_of(unit));
        signers.iter().any(|signer| match unit.level {
            Level::Title => head.starts_with(signer),
            Level::Note => head.contains(signer),
            _ => false,
        })
    };
    let is_head = |unit: &&Unit| {
        unit.part.is_none() && !unit.level.is_structural() && unit.level != Level::Paragraph
    };
    if !until.iter().take_while(is_head).any(is_issuer) {
        return;
    }
    let mut counts: HashMap<String, u32> = HashMap::new();
    let names = until.iter().filter(|unit| unit.part.is_none()).map(|unit| name_of(&unit.path));
    for name in names {
        *counts.entry(name.to_owned()).or_insert(0) += 1;
    }
    for unit in units.iter_mut().skip(from) {
        let within = unit.part.take().unwrap_or_default();
        let path = unit.path.strip_prefix(&within).unwrap_or_default().trim_start_matches('/');
        let name = name_of(path).to_owned();
        let count = counts.entry(name.clone()).or_insert(0);
        *count += 1;
        unit.path = if *count > 1 { format!("{name}#{count}") } else { name };
    }
}

/// 附注 of 附注#2.
fn name_of(path: &str) -> &str {
    path.split('#').next().unwrap_or_default()
}
