//! The page of every code (`docs/codes/`): what it means in the words of a clerk, why, an example,
//! how to mend it. Severity, stage and whether a profile may change it are not written there: they
//! come from [`crate::codes`], [`crate::verdict`] and [`crate::profile`].

use std::sync::LazyLock;

/// One file of pages.
#[derive(Debug)]
pub struct Family {
    /// Which codes, and their name in Chinese and English.
    pub title: &'static str,
    /// Its pages, in order.
    pub pages: Vec<Page>,
}

/// What is said about one code.
#[derive(Debug)]
pub struct Page {
    /// Such as `TS104`.
    pub code: &'static str,
    /// The code's message, Chinese and English.
    pub title: &'static str,
    /// Label and text, in the order of [`LABELS`].
    pub lines: Vec<[&'static str; 2]>,
}

/// What every page says, Chinese and English.
pub const LABELS: [[&str; 2]; 4] =
    [["含义", "Meaning"], ["依据", "Why"], ["示例", "Example"], ["处理", "Mend"]];

const TEXTS: [&str; 7] = [
    include_str!("../../../docs/codes/files.md"),
    include_str!("../../../docs/codes/pair.md"),
    include_str!("../../../docs/codes/quality.md"),
    include_str!("../../../docs/codes/chain.md"),
    include_str!("../../../docs/codes/release.md"),
    include_str!("../../../docs/codes/wording.md"),
    include_str!("../../../docs/codes/secrecy.md"),
];

/// All pages, by family.
pub fn families() -> &'static [Family] {
    static FAMILIES: LazyLock<Vec<Family>> = LazyLock::new(|| TEXTS.map(read).into());
    &FAMILIES
}

/// The page of this code.
pub fn find(code: &str) -> Option<&'static Page> {
    families().iter().flat_map(|family| &family.pages).find(|page| page.code == code)
}

fn read(text: &'static str) -> Family {
    let mut sections = text.split("\n## ");
    let head = sections.next().unwrap_or_default();
    let title = head.lines().next().unwrap_or_default().trim_start_matches("# ");
    Family { title, pages: sections.map(read_page).collect() }
}

fn read_page(section: &'static str) -> Page {
    let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
    let (code, title) = heading.split_once(' ').unwrap_or((heading, ""));
    let labelled = body.lines().filter_map(|line| line.strip_prefix("**")?.split_once("** "));
    Page { code, title, lines: labelled.map(|(label, text)| [label, text]).collect() }
}

#[cfg(test)]
mod tests {
    use lockstep_proto::finding::Severity;

    use super::*;
    use crate::codes;

    #[test]
    fn every_code_has_one_page_with_every_part_under_its_own_words() {
        let pages: Vec<&Page> = families().iter().flat_map(|family| &family.pages).collect();
        let coded: Vec<&str> = codes::ALL.iter().map(|code| code.id).collect();
        assert_eq!(pages.iter().map(|page| page.code).collect::<Vec<_>>(), coded);
        for (page, code) in pages.iter().zip(codes::ALL) {
            let [message, message_en] = code.message;
            assert_eq!(page.title, format!("{message} · {message_en}"), "{}", code.id);
            let labels: Vec<&str> = page.lines.iter().map(|[label, _]| *label).collect();
            assert_eq!(labels, LABELS.concat(), "{}", code.id);
        }
    }

    #[test]
    fn the_index_and_each_file_say_which_codes_are_there() {
        let index = include_str!("../../../docs/codes/README.md");
        for family in families() {
            let ends = [family.pages.first(), family.pages.last()].map(|page| page.unwrap().code);
            let range = ends.join("–");
            assert!(index.contains(&format!("| {range} |")), "{range}");
            // A file that holds all codes of one kind names the kind alone.
            let said = family.title.split(' ').next().unwrap();
            assert!(said == range || range.starts_with(said), "{said}: {range}");
        }
    }

    #[test]
    fn what_is_said_to_warn_by_default_does() {
        for family in families() {
            for page in &family.pages {
                let says = |words: &str| page.lines.iter().any(|[_, text]| text.contains(words));
                let code = codes::ALL.iter().find(|code| code.id == page.code).unwrap();
                if says("默认只提醒") || says("by default") {
                    assert_eq!(code.severity, Severity::Warning, "{}", page.code);
                    assert!(says("默认只提醒") && says("by default"), "{}", page.code);
                }
            }
        }
    }

    #[test]
    fn every_line_of_the_pages_is_read() {
        for (text, family) in TEXTS.iter().zip(families()) {
            let read: usize = family.pages.iter().map(|page| 1 + page.lines.len()).sum();
            let written = text.lines().filter(|line| !line.is_empty()).count();
            // Title and introduction, Chinese and English, belong to no page.
            assert_eq!(written, read + 3, "{}", family.title);
        }
    }
}
