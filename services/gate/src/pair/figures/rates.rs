//! What amounts are counted by: 每人每月, 元/人·月, （元/月·生）: the same set of units in whatever order.

/// What an amount is counted by; empty where the text does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Rate(Vec<&'static str>);

/// Units as texts write them, longer ones first, and the one they stand for: a pupil is a person.
const UNITS: [(&str, &str); 57] = [
    ("半年", "半年"),
    ("半个月", "半月"),
    ("半月", "半月"),
    ("两年", "两年"),
    ("二年", "两年"),
    ("2年", "两年"),
    ("三年", "三年"),
    ("3年", "三年"),
    ("五年", "五年"),
    ("5年", "五年"),
    ("平方米", "平方米"),
    ("平米", "平方米"),
    ("㎡", "平方米"),
    ("立方米", "立方米"),
    ("季度", "季度"),
    ("季", "季度"),
    ("个家庭", "户"),
    ("家庭", "户"),
    ("公顷", "公顷"),
    ("学期", "学期"),
    ("学年", "学年"),
    ("自然年度", "年"),
    ("年度", "年"),
    ("小时", "小时"),
    ("个月", "月"),
    ("人次", "次"),
    ("名学生", "人"),
    ("位学生", "人"),
    ("名职工", "人"),
    ("位老人", "人"),
    ("名老人", "人"),
    ("学生", "人"),
    ("亩", "亩"),
    ("月", "月"),
    ("年", "年"),
    ("人", "人"),
    ("名", "人"),
    ("位", "人"),
    ("生", "人"),
    ("次", "次"),
    ("天", "日"),
    ("日", "日"),
    ("周", "周"),
    ("户", "户"),
    ("吨", "吨"),
    ("例", "例"),
    ("千克", "公斤"),
    ("公斤", "公斤"),
    ("千瓦时", "千瓦时"),
    ("升", "升"),
    ("m³", "立方米"),
    ("m²", "平方米"),
    ("kg", "公斤"),
    ("kWh", "千瓦时"),
    ("L", "升"),
    ("h", "小时"),
    ("d", "日"),
];

/// Those that are spans of time.
const SPANS: [&str; 12] =
    ["年", "月", "日", "周", "季度", "学期", "学年", "半年", "半月", "两年", "三年", "五年"];

/// Those that count without 每 and 一: 两年一次.
const LONG_SPANS: [&str; 5] = ["半年", "半月", "两年", "三年", "五年"];

/// 安排 of 每年安排.
pub(crate) fn without_rate(label: &str) -> &str {
    label.strip_prefix('每').and_then(unit).map_or(label, |(_, rest)| rest)
}

/// The unit that a text begins with, and the rest.
fn unit(text: &str) -> Option<(&'static str, &str)> {
    UNITS.iter().find_map(|(written, unit)| Some((*unit, text.strip_prefix(written)?)))
}

impl Rate {
    /// Whether both can be one: what one leaves unsaid the other may say.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        let within = |one: &Self, other: &Self| one.0.iter().all(|unit| other.0.contains(unit));
        within(self, other) || within(other, self)
    }

    /// Whether both name a span of time, or whom it is for, and not the same: 每年 and 每月, 每户 and 每人.
    pub(crate) fn conflicts(&self, other: &Self) -> bool {
        const KINDS: [&[&str]; 2] = [&SPANS, &["人", "户"]];
        KINDS.iter().any(|kind| {
            // 每学年 may be 每年.
            let plain = |unit: &'static str| if unit == "学年" { "年" } else { unit };
            let of = |rate: &Self| rate.0.iter().copied().find(|unit| kind.contains(unit));
            of(self).zip(of(other)).is_some_and(|(one, other)| plain(one) != plain(other))
        })
    }

    /// With what another says besides.
    pub(super) fn and(mut self, other: &Self) -> Self {
        self.0.extend(&other.0);
        self.0.sort_unstable();
        self.0.dedup();
        self
    }

    /// The span that this counts by, among these, and as how many of the least.
    pub(in crate::pair) fn of_span(&self, spans: &[(&str, u64)]) -> Option<u64> {
        spans.iter().find(|(span, _)| self.0.contains(span)).map(|(_, months)| *months)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// 每人每月
    pub(crate) fn told(&self) -> String {
        self.0.iter().flat_map(|unit| ["每", unit]).collect()
    }

    /// The rate at a text's end, 每人每月 or （每人每月）, and what stands before it.
    pub(crate) fn before(text: &str) -> (&str, Self) {
        let mut rate = Self::default();
        let mut rest = text;
        while let Some((before, found)) = last(rest) {
            rest = before.trim_end();
            rate = rate.and(&found);
        }
        (rest, rate)
    }

    /// The last rate of a text wherever it stands, with what stands before and behind it: 每人每月补贴.
    pub(in crate::pair) fn within(text: &str) -> Option<(&str, Self, &str)> {
        let at = text.rfind('每')?;
        let (mut units, mut start, mut end) = (vec![], at, text.len());
        let mut next = Some(at);
        while let Some(at) = next {
            let of = text.get(at + '每'.len_utf8()..)?;
            let Some((unit, rest)) = unit(of) else { break };
            // What stands between this one and the next is none of a rate.
            if !units.is_empty() && text.len() - rest.len() != start {
                break;
            }
            if units.is_empty() {
                end = text.len() - rest.len();
            }
            units.push(unit);
            start = at;
            next = text.get(..at)?.rfind('每');
        }
        if units.is_empty() {
            return None;
        }
        Some((text.get(..start)?, Self(units).and(&Self::default()), text.get(end..)?))
    }

    /// What a clause that begins with 一年 or 每人一个月 counts by.
    pub(in crate::pair) fn in_one(clause: &str) -> Option<Self> {
        let clause = clause.trim_start();
        let (payee, rest) = clause.strip_prefix('每').and_then(unit).unzip();
        let (span, _) = rest.unwrap_or(clause).strip_prefix('一').and_then(unit)?;
        let is_span = ["年", "月", "日", "周", "季度"].contains(&span);
        is_span.then(|| Self(payee.into_iter().chain([span]).collect()).and(&Self::default()))
    }

    /// How often something is done by a clause that leads to 一次: 两年检验, 机动车排放检验半年.
    pub(in crate::pair) fn of_times(clause: &str) -> Option<Self> {
        const ACT: usize = 8;
        const NOT: [char; 8] = ['内', '后', '前', '来', '满', '以', '之', '期'];
        let (at, span, rest) = clause.char_indices().rev().find_map(|(at, _)| {
            let text = clause.get(at..)?;
            let (span, rest) = text.strip_prefix('一').and_then(unit).or_else(|| unit(text))?;
            let is_span = text.starts_with('一') || LONG_SPANS.contains(&span);
            (is_span && SPANS.contains(&span)).then_some((at, span, rest))
        })?;
        let is_of = !rest.starts_with(NOT) && rest.chars().nth(ACT).is_none();
        let before = clause.get(..at)?;
        let is_whole = !before.ends_with(['第', '满', '近', '前', '后', '十', '超', '过', '期'])
            && !before.ends_with(|c: char| c.is_ascii_digit());
        (is_of && is_whole).then(|| Self(vec![span]))
    }

    /// The rate behind an amount: /月, /人·月, /（生·学期）, 每生每学期.
    pub(super) fn behind(text: &str) -> Self {
        let mut found = vec![];
        let mut rest = text;
        let separators = |c: char| "/／·•・.．*×、".contains(c);
        loop {
            let next = if found.is_empty() {
                rest.strip_prefix(['/', '／', '每'])
                    .map(|rest| rest.trim_start_matches(['（', '(', '每']))
            } else {
                // 元/人月, but not 元/人年满
                let after = rest.trim_start_matches(|c: char| separators(c) || c == '每');
                (after.len() < rest.len() || rest.starts_with('月')).then_some(after)
            };
            let Some((unit, behind)) = next.and_then(unit) else { break };
            found.push(unit);
            rest = behind;
        }
        Self(found).and(&Self::default())
    }
}

