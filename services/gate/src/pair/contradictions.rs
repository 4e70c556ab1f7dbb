//! What the interpretation says otherwise than the policy, and what it leaves out
//! (DOMAIN I5, I6, hazards 3 and 15).

use foldhash::{HashMap, HashSet};

use super::{
    certainty::{are_of_one_case, condition},
    figures::{Figure, Part, Rate, are_about_one, period, times::WEEKDAY},
    follows::amount,
    former::{of_new, speaks_of_former, speaks_of_other_than},
    held::{Held, form},
    rated::rate,
};

/// Words of an exception to a rule.
const EXCEPTIONS: [&str; 14] = [
    "但",
    "除外",
    "除…外",
    "的除外",
    "情况特殊",
    "特殊情况",
    "特殊情形",
    "情况复杂",
    "确需延长",
    "可以延长",
    "延长至",
    "需要现场",
    "另有规定",
    "不受",
];

/// What two texts' figures say about one another; indices into their lists.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// Interpretation's figure, the policy's of the same quantity.
    pub contradicted: Vec<(usize, usize)>,
    /// Interpretation's figures that the policy does not hold.
    pub missing: Vec<usize>,
}

/// The policy's figures, made ready once for all that is compared with them.
pub(crate) struct Known<'f> {
    pub(super) figures: &'f [Figure],
    /// What was holds no longer.
    held: Held<'f>,
    ever: Held<'f>,
    rivals: Rivals<'f>,
}

impl<'f> Known<'f> {
    pub(crate) fn of(figures: &'f [Figure]) -> Self {
        let held = Held::of(figures.iter().filter(|figure| figure.part != Part::Former));
        Self { figures, held, ever: Held::of(figures), rivals: Rivals::of(figures) }
    }

    /// Whether the policy holds this value anywhere.
    pub(super) fn has(&self, figure: &Figure) -> bool {
        self.ever.has_quantity(figure)
    }

    /// Whether the sentence of a figure says that it was, or is another year's, and `theirs`, the policy's, does not.
    pub(super) fn is_of_another_time(&self, figure: &Figure, theirs: &str) -> bool {
        is_of_another_time(figure, &self.held, theirs)
    }
}

/// Compares the figures of both texts; those that are `sourced` have a source of their own.
pub(super) fn compare(
    known: &Known<'_>,
    interpretation: &[Figure],
    is_sourced: impl Fn(&Figure) -> bool,
) -> Compared {
    let Known { figures: policy, held, ever, rivals } = known;
    let ours: HashSet<&str> = interpretation.iter().map(|figure| figure.value.as_str()).collect();
    let named = by_name(interpretation);
    let tells_days = policy.iter().any(|figure| figure.unit == WEEKDAY);
    let asks = |figure: &Figure| !figure.is_weak || (tells_days && figure.unit == WEEKDAY);
    let mut compared = Compared::default();
    let mut said = HashSet::default();
    for (index, figure) in interpretation.iter().enumerate() {
        let is_fresh = said.insert(figure.value.as_str());
        if is_sourced(figure) {
            continue;
        }
        let is_now = |rival: &usize| {
            let theirs = policy.get(*rival).map(|rival| rival.lead.as_str());
            !is_of_another_time(figure, held, theirs.unwrap_or_default())
        };
        if held.has_quantity(figure) {
            // It stands in the policy, but for another quantity: two values that changed places.
            let other = rivals.find_other(policy, figure, &named);
            let other = other.filter(|_| !rivals.is_said(policy, figure));
            // 40厘米 of one thing is no 0.4米 of another.
            let of_name = || {
                let rival = rivals.find(policy, figure, &ours)?;
                let is_other = policy.get(rival).is_some_and(|rival| form(rival) != form(figure));
                (is_other && !held.has(&figure.value)).then_some(rival)
            };
            if let Some(rival) = other.or_else(of_name).filter(is_now) {
                compared.contradicted.push((index, rival));
            }
            continue;
        }
        match rivals.find(policy, figure, &ours) {
            Some(rival) if is_now(&rival) => compared.contradicted.push((index, rival)),
            _ if is_fresh && asks(figure) && !is_former(figure) && !ever.has_quantity(figure) => {
                compared.missing.push(index);
            }
            _ => {}
        }
    }
    compared
}

