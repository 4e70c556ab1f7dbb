//! Places that a draft leaves blank for a number or a day without a slot: 示建规〔2027〕　号, 2027年　月　日, in a line of its
//! own or in a sentence: 自2027年　月　日起施行. They would be published as they are.

use lockstep_proto::{edition::Slot, finding::Finding};

use crate::{
    codes::{self, At as _},
    document::{Document, Level, SELF_NAMES, first_chars, is_agency, last_chars},
};

/// Characters of a line that is a number or a day, at most.
const LINE_MAX: usize = 40;

/// Lines of a text's head, blank ones left out.
const HEAD_LINES: usize = 10;

/// TS110 in the policy's own part: the forms among its attachments have blanks for those who fill them in. Where a line
/// stands neither in the head nor below who signed, it may be a form's too, and warns.
pub(super) fn check(policy: &Document<'_>, path: &str) -> Vec<Finding> {
    let is_attached = |level: Level| matches!(level, Level::Attachment | Level::AttachmentList);
    let start_of = |is: &dyn Fn(Level) -> bool| {
        let first = policy.units().iter().find(|unit| is(unit.level));
        first.map_or(policy.text().len(), |unit| unit.start)
    };
    let (end, body) = (start_of(&is_attached), start_of(&Level::is_structural));
    let own = policy.text().get(..end).unwrap_or_default();
    let mut findings = vec![];
    let (mut at, mut count, mut last) = (0, 0, "");
    for (index, line) in own.split_inclusive('\n').enumerate() {
        if let Some(slot) = find(line) {
            let is_in_head = count < HEAD_LINES && at < body;
            let is_signed = slot == Slot::WrittenOn && is_agency(last);
            let finding = tell(line.trim(), slot).in_member(path).at_line(index + 1);
            let is_sure = is_in_head || is_signed;
            findings.push(if is_sure { finding } else { finding.into_warning() });
        } else if let Some(blank) = find_day_within(line) {
            let finding = tell_within(blank.shown).in_member(path).at_line(index + 1);
            findings.push(if blank.is_sure { finding } else { finding.into_warning() });
        }
        at += line.len();
        if !line.trim().is_empty() {
            count += 1;
            last = line.trim().trim_matches('*');
        }
    }
    findings
}

/// TS110 in an interpretation, for the days that its sentences leave blank. It warns: samples of forms may stand there.
pub(super) fn check_interpretation(document: &Document<'_>, path: &str) -> Vec<Finding> {
    let lines = document.text().lines().enumerate();
    let blank = lines.filter_map(|(index, line)| {
        let blank = find_day_within(line)?;
        Some(tell_within(blank.shown).in_member(path).at_line(index + 1).into_warning())
    });
    blank.collect()
}

/// A day in a sentence that is not filled in.
struct Blank<'l> {
    shown: &'l str,
    /// Whether the sentence says when the policy begins: 本办法自2027年　月　日起施行.
    is_sure: bool,
}

/// The first such day of a line: 自2027年　月　日起, 自　年　月　日起. Without a year it is told by what leads to it alone, as
/// forms have blank days too.
fn find_day_within(line: &str) -> Option<Blank<'_>> {
    const LED_BY: [char; 5] = ['自', '从', '于', '至', '到'];
    const BEGINS: [&str; 4] = ["起施行", "起执行", "起实施", "起生效"];
    const BEGINS_MAX: usize = 6;
    const BEFORE_MAX: usize = 24;
    const YEAR: usize = 4;
    line.match_indices('年').find_map(|(at, sign)| {
        let (before, rest) = line.split_at_checked(at)?;
        let rest = first_chars(rest.strip_prefix(sign)?, PART_MAX * 2 + BEGINS_MAX);
        let (month, behind) = rest.split_once('月')?;
        // Most that stands behind a year is no day.
        let is_short = |part: &str| part.chars().nth(PART_MAX).is_none();
        if !is_short(month) || !month.chars().all(|c| is_numeral(c) || is_open(c)) {
            return None;
        }
        let (day, behind) = behind.split_once('日')?;
        let is_day = is_short(day) && day.chars().all(|c| is_numeral(c) || is_open(c));
        // 6月 1 日 is only set wide.
        let is_left = |part: &str| !part.is_empty() && part.chars().all(is_open);
        let bare = before.trim_end();
        let year = last_chars(bare, YEAR);
        let has_year = year.chars().all(is_numeral) && year.chars().nth(YEAR - 1).is_some();
        let start = if has_year { bare.len() - year.len() } else { bare.len() };
        let lead = line.get(..start)?.trim_end();
        let is_led = lead.ends_with(LED_BY) || behind.trim_start().starts_with(['起', '前', '后']);
        let is_blank = is_day && (is_left(month) || is_left(day));
        let is_said = is_led && (has_year || lead.ends_with(LED_BY) && is_left(month));
        if !is_blank || !is_said {
            return None;
        }
        let end = BEGINS.iter().find(|word| behind.starts_with(**word)).map_or("", |word| *word);
        let own = last_chars(lead, BEFORE_MAX);
        let is_own = SELF_NAMES
            .iter()
            .any(|name| own.rsplit_once(name).is_some_and(|(before, _)| before.ends_with('本')));
        let from = lead.len() - lead.chars().next_back().map_or(0, char::len_utf8);
        let until = at + sign.len() + (rest.len() - behind.len()) + end.len();
        let shown = line.get(from..until)?;
        Some(Blank { shown, is_sure: is_own && !end.is_empty() })
    })
}

