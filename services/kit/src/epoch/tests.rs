use std::sync::Arc;

use super::*;
use crate::{
    Settings,
    testing::{Postgres, deps, for_each_engine},
};

fn in_epoch(deps: &Deps, epoch: u32) -> Deps {
    let settings = Settings { epoch, ..(*deps.settings).clone() };
    Deps { settings: Arc::new(settings), ..deps.clone() }
}

async fn enter_and_commit(deps: &Deps) -> Result<Entered, EpochError> {
    let (tx, entered) = enter(deps).await?;
    deps.db.commit(tx).await?;
    Ok(entered)
}

#[tokio::test]
async fn an_epoch_is_entered_once_and_never_left_for_an_earlier_one() {
    for_each_engine("release", async |deps| {
        assert_eq!(enter_and_commit(&deps).await.unwrap(), Entered::First);
        assert_eq!(enter_and_commit(&deps).await.unwrap(), Entered::Same);
        let next = in_epoch(&deps, 7);
        // What is not committed did not happen.
        drop(enter(&next).await.unwrap());
        assert_eq!(enter_and_commit(&next).await.unwrap(), Entered::Raised);
        assert_eq!(enter_and_commit(&next).await.unwrap(), Entered::Same);
        let late = enter_and_commit(&deps).await;
        assert!(matches!(late, Err(EpochError::Older { ours: 1, known: 7 })));
    })
    .await;
}

/// As a service's process: whoever connects asks whether the database is still the one.
async fn open(postgres: &Postgres, schema: &str, epoch: u32) -> Result<Db, StoreError> {
    Db::open_postgres_in(postgres.url(), schema, epoch).await
}

#[tokio::test]
async fn nobody_works_on_a_copy_that_took_over_until_a_new_epoch_begins() {
    let postgres = Postgres::start_own();
    let admin = Db::open_postgres(postgres.url(), "release").await.unwrap();
    admin.create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let db = open(&postgres, "release", 1).await.unwrap();
    let deps = deps("release", db, folder.path());
    assert_eq!(enter_and_commit(&deps).await.unwrap(), Entered::First);
    // A restart, of the server too, is nothing.
    let db = open(&postgres, "release", 1).await.unwrap();
    db.begin_read().await.unwrap();

    postgres.copy();
    postgres.fail_over();
    // Those that were at work get no connection, at any time, and know why.
    let (written, read) = tokio::join!(deps.db.begin_write(), db.begin_read());
    assert!(written.is_err() && read.is_err());
    assert!(matches!(deps.db.begin_read().await, Err(StoreError::Moved)));
    let refused = open(&postgres, "release", 1).await.unwrap_err();
    assert!(matches!(refused, StoreError::Moved), "in our words, not the server's: {refused:?}");

    let db = open(&postgres, "release", 2).await.unwrap();
    let next = in_epoch(&Deps { db, ..deps.clone() }, 2);
    assert_eq!(enter_and_commit(&next).await.unwrap(), Entered::Raised);
    open(&postgres, "release", 2).await.unwrap().begin_read().await.unwrap();
    // Whoever slept through it stays out.
    assert!(open(&postgres, "release", 1).await.is_err());
}

#[tokio::test]
async fn nobody_works_on_tables_that_a_dump_made_anew() {
    let postgres = Postgres::start_own();
    let admin = Db::open_postgres(postgres.url(), "release").await.unwrap();
    admin.create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let deps = deps("release", open(&postgres, "release", 1).await.unwrap(), folder.path());
    enter_and_commit(&deps).await.unwrap();
    deps.db.remember();
    // Connections that are open stay so.
    deps.db.commit(deps.db.begin_write().await.unwrap()).await.unwrap();
    // Not merely dropped: that is carried out when there is time, and until then keeps the restore waiting.
    deps.db.begin_read().await.unwrap().rollback().await.unwrap();
    let dump = folder.path().join("dump");
    let run = |program: &str, arguments: &[&str]| {
        let done = std::process::Command::new(program).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let (to, from) = (dump.to_string_lossy(), format!("--dbname={}", postgres.url()));
    run("pg_dump", &["--format=custom", "--file", &to, &from]);
    run("pg_restore", &["--clean", "--if-exists", &from, &to]);
    let (read, written) = (deps.db.begin_read().await, deps.db.begin_write().await);
    assert!(matches!(read, Err(StoreError::Moved)), "{read:?}");
    assert!(matches!(written, Err(StoreError::Moved)), "{written:?}");
    assert!(open(&postgres, "release", 1).await.is_err());
    open(&postgres, "release", 2).await.unwrap();
}

#[tokio::test]
async fn a_database_is_one_deployments_with_its_channels() {
    for_each_engine("portal", async |deps| {
        assert_eq!(enter_and_commit(&deps).await.unwrap(), Entered::First);
        let with = |change: fn(&mut Settings)| {
            let mut settings = (*deps.settings).clone();
            change(&mut settings);
            Deps { settings: Arc::new(settings), ..deps.clone() }
        };
        let other = with(|settings| settings.deployment = crate::testing::name("another"));
        let renamed = with(|settings| settings.channels = vec![crate::testing::name("web")]);
        let later = with(|settings| {
            settings.channels = vec![crate::testing::name("web")];
            settings.epoch = 2;
        });
        for foreign in [other, renamed, later] {
            let refused = enter_and_commit(&foreign).await;
            assert!(matches!(refused, Err(EpochError::Foreign { .. })), "{refused:?}");
        }
        // Rows of before anybody said whose they are, are whoever's comes first.
        let mut tx = deps.db.begin_write().await.unwrap();
        sqlx::query("UPDATE epoch SET owner = ''").execute(&mut *tx).await.unwrap();
        deps.db.commit(tx).await.unwrap();
        assert_eq!(enter_and_commit(&deps).await.unwrap(), Entered::Same);
        let renamed = with(|settings| settings.channels = vec![crate::testing::name("web")]);
        assert!(enter_and_commit(&renamed).await.is_err());
    })
    .await;
}
