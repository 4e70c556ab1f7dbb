//! Conditional formats, as far as they keep from view what a cell holds: number formats that show nothing, type
//! of its ground's colour, bars and signs in the number's place (ISO/IEC 29500-1, 18.3.1.10 and 18.3.1.18).

use super::{
    looks::{Change, Looks},
    unseen_cells::Area,
    workbook::column_of,
    xml::Element,
};

/// Steps taken for a sheet at most: areas may all overlap.
const STEPS_MAX: usize = 4_000_000;
/// Areas of a sheet's rules at most, counted for each rule.
const AREAS_MAX: usize = 100_000;

/// The conditional formats of a sheet that may hide something. The sheet is gone through once, from its first
/// row on.
pub(super) struct Conditions<'s> {
    rules: Vec<Rule<'s>>,
    /// Areas with the places of their rules in that list; by first row, later ones first.
    ahead: Vec<(Area, usize)>,
    /// Those that reach the row.
    open: Vec<(Area, usize)>,
    row: u32,
    steps_left: usize,
}

struct Rule<'s> {
    when: When<'s>,
    change: Change,
}

/// When a rule holds for a cell that holds something.
#[derive(Clone, Copy)]
enum When<'s> {
    Always,
    /// For errors and empty cells alone.
    Never,
    Compared {
        operator: &'s str,
        with: [Option<f64>; 2],
    },
    Unknown,
}

/// How a cell looks by its conditions.
#[derive(Default)]
pub(super) struct Seen {
    /// It shows nothing, certainly.
    pub(super) is_hidden: bool,
    /// It shows nothing where a condition holds, or its type cannot be told from its ground.
    pub(super) is_faint: bool,
    /// Its ground may be another than its own.
    pub(super) is_filled: bool,
}

impl<'s> Conditions<'s> {
    pub(super) fn of(sheet: &'s Element, looks: &Looks) -> Self {
        let (mut rules, mut ahead): (Vec<Rule<'_>>, Vec<(Area, usize)>) = (vec![], vec![]);
        let mut steps_left = STEPS_MAX;
        let extensions = sheet.child("s:extLst").into_iter().flat_map(Element::elements);
        let newer = extensions.flat_map(Element::elements).flat_map(Element::elements);
        for formats in sheet.elements().chain(newer) {
            if formats.local_name() != "conditionalFormatting" {
                continue;
            }
            let newer = formats.child("?:sqref").map(Element::text);
            let areas = formats.attribute("sqref").map(str::to_owned).or(newer).unwrap_or_default();
            let areas = areas.split_whitespace().filter_map(Area::of).take(AREAS_MAX + 1);
            let areas: Vec<Area> = areas.collect();
            for rule in formats.elements().filter(|rule| rule.local_name() == "cfRule") {
                let Some(change) = change(rule, looks) else { continue };
                if ahead.len() + areas.len() > AREAS_MAX {
                    steps_left = 0;
                    break;
                }
                ahead.extend(areas.iter().map(|area| (*area, rules.len())));
                rules.push(Rule { when: When::of(rule, &areas), change });
            }
        }
        ahead.sort_by_key(|(area, _)| std::cmp::Reverse(area.rows.0));
        Self { rules, ahead, open: vec![], row: 0, steps_left }
    }

    /// Whether there were more areas for its cells than are looked at.
    pub(super) fn are_too_many(&self) -> bool {
        self.steps_left == 0
    }

    pub(super) fn see(&mut self, row: u32, column: u32, cell: &Element, looks: &Looks) -> Seen {
        if row != self.row {
            self.enter(row);
        }
        let mut seen = Seen::default();
        self.steps_left = self.steps_left.saturating_sub(self.open.len());
        if self.are_too_many() {
            return seen;
        }
        let held = || {
            let rules = self.open.iter().filter(|(area, _)| area.has_column(column));
            let rules = rules.filter_map(|(_, rule)| self.rules.get(*rule));
            rules.filter_map(|rule| Some((&rule.change, rule.when.holds(cell)?)))
        };
        seen.is_filled = held().any(|(change, _)| change.fills());
        for (change, is_sure) in held() {
            let hides = change.hides(cell);
            // Type of one rule may stand on what another fills.
            let is_unseen = (change.fills() || !seen.is_filled) && looks.is_unseen_by(cell, change);
            seen.is_hidden |= hides && is_sure;
            seen.is_faint |= hides || is_unseen;
        }
        seen
    }

    /// Keeps the areas that reach a row.
    fn enter(&mut self, row: u32) {
        self.row = row;
        self.steps_left = self.steps_left.saturating_sub(self.open.len());
        if self.are_too_many() {
            return;
        }
        while let Some(begun) = self.ahead.pop_if(|(area, _)| area.rows.0 <= row) {
            self.open.push(begun);
        }
        self.open.retain(|(area, _)| area.rows.1 >= row);
    }
}

/// What a rule changes of a cell's look.
fn change(rule: &Element, looks: &Looks) -> Option<Change> {
    let shows_no_value = rule.elements().any(|e| e.attribute("showValue") == Some("0"));
    if shows_no_value {
        return Some(Change::Sign);
    }
    let own = rule.child("?:dxf").map(Change::of);
    own.or_else(|| looks.change(rule.attribute("dxfId")?))
}

impl<'s> When<'s> {
    fn of(rule: &'s Element, areas: &[Area]) -> Self {
        let formulas = || rule.elements().filter(|e| matches!(e.local_name(), "formula" | "f"));
        match rule.attribute("type").unwrap_or_default() {
            "containsErrors" | "containsBlanks" => Self::Never,
            "notContainsBlanks" | "iconSet" | "dataBar" => Self::Always,
            "cellIs" => {
                let mut numbers = formulas().map(|f| f.text().trim().parse::<f64>().ok());
                let with = [numbers.next().flatten(), numbers.next().flatten()];
                Self::Compared { operator: rule.attribute("operator").unwrap_or_default(), with }
            }
            "expression" => {
                Self::of_formula(&formulas().map(Element::text).collect::<String>(), areas)
            }
            _ => Self::Unknown,
        }
    }

