//! Sets text in lines, every character in its place: Chinese rules for what may begin and end a line (`stops`
//! of the charts), full-width marks that give up their blank half beside one another and at the edges, a
//! quarter of an em between Chinese and Latin, lines as wide as the measure (CLREQ 3.1.3 to 3.1.6,
//! 3.2; GB/T 15834-2011). Lines are chosen over the whole paragraph, not one after the other: so the last
//! one need not hold a single character.

use std::sync::Arc;

use crate::{
    chart::text::{Kind, NEVER_ENDS, NEVER_STARTS, Stop, is_chinese, loneliness, stops},
    font::{Fonts, Weight},
    page::Glyph,
};

/// Marks whose left half is blank.
const OPENERS: &str = "（《〈「『【〔﹝〖“‘";
/// Marks whose right half is blank. Not ！ and ？: they stand in the middle in some faces, and are read as louder
/// with their room.
const CLOSERS: &str = "）》〉」』】〕﹞〗”’，。、；：";
/// A last line with no more than one sign costs as much as lines that are a fifth too short.
const WIDOW: i64 = 40_000;
/// A line that each distance would have to be widened for by more than this part of an em stays ragged:
/// holes read worse.
const STRETCH_PART: i32 = 8;

/// Text of one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Whole words or parts of them; `\n` ends a line.
    pub text: String,
    /// Which face.
    pub weight: Weight,
    /// Struck through.
    pub is_struck: bool,
    /// Where it leads, where that can be followed.
    pub link: Option<Arc<str>>,
}

impl Run {
    /// Words as they are.
    pub fn regular(text: &str) -> Self {
        Self { text: text.to_owned(), weight: Weight::Regular, is_struck: false, link: None }
    }
}

/// How lines are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// All lines but the last are as wide as the measure.
    Justified,
    /// Lines as full as can be, their ends as they come: cells.
    Ragged,
    /// As few lines as can be where no word is torn, each about as long as the others, broken between clauses:
    /// headings.
    Even,
}

/// What a text is set to. Lengths are tenths of a px.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Of the type.
    pub size: u16,
    /// No line is wider.
    pub width: i32,
    /// How lines are filled.
    pub fill: Fill,
}

/// A line, from 0 at its left edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Without the spaces at its ends.
    pub glyphs: Vec<Glyph>,
    /// From its left edge to where its last sign ends.
    pub width: i32,
    /// From where to where it is struck through.
    pub struck: Vec<(i32, i32)>,
    /// From where to where it leads somewhere.
    pub links: Vec<(i32, i32, Arc<str>)>,
}

impl Line {
    /// Its characters.
    pub fn text(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.character).collect()
    }
}

/// The lines of a text. Spaces are tidied; nothing else is lost.
pub fn set(runs: &[Run], measure: Measure, fonts: &Fonts) -> Vec<Line> {
    let mut signs = vec![];
    let mut lines = vec![];
    for run in runs {
        let mut parts = run.text.split('\n');
        push(&mut signs, parts.next().unwrap_or_default(), run);
        for part in parts {
            lines.extend(Paragraph::new(std::mem::take(&mut signs), measure, fonts).lines());
            push(&mut signs, part, run);
        }
    }
    lines.extend(Paragraph::new(signs, measure, fonts).lines());
    lines
}

/// One character and what is to be seen of it.
struct Sign {
    character: char,
    weight: Weight,
    is_struck: bool,
    link: Option<Arc<str>>,
    advance: i32,
    /// Between it and what stands before it on its line: blank that is added, or given up.
    gap: i32,
    /// How much of the distance before it a tight line may take.
    slack: i32,
    /// Whether a line may be widened before it.
    is_loose: bool,
}

