//! For drafters: making, confirming, checking and submitting bundles.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use lockstep_gate::{
    bundle::{self, Rules, SETTINGS, Submission},
    codes::{self, Code},
    fill,
    people::Directory,
    verdict::{Facts, Intake, decide},
    wording::{Lexicon, Lexicons},
};
use lockstep_kit::{clock::Clock, ids::Ids};
use lockstep_proto::{
    edition::Slot,
    finding::Finding,
    http::{Submit, Submitted},
    ids::BundleId,
};
use reqwest::Method;

use crate::{
    cli::{Caller, NewArgs},
    client::{Client, Failure},
    folder,
    identity::Identity,
    print,
};

pub(super) fn new(args: NewArgs) -> anyhow::Result<()> {
    if args.out.exists() {
        bail!("{} 已存在 / is there already", args.out.display());
    }
    let policy = Text::read(&args.policy)?;
    let interpretation = Text::read(&args.interpretation)?;
    let given = [
        ("policy", &policy, &args.policy),
        ("interpretation", &interpretation, &args.interpretation),
    ];
    refuse_unfit(given)?;
    let text = policy.text();
    let first = text.lines().map(|line| line.trim_start_matches(['#', '\u{feff}']).trim());
    let title = first.filter(|line| !line.is_empty()).map(str::to_owned).next();

    let mut settings = toml_edit::DocumentMut::new();
    settings.insert("kind", toml_edit::value("issue"));
    let title = ask("标题 title", args.title, title)?;
    settings.insert("title", toml_edit::value(title));
    for (key, value) in [("number", args.number), ("written_on", args.written_on)] {
        if let Some(value) = value {
            settings.insert(key, toml_edit::value(value));
        }
    }
    let slots: BTreeSet<Slot> =
        [&policy, &interpretation].into_iter().flat_map(Text::slots).collect();
    let slots: toml_edit::Array = slots.into_iter().map(Slot::name).collect();
    settings.insert("slots", toml_edit::value(slots));
    let mut drafters: Vec<String> = args.drafters.iter().map(ToString::to_string).collect();
    if drafters.is_empty() {
        drafters.push(ask("拟稿人 drafter (id)", None, None)?);
    }
    settings
        .insert("drafters", toml_edit::value(drafters.into_iter().collect::<toml_edit::Array>()));

    let issuing = ask("发文机关 issuing agency", args.issuing, None)?;
    let drafting = ask("起草部门 drafting unit", args.drafting, Some(issuing.clone()))?;
    let one = |text: &str| toml_edit::value([text].into_iter().collect::<toml_edit::Array>());
    let agencies = table(&mut settings, "agencies")?;
    agencies.insert("drafting", one(&drafting));
    agencies.insert("issuing", one(&issuing));
    agencies.insert("publishing", toml_edit::value(issuing));
    let ground = ask(
        "公开依据 legal ground",
        args.ground,
        Some("《中华人民共和国政府信息公开条例》第二十条".to_owned()),
    )?;
    let disclosure = table(&mut settings, "disclosure")?;
    disclosure.insert("attribute", toml_edit::value("proactive"));
    disclosure.insert("ground", toml_edit::value(ground));
    table(&mut settings, "companion")?.insert("type", toml_edit::value("own"));
    for (key, label, value) in [
        ("purpose", "解读目的 purpose", args.purpose),
        ("scope", "解读范围 scope", args.scope),
        ("procedure", "解读程序 procedure", args.procedure),
        ("form", "解读形式 form", args.form),
    ] {
        let value = ask(label, value, None)?;
        table(&mut settings, "plan")?.insert(key, toml_edit::value(value));
    }
    let now = Clock::System.now();
    let not_before = args.not_before.unwrap_or(now);
    let not_after = args.not_after.unwrap_or_else(|| not_before.plus_millis(7 * 86_400_000));
    let mut channels: Vec<String> = args.channels.iter().map(ToString::to_string).collect();
    if channels.is_empty() {
        channels = vec!["portal".to_owned(), "folder".to_owned()];
    }
    let order = table(&mut settings, "order")?;
    order.insert("not_before", toml_edit::value(not_before.to_beijing_text()));
    order.insert("not_after", toml_edit::value(not_after.to_beijing_text()));
    order.insert("required", toml_edit::value(channels.into_iter().collect::<toml_edit::Array>()));

    fs::create_dir_all(&args.out)
        .with_context(|| format!("{} 无法建立 / cannot be made", args.out.display()))?;
    for (name, text) in [("policy", &policy), ("interpretation", &interpretation)] {
        fs::write(args.out.join(format!("{name}.{}", text.extension)), &text.bytes)?;
    }
    fs::write(args.out.join(SETTINGS), settings.to_string())?;
    println!("政策包已建立 / bundle made: {}", args.out.display());
    let out = args.out.to_string_lossy();
    let next = ["confirm", "check"].map(|command| print::command(&[command, &out]));
    println!("  下一步 next  {}", next.join(" && "));
    Ok(())
}

