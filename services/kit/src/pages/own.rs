//! Templates that an office puts in the place of ours, refused at start if a page made by them could not be shown.

use std::collections::BTreeMap;

use handlebars::{
    Handlebars, RenderErrorReason, Template,
    template::{BlockParam, Parameter, TemplateElement},
};

use super::{
    Edition, Fragments, PageError, Pages, Site, TEMPLATES,
    edition::{File, Links},
};

/// What may be written without being escaped: texts that were cleaned before they were sealed, and our style.
const TRUSTED: [&str; 4] = ["policy_html", "interpretation_html", "html", "css"];
/// What would run, be fetched from elsewhere, or hide something, in any page; without blanks.
const REFUSED: [&str; 12] = [
    "<script",
    "<iframe",
    "<object",
    "<embed",
    "<base",
    "http-equiv",
    "style=",
    "srcset=",
    "@import",
    "javascript:",
    "display:none",
    "visibility:hidden",
];
/// What may stand for nothing but what follows it here; without blanks.
const ONLY: [(&str, &[&str]); 4] = [
    ("<style", &[">{{{css}}}</style>"]),
    ("<link", &["rel=\"icon\"href=\"data:,\">"]),
    ("src=", &["\"data:", "'data:", "data:", "\"{{", "'{{", "{{"]),
    ("url(", &["\"data:", "'data:", "data:", "\"#", "'#", "#", "\"{{", "'{{", "{{"]),
];

/// What a later grammar may bring is refused until it was looked at.
const UNKNOWN: &str = "这种写法不可用 / cannot be written so";

/// `{{` in one template; ours have 45 at most.
const MARKS_MAX: usize = 400;

/// Puts the office's templates in the place of ours.
pub(super) fn register(
    templates: &mut Handlebars<'static>,
    own: &BTreeMap<String, String>,
) -> Result<(), PageError> {
    for (name, text) in own {
        let wrong = |line: usize, why: String| PageError::Own { name: name.clone(), line, why };
        if !TEMPLATES.iter().any(|(known, _)| known == name) {
            let known: Vec<_> = TEMPLATES.iter().map(|(name, _)| *name).collect();
            let why = format!(
                "没有这个模板，有 / there is no such template; there are: {}",
                known.join(" ")
            );
            return Err(wrong(1, why));
        }
        // The reader of templates goes one deeper with each.
        if text.matches("{{").count() > MARKS_MAX {
            let why = format!("标记超过 {MARKS_MAX} 处 / more marks than that");
            return Err(wrong(1, why));
        }
        if let Some((line, refused)) = find_refused(text) {
            let why = format!(
                "页面不运行脚本、不取外部内容、不隐藏内容，样子由 [theme] 决定，请删去 / pages run, fetch and hide \
                 nothing, and their look comes from [theme]; take out: {refused}"
            );
            return Err(wrong(line, why));
        }
        templates.register_template_string(name, text).map_err(|error| {
            let line = error.pos().map_or(1, |(line, _)| line);
            wrong(line, error.reason().to_string())
        })?;
        // As it was read: the grammar knows more than one way to write the same.
        if let Some((line, why)) = templates.get_template(name).and_then(find_raw) {
            return Err(wrong(line, why));
        }
    }
    Ok(())
}

/// Where a template has what no page may have. The whole of it is looked at without its blanks.
fn find_refused(text: &str) -> Option<(usize, String)> {
    let (mut plain, mut lines) = (String::new(), vec![]);
    for (line, text) in (1..).zip(text.lines()) {
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            plain.push(c.to_ascii_lowercase());
            lines.resize(plain.len(), line);
        }
    }
    let mut found: Vec<(usize, &str)> =
        REFUSED.iter().filter_map(|refused| Some((plain.find(refused)?, *refused))).collect();
    for (start, allowed) in ONLY {
        found.extend(plain.match_indices(start).filter(|(at, _)| {
            let after = plain.get(at + start.len()..).unwrap_or_default();
            !allowed.iter().any(|allowed| after.starts_with(allowed))
        }));
    }
    let (at, refused) = found.into_iter().min()?;
    Some((lines.get(at).copied().unwrap_or(1), refused.to_owned()))
}