fn push(signs: &mut Vec<Sign>, text: &str, run: &Run) {
    for character in text.chars() {
        let character = if character.is_whitespace() { ' ' } else { character };
        let is_blank = signs.last().is_none_or(|last: &Sign| last.character == ' ');
        if character != ' ' || !is_blank {
            let (weight, is_struck) = (run.weight, run.is_struck);
            let (advance, gap, slack, is_loose) = (0, 0, 0, false);
            let link = run.link.clone();
            signs.push(Sign { character, weight, is_struck, link, advance, gap, slack, is_loose });
        }
    }
}

struct Paragraph {
    measure: Measure,
    signs: Vec<Sign>,
    /// How wide the first signs are, gaps and all; and how much tighter they may be.
    reach: Vec<(i32, i32)>,
}

/// The best way found to set the text up to one stop.
#[derive(Default)]
struct Way {
    cost: Cost,
    /// Index of the stop where its last line begins.
    from: usize,
}

/// Compared field by field, in this order.
#[derive(Default, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    /// Broken where the rules forbid it, because nothing else fits.
    broken: i64,
    forced: i64,
    /// Of headings only: lines of one or two characters, and words that may be torn.
    alone: i64,
    torn: i64,
    lines: i64,
    ragged: i64,
}

impl Paragraph {
    fn new(mut signs: Vec<Sign>, measure: Measure, fonts: &Fonts) -> Self {
        if signs.last().is_some_and(|last| last.character == ' ') {
            signs.pop();
        }
        let size = i32::from(measure.size);
        for sign in &mut signs {
            sign.advance = fonts.metrics(sign.weight).advance(sign.character, size);
        }
        for index in 1..signs.len() {
            let after = signs.get(index + 1).map(|sign| sign.character);
            let Some([before, sign]) = signs.get_mut(index - 1..=index) else { continue };
            between(before, sign, after, size);
        }
        let mut reach = vec![(0, 0)];
        let (mut width, mut slack) = (0, 0);
        for sign in &signs {
            width += sign.gap + sign.advance;
            slack += sign.slack;
            reach.push((width, slack));
        }
        Self { measure, signs, reach }
    }

    fn lines(&self) -> Vec<Line> {
        let stops = self.stops();
        let mut ways: Vec<Way> = vec![Way::default()];
        for (reached, &(end, kind)) in stops.iter().enumerate().skip(1) {
            let mut best: Option<Way> = None;
            for (from, (&(start, _), way)) in
                stops.iter().zip(&ways).enumerate().take(reached).rev()
            {
                let (width, slack) = self.extent(start, end);
                if width - slack > self.measure.width && from + 1 < reached {
                    break;
                }
                let mut cost = way.cost.clone();
                self.add(&mut cost, (start, end), kind);
                if best.as_ref().is_none_or(|best| cost < best.cost) {
                    best = Some(Way { cost, from });
                }
            }
            ways.push(best.unwrap_or_default());
        }
        let mut lines = vec![];
        let mut reached = stops.len().saturating_sub(1);
        while reached > 0 {
            let (Some(&(end, _)), Some(way)) = (stops.get(reached), ways.get(reached)) else {
                break;
            };
            let start = stops.get(way.from).map_or(0, |&(start, _)| start);
            lines.push(self.place(start, end));
            // A way leads back to an earlier stop by how it was built; `min` keeps that plain.
            reached = way.from.min(reached - 1);
        }
        lines.reverse();
        lines
    }

    /// Where lines may end, counted in signs. Between stops that lie farther apart than the measure, which
    /// takes a line of marks, every sign is one.
    fn stops(&self) -> Vec<(usize, Option<Kind>)> {
        let text: String = self.signs.iter().map(|sign| sign.character).collect();
        let mut found: Vec<(usize, Option<Kind>)> = vec![];
        let mut bytes = text.char_indices().map(|(at, _)| at).chain([text.len()]).enumerate();
        for Stop { at, kind } in stops(&text) {
            let Some((index, _)) = bytes.find(|&(_, byte)| byte == at) else { break };
            if let Some(&(last, _)) = found.last()
                && self.tightest(last, index) > self.measure.width
            {
                found.extend(
                    (last + 1..index).filter(|&at| !self.is_space(at)).map(|at| (at, None)),
                );
            }
            found.push((index, Some(kind)));
        }
        found
    }

