//! The nine elements of an interpretation (国办发〔2016〕80号 as local rules quote it, DOMAIN I1: each
//! where applicable): which of them the text answers, by its headings, questions and wording.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::AhoCorasick;
use lockstep_proto::manifest::{Element, ElementAnswer, Stated};

use super::{content, filler::is_filler};
use crate::document::{Document, Level, Unit};

/// Words by which headings, questions and sentences take an element up. Those of the second list
/// count anywhere in the text, those of the first in headings and questions.
struct Signs {
    element: Element,
    headings: &'static [&'static str],
    anywhere: &'static [&'static str],
}

const SIGNS: [Signs; 9] = [
    Signs {
        element: Element::Background,
        headings: &[
            "背景",
            "依据",
            "为什么",
            "為什么",
            "为何",
            "缘由",
            "必要性",
            "过程",
            "起草",
            "意义",
        ],
        anywhere: &[
            "根据《",
            "依据《",
            "为贯彻",
            "为落实",
            "为深入",
            "为进一步",
            "按照《",
            "贯彻落实",
            "為深入",
            "貫徹落實",
            "大以来",
            "近年来",
            "时有发生",
        ],
    },
    Signs {
        element: Element::Goals,
        headings: &["目标", "任务", "目的", "意义", "思路", "原则"],
        anywhere: &["目标是", "旨在", "目的是", "为了", "总体要求"],
    },
    Signs {
        element: Element::Content,
        headings: &["内容", "举措", "措施", "规定", "要求", "任务", "亮点", "重点"],
        anywhere: &["主要内容", "一是", "包括"],
    },
    Signs {
        element: Element::Scope,
        headings: &["范围", "对象", "适用", "哪些人", "谁", "人员", "涉及"],
        anywhere: &["适用于", "适用范围", "适用对象", "申请条件", "符合下列条件"],
    },
    Signs {
        element: Element::Standard,
        headings: &["标准", "额度", "金额", "条件", "怎么算", "多少"],
        anywhere: &["执行标准", "标准为", "标准调整为", "元/", "每人每月"],
    },
    Signs {
        element: Element::Notes,
        headings: &["注意", "提醒", "特别提示"],
        anywhere: &["注意事项", "需要注意", "请注意", "应当注意", "特别提示"],
    },
    Signs {
        element: Element::Terms,
        headings: &["关键词", "名词", "术语", "含义", "什么是", "是指什么", "解释"],
        anywhere: &["是指", "指的是"],
    },
    Signs {
        element: Element::Benefits,
        headings: &["惠民", "利民", "便民", "好处", "受益", "亮点", "红利"],
        anywhere: &["惠民", "利民", "便民", "受益", "减轻", "免费", "补贴"],
    },
    Signs {
        element: Element::Changes,
        headings: &["差异", "变化", "修订", "不同", "调整", "区别", "新旧", "有何新"],
        anywhere: &[
            "与原政策",
            "与原办法",
            "与原规定",
            "与原标准",
            "与原来",
            "与此前",
            "修订后",
            "新旧",
            "较之前",
            "原规定",
            "此前",
        ],
    },
];

/// Where each element is answered, or why it need not be: as stated, else in the first heading or
/// question that takes it up, else in the first unit whose words do. Those that are not are left out.
pub(super) fn answers(interpretation: &Document<'_>, stated: &Stated) -> Vec<ElementAnswer> {
    answers_of(interpretation, stated, &Headings::of(interpretation))
}

fn answers_of(
    interpretation: &Document<'_>,
    stated: &Stated,
    headings: &Headings<'_>,
) -> Vec<ElementAnswer> {
    let said = first_said(interpretation.text(), &headings.unsaid);
    SIGNS
        .iter()
        .zip(said)
        .filter_map(|(signs, said)| {
            let is_it = |answer: &&ElementAnswer| answer.element == signs.element;
            let found = || {
                let unit = find_unit(interpretation, headings, signs, said)?;
                let (unit, element) = (Some(unit.path.clone()), signs.element);
                Some(ElementAnswer { element, unit, not_applicable: None })
            };
            stated.elements.iter().find(is_it).cloned().or_else(found)
        })
        .collect()
}

/// Where each element's words that count anywhere are said first; the title's and an empty heading's are not.
fn first_said(text: &str, unsaid: &[Range<usize>]) -> [Option<usize>; SIGNS.len()] {
    static FINDER: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::new(SIGNS.iter().flat_map(|signs| signs.anywhere)).ok());
    static ELEMENTS: LazyLock<Vec<usize>> = LazyLock::new(|| {
        let words = SIGNS.iter().enumerate();
        words.flat_map(|(index, signs)| signs.anywhere.iter().map(move |_| index)).collect()
    });
    let mut said = [None; SIGNS.len()];
    let mut unsaid = unsaid.iter().peekable();
    for word in FINDER.iter().flat_map(|finder| finder.find_iter(text)) {
        while unsaid.next_if(|range| range.end <= word.start()).is_some() {}
        if unsaid.peek().is_some_and(|range| range.contains(&word.start())) {
            continue;
        }
        let element = ELEMENTS.get(word.pattern().as_usize());
        if let Some(first) = element.and_then(|element| said.get_mut(*element)) {
            *first = Some(first.map_or(word.start(), |first: usize| first.min(word.start())));
        }
    }
    said
}

