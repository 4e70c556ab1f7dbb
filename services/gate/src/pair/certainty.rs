//! Whether two figures of one name are surely of one quantity. Only then does another value block;
//! where the sentence leaves a doubt, it warns.

mod cases;

use std::cell::LazyCell;

use foldhash::HashSet;

use cases::{adds_up, is_case_beyond, is_counted_up, is_of_cases_or_norm, meets};

use super::{
    context, examples, exceptions,
    figures::{Figure, Gap, Part, without_rate},
    former::{of_new, speaks_in_doubt, speaks_in_doubt_beside, speaks_of_other},
    held::form,
    others::are_named,
    whose, within,
};
use crate::document::{first_chars, last_chars};

/// Words behind a figure that say it no longer holds, or never did.
const BEHIND: &[&str] = &[
    "旧政策",
    "原政策",
    "旧标准",
    "原标准",
    "旧规定",
    "原规定",
    "停止执行",
    "停止",
    "不再",
    "废止",
    "基础上",
    "的说法",
    "是不是",
    "是否",
    "不正确",
    "不准确",
    "不实",
    "是错",
    "不同",
    "优先",
    "提前",
    "不含",
    "谣言",
    "误读",
    "误解",
];

/// Words by which a figure is a limit, before it and behind it: values of cases lie on either side.
const LIMITS: &[&str] =
    &["低于", "高于", "超过", "少于", "多于", "至少", "最高", "最低", "最多", "上限", "下限"];
const LIMITS_BEHIND: &[&str] = &["以上", "以下", "及以", "（含）", "(含)", "封顶"];
/// Characters before a figure in which such a word stands.
const LIMIT_MAX: usize = 6;

/// What classes are counted by, behind a letter or a numeral: B类, 第二档, 一级.
const CLASSES: &[char] = &['类', '档', '级', '等', '批', '组', '型', '期', '段', '区'];

/// Characters of a name that says which quantity is meant; 补贴 does not.
const NAME_MIN: usize = 3;
/// Characters behind a figure that matter.
const BEHIND_MAX: usize = 60;

/// Whether `figure`, in the interpretation's text, is surely the quantity that the policy's `rival` is;
/// `pairs` are the policy's pairs of characters.
pub(super) fn is_sure(
    ours: &str,
    figure: &Figure,
    theirs: &str,
    rival: &Figure,
    pairs: &HashSet<(char, char)>,
) -> bool {
    let (behind, _) = behind(ours, figure);
    let (rival_behind, _) = self::behind(theirs, rival);
    is_of_now_and_here(ours, figure, theirs, rival)
        && !is_of_next_step(theirs, figure, rival)
        && !is_counted_up(&figure.lead, theirs, rival)
        && !is_case_beyond(figure, behind, rival)
        && (figure.part == Part::End) == (rival.part == Part::End)
        && (is_limit(figure, behind) || !is_limit(rival, rival_behind))
        && !within::is_case((figure, behind), (rival, rival_behind), || line(theirs, rival))
        && !gives(figure, behind, rival)
        && same_act(figure, behind, rival_behind)
        && same_sexes(figure, behind, rival_behind)
        && classes(&figure.lead).all(|class| rival.lead.contains(class))
        && are_of_one_case(&figure.lead, &rival.lead)
        && same_thing(figure, behind, rival_behind)
        && !figure.label.contains("分别")
        // 许可证由区局核发，有效期至…: whose it is, `validity` asks.
        && !["有效期", "有效期至", "有效期到"].contains(&figure.label.as_str())
        && without_rate(&figure.label).chars().count() >= NAME_MIN
        && names_column(figure, rival)
        && !is_of_other((figure, behind), rival, pairs)
        && !is_of_cases_or_norm(behind, rival_behind)
        && !adds_up(theirs, figure, behind, rival)
        && !names_other_case(&figure.lead, line(theirs, rival), pairs)
        && !whose::is_of_another(&figure.lead, &rival.lead, theirs)
}

