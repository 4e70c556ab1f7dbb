//! Classification marks 密级 (保守国家秘密法; GB/T 9704-2012, 版头): a line of its own at the head of
//! a text that says 绝密, 机密 or 秘密, with or without ★ and a period. The words in running text
//! are no mark.

use unicode_normalization::UnicodeNormalization as _;

/// How many lines with text count as the head. A 版头 has at most six elements before the title.
const HEAD_LINES: usize = 20;

/// The number of the line that bears a mark, from 1. What the line says is not told.
pub fn find_mark(text: &str) -> Option<usize> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .take(HEAD_LINES)
        .find(|(_, line)| is_mark(line))
        .map(|(index, _)| index + 1)
}

fn is_mark(line: &str) -> bool {
    // NFKC folds full-width digits and asterisks; markdown marks and spaces only dress the line up.
    let bare: String = line
        .nfkc()
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(c, '#' | '_' | '>' | '`' | '[' | ']' | '【' | '】' | '|' | '\u{feff}')
        })
        .collect();
    // A copy number 份号 or an urgency 紧急程度 may stand before the mark, an urgency behind it.
    // Numbers in brackets are left: they count the items of a list, which is running text.
    let bare = bare.trim_start_matches(|c: char| c.is_ascii_digit() || is_star(c));
    let bare = bare.trim_matches(is_bracket);
    let bare = without_prefix(bare, &URGENCIES);
    let bare = without_suffix(bare, &URGENCIES);
    let bare = bare.trim_start_matches(|c| is_bracket(c) || is_star(c));
    let bare = without_prefix(bare, &["密级:", "密级"]);
    let bare = bare.trim_start_matches(is_star);
    let Some(rest) = ["绝密", "机密", "秘密"].iter().find_map(|level| bare.strip_prefix(level))
    else {
        return false;
    };
    let rest = rest.trim_matches(is_between);
    let rest = without_prefix(rest, &["保密期限", "期限"]);
    let rest = rest.strip_suffix("启用前").unwrap_or(rest);
    let period = rest.trim_matches(is_between);
    period.is_empty() || is_period(period)
}

const URGENCIES: [&str; 4] = ["特急", "加急", "平急", "急件"];

fn without_prefix<'t>(text: &'t str, parts: &[&str]) -> &'t str {
    parts.iter().find_map(|part| text.strip_prefix(part)).unwrap_or(text)
}

fn without_suffix<'t>(text: &'t str, parts: &[&str]) -> &'t str {
    parts.iter().find_map(|part| text.strip_suffix(part)).unwrap_or(text)
}

fn is_star(c: char) -> bool {
    matches!(c, '★' | '☆' | '*')
}

fn is_bracket(c: char) -> bool {
    matches!(c, '(' | ')' | '〔' | '〕' | '「' | '」' | '『' | '』')
}

/// What may stand between a level and its period.
fn is_between(c: char) -> bool {
    is_star(c) || is_bracket(c) || matches!(c, ':' | ',' | ';' | '·' | '-')
}

/// `1年`, `6个月`, `一年六个月`, `至2030年12月31日`, `长期`.
fn is_period(text: &str) -> bool {
    const DIGITS: &str = "0123456789〇○零一二三四五六七八九十百";
    const UNITS: &str = "年月天日";
    let text = text.strip_prefix('至').unwrap_or(text);
    text == "长期"
        || (text.starts_with(|c| DIGITS.contains(c))
            && text.ends_with(|c| UNITS.contains(c))
            && text.chars().all(|c| DIGITS.contains(c) || UNITS.contains(c) || c == '个'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_however_they_are_dressed() {
        let marks = [
            "绝密",
            "机密★1年",
            "秘密★６个月",
            "  机 密 ★ 长期",
            "**机密★20年**",
            "# 秘密",
            "000001 机密★1年 特急",
            "密级：秘密",
            "绝密★启用前",
            "机密☆十年",
            "【机密】",
            "\u{feff}机密",
            "★秘密",
            "★ 秘密 ★",
            "秘密（1年）",
            "（秘密）",
            "秘密 1年",
            "【机密】★3年",
            "秘密：1年",
            "秘密★1年6个月",
            "机密★至2030年12月31日",
            "密级：机密　保密期限：3年",
            "特急 秘密★1年",
            "秘密★1年（特急）",
            "000001（机密）",
        ];
        for mark in marks {
            let text = format!("\n{mark}\n关于某事项的通知\n");
            assert_eq!(find_mark(&text), Some(2), "{mark:?} was let through");
        }
    }

    #[test]
    fn words_in_running_text_are_no_mark() {
        let lines = [
            "中华人民共和国保守国家秘密法",
            "秘密是关系国家安全的事项。",
            "机密级国家秘密不超过二十年",
            "绝密、机密、秘密三级",
            "商业秘密",
            "秘密级",
            "（1）秘密",
            "〔2〕机密",
            "1.秘密",
            "机密（以下简称涉密）",
            "秘密一二三",
            "秘密（见附件）",
        ];
        for line in lines {
            assert_eq!(find_mark(line), None, "{line:?} was taken for a mark");
        }
    }

    #[test]
    fn only_the_head_counts() {
        let text = format!("{}机密\n", "正文。\n".repeat(HEAD_LINES));
        assert_eq!(find_mark(&text), None);
    }
}
