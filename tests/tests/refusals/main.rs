//! Every route of the staff door: who may not, what they are told, and that nothing changes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod world;

use std::collections::BTreeSet;

use lockstep::{identity::Identity, statements};
use lockstep_kit::ids::Ids;
use lockstep_proto::{
    http::{ACTOR_HEADER, PostKey, PostResumption, PutPerson, Submit},
    ids::BundleId,
    signed::{PrivateKey, Signed},
};
use serde_json::{Value, json};

use world::{Asked, World, at, bearer, by, changes_nothing, command_id, json_of};

/// Every route behind a token: `{bundle}` and `{digest}` stand for those of the case.
const COMMANDS: [&str; 7] = [
    "POST /bundles",
    "POST /bundles/{bundle}/stop",
    "POST /bundles/{bundle}/sign-offs",
    "PUT /bundles/{bundle}/registration",
    "PUT /bundles/{bundle}/proposal",
    "POST /bundles/{bundle}/withdrawal",
    "POST /bundles/{bundle}/resume",
];
const QUERIES: [&str; 9] = [
    "GET /people",
    "GET /deployment",
    "GET /bundles",
    "GET /bundles/{bundle}",
    "GET /bundles/{bundle}/draft",
    "GET /bundles/{bundle}/members/{digest}",
    "GET /bundles/{bundle}/case",
    "GET /bundles/{bundle}/release",
    "GET /bundles/{bundle}/holds",
];
/// Routes whose authority is the root key's signature in the body.
const RECORDS: [&str; 3] = ["PUT /people/{person}", "POST /keys", "POST /keys/revocations"];
/// Behind nothing: what they say is nobody's secret.
const OPEN: [(&str, &str); 3] = [
    ("GET /healthz", "it says that the server is there, and no more"),
    ("GET /readyz", "it says what this process cannot reach"),
    ("GET /metrics", "it says how many, of what no person or bundle is named"),
];
/// Behind a token, and signed by the root key besides.
const RESUMPTION: &str = "POST /deployment/resumption";

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_let_in_without_a_token_that_is_known() {
    changes_nothing(async |world| {
        let nobody = PrivateKey::from_seed([66; 32]);
        let token = &world.identity("issuer").token;
        let doors = [
            ("no token", vec![command_id()]),
            ("an unknown token", vec![command_id(), bearer("unknown")]),
            ("an empty token", vec![command_id(), bearer("")]),
            ("another scheme", vec![command_id(), ("authorization", format!("Basic {token}"))]),
            ("an actor header alone", vec![command_id(), actor(world, &nobody)]),
        ];
        for route in COMMANDS.into_iter().chain(QUERIES) {
            for (what, headers) in &doors {
                let (bundle, headers) = (&world.released, headers.clone());
                let asked = Asked { route, bundle, headers, body: Value::Null };
                world.is_refused(what, asked, "401 unauthorized").await;
            }
        }
        for route in COMMANDS {
            let headers = vec![bearer(token)];
            let asked = Asked { route, bundle: &world.released, headers, body: Value::Null };
            world.is_refused("no command id", asked, "400 unreadable").await;
        }
    })
    .await;
}

