use lockstep_proto::finding::Severity;
use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::*;
use crate::{
    markdown::OPTIONS,
    office::{Docx, np, p, pp, r, rr, xlsx},
};

mod cells;
mod leaks;
mod mask;
mod numbering;
mod unread;

fn text(docx: &Docx) -> String {
    read(&docx.bytes()).unwrap().text
}

fn codes_of(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn a_centred_head_is_the_title_where_nobody_set_a_style() {
    let centred = |text: &str| pp(r#"<w:jc w:val="center"/>"#, &r(text));
    let body = [
        centred("示例区教育局文件"),
        centred("示教〔2027〕1号"),
        centred("示例区教育局关于做好"),
        centred("某项工作的通知（试行）"),
        p("各单位："),
    ]
    .concat();
    assert_eq!(
        text(&Docx::new(&body)),
        "示例区教育局文件\n\n示教〔2027〕1号\n\n# 示例区教育局关于做好某项工作的通知（试行）\n\n各单位：\n"
    );
}

#[test]
fn tables_keep_their_columns_and_every_cell_its_place() {
    let cell = |more: &str, text: &str| format!("<w:tc><w:tcPr>{more}</w:tcPr>{}</w:tc>", p(text));
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let body = format!(
        "{}<w:tbl>{}{}{}</w:tbl>",
        p("表头之前"),
        row(&[cell(r#"<w:gridSpan w:val="2"/>"#, "对象"), cell("", "标准|元")]),
        row(&[cell(r#"<w:vMerge w:val="restart"/>"#, "老人"), cell("", "甲"), cell("", "1")]),
        row(&[cell("<w:vMerge/>", ""), cell("", "乙"), cell("", "2")]),
    );
    let document = read(&Docx::new(&body).bytes()).unwrap();
    assert_eq!(
        document.text,
        "表头之前\n\n| 对象 |  | 标准\\|元 |\n| --- | --- | --- |\n| 老人 | 甲 | 1 |\n|  | 乙 | 2 |\n"
    );
    let named: Vec<_> = document
        .places
        .iter()
        .map(|place| (&document.text[place.range.clone()], place.name.as_str()))
        .collect();
    assert_eq!(named[0], ("表头之前", "第 1 段"));
    assert_eq!(named[2], ("标准\\|元", "表 1 第 1 行第 3 列"));
    assert_eq!(named[6], ("乙", "表 1 第 3 行第 2 列"));
    assert_eq!(document.place_of_line(1), Some("第 1 段"));
    assert_eq!(document.place_of_line(6), Some("表 1 第 3 行第 2 列"));
    assert_eq!(document.place_of_line(2), None);
    assert_eq!(document.place_of_line(99), None);
    assert_eq!(document.place_of(5, 8), Some("表 1 第 2 行第 2 列"));
    assert_eq!(document.place_of(5, 12), Some("表 1 第 2 行第 3 列"));
    assert_eq!(document.place_of(1, 99), None);
    assert_eq!(document.places_of_line(5).count(), 3);
}

#[test]
fn a_figure_stands_in_every_cell_that_its_merged_one_covers() {
    let cell = |more: &str, text: &str| format!("<w:tc><w:tcPr>{more}</w:tcPr>{}</w:tc>", p(text));
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let (wide, down, on) =
        (r#"<w:gridSpan w:val="2"/>"#, r#"<w:vMerge w:val="restart"/>"#, "<w:vMerge/>");
    let (both, both_on) = (format!("{wide}{down}"), format!("{wide}{on}"));
    let body = format!(
        "{}<w:tbl>{}{}{}{}{}{}{}</w:tbl>",
        p("表头之前"),
        row(&[cell("", "学段"), cell("", "城区"), cell("", "乡镇")]),
        row(&[cell("", "初中"), cell(wide, "800")]),
        row(&[cell("", "高中"), cell(&both, "900元")]),
        row(&[cell("", "中职"), cell(&both_on, "")]),
        row(&[cell("", "合计"), cell(wide, "按实际人数计算，另行通知。")]),
        row(&[cell(down, "甲"), cell("", "1"), cell(down, "5%")]),
        row(&[cell(on, ""), cell("", "2"), cell(on, "")]),
    );
    let document = read(&Docx::new(&body).bytes()).unwrap();
    assert_eq!(
        document.text,
        "表头之前\n\n| 学段 | 城区 | 乡镇 |\n| --- | --- | --- |\n| 初中 | 800 | 800 |\n| 高中 | 900元 | 900元 |\n| 中职 | 900元 | 900元 |\n| 合计 | 按实际人数计算，另行通知。 |  |\n| 甲 | 1 | 5% |\n|  | 2 | 5% |\n"
    );
    // Each is where its text stands in Word.
    assert_eq!(document.place_of(5, 8), Some("表 1 第 2 行第 2 列"));
    assert_eq!(document.place_of(5, 14), Some("表 1 第 2 行第 2 列"));
    assert_eq!(document.place_of(7, 8), Some("表 1 第 3 行第 2 列"));
    let said: Vec<_> = document
        .findings
        .iter()
        .map(|f| (f.code.as_str(), f.severity, f.message.as_str()))
        .collect();
    let [(code, severity, message)] = said[..] else { panic!("{said:?}") };
    assert_eq!((code, severity), (codes::BAD_DOCX.id, Severity::Warning));
    assert!(message.ends_with("：表 1 第 6 行第 1 列"), "{message}");
    // Merged heads are told, a heading over all columns is not.
    for (head, is_told) in [
        (row(&[cell(wide, "标准"), cell("", "备注")]), true),
        (row(&[cell(r#"<w:gridSpan w:val="3"/>"#, "标准")]), false),
    ] {
        let rows = row(&[cell("", "1"), cell("", "2"), cell("", "3")]);
        let document = read(&Docx::new(&format!("{}<w:tbl>{head}{rows}</w:tbl>", p("甲"))).bytes());
        assert_eq!(!document.unwrap().findings.is_empty(), is_told, "{head}");
    }
}

#[test]
fn fields_boxes_notes_ruby_and_controls_come_out_once() {
    let field = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
    let box_ = format!("<w:txbxContent>{}</w:txbxContent>", p("框内"));
    let body = [
        pp("", &[&r("见"), &field("begin"), "<w:r><w:instrText>REF x</w:instrText></w:r>", &field("separate"), &r("第三条"), &field("end"), &r("。")].concat()),
        pp("", &format!("<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx>{box_}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box_}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>{}", r("框外"))),
        pp("", &format!("{}<w:r><w:footnoteReference w:id=\"2\"/></w:r>", r("有注"))),
        pp("", &format!("<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>", r("zhǎ"), r("砟"))),
        format!("<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>", p("控件")),
        pp("", &format!("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>{}<w:smartTag>{}</w:smartTag>", r("单击此处"), r("上"), r("海"))),
        pp("", &format!("{}<w:r><w:tab/><w:t>乙</w:t><w:br/><w:t># 丙</w:t><w:noBreakHyphen/><w:sym w:font=\"Wingdings 2\" w:char=\"F052\"/></w:r>", r("甲"))),
        pp("", &format!("{}{}", r("面积1m"), rr(r#"<w:vertAlign w:val="superscript"/>"#, "2"))),
        pp("", &format!("{}{}", r("CO"), rr(r#"<w:position w:val="-8"/><w:sz w:val="19"/>"#, "2"))),
        pp("", &format!("{}{}", r("NO"), rr(r#"<w:vertAlign w:val="subscript"/>"#, "x"))),
        pp("", &format!("<w:hyperlink r:id=\"h1\">{}</w:hyperlink><w:hyperlink r:id=\"h2\">{}</w:hyperlink>", r("网址"), r("本地"))),
        pp("", "<m:oMath><m:f><m:num><m:r><m:t>甲+乙</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"),
    ]
    .concat();
    let docx = Docx::new(&body)
        .part("footnotes", &format!(r#"<w:footnote w:id="2">{}</w:footnote>"#, p("脚注")))
        .link("h1", "https://example.org/a")
        .link("h2", "file:///C:/secret.docx");
    let expected = "见第三条。\n\n框外\n\n框内\n\n有注〔注1〕\n\n砟（zhǎ）\n\n控件\n\n上海\n\n甲\t乙  \n\\# 丙-☑\n\n面积1m²\n\nCO₂\n\nNOₓ\n\n[网址](<https://example.org/a>)本地\n\n(甲+乙)/2\n\n〔注1〕脚注\n";
    assert_eq!(text(&docx), expected);
    assert_eq!(text(&docx.strict()), expected);
}

#[test]
fn instructions_of_fields_and_textless_choices_are_left_out() {
    let field = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
    let nested = [&field("begin"), &r("条件")[..], &field("separate"), &r("结果"), &field("end")];
    let fallback = format!("<w:pict><w:txbxContent>{}</w:txbxContent></w:pict>", p("只在后备中"));
    let body = [
        pp("", &nested.concat()),
        // Nobody closed it: the next paragraph is shown all the same.
        pp("", &[&field("begin"), &r("指令")[..]].concat()),
        pp(
            "",
            &format!(
                "<w:r><mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:r>"
            ),
        ),
    ];
    assert_eq!(text(&Docx::new(&body.concat())), "结果\n\n只在后备中\n");
}

#[test]
fn charts_are_placed_from_word_too() {
    let docx = Docx::of(&["甲", "![经费](chart:spending)", "![x](https://example.org/x.png)"]);
    assert_eq!(
        text(&docx),
        "甲\n\n![经费](chart:spending)\n\n!\\[x\\](https://example.org/x.png)\n"
    );
}

#[test]
fn revisions_comments_and_hidden_text_are_told_with_their_place() {
    let styles = r#"<w:style w:type="character" w:styleId="h"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>"#;
    let cases = [
        (format!("<w:ins w:author=\"a\">{}</w:ins>", r("加")), "TS611"),
        ("<w:del><w:r><w:delText>删</w:delText></w:r></w:del>".to_owned(), "TS611"),
        (rr("<w:rPrChange><w:rPr/></w:rPrChange>", "格式"), "TS611"),
        (rr("<w:strike/>", "划去"), "TS611"),
        (r#"<w:commentRangeStart w:id="0"/>"#.to_owned(), "TS612"),
        (rr("<w:vanish/>", "藏"), "TS613"),
        (rr(r#"<w:rStyle w:val="h"/>"#, "藏"), "TS613"),
        (rr(r#"<w:color w:val="FFFFFF"/>"#, "白"), "TS613"),
        (rr(r#"<w:sz w:val="2"/>"#, "小"), "TS613"),
        (
            format!(
                "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\">{0}</mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:ins>{0}</w:ins></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
                r("甲")
            ),
            "TS611",
        ),
    ];
    for (runs, code) in cases {
        let body = [p("一"), pp("", &(r("二") + &runs)), p("三")].concat();
        let document = read(&Docx::new(&body).part("styles", styles).bytes()).unwrap();
        assert_eq!(codes_of(&document.findings), [code], "{runs}");
        let finding = &document.findings[0];
        let is_seen = runs.contains("FFFFFF") || runs.contains("w:sz ");
        assert_eq!(finding.severity == Severity::Warning, is_seen, "{runs}");
        assert!(finding.message.contains("第 2 段"), "{}", finding.message);
        assert_eq!(finding.line, Some(3), "{runs}");
    }
}

#[test]
fn what_is_seen_and_decided_is_no_leak() {
    let body = [
        pp("", &rr("<w:webHidden/>", "3")),
        pp("", &rr(r#"<w:vanish w:val="0"/>"#, "可见")),
        pp("", "<w:r><w:rPr><w:vanish/></w:rPr><w:instrText>XE</w:instrText></w:r>"),
        pp(r#"<w:shd w:fill="C00000"/>"#, &rr(r#"<w:color w:val="FFFFFF"/>"#, "红底白字")),
    ]
    .concat();
    let docx = Docx::new(&body).part("comments", "");
    assert_eq!(read(&docx.bytes()).unwrap().findings, []);
}

#[test]
fn pictures_alone_are_no_text_and_headers_bear_marks_too() {
    let picture = "<w:r><w:drawing><pic:pic/></w:drawing></w:r>";
    let found = |docx: Docx| read(&docx.bytes()).unwrap().findings;
    assert_eq!(codes_of(&found(Docx::new(&pp("", picture)))), ["TS014"]);
    let beside = found(Docx::new(&[p("文"), pp("", picture)].concat()));
    assert_eq!(codes_of(&beside), ["TS009"]);
    let symbol = r#"<w:r><w:sym w:font="Webdings" w:char="F04E"/></w:r>"#;
    let cell = format!("<w:tc>{}</w:tc>", pp("", symbol));
    let strange = found(Docx::new(&format!("<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>")));
    assert_eq!(codes_of(&strange), ["TS012"]);
    assert_eq!(strange[0].severity, Severity::Warning);
    assert!(strange[0].message.contains("表 1 第 1 行第 1 列、表 1 第 1 行第 2 列"), "{strange:?}");
    for (line, expected) in [
        ("机密★1年", &["TS601"][..]),
        ("公开方式：依申请公开", &["TS132"]),
        ("公开方式：主动公开", &[]),
    ] {
        let below = found(Docx::of(&["文"]).part("footer", &p(line)));
        assert_eq!(codes_of(&below), expected, "{line}");
    }
}

#[test]
fn what_an_equations_field_shows_is_text() {
    let field = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
    let says = |text: &str| format!("<w:r><w:instrText>{text}</w:instrText></w:r>");
    let equation = |text: &str, more: &str| {
        [r("减按3"), field("begin"), says(text), more.to_owned(), field("end"), r("征收")].concat()
    };
    for (runs, expected) in [
        (equation(r"EQ \f(1,2)", ""), "减按3 1/2征收\n"),
        (equation(r" eq \o\ac(○,21) ", &field("separate")), "减按3㉑征收\n"),
        (equation(r"EQ \f(1,2)", &format!("{}{}", field("separate"), r("½"))), "减按3½征收\n"),
        (format!(r#"{}<w:fldSimple w:instr="EQ \f(1,2)"/>"#, r("减按")), "减按1/2\n"),
        (equation("XE 词", ""), "减按3征收\n"),
    ] {
        let document = read(&Docx::new(&pp("", &runs)).bytes()).unwrap();
        assert_eq!(document.text, expected);
        assert_eq!(document.findings, []);
    }
    let nested = format!("{}{}{}", field("begin"), says("=1"), field("end"));
    for runs in
        [equation(r"EQ \x(甲)", ""), equation(r"EQ \f(1,", &format!("{nested}{}", says("2)")))]
    {
        let document = read(&Docx::new(&pp("", &runs)).bytes()).unwrap();
        assert_eq!(document.text, "减按3〓征收\n");
        assert_eq!(codes_of(&document.findings), ["TS012"]);
        assert_eq!(document.findings[0].severity, Severity::Warning);
        assert!(!document.findings[0].message.contains("无法读取"));
    }
}

#[test]
fn charts_and_diagrams_are_refused_in_a_text_and_stay_in_an_attachment() {
    for uri in ["drawingml/2006/diagram", "drawingml/2006/chart", "drawing/2014/chartex"] {
        let graphic = format!(r#"<a:graphic><a:graphicData uri="http://x/{uri}"/></a:graphic>"#);
        let drawing = format!("<w:r><w:drawing><wp:inline>{graphic}</wp:inline></w:drawing></w:r>");
        let docx = Docx::new(&[p("文"), pp("", &drawing)].concat()).bytes();
        let found = read(&docx).unwrap().findings;
        assert_eq!(codes_of(&found), ["TS012"], "{uri}");
        assert_eq!(found[0].severity, Severity::Block);
        assert!(found[0].message.contains("SmartArt"));
        assert_eq!(check_attachment(&docx), []);
    }
}

#[test]
fn lettering_is_text() {
    let art =
        r#"<w:r><w:pict><v:shape><v:textpath string="示例市*文件"/></v:shape></w:pict></w:r>"#;
    let docx = Docx::new(&[pp("", art), p("文")].concat());
    assert_eq!(text(&docx), "示例市\\*文件\n\n文\n");
}

#[test]
fn attachments_are_looked_into() {
    let found = |bytes: &[u8]| {
        let findings = check_attachment(bytes);
        findings.into_iter().map(|f| (f.code, f.message)).collect::<Vec<_>>()
    };
    let hidden = r#"<cols><col min="2" max="3" hidden="1"/><col min="9" max="99" hidden="1"/></cols><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c><c r="I1"/></row><row r="5" hidden="1"><c r="A5"/></row><row r="7" hidden="1"><c r="A7"><v>3</v></c></row></sheetData>"#;
    let told = found(&xlsx(&[("表", "visible", hidden), ("底稿", "hidden", "")]));
    assert_eq!(told.len(), 1);
    for part in ["\"表\" C 列", "第 7 行", "工作表 sheet \"底稿\""] {
        assert!(told[0].1.contains(part), "{told:?}");
    }
    assert_eq!(told[0].0, "TS614");
    for part in ["I 列", "第 5 行"] {
        assert!(!told[0].1.contains(part), "what is empty hides nothing: {told:?}");
    }
    assert_eq!(found(&xlsx(&[("表", "visible", "")])), []);
    assert_eq!(found(b"PK\x03\x04")[0].0, "TS012");
    let docx = Docx::new(&pp("", &rr("<w:vanish/>", "藏"))).by("李四").bytes();
    let told = found(&docx);
    assert_eq!(told.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["TS613", "TS615"]);
    assert!(!told[1].1.contains("李四"), "{told:?}");
}

#[test]
fn a_stripped_file_names_nobody_and_reads_the_same() {
    let docx = Docx::of(&["文"]).by("李四").bytes();
    let stripped = strip_metadata(&docx);
    assert_ne!(docx, stripped);
    assert_eq!(stripped, strip_metadata(&docx));
    assert_eq!(stripped, strip_metadata(&stripped));
    assert_eq!(check_attachment(&stripped), []);
    assert_eq!(read(&stripped).unwrap().text, "文\n");
    assert_eq!(strip_metadata(b"text"), b"text");
}

#[test]
fn what_would_unpack_without_end_is_refused() {
    let many = "<w:p>".repeat(300);
    let deep = Docx::new(&format!("{many}{}", "</w:p>".repeat(300))).bytes();
    assert_eq!(read(&deep), Err(Unreadable::BadPart("word/document.xml".to_owned())));
    let long = Docx::new(&" ".repeat(17 << 20)).bytes();
    assert_eq!(read(&long), Err(Unreadable::BadPart("word/document.xml".to_owned())));
    let many = Docx::new(&"<w:p/>".repeat(1_000_001)).bytes();
    assert_eq!(read(&many), Err(Unreadable::BadPart("word/document.xml".to_owned())));
    let book = vec!["一句话。"; 5_000];
    assert_eq!(text(&Docx::of(&book)).lines().count(), 2 * book.len() - 1);
    let entity = Docx::new("<w:p><w:r><w:t>&lol;</w:t></w:r></w:p>").bytes();
    assert_eq!(read(&entity).unwrap().text, "");
}

/// A document with a bit of everything, to be broken.
fn sample() -> Vec<u8> {
    let table =
        format!("<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>", p("甲"), p("乙"));
    let body = [np(1, 0, "一"), np(1, 1, "二"), table, p("三")].concat();
    Docx::new(&body).part("numbering", &numbering::list(&numbering::official())).by("某人").bytes()
}

proptest! {
    #[test]
    #[expect(clippy::wildcard_enum_match_arm, reason = "what else comes is shown, and differs")]
    fn markdown_shows_exactly_what_a_paragraph_holds(
        lines in prop::collection::vec(r"([*_~`\[\]<>&|#+=:.()!\\ 1-3a-]|[ -~一-三①（）。、　]){0,20}", 1..4),
    ) {
        let runs: Vec<String> = lines.iter().map(|line| r(line)).collect();
        let body = pp("", &runs.join("<w:r><w:br/></w:r>"));
        let document = read(&Docx::new(&body).bytes()).unwrap();
        let shown: String = Parser::new_ext(&document.text, OPTIONS)
            .map(|event| match event {
                Event::Text(text) => text.into_string(),
                Event::End(TagEnd::Paragraph) | Event::Start(Tag::Paragraph) => String::new(),
                Event::HardBreak => "\n".to_owned(),
                other => format!("{other:?}"),
            })
            .collect();
        // Blanks at a line's ends are layout.
        let bare = |line: &str| line.trim().to_owned();
        let held: Vec<String> = lines.iter().map(|line| bare(line)).filter(|l| !l.is_empty()).collect();
        let shown: Vec<String> = shown.lines().map(bare).collect();
        prop_assert_eq!(shown, held, "{}", document.text);
    }

    #[test]
    fn a_cell_shows_exactly_what_it_holds(
        text in r"([*_~`\[\]<>&|#+=:.()!\\ 1-3a-]|[一-三①（）。、]){0,20}",
    ) {
        let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
        let row = format!("<w:tr>{}{}</w:tr>", cell("甲"), cell(&text));
        let document = read(&Docx::new(&format!("<w:tbl>{row}{row}</w:tbl>")).bytes()).unwrap();
        let mut cells = vec![];
        for event in Parser::new_ext(&document.text, OPTIONS) {
            if matches!(event, Event::Start(Tag::TableCell)) {
                cells.push(String::new());
            } else if let (Event::Text(text), Some(cell)) = (&event, cells.last_mut()) {
                cell.push_str(text);
            }
        }
        prop_assert_eq!(cells, ["甲", text.trim(), "甲", text.trim()], "{}", document.text);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read(&bytes).ok();
        check_attachment(&bytes);
    }

    #[test]
    fn no_damage_makes_it_panic(cut in 0_usize..4000, at in 0_usize..4000, bit in 0_u32..8) {
        let mut bytes = sample();
        bytes.truncate(cut.max(1));
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        read(&bytes).ok();
        strip_metadata(&bytes);
        check_attachment(&bytes);
    }

    /// Inside the archive, where its checksums do not keep damage out.
    #[test]
    fn no_xml_makes_it_panic(body in r#"(<w:(p|r|t|tbl|tr|tc|del|sdt)( w:(val|id)="[0-9x]{0,3}")?/?>|</w:(p|r|t|tbl|tr|tc|del|sdt)>|[一&;<]){0,60}"#) {
        if let Ok(document) = read(&Docx::new(&body).bytes()) {
            for place in &document.places {
                prop_assert!(document.text.get(place.range.clone()).is_some());
            }
        }
    }
}
