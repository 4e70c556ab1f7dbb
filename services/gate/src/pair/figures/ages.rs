//! What an age is called: by whom it is asked of, before it (申请人应当年满60周岁) or behind it
//! (年满60周岁的老年人).

/// Words between whom an age is asked of and the age.
const WORDS: [&str; 13] =
    ["年龄", "年", "应当", "必须", "需要", "一般", "原则上", "应", "须", "需", "要", "已", "均"];

/// Characters behind an age that say whose it is; more of them would take in what that person does.
const WHOSE: usize = 3;

/// The name of an age whose sentence calls it `label`, leads to it by `lead` and goes on with `behind`.
pub(super) fn name(label: &str, lead: &str, behind: &str) -> String {
    let is_below = ["不满", "未满", "不足", "低于"].iter().any(|word| lead.ends_with(word));
    let mut whose = label.trim_end_matches(['不', '未']);
    while let Some(shorter) = WORDS.iter().find_map(|word| whose.strip_suffix(word)) {
        whose = shorter;
    }
    // 男60周岁、女55周岁
    let whose = match whose {
        "男" | "男性" => "男性",
        "女" | "女性" => "女性",
        whose => whose,
    };
    let behind = behind.trim_start_matches("（含）").trim_start_matches("以上");
    let whose: String = match (whose.chars().count(), behind.strip_prefix('的')) {
        (2.., _) => whose.to_owned(),
        // 80周岁以上的老年人占两成 asks for nothing.
        (_, Some(behind)) if lead.ends_with('满') => {
            behind.chars().take_while(|c| c.is_alphanumeric()).take(WHOSE).collect()
        }
        _ => return label.to_owned(),
    };
    if whose.is_empty() {
        return label.to_owned();
    }
    format!("{whose}{}", if is_below { "不满年龄" } else { "年龄" })
}
