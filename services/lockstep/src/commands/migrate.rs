//! What an administrator makes for services that run apart: a schema and a role for each at
//! PostgreSQL, the stream and its consumers. May be run again at any time.

use anyhow::Context as _;
use lockstep_kit::{Db, bus::Bus};

use crate::{
    home::{ADMIN, Home, role},
    serve, services,
};

pub(super) async fn migrate(home: &Home, postgres: &str) -> anyhow::Result<()> {
    let cluster = home.settings.cluster.as_ref().context(
        "lockstep.toml 中没有 [cluster]；单机模式启动时自动建表 / there is no [cluster] in \
         lockstep.toml; embedded, tables are made at the start",
    )?;
    for service in services::ALL {
        let db = Db::open_postgres(postgres, service).await.context(
            "无法以管理员身份连接 PostgreSQL / PostgreSQL cannot be reached as its administrator",
        )?;
        db.create().await?;
        serve::migrate(service, &db).await?;
        let role = role(service);
        db.grant(&role, &home.secret(&format!("keys/postgres/{service}"))?).await?;
        if services::CHANNELS.contains(&service) {
            db.show_head(&role, "release").await?;
        }
        db.close().await;
        say!("数据库 database  {service}");
    }
    let address = cluster.nats_address(home, ADMIN)?;
    let bus = Bus::connect(&ADMIN.parse()?, &address).await?;
    bus.make_stream(cluster.nats.size(), &services::HEARS).await?;
    say!("消息流 stream    {}", cluster.nats.servers.join(", "));
    Ok(())
}
