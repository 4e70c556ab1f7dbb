//! Title, number and date, as far as a policy's text shows them at its head and foot.

use lockstep_proto::time::is_date;

/// What a policy says of itself.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Metadata {
    pub(super) title: Option<String>,
    pub(super) number: Option<String>,
    pub(super) written_on: Option<String>,
}

/// Lines of the head and of the foot that are looked at.
const EDGE: usize = 15;

pub(super) fn draw_metadata(text: &str) -> Metadata {
    let lines: Vec<String> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(|line| unescape(line.trim().trim_matches('\u{3000}')))
        .filter(|line| !line.is_empty())
        .collect();
    let heading = lines.iter().take(EDGE).find_map(|line| line.strip_prefix("# "));
    let first = lines.iter().map(|line| line.trim_start_matches('#').trim());
    let first = first.into_iter().find(|line| !is_number(line) && !line.ends_with("文件"));
    let number = lines.iter().take(EDGE).find(|line| is_number(line));
    let date = lines.iter().rev().take(EDGE).map(|line| line.replace(' ', ""));
    Metadata {
        title: heading.or(first).map(|title| title.trim().to_owned()),
        number: number.cloned(),
        written_on: date.into_iter().find(|line| is_date(line)),
    }
}

/// `示教〔2027〕1号`, in whatever brackets, alone on its line (GB/T 9704-2012, 7.2.5).
fn is_number(line: &str) -> bool {
    let is_open = |c| matches!(c, '〔' | '[' | '﹝' | '［' | '【' | '(' | '（');
    let is_close = |c| matches!(c, '〕' | ']' | '﹞' | '］' | '】' | ')' | '）');
    let Some((body, rest)) = line.split_once(is_open) else { return false };
    let Some((year, number)) = rest.split_once(is_close) else { return false };
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let number = number.strip_suffix('号').map(|n| n.trim_start_matches('第'));
    (1..=20).contains(&body.chars().count())
        && year.len() == 4
        && digits(year)
        && number.is_some_and(digits)
}

fn unescape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        let is_mark = c == '\\' && rest.peek().is_some_and(char::is_ascii_punctuation);
        out.extend(if is_mark { rest.next() } else { Some(c) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_foot_tell_title_number_and_date() {
        let text = "示例区教育局文件\n\n示教\\[2027\\]12号\n\n# 关于甲\\*乙的通知\n\n各单位：\n\n\
                    自2027年3月1日起施行。\n\n示例区教育局\n\n2027年 1月5日\n\n（此件公开发布）\n";
        let some = |text: &str| Some(text.to_owned());
        let found = Metadata {
            title: some("关于甲*乙的通知"),
            number: some("示教[2027]12号"),
            written_on: some("2027年1月5日"),
        };
        assert_eq!(draw_metadata(text), found);
        let plain = "示教〔2027〕12号\n关于甲的通知\n依据某发〔2020〕3号文件。\n";
        assert_eq!(draw_metadata(plain).title, some("关于甲的通知"));
        assert_eq!(draw_metadata("关于甲的通知\n{{文号}}\n").number, None);
        assert_eq!(draw_metadata("").title, None);
    }
}