/// Before anything is asked or copied: what the gate would refuse whatever the settings say. Findings name
/// the files as they were given.
fn refuse_unfit(given: [(&str, &Text, &PathBuf); 2]) -> Result<(), Failure> {
    let mut names = BTreeMap::new();
    let mut files = bundle::Files::new();
    for (name, text, path) in given {
        let member = format!("{name}.{}", text.extension);
        files.insert(member.clone(), text.bytes.clone());
        names.insert(member, path.display().to_string());
    }
    let mut findings = about_files(&files, &UNFIT_TEXT);
    for finding in &mut findings {
        let given = finding.member.as_ref().and_then(|member| names.get(member));
        finding.member = given.cloned().or(finding.member.take());
    }
    if findings.is_empty() { Ok(()) } else { Err(Failure::Findings(findings)) }
}

/// What no settings mend in a text.
const UNFIT_TEXT: [&Code; 4] =
    [&codes::BAD_ENCODING, &codes::TOO_LARGE, &codes::EMPTY_TEXT, &codes::CLASSIFIED];

/// What the gate says about a folder's files under these codes.
fn about_files(files: &bundle::Files, codes: &[&Code]) -> Vec<Finding> {
    let findings = match bundle::read(files) {
        Ok(content) => content.warnings,
        Err(findings) => findings,
    };
    let is_named = |finding: &Finding| codes.iter().any(|code| code.id == finding.code);
    findings.into_iter().filter(is_named).collect()
}

/// A text that a bundle is made from.
struct Text {
    bytes: Vec<u8>,
    extension: &'static str,
}

impl Text {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let extension = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        let extension = match extension.as_deref() {
            Some("md") => "md",
            Some("txt") => "txt",
            Some("doc" | "docx" | "wps") => bail!(
                "{} 暂不支持，请另存为 .md 或 .txt / is not supported yet: save as .md or .txt for now",
                path.display()
            ),
            _ => bail!(
                "{} 不是 .md 或 .txt 文本，请改用此类文件 / is no .md or .txt: give a text file",
                path.display()
            ),
        };
        let bytes = fs::read(path)
            .with_context(|| format!("{} 无法读取 / cannot be read", path.display()))?;
        Ok(Self { bytes, extension })
    }

    fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    fn slots(&self) -> Vec<Slot> {
        let text = self.text();
        fill::find_marks(&text)
            .filter_map(|(_, name)| Slot::ALL.into_iter().find(|slot| slot.name() == name))
            .collect()
    }
}

fn table<'s>(
    settings: &'s mut toml_edit::DocumentMut,
    key: &str,
) -> anyhow::Result<&'s mut toml_edit::Table> {
    let table = settings.entry(key).or_insert(toml_edit::table());
    table.as_table_mut().with_context(|| format!("[{key}] 有误 / is no table"))
}

/// What was given, or what a person at a terminal answers.
fn ask(label: &str, given: Option<String>, default: Option<String>) -> anyhow::Result<String> {
    if let Some(given) = given {
        return Ok(given);
    }
    if !std::io::stdin().is_terminal() {
        return default
            .with_context(|| format!("{label} 未给出；见 --help / is not given; see --help"));
    }
    let hint = default.as_ref().map(|text| format!(" [{text}]")).unwrap_or_default();
    print!("{label}{hint}: ");
    std::io::stdout().flush()?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    match (line.trim(), default) {
        ("", Some(default)) => Ok(default),
        ("", None) => bail!("{label} 不能为空 / may not be empty"),
        (answer, _) => Ok(answer.to_owned()),
    }
}