/// What two values of one quantity share: 20个工作日 and 20日 are two values of a period.
pub(super) fn kind(figure: &Figure) -> &'static str {
    match figure.unit {
        "" => "date",
        "工作日" | "周" => "日",
        "年" => "月数",
        "分钟" | "秒" => "小时",
        unit => unit,
    }
}

/// Characters by which names of quantities are looked up; a shorter one names none.
const NAME_END: usize = 3;
/// Characters that a name has at least which shortens another.
const NAME_MIN: usize = 4;
/// Names with one end that are compared; tables that repeat one name a thousand times say nothing.
const RIVALS_MAX: usize = 40;

/// Characters of a table's row that are looked up.
const ROW_MAX: usize = 20;

/// The policy's figures by kind and the end of their names, and those in tables by their rows.
struct Rivals<'f> {
    by_end: HashMap<(&'f str, String), Vec<usize>>,
    by_row: HashMap<(&'f str, &'f str), Vec<usize>>,
    values: HashMap<&'f str, Vec<usize>>,
}

impl<'f> Rivals<'f> {
    fn of(policy: &'f [Figure]) -> Self {
        let mut by_end: HashMap<(&str, String), Vec<usize>> = HashMap::default();
        let mut by_row: HashMap<(&str, &str), Vec<usize>> = HashMap::default();
        let mut values: HashMap<&str, Vec<usize>> = HashMap::default();
        let compared = |figure: &Figure| !figure.is_weak && figure.part != Part::Former;
        for (index, figure) in policy.iter().enumerate().filter(|(_, figure)| compared(figure)) {
            let alike = values.entry(figure.value.as_str()).or_default();
            if alike.len() < RIVALS_MAX {
                alike.push(index);
            }
            if let Some(end) = end_of(&figure.label) {
                let held = by_end.entry((kind(figure), end)).or_default();
                if held.len() < RIVALS_MAX {
                    held.push(index);
                }
            }
            if let Some(row) = figure.label.get(..figure.row).filter(|row| !row.is_empty()) {
                let held = by_row.entry((kind(figure), row)).or_default();
                if held.len() < RIVALS_MAX {
                    held.push(index);
                }
            }
        }
        Self { by_end, by_row, values }
    }

    /// The policy's figure in a table whose row and column the name is made of: 小学的补助标准 for 小学 under
    /// 标准; if they leave one value.
    fn of_row(&self, policy: &'f [Figure], figure: &Figure) -> Option<(usize, &'f Figure)> {
        let ends = figure.label.char_indices().map(|(at, c)| at + c.len_utf8());
        let rows = ends.skip(1).take(ROW_MAX).filter_map(|end| figure.label.get(..end));
        let held = rows.filter_map(|row| self.by_row.get(&(kind(figure), row))).last()?;
        let mut named = held.iter().filter_map(|index| Some((*index, policy.get(*index)?))).filter(
            |(_, rival)| {
                let column = rival.label.get(rival.row..).unwrap_or_default();
                let rest =
                    figure.label.get(rival.row..).unwrap_or_default().trim_start_matches('的');
                let rates_agree = rival.rate.agrees(&figure.rate);
                rates_agree && (rest.ends_with(column) || column.ends_with(rest))
            },
        );
        let first = named.next()?;
        named.all(|(_, rival)| rival.value == first.1.value).then_some(first)
    }

    fn of_end(&self, policy: &'f [Figure], figure: &Figure) -> Vec<(usize, &'f Figure)> {
        let is_exact = !figure.is_weak && !figure.is_about;
        let Some(end) = end_of(&figure.label).filter(|_| is_exact) else { return vec![] };
        let held = self.by_end.get(&(kind(figure), end)).map(Vec::as_slice).unwrap_or_default();
        held.iter().filter_map(|index| Some((*index, policy.get(*index)?))).collect()
    }

