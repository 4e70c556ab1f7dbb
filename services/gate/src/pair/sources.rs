//! Whether a figure that the policy lacks asks for a source (TS120): one that says how things are, when
//! something was, or what something is called does not.

use jiff::civil::Date;

use super::{
    examples,
    figures::{
        Figure, Part,
        times::{CLOCK, WEEKDAY},
    },
    former::speaks_of_other,
};
use crate::document::{DateRole, Document, Metadata, first_chars, last_chars, read_date};

/// Characters behind a day that say what it is for.
const BEHIND_MAX: usize = 30;
/// How many years back a day is taken for one of the last notice.
const YEARS_BACK: i16 = 2;
/// What is asked of people within a time.
const ASKED: [&str; 12] = [
    "申请", "报名", "申报", "受理", "截止", "登记", "缴费", "提交", "领取", "办理", "填报", "缴纳",
];
/// What is asked of people by a day long past.
const BORN: [&str; 3] = ["出生", "毕业", "入学"];
/// Words of a sentence that tells what was done on a day.
const TOLD: [&str; 25] = [
    "召开", "举行", "举办", "印发", "发布", "公布", "出台", "审议", "通过", "签署", "成立", "介绍",
    "记者", "会议", "征求", "讯", "电", "日报", "去年", "近日", "截至", "已", "了", "启动", "年",
];

/// Of these, the ones that are said also of what is planned.
const PLANNED: [&str; 8] = ["发布", "公布", "通过", "会议", "征求", "启动", "印发", "介绍"];
/// What stands behind 电 where it is no dateline: 电脑派位.
const ELECTRIC: [char; 12] =
    ['脑', '话', '子', '梯', '影', '力', '费', '价', '动', '器', '网', '商'];
/// Days without their year that make a schedule.
const SCHEDULE_MIN: usize = 3;

/// Which figures of an interpretation ask for one.
pub(super) struct Sources<'d> {
    interpretation: &'d Document<'d>,
    /// The day on which the policy was written: by its text, else as declared, else the last before its
    /// newest year.
    written: Option<Date>,
    /// Whether it is only taken from the policy's newest year.
    is_guessed: bool,
    /// Whether the policy says day by day what is to be done: 6月8日：民办学校电脑派位.
    has_schedule: bool,
}

impl<'d> Sources<'d> {
    pub(super) fn of(
        interpretation: &'d Document<'d>,
        policy: &Metadata,
        declared: Option<&str>,
        figures: &[Figure],
    ) -> Self {
        let days = figures.iter().filter(|figure| is_day_of_year(figure)).count();
        let newest = policy.dates.iter().filter_map(|dated| dated.date).max();
        let newest = || newest.and_then(|date| date.first_of_year().yesterday().ok());
        let said = written(policy, declared);
        let (is_guessed, written) = (said.is_none(), said.or_else(newest));
        Self { interpretation, written, is_guessed, has_schedule: days >= SCHEDULE_MIN }
    }