/// Texts and settings must be readable: what the interpretation is pinned to is what people read.
pub(super) fn confirm(path: &Path) -> anyhow::Result<()> {
    let unfit = [&UNFIT_TEXT[..], &[&codes::BAD_SETTINGS, &codes::NO_FILE]].concat();
    let findings = about_files(&folder::read(path)?, &unfit);
    if !findings.is_empty() {
        return Err(Failure::Findings(findings).into());
    }
    let digest = folder::confirm(path)?;
    println!("解读已对应到政策文本 / the interpretation is pinned to the policy's text");
    println!("  {digest}");
    Ok(())
}

pub(super) fn check(path: &Path, lexicons: &[PathBuf], json: bool) -> anyhow::Result<()> {
    let read = || Ok((folder::read(path)?, read_lexicons(lexicons)?));
    let (files, lexicons) = read().inspect_err(|error| print::unusable(error, json))?;
    let result = judge(&files, &lexicons);
    if json {
        let (verdict, findings) = match &result {
            Ok(warnings) => ("pass", warnings),
            Err(findings) => ("blocked", findings),
        };
        println!("{}", serde_json::json!({ "verdict": verdict, "findings": findings }));
        return match result {
            Ok(_) => Ok(()),
            // Said already, as JSON.
            Err(_) => Err(Failure::Findings(vec![]).into()),
        };
    }
    match result {
        Ok(warnings) => {
            print::findings(&warnings);
            println!("通过 / passes: {}", path.display());
            Ok(())
        }
        Err(findings) => Err(Failure::Findings(findings).into()),
    }
}

/// The starter lexicon and those in files.
fn read_lexicons(paths: &[PathBuf]) -> anyhow::Result<Lexicons> {
    let read = |path: &PathBuf| -> anyhow::Result<Lexicon> {
        Ok(Lexicon::read(&fs::read_to_string(path)?)?)
    };
    let mut lexicons = vec![Lexicon::starter()?];
    for path in paths {
        let lexicon = read(path).with_context(|| {
            format!("词库 {} 无法使用 / lexicon cannot be used", path.display())
        })?;
        lexicons.push(lexicon);
    }
    Ok(Lexicons::new(lexicons)?)
}

/// The rule at intake, on this machine; the server asks it again.
fn judge(files: &bundle::Files, lexicons: &Lexicons) -> Result<Vec<Finding>, Vec<Finding>> {
    let content = bundle::read_under(Rules { lexicons, ..Rules::default() }, files)?;
    let draft = content.draft(Submission {
        bundle: Ids.fresh(),
        revision: 1,
        submission: Ids.fresh(),
        revises: None,
        after_dark: None,
        submitters: vec![],
    });
    let (held, directory) = (content.held(), Directory::default());
    let deployment = Ids.fresh();
    let facts = Facts {
        proposal: Some(content.proposal()),
        ..Facts::at_intake(&deployment, &draft, &held, &directory)
    };
    let admitted = decide::<Intake>(&facts, Clock::System.now())
        .map_err(|blocked| content.place(blocked.findings))?;
    let warnings = content.place(admitted.warnings);
    Ok(content.warnings.into_iter().chain(warnings).collect())
}

/// A folder makes one bundle and its revisions; another one `anew` only.
pub(super) async fn submit(
    path: &Path,
    (revises, anew): (Option<BundleId>, bool),
    caller: &Caller,
) -> anyhow::Result<Submitted> {
    let identity = Identity::load(&caller.who.identity)?;
    let earlier = folder::find_submitted(path, &identity.deployment)?;
    if let Some(earlier) = earlier.filter(|_| revises.is_none() && !anew) {
        let detail = format!(
            "该目录已提交为 {earlier}：更正请加 --revises {earlier}，另建新包请加 --anew / \
             this folder was submitted before: --revises {earlier} makes a revision, --anew \
             another bundle"
        );
        return Err(Failure::refused("submitted_before", detail).into());
    }
    let client = Client::new(&identity.server, Some(identity.token))?;
    let submitted = send(&client, path, revises).await?;
    // It is done, whether we can remember it or not.
    if let Err(error) = folder::remember(path, &identity.deployment, &submitted.bundle) {
        eprintln!("提醒 warning: {error:#}");
    }
    Ok(submitted)
}

/// Sends a folder.
pub(crate) async fn send(
    client: &Client,
    path: &Path,
    revises: Option<BundleId>,
) -> anyhow::Result<Submitted> {
    let files: BTreeMap<String, String> =
        folder::read(path)?.into_iter().map(|(path, bytes)| (path, BASE64.encode(bytes))).collect();
    Ok(client.command(Method::POST, "/bundles", &Submit { revises, files }).await?)
}
