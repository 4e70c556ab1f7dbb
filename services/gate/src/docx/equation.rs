//! `EQ` fields (ISO/IEC 29500-1, 17.16.5.17): Word draws what they say and stores no text of it. 带圈字符 is
//! one of them.

use super::markdown;

/// Switches within switches at most.
const DEPTH_MAX: usize = 8;

/// Whether a field's instruction is one.
pub(super) fn is_equation(instruction: &str) -> bool {
    let first = instruction.split_whitespace().next().unwrap_or_default();
    let name = first.split('\\').next().unwrap_or_default();
    name.eq_ignore_ascii_case("eq")
}

/// What it shows as plain text, not escaped: fractions with a stroke, figures in circles, powers. `None`
/// for what takes more than a line.
pub(super) fn text_of(instruction: &str) -> Option<String> {
    let rest = instruction.trim_start().get(2..)?;
    plain(rest.trim(), 0)
}

fn plain(text: &str, depth: usize) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\').filter(|_| depth < DEPTH_MAX) {
        let (before, switch) = rest.split_at(at);
        out.push_str(before.trim());
        let switch = switch.get(1..)?;
        // `\,` and `\(` are the signs themselves.
        if let Some(sign) = switch.chars().next().filter(|c| ",;()\\".contains(*c)) {
            out.push(sign);
            rest = switch.get(1..)?;
            continue;
        }
        let open = switch.find('(')?;
        let (name, inner) = switch.split_at(open);
        let (parts, after) = parts(inner.get(1..)?)?;
        let drawn = drawn(&name.replace(' ', "").to_ascii_lowercase(), &parts, depth + 1)?;
        // 3½ is not 31/2.
        if drawn.starts_with(char::is_numeric) && out.ends_with(char::is_numeric) {
            out.push(' ');
        }
        out.push_str(&drawn);
        rest = after;
    }
    if rest.contains('\\') {
        return None;
    }
    out.push_str(rest.trim());
    Some(out)
}

/// The parts of a bracket, and what stands behind it.
fn parts(text: &str) -> Option<(Vec<&str>, &str)> {
    let (mut parts, mut start, mut depth, mut is_escaped) = (vec![], 0, 0_usize, false);
    for (at, c) in text.char_indices() {
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match c {
            '\\' => is_escaped = true,
            '(' => depth += 1,
            ',' | ';' if depth == 0 => {
                parts.push(text.get(start..at)?);
                start = at + 1;
            }
            ')' if depth == 0 => {
                parts.push(text.get(start..at)?);
                return Some((parts, text.get(at + 1..)?));
            }
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn drawn(name: &str, parts: &[&str], depth: usize) -> Option<String> {
    let of = |part: &str| plain(part.trim(), depth);
    let in_brackets = |part: &str| {
        let text = of(part)?;
        let is_one = text.chars().all(char::is_numeric) || text.chars().count() == 1;
        Some(if is_one { text } else { format!("({text})") })
    };
    match (name, parts) {
        ("f", [above, below]) => Some(format!("{}/{}", in_brackets(above)?, in_brackets(below)?)),
        ("r", [inner]) => Some(format!("√{}", in_brackets(inner)?)),
        ("o" | "o\\ac" | "o\\al" | "o\\ar", [around, inner]) => {
            encircled(&of(around)?, &of(inner)?)
        }
        ("s\\up" | "s", [inner]) => markdown::shift(&of(inner)?, true),
        ("s\\do", [inner]) => markdown::shift(&of(inner)?, false),
        // By how many points it is set high or low.
        (name, [_]) if name.starts_with("s\\") && name.ends_with(|c: char| c.is_ascii_digit()) => {
            drawn(name.trim_end_matches(|c: char| c.is_ascii_digit()), parts, depth)
        }
        _ => None,
    }
}

/// 带圈字符, as far as there is a character for it.
fn encircled(around: &str, inner: &str) -> Option<String> {
    let char = match around {
        "○" | "〇" | "◯" => {
            let number: u32 = inner.parse().ok()?;
            let first = match number {
                1..=20 => u32::from('①') - 1,
                21..=35 => u32::from('㉑') - 21,
                36..=50 => u32::from('㊱') - 36,
                _ => return None,
            };
            char::from_u32(first + number)?
        }
        "□" if matches!(inner, "√" | "✓") => '☑',
        "□" if matches!(inner, "×" | "✗") => '☒',
        _ => return None,
    };
    Some(char.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_a_line_is_text() {
        for (instruction, text) in [
            ("EQ \\f(1,2)", Some("1/2")),
            (" eq \\o\\ac(○,21) ", Some("㉑")),
            ("EQ \\o\\ac(○,1)", Some("①")),
            ("EQ \\o\\ac(○,50)", Some("㊿")),
            ("eq \\o\\ac(□,√)", Some("☑")),
            ("EQ 3\\f(1;2)", Some("3 1/2")),
            ("EQ \\f(a+b,\\r(2))", Some("(a+b)/(√2)")),
            ("EQ m\\s\\up8(2)", Some("m²")),
            ("EQ \\f(1\\,000,3)", Some("(1,000)/3")),
            ("EQ \\o\\ac(○,印)", None),
            ("EQ \\a\\al(甲,乙)", None),
            ("EQ \\x(甲)", None),
            ("EQ \\f(1,2", None),
            ("EQ", Some("")),
        ] {
            assert!(is_equation(instruction));
            assert_eq!(text_of(instruction).as_deref(), text, "{instruction}");
        }
        assert!(!is_equation("EQUAL 1") && !is_equation("REF eq") && is_equation("EQ\\f(1,2)"));
        assert_eq!(text_of(&format!("EQ {}", "\\r(".repeat(100_000))), None);
    }
}
