//! A service that cannot begin says why, where, and what to do, and ends with 2: on real servers that
//! are away, too old, empty, or do not know us.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use lockstep::{
    home::{BlobSettings, BucketSettings, Home},
    services,
};
use lockstep_kit::{
    files,
    testing::{Nats, Postgres, S3, SmallDisk, free_addresses},
};
use lockstep_tests::{servers::Servers, site::under_test};

/// Starts a service that listens here.
fn start(service: &str, home: &Home, listen: SocketAddr) -> Child {
    let listen = listen.to_string();
    let [staff, public] = free_addresses().map(|address| address.to_string());
    let mut command = Command::new(under_test().unwrap());
    command.args(["serve", service, "--listen", &listen, "--staff", &staff, "--public", &public]);
    command.arg("--home").arg(&home.path).env("LOCKSTEP_LOG", "info");
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Starts a service, which begins: it says that it is there.
fn begins(service: &str, home: &Home) {
    let [listen] = free_addresses();
    let mut child = start(service, home, listen);
    let begun = Instant::now();
    while !is_healthy(listen) {
        let is_alive = child.try_wait().unwrap().is_none();
        if !is_alive || begun.elapsed() > Duration::from_mins(1) {
            child.kill().ok();
            let said = child.wait_with_output().unwrap().stderr;
            panic!("{service} does not begin: {}", String::from_utf8_lossy(&said));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

fn is_healthy(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let asked = stream.write_all(b"GET /healthz HTTP/1.0\r\n\r\n");
    let mut said = String::new();
    asked.is_ok() && stream.read_to_string(&mut said).is_ok() && said.starts_with("HTTP/1.0 200")
}

/// Starts a service, which cannot begin. What it says to whoever started it.
fn said_by(service: &str, home: &Home) -> String {
    let [listen] = free_addresses();
    let mut child = start(service, home, listen);
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > Duration::from_mins(1) {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{service} begins");
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(status.code(), Some(2), "{service}: {said}");
    assert!(!said.contains("panicked"), "{service}: {said}");
    for secret in list_secrets(&home.join("keys")) {
        assert!(!said.contains(&secret), "{service} says a secret: {said}");
    }
    println!("{service}: {}", said.trim());
    said
}

/// What is in the files of secrets, each line.
fn list_secrets(folder: &Path) -> Vec<String> {
    let mut secrets = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            secrets.extend(list_secrets(&path));
        } else if path.extension().is_none_or(|kind| kind != "env" && kind != "json") {
            let text = fs::read_to_string(path).unwrap();
            let values = text.lines().map(|line| line.rsplit(" = ").next().unwrap_or(line));
            let values = values.map(|value| value.trim_matches('"').to_owned());
            secrets.extend(values.filter(|value| value.len() >= 8));
        }
    }
    assert!(!secrets.is_empty() || folder.ends_with("people"));
    secrets
}

/// Every service says all of these words.
fn each_says(servers: &Servers, words: &[&str]) {
    for service in services::ALL {
        let said = said_by(service, &servers.home);
        for word in words {
            assert!(said.contains(word), "{service} does not say {word:?}: {said}");
        }
    }
}

fn overwrite(path: &Path, text: &str) {
    fs::remove_file(path).unwrap();
    files::write_secret(path, text).unwrap();
}

#[test]
fn every_service_begins_where_all_is_well() {
    let servers = Servers::start().unwrap();
    for service in services::ALL {
        begins(service, &servers.home);
    }
}

#[test]
fn nats_that_is_away_too_old_or_strange() {
    let mut servers = Servers::start().unwrap();
    let known = servers.nats.address().servers;
    let [away] = free_addresses();
    let away = format!("nats://{away}");
    servers.change(|cluster| cluster.nats.servers = vec![away.clone()]).unwrap();
    each_says(&servers, &[&away, "is it running?"]);
    let old = Nats::start_old();
    servers.change(|cluster| cluster.nats.servers = old.address().servers).unwrap();
    let server = &old.address().servers[0];
    each_says(&servers, &[&format!("2.11.11 at {server} is too old: at least 2.12")]);
    // Nothing was made there for us; the servers' own settings come first.
    servers.change(|cluster| cluster.nats.servers = known.clone()).unwrap();
    let strange = Servers::start_empty().unwrap();
    for service in services::ALL {
        let seed = format!("keys/nats/{service}.nk");
        let theirs = fs::read_to_string(strange.home.join(&seed)).unwrap();
        overwrite(&servers.home.join(&seed), &theirs);
    }
    each_says(&servers, &[&known[0], "refuses our key", "keys/nats", "NKEY_"]);
    for service in services::ALL {
        overwrite(&servers.home.join(format!("keys/nats/{service}.nk")), "no seed at all");
    }
    each_says(&servers, &[&known[0], "refuses our key", "keys/nats"]);
    for service in services::ALL {
        fs::remove_file(servers.home.join(format!("keys/nats/{service}.nk"))).unwrap();
    }
    each_says(&servers, &["keys/nats/", "this machine needs the service's secret"]);
}

#[test]
fn a_stream_that_nobody_made() {
    let mut servers = Servers::start().unwrap();
    let keys = fs::read_to_string(servers.home.join("keys/nats.env")).unwrap();
    let keys = keys.lines().map(|line| line.split_once('=').unwrap());
    let keys = keys.map(|(name, key)| (name.to_owned(), key.to_owned())).collect();
    let empty = Nats::start_as_deployed(keys);
    servers.change(|cluster| cluster.nats.servers = empty.address().servers).unwrap();
    for service in ["console", "portal"] {
        let said = said_by(service, &servers.home);
        assert!(said.contains("there is no stream") && said.contains("lockstep migrate"), "{said}");
    }
}

#[test]
fn postgresql_that_is_away_empty_or_strange() {
    let mut servers = Servers::start().unwrap();
    let known = servers.home.settings.cluster.clone().unwrap().postgres;
    let [away] = free_addresses();
    let away = format!("{away}/postgres");
    servers.change(|cluster| cluster.postgres.clone_from(&away)).unwrap();
    each_says(&servers, &[&away, "PostgreSQL cannot be reached: is it running?"]);
    let nowhere = known.replace("/postgres", "/nowhere");
    servers.change(|cluster| cluster.postgres = nowhere).unwrap();
    each_says(&servers, &["there is no such database: make it first"]);
    // Where nobody migrated there is no role, and the server does not say so to strangers.
    let empty = Postgres::start_own();
    let (_, place) = empty.url().split_once('@').unwrap();
    servers.change(|cluster| place.clone_into(&mut cluster.postgres)).unwrap();
    each_says(&servers, &[place, "refuses the password", "lockstep migrate"]);
    servers.change(|cluster| cluster.postgres = known).unwrap();
    for service in services::ALL {
        overwrite(&servers.home.join(format!("keys/postgres/{service}")), "another-password");
    }
    each_says(&servers, &["refuses the password", "keys/postgres"]);
}

#[test]
fn a_bucket_that_is_away_missing_or_strange() {
    let mut servers = Servers::start().unwrap();
    let mut s3 = S3::start();
    let keys = servers.home.join("keys/blobs.toml");
    let address = s3.address();
    let mut put_in = |bucket: &str| {
        servers.home.settings.blobs = BlobSettings::Bucket(BucketSettings {
            endpoint: address.endpoint.clone(),
            bucket: bucket.to_owned(),
            region: address.region.clone(),
            ca: None,
        });
        servers.home.save().unwrap();
        servers.home.clone()
    };
    let home = put_in("elsewhere");
    let says = |home: &Home, words: &[&str]| {
        let said = said_by("portal", home);
        for word in words {
            assert!(said.contains(word), "no {word:?}: {said}");
        }
    };
    says(&home, &["keys/blobs.toml", "this machine needs the service's secret"]);
    // Console keeps no blobs.
    begins("console", &home);
    files::write_secret(&keys, "access_key = \"only-a-key\"\n").unwrap();
    says(&home, &["keys/blobs.toml", "it holds access_key"]);
    let right = format!(
        "access_key = \"{}\"\nsecret_key = \"{}\"\n",
        address.access_key, address.secret_key
    );
    overwrite(&keys, &right);
    says(
        &home,
        &["elsewhere (http://127.0.0.1:", "there is no such bucket: make it first", "[blobs]"],
    );
    let home = put_in(&address.bucket);
    overwrite(&keys, &right.replace(&address.secret_key, "wrong-secret"));
    says(&home, &["the bucket refuses our keys", "keys/blobs.toml"]);
    overwrite(&keys, &right);
    begins("portal", &home);
    s3.stop();
    says(&home, &[&address.endpoint, "the bucket failed while looking for it", "[blobs]"]);
}

#[test]
fn a_disk_that_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::init(&folder.path().join("home"), "测试站点").unwrap();
    let Some(disk) = SmallDisk::mount(&home.join("data/blobs"), 64) else {
        println!("nothing was tested: a file system cannot be mounted here");
        return;
    };
    let filler = disk.fill();
    let said = said_by("all", &home);
    assert!(said.contains("data/blobs") && said.contains("the room on its disk"), "{said}");
    fs::remove_file(filler).unwrap();
    begins("all", &home);
}
