//! What can be said of `deploy/` without an engine for containers: everything that is named is there,
//! the services get their own secrets and nobody else's, servers take their settings.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use lockstep::{home::Home, services};
use lockstep_tests::site::under_test;
use serde::Deserialize;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join("deploy").join(name)).unwrap()
}

/// What we read of a container.
#[derive(Debug, Deserialize)]
struct Container {
    image: String,
    user: Option<String>,
    #[serde(default)]
    command: Vec<String>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    #[serde(default)]
    env_file: Vec<String>,
    #[serde(default)]
    volumes: Vec<String>,
    #[serde(default)]
    depends_on: Vec<String>,
    #[serde(default)]
    networks: Vec<String>,
    network_mode: Option<String>,
    #[serde(default)]
    profiles: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct System {
    services: BTreeMap<String, Container>,
    networks: BTreeMap<String, serde_yaml_ng::Value>,
    volumes: BTreeMap<String, serde_yaml_ng::Value>,
}

fn system() -> System {
    let mut yaml: serde_yaml_ng::Value = serde_yaml_ng::from_str(&text("compose.yaml")).unwrap();
    yaml.apply_merge().unwrap();
    serde_yaml_ng::from_value(yaml).unwrap()
}

impl Container {
    /// The service of ours that it runs.
    fn service(&self) -> Option<&str> {
        match &self.command[..] {
            [serve, service, ..] if serve == "serve" => Some(service),
            _ => None,
        }
    }

    /// What comes after a flag of its command.
    fn flag(&self, flag: &str) -> Option<&str> {
        let at = self.command.iter().position(|word| word == flag)?;
        self.command.get(at + 1).map(String::as_str)
    }

    /// Each mount: from where, to where, how.
    fn mounts(&self) -> Vec<(String, &str, &str)> {
        self.volumes
            .iter()
            .map(|volume| {
                // A variable holds a colon of its own.
                let (from, rest) = volume.split_at(volume.find('}').map_or(0, |end| end + 1));
                let (path, rest) = rest.split_once(':').unwrap();
                let (to, how) = rest.split_once(':').unwrap_or((rest, "rw"));
                (format!("{from}{path}"), to, how)
            })
            .collect()
    }

