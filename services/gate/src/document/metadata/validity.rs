//! From when and how long a document holds: 自…起施行, 有效期5年, 试行期两年.

use std::ops::Range;

use super::{
    super::{
        Document, Level, dates, mark,
        numerals::{is_numeral, parse},
        words::{first_chars, places_of, sentence_start},
    },
    DateRole, Dated, SELF_NAMES, Validity, dated,
};

/// A validity as a text states it.
#[derive(Debug, Clone)]
pub(crate) struct ValidityStated {
    pub(crate) validity: Validity,
    /// As written, without 有效期.
    pub(crate) raw: String,
    /// Its first byte.
    pub(crate) start: usize,
    /// The day on which it ends, where one is stated.
    expires: Option<Dated>,
}

impl Document<'_> {
    /// 有效期, 试行期: how long the document itself holds.
    pub(super) fn find_validity(&self) -> (Option<Validity>, Option<Dated>) {
        let stated = self.validities(is_about_itself).into_iter().next();
        stated.map_or((None, None), |stated| (Some(stated.validity), stated.expires))
    }

    /// All of them, those of the last units first, whose sentence up to there `is_about` the document meant. A
    /// permit's or a card's validity is another.
    pub(crate) fn validities(&self, is_about: impl Fn(&str) -> bool) -> Vec<ValidityStated> {
        let units = self.units.iter().rev();
        let units =
            units.filter(|unit| unit.level.is_structural() || unit.level == Level::Paragraph);
        units
            .flat_map(|unit| {
                let text = self.text_of(unit);
                let about = |at: usize| {
                    is_about(text.get(sentence_start(text, at)..at).unwrap_or_default())
                };
                let words = ["有效期", "试行期", "执行期"].into_iter();
                let named = words.flat_map(|word| places_of(text, word));
                let ends = named.filter(|place| about(place.start)).map(|place| place.end);
                let ends = ends.flat_map(|end| stated(text, end, unit.start));
                let unnamed = unnamed(text).filter(|end| about(*end));
                let unnamed = unnamed.flat_map(|end| stated(text, end, unit.start));
                ends.chain(unnamed).collect::<Vec<_>>()
            })
            .collect()
    }
}

/// No document holds longer.
const YEARS_MAX: u32 = 50;

/// Where a text says without 有效期 how long it holds: 自施行之日起5年有效, 起施行，至2028年12月31日止.
fn unnamed(text: &str) -> impl Iterator<Item = usize> {
    const HOLDS: [&str; 7] = ["有效", "内有效", "后失效", "后废止", "后自动失效", "止", "内施行"];
    let years = places_of(text, "之日起").filter_map(|place| {
        let behind = text.get(place.end..)?;
        let count = mark::prefix_len(behind, |c| is_numeral(c) || c == '两');
        let holds = behind.get(count..)?.trim_start().strip_prefix('年')?;
        let is_about = text.get(..place.start)?.ends_with(['行', '效', '布', '发', '施']);
        let is_held = is_about && HOLDS.iter().any(|word| holds.starts_with(word));
        is_held.then_some(place.end)
    });
    let until = ["起施行，", "起实施，", "起执行，", "起试行，"].into_iter();
    let until = until.flat_map(|word| places_of(text, word)).map(|place| place.end);
    let until = until.filter(|end| {
        let behind = first_chars(text.get(*end..).unwrap_or_default(), 20);
        let behind = behind.split(['，', '。', '；']).next().unwrap_or_default();
        behind.starts_with(['至', '到']) && behind.ends_with(['止', '日', '效'])
    });
    // 起施行，试行一年
    let tried = places_of(text, "试行").map(|place| place.end).filter(|end| {
        text.get(*end..).is_some_and(|behind| behind.starts_with(|c| is_numeral(c) || c == '两'))
    });
    years.chain(until).chain(tried).chain(held(text).map(|(first, _)| first.end))
}

