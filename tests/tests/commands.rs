//! What people type, through the real binary and with the machine's clock: one deployment from
//! `init` to a withdrawal, and the demo.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{Cursor, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use lockstep::home::Running;
use lockstep_kit::clock::Clock;
use lockstep_proto::{
    digest::Digest,
    http::{Problem, Status},
    signed::PrivateKey,
};
use tempfile::TempDir;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

const BINARY: &str = env!("CARGO_BIN_EXE_lockstep-under-test");
/// Runs a command line in a terminal of its own.
const TERMINAL: &str = "import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
/// In no encoding that we know.
const UNKNOWN: &[u8] = b"caf\xe9 au lait";
/// How long a condition may take before the test fails. Generous: machines are shared and slow.
const DEADLINE: Duration = Duration::from_mins(5);

/// A desk with a deployment's folder, texts and bundles on it.
struct Desk {
    folder: TempDir,
    server: Option<Child>,
}

/// What a command came to.
#[derive(Debug)]
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Said {
    /// It ended with this status and said this, on either stream.
    #[track_caller]
    fn is(self, code: i32, words: &str) -> Self {
        assert!(self.code == code && self.all().contains(words), "not {code}, {words}: {self:?}");
        self
    }

    fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    fn last_line(&self) -> String {
        self.out.lines().last().unwrap().trim().to_owned()
    }
}

