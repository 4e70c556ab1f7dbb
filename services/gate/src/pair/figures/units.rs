//! What figures are counted in, and how one unit is told from another.

use super::{super::former::REACHED, numbers::shift};

/// Units, longer ones first; those that mean the same share a name.
const UNITS: &[(&str, &str)] = &[
    ("个工作日", "工作日"),
    ("工作日", "工作日"),
    ("个自然日", "日"),
    ("个学年", "学年"),
    ("学年", "学年"),
    ("个月", "月数"),
    ("周岁", "岁"),
    ("岁", "岁"),
    ("平方米", "平方米"),
    ("平米", "平方米"),
    ("㎡", "平方米"),
    ("m²", "平方米"),
    ("平方公里", "平方公里"),
    ("公里", "公里"),
    ("公顷", "公顷"),
    ("千米", "公里"),
    ("厘米", "厘米"),
    ("毫米", "毫米"),
    ("平方千米", "平方公里"),
    ("米", "米"),
    ("亩", "亩"),
    ("万元", "万元"),
    ("亿元", "亿元"),
    ("元", "元"),
    ("万圆", "万元"),
    ("圆", "元"),
    ("万块", "万元"),
    ("块钱", "元"),
    ("块", "元"),
    ("亿美元", "亿美元"),
    ("万美元", "万美元"),
    ("美元", "美元"),
    ("美金", "美元"),
    ("亿港元", "亿港元"),
    ("万港元", "万港元"),
    ("港元", "港元"),
    ("港币", "港元"),
    ("亿欧元", "亿欧元"),
    ("万欧元", "万欧元"),
    ("欧元", "欧元"),
    ("亿日元", "亿日元"),
    ("万日元", "万日元"),
    ("日元", "日元"),
    ("英镑", "英镑"),
    ("万人次", "万人次"),
    ("万人", "万人"),
    ("人次", "人次"),
    ("人民币", ""),
    ("人", "人"),
    ("万户", "万户"),
    ("户", "户"),
    ("万吨标准煤", "万吨"),
    ("万吨标煤", "万吨"),
    ("吨标准煤", "吨"),
    ("吨标煤", "吨"),
    ("万吨", "万吨"),
    ("吨", "吨"),
    ("公斤", "公斤"),
    ("千克", "公斤"),
    ("毫克/立方米", "毫克"),
    ("微克/立方米", "微克"),
    ("毫克", "毫克"),
    ("微克", "微克"),
    ("克", "克"),
    ("毫升", "毫升"),
    ("斤", "斤"),
    ("℃", "℃"),
    ("°C", "℃"),
    ("摄氏度", "℃"),
    ("分贝", "分贝"),
    ("小时", "小时"),
    ("分钟", "分钟"),
    ("秒钟", "秒"),
    ("秒", "秒"),
    ("个学期", "学期"),
    ("学期", "学期"),
    ("刻钟", "刻钟"),
    ("股", "股"),
    ("桩", "桩"),
    ("个季度", "季度"),
    ("个星期", "周"),
    ("个百分点", "百分点"),
    ("百分点", "百分点"),
    ("倍", "倍"),
    ("折", "折"),
    ("日", "日"),
    ("天", "日"),
    ("周", "周"),
    ("年级", "年级"),
    ("年", "年"),
    ("分", "分"),
    ("所", "所"),
    ("家", "家"),
    ("名", "名"),
    ("件", "件"),
    ("套", "套"),
    ("辆", "辆"),
    ("张", "张"),
    ("台", "台"),
    ("处", "处"),
    ("班", "班"),
    ("份", "份"),
    ("页", "页"),
    ("门", "门"),
    ("节", "节"),
    ("场", "场"),
    ("只", "只"),
    ("头", "头"),
    ("棵", "棵"),
    ("册", "册"),
    ("层", "层"),
    ("间", "间"),
    ("位", "名"),
    ("项", "项"),
    ("种", "种"),
    ("批", "批"),
    ("轮", "轮"),
    ("篇", "篇"),
    ("本", "本"),
    ("支", "支"),
    ("组", "组"),
    ("课时", "课时"),
    ("学分", "学分"),
    ("级", "级"),
    ("次", "次"),
    ("％", "%"),
    ("%", "%"),
    ("‰", "‰"),
    ("度电", "度"),
    ("度", "度"),
    ("千瓦时", "千瓦时"),
    ("千瓦", "千瓦"),
    ("兆瓦时", "兆瓦时"),
    ("兆瓦", "兆瓦"),
    ("千伏安", "千伏安"),
    ("瓦", "瓦"),
    ("学时", "学时"),
    ("立方米", "立方米"),
    ("升", "升"),
    ("座", "座"),
    ("株", "株"),
    ("盏", "盏"),
    ("枚", "枚"),
    ("艘", "艘"),
    ("架次", "架次"),
    ("车次", "车次"),
    ("剂次", "剂次"),
    ("架", "架"),
    ("栋", "栋"),
    ("幢", "幢"),
    ("标箱", "标箱"),
    ("TEU", "标箱"),
    ("床", "床"),
    ("泊位", "泊位"),
    ("车位", "车位"),
    ("桶", "桶"),
    ("箱", "箱"),
    ("瓶", "瓶"),
    ("袋", "袋"),
    ("盒", "盒"),
    ("幅", "幅"),
    ("宗", "宗"),
    ("起", "起"),
    ("届", "届"),
    ("尾", "尾"),
    ("羽", "羽"),
    ("匹", "匹"),
    ("例", "例"),
    ("站", "站"),
    ("期", "期"),
    ("条", "条"),
    ("类", "类"),
    ("勒克斯", "勒克斯"),
    ("兆帕", "兆帕"),
    ("千帕", "千帕"),
    ("帕", "帕"),
    ("千伏", "千伏"),
    ("伏", "伏"),
    ("兆赫", "兆赫"),
    ("千赫", "千赫"),
    ("赫兹", "赫兹"),
    ("蒸吨", "蒸吨"),
    ("海里", "海里"),
    ("基点", "基点"),
    ("吉瓦", "吉瓦"),
    ("纳克", "纳克"),
    ("微米", "微米"),
    ("部", "部"),
    ("片", "片"),
    ("根", "根"),
    ("档", "档"),
    ("马力", "马力"),
    ("枝", "枝"),
    ("粒", "粒"),
    ("颗", "颗"),
    ("罐", "罐"),
    ("个小时", "小时"),
    ("个人", "人"),
    ("个", "个"),
];

