//! Whether a sentence names what the policy does not grant: a benefit of another office, whose figures
//! are its own.

use foldhash::HashSet;

/// Words that benefits and schemes are called by; what stands before them says which: 高龄津贴.
const HEADS: [&str; 14] = [
    "补贴", "津贴", "补助", "医保", "保险", "救助", "低保", "奖励", "奖金", "待遇", "福利", "项目",
    "基金", "旧证",
];

/// Characters that end what stands before such a word and is no part of its name: 享受, 领取, 发放, 的.
const BEFORE_NAME: &[char] = &[
    '受', '取', '领', '放', '的', '和', '与', '及', '或', '对', '给', '予', '由', '按', '是', '有',
    '请', '到', '得', '供', '后',
];

/// Characters of a name that are looked at.
const NAME_MAX: usize = 6;

/// Whether a sentence's text names such a thing by characters that nowhere stand side by side in the
/// policy, whose pairs of characters are `theirs`.
pub(super) fn are_named(text: &str, theirs: &HashSet<(char, char)>) -> bool {
    HEADS.iter().flat_map(|head| text.match_indices(head)).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().chars().rev();
        let name: Vec<char> = before
            .take_while(|c| c.is_alphanumeric() && !BEFORE_NAME.contains(c))
            .take(NAME_MAX)
            .collect();
        name.windows(2)
            .any(|pair| matches!(pair, [next, first] if !theirs.contains(&(*first, *next))))
    })
}

/// Kinds of documents, and what is said of one right behind its name.
const DOCUMENTS: [&str; 7] = ["办法", "条例", "细则", "意见", "通知", "公告", "通告"];
const SAID: [&str; 7] = ["自", "从", "有效期", "的有效期", "规定", "施行", "执行"];
/// What stands before the name of this very document: 本通知, 新办法, 这份意见.
const OWN: [char; 12] = ['本', '该', '此', '这', '新', '份', '项', '个', '一', '次', '“', '、'];

/// Whether a sentence speaks of another document without 《》: 2026年的通知自…起施行, 国家办法有效期5年. 本通知, 新通知, the name
/// in the policy's `title` and 通知 alone are this one.
pub(super) fn names_document(sentence: &str, title: &str) -> bool {
    sentence.split(['，', ',', '：', ':', '《', '》']).any(|clause| {
        let names = DOCUMENTS.iter().flat_map(|name| clause.match_indices(name));
        names.into_iter().any(|(at, name)| {
            let behind = clause.get(at + name.len()..).unwrap_or_default();
            let before = clause.get(..at).unwrap_or_default();
            let called = clause.get(..at + name.len()).unwrap_or_default();
            let called = called.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let is_bare = before.trim_end().is_empty()
                || before.ends_with(|c: char| !c.is_alphanumeric() || OWN.contains(&c));
            SAID.iter().any(|said| behind.starts_with(said)) && !is_bare && !title.contains(called)
        })
    })
}

/// What a level of government is called, by what its own documents have in their titles or signatures.
const ABOVE: [(&str, &[&str]); 18] = [
    ("省厅", &["省"]),
    ("省级", &["省"]),
    ("省政府", &["省"]),
    ("省委", &["省"]),
    ("省里", &["省"]),
    ("市级", &["市"]),
    ("市政府", &["市"]),
    ("市委", &["市"]),
    ("市里", &["市"]),
    ("国家", &["国务院", "国家", "中华"]),
    ("中央", &["国务院", "中央"]),
    ("国务院", &["国务院"]),
    ("部委", &[]),
    ("全国", &["国务院", "国家"]),
    ("上级", &[]),
    ("部里", &[]),
    ("部门规章", &[]),
    ("上位法", &[]),
];
/// What such a level does or gives.
const DECREES: [&str; 15] = [
    "层面",
    "规章",
    "上位法",
    "要求",
    "规定",
    "标准",
    "文件",
    "政策",
    "意见",
    "办法",
    "提出",
    "明确",
    "下达",
    "任务",
    "目标",
];

/// Whether words name the rule of a level above the `issuer` of the policy, of which its clause `theirs` says nothing: 省级要求：,
/// 省政府下达的任务，.
pub(super) fn is_above(words: &str, issuer: &str, theirs: &str) -> bool {
    /// What comes from above, and sets no rule beside the policy's: 省厅已下达资金, 上位法授权.
    const GIVEN: [&str; 10] =
        ["授权", "指导", "支持", "没有", "未作", "未规定", "资金", "提标", "衔接", "审定"];
    let is_rule = || {
        DECREES.iter().any(|word| words.contains(word))
            && !GIVEN.iter().any(|word| words.contains(word))
    };
    // 从国家层面看
    let words =
        words.strip_prefix(['从', '在']).filter(|_| words.contains("层面")).unwrap_or(words);
    ABOVE.iter().any(|(level, own)| {
        words.starts_with(level)
            && !theirs.contains(level)
            && !own.iter().any(|own| issuer.contains(own))
    }) && is_rule()
}

