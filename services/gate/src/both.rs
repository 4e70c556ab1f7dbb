//! Two things worked out at the same time: clerks wait for a check, and most machines have a second core.

use std::{panic::resume_unwind, thread};

/// As a program's first thread has it.
const STACK_BYTES: usize = 8 << 20;

/// Both results. A thread costs some ten microseconds: for what takes longer than that. Where there is no thread to
/// be had, one comes after the other.
pub(crate) fn both<A, B: Send>(one: impl FnOnce() -> A, other: impl Fn() -> B + Sync) -> (A, B) {
    thread::scope(|scope| {
        let beside = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, &other);
        let one = one();
        let other = match beside {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => other(),
        };
        (one, other)
    })
}
