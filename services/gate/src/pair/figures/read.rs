//! Numbers with their units at the beginning of a text: each in one form.

use super::{
    numbers::{Number, is_unseen, read_number, shift},
    periods::period,
    tenths::tenths,
};
use crate::document::is_letter;

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
    ("万吨", "万吨"),
    ("吨", "吨"),
    ("公斤", "公斤"),
    ("千克", "公斤"),
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
    ("度", "度"),
    ("千瓦时", "千瓦时"),
    ("千瓦", "千瓦"),
    ("兆瓦", "兆瓦"),
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
    ("伏", "伏"),
    ("个小时", "小时"),
    ("个人", "人"),
    ("个", "个"),
];

/// Units that count also when their number is written in Chinese: 二十日, 三倍.
const SPELLED: &[&str] = &[
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
pub(crate) const COUNTS: [&str; 61] = [
    "份", "页", "门", "节", "场", "只", "头", "棵", "册", "层", "间", "名", "项", "种", "批", "轮",
    "篇", "本", "支", "组", "次", "件", "套", "张", "家", "所", "台", "辆", "处", "座", "株", "盏",
    "枚", "艘", "架次", "车次", "剂次", "架", "栋", "幢", "标箱", "床", "泊位", "车位", "桶", "箱",
    "瓶", "袋", "盒", "幅", "宗", "起", "届", "尾", "羽", "匹", "例", "站", "期", "条", "类",
];

/// Of these, the ones by which a text counts its own parts also in digits: 推出12项措施.
const OWN_PARTS: [&str; 12] =
    ["页", "项", "种", "批", "轮", "篇", "本", "支", "组", "条", "类", "期"];

/// Signs before an amount, and its unit.
const CURRENCIES: [(&str, &str); 9] = [
    ("人民币", "元"),
    ("HK$", "港元"),
    ("US$", "美元"),
    ("RMB", "元"),
    ("CNY", "元"),
    ("￥", "元"),
    ("¥", "元"),
    ("＄", "美元"),
    ("$", "美元"),
];

/// What stands at a place.
pub(super) struct Read {
    pub value: String,
    pub unit: &'static str,
    pub len: usize,
    /// Behind it, bytes that it is shown with: the rest of its range.
    pub more: usize,
    pub is_weak: bool,
    pub is_about: bool,
}

impl Read {
    /// A figure that is neither weak nor about.
    pub(super) fn exact(value: String, unit: &'static str, len: usize) -> Self {
        Self { value, unit, len, more: 0, is_weak: false, is_about: false }
    }
}

/// 2,420.5元, ¥500, 十五个工作日, 百分之五十, 50%, 三成
pub(super) fn read_quantity(rest: &str) -> Option<Read> {
    read_quantity_of(rest, read_number(rest).as_ref())
}

/// The same, where the number that it begins with is read already.
pub(super) fn read_quantity_of(rest: &str, number: Option<&Number>) -> Option<Read> {
    if let Some(after) = rest.strip_prefix("百分之") {
        return read_percent(rest, after);
    }
    if let Some((sign, unit)) = CURRENCIES.iter().find(|(sign, _)| rest.starts_with(sign)) {
        return read_amount(rest, sign.len(), unit);
    }
    let (value, len, is_spelled) = number?;
    let (len, is_spelled) = (*len, *is_spelled);
    let after = rest.get(len..)?;
    if let Some((value, tail)) = tenths(value, after) {
        return Some(Read::exact(value, "%", rest.len() - tail.len()));
    }
    // Word puts blanks of its own between a number and its unit.
    let is_gap = |c: char| c.is_whitespace() && c != '\n';
    let is_blank = |c: char| matches!(c, '余' | '多' | '*') || is_gap(c) || is_unseen(c);
    let blank = after.len() - after.trim_start_matches("&nbsp;").trim_start_matches(is_blank).len();
    // 1200余万元 is no figure to compare.
    let is_about = after.starts_with(['余', '多']);
    let after = after.get(blank..)?;
    let Some((written, unit)) = unit_at(after) else {
        return read_low_end(value.clone(), len, after);
    };
    // 一块地, 三块牌子
    let is_thing = *written == "块";
    if is_spelled && (is_thing || !SPELLED.contains(unit) && !COUNTS.contains(unit)) {
        return None;
    }
    // 二元结构, 多元化
    if after.strip_prefix('元').is_some_and(|behind| behind.starts_with(['结', '化'])) {
        return None;
    }
    let (value, unit) = scale(value.clone(), unit);
    let len = len + blank + written.len();
    // 2027学年 is called by its year.
    if unit == "学年" && !is_spelled && value.len() == 4 {
        let value = format!("{value}年");
        return Some(Read { value, unit: "", len, more: 0, is_weak: true, is_about });
    }
    // 5天（工作日）
    let is_working =
        |mark: &&&str| after.get(written.len()..).is_some_and(|rest| rest.starts_with(**mark));
    if unit == "日"
        && let Some(mark) = ["（工作日）", "(工作日)"].iter().find(is_working)
    {
        return Some(Read::exact(format!("{value}工作日"), "工作日", len + mark.len()));
    }
    // 一个月内 is a period, also where 一个月 says little.
    let behind = after.get(written.len()..).unwrap_or_default();
    let is_within = ["内", "以内", "之内"].iter().any(|word| behind.starts_with(word));
    let is_weak = is_weak(&value, unit, is_spelled)
        && !(is_within && period(&format!("{value}{unit}")).is_some());
    Some(Read { value: format!("{value}{unit}"), unit, len, more: 0, is_weak, is_about })
}

/// The unit that begins a text.
fn unit_at(text: &str) -> Option<&'static (&'static str, &'static str)> {
    let first = text.bytes().next()?;
    // Asked of every number: most units differ in their first byte already.
    let may_be = |written: &str| written.bytes().next() == Some(first);
    UNITS.iter().find(|(written, _)| may_be(written) && text.starts_with(written))
}

