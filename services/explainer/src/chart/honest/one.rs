//! What is of one kind and no part of one whole all the same: two stages of one matter, two states of one thing, a total
//! beside what it holds, the same counted again a year later.

use lockstep_proto::manifest::ChartKind;

use super::super::{Undrawable, content::Content};
use super::{add_up, are_per_cents, years::is_year};

/// What may stand behind a word of a pair: 报名人数, 计划投资. 出生医学证明 is no birth.
const COUNTED: [&str; 22] = [
    "", "数", "量", "值", "人", "人数", "人口", "人员", "人次", "件", "件数", "户", "户数", "数量",
    "总数", "总量", "额", "金额", "面积", "投资", "完成", "招生",
];
/// Stages and states, of which the second is within the first, or is the same thing at another time.
const PAIRS: [(&str, &str); 24] = [
    ("申请", "批准"),
    ("申请", "通过"),
    ("申报", "批准"),
    ("受理", "办结"),
    ("受理", "办理完成"),
    ("报名", "录取"),
    ("报考", "录取"),
    ("参保", "退休"),
    ("应收", "实收"),
    ("应缴", "实缴"),
    ("应到", "实到"),
    ("预算", "决算"),
    ("现状", "目标"),
    ("目标", "实际"),
    ("新增", "累计"),
    ("出生", "死亡"),
    ("去年", "今年"),
    ("上年", "本年"),
    ("去年同期", "今年"),
    ("上年同期", "本期"),
    ("上年同期", "本年"),
    ("调整前", "调整后"),
    ("改革前", "改革后"),
    ("改造前", "改造后"),
];
/// Of these a third may make states of them: 计划, 在建, 完成.
const OF_TWO: [(&str, &str); 4] =
    [("计划", "完成"), ("计划", "实际"), ("规划", "实际"), ("计划", "落实")];

/// What words say that figures make up one whole after all.
const MAKES_UP: [&str; 9] =
    ["构成", "结构", "组成", "占比", "分布", "比例", "比重", "分值", "份额"];

pub(super) fn check_one(kind: ChartKind, content: &Content) -> Result<(), Undrawable> {
    let is_donut = kind == ChartKind::Donut;
    let is_full = is_donut || matches!(kind, ChartKind::FullBar | ChartKind::FullColumn);
    check_unit(is_full, content)?;
    if is_donut {
        check_measure(content)?;
    }
    let names: Vec<&str> = if is_donut {
        content.rows.iter().map(|row| row.label.as_str()).collect()
    } else {
        content.series.iter().map(String::as_str).collect()
    };
    let names: Vec<String> = names.into_iter().map(plain).collect();
    check_pairs(&names)?;
    check_total(is_donut, &names, content)?;
    check_periods(&names, content)
}

/// Without what stands in brackets, and without a year before.
fn plain(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let name = name.split(['（', '(']).next().unwrap_or_default();
    match name.split_once('年') {
        Some((year, rest)) if is_year(year) && !rest.is_empty() && rest != "度" => rest.to_owned(),
        Some(_) | None => name.to_owned(),
    }
}

fn check_pairs(names: &[String]) -> Result<(), Undrawable> {
    let is_said = |word: &str| {
        names.iter().any(|name| name.strip_prefix(word).is_some_and(|rest| COUNTED.contains(&rest)))
    };
    let is_done = |word: &str| is_said(word) || names.iter().any(|name| name.ends_with(word));
    let is_pair = PAIRS.iter().any(|(one, other)| is_said(one) && is_said(other))
        || names.len() == 2 && OF_TWO.iter().any(|(one, other)| is_said(one) && is_done(other));
    if is_pair {
        return Err(Undrawable::Unfit([
            "计划与完成、申请与批准、受理与办结、现状与目标、出生与死亡之类不是一个整体的各部分，加在一起没有意义；\
             请改用 grouped_column、grouped_bar 或 bar",
            "plan and result, applied and granted, now and then, births and deaths are no parts of one whole, and their \
             sum means nothing; use grouped_column, grouped_bar or bar",
        ]));
    }
    Ok(())
}

/// 总户数 beside 低保户: a total that is no less than any other.
fn check_total(is_donut: bool, names: &[String], content: &Content) -> Result<(), Undrawable> {
    const TOTALS: [&str; 23] = [
        "总数",
        "总量",
        "总额",
        "总人",
        "总户",
        "总面积",
        "总投资",
        "总收入",
        "总支出",
        "总件",
        "总用水",
        "总用电",
        "全区",
        "全市",
        "全县",
        "全省",
        "全国",
        "全镇",
        "全乡",
        "全校",
        "全街道",
        "全年",
        "全部",
    ];
    check_holding(is_donut, names, content)?;
    let is_total = |name: &String| TOTALS.iter().any(|word| name.starts_with(word));
    let Some(at) = names.iter().position(is_total).filter(|_| names.len() > 1) else {
        return Ok(());
    };
    let own = sum_of(is_donut, at, content);
    let is_less = (0..names.len()).any(|other| sum_of(is_donut, other, content) > own);
    if is_less { Ok(()) } else { Err(WHOLE) }
}

