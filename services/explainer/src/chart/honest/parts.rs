//! Parts of a whole: what can be added up, once each, and to what it must come.

use lockstep_gate::bundle::{may_name_total, names_total};

use super::super::{
    Undrawable,
    content::{Content, Item},
};
use super::{are_per_cents, of_series, sum, value, values};

/// By how much of it a sum of rounded figures may differ from the sum as it was rounded.
const NEARLY: f64 = 0.005;

/// What tells a mean wherever it stands in a name.
const MEANS: [&str; 3] = ["平均", "人均", "户均"];

/// What cannot be added up is no part of a whole: means, figures for each one, parts of another part.
pub(super) fn check_parts(are_rows: bool, content: &Content) -> Result<(), Undrawable> {
    const FOR_EACH: [&str; 8] = ["/人", "/户", "/生", "／人", "／户", "每人", "每户", "人均"];
    check_whole(are_rows, content)?;
    let is_mean = |name: &str| MEANS.iter().any(|word| name.contains(word));
    let is_within = |name: &str| name.trim_start().starts_with("其中");
    if FOR_EACH.iter().any(|word| content.unit.contains(word)) {
        return Err(Undrawable::Unfit([
            "单位是平均数（每人、每户等），各项不能相加，不是一个整体的各部分；请改用 bar",
            "the unit is a mean (for each person or household): such figures do not add up to a whole; use bar",
        ]));
    }
    let why = |name: &str| {
        if is_within(name) {
            Some([
                "是另一项的一部分，会被算两次；请删去，或从那一项中减去",
                "is a part of another one and would be counted twice; leave it out, or take it off that one",
            ])
        } else if is_mean(name) {
            Some([
                "是平均数，不是整体的一部分；请删去，或改用 bar",
                "is a mean and no part of the whole; leave it out, or use bar",
            ])
        } else {
            None
        }
    };
    if are_rows {
        let mut rows = content.rows.iter().enumerate();
        let found = rows.find_map(|(row, item)| Some((row, item, why(&item.label)?)));
        return match found {
            Some((row, item, why)) => {
                Err(Undrawable::Row { row: row + 1, label: item.label.clone(), why })
            }
            None => Ok(()),
        };
    }
    let mut names = content.series.iter().enumerate();
    match names.find_map(|(series, name)| Some((series, why(name)?))) {
        Some((series, why)) => Err(of_series(content, series, why)),
        None => Ok(()),
    }
}

pub(super) fn check_rows(content: &Content) -> Result<(), Undrawable> {
    let sums: Vec<f64> = content.rows.iter().map(|row| values(row).sum()).collect();
    let total = |(row, label)| is_total(label, row, &sums);
    let mut labels = content.rows.iter().map(|row| row.label.as_str()).enumerate();
    match labels.find(|label| content.rows.len() > 1 && total(*label)) {
        Some((row, label)) => Err(Undrawable::Row {
            row: row + 1,
            label: label.to_owned(),
            why: [
                "是其他各行的合计，不是其中一个部分；请删去该行，合计由程序算出",
                "is the sum of the other rows and none of the parts; leave it out, sums are reckoned here",
            ],
        }),
        None => Ok(()),
    }
}

pub(super) fn check_series(content: &Content) -> Result<(), Undrawable> {
    let sum = |series| content.rows.iter().filter_map(|row| value(row, series)).sum();
    let sums: Vec<f64> = (0..content.series.len()).map(sum).collect();
    let mut names = content.series.iter().enumerate();
    match names.find(|(series, name)| content.series.len() > 1 && is_total(name, *series, &sums)) {
        Some((series, _)) => Err(of_series(content, series, SUM_OF_OTHERS)),
        None => Ok(()),
    }
}

pub(super) const SUM_OF_OTHERS: [&str; 2] = [
    "是其他各列的合计，不能与各部分堆在一起；请从 value 中去掉该列",
    "is the sum of the others and cannot be stacked upon them; leave it out of value",
];

