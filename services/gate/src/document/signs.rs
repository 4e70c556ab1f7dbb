//! What the lines around a text say by their form: numbers, addressees, signers, notes, titles
//! (GB/T 9704-2012, 版头 to 版记; DOMAIN §3.1).

mod attachments;
mod labels;
mod numbers;

use super::{mark::strip_signs, pieces::ends_sentence, words::first_chars};

pub(super) use attachments::{attachment_name, is_file, lists_attachment, signs_attachments};
pub(super) use labels::{is_empty_label, labelled_number};
pub use numbers::{NumberAt, find_numbers};
pub(super) use numbers::{order_numbers, whole_number, without_number};

/// Ends of the names of bodies that issue documents.
const AGENCY_ENDS: [&str; 38] = [
    "局",
    "部",
    "署",
    "厅",
    "府",
    "会",
    "委",
    "办",
    "院",
    "室",
    "处",
    "中心",
    "总局",
    "人民银行",
    "法院",
    "检察院",
    "集团",
    "公司",
    "大学",
    "学校",
    "学院",
    "协会",
    "联合会",
    "总会",
    "总队",
    "支队",
    "分局",
    "管理局",
    "党组",
    "党委",
    "统战部",
    "海关",
    "联盟",
    "工会",
    "妇联",
    "團",
    "廳",
    "分行",
];

/// Whether a text is the name of a body, as far as its form tells.
pub(crate) fn is_agency(text: &str) -> bool {
    let count = text.chars().count();
    let is_named = text.chars().all(|c| !c.is_ascii() && !is_punctuation(c));
    (2..=30).contains(&count) && is_named && AGENCY_ENDS.iter().any(|end| text.ends_with(end))
}

/// 省长　张某某, 教育部部长　李某某: who signs for a body.
pub(super) fn is_person(text: &str) -> bool {
    const OFFICES: [&str; 11] =
        ["省长", "市长", "区长", "县长", "主席", "主任", "部长", "局长", "厅长", "署长", "行长"];
    const BYTES_MAX: usize = 150;
    let text = text.trim();
    // What each office ends with.
    if text.len() > BYTES_MAX || !text.contains(['长', '席', '任']) {
        return false;
    }
    let of_body = |office: &&str| {
        let (body, name) = text.rsplit_once(*office)?;
        is_agency(body).then_some(name)
    };
    let name = OFFICES
        .iter()
        .find_map(|office| behind_spaced(text, office))
        .or_else(|| OFFICES.iter().find_map(of_body));
    name.filter(|name| name.starts_with([' ', '　', '：', ':'])).is_some_and(|name| {
        let name = name.trim_start_matches(['：', ':']);
        let letters = name.chars().filter(|c| !c.is_whitespace()).count();
        (2..=12).contains(&letters) && !name.contains(is_punctuation)
    })
}

/// What stands behind a word that blanks may space out: 市　长：张某某.
fn behind_spaced<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    word.chars().try_fold(text, |rest, c| rest.trim_start().strip_prefix(c))
}

/// Without what is left of a site's blanks at the end of a line: `国务院办公厅   &nbsp;`, `&sp;`.
pub(super) fn without_entities(text: &str) -> &str {
    let mut text = text.trim_end();
    while let Some(rest) = ["&nbsp;", "&sp;"].iter().find_map(|blank| text.strip_suffix(blank)) {
        text = rest.trim_end();
    }
    text
}

/// A line of one or more bodies, set apart by blanks, or of who signs for them. 甲联合会/乙协会 is one
/// body with two names.
pub(super) fn is_signer(text: &str) -> bool {
    let text = without_entities(text).trim_matches('*').trim();
    if is_person(text) {
        return true;
    }
    let seals = ["（章）", "（盖章）", "（代章）", "（印章）"];
    let text = seals.iter().find_map(|seal| text.strip_suffix(seal)).unwrap_or(text);
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '、' | '/' | '／'))
        .filter(|part| !part.is_empty())
        .collect();
    // 国 务 院: a name spaced out.
    let joined: String = parts.concat();
    !parts.is_empty()
        && (parts.iter().all(|part| is_agency(part))
            || (parts.iter().all(|p| p.chars().count() == 1) && is_agency(&joined)))
}

fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '，' | '。' | '；' | '：' | '、' | '《' | '》' | '“' | '”' | '（' | '）' | '？' | '！'
    )
}

/// 令 below the names of several bodies.
pub(super) fn is_order_sign(text: &str) -> bool {
    strip_signs(text).trim_matches(['*', ' ', '　']) == "令"
}

/// 示例市教育局公告, 示例省人民政府令: what a document is, by whom; its own title may stand below.
pub(super) fn is_letterhead_title(title: &str) -> bool {
    ["公告", "通告", "令"].iter().any(|kind| title.strip_suffix(kind).is_some_and(is_agency))
        || title.ends_with('令')
        || ["国家标准", "行业标准", "地方标准", "团体标准"].iter().any(|kind| title.ends_with(kind))
}

/// 各区人民政府，市政府各委、办、局：
pub(super) fn is_addressee(text: &str) -> bool {
    let Some(names) = text.trim().strip_suffix(['：', ':']) else { return false };
    let leads_on = [
        "如下", "事项", "下列", "以下", "决定", "规定", "措施", "内容", "通知", "公告", "即", "为",
        "是", "修改",
    ];
    // 为了维护法制统一，省人民政府决定对下列规章作出修改： speaks to nobody.
    let is_said = ["为了", "决定对", "决定如下", "现将", "现就", "根据"]
        .iter()
        .any(|word| names.contains(word));
    let has_body =
        ["各", "府", "局", "委", "院", "部", "厅", "单位", "公司", "园", "校", "署", "会", "處"];
    !leads_on.iter().any(|end| names.ends_with(end))
        && !is_said
        && !names.contains(['。', '；', '《'])
        && has_body.iter().any(|sign| names.contains(sign))
        && names.chars().count() <= 200
}

/// 附注, 版记 and what sites add: read for the disclosure mark, no part of any clause.
pub(super) fn is_note(text: &str) -> bool {
    let text = text.trim();
    let heads = [
        "抄送",
        "主送",
        "来源",
        "发布时间",
        "发布日期",
        "索引号",
        "点击查看",
        "联系人",
        "（联系",
        "(联系",
        "字号",
        "印发",
        "主题词",
        "责任编辑",
        "相关链接",
        "相关解读",
        "政策解读：http",
        "出席：",
        "列席：",
        "请假：",
        "记录：",
        "分送：",
        "编辑：",
        "校对：",
    ];
    let is_bracketed =
        text.starts_with(['（', '(']) && text.ends_with(['）', ')']) && text.chars().count() <= 60;
    is_bracketed
        || matches!(text, "特急" | "加急" | "平急" | "特提" | "急件")
        || is_letterhead(text)
        || is_stamp(text)
        || is_disclosure_note(text)
        || labels::is_of_site(text)
        || (heads.iter().any(|head| text.starts_with(head)) && !is_rest_of_title(text))
        || is_printed(text)
}

/// 印发《甲方案》的通知: what a title says below the names of those who issue.
fn is_rest_of_title(text: &str) -> bool {
    text.starts_with("印发") && is_title_line(text) && (text.contains('《') || is_whole_title(text))
}

/// 2027年1月5日印发, who did so before it or not.
pub(super) fn is_printed(text: &str) -> bool {
    text.ends_with("印发") && text.contains('日')
}

/// 信息公开选项：依申请公开, 此件不予公开: what cannot be anything but a disclosure mark.
fn is_disclosure_note(text: &str) -> bool {
    const LABELS: [&str; 5] = ["公开方式", "公开属性", "公开类别", "公开形式", "公开选项"];
    if !text.starts_with(['政', '信', '公', '此', '本']) {
        return false;
    }
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).take(DISCLOSURE_MAX).collect();
    let label = ["政府信息", "信息"].iter().find_map(|head| bare.strip_prefix(head));
    let label = label.unwrap_or(&bare);
    let said = LABELS.iter().find_map(|head| label.strip_prefix(head));
    said.is_some_and(|said| said.starts_with(['：', ':']) || is_disclosure(said))
        || (["此件", "本件"].iter().any(|head| bare.starts_with(head)) && is_disclosure(&bare))
}

/// Characters of a disclosure mark at most.
const DISCLOSURE_MAX: usize = 40;

