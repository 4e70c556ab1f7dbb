//! `doctor`: looks at everything that this machine's services depend on, changes nothing, and says in
//! words what to do.

mod machine;
mod servers;

use lockstep_kit::clock::Clock;
use serde::Serialize;

use crate::{
    client::Failure,
    home::{Home, without_passwords},
    services,
};

/// What one look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Well,
    /// It works, and a person should know something.
    Mind,
    Wrong,
}

/// One line of the report.
#[derive(Debug, Serialize)]
struct Line {
    state: State,
    /// What was looked at: a stable name, and of which service or server.
    what: String,
    /// What was found, and what to do.
    detail: String,
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Report(Vec<Line>);

impl Report {
    fn well(&mut self, what: &str, detail: impl Into<String>) {
        self.say(State::Well, what, detail);
    }

    fn mind(&mut self, what: &str, detail: impl Into<String>) {
        self.say(State::Mind, what, detail);
    }

    fn wrong(&mut self, what: &str, detail: impl Into<String>) {
        self.say(State::Wrong, what, detail);
    }

    fn say(&mut self, state: State, what: &str, detail: impl Into<String>) {
        // What servers and settings say may hold an address with a password in it.
        let [what, detail] = [what, &detail.into()].map(without_passwords);
        self.0.push(Line { state, what, detail });
    }
}

/// Whose look pages have, and which templates are not ours.
fn look_at_theme(report: &mut Report, home: &Home) {
    let theme = &home.settings.theme;
    if theme.is_plain() {
        report.well("theme", "通用样式 / plain");
        return;
    }
    match theme.templates(&home.path) {
        Err(error) => report.wrong("theme", format!("{error:#}")),
        Ok(own) if own.is_empty() => {
            report.well("theme", "机关自己的样式，模板未替换 / the office's own look");
        }
        Ok(own) => {
            let names: Vec<_> = own.keys().map(|name| format!("{name}.hbs")).collect();
            report.mind(
                "theme",
                format!(
                    "机关自己的模板：{}；升级后请对照新版模板核对 / templates of the office's own: compare them \
                     with ours after an upgrade",
                    names.join(" ")
                ),
            );
        }
    }
}

/// Looks at everything and prints what it finds. Nobody named: the services whose secrets are here.
pub(crate) async fn run(
    home: &Home,
    named: Vec<&'static str>,
    clock: &Clock,
    json: bool,
) -> anyhow::Result<()> {
    let mut report = Report::default();
    let mode = if home.settings.cluster.is_some() { "分开 apart" } else { "单机 embedded" };
    report.well("settings", format!("lockstep.toml 可读，{mode} / can be read"));
    look_at_theme(&mut report, home);
    let services = match &home.settings.cluster {
        _ if !named.is_empty() => named,
        None => services::ALL.to_vec(),
        Some(_) => machine::list_services(home),
    };
    machine::look(&mut report, home, &services).await;
    if let Some(cluster) = &home.settings.cluster {
        servers::look_at_postgres(&mut report, home, cluster, &services, clock).await;
        servers::look_at_nats(&mut report, home, cluster, &services).await;
        servers::look_at_monitors(&mut report, cluster).await;
    }
    let is_wrong = report.0.iter().any(|line| line.state == State::Wrong);
    if json {
        say!("{}", serde_json::to_string_pretty(&report.0)?);
    } else {
        for Line { state, what, detail } in &report.0 {
            let mark = match state {
                State::Well => '✓',
                State::Mind => '!',
                State::Wrong => '✗',
            };
            say!("{mark} {what}：{detail}");
        }
    }
    // Said already; the exit status says it to scripts.
    if is_wrong { Err(Failure::Findings(vec![]).into()) } else { Ok(()) }
}
