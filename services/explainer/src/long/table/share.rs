//! How a table's columns share the measure: each has room for its longest unbreakable piece, and the rest goes where it
//! saves lines. Type is made smaller where figures need it, or where a table would else be much higher.

use super::{CELL, HEAD, PADDING_DOWN, SIZES, Setting, figures};
use crate::{
    blocks::{Side, Table},
    font::Weight,
    long::{Look, MEASURE, Sheet, bolder, sheet::px},
    set::Run,
};

/// So many 汉字 have room beside one another in every column.
const WORDS_LEAST: u16 = 3;
/// So many are few: they stand on one line if they can.
const WORDS_FEW: u32 = 6;
/// Between columns as wide as each other and such as wide as what they say are so many steps.
const MIXES: u32 = 4;
/// A table none of whose cells has more lines is not made smaller.
const LINES_FEW: u32 = 3;
/// By so many px at a time room goes from one column to another.
const MOVES: [u32; 4] = [96, 48, 24, 12];
/// So often at most in each size of step, and reckoned for so many rows at most: the work is linear in the table.
const MOVES_MAX: usize = 24;
const ROWS_MAX: usize = 48;

/// What one column has to have, and what it would have if nothing were broken.
#[derive(Clone, Copy)]
struct Need {
    least: u32,
    all: u32,
}

/// A table in type of one size.
struct Sized<'t> {
    table: &'t Table,
    head: Look,
    cell: Look,
    /// Beside the words of a cell.
    padding: u32,
    /// Right of the words of each column, beyond the padding.
    gaps: Vec<u32>,
    needs: Vec<Need>,
    /// The widths of the paragraphs of each cell.
    cells: Vec<Vec<Vec<u32>>>,
}

/// What a table has if there is room for it.
#[derive(Clone, Copy)]
struct Asked {
    /// No date is broken.
    has_dates: bool,
    /// Figures stand a character apart from words right of them, which they would seem to be one with.
    has_gaps: bool,
}

/// From the best.
const ASKED: [Asked; 3] = [
    Asked { has_dates: true, has_gaps: true },
    Asked { has_dates: false, has_gaps: true },
    Asked { has_dates: false, has_gaps: false },
];

/// Whether its figures can stand whole in some size.
pub(super) fn fits(sheet: &Sheet<'_>, table: &Table) -> bool {
    let asked = Asked { has_dates: false, has_gaps: false };
    SIZES.iter().rev().any(|size| Sized::of(sheet, table, *size, asked).has_room())
}

/// As large as it can be set with whole dates, or else with broken ones; smaller where that saves much.
pub(super) fn best(sheet: &Sheet<'_>, table: &Table, sizes: &[(u16, u16, u32)]) -> Option<Setting> {
    ASKED.into_iter().find_map(|asked| {
        let mut found: Option<(u64, Setting)> = None;
        for size in sizes {
            let sized = Sized::of(sheet, table, *size, asked);
            if !sized.has_room() {
                continue;
            }
            let widths = sized.widths(sheet);
            let lines = sized.lines(sheet, &widths);
            // What is half as high may be set a sixth smaller.
            let (own, full) = (u64::from(size.0), u64::from(HEAD.size));
            let height = u64::from(lines.rows).saturating_mul(u64::from(size.1));
            let cost = height.saturating_mul(full.pow(4)) / own.pow(4).max(1);
            if found.as_ref().is_none_or(|(least, _)| cost < *least) {
                found = Some((cost, sized.into_setting(widths)));
            }
            if lines.most <= LINES_FEW {
                break;
            }
        }
        found.map(|(_, setting)| setting)
    })
}

