//! Rendering in a process of its own: what people upload is taken apart and drawn where it can reach no
//! file and no network, and takes no more memory and time than it is given (DESIGN §7). The child is this
//! same program; it reads a draft and its files, answers with the rendered members, and ends.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Read, Write},
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    process::{ExitStatus, Stdio},
};

use lockstep_gate::codes;
use lockstep_kit::jobs::JobError;
use lockstep_proto::{
    finding::Finding,
    manifest::{Manifest, Role},
};
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::{io::AsyncWriteExt as _, process::Command};

use crate::render::{Output, render};

/// The command of this program that is the child's; not for people.
pub const COMMAND: &str = "render-child";

/// How the child is run.
#[derive(Debug, Clone)]
pub struct Renderer {
    /// This program.
    pub program: PathBuf,
    /// How much of everything it gets.
    pub limits: Limits,
}

/// How much a child may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Memory that it writes to, in MiB.
    pub memory_mib: u64,
    /// Processor time, in seconds, over all its threads.
    pub cpu_seconds: u64,
}

impl Default for Limits {
    /// A page of 30,000 px takes a tenth of this memory and a tenth of this time.
    fn default() -> Self {
        Self { memory_mib: 512, cpu_seconds: 40 }
    }
}

/// A rendered member, from the child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its path within the bundle.
    pub path: String,
    /// What it is.
    pub role: Role,
    /// IANA media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A line of JSON, then the files' bytes in this order.
#[derive(Serialize, Deserialize)]
struct Asked {
    draft: Manifest,
    files: Vec<(String, usize)>,
}

/// A line of JSON; rendered members' bytes follow in this order.
#[derive(Serialize, Deserialize)]
enum Answered {
    Rendered(Vec<(String, Role, String, usize)>),
    Refused(Vec<Finding>),
}

impl Renderer {
    /// Renders in a child. Whoever drops the future kills it.
    pub async fn render(
        &self,
        draft: Manifest,
        files: BTreeMap<String, Vec<u8>>,
    ) -> Result<Result<Vec<Made>, Vec<Finding>>, JobError> {
        let failed = |what: &str, error: &dyn std::fmt::Display| {
            JobError::Failed(format!("制作图解的进程{what}: {error}"))
        };
        let limits =
            [self.limits.memory_mib, self.limits.cpu_seconds].map(|limit| limit.to_string());
        let mut child = Command::new(&self.program)
            .arg(COMMAND)
            .args(limits)
            // Nothing of ours: no secret, no folder.
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed("无法启动 cannot be started", &error))?;
        let asked =
            ask(draft, files).map_err(|error| failed("无法询问 cannot be asked", &error))?;
        let mut stdin = child.stdin.take();
        let send = async {
            // One that ended early has a better reason than a broken pipe.
            if let Some(stdin) = &mut stdin {
                stdin.write_all(&asked).await.ok();
            }
            drop(stdin);
        };
        let (output, ()) = tokio::join!(child.wait_with_output(), send);
        let output = output.map_err(|error| failed("中断 broke off", &error))?;
        if is_over_limits(output.status) {
            return Ok(Err(vec![codes::RENDER_LIMITS.finding()]));
        }
        if !output.status.success() {
            // Where it panicked, not over what: facts and logs bear no member's words.
            let said = String::from_utf8_lossy(&output.stderr);
            let place = said.lines().find(|line| line.contains("panicked at")).unwrap_or_default();
            return Err(failed("未完成 did not finish", &format!("{} {place}", output.status)));
        }
        read_answer(&mut output.stdout.as_slice())
            .map_err(|error| failed("的回答无法读取 answered what cannot be read", &error))
    }
}

/// Whether it took more than it was given: too much time is SIGXCPU, memory that it does not get SIGABRT.
fn is_over_limits(status: ExitStatus) -> bool {
    use rustix::process::Signal;
    [Signal::XCPU, Signal::ABORT].iter().any(|signal| status.signal() == Some(signal.as_raw()))
}

fn ask(draft: Manifest, files: BTreeMap<String, Vec<u8>>) -> io::Result<Vec<u8>> {
    let sizes = files.iter().map(|(path, bytes)| (path.clone(), bytes.len())).collect();
    let mut asked = serde_json::to_vec(&Asked { draft, files: sizes })?;
    asked.push(b'\n');
    asked.extend(files.into_values().flatten());
    Ok(asked)
}

fn read_answer(from: &mut impl BufRead) -> io::Result<Result<Vec<Made>, Vec<Finding>>> {
    Ok(match read_line(from)? {
        Answered::Refused(findings) => Err(findings),
        Answered::Rendered(members) => {
            let mut made = vec![];
            for (path, role, media_type, size) in members {
                made.push(Made { path, role, media_type, bytes: read_bytes(from, size)? });
            }
            Ok(made)
        }
    })
}

/// The child's part: limits itself, renders what it is asked, and answers.
pub fn run(limits: Limits, mut from: impl BufRead, mut to: impl Write) -> io::Result<()> {
    limit(limits)?;
    let Asked { draft, files: sizes } = read_line(&mut from)?;
    let mut files = BTreeMap::new();
    for (path, size) in sizes {
        files.insert(path, read_bytes(&mut from, size)?);
    }
    let outputs = render(&draft, &files);
    let answered = match &outputs {
        Err(findings) => Answered::Refused(findings.clone()),
        Ok(outputs) => Answered::Rendered(outputs.iter().map(said_of).collect()),
    };
    serde_json::to_writer(&mut to, &answered)?;
    to.write_all(b"\n")?;
    for output in outputs.into_iter().flatten() {
        to.write_all(&output.bytes)?;
    }
    to.flush()
}

fn said_of(output: &Output) -> (String, Role, String, usize) {
    (output.path.clone(), output.role, output.media_type.to_owned(), output.bytes.len())
}

/// Memory, time, and nothing that has to be opened: no file, no connection.
fn limit(limits: Limits) -> io::Result<()> {
    let at_most = |limit| Rlimit { current: Some(limit), maximum: Some(limit) };
    setrlimit(Resource::Data, at_most(limits.memory_mib << 20))?;
    // A second later the kernel would kill what does not hear it: SIGKILL says nothing of why.
    let cpu = Rlimit {
        current: Some(limits.cpu_seconds),
        maximum: Some(limits.cpu_seconds.saturating_add(1)),
    };
    setrlimit(Resource::Cpu, cpu)?;
    // No picture of what was uploaded is left on the disk, whatever happens.
    setrlimit(Resource::Core, at_most(0))?;
    setrlimit(Resource::Fsize, at_most(0))?;
    // Standard input, output and error are open.
    setrlimit(Resource::Nofile, at_most(3))?;
    Ok(())
}

fn read_line<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<T> {
    let mut line = vec![];
    from.read_until(b'\n', &mut line)?;
    Ok(serde_json::from_slice(&line)?)
}

fn read_bytes(from: &mut impl Read, size: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; size];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}
