//! What an administrator does after PostgreSQL was restored, or a copy took over that lost commits.

use anyhow::{Context as _, bail};
use lockstep_kit::{
    Db,
    bus::{Bus, admin},
};

use super::backup::{begin_epoch, tell_what_follows};
use crate::{
    home::{ADMIN, Home},
    services,
};

/// Begins a new epoch over the database as it is now. No service may be running.
pub(super) async fn restore(
    mut home: Home,
    postgres: &str,
    safe_is_lost: bool,
) -> anyhow::Result<()> {
    let cluster = home.settings.cluster.clone().context(
        "lockstep.toml 中没有 [cluster]，请给出备份目录 / there is no [cluster] in lockstep.toml: name the \
         backup's folder",
    )?;
    let mut databases = vec![];
    for service in services::ALL {
        let db = Db::open_postgres(postgres, service).await.context(
            "无法以管理员身份连接 PostgreSQL / PostgreSQL cannot be reached as its administrator",
        )?;
        databases.push((service, db));
    }
    if let Some((_, db)) = databases.first() {
        let at_work = db.list_sessions("lockstep_").await?;
        if !at_work.is_empty() {
            bail!(
                "请先停止所有服务，仍在运行 / stop every service first; at work are: {}",
                at_work.join(", ")
            );
        }
    }
    let bus = Bus::connect(&ADMIN.parse()?, &cluster.nats_address(&home, ADMIN)?).await?;
    // Before the epoch: while the stream holds what was forgotten, no service begins.
    bus.make_stream_anew(cluster.nats.size(), &services::HEARS).await?;
    say!("消息流已重建 stream made anew: {}", cluster.nats.servers.join(", "));
    for (source, db) in &databases {
        // What the slowest of its hearers has taken in.
        let mut taken_in = i64::MAX;
        for (handler, sources) in services::HEARS {
            let hearer = databases.iter().find(|(service, _)| *service == handler);
            if let Some((_, hearer)) = hearer.filter(|_| sources.contains(source)) {
                taken_in = taken_in.min(admin::find_cursor(hearer, handler, source).await?);
            }
        }
        admin::publish_anew(db, source, taken_in).await?;
    }
    let epoch = begin_epoch(&mut home, 0, safe_is_lost).await?;
    for (_, db) in databases {
        db.close().await;
    }
    say!(
        "第 {epoch} 期 epoch；请将 {} 分发到各台机器后再启动 / hand this file to every machine, then start",
        home.join("lockstep.toml").display()
    );
    tell_what_follows(&home);
    Ok(())
}
