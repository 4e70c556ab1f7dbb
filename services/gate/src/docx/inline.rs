//! What stands within a paragraph.

use super::{
    blocks::Blocks,
    branch, equation, markdown,
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

/// A field that is open: its instruction is not shown, its result is.
#[derive(Default)]
pub(super) struct Field {
    pub(super) is_in_result: bool,
    instruction: String,
    /// Where its result begins.
    start: usize,
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
                "w:fldSimple" => {
                    let start = out.text.len();
                    self.read_inline(element, style, out);
                    let instruction = element.attribute("instr").unwrap_or_default();
                    self.write_equation(instruction, start, out);
                }
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
        let is_shown = self.is_shown();
        for element in run.elements() {
            match element.name.as_str() {
                "w:fldChar" => match element.attribute("fldCharType") {
                    Some("begin") => self.open_field(),
                    Some("separate") => self.show_result(out),
                    Some("end") => self.close_field(out),
                    _ => {}
                },
                "w:drawing" | "w:pict" | "w:object" => self.read_drawing(element),
                "mc:AlternateContent" => {
                    if let Some(chosen) = branch(element) {
                        self.read_run_content(chosen, shift, out);
                    }
                }
                "w:instrText" => {
                    if let Some(field) = self.fields.last_mut().filter(|f| !f.is_in_result) {
                        field.instruction.push_str(&element.text());
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

    fn is_shown(&self) -> bool {
        self.fields.iter().all(|field| field.is_in_result)
    }

    fn open_field(&mut self) {
        // What a field within an instruction gives is not known: its sign makes no plain text.
        if let Some(outer) = self.fields.last_mut().filter(|f| !f.is_in_result) {
            outer.instruction.push('\\');
        }
        self.fields.push(Field::default());
    }

    fn show_result(&mut self, out: &Inline) {
        if let Some(field) = self.fields.last_mut() {
            (field.is_in_result, field.start) = (true, out.text.len());
        }
    }

    fn close_field(&mut self, out: &mut Inline) {
        let Some(field) = self.fields.pop().filter(|_| self.is_shown()) else { return };
        let start = if field.is_in_result { field.start } else { out.text.len() };
        self.write_equation(&field.instruction, start, out);
    }

    /// What an equation's field shows, where nothing of it was written behind `start`.
    fn write_equation(&mut self, instruction: &str, start: usize, out: &mut Inline) {
        let is_written = out.text.get(start..).is_some_and(|result| !result.trim().is_empty());
        if is_written || !equation::is_equation(instruction) {
            return;
        }
        let text = equation::text_of(instruction);
        self.met_strange_symbol |= text.is_none();
        let text = text.unwrap_or_else(|| "〓".to_owned());
        write_apart(&markdown::escape(&text), &mut out.text);
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
                // Lettering (WordArt) is a text box of one line.
                "v:textpath" => self.boxes.push(child),
                // Of an object of another program the text holds as little as of a picture.
                _ if child.local_name() == "OLEObject" => self.met_picture = true,
                _ if is_drawn_from_data(child) => self.met_drawing = true,
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

/// Whether Word draws it from data beside the text: a chart or a `SmartArt` diagram (ISO/IEC 29500-1, 20.1.2.2.17,
/// 21.2, 21.4; [MS-ODRAWXML] 2.24 of later charts).
fn is_drawn_from_data(element: &Element) -> bool {
    let uri = element.attribute("uri").filter(|_| element.local_name() == "graphicData");
    let kind = uri.and_then(|uri| uri.rsplit('/').next());
    matches!(kind, Some("chart" | "chartex" | "diagram"))
}

/// Writes what begins with a figure apart from a figure before it: 3½ is not 31/2.
fn write_apart(text: &str, out: &mut String) {
    if text.starts_with(|c: char| c.is_ascii_digit()) && out.ends_with(|c: char| c.is_ascii_digit())
    {
        out.push(' ');
    }
    out.push_str(text);
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
            let fraction = format!("{}/{}", in_brackets(part("m:num")), in_brackets(part("m:den")));
            write_apart(&fraction, out);
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