    /// Those of these figures that ask for one, each day once.
    pub(super) fn asked_for<'f>(&self, missing: Vec<&'f Figure>) -> Vec<&'f Figure> {
        let mut asked: Vec<&Figure> = vec![];
        for figure in missing.into_iter().filter(|figure| self.asks(figure)) {
            // 2019年2月 behind 2019年2月27日
            let is_said = figure.unit.is_empty()
                && asked.last().is_some_and(|last| last.value.starts_with(&figure.value));
            if !is_said {
                asked.push(figure);
            }
        }
        asked
    }

    fn asks(&self, figure: &Figure) -> bool {
        let is_date = figure.unit.is_empty() || [CLOCK, WEEKDAY].contains(&figure.unit);
        // 24小时热线
        let is_always = figure.value == "24小时";
        !self.is_rough(figure)
            && !is_always
            && !is_in_title(figure)
            && !self.is_day_of_case(figure)
            && !self.is_in_plan(figure)
            && (!is_date || (self.binds(figure) && !self.is_alone(figure)))
    }

    /// 张先生2027年3月申请 tells when something happened.
    fn is_day_of_case(&self, figure: &Figure) -> bool {
        figure.unit.is_empty() && examples::tells(self.interpretation.text(), figure.range.start)
    }

    /// Whether something is asked of people by that day.
    fn binds(&self, figure: &Figure) -> bool {
        let behind = self.interpretation.text().get(figure.range.end..).unwrap_or_default();
        let behind = first_chars(behind, BEHIND_MAX);
        let behind = behind.split(['。', '；', '\n']).next().unwrap_or_default();
        if figure.value.contains('年') {
            // 2021年9月30日前出生的 is asked for, however long ago.
            // 2019年2月27日，国务院发布…; 2027年7月31日前公布 is asked for.
            let is_limit = behind.starts_with(['前', '起', '之', '至', '内', '止', '后', '以'])
                || figure.part == Part::End
                || figure.lead.contains("截止");
            let is_told = || !is_limit && TOLD.iter().any(|word| behind.contains(word));
            return BORN.iter().any(|word| behind.contains(word))
                || (is_limit && self.is_of_last_notice(figure, behind))
                || (self.is_to_come(figure) && !(self.is_guessed && is_told()));
        }
        // 2026年2月3日征求意见，5月20日通过 tells what was; 每年4月1日 does not.
        let lead = figure.lead.replace("每年", "");
        // 申报截至7月30日
        let asks_by = lead.trim_end().strip_suffix("截至").is_some_and(|asked| {
            ASKED.iter().any(|word| asked.trim_end_matches(['时', '间']).ends_with(word))
        });
        // 4月27日，某部和某委……发布
        let opens = lead.trim().is_empty() && behind.starts_with('，');
        // 周六、周日休息
        let is_closed = figure.unit == WEEKDAY && behind.contains(['不', '休', '停', '闭']);
        // Of what is still to come 公布 tells nothing that was.
        let is_planned = self.has_schedule && self.is_later_in_year(figure);
        let tells = |said: &str, word: &str| match word {
            "电" => said.match_indices(word).any(|(at, _)| {
                !said.get(at + word.len()..).is_some_and(|behind| behind.starts_with(ELECTRIC))
            }),
            _ => said.contains(word) && !(is_planned && PLANNED.contains(&word)),
        };
        asks_by
            || !opens
                && !is_closed
                && ![lead.as_str(), behind]
                    .iter()
                    .any(|said| TOLD.iter().any(|word| tells(said, word)))
    }

    /// Whether a day without its year comes behind the one on which the policy was written.
    fn is_later_in_year(&self, figure: &Figure) -> bool {
        let written = self.written.filter(|_| is_day_of_year(figure));
        let said = written
            .and_then(|written| find_parts(&format!("{}年{}", written.year(), figure.value)));
        written.zip(said).is_some_and(|(written, [_, month, day])| {
            (month, day) > (i16::from(written.month()), i16::from(written.day()))
        })
    }

    /// 报名截止2025年3月1日前 in the year after: a day of the last notice that was copied, since nobody can keep it.
    fn is_of_last_notice(&self, figure: &Figure, behind: &str) -> bool {
        let years = find_parts(&figure.value).zip(self.written);
        let is_recent = years.is_some_and(|([year, month, _], written)| {
            month > 0 && (0..=YEARS_BACK).contains(&(written.year() - year))
        });
        let says = |words: &[&str]| {
            words.iter().any(|word| figure.lead.contains(word) || behind.contains(word))
        };
        let is_told = TOLD.iter().filter(|word| **word != "年" && **word != "截至");
        is_recent
            && says(&ASKED)
            && !speaks_of_other(&figure.lead)
            && !is_told.into_iter().any(|word| says(&[word]))
    }

    /// Days before the policy was written are background; later ones bind people.
    fn is_to_come(&self, figure: &Figure) -> bool {
        let parts = find_parts(&figure.value);
        let Some(([year, month, day], written)) = parts.zip(self.written) else { return false };
        let written_day = if day == 0 { 0 } else { i16::from(written.day()) };
        (year, month, day) > (written.year(), i16::from(written.month()), written_day)
    }

    /// 近三年, 20多年, 300余家: says how things are, not what holds.
    fn is_rough(&self, figure: &Figure) -> bool {
        let raw = self.interpretation.text().get(figure.range.clone()).unwrap_or_default();
        raw.contains(['余', '多'])
            || (figure.is_about && raw.contains('半'))
            || (figure.unit == "年" && (figure.is_about || figure.lead.ends_with(['近', '约'])))
    }

    /// 第十三个五年规划, 三年行动计划
    fn is_in_plan(&self, figure: &Figure) -> bool {
        let behind = self.interpretation.text().get(figure.range.end..).unwrap_or_default();
        let is_ordinal = || {
            let tail = figure.lead.rsplit('第').next().unwrap_or_default();
            figure.lead.contains('第') && tail.ends_with('个') && tail.chars().nth(4).is_none()
        };
        figure.unit == "年"
            && (is_ordinal()
                || ["规划", "行动", "计划", "規劃", "行動", "計劃"]
                    .iter()
                    .any(|plan| behind.starts_with(plan)))
    }

    /// 发布时间：2019-01-22: what stands beside a date in a line that is no sentence is the page's.
    fn is_alone(&self, figure: &Figure) -> bool {
        const LINE_MAX: usize = 40;
        // 到校报名时间：6月19日
        if self.has_schedule && self.is_later_in_year(figure) {
            return false;
        }
        let document = self.interpretation;
        let Some(unit) = document.units().get(document.unit_at(figure.range.start)) else {
            return true;
        };
        // A line may hold more days than can each look at the whole of it.
        let text = document.text();
        let before = text.get(unit.start..figure.range.start).unwrap_or_default();
        let behind = text.get(figure.range.end..unit.end).unwrap_or_default();
        let (before, behind) = (last_chars(before, LINE_MAX), first_chars(behind, LINE_MAX));
        let around = figure.range.start - before.len()..figure.range.end + behind.len();
        let line = text.get(around).unwrap_or_default().trim();
        !line.contains(['。', '，', '；']) && line.chars().nth(LINE_MAX).is_none()
    }
}