    /// The policy's figure for the same quantity: of the same name, or of one that the
    /// interpretation's shortens (教师的补助比例 for 课后服务教师的补助比例) if that leaves one value. A longer
    /// name qualifies the quantity: 小规模纳税人的税率 is not 税率.
    fn find(&self, policy: &'f [Figure], figure: &Figure, ours: &HashSet<&str>) -> Option<usize> {
        let rivals: Vec<_> = self
            .of_end(policy, figure)
            .into_iter()
            .filter(|(_, rival)| rival.rate.agrees(&figure.rate))
            .filter(|(_, rival)| !are_about_one(&rival.value, &figure.value))
            .collect();
        let is_unsaid = |rival: &Figure| !ours.contains(rival.value.as_str());
        if let Some((index, rival)) = self.of_row(policy, figure) {
            return is_unsaid(rival).then_some(index);
        }
        // 补贴 names no quantity, 每班 does.
        let is_name = figure.label.chars().count() >= NAME_END || figure.label.starts_with('每');
        // One row of two tables is two quantities: they are looked up by row.
        let same = rivals
            .iter()
            .filter(|(_, rival)| is_name && rival.row == 0 && rival.label == figure.label);
        if let Some((index, rival)) = same_case(same.copied(), figure, ours) {
            // 受理之日起 begins several periods.
            let is_point = figure.label.ends_with('起');
            return (!is_point || is_unsaid(rival)).then_some(index);
        }
        if figure.label.chars().count() < NAME_MIN {
            return None;
        }
        let mut alike = rivals.iter().filter(|(_, rival)| rival.label.ends_with(&figure.label));
        let (index, first) = alike.next()?;
        let is_one = alike.all(|(_, rival)| rival.value == first.value);
        (is_one && is_unsaid(first)).then_some(*index)
    }

    /// The policy's figure of exactly this name, where the interpretation gives none of its values, or
    /// gives its value by another rate (每月, 每年).
    fn find_other(
        &self,
        policy: &'f [Figure],
        figure: &Figure,
        named: &HashMap<(&str, &str), HashSet<(&str, &Rate)>>,
    ) -> Option<usize> {
        // 周六9:00—12:00，周一至周五9:00—17:00: a list in another order.
        if figure.unit == WEEKDAY {
            return None;
        }
        let rivals = self.of_end(policy, figure);
        // 低保家庭：补贴标准为800元, where the policy says 低保家庭补贴标准.
        let is_shortened = rivals.iter().any(|(_, rival)| {
            is_same(&rival.value, &figure.value)
                && rival.label != figure.label
                && rival.label.ends_with(&figure.label)
        });
        if is_shortened {
            return None;
        }
        let mut same: Vec<_> =
            rivals.into_iter().filter(|(_, rival)| rival.label == figure.label).collect();
        if same.is_empty() || same.iter().any(|(_, rival)| rival.row > 0) {
            same = self.of_row(policy, figure).into_iter().collect();
        }
        // Two programmes may each hold for 符合条件的.
        let mut held = same.iter().filter(|(_, rival)| is_same(&rival.value, &figure.value));
        if !held.any(|(_, rival)| are_of_one_case(&figure.lead, &rival.lead))
            && let Some((index, _)) = same_condition(&same, figure)
        {
            return Some(index);
        }
        // Of a name as short as 补贴 only the rate is compared.
        if figure.label.chars().count() < NAME_END {
            same.retain(|(_, rival)| rival.row > 0 || is_same(&rival.value, &figure.value));
        }
        let said = named.get(&(kind(figure), figure.label.as_str()))?;
        // What bears one name with so many values is no one quantity.
        if said.len() > RIVALS_MAX {
            return None;
        }
        let agrees = |rival: &Figure| {
            said.iter()
                .any(|(value, rate)| is_same(value, &rival.value) && rate.agrees(&rival.rate))
        };
        if same.iter().any(|(_, rival)| agrees(rival)) {
            return None;
        }
        same.last().map(|(index, _)| *index)
    }

    /// Whether the policy says the value by the same rate in a clause that has the figure's name: of 三孩每月500元 one may
    /// be 对三孩每月另外发放500元.
    fn is_said(&self, policy: &[Figure], figure: &Figure) -> bool {
        let alike = self.values.get(figure.value.as_str()).into_iter().flatten();
        let mut alike = alike.filter_map(|index| policy.get(*index));
        figure.label.chars().count() >= NAME_END
            && alike.any(|rival| {
                let clause = rival.clause();
                rival.label != figure.label
                    && *rate(rival) == *rate(figure)
                    && clause.contains(figure.label.as_str())
            })
    }
}

