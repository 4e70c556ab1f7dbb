//! The proxy of `deploy/nginx.conf` before a deployment: readers and staff come through by TLS, also
//! while one of two processes is not there, stands still, or has nothing to show.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command},
    time::{Duration, Instant},
};

use axum::{Router, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use lockstep_kit::{dispatch::Transport, ids::Ids, testing::free_addresses};
use lockstep_proto::{
    http::{COMMAND_HEADER, Submit},
    ids::{BundleId, CommandId},
};
use lockstep_tests::{
    bundles::{self, Sample, interpretation_mark, policy_mark},
    site::{Site, under_test},
};
use reqwest::Client;
use tokio::task::JoinSet;

/// Staff type commands: theirs is a name that every machine knows.
const NAMES: [&str; 3] = ["policy.example.org", "localhost", "static.example.org"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

struct Proxy {
    child: Child,
    plain: SocketAddr,
    tls: SocketAddr,
    inside: SocketAddr,
    authority: Vec<u8>,
}

impl Proxy {
    /// Starts nginx with the settings of `deploy/` before two processes of the portal; paths, ports
    /// and console are this site's, console's other process is not there.
    fn start(site: &Site, portals: [SocketAddr; 2]) -> Self {
        let folder = site.scratch("proxy");
        let here = folder.display().to_string();
        let mut certificates = Command::new(root().join("scripts/certificates"));
        certificates.arg(&folder).arg("public").args(NAMES);
        assert!(certificates.status().unwrap().success());
        fs::write(folder.join("mime.types"), "types { text/html html; }").unwrap();
        let [plain, tls, inside, dead] = free_addresses();
        let ([first, second], staff) = (portals, site.staff());
        let settings = fs::read_to_string(root().join("deploy/nginx.conf")).unwrap();
        let changes = [
            ("/tmp/", format!("{here}/")),
            ("/etc/nginx/certificates", here.clone()),
            ("/etc/nginx/mime.types", format!("{here}/mime.types")),
            ("/srv/folder/site", site.served().display().to_string()),
            // These are addresses, and distributions have an nginx that cannot ask for names again.
            ("server portal-1:7011 resolve", format!("server {first}")),
            ("server portal-2:7011 resolve", format!("server {second}")),
            (
                "server console-1:7010 resolve",
                format!("server {}", staff.trim_start_matches("http://")),
            ),
            ("server console-2:7010 resolve", format!("server {dead}")),
            ("server_name staff.example.org", "server_name localhost".to_owned()),
            ("listen 8080", format!("listen {plain}")),
            ("listen 8443", format!("listen {tls}")),
            ("listen 8081", format!("listen {inside}")),
        ];
        let settings = changes.iter().fold(settings, |settings, (from, to)| {
            assert!(settings.contains(from), "{from}");
            settings.replace(from, to)
        });
        // As whoever runs the test: the files are theirs.
        let settings = format!("user root;\ndaemon off;\n{settings}");
        fs::write(folder.join("nginx.conf"), settings).unwrap();
        let nginx = Command::new(root().join("scripts/nginx")).output().unwrap();
        assert!(nginx.status.success(), "{}", String::from_utf8_lossy(&nginx.stderr));
        let mut command = Command::new(String::from_utf8_lossy(&nginx.stdout).trim());
        command.arg("-e").arg(folder.join("log")).arg("-c").arg(folder.join("nginx.conf"));
        let mut child = command.stdout(std::process::Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while TcpStream::connect(tls).is_err() {
            let is_alive = child.try_wait().unwrap().is_none();
            let log = || fs::read_to_string(folder.join("log")).unwrap();
            assert!(is_alive && begun.elapsed() < Duration::from_secs(30), "{}", log());
            std::thread::yield_now();
        }
        let authority = fs::read(folder.join("ca.pem")).unwrap();
        Self { child, plain, tls, inside, authority }
    }

    /// A browser that knows the authority, and where the names lead.
    fn client(&self) -> Client {
        let authority = reqwest::Certificate::from_pem(&self.authority).unwrap();
        let client = Client::builder().tls_certs_only([authority]);
        let client = client.redirect(reqwest::redirect::Policy::none());
        NAMES
            .into_iter()
            .fold(client, |client, name| client.resolve(name, self.tls))
            .build()
            .unwrap()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Its workers end with it only where it may say so.
        Command::new("kill").arg(self.child.id().to_string()).status().ok();
        self.child.wait().ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_and_staff_come_through_the_proxy() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = bundles::submit(&site, "甲").await.unwrap();
    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set("2026-12-02T00:00:01Z".parse().unwrap()).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    let [dead] = free_addresses();
    let proxy = Proxy::start(&site, [dead, portal(&site)]);
    let (client, tls) = (proxy.client(), proxy.tls.port());
    let marks = [policy_mark("甲", 1), interpretation_mark("甲", 1)];

    let page = format!("https://policy.example.org:{tls}/p/{bundle}");
    // One of two processes is not there: nobody notices.
    for _ in 0..4 {
        let response = client.get(&page).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert!(response.headers().contains_key("lockstep-edition"));
        assert_eq!(response.headers()["cache-control"], "no-cache");
        let text = response.text().await.unwrap();
        assert!(marks.iter().all(|mark| text.contains(mark)));
    }
    let response = client.get(format!("http://{}/p/{bundle}", proxy.inside)).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let response = client.get(format!("http://{}/p/{bundle}", proxy.plain)).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 301);
    assert!(response.headers()["location"].to_str().unwrap().starts_with("https://"));
    // Not even to whoever takes any certificate.
    let careless = Client::builder().tls_danger_accept_invalid_certs(true);
    let careless = careless.resolve("other.example.org", proxy.tls).build().unwrap();
    let other = format!("https://other.example.org:{tls}/p/{bundle}");
    assert!(careless.get(other).send().await.is_err());

    let fixed = format!("https://static.example.org:{tls}/b/{bundle}/current/index.html");
    let response = client.get(fixed).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers()["cache-control"], "no-cache");
    assert!(response.text().await.unwrap().contains(&marks[0]));

    let staff = format!("https://localhost:{tls}/bundles");
    let token = &site.identity("drafter").unwrap().token;
    let response = client.get(format!("{staff}/{bundle}")).bearer_auth(token).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert!(response.headers().contains_key("strict-transport-security"));
    let said = status_by_command(&site, &proxy, &bundle);
    assert!(said.contains(bundle.as_str()), "{said}");
    // A bundle that is nearly as large as one may be, in base64.
    let folder = site.scratch("large");
    let window = ("2026-12-02T00:00:00Z".parse().unwrap(), "2026-12-20T00:00:00Z".parse().unwrap());
    let sample = Sample { name: "乙", version: 1, has_slots: false, window };
    bundles::write(&folder, &sample).unwrap();
    fs::create_dir_all(folder.join("attachments")).unwrap();
    for name in ["a.pdf", "b.pdf"] {
        fs::write(folder.join("attachments").join(name), vec![b'x'; 9 << 20]).unwrap();
    }
    let files = lockstep::folder::read(&folder).unwrap().into_iter();
    let files = files.map(|(path, bytes)| (path, STANDARD.encode(bytes))).collect();
    let command: CommandId = Ids.fresh();
    let request = client.post(&staff).bearer_auth(token).header(COMMAND_HEADER, command.as_str());
    let response = request.json(&Submit { revises: None, files }).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 201, "{}", response.text().await.unwrap());
    // Staff's door is not found under the public's name.
    let public = format!("https://policy.example.org:{tls}/bundles/{bundle}");
    let response = client.get(public).bearer_auth(token).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 404);
    site.stop().await.unwrap();
}

