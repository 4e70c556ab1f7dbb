//! The portal's place is its database and blobs: holding is storing filled members; showing and
//! hiding is the shelf's row alone, one act.

use std::sync::Arc;

use async_trait::async_trait;
use lockstep_gate::channel::Placed;
use lockstep_kit::{
    Chain, Deps,
    channel::{Adapter, Staged, store},
    jobs::JobError,
    pages::{Fragments, PageError, Pages},
};
use lockstep_proto::{
    ids::{BundleId, ChannelName, Incarnation},
    manifest::Role,
    release::Hide,
};

use crate::site;

pub(crate) struct PortalAdapter {
    pub(crate) deps: Deps,
    pub(crate) channel: ChannelName,
    pub(crate) pages: Arc<Pages>,
}

impl PortalAdapter {
    /// Makes every page that will carry a text of this edition: one that cannot be made is refused now, and not
    /// to readers once it is shown.
    fn try_pages(&self, staged: &Staged<'_>) -> Result<(), PageError> {
        let text_of = |role: Role| {
            let found = staged.members.iter().find(|(filled, _)| filled.member.role == role);
            found.map(|(_, bytes)| String::from_utf8_lossy(bytes)).unwrap_or_default()
        };
        let filled: Vec<_> = staged.members.iter().map(|(filled, _)| filled.clone()).collect();
        let placed = (&staged.placed.edition, staged.placed.generation);
        let (policy, interpretation) =
            (text_of(Role::PolicyFragment), text_of(Role::InterpretationFragment));
        let texts = Fragments { policy: &policy, interpretation: &interpretation };
        let site = site::site(&self.deps);
        let now = Some(self.deps.clock.now());
        let mut edition = site::edition(staged.evidence, placed, now, &filled);
        for superseded in [false, true] {
            edition.superseded = superseded;
            self.pages.pair(&site, &edition, texts)?;
            self.pages.view(&site, &edition, true, &policy)?;
            self.pages.view(&site, &edition, false, &interpretation)?;
        }
        Ok(())
    }
}

#[async_trait]
impl Adapter for PortalAdapter {
    async fn life(&self) -> Result<Incarnation, JobError> {
        let mut tx = self.deps.db.begin_read().await?;
        let known = store::find_life(&mut tx, &self.channel).await?;
        Ok(known.unwrap_or_else(|| self.deps.ids.fresh()))
    }

    async fn stage(&self, staged: &Staged<'_>) -> Result<(), JobError> {
        for (filled, bytes) in staged.members {
            let digest = self.deps.blobs.put(bytes.clone()).await?;
            let read = self.deps.blobs.find(&digest).await?;
            if digest != filled.digest || read.as_ref() != Some(bytes) {
                let path = &filled.member.path;
                return Err(JobError::Failed(format!(
                    "{path} 读回的与写入的不同 / differs when read back"
                )));
            }
        }
        self.try_pages(staged).map_err(|error| JobError::Failed(Chain(&error).to_string()))
    }

    async fn show(&self, _: &BundleId, _: &Placed) -> Result<(), JobError> {
        Ok(())
    }

    async fn hide(&self, _: &Hide) -> Result<(), JobError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {

    use lockstep_kit::{
        channel::{Filled, edition_of},
        pages::Look,
        testing::{for_each_engine, name, sample},
    };
    use lockstep_proto::{digest::Digest, facts::Fact, release::Generation};

    use super::*;

    /// At start no such edition was there.
    #[tokio::test]
    async fn an_edition_whose_page_a_template_breaks_is_not_held_ready() {
        let Fact::CaseGranted(granted) = sample("case.granted.v1").fact else { panic!("no grant") };
        let evidence = granted.evidence;
        let members = evidence.manifest.members.iter().map(|member| {
            let bytes = format!("<p>{:?}</p>\n", member.role).into_bytes();
            let (member, digest) = (member.clone(), Digest::of(&bytes));
            (Filled { member, digest, size: 1 }, bytes)
        });
        let members: Vec<_> = members.collect();
        let edition = edition_of(&evidence).unwrap();
        let placed = Placed { generation: Generation { epoch: 1, n: 1 }, edition };
        let staged = Staged { placed: &placed, evidence: &evidence, members: &members };
        let agency = evidence.manifest.agencies.issuing.join("、");
        for_each_engine("portal", async |deps| {
            let adapter = |templates: &[(&str, String)]| {
                let templates =
                    templates.iter().map(|(name, text)| ((*name).to_owned(), text.clone()));
                let look = Look { templates: templates.collect(), ..Look::default() };
                let pages = Arc::new(Pages::new(look).unwrap());
                PortalAdapter { deps: deps.clone(), channel: name("portal"), pages }
            };
            adapter(&[]).stage(&staged).await.unwrap();
            for (name, template) in [
                ("pair", include_str!("../../kit/templates/pair.hbs")),
                ("view", include_str!("../../kit/templates/view.hbs")),
            ] {
                let broken =
                    format!("{{{{#if (eq agency \"{agency}\")}}}}{{{{no_such a.b}}}}{{{{/if}}}}");
                let refused =
                    adapter(&[(name, format!("{template}{broken}"))]).stage(&staged).await;
                assert!(matches!(refused, Err(JobError::Failed(_))), "{name}: {refused:?}");
            }
        })
        .await;
    }
}