/// What stands around a disclosure mark.
const AROUND_DISCLOSURE: &str = "（）()【】[]。";

/// Whether a text begins as disclosure marks do, blanks aside: few do.
pub(super) fn may_be_disclosure(text: &str) -> bool {
    let may_begin = |c: char| "主公依不暂此本".contains(c) || AROUND_DISCLOSURE.contains(c);
    text.trim_start().starts_with(may_begin)
}

/// Whether a line without blanks is a disclosure mark and nothing else.
pub(super) fn is_disclosure(bare: &str) -> bool {
    const MARKS: [&str; 8] = [
        "主动公开",
        "公开发布",
        "公开",
        "依申请公开",
        "不予公开",
        "不公开",
        "暂不公开",
        "暂不予公开",
    ];
    let mark = bare.trim_matches(|c: char| AROUND_DISCLOSURE.contains(c));
    let mark = ["此件", "本件"].iter().find_map(|head| mark.strip_prefix(head)).unwrap_or(mark);
    MARKS.contains(&mark)
}

/// 示例区教育局文件: 发文机关标志, above number and title.
fn is_letterhead(text: &str) -> bool {
    text.strip_suffix("文件").is_some_and(|agency| is_agency(agency.trim()))
}

/// （2025年3月8日）: the date of a decision, below its title.
pub(super) fn is_head_date(text: &str) -> bool {
    let inner = text.strip_prefix(['（', '(']).and_then(|text| text.strip_suffix(['）', ')']));
    inner.is_some_and(|inner| super::dates::read(inner).is_some())
}

/// What stands around a title and is no part of it: 【法规类别】, 份号, a site's or a message's own lines.
pub(super) fn is_above_title(text: &str) -> bool {
    let is_copy_number = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    // 关于促进全民阅读的意见 is a title.
    let is_title = text.contains("关于") || is_whole_title(text);
    let is_told = !is_title
        && ["点击", "关注", "字体", "浏览", "阅读", "打印本页"]
            .iter()
            .any(|sign| text.contains(sign));
    let has_time = text.split_whitespace().any(|part| {
        part.split_once(':').is_some_and(|(hour, minute)| {
            [hour, minute].iter().all(|part| {
                part.len() <= 5 && part.bytes().all(|b| b.is_ascii_digit() || b == b':')
            })
        })
    });
    let is_label = text.starts_with('【') && text.contains('】');
    // 示例市政府第58次常务会议文件之三: what the text was laid before.
    let is_paper = ["会议文件", "会议材料"].iter().any(|sign| text.contains(sign))
        && !text.contains(['《', '。', '，'])
        && !text.contains("关于")
        && text.chars().count() <= 40;
    let is_classified =
        ["ICS ", "CCS ", "ICS　", "CCS　"].iter().any(|sign| text.starts_with(sign));
    is_copy_number
        || is_label
        || is_paper
        || is_classified
        || labels::is_registration(text)
        || labels::is_labelled(text)
        || (text.chars().count() <= 60 && !ends_sentence(text) && (has_time || is_told))
}

/// ——2026年4月28日在示例市人民代表大会常务委员会会议上: where and when a speech was made, below its title.
pub(super) fn is_told_where(text: &str) -> bool {
    let Some(said) = strip_signs(text).strip_prefix('—') else { return false };
    let said = said.trim_start_matches(['—', ' ', '　']);
    let begins =
        super::dates::find(first_chars(said, 20)).first().is_some_and(|date| date.start == 0);
    begins && said.trim_end_matches(['*', ' ']).ends_with('上')
}

/// 2018年09月05日 05:07, as sites put it under a title.
fn is_stamp(text: &str) -> bool {
    let Some(date) = super::dates::find(text).first().cloned().filter(|date| date.start == 0)
    else {
        return false;
    };
    let time = text.get(date.end..).unwrap_or_default().trim();
    time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || c == ':')
}

/// 2001年7月13日 上海市人民代表大会常务委员会第二十九次会议通过, in brackets or not
pub(super) fn is_history(text: &str) -> bool {
    let ends = ["通过", "公布", "修订", "修正", "批准", "施行", "发布", "修改", "》", "决定"];
    let bare = text.trim_matches(['（', '）', '(', ')', ' ', '　']);
    let begins = super::dates::find(bare).first().is_some_and(|date| date.start == 0);
    begins && !bare.ends_with('。') && ends.iter().any(|end| bare.ends_with(end))
}