impl<'t> Sized<'t> {
    fn of(
        sheet: &Sheet<'_>,
        table: &'t Table,
        (size, leading, padding): (u16, u16, u32),
        Asked { has_dates, has_gaps }: Asked,
    ) -> Self {
        let (head, cell) = (Look { size, leading, ..HEAD }, Look { size, leading, ..CELL });
        let mut needs = vec![Need { least: 0, all: 0 }; table.sides.len()];
        let mut cells = vec![];
        for (index, row) in table.rows.iter().enumerate() {
            let mut own_row = vec![];
            for (runs, need) in row.iter().zip(&mut needs) {
                let lines = sheet.lines(&bolder(runs), cell, 20 * MEASURE);
                let lines: Vec<u32> = lines.iter().map(|line| px(line.width)).collect();
                let own = lines.iter().copied().max().unwrap_or(0);
                need.all = need.all.max(own);
                need.least = need.least.max(own.min(u32::from(size * WORDS_LEAST / 10)));
                let is_bold = index == 0 || runs.iter().any(|run| run.weight == Weight::Bold);
                need.least = need.least.max(figures(sheet, runs, cell, (is_bold, has_dates)));
                own_row.push(lines);
            }
            cells.push(own_row);
        }
        let gap = (u32::from(size) / 10).saturating_sub(2 * padding);
        let next = table.sides.iter().skip(1).map(Some).chain([None]);
        let is_close = |(side, next): (&Side, Option<&Side>)| {
            *side == Side::Right && next.is_some_and(|next| *next != Side::Right)
        };
        let gaps = table.sides.iter().zip(next).map(is_close);
        let gaps: Vec<u32> =
            gaps.map(|is_close| if has_gaps && is_close { gap } else { 0 }).collect();
        for (need, gap) in needs.iter_mut().zip(&gaps) {
            need.all = need.all.max(need.least) + 2 * padding + gap;
            need.least += 2 * padding + gap;
        }
        Self { table, head, cell, padding, gaps, needs, cells }
    }

    /// Whether every column has what it has to have.
    fn has_room(&self) -> bool {
        self.needs.iter().map(|need| need.least).sum::<u32>() <= MEASURE
    }

    fn into_setting(self, widths: Vec<u32>) -> Setting {
        let (padding, gaps, head, cell) = (self.padding, self.gaps, self.head, self.cell);
        Setting { widths, padding, gaps, padding_down: PADDING_DOWN, head, cell }
    }

    /// What takes the fewest lines: columns as wide as each other but for those that need less, such as wide as what
    /// they say, something between, or what room moved from one to another makes of these.
    fn widths(&self, sheet: &Sheet<'_>) -> Vec<u32> {
        let all: u32 = self.needs.iter().map(|need| need.all).sum();
        if all <= MEASURE {
            return self.needs.iter().map(|need| need.all * MEASURE / all.max(1)).collect();
        }
        let (even, uneven) = (self.even(), self.uneven());
        let mixed = |parts: u32| -> Vec<u32> {
            let pairs = even.iter().zip(&uneven);
            pairs.map(|(even, uneven)| (even * (MIXES - parts) + uneven * parts) / MIXES).collect()
        };
        let mixes = (0..=MIXES).map(mixed);
        let moved =
            [self.moved(uneven.clone(), &self.kept()), self.moved(even.clone(), &self.needs)];
        let of = |widths: &Vec<u32>| {
            let lines = self.lines(sheet, widths);
            // A character alone on a line is as ugly as a line more.
            (lines.rows + lines.lone, lines.cells)
        };
        mixes.chain(moved).min_by_key(of).unwrap_or_default()
    }

    /// At the widest level at which all columns fit.
    fn even(&self) -> Vec<u32> {
        let at =
            |level: u32| self.needs.iter().map(move |need| need.all.min(level).max(need.least));
        let (mut fits, mut over) = (0, MEASURE + 1);
        while over - fits > 1 {
            let middle = u32::midpoint(fits, over);
            if at(middle).sum::<u32>() <= MEASURE { fits = middle } else { over = middle }
        }
        at(fits).collect()
    }

    /// What says a few characters says them on one line, where there is room.
    fn kept(&self) -> Vec<Need> {
        let few = u32::from(self.cell.size) * WORDS_FEW / 10 + 2 * self.padding;
        let kept = |need: &Need| Need {
            least: if need.all <= few { need.all } else { need.least },
            ..*need
        };
        let kept: Vec<Need> = self.needs.iter().map(kept).collect();
        let has_room = kept.iter().map(|need| need.least).sum::<u32>() <= MEASURE;
        if has_room { kept } else { self.needs.clone() }
    }

