//! Tenths in words: 三成, 三成五.

/// What makes a word of 一成: 一成不变, 三成员.
pub(crate) const NO_TENTHS: [char; 25] = [
    '不', '员', '果', '年', '立', '功', '为', '本', '效', '人', '长', '分', '交', '套', '份', '就',
    '绩', '品', '型', '熟', '了', '都', '语', '文', '片',
];

/// 三成 is 30%, 三成五 is 35%; 成员, 成果, 成年 are words.
pub(super) fn tenths<'t>(value: &str, after: &'t str) -> Option<(String, &'t str)> {
    let tenths: u32 = value.parse().ok().filter(|tenths| (1..10).contains(tenths))?;
    let after = after.strip_prefix('成').filter(|after| !after.starts_with(NO_TENTHS))?;
    let half = after.strip_prefix('五').or_else(|| after.strip_prefix('半'));
    let percent = tenths * 10 + if half.is_some() { 5 } else { 0 };
    Some((format!("{percent}%"), half.unwrap_or(after)))
}
