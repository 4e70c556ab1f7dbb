//! Numbers that are known by their own form: ID cards, mobile numbers, bank cards.

use std::ops::Range;

use super::{
    Doubt, Hit, MASK,
    amounts::Amount,
    checks::{
        has_region, id_body, id_check, is_bank_card, is_credit_code, is_date, is_id_card, is_mobile,
    },
    runs::{Gap, Group, fold, is_hidden, runs},
    whom,
};
use crate::codes;

/// The longest number looked for: 残疾人证号.
const DIGITS_MAX: usize = 20;
/// How far back words count for a number: a label and a name or two.
const WORDS_MAX: usize = 32;

/// ID cards, mobile numbers and bank cards in a text.
pub(super) fn find(text: &str, wraps: bool) -> Vec<Hit> {
    let mut hits = vec![];
    for run in runs(text, wraps) {
        let mut first = 0;
        while first < run.len() {
            let (hit, used) = find_at(text, &run, first).map_or((None, 1), |(h, n)| (Some(h), n));
            hits.extend(hit);
            first += used;
        }
    }
    hits
}

/// What begins with this group, and of how many it is made.
fn find_at(text: &str, run: &[Group], first: usize) -> Option<(Hit, usize)> {
    let mut digits = String::new();
    let mut candidates = vec![];
    for (index, group) in run.iter().enumerate().skip(first) {
        digits.push_str(&group.digits);
        if digits.len() > DIGITS_MAX {
            break;
        }
        candidates.push((digits.clone(), index + 1));
    }
    let kinds = [disability_card, id_card, bank_card, mobile, old_id_card, labelled_card];
    kinds.iter().find_map(|kind| {
        candidates.iter().find_map(|(digits, end)| {
            let candidate = Candidate { text, digits, run, first, end: *end };
            kind(&candidate).map(|hit| (hit, end - first))
        })
    })
}

/// Some groups of a run, taken as one number.
pub(super) struct Candidate<'t> {
    text: &'t str,
    digits: &'t str,
    run: &'t [Group],
    first: usize,
    end: usize,
}

impl Candidate<'_> {
    fn groups(&self) -> &[Group] {
        self.run.get(self.first..self.end).unwrap_or_default()
    }

    fn range(&self) -> Range<usize> {
        let ends = self.groups().first().zip(self.groups().last());
        ends.map_or(0..0, |(first, last)| first.range.start..last.range.end)
    }

    fn hit(&self, code: &'static codes::Code) -> Hit {
        let range = self.range();
        Hit::new(code, range.clone(), self.text.get(range).unwrap_or_default())
    }

    fn has_digits_alone(&self) -> bool {
        self.digits.bytes().all(|b| b.is_ascii_digit())
    }

    /// The gaps inside the number.
    fn gaps(&self) -> impl Iterator<Item = Gap> {
        self.groups().iter().skip(1).map(|group| group.gap)
    }

    /// Whether its parts belong together although only the form says so: none shorter than three
    /// digits, and a line's end only in a wrapped line whose rest is no list's number or date.
    fn holds_together(&self) -> bool {
        let after = self.after().next();
        let goes_on = after.is_none_or(|c| !".、)年月日".contains(c));
        let has_line = self.gaps().any(|gap| gap.has_line);
        if self.gaps().any(|gap| gap.has_point) && !self.is_grouped() {
            return false;
        }
        let parts = self.groups();
        self.gaps().all(|gap| !gap.has_line || (gap.is_wrapped && goes_on))
            && (has_line || parts.len() == 1 || parts.iter().all(|part| part.digits.len() >= 3))
    }

    /// Whether its parts are as long as people make them: 138.0013.8000, (138)00138000, a card in fours.
    fn is_grouped(&self) -> bool {
        let parts: Vec<usize> = self.groups().iter().map(|part| part.digits.len()).collect();
        matches!(parts.as_slice(), [3, 4, 4] | [3, 8])
            || parts.split_last().is_some_and(|(last, first)| {
                first.len() >= 3 && first.iter().all(|part| *part == 4) && *last <= 4
            })
    }

    /// Whether nothing but blanks and dashes parts it.
    fn is_in_line(&self) -> bool {
        !self.gaps().any(|gap| gap.has_line || gap.has_point)
    }

    /// Whether it stands alone, digit by digit: 1 3 8 0 0 1 3 8 0 0 0, 1·3·8·0·0·1·3·8·0·0·0.
    fn is_spaced_out(&self) -> bool {
        self.run.len() == self.groups().len()
            && !self.gaps().any(|gap| gap.has_line)
            && self.groups().iter().all(|group| group.digits.len() == 1)
    }

    fn group_before(&self) -> Option<&Group> {
        self.first.checked_sub(1).and_then(|index| self.run.get(index))
    }

    /// The characters before it, nearest first. What was masked counts as before, or what is near it
    /// would be another.
    pub(super) fn before(&self) -> impl Iterator<Item = char> {
        let text = self.text.get(..self.range().start).unwrap_or_default();
        let shown = text.chars().rev().filter(|c| !is_hidden(*c));
        shown.map(|c| if c == MASK { c } else { fold(c) })
    }

    pub(super) fn after(&self) -> impl Iterator<Item = char> {
        let text = self.text.get(self.range().end..).unwrap_or_default();
        text.chars().filter(|c| !is_hidden(*c)).map(fold)
    }

    /// Whether it is part of a longer code, a decimal or a web address.
    fn is_inside(&self) -> bool {
        let is_joined = |mut chars: Box<dyn Iterator<Item = char> + '_>| match chars.next() {
            Some('.') => chars.next().is_some_and(|c| c.is_ascii_digit()),
            next => next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_'),
        };
        let word: String = self.before().take(100).take_while(char::is_ascii_graphic).collect();
        is_joined(Box::new(self.before()))
            || is_joined(Box::new(self.after()))
            || word.contains("//:")
    }

    /// What the sentence says before it, without spaces and marks of tables and emphasis.
    fn words_before(&self) -> String {
        let mut words: Vec<char> = vec![];
        for c in self.before().take(2 * WORDS_MAX) {
            match c {
                '\n' if !words.is_empty() => break,
                '。' | ';' | '!' | '?' => break,
                '|' | '*' | '`' => {}
                c if c.is_whitespace() => {}
                c => words.push(c.to_ascii_lowercase()),
            }
        }
        words.into_iter().take(WORDS_MAX).rev().collect()
    }
}

