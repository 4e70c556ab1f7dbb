//! Paragraphs without a mark: 款 of an article, 段 elsewhere, and what ends a text.

use super::{
    super::{mark::Level, numerals::chinese, signs},
    Ahead, Builder, Zone,
};

/// Items that a list has at least, before what stands behind the last of them can be told from it.
const ITEMS_MIN: u32 = 8;

/// Lines in which the date follows a text's last paragraphs.
const DATE_NEAR: usize = 8;

/// What a part's numbered list has so far.
#[derive(Debug, Default)]
pub(super) struct List {
    items: u32,
    /// Whether an item before the last goes on in a second paragraph or in items of its own.
    runs_on: bool,
}

impl List {
    pub(super) fn note_mark(&mut self, level: Level, is_heading: bool) {
        match level {
            Level::First | Level::Second if !is_heading => self.items += 1,
            Level::First | Level::Second | Level::Part | Level::Chapter | Level::Section => {}
            _ => self.runs_on = true,
        }
    }
}

impl Builder<'_, '_> {
    pub(super) fn take_paragraph(&mut self, index: usize, text: &str, ahead: Ahead) {
        if self.zone == Zone::Closed {
            self.add(index, Level::Paragraph, "尾注");
            return;
        }
        self.zone = Zone::Body;
        if self.ends_text(text, ahead) {
            self.open.clear();
            self.add(index, Level::Paragraph, "结尾");
            return;
        }
        while self.open.last().is_some_and(|open| open.level == Level::Paragraph) {
            self.open.pop();
        }
        let article = self.open.iter().rposition(|open| open.level == Level::Article);
        let is_below_heading = self.units.last().is_some_and(|unit| {
            unit.is_heading && unit.level > Level::Article && unit.level <= Level::Fifth
        });
        let item = self.item_going_on(ahead);
        if let Some(article) = article.filter(|_| !is_below_heading && item.is_none()) {
            // After the items of an article comes its next paragraph, not one of the last item.
            self.open.truncate(article + 1);
            self.paragraphs = self.article_paragraphs + 1;
            let name = format!("第{}款", chinese(self.paragraphs));
            self.open_unit(index, (Level::Paragraph.rank(), 0), Level::Paragraph, name);
            return;
        }
        if let Some(item) = item.filter(|_| article.is_some() && !is_below_heading) {
            self.open.truncate(item + 1);
        }
        self.paragraphs += 1;
        let name = match (self.open.is_empty(), self.paragraphs) {
            (true, 1) => "前言".to_owned(),
            (true, count) => format!("前言/第{count}段"),
            (false, count) => format!("第{count}段"),
        };
        self.list.runs_on |= !self.open.is_empty() && self.paragraphs > 1;
        self.add(index, Level::Paragraph, &name);
    }

    /// The open item below an article whose list goes on behind this paragraph: it is the item's own.
    fn item_going_on(&self, ahead: Ahead) -> Option<usize> {
        let (level, number) = ahead.next_mark?;
        let last = self.last_numbers.get(&(level.rank(), 0)).copied();
        let goes_on = level > Level::Article && number > 1 && last == Some(number - 1);
        self.open.iter().rposition(|open| goes_on && open.level == level)
    }

    /// Whether a paragraph speaks of the whole text, behind all that is numbered.
    fn ends_text(&self, text: &str, ahead: Ahead) -> bool {
        let last = self.units.last().and_then(|unit| unit.path.rsplit('/').next());
        if self.open.is_empty() {
            return last.is_some_and(|name| name.starts_with("结尾"));
        }
        let in_articles = self.open.iter().any(|open| open.level == Level::Article);
        let is_last = ahead.next_mark.is_none_or(|(_, number)| number == 1);
        // 八、其他事宜 holds what stands below it.
        let closes = (is_last || text.starts_with("特此"))
            && !self.is_at_heading()
            && (text.starts_with("特此") || !in_articles)
            && signs::is_closing(text);
        closes || (!in_articles && self.is_behind_list(ahead))
    }

    /// Whether every item of a long list was one paragraph, and this one stands behind the last of them and
    /// before the date. Within a section it may be the section's.
    fn is_behind_list(&self, ahead: Ahead) -> bool {
        let is_item = self.units.last().is_some_and(|unit| {
            matches!(unit.level, Level::First | Level::Second) && !unit.is_heading
        });
        let is_before_date = ahead.date_in.is_some_and(|count| count <= DATE_NEAR);
        is_item
            && self.open.len() == 1
            && is_before_date
            && ahead.next_mark.is_none_or(|(_, number)| number == 1)
            && self.list.items >= ITEMS_MIN
            && !self.list.runs_on
    }
}
