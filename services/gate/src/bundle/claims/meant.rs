//! What a figure in words can mean: by the rows and columns that its clause names, and what that speaks of.

use super::{
    Row, Table, clause_of,
    course::named,
    figures::{self, Figure},
    quarters,
    spans::Spans,
    times::{self, are_times},
    units::Units,
};

/// Whether a figure can be held: not 优于35, which may be more or less; nor 每10元中有4元, which is a share, unless it is
/// what is drawn: 每千名老人床位数.
pub(super) fn is_of_data(words: &str, figure: &Figure, table: &Table) -> bool {
    const BETTER: [&str; 4] = ["优于", "好于", "差于", "劣于"];
    const GAPS: [&str; 3] = ["之差", "差距", "缺口"];
    let before = words.get(..figure.range.start).unwrap_or_default();
    let clause = clause_of(words, figure.range.start);
    let is_amount = |c: char| c.is_ascii_digit() || "十百千万".contains(c);
    let is_each = clause.match_indices('每').any(|(at, each)| {
        // 每花10元 as 每10元
        let rest = clause.get(at + each.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches(['花', '支', '收', '用', '投']);
        let length = rest.find(|c| !is_amount(c)).unwrap_or(rest.len());
        let each = format!("每{}", rest.get(..length).unwrap_or_default());
        let mut names = table.rows.iter().map(|row| &row.label).chain(&table.series);
        length > 0 && !names.any(|name| name.contains(&each))
    });
    let is_gap = GAPS.iter().any(|word| clause.contains(word));
    !is_each && !is_gap && !BETTER.iter().any(|word| before.ends_with(word))
}

/// In per cent: what the greatest or the first of all have of the whole, and what those have that the headline names;
/// and how it grew.
pub(super) fn parts(words: &str, figure: &Figure, table: &Table) -> Vec<f64> {
    let clause = said_with(words, figure.range.start);
    let mut parts = Spans::of(table).partial_shares();
    parts.extend(Spans::named_shares(table, clause));
    let spans = Spans::meant(table, words, clause);
    let grown = spans.pairs.iter().filter(|(from, _)| *from > 0.0);
    parts.extend(grown.map(|(from, to)| (to - from) / from * 100.0));
    parts
}

/// The clause around a figure; with the one before where it goes on from that: 注销压减最多，为25天.
fn said_with(words: &str, at: usize) -> &str {
    let clause = clause_of(words, at);
    let goes_on = |clause: &str| {
        clause.trim_start_matches(['，', ',']).starts_with(['为', '达', '约', '即', '共'])
    };
    let Some(comma) = words.get(..at).and_then(|before| before.rfind(['，', ','])) else {
        return clause;
    };
    let before = words.get(..comma).unwrap_or_default();
    let from = before.rfind(['，', ',', '；', '。', '：']).unwrap_or(0);
    let whole = words.get(from..comma + clause.len()).filter(|_| goes_on(clause));
    whole.unwrap_or(clause)
}

/// The means, where a clause speaks of them and of no row: 年均超过130亿元 is of no single year.
pub(super) fn means(words: &str, figure: &Figure, table: &Table) -> Option<Vec<f64>> {
    let clause = clause_of(words, figure.range.start);
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let names: Vec<&str> = table.series.iter().map(String::as_str).collect();
    let is_named = |names: &[&str]| {
        if are_times(names) {
            names.iter().any(|name| times::is_said(clause, name))
        } else {
            !named(clause, names).is_empty()
        }
    };
    let mut all = labels.iter().chain(&names);
    let is_of_means = MEANS.iter().any(|word| clause.contains(word))
        && figure.unit.is_some()
        && !without_ranks(words, &labels, &names).contains(DIFFERENCE)
        && !all.any(|name| name.contains('均'));
    if !is_of_means || is_named(&labels) || OF_SOME.iter().any(|word| clause.contains(word)) {
        return None;
    }
    Some(Spans::meant(table, words, clause).means())
}

/// What a figure can mean by what its clause says: the rows and columns that it names; sums, differences and means
/// where it speaks of such.
pub(super) fn meant(words: &str, figure: &Figure, table: &Table) -> Vec<f64> {
    let clause = said_with(words, figure.range.start);
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let names: Vec<&str> = table.series.iter().map(String::as_str).collect();
    let said: String = without_ranks(clause, &labels, &names);
    let spans = Spans::of(table);
    // 平均等候6分钟 of no row is the mean.
    if figure.is_small()
        && words.starts_with("平均")
        && clause_of(words, 0) == clause
        && named(words, &labels).is_empty()
    {
        return spans.means();
    }
    let speaks_of_sum = said.contains(SUM);
    let narrow = Spans::meant(table, words, clause);
    let of = if speaks_of_sum {
        &spans
    } else if said.contains(DIFFERENCE) {
        &narrow
    } else {
        &Spans::named(table, clause)
    };
    let mut values = of.figures();
    let down_time = are_times(&labels) && !speaks_of_sum && !times::says_length(words);
    values.extend(if down_time { of.sums_along() } else { of.sums() });
    values.extend(narrow.sums().into_iter().filter(|_| named(clause, &labels).len() > 1));
    if speaks_of_sum {
        values.extend(spans.partial_sums());
    }
    if said.contains(DIFFERENCE) {
        let are_of_time = are_times(&labels) || are_times(&names);
        let pairs = if are_of_time || named(clause, &labels).len() > 1 { &narrow } else { &spans };
        values.extend(pairs.pairs.iter().map(|(from, to)| to - from));
        values.extend(table.rows.iter().flat_map(changes_in_words));
        values.extend(quarters::differences(clause, table));
    }
    if said.contains('均') || said.contains('共') {
        values.extend(narrow.pairs.iter().map(|(from, to)| to - from));
    }
    if said.contains('均') {
        values.extend(spans.means());
        values.extend(narrow.means());
        // 近三年平均, 上半年平均: of which of them is not always said in so many words.
        if OF_SOME.iter().any(|word| clause.contains(word)) {
            values.extend(spans.window_means());
        }
    }
    if figure.unit.is_some_and(|unit| unit.is_share) {
        values.extend(Spans::computed(table));
    }
    values
}

/// What speaks of several figures together, or of their parts.
const SUM: [char; 20] = [
    '共', '合', '总', '累', '和', '与', '及', '、', '前', '后', '其', '余', '各', '全', '等', '均',
    '每', '项', '类', '种',
];

/// What speaks of two figures, one beside the other.
const DIFFERENCE: [char; 34] = [
    '多', '少', '高', '低', '增', '减', '升', '降', '涨', '跌', '缩', '差', '快', '慢', '长', '短',
    '节', '省', '扩', '压', '提', '落', '领', '先', '比', '较', '变', '距', '净', '盈', '亏', '加',
    '补', '超',
];

/// What speaks of a mean.
const MEANS: [&str; 5] = ["年均", "月均", "季均", "周均", "平均"];

/// What speaks of some of the figures in a row.
const OF_SOME: [&str; 11] =
    ["近", "前", "后", "半年", "季", "以来", "期间", "时期", "五”", "至", "—"];

/// A clause without the names in it, and without 最高 and 超过: these speak of one figure.
fn without_ranks(clause: &str, labels: &[&str], columns: &[&str]) -> String {
    const RANKS: [&str; 12] = [
        "最多",
        "最少",
        "最高",
        "最低",
        "最长",
        "最短",
        "超过",
        "不少于",
        "不低于",
        "少于",
        "低于",
        "多于",
    ];
    let mut said = clause.to_owned();
    let names = labels.iter().chain(columns).filter(|name| name.chars().count() > 1);
    for word in names.chain(&RANKS) {
        said = said.replace(word, "");
    }
    // Said in short, 每千名老人床位 of 每千名老人床位数 is no sum.
    let mut names = labels.iter().chain(columns);
    let is_drawn = names.any(|name| name.contains('每'));
    if is_drawn { said.replace('每', "") } else { said }
}

/// From what one cell of words says to what the next one says: 300 of 200元 and 500元.
pub(super) fn changes_in_words(row: &Row) -> Vec<f64> {
    /// A rule says few figures; each is held against each of the next cell.
    const FIGURES_MAX: usize = 8;
    let words = row.cells.iter().filter(|cell| cell.value.is_none());
    let figures = |text: &str| -> Vec<f64> {
        let read = figures::read(text, &Units::none()).into_iter().take(FIGURES_MAX);
        read.filter_map(|figure| figure.digits.parse().ok()).collect()
    };
    let cells: Vec<Vec<f64>> = words.map(|cell| figures(&cell.text)).collect();
    let pairs = cells.windows(2).filter_map(|pair| <&[Vec<f64>; 2]>::try_from(pair).ok());
    pairs.flat_map(|[old, new]| old.iter().flat_map(|a| new.iter().map(move |b| b - a))).collect()
}