/// Whether the words end in one of the labels, with or without a colon or the like.
pub(super) fn is_labelled(words: &str, labels: &[&str]) -> bool {
    let words = words.trim_end_matches([':', '(', '"', '“', '=', ',', '+']);
    let words = words.trim_end_matches(['为', '是']);
    labels.iter().any(|label| words.ends_with(label))
}

fn has_any(words: &str, named: &[&str]) -> bool {
    named.iter().any(|name| words.contains(name))
}

/// 公民身份号码, GB 11643-1999. The check alone is right for one number in eleven; with region and
/// date it is no accident, whatever breaks the number up.
fn id_card(candidate: &Candidate) -> Option<Hit> {
    let digits = candidate.digits;
    let body = id_body(digits)?;
    let words = candidate.words_before();
    if is_credit_code(digits) && has_any(&words, &["信用代码"]) {
        return None;
    }
    let hit = candidate.hit(match candidate.before().next() {
        // 全国学籍号: G, L or J before the ID number (教育部 中小学生学籍管理办法).
        Some('G' | 'L' | 'J' | 'g' | 'l' | 'j') => &codes::STUDENT_NUMBER,
        _ => &codes::ID_CARD,
    });
    if id_check(body) == digits.chars().last() {
        let doubt = says_code(&words).then_some(Doubt::Likeness);
        return Some(hit.doubted(doubt));
    }
    // A slip of a digit leaves it a person's number, where the text says that it is one.
    let is_said = has_any(&words, &["身份证", "身份号码", "学籍号"]);
    is_said.then(|| hit.doubted(Some(Doubt::Likeness)))
}

/// Whether a label ends as those of permits and cases do, and says nothing of a person: 行政许可决定书编号,
/// 招标备案号. Their dates and serial numbers pass the check by accident.
pub(super) fn says_code(words: &str) -> bool {
    const ENDS: [&str; 4] = ["编号", "案号", "备案号", "许可证号"];
    const PERSONS: [&str; 15] = [
        "身份", "证件", "公民", "居民", "居住", "驾驶", "残疾", "社保", "医保", "人", "员", "户",
        "学", "考", "生",
    ];
    let label = words.trim_end_matches([':', '(', '"', '“', '=', '为', '是', ' ']);
    let label = label.rsplit([',', ':', ';', '、', '(', ')']).next().unwrap_or_default();
    let label = label.replace("人民", "").replace("卫生", "");
    ENDS.iter().any(|end| label.ends_with(end)) && !has_any(&label, &PERSONS)
}