    fn tightest(&self, start: usize, end: usize) -> i32 {
        let (width, slack) = self.extent(start, end);
        width - slack
    }

    /// How wide a line of these signs is, without the blanks at its edges, and how much tighter it may be.
    fn extent(&self, start: usize, end: usize) -> (i32, i32) {
        let end = self.trimmed(start, end);
        let (Some(first), Some(last)) =
            (self.signs.get(start), self.signs.get(end.wrapping_sub(1)))
        else {
            return (0, 0);
        };
        let at = |index| self.reach.get(index).copied().unwrap_or_default();
        let ((from, loose), (to, tight)) = (at(start), at(end));
        let edges = first.gap + self.lead(first) + self.trail(last);
        (to - from - edges, tight - loose - first.slack)
    }

    /// The end of the line without the space before it.
    fn trimmed(&self, start: usize, end: usize) -> usize {
        if end > start && self.is_space(end - 1) { end - 1 } else { end }
    }

    fn is_space(&self, index: usize) -> bool {
        self.signs.get(index).is_some_and(|sign| sign.character == ' ')
    }

    /// The blank half of a mark that begins a line.
    fn lead(&self, first: &Sign) -> i32 {
        if is_full(first, OPENERS, self.measure.size) { first.advance / 2 } else { 0 }
    }

    /// The blank half of a mark that ends one.
    fn trail(&self, last: &Sign) -> i32 {
        if is_full(last, CLOSERS, self.measure.size) { last.advance / 2 } else { 0 }
    }

    fn add(&self, cost: &mut Cost, (start, end): (usize, usize), kind: Option<Kind>) {
        let (width, slack) = self.extent(start, end);
        let measure = self.measure.width.max(1);
        let part = |lacking: i32, of: i32| {
            let lacking = i64::from(lacking) * 1000 / i64::from(of.max(1));
            lacking * lacking
        };
        let is_last = end == self.signs.len();
        cost.broken += i64::from(kind.is_none());
        cost.forced += kind.map_or(0, Kind::force);
        match self.measure.fill {
            Fill::Even => {
                let said = self.signs.get(start..end).unwrap_or_default();
                let is_whole = start == 0 && is_last;
                let lonely = loneliness(said.iter().map(|sign| sign.character));
                cost.alone += if is_whole { 0 } else { lonely };
                cost.torn += kind.map_or(0, Kind::tears);
                cost.lines += 1;
                cost.ragged += part((measure - width).max(0), measure);
                cost.ragged += 2 * kind.map_or(0, Kind::unevenness);
            }
            _ if self.measure.fill == Fill::Ragged && kind == Some(Kind::Date) => {
                // A cell's date is broken where nothing else fits.
                cost.forced += 1;
                cost.ragged += part((measure - width).max(0), measure);
            }
            Fill::Justified | Fill::Ragged if is_last => {
                let said = self.signs.get(start..end).unwrap_or_default();
                let said = said.iter().filter(|sign| sign.character.is_alphanumeric());
                let is_widow = start > 0 && said.count() < 2;
                cost.ragged += if is_widow { WIDOW } else { 0 };
            }
            // The tightest line costs as much as one that is an em too short.
            Fill::Justified | Fill::Ragged if width > measure => {
                cost.ragged += part(width - measure, slack) / 1000;
            }
            Fill::Justified | Fill::Ragged => cost.ragged += part(measure - width, measure),
        }
    }

