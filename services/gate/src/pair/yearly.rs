//! The policy's own yearly table told year by year: 2027年目标：…改造城中村5个 of its row 城中村 under 2027年, whatever it says of
//! the last year.

use foldhash::{HashMap, HashSet};

use super::{Pair, context::Context, figures::Figure, texts::Texts};

/// Rows whose names are looked for.
const ROWS_MAX: usize = 200;
/// Cells with one value that are compared.
const ALIKE_MAX: usize = 40;

/// The interpretation's figures that are such a cell's.
pub(super) fn find(pair: &Pair<'_>, texts: &Texts<'_>) -> HashSet<usize> {
    let (policy, interpretation) = (&texts.policy, &texts.interpretation);
    let mut cells: HashMap<&str, Vec<(&str, &str)>> = HashMap::default();
    let mut rows: HashSet<&str> = HashSet::default();
    for (figure, form) in policy.figures.iter().zip(&policy.forms) {
        let Some((row, year)) = row_and_year(figure) else { continue };
        if rows.len() < ROWS_MAX {
            rows.insert(row);
        }
        let alike = cells.entry(form).or_default();
        if alike.len() < ALIKE_MAX {
            alike.push((row, year));
        }
    }
    if cells.is_empty() {
        return HashSet::default();
    }
    let context = Context::of(pair);
    let text = interpretation.document.text();
    let is_told = |(figure, form): (&Figure, &String)| {
        let Some(cells) = cells.get(form.as_str()) else { return false };
        let behind = text.get(figure.range.end..).unwrap_or_default();
        // 护理型养老床位 is no 养老床位: of rows that are named, the longest is meant.
        let named =
            rows.iter().filter(|row| figure.label.contains(*row) || behind.starts_with(*row));
        let Some(named) = named.max_by_key(|row| row.len()) else { return false };
        let mut years = cells.iter().filter(|(row, _)| row == named).map(|(_, year)| *year);
        let said = context.year_of(figure.range.start);
        figure.row == 0 && years.any(|year| said == Some(year))
    };
    let ours = interpretation.figures.iter().zip(&interpretation.forms).enumerate();
    ours.filter(|(_, figure)| is_told(*figure)).map(|(index, _)| index).collect()
}

/// The names of a cell's row, and the year of its column.
fn row_and_year(figure: &Figure) -> Option<(&str, &str)> {
    let (row, column) = figure.label.split_at_checked(figure.row)?;
    let (year, _) = column.split_once('年')?;
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    (is_year && row.chars().nth(1).is_some()).then_some((row, year))
}