/// 残疾人证号: the holder's identity number, a digit of the kind and one of the degree of disability (GB/T
/// 26341-2010).
fn disability_card(candidate: &Candidate) -> Option<Hit> {
    let digits = candidate.digits;
    let (id, kind) = digits.split_at_checked(18).filter(|_| digits.len() == 20)?;
    let fits = matches!(kind.as_bytes(), [b'1'..=b'7', b'1'..=b'4'])
        && candidate.groups().len() == 1
        && is_id_card(id);
    fits.then(|| candidate.hit(&codes::ID_CARD))
}

/// What its label says to be a bank card's number although its check is wrong or its range unknown: a slip
/// leaves it a person's.
fn labelled_card(candidate: &Candidate) -> Option<Hit> {
    let fits = (16..=19).contains(&candidate.digits.len())
        && candidate.has_digits_alone()
        && !candidate.is_inside()
        && candidate.is_in_line()
        && is_labelled(&candidate.words_before(), &CARDS);
    fits.then(|| candidate.hit(&codes::BANK_CARD).doubted(Some(Doubt::Likeness)))
}

/// The number of before 1999: no check digit, so it warns.
fn old_id_card(candidate: &Candidate) -> Option<Hit> {
    const CODES: [&str; 6] = ["注册号", "编号", "代码", "识别号", "税号", "编码"];
    let digits = candidate.digits;
    let fits = digits.len() == 15
        && candidate.groups().len() == 1
        && candidate.has_digits_alone()
        && !candidate.is_inside()
        && has_region(digits)
        && digits.get(6..12).is_some_and(|date| is_date(&format!("19{date}")))
        && !is_labelled(&candidate.words_before(), &CODES);
    fits.then(|| candidate.hit(&codes::ID_CARD).doubted(Some(Doubt::Likeness)))
}

/// Cards by issuer's range and the check of ISO/IEC 7812 (Luhn). 62 and 9558 are cards by themselves;
/// the other ranges begin like codes of provinces, so there a label has to say so.
fn bank_card(candidate: &Candidate) -> Option<Hit> {
    let digits = candidate.digits;
    if !is_bank_card(digits) || candidate.is_inside() {
        return None;
    }
    let words = candidate.words_before();
    let is_grouped_freely = candidate.is_in_line() && is_labelled(&words, &CARDS);
    if !(candidate.holds_together() || is_grouped_freely) {
        return None;
    }
    let is_said = has_any(&words, &CARDS);
    // An 18-digit number with a birthday is an ID card of Gansu (62) with a slip in it.
    let looks_like_id = digits.len() == 18 && digits.get(6..14).is_some_and(is_date);
    let is_own = (digits.starts_with("62") && !looks_like_id)
        || (digits.starts_with("9558") && digits.len() == 19);
    let is_foreign = digits.len() == 16
        && ["4", "51", "52", "53", "54", "55", "35"].iter().any(|bin| digits.starts_with(bin));
    (is_own || (is_said && (is_foreign || looks_like_id))).then(|| candidate.hit(&codes::BANK_CARD))
}

/// Words that make a number a card's.
pub(super) const CARDS: [&str; 6] = ["卡号", "卡号码", "银行卡", "信用卡", "储蓄卡", "借记卡"];

/// Words that make a number below or beside them that of an identity card.
pub(super) const IDENTITY: [&str; 3] = ["身份证", "身份号码", "证件号"];

/// Words that make a number a telephone's.
pub(super) const PHONES: [&str; 10] =
    ["手机", "电话", "联系", "微信", "热线", "咨询", "拨打", "tel", "phone", "mobile"];
/// What stands right before a number that is a telephone's, however its digits are grouped.
const PHONE_LABELS: [&str; 10] =
    ["手机", "手机号", "号码", "电话", "电话号", "联系方式", "微信", "微信号", "tel", "mobile"];
