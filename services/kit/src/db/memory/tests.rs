//! A database that goes back beneath a process that works on it.

use lockstep_proto::{digest::Digest, facts::Fact, facts::drafting::StopRequested};

use crate::{
    Db, Deps, StoreError,
    channel::lag::Lag,
    outbox::Context,
    testing::{for_each_engine, name},
};

async fn say(deps: &Deps) {
    let fact = Fact::BundleStopRequested(StopRequested {
        bundle: name("bundle"),
        manifest: Digest::of(b"manifest"),
        by: name("drafter"),
        reason: String::new(),
    });
    let mut tx = deps.db.begin_write().await.unwrap();
    deps.append(&mut tx, Context::of("bundle", &name("trace")), fact).await.unwrap();
    deps.db.commit(tx).await.unwrap();
}

/// Somebody else's connection to the same database, as of whoever puts it back.
async fn administrator(db: &Db) -> Db {
    match db.engine() {
        crate::db::Engine::Sqlite => {
            let path = db.place.url.strip_prefix("sqlite://").unwrap();
            Db::open_sqlite(path.split('?').next().unwrap().as_ref()).await.unwrap()
        }
        crate::db::Engine::Postgres => {
            Db::open_postgres(&db.place.url, &db.place.schema).await.unwrap()
        }
    }
}

async fn put(administrator: &Db, sql: &'static str) {
    let mut tx = administrator.begin_write().await.unwrap();
    sqlx::query(sql).execute(&mut *tx).await.unwrap();
    administrator.commit(tx).await.unwrap();
}

async fn is_refused(db: &Db) -> bool {
    let (read, written) = (db.begin_read().await, db.begin_write().await);
    let moved = [read.map(drop), written.map(drop)];
    moved.iter().all(|done| matches!(done, Err(StoreError::Moved)))
}

#[tokio::test]
async fn who_worked_on_a_database_works_on_no_older_one() {
    for_each_engine("release", async |deps| {
        let administrator = administrator(&deps.db).await;
        let public = deps.db.with_own_readers().await.unwrap();
        deps.db.remember();
        say(&deps).await;
        say(&deps).await;
        public.begin_read().await.unwrap();
        put(&administrator, "UPDATE source_head SET pos = pos - 1").await;
        // Readers of its own learn it from whoever notices first.
        assert!(matches!(public.begin_read().await, Err(StoreError::Moved)));
        assert!(deps.db.has_moved() && is_refused(&deps.db).await);
        assert!(deps.db.clock_ahead(&deps.clock).await.is_err(), "and it is not ready");
        // Whatever it looks like later: what was written meanwhile was not written to ours.
        put(&administrator, "UPDATE source_head SET pos = pos + 9").await;
        assert!(is_refused(&deps.db).await && is_refused(&public).await);
    })
    .await;
}

#[tokio::test]
async fn what_was_heard_is_not_unheard() {
    for_each_engine("portal", async |deps| {
        let administrator = administrator(&deps.db).await;
        deps.db.remember();
        put(
            &administrator,
            "INSERT INTO cursor (handler, source, pos) VALUES ('portal', 'release', 7)",
        )
        .await;
        deps.db.begin_read().await.unwrap();
        put(&administrator, "UPDATE cursor SET pos = 6").await;
        assert!(is_refused(&deps.db).await);
    })
    .await;
}

#[tokio::test]
async fn a_channel_stops_where_release_alone_went_back() {
    for_each_engine("release", async |deps| {
        let lag = Lag::default();
        say(&deps).await;
        say(&deps).await;
        lag.look(&deps, "portal").await.unwrap();
        // Not asked of every transaction: at PostgreSQL these are tables of another schema.
        put(&administrator(&deps.db).await, "UPDATE source_head SET pos = pos - 1").await;
        assert!(matches!(lag.look(&deps, "portal").await, Err(StoreError::Moved)));
        assert!(is_refused(&deps.db).await);
    })
    .await;
}

#[tokio::test]
async fn looks_that_overtake_one_another_are_no_going_back() {
    for_each_engine("release", async |deps| {
        deps.db.remember();
        let tasks = tokio_util::task::TaskTracker::new();
        for task in 0..4 {
            let deps = deps.clone();
            tasks.spawn(async move {
                for _ in 0..50 {
                    if task == 0 {
                        say(&deps).await;
                    } else {
                        deps.db.begin_read().await.unwrap();
                    }
                }
            });
        }
        tasks.close();
        tasks.wait().await;
        assert!(!deps.db.has_moved());
    })
    .await;
}