/// The unit that takes an element up.
fn find_unit<'d>(
    interpretation: &'d Document<'_>,
    headings: &Headings<'d>,
    signs: &Signs,
    said: Option<usize>,
) -> Option<&'d Unit> {
    if let Some(heading) = headings.answered.iter().find(|heading| signs.name(heading)) {
        return Some(heading.unit);
    }
    let said = said.or_else(|| {
        // 主要内容 with nothing below it says that nothing was written.
        let is_content = signs.element == Element::Content && !signs.has_name(&headings.empty);
        is_content.then(|| content::find(interpretation, &headings.answered)).flatten()
    })?;
    interpretation.units().get(interpretation.unit_at(said))
}

impl Signs {
    fn name(&self, heading: &Heading<'_>) -> bool {
        self.headings.iter().any(|word| heading.text.contains(word))
    }

    /// Whether one of these is its name and no more, as the template has it.
    fn has_name(&self, headings: &[Heading<'_>]) -> bool {
        let own = chinese_name(self.element);
        headings.iter().any(|heading| without_mark(heading.text) == own)
    }
}

/// Those of the `required` elements that are neither answered in the text nor stated, and those a heading
/// with nothing below it names.
pub(super) fn unanswered(
    interpretation: &Document<'_>,
    stated: &Stated,
    required: &[Element],
) -> Vec<Element> {
    let headings = Headings::of(interpretation);
    let answered = answers_of(interpretation, stated, &headings);
    let open = SIGNS.iter().filter(|signs| {
        (required.contains(&signs.element) || signs.has_name(&headings.blank))
            && !answered.iter().any(|answer| answer.element == signs.element)
    });
    open.map(|signs| signs.element).collect()
}

/// What a brief interpretation leaves open of what, who and contact (DESIGN §3).
pub(super) fn unanswered_in_brief(
    interpretation: &Document<'_>,
    stated: &Stated,
) -> Vec<&'static str> {
    const WHO: [&str; 14] = [
        "人员",
        "居民",
        "市民",
        "村民",
        "家庭",
        "企业",
        "单位",
        "学生",
        "学校",
        "职工",
        "老年人",
        "儿童",
        "群众",
        "申请人",
    ];
    const CONTACT: [&str; 8] = ["联系", "电话", "咨询", "热线", "邮箱", "12345", "聯繫", "電話"];
    let text = interpretation.text();
    let answered = answers(interpretation, stated);
    let is_answered = |element| answered.iter().any(|answer| answer.element == element);
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    [
        ("内容 what", is_answered(Element::Content)),
        ("对象 who", is_answered(Element::Scope) || says(&WHO)),
        ("联系方式 contact", says(&CONTACT)),
    ]
    .into_iter()
    .filter(|(_, is_answered)| !is_answered)
    .map(|(name, _)| name)
    .collect()
}

/// A heading or question, and its unit.
#[derive(Clone, Copy)]
pub(super) struct Heading<'d> {
    pub text: &'d str,
    pub unit: &'d Unit,
}

/// The headings and questions of a text, but for its title: that one names a subject and answers nothing.
struct Headings<'d> {
    /// Those under which something stands: 略 is no answer, nor 见附件.
    answered: Vec<Heading<'d>>,
    /// Those under which nothing does.
    empty: Vec<Heading<'d>>,
    /// Those of them under which there is not even a filler.
    blank: Vec<Heading<'d>>,
    /// Where the titles and the empty headings stand, in order.
    unsaid: Vec<Range<usize>>,
}

