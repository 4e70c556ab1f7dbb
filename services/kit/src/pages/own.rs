//! Templates that an office puts in the place of ours, refused at start if a page made by them could not be shown.

use std::collections::BTreeMap;

use handlebars::Handlebars;

use super::{Edition, Fragments, Links, PageError, Pages, Site, TEMPLATES};

/// What may be written without being escaped: texts that were cleaned before they were sealed, and our style.
const TRUSTED: [&str; 4] = ["policy_html", "interpretation_html", "html", "css"];
/// What would run, be fetched from elsewhere, or hide something, in any page; without spaces.
const REFUSED: [&str; 8] = [
    "<script",
    "<iframe",
    "<object",
    "<embed",
    "<base",
    "http-equiv",
    "display:none",
    "visibility:hidden",
];

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
        for (line, text) in (1..).zip(text.lines()) {
            let lower = text.to_ascii_lowercase().replace([' ', '\t'], "");
            if let Some(refused) = REFUSED.iter().find(|refused| lower.contains(**refused)) {
                return Err(wrong(
                    line,
                    format!(
                        "页面不运行脚本、不取外部内容、不隐藏内容，请删去 / pages run, fetch and hide nothing; take out: {refused}"
                    ),
                ));
            }
            if let Some(raw) = raw(&text.replace('~', "")) {
                let why = format!(
                    "{{{{{{{raw}}}}}}} 不转义，只有 {} 可以；请写作 {{{{{raw}}}}} / is not escaped: write two braces",
                    TRUSTED.join(" ")
                );
                return Err(wrong(line, why));
            }
        }
        templates.register_template_string(name, text).map_err(|error| {
            let line = error.pos().map_or(1, |(line, _)| line);
            wrong(line, error.reason().to_string())
        })?;
    }
    Ok(())
}

/// What a line writes unescaped that is not to be trusted.
fn raw(line: &str) -> Option<&str> {
    let braces = line.split("{{{").skip(1).map(|after| after.split('}').next().unwrap_or_default());
    let and = line.split("{{&").skip(1).map(|after| after.split('}').next().unwrap_or_default());
    braces.chain(and).map(str::trim).find(|name| !TRUSTED.contains(name))
}

/// Makes every page once, of much and of little, and refuses what could not be shown.
pub(super) fn probe(pages: &Pages) -> Result<(), PageError> {
    let site = Site { name: "示例站".to_owned(), home: "/".to_owned() };
    let [policy, interpretation] = ["政策", "解读"]
        .map(|text| format!("<section class=\"text\">\n<h2>示例{text}</h2>\n</section>\n"));
    let texts = Fragments { policy: &policy, interpretation: &interpretation };
    for edition in [sample(true), sample(false)] {
        pages.pair(&site, &edition, texts)?;
        pages.view(&site, &edition, true, &policy)?;
        pages.view(&site, &edition, false, &interpretation)?;
        pages.list(&site, &[edition.item("/p/example".to_owned())])?;
    }
    pages.list(&site, &[])?;
    let at = lockstep_proto::time::Timestamp::from_micros(0);
    pages.notice(&site, None, (at, None), true)?;
    pages.missing(&site)?;
    pages.restoring(&site)?;
    pages.preview("示例", &interpretation)?;
    Ok(())
}

fn sample(is_full: bool) -> Edition {
    let some = |text: &str| is_full.then(|| text.to_owned());
    Edition {
        title: "示例".to_owned(),
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
        superseded: is_full,
        is_file: !is_full,
        current_href: Some("/p/example".to_owned()),
        links: Links {
            own: Some("/p/example/0".to_owned()),
            policy: Some("/p/example/0/policy".to_owned()),
            interpretation: Some("/p/example/0/interpretation".to_owned()),
            ..Links::default()
        },
        attachments: vec![],
        data: vec![],
        copies: vec![],
    }
}
