//! Facts in any order: a submission is sealed once, and nothing late brings a bundle back.

use lockstep_kit::{
    outbox,
    testing::{for_each_engine, name, sample},
};
use lockstep_proto::{digest::Digest, manifest::Member, time::Timestamp};

use super::*;
use crate::store::Revision;

const BUNDLE: &str = "0197-bundle";

async fn on_drafts(test: impl AsyncFn(Deps)) {
    for_each_engine("drafting", async |deps| {
        crate::migrate(&deps.db).await.unwrap();
        test(deps).await;
    })
    .await;
}

/// A revision of the bundle waits to be rendered.
async fn submit(deps: &Deps, revision: u32) {
    let Fact::BundleSubmitted(data) = sample("bundle.submitted.v1").fact else { panic!("another") };
    let Fact::BundleSealed(sealed) = sample("bundle.sealed.v1").fact else { panic!("another") };
    let mut draft = data.draft;
    draft.revision = revision;
    draft.submission = name(&format!("s{revision}"));
    draft.members.retain(|member| !member.role.is_rendered());
    let revision = Revision {
        draft,
        content: Digest::of(b"content"),
        proposal: sealed.proposal,
        manifest: None,
        submitted_by: name("lin"),
        submitted_at: Timestamp::from_micros(i64::from(revision)),
    };
    let mut tx = deps.db.begin_write().await.unwrap();
    store::insert_revision(&mut tx, &revision).await.unwrap();
    deps.db.commit(tx).await.unwrap();
}

async fn hear(deps: &Deps, fact: Fact) {
    let envelope = Envelope { fact, ..sample("bundle.sealed.v1") };
    let mut tx = deps.db.begin_write().await.unwrap();
    Drafting(deps.clone()).handle(&mut tx, &envelope).await.unwrap();
    deps.db.commit(tx).await.unwrap();
}

fn rendered(revision: u32) -> Fact {
    let Fact::ExplainerRendered(mut data) = sample("explainer.rendered.v1").fact else {
        panic!("another")
    };
    data.submission = name(&format!("s{revision}"));
    Fact::ExplainerRendered(data)
}

fn refused(revision: u32) -> Fact {
    let Fact::ExplainerRefused(mut data) = sample("explainer.refused.v1").fact else {
        panic!("another")
    };
    data.submission = name(&format!("s{revision}"));
    Fact::ExplainerRefused(data)
}

/// The types of the facts that drafting wrote.
async fn said(deps: &Deps) -> Vec<String> {
    let mut tx = deps.db.begin_read().await.unwrap();
    let facts = outbox::list_of_key(&mut tx, BUNDLE, 99).await.unwrap();
    facts.into_iter().map(|fact| fact.type_name).collect()
}

/// The manifest that was sealed last.
async fn sealed(deps: &Deps) -> Document<lockstep_proto::manifest::Manifest> {
    let mut tx = deps.db.begin_read().await.unwrap();
    let facts = outbox::list_of_key(&mut tx, BUNDLE, 99).await.unwrap();
    let facts = facts.iter().rev();
    let fact = facts.map(|f| serde_json::from_str::<Envelope>(&f.envelope).unwrap().fact);
    let manifest = fact.filter_map(|fact| {
        if let Fact::BundleSealed(data) = fact { Some(data.manifest) } else { None }
    });
    manifest.into_iter().next().unwrap()
}

async fn row(deps: &Deps) -> store::Row {
    let mut tx = deps.db.begin_read().await.unwrap();
    let bundle: BundleId = name(BUNDLE);
    store::find_bundle(&mut tx, &bundle).await.unwrap().unwrap()
}

fn ended(manifest: &Digest) -> facts::release::Ended {
    let Fact::ReleaseDark(data) = sample("release.dark.v1").fact else { panic!("another") };
    facts::release::Ended { manifest: manifest.clone(), bundle: name(BUNDLE), ..data }
}

fn completed(manifest: &Digest) -> Fact {
    let Fact::ReleaseCompleted(data) = sample("release.completed.v1").fact else {
        panic!("another")
    };
    let (bundle, manifest) = (name(BUNDLE), manifest.clone());
    Fact::ReleaseCompleted(facts::release::Completed { bundle, manifest, ..data })
}

fn granted(manifest: &Document<lockstep_proto::manifest::Manifest>) -> Fact {
    let Fact::CaseGranted(mut data) = sample("case.granted.v1").fact else { panic!("another") };
    data.evidence.manifest = manifest.clone();
    Fact::CaseGranted(data)
}

#[tokio::test]
async fn what_was_rendered_is_sealed_once() {
    on_drafts(async |deps| {
        submit(&deps, 1).await;
        hear(&deps, rendered(1)).await;
        hear(&deps, rendered(1)).await;
        assert_eq!(said(&deps).await, ["bundle.sealed.v1"]);
        let row = row(&deps).await;
        let manifest = sealed(&deps).await;
        assert_eq!(row.state, State::InReview);
        assert_eq!(row.newest.manifest.as_ref(), Some(manifest.digest()));
        let paths = |members: &[Member]| members.iter().map(|m| m.path.clone()).collect::<Vec<_>>();
        let mut sorted = paths(&manifest.members);
        sorted.sort();
        assert_eq!(paths(&manifest.members), sorted);
        assert!(sorted.contains(&"rendered/policy.html".to_owned()), "{sorted:?}");
    })
    .await;
}