impl<'d> Headings<'d> {
    fn of(interpretation: &'d Document<'_>) -> Self {
        let all = interpretation.units();
        let nexts = all.iter().skip(1).map(Some).chain([None]);
        let units = all.iter().zip(nexts);
        let units = units.filter(|(unit, next)| is_heading(interpretation, unit, *next));
        let units: Vec<&Unit> = units.map(|(unit, _)| unit).collect();
        let ends = units.iter().skip(1).map(|next| next.start);
        let ends = ends.chain([interpretation.text().len()]);
        let texts = units.iter().zip(ends);
        let texts: Vec<&str> = texts
            .map(|(unit, end)| interpretation.text().get(unit.start..end).unwrap_or_default())
            .collect();
        let says: Vec<(bool, bool)> = units
            .iter()
            .zip(&texts)
            .map(|(unit, text)| (says_something(text), is_item(unit, text)))
            .collect();
        let [answered, empty, blank] = [vec![], vec![], vec![]];
        let mut headings = Self { answered, empty, blank, unsaid: vec![] };
        for (index, (unit, text)) in units.iter().zip(&texts).enumerate() {
            let sentence = first_sentence(text);
            let heading = Heading { text: sentence, unit };
            // What has only headings below it is answered by them, up to the next of its own level.
            let mut below = units.iter().zip(&says).skip(index + 1);
            let is_narrow = unit.level > Level::First;
            let is_answered =
                says.get(index).is_some_and(|(says, item)| *says || (*item && is_narrow))
                    || below
                        .by_ref()
                        .take_while(|(below, _)| below.level != unit.level)
                        .any(|(_, (says, item))| *says || *item);
            let is_title = unit.level == Level::Title;
            if is_title || !is_answered {
                let blanks = text.len() - text.trim_start().len();
                headings.unsaid.push(unit.start..unit.start + blanks + sentence.len());
            }
            if is_title {
                continue;
            }
            if is_answered {
                headings.answered.push(heading);
                continue;
            }
            headings.empty.push(heading);
            let rest = text.trim_start().strip_prefix(sentence).unwrap_or_default();
            if !rest.contains(char::is_alphanumeric) {
                headings.blank.push(heading);
            }
        }
        headings
    }
}

/// Letters of a line that stands above others as a heading, without a mark: 出台背景, 为什么出台？
const PLAIN_MAX: usize = 16;

fn is_heading(interpretation: &Document<'_>, unit: &Unit, next: Option<&Unit>) -> bool {
    let is_paragraph = |unit: &Unit| unit.level == Level::Paragraph;
    let is_short = |unit: &Unit| {
        let text = interpretation.text_of(unit).trim();
        !text.contains(['。', '；', '，', '：', '\n'])
            && (2..=PLAIN_MAX).contains(&text.chars().take(PLAIN_MAX + 1).count())
    };
    let is_plain = || is_paragraph(unit) && is_short(unit);
    unit.is_heading
        || matches!(unit.level, Level::Question | Level::Title | Level::First | Level::Heading)
        || next.is_some_and(|next| is_paragraph(next) && !is_short(next) && is_plain())
}

/// Whether something is said under a heading, or beside it: 适用范围：本市小学.
fn says_something(text: &str) -> bool {
    let sentence = first_sentence(text);
    let below = text.trim_start().strip_prefix(sentence).unwrap_or_default();
    let beside = sentence.split_once(['：', ':']).map_or("", |(_, beside)| beside);
    // A sentence is no heading.
    let is_sentence = below.starts_with('。') && sentence.chars().count() > PLAIN_MAX;
    is_sentence || !is_filler(below) || !is_filler(beside)
}

/// Whether a unit without a text of its own is an item of a list, which says what it is: （一）提高标准.
fn is_item(unit: &Unit, text: &str) -> bool {
    let sentence = first_sentence(text);
    let item = sentence.strip_prefix(unit.mark.as_str()).unwrap_or(sentence);
    let is_level = (Level::First..=Level::Fifth).contains(&unit.level);
    is_level && !is_filler(item) && !is_bare_name(sentence)
}

fn first_sentence(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find(['。', '？', '?', '\n']).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// Whether a line holds nothing but the name of an element, or of a field of the answer card: what the template
/// asks for, and nobody filled in.
pub(crate) fn is_bare_name(line: &str) -> bool {
    const CARD: [&str; 5] = ["对象", "时间", "材料", "怎么办", "咨询电话"];
    let name = without_mark(line.trim_matches(|c: char| c.is_whitespace() || "#*|：:".contains(c)));
    CARD.contains(&name) || SIGNS.iter().any(|signs| chinese_name(signs.element) == name)
}

/// A heading without 一、 before it.
fn without_mark(heading: &str) -> &str {
    heading.split_once('、').map_or(heading, |(_, name)| name).trim()
}

fn chinese_name(element: Element) -> &'static str {
    name(element).split(' ').next().unwrap_or_default()
}

