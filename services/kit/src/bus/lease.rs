//! Leases: what one process of a service does at a time. A lease only saves work, or keeps an order
//! that others restore; nothing is safe because of one.

use crate::{db::Tx, deps::Deps, error::StoreError};

/// Takes or keeps the lease `name` for `millis`. Says whether it is this process's now.
pub(super) async fn take(
    deps: &Deps,
    tx: &mut Tx,
    name: &str,
    millis: i64,
) -> Result<bool, StoreError> {
    let now = deps.clock.now();
    sqlx::query(
        "INSERT INTO lease (name, holder, until_at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at
         WHERE lease.holder = excluded.holder OR lease.until_at < $4 OR lease.until_at > $5",
    )
    .bind(name)
    .bind(deps.boot_id.as_str())
    .bind(now.plus_millis(millis).as_micros())
    .bind(now.as_micros())
    // Further ahead than any lease: from before the clock stepped back.
    .bind(now.plus_millis(millis).as_micros())
    .execute(&mut **tx)
    .await
    .map(|done| done.rows_affected() == 1)
    .map_err(StoreError::database("taking a lease"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::for_each_engine;

    async fn takes(deps: &Deps, holder: &str) -> bool {
        let deps = Deps { boot_id: holder.to_owned(), ..deps.clone() };
        let mut tx = deps.db.begin_write().await.unwrap();
        let is_taken = take(&deps, &mut tx, "relay", 1_000).await.unwrap();
        deps.db.commit(tx).await.unwrap();
        is_taken
    }

    #[tokio::test]
    async fn a_lease_is_one_holders_until_it_ends() {
        for_each_engine("release", async |deps| {
            assert!(takes(&deps, "a").await);
            assert!(!takes(&deps, "b").await);
            assert!(takes(&deps, "a").await);
            deps.clock.set(deps.clock.now().plus_millis(1_001));
            assert!(takes(&deps, "b").await);
            assert!(!takes(&deps, "a").await);
            // The clock steps back: what was taken before that is nobody's.
            deps.clock.set(deps.clock.now().plus_millis(-60_000));
            assert!(takes(&deps, "a").await);
        })
        .await;
    }
}
