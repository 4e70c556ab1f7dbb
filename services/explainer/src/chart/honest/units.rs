//! Units: figures of two have no scale in common, and a unit that the heading contradicts would be read wrongly.

use super::super::{Undrawable, content::Content};
use super::of_series;

/// Units that stand in brackets behind a name.
const UNITS: [&str; 59] = [
    "张",
    "名",
    "次",
    "场",
    "座",
    "条",
    "米",
    "万户",
    "万吨",
    "人",
    "人次",
    "万人",
    "户",
    "个",
    "所",
    "家",
    "件",
    "项",
    "辆",
    "台",
    "套",
    "元",
    "万元",
    "亿元",
    "平方米",
    "公顷",
    "亩",
    "公里",
    "吨",
    "小时",
    "分钟",
    "天",
    "个工作日",
    "平方公里",
    "平方千米",
    "立方米",
    "千米",
    "千克",
    "公斤",
    "克",
    "升",
    "毫米",
    "厘米",
    "千瓦时",
    "千瓦",
    "度",
    "吨标准煤",
    "岁",
    "分",
    "倍",
    "批",
    "张床位",
    "美元",
    "℃",
    "株",
    "本",
    "册",
    "%",
    "‰",
];
/// What things are counted by; of one thing several are said.
const COUNTS: [&str; 15] =
    ["张", "名", "次", "场", "座", "条", "人", "户", "个", "所", "家", "件", "项", "辆", "台"];

/// A name's unit in brackets behind it, and the name without: 人数（人）.
pub(in crate::chart) fn unit_of(name: &str) -> Option<(&str, &str)> {
    let (said, behind) = name.rsplit_once(['（', '('])?;
    let unit = behind.trim().strip_suffix(['）', ')'])?.trim();
    is_unit(unit).then(|| (said.trim_end(), unit))
}

/// 万平方公里, 元/吨 and 千人 are made of those known.
fn is_unit(unit: &str) -> bool {
    let is_known = |unit: &str| UNITS.contains(&unit);
    let many = unit.trim_start_matches(['十', '百', '千', '万', '亿']);
    let per = unit.split_once(['/', '／']).is_some_and(|(of, each)| {
        is_known(of.trim_start_matches(['十', '百', '千', '万', '亿']))
            && (is_known(each) || ["年", "月", "日", "天", "每"].contains(&each))
    });
    is_known(unit) || is_known(many) || per || (many.is_empty() && !unit.is_empty())
}

/// Any unit in brackets behind a name, however seldom it is: 材料（种）. 公办（含分校） is none.
pub(in crate::chart) fn own_unit(name: &str) -> Option<(&str, &str)> {
    /// 微克/立方米 has six.
    const CHARS_MAX: usize = 8;
    const NOTES: [&str; 17] = [
        "含", "不", "其中", "仅", "按", "截", "预", "初步", "快报", "包括", "以上", "以下", "年度",
        "期间", "同比", "口径", "新增",
    ];
    let (said, behind) = name.rsplit_once(['（', '('])?;
    let unit = behind.trim().strip_suffix(['）', ')'])?.trim();
    let is_short = (1..=CHARS_MAX).contains(&unit.chars().count());
    let is_note = NOTES.iter().any(|word| unit.contains(word))
        || unit.contains(|c: char| c.is_ascii_digit() || "，。、：；,;:".contains(c));
    (is_short && !is_note).then(|| (said.trim_end(), unit))
}

/// Rows of several units have no scale in common either. On cards each figure has its own, where the chart has none.
pub(super) fn check_row_units(are_cards: bool, content: &Content) -> Result<(), Undrawable> {
    let units = content.rows.iter().enumerate();
    let mut units = units.filter_map(|(at, row)| Some((at, row, unit_of(&row.label)?.1)));
    let first = if are_cards {
        if content.unit.is_empty() {
            return Ok(());
        }
        Some(content.unit.as_str())
    } else {
        units.next().map(|(.., unit)| unit)
    };
    let Some(first) = first else { return Ok(()) };
    match units.find(|(.., unit)| *unit != first) {
        Some((row, item, _)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: if are_cards {
                [
                    "写的单位与 unit 不同；各张卡片单位不同的，请把 unit 留空，每个名称后都用括号写明单位",
                    "has another unit than the chart; where cards have units of their own leave `unit` empty and write \
                     each in brackets behind its name",
                ]
            } else {
                [
                    "与其他行单位不同，不能用同一个刻度；请换算成一个单位，分成几张图，或改用 cards",
                    "has another unit than the other rows and no scale in common; convert it, make several charts, or \
                     use cards",
                ]
            },
        }),
        None => Ok(()),
    }
}

