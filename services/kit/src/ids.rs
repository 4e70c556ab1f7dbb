//! Fresh identifiers and randomness.

use lockstep_proto::{digest::hex, ids::TraceId};

/// Makes identifiers: UUID v7, so that they sort roughly by time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ids;

/// The machine gave no random bytes; nothing safe can be made.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("系统无法提供随机数 / the system gives no random bytes")]
pub struct NoRandomness;

impl Ids {
    /// A fresh identifier of any of our id types.
    #[expect(clippy::disallowed_methods, reason = "the one place that makes identifiers")]
    pub fn fresh<T: TryFrom<String>>(self) -> T {
        loop {
            // A UUID in text form is 36 characters of 0-9, a-f and -, which every id type takes.
            if let Ok(id) = T::try_from(uuid::Uuid::now_v7().to_string()) {
                return id;
            }
        }
    }

    /// A fresh trace, in the digits that W3C gives it.
    pub fn trace(self) -> TraceId {
        loop {
            let id: String = self.fresh::<TraceId>().into();
            if let Ok(trace) = id.replace('-', "").parse() {
                return trace;
            }
        }
    }

    /// Random bytes from the operating system.
    pub fn random<const N: usize>(self) -> Result<[u8; N], NoRandomness> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(bytes)
    }

    /// 32 random hexadecimal digits.
    pub fn salt(self) -> Result<String, NoRandomness> {
        Ok(hex(&self.random::<16>()?))
    }
}
