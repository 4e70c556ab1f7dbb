//! Marks that open a unit at the start of a line: 第三条, 一、, （一）, 1., （1）, ①, 1.2.1 and 问：.
//! Order of the levels: GB/T 9704-2012 (一、 →（一）→ 1. →（1）), with the levels of regulations
//! (编、章、节、条) above them.

mod asked;
mod listed;

use serde::Serialize;

pub(crate) use asked::answer;
pub(super) use listed::is_glued;

use super::{
    numerals::{chinese, is_numeral, parse},
    words::first_chars,
};

/// What a unit is, from the widest to the narrowest; then what stands around the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 第一编
    Part,
    /// 第一章
    Chapter,
    /// 第一节
    Section,
    /// 第一条
    Article,
    /// 问：…, of an interpretation
    Question,
    /// A Markdown heading without a mark of its own
    Heading,
    /// 1.2.1: as deep as it has dots
    Decimal,
    /// 一、
    First,
    /// （一）
    Second,
    /// 1.
    Third,
    /// （1）
    Fourth,
    /// 1）, ①, A. and a): ranked below one another by [`Mark::rank`]
    Fifth,
    /// A paragraph without a mark: 款 of an article, 段 elsewhere
    Paragraph,
    /// 标题
    Title,
    /// 发文字号
    Number,
    /// 主送机关
    Addressee,
    /// A table, its notes included
    Table,
    /// 附件说明: the list of attachments
    AttachmentList,
    /// 附件1, at the head of an attachment
    Attachment,
    /// 发文机关署名
    Signer,
    /// 成文日期
    Date,
    /// 附注 and 版记: （此件公开发布）, 公开方式, 抄送, 印发
    Note,
    /// A contents list 目录
    Contents,
    /// Page numbers, running heads, comments of the carrier
    Noise,
}

impl Level {
    /// Whether units of this level hold narrower ones.
    pub fn is_structural(self) -> bool {
        self <= Self::Fifth
    }

    /// How wide it is; a paragraph 款 lies between articles and their items.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Part => 0,
            Self::Chapter => 1,
            Self::Section => 2,
            Self::Heading => 3,
            Self::Question => 4,
            Self::Article => 5,
            Self::Paragraph => 6,
            Self::Decimal => 7,
            Self::First => 8,
            Self::Second => 9,
            Self::Third => 10,
            Self::Fourth => 11,
            _ => 12,
        }
    }
}

/// A mark at the start of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Its level.
    pub level: Level,
    /// Its number; the dots' last part for decimals.
    pub number: u32,
    /// Its normalised form, a part of a unit's path: `第三条`, `一`, `（一）`, `1`, `（1）`, `①`, `1.2.1`.
    pub name: String,
    /// Where it begins in the line, behind blanks and Markdown's signs.
    pub start: usize,
    /// Bytes from the start of the line to the end of the mark.
    pub len: usize,
}

impl Mark {
    fn new(level: Level, number: u32, name: String, len: usize) -> Self {
        Self { level, number, name, start: 0, len }
    }

    /// How wide it is: narrower ones are greater. Marks of one rank count on from each other.
    pub(super) fn rank(&self) -> (u8, u8) {
        let dots = || u8::try_from(self.name.matches('.').count()).unwrap_or(u8::MAX);
        let within = match self.level {
            Level::Decimal => dots(),
            Level::Fifth if self.name.ends_with('）') => 0,
            Level::Fifth if self.name.starts_with(|c: char| c.is_ascii_uppercase()) => 2,
            Level::Fifth if self.name.starts_with(|c: char| c.is_ascii_lowercase()) => 3,
            Level::Fifth => 1,
            _ => 0,
        };
        (self.level.rank(), within)
    }
}

/// The mark at the start of `line`, blanks and Markdown signs before it passed over. Whether a
/// 第X条 is a mark or a reference that a line begins with, its caller knows by the sequence.
pub(super) fn find(line: &str) -> Option<Mark> {
    let plain = strip_signs(line);
    let rest = strip_bullet(plain).unwrap_or(plain);
    let start = line.len() - rest.len();
    let mark = asked::question(rest).or_else(|| numbered(rest)).or_else(|| listed::find(rest))?;
    Some(Mark { start, len: start + mark.len, ..mark })
}

/// The line without blanks, Markdown's signs of headings, emphasis and quotation before its text.
pub(super) fn strip_signs(line: &str) -> &str {
    line.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '#' | '>' | '*')
    })
}

