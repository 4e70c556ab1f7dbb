//! What commands print: Chinese first, English beside it.

use std::{borrow::Cow, io::ErrorKind};

pub(crate) use lockstep_gate::rules::approved::step_in_words as step;
use lockstep_gate::{codes, window::find_bounds};
use lockstep_proto::{
    finding::{Finding, Severity},
    http::{Case, Deployment, Draft, Person, Problem, Status},
    ids::{PersonId, Role},
    order::{Proposal, Window},
    sign_off::Decision,
};
use serde::Serialize;

use crate::{
    cli::Caller,
    client::{Failure, problem},
};

/// Findings beside a command's own answer, one after another, each with what to do.
pub(crate) fn findings(findings: &[Finding]) {
    for finding in findings {
        eprintln!("{}", finding_in_words(finding));
    }
}

/// A finding that names no line to show, with what to do.
pub(crate) fn finding_in_words(finding: &Finding) -> String {
    let word = match finding.severity {
        Severity::Block => "不通过 blocked",
        Severity::Warning => "提醒 warning",
    };
    let place = match (&finding.member, finding.line) {
        (Some(member), Some(line)) => format!(" {member}:{line}"),
        (Some(member), None) => format!(" {member}"),
        _ => String::new(),
    };
    let Finding { code, message, message_en, help, help_en, .. } = finding;
    let said = format!("{word} {code}{place}\n    {message}\n    {message_en}\n    → {help}");
    // What a person wrote is in one language.
    if help_en == help { said } else { format!("{said}\n    → {help_en}") }
}

/// Prints a line to standard output as `println!` does, but to whoever reads only the beginning (`| head`) just that.
macro_rules! say {
    ($($text:tt)*) => {
        // What else keeps it from being said is told by the commands whose output is their work: they use `out`.
        drop($crate::print::out(&format!($($text)*)))
    };
}

mod acts;

pub(crate) use acts::{ordered, registered, resumed, returned, signed, stopping, submitted};

/// Prints to standard output; whoever reads only the beginning (`| head`) gets just that.
pub(crate) fn out(text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A command of ours that can be pasted into a shell, started as this process was.
pub(crate) fn command(arguments: &[&str]) -> String {
    let started = std::env::args_os().next().unwrap_or_default();
    let is_found_by_name = !started.to_string_lossy().contains('/');
    let program = match std::env::current_exe() {
        Ok(path) if !is_found_by_name => path.to_string_lossy().into_owned(),
        _ => "lockstep".to_owned(),
    };
    let words = std::iter::once(program.as_str()).chain(arguments.iter().copied());
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

/// The command that comes next.
pub(crate) fn next(arguments: &[&str]) {
    say!("  下一步 next  {}", command(arguments));
}

/// As one word for a shell.
fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

/// What the system says in English alone, said in Chinese too.
fn cause_in_chinese(error: &anyhow::Error) -> &'static str {
    let cause = error.chain().find_map(|cause| cause.downcast_ref::<std::io::Error>());
    match cause.map(std::io::Error::kind) {
        Some(ErrorKind::NotFound) => "（没有这个文件或目录，请核对路径）",
        Some(ErrorKind::PermissionDenied) => "（没有读写它的权限）",
        Some(ErrorKind::StorageFull) => "（磁盘已满）",
        Some(ErrorKind::ConnectionRefused) => "（对方没有运行，或地址、端口不对）",
        Some(ErrorKind::IsADirectory) => "（这是目录，不是文件）",
        Some(ErrorKind::NotADirectory) => "（路径中有一段不是目录）",
        _ => "",
    }
}

/// An error with its causes.
pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("错误 error: {error:#}{}", cause_in_chinese(error));
}

/// A refusal that comes without findings.
pub(crate) fn refusal(problem: &Problem) {
    eprintln!("未办理 not done: {}", problem.detail);
}

