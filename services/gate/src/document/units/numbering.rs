//! Numbers that are left out or come twice.

use super::{
    super::{
        mark::{Level, Mark},
        numerals::chinese,
    },
    Builder,
};

/// A gap or a repetition in a numbering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Flaw {
    /// The mark before this one is missing.
    Gap { start: usize, missing: String },
    /// The same mark again.
    Again { start: usize, mark: String },
    /// The text is torn apart by page numbers.
    Torn { start: usize },
}

impl Builder<'_, '_> {
    /// Numbers go up by one, or begin again; anything else is said.
    pub(super) fn note_number(&mut self, index: usize, mark: &Mark, rank: (u8, u8)) {
        let last = self.last_numbers.insert(rank, mark.number).unwrap_or(0);
        let is_listed = !matches!(mark.level, Level::Question | Level::Decimal);
        let start = self.pieces.get(index).map_or(0, |piece| piece.start);
        if is_listed && !mark.name.contains('之') && mark.number != 1 {
            if mark.number > last + 1 {
                let missing = [last + 1, mark.number - 1].map(|number| name_of(mark, number));
                let [first, end] = &missing;
                let missing =
                    if first == end { first.clone() } else { format!("{first} … {end}") };
                self.flaws.push(Flaw::Gap { start, missing });
            } else if mark.number <= last {
                self.flaws.push(Flaw::Again { start, mark: name_of(mark, mark.number) });
            }
        }
        // The narrowest levels begin again under each wider one; the others may run on.
        self.last_numbers.retain(|held, _| *held <= rank || held.0 < Level::Fourth.rank());
    }
}

/// The mark of this number, as `mark` is written.
fn name_of(mark: &Mark, number: u32) -> String {
    match mark.level {
        Level::Part => format!("第{}编", chinese(number)),
        Level::Chapter => format!("第{}章", chinese(number)),
        Level::Section => format!("第{}节", chinese(number)),
        Level::Article => format!("第{}条", chinese(number)),
        Level::First => format!("{}、", chinese(number)),
        Level::Second => format!("（{}）", chinese(number)),
        Level::Fourth => format!("（{number}）"),
        Level::Fifth if mark.name.ends_with('）') => format!("{number}）"),
        _ => format!("{number}."),
    }
}