/// Units in Latin letters, longer ones first, as [`UNITS`]. No letter or digit stands behind them: 5G, 3D打印, 4K.
const LATIN: &[(&str, &str)] = &[
    ("mg", "毫克"),
    ("μg", "微克"),
    ("µg", "微克"),
    ("ug", "微克"),
    ("ng", "纳克"),
    ("kg", "公斤"),
    ("g", "克"),
    ("km²", "平方公里"),
    ("km", "公里"),
    ("cm", "厘米"),
    ("mm", "毫米"),
    ("μm", "微米"),
    ("m³", "立方米"),
    ("m3", "立方米"),
    ("m2", "平方米"),
    ("m", "米"),
    ("t", "吨"),
    ("kWh", "千瓦时"),
    ("kW·h", "千瓦时"),
    ("MWh", "兆瓦时"),
    ("kW", "千瓦"),
    ("MW", "兆瓦"),
    ("GW", "吉瓦"),
    ("kVA", "千伏安"),
    ("kV", "千伏"),
    ("V", "伏"),
    ("kHz", "千赫"),
    ("MHz", "兆赫"),
    ("Hz", "赫兹"),
    ("dB", "分贝"),
    ("MPa", "兆帕"),
    ("kPa", "千帕"),
    ("Pa", "帕"),
    ("mL", "毫升"),
    ("ml", "毫升"),
    ("L", "升"),
    ("MB", "MB"),
    ("GB", "GB"),
    ("TB", "TB"),
    ("Mbps", "Mbps"),
    ("Gbps", "Gbps"),
    ("ppm", "ppm"),
    ("min", "分钟"),
    ("h", "小时"),
];

/// Units that count also when their number is written in Chinese: 二十日, 三倍.
pub(super) const SPELLED: &[&str] = &[
    "工作日",
    "日",
    "周",
    "月数",
    "岁",
    "年",
    "倍",
    "元",
    "万元",
    "亿元",
    "美元",
    "万美元",
    "亿美元",
    "港元",
    "欧元",
    "小时",
    "%",
    "人",
    "户",
    "折",
    "百分点",
    "米",
    "公里",
    "厘米",
    "毫米",
    "平方米",
    "平方公里",
    "立方米",
    "公顷",
    "亩",
    "吨",
    "公斤",
    "分贝",
    "℃",
    "分钟",
    "课时",
    "学时",
];

