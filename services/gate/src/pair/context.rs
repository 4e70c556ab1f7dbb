//! The context in which a sentence speaks: its own beginning and the label before its colon, the sentences before it in
//! its paragraph, the line that leads to its list, the headings above it. What takes it away from the policy (another time,
//! authority, place or case, or somebody's wrong belief) may stand in any of them; the nearest that speaks decides.

use foldhash::HashSet;

use super::{
    Pair,
    exceptions::pairs,
    figures::Figure,
    former::{COMPARED, is_of_belief, is_of_former_rules, is_over, of_new, turns_back},
    frames::{is_before_day, is_of_other_number},
    others::{case_of, is_above, names_other_place},
    own::Own,
};
use crate::document::{Document, Level, Unit, first_chars, is_numeral, last_chars};

/// Characters of a paragraph before a figure that are looked at.
const PARAGRAPH_MAX: usize = 400;
/// Characters of a heading, an opening clause or a label; a longer one is a sentence of its own.
const WORDS_MAX: usize = 40;
/// Characters on each side of the policy's figure that are its clause.
const CLAUSE_MAX: usize = 120;

/// What a heading or a label ends with that announces rules, results or sayings of somebody: 原标准, 完成情况, 外地做法. A longer
/// one that goes on says something else: 误区澄清, 工作基础与主要内容.
const ANNOUNCING: [&str; 24] = [
    "标准",
    "规定",
    "规定是",
    "做法",
    "办法",
    "政策",
    "文件",
    "要求",
    "情况",
    "成绩",
    "成效",
    "成就",
    "基础",
    "工作",
    "任务",
    "目标",
    "重点",
    "说法",
    "意见",
    "误读",
    "误解",
    "误区",
    "谣言",
    "前",
];

/// Documents that are 暂行 or 试行 at first.
const EDITIONS: [&str; 6] = ["办法", "规定", "细则", "意见", "方案", "条例"];

/// Headings above one another in which a year is looked for.
const HEADINGS_MAX: usize = 8;

/// What ends a sentence, and a part of one.
const ENDS: [char; 6] = ['。', '！', '!', '？', '?', '\n'];
const PARTS: [char; 2] = ['；', ';'];
const STOPS: [char; 4] = ['，', ',', '：', ':'];
const COLONS: [char; 2] = ['：', ':'];

/// What stands above a unit: the next wider heading, and the line that leads to it.
#[derive(Clone, Copy, Default)]
struct Above {
    heading: Option<usize>,
    lead: Option<usize>,
}

/// A text whose sentences are asked for their context.
pub(super) struct Context<'a> {
    pair: &'a Pair<'a>,
    own: Own<'a>,
    /// What stands above each unit of the interpretation.
    above: Vec<Above>,
    /// The policy's pairs of letters, and its years.
    pairs: HashSet<(char, char)>,
    years: HashSet<&'a str>,
    /// Its title and who signed it.
    issuer: String,
    /// Its number, as it stands and as declared.
    numbers: Vec<&'a str>,
}

/// Some words of the context.
#[derive(Clone, Copy)]
struct Words<'t> {
    text: &'t str,
    /// Whether they are a label or a heading, and not merely the first clause of a sentence.
    is_label: bool,
}

/// What some words of the context say.
enum Says<'t> {
    /// The policy itself is spoken of: 现在, 本办法.
    Own,
    /// Something else may be, as these say.
    Perhaps(Vec<Words<'t>>),
}

impl<'a> Context<'a> {
    pub(super) fn of(pair: &'a Pair<'a>) -> Self {
        let policy = pair.policy.text();
        let signers = pair.policy.units().iter().filter(|unit| unit.level == Level::Signer);
        let signers = signers.map(|unit| pair.policy.text_of(unit));
        let title = pair.policy.metadata().title.as_ref().unwrap_or(&pair.metadata.title);
        let issuer = std::iter::once(title.as_str()).chain(signers).collect();
        let numbers = [&pair.policy.metadata().number, &pair.metadata.number];
        let numbers = numbers.into_iter().filter_map(Option::as_deref).collect();
        Self {
            pair,
            own: Own::of(pair),
            above: above(pair.interpretation),
            pairs: pairs(policy),
            years: years(policy).map(|(year, _)| year).collect(),
            issuer,
            numbers,
        }
    }