/// Whether two values are one, perhaps in another unit, or without the year or the day of a date: 12个月 and 1年, 12月20日,
/// 2026年12月.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let is_day = || long.strip_suffix(short).is_some_and(|year| year.ends_with('年'));
    let is_month = || short.ends_with('月') && long.starts_with(short);
    let is_period = || period(one).is_some_and(|one| period(other) == Some(one));
    short == long || is_day() || is_month() || is_period() || are_of_one_border(one, other)
}

/// 12月31日前 is before 1月1日.
fn are_of_one_border(one: &str, other: &str) -> bool {
    const ENDS: [[&str; 2]; 2] = [["年12月31日", "12月31日"], ["年1月1日", "1月1日"]];
    let side =
        |value: &str| ENDS.iter().position(|[dated, day]| value.ends_with(dated) || value == *day);
    side(one).zip(side(other)).is_some_and(|(one, other)| one != other)
}

/// The last characters of a quantity's name.
pub(super) fn end_of(label: &str) -> Option<String> {
    let end: Vec<char> = label.chars().rev().take(NAME_END).collect();
    (end.len() >= 2).then(|| end.into_iter().rev().collect())
}

/// The figure that holds for the same case: 年满18周岁的，补贴标准为…; if there is none, the last that is
/// not said: of 9:00—17:00, that which 9:00—16:00 changes.
fn same_case<'f>(
    same: impl Iterator<Item = (usize, &'f Figure)>,
    figure: &Figure,
    ours: &HashSet<&str>,
) -> Option<(usize, &'f Figure)> {
    let same: Vec<_> = same.collect();
    let unsaid = || same.iter().rev().find(|(_, rival)| !ours.contains(rival.value.as_str()));
    same_condition(&same, figure).or_else(|| unsaid().or(same.last()).copied())
}

