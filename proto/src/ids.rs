//! Names and identifiers. Each is parsed once, at the edge; inside, one that exists is right.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name or identifier that breaks its rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} {given:?} 须为 1 至 {longest} 位 a-z、0-9 或 - / must be 1 to {longest} characters of a-z, 0-9 and -"
)]
pub struct BadName {
    what: &'static str,
    given: String,
    longest: usize,
}

/// Defines a string that holds 1 to `longest` characters of `a-z`, `0-9` and `-`: it can stand in
/// an address, a file name and a NATS subject as it is.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $longest:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text as it goes over the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadName;
            fn try_from(given: String) -> Result<Self, BadName> {
                let fits = (1..=$longest).contains(&given.len())
                    && given.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
                if fits {
                    Ok(Self(given))
                } else {
                    Err(BadName { what: stringify!($name), given, longest: $longest })
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadName;
            fn from_str(given: &str) -> Result<Self, BadName> {
                given.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

names! {
    /// One installation of Lockstep; named in every signed statement, so that a copy cannot act
    /// for the original.
    DeploymentId, 48;
    /// A bundle 政策包, from its first submission to its end.
    BundleId, 48;
    /// One submission of a bundle; fresh each time, so that no signature outlives a return.
    SubmissionId, 48;
    /// A person.
    PersonId, 32;
    /// A role a person holds, and a chain asks for.
    Role, 32;
    /// A step of a chain 审批链.
    StepName, 32;
    /// A channel 渠道 of this deployment.
    ChannelName, 32;
    /// One life of a channel's disk. A channel that lost its disk has a new one.
    Incarnation, 48;
    /// A service, as the source of facts.
    Source, 32;
    /// A fact; also the JetStream message id and the inbox key.
    EventId, 48;
    /// A command, made by the client: the same id is answered, not carried out again.
    CommandId, 48;
    /// Follows one person's act through all services.
    TraceId, 48;
    /// A chart within its bundle.
    ChartId, 32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_only_what_is_safe_in_addresses() {
        assert!("zhang-wei".parse::<PersonId>().is_ok());
        for bad in ["", "Zhang", "a.b", "a/b", "张", "a b", &"x".repeat(33)] {
            assert!(bad.parse::<PersonId>().is_err(), "{bad:?} was taken");
        }
    }
}
