//! What people do at a deployment.

use std::{collections::BTreeMap, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use lockstep::statements;
use lockstep_proto::{
    edition::{Slot, SlotValue},
    http::{Case, Draft, Release, Stop, Submit, Submitted},
    ids::BundleId,
    order::Proposal,
    sign_off::Decision,
};
use reqwest::Method;

use super::Site;

impl Site {
    /// Submits a folder as the drafter.
    pub async fn submit(
        &self,
        folder: &Path,
        revises: Option<&BundleId>,
    ) -> anyhow::Result<Submitted> {
        self.submit_as("drafter", folder, revises).await
    }

    /// Submits a folder.
    pub async fn submit_as(
        &self,
        name: &str,
        folder: &Path,
        revises: Option<&BundleId>,
    ) -> anyhow::Result<Submitted> {
        let files = lockstep::folder::read(folder)?
            .into_iter()
            .map(|(path, bytes)| (path, BASE64.encode(bytes)))
            .collect();
        let body = Submit { revises: revises.cloned(), files };
        Ok(self.client(name)?.command(Method::POST, "/bundles", &body).await?)
    }

    /// The case as this person sees it.
    pub async fn case(&self, bundle: &BundleId) -> anyhow::Result<Case> {
        Ok(self.client("reviewer")?.get(&format!("/bundles/{bundle}/case")).await?)
    }

    /// Waits until the case of this revision waits for its first step.
    pub async fn wait_case(&self, bundle: &BundleId, revision: u32) -> anyhow::Result<Case> {
        self.wait(&format!("case of revision {revision}"), async || {
            let case = self.case(bundle).await.ok()?;
            (case.manifest.revision == revision && case.state == "open").then_some(case)
        })
        .await
    }

    /// Signs the step whose turn it is; the last step signs what the bundle proposes, or `order`.
    pub async fn sign(
        &self,
        name: &str,
        bundle: &BundleId,
        order: Option<Proposal>,
    ) -> anyhow::Result<Case> {
        let case = self.case(bundle).await?;
        let identity = self.identity(name)?;
        let now = self.clock.now();
        let body = statements::sign_off(identity, &case, Decision::Signed, order, now)?;
        let address = format!("/bundles/{bundle}/sign-offs");
        Ok(self.client(name)?.command(Method::POST, &address, &body).await?)
    }

    /// Both steps sign.
    pub async fn sign_all(&self, bundle: &BundleId, revision: u32) -> anyhow::Result<()> {
        self.wait_case(bundle, revision).await?;
        self.sign("reviewer", bundle, None).await?;
        self.sign("issuer", bundle, None).await?;
        Ok(())
    }

    /// The registrar registers it, and fills the number where a slot waits for it.
    pub async fn register(&self, bundle: &BundleId, number: &str) -> anyhow::Result<Case> {
        let case = self.case(bundle).await?;
        let mut slots = [(Slot::Number, SlotValue::try_from(number.to_owned())?)].into();
        BTreeMap::retain(&mut slots, |slot, _| case.manifest.metadata.slots.contains(slot));
        let identity = self.identity("registrar")?;
        let body = statements::registration(identity, &case, slots, self.clock.now())?;
        let address = format!("/bundles/{bundle}/registration");
        Ok(self.client("registrar")?.command(Method::PUT, &address, &body).await?)
    }

    /// The issuer orders the withdrawal of what is in force.
    pub async fn withdraw(&self, bundle: &BundleId) -> anyhow::Result<Release> {
        let client = self.client("issuer")?;
        let release: Release = client.get(&format!("/bundles/{bundle}/release")).await?;
        let identity = self.identity("issuer")?;
        let body = statements::withdrawal(identity, &release, "文件有误", self.clock.now())?;
        let address = format!("/bundles/{bundle}/withdrawal");
        Ok(client.command(Method::POST, &address, &body).await?)
    }

    /// The drafter asks to stop.
    pub async fn stop_release(&self, bundle: &BundleId) -> anyhow::Result<Draft> {
        let body = Stop { reason: "发现笔误".to_owned() };
        let address = format!("/bundles/{bundle}/stop");
        Ok(self.client("drafter")?.command(Method::POST, &address, &body).await?)
    }
}
