//! The services there are, and whose facts each of them hears.

use anyhow::bail;
use lockstep_kit::bus::admin::Consumer;

/// Every service, in the order in which they start. The static folder is a channel of its own: it
/// runs where its disk is.
pub const ALL: [&str; 7] =
    ["console", "drafting", "explainer", "approval", "release", "portal", "folder"];

/// The services whose routes console passes commands on to.
pub const OWNERS: [&str; 3] = ["drafting", "approval", "release"];

/// The services that are channels: each knows how far behind release it is.
pub const CHANNELS: [&str; 2] = ["portal", "folder"];

/// Each service's handler, and the services whose facts it hears, whole. Console hears nobody.
pub const HEARS: [Consumer; 6] = [
    ("drafting", &["console", "explainer", "approval", "release"]),
    ("explainer", &["drafting"]),
    ("approval", &["console", "drafting", "release"]),
    // Whoever gives up on a bundle says so to release.
    ("release", &["console", "drafting", "explainer", "approval", "release", "portal", "folder"]),
    ("portal", &["console", "release"]),
    ("folder", &["console", "release"]),
];

/// The services that these words name; `all` is every one.
pub fn named(words: &[String]) -> anyhow::Result<Vec<&'static str>> {
    if words.iter().any(|word| word == "all") {
        return Ok(ALL.to_vec());
    }
    if let Some(unknown) = words.iter().find(|word| !ALL.contains(&word.as_str())) {
        bail!("没有服务 {unknown} / there is no such service; there are: all, {}", ALL.join(", "));
    }
    Ok(ALL.into_iter().filter(|service| words.iter().any(|word| word == service)).collect())
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        path::PathBuf,
        sync::Arc,
    };

    use lockstep_kit::{
        Db,
        dispatch::Handler,
        pages::{Look, Pages},
        safe::Safe,
        testing::{self, name, sample},
    };
    use lockstep_proto::facts::Fact;
    use lockstep_release::{Release, folder::FolderAdapter};

    use super::*;

    /// Who writes facts of this type.
    fn writers(type_name: &str) -> Vec<&'static str> {
        match type_name.split('.').next() {
            Some("person" | "key") => vec!["console"],
            Some("bundle") => vec!["drafting"],
            Some("explainer") => vec!["explainer"],
            Some("case") => vec!["approval"],
            Some("release") => vec!["release"],
            Some("channel") => vec!["portal", "folder"],
            _ => ALL.to_vec(),
        }
    }

    /// Every handler there is, by its service.
    async fn handlers(folder: PathBuf) -> Vec<(&'static str, Arc<dyn Handler>)> {
        let db = Db::open_sqlite(&folder.join("test.db")).await.unwrap();
        let deps = |service| testing::deps(service, db.clone(), &folder);
        let release = Release {
            deps: deps("release"),
            key: Arc::new(testing::release_key()),
            safe: Safe::new(folder.join("safe"), name("deployment")),
            outside: Arc::new(BTreeMap::new()),
        };
        let pages = Arc::new(Pages::new(Look::default()).unwrap());
        let adapter =
            FolderAdapter::new(deps("folder"), "site".into(), "aside".into(), Arc::clone(&pages));
        let folder = lockstep_kit::channel::Channel::new(
            deps("folder"),
            name("folder"),
            "folder",
            Arc::new(adapter),
        );
        vec![
            ("drafting", lockstep_drafting::handler(deps("drafting"))),
            ("explainer", lockstep_explainer::handler(deps("explainer"))),
            ("approval", lockstep_approval::handler(deps("approval"))),
            ("release", release.handler()),
            ("portal", Arc::new(lockstep_portal::channel(deps("portal"), name("portal"), pages))),
            ("folder", Arc::new(folder)),
        ]
    }

    #[tokio::test]
    async fn every_handler_gets_what_it_hears() {
        let folder = tempfile::tempdir().unwrap();
        let handlers = handlers(folder.path().to_owned()).await;
        assert_eq!(handlers.len(), HEARS.len());
        for (service, handler) in handlers {
            let (consumer, sources) = HEARS.iter().find(|(name, _)| *name == service).unwrap();
            assert_eq!(handler.name(), *consumer);
            let heard = Fact::TYPES.iter().filter(|kind| handler.hears(&sample(kind).fact));
            for kind in heard {
                for writer in writers(kind) {
                    assert!(sources.contains(&writer), "{service} hears {kind}, not {writer}");
                }
            }
        }
    }

    /// What a service may do on NATS, as `deploy/nats-users.conf` has to say it.
    fn rights(service: &str) -> BTreeSet<String> {
        let heard = HEARS.iter().find(|(name, _)| *name == service).map(|(_, heard)| *heard);
        let mut rights = BTreeSet::from([
            format!("lockstep.{service}.>"),
            format!("$JS.API.DIRECT.GET.LOCKSTEP.lockstep.{service}.>"),
            format!("_INBOX_{service}.>"),
            format!("missing.lockstep.{service}"),
        ]);
        // It warns of a stream that is nearly full; whose facts are in it, it hears anyway.
        rights.extend((service == "release").then(|| "$JS.API.STREAM.INFO.LOCKSTEP".to_owned()));
        for right in ["$JS.API.CONSUMER.INFO.LOCKSTEP.", "$JS.API.CONSUMER.MSG.NEXT.LOCKSTEP."] {
            rights.extend(heard.map(|_| format!("{right}{service}")));
        }
        for right in ["$JS.ACK.LOCKSTEP.", "$JS.ACK.*.*.LOCKSTEP."] {
            rights.extend(heard.map(|_| format!("{right}{service}.>")));
        }
        let sources = heard.unwrap_or_default().iter();
        rights.extend(sources.map(|source| format!("missing.lockstep.{source}")));
        rights
    }

    #[test]
    fn users_of_the_stream_may_do_what_their_service_does_and_no_more() {
        let users = include_str!("../../../deploy/nats-users.conf");
        let mut blocks = users.split("nkey: $NKEY_").skip(1);
        assert!(blocks.next().is_some_and(|admin| admin.starts_with("ADMIN }")));
        let mut seen = vec![];
        for block in blocks {
            let service = block.split(',').next().unwrap().to_lowercase();
            let said = block.split('"').skip(1).step_by(2).map(str::to_owned);
            assert_eq!(said.collect::<BTreeSet<_>>(), rights(&service), "{service}");
            seen.push(service);
        }
        assert_eq!(seen, ALL);
    }

    #[test]
    fn services_are_named_once_and_unknown_ones_refused() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(named(&words("release drafting release")).unwrap(), ["drafting", "release"]);
        assert_eq!(named(&words("portal all")).unwrap(), ALL);
        assert!(named(&words("portal ledger")).unwrap_err().to_string().contains("ledger"));
    }
}
