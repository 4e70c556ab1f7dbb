//! Worked examples: 例2：李女士账户余额1.5万元，…. What such a case has lies on any side of the policy's values, so it leaves a doubt.

use crate::document::last_chars;

/// Characters of a line before a figure that are looked at: an example goes on for some sentences.
const LINE_MAX: usize = 300;
/// How a line begins that tells an example.
const HEADS: [&str; 8] = ["例", "案例", "示例", "举例", "典型案例", "实例", "算例", "情景"];
/// Who stands in examples.
const PERSONS: [&str; 22] = [
    "女士",
    "先生",
    "师傅",
    "大爷",
    "大妈",
    "大叔",
    "阿姨",
    "奶奶",
    "爷爷",
    "老伯",
    "某某",
    "张三",
    "李四",
    "王五",
    "赵六",
    "一家三口",
    "一家四口",
    "一家五口",
    "甲公司",
    "乙公司",
    "甲企业",
    "乙企业",
];
/// Family names that 小, 老 or 某 makes a person of: 小王, 赵某; none that begins a word behind 小: 小程序, 小于.
const NAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁余叶蒋杜苏魏吕丁沈姚卢傅钟姜崔谭廖汪陆戴贾韦夏邱侯邹熊孟秦阎薛尹雷黎史陶贺毛郝龚邵钱";

/// Whether the line up to byte `at` tells an example.
pub(super) fn tells(text: &str, at: usize) -> bool {
    let before = last_chars(text.get(..at).unwrap_or_default(), LINE_MAX);
    let (is_whole, line) = match before.rsplit_once('\n') {
        Some((_, line)) => (true, line),
        None => (before.len() == at, before),
    };
    let head = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    (is_whole && begins_example(head)) || names_person(last_sentences(line))
}

/// The last sentence of a line, and the one before it.
fn last_sentences(line: &str) -> &str {
    let mut ends = line.rmatch_indices('。').map(|(at, end)| at + end.len());
    ends.nth(1).and_then(|at| line.get(at..)).unwrap_or(line)
}

/// 例：, 例1, 案例一, 例如.
fn begins_example(line: &str) -> bool {
    HEADS.iter().any(|head| {
        line.strip_prefix(head).is_some_and(|rest| {
            let rest = rest.trim_start_matches(|c: char| {
                c.is_ascii_digit() || "一二三四五六七八九十 ".contains(c)
            });
            rest.starts_with(['：', ':', '、', '.', '．', '*', '】', '）', '，', '如', ' '])
                || rest.is_empty()
        })
    })
}

/// Whether somebody is named here, and what he does follows: 小李可以申报, 李女士，. 小王庄村民 is nobody.
pub(super) fn is_person(who: &str) -> bool {
    const NEXT: [char; 20] = [
        '可', '能', '，', ',', '、', '。', '；', '不', '想', '要', '今', '因', '就', '也', '便',
        '应', '已', '提', '申', '符',
    ];
    let letters: Vec<char> = who.chars().take(6).collect();
    let is_name = |name: char| NAMES.contains(name);
    let length = match letters.as_slice() {
        ['小' | '老', name, ..] | [name, '某', ..] if is_name(*name) => 2,
        [name, one, next, ..] if is_name(*name) => {
            let title: String = [*one, *next].iter().collect();
            if TITLES.contains(&title.as_str()) { 3 } else { return false }
        }
        _ => return false,
    };
    letters.get(length).is_none_or(|next| NEXT.contains(next))
}

/// What people are called by behind their family names.
const TITLES: [&str; 8] = ["女士", "先生", "师傅", "老师", "阿姨", "大爷", "奶奶", "爷爷"];

fn names_person(line: &str) -> bool {
    if PERSONS.iter().any(|person| line.contains(person)) {
        return true;
    }
    let is_name = |name: Option<char>| name.is_some_and(|name| NAMES.contains(name));
    line.char_indices().any(|(at, c)| {
        let (before, behind) = line.split_at(at);
        match c {
            // 最小, 大小 and 中小 make none.
            '小' | '老' => {
                !before.ends_with(['最', '大', '中', '较', '养', '年'])
                    && is_name(behind.chars().nth(1))
            }
            '某' => is_name(before.chars().next_back()),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_told_from_rules() {
        for example in [
            "例2：李女士单身，账户余额",
            "**案例一** 连续缴存满",
            "▲案例：外来务工人员连续居住满",
            "例如，申请人连续居住满",
            "小陈今年28岁，连续缴存满",
            "赵某连续居住满",
            "张先生一家连续居住满",
            "规则。\n\n- 例：连续居住满",
        ] {
            assert!(tells(example, example.len()), "{example}");
        }
        for rule in [
            "小学、小区、老人、老年人、小微企业补贴",
            "例行检查每年",
            "案例库收录",
            "例2：李女士。\n\n连续缴存满",
            "某些单位、某一街道补贴",
            "夫妇双方年满65周岁的，每人每年",
            "李女士咨询。现答复如下。按规定办理。连续缴存满",
            "通过小程序申请，小于5年，小范围试行，最小周期",
        ] {
            assert!(!tells(rule, rule.len()), "{rule}");
        }
    }
}