    /// A line of these signs, its distances widened or tightened to the measure.
    fn place(&self, start: usize, end: usize) -> Line {
        let end = self.trimmed(start, end);
        let (width, slack) = self.extent(start, end);
        let signs = self.signs.get(start..end).unwrap_or_default();
        let lacking = self.measure.width - width;
        let loose = i32::try_from(signs.iter().skip(1).filter(|sign| sign.is_loose).count());
        let most = loose.unwrap_or(0) * i32::from(self.measure.size) / STRETCH_PART;
        let is_stretched =
            self.measure.fill == Fill::Justified && end < self.signs.len() && lacking <= most;
        let weigh = |sign: &Sign| match lacking {
            ..0 => sign.slack,
            _ if is_stretched => i32::from(sign.is_loose),
            _ => 0,
        };
        let all = if lacking < 0 { slack } else { signs.iter().skip(1).map(weigh).sum() };
        let mut line = Line { glyphs: vec![], width, struck: vec![], links: vec![] };
        let (mut pen, mut passed) = (-signs.first().map_or(0, |first| self.lead(first)), 0);
        for (index, sign) in signs.iter().enumerate() {
            if index > 0 {
                pen += sign.gap;
                passed += weigh(sign);
            }
            let moved = if all > 0 {
                let share = i64::from(lacking) * i64::from(passed) / i64::from(all);
                i32::try_from(share).unwrap_or(0)
            } else {
                0
            };
            let x = pen + moved;
            line.glyphs.push(Glyph { character: sign.character, weight: sign.weight, x });
            if sign.is_struck {
                match line.struck.last_mut().filter(|_| index > 0) {
                    Some((_, to)) if signs.get(index - 1).is_some_and(|s| s.is_struck) => {
                        *to = x + sign.advance;
                    }
                    _ => line.struck.push((x, x + sign.advance)),
                }
            }
            if let Some(link) = &sign.link {
                match line.links.last_mut().filter(|(.., last)| last == link) {
                    Some((_, to, _)) => *to = x + sign.advance,
                    None => line.links.push((x, x + sign.advance, Arc::clone(link))),
                }
            }
            pen += sign.advance;
        }
        if all > 0 {
            line.width = self.measure.width;
        }
        line
    }
}

/// What stands between two signs.
fn between(before: &mut Sign, sign: &mut Sign, after: Option<char>, size: i32) {
    let (a, b) = (before.character, sign.character);
    let is_closed = is_full_at(before, CLOSERS, size);
    let is_opening = is_full_at(sign, OPENERS, size);
    let is_marked = is_opening || is_full_at(sign, CLOSERS, size);
    if (is_closed && is_marked) || (is_full_at(before, OPENERS, size) && is_opening) {
        sign.gap = -size / 2;
        return;
    }
    // A space between Chinese and Latin is the quarter that would stand there without it.
    let is_between = b == ' ' && after.is_some_and(|after| is_mixed(a, after));
    if is_between {
        sign.advance = size / 4;
    }
    if is_mixed(a, b) {
        sign.gap = size / 4;
    }
    sign.slack = if is_mixed(a, b) {
        size / 8
    } else if a != ' ' && (is_closed || is_opening) {
        size / 4
    } else {
        0
    };
    let is_held = NEVER_ENDS.contains(a)
        || NEVER_STARTS.contains(b)
        || is_word(a) && is_word(b)
        || a == b && matches!(a, '—' | '…');
    sign.is_loose = !is_held;
}

/// Whether a mark of these is as wide as a 汉字, half of it blank.
fn is_full(sign: &Sign, marks: &str, size: u16) -> bool {
    is_full_at(sign, marks, i32::from(size))
}

fn is_full_at(sign: &Sign, marks: &str, size: i32) -> bool {
    marks.contains(sign.character) && sign.advance == size
}

/// A 汉字 beside a Latin letter or a digit.
fn is_mixed(a: char, b: char) -> bool {
    let is_hanzi = |c: char| is_chinese(c) && c.is_alphabetic();
    let is_latin =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '%' | '‰' | '℃' | '+' | '-' | '$');
    is_hanzi(a) && is_latin(b) || is_latin(a) && is_hanzi(b)
}

/// Part of a Latin word or a number.
fn is_word(c: char) -> bool {
    c.is_ascii_graphic() || (c.is_alphanumeric() && !is_chinese(c))
}

#[cfg(test)]
mod tests;