#[tokio::test]
async fn what_was_left_out_is_told_while_it_is_in_review() {
    on_drafts(async |deps| {
        submit(&deps, 1).await;
        let Fact::ExplainerRendered(mut data) = sample("explainer.rendered.v1.left_out").fact
        else {
            panic!("another")
        };
        data.submission = name("s1");
        hear(&deps, Fact::ExplainerRendered(data.clone())).await;
        let row = row(&deps).await;
        assert_eq!((row.state, row.findings), (State::InReview, data.findings));
    })
    .await;
}

#[tokio::test]
async fn an_older_submission_is_neither_sealed_nor_dropped() {
    on_drafts(async |deps| {
        submit(&deps, 1).await;
        submit(&deps, 2).await;
        hear(&deps, rendered(1)).await;
        hear(&deps, refused(1)).await;
        assert_eq!(said(&deps).await, Vec::<String>::new());
        assert_eq!(row(&deps).await.state, State::Rendering);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_rendered_is_dropped_once_and_says_why() {
    on_drafts(async |deps| {
        submit(&deps, 1).await;
        hear(&deps, refused(1)).await;
        hear(&deps, refused(1)).await;
        assert_eq!(said(&deps).await, ["bundle.dropped.v1"]);
        let row = row(&deps).await;
        assert_eq!(row.state, State::Dropped);
        assert!(!row.findings.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_grant_heard_after_its_release_moves_nothing() {
    on_drafts(async |deps| {
        submit(&deps, 1).await;
        hear(&deps, rendered(1)).await;
        let manifest = sealed(&deps).await;
        hear(&deps, completed(manifest.digest())).await;
        hear(&deps, granted(&manifest)).await;
        let row = row(&deps).await;
        assert_eq!(row.state, State::Released);
        assert_eq!(row.released_manifest.as_ref(), Some(manifest.digest()));
    })
    .await;
}

#[tokio::test]
async fn a_release_that_ends_after_a_newer_submission_leaves_that_one_alone() {
    on_drafts(async |deps| {
        submit(&deps, 1).await;
        hear(&deps, rendered(1)).await;
        let manifest = sealed(&deps).await;
        submit(&deps, 2).await;
        for fact in [
            granted(&manifest),
            Fact::ReleaseStopped(ended(manifest.digest())),
            completed(manifest.digest()),
        ] {
            hear(&deps, fact).await;
            assert_eq!(row(&deps).await.state, State::Rendering);
        }
        // What readers see is known all the same: the newer one is a revision of it.
        assert_eq!(row(&deps).await.released_manifest.as_ref(), Some(manifest.digest()));
    })
    .await;
}

#[tokio::test]
async fn what_went_dark_is_submitted_anew_whatever_is_heard_late() {
    on_drafts(async |deps| {
        submit(&deps, 1).await;
        hear(&deps, rendered(1)).await;
        let manifest = sealed(&deps).await;
        hear(&deps, completed(manifest.digest())).await;
        submit(&deps, 2).await;
        hear(&deps, Fact::ReleaseDark(ended(manifest.digest()))).await;
        hear(&deps, granted(&manifest)).await;
        hear(&deps, rendered(2)).await;
        let row = row(&deps).await;
        assert_eq!((row.state, row.released_manifest), (State::Dark, None));
        assert_eq!(said(&deps).await, ["bundle.sealed.v1"], "the second was sealed");
    })
    .await;
}

#[tokio::test]
async fn a_rendering_that_does_not_get_on_is_told_until_it_does() {
    on_drafts(async |deps| {
        submit(&deps, 1).await;
        let stuck = |service: &str| {
            let Fact::HandlingStuck(data) = sample("handling.stuck.v1").fact else {
                panic!("another")
            };
            let (service, bundle) = (name(service), Some(name(BUNDLE)));
            let why = "database or disk is full: /srv/office".to_owned();
            Fact::HandlingStuck(facts::handling::Stuck { service, bundle, why, ..data })
        };
        let codes = async |deps: &Deps| -> Vec<String> {
            row(deps).await.findings.into_iter().map(|finding| finding.code).collect()
        };
        let hears = |service: &str| Drafting(deps.clone()).hears(&stuck(service));
        assert_eq!(["explainer", "portal"].map(hears), [true, false]);
        hear(&deps, stuck("portal")).await;
        assert_eq!(codes(&deps).await, [""; 0]);
        hear(&deps, stuck("explainer")).await;
        assert_eq!(codes(&deps).await, ["TS022"]);
        let said = format!("{:?}", row(&deps).await.findings);
        assert!(!said.contains("/srv/office"), "{said}");
        assert_eq!(row(&deps).await.state, State::Rendering);
        hear(&deps, rendered(1)).await;
        assert!(!codes(&deps).await.contains(&"TS022".to_owned()));
        // What comes late says nothing of it any more.
        hear(&deps, stuck("explainer")).await;
        assert!(!codes(&deps).await.contains(&"TS022".to_owned()));
    })
    .await;
}
