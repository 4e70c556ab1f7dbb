//! What each service may do at NATS and at PostgreSQL, tried on real servers: those of `deploy/`, and
//! the roles that `lockstep migrate` makes. Every service is tried, against every other.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bus;
mod database;

use lockstep::services;
use lockstep_tests::servers::Servers;

/// Every service but this one.
fn others(service: &str) -> impl Iterator<Item = &'static str> {
    services::ALL.into_iter().filter(move |other| *other != service)
}
