//! The frame that channels of our own put round a pair: header, status, links, notice. Members go
//! in unchanged; read-back compares members, not frames.

mod edition;
mod error;
mod heading;
mod look;
mod markup;
mod own;
mod whole;

use handlebars::Handlebars;
use lockstep_proto::time::Timestamp;
use serde::Serialize;

pub use edition::{Addresses, Edition, Item};
pub use error::PageError;
pub use look::Look;
use whole::Needs;

/// The style sheet of every page.
const STYLE: &str = include_str!("../templates/style.css");
const TEMPLATES: [(&str, &str); 13] = [
    ("layout", include_str!("../templates/layout.hbs")),
    ("facts", include_str!("../templates/facts.hbs")),
    ("files", include_str!("../templates/files.hbs")),
    ("sync", include_str!("../templates/sync.hbs")),
    ("superseded", include_str!("../templates/superseded.hbs")),
    ("unready", include_str!("../templates/unready.hbs")),
    ("list", include_str!("../templates/list.hbs")),
    ("pair", include_str!("../templates/pair.hbs")),
    ("view", include_str!("../templates/view.hbs")),
    ("notice", include_str!("../templates/notice.hbs")),
    ("missing", include_str!("../templates/missing.hbs")),
    ("preview", include_str!("../templates/preview.hbs")),
    ("restoring", include_str!("../templates/restoring.hbs")),
];

/// The templates, ready to be filled.
#[derive(Debug, Clone)]
pub struct Pages {
    templates: Handlebars<'static>,
    look: Look,
    css: String,
}

/// Who publishes, on every page.
#[derive(Debug, Clone, Serialize)]
pub struct Site {
    /// As people name it.
    pub name: String,
    /// Address of the list.
    pub home: String,
}

/// Both texts, as fragments.
#[derive(Debug, Clone, Copy)]
pub struct Fragments<'a> {
    /// The policy's HTML.
    pub policy: &'a str,
    /// The interpretation's HTML.
    pub interpretation: &'a str,
}

impl Pages {
    /// Reads the templates.
    pub fn new(look: Look) -> Result<Self, PageError> {
        let mut templates = ours()?;
        own::register(&mut templates, &look.templates)?;
        let css = format!("{STYLE}{}", look.style);
        let mut pages = Self { templates, look, css };
        own::probe(&pages)?;
        // A value that there is not would be left out without a word; one that is empty may be.
        pages.templates.set_strict_mode(true);
        if let Err(error) = own::probe(&pages)
            && own::is_unknown(&error)
        {
            return Err(error);
        }
        pages.templates.set_strict_mode(false);
        Ok(pages)
    }

    /// Something that is no channel's: what is rendered, before it is submitted.
    pub fn preview(&self, title: &str, html: &str) -> Result<String, PageError> {
        let site = Site { name: "预览 preview".to_owned(), home: "#main".to_owned() };
        let needs = Needs { texts: &[html], ..Needs::default() };
        let context = serde_json::json!({ "title": title, "html": html });
        self.render("preview", &site, &context, &needs)
    }

    /// The list of what is released.
    pub fn list(&self, site: &Site, items: &[Item]) -> Result<String, PageError> {
        let context = serde_json::json!({ "items": items, "empty": items.is_empty() });
        let hrefs: Vec<&str> = items.iter().map(|item| item.href.as_str()).collect();
        self.render("list", site, &context, &Needs { hrefs: &hrefs, ..Needs::default() })
    }