/// A header that says that the issuer asks, signed by somebody else than console.
fn actor(world: &World, key: &PrivateKey) -> (&'static str, String) {
    let path = format!("/bundles/{}/resume", world.released);
    let actor = lockstep_proto::http::Actor {
        deployment: world.identity("issuer").deployment,
        person: "issuer".parse().unwrap(),
        method: "POST".to_owned(),
        path,
        body: lockstep_proto::digest::Digest::of(b"null"),
        command: Ids.fresh(),
        trace: Ids.fresh(),
        at: world.site.clock.now(),
    };
    let value = lockstep_kit::http::actor_header(actor, key).unwrap();
    (ACTOR_HEADER, value.to_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_nobody_made_is_not_found() {
    changes_nothing(async |world| {
        // Release may hold a bundle before it knows of it: an unknown one is held by nobody.
        let routes = QUERIES
            .into_iter()
            .filter(|route| route.contains("{bundle}") && !route.ends_with("/holds"));
        for route in routes {
            let headers = by(&world.site, "issuer");
            let asked = Asked { route, bundle: &world.unknown, headers, body: Value::Null };
            world.is_refused("unknown bundle", asked, "404 not_found").await;
        }
        let [reviewer, issuer] = ["reviewer", "issuer"].map(|person| world.identity(person));
        let registrar = world.identity("registrar");
        let bodies = [
            ("POST /bundles/{bundle}/stop", "drafter", json!({"reason": "笔误"})),
            (
                "POST /bundles/{bundle}/sign-offs",
                "reviewer",
                world.sign_off(&reviewer, &world.open).await,
            ),
            (
                "PUT /bundles/{bundle}/registration",
                "registrar",
                world.registration(&registrar, &world.granted).await,
            ),
            (
                "PUT /bundles/{bundle}/proposal",
                "issuer",
                json_of(&world.case(&world.open).await.proposal),
            ),
            (
                "POST /bundles/{bundle}/withdrawal",
                "issuer",
                world.withdrawal(&issuer, &world.released, 1).await,
            ),
            ("POST /bundles/{bundle}/resume", "issuer", Value::Null),
            ("POST /bundles", "drafter", submission(world, Some(&world.unknown))),
        ];
        for (route, person, body) in bodies {
            let headers = by(&world.site, person);
            let asked = Asked { route, bundle: &world.unknown, headers, body };
            world.is_refused("unknown bundle", asked, "404 not_found").await;
        }
    })
    .await;
}

/// The first bundle's folder, as a revision of `revises`.
fn submission(world: &World, revises: Option<&BundleId>) -> Value {
    use base64::Engine as _;
    let files = lockstep::folder::read(&world.site.scratch("甲")).unwrap();
    let encode = |bytes| base64::engine::general_purpose::STANDARD.encode(bytes);
    let files = files.into_iter().map(|(path, bytes)| (path, encode(bytes))).collect();
    json_of(&Submit { revises: revises.cloned(), files })
}

/// What is refused, to whom, with which body, and the answer.
type Row = (&'static str, &'static str, Value, &'static str);

impl World {
    async fn refuses<const N: usize>(
        &self,
        route: &'static str,
        bundle: &BundleId,
        rows: [Row; N],
    ) {
        for (what, person, body, expected) in rows {
            let headers = by(&self.site, person);
            self.is_refused(what, Asked { route, bundle, headers, body }, expected).await;
        }
    }

    async fn refuses_submissions(&self) {
        let new = submission(self, None);
        let revision = submission(self, Some(&self.open));
        let unknown = json!({"files": {}, "force": true});
        let rows = [
            ("an issuer drafts", "issuer", new, "403 forbidden"),
            ("a reviewer revises", "reviewer", revision, "403 forbidden"),
            ("nothing", "drafter", json!({"files": {}}), "422 unreadable_bundle TS002 TS002"),
            ("an unknown field", "drafter", unknown, "400 unreadable"),
        ];
        self.refuses("POST /bundles", &self.open, rows).await;
    }

    async fn refuses_stops(&self) {
        let stop = || json!({"reason": "笔误"});
        for (bundle, row) in [
            (&self.granted, ("no drafter", "issuer", stop(), "403 forbidden")),
            (&self.open, ("nothing is granted", "drafter", stop(), "409 nothing_to_stop")),
            (&self.released, ("it is released", "drafter", stop(), "409 nothing_to_stop")),
        ] {
            self.refuses("POST /bundles/{bundle}/stop", bundle, [row]).await;
        }
    }

    async fn refuses_sign_offs(&self) {
        let sign = async |identity: Identity| self.sign_off(&identity, &self.open).await;
        let person = |name| self.identity(name);
        let elsewhere = sign(self.elsewhere("reviewer")).await;
        let posing = sign(self.posing("drafter", "reviewer")).await;
        let other = self.sign_off(&person("reviewer"), &self.other).await;
        let mut ordered = sign(person("reviewer")).await;
        ordered["order"] = self.reorder(&person("issuer"), &self.granted).await["order"].clone();
        let rows = [
            ("a drafter", "drafter", sign(person("drafter")).await, "422 blocked TS208 TS202"),
            ("the last step first", "issuer", sign(person("issuer")).await, "422 blocked TS208"),
            ("a registrar", "registrar", sign(person("registrar")).await, "422 blocked TS208"),
            ("another's statement", "issuer", sign(person("reviewer")).await, "403 forbidden"),
            ("of another deployment", "reviewer", elsewhere, "422 blocked TS210"),
            ("another's key", "reviewer", posing, "422 blocked TS206"),
            ("about another bundle", "reviewer", other, "422 blocked TS201"),
            ("an order too early", "reviewer", ordered, "422 blocked TS308"),
        ];
        self.refuses("POST /bundles/{bundle}/sign-offs", &self.open, rows).await;
    }

    async fn refuses_other_orders(&self) {
        let order = async |identity: Identity| self.reorder(&identity, &self.granted).await;
        let person = |name| self.identity(name);
        let elsewhere = order(self.elsewhere("issuer")).await;
        let revoked = order(person("second-issuer")).await;
        let mut bare = order(person("issuer")).await;
        bare.as_object_mut().unwrap().remove("order");
        let rows = [
            ("a reviewer", "reviewer", order(person("reviewer")).await, "422 blocked TS208 TS203"),
            ("a drafter", "drafter", order(person("drafter")).await, "422 blocked TS208 TS202"),
            ("a revoked key", "second-issuer", revoked, "422 blocked TS206"),
            ("of another deployment", "issuer", elsewhere, "422 blocked TS210"),
            ("the order is missing", "issuer", bare, "422 blocked TS301"),
        ];
        self.refuses("POST /bundles/{bundle}/sign-offs", &self.granted, rows).await;
        let late = self.reorder(&person("issuer"), &self.released).await;
        let rows = [("after the permit", "issuer", late, "409 wrong_state")];
        self.refuses("POST /bundles/{bundle}/sign-offs", &self.released, rows).await;
    }

    async fn refuses_registrations(&self) {
        let route = "PUT /bundles/{bundle}/registration";
        let fill = async |identity: Identity| self.registration(&identity, &self.granted).await;
        let person = |name| self.identity(name);
        let elsewhere = fill(self.elsewhere("registrar")).await;
        let posing = fill(self.posing("drafter", "registrar")).await;
        let other = self.registration(&person("registrar"), &self.open).await;
        let rows = [
            ("an issuer", "issuer", fill(person("issuer")).await, "422 blocked TS303"),
            ("a drafter", "drafter", fill(person("drafter")).await, "422 blocked TS303"),
            ("another's statement", "issuer", fill(person("registrar")).await, "403 forbidden"),
            ("of another deployment", "registrar", elsewhere, "422 blocked TS303"),
            ("another's key", "registrar", posing, "422 blocked TS303"),
            ("about another bundle", "registrar", other, "422 blocked TS303"),
        ];
        self.refuses(route, &self.granted, rows).await;
        for (bundle, what) in [(&self.open, "before the grant"), (&self.released, "after it")] {
            let body = self.registration(&person("registrar"), bundle).await;
            self.refuses(route, bundle, [(what, "registrar", body, "409 wrong_state")]).await;
        }
    }

    async fn refuses_proposals(&self) {
        let route = "PUT /bundles/{bundle}/proposal";
        let proposal = || async { json_of(&self.case(&self.open).await.proposal) };
        let mut backwards = proposal().await;
        backwards["window"]["not_after"] = json!("2026-12-01T00:00:00Z");
        let mut nowhere = proposal().await;
        nowhere["channels"]["required"] = json!([]);
        let mut elsewhere = proposal().await;
        elsewhere["channels"]["required"] = json!(["elsewhere"]);
        let mut over = proposal().await;
        over["window"]["not_before"] = json!("2026-11-01T00:00:00Z");
        over["window"]["not_after"] = json!("2026-12-01T00:00:00Z");
        let rows = [
            ("a channel that there is not", "drafter", elsewhere, "422 blocked TS308"),
            ("a window that is over", "drafter", over, "422 blocked TS305"),
            ("who has no part in it", "registrar", proposal().await, "403 forbidden"),
            ("a window that ends first", "drafter", backwards, "422 blocked TS308"),
            ("no channel", "drafter", nowhere, "422 blocked TS308"),
        ];
        self.refuses(route, &self.open, rows).await;
        let rows = [("after the grant", "drafter", proposal().await, "409 wrong_state")];
        self.refuses(route, &self.granted, rows).await;
    }

    async fn refuses_withdrawals(&self) {
        let route = "POST /bundles/{bundle}/withdrawal";
        let order = async |identity: Identity| self.withdrawal(&identity, &self.released, 1).await;
        let person = |name| self.identity(name);
        let brought = order(person("second-issuer")).await;
        let elsewhere = order(self.elsewhere("issuer")).await;
        let posing = order(self.posing("drafter", "issuer")).await;
        let other = self.withdrawal(&person("issuer"), &self.granted, 1).await;
        let stale = self.withdrawal(&person("issuer"), &self.released, 2).await;
        let rows = [
            ("a registrar", "registrar", order(person("registrar")).await, "403 forbidden"),
            ("a drafter", "drafter", order(person("drafter")).await, "403 forbidden"),
            ("a reviewer", "reviewer", order(person("reviewer")).await, "403 forbidden"),
            ("another's statement", "issuer", brought.clone(), "403 forbidden"),
            ("a revoked key", "second-issuer", brought, "403 forbidden"),
            ("of another deployment", "issuer", elsewhere, "403 forbidden"),
            ("another's key", "issuer", posing, "403 forbidden"),
            ("about another bundle", "issuer", other, "403 forbidden"),
            ("of another generation", "issuer", stale, "409 stale"),
        ];
        self.refuses(route, &self.released, rows).await;
        let rows =
            [("nothing is granted", "issuer", order(person("issuer")).await, "404 not_found")];
        self.refuses(route, &self.open, rows).await;
    }

    /// Whoever reads of it later is to know why.
    async fn refuses_empty_reasons(&self) {
        for reason in ["", " \u{3000}\n", &"长".repeat(501)] {
            let (code, reviewer) = ("422 bad_reason", self.identity("reviewer"));
            let returned = self.returned(&reviewer, &self.open, reason).await;
            let withdrawal = self.withdrawal_for(&self.identity("issuer"), reason).await;
            let stop = ("no reason", "drafter", json!({ "reason": reason }), code);
            self.refuses("POST /bundles/{bundle}/stop", &self.granted, [stop]).await;
            let returned = ("no reason", "reviewer", returned, code);
            self.refuses("POST /bundles/{bundle}/sign-offs", &self.open, [returned]).await;
            let withdrawal = ("no reason", "issuer", withdrawal, code);
            self.refuses("POST /bundles/{bundle}/withdrawal", &self.released, [withdrawal]).await;
        }
    }

    async fn refuses_resumptions(&self) {
        let route = "POST /bundles/{bundle}/resume";
        let rows = ["registrar", "drafter", "reviewer"]
            .map(|person| (person, person, Value::Null, "403 forbidden"));
        self.refuses(route, &self.granted, rows).await;
        let rows = [("nothing is granted", "issuer", Value::Null, "404 not_found")];
        self.refuses(route, &self.open, rows).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_does_what_is_anothers() {
    changes_nothing(async |world| {
        world.refuses_submissions().await;
        world.refuses_stops().await;
        world.refuses_sign_offs().await;
        world.refuses_other_orders().await;
        world.refuses_registrations().await;
        world.refuses_proposals().await;
        world.refuses_withdrawals().await;
        world.refuses_empty_reasons().await;
        world.refuses_resumptions().await;
    })
    .await;
}

/// Beside a token, an actor header counts for nothing: it is console that says who asks.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_actor_header_makes_nobody_an_issuer() {
    changes_nothing(async |world| {
        let console = lockstep_kit::keys::load(&world.site.home.join("keys/console.key")).unwrap();
        for key in [&PrivateKey::from_seed([66; 32]), &console] {
            let mut headers = by(&world.site, "registrar");
            headers.push(actor(world, key));
            let (route, bundle) = ("POST /bundles/{bundle}/resume", &world.released);
            let asked = Asked { route, bundle, headers, body: Value::Null };
            world.is_refused("a registrar as issuer", asked, "403 forbidden").await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_record_is_taken_that_the_root_key_did_not_sign() {
    changes_nothing(async |world| {
        let (site, forger) = (&world.site, PrivateKey::from_seed([66; 32]));
        let identity = world.identity("reviewer");
        let record = statements::person(
            &site.home,
            &identity,
            "reviewer",
            vec!["issuer".parse().unwrap()],
            at("2027-01-01T00:00:00Z"),
        );
        let mut record = record.unwrap().into_value();
        let person = |record| json_of(&PutPerson { record });
        let forged_person = person(Signed::new(record.clone(), &forger).unwrap());
        record.deployment = "elsewhere".parse().unwrap();
        let root = site.home.root_key().unwrap();
        let foreign_person = person(Signed::new(record, &root).unwrap());
        let key = statements::key(&site.home, &identity.person, forger.public(), site.clock.now());
        let record = Signed::new(key.unwrap().into_value(), &forger).unwrap();
        let bodies = [
            ("PUT /people/{person}", forged_person),
            ("PUT /people/{person}", foreign_person),
            ("POST /keys", json_of(&PostKey { record })),
            ("POST /keys/revocations", json_of(&world.revocation("issuer", &forger))),
        ];
        let tried: BTreeSet<&str> = bodies.iter().map(|(route, _)| *route).collect();
        assert_eq!(tried, BTreeSet::from(RECORDS));
        for (route, body) in bodies {
            // Nor does a person's token make it one.
            for headers in [vec![command_id()], by(&world.site, "issuer")] {
                let asked = Asked { route, bundle: &world.open, headers, body: body.clone() };
                world.is_refused("a forged record", asked, "403 forbidden").await;
            }
        }
        let mut resumption = statements::resumption(&site.home, 1, site.clock.now()).unwrap();
        let statement = resumption.resumption.into_value();
        resumption = PostResumption { resumption: Signed::new(statement, &forger).unwrap() };
        let (route, body) = (RESUMPTION, json_of(&resumption));
        let headers = by(&world.site, "issuer");
        let asked = Asked { route, bundle: &world.open, headers, body };
        world.is_refused("a forged resumption", asked, "403 forbidden").await;
    })
    .await;
}

/// A route that is added without saying here who may not is found by this test.
#[test]
fn every_route_is_listed_here() {
    let sources = [
        include_str!("../../../services/kit/src/health.rs"),
        include_str!("../../../services/kit/src/metrics.rs"),
        include_str!("../../../services/console/src/api.rs"),
        include_str!("../../../services/drafting/src/api.rs"),
        include_str!("../../../services/approval/src/api.rs"),
        include_str!("../../../services/release/src/api.rs"),
    ];
    let mut routes = BTreeSet::new();
    for line in sources.iter().flat_map(|source| source.lines()) {
        let Some((_, rest)) = line.split_once(".route(\"") else { continue };
        let (path, methods) = rest.split_once('"').unwrap();
        for (call, method) in [("get(", "GET"), ("post(", "POST"), ("put(", "PUT")] {
            if methods.contains(call) {
                routes.insert(format!("{method} {path}"));
            }
        }
        // Console passes what is below a bundle on to the service that owns it, with its method.
        let is_passed_on = methods.contains("any(pass");
        assert!(is_passed_on || methods.contains("t("), "{line}");
    }
    for (route, why) in OPEN {
        assert!(routes.remove(route), "{route}: {why}");
    }
    let listed =
        COMMANDS.into_iter().chain(QUERIES).chain(RECORDS).chain([RESUMPTION]).map(str::to_owned);
    assert_eq!(routes, listed.collect());
}
