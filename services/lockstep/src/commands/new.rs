//! `lockstep new`: from two files to a bundle folder. Whatever the files say is written into
//! `bundle.toml` with where it was found, to be corrected rather than typed; what they do not say stays
//! empty there, and `check` asks for it.

mod settings;

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use lockstep_gate::{
    bundle::{self, Opened, SETTINGS},
    codes::{self, At as _},
    document::{self, DateRole, Dated},
    fill, pair,
};
use lockstep_kit::clock::Clock;
use lockstep_proto::{
    edition::Slot,
    finding::{Finding, Severity},
    ids::PersonId,
};

use super::{
    authoring::{UNFIT_TEXT, about_files},
    propose,
    template::INAPPLICABLE,
};
use crate::{cli::NewArgs, client::Failure, folder, print};
use settings::{Field, Settings};

pub(super) fn new(args: NewArgs) -> anyhow::Result<()> {
    let given = Given::of(&args)?;
    if given.out.exists() {
        bail!("{} 已存在 / is there already", given.out.display());
    }
    let mut files = bundle::Files::new();
    for (name, path) in given.texts() {
        let bytes = folder::read_file(path)
            .with_context(|| format!("{} 无法读取 / cannot be read", path.display()))?;
        files.insert(member(name, path)?, bytes);
    }
    let unfit = [
        &UNFIT_TEXT[..],
        &[&codes::ENCODING, &codes::DEAD_LINK, &codes::DISCLOSURE_MARK, &codes::KIND],
    ]
    .concat();
    let findings = given.rename(about_files(&files, &unfit))?;
    if findings.iter().any(|finding| finding.severity == Severity::Block) {
        return Err(Failure::Findings(findings).into());
    }
    let opened = bundle::open(&files);
    if let Some(exchanged) = find_exchanged(&opened) {
        return Err(Failure::Findings(given.rename(vec![exchanged])?).into());
    }
    let settings = draw(args, &given, &opened)?;
    let lacking = settings.lacking();

    let mut settings = settings.to_string();
    let mut files = opened.files;
    files.insert(SETTINGS.to_owned(), settings.clone().into_bytes());
    if let Some(proposed) = propose::lines(&files)?.filter(|lines| !lines.is_empty()) {
        settings = format!("{settings}\n{proposed}");
        files.insert(SETTINGS.to_owned(), settings.into_bytes());
    }
    make(&given.out, &files)
        .with_context(|| format!("{} 无法建立 / cannot be made", given.out.display()))?;
    print::findings(&findings);
    say!("政策包已建立 / bundle made: {}", given.out.display());
    if !lacking.is_empty() {
        say!("  {SETTINGS} 中待填 to be entered: {}", lacking.join("、"));
    }
    let out = given.out.to_string_lossy();
    let next = ["confirm", "check"].map(|command| print::command(&[command, &out]));
    say!("  下一步 next  {}", next.join(" && "));
    Ok(())
}

/// Makes the folder whole or not at all: half a bundle would stand in the way of the next try.
fn make(out: &Path, files: &bundle::Files) -> io::Result<()> {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let beside = out.with_file_name(format!(".{name}.lockstep-new"));
    if beside.exists() {
        fs::remove_dir_all(&beside)?;
    }
    fs::create_dir_all(&beside)?;
    let written = files.iter().try_for_each(|(path, bytes)| fs::write(beside.join(path), bytes));
    let made = written.and_then(|()| fs::rename(&beside, out));
    made.inspect_err(|_| drop(fs::remove_dir_all(&beside)))
}

/// TS138, where an interpretation was given first.
fn find_exchanged(opened: &Opened) -> Option<Finding> {
    let (path, bytes) = opened.files.iter().find(|(path, _)| path.starts_with("policy"))?;
    let text = String::from_utf8_lossy(bytes);
    let title = document::Document::read(&text).metadata().title.clone()?;
    let finding = codes::NO_POLICY.about(format_args!("《{}》", title.replace(['《', '》'], "")));
    pair::is_interpretation(&title).then(|| {
        finding.in_member(path).advising(
            "先写政策文件，后写解读：lockstep new 政策.docx 解读.docx -o 新目录".to_owned(),
            "name the policy first, then the interpretation: lockstep new POLICY INTERPRETATION -o FOLDER"
                .to_owned(),
        )
    })
}

/// The two files and the folder to be, however they were named.
struct Given {
    policy: PathBuf,
    interpretation: PathBuf,
    out: PathBuf,
}

