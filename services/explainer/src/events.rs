//! What the explainer hears: a submission asks for a job; nothing is rendered in a handler.

use async_trait::async_trait;
use lockstep_kit::{
    Deps, Tx, db,
    dispatch::{HandleError, Handler},
    jobs::NewJob,
};
use lockstep_proto::{envelope::Envelope, facts::Fact};

use crate::jobs;

pub(crate) struct Explaining(pub(crate) Deps);

#[async_trait]
impl Handler for Explaining {
    fn name(&self) -> &'static str {
        "explainer"
    }

    fn hears(&self, fact: &Fact) -> bool {
        matches!(fact, Fact::BundleSubmitted(_))
    }

    async fn handle(&self, tx: &mut Tx, envelope: &Envelope) -> Result<(), HandleError> {
        let Self(deps) = self;
        if let Fact::BundleSubmitted(data) = &envelope.fact {
            let job = NewJob {
                id: format!("{}:{}", jobs::RENDER, data.draft.submission),
                kind: jobs::RENDER,
                key: data.draft.bundle.as_str(),
                payload: db::to_json(&data.draft, "draft")?,
                trace: &envelope.trace,
            };
            deps.ask(tx, job).await?;
        }
        Ok(())
    }
}
