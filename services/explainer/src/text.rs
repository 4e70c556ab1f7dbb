//! Texts from people as HTML, by an allow-list: what Markdown can say and nothing else. Raw HTML in
//! a text is shown as text; nothing is loaded from anywhere; slots stay as they stand. Headings are
//! one level lower than in the text: the page that carries it has the one h1.

mod ask;
mod card;
mod columns;
mod place;
mod ragged;
pub(crate) mod soft;
mod titles;
mod unbroken;

use std::collections::BTreeMap;

use crate::{
    blocks::{self, Headings},
    lists,
    notes::{self, Numbers},
};
use lockstep_gate::{
    document::Level,
    markdown::{CHART, OPTIONS, is_followed},
};
use lockstep_proto::{ids::ChartId, manifest::Agencies};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd, html};

/// A text's HTML and the charts that stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Without the surrounding section.
    pub html: String,
    /// The charts the text places itself.
    pub placed: Vec<ChartId>,
}

/// A text in Markdown. The error names a chart that the text places and nobody declared.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other events make safe HTML")]
pub fn from_markdown(source: &str, figures: &BTreeMap<ChartId, String>) -> Result<Body, String> {
    let mut placed = vec![];
    let mut events: Vec<Event<'_>> = vec![];
    // Whether each open image is a chart: its words stand in for it, and it is here.
    let mut images: Vec<bool> = vec![];
    let (mut numbers, mut notes) = (Numbers::default(), vec![]);
    let mut note: Option<(String, usize)> = None;
    let mut asked = ask::Questions::of(source);
    let items = lists::numbers(source);
    for (event, place) in Parser::new_ext(source, OPTIONS).into_offset_iter() {
        if let Some(end) = asked.hear(&event, place.start, &mut events) {
            events.push(Event::End(end));
            continue;
        }
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => {
                // What stands in for a picture from elsewhere is its description.
                images.push(dest_url.starts_with(CHART));
                if let Some(name) = dest_url.strip_prefix(CHART) {
                    let found = name.parse().ok().and_then(|id: ChartId| {
                        figures.get(&id).map(|figure| (id, figure.clone()))
                    });
                    let (id, figure) = found.ok_or_else(|| name.to_owned())?;
                    // A figure ends the paragraph it stands in.
                    events.push(Event::End(TagEnd::Paragraph));
                    let before = placed.iter().filter(|other| **other == id).count();
                    events.push(Event::Html(CowStr::from(again(&id, figure, before))));
                    events.push(Event::Start(Tag::Paragraph));
                    placed.push(id);
                }
            }
            Event::End(TagEnd::Image) => drop(images.pop()),
            _ if images.contains(&true) => {}
            Event::InlineHtml(raw) if asked.is_in_cell() && is_break(&raw) => {
                events.push(Event::HardBreak);
            }
            Event::SoftBreak => match soft::join(source, &place) {
                soft::Join::Close => {}
                soft::Join::Blank => events.push(Event::SoftBreak),
                soft::Join::Line => events.push(Event::HardBreak),
            },
            // The page indents paragraphs itself.
            Event::Text(text)
                if text.starts_with('\u{3000}')
                    && matches!(events.last(), Some(Event::Start(Tag::Paragraph | Tag::Item))) =>
            {
                events.push(Event::Text(CowStr::from(text.trim_start().to_owned())));
            }
            Event::FootnoteReference(name) => {
                let mark = notes::raised(&numbers.mark(&name));
                events.push(Event::InlineHtml(CowStr::from(mark)));
            }
            Event::Start(Tag::FootnoteDefinition(name)) => {
                note = Some((name.into_string(), events.len()));
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                notes.extend(note.take().map(|(name, from)| (name, events.split_off(from))));
            }
            Event::Start(Tag::Item) => events.push(match items.get(&place.start) {
                Some(number) => Event::Html(CowStr::from(format!("<li value=\"{number}\">"))),
                None => Event::Start(Tag::Item),
            }),
            // Chinese has no italics: what is stressed is bold, as in pictures and print.
            Event::Start(Tag::Emphasis) => events.push(Event::Start(Tag::Strong)),
            Event::End(TagEnd::Emphasis) => events.push(Event::End(TagEnd::Strong)),
            Event::Html(raw) | Event::InlineHtml(raw) => events.push(Event::Text(raw)),
            Event::Start(Tag::HtmlBlock) => events.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => events.push(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url =
                    if is_followed(link_type, &dest_url) { dest_url } else { CowStr::from("#") };
                events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                events.push(Event::Start(Tag::Heading { level: lower(level), id, classes, attrs }));
            }
            Event::End(TagEnd::Heading(level)) => {
                events.push(Event::End(TagEnd::Heading(lower(level))));
            }
            other => events.push(other),
        }
    }
    events.extend(at_end(numbers.order(notes)));
    let events = unbroken(columns::mark(card::mark(&events)));
    let mut out = String::with_capacity(source.len() * 2);
    html::push_html(&mut out, events.into_iter());
    let html = ragged::mark(&out.replace("<p></p>\n", ""));
    Ok(Body { html: html.trim_end().to_owned(), placed })
}

