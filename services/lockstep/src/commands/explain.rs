//! `lockstep explain`: a code's page, and what the code itself settles: weight, stage, whether a
//! profile may change it.

use anyhow::anyhow;
use lockstep_gate::{
    codes::{self, Code},
    pages::{self, Page},
    profile,
    verdict::{At, first_stage},
};
use lockstep_proto::{finding::Severity, sign_off::Profile};
use serde_json::{Value, json};

use crate::{cli::ExplainArgs, print};

/// Longer lines are hard to read; a terminal may be narrower.
const WIDTH_MAX: usize = 100;
/// Narrower, a line would hold nothing beside its label.
const WIDTH_MIN: usize = 40;
/// How many codes are proposed for one that there is not.
const NEAREST_MAX: usize = 3;

pub(super) fn explain(args: &ExplainArgs) -> anyhow::Result<()> {
    answer(args).inspect_err(|error| print::unusable(error, args.json))
}

fn answer(args: &ExplainArgs) -> anyhow::Result<()> {
    let (profile, _) = profile::find(args.profile.as_deref().unwrap_or(profile::DEFAULT))?;
    let code = args.code.as_deref().map(find).transpose()?;
    match (code, args.json) {
        (Some(code), true) => say!("{:#}", to_json(code, &profile)),
        (None, true) => {
            let all: Vec<Value> = codes::ALL.iter().map(|code| to_json(code, &profile)).collect();
            say!("{:#}", json!({ "codes": all }));
        }
        (Some(code), false) => say!("{}", to_text(code, &profile, width()).trim_end()),
        (None, false) => say!("{}", list(&profile).trim_end()),
    }
    Ok(())
}

/// The code meant by `TS104`, `ts104` or `104`.
fn find(given: &str) -> anyhow::Result<&'static Code> {
    let upper = given.trim().to_uppercase();
    let wanted = format!("TS{:0>3}", upper.strip_prefix("TS").unwrap_or(&upper));
    codes::ALL.iter().copied().find(|code| code.id == wanted).ok_or_else(|| {
        let near = nearest(&wanted).join("、");
        anyhow!(
            "没有代码 {given}；相近的有 {near}；全部见 lockstep explain / there is no code {given}; \
             near it are {near}; lockstep explain lists all"
        )
    })
}

fn nearest(wanted: &str) -> Vec<&'static str> {
    let mut near: Vec<_> = codes::ALL
        .iter()
        .map(|code| (strsim::damerau_levenshtein(wanted, code.id), code.id))
        .collect();
    near.sort_unstable();
    near.into_iter().take(NEAREST_MAX).map(|(_, id)| id).collect()
}

/// The terminal's width, or what a terminal always had.
fn width() -> usize {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok();
    let width = size.map(|size| usize::from(size.ws_col)).filter(|width| *width > 0);
    width.unwrap_or(80).clamp(WIDTH_MIN, WIDTH_MAX)
}

fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Block => "不通过 block",
        Severity::Warning => "提醒 warning",
    }
}

fn stage(at: At) -> [&'static str; 2] {
    match at {
        At::Intake => ["收稿", "intake"],
        At::Approval => ["审批", "approval"],
        At::Scheduling => ["排期", "scheduling"],
        At::Release => ["发布", "release"],
    }
}

/// Every code with its message, by family.
fn list(profile: &Profile) -> String {
    let mut lines = vec![];
    for family in pages::families() {
        lines.push(family.title.to_owned());
        let coded = family.pages.iter().filter_map(|page| Some((page, find(page.code).ok()?)));
        lines.extend(coded.map(|(page, code)| {
            let mark = match profile::severity(profile, code) {
                Severity::Block => "✗",
                Severity::Warning => "!",
            };
            format!("  {mark} {}  {}", page.code, page.title)
        }));
        lines.push(String::new());
    }
    let name = &profile.name;
    lines.push(format!("✗ 不通过 blocks，! 提醒 warns（检查规则 profile {name}）"));
    lines.push(format!("某一代码 one of them  {}", print::command(&["explain", codes::STALE.id])));
    lines.join("\n") + "\n"
}

/// A code's page for a terminal of this width.
fn to_text(code: &Code, profile: &Profile, width: usize) -> String {
    let [message, message_en] = code.message;
    let [at, at_en] = stage(first_stage(code));
    let weight = weight(profile::severity(profile, code));
    let [may, may_en] = may_change(code);
    let page = pages::find(code.id).map(|page| page.lines.as_slice()).unwrap_or_default();
    let mut lines = vec![(code.id, message.to_owned()), ("", message_en.to_owned())];
    lines.extend(page.iter().map(|[label, text]| (*label, text.replace('`', ""))));
    lines.push(("级别 Weight", format!("{weight}（检查规则 profile {}）", profile.name)));
    lines.push(("阶段 Stage", format!("自{at}起 from {at_en} on")));
    lines.push(("检查规则", may.to_owned()));
    lines.push(("Profiles", may_en.to_owned()));
    // A blank line before each Chinese label: what follows it is the same in English.
    let begins = |label: &str| label.chars().next().is_some_and(|c| !c.is_ascii());
    let wrapped = lines.into_iter().map(|(label, text)| {
        let blank = if begins(label) { "\n" } else { "" };
        format!("{blank}{}", wrapped(label, &text, width))
    });
    wrapped.collect::<Vec<_>>().join("\n") + "\n"
}

/// A text beside its label, in lines of this width; Chinese characters count twice.
fn wrapped(label: &str, text: &str, width: usize) -> String {
    const INDENT: usize = 13;
    let used = textwrap::core::display_width(label);
    let first = format!("{label}{}", " ".repeat(INDENT.saturating_sub(used)));
    let next = " ".repeat(INDENT);
    textwrap::fill(
        text,
        textwrap::Options::new(width).initial_indent(&first).subsequent_indent(&next),
    )
}

/// Whether profiles may weaken or strengthen it.
fn may_change(code: &Code) -> [&'static str; 2] {
    match code.severity {
        Severity::Block => {
            ["固定：任何检查规则都不得降为提醒", "fixed: it blocks in every profile"]
        }
        Severity::Warning => ["检查规则可升为不通过", "a profile may have it block"],
    }
}

fn to_json(code: &Code, profile: &Profile) -> Value {
    let both = |[zh, en]: [&str; 2]| json!({ "zh": zh, "en": en });
    let page = pages::find(code.id);
    let part = |page: &Page, at: usize| {
        let text = |at: usize| page.lines.get(at).map_or("", |[_, text]| text);
        both([text(2 * at), text(2 * at + 1)])
    };
    let parts: serde_json::Map<String, Value> = pages::LABELS
        .iter()
        .enumerate()
        .filter_map(|(at, [_, label])| Some((label.to_lowercase(), part(page?, at))))
        .collect();
    json!({
        "code": code.id,
        "message": both(code.message),
        "help": both(code.help),
        "severity": profile::severity(profile, code),
        "profile": profile.name,
        "first_stage": stage(first_stage(code))[1],
        "is_fixed": profile::is_fixed(code.id),
        "page": parts,
    })
}

#[cfg(test)]
mod tests;
