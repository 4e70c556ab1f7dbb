//! Logs, on standard error, and spans to whom the settings name. `LOCKSTEP_LOG` says which logs, such
//! as `info` or `lockstep=debug`; `LOCKSTEP_LOG_FORMAT=json` makes each line one JSON object.

use std::io::IsTerminal as _;

use anyhow::{Context as _, bail};
use tracing_subscriber::{
    EnvFilter, Layer, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Logs at work; what is not exported yet goes out when it is dropped.
pub(crate) struct Log {
    #[cfg(feature = "otel")]
    exporter: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

/// Starts them; a second start (tests call in) keeps the first. `otlp`: where spans go.
pub(crate) fn start(otlp: Option<&str>) -> anyhow::Result<Log> {
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
    // Colours are for eyes: a file or a journal gets none.
    let lines = if std::io::stderr().is_terminal() { lines } else { lines.with_ansi(false) };
    let lines = match said("LOCKSTEP_LOG_FORMAT")?.as_deref() {
        None | Some("text") => lines.boxed(),
        Some("json") => lines.json().flatten_event(true).with_span_list(false).boxed(),
        Some(other) => bail!(
            "环境变量 LOCKSTEP_LOG_FORMAT={other} 有误：须为 text 或 json / must be text or json"
        ),
    };
    let registry = tracing_subscriber::registry().with(filter).with(lines);
    #[cfg(feature = "otel")]
    {
        use opentelemetry::trace::TracerProvider as _;

        let exporter = otlp.map(exporter).transpose()?;
        let tracer = exporter.as_ref().map(|exporter| exporter.tracer("lockstep"));
        let spans = tracer.map(|tracer| {
            // What a service does for as long as it runs is no span that anybody waits for.
            let is_work = tracing_subscriber::filter::filter_fn(|about| about.name() != "service");
            tracing_opentelemetry::layer().with_tracer(tracer).with_filter(is_work)
        });
        registry.with(spans).try_init().ok();
        Ok(Log { exporter })
    }
    #[cfg(not(feature = "otel"))]
    {
        if otlp.is_some() {
            bail!(
                "本程序编译时未含 otel，请去掉 [telemetry] otlp / was built without the feature otel: \
                 take [telemetry] otlp out"
            );
        }
        registry.try_init().ok();
        Ok(Log {})
    }
}

#[cfg(feature = "otel")]
fn exporter(address: &str) -> anyhow::Result<opentelemetry_sdk::trace::SdkTracerProvider> {
    use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
    use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};

    if !address.starts_with("http://") {
        bail!(
            "设置项 telemetry.otlp 有误：须为 http://，本程序不以 TLS 发送，请由本机的收集器转发 / the \
             setting telemetry.otlp must be http://: spans are not sent by TLS; have a collector \
             on this machine pass them on"
        );
    }
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpJson)
        .with_endpoint(format!("{}/v1/traces", address.trim_end_matches('/')))
        .build()
        .context("设置项 telemetry.otlp 有误 / the setting telemetry.otlp is not right")?;
    let resource = Resource::builder().with_service_name("lockstep").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

impl Drop for Log {
    fn drop(&mut self) {
        #[cfg(feature = "otel")]
        if let Some(exporter) = &self.exporter {
            // A collector that is away must not keep the process.
            exporter.shutdown_with_timeout(std::time::Duration::from_secs(5)).ok();
        }
    }
}

#[cfg(all(test, feature = "otel"))]
mod tests {
    use super::*;

    #[test]
    fn a_collector_by_tls_is_refused_with_words() {
        for address in ["https://collector:4318", "collector:4318"] {
            let error = exporter(address).unwrap_err().to_string();
            assert!(error.contains("telemetry.otlp must be http://"), "{error}");
        }
        lockstep_kit::http::use_ring();
        exporter("http://127.0.0.1:4318").unwrap();
    }
}