/// 自2026年7月1日起至2031年6月30日止施行: the first day and the last.
fn held(text: &str) -> impl Iterator<Item = (dates::DateAt, dates::DateAt)> {
    let days =
        if text.contains("自") || text.contains("从") { dates::find(text) } else { vec![] };
    let lasts: Vec<_> = days.iter().skip(1).cloned().collect();
    days.into_iter().zip(lasts).filter(|(first, last)| {
        let between = text.get(first.end..last.start).unwrap_or_default().trim();
        let before = text.get(..first.start).unwrap_or_default().trim_end();
        let behind = text.get(last.end..).unwrap_or_default().trim_start();
        let behind = behind.strip_prefix('止').unwrap_or(behind);
        before.ends_with(['自', '从'])
            && ["至", "起至", "到", "起到"].contains(&between)
            && EFFECT_VERBS.iter().chain(&["有效"]).any(|verb| behind.starts_with(verb))
    })
}

/// What documents do from a day on.
pub(crate) const EFFECT_VERBS: [&str; 5] = ["施行", "实施", "执行", "生效", "试行"];

/// What stands behind 有效期 at byte `end` of a unit that begins at `base`: a last day, a number of years, or both.
fn stated(text: &str, end: usize, base: usize) -> impl Iterator<Item = ValidityStated> {
    let rest = first_chars(text.get(end..).unwrap_or_default(), 100);
    let rest = rest.split(['。', '；']).next().unwrap_or_default();
    let until = until(rest, base + end).into_iter();
    until.chain(years(rest, base + end))
}

/// 至2028年12月31日, 为2027年1月1日至2028年12月31日; 自2027年1月1日起计算 is no end.
fn until(rest: &str, base: usize) -> Option<ValidityStated> {
    let is_end = |date: &dates::DateAt| {
        let before = rest.get(..date.start).unwrap_or_default();
        before.trim_end().ends_with(['至', '到', '—', '－', '-', '~', '～'])
    };
    let date = dates::find(rest).into_iter().rfind(is_end)?;
    let dated = dated(DateRole::Expires, Some(date.date), base, rest, date.start, date.end);
    Some(ValidityStated {
        validity: Validity::Until(date.date),
        raw: rest.get(date.start..date.end)?.to_owned(),
        start: base + date.start,
        expires: Some(dated),
    })
}

/// 5年, 为五年
fn years(rest: &str, base: usize) -> Option<ValidityStated> {
    let years = rest.trim_start_matches(['为', '限', '是', '自', '暂', '定', ' ']);
    let len = mark::prefix_len(years, |c| is_numeral(c) || c == '两');
    // 为2027年、2028年两年 counts otherwise.
    let count = years.get(..len).and_then(years_of).filter(|count| *count <= YEARS_MAX)?;
    let is_years = years.get(len..)?.trim_start().starts_with('年');
    let raw = years.get(..years.find('年')? + '年'.len_utf8())?;
    is_years.then(|| ValidityStated {
        validity: Validity::Years(count),
        raw: raw.to_owned(),
        start: base + rest.len() - years.len(),
        expires: None,
    })
}

