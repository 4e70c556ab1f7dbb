//! The proxy of `deploy/nginx.conf` before a deployment: readers and staff come through by TLS, also
//! while one of two processes is not there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lockstep_kit::{dispatch::Transport, ids::Ids};
use lockstep_proto::{
    http::{COMMAND_HEADER, Submit},
    ids::{BundleId, CommandId},
};
use lockstep_tests::{
    bundles::{self, Sample, interpretation_mark, policy_mark},
    site::{Site, under_test},
};
use reqwest::Client;

/// Staff type commands: theirs is a name that every machine knows.
const NAMES: [&str; 3] = ["policy.example.org", "localhost", "static.example.org"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

struct Proxy {
    child: Child,
    plain: SocketAddr,
    tls: SocketAddr,
    inside: SocketAddr,
    authority: Vec<u8>,
}

impl Proxy {
    /// Starts nginx with the settings of `deploy/`; paths, ports and processes are this site's.
    fn start(site: &Site) -> Self {
        let folder = site.scratch("proxy");
        let here = folder.display().to_string();
        let mut certificates = Command::new(root().join("scripts/certificates"));
        certificates.arg(&folder).arg("public").args(NAMES);
        assert!(certificates.status().unwrap().success());
        fs::write(folder.join("mime.types"), "types { text/html html; }").unwrap();
        let [plain, tls, inside, dead] = [(); 4].map(|()| free_address());
        let (staff, public) = (site.staff(), site.public());
        let settings = fs::read_to_string(root().join("deploy/nginx.conf")).unwrap();
        let changes = [
            ("/tmp/", format!("{here}/")),
            ("/etc/nginx/certificates", here.clone()),
            ("/etc/nginx/mime.types", format!("{here}/mime.types")),
            ("/srv/folder/site", site.served().display().to_string()),
            ("server portal-1:7011", format!("server {dead}")),
            ("server portal-2:7011", format!("server {}", public.trim_start_matches("http://"))),
            ("server console-1:7010", format!("server {}", staff.trim_start_matches("http://"))),
            ("server console-2:7010", format!("server {dead}")),
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
    let proxy = Proxy::start(&site);
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

/// What a drafter is told who was handed an identity file with the proxy's address.
fn status_by_command(site: &Site, proxy: &Proxy, bundle: &BundleId) -> String {
    let identity = site.identity("drafter").unwrap();
    let file = identity.key_path().with_extension("toml");
    let server = format!("https://localhost:{}", proxy.tls.port());
    let text = fs::read_to_string(&file).unwrap();
    let handed_over = site.scratch("drafter.toml");
    fs::write(&handed_over, text.replace(&identity.server, &server)).unwrap();
    let ask = |authority: &Path| {
        let mut command = Command::new(under_test().unwrap());
        command.args(["status", bundle.as_str(), "--as"]).arg(&handed_over);
        command.env("SSL_CERT_FILE", authority).output().unwrap()
    };
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
    said
}