/// A command's answer: in words for people; as JSON for programs, a refusal too, so that they can
/// read its findings.
pub(crate) fn answer<T: Serialize>(
    caller: &Caller,
    answer: anyhow::Result<T>,
    words: impl FnOnce(&T),
) -> anyhow::Result<()> {
    if !caller.json {
        return answer.map(|answer| words(&answer));
    }
    let error = match answer {
        Ok(answer) => {
            say!("{}", serde_json::to_string_pretty(&answer)?);
            return Ok(());
        }
        Err(error) => error,
    };
    if let Some(Failure::Refused(problem)) = error.downcast_ref() {
        say!("{}", serde_json::to_string_pretty(problem)?);
        // Said already, as JSON.
        return Err(Failure::Findings(vec![]).into());
    }
    unusable(&error, caller.json);
    Err(error)
}

/// What is no refusal, as JSON for programs; in words it is said where the process ends.
pub(crate) fn unusable(error: &anyhow::Error, json: bool) {
    let problem = match error.downcast_ref() {
        Some(Failure::Unusable(problem)) => problem.clone(),
        Some(Failure::NoTls { .. }) => problem("no_tls", format!("{error:#}")),
        Some(Failure::Unreachable { .. }) => problem("unreachable", format!("{error:#}")),
        Some(Failure::Findings(_) | Failure::Refused(_)) | None => {
            problem("unusable", format!("{error:#}"))
        }
    };
    if json {
        say!("{}", serde_json::json!(problem));
    }
}

/// Persons with their keys.
pub(crate) fn people(people: &[Person]) {
    for person in people {
        let roles: Vec<&str> = person.roles.iter().map(Role::as_str).collect();
        let Person { person: id, name, agency, .. } = person;
        say!("{id}  {name}  {agency}  {}", roles.join(","));
        for key in &person.keys {
            say!("    {key}");
        }
    }
}

/// One line per bundle.
pub(crate) fn bundles(drafts: &[Draft]) {
    if drafts.is_empty() {
        say!("没有政策包 / no bundles");
    }
    for draft in drafts {
        say!(
            "{}  {}  第 {} 版 revision  {}  {}",
            draft.bundle,
            draft.submitted_at.beijing(),
            draft.revision,
            listed_state(draft),
            draft.title
        );
        if is_stalled(draft) {
            findings(&draft.findings);
        }
    }
}

/// Whether it waits to be rendered and does not get on.
fn is_stalled(draft: &Draft) -> bool {
    let says_so = |finding: &Finding| finding.code == codes::STALLED.id;
    draft.state == "rendering" && draft.findings.iter().any(says_so)
}

fn listed_state(draft: &Draft) -> String {
    if is_stalled(draft) { STALLED.to_owned() } else { state(&draft.state) }
}

