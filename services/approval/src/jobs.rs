//! Opening a case: every member is read and verified before anybody is asked to sign.

use async_trait::async_trait;
use lockstep_gate::{
    profile,
    verdict::{self, Facts, decide},
};
use lockstep_kit::{
    Deps, StoreError,
    jobs::{Job, JobError, Worker},
    outbox::Context,
    register,
};
use lockstep_proto::{
    facts::{Fact, approval::Opened, drafting::Sealed},
    release::Evidence,
};

use crate::store;

pub(crate) const OPEN_CASE: &str = "open_case";

pub(crate) struct OpenCase(pub(crate) Deps);

#[async_trait]
impl Worker for OpenCase {
    fn kind(&self) -> &'static str {
        OPEN_CASE
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        let Self(deps) = self;
        let sealed: Sealed = serde_json::from_str(&job.payload)
            .map_err(|source| StoreError::Json { what: "sealed", source })?;
        let (profile, chain) = profile::find(&deps.settings.profile)
            .map_err(|error| JobError::Failed(error.to_string()))?;
        let evidence = Evidence {
            manifest: sealed.manifest,
            chain,
            profile,
            sign_offs: vec![],
            order: None,
            registration: None,
        };
        let held = deps.blobs.read_held(&evidence.manifest).await?;
        let now = deps.clock.now();
        let mut tx = deps.db.begin_write().await?;
        let directory = register::directory(deps, &mut tx).await?;
        let facts = Facts::of(&deps.settings.deployment, &evidence, &held, &directory);
        decide::<verdict::Approval>(&facts, now)
            .map_err(|blocked| JobError::Failed(blocked.to_string()))?;
        if store::open_case(&mut tx, &evidence, &sealed.proposal, now).await? {
            let bundle = evidence.manifest.bundle.clone();
            let opened = Opened {
                bundle: bundle.clone(),
                manifest: evidence.manifest.digest().clone(),
                chain: evidence.chain,
                profile: evidence.profile,
            };
            let context = Context::of(&bundle, &job.trace);
            deps.append(&mut tx, context, Fact::CaseOpened(opened)).await?;
        }
        deps.finish(&mut tx, job).await?;
        Ok(deps.db.commit(tx).await?)
    }
}