/// 学生 beside 小学生 and 中学生: a name with which others end, and no less than they are together.
fn check_holding(is_donut: bool, names: &[String], content: &Content) -> Result<(), Undrawable> {
    /// What makes another answer, and no part: 不满意, 非常满意, 未参保.
    const OTHER: [&str; 18] = [
        "不", "未", "非", "无", "没", "较", "很", "比较", "基本", "十分", "其他", "其它", "另",
        "一般", "部分", "除", "原", "新",
    ];
    let within = |name: &String| -> Vec<usize> {
        let longer = names.iter().enumerate();
        let ends = longer.filter(|(_, other)| {
            let before = other.strip_suffix(name.as_str()).filter(|before| !before.is_empty());
            before.is_some_and(|before| !OTHER.iter().any(|word| before.starts_with(word)))
        });
        ends.map(|(at, _)| at).collect()
    };
    let holds = |(at, name): (usize, &String)| {
        let parts = within(name);
        let sum: f64 = parts.iter().map(|part| sum_of(is_donut, *part, content)).sum();
        !parts.is_empty() && name.chars().count() > 1 && sum_of(is_donut, at, content) >= sum
    };
    if names.iter().enumerate().any(holds) { Err(WHOLE) } else { Ok(()) }
}

/// Of a row, or of a series.
fn sum_of(is_row: bool, index: usize, content: &Content) -> f64 {
    if is_row {
        content.rows.get(index).map_or(0.0, |row| super::values(row).sum())
    } else {
        content.rows.iter().filter_map(|row| super::value(row, index)).sum()
    }
}

const WHOLE: Undrawable = Undrawable::Unfit([
    "总数与其中的一部分不能并列为各部分，会被算两次；请写成“某部分”与“其余”，或改用 bar、grouped_bar",
    "a total is no part beside what it holds, which would be counted twice; give that and the rest, or use bar or \
     grouped_bar",
]);

/// 1—3月, 1—6月: the second holds the first. And the same things in one year and in another.
fn check_periods(names: &[String], content: &Content) -> Result<(), Undrawable> {
    /// What is spent or built in several years adds up.
    const ADDED: [&str; 8] = ["累计", "合计", "共", "分年", "两年", "三年", "五年", "总"];
    let is_since_january = |name: &&String| {
        let name = name.replace(['—', '–', '-', '～', '~'], "至");
        let rest = name.strip_prefix("1月至").or_else(|| name.strip_prefix("1至"));
        rest.is_some_and(|rest| rest.ends_with('月'))
    };
    let has = |name: &str| names.iter().any(|other| other.trim_start_matches('第') == name);
    let is_nested = names.iter().filter(is_since_january).count() > 1
        || has("前三季度") && (has("一季度") || has("上半年"))
        || has("上半年") && has("一季度");
    if is_nested {
        return Err(Undrawable::Unfit([
            "各时段都从年初算起（如1—3月、1—6月），后一个含着前一个，会被算两次；请改为各自的当期数，或用 column",
            "each of the periods begins with the year and holds the one before, which would be counted twice; give what \
             each adds, or use column",
        ]));
    }
    let said = [&content.head.headline, &content.head.subtitle];
    let is_added = content.unit.contains('元')
        || said.iter().any(|text| ADDED.iter().any(|word| text.contains(word)));
    if names.len() > 1 && names.iter().all(|name| is_year(name)) && !is_added {
        return Err(Undrawable::Unfit([
            "各项是同一事物在不同年份的数，不是一个整体的各部分；请改用 column、grouped_column 或 slope。若各年之和有意义，\
             请在标题或副题写明“合计”“累计”",
            "these are the same things in several years and no parts of one whole; use column, grouped_column or slope. \
             Where the sum of the years means something, say 合计 or 累计 in the headline or subtitle",
        ]));
    }
    Ok(())
}

/// Degrees are never added up, and marks make no whole unless they are its shares.
fn check_unit(is_full: bool, content: &Content) -> Result<(), Undrawable> {
    let unit = content.unit.trim();
    let is_degree = ["℃", "°C", "摄氏度", "℉"].contains(&unit);
    let texts = [&content.head.headline, &content.head.subtitle];
    let mut texts = texts.into_iter().chain(&content.series);
    let are_shares =
        texts.any(|text| MAKES_UP.iter().chain(&["满分", "权重"]).any(|word| text.contains(word)));
    if is_degree || (is_full && unit == "分" && !are_shares) {
        return Err(Undrawable::Unfit([
            "温度、得分不能相加，不是一个整体的各部分；请改用 bar 或 column",
            "degrees and marks do not add up to a whole; use bar or column",
        ]));
    }
    Ok(())
}

/// A ring of means or rates: what is measured says so, and not that they make up something.
fn check_measure(content: &Content) -> Result<(), Undrawable> {
    const MEANS: [&str; 6] = ["平均", "人均", "户均", "生均", "均价", "每千人"];
    const ENDS: [&str; 8] = ["率", "满意度", "增长", "增速", "增幅", "降幅", "得分", "密度"];
    let subtitle =
        content.head.subtitle.split(['（', '(', '；', '，']).next().unwrap_or_default().trim();
    let says = |text: &str| {
        MEANS.iter().any(|word| text.contains(word)) || ENDS.iter().any(|word| text.ends_with(word))
    };
    let headline = content.head.headline.trim();
    // 满意 98 and 不满意 2 are parts.
    let are_answers = content.rows.iter().any(|row| row.label.contains("满意"));
    let is_mean = says(subtitle) || ENDS.iter().any(|word| headline.ends_with(word));
    let makes_up = [headline, subtitle]
        .iter()
        .any(|text| text.contains('占') || MAKES_UP.iter().any(|word| text.contains(word)));
    let are_shares =
        are_per_cents(content) && add_up(content.rows.iter().filter_map(|row| row.cells.first()));
    if is_mean && !makes_up && !are_answers && !are_shares {
        return Err(Undrawable::Unfit([
            "标题或副题说的是平均数、比率（人均、满意度、增长等），各项不能相加；请改用 bar。若确是一个整体的各部分，\
             请在副题写明“构成”",
            "the headline or subtitle tells of means or rates, which do not add up to a whole; use bar. Where they are \
             parts of one, say so in the subtitle (构成)",
        ]));
    }
    Ok(())
}
