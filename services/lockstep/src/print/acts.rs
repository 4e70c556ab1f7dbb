//! What is said once a command is carried out, and what comes next.

use lockstep_proto::{
    http::{Case, Release, Submitted},
    ids::BundleId,
};

use super::{command, findings, next, state, step};
use crate::cli::Caller;

/// What became of a submission.
pub(crate) fn submitted(answer: &Submitted, caller: &Caller) {
    findings(&answer.findings);
    if answer.unchanged {
        say!("内容未变，沿用第 {} 版；如需改变发布时间请用 lockstep order", answer.revision);
        say!(
            "unchanged: revision {} stands; for another window use lockstep order",
            answer.revision
        );
    } else {
        say!("已提交第 {} 版 / submitted revision {}", answer.revision, answer.revision);
    }
    next(&["status", answer.bundle.as_str(), "--as", &caller.path()]);
    // Last, and alone on its line: scripts take it from there.
    say!("{}", answer.bundle);
}

/// What a signature made of the case.
pub(crate) fn signed(case: &Case, caller: &Caller) {
    match &case.next_step {
        Some(name) => say!("已签批；下一环节 {} / signed; next step {name}", step(name)),
        None => say!("已签发 / signed; the chain is complete"),
    }
    next(&["status", case.manifest.bundle.as_str(), "--as", &caller.path()]);
}

/// That it went back, to be mended and submitted again by its drafter.
pub(crate) fn returned(case: &Case) {
    say!("已退回 / returned");
    // Where the drafter's folder and identity lie is not known here.
    let submit = command(&["submit", "--revises", case.manifest.bundle.as_str()]);
    say!("  下一步 next  {submit} … --as …（由拟稿人修改后 by its drafter, once mended）");
}

/// That the slots are filled.
pub(crate) fn registered(case: &Case, caller: &Caller) {
    say!("已登记 / registered");
    next(&["status", case.manifest.bundle.as_str(), "--as", &caller.path()]);
}

/// Whether an order is proposed or signed.
pub(crate) fn ordered(case: &Case, caller: &Caller) {
    match &case.next_step {
        Some(_) => say!("已改拟发布令，待签发 / proposed; the last step signs it"),
        None => say!("已另签发布令 / another order is signed"),
    }
    next(&["status", case.manifest.bundle.as_str(), "--as", &caller.path()]);
}

/// That a stop was asked for.
pub(crate) fn stopping(bundle: &BundleId, caller: &Caller) {
    say!("已请求停止，由发布服务裁定 / asked to stop; release decides");
    next(&["status", bundle.as_str(), "--as", &caller.path()]);
}

/// That a bundle goes on.
pub(crate) fn resumed(release: &Release, caller: &Caller) {
    say!("继续：{} / goes on", state(&release.phase));
    next(&["status", release.bundle.as_str(), "--as", &caller.path()]);
}
