//! What a text says of itself: title, number, dates, validity, repeals, disclosure mark.

mod repeals;
mod validity;

use jiff::civil::Date;
use serde::Serialize;

pub(crate) use validity::{EFFECT_VERBS, ValidityStated, is_about_itself};

use super::{
    Document, Level, Unit, dates, frames,
    mark::strip_signs,
    signs,
    words::{first_chars, join_lines, list_attachments, split_signers},
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
    /// Its title; empty where only its number is given.
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
pub(crate) const SELF_NAMES: [&str; 29] = [
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
    "计划",
    "规划",
    "纲要",
];

impl Document<'_> {
    pub(super) fn read_metadata(&self) -> Metadata {
        let of = |level: Level| self.units.iter().filter(move |unit| unit.level == level);
        let title = self.find_title();
        let number = of(Level::Number).find_map(|unit| unit.number.clone());
        let number = number.map(|number| self.complete_number(number));
        let number =
            number.or_else(|| self.find_number_beside()).or_else(|| self.find_order_number());
        let (validity, expires) = self.find_validity();
        let mut dates = self.find_dates();
        if !dates.iter().any(|dated| dated.role == DateRole::Written) {
            dates.extend(self.find_promulgation());
        }
        dates.extend(expires);
        dates.sort_by_key(|dated| dated.start);
        Metadata {
            title,
            number,
            addressees: of(Level::Addressee)
                .map(|unit| self.plain(unit))
                .map(|text| text.trim_end_matches(['：', ':']).to_owned())
                .collect(),
            signers: of(Level::Signer)
                .chain(of(Level::Date).filter(|unit| self.text_of(unit).starts_with('|')))
                .flat_map(|unit| self.signers_of(unit))
                .collect(),
            dates,
            validity,
            repeals: self.find_repeals(),
            disclosure: self.find_disclosure().map(|(mark, _)| mark),
            attachments: of(Level::AttachmentList)
                .flat_map(|unit| list_attachments(self.text_of(unit)))
                .collect(),
            is_abridged: self.text.contains("有删")
                && ["有删减", "有删节"].iter().any(|word| self.text.contains(word)),
        }
    }

    /// Who signs in a line, or in the rows of a table.
    fn signers_of(&self, unit: &Unit) -> Vec<String> {
        let text = self.text_of(unit).trim();
        if !text.starts_with('|') {
            return split_signers(&self.plain(unit));
        }
        let cells = text.lines().flat_map(frames::cells);
        cells.filter(|cell| signs::is_signer(cell)).flat_map(split_signers).collect()
    }

    /// A unit's text on one line, Markdown's signs left out.
    pub(crate) fn plain(&self, unit: &Unit) -> String {
        let lines =
            self.text_of(unit).lines().map(|line| strip_signs(line).trim_end_matches('*').trim());
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The first title that is whole, of the document itself or one that it issues, not of an
    /// attachment; lines of one title are joined as they are printed, without a
    /// blank between two Chinese characters.
    fn find_title(&self) -> Option<String> {
        let titles: Vec<String> = self
            .units
            .iter()
            .filter(|unit| unit.level == Level::Title && !is_attached(unit))
            .map(|unit| signs::without_number(&join_lines(self.text_of(unit))).to_owned())
            .collect();
        // An order of promulgation 令 bears the title of what it promulgates; below 某局公告 stands
        // what it is about.
        let mut whole = titles.iter().filter(|title| signs::is_whole_title(title));
        let named = whole.clone().find(|title| !signs::is_letterhead_title(title));
        named.or_else(|| whole.next()).or(titles.first()).cloned()
    }

    /// 第179号 under 广州市人民政府令 is 广州市人民政府令第179号.
    fn complete_number(&self, number: String) -> String {
        if !number.starts_with(['第', '〔']) && !number.starts_with(|c: char| c.is_numeric()) {
            return number;
        }
        let head = self.units.iter().find(|unit| unit.level == Level::Title);
        let head = head.map(|unit| join_lines(self.text_of(unit)));
        match head.filter(|title| signs::is_letterhead_title(title)) {
            Some(head) => format!("{head}{number}"),
            None => number,
        }
    }

    /// A number at the head that stands below the agency's name, or on one line with the date: 2026年12月20日 示发〔2026〕19号.
    fn find_number_beside(&self) -> Option<String> {
        const HEAD: usize = 6;
        let head = self.units.iter().take(HEAD).take_while(|unit| !unit.level.is_structural());
        let lines = head
            .filter(|unit| matches!(unit.level, Level::Paragraph | Level::Note | Level::Date))
            .map(|unit| self.text_of(unit));
        lines
            .take_while(|line| !line.contains('。'))
            .flat_map(str::split_whitespace)
            .find_map(|part| signs::whole_number(part).or_else(|| signs::labelled_number(part)))
    }

    /// The order by which a regulation was made or last amended, as the note below its title says:
    /// 2019年4月3日 国务院令第711号修订.
    fn find_order_number(&self) -> Option<String> {
        let is_head = |unit: &&Unit| {
            !(unit.level.is_structural() || matches!(unit.level, Level::Paragraph | Level::Date))
        };
        let notes = self.units.iter().take_while(is_head).filter(|unit| unit.level == Level::Note);
        notes.flat_map(|unit| signs::order_numbers(self.text_of(unit))).last()
    }

    fn find_dates(&self) -> Vec<Dated> {
        let mut found = vec![];
        for unit in &self.units {
            let text = self.text_of(unit);
            match unit.level {
                Level::Date => found.extend(dates::first(text).map(|date| {
                    dated(
                        DateRole::Written,
                        Some(date.date),
                        unit.start,
                        text,
                        date.start,
                        date.end,
                    )
                })),
                Level::Note if text.trim_end_matches(['|', ' ', '\n', '\r']).ends_with("印发") => {
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
                    found.extend(validity::effective(unit.start, text));
                }
                _ => {}
            }
        }
        found
    }

    /// The day on which a regulation was made public or last amended, as the note below its title says: its own date,
    /// where none stands at its end. （2026年9月22日示例市人民政府令第16号公布　自2026年11月1日起施行）
    fn find_promulgation(&self) -> Option<Dated> {
        const BEHIND_MAX: usize = 40;
        let is_head = |unit: &&Unit| !unit.level.is_structural();
        let notes = self.units.iter().take_while(is_head).filter(|unit| unit.level == Level::Note);
        let found = notes.flat_map(|unit| {
            let text = self.text_of(unit);
            let days = dates::find(text);
            let nexts: Vec<usize> = days.iter().skip(1).map(|day| day.start).collect();
            let nexts = nexts.into_iter().chain([text.len()]);
            let made = days.into_iter().zip(nexts).filter(|(day, next)| {
                let behind = first_chars(text.get(day.end..*next).unwrap_or_default(), BEHIND_MAX);
                !behind.starts_with('起')
                    && ["公布", "发布", "颁布", "修订", "修正"]
                        .iter()
                        .any(|word| behind.contains(word))
            });
            made.map(|(day, _)| {
                let date = Some(day.date);
                dated(DateRole::Written, date, unit.start, text, day.start, day.end)
            })
            .collect::<Vec<_>>()
        });
        found.last()
    }

    /// The mark of its 公开属性, and where it stands.
    pub(crate) fn find_disclosure(&self) -> Option<(DisclosureMark, usize)> {
        let date = self.units.iter().find(|unit| unit.level == Level::Date);
        let is_behind = |unit: &Unit| date.is_some_and(|date| unit.start > date.start);
        // 依申请公开 alone may be a heading; below the date it is a mark.
        let is_below = |unit: &Unit| is_behind(unit) && !is_attached(unit);
        let mut marks =
            self.units.iter().filter(|unit| unit.level == Level::Note || is_below(unit));
        marks.find_map(|unit| {
            if unit.level != Level::Note && !signs::may_be_disclosure(self.text_of(unit)) {
                return None;
            }
            let text: String = self.text_of(unit).split_whitespace().collect();
            let is_mark = unit.level == Level::Note || signs::is_disclosure(&text);
            let mark = disclosure_in(&text).filter(|_| is_mark)?;
            let lead = self.text_of(unit);
            Some((mark, unit.start + lead.len() - lead.trim_start().len()))
        })
    }
}

/// The mark that a line without blanks bears.
pub(crate) fn disclosure_in(text: &str) -> Option<DisclosureMark> {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let marks = [
        (DisclosureMark::OnRequest, says(&["依申请公开"])),
        (
            DisclosureMark::Withheld,
            says(&["不予公开", "此件不公开", "此件暂不公开", "：不公开", ":不公开"]),
        ),
        (DisclosureMark::Proactive, says(&["主动公开", "公开发布"])),
    ];
    let mut said = marks.into_iter().filter(|(_, is_said)| *is_said).map(|(mark, _)| mark);
    let mark = said.next()?;
    // Boxes to tick name all of them; an attachment may have a mark of its own.
    let tells_apart = text.contains(['□', '☐', '☑', '√', '■', '✓']) || text.contains("附件");
    (said.next().is_none() || !tells_apart).then_some(mark)
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

/// Whether a unit stands in an attachment; what a document issues without calling it one, is the text.
fn is_attached(unit: &Unit) -> bool {
    unit.part
        .as_ref()
        .is_some_and(|part| ["附件", "附表", "附录"].iter().any(|kind| part.starts_with(kind)))
}
