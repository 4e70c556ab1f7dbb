//! Plausible designs that are wrong. Each deviates a little around the product's functions; the
//! model must catch every one, or it proves nothing about the right one.

/// A deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutation {
    /// The product as it is.
    None,
    /// Two writes at the place: the policy, then its interpretation.
    PolicyFirst,
    /// Two writes in place: the interpretation, then its policy. Harmless the first time.
    InterpretationFirst,
    /// Channels take commands of any generation.
    NoFence,
    /// Channels have a fence, the place where they act has none of its own.
    NoFenceAtPlace,
    /// Sign-offs end with the order to withdraw, not when all is dark.
    EndedEarly,
    /// Release commits and channels flip without anything staged.
    FlipUnstaged,
    /// Nobody looks at sign-offs.
    NoApprovalCheck,
    /// Commands count for any life of a disk.
    NoIncarnation,
    /// A worker writes what it decided, whatever the row says by now.
    NoCompareAndSet,
    /// A permit is for a manifest under any generation.
    PermitOfManifest,
    /// Only what is to be shown is signed; hides are taken from anybody.
    UnsignedHide,
    /// Channels flip what they hold under a generation, whatever edition that is.
    FlipByGeneration,
    /// A save ends sign-offs at once, and release hears of it some time.
    VoidOnSave,
    /// A channel says that it saw a command, not what it shows.
    SeenReceipts,
    /// A grant that was signed before all went dark, and heard of afterwards, begins a release.
    TakesOldGrants,
    /// Withdrawals are kept in the database alone.
    OrdersInside,
    /// Dark counts before the withdrawal is kept outside.
    DarkBeforeKept,
    /// After a restore channels come up as they were, and nobody looks.
    RestoredLit,
}
