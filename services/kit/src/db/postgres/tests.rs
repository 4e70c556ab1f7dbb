//! What a service's role may do, and what it may not.

use lockstep_proto::{digest::Digest, facts::Fact, facts::drafting::StopRequested, ids::EventId};

use super::*;
use crate::{
    ids::Ids,
    outbox::Context,
    testing::{Postgres, deps, name},
};

/// Adds a fact of `source`.
async fn say(db: &Db, source: &str) {
    let folder = tempfile::tempdir().unwrap();
    let deps = deps(source, db.clone(), folder.path());
    let fact = Fact::BundleStopRequested(StopRequested {
        bundle: name("bundle"),
        manifest: Digest::of(b"manifest"),
        by: name("drafter"),
        reason: String::new(),
    });
    let mut tx = db.begin_write().await.unwrap();
    deps.append(&mut tx, Context::of("bundle", &name("trace")), fact).await.unwrap();
    db.commit(tx).await.unwrap();
}

async fn head(db: &Db) -> Option<i64> {
    let mut tx = db.begin_read().await.unwrap();
    let row = sqlx::query("SELECT pos FROM heads WHERE source = 'release'")
        .fetch_optional(&mut *tx)
        .await
        .unwrap();
    row.map(|row| crate::db::integer(&row, "pos").unwrap())
}

/// Why this is refused.
async fn refused(db: &Db, sql: &str) -> String {
    raw(sql.to_owned()).execute(&db.write).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_channel_sees_how_far_release_is_and_nothing_else_of_it() {
    let postgres = Postgres::start();
    let (release, portal) = (postgres.fresh().await, postgres.fresh().await);
    let id: EventId = Ids.fresh();
    let role = format!("test-{id}");
    portal.grant(&role, "secret").await.unwrap();
    portal.show_head(&role, &release.place.schema).await.unwrap();
    let (_, server) = postgres.url().split_once('@').unwrap();
    let address = format!("postgres://{role}:secret@{server}");
    let db = Db::open_postgres_in(&address, &portal.place.schema, 1).await.unwrap();
    assert_eq!(head(&db).await, None);
    say(&release, "release").await;
    say(&release, "release").await;
    assert_eq!(head(&db).await, Some(2));

    let other = quoted(&release.place.schema);
    for sql in [
        "UPDATE heads SET pos = 9".to_owned(),
        "DELETE FROM heads".to_owned(),
        "INSERT INTO heads VALUES ('release', 9)".to_owned(),
        "CREATE OR REPLACE VIEW heads AS SELECT 'release' AS source, 9 AS pos".to_owned(),
        "DROP VIEW heads".to_owned(),
        format!("SELECT pos FROM {other}.source_head"),
        format!("SELECT envelope FROM {other}.outbox"),
        format!("UPDATE {other}.source_head SET pos = 9"),
        "CREATE TEMP TABLE mine (pos INTEGER)".to_owned(),
        "CREATE SCHEMA mine".to_owned(),
    ] {
        let why = refused(&db, &sql).await;
        let is_refused = ["permission denied", "must be owner", "cannot update view"];
        let is_refused = is_refused.iter().any(|word| why.contains(word))
            || why.contains("cannot delete from view")
            || why.contains("cannot insert into view");
        assert!(is_refused, "{sql}: {why}");
    }
    assert_eq!(head(&db).await, Some(2));
    // As often as the administrator likes, with what was granted before.
    portal.grant(&role, "secret").await.unwrap();
    portal.show_head(&role, &release.place.schema).await.unwrap();
    assert_eq!(head(&db).await, Some(2));
    let why = refused(&db, "UPDATE heads SET pos = 9").await;
    assert!(why.contains("permission denied") || why.contains("cannot update view"), "{why}");
}

#[tokio::test]
async fn whoever_is_granted_nothing_does_not_come_in() {
    let postgres = Postgres::start();
    let db = postgres.fresh().await;
    let (known, stranger): (EventId, EventId) = (Ids.fresh(), Ids.fresh());
    let (known, stranger) = (format!("test-{known}"), format!("test-{stranger}"));
    db.grant(&known, "secret").await.unwrap();
    let sql = format!("CREATE ROLE {} LOGIN PASSWORD 'secret'", quoted(&stranger));
    raw(sql).execute(&db.write).await.unwrap();
    let (_, server) = postgres.url().split_once('@').unwrap();
    let enter = async |role: &str| {
        AnyConnection::connect(&format!("postgres://{role}:secret@{server}")).await
    };
    enter(&known).await.unwrap().close().await.unwrap();
    let why = enter(&stranger).await.unwrap_err().to_string();
    assert!(why.contains("permission denied for database"), "{why}");
}
