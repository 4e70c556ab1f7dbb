//! Facts: what happened, in the past tense. A fact says what *is*, never what to do; a channel
//! command is a fact that carries a signed statement of the wanted state.

pub mod approval;
pub mod channel;
pub mod drafting;
pub mod explainer;
pub mod handling;
pub mod release;

use serde::{Deserialize, Serialize};

use crate::{
    ids::BundleId,
    people::{KeyRecord, KeyRevocation, PersonRecord},
    signed::Signed,
};

/// Defines [`Fact`] and its type names from one list.
macro_rules! facts {
    ($($(#[$doc:meta])* $variant:ident($data:ty) = $name:literal;)+) => {
        /// Every fact there is. On the wire `{"type": "bundle.sealed.v1", "data": {…}}`.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type", content = "data")]
        #[expect(clippy::large_enum_variant, reason = "facts are few and do not live long")]
        pub enum Fact {
            $($(#[$doc])* #[serde(rename = $name)] $variant($data),)+
        }

        impl Fact {
            /// The names of all types.
            pub const TYPES: &'static [&'static str] = &[$($name),+];

            /// The type's name, such as `bundle.sealed.v1`.
            pub fn type_name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)+ }
            }
        }
    };
}

facts! {
    /// A person, or a person's new roles.
    PersonRecorded(Signed<PersonRecord>) = "person.recorded.v1";
    /// A person's key.
    KeyRecorded(Signed<KeyRecord>) = "key.recorded.v1";
    /// The end of a key.
    KeyRevoked(Signed<KeyRevocation>) = "key.revoked.v1";
    /// A revision came in and waits to be rendered.
    BundleSubmitted(drafting::Submitted) = "bundle.submitted.v1";
    /// A revision is complete: the manifest is made.
    BundleSealed(drafting::Sealed) = "bundle.sealed.v1";
    /// A drafter asks release to stop.
    BundleStopRequested(drafting::StopRequested) = "bundle.stop_requested.v1";
    /// A submission ended without a manifest.
    BundleDropped(drafting::Dropped) = "bundle.dropped.v1";
    /// Fragments and charts are made.
    ExplainerRendered(explainer::Rendered) = "explainer.rendered.v1";
    /// They cannot be made, and why.
    ExplainerRefused(explainer::Refused) = "explainer.refused.v1";
    /// Sign-off begins.
    CaseOpened(approval::Opened) = "case.opened.v1";
    /// One step signed.
    CaseSigned(approval::Signed) = "case.signed.v1";
    /// One step returned it: the case is over.
    CaseReturned(approval::Signed) = "case.returned.v1";
    /// The chain is complete.
    CaseGranted(approval::Granted) = "case.granted.v1";
    /// The last step signed another order.
    CaseReordered(approval::Granted) = "case.reordered.v1";
    /// The registrar filled the slots.
    CaseRegistered(approval::Registered) = "case.registered.v1";
    /// Command: hold this edition.
    ReleaseStaging(release::Staging) = "release.staging.v1";
    /// Command: show it. The permit.
    ReleasePermitted(release::Permitted) = "release.permitted.v1";
    /// Command: show nothing.
    ReleaseWithdrawing(release::Withdrawing) = "release.withdrawing.v1";
    /// Ended before anything was shown.
    ReleaseStopped(release::Ended) = "release.stopped.v1";
    /// Withdrawn: every channel confirmed that it shows nothing.
    ReleaseDark(release::Ended) = "release.dark.v1";
    /// Shown on every required channel and read back from outside.
    ReleaseCompleted(release::Completed) = "release.completed.v1";
    /// The gate refused it.
    ReleaseBlocked(release::Blocked) = "release.blocked.v1";
    /// What was read back is not what was approved, or a channel did not show it in time.
    ReleaseFailed(release::Ended) = "release.failed.v1";
    /// A channel is there, with this disk.
    ChannelJoined(channel::Joined) = "channel.joined.v1";
    /// A channel holds an edition, unseen.
    ChannelStaged(channel::Staged) = "channel.staged.v1";
    /// A channel shows an edition.
    ChannelShown(channel::Receipted) = "channel.shown.v1";
    /// A channel shows nothing.
    ChannelHidden(channel::Receipted) = "channel.hidden.v1";
    /// A channel refuses a command.
    ChannelRefused(channel::Refused) = "channel.refused.v1";
    /// A handler gave up on a bundle; release holds it.
    HandlingStuck(handling::Stuck) = "handling.stuck.v1";
}

impl Fact {
    /// The bundle a fact is about; persons, keys and joined channels belong to none.
    pub fn bundle(&self) -> Option<&BundleId> {
        match self {
            Self::PersonRecorded(_)
            | Self::KeyRecorded(_)
            | Self::KeyRevoked(_)
            | Self::ChannelJoined(_) => None,
            Self::BundleSubmitted(data) => Some(&data.draft.bundle),
            Self::BundleSealed(data) => Some(&data.manifest.bundle),
            Self::BundleStopRequested(data) => Some(&data.bundle),
            Self::BundleDropped(data) => Some(&data.bundle),
            Self::ExplainerRendered(data) => Some(&data.bundle),
            Self::ExplainerRefused(data) => Some(&data.bundle),
            Self::CaseOpened(data) => Some(&data.bundle),
            Self::CaseSigned(data) | Self::CaseReturned(data) => Some(&data.bundle),
            Self::CaseGranted(data) | Self::CaseReordered(data) => {
                Some(&data.evidence.manifest.bundle)
            }
            Self::CaseRegistered(data) => Some(&data.registration.statement().bundle),
            Self::ReleaseStaging(data) => Some(&data.hold.statement().bundle),
            Self::ReleasePermitted(data) => Some(&data.permit.statement().predicate.bundle),
            Self::ReleaseWithdrawing(data) => Some(&data.hide.statement().bundle),
            Self::ReleaseStopped(data) | Self::ReleaseDark(data) | Self::ReleaseFailed(data) => {
                Some(&data.bundle)
            }
            Self::ReleaseCompleted(data) => Some(&data.bundle),
            Self::ReleaseBlocked(data) => Some(&data.bundle),
            Self::ChannelStaged(data) => Some(&data.bundle),
            Self::ChannelShown(data) | Self::ChannelHidden(data) => Some(&data.receipt.bundle),
            Self::ChannelRefused(data) => Some(&data.bundle),
            Self::HandlingStuck(data) => data.bundle.as_ref(),
        }
    }
}
