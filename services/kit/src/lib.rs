//! The runtime that services share: clock, database, outbox and inbox, jobs, blobs, HTTP.
//!
//! A service changes state and appends facts to the outbox in one transaction, and implements
//! [`dispatch::Handler`] for the facts it hears. Slow work runs in [`jobs`].

pub mod blobs;
pub mod bus;
pub mod channel;
pub mod child;
pub mod clock;
pub mod command;
pub mod db;
pub mod deps;
pub mod dispatch;
pub mod epoch;
pub mod error;
pub mod failpoint;
pub mod files;
pub mod health;
pub mod http;
pub mod ids;
pub mod jobs;
pub mod keys;
pub mod metrics;
pub mod outbox;
pub mod pages;
pub mod register;
pub mod safe;
#[cfg(any(test, feature = "test-kit"))]
pub mod testing;
pub mod tick;
pub mod trace;

pub use db::{Db, Tx};
pub use deps::{Deps, Settings};
pub use error::{Chain, StoreError};