/// 办结率 and 满意率: each is a share of a whole of its own.
pub(super) fn check_rates(are_rows: bool, content: &Content) -> Result<(), Undrawable> {
    const RATES: [&str; 6] = ["率", "满意度", "知晓度", "认可度", "参与度", "信任度"];
    /// By which parts of one whole miss it, as they are rounded.
    const ROUNDED: f64 = 1.0;
    let names: Vec<&String> = if are_rows {
        content.rows.iter().map(|row| &row.label).collect()
    } else {
        content.series.iter().collect()
    };
    let is_rate = |name: &&String| {
        let name = name.split(['（', '(']).next().unwrap_or_default().trim_end();
        RATES.iter().any(|word| name.ends_with(word))
    };
    let is_whole = |sum: f64| (sum - 100.0).abs() <= ROUNDED;
    let are_whole = if are_rows {
        is_whole(content.values().sum())
    } else {
        content.rows.iter().all(|row| is_whole(values(row).sum()))
    };
    if names.len() > 1 && names.iter().all(is_rate) && !are_whole {
        return Err(Undrawable::Unfit([
            "各项是不同的率（如办结率、满意率），各有各的整体，不能拼成百分之百；请改用 bar 或 grouped_bar",
            "these are rates of several wholes (done, satisfied), which do not make up one of 100 per cent; use bar or \
             grouped_bar",
        ]));
    }
    Ok(())
}

/// In a heat table a sum is darker than all that it is the sum of, and takes their shades.
pub(super) fn check_shades(content: &Content) -> Result<(), Undrawable> {
    const WHY: [&str; 2] = [
        "是合计，颜色最深，其余各格的深浅就看不出来；请删去，合计可写在标题中",
        "is a sum and the darkest, so that the shades of all others look alike; leave it out, and say it in the headline",
    ];
    let greatest = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::NEG_INFINITY, f64::max);
    let drowns = |own: f64, all: &[f64]| all.iter().filter(|other| **other >= own).count() < 2;
    let rows: Vec<f64> = content.rows.iter().map(|row| greatest(&mut values(row))).collect();
    let sums: Vec<f64> = content.rows.iter().map(|row| values(row).sum()).collect();
    let mut items = content.rows.iter().zip(&rows).enumerate();
    let is_sum = |(at, (item, own)): &(usize, (&Item, &f64))| {
        rows.len() > 1 && is_total(&item.label, *at, &sums) && drowns(**own, &rows)
    };
    if let Some((row, (item, _))) = items.find(is_sum) {
        return Err(Undrawable::Row { row: row + 1, label: item.label.clone(), why: WHY });
    }
    let of = |at: usize| content.rows.iter().filter_map(move |row| value(row, at));
    let columns: Vec<f64> = (0..content.series.len()).map(|at| greatest(&mut of(at))).collect();
    let sums: Vec<f64> = (0..content.series.len()).map(|at| of(at).sum()).collect();
    let mut series = content.series.iter().zip(&columns).enumerate();
    let found = series.find(|(at, (name, own))| {
        columns.len() > 1 && is_total(name, *at, &sums) && drowns(**own, &columns)
    });
    found.map_or(Ok(()), |(at, _)| Err(of_series(content, at, WHY)))
}

fn is_total(name: &str, at: usize, sums: &[f64]) -> bool {
    let own = sums.get(at).copied().unwrap_or(0.0);
    let others = sums.iter().sum::<f64>() - own;
    let is_sum = sums.len() > 2 && (own - others).abs() <= own.abs() * NEARLY;
    names_total(name) || (is_sum && may_name_total(name))
}

pub(super) fn check_per_cents(content: &Content, is_full: bool) -> Result<(), Undrawable> {
    let is_unfit = |row: &Item| {
        let (sum, rounding) = sum(row.cells.iter());
        sum > 100.0 + rounding || (is_full && sum < 100.0 - rounding)
    };
    let mut rows = content.rows.iter().enumerate();
    match rows.find(|(_, row)| is_unfit(row)) {
        Some((row, item)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: [
                "各项百分比合计不是100%，不是同一整体的各部分；请补全各项，或改用 grouped_bar",
                "has per cents that do not add up to 100, so they are no parts of one whole; add what is \
                 missing, or use grouped_bar",
            ],
        }),
        None => Ok(()),
    }
}

