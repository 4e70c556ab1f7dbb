//! Where a unit belongs: its path below those that are open.

use super::{
    super::{
        Unit,
        mark::{self, Level, Mark},
    },
    Builder, signs,
};

/// An open unit that later ones can belong to.
#[derive(Debug)]
pub(super) struct Open {
    pub rank: (u8, u8),
    pub level: Level,
    pub name: String,
}

impl Builder<'_, '_> {
    pub(super) fn open_unit(&mut self, index: usize, rank: (u8, u8), level: Level, name: String) {
        while self.open.last().is_some_and(|open| open.rank >= rank) {
            self.open.pop();
        }
        self.add(index, level, &name);
        self.open.push(Open { rank, level, name });
    }

    /// Adds a unit below the open ones.
    pub(super) fn add(&mut self, index: usize, level: Level, name: &str) {
        let Some(piece) = self.pieces.get(index) else { return };
        let is_around = !level.is_structural() && !matches!(level, Level::Paragraph | Level::Table);
        let open = if is_around { &[] } else { self.open.as_slice() };
        // Articles are counted through all chapters and groups, and cited without them.
        let skip =
            if level == Level::Article || open.iter().any(|open| open.level == Level::Article) {
                open.iter()
                    .position(|open| open.level >= Level::Article && open.level != Level::Heading)
                    .unwrap_or(open.len())
            } else {
                0
            };
        let names = open.iter().skip(skip).map(|open| open.name.as_str());
        let path: Vec<&str> = self.part.as_deref().into_iter().chain(names).chain([name]).collect();
        let mut path = path.join("/");
        let count = self.used.entry(path.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            path = format!("{path}#{count}");
        }
        match level {
            Level::Title => self.has_title = true,
            Level::Paragraph => self.article_paragraphs += 1,
            _ => {}
        }
        let mark = piece.mark.as_ref().filter(|_| level.is_structural());
        let mark = mark.map_or("", |mark| as_written(piece.text, mark)).to_owned();
        self.units.push(Unit {
            path,
            mark,
            level,
            start: piece.start,
            end: piece.start,
            part: self.part.clone(),
            number: None,
            is_heading: matches!(level, Level::Heading),
            is_whole_title: level == Level::Title && signs::is_whole_title(piece.text),
        });
    }
}

/// The mark itself, signs before it left out.
fn as_written<'t>(text: &'t str, mark: &Mark) -> &'t str {
    let found = mark::find(text).filter(|found| found.name == mark.name);
    found.and_then(|found| text.get(found.start..found.len)).unwrap_or_default().trim()
}
