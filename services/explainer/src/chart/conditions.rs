//! Where the condition of an arrow is written in a flow: on its own line and on no other's, or it would be read as of
//! that; and not over a corner, or nobody would see where its line turns.

use super::flow::noted;
use super::network::Placed;
use super::sheet::{Point, Sheet};

/// A longer one is a column of characters.
const LINES_MAX: usize = 3;

/// A condition in its place.
pub(super) struct Condition {
    pub(super) lines: Vec<String>,
    pub(super) middle: Point,
    size: (i32, i32),
}

/// What stands where conditions are to be written.
pub(super) struct Room<'r, 'a> {
    pub(super) sheet: &'r Sheet<'a>,
    pub(super) boxes: &'r [Placed],
    /// Of all arrows, of level and upright pieces.
    pub(super) arrows: Vec<&'r [Point]>,
    /// Left and right edge.
    pub(super) edges: (i32, i32),
    pub(super) taken: Vec<Condition>,
}

impl Room<'_, '_> {
    /// Puts the condition of one of the arrows as near as can be to the best of these places. It may be broken in one
    /// of these ways, the best first. None where it has no room.
    pub(super) fn place(&mut self, own: usize, ways: &[Vec<String>], best: &[Point]) -> Option<()> {
        let line = self.arrows.get(own).copied()?;
        let theme = self.sheet.theme;
        let mut along = along(line, theme.tick / 2);
        if let Some(best) = best.first() {
            along.sort_by_key(|at| (at.0 - best.0).abs() + (at.1 - best.1).abs());
        }
        let places: Vec<Point> = best.iter().copied().chain(along).collect();
        let found = [false, true].into_iter().find_map(|may_hide| {
            ways.iter().find_map(|lines| {
                let size = self.size_of(lines);
                let fits = |at: &&Point| self.fits(own, **at, size, may_hide);
                let middle = *places.iter().find(fits)?;
                Some(Condition { lines: lines.clone(), middle, size })
            })
        })?;
        self.taken.push(found);
        Some(())
    }

    /// With what is left free around it.
    fn size_of(&self, lines: &[String]) -> (i32, i32) {
        let theme = self.sheet.theme;
        let widths = lines.iter().map(|line| self.sheet.width_of(line, noted(theme)));
        let others = i32::try_from(lines.len()).unwrap_or(i32::MAX).saturating_sub(1);
        (widths.max().unwrap_or(0) + theme.gap, theme.tick * 4 / 3 + others * theme.tick * 6 / 5)
    }

    fn fits(&self, own: usize, at: Point, size: (i32, i32), may_hide: bool) -> bool {
        let place = Placed { middle: at, size };
        let (from, to) = (place.corner(-1), place.corner(1));
        let apart = |other: Point, other_size: (i32, i32)| {
            (other.0 - at.0).abs() >= i32::midpoint(other_size.0, size.0)
                || (other.1 - at.1).abs() >= i32::midpoint(other_size.1, size.1)
        };
        let hides = |corner: &Point| {
            from.0 <= corner.0 && corner.0 <= to.0 && from.1 <= corner.1 && corner.1 <= to.1
        };
        let is_clear = |(number, line): (usize, &&[Point])| {
            if number == own { may_hide || !line.iter().any(hides) } else { !touches(line, &place) }
        };
        from.0 >= self.edges.0
            && to.0 <= self.edges.1
            && self.boxes.iter().all(|placed| apart(placed.middle, placed.size))
            && self.taken.iter().all(|other| apart(other.middle, other.size))
            && self.arrows.iter().enumerate().all(is_clear)
    }
}

/// Places on a line, so far from each other.
fn along(line: &[Point], step: i32) -> Vec<Point> {
    let step = step.max(1);
    let mut places = vec![];
    for pair in line.windows(2) {
        let [from, to] = pair else { continue };
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let count = dx.abs().max(dy.abs()) / step;
        let at = |n: i32| (from.0 + dx.signum() * n * step, from.1 + dy.signum() * n * step);
        places.extend((0..=count).map(at));
    }
    places
}

/// Whether a line of level and upright pieces is anywhere in a place or on its border.
fn touches(line: &[Point], place: &Placed) -> bool {
    let (from, to) = (place.corner(-1), place.corner(1));
    line.windows(2).any(|piece| match piece {
        [a, b] => {
            a.0.max(b.0) >= from.0
                && a.0.min(b.0) <= to.0
                && a.1.max(b.1) >= from.1
                && a.1.min(b.1) <= to.1
        }
        _ => false,
    })
}

/// A condition in one line, in two, in three, as far as it can be broken to that.
pub(super) fn ways(sheet: &Sheet<'_>, text: &str) -> Vec<Vec<String>> {
    let style = noted(sheet.theme);
    let mut ways = vec![vec![text.to_owned()]];
    let width = sheet.width_of(text, style);
    for count in [2, 3] {
        // Words seldom end where the half is.
        let measure = width / count + sheet.theme.tick;
        let broken = sheet.broken(text, style, measure).ok();
        let is_new = |lines: &Vec<String>| {
            lines.len() <= LINES_MAX && ways.last().is_none_or(|last| last.len() < lines.len())
        };
        if let Some(lines) = broken.filter(is_new) {
            ways.push(lines);
        }
    }
    ways
}
