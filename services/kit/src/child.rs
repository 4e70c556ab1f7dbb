//! Work on what people upload, in a process of its own: where it can reach no file and no network, and
//! takes no more memory and time than it is given (DESIGN §7). The child is this same program at a command
//! of its own; it reads a [`Parcel`] from standard input, answers with one, and ends.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Read as _, Write},
    num::NonZero,
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use rustix::process::{Resource, Rlimit, Signal, setrlimit};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    process::Command,
    sync::{Semaphore, SemaphorePermit},
};

/// Bytes of an answer that are read: what took over the child may say what it likes, and what is made of one
/// bundle may be made too large, by charts that stand in many places. A long picture with its charts is a
/// twentieth of it.
const ANSWER_MAX: u64 = 64 << 20;
/// Bytes that are read of why it failed.
const COMPLAINT_MAX: u64 = 64 << 10;

/// How children are run: no more of them at once than there are cores, whoever asks.
#[derive(Debug, Clone)]
pub struct Child {
    /// This program.
    pub program: PathBuf,
    limits: Limits,
    at_once: Arc<Semaphore>,
    /// Of them, those that somebody waits at the door for: never all, where there are several cores. However much is
    /// uploaded, what came in before is rendered.
    at_the_door: Arc<Semaphore>,
}

/// How much a child may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Memory that it writes to, in MiB.
    pub memory_mib: u64,
    /// Processor time, in seconds, over all its threads. It may take four times as long by the clock: one that
    /// sleeps is ended too.
    pub cpu_seconds: u64,
}

impl Default for Limits {
    /// A page of 30,000 px takes a tenth of this memory and a tenth of this time; the largest bundle a
    /// fifth of the memory.
    fn default() -> Self {
        Self { memory_mib: 512, cpu_seconds: 40 }
    }
}

/// Leave to run one child now.
#[derive(Debug)]
pub struct Turn<'c> {
    child: &'c Child,
    _one: Option<SemaphorePermit<'c>>,
}

/// Words and files that travel together: a line of JSON, then the files' bytes in the order of their names.
#[derive(Debug)]
pub struct Parcel<T, B = Vec<u8>> {
    /// The words.
    pub words: T,
    /// Name to bytes.
    pub files: BTreeMap<String, B>,
}

/// A child that gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// It took more memory or time than it was given, or answered more than is read.
    #[error("超出限额 / it takes more than it is given")]
    OverLimits,
    /// Anything else; says where, and nothing of what was uploaded.
    #[error("{0}")]
    Failed(String),
}

#[derive(Serialize, Deserialize)]
struct Line<T> {
    words: T,
    sizes: Vec<(String, usize)>,
}

impl Child {
    /// Children of `program`, which is this one.
    pub fn new(program: PathBuf, limits: Limits) -> Self {
        Self::on(program, limits, Self::cores())
    }

    fn on(program: PathBuf, limits: Limits, cores: usize) -> Self {
        let of = |count| Arc::new(Semaphore::new(count));
        let at_the_door = of(cores.saturating_sub(1).max(1));
        Self { program, limits, at_once: of(cores), at_the_door }
    }

    /// How many may run at once.
    pub fn cores() -> usize {
        std::thread::available_parallelism().map_or(1, NonZero::get)
    }

    /// How long one may take by the clock.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.limits.cpu_seconds.saturating_mul(4))
    }

    /// Waits until there are not too many.
    pub async fn turn(&self) -> Turn<'_> {
        // The semaphore is never closed.
        Turn { child: self, _one: self.at_once.acquire().await.ok() }
    }

    /// Asks a child at `command` for somebody who waits at the door, as soon as there are not too many. Whoever drops
    /// the future kills it.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        command: &str,
        asked: &Parcel<impl Serialize, impl AsRef<[u8]>>,
    ) -> Result<Parcel<T>, ChildError> {
        // The semaphore is never closed.
        let _one = self.at_the_door.acquire().await.ok();
        self.turn().await.ask(command, asked).await
    }

    async fn ask_now<T: DeserializeOwned>(
        &self,
        command: &str,
        asked: &Parcel<impl Serialize, impl AsRef<[u8]>>,
    ) -> Result<Parcel<T>, ChildError> {
        let failed = |what: &str, error: &dyn std::fmt::Display| {
            ChildError::Failed(format!("子进程 {command} {what}: {error}"))
        };
        let limits =
            [self.limits.memory_mib, self.limits.cpu_seconds].map(|limit| limit.to_string());
        let line = asked.line().map_err(|error| failed("无法询问 cannot be asked", &error))?;
        let mut child = Command::new(&self.program)
            .arg(command)
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
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let send = async {
            let Some(mut stdin) = stdin else { return };
            for bytes in asked.bytes(&line) {
                // One that ended early has a better reason than a broken pipe.
                if stdin.write_all(bytes).await.is_err() {
                    return;
                }
            }
        };
        let (answer, complaint) = (some_of(stdout, ANSWER_MAX), some_of(stderr, COMPLAINT_MAX));
        let (answer, complaint, ()) = tokio::join!(answer, complaint, send);
        let status = child.wait().await.map_err(|error| failed("中断 broke off", &error))?;
        // One that is not listened to any more dies of its broken pipe.
        let is_cut = u64::try_from(answer.len()).is_ok_and(|bytes| bytes >= ANSWER_MAX);
        if is_cut || is_over_limits(status) {
            return Err(ChildError::OverLimits);
        }
        if !status.success() {
            // Where it panicked, not over what: facts and logs bear no member's words.
            let said = String::from_utf8_lossy(&complaint);
            let place = said.lines().find(|line| line.contains("panicked at")).unwrap_or_default();
            return Err(failed("未完成 did not finish", &format!("{status} {place}")));
        }
        Parcel::read(&mut answer.as_slice())
            .map_err(|error| failed("的回答无法读取 answered what cannot be read", &error))
    }
}

