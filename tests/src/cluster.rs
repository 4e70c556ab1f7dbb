//! A deployment whose services run apart, as `scripts/cluster` starts it: three NATS servers,
//! PostgreSQL, two processes of every service.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::bail;
use lockstep::services;
use lockstep_kit::{Db, outbox};
use lockstep_proto::envelope::Envelope;

use crate::site::{parsed, under_test};

/// What runs, and where.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    clock: PathBuf,
    /// How it begins, if not as usual.
    environment: Vec<(&'static str, PathBuf)>,
    is_stopped: bool,
}

impl Cluster {
    /// Starts everything in `folder`; whatever runs reads the time from `clock`.
    pub(crate) async fn start(
        folder: &Path,
        clock: &Path,
        environment: Vec<(&'static str, PathBuf)>,
    ) -> anyhow::Result<Self> {
        let folder = folder.join("cluster");
        open_to_all(folder.parent().unwrap_or(&folder))?;
        let cluster = Self { folder, clock: clock.to_owned(), environment, is_stopped: false };
        cluster.script("start", &[]).await?;
        Ok(cluster)
    }

    /// The deployment's folder.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// What every process of every service says at an internal address such as `/metrics`.
    pub async fn ask_all(&self, path: &str) -> anyhow::Result<Vec<String>> {
        let ports = std::fs::read_to_string(self.folder.join("ports"))?;
        let mut answers = vec![];
        for (name, port) in ports.lines().filter_map(|line| line.split_once('=')) {
            if services::ALL.iter().any(|service| name.starts_with(&format!("{service}_"))) {
                let url = format!("http://127.0.0.1:{port}{path}");
                answers.push(reqwest::get(url).await?.text().await?);
            }
        }
        Ok(answers)
    }

    /// SIGKILL to parts: `nats-1`, `postgres`, `drafting-2`, …
    pub async fn kill(&self, parts: &[&str]) -> anyhow::Result<()> {
        self.script("kill", parts).await.map(drop)
    }

    /// Starts parts again.
    pub async fn start_again(&self, parts: &[&str]) -> anyhow::Result<()> {
        self.start_with(parts, "").await
    }

    /// Starts parts that die, or fall asleep, at a point.
    pub async fn start_with(&self, parts: &[&str], failpoints: &str) -> anyhow::Result<()> {
        let failpoints = ("FAILPOINTS", failpoints.into());
        self.script_in("spawn", parts, vec![failpoints]).await.map(drop)
    }

    /// Starts whatever has ended, as `restart: unless-stopped` of `deploy/compose.yaml` does: a service that
    /// finds no NATS when it starts ends. How many had.
    pub async fn restart_ended(&self) -> anyhow::Result<usize> {
        let parts: Vec<String> = services::ALL
            .iter()
            .flat_map(|service| [1, 2].map(|n| format!("{service}-{n}")))
            .filter(|part| self.state(part).is_none())
            .collect();
        if !parts.is_empty() {
            self.start_again(&parts.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        }
        Ok(parts.len())
    }

    /// Starts parts whose clock is `millis` ahead of everybody's, and knows it as little as a real one.
    pub async fn start_ahead(&self, parts: &[&str], millis: i64) -> anyhow::Result<()> {
        let fast = self.folder.join("fast");
        let now: i64 = std::fs::read_to_string(&self.clock)?.trim().parse()?;
        std::fs::write(&fast, (now + millis * 1000).to_string())?;
        let truth = fast.with_extension("true");
        if !truth.exists() {
            std::os::unix::fs::symlink(&self.clock, truth)?;
        }
        let clock = ("LOCKSTEP_CLOCK_FILE", fast);
        self.script_in("spawn", parts, vec![clock]).await.map(drop)
    }

    /// What a part does, as the kernel has it: `T` is stopped. None: it is dead.
    pub fn state(&self, part: &str) -> Option<char> {
        let pid = std::fs::read_to_string(self.folder.join("pid").join(part)).ok()?;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).ok()?;
        // After the name, which stands in brackets and may hold anything.
        let state = stat.rsplit_once(") ")?.1.chars().next()?;
        (state != 'Z').then_some(state)
    }

    /// Where the certificates lie, if there are any.
    pub fn certificates(&self) -> PathBuf {
        self.folder.join("certificates")
    }

    /// What everything said, the end of it.
    pub fn log(&self) -> String {
        let mut text = String::new();
        for service in services::ALL {
            for n in [1, 2] {
                let path = self.folder.join("log").join(format!("{service}-{n}"));
                let log = std::fs::read_to_string(path).unwrap_or_default();
                let last = log.lines().rev().take(15).collect::<Vec<_>>();
                let end =
                    if self.state(&format!("{service}-{n}")).is_none() { ", ended" } else { "" };
                text.push_str(&format!("== {service}-{n}{end}\n"));
                text.extend(last.into_iter().rev().flat_map(|line| [line, "\n"]));
            }
        }
        text
    }

    /// Every fact of these keys, of every service.
    pub async fn facts(&self, keys: &[&str]) -> anyhow::Result<Vec<Envelope>> {
        let url = self.postgres().await?;
        let mut facts = vec![];
        for service in services::ALL {
            let db = Db::open_postgres(&url, service).await?;
            let mut tx = db.begin_read().await?;
            for key in keys {
                facts.extend(parsed(&outbox::list_of_key(&mut tx, key, 10_000).await?)?);
            }
            drop(tx);
            db.close().await;
        }
        Ok(facts)
    }

    /// The address of PostgreSQL's administrator.
    pub async fn postgres(&self) -> anyhow::Result<String> {
        let folder = self.folder.join("postgres");
        run(scripts().join("postgres"), vec!["start".into(), folder.into()], vec![]).await
    }

    /// Sends a signal, such as STOP or CONT, to one part.
    pub fn signal(&self, part: &str, signal: &str) -> anyhow::Result<()> {
        let pid = std::fs::read_to_string(self.folder.join("pid").join(part))?;
        let status = Command::new("kill").args([&format!("-{signal}"), pid.trim()]).status()?;
        if status.success() { Ok(()) } else { bail!("{part} takes no {signal}") }
    }

    /// Copies PostgreSQL as it is now.
    pub async fn copy_postgres(&self) -> anyhow::Result<()> {
        let [server, copy, _] = self.servers().map(Into::into);
        run(scripts().join("postgres"), vec!["copy".into(), server, copy], vec![]).await.map(drop)
    }

    /// PostgreSQL dies, and the copy takes over under its address. What was committed since the copy
    /// was made is lost.
    pub async fn fail_over(&self) -> anyhow::Result<()> {
        self.kill(&["postgres"]).await?;
        let [server, copy, lost] = self.servers();
        std::fs::rename(&server, lost)?;
        std::fs::rename(copy, &server)?;
        run(scripts().join("postgres"), vec!["promote".into(), server.into()], vec![])
            .await
            .map(drop)
    }

    /// Dumps everything that PostgreSQL holds into a file.
    pub async fn dump_postgres(&self, file: &Path) -> anyhow::Result<()> {
        let [server, ..] = self.servers();
        let arguments = vec!["dump".into(), server.into(), file.into()];
        run(scripts().join("postgres"), arguments, vec![]).await.map(drop)
    }

    /// Puts a dump in the place of what PostgreSQL holds.
    pub async fn load_postgres(&self, file: &Path) -> anyhow::Result<()> {
        let [server, ..] = self.servers();
        let arguments = vec!["load".into(), server.into(), file.into()];
        run(scripts().join("postgres"), arguments, vec![]).await.map(drop)
    }

    fn servers(&self) -> [PathBuf; 3] {
        ["postgres", "postgres-copy", "postgres-lost"].map(|name| self.folder.join(name))
    }

    /// Ends everything at once.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        self.kill_all()
    }

