//! What stands within a paragraph.

use super::{
    blocks::Blocks,
    branch, markdown,
    sight::{self, Under},
    styles::Styles,
    xml::Element,
};

/// A paragraph's text as it grows.
#[derive(Default)]
pub(super) struct Inline {
    /// Escaped.
    pub(super) text: String,
}

impl<'p> Blocks<'p> {
    pub(super) fn read_inline(
        &mut self,
        parent: &'p Element,
        style: Option<&str>,
        out: &mut Inline,
    ) {
        for element in parent.elements() {
            match element.name.as_str() {
                "w:r" => self.read_run(element, style, out),
                "w:hyperlink" => self.read_link(element, style, out),
                // What a revision took away, and what a form asks to be filled in, is not the text.
                "w:del" | "w:moveFrom" | "w:pPr" | "w:sdtPr" => {}
                "w:sdt" if is_placeholder(element) => {}
                "m:oMath" | "m:oMathPara" => write_math(element, &mut out.text),
                "mc:AlternateContent" => {
                    if let Some(chosen) = branch(element) {
                        self.read_inline(chosen, style, out);
                    }
                }
                _ => self.read_inline(element, style, out),
            }
        }
    }

    fn read_link(&mut self, element: &'p Element, style: Option<&str>, out: &mut Inline) {
        let relation = element.attribute("r:id").and_then(|id| self.relations.get(id));
        let address = relation.filter(|relation| relation.is_external).map(|r| r.target.as_str());
        // Addresses of files on somebody's disk are nobody's business.
        let address = address.filter(|address| {
            let is_public =
                ["https://", "http://", "mailto:"].iter().any(|s| address.starts_with(s));
            is_public && !address.contains(['<', '>', '\\', '\n', ' '])
        });
        let start = out.text.len();
        self.read_inline(element, style, out);
        let label = out.text.split_off(start);
        match address {
            Some(address) if !label.trim().is_empty() && !label.contains('\n') => {
                out.text.push_str(&format!("[{label}](<{address}>)"));
            }
            _ => out.text.push_str(&label),
        }
    }

    fn read_run(&mut self, run: &'p Element, style: Option<&str>, out: &mut Inline) {
        let properties = run.child("w:rPr");
        // What a table's style hides is no text to be published either way: its leak blocks.
        let under = Under { styles: &self.parts.styles, paragraph: style, table: None };
        if sight::is_hidden(properties, &under) {
            return;
        }
        let shift = properties.and_then(|p| {
            let by_style = |style| style_says(&self.parts.styles, style, "w:vertAlign");
            p.value_of("w:vertAlign").or_else(|| by_style(p.value_of("w:rStyle"))).or(raised(p))
        });
        self.read_run_content(run, shift, out);
    }

    fn read_run_content(&mut self, run: &'p Element, shift: Option<&str>, out: &mut Inline) {
        let is_shown = self.fields.iter().all(|in_result| *in_result);
        for element in run.elements() {
            match element.name.as_str() {
                "w:fldChar" => match element.attribute("fldCharType") {
                    Some("begin") => self.fields.push(false),
                    Some("separate") => {
                        self.show_result();
                    }
                    Some("end") => drop(self.fields.pop()),
                    _ => {}
                },
                "w:drawing" | "w:pict" | "w:object" => self.read_drawing(element),
                "mc:AlternateContent" => {
                    if let Some(chosen) = branch(element) {
                        self.read_run_content(chosen, shift, out);
                    }
                }
                _ if !is_shown => {}
                "w:t" => write_text(&element.text(), shift, &mut out.text),
                "w:tab" | "w:ptab" => out.text.push('\t'),
                "w:br" | "w:cr" => out.text.push('\n'),
                "w:noBreakHyphen" => out.text.push('-'),
                "w:sym" => self.write_symbol(element, out),
                "w:footnoteReference" | "w:endnoteReference" => self.write_reference(element, out),
                "w:ruby" => self.read_ruby(element, out),
                _ => {}
            }
        }
    }

    fn show_result(&mut self) {
        if let Some(in_result) = self.fields.last_mut() {
            *in_result = true;
        }
    }

