//! What no page shows, as Word and WPS write it and as somebody who hides it would.

use super::*;

/// Codes of what a file says, `~` before those that only warn.
fn said(docx: &Docx) -> Vec<String> {
    let mut said: Vec<String> = check_attachment(&docx.bytes())
        .iter()
        .map(
            |f| if f.severity == Severity::Block { f.code.clone() } else { format!("~{}", f.code) },
        )
        .collect();
    said.dedup();
    said
}

fn table(properties: &str, cell: &str, text: &str) -> String {
    let cell = |text: &str| format!("<w:tc><w:tcPr>{cell}</w:tcPr>{}</w:tc>", p(text));
    format!(
        "<w:tbl><w:tblPr>{properties}</w:tblPr><w:tr>{}{}</w:tr></w:tbl>",
        cell(text),
        cell("乙")
    )
}

#[test]
fn revisions_are_found_wherever_a_file_keeps_them() {
    let range = |name: &str| format!(r#"{}<w:{name} w:id="7" w:author="甲"/>{}"#, p("一"), p("二"));
    let row = |more: &str, cell: &str| {
        let cell = format!("<w:tc><w:tcPr>{cell}</w:tcPr>{}</w:tc>", p("甲"));
        format!("{}<w:tbl><w:tr>{more}{cell}{cell}</w:tr></w:tbl>", p("一"))
    };
    for body in [
        range("moveFromRangeStart"),
        range("moveToRangeStart"),
        range("customXmlInsRangeStart"),
        range("customXmlDelRangeStart"),
        range("customXmlMoveFromRangeStart"),
        range("customXmlMoveToRangeStart"),
        format!("{}<w:del><w:p><w:r><w:delText>删</w:delText></w:r></w:p></w:del>", p("一")),
        row("", "").replacen("<w:tr>", "<w:moveFromRangeStart/><w:tr>", 1),
        row("", r#"<w:cellIns w:author="甲"/>"#),
        row("", r#"<w:cellDel w:author="甲"/>"#),
        row("", r#"<w:cellMerge w:author="甲"/>"#),
        row("", "<w:tcPrChange><w:tcPr/></w:tcPrChange>"),
        row("<w:trPr><w:ins/></w:trPr>", ""),
        row("<w:trPr><w:del/></w:trPr>", ""),
        row("<w:trPr><w:trPrChange><w:trPr/></w:trPrChange></w:trPr>", ""),
        row("<w:tblPrEx><w:tblPrExChange><w:tblPrEx/></w:tblPrExChange></w:tblPrEx>", ""),
        table("<w:tblPrChange><w:tblPr/></w:tblPrChange>", "", "甲"),
        pp("<w:rPr><w:ins/></w:rPr>", &r("一")),
        pp("<w:rPr><w:del/></w:rPr>", &r("一")),
        pp("<w:numPr><w:ins/></w:numPr>", &r("一")),
        pp("<w:numPr><w:numberingChange/></w:numPr>", &r("一")),
        pp("<w:pPrChange><w:pPr/></w:pPrChange>", &r("一")),
        format!("{}<w:sectPr><w:sectPrChange/></w:sectPr>", p("一")),
        pp("<w:sectPr><w:sectPrChange/></w:sectPr>", &r("一")),
        format!(
            "{}<w:sdt><w:sdtPr><w:ins/></w:sdtPr><w:sdtContent>{0}</w:sdtContent></w:sdt>",
            p("一")
        ),
    ] {
        assert_eq!(said(&Docx::new(&body)), ["TS611"], "{body}");
    }
    let tracked = format!("<w:ins w:author=\"甲\">{}</w:ins>", r("加"));
    for (kind, content) in [
        ("header", pp("", &tracked)),
        ("footer", pp("", &tracked)),
        // Nothing refers to this note any more.
        ("footnotes", format!(r#"<w:footnote w:id="9">{}</w:footnote>"#, pp("", &tracked))),
        ("endnotes", format!(r#"<w:endnote w:id="9">{}</w:endnote>"#, pp("", &tracked))),
        ("glossaryDocument", format!("<w:docParts>{}</w:docParts>", pp("", &tracked))),
    ] {
        assert_eq!(said(&Docx::of(&["一"]).part(kind, &content)), ["TS611"], "{kind}");
    }
    let comment = format!("<w:comment>{}</w:comment>", pp("", &tracked));
    assert_eq!(said(&Docx::of(&["一"]).part("comments", &comment)), ["TS612"]);
}

#[test]
fn a_revision_between_paragraphs_is_placed_there_and_others_where_they_are() {
    let message = |body: &str| read(&Docx::new(body).bytes()).unwrap().findings[0].message.clone();
    let between = format!("{}<w:moveToRangeStart/>{}", p("一"), p("二"));
    assert!(message(&between).contains("段落之间"), "{}", message(&between));
    let both = format!("{between}{}", pp("", &format!("<w:ins>{}</w:ins>", r("三"))));
    assert!(message(&both).ends_with("：第 3 段“三”"), "{}", message(&both));
}

fn style(kind: &str, id: &str, more: &str) -> String {
    format!(r#"<w:style w:type="{kind}" w:styleId="{id}"><w:name w:val="{id}"/>{more}</w:style>"#)
}

#[test]
fn text_is_hidden_by_whatever_style_holds_for_it() {
    const HIDES: &str = "<w:rPr><w:vanish/></w:rPr>";
    let of_table = r#"<w:tblStyle w:val="t"/>"#;
    let part = format!(r#"<w:tblStylePr w:type="firstRow">{HIDES}</w:tblStylePr>"#);
    let based =
        style("table", "base", HIDES) + &style("table", "t", r#"<w:basedOn w:val="base"/>"#);
    let default = style("table", "x", HIDES).replacen("w:type", r#"w:default="1" w:type"#, 1);
    let seen = r#"<w:rPr><w:vanish w:val="0"/></w:rPr>"#;
    let paragraph = pp(r#"<w:pStyle w:val="p"/>"#, &rr(r#"<w:rStyle w:val="c"/>"#, "藏"));
    for (styles, body) in [
        (style("table", "t", HIDES), table(of_table, "", "藏")),
        (style("table", "t", &part), table(of_table, "", "藏")),
        (based, table(of_table, "", "藏")),
        (default, table("", "", "藏")),
        // A frame around text, a table within a table.
        (
            style("table", "t", HIDES),
            format!(
                "<w:tbl><w:tblPr>{of_table}</w:tblPr><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
                p("藏")
            ),
        ),
        (
            style("table", "t", HIDES),
            format!(
                "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
                p("甲"),
                table(of_table, "", "藏")
            ),
        ),
        (format!("<w:docDefaults><w:rPrDefault>{HIDES}</w:rPrDefault></w:docDefaults>"), p("藏")),
        (style("character", "c", "<w:rPr><w:specVanish/></w:rPr>"), paragraph.clone()),
        // What hides is joined by exclusive or: a character style cannot take it back.
        (style("paragraph", "p", HIDES) + &style("character", "c", seen), paragraph.clone()),
    ] {
        assert_eq!(said(&Docx::new(&body).part("styles", &styles)), ["TS613"], "{styles} {body}");
    }
    for body in [
        rr("<w:specVanish/>", "藏"),
        "<m:oMath><m:r><w:rPr><w:vanish/></w:rPr><m:t>x</m:t></m:r></m:oMath>".to_owned(),
    ] {
        assert_eq!(said(&Docx::new(&pp("", &(r("一") + &body)))), ["TS613"], "{body}");
    }
    let glossary = Docx::of(&["一"]).part("glossaryDocument", &pp("", &rr("<w:vanish/>", "藏")));
    assert_eq!(said(&glossary), ["TS613"]);
}

#[test]
fn what_a_style_hides_and_the_text_shows_is_no_leak() {
    const HIDES: &str = "<w:rPr><w:vanish/></w:rPr>";
    let unused = style("table", "t", HIDES) + &style("character", "c", HIDES);
    let shown = format!("<w:docDefaults><w:rPrDefault>{HIDES}</w:rPrDefault></w:docDefaults>");
    // Two paragraphs in one line: the mark between them alone is hidden.
    let separator = pp("<w:rPr><w:vanish/><w:specVanish/></w:rPr>", &r("标题"));
    for (styles, body) in [
        (unused.clone(), table("", "", "甲") + &p("乙")),
        (unused, separator + &p("正文")),
        (shown, pp("", &rr(r#"<w:vanish w:val="0"/>"#, "可见"))),
    ] {
        assert_eq!(said(&Docx::new(&body).part("styles", &styles)), [""; 0], "{body}");
    }
}

#[test]
fn shapes_that_are_not_shown_hide_what_is_in_them() {
    let boxed = format!("<w:txbxContent>{}</w:txbxContent>", p("藏"));
    let vml = |style: &str| {
        format!(
            r#"<w:pict><v:shape style="{style}"><v:textbox>{boxed}</v:textbox></v:shape></w:pict>"#
        )
    };
    let picture =
        r#"<w:pict><v:rect style="visibility:hidden"><v:imagedata r:id="x"/></v:rect></w:pict>"#;
    let drawing = |anchor: &str, shape: &str| {
        format!(
            r#"<w:drawing><wps:anchor><wps:docPr id="1" name="文本框" {anchor}/><wps:wsp><wps:cNvPr id="2" {shape}/>{boxed}</wps:wsp></wps:anchor></w:drawing>"#
        )
    };
    let pic = |hidden: &str| {
        format!(
            r#"<w:drawing><pic:pic><pic:nvPicPr><pic:cNvPr id="1"{hidden}/></pic:nvPicPr></pic:pic></w:drawing>"#
        )
    };
    let found = |shape: &str| {
        let docx = Docx::new(&pp("", &format!("{}<w:r>{shape}</w:r>", r("一"))));
        said(&docx)
    };
    for shape in [
        vml("position:absolute;VISIBILITY: hidden"),
        vml("width:1pt; display:none"),
        picture.to_owned(),
        r#"<w:pict><v:shape style="visibility:hidden"><v:textpath string="内部"/></v:shape></w:pict>"#
            .to_owned(),
        drawing(r#"hidden="1""#, ""),
        drawing("", r#"hidden="true""#),
        pic(r#" hidden="1""#),
        format!(
            "<mc:AlternateContent><mc:Choice Requires=\"wps\">{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>",
            drawing("", ""),
            vml("display:none")
        ),
    ] {
        assert_eq!(found(&shape), ["TS613"], "{shape}");
    }
    let picture = format!("<w:r><w:rPr><w:vanish/></w:rPr>{}</w:r>", pic(""));
    assert_eq!(said(&Docx::new(&pp("", &(r("一") + &picture)))), ["TS613"]);
    for shape in [
        vml("visibility:visible;mso-wrap-style:none"),
        drawing(r#"hidden="0""#, ""),
        pic(""),
        r#"<w:pict><v:line style="visibility:hidden"/></w:pict>"#.to_owned(),
    ] {
        assert_eq!(found(&shape), [""; 0], "{shape}");
    }
}

#[test]
fn type_that_cannot_be_told_from_its_ground_warns() {
    let colour = |value: &str| format!(r#"<w:color w:val="{value}"/>"#);
    let shade = |fill: &str| format!(r#"<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>"#);
    let white = colour("FFFFFF");
    let run = |properties: &str| pp("", &(r("一") + &rr(properties, "白")));
    let on = |ground: &str, properties: &str| pp(&shade(ground), &rr(properties, "标题"));
    let grid = style("table", "t", "<w:tblPr><w:tblBorders/></w:tblPr>");
    let dark = style(
        "table",
        "d",
        r#"<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:fill="4472C4"/></w:tcPr></w:tblStylePr>"#,
    );
    let styles = grid + &dark;
    let in_table = |style: &str, cell: &str| {
        let cell = format!("<w:tc><w:tcPr>{cell}</w:tcPr>{}</w:tc>", pp("", &rr(&white, "白")));
        format!(
            r#"<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/></w:tblPr><w:tr>{cell}{cell}</w:tr></w:tbl>"#
        )
    };
    let narrow = |layout: &str, twips: &str| {
        let layout = format!(r#"<w:tblPr><w:tblLayout w:type="{layout}"/></w:tblPr>"#);
        let cell = |twips: &str| {
            format!(
                r#"<w:tc><w:tcPr><w:tcW w:w="{twips}" w:type="dxa"/></w:tcPr>{}</w:tc>"#,
                p("一")
            )
        };
        format!("<w:tbl>{layout}<w:tr>{}{}</w:tr></w:tbl>", cell("4000"), cell(twips))
    };
    for body in [
        run(&colour("FEFEFE")),
        run(&colour("f2f2f2")),
        run(r#"<w:color w:val="000000" w:themeColor="background1"/>"#),
        run(&(white.clone() + r#"<w:highlight w:val="white"/>"#)),
        run(&(white.clone() + &shade("auto"))),
        run(&(colour("000000") + &shade("000000"))),
        run(&(colour("000000") + r#"<w:highlight w:val="black"/>"#)),
        run(&(colour("C00000") + &shade("C00000"))),
        run(r#"<w:w w:val="1"/>"#),
        run(r#"<w:spacing w:val="-240"/>"#),
        run(r#"<w:position w:val="-2000"/>"#),
        on("FFFFFF", &white),
        on("111111", &colour("000000")),
        in_table("t", ""),
        in_table("t", &shade("FAFAFA")),
        pp(r#"<w:ind w:left="-31680"/>"#, &r("一")),
        pp(r#"<w:framePr w:x="31000" w:y="1"/>"#, &r("一")),
        pp(r#"<w:ind w:left="-20000"/>"#, &r("一")),
        pp(r#"<w:framePr w:x="-20000" w:y="-20000"/>"#, &r("一")),
        run("<w14:textFill><w14:noFill/></w14:textFill>"),
        narrow("fixed", "1"),
        pp(r#"<w:spacing w:line="1" w:lineRule="exact"/>"#, &r("一")),
        r#"<w:tbl><w:tr><w:trPr><w:trHeight w:hRule="exact" w:val="1"/></w:trPr><w:tc><w:p><w:r><w:t>藏</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"#.to_owned() + &p("一"),
    ] {
        assert_eq!(said(&Docx::new(&body).part("styles", &styles)), ["~TS613"], "{body}");
    }
    for body in [
        on("C00000", &white),
        run(&(white.clone() + &shade("1F4E79"))),
        run(&(white.clone() + r#"<w:highlight w:val="darkBlue"/>"#)),
        run(&(white.clone() + r#"<w:shd w:val="pct50" w:fill="FFFFFF"/>"#)),
        run(&(colour("auto") + &shade("000000"))),
        run(&colour("808080")),
        run(
            "<w14:textOutline><w14:solidFill/></w14:textOutline><w14:textFill><w14:noFill/></w14:textFill>",
        ),
        run("<w14:textFill><w14:solidFill/></w14:textFill>"),
        narrow("autofit", "1"),
        narrow("fixed", "0"),
        narrow("fixed", "400"),
        run(r#"<w:color w:val="7F7F7F" w:themeColor="background1" w:themeShade="80"/>"#),
        run(r#"<w:spacing w:val="-20"/><w:w w:val="66"/><w:position w:val="-8"/>"#),
        // As clerks keep a table from pushing a blank page behind it.
        p("一") + &pp(r#"<w:spacing w:line="20" w:lineRule="exact"/>"#, ""),
        in_table("d", ""),
        in_table("t", &shade("4472C4")),
        pp(
            r#"<w:ind w:left="840" w:firstLine="640"/><w:spacing w:line="560" w:lineRule="exact"/>"#,
            &r("一"),
        ),
    ] {
        assert_eq!(said(&Docx::new(&body).part("styles", &styles)), [""; 0], "{body}");
    }
}

#[test]
fn a_text_put_together_of_several_files_is_refused() {
    let whole = Docx::new(&format!("{}<w:altChunk r:id=\"p0\"/>", p("一")));
    assert!(!said(&whole).contains(&"TS012".to_owned()), "a place without a file");
    for kind in ["aFChunk", "subDocument"] {
        let docx = whole.clone().part(kind, &p("二"));
        let told = read(&docx.bytes()).unwrap().findings;
        assert!(
            told.iter().any(|f| f.code == "TS012" && f.severity == Severity::Block),
            "{told:?}"
        );
        assert!(said(&docx).contains(&"TS012".to_owned()), "attached");
    }
}