    fn kill_all(&mut self) -> anyhow::Result<()> {
        self.is_stopped = true;
        let status = Command::new(scripts().join("cluster"))
            .arg("kill")
            .arg(&self.folder)
            .arg("all")
            .env("LOCKSTEP_BIN", "none")
            .status()?;
        if status.success() { Ok(()) } else { bail!("the cluster cannot be stopped") }
    }

    async fn script(&self, command: &str, parts: &[&str]) -> anyhow::Result<String> {
        self.script_in(command, parts, vec![]).await
    }

    async fn script_in(
        &self,
        command: &str,
        parts: &[&str],
        over: Vec<(&'static str, PathBuf)>,
    ) -> anyhow::Result<String> {
        let mut arguments = vec![command.into(), self.folder.clone().into()];
        arguments.extend(parts.iter().map(Into::into));
        let mut environment =
            vec![("LOCKSTEP_BIN", under_test()?), ("LOCKSTEP_CLOCK_FILE", self.clock.clone())];
        environment.extend(self.environment.clone());
        environment.extend(over);
        run(scripts().join("cluster"), arguments, environment).await
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !self.is_stopped {
            self.kill_all().ok();
        }
    }
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts")
}

/// PostgreSQL may run as somebody else than this test.
fn open_to_all(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?)
}

async fn run(
    program: PathBuf,
    arguments: Vec<std::ffi::OsString>,
    environment: Vec<(&'static str, PathBuf)>,
) -> anyhow::Result<String> {
    let output = tokio::task::spawn_blocking(move || {
        Command::new(program).args(arguments).envs(environment).output()
    });
    let output = output.await??;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
