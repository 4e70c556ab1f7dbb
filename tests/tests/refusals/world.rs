//! Bundles in every state, and requests about them.

use lockstep::{identity::Identity, statements};
use lockstep_kit::{dispatch::Transport, ids::Ids};
use lockstep_proto::{
    edition::{Slot, SlotValue},
    finding::Finding,
    http::{COMMAND_HEADER, Case, PostRevocation, Release},
    ids::{BundleId, CommandId},
    order::{Proposal, Window},
    people::{KeyRevocation, RevocationSchema},
    sign_off::Decision,
    signed::{PrivateKey, Signed},
    time::Timestamp,
};
use lockstep_tests::{
    bundles::{self, Sample},
    site::Site,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A request, as whoever makes it.
pub(crate) struct Asked<'a> {
    pub(crate) route: &'static str,
    pub(crate) bundle: &'a BundleId,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Value,
}

/// What a refusal says.
#[derive(Deserialize)]
struct Said {
    code: String,
    #[serde(default)]
    findings: Vec<Finding>,
}

/// Status, code and what the rule says, such as `422 blocked TS202 TS208`.
async fn answer(site: &Site, asked: &Asked<'_>) -> String {
    let (method, path) = asked.route.split_once(' ').unwrap();
    let path = path
        .replace("{bundle}", asked.bundle.as_str())
        .replace("{digest}", &"0".repeat(64))
        .replace("{person}", "reviewer");
    let mut request =
        reqwest::Client::new().request(method.parse().unwrap(), format!("{}{path}", site.staff()));
    for (name, value) in &asked.headers {
        request = request.header(*name, value);
    }
    if method != "GET" {
        request = request.header("content-type", "application/json").body(asked.body.to_string());
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let said: Said =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status} from {}", asked.route));
    let findings: Vec<_> = said.findings.into_iter().map(|finding| finding.code).collect();
    format!("{status} {} {}", said.code, findings.join(" ")).trim_end().to_owned()
}

pub(crate) fn bearer(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
}

pub(crate) fn command_id() -> (&'static str, String) {
    let id: CommandId = Ids.fresh();
    (COMMAND_HEADER, id.to_string())
}

/// The headers of a command by this person.
pub(crate) fn by(site: &Site, person: &str) -> Vec<(&'static str, String)> {
    vec![bearer(&site.identity(person).unwrap().token), command_id()]
}

pub(crate) fn json_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// Bundles in the states that commands are about.
pub(crate) struct World {
    pub(crate) site: Site,
    /// Its case waits for the first step.
    pub(crate) open: BundleId,
    /// So does this one's.
    pub(crate) other: BundleId,
    /// Signed by both steps; its slots wait for the registrar.
    pub(crate) granted: BundleId,
    /// Shown on every channel.
    pub(crate) released: BundleId,
    /// Nobody made it.
    pub(crate) unknown: BundleId,
}

impl World {
    async fn begin() -> Self {
        let mut world = Self {
            site: Site::in_process(Transport::Local).await.unwrap(),
            open: Ids.fresh(),
            other: Ids.fresh(),
            granted: Ids.fresh(),
            released: Ids.fresh(),
            unknown: Ids.fresh(),
        };
        world.revoke("second-issuer").await;
        world.open = world.submit("甲", false).await;
        world.other = world.submit("丁", false).await;
        world.granted = world.submit("乙", true).await;
        world.released = world.submit("丙", false).await;
        let site = &world.site;
        site.wait_case(&world.open, 1).await.unwrap();
        site.wait_case(&world.other, 1).await.unwrap();
        site.sign_all(&world.granted, 1).await.unwrap();
        site.wait_phase(&world.granted, "registering", 1).await.unwrap();
        site.sign_all(&world.released, 1).await.unwrap();
        site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
        site.wait_phase(&world.released, "completed", 1).await.unwrap();
        site.wait_heard().await.unwrap();
        world
    }

    async fn submit(&self, name: &str, has_slots: bool) -> BundleId {
        let folder = self.site.scratch(name);
        let window = (at("2026-12-02T00:00:00Z"), at("2026-12-20T00:00:00Z"));
        bundles::write(&folder, &Sample { name, version: 1, has_slots, window }).unwrap();
        self.site.submit(&folder, None).await.unwrap().bundle
    }

    /// The end of a person's key, signed by the root key.
    pub(crate) fn revocation(&self, person: &str, root: &PrivateKey) -> PostRevocation {
        let identity = self.site.identity(person).unwrap();
        let revocation = KeyRevocation {
            schema: RevocationSchema,
            deployment: identity.deployment.clone(),
            person: identity.person.clone(),
            key: identity.key().unwrap().public().id(),
            reason: "遗失".to_owned(),
            at: self.site.clock.now(),
        };
        PostRevocation { record: Signed::new(revocation, root).unwrap() }
    }

