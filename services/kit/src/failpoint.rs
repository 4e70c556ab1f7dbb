//! Points where kill tests make a process die, or a step fail. Off, and free, unless the feature
//! `failpoints` is on.

/// Aborts the process if a test asked for it here: `FAILPOINTS="name=return(context)"`, or
/// `return` for any context. With `return(sleep context)` it stops as by SIGSTOP, until it is woken.
#[cfg_attr(not(feature = "failpoints"), expect(unused_variables, reason = "off"))]
pub fn crash(name: &str, context: &str) {
    #[cfg(feature = "failpoints")]
    {
        if is_hit(name, context) {
            std::process::abort();
        }
        if is_hit(name, &format!("sleep {context}")) {
            fall_asleep();
        }
    }
}

/// Once: whoever wakes this process means it to go on.
#[cfg(feature = "failpoints")]
fn fall_asleep() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        // By its own number it is this thread that takes the signal, before it goes on to any lock.
        let thread = rustix::thread::gettid();
        if let Err(error) = rustix::process::kill_process(thread, rustix::process::Signal::STOP) {
            tracing::error!("a test wanted this process to sleep: {error}");
        }
    });
}

/// Fails if a test asked for it here, as [`crash`] does.
#[cfg_attr(not(feature = "failpoints"), expect(unused_variables, reason = "off"))]
pub fn fail(name: &str, context: &str) -> Result<(), Injected> {
    #[cfg(feature = "failpoints")]
    if is_hit(name, context) {
        return Err(Injected(name.to_owned()));
    }
    Ok(())
}

#[cfg(feature = "failpoints")]
fn is_hit(name: &str, context: &str) -> bool {
    fail::eval(name, |wanted| wanted.is_none_or(|wanted| wanted == context)).unwrap_or(false)
}

/// A failure that a test asked for.
#[derive(Debug, thiserror::Error)]
#[error("failpoint {0}")]
pub struct Injected(String);