/// What is a share or a rate by its name, and no amount.
fn is_rate(name: &str) -> bool {
    const RATES: [&str; 10] =
        ["率", "增速", "增幅", "涨幅", "降幅", "占比", "比重", "同比", "环比", "同比增长"];
    let name = name.split(['（', '(']).next().unwrap_or(name).trim_end();
    RATES.iter().any(|word| name.ends_with(word))
}

/// Columns of several units have no scale in common: 人数（人）, 经费（万元）.
pub(super) fn check_units(content: &Content) -> Result<(), Undrawable> {
    check_headings(content)?;
    let series = content.series.iter().enumerate();
    let mut units = series.filter_map(|(at, name)| Some((at, unit_of(name)?.1)));
    let Some((_, first)) = units.next() else { return Ok(()) };
    match units.find(|(_, unit)| *unit != first) {
        Some((series, _)) => Err(of_series(
            content,
            series,
            [
                "与其他列单位不同，不能用同一个刻度；请换算成一个单位，或分成两张图",
                "has another unit than the other columns and no scale in common; convert it, or make two charts",
            ],
        )),
        None => Ok(()),
    }
}

/// 2026年经费（亿元） above figures in 万元: which of them holds nobody can tell.
pub(in crate::chart) fn check_subtitle(subtitle: &str, unit: &str) -> Result<(), Undrawable> {
    let unit = unit.trim();
    let inner = subtitle.split(['（', '(']).skip(1);
    let bracketed = inner.filter_map(|behind| Some(behind.split_once(['）', ')'])?.0));
    let labels = ["单位：", "单位:"];
    let told = labels.iter().flat_map(|label| {
        subtitle.match_indices(label).filter_map(|(at, label)| {
            // 参保单位：户 is of something else.
            let before = subtitle.get(..at)?.chars().next_back();
            let behind = subtitle.get(at + label.len()..)?;
            let own = behind.split(['，', '。', '；', '）', ')', ',', ';', ' ', '　']).next();
            own.filter(|_| before.is_none_or(|c| !c.is_alphanumeric()))
        })
    });
    let clean = |text: &str| {
        let text = text.trim();
        text.strip_prefix("单位")
            .map_or(text, |rest| rest.trim_start_matches(['：', ':']))
            .trim()
            .to_owned()
    };
    let units: Vec<String> =
        bracketed.chain(told).map(clean).filter(|text| is_unit(text)).collect();
    let agrees = |said: &String| said.starts_with(unit) || unit.starts_with(said.as_str());
    if !is_unit(unit) || units.iter().any(agrees) || !units.iter().any(|said| differ(said, unit)) {
        return Ok(());
    }
    Err(Undrawable::Unfit([
        "副题写的单位与 unit 不同，一张图上有了两个单位；请核对，只留一个（数字不会换算），副题中可以不写单位",
        "the subtitle names another unit than `unit`, and the chart would show two; make them one (figures are not \
         converted), or leave it out of the subtitle",
    ]))
}

/// Whether two units are of one measure and not the same: 亿元 and 万元; or a share beside an amount.
fn differ(one: &str, other: &str) -> bool {
    const MEASURES: [&[&str]; 6] = [
        &["元", "美元"],
        &["人", "人次", "户"],
        &["平方米", "公顷", "亩", "平方公里"],
        &["米", "公里", "毫米", "厘米"],
        &["吨", "千克", "克", "升", "立方米"],
        &["小时", "分钟", "天"],
    ];
    const SCALES: [char; 5] = ['十', '百', '千', '万', '亿'];
    const SAME: [(&str, &str); 4] =
        [("千米", "公里"), ("千克", "公斤"), ("平方千米", "平方公里"), ("％", "%")];
    if SAME.iter().any(|pair| *pair == (one, other) || *pair == (other, one)) {
        return false;
    }
    let is_share = |unit: &str| ["%", "％"].contains(&unit);
    let bare = |unit: &str| unit.trim_start_matches(SCALES).to_owned();
    let (first, second) = (bare(one), bare(other));
    let are_alike = (first == second && !first.is_empty())
        || MEASURES.iter().any(|of| of.contains(&first.as_str()) && of.contains(&second.as_str()));
    is_share(one) != is_share(other) || (one != other && are_alike && !first.contains('/'))
}

