//! What a text says of itself: title, number, dates, validity, repeals, disclosure mark.

use jiff::civil::Date;
use serde::Serialize;

use super::{
    Document, Level, Unit, dates,
    mark::strip_signs,
    signs,
    words::{first_chars, join_lines, list_attachments, sentence_start, split_signers},
};

/// What could be drawn out of a text. Everything may be absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Metadata {
    /// 标题; lines joined.
    pub title: Option<String>,
    /// 发文字号, in one form: 国办发〔2019〕3号.
    pub number: Option<String>,
    /// 主送机关
    pub addressees: Vec<String>,
    /// 发文机关署名
    pub signers: Vec<String>,
    /// Dates with their part, in the order of the text.
    pub dates: Vec<Dated>,
    /// 有效期
    pub validity: Option<Validity>,
    /// What it repeals.
    pub repeals: Vec<Repeal>,
    /// 公开属性, where the text bears a mark.
    pub disclosure: Option<DisclosureMark>,
    /// 附件 by name.
    pub attachments: Vec<String>,
    /// Whether it says that parts are left out 本文有删减.
    pub is_abridged: bool,
}

/// A date with its part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dated {
    /// What happens then.
    pub role: DateRole,
    /// The day; none where the text says “from the day of issue”.
    pub date: Option<Date>,
    /// As written.
    pub raw: String,
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
}

impl Dated {
    /// The day as documents write it: 2027年1月5日.
    pub fn chinese(&self) -> Option<String> {
        self.date.map(|date| format!("{}年{}月{}日", date.year(), date.month(), date.day()))
    }
}

/// What happens on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DateRole {
    /// 成文日期
    Written,
    /// 施行日期
    Effective,
    /// 有效期至
    Expires,
    /// 印发日期
    Printed,
}

/// How long the document holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// 有效期N年
    Years(u32),
    /// 有效期至
    Until(Date),
}

/// A document that this one ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repeal {
    /// Its title.
    pub title: String,
    /// Its number, where one is given.
    pub number: Option<String>,
}

/// 公开属性 as texts mark it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DisclosureMark {
    /// 主动公开, 此件公开发布
    Proactive,
    /// 依申请公开
    OnRequest,
    /// 不予公开
    Withheld,
}

/// What documents call themselves, after 本.
pub(crate) const SELF_NAMES: [&str; 26] = [
    "实施办法",
    "实施细则",
    "实施意见",
    "实施方案",
    "管理办法",
    "工作规则",
    "办法",
    "条例",
    "规定",
    "细则",
    "意见",
    "通知",
    "公告",
    "通告",
    "方案",
    "决定",
    "规则",
    "规范",
    "措施",
    "预案",
    "指引",
    "规程",
    "标准",
    "法",
    "制度",
    "政策",
];

