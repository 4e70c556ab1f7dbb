//! Figures of a text: amounts, shares, periods, ages, counts, dates; each in one form, so that
//! 15个工作日 is 十五个工作日 and 百分之五十 is 50%.

mod ages;
mod bounds;
mod dates;
mod fractions;
mod joins;
mod numbers;
mod periods;
mod rates;
mod read;
mod tables;
mod tenths;
pub(crate) mod times;
mod units;

use std::{ops::Range, sync::LazyLock};

use foldhash::HashMap;

use super::former::REACHED;
use crate::document::{Document, Level, find_numbers, first_chars, last_chars};
pub(crate) use bounds::{Bound, Gap, words as bound_words};
use dates::{read_date, read_relative};
use fractions::{read_fraction, read_half};
use joins::join;
use numbers::{Number, is_digit, is_spelled, read_number, read_whole};
pub(crate) use periods::{are_about_one, period};
pub(crate) use rates::{Rate, without_rate};
use read::{
    RANGE, Read, begins_amount, read_bare_amount, read_headed, read_quantity, read_quantity_of,
    read_ratio,
};
pub(crate) use tenths::NO_TENTHS;
use times::{CLOCK, read_hour, read_time, read_weekday};
use units::{COUNTS, is_bounded};

/// A figure and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figure {
    /// Value and unit in one form: `2420元`, `15工作日`, `50%`, `2025-09-01`.
    pub value: String,
    /// The unit alone; empty for dates.
    pub unit: &'static str,
    /// What the sentence calls the quantity, right before it.
    pub label: String,
    /// What it is counted by: 每月, 每学期; empty where the sentence does not say.
    pub rate: Rate,
    /// As written.
    pub range: Range<usize>,
    /// The text from the last full stop to the figure.
    pub lead: String,
    /// A word like 一年 or 两次, which texts use also where they count nothing.
    pub is_weak: bool,
    /// 约1200万元, 1200余万元: rounded, and no other value contradicts it.
    pub is_about: bool,
    /// Whether it is the least or the most that holds.
    pub bound: Option<Bound>,
    /// What it is to the figures beside it.
    pub part: Part,
    /// How many bytes of the label are the name of its table's row; 0 outside of tables.
    pub row: usize,
    /// The line above its table; empty outside of tables.
    pub table: String,
}

impl Figure {
    /// Whether it counts things or acts: 三份材料, 每年两次.
    pub(crate) fn is_count(&self) -> bool {
        COUNTS.contains(&self.unit)
    }

    /// The clause that leads to it.
    pub(crate) fn clause(&self) -> &str {
        self.lead.rsplit(BREAKS).next().unwrap_or_default()
    }

    /// What stands behind it in its clause: 补贴 of 给予500元补贴.
    pub(crate) fn behind<'t>(&self, text: &'t str) -> &'t str {
        const MAX: usize = 20;
        let behind = first_chars(text.get(self.range.end..).unwrap_or_default(), MAX);
        behind.split(BREAKS).next().unwrap_or_default()
    }
}

/// What a figure is to those beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// It stands for itself.
    Alone,
    /// One end of a range: what lies between the two need not contradict it.
    End,
    /// What a change begins from: 由200元调整为300元.
    Former,
}

/// Where a quantity's name begins: behind these.
pub(super) const BREAKS: [char; 16] =
    ['，', ',', '；', ';', '）', ')', '。', '：', ':', '、', '（', '(', '|', '\n', '？', '！'];

/// Words between a quantity's name and its figure, besides those of changes.
const VERBS: &[&str] = &[
    "确定为",
    "规定为",
    "统一为",
    "控制在",
    "不低于",
    "不高于",
    "不超过",
    "不少于",
    "不得超过",
    "不得低于",
    "不得少于",
    "最高不超过",
    "达到",
    "超过",
    "低于",
    "高于",
    "至少",
    "最高",
    "最低",
    "应为",
    "设为",
    "约为",
    "暂定为",
    "原则上",
    "一般",
    "人民币",
    "每人",
    "为",
    "是",
    "在",
    "达",
    "约",
    "满",
    "共",
    "按",
];

