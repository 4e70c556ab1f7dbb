//! Loops that look for what is due: woken by commits, and by a slow tick as a net, so that a lost
//! wake-up costs time and nothing else.

use std::{future::Future, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::{db::Db, error::Chain};

/// Between two looks without a wake-up.
pub const TICK: Duration = Duration::from_millis(250);

/// Nothing is leased or put off for longer than a minute; another minute is for clocks that differ.
/// A time further ahead than this was written before the clock stepped back, and counts as due.
pub const AHEAD_MAX_MS: i64 = 120_000;

/// Calls `look` after every commit and at every tick until stopped. `look` says whether there is
/// more to do at once.
pub async fn run<E, F>(db: &Db, stop: &CancellationToken, what: &str, mut look: impl FnMut() -> F)
where
    E: std::error::Error,
    F: Future<Output = Result<bool, E>>,
{
    let mut commits = db.commits();
    loop {
        // Seen before looking: a commit during the look wakes us again.
        commits.borrow_and_update();
        let is_more = match look().await {
            Ok(is_more) => is_more,
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "{what} failed; the next pass tries again");
                false
            }
        };
        if stop.is_cancelled() {
            return;
        }
        if !is_more {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = commits.changed() => {}
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }
}
