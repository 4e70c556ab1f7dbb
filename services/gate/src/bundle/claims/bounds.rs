//! What a headline says of all or of so many: 各区均超过25万人, 三个区超过50万人.

use super::{
    FALLS, RISES,
    amount::Bound,
    figures::{self, Figure},
    scene::{Axis, Scene, clauses},
    times::stretch,
    words::numbers,
};

/// The first such claim that no reading of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let mut clauses = clauses(headline).into_iter();
    clauses.find_map(|clause| {
        // 各月均超过 is of each, and no 月均.
        let plain = ["年", "月", "季", "日"].iter().fold(clause.to_owned(), |text, time| {
            text.replace(&format!("各{time}均"), &format!("各{time}都"))
        });
        let plain =
            if scene.drawn.unit.contains(['%', '％']) { in_per_cent(&plain) } else { plain };
        let (said, clause) = (clause, plain.as_str());
        let figures = figures::read(clause, scene.units);
        let mut bounds = figures.iter().filter(|figure| {
            figure.unit.is_some()
                && matches!(figure.bound, Bound::Above | Bound::Below | Bound::AtMost)
        });
        let (Some(figure), None) = (bounds.next(), bounds.next()) else { return None };
        // 均超九成 at the beginning is of all that the headline does not name.
        let is_bare = ["均", "都"].iter().any(|word| clause.starts_with(word))
            && scene.rows.said(headline).is_empty()
            && counts(headline).is_empty();
        let is_wrong = is_not_of_all((clause, is_bare), figure, scene)
            || is_not_of_so_many(clause, figure, scene);
        is_wrong.then(|| said.to_owned())
    })
}

/// What makes other figures of those that are drawn.
const RECKONED: [&str; 13] = [
    "合计", "共", "总", "累计", "平均", "人均", "户均", "年均", "月均", "季均", "日均", "占", "比",
];

fn is_reckoned(clause: &str) -> bool {
    RECKONED.iter().chain(&RISES).chain(&FALLS).any(|word| clause.contains(word))
}

/// 90% of 九成, 85% of 八成五.
fn in_per_cent(clause: &str) -> String {
    const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let mut said = clause.to_owned();
    for (tens, digit) in (1..).zip(DIGITS) {
        let name = format!("{digit}成");
        // 三成立 is of one that stands up.
        if ["立", "为", "员", "果"].iter().any(|word| said.contains(&format!("{name}{word}"))) {
            continue;
        }
        for half in ['五', '半'] {
            said = said.replace(&format!("{name}{half}"), &format!("{tens}5%"));
        }
        said = said.replace(&name, &format!("{tens}0%"));
    }
    said
}

/// 各年均超过100亿元, 无一月超过50.
fn is_not_of_all((clause, is_bare): (&str, bool), figure: &Figure, scene: &Scene<'_>) -> bool {
    const ALL: [&str; 9] = ["各", "所有", "每个", "每年", "每月", "每季", "全部", "历年", "始终"];
    const EACH: [&str; 8] = ["均", "都", "每年", "每月", "每季", "全部", "每个", "始终"];
    const TIMES: [&str; 10] =
        ["各年", "每年", "历年", "各月", "每月", "各季", "每季", "全年", "各周", "始终"];
    /// Not of all, or of some of the time.
    const SOME: [&str; 20] = [
        "除",
        "外",
        "多数",
        "其余",
        "其他",
        "其它",
        "部分",
        "等",
        "以来",
        "起",
        "后",
        "近",
        "前",
        "期间",
        "时期",
        "半年",
        "季度",
        "高峰",
        "以上的",
        "以下的",
    ];
    let before = clause.get(..figure.range.start).unwrap_or_default();
    let is_none = before.contains("无一");
    let is_each = is_none || EACH.iter().any(|word| before.contains(word));
    let (rows, series) = (&scene.rows, &scene.series);
    // 补贴后 may be a column's name.
    let names = rows.names.iter().chain(&series.names).filter(|name| name.chars().count() > 1);
    let plain = names.fold(clause.to_owned(), |text, name| text.replace(name, ""));
    if !is_each || is_reckoned(clause) || SOME.iter().any(|word| plain.contains(word)) {
        return false;
    }
    let is_all = is_none || is_bare || ALL.iter().any(|word| before.contains(word));
    let count = counts(before).pop().map(|(_, count)| count);
    let is_met = |value: f64| figure.is_met_by(value, scene.units) != is_none;
    // What was and what is are not added up.
    let are_parts = !rows.are_in_order() && !series.are_in_order();
    let holds = |members: &[usize],
                 others: &[usize],
                 value: &dyn Fn(usize, usize) -> Option<f64>| {
        let mut each = others
            .iter()
            .map(|other| members.iter().filter_map(|member| value(*member, *other)).all(is_met));
        let sums = members
            .iter()
            .map(|member| others.iter().filter_map(|other| value(*member, *other)).sum::<f64>());
        each.any(|holds| holds) || (are_parts && others.len() > 1 && sums.into_iter().all(is_met))
    };
    // 周日均低于50% is of all that stands in that column.
    let is_of_one = |axis: &Axis<'_>| !axis.are_times && axis.said(clause).len() == 1;
    // 各街镇 of two years are no years.
    let says_times = is_none || TIMES.iter().any(|word| before.contains(word));
    let can_be_all = |axis: &Axis<'_>, across: &Axis<'_>| {
        axis.are_in_order() == across.are_in_order() || axis.are_in_order() == says_times
    };
    let members = |axis: &Axis<'_>, across: &Axis<'_>| -> Option<Vec<usize>> {
        if let Some((first, last)) = stretch(clause, &axis.names).filter(|_| axis.are_times) {
            return Some((first..=last).collect());
        }
        let said = axis.said(clause);
        let is_of_all = is_all || is_of_one(across) || count == Some(axis.len());
        match said.len() {
            0 if is_of_all && axis.len() > 1 && can_be_all(axis, across) => Some(axis.all()),
            0 | 1 => None,
            _ => Some(said),
        }
    };
    let down = members(rows, series).map(|members| {
        holds(&members, &series.said_or_all(clause), &|row, one| scene.value(row, one))
    });
    let along = members(series, rows).map(|members| {
        holds(&members, &rows.said_or_all(clause), &|one, row| scene.value(row, one))
    });
    let readings = [down, along];
    readings.iter().any(Option::is_some) && !readings.contains(&Some(true))
}