/// Waits until `look` finds what it looks for.
fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < DEADLINE, "no {what} within {DEADLINE:?}");
        // Between two looks: not a duration that anything depends on.
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The status a process ends with; one that does not end is killed, and the test fails.
fn ending(child: &mut Child) -> i32 {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().unwrap();
        }
        if started.elapsed() > DEADLINE {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("a command did not end within {DEADLINE:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Without what the environment of a developer may hold.
fn clean(program: &str) -> Command {
    let mut command = Command::new(program);
    for name in ["LOCKSTEP_AS", "LOCKSTEP_HOME", "LOCKSTEP_CLOCK_FILE", "LOCKSTEP_LOG"] {
        command.env_remove(name);
    }
    command
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), server: None }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Runs a command line to its end; `typed` is what stands on its standard input.
    fn finish(&self, mut command: Command, typed: &str) -> Said {
        let streams = ["out", "err"].map(|name| self.path(name));
        let [out, err] = streams.each_ref().map(|path| fs::File::create(path).unwrap());
        let mut child = command.stdin(Stdio::piped()).stdout(out).stderr(err).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(typed.as_bytes()).unwrap();
        // Open until the end, as a terminal is.
        let code = ending(&mut child);
        drop(input);
        let [out, err] = streams.map(|path| fs::read_to_string(path).unwrap());
        Said { code, out, err }
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let mut command = clean(BINARY);
        command.args(arguments);
        self.finish(command, "")
    }

    /// The same, as this person.
    fn run_as(&self, person: &str, arguments: &[&str]) -> Said {
        let identity = self.text(&format!("home/people/{person}.toml"));
        self.run(&[arguments, &["--as", &identity]].concat())
    }

    /// The same, at a terminal where somebody types an answer.
    fn run_at_terminal(&self, person: &str, arguments: &[&str], typed: &str) -> Said {
        let identity = self.text(&format!("home/people/{person}.toml"));
        let mut command = clean("python3");
        command.args(["-c", TERMINAL, BINARY]).args(arguments).args(["--as", &identity]);
        self.finish(command, typed)
    }

    /// Starts the server on ports that are free; gives its addresses.
    fn serve(&mut self) -> Running {
        let log = self.path("server.log");
        let any = "127.0.0.1:0";
        let server = clean(BINARY)
            .args(["serve", "all", "--staff", any, "--public", any])
            .args(["--home", &self.text("home")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let server = self.server.insert(server);
        let run_file = self.folder.path().join("home/run.json");
        wait("server", || {
            let ended = server.try_wait().unwrap();
            assert!(ended.is_none(), "{ended:?}: {}", fs::read_to_string(&log).unwrap());
            serde_json::from_slice(&fs::read(&run_file).ok()?).ok()
        })
    }

    /// Ends the server as an operator does.
    fn stop(&mut self) -> i32 {
        let mut server = self.server.take().unwrap();
        let id = server.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        ending(&mut server)
    }

    /// Writes the two texts and makes a bundle of them.
    fn new_bundle(&self, name: &str, number: &str, more: &[&str]) -> Said {
        let policy =
            format!("# 关于{name}的通知\n\n{number}\n\n（{number}自2027年1月1日起施行）\n");
        let interpretation = format!("# 解读\n\n为什么印发{number}？方便群众。\n");
        fs::write(self.path("政策.md"), policy).unwrap();
        fs::write(self.path("解读.txt"), interpretation).unwrap();
        self.run(
            &[
                &["new", &self.text(name), "--policy", &self.text("政策.md")][..],
                &["--interpretation", &self.text("解读.txt")],
                &PLAN,
                more,
                &["--not-before", &in_days(1), "--not-after", &in_days(2)],
            ]
            .concat(),
        )
    }

    /// Packs files of a folder into an archive beside it.
    fn pack(&self, folder: &str, names: &[&str]) -> String {
        let archive = self.text(&format!("{folder}.zip"));
        let mut zip = ZipWriter::new(fs::File::create(&archive).unwrap());
        for name in names.iter().map(|name| format!("{folder}/{name}")) {
            zip.start_file(&name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&fs::read(self.path(&name)).unwrap()).unwrap();
        }
        zip.finish().unwrap();
        archive
    }

    /// The template with a sentence of its own: headings alone are no interpretation.
    fn template(&self, path: &str) {
        let new = format!(" new 政策.docx {path}\n");
        self.run(&["template", path]).is(0, "template written").is(0, &new);
        let mut template = ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
        let mut filled = ZipWriter::new(Cursor::new(vec![]));
        for index in 0..template.len() {
            let mut entry = template.by_index(index).unwrap();
            let mut bytes = vec![];
            entry.read_to_end(&mut bytes).unwrap();
            let name = entry.name().unwrap().into_owned();
            if name == "word/document.xml" {
                const SAID: &str = "<w:p><w:r><w:t>符合条件的都可以申领。</w:t></w:r></w:p>";
                let text = String::from_utf8(bytes).unwrap();
                let end = text.rfind("<w:sectPr").or_else(|| text.rfind("</w:body>")).unwrap();
                bytes = [&text[..end], SAID, &text[end..]].concat().into_bytes();
            }
            filled.start_file(&name, SimpleFileOptions::default()).unwrap();
            filled.write_all(&bytes).unwrap();
        }
        fs::write(path, filled.finish().unwrap().into_inner()).unwrap();
    }

    fn status(&self, bundle: &str) -> Status {
        let said = self.run_as("gu", &["status", bundle, "--json"]).is(0, "");
        serde_json::from_str(&said.out).unwrap()
    }

    fn wait_state(&self, bundle: &str, state: &str) -> Status {
        wait(state, || Some(self.status(bundle)).filter(|status| status.draft.state == state))
    }

    fn wait_phase(&self, bundle: &str, phase: &str) {
        wait(phase, || self.status(bundle).release.filter(|release| release.phase == phase));
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            server.kill().ok();
            server.wait().ok();
        }
    }
}

/// What a drafter gives besides the texts.
const PLAN: [&str; 12] = [
    "--drafter",
    "lin",
    "--issuing",
    "某局",
    "--purpose",
    "说明要求",
    "--scope",
    "全文",
    "--procedure",
    "同步起草审批发布",
    "--form",
    "问答",
];

fn in_days(days: i64) -> String {
    Clock::System.now().plus_millis(days * 86_400_000).to_string()
}

fn get(url: &str) -> (u16, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    lockstep_kit::http::use_ring();
    runtime.block_on(async {
        let client = lockstep_kit::http::client_for(url).build().unwrap();
        let response = client.get(url).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    })
}

#[test]
fn an_office_goes_from_init_to_a_withdrawal() {
    let mut desk = Desk::new();
    desk.run(&["init", &desk.text("home")]).is(0, "deployment made");
    desk.run(&["init", &desk.text("home")]).is(2, "already");
    what_cannot_be_is_said(&desk);
    let people =
        [("lin", "drafter"), ("shen", "reviewer"), ("gu", "issuer"), ("tang", "registrar")];
    let add = |desk: &Desk, (id, role): (&str, &str)| {
        let home = desk.text("home");
        desk.run(&[
            "person", "add", id, "--name", id, "--agency", "某局", "--role", role, "--home", &home,
        ])
    };
    add(&desk, people[0]).is(2, "is `lockstep serve all` running?");
    let running = desk.serve();
    desk.run(&["serve", "all", "--home", &desk.text("home")]).is(2, "another process serves");
    for person in people {
        add(&desk, person).is(0, "recorded");
        desk.run_as(person.0, &["key", "new", "--home", &desk.text("home")]).is(0, "recorded");
    }
    desk.run_as("shen", &["person", "list"]).is(0, "gu  gu  某局  issuer");
    slips_change_nobody(&desk);

    draft(&desk);
    let bundle =
        desk.run_as("lin", &["submit", &desk.text("通知")]).is(0, "revision 1").last_line();
    approve(&desk, &bundle);
    submit_again(&desk, &bundle);
    publish(&desk, &running, &bundle);
    give_back(&desk);
    assert_eq!(desk.stop(), 0);
    desk.run_as("gu", &["status"]).is(2, "cannot be reached");
}

/// Before anything runs: settings that do not go together, a restore from nothing.
fn what_cannot_be_is_said(desk: &Desk) {
    let (home, cluster) = (desk.text("home"), desk.text("cluster"));
    let config = |root: &str| desk.run(&["config", "--home", &home, "--setting", root]);
    config("folder.root=elsewhere").is(0, "elsewhere");
    config("folder.root=people").is(2, "must not lie within").is(2, "root = \"people\"");
    desk.run(&["restore", "--home", &home]).is(2, "name the backup's folder");
    desk.run(&["init", &cluster, "--cluster"]).is(0, "deployment made");
    desk.run(&["restore", "--home", &cluster]).is(2, "administrator's address");
}

/// Nobody is replaced, given keys or given a role by a slip of the pen.
fn slips_change_nobody(desk: &Desk) {
    let home = desk.text("home");
    let add = |role: &str, more: &[&str]| {
        let person = ["person", "add", "lin", "--name", "lin", "--agency", "某局"];
        desk.run(&[&person[..], &["--role", role, "--home", &home], more].concat())
    };
    let before = desk.path("home/people/lin.toml");
    fs::copy(&before, desk.path("before.toml")).unwrap();
    for role in ["drafter", "issuer"] {
        add(role, &[]).is(1, "--replace");
    }
    desk.run_as("lin", &["person", "list"]).is(0, "lin  lin  某局  drafter");
    desk.run(&["person", "list", "--home", &home]).is(0, "lin  lin  某局  drafter");
    desk.run(&["person", "list", "--home", &desk.text("nowhere")]).is(2, "--as");
    add("drafter", &["--replace"]).is(0, "no longer works");
    desk.run(&["person", "list", "--as", &desk.text("before.toml")]).is(2, "令牌");
    add("drafer", &["--replace"]).is(0, "提醒 warning: 角色 drafer");
    add("drafter", &["--replace"]).is(0, "recorded");
    let public = PrivateKey::from_seed([7; 32]).public().to_string();
    let home = ["--home", &home];
    desk.run(&[&["key", "accept", "lni", &public], &home[..]].concat())
        .is(1, "lni is not recorded");
    let revoke = |id| {
        let revoke = ["key", "revoke", id, &public, "--reason", "遗失"];
        desk.run(&[&revoke[..], &home].concat())
    };
    revoke("lni").is(1, "lni is not recorded");
    revoke("lin").is(1, "no such key");
}

/// From two texts to a bundle that passes.
fn draft(desk: &Desk) {
    fs::write(desk.path("政策.docx"), "").unwrap();
    let word = desk.text("政策.docx");
    let texts = ["--policy", &word, "--interpretation", &word];
    desk.run(&[&["new", &desk.text("通知")][..], &texts, &PLAN].concat())
        .is(1, "TS012")
        .is(1, "政策.docx");
    assert!(!desk.path("通知").exists());
    unfit_texts_are_refused(desk);
    desk.new_bundle("通知", "{{文号}}", &[]).is(0, "bundle made");
    let folder = desk.text("通知");
    // Twice in the policy and once in the interpretation is one slot.
    let settings = fs::read_to_string(desk.path("通知/bundle.toml")).unwrap();
    assert!(settings.contains(r#"slots = ["文号"]"#), "{settings}");
    desk.run(&["check", &folder]).is(1, "TS105");
    desk.run(&["confirm", &folder]).is(0, "sha256:").is(0, &format!(" check {folder}\n"));
    desk.run(&["check", &folder]).is(0, "passes");
    let interpretation = fs::read(desk.path("通知/interpretation.txt")).unwrap();
    fs::remove_file(desk.path("通知/interpretation.txt")).unwrap();
    desk.run(&["check", &folder]).is(1, "TS101");
    desk.run_as("lin", &["submit", &folder]).is(1, "TS101");
    fs::write(desk.path("通知/interpretation.txt"), interpretation).unwrap();
    desk.run(&["check", &desk.text("无此目录")]).is(2, "cannot be read");
    desk.run_as("shen", &["submit", &folder]).is(1, "drafter");
}

/// A folder makes one bundle, unless another is wanted.
fn submit_again(desk: &Desk, bundle: &str) {
    let folder = desk.text("通知");
    let submit = |more: &[&str]| desk.run_as("lin", &[&["submit", &folder], more].concat());
    submit(&[]).is(1, &format!("--revises {bundle}"));
    submit(&["--revises", bundle]).is(0, "unchanged");
    let another = submit(&["--anew"]).is(0, "revision 1").last_line();
    assert_ne!(another, bundle);
    submit(&[]).is(1, &format!("--revises {another}"));
    // An archive with a Word file: what is stored and sealed is its text.
    let word = desk.text("通知/interpretation.docx");
    desk.template(&word);
    let archive = desk.pack("通知", &["bundle.toml", "policy.md", "interpretation.docx"]);
    fs::remove_file(&word).unwrap();
    let submit_archive = || desk.run_as("lin", &["submit", &archive]);
    let packed = submit_archive().is(0, "revision 1").last_line();
    submit_archive().is(1, &format!("--revises {packed}"));
    desk.wait_state(&packed, "in_review");
    let manifest = wait("case", || desk.status(&packed).case).manifest;
    assert!(manifest.members.iter().any(|member| member.path == "interpretation.md"));
    desk.run(&["check", &folder]).is(0, "passes");
}

/// What the gate would refuse in any case is not copied.
fn unfit_texts_are_refused(desk: &Desk) {
    let text = desk.text("文本.md");
    let texts = ["--policy", &text, "--interpretation", &text];
    let new = || desk.run(&[&["new", &desk.text("通知")][..], &texts, &PLAN].concat());
    fs::write(&text, UNKNOWN).unwrap();
    new().is(1, "TS003").is(1, "文本.md").is(1, "另存为");
    fs::write(&text, "\n").unwrap();
    new().is(1, "TS006");
    fs::write(&text, "机密★1年\n\n# 通知\n").unwrap();
    new().is(1, "TS601");
    assert!(!desk.path("通知").exists());
}

/// Shown first, written when told to; then the pair is confirmed anew. A lexicon of one's own warns.
#[test]
fn a_drafter_masks_personal_data_by_one_command() {
    let desk = Desk::new();
    desk.new_bundle("通知", "{{文号}}\n学生张某，手机13800138000。", &[]).is(0, "bundle made");
    let folder = desk.text("通知");
    let policy = || fs::read_to_string(desk.path("通知/policy.md")).unwrap();
    let before = policy();
    desk.run(&["confirm", &folder]).is(0, "sha256:");
    let refused = desk.run(&["check", &folder]).is(1, "TS603").is(1, "--> policy.md:");
    let shown =
        desk.run(&["mask", &folder]).is(0, "138＊＊＊＊＊＊00").is(0, "nothing was written");
    assert_eq!(policy(), before);
    let written = desk.run(&["mask", &folder, "--write"]).is(0, "confirm");
    for said in [refused, shown, written] {
        assert!(!said.all().contains("13800138000"), "{said:?}");
    }
    assert_eq!(policy(), before.replace("13800138000", "138＊＊＊＊＊＊00"));
    desk.run(&["mask", &folder]).is(0, "nothing to mask");
    desk.run(&["check", &folder]).is(1, "TS104");
    desk.run(&["confirm", &folder]).is(0, "sha256:").is(0, &format!(" check {folder}\n"));
    desk.run(&["check", &folder]).is(0, "passes");

    let head = "schema = \"lockstep.lexicon/1\"\nname = \"a\"\nversion = \"1\"\n";
    let rest = "source = \"b\"\nlicence = \"c\"\n[[entry]]\nwrong = \"张某\"\nright = \"某人\"\n";
    fs::write(desk.path("词.toml"), format!("{head}{rest}kind = \"name\"\nnote = \"d\"\n"))
        .unwrap();
    let check = || desk.run(&["check", &folder, "--lexicon", &desk.text("词.toml")]);
    check().is(0, "TS502").is(0, "--> policy.md:");
    fs::write(desk.path("词.toml"), format!("{head}{rest}sort = 1\n")).unwrap();
    check().is(2, "词.toml").is(2, "line 9").is(2, "sort");
}

/// The rule's findings end with 1, those about files too; what cannot be read at all with 2.
#[test]
fn what_is_found_ends_with_1_and_what_cannot_be_read_with_2() {
    let desk = Desk::new();
    desk.new_bundle("通知", "{{文号}}", &[]).is(0, "bundle made");
    let folder = desk.text("通知");
    let confirm = || desk.run(&["confirm", &folder]);
    confirm().is(0, "sha256:");
    let check = || desk.run(&["check", &folder]);
    check().is(0, "passes");

    let settings = fs::read_to_string(desk.path("通知/bundle.toml")).unwrap();
    let with = |text: &str| fs::write(desk.path("通知/bundle.toml"), text).unwrap();
    with(&format!("title = \n{settings}"));
    check().is(1, "TS001").is(1, "--> bundle.toml:1");
    confirm().is(1, "TS001 bundle.toml:1");
    fs::remove_file(desk.path("通知/bundle.toml")).unwrap();
    check().is(1, "TS002");
    confirm().is(1, "TS002");
    with(&settings);
    let policy = fs::read(desk.path("通知/policy.md")).unwrap();
    fs::write(desk.path("通知/policy.md"), UNKNOWN).unwrap();
    check().is(1, "TS003");
    confirm().is(1, "TS003");
    fs::write(desk.path("通知/policy.md"), policy).unwrap();
    fs::create_dir(desk.path("通知/attachments")).unwrap();
    for n in 0..200 {
        fs::write(desk.path(&format!("通知/attachments/{n}.txt")), "附件").unwrap();
    }
    check().is(1, "TS005");
    fs::remove_dir_all(desk.path("通知/attachments")).unwrap();
    check().is(0, "passes");

    std::os::unix::fs::symlink("policy.md", desk.path("通知/policy.txt")).unwrap();
    check().is(2, "is a link");
    let nowhere = desk.text("无此目录");
    let said = desk.run(&["check", &nowhere, "--json"]).is(2, "cannot be read");
    let problem: Problem = serde_json::from_str(&said.out).unwrap();
    assert_eq!(problem.code, "unusable");
    desk.run(&["chekc", &nowhere]).is(2, "命令有误");
    desk.run(&["submit", &nowhere]).is(2, "命令有误");
}

/// What drafters have: Word files and archives. The template's plan goes to `bundle.toml`; confirmed is the
/// text of a Word file, and an archive cannot be written to.
#[test]
fn word_files_and_archives_are_bundles_too() {
    let desk = Desk::new();
    let template = desk.text("解读.docx");
    let empty = desk.text("空白.docx");
    desk.run(&["template", &empty]).is(0, "template written");
    desk.run(&["template", &empty]).is(2, "is there already");
    desk.template(&template);
    let policy = desk.text("政策.txt");
    let gbk = [&[0xb9, 0xd8, 0xd3, 0xda][..], b"1\n"].concat(); // 关于1
    fs::write(&policy, gbk).unwrap();
    let folder = desk.text("包");
    desk.run(&["new", &policy, &empty, "-o", &folder]).is(1, "TS006");
    desk.run(&["new", &policy, &template, "-o", &folder])
        .is(0, "TS010")
        .is(0, "to be entered: drafters");
    assert_eq!(fs::read_to_string(desk.path("包/policy.txt")).unwrap(), "关于1\n");
    let text = fs::read_to_string(desk.path("包/interpretation.md")).unwrap();
    assert!(text.starts_with("# 《》政策解读\n") && !text.contains("解读方案"), "{text}");
    desk.run(&["check", &folder]).is(1, "TS103").is(1, "TS112");

    fs::rename(desk.path("包/policy.txt"), desk.path("旧.txt")).unwrap();
    fs::copy(&template, desk.path("包/policy.docx")).unwrap();
    let digest = Digest::of(text.as_bytes());
    desk.run(&["confirm", &folder]).is(0, digest.as_str());
    desk.run(&["check", &folder]).is(1, "TS114"); // the same text twice

    let archive = desk.pack("包", &["bundle.toml", "policy.docx", "interpretation.md"]);
    desk.run(&["check", &archive]).is(1, "TS114");
    desk.run(&["confirm", &archive]).is(2, "unpack it");
    fs::write(desk.path("坏.zip"), b"PK\x03\x04").unwrap();
    let said = desk.run(&["check", &desk.text("坏.zip"), "--json"]).is(1, "TS015");
    assert!(said.out.contains("\"verdict\":\"blocked\""), "{said:?}");
}

fn approve(desk: &Desk, bundle: &str) {
    desk.wait_state(bundle, "in_review");
    let case = || desk.status(bundle).case;
    let manifest = wait("case", case).manifest.digest().to_string();
    let out = desk.text("read");
    desk.run_as("shen", &["fetch", bundle, "--out", &out])
        .is(0, &format!("sign {bundle} --manifest {manifest} --as "));
    assert!(Path::new(&out).join("interpretation.txt").exists());
    let sign = ["sign", bundle, "--manifest", &manifest];
    desk.run_as("tang", &[&sign[..], &["--yes"]].concat())
        .is(1, "TS208")
        .is(1, "签批人不具备该环节的角色：审核 review，tang");
    let refused = desk.run_as("lin", &[&sign[..], &["--yes"]].concat()).is(1, "TS202");
    assert!(!refused.all().contains("清单 manifest"), "nothing is signed: {refused:?}");
    let other = format!("sha256:{}", "0".repeat(64));
    desk.run_as("shen", &["sign", bundle, "--manifest", &other]).is(1, "与所给清单不符");
    desk.run_as("shen", &sign).is(2, "--yes");
    desk.run_at_terminal("shen", &sign, "n\n").is(1, "not signed");
    assert_eq!(case().unwrap().sign_offs.len(), 0);
    desk.run_at_terminal("shen", &sign, "y\n").is(0, "signed; next step").is(0, "清单 manifest");
    for yes in [&["--yes"][..], &[]] {
        desk.run_as("shen", &[&sign[..], yes].concat())
            .is(1, "您已签批（审核 review，")
            .is(1, "现待 签发 issue / you have signed; now it waits for 签发 issue");
    }
    desk.run_as("gu", &["status", bundle]).is(0, "待签 next step     签发 issue");
    desk.run_as("gu", &["resume", bundle]).is(1, "nothing of it is held");
    desk.run_as("gu", &[&sign[..], &["--yes"]].concat())
        .is(0, "the chain is complete")
        .is(0, "清单 manifest");
    desk.run_as("gu", &[&sign[..], &["--yes"]].concat())
        .is(1, "没有待签批的环节（已签发 granted）");
}

fn publish(desk: &Desk, running: &Running, bundle: &str) {
    let page = format!("{}/p/{bundle}", running.public);
    desk.wait_phase(bundle, "registering");
    desk.run_as("gu", &["status", bundle])
        .is(0, "--set '文号=…'")
        .is(0, "审核 review shen（shen）");
    let register = |person, slot| desk.run_as(person, &["register", bundle, "--set", slot]);
    register("tang", "字号=某教〔2027〕1号").is(2, "is no slot");
    register("gu", "文号=某教〔2027〕1号").is(1, "TS303").is(1, "登记无效：gu 不是文秘");
    let status = format!(" status {bundle} --as ");
    register("tang", "文号=某教〔2027〕1号").is(0, "registered").is(0, &status);
    desk.wait_phase(bundle, "staged");
    assert_eq!(get(&page).0, 404);
    let order = ["order", bundle, "--channel", "portal", "--channel", "folder"];
    let window = ["--not-before", &in_days(0), "--not-after", &in_days(1)];
    desk.run_as("gu", &[&order[..], &window].concat())
        .is(0, "another order is signed")
        .is(0, &status);
    desk.wait_phase(bundle, "completed");
    desk.run_as("lin", &["status", bundle]).is(0, "发布完成 completed").is(0, "另签发布令 order ");
    let (status, text) = get(&page);
    assert_eq!((status, text.matches("某教〔2027〕1号").count() >= 3), (200, true), "{text}");
    assert!(!text.contains("{{"), "a slot is open on the pair page");

    let withdraw = ["withdraw", bundle, "--reason", "文件有误"];
    let without_asking = [&withdraw[..], &["--yes"]].concat();
    desk.run_as("lin", &without_asking).is(1, "the last step's role");
    desk.run_as("gu", &withdraw).is(2, "--yes");
    desk.run_at_terminal("gu", &withdraw, "n\n").is(1, "not withdrawn");
    desk.run_as("gu", &without_asking).is(0, "withdrawal ordered");
    desk.wait_phase(bundle, "dark");
    let (status, notice) = get(&page);
    assert_eq!((status, notice.contains("文件有误")), (410, true), "{notice}");
    desk.run_as("gu", &without_asking).is(1, "it is dark already");
    desk.run_as("lin", &["status", bundle]).is(0, "撤回原因 withdrawn 文件有误");
}

/// A second bundle, without slots, goes back to its drafter.
fn give_back(desk: &Desk) {
    let number = "某教〔2027〕2号";
    desk.new_bundle("退回", number, &["--number", number]).is(0, "bundle made");
    let folder = desk.text("退回");
    desk.run(&["confirm", &folder]).is(0, "sha256:");
    let bundle = desk.run_as("lin", &["submit", &folder]).is(0, "revision 1").last_line();
    wait("case", || desk.status(&bundle).case);
    let give_back = ["return", &bundle, "--reason", "第二条不清"];
    let again = format!(" submit --revises {bundle} … --as …");
    desk.run_as("shen", &give_back).is(0, "returned").is(0, &again);
    desk.wait_state(&bundle, "returned");
    let said = desk.run_as("lin", &["status", &bundle]).is(0, "退回 returned ");
    assert_eq!(said.all().matches("→ 第二条不清").count(), 1, "{said:?}");
    desk.run_as("shen", &give_back).is(1, "（已退回 returned） / no step waits");
}

#[test]
fn the_demo_shows_its_refusals_and_ends_well() {
    let desk = Desk::new();
    let home = desk.text("demo");
    let said = desk.run(&["demo", "--once", "--home", &home]).is(0, "the demo is done");
    assert!(said.out.contains("folder stays") && !said.out.contains("http://"), "{said:?}");
    let refused: Vec<&str> =
        said.out.lines().filter_map(|line| line.strip_prefix("  ✗ ")?.get(..5)).collect();
    assert_eq!(refused, ["TS101", "TS202", "TS104", "TS201", "TS304"]);
    desk.run(&["demo", "--once", "--home", &home]).is(2, "already");
}
