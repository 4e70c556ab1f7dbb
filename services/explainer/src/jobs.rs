//! Rendering one submission.

use std::{collections::BTreeMap, fs::File, time::Duration};

use async_trait::async_trait;
use lockstep_kit::{
    Deps, StoreError,
    child::Child,
    jobs::{Job, JobError, Worker},
    outbox::Context,
};
use lockstep_proto::{
    digest::Digest,
    facts::{
        Fact,
        explainer::{Refused, Rendered},
    },
    finding::Finding,
    manifest::{Manifest, Member, Role},
};
use tokio::sync::OnceCell;

use crate::{
    child::{Made, TURN_WAIT, render_in},
    store,
    theme::Theme,
};

pub(crate) const RENDER: &str = "render";

/// What reading the files, storing what was made and committing may take.
const REST_MAX: Duration = Duration::from_mins(1);

pub(crate) struct Render {
    pub(crate) deps: Deps,
    pub(crate) child: Child,
    pub(crate) theme: Theme,
    /// The digest of the program that renders: another version may render otherwise.
    pub(crate) version: OnceCell<Digest>,
}

#[async_trait]
impl Worker for Render {
    fn kind(&self) -> &'static str {
        RENDER
    }

    fn at_once(&self) -> usize {
        Child::cores()
    }

    /// Whatever takes long is the child's, which is told of in time: what is left is bytes and rows.
    fn time_limit(&self) -> Duration {
        TURN_WAIT + self.child.patience() + REST_MAX
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        let deps = &self.deps;
        let draft: Manifest = serde_json::from_str(&job.payload)
            .map_err(|source| StoreError::Json { what: "draft", source })?;
        let (bundle, submission) = (draft.bundle.clone(), draft.submission.clone());
        let content = content_of(&draft, self.version().await?, self.theme.digest())?;
        let rendered = match self.find_rendered(&content).await? {
            Some(made) => Ok(made),
            None => self.render(draft).await?,
        };
        let mut tx = deps.db.begin_write().await?;
        // A submission has one answer, also where two rendered it because a lease ran out.
        if !deps.finish(&mut tx, job).await? {
            return Ok(());
        }
        let fact = match rendered {
            Err(findings) => {
                Fact::ExplainerRefused(Refused { bundle: bundle.clone(), submission, findings })
            }
            Ok(made) => {
                store::add_rendered(&mut tx, &content, &made).await?;
                let store::Made { members, findings } = made;
                let bundle = bundle.clone();
                Fact::ExplainerRendered(Rendered { bundle, submission, members, findings })
            }
        };
        deps.append(&mut tx, Context::of(&bundle, &job.trace), fact).await?;
        Ok(deps.db.commit(tx).await?)
    }
}

impl Render {
    async fn version(&self) -> Result<&Digest, JobError> {
        let program = self.child.program.clone();
        let read = move || File::open(program).and_then(Digest::of_reader);
        let read =
            async || tokio::task::spawn_blocking(read).await.map_err(std::io::Error::other)?;
        self.version.get_or_try_init(read).await.map_err(|error| {
            JobError::Failed(format!("程序文件无法读取 / the program cannot be read: {error}"))
        })
    }

    /// What was rendered from this content before, where all of it is still there.
    async fn find_rendered(&self, content: &Digest) -> Result<Option<store::Made>, JobError> {
        let mut tx = self.deps.db.begin_read().await?;
        let Some(made) = store::find_rendered(&mut tx, content).await? else { return Ok(None) };
        drop(tx);
        for member in &made.members {
            if self.deps.blobs.find(&member.digest).await?.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(made))
    }

    async fn render(&self, draft: Manifest) -> Result<Result<store::Made, Vec<Finding>>, JobError> {
        let mut files = BTreeMap::new();
        for member in draft.members.iter().filter(|member| is_rendered_from(member.role)) {
            let bytes = self.deps.blobs.find(&member.digest).await?;
            let missing =
                || JobError::Failed(format!("成员 {} 缺失 / member is missing", member.path));
            files.insert(member.path.clone(), bytes.ok_or_else(missing)?);
        }
        let answer = match render_in(&self.child, draft, files, &self.theme).await? {
            Ok(answer) => answer,
            Err(findings) => return Ok(Err(findings)),
        };
        let mut members = vec![];
        for Made { path, role, media_type, bytes } in answer.made {
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let digest = self.deps.blobs.put(bytes).await?;
            members.push(Member { path, role, media_type, size, digest });
        }
        members.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Ok(store::Made { members, findings: answer.warnings }))
    }
}

fn is_rendered_from(role: Role) -> bool {
    matches!(role, Role::Policy | Role::Interpretation | Role::Data)
}

/// Names what is rendered, by which program and under which theme, whichever submission it comes with: everything that a
/// draft says but who drafted it, and when in whose life.
fn content_of(draft: &Manifest, version: &Digest, theme: &Digest) -> Result<Digest, StoreError> {
    let json = |source| StoreError::Json { what: "draft", source };
    let mut content = serde_json::to_value(draft).map_err(json)?;
    for of_one_submission in
        ["bundle", "revision", "submission", "revises", "after_dark", "drafters"]
    {
        if let Some(fields) = content.as_object_mut() {
            fields.remove(of_one_submission);
        }
    }
    Ok(Digest::of(format!("{version}\n{theme}\n{content}").as_bytes()))
}

#[cfg(test)]
mod tests;