/// Whether nothing says that the figure is another time's, place's or stage's than the policy's `rival`, or rounded.
pub(super) fn is_of_now_and_here(
    ours: &str,
    figure: &Figure,
    theirs: &str,
    rival: &Figure,
) -> bool {
    !is_doubted(ours, figure, &rival.lead)
        && !is_headed_otherwise(ours, figure, theirs, rival)
        && !is_of_past(&figure.lead, &rival.lead)
        && !names_place(&figure.lead, theirs)
        && STAGES.iter().all(|stage| !figure.lead.contains(stage) || rival.lead.contains(stage))
        && !rounds(figure, rival)
}

/// Whether the sentence of a figure begins with a year of which the policy says nothing, or with a part, a level or a
/// group of which its `rival`'s line says nothing: 2025年一级医院300元，…; 职工医保的起付线为一级医院300元、….
fn is_headed_otherwise(ours: &str, figure: &Figure, theirs: &str, rival: &Figure) -> bool {
    const MAX: usize = 200;
    const HEADS: [&str; 23] = [
        "春季学期",
        "秋季学期",
        "其中",
        "片区",
        "上半年",
        "下半年",
        "平均",
        "”末",
        "省级",
        "市级",
        "市本级",
        "国家级",
        "省里",
        "市里",
        "全省",
        "职工",
        "退休人员",
        "学生儿童",
        "困难群众",
        "低保家庭",
        "新能源",
        "异地",
        "转诊",
    ];
    /// Heads of what is done so far, and of a part, in the figure's own clause: 已建成老年食堂48个、助餐点114个; 已建成投产的项目，…
    /// is whom it is for.
    const OWN_HEADS: [&str; 22] = [
        "年共",
        "年来共",
        "年来累",
        "年来新",
        "年累计",
        "累计新",
        "累计建",
        "累计完",
        "累计改",
        "累计投",
        "累计发",
        "累计培",
        "剩余",
        "季度计划",
        "已建",
        "已完成",
        "已新建",
        "已改造",
        "城区",
        "临时",
        "试用期",
        "过渡期",
    ];
    let before = last_chars(ours.get(..figure.range.start).unwrap_or_default(), MAX);
    let sentence = before.rsplit(['。', '\n', '？', '！']).next().unwrap_or_default();
    let clause = sentence.rsplit(['，', ',', '；', ';', '：', ':']).next().unwrap_or_default();
    let line = line(theirs, rival);
    // 2027年共新建 may be the policy's own year.
    let heads = |head: &str| {
        let at = clause.find(head).and_then(|at| clause.get(..at));
        at.is_some_and(|before| !before.ends_with(|c: char| c.is_ascii_digit()))
            && !line.contains(head)
    };
    // 2027年1月1日起，补贴标准为…: from when the policy holds.
    let has_begun =
        |year: &&str| sentence.contains('起') && years(theirs).any(|other| other < *year);
    OWN_HEADS.iter().any(|head| heads(head))
        || HEADS.iter().any(|head| sentence.contains(head) && !line.contains(head))
        || years(sentence).filter(|year| !has_begun(year)).any(|year| !theirs.contains(year))
}

/// The years of this century that a text names.
fn years(text: &str) -> impl Iterator<Item = &str> {
    context::years(text).map(|(year, _)| year)
}

/// Whether the sentence of a figure says that it is another's, another time's or nobody's, and `theirs`, the policy's,
/// does not.
pub(super) fn is_doubted(text: &str, figure: &Figure, theirs: &str) -> bool {
    let (behind, is_question) = behind(text, figure);
    is_question
        || speaks_in_doubt_beside(of_new(&figure.lead), theirs)
        || BEHIND.iter().any(|word| behind.contains(word))
}

/// Whether the sentence, of which a figure may stand in a later part, begins as another's or another time's: 原办法规定，…；急诊的，….
pub(super) fn begins_in_doubt(text: &str, figure: &Figure) -> bool {
    let begin = beginning(text, figure);
    asks_at_end(text, figure)
        || speaks_of_other(begin)
        || speaks_in_doubt(begin)
        || year_of(begin.trim()).is_some()
}

/// Whether the sentence is a question, in however many parts: 听说甲300元；乙200元，是真的吗？
fn asks_at_end(text: &str, figure: &Figure) -> bool {
    const MAX: usize = 200;
    let behind = first_chars(text.get(figure.range.end..).unwrap_or_default(), MAX);
    let end = behind.find(['。', '\n', '？', '?', '！']);
    end.and_then(|end| behind.get(end..)).is_some_and(|mark| mark.starts_with(['？', '?']))
}