fn same_condition<'f>(
    same: &[(usize, &'f Figure)],
    figure: &Figure,
) -> Option<(usize, &'f Figure)> {
    let case = condition(&figure.lead)?;
    same.iter().find(|(_, rival)| condition(&rival.lead).as_ref() == Some(&case)).copied()
}

/// What a sentence says of a figure: of 原收费标准的3倍 nothing, for it is three times what was.
fn about(figure: &Figure) -> &str {
    let clause = figure.lead.rsplit(['，', ',']).next().unwrap_or_default();
    let is_of_former =
        clause.ends_with('的') && ["倍", "%"].contains(&figure.unit) && speaks_of_former(clause);
    if is_of_former { "" } else { of_new(&figure.lead) }
}

/// 由30日改为45日, 原来的标准为200元: what was, said as such, asks for no source.
fn is_former(figure: &Figure) -> bool {
    figure.part == Part::Former
        || figure.label.ends_with(['由', '从'])
        || speaks_of_former(about(figure))
}

/// Every quantity's values with their rates, by kind and name; of a name that has more than are compared, one more.
fn by_name(figures: &[Figure]) -> HashMap<(&str, &str), HashSet<(&str, &Rate)>> {
    let mut named: HashMap<_, HashSet<_>> = HashMap::default();
    for figure in figures {
        let values = named.entry((kind(figure), figure.label.as_str())).or_default();
        if values.len() <= RIVALS_MAX {
            values.insert((figure.value.as_str(), &figure.rate));
        }
    }
    named
}

/// Behind these a value is a difference: 比轻度增加200元.
const DIFFERENCES: [&str; 10] =
    ["增加", "多", "高", "高出", "减少", "少", "低", "相差", "提高", "上浮"];

/// Whether a figure says by how much another differs.
pub(super) fn is_difference(figure: &Figure) -> bool {
    let before = figure.lead.trim_end_matches(|c: char| c.is_whitespace() || c == '*');
    let before = DIFFERENCES.iter().find_map(|word| before.strip_suffix(word));
    // 最低, 不高于, 至少, 身高
    before.is_some_and(|before| !before.ends_with(['最', '不', '至', '身', '限', '层', '楼']))
}

/// Whether nothing says that a figure was, or is another's, but what `theirs`, the policy's sentence, says too.
pub(super) fn is_now(figure: &Figure, theirs: &str) -> bool {
    figure.part != Part::Former && !speaks_of_other_than(about(figure), theirs)
}

/// 由2320元调整到…, 2021年…: what was, or what another year's document said.
fn is_of_another_time(figure: &Figure, held: &Held<'_>, theirs: &str) -> bool {
    let years = || super::figures::find_in(&figure.lead, 0, &[]);
    let is_other_year = |other: &Figure| {
        other
            .value
            .split_once('年')
            .is_some_and(|(year, _)| year.len() == 4 && !held.has_year(year))
    };
    !is_now(figure, theirs)
        || figure.label.contains('由')
        || figure.label.starts_with('从')
        || years().iter().any(is_other_year)
}

/// In a sentence of the policy with a rule's figure and an exception's, of one unit: the second left
/// out where the first is given; each exception with its rule.
pub(super) fn find_left_out(policy: &[Figure], interpretation: &[Figure]) -> Vec<(usize, usize)> {
    let said: HashSet<&str> = interpretation.iter().map(|figure| figure.value.as_str()).collect();
    // 特殊情况最长15个工作日, and none that is added: 再增加150万元.
    let is_whole = |figure: &&Figure| {
        let clause = figure.clause();
        ["最长", "最多", "最高", "合计", "共"].iter().any(|word| clause.contains(word))
            && !["再", "增加", "延长"].iter().any(|word| clause.contains(word))
    };
    let wholes = interpretation.iter().filter(is_whole);
    let amounts = wholes.filter_map(|figure| Some((figure.unit, amount(figure)?)));
    let amounts: HashSet<(&str, u64)> = amounts.collect();
    let mut left_out = vec![];
    // 一次 between two periods is neither.
    let is_plain = |(_, figure): &(usize, &Figure)| !(figure.is_weak && figure.is_count());
    let plain: Vec<_> = policy.iter().enumerate().filter(is_plain).collect();
    for pair in plain.windows(2) {
        let [(rule_at, rule), (index, exception)] = pair else { continue };
        let is_near = exception.range.start.saturating_sub(rule.range.end) < 600;
        let is_exception = EXCEPTIONS.iter().any(|word| exception.lead.contains(word));
        // 最长15个工作日 is 10个工作日 with 5个工作日 more.
        let sum = || amount(rule)?.checked_add(amount(exception)?);
        let is_summed = || sum().is_some_and(|sum| amounts.contains(&(rule.unit, sum)));
        if is_near
            && is_exception
            && !exception.is_weak
            && rule.unit == exception.unit
            && !rule.unit.is_empty()
            && rule.value != exception.value
            && said.contains(rule.value.as_str())
            && !said.contains(exception.value.as_str())
            && !is_summed()
        {
            left_out.push((*index, *rule_at));
        }
    }
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_very_many_values_is_of_no_one_quantity() {
        let said = |amounts: &mut dyn Iterator<Item = usize>| -> Vec<Figure> {
            let sentences: Vec<String> = amounts.map(|n| format!("补贴标准为{n}元。")).collect();
            super::super::figures::find_in(&sentences.concat(), 0, &[])
        };
        for (count, expected) in [(RIVALS_MAX, 1), (RIVALS_MAX + 1, 0), (1_000, 0)] {
            // The policy has the last of them, behind others: that may be said of another quantity.
            let last = 1_000 + count - 1;
            let policy = said(&mut (5_000..5_100).chain([last]));
            let interpretation = said(&mut (1_000..=last));
            let values = by_name(&interpretation);
            assert!(values.values().all(|values| values.len() <= RIVALS_MAX + 1));
            let compared = compare(&Known::of(&policy), &interpretation, |_| false);
            let held = compared.contradicted.iter().filter(|(ours, _)| *ours == count - 1);
            assert_eq!(held.count(), expected, "{count}");
        }
    }
}
