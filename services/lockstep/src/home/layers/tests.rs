use std::path::PathBuf;

use super::*;
use crate::home::{Home, HomeSettings};

/// A deployment apart, its file and what the environment and flags say over it.
struct Said {
    text: String,
    environment: Vec<(String, String)>,
    flags: Vec<String>,
}

impl Said {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::init(folder.path(), "测试站点").unwrap().init_cluster().unwrap();
        let text = fs::read_to_string(home.join("lockstep.toml")).unwrap();
        Self { text, environment: vec![], flags: vec![] }
    }

    fn edit(mut self, from: &str, to: &str) -> Self {
        assert!(self.text.contains(from), "{from} is not in {}", self.text);
        self.text = self.text.replace(from, to);
        self
    }

    fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn flag(mut self, flag: &str) -> Self {
        self.flags.push(flag.to_owned());
        self
    }

    fn layers(&self) -> anyhow::Result<Layers> {
        let environment = self.environment.iter().map(|(name, value)| (name.into(), value.into()));
        Layers::of("lockstep.toml".to_owned(), self.text.clone(), environment, &self.flags)
    }

    fn settle(&self) -> anyhow::Result<HomeSettings> {
        self.layers()?.settle()
    }

    fn refused(&self) -> String {
        format!("{:#}", self.settle().unwrap_err())
    }
}

fn line_of(text: &str, key: &str) -> usize {
    text.lines().position(|line| line.starts_with(key)).unwrap() + 1
}