/// How the sentence begins in a later part of which a figure stands; nothing, if it stands in the first.
pub(super) fn beginning<'t>(text: &'t str, figure: &Figure) -> &'t str {
    const MAX: usize = 300;
    let before = text.get(..figure.range.start).unwrap_or_default();
    let sentence =
        last_chars(before, MAX).rsplit(['。', '\n', '？', '！']).next().unwrap_or_default();
    let Some((first, _)) = sentence.split_once(['；', ';']) else { return "" };
    first.split(['，', ',', '：', ':']).next().unwrap_or_default()
}

/// 2026年，… 截至2026年底，… 近年来，… “十四五”期间，…: what a sentence that begins so tells was or is so, and the policy
/// need not say it, unless the `rival` is of that time too: 到2027年底，….
pub(super) fn is_of_past(lead: &str, rival: &str) -> bool {
    const PAST: [&str; 8] =
        ["近年来", "长期以来", "当前", "期间", "截至", "为例", "预算中", "以来"];
    if are_of_two_years(lead, rival) {
        return true;
    }
    let Some((before, _)) = lead.rsplit_once(['，', ',', '：', ':']) else { return false };
    before.split(['，', ',', '：', ':']).any(|clause| match year_of(clause.trim()) {
        Some(year) => !rival.contains(year),
        None => PAST.iter().any(|word| clause.contains(word) && !rival.contains(word)),
    })
}

/// 2026年全省补贴面积 beside 2027年全省补贴面积: what was in an earlier year, which opens the clause. 2026年以后毕业的 and
/// 2026年1月1日起 say for what it holds.
fn are_of_two_years(lead: &str, rival: &str) -> bool {
    const OTHER: [char; 9] = ['以', '之', '前', '后', '起', '至', '到', '底', '末'];
    let clause = lead.rsplit(['，', ',']).next().unwrap_or_default().trim_start();
    let opens = |year: &str| {
        let behind = clause.strip_prefix(year)?.strip_prefix('年')?;
        Some(!behind.starts_with(OTHER) && !behind.contains(['起', '的']))
    };
    let years = years(clause).next().zip(years(rival).last());
    years.is_some_and(|(ours, theirs)| ours < theirs && opens(ours) == Some(true))
}

/// The year that a clause ends with, or of which it tells: 截至2026年底, 2027年, 2024年试行时, 2026年度个人缴费标准.
fn year_of(clause: &str) -> Option<&str> {
    if let Some((year, of_year)) = clause.split_once('年')
        && (of_year.starts_with('度') || of_year.contains("试行"))
        && year.len() == 4
        && year.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some(year);
    }
    let bare = clause.trim_end_matches(['底', '末', '初', '间', '度', '中', '内']);
    let before = bare.strip_suffix('年')?;
    let year = before.get(before.len().checked_sub(4)?..)?;
    year.bytes().all(|byte| byte.is_ascii_digit()).then_some(year)
}

/// Parts of a whole, and times of several: what holds in one of them is not what holds.
const STAGES: [&str; 11] = [
    "阶段",
    "首批",
    "首年",
    "首期",
    "第一年",
    "第二年",
    "第三年",
    "分期",
    "第二次",
    "第三次",
    "再次",
];

/// Whether a sentence tells of a place that the policy does not name.
fn names_place(lead: &str, policy: &str) -> bool {
    PLACES.iter().any(|place| lead.contains(place) && !policy.contains(place))
}

/// Provinces, and cities of which people think first.
const PLACES: [&str; 48] = [
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
    "苏州",
    "杭州",
    "南京",
    "广州",
    "深圳",
    "武汉",
    "成都",
    "西安",
    "宁波",
    "青岛",
    "大连",
    "厦门",
    "无锡",
    "合肥",
];

