//! The frame that channels of our own put round a pair: header, status, links, notice. Members go
//! in unchanged; read-back compares members, not frames.

mod heading;
mod markup;
mod own;
mod whole;

use std::collections::BTreeMap;

use handlebars::Handlebars;
use lockstep_gate::fill::fill_text;
use lockstep_proto::{
    digest::Digest,
    edition::Slot,
    manifest::{Attribute, Role},
    release::{Evidence, Generation},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{channel::Filled, http::encode_path};
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

/// How an office's pages look, over the plain look. Whoever makes it has checked it.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Whose pages they are.
    pub agency: Option<String>,
    /// Its emblem, as an address that holds it.
    pub emblem: Option<String>,
    /// Rules that stand after the style sheet's.
    pub style: String,
    /// Templates in the place of ours, by name.
    pub templates: BTreeMap<String, String>,
}

/// The templates, ready to be filled.
#[derive(Debug, Clone)]
pub struct Pages {
    templates: Handlebars<'static>,
    look: Look,
    css: String,
}

/// A page could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A template of ours is wrong.
    #[error("页面模板有误 / page template does not hold")]
    Template(#[source] Box<handlebars::TemplateError>),
    /// It could not be filled.
    #[error("页面无法制作 / page cannot be made")]
    Render(#[source] Box<handlebars::RenderError>),
    /// A template of the office's is wrong.
    #[error("theme.templates 的 {name}.hbs:{line}：{why}")]
    Own {
        /// Of the template.
        name: String,
        /// Counted from one.
        line: usize,
        /// Why, and what to do.
        why: String,
    },
    /// A page that readers must not get.
    #[error(
        "由 {template}.hbs 制作的页面缺少必须有的内容，因此不予显示 / a page made by this template lacks what it must \
         have, and is not shown: {what}"
    )]
    Lacks {
        /// Of the page; what is missing may be missing from a template that it takes in.
        template: String,
        /// What it lacks.
        what: String,
    },
    /// A page that might hide what it holds.
    #[error(
        "由 {template}.hbs 制作的页面含有不允许的标记（参见 docs/theme.md“模板”），因此不予显示 / a page made by this \
         template holds markup that is not allowed, and is not shown: {what}"
    )]
    Markup {
        /// Of the page; what is wrong may come from a template that it takes in.
        template: String,
        /// The tag.
        what: String,
    },
    /// A pair without both fragments is no page.
    #[error("政策或解读的正文片段缺失 / a fragment of the pair is missing")]
    Half,
}

/// Who publishes, on every page.
#[derive(Debug, Clone, Serialize)]
pub struct Site {
    /// As people name it.
    pub name: String,
    /// Address of the list.
    pub home: String,
}

/// A row of the list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Item {
    /// The policy's title.
    pub title: String,
    number: Option<String>,
    agency: String,
    released_on: Option<String>,
    href: String,
}

impl Item {
    /// The row of what this evidence is for, not dated, leading to `href`.
    pub fn new(evidence: &Evidence, href: String) -> Self {
        let metadata = &evidence.manifest.metadata;
        let slots = evidence.registration.as_ref().map(|signed| &signed.statement().slots);
        Self {
            title: slots.map_or_else(|| metadata.title.clone(), |s| fill_text(&metadata.title, s)),
            number: known(evidence, metadata.number.as_ref(), Slot::Number),
            agency: evidence.manifest.agencies.issuing.join("、"),
            released_on: None,
            href,
        }
    }

    /// The same, released at this instant.
    #[must_use]
    pub fn released_on(self, at: Timestamp) -> Self {
        Self { released_on: Some(at.chinese_date()), ..self }
    }
}

/// Addresses of one edition's parts. Those not given are not linked.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub struct Links {
    #[serde(rename = "self")]
    own: Option<String>,
    policy: Option<String>,
    interpretation: Option<String>,
    policy_raw: Option<String>,
    interpretation_raw: Option<String>,
    json: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct File {
    name: String,
    href: String,
    kind: String,
    size: String,
}

/// An edition as pages tell of it: the manifest's metadata with slots filled.
#[derive(Debug, Clone, Serialize)]
pub struct Edition {
    title: String,
    number: Option<String>,
    index_number: Option<String>,
    agency: String,
    written_on: Option<String>,
    released_on: Option<String>,
    disclosure: &'static str,
    #[serde(rename = "edition")]
    digest: String,
    #[serde(rename = "edition_short")]
    short: String,
    generation: String,
    revised: bool,
    revision: u32,
    /// A newer edition is shown at the current address.
    pub superseded: bool,
    /// The page is a file that stays as it is when a newer edition is shown, and says so.
    pub is_file: bool,
    /// The bundle's current address.
    pub current_href: Option<String>,
    links: Links,
    attachments: Vec<File>,
    data: Vec<File>,
    copies: Vec<File>,
}

