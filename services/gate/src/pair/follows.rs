//! Figures that follow from the policy's own by a rule of its own: 新能源汽车减半收取, 低保家庭上浮10%. Where the
//! interpretation says of whom it speaks and has rightly reckoned, 40元 may be what 80元 comes to.

use std::ops::Range;

use super::{
    certainty::line,
    figures::{BREAKS, Bound, Figure},
    rated::rate,
};
use crate::document::{first_chars, last_chars};

/// Parts of a whole: factors are reckoned in tenths of a percent.
const WHOLE: u64 = 1000;
/// What rules of money multiply.
const UNITS: [&str; 2] = ["元", "%"];
/// Rules of one policy that are kept. Keeps the work linear.
const RULES_MAX: usize = 40;
/// Characters of a subject by which it is known again.
const SUBJECT_MAX: usize = 5;
/// Characters before a rule's word, or a figure, that may say of whom it is.
const CLAUSES_MAX: usize = 100;

/// Words with the factor that they stand for.
const PLAIN: [(&str, u64); 5] =
    [("减半", 500), ("半价", 500), ("减征一半", 500), ("加倍", 2000), ("翻倍", 2000)];
/// Words behind which a share is added, taken off, or what is left.
const ADDED: [&str; 6] = ["上浮", "提高", "上调", "增发", "加发", "另加"];
const TAKEN: [&str; 7] = ["下浮", "降低", "下调", "减征", "减收", "减免", "优惠"];
const LEFT: [&str; 4] = ["标准的", "金额的", "按", "基数的"];

/// By what the policy multiplies its figures, and for whom.
struct Rule<'p> {
    factor: u64,
    subject: &'p str,
}

/// The rules of one policy.
pub(super) struct Rules<'p> {
    text: &'p str,
    of_subjects: Vec<Rule<'p>>,
    raises: Vec<Raise>,
}

/// By how much the figures of a line may be raised for all: 上浮幅度不超过20%.
struct Raise {
    share: u64,
    line: Range<usize>,
}

impl<'p> Rules<'p> {
    pub(super) fn of(policy: &'p str) -> Self {
        let plain = PLAIN.iter().flat_map(|(word, factor)| {
            policy.match_indices(word).map(move |(at, _)| (at, *factor))
        });
        let shares = policy.match_indices('%').filter_map(|(at, _)| factor_before(policy, at));
        let rules = plain.chain(shares).filter_map(|(at, factor)| {
            let subject = subject_before(last_chars(policy.get(..at)?, CLAUSES_MAX))?;
            Some(Rule { factor, subject })
        });
        let raises = policy.match_indices('%').filter_map(|(at, _)| raise_before(policy, at));
        Self {
            text: policy,
            of_subjects: rules.take(RULES_MAX).collect(),
            raises: raises.take(RULES_MAX).collect(),
        }
    }

    /// Whether a figure is the policy's `rival`, multiplied by the rule for those of whom its sentence or row
    /// speaks, or by how many of what the policy counts by there are: 1000户 and 每百户.
    pub(super) fn explain(&self, figure: &Figure, rival: &Figure) -> bool {
        is_counted_up(figure, rival)
            || is_of_so_many(figure, rival)
            || is_of_other_span(self.text, figure, rival)
            || self.is_of_rule(figure, rival)
            || self.is_raised(figure, rival)
    }

    fn is_of_rule(&self, figure: &Figure, rival: &Figure) -> bool {
        let values = || Some((amount(figure)?, amount(rival)?));
        figure.unit == rival.unit
            && UNITS.contains(&figure.unit)
            && values().is_some_and(|(ours, theirs)| {
                let fits =
                    |rule: &&Rule<'_>| ours.checked_mul(WHOLE) == theirs.checked_mul(rule.factor);
                // What the policy gives those of the rule already is not multiplied by it.
                let mut fitting = self.of_subjects.iter().filter(fits);
                fitting.any(|rule| is_of(figure, rule.subject) && !is_of(rival, rule.subject))
            })
    }

    /// 最高5760元 of 4800元, 上浮幅度不超过20%.
    fn is_raised(&self, figure: &Figure, rival: &Figure) -> bool {
        let is_most = figure.bound == Some(Bound::Most);
        let is_money = figure.unit == "元" && rival.unit == "元";
        let values = amount(figure).zip(amount(rival)).filter(|_| is_most && is_money);
        values.is_some_and(|(ours, theirs)| {
            let mut raises =
                self.raises.iter().filter(|raise| raise.line.contains(&rival.range.start));
            raises.any(|raise| ours.checked_mul(WHOLE) == theirs.checked_mul(WHOLE + raise.share))
        })
    }
}

