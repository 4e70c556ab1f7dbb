//! What approval hears: a sealed manifest opens a case; release ends it.

use async_trait::async_trait;
use lockstep_kit::{
    Deps, Tx, db,
    dispatch::{HandleError, Handler},
    jobs::NewJob,
    register,
};
use lockstep_proto::{envelope::Envelope, facts::Fact};

use crate::{jobs, store};

pub(crate) struct Approval(pub(crate) Deps);

#[async_trait]
impl Handler for Approval {
    fn name(&self) -> &'static str {
        "approval"
    }

    fn hears(&self, fact: &Fact) -> bool {
        register::hears(fact)
            || matches!(
                fact,
                Fact::BundleSealed(_)
                    | Fact::ReleasePermitted(_)
                    | Fact::ReleaseWithdrawing(_)
                    | Fact::ReleaseStopped(_)
                    | Fact::ReleaseDark(_)
            )
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a handler hears a few of all facts")]
    async fn handle(&self, tx: &mut Tx, envelope: &Envelope) -> Result<(), HandleError> {
        let Self(deps) = self;
        match &envelope.fact {
            Fact::BundleSealed(sealed) => {
                let job = NewJob {
                    id: format!("open_case:{}", sealed.manifest.digest()),
                    kind: jobs::OPEN_CASE,
                    key: sealed.manifest.bundle.as_str(),
                    payload: db::to_json(sealed, "sealed")?,
                    trace: &envelope.trace,
                };
                deps.ask(tx, job).await?;
            }
            Fact::ReleasePermitted(data) => {
                let manifest = &data.permit.statement().predicate.manifest;
                store::permit_case(tx, manifest).await?;
            }
            // What goes dark returns only under a new case: one that is still open is none.
            Fact::ReleaseWithdrawing(data) => {
                let hide = data.hide.statement();
                store::end_open_cases(tx, &hide.bundle, hide.generation).await?;
            }
            // Sign-offs that were granted end only here.
            Fact::ReleaseStopped(data) => store::end_case(tx, &data.manifest).await?,
            Fact::ReleaseDark(data) => store::darken(tx, &data.bundle, data.generation).await?,
            fact => {
                register::handle(deps, tx, fact).await?;
            }
        }
        Ok(())
    }
}
