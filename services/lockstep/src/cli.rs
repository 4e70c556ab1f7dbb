//! The command line.

mod check;
mod explain;
mod new;
mod render;

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use lockstep_proto::{
    digest::Digest,
    ids::{BundleId, ChannelName, PersonId, Role},
    time::{BadTimestamp, Timestamp},
};

pub(crate) use check::{CheckArgs, Format};
pub(crate) use explain::ExplainArgs;
pub(crate) use new::NewArgs;
pub(crate) use render::RenderArgs;

use crate::home::Home;

/// 三同步：政策与解读同步起草、同步审批、同步发布。
/// No policy leaves the building without its interpretation.
///
/// 退出状态：0 已办；1 按规则不予办理，或问询时未同意；2 输入或环境不可用。
/// Exit status: 0 done; 1 refused, or declined when asked; 2 unusable input or environment.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 新建部署：设置与根密钥 · Make a deployment: settings and root key
    Init {
        /// 部署目录 · The deployment's folder
        home: PathBuf,
        /// 站点名称 · How public pages name the site
        #[arg(long, default_value = "政策与解读")]
        name: String,
        /// 各服务分开运行（PostgreSQL、NATS） · Services apart, over PostgreSQL and NATS
        #[arg(long)]
        cluster: bool,
        /// 与默认值不同的设置（TOML） · Settings that differ from what is written otherwise, such as
        /// deploy/compose-settings.toml
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,
    },
    /// 人员 · Persons
    #[command(subcommand)]
    Person(PersonCommand),
    /// 密钥 · Keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// 启动服务 · Run the services
    Serve {
        /// 哪些服务；all 为全部 · Which services, several for several; `all` is every one
        #[arg(required = true)]
        services: Vec<String>,
        #[command(flatten)]
        home: HomeArgs,
        /// 工作端地址 · Where staff connect, if not where lockstep.toml says
        #[arg(long)]
        staff: Option<SocketAddr>,
        /// 公众端地址 · Where the public connects, if not where lockstep.toml says
        #[arg(long)]
        public: Option<SocketAddr>,
        /// 内部地址（分开运行时） · Where console connects to services that run apart
        #[arg(long)]
        listen: Option<SocketAddr>,
    },
    /// 显示生效的设置及其来源 · The settings as they come out, and where each was said
    Config {
        #[command(flatten)]
        home: HomeArgs,
    },
    /// 逐项检查本机服务所依赖的一切 · Look at everything that this machine's services depend on
    Doctor {
        /// 哪些服务；不填则为密钥在本机的 · Which services; none: those whose secrets are here
        services: Vec<String>,
        #[command(flatten)]
        home: HomeArgs,
        /// 以 JSON 输出 · As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// 建立数据库模式与消息流（分开运行时） · Make schemas, roles, stream and consumers, for services apart
    Migrate {
        #[command(flatten)]
        home: HomeArgs,
        /// 数据库管理员地址 · A PostgreSQL administrator's address, such as `postgres://USER@HOST/DATABASE`
        #[arg(long, env = "LOCKSTEP_POSTGRES_ADMIN", hide_env_values = true)]
        postgres: String,
    },
    /// 备份（服务可照常运行） · Back up database and blobs, while services run
    Backup {
        /// 备份目录，须为新目录 · Where to; must be new
        folder: PathBuf,
        #[command(flatten)]
        home: HomeArgs,
    },
    /// 恢复；数据库恢复或切换之后（分开运行时） · Restore a backup; services apart: after PostgreSQL was
    /// restored or failed over
    Restore {
        /// 备份目录（单机时） · The backup's folder, for services in one process
        #[arg(conflicts_with = "postgres")]
        folder: Option<PathBuf>,
        /// 数据库管理员地址（分开运行时） · A PostgreSQL administrator's address, for services apart
        #[arg(long, env = "LOCKSTEP_POSTGRES_ADMIN", hide_env_values = true)]
        postgres: Option<String>,
        /// 库外存根确已丢失；每个政策包将逐一搁置 · The safe is lost for good: every bundle is held
        #[arg(long)]
        safe_lost: bool,
        #[command(flatten)]
        home: HomeArgs,
    },
    /// 演示：从起草到公开 · The whole path on sample matter, from drafter to public
    Demo {
        /// 走完即结束 · Run through and end, instead of serving on
        #[arg(long)]
        once: bool,
        /// 演示目录，须为新目录 · The demo's folder; it must be new [default: a temporary one]
        #[arg(long)]
        home: Option<PathBuf>,
    },
    /// 由政策文件与解读（docx、md、txt）建立政策包 · Make a bundle folder from two files
    New(Box<NewArgs>),
    /// 写出解读模板（docx，首页为解读方案表） · Write the interpretation template, a Word file
    Template {
        /// 新文件 · The file to write; must be new
        #[arg(default_value = "解读模板.docx")]
        file: PathBuf,
    },
    /// 确认解读对应当前政策文本 · Confirm that the interpretation explains the policy's present text
    Confirm {
        /// 政策包目录 · The bundle's folder
        bundle: PathBuf,
    },
    /// 检查政策包 · Check a bundle against the rule
    Check(CheckArgs),
    /// 制作图解，供提交前查看 · Render charts and texts to look at before anything is submitted
    Render(RenderArgs),
    /// 由解读服务自行启动 · Started by the explainer: renders what stands on standard input
    #[command(name = lockstep_explainer::child::COMMAND, hide = true)]
    RenderChild { memory_mib: u64, cpu_seconds: u64 },
    /// 由起草服务自行启动 · Started by drafting: reads what stands on standard input
    #[command(name = lockstep_drafting::reading::COMMAND, hide = true)]
    ReadChild { memory_mib: u64, cpu_seconds: u64 },
    /// 提出条款与解读段落的对应，写成 bundle.toml 的行 · Propose which part of the interpretation explains
    /// which clause, as lines for bundle.toml to be confirmed by hand
    Propose {
        /// 政策包目录 · The bundle's folder
        bundle: PathBuf,
    },
    /// 说明一个检查代码：含义、依据、示例、处理 · What a code such as TS104 means, why, and how to mend it
    Explain(ExplainArgs),
    /// 列出文件的章节条款 · Show a text's units, dates and references
    Outline {
        /// 政策文件或解读 (.docx, .md, .txt) · A policy's or interpretation's text
        file: PathBuf,
        /// 以 JSON 输出 · As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// 比较两个版次，逐条列出异同 · What differs between two revisions, clause by clause (exit 0: the
    /// same; 1: different; 2: unusable)
    Diff {
        /// 原版次：政策包目录、.zip，或单个文本 · The earlier one: a bundle's folder, also a fetched
        /// one, its .zip, or a text (.docx, .md, .txt)
        old: PathBuf,
        /// 新版次 · The later one, of the same kind
        new: PathBuf,
        /// 以 JSON 输出 · As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// 遮盖个人信息 · Mask personal data in a bundle's texts, Word and Excel files
    Mask {
        /// 政策包目录 · The bundle's folder
        bundle: PathBuf,
        /// 写入文件；不加则只列出 · Write it; without this, only show what would be done
        #[arg(long)]
        write: bool,
    },
    /// 提交政策包 · Submit a bundle
    Submit {
        /// 政策包目录或 .zip · The bundle's folder, or a .zip of it
        bundle: PathBuf,
        /// 更正已有政策包 · The bundle this is a revision of, by its id
        #[arg(long)]
        revises: Option<BundleId>,
        /// 本目录已提交过，仍另建新包 · A new bundle, though this folder was submitted before
        #[arg(long, conflicts_with = "revises")]
        anew: bool,
        #[command(flatten)]
        caller: Caller,
    },
    /// 下载待签内容 · Fetch every member of what is to be signed, verified
    Fetch {
        /// 政策包编号，如 submit 所示 · The bundle's id, as `submit` printed it
        bundle: BundleId,
        /// 存放目录，须为新目录 · Where to put it; must be new
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        caller: Caller,
    },
    /// 签批（末环节同时签署发布令） · Sign the step whose turn it is; the last signs the order too
    Sign {
        /// 政策包编号，如 submit 所示 · The bundle's id, as `submit` printed it
        bundle: BundleId,
        /// 所读清单的摘要，如 fetch 所示 · Sign only this manifest, as `fetch` printed it
        #[arg(long)]
        manifest: Option<Digest>,
        #[command(flatten)]
        order: MaybeOrder,
        /// 不再询问 · Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        caller: Caller,
    },
    /// 退回 · Return it to the drafters
    Return {
        /// 政策包编号，如 submit 所示 · The bundle's id, as `submit` printed it
        bundle: BundleId,
        /// 退回原因 · What has to be mended
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        caller: Caller,
    },
    /// 登记文号与日期 · Fill the slots: number and dates
    Register {
        /// 政策包编号，如 submit 所示 · The bundle's id, as `submit` printed it
        bundle: BundleId,
        /// 留空项=值，如 文号=示教〔2027〕1号 · SLOT=VALUE, once for each open slot
        #[arg(long = "set", value_name = "SLOT=VALUE")]
        slots: Vec<String>,
        #[command(flatten)]
        caller: Caller,
    },
    /// 另签发布令 · Order another window or other channels
    Order {
        /// 政策包编号，如 submit 所示 · The bundle's id, as `submit` printed it
        bundle: BundleId,
        #[command(flatten)]
        order: OrderArgs,
        #[command(flatten)]
        caller: Caller,
    },
    /// 查看进展 · How far a bundle is, or all of them
    Status {
        /// 政策包编号；不填则列出全部 · The bundle's id, as `submit` printed it; none: all of them
        bundle: Option<BundleId>,
        #[command(flatten)]
        caller: Caller,
    },
    /// 请求停止尚未完成的发布 · Ask to stop a release that is not completed
    Stop {
        /// 政策包编号，如 submit 所示 · The bundle's id, as `submit` printed it
        bundle: BundleId,
        /// 原因 · Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        caller: Caller,
    },
    /// 撤回已发布的政策与解读 · Withdraw what is released
    Withdraw {
        /// 政策包编号，如 submit 所示 · The bundle's id, as `submit` printed it
        bundle: BundleId,
        /// 撤回原因，将写入公告 · Why; the public notice gives it
        #[arg(long)]
        reason: String,
        /// 不再询问 · Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        caller: Caller,
    },
    /// 解除搁置，继续发布 · Let a held bundle go on, after a look
    Resume {
        /// 政策包编号，如 submit 所示 · The bundle's id, as `submit` printed it
        #[arg(required_unless_present = "deployment", conflicts_with = "deployment")]
        bundle: Option<BundleId>,
        /// 恢复后整体继续，须在根密钥所在的机器上 · The deployment as a whole, after a restore; where the
        /// root key is
        #[arg(long)]
        deployment: bool,
        #[command(flatten)]
        home: HomeArgs,
        #[command(flatten)]
        caller: Caller,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PersonCommand {
    /// 登记人员，生成身份文件 · Record a person and write the identity file to hand over
    Add {
        /// 编号：小写字母、数字、- · Small letters, digits and -: zhang-wei
        id: PersonId,
        /// 姓名 · Name
        #[arg(long)]
        name: String,
        /// 单位 · Agency
        #[arg(long)]
        agency: String,
        /// 拟稿 drafter，审核 reviewer，签发 issuer，文秘 registrar；几种的写几次 · Several times for several
        #[arg(long = "role", required = true)]
        roles: Vec<Role>,
        /// 已登记的人员重新登记；原身份文件随即失效 · Record someone anew; the earlier identity
        /// file no longer works
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        home: HomeArgs,
    },
    /// 列出人员 · List persons
    List {
        /// 身份文件 · The identity file of whoever asks
        #[arg(long = "as", env = "LOCKSTEP_AS", value_name = "FILE")]
        #[arg(required_unless_present = "home")]
        identity: Option<PathBuf>,
        /// 部署目录：以其 people/ 中尚未交出的身份文件查询 · The deployment's folder: asks by an identity
        /// file that still lies in its people/
        #[arg(long)]
        home: Option<PathBuf>,
        /// 以 JSON 输出 · As JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// 生成密钥；私钥留在本人处 · Make a key beside the identity file; with --home it is recorded
    New {
        #[command(flatten)]
        who: Who,
        /// 部署目录（根密钥在本机时） · The deployment's folder, if the root key is on this machine
        #[arg(long)]
        home: Option<PathBuf>,
    },
    /// 登记他人送来的公钥 · Record a public key that a person sent
    Accept {
        /// 人员编号，如 person list 所示 · The person's id, as `person list` prints it
        person: PersonId,
        /// 公钥，如 key new 所示 · As `key new` printed it: ed25519:…
        public: String,
        #[command(flatten)]
        home: HomeArgs,
    },
    /// 吊销密钥 · End a key
    Revoke {
        /// 人员编号，如 person list 所示 · The person's id, as `person list` prints it
        person: PersonId,
        /// 公钥，如 person list 所示 · As `person list` prints it: ed25519:…
        public: String,
        /// 原因 · Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        home: HomeArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct HomeArgs {
    /// 部署目录 · The deployment's folder
    #[arg(long, env = "LOCKSTEP_HOME", default_value = ".")]
    pub(crate) home: PathBuf,
    /// 设置项=值，优先于文件与环境变量 · KEY=VALUE, over file and environment; several times for several
    #[arg(long = "setting", value_name = "KEY=VALUE")]
    pub(crate) settings: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Who {
    /// 身份文件 · The identity file of whoever acts
    #[arg(long = "as", env = "LOCKSTEP_AS", value_name = "FILE")]
    pub(crate) identity: PathBuf,
}

// Who commands, and who reads the answer. No doc comment: clap would take it for the command's help.
#[derive(Debug, Args)]
pub(crate) struct Caller {
    #[command(flatten)]
    pub(crate) who: Who,
    /// 以 JSON 输出 · As JSON, for programs
    #[arg(long)]
    pub(crate) json: bool,
}

/// An instant, as RFC 3339 has it or as `status` prints it: 2027-01-01 09:00, Beijing time.
fn beijing(given: &str) -> Result<Timestamp, BadTimestamp> {
    let minute = || format!("{}:00+08:00", given.trim().replacen(' ', "T", 1)).parse();
    given.parse().or_else(|bad| minute().map_err(|_: BadTimestamp| bad))
}

#[derive(Debug, Args)]
pub(crate) struct OrderArgs {
    /// 不早于 · Never before, such as "2027-01-01 09:00", Beijing time
    #[arg(long, value_parser = beijing)]
    pub(crate) not_before: Timestamp,
    /// 不晚于 · Later than this, a person is asked
    #[arg(long, value_parser = beijing)]
    pub(crate) not_after: Timestamp,
    /// 必须渠道 · Required channel, several times for several; a deployment has portal and folder
    /// unless lockstep.toml names them otherwise
    #[arg(long = "channel", required = true)]
    pub(crate) channels: Vec<ChannelName>,
}

#[derive(Debug, Args)]
pub(crate) struct MaybeOrder {
    /// 另定：不早于 · Another window than the bundle proposes: never before
    #[arg(long, value_parser = beijing, requires = "not_after", requires = "channels")]
    pub(crate) not_before: Option<Timestamp>,
    /// 另定：不晚于 · Another window than the bundle proposes: not later than
    #[arg(long, value_parser = beijing, requires = "not_before")]
    pub(crate) not_after: Option<Timestamp>,
    /// 另定：必须渠道 · Other required channels than the bundle proposes; a deployment has portal
    /// and folder unless lockstep.toml names them otherwise
    #[arg(long = "channel", requires = "not_before")]
    pub(crate) channels: Vec<ChannelName>,
}

impl Cli {
    /// Where spans go, if this command serves and its settings say so. Settings that cannot be read
    /// are told by the command itself.
    pub(crate) fn otlp(&self) -> Option<String> {
        let Command::Serve { home, .. } = &self.command else { return None };
        home.open().ok()?.settings.telemetry.otlp
    }
}

impl HomeArgs {
    /// The deployment's folder with its settings.
    pub(crate) fn open(&self) -> anyhow::Result<Home> {
        Home::open_with(&self.home, &self.settings)
    }
}

impl Caller {
    /// Where the identity file lies, as text for a command line.
    pub(crate) fn path(&self) -> std::borrow::Cow<'_, str> {
        self.who.identity.to_string_lossy()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_taken_as_they_are_shown() {
        let full = beijing("2027-01-01T09:00:00+08:00").unwrap();
        assert_eq!(beijing("2027-01-01 09:00"), Ok(full));
        assert_eq!(beijing("2027-01-01T01:00:00Z"), Ok(full));
        for bad in ["2027-01-01", "9:00", "2027-13-01 09:00", ""] {
            assert!(beijing(bad).unwrap_err().to_string().contains(&format!("{bad:?}")), "{bad}");
        }
    }
}
