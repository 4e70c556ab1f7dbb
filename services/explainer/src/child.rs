//! Rendering in a process of its own.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Write},
    time::Duration,
};

use lockstep_gate::{bundle, codes};
use lockstep_kit::{
    child::{self, Child, ChildError, Limits, Parcel},
    jobs::JobError,
};
use lockstep_proto::{
    finding::Finding,
    manifest::{Manifest, Role},
};
use serde::{Deserialize, Serialize};

use crate::{
    render::{Rendered, render},
    theme::{Given, Theme, Words},
};

/// The command of this program that is the child's; not for people.
pub const COMMAND: &str = "render-child";

/// Before a file's name: the theme's, or the draft's.
const OF_THEME: &str = "theme/";
const OF_DRAFT: &str = "draft/";

/// What the child rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The members.
    pub made: Vec<Made>,
    /// What was left out, and why.
    pub warnings: Vec<Finding>,
}

/// A rendered member, from the child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its path within the bundle.
    pub path: String,
    /// What it is.
    pub role: Role,
    /// IANA media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Asked {
    draft: Manifest,
    theme: Words,
}

/// The files that come with it are the members' bytes.
#[derive(Serialize, Deserialize)]
enum Answered {
    /// Path, role and media type of each member; what was left out.
    Rendered(Vec<(String, Role, String)>, Vec<Finding>),
    Refused(Vec<Finding>),
}

/// How long a rendering waits for others to end; what others take is not held against it.
pub const TURN_WAIT: Duration = Duration::from_secs(10);

/// Renders in a child. Whoever drops the future kills it.
pub async fn render_in(
    child: &Child,
    draft: Manifest,
    files: BTreeMap<String, Vec<u8>>,
    theme: &Theme,
) -> Result<Result<Answer, Vec<Finding>>, JobError> {
    let given = theme.given();
    // Two typefaces are 64 MiB: they are not copied for each that is asked.
    let of_theme = given.files.iter().map(|(name, bytes)| (format!("{OF_THEME}{name}"), bytes));
    let of_draft = files.iter().map(|(path, bytes)| (format!("{OF_DRAFT}{path}"), bytes));
    let asked = Parcel {
        words: Asked { draft, theme: given.words.clone() },
        files: of_theme.chain(of_draft).collect(),
    };
    let Ok(turn) = tokio::time::timeout(TURN_WAIT, child.turn()).await else {
        return Err(JobError::Later("处理器都在忙 / all cores are taken".to_owned()));
    };
    match turn.ask(COMMAND, &asked).await {
        Ok(answer) => take(answer).map_err(JobError::Failed),
        Err(ChildError::OverLimits) => Ok(Err(vec![codes::RENDER_LIMITS.finding()])),
        Err(ChildError::Failed(why)) => Err(JobError::Failed(why)),
    }
}

/// Refuses members that are no explainer's to make. What took over the child may say what it likes.
fn take(answer: Parcel<Answered>) -> Result<Result<Answer, Vec<Finding>>, String> {
    let Parcel { words, mut files } = answer;
    let (members, warnings) = match words {
        Answered::Refused(findings) => return Ok(Err(bundle::bound(findings))),
        Answered::Rendered(members, warnings) => (members, bundle::bound(warnings)),
    };
    let taken = members.into_iter().map(|(path, role, media_type)| {
        let is_ours = role.is_rendered() && path.starts_with("rendered/");
        let bytes = files.remove(&path).filter(|_| is_ours);
        let bytes = bytes.ok_or_else(|| {
            format!("子进程给出的成员 {path} 不能接受 / the child's member cannot be taken")
        })?;
        Ok(Made { path, role, media_type, bytes })
    });
    taken.collect::<Result<_, _>>().map(|made| Ok(Answer { made, warnings }))
}

/// The child's part.
pub fn run(limits: Limits, from: impl BufRead, to: impl Write) -> io::Result<()> {
    child::run(limits, from, to, |Parcel { words: Asked { draft, theme: words }, files }| {
        let (of_theme, of_draft): (BTreeMap<_, _>, _) =
            files.into_iter().partition(|(name, _)| name.starts_with(OF_THEME));
        let given = Given { words, files: without(OF_THEME, of_theme) };
        let theme = Theme::read(given).map_err(io::Error::other)?;
        theme.install().map_err(io::Error::other)?;
        Ok(match render(&draft, &without(OF_DRAFT, of_draft), &theme) {
            Err(findings) => Parcel { words: Answered::Refused(findings), files: BTreeMap::new() },
            Ok(Rendered { outputs, warnings }) => {
                let said = |output: &crate::render::Output| {
                    (output.path.clone(), output.role, output.media_type.to_owned())
                };
                let words = Answered::Rendered(outputs.iter().map(said).collect(), warnings);
                let files = outputs.into_iter().map(|output| (output.path, output.bytes)).collect();
                Parcel { words, files }
            }
        })
    })
}

fn without(prefix: &str, files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let named = |name: String| name.strip_prefix(prefix).map(str::to_owned).unwrap_or(name);
    files.into_iter().map(|(name, bytes)| (named(name), bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_not_heard_to_the_end() {
        let many = || vec![codes::NO_PICTURE.finding(); 100_000];
        let take = |words| take(Parcel { words, files: BTreeMap::new() }).unwrap();
        assert!(take(Answered::Refused(many())).unwrap_err().len() < 1000);
        assert!(take(Answered::Rendered(vec![], many())).unwrap().warnings.len() < 1000);
    }

    #[test]
    fn a_child_makes_rendered_members_alone() {
        let answer = |path: &str, role, file: &str| {
            let members = vec![(path.to_owned(), role, "text/plain".to_owned())];
            let words = Answered::Rendered(members, vec![]);
            take(Parcel { words, files: [(file.to_owned(), vec![1])].into() }).is_ok()
        };
        assert!(answer("rendered/a.svg", Role::Chart, "rendered/a.svg"));
        for (path, role, file) in [
            ("rendered/a.md", Role::Policy, "rendered/a.md"),
            ("policy.md", Role::Chart, "policy.md"),
            ("rendered/a.svg", Role::Chart, "rendered/b.svg"),
        ] {
            assert!(!answer(path, role, file), "{role:?} {path}");
        }
    }
}