/// Words of an office that gives its line openly.
pub(super) const OPEN_LINES: [&str; 10] = [
    "咨询",
    "联系电话",
    "联系方式",
    "值班",
    "热线",
    "监督电话",
    "举报电话",
    "投诉电话",
    "办公电话",
    "服务电话",
];
/// Whether the numbers that a label announces are those of offices: it says so, or names the offices.
pub(super) fn is_offices_line(label: &str) -> bool {
    const OFFICES: [&str; 16] = [
        "服务点",
        "服务站",
        "服务中心",
        "便民",
        "窗口",
        "受理",
        "网点",
        "站点",
        "科室",
        "部门",
        "各单位",
        "办事处",
        "村委",
        "居委",
        "公开电话",
        "报名电话",
    ];
    whom::names_line(label)
        && (has_any(label, &OPEN_LINES) || has_any(label, &OFFICES))
        && !whom::tells_of_persons(label)
}

/// Labels of numbers that identify things.
const CODES: [&str; 13] = [
    "编号",
    "编码",
    "代码",
    "索引号",
    "文号",
    "条码",
    "案号",
    "流水号",
    "订单号",
    "批号",
    "证号",
    "备案号",
    "注册号",
];

/// Mobile numbers (1, 3 to 9, nine digits; also with 86 or 0 before them).
fn mobile(candidate: &Candidate) -> Option<Hit> {
    let digits = candidate.digits;
    let (number, prefix) = match digits.len() {
        11 => (digits, ""),
        12 => (digits.strip_prefix('0')?, "0"),
        13 => (digits.strip_prefix("86")?, "86"),
        15 => (digits.strip_prefix("0086")?, "0086"),
        _ => return None,
    };
    if !is_mobile(number) {
        return None;
    }
    let words = candidate.words_before();
    let is_said = has_any(&words, &PHONES);
    let is_grouped_freely = candidate.is_in_line() && is_said && is_labelled(&words, &PHONE_LABELS);
    let holds = candidate.holds_together()
        || prefix == "86"
        || prefix == "0086"
        || is_grouped_freely
        || candidate.is_spaced_out();
    if !holds {
        return None;
    }
    // A plus says so.
    let is_bare = prefix == "86" && candidate.before().next() != Some('+');
    let is_code = is_labelled(&words, &CODES) || (candidate.is_inside() && !is_said);
    let amount =
        if is_labelled(&words, &PHONE_LABELS) { Amount::No } else { Amount::of(candidate, &words) };
    let counts = matches!(amount, Amount::Sure | Amount::Unit);
    if is_code || (counts && !is_said) {
        return None;
    }
    let doubt = if amount == Amount::Sure || (amount == Amount::Likely && !is_said) {
        Some(Doubt::Likeness)
    } else if is_said && has_any(&words, &OPEN_LINES) && !whom::tells_of_persons(&words) {
        Some(Doubt::OpenLine)
    } else if candidate.gaps().any(|gap| gap.has_stars) {
        // Masked in between, and given whole all the same.
        Some(Doubt::Likeness)
    } else if !is_said
        && (is_bare
            // No district's code begins so, and other numbers do.
            || prefix == "0"
            || might_be_figures(candidate)
            || (candidate.is_spaced_out() && !whom::tells_of_persons(&words)))
    {
        Some(Doubt::Likeness)
    } else {
        None
    };
    Some(candidate.hit(&codes::MOBILE).doubted(doubt))
}

/// Whether its parts, or it and its neighbours, might be figures of a table or parts of a code.
fn might_be_figures(candidate: &Candidate) -> bool {
    let before = candidate.group_before().filter(|group| !["86", "0086"].contains(&&*group.digits));
    let after = candidate.run.get(candidate.end);
    let gap_before = candidate.groups().first().filter(|_| before.is_some()).map(|g| g.gap);
    if gap_before.is_some_and(|gap| gap.has_dash && !gap.has_line) {
        return true;
    }
    let is_year = |part: &Group| {
        part.digits.len() == 4 && (part.digits.starts_with("19") || part.digits.starts_with("20"))
    };
    let has_neighbour = |gap: Option<Gap>| gap.is_some_and(|gap| !gap.has_line && !gap.has_point);
    // 1500, 1350 and 120 in three cells
    let has_cells = || {
        let parts: Vec<usize> = candidate.groups().iter().map(|part| part.digits.len()).collect();
        candidate.gaps().any(|gap| gap.has_tab) && !matches!(parts.as_slice(), [3, 4, 4] | [3, 8])
    };
    candidate.groups().len() > 1
        && (has_cells()
            || has_neighbour(gap_before)
            || has_neighbour(after.map(|group| group.gap))
            || candidate.groups().iter().any(is_year))
}
