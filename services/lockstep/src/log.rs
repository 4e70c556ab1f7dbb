//! Logs, on standard error. `LOCKSTEP_LOG` says which, such as `info` or `lockstep=debug`;
//! `LOCKSTEP_LOG_FORMAT=json` makes each line one JSON object for programs that collect them.

use anyhow::{Context as _, bail};
use tracing_subscriber::{
    EnvFilter, Layer, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Starts them; a second start (tests call in) keeps the first.
pub(crate) fn start() -> anyhow::Result<()> {
    let said = |name: &'static str| match std::env::var_os(name) {
        None => Ok(None),
        Some(text) => text.into_string().map(Some).ok().with_context(|| {
            format!("环境变量 {name} 不是 UTF-8 / the environment's {name} is not UTF-8")
        }),
    };
    let filter = said("LOCKSTEP_LOG")?.unwrap_or_else(|| "warn".to_owned());
    let filter = EnvFilter::try_new(&filter).with_context(|| {
        format!("环境变量 LOCKSTEP_LOG={filter} 有误 / is not right; try info or lockstep=debug")
    })?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match said("LOCKSTEP_LOG_FORMAT")?.as_deref() {
        None | Some("text") => lines.boxed(),
        Some("json") => lines.json().flatten_event(true).with_span_list(false).boxed(),
        Some(other) => bail!(
            "环境变量 LOCKSTEP_LOG_FORMAT={other} 有误：须为 text 或 json / must be text or json"
        ),
    };
    tracing_subscriber::registry().with(filter).with(lines).try_init().ok();
    Ok(())
}