/// The figures of a document, in order; numbers of clauses and documents left out.
pub(crate) fn find(document: &Document<'_>) -> Vec<Figure> {
    let mut found = vec![];
    let references = document.references();
    for unit in document.units() {
        let text = document.text_of(unit);
        // （注：…） and （每次收费不超过200元。） say something; （此件公开发布） and （2025年1月1日通过） do not.
        let is_remark = || {
            let words = ["注：", "注:", "标准", "不超过", "元", "%", "。"];
            words.iter().any(|word| text.contains(word))
        };
        let is_apart = matches!(unit.level, Level::Noise | Level::Contents | Level::Number)
            || (unit.level == Level::Note && !is_remark());
        if is_apart {
            continue;
        }
        let numbers = find_numbers(text).into_iter().map(|number| number.start..number.end);
        let begin = references.partition_point(|reference| reference.start < unit.start);
        let clauses = references.get(begin..).unwrap_or_default().iter();
        let clauses = clauses
            .take_while(|reference| reference.start < unit.end)
            .filter(|reference| !reference.paths.is_empty())
            .map(|reference| reference.start - unit.start..reference.end - unit.start);
        let mut skipped: Vec<Range<usize>> = numbers.chain(clauses).collect();
        skipped.sort_by_key(|range| range.start);
        let own_mark = text.find(&unit.mark).map_or(0, |at| at + unit.mark.len());
        let before = document.text().get(..unit.start).unwrap_or_default();
        let in_table = (unit.level == Level::Table).then(|| tables::find(text, before, &skipped));
        let figures = in_table.flatten().unwrap_or_else(|| find_in(text, own_mark, &skipped));
        found.extend(figures.into_iter().map(|figure| Figure {
            range: unit.start + figure.range.start..unit.start + figure.range.end,
            ..figure
        }));
    }
    found
}

/// The figures of a text from byte `begin` on; what lies in `skipped` is none.
pub(crate) fn find_in(text: &str, begin: usize, skipped: &[Range<usize>]) -> Vec<Figure> {
    let mut found = vec![];
    let mut at = begin;
    let mut skipped = skipped.iter().peekable();
    while let Some(rest) = text.get(at..) {
        // Most characters begin nothing.
        let Some(next) = rest.find(can_begin) else { break };
        at += next;
        while skipped.next_if(|range| range.end <= at).is_some() {}
        if let Some(range) = skipped.peek().filter(|range| range.contains(&at)) {
            at = range.end;
            continue;
        }
        let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
        match read_at(text, at, first, found.last()) {
            Some(read) => {
                let Before { label, rate, lead } = before(text, at);
                // 5月7日至11日: the second day is said by the first.
                let ends_range = read.unit == "日"
                    && lead.ends_with(['至', '到', '—', '-', '－'])
                    && found.last().is_some_and(|last: &Figure| last.unit.is_empty());
                // 500元/月 is 每月500元.
                let behind = text.get(at + read.len..).unwrap_or_default();
                let rate = rate.and(&Rate::behind(behind));
                let bound =
                    Bound::of(&lead, text.get(at + read.len + read.more..).unwrap_or_default());
                let is_about = lead.trim_end().ends_with(['约', '近']);
                let label =
                    if read.unit == "岁" { ages::name(&label, &lead, behind) } else { label };
                let is_day = read.unit == "日" && is_of_day(&lead, behind);
                let is_weak = read.is_weak && !is_term(&read, &lead, behind);
                // 每户不少于1个
                let is_weak =
                    is_weak && !(read.unit == "个" && bound.is_some() && !rate.is_empty());
                let is_weak = is_weak && !is_bounded(&read.value, read.unit, &lead);
                // 第三人, 第8次会议
                let is_ordinal = lead.ends_with('第') && ["人", "次", "名"].contains(&read.unit);
                let mut figure = Figure {
                    value: read.value,
                    unit: read.unit,
                    label,
                    rate,
                    lead,
                    range: at..at + read.len + read.more,
                    is_weak: is_weak || ends_range || is_day || is_ordinal,
                    is_about: read.is_about || is_about || behind.starts_with("左右"),
                    bound,
                    part: Part::Alone,
                    row: 0,
                    table: String::new(),
                };
                join(text, found.last_mut(), &mut figure);
                found.push(figure);
                at += read.len;
            }
            None if is_digit(first) => {
                // A number without a unit, read to its end.
                let rest = text.get(at..).unwrap_or_default();
                at += rest.find(|c: char| !is_digit(c) && c != '.').unwrap_or(rest.len());
            }
            None => at += first.len_utf8(),
        }
    }
    found
}

