//! Titles and headings on the page, broken as pictures break them: browsers know no Chinese words.

use super::{escape, unbroken};
use crate::chart::text::{Kind, stops};

/// A line of a phone holds a shorter one.
const CHARACTERS_MIN: usize = 13;
/// What stands between two good places to break is held together up to here; what is longer may be broken at any place
/// where nothing is surely torn.
const HELD_MAX: usize = 10;

/// A heading's text as HTML, what should not be broken held together.
pub(super) fn mark(text: &str) -> String {
    // A slot that is cut is never filled.
    if text.chars().count() < CHARACTERS_MIN || text.contains("{{") {
        return unbroken::closed(&escape(text));
    }
    let stops = stops(text);
    let mut out = String::with_capacity(text.len() * 2);
    let (mut from, mut parts) = (0, vec![]);
    for stop in stops.iter().skip(1) {
        parts.push(stop);
        if !matches!(stop.kind, Kind::Clause | Kind::Phrase) {
            continue;
        }
        let is_short = text.get(from..stop.at).is_some_and(|held| held.chars().count() <= HELD_MAX);
        for part in parts.drain(..) {
            if part.at == stop.at || (!is_short && part.kind == Kind::Word) {
                hold(&mut out, text.get(from..part.at).unwrap_or_default());
                from = part.at;
            }
        }
    }
    out
}

/// A piece of more than one sign, unless it is longer than a line.
fn hold(out: &mut String, piece: &str) {
    let count = piece.trim().chars().count();
    if (2..=HELD_MAX).contains(&count) {
        out.push_str("<span class=\"unbroken\">");
        out.push_str(&escape(piece));
        out.push_str("</span>");
    } else {
        out.push_str(&escape(piece));
    }
}

#[cfg(test)]
mod tests {
    use super::mark;

    /// With bars around what is held together.
    fn held(text: &str) -> String {
        mark(text).replace("<span class=\"unbroken\">", "[").replace("</span>", "]")
    }

    #[test]
    fn titles_are_held_together_by_words() {
        assert_eq!(held("为什么调整？"), "为什么调整？");
        assert_eq!(
            held("示例市财政局关于2026年预算调整的通知"),
            "[示例市财政局][关于][2026年预算调整][的通知]"
        );
        assert_eq!(
            held("甲 & 乙关于规范直播带货行为的若干意见"),
            "[甲 &amp; 乙][关于规范直播带货行为][的若干意见]"
        );
        assert_eq!(
            held("问：本通知为什么自{{印发日期}}起施行？"),
            "问：本通知为什么自{{印发日期}}起施行？"
        );
        // A long piece may be broken, but not within 通知 or 2027年.
        let long = held("做好2027年义务教育阶段学校招生入学工作的补充通知和说明");
        assert!(long.contains("[2027年]") && long.contains("[补充通知和]"), "{long}");
        let plain: String = long.chars().filter(|c| !"[]".contains(*c)).collect();
        assert_eq!(plain, "做好2027年义务教育阶段学校招生入学工作的补充通知和说明");
    }
}
