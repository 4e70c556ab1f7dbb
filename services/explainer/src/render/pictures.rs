//! The rendered members that are pictures, or printed.

use std::{collections::BTreeMap, num::NonZero, panic, thread};

use lockstep_proto::{
    edition::Slot,
    finding::Finding,
    manifest::{Manifest, Member, Metadata, Role},
};

use super::{
    Output, Steps,
    fragment::{is_markdown, text_of},
    refusal::{unpaintable, unset},
};
use crate::{
    blocks,
    long::{self, Article, Charts, Refusal},
    page::Page,
    picture, print,
    theme::Theme,
};

const PNG: &str = "image/png";
const PDF: &str = "application/pdf";

/// A picture to be painted.
pub(super) struct Picture {
    pub(super) path: String,
    pub(super) role: Role,
    pub(super) page: Page,
}

/// The interpretation as a page.
pub(super) struct Pages {
    /// To be looked at on a screen.
    pub(super) long: Page,
    /// To be printed, with figures below the charts that do not say them; none: the same.
    brochure: Option<Page>,
}

impl Pages {
    pub(super) fn brochure(&self) -> &Page {
        self.brochure.as_ref().unwrap_or(&self.long)
    }
}

/// The interpretation as one page, its charts among its words.
pub(super) fn long(
    draft: &Manifest,
    (member, files): (&Member, &BTreeMap<String, Vec<u8>>),
    (charts, data): Charts<'_>,
    theme: &Theme,
) -> Result<Pages, Vec<Finding>> {
    let source = files.get(&member.path).map(|bytes| text_of(bytes)).unwrap_or_default();
    let blocks = if is_markdown(&member.path) {
        blocks::from_markdown(&source)
    } else {
        blocks::from_plain(&source)
    };
    let Metadata { title, number, slots, .. } = &draft.metadata;
    let number = match number {
        Some(number) => format!("（{number}）"),
        None if slots.contains(&Slot::Number) => "（文号见正式文本）".to_owned(),
        None => String::new(),
    };
    let agency = &draft.agencies.publishing;
    let from = format!(
        "解读的政策文件：{}{number}。发布单位：{agency}。内容以政策文件正式文本为准。",
        titled(title)
    );
    let article = Article { title, agency, source: &from, blocks: &blocks, charts, theme };
    let pages = || {
        let with_data = || long::compose_with(&article, data);
        let brochure = (!data.is_empty()).then(with_data).transpose()?;
        Ok(Pages { long: long::compose(&article)?, brochure })
    };
    pages().map_err(|refusals: Vec<Refusal>| {
        refusals.iter().map(|why| unset(why, &member.path, &source)).collect()
    })
}

/// A title in 《》.
fn titled(title: &str) -> String {
    if title.starts_with('《') { title.to_owned() } else { format!("《{title}》") }
}

/// The interpretation's page as a brochure.
pub(super) fn brochure(page: &Page, agency: &str) -> Result<Output, Finding> {
    let path = "rendered/brochure.pdf".to_owned();
    let bytes = print::pdf(page, agency).map_err(|error| unpaintable(&path, &error))?;
    Ok(Output { path, role: Role::Brochure, media_type: PDF, bytes })
}

/// All pictures, on all cores.
pub(super) fn paint(pictures: &[Picture], steps: &Steps<'_>) -> Result<Vec<Output>, Finding> {
    let painted = |picture: &Picture| {
        let bytes =
            picture::png(&picture.page).map_err(|error| unpaintable(&picture.path, &error))?;
        steps.advance();
        Ok(Output { path: picture.path.clone(), role: picture.role, media_type: PNG, bytes })
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let share = pictures.len().div_ceil(workers).max(1);
    thread::scope(|scope| {
        let work = |share: &[Picture]| share.iter().map(painted).collect::<Vec<_>>();
        let shares: Vec<_> = pictures.chunks(share).map(|s| scope.spawn(move || work(s))).collect();
        let done = shares
            .into_iter()
            .map(|share| share.join().unwrap_or_else(|p| panic::resume_unwind(p)));
        done.flatten().collect()
    })
}
