//! What pages say to people, made from the golden samples.

use lockstep_proto::{
    digest::Digest,
    facts::Fact,
    release::{Evidence, Generation},
};

use super::{edition::name_and_kind, *};
use crate::{
    channel::Filled,
    testing::{at, sample},
};

const POLICY: &str = "<section class=\"text policy\">\n<h2>关于示例的通知</h2>\n</section>\n";
const OTHER: &str = "<section class=\"text interpretation\">\n<h2>问答</h2>\n</section>\n";

#[expect(clippy::wildcard_enum_match_arm, reason = "a test looks at one of many")]
fn evidence() -> Evidence {
    match sample("release.staging.v1").fact {
        Fact::ReleaseStaging(data) => data.evidence,
        other => panic!("{other:?}"),
    }
}

fn site() -> Site {
    Site { name: "示例局".to_owned(), home: "/".to_owned() }
}

fn edition() -> Edition {
    let evidence = evidence();
    let members = evidence.manifest.members.iter();
    let filled: Vec<_> = members
        .map(|member| Filled {
            member: member.clone(),
            digest: member.digest.clone(),
            size: member.size,
        })
        .collect();
    let addresses = Addresses { pinned: "/p/b/e", members: "/raw/", has_views: true };
    let placed = (&Digest::of(b"edition"), Generation { epoch: 1, n: 2 });
    Edition::new(&evidence, placed, Some(at("2026-12-01T01:00:00Z")), &filled, addresses)
}

fn pair(edition: &Edition) -> String {
    let texts = Fragments { policy: POLICY, interpretation: OTHER };
    Pages::new(Look::default()).unwrap().pair(&site(), edition, texts).unwrap()
}

fn view(is_policy: bool, html: &str) -> String {
    Pages::new(Look::default()).unwrap().view(&site(), &edition(), is_policy, html).unwrap()
}

#[test]
fn a_page_that_is_a_file_names_its_edition_and_leads_to_the_current_one() {
    let mut edition = edition();
    assert!(!pair(&edition).contains("固定版次"));
    edition.is_file = true;
    edition.current_href = Some("/b/b/current/".to_owned());
    let page = pair(&edition);
    let digest = Digest::of(b"edition");
    assert!(page.contains(&format!("本页为固定版次（{}）", digest.short())), "{page}");
    assert!(page.contains("<a href=\"/b/b/current/\">"), "{page}");
    assert!(page.contains(POLICY) && page.contains(OTHER), "a fragment is not whole");
}

#[test]
fn a_page_has_one_first_heading_small_where_the_text_says_it_too() {
    let echoed = "<h1 class=\"page echoed\">关于示例的通知</h1>";
    let alone = "<h1 class=\"page\">关于示例的通知</h1>";
    for (page, expected) in [
        (pair(&edition()), echoed),
        (view(true, POLICY), echoed),
        (view(true, OTHER), alone),
        (view(false, "<h2>《关于示例的通知》解读</h2>\n"), echoed),
    ] {
        assert_eq!(page.matches("<h1").count(), 1, "{page}");
        assert!(page.contains(expected), "{page}");
    }
}

#[test]
fn files_are_named_for_people_with_kind_and_size_beside_the_policy_alone_too() {
    let attachment = ">a</a> <span class=\"size\">PDF，12 B</span>";
    let data = ">甲最高</a> <span class=\"size\">CSV，12 B</span>";
    for (page, has_data) in
        [(pair(&edition()), true), (view(false, OTHER), true), (view(true, POLICY), false)]
    {
        assert!(page.contains(attachment), "{page}");
        assert_eq!(page.contains(data), has_data, "{page}");
    }
    for (path, expected) in [
        ("attachments/申请表.v2.docx", ("申请表.v2", "docx")),
        ("attachments/README", ("README", "")),
        ("attachments/.env", (".env", "")),
    ] {
        assert_eq!(name_and_kind(path), expected);
    }
}

#[test]
fn the_foot_speaks_of_the_text_that_is_there() {
    assert!(view(true, POLICY).contains("本文件的解读专为"));
    for page in [pair(&edition()), view(false, OTHER)] {
        assert!(page.contains("本解读专为"), "{page}");
    }
}

#[test]
fn dates_are_written_as_documents_write_them() {
    let page = pair(&edition());
    for date in ["<dd>2026年12月1日</dd>", "Published</span></dt><dd>2026年12月1日</dd>"] {
        assert!(page.contains(date), "{page}");
    }
}