/// What stands behind the sign of a list: `- （一）…`.
fn strip_bullet(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(['-', '+', '•', '·', '●', '■'])?;
    rest.starts_with(char::is_whitespace).then(|| strip_signs(rest))
}

/// How many `#` a Markdown heading has; 0: it is none.
pub(super) fn heading_depth(line: &str) -> usize {
    let line = line.trim_start();
    let depth = line.bytes().take_while(|byte| *byte == b'#').count();
    let is_heading = line.get(depth..).is_some_and(|rest| rest.starts_with([' ', '\t', '　']));
    if is_heading && depth <= 6 { depth } else { 0 }
}

/// 第N编、章、节、条
fn numbered(rest: &str) -> Option<Mark> {
    let after = rest.strip_prefix('第')?;
    let after_blank = after.trim_start();
    let numeral_len = prefix_len(after_blank, is_numeral);
    let numeral = after_blank.get(..numeral_len)?;
    let number = parse(numeral)?;
    let after = after_blank.get(numeral_len..)?.trim_start();
    // 第一部分 and a plan's 第一篇 on a line of their own; within sentences both are words.
    let is_heading = rest.chars().take(31).count() <= 30
        && (!after.starts_with('篇') || !rest.contains(['。', '；', '，']));
    let part = ["部分", "篇"].iter().find_map(|unit| Some((unit, after.strip_prefix(unit)?)));
    if let Some((unit, after)) = part.filter(|_| is_heading) {
        let name = format!("第{}{unit}", chinese(number));
        return Some(Mark::new(Level::Part, number, name, rest.len() - after.len()));
    }
    let kind = after.chars().next()?;
    let level = match kind {
        '编' => Level::Part,
        '章' => Level::Chapter,
        '节' | '節' => Level::Section,
        '条' | '條' => Level::Article,
        _ => return None,
    };
    let kind = match kind {
        '節' => '节',
        '條' => '条',
        kind => kind,
    };
    let mut after = after.get(kind.len_utf8()..)?;
    let mut name = format!("第{}{kind}", chinese(number));
    // 第十二条之一: put in by a later amendment.
    if let Some(inserted) = after.strip_prefix('之') {
        let len = prefix_len(inserted, is_numeral);
        if let Some(number) = inserted.get(..len).and_then(parse) {
            name.push('之');
            name.push_str(&chinese(number));
            after = inserted.get(len..)?;
        }
    }
    Some(Mark::new(level, number, name, rest.len() - after.len()))
}

/// Characters that a numeral takes at most, blanks within it included. A longer run is none, and is
/// not read to its end from each of its characters.
const NUMERAL_MAX: usize = 64;

