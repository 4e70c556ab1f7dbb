//! The servers of a deployment whose services run apart: PostgreSQL as each role, NATS as each user.

use std::time::Duration;

use anyhow::{Context as _, bail};
use lockstep_kit::{
    Db, StoreError,
    bus::{Bus, admin::Found},
    clock::Clock,
    db::{CONNECTIONS, PUBLIC_CONNECTIONS},
    health::CLOCK_MICROS_MAX,
};
use serde_json::Value;

use super::Report;
use crate::{
    home::{ADMIN, ClusterSettings, Home},
    serve, services,
};

/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(15);

async fn patiently<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let done = tokio::time::timeout(PATIENCE, work).await;
    done.context("没有应答 / does not answer")?
}

pub(super) async fn look_at_postgres(
    report: &mut Report,
    home: &Home,
    cluster: &ClusterSettings,
    services: &[&'static str],
    clock: &Clock,
) {
    let mut is_known = false;
    for service in services {
        let what = format!("postgres {service}");
        match patiently(open(home, cluster, service)).await {
            Err(error) if matches!(error.downcast_ref(), Some(StoreError::Moved)) => {
                report.wrong(&what, format!("{}：{error}", cluster.postgres));
            }
            Err(error) => {
                let detail = format!(
                    "{} 不可用 / cannot be used: {error:#}；lockstep migrate 建立角色、口令与表 / `lockstep \
                     migrate` makes roles, passwords and tables",
                    cluster.postgres
                );
                report.wrong(&what, detail);
            }
            Ok(db) => {
                report.well(&what, "可达，表结构最新 / reached, tables are up to date");
                if !is_known && let Err(error) = patiently(look_at_server(report, &db, clock)).await
                {
                    report.wrong("postgres", format!("{error:#}"));
                }
                is_known = true;
                db.close().await;
            }
        }
    }
}

pub(super) async fn open(
    home: &Home,
    cluster: &ClusterSettings,
    service: &str,
) -> anyhow::Result<Db> {
    let url = cluster.postgres_url(home, service)?;
    let db = Db::open_postgres_in(&url, service, home.settings.epoch).await?;
    // A role may make no tables: where some are missing, this only fails.
    serve::migrate(service, &db).await.context("表结构不是最新 / tables are not up to date")?;
    Ok(db)
}

async fn look_at_server(report: &mut Report, db: &Db, clock: &Clock) -> anyhow::Result<()> {
    let server = db.server().await?;
    if server.version < 150_000 {
        let detail = format!("版本 {} 过低，须 15 以上 / too old: 15 is needed", server.version);
        report.wrong("postgres version", detail);
    }
    for (name, value) in &server.durable {
        if value == "off" {
            let detail = format!(
                "{name} = off：已提交的内容可能丢失，请设为 on / what was committed may be lost: set it on"
            );
            report.wrong("postgres durability", detail);
        }
    }
    if server.durable.iter().all(|(_, value)| value != "off") {
        let all: Vec<&str> = server.durable.iter().map(|(name, _)| name.as_str()).collect();
        report.well("postgres durability", format!("{} 已开启 / are on", all.join("、")));
    }
    let count = u32::try_from(services::ALL.len())?;
    let once = count * CONNECTIONS + PUBLIC_CONNECTIONS;
    let detail = format!(
        "max_connections 可用 {}；每服务一个进程需 {once}，两个需 {} / one process of each service needs \
         {once}, two of each twice that",
        server.connections,
        2 * once
    );
    match server.connections {
        n if n < i64::from(once) => report.wrong("postgres connections", detail),
        n if n < i64::from(2 * once) => report.mind("postgres connections", detail),
        _ => report.well("postgres connections", detail),
    }
    if let Some(micros) = db.clock_ahead(clock).await? {
        let millis = micros / 1000;
        let detail = format!("本机时钟比数据库快 {millis} 毫秒 / ours is {millis} ms ahead");
        if micros.abs() > CLOCK_MICROS_MAX {
            report.wrong("clock", format!("{detail}；请检查两台机器的 NTP / see to NTP on both"));
        } else if micros.abs() > CLOCK_MICROS_MAX / 2 {
            report.mind("clock", detail);
        } else {
            report.well("clock", detail);
        }
    }
    Ok(())
}

pub(super) async fn look_at_nats(
    report: &mut Report,
    home: &Home,
    cluster: &ClusterSettings,
    services: &[&'static str],
) {
    let servers = cluster.nats.servers.join(", ");
    for service in services {
        let what = format!("nats {service}");
        match patiently(reach(home, cluster, service)).await {
            Ok(()) => report
                .well(&what, "可达，消息流与消费者都在 / reached; stream and consumer are there"),
            Err(error) => {
                let detail = format!(
                    "{servers} 不可用 / cannot be used: {error:#}；服务器在运行吗？用户见 keys/nats.env，\
                     消息流由 lockstep migrate 建立 / are the servers running? users are in \
                     keys/nats.env, `lockstep migrate` makes the stream"
                );
                report.wrong(&what, detail);
            }
        }
    }
    if !home.join(format!("keys/nats/{ADMIN}.nk")).exists() {
        let detail = "管理员密钥不在本机，消息流的设置未检查 / the administrator's key is not here: the \
                      stream's settings were not looked at";
        report.mind("stream", detail);
        return;
    }
    match patiently(inspect(home, cluster)).await {
        Ok(found) => look_at_stream(report, cluster, &found),
        Err(error) => report.wrong("stream", format!("{error:#}")),
    }
}

async fn reach(home: &Home, cluster: &ClusterSettings, service: &str) -> anyhow::Result<()> {
    let bus = Bus::connect(&service.parse()?, &cluster.nats_address(home, service)?).await?;
    bus.check_payload()?;
    bus.reach(&service.parse()?).await?;
    if services::HEARS.iter().any(|(consumer, _)| *consumer == service) {
        bus.check_consumer(service).await?;
    }
    Ok(())
}

async fn inspect(home: &Home, cluster: &ClusterSettings) -> anyhow::Result<Found> {
    let bus = Bus::connect(&ADMIN.parse()?, &cluster.nats_address(home, ADMIN)?).await?;
    Ok(bus.inspect().await?)
}

fn look_at_stream(report: &mut Report, cluster: &ClusterSettings, found: &Found) {
    let wanted = cluster.nats.size();
    let mend = "；lockstep migrate 可改正 / `lockstep migrate` sets it right";
    let mut is_well = true;
    let mut wrong = |detail: String| {
        is_well = false;
        report.wrong("stream", detail + mend);
    };
    if found.replicas != wanted.replicas {
        wrong(format!(
            "副本数 {}，应为 {} / it has {} replicas, not {}",
            found.replicas, wanted.replicas, found.replicas, wanted.replicas
        ));
    }
    if found.bytes_max != wanted.bytes_max {
        wrong(format!(
            "容量 {}，应为 {} / it holds {} bytes, not {}",
            found.bytes_max, wanted.bytes_max, found.bytes_max, wanted.bytes_max
        ));
    }
    if !found.refuses_when_full {
        wrong("满时会丢弃旧消息 / full, it drops what is old".to_owned());
    }
    for (consumer, _) in services::HEARS {
        if !found.consumers.iter().any(|name| name == consumer) {
            wrong(format!("缺少消费者 {consumer} / consumer {consumer} is missing"));
        }
    }
    if is_well {
        report.well(
            "stream",
            format!("{} 副本，设置正确 / {} replicas, set right", found.replicas, found.replicas),
        );
    }
    let limit = u64::try_from(found.bytes_max).unwrap_or(u64::MAX);
    if found.bytes > limit / 10 * 7 {
        let percent = found.bytes / (limit / 100).max(1);
        let detail = format!(
            "已用 {percent}%：满后一切停止，撤回也不例外；请提高 [cluster.nats] bytes_max 并运行 lockstep \
             migrate（见 deploy/README.md） / {percent}% are used; once it is full everything stops, \
             withdrawals too: raise [cluster.nats] bytes_max and run `lockstep migrate`"
        );
        report.mind("stream", detail);
    }
}

/// No client can see whether a server syncs what it acknowledges; its monitor says so.
pub(super) async fn look_at_monitors(report: &mut Report, cluster: &ClusterSettings) {
    let (monitors, servers) = (&cluster.nats.monitors, &cluster.nats.servers);
    for monitor in monitors {
        let what = format!("nats sync {monitor}");
        match patiently(is_synced(monitor)).await {
            Ok(true) => report.well(&what, "sync_interval: always"),
            Ok(false) => {
                let detail = "未设 sync_interval: always：已确认的消息断电时会丢失（deploy/nats.conf） / what \
                              it acknowledged is lost at a power failure; see deploy/nats.conf";
                report.wrong(&what, detail);
            }
            Err(error) => {
                report.wrong(&what, format!("监控地址不可用 / cannot be asked: {error:#}"));
            }
        }
    }
    if monitors.len() < servers.len() {
        let detail = "并非每台服务器都列在 [cluster.nats] monitors 中（如 http://n1:8222），其余未检查 / \
                      lists not every server: whether the others sync was not looked at";
        report.mind("nats sync", detail);
    }
}

async fn is_synced(monitor: &str) -> anyhow::Result<bool> {
    let address = format!("{}/varz", monitor.trim_end_matches('/'));
    let answer: Value = reqwest::get(address).await?.error_for_status()?.json().await?;
    let Some(config) = answer.pointer("/jetstream/config") else {
        bail!("该服务器未启用 JetStream / JetStream is not on");
    };
    Ok(config.get("sync_always").and_then(Value::as_bool).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::State;

    #[test]
    fn a_stream_is_minded_while_there_is_room_to_make_more() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::init(folder.path(), "测试站点").unwrap().init_cluster().unwrap();
        let cluster = home.settings.cluster.as_ref().unwrap();
        let size = cluster.nats.size();
        for (percent, expected) in [(69, vec![]), (71, vec!["stream"])] {
            let found = Found {
                replicas: size.replicas,
                bytes_max: size.bytes_max,
                bytes: u64::try_from(size.bytes_max).unwrap() / 100 * percent,
                refuses_when_full: true,
                consumers: services::HEARS.map(|(name, _)| name.to_owned()).into(),
            };
            let mut report = Report::default();
            look_at_stream(&mut report, cluster, &found);
            let minded = report.0.iter().filter(|line| line.state == State::Mind);
            assert_eq!(minded.map(|line| line.what.as_str()).collect::<Vec<_>>(), expected);
        }
    }
}
