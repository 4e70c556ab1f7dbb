//! Text so written that Markdown shows exactly its characters.

/// Text within a line: what Markdown would take for a mark gets a backslash.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' | '&' | '|') {
            out.push('\\');
        }
        // Control characters have no place in a text; line ends are made by their own elements.
        out.push(if c.is_control() && c != '\t' && c != '\n' { ' ' } else { c });
    }
    out
}

/// A line of escaped text: what would make a list, a heading, a quotation or a rule at its beginning gets
/// a backslash too.
pub(super) fn escape_start(line: &str) -> String {
    let line = line.trim();
    let Some(first) = line.chars().next() else { return String::new() };
    if matches!(first, '#' | '>' | '-' | '+' | '=') {
        return format!("\\{line}");
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line.get(digits..).unwrap_or_default();
    let after = rest.strip_prefix(['.', ')']);
    let is_item = after.is_some_and(|after| after.is_empty() || after.starts_with([' ', '\t']));
    if (1..=9).contains(&digits) && is_item {
        return format!("{}\\{rest}", line.get(..digits).unwrap_or_default());
    }
    line.to_owned()
}

/// A chart's place, typed in Word as in Markdown: `![…](chart:ID)`, alone in its paragraph.
pub(super) fn chart(line: &str) -> Option<String> {
    let (label, id) = line.strip_prefix("!\\[")?.split_once("\\](chart:")?;
    let id = id.strip_suffix(')')?;
    let is_id = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    is_id.then(|| format!("![{label}](chart:{id})"))
}

/// Figures set high or low, where there are characters for them; a unit without its exponent would be
/// another unit.
pub(super) fn shift(text: &str, is_high: bool) -> Option<String> {
    let (plain, shifted) = if is_high {
        ("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
    } else {
        ("0123456789+-−=()nx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₙₓ")
    };
    let one = |c: char| shifted.chars().nth(plain.chars().position(|p| p == c)?);
    text.chars().map(one).collect()
}

/// A character of a symbol typeface (`w:sym`), by the code the typeface has for it.
pub(super) fn symbol(font: &str, code: u32) -> Option<char> {
    let low = code & 0xff;
    let known = match (font, low) {
        ("Wingdings", 0xa8 | 0x6f | 0x71 | 0x72) | ("Wingdings 2", 0xa3 | 0x2a) => '□',
        ("Wingdings", 0xfe) | ("Wingdings 2", 0x52) => '☑',
        ("Wingdings", 0xfd) | ("Wingdings 2", 0x53 | 0x54) => '☒',
        ("Wingdings", 0xfc) | ("Wingdings 2", 0x50) => '✓',
        ("Wingdings", 0xfb) | ("Wingdings 2", 0x4f) => '✗',
        ("Wingdings", 0x6c) | ("Symbol", 0xb7) => '•',
        ("Wingdings", 0x6e) => '■',
        ("Wingdings", 0x75) => '◆',
        ("Wingdings", 0xab) => '★',
        ("Wingdings", 0xd8) => '➢',
        ("Wingdings", 0xe0) | ("Symbol", 0xae) => '→',
        ("Symbol", 0xb0) => '°',
        ("Symbol", 0xb1) => '±',
        ("Symbol", 0xb3) => '≥',
        ("Symbol", 0xa3) => '≤',
        ("Symbol", 0xb4) => '×',
        ("Symbol", 0x6d) => 'μ',
        // Figures in circles: 0x81 is ①.
        ("Wingdings", 0x81..=0x8a) => char::from_u32(u32::from('①') + low - 0x81)?,
        _ if !(0xe000..=0xf8ff).contains(&code) => {
            char::from_u32(code).filter(|c| !c.is_control())?
        }
        _ => return None,
    };
    Some(known)
}