/// Characters of a month or a day, with what is blank around them.
const PART_MAX: usize = 12;

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "〇○零一二三四五六七八九十".contains(c)
}

fn is_open(c: char) -> bool {
    c.is_whitespace() || is_blank(c)
}

fn tell_within(shown: &str) -> Finding {
    codes::SLOT.about(format!("{shown} 没有填全 is not filled in")).advising(
        "填上日期；与印发同日的，写作“自印发之日起施行”".to_owned(),
        "fill in the day; where it is that of issue, write 自印发之日起施行".to_owned(),
    )
}

fn tell(line: &str, slot: Slot) -> Finding {
    let what = format!("{line} 没有填全 is not filled in");
    let help = format!(
        "已定的填全；未定的，整行改写为 {0}，并在 slots 中列出 {1}；供人填写的表格移到附件中（首行写 附件1）",
        slot.mark(),
        slot.name()
    );
    let help_en = format!(
        "fill it in; what is not known yet is written {} in the place of the whole line, and listed in \
         slots; forms for people to fill in belong among the attachments (附件1)",
        slot.mark()
    );
    codes::SLOT.about(what).advising(help, help_en)
}

/// The slot that a line should hold.
fn find(line: &str) -> Option<Slot> {
    // Asked of every line; most end otherwise.
    let line = line.trim_end().trim_end_matches(['*', '）', ')']).trim_end();
    if !line.ends_with(['号', '日']) || line.chars().nth(LINE_MAX * 2).is_some() {
        return None;
    }
    let line = line.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '*' | '#' | '（' | '(' | '\\')
    });
    let dress = |c: &char| !c.is_whitespace() && !matches!(c, '*' | '\\');
    let bare: String = line.chars().filter(dress).collect();
    if bare.chars().nth(LINE_MAX).is_some() {
        None
    } else if is_blank_number(&bare) {
        Some(Slot::Number)
    } else {
        is_blank_day(&bare).then_some(Slot::WrittenOn)
    }
}

/// 示建规〔2027〕号, 示建规〔2027〕XX号, 示建规（2027）号
fn is_blank_number(line: &str) -> bool {
    let Some((code, rest)) = line.split_once(['〔', '[', '［', '﹝', '【', '（', '(']) else {
        return false;
    };
    let Some((year, serial)) = rest.split_once(['〕', ']', '］', '﹞', '】', '）', ')'])
    else {
        return false;
    };
    let Some(serial) = serial.strip_suffix('号') else { return false };
    let serial = serial.strip_prefix('第').unwrap_or(serial);
    code.chars().count() >= 2
        && code.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
        // 某部（）号 is none.
        && (!year.is_empty() || !line.contains(['（', '(']))
        && year.chars().all(|c| c.is_ascii_digit() || is_blank(c))
        && serial.chars().all(is_blank)
}

/// 2027年月日, 2027年1月XX日, 二〇二七年月日
fn is_blank_day(line: &str) -> bool {
    let Some((year, rest)) = line.split_once('年') else { return false };
    let Some((month, day)) = rest.split_once('月') else { return false };
    let Some(day) = day.strip_suffix('日') else { return false };
    let is_number = |part: &str| part.chars().all(|c| is_numeral(c) || is_blank(c));
    let is_spelled = ["二〇", "二○", "二零"].iter().any(|begin| year.starts_with(begin));
    (year.starts_with("20") || is_spelled)
        && [year, month, day].into_iter().all(is_number)
        && [month, day].into_iter().any(|part| part.chars().all(is_blank))
}

/// What stands for a figure that is not known yet.
fn is_blank(c: char) -> bool {
    matches!(c, 'X' | 'x' | 'Ｘ' | '×' | '_' | '＿' | '*' | '□' | '○' | '…')
}

/// Whether a mark stands within what it stands for: 示建规〔2027〕{{文号}}号.
pub(super) fn is_within(slot: Slot, before: &str, behind: &str) -> bool {
    let (before, behind) = (before.trim_end(), behind.trim_start());
    match slot {
        Slot::Number => before.ends_with(['〕', ']', '］', '﹞', '】']) || behind.starts_with('号'),
        Slot::WrittenOn | Slot::PrintedOn => {
            before.ends_with(['年', '月']) || behind.starts_with(['年', '月', '日'])
        }
        Slot::IndexNumber => false,
    }
}

