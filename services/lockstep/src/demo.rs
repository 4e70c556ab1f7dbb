//! `lockstep demo`: the whole path on sample matter, over real HTTP, with the real clock. People
//! and agency are invented; the figures in the sample are public and name their source.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use lockstep_gate::{
    channel::Placed,
    codes,
    verdict::{self, Facts, Staging, decide},
};
use lockstep_kit::{
    clock::Clock, dispatch::Transport, http::client_for, ids::Ids, keys, outbox, register,
};
use lockstep_proto::{
    edition::{Slot, SlotValue},
    envelope::Envelope,
    facts::Fact,
    finding::Finding,
    http::{Case, PostKey, PostSignOff, PutPerson, Release, Status, Submitted},
    ids::{BundleId, EventId},
    order::{Proposal, Window},
    release::Evidence,
    sign_off::Decision,
};
use reqwest::Method;

use crate::{
    client::{Client, Failure},
    commands::send_bundle,
    folder,
    home::Home,
    identity::Identity,
    print,
    serve::{self, How, Server, THIS_PROGRAM},
    statements,
};

/// When the bundles' own windows begin: so late that the gate can be seen to wait on any machine.
const TOMORROW_MS: i64 = 86_400_000;
/// When the window begins that the issuer orders instead: long enough to see the system wait.
const SOON_MS: i64 = 5_000;
/// How long any step may take before the demo gives up.
const PATIENCE: Duration = Duration::from_secs(90);
/// Facts of a bundle that are read at once: the demo makes some dozens.
const FACTS_MAX: i64 = 1_000;

macro_rules! sample {
    ($version:literal) => {
        [
            ("bundle.toml", &include_bytes!(concat!("../sample/", $version, "/bundle.toml"))[..]),
            ("policy.md", include_bytes!(concat!("../sample/", $version, "/policy.md"))),
            (
                "interpretation.md",
                include_bytes!(concat!("../sample/", $version, "/interpretation.md")),
            ),
            (
                "data/spending.csv",
                include_bytes!(concat!("../sample/", $version, "/data/spending.csv")),
            ),
            (
                "attachments/contact.txt",
                include_bytes!(concat!("../sample/", $version, "/attachments/contact.txt")),
            ),
        ]
    };
}

struct Demo {
    path: PathBuf,
    drafter: Identity,
    reviewer: Identity,
    issuer: Identity,
    registrar: Identity,
}

/// Runs the demo. `once`: runs through and ends; otherwise serves on until a signal.
pub(crate) async fn run(once: bool, home: Option<PathBuf>) -> anyhow::Result<()> {
    let is_temporary = home.is_none();
    let path = home.unwrap_or_else(|| {
        let id: EventId = Ids.fresh();
        std::env::temp_dir().join(format!("lockstep-demo-{id}"))
    });
    if path.exists() {
        bail!("{} 已存在，请另选 / is there already; choose another", path.display());
    }
    title("一、部署与演示人员", "A deployment and its demo people");
    let home = Home::init(&path.join("home"), "示例区教育局政策发布（演示）")?;
    let server = start(&home, once).await?;
    let demo = Demo::people(&path, &home, &server).await?;
    let bundle = demo.walk(&server).await?;
    if once {
        server.stop().await;
    } else {
        what_to_open(&path, &home, &server, &bundle);
        say!("\n服务继续运行，Ctrl-C 结束 / serving on; Ctrl-C ends");
        serve::until_signal(server).await?;
    }
    say!("\n演示完成 / the demo is done");
    if is_temporary {
        fs::remove_dir_all(&path).with_context(|| {
            format!("演示目录 {} 无法删除 / the demo's folder stays", path.display())
        })?;
        say!("  临时目录已删除 / the temporary folder is removed: {}", path.display());
    } else {
        say!("  演示目录保留 / the demo's folder stays: {}", path.display());
    }
    Ok(())
}