    /// With what is left after the least in proportion to what each lacks.
    fn uneven(&self) -> Vec<u32> {
        let needs = self.kept();
        let (spare, lacking) = needs.iter().fold((MEASURE, 0_u32), |(spare, lacking), need| {
            (spare.saturating_sub(need.least), lacking.saturating_add(need.all - need.least))
        });
        let share = |Need { least, all }: &Need| {
            let lacks = all - least;
            let share = u64::from(spare) * u64::from(lacks) / u64::from(lacking.max(1));
            least + u32::try_from(share).unwrap_or(lacks).min(lacks)
        };
        needs.iter().map(share).collect()
    }

    /// With room moved from one column to another as long as that saves lines.
    fn moved(&self, mut widths: Vec<u32>, needs: &[Need]) -> Vec<u32> {
        let step = self.cells.len().div_ceil(ROWS_MAX).max(1);
        let rows: Vec<&Vec<Vec<u32>>> = self.cells.iter().step_by(step).collect();
        let mut least = self.reckoned(&rows, &widths);
        for by in MOVES {
            for _ in 0..MOVES_MAX {
                let tried = (0..widths.len()).flat_map(|from| {
                    let widths = &widths;
                    (0..widths.len())
                        .filter_map(move |to| with_moved((widths, needs), (from, to), by))
                });
                let tried = tried.map(|widths| (self.reckoned(&rows, &widths), widths));
                match tried.min_by_key(|(lines, _)| *lines).filter(|(lines, _)| *lines < least) {
                    Some(better) => (least, widths) = better,
                    None => break,
                }
            }
        }
        widths
    }

    /// About how many lines the rows take, and the cells one by one.
    fn reckoned(&self, rows: &[&Vec<Vec<u32>>], widths: &[u32]) -> (u32, u32) {
        // So much of a line is left empty on the mean.
        let left = u32::from(self.cell.size) * 4 / 100;
        let count = |(paragraphs, (width, gap)): (&Vec<u32>, (&u32, &u32))| -> u32 {
            let inner = width.saturating_sub(2 * self.padding + gap).max(1);
            let lines = |own: &u32| {
                if *own <= inner { 1 } else { own.div_ceil(inner.saturating_sub(left).max(1)) }
            };
            paragraphs.iter().map(lines).sum()
        };
        rows.iter().fold((0, 0), |(all, each), row| {
            let own = || row.iter().zip(widths.iter().zip(&self.gaps)).map(count);
            (all + own().max().unwrap_or(0), each + own().sum::<u32>())
        })
    }

    fn lines(&self, sheet: &Sheet<'_>, widths: &[u32]) -> Lines {
        let set = |index: usize, runs: &[Run], (width, gap): (u32, u32)| {
            let inner = width.saturating_sub(2 * self.padding + gap);
            let look = if index == 0 { self.head } else { self.cell };
            let lines = sheet.lines(runs, look, inner);
            let is_lone =
                lines.len() > 1 && lines.last().is_some_and(|line| line.glyphs.len() == 1);
            (u32::try_from(lines.len()).unwrap_or(u32::MAX), u32::from(is_lone))
        };
        let mut lines = Lines { rows: 0, cells: 0, most: 0, lone: 0 };
        for (index, row) in self.table.rows.iter().enumerate() {
            let columns = row.iter().zip(widths.iter().zip(&self.gaps));
            let own = columns.map(|(runs, (width, gap))| set(index, runs, (*width, *gap)));
            let (own, lone): (Vec<u32>, Vec<u32>) = own.unzip();
            lines.lone += lone.iter().sum::<u32>();
            let high = own.iter().copied().max().unwrap_or(0);
            lines.rows += high;
            lines.cells += own.iter().sum::<u32>();
            lines.most = lines.most.max(high);
        }
        lines
    }
}

/// With so much of one column's room in another, where that can spare it.
fn with_moved(
    (widths, needs): (&[u32], &[Need]),
    (from, to): (usize, usize),
    by: u32,
) -> Option<Vec<u32>> {
    let need = needs.get(from)?;
    let mut moved = widths.to_vec();
    let giving = moved.get_mut(from).filter(|_| from != to)?;
    *giving = giving.checked_sub(by).filter(|left| *left >= need.least)?;
    *moved.get_mut(to)? += by;
    Some(moved)
}

/// How many lines a table has.
struct Lines {
    /// Of its rows.
    rows: u32,
    /// Of its cells, one by one.
    cells: u32,
    /// Of the highest row.
    most: u32,
    /// Those that have one character only, the last ones of their cells.
    lone: u32,
}