impl Document<'_> {
    /// What the text says of itself.
    pub fn metadata(&self) -> Metadata {
        let of = |level: Level| self.units.iter().filter(move |unit| unit.level == level);
        let title = self.find_title();
        let number = of(Level::Number).find_map(|unit| unit.number.clone());
        let number = number.map(|number| self.complete_number(number));
        let (validity, expires) = self.find_validity();
        let mut dates = self.find_dates();
        dates.extend(expires);
        dates.sort_by_key(|dated| dated.start);
        Metadata {
            title,
            number,
            addressees: of(Level::Addressee)
                .map(|unit| self.plain(unit))
                .map(|text| text.trim_end_matches(['：', ':']).to_owned())
                .collect(),
            signers: of(Level::Signer).flat_map(|unit| split_signers(&self.plain(unit))).collect(),
            dates,
            validity,
            repeals: self.find_repeals(),
            disclosure: self.find_disclosure(),
            attachments: of(Level::AttachmentList)
                .flat_map(|unit| list_attachments(self.text_of(unit)))
                .collect(),
            is_abridged: self.text.contains("有删减") || self.text.contains("有删节"),
        }
    }

    /// A unit's text on one line, Markdown's signs left out.
    pub(crate) fn plain(&self, unit: &Unit) -> String {
        let lines =
            self.text_of(unit).lines().map(|line| strip_signs(line).trim_end_matches('*').trim());
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The first title that is whole; lines of one title are joined as they are printed, without a
    /// blank between two Chinese characters.
    fn find_title(&self) -> Option<String> {
        let titles: Vec<String> = self
            .units
            .iter()
            .filter(|unit| unit.level == Level::Title)
            .map(|unit| join_lines(self.text_of(unit)))
            .collect();
        // An order of promulgation 令 bears the title of what it promulgates.
        let is_order = |title: &String| title.ends_with('令');
        let whole = titles.iter().find(|title| signs::is_whole_title(title) && !is_order(title));
        whole.or(titles.first()).cloned()
    }

    /// 第179号 under 广州市人民政府令 is 广州市人民政府令第179号.
    fn complete_number(&self, number: String) -> String {
        if !number.starts_with('第') {
            return number;
        }
        let head = self.units.iter().find(|unit| unit.level == Level::Title);
        match head.map(|unit| join_lines(self.text_of(unit))).filter(|title| title.ends_with('令'))
        {
            Some(head) => format!("{head}{number}"),
            None => number,
        }
    }

    fn find_dates(&self) -> Vec<Dated> {
        let mut found = vec![];
        for unit in &self.units {
            let text = self.text_of(unit);
            match unit.level {
                Level::Date => found.extend(dates::find(text).into_iter().next().map(|date| {
                    dated(
                        DateRole::Written,
                        Some(date.date),
                        unit.start,
                        text,
                        date.start,
                        date.end,
                    )
                })),
                Level::Note if text.trim_end().ends_with("印发") => {
                    found.extend(dates::find(text).into_iter().next_back().map(|date| {
                        dated(
                            DateRole::Printed,
                            Some(date.date),
                            unit.start,
                            text,
                            date.start,
                            date.end,
                        )
                    }));
                }
                level if level.is_structural() || level == Level::Paragraph => {
                    found.extend(effective(unit.start, text));
                }
                _ => {}
            }
        }
        found
    }

    fn find_validity(&self) -> (Option<Validity>, Option<Dated>) {
        for unit in self
            .units
            .iter()
            .rev()
            .filter(|unit| unit.level.is_structural() || unit.level == Level::Paragraph)
        {
            let text = self.text_of(unit);
            for (at, _) in text.match_indices("有效期") {
                let from = sentence_start(text, at);
                let sentence = text.get(from..at).unwrap_or_default();
                // A permit's or a card's validity is not the document's.
                if !is_about_itself(sentence) {
                    continue;
                }
                let rest = text.get(at + "有效期".len()..).unwrap_or_default();
                let rest = first_chars(rest, 100);
                let rest_len = rest.find(['。', '；']).unwrap_or(rest.len());
                let rest = rest.get(..rest_len).unwrap_or_default();
                if let Some(date) = dates::find(rest).into_iter().next_back()
                    && (rest.trim_start().starts_with(['至', '到', '自']))
                {
                    let base = unit.start + at + "有效期".len();
                    let dated =
                        dated(DateRole::Expires, Some(date.date), base, rest, date.start, date.end);
                    return (Some(Validity::Until(date.date)), Some(dated));
                }
                let rest = rest.trim_start_matches(['为', '限', '是', ' ']);
                let len = super::mark::prefix_len(rest, super::numerals::is_numeral);
                let years = rest.get(..len).and_then(super::numerals::parse);
                let is_years =
                    rest.get(len..).is_some_and(|rest| rest.trim_start().starts_with('年'));
                if let Some(years) = years.filter(|_| is_years) {
                    return (Some(Validity::Years(years)), None);
                }
            }
        }
        (None, None)
    }

    /// 《…》（文号）同时废止, 不再执行: the titles right before it, not others of the sentence.
    fn find_repeals(&self) -> Vec<Repeal> {
        let ends = [
            "同时废止",
            "停止执行",
            "不再执行",
            "予以废止",
            "自行废止",
            "即行废止",
            "停止施行",
            "不再施行",
        ];
        let mut found = vec![];
        for end in ends {
            let mut done = 0;
            for (at, _) in self.text.match_indices(end) {
                // What an earlier one of the sentence ends is taken already.
                let from = sentence_start(self.text, at).max(done);
                done = at;
                let sentence = self.text.get(from..at).unwrap_or_default();
                // 不同时废止
                if !sentence.ends_with('不') {
                    found.extend(titles_at_end(sentence).into_iter().map(|repeal| (at, repeal)));
                }
            }
        }
        found.sort_by_key(|(at, _)| *at);
        found.into_iter().map(|(_, repeal)| repeal).collect()
    }

    fn find_disclosure(&self) -> Option<DisclosureMark> {
        let notes = self.units.iter().filter(|unit| unit.level == Level::Note);
        notes.map(|unit| self.text_of(unit)).find_map(|text| {
            if text.contains("依申请公开") {
                Some(DisclosureMark::OnRequest)
            } else if text.contains("不予公开") || text.contains("此件不公开") {
                Some(DisclosureMark::Withheld)
            } else if text.contains("主动公开") || text.contains("公开发布") {
                Some(DisclosureMark::Proactive)
            } else {
                None
            }
        })
    }
}