/// What a name says that its figures measure, where it ends with it: 惠及人数, 发放金额.
fn measure(name: &str) -> Option<usize> {
    const MEASURES: [&[&str]; 6] = [
        &["人数", "户数", "件数", "个数", "次数", "家数", "项目数", "数量", "人次", "台数", "套数"],
        &["金额", "投资", "总投资", "资金", "经费", "投资额", "总额", "拨款"],
        &["面积"],
        &["里程", "长度", "公里数"],
        &["产量", "重量", "吨数"],
        &["时间", "时长", "用时", "天数"],
    ];
    let name = name.split(['（', '(']).next().unwrap_or(name).trim_end();
    MEASURES.iter().position(|words| words.iter().any(|word| name.ends_with(word)))
}

/// 人数 beside 金额: they have no scale in common, but for how they grew or what share they are.
pub(super) fn check_measures(content: &Content) -> Result<(), Undrawable> {
    const RELATIVE: [&str; 8] = ["增长", "增幅", "增速", "同比", "占比", "比重", "比例", "指数"];
    let subtitle = &content.head.subtitle;
    let head = [&content.head.headline, subtitle];
    // 不满意原因（件） counts complaints of 金额 and of 时间.
    let mut noted = subtitle.split(['（', '(']).skip(1);
    let has_unit =
        noted.any(|behind| behind.split_once(['）', ')']).is_some_and(|(unit, _)| is_unit(unit)));
    let is_relative = head.iter().any(|text| RELATIVE.iter().any(|word| text.contains(word)));
    if !content.unit.is_empty() || has_unit || is_relative {
        return Ok(());
    }
    let other = |names: &mut dyn Iterator<Item = &String>| {
        let mut known = names.enumerate().filter_map(|(at, name)| Some((at, measure(name)?)));
        let (_, first) = known.next()?;
        known.find(|(_, measure)| *measure != first).map(|(at, _)| at)
    };
    if let Some(at) = other(&mut content.series.iter()) {
        return Err(of_series(content, at, TWO_KINDS));
    }
    let row = other(&mut content.rows.iter().map(|row| &row.label));
    match row.and_then(|at| Some((at, content.rows.get(at)?))) {
        Some((row, item)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: [
                "与其他行计量的不同（人数与金额等），不能用同一个刻度；请分成几张图，或改用 cards",
                "measures another thing than the other rows and has no scale in common; make several charts, or use cards",
            ],
        }),
        None => Ok(()),
    }
}

/// A heading that names another unit than the chart, or a rate beside amounts.
fn check_headings(content: &Content) -> Result<(), Undrawable> {
    let series = &content.series;
    let is_share = content.unit.contains(['%', '％', '‰']);
    let own: Vec<Option<&str>> = series.iter().map(|name| Some(unit_of(name)?.1)).collect();
    let chart = UNITS.into_iter().find(|known| *known == content.unit.trim());
    let differs = |unit: &&str| {
        chart.is_some_and(|chart| {
            let are_counts = COUNTS.contains(unit) && COUNTS.contains(&chart);
            **unit != *chart && !are_counts
        })
    };
    let rates: Vec<bool> = series.iter().map(|name| is_rate(name)).collect();
    let is_mixed = !is_share && rates.contains(&true) && rates.contains(&false);
    if let Some(at) = own.iter().position(|unit| unit.as_ref().is_some_and(&differs)) {
        let why = if own.contains(&None) {
            TWO_KINDS
        } else {
            [
                "写的单位与 unit 不同，照画会差许多倍；请核对，改成同一个单位（数字不会换算）",
                "has another unit in its heading than `unit` says, and would be read wrongly; make them one, figures are \
                 not converted",
            ]
        };
        return Err(of_series(content, at, why));
    }
    match rates.iter().position(|is_rate| *is_rate).filter(|_| is_mixed) {
        Some(at) => Err(of_series(content, at, TWO_KINDS)),
        None => Ok(()),
    }
}

/// 收入 in 亿元 beside its growth in per cent.
const TWO_KINDS: [&str; 2] = [
    "与其他列单位不同（金额、数量与比率等），不能用同一个刻度；请分成两张图",
    "has another unit than the other columns (a rate beside amounts) and no scale in common; make two charts",
];