    /// Most formulas keep from view what is empty, nought or an error.
    fn of_formula(formula: &str, areas: &[Area]) -> Self {
        let formula: String = formula.split_whitespace().collect::<String>().to_ascii_uppercase();
        // ISBLANK(B2), B2=0: of one cell, or it may hold for every one: MOD(ROW(),1)=0.
        let asked = |name: &str| formula.strip_prefix(name)?.strip_suffix(')');
        let asked = ["ISERR(", "ISERROR(", "ISNA(", "ISBLANK("].into_iter().find_map(asked);
        let compared = ["=0", "=\"\""].into_iter().find_map(|end| formula.strip_suffix(end));
        // One that asks another cell may hold for one that holds something: $A12=0 in B12:F12.
        let is_of_cell =
            asked.or(compared).and_then(Reference::of).is_some_and(|cell| cell.is_own(areas));
        if matches!(formula.as_str(), "TRUE" | "TRUE()" | "1" | "1=1") {
            Self::Always
        } else if is_of_cell {
            Self::Never
        } else {
            Self::Unknown
        }
    }

    /// Whether it certainly holds for a cell; `None` where it does not.
    fn holds(self, cell: &Element) -> Option<bool> {
        let (operator, with) = match self {
            Self::Always => return Some(true),
            Self::Never => return None,
            Self::Unknown => return Some(false),
            Self::Compared { operator, with } => (operator, with),
        };
        let is_number = matches!(cell.attribute("t").unwrap_or("n"), "n");
        let value = cell.child("s:v").and_then(|v| v.text().trim().parse::<f64>().ok());
        let (Some(value), [Some(first), second]) = (value.filter(|_| is_number), with) else {
            return Some(false);
        };
        let is_between = |second: f64| (first.min(second)..=first.max(second)).contains(&value);
        let holds = match (operator, second) {
            ("greaterThan", _) => value > first,
            ("greaterThanOrEqual", _) => value >= first,
            ("lessThan", _) => value < first,
            ("lessThanOrEqual", _) => value <= first,
            ("equal", _) => value.total_cmp(&first).is_eq(),
            ("notEqual", _) => value.total_cmp(&first).is_ne(),
            ("between", Some(second)) => is_between(second),
            ("notBetween", Some(second)) => !is_between(second),
            _ => return Some(false),
        };
        holds.then_some(true)
    }
}

/// B2, $B2: a cell of this sheet.
struct Reference {
    column: u32,
    row: u32,
    is_column_fixed: bool,
    is_row_fixed: bool,
}

impl Reference {
    fn of(text: &str) -> Option<Self> {
        let column_on = text.strip_prefix('$');
        let column = column_on.unwrap_or(text);
        let rest = column.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let row_on = rest.strip_prefix('$');
        let row = row_on.unwrap_or(rest);
        Some(Self {
            column: column_of(column)?,
            row: row.parse().ok().filter(|_| row.bytes().all(|b| b.is_ascii_digit()))?,
            is_column_fixed: column_on.is_some(),
            is_row_fixed: row_on.is_some(),
        })
    }

    /// Whether it is the very cell that the rule is for, in each of its areas: a reference is written as
    /// from the first of them (ISO/IEC 29500-1, 18.3.1.43).
    fn is_own(&self, areas: &[Area]) -> bool {
        let Some(first) = areas.first() else { return false };
        let is_column = areas.iter().all(|area| area.columns == (self.column, self.column));
        let is_row = areas.iter().all(|area| area.rows == (self.row, self.row));
        (self.column, self.row) == (first.columns.0, first.rows.0)
            && (!self.is_column_fixed || is_column)
            && (!self.is_row_fixed || is_row)
    }
}
