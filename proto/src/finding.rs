//! Findings 检查结果: what the rule says about a bundle, in the same words for drafter, approver
//! and auditor.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing the rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable code such as `TS104`; keeps its meaning for ever.
    pub code: String,
    /// Whether it blocks.
    pub severity: Severity,
    /// The file it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Line within that file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Character within that line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What is the case, in Chinese.
    pub message: String,
    /// The same in English.
    pub message_en: String,
    /// What to do, in Chinese.
    pub help: String,
    /// The same in English.
    pub help_en: String,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Said, and let through.
    Warning,
    /// Refused until mended.
    Block,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(member) = &self.member {
            write!(f, " {member}")?;
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        write!(f, " {} / {}", self.message, self.message_en)
    }
}
