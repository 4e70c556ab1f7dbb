//! Where a unit belongs: its path below those that are open.

use super::{
    super::{
        Unit,
        mark::{self, Level, Mark, strip_signs},
    },
    Builder, signs,
};

/// Kinds of the narrowest marks by themselves: see [`Mark::rank`].
const KINDS: u8 = 3;

/// An open unit that later ones can belong to.
#[derive(Debug)]
pub(super) struct Open {
    pub rank: (u8, u8),
    /// Which of the narrowest marks it has.
    pub kind: u8,
    pub level: Level,
    pub name: String,
    /// The number of its mark; 0 where it has none.
    pub number: u32,
}

impl Builder<'_, '_> {
    /// How wide a mark is here. Of the narrowest marks, 1）, ①, A. and a), that one lies below the others which
    /// begins within their list: a) 1) 2) b).
    pub(super) fn rank_of(&self, mark: &Mark) -> (u8, u8) {
        let (wide, kind) = mark.rank();
        if mark.level == Level::Decimal {
            return self.rank_of_decimal(mark);
        }
        let is_fifth = |open: &&Open| open.level == Level::Fifth;
        if mark.level != Level::Fifth {
            return (wide, kind);
        }
        let mut fifths = self.open.iter().filter(is_fifth);
        let same = fifths.clone().find(|open| open.kind == kind);
        let below = || {
            let innermost = fifths.next_back().filter(|_| mark.number == 1);
            innermost.map_or(kind, |open| open.rank.1.max(KINDS).saturating_add(1))
        };
        (wide, same.map_or_else(below, |open| open.rank.1))
    }

    /// How wide a decimal is here: 1.1 lies below 一、 that it counts on from and the （一） within, and 1. above 1.1
    /// below both; by themselves decimals are wider than either.
    fn rank_of_decimal(&self, mark: &Mark) -> (u8, u8) {
        let (alone, dots) = mark.rank();
        let first = mark.name.split('.').next().and_then(|first| first.parse().ok());
        let is_single = !mark.name.contains('.');
        let narrowest = if is_single { Level::Second } else { Level::Third };
        let listed = || {
            let is_listed = |open: &&Open| (Level::First..=narrowest).contains(&open.level);
            self.open.iter().rev().filter(is_listed)
        };
        // 1　总则 has no stop: it is the widest of its text.
        let is_below = if is_single {
            mark.len > mark.name.len()
        } else {
            listed().any(|open| first == Some(open.number))
        };
        let same = self.open.iter().find(|open| open.level == Level::Decimal);
        let above = same.or_else(|| listed().next().filter(|_| is_below));
        let wide = above.map_or(alone, |open| open.rank.0);
        (wide, if wide == alone { dots } else { dots.saturating_add(1) })
    }

    /// What counts on from a mark that stood above all decimals stands above them too.
    pub(super) fn close_decimals(&mut self, mark: &Mark, rank: (u8, u8)) {
        if !matches!(mark.level, Level::First | Level::Second) {
            return;
        }
        let last = self.last_numbers.get(&rank).copied();
        let counts_on = mark.number > 1 && last == Some(mark.number - 1);
        let decimal = self.open.iter().position(|open| open.level == Level::Decimal);
        if counts_on && !self.below_decimals.contains(&mark.level) {
            self.open.truncate(decimal.unwrap_or(self.open.len()));
        } else if decimal.is_some() {
            self.below_decimals.insert(mark.level);
        } else {
            self.below_decimals.remove(&mark.level);
        }
    }

    pub(super) fn open_unit(&mut self, index: usize, rank: (u8, u8), level: Level, name: String) {
        while self.open.last().is_some_and(|open| open.rank >= rank) {
            self.open.pop();
        }
        self.add(index, level, &name);
        let mark = self.pieces.get(index).and_then(|piece| piece.mark.as_ref());
        let (kind, number) = mark.map_or((0, 0), |mark| (mark.rank().1, mark.number));
        self.open.push(Open { rank, kind, level, name, number });
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
        let mark = mark.map_or("", |mark| as_written(piece.text, mark));
        // What an answer says begins behind 答：.
        let is_answer = level == Level::Paragraph && self.questions > 0;
        let answer = if is_answer { answer_mark(piece.text) } else { None };
        let mark = answer.unwrap_or(mark).to_owned();
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

fn answer_mark(text: &str) -> Option<&str> {
    let plain = strip_signs(text);
    plain.get(..mark::answer(plain)?).map(str::trim)
}

/// The mark itself, signs before it left out.
fn as_written<'t>(text: &'t str, mark: &Mark) -> &'t str {
    let found = mark::find(text).filter(|found| found.name == mark.name);
    found.and_then(|found| text.get(found.start..found.len)).unwrap_or_default().trim()
}