impl Given {
    fn of(args: &NewArgs) -> anyhow::Result<Self> {
        match (&args.policy, &args.interpretation, args.paths.as_slice()) {
            (Some(policy), Some(interpretation), [out]) if args.out.is_none() => Ok(Self {
                policy: policy.clone(),
                interpretation: interpretation.clone(),
                out: out.clone(),
            }),
            (None, None, [policy, interpretation]) => Ok(Self {
                policy: policy.clone(),
                interpretation: interpretation.clone(),
                out: args.out.clone().unwrap_or_else(|| policy.with_extension("")),
            }),
            _ => bail!(
                "写作 lockstep new 政策.docx 解读.docx -o 新目录 / write: lockstep new POLICY \
                 INTERPRETATION -o FOLDER"
            ),
        }
    }

    fn texts(&self) -> [(&'static str, &Path); 2] {
        [("policy", &self.policy), ("interpretation", &self.interpretation)]
    }

    /// Findings name the files as they were given.
    fn rename(&self, findings: Vec<Finding>) -> anyhow::Result<Vec<Finding>> {
        let mut renamed = findings;
        for (name, path) in self.texts() {
            let (ours, theirs) = (member(name, path)?, path.display().to_string());
            for finding in &mut renamed {
                let is_about = finding.member.as_deref().is_some_and(|m| m.starts_with(name));
                if is_about {
                    // A Word file has no lines; the message names the paragraph.
                    finding.line =
                        finding.line.filter(|_| ours.ends_with("md") || ours.ends_with("txt"));
                    finding.member = Some(theirs.clone());
                    finding.message = finding.message.replace(&ours, &theirs);
                    finding.message_en = finding.message_en.replace(&ours, &theirs);
                }
            }
        }
        Ok(renamed)
    }
}

/// What a file is called in the bundle: its format is known by what it holds, later.
fn member(name: &str, path: &Path) -> anyhow::Result<String> {
    let extension = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    let extension = extension.with_context(|| {
        format!("{} 没有扩展名（docx、md、txt） / has no extension: docx, md, txt", path.display())
    })?;
    Ok(format!("{name}.{extension}"))
}

/// What is said on the command line, in the plan's table, in the texts, in this order; at a terminal, what
/// nobody said is asked for.
fn draw(args: NewArgs, given: &Given, opened: &Opened) -> anyhow::Result<Settings> {
    let text_of = |name: &str| {
        let found = opened.files.iter().find(|(path, _)| path.starts_with(name));
        found.map(|(_, bytes)| String::from_utf8_lossy(bytes)).unwrap_or_default()
    };
    let (policy, interpretation) = (text_of("policy"), text_of("interpretation"));
    let plan = opened.sources.get("interpretation.md").map(|s| s.document.plan.as_slice());
    let plan = plan.unwrap_or_default();
    let read = document::Document::read(&policy);
    let metadata = read.metadata().clone();
    let in_plan = |label: &str| {
        let entry = plan.iter().find(|(known, _)| known == label)?;
        Field::of(&entry.1, "解读方案表 the plan's table")
    };
    let told = |value: Option<String>| value.and_then(|value| Field::of(&value, "命令行 given"));
    let from_policy = |value: Option<String>| {
        let from = given.policy.file_name().unwrap_or_default();
        value.and_then(|value| Field::of(&value, &from.to_string_lossy()))
    };
    let slots: BTreeSet<Slot> =
        [&policy, &interpretation].into_iter().flat_map(|t| slots(t)).collect();

    let title = told(args.title).or_else(|| from_policy(metadata.title));
    let number = told(args.number).or_else(|| from_policy(metadata.number));
    let number = number.or_else(|| in_plan("文号"));
    let written = metadata.dates.iter().find(|dated| dated.role == DateRole::Written);
    let written = written.and_then(Dated::chinese);
    let written_on = told(args.written_on).or_else(|| from_policy(written));
    let drafters: Vec<String> = args.drafters.iter().map(ToString::to_string).collect();
    let drafters = told(Some(drafters.join("、"))).or_else(|| in_plan("拟稿人").filter(are_ids));
    let issuing = told(args.issuing).or_else(|| in_plan("发文机关"));
    let issuing =
        issuing.or_else(|| from_policy(issuers(&read, &metadata.signers, number.as_ref())));
    let issuing = ask("发文机关 issuing agency", issuing)?;
    let drafting = told(args.drafting).or_else(|| in_plan("起草部门"));
    let drafting = drafting.or_else(|| {
        issuing.as_ref().map(|field| field.taken("同发文机关，请核对 the issuing agency: check"))
    });
    let attribute = in_plan("公开属性");
    let ground = told(args.ground).or_else(|| in_plan("公开依据"));
    Ok(Settings {
        title: ask("标题 title", title.or_else(|| in_plan("政策文件标题")))?,
        number: number.filter(|_| !slots.contains(&Slot::Number)),
        written_on: written_on.filter(|_| !slots.contains(&Slot::WrittenOn)),
        slots,
        drafters: ask("拟稿人编号 drafter's id", drafters)?,
        drafting: ask("起草部门 drafting unit", drafting)?,
        issuing,
        attribute,
        ground: ask("公开依据 legal ground", ground)?,
        purpose: ask("解读目的 purpose", told(args.purpose).or_else(|| in_plan("解读目的")))?,
        scope: ask("解读范围 scope", told(args.scope).or_else(|| in_plan("解读范围")))?,
        procedure: ask("解读程序 procedure", told(args.procedure).or_else(|| in_plan("解读程序")))?,
        inapplicable: in_plan(INAPPLICABLE),
        form: ask("解读形式 form", told(args.form).or_else(|| in_plan("解读形式")))?,
        not_before: args.not_before.unwrap_or_else(|| Clock::System.now()),
        not_after: args.not_after,
        channels: args.channels.iter().map(ToString::to_string).collect(),
    })
}

/// Every body that signs the text itself, not what it forwards; an order 令 is signed by a person, and names
/// its body in its number.
fn issuers(
    policy: &document::Document<'_>,
    signers: &[String],
    number: Option<&Field>,
) -> Option<String> {
    let is_own =
        |unit: &&document::Unit| unit.level == document::Level::Signer && !unit.path.contains('/');
    let own: String = policy.units().iter().filter(is_own).map(|u| policy.text_of(u)).collect();
    let own: String = own.split_whitespace().collect();
    let is_body = |name: &&String| {
        !name.contains(['：', ':', ' ']) && (own.is_empty() || own.contains(name.as_str()))
    };
    let bodies: Vec<&str> = signers.iter().filter(is_body).map(String::as_str).collect();
    if bodies.is_empty() {
        let order = number?.value().split_once("令第")?.0;
        return Some(order.to_owned());
    }
    Some(bodies.join("、"))
}

fn slots(text: &str) -> Vec<Slot> {
    fill::find_marks(text)
        .filter_map(|(_, name)| Slot::ALL.into_iter().find(|slot| slot.name() == name))
        .collect()
}

/// People write names; `drafters` takes the ids they are recorded by.
fn are_ids(field: &Field) -> bool {
    field.list().iter().all(|id| id.parse::<PersonId>().is_ok())
}

/// What was found, or what a person at a terminal answers; no answer leaves it empty.
fn ask(label: &str, found: Option<Field>) -> anyhow::Result<Option<Field>> {
    if found.is_some() || !std::io::stdin().is_terminal() {
        return Ok(found);
    }
    let mut out = io::stdout();
    write!(out, "{label}: ")?;
    out.flush()?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(Field::of(&line, "键入 typed"))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use lockstep_gate::{bundle::Source, docx::Document};

    use super::*;
    use crate::cli::{Cli, Command};

    fn args(more: &[&str]) -> NewArgs {
        let all = ["lockstep", "new", "in/政策.docx", "in/解读.docx"];
        let parsed = Cli::try_parse_from(all.iter().chain(more)).unwrap();
        let Command::New(args) = parsed.command else { panic!("{parsed:?}") };
        *args
    }

    fn opened(plan: &[(&str, &str)]) -> Opened {
        let plan = plan.iter().map(|(label, entry)| ((*label).to_owned(), (*entry).to_owned()));
        let mut document = Document::default();
        document.plan.extend(plan);
        let source = Source { file: "interpretation.docx".to_owned(), document };
        let policy = "示教〔2027〕1号\n\n# 关于某事的通知\n\n正文。\n\n2027年1月5日\n";
        let files = [("policy.md", policy), ("interpretation.md", "# 解读\n\n为什么？\n")];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        let mut opened = bundle::open(&files.into());
        opened.sources.insert("interpretation.md".to_owned(), source);
        opened
    }

    const PLAN: [(&str, &str); 10] = [
        ("发文机关", "示例区教育局、示例区财政局"),
        ("起草部门", "办公室"),
        ("拟稿人", "lin-xiaowen"),
        ("公开属性", "主动公开"),
        ("公开依据", "第二十条第十一项"),
        ("解读目的", "说明\"为什么\""),
        ("解读范围", "全文"),
        ("解读程序", "同步"),
        ("解读形式", "问答"),
        ("不适用的要素", "关键词诠释：没有专门术语； 新旧政策差异:首次制定"),
    ];

    fn drawn(args: NewArgs, opened: &Opened) -> Settings {
        let given = Given::of(&args).unwrap();
        draw(args, &given, opened).unwrap()
    }

    #[test]
    fn what_texts_and_plan_say_makes_a_bundle_that_is_read() {
        let opened = opened(&PLAN);
        let settings = drawn(args(&[]), &opened);
        assert_eq!(settings.lacking(), [""; 0]);
        let text = settings.to_string();
        for line in [
            "title = \"关于某事的通知\"  # 政策.docx",
            "number = \"示教〔2027〕1号\"  # 政策.docx",
            "written_on = \"2027年1月5日\"  # 政策.docx",
            "drafters = [\"lin-xiaowen\"]  # 解读方案表 the plan's table",
            "issuing = [\"示例区教育局\", \"示例区财政局\"]  # 解读方案表 the plan's table",
            "purpose = '说明\"为什么\"'  # 解读方案表 the plan's table",
            "element = \"terms\"",
            "not_applicable = \"没有专门术语\"",
            "element = \"changes\"",
            "not_applicable = \"首次制定\"",
        ] {
            assert!(text.lines().any(|known| known == line), "{line}\n{text}");
        }
        let mut files = opened.files;
        files.insert(SETTINGS.to_owned(), text.into_bytes());
        // The texts say next to nothing; that they can be read is what counts here.
        let warnings = bundle::read(&files).unwrap().warnings;
        let codes: Vec<&str> = warnings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["TS117", "TS118"]);
    }