fn what_to_open(path: &Path, home: &Home, server: &Server, bundle: &BundleId) {
    let issuer = path.join("people/gu-mingde.toml");
    let status = ["status", bundle.as_str(), "--as", &issuer.to_string_lossy()];
    title("八、可以打开看看", "What to open");
    say!("  现行版本（政策与解读） pair page   {}/p/{bundle}", server.running.public);
    say!("  列表 list                          {}/", server.running.public);
    say!("  静态目录 static folder             {}", home.join("site").display());
    say!("  身份文件 identity files            {}", path.join("people").display());
    say!("  进展 status                        {}", print::command(&status));
    say!("  其他命令 other commands            {}", print::command(&["--help"]));
}

async fn start(home: &Home, once: bool) -> anyhow::Result<Server> {
    let any = Some(std::net::SocketAddr::from(([127, 0, 0, 1], 0)));
    let how = |address| How {
        staff: address,
        public: address,
        listen: None,
        clock: Clock::System,
        transport: Transport::Local,
        program: THIS_PROGRAM.into(),
    };
    if once {
        return Server::start(home, how(any)).await;
    }
    match Server::start(home, how(None)).await {
        Ok(server) => Ok(server),
        // The usual ports are taken: any will do.
        Err(_) => Server::start(home, how(any)).await,
    }
}

impl Demo {
    async fn people(path: &Path, home: &Home, server: &Server) -> anyhow::Result<Self> {
        say!(
            "  以下人员与机关均为虚构，仅供演示 / all people and agencies are invented, for demo only"
        );
        let add = async |id: &str, name: &str, roles: &[&str]| -> anyhow::Result<Identity> {
            let identity = Identity::new(
                server.running.staff.clone(),
                home.settings.deployment.clone(),
                (id.parse()?, "示例区教育局".to_owned()),
                statements::token()?,
                path.join("people").join(format!("{id}.toml")),
            );
            let client = Client::new(&server.running.staff, None)?;
            let now = Clock::System.now();
            let parsed = roles.iter().map(|role| role.parse()).collect::<Result<Vec<_>, _>>()?;
            let record = statements::person(home, &identity, name, parsed, now)?;
            let () = client
                .command(Method::PUT, &format!("/people/{id}"), &PutPerson { record })
                .await?;
            identity.save()?;
            let public = keys::make(&identity.key_path())?.public();
            let record = statements::key(home, &identity.person, public, now)?;
            let () = client.command(Method::POST, "/keys", &PostKey { record }).await?;
            say!("  {name}（演示 demo）  {id}  {}", roles.join(", "));
            Ok(identity)
        };
        Ok(Self {
            path: path.to_owned(),
            // The drafter may review the work of others; not this.
            drafter: add("lin-xiaowen", "林晓文", &["drafter", "reviewer"]).await?,
            reviewer: add("shen-zhiyuan", "沈致远", &["reviewer"]).await?,
            issuer: add("gu-mingde", "顾明德", &["issuer"]).await?,
            registrar: add("tang-yi", "唐怡", &["registrar"]).await?,
        })
    }

    async fn walk(&self, server: &Server) -> anyhow::Result<BundleId> {
        let bundle = self.review().await?;
        self.hold_back(server, &bundle).await?;
        self.release(server, &bundle).await?;
        Ok(bundle)
    }