/// Where a template writes something unescaped that is not to be trusted, or gives it a trusted name.
fn find_raw(template: &Template) -> Option<(usize, String)> {
    let places = template.elements.iter().zip(&template.mapping);
    places.into_iter().find_map(|(element, place)| {
        let (found, within) = match element {
            TemplateElement::HtmlExpression(helper) => {
                let name = helper.name.as_name().unwrap_or("(…)");
                let is_trusted =
                    TRUSTED.contains(&name) && helper.params.is_empty() && helper.hash.is_empty();
                let why = format!(
                    "{{{{{{{name}}}}}}} 不转义，只有 {} 可以；请写作 {{{{{name}}}}} / is not escaped: write two braces",
                    TRUSTED.join(" ")
                );
                ((!is_trusted).then_some(why), vec![])
            }
            TemplateElement::Expression(helper) | TemplateElement::HelperBlock(helper) => {
                let renamed = match &helper.block_param {
                    Some(BlockParam::Single(one)) => find_renamed([one]),
                    Some(BlockParam::Pair((one, other))) => find_renamed([one, other]),
                    None => None,
                    Some(_) => Some(UNKNOWN.to_owned()),
                };
                let renamed = renamed.or_else(|| find_trusted(helper.hash.keys()));
                (renamed, vec![&helper.template, &helper.inverse])
            }
            TemplateElement::DecoratorExpression(part)
            | TemplateElement::DecoratorBlock(part)
            | TemplateElement::PartialExpression(part)
            | TemplateElement::PartialBlock(part) => {
                (find_trusted(part.hash.keys()), vec![&part.template])
            }
            TemplateElement::RawString(_) | TemplateElement::Comment(_) => (None, vec![]),
            _ => (Some(UNKNOWN.to_owned()), vec![]),
        };
        let found = found.map(|why| (place.0, why));
        found.or_else(|| within.into_iter().flatten().find_map(find_raw))
    })
}

fn find_renamed<const N: usize>(names: [&Parameter; N]) -> Option<String> {
    let names: Vec<_> = names.iter().filter_map(|name| name.as_name()).map(str::to_owned).collect();
    find_trusted(names.iter())
}

fn find_trusted<'a>(mut names: impl Iterator<Item = &'a String>) -> Option<String> {
    let name = names.find(|name| TRUSTED.contains(&name.as_str()))?;
    Some(format!("{name} 不能另作他用，请改名 / stands for a text alone; take another name"))
}

/// Makes every page once, of much and of little, and refuses what could not be shown.
pub(super) fn probe(pages: &Pages) -> Result<(), PageError> {
    let site = Site { name: "示例站".to_owned(), home: "/".to_owned() };
    let [policy, interpretation] = ["政策", "解读"]
        .map(|text| format!("<section class=\"text\">\n<h2>示例{text}</h2>\n</section>\n"));
    let texts = Fragments { policy: &policy, interpretation: &interpretation };
    let at = lockstep_proto::time::Timestamp::from_micros(0);
    for edition in samples() {
        pages.pair(&site, &edition, texts)?;
        pages.view(&site, &edition, true, &policy)?;
        pages.view(&site, &edition, false, &interpretation)?;
        let item = edition.item("/p/example".to_owned());
        pages.list(&site, std::slice::from_ref(&item))?;
        for (what, reason, is_current) in
            [(false, false), (false, true), (true, false), (true, true)]
                .into_iter()
                .flat_map(|(what, reason)| [(what, reason, true), (what, reason, false)])
        {
            let reason = reason.then_some("示例");
            pages.own_notice(&site, what.then_some(&item), (at, reason), is_current)?;
        }
    }
    pages.list(&site, &[])?;
    pages.missing(&site)?;
    pages.restoring(&site)?;
    pages.preview("示例", &interpretation)?;
    Ok(())
}

/// Whether a page names a value that no page is filled with: of one that is not there now, parts may be asked for.
pub(super) fn is_unknown(error: &PageError) -> bool {
    let PageError::Render(error) = error else { return false };
    matches!(
        error.reason(),
        RenderErrorReason::MissingVariable(Some(name)) if !name.contains('.')
    )
}

/// With everything and with little, and how each may stand to the current one.
fn samples() -> Vec<Edition> {
    let states = [(false, false), (false, true), (true, false)];
    [true, false]
        .into_iter()
        .flat_map(|is_full| {
            states.map(|(superseded, is_file)| Edition { superseded, is_file, ..sample(is_full) })
        })
        .collect()
}

fn sample(is_full: bool) -> Edition {
    let some = |text: &str| is_full.then(|| text.to_owned());
    let file = |kind: &str| File {
        name: "示例".to_owned(),
        href: "/p/example/0/raw/a".to_owned(),
        kind: kind.to_owned(),
        size: "1 KB".to_owned(),
    };
    let files = if is_full { vec![file("PDF"), file("")] } else { vec![] };
    Edition {
        // The texts say the one title, and not the other.
        title: if is_full { "示例" } else { "另一示例" }.to_owned(),
        number: some("示〔2026〕1号"),
        index_number: some("示-1"),
        agency: "示例局".to_owned(),
        written_on: some("2026年1月1日"),
        released_on: some("2026年1月1日"),
        disclosure: "主动公开",
        digest: format!("sha256:{}", "0".repeat(64)),
        short: "00000000".to_owned(),
        generation: "1.1".to_owned(),
        revised: is_full,
        revision: 1,
        superseded: false,
        is_file: false,
        current_href: Some("/p/example".to_owned()),
        links: Links {
            own: Some("/p/example/0".to_owned()),
            policy: Some("/p/example/0/policy".to_owned()),
            interpretation: Some("/p/example/0/interpretation".to_owned()),
            policy_raw: some("/p/example/0/raw/policy.md"),
            interpretation_raw: some("/p/example/0/raw/interpretation.md"),
            json: some("/p/example/0/edition.json"),
        },
        attachments: files.clone(),
        data: files.clone(),
        copies: files,
    }
}