    fn write_symbol(&mut self, element: &Element, out: &mut Inline) {
        let code = element.attribute("char").and_then(|c| u32::from_str_radix(c, 16).ok());
        let font = element.attribute("font").unwrap_or_default();
        let symbol = code.and_then(|code| markdown::symbol(font, code));
        self.met_strange_symbol |= symbol.is_none();
        out.text.push_str(&markdown::escape(&String::from(symbol.unwrap_or('〓'))));
    }

    fn write_reference(&mut self, element: &Element, out: &mut Inline) {
        let Some(id) = element.attribute("id") else { return };
        self.notes.push((element.name == "w:endnoteReference", id.to_owned()));
        out.text.push_str(&format!("〔注{}〕", self.notes.len()));
    }

    /// The text, and its reading behind it in brackets.
    fn read_ruby(&mut self, element: &'p Element, out: &mut Inline) {
        if let Some(base) = element.child("w:rubyBase") {
            self.read_inline(base, None, out);
        }
        let mut reading = Inline::default();
        if let Some(above) = element.child("w:rt") {
            self.read_inline(above, None, &mut reading);
        }
        if !reading.text.is_empty() {
            out.text.push_str(&format!("（{}）", reading.text));
        }
    }

    /// Notes pictures, and text boxes to be read after the paragraph.
    fn read_drawing(&mut self, element: &'p Element) {
        for child in element.elements() {
            match child.name.as_str() {
                "w:txbxContent" => self.boxes.push(child),
                "pic:pic" | "v:imagedata" => self.met_picture = true,
                "mc:AlternateContent" => {
                    if let Some(chosen) = branch(child) {
                        self.read_drawing(chosen);
                    }
                }
                _ => self.read_drawing(child),
            }
        }
    }
}

fn style_says<'e>(styles: &'e Styles, id: Option<&'e str>, what: &str) -> Option<&'e str> {
    styles.find(id, |style| style.child("w:rPr")?.value_of(what))
}

/// Figures set high by hand, as other programs write them: raised, and smaller.
fn raised(properties: &Element) -> Option<&'static str> {
    properties.child("w:sz")?;
    match properties.value_of("w:position")?.parse::<i32>().ok()? {
        1.. => Some("superscript"),
        0 => None,
        _ => Some("subscript"),
    }
}

fn is_placeholder(control: &Element) -> bool {
    control.child("w:sdtPr").and_then(|p| p.flag("w:showingPlcHdr")).unwrap_or(false)
}

fn write_text(text: &str, shift: Option<&str>, out: &mut String) {
    // An XML file's line ends within a text are blanks.
    let text = text.replace(['\n', '\r'], " ");
    let shifted = match shift {
        Some("superscript") => markdown::shift(&text, true),
        Some("subscript") => markdown::shift(&text, false),
        _ => None,
    };
    out.push_str(&shifted.unwrap_or_else(|| markdown::escape(&text)));
}

/// A formula in one line: fractions with a stroke, powers set high where there are characters for it.
fn write_math(element: &Element, out: &mut String) {
    let part = |name: &str| {
        let mut text = String::new();
        if let Some(part) = element.child(name) {
            write_math(part, &mut text);
        }
        text
    };
    let in_brackets = |text: String| {
        if text.chars().count() > 1 && !text.chars().all(char::is_numeric) {
            format!("({text})")
        } else {
            text
        }
    };
    match element.name.as_str() {
        "m:t" => out.push_str(&markdown::escape(&element.text())),
        "m:f" => {
            out.push_str(&format!("{}/{}", in_brackets(part("m:num")), in_brackets(part("m:den"))));
        }
        "m:sSup" => {
            let power = part("m:sup");
            out.push_str(&part("m:e"));
            match markdown::shift(&power, true) {
                Some(power) => out.push_str(&power),
                None => out.push_str(&format!("^{}", in_brackets(power))),
            }
        }
        "m:rad" => out.push_str(&format!("√{}", in_brackets(part("m:e")))),
        _ => element.elements().for_each(|child| write_math(child, out)),
    }
}