/// Everything about one bundle.
pub(crate) fn status(status: &Status, people: &[Person], caller: &Caller) {
    let draft = &status.draft;
    let bundle = draft.bundle.as_str();
    let identity = caller.path();
    let who = |id: &PersonId| match people.iter().find(|person| person.person == *id) {
        Some(person) => format!("{}（{id}）", person.name),
        None => id.to_string(),
    };
    say!("{}", draft.title);
    say!("  政策包 bundle      {}", draft.bundle);
    say!(
        "  版次 revision      {}，{} 提交 submitted，{}，{}",
        draft.revision,
        draft.submitted_at.beijing(),
        who(&draft.submitted_by),
        draft_state(&draft.state, &status.held)
    );
    if let Some(manifest) = &draft.manifest {
        say!("  清单 manifest      {manifest}");
    }
    if let Some(case) = &status.case {
        sign_offs(case, who);
        if let Some(name) = &case.next_step {
            say!("  待签 next step     {}", step(name));
        }
        let order = case.order.as_ref().map(|order| Proposal {
            window: order.window.clone(),
            channels: order.channels.clone(),
        });
        let label = if order.is_some() { "发布令 order    " } else { "拟定发布 proposed" };
        say!("  {label}   {}", window(order.as_ref().unwrap_or(&case.proposal)));
        deadlines(case);
    }
    let waits = status.release.as_ref().is_some_and(|release| release.phase == "registering");
    if let Some(case) = status.case.as_ref().filter(|case| waits && case.registration.is_none()) {
        let slots = &case.manifest.metadata.slots;
        let names: Vec<&str> = slots.iter().map(|slot| slot.name()).collect();
        let open = if names.is_empty() {
            "无；时限自登记起算 / none: the window is counted from registration".to_owned()
        } else {
            names.join("、")
        };
        say!("  待登记 open slots  {open}");
        let set = slots.iter().flat_map(|slot| ["--set".to_owned(), format!("{}=…", slot.name())]);
        let set: Vec<String> = set.collect();
        let set = set.iter().map(String::as_str);
        let register: Vec<&str> = ["register", bundle].into_iter().chain(set).collect();
        // Whose identity the registrar's is, is not known here.
        say!("                     {} --as …", command(&register));
    }
    if let Some(release) = &status.release {
        say!(
            "  发布 release       {}（第 {} 代 generation，{} 起 since）",
            state(&release.phase),
            release.generation,
            release.since.beijing()
        );
        if let Some(edition) = &release.edition {
            say!("  定稿 edition       {edition}");
        }
        for receipt in &release.receipts {
            let shows = match &receipt.edition {
                Some(edition) => format!("显示 shows {}", edition.short()),
                None => "不显示任何版次 shows nothing".to_owned(),
            };
            say!(
                "  回执 receipt       {} {shows}（第 {} 代 generation，{} 起 since）",
                receipt.channel,
                receipt.generation,
                receipt.since.beijing()
            );
        }
        if !release.waits_for.is_empty() {
            let names: Vec<_> = release.waits_for.iter().map(ToString::to_string).collect();
            say!("  等待 waits for     {}", names.join("、"));
        }
        if let Some(shown) = release.shown.as_ref().filter(|shown| **shown != release.manifest) {
            say!(
                "  公众可见 shown     {shown}（更正发布前仍为此版 until the correction is released）"
            );
        }
        if let Some(reason) = &release.reason {
            let label = match release.phase.as_str() {
                "stopped" => "停止原因 stopped  ",
                "withdrawing" | "dark" => "撤回原因 withdrawn",
                _ => "说明 reason       ",
            };
            say!("  {label} {reason}");
        }
        findings(&release.findings);
    }
    for held in &status.held {
        // What is not the bundle's own matter says itself who lets it go on.
        if ["deployment: ", "safe: ", "gate: "].iter().any(|prefix| held.starts_with(prefix)) {
            say!("  搁置 held          {held}");
            continue;
        }
        say!("  搁置 held          {held}（查明后由签发人继续 / the issuer lets it go on:）");
        say!("                     {}", command(&["resume", bundle, "--as", &identity]));
    }
    findings(&draft.findings);
}

/// The case's history: signatures, orders after the grant, a return.
fn sign_offs(case: &Case, who: impl Fn(&PersonId) -> String) {
    let last = case.chain.last().map(|step| &step.name);
    let mut is_issued = false;
    for signed in &case.sign_offs {
        let statement = signed.statement();
        let label = match &statement.decision {
            Decision::Returned { .. } => "退回 returned     ",
            Decision::Signed if is_issued => "另签发布令 order  ",
            Decision::Signed => "签批 sign-off     ",
        };
        is_issued |= last == Some(&statement.step);
        say!(
            "  {label} {} {} {}",
            step(&statement.step),
            who(&statement.person),
            statement.at.beijing()
        );
        if let Decision::Returned { reason } = &statement.decision {
            say!("                     {reason}");
        }
    }
}

/// The last day of a window in working days, once it is registered, with the calendar it was counted
/// by; and that for the full interpretation after a brief one.
fn deadlines(case: &Case) {
    if let Some(brief) = &case.manifest.brief {
        say!(
            "  简要解读 brief     全面解读不迟于 full one by {}（{}）",
            brief.full_by,
            brief.reason
        );
    }
    let registered_at = case.registration.as_ref().map(|signed| signed.statement().at);
    let bounds = case.order.as_ref().and_then(|order| find_bounds(&order.window, registered_at));
    let Some(due) = bounds.and_then(|bounds| bounds.due) else { return };
    say!("  时限末日 last day  {due}");
    if due.is_provisional {
        findings(&[codes::PROVISIONAL.about(&due)]);
    }
}

/// A window and its channels, on one line.
pub(crate) fn window(proposal: &Proposal) -> String {
    let window = match &proposal.window {
        Window::Instants { not_before, not_after } => {
            format!("{} 至 to {}", not_before.beijing(), not_after.beijing())
        }
        Window::WorkingDays { days } => format!(
            "登记起至登记后第 {days} 个工作日 from registration to working day {days} after it"
        ),
    };
    let channels: Vec<&str> =
        proposal.channels.all().map(lockstep_proto::ids::ChannelName::as_str).collect();
    format!("{window}，渠道 channels {}", channels.join("、"))
}