#[test]
fn the_environment_wins_over_the_file_and_flags_over_both() {
    let said = Said::new()
        .environment("LOCKSTEP_SET_STAFF", "10.0.0.5:7010")
        .environment("LOCKSTEP_SET_CLUSTER__POSTGRES", "db:5432/lockstep")
        .environment("LOCKSTEP_SET_CLUSTER__NATS__SERVERS", r#"["nats://a:4222", "nats://b:4222"]"#)
        .environment("LOCKSTEP_SET_CLUSTER__NATS__REPLICAS", "5")
        .flag("cluster.postgres=db2:5432/lockstep")
        .flag("safe.folder=/mnt/safe");
    let settings = said.settle().unwrap();
    assert_eq!(settings.staff.to_string(), "10.0.0.5:7010");
    assert_eq!(settings.public.to_string(), "127.0.0.1:7011");
    assert_eq!(settings.safe.folder, PathBuf::from("/mnt/safe"));
    let cluster = settings.cluster.unwrap();
    assert_eq!(cluster.postgres, "db2:5432/lockstep");
    assert_eq!(cluster.nats.servers, ["nats://a:4222", "nats://b:4222"]);
    assert_eq!(cluster.nats.replicas, 5);
}

#[test]
fn an_unknown_key_is_refused_with_its_line_and_the_nearest_known_one() {
    let said = Said::new().edit("site_name", "sitename");
    let line = line_of(&said.text, "sitename");
    let refused = said.refused();
    assert!(refused.contains(&format!("lockstep.toml:{line}：")), "{refused}");
    assert!(refused.contains("是否指 site_name？"), "{refused}");
    let said = Said::new().edit("bytes_max", "max_bytes_of_it");
    let line = line_of(&said.text, "max_bytes_of_it");
    let refused = said.refused();
    assert!(refused.contains(&format!("lockstep.toml:{line}：没有设置项 cluster.nats.max_bytes")));
}

#[test]
fn what_is_wrong_is_named_where_it_was_written() {
    let said = Said::new().edit("127.0.0.1:7010", "localhost");
    let line = line_of(&said.text, "staff");
    let refused = said.refused();
    assert!(refused.contains(&format!("lockstep.toml:{line}：设置项 staff")), "{refused}");
    for (name, value, key) in [
        ("LOCKSTEP_SET_STAFF", "localhost", "设置项 staff"),
        ("LOCKSTEP_SET_CLUSTER__POSTGRS", "db", "是否指 postgres？"),
        ("LOCKSTEP_SET_STAFF__PORT", "1", "没有下级设置"),
    ] {
        let refused = Said::new().environment(name, value).refused();
        assert!(refused.contains(&format!("{name}：")) && refused.contains(key), "{refused}");
    }
    let refused = Said::new().flag("public=7").refused();
    assert!(refused.contains("--setting public：设置项 public"), "{refused}");
    assert!(Said::new().flag("public").refused().contains("KEY=VALUE"));
    // The value is repeated, a password in it is not.
    let refused = Said::new().flag("cluster.nats.servers=nats://u:hunter2@a:4222").refused();
    assert!(refused.contains("nats://u:***@a:4222") && !refused.contains("hunter2"), "{refused}");
    // One of several.
    let said = Said::new().edit("[\"http://127.0.0.1:7021\"]", "[\"http://127.0.0.1:7021\", 7]");
    let (line, refused) = (line_of(&said.text, "drafting"), said.refused());
    let expected = format!("lockstep.toml:{line}：设置项 cluster.upstreams.drafting[1]");
    assert!(refused.contains(&expected), "{refused}");
    // What is missing is said too.
    let refused = Said::new().edit("site_name", "# site_name").refused();
    assert_eq!(refused, "lockstep.toml：缺少设置项 site_name / lacks the setting site_name");
    let refused = Said::new().edit("replicas", "# replicas").refused();
    assert!(refused.contains("缺少设置项 cluster.nats.replicas"), "{refused}");
}

#[test]
fn only_the_file_says_who_the_deployment_is() {
    for (name, value) in
        [("LOCKSTEP_SET_EPOCH", "1"), ("LOCKSTEP_SET_DEPLOYMENT", "x"), ("LOCKSTEP_SET_ROOT", "x")]
    {
        let refused = Said::new().environment(name, value).refused();
        assert!(refused.contains("only that file"), "{refused}");
    }
    assert!(Said::new().flag("epoch=9").refused().contains("only that file"));
}

#[test]
fn names_in_the_environment_that_are_not_ours_are_refused() {
    let refused = Said::new().environment("LOCKSTEP_LOGS", "debug").refused();
    assert!(refused.contains("LOCKSTEP_LOGS") && refused.contains("是否指 LOCKSTEP_LOG"));
    let refused = Said::new().environment("LOCKSTEP_POSTGRES_PASSWORD", "hunter2").refused();
    assert!(!refused.contains("hunter2"), "{refused}");
    for name in OTHERS.into_iter().chain(["LOCKSTEP_TEST_POSTGRES", "PATH"]) {
        Said::new().environment(name, "x").settle().unwrap();
    }
}

#[test]
fn the_outcome_is_shown_with_its_places_and_without_secrets() {
    let said = Said::new()
        .environment("LOCKSTEP_SET_CLUSTER__PUBLIC_ADDRESS", "https://me:hunter2@policy.example/x")
        .flag("cluster.nats.servers=['nats://u:hunter2@a:4222', 'nats://b:4222']");
    let shown = said.layers().unwrap().show(&said.settle().unwrap()).unwrap();
    assert!(!shown.contains("hunter2"), "{shown}");
    for line in [
        format!("epoch = 1  # lockstep.toml:{}", line_of(&said.text, "epoch")),
        "public_address = \"https://me:***@policy.example/x\"  # \
         LOCKSTEP_SET_CLUSTER__PUBLIC_ADDRESS"
            .to_owned(),
        "servers = [\"nats://u:***@a:4222\", \"nats://b:4222\"]  # --setting cluster.nats.servers"
            .to_owned(),
    ] {
        assert!(shown.contains(&line), "{line} is not in:\n{shown}");
    }
    // It is TOML, and what it says is the outcome.
    let read: Table = toml::from_str(&shown).unwrap();
    assert_eq!(read["site_name"].as_str(), Some("测试站点"));
}

#[test]
fn passwords_are_hidden_with_a_scheme_and_without() {
    let said = Said::new().flag("cluster.postgres=me:hunter2@db/lockstep");
    let shown = said.layers().unwrap().show(&said.settle().unwrap()).unwrap();
    assert!(shown.contains("postgres = \"me:***@db/lockstep\""), "{shown}");
    for (text, clean) in [
        ("postgres://me:a:b@c@db:5432/x", "postgres://me:***@db:5432/x"),
        ("to me:hunter2@db, or nats://n1:4222", "to me:***@db, or nats://n1:4222"),
        ("http://127.0.0.1:7010/@x", "http://127.0.0.1:7010/@x"),
        ("lin@example.org", "lin@example.org"),
    ] {
        assert_eq!(without_passwords(text), clean);
    }
}

#[test]
fn a_line_that_is_no_toml_is_named_and_not_printed() {
    let said = Said::new().edit("replicas", "secret = \"hunter2\nreplicas");
    let (line, refused) = (line_of(&said.text, "secret"), said.refused());
    assert!(refused.starts_with(&format!("lockstep.toml:{line}：")), "{refused}");
    assert!(!refused.contains("hunter2"), "{refused}");
}

#[test]
fn a_default_comes_from_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::init(folder.path(), "测试站点").unwrap();
    let text = fs::read_to_string(home.join("lockstep.toml")).unwrap();
    let text = text.replace("[safe]\nfolder = \"safe\"\n", "");
    let said = Said { text, environment: vec![], flags: vec![] };
    let shown = said.layers().unwrap().show(&said.settle().unwrap()).unwrap();
    assert!(shown.contains("folder = \"safe\"\n"), "{shown}");
}

#[test]
fn another_epoch_leaves_what_people_wrote_and_takes_nothing_from_above_the_file() {
    let folder = tempfile::tempdir().unwrap();
    Home::init(folder.path(), "测试站点").unwrap();
    let file = folder.path().join("lockstep.toml");
    let text = format!("# ours\n{}", fs::read_to_string(&file).unwrap());
    fs::write(&file, &text).unwrap();
    let mut home = Home::open_with(folder.path(), &["staff=10.0.0.5:7010".to_owned()]).unwrap();
    home.save_epoch(7).unwrap();
    assert_eq!(home.settings.epoch, 7);
    assert_eq!(fs::read_to_string(&file).unwrap(), text.replace("epoch = 1", "epoch = 7"));
}