/// 百分之五十, 百分之三点五; `after` is what follows 百分之.
fn read_percent(rest: &str, after: &str) -> Option<Read> {
    let (value, len, _) = read_number(after)?;
    let tail = after.get(len..)?;
    let (value, tail) = match fraction(tail) {
        Some((fraction, tail)) => (format!("{value}.{fraction}"), tail),
        None => (value, tail),
    };
    Some(Read::exact(format!("{value}%"), "%", rest.len() - tail.len()))
}

/// 奖励15万, 最高可拿1.5亿奖励: an amount without its unit, where the sentence speaks of money.
pub(super) fn read_bare_amount(before: &str, rest: &str, number: &Number) -> Option<Read> {
    const MONEY: [&str; 16] = [
        "奖", "补贴", "补助", "资金", "投入", "安排", "经费", "拿", "给予", "罚", "贷款", "额",
        "价", "费", "支持", "发放",
    ];
    const BEHIND: [&str; 16] = [
        "奖", "补贴", "补助", "资金", "的奖", "的补", "罚", "贷款", "左右", "以上", "以下", "以内",
        "经费", "封顶", "不等", "至",
    ];
    const CLAUSE: usize = 20;
    let (value, len, is_spelled) = number;
    let (number, tail) = rest.split_at_checked(*len)?;
    // 1.5亿 is read up to its point and digits.
    let scaled = [('万', 4), ('亿', 8)]
        .into_iter()
        .find_map(|(scale, digits)| Some((tail.strip_prefix(scale)?, digits)));
    let has_scale = scaled.is_some() || number.ends_with(['万', '亿']);
    if !has_scale || *is_spelled {
        return None;
    }
    let (tail, digits) = scaled.unwrap_or((tail, 0));
    let sentence = crate::document::sentence_before(before, before.len(), CLAUSE);
    let clause = sentence.rsplit(['，', ',', '、']).next().unwrap_or_default();
    let is_ended = tail.is_empty()
        || tail.starts_with(|c: char| !is_letter(c))
        || BEHIND.iter().any(|word| tail.starts_with(word));
    let is_amount = is_ended && MONEY.iter().any(|word| clause.contains(word));
    is_amount.then(|| {
        let value = if digits > 0 { shift(value, digits) } else { value.clone() };
        Read::exact(format!("{value}元"), "元", rest.len() - tail.len())
    })
}