/// Whether a figure can begin with this character: asked of every character there is.
fn can_begin(c: char) -> bool {
    is_digit(c)
        || is_spelled(c)
        || begins_amount(c)
        || dates::can_begin(c)
        || times::can_begin(c)
        || fractions::can_begin(c)
}

/// What stands at byte `at` of a text, behind `last`.
fn read_at(text: &str, at: usize, first: char, last: Option<&Figure>) -> Option<Read> {
    let (before, rest) = text.split_at_checked(at)?;
    if dates::can_begin(first)
        && let Some(read) = read_relative(rest)
    {
        return Some(read);
    }
    if times::can_begin(first) {
        let read = read_time(before, rest, false).or_else(|| read_weekday(before, rest));
        return read.or_else(|| begins_amount(first).then(|| read_quantity(rest)).flatten());
    }
    if fractions::can_begin(first) {
        return read_half(before, rest);
    }
    // PM2.5年均浓度 is none of a year.
    let is_name = is_digit(first) && ["PM", "pm", "ＰＭ"].iter().any(|name| before.ends_with(name));
    if is_name || !is_digit(first) && !is_spelled(first) && !begins_amount(first) {
        return None;
    }
    let is_behind_time = last.is_some_and(|last| {
        let between = text.get(last.range.end..at).unwrap_or_default();
        last.unit == CLOCK && between.trim().trim_matches(RANGE).is_empty()
    });
    let number = if before.ends_with('第') { read_whole(rest) } else { read_number(rest) };
    let by_number = |number: &Number| {
        read_ratio(before, rest, number)
            .or_else(|| read_half(before, rest))
            .or_else(|| read_fraction(before, rest, number))
            .or_else(|| read_hour(before, rest, number, (None, is_behind_time)))
    };
    read_date(rest, number.as_ref())
        .or_else(|| number.as_ref().and_then(by_number))
        .or_else(|| read_quantity_of(rest, number.as_ref()))
        .or_else(|| read_bare_amount(before, rest, number.as_ref()?))
        .or_else(|| read_headed(before, rest, number.as_ref()?))
        // 第三次 is none of three.
        .filter(|read| !(COUNTS.contains(&read.unit) && before.ends_with('第')))
        .filter(|read| read.unit != "折" || !is_conversion(before, rest.get(read.len..)))
}

/// Whether 折 begins another word than a discount: 折合, 折旧; 按汇率7.2折算, but 按8折算.
fn is_conversion(before: &str, behind: Option<&str>) -> bool {
    const OTHER: [char; 5] = ['合', '旧', '叠', '抵', '换'];
    const CLAUSE_MAX: usize = 20;
    const RATES: [&str; 9] =
        ["汇率", "牌价", "中间价", "系数", "比例", "比价", "美元", "外币", "港元"];
    let behind = behind.unwrap_or_default();
    let clause = last_chars(before, CLAUSE_MAX).rsplit(BREAKS).next().unwrap_or_default();
    let is_discount = || {
        clause.ends_with(['按', '打', '以', '照'])
            && !RATES.iter().any(|word| clause.contains(word))
    };
    behind.starts_with(OTHER) || (behind.starts_with('算') && !is_discount())
}