/// 自2016年11月1日起施行, 自印发之日起施行
fn effective(base: usize, text: &str) -> Vec<Dated> {
    let mut found = vec![];
    for verb in ["施行", "实施", "执行", "生效"] {
        for (at, _) in text.match_indices(verb) {
            let from = sentence_start(text, at);
            let sentence = text.get(from..at).unwrap_or_default();
            let verb = sentence.trim_end().trim_end_matches("正式");
            // 自、从…起施行, 于…施行
            let since = if verb.ends_with('起') {
                verb.rfind(['自', '从'])
            } else {
                verb.rfind('于').filter(|_| verb.ends_with('日'))
            };
            let Some(since) = since else { continue };
            let span = sentence.get(since..).unwrap_or_default();
            if let Some(date) = dates::find(span).into_iter().next_back() {
                found.push(dated(
                    DateRole::Effective,
                    Some(date.date),
                    base + from + since,
                    span,
                    date.start,
                    date.end,
                ));
            } else if span.contains("印发之日")
                || span.contains("发布之日")
                || span.contains("公布之日")
            {
                found.push(dated(
                    DateRole::Effective,
                    None,
                    base + from + since,
                    span,
                    0,
                    span.len(),
                ));
            }
        }
    }
    found
}

/// 《甲》（某发〔2020〕1号）、《乙》, perhaps with 自本办法施行之日起 behind: the documents that a clause
/// ends with, in order.
fn titles_at_end(clause: &str) -> Vec<Repeal> {
    let mut rest = clause.trim_end();
    // What may stand between the titles and 废止.
    if let Some(at) = rest.rfind(['》', '）', ')']) {
        let end =
            at + rest.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let between = rest.get(end..).unwrap_or_default();
        if between.chars().count() > 14 || between.contains(['不', '与']) {
            return vec![];
        }
        rest = rest.get(..end).unwrap_or_default();
    }
    let mut found = vec![];
    loop {
        let (before, number) = match rest.strip_suffix(['）', ')']) {
            Some(inner) => match inner.rfind(['（', '(']) {
                Some(open) => {
                    let within = rest.get(open..).unwrap_or_default();
                    let number = signs::find_numbers(within).into_iter().next();
                    (rest.get(..open).unwrap_or_default(), number.map(|number| number.number))
                }
                None => break,
            },
            None => (rest, None),
        };
        let Some(inner) = before.trim_end().strip_suffix('》') else { break };
        let Some(open) = outer_open(inner) else { break };
        let title = inner.get(open + '《'.len_utf8()..).unwrap_or_default().to_owned();
        found.push(Repeal { title, number });
        let joined = inner.get(..open).unwrap_or_default().trim_end();
        let more =
            ["、", "和", "以及", "及", "与"].iter().find_map(|word| joined.strip_suffix(word));
        match more {
            Some(more) => rest = more.trim_end(),
            None => break,
        }
    }
    found.reverse();
    found
}

/// Where the 《 stands that the 》 behind a text closes.
fn outer_open(inner: &str) -> Option<usize> {
    let mut depth = 1_u32;
    inner.char_indices().rev().take(120).find_map(|(at, c)| {
        match c {
            '》' => depth += 1,
            '《' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

/// `base` is where `text` begins in the whole; the date lies at `start..end` of `text`.
fn dated(
    role: DateRole,
    date: Option<Date>,
    base: usize,
    text: &str,
    start: usize,
    end: usize,
) -> Dated {
    let raw = text.get(start..end).unwrap_or_default().to_owned();
    Dated { role, date, raw, start: base + start, end: base + end }
}

/// 本办法自…施行，(有效期): whether a sentence is about the document itself.
fn is_about_itself(sentence: &str) -> bool {
    let names = |sentence: &str| {
        sentence.match_indices('本').any(|(at, own)| {
            let rest = sentence.get(at + own.len()..).unwrap_or_default();
            SELF_NAMES.iter().any(|name| rest.starts_with(name))
        })
    };
    names(sentence)
        || sentence.contains("起施行")
        || sentence.contains("起执行")
        || sentence.contains("起实施")
}