/// A process of the portal that has nothing to show.
const DARK: &str = "本页正在恢复";

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_is_served_while_the_other_portal_stands_still_or_is_dark() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    // The kernel takes connections, and nobody ever answers.
    let still = TcpListener::bind("127.0.0.1:0").unwrap();
    let dark = TcpListener::bind("127.0.0.1:0").unwrap();
    dark.set_nonblocking(true).unwrap();
    let [still_at, dark_at] = [&still, &dark].map(|server| server.local_addr().unwrap());
    let router = Router::new().fallback(async || (StatusCode::SERVICE_UNAVAILABLE, DARK));
    let dark = tokio::net::TcpListener::from_std(dark).unwrap();
    let mut server = JoinSet::new();
    server.spawn(axum::serve(dark, router).into_future());

    for other in [still_at, dark_at] {
        let proxy = Proxy::start(&site, [other, portal(&site)]);
        let (client, tls) = (proxy.client(), proxy.tls.port());
        let public = format!("https://policy.example.org:{tls}/");
        let inside = format!("http://{}/", proxy.inside);
        for address in [&public, &inside, &public, &inside] {
            // Far below what staff wait for a command, far above what it takes.
            let request = client.get(address).timeout(Duration::from_secs(40));
            let response = request.send().await.unwrap();
            assert_eq!(response.status().as_u16(), 200, "{address} before {other}");
        }
    }
    // Where both have nothing to show, readers are told what they say, however often they ask.
    let proxy = Proxy::start(&site, [dark_at, dark_at]);
    let public = format!("https://policy.example.org:{}/", proxy.tls.port());
    let inside = format!("http://{}/", proxy.inside);
    for address in [&public, &inside, &public, &inside] {
        let response = proxy.client().get(address).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 503, "{address}");
        assert_eq!(response.text().await.unwrap(), DARK);
    }
    site.stop().await.unwrap();
}