/// An element's name, Chinese and English.
pub(super) fn name(element: Element) -> &'static str {
    match element {
        Element::Background => "背景依据 background",
        Element::Goals => "目标任务 goals",
        Element::Content => "主要内容 content",
        Element::Scope => "适用范围 scope",
        Element::Standard => "执行标准 standard",
        Element::Notes => "注意事项 notes",
        Element::Terms => "关键词诠释 terms",
        Element::Benefits => "惠民利民举措 benefits",
        Element::Changes => "新旧政策差异 changes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Vec<Element> {
        let required = [Element::Background, Element::Content];
        unanswered(&Document::read(text), &Stated::default(), &required)
    }

    fn open_in_brief(text: &str) -> Vec<&'static str> {
        unanswered_in_brief(&Document::read(text), &Stated::default())
    }

    #[test]
    fn what_a_document_asks_and_prose_are_its_content() {
        let begin = "《办法》解读\n\n制定背景见上。\n\n";
        let prose = "孩子放学以后可以留在学校，老师陪着做作业、看书和锻炼。".repeat(4);
        for said in [
            "《办法》指出，孩子可以留校。",
            "《办法》首次明确，孩子可以留校。",
            "细则提出，可以留校。",
        ] {
            assert_eq!(open(&format!("{begin}{said}\n")), [Element::Background], "{said}");
        }
        assert_eq!(open(&format!("{begin}{prose}\n\n{prose}\n")), [Element::Background]);
        for said in ["家长提出，孩子可以留校。", "孩子可以留校。", prose.as_str()]
        {
            let open = open(&format!("{begin}{said}\n"));
            assert_eq!(open, [Element::Background, Element::Content], "{said}");
        }
    }

    #[test]
    fn an_element_is_answered_by_the_first_that_takes_it_up() {
        let text = "《办法》解读\n\n一、制定背景\n\n暂行办法到期。\n\n二、主要内容\n\n本办法适用于小学。\n\n三、内容补充\n\n没有。\n";
        let answers = answers(&Document::read(text), &Stated::default());
        let found: Vec<_> =
            answers.iter().map(|answer| (answer.element, answer.unit.as_deref())).collect();
        assert!(found.contains(&(Element::Background, Some("一"))), "{found:?}");
        assert!(found.contains(&(Element::Content, Some("二"))), "{found:?}");
        assert!(found.iter().all(|(element, _)| *element != Element::Terms), "{found:?}");
        let stated = Stated {
            elements: vec![ElementAnswer {
                element: Element::Background,
                unit: None,
                not_applicable: Some("只调整地点".to_owned()),
            }],
            ..Stated::default()
        };
        let answers = super::answers(&Document::read(text), &stated);
        assert_eq!(answers.first(), stated.elements.first());
    }

    #[test]
    fn titles_and_empty_headings_answer_nothing() {
        let bare = [Element::Background, Element::Content];
        for (text, expected) in [
            ("《标准调整办法》解读\n\n一、背景依据\n\n二、主要内容\n", &bare[..]),
            ("《办法》解读\n\n一、背景依据\n\n×××\n\n二、主要内容\n\n（待补充）\n", &bare),
            (
                "《办法》解读\n\n一、背景依据\n\n为了方便群众。\n\n二、主要内容\n\n（一）对象\n\n小学生可以留校。\n",
                &[],
            ),
            (
                "《办法》解读\n\n一、背景依据：方便群众办事\n\n二、主要内容\n\n小学生可以留校。\n",
                &[],
            ),
            (
                "《办法》解读\n\n制定背景\n\n暂行办法到期，需要重新制定。\n\n一、主要内容\n\n小学生可以留校。\n",
                &[],
            ),
            (
                "《办法》解读\n\n为什么出台？\n\n暂行办法到期，需要重新制定。\n\n一、主要内容\n\n小学生可以留校。\n",
                &[],
            ),
            (
                "《办法》解读\n\n## 背景依据\n\n一、暂行办法到期\n\n二、家长需要\n\n## 主要内容\n\n（一）免收费用\n\n（二）延长时间\n",
                &[],
            ),
            // What the template asks for and nobody filled in, although nobody has to.
            (
                "《办法》解读\n\n一、背景依据\n\n方便群众办事。\n\n二、主要内容\n\n可以留校。\n\n三、关键词诠释\n",
                &[Element::Terms],
            ),
        ] {
            assert_eq!(open(text), expected, "{text}");
        }
        let answers =
            answers(&Document::read("《补贴标准调整办法》解读\n\n不收费。\n"), &Stated::default());
        assert!(answers.is_empty(), "{answers:?}");
    }

    #[test]
    fn a_brief_interpretation_says_what_who_and_contact() {
        let what = "《通知》明确，暂停供水两天。";
        let (who, contact) = ("受影响的居民可以到社区取水。", "咨询电话：62131380。");
        assert_eq!(open_in_brief(&format!("{what}{who}{contact}")), [""; 0]);
        assert_eq!(open_in_brief(&format!("{who}{contact}")), ["内容 what"]);
        assert_eq!(open_in_brief(&format!("{what}{contact}")), ["对象 who"]);
        assert_eq!(open_in_brief(&format!("{what}{who}")), ["联系方式 contact"]);
    }
}