    /// Three refusals, until the text stands that will be issued.
    async fn review(&self) -> anyhow::Result<BundleId> {
        title("二、没有解读：不予接收", "No interpretation: refused");
        let alone = self.write("alone", &sample!("v1"))?;
        fs::remove_file(alone.join("interpretation.md"))?;
        refused(self.submit(&alone, None).await, "TS101")?;

        title("三、提交；拟稿人自签：不予签批", "Submitted; the drafter signs: refused");
        let first = self.write("v1", &sample!("v1"))?;
        let policy = fs::read_to_string(first.join("policy.md"))?;
        // A slip of the draft: the interpretation says two days. It is mended after a sign-off.
        fs::write(first.join("policy.md"), policy.replace("2个工作日", "3个工作日"))?;
        folder::confirm(&first)?;
        let bundle = self.submit(&first, None).await?.bundle;
        say!("  已提交 submitted {bundle}");
        self.wait_case(&bundle, 1).await?;
        refused(self.sign(&self.drafter, &bundle, None).await, "TS202")?;

        title(
            "四、审核签批后改动政策：签批作废",
            "The policy is edited after a sign-off: the sign-off is void",
        );
        let case = self.sign(&self.reviewer, &bundle, None).await?;
        say!("  沈致远已签（审核） / the reviewer signed");
        if !self.submit(&first, Some(&bundle)).await?.unchanged {
            bail!("相同内容竟成新版次 / the same content made a new revision");
        }
        say!("  原文重存，签批仍有效 / saving the same content changes nothing");
        fs::write(first.join("policy.md"), policy)?;
        say!("  只改政策，未核对解读 / the policy alone is edited");
        refused(self.submit(&first, Some(&bundle)).await, "TS104")?;
        folder::confirm(&first)?;
        self.submit(&first, Some(&bundle)).await?;
        self.wait_case(&bundle, 2).await?;
        say!(
            "  核对解读后提交为第 2 版；仍用原签批 / revision 2; the old sign-off is brought again"
        );
        let sign_off = case.sign_offs.first().context("没有签批 / there is no sign-off")?.clone();
        let body = PostSignOff { sign_off, order: None };
        refused(Self::post_sign_off(&self.reviewer, &bundle, &body).await, "TS201")?;
        Ok(bundle)
    }

    /// The fourth: everything is in place, and the window has not begun.
    async fn hold_back(&self, server: &Server, bundle: &BundleId) -> anyhow::Result<()> {
        title("五、签发、登记；未到时间：不放行", "Issued, registered; before the window: refused");
        self.sign(&self.reviewer, bundle, None).await?;
        say!("  沈致远重新签批 / the reviewer signed again");
        self.sign(&self.issuer, bundle, None).await?;
        say!("  顾明德已签发：清单与发布令一并签署 / the issuer signed manifest and order");
        let case = self.register(bundle, "示教〔2026〕1号").await?;
        say!("  唐怡已登记文号与成文日期 / the registrar filled number and date");
        let staged = self.wait_staged(bundle).await?;
        let phase = print::state(&staged.phase);
        say!("  各渠道均已备稿，系统停在 {phase} / every channel holds it; the system waits");
        let findings = ask_gate(server, case, &staged).await?;
        let [finding] = findings.as_slice() else {
            bail!("判定有出入 / the gate says something else: {findings:?}");
        };
        if finding.code != codes::TOO_EARLY.id {
            bail!("因其他原因被拒 / refused for another reason: {finding}");
        }
        said(finding);
        say!("  其余规则均已满足 / no other rule stands in the way");
        let before = self.page(server, bundle).await?;
        if before != 404 {
            bail!("窗口开始前公众已得到 {before} / the public got this before the window");
        }
        say!("  公众端此刻得到 404 / the public gets 404 for now");
        Ok(())
    }

    async fn release(&self, server: &Server, bundle: &BundleId) -> anyhow::Result<()> {
        title("六、另签发布令，到时放行", "Another order; its window begins: released");
        self.reorder(bundle).await?;
        say!("  顾明德把发布时间提前到 {} 秒后 / the issuer orders another window", SOON_MS / 1000);
        report(&self.wait_completed(bundle, 2).await?);
        if self.page(server, bundle).await? != 200 {
            bail!("公开页面没有应答 / the pair page does not answer");
        }

        title("七、更正一次：新旧成对替换", "Corrected once: the pair is swapped in one flip");
        let second = self.write("v2", &sample!("v2"))?;
        self.submit(&second, Some(bundle)).await?;
        let case = self.wait_case(bundle, 3).await?;
        self.sign(&self.reviewer, bundle, None).await?;
        self.sign(&self.issuer, bundle, Some(soon(&case))).await?;
        self.register(bundle, "示教〔2026〕2号").await?;
        report(&self.wait_completed(bundle, 3).await?);
        Ok(())
    }