/// Where an edition's parts are.
#[derive(Debug, Clone, Copy)]
pub struct Addresses<'a> {
    /// The pinned address of the pair, without a slash at the end.
    pub pinned: &'a str,
    /// What stands between it and a member's path.
    pub members: &'a str,
    /// Whether the texts have addresses of their own (views, raw, JSON).
    pub has_views: bool,
}

impl Edition {
    /// What pages tell of an edition.
    pub fn new(
        evidence: &Evidence,
        (edition, generation): (&Digest, Generation),
        released_at: Option<Timestamp>,
        filled: &[Filled],
        at: Addresses<'_>,
    ) -> Self {
        let manifest = &evidence.manifest;
        let metadata = &manifest.metadata;
        let Item { title, number, agency, .. } = Item::new(evidence, String::new());
        let address = |path: &str| format!("{}{}{}", at.pinned, at.members, encode_path(path));
        let files = |role: Role| -> Vec<File> {
            filled
                .iter()
                .filter(|f| f.member.role == role)
                .map(|f| {
                    let path = &f.member.path;
                    let drawn = manifest.charts.iter().find(|chart| chart.data == *path);
                    let (name, kind) = name_and_kind(path);
                    let name = match role {
                        Role::LongPicture => "长图",
                        Role::Brochure => "宣传手册（A5，可双面打印）",
                        Role::Policy
                        | Role::Interpretation
                        | Role::Data
                        | Role::Attachment
                        | Role::PolicyFragment
                        | Role::InterpretationFragment
                        | Role::Chart
                        | Role::ChartPicture => name,
                    };
                    File {
                        name: drawn.map_or(name, |chart| &chart.headline).to_owned(),
                        href: address(path),
                        kind: kind.to_ascii_uppercase(),
                        size: size_text(f.size),
                    }
                })
                .collect()
        };
        let (attachments, data) = (files(Role::Attachment), files(Role::Data));
        let copies = [files(Role::LongPicture), files(Role::Brochure)].concat();
        let raw = |role: Role| {
            let member = manifest.members_of(role).next()?;
            at.has_views.then(|| address(&member.path))
        };
        let view = |name: &str| at.has_views.then(|| format!("{}/{name}", at.pinned));
        Self {
            title,
            number,
            index_number: known(evidence, metadata.index_number.as_ref(), Slot::IndexNumber),
            agency,
            written_on: known(evidence, metadata.written_on.as_ref(), Slot::WrittenOn),
            released_on: released_at.map(Timestamp::chinese_date),
            disclosure: match metadata.disclosure.attribute {
                Attribute::Proactive => "主动公开",
                Attribute::OnRequest => "依申请公开",
                Attribute::Withheld => "不予公开",
            },
            digest: edition.to_string(),
            short: edition.short().to_owned(),
            generation: generation.to_string(),
            revised: manifest.revises.is_some(),
            revision: manifest.revision,
            superseded: false,
            is_file: false,
            current_href: None,
            links: Links {
                own: Some(at.pinned.to_owned()),
                policy: view("policy"),
                interpretation: view("interpretation"),
                policy_raw: raw(Role::Policy),
                interpretation_raw: raw(Role::Interpretation),
                json: view("edition.json"),
            },
            attachments,
            data,
            copies,
        }
    }

    /// The edition's row in the list, leading to `href`.
    pub fn item(&self, href: String) -> Item {
        Item {
            title: self.title.clone(),
            number: self.number.clone(),
            agency: self.agency.clone(),
            released_on: self.released_on.clone(),
            href,
        }
    }
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
        let pages = Self { templates, look, css };
        own::probe(&pages)?;
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

/// A value that the manifest holds or else the registration.
fn known(evidence: &Evidence, value: Option<&String>, slot: Slot) -> Option<String> {
    let registered = || evidence.registration.as_ref()?.statement().slots.get(&slot);
    value.cloned().or_else(|| registered().map(|value| value.as_str().to_owned()))
}

/// A file's name for people, and what its extension says it is.
fn name_and_kind(path: &str) -> (&str, &str) {
    let file = path.rsplit('/').next().unwrap_or_default();
    file.rsplit_once('.').filter(|(name, _)| !name.is_empty()).unwrap_or((file, ""))
}

/// A size for people.
fn size_text(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

#[cfg(test)]
mod tests;
