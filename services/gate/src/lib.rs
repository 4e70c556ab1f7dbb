//! The rule, pure: no I/O, no clock, no async. Asked at intake, approval, scheduling and release;
//! it never trusts an earlier verdict and decides each time from the facts.
//!
//! Where a rule lives: every code is listed in [`codes`], every rule with its first stage in
//! [`verdict::RULES`], and the three families stand in `rules/drafted.rs` (TS1xx),
//! `rules/approved.rs` (TS2xx) and `rules/published.rs` (TS3xx). What a text may not say is looked for as
//! it is read: wording (TS5xx) in `wording.rs`, secrecy (TS601) in `secrecy.rs`, personal data
//! (TS602 to TS607) in `persons.rs`.

mod archive;
mod both;
pub mod bundle;
pub mod calendar;
pub mod channel;
pub mod codes;
pub mod diff;
pub mod document;
pub mod docx;
pub mod fill;
mod internal;
pub mod markdown;
mod media;
#[cfg(test)]
mod office;
pub mod pages;
pub mod pair;
pub mod people;
pub mod permit;
pub mod persons;
pub mod profile;
pub mod rules;
pub mod secrecy;
mod titles;
pub mod verdict;
pub mod window;
pub mod withdrawal;
pub mod wording;

pub use verdict::{Admitted, Blocked, Facts, decide};