/// Bytes of the longest prefix whose characters all pass, of the first [`NUMERAL_MAX`].
pub(super) fn prefix_len(text: &str, passes: impl Fn(char) -> bool) -> usize {
    let mut begin = text.char_indices().take(NUMERAL_MAX);
    match begin.find(|(_, c)| !passes(*c)) {
        Some((at, _)) => at,
        None => first_chars(text, NUMERAL_MAX).len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_with_level_and_number() {
        for (line, level, name, mark) in [
            ("第一章　总　　则", Level::Chapter, "第一章", "第一章"),
            ("第五十条经查实，", Level::Article, "第五十条", "第五十条"),
            ("　　第 6 条 本办法", Level::Article, "第六条", "　　第 6 条"),
            ("第十二条之一 新增", Level::Article, "第十二条之一", "第十二条之一"),
            ("## 第一章 总 则", Level::Chapter, "第一章", "## 第一章"),
            ("一、总体要求", Level::First, "一", "一、"),
            ("**一、背景**", Level::First, "一", "**一、"),
            ("二十一、其他", Level::First, "二十一", "二十一、"),
            ("（一）适龄优先。", Level::Second, "（一）", "（一）"),
            ("(十二)其他", Level::Second, "（十二）", "(十二)"),
            ("1.规范政务公开", Level::Third, "1", "1."),
            ("１．承租人家庭", Level::Third, "1", "１．"),
            ("1\\.规范", Level::Third, "1", "1\\."),
            ("1、中华", Level::Third, "1", "1、"),
            ("2.2023年教育财政拨款", Level::Third, "2", "2."),
            ("（1）国家级", Level::Fourth, "（1）", "（1）"),
            ("（１）国家级", Level::Fourth, "（1）", "（１）"),
            ("⑴甲", Level::Fourth, "（1）", "⑴"),
            ("⒉乙", Level::Third, "2", "⒉"),
            ("㈢丙", Level::Second, "（三）", "㈢"),
            ("①甲", Level::Fifth, "①", "①"),
            ("㉑甲", Level::Fifth, "㉑", "㉑"),
            ("❸甲", Level::Fifth, "③", "❸"),
            ("1)甲", Level::Fifth, "1）", "1)"),
            ("12）甲", Level::Fifth, "12）", "12）"),
            ("A.甲", Level::Fifth, "A", "A."),
            ("b）甲", Level::Fifth, "b", "b）"),
            ("(c) 甲", Level::Fifth, "c", "(c)"),
            ("一．总体要求", Level::First, "一", "一．"),
            ("- （一）甲", Level::Second, "（一）", "- （一）"),
            ("* 1. 甲", Level::Third, "1", "* 1."),
            ("> - **二、甲**", Level::First, "二", "> - **二、"),
            ("第一百二十条之一　甲", Level::Article, "第一百二十条之一", "第一百二十条之一"),
            ("第一部分：甲", Level::Part, "第一部分", "第一部分"),
            ("## 第一篇　开启新征程", Level::Part, "第一篇", "## 第一篇"),
            ("1.2.1　国家级（Ⅰ级）：", Level::Decimal, "1.2.1", "1.2.1"),
            ("A.1.2　用语", Level::Decimal, "A.1.2", "A.1.2"),
            ("1.1 编制目的", Level::Decimal, "1.1", "1.1"),
            ("问：为什么", Level::Question, "问", "问："),
            ("问题3：适用范围", Level::Question, "问", "问题3："),
            ("【问】怎么罚？", Level::Question, "问", "【问】"),
            ("[提问]怎么罚？", Level::Question, "问", "[提问]"),
            ("记者：为什么修订", Level::Question, "问", "记者："),
            ("示例社记者 李明：", Level::Question, "问", "示例社记者 李明："),
            ("一问：谁来管？", Level::Question, "问", "一问："),
            ("第二问：谁来管？", Level::Question, "问", "第二问："),
            ("问题1 谁来管？", Level::Question, "问", "问题1 "),
            ("问题一 | 谁来管？", Level::Question, "问", "问题一 |"),
            ("Q1谁来管？", Level::Question, "问", "Q1"),
            ("Q", Level::Question, "问", "Q"),
            ("Q2. 谁来管？", Level::Question, "问", "Q2."),
            ("03 何时施行？", Level::Question, "问", "03 "),
            ("Question: when?", Level::Question, "问", "Question:"),
        ] {
            let found = find(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((found.level, found.name.as_str()), (level, name), "{line}");
            assert_eq!(&line[..found.len], mark, "{line}");
        }
    }

    #[test]
    fn answers_are_marked() {
        for (line, mark) in [
            ("答：甲", "答："),
            ("【答】甲", "【答】"),
            ("[回答]：甲", "[回答]："),
            ("解答：甲", "解答："),
            ("A. 甲", "A."),
            ("A1甲", "A1"),
            ("A2 甲", "A2 "),
            ("A", "A"),
            ("负责人：甲", "负责人："),
            ("示例市园林局负责人：甲", "示例市园林局负责人："),
        ] {
            assert_eq!(answer(line).and_then(|len| line.get(..len)), Some(mark), "{line}");
        }
        for line in ["A类企业", "答复如下", "回答问题", "Able", "负责人是甲：乙"]
        {
            assert_eq!(answer(line), None, "{line}");
        }
    }

    #[test]
    fn figures_years_and_words_are_no_marks() {
        for line in [
            "1.5倍确定",
            "16.76%。",
            "2026年秋季",
            "（2024）沪",
            "（Ⅰ级）",
            "第一组（第1条）",
            "一是加强",
            "十分重要",
            "第 1 号",
            "2024.5.1起",
            "（试行）",
            "3 3财务",
            "第一，",
            "问题很多",
            "问题一直存在，怎么办？",
            "问题1个，已经整改",
            "Q1季度增长",
            "记者会：3月1日",
            "03 附件",
            "一问一答",
            "[问题清单]",
        ] {
            assert_eq!(find(line), None, "{line}");
        }
    }
}