/// The last rate of a text: 每月, （每人每月）.
fn last(text: &str) -> Option<(&str, Rate)> {
    let (before, inner) = match text.strip_suffix(['）', ')']) {
        Some(inner) => inner.rsplit_once(['（', '('])?,
        None => text.split_at(text.rfind('每')?),
    };
    let parts = inner.strip_prefix('每')?.split('每');
    let units = parts.map(|part| unit(part).filter(|(_, rest)| rest.is_empty()));
    let units = units.map(|unit| unit.map(|(unit, _)| unit)).collect::<Option<Vec<_>>>()?;
    Some((before, Rate(units).and(&Rate::default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_span_or_another_payee_is_another_rate() {
        let of = |text: &str| Rate::before(text).1;
        for (one, other, expected) in [
            ("每人每月", "每年", true),
            ("每人每月", "每户", true),
            ("每生每学期", "每学年", true),
            ("每人每月", "每月", false),
            ("每人", "每月", false),
            ("", "每月", false),
        ] {
            assert_eq!(of(one).conflicts(&of(other)), expected, "{one} {other}");
        }
    }

    #[test]
    fn a_rate_is_the_same_in_every_order_and_notation() {
        let person_month = Rate::before("补贴每人每月").1;
        for behind in
            ["/人·月", "/月·人", "/人/月", "/人.月", "/（人·月）", "每人每月", "/人月", "／生·月"]
        {
            assert_eq!(Rate::behind(behind), person_month, "{behind}");
        }
        for before in
            ["每月每人", "每生每月", "每名学生每月", "（每人每月）", "每人 每月", "每位老人每个月"]
        {
            let text = format!("补贴标准{before}");
            assert_eq!(Rate::before(&text), ("补贴标准", person_month.clone()), "{before}");
        }
        assert_eq!(Rate::behind("/平方米·月"), Rate::before("每月每平方米").1);
        for none in ["", "，每月发放", "/人年满60岁", "以下"] {
            let expected =
                if none.starts_with("/人") { Rate(vec!["人"]) } else { Rate::default() };
            assert_eq!(Rate::behind(none), expected, "{none}");
        }
        assert_eq!(Rate::before("每班").1, Rate::default());
    }

    #[test]
    fn a_rate_is_found_before_the_verb_too() {
        let person_month = Rate::before("每人每月").1;
        for (text, before, behind) in [
            ("每人每月补贴", "", "补贴"),
            ("低保家庭每人每月补贴", "低保家庭", "补贴"),
            ("每年审核后每人每月给予", "每年审核后", "给予"),
            ("每人每月", "", ""),
        ] {
            assert_eq!(Rate::within(text), Some((before, person_month.clone(), behind)), "{text}");
        }
        assert_eq!(Rate::within("每招用一人补贴"), None);
        assert_eq!(Rate::within("补贴"), None);
    }

    #[test]
    fn what_is_left_unsaid_contradicts_nothing() {
        let rate = |text| Rate::behind(text);
        assert!(rate("/月").agrees(&rate("/人·月")) && rate("").agrees(&rate("/月")));
        assert!(!rate("/年").agrees(&rate("/人·月")) && !rate("/户·月").agrees(&rate("/人·月")));
    }
}