/// Whether a number with its unit is said of much that is no figure.
fn is_weak(value: &str, unit: &str, is_spelled: bool) -> bool {
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

/// Whether one of [`CURRENCIES`] begins with this character: asked of every character there is.
pub(super) fn begins_amount(c: char) -> bool {
    matches!(c, '人' | 'H' | 'U' | 'R' | 'C' | '￥' | '¥' | '＄' | '$')
}

/// The amount behind a currency's sign of this length: ¥500, ¥500元, US$3万
fn read_amount(rest: &str, sign: usize, unit: &'static str) -> Option<Read> {
    let after = rest.get(sign..)?;
    let blank = after.len() - after.trim_start_matches([' ', '*']).len();
    let after = after.get(blank..)?;
    let with_unit = read_quantity(after).filter(|read| read.unit.ends_with('元'));
    let read = with_unit.or_else(|| {
        let (value, len, _) = read_number(after)?;
        let (value, len) = match after.get(len..)?.strip_prefix('万') {
            Some(_) => (shift(&value, 4), len + '万'.len_utf8()),
            None => (value, len),
        };
        Some(Read::exact(format!("{value}{unit}"), unit, len))
    })?;
    Some(Read { len: sign + blank + read.len, ..read })
}

/// Characters before a ratio in which a sentence says that it is one.
const RATIO_MAX: usize = 20;

/// 1:20, 1∶4 and 4比1, where a sentence speaks of a ratio; other 1:20 are times.
pub(super) fn read_ratio(before: &str, rest: &str, number: &Number) -> Option<Read> {
    let (one, len, is_spelled) = number;
    let after = rest.get(*len..)?;
    let behind = after.strip_prefix([':', '：', '∶', '比'])?;
    let (other, other_len, is_other_spelled) = read_number(behind)?;
    let tail = behind.get(other_len..)?;
    let clause = crate::document::sentence_before(before, before.len(), RATIO_MAX);
    let is_said = || {
        clause.contains('比')
            || clause.ends_with(['按', '配'])
            || ["的比例", "比例", "配"].iter().any(|word| tail.starts_with(word))
    };
    let is_ratio = match after.chars().next()? {
        '∶' => true,
        // 3比2多 compares two numbers.
        '比' => *is_spelled == is_other_spelled && is_said(),
        _ => !is_spelled && !is_other_spelled && is_said(),
    };
    let value = format!("{one}:{other}");
    let len = rest.len() - tail.len();
    is_ratio.then(|| Read::exact(value, RATIO, len))
}

/// The unit of ratios.
const RATIO: &str = "比";

/// The lower end of a range, whose unit stands behind the upper one: 3至5万元, 10—20个工作日.
fn read_low_end(value: String, len: usize, after: &str) -> Option<Read> {
    let from = after.len();
    let after = after.strip_prefix(RANGE)?;
    let after = after.strip_prefix(RANGE).unwrap_or(after);
    let (upper, upper_len, _) = read_number(after)?;
    let after = after.get(upper_len..)?;
    let (written, unit) = unit_at(after)?;
    let more = from - after.len() + written.len();
    // 3000至5万元 begins at 3000 of another unit; 2024-2025年 are years.
    let (low, high): (f64, f64) = (value.parse().ok()?, upper.parse().ok()?);
    if low >= high || *unit == "年" {
        return None;
    }
    let (value, unit) = scale(value, unit);
    Some(Read {
        value: format!("{value}{unit}"),
        unit,
        len,
        more,
        is_weak: unit == "个" && high < 100.0,
        is_about: false,
    })
}

/// Signs between the ends of a range.
pub(super) const RANGE: [char; 8] = ['至', '到', '—', '-', '－', '–', '~', '～'];

/// 点五 behind 百分之三
fn fraction(text: &str) -> Option<(u32, &str)> {
    let after = text.strip_prefix('点')?;
    let digit = after.chars().next()?;
    let value = crate::document::parse_numeral(digit.encode_utf8(&mut [0; 4]))?;
    (value < 10).then(|| (value, after.get(digit.len_utf8()..).unwrap_or_default()))
}

/// Whether a unit that begins with this scale stands here: 5万元 is read by its unit.
pub(super) fn is_scale_of_unit(scale: char, text: &str) -> bool {
    UNITS.iter().any(|(unit, _)| unit.starts_with(scale) && text.starts_with(unit))
}

/// 1.5万元 = 15000元; so that either form is the same amount.
fn scale(value: String, unit: &'static str) -> (String, &'static str) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_currency_begins_an_amount() {
        for (sign, _) in CURRENCIES {
            assert!(sign.starts_with(begins_amount), "{sign}");
        }
    }
}
