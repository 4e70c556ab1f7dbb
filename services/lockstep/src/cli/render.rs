//! What `lockstep render` is told.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct RenderArgs {
    /// 政策包目录或 .zip · The bundle's folder, or its .zip
    pub(crate) bundle: Option<PathBuf>,
    /// 写到哪个目录 · The folder to write to
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// 只做一幅图（SVG 与 PNG），如 chart:windows · One chart only (SVG and PNG), such as chart:windows
    #[arg(long, value_name = "chart:ID")]
    pub(crate) only: Option<String>,
    /// 做完后在浏览器中打开 · Open the page when it is done
    #[arg(long, conflicts_with = "only")]
    pub(crate) open: bool,
    /// 机关的样式：lockstep.toml，或只含 [theme] 的 .toml · The office's look: its lockstep.toml, or a file with its
    /// [theme] alone
    #[arg(long, value_name = "FILE")]
    pub(crate) theme: Option<PathBuf>,
    /// 每种图各画一幅，写到该目录 · One chart of each kind, to choose from
    #[arg(long, value_name = "DIR", conflicts_with_all = ["bundle", "out"])]
    pub(crate) gallery: Option<PathBuf>,
}