/// 三个区县超过50万人, where two do.
fn is_not_of_so_many(clause: &str, figure: &Figure, scene: &Scene<'_>) -> bool {
    /// Of each, or of something else.
    const OTHERWISE: [&str; 8] = ["均", "都", "每", "各", "全部", "仅", "只", "除"];
    let before = clause.get(..figure.range.start).unwrap_or_default();
    if is_reckoned(clause) || OTHERWISE.iter().any(|word| before.contains(word)) {
        return false;
    }
    let Some((is_of_years, count)) = counts(before).pop() else { return false };
    let (rows, series) = (&scene.rows, &scene.series);
    let is_met = |value: &f64| figure.is_met_by(*value, scene.units);
    let number = |values: Vec<f64>| values.iter().filter(|value| is_met(value)).count();
    let down =
        series.said_or_all(clause).into_iter().map(|one| number(scene.values(&rows.all(), &[one])));
    let along =
        rows.said_or_all(clause).into_iter().map(|row| number(scene.values(&[row], &series.all())));
    // What stands beside each other is added up; what was and what is are not.
    let sums = if series.are_in_order() { 0 } else { number(scene.grid.sums()) };
    // 四项支出超过90亿元 may be said of their sum.
    let columns = series.said_or_all(clause).into_iter().map(|one| vec![one]);
    let is_sum = columns.chain([series.all()]).any(|columns| {
        let of = |row: usize| scene.values(&[row], &columns).into_iter().sum::<f64>();
        let named = rows.said(clause);
        let mut own: Vec<f64> = rows.all().into_iter().map(of).collect();
        let whole: f64 = own.iter().sum();
        own.sort_by(|a, b| b.total_cmp(a));
        let greatest: f64 = own.iter().take(count).sum();
        let named: f64 = named.into_iter().map(of).sum();
        [whole, greatest, named].iter().any(|sum| figure.is_borne_out_by(*sum, scene.units))
    });
    if is_sum {
        return false;
    }
    let most = down.chain(along).chain([sums]).max().unwrap_or(0);
    let can_be = if is_of_years {
        rows.are_times || series.are_times
    } else {
        count <= rows.len().max(series.len())
    };
    can_be && most < count
}

/// What is counted with 个.
pub(super) const THINGS: [&str; 25] = [
    "区", "县", "市", "镇", "街道", "街镇", "镇街", "乡", "村", "省", "城市", "地区", "年份",
    "指标", "行业", "项目", "学校", "部门", "类", "单位", "品种", "窗口", "事项", "家庭", "月份",
];

/// How many rows or columns a text counts, and whether as years: 三个区县, 四项, 七年中有五年.
fn counts(text: &str) -> Vec<(bool, usize)> {
    const MEASURES: [&str; 13] =
        ["个", "项", "类", "种", "区", "县", "市", "镇", "村", "省", "家", "所", "年"];
    let mut found = vec![];
    for (start, end, count) in
        numbers(text).into_iter().filter(|(_, _, count)| (2..50).contains(count))
    {
        let (before, behind) =
            (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
        let Some(measure) = MEASURES.iter().find(|measure| behind.starts_with(**measure)) else {
            continue;
        };
        let thing = behind.get(measure.len()..).unwrap_or_default();
        let is_of_years = *measure == "年";
        // 近三年, and 三年累计, are no three of the years.
        let is_counted = match *measure {
            "个" => THINGS.iter().any(|word| thing.starts_with(word)),
            "年" => before.ends_with("有") || before.ends_with('中'),
            _ => true,
        };
        if is_counted && !before.ends_with(['第', '前', '后', '近', '每', '其', '点', '.']) {
            found.push((is_of_years, count));
        }
    }
    found
}