/// 满两年, 试行一年, 一年有效: how long something lasts, also where 一年 says little.
fn is_term(read: &Read, lead: &str, behind: &str) -> bool {
    const BEFORE: [&str; 8] =
        ["满", "试行", "试行期", "试行期为", "有效期", "有效期为", "期限为", "管"];
    ["年", "月数"].contains(&read.unit)
        && read.value.len() <= "12月数".len()
        && (BEFORE.iter().any(|word| lead.ends_with(word)) || behind.starts_with("有效"))
}

/// 4日在北京 is the day of a month; 提前4日在网上 is a period.
fn is_of_day(lead: &str, behind: &str) -> bool {
    const DAYS: [&str; 8] = ["在", "上午", "下午", "晚", "举行", "召开", "电", "讯"];
    const PERIOD: [char; 12] =
        ['前', '后', '为', '满', '于', '过', '内', '达', '共', '每', '起', '少'];
    DAYS.iter().any(|word| behind.starts_with(word)) && !lead.ends_with(PERIOD)
}

/// What a sentence says before a figure.
struct Before {
    label: String,
    rate: Rate,
    lead: String,
}

/// What the text calls the quantity, and the sentence up to it. No sentence that matters is longer
/// than 80 characters.
fn before(text: &str, at: usize) -> Before {
    let before = text.get(..at).unwrap_or_default();
    let lead = last_chars(before, 80)
        .rsplit(['。', '；', ';', '\n', '？', '！'])
        .next()
        .unwrap_or_default();
    let mut label = lead.trim_end();
    let mut rate = Rate::default();
    loop {
        // 补贴标准：**800**元
        label =
            label.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '：' | ':' | '*'));
        // 补贴标准（每人每月）：350元
        let (name, found) = Rate::before(label);
        if !found.is_empty() {
            rate = rate.and(&found);
            label = name;
        } else if let Some(shorter) = without_verb(label) {
            label = shorter.trim_end();
        } else {
            break;
        }
    }
    let label = label.rsplit(BREAKS).next().unwrap_or_default();
    let label = label.rsplit(char::is_whitespace).next().unwrap_or_default();
    let label = plain(label);
    Before { label, rate, lead: lead.to_owned() }
}

/// A name without the verb at its end, if it has one.
fn without_verb(label: &str) -> Option<&str> {
    // Asked of every figure: by their last character.
    static BY_END: LazyLock<HashMap<char, Vec<&str>>> = LazyLock::new(|| {
        let mut by_end: HashMap<char, Vec<&str>> = HashMap::default();
        for verb in REACHED.iter().chain(VERBS).copied().chain(bounds::before()) {
            by_end.entry(verb.chars().next_back().unwrap_or_default()).or_default().push(verb);
        }
        by_end
    });
    let verbs = BY_END.get(&label.chars().next_back()?)?;
    verbs.iter().find_map(|verb| label.strip_suffix(verb))
}

/// A name without what only leads to it or binds it: 一是大病保险的起付标准应当 is 大病保险起付标准. One that is short already
/// stays: 企业 of 企业应当 names nothing.
fn plain(label: &str) -> String {
    const LEADS: [&str; 14] = [
        "一是", "二是", "三是", "四是", "五是", "六是", "同时", "其中", "对于", "对", "凡是", "凡",
        "即", "明确",
    ];
    const BINDING: [&str; 6] = ["应当", "应该", "必须", "需要", "可以", "不能"];
    const LETTERS_MIN: usize = 4;
    let label: String = label.chars().filter(|c| *c != '*').collect();
    let led = LEADS.iter().find_map(|lead| label.strip_prefix(lead)).unwrap_or(&label);
    // 的 at the end says of what a share is.
    let (body, end) = led.strip_suffix('的').map_or((led, ""), |body| (body, "的"));
    let mut plain = body.replace('的', "");
    if plain.contains(['应', '必', '需', '可', '不']) {
        for word in BINDING {
            plain = plain.replace(word, "");
        }
    }
    let is_name = plain.chars().nth(LETTERS_MIN - 1).is_some();
    if is_name { plain + end } else { label }
}

#[cfg(test)]
mod tests;