    /// The pair page: both texts, whole, in one response.
    pub fn pair(
        &self,
        site: &Site,
        edition: &Edition,
        texts: Fragments<'_>,
    ) -> Result<String, PageError> {
        #[derive(Serialize)]
        struct Context<'a> {
            #[serde(flatten)]
            edition: &'a Edition,
            policy_html: &'a str,
            interpretation_html: &'a str,
            is_echoed: bool,
        }
        if texts.policy.is_empty() || texts.interpretation.is_empty() {
            return Err(PageError::Half);
        }
        let context = Context {
            edition,
            policy_html: texts.policy,
            interpretation_html: texts.interpretation,
            is_echoed: heading::says(texts.policy, &edition.title),
        };
        let hrefs: Vec<&str> = edition.links.own.as_deref().into_iter().collect();
        let texts = [texts.policy, texts.interpretation];
        let needs = Needs { texts: &texts, word: Some(&edition.digest), hrefs: &hrefs };
        self.render("pair", site, &context, &needs)
    }

    /// One text alone, bound to the other by its pinned address.
    pub fn view(
        &self,
        site: &Site,
        edition: &Edition,
        is_policy: bool,
        html: &str,
    ) -> Result<String, PageError> {
        #[derive(Serialize)]
        struct Context<'a> {
            #[serde(flatten)]
            edition: &'a Edition,
            is_policy: bool,
            html: &'a str,
            other_href: Option<&'a String>,
            other_label: &'static str,
            is_echoed: bool,
        }
        let links = &edition.links;
        let (other_href, other_label) = if is_policy {
            (links.interpretation.as_ref(), "阅读政策解读")
        } else {
            (links.policy.as_ref(), "阅读政策文件")
        };
        let Some(other) = other_href else { return Err(PageError::Half) };
        let is_echoed = heading::says(html, &edition.title);
        let context = Context { edition, is_policy, html, other_href, other_label, is_echoed };
        let needs = Needs { texts: &[html], word: Some(&edition.digest), hrefs: &[other] };
        self.render("view", site, &context, &needs)
    }

    /// What stands where a withdrawn pair was. Says nothing of the texts but what the list said. An office's
    /// template that fails must not keep the notice from being shown: ours takes its place.
    pub fn notice(
        &self,
        site: &Site,
        what: Option<&Item>,
        when: (Timestamp, Option<&str>),
        is_current: bool,
    ) -> Result<String, PageError> {
        self.own_notice(site, what, when, is_current).or_else(|error| {
            tracing::error!(error = %crate::Chain(&error), "the theme's notice cannot be made; ours is shown");
            let ours = Self { templates: ours()?, ..self.clone() };
            ours.own_notice(site, what, when, is_current)
        })
    }

    /// The same, by the office's template if it has one.
    fn own_notice(
        &self,
        site: &Site,
        what: Option<&Item>,
        (at, reason): (Timestamp, Option<&str>),
        is_current: bool,
    ) -> Result<String, PageError> {
        let context = serde_json::json!({
            "what": what,
            "withdrawn_on": at.chinese_minute(),
            "reason": reason.filter(|reason| !reason.is_empty()),
            "current": is_current,
        });
        self.render("notice", site, &context, &Needs::default())
    }

    /// The same bytes for every unknown address.
    pub fn missing(&self, site: &Site) -> Result<String, PageError> {
        self.render("missing", site, &serde_json::json!({}), &Needs::default())
    }

    /// The page of what readers saw, while it is held back.
    pub fn restoring(&self, site: &Site) -> Result<String, PageError> {
        self.render("restoring", site, &serde_json::json!({}), &Needs::default())
    }

    fn render(
        &self,
        template: &str,
        site: &Site,
        context: &impl Serialize,
        needs: &Needs<'_>,
    ) -> Result<String, PageError> {
        #[derive(Serialize)]
        struct Page<'a, C> {
            site: &'a Site,
            // An edition has an agency of its own.
            office: Option<&'a String>,
            emblem: Option<&'a String>,
            css: &'a str,
            #[serde(flatten)]
            context: &'a C,
        }
        let office = self.look.agency.as_ref().filter(|agency| **agency != site.name);
        let page =
            Page { site, office, emblem: self.look.emblem.as_ref(), css: &self.css, context };
        let page = self.templates.render(template, &page);
        let page = page.map_err(|error| PageError::Render(Box::new(error)))?;
        whole::check(template, &page, &self.css, needs).map(|()| page)
    }
}

/// Our templates alone.
fn ours() -> Result<Handlebars<'static>, PageError> {
    let mut templates = Handlebars::new();
    templates.register_helper("unbroken", Box::new(heading::unbroken));
    for (name, text) in TEMPLATES {
        templates
            .register_template_string(name, text)
            .map_err(|error| PageError::Template(Box::new(error)))?;
    }
    Ok(templates)
}

#[cfg(test)]
mod tests;