/// What a place is said to do, or stands behind its name.
const BY_PLACE: [&str; 12] = [
    "规定",
    "明确",
    "要求",
    "提出",
    "实行",
    "执行",
    "出台",
    "的做法",
    "的标准",
    "的规定",
    "做法",
    "经验",
];
/// Words before a place's name.
const TO_PLACE: [&str; 8] = ["在", "如", "例如", "比如", "而", "像", "参考", "借鉴"];
/// Words that end like a place's name and are none.
const NO_PLACES: [&str; 33] = [
    "开发区",
    "示范区",
    "核心区",
    "服务区",
    "专区",
    "疑区",
    "功能区",
    "小区",
    "社区",
    "地区",
    "城区",
    "片区",
    "园区",
    "景区",
    "校区",
    "辖区",
    "新区",
    "街区",
    "市区",
    "郊区",
    "山区",
    "牧区",
    "灾区",
    "库区",
    "厂区",
    "上市",
    "城市",
    "超市",
    "门市",
    "股市",
    "集市",
    "夜市",
    "都市",
];
/// Headings under which other places are told of.
const PLACES: [&str; 9] = [
    "外地做法",
    "外地经验",
    "外省做法",
    "外市做法",
    "兄弟省",
    "兄弟城市",
    "其他城市",
    "先进地区",
    "各地做法",
];

/// Whether words are the name of another place, or say what it does: 甲市, 在甲市, 甲市规定; `is_known` are the policy's.
pub(super) fn names_other_place(words: &str, is_known: impl Fn(&str) -> bool) -> bool {
    if PLACES.iter().any(|place| words.contains(place)) {
        return true;
    }
    let words = TO_PLACE.iter().find_map(|to| words.strip_prefix(to)).unwrap_or(words);
    let name = BY_PLACE.iter().find_map(|by| words.strip_suffix(by)).unwrap_or(words);
    let length = name.chars().count();
    (2..=5).contains(&length)
        && name.ends_with(['市', '省', '区', '县'])
        && name.chars().all(|c| c.is_alphabetic() && !c.is_ascii())
        && !name.starts_with(['本', '全', '我', '各', '该', '外', '跨', '进', '出', '同'])
        && !NO_PLACES.iter().any(|word| name.ends_with(word))
        && !is_known(name)
}

/// What a case is of: 廉租住房, 商品房小区, 绿色通道项目.
const CASES: [&str; 25] = [
    "住房", "公寓", "小区", "项目", "承诺", "补贴", "补助", "津贴", "奖励", "企业", "家庭", "人员",
    "机构", "学校", "住户", "用户", "商户", "车辆", "房屋", "住宅", "工程", "业务", "救助", "职工",
    "学生",
];
/// What before it names no case.
const ANY_CASE: [&str; 30] = [
    "实施", "生效", "困难", "发放", "哪些", "什么", "申请", "符合", "重点", "主要", "相关", "有关",
    "上述", "下列", "全部", "所有", "各类", "惠民", "利民", "支持", "保障", "具体", "办理", "服务",
    "我们", "本", "新增", "这", "国家", "有",
];

/// The name of the case that a label is, without what it is of: 廉租 of 廉租住房.
pub(super) fn case_of(label: &str) -> Option<&str> {
    let case = CASES.iter().find_map(|of| label.strip_suffix(of))?;
    let case =
        case.trim_start_matches(|c: char| !c.is_alphabetic() || "一二三四五六七八九十".contains(c));
    let is_any = ANY_CASE.iter().any(|word| case.contains(word));
    (case.chars().nth(1).is_some() && !is_any).then_some(case)
}

#[cfg(test)]
mod tests {
    use super::{super::exceptions::pairs, *};

    #[test]
    fn a_document_without_marks_is_told_from_this_one() {
        let title = "示例市补贴办法";
        for (text, is_other) in [
            ("2026年的通知自2026年1月1日起施行，", true),
            ("国家办法有效期", true),
            ("补贴办法自2026年1月1日起施行，", false),
            ("本办法自2026年1月1日起施行，", false),
            ("新办法自2026年1月1日起施行，", false),
            ("办法自2026年1月1日起施行，", false),
            ("补贴标准为", false),
        ] {
            assert_eq!(names_document(text, title), is_other, "{text}");
        }
    }

    #[test]
    fn what_the_policy_grants_is_none() {
        let theirs = pairs("关于发放生活补贴的通知 居民门诊");
        for (text, is_other) in [
            ("残疾人生活补贴由残联发放，", true),
            ("享受高龄津贴（", true),
            ("职工医保门诊起付标准为500元，", true),
            ("领取生活补贴的，", false),
            ("享受补贴，", false),
            ("", false),
        ] {
            assert_eq!(are_named(text, &theirs), is_other, "{text}");
        }
    }
}