impl Turn<'_> {
    /// Asks a child at `command`. Whoever drops the future kills it.
    pub async fn ask<T: DeserializeOwned>(
        self,
        command: &str,
        asked: &Parcel<impl Serialize, impl AsRef<[u8]>>,
    ) -> Result<Parcel<T>, ChildError> {
        let answer =
            tokio::time::timeout(self.child.patience(), self.child.ask_now(command, asked));
        answer.await.unwrap_or(Err(ChildError::OverLimits))
    }
}

/// The child's part: limits itself, does its work on what it is asked, and answers.
pub fn run<A: DeserializeOwned, B: Serialize>(
    limits: Limits,
    mut from: impl BufRead,
    mut to: impl Write,
    work: impl FnOnce(Parcel<A>) -> io::Result<Parcel<B>>,
) -> io::Result<()> {
    limit(limits)?;
    let asked = Parcel::read(&mut from).inspect_err(|error| {
        // Ends as where the allocator itself finds out, so that whoever asked knows why.
        if error.kind() == io::ErrorKind::OutOfMemory {
            std::process::abort();
        }
    })?;
    work(asked)?.write(&mut to)?;
    to.flush()
}

impl<T: Serialize, B: AsRef<[u8]>> Parcel<T, B> {
    /// The words, and what the files are.
    fn line(&self) -> io::Result<Vec<u8>> {
        let size = |(name, bytes): (&String, &B)| (name.clone(), bytes.as_ref().len());
        let sizes = self.files.iter().map(size).collect();
        let mut line = serde_json::to_vec(&Line { words: &self.words, sizes })?;
        line.push(b'\n');
        Ok(line)
    }

    /// All of it behind its line, piece by piece: files are large.
    fn bytes<'a>(&'a self, line: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        std::iter::once(line).chain(self.files.values().map(AsRef::as_ref))
    }

    fn write(&self, to: &mut impl Write) -> io::Result<()> {
        self.bytes(&self.line()?).try_for_each(|bytes| to.write_all(bytes))
    }
}

impl<T: DeserializeOwned> Parcel<T> {
    fn read(from: &mut impl BufRead) -> io::Result<Self> {
        let mut line = vec![];
        from.read_until(b'\n', &mut line)?;
        let Line { words, sizes } = serde_json::from_slice(&line)?;
        let mut files = BTreeMap::new();
        for (name, size) in sizes {
            let mut bytes = vec![];
            // Whatever size it tells, no more is taken than there is.
            let mut taken = from.by_ref().take(u64::try_from(size).unwrap_or(u64::MAX));
            if taken.read_to_end(&mut bytes)? != size {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            files.insert(name, bytes);
        }
        Ok(Self { words, files })
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
    [Signal::XCPU, Signal::ABORT].iter().any(|signal| status.signal() == Some(signal.as_raw()))
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
    // Standard input, output and error stay open; one that is closed leaves no room for another.
    setrlimit(Resource::Nofile, at_most(0))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parcel() -> Vec<u8> {
        let files = [("b".to_owned(), vec![2, 10, 2]), ("a".to_owned(), vec![])].into();
        let mut bytes = vec![];
        Parcel { words: "一\n二", files }.write(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_parcel_arrives_as_it_was_sent() {
        let Parcel { words, files } = Parcel::<String>::read(&mut parcel().as_slice()).unwrap();
        assert_eq!(words, "一\n二");
        assert_eq!(files, [("a".to_owned(), vec![]), ("b".to_owned(), vec![2, 10, 2])].into());
    }

    /// A program that ends when it is let go, at a path of its own.
    fn waiting(folder: &std::path::Path) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let program = folder.join("program");
        let here = folder.display();
        let text = format!(
            "#!/bin/sh\necho >>{here}/begun\nwhile [ ! -e {here}/go ]; do /bin/sleep 0.05; done\n"
        );
        std::fs::write(&program, text).unwrap();
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
        program
    }

    #[tokio::test]
    async fn what_is_uploaded_leaves_a_core_to_what_is_rendered() {
        let folder = tempfile::tempdir().unwrap();
        let child = Child::on(waiting(folder.path()), Limits::default(), 3);
        let parcel = Arc::new(Parcel { words: (), files: BTreeMap::<String, Vec<u8>>::new() });
        let mut asked = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (child, parcel) = (child.clone(), Arc::clone(&parcel));
            asked.spawn(async move { child.ask::<()>("x", &parcel).await.is_ok() });
        }
        let begun = folder.path().join("begun");
        let count = || std::fs::read_to_string(&begun).unwrap_or_default().lines().count();
        while count() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let turn = tokio::time::timeout(Duration::from_secs(20), child.turn()).await;
        assert!(turn.is_ok() && count() == 2, "{}", count());
        drop(turn);
        std::fs::write(folder.path().join("go"), "").unwrap();
        while asked.join_next().await.is_some() {}
        assert_eq!(count(), 6);
    }

    #[test]
    fn one_that_is_cut_off_or_lies_about_its_size_is_none() {
        let whole = parcel();
        for end in 0..whole.len() {
            assert!(Parcel::<String>::read(&mut &whole[..end]).is_err(), "{end}");
        }
        let lies = format!("{{\"words\":\"\",\"sizes\":[[\"a\",{}]]}}\nab", usize::MAX);
        assert!(Parcel::<String>::read(&mut lies.as_bytes()).is_err());
    }
}