    async fn revoke(&self, person: &str) {
        let body = self.revocation(person, &self.site.home.root_key().unwrap());
        let client = lockstep::client::Client::new(&self.site.staff(), None).unwrap();
        let () = client.command("POST".parse().unwrap(), "/keys/revocations", &body).await.unwrap();
    }

    pub(crate) fn identity(&self, person: &str) -> Identity {
        self.site.identity(person).unwrap().clone()
    }

    /// Somebody of another deployment, with the same key.
    pub(crate) fn elsewhere(&self, person: &str) -> Identity {
        let mut identity = self.identity(person);
        identity.deployment = "elsewhere".parse().unwrap();
        identity
    }

    /// Somebody who signs as another person, with his own key.
    pub(crate) fn posing(&self, person: &str, as_whom: &str) -> Identity {
        let mut identity = self.identity(person);
        identity.person = as_whom.parse().unwrap();
        identity
    }

    pub(crate) async fn case(&self, bundle: &BundleId) -> Case {
        self.site.case(bundle).await.unwrap()
    }

    /// A signature of the step whose turn it is in this bundle's case.
    pub(crate) async fn sign_off(&self, identity: &Identity, bundle: &BundleId) -> Value {
        let (case, now) = (self.case(bundle).await, self.site.clock.now());
        json_of(&statements::sign_off(identity, &case, Decision::Signed, None, now).unwrap())
    }

    /// The return by the step whose turn it is.
    pub(crate) async fn returned(
        &self,
        identity: &Identity,
        bundle: &BundleId,
        reason: &str,
    ) -> Value {
        let (case, now) = (self.case(bundle).await, self.site.clock.now());
        let decision = Decision::Returned { reason: reason.to_owned() };
        json_of(&statements::sign_off(identity, &case, decision, None, now).unwrap())
    }

    /// The last step's signature over another order, after granting.
    pub(crate) async fn reorder(&self, identity: &Identity, bundle: &BundleId) -> Value {
        let (case, now) = (self.case(bundle).await, self.site.clock.now());
        let not_before = at("2026-12-05T00:00:00Z");
        let window = Window::Instants { not_before, not_after: at("2026-12-06T00:00:00Z") };
        let order = Proposal { window, channels: case.proposal.channels.clone() };
        json_of(&statements::reorder(identity, &case, order, now).unwrap())
    }

    pub(crate) async fn registration(&self, identity: &Identity, bundle: &BundleId) -> Value {
        let (case, now) = (self.case(bundle).await, self.site.clock.now());
        let value = SlotValue::try_from("示教〔2026〕7号".to_owned()).unwrap();
        let slots = [(Slot::Number, value)].into();
        json_of(&statements::registration(identity, &case, slots, now).unwrap())
    }

    pub(crate) async fn withdrawal(&self, identity: &Identity, bundle: &BundleId, n: u32) -> Value {
        let mut release = self.release(bundle).await;
        release.generation.n = n;
        let now = self.site.clock.now();
        json_of(&statements::withdrawal(identity, &release, "文件有误", now).unwrap())
    }

    /// The withdrawal of what is released, for this reason.
    pub(crate) async fn withdrawal_for(&self, identity: &Identity, reason: &str) -> Value {
        let (release, now) = (self.release(&self.released).await, self.site.clock.now());
        json_of(&statements::withdrawal(identity, &release, reason, now).unwrap())
    }

    async fn release(&self, bundle: &BundleId) -> Release {
        let client = self.site.client("reviewer").unwrap();
        client.get(&format!("/bundles/{bundle}/release")).await.unwrap()
    }

    /// Everything that a refused request could have changed.
    async fn snapshot(&self) -> (usize, Vec<String>) {
        self.site.wait_heard().await.unwrap();
        let mut seen = vec![];
        for bundle in [&self.open, &self.other, &self.granted, &self.released] {
            let status = self.site.status(bundle).await.unwrap();
            seen.push(json_of(&status).to_string());
        }
        for path in ["/people", "/bundles"] {
            let view: Value = self.site.client("reviewer").unwrap().get(path).await.unwrap();
            seen.push(view.to_string());
        }
        (self.site.fact_count().await.unwrap(), seen)
    }

    /// Asks, and compares the answer; no fact came of it.
    pub(crate) async fn is_refused(&self, what: &str, asked: Asked<'_>, expected: &str) {
        let before = self.site.fact_count().await.unwrap();
        assert_eq!(answer(&self.site, &asked).await, expected, "{}: {what}", asked.route);
        let after = self.site.fact_count().await.unwrap();
        assert_eq!(after, before, "{}: {what}: something happened", asked.route);
    }
}

/// Runs a test on bundles in every state, which it must leave as they are.
pub(crate) async fn changes_nothing(test: impl AsyncFn(&World)) {
    let mut world = World::begin().await;
    let before = world.snapshot().await;
    test(&world).await;
    assert_eq!(world.snapshot().await, before, "something changed");
    world.site.stop().await.unwrap();
}
