//! Services apart whose NATS, PostgreSQL and store for blobs speak TLS: a release goes through; whoever does not know
//! the authority, or speaks no TLS, does not get in.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::Command,
    time::Duration,
};

use lockstep_kit::{Db, testing::S3};
use lockstep_proto::ids::BundleId;
use lockstep_tests::{
    bundles,
    site::{Site, under_test},
};

fn certificates(folder: &Path, name: &str, host: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/certificates");
    assert!(Command::new(script).arg(folder).args([name, host]).status().unwrap().success());
}

/// Starts the portal under other settings than those of the deployment: one is another, or is left
/// out. It is refused. What it says.
fn refused(site: &Site, setting: &str, value: Option<&str>) -> String {
    let home = site.scratch("elsewhere");
    fs::create_dir_all(&home).unwrap();
    std::os::unix::fs::symlink(site.home.join("keys"), home.join("keys")).ok();
    let text = fs::read_to_string(site.home.join("lockstep.toml")).unwrap();
    let mut settings: toml::Table = toml::from_str(&text).unwrap();
    let (tables, name) = setting.rsplit_once('.').unwrap();
    let table = tables
        .split('.')
        .fold(&mut settings, |table, part| table.get_mut(part).unwrap().as_table_mut().unwrap());
    table.remove(name).unwrap();
    table.extend(value.map(|value| (name.to_owned(), value.into())));
    fs::write(home.join("lockstep.toml"), toml::to_string(&settings).unwrap()).unwrap();
    let mut command = Command::new(under_test().unwrap());
    command.args(["serve", "portal", "--public", "127.0.0.1:0", "--home"]).arg(&home);
    let done = command.output().unwrap();
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    assert_eq!(done.status.code(), Some(2), "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn services_and_servers_know_each_other_by_tls() {
    let mut s3 = S3::start_with_tls();
    let (folder, bucket) = (tempfile::tempdir().unwrap(), s3.address());
    let settings = format!(
        "[blobs]\nendpoint = \"{}\"\nbucket = \"{}\"\nca = \"{}\"\n",
        bucket.endpoint,
        bucket.bucket,
        bucket.ca.unwrap().display()
    );
    fs::write(folder.path().join("settings.toml"), settings).unwrap();
    let (access, secret) = (bucket.access_key, bucket.secret_key);
    let keys = format!("access_key = \"{access}\"\nsecret_key = \"{secret}\"\n");
    fs::write(folder.path().join("blobs.toml"), keys).unwrap();
    let mut site = Site::apart_by_tls(folder.path()).await.unwrap();
    let bundle = bundles::submit(&site, "甲").await.unwrap();
    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set("2026-12-02T00:00:01Z".parse().unwrap()).unwrap();
    site.wait("release", async || {
        site.clock.advance(1_000).ok()?;
        let release = site.status(&bundle).await.ok()?.release?;
        (release.phase == "completed").then_some(())
    })
    .await
    .unwrap();

    assert!(!site.home.join("data/blobs").exists());
    no_half_while_the_store_is_away(&site, &mut s3, &bundle).await;

    // Another authority has signed for the same address.
    let others = site.scratch("others");
    certificates(&others, "server", "127.0.0.1");
    let others = others.join("ca.pem").display().to_string();
    let said = refused(&site, "cluster.nats.ca", Some(&others));
    assert!(said.contains("NATS") && said.contains("is not trusted"), "{said}");
    let said = refused(&site, "cluster.postgres_ca", Some(&others));
    assert!(said.contains("PostgreSQL") && said.contains("is not trusted"), "{said}");
    // The right authority, for another name.
    let cluster = site.home.settings.cluster.clone().unwrap();
    let elsewhere = cluster.postgres.replace("127.0.0.1", "localhost");
    let said = refused(&site, "cluster.postgres", Some(&elsewhere));
    assert!(said.contains("is not trusted"), "{said}");
    // Without an authority of its own, whoever signs for the public is not enough.
    let said = refused(&site, "cluster.nats.ca", None);
    assert!(said.contains("is not trusted"), "{said}");

    let plain = format!("postgres://lockstep@{}?sslmode=disable", cluster.postgres);
    let error = Db::open_postgres(&plain, "portal").await.unwrap_err();
    assert!(error.to_string().contains("no connection without TLS"), "{error}");
    for server in &cluster.nats.servers {
        let said = said_plainly(server.trim_start_matches("tls://"));
        assert!(said.contains("\"tls_required\":true") && !said.contains("PONG"), "{said}");
    }
    let ports = fs::read_to_string(site.home.path.with_file_name("ports")).unwrap();
    for line in ports.lines().filter(|line| line.starts_with("ROUTE_")) {
        // A server greets nobody who has not shown a certificate.
        assert_eq!(said_plainly(&format!("127.0.0.1:{}", line.split_once('=').unwrap().1)), "");
    }
    site.stop().await.unwrap();
}

/// Two portals that have read nothing yet.
async fn no_half_while_the_store_is_away(site: &Site, s3: &mut S3, bundle: &BundleId) {
    let cluster = site.cluster().unwrap();
    let portals = ["portal-1", "portal-2"];
    cluster.kill(&portals).await.unwrap();
    cluster.start_again(&portals).await.unwrap();
    let status = async |path: &str| {
        let response = reqwest::get(format!("{}{path}", site.public())).await.ok()?;
        Some(response.status().as_u16())
    };
    site.wait("list", async || status("/").await.filter(|status| *status == 200)).await.unwrap();
    let page = format!("/p/{bundle}");
    s3.stop();
    assert_eq!(status(&page).await, Some(503));
    s3.start_again();
    assert_eq!(status(&page).await, Some(200));
}

/// What a NATS server says to a client that begins without TLS, until it ends the connection.
fn said_plainly(address: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(b"CONNECT {\"verbose\":false}\r\nPING\r\n").unwrap();
    let mut said = vec![];
    stream.read_to_end(&mut said).ok();
    String::from_utf8_lossy(&said).into_owned()
}
