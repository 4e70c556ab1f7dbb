//! Where a finding is, and how it is said there.

use lockstep_proto::finding::{Finding, Severity};

/// Where in the bundle a finding is, and how it is said there.
pub trait At {
    /// In this file.
    #[must_use]
    fn in_member(self, path: &str) -> Self;
    /// At this line, from 1.
    #[must_use]
    fn at_line(self, line: usize) -> Self;
    /// At this line and column, in characters, from 1.
    #[must_use]
    fn at_place(self, line: usize, column: usize) -> Self;
    /// Said, and let through: what would block later can still be mended.
    #[must_use]
    fn into_warning(self) -> Self;
    /// With help that fits this very case.
    #[must_use]
    fn advising(self, help: String, help_en: String) -> Self;
    /// With help where words are compared: no value can be declared as external.
    #[must_use]
    fn reword(self) -> Self;
    /// The last that is said of its kind, with how many more there are.
    #[must_use]
    fn and_more(self, count: usize) -> Self;
}

impl At for Finding {
    fn in_member(mut self, path: &str) -> Self {
        self.member = Some(path.to_owned());
        self
    }

    fn at_line(mut self, line: usize) -> Self {
        self.line = u32::try_from(line).ok();
        self
    }

    fn at_place(self, line: usize, column: usize) -> Self {
        Self { column: u32::try_from(column).ok(), ..self.at_line(line) }
    }

    fn into_warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    fn advising(self, help: String, help_en: String) -> Self {
        Self { help, help_en, ..self }
    }

    fn reword(self) -> Self {
        self.advising(
            "改正其一；两处本不矛盾的，换一种说法".to_owned(),
            "mend one of them; if both are right, word it otherwise".to_owned(),
        )
    }

    fn and_more(self, count: usize) -> Self {
        if count == 0 {
            return self;
        }
        let (message, said) = split_more(&self.message);
        let message_en = self.message_en.trim_end_matches(&format!(" ({said} more)"));
        let count = count + said;
        Self {
            message: format!("{message}（另有 {count} 处）"),
            message_en: format!("{message_en} ({count} more)"),
            ..self
        }
    }
}

/// A message and how many more it says there are.
pub(crate) fn split_more(message: &str) -> (&str, usize) {
    let more = message.strip_suffix(" 处）").and_then(|message| message.rsplit_once("（另有 "));
    let more = more.and_then(|(message, count)| Some((message, count.parse().ok()?)));
    more.unwrap_or((message, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::CONTRADICTION;

    #[test]
    fn how_many_more_there_are_is_said_once() {
        let finding = CONTRADICTION.about("甲").and_more(3).and_more(2);
        assert!(finding.message.ends_with("甲（另有 5 处）"), "{}", finding.message);
        assert!(finding.message_en.ends_with("甲 (5 more)"), "{}", finding.message_en);
        assert_eq!(split_more(&finding.message).1, 5);
        assert_eq!(split_more("甲（另有 两 处）"), ("甲（另有 两 处）", 0));
    }
}
