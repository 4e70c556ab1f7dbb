//! The wall clock, injected: for instants and records. Waits use tokio's monotonic time.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use lockstep_proto::time::Timestamp;

/// Where the time of day comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that a test sets.
    Set(Arc<AtomicI64>),
    /// Microseconds since 1970 in a file that a test owns, read at every look; for child
    /// processes of tests.
    #[cfg(feature = "test-clock")]
    File(std::path::PathBuf),
}

impl Clock {
    /// A clock that stands at `at` until it is set.
    pub fn set_to(at: Timestamp) -> Self {
        Self::Set(Arc::new(AtomicI64::new(at.as_micros())))
    }

    /// Moves a clock that can be set; others stay.
    pub fn set(&self, at: Timestamp) {
        if let Self::Set(micros) = self {
            micros.store(at.as_micros(), Ordering::SeqCst);
        }
    }

    /// What a test says the right time is, where this clock may be wrong: in the file beside the clock's
    /// own that ends in `.true`.
    pub(crate) fn truth(&self) -> Option<Timestamp> {
        match self {
            Self::System | Self::Set(_) => None,
            #[cfg(feature = "test-clock")]
            Self::File(path) => {
                let text = std::fs::read_to_string(path.with_extension("true")).ok()?;
                Some(Timestamp::from_micros(text.trim().parse().ok()?))
            }
        }
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::from_micros(system_micros()),
            Self::Set(micros) => Timestamp::from_micros(micros.load(Ordering::SeqCst)),
            #[cfg(feature = "test-clock")]
            Self::File(path) => {
                let text = std::fs::read_to_string(path).unwrap_or_default();
                Timestamp::from_micros(text.trim().parse().unwrap_or_default())
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that looks at the machine's clock")]
fn system_micros() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_micros()).ok()).unwrap_or_default()
}