/// 超过1200万元 of 1234.56万元: it says the same, rounded.
fn rounds(figure: &Figure, rival: &Figure) -> bool {
    const MORE: [&str; 5] = ["超过", "突破", "超", "逾", "达到"];
    const LESS: [&str; 4] = ["接近", "将近", "近", "不到"];
    let number = |figure: &Figure| figure.value.strip_suffix(figure.unit)?.parse::<f64>().ok();
    let ends = |words: &[&str]| {
        figure.bound.is_none() && words.iter().any(|word| figure.lead.ends_with(word))
    };
    let Some((ours, theirs)) = number(figure).zip(number(rival)) else { return false };
    (ends(&MORE) && ours <= theirs && theirs < ours * 1.25)
        || (ends(&LESS) && theirs <= ours && ours < theirs * 1.25)
}

/// Whether the `rival`'s line gives this value too, under no name of its own: 达到5000万元的 behind 投资额达到1000万元的. What is said of the
/// very case that the `rival` is of is no other step.
pub(super) fn is_of_next_step(theirs: &str, figure: &Figure, rival: &Figure) -> bool {
    let (ours, case) = (form(figure), condition(&figure.lead));
    if ours == form(rival) || (case.is_some() && case == condition(&rival.lead)) {
        return false;
    }
    let given = super::figures::find_in(line(theirs, rival), 0, &[]);
    given.iter().any(|other| form(other) == ours && figure.label.ends_with(&other.label))
}

/// Whether an earlier clause names what the policy treats in another place than the `rival`'s line: of 低保家庭的失能老人，轻度失能的每月240元
/// the policy says elsewhere that their standard is raised. `pairs` are the policy's.
fn names_other_case(lead: &str, rival: &str, pairs: &HashSet<(char, char)>) -> bool {
    const SHARED_MIN: usize = 3;
    const SAID: [&str; 5] = ["规定", "明确", "要求", "如下", "》"];
    let Some((before, _)) = lead.rsplit_once(['，', ',', '：', ':']) else { return false };
    let clauses = before.split(['，', ',', '：', ':', '、']);
    let mut named = clauses.filter(|clause| !SAID.iter().any(|word| clause.ends_with(word)));
    let own = LazyCell::new(|| exceptions::pairs(rival));
    named.any(|clause| {
        let letters = exceptions::pairs(clause);
        let is_elsewhere = |pair: &&(char, char)| {
            !pair.0.is_numeric()
                && !pair.1.is_numeric()
                && pairs.contains(*pair)
                && !own.contains(*pair)
        };
        letters.iter().filter(is_elsewhere).count() >= SHARED_MIN
    })
}

/// The line that a figure stands in.
pub(super) fn line<'t>(text: &'t str, figure: &Figure) -> &'t str {
    const MAX: usize = 400;
    let (before, behind) = text.split_at_checked(figure.range.end).unwrap_or((text, ""));
    let start = last_chars(before, MAX).rsplit('\n').next().map_or(0, str::len);
    let end = first_chars(behind, MAX).split('\n').next().map_or(0, str::len);
    text.get(before.len() - start..before.len() + end).unwrap_or_default()
}

/// 享受高龄津贴（补贴标准为100元）, 户籍满3年的，可以申请临时救助, 有效期至12月31日的旧证
fn is_of_other(
    (figure, behind): (&Figure, &str),
    rival: &Figure,
    pairs: &HashSet<(char, char)>,
) -> bool {
    let before = figure.lead.rfind(['，', ',', '（', '(']);
    let before = before.and_then(|at| figure.lead.get(..at)).unwrap_or_default();
    let (case, then) = behind.split_once(['，', ',']).unwrap_or((behind, ""));
    let is_case = case.ends_with('的') && (then.contains('另') || are_named(then, pairs));
    let is_of_thing = figure.unit.is_empty()
        && behind.strip_prefix('的').is_some_and(|thing| thing.starts_with(char::is_alphanumeric));
    // 满6年的小李, 满24个月的李女士
    let is_of_person =
        behind.strip_prefix('的').is_some_and(examples::is_person) && meets(figure, rival);
    is_case || is_of_thing || is_of_person || are_named(before, pairs)
}

/// 不低于1000平方米, 5万元以下
fn is_limit(figure: &Figure, behind: &str) -> bool {
    let before = last_chars(&figure.lead, LIMIT_MAX);
    let is_before = |text: &str| LIMITS_BEHIND.iter().any(|word| text.starts_with(word));
    // 吨/日以下, 名员工以下
    let past_gap = || Gap::of(behind).and_then(|gap| behind.get(gap.len..));
    LIMITS.iter().any(|word| before.contains(word))
        || is_before(behind)
        || past_gap().is_some_and(is_before)
}

