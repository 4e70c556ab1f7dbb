//! Where the policy comes from, as the interpretation tells it: the session that passed it (第四次会议 for 第五次会议) and
//! the articles of laws that it is grounded on (《道路交通安全法》第三十九条 for 第三十八条). Others may be told of too, so it
//! warns.

use foldhash::HashMap;
use lockstep_proto::finding::Finding;

use super::{
    Pair, cap,
    former::{speaks_in_doubt, speaks_of_former},
    told,
};
use crate::{
    codes::{self, At as _},
    document::{
        Document, Reference, Target, first_chars, is_numeral, last_chars, parse_numeral,
        sentence_before,
    },
    titles,
};

/// What is wrong, where it stands, and the policy's with its place.
type Wrong<'t> = (&'t str, usize, &'t str, usize);

/// TS121
pub(super) fn check(pair: &Pair<'_>) -> Vec<Finding> {
    let wrong = sessions(pair).into_iter().chain(articles(pair));
    cap(wrong.map(|(ours, at, theirs, at_theirs)| {
        move || {
            let (line, _) = pair.policy.place(at_theirs);
            let place = format!("{}:{line}{}", pair.policy_path, told::DOUBT);
            let finding = codes::CONTRADICTION.about(format_args!("{ours} ≠ {theirs}（{place}）"));
            let (line, column) = pair.interpretation.place(at);
            finding.in_member(pair.interpretation_path).at_place(line, column).into_warning()
        }
    }))
}

/// Sessions of each text that are compared.
const SESSIONS_MAX: usize = 20;

/// A session: 第十七届人大常委会第四次会议, 第12次常务会议.
struct Session<'t> {
    body: Body,
    /// 常务, 全体, 局长办公
    kind: &'t str,
    term: Option<u32>,
    serial: u32,
    /// 第十七届人大常委会第四次会议
    raw: &'t str,
    start: usize,
}

/// Whose sessions are counted on their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Standing,
    Congress,
    Other,
}

impl Session<'_> {
    fn is_beside(&self, other: &Self) -> bool {
        self.body == other.body && self.kind == other.kind
    }

    fn is_of_term(&self, other: &Self) -> bool {
        self.term.zip(other.term).is_none_or(|(one, other)| one == other)
    }

    fn is(&self, other: &Self) -> bool {
        self.is_beside(other) && self.serial == other.serial && self.is_of_term(other)
    }
}

/// The sessions of a text, in order.
fn find_sessions(text: &str) -> impl Iterator<Item = Session<'_>> {
    const KIND_MAX: usize = 8;
    const NUMERAL_MAX: usize = 6;
    const BODY_MAX: usize = 24;
    text.match_indices("会议").filter_map(|(at, sign)| {
        let before = last_chars(text.get(..at)?, KIND_MAX + NUMERAL_MAX + 2);
        let (numeral, kind) = before.rsplit_once('次')?;
        let (_, serial) = numeral.rsplit_once('第')?;
        let serial_len = serial.len();
        let serial =
            parse_numeral(serial.trim()).filter(|_| kind.chars().all(char::is_alphabetic))?;
        let start = at - kind.len() - '次'.len_utf8() - serial_len - '第'.len_utf8();
        let body = last_chars(text.get(..start)?, BODY_MAX);
        let body = body.rsplit(['，', ',', '。', '（', '(', '\n', '、', '；']).next()?;
        let (term, name) = body.rsplit_once('届').unwrap_or(("", body));
        let begin = term.trim_end_matches(is_numeral);
        let numeral = begin.len();
        let begin = begin.strip_suffix('第').unwrap_or(begin).len();
        let start = if term.is_empty() { start } else { start - (body.len() - begin) };
        let is_standing = name.contains("常委") || name.contains("常务委员");
        let is_congress = name.contains("人大") || name.contains("代表大会");
        Some(Session {
            body: match (is_standing, is_congress) {
                (true, _) => Body::Standing,
                (false, true) => Body::Congress,
                (false, false) => Body::Other,
            },
            kind,
            term: term.get(numeral..).and_then(parse_numeral),
            serial,
            raw: text.get(start..at + sign.len())?,
            start,
        })
    })
}