/// Spans of time, each as so many months.
const SPANS: [(&str, u64); 5] = [("月", 1), ("季度", 3), ("半年", 6), ("年", 12), ("两年", 24)];
/// Terms, each as so many of them.
const TERMS: [(&str, u64); 3] = [("学期", 1), ("学年", 2), ("年", 2)];

/// Whether a figure is the `rival` of the policy's `text` by another span of time: 每年2160元 of 每月180元. A limit for a year
/// is none for each month, and what is paid in some months alone makes no whole year.
pub(super) fn is_of_other_span(text: &str, figure: &Figure, rival: &Figure) -> bool {
    let of = |spans: &[(&str, u64)]| rate(figure).of_span(spans).zip(rate(rival).of_span(spans));
    let spans = of(&SPANS).or_else(|| of(&TERMS)).filter(|(ours, theirs)| ours != theirs);
    // 每年两次 is 每半年一次.
    let is_spent = figure.unit == rival.unit && ["元", "次"].contains(&figure.unit);
    let values = amount(figure).zip(amount(rival)).filter(|_| is_spent);
    let is_limit = figure.bound.is_some() || rival.bound.is_some();
    // Of 每年最多2次 nobody has one in each half.
    if is_limit && figure.unit == "次" {
        return false;
    }
    spans.zip(values).is_some_and(|((our_span, their_span), (ours, theirs))| {
        ours.checked_mul(their_span) == theirs.checked_mul(our_span)
            && (our_span > their_span || !is_limit)
            && !line(text, rival).contains("个月")
    })
}

/// Whether a figure's clause, row or table names somebody.
fn is_of(figure: &Figure, subject: &str) -> bool {
    let clauses = last_chars(&figure.lead, CLAUSES_MAX);
    [clauses, &figure.label, &figure.table].iter().any(|text| text.contains(subject))
}

/// 300平方米 for 1000户, where the policy has 每百户…30平方米.
fn is_counted_up(figure: &Figure, rival: &Figure) -> bool {
    const POWERS: [(char, u64); 4] = [('十', 10), ('百', 100), ('千', 1000), ('万', 10_000)];
    if figure.unit != rival.unit {
        return false;
    }
    let Some((_, per)) = rival.lead.rsplit_once('每') else { return false };
    let Some(power) = per.chars().next() else { return false };
    let Some((_, power)) = POWERS.iter().find(|(sign, _)| *sign == power) else { return false };
    let unit: String = per.chars().skip(1).take(1).collect();
    let counts = super::figures::find_in(&figure.lead, 0, &[]);
    let mut counts = counts.iter().filter(|count| !unit.is_empty() && count.unit == unit);
    let amounts = amount(figure).zip(amount(rival));
    amounts.is_some_and(|(ours, theirs)| {
        counts.any(|count| {
            let times = amount(count).and_then(|count| count.checked_div(ONE));
            let whole = times.and_then(|times| theirs.checked_mul(times));
            whole.is_some() && whole == ours.checked_mul(*power)
        })
    })
}

/// 充10次，服务费3元 of 每次0.3元: so many times what the policy gives for one.
pub(super) fn is_of_so_many(figure: &Figure, rival: &Figure) -> bool {
    const COUNTED: [&str; 12] =
        ["次", "人", "户", "日", "小时", "吨", "亩", "公斤", "升", "平方米", "立方米", "千瓦时"];
    let rate = self::rate(rival);
    let amounts = amount(figure).zip(amount(rival));
    let amounts = amounts.filter(|_| figure.unit == "元" && rival.unit == "元");
    amounts.is_some_and(|(ours, theirs)| {
        let counts = super::figures::find_in(&figure.lead, 0, &[]);
        counts.iter().any(|count| {
            let times = amount(count).filter(|_| COUNTED.contains(&count.unit));
            let times = times.filter(|_| is_of_example(&figure.lead, count));
            let spans = [(count.unit, 1)];
            rate.of_span(&spans).is_some()
                && self::rate(figure).of_span(&spans).is_none()
                && times.is_some_and(|times| {
                    times > ONE && theirs.checked_mul(times) == ours.checked_mul(ONE)
                })
        })
    })
}