/// Whether the sentence gives the policy's value too, by no other name: 收入4万元，低于5万元.
fn gives(figure: &Figure, behind: &str, rival: &Figure) -> bool {
    let around = [figure.lead.as_str(), behind].map(|text| super::figures::find_in(text, 0, &[]));
    let is_named =
        |other: &Figure| other.label == figure.label || other.label.chars().count() < NAME_MIN;
    figure.value != rival.value
        && around.iter().flatten().any(|other| other.value == rival.value && is_named(other))
}

/// 小学 alone does not say which of a row's quantities is meant.
fn names_column(figure: &Figure, rival: &Figure) -> bool {
    rival.row == 0 || figure.label.get(rival.row..).is_some_and(|rest| !rest.is_empty())
}

/// The rest of a figure's sentence, and whether it asks.
fn behind<'t>(text: &'t str, figure: &Figure) -> (&'t str, bool) {
    let rest = text.get(figure.range.end..).unwrap_or_default();
    let rest = first_chars(rest, BEHIND_MAX);
    let end = rest.find(['。', '；', ';', '\n', '？', '?', '！']).unwrap_or(rest.len());
    let (behind, mark) = rest.split_at(end);
    (behind, mark.starts_with(['？', '?']) || behind.ends_with('吗'))
}

/// From one day several periods begin: 自受理之日起 20日内办结, 5日内告知.
fn same_act(figure: &Figure, behind: &str, rival_behind: &str) -> bool {
    const ACT: usize = 2;
    let act = |behind: &str| -> String {
        let behind = behind.trim_start_matches(['之', '以']).trim_start_matches('内');
        behind.chars().filter(|c| c.is_alphanumeric()).take(ACT).collect()
    };
    !figure.label.ends_with(['起', '后', '内']) || act(behind) == act(rival_behind)
}

/// 男60周岁、女55周岁: an age of men alone may be asked for by several clauses.
fn same_sexes(figure: &Figure, behind: &str, rival_behind: &str) -> bool {
    let next = |behind: &str| behind.chars().find(|c| c.is_alphanumeric());
    !figure.label.starts_with(['男', '女']) || next(behind) == next(rival_behind)
}

/// 建成200个食堂 and 建成150个车位 count two things.
fn same_thing(figure: &Figure, behind: &str, rival_behind: &str) -> bool {
    let thing = |behind: &str| -> Vec<char> {
        behind.chars().take_while(|c| c.is_alphanumeric()).take(2).collect()
    };
    let (ours, theirs) = (thing(behind), thing(rival_behind));
    let is_count = figure.is_count() || figure.unit == "个";
    !is_count || ours.is_empty() || theirs.is_empty() || ours == theirs
}

/// The classes that a sentence names: B类, 二档.
fn classes(lead: &str) -> impl Iterator<Item = &str> {
    let is_number =
        |c: char| c.is_ascii_alphanumeric() || "甲乙丙丁一二三四五六七八九十".contains(c);
    lead.match_indices(CLASSES).filter_map(move |(at, class)| {
        let (before, number) = lead.get(..at)?.char_indices().next_back()?;
        is_number(number).then(|| lead.get(before..at + class.len())).flatten()
    })
}

/// The case that a sentence holds for: 年满18周岁的，…
pub(super) fn condition(lead: &str) -> Option<String> {
    let clauses = lead.rsplit(['，', ',']).skip(1);
    let clause = clauses.map(str::trim).find(|clause| clause.ends_with('的'))?;
    // Behind 一、 or 专项：, or the last of a list.
    let clause = clause.rsplit(['、', '：', ':']).next()?;
    Some(clause.chars().filter(|c| c.is_alphanumeric()).collect())
}

/// Whether two sentences hold for the same case: 材料不齐的，… is not 材料齐全的，…
pub(super) fn are_of_one_case(lead: &str, rival: &str) -> bool {
    match (condition(lead), condition(rival)) {
        (Some(ours), Some(theirs)) => ours.contains(&theirs) || theirs.contains(&ours),
        _ => true,
    }
}
