//! The nine elements of an interpretation (国办发〔2016〕80号 as local rules quote it, DOMAIN I1: each
//! where applicable): which of them the text answers, by its headings, questions and wording.

use lockstep_proto::manifest::{Element, Stated};

use super::filler::is_filler;
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
        headings: &["背景", "依据", "为什么", "為什么", "为何", "缘由", "必要性", "过程", "起草"],
        anywhere: &["根据《", "依据《", "为贯彻", "为落实", "为深入", "为进一步", "按照《"],
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
        headings: &["注意", "提醒", "特别", "问题"],
        anywhere: &["注意事项", "需要注意", "请注意", "应当注意", "特别提示"],
    },
    Signs {
        element: Element::Terms,
        headings: &["关键词", "名词", "术语", "含义", "什么是", "是指什么", "解释"],
        anywhere: &["是指", "指的是"],
    },
    Signs {
        element: Element::Benefits,
        headings: &["惠民", "利民", "便民", "好处", "受益", "亮点", "特点", "红利"],
        anywhere: &["惠民", "利民", "便民", "受益", "减轻", "免费", "补贴"],
    },
    Signs {
        element: Element::Changes,
        headings: &["差异", "变化", "修订", "不同", "调整", "区别", "新旧", "有何新"],
        anywhere: &["与原", "相比", "修订后", "新旧", "较之前", "原规定", "此前"],
    },
];

/// Those of the `required` elements that are neither answered in the text nor stated.
pub(super) fn unanswered(
    interpretation: &Document<'_>,
    stated: &Stated,
    required: &[Element],
) -> Vec<Element> {
    let text = interpretation.text();
    let headings = headings(interpretation);
    // Whoever answers three questions says what the document holds.
    let has_content = headings.len() > 3;
    let is_answered = |element: &Element| {
        (*element == Element::Content && has_content)
            || stated.elements.iter().any(|answer| answer.element == *element)
            || SIGNS.iter().filter(|signs| signs.element == *element).any(|signs| {
                signs
                    .headings
                    .iter()
                    .any(|word| headings.iter().any(|heading| heading.contains(word)))
                    || signs.anywhere.iter().any(|word| text.contains(word))
            })
    };
    required.iter().copied().filter(|element| !is_answered(element)).collect()
}

/// The headings and questions under which something stands: 略 is no answer, nor 见附件.
fn headings<'t>(interpretation: &Document<'t>) -> Vec<&'t str> {
    let is_heading = |unit: &&Unit| {
        unit.is_heading
            || matches!(unit.level, Level::Question | Level::Title | Level::First | Level::Heading)
    };
    let units: Vec<&Unit> = interpretation.units().iter().filter(is_heading).collect();
    let ends = units.iter().skip(1).map(|next| next.start).chain([interpretation.text().len()]);
    units
        .iter()
        .zip(ends)
        .map(|(unit, end)| interpretation.text().get(unit.start..end).unwrap_or_default())
        .map(|text| (first_sentence(text), text))
        .filter(|(heading, text)| {
            let said = text.trim_start().strip_prefix(heading).unwrap_or_default();
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
