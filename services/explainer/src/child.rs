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
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    process::Command,
};

use crate::{
    render::{Output, render},
    theme::{Given, Theme, Words},
};

/// The command of this program that is the child's; not for people.
pub const COMMAND: &str = "render-child";

/// Bytes of an answer that are read: what took over the child may say what it likes. A long picture and its
/// charts are a twentieth of it.
const ANSWER_MAX: u64 = 64 << 20;
/// Bytes that are read of why it failed.
const COMPLAINT_MAX: u64 = 64 << 10;

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
    theme: Words,
    /// The theme's files, then the draft's.
    files: [Vec<(String, usize)>; 2],
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
        theme: &Theme,
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
        let asked = ask(draft, &files, theme.given())
            .map_err(|error| failed("无法询问 cannot be asked", &error))?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let send = async {
            // One that ended early has a better reason than a broken pipe.
            if let Some(mut stdin) = stdin {
                stdin.write_all(&asked).await.ok();
            }
        };
        let (answer, complaint) = (some_of(stdout, ANSWER_MAX), some_of(stderr, COMPLAINT_MAX));
        let (answer, complaint, ()) = tokio::join!(answer, complaint, send);
        let status = child.wait().await.map_err(|error| failed("中断 broke off", &error))?;
        if is_over_limits(status) {
            return Ok(Err(vec![codes::RENDER_LIMITS.finding()]));
        }
        if !status.success() {
            // Where it panicked, not over what: facts and logs bear no member's words.
            let said = String::from_utf8_lossy(&complaint);
            let place = said.lines().find(|line| line.contains("panicked at")).unwrap_or_default();
            return Err(failed("未完成 did not finish", &format!("{status} {place}")));
        }
        read_answer(&mut answer.as_slice())
            .map_err(|error| failed("的回答无法读取 answered what cannot be read", &error))
    }
}

/// What comes through a pipe, up to so many bytes; then it is closed.
async fn some_of(pipe: Option<impl AsyncRead + Unpin>, max: u64) -> Vec<u8> {
    let mut bytes = vec![];
    if let Some(pipe) = pipe {
        // A pipe that breaks has said what it had to say.
        pipe.take(max).read_to_end(&mut bytes).await.ok();
    }
    bytes
}

/// Whether it took more than it was given: too much time is SIGXCPU, memory that it does not get SIGABRT.
fn is_over_limits(status: ExitStatus) -> bool {
    use rustix::process::Signal;
    [Signal::XCPU, Signal::ABORT].iter().any(|signal| status.signal() == Some(signal.as_raw()))
}

fn ask(draft: Manifest, files: &BTreeMap<String, Vec<u8>>, theme: &Given) -> io::Result<Vec<u8>> {
    let sizes = [&theme.files, files]
        .map(|files| files.iter().map(|(path, bytes)| (path.clone(), bytes.len())).collect());
    let mut asked = serde_json::to_vec(&Asked { draft, theme: theme.words.clone(), files: sizes })?;
    asked.push(b'\n');
    for bytes in theme.files.values().chain(files.values()) {
        asked.extend_from_slice(bytes);
    }
    Ok(asked)
}

/// Refuses members that are no explainer's to make.
fn read_answer(from: &mut &[u8]) -> io::Result<Result<Vec<Made>, Vec<Finding>>> {
    Ok(match read_line(from)? {
        Answered::Refused(findings) => Err(findings),
        Answered::Rendered(members) => {
            let mut made = vec![];
            for (path, role, media_type, size) in members {
                if !role.is_rendered() || !path.starts_with("rendered/") {
                    return Err(io::Error::other(format!("{role:?} {path}")));
                }
                let (bytes, rest) =
                    from.split_at_checked(size).ok_or(io::ErrorKind::UnexpectedEof)?;
                *from = rest;
                made.push(Made { path, role, media_type, bytes: bytes.to_vec() });
            }
            Ok(made)
        }
    })
}

/// The child's part: limits itself, renders what it is asked, and answers.
pub fn run(limits: Limits, mut from: impl BufRead, mut to: impl Write) -> io::Result<()> {
    limit(limits)?;
    let Asked { draft, theme: words, files: [of_theme, of_draft] } = read_line(&mut from)?;
    let given = Given { words, files: read_files(&mut from, of_theme)? };
    let files = read_files(&mut from, of_draft)?;
    let theme = Theme::read(given).map_err(io::Error::other)?;
    theme.install().map_err(io::Error::other)?;
    let outputs = render(&draft, &files, &theme);
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

fn read_files(
    from: &mut impl Read,
    sizes: Vec<(String, usize)>,
) -> io::Result<BTreeMap<String, Vec<u8>>> {
    sizes.into_iter().map(|(path, size)| Ok((path, read_bytes(from, size)?))).collect()
}

fn read_bytes(from: &mut impl Read, size: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; size];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(members: &[(&str, Role, usize)], bytes: &[u8]) -> io::Result<usize> {
        let members = members
            .iter()
            .map(|(path, role, size)| ((*path).to_owned(), *role, "text/plain".to_owned(), *size));
        let mut said = serde_json::to_vec(&Answered::Rendered(members.collect()))?;
        said.push(b'\n');
        said.extend_from_slice(bytes);
        read_answer(&mut said.as_slice()).map(|made| made.map_or(0, |made| made.len()))
    }

    #[test]
    fn a_child_makes_rendered_members_alone_and_as_long_as_it_says() {
        assert_eq!(answer(&[("rendered/a.svg", Role::Chart, 2)], b"ab").ok(), Some(1));
        for (path, role, size) in [
            ("rendered/a.md", Role::Policy, 2),
            ("policy.md", Role::Chart, 2),
            ("rendered/a.svg", Role::Chart, 3),
            ("rendered/a.svg", Role::Chart, usize::MAX),
        ] {
            assert!(answer(&[(path, role, size)], b"ab").is_err(), "{role:?} {path} {size}");
        }
    }
}
