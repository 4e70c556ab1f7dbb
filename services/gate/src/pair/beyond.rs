//! Whose sentence is plainly not the policy's matter: what was achieved before it (截至2025年底, 近年来), another
//! place's rule (杭州市…每小时12元), an earlier edition's, a case that is told. What is said there contradicts
//! nothing, and only asks for a source.

use jiff::civil::Date;

use super::{Pair, examples, figures::Figure, sources};
use crate::document::{Document, first_chars, last_chars};

/// Words of a span that is over; where the policy speaks of it too, it may be its own.
const SPANS: [&str; 9] = [
    "近年来",
    "近几年",
    "近三年",
    "近五年",
    "五年来",
    "“十二五”",
    "“十三五”",
    "“十四五”",
    "自成立以来",
];
/// Characters of a place's name before 市 or 省.
const NAME: std::ops::RangeInclusive<usize> = 2..=4;
/// Characters before a figure that are looked at.
const SENTENCE_MAX: usize = 200;
/// Characters behind a day that say what was done on it.
const BEHIND_MAX: usize = 12;

/// The policy, as far as it tells what is its own.
pub(super) struct Beyond<'p> {
    policy: &'p str,
    title: &'p str,
    year: Option<i16>,
    interpretation: &'p str,
}

impl<'p> Beyond<'p> {
    /// Of a pair whose policy has this title.
    pub(super) fn of(pair: &Pair<'p>, title: &'p str) -> Self {
        let written = pair.metadata.written_on.as_deref();
        let year = sources::written(pair.policy.metadata(), written).map(Date::year);
        let [policy, interpretation] = [pair.policy, pair.interpretation].map(Document::text);
        Self { policy, title, year, interpretation }
    }

    /// Whether a figure, which perhaps contradicts the policy's `rival`, is of such a sentence, a case or another
    /// act.
    pub(super) fn covers(&self, figure: &Figure, rival: &Figure) -> bool {
        self.holds(figure) || self.is_case(figure) || self.is_day_of_issue(figure, rival)
    }

    /// Whether a figure is of such a sentence.
    pub(super) fn holds(&self, figure: &Figure) -> bool {
        let lead = last_chars(&figure.lead, SENTENCE_MAX);
        SPANS.iter().any(|span| lead.contains(span) && !self.policy.contains(span))
            || self.tells_of_year(lead)
            || self.names_place(lead)
            || self.names_edition(lead)
    }

    /// Whether a figure is of a case that is told.
    pub(super) fn is_case(&self, figure: &Figure) -> bool {
        examples::tells(self.interpretation, figure.range.start)
    }

    /// Whether a day is that of an act which the policy's day is not of: 印发 beside 审议通过 or 施行.
    pub(super) fn is_day_of_issue(&self, figure: &Figure, rival: &Figure) -> bool {
        const ISSUED: [&str; 5] = ["印发", "公布", "发布", "出台", "刊发"];
        let is_day = |figure: &Figure| figure.unit.is_empty() && figure.value.contains('月');
        let tells = |text: &str, of: &Figure| {
            let behind = first_chars(text.get(of.range.end..).unwrap_or_default(), BEHIND_MAX);
            let behind = behind.split(['。', '；', '，', '\n']).next().unwrap_or_default();
            ISSUED.iter().any(|word| behind.contains(word))
        };
        is_day(figure)
            && is_day(rival)
            && tells(self.interpretation, figure)
            && !tells(self.policy, rival)
            && !figure.lead.ends_with(['前', '内'])
    }

    /// 截至2025年底, of a year that is over when the policy is written.
    fn tells_of_year(&self, lead: &str) -> bool {
        let Some((_, said)) = lead.rsplit_once("截至") else { return false };
        let year = first_chars(said, 4).parse::<i16>();
        year.ok().zip(self.year).is_some_and(|(said, written)| said < written)
    }

    /// Whether a clause begins with a city or a province that the policy does not name.
    fn names_place(&self, lead: &str) -> bool {
        const NOT_NAMES: [char; 32] = [
            '本', '全', '我', '各', '该', '外', '跨', '城', '超', '夜', '门', '股', '楼', '上',
            '入', '在', '的', '区', '县', '乡', '省', '级', '设', '进', '出', '到', '由', '向',
            '与', '和', '经', '为',
        ];
        // 参考苏州、无锡等地做法
        lead.split("等地").skip(1).any(|behind| !behind.starts_with('方'))
            || lead.split(['。', '；', '，', '：', '、', '\n']).any(|clause| {
                let clause = clause.trim_start_matches(|c: char| !c.is_alphanumeric());
                let clause = ["比如", "例如", "参考", "参照", "借鉴", "而", "从"]
                    .iter()
                    .find_map(|word| clause.strip_prefix(word))
                    .unwrap_or(clause);
                let Some((name, behind)) = clause.split_once(['市', '省']) else { return false };
                NAME.contains(&name.chars().count())
                    && name.chars().all(|c| c.is_alphabetic() && !c.is_ascii())
                    && !name.ends_with(NOT_NAMES)
                    && !name
                        .starts_with(['本', '全', '我', '各', '该', '外', '在', '设', '由', '经'])
                    && !behind.starts_with(['民', '场', '面', '值', '级', '里'])
                    && !self.policy.contains(name)
                    && !self.title.contains(name)
            })
    }

    /// 《暂行办法》, where the policy is none: the one before it.
    fn names_edition(&self, lead: &str) -> bool {
        let Some((_, named)) = lead.rsplit_once('《') else { return false };
        let named = named.split('》').next().unwrap_or_default();
        ["暂行", "试行"].iter().any(|word| named.contains(word) && !self.title.contains(word))
            && !self.policy.contains(named)
    }
}