    /// Writes a sample with a window that begins tomorrow, confirmed.
    fn write(&self, name: &str, files: &[(&str, &[u8])]) -> anyhow::Result<PathBuf> {
        let folder = self.path.join("bundles").join(name);
        for (path, bytes) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&folder))?;
            fs::write(path, bytes)?;
        }
        let now = Clock::System.now();
        let path = folder.join("bundle.toml");
        let mut settings: toml_edit::DocumentMut = fs::read_to_string(&path)?.parse()?;
        let order = settings.get_mut("order").and_then(|order| order.as_table_mut());
        let order = order.context("样例缺少 [order] / the sample has no [order]")?;
        let (not_before, not_after) =
            (now.plus_millis(TOMORROW_MS), now.plus_millis(2 * TOMORROW_MS));
        order.insert("not_before", toml_edit::value(not_before.to_beijing_text()));
        order.insert("not_after", toml_edit::value(not_after.to_beijing_text()));
        fs::write(&path, settings.to_string())?;
        folder::confirm(&folder)?;
        Ok(folder)
    }

    fn client(identity: &Identity) -> Result<Client, Failure> {
        Client::new(&identity.server, Some(identity.token.clone()))
    }

    async fn submit(&self, path: &Path, revises: Option<&BundleId>) -> anyhow::Result<Submitted> {
        send_bundle(&Self::client(&self.drafter)?, path, revises.cloned()).await
    }

    async fn case(&self, bundle: &BundleId) -> anyhow::Result<Case> {
        Ok(Self::client(&self.reviewer)?.get(&format!("/bundles/{bundle}/case")).await?)
    }

    /// Signs the step whose turn it is; the last one signs what the bundle proposes, or `order`.
    async fn sign(
        &self,
        identity: &Identity,
        bundle: &BundleId,
        order: Option<Proposal>,
    ) -> anyhow::Result<Case> {
        let case = self.case(bundle).await?;
        let now = Clock::System.now();
        let body = statements::sign_off(identity, &case, Decision::Signed, order, now)?;
        Self::post_sign_off(identity, bundle, &body).await
    }

    async fn reorder(&self, bundle: &BundleId) -> anyhow::Result<Case> {
        let case = self.case(bundle).await?;
        let now = Clock::System.now();
        let body = statements::reorder(&self.issuer, &case, soon(&case), now)?;
        Self::post_sign_off(&self.issuer, bundle, &body).await
    }

    async fn post_sign_off(
        identity: &Identity,
        bundle: &BundleId,
        body: &PostSignOff,
    ) -> anyhow::Result<Case> {
        let address = format!("/bundles/{bundle}/sign-offs");
        Ok(Self::client(identity)?.command(Method::POST, &address, body).await?)
    }

    async fn register(&self, bundle: &BundleId, number: &str) -> anyhow::Result<Case> {
        let now = Clock::System.now();
        let value = |text: String| SlotValue::try_from(text);
        let slots = [
            (Slot::Number, value(number.to_owned())?),
            (Slot::WrittenOn, value(now.chinese_date())?),
        ];
        let case = self.case(bundle).await?;
        let body = statements::registration(&self.registrar, &case, slots.into(), now)?;
        let address = format!("/bundles/{bundle}/registration");
        Ok(Self::client(&self.registrar)?.command(Method::PUT, &address, &body).await?)
    }

    async fn wait_case(&self, bundle: &BundleId, revision: u32) -> anyhow::Result<Case> {
        wait("the case", async || {
            let case = self.case(bundle).await.ok()?;
            (case.manifest.revision == revision).then_some(case)
        })
        .await
    }

    async fn status(&self, bundle: &BundleId) -> Option<Status> {
        Self::client(&self.issuer).ok()?.get(&format!("/bundles/{bundle}")).await.ok()
    }

    async fn wait_staged(&self, bundle: &BundleId) -> anyhow::Result<Release> {
        wait("the staged pair", async || {
            self.status(bundle).await?.release.filter(|release| release.phase == "staged")
        })
        .await
    }

    async fn wait_completed(&self, bundle: &BundleId, n: u32) -> anyhow::Result<Release> {
        wait("the release", async || {
            let status = self.status(bundle).await?;
            let release = status.release?;
            let is_done = release.phase == "completed" && status.draft.state == "released";
            (is_done && release.generation.n == n).then_some(release)
        })
        .await
    }

    async fn page(&self, server: &Server, bundle: &BundleId) -> anyhow::Result<u16> {
        let public = &server.running.public;
        let client = client_for(public).build()?;
        let response = client.get(format!("{public}/p/{bundle}")).send().await?;
        Ok(response.status().as_u16())
    }
}