/// 自2016年11月1日起施行, 自印发之日起施行
pub(super) fn effective(base: usize, text: &str) -> Vec<Dated> {
    // Each verb holds one of these.
    if !text.contains(['施', '行', '效']) {
        return vec![];
    }
    let mut found = effective_by_name(base, text);
    // 夏季收费标准自…至…执行 is of one of its matters.
    let is_own = |first: &dates::DateAt| {
        is_about_itself(
            text.get(sentence_start(text, first.start)..first.start).unwrap_or_default(),
        )
    };
    found.extend(held(text).filter(|(first, _)| is_own(first)).map(|(first, _)| {
        dated(DateRole::Effective, Some(first.date), base, text, first.start, first.end)
    }));
    for verb in EFFECT_VERBS {
        for Range { start: at, end } in places_of(text, verb) {
            // 2008年5月1日起施行的条例 is another one.
            let is_of_other = text.get(end..).is_some_and(|rest| rest.starts_with('的'));
            let from = sentence_start(text, at);
            let sentence = text.get(from..at).unwrap_or_default();
            let bare = sentence.trim_end().trim_end_matches("正式").trim_end_matches("开始");
            // 从2027年2月1日开始实施
            let is_begun = bare.len() < sentence.trim_end().len() && bare.ends_with(['日', '号']);
            let verb = bare;
            // 自、从…起施行, 于…施行
            let is_later = verb.ends_with('后') && verb.contains("之日起");
            let since = verb.rfind(['自', '从']);
            let since = since.filter(|_| verb.ends_with('起') || is_later || is_begun);
            let since = since.or_else(|| {
                // 自2027年2月1日施行 lacks its 起.
                let is_day = |from: &usize| {
                    let day = verb.get(*from..).and_then(|span| span.strip_prefix(['自', '从']));
                    day.is_some_and(|day| dates::read(day).is_some())
                };
                let after = verb.rfind('于').filter(|_| verb.ends_with(['日', '号']));
                after.or_else(|| verb.rfind(['自', '从']).filter(is_day))
            });
            // 本通知2027年2月1日起施行
            let since = since.or_else(|| begins_at(verb, is_begun).filter(|_| !is_of_other));
            let Some(since) = since else { continue };
            let span = sentence.get(since..).unwrap_or_default();
            if let Some(date) = dates::find(span).into_iter().next_back() {
                found.push(dated(
                    DateRole::Effective,
                    Some(date.date),
                    base + from + since,
                    span,
                    date.start,
                    date.end,
                ));
            } else if span.contains("印发之日")
                || span.contains("发布之日")
                || span.contains("公布之日")
                || span.starts_with("即日起")
            {
                found.push(dated(
                    DateRole::Effective,
                    None,
                    base + from + since,
                    span,
                    0,
                    span.len(),
                ));
            }
        }
    }
    found
}

/// Where the day stands from which something holds, without 自: 2027年2月1日起, 即日起, 2027年2月1日正式.
fn begins_at(before: &str, is_begun: bool) -> Option<usize> {
    let day = before.strip_suffix('起').or_else(|| is_begun.then_some(before))?.trim_end();
    let date = dates::find(day).into_iter().next_back().filter(|date| date.end == day.len());
    date.map(|date| date.start).or_else(|| day.strip_suffix("即日").map(str::len))
}

/// 施行日期：2027年2月1日
fn effective_by_name(base: usize, text: &str) -> Vec<Dated> {
    let named = [
        "施行日期",
        "实施日期",
        "生效日期",
        "执行日期",
        "施行时间",
        "实施时间",
        "生效时间",
        "执行时间",
    ]
    .into_iter();
    let named = named.flat_map(|name| places_of(text, name));
    let found = named.filter_map(|Range { end: from, .. }| {
        let rest = first_chars(text.get(from..)?, 20);
        let date = dates::find(rest).into_iter().next()?;
        let is_next =
            rest.get(..date.start)?.trim_matches(['：', ':', '为', '是', ' ', '*']).is_empty();
        is_next.then(|| {
            dated(DateRole::Effective, Some(date.date), base + from, rest, date.start, date.end)
        })
    });
    found.collect()
}

/// 本办法自…施行，(有效期): whether a sentence is about the document itself.
pub(crate) fn is_about_itself(sentence: &str) -> bool {
    let names = |sentence: &str| {
        sentence.match_indices('本').any(|(at, own)| {
            let rest = sentence.get(at + own.len()..).unwrap_or_default();
            SELF_NAMES.iter().any(|name| rest.starts_with(name))
        })
    };
    names(sentence)
        || sentence.contains("起施行")
        || sentence.contains("起执行")
        || sentence.contains("起实施")
        || sentence.contains("起试行")
}

/// 两年 is how people say 二年.
fn years_of(numeral: &str) -> Option<u32> {
    if numeral == "两" { Some(2) } else { parse(numeral) }
}