/// Notes below a line, each with its mark; one that begins with something other than words has it on a line above.
fn at_end(notes: Vec<(String, Vec<Event<'_>>)>) -> Vec<Event<'_>> {
    let mut events = vec![];
    for (mark, mut note) in notes.into_iter().filter(|(_, note)| !note.is_empty()) {
        if events.is_empty() {
            events.push(Event::Rule);
        }
        if matches!(note.first(), Some(Event::Start(Tag::Paragraph))) {
            note.insert(1, Event::Text(CowStr::from(format!("{mark} "))));
        } else {
            let mark = Event::Text(CowStr::from(mark));
            events.extend([Event::Start(Tag::Paragraph), mark, Event::End(TagEnd::Paragraph)]);
        }
        events.extend(note);
    }
    events
}

/// Whether HTML is a line break: Markdown has no other in a cell.
pub(crate) fn is_break(html: &str) -> bool {
    let inner = html.trim().strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let name = inner.map(|inner| inner.trim().trim_end_matches('/').trim_end());
    name.is_some_and(|name| name.eq_ignore_ascii_case("br"))
}

/// Titles are held together by words, cells by dates. What stands for a picture is an attribute, and holds no elements.
#[expect(clippy::wildcard_enum_match_arm, reason = "nothing else has text")]
fn unbroken(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let (mut images, mut is_heading, mut is_cell) = (0_usize, false, false);
    let mark = |event| {
        match &event {
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images = images.saturating_sub(1),
            Event::Start(Tag::Heading { .. }) => is_heading = true,
            Event::End(TagEnd::Heading(_)) => is_heading = false,
            Event::Start(Tag::TableCell) => is_cell = true,
            Event::End(TagEnd::TableCell) => is_cell = false,
            Event::Html(html) => {
                is_cell = html.starts_with(card::LINE) || is_cell && &**html != card::END;
            }
            Event::Text(text) if images == 0 => {
                return Event::InlineHtml(CowStr::from(match (is_heading, is_cell) {
                    (true, _) => titles::mark(text),
                    (false, true) => unbroken::with_dates(&escape(text)),
                    (false, false) if text.contains('-') => unbroken::closed(&escape(text)),
                    (false, false) => return event,
                }));
            }
            _ => {}
        }
        event
    };
    events.into_iter().map(mark).collect()
}

/// A figure that stands in the page so many times already, under ids of its own: `chart-a_2`, which no
/// other chart can have. Quotes in texts are escaped, so nothing but ids is changed.
fn again(id: &ChartId, figure: String, before: usize) -> String {
    if before == 0 {
        return figure;
    }
    ["id", "aria-labelledby", "aria-describedby"].iter().fold(figure, |figure, name| {
        let named = format!(" {name}=\"chart-{id}");
        figure.replace(&named, &format!("{named}_{}", before + 1))
    })
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    use HeadingLevel::{H1, H2, H3, H4, H5, H6};
    match level {
        H1 => H2,
        H2 => H3,
        H3 => H4,
        H4 => H5,
        H5 | H6 => H6,
    }
}

/// A plain text: its first line is the title, every other line a paragraph, or a heading where it is a question.
pub fn from_plain(source: &str) -> String {
    let headings = Headings::of(source);
    let (mut lines, mut at) = (vec![], 0);
    for text in source.split('\n') {
        let begins = at + text.len() - text.trim_start().len();
        at += text.len() + 1;
        let words = text.trim();
        if words.is_empty() {
            continue;
        }
        let html = unbroken::closed(&escape(words));
        lines.push(if lines.is_empty() && blocks::is_title(words) {
            format!("<h2>{}</h2>", titles::mark(words))
        } else if headings.level(begins, words) == Some(Level::Question) {
            format!("<h4>{}</h4>", titles::mark(words))
        } else {
            format!("<p>{html}</p>")
        });
    }
    ragged::mark(&lines.join("\n"))
}

impl Body {
    /// The same, its 文号 and 落款 marked by class. Call before charts are added at the end.
    #[must_use]
    pub fn placed_as_document(self, agencies: &Agencies) -> Self {
        Self { html: place::place(&self.html, agencies), ..self }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(source: &str) -> String {
        from_markdown(source, &BTreeMap::new()).unwrap().html
    }

    #[test]
    fn raw_html_and_scripts_are_shown_as_text() {
        for source in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<div onclick=\"x\">\n\ntext\n\n</div>",
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "![x](https://example.org/x.png)",
            "<style>*{}</style>",
        ] {
            let html = markdown(source);
            for bad in ["<script", "<img", "<div", "<style", "onerror=\"", "href=\"j", "href=\"J"] {
                assert!(!html.contains(bad), "{source:?} gave {html:?}");
            }
        }
    }

    #[test]
    fn addresses_that_lead_somewhere_stay() {
        for (source, address) in [
            ("[a](https://example.org/x)", "https://example.org/x"),
            ("<a@example.org>", "mailto:a@example.org"),
            ("[a](attachments/x.txt)", "#"),
        ] {
            let html = markdown(source);
            assert!(html.contains(&format!("href=\"{address}\"")), "{html}");
        }
    }

    #[test]
    fn slots_and_tables_come_through() {
        assert_eq!(markdown("{{文号}}"), "<p>{{文号}}</p>");
        assert!(markdown("|a|b|\n|-|-|\n|1|2|").contains("<td>1</td>"));
        assert_eq!(from_plain("题\n\n一、<甲>\r\n"), "<h2>题</h2>\n<p>一、&lt;甲&gt;</p>");
    }

    #[test]
    fn a_table_of_answers_is_a_card_and_no_other_table_is() {
        let card = "# 题\n\n| 对象 | 本区**居民** |\n|---|---|\n| 时间 | 3月 |\n| 咨询电话 | 021-1 |\n\n后\n\n|甲|乙|\n|-|-|\n|1|2|";
        let html = markdown(card);
        let wanted = "<dl class=\"answer\">\n<div><dt>对象</dt><dd>本区<strong>居民</strong></dd></div>\n\
                      <div><dt>时间</dt><dd>3月</dd></div>\n<div><dt>咨询电话</dt><dd><span class=\"unbroken\">021-1</span></dd></div>\n</dl>\n";
        assert!(html.contains(wanted), "{html}");
        assert_eq!(html.matches("<td>").count(), 2, "{html}");
        let unfilled = "|对象||\n|-|-|\n|时间|3月|\n|材料||";
        assert_eq!(markdown(unfilled).matches("<dt>").count(), 1);
        assert_eq!(markdown(&unfilled.replace("3月", "")), "");
        // Under a head of its own, which says nothing that the card does not.
        let headed = card.replace(
            "| 对象 | 本区**居民** |\n|---|---|",
            "| 项 | 内容 |\n|---|---|\n| 对象 | 本区**居民** |",
        );
        assert_eq!(markdown(&headed), html);
        assert!(!markdown(&headed.replace("内容", "2027年起")).contains("<dl"));
        assert!(!markdown("|对象|甲|乙|\n|-|-|-|\n|时间|1|2|\n|材料|1|2|").contains("<dl"));
    }

    #[test]
    fn a_line_is_broken_in_cells_and_nowhere_else() {
        for tag in ["<br>", "<br/>", "<BR />"] {
            let html = markdown(&format!("|甲|乙|\n|-|-|\n|一{tag}二|三|\n\n四{tag}五"));
            assert!(html.contains("<td>一<br />\n二</td>"), "{html}");
            assert!(html.contains("四&lt;"), "{html}");
        }
        let card = markdown("|对象|甲<br>乙|\n|-|-|\n|时间|3月|\n|材料|丙|");
        assert!(card.contains("<dd>甲<br />\n乙</dd>"), "{card}");
        assert!(markdown("|甲|乙|\n|-|-|\n|<brx>|三|").contains("&lt;brx"));
    }

    #[test]
    fn a_question_alone_in_its_paragraph_is_a_heading() {
        let source = "# 题\n\n问1：为什么调整？\n\n答：最低工资标准调整。\n\n**问2：各档多少？**\n\n答：见下。";
        let html = markdown(source);
        assert!(html.contains("<h4>问1：为什么调整？</h4>\n<p>答："), "{html}");
        assert!(html.contains("<h4><strong>问2：各档多少？</strong></h4>"), "{html}");
        // The same as in pictures and print.
        let is_heading = |block: &&blocks::Block| matches!(block.what, blocks::What::Heading(3, _));
        let blocks = blocks::from_markdown(source);
        assert_eq!(html.matches("<h4>").count(), blocks.iter().filter(is_heading).count());
        let plain = from_plain(&source.replace(['#', '*'], ""));
        assert!(plain.contains("<h4>问1：为什么调整？</h4>\n<p>答："), "{plain}");
        assert!(plain.contains("<h4>问2：各档多少？</h4>"), "{plain}");
        // One that goes on is none.
        assert!(!markdown("# 题\n\n问1：为什么调整？因为标准调整。答：是的。").contains("<h4>"));
    }

    #[test]
    fn short_columns_are_told() {
        let html = markdown("|序号|材料|时限|\n|-|-|-|\n|1|居民身份证原件和复印件|5个工作日|");
        let group = "<colgroup><col class=\"short\"><col><col class=\"short\"></colgroup>";
        assert!(html.starts_with(&format!("<table>{group}<thead>")), "{html}");
        let long = "居民身份证原件和复印件";
        assert!(!markdown(&format!("|{long}|{long}|\n|-|-|\n|1|2|")).contains("<col"));
    }

    #[test]
    fn lines_of_a_paragraph_are_joined_as_in_pictures_and_labels_keep_theirs() {
        let labels = "解读机关：示例区局\n解读人：王某\n**联系电话**：12345678";
        let html = markdown(labels);
        assert!(html.contains("示例区局<br />\n解读人：王某<br />\n<strong>"), "{html}");
        let blocks = format!("{:?}", crate::blocks::from_markdown(labels));
        assert!(blocks.contains("示例区局\\n解读人：王某\\n"), "{blocks}");
        assert_eq!(markdown("本办法自印发\n之日起施行。"), "<p>本办法自印发之日起施行。</p>");
        assert_eq!(markdown("see\nbelow"), "<p>see\nbelow</p>");
        // One label is a sentence's.
        assert_eq!(markdown("请注意：材料\n一次交齐"), "<p>请注意：材料一次交齐</p>");
    }

    #[test]
    fn an_indent_of_the_source_is_the_pages_own() {
        assert_eq!(markdown("　　本办法\n\n甲"), "<p>本办法</p>\n<p>甲</p>");
        assert_eq!(from_plain("题\n　　甲。"), "<h2>题</h2>\n<p>甲。</p>");
    }

    #[test]
    fn headings_leave_the_first_level_to_the_page() {
        assert_eq!(markdown("# 题\n\n## 一\n\n###### 二"), "<h2>题</h2>\n<h3>一</h3>\n<h6>二</h6>");
    }

    #[test]
    fn charts_stand_where_the_text_places_them() {
        let id: ChartId = "a".parse().unwrap();
        let figures = [(id.clone(), "<figure>X</figure>".to_owned())].into();
        let body = from_markdown("甲\n\n![图](chart:a)\n\n乙", &figures).unwrap();
        assert_eq!(body.html, "<p>甲</p>\n<figure>X</figure>\n<p>乙</p>");
        assert_eq!(body.placed, [id]);
        assert_eq!(from_markdown("![图](chart:b)", &figures), Err("b".to_owned()));
    }

    #[test]
    fn the_words_that_stand_in_for_a_chart_are_not_printed() {
        let id: ChartId = "a".parse().unwrap();
        let figures = [(id, "<figure>X</figure>".to_owned())].into();
        let html = |source: &str| from_markdown(source, &figures).unwrap().html;
        assert_eq!(html("![**粗**字`码`](chart:a)"), "<figure>X</figure>");
        assert_eq!(html("甲![粗*字*](chart:a)乙"), "<p>甲</p>\n<figure>X</figure>\n<p>乙</p>");
    }

    #[test]
    fn notes_stand_at_the_end_in_the_order_of_their_marks() {
        let source =
            "甲[^b]乙[^1]丙[^b]。\n\n[^1]: 指普通门诊，不含慢性病。\n[^b]: 同时符合 两档的。\n\n丁";
        let html = "<p>甲<sup>[1]</sup>乙<sup>[2]</sup>丙<sup>[1]</sup>。</p>\n<p>丁</p>\n<hr />\n\
                    <p>[1] 同时符合 两档的。</p>\n<p>[2] 指普通门诊，不含慢性病。</p>";
        assert_eq!(markdown(source), html);
        let blocks = blocks::from_markdown(source);
        let said = blocks.iter().map(|block| block.runs().map(|run| run.text.as_str()).collect());
        let wanted =
            ["甲[1]乙[2]丙[1]。", "丁", "", "同时符合 两档的。", "指普通门诊，不含慢性病。"];
        assert_eq!(said.collect::<Vec<String>>(), wanted);
        assert!(matches!(&blocks[3].what, blocks::What::Item(mark, _) if mark == "[1]"));
    }

    #[test]
    fn a_note_that_begins_with_a_list_keeps_its_mark() {
        let source = "甲[^1]。\n\n[^1]:\n    - 乙\n    - 丙\n";
        let html = markdown(source);
        assert!(html.contains("<p>[1]</p>\n<ul>"), "{html}");
        let marks: Vec<_> = blocks::from_markdown(source)
            .into_iter()
            .filter_map(|block| {
                let blocks::What::Item(mark, runs) = block.what else { return None };
                Some((block.depth, mark, runs.len()))
            })
            .collect();
        let wanted = [(1, "[1]", 0), (2, "•", 1), (2, "•", 1)];
        assert_eq!(marks, wanted.map(|(depth, mark, count)| (depth, mark.to_owned(), count)));
    }

    #[test]
    fn notes_in_a_card_leave_it_one_on_the_page_and_in_pictures() {
        let source =
            "|对象[^1]|居民|\n|-|-|\n|时间|3月|\n|材料|[^1]|\n|费用||\n\n[^1]: 指常住人口。";
        let html = markdown(source);
        assert!(html.contains("<dt>对象<sup>[1]</sup></dt><dd>居民</dd>"), "{html}");
        let blocks = blocks::from_markdown(source);
        let Some(blocks::What::Answer(lines)) = blocks.first().map(|block| &block.what) else {
            unreachable!("{blocks:?}")
        };
        assert_eq!((lines.len(), html.matches("<dt>").count()), (3, 3), "{html}");
    }

    #[test]
    fn items_are_numbered_as_written_and_stress_is_bold() {
        let html = markdown("1. 甲\n3. *乙*\n\n   4. 丙\n7. 丁");
        for wanted in
            ["value=\"1\"", "value=\"3\"", "<strong>乙</strong>", "value=\"4\"", "value=\"7\""]
        {
            assert!(html.contains(wanted), "{html}");
        }
        assert!(!html.contains("<em>"), "{html}");
    }

    #[test]
    fn a_sentence_is_no_title_on_the_page_or_in_pictures() {
        for (source, is_title) in [("题\n甲。", true), ("这是一句话。\n甲。", false)] {
            assert_eq!(from_plain(source).starts_with("<h2>"), is_title);
            let blocks = blocks::from_plain(source);
            assert_eq!(matches!(blocks[0].what, blocks::What::Heading(1, _)), is_title);
        }
    }

    #[test]
    fn dates_stay_whole_in_cells_and_in_answers() {
        let date = "<span class=\"unbroken\">4月25日</span>";
        assert!(markdown("|甲|乙|\n|-|-|\n|至4月25日|二|").contains(&format!("<td>至{date}</td>")));
        assert!(
            markdown("|对象|甲|\n|-|-|\n|时间|4月25日|\n|材料|丙|")
                .contains(&format!("<dd>{date}</dd>"))
        );
        assert_eq!(markdown("至4月25日"), "<p>至4月25日</p>");
    }

    #[test]
    fn a_chart_that_is_placed_again_has_ids_of_its_own() {
        let id: ChartId = "a".parse().unwrap();
        let figure = "<figure id=\"chart-a\"><svg aria-labelledby=\"chart-a-wide-title\">\
                      <title id=\"chart-a-wide-title\">chart-a</title></svg></figure>";
        let figures = [(id, figure.to_owned())].into();
        let html = from_markdown(&"![图](chart:a)\n\n".repeat(3), &figures).unwrap().html;
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 6, "{html}");
        for title in ["chart-a-wide-title", "chart-a_2-wide-title", "chart-a_3-wide-title"] {
            assert!(html.contains(&format!("aria-labelledby=\"{title}\"")), "{html}");
        }
        assert_eq!(html.matches(">chart-a<").count(), 3);
    }
}