/// The day on which a policy was written, by its text or as declared.
pub(super) fn written(policy: &Metadata, declared: Option<&str>) -> Option<Date> {
    let written = policy.dates.iter().filter(|dated| dated.role == DateRole::Written);
    written.filter_map(|dated| dated.date).max().or_else(|| declared.and_then(read_date))
}

/// 6月8日
fn is_day_of_year(figure: &Figure) -> bool {
    figure.unit.is_empty() && !figure.value.contains('年') && figure.value.ends_with('日')
}

/// 《三年行动计划》 is a name.
fn is_in_title(figure: &Figure) -> bool {
    figure.lead.rfind('《') > figure.lead.rfind('》')
}

/// Year, month and day of 2019年2月27日; 0 for a part that is not said.
fn find_parts(value: &str) -> Option<[i16; 3]> {
    let (year, rest) = value.split_once('年')?;
    let (month, day) = rest.split_once('月').unwrap_or_default();
    let part = |text: &str| text.trim_end_matches('日').parse().unwrap_or(0);
    Some([year.parse().ok()?, part(month), part(day)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures of a sentence that ask for a source, beside a policy of 2 November 2026.
    fn asked(text: &str) -> Vec<String> {
        let policy = "关于示例工作的通知\n\n一、做好工作。\n\n某局\n\n2026年11月2日\n";
        let interpretation = Document::read(text);
        let figures = super::super::figures::find(&interpretation);
        let sources = Sources::of(&interpretation, Document::read(policy).metadata(), None, &[]);
        let missing = figures.iter().filter(|figure| !figure.is_weak).collect();
        let asked = sources.asked_for(missing).into_iter();
        asked.map(|figure| figure.value.clone()).collect()
    }

    #[test]
    fn beside_a_policy_without_a_date_what_is_told_asks_for_none() {
        let policy = "关于示例工作的通知\n\n一、自2027年1月1日起施行。\n";
        for (text, expected) in
            [("2027年2月27日，国务院发布了条例。", 0), ("2027年7月31日前公布数据。", 1)]
        {
            let interpretation = Document::read(text);
            let figures = super::super::figures::find(&interpretation);
            let policy = Document::read(policy);
            let sources = Sources::of(&interpretation, policy.metadata(), None, &[]);
            let asked = sources.asked_for(figures.iter().collect());
            assert_eq!(asked.len(), expected, "{text}");
        }
    }

    #[test]
    fn a_line_of_days_is_not_read_anew_for_each() {
        let text = "2027年1月1日 2027年2月2日 ".repeat(10_000);
        assert_eq!(asked(&text).len(), 20_000);
        assert_eq!(asked("发布时间：2027年1月1日\n"), [""; 0]);
    }

    #[test]
    fn names_days_past_and_rough_periods_ask_for_none() {
        for text in [
            "这是第十三个五年规划的要求。",
            "本市实施三年行动计划。",
            "《学前教育三年提升意见》提出要求。",
            "实行已有十年左右。",
            "近三年来，情况好转。",
            "我们2026年10月9日征求意见，2026年10月研究，2026年11月2日印发。",
            "2026年3月2日起草，5月20日定稿，作了修改。",
            "5月20日，市政府召开会议，作了部署。",
            "4月27日，某部和某委在北京就有关工作作出安排。",
            "2021年9月30日，办法到期。",
            "副局长4日在发布会上介绍，情况好转。",
        ] {
            assert_eq!(asked(text), [""; 0], "{text}");
        }
        for (text, expected) in [
            ("学制为五年。", "5年"),
            ("《办法》规定学制为三年。", "3年"),
            ("我们将于2026年12月9日开通，12月前准备，2026年12月试用。", "2026年12月9日"),
            ("公示期限为4日，在网上。", "4日"),
            ("惠及约4万户。", "40000户"),
            ("5月20日摇号，在网上公示。", "5月20日"),
            ("每年4月1日可以申请，逾期不补。", "4月1日"),
            ("2021年9月30日前出生的孩子，今年入学。", "2021年9月30日"),
            ("2027年3月5号开学，请准备。", "2027年3月5日"),
        ] {
            assert_eq!(asked(text), [expected], "{text}");
        }
    }
}
