//! What `lockstep check` is told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// 政策包目录或 .zip · The bundle's folder, or a .zip of it
    pub(crate) bundle: PathBuf,
    /// 检查规则 · The profile to check under [default: shanghai]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// 另加词库，可多次 · A lexicon to look through besides the starter, once for each
    #[arg(long = "lexicon", value_name = "FILE")]
    pub(crate) lexicons: Vec<PathBuf>,
    /// 机关的样式，按其字体判断字形 · The office's look: characters are judged by its typeface
    #[arg(long, value_name = "FILE")]
    pub(crate) theme: Option<PathBuf>,
    /// 输出格式 · How to say it: to people, or to programs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// 同 --format json · The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
    /// 先改正能安全改正的：编码、附件中的作者信息 · First mend what is safe to: encodings, authors in attachments
    #[arg(long)]
    pub(crate) fix: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// 文字，附所说的行 · With the lines in question
    #[default]
    Text,
    /// 结论、问题、覆盖情况 · Verdict, findings, coverage
    Json,
    /// SARIF 2.1.0，供编辑器和代码审查用 · For editors and code review
    Sarif,
}

impl CheckArgs {
    /// The format asked for, whichever way.
    pub(crate) fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}
