//! `lockstep check`: the rule at intake, on the drafter's machine; the server asks it again.

mod excerpts;
mod fix;
mod sarif;

use lockstep_explainer::{render::examine, theme::Theme};
use lockstep_gate::{
    bundle::{self, Files, Rules},
    codes,
    pair::Coverage,
    people::Directory,
    profile,
    verdict::{Facts, Intake, decide},
    wording::Lexicons,
};
use lockstep_kit::{clock::Clock, ids::Ids};
use lockstep_proto::{
    document::Document,
    finding::{Finding, Severity},
    sign_off::Profile,
};

use super::authoring::draft_of;
use crate::{
    cli::{CheckArgs, Format},
    client::Failure,
    folder, lexicons, print, theme,
};

pub(super) fn check(args: &CheckArgs) -> anyhow::Result<()> {
    let is_json = args.format() == Format::Json;
    let name = args.profile.as_deref().unwrap_or(profile::DEFAULT);
    let read = || Ok((profile::find(name)?.0, lexicons::read(&args.lexicons)?));
    let (theme, _) =
        theme::asked(args.theme.as_ref()).inspect_err(|error| print::unusable(error, is_json))?;
    let (profile, lexicons) = read().inspect_err(|error| print::unusable(error, is_json))?;
    if args.fix {
        fix::fix(&args.bundle).inspect_err(|error| print::unusable(error, is_json))?;
    }
    let (files, result) = match folder::read(&args.bundle).map_err(anyhow::Error::downcast) {
        Ok(files) => {
            let result = judge(&files, (&profile, &theme), &lexicons);
            (files, result)
        }
        Err(Ok(Failure::Findings(findings))) => (Files::new(), Err(findings)),
        Err(Ok(failure)) => return Err(failure.into()),
        Err(Err(error)) => {
            print::unusable(&error, is_json);
            return Err(error);
        }
    };
    let (is_passed, findings) = match result {
        Ok(warnings) => (true, warnings),
        Err(findings) => (false, findings),
    };
    match args.format() {
        Format::Text => {
            excerpts::print(&files, &findings)?;
            sum_up(args, is_passed, &findings, bundle::coverage(&files).as_ref())?;
        }
        Format::Json => {
            let verdict = if is_passed { "pass" } else { "blocked" };
            let coverage = bundle::coverage(&files);
            let answer = serde_json::json!({ "verdict": verdict, "findings": findings, "coverage": coverage });
            print::out(&answer.to_string())?;
        }
        Format::Sarif => {
            let findings = sarif::in_files(&files, findings);
            print::out(&sarif::log(&args.bundle, &findings).to_string())?;
        }
    }
    // All was said above.
    if is_passed { Ok(()) } else { Err(Failure::Findings(vec![]).into()) }
}

/// How it ends, on the last lines.
fn sum_up(
    args: &CheckArgs,
    is_passed: bool,
    findings: &[Finding],
    coverage: Option<&Coverage>,
) -> anyhow::Result<()> {
    let blocks = findings.iter().filter(|finding| finding.severity == Severity::Block).count();
    let warnings = findings.len() - blocks;
    let mut lines = vec![];
    if let Some(coverage) = coverage {
        lines.push(format!(
            "条款 clauses: {}，已解读 explained {}，无需解读 waived {}",
            coverage.clause_count, coverage.covered_count, coverage.waived_count
        ));
    }
    let path = args.bundle.display();
    if coverage.is_some_and(|c| c.covered_count + c.waived_count < c.clause_count) {
        let command = print::command(&["propose", &args.bundle.to_string_lossy()]);
        lines.push(format!("  查看建议：运行 for proposals run  {command}"));
    }
    lines.push(if is_passed {
        format!("通过 / passes: {path}（提醒 {warnings} 处 warnings）")
    } else {
        format!(
            "不通过 / blocked: {path}（{blocks} 处须改 to be mended，提醒 {warnings} 处 warnings）"
        )
    });
    let is_of_glyphs = |finding: &Finding| {
        [&codes::BAD_DATA, &codes::NO_PICTURE].iter().any(|code| code.id == finding.code)
    };
    if args.theme.is_none() && findings.iter().any(is_of_glyphs) {
        lines.push(
            "  字形按内置字体判断，机关另有字体的用 --theme 文件 / glyphs are judged by the embedded typeface; an \
             office's own by --theme FILE"
                .to_owned(),
        );
    }
    if let Some(finding) = findings.first() {
        lines.push(format!("  说明 more  {}", print::command(&["explain", &finding.code])));
    }
    print::out(&lines.join("\n"))
}

/// What the gate says at intake, as far as it can be known here.
fn judge(
    files: &Files,
    (profile, theme): (&Document<Profile>, &Theme),
    lexicons: &Lexicons,
) -> Result<Vec<Finding>, Vec<Finding>> {
    let (content, found) =
        match bundle::read_under(Rules { profile: Some(profile), lexicons }, files) {
            Ok(content) => (content, None),
            Err(unfit) => match unfit.content {
                Some(content) => (*content, Some(unfit.findings)),
                None => return Err(unfit.findings),
            },
        };
    let draft = draft_of(&content);
    let (held, directory) = (content.held(), Directory::default());
    let deployment = Ids.fresh();
    let facts = Facts {
        proposal: Some(content.proposal()),
        profile: Some(profile),
        ..Facts::at_intake(&deployment, &draft, &held, &directory)
    };
    let (is_admitted, decided) = match decide::<Intake>(&facts, Clock::System.now()) {
        Ok(admitted) => (found.is_none(), admitted.warnings),
        Err(blocked) => (false, blocked.findings),
    };
    let mut found = found.unwrap_or_else(|| content.warnings.clone());
    // What cannot be drawn would come back from the explainer, later.
    let undrawn = examine(&draft, content.files(), theme);
    let is_drawn = undrawn.iter().all(|finding| finding.severity != Severity::Block);
    let is_admitted = is_admitted && is_drawn;
    let is_new = |finding: &Finding| {
        !found.iter().any(|said| said.code == finding.code && said.member == finding.member)
    };
    let undrawn: Vec<_> = undrawn.into_iter().filter(is_new).collect();
    found.extend(undrawn);
    let all = content.place(decided).into_iter().chain(found);
    // What has to be mended comes first.
    let (blocking, warnings): (Vec<_>, Vec<_>) =
        all.partition(|finding| finding.severity == Severity::Block);
    let all = blocking.into_iter().chain(warnings).collect();
    if is_admitted { Ok(all) } else { Err(all) }
}