    /// The files of the deployment's folder that it sees, by their names there.
    fn sees(&self) -> BTreeSet<String> {
        let mounts = self.mounts().into_iter();
        mounts
            .filter_map(|(from, ..)| {
                from.strip_prefix("${LOCKSTEP_HOME:?}")
                    .map(|path| path.trim_start_matches('/').to_owned())
            })
            .collect()
    }
}

/// A deployment as README.md says to make it.
fn home(folder: &Path) -> Home {
    let home = Home::init(&folder.join("home"), "测试站点").unwrap().init_cluster().unwrap();
    let home = home.with_settings(&root().join("deploy/compose-settings.toml")).unwrap();
    // It is read as it was written.
    Home::open(&home.path).unwrap()
}

#[test]
fn every_service_runs_with_its_own_secrets_and_no_others() {
    let (system, folder) = (system(), tempfile::tempdir().unwrap());
    let home = home(folder.path());
    let mut counts = BTreeMap::new();
    for (name, container) in &system.services {
        let Some(service) = container.service() else { continue };
        *counts.entry(service).or_insert(0) += 1;
        assert!(name.starts_with(service), "{name} runs {service}");
        let mut expected = BTreeSet::from(["lockstep.toml".to_owned()]);
        if service != "console" {
            expected.insert("keys/blobs.toml".to_owned());
        }
        expected.insert(format!("keys/nats/{service}.nk"));
        expected.insert(format!("keys/postgres/{service}"));
        if ["console", "release"].contains(&service) {
            expected.insert(format!("keys/{service}.key"));
        }
        assert_eq!(container.sees(), expected, "{name}");
        for (from, to, how) in container.mounts() {
            if let Some(path) = from.strip_prefix("${LOCKSTEP_HOME:?}/") {
                assert_eq!((to, how), (&*format!("/office/{path}"), "ro"), "{name}");
                // The keys of the store are written by hand.
                assert!(path == "keys/blobs.toml" || home.join(path).exists(), "{path}");
            }
        }
        assert_eq!(container.networks, ["inside"], "{name}");
        assert!(container.user.as_ref().unwrap().contains("OFFICE_UID"), "{name}");
    }
    let twice = |service| (service, if service == "folder" { 1 } else { 2 });
    assert_eq!(counts, services::ALL.map(twice).into());
    // Whoever sees everything is started by hand.
    for (name, container) in &system.services {
        let is_by_hand = container.profiles == ["admin"];
        assert_eq!(is_by_hand, container.sees().contains(""), "{name}");
    }
    assert!(text("compose.yaml").contains("inside: { internal: true }"));
}

#[test]
fn settings_and_containers_name_the_same_places() {
    let (system, folder) = (system(), tempfile::tempdir().unwrap());
    let home = home(folder.path());
    let cluster = home.settings.cluster.as_ref().unwrap();
    let port_of = |address: &str| address.rsplit(':').next().unwrap().to_owned();
    let host_of = |url: &str| {
        let place = url.split("//").last().unwrap();
        place.split([':', '/']).next().unwrap().to_owned()
    };
    for service in services::OWNERS {
        let addresses = &cluster.upstreams[service];
        assert_eq!(addresses.len(), 2);
        for address in addresses {
            let container = &system.services[&host_of(address)];
            assert_eq!(container.service(), Some(service), "{address}");
            assert_eq!(port_of(container.flag("--listen").unwrap()), port_of(address));
        }
    }
    for server in &cluster.nats.servers {
        let environment = &system.services[&host_of(server)].environment;
        assert_eq!(port_of(&environment["NATS_LISTEN"]), port_of(server));
        let route = format!("nats://{}:{}", host_of(server), port_of(&environment["NATS_CLUSTER"]));
        assert!(environment["NATS_ROUTES"].contains(&route), "{route}");
    }
    assert_eq!(cluster.nats.servers.len(), cluster.nats.replicas);
    let hosts = |addresses: &[String]| addresses.iter().map(|a| host_of(a)).collect::<Vec<_>>();
    assert_eq!(hosts(&cluster.nats.monitors), hosts(&cluster.nats.servers));
    for monitor in &cluster.nats.monitors {
        let listens = &system.services[&host_of(monitor)].environment["NATS_MONITOR"];
        assert_eq!(listens, &format!("0.0.0.0:{}", port_of(monitor)));
    }
    let (place, database) = cluster.postgres.split_once('/').unwrap();
    assert_eq!(database, system.services[&host_of(place)].environment["POSTGRES_DB"]);
    let settings: toml::Table = toml::from_str(&text("compose-settings.toml")).unwrap();
    let garage: toml::Table = toml::from_str(&text("garage.toml")).unwrap();
    let (blobs, api) = (&settings["blobs"], &garage["s3_api"]);
    assert_eq!(blobs["region"], api["s3_region"]);
    let endpoint = blobs["endpoint"].as_str().unwrap();
    assert_eq!(port_of(endpoint), port_of(api["api_bind_addr"].as_str().unwrap()));
    assert!(system.services.contains_key(&host_of(endpoint)));

    let nginx = text("nginx.conf");
    for (service, flag) in [("portal", "--public"), ("console", "--staff")] {
        for number in [1, 2] {
            let name = format!("{service}-{number}");
            let port = port_of(system.services[&name].flag(flag).unwrap());
            assert!(nginx.contains(&format!("server {name}:{port} resolve;")), "{name}");
        }
    }
    assert!(nginx.contains(&format!("listen {};", port_of(&cluster.public_address))));
    assert!(system.services.contains_key(&host_of(&cluster.public_address)));
    // What is staged and what is shown share a file system.
    let mounted = |path: &Path| path.starts_with("folder");
    assert!(mounted(&home.settings.folder.root) && mounted(&home.settings.folder.staging));
    assert!(home.settings.safe.folder == Path::new("safe"));
    // Whoever records people meets console by its name.
    let staff = home.running().unwrap().staff;
    let console = &system.services[&host_of(&staff)];
    assert_eq!(console.service(), Some("console"));
    assert_eq!(port_of(console.flag("--staff").unwrap()), port_of(&staff));
}

/// It restores while everything of ours is stopped, and looks at what the services will see.
#[test]
fn an_administrator_reaches_everything_while_no_service_runs() {
    let system = system();
    let admin = &system.services["admin"];
    let mounts = admin.mounts();
    let mounts: Vec<_> = mounts.iter().map(|(from, to, how)| (&**from, *to, *how)).collect();
    assert_eq!(
        mounts,
        [
            ("${LOCKSTEP_HOME:?}", "/office", "rw"),
            ("${OFFICE_SAFE:?}", "/office/safe", "rw"),
            ("${OFFICE_FOLDER:?}", "/office/folder", "rw"),
        ]
    );
    assert_eq!(
        (admin.networks.as_slice(), &admin.network_mode),
        (&["inside".to_owned()][..], &None)
    );
    assert!(admin.environment.contains_key("LOCKSTEP_POSTGRES_ADMIN"));
    for other in &admin.depends_on {
        assert_eq!(system.services[other].service(), None, "{other}");
    }
    // What the pages tell people to run is there.
    for page in ["README.md", "restore.md", "compose.yaml"] {
        for line in text(page).split("docker compose run --rm ").skip(1) {
            assert!(line.starts_with("admin "), "{page}: {line}");
        }
    }
}

#[test]
fn the_proxy_sees_what_is_shown_and_its_certificates() {
    let (system, folder) = (system(), tempfile::tempdir().unwrap());
    let proxy = &system.services["proxy"];
    let mounts = proxy.mounts();
    let (from, to, how) = mounts.iter().find(|(from, ..)| from.contains("FOLDER")).unwrap();
    let shown = home(folder.path()).settings.folder.root;
    let shown = shown.strip_prefix("folder").unwrap().display();
    assert_eq!((&**from, *how), (&*format!("${{OFFICE_FOLDER:?}}/{shown}"), "ro"));
    assert!(text("nginx.conf").contains(&format!("root {to};")));
    // Keys are their owner's alone.
    assert_eq!(proxy.user, system.services["portal-1"].user);
}

#[test]
fn our_commands_take_the_environment_of_the_containers() {
    let folder = tempfile::tempdir().unwrap();
    let home = home(folder.path());
    let mut command = Command::new(under_test().unwrap());
    command.arg("config").arg("--home").arg(&home.path);
    let example = text("env.example");
    command.envs(example.lines().filter_map(|line| line.split_once('=')));
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn whatever_a_container_names_is_there() {
    let system = system();
    let example = text("env.example");
    for (name, container) in &system.services {
        let (_, tag) = container.image.rsplit_once(':').unwrap();
        assert_ne!(tag, "latest", "{name}");
        for other in &container.depends_on {
            assert!(system.services.contains_key(other), "{name} waits for {other}");
        }
        for network in &container.networks {
            assert!(system.networks.contains_key(network), "{name} is on {network}");
        }
        for (from, ..) in container.mounts() {
            let is_there = if let Some(path) = from.strip_prefix("./") {
                root().join("deploy").join(path).is_file()
            } else {
                from.starts_with("${") || system.volumes.contains_key(&from)
            };
            assert!(is_there, "{name} mounts {from}");
        }
    }
    let compose = text("compose.yaml");
    for variable in compose.split("${").skip(1) {
        let name = variable.split([':', '}']).next().unwrap();
        assert!(example.lines().any(|line| line.starts_with(&format!("{name}="))), "{name}");
    }
}

/// What the settings ask the environment for.
fn asked(settings: &str) -> BTreeSet<String> {
    let lines = settings.lines().filter(|line| !line.trim_start().starts_with('#'));
    let words = lines.flat_map(|line| line.split('$').skip(1));
    let names = words.map(|word| word.split(|c: char| !c.is_ascii_uppercase() && c != '_').next());
    names.flatten().filter(|name| name.len() > 3).map(str::to_owned).collect()
}

#[test]
fn nats_takes_both_settings_with_the_environment_of_its_container() {
    let (system, folder) = (system(), tempfile::tempdir().unwrap());
    let home = home(folder.path());
    let keys = fs::read_to_string(home.join("keys/nats.env")).unwrap();
    let container = &system.services["nats-1"];
    assert_eq!(container.env_file, ["${LOCKSTEP_HOME:?}/keys/nats.env"]);
    let mut environment = container.environment.clone();
    environment.extend(keys.lines().map(|line| {
        let (name, key) = line.split_once('=').unwrap();
        (name.to_owned(), key.to_owned())
    }));
    let of_all = [text("nats.conf"), text("nats-common.conf"), text("nats-users.conf")].concat();
    assert_eq!(asked(&of_all), environment.keys().cloned().collect());

    let certificates = folder.path().join("certificates");
    let script = root().join("scripts/certificates");
    let made = Command::new(script).arg(&certificates).args(["n1", "nats-1"]).status().unwrap();
    assert!(made.success());
    for (name, file) in [("CERT", "n1.pem"), ("KEY", "n1.key"), ("CA", "ca.pem")] {
        let path = certificates.join(file).display().to_string();
        environment.insert(format!("NATS_{name}"), path);
    }
    let with_tls = of_all + &text("nats-tls.conf");
    assert_eq!(asked(&with_tls), environment.keys().cloned().collect());
    environment.insert("NATS_STORE".to_owned(), folder.path().join("store").display().to_string());
    let server = Command::new(root().join("scripts/nats-server")).output().unwrap().stdout;
    for settings in ["nats.conf", "nats-tls.conf"] {
        let mut command = Command::new(String::from_utf8_lossy(&server).trim());
        command.arg("-t").arg("-c").arg(root().join("deploy").join(settings)).envs(&environment);
        let done = command.output().unwrap();
        assert!(done.status.success(), "{settings}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

#[test]
fn the_image_is_built_of_what_is_there() {
    let dockerfile = text("Dockerfile");
    let stages: Vec<&str> = dockerfile.split("\nFROM ").skip(1).collect();
    let [build, image] = stages[..] else { panic!("two stages") };
    let mut copied = BTreeSet::new();
    for line in build.lines().filter_map(|line| line.strip_prefix("COPY ")) {
        for path in line.split(' ').rev().skip(1) {
            assert!(root().join(path).exists(), "{path}");
            copied.insert(path);
        }
    }
    // Every member of the workspace, or cargo builds none.
    let workspace: toml::Table =
        toml::from_str(&fs::read_to_string(root().join("Cargo.toml")).unwrap()).unwrap();
    for member in workspace["workspace"]["members"].as_array().unwrap() {
        let folder = member.as_str().unwrap().split('/').next().unwrap();
        assert!(copied.contains(folder), "{folder}");
    }
    let version = workspace["workspace"]["package"]["rust-version"].as_str().unwrap();
    assert!(build.starts_with(&format!("rust:{version}-")));
    assert!(
        build.contains("--locked -p lockstep ")
            && build.contains("cp target/release/lockstep /lockstep")
    );
    assert!(image.starts_with("gcr.io/distroless/cc-debian12:nonroot\n"));
    assert!(image.contains("COPY --from=build /lockstep /usr/local/bin/lockstep"));
    let version = workspace["workspace"]["package"]["version"].as_str().unwrap();
    assert!(text("compose.yaml").contains(&format!("image: lockstep:{version}\n")));
}

#[test]
fn the_cluster_script_knows_its_parts() {
    let folder = tempfile::tempdir().unwrap();
    let script = |command: &str, parts: &[&str]| {
        let mut script = Command::new(root().join("scripts/cluster"));
        let done = script.arg(command).arg(folder.path()).args(parts).env("LOCKSTEP_BIN", "none");
        let done = done.output().unwrap();
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    for command in ["kill", "start-one", "spawn"] {
        let (code, said) = script(command, &["nats-1", "portal-9"]);
        assert!(code == Some(2) && said.contains("there is no portal-9"), "{command}: {said}");
        let (code, said) = script(command, &[]);
        assert!(code == Some(2) && said.contains("nats-1"), "{command}: {said}");
    }
    // Where nothing runs there is nothing to complain of.
    assert_eq!(script("stop", &[]), (Some(0), String::new()));
}
