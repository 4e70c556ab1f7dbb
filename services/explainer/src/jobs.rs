//! Rendering one submission.

use std::collections::BTreeMap;

use async_trait::async_trait;
use lockstep_kit::{
    Deps, StoreError,
    jobs::{Job, JobError, Worker},
    outbox::Context,
};
use lockstep_proto::{
    digest::Digest,
    facts::{
        Fact,
        explainer::{Refused, Rendered},
    },
    manifest::{Manifest, Member},
};

use crate::render;

pub(crate) const RENDER: &str = "render";

pub(crate) struct Render(pub(crate) Deps);

#[async_trait]
impl Worker for Render {
    fn kind(&self) -> &'static str {
        RENDER
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        let Self(deps) = self;
        let draft: Manifest = serde_json::from_str(&job.payload)
            .map_err(|source| StoreError::Json { what: "draft", source })?;
        let mut files = BTreeMap::new();
        for member in &draft.members {
            let bytes = deps.blobs.find(&member.digest).await?;
            let missing =
                || JobError::Failed(format!("成员 {} 缺失 / member is missing", member.path));
            files.insert(member.path.clone(), bytes.ok_or_else(missing)?);
        }
        let (bundle, submission) = (draft.bundle.clone(), draft.submission.clone());
        // Drawing takes the processor, not the network: off the async threads.
        let rendered = tokio::task::spawn_blocking(move || render::render(&draft, &files));
        let rendered = rendered
            .await
            .map_err(|_| JobError::Failed("制作图解中断 / rendering broke off".to_owned()))?;
        let fact = match rendered {
            Err(findings) => {
                Fact::ExplainerRefused(Refused { bundle: bundle.clone(), submission, findings })
            }
            Ok(outputs) => {
                let mut members = vec![];
                for output in outputs {
                    let size = u64::try_from(output.bytes.len()).unwrap_or(u64::MAX);
                    let digest: Digest = deps.blobs.put(output.bytes).await?;
                    members.push(Member {
                        path: output.path,
                        role: output.role,
                        media_type: output.media_type.to_owned(),
                        size,
                        digest,
                    });
                }
                members.sort_by(|a, b| a.path.cmp(&b.path));
                Fact::ExplainerRendered(Rendered { bundle: bundle.clone(), submission, members })
            }
        };
        let mut tx = deps.db.begin_write().await?;
        deps.append(&mut tx, Context::of(&bundle, &job.trace), fact).await?;
        deps.finish(&mut tx, job).await?;
        Ok(deps.db.commit(tx).await?)
    }
}