/// A case's state in Chinese with its name.
pub(crate) fn case_state(name: &str) -> String {
    let chinese = match name {
        "open" => "审批中",
        "granted" => "已签发",
        "permitted" => "已放行",
        "returned" => "已退回",
        "superseded" => "已被新版次取代",
        "ended" => "已终止",
        _ => "",
    };
    format!("{chinese} {name}")
}

/// A state in Chinese with its name.
pub(crate) fn state(name: &str) -> String {
    let chinese = match name {
        "rendering" => "制作图解中",
        "dropped" => "图解无法制作",
        "in_review" => "审批中",
        "returned" => "已退回",
        "granted" => "已签发",
        "stopped" => "已停止",
        "released" => "已发布",
        "registering" => "待登记",
        "staging" => "备稿中",
        "staged" => "备妥待发",
        "permitted" => "发布中",
        "completed" => "发布完成",
        "withdrawing" => "撤回中",
        "dark" => "已撤回",
        "blocked" => "规则不允许",
        "failed" => "发布未完成，须人工查看",
        _ => "",
    };
    format!("{chinese} {name}")
}

const STALLED: &str = "制作图解受阻，仍在重试 / rendering, failed several times and tried again";

/// A draft's state, or that it does not get on: who gave up on rendering it is among the holds.
fn draft_state(name: &str, held: &[String]) -> String {
    let is_of_explainer =
        |held: &String| ["render: ", "explainer: "].iter().any(|begins| held.starts_with(begins));
    if name == "rendering" && held.iter().any(is_of_explainer) {
        STALLED.to_owned()
    } else {
        state(name)
    }
}

/// The deployment goes on; what it forgot waits for people.
pub(crate) fn deployment(deployment: &Deployment) {
    say!("部署继续 / the deployment goes on, in epoch {}", deployment.epoch);
    let lines = [
        ("重新撤回 withdrawn again", &deployment.withdrawn),
        ("备份中没有 forgotten", &deployment.forgotten),
    ];
    for (words, bundles) in lines.into_iter().filter(|(_, bundles)| !bundles.is_empty()) {
        say!("  {words}");
        for bundle in bundles {
            say!("    {bundle}");
        }
    }
}

#[cfg(test)]
mod tests {
    use lockstep_gate::codes;
    use lockstep_proto::{http::Draft, time::Timestamp};

    use super::{draft_state, listed_state, quoted};

    #[test]
    fn a_rendering_that_does_not_get_on_is_told() {
        let held = ["render: 子进程无法启动 cannot be started".to_owned()];
        assert!(draft_state("rendering", &held).starts_with("制作图解受阻"));
        assert_eq!(draft_state("rendering", &[]), "制作图解中 rendering");
        assert_eq!(draft_state("in_review", &held), "审批中 in_review");
        let other = ["portal: 磁盘已满".to_owned()];
        assert_eq!(draft_state("rendering", &other), "制作图解中 rendering");
    }

    #[test]
    fn a_list_tells_what_does_not_get_on() {
        let mut draft = Draft {
            bundle: "b".parse().unwrap(),
            title: String::new(),
            revision: 1,
            state: "rendering".to_owned(),
            manifest: None,
            submitted_by: "lin".parse().unwrap(),
            submitted_at: Timestamp::from_micros(0),
            findings: vec![],
        };
        assert_eq!(listed_state(&draft), "制作图解中 rendering");
        draft.findings.push(codes::STALLED.finding());
        assert!(listed_state(&draft).starts_with("制作图解受阻"));
        draft.state = "in_review".to_owned();
        assert_eq!(listed_state(&draft), "审批中 in_review");
    }

    #[test]
    fn a_shell_reads_a_quoted_word_as_one() {
        for (word, typed) in [
            ("office/people/lin.toml", "office/people/lin.toml"),
            ("办公室", "办公室"),
            ("my office", "'my office'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
            ("~", "'~'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), typed);
        }
    }
}
