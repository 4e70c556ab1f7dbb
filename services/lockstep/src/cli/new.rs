//! What `lockstep new` is told of a bundle.

use std::path::PathBuf;

use clap::Args;
use lockstep_proto::{
    ids::{ChannelName, PersonId},
    time::Timestamp,
};

use super::beijing;

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// 政策文件与政策解读 (.docx, .md, .txt) · The policy and its interpretation; with --policy and
    /// --interpretation, the folder to make
    #[arg(required = true, num_args = 1..=2, value_name = "FILE")]
    pub(crate) paths: Vec<PathBuf>,
    /// 新目录 · The folder to make [default: the policy's name without extension]
    #[arg(short = 'o', long)]
    pub(crate) out: Option<PathBuf>,
    /// 政策文件 (.docx, .md, .txt) · The policy
    #[arg(long, requires = "interpretation")]
    pub(crate) policy: Option<PathBuf>,
    /// 政策解读 (.docx, .md, .txt) · The interpretation
    #[arg(long, requires = "policy")]
    pub(crate) interpretation: Option<PathBuf>,
    /// 标题 · Title
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// 拟稿人 · Drafter; several times for several
    #[arg(long = "drafter")]
    pub(crate) drafters: Vec<PersonId>,
    /// 起草部门 · Drafting unit
    #[arg(long)]
    pub(crate) drafting: Option<String>,
    /// 发文机关 · Issuing agency, which also publishes
    #[arg(long)]
    pub(crate) issuing: Option<String>,
    /// 公开依据 · Legal ground for 主动公开
    #[arg(long)]
    pub(crate) ground: Option<String>,
    /// 解读目的 · Purpose of the interpretation
    #[arg(long)]
    pub(crate) purpose: Option<String>,
    /// 解读范围 · Scope
    #[arg(long)]
    pub(crate) scope: Option<String>,
    /// 解读程序 · Procedure
    #[arg(long)]
    pub(crate) procedure: Option<String>,
    /// 解读形式 · Form
    #[arg(long)]
    pub(crate) form: Option<String>,
    /// 文号，若已知 · Number, if known; otherwise write {{文号}} in the text
    #[arg(long)]
    pub(crate) number: Option<String>,
    /// 成文日期，若已知 · Date of the document, if known
    #[arg(long)]
    pub(crate) written_on: Option<String>,
    /// 不早于 · Proposed: never before
    #[arg(long, value_parser = beijing)]
    pub(crate) not_before: Option<Timestamp>,
    /// 不晚于 · Proposed: not later than
    #[arg(long, value_parser = beijing)]
    pub(crate) not_after: Option<Timestamp>,
    /// 渠道 · Proposed: required channel, several times for several [default: portal and folder]
    #[arg(long = "channel")]
    pub(crate) channels: Vec<ChannelName>,
}