#[test]
fn an_office_is_named_on_every_page_in_its_own_colours() {
    let look = Look {
        agency: Some("示例市<人民>政府".to_owned()),
        emblem: Some("data:image/png;base64,AA==".to_owned()),
        style: ":root{--head:#a3181f}".to_owned(),
        ..Look::default()
    };
    let pages = Pages::new(look).unwrap();
    let texts = Fragments { policy: POLICY, interpretation: OTHER };
    for page in [
        pages.pair(&site(), &edition(), texts).unwrap(),
        pages.view(&site(), &edition(), true, POLICY).unwrap(),
        pages.list(&site(), &[]).unwrap(),
        pages.missing(&site()).unwrap(),
        pages.restoring(&site()).unwrap(),
        pages.notice(&site(), None, (at("2026-12-02T01:05:00Z"), None), true).unwrap(),
        pages.preview("题", OTHER).unwrap(),
    ] {
        assert!(page.contains(">示例市&lt;人民&gt;政府</span>"), "{page}");
        assert!(page.contains("<img class=\"emblem\" src=\"data:image/png;base64,AA"), "{page}");
        // After ours, or it would not count.
        let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        assert!(style.ends_with(":root{--head:#a3181f}"), "{style}");
    }
    let agency = Some("示例局".to_owned());
    let pages = Pages::new(Look { agency, ..Look::default() }).unwrap();
    let page = pages.list(&site(), &[]).unwrap();
    assert_eq!(page.matches("示例局").count(), 2, "once in the title, once in the head: {page}");
    assert!(!pages.missing(&site()).unwrap().contains("<img"));
}

/// Pages with one template of an office's.
fn with(name: &str, text: &str) -> Result<Pages, PageError> {
    let templates = [(name.to_owned(), text.to_owned())].into();
    Pages::new(Look { templates, ..Look::default() })
}

const PAIR: &str = include_str!("../../templates/pair.hbs");

#[test]
fn an_office_s_template_takes_the_place_of_ours() {
    let layout = TEMPLATES.iter().find(|(name, _)| *name == "layout").unwrap().1;
    let layout = layout.replace("</main>", "</main>\n<footer>示例市政府办公室主办</footer>");
    let pages = with("layout", &layout).unwrap();
    let texts = Fragments { policy: POLICY, interpretation: OTHER };
    assert!(pages.pair(&site(), &edition(), texts).unwrap().contains("办公室主办</footer>"));
    assert!(pages.missing(&site()).unwrap().contains("办公室主办</footer>"));
}

#[test]
fn a_template_whose_page_would_break_the_pair_is_refused_at_start() {
    for (part, other) in [
        ("{{{interpretation_html}}}", ""),
        ("{{{policy_html}}}", ""),
        ("{{{policy_html}}}", "{{policy_html}}"),
        ("{{{interpretation_html}}}", "<!-- {{{interpretation_html}}} -->"),
        ("{{{interpretation_html}}}", "{{#if released_on}}{{{interpretation_html}}}{{/if}}"),
        ("{{{interpretation_html}}}", "<div hidden>{{{interpretation_html}}}</div>"),
        ("{{> sync}}", ""),
    ] {
        assert!(PAIR.contains(part), "{part}");
        let said = with("pair", &PAIR.replace(part, other)).unwrap_err().to_string();
        assert!(said.contains("pair.hbs"), "{part} -> {other}: {said}");
    }
    assert!(with("sync", "").unwrap_err().to_string().contains("sha256"), "no digest");
    let view = include_str!("../../templates/view.hbs").replace("{{other_href}}", "#");
    let view = view.replace("{{> sync}}", "<code>{{edition}}</code>");
    assert!(with("view", &view).unwrap_err().to_string().contains("/p/example/0/"));
    assert!(with("list", "<p>无</p>").unwrap_err().to_string().contains("/p/example"));
}

#[test]
fn a_template_that_cannot_be_used_is_named_with_its_line() {
    for (name, text, said) in [
        ("pair", "a\n{{#if b}}", "pair.hbs:2"),
        ("layout", "a\n\n<Script>b</script>", "layout.hbs:3"),
        ("facts", "<b>{{{title}}}</b>", "facts.hbs:1"),
        ("facts", "\n<b>{{~{ title }~}}</b>", "facts.hbs:2"),
        ("facts", "{{& title}}", "facts.hbs:1"),
        ("facts", "\n{{ &title}}", "facts.hbs:2"),
        ("facts", "{{ & title}}", "facts.hbs:1"),
        ("facts", "{{#if number}}\n{{ {title} }}{{/if}}", "facts.hbs:2"),
        ("facts", "{{{unbroken title}}}", "facts.hbs:1"),
        ("facts", "{{#with title as |html|}}{{{html}}}{{/with}}", "facts.hbs:1"),
        ("facts", "{{#each files as |a css|}}{{{css}}}{{/each}}", "facts.hbs:1"),
        ("facts", "{{> layout html=title}}", "facts.hbs:1"),
        ("facts", "{{#> layout html=title}}{{/layout}}", "facts.hbs:1"),
        ("facts", "{{#if a}}{{else}}{{{title}}}{{/if}}", "facts.hbs:1"),
        ("facts", "<p style=\"display : none\">", "facts.hbs:1"),
        ("facts", "a\n<p style=\"color:#fff\">", "facts.hbs:2"),
        ("facts", "<style>p { display:\nnone }</style>", "facts.hbs:1"),
        ("facts", "<\nscript>", "facts.hbs:1"),
        ("facts", "<link rel=stylesheet href=//a>", "facts.hbs:1"),
        ("facts", "\n\n@import 'a'", "facts.hbs:3"),
        ("facts", "<b>url( http://a)</b>", "facts.hbs:1"),
        ("facts", "<img\nsrc = \"https://a/b.png\">", "facts.hbs:2"),
        ("pairs", "", "没有这个模板"),
    ] {
        let refusal = with(name, text).unwrap_err().to_string();
        assert!(refusal.contains(said), "{name} {text}: {refusal}");
    }
    let deep = format!("{}{}", "{{#if title}}".repeat(3000), "{{/if}}".repeat(3000));
    assert!(with("facts", &deep).unwrap_err().to_string().contains("400"));
}