    #[test]
    fn what_nobody_says_stays_empty_and_is_asked_for_later() {
        let opened = opened(&[("拟稿人", "林晓文")]);
        let settings = drawn(args(&["--form", "问答"]), &opened);
        let lacking =
            ["drafters", "drafting", "issuing", "publishing", "purpose", "scope", "procedure"];
        assert_eq!(settings.lacking(), lacking, "a name is no id; the form was given");
        let text = settings.to_string();
        assert!(text.contains("drafters = []  # 待填 to be entered"), "{text}");
        let mut files = opened.files;
        files.insert(SETTINGS.to_owned(), text.into_bytes());
        assert!(bundle::read(&files).is_ok(), "it can be read; the rule says what is lacking");
    }

    #[test]
    fn an_interpretation_given_first_is_refused() {
        let mut opened = opened(&[]);
        assert!(find_exchanged(&opened).is_none());
        let text = "# 《关于某事的通知》政策解读\n\n为什么？\n".as_bytes().to_vec();
        opened.files.insert("policy.md".to_owned(), text);
        let code = find_exchanged(&opened).map(|finding| finding.code);
        assert_eq!(code.as_deref(), Some("TS138"));
    }

    #[test]
    fn every_body_that_signs_issues() {
        let issued = |policy: &str| {
            let mut opened = opened(&[]);
            opened.files.insert("policy.md".to_owned(), policy.as_bytes().to_vec());
            drawn(args(&[]), &opened).to_string()
        };
        let joint = issued(
            "# 关于某事的通知\n\n一、甲。\n\n示例省财政厅　示例省教育厅\n\n示例海关\n\n2027年1月5日\n",
        );
        for line in [
            "issuing = [\"示例省财政厅\", \"示例省教育厅\", \"示例海关\"]  # 政策.docx",
            "publishing = \"示例省财政厅\"  # 首个发文机关，请核对 the first issuing agency: check",
        ] {
            assert!(joint.lines().any(|known| known == line), "{line}\n{joint}");
        }
        assert!(joint.contains("# 同发文机关，请核对"), "{joint}");
        let order = issued(
            "示例市人民政府令\n\n第179号\n\n《示例办法》已经通过，现予公布。\n\n市　长：张某某\n\n2027年1月5日\n\n示例办法\n\n第一条　甲。\n",
        );
        assert!(order.contains("issuing = [\"示例市人民政府\"]"), "{order}");
    }

    #[test]
    fn files_and_folder_are_named_either_way() {
        let given = Given::of(&args(&[])).unwrap();
        assert_eq!(given.out, Path::new("in/政策"));
        assert_eq!(Given::of(&args(&["-o", "包"])).unwrap().out, Path::new("包"));
        let mut flags = args(&[]);
        (flags.policy, flags.interpretation) = (Some("a.md".into()), Some("b.md".into()));
        assert!(Given::of(&flags).is_err(), "both ways at once");
        flags.paths = vec!["包".into()];
        assert_eq!(Given::of(&flags).unwrap().out, Path::new("包"));
    }
}
