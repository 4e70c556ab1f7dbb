//! The interpretation template: a Word file with the plan 解读方案 as a table on its first page, which
//! `lockstep new` reads into `bundle.toml`, and the elements of an interpretation as headings.

use std::{
    fs,
    io::{Cursor, Write as _},
    path::Path,
};

use anyhow::{Context as _, bail};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use crate::print;

pub(super) fn write(file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        bail!("{} 已存在 / is there already", file.display());
    }
    fs::write(file, template()?)
        .with_context(|| format!("{} 无法写入 / cannot be written", file.display()))?;
    say!("模板已写出 / template written: {}", file.display());
    // What the policy's file is called is not known here.
    print::next(&["new", "政策.docx", &file.to_string_lossy()]);
    Ok(())
}

/// What the plan's table asks for: label, and what explains it in brackets.
const PLAN: [(&str, &str); 13] = [
    ("政策文件标题", ""),
    ("文号", "未定的不填"),
    ("发文机关", "联合发文用顿号隔开"),
    ("起草部门", ""),
    ("拟稿人", "系统中的编号，如 lin-xiaowen"),
    ("公开属性", "主动公开、依申请公开或不予公开"),
    ("公开依据", "法律法规的条、款、项"),
    ("解读目的", "想让读者明白什么、会做什么"),
    ("解读范围", "解读文件的哪些内容"),
    ("解读程序", "谁起草、谁核对、谁审批，与文件同步"),
    ("解读形式", "文字、问答、图解等"),
    (INAPPLICABLE, "写“要素名：理由”，一项一行，并删去下页相应标题"),
    ("填写说明", "本页不是解读正文，由 lockstep new 读入 bundle.toml"),
];

/// The plan's entry for elements that do not apply, with their reasons.
pub(super) const INAPPLICABLE: &str = "不适用的要素";

/// The elements of an interpretation, each where it applies (国办发〔2016〕80号), as `bundle.toml` and as
/// headings name them.
pub(super) const ELEMENTS: [(&str, &str); 9] = [
    ("background", "背景依据"),
    ("goals", "目标任务"),
    ("content", "主要内容"),
    ("scope", "适用范围"),
    ("standard", "执行标准"),
    ("notes", "注意事项"),
    ("terms", "关键词诠释"),
    ("benefits", "惠民利民举措"),
    ("changes", "新旧政策差异"),
];

/// The answer card on top: what most readers come for. Lines that are left empty are not shown.
const CARD: [&str; 5] = ["对象", "时间", "材料", "怎么办", "咨询电话"];

/// The file; the same bytes every time.
fn template() -> anyhow::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    for (name, content) in [
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", PACKAGE_RELATIONS.to_owned()),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.to_owned()),
        ("word/styles.xml", STYLES.to_owned()),
        ("word/numbering.xml", NUMBERING.to_owned()),
        ("word/document.xml", document()),
    ] {
        zip.start_file(name, options)?;
        zip.write_all(content.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn document() -> String {
    let plan = PLAN.map(|(label, hint)| {
        let hint = if hint.is_empty() { String::new() } else { format!("（{hint}）") };
        format!("{label}{hint}")
    });
    let headings: String = ELEMENTS
        .iter()
        .map(|(_, element)| paragraph("Heading1", element) + &paragraph("Normal", ""))
        .collect();
    format!(
        r#"{XML}<w:document {W}><w:body>{heading}{plan}<w:p><w:r><w:br w:type="page"/></w:r></w:p>{title}{card}{headings}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>"#,
        heading = paragraph("PlanHeading", "政策解读方案"),
        plan = table([3200, 5800], plan.iter().map(String::as_str)),
        title = paragraph("Title", "《》政策解读"),
        card = table([2000, 7000], CARD),
    )
}

/// A table to be filled in: labels on the left.
fn table<'l>([left, right]: [u32; 2], labels: impl IntoIterator<Item = &'l str>) -> String {
    let row = |label| format!("<w:tr>{}{}</w:tr>", cell(left, label), cell(right, ""));
    let rows: String = labels.into_iter().map(row).collect();
    let borders = ["top", "left", "bottom", "right", "insideH", "insideV"]
        .map(|side| format!(r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>"#));
    format!(
        r#"<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/><w:tblBorders>{}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="{left}"/><w:gridCol w:w="{right}"/></w:tblGrid>{rows}</w:tbl>"#,
        borders.concat()
    )
}

fn cell(width: u32, text: &str) -> String {
    let content = paragraph("TableText", text);
    format!(r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>"#)
}

fn paragraph(style: &str, text: &str) -> String {
    let run = if text.is_empty() { String::new() } else { format!("<w:r><w:t>{text}</w:t></w:r>") };
    format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>"#)
}

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const W: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/></Types>"#;

const PACKAGE_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/></Relationships>"#;

/// Typefaces and sizes of official documents (GB/T 9704-2012): title 二号小标宋, text 三号仿宋, headings 黑体.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:before="240" w:after="240" w:line="640" w:lineRule="exact"/><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr><w:rPr><w:rFonts w:eastAsia="方正小标宋简体"/><w:sz w:val="44"/><w:szCs w:val="44"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr></w:style><w:style w:type="paragraph" w:customStyle="1" w:styleId="PlanHeading"><w:name w:val="Plan Heading"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="240"/><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr><w:rPr><w:rFonts w:eastAsia="黑体"/><w:sz w:val="36"/><w:szCs w:val="36"/></w:rPr></w:style><w:style w:type="paragraph" w:customStyle="1" w:styleId="TableText"><w:name w:val="Table Text"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:line="400" w:lineRule="exact"/><w:ind w:firstLineChars="0" w:firstLine="0"/></w:pPr><w:rPr><w:sz w:val="24"/><w:szCs w:val="24"/></w:rPr></w:style></w:styles>"#;

const NUMBERING: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="Heading1"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;

#[cfg(test)]
mod tests {
    use lockstep_gate::docx;

    use super::*;

    #[test]
    fn the_template_is_read_as_plan_and_elements() {
        let bytes = template().unwrap();
        assert_eq!(bytes, template().unwrap());
        let document = docx::read(&bytes).unwrap();
        assert_eq!(document.findings, []);
        assert!(document.plan.iter().map(|(label, _)| label.as_str()).eq(PLAN.map(|(l, _)| l)));
        let lines: Vec<_> = document.text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines[0], "# 《》政策解读");
        let card: Vec<_> = lines.iter().filter(|line| line.starts_with('|')).collect();
        assert!(CARD.iter().all(|label| card.iter().any(|line| line.contains(label))), "{card:?}");
        let headings: Vec<_> = lines.iter().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(headings[..2], [&"## 一、背景依据", &"## 二、目标任务"]);
        assert_eq!(headings.len(), ELEMENTS.len());
        assert_eq!(lines.len(), 1 + card.len() + headings.len());
        assert_eq!(docx::check_attachment(&bytes), []);
    }
}
