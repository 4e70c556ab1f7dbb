//! What sites and registers put above a title: 索引号：…, 发文机关：…, 发文字号：…; HHCR-2023-01005.

use super::numbers::whole_number;

/// What a document's own number is called.
const NUMBERS: [&str; 4] = ["发文字号", "发布文号", "文号", "文件编号"];

/// Fields of the catalogue 政府信息公开目录, as sites print them above a text.
const LABELS: [&str; 46] = [
    "密级",
    "保密期限",
    "紧急程度",
    "份号",
    "签发人",
    "来源",
    "信息来源",
    "发布时间",
    "发布日期",
    "发文机构",
    "内容概述",
    "索引号",
    "标题",
    "名称",
    "信息名称",
    "文件名称",
    "主题分类",
    "体裁分类",
    "信息分类",
    "信息类别",
    "组配分类",
    "服务对象",
    "发文机关",
    "发文单位",
    "发布机构",
    "发布机关",
    "发布单位",
    "制发机关",
    "公开机构",
    "公开主体",
    "公开范围",
    "公开时限",
    "成文日期",
    "生成日期",
    "发文日期",
    "公开日期",
    "生效日期",
    "实施日期",
    "施行日期",
    "失效日期",
    "废止日期",
    "有效性",
    "时效性",
    "效力状态",
    "登记号",
    "统一登记号",
];

/// A field's name and what stands behind it; sites list fields behind bullets.
fn field(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start_matches(['•', '●', '·', '○', '▪', '◆', ' ', '　']);
    let (label, value) = text.split_once(['：', ':'])?;
    let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    Some((label, value.trim()))
}

/// 发文机关：示例市人民政府
pub(super) fn is_labelled(text: &str) -> bool {
    field(text).is_some_and(|(label, _)| {
        LABELS.contains(&label.as_str()) || NUMBERS.contains(&label.as_str())
    })
}

/// 发文机构： with its value on the next line.
pub(in super::super) fn is_empty_label(text: &str) -> bool {
    is_labelled(text) && field(text).is_some_and(|(_, value)| value.is_empty())
}

/// What sites put around a text for those who read it there.
pub(super) fn is_of_site(text: &str) -> bool {
    const LINES: [&str; 10] = [
        "返回顶部",
        "打印本页",
        "打印",
        "关闭窗口",
        "关闭",
        "关闭本页",
        "打印关闭",
        "打印本页关闭窗口",
        "扫一扫在手机打开当前页",
        "扫一扫手机打开当前页",
    ];
    const CHARS_MAX: usize = 20;
    let is_shown = |c: &char| !(c.is_whitespace() || matches!(c, '【' | '】' | '[' | ']' | '|'));
    let bare: String = text.chars().filter(is_shown).take(CHARS_MAX).collect();
    LINES.contains(&bare.as_str())
        || ["上一篇：", "下一篇：", "上一篇:", "下一篇:"].iter().any(|head| bare.starts_with(head))
}

/// The number of 发文字号：示政办发〔2027〕3号.
pub(in super::super) fn labelled_number(text: &str) -> Option<String> {
    let (label, value) = field(text)?;
    let is_number = NUMBERS.contains(&label.as_str());
    is_number.then(|| whole_number(value)).flatten()
}

/// HHCR-2023-01005: how a register of normative documents counts them.
pub(super) fn is_registration(text: &str) -> bool {
    let is_of = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '—' | '–' | '－' | '/');
    (6..=30).contains(&text.len())
        && text.chars().all(is_of)
        && text.chars().any(|c| c.is_ascii_uppercase())
        && text.chars().filter(char::is_ascii_digit).count() >= 4
}