    /// Whether what stands around a figure takes it away from the policy's `rival`.
    pub(super) fn takes_away(&self, figure: &Figure, rival: &Figure) -> bool {
        let policy = self.pair.policy;
        let before = policy.text().get(..rival.range.start).unwrap_or_default();
        let behind = policy.text().get(rival.range.end..).unwrap_or_default();
        let ends = |c: char| ENDS.contains(&c) || PARTS.contains(&c);
        let before = last_chars(before, CLAUSE_MAX).rsplit(ends).next().unwrap_or_default();
        let behind = first_chars(behind, CLAUSE_MAX).split(ends).next().unwrap_or_default();
        self.is_taken(figure.range.start, &format!("{before}{behind}"))
            || self.is_of_step(figure, rival)
    }

    /// The same for what stands at byte `at` and is none of the policy's figures: a day of effect, a validity.
    pub(super) fn takes_away_at(&self, at: usize) -> bool {
        self.is_taken(at, "")
    }

    /// The year of which byte `at` speaks.
    pub(super) fn year_of(&self, at: usize) -> Option<&'a str> {
        let (unit, sentences) = self.sentences(at);
        let spoken = sentences.into_iter().chain(self.lead(unit)).chain(self.headings(unit));
        spoken.into_iter().find_map(|words| years(words).last().map(|(year, _)| year))
    }

    fn is_taken(&self, at: usize, theirs: &str) -> bool {
        for said in self.said(at) {
            match said {
                Says::Own => return false,
                Says::Perhaps(words) => {
                    if words.iter().any(|words| self.is_of_other(*words, theirs)) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// What the context says, the nearest first.
    fn said(&self, at: usize) -> Vec<Says<'a>> {
        let (unit, sentences) = self.sentences(at);
        let mut said = vec![];
        for (index, sentence) in sentences.into_iter().enumerate() {
            if index > 0 {
                said.push(self.before(sentence));
                continue;
            }
            for (index, part) in sentence.rsplit(PARTS).enumerate() {
                said.push(self.part(part, index == 0));
            }
        }
        let line = |line: &'a str| {
            let text = first_chars(line.trim_end_matches(COLONS), WORDS_MAX);
            if self.is_own(text) {
                Says::Own
            } else if text.contains(STOPS) && is_over(text) {
                // 原办法存在问题，为此规定如下：
                Says::Perhaps(vec![])
            } else {
                Says::Perhaps(vec![Words { text, is_label: true }])
            }
        };
        said.extend(self.lead(unit).map(line));
        // An answer speaks of the policy, whatever is asked; and what a heading within another is about, that other
        // does not say.
        let heading = self.headings(unit).next().filter(|heading| !heading.contains(['？', '?']));
        said.extend(heading.map(line));
        said
    }

    /// A part of the sentence; the last is the figure's own, and ends with it.
    fn part(&self, part: &'a str, is_last: bool) -> Says<'a> {
        let mut words = labels(part);
        // What a clause with the figure says of it, others ask.
        let opening = part.split(STOPS).next().unwrap_or_default();
        if !is_last || opening.len() < part.len() {
            words.push(Words { text: first_chars(opening, WORDS_MAX), is_label: false });
        }
        // 较以前，补贴标准提高到350元: the new part says what the figure is.
        let is_new = || of_new(part).len() < part.len();
        let is_own = if is_last { is_new() || self.is_own(part) } else { self.is_own(opening) };
        if is_own { Says::Own } else { Says::Perhaps(words) }
    }

    /// A sentence before that of the figure, unless it only tells what led to the policy.
    fn before(&self, sentence: &'a str) -> Says<'a> {
        if self.is_own(sentence) {
            return Says::Own;
        }
        let first = sentence.split(PARTS).next().unwrap_or_default();
        let opening = first.split(STOPS).next().unwrap_or_default();
        let label = labels(first).into_iter().filter(|label| is_of_belief(label.text));
        let opens = !is_over(sentence)
            && tells(sentence, opening)
            && opening.chars().nth(WORDS_MAX).is_none()
            && !is_ground(opening.trim_start());
        let opening = opens.then_some(Words { text: opening, is_label: false });
        Says::Perhaps(label.chain(opening).collect())
    }

    fn is_own(&self, text: &str) -> bool {
        turns_back(text) || self.own.is_quoted_in(text)
    }

    /// Whether some words say that what follows is another's than the clause `theirs`.
    fn is_of_other(&self, words: Words<'_>, theirs: &str) -> bool {
        let text = words.text.trim().trim_start_matches(|c: char| !c.is_alphanumeric() && c != '“');
        let is_known = |pair: &(char, char)| self.pairs.contains(pair) && !pair.0.is_numeric();
        if COMPARED.iter().any(|word| text.contains(word)) {
            return false;
        }
        let is_edition = || {
            let is_other = |word: &str| !self.issuer.contains(word) && !theirs.contains(word);
            let names = |word: &str| {
                let behind = text.split_once(word).map_or("", |(_, behind)| behind);
                EDITIONS.iter().any(|kind| behind.starts_with(kind))
            };
            ["暂行", "试行"].iter().any(|word| is_other(word) && names(word))
        };
        // 误读一：
        let last = text.trim_end_matches(|c| is_numeral(c) || c == '）' || c == ' ');
        let announces = !words.is_label || ANNOUNCING.iter().any(|end| last.ends_with(end));
        // 曾享受补助的，…: a case that may be the policy's.
        let is_case = !words.is_label && text.ends_with('的');
        // The districts of a city are under its rule.
        let is_within = self.issuer.contains('市') && !text.contains('市');
        (!is_case && announces && (is_of_former_rules(text, theirs) || is_edition()))
            || (words.is_label && announces && is_of_belief(text))
            || (announces && self.is_of_other_year(text, theirs))
            || (!is_ground(text) && is_above(text, &self.issuer, theirs))
            || (!is_within && names_other_place(text, |name| pairs(name).iter().any(is_known)))
            || (words.is_label && self.is_of_other_case(text, theirs))
            || (!is_ground(text) && is_of_other_number(text, &self.numbers))
            || is_before_day(text, self.pair.policy.text())
    }

    /// 2021年的标准; 2027年任务 beside what is to be done until 2030年. 2027年起 goes on.
    fn is_of_other_year(&self, text: &str, theirs: &str) -> bool {
        let is_dated = || years(theirs).next().is_some();
        let mut years = years(text).filter(|(_, behind)| {
            let clause = behind.split(STOPS).next().unwrap_or_default();
            !clause.contains(['起', '后']) && !clause.contains("以来")
        });
        years.any(|(year, _)| !theirs.contains(year) && (is_dated() || !self.years.contains(year)))
    }

    /// 廉租住房：, of which the policy says nothing, or elsewhere.
    fn is_of_other_case(&self, label: &str, theirs: &str) -> bool {
        let Some(case) = case_of(label) else { return false };
        let letters = pairs(case);
        let own = pairs(theirs);
        !letters.is_empty()
            && !letters.iter().any(|pair| self.pairs.contains(pair) || own.contains(pair))
    }

    /// 第一步，…11%；第二步，…8%: a step on the way to the policy's value, which the sentence gives too.
    fn is_of_step(&self, figure: &Figure, rival: &Figure) -> bool {
        let text = self.pair.interpretation.text();
        let theirs = self.pair.policy.text().get(rival.range.clone()).unwrap_or_default();
        let behind = first_chars(text.get(figure.range.end..).unwrap_or_default(), CLAUSE_MAX);
        let behind = behind.split('\n').next().unwrap_or_default();
        let is_step = figure.lead.trim_start().starts_with("第") && figure.lead.contains('步');
        let is_given = || {
            behind.match_indices(theirs).any(|(at, _)| {
                let before = behind.get(..at).unwrap_or_default();
                !before.ends_with(|c: char| c.is_ascii_digit() || c == '.')
            })
        };
        let is_midterm = |lead: &str| lead.contains("中期") && lead.contains('到');
        (is_step && behind.contains("步") && is_given())
            || (is_midterm(&figure.lead) && !is_midterm(&rival.lead))
    }

    /// The sentences of a byte's paragraph up to it, the last first, and its unit.
    fn sentences(&self, at: usize) -> (usize, Vec<&'a str>) {
        let document = self.pair.interpretation;
        let index = document.unit_at(at);
        let unit = document.units().get(index);
        // A table's lines are none.
        let unit = unit.filter(|unit| unit.level != Level::Table);
        let start = unit.map_or(at, |unit| unit.start);
        let paragraph = document.text().get(start..at).unwrap_or_default();
        let paragraph = last_chars(paragraph, PARAGRAPH_MAX).trim_start_matches(['#', ' ', '*']);
        let mut sentences: Vec<&str> = paragraph.rsplit(ENDS).collect();
        sentences.retain(|sentence| !sentence.trim().is_empty());
        (index, sentences)
    }

    fn lead(&self, unit: usize) -> Option<&'a str> {
        let lead = self.above.get(unit)?.lead?;
        self.line(lead)
    }

    /// The headings above a unit, the narrowest first.
    fn headings(&self, unit: usize) -> impl Iterator<Item = &'a str> {
        let first = self.above.get(unit).and_then(|above| above.heading);
        let headings = std::iter::successors(first, |heading| self.above.get(*heading)?.heading);
        headings.take(HEADINGS_MAX).filter_map(|heading| self.line(heading))
    }

    fn line(&self, unit: usize) -> Option<&'a str> {
        let document = self.pair.interpretation;
        let unit = document.units().get(unit)?;
        let line = first_chars(document.text_of(unit), CLAUSE_MAX).trim();
        // A title that runs into its text: 一、原标准。每部….
        line.split(ENDS).next().map(|line| line.trim_start_matches(['#', ' ', '*']))
    }
}

