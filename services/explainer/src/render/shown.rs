//! What a page shows of a text is what was signed: every word of the policy, every slot whole, and nothing that turns the
//! direction of writing. Markdown has ways to write words that nobody sees (link definitions, cells beyond the last
//! column) and signs that only the page makes braces of.

use std::collections::HashMap;

use lockstep_gate::codes::{self, At as _};
use lockstep_proto::{
    edition::{Slot, is_turning},
    finding::Finding,
    manifest::Role,
};

use crate::font::is_invisible;

/// Words of a line that a finding quotes.
const QUOTED_MAX: usize = 30;

/// TS110, TS003, TS020 of a text's fragment.
pub(super) fn check((role, path): (Role, &str), source: &str, html: &str) -> Vec<Finding> {
    let words = words_of(html);
    let mut findings = vec![];
    let count = |text: &str| -> usize {
        Slot::ALL.iter().map(|slot| text.matches(&slot.mark()).count()).sum()
    };
    let plain: String = words.chars().filter(|c| !is_invisible(*c)).collect();
    // A mark that is broken in the text itself is the gate's to say, and its author may look at the page.
    let braces = |text: &str| text.matches("{{").count();
    if count(html) != count(source) || braces(&plain) != braces(source) {
        let why = "网页上的槽位与原文不同：槽位不能写在链接、图片说明里，也不能用转义符写 the page has other slots than the \
                   text: none in links and pictures, none in escapes";
        findings.push(codes::SLOT.about(why).in_member(path));
    }
    if let Some(turned) = words.chars().find(|c| is_turning(*c) && !source.contains(*c)) {
        let why = format!(
            "用转义符写的 U+{:04X} 会使文字倒着显示 turns the text around",
            u32::from(turned)
        );
        findings.push(codes::BAD_ENCODING.about(why).in_member(path));
    }
    if role == Role::Policy {
        findings.extend(
            find_left_out(source, &words)
                .map(|(line, said)| codes::UNSHOWN.about(said).in_member(path).at_line(line)),
        );
    }
    findings
}

/// The first line of the policy with Chinese words that the page lacks, from 1, and what it says.
fn find_left_out(source: &str, words: &str) -> Option<(usize, String)> {
    let mut left: HashMap<char, usize> = HashMap::new();
    for c in words.chars().filter(|c| is_chinese(*c)) {
        *left.entry(c).or_default() += 1;
    }
    let is_whole = source.chars().filter(|c| is_chinese(*c)).all(|c| {
        let left = left.entry(c).or_default();
        *left = left.wrapping_sub(1);
        *left != usize::MAX
    });
    if is_whole {
        return None;
    }
    let chinese = |text: &str| text.chars().filter(|c| is_chinese(*c)).collect::<String>();
    let shown = chinese(words);
    let mut lines = source.lines().enumerate();
    let lacks = |line: &str| !shown.contains(&chinese(line));
    let (line, said) = lines.find(|(_, line)| lacks(line)).unwrap_or((0, source));
    Some((line + 1, said.trim().chars().take(QUOTED_MAX).collect()))
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// HTML without its tags. What was text has no `<` of its own.
fn words_of(html: &str) -> String {
    let mut parts = html.split('<');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |words, part| words + part.split_once('>').map_or("", |(_, text)| text))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::Path};

    use super::*;
    use crate::text::{from_markdown, from_plain};

    fn codes_of(role: Role, source: &str) -> Vec<String> {
        let html = from_markdown(source, &BTreeMap::new()).unwrap().html;
        let found = check((role, "policy.md"), source, &html);
        found.into_iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn slots_stand_whole_on_the_page() {
        for right in [
            "# 示例办法\n\n{{文号}}\n\n居民可以申领。",
            "### 问：本通知为什么自今年起按{{文号}}施行？\n\n答：见{{文号}}。",
            "## 示例区教育局关于印发实施办法的通知{{文号}}\n\n**{{文号}}**",
            "| 文号 | 内容 |\n|---|---|\n| {{文号}} | 甲 |",
            "说明{{文号。",
        ] {
            assert!(codes_of(Role::Interpretation, right).is_empty(), "{right}");
        }
        for wrong in [
            "见[通知](https://example.org/{{文号}})。",
            "依据&#123;&#123;成文日期&#125;&#125;办理。",
            "依据&lbrace;&lbrace;文号&rbrace;&rbrace;办理。",
            "依据{\u{200b}{文号}\u{200b}}办理。",
            "依据 *{*{文号}*}* 办理。",
        ] {
            assert_eq!(codes_of(Role::Interpretation, wrong), ["TS110"], "{wrong}");
        }
    }

    #[test]
    fn no_word_of_a_policy_is_left_out_and_none_is_turned() {
        for right in [
            "# 办法\n\n第一条　居民可以申领[^1]。\n\n[^1]: 含外来务工人员。",
            "1. 填表\n2. 交表\n\n> 附则\n\n`代码`与**强调**，[网址](https://example.org/)。",
            "| 类别 | 标准 |\n|---|---|\n| 居民 | 100元 |",
        ] {
            assert!(codes_of(Role::Policy, right).is_empty(), "{right}");
        }
        for wrong in [
            "居民可以申领。\n\n[1]: 非户籍居民不得申领。",
            "| 类别 | 标准 |\n|---|---|\n| 居民 | 100元 | 但非户籍居民除外 |",
            "居民可以申领。\n\n```非户籍居民不得申领\n代码\n```",
        ] {
            assert_eq!(codes_of(Role::Policy, wrong), ["TS020"], "{wrong}");
        }
        assert_eq!(codes_of(Role::Policy, "标准为&#x202e;0051&#x202c;元。"), ["TS003"]);
    }

    /// As text and as Markdown, which is what most of it is not.
    #[test]
    fn real_policies_are_shown_whole() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
        let Ok(folders) = fs::read_dir(corpus) else {
            println!("SKIPPED: the corpus is not there");
            return;
        };
        let paths = folders.map(|folder| folder.unwrap().path().join("policy.txt"));
        let texts = paths.filter_map(|path| Some((fs::read_to_string(&path).ok()?, path)));
        let mut wrong = vec![];
        for (text, path) in texts {
            let markdown = from_markdown(&text, &BTreeMap::new()).unwrap().html;
            for html in [from_plain(&text), markdown] {
                let found = check((Role::Policy, "policy"), &text, &html);
                wrong.extend(found.into_iter().map(|found| format!("{path:?} {found:?}")));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
