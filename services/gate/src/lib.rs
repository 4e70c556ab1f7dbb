//! The rule, pure: no I/O, no clock, no async. Asked at intake, approval, scheduling and release;
//! it never trusts an earlier verdict and decides each time from the facts.
//!
//! Where a rule lives: every code is listed in [`codes`], every rule with its first stage in
//! [`verdict::RULES`], and the three families stand in `rules/drafted.rs` (TS1xx),
//! `rules/approved.rs` (TS2xx) and `rules/published.rs` (TS3xx).

mod archive;
pub mod bundle;
pub mod channel;
pub mod codes;
pub mod docx;
pub mod fill;
pub mod markdown;
#[cfg(test)]
mod office;
pub mod people;
pub mod permit;
pub mod profile;
pub mod rules;
pub mod secrecy;
pub mod verdict;
pub mod withdrawal;

pub use verdict::{Admitted, Blocked, Facts, decide};