#[test]
fn a_value_that_there_is_not_is_refused_and_one_that_may_be_empty_is_not() {
    for (name, part) in
        [("pair", "{{nosuch}}"), ("facts", "{{tilte}}"), ("list", "{{#each itmes}}{{/each}}")]
    {
        let ours = super::TEMPLATES.iter().find(|(known, _)| *known == name).unwrap().1;
        let said = with(name, &format!("{ours}{part}")).unwrap_err();
        assert!(matches!(said, PageError::Render(_)), "{name} {part}: {said}");
    }
    with("facts", &format!("{}{}", include_str!("../../templates/facts.hbs"), "{{number}}"))
        .unwrap();
}

#[test]
fn what_a_template_does_with_optional_parts_is_tried_at_start() {
    let wrong = "{{no_such_helper a.b}}";
    for (name, part) in [
        ("notice", "{{#if what}}…{{/if}}"),
        ("notice", "{{#if reason}}…{{/if}}"),
        (
            "notice",
            "{{#unless current}}{{#if what.number}}{{#unless reason}}…{{/unless}}{{/if}}{{/unless}}",
        ),
        ("superseded", "{{#if superseded}}{{#if index_number}}…{{/if}}{{/if}}"),
        ("superseded", "{{#if is_file}}{{#if index_number}}…{{/if}}{{/if}}"),
        ("superseded", "{{#unless is_file}}{{#unless superseded}}…{{/unless}}{{/unless}}"),
        ("files", "{{#each attachments}}{{#if kind}}…{{/if}}{{/each}}"),
        ("files", "{{#each data}}{{#unless kind}}…{{/unless}}{{/each}}"),
        ("files", "{{#each copies}}…{{/each}}"),
        ("sync", "{{#if links.json}}…{{/if}}"),
        ("facts", "{{#unless is_echoed}}…{{/unless}}"),
    ] {
        let ours = TEMPLATES.iter().find(|(known, _)| *known == name).unwrap().1;
        let text = format!("{ours}{}", part.replace('…', wrong));
        assert!(with(name, &text).is_err(), "{name}: {part}");
        let text = format!("{ours}{}", part.replace('…', "a"));
        assert!(with(name, &text).is_ok(), "{name}: {part}");
    }
}

#[test]
fn a_notice_that_a_template_breaks_for_one_bundle_alone_is_ours() {
    let only = "{{#if (eq what.agency \"示例局、示例委\")}}{{no_such_helper what.title}}{{/if}}<p>自定</p>";
    let pages = with("notice", only).unwrap();
    let when = (at("2026-12-02T01:05:00Z"), None);
    assert!(pages.notice(&site(), None, when, true).unwrap().contains("自定"));
    let item = Item::new(&evidence(), "/p/b".to_owned());
    let notice = pages.notice(&site(), Some(&item), when, true).unwrap();
    assert!(notice.contains("撤回说明") && notice.contains("关于示例的通知"), "{notice}");
}

#[test]
fn a_page_that_a_template_breaks_for_one_edition_alone_is_not_made() {
    // At start, every edition has the same agency.
    let only = "{{#if (eq agency \"示例局\")}}{{{interpretation_html}}}{{/if}}";
    let pages = with("pair", &PAIR.replace("{{{interpretation_html}}}", only)).unwrap();
    let texts = Fragments { policy: POLICY, interpretation: OTHER };
    let error = pages.pair(&site(), &edition(), texts).unwrap_err();
    assert!(matches!(error, PageError::Lacks { .. }), "{error}");
    // Nor a pair that is none.
    let half = Fragments { policy: POLICY, interpretation: POLICY };
    assert!(Pages::new(Look::default()).unwrap().pair(&site(), &edition(), half).is_err());
}

#[test]
fn a_notice_says_what_was_withdrawn_and_whose_it_was() {
    let item = Item::new(&evidence(), "/p/b".to_owned());
    let pages = Pages::new(Look::default()).unwrap();
    let when = at("2026-12-02T01:05:00Z");
    let notice = pages.notice(&site(), Some(&item), (when, Some("有误")), true).unwrap();
    for said in ["关于示例的通知", "示教〔2026〕1号，示例局、示例委", "2026年12月2日 09:05", "有误"]
    {
        assert!(notice.contains(said), "{said} is not in {notice}");
    }
    assert!(pages.notice(&site(), None, (when, None), false).unwrap().contains("撤回"));
}
