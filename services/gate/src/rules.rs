//! The rules, by family. Each is a pure function of the facts; [`crate::verdict::RULES`] says from
//! which stage on it applies.

pub mod approved;
pub mod brief;
pub mod drafted;
pub mod published;