/// Whether a count in a figure's sentence multiplies: 充10次，; none of 10日内, 每年2次, 2人以上.
fn is_of_example(lead: &str, count: &Figure) -> bool {
    const NOT_BEHIND: [&str; 9] = ["内", "后", "前", "以", "之", "的", "同意", "上门", "起"];
    const NOT_BEFORE: [&str; 8] = ["每", "满", "超过", "不少于", "不超过", "至少", "最多", "最长"];
    let before = lead.get(..count.range.start).unwrap_or_default();
    let behind = lead.get(count.range.end..).unwrap_or_default();
    let clause = before.rsplit(BREAKS).next().unwrap_or_default();
    count.bound.is_none()
        && !NOT_BEHIND.iter().any(|word| behind.starts_with(word))
        && !NOT_BEFORE.iter().any(|word| clause.contains(word))
        && !behind.contains("标准")
}

/// Where the word before a share stands, and the factor that both are: 上浮10%.
fn factor_before(text: &str, at: usize) -> Option<(usize, u64)> {
    let before = text.get(..at)?;
    let word_end = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let share = parse(before.get(word_end..)?)?.checked_div(PARTS)?;
    let before = before.get(..word_end)?;
    let ends =
        |words: &[&str]| words.iter().find_map(|word| before.strip_suffix(word)).map(str::len);
    if let Some(at) = ends(&ADDED) {
        Some((at, WHOLE + share))
    } else if let Some(at) = ends(&TAKEN) {
        Some((at, WHOLE.checked_sub(share)?))
    } else {
        Some((ends(&LEFT)?, share))
    }
}

/// By how much all of a line may be raised: 上浮幅度不超过20%, 可上浮不超过10%.
fn raise_before(text: &str, at: usize) -> Option<Raise> {
    const MAX: usize = 14;
    const LINE_MAX: usize = 400;
    let before = text.get(..at)?;
    let word_end = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let clause = last_chars(before.get(..word_end)?, MAX).rsplit(['，', '。', '；']).next()?;
    let is_raise = ["上浮", "浮动"].iter().any(|word| clause.contains(word));
    let share = parse(before.get(word_end..)?).filter(|_| is_raise && !clause.contains("利率"))?;
    let start = last_chars(before, LINE_MAX).rsplit('\n').next()?.len();
    Some(Raise { share: share.checked_div(PARTS)?, line: at - start..at })
}

/// Of whom the clause before a rule's word speaks: 低保家庭的学生 in 低保家庭的学生在上述标准基础上. 比上年提高10% tells
/// of what was.
fn subject_before(before: &str) -> Option<&str> {
    const PREDICATES: [&str; 14] = [
        "在", "按", "可", "应", "实行", "执行", "予以", "给予", "享受", "均", "一律", "补贴",
        "收费", "标准",
    ];
    let sentence = before.rsplit(['。', '；', '\n', '|']).next()?;
    if sentence.contains(['比', '较']) {
        return None;
    }
    // 第三条　新能源汽车, （二）新能源汽车
    let sentence = sentence.rsplit([' ', '　', '）']).next()?;
    let mut clauses = sentence.rsplit(['，', ',', '：', '、']).take(2).map(|clause| {
        let clause = clause.trim_start_matches(['对', '凡', '其', '中']);
        let ends = PREDICATES.iter().filter_map(|word| clause.find(word)).min();
        first_chars(clause.get(..ends.unwrap_or(clause.len())).unwrap_or_default(), SUBJECT_MAX)
    });
    clauses.find(|subject| subject.chars().count() > 1)
}

/// What one is parsed to.
const ONE: u64 = 10_000;
/// A percent, which is parsed as so many, is ten parts of the whole.
const PARTS: u64 = ONE / 10;

/// A figure's number, in ten-thousandths.
pub(super) fn amount(figure: &Figure) -> Option<u64> {
    parse(figure.value.strip_suffix(figure.unit)?)
}

/// A decimal with four places at most, in ten-thousandths.
fn parse(decimal: &str) -> Option<u64> {
    let (whole, part) = decimal.split_once('.').unwrap_or((decimal, ""));
    let part = format!("{part:0<4}");
    if part.len() > 4 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    whole.parse::<u64>().ok()?.checked_mul(ONE)?.checked_add(part.parse().ok()?)
}
