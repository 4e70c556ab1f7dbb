//! Findings as SARIF 2.1.0 (OASIS), which editors and code review read.

use std::{collections::BTreeMap, path::Path};

use lockstep_gate::{
    bundle::{self, Files},
    codes,
};
use lockstep_proto::finding::{Finding, Severity};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// What is written in another way in an address's path (RFC 3986, 3.3).
const IN_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Findings where the file is that a person opens: what was read from Word has no lines there.
pub(super) fn in_files(files: &Files, findings: Vec<Finding>) -> Vec<Finding> {
    let opened = bundle::open(files);
    let place = |finding: Finding| {
        let source = finding.member.as_ref().and_then(|member| opened.sources.get(member));
        match source {
            Some(source) => {
                Finding { member: Some(source.file.clone()), line: None, column: None, ..finding }
            }
            None => finding,
        }
    };
    findings.into_iter().map(place).collect()
}

/// The log of one run.
pub(super) fn log(bundle: &Path, findings: &[Finding]) -> Value {
    let rules: BTreeMap<&str, Value> = findings
        .iter()
        .map(|finding| {
            // The code's own words: a finding's name its place, too.
            let code = codes::ALL.iter().find(|code| code.id == finding.code);
            let [message, message_en] = code.map_or(["", ""], |code| code.message);
            let rule = json!({
                "id": finding.code,
                "shortDescription": { "text": format!("{message} / {message_en}") },
                "help": { "text": format!("{}\n{}", finding.help, finding.help_en) },
            });
            (finding.code.as_str(), rule)
        })
        .collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(bundle, finding)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "lockstep",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_values().collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(bundle: &Path, finding: &Finding) -> Value {
    let level = match finding.severity {
        Severity::Block => "error",
        Severity::Warning => "warning",
    };
    let uri = match &finding.member {
        Some(member) => bundle.join(member),
        None => bundle.to_owned(),
    };
    let region = finding.line.map(|line| match finding.column {
        Some(column) => json!({ "startLine": line, "startColumn": column }),
        None => json!({ "startLine": line }),
    });
    let uri = utf8_percent_encode(&uri.to_string_lossy(), IN_PATH).to_string();
    let file = json!({ "uri": uri });
    let place = match region {
        Some(region) => json!({ "artifactLocation": file, "region": region }),
        None => json!({ "artifactLocation": file }),
    };
    json!({
        "ruleId": finding.code,
        "level": level,
        "message": { "text": format!("{}\n{}", finding.message, finding.message_en) },
        "locations": [{ "physicalLocation": place }],
    })
}
