//! Words that stand where something should be said: 略, 见附件, 待补充, xxx.

/// What people write to fill a field, without punctuation; one letter alone is one too.
const FILLERS: &[&str] = &[
    "见附件",
    "详见附件",
    "见附表",
    "见原文",
    "见正文",
    "见政策",
    "见文件",
    "见政策原文",
    "详见原文",
    "详见政策",
    "详见文件",
    "详见政策原文",
    "详见政策文件",
    "同上",
    "同前",
    "如上",
    "如题",
    "从略",
    "省略",
    "暂无",
    "没有",
    "不详",
    "未知",
    "待定",
    "待补",
    "待补充",
    "待完善",
    "待起草",
    "待撰写",
    "此处填写解读",
    "请填写",
    "同政策文件",
    "同政策",
    "另附",
    "另行发布",
    "解读稍后发布",
    "稍后发布",
    "内容",
    "原因",
    "理由",
    "来源",
    "依据",
    "公开依据",
    "法律依据",
    "测试",
    "na",
    "nil",
    "tbd",
    "todo",
    "none",
    "null",
    "test",
];

/// Letters that are said again and again: 无无无, abab, 哈哈呵哈哈呵.
const REPEATED_MAX: usize = 3;

/// Whether a text says nothing: fewer than two letters, figures alone, some letters again and again, or a
/// filler.
pub(crate) fn is_filler(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    // No filler is longer.
    let letters: String = letters.take(12).collect();
    let each: Vec<char> = letters.chars().collect();
    let repeats = |length: usize| {
        each.len() >= 2 * length && each.iter().zip(each.iter().skip(length)).all(|(a, b)| a == b)
    };
    each.len() < 2
        || each.iter().all(char::is_ascii_digit)
        || (1..=REPEATED_MAX).any(repeats)
        || FILLERS.contains(&letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::is_filler;

    #[test]
    fn what_says_nothing_is_known_from_what_says_little() {
        for text in [
            "",
            "。",
            "无",
            "x",
            "xxx",
            "ㅤ",
            "略。",
            "（略）",
            "见附件",
            "详见政策原文。",
            "N/A",
            "TBD",
            "2026",
            "无无无",
            "abab",
            "有关有关",
            "依据",
        ] {
            assert!(is_filler(text), "{text}");
        }
        for text in
            ["印发语", "无须解读", "见附件2统计表", "区统计局", "不收费", "见附件所列的各区"]
        {
            assert!(!is_filler(text), "{text}");
        }
    }
}