/// Whether a history in brackets begins in one line and ends in the next.
pub(super) fn begins_history(line: &str, next: &str) -> bool {
    const NEXT_MAX: usize = 60;
    line.starts_with(['（', '('])
        && !line.contains(['）', ')'])
        && next.ends_with(['）', ')'])
        && next.chars().nth(NEXT_MAX).is_none()
        && is_history(&format!("{line}{next}"))
}

/// Kinds of documents (党政机关公文处理工作条例 第八条, and what offices issue besides) and of interpretations: their
/// titles end so.
pub(crate) const KINDS: [&str; 43] = [
    "通知",
    "通报",
    "公报",
    "议案",
    "意见",
    "办法",
    "规定",
    "条例",
    "细则",
    "方案",
    "决定",
    "公告",
    "通告",
    "批复",
    "复函",
    "函",
    "报告",
    "请示",
    "纪要",
    "规则",
    "规范",
    "规程",
    "计划",
    "规划",
    "纲要",
    "要点",
    "措施",
    "制度",
    "标准",
    "指引",
    "指南",
    "目录",
    "清单",
    "预案",
    "命令",
    "令",
    "解读",
    "答记者问",
    "问答",
    "法",
    "若干规定",
    "名单",
    "决议",
];

/// Whether a line can be a title or a part of one: short, unmarked, no sentence.
pub(super) fn is_title_line(text: &str) -> bool {
    let text = text.trim_start_matches('#').trim_matches('*').trim();
    let count = text.chars().count();
    (2..=80).contains(&count)
        && !ends_sentence(text)
        && !text.contains(['。', '；', '|', '：', ':'])
        && !text.starts_with(['（', '(', '-', '·'])
        && !text.starts_with("http")
        && super::dates::read(text).is_none()
}

/// Whether a text ends as titles do: 办法, 通知（试行）, 办法(2024-09-27).
pub(super) fn is_whole_title(text: &str) -> bool {
    let mut text = text.trim_matches(['*', ' ', '　', '》']);
    while text.ends_with(['）', ')']) {
        match text.rfind(['（', '(']) {
            Some(at) => text = text.get(..at).unwrap_or_default().trim_end(),
            None => break,
        }
    }
    let text = text.trim_end_matches('》');
    let bare: String = text.chars().rev().take(12).filter(|c| !c.is_whitespace()).collect();
    let bare: String = bare.chars().rev().collect();
    KINDS.iter().any(|kind| bare.ends_with(kind))
}

/// 本通知有效期1年。: speaks of the whole document.
pub(super) fn is_closing(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('本') else {
        let count = text.chars().count();
        return text.starts_with("特此")
            || text.starts_with("以上") && text.ends_with("执行。")
            || (text.starts_with(['妥', '当']) && text.contains("否，请") && count <= 20);
    };
    let kinds = [
        "通知",
        "办法",
        "意见",
        "方案",
        "规定",
        "公告",
        "通告",
        "细则",
        "措施",
        "实施办法",
        "实施意见",
        "决定",
        "规则",
        "预案",
        "批复",
    ];
    kinds.iter().any(|kind| {
        rest.strip_prefix(kind).is_some_and(|rest| rest.starts_with(['自', '有', '由', '印', '从']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_signs_by_office_is_a_person() {
        for office in ["省长", "主席", "主任", "局　长", "行长"] {
            assert!(is_person(&format!("{office}　张某某")), "{office}");
        }
        assert!(is_person("示例省教育部部长　李某某") && !is_person("示例市教育局"));
    }

    #[test]
    fn every_disclosure_mark_may_be_one() {
        for mark in ["主动公开", "公开发布", "依申请公开", "不予公开", "暂不公开"]
        {
            for text in [mark.to_owned(), format!("此件{mark}"), format!(" （本件{mark}）")] {
                assert!(is_disclosure(text.trim()) && may_be_disclosure(&text), "{text}");
            }
        }
        assert!(!may_be_disclosure("附则"));
    }
}