/// The labels of a part of a sentence: the last clause before each colon.
fn labels(part: &str) -> Vec<Words<'_>> {
    let labels = part.match_indices(COLONS).filter_map(|(at, _)| {
        let label = part.get(..at)?.rsplit(STOPS).next()?;
        label.chars().nth(WORDS_MAX).is_none().then_some(Words { text: label, is_label: true })
    });
    labels.collect()
}

/// Whether a sentence that begins with a clause tells of a rule or of what was achieved, and not merely of a time.
fn tells(sentence: &str, opening: &str) -> bool {
    const WORDS: [&str; 5] = ["如下", "规定有", "显著", "为例", "先看"];
    let has_digit = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    WORDS.iter().any(|word| sentence.contains(word))
        || sentence.get(opening.len()..).is_some_and(has_digit)
        || (years(opening).next().is_none() && has_digit(opening))
}

/// 根据国家要求，…: what the policy rests on.
fn is_ground(words: &str) -> bool {
    const GROUNDS: [&str; 12] = [
        "根据",
        "依据",
        "按照",
        "依照",
        "按",
        "落实",
        "贯彻",
        "为贯彻",
        "为落实",
        "严格",
        "结合",
        "对照",
    ];
    GROUNDS.iter().any(|ground| words.starts_with(ground))
}