/// Where the portal of a site is.
fn portal(site: &Site) -> SocketAddr {
    site.public().trim_start_matches("http://").parse().unwrap()
}

/// What a drafter is told who was handed an identity file with the proxy's address.
fn status_by_command(site: &Site, proxy: &Proxy, bundle: &BundleId) -> String {
    let identity = site.identity("drafter").unwrap();
    let file = identity.key_path().with_extension("toml");
    let text = fs::read_to_string(&file).unwrap();
    let handed_over = site.scratch("drafter.toml");
    let ask_at = |server: &str, authority: &Path| {
        fs::write(&handed_over, text.replace(&identity.server, server)).unwrap();
        let mut command = Command::new(under_test().unwrap());
        command.args(["status", bundle.as_str(), "--as"]).arg(&handed_over);
        command.env("SSL_CERT_FILE", authority).env("SSL_CERT_DIR", authority).output().unwrap()
    };
    let server = format!("https://localhost:{}", proxy.tls.port());
    let ask = |authority: &Path| ask_at(&server, authority);
    let authority = site.scratch("proxy").join("ca.pem");
    let done = ask(&authority);
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    assert!(done.status.success(), "{said}");
    // Whoever's machine does not know the authority is told so.
    let others = site.scratch("others");
    let mut certificates = Command::new(root().join("scripts/certificates"));
    assert!(certificates.arg(&others).args(["public", "localhost"]).status().unwrap().success());
    let refused = ask(&others.join("ca.pem"));
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && why.contains("certificate"), "{why}");
    // Whoever's machine knows none at all, and whoever was handed the address without TLS, too.
    let none = ask(&site.scratch("none"));
    let why = String::from_utf8_lossy(&none.stderr).into_owned();
    assert!(none.status.code() == Some(2) && why.contains("no TLS on this machine"), "{why}");
    let plain = ask_at(&format!("http://{}", proxy.plain), &authority);
    let why = String::from_utf8_lossy(&plain.stderr).into_owned();
    assert!(plain.status.code() == Some(2) && why.contains("with https://"), "{why}");
    said
}