/// What makes of the figures no parts at all: prices, marks, answers of which several could be given, the least beside
/// the greatest, what came in beside what went out.
fn check_whole(are_rows: bool, content: &Content) -> Result<(), Undrawable> {
    /// How figures are called that are not added up; those of per cents are held to their sum.
    const NOT_ADDED: [&str; 14] = [
        "均价",
        "单价",
        "房价",
        "价格",
        "满意度",
        "增速",
        "增幅",
        "涨幅",
        "降幅",
        "增长率",
        "密度",
        "浓度",
        "得分",
        "评分",
    ];
    /// Of which of two there are no parts of one sum.
    const APART: [([&str; 5], [&str; 5]); 2] = [
        (["最低", "最小", "最少", "最短", "下限"], ["最高", "最大", "最多", "最长", "上限"]),
        (["收入", "流入", "收方", "入库", "转入"], ["支出", "流出", "付方", "出库", "转出"]),
    ];
    if [&content.head.headline, &content.head.subtitle].iter().any(|text| text.contains("多选")) {
        return Err(Undrawable::Unfit([
            "可以多选的，各项有重叠，不是一个整体的各部分；请改用 bar",
            "where several answers could be given they overlap and are no parts of a whole; use bar",
        ]));
    }
    let names: Vec<&str> = if are_rows {
        content.rows.iter().map(|row| row.label.as_str()).collect()
    } else {
        content.series.iter().map(String::as_str).collect()
    };
    // 基本水价 and 污水处理费 make up the price.
    let is_fee = |name: &&str| name.contains(['费', '税', '金', '价', '本']);
    if is_per_piece(&content.unit) && !names.iter().all(is_fee) {
        return Err(Undrawable::Unfit([
            "单位是单价、密度等平均数，各项不能相加，不是一个整体的各部分；请改用 bar",
            "the unit is a price or density for each piece: such figures do not add up to a whole; use bar",
        ]));
    }
    let plain = |name: &str| name.split(['（', '(']).next().unwrap_or(name).trim().to_owned();
    let is_not_added = |name: &str| {
        let name = plain(name);
        NOT_ADDED.iter().any(|word| name.ends_with(word))
            || MEANS.iter().any(|word| name.contains(word))
            || (name.ends_with('率') && !are_per_cents(content))
    };
    let are_parts_of_price = makes_up_a_price(&names, content);
    if let Some(at) = content
        .series
        .iter()
        .position(|name| is_not_added(name) && !(are_parts_of_price && name.contains('价')))
    {
        let why = [
            "不能相加（单价、满意度、增速、比率等），不是一个整体的各部分；请改用 bar 或 grouped_bar",
            "holds figures that do not add up (prices, marks, rates), which are no parts of a whole; use bar or grouped_bar",
        ];
        return Err(of_series(content, at, why));
    }
    // 低收入家庭救助支出 is no income.
    let says = |words: &[&str]| {
        let is_said =
            |name: &String| words.iter().any(|word| name.starts_with(word) || name.ends_with(word));
        names.iter().map(|name| plain(name)).any(|name| is_said(&name))
    };
    if APART.iter().any(|(one, other)| says(one) && says(other)) {
        return Err(Undrawable::Unfit([
            "最低与最高、收入与支出不是一个整体的各部分，堆在一起没有意义；请改用 range、grouped_column 或 grouped_bar",
            "the least and the greatest, or what came in and what went out, are no parts of one whole; use range, \
             grouped_column or grouped_bar",
        ]));
    }
    Ok(())
}

/// 供水价格, 污水处理费 and 水资源税 add up to one price, where the chart says that this is what it is made of.
fn makes_up_a_price(names: &[&str], content: &Content) -> bool {
    let is_price = |name: &&str| name.contains(['价', '费', '税', '金']);
    let is_due = |name: &&str| name.contains(['费', '税', '金']);
    let says = |text: &String| ["构成", "组成", "部分"].iter().any(|word| text.contains(word));
    content.unit.contains('元')
        && names.len() > 1
        && names.iter().all(is_price)
        && names.iter().any(is_due)
        && [&content.head.headline, &content.head.subtitle].into_iter().any(says)
}

/// 元/立方米, 人/平方公里: of each piece. 元/月 can be added up.
fn is_per_piece(unit: &str) -> bool {
    const PIECES: [&str; 15] = [
        "m³",
        "平方公里",
        "平方米",
        "立方米",
        "㎡",
        "m²",
        "公顷",
        "亩",
        "升",
        "吨",
        "千克",
        "公斤",
        "千瓦时",
        "度",
        "件",
    ];
    let Some((_, piece)) = unit.split_once(['/', '／']) else { return false };
    PIECES.contains(&piece.trim())
}