/// The years of this century that a text names, each with what stands behind it.
pub(super) fn years(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices('年').filter_map(|(at, sign)| {
        let year = text.get(at.checked_sub(4)?..at)?;
        let is_year = year.starts_with("20") && year.bytes().all(|b| b.is_ascii_digit());
        Some((year, text.get(at + sign.len()..)?)).filter(|_| is_year)
    })
}

/// What stands above each unit of a text.
fn above(document: &Document<'_>) -> Vec<Above> {
    let units = document.units();
    let mut open: Vec<usize> = vec![];
    let mut lead: Option<(usize, Option<Level>)> = None;
    let mut found = vec![];
    for (index, unit) in units.iter().enumerate() {
        let mut passed = None;
        while let Some(last) = open.last().and_then(|last| units.get(*last)) {
            let goes_on = passed == Some(Level::First) && last.level == Level::Heading;
            if is_within(document, last, unit) && !(goes_on && unit.level == Level::First) {
                break;
            }
            passed = Some(last.level);
            open.pop();
        }
        // A line that ends with a colon leads to what follows: a paragraph, or the items of a list.
        let is_led = match lead {
            Some((_, None)) => true,
            Some((_, Some(level))) if level.is_structural() => unit.level >= level,
            Some(_) => is_bullet(document.text_of(unit)),
            None => false,
        };
        let is_paragraph = unit.level == Level::Paragraph;
        lead = lead.filter(|(lead, _)| {
            let parent = units.get(*lead).and_then(|lead| lead.path.rsplit_once('/'));
            is_led && parent.is_none_or(|(parent, _)| unit.path.starts_with(parent))
        });
        found.push(Above { heading: open.last().copied(), lead: lead.map(|(lead, _)| lead) });
        if let Some((_, first)) = &mut lead {
            first.get_or_insert(unit.level);
        }
        if is_paragraph && document.text_of(unit).trim_end().ends_with(COLONS) {
            lead = Some((index, None));
        }
        if unit.level.is_structural() {
            open.push(index);
        }
    }
    found
}

/// Whether a unit stands under another. By Markdown's signs a heading of one depth is under none of it, whatever their
/// marks.
fn is_within(document: &Document<'_>, wider: &Unit, unit: &Unit) -> bool {
    let depth = |unit: &Unit| {
        let line = document.text_of(unit).trim_start();
        line.len() - line.trim_start_matches('#').len()
    };
    let is_under =
        unit.path.strip_prefix(wider.path.as_str()).is_some_and(|rest| rest.starts_with('/'));
    let (ours, theirs) = (depth(unit), depth(wider));
    is_under && !(ours > 0 && theirs > 0 && ours <= theirs)
}

fn is_bullet(text: &str) -> bool {
    text.trim_start().starts_with(['-', '*', '•', '·', '●'])
}