/// Units that count things and acts: 三份材料, 每年两次. Spelled, they are said of much that is no figure.
pub(crate) const COUNTS: [&str; 69] = [
    "份", "页", "门", "节", "场", "只", "头", "棵", "册", "层", "间", "名", "项", "种", "批", "轮",
    "篇", "本", "支", "组", "次", "件", "套", "张", "家", "所", "台", "辆", "处", "座", "株", "盏",
    "枚", "艘", "架次", "车次", "剂次", "架", "栋", "幢", "标箱", "床", "泊位", "车位", "桶", "箱",
    "瓶", "袋", "盒", "幅", "宗", "起", "届", "尾", "羽", "匹", "例", "站", "期", "条", "类", "部",
    "片", "根", "档", "枝", "粒", "颗", "罐",
];

/// What makes a word of some of them: 五部门, 3片区, 档案.
pub(super) const WORDS: [(&str, &str); 4] =
    [("部", "门分委队长级署位件落"), ("片", "区段面"), ("根", "据本源治"), ("档", "案次期")];

/// Of these, the ones by which a text counts its own parts also in digits: 推出12项措施.
const OWN_PARTS: [&str; 15] =
    ["部", "片", "档", "页", "项", "种", "批", "轮", "篇", "本", "支", "组", "条", "类", "期"];

/// The unit that begins a text.
pub(super) fn unit_at(text: &str) -> Option<&'static (&'static str, &'static str)> {
    let first = text.bytes().next()?;
    // Asked of every number: most units differ in their first byte already.
    let may_be = |written: &str| written.bytes().next() == Some(first);
    let found = UNITS.iter().find(|(written, _)| may_be(written) && text.starts_with(written));
    // μ and µ begin with the last two.
    let is_latin = || first.is_ascii_alphabetic() || matches!(first, 0xce | 0xc2);
    found.or_else(|| is_latin().then(|| latin_at(text)).flatten())
}

fn latin_at(text: &str) -> Option<&'static (&'static str, &'static str)> {
    LATIN.iter().find(|(written, _)| {
        let behind = text.strip_prefix(written);
        behind.is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || "²³·".contains(c))
        })
    })
}

/// Whether a unit that begins with this scale stands here: 5万元 is read by its unit.
pub(super) fn is_scale_of_unit(scale: char, text: &str) -> bool {
    UNITS.iter().any(|(unit, _)| unit.starts_with(scale) && text.starts_with(unit))
}

/// 1.5万元 = 15000元; so that either form is the same amount.
pub(super) fn scale(value: String, unit: &'static str) -> (String, &'static str) {
    let (digits, base) = match unit {
        "万元" => (4, "元"),
        "亿元" => (8, "元"),
        "万人" => (4, "人"),
        "万户" => (4, "户"),
        "万吨" => (4, "吨"),
        "万人次" => (4, "人次"),
        "万美元" => (4, "美元"),
        "亿美元" => (8, "美元"),
        "万港元" => (4, "港元"),
        "亿港元" => (8, "港元"),
        "万欧元" => (4, "欧元"),
        "亿欧元" => (8, "欧元"),
        "万日元" => (4, "日元"),
        "亿日元" => (8, "日元"),
        _ => return (value, unit),
    };
    (shift(&value, digits), base)
}

/// Whether the words before a weak number make it a figure all the same: 不少于500部, 增加到38个, 最多享受两次. 最多跑一次
/// is a saying.
pub(super) fn is_bounded(value: &str, unit: &str, lead: &str) -> bool {
    const BETWEEN: [&str; 9] =
        ["可以享受", "可享受", "享受", "可申请", "申请", "可领取", "领取", "补贴", "安装"];
    let lead = lead.trim_end();
    let bare = BETWEEN.iter().find_map(|word| lead.strip_suffix(word)).unwrap_or(lead);
    let is_held = |word: &'static str| lead.ends_with(word) || bare.ends_with(word);
    let is_count = unit == "个" || COUNTS.contains(&unit) || ["月数", "周"].contains(&unit);
    is_count
        && value != format!("1{unit}")
        && super::bounds::before().chain(REACHED.iter().copied()).any(is_held)
}

/// Whether a number with its unit is said of much that is no figure.
pub(super) fn is_weak(value: &str, unit: &str, is_spelled: bool) -> bool {
    // 2025年 is a year, 一年 often none.
    let is_year = unit == "年" && !is_spelled && value.len() == 4;
    // 3个方面 counts no quantity.
    let is_few = unit == "个" && value.len() < 3;
    let is_said_count = (COUNTS.contains(&unit) && is_spelled) || OWN_PARTS.contains(&unit);
    // 一年, 两次; but 两倍 is a figure.
    let is_sure = ["倍", "工作日", "元", "%"].contains(&unit);
    let is_few_said = is_spelled && matches!(value, "1" | "2") && !is_sure;
    is_year || is_few || is_said_count || is_few_said
}
