//! What `lockstep explain` is told.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// 代码，如 TS104；不填则列出全部 · A code, such as TS104; none: all of them
    pub(crate) code: Option<String>,
    /// 检查规则 · The profile by which it is weighed [default: shanghai]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// 以 JSON 输出 · As JSON, for programs
    #[arg(long)]
    pub(crate) json: bool,
}
