//! The nine elements of an interpretation (国办发〔2016〕80号 as local rules quote it, DOMAIN I1: each
//! where applicable): which of them the text answers, by its headings, questions and wording.

use std::sync::LazyLock;

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
    let headings = headings(interpretation);
    let said = first_said(interpretation.text());
    SIGNS
        .iter()
        .zip(said)
        .filter_map(|(signs, said)| {
            let is_it = |answer: &&ElementAnswer| answer.element == signs.element;
            let found = || {
                let unit = find_unit(interpretation, &headings, signs, said)?;
                let (unit, element) = (Some(unit.path.clone()), signs.element);
                Some(ElementAnswer { element, unit, not_applicable: None })
            };
            stated.elements.iter().find(is_it).cloned().or_else(found)
        })
        .collect()
}

/// Where each element's words that count anywhere are said first.
fn first_said(text: &str) -> [Option<usize>; SIGNS.len()] {
    static FINDER: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::new(SIGNS.iter().flat_map(|signs| signs.anywhere)).ok());
    static ELEMENTS: LazyLock<Vec<usize>> = LazyLock::new(|| {
        let words = SIGNS.iter().enumerate();
        words.flat_map(|(index, signs)| signs.anywhere.iter().map(move |_| index)).collect()
    });
    let mut said = [None; SIGNS.len()];
    for word in FINDER.iter().flat_map(|finder| finder.find_iter(text)) {
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
    headings: &[Heading<'d>],
    signs: &Signs,
    said: Option<usize>,
) -> Option<&'d Unit> {
    let names =
        |heading: &&Heading<'_>| signs.headings.iter().any(|word| heading.text.contains(word));
    if let Some(heading) = headings.iter().find(names) {
        return Some(heading.unit);
    }
    let said = said.or_else(|| {
        let is_content = signs.element == Element::Content;
        is_content.then(|| content::find(interpretation, headings)).flatten()
    })?;
    interpretation.units().get(interpretation.unit_at(said))
}

/// Those of the `required` elements that are neither answered in the text nor stated.
pub(super) fn unanswered(
    interpretation: &Document<'_>,
    stated: &Stated,
    required: &[Element],
) -> Vec<Element> {
    let answered = answers(interpretation, stated);
    let is_open = |element: &Element| !answered.iter().any(|answer| answer.element == *element);
    required.iter().copied().filter(is_open).collect()
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
pub(super) struct Heading<'d> {
    pub text: &'d str,
    unit: &'d Unit,
}

/// The headings and questions under which something stands: 略 is no answer, nor 见附件.
fn headings<'d>(interpretation: &'d Document<'_>) -> Vec<Heading<'d>> {
    let is_heading = |unit: &&Unit| {
        unit.is_heading
            || matches!(unit.level, Level::Question | Level::Title | Level::First | Level::Heading)
    };
    let units: Vec<&Unit> = interpretation.units().iter().filter(is_heading).collect();
    let ends = units.iter().skip(1).map(|next| next.start).chain([interpretation.text().len()]);
    units
        .iter()
        .zip(ends)
        .map(|(unit, end)| (*unit, interpretation.text().get(unit.start..end).unwrap_or_default()))
        .map(|(unit, text)| (Heading { text: first_sentence(text), unit }, text))
        .filter(|(heading, text)| {
            let said = text.trim_start().strip_prefix(heading.text).unwrap_or_default();
            // What has only headings below it is answered by them.
            !said.contains(char::is_alphanumeric) || !is_filler(said)
        })
        .map(|(heading, _)| heading)
        .collect()
}

fn first_sentence(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find(['。', '？', '?', '\n']).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
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
    fn a_brief_interpretation_says_what_who_and_contact() {
        let what = "《通知》明确，暂停供水两天。";
        let (who, contact) = ("受影响的居民可以到社区取水。", "咨询电话：62131380。");
        assert_eq!(open_in_brief(&format!("{what}{who}{contact}")), [""; 0]);
        assert_eq!(open_in_brief(&format!("{who}{contact}")), ["内容 what"]);
        assert_eq!(open_in_brief(&format!("{what}{contact}")), ["对象 who"]);
        assert_eq!(open_in_brief(&format!("{what}{who}")), ["联系方式 contact"]);
    }
}