#[cfg(test)]
mod tests {
    use lockstep_proto::finding::Severity;

    use super::*;

    /// Lines with what helps; below 0 where they only warn.
    fn said(text: &str) -> Vec<(i64, String)> {
        let found = check(&Document::read(text), "policy.md").into_iter();
        let line = |finding: &Finding| {
            let line = i64::from(finding.line.unwrap());
            if finding.severity == Severity::Block { line } else { -line }
        };
        found.map(|finding| (line(&finding), finding.help)).collect()
    }

    #[test]
    fn a_line_that_may_be_a_forms_only_warns() {
        let body = "# 关于示例的通知\n\n各街道：\n\n一、申请\n\n申请表样式如下：\n\n申请人（签名）：\n\n2027年　月　日\n\n";
        assert!(matches!(&said(body)[..], [(-11, _)]), "{:?}", said(body));
        let signed = format!("{body}二、其他\n\n请照此办理。\n\n示例市民政局\n\n2027年　月　日\n");
        assert!(matches!(&said(&signed)[..], [(-11, _), (19, _)]), "{:?}", said(&signed));
        let number = "# 关于示例的通知\n\n各街道：\n\n一、通知书样式：\n\n示民补字〔2027〕　号\n";
        assert!(matches!(&said(number)[..], [(-7, _)]), "{:?}", said(number));
    }

    #[test]
    fn what_a_draft_leaves_blank_is_found() {
        for (line, slot) in [
            ("示建规〔2027〕　号", "{{文号}}"),
            ("示建规〔2027〕XX号", "{{文号}}"),
            ("示政办发［20XX］×号", "{{文号}}"),
            ("**示建规\\[2027\\]__号**", "{{文号}}"),
            ("2027年　月　日", "{{成文日期}}"),
            ("（2027年X月X日）", "{{成文日期}}"),
            ("2027年1月 日", "{{成文日期}}"),
            ("20××年×月×日", "{{成文日期}}"),
            ("示民告〔　　〕　号", "{{文号}}"),
            ("二〇二七年　月　日", "{{成文日期}}"),
            ("二○二七年三月　日", "{{成文日期}}"),
            ("示民规（2027）　号", "{{文号}}"),
            ("（示民规(2027) 号）", "{{文号}}"),
        ] {
            let text = format!("# 关于示例的通知\n\n{line}\n\n各街道：\n\n请照此办理。\n");
            let found = said(&text);
            assert!(matches!(&found[..], [(3, help)] if help.contains(slot)), "{line}: {found:?}");
        }
    }

    #[test]
    fn a_day_that_a_sentence_leaves_blank_is_found() {
        for (sentence, is_sure) in [
            ("本办法自2027年　月　日起施行。", true),
            ("第九条　本办法自2027年3月　日起施行，有效期五年。", true),
            ("本通知自二〇二七年　月　日起施行。", true),
            ("本通知自　　年　　月　　日起执行。", true),
            ("本办法自2027年X月X日起施行。", true),
            ("申报自2027年　月　日起开始。", false),
            ("各区应当于2027年 月 日前报送。", false),
        ] {
            let text = format!("# 关于示例的通知\n\n各街道：\n\n请照此办理。\n\n{sentence}\n");
            let found = said(&text);
            let expected = if is_sure { 7 } else { -7 };
            assert!(
                matches!(&found[..], [(line, help)] if *line == expected && help.contains("填上日期")),
                "{sentence}: {found:?}"
            );
            let document = Document::read(sentence);
            assert_eq!(check_interpretation(&document, "interpretation.md").len(), 1, "{sentence}");
        }
        for sentence in [
            "本办法自2027年3月1日起施行。",
            "本办法自2027 年 3 月 1 日起施行。",
            "本办法自 2027 年　3　月　1　日起施行。",
            "自2027年起，按月 日均用量计算。",
            "2027年 月均收入、日均收入自行填写。",
            "申请人：　　　　　年　月　日",
            "每年3月至5月 日常巡查。",
        ] {
            let text = format!("# 关于示例的通知\n\n各街道：\n\n请照此办理。\n\n{sentence}\n");
            assert_eq!(said(&text), [], "{sentence}");
        }
    }

    #[test]
    fn what_is_filled_in_or_is_filled_in_by_others_is_none() {
        for line in [
            "示建规〔2027〕1号",
            "示建规〔2027〕〇号",
            "{{文号}}",
            "2027年1月15日",
            "二〇二七年一月五日",
            "自2027年1月起每月15日",
            "每年　月　日",
            "办理地点为某路〔东〕号",
        ] {
            let text = format!("# 关于示例的通知\n\n{line}\n\n各街道：\n\n请照此办理。\n");
            assert_eq!(said(&text), [], "{line}");
        }
        let form =
            "# 关于示例的通知\n\n各街道：\n\n请照此办理。\n\n附件1\n\n申请表\n\n2027年　月　日\n";
        assert_eq!(said(form), []);
    }
}
