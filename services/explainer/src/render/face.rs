//! The typeface of a fragment: just its characters, in the fragment, so that its charts are drawn with what they
//! were measured with and no name lacks a character, whatever the reader's machine has.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    font::{Fonts, Weight, web},
    theme::Theme,
};

/// What a slot may bring, besides the agency's 代字: letters too, of an index 索引号; and what HTML escapes.
const OF_SLOTS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\
    〔〕()（）号第年月日○〇零一二三四五六七八九十-/公告令<>&\"'";
/// Drawn bold by every browser, or by our style sheet.
const BOLD: [&str; 9] = ["h1", "h2", "h3", "h4", "h5", "h6", "th", "strong", "dt"];

/// A style for the fragment of this kind that holds its characters.
pub(super) fn style(kind: &str, html: &str, theme: &Theme) -> Result<String, web::Uncut> {
    let [mut regular, mut bold] = characters(html);
    let of_slots = || OF_SLOTS.chars().chain(theme.number_words.chars());
    regular.extend(of_slots());
    // A slot may stand in a title.
    bold.extend(of_slots());
    let faces = faces(kind, regular, bold)?;
    Ok(format!(
        "<style>{faces}.{kind}{{font-family:\"Lockstep {kind}\",var(--type,sans-serif)}}\
         .{kind} svg{{font-family:inherit}}</style>\n"
    ))
}

/// A style for a page that shows a fragment of this kind: what the page says around it, or within, and the fragment's own
/// face lacks.
pub(super) fn frame(kind: &str, page: &str, fragment: &str) -> Result<String, web::Uncut> {
    let [said, _] = characters(page);
    let [regular, bold] = characters(fragment.split("<style>").next().unwrap_or_default());
    // What of a frame is bold is the style sheet's affair.
    let lacking = |had: &BTreeSet<char>| said.difference(had).copied().collect();
    let faces = faces("frame", lacking(&regular), lacking(&bold))?;
    Ok(format!(
        "<style>{faces}body{{font-family:\"Lockstep frame\",\"Lockstep {kind}\",var(--type,sans-serif)}}\
         .{kind}{{font-family:\"Lockstep {kind}\",\"Lockstep frame\",var(--type,sans-serif)}}</style>\n"
    ))
}

/// Both weights by this name, each with its characters.
fn faces(name: &str, regular: BTreeSet<char>, bold: BTreeSet<char>) -> Result<String, web::Uncut> {
    let fonts = Fonts::current().map_err(|error| web::Uncut::from(&error))?;
    let mut faces = String::new();
    for (weight, css, characters) in [(Weight::Regular, 400, regular), (Weight::Bold, 700, bold)] {
        let face = STANDARD.encode(web::woff2(fonts.metrics(weight), characters)?);
        faces += &format!(
            "@font-face{{font-family:\"Lockstep {name}\";font-weight:{css};\
             src:url(data:font/woff2;base64,{face})format(\"woff2\")}}\n"
        );
    }
    Ok(faces)
}

/// The characters of a fragment, and those of them that are bold. A fragment is ours: its elements are those of
/// the allow-list and of our drawings, each of them closed.
fn characters(html: &str) -> [BTreeSet<char>; 2] {
    let (mut all, mut bold) = (BTreeSet::new(), BTreeSet::new());
    let mut open: Vec<(&str, bool)> = vec![];
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        let is_bold = open.last().is_some_and(|(_, is_bold)| *is_bold);
        all.extend(text.chars());
        if is_bold {
            bold.extend(text.chars());
        }
        let Some((tag, after)) = after.split_once('>') else { break };
        rest = after;
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        if tag.starts_with('/') {
            if let Some(at) = open.iter().rposition(|(opened, _)| *opened == name) {
                open.truncate(at);
            }
        } else if !tag.ends_with('/') && !matches!(name, "br" | "hr" | "img") {
            let is_own = BOLD.contains(&name) || tag.contains("font-weight=\"700\"");
            open.push((name, is_bold || is_own));
        }
    }
    all.extend(rest.chars());
    [all, bold].map(|set| set.into_iter().filter(|c| !c.is_control()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bold_characters_are_those_of_headings_and_of_what_stands_in_them() {
        let html = "<section class=\"text\">\n<h2>甲<em>乙</em></h2><p>丙<br>丁<strong>戊</strong></p>\
            <svg viewBox=\"0 0 1 1\"><rect x=\"0\"/><text font-weight=\"700\">己</text><text>庚</text></svg>\
            </section>\n辛";
        let [all, bold] = characters(html).map(String::from_iter);
        assert_eq!(all, "丁丙乙己庚戊甲辛");
        assert_eq!(bold, "乙己戊甲");
    }

    #[test]
    fn a_frame_holds_what_it_says_and_its_fragment_does_not() {
        let fragment = "<section><p>赟喆堃</p></section><style>x</style>";
        let sizes = |page: &str| -> Vec<usize> {
            let style = frame("policy", page, fragment).unwrap();
            assert!(
                style.contains("body{font-family:\"Lockstep frame\",\"Lockstep policy\","),
                "{style}"
            );
            let faces = style.split("base64,").skip(1).map(|face| face.split(')').next().unwrap());
            faces.map(|face| STANDARD.decode(face).unwrap().len()).collect()
        };
        let (own, shared, new) =
            (sizes("<body></body>"), sizes("<body>赟喆堃</body>"), sizes("<body>图解预览</body>"));
        // The fragment has them, though none that is bold.
        assert!(own[0] == shared[0] && own[1] < shared[1], "{own:?} {shared:?}");
        assert!(own[0] < new[0] && own[1] < new[1], "{own:?} {new:?}");
    }

    #[test]
    fn a_style_holds_both_weights_and_grows_with_the_text() {
        let sizes = |html: &str| -> Vec<usize> {
            let style = style("policy", html, &Theme::plain()).unwrap();
            let faces = style.split("base64,").skip(1).map(|face| face.split(')').next().unwrap());
            let faces = faces.map(|face| STANDARD.decode(face).unwrap());
            faces
                .inspect(|face| assert!(face.starts_with(b"wOF2")))
                .map(|face| face.len())
                .collect()
        };
        // Slots bring letters to any text, so that those of a text itself add nothing.
        assert_eq!(sizes(""), sizes("<h2>SY-0023abcxyz</h2>"));
        let (none, plain, strong) =
            (sizes(""), sizes("<p>赟喆堃</p>"), sizes("<p><strong>赟喆堃</strong></p>"));
        assert!(none[0] < plain[0] && none[1] == plain[1], "{none:?} {plain:?}");
        assert!(none[0] < strong[0] && none[1] < strong[1], "{none:?} {strong:?}");
    }
}