/// Sessions that are said to have passed it, and did not: those that read it before may be told of besides.
fn sessions<'t>(pair: &Pair<'t>) -> Vec<Wrong<'t>> {
    const PASSED: [&str; 5] = ["通过", "修订", "修正", "批准", "公布"];
    const READ: [&str; 8] = ["初审", "一审", "二审", "初次", "首次", "听取", "提请", "原则"];
    const AROUND: usize = 60;
    let (policy, text) = (pair.policy.text(), pair.interpretation.text());
    let theirs: Vec<_> = find_sessions(policy).take(SESSIONS_MAX).collect();
    if theirs.is_empty() {
        return vec![];
    }
    let ours: Vec<_> = find_sessions(text).take(SESSIONS_MAX).collect();
    let is_given = |of: &Session<'_>| ours.iter().any(|session| session.is(of));
    let wrong = ours.iter().filter_map(|session| {
        let before = sentence_before(text, session.start, AROUND);
        let behind = first_chars(text.get(session.start..)?, AROUND);
        let behind = behind.split(['。', '；', '\n']).next()?;
        let is_passed = PASSED.iter().any(|word| behind.contains(word))
            && !READ.iter().any(|word| behind.contains(word) || before.contains(word))
            && !speaks_of_former(before);
        if !is_passed || theirs.iter().any(|other| other.is(session)) {
            return None;
        }
        let mut alike = theirs.iter().rev().filter(|other| other.is_beside(session));
        // 第十六届…第四次会议 for 第十七届…第四次会议
        let other = alike.clone().find(|other| other.is_of_term(session));
        let other = other.or_else(|| alike.find(|other| other.serial == session.serial))?;
        (!is_given(other)).then_some((session.raw, session.start, other.raw, other.start))
    });
    wrong.collect()
}

/// Articles of a law, by its bare title, that a text is grounded on.
type Grounds<'t> = HashMap<String, Vec<(&'t str, &'t Reference)>>;

/// Articles of a text that are compared.
const ARTICLES_MAX: usize = 100;

fn grounds<'t>(document: &'t Document<'_>) -> Grounds<'t> {
    const WORDS: [&str; 4] = ["根据", "依据", "依照", "按照"];
    // 依照…第九十条处罚 grounds an act on it, and no document.
    const MADE: [&str; 6] = ["制定", "决定", "通告", "出台", "发布", "印发"];
    const BEHIND_MAX: usize = 120;
    const BEFORE_MAX: usize = 120;
    let mut found = Grounds::default();
    let articles = document.references().iter().filter_map(|reference| {
        let Target::Other(title) = &reference.document else { return None };
        let article = |path: &'t String| path.split('/').find(|part| part.ends_with('条'));
        let is_ground = || {
            let before = sentence_before(document.text(), reference.start, BEFORE_MAX);
            let behind = document.text().get(reference.start..).unwrap_or_default();
            let behind = first_chars(behind, BEHIND_MAX).split(['。', '\n']).next();
            WORDS.iter().any(|word| before.contains(word))
                && !speaks_in_doubt(before)
                && behind.is_some_and(|behind| MADE.iter().any(|word| behind.contains(word)))
        };
        let paths = reference.paths.iter().filter_map(article).map(move |path| (path, reference));
        (!reference.is_range && !reference.paths.is_empty() && is_ground())
            .then_some((title, paths))
    });
    for (title, paths) in articles.take(ARTICLES_MAX) {
        found.entry(bare(title)).or_default().extend(paths);
    }
    found
}

fn bare(title: &str) -> String {
    let bare = titles::bare(title);
    bare.strip_prefix("中华人民共和国").map(str::to_owned).unwrap_or(bare)
}

/// Articles of a law on which the interpretation grounds what the policy grounds on others of it.
fn articles<'t>(pair: &Pair<'t>) -> Vec<Wrong<'t>> {
    let theirs = grounds(pair.policy);
    if theirs.is_empty() {
        return vec![];
    }
    let mut wrong = vec![];
    for (title, ours) in grounds(pair.interpretation) {
        let Some(theirs) = theirs.get(&title) else { continue };
        let is_in = |held: &[(&str, &Reference)], article: &str| {
            held.iter().take(ARTICLES_MAX).any(|(other, _)| *other == article)
        };
        let Some((other, at)) = theirs.iter().find(|(article, _)| !is_in(&ours, article)) else {
            continue;
        };
        // Whoever names one of the policy's knows them.
        let knows = ours.iter().any(|(article, _)| is_in(theirs, article));
        let first = ours.first().filter(|_| !knows);
        wrong.extend(
            first.map(|(article, reference)| (*article, reference.start, *other, at.start)),
        );
    }
    wrong.sort_by_key(|(_, start, ..)| *start);
    wrong
}