/// The case's own channels, in a window that begins shortly.
fn soon(case: &Case) -> Proposal {
    let now = Clock::System.now();
    let (not_before, not_after) = (now.plus_millis(SOON_MS), now.plus_millis(TOMORROW_MS));
    let window = Window::Instants { not_before, not_after };
    Proposal { window, channels: case.proposal.channels.clone() }
}

/// What the gate says now, asked as release asks it before it writes a permit: over the bytes that
/// are stored, the persons that release knows, and what channels say they hold.
async fn ask_gate(server: &Server, case: Case, release: &Release) -> anyhow::Result<Vec<Finding>> {
    let deps = server.deps.of_service("release".parse()?);
    let evidence = Evidence {
        manifest: case.manifest,
        chain: case.chain,
        profile: case.profile,
        sign_offs: case.sign_offs,
        order: case.order,
        registration: case.registration,
    };
    let held = deps.blobs.read_held(&evidence.manifest).await?;
    let mut tx = deps.db.begin_read().await?;
    let directory = register::directory(&deps, &mut tx).await?;
    let facts = outbox::list_of_key(&mut tx, release.bundle.as_str(), FACTS_MAX).await?;
    drop(tx);
    let mut staged = BTreeMap::new();
    for stored in &facts {
        let envelope: Envelope = serde_json::from_str(&stored.envelope)?;
        if let Fact::ChannelStaged(data) = envelope.fact {
            let placed = Placed { generation: data.generation, edition: data.edition };
            staged.insert(data.channel, placed);
        }
    }
    let edition = release.edition.clone().context("没有定稿 / there is no edition")?;
    let placed = Placed { generation: release.generation, edition };
    let staging =
        Staging { placed: &placed, staged: &staged, asker: None, first_permitted_at: None };
    let facts = Facts::of(&deps.settings.deployment, &evidence, &held, &directory);
    let facts = Facts { staging: Some(staging), ..facts };
    let verdict = decide::<verdict::Release>(&facts, deps.clock.now());
    Ok(verdict.err().map(|blocked| blocked.findings).unwrap_or_default())
}

/// The gate must have said this code.
fn refused<T>(result: anyhow::Result<T>, code: &str) -> anyhow::Result<()> {
    let Err(error) = result else { bail!("{code} 竟被放行 / was let through") };
    let failure = error.downcast::<Failure>()?;
    let Failure::Refused(problem) = failure else { return Err(failure.into()) };
    let findings = problem.findings;
    let Some(finding) = findings.iter().find(|finding| finding.code == code) else {
        bail!("因其他原因被拒 / refused for another reason: {findings:?}");
    };
    said(finding);
    Ok(())
}

fn said(finding: &Finding) {
    say!("  ✗ {} {}", finding.code, finding.message);
    say!("    {}", finding.message_en);
    say!("    → {}", finding.help);
}

fn report(release: &Release) {
    say!(
        "  ✓ 第 {} 代发布完成，各渠道已读回核对 / completed, every channel read back",
        release.generation
    );
    for receipt in &release.receipts {
        say!("    {}  {}", receipt.channel, receipt.since.beijing());
    }
    let instants = || release.receipts.iter().map(|receipt| receipt.since);
    if let (Some(first), Some(last)) = (instants().min(), instants().max()) {
        say!("    渠道间相差 skew {} ms", last.millis_since(first));
    }
}

fn title(chinese: &str, english: &str) {
    say!("\n{chinese}  {english}");
}

async fn wait<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> anyhow::Result<T> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if let Some(found) = look().await {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("{what} 迟迟未到 / did not come within {PATIENCE:?}")
}
